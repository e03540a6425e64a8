//! Days counted: those of the calendar, those of months of thirty, those that are worked.

use guerdon_plan::calendar::Date;
use guerdon_plan::hir::{DayCount, DayRange, Holidays};

use super::expr::number_cell;
use super::{Oracle, Scope, is_in_force};
use crate::value::{Cell, ErrorKind, Number, add, mul, sub, whole, zero};

impl Oracle<'_> {
    pub(super) fn days_in(&self, range: &DayRange, count: DayCount, scope: &Scope) -> Cell {
        let (from, through) = self.ends(range, scope)?;
        if through < from {
            return number_cell(zero());
        }
        let after = through.add_days(1).map_err(|_| ErrorKind::OutsideCalendar)?;
        number_cell(self.days_between(from, after, count)?)
    }

    pub(super) fn days_between(&self, from: Date, to: Date, count: DayCount) -> Result<Number, ErrorKind> {
        match count {
            DayCount::Actual => Ok(whole(from.days_until(to))),
            DayCount::Bond30360 if to < from => Ok(sub(&zero(), &bond_days(to, from))),
            DayCount::Bond30360 => Ok(bond_days(from, to)),
            DayCount::Working(_) if to < from => Ok(sub(&zero(), &self.days_between(to, from, count)?)),
            DayCount::Working(list) => {
                let list = self.program.holiday_list(list).ok_or(ErrorKind::NotEvaluable)?;
                let mut worked = 0_i64;
                let mut day = from;
                while day < to {
                    worked = worked.saturating_add(i64::from(is_worked(list, day)?));
                    day = day.add_days(1).map_err(|_| ErrorKind::OutsideCalendar)?;
                }
                Ok(whole(worked))
            }
        }
    }
}

/// Says whether a day is worked: a weekend day only if it is listed as worked, any other unless it is listed as off.
fn is_worked(list: &Holidays, day: Date) -> Result<bool, ErrorKind> {
    if !is_in_force(list.covers, day) {
        return Err(ErrorKind::OutsideHolidays);
    }
    Ok(match list.weekend.contains(&day.weekday()) {
        true => list.worked.contains(&day),
        false => !list.off.contains(&day),
    })
}

/// Counts days as if every month had thirty (ISDA 2006, 4.16(f)).
fn bond_days(from: Date, to: Date) -> Number {
    let thirty = |date: Date, day: u8| {
        let months = add(
            &mul(&whole(i64::from(date.year())), &whole(12)),
            &whole(i64::from(date.month())),
        );
        add(&mul(&months, &whole(30)), &whole(i64::from(day)))
    };
    let first = from.day().min(30);
    let last = if first == 30 { to.day().min(30) } else { to.day() };
    sub(&thirty(to, last), &thirty(from, first))
}
