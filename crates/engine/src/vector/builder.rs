//! Whole columns from chunks.

mod numbers;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use guerdon_plan::calendar::Unit;

use self::numbers::NumberStore;
use super::{Data, Vector};
use crate::column::TextPool;

/// Puts chunks one after another; the forms in which they hold their values need not agree.
#[derive(Default)]
pub(crate) struct Builder {
    store: Store,
    missing: Option<Vec<u8>>,
    errors: Option<Vec<u32>>,
    len: usize,
    /// How many cells there will be, if that is known.
    expected: usize,
}

/// The values so far.
#[derive(Default)]
enum Store {
    /// None of a known kind.
    #[default]
    Nothing,
    Bool(Vec<u8>),
    Number(NumberStore),
    Date(Vec<i32>),
    Period(Unit, Vec<i32>),
    /// Codes, and the pools they belong to, each with the place of its first code.
    Text(Vec<u32>, Vec<(usize, Arc<TextPool>)>),
    Enum(Vec<u8>),
    LongEnum(Vec<u16>),
    Row(Vec<u32>),
}

impl Builder {
    /// Begins a column of so many cells, so that room is made once.
    pub(crate) fn of(cells: usize) -> Self {
        Self {
            expected: cells,
            ..Self::default()
        }
    }

    /// Appends a chunk of so many cells; a single value that serves all of them is repeated.
    pub(crate) fn push(&mut self, chunk: &Vector<'_>, cells: usize) {
        let begun = self.len;
        self.len = begun.saturating_add(cells);
        self.push_values(&chunk.data, begun, cells);
        push_mask(&mut self.missing, chunk.missing.as_deref(), begun, cells);
        push_mask(&mut self.errors, chunk.errors.as_deref(), begun, cells);
    }

    /// Gives the whole column.
    pub(crate) fn finish(self) -> Vector<'static> {
        let data = match self.store {
            Store::Nothing => Data::Nothing(self.len),
            Store::Bool(values) => Data::Bool(Cow::Owned(values)),
            Store::Number(numbers) => Data::Number(numbers.finish()),
            Store::Date(values) => Data::Date(Cow::Owned(values)),
            Store::Period(unit, values) => Data::Period(unit, Cow::Owned(values)),
            Store::Text(codes, pools) => one_pool(codes, &pools),
            Store::Enum(codes) => Data::Enum(Cow::Owned(codes)),
            Store::LongEnum(codes) => Data::LongEnum(Cow::Owned(codes)),
            Store::Row(rows) => Data::Row(Cow::Owned(rows)),
        };
        Vector {
            data,
            missing: self.missing.map(Cow::Owned),
            errors: self.errors.map(Cow::Owned),
        }
    }

    fn push_values(&mut self, data: &Data<'_>, begun: usize, cells: usize) {
        if let (Store::Nothing, false) = (&self.store, matches!(data, Data::Nothing(_))) {
            self.store = Store::of_kind(data, begun, self.expected);
        }
        match (&mut self.store, data) {
            (Store::Bool(all), Data::Bool(chunk)) | (Store::Enum(all), Data::Enum(chunk)) => {
                append(all, chunk, cells);
            }
            (Store::Number(all), Data::Number(chunk)) => all.push(chunk, cells),
            (Store::Date(all), Data::Date(chunk)) => append(all, chunk, cells),
            (Store::Period(unit, all), Data::Period(its, chunk)) if *unit == *its => {
                append(all, chunk, cells)
            }
            (Store::Text(all, pools), Data::Text(chunk, pool)) => {
                if !pools.last().is_some_and(|(_, last)| same_pool(last, pool)) {
                    pools.push((begun, Arc::clone(pool)));
                }
                append(all, chunk, cells);
            }
            (Store::LongEnum(all), Data::LongEnum(chunk)) => append(all, chunk, cells),
            (Store::LongEnum(all), Data::Enum(chunk)) => append(all, &longer(chunk), cells),
            (Store::Enum(all), Data::LongEnum(chunk)) => {
                let mut long = longer(all);
                append(&mut long, chunk, cells);
                self.store = Store::LongEnum(long);
            }
            (Store::Row(all), Data::Row(chunk)) => append(all, chunk, cells),
            (store, Data::Nothing(_)) => store.fill(cells),
            (store, _) => {
                // Chunks of one node are of one kind; should they not be, what does not fit is no value.
                store.fill(cells);
                push_mask(&mut self.missing, Some(&[1]), begun, cells);
            }
        }
    }
}

