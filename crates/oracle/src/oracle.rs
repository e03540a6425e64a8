//! The evaluator: what it knows, and where it remembers what it has found.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use guerdon_plan::calendar::{Calendar, Date, PeriodKey};
use guerdon_plan::hir::axis::{Window, calendar_of, period_fields, windows};
use guerdon_plan::hir::{Effective, Expr, Program, With, WithTarget};
use guerdon_plan::types::{BinderId, CalendarId, DefinitionId, EarnId, FieldId, PlanId, TableId};

use crate::records::Records;
use crate::value::{Cell, ErrorKind, Number, V};

mod aggregate;
mod among;
mod amortise;
mod apply;
mod asked;
pub mod blocks;
mod break_down;
mod cap;
mod cascade;
mod check;
mod days;
mod definition;
mod earn;
mod exchange;
mod expr;
mod hold;
mod review;

pub use earn::Line;

/// Gives each free variable a record or a period.
pub type Env = BTreeMap<BinderId, V>;

/// Holds what an expression is evaluated under.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The plan whose statement it is part of; none for the expectations of a test.
    pub plan: Option<PlanId>,
    /// The variables.
    pub env: Env,
    /// The value without the exception.
    pub normal: Option<Cell>,
    /// The line whose value is computed.
    pub line: Option<(EarnId, usize)>,
    /// What reading a spoilt record means.
    pub reading: Reading,
}

/// Says what reading a record means that a check of the plan spoils.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reading {
    /// An error: in the value of a statement.
    #[default]
    Checked,
    /// Its fields as given: in what chooses, orders and dates records.
    Choosing,
}

impl Scope {
    /// Gives the same scope for a part that chooses, orders or dates records.
    fn choosing(&self) -> Scope {
        Scope {
            reading: Reading::Choosing,
            ..self.clone()
        }
    }
}

/// Evaluates a program over records.
pub struct Oracle<'a> {
    program: &'a Program,
    records: &'a Records,
    windows: Vec<Option<Window>>,
    with: BTreeMap<Target, &'a Expr>,
    rows: RowsSeen,
    memo: RefCell<Memo>,
}

/// Says whether checks of records have an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowsSeen {
    /// A record that fails a check is spoilt or left out.
    Checked,
    /// Every record is seen as it was given: the view of the checks of records.
    AsGiven,
    /// Cells are not checked either: the view of the checks of fields.
    Raw,
}

/// Orders what a test replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Field(TableId, FieldId),
    Constant(guerdon_plan::types::ConstantId),
    Definition(DefinitionId),
}

/// Remembers what has been evaluated.
#[derive(Default)]
struct Memo {
    begun: BTreeSet<(DefinitionId, Vec<V>)>,
    definitions: BTreeMap<(DefinitionId, Vec<V>), Cell>,
    states: BTreeMap<(DefinitionId, Vec<V>), Cell>,
    lines_begun: BTreeSet<EarnId>,
    lines: BTreeMap<EarnId, Rc<Vec<Line>>>,
    uncut: BTreeMap<(EarnId, usize), Result<Number, ErrorKind>>,
    own_capped: BTreeMap<(EarnId, usize), Result<Number, ErrorKind>>,
    caps: BTreeMap<cap::Place, Rc<cap::Capped>>,
    earned: BTreeMap<(EarnId, usize), Result<Number, ErrorKind>>,
    paid: BTreeMap<(EarnId, usize, PeriodKey), Result<Number, ErrorKind>>,
    payees: BTreeMap<(PlanId, V, PeriodKey), Result<bool, ErrorKind>>,
    failed: BTreeMap<(PlanId, V, PeriodKey), bool>,
    checked: BTreeMap<PlanId, Rc<Checked>>,
}

/// Holds the records that a plan's checks found faulty.
#[derive(Debug, Default)]
struct Checked {
    spoilt: BTreeSet<(TableId, usize)>,
    refused: BTreeSet<(TableId, usize)>,
}

