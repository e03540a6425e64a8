//! Cells that fail the check of their field.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

use guerdon_plan::graph::{Frame, Graph, NodeId, Op};
use guerdon_plan::types::{FieldId, TableId};
use guerdon_syntax::{Code, Span, Text, text};

use super::Report;
use crate::column::Cell;
use crate::problem::Problem;

/// The check of one field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldCheck {
    /// Whether it holds, for each record.
    pub condition: NodeId,
    /// The field guarded by it.
    guard: NodeId,
    stored: NodeId,
    table: TableId,
    field: FieldId,
    span: Span,
}

/// Lists the checks of fields that a graph reads.
pub(crate) fn field_checks(graph: &Graph) -> impl Iterator<Item = FieldCheck> + '_ {
    let numbered = (0_u32..).map(NodeId).zip(&graph.nodes);
    numbered.filter_map(|(guard, node)| {
        let Op::Guard { value, condition } = node.op else {
            return None;
        };
        let (stored, frame) = (graph.node(value)?, graph.frame(node.frame)?);
        match (&stored.op, frame) {
            (Op::Stored { table, field }, Frame::Rows(rows)) if table == rows && node.span != stored.span => {
                Some(FieldCheck {
                    condition,
                    guard,
                    stored: value,
                    table: *table,
                    field: *field,
                    span: node.span,
                })
            }
            _ => None,
        }
    })
}

impl Report<'_> {
    /// Says which field a failed node is the check of.
    pub(super) fn failed_field(&self, node: NodeId) -> Option<Text> {
        let check = field_checks(&self.compiled.graph).find(|check| check.guard == node)?;
        Some(failing(self.field_name(&check)))
    }

    /// Lists the cells that fail the check of their field; beyond the limit on problems they are counted.
    pub(super) fn failed_cells(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for check in field_checks(&self.compiled.graph) {
            let condition = self.full(check.condition);
            let failed = (0..self.state.rows(check.table))
                .filter(|row| condition.cell(*row) == Cell::Bool(false))
                .collect::<Vec<_>>();
            let most = usize::try_from(self.state.limits.problems).unwrap_or(usize::MAX);
            let told = failed.iter().take(most);
            problems.extend(told.map(|row| self.failed_cell(&check, *row)));
            let more = failed.len().saturating_sub(most);
            if more > 0 {
                let message = failing(self.field_name(&check));
                problems.push(self.cell_problem(
                    &check,
                    text!("{message}, in {more} further rows", "{message}（另有 {more} 行）"; message),
                ));
            }
        }
        problems
    }

    fn failed_cell(&self, check: &FieldCheck, row: usize) -> Problem {
        let value = self.full(check.stored);
        let scalar = self
            .compiled
            .graph
            .node(check.stored)
            .map_or(guerdon_plan::types::Scalar::Faulty, |node| node.ty.scalar);
        let shown = match value.cell(row) {
            Cell::Number(number) => self.names().number(&number, scalar),
            cell => self.cell_text(&cell, scalar),
        };
        let mut problem = self.cell_problem(check, failing(self.field_name(check)));
        problem.row = u32::try_from(row)
            .ok()
            .and_then(|row| self.state.facts.table(check.table)?.input_row(row));
        problem.detailed(text!("it is {shown}", "其值为 {shown}"))
    }

    fn cell_problem(&self, check: &FieldCheck, message: Text) -> Problem {
        let mut problem = Problem::new(Code::D0812, message)
            .in_table(check.table)
            .in_column(self.field_name(check))
            .advise(text!(
                "correct the cell, or the check if it asks too much",
                "请改正单元格；若校验过严，则改正校验"
            ));
        problem.span = Some(check.span);
        let table = self.compiled.program.table(check.table);
        let field = table.and_then(|table| table.fields.get(check.field.index()));
        if let Some(because) = field.and_then(|field| field.reason.because.as_deref()) {
            problem = problem.advise(text!("the plan says: {because}", "方案规定：{because}"));
        }
        problem
    }

    fn field_name(&self, check: &FieldCheck) -> &str {
        let table = self.compiled.program.table(check.table);
        table
            .and_then(|table| table.fields.get(check.field.index()))
            .map_or("", |field| field.naming.name.as_str())
    }
}

fn failing(column: &str) -> Text {
    text!(
        "a cell of \"{column}\" fails the check of its field",
        "“{column}”的单元格未通过该字段的校验"
    )
}
