//! Facts: the records that a run reads, as columns in key order with references resolved.
//!
//! A row id is a record's position in the order of its table's key, so that ids compare as keys do and no result
//! depends on the order in which records were handed over. Whatever is wrong with a record is a [`Problem`]; a bad
//! cell is an error in its column and spoils only what reads it.

mod builder;
mod change;
mod draft;
mod faults;
mod finish;
mod growing;
mod index;
mod input;
mod interner;
mod number_cell;
mod problems;
mod text;
mod words;

use std::fmt;
use std::sync::Arc;

use guerdon_plan::calendar::Date;
use guerdon_plan::types::{FieldId, TableId};

use crate::column::{Cell, Column, ColumnData};
use crate::error::Error;
use crate::problem::Problem;

pub use builder::{FactsBuilder, RowBuilder};
pub use change::{Change, Refused};
pub use input::Input;
pub use text::{TextLoader, TextPart};

pub(crate) use index::KeyIndex;

/// Holds the records of every table of a program, ready to be evaluated.
///
/// `Debug` shows sizes, never a value.
#[derive(Default)]
pub struct Facts {
    /// Facts that were made of others may share some of them.
    tables: Vec<Arc<TableData>>,
    problems: Vec<Problem>,
}

/// Holds the records of one table, sorted by key.
///
/// Records whose key could not be read come last, in the order of the input; they have row ids but are never found.
#[derive(Default, Clone)]
pub struct TableData {
    pub(crate) is_given: bool,
    pub(crate) rows: usize,
    pub(crate) columns: Vec<Option<Column>>,
    pub(crate) row_errors: Option<Vec<u32>>,
    pub(crate) input_rows: Option<Vec<u32>>,
    pub(crate) index: KeyIndex,
}

impl Facts {
    pub(crate) fn new(tables: Vec<TableData>, problems: Vec<Problem>) -> Facts {
        Facts {
            tables: tables.into_iter().map(Arc::new).collect(),
            problems,
        }
    }

    /// Gives the records of a table.
    pub fn table(&self, id: TableId) -> Option<&TableData> {
        self.tables.get(id.index()).map(|data| &**data)
    }

    /// Lets one record answer every look-up in a table: what a test puts in the table's place.
    pub(crate) fn answer_always(&mut self, table: TableId, field: FieldId, value: Column) {
        if let Some(data) = self.tables.get_mut(table.index()) {
            let mut columns: Vec<Option<Column>> =
                vec![None; data.columns.len().max(field.index().saturating_add(1))];
            if let Some(slot) = columns.get_mut(field.index()) {
                *slot = Some(value);
            }
            *data = Arc::new(TableData {
                rows: 1,
                columns,
                index: KeyIndex::always(),
                ..TableData::default()
            });
        }
    }

    /// Gives the records once more, for a run that changes some of them.
    pub(crate) fn copied(&self) -> Facts {
        Facts {
            tables: self.tables.clone(),
            problems: self.problems.clone(),
        }
    }

    pub(crate) fn column_mut(&mut self, table: TableId, field: FieldId) -> Option<&mut Column> {
        let data = self.table_mut(table)?;
        data.columns.get_mut(field.index())?.as_mut()
    }

    /// Gives a table to be changed; one that is shared is copied first.
    pub(crate) fn table_mut(&mut self, id: TableId) -> Option<&mut TableData> {
        self.tables.get_mut(id.index()).map(Arc::make_mut)
    }

    /// Shares the records of a table with other facts of the same program, instead of those that were loaded. Row ids in the
    /// table, and those of it elsewhere, must mean the same in both. A later change of either leaves the other as it is.
    pub fn share(&mut self, other: &Facts, id: TableId) {
        if let (Some(own), Some(other)) = (self.tables.get_mut(id.index()), other.tables.get(id.index())) {
            *own = Arc::clone(other);
        }
    }

    /// Gives the tables in the order of the program.
    pub fn tables(&self) -> &[Arc<TableData>] {
        &self.tables
    }

