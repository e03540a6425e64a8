//! Comparisons.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use guerdon_plan::hir::Comparison;

use super::align::{Aligned, Fractions, align};
use super::blend::common;
use super::bounded::{compare_fractions, compare_narrow, fits};
use super::lanes::{at, zip};
use super::masks::Masks;
use crate::column::TextPool;
use crate::vector::{Data, Numbers, Vector};

/// Compares two vectors; `Equal` and `NotEqual` accept missing values, and two missing ones are equal.
pub(super) fn compare<'a>(op: Comparison, left: &Vector<'a>, right: &Vector<'a>) -> Vector<'a> {
    match op {
        Comparison::Equal | Comparison::NotEqual => equal(op, left, right),
        Comparison::Less | Comparison::LessOrEqual | Comparison::Greater | Comparison::GreaterOrEqual => {
            let mut masks = Masks::none(common([left, right]));
            masks.join(left);
            masks.join(right);
            match holds(op, &left.data, &right.data) {
                Some(flags) => masks.over(Data::Bool(Cow::Owned(flags))),
                None => masks.alone(),
            }
        }
    }
}

fn equal<'a>(op: Comparison, left: &Vector<'a>, right: &Vector<'a>) -> Vector<'a> {
    let is_equal = op == Comparison::Equal;
    let len = common([left, right]);
    let flags = holds(op, &left.data, &right.data);
    let mut masks = Masks::none(len);
    masks.join_errors(left);
    masks.join_errors(right);
    let flags = match flags {
        Some(flags) if left.missing.is_none() && right.missing.is_none() => flags,
        flags => {
            let one = |cell| match (left.is_gap(cell), right.is_gap(cell)) {
                (false, false) => flags
                    .as_deref()
                    .and_then(|flags| at(flags, cell))
                    .copied()
                    .unwrap_or(0),
                (one, other) => u8::from((one == other) == is_equal),
            };
            (0..len).map(one).collect()
        }
    };
    masks.over(Data::Bool(Cow::Owned(flags)))
}

/// Compares values cell by cell; nothing where there are no values of one kind.
fn holds(op: Comparison, left: &Data<'_>, right: &Data<'_>) -> Option<Vec<u8>> {
    Some(match (left, right) {
        (Data::Bool(a), Data::Bool(b)) | (Data::Enum(a), Data::Enum(b)) => ordered(op, a, b),
        (Data::Number(a), Data::Number(b)) => numbers(op, a, b),
        (Data::Date(a), Data::Date(b)) => ordered(op, a, b),
        (Data::Period(unit, a), Data::Period(other, b)) if unit == other => ordered(op, a, b),
        (Data::LongEnum(a), Data::LongEnum(b)) => ordered(op, a, b),
        (Data::Enum(a), Data::LongEnum(b)) => zip(a, b, |a, b| truth(op, u16::from(a).cmp(&b))),
        (Data::LongEnum(a), Data::Enum(b)) => zip(a, b, |a, b| truth(op, a.cmp(&u16::from(b)))),
        (Data::Row(a), Data::Row(b)) => ordered(op, a, b),
        (Data::Text(a, pool), Data::Text(b, other)) => texts(op, (a, pool), (b, other)),
        (Data::Nothing(_), _) | (_, Data::Nothing(_)) => return None,
        (
            Data::Bool(_)
            | Data::Number(_)
            | Data::Date(_)
            | Data::Period(..)
            | Data::Text(..)
            | Data::Enum(_)
            | Data::LongEnum(_)
            | Data::Row(_),
            _,
        ) => {
            // Values of two kinds are never equal; a checked program compares none.
            let len = if left.len() == 1 { right.len() } else { left.len() };
            vec![truth(op, Ordering::Less); len]
        }
    })
}

fn numbers(op: Comparison, left: &Numbers<'_>, right: &Numbers<'_>) -> Vec<u8> {
    match align(&[left, right]) {
        Aligned::Narrow { lists, .. } => ordered_pair(op, &lists),
        Aligned::Wide { lists, .. } => ordered_pair(op, &lists),
        Aligned::Exact(lists) => match lists.as_slice() {
            [left, right] => {
                let len = if left.len() == 1 { right.len() } else { left.len() };
                let pair = |cell| Some((at(left, cell)?, at(right, cell)?));
                let one = |cell| pair(cell).map_or(0, |(left, right)| truth(op, left.cmp(right)));
                (0..len).map(one).collect()
            }
            _ => Vec::new(),
        },
        Aligned::Ratio(parts) => match parts.as_slice() {
            [left, right] if fits(left.widths(), right.widths()) => {
                fractions(op, left, right, compare_narrow)
            }
            [left, right] => fractions(op, left, right, compare_fractions),
            _ => Vec::new(),
        },
    }
}

fn fractions(
    op: Comparison,
    left: &Fractions<'_>,
    right: &Fractions<'_>,
    compare: impl Fn((i128, i128), (i128, i128)) -> Ordering,
) -> Vec<u8> {
    let lists = [&left.nums, &left.dens, &right.nums, &right.dens];
    let len = lists
        .iter()
        .map(|list| list.len())
        .find(|len| *len != 1)
        .unwrap_or(1);
    (0..len)
        .map(|cell| truth(op, compare(left.at(cell), right.at(cell))))
        .collect()
}

fn ordered_pair<T: Copy + Ord>(op: Comparison, lists: &[Cow<'_, [T]>]) -> Vec<u8> {
    match lists {
        [left, right] => ordered(op, left, right),
        _ => Vec::new(),
    }
}

/// Compares in a loop for each operator, so that none looks at the operator for each cell.
fn ordered<T: Copy + Ord>(op: Comparison, left: &[T], right: &[T]) -> Vec<u8> {
    match op {
        Comparison::Equal => zip(left, right, |a, b| u8::from(a == b)),
        Comparison::NotEqual => zip(left, right, |a, b| u8::from(a != b)),
        Comparison::Less => zip(left, right, |a, b| u8::from(a < b)),
        Comparison::LessOrEqual => zip(left, right, |a, b| u8::from(a <= b)),
        Comparison::Greater => zip(left, right, |a, b| u8::from(a > b)),
        Comparison::GreaterOrEqual => zip(left, right, |a, b| u8::from(a >= b)),
    }
}

fn texts(
    op: Comparison,
    (a, pool): (&[u32], &Arc<TextPool>),
    (b, other): (&[u32], &Arc<TextPool>),
) -> Vec<u8> {
    if Arc::ptr_eq(pool, other) {
        return ordered(op, a, b);
    }
    let is_equality = matches!(op, Comparison::Equal | Comparison::NotEqual);
    match (a, b) {
        // One text against many: it is looked up once, and codes are compared. No code is the greatest number.
        (many, [one]) if is_equality => {
            let code = other.get(*one).and_then(|text| pool.find(text));
            ordered(op, many, &[code.unwrap_or(u32::MAX)])
        }
        ([one], many) if is_equality => {
            let code = pool.get(*one).and_then(|text| other.find(text));
            ordered(op, &[code.unwrap_or(u32::MAX)], many)
        }
        (a, b) => zip(a, b, |a, b| truth(op, pool.get(a).cmp(&other.get(b)))),
    }
}

fn truth(op: Comparison, order: Ordering) -> u8 {
    u8::from(match op {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    })
}
