//! Loading facts: row by row, column by column, from tests in rule files, or from the text of files.

use guerdon_plan::calendar::Date;
use guerdon_plan::hir::{Given, Program, Test, Value};
use guerdon_plan::types::{FieldId, TableId};

use super::draft::{Draft, Shared, field_named, table_named};
use super::finish::Load;
use super::growing::ReadAs;
use super::input::Input;
use super::problems::ProblemList;
use super::text::TextLoader;
use super::{Facts, finish};
use crate::error::Error;
use crate::limits::Limits;
use crate::problem::Problem;

/// Collects the records of a program's tables.
///
/// Bad data never stops a load: a bad cell becomes an error that spoils what reads it, and is listed among the
/// [problems](Facts::problems). A fault of the host's code (an unknown name, a number for a date) or a limit does; it
/// is kept until [`FactsBuilder::finish`], so that calls can be chained.
pub struct FactsBuilder<'p> {
    shared: Shared<'p>,
    drafts: Vec<Draft>,
    open: Option<TableId>,
    failure: Option<Error>,
}

/// Sets the fields of one record.
pub struct RowBuilder<'b, 'p> {
    builder: &'b mut FactsBuilder<'p>,
    table: Option<TableId>,
}

impl Facts {
    /// Begins to load records for a program.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon::column::Cell;
    /// use guerdon::facts::Facts;
    /// use guerdon_plan::{hir::from_ast, types::TableId};
    /// use guerdon_syntax::{Code, Sink, SourceMap, parse};
    /// use rust_decimal::Decimal;
    ///
    /// let rules = "
    /// data Person key id
    ///   id : text
    /// end
    ///
    /// data Deal key id
    ///   id     : text
    ///   owner  : Person
    ///   amount : money CNY
    /// end
    /// ";
    /// let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    /// let file = sources.add("sales.guerdon", rules.as_bytes()).map_err(|refused| refused.title.en)?;
    /// let program = from_ast::check(&[parse(&sources, file, &mut sink)], &sources, &mut sink);
    ///
    /// let mut builder = Facts::builder(&program);
    /// builder.row("Person").set("id", "anna");
    /// builder.row("Deal").set("id", "D2").set("owner", "anna").set("amount", Decimal::new(125_050, 2));
    /// builder.row("Deal").set("id", "D1").set("owner", "ana").set("amount", "CNY 1,000.00");
    /// let facts = builder.finish().map_err(|error| error.to_string())?;
    ///
    /// // Records are in the order of their keys, whatever the order they came in.
    /// let deals = TableId(1);
    /// assert_eq!(facts.find(deals, &[Cell::Text("D1")]), Some(0));
    /// // The second deal names a person who does not exist: its owner is an error, and the load goes on.
    /// let [problem] = facts.problems() else { return Err("one problem".to_owned()) };
    /// assert_eq!((problem.code, problem.table, problem.row), (Code::D0805, Some(deals), Some(2)));
    /// assert_eq!(problem.detail.en, "the cell reads \"ana\"; did you mean \"anna\"?");
    /// # Ok::<(), String>(())
    /// ```
    pub fn builder(program: &Program) -> FactsBuilder<'_> {
        let limits = Limits::default();
        FactsBuilder {
            drafts: (0..program.tables.len())
                .map(|table| Draft::new(TableId::at(table)))
                .collect(),
            shared: Shared {
                program,
                problems: ProblemList::new(limits.problems),
                limits,
                other_cells: 0,
                other_bytes: 0,
                known_as_of: None,
            },
            open: None,
            failure: None,
        }
    }

    /// Loads the records that a test in a rule file gives; fields it leaves out have no column.
    ///
    /// # Errors
    ///
    /// [`Error::LimitExceeded`] or [`Error::OutOfMemory`]; [`Error::WrongKind`] if a value does not fit its field, which
    /// a checked program does not have.
    pub fn from_given(program: &Program, given: &[Given]) -> Result<Facts, Error> {
        loaded(Facts::builder(program), given)
    }

    /// Loads the records of a test as far as they were known on the day that it names.
    ///
    /// # Errors
    ///
    /// As for [`Facts::from_given`].
    pub fn given_by(program: &Program, test: &Test) -> Result<Facts, Error> {
        loaded(Facts::builder(program).known_as_of(test.known_as_of), &test.given)
    }
}

