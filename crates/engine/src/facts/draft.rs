//! The records of one table while they are loaded.

use std::sync::Arc;

use guerdon_plan::calendar::Date;
use guerdon_plan::hir::{Field, Program, Table};
use guerdon_plan::types::{FieldId, Scalar, TableId};
use guerdon_syntax::suggest;

use super::faults::{Fault, reads, reads_near};
use super::growing::{Growing, Outcome, Pushed, ReadAs, Store};
use super::input::Input;
use super::problems::ProblemList;
use crate::error::Error;
use crate::limits::{Limits, reserve};
use crate::problem::Problem;

/// What all tables of one load share.
pub(super) struct Shared<'p> {
    pub(super) program: &'p Program,
    pub(super) limits: Limits,
    pub(super) problems: ProblemList,
    /// The cells and bytes of the tables that are not being loaded at the moment.
    pub(super) other_cells: usize,
    pub(super) other_bytes: usize,
    /// The last day by which records must have become known.
    pub(super) known_as_of: Option<Date>,
}

/// Grows the columns of one table.
pub(super) struct Draft {
    pub(super) table: TableId,
    pub(super) columns: Vec<Option<Growing>>,
    pub(super) rows: usize,
    /// Whether the input named the table at all.
    pub(super) is_given: bool,
    /// A hash of what is in each raw record beside its values, where records come as text.
    pub(super) raw: Vec<u64>,
    /// The number of each record in the input, from 0, once it is not simply its place.
    pub(super) numbers: Option<Vec<u32>>,
    pub(super) file: Option<Arc<str>>,
}

/// Says whether a cell became a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    Sound,
    /// It is empty or an error.
    Faulty,
}

/// Rows between two looks at the limits; room for as many is made at once.
const BLOCK: usize = 1024;

impl Draft {
    pub(super) fn new(table: TableId) -> Draft {
        Draft {
            table,
            columns: Vec::new(),
            rows: 0,
            is_given: false,
            raw: Vec::new(),
            numbers: None,
            file: None,
        }
    }

    /// Begins a column, unless it exists; rows that are already there get an empty cell.
    pub(super) fn begin_column(
        &mut self,
        shared: &mut Shared<'_>,
        field: FieldId,
        heading: &str,
        read_as: ReadAs,
    ) -> Result<(), Error> {
        self.is_given = true;
        let index = field.index();
        if self.columns.len() <= index {
            self.columns.resize_with(index.saturating_add(1), || None);
        }
        if self.columns.get(index).is_some_and(Option::is_some) {
            return Ok(());
        }
        let Some(store) = Store::of_field(shared.program, self.table, field, read_as) else {
            return Ok(());
        };
        let mut growing = Growing::new(store, Arc::from(heading));
        growing.reserve(BLOCK)?;
        if let Some(place) = self.columns.get_mut(index) {
            *place = Some(growing);
        }
        for row in 0..self.rows {
            if row.is_multiple_of(BLOCK) {
                self.column(field)
                    .map_or(Ok(()), |column| column.reserve(BLOCK))?;
            }
            self.push_empty(shared, field, row)?;
        }
        Ok(())
    }

    /// Takes in one cell of the current record.
    pub(super) fn push_text(
        &mut self,
        shared: &mut Shared<'_>,
        field: FieldId,
        cell: &[u8],
        number: usize,
    ) -> Result<Taken, Error> {
        let most = shared.limits.cell_bytes;
        let Some(column) = self.column(field) else {
            return Ok(Taken::Sound);
        };
        match column.push_text(cell, most)? {
            Ok(Pushed::Value) => return Ok(Taken::Sound),
            Ok(Pushed::Missing) => self.check_required(shared, field, number)?,
            Err(fault) => self.push_fault(shared, field, fault, cell, number)?,
        }
        Ok(Taken::Faulty)
    }

    /// Takes in one value of the current record; `None` if its kind does not fit the field.
    pub(super) fn push_input(
        &mut self,
        shared: &mut Shared<'_>,
        field: FieldId,
        input: &Input<'_>,
        number: usize,
    ) -> Result<Option<()>, Error> {
        let most = shared.limits.cell_bytes;
        let program = shared.program;
        let Some(column) = self.column(field) else {
            return Ok(Some(()));
        };
        match column.push_input(program, input, most)? {
            Outcome::Taken(Pushed::Value) => Ok(Some(())),
            Outcome::Taken(Pushed::Missing) => self.check_required(shared, field, number).map(Some),
            Outcome::Faulty(fault) => self
                .push_fault(shared, field, fault, input.shown().as_bytes(), number)
                .map(Some),
            Outcome::WrongKind => Ok(None),
        }
    }

