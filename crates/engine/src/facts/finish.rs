//! From loaded columns to facts: records in key order, references resolved, trees and dates checked.

mod dated;
mod duplicates;
mod known;
mod order;
mod references;
mod trees;

use std::sync::Arc;

use guerdon_plan::hir::{Program, Table};
use guerdon_plan::types::{FieldId, Scalar, TableId};
use guerdon_syntax::{Code, text};

use super::draft::{Draft, Shared};
use super::index::{KeyIndex, KeyShape};
use super::{Facts, TableData};
use crate::column::{Cell, Column};
use crate::error::Error;
use crate::limits::reserve;
use crate::problem::Problem;

/// One table on its way to being final.
pub(super) struct Load {
    pub(super) table: TableId,
    pub(super) data: TableData,
    pub(super) shape: KeyShape,
    /// The columns of the whole key.
    pub(super) key: Vec<usize>,
    /// The records whose key can be read; they come first once the table is sorted.
    pub(super) keyed: usize,
    pub(super) raw: Option<Vec<u64>>,
    pub(super) headings: Vec<Arc<str>>,
    pub(super) file: Option<Arc<str>>,
}

/// Makes facts of the loaded tables.
pub(super) fn facts(mut shared: Shared<'_>, drafts: Vec<Draft>) -> Result<Facts, Error> {
    check_limits(&mut shared, &drafts)?;
    let program = shared.program;
    let mut loads = Vec::new();
    for draft in drafts {
        loads.push(Load::new(program, draft)?);
    }
    if let Some(day) = shared.known_as_of {
        for load in &mut loads {
            known::keep(program, load, day)?;
        }
    }
    for table in order::tables(program) {
        shared.limits.proceed()?;
        references::resolve_key(&mut shared, &mut loads, table)?;
        if let Some((load, others)) = apart(&mut loads, table) {
            order::sort(load)?;
            duplicates::merge(&mut shared, load, &others)?;
            load.data.index = KeyIndex::new(&load.data, &load.shape, load.keyed)?;
            dated::check(&mut shared, load, &others);
        }
    }
    for table in (0..loads.len()).map(TableId::at) {
        shared.limits.proceed()?;
        references::resolve_others(&mut shared, &mut loads, table)?;
    }
    for load in &mut loads {
        trees::check(&mut shared, load)?;
        load.spoil(program)?;
    }
    let problems = shared.problems.finish();
    Ok(Facts::new(
        loads.into_iter().map(|load| load.data).collect(),
        problems,
    ))
}

/// The tables beside one that is being worked on.
#[derive(Default)]
pub(super) struct Others<'l> {
    before: &'l [Load],
    after: &'l [Load],
}

/// Gives a table, and the others to read.
fn apart(loads: &mut [Load], table: TableId) -> Option<(&mut Load, Others<'_>)> {
    let (before, rest) = loads.split_at_mut_checked(table.index())?;
    let (load, after) = rest.split_first_mut()?;
    Some((load, Others { before, after }))
}

impl Others<'_> {
    fn find(&self, table: TableId) -> Option<&Load> {
        let mut loads = self.before.iter().chain(self.after);
        loads.find(|load| load.table == table)
    }
}

fn check_limits(shared: &mut Shared<'_>, drafts: &[Draft]) -> Result<(), Error> {
    shared.other_bytes = drafts
        .iter()
        .map(Draft::heap_bytes)
        .fold(0, usize::saturating_add);
    shared.other_cells = drafts.iter().map(Draft::cells).fold(0, usize::saturating_add);
    shared.limits.proceed()?;
    shared.limits.cells(shared.other_cells)?;
    shared.limits.memory(shared.other_bytes)?;
    drafts.iter().try_for_each(|draft| shared.limits.rows(draft.rows))
}

impl Load {
    /// Ends the columns of a table.
    pub(super) fn new(program: &Program, draft: Draft) -> Result<Load, Error> {
        let mut load = Load {
            table: draft.table,
            data: TableData {
                is_given: draft.is_given,
                input_rows: draft.numbers,
                ..TableData::default()
            },
            shape: KeyShape::default(),
            key: Vec::new(),
            keyed: 0,
            raw: None,
            headings: Vec::new(),
            file: draft.file,
        };
        let Some(table) = program.table(draft.table) else {
            return Ok(load);
        };
        load.name_key(table);
        let mut growing = draft.columns;
        growing.resize_with(table.fields.len(), || None);
        let mut length: Option<usize> = None;
        for (column, field) in growing.into_iter().zip(&table.fields) {
            let heading = column.as_ref().map(|column| Arc::clone(&column.heading));
            load.headings
                .push(heading.unwrap_or_else(|| Arc::from(field.naming.name.as_str())));
            let column = column.map(|column| column.finish()).transpose()?;
            if let Some(column) = &column {
                let first = *length.get_or_insert(column.len());
                if first != column.len() {
                    let table = table.naming.name.clone();
                    return Err(Error::UnequalColumns {
                        table,
                        first,
                        other: column.len(),
                    });
                }
            }
            load.data.columns.push(column);
        }
        load.data.rows = length.unwrap_or(0);
        load.raw = (draft.raw.len() == load.data.rows).then_some(draft.raw);
        Ok(load)
    }

    fn name_key(&mut self, table: &Table) {
        self.key = table.key.iter().map(|field| field.index()).collect();
        self.shape = KeyShape::of(table);
    }

    /// Gives a column that exists.
    pub(super) fn column(&self, column: usize) -> Option<&Column> {
        self.data.columns.get(column)?.as_ref()
    }