fn loaded(mut builder: FactsBuilder<'_>, given: &[Given]) -> Result<Facts, Error> {
    for block in given {
        builder.given(block);
    }
    builder.finish()
}

impl<'p> FactsBuilder<'p> {
    /// Sets other limits than the defaults; to be called first.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> FactsBuilder<'p> {
        self.shared.problems = ProblemList::new(limits.problems);
        self.shared.limits = limits;
        self
    }

    /// Leaves out records that became known after a day, so that a past result can be computed again.
    ///
    /// The day on which a record became known stands in the field that the rules name: `data Deal key id known entered_on`.
    /// A record with an empty cell there was always known.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon::facts::Facts;
    /// use guerdon::plan::{Plan, Source};
    /// use guerdon_plan::{calendar::Date, types::TableId};
    ///
    /// let rules = "
    /// data Deal key id known entered_on
    ///   id         : text
    ///   entered_on : date?
    /// end
    /// ";
    /// let plan = Plan::compile(&[Source::new("deals.guerdon", rules)]).map_err(|refused| refused.to_string())?;
    /// let deals = |day: Option<&str>| {
    ///     let day = day.map(Date::parse).transpose().map_err(|error| error.to_string())?;
    ///     let mut builder = Facts::builder(plan.program()).known_as_of(day);
    ///     builder.row("Deal").set("id", "D1").set("entered_on", "2026-03-11");
    ///     builder.row("Deal").set("id", "D2").set("entered_on", "2026-04-20");
    ///     builder.row("Deal").set("id", "D3");
    ///     let facts = builder.finish().map_err(|error| error.to_string())?;
    ///     Ok::<_, String>(facts.table(TableId(0)).map_or(0, |table| table.len()))
    /// };
    /// assert_eq!(deals(None)?, 3);
    /// assert_eq!(deals(Some("2026-04-19"))?, 2);
    /// # Ok::<(), String>(())
    /// ```
    #[must_use]
    pub fn known_as_of(mut self, day: Option<Date>) -> FactsBuilder<'p> {
        self.shared.known_as_of = day;
        self
    }

    /// Begins a record of a table, which is named as in the rules, by name or second name.
    ///
    /// The record ends where the next one begins. Fields that are not set are empty; a field that no record sets has
    /// no column.
    pub fn row(&mut self, table: &str) -> RowBuilder<'_, 'p> {
        let found = self.table_named(table);
        if let Some(id) = found {
            self.begin_row(id);
        }
        RowBuilder {
            builder: self,
            table: found,
        }
    }

    /// Says that a table has been handed over, even if it has no records.
    ///
    /// A table that is never named counts as forgotten, not as empty.
    pub fn empty(&mut self, table: &str) -> &mut FactsBuilder<'p> {
        if let Some(draft) = self
            .table_named(table)
            .and_then(|id| self.drafts.get_mut(id.index()))
        {
            draft.is_given = true;
        }
        self
    }

    /// Adds the values of one field, one for each record; all columns of a table must end with the same length.
    pub fn column<'v, I>(&mut self, table: &str, field: &str, values: I) -> &mut FactsBuilder<'p>
    where
        I: IntoIterator,
        I::Item: Into<Input<'v>>,
    {
        self.end_row();
        let Some(table) = self.table_named(table) else {
            return self;
        };
        if let Some(field) = self.field_named(table, field)
            && self.failure.is_none()
            && let Err(error) = self.push_column(table, field, values)
        {
            self.fail(error);
        }
        self
    }

    /// Begins to load a table from text, with the headings of its columns in order.
    ///
    /// Columns are found by what the table's `source` block says, otherwise by the field's name or second name; others
    /// are not read. Fields without a column are reported.
    pub fn text_table(
        &mut self,
        table: TableId,
        headings: &[&str],
        file: Option<&str>,
    ) -> TextLoader<'_, 'p> {
        self.end_row();
        let others = self.drafts.iter().filter(|draft| draft.table != table);
        self.shared.other_bytes = others
            .clone()
            .map(Draft::heap_bytes)
            .fold(0, usize::saturating_add);
        self.shared.other_cells = others.map(Draft::cells).fold(0, usize::saturating_add);
        if self.failure.is_some() {
            return TextLoader::idle();
        }
        match self.drafts.get_mut(table.index()) {
            Some(draft) => TextLoader::new(&mut self.shared, draft, &mut self.failure, headings, file),
            None => TextLoader::idle(),
        }
    }

    /// Ends the load: sorts the records by key, finds what references name, and gives facts with their problems.
    ///
    /// # Errors
    ///
    /// The first fault of the host's code, a limit that was passed, or [`Error::Cancelled`].
    pub fn finish(mut self) -> Result<Facts, Error> {
        self.end_row();
        match self.failure {
            Some(error) => Err(error),
            None => finish::facts(self.shared, self.drafts),
        }
    }

    /// Gives one record of a table, of which every given field has a column, as it is before its references are
    /// resolved, with what is wrong with it.
    pub(super) fn single(
        program: &'p Program,
        table: TableId,
        fields: &[FieldId],
        values: &[(FieldId, Input<'_>)],
    ) -> Result<(Load, Vec<Problem>), Error> {
        let mut builder = Facts::builder(program);
        if let Some(draft) = builder.drafts.get_mut(table.index()) {
            for field in fields {
                let name = field_name(program, table, *field);
                draft.begin_column(&mut builder.shared, *field, name, ReadAs::default())?;
            }
        }
        builder.begin_row(table);
        for (field, value) in values {
            builder.set_field(*field, value);
        }
        builder.end_row();
        if let Some(failure) = builder.failure {
            return Err(failure);
        }
        let place = table.index().min(builder.drafts.len());
        let draft = builder.drafts.into_iter().nth(place);
        let load = Load::new(program, draft.unwrap_or_else(|| Draft::new(table)))?;
        Ok((load, builder.shared.problems.finish()))
    }

    /// Gives the fault of the host's code, or the limit, that has ended the load, if one has; [`FactsBuilder::finish`]
    /// will report it.
    pub fn failure(&self) -> Option<&Error> {
        self.failure.as_ref()
    }

    pub(crate) fn program(&self) -> &'p Program {
        self.shared.program
    }

    pub(crate) fn table_named(&mut self, name: &str) -> Option<TableId> {
        let found = table_named(self.shared.program, name);
        if found.is_none() {
            self.fail(Error::UnknownTable {
                name: name.to_owned(),
            });
        }
        found
    }

    /// Begins a record.
    pub(crate) fn begin_row(&mut self, table: TableId) {
        self.end_row();
        self.open = Some(table);
        if let Some(draft) = self.drafts.get_mut(table.index()) {
            draft.is_given = true;
        }
    }

    /// Sets a field of the record that was begun last.
    pub(crate) fn set_field(&mut self, field: FieldId, value: &Input<'_>) {
        if self.failure.is_none()
            && let Some(table) = self.open
            && let Err(error) = self.push_value(table, field, value)
        {
            self.fail(error);
        }
    }

    pub(crate) fn fail(&mut self, error: Error) {
        self.failure.get_or_insert(error);
    }

    fn field_named(&mut self, table: TableId, name: &str) -> Option<FieldId> {
        let declared = self.shared.program.table(table)?;
        let found = field_named(declared, name);
        if found.is_none() {
            self.fail(Error::UnknownField {
                table: declared.naming.name.clone(),
                field: name.to_owned(),
            });
        }
        found
    }

    fn end_row(&mut self) {
        if let Some(table) = self.open.take()
            && self.failure.is_none()
            && let Some(draft) = self.drafts.get_mut(table.index())
            && let Err(error) = draft.end_row(&mut self.shared, draft.rows)
        {
            self.fail(error);
        }
    }

    fn push_value(&mut self, table: TableId, field: FieldId, value: &Input<'_>) -> Result<(), Error> {
        let Some(draft) = self.drafts.get_mut(table.index()) else {
            return Ok(());
        };
        let name = field_name(self.shared.program, table, field);
        draft.begin_column(&mut self.shared, field, name, ReadAs::default())?;
        let number = draft.rows;
        if draft.column(field).is_some_and(|column| column.len() > number) {
            return Err(self.wrong_kind(table, field, "a second value", "set each field of a record once"));
        }
        match draft.push_input(&mut self.shared, field, value, number)? {
            Some(()) => Ok(()),
            None => Err(self.wrong_kind(
                table,
                field,
                value.kind(),
                "give a value of the field's type, or text",
            )),
        }
    }

    fn push_column<'v, I>(&mut self, table: TableId, field: FieldId, values: I) -> Result<(), Error>
    where
        I: IntoIterator,
        I::Item: Into<Input<'v>>,
    {
        let Some(draft) = self.drafts.get_mut(table.index()) else {
            return Ok(());
        };
        let name = field_name(self.shared.program, table, field);
        draft.begin_column(&mut self.shared, field, name, ReadAs::default())?;
        for value in values {
            let value = value.into();
            let number = draft.column(field).map_or(0, |column| column.len());
            draft.reserve_for(&self.shared, field, number)?;
            if draft
                .push_input(&mut self.shared, field, &value, number)?
                .is_none()
            {
                return Err(self.wrong_kind(
                    table,
                    field,
                    value.kind(),
                    "give values of the field's type, or text",
                ));
            }
        }
        Ok(())
    }

    fn given(&mut self, block: &Given) {
        self.end_row();
        let table = block.table;
        for field in &block.fields {
            let name = field_name(self.shared.program, table, *field);
            if let Some(draft) = self.drafts.get_mut(table.index())
                && let Err(error) = draft.begin_column(&mut self.shared, *field, name, ReadAs::default())
            {
                self.fail(error);
            }
        }
        for row in &block.rows {
            self.begin_row(table);
            for (field, value) in block.fields.iter().zip(&row.cells) {
                self.set_field(*field, &given_value(value));
            }
        }
    }

    fn wrong_kind(&self, table: TableId, field: FieldId, given: &'static str, advice: &'static str) -> Error {
        let program = self.shared.program;
        Error::WrongKind {
            table: program
                .table(table)
                .map(|table| table.naming.name.clone())
                .unwrap_or_default(),
            field: field_name(program, table, field).to_owned(),
            given,
            advice,
        }
    }
}

impl RowBuilder<'_, '_> {
    /// Sets a field, which is named as in the rules, by name or second name.
    pub fn set<'v>(&mut self, field: &str, value: impl Into<Input<'v>>) -> &mut Self {
        if let Some(table) = self.table
            && let Some(field) = self.builder.field_named(table, field)
        {
            self.builder.set_field(field, &value.into());
        }
        self
    }
}

fn given_value(value: &Value) -> Input<'_> {
    match value {
        Value::Bool(value) => Input::Bool(*value),
        Value::Number(number) => Input::from(number.clone()),
        Value::Date(day) => Input::Date(*day),
        Value::Period(key) => Input::Period(*key),
        Value::Text(text) => Input::from(&**text),
        Value::Enum(id, position) => Input::Enum(*id, *position),
        Value::Missing => Input::Missing,
    }
}

fn field_name(program: &Program, table: TableId, field: FieldId) -> &str {
    let field = program
        .table(table)
        .and_then(|table| table.fields.get(field.index()));
    field.map_or("", |field| field.naming.name.as_str())
}
