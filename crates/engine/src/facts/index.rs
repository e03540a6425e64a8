//! The road from a key to its record.

use guerdon_plan::number::Exact;

use super::TableData;
use super::words::{Words, ranks, word_of};
use crate::column::{Cell, Column, ColumnData};
use crate::error::Error;
use crate::limits::reserve;

/// Finds records by key.
///
/// Records of a dated table that share the key without its days form a group, in the order of their first day; in
/// every other table a group is one record.
#[derive(Default, Clone)]
pub(crate) struct KeyIndex {
    parts: Vec<Part>,
    valid: Option<Valid>,
    lookup: Lookup,
}

/// Names the columns and order of a key.
#[derive(Clone, Default)]
pub(crate) struct KeyShape {
    /// The columns that a look-up names.
    pub(crate) key: Vec<usize>,
    /// The columns of the first and last day of a dated table.
    pub(crate) valid: Option<(usize, usize)>,
}

/// One column of the key.
#[derive(Clone)]
struct Part {
    column: usize,
    ranks: Vec<Exact>,
}

#[derive(Clone)]
struct Valid {
    from: usize,
    until: usize,
    /// The records by key and first day.
    order: Vec<u32>,
    /// For each place in `order`, whether a group ends there.
    ends: Vec<bool>,
}

/// From the words of a key to a place: a row id, or the place of a group's first record in `Valid::order`.
#[derive(Clone, Default)]
enum Lookup {
    #[default]
    Nothing,
    /// Every key finds the first record.
    Always,
    /// A table over the product of the words' ranges.
    Direct {
        ranges: Vec<(i64, i64)>,
        places: Vec<u32>,
    },
    /// Open addressing; the words are compared with those of the record.
    Hashed { places: Vec<u32> },
    /// The records are in the order of the words.
    Sorted { places: u32 },
}

/// Marks a slot without a place; never leaves this module.
const EMPTY: u32 = u32::MAX;
/// The longest run of taken slots before hashing is given up: keys made to collide must not slow a load down.
const LONGEST_RUN: usize = 512;

impl KeyIndex {
    /// Indexes the first `keyed` records of a table that is sorted by its whole key.
    pub(crate) fn new(data: &TableData, shape: &KeyShape, keyed: usize) -> Result<KeyIndex, Error> {
        let part = |column: &usize| {
            Some(Part {
                column: *column,
                ranks: ranks(data.columns.get(*column)?.as_ref()?),
            })
        };
        let Some(parts) = shape.key.iter().map(part).collect::<Option<Vec<Part>>>() else {
            return Ok(KeyIndex::default());
        };
        let mut index = KeyIndex {
            parts,
            valid: None,
            lookup: Lookup::Nothing,
        };
        let own = index.own_words(data);
        let valid = match shape.valid {
            Some(days) => Valid::new(data, &own, days, keyed)?,
            None => None,
        };
        let lookup = lookup(&own, valid.as_ref(), keyed)?;
        index.valid = valid;
        index.lookup = lookup;
        Ok(index)
    }

    /// Makes an index by which every key finds the first record, for a value that stands in for a whole table.
    pub(crate) fn always() -> KeyIndex {
        KeyIndex {
            lookup: Lookup::Always,
            ..KeyIndex::default()
        }
    }

