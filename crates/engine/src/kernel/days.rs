//! Days counted.

use std::borrow::Cow;

use guerdon_plan::calendar::{Date, DayCount as Convention};
use guerdon_plan::hir::DayCount;

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
    counted(
        from,
        through,
        count,
        call,
        |convention, from, through| match convention {
            Convention::Actual | Convention::ActualActual => {
                from.days_until(through).saturating_add(1).max(0)
            }
            Convention::Bond30360 if through < from => 0,
            Convention::Bond30360 => convention.days(from, through.next()),
        },
    )
}

/// Counts the days from one day to another, negative if that is earlier.
pub(super) fn days_between<'a>(
    from: &Vector<'a>,
    to: &Vector<'a>,
    count: DayCount,
    call: Call<'_>,
) -> Vector<'a> {
    counted(from, to, count, call, |convention, from, to| {
        convention.days(from, to)
    })
}

fn counted<'a>(
    from: &Vector<'a>,
    to: &Vector<'a>,
    count: DayCount,
    call: Call<'_>,
    days: impl Fn(Convention, Date, Date) -> i64,
) -> Vector<'a> {
    let mut masks = Masks::none(common([from, to]));
    masks.join(from);
    masks.join(to);
    let (Data::Date(from), Data::Date(to)) = (&from.data, &to.data) else {
        return masks.alone();
    };
    let convention = match count {
        DayCount::Actual => Convention::Actual,
        DayCount::Bond30360 => Convention::Bond30360,
        // Which days are worked is not among what a kernel is given.
        DayCount::Working => {
            masks.fail_all(call.number(Fault::Absent));
            return masks.alone();
        }
    };
    let one = |from, to| {
        let pair = day(&[from], 0).zip(day(&[to], 0));
        pair.map_or(0, |(from, to)| days(convention, from, to))
    };
    masks.over(Data::Number(Numbers::Scaled(Cow::Owned(zip(from, to, one)), 0)))
}
