//! Reports: what a run found, as tables that are read row by row.
//!
//! Nothing is copied until it is asked for: a report keeps the run's columns and makes rows while it is read. Rows come
//! in a fixed order that does not depend on that of the input: plan, statement, period, payee; or plan, earn, record.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

mod accruals;
mod blocks;
mod cells;
mod checks;
mod earnings;
mod lost;
mod measures;
mod names;
mod outside;
mod parts;
mod pay;
mod problems;
mod rates;
mod strangers;
mod tables;

use std::fmt;

use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::graph::{NodeId, PlanOutput};
use guerdon_plan::hir::{Definition, PaysIn, Plan, Program};
use guerdon_plan::number::Exact;
use guerdon_plan::types::{CalendarId, DefinitionId, PlanId, Scalar, TableId};
use guerdon_syntax::Code;
use rust_decimal::Decimal;

pub use accruals::{Account, AccrualBalance, AccrualKind, AccrualRow, Charge};
pub(crate) use blocks::is_internal;
pub use blocks::{
    ActionKind, ActionRow, AwardRow, CardPart, CardRow, Event, Figure, SmartResult, SmartRow, StandingRow,
    TargetLine, TargetRow, WarningRow,
};
pub(crate) use cells::field_checks;
pub(crate) use checks::compared_kept;
pub use earnings::EarningRow;
pub(crate) use names::Names;
pub(crate) use outside::placings;
pub use parts::Depth;
pub(crate) use parts::is_change_of;
pub(crate) use problems::describe;
pub(crate) use rates::{missing_rate, rates_kept};

pub use measures::{Absence, MeasureColumn, MeasureKind, MeasureRow};
pub use pay::{PayColumn, PayRow};
pub use tables::{BlockRow, BlockTable};

use crate::column::Cell;
use crate::compiled::Compiled;
use crate::evaluate::{AxisWindow, State};
use crate::fault::Cause;
use crate::problem::Problem;
use crate::vector::Vector;

/// Holds the results of a run.
pub struct Report<'a> {
    compiled: &'a Compiled,
    state: State<'a>,
    shown_from: Option<Date>,
}

/// A value, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// The value.
    Known(Exact),
    /// An error: see [`Report::problems`].
    Unknown,
}

impl Amount {
    /// Gives the value as a decimal; none where there is an error, or where no decimal of 28 digits is exact.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Known(amount) => amount.to_decimal(),
            Self::Unknown => None,
        }
    }

    /// Gives the value as it was computed.
    pub fn exact(&self) -> Option<&Exact> {
        match self {
            Self::Known(amount) => Some(amount),
            Self::Unknown => None,
        }
    }
}

impl<'a> Report<'a> {
    pub(crate) fn new(compiled: &'a Compiled, state: State<'a>, shown_from: Option<Date>) -> Self {
        Self {
            compiled,
            state,
            shown_from,
        }
    }

    pub(crate) fn program(&self) -> &Program {
        &self.compiled.program
    }

    /// Gives the key of a record that a problem names.
    pub fn payee_key(&self, table: TableId, row: u32) -> String {
        self.key_text(table, usize::try_from(row).unwrap_or(usize::MAX))
    }

    /// Says whether every amount that should be paid is known.
    pub fn is_complete(&self) -> bool {
        !self.problems().iter().any(Problem::is_error)
    }

    /// Gives the first and last period that is shown of a plan, by name.
    pub fn shown(&self, plan: &str) -> Option<(PeriodKey, PeriodKey)> {
        let output = self.compiled.graph.outputs.iter().find(|output| {
            self.plan(output.plan)
                .is_some_and(|found| found.naming.name == plan)
        })?;
        let periods = self.shown_periods(output);
        Some((periods.first()?.1, periods.last()?.1))
    }

