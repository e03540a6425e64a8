//! Different texts of one column, each kept once while the column grows.

use std::collections::BTreeMap;

use crate::column::TextPool;
use crate::error::Error;
use crate::limits::reserve;

/// Gives each different text a number in the order of first appearance.
///
/// Look-up is by hashing with open addressing. Texts that were made to collide end in a sorted map, so that hostile
/// input costs a logarithm and not a square.
pub(super) struct Interner {
    texts: String,
    ends: Vec<usize>,
    slots: Vec<u64>,
    last: Option<u32>,
    collided: Option<BTreeMap<Box<str>, u32>>,
}

/// The longest run of taken slots before hashing is given up.
const LONGEST_RUN: usize = 512;
const FIRST_SLOTS: usize = 64;

impl Interner {
    pub(super) fn new() -> Interner {
        Interner {
            texts: String::new(),
            ends: Vec::new(),
            slots: vec![0; FIRST_SLOTS],
            last: None,
            collided: None,
        }
    }

    /// Gives the number of a text.
    pub(super) fn intern(&mut self, text: &str) -> Result<u32, Error> {
        // Files are often grouped, so a text often follows itself.
        if let Some(last) = self.last
            && self.get(last) == Some(text)
        {
            return Ok(last);
        }
        let code = self.find_or_add(text)?;
        self.last = Some(code);
        Ok(code)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let lists = self
            .ends
            .capacity()
            .saturating_add(self.slots.capacity())
            .saturating_mul(8);
        self.texts.capacity().saturating_add(lists)
    }

    pub(super) fn text_bytes(&self) -> usize {
        self.texts.len()
    }

    /// Sorts the texts and gives, for each number, the code in the sorted pool.
    pub(super) fn finish(self) -> Result<(TextPool, Vec<u32>), Error> {
        let mut order: Vec<(u64, u32)> = Vec::new();
        reserve(&mut order, self.ends.len())?;
        order.extend(
            (0_u32..)
                .zip(&self.ends)
                .map(|(code, _)| (self.get(code).map_or(0, prefix), code)),
        );
        let text = |code: u32| self.get(code).unwrap_or("");
        let is_sorted = order
            .is_sorted_by(|(one, a), (next, b)| one.cmp(next).then_with(|| text(*a).cmp(text(*b))).is_lt());
        if !is_sorted {
            order.sort_unstable_by(|(one, a), (next, b)| one.cmp(next).then_with(|| text(*a).cmp(text(*b))));
        }
        let mut codes = Vec::new();
        reserve(&mut codes, order.len())?;
        codes.resize(order.len(), 0);
        for (code, (_, old)) in (0_u32..).zip(&order) {
            if let Some(place) = usize::try_from(*old).ok().and_then(|old| codes.get_mut(old)) {
                *place = code;
            }
        }
        let pool = match is_sorted {
            true => TextPool::from_parts(self.texts, self.ends),
            false => TextPool::from_sorted(order.iter().map(|(_, code)| text(*code))),
        };
        Ok((pool, codes))
    }

    fn get(&self, code: u32) -> Option<&str> {
        let code = usize::try_from(code).ok()?;
        let start = match code.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.texts.get(start..*self.ends.get(code)?)
    }

    fn find_or_add(&mut self, text: &str) -> Result<u32, Error> {
        if let Some(collided) = &self.collided {
            if let Some(code) = collided.get(text) {
                return Ok(*code);
            }
            return self.add(text);
        }
        let tag = u64::from(low_half(hash_bytes(0, text.as_bytes())));
        match self.probe(tag, text) {
            Probe::Found(code) => Ok(code),
            Probe::Empty(slot) => {
                let code = self.add(text)?;
                if let Some(place) = self.slots.get_mut(slot) {
                    *place = taken(tag, code);
                }
                self.grow()?;
                Ok(code)
            }
            Probe::TooLong => {
                self.give_up_hashing();
                self.find_or_add_sorted(text)
            }
        }
    }

    fn find_or_add_sorted(&mut self, text: &str) -> Result<u32, Error> {
        match self.collided.as_ref().and_then(|collided| collided.get(text)) {
            Some(code) => Ok(*code),
            None => self.add(text),
        }
    }

    fn add(&mut self, text: &str) -> Result<u32, Error> {
        let code = u32::try_from(self.ends.len()).map_err(|_| Error::OutOfMemory)?;
        self.texts
            .try_reserve(text.len())
            .map_err(|_| Error::OutOfMemory)?;
        reserve(&mut self.ends, 1)?;
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        if let Some(collided) = &mut self.collided {
            collided.insert(Box::from(text), code);
        }
        Ok(code)
    }

    fn probe(&self, tag: u64, text: &str) -> Probe {
        let mask = self.slots.len().saturating_sub(1);
        let start = usize::try_from(tag).unwrap_or(0);
        for step in 0..LONGEST_RUN {
            let slot = start.wrapping_add(step) & mask;
            let Some(held) = self.slots.get(slot) else { break };
            if *held == 0 {
                return Probe::Empty(slot);
            }
            if *held >> 32 == tag
                && let Some(code) = low_half(*held).checked_sub(1)
                && self.get(code) == Some(text)
            {
                return Probe::Found(code);
            }
        }
        Probe::TooLong
    }

    /// Doubles the slots when half of them are taken.
    fn grow(&mut self) -> Result<(), Error> {
        if self.ends.len().saturating_mul(2) <= self.slots.len() {
            return Ok(());
        }
        let count = self.slots.len().saturating_mul(2);
        let mut slots = Vec::new();
        reserve(&mut slots, count)?;
        slots.resize(count, 0_u64);
        let mask = count.saturating_sub(1);
        for held in self.slots.iter().filter(|held| **held != 0) {
            let start = usize::try_from(*held >> 32).unwrap_or(0);
            let mut free = (0..count).map(|step| start.wrapping_add(step) & mask);
            let slot = free.find(|slot| slots.get(*slot) == Some(&0));
            if let Some(place) = slot.and_then(|slot| slots.get_mut(slot)) {
                *place = *held;
            }
        }
        self.slots = slots;
        Ok(())
    }

    fn give_up_hashing(&mut self) {
        let codes = (0_u32..).zip(&self.ends).map(|(code, _)| code);
        let entries = codes
            .filter_map(|code| Some((Box::from(self.get(code)?), code)))
            .collect();
        self.slots = Vec::new();
        self.collided = Some(entries);
    }
}

enum Probe {
    Found(u32),
    Empty(usize),
    TooLong,
}

/// Mixes bytes into a hash; the same bytes give the same hash on every machine.
pub(super) fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut state = mix(seed, length);
    for word in words {
        state = mix(state, u64::from_le_bytes(*word));
    }
    if rest.is_empty() {
        return state;
    }
    let mut last = [0_u8; 8];
    last.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    mix(state, u64::from_le_bytes(last))
}

fn mix(state: u64, word: u64) -> u64 {
    let mixed = (state ^ word)
        .wrapping_add(0x9E37_79B9_7F4A_7C15)
        .wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    mixed ^ (mixed >> 32)
}

/// Gives the first eight bytes as a number that compares as they do.
fn prefix(text: &str) -> u64 {
    let mut first = [0_u8; 8];
    first
        .iter_mut()
        .zip(text.as_bytes())
        .for_each(|(place, byte)| *place = *byte);
    u64::from_be_bytes(first)
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
        assert_eq!(codes, [3, 2, 0, 4, 1]);
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
