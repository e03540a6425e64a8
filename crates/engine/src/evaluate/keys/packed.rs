//! Several keys as one number for each cell, sorted by its digits.

use super::{Begins, Key, Sorted};

/// The bits of one pass over packed keys, and how many values they have.
const DIGIT: u32 = 11;
const DIGITS: usize = 1 << DIGIT;
const DIGIT_MASK: u64 = (1 << DIGIT) - 1;
/// The most values of packed keys, for each cell, that are counted one by one.
const COUNTED: usize = 4;

/// Several keys as one number for each cell, where their ranges together fit 64 bits.
pub(super) struct Packed {
    keys: Vec<u64>,
    bits: u32,
    /// The bits of the orders, which stand below those of the groups.
    order_bits: u32,
}

impl Packed {
    /// Packs the keys of cells that are in their own order.
    pub(super) fn of(cells: &[usize], groups: &[Key<'_>], orders: &[Key<'_>]) -> Option<Self> {
        if groups.is_empty() && orders.is_empty() {
            return None;
        }
        if u32::try_from(cells.len()).is_err() || !cells.is_sorted() {
            return None;
        }
        let mut packed = Self {
            keys: vec![0; cells.len()],
            bits: 0,
            order_bits: 0,
        };
        for key in groups {
            packed.add(cells, key)?;
        }
        let of_groups = packed.bits;
        for key in orders {
            packed.add(cells, key)?;
        }
        packed.order_bits = packed.bits.saturating_sub(of_groups);
        Some(packed)
    }

    /// Sorts the cells; equal ones keep their order.
    pub(super) fn sorted(self, cells: &[usize]) -> Sorted {
        let values = 1_usize.checked_shl(self.bits);
        match values.filter(|values| *values <= cells.len().saturating_mul(COUNTED)) {
            Some(values) => self.counted(cells, values),
            None => self.by_digits(cells),
        }
    }

    fn add(&mut self, cells: &[usize], key: &Key<'_>) -> Option<()> {
        let ranks = || cells.iter().map(|cell| key.rank(*cell));
        let (least, greatest) = ranks().fold((i64::MAX, i64::MIN), |(least, greatest), rank| {
            (least.min(rank), greatest.max(rank))
        });
        let bits = u64::BITS.saturating_sub(greatest.abs_diff(least).leading_zeros());
        self.bits = self.bits.checked_add(bits).filter(|bits| *bits < u64::BITS)?;
        let from = if key.is_descending { greatest } else { least };
        for (whole, rank) in self.keys.iter_mut().zip(ranks()) {
            *whole = (*whole << bits) | rank.abs_diff(from);
        }
        Some(())
    }

    /// Sorts cells by counting how often each value occurs.
    fn counted(self, cells: &[usize], values: usize) -> Sorted {
        let value = |key: &u64| usize::try_from(*key).unwrap_or(usize::MAX);
        let mut places = vec![0_usize; values];
        for key in &self.keys {
            if let Some(count) = places.get_mut(value(key)) {
                *count = count.saturating_add(1);
            }
        }
        let mut begins = vec![Begins::Nothing; cells.len()];
        let (mut next, mut group) = (0_usize, None);
        for (key, place) in (0_u64..).zip(&mut places) {
            let count = std::mem::replace(place, next);
            if let (1.., Some(slot)) = (count, begins.get_mut(next)) {
                *slot = self.begins(&mut group, key);
            }
            next = next.saturating_add(count);
        }
        let mut sorted = vec![0; cells.len()];
        for (key, cell) in self.keys.iter().zip(cells) {
            if let Some(place) = places.get_mut(value(key)) {
                if let Some(slot) = sorted.get_mut(*place) {
                    *slot = *cell;
                }
                *place = place.saturating_add(1);
            }
        }
        Sorted {
            cells: sorted,
            begins,
        }
    }

    /// Sorts digit by digit, from the lowest.
    fn by_digits(mut self, cells: &[usize]) -> Sorted {
        let mut pairs: Vec<(u64, u32)> = std::mem::take(&mut self.keys).into_iter().zip(0..).collect();
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
        let (mut before, mut group) = (None, None);
        let begins = |(key, _): &(u64, u32)| match before.replace(*key) {
            Some(before) if before == *key => Begins::Nothing,
            Some(_) | None => self.begins(&mut group, *key),
        };
        let begins = pairs.iter().map(begins).collect();
        let cell = |(_, place): (u64, u32)| usize::try_from(place).ok().and_then(|place| cells.get(place));
        Sorted {
            cells: pairs.into_iter().filter_map(cell).copied().collect(),
            begins,
        }
    }

    /// Says how the first cell with a key stands to the one before it.
    fn begins(&self, group: &mut Option<u64>, key: u64) -> Begins {
        let own = key.checked_shr(self.order_bits).unwrap_or(0);
        if group.replace(own) == Some(own) {
            Begins::Equals
        } else {
            Begins::Group
        }
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