    /// Leaves the current record's cell empty.
    pub(super) fn push_empty(
        &mut self,
        shared: &mut Shared<'_>,
        field: FieldId,
        number: usize,
    ) -> Result<(), Error> {
        if let Some(column) = self.column(field) {
            column.push_missing()?;
            self.check_required(shared, field, number)?;
        }
        Ok(())
    }

    /// Ends the current record: what it left out is empty.
    pub(super) fn end_row(&mut self, shared: &mut Shared<'_>, number: usize) -> Result<(), Error> {
        let rows = self.rows;
        for index in 0..self.columns.len() {
            let field = FieldId::at(index);
            if self.column(field).is_some_and(|column| column.len() == rows) {
                self.push_empty(shared, field, number)?;
            }
        }
        self.count_row(shared)
    }

    /// Makes every cell of the current record an error.
    pub(super) fn spoil_row(&mut self, shared: &mut Shared<'_>, problem: u32) -> Result<(), Error> {
        for column in self.columns.iter_mut().flatten() {
            column.push_error(problem)?;
        }
        self.count_row(shared)
    }

    /// Makes a draft of the same columns without records.
    pub(super) fn emptied(&self, program: &Program) -> Result<Draft, Error> {
        let empty = |(field, column): (usize, &Option<Growing>)| {
            column.as_ref()?.emptied(program, self.table, FieldId::at(field))
        };
        let mut draft = Draft {
            columns: self.columns.iter().enumerate().map(empty).collect(),
            is_given: self.is_given,
            file: self.file.clone(),
            ..Draft::new(self.table)
        };
        draft.make_room()?;
        Ok(draft)
    }

    /// Puts the records of another draft of the same columns behind these.
    ///
    /// `places` are the positions of its problems in this load's list, `before` the records of the input before it.
    pub(super) fn append(&mut self, other: Draft, places: &[u32], before: usize) -> Result<(), Error> {
        for (column, behind) in self.columns.iter_mut().zip(other.columns) {
            if let (Some(column), Some(behind)) = (column, behind) {
                column.append(behind, places)?;
            }
        }
        reserve(&mut self.raw, other.raw.len())?;
        self.raw.extend(&other.raw);
        if let Some(numbers) = &mut self.numbers {
            reserve(numbers, other.rows)?;
            let theirs = |row: usize| match &other.numbers {
                Some(numbers) => numbers
                    .get(row)
                    .and_then(|number| usize::try_from(*number).ok())
                    .unwrap_or(usize::MAX),
                None => row,
            };
            let numbered = (0..other.rows).map(|row| theirs(row).saturating_add(before));
            numbers.extend(numbered.map(|number| u32::try_from(number).unwrap_or(u32::MAX)));
        }
        self.rows = self.rows.saturating_add(other.rows);
        // Room is made where a block of rows begins, which may be in the middle of what was just taken in.
        self.make_room()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let columns = self
            .columns
            .iter()
            .flatten()
            .map(Growing::heap_bytes)
            .fold(0, usize::saturating_add);
        let numbers = self
            .numbers
            .as_ref()
            .map_or(0, |numbers| numbers.capacity().saturating_mul(4));
        columns
            .saturating_add(numbers)
            .saturating_add(self.raw.capacity().saturating_mul(8))
    }

    pub(super) fn cells(&self) -> usize {
        self.columns
            .iter()
            .flatten()
            .map(Growing::len)
            .fold(0, usize::saturating_add)
    }

    pub(super) fn column(&mut self, field: FieldId) -> Option<&mut Growing> {
        self.columns.get_mut(field.index())?.as_mut()
    }

    /// Makes room in one column for the block that begins with a row.
    pub(super) fn reserve_for(
        &mut self,
        shared: &Shared<'_>,
        field: FieldId,
        row: usize,
    ) -> Result<(), Error> {
        if row.is_multiple_of(BLOCK) {
            shared.limits.rows(row)?;
            self.check_limits(shared)?;
            return self.column(field).map_or(Ok(()), |column| column.reserve(BLOCK));
        }
        Ok(())
    }

    /// Looks at the limits once in a block of rows, and makes room for the next block.
    fn count_row(&mut self, shared: &Shared<'_>) -> Result<(), Error> {
        self.rows = self.rows.saturating_add(1);
        if self.rows.is_multiple_of(BLOCK) {
            self.check_limits(shared)?;
            self.make_room()?;
        }
        Ok(())
    }

