//! Single cells of vectors, and their order.

use std::cmp::Ordering;

use guerdon_plan::number::{Exact, pow10_i128};

use super::{Data, Numbers, Vector, flag};
use crate::column::Cell;

impl Vector<'_> {
    /// Gives one cell; [`Cell::Error`] holds the error's number as the mask does, 1 for the first loading problem.
    pub(crate) fn cell(&self, cell: usize) -> Cell<'_> {
        match self.error(cell) {
            0 if self.is_missing(cell) => Cell::Missing,
            0 => self.data.cell(cell),
            error => Cell::Error(error),
        }
    }

    /// Gives the number at a cell, zero where the vector holds none.
    pub(crate) fn number(&self, cell: usize) -> Exact {
        match &self.data {
            Data::Number(numbers) => numbers.exact(cell),
            Data::Bool(_)
            | Data::Date(_)
            | Data::Period(..)
            | Data::Text(..)
            | Data::Enum(_)
            | Data::LongEnum(_)
            | Data::Row(_)
            | Data::Nothing(_) => Exact::ZERO,
        }
    }
}

impl Data<'_> {
    fn cell(&self, cell: usize) -> Cell<'_> {
        match self {
            Self::Bool(values) => Cell::Bool(flag(values, cell) != 0),
            Self::Number(numbers) => Cell::Number(numbers.exact(cell)),
            Self::Date(days) => Cell::Date(flag(days, cell)),
            Self::Period(unit, indices) => Cell::Period(*unit, flag(indices, cell)),
            Self::Text(codes, pool) => Cell::Text(pool.get(flag(codes, cell)).unwrap_or_default()),
            Self::Enum(codes) => Cell::Enum(u32::from(flag(codes, cell))),
            Self::LongEnum(codes) => Cell::Enum(u32::from(flag(codes, cell))),
            Self::Row(rows) => Cell::Row(flag(rows, cell)),
            Self::Nothing(_) => Cell::Missing,
        }
    }
}

/// Compares two cells for sorting: values by their own order, after them missing ones, then errors by number.
///
/// Values of different kinds have no order of their own; the kinds' order decides, so that the order is total.
pub(crate) fn compare_cells(left: &Vector<'_>, i: usize, right: &Vector<'_>, j: usize) -> Ordering {
    if let (Data::Number(Numbers::Scaled(a, c)), Data::Number(Numbers::Scaled(b, d))) =
        (&left.data, &right.data)
        && c == d
        && left.is_plain()
        && right.is_plain()
    {
        return flag(a, i).cmp(&flag(b, j));
    }
    let standing = |vector: &Vector<'_>, cell: usize| {
        let error = vector.error(cell);
        (
            error,
            error == 0 && (vector.is_missing(cell) || matches!(vector.data, Data::Nothing(_))),
        )
    };
    match (standing(left, i), standing(right, j)) {
        ((0, false), (0, false)) => values(&left.data, i, &right.data, j),
        (left, right) => left.cmp(&right),
    }
}

/// Compares two values that are there.
pub(crate) fn values(left: &Data<'_>, i: usize, right: &Data<'_>, j: usize) -> Ordering {
    match (left, right) {
        (Data::Bool(a), Data::Bool(b)) | (Data::Enum(a), Data::Enum(b)) => flag(a, i).cmp(&flag(b, j)),
        (Data::Number(a), Data::Number(b)) => numbers(a, i, b, j),
        (Data::Date(a), Data::Date(b)) => flag(a, i).cmp(&flag(b, j)),
        (Data::Period(u, a), Data::Period(w, b)) => (u, flag(a, i)).cmp(&(w, flag(b, j))),
        (Data::Text(a, pool), Data::Text(b, other)) => {
            let (a, b) = (flag(a, i), flag(b, j));
            if std::sync::Arc::ptr_eq(pool, other) {
                a.cmp(&b)
            } else {
                pool.get(a).cmp(&other.get(b))
            }
        }
        (Data::LongEnum(a), Data::LongEnum(b)) => flag(a, i).cmp(&flag(b, j)),
        (Data::Enum(a), Data::LongEnum(b)) => u16::from(flag(a, i)).cmp(&flag(b, j)),
        (Data::LongEnum(a), Data::Enum(b)) => flag(a, i).cmp(&u16::from(flag(b, j))),
        (Data::Row(a), Data::Row(b)) => flag(a, i).cmp(&flag(b, j)),
        (
            Data::Bool(_)
            | Data::Number(_)
            | Data::Date(_)
            | Data::Period(..)
            | Data::Text(..)
            | Data::Enum(_)
            | Data::LongEnum(_)
            | Data::Row(_)
            | Data::Nothing(_),
            _,
        ) => rank(left).cmp(&rank(right)),
    }
}

/// Compares two numbers.
pub(crate) fn numbers(left: &Numbers<'_>, i: usize, right: &Numbers<'_>, j: usize) -> Ordering {
    let fast = fraction(left, i)
        .zip(fraction(right, j))
        .and_then(|(a, b)| cross(a, b));
    fast.unwrap_or_else(|| left.exact(i).cmp(&right.exact(j)))
}

fn fraction(numbers: &Numbers<'_>, cell: usize) -> Option<(i128, i128)> {
    match numbers {
        Numbers::Scaled(values, decimals) => Some((i128::from(flag(values, cell)), pow10_i128(*decimals)?)),
        Numbers::Wide(values, decimals) => Some((flag(values, cell), pow10_i128(*decimals)?)),
        Numbers::Ratio(nums, dens) => Some((flag(nums, cell), flag(dens, cell))),
        Numbers::Exact(_) => None,
    }
}

/// Compares two fractions with positive denominators, if 128 bits do.
fn cross((a, b): (i128, i128), (c, d): (i128, i128)) -> Option<Ordering> {
    if b == d {
        return Some(a.cmp(&c));
    }
    Some(a.checked_mul(d)?.cmp(&c.checked_mul(b)?))
}

fn rank(data: &Data<'_>) -> u8 {
    match data {
        Data::Bool(_) => 0,
        Data::Number(_) => 1,
        Data::Date(_) => 2,
        Data::Period(..) => 3,
        Data::Text(..) => 4,
        Data::Enum(_) | Data::LongEnum(_) => 5,
        Data::Row(_) => 6,
        Data::Nothing(_) => 7,
    }
}
