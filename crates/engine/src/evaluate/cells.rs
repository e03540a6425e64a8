//! Cells of vectors as numbers, and vectors made cell by cell.

use std::borrow::Cow;

use crate::vector::{Data, Vector, flag};

/// Row ids, periods or cells of a vector as numbers, with what stands beside them.
pub(super) struct Numbered<'v> {
    vector: &'v Vector<'v>,
}

impl Numbered<'_> {
    /// Gives the number at a cell; none where it is missing or an error.
    pub(super) fn at(&self, cell: usize) -> Option<i64> {
        if self.vector.error(cell) != 0 || self.vector.is_missing(cell) {
            return None;
        }
        match &self.vector.data {
            Data::Row(rows) | Data::Text(rows, _) => Some(i64::from(flag(rows, cell))),
            Data::Period(_, periods) => Some(i64::from(flag(periods, cell))),
            Data::Date(days) => Some(i64::from(flag(days, cell))),
            Data::Enum(codes) | Data::Bool(codes) => Some(i64::from(flag(codes, cell))),
            Data::LongEnum(codes) => Some(i64::from(flag(codes, cell))),
            Data::Number(_) | Data::Nothing(_) => None,
        }
    }

    pub(super) fn of<'v>(vector: &'v Vector<'v>) -> Numbered<'v> {
        Numbered { vector }
    }
}

/// Puts a value at a place, where there is one.
pub(super) fn set<T>(list: &mut [T], place: usize, value: T) {
    if let Some(slot) = list.get_mut(place) {
        *slot = value;
    }
}

/// Puts masks beside values where they say anything.
pub(super) fn masked<'c>(data: Data<'c>, missing: Vec<u8>, errors: Vec<u32>) -> Vector<'c> {
    let mut vector = Vector::new(data);
    vector.missing = missing.contains(&1).then_some(Cow::Owned(missing));
    vector.errors = errors
        .iter()
        .any(|error| *error != 0)
        .then_some(Cow::Owned(errors));
    vector
}
