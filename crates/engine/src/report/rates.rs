//! Exchange rates that are missing: which pair, on which day.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

use std::collections::BTreeSet;

use guerdon_plan::calendar::Date;
use guerdon_plan::graph::{Frame, FrameId, Graph, GroupKey, NodeId, Op};
use guerdon_plan::types::TableId;
use guerdon_syntax::{Text, text};

use super::Report;
use crate::column::Cell;

/// How many pairs and days are named.
const MOST_NAMED: usize = 3;

/// Lists the nodes that must be kept as whole columns to tell, after a run, which rates were missing.
pub(crate) fn rates_kept(graph: &Graph) -> impl Iterator<Item = NodeId> + '_ {
    let numbered = (0_u32..).map(NodeId).zip(&graph.nodes);
    numbered.flat_map(|(id, node)| {
        let asked = if let Op::ExchangeRate { of, from, on, .. } = &node.op {
            // What is converted by period and payee is paid in another currency: the books tell it in both.
            let is_paid = matches!(graph.frame(node.frame), Some(Frame::Cells { .. }));
            let of = is_paid.then_some(*of);
            [id, *from, *on].into_iter().chain(of).collect()
        } else {
            Vec::new()
        };
        asked.into_iter()
    })
}

impl Report<'_> {
    /// Names the pairs and days whose missing rate is an error of a payee's.
    pub(super) fn missing_rates(&self, node: NodeId, error: u32, payee: (TableId, usize)) -> Option<Text> {
        let Op::ExchangeRate { from, to, on, .. } = &self.compiled.graph.node(node)?.op else {
            return None;
        };
        let frame = self.compiled.graph.node(node)?.frame;
        let rates = self.full(node);
        let faulty: Vec<usize> = (0..self.state.frame_len(frame))
            .filter(|cell| rates.error(*cell) == error)
            .collect();
        let own = self.cells_of_payee(frame, &faulty, payee);
        let cells = if own.is_empty() { faulty } else { own };
        let (from, on) = (self.full(*from), self.full(*on));
        let asked: BTreeSet<(String, Date)> = cells
            .into_iter()
            .filter_map(|cell| match (from.cell(cell), on.cell(cell)) {
                (Cell::Text(code), Cell::Date(day)) => Some((code.to_owned(), Date::from_days(day)?)),
                _ => None,
            })
            .collect();
        let named: Vec<Text> = asked
            .iter()
            .take(MOST_NAMED)
            .map(|(code, day)| missing_rate(code, to.code(), *day))
            .collect();
        let joined = named
            .into_iter()
            .reduce(|all, one| text!("{all}, {one}", "{all}，{one}"; all, one))?;
        Some(match asked.len().saturating_sub(MOST_NAMED) {
            0 => joined,
            more => text!("{joined} and {more} more", "{joined}等另 {more} 项"; joined),
        })
    }

    /// Picks the cells that concern a payee: of lines of theirs, and of records that a sum gives to them.
    fn cells_of_payee(&self, frame: FrameId, cells: &[usize], payee: (TableId, usize)) -> Vec<usize> {
        let of_lines = self.line_cells(frame, payee);
        let is_own = |cell: &usize| {
            of_lines.contains(cell)
                || self.is_below_payee(frame, *cell, payee)
                || self.is_given_to(frame, *cell, payee)
        };
        cells.iter().copied().filter(is_own).collect()
    }

    /// Lists the cells of a frame that lines of a payee come from.
    fn line_cells(&self, frame: FrameId, (table, row): (TableId, usize)) -> BTreeSet<usize> {
        let outputs = self.compiled.graph.outputs.iter();
        let earns = outputs
            .filter(|output| output.payees == table)
            .flat_map(|output| &output.earns);
        let mut found = BTreeSet::new();
        for earn in earns {
            let payees = self.full(earn.payee);
            for cell in 0..self.state.frame_len(earn.lines) {
                if is_row(&payees.cell(cell), row) {
                    found.extend(
                        self.climb(earn.lines, cell)
                            .find(|(at, _)| *at == frame)
                            .map(|(_, cell)| cell),
                    );
                }
            }
        }
        found
    }

    /// Says whether a cell stands for a payee, or comes from a line of theirs.
    fn is_below_payee(&self, frame: FrameId, cell: usize, (table, row): (TableId, usize)) -> bool {
        let outputs = self.compiled.graph.outputs.iter();
        let earns: Vec<_> = outputs.flat_map(|output| &output.earns).collect();
        self.climb(frame, cell).any(|(frame, cell)| {
            let is_record = match self.compiled.graph.frame(frame) {
                Some(Frame::Rows(rows)) => *rows == table && cell == row,
                Some(Frame::Cells { rows, .. }) => {
                    *rows == table && cell.checked_rem(self.state.rows(*rows)) == Some(row)
                }
                Some(Frame::Single | Frame::Axis(_) | Frame::Selected { .. } | Frame::Expanded { .. })
                | None => false,
            };
            let mut own = earns.iter().filter(|earn| earn.lines == frame);
            is_record || own.any(|earn| is_row(&self.full(earn.payee).cell(cell), row))
        })
    }

    /// Says whether a sum gives a cell to a payee.
    fn is_given_to(&self, frame: FrameId, cell: usize, (_, row): (TableId, usize)) -> bool {
        self.compiled.graph.nodes.iter().any(|node| match &node.op {
            Op::Group {
                key: GroupKey::Place { row: Some(key), .. },
                from,
                ..
            } => *from == frame && is_row(&self.full(*key).cell(cell), row),
            _ => false,
        })
    }

    /// Lists a cell and those of the parent frames that it comes from.
    fn climb(&self, frame: FrameId, cell: usize) -> impl Iterator<Item = (FrameId, usize)> + '_ {
        std::iter::successors(Some((frame, cell)), |(frame, cell)| {
            let of = self.compiled.graph.frame(*frame)?.parent()?;
            let origin = self.state.frame_data(*frame)?.origin(*cell)?;
            Some((of, usize::try_from(origin).ok()?))
        })
    }
}

/// Says that a pair has no rate on a day.
pub(crate) fn missing_rate(from: &str, to: &str, day: Date) -> Text {
    text!(
        "no rate of {from} in {to} for {day}",
        "{day} 没有 {from} 兑 {to} 的汇率"
    )
}

fn is_row(cell: &Cell<'_>, row: usize) -> bool {
    matches!(cell, Cell::Row(found) if usize::try_from(*found) == Ok(row))
}
