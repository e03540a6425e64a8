//! The tables of contests, awards, warnings, scorecards, targets and reviews; each is there where the rules have such a
//! block or statement.

use guerdon::report::{BlockTable, Report};
use guerdon_plan::hir::{Earn, Excess, Program};
use guerdon_plan::number::Exact;

use super::sheet::Sheet;
use super::{Table, TextCells, amount};

/// Makes the tables of all blocks.
pub(super) fn all(program: &Program, report: &Report<'_>, text: TextCells) -> Vec<Table> {
    let blocks = report.block_tables().into_iter();
    let tables = blocks.map(|table| block(report, table, text));
    needs_review(program, report, text)
        .into_iter()
        .chain(tables)
        .collect()
}

fn block(report: &Report<'_>, table: BlockTable, text: TextCells) -> Table {
    let mut sheet = Sheet::new(table.name(), text);
    sheet.heads(table.columns());
    for row in report.block_rows(table) {
        let cells: Vec<&str> = row
            .iter()
            .map(|cell| cell.as_deref().unwrap_or_default())
            .collect();
        let (texts, values) = cells.split_at(table.texts().min(cells.len()));
        sheet.row(texts, values);
    }
    sheet.finish()
}

/// Makes the table of what waits for somebody to look at it, where the rules have such lines.
fn needs_review(program: &Program, report: &Report<'_>, text: TextCells) -> Option<Table> {
    let looks = |earn: &Earn| {
        let excess = earn.caps().any(|cap| cap.excess == Excess::Review);
        excess || earn.review.is_some()
    };
    if !program.earns.iter().any(looks) {
        return None;
    }
    let mut sheet = Sheet::new("needs_review", text);
    sheet.heads(&[
        "plan", "earn", "payee", "period", "date", "record", "currency", "because", "amount",
    ]);
    for row in report.earnings() {
        if row.in_review.exact().is_some_and(Exact::is_zero) {
            continue;
        }
        let day = row.day.map(|day| day.to_string()).unwrap_or_default();
        let cells = [
            row.plan,
            row.earn,
            &row.payee,
            &row.period_label,
            &day,
            &row.record,
            &row.unit,
            row.review_because,
        ];
        sheet.row(&cells, [amount(&row.in_review, row.decimals)]);
    }
    Some(sheet.finish())
}
