//! Texts, each kept once and in byte order.

use std::fmt;
use std::ops::Range;

use crate::error::Error;
use crate::limits::reserve;

/// Holds different texts in byte order; a text's code is its position, so that codes compare as the texts do.
///
/// # Examples
///
/// ```
/// use guerdon::column::TextPool;
///
/// let pool = TextPool::from_sorted(["Cloud", "Hardware"]);
/// assert_eq!(pool.find("Hardware"), Some(1));
/// assert_eq!(pool.get(0), Some("Cloud"));
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct TextPool {
    bytes: String,
    ends: Ends,
}

/// Where texts that stand one after another end: in 32 bits as long as those do.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Ends {
    short: Vec<u32>,
    /// What follows the first end that 32 bits do not hold, that end included.
    long: Vec<usize>,
}

impl TextPool {
    /// Makes a pool of texts that are in byte order; one that is not above the one before it is left out.
    pub fn from_sorted<'a>(texts: impl IntoIterator<Item = &'a str>) -> TextPool {
        let mut pool = TextPool::default();
        texts.into_iter().for_each(|text| pool.push(text));
        pool
    }

    /// Takes texts that are known to be different and in byte order; `ends` are their ends in `bytes`.
    pub(crate) fn from_parts(mut bytes: String, mut ends: Ends) -> TextPool {
        bytes.shrink_to_fit();
        ends.short.shrink_to_fit();
        TextPool { bytes, ends }
    }

    /// Counts the texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Says whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 0
    }

    /// Gives the text with a code.
    pub fn get(&self, code: u32) -> Option<&str> {
        self.at(usize::try_from(code).ok()?)
    }

    /// Finds the code of a text.
    pub fn find(&self, text: &str) -> Option<u32> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.at(middle)?.cmp(text) {
                std::cmp::Ordering::Less => low = middle.saturating_add(1),
                std::cmp::Ordering::Equal => return u32::try_from(middle).ok(),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Gives the texts in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|position| self.at(position))
    }

    /// Finds, for each code of this pool, the code of the same text in another pool.
    ///
    /// One walk through both pools; then columns with different pools compare by codes.
    pub fn codes_in(&self, other: &TextPool) -> Vec<Option<u32>> {
        let mut theirs = (0_u32..).zip(other.iter()).peekable();
        let code_of = |text: &str| {
            while theirs.next_if(|(_, their)| *their < text).is_some() {}
            theirs
                .peek()
                .filter(|(_, their)| *their == text)
                .map(|(code, _)| *code)
        };
        self.iter().map(code_of).collect()
    }

    /// Adds a text that is not there, and gives its code; the codes behind it move on by one.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`].
    pub(crate) fn insert(&mut self, text: &str) -> Result<u32, Error> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.at(middle).is_some_and(|other| other < text) {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        let start = self.ends.range(low).map_or(self.bytes.len(), |place| place.start);
        self.bytes
            .try_reserve(text.len())
            .map_err(|_| Error::OutOfMemory)?;
        self.ends.insert(low, start, text.len())?;
        self.bytes.insert_str(start, text);
        u32::try_from(low).map_err(|_| Error::OutOfMemory)
    }

    /// Takes a text out; the codes behind it move back by one.
    pub(crate) fn remove(&mut self, code: u32) {
        let place = usize::try_from(code).ok();
        if let Some((position, range)) = place.and_then(|place| Some((place, self.ends.range(place)?))) {
            self.ends.remove(position, range.len());
            self.bytes.replace_range(range, "");
        }
    }

    /// Counts the bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.bytes.capacity().saturating_add(self.ends.heap_bytes())
    }

    fn push(&mut self, text: &str) {
        let is_above = self
            .len()
            .checked_sub(1)
            .and_then(|last| self.at(last))
            .is_none_or(|last| last < text);
        if is_above {
            self.bytes.push_str(text);
            self.ends.push(self.bytes.len());
        }
    }

    fn at(&self, position: usize) -> Option<&str> {
        self.bytes.get(self.ends.range(position)?)
    }
}

impl Ends {
    /// Adds the end of a further text, which is not before the last one.
    pub(crate) fn push(&mut self, end: usize) {
        match u32::try_from(end) {
            Ok(end) if self.long.is_empty() => self.short.push(end),
            Ok(_) | Err(_) => self.long.push(end),
        }
    }