    /// Makes room for a block of rows.
    fn make_room(&mut self) -> Result<(), Error> {
        for column in self.columns.iter_mut().flatten() {
            column.reserve(BLOCK)?;
        }
        reserve(&mut self.raw, BLOCK)
    }

    pub(super) fn check_limits(&self, shared: &Shared<'_>) -> Result<(), Error> {
        let limits = &shared.limits;
        limits.proceed()?;
        limits.rows(self.rows)?;
        limits.cells(shared.other_cells.saturating_add(self.cells()))?;
        limits.memory(shared.other_bytes.saturating_add(self.heap_bytes()))?;
        self.columns
            .iter()
            .flatten()
            .try_for_each(|column| limits.text_bytes(column.store.text_bytes()))
    }

    /// Makes the empty cell that was just taken in an error, unless the field is optional.
    fn check_required(
        &mut self,
        shared: &mut Shared<'_>,
        field: FieldId,
        number: usize,
    ) -> Result<(), Error> {
        if field_of(shared.program, self.table, field).is_none_or(|field| field.ty.is_optional()) {
            return Ok(());
        }
        let problem = self.problem(shared.program, field, Fault::Empty, number);
        let problem = shared.problems.add(problem);
        self.column(field)
            .map_or(Ok(()), |column| column.spoil_last(problem))
    }

    fn push_fault(
        &mut self,
        shared: &mut Shared<'_>,
        field: FieldId,
        fault: Fault,
        cell: &[u8],
        number: usize,
    ) -> Result<(), Error> {
        let near = if fault == Fault::NotInEnum {
            near_value(shared.program, self.table, field, cell)
        } else {
            None
        };
        let detail = if near.is_some() {
            reads_near(cell, near)
        } else {
            reads(cell)
        };
        let problem = self
            .problem(shared.program, field, fault, number)
            .detailed(detail);
        let problem = shared.problems.add(problem);
        self.column(field)
            .map_or(Ok(()), |column| column.push_error(problem))
    }

    fn problem(&self, program: &Program, field: FieldId, fault: Fault, number: usize) -> Problem {
        let heading = self
            .columns
            .get(field.index())
            .and_then(Option::as_ref)
            .map(|column| &column.heading);
        let heading = heading.map_or_else(|| Arc::from(""), Arc::clone);
        let named = enum_name(program, self.table, field).unwrap_or("");
        Problem {
            column: Some(Arc::clone(&heading)),
            ..self.row_problem(fault, &heading, named, number)
        }
    }

    /// Makes a problem of a whole record.
    pub(super) fn row_problem(&self, fault: Fault, column: &str, named: &str, number: usize) -> Problem {
        let row = u64::try_from(number).unwrap_or(u64::MAX).saturating_add(1);
        Problem {
            file: self.file.clone(),
            ..fault.problem(column, named).in_table(self.table).in_row(row)
        }
    }
}

/// Gives a field of a table.
pub(super) fn field_of(program: &Program, table: TableId, field: FieldId) -> Option<&Field> {
    program.table(table)?.fields.get(field.index())
}

/// Finds a table by its name or second name.
pub(super) fn table_named(program: &Program, name: &str) -> Option<TableId> {
    let is_named = |table: &Table| table.naming.name == name || table.naming.alias.as_deref() == Some(name);
    program.tables.iter().position(is_named).map(TableId::at)
}

/// Finds a field by its name or second name.
pub(super) fn field_named(table: &Table, name: &str) -> Option<FieldId> {
    let is_named = |field: &Field| field.naming.name == name || field.naming.alias.as_deref() == Some(name);
    table.fields.iter().position(is_named).map(FieldId::at)
}

fn enum_name(program: &Program, table: TableId, field: FieldId) -> Option<&str> {
    match field_of(program, table, field)?.ty.scalar {
        Scalar::Enum(id) => Some(program.enumeration(id)?.naming.name.as_str()),
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
        | Scalar::Row(_)
        | Scalar::Faulty => None,
    }
}

fn near_value<'p>(program: &'p Program, table: TableId, field: FieldId, cell: &[u8]) -> Option<&'p str> {
    let Scalar::Enum(id) = field_of(program, table, field)?.ty.scalar else {
        return None;
    };
    let values = &program.enumeration(id)?.values;
    let names = values
        .iter()
        .flat_map(|value| std::iter::once(&value.name).chain(&value.alias));
    suggest::nearest(std::str::from_utf8(cell).ok()?, names.map(String::as_str))
}