    /// Gives a column; `None` where the input left it out.
    pub fn column(&self, table: TableId, field: FieldId) -> Option<&Column> {
        self.table(table)?.column(field)
    }

    /// Gives what was wrong with the input; errors in columns are positions in this list.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Finds the record with a key: one value for each key field, without the `valid` fields of a dated table.
    ///
    /// A number finds a key of the same value whatever its decimals. Where several records of a dated table have the
    /// key, the first is found; [`Facts::find_on`] takes the day into account.
    pub fn find(&self, table: TableId, key: &[Cell<'_>]) -> Option<u32> {
        let data = self.table(table)?;
        data.index.find(data, key)
    }

    /// Finds the record of a dated table that has a key and is valid on a day.
    pub fn find_on(&self, table: TableId, key: &[Cell<'_>], day: Date) -> Option<u32> {
        let data = self.table(table)?;
        data.index.find_on(data, key, day.days())
    }

    /// Finds a record for each row of the key columns, which have one length or, where one value serves all rows, the
    /// length 1.
    ///
    /// The result holds row ids. It is missing where no record has the key or a part of the key is missing, and an
    /// error where a part of the key is one.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`].
    pub fn find_column(&self, table: TableId, key: &[&Column]) -> Result<Column, Error> {
        match self.table(table) {
            Some(data) => data.index.find_column(data, key, None),
            None => Ok(absent(key)),
        }
    }

    /// Finds, for each row, the record of a dated table that has the key and is valid on the day.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`].
    pub fn find_column_on(&self, table: TableId, key: &[&Column], days: &Column) -> Result<Column, Error> {
        match self.table(table) {
            Some(data) => data.index.find_column(data, key, Some(days)),
            None => Ok(absent(key)),
        }
    }

    /// Counts the bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.tables
            .iter()
            .map(|data| data.heap_bytes())
            .fold(0, usize::saturating_add)
    }
}

impl TableData {
    /// Counts the records, those with errors included.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Says whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Says whether the input had this table at all; a table with no records differs from a forgotten one.
    pub fn is_given(&self) -> bool {
        self.is_given
    }

    /// Gives a column; `None` where the input left it out.
    pub fn column(&self, field: FieldId) -> Option<&Column> {
        self.columns.get(field.index())?.as_ref()
    }

    /// Gives the records that are wrong as a whole (0: sound, otherwise 1 + position in the list of problems): their
    /// key cannot be read, or other records have the same key, or they overlap in time.
    ///
    /// References and well-formed key parts of such a record can still be read, so that it is known whom it concerns;
    /// everything else in it is an error. What counts records treats one that its filter lets through as an error.
    pub fn row_errors(&self) -> Option<&[u32]> {
        self.row_errors.as_deref()
    }

    /// Gives the number that a record had in the input, from 1.
    pub fn input_row(&self, row: u32) -> Option<u64> {
        let number = match &self.input_rows {
            Some(numbers) => *numbers.get(usize::try_from(row).ok()?)?,
            None => row,
        };
        Some(u64::from(number).saturating_add(1))
    }

    /// Counts the bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        let columns = self
            .columns
            .iter()
            .flatten()
            .map(Column::heap_bytes)
            .fold(0, usize::saturating_add);
        let lists = [&self.row_errors, &self.input_rows].into_iter().flatten();
        let lists = lists
            .map(|list| list.capacity().saturating_mul(4))
            .fold(0, usize::saturating_add);
        columns
            .saturating_add(lists)
            .saturating_add(self.index.heap_bytes())
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts")
            .field("tables", &self.tables)
            .field("problems", &self.problems.len())
            .finish()
    }
}

impl fmt::Debug for TableData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableData")
            .field("rows", &self.rows)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

fn absent(key: &[&Column]) -> Column {
    let rows = key.iter().map(|part| part.len()).max().unwrap_or(0);
    Column::new(ColumnData::Row(vec![0; rows])).with_missing(vec![1; rows])
}
