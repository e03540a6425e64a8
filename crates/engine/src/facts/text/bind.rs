//! Which column of a file belongs to which field.

use guerdon_plan::calendar::DatePattern;
use guerdon_plan::hir::{ColumnSource, EmptyCell, Field, SourceColumn, Table};
use guerdon_plan::types::FieldId;
use guerdon_syntax::{Code, Severity, Text, suggest, text};

use super::super::draft::{Draft, Shared};
use super::super::growing::ReadAs;
use super::filter::Test;
use super::{Bound, TextFrom};
use crate::error::Error;
use crate::problem::Problem;

/// What the headings of a file mean.
#[derive(Default)]
pub(super) struct Binding {
    pub(super) columns: Vec<Bound>,
    pub(super) filter: Option<Test>,
    pub(super) broken: Option<u32>,
}

/// Binds the headings of a file to the fields of a table and begins their columns.
pub(super) fn bind(shared: &mut Shared<'_>, draft: &mut Draft, headings: &[&str]) -> Result<Binding, Error> {
    let program = shared.program;
    let Some(table) = program.table(draft.table) else {
        return Ok(Binding::default());
    };
    let headings: Vec<&str> = headings
        .iter()
        .map(|heading| heading.trim_start_matches('\u{FEFF}').trim())
        .collect();
    let mut binding = Binding::default();
    for (index, field) in table.fields.iter().enumerate() {
        let id = FieldId::at(index);
        let source = source_column(table, id);
        match find(field, source, &headings) {
            Found::Everywhere(from) => {
                draft.begin_column(shared, id, &field.naming.name, ReadAs::default())?;
                binding.columns.push(Bound {
                    from,
                    field: id,
                    renames: Vec::new(),
                    empty: None,
                    marks: None,
                    month: None,
                });
            }
            Found::At(position) => {
                let heading = headings.get(position).copied().unwrap_or("");
                draft.begin_column(shared, id, heading, read_as(source))?;
                binding.columns.push(bound(position, id, source));
            }
            Found::Twice(heading) => {
                let problem = shared.problems.add(twice(draft, heading));
                mark_broken(&mut binding, table, id, problem);
            }
            Found::Nowhere => {
                let problem = shared.problems.add(no_column(draft, field, source, &headings));
                mark_broken(&mut binding, table, id, problem);
            }
        }
    }
    if let Some(filter) = table.source.as_ref().and_then(|source| source.filter.as_ref()) {
        match Test::new(filter, &|column| position(&headings, column)) {
            Ok(test) => binding.filter = Some(test),
            Err(column) => {
                let problem = shared.problems.add(no_filter_column(draft, &column, &headings));
                binding.broken.get_or_insert(problem);
            }
        }
    }
    if binding.broken.is_some() {
        begin_key(shared, draft, table)?;
    }
    Ok(binding)
}

enum Found<'h> {
    Everywhere(TextFrom),
    At(usize),
    Twice(&'h str),
    Nowhere,
}

fn find<'h>(field: &Field, source: Option<&SourceColumn>, headings: &[&'h str]) -> Found<'h> {
    let naming = &field.naming;
    let names = match source.map(|source| &source.from) {
        Some(ColumnSource::Column(heading)) => [Some(heading.as_str()), None],
        Some(ColumnSource::Fixed(text)) => {
            return Found::Everywhere(TextFrom::Fixed(Box::from(text.as_bytes())));
        }
        Some(ColumnSource::RowNumber) => return Found::Everywhere(TextFrom::RowNumber),
        None => [Some(naming.name.as_str()), naming.alias.as_deref()],
    };
    let mut positions = (0..)
        .zip(headings)
        .filter(|(_, heading)| names.contains(&Some(**heading)));
    match (positions.next(), positions.next()) {
        (Some((position, _)), None) => Found::At(position),
        (Some((_, heading)), Some(_)) => Found::Twice(heading),
        (None, _) => Found::Nowhere,
    }
}

fn position(headings: &[&str], column: &str) -> Option<usize> {
    headings.iter().position(|heading| *heading == column)
}