impl Store {
    /// Begins values of the kind of a chunk, after so many cells without any; as many as are expected have room.
    fn of_kind(data: &Data<'_>, begun: usize, expected: usize) -> Store {
        let mut store = match data {
            Data::Bool(_) => Store::Bool(Vec::with_capacity(expected)),
            Data::Number(numbers) => Store::Number(NumberStore::like(numbers, expected)),
            Data::Date(_) => Store::Date(Vec::with_capacity(expected)),
            Data::Period(unit, _) => Store::Period(*unit, Vec::with_capacity(expected)),
            Data::Text(..) => Store::Text(Vec::with_capacity(expected), Vec::new()),
            Data::Enum(_) => Store::Enum(Vec::with_capacity(expected)),
            Data::LongEnum(_) => Store::LongEnum(Vec::with_capacity(expected)),
            Data::Row(_) => Store::Row(Vec::with_capacity(expected)),
            Data::Nothing(_) => Store::Nothing,
        };
        store.fill(begun);
        store
    }

    /// Appends so many arbitrary values.
    fn fill(&mut self, cells: usize) {
        match self {
            Store::Nothing => {}
            Store::Bool(all) | Store::Enum(all) => append(all, &[0], cells),
            Store::Number(all) => all.fill(cells),
            Store::Date(all) | Store::Period(_, all) => append(all, &[0], cells),
            Store::Text(all, _) | Store::Row(all) => append(all, &[0], cells),
            Store::LongEnum(all) => append(all, &[0], cells),
        }
    }
}

/// Appends a chunk that may hold one value for all its cells.
fn append<T: Clone>(all: &mut Vec<T>, chunk: &[T], cells: usize) {
    match chunk {
        [one] => all.resize(all.len().saturating_add(cells), one.clone()),
        many => all.extend_from_slice(many),
    }
}

fn push_mask<T: Copy + Default>(all: &mut Option<Vec<T>>, chunk: Option<&[T]>, begun: usize, cells: usize) {
    let end = begun.saturating_add(cells);
    match (&mut *all, chunk) {
        (None, None) => {}
        (Some(mask), None) => mask.resize(end, T::default()),
        (_, Some(chunk)) => {
            let mask = all.get_or_insert_default();
            mask.resize(begun, T::default());
            append(mask, chunk, cells);
        }
    }
}

fn longer(codes: &[u8]) -> Vec<u16> {
    codes.iter().copied().map(u16::from).collect()
}

fn same_pool(one: &Arc<TextPool>, other: &Arc<TextPool>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

/// Rewrites codes of several pools as codes of one that holds the texts of all.
fn one_pool(mut codes: Vec<u32>, pools: &[(usize, Arc<TextPool>)]) -> Data<'static> {
    let [(_, first), others @ ..] = pools else {
        return Data::Text(Cow::Owned(codes), Arc::default());
    };
    if others.iter().all(|(_, other)| same_pool(first, other)) {
        return Data::Text(Cow::Owned(codes), Arc::clone(first));
    }
    let texts: BTreeSet<&str> = pools.iter().flat_map(|(_, pool)| pool.iter()).collect();
    let joint = Arc::new(TextPool::from_sorted(texts));
    let mut rest = codes.as_mut_slice();
    let ends = others.iter().map(|(begun, _)| *begun).chain([rest.len()]);
    let mut done = 0;
    for ((_, pool), end) in pools.iter().zip(ends) {
        let (own, later) = rest
            .split_at_mut_checked(end.saturating_sub(done))
            .unwrap_or_default();
        let translated = pool.codes_in(&joint);
        for code in own {
            let place = usize::try_from(*code).ok();
            *code = place.and_then(|place| *translated.get(place)?).unwrap_or(0);
        }
        (rest, done) = (later, end);
    }
    Data::Text(Cow::Owned(codes), joint)
}

#[cfg(test)]
mod tests;
