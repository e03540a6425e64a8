//! Periods and the days they have.

use std::borrow::Cow;

use guerdon_plan::calendar::{Calendar, Date, PeriodKey, Unit};
use guerdon_plan::graph::Outside;

use super::blend::common;
use super::lanes::{at, zip};
use super::masks::Masks;
use super::{Call, Fault};
use crate::vector::{Data, Numbers, Vector};

/// Stands for a number that was not computed yet.
const UNKNOWN: i32 = i32::MIN;

/// Gives the first days of periods.
pub(super) fn first_day<'a>(period: &Vector<'a>, calendar: Option<&Calendar>, call: Call<'_>) -> Vector<'a> {
    let mut masks = Masks::strict(std::slice::from_ref(period));
    let Data::Period(unit, indices) = &period.data else {
        return masks.alone();
    };
    let days = computed(indices, &mut masks, call, Outside::Error, |index| {
        ends(calendar, *unit, index).map(|(first, _)| first)
    });
    masks.over(Data::Date(Cow::Owned(days)))
}

/// Gives the last days of periods.
pub(super) fn last_day<'a>(period: &Vector<'a>, calendar: Option<&Calendar>, call: Call<'_>) -> Vector<'a> {
    let mut masks = Masks::strict(std::slice::from_ref(period));
    let Data::Period(unit, indices) = &period.data else {
        return masks.alone();
    };
    let days = computed(indices, &mut masks, call, Outside::Error, |index| {
        ends(calendar, *unit, index).map(|(_, last)| last)
    });
    masks.over(Data::Date(Cow::Owned(days)))
}

/// Gives the periods that contain days; days before the given first period count for it.
pub(super) fn containing<'a>(
    day: &Vector<'a>,
    calendar: Option<&Calendar>,
    unit: Unit,
    (first, outside): (Option<i32>, Outside),
    call: Call<'_>,
) -> Vector<'a> {
    let mut masks = Masks::strict(std::slice::from_ref(day));
    let Data::Date(days) = &day.data else {
        return masks.alone();
    };
    let start = first.and_then(|first| Some((first, ends(calendar, unit, first)?.0)));
    let of = |day: i32| match start {
        Some((first, start)) if day < start => Some(first),
        Some(_) | None => Some(calendar?.period_of(unit, Date::from_days(day)?)?.index),
    };
    let quick = if masks.is_plain() {
        calendar.and_then(|calendar| by_table(days, calendar, unit, start.map(|(first, _)| first)))
    } else {
        None
    };
    let indices = quick.unwrap_or_else(|| computed(days, &mut masks, call, outside, of));
    masks.over(Data::Period(unit, Cow::Owned(indices)))
}

/// Gives the periods so many later.
pub(super) fn shift<'a>(period: &Vector<'a>, by: i32, call: Call<'_>) -> Vector<'a> {
    let mut masks = Masks::strict(std::slice::from_ref(period));
    let Data::Period(unit, indices) = &period.data else {
        return masks.alone();
    };
    let moved = |(cell, index): (usize, &i32)| {
        index.checked_add(by).unwrap_or_else(|| {
            masks.fail(cell, call.number(Fault::OutsideCalendar));
            0
        })
    };
    let moved: Vec<i32> = indices.iter().enumerate().map(moved).collect();
    masks.over(Data::Period(*unit, Cow::Owned(moved)))
}

/// Counts months from one month to another.
pub(super) fn months_between<'a>(from: &Vector<'a>, to: &Vector<'a>) -> Vector<'a> {
    let mut masks = Masks::none(common([from, to]));
    masks.join(from);
    masks.join(to);
    let (Data::Period(_, from), Data::Period(_, to)) = (&from.data, &to.data) else {
        return masks.alone();
    };
    let months = zip(from, to, |from, to| i64::from(to).wrapping_sub(i64::from(from)));
    masks.over(Data::Number(Numbers::Scaled(Cow::Owned(months), 0)))
}

/// Says whether days, or all days of periods, lie between two days.
pub(super) fn within<'a>(
    value: &Vector<'a>,
    from: &Vector<'a>,
    through: &Vector<'a>,
    calendar: Option<&Calendar>,
    call: Call<'_>,
) -> Vector<'a> {
    let mut masks = Masks::none(common([value, from, through]));
    [value, from, through]
        .into_iter()
        .for_each(|input| masks.join(input));
    let (Data::Date(begin), Data::Date(end)) = (&from.data, &through.data) else {
        return masks.alone();
    };
    let flags = match &value.data {
        Data::Date(days) => between(days, days, begin, end),
        Data::Period(unit, indices) => {
            let mut its = Masks::strict(std::slice::from_ref(value));
            let firsts = computed(indices, &mut its, call, Outside::Error, |index| {
                Some(ends(calendar, *unit, index)?.0)
            });
            let lasts = computed(indices, &mut its, call, Outside::Error, |index| {
                Some(ends(calendar, *unit, index)?.1)
            });
            masks.join_errors(&its.over(Data::Nothing(indices.len())));
            between(&firsts, &lasts, begin, end)
        }
        Data::Bool(_)
        | Data::Number(_)
        | Data::Text(..)
        | Data::Enum(_)
        | Data::LongEnum(_)
        | Data::Row(_)
        | Data::Nothing(_) => return masks.alone(),
    };
    masks.over(Data::Bool(Cow::Owned(flags)))
}

