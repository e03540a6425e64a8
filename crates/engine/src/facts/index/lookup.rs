//! From the words of keys to places among records.

use std::cmp::Ordering;
use std::ops::Range;

use super::super::words::Words;
use super::{filled, place_in};
use crate::column::Column;
use crate::error::Error;

/// From the words of a key to a place: a row id, or the place of a group's first record.
#[derive(Clone, Default)]
pub(super) enum Lookup {
    #[default]
    Nothing,
    /// Every key finds the first record.
    Always,
    /// A table over the product of the words' ranges; without one, slots are places.
    Direct {
        ranges: Vec<(i64, i64)>,
        places: Option<Vec<u32>>,
    },
    /// Open addressing; the words are compared with those of the record.
    Hashed { places: Vec<u32> },
    /// The records are in the order of the words.
    Sorted { places: u32 },
}

/// Marks a slot without a place; never leaves the index.
pub(super) const EMPTY: u32 = u32::MAX;

/// The longest run of taken slots before hashing is given up: keys made to collide must not slow a load down.
const LONGEST_RUN: usize = 512;

/// How many keys are looked up at a time.
const BLOCK: usize = 4096;

impl Lookup {
    /// Chooses a table over the words' ranges where that is small, else hashing, else search in the order of the
    /// words; `record` gives the record at a place.
    pub(super) fn of(own: &[Words<'_>], keyed: usize, record: impl Fn(u32) -> u32) -> Result<Lookup, Error> {
        if keyed == 0 {
            return Ok(Lookup::Nothing);
        }
        let places = u32::try_from(keyed).unwrap_or(EMPTY);
        if let Some(ranges) = ranges(own, keyed) {
            return direct(own, ranges, places, record);
        }
        Ok(hashed(own, places, record)?.unwrap_or(Lookup::Sorted { places }))
    }

    /// Does the same where places are records.
    pub(super) fn of_rows(own: &[Words<'_>], keyed: usize) -> Result<Lookup, Error> {
        match ranges(own, keyed) {
            Some(ranges) if keyed > 0 && is_dense(own, &ranges, keyed) => {
                Ok(Lookup::Direct { ranges, places: None })
            }
            Some(_) | None => Lookup::of(own, keyed, |place| place),
        }
    }

    /// Finds the place of one key; `compare` compares the words of the record at a place with the key's.
    pub(super) fn place(&self, words: &[i64], compare: impl Fn(u32) -> Option<Ordering>) -> Option<u32> {
        let is_here = |place: u32| compare(place) == Some(Ordering::Equal);
        let place = match self {
            Lookup::Nothing | Lookup::Always => EMPTY,
            Lookup::Direct { ranges, places } => at_slot(places.as_deref(), direct_slot(ranges, words)?),
            Lookup::Hashed { places } => *places.get(probe(places, words, is_here)?)?,
            Lookup::Sorted { places } => {
                let first = partition(*places, |place| compare(place).is_some_and(Ordering::is_lt));
                if first < *places && is_here(first) {
                    first
                } else {
                    EMPTY
                }
            }
        };
        Some(place).filter(|place| *place != EMPTY)
    }

    /// Finds the places of many keys, where a table does it: part by part over blocks of them.
    pub(super) fn places(
        &self,
        theirs: &[Words<'_>],
        key: &[&Column],
        rows: usize,
    ) -> Option<Result<Vec<u32>, Error>> {
        let Lookup::Direct { ranges, places } = self else {
            return None;
        };
        let mut found = match filled(rows, EMPTY) {
            Ok(found) => found,
            Err(error) => return Some(Err(error)),
        };
        let mut slots = vec![0; rows.min(BLOCK)];
        for (block, found) in found.chunks_mut(BLOCK).enumerate() {
            let from = block.saturating_mul(BLOCK);
            let slots = slots.get_mut(..found.len()).unwrap_or_default();
            slots.fill(0);
            let parts = ranges.iter().zip(theirs.iter().zip(key));
            for (range, (words, column)) in parts {
                advance(
                    slots,
                    *range,
                    words,
                    column,
                    from..from.saturating_add(found.len()),
                );
            }
            for (place, slot) in found.iter_mut().zip(slots.iter()) {
                *place = match *slot {
                    usize::MAX => EMPTY,
                    slot => at_slot(places.as_deref(), slot),
                };
            }
        }
        Some(Ok(found))
    }

    pub(super) fn heap_bytes(&self) -> usize {
        match self {
            Lookup::Direct {
                places: Some(places), ..
            }
            | Lookup::Hashed { places } => places.capacity().saturating_mul(4),
            Lookup::Direct { places: None, .. }
            | Lookup::Nothing
            | Lookup::Always
            | Lookup::Sorted { .. } => 0,
        }
    }
}

fn at_slot(places: Option<&[u32]>, slot: usize) -> u32 {
    match places {
        Some(places) => places.get(slot).copied().unwrap_or(EMPTY),
        None => u32::try_from(slot).unwrap_or(EMPTY),
    }
}

/// Moves the slots of rows on by a further part of their keys; a slot that does not exist is the greatest number.
fn advance(
    slots: &mut [usize],
    (least, count): (i64, i64),
    words: &Words<'_>,
    column: &Column,
    rows: Range<usize>,
) {
    let (from, count) = (rows.start, usize::try_from(count).unwrap_or(0));
    words.each(rows, column.len() == 1, |place, word| {
        // What lies below the least wraps to far above the greatest.
        let offset = word.map_or(u64::MAX, |word| word.wrapping_sub(least).cast_unsigned());
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        if let Some(slot) = slots.get_mut(place) {
            *slot = if offset < count && *slot != usize::MAX {
                slot.wrapping_mul(count).wrapping_add(offset)
            } else {
                usize::MAX
            };
        }
    });
    if column.missing().is_some() {
        let gaps = slots.iter_mut().enumerate();
        gaps.filter(|(place, _)| column.is_missing(place_in(column, from.saturating_add(*place))))
            .for_each(|(_, slot)| *slot = usize::MAX);
    }
}

/// Gives least word and number of words of each part, if their product is not much larger than the table.
fn ranges(own: &[Words<'_>], keyed: usize) -> Option<Vec<(i64, i64)>> {
    let mut slots = 1_usize;
    let mut ranges = Vec::new();
    for part in own {
        let words = || (0..keyed).filter_map(|row| part.word(row));
        let (least, greatest) = (words().min()?, words().max()?);
        let count = greatest.checked_sub(least)?.checked_add(1)?;
        slots = slots.checked_mul(usize::try_from(count).ok()?)?;
        if slots > keyed.saturating_mul(8).saturating_add(1024) {
            return None;
        }
        ranges.push((least, count));
    }
    Some(ranges)
}

/// Counts the slots of a table over ranges.
fn slots_of(ranges: &[(i64, i64)]) -> usize {
    ranges
        .iter()
        .map(|(_, count)| usize::try_from(*count).unwrap_or(0))
        .fold(1, usize::saturating_mul)
}

/// Says whether every record's slot is its own number, and there are no others.
fn is_dense(own: &[Words<'_>], ranges: &[(i64, i64)], keyed: usize) -> bool {
    let mut words = vec![0; own.len()];
    let mut is_own = |row: usize| {
        let record = u32::try_from(row).unwrap_or(EMPTY);
        own_words_at(own, record, &mut words) && direct_slot(ranges, &words) == Some(row)
    };
    slots_of(ranges) == keyed && (0..keyed).all(&mut is_own)
}

fn direct(
    own: &[Words<'_>],
    ranges: Vec<(i64, i64)>,
    count: u32,
    record: impl Fn(u32) -> u32,
) -> Result<Lookup, Error> {
    let mut places = filled(slots_of(&ranges), EMPTY)?;
    let mut words = vec![0; own.len()];
    for place in 0..count {
        if own_words_at(own, record(place), &mut words)
            && let Some(slot) = direct_slot(&ranges, &words).and_then(|slot| places.get_mut(slot))
            && *slot == EMPTY
        {
            *slot = place;
        }
    }
    let places = Some(places);
    Ok(Lookup::Direct { ranges, places })
}

fn direct_slot(ranges: &[(i64, i64)], words: &[i64]) -> Option<usize> {
    let mut slot = 0_i64;
    for ((least, count), word) in ranges.iter().zip(words) {
        let offset = word
            .checked_sub(*least)
            .filter(|offset| (0..*count).contains(offset))?;
        slot = slot.checked_mul(*count)?.checked_add(offset)?;
    }
    usize::try_from(slot).ok()
}

fn hashed(own: &[Words<'_>], count: u32, record: impl Fn(u32) -> u32) -> Result<Option<Lookup>, Error> {
    let slots = usize::try_from(count)
        .unwrap_or(usize::MAX)
        .saturating_mul(2)
        .next_power_of_two();
    let mut places = filled(slots, EMPTY)?;
    let mut words = vec![0; own.len()];
    let mut others = vec![0; own.len()];
    for place in 0..count {
        if !own_words_at(own, record(place), &mut words) {
            continue;
        }
        let is_same = |other: u32| own_words_at(own, record(other), &mut others) && others == words;
        let Some(slot) = probe(&places, &words, is_same).and_then(|slot| places.get_mut(slot)) else {
            return Ok(None);
        };
        if *slot == EMPTY {
            *slot = place;
        }
    }
    Ok(Some(Lookup::Hashed { places }))
}

/// Finds the slot that holds the words, or the empty one where they would go; `None` after too long a run.
fn probe(places: &[u32], words: &[i64], mut is_here: impl FnMut(u32) -> bool) -> Option<usize> {
    let mask = places.len().checked_sub(1)?;
    let start = usize::try_from(hash(words) >> 1).ok()?;
    for step in 0..LONGEST_RUN {
        let slot = start.wrapping_add(step) & mask;
        let place = *places.get(slot)?;
        if place == EMPTY || is_here(place) {
            return Some(slot);
        }
    }
    None
}

fn hash(words: &[i64]) -> u64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for word in words {
        state = (state ^ word.cast_unsigned()).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
        state ^= state >> 32;
    }
    state
}

fn own_words_at(own: &[Words<'_>], record: u32, words: &mut [i64]) -> bool {
    let Ok(row) = usize::try_from(record) else {
        return false;
    };
    own.iter().zip(words).all(|(part, word)| match part.word(row) {
        Some(value) => {
            *word = value;
            true
        }
        None => false,
    })
}

fn partition(count: u32, is_before: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if is_before(middle) {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    low
}
