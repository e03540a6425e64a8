//! From the keys that cells name to the row ids of the records.

use guerdon_plan::types::TableId;
use guerdon_syntax::suggest;

use super::super::draft::Shared;
use super::super::faults::{Fault, reads, reads_near};
use super::{Load, reference, table_name};
use crate::column::{Cell, Column, ColumnData};
use crate::error::Error;
use crate::limits::reserve;

/// The texts that are compared with unknown keys in one load, so that suggestions cost no time that matters.
const MOST_COMPARED: usize = 200_000;

/// Resolves the references that are part of a table's key.
pub(super) fn resolve_key(shared: &mut Shared<'_>, loads: &mut [Load], table: TableId) -> Result<(), Error> {
    let key = loads
        .get(table.index())
        .map_or_else(Vec::new, |load| load.key.clone());
    key.into_iter()
        .try_for_each(|column| resolve(shared, loads, table, column))
}

/// Resolves the other references of a table.
pub(super) fn resolve_others(
    shared: &mut Shared<'_>,
    loads: &mut [Load],
    table: TableId,
) -> Result<(), Error> {
    let Some(load) = loads.get(table.index()) else {
        return Ok(());
    };
    let others: Vec<_> = (0..load.data.columns.len())
        .filter(|column| !load.key.contains(column))
        .collect();
    others
        .into_iter()
        .try_for_each(|column| resolve(shared, loads, table, column))
}

fn resolve(shared: &mut Shared<'_>, loads: &mut [Load], table: TableId, column: usize) -> Result<(), Error> {
    let Some(target) = reference(shared.program, table, column) else {
        return Ok(());
    };
    let place = loads
        .get_mut(table.index())
        .and_then(|load| load.data.columns.get_mut(column));
    let Some(raw) = place.and_then(Option::take) else {
        return Ok(());
    };
    let found = find(shared, loads, target, &raw)?;
    let resolved = match loads.get(table.index()) {
        Some(load) => with_misses(shared, loads, load, column, target, &raw, found)?,
        None => found,
    };
    if let Some(place) = loads
        .get_mut(table.index())
        .and_then(|load| load.data.columns.get_mut(column))
    {
        *place = Some(resolved);
    }
    Ok(())
}

/// Finds records by the keys in a column; where a table's key is itself a reference, the way goes through its target.
fn find(shared: &Shared<'_>, loads: &[Load], target: TableId, raw: &Column) -> Result<Column, Error> {
    let mut way = vec![target];
    while let Some(last) = way.last().copied()
        && way.len() <= loads.len()
        && let Some(load) = loads.get(last.index())
        && let [key] = load.shape.key.as_slice()
        && let Some(next) = reference(shared.program, last, *key)
    {
        way.push(next);
    }
    let mut found: Option<Column> = None;
    for table in way.iter().rev() {
        let column = found.as_ref().unwrap_or(raw);
        let rows = match loads.get(table.index()) {
            Some(load) => load.data.index.find_column(&load.data, &[column], None)?,
            None => Column::new(ColumnData::Row(vec![0; raw.len()])).with_missing(vec![1; raw.len()]),
        };
        found = Some(rows);
    }
    Ok(found.unwrap_or_else(|| raw.clone()))
}

/// Makes cells that name no record errors; empty cells stay empty.
fn with_misses(
    shared: &mut Shared<'_>,
    loads: &[Load],
    load: &Load,
    column: usize,
    target: TableId,
    raw: &Column,
    found: Column,
) -> Result<Column, Error> {
    let is_miss = |row: usize| found.is_missing(row) && !raw.is_missing(row) && raw.error(row).is_none();
    if found.missing().is_none() || !(0..raw.len()).any(is_miss) {
        return Ok(found);
    }
    let heading = load.headings.get(column).map_or("", |heading| heading);
    let mut errors = Vec::new();
    reserve(&mut errors, raw.len())?;
    let mut compared = 0_usize;
    for row in 0..raw.len() {
        let own = raw.error(row).map_or(0, |error| error.saturating_add(1));
        if !is_miss(row) {
            errors.push(own);
            continue;
        }
        let fault = Fault::NoRecord
            .problem(heading, table_name(shared.program, target))
            .in_column(heading);
        let detail = match raw.cell(row) {
            Cell::Text(text) => reads_near(text.as_bytes(), near(loads, target, text, &mut compared)),
            Cell::Number(number) => reads(number.to_string().as_bytes()),
            Cell::Missing
            | Cell::Error(_)
            | Cell::Bool(_)
            | Cell::Date(_)
            | Cell::Period(..)
            | Cell::Enum(_)
            | Cell::Row(_) => guerdon_syntax::Text::default(),
        };
        let problem = shared.problems.add(load.place(fault, row).detailed(detail));
        errors.push(problem.saturating_add(1));
    }
    Ok(found.with_errors(errors))
}

fn near<'l>(loads: &'l [Load], target: TableId, text: &str, compared: &mut usize) -> Option<&'l str> {
    let load = loads.get(target.index())?;
    let [key] = load.shape.key.as_slice() else {
        return None;
    };
    let ColumnData::Text { dictionary, .. } = load.column(*key)?.data() else {
        return None;
    };
    *compared = compared.saturating_add(dictionary.len());
    if *compared > MOST_COMPARED {
        None
    } else {
        suggest::nearest(text, dictionary.iter())
    }
}
