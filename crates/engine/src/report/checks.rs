//! The figures behind a fault: the two that a failed check compared, and the days that a holiday list covers.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::graph::{Frame, Graph, NodeId, Op, PlanOutput};
use guerdon_plan::hir::DayCount;
use guerdon_syntax::{Span, Text, text};

use super::Report;
use crate::column::Cell;

/// Lists the nodes that must be kept as whole columns to tell, after a run, what failed checks compared.
pub(crate) fn compared_kept(graph: &Graph) -> impl Iterator<Item = NodeId> + '_ {
    let checks = graph.outputs.iter().flat_map(|output| &output.checks);
    checks
        .filter_map(|check| compared_by(graph, check.condition))
        .flat_map(|(_, sides)| sides)
}

impl Report<'_> {
    /// Gives the figures of a check of records, at a record.
    pub(super) fn compared_at(&self, condition: NodeId, row: usize) -> Option<Text> {
        let (comparison, sides) = compared_by(&self.compiled.graph, condition)?;
        let node = self.compiled.graph.node(comparison)?;
        self.figures(sides, |side| (side.frame == node.frame).then_some(row))
    }

    /// Gives the figures of the plan's own check that stands at a place of the rules, for a payee and a period.
    pub(super) fn compared_for(
        &self,
        output: &PlanOutput,
        check: Span,
        row: usize,
        period: PeriodKey,
    ) -> Option<Text> {
        let checks = &self.plan(output.plan)?.checks;
        let position = checks.iter().position(|found| found.span == check)?;
        let found = output.checks.iter().find(|found| found.position == position)?;
        let (_, sides) = compared_by(&self.compiled.graph, found.condition)?;
        let shown = self.shown_periods(output);
        let (place, _) = shown.into_iter().find(|(_, shown)| *shown == period)?;
        self.figures(sides, |side| match self.compiled.graph.frame(side.frame)? {
            Frame::Rows(table) if *table == output.payees => Some(row),
            Frame::Cells { rows, .. } if *rows == output.payees => place
                .checked_mul(self.state.rows(*rows))
                .and_then(|first| first.checked_add(row)),
            Frame::Axis(axis) if *axis == output.axis => Some(place),
            _ => None,
        })
    }

    /// Says which days the holiday list covers that a count of working days asked.
    pub(super) fn covered_days(&self, node: NodeId) -> Option<Text> {
        let list = match &self.compiled.graph.node(node)?.op {
            Op::DaysIn {
                count: DayCount::Working(list),
                ..
            }
            | Op::DaysBetween {
                count: DayCount::Working(list),
                ..
            } => *list,
            _ => return None,
        };
        let covers = self.compiled.program.holiday_list(list)?.covers;
        let (from, through) = (covers.from, covers.through);
        Some(match (from, through) {
            (Some(from), Some(through)) => {
                text!(
                    "it covers {from} through {through}",
                    "该表覆盖 {from} 至 {through}"
                )
            }
            (Some(from), None) => text!("it covers the days from {from} on", "该表覆盖 {from} 起的日期"),
            (None, Some(through)) => {
                text!("it covers the days through {through}", "该表覆盖至 {through}")
            }
            (None, None) => return None,
        })
    }

    fn figures(
        &self,
        sides: [NodeId; 2],
        cell_of: impl Fn(&guerdon_plan::graph::Node) -> Option<usize>,
    ) -> Option<Text> {
        let figure = |side: NodeId| {
            let node = self.compiled.graph.node(side)?;
            let cell = match self.compiled.graph.frame(node.frame)? {
                Frame::Single => 0,
                _ => cell_of(node)?,
            };
            match self.full(side).cell(cell) {
                Cell::Error(_) | Cell::Missing => None,
                Cell::Number(number) => Some(self.names().number(&number, node.ty.scalar)),
                found => Some(self.cell_text(&found, node.ty.scalar)),
            }
        };
        let [left, right] = sides;
        let (left, right) = (figure(left)?, figure(right)?);
        Some(text!("{left} compared with {right}", "{left}，与 {right} 相比"))
    }
}

/// Finds the comparison that a check is, or is beside its filter, with its two sides.
fn compared_by(graph: &Graph, condition: NodeId) -> Option<(NodeId, [NodeId; 2])> {
    let spread = |node: NodeId| match &graph.node(node)?.op {
        Op::Otherwise(list) => list.first().copied().filter(|_| list.len() == 1),
        Op::At { source, .. } => Some(*source),
        _ => Some(node),
    };
    let beside = |node: NodeId| match &graph.node(node)?.op {
        Op::Or(parts) => parts.last().copied(),
        _ => Some(node),
    };
    let found = spread(beside(spread(condition)?)?)?;
    match &graph.node(found)?.op {
        Op::Compare { left, right, .. } => Some((found, [*left, *right])),
        _ => None,
    }
}
