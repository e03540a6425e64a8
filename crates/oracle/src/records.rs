//! Records: rows sorted by key, references resolved.

use std::collections::BTreeMap;

use guerdon_plan::calendar::Date;
use guerdon_plan::hir::{Given, Program, Table, Value};
use guerdon_plan::types::{FieldId, Scalar, TableId};

use crate::value::{V, from_tree};

/// Holds the records of all tables; a record's place in its table is its id.
#[derive(Debug, Clone, Default)]
pub struct Records {
    tables: BTreeMap<TableId, Vec<Record>>,
}

/// Holds one record.
#[derive(Debug, Clone, PartialEq)]
struct Record {
    key: Vec<Option<V>>,
    cells: BTreeMap<FieldId, Option<V>>,
}

impl Records {
    /// Takes the records of a test, sorts each table by key and resolves references.
    ///
    /// Records that are the same in every cell are one. A reference to a record that is not there is missing.
    #[must_use]
    pub fn from_given(program: &Program, given: &[Given]) -> Records {
        Records::known_by(program, given, None)
    }

    /// Takes the records of a test that were known on a day; one that does not say when it became known always was.
    #[must_use]
    pub fn known_by(program: &Program, given: &[Given], day: Option<Date>) -> Records {
        let mut tables: BTreeMap<TableId, Vec<Record>> = BTreeMap::new();
        for block in given {
            let Some(table) = program.table(block.table) else {
                continue;
            };
            let rows = tables.entry(block.table).or_default();
            rows.extend(
                block
                    .rows
                    .iter()
                    .map(|row| plain(table, &block.fields, &row.cells))
                    .filter(|record| is_known(table, record, day)),
            );
        }
        for rows in tables.values_mut() {
            // Keys that are references are still texts here; records sort by them as by the records they name.
            rows.sort_by(|a, b| a.key.cmp(&b.key));
            rows.dedup();
        }
        let plain = tables.clone();
        for (id, rows) in &mut tables {
            let Some(table) = program.table(*id) else { continue };
            rows.iter_mut().for_each(|row| resolve(table, row, &plain));
        }
        Records { tables }
    }

    /// Counts the records of a table.
    #[must_use]
    pub fn count(&self, table: TableId) -> usize {
        self.tables.get(&table).map_or(0, Vec::len)
    }

    /// Gives a cell of a record; none where the field was left out, too.
    #[must_use]
    pub fn cell(&self, table: TableId, row: usize, field: FieldId) -> Option<&V> {
        self.tables.get(&table)?.get(row)?.cells.get(&field)?.as_ref()
    }

    /// Gives the cells of a record's key.
    #[must_use]
    pub fn key(&self, table: TableId, row: usize) -> Vec<Option<V>> {
        self.tables
            .get(&table)
            .and_then(|rows| rows.get(row))
            .map_or_else(Vec::new, |row| row.key.clone())
    }
}

fn plain(table: &Table, fields: &[FieldId], cells: &[Value]) -> Record {
    let cells: BTreeMap<FieldId, Option<V>> =
        fields.iter().copied().zip(cells.iter().map(from_tree)).collect();
    let key = table
        .key
        .iter()
        .map(|field| cells.get(field).cloned().flatten())
        .collect();
    Record { key, cells }
}

fn is_known(table: &Table, record: &Record, day: Option<Date>) -> bool {
    let known = table.known.and_then(|field| record.cells.get(&field)?.as_ref());
    match (known, day) {
        (Some(V::Date(known)), Some(day)) => *known <= day,
        (_, _) => true,
    }
}

fn resolve(table: &Table, row: &mut Record, tables: &BTreeMap<TableId, Vec<Record>>) {
    for (field, cell) in &mut row.cells {
        let scalar = table.fields.get(field.index()).map(|field| field.ty.scalar);
        if let Some(Scalar::Row(target)) = scalar {
            *cell = cell.take().and_then(|key| {
                let rows = tables.get(&target)?;
                rows.iter()
                    .position(|row| row.key == [Some(key.clone())])
                    .map(|place| V::Row(target, place))
            });
        }
    }
    row.key = table
        .key
        .iter()
        .map(|field| row.cells.get(field).cloned().flatten())
        .collect();
}