fn between(firsts: &[i32], lasts: &[i32], from: &[i32], through: &[i32]) -> Vec<u8> {
    let begins = zip(firsts, from, |first, from| u8::from(from <= first));
    let ends = zip(lasts, through, |last, through| u8::from(last <= through));
    zip(&begins, &ends, |begins, ends| begins & ends)
}

fn ends(calendar: Option<&Calendar>, unit: Unit, index: i32) -> Option<(i32, i32)> {
    let range = calendar?.range(PeriodKey::new(unit, index))?;
    Some((range.from.days(), range.last_day()?.days()))
}

/// Gives the periods of days by a table of all days from the first to the last; nothing where that would be long, or
/// where a day between them has no period.
fn by_table(days: &[i32], calendar: &Calendar, unit: Unit, first: Option<i32>) -> Option<Vec<i32>> {
    let (low, high) = ends_of(days)?;
    let span = usize::try_from(i64::from(high).wrapping_sub(i64::from(low))).ok()?;
    if span >= days.len() {
        return None;
    }
    let mut table: Vec<i32> = Vec::with_capacity(span.saturating_add(1));
    while table.len() <= span {
        let day = low.checked_add(i32::try_from(table.len()).ok()?)?;
        let period = calendar.period_of(unit, Date::from_days(day)?)?;
        let until = calendar.range(period)?.until.days();
        let stretch = usize::try_from(until.checked_sub(day)?).ok()?;
        let index = first.map_or(period.index, |first| period.index.max(first));
        table.resize(table.len().saturating_add(stretch), index);
    }
    Some(looked_up(days, low, &table))
}

/// Computes a number from each number by way of all numbers from the least to the greatest; nothing where those are
/// many, or one of them has no result.
fn by_stretch(values: &[i32], of: impl Fn(i32) -> Option<i32>) -> Option<Vec<i32>> {
    let (low, high) = ends_of(values)?;
    let span = usize::try_from(i64::from(high).wrapping_sub(i64::from(low))).ok()?;
    if span.saturating_mul(16) > values.len() {
        return None;
    }
    let table: Option<Vec<i32>> = (low..=high).map(of).collect();
    Some(looked_up(values, low, &table?))
}

fn ends_of(values: &[i32]) -> Option<(i32, i32)> {
    let low = values.iter().copied().reduce(i32::min)?;
    Some((low, values.iter().copied().reduce(i32::max)?))
}

/// Looks numbers up in a table that begins with the least of them.
fn looked_up(values: &[i32], low: i32, table: &[i32]) -> Vec<i32> {
    let place = |value: &i32| usize::try_from(value.wrapping_sub(low).cast_unsigned()).unwrap_or(usize::MAX);
    let one = |value| table.get(place(value)).copied().unwrap_or_default();
    values.iter().map(one).collect()
}

/// Computes a number from each number, once for each where they lie close together; none is a day or period outside
/// the calendar, which makes the cell an error or missing.
fn computed(
    values: &[i32],
    masks: &mut Masks<'_>,
    call: Call<'_>,
    outside: Outside,
    of: impl Fn(i32) -> Option<i32>,
) -> Vec<i32> {
    if masks.is_plain()
        && let Some(all) = by_stretch(values, &of)
    {
        return all;
    }
    let used = || {
        values
            .iter()
            .enumerate()
            .filter(|(cell, _)| !masks.is_out(*cell))
            .map(|(_, value)| *value)
    };
    let (low, high) = (used().min().unwrap_or(0), used().max().unwrap_or(0));
    let span = usize::try_from(i64::from(high).wrapping_sub(i64::from(low))).unwrap_or(usize::MAX);
    let mut known = if span < values.len().saturating_mul(2) {
        vec![UNKNOWN; span.saturating_add(1)]
    } else {
        Vec::new()
    };
    let mut out = Vec::with_capacity(values.len());
    for (cell, value) in values.iter().enumerate() {
        let place = usize::try_from(i64::from(*value).wrapping_sub(i64::from(low))).unwrap_or(usize::MAX);
        let slot = known.get_mut(place);
        if let Some(found) = &slot
            && **found != UNKNOWN
        {
            out.push(**found);
            continue;
        }
        let result = if masks.is_out(cell) { Some(0) } else { of(*value) };
        match (slot, result) {
            (Some(slot), Some(result)) if !masks.is_out(cell) => *slot = result,
            (_, Some(_)) => {}
            (_, None) => match outside {
                Outside::Error | Outside::ErrorBesideRun => {
                    masks.fail(cell, call.number(Fault::OutsideCalendar))
                }
                Outside::Missing => masks.set_missing(cell),
            },
        }
        out.push(result.unwrap_or(0));
    }
    out
}

/// Gives the day of a cell, if it is one.
pub(super) fn day(days: &[i32], cell: usize) -> Option<Date> {
    Date::from_days(*at(days, cell)?)
}
