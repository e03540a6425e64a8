//! Stretches of columns and of vectors, without a copy.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::{Data, Numbers, Vector};
use crate::column::{Column, ColumnData, EnumCodes};

/// Gives a stretch of a column; what lies outside is left out.
pub(crate) fn from_column(column: &Column, cells: Range<usize>) -> Vector<'_> {
    Vector {
        data: column_data(column.data(), &cells),
        missing: column.missing().map(|mask| cut(mask, &cells)),
        errors: column.errors().map(|errors| cut(errors, &cells)),
    }
}

impl Vector<'_> {
    /// Gives a stretch of the cells; a single value for all of them stays one.
    pub(crate) fn slice(&self, cells: Range<usize>) -> Vector<'_> {
        Vector {
            data: self.data.slice(&cells),
            missing: self.missing.as_ref().map(|mask| part(mask, &cells)),
            errors: self.errors.as_ref().map(|errors| part(errors, &cells)),
        }
    }

    /// Copies what is borrowed.
    pub(crate) fn into_owned(self) -> Vector<'static> {
        Vector {
            data: self.data.into_owned(),
            missing: self.missing.map(own),
            errors: self.errors.map(own),
        }
    }
}

impl Data<'_> {
    fn slice(&self, cells: &Range<usize>) -> Data<'_> {
        match self {
            Self::Bool(values) => Data::Bool(part(values, cells)),
            Self::Number(numbers) => Data::Number(numbers.slice(cells)),
            Self::Date(values) => Data::Date(part(values, cells)),
            Self::Period(unit, values) => Data::Period(*unit, part(values, cells)),
            Self::Text(codes, pool) => Data::Text(part(codes, cells), Arc::clone(pool)),
            Self::Enum(codes) => Data::Enum(part(codes, cells)),
            Self::LongEnum(codes) => Data::LongEnum(part(codes, cells)),
            Self::Row(rows) => Data::Row(part(rows, cells)),
            Self::Nothing(1) => Data::Nothing(1),
            Self::Nothing(len) => {
                let end = cells.end.min(*len);
                Data::Nothing(end.saturating_sub(cells.start))
            }
        }
    }

    fn into_owned(self) -> Data<'static> {
        match self {
            Self::Bool(values) => Data::Bool(own(values)),
            Self::Number(numbers) => Data::Number(numbers.into_owned()),
            Self::Date(values) => Data::Date(own(values)),
            Self::Period(unit, values) => Data::Period(unit, own(values)),
            Self::Text(codes, pool) => Data::Text(own(codes), pool),
            Self::Enum(codes) => Data::Enum(own(codes)),
            Self::LongEnum(codes) => Data::LongEnum(own(codes)),
            Self::Row(rows) => Data::Row(own(rows)),
            Self::Nothing(len) => Data::Nothing(len),
        }
    }
}

impl Numbers<'_> {
    fn slice(&self, cells: &Range<usize>) -> Numbers<'_> {
        match self {
            Self::Scaled(values, decimals) => Numbers::Scaled(part(values, cells), *decimals),
            Self::Wide(values, decimals) => Numbers::Wide(part(values, cells), *decimals),
            Self::Ratio(nums, dens) => Numbers::Ratio(part(nums, cells), part(dens, cells)),
            Self::Exact(values) => Numbers::Exact(part(values, cells)),
        }
    }

    pub(crate) fn into_owned(self) -> Numbers<'static> {
        match self {
            Self::Scaled(values, decimals) => Numbers::Scaled(own(values), decimals),
            Self::Wide(values, decimals) => Numbers::Wide(own(values), decimals),
            Self::Ratio(nums, dens) => Numbers::Ratio(own(nums), own(dens)),
            Self::Exact(values) => Numbers::Exact(own(values)),
        }
    }
}

fn column_data<'a>(data: &'a ColumnData, cells: &Range<usize>) -> Data<'a> {
    match data {
        ColumnData::Bool(values) => Data::Bool(cut(values, cells)),
        ColumnData::Scaled { values, decimals } => {
            Data::Number(Numbers::Scaled(cut(values, cells), *decimals))
        }
        ColumnData::Wide(values) => Data::Number(Numbers::Exact(cut(values, cells))),
        ColumnData::Date(values) => Data::Date(cut(values, cells)),
        ColumnData::Period { unit, values } => Data::Period(*unit, cut(values, cells)),
        ColumnData::Text { codes, dictionary } => Data::Text(cut(codes, cells), Arc::clone(dictionary)),
        ColumnData::Enum(EnumCodes::Narrow(codes)) => Data::Enum(cut(codes, cells)),
        ColumnData::Enum(EnumCodes::Wide(codes)) => Data::LongEnum(cut(codes, cells)),
        ColumnData::Row(rows) => Data::Row(cut(rows, cells)),
    }
}

/// Cuts a list that may hold one value for all cells.
fn part<'a, T: Clone>(list: &'a [T], cells: &Range<usize>) -> Cow<'a, [T]> {
    if list.len() == 1 {
        Cow::Borrowed(list)
    } else {
        cut(list, cells)
    }
}

fn cut<'a, T: Clone>(list: &'a [T], cells: &Range<usize>) -> Cow<'a, [T]> {
    let end = cells.end.min(list.len());
    Cow::Borrowed(list.get(cells.start.min(end)..end).unwrap_or_default())
}

fn own<T: Clone>(list: Cow<'_, [T]>) -> Cow<'static, [T]> {
    Cow::Owned(list.into_owned())
}
