//! Key words: the values of a key field as whole numbers that are equal and ordered as the values are.

use std::ops::Range;

use guerdon_plan::number::{Exact, pow10_i64};

use crate::column::{Cell, Column, ColumnData, EnumCodes};

/// Reads the values of one column as words of a key field.
///
/// The words belong to the key column of a table: a text is its code there, a number is scaled as the numbers there
/// are. A value that the key column cannot hold has no word, hence no record.
pub(super) enum Words<'a> {
    Bytes(&'a [u8]),
    Shorts(&'a [u16]),
    Signed(&'a [i32]),
    Codes(&'a [u32]),
    Translated {
        codes: &'a [u32],
        words: Vec<Option<u32>>,
    },
    Numbers(&'a [i64]),
    Finer {
        values: &'a [i64],
        times: i64,
    },
    Coarser {
        values: &'a [i64],
        over: i64,
    },
    Each {
        column: &'a Column,
        key: &'a ColumnData,
        ranks: &'a [Exact],
    },
    Never,
}

impl<'a> Words<'a> {
    /// Reads a key column's own values; `ranks` lists the different numbers of a wide one, in order.
    pub(super) fn of_key(column: &'a Column, ranks: &'a [Exact]) -> Words<'a> {
        match column.data() {
            ColumnData::Text { codes, .. } => Words::Codes(codes),
            data @ (ColumnData::Bool(_)
            | ColumnData::Scaled { .. }
            | ColumnData::Wide(_)
            | ColumnData::Date(_)
            | ColumnData::Period { .. }
            | ColumnData::Enum(_)
            | ColumnData::Row(_)) => Words::of(column, data, ranks),
        }
    }

    /// Reads the values of any column as words of a key column.
    pub(super) fn of(column: &'a Column, key: &'a ColumnData, ranks: &'a [Exact]) -> Words<'a> {
        match (column.data(), key) {
            (ColumnData::Bool(values), ColumnData::Bool(_)) => Words::Bytes(values),
            (ColumnData::Enum(EnumCodes::Narrow(codes)), ColumnData::Enum(_)) => Words::Bytes(codes),
            (ColumnData::Enum(EnumCodes::Wide(codes)), ColumnData::Enum(_)) => Words::Shorts(codes),
            (ColumnData::Date(values), ColumnData::Date(_)) => Words::Signed(values),
            (ColumnData::Period { unit, values }, ColumnData::Period { unit: theirs, .. })
                if unit == theirs =>
            {
                Words::Signed(values)
            }
            (ColumnData::Row(rows), ColumnData::Row(_)) => Words::Codes(rows),
            (
                ColumnData::Text { codes, dictionary },
                ColumnData::Text {
                    dictionary: theirs, ..
                },
            ) => {
                // A few look-ups do not pay for a walk through a large pool.
                if codes.len().saturating_mul(16) < theirs.len() {
                    Words::Each { column, key, ranks }
                } else {
                    Words::Translated {
                        codes,
                        words: dictionary.codes_in(theirs),
                    }
                }
            }
            (ColumnData::Scaled { values, decimals }, ColumnData::Scaled { decimals: theirs, .. }) => {
                scaled(values, *decimals, *theirs)
            }
            (
                ColumnData::Scaled { .. } | ColumnData::Wide(_),
                ColumnData::Scaled { .. } | ColumnData::Wide(_),
            ) => Words::Each { column, key, ranks },
            (
                ColumnData::Bool(_)
                | ColumnData::Scaled { .. }
                | ColumnData::Wide(_)
                | ColumnData::Date(_)
                | ColumnData::Period { .. }
                | ColumnData::Text { .. }
                | ColumnData::Enum(_)
                | ColumnData::Row(_),
                _,
            ) => Words::Never,
        }
    }

    /// Hands over the words of consecutive rows by their place among these; the first value serves all if it is the
    /// only one.
    pub(super) fn each(&self, rows: Range<usize>, is_single: bool, mut take: impl FnMut(usize, Option<i64>)) {
        match self {
            Words::Signed(values) if !is_single && rows.end <= values.len() => {
                let words = values.get(rows).unwrap_or_default().iter().copied();
                let words = words.map(i64::from).map(Some);
                words.enumerate().for_each(|(place, word)| take(place, word));
            }
            Words::Codes(values) if !is_single && rows.end <= values.len() => {
                let words = values.get(rows).unwrap_or_default().iter().copied();
                let words = words.map(i64::from).map(Some);
                words.enumerate().for_each(|(place, word)| take(place, word));
            }
            Words::Bytes(_)
            | Words::Shorts(_)
            | Words::Signed(_)
            | Words::Codes(_)
            | Words::Translated { .. }
            | Words::Numbers(_)
            | Words::Finer { .. }
            | Words::Coarser { .. }
            | Words::Each { .. }
            | Words::Never => {
                let word = |row: usize| self.word(if is_single { 0 } else { row });
                rows.map(word)
                    .enumerate()
                    .for_each(|(place, word)| take(place, word));
            }
        }
    }

    /// Gives the word of one value; masks are not looked at.
    pub(super) fn word(&self, row: usize) -> Option<i64> {
        match self {
            Words::Bytes(values) => values.get(row).map(|value| i64::from(*value)),
            Words::Shorts(values) => values.get(row).map(|value| i64::from(*value)),
            Words::Signed(values) => values.get(row).map(|value| i64::from(*value)),
            Words::Codes(values) => values.get(row).map(|value| i64::from(*value)),
            Words::Translated { codes, words } => {
                let code = usize::try_from(*codes.get(row)?).ok()?;
                words.get(code)?.map(i64::from)
            }
            Words::Numbers(values) => values.get(row).copied(),
            Words::Finer { values, times } => values.get(row)?.checked_mul(*times),
            Words::Coarser { values, over } => {
                let value = *values.get(row)?;
                if value.checked_rem(*over)? == 0 {
                    value.checked_div(*over)
                } else {
                    None
                }
            }
            Words::Each { column, key, ranks } => word_of(&column.cell(row), key, ranks),
            Words::Never => None,
        }
    }
}

/// Gives the word that a single value has as a value of a key column.
pub(super) fn word_of(cell: &Cell<'_>, key: &ColumnData, ranks: &[Exact]) -> Option<i64> {
    match (cell, key) {
        (Cell::Bool(value), ColumnData::Bool(_)) => Some(i64::from(*value)),
        (Cell::Number(number), ColumnData::Scaled { decimals, .. }) => number
            .to_scaled(*decimals)
            .and_then(|scaled| i64::try_from(scaled).ok()),
        (Cell::Number(number), ColumnData::Wide(_)) => ranks
            .binary_search(number)
            .ok()
            .and_then(|rank| i64::try_from(rank).ok()),
        (Cell::Date(day), ColumnData::Date(_)) => Some(i64::from(*day)),
        (Cell::Period(unit, index), ColumnData::Period { unit: theirs, .. }) => {
            (unit == theirs).then_some(i64::from(*index))
        }
        (Cell::Text(text), ColumnData::Text { dictionary, .. }) => dictionary.find(text).map(i64::from),
        (Cell::Enum(value), ColumnData::Enum(_)) | (Cell::Row(value), ColumnData::Row(_)) => {
            Some(i64::from(*value))
        }
        (
            Cell::Missing
            | Cell::Error(_)
            | Cell::Bool(_)
            | Cell::Number(_)
            | Cell::Date(_)
            | Cell::Period(..)
            | Cell::Text(_)
            | Cell::Enum(_)
            | Cell::Row(_),
            _,
        ) => None,
    }
}

/// Lists the different numbers of a wide column in order; nothing for any other column.
pub(super) fn ranks(column: &Column) -> Vec<Exact> {
    match column.data() {
        ColumnData::Wide(values) => {
            let mut ranks = values.clone();
            ranks.sort_unstable();
            ranks.dedup();
            ranks
        }
        ColumnData::Bool(_)
        | ColumnData::Scaled { .. }
        | ColumnData::Date(_)
        | ColumnData::Period { .. }
        | ColumnData::Text { .. }
        | ColumnData::Enum(_)
        | ColumnData::Row(_) => Vec::new(),
    }
}

fn scaled<'a>(values: &'a [i64], decimals: u8, wanted: u8) -> Words<'a> {
    let power = pow10_i64(decimals.abs_diff(wanted)).unwrap_or(i64::MAX);
    match decimals.cmp(&wanted) {
        std::cmp::Ordering::Less => Words::Finer { values, times: power },
        std::cmp::Ordering::Equal => Words::Numbers(values),
        std::cmp::Ordering::Greater => Words::Coarser { values, over: power },
    }
}
