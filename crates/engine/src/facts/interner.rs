//! Different texts of one column, each kept once while the column grows.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::column::{Ends, TextPool};
use crate::error::Error;
use crate::limits::reserve;

/// Gives each different text a number in the order of first appearance.
///
/// Texts that come in rising order, as the keys of a sorted file do, are only compared with the last one. From the
/// first that does not, look-up is by hashing with open addressing. Texts that were made to collide end in a sorted
/// map, so that hostile input costs a logarithm and not a square.
pub(super) struct Interner {
    texts: String,
    ends: Ends,
    last: Option<u32>,
    lookup: Lookup,
}

enum Lookup {
    /// Every text so far is above the one before it.
    Rising,
    /// A power of two of slots, each empty (0) or half a hash and one more than a number.
    Hashed(Vec<u64>),
    Sorted(BTreeMap<Box<str>, u32>),
}

/// The longest run of taken slots before hashing is given up.
const LONGEST_RUN: usize = 512;
const FIRST_SLOTS: usize = 64;

impl Interner {
    pub(super) fn new() -> Interner {
        Interner {
            texts: String::new(),
            ends: Ends::default(),
            last: None,
            lookup: Lookup::Rising,
        }
    }

    /// Gives the number of a text that is in already; one that is not known to be text may be asked for, too.
    pub(super) fn known(&mut self, cell: &[u8]) -> Option<u32> {
        // Files are often grouped, so a text often follows itself.
        if let Some(last) = self.last
            && let Some(bytes) = self.bytes(last)
            && bytes.last() == cell.last()
            && bytes == cell
        {
            return Some(last);
        }
        let Lookup::Hashed(slots) = &self.lookup else {
            return None;
        };
        match self.probe(slots, tag_of(cell), cell) {
            Probe::Found(code) => {
                self.last = Some(code);
                Some(code)
            }
            Probe::Empty(_) | Probe::TooLong => None,
        }
    }

    /// Gives the number of a text.
    pub(super) fn intern(&mut self, text: &str) -> Result<u32, Error> {
        let order = self
            .last
            .and_then(|last| self.get(last))
            .map(|last| last.cmp(text));
        if order == Some(Ordering::Equal) {
            return Ok(self.last.unwrap_or(0));
        }
        let code = match &self.lookup {
            Lookup::Rising if order != Some(Ordering::Greater) => self.add(text)?,
            Lookup::Rising => {
                self.begin_hashing()?;
                self.find_or_add(text)?
            }
            Lookup::Hashed(_) | Lookup::Sorted(_) => self.find_or_add(text)?,
        };
        self.last = Some(code);
        Ok(code)
    }

    /// Takes in the texts of another interner, and gives for each of its numbers the one here.
    pub(super) fn append(&mut self, other: Interner) -> Result<Vec<u32>, Error> {
        let mut known = Vec::new();
        reserve(&mut known, other.ends.len())?;
        for code in other.numbers() {
            known.push(self.intern(other.get(code).unwrap_or(""))?);
        }
        Ok(known)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let slots = match &self.lookup {
            Lookup::Rising => 0,
            Lookup::Hashed(slots) => slots.capacity(),
            Lookup::Sorted(codes) => codes.len().saturating_mul(8),
        };
        let lists = slots.saturating_mul(8).saturating_add(self.ends.heap_bytes());
        self.texts.capacity().saturating_add(lists)
    }

    pub(super) fn text_bytes(&self) -> usize {
        self.texts.len()
    }

    /// Sorts the texts and gives, for each number, the code in the sorted pool; none where that is the number.
    pub(super) fn finish(mut self) -> Result<(TextPool, Option<Vec<u32>>), Error> {
        // What looked texts up takes more room than they do, and sorting them wants some.
        self.lookup = Lookup::Rising;
        let text = |code: u32| self.get(code).unwrap_or("");
        let mut numbers = self.numbers();
        let mut last = numbers.next().map_or("", text);
        let is_sorted = numbers.all(|code| std::mem::replace(&mut last, text(code)) < last);
        if is_sorted {
            return Ok((TextPool::from_parts(self.texts, self.ends), None));
        }
        let order = self.order()?;
        // Each list is let go as soon as the next one stands: a key is often the widest column of a load.
        let mut texts = String::new();
        texts
            .try_reserve_exact(self.texts.len())
            .map_err(|_| Error::OutOfMemory)?;
        for code in &order {
            texts.push_str(self.get(*code).unwrap_or(""));
        }
        self.texts = String::new();
        let (mut ends, mut end) = (Ends::default(), 0_usize);
        ends.reserve(order.len())?;
        for code in &order {
            end = end.saturating_add(self.place(*code).map_or(0, |place| place.len()));
            ends.push(end);
        }
        self.ends = Ends::default();
        let mut codes = Vec::new();
        reserve(&mut codes, order.len())?;
        codes.resize(order.len(), 0);
        for (code, old) in (0_u32..).zip(&order) {
            if let Some(place) = usize::try_from(*old).ok().and_then(|old| codes.get_mut(old)) {
                *place = code;
            }
        }
        Ok((TextPool::from_parts(texts, ends), Some(codes)))
    }