    /// Lists the periods of the horizon that are shown, with their places on the axis.
    fn shown_periods(&self, output: &PlanOutput) -> Vec<(usize, PeriodKey)> {
        let Some(plan) = self.plan(output.plan) else {
            return Vec::new();
        };
        let mut periods = self.horizon(output);
        periods.retain(|(_, period)| self.is_shown(plan, *period));
        periods
    }

    /// Lists the periods of the horizon, with their places on the axis.
    fn horizon(&self, output: &PlanOutput) -> Vec<(usize, PeriodKey)> {
        let AxisWindow {
            horizon_from,
            horizon_through,
            first,
            len,
        } = self.state.window(output.axis);
        let Some(plan) = self.plan(output.plan) else {
            return Vec::new();
        };
        let places = horizon_from..horizon_through.saturating_add(1).min(len);
        let key = |place: usize| {
            let index = first.checked_add(i32::try_from(place).ok()?)?;
            Some((place, PeriodKey::new(plan.unit, index)))
        };
        places.filter_map(key).collect()
    }

    fn is_shown(&self, plan: &Plan, period: PeriodKey) -> bool {
        let Some(from) = self.shown_from else { return true };
        let range = self
            .compiled
            .program
            .calendar(plan.calendar)
            .and_then(|calendar| calendar.range(period));
        range.is_none_or(|range| range.until > from)
    }

    fn plan(&self, id: PlanId) -> Option<&'a Plan> {
        self.compiled.program.plan(id)
    }

    fn definition(&self, id: DefinitionId) -> Option<&'a Definition> {
        self.compiled.program.definition(id)
    }

    fn period_label(&self, calendar: CalendarId, period: PeriodKey) -> String {
        self.names().period_label(calendar, period)
    }

    /// Gives the key of a record as text; parts of a key of several fields are joined by a slash.
    pub(crate) fn key_text(&self, table: TableId, row: usize) -> String {
        self.names().key_text(table, row)
    }

    fn cell_text(&self, cell: &Cell<'_>, scalar: Scalar) -> String {
        self.names().cell_text(cell, scalar)
    }

    pub(crate) fn names(&self) -> Names<'_> {
        Names {
            program: &self.compiled.program,
            facts: self.state.facts,
        }
    }

    fn cause(&self, number: u32) -> Cause {
        self.state.faults.cause(number)
    }

    fn full(&self, node: NodeId) -> Vector<'_> {
        self.state.full(node)
    }
}

/// Gives the code under which an error is known.
pub(crate) fn code_of(state: &State<'_>, error: u32) -> Code {
    match state.faults.cause(error) {
        Cause::Loaded(place) => {
            let problem = state
                .facts
                .problems()
                .get(usize::try_from(place).unwrap_or(usize::MAX));
            problem.map_or(Code::R0917, |problem| problem.code)
        }
        Cause::Node(_, fault) => problems::describe(fault).0,
    }
}

/// Gives a value as a person would write it, for tests.
pub(crate) fn shown_value(
    program: &Program,
    state: &State<'_>,
    vector: &Vector<'_>,
    scalar: Scalar,
) -> String {
    let names = Names {
        program,
        facts: state.facts,
    };
    match vector.cell(0) {
        Cell::Missing => "missing".to_owned(),
        Cell::Error(_) => format!("error {}", code_of(state, vector.error(0))),
        Cell::Number(number) => names.number(&number, scalar),
        cell => names.cell_text(&cell, scalar),
    }
}

/// Finds the node of a value among a plan's outputs.
pub(crate) fn node_of(output: &PlanOutput, id: DefinitionId) -> Option<NodeId> {
    output
        .values
        .iter()
        .find(|(definition, _)| *definition == id)
        .map(|(_, node)| *node)
}

fn unit_name(pays_in: PaysIn) -> String {
    match pays_in {
        PaysIn::Money(currency) => currency.to_string(),
        PaysIn::Points => "points".to_owned(),
        PaysIn::Nothing => String::new(),
    }
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("plans", &self.compiled.graph.outputs.len())
            .finish_non_exhaustive()
    }
}
