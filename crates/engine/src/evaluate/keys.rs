//! Orders: cells sorted by several keys, as whole columns of numbers.

use std::cmp::Ordering;

use super::lookup::Numbered;
use crate::vector::{Data, Numbers, Vector, compare_cells};

/// A key column as numbers that compare as its values do.
pub(super) struct Key {
    ranks: Vec<i64>,
    is_descending: bool,
}

impl Key {
    /// Ranks the values of a column; missing ones come first.
    pub(super) fn of(column: &Vector<'_>, len: usize, is_descending: bool) -> Self {
        Self {
            ranks: ranks(column, len),
            is_descending,
        }
    }

    pub(super) fn rank(&self, cell: usize) -> i64 {
        self.ranks.get(cell).copied().unwrap_or(i64::MIN)
    }

    /// Gives a number that grows in the key's own direction.
    fn place(&self, cell: usize) -> i64 {
        let rank = self.rank(cell);
        if self.is_descending { !rank } else { rank }
    }

    fn compare(&self, one: usize, other: usize) -> Ordering {
        self.place(one).cmp(&self.place(other))
    }
}

/// Sorts cells by keys; the cell itself comes last.
pub(super) fn sorted(len: usize, keys: &[&Key]) -> Vec<usize> {
    sorted_cells((0..len).collect(), keys)
}

/// Sorts some of the cells by keys, given in their own order; the cell itself comes last.
pub(super) fn sorted_cells(mut cells: Vec<usize>, keys: &[&Key]) -> Vec<usize> {
    if let [key] = keys {
        // A single key stands beside its cell, so that sorting need not fetch it.
        let mut pairs: Vec<(i64, usize)> = cells.iter().map(|cell| (key.place(*cell), *cell)).collect();
        if !pairs.is_sorted() {
            pairs.sort_unstable();
        }
        return pairs.into_iter().map(|(_, cell)| cell).collect();
    }
    let compare = |one: &usize, other: &usize| {
        let by_keys = keys
            .iter()
            .map(|key| key.compare(*one, *other))
            .find(|order| *order != Ordering::Equal);
        by_keys.unwrap_or_else(|| one.cmp(other))
    };
    if !cells.is_sorted_by(|one, other| compare(one, other) != Ordering::Greater) {
        cells.sort_unstable_by(compare);
    }
    cells
}

fn ranks(column: &Vector<'_>, len: usize) -> Vec<i64> {
    let numbered = Numbered::of(column);
    match &column.data {
        Data::Number(Numbers::Scaled(values, _)) => (0..len)
            .map(|cell| match column.is_missing(cell) || column.error(cell) != 0 {
                true => i64::MIN,
                false => crate::vector::flag(values, cell),
            })
            .collect(),
        Data::Number(_) => dense_ranks(column, len),
        Data::Bool(_)
        | Data::Date(_)
        | Data::Period(..)
        | Data::Text(..)
        | Data::Enum(_)
        | Data::LongEnum(_)
        | Data::Row(_)
        | Data::Nothing(_) => (0..len)
            .map(|cell| numbered.at(cell).unwrap_or(i64::MIN))
            .collect(),
    }
}

fn dense_ranks(column: &Vector<'_>, len: usize) -> Vec<i64> {
    let is_there = |cell: &usize| !column.is_missing(*cell) && column.error(*cell) == 0;
    let mut cells: Vec<usize> = (0..len).filter(is_there).collect();
    cells.sort_by(|one, other| compare_cells(column, *one, column, *other));
    let mut ranks = vec![i64::MIN; len];
    let mut rank: i64 = 0;
    let mut before = None;
    for cell in cells {
        if before.is_some_and(|before| compare_cells(column, before, column, cell) != Ordering::Equal) {
            rank = rank.saturating_add(1);
        }
        before = Some(cell);
        super::lookup::set(&mut ranks, cell, rank);
    }
    ranks
}
