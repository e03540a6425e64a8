//! The days that a run is asked for.

use guerdon::plan::Plan;
use guerdon_plan::calendar::{Calendar, Date, DateRange};

use crate::arguments::RunArguments;
use crate::output::Failure;
/// What was asked for: a period, or days.
#[derive(Clone, Copy)]
pub(crate) struct Window<'a> {
    pub period: Option<&'a str>,
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
}

impl<'a> Window<'a> {
    pub(crate) fn of(arguments: &'a RunArguments) -> Self {
        Self {
            period: arguments.period.as_deref(),
            from: arguments.from.as_deref(),
            to: arguments.to.as_deref(),
        }
    }
}

/// Reads the day by which records must have become known; refused where no record says when it did.
pub(crate) fn known_day(plan: &Plan, text: Option<&str>) -> Result<Option<Date>, Failure> {
    let known = day(text)?;
    let tables = &plan.program().tables;
    if known.is_some() && tables.iter().all(|table| table.known.is_none()) {
        return Err(Failure::NothingKnown);
    }
    Ok(known)
}

/// Gives the first day shown and the last day of the run, as far as they were asked for.
pub(crate) fn window(plan: &Plan, asked: Window<'_>) -> Result<(Option<Date>, Option<Date>), Failure> {
    if let Some(label) = asked.period {
        let range = period(plan, label).ok_or_else(|| Failure::NotA {
            given: label.to_owned(),
            wanted: "period",
            example: "a month as 2026-03, a quarter as 2026-Q1, a year as 2026",
        })?;
        return Ok((Some(range.from), range.last_day()));
    }
    Ok((day(asked.from)?, day(asked.to)?))
}

/// Reads a period in the calendars of the plans, then in the civil one.
pub(crate) fn period(plan: &Plan, label: &str) -> Option<DateRange> {
    let program = plan.program();
    let own = program
        .plans
        .iter()
        .filter_map(|plan| program.calendar(plan.calendar));
    let civil = Calendar::civil();
    own.chain([&civil])
        .find_map(|calendar| calendar.range(calendar.parse_any(label).ok()?))
}

/// Reads a day.
pub(crate) fn day(text: Option<&str>) -> Result<Option<Date>, Failure> {
    let read = |text: &str| {
        Date::parse(text).map_err(|_| Failure::NotA {
            given: text.to_owned(),
            wanted: "day",
            example: "it as 2026-03-31",
        })
    };
    text.map(read).transpose()
}
