//! The record that a change takes the place of.

use guerdon::column::Cell;
use guerdon::facts::{Facts, Input};
use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::hir::{Program, Table};
use guerdon_plan::types::{FieldId, Scalar, TableId};

use super::Named;
use crate::status::Outcome;

/// What was there before a record was put in.
pub(super) struct Old {
    table: String,
    /// The key of the record, by field.
    key: Vec<(String, Input<'static>)>,
    /// The record with the same key, if there was one.
    record: Option<Vec<(String, Input<'static>)>>,
}

impl Old {
    /// Keeps the record that has the key of another one.
    pub(super) fn of(
        program: &Program,
        facts: &mut Facts,
        table: &str,
        values: &[Named<'_>],
    ) -> Outcome<Self> {
        let found = table_named(program, table);
        let key = found.map_or_else(Vec::new, |(_, table)| key_of(table, values));
        let named = key.iter().map(|(field, value)| (field.as_str(), value.clone()));
        let row = facts.change(program).find(table, named)?;
        let record = found
            .zip(row)
            .map(|((id, table), row)| record(program, facts, id, table, row));
        Ok(Self {
            table: table.to_owned(),
            key,
            record,
        })
    }

    /// Puts things back as they were.
    pub(super) fn restore(self, program: &Program, facts: &mut Facts) -> Outcome<()> {
        let mut change = facts.change(program);
        match self.record {
            Some(record) => {
                let values = record
                    .iter()
                    .map(|(field, value)| (field.as_str(), value.clone()));
                change.upsert(&self.table, values)?;
            }
            None => {
                let key = self
                    .key
                    .iter()
                    .map(|(field, value)| (field.as_str(), value.clone()));
                change.remove(&self.table, key)?;
            }
        }
        Ok(())
    }
}

/// Finds the record that has the key of another one; none where that cannot be told.
pub(super) fn find(
    program: &Program,
    facts: &mut Facts,
    table: &str,
    values: &[Named<'_>],
) -> Option<Option<u32>> {
    let (_, declared) = table_named(program, table)?;
    let key = key_of(declared, values);
    let named = key.iter().map(|(field, value)| (field.as_str(), value.clone()));
    facts.change(program).find(table, named).ok()
}

/// Finds a record by its key as one text.
pub(super) fn row_of(program: &Program, facts: &Facts, table: TableId, key: &str) -> Option<u32> {
    let declared = program.table(table)?;
    let [field] = declared.key.as_slice() else {
        return None;
    };
    if let Scalar::Row(target) = declared.fields.get(field.index())?.ty.scalar {
        let row = row_of(program, facts, target, key)?;
        facts.find(table, &[Cell::Row(row)])
    } else {
        facts.find(table, &[Cell::Text(key)])
    }
}

/// Gives a record as values that a builder takes.
pub(super) fn record(
    program: &Program,
    facts: &Facts,
    id: TableId,
    table: &Table,
    row: u32,
) -> Vec<(String, Input<'static>)> {
    let fields = table.fields.iter().enumerate();
    let given = fields.filter_map(|(place, field)| {
        let value = value(program, facts, id, FieldId::at(place), row)?;
        Some((field.naming.name.clone(), value))
    });
    given.collect()
}

/// Gives one cell as a value that a builder takes; none where the records have no such column.
pub(super) fn value(
    program: &Program,
    facts: &Facts,
    table: TableId,
    field: FieldId,
    row: u32,
) -> Option<Input<'static>> {
    let column = facts.column(table, field)?;
    let scalar = program.table(table)?.fields.get(field.index())?.ty.scalar;
    Some(match column.cell(usize::try_from(row).ok()?) {
        Cell::Missing | Cell::Error(_) => Input::Missing,
        Cell::Bool(value) => Input::Bool(value),
        Cell::Number(number) => Input::from(number),
        Cell::Date(days) => Date::from_days(days).map_or(Input::Missing, Input::Date),
        Cell::Period(unit, index) => Input::Period(PeriodKey::new(unit, index)),
        Cell::Text(text) => Input::from(text.to_owned()),
        Cell::Enum(position) => {
            if let Scalar::Enum(id) = scalar {
                Input::Enum(id, position)
            } else {
                Input::Missing
            }
        }
        Cell::Row(target) => {
            if let Scalar::Row(id) = scalar {
                key_value(program, facts, id, target)
            } else {
                Input::Missing
            }
        }
    })
}

/// Gives the key of a record as the value that names it.
fn key_value(program: &Program, facts: &Facts, table: TableId, row: u32) -> Input<'static> {
    let key = program.table(table).map(|table| table.key.as_slice());
    match key {
        Some([field]) => value(program, facts, table, *field, row).unwrap_or(Input::Missing),
        Some(_) | None => Input::Missing,
    }
}

pub(crate) fn table_named<'p>(program: &'p Program, name: &str) -> Option<(TableId, &'p Table)> {
    let tables = program.tables.iter().enumerate();
    let mut named = tables.filter(|(_, table)| is_called(&table.naming, name));
    named.next().map(|(place, table)| (TableId::at(place), table))
}

pub(super) fn is_called(naming: &guerdon_plan::hir::Naming, name: &str) -> bool {
    naming.name == name || naming.alias.as_deref() == Some(name)
}

fn key_of(table: &Table, values: &[Named<'_>]) -> Vec<(String, Input<'static>)> {
    let fields = table
        .key
        .iter()
        .filter_map(|field| table.fields.get(field.index()));
    fields
        .filter_map(|field| {
            let (_, value) = values.iter().find(|(name, _)| is_called(&field.naming, name))?;
            Some((field.naming.name.clone(), owned(value)))
        })
        .collect()
}

fn owned(value: &Input<'_>) -> Input<'static> {
    match value {
        Input::Missing => Input::Missing,
        Input::Bool(value) => Input::Bool(*value),
        Input::Whole(value) => Input::Whole(*value),
        Input::Number(value) => Input::Number(value.clone()),
        Input::Date(value) => Input::Date(*value),
        Input::Period(value) => Input::Period(*value),
        Input::Enum(id, value) => Input::Enum(*id, *value),
        Input::Text(text) => Input::from(text.clone().into_owned()),
    }
}
