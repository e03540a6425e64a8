//! Days moved.

use std::borrow::Cow;

use guerdon_plan::calendar::{Date, MonthEnd};
use guerdon_plan::hir::MonthRule;
use guerdon_plan::number::pow10_i64;

use super::blend::common;
use super::lanes::at;
use super::masks::Masks;
use super::periods::day;
use super::{Call, Fault};
use crate::vector::{Data, Numbers, Vector};

/// Moves days by whole numbers of days.
pub(super) fn add_days<'a>(day: &Vector<'a>, days: &Vector<'a>, call: Call<'_>) -> Vector<'a> {
    moved(day, days, call, |day, count| day.add_days(count).ok())
}

/// Moves days by whole numbers of months.
pub(super) fn add_months<'a>(
    day: &Vector<'a>,
    months: &Vector<'a>,
    rule: MonthRule,
    call: Call<'_>,
) -> Vector<'a> {
    let rule = match rule {
        MonthRule::LastDay => MonthEnd::LastDay,
        MonthRule::SameDay => MonthEnd::SameDay,
    };
    moved(day, months, call, |day, count| day.add_months(count, rule).ok())
}

fn moved<'a>(
    days: &Vector<'a>,
    counts: &Vector<'a>,
    call: Call<'_>,
    by: impl Fn(Date, i64) -> Option<Date>,
) -> Vector<'a> {
    let mut masks = Masks::none(common([days, counts]));
    masks.join(days);
    masks.join(counts);
    let (Data::Date(days), Data::Number(counts)) = (&days.data, &counts.data) else {
        return masks.alone();
    };
    let len = masks.len();
    let one = |cell| match day(days, cell)
        .zip(whole(counts, cell))
        .and_then(|(day, count)| by(day, count))
    {
        Some(day) => day.days(),
        None => {
            masks.fail(cell, call.number(Fault::OutsideCalendar));
            0
        }
    };
    let moved: Vec<i32> = (0..len).map(one).collect();
    masks.over(Data::Date(Cow::Owned(moved)))
}

/// Gives a whole number of at most 64 bits.
fn whole(numbers: &Numbers<'_>, cell: usize) -> Option<i64> {
    match numbers {
        Numbers::Scaled(values, 0) => at(values, cell).copied(),
        Numbers::Scaled(values, decimals) => {
            let (value, power) = (*at(values, cell)?, pow10_i64(*decimals)?);
            (value.checked_rem(power)? == 0).then(|| value.checked_div(power))?
        }
        Numbers::Wide(..) | Numbers::Ratio(..) | Numbers::Exact(_) => {
            i64::try_from(numbers.exact(cell).to_scaled(0)?).ok()
        }
    }
}
