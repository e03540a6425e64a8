//! A column while it grows: cells come in as text or as values of the host and leave as one [`Column`].

mod numbers;
mod store;

use std::sync::Arc;

use guerdon_plan::hir::Program;
use guerdon_plan::types::{FieldId, TableId};

use super::faults::Fault;
use super::input::Input;
use crate::column::Column;
use crate::error::Error;
use crate::limits::reserve;

pub(super) use store::{ReadAs, Store};

/// Grows one column.
pub(super) struct Growing {
    pub(super) store: Store,
    pub(super) heading: Arc<str>,
    missing: Vec<u32>,
    errors: Vec<(u32, u32)>,
    rows: usize,
}

/// Says what became of a cell.
pub(super) enum Pushed {
    /// It has a value.
    Value,
    /// It is empty.
    Missing,
}

impl Growing {
    pub(super) fn new(store: Store, heading: Arc<str>) -> Growing {
        Growing {
            store,
            heading,
            missing: Vec::new(),
            errors: Vec::new(),
            rows: 0,
        }
    }

    /// Makes a column for the same field without cells.
    pub(super) fn emptied(&self, program: &Program, table: TableId, field: FieldId) -> Option<Growing> {
        let store = Store::of_field(program, table, field, self.store.read_as())?;
        Some(Growing::new(store, Arc::clone(&self.heading)))
    }

    /// Puts the cells of another column of the same field behind these; `places` are the positions of its problems.
    pub(super) fn append(&mut self, other: Growing, places: &[u32]) -> Result<(), Error> {
        let before = self.place()?;
        let moved = |row: u32| before.saturating_add(row);
        reserve(&mut self.missing, other.missing.len())?;
        self.missing.extend(other.missing.iter().map(|row| moved(*row)));
        reserve(&mut self.errors, other.errors.len())?;
        self.errors.extend(other.errors.iter().map(|(row, error)| {
            let place = error.checked_sub(1).and_then(|place| usize::try_from(place).ok());
            let place = place.and_then(|place| places.get(place)).copied();
            (moved(*row), place.unwrap_or(u32::MAX).saturating_add(1))
        }));
        self.rows = self.rows.saturating_add(other.rows);
        self.store.append(other.store)
    }

    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// Makes room for further rows, so that what follows cannot fail for lack of memory.
    pub(super) fn reserve(&mut self, rows: usize) -> Result<(), Error> {
        self.store.reserve(rows)
    }

    /// Takes a cell in as text; blanks at its ends do not count.
    ///
    /// A faulty cell is not taken in: [`Growing::push_error`] follows.
    pub(super) fn push_text(&mut self, cell: &[u8], most_bytes: u64) -> Result<Result<Pushed, Fault>, Error> {
        let cell = cell.trim_ascii();
        if cell.is_empty() {
            self.push_missing()?;
            return Ok(Ok(Pushed::Missing));
        }
        if u64::try_from(cell.len()).unwrap_or(u64::MAX) > most_bytes {
            return Ok(Err(Fault::TooLong { most: most_bytes }));
        }
        match self.store.push_text(cell)? {
            Ok(()) => {
                self.rows = self.rows.saturating_add(1);
                Ok(Ok(Pushed::Value))
            }
            // What looks empty only after decoding: blanks that are not ASCII.
            Err(Fault::Empty) => {
                self.push_missing()?;
                Ok(Ok(Pushed::Missing))
            }
            Err(fault) if std::str::from_utf8(cell).is_err() => {
                debug_assert!(fault != Fault::Empty, "an empty cell is UTF-8");
                Ok(Err(Fault::NotUtf8))
            }
            Err(fault) => Ok(Err(fault)),
        }
    }

    /// Takes a value of the host in.
    pub(super) fn push_input(
        &mut self,
        program: &Program,
        input: &Input<'_>,
        most_bytes: u64,
    ) -> Result<Outcome, Error> {
        let outcome = match input {
            Input::Missing => {
                self.push_missing()?;
                return Ok(Outcome::Taken(Pushed::Missing));
            }
            Input::Text(text) => {
                return Ok(match self.push_text(text.as_bytes(), most_bytes)? {
                    Ok(pushed) => Outcome::Taken(pushed),
                    Err(fault) => Outcome::Faulty(fault),
                });
            }
            Input::Bool(_)
            | Input::Whole(_)
            | Input::Number(_)
            | Input::Date(_)
            | Input::Period(_)
            | Input::Enum(..) => self.store.push_value(program, input)?,
        };
        Ok(match outcome {
            Some(Ok(())) => {
                self.rows = self.rows.saturating_add(1);
                Outcome::Taken(Pushed::Value)
            }
            Some(Err(fault)) => Outcome::Faulty(fault),
            None => Outcome::WrongKind,
        })
    }

    pub(super) fn push_missing(&mut self) -> Result<(), Error> {
        let row = self.place()?;
        reserve(&mut self.missing, 1)?;
        self.missing.push(row);
        self.push_blank();
        Ok(())
    }

    /// Takes in an error: a position in the list of problems.
    pub(super) fn push_error(&mut self, problem: u32) -> Result<(), Error> {
        let row = self.place()?;
        reserve(&mut self.errors, 1)?;
        self.errors.push((row, problem.saturating_add(1)));
        self.push_blank();
        Ok(())
    }

    /// Turns the empty cell that was just taken in into an error.
    pub(super) fn spoil_last(&mut self, problem: u32) -> Result<(), Error> {
        if let Some(row) = self.missing.pop() {
            reserve(&mut self.errors, 1)?;
            self.errors.push((row, problem.saturating_add(1)));
        }
        Ok(())
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let masks = self
            .missing
            .capacity()
            .saturating_mul(4)
            .saturating_add(self.errors.capacity().saturating_mul(8));
        self.store.heap_bytes().saturating_add(masks)
    }

    /// Gives the column in its narrowest storage.
    pub(super) fn finish(self) -> Result<Column, Error> {
        let (missing, errors, rows) = (self.missing, self.errors, self.rows);
        let mut column = Column::new(self.store.finish()?);
        if !missing.is_empty() {
            let mut mask = filled(rows, 0_u8)?;
            for row in missing {
                set(&mut mask, row, 1);
            }
            column = column.with_missing(mask);
        }
        if !errors.is_empty() {
            let mut list = filled(rows, 0_u32)?;
            for (row, error) in errors {
                set(&mut list, row, error);
            }
            column = column.with_errors(list);
        }
        Ok(column)
    }

    fn place(&self) -> Result<u32, Error> {
        u32::try_from(self.rows).map_err(|_| Error::OutOfMemory)
    }

    fn push_blank(&mut self) {
        self.store.push_blank();
        self.rows = self.rows.saturating_add(1);
    }
}

/// Says what became of a value of the host.
pub(super) enum Outcome {
    /// It is in.
    Taken(Pushed),
    /// It is faulty data.
    Faulty(Fault),
    /// Its kind does not fit the field.
    WrongKind,
}

fn filled<T: Clone>(rows: usize, value: T) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    reserve(&mut values, rows)?;
    values.resize(rows, value);
    Ok(values)
}

fn set<T>(values: &mut [T], row: u32, value: T) {
    if let Some(place) = usize::try_from(row).ok().and_then(|row| values.get_mut(row)) {
        *place = value;
    }
}
