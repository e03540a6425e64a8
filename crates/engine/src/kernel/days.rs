//! Days counted.

use std::borrow::Cow;

use guerdon_plan::calendar::{Date, DateRange, DayCount as Convention, WorkingDays};
use guerdon_plan::hir::DayCount;
use guerdon_plan::types::HolidaysId;

use super::blend::common;
use super::lanes::zip;
use super::masks::Masks;
use super::periods::day;
use super::{Call, Fault};
use crate::vector::{Data, Numbers, Vector};

/// Counts the days of a range that ends with a day: none if it ends before it begins.
pub(super) fn days_in<'a>(
    from: &Vector<'a>,
    through: &Vector<'a>,
    count: DayCount,
    call: Call<'_>,
) -> Vector<'a> {
    let convention = match count {
        DayCount::Actual => Convention::Actual,
        DayCount::Bond30360 => Convention::Bond30360,
        DayCount::Working(list) => {
            let days =
                |list: &WorkingDays, from, through| list.count_known(DateRange::through(from, through));
            return worked(from, through, list, call, days);
        }
    };
    counted(from, through, |from, through| match convention {
        Convention::Actual | Convention::ActualActual => from.days_until(through).saturating_add(1).max(0),
        Convention::Bond30360 if through < from => 0,
        Convention::Bond30360 => convention.days(from, through.next()),
    })
}

/// Counts the days from one day to another, negative if that is earlier.
pub(super) fn days_between<'a>(
    from: &Vector<'a>,
    to: &Vector<'a>,
    count: DayCount,
    call: Call<'_>,
) -> Vector<'a> {
    let convention = match count {
        DayCount::Actual => Convention::Actual,
        DayCount::Bond30360 => Convention::Bond30360,
        DayCount::Working(list) => return worked(from, to, list, call, worked_between),
    };
    counted(from, to, |from, to| convention.days(from, to))
}

/// Counts the working days from one day to another: the first counts, the second does not.
fn worked_between(list: &WorkingDays, from: Date, to: Date) -> Option<i64> {
    if to < from {
        let days = list.count_known(DateRange {
            from: to,
            until: from,
        })?;
        return Some(days.saturating_neg());
    }
    list.count_known(DateRange { from, until: to })
}

fn counted<'a>(from: &Vector<'a>, to: &Vector<'a>, days: impl Fn(Date, Date) -> i64) -> Vector<'a> {
    let mut masks = Masks::none(common([from, to]));
    masks.join(from);
    masks.join(to);
    let (Data::Date(from), Data::Date(to)) = (&from.data, &to.data) else {
        return masks.alone();
    };
    let one = |from, to| {
        let pair = day(&[from], 0).zip(day(&[to], 0));
        pair.map_or(0, |(from, to)| days(from, to))
    };
    masks.over(Data::Number(Numbers::Scaled(Cow::Owned(zip(from, to, one)), 0)))
}

fn worked<'a>(
    from: &Vector<'a>,
    to: &Vector<'a>,
    list: HolidaysId,
    call: Call<'_>,
    days: impl Fn(&WorkingDays, Date, Date) -> Option<i64>,
) -> Vector<'a> {
    let mut masks = Masks::none(common([from, to]));
    masks.join(from);
    masks.join(to);
    let (Data::Date(from), Data::Date(to)) = (&from.data, &to.data) else {
        return masks.alone();
    };
    let Some(list) = call.context.tables.holidays(list) else {
        masks.fail_all(call.number(Fault::Absent));
        return masks.alone();
    };
    let len = masks.len();
    let one = |cell| {
        let count = day(from, cell)
            .zip(day(to, cell))
            .and_then(|(from, to)| days(list, from, to));
        count.unwrap_or_else(|| {
            masks.fail(cell, call.number(Fault::OutsideHolidays));
            0
        })
    };
    let counts: Vec<i64> = (0..len).map(one).collect();
    masks.over(Data::Number(Numbers::Scaled(Cow::Owned(counts), 0)))
}
