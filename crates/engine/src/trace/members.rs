//! Aggregates: the records behind them.

use guerdon_plan::graph::{Frame, FrameId, GroupKey, NodeId, Op};
use guerdon_plan::hir::{AggregateOp, Sign};
use guerdon_plan::number::Exact;
use guerdon_syntax::{Text, text};

use super::amounts::{signed, total};
use super::walk::{Spot, Walk};
use super::{Part, Step, StepKind};

/// How many records are shown one by one.
pub(super) const MOST_RECORDS: usize = 20;

/// An aggregate, for one or more of its cells.
pub(super) struct Grouped {
    pub node: NodeId,
    pub cells: Vec<usize>,
}

impl Walk<'_> {
    /// Lists the cells that an aggregate took in.
    pub(super) fn members(&self, grouped: &Grouped) -> Vec<usize> {
        let Some(node) = self.compiled.graph.node(grouped.node) else {
            return Vec::new();
        };
        let Op::Group {
            filter, key, from, ..
        } = &node.op
        else {
            return Vec::new();
        };
        let counts = |cell: &usize| {
            let spot = |node: NodeId| self.input(Spot { node, cell: *cell }, node);
            filter.is_none_or(|filter| self.truth(spot(filter)) != Some(false))
                && self
                    .place(key, node.frame, *cell)
                    .is_some_and(|place| grouped.cells.contains(&place))
        };
        self.candidates(grouped, key, node.frame, *from)
            .filter(counts)
            .collect()
    }

    /// Narrows the cells to look at to those that come from the aggregate's own, where they are laid out so.
    fn candidates(
        &self,
        grouped: &Grouped,
        key: &GroupKey,
        target: FrameId,
        from: FrameId,
    ) -> std::ops::Range<usize> {
        let by_origin = match key {
            GroupKey::Cell(node) => matches!(
                self.compiled.graph.node(*node).map(|node| &node.op),
                Some(Op::Origin)
            ),
            GroupKey::All | GroupKey::Place { .. } => false,
        };
        let is_child = matches!(self.frame(from), Some(Frame::Expanded { of, .. }) if *of == target);
        match (self.state.frame_data(from), grouped.cells.as_slice()) {
            (Some(data), [cell]) if by_origin && is_child => data.of_parent(*cell),
            _ => 0..self.state.frame_len(from),
        }
    }

    /// Gives the cell of the aggregate that a cell goes to.
    fn place(&self, key: &GroupKey, target: FrameId, cell: usize) -> Option<usize> {
        let spot = |node: NodeId| self.input(Spot { node, cell }, node);
        match key {
            GroupKey::All => Some(0),
            GroupKey::Cell(node) => self.row(spot(*node)),
            GroupKey::Place { row, period } => {
                let row = match row {
                    Some(row) => Some(self.row(spot(*row))?),
                    None => None,
                };
                let period = match period {
                    Some(period) => Some(self.period(spot(*period))?),
                    None => None,
                };
                self.cell_at(target, row, period)
            }
        }
    }

    /// Gives the cell of a frame for a row and a period.
    pub(super) fn cell_at(&self, frame: FrameId, row: Option<usize>, period: Option<i32>) -> Option<usize> {
        let place = |axis: guerdon_plan::graph::AxisId| {
            let window = self.state.window(axis);
            let place = usize::try_from(period?.checked_sub(window.first)?).ok()?;
            (place < window.len).then_some(place)
        };
        match self.frame(frame)? {
            Frame::Single => Some(0),
            Frame::Rows(_) => row,
            Frame::Axis(axis) => place(*axis),
            Frame::Cells { rows, axis } => place(*axis)?
                .checked_mul(self.state.rows(*rows))?
                .checked_add(row?),
            Frame::Selected { .. } | Frame::Expanded { .. } => None,
        }
    }

    /// Puts the records of an aggregate under its step: of a sum or count as summands.
    pub(super) fn records(&mut self, step: &mut Step, grouped: &Grouped, sign: Sign, depth: usize) {
        let Some(Op::Group { op, value, from, .. }) =
            self.compiled.graph.node(grouped.node).map(|node| &node.op)
        else {
            return;
        };
        let (part, is_sum) = match op {
            AggregateOp::Sum | AggregateOp::Count => (Part::Summand, true),
            AggregateOp::CountDistinct
            | AggregateOp::Average
            | AggregateOp::Lowest
            | AggregateOp::Highest
            | AggregateOp::Any
            | AggregateOp::All
            | AggregateOp::First
            | AggregateOp::Last => (Part::Detail, false),
        };
        let members = self.members(grouped);
        let value = match (op, value) {
            (AggregateOp::Count, _) | (_, None) => None,
            (_, Some(value)) => Some(*value),
        };
        let counted: Vec<usize> = match value {
            Some(value) => members
                .into_iter()
                .filter(|cell| {
                    !self.is_missing(self.input(
                        Spot {
                            node: value,
                            cell: *cell,
                        },
                        value,
                    ))
                })
                .collect(),
            None => members,
        };
        if counted.is_empty() {
            step.note = text!("no records", "无记录");
        }
        if counted.len().min(MOST_RECORDS) >= self.left {
            return;
        }
        let like = Spot {
            node: grouped.node,
            cell: grouped.cells.first().copied().unwrap_or(0),
        };
        let (shown, rest) = counted
            .split_at_checked(MOST_RECORDS)
            .unwrap_or((counted.as_slice(), &[]));
        for cell in shown {
            let record = self.record(*from, *cell, value, like, sign, part, depth);
            step.children.push(record);
        }
        if !rest.is_empty() {
            let more = self.more(rest, value, like, sign, is_sum);
            step.children.push(more);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "they are what a record is shown by")]
    fn record(
        &mut self,
        from: FrameId,
        cell: usize,
        value: Option<NodeId>,
        like: Spot,
        sign: Sign,
        part: Part,
        depth: usize,
    ) -> Step {
        let label = Text::same(self.keys(from, cell).join(" "));
        let mut record = match value {
            Some(value) => {
                let at = self.input(Spot { node: value, cell }, value);
                let mut record = self.bare(label, at, sign, part);
                let inner = self.peel(at);
                let is_stored = matches!(self.node(inner).map(|node| &node.op), Some(Op::Stored { .. }));
                if !is_stored {
                    self.fill(&mut record, at, sign, depth);
                }
                record
            }
            None => {
                let mut record = self.summand(label, &signed(Exact::ONE, sign), like);
                record.part = part;
                record
            }
        };
        record.kind = StepKind::Record;
        record
    }

    /// Stands for the records that are not shown; still adds up.
    fn more(&mut self, rest: &[usize], value: Option<NodeId>, like: Spot, sign: Sign, is_sum: bool) -> Step {
        let count = rest.len();
        let label = text!("… and {count} more", "……以及另外 {count} 条");
        let sum = if is_sum {
            let numbers: Vec<Option<Exact>> = rest
                .iter()
                .map(|cell| match value {
                    Some(value) => self.number(self.input(
                        Spot {
                            node: value,
                            cell: *cell,
                        },
                        value,
                    )),
                    None => Some(Exact::ONE),
                })
                .collect();
            total(numbers.iter().map(Option::as_ref))
        } else {
            None
        };
        let mut more = match sum {
            Some(sum) => self.summand(label, &signed(sum, sign), like),
            None => Step::detail(label),
        };
        more.kind = StepKind::Record;
        more
    }
}
