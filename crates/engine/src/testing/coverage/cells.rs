//! The exceptions and rows that the values of a run fell into.

use guerdon_plan::graph::{
    Alternative, DecisionLine, DecisionTable, Graph, Node, NodeId, Op, SliceRow, SliceTable,
};
use guerdon_plan::hir::{Bound, Cell as Condition, Edge, Effective, Hit, Program, TierKind, Value};
use guerdon_plan::number::Exact;
use guerdon_plan::types::Scalar;
use guerdon_syntax::Span;

use super::Reached;
use crate::column::Cell;
use crate::evaluate::State;
use crate::report::Names;

/// Lists the nodes whose whole columns [`mark`] looks at.
pub(in crate::testing) fn wanted(graph: &Graph) -> Vec<NodeId> {
    let inputs = |node: &Node| match &node.op {
        Op::Slice { .. } | Op::Decide { .. } | Op::Prefer { .. } => node.op.inputs(),
        _ => Vec::new(),
    };
    graph.nodes.iter().flat_map(inputs).collect()
}

/// Notes the exceptions, tiers and rows that the values of a run reached.
pub(in crate::testing) fn mark(program: &Program, state: &State<'_>, reached: &mut Reached) {
    let looked = Looked { program, state };
    for node in &state.graph.nodes {
        match &node.op {
            Op::Prefer { exceptions, .. } => looked.exceptions(node, exceptions, reached),
            Op::Slice {
                table,
                on,
                value,
                against,
                ..
            } => {
                if let Some(table) = state.graph.slices.get(*table) {
                    looked.tiers(node, table, *on, *value, *against, reached);
                }
            }
            Op::Decide {
                table, on, inputs, ..
            } => {
                if let Some(table) = state.graph.decisions.get(*table) {
                    looked.rows(node, table, *on, inputs, reached);
                }
            }
            _ => {}
        }
    }
}

struct Looked<'a> {
    program: &'a Program,
    state: &'a State<'a>,
}