    /// Lists the numbers in the order of their texts.
    fn order(&self) -> Result<Vec<u32>, Error> {
        let text = |code: u32| self.get(code).unwrap_or("");
        let mut order: Vec<Leading> = Vec::new();
        reserve(&mut order, self.ends.len())?;
        order.extend(self.numbers().map(|code| Leading::of(text(code), code)));
        order.sort_unstable_by(|one, next| {
            let by_prefix = one.prefix.cmp(&next.prefix);
            by_prefix.then_with(|| text(one.code).cmp(text(next.code)))
        });
        let mut codes: Vec<u32> = order.into_iter().map(|leading| leading.code).collect();
        // They may stand where the longer list stood.
        codes.shrink_to_fit();
        Ok(codes)
    }

    fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    fn get(&self, code: u32) -> Option<&str> {
        self.texts.get(self.place(code)?)
    }

    fn bytes(&self, code: u32) -> Option<&[u8]> {
        self.texts.as_bytes().get(self.place(code)?)
    }

    fn place(&self, code: u32) -> Option<Range<usize>> {
        self.ends.range(usize::try_from(code).ok()?)
    }

    fn find_or_add(&mut self, text: &str) -> Result<u32, Error> {
        let slots = match &self.lookup {
            Lookup::Rising => return self.add(text),
            Lookup::Hashed(slots) => slots,
            Lookup::Sorted(codes) => {
                return match codes.get(text) {
                    Some(code) => Ok(*code),
                    None => self.add(text),
                };
            }
        };
        let tag = tag_of(text.as_bytes());
        match self.probe(slots, tag, text.as_bytes()) {
            Probe::Found(code) => Ok(code),
            Probe::Empty(slot) => {
                let code = self.add(text)?;
                self.take_slot(slot, taken(tag, code))?;
                Ok(code)
            }
            Probe::TooLong => {
                self.give_up_hashing();
                self.add(text)
            }
        }
    }

    fn add(&mut self, text: &str) -> Result<u32, Error> {
        let code = u32::try_from(self.ends.len()).map_err(|_| Error::OutOfMemory)?;
        self.texts
            .try_reserve(text.len())
            .map_err(|_| Error::OutOfMemory)?;
        self.ends.reserve(1)?;
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        if let Lookup::Sorted(codes) = &mut self.lookup {
            codes.insert(Box::from(text), code);
        }
        Ok(code)
    }

    fn probe(&self, slots: &[u64], tag: u64, text: &[u8]) -> Probe {
        let mask = slots.len().saturating_sub(1);
        let start = usize::try_from(tag).unwrap_or(0);
        for step in 0..LONGEST_RUN {
            let slot = start.wrapping_add(step) & mask;
            let Some(held) = slots.get(slot) else { break };
            if *held == 0 {
                return Probe::Empty(slot);
            }
            if *held >> 32 == tag
                && let Some(code) = low_half(*held).checked_sub(1)
                && self.bytes(code) == Some(text)
            {
                return Probe::Found(code);
            }
        }
        Probe::TooLong
    }

    /// Takes an empty slot, and doubles the slots when half of them are taken.
    fn take_slot(&mut self, slot: usize, held: u64) -> Result<(), Error> {
        let count = self.ends.len();
        let Lookup::Hashed(slots) = &mut self.lookup else {
            return Ok(());
        };
        if let Some(place) = slots.get_mut(slot) {
            *place = held;
        }
        if count.saturating_mul(2) > slots.len() {
            let wider = spread(
                slots.len().saturating_mul(2),
                slots.iter().copied().filter(|held| *held != 0),
            )?;
            *slots = wider;
        }
        Ok(())
    }

    fn begin_hashing(&mut self) -> Result<(), Error> {
        let count = self
            .ends
            .len()
            .saturating_mul(4)
            .max(FIRST_SLOTS)
            .next_power_of_two();
        let held = self
            .numbers()
            .map(|code| taken(self.bytes(code).map_or(0, tag_of), code));
        self.lookup = Lookup::Hashed(spread(count, held)?);
        Ok(())
    }

    fn give_up_hashing(&mut self) {
        self.lookup = Lookup::Sorted(
            self.numbers()
                .filter_map(|code| Some((Box::from(self.get(code)?), code)))
                .collect(),
        );
    }
}

/// Spreads taken slots over a power of two of slots.
fn spread(count: usize, held: impl Iterator<Item = u64>) -> Result<Vec<u64>, Error> {
    let mut slots = Vec::new();
    reserve(&mut slots, count)?;
    slots.resize(count, 0_u64);
    let mask = count.saturating_sub(1);
    for held in held {
        let start = usize::try_from(held >> 32).unwrap_or(0);
        let mut ways = (0..count).map(|step| start.wrapping_add(step) & mask);
        let free = ways.find(|slot| slots.get(*slot) == Some(&0));
        if let Some(place) = free.and_then(|slot| slots.get_mut(slot)) {
            *place = held;
        }
    }
    Ok(slots)
}