    /// Adds the end of a text that goes before another; `start` is where it begins.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`].
    fn insert(&mut self, position: usize, start: usize, length: usize) -> Result<(), Error> {
        let last = self.len().checked_sub(1).and_then(|last| self.get(last));
        let total = last.unwrap_or(0).saturating_add(length);
        match (u32::try_from(total), u32::try_from(length)) {
            (Ok(_), Ok(length)) if self.long.is_empty() => {
                reserve(&mut self.short, 1)?;
                let behind = self.short.iter_mut().skip(position);
                behind.for_each(|end| *end = end.saturating_add(length));
                let end = u32::try_from(start).unwrap_or(0).saturating_add(length);
                self.short.insert(position, end);
            }
            (..) => {
                let mut ends: Vec<usize> = Vec::new();
                reserve(&mut ends, self.len().saturating_add(1))?;
                let old = (0..self.len()).filter_map(|place| self.get(place));
                ends.extend(
                    old.enumerate()
                        .map(|(place, end)| end.saturating_add(if place >= position { length } else { 0 })),
                );
                ends.insert(position, start.saturating_add(length));
                *self = Ends::default();
                ends.into_iter().for_each(|end| self.push(end));
            }
        }
        Ok(())
    }

    /// Takes the end of a text of so many bytes out.
    fn remove(&mut self, position: usize, length: usize) {
        if let Ok(length) = u32::try_from(length)
            && self.long.is_empty()
            && position < self.short.len()
        {
            self.short.remove(position);
            let behind = self.short.iter_mut().skip(position);
            behind.for_each(|end| *end = end.saturating_sub(length));
            return;
        }
        let old: Vec<usize> = (0..self.len()).filter_map(|place| self.get(place)).collect();
        *self = Ends::default();
        for (place, end) in old
            .into_iter()
            .enumerate()
            .filter(|(place, _)| *place != position)
        {
            self.push(end.saturating_sub(if place > position { length } else { 0 }));
        }
    }

    /// Makes room for further texts.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`].
    pub(crate) fn reserve(&mut self, texts: usize) -> Result<(), Error> {
        reserve(&mut self.short, texts)
    }

    /// Counts the texts.
    pub(crate) fn len(&self) -> usize {
        self.short.len().saturating_add(self.long.len())
    }

    /// Gives the place of a text.
    pub(crate) fn range(&self, position: usize) -> Option<Range<usize>> {
        let start = match position.checked_sub(1) {
            Some(before) => self.get(before)?,
            None => 0,
        };
        Some(start..self.get(position)?)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let short = self.short.capacity().saturating_mul(size_of::<u32>());
        short.saturating_add(self.long.capacity().saturating_mul(size_of::<usize>()))
    }

    fn get(&self, position: usize) -> Option<usize> {
        match position.checked_sub(self.short.len()) {
            None => usize::try_from(*self.short.get(position)?).ok(),
            Some(beyond) => self.long.get(beyond).copied(),
        }
    }
}

impl fmt::Debug for TextPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} texts", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_found_under_its_code_and_nothing_else_is() {
        let pool = TextPool::from_sorted(["", "AE", "华东", "客户"]);
        let codes: Vec<_> = pool.iter().map(|text| pool.find(text)).collect();
        assert_eq!(codes, [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(pool.find("AF"), None);
        assert_eq!(TextPool::default().find(""), None);
    }

    #[test]
    fn texts_out_of_order_are_left_out() {
        let pool = TextPool::from_sorted(["b", "a", "b", "c"]);
        assert_eq!(pool.iter().collect::<Vec<_>>(), ["b", "c"]);
    }

    #[test]
    fn a_text_is_added_where_it_belongs() {
        let mut pool = TextPool::from_sorted(["b", "dd"]);
        let codes = ["c", "", "e"].map(|text| pool.insert(text).unwrap());
        assert_eq!(codes, [1, 0, 4]);
        assert_eq!(pool.iter().collect::<Vec<_>>(), ["", "b", "c", "dd", "e"]);
        pool.remove(3);
        pool.remove(0);
        assert_eq!(pool.iter().collect::<Vec<_>>(), ["b", "c", "e"]);
        pool.remove(2);
        assert_eq!(pool, TextPool::from_sorted(["b", "c"]));
    }

    #[test]
    fn codes_are_translated_between_pools() {
        let ours = TextPool::from_sorted(["a", "c", "d", "f"]);
        let theirs = TextPool::from_sorted(["b", "c", "f", "g"]);
        assert_eq!(ours.codes_in(&theirs), [None, Some(1), None, Some(2)]);
    }
}