impl Looked<'_> {
    fn exceptions(&self, node: &Node, exceptions: &[Alternative], reached: &mut Reached) {
        let cells = self.state.frame_len(node.frame);
        for exception in exceptions {
            let when = self.state.full(exception.when);
            if (0..cells).any(|cell| when.cell(cell) == Cell::Bool(true)) {
                reached.add(exception.span);
            }
        }
    }

    fn tiers(
        &self,
        node: &Node,
        table: &SliceTable,
        on: NodeId,
        value: NodeId,
        against: Option<NodeId>,
        reached: &mut Reached,
    ) {
        let (days, values) = (self.state.full(on), self.state.full(value));
        let against = against.map(|against| self.state.full(against));
        for cell in 0..self.state.frame_len(node.frame) {
            let unit = match against.as_ref().map(|against| against.cell(cell)) {
                None => Exact::ONE,
                Some(Cell::Number(unit)) if unit.is_positive() => unit,
                Some(_) => continue,
            };
            let Cell::Number(value) = values.cell(cell) else {
                continue;
            };
            let version = table
                .versions
                .iter()
                .find(|(effective, ..)| table.versions.len() == 1 || is_in(effective, &days.cell(cell)));
            if let Some((_, rows, _)) = version {
                fallen(table.kind, rows, &value, &unit)
                    .into_iter()
                    .for_each(|span| reached.add(span));
            }
        }
    }

    fn rows(&self, node: &Node, table: &DecisionTable, on: NodeId, inputs: &[NodeId], reached: &mut Reached) {
        let days = self.state.full(on);
        let columns: Vec<_> = inputs.iter().map(|input| self.state.full(*input)).collect();
        let scalars: Vec<Scalar> = inputs
            .iter()
            .map(|input| {
                self.state
                    .graph
                    .node(*input)
                    .map_or(Scalar::Faulty, |node| node.ty.scalar)
            })
            .collect();
        for cell in 0..self.state.frame_len(node.frame) {
            let values: Vec<(Cell<'_>, Scalar)> = columns
                .iter()
                .map(|column| column.cell(cell))
                .zip(scalars.iter().copied())
                .collect();
            let version = table
                .versions
                .iter()
                .find(|(effective, _)| table.versions.len() == 1 || is_in(effective, &days.cell(cell)));
            let lines = version.map(|(_, lines)| lines.as_slice()).unwrap_or_default();
            let mut matching = lines.iter().filter(|line| self.matches(line, &values));
            match table.hit {
                Hit::Unique | Hit::First => matching
                    .next()
                    .into_iter()
                    .for_each(|line| reached.add(line.span)),
                Hit::Every => matching.for_each(|line| reached.add(line.span)),
            }
        }
    }

    fn matches(&self, line: &DecisionLine, values: &[(Cell<'_>, Scalar)]) -> bool {
        line.cells
            .iter()
            .zip(values)
            .all(|(condition, (value, scalar))| self.accepts(condition, value, *scalar))
    }

    fn accepts(&self, condition: &Condition, value: &Cell<'_>, scalar: Scalar) -> bool {
        match (condition, value) {
            (_, Cell::Error(_)) => false,
            (Condition::Any, _) => true,
            (Condition::Missing, value) => *value == Cell::Missing,
            (Condition::OneOf(values), value) => {
                values.iter().any(|wanted| self.is_same(wanted, value, scalar))
            }
            (Condition::Interval { lower, upper }, Cell::Number(number)) => {
                is_between(number, lower.as_ref(), upper.as_ref())
            }
            (Condition::Interval { lower, upper }, Cell::Date(place) | Cell::Period(_, place)) => is_between(
                &Exact::from_i64(i64::from(*place)),
                lower.as_ref(),
                upper.as_ref(),
            ),
            (
                Condition::Interval { .. },
                Cell::Missing | Cell::Bool(_) | Cell::Text(_) | Cell::Enum(_) | Cell::Row(_),
            ) => false,
        }
    }

    fn is_same(&self, wanted: &Value, value: &Cell<'_>, scalar: Scalar) -> bool {
        match (wanted, value) {
            (Value::Bool(one), Cell::Bool(other)) => one == other,
            (Value::Number(one), Cell::Number(other)) => one == other,
            (Value::Date(one), Cell::Date(other)) => one.days() == *other,
            (Value::Period(one), Cell::Period(unit, index)) => one.unit == *unit && one.index == *index,
            (Value::Text(one), Cell::Text(other)) => **one == **other,
            (Value::Enum(_, one), Cell::Enum(other)) => one == other,
            (Value::Missing, Cell::Missing) => true,
            (Value::Text(one), Cell::Row(_)) => {
                let names = Names {
                    program: self.program,
                    facts: self.state.facts,
                };
                names.cell_text(value, scalar) == **one
            }
            (
                Value::Bool(_)
                | Value::Number(_)
                | Value::Date(_)
                | Value::Period(_)
                | Value::Text(_)
                | Value::Enum(..)
                | Value::Missing,
                _,
            ) => false,
        }
    }
}

/// Lists the tiers that a value fell into: those it filled or began, or the one it reached.
fn fallen(kind: TierKind, rows: &[SliceRow], value: &Exact, unit: &Exact) -> Vec<Span> {
    let begins = |row: &&SliceRow| match &row.lower {
        None => true,
        Some((at, edge)) => at.mul(unit).is_ok_and(|lower| is_past(value, &lower, *edge)),
    };
    let mut begun = rows.iter().filter(begins);
    let next = || rows.iter().find(|row| !begins(row));
    match kind {
        TierKind::Marginal | TierKind::Fill => begun.map(|row| row.span).collect(),
        TierKind::Retro | TierKind::Flat => begun.next_back().map(|row| row.span).into_iter().collect(),
        TierKind::Interpolated => begun
            .next_back()
            .into_iter()
            .chain(next())
            .map(|row| row.span)
            .collect(),
    }
}

fn is_between(number: &Exact, lower: Option<&Bound>, upper: Option<&Bound>) -> bool {
    let above = lower.is_none_or(|bound| is_past(number, &bound.at, bound.edge));
    let below = upper.is_none_or(|bound| match bound.edge {
        Edge::Included => *number <= bound.at,
        Edge::Excluded => *number < bound.at,
    });
    above && below
}

fn is_past(number: &Exact, lower: &Exact, edge: Edge) -> bool {
    match edge {
        Edge::Included => number >= lower,
        Edge::Excluded => number > lower,
    }
}

fn is_in(effective: &Effective, day: &Cell<'_>) -> bool {
    let Cell::Date(day) = day else { return false };
    effective.from.is_none_or(|from| from.days() <= *day)
        && effective.through.is_none_or(|through| *day <= through.days())
}