fn source_column(table: &Table, field: FieldId) -> Option<&SourceColumn> {
    table
        .source
        .as_ref()?
        .columns
        .iter()
        .find(|column| column.field == field)
}

fn read_as(source: Option<&SourceColumn>) -> ReadAs {
    let Some(source) = source else {
        return ReadAs::default();
    };
    ReadAs {
        pattern: source
            .date_format
            .as_deref()
            .and_then(|format| DatePattern::new(format).ok()),
        percent: Some(source.percent),
    }
}

fn bound(position: usize, field: FieldId, source: Option<&SourceColumn>) -> Bound {
    let bytes = |text: &String| Box::from(text.as_bytes());
    let renames = source.map_or(&[][..], |source| &source.renames);
    let empty = source.and_then(|source| match &source.empty {
        EmptyCell::Missing => None,
        EmptyCell::Text(text) => Some(bytes(text)),
    });
    Bound {
        from: TextFrom::Column(position),
        field,
        renames: renames
            .iter()
            .map(|(from, to)| (bytes(from), bytes(to)))
            .collect(),
        empty,
        marks: source.and_then(|source| source.marks),
        month: source.and_then(|source| source.month_format.clone()),
    }
}

/// Without its key no record can be told from another, so all of them are errors.
fn mark_broken(binding: &mut Binding, table: &Table, field: FieldId, problem: u32) {
    if table.key.contains(&field) {
        binding.broken.get_or_insert(problem);
    }
}

fn begin_key(shared: &mut Shared<'_>, draft: &mut Draft, table: &Table) -> Result<(), Error> {
    for field in &table.key {
        let name = table
            .fields
            .get(field.index())
            .map_or("", |field| field.naming.name.as_str());
        draft.begin_column(shared, *field, name, ReadAs::default())?;
    }
    Ok(())
}

fn twice(draft: &Draft, heading: &str) -> Problem {
    let message = text!(
        "two columns have the heading \"{heading}\"",
        "有两列标题都是“{heading}”"
    );
    let advice = text!("give each column a heading of its own", "请给每一列不同的标题");
    of_file(
        draft,
        Problem::new(Code::D0817, message)
            .advise(advice)
            .in_column(heading),
    )
}

fn no_column(draft: &Draft, field: &Field, source: Option<&SourceColumn>, headings: &[&str]) -> Problem {
    let heading = match source.map(|source| &source.from) {
        Some(ColumnSource::Column(heading)) => heading,
        Some(ColumnSource::Fixed(_) | ColumnSource::RowNumber) | None => &field.naming.name,
    };
    let message = text!("there is no column \"{heading}\"", "没有“{heading}”列");
    let problem = Problem::new(Code::D0802, message)
        .advise(advice(heading, headings))
        .in_column(heading);
    // An optional field without a column does no harm until a rule reads it.
    let severity = if field.ty.is_optional() {
        Severity::Note
    } else {
        Severity::Error
    };
    of_file(draft, Problem { severity, ..problem })
}

fn no_filter_column(draft: &Draft, column: &str, headings: &[&str]) -> Problem {
    let message = text!(
        "there is no column \"{column}\", by which the source block chooses its records",
        "没有“{column}”列，而 source 块按它筛选记录"
    );
    of_file(
        draft,
        Problem::new(Code::D0802, message)
            .advise(advice(column, headings))
            .in_column(column),
    )
}

fn advice(heading: &str, headings: &[&str]) -> Text {
    match suggest::nearest(heading, headings.iter().copied()) {
        Some(near) => text!(
            "the file has a column \"{near}\"; if it is meant, say so in a source block: \"{heading} = …\"",
            "文件中有“{near}”列；若是此列，请在 source 块中写明"
        ),
        None => text!(
            "add the column, or name the one that is meant in a source block",
            "请补上该列，或在 source 块中写明对应的列"
        ),
    }
}

fn of_file(draft: &Draft, problem: Problem) -> Problem {
    Problem {
        file: draft.file.clone(),
        ..problem.in_table(draft.table)
    }
}
