//! The road from a key to its record.

mod lookup;

use guerdon_plan::hir::Table;
use guerdon_plan::number::Exact;

use self::lookup::{EMPTY, Lookup};
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

impl KeyShape {
    /// Reads the key of a table, of which a look-up names all but the days.
    pub(crate) fn of(table: &Table) -> KeyShape {
        let valid = table.valid.map(|(from, until)| (from.index(), until.index()));
        let is_day = |column: &usize| valid.is_some_and(|(from, until)| [from, until].contains(column));
        let key = table.key.iter().map(|field| field.index());
        KeyShape {
            key: key.filter(|column| !is_day(column)).collect(),
            valid,
        }
    }
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
        index.lookup = match &valid {
            Some(valid) => {
                let record = |place: u32| {
                    let record = usize::try_from(place).ok().and_then(|at| valid.order.get(at));
                    record.copied().unwrap_or(EMPTY)
                };
                Lookup::of(&own, keyed, record)?
            }
            None => Lookup::of_rows(&own, keyed)?,
        };
        index.valid = valid;
        Ok(index)
    }

    /// Follows a record that was put in or taken out: at once where keys without gaps stay so, otherwise made anew.
    pub(crate) fn refresh(&mut self, data: &TableData, shape: &KeyShape, keyed: usize) -> Result<(), Error> {
        if let Some((least, count)) = self.gapless(data, keyed)
            && let Lookup::Direct { ranges, places: None } = &mut self.lookup
        {
            *ranges = vec![(least, count)];
            return Ok(());
        }
        *self = KeyIndex::new(data, shape, keyed)?;
        Ok(())
    }

    /// Gives the least word of a key of one part, and the number of words, if there is no gap between them.
    fn gapless(&self, data: &TableData, keyed: usize) -> Option<(i64, i64)> {
        let own = self.own_words(data);
        let [part] = own.as_slice() else { return None };
        let last = keyed.checked_sub(1)?;
        let (first_word, last_word) = (part.word(0)?, part.word(last)?);
        let beyond = i64::try_from(last).ok()?;
        // Such keys differ and rise, so the ends tell.
        (last_word.checked_sub(first_word)? == beyond).then_some((first_word, beyond.saturating_add(1)))
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
        let mut doubts: Option<Vec<u32>> = None;
        if days.is_some() || self.valid.is_some() {
            for (row, place) in found.iter_mut().enumerate().filter(|(_, place)| **place != EMPTY) {
                let Some(days) = days else {
                    *place = self.record(*place).unwrap_or(EMPTY);
                    continue;
                };
                let day = day_of(days, place_in(days, row));
                let record = day.and_then(|day| self.record_on(data, *place, day));
                if let (Some(record), Some(day)) = (record, day)
                    && let Some(doubt) = self.doubt_on(data, *place, record, day)
                {
                    let list = match doubts.take() {
                        Some(list) => list,
                        None => filled(rows, 0)?,
                    };
                    doubts = Some(with_entry(list, row, doubt));
                }
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
        with_errors_of(column, doubts, key.iter().copied().chain(days), rows)
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
        if let Some(found) = self.lookup.places(&theirs, key, rows) {
            return found;
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
        self.lookup.heap_bytes().saturating_add(
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
        self.lookup.place(words, |place| self.compare(own, place, words))
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
        let group = valid.group_at(place)?;
        let has_begun = |record: &u32| valid.first_day(data, *record).is_none_or(|from| from <= day);
        let begun = group.partition_point(has_begun);
        let record = *group.get(begun.checked_sub(1)?)?;
        valid
            .last_day(data, record)
            .is_none_or(|until| day <= until)
            .then_some(record)
    }

    /// Gives the fault of a record beside which another of its group holds on a day: nobody can say which of them is
    /// meant.
    fn doubt_on(&self, data: &TableData, place: u32, record: u32, day: i32) -> Option<u32> {
        let (valid, faults) = (self.valid.as_ref()?, data.row_errors.as_ref()?);
        let fault = *faults.get(usize::try_from(record).ok()?)?;
        if fault == 0 {
            return None;
        }
        let holds = |record: &&u32| {
            valid.first_day(data, **record).is_none_or(|from| from <= day)
                && valid.last_day(data, **record).is_none_or(|until| day <= until)
        };
        let mut others = valid.group_at(place)?.iter().filter(|other| **other != record);
        others.any(|other| holds(&other)).then_some(fault)
    }
}

/// Puts a number into a list.
fn with_entry(mut list: Vec<u32>, row: usize, number: u32) -> Vec<u32> {
    if let Some(entry) = list.get_mut(row) {
        *entry = number;
    }
    list
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

    /// Gives the records of the group that begins at a place.
    fn group_at(&self, place: u32) -> Option<&[u32]> {
        let first = usize::try_from(place).ok()?;
        let ends = self.ends.get(first..)?;
        let length = ends.iter().position(|is_end| *is_end)?.saturating_add(1);
        self.order.get(first..first.saturating_add(length))
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
    doubts: Option<Vec<u32>>,
    parts: impl Iterator<Item = &'a Column>,
    rows: usize,
) -> Result<Column, Error> {
    let mut errors = doubts;
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

fn filled<T: Clone>(count: usize, value: T) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    reserve(&mut values, count)?;
    values.resize(count, value);
    Ok(values)
}
