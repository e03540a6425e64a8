//! Changes to single records of facts that are loaded.
//!
//! Records stay in the order of their keys, so that a run over changed facts has the results of a run over facts that
//! were loaded anew. A change that a load would find fault with is refused and changes nothing.

mod refused;
mod rows;

use std::cmp::Ordering;

use guerdon_plan::hir::{Program, Table};
use guerdon_plan::types::{FieldId, TableId};
use guerdon_syntax::Code;

use super::draft::{field_named, table_named};
use super::faults::Fault;
use super::finish::{reference, table_name};
use super::index::KeyShape;
use super::{Facts, FactsBuilder, Input};
use crate::column::{Cell, Column, ColumnData, Put, Shift};
use crate::error::Error;

pub use refused::Refused;
use rows::{compare, only_text};

/// Changes single records: what a deal in negotiation would pay, or a correction while a plan is open on a screen.
///
/// A change costs a pass over the columns of its table at the most, and next to nothing where the record is replaced
/// or comes last in the order of keys. Texts that no record has any more keep their room until the next load.
///
/// # Examples
///
/// ```
/// use guerdon::{Facts, Plan, Run, Source};
/// use rust_decimal::Decimal;
///
/// let rules = r#"
/// data Seller key name
///   name : text
/// end
/// data Deal key id
///   id        : text
///   seller    : Seller
///   amount    : money EUR
///   signed_on : date
/// end
/// plan flat "Five per cent"
///   payee     Seller
///   currency  EUR
///   effective 2026-01-01 through 2026-12-31
///   period    year
///   rounding  half-up to 0.01 at each line
///   earn commission for each Deal where seller is payee dated signed_on = amount * 5%
///   pay total = due commission
/// end
/// "#;
/// let plan = Plan::compile(&[Source::new("flat.guerdon", rules)])?;
/// let mut facts = Facts::builder(plan.program());
/// facts.row("Seller").set("name", "Ann");
/// facts.row("Deal").set("id", "D1").set("seller", "Ann").set("amount", 1_000).set("signed_on", "2026-02-10");
/// let mut facts = facts.finish()?;
///
/// // What if Ann signs this one, too?
/// let deal = [("id", "D2"), ("seller", "Ann"), ("amount", "EUR 400"), ("signed_on", "2026-03-02")];
/// facts.change(plan.program()).upsert("Deal", deal)?;
/// let run = Run::default();
/// let paid = |facts: &Facts| -> Result<Decimal, guerdon::error::Error> {
///     let report = plan.evaluate(facts, &run)?;
///     let paid = report.pay().filter_map(|row| row.amount.decimal()).sum();
///     Ok(paid)
/// };
/// assert_eq!(paid(&facts)?, Decimal::from(70));
/// // She does not.
/// assert!(facts.change(plan.program()).remove("Deal", [("id", "D2")])?);
/// assert_eq!(paid(&facts)?, Decimal::from(50));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Change<'f, 'p> {
    facts: &'f mut Facts,
    program: &'p Program,
}

/// A record that is ready to be put in.
struct One {
    table: TableId,
    columns: Vec<Option<Column>>,
}

impl Facts {
    /// Begins to change single records; the program is the one that the facts were loaded for.
    pub fn change<'f, 'p>(&'f mut self, program: &'p Program) -> Change<'f, 'p> {
        Change { facts: self, program }
    }
}

