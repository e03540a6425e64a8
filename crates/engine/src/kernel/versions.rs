//! Versions in force on a day.

use guerdon_plan::hir::{Effective, Value};

use super::blend::blend;
use super::lanes::at;
use super::masks::{Masks, length};
use super::{Call, Fault};
use crate::vector::{Data, Vector, const_vector};

/// Computes a term for the version in force in each cell; an error where none is.
///
/// Where there is one version only, the days are not looked at.
pub(super) fn by_version<'a>(
    effective: &[Effective],
    days: &Vector<'a>,
    len: usize,
    call: Call<'_>,
    of: impl Fn(usize) -> Vector<'a>,
) -> Vector<'a> {
    if effective.len() == 1 {
        of(0)
    } else {
        on_days(effective, days, len, call, of)
    }
}

/// Gives the value in force on a day; an error where none is.
pub(super) fn dated<'a>(
    versions: &[(Effective, Value)],
    inputs: &[Vector<'a>],
    call: Call<'_>,
) -> Vector<'a> {
    let Some(days) = inputs.first() else {
        return super::absent(inputs, call);
    };
    let effective: Vec<Effective> = versions.iter().map(|(effective, _)| *effective).collect();
    on_days(&effective, days, length(inputs), call, |version| {
        match versions.get(version) {
            Some((_, value)) => const_vector(value),
            None => Masks::none(1).alone(),
        }
    })
}

fn on_days<'a>(
    effective: &[Effective],
    on: &Vector<'a>,
    len: usize,
    call: Call<'_>,
    of: impl Fn(usize) -> Vector<'a>,
) -> Vector<'a> {
    let mut masks = Masks::none(len);
    masks.join(on);
    let Data::Date(days) = &on.data else {
        return masks.alone();
    };
    let find = |day: &i32| {
        effective
            .iter()
            .position(|effective| contains(effective, *day))
            .unwrap_or(effective.len())
    };
    if masks.is_plain()
        && let (Some(low), Some(high)) = (days.iter().min().map(find), days.iter().max().map(find))
        && low == high
        && low < effective.len()
    {
        // A version is a stretch of days: what is in force at both ends is so between them.
        return of(low);
    }
    let places: Vec<usize> = days.iter().map(find).collect();
    let choices: Vec<usize> = (0..len)
        .map(|cell| at(&places, cell).copied().unwrap_or(effective.len()))
        .collect();
    let results: Vec<Vector<'a>> = (0..effective.len())
        .map(|version| {
            if places.contains(&version) {
                of(version)
            } else {
                Masks::none(len).alone()
            }
        })
        .collect();
    let chosen = blend(&choices, &results.iter().collect::<Vec<_>>());
    let no_row = call.number(Fault::NoRow);
    for (cell, choice) in choices.iter().enumerate() {
        if masks.is_out(cell) {
            continue;
        }
        match (*choice == effective.len(), chosen.error(cell)) {
            (true, _) => masks.set_error(cell, no_row),
            (false, 0) if chosen.is_missing(cell) => masks.set_missing(cell),
            (false, 0) => {}
            (false, error) => masks.set_error(cell, error),
        }
    }
    masks.over(chosen.data)
}

fn contains(effective: &Effective, day: i32) -> bool {
    effective.from.is_none_or(|from| from.days() <= day)
        && effective.through.is_none_or(|through| day <= through.days())
}
