//! One payee's share of the records, as facts of their own.

use std::collections::{BTreeMap, BTreeSet};

use guerdon::column::{Column, ColumnData};
use guerdon::error::Error;
use guerdon::facts::{Facts, Input};
use guerdon::limits::Limits;
use guerdon_plan::hir::{Program, Table};
use guerdon_plan::types::{FieldId, Scalar, TableId};

use super::alone::Split;
use super::old::value;

pub(super) mod index;

pub(super) use index::Index;

/// The records of the split tables that are in a share.
type Chosen = BTreeMap<TableId, BTreeSet<u32>>;

/// Finds the record that another one is linked to.
pub(super) fn link(facts: &Facts, split: &Split, table: TableId, row: u32) -> Option<u32> {
    let (link, _) = split.links.get(&table)?;
    named(facts.column(table, *link), row)
}

/// Finds the payee of a record, along the links.
pub(super) fn owner(facts: &Facts, split: &Split, mut table: TableId, mut row: u32) -> Option<u32> {
    // Links never lead in a circle.
    while table != split.payees {
        let (_, target) = split.links.get(&table)?;
        row = link(facts, split, table, row)?;
        table = *target;
    }
    Some(row)
}

/// Loads the records of one payee and those that they name; everybody's are shared, or loaded too where others name them.
pub(super) fn of(
    program: &Program,
    facts: &Facts,
    (split, index): (&Split, &Index),
    payee: u32,
    limits: &Limits,
) -> Result<Facts, Error> {
    let chosen = chosen(program, facts, split, index, payee);
    let mut builder = Facts::builder(program).with_limits(limits.clone());
    let mut shared = Vec::new();
    for (place, table) in program.tables.iter().enumerate() {
        let id = TableId::at(place);
        let Some(data) = facts.table(id).filter(|data| data.is_given()) else {
            continue;
        };
        let name = table.naming.name.as_str();
        builder.empty(name);
        if is_apart(program, &chosen, id) {
            shared.push(id);
            continue;
        }
        let rows: Vec<u32> = match chosen.get(&id) {
            Some(rows) => rows.iter().copied().collect(),
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
    let mut share = builder.finish()?;
    for table in shared {
        share.share(facts, table);
    }
    Ok(share)
}

/// Says whether a table is everybody's, and neither names records of which a share has only some nor is named by others: rates,
/// say. The same records then serve all shares.
fn is_apart(program: &Program, chosen: &Chosen, id: TableId) -> bool {
    let names = |table: &Table, of: &dyn Fn(TableId) -> bool| {
        let mut fields = table.fields.iter();
        fields.any(|field| matches!(field.ty.scalar, Scalar::Row(target) if of(target)))
    };
    let own = program.table(id);
    !chosen.contains_key(&id)
        && own.is_some_and(|table| !names(table, &|target| chosen.contains_key(&target)))
        && !program
            .tables
            .iter()
            .any(|table| names(table, &|target| target == id))
}

/// Chooses a payee's records: by the links first, then whatever the chosen ones name.
fn chosen(program: &Program, facts: &Facts, split: &Split, index: &Index, payee: u32) -> Chosen {
    let mut chosen = Chosen::new();
    chosen.insert(split.payees, BTreeSet::from([payee]));
    while chosen.len() <= split.links.len() {
        let before = chosen.len();
        for (table, (_, target)) in &split.links {
            let Some(owners) = chosen.get(target).filter(|_| !chosen.contains_key(table)) else {
                continue;
            };
            let rows = owners.iter().flat_map(|owner| index.rows(*table, *owner));
            let rows = rows.copied().collect();
            chosen.insert(*table, rows);
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
        if let Some(rows) = chosen.get(&id) {
            open.extend(rows.iter().map(|row| (id, *row)));
            continue;
        }
        // Everybody's records are all there, and so is what they name.
        for (at, field) in table.fields.iter().enumerate() {
            let Scalar::Row(target) = field.ty.scalar else {
                continue;
            };
            if chosen.contains_key(&target) {
                let column = facts.column(id, FieldId::at(at));
                open.extend(choose(chosen, target, linked(column).map(|(_, named)| named)));
            }
        }
    }
    while let Some((id, row)) = open.pop() {
        let fields = program.table(id).map_or(&[][..], |table| table.fields.as_slice());
        for (at, field) in fields.iter().enumerate() {
            let Scalar::Row(target) = field.ty.scalar else {
                continue;
            };
            let column = facts.column(id, FieldId::at(at));
            open.extend(choose(chosen, target, named(column, row)));
        }
    }
}

/// Chooses records of a split table; gives those that were not chosen before.
fn choose(chosen: &mut Chosen, table: TableId, rows: impl IntoIterator<Item = u32>) -> Vec<(TableId, u32)> {
    let Some(there) = chosen.get_mut(&table) else {
        return Vec::new();
    };
    let added = rows.into_iter().filter(|row| there.insert(*row));
    added.map(|row| (table, row)).collect()
}

/// Gives the record that another one names.
fn named(column: Option<&Column>, row: u32) -> Option<u32> {
    let place = usize::try_from(row).ok()?;
    let column = column.filter(|column| !column.is_missing(place))?;
    references(Some(column)).get(place).copied()
}

/// Lists the records of a column that name one, with the one that they name.
fn linked(column: Option<&Column>) -> impl Iterator<Item = (u32, u32)> {
    let rows = (0_u32..).zip(references(column));
    rows.filter(move |(row, _)| {
        let place = usize::try_from(*row).unwrap_or(usize::MAX);
        column.is_some_and(|column| !column.is_missing(place))
    })
    .map(|(row, owner)| (row, *owner))
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
