//! The order of tables and of records.

use std::cmp::Ordering;

use guerdon_plan::hir::Program;
use guerdon_plan::types::TableId;

use super::super::words::{Words, ranks};
use super::{Load, reference};
use crate::error::Error;
use crate::limits::reserve;

/// Lists the tables so that each comes after those that its key refers to.
///
/// Tables whose keys refer to one another in a circle come in the order of the program.
pub(super) fn tables(program: &Program) -> Vec<TableId> {
    let mut listed: Vec<TableId> = Vec::new();
    let mut waiting: Vec<TableId> = (0..program.tables.len()).map(TableId::at).collect();
    while !waiting.is_empty() {
        let is_ready = |table: &TableId| {
            targets(program, *table)
                .iter()
                .all(|target| !waiting.contains(target))
        };
        let (ready, rest): (Vec<TableId>, Vec<TableId>) = waiting.iter().copied().partition(is_ready);
        if ready.is_empty() {
            listed.extend(rest);
            return listed;
        }
        listed.extend(ready);
        waiting = rest;
    }
    listed
}

/// Sorts a table by its key; records whose key cannot be read come last, in the order of the input.
pub(super) fn sort(load: &mut Load) -> Result<(), Error> {
    let rows = load.data.rows;
    let columns: Option<Vec<_>> = load.key.iter().map(|column| load.column(*column)).collect();
    let Some(columns) = columns.filter(|columns| !columns.is_empty()) else {
        return Ok(());
    };
    let ranks: Vec<_> = columns.iter().map(|column| ranks(column)).collect();
    let words: Vec<_> = columns
        .iter()
        .zip(&ranks)
        .map(|(column, ranks)| Words::of_key(column, ranks))
        .collect();
    let is_sound = |row: usize| {
        columns
            .iter()
            .all(|column| !column.is_missing(row) && column.error(row).is_none())
    };
    let has_faults = columns
        .iter()
        .any(|column| column.missing().is_some() || column.errors().is_some());
    let is_sorted = (1..rows).all(|row| compare(&words, row.saturating_sub(1), row).is_le());
    if is_sorted && !has_faults {
        load.keyed = rows;
        return Ok(());
    }
    let mut order: Vec<u32> = Vec::new();
    reserve(&mut order, rows)?;
    order.extend(
        (0..rows)
            .filter(|row| is_sound(*row))
            .filter_map(|row| u32::try_from(row).ok()),
    );
    let keyed = order.len();
    sort_rows(&mut order, &words)?;
    order.extend(
        (0..rows)
            .filter(|row| !is_sound(*row))
            .filter_map(|row| u32::try_from(row).ok()),
    );
    let first_error = |row: usize| columns.iter().find_map(|column| column.error(row));
    let unsound: Vec<_> = order
        .iter()
        .skip(keyed)
        .map(|row| first_error(usize::try_from(*row).unwrap_or(usize::MAX)))
        .collect();
    take(load, order)?;
    load.keyed = keyed;
    for (row, problem) in (keyed..).zip(unsound) {
        if let Some(problem) = problem {
            load.mark(row, problem);
        }
    }
    Ok(())
}

/// Keeps the given rows, in the given order.
pub(super) fn take(load: &mut Load, order: Vec<u32>) -> Result<(), Error> {
    let data = &mut load.data;
    for column in &mut data.columns {
        *column = column.take().map(|column| column.gather(&order)).transpose()?;
    }
    data.row_errors = data
        .row_errors
        .take()
        .map(|errors| picked(&errors, &order))
        .transpose()?;
    load.raw = load.raw.take().map(|raw| picked(&raw, &order)).transpose()?;
    data.rows = order.len();
    data.input_rows = Some(match data.input_rows.take() {
        Some(numbers) => picked(&numbers, &order)?,
        None => order,
    });
    Ok(())
}

/// Compares two records by the words of their keys.
pub(super) fn compare(words: &[Words<'_>], left: usize, right: usize) -> Ordering {
    let pairs = words.iter().map(|part| part.word(left).cmp(&part.word(right)));
    pairs.fold(Ordering::Equal, Ordering::then)
}

/// Sorts rows by key, equal ones by row: as single numbers where the words of a key and the row fit 64 bits together.
fn sort_rows(order: &mut [u32], words: &[Words<'_>]) -> Result<(), Error> {
    let row = |row: &u32| usize::try_from(*row).unwrap_or(usize::MAX);
    let Some(packing) = packing(order, words) else {
        order.sort_unstable_by(|a, b| compare(words, row(a), row(b)).then(a.cmp(b)));
        return Ok(());
    };
    let last = order.iter().copied().max().unwrap_or(0);
    let row_bits = u32::BITS.saturating_sub(last.leading_zeros());
    let key_bits = packing.iter().map(|(_, bits)| *bits).fold(0, u32::saturating_add);
    if key_bits.saturating_add(row_bits) > u64::BITS {
        let key = |place: &u32| (pack(words, &packing, row(place)), *place);
        order.sort_unstable_by_key(key);
        return Ok(());
    }
    let mut packed: Vec<u64> = Vec::new();
    reserve(&mut packed, order.len())?;
    packed.extend(order.iter().map(|place| {
        let key = pack(words, &packing, row(place));
        key.checked_shl(row_bits).unwrap_or(0) | u64::from(*place)
    }));
    packed.sort_unstable();
    let of_row = u64::from(u32::MAX)
        .checked_shr(u32::BITS.saturating_sub(row_bits))
        .unwrap_or(0);
    for (place, packed) in order.iter_mut().zip(&packed) {
        *place = u32::try_from(packed & of_row).unwrap_or(u32::MAX);
    }
    Ok(())
}

/// Gives least word and bits of each part, if the bits of all fit 64.
fn packing(order: &[u32], words: &[Words<'_>]) -> Option<Vec<(i64, u32)>> {
    let mut total = 0_u32;
    let mut packing = Vec::new();
    for part in words {
        let values = || {
            order
                .iter()
                .filter_map(|row| part.word(usize::try_from(*row).ok()?))
        };
        let (least, greatest) = (values().min()?, values().max()?);
        let bits = u64::BITS.saturating_sub(greatest.abs_diff(least).leading_zeros());
        total = total.saturating_add(bits);
        packing.push((least, bits));
    }
    (total <= u64::BITS).then_some(packing)
}

fn pack(words: &[Words<'_>], packing: &[(i64, u32)], row: usize) -> u64 {
    words
        .iter()
        .zip(packing)
        .fold(0, |packed: u64, (part, (least, bits))| {
            let offset = part.word(row).map_or(0, |word| word.abs_diff(*least));
            packed.checked_shl(*bits).unwrap_or(0) | offset
        })
}

fn picked<T: Copy>(values: &[T], order: &[u32]) -> Result<Vec<T>, Error> {
    let mut taken = Vec::new();
    reserve(&mut taken, order.len())?;
    taken.extend(
        order
            .iter()
            .filter_map(|row| values.get(usize::try_from(*row).ok()?).copied()),
    );
    Ok(taken)
}

fn targets(program: &Program, table: TableId) -> Vec<TableId> {
    let key = program.table(table).map_or(&[][..], |table| &table.key);
    let others = key
        .iter()
        .filter_map(|field| reference(program, table, field.index()));
    others.filter(|target| *target != table).collect()
}
