//! What managers look at: leaderboards, honours, warning boards, scorecards with bars, targets.

mod cards;
mod standings;
mod targets;
mod warnings;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use guerdon::report::{Absence, Figure, Report};
use guerdon_plan::number::{Exact, format_grouped};

/// The most lines of one board; of more, the first ones are shown.
const MOST_LINES: usize = 200;

/// Gives the boards of all blocks.
pub(crate) fn all(report: &Report<'_>) -> String {
    [
        standings::boards(report),
        standings::honours(report),
        warnings::board(report),
        cards::boards(report),
        targets::boards(report),
    ]
    .concat()
}

/// Makes a table with headings whose last columns hold numbers.
fn table(heads: &[&str], numbers_from: usize) -> Table {
    let mut table = Table::new();
    table
        .load_preset(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(heads.to_vec());
    table
        .column_iter_mut()
        .skip(numbers_from)
        .for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// Gives a figure for people: amounts with their decimals and grouped, `–` where there is none.
fn figure(figure: &Figure, decimals: Option<u8>) -> String {
    match (figure.absence, &figure.exact, decimals) {
        (Some(Absence::Missing), ..) => "–".to_owned(),
        (Some(Absence::Error), ..) => "not known".to_owned(),
        (None, Some(number), Some(decimals)) => format_grouped(number, decimals),
        (None, _, _) => figure.text.clone(),
    }
}

/// Draws a bar of a share of one, ten cells wide.
fn bar(share: &Exact) -> String {
    const CELLS: usize = 10;
    let tenths = share
        .mul(&Exact::from_i64(10))
        .ok()
        .and_then(|tenths| tenths.parts())
        .and_then(|(numerator, denominator)| numerator.checked_div(denominator));
    let full = tenths
        .and_then(|tenths| usize::try_from(tenths.max(0)).ok())
        .unwrap_or(0)
        .min(CELLS);
    format!("{}{}", "█".repeat(full), "░".repeat(CELLS.saturating_sub(full)))
}

/// Says how many lines were left out.
fn rest(lines: usize) -> String {
    match lines.checked_sub(MOST_LINES) {
        Some(more) if more > 0 => format!("… and {more} more lines; --out writes all of them\n"),
        Some(_) | None => String::new(),
    }
}
