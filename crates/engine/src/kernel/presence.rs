//! What is missing or an error, and what is done about it.

use std::borrow::Cow;

use super::blend::{self, common};
use super::lanes::at;
use super::logic::flags;
use super::masks::{Masks, length};
use super::{Call, Fault};
use crate::vector::{Data, Vector};

/// Says whether there is no value.
pub(super) fn is_missing<'a>(value: &Vector<'a>) -> Vector<'a> {
    let flags = match (&value.missing, &value.data) {
        (_, Data::Nothing(len)) => vec![1; *len],
        (None, _) => vec![0; value.len()],
        (Some(mask), _) => mask.iter().map(|flag| u8::from(*flag != 0)).collect(),
    };
    Vector {
        data: Data::Bool(Cow::Owned(flags)),
        missing: None,
        errors: value.errors.clone(),
    }
}

/// Gives the first operand that is there.
pub(super) fn otherwise<'a>(operands: &[Vector<'a>]) -> Vector<'a> {
    let len = length(operands);
    match operands.first() {
        Some(first) if !first.has_gaps() && (first.len() == len) => return first.clone(),
        Some(_) | None => {}
    }
    let decides = |cell, operand: &Vector<'_>| operand.error(cell) != 0 || !operand.is_gap(cell);
    let last = operands.len().saturating_sub(1);
    let choice = |cell| {
        let place = operands.iter().position(|operand| decides(cell, operand));
        place.unwrap_or(last)
    };
    let choices: Vec<usize> = (0..len).map(choice).collect();
    let operands: Vec<&Vector<'a>> = operands.iter().collect();
    blend::blend(&choices, &operands)
}

/// Gives the value, or an error where it is missing.
pub(super) fn require<'a>(value: &Vector<'a>, call: Call<'_>) -> Vector<'a> {
    if !value.has_gaps() {
        return value.clone();
    }
    let mut masks = Masks::none(value.len());
    masks.join_errors(value);
    let number = call.number(Fault::Missing);
    (0..value.len())
        .filter(|cell| value.is_gap(*cell))
        .for_each(|cell| masks.set_error(cell, number));
    masks.over(value.data.clone())
}

/// Gives the value, but none where the condition is not yes.
pub(super) fn only_where<'a>(value: &Vector<'a>, condition: &Vector<'a>) -> Vector<'a> {
    let yes = flags(condition);
    if condition.is_plain() && yes.is_some_and(|flags| !flags.contains(&0)) {
        return value.clone();
    }
    let mut masks = Masks::none(common([value, condition]));
    masks.join_errors(condition);
    for cell in 0..masks.len() {
        let holds = yes
            .and_then(|flags| at(flags, cell))
            .is_some_and(|flag| *flag != 0);
        if !holds || condition.is_missing(cell) {
            masks.set_missing(cell);
        } else if value.error(cell) != 0 {
            masks.set_error(cell, value.error(cell));
        } else if value.is_gap(cell) {
            masks.set_missing(cell);
        }
    }
    masks.over(value.data.clone())
}

/// Gives the value, but an error where the condition is no or an error.
///
/// A failed check goes before an error of the value: its reason is what the author has to say about such a case.
pub(super) fn guard<'a>(value: &Vector<'a>, condition: &Vector<'a>, call: Call<'_>) -> Vector<'a> {
    let yes = flags(condition).unwrap_or_default();
    if condition.errors.is_none() && !yes.contains(&0) {
        return value.clone();
    }
    let mut masks = Masks::strict(std::slice::from_ref(value)).widened(condition.len());
    masks.join_errors(condition);
    let number = call.number(Fault::CheckFailed);
    for cell in 0..masks.len() {
        if at(yes, cell) == Some(&0) && !condition.is_missing(cell) && condition.error(cell) == 0 {
            masks.replace_error(cell, number);
        }
    }
    masks.over(value.data.clone())
}

/// Gives the value, but an error where the other node is one.
pub(super) fn poison<'a>(value: &Vector<'a>, by: &Vector<'a>) -> Vector<'a> {
    if by.errors.is_none() {
        return value.clone();
    }
    let mut masks = Masks::strict(std::slice::from_ref(value)).widened(by.len());
    masks.join_errors(by);
    masks.over(value.data.clone())
}

/// Gives the value, or another where it is an error.
pub(super) fn recover<'a>(value: &Vector<'a>, otherwise: &Vector<'a>) -> Vector<'a> {
    if value.errors.is_none() {
        return value.clone();
    }
    let len = common([value, otherwise]);
    let choices: Vec<usize> = (0..len).map(|cell| usize::from(value.error(cell) != 0)).collect();
    blend::blend(&choices, &[value, otherwise])
}
