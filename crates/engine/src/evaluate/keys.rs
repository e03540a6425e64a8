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
    if cells.len() >= FEW
        && let Some(packed) = Packed::of(&cells, keys)
    {
        return packed.sorted(&cells);
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

/// Below so many cells comparing them is as quick as anything.
const FEW: usize = 256;
/// The bits of one pass over packed keys, and how many values they have.
const DIGIT: u32 = 11;
const DIGITS: usize = 1 << DIGIT;
const DIGIT_MASK: u64 = (1 << DIGIT) - 1;

/// Several keys as one number for each cell, where their ranges together fit 64 bits.
struct Packed {
    keys: Vec<u64>,
    bits: u32,
}

impl Packed {
    /// Packs the keys of cells that are in their own order.
    fn of(cells: &[usize], keys: &[&Key]) -> Option<Self> {
        if keys.is_empty() || u32::try_from(cells.len()).is_err() || !cells.is_sorted() {
            return None;
        }
        let mut packed = Self {
            keys: vec![0; cells.len()],
            bits: 0,
        };
        for key in keys {
            let places = || cells.iter().map(|cell| key.place(*cell));
            let (least, greatest) = (places().min()?, places().max()?);
            let bits = u64::BITS.saturating_sub(greatest.abs_diff(least).leading_zeros());
            packed.bits = packed.bits.checked_add(bits).filter(|bits| *bits < u64::BITS)?;
            for (whole, place) in packed.keys.iter_mut().zip(places()) {
                *whole = (*whole << bits) | place.abs_diff(least);
            }
        }
        Some(packed)
    }

    /// Sorts digit by digit, from the lowest; equal cells keep their order.
    fn sorted(self, cells: &[usize]) -> Vec<usize> {
        let mut pairs: Vec<(u64, u32)> = self.keys.into_iter().zip(0..).collect();
        if !pairs.is_sorted_by_key(|(key, _)| *key) {
            let mut spare = vec![(0, 0); pairs.len()];
            let mut shift = 0_u32;
            while shift < self.bits {
                if pass(&pairs, &mut spare, shift) {
                    std::mem::swap(&mut pairs, &mut spare);
                }
                shift = shift.saturating_add(DIGIT);
            }
        }
        let cell = |(_, place): (u64, u32)| usize::try_from(place).ok().and_then(|place| cells.get(place));
        pairs.into_iter().filter_map(cell).copied().collect()
    }
}

/// Puts pairs in the order of one digit; says whether there was anything to do.
fn pass(from: &[(u64, u32)], to: &mut [(u64, u32)], shift: u32) -> bool {
    let digit = |key: u64| usize::try_from((key >> shift) & DIGIT_MASK).unwrap_or(0);
    let mut places = [0_usize; DIGITS];
    for (key, _) in from {
        if let Some(count) = places.get_mut(digit(*key)) {
            *count = count.saturating_add(1);
        }
    }
    if places.contains(&from.len()) {
        return false;
    }
    let mut next = 0_usize;
    for place in &mut places {
        next = next.saturating_add(std::mem::replace(place, next));
    }
    for pair in from {
        if let Some(place) = places.get_mut(digit(pair.0)) {
            if let Some(slot) = to.get_mut(*place) {
                *slot = *pair;
            }
            *place = place.saturating_add(1);
        }
    }
    true
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_comparing(cells: &[usize], keys: &[Key]) -> Vec<usize> {
        let mut sorted = cells.to_vec();
        sorted.sort_by_key(|cell| keys.iter().map(|key| key.place(*cell)).collect::<Vec<_>>());
        sorted
    }

    proptest! {
        #[test]
        fn many_cells_are_in_the_order_of_their_keys_and_then_their_own(
            ranks in proptest::collection::vec((0_i64..3, -2_000_i64..2_000, any::<i64>()), 256..700),
            descending: [bool; 3],
            wide: bool,
        ) {
            let key = |rank: fn(&(i64, i64, i64)) -> i64, is_descending| Key {
                ranks: ranks.iter().map(rank).collect(),
                is_descending,
            };
            let mut keys = vec![key(|ranks| ranks.0, descending[0]), key(|ranks| ranks.1, descending[1])];
            if wide {
                keys.push(key(|ranks| ranks.2, descending[2]));
            }
            let cells: Vec<usize> = (0..ranks.len()).filter(|cell| cell % 7 != 3 || wide).collect();
            let sorted = sorted_cells(cells.clone(), &keys.iter().collect::<Vec<_>>());
            prop_assert_eq!(sorted, by_comparing(&cells, &keys));
        }
    }
}