    /// Gives the number of a record in the input, from 1.
    pub(super) fn number(&self, row: usize) -> u64 {
        u32::try_from(row)
            .ok()
            .and_then(|row| self.data.input_row(row))
            .unwrap_or(0)
    }

    /// Says where a problem of one record is.
    pub(super) fn place(&self, problem: Problem, row: usize) -> Problem {
        Problem {
            file: self.file.clone(),
            ..problem.in_table(self.table).in_row(self.number(row))
        }
    }

    /// Writes the key of a record for the detail of a problem.
    pub(super) fn key_text(&self, program: &Program, row: usize, others: &Others<'_>) -> String {
        let parts = self
            .key
            .iter()
            .map(|column| self.cell_text(program, *column, row, others));
        parts.collect::<Vec<_>>().join(", ")
    }

    /// Makes a record an error as a whole: one more than the position of its problem, unless it is one already.
    pub(super) fn mark(&mut self, row: usize, problem: u32) {
        let rows = self.data.rows;
        let errors = self.data.row_errors.get_or_insert_with(|| vec![0; rows]);
        if let Some(error) = errors.get_mut(row)
            && *error == 0
        {
            *error = problem.saturating_add(1);
        }
    }

    /// Makes everything in wrong records an error, but what tells whom and when they concern.
    fn spoil(&mut self, program: &Program) -> Result<(), Error> {
        let Some(row_errors) = self.data.row_errors.take() else {
            return Ok(());
        };
        for (index, column) in self.data.columns.iter_mut().enumerate() {
            let is_kept = self.key.contains(&index)
                || self
                    .shape
                    .valid
                    .is_some_and(|(from, until)| [from, until].contains(&index))
                || reference(program, self.table, index).is_some();
            if !is_kept && let Some(whole) = column.take() {
                let mut errors = Vec::new();
                reserve(&mut errors, row_errors.len())?;
                let own = |row: usize| whole.error(row).map_or(0, |error| error.saturating_add(1));
                let both = row_errors
                    .iter()
                    .enumerate()
                    .map(|(row, error)| if *error == 0 { own(row) } else { *error });
                errors.extend(both);
                *column = Some(whole.with_errors(errors));
            }
        }
        self.data.row_errors = Some(row_errors);
        Ok(())
    }

    fn cell_text(&self, program: &Program, column: usize, row: usize, others: &Others<'_>) -> String {
        match self.column(column).map(|column| column.cell(row)) {
            None | Some(Cell::Missing) => "-".to_owned(),
            Some(Cell::Error(_)) => "?".to_owned(),
            Some(Cell::Bool(value)) => if value { "yes" } else { "no" }.to_owned(),
            Some(Cell::Number(number)) => number.to_string(),
            Some(Cell::Date(day)) => {
                guerdon_plan::calendar::Date::from_days(day).map_or_else(String::new, |d| d.to_string())
            }
            Some(Cell::Period(unit, index)) => period_text(program, unit, index),
            Some(Cell::Text(text)) => text.to_owned(),
            Some(Cell::Enum(value)) => enum_text(program, self.table, column, value).unwrap_or_default(),
            Some(Cell::Row(referred)) => {
                let named = reference(program, self.table, column)
                    .and_then(|target| others.find(target))
                    .zip(usize::try_from(referred).ok());
                // Of whom nothing is known here, the input's row number says who it is, and is printed beside.
                named.map_or_else(
                    || "…".to_owned(),
                    |(load, referred)| load.key_text(program, referred, &Others::default()),
                )
            }
        }
    }
}

/// Gives the table that a field refers to, if it does.
pub(super) fn reference(program: &Program, table: TableId, column: usize) -> Option<TableId> {
    match program.table(table)?.fields.get(column)?.ty.scalar {
        Scalar::Row(target) => Some(target),
        Scalar::Bool
        | Scalar::Int
        | Scalar::Number
        | Scalar::Percent
        | Scalar::Money(_)
        | Scalar::MoneyInColumn
        | Scalar::Points
        | Scalar::Date
        | Scalar::Period(_)
        | Scalar::Days
        | Scalar::Text
        | Scalar::Enum(_)
        | Scalar::Faulty => None,
    }
}

/// Gives a table's name.
pub(super) fn table_name(program: &Program, table: TableId) -> &str {
    program
        .table(table)
        .map_or("", |table| table.naming.name.as_str())
}

/// Reports records without any key column.
pub(super) fn keyless(program: &Program, load: &Load) -> Option<Problem> {
    let table = program.table(load.table)?;
    let lacks = |field: &&FieldId| load.column(field.index()).is_none();
    let field = table.key.iter().find(lacks)?;
    let name = &table.fields.get(field.index())?.naming.name;
    let message = text!(
        "the records have no \"{name}\", which is part of their key",
        "记录缺少主键字段“{name}”"
    );
    let problem = Problem::new(Code::D0802, message)
        .in_table(load.table)
        .in_column(name);
    Some(Problem {
        file: load.file.clone(),
        ..problem
    })
}

fn period_text(program: &Program, unit: guerdon_plan::calendar::Unit, index: i32) -> String {
    let key = guerdon_plan::calendar::PeriodKey::new(unit, index);
    let calendar = program.calendars.iter().find(|def| def.calendar.has(unit));
    calendar.map_or_else(String::new, |def| def.calendar.label(key))
}

fn enum_text(program: &Program, table: TableId, column: usize, value: u32) -> Option<String> {
    let Scalar::Enum(id) = program.table(table)?.fields.get(column)?.ty.scalar else {
        return None;
    };
    let value = program
        .enumeration(id)?
        .values
        .get(usize::try_from(value).ok()?)?;
    Some(value.name.clone())
}
