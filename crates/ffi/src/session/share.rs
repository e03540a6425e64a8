//! One payee's share of the records, as facts of their own.

use std::collections::BTreeMap;

use guerdon::column::{Column, ColumnData};
use guerdon::error::Error;
use guerdon::facts::{Facts, Input};
use guerdon::limits::Limits;
use guerdon_plan::hir::Program;
use guerdon_plan::types::{FieldId, Scalar, TableId};

use super::alone::Split;
use super::old::value;

/// The records of the split tables that are in a share.
type Chosen = BTreeMap<TableId, Vec<bool>>;

/// Loads the records of one payee, those that they name, and everybody's.
pub(super) fn of(
    program: &Program,
    facts: &Facts,
    split: &Split,
    payee: u32,
    limits: &Limits,
) -> Result<Facts, Error> {
    let chosen = chosen(program, facts, split, payee);
    let mut builder = Facts::builder(program).with_limits(limits.clone());
    for (place, table) in program.tables.iter().enumerate() {
        let id = TableId::at(place);
        let Some(data) = facts.table(id).filter(|data| data.is_given()) else {
            continue;
        };
        let name = table.naming.name.as_str();
        builder.empty(name);
        let rows: Vec<u32> = match chosen.get(&id) {
            Some(flags) => numbered(flags),
            None => (0..u32::try_from(data.len()).unwrap_or(u32::MAX)).collect(),
        };
        for (at, field) in table.fields.iter().enumerate() {
            let field_id = FieldId::at(at);
            if data.column(field_id).is_none() {
                continue;
            }
            let cell = |row: &u32| value(program, facts, id, field_id, *row).unwrap_or(Input::Missing);
            builder.column(name, &field.naming.name, rows.iter().map(cell));
        }
    }
    builder.finish()
}

/// Chooses a payee's records: by the links first, then whatever the chosen ones name.
fn chosen(program: &Program, facts: &Facts, split: &Split, payee: u32) -> Chosen {
    let count = |table: TableId| facts.table(table).map_or(0, |data| data.len());
    let mut chosen = Chosen::new();
    let mut payees = vec![false; count(split.payees)];
    set(&mut payees, payee);
    chosen.insert(split.payees, payees);
    while chosen.len() <= split.links.len() {
        let before = chosen.len();
        for (table, (link, target)) in &split.links {
            let Some(owners) = chosen.get(target).filter(|_| !chosen.contains_key(table)) else {
                continue;
            };
            let mut flags = vec![false; count(*table)];
            let column = facts.column(*table, *link);
            let owned = |place: usize, owner: u32| {
                is_set(owners, owner) && column.is_some_and(|column| !column.is_missing(place))
            };
            for (place, (flag, owner)) in flags.iter_mut().zip(references(column)).enumerate() {
                *flag = owned(place, *owner);
            }
            chosen.insert(*table, flags);
        }
        if chosen.len() == before {
            break;
        }
    }
    add_named(program, facts, &mut chosen);
    chosen
}

/// Adds the records that others name, by and by.
fn add_named(program: &Program, facts: &Facts, chosen: &mut Chosen) {
    let mut open: Vec<(TableId, u32)> = Vec::new();
    for (place, table) in program.tables.iter().enumerate() {
        let id = TableId::at(place);
        if let Some(flags) = chosen.get(&id) {
            open.extend(numbered(flags).into_iter().map(|row| (id, row)));
            continue;
        }
        // Everybody's records are all there, and so is what they name.
        for (at, field) in table.fields.iter().enumerate() {
            let Scalar::Row(target) = field.ty.scalar else {
                continue;
            };
            let column = facts.column(id, FieldId::at(at));
            let named: Vec<u32> = there(column).collect();
            open.extend(choose(chosen, target, named));
        }
    }
    while let Some((id, row)) = open.pop() {
        let fields = program.table(id).map_or(&[][..], |table| table.fields.as_slice());
        for (at, field) in fields.iter().enumerate() {
            let Scalar::Row(target) = field.ty.scalar else {
                continue;
            };
            let column = facts.column(id, FieldId::at(at));
            let place = usize::try_from(row).unwrap_or(usize::MAX);
            let is_there = column.is_some_and(|column| !column.is_missing(place));
            let named = references(column).get(place).filter(|_| is_there);
            open.extend(choose(chosen, target, named.copied()));
        }
    }
}

/// Chooses records of a split table; gives those that were not chosen before.
fn choose(chosen: &mut Chosen, table: TableId, rows: impl IntoIterator<Item = u32>) -> Vec<(TableId, u32)> {
    let Some(flags) = chosen.get_mut(&table) else {
        return Vec::new();
    };
    let mut added = Vec::new();
    for row in rows {
        if !is_set(flags, row) {
            set(flags, row);
            added.push((table, row));
        }
    }
    added
}

fn references(column: Option<&Column>) -> &[u32] {
    match column.map(Column::data) {
        Some(ColumnData::Row(rows)) => rows,
        Some(
            ColumnData::Bool(_)
            | ColumnData::Scaled { .. }
            | ColumnData::Wide(_)
            | ColumnData::Date(_)
            | ColumnData::Period { .. }
            | ColumnData::Text { .. }
            | ColumnData::Enum(_),
        )
        | None => &[],
    }
}

/// Lists the records that a column names.
fn there(column: Option<&Column>) -> impl Iterator<Item = u32> {
    let rows = references(column).iter().enumerate();
    rows.filter(move |(place, _)| column.is_some_and(|column| !column.is_missing(*place)))
        .map(|(_, row)| *row)
}

fn numbered(flags: &[bool]) -> Vec<u32> {
    let places = flags.iter().enumerate().filter(|(_, flag)| **flag);
    places
        .filter_map(|(place, _)| u32::try_from(place).ok())
        .collect()
}

fn is_set(flags: &[bool], row: u32) -> bool {
    let place = usize::try_from(row).unwrap_or(usize::MAX);
    flags.get(place).is_some_and(|flag| *flag)
}

fn set(flags: &mut [bool], row: u32) {
    let place = usize::try_from(row).unwrap_or(usize::MAX);
    if let Some(flag) = flags.get_mut(place) {
        *flag = true;
    }
}
