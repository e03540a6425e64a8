//! Vectors: the values of one node for a stretch of cells, as kernels take and give them.
//!
//! A vector holds either one value for each cell of the stretch or a single one that serves all of them. It borrows
//! from a column where it can. As in a column, missing values and errors stand beside the values.

use std::borrow::Cow;
use std::sync::Arc;

use guerdon_plan::calendar::Unit;
use guerdon_plan::number::Exact;

use crate::column::TextPool;

mod builder;
mod cells;
mod constant;
mod gather;
mod numbers;
mod stretch;
mod text;

pub(crate) use builder::Builder;
pub(crate) use cells::compare_cells;
pub(crate) use constant::{const_vector, missing, value_list};
pub(crate) use numbers::{NARROW_DECIMALS, WIDE_DECIMALS, bits_i64, bits_i128, scaled};
pub(crate) use stretch::from_column;

/// Holds the values of a node for a stretch of cells; of length 1 where one value serves all.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Vector<'a> {
    /// The values; what stands under a mask is arbitrary.
    pub data: Data<'a>,
    /// 1 where there is no value.
    pub missing: Option<Cow<'a, [u8]>>,
    /// 0 where the value is sound, otherwise the number of its error (see [`crate::fault`]). An error outweighs a
    /// missing value.
    pub errors: Option<Cow<'a, [u32]>>,
}

/// The values of a vector, by kind.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Data<'a> {
    /// yes (1) or no (0).
    Bool(Cow<'a, [u8]>),
    /// Exact numbers of any kind.
    Number(Numbers<'a>),
    /// Civil days, as days since 1970-01-01.
    Date(Cow<'a, [i32]>),
    /// Periods of one length, by index.
    Period(Unit, Cow<'a, [i32]>),
    /// Text, as codes of a pool in byte order.
    Text(Cow<'a, [u32]>, Arc<TextPool>),
    /// Values of an enum of at most 256 values, by position.
    Enum(Cow<'a, [u8]>),
    /// Values of a longer enum.
    LongEnum(Cow<'a, [u16]>),
    /// Rows of a table, or cells of a frame.
    Row(Cow<'a, [u32]>),
    /// No kind yet: every value is missing or an error.
    Nothing(usize),
}

/// Exact numbers in the narrowest form that holds them all. Which form it is never changes a result.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Numbers<'a> {
    /// value ÷ 10^decimals.
    Scaled(Cow<'a, [i64]>, u8),
    /// value ÷ 10^decimals, of 128 bits.
    Wide(Cow<'a, [i128]>, u8),
    /// numerator ÷ denominator (positive), not reduced.
    Ratio(Cow<'a, [i128]>, Cow<'a, [i128]>),
    /// Anything.
    Exact(Cow<'a, [Exact]>),
}

impl<'a> Vector<'a> {
    /// Makes a vector without missing values and errors.
    pub(crate) fn new(data: Data<'a>) -> Self {
        Self {
            data,
            missing: None,
            errors: None,
        }
    }

    /// Counts the values held: 1 where one serves all cells.
    pub(crate) fn len(&self) -> usize {
        self.data.len()
    }

    /// Says whether a value is missing; a single value answers for all cells.
    pub(crate) fn is_missing(&self, cell: usize) -> bool {
        self.missing.as_deref().is_some_and(|mask| flag(mask, cell) != 0)
    }

    /// Says whether there is no value at a cell; none of no kind is one.
    pub(crate) fn is_gap(&self, cell: usize) -> bool {
        self.is_missing(cell) || matches!(self.data, Data::Nothing(_))
    }

    /// Says whether a value may be missing.
    pub(crate) fn has_gaps(&self) -> bool {
        self.missing.is_some() || matches!(self.data, Data::Nothing(_))
    }

    /// Gives the number of the error at a cell, 0 if there is none.
    pub(crate) fn error(&self, cell: usize) -> u32 {
        self.errors.as_deref().map_or(0, |errors| flag(errors, cell))
    }

    /// Says whether every value is there and sound.
    pub(crate) fn is_plain(&self) -> bool {
        self.missing.is_none() && self.errors.is_none()
    }
}

impl Data<'_> {
    /// Counts the values held.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Bool(values) => values.len(),
            Self::Number(numbers) => numbers.len(),
            Self::Date(values) | Self::Period(_, values) => values.len(),
            Self::Text(codes, _) => codes.len(),
            Self::Enum(codes) => codes.len(),
            Self::LongEnum(codes) => codes.len(),
            Self::Row(rows) => rows.len(),
            Self::Nothing(len) => *len,
        }
    }
}

impl Numbers<'_> {
    /// Counts the numbers held.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Scaled(values, _) => values.len(),
            Self::Wide(values, _) => values.len(),
            Self::Ratio(values, _) => values.len(),
            Self::Exact(values) => values.len(),
        }
    }
}

/// Gives the entry for a cell of a list that may hold one for all.
pub(crate) fn flag<T: Copy + Default>(list: &[T], cell: usize) -> T {
    let place = if list.len() == 1 { 0 } else { cell };
    list.get(place).copied().unwrap_or_default()
}
