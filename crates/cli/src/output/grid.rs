//! Tables on the terminal: a line of headings, a line for each row, numbers to the right.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent};
use guerdon::plan::Plan;
use guerdon_syntax::{Language, Text};

/// What stands where there is no value.
pub(super) const NOTHING: &str = "–";

/// Makes a table without rows.
pub(super) fn grid(heads: impl IntoIterator<Item = String>, numbers: impl Fn(usize) -> bool) -> Table {
    let mut table = Table::new();
    table
        .load_preset(UTF8_HORIZONTAL_ONLY)
        .remove_style(TableComponent::HorizontalLines)
        .remove_style(TableComponent::MiddleIntersections)
        .remove_style(TableComponent::TopBorder)
        .remove_style(TableComponent::TopBorderIntersections)
        .set_style(TableComponent::HeaderLines, '─')
        .set_style(TableComponent::MiddleHeaderIntersections, '─')
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(heads);
    table
        .column_iter_mut()
        .enumerate()
        .filter(|(place, _)| numbers(*place))
        .for_each(|(_, column)| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// Makes a table of rows and leaves out the columns in which no row says anything.
pub(super) fn lean<const COUNT: usize>(
    heads: [String; COUNT],
    numbers: impl Fn(usize) -> bool,
    rows: impl IntoIterator<Item = [String; COUNT]>,
) -> Table {
    let rows: Vec<[String; COUNT]> = rows.into_iter().collect();
    let says = |cell: &String| !cell.is_empty() && cell != NOTHING;
    let is_shown = |place: &usize| {
        let mut cells = rows.iter().filter_map(|row| row.get(*place));
        cells.any(says)
    };
    let places: Vec<usize> = (0..COUNT).filter(is_shown).collect();
    let kept = |cells: [String; COUNT]| -> Vec<String> {
        let numbered = cells.into_iter().enumerate();
        let kept = numbered.filter(|(place, _)| places.contains(place));
        kept.map(|(_, cell)| cell).collect()
    };
    let is_number = |place: usize| places.get(place).is_some_and(|place| numbers(*place));
    let mut table = grid(kept(heads), is_number);
    table.add_rows(rows.into_iter().map(kept));
    table
}

/// Gives headings in a language.
pub(super) fn heads<const COUNT: usize>(language: Language, heads: [Text; COUNT]) -> [String; COUNT] {
    heads.map(|head| head.get(language).to_owned())
}

/// Gives the language of the rule file that holds the first plan.
pub(super) fn language(plan: &Plan) -> Language {
    let first = plan.program().plans.first();
    first.map_or(Language::En, |first| {
        plan.sources().language(first.naming.span.file)
    })
}