impl<'a> Oracle<'a> {
    /// Makes an evaluator for a run that ends with the period of a day, with the values that a test replaces.
    #[must_use]
    pub fn new(program: &'a Program, records: &'a Records, run_end: Date, with: &'a [With]) -> Oracle<'a> {
        let target = |with: &With| match with.target {
            WithTarget::TableField(table, field) => Target::Field(table, field),
            WithTarget::Constant(constant) => Target::Constant(constant),
            WithTarget::Definition(definition) => Target::Definition(definition),
        };
        Oracle {
            program,
            records,
            windows: windows(program, &|plan| first_day(program, records, plan), run_end),
            with: with.iter().map(|with| (target(with), &with.value)).collect(),
            rows: RowsSeen::Checked,
            memo: RefCell::default(),
        }
    }

    /// Gives the program.
    #[must_use]
    pub fn program(&self) -> &'a Program {
        self.program
    }

    /// Gives the records.
    #[must_use]
    pub fn records(&self) -> &'a Records {
        self.records
    }

    /// Gives the periods of a plan's run.
    #[must_use]
    pub fn window(&self, plan: PlanId) -> Option<Window> {
        self.windows.get(plan.index()).copied().flatten()
    }

    /// Makes the same evaluator for conditions that see records in another way.
    fn seeing(&self, rows: RowsSeen) -> Oracle<'a> {
        Oracle {
            program: self.program,
            records: self.records,
            windows: self.windows.clone(),
            with: self.with.clone(),
            rows,
            memo: RefCell::default(),
        }
    }

    fn calendar_in(&self, scope: &Scope, period: &Expr) -> Result<&'a Calendar, ErrorKind> {
        let of_plan = || Some(self.program.plan(scope.plan?)?.calendar);
        let id = calendar_of(self.program, period)
            .or_else(of_plan)
            .unwrap_or(CalendarId(0));
        self.calendar(id)
    }

    fn calendar(&self, id: CalendarId) -> Result<&'a Calendar, ErrorKind> {
        self.program.calendar(id).ok_or(ErrorKind::NotEvaluable)
    }

    fn replaced(&self, target: Target) -> Option<Cell> {
        let value = self.with.get(&target)?;
        Some(self.value(value, &Scope::default()))
    }
}

/// Says whether a day is one of the days in which something is in force.
fn is_in_force(effective: Effective, day: Date) -> bool {
    effective.from.is_none_or(|from| from <= day) && effective.through.is_none_or(|through| day <= through)
}

/// Finds a value that must be there.
fn present(cell: Cell) -> Result<V, ErrorKind> {
    cell?.ok_or(ErrorKind::Missing)
}

/// No if one is no, else an error if one is, else yes.
fn all_of(conditions: impl IntoIterator<Item = Result<bool, ErrorKind>>) -> Result<bool, ErrorKind> {
    let conditions: Vec<_> = conditions.into_iter().collect();
    if conditions.contains(&Ok(false)) {
        return Ok(false);
    }
    conditions.into_iter().find(Result::is_err).unwrap_or(Ok(true))
}

/// Yes if one is yes, else an error if one is, else no.
fn one_of(conditions: impl IntoIterator<Item = Result<bool, ErrorKind>>) -> Result<bool, ErrorKind> {
    let negated = conditions
        .into_iter()
        .map(|condition| condition.map(|holds| !holds));
    all_of(negated).map(|holds| !holds)
}

/// Finds the earliest day that the records hold in the fields that begin a plan's run.
fn first_day(program: &Program, records: &Records, plan: PlanId) -> Option<Date> {
    let mut days = Vec::new();
    for (table, field) in period_fields(program, plan) {
        for row in 0..records.count(table) {
            days.extend(match records.cell(table, row, field) {
                Some(V::Date(day)) => Some(*day),
                Some(V::Period(period)) => program
                    .calendar(CalendarId(0))
                    .and_then(|civil| Some(civil.range(*period)?.from)),
                Some(_) | None => None,
            });
        }
    }
    days.into_iter().min()
}
