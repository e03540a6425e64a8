//! Conditions joined.

use std::borrow::Cow;

use super::lanes::{at, fold};
use super::masks::{Masks, length};
use crate::vector::{Data, Vector};

/// What decides a joint condition whatever the other operands are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decisive {
    No,
    Yes,
}

/// No if one is no, else an error if one is, else missing if one is, else yes.
pub(super) fn all<'a>(inputs: &[Vector<'a>]) -> Vector<'a> {
    joined(inputs, Decisive::No)
}

/// Yes if one is yes, else an error if one is, else missing if one is, else no.
pub(super) fn any<'a>(inputs: &[Vector<'a>]) -> Vector<'a> {
    joined(inputs, Decisive::Yes)
}

/// The opposite.
pub(super) fn not<'a>(value: &Vector<'a>) -> Vector<'a> {
    let masks = Masks::strict(std::slice::from_ref(value));
    match flags(value) {
        Some(flags) => masks.over(Data::Bool(flags.iter().map(|flag| flag ^ 1).collect())),
        None => masks.alone(),
    }
}

/// Gives the values of a condition.
pub(super) fn flags<'v>(value: &'v Vector<'_>) -> Option<&'v [u8]> {
    match &value.data {
        Data::Bool(flags) => Some(flags),
        Data::Number(_)
        | Data::Date(_)
        | Data::Period(..)
        | Data::Text(..)
        | Data::Enum(_)
        | Data::LongEnum(_)
        | Data::Row(_)
        | Data::Nothing(_) => None,
    }
}

fn joined<'a>(inputs: &[Vector<'a>], decisive: Decisive) -> Vector<'a> {
    let lists: Option<Vec<&[u8]>> = inputs
        .iter()
        .map(|input| input.is_plain().then(|| flags(input))?)
        .collect();
    let neutral = u8::from(decisive == Decisive::No);
    if let Some(lists) = lists {
        let start: Cow<'_, [u8]> = Cow::Owned(vec![neutral]);
        let flags = lists.iter().fold(start, |all, list| match decisive {
            Decisive::No => fold(all, list, |a, b| a & b),
            Decisive::Yes => fold(all, list, |a, b| a | b),
        });
        return Vector::new(Data::Bool(Cow::Owned(flags.into_owned())));
    }
    masked(inputs, neutral)
}

fn masked<'a>(inputs: &[Vector<'a>], neutral: u8) -> Vector<'a> {
    let len = length(inputs);
    let mut masks = Masks::none(len);
    let mut out = vec![neutral; len];
    for (cell, slot) in out.iter_mut().enumerate() {
        let (mut error, mut is_missing) = (0, false);
        for input in inputs {
            let its_error = input.error(cell);
            let flag = flags(input)
                .and_then(|flags| at(flags, cell))
                .filter(|_| !input.is_missing(cell));
            match (its_error, flag) {
                (0, Some(flag)) if *flag != neutral => *slot = *flag,
                (0, Some(_)) => {}
                (0, None) => is_missing = true,
                (its_error, _) if error == 0 => error = its_error,
                (_, _) => {}
            }
        }
        if *slot == neutral && error != 0 {
            masks.set_error(cell, error);
        } else if *slot == neutral && is_missing {
            masks.set_missing(cell);
        }
    }
    masks.over(Data::Bool(Cow::Owned(out)))
}