enum Probe {
    Found(u32),
    Empty(usize),
    TooLong,
}

/// Mixes bytes into a hash; the same bytes give the same hash on every machine.
pub(super) fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    // The bytes are mixed apart from the seed, so that a processor can mix several cells at a time.
    mix(seed, hash(bytes))
}

/// An odd number of which every other bit or so is set: 2⁶⁴ by the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut state = length.wrapping_mul(SPREAD);
    for word in words {
        state = mix(state, u64::from_le_bytes(*word));
    }
    if rest.is_empty() {
        return state;
    }
    mix(state, tail(bytes, rest))
}

/// Gives what is behind the last whole word as a number, which differs where that does.
///
/// It may hold bytes twice, so that none need be read alone.
fn tail(bytes: &[u8], rest: &[u8]) -> u64 {
    if let Some(last) = bytes.last_chunk::<8>() {
        return u64::from_le_bytes(*last);
    }
    if let (Some(first), Some(last)) = (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        return (u64::from(u32::from_le_bytes(*first)) << 32) | u64::from(u32::from_le_bytes(*last));
    }
    rest.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte))
}

fn mix(state: u64, word: u64) -> u64 {
    let mixed = (state ^ word)
        .wrapping_add(SPREAD)
        .wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    let again = (mixed ^ (mixed >> 32)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    again ^ (again >> 29)
}

/// The first eight bytes of a text as numbers that compare as they do, and the text's own number: twelve bytes and no
/// gap, of which there are as many as texts.
struct Leading {
    prefix: [u32; 2],
    code: u32,
}

impl Leading {
    fn of(text: &str, code: u32) -> Self {
        let mut first = [0_u8; 8];
        first
            .iter_mut()
            .zip(text.as_bytes())
            .for_each(|(place, byte)| *place = *byte);
        let [a, b, c, d, e, f, g, h] = first;
        Self {
            prefix: [u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])],
            code,
        }
    }
}

/// Gives half a hash of a text: the slot it is looked for first, and most of what tells it from others there.
fn tag_of(text: &[u8]) -> u64 {
    hash(text) & 0xFFFF_FFFF
}

fn taken(tag: u64, code: u32) -> u64 {
    (tag << 32) | u64::from(code).saturating_add(1)
}

fn low_half(word: u64) -> u32 {
    u32::try_from(word & 0xFFFF_FFFF).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_byte_order_whatever_the_order_of_arrival() {
        let mut interner = Interner::new();
        let arrived = ["deal-2", "deal-10", "", "华东", "deal-2", "deal-1"];
        let numbers: Vec<_> = arrived
            .iter()
            .map(|text| interner.intern(text).unwrap())
            .collect();
        assert_eq!(numbers, [0, 1, 2, 3, 0, 4]);
        let (pool, codes) = interner.finish().unwrap();
        assert_eq!(
            pool.iter().collect::<Vec<_>>(),
            ["", "deal-1", "deal-10", "deal-2", "华东"]
        );
        assert_eq!(codes, Some(vec![3, 2, 0, 4, 1]));
    }

    #[test]
    fn texts_of_another_interner_keep_their_numbers_or_get_new_ones() {
        let mut interners = [["a", "c", "b"], ["c", "d", "a"]].map(|texts| {
            let mut interner = Interner::new();
            for text in texts {
                interner.intern(text).unwrap();
            }
            interner
        });
        let [one, other] = &mut interners;
        let other = std::mem::replace(other, Interner::new());
        assert_eq!(one.append(other).unwrap(), [1, 3, 0]);
        assert_eq!(one.get(3), Some("d"));
    }

    #[test]
    fn many_texts_are_each_found_again() {
        let mut interner = Interner::new();
        let texts: Vec<String> = (0..10_000).map(|number| format!("id{number}")).collect();
        let first: Vec<_> = texts.iter().map(|text| interner.intern(text).unwrap()).collect();
        let second: Vec<_> = texts.iter().map(|text| interner.intern(text).unwrap()).collect();
        assert_eq!(first, second);
        assert_eq!(interner.finish().unwrap().0.len(), 10_000);
    }

    #[test]
    fn bytes_that_differ_anywhere_have_other_hashes() {
        let bytes: Vec<u8> = (1..=20).collect();
        let mut hashes = std::collections::BTreeSet::new();
        for length in 0..=bytes.len() {
            assert!(hashes.insert(hash(&bytes[..length])));
            for place in 0..length {
                let mut other = bytes[..length].to_vec();
                other[place] ^= 0x80;
                assert!(hashes.insert(hash(&other)), "{length} {place}");
            }
        }
    }

    #[test]
    fn texts_that_collide_are_still_told_apart() {
        let mut interner = Interner::new();
        interner.intern("a").unwrap();
        interner.give_up_hashing();
        assert_eq!(
            (interner.intern("b").unwrap(), interner.intern("a").unwrap()),
            (1, 0)
        );
        assert_eq!(interner.intern("b").unwrap(), 1);
    }
}
