//! Loops over lists that hold one value for each cell, or one for all.

use std::borrow::Cow;

/// Computes one list from two.
pub(super) fn zip<A: Copy, B: Copy, C>(left: &[A], right: &[B], term: impl Fn(A, B) -> C) -> Vec<C> {
    match (left, right) {
        (left, [b]) => left.iter().map(|a| term(*a, *b)).collect(),
        ([a], right) => right.iter().map(|b| term(*a, *b)).collect(),
        (left, right) => left.iter().zip(right).map(|(a, b)| term(*a, *b)).collect(),
    }
}

/// Collects values, if there are all of them; room is made once.
pub(super) fn each<T>(values: impl ExactSizeIterator<Item = Option<T>>) -> Option<Vec<T>> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        all.push(value?);
    }
    Some(all)
}

/// Takes a further list into one, in place where it can.
pub(super) fn fold<'v, A: Copy, B: Copy>(
    all: Cow<'v, [A]>,
    next: &[B],
    term: impl Fn(A, B) -> A,
) -> Cow<'v, [A]> {
    let is_in_place = next.len() == all.len();
    match (all, next) {
        (Cow::Owned(mut all), [b]) => {
            all.iter_mut().for_each(|a| *a = term(*a, *b));
            Cow::Owned(all)
        }
        (Cow::Owned(mut all), next) if is_in_place => {
            all.iter_mut().zip(next).for_each(|(a, b)| *a = term(*a, *b));
            Cow::Owned(all)
        }
        (Cow::Owned(all), next) => Cow::Owned(zip(&all, next, term)),
        (Cow::Borrowed(all), next) => Cow::Owned(zip(all, next, term)),
    }
}

/// Picks from the first list where the choice is not 0, else from the second.
pub(super) fn select<T: Clone>(choice: &[u8], yes: &[T], no: &[T]) -> Cow<'static, [T]> {
    let pick = |choice: &u8, yes: &T, no: &T| if *choice != 0 { yes.clone() } else { no.clone() };
    match (yes, no) {
        ([yes], [no]) => choice.iter().map(|choice| pick(choice, yes, no)).collect(),
        ([yes], no) => choice
            .iter()
            .zip(no)
            .map(|(choice, no)| pick(choice, yes, no))
            .collect(),
        (yes, [no]) => choice
            .iter()
            .zip(yes)
            .map(|(choice, yes)| pick(choice, yes, no))
            .collect(),
        (yes, no) => {
            let both = yes.iter().zip(no);
            choice
                .iter()
                .zip(both)
                .map(|(choice, (yes, no))| pick(choice, yes, no))
                .collect()
        }
    }
}

/// Gives the value of a cell.
pub(super) fn at<T>(list: &[T], cell: usize) -> Option<&T> {
    match list {
        [one] => Some(one),
        many => many.get(cell),
    }
}

/// Multiplies, if 128 bits do; quickly where both factors have 64.
pub(super) fn times(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a).wrapping_mul(i128::from(b))),
        (_, _) => a.checked_mul(b),
    }
}
