//! Records that earn nothing because the one they concern is no payee of any plan.

use std::collections::BTreeMap;

use guerdon_plan::graph::{EarnOutput, Frame, NodeId};
use guerdon_plan::types::{Scalar, TableId};
use guerdon_syntax::{Code, Span, Text, text};

use super::Report;
use crate::column::Cell;
use crate::problem::Problem;

/// How many records a note names.
const MOST_NAMED: usize = 3;

/// The records of one table that no plan pays anybody for, with whom they concern.
#[derive(Debug)]
struct Strange {
    /// Where the first earn that would have taken them stands.
    span: Span,
    /// Whom each record concerns.
    records: BTreeMap<usize, (TableId, usize)>,
}

impl Report<'_> {
    /// Says, once for each table, how many records would have earned something, had the one they concern been a payee.
    ///
    /// A record for which another earn or another plan pays somebody is none of these.
    pub(super) fn records_of_strangers(&self) -> Vec<Problem> {
        let mut found: BTreeMap<TableId, Strange> = BTreeMap::new();
        for earn in self.dated_earns() {
            self.strangers_of(earn, &mut found);
        }
        found.retain(|_, strange| !strange.records.is_empty());
        if found.is_empty() {
            return Vec::new();
        }
        for earn in self.dated_earns() {
            self.without_lines_of(earn, &mut found);
        }
        found
            .into_iter()
            .filter(|(_, strange)| !strange.records.is_empty())
            .map(|(table, strange)| self.told(table, &strange))
            .collect()
    }

    fn dated_earns(&self) -> impl Iterator<Item = &EarnOutput> {
        let outputs = self.compiled.graph.outputs.iter();
        outputs.flat_map(|output| &output.earns)
    }

    fn strangers_of(&self, earn: &EarnOutput, found: &mut BTreeMap<TableId, Strange>) {
        let Some(strangers) = earn.strangers else {
            return;
        };
        let frame = self.compiled.graph.node(strangers.found).map(|node| node.frame);
        let Some(Frame::Rows(table)) = frame.and_then(|frame| self.compiled.graph.frame(frame)) else {
            return;
        };
        let (is_strange, payee) = (self.full(strangers.found), self.full(strangers.payee));
        let strange = found.entry(*table).or_insert_with(|| Strange {
            span: strangers.span,
            records: BTreeMap::new(),
        });
        for row in 0..self.state.rows(*table) {
            if is_strange.cell(row) == Cell::Bool(true)
                && let (Cell::Row(of), Some(whom)) = (payee.cell(row), self.table_of(strangers.payee))
            {
                strange
                    .records
                    .insert(row, (whom, usize::try_from(of).unwrap_or(usize::MAX)));
            }
        }
    }

    /// Takes out the records that an earn has lines for.
    fn without_lines_of(&self, earn: &EarnOutput, found: &mut BTreeMap<TableId, Strange>) {
        let Some(row) = earn.row else { return };
        let Some(strange) = self.table_of(row).and_then(|table| found.get_mut(&table)) else {
            return;
        };
        let rows = self.full(row);
        for line in 0..self.state.frame_len(earn.lines) {
            if let Cell::Row(row) = rows.cell(line) {
                strange
                    .records
                    .remove(&usize::try_from(row).unwrap_or(usize::MAX));
            }
        }
    }

    fn table_of(&self, node: NodeId) -> Option<TableId> {
        let Scalar::Row(table) = self.compiled.graph.node(node)?.ty.scalar else {
            return None;
        };
        Some(table)
    }

    fn told(&self, table: TableId, strange: &Strange) -> Problem {
        let count = strange.records.len();
        let message = text!(
            "{count} records would earn something, but belong to somebody whom no plan pays then",
            "有 {count} 条记录本应计提，但所属的人届时不在任何方案的适用人员之列"
        );
        let mut problem = Problem::new(Code::R0927, message)
            .in_table(table)
            .detailed(self.named_strangers(table, strange))
            .advise(text!(
                "widen the \"payee\" line, or leave such records out: where owner is payee and owner.role is …",
                "请放宽“适用人员”，或在“其中”里排除这些记录"
            ));
        problem.span = Some(strange.span);
        problem.row = strange
            .records
            .first_key_value()
            .and_then(|(row, _)| u32::try_from(*row).ok())
            .and_then(|row| self.state.facts.table(table)?.input_row(row));
        problem
    }

    fn named_strangers(&self, table: TableId, strange: &Strange) -> Text {
        let named: Vec<String> = strange
            .records
            .iter()
            .take(MOST_NAMED)
            .map(|(row, (whom, of))| {
                format!("{} ({})", self.key_text(table, *row), self.key_text(*whom, *of))
            })
            .collect();
        let listed = named.join(", ");
        match strange.records.len().saturating_sub(MOST_NAMED) {
            0 => text!("records {listed}", "记录 {listed}"),
            more => text!(
                "records {listed} and {more} more",
                "记录 {listed} 及另外 {more} 条"
            ),
        }
    }
}
