//! Values with exceptions.

use guerdon_plan::graph::Alternative;

use super::blend::blend;
use super::lanes::at;
use super::logic::flags;
use super::masks::{Masks, length};
use super::{Call, Fault};
use crate::vector::{Vector, compare_cells};

/// Whether an exception applies to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Applies {
    No,
    Yes,
    Error(u32),
}

/// What stands for a cell.
enum Outcome {
    /// The normal value (0), or that of the exception with this position from 1.
    Source(usize),
    /// An error.
    Error(u32),
}

/// Gives the normal value, or that of the exceptions that apply and are not outranked, which must agree.
///
/// The parts are condition and value of each exception in turn.
pub(super) fn prefer<'a>(
    exceptions: &[Alternative],
    normal: &Vector<'a>,
    parts: &[Vector<'a>],
    call: Call<'_>,
) -> Vector<'a> {
    let (whens, values): (Vec<&Vector<'a>>, Vec<&Vector<'a>>) = parts
        .chunks_exact(2)
        .filter_map(|pair| {
            if let [when, value] = pair {
                Some((when, value))
            } else {
                None
            }
        })
        .unzip();
    let is_never =
        |when: &&Vector<'_>| when.is_plain() && flags(when).is_some_and(|flags| !flags.contains(&1));
    if whens.iter().all(is_never) {
        return normal.clone();
    }
    let sources: Vec<&Vector<'a>> = [normal].into_iter().chain(values.iter().copied()).collect();
    let len = [length(parts), normal.len()]
        .into_iter()
        .find(|len| *len != 1)
        .unwrap_or(1);
    let mut failed = Vec::new();
    let choices: Vec<usize> = (0..len)
        .map(|cell| match decided(exceptions, &whens, &values, cell, call) {
            Outcome::Source(place) => place,
            Outcome::Error(error) => {
                failed.push((cell, error));
                0
            }
        })
        .collect();
    let chosen = blend(&choices, &sources);
    if failed.is_empty() {
        chosen
    } else {
        with_errors(chosen, &failed)
    }
}

fn decided(
    exceptions: &[Alternative],
    whens: &[&Vector<'_>],
    values: &[&Vector<'_>],
    cell: usize,
    call: Call<'_>,
) -> Outcome {
    let is_outranked = |place: usize| {
        let outranks = |(one, when): (&Alternative, &&Vector<'_>)| {
            one.over.contains(&place) && applies(when, cell) == Applies::Yes
        };
        exceptions.iter().zip(whens).any(outranks)
    };
    let mut first: Option<(usize, &Vector<'_>)> = None;
    let mut disagree = false;
    for (place, (when, value)) in whens.iter().zip(values).enumerate() {
        let applies = applies(when, cell);
        if applies == Applies::No || is_outranked(place) {
            continue;
        }
        if let Applies::Error(error) = applies {
            return Outcome::Error(error);
        }
        if value.error(cell) != 0 {
            return Outcome::Error(value.error(cell));
        }
        match first {
            None => first = Some((place, value)),
            Some((_, first)) => disagree = disagree || compare_cells(first, cell, value, cell).is_ne(),
        }
    }
    match first {
        Some(_) if disagree => Outcome::Error(call.number(Fault::Disagree)),
        Some((place, _)) => Outcome::Source(place.saturating_add(1)),
        None => Outcome::Source(0),
    }
}

fn applies(when: &Vector<'_>, cell: usize) -> Applies {
    match when.error(cell) {
        0 if when.is_gap(cell) => Applies::No,
        0 if flags(when)
            .and_then(|flags| at(flags, cell))
            .is_some_and(|flag| *flag != 0) =>
        {
            Applies::Yes
        }
        0 => Applies::No,
        error => Applies::Error(error),
    }
}

fn with_errors<'a>(chosen: Vector<'a>, failed: &[(usize, u32)]) -> Vector<'a> {
    // The masks of the cells that failed are those of the normal value, which no longer counts.
    let mut masks = Masks::none(chosen.len());
    let mut failed = failed.iter().peekable();
    for cell in 0..chosen.len() {
        if let Some((_, error)) = failed.next_if(|(place, _)| *place == cell) {
            masks.set_error(cell, *error);
        } else if chosen.error(cell) != 0 {
            masks.set_error(cell, chosen.error(cell));
        } else if chosen.is_gap(cell) {
            masks.set_missing(cell);
        }
    }
    masks.over(chosen.data)
}
