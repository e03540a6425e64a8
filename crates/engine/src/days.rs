//! The days that facts reach from and to.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of columns it looks for among many"
)]

mod kept;

use guerdon_plan::calendar::{Calendar, Date, PeriodKey};
use guerdon_plan::hir::Program;
use guerdon_plan::hir::axis::period_fields;
use guerdon_plan::types::PlanId;

use crate::column::{Column, ColumnData};
use crate::facts::Facts;

pub use kept::{HeldDays, KeptDays};

/// Gives the earliest day that the facts hold in the fields that begin a plan's run.
pub(crate) fn first_day(
    program: &Program,
    facts: &Facts,
    calendars: &[Calendar],
    plan: PlanId,
) -> Option<Date> {
    let fields = period_fields(program, plan);
    let days = fields.into_iter().filter_map(|(table, field)| {
        let (first, _) = ends(facts.column(table, field)?)?;
        day_of(first, calendars, End::First)
    });
    days.min()
}

/// Gives the latest day of a column of days or periods.
pub(crate) fn latest_day(column: &Column, calendars: &[Calendar]) -> Option<Date> {
    let (_, last) = ends(column)?;
    day_of(last, calendars, End::Last)
}

/// Which day of a period is meant.
#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

/// The earliest or the latest value of a column of days or periods.
enum Moment {
    Day(i32),
    Period(PeriodKey),
}

fn day_of(moment: Moment, calendars: &[Calendar], end: End) -> Option<Date> {
    match moment {
        Moment::Day(day) => Date::from_days(day),
        Moment::Period(key) => {
            let days = calendars.first()?.range(key)?;
            match end {
                End::First => Some(days.from),
                End::Last => days.last_day(),
            }
        }
    }
}

/// Gives the earliest and the latest sound value of a column of days or periods.
fn ends(column: &Column) -> Option<(Moment, Moment)> {
    let is_sound = |row: &usize| !column.is_missing(*row) && column.error(*row).is_none();
    let is_plain = column.missing().is_none() && column.errors().is_none();
    let bounds = |values: &[i32]| {
        if is_plain {
            let all = || values.iter().copied();
            return Some((all().reduce(i32::min)?, all().reduce(i32::max)?));
        }
        let sound = || {
            (0..values.len())
                .filter(is_sound)
                .filter_map(|row| values.get(row).copied())
        };
        Some((sound().min()?, sound().max()?))
    };
    match column.data() {
        ColumnData::Date(days) => {
            let (first, last) = bounds(days)?;
            Some((Moment::Day(first), Moment::Day(last)))
        }
        ColumnData::Period { unit, values } => {
            let (first, last) = bounds(values)?;
            let key = |index| Moment::Period(PeriodKey::new(*unit, index));
            Some((key(first), key(last)))
        }
        _ => None,
    }
}