impl Change<'_, '_> {
    /// Puts a record in, in the place of the one with its key if there is one; fields that are not named are empty.
    ///
    /// Gives the row id of the record, which holds until the next change to its table.
    ///
    /// # Errors
    ///
    /// [`Refused`], where a load would find fault with the record or with others because of it. Nothing is changed
    /// then.
    pub fn upsert<'n, V: Into<Input<'n>>>(
        &mut self,
        table: &str,
        values: impl IntoIterator<Item = (&'n str, V)>,
    ) -> Result<u32, Refused> {
        let (table, values) = self.named(table, values)?;
        let one = self.one(table, &values)?;
        let key = one.key(self.program);
        let place = match self.place(table, &key) {
            Ok(row) => {
                self.check_sound(table, row)?;
                self.check_circles(&one, row)?;
                self.replace(one, row)?;
                row
            }
            Err(row) => {
                self.check_no_waiting(table)?;
                self.insert(one, row)?;
                row
            }
        };
        u32::try_from(place).map_err(|_| Refused::Load(Error::OutOfMemory))
    }

    /// Takes the record with a key out; says whether there was one.
    ///
    /// # Errors
    ///
    /// [`Refused`], where other records refer to it. Nothing is changed then.
    pub fn remove<'n, V: Into<Input<'n>>>(
        &mut self,
        table: &str,
        key: impl IntoIterator<Item = (&'n str, V)>,
    ) -> Result<bool, Refused> {
        let (table, values) = self.named(table, key)?;
        let Some(row) = self.row_with(table, &values)? else {
            return Ok(false);
        };
        self.check_sound(table, row)?;
        self.check_unused(table, row)?;
        self.take_out(table, row)?;
        Ok(true)
    }

    /// Finds the record with a key; gives its row id, which holds until the next change to its table.
    ///
    /// # Errors
    ///
    /// [`Refused`], where a name is unknown or the table's records hold from one day to another.
    pub fn find<'n, V: Into<Input<'n>>>(
        &self,
        table: &str,
        key: impl IntoIterator<Item = (&'n str, V)>,
    ) -> Result<Option<u32>, Refused> {
        let (table, values) = self.named(table, key)?;
        let row = self.row_with(table, &values)?;
        Ok(row.and_then(|row| u32::try_from(row).ok()))
    }

    /// Finds the record with a key as it is loaded; a key that no record could have has none.
    fn row_with(&self, table: TableId, key: &[(FieldId, Input<'_>)]) -> Result<Option<usize>, Refused> {
        let fields = declared(self.program, table).map_or(&[][..], |table| &table.key);
        let (load, problems) = FactsBuilder::single(self.program, table, fields, key)?;
        if problems.iter().any(crate::problem::Problem::is_error) {
            return Ok(None);
        }
        let mut columns = load.data.columns;
        if self.resolve(table, &mut columns)?.is_some() {
            return Ok(None);
        }
        let one = One { table, columns };
        Ok(self.place(table, &one.key(self.program)).ok())
    }

    /// Finds table and fields by their names.
    fn named<'n, V: Into<Input<'n>>>(
        &self,
        name: &str,
        values: impl IntoIterator<Item = (&'n str, V)>,
    ) -> Result<(TableId, Vec<(FieldId, Input<'n>)>), Refused> {
        let unknown = || Error::UnknownTable {
            name: name.to_owned(),
        };
        let table = table_named(self.program, name).ok_or_else(unknown)?;
        let declared = declared(self.program, table).ok_or_else(unknown)?;
        if declared.valid.is_some() {
            return Err(Refused::Dated {
                table: name.to_owned(),
            });
        }
        let field = |(field, value): (&'n str, V)| {
            let found = field_named(declared, field).ok_or_else(|| Error::UnknownField {
                table: name.to_owned(),
                field: field.to_owned(),
            })?;
            Ok::<_, Error>((found, value.into()))
        };
        let values = values.into_iter().map(field).collect::<Result<Vec<_>, _>>()?;
        Ok((table, values))
    }

    /// Reads a record as a load would.
    fn one(&self, table: TableId, values: &[(FieldId, Input<'_>)]) -> Result<One, Refused> {
        let data = self.facts.table(table).filter(|data| !data.is_empty());
        let has_column = |field: &FieldId| data.is_some_and(|data| data.column(*field).is_some());
        if data.is_some()
            && let Some((field, _)) = values.iter().find(|(field, _)| !has_column(field))
        {
            return Err(self.no_column(table, *field));
        }
        let declared = declared(self.program, table);
        let fields = (0..declared.map_or(0, |table| table.fields.len())).map(FieldId::at);
        let is_key = |field: &FieldId| declared.is_some_and(|table| table.key.contains(field));
        let loaded: Vec<FieldId> = fields
            .filter(|field| has_column(field) || is_key(field))
            .collect();
        let (load, mut problems) = FactsBuilder::single(self.program, table, &loaded, values)?;
        let mut columns = load.data.columns;
        if problems.is_empty() {
            problems.extend(self.resolve(table, &mut columns)?);
        }
        match problems.into_iter().next() {
            Some(problem) => Err(Refused::Faulty(Box::new(problem))),
            None => Ok(One { table, columns }),
        }
    }

    /// Finds the records that the cells of a single record name; gives the first problem where there is none.
    fn resolve(
        &self,
        table: TableId,
        columns: &mut [Option<Column>],
    ) -> Result<Option<crate::problem::Problem>, Error> {
        for (place, slot) in columns.iter_mut().enumerate() {
            let Some(target) = reference(self.program, table, place) else {
                continue;
            };
            let Some(raw) = slot.take() else { continue };
            let found = self.refer(target, &raw)?;
            if found.is_missing(0) && !raw.is_missing(0) {
                let field = declared(self.program, table).and_then(|table| table.fields.get(place));
                let heading = field.map_or("", |field| field.naming.name.as_str());
                let problem = Fault::NoRecord
                    .problem(heading, table_name(self.program, target))
                    .in_table(table)
                    .in_column(heading);
                return Ok(Some(problem));
            }
            *slot = Some(found);
        }
        Ok(None)
    }

    /// Finds a record by the key in a cell; where a table's key is itself a reference, the way goes through its target.
    fn refer(&self, target: TableId, raw: &Column) -> Result<Column, Error> {
        let mut way = vec![target];
        while let Some(last) = way.last().copied()
            && way.len() <= self.program.tables.len()
            && let Some(table) = declared(self.program, last)
            && let [key] = KeyShape::of(table).key.as_slice()
            && let Some(next) = reference(self.program, last, *key)
        {
            way.push(next);
        }
        let mut found = raw.clone();
        for table in way.iter().rev() {
            found = self.facts.find_column(*table, &[&found])?;
        }
        Ok(found)
    }

    /// Finds the row with a key, or the one before which it would stand.
    fn place(&self, table: TableId, key: &[(usize, Cell<'_>)]) -> Result<usize, usize> {
        let Some(data) = self.facts.table(table) else {
            return Err(0);
        };
        let compare = |row: usize| {
            let parts = key.iter().map(|(column, cell)| {
                let own = data.columns.get(*column).and_then(Option::as_ref);
                own.map_or(Ordering::Greater, |own| compare(&own.cell(row), cell))
            });
            parts.fold(Ordering::Equal, Ordering::then)
        };
        let (mut low, mut high) = (0, data.rows);
        while low < high {
            let middle = low.midpoint(high);
            match compare(middle) {
                Ordering::Less => low = middle.saturating_add(1),
                Ordering::Equal => return Ok(middle),
                Ordering::Greater => high = middle,
            }
        }
        Err(low)
    }

    fn replace(&mut self, one: One, row: usize) -> Result<(), Error> {
        let Some(data) = self.facts.table_mut(one.table) else {
            return Ok(());
        };
        let pairs = data.columns.iter_mut().zip(&one.columns);
        for (column, value) in pairs {
            if let (Some(column), Some(value)) = (column, value) {
                column.put(Put::Over(row), value)?;
            }
        }
        Ok(())
    }

    fn insert(&mut self, one: One, row: usize) -> Result<(), Error> {
        let table = one.table;
        let id = u32::try_from(row).map_err(|_| Error::OutOfMemory)?;
        let Some(data) = self.facts.table_mut(table) else {
            return Ok(());
        };
        let is_last = row == data.rows;
        if data.rows == 0 {
            data.columns = one.columns;
        } else {
            let pairs = data.columns.iter_mut().zip(&one.columns);
            for (column, value) in pairs {
                if let (Some(column), Some(value)) = (column, value) {
                    column.put(Put::Before(row), value)?;
                }
            }
        }
        data.number_new(row, is_last);
        if let Some(errors) = &mut data.row_errors {
            errors.insert(row.min(errors.len()), 0);
        }
        data.is_given = true;
        data.rows = data.rows.saturating_add(1);
        if !is_last {
            self.shift(table, Shift::Open(id))?;
        }
        self.refresh(table)
    }

    fn take_out(&mut self, table: TableId, row: usize) -> Result<(), Error> {
        let id = u32::try_from(row).map_err(|_| Error::OutOfMemory)?;
        let Some(data) = self.facts.table_mut(table) else {
            return Ok(());
        };
        let is_last = row.saturating_add(1) == data.rows;
        if !is_last {
            data.number_all();
        }
        let own_text = declared(self.program, table).and_then(|table| only_text(table, data, row));
        for column in data.columns.iter_mut().flatten() {
            column.remove(row);
        }
        if let Some((column, code)) = own_text
            && let Some(Some(column)) = data.columns.get_mut(column)
        {
            column.forget_text(code);
        }
        for list in [&mut data.row_errors, &mut data.input_rows].into_iter().flatten() {
            if row < list.len() {
                list.remove(row);
            }
        }
        data.rows = data.rows.saturating_sub(1);
        if !is_last {
            self.shift(table, Shift::Close(id))?;
        }
        self.refresh(table)
    }

    /// Lets every reference to a table follow its records.
    fn shift(&mut self, target: TableId, shift: Shift) -> Result<(), Error> {
        for table in (0..self.program.tables.len()).map(TableId::at) {
            let is_key = |column: usize| {
                declared(self.program, table)
                    .is_some_and(|table| table.key.iter().any(|field| field.index() == column))
            };
            let fields = declared(self.program, table).map_or(0, |table| table.fields.len());
            if (0..fields).all(|place| reference(self.program, table, place) != Some(target)) {
                continue;
            }
            let Some(data) = self.facts.table_mut(table) else {
                continue;
            };
            let mut is_moved = false;
            for (place, column) in data.columns.iter_mut().enumerate() {
                if reference(self.program, table, place) == Some(target)
                    && let Some(column) = column
                {
                    is_moved |= column.shift(shift) && is_key(place);
                }
            }
            if is_moved && table != target {
                self.refresh(table)?;
            }
        }
        Ok(())
    }

    fn refresh(&mut self, table: TableId) -> Result<(), Error> {
        let Some(declared) = declared(self.program, table) else {
            return Ok(());
        };
        let Some(data) = self.facts.table_mut(table) else {
            return Ok(());
        };
        let key: Vec<usize> = declared.key.iter().map(|field| field.index()).collect();
        let keyed = data.keyed(&key);
        let mut index = std::mem::take(&mut data.index);
        let refreshed = index.refresh(data, &KeyShape::of(declared), keyed);
        data.index = index;
        refreshed
    }

    fn check_sound(&self, table: TableId, row: usize) -> Result<(), Refused> {
        let Some(data) = self.facts.table(table) else {
            return Ok(());
        };
        let has_error = data
            .columns
            .iter()
            .flatten()
            .any(|column| column.error(row).is_some())
            || data
                .row_errors()
                .and_then(|errors| errors.get(row))
                .is_some_and(|error| *error != 0);
        if has_error {
            return Err(Refused::Spoilt {
                table: table_name(self.program, table).to_owned(),
            });
        }
        Ok(())
    }

    /// Refuses a new record that others were found to lack: with it, they would be sound.
    fn check_no_waiting(&self, table: TableId) -> Result<(), Refused> {
        let lacks = |error: &u32| {
            let problem = error.checked_sub(1).and_then(|place| usize::try_from(place).ok());
            let problem = problem.and_then(|place| self.facts.problems.get(place));
            problem.is_some_and(|problem| problem.code == Code::D0805)
        };
        let waits = |column: &Column| column.errors().is_some_and(|errors| errors.iter().any(lacks));
        match self.references(table).find(|(_, column)| waits(column)) {
            Some((from, _)) => Err(Refused::Awaited {
                table: table_name(self.program, table).to_owned(),
                by: table_name(self.program, from).to_owned(),
            }),
            None => Ok(()),
        }
    }

    fn check_unused(&self, table: TableId, row: usize) -> Result<(), Refused> {
        let uses = |column: &Column| match column.data() {
            ColumnData::Row(rows) => (0..).zip(rows).any(|(place, target)| {
                usize::try_from(*target) == Ok(row) && column.cell(place) == Cell::Row(*target)
            }),
            ColumnData::Bool(_)
            | ColumnData::Scaled { .. }
            | ColumnData::Wide(_)
            | ColumnData::Date(_)
            | ColumnData::Period { .. }
            | ColumnData::Text { .. }
            | ColumnData::Enum(_) => false,
        };
        match self.references(table).find(|(_, column)| uses(column)) {
            Some((from, _)) => Err(Refused::ReferredTo {
                table: table_name(self.program, table).to_owned(),
                by: table_name(self.program, from).to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Refuses a record that would be above itself.
    fn check_circles(&self, one: &One, row: usize) -> Result<(), Refused> {
        let Some(data) = self.facts.table(one.table) else {
            return Ok(());
        };
        for (place, value) in one.columns.iter().enumerate() {
            if reference(self.program, one.table, place) != Some(one.table) {
                continue;
            }
            let own = data.columns.get(place).and_then(Option::as_ref);
            let mut above = value.as_ref().map_or(Cell::Missing, |value| value.cell(0));
            let mut steps: usize = 0;
            while let Cell::Row(next) = above {
                let next = usize::try_from(next).unwrap_or(usize::MAX);
                if next == row || steps > data.rows {
                    return Err(Refused::Circle {
                        table: table_name(self.program, one.table).to_owned(),
                    });
                }
                above = own.map_or(Cell::Missing, |own| own.cell(next));
                steps = steps.saturating_add(1);
            }
        }
        Ok(())
    }

    /// Lists the columns that refer to a table.
    fn references(&self, target: TableId) -> impl Iterator<Item = (TableId, &Column)> {
        let tables = (0..).map(TableId::at).zip(self.facts.tables());
        tables.flat_map(move |(table, data)| {
            let columns = data.columns.iter().enumerate();
            columns.filter_map(move |(place, column)| {
                let is_reference = reference(self.program, table, place) == Some(target);
                column
                    .as_ref()
                    .filter(|_| is_reference)
                    .map(|column| (table, column))
            })
        })
    }

    fn no_column(&self, table: TableId, field: FieldId) -> Refused {
        let declared = declared(self.program, table);
        let field = declared.and_then(|table| table.fields.get(field.index()));
        Refused::NoColumn {
            table: table_name(self.program, table).to_owned(),
            field: field.map_or_else(String::new, |field| field.naming.name.clone()),
        }
    }
}

impl One {
    /// Gives the columns of the key with the cells in them.
    fn key(&self, program: &Program) -> Vec<(usize, Cell<'_>)> {
        let key = declared(program, self.table).map_or(&[][..], |table| &table.key);
        let cell = |field: &FieldId| {
            let column = self.columns.get(field.index()).and_then(Option::as_ref);
            let cell = column.map_or(Cell::Missing, |column| column.cell(0));
            (field.index(), cell)
        };
        key.iter().map(cell).collect()
    }
}

fn declared(program: &Program, table: TableId) -> Option<&Table> {
    program.table(table)
}