    pub(crate) fn find(&self, data: &TableData, key: &[Cell<'_>]) -> Option<u32> {
        if let Lookup::Always = self.lookup {
            return Some(0);
        }
        let place = self.place(data, &self.words_of(data, key)?)?;
        self.record(place)
    }

    pub(crate) fn find_on(&self, data: &TableData, key: &[Cell<'_>], day: i32) -> Option<u32> {
        if let Lookup::Always = self.lookup {
            return Some(0);
        }
        let place = self.place(data, &self.words_of(data, key)?)?;
        self.record_on(data, place, day)
    }

    pub(crate) fn find_column(
        &self,
        data: &TableData,
        key: &[&Column],
        days: Option<&Column>,
    ) -> Result<Column, Error> {
        let rows = key
            .iter()
            .copied()
            .chain(days)
            .map(Column::len)
            .max()
            .unwrap_or(0);
        if let Lookup::Always = self.lookup {
            return Ok(Column::new(ColumnData::Row(vec![0; rows])));
        }
        let mut found = self.places(data, key, rows)?;
        if days.is_some() || self.valid.is_some() {
            for (row, place) in found.iter_mut().enumerate().filter(|(_, place)| **place != EMPTY) {
                let record = match days {
                    Some(days) => {
                        day_of(days, place_in(days, row)).and_then(|day| self.record_on(data, *place, day))
                    }
                    None => self.record(*place),
                };
                *place = record.unwrap_or(EMPTY);
            }
        }
        let mut missing = filled(rows, 0_u8)?;
        for (record, flag) in found.iter_mut().zip(&mut missing) {
            if *record == EMPTY {
                (*record, *flag) = (0, 1);
            }
        }
        let column = Column::new(ColumnData::Row(found)).with_missing(missing);
        with_errors_of(column, key.iter().copied().chain(days), rows)
    }

    /// Gives the place of each row's key, or [`EMPTY`].
    fn places(&self, data: &TableData, key: &[&Column], rows: usize) -> Result<Vec<u32>, Error> {
        let theirs: Vec<_> = self
            .parts
            .iter()
            .zip(key)
            .filter_map(|(part, column)| part.words_of(data, column))
            .collect();
        if theirs.len() != self.parts.len() || key.len() != self.parts.len() {
            return filled(rows, EMPTY);
        }
        if let Lookup::Direct { ranges, places } = &self.lookup {
            return direct_places(ranges, places, &theirs, key, rows);
        }
        let own = self.own_words(data);
        let mut found = filled(rows, EMPTY)?;
        let mut words = vec![0; self.parts.len()];
        for (row, place) in found.iter_mut().enumerate() {
            if read_words(&theirs, key, row, &mut words) {
                *place = self.place_among(&own, &words).unwrap_or(EMPTY);
            }
        }
        Ok(found)
    }

    /// Gives the records of a dated table by key, those of one key in the order of their first day.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &[u32]> {
        self.valid.iter().flat_map(Valid::groups)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let lookup = match &self.lookup {
            Lookup::Nothing | Lookup::Always | Lookup::Sorted { .. } => 0,
            Lookup::Direct { places, .. } | Lookup::Hashed { places } => places.capacity().saturating_mul(4),
        };
        lookup.saturating_add(
            self.valid
                .as_ref()
                .map_or(0, |valid| valid.order.capacity().saturating_mul(5)),
        )
    }

    fn own_words<'a>(&'a self, data: &'a TableData) -> Vec<Words<'a>> {
        self.parts
            .iter()
            .filter_map(|part| {
                Some(Words::of_key(
                    data.columns.get(part.column)?.as_ref()?,
                    &part.ranks,
                ))
            })
            .collect()
    }

    fn words_of(&self, data: &TableData, key: &[Cell<'_>]) -> Option<Vec<i64>> {
        if key.len() != self.parts.len() {
            return None;
        }
        let word = |(part, cell): (&Part, &Cell<'_>)| {
            word_of(cell, data.columns.get(part.column)?.as_ref()?.data(), &part.ranks)
        };
        self.parts.iter().zip(key).map(word).collect()
    }

    fn place(&self, data: &TableData, words: &[i64]) -> Option<u32> {
        self.place_among(&self.own_words(data), words)
    }

    fn place_among(&self, own: &[Words<'_>], words: &[i64]) -> Option<u32> {
        match &self.lookup {
            Lookup::Nothing | Lookup::Always => None,
            Lookup::Direct { ranges, places } => places
                .get(direct_slot(ranges, words)?)
                .copied()
                .filter(|place| *place != EMPTY),
            Lookup::Hashed { places } => {
                let is_here = |place: u32| self.compare(own, place, words) == Some(std::cmp::Ordering::Equal);
                probe(places, words, is_here)
                    .and_then(|slot| places.get(slot).copied())
                    .filter(|p| *p != EMPTY)
            }
            Lookup::Sorted { places } => {
                let first = partition(*places, |place| {
                    self.compare(own, place, words).is_some_and(|o| o.is_lt())
                });
                let is_here = self.compare(own, first, words) == Some(std::cmp::Ordering::Equal);
                (is_here && first < *places).then_some(first)
            }
        }
    }

    /// Compares the words of the record at a place with given ones.
    fn compare(&self, own: &[Words<'_>], place: u32, words: &[i64]) -> Option<std::cmp::Ordering> {
        let record = usize::try_from(self.record(place)?).ok()?;
        let ours = own.iter().map(|part| part.word(record));
        Some(ours.cmp(words.iter().map(|word| Some(*word))))
    }

    fn record(&self, place: u32) -> Option<u32> {
        match &self.valid {
            Some(valid) => valid.order.get(usize::try_from(place).ok()?).copied(),
            None => Some(place),
        }
    }

    /// Finds the record of the group that begins at a place with the last first day up to a day, if it is valid then.
    fn record_on(&self, data: &TableData, place: u32, day: i32) -> Option<u32> {
        let Some(valid) = &self.valid else {
            return Some(place);
        };
        let first = usize::try_from(place).ok()?;
        let ends = valid.ends.get(first..)?;
        let length = ends.iter().position(|is_end| *is_end)?.saturating_add(1);
        let group = valid.order.get(first..first.saturating_add(length))?;
        let has_begun = |record: &u32| valid.first_day(data, *record).is_none_or(|from| from <= day);
        let begun = group.partition_point(has_begun);
        let record = *group.get(begun.checked_sub(1)?)?;
        valid
            .last_day(data, record)
            .is_none_or(|until| day <= until)
            .then_some(record)
    }
}

impl Part {
    fn words_of<'a>(&'a self, data: &'a TableData, column: &'a Column) -> Option<Words<'a>> {
        Some(Words::of(
            column,
            data.columns.get(self.column)?.as_ref()?.data(),
            &self.ranks,
        ))
    }
}

impl Valid {
    fn new(
        data: &TableData,
        own: &[Words<'_>],
        (from, until): (usize, usize),
        keyed: usize,
    ) -> Result<Option<Valid>, Error> {
        let mut valid = Valid {
            from,
            until,
            order: Vec::new(),
            ends: Vec::new(),
        };
        let mut ordered: Vec<(Vec<Option<i64>>, Option<i32>, u32)> = Vec::new();
        reserve(&mut ordered, keyed)?;
        for row in 0..keyed {
            let Ok(record) = u32::try_from(row) else {
                return Ok(None);
            };
            let words = own.iter().map(|part| part.word(row)).collect();
            ordered.push((words, valid.first_day(data, record), record));
        }
        ordered.sort_unstable();
        let next_words = ordered
            .iter()
            .skip(1)
            .map(|(words, _, _)| Some(words))
            .chain([None]);
        valid.ends = ordered
            .iter()
            .zip(next_words)
            .map(|((words, _, _), next)| Some(words) != next)
            .collect();
        valid.order = ordered.iter().map(|(_, _, record)| *record).collect();
        Ok(Some(valid))
    }

    fn groups(&self) -> impl Iterator<Item = &[u32]> {
        let ends = self
            .ends
            .iter()
            .enumerate()
            .filter(|(_, is_end)| **is_end)
            .map(|(place, _)| place.saturating_add(1));
        let mut start = 0;
        ends.filter_map(move |end| {
            let group = self.order.get(start..end);
            start = end;
            group
        })
    }

    fn first_day(&self, data: &TableData, record: u32) -> Option<i32> {
        day_at(data, self.from, record)
    }

    fn last_day(&self, data: &TableData, record: u32) -> Option<i32> {
        day_at(data, self.until, record)
    }
}

fn day_at(data: &TableData, column: usize, record: u32) -> Option<i32> {
    day_of(data.columns.get(column)?.as_ref()?, usize::try_from(record).ok()?)
}

fn day_of(column: &Column, row: usize) -> Option<i32> {
    match column.cell(row) {
        Cell::Date(day) => Some(day),
        Cell::Missing
        | Cell::Error(_)
        | Cell::Bool(_)
        | Cell::Number(_)
        | Cell::Period(..)
        | Cell::Text(_)
        | Cell::Enum(_)
        | Cell::Row(_) => None,
    }
}

/// Chooses a table over the words' ranges where that is small, else hashing, else search in the order of the words.
fn lookup(own: &[Words<'_>], valid: Option<&Valid>, keyed: usize) -> Result<Lookup, Error> {
    if keyed == 0 {
        return Ok(Lookup::Nothing);
    }
    let places = u32::try_from(keyed).unwrap_or(EMPTY);
    let record = |place: u32| match valid {
        Some(valid) => usize::try_from(place)
            .ok()
            .and_then(|at| valid.order.get(at))
            .copied()
            .unwrap_or(EMPTY),
        None => place,
    };
    if let Some(ranges) = ranges(own, keyed) {
        return direct(own, ranges, places, record);
    }
    Ok(hashed(own, places, record)?.unwrap_or(Lookup::Sorted { places }))
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

fn direct(
    own: &[Words<'_>],
    ranges: Vec<(i64, i64)>,
    count: u32,
    record: impl Fn(u32) -> u32,
) -> Result<Lookup, Error> {
    let slots = ranges
        .iter()
        .map(|(_, count)| usize::try_from(*count).unwrap_or(0))
        .fold(1, usize::saturating_mul);
    let mut places = filled(slots, EMPTY)?;
    let mut words = vec![0; own.len()];
    for place in 0..count {
        if own_words_at(own, record(place), &mut words)
            && let Some(slot) = direct_slot(&ranges, &words).and_then(|slot| places.get_mut(slot))
            && *slot == EMPTY
        {
            *slot = place;
        }
    }
    Ok(Lookup::Direct { ranges, places })
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

/// Finds the places of many keys, part by part over all of them.
fn direct_places(
    ranges: &[(i64, i64)],
    places: &[u32],
    theirs: &[Words<'_>],
    key: &[&Column],
    rows: usize,
) -> Result<Vec<u32>, Error> {
    let mut slots = filled(rows, 0_usize)?;
    for (((least, count), words), column) in ranges.iter().zip(theirs).zip(key) {
        let count = usize::try_from(*count).unwrap_or(0);
        words.each(rows, column.len() == 1, |row, word| {
            // What lies below the least wraps to far above the greatest.
            let offset = word.map_or(u64::MAX, |word| word.wrapping_sub(*least).cast_unsigned());
            let offset = usize::try_from(offset).unwrap_or(usize::MAX);
            if let Some(slot) = slots.get_mut(row) {
                *slot = if offset < count && *slot != usize::MAX {
                    slot.wrapping_mul(count).wrapping_add(offset)
                } else {
                    usize::MAX
                };
            }
        });
        if column.missing().is_some() {
            let gaps = slots.iter_mut().enumerate();
            gaps.filter(|(row, _)| column.is_missing(place_in(column, *row)))
                .for_each(|(_, slot)| *slot = usize::MAX);
        }
    }
    let mut found = filled(rows, EMPTY)?;
    for (place, slot) in found.iter_mut().zip(&slots) {
        *place = places.get(*slot).copied().unwrap_or(EMPTY);
    }
    Ok(found)
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

fn read_words(theirs: &[Words<'_>], key: &[&Column], row: usize, words: &mut [i64]) -> bool {
    theirs.iter().zip(key).zip(words).all(|((part, column), word)| {
        let at = place_in(column, row);
        match part.word(at) {
            Some(value) if !column.is_missing(at) => {
                *word = value;
                true
            }
            Some(_) | None => false,
        }
    })
}

/// A column of length 1 serves every row.
fn place_in(column: &Column, row: usize) -> usize {
    if column.len() == 1 { 0 } else { row }
}

fn with_errors_of<'a>(
    found: Column,
    parts: impl Iterator<Item = &'a Column>,
    rows: usize,
) -> Result<Column, Error> {
    let mut errors: Option<Vec<u32>> = None;
    for part in parts.filter(|part| part.errors().is_some()) {
        let mut list = match errors.take() {
            Some(list) => list,
            None => filled(rows, 0)?,
        };
        for (row, error) in list.iter_mut().enumerate().filter(|(_, error)| **error == 0) {
            *error = part
                .error(place_in(part, row))
                .map_or(0, |error| error.saturating_add(1));
        }
        errors = Some(list);
    }
    Ok(match errors {
        Some(errors) => found.with_errors(errors),
        None => found,
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

fn filled<T: Clone>(count: usize, value: T) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    reserve(&mut values, count)?;
    values.resize(count, value);
    Ok(values)
}
