//! Tables on the terminal: a line of headings, a line for each row, numbers to the right.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent};
use guerdon::plan::Plan;
use guerdon_syntax::{Language, Text};

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
