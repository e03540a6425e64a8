//! Rows of a table: which can be found, how they are numbered, how their keys compare.

use std::cmp::Ordering;

use guerdon_plan::hir::Table;

use crate::column::{Cell, ColumnData};
use crate::facts::TableData;

impl TableData {
    /// Counts the records whose key can be read; they come first.
    pub(super) fn keyed(&self, key: &[usize]) -> usize {
        let has_faults = |column: &&usize| {
            let column = self.columns.get(**column).and_then(Option::as_ref);
            column.is_none_or(|column| column.missing().is_some() || column.errors().is_some())
        };
        if !key.iter().any(|column| has_faults(&column)) {
            return self.rows;
        }
        let is_sound = |row: usize| {
            key.iter().all(|column| {
                let column = self.columns.get(*column).and_then(Option::as_ref);
                column.is_some_and(|column| !column.is_missing(row) && column.error(row).is_none())
            })
        };
        let (mut low, mut high) = (0, self.rows);
        while low < high {
            let middle = low.midpoint(high);
            if is_sound(middle) {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        low
    }

    /// Gives every record its number in the input, once it is no longer its place.
    pub(super) fn number_all(&mut self) {
        if self.input_rows.is_none() {
            let rows = (0..self.rows).filter_map(|row| u32::try_from(row).ok());
            self.input_rows = Some(rows.collect());
        }
    }

    /// Numbers a new record as if it had come last.
    pub(super) fn number_new(&mut self, row: usize, is_last: bool) {
        if is_last && self.input_rows.is_none() {
            return;
        }
        self.number_all();
        if let Some(numbers) = &mut self.input_rows {
            let next = numbers.iter().max().map_or(0, |last| last.saturating_add(1));
            numbers.insert(row.min(numbers.len()), next);
        }
    }
}

/// Gives column and code of the text that is a record's whole key, which no other record has.
pub(super) fn only_text(table: &Table, data: &TableData, row: usize) -> Option<(usize, u32)> {
    let [key] = table.key.as_slice() else {
        return None;
    };
    match data.column(*key)?.data() {
        ColumnData::Text { codes, .. } => Some((key.index(), *codes.get(row)?)),
        ColumnData::Bool(_)
        | ColumnData::Scaled { .. }
        | ColumnData::Wide(_)
        | ColumnData::Date(_)
        | ColumnData::Period { .. }
        | ColumnData::Enum(_)
        | ColumnData::Row(_) => None,
    }
}

/// Compares the cells of a key; what cannot be read comes last.
pub(super) fn compare(own: &Cell<'_>, other: &Cell<'_>) -> Ordering {
    match (own, other) {
        (Cell::Bool(own), Cell::Bool(other)) => own.cmp(other),
        (Cell::Number(own), Cell::Number(other)) => own.cmp(other),
        (Cell::Date(own), Cell::Date(other)) => own.cmp(other),
        (Cell::Period(_, own), Cell::Period(_, other)) => own.cmp(other),
        (Cell::Text(own), Cell::Text(other)) => own.cmp(other),
        (Cell::Enum(own), Cell::Enum(other)) | (Cell::Row(own), Cell::Row(other)) => own.cmp(other),
        (
            Cell::Missing
            | Cell::Error(_)
            | Cell::Bool(_)
            | Cell::Number(_)
            | Cell::Date(_)
            | Cell::Period(..)
            | Cell::Text(_)
            | Cell::Enum(_)
            | Cell::Row(_),
            _,
        ) => Ordering::Greater,
    }
}
