//! The board of what waits for somebody to look at it.

use guerdon::report::{Amount, EarningRow, Report};
use guerdon_plan::number::{Exact, format_grouped};
use guerdon_syntax::text;

use super::super::grid::{heads, lean};
use super::super::tame;
use super::{MOST_LINES, Page};

impl Page {
    /// Gives the lines that are held for review, each with its amount.
    pub(super) fn reviews(self, report: &Report<'_>) -> String {
        let waits = |row: &EarningRow<'_>| !row.in_review.exact().is_some_and(Exact::is_zero);
        let rows: Vec<EarningRow<'_>> = report.earnings().filter(waits).collect();
        if rows.is_empty() {
            return String::new();
        }
        let columns = [
            text!("Period", "期间"),
            text!("Who", "人员"),
            text!("What", "项目"),
            text!("Record", "记录"),
            text!("Held", "待复核金额"),
            text!("Because", "原因"),
        ];
        let lines = rows.iter().take(MOST_LINES).map(|row| {
            [
                row.period_label.clone(),
                tame(&row.payee),
                tame(row.earn),
                tame(&row.record),
                match &row.in_review {
                    Amount::Known(amount) => {
                        format!("{} {}", row.unit, format_grouped(amount, row.decimals))
                    }
                    Amount::Unknown => self.say(&text!("not known", "未知")),
                },
                tame(row.review_because),
            ]
        });
        let board = lean(heads(self.language, columns), |place| place == 4, lines);
        self.framed(&self.say(&text!("To be looked at", "待复核")), &board, rows.len())
    }
}
