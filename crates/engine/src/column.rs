//! Columns: one value for each record of a table, in the narrowest storage that holds them all exactly.
//!
//! Missing values and errors stand beside the values, never among them: a column without either carries neither mask,
//! so that a kernel need not look. A place under a mask holds an arbitrary value that must not be used.

mod edit;
mod pool;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use guerdon_plan::calendar::Unit;
use guerdon_plan::number::Exact;

pub(crate) use edit::{Put, Shift};
pub(crate) use pool::Ends;
pub use pool::TextPool;

use crate::error::Error;
use crate::limits::reserve;

/// Holds the values of one field for each record, or of one expression for each element it ranges over.
///
/// `Debug` shows kind and length, never a value: columns hold what people are paid.
///
/// # Examples
///
/// ```
/// use guerdon::column::{Cell, Column, ColumnData};
///
/// let amounts = Column::new(ColumnData::Scaled { values: vec![1250, 0], decimals: 2 }).with_missing(vec![0, 1]);
/// assert_eq!(amounts.cell(0).number().map(|amount| amount.to_string()).as_deref(), Some("12.5"));
/// assert_eq!(amounts.cell(1), Cell::Missing);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Column {
    data: ColumnData,
    missing: Option<Vec<u8>>,
    errors: Option<Vec<u32>>,
}

/// The values of a column, by kind.
#[derive(Clone, PartialEq, Eq)]
pub enum ColumnData {
    /// yes (1) or no (0).
    Bool(Vec<u8>),
    /// Numbers of any kind: value × 10^`decimals`, with as few decimals as the values need.
    Scaled {
        /// The numbers, scaled.
        values: Vec<i64>,
        /// The decimals of all of them.
        decimals: u8,
    },
    /// Numbers of which at least one does not fit 64 bits at the scale they need.
    Wide(Vec<Exact>),
    /// Civil days, as days since 1970-01-01.
    Date(Vec<i32>),
    /// Periods of one length, as their index.
    Period {
        /// The length.
        unit: Unit,
        /// The indices.
        values: Vec<i32>,
    },
    /// Text, as codes of a pool whose codes are in byte order.
    Text {
        /// The codes.
        codes: Vec<u32>,
        /// The texts.
        dictionary: Arc<TextPool>,
    },
    /// Values of an enum, as their positions in it.
    Enum(EnumCodes),
    /// Records of a table, as their row ids.
    Row(Vec<u32>),
}

/// Positions in an enum: one byte each where the enum has at most 256 values.
#[derive(Clone, PartialEq, Eq)]
pub enum EnumCodes {
    /// Of an enum of at most 256 values.
    Narrow(Vec<u8>),
    /// Of a longer one.
    Wide(Vec<u16>),
}

/// One value of a column, for what looks at few of them: reports, traces, messages.
#[derive(Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// There is no value.
    Missing,
    /// The value is spoilt: a position in the list of problems.
    Error(u32),
    /// yes or no.
    Bool(bool),
    /// A number of any kind.
    Number(Exact),
    /// A civil day, as days since 1970-01-01.
    Date(i32),
    /// A period.
    Period(Unit, i32),
    /// Text.
    Text(&'a str),
    /// A value of an enum, by position.
    Enum(u32),
    /// A record, by row id.
    Row(u32),
}

impl Column {
    /// Makes a column without missing values and errors.
    pub fn new(data: ColumnData) -> Column {
        Column {
            data,
            missing: None,
            errors: None,
        }
    }

    /// Sets which values are missing (1) and which are there (0); a mask without a 1 is dropped.
    ///
    /// A mask that is shorter than the column leaves the rest as it is there.
    #[must_use]
    pub fn with_missing(mut self, mut mask: Vec<u8>) -> Column {
        mask.resize(self.len(), 0);
        self.missing = mask.contains(&1).then_some(mask);
        self
    }

    /// Sets the errors: 0 for a sound value, otherwise 1 + the position of the cause in the list of problems.
    ///
    /// A list without an error is dropped; one that is shorter than the column leaves the rest sound.
    #[must_use]
    pub fn with_errors(mut self, mut errors: Vec<u32>) -> Column {
        errors.resize(self.len(), 0);
        self.errors = errors.iter().any(|error| *error != 0).then_some(errors);
        self
    }

    /// Counts the values.
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Says whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives the values.
    pub fn data(&self) -> &ColumnData {
        &self.data
    }

    /// Gives the mask of missing values (1: missing), if there is one.
    pub fn missing(&self) -> Option<&[u8]> {
        self.missing.as_deref()
    }

    /// Gives the errors (0: sound, otherwise 1 + position in the list of problems), if there are any.
    pub fn errors(&self) -> Option<&[u32]> {
        self.errors.as_deref()
    }

    /// Says whether a value is missing.
    pub fn is_missing(&self, row: usize) -> bool {
        self.missing()
            .and_then(|mask| mask.get(row))
            .is_some_and(|flag| *flag != 0)
    }

    /// Gives the position of a value's error in the list of problems, if it is one.
    pub fn error(&self, row: usize) -> Option<u32> {
        self.errors()
            .and_then(|errors| errors.get(row))
            .and_then(|error| error.checked_sub(1))
    }

    /// Gives one value; missing where the column has no such row.
    pub fn cell(&self, row: usize) -> Cell<'_> {
        if let Some(error) = self.error(row) {
            return Cell::Error(error);
        }
        if self.is_missing(row) {
            return Cell::Missing;
        }
        self.data.cell(row).unwrap_or(Cell::Missing)
    }

    /// Copies a stretch of the column; what lies outside is left out.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> Column {
        let sliced = Column::new(self.data.slice(rows.clone()));
        let sliced = match self.missing() {
            Some(mask) => sliced.with_missing(cut(mask, rows.clone())),
            None => sliced,
        };
        match self.errors() {
            Some(errors) => sliced.with_errors(cut(errors, rows)),
            None => sliced,
        }
    }

    /// Copies the values of the given rows, in the given order; rows that do not exist are left out.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`].
    pub fn gather(&self, rows: &[u32]) -> Result<Column, Error> {
        let mut gathered = Column::new(self.data.gather(rows)?);
        if let Some(mask) = self.missing() {
            gathered = gathered.with_missing(pick(mask, rows)?);
        }
        if let Some(errors) = self.errors() {
            gathered = gathered.with_errors(pick(errors, rows)?);
        }
        Ok(gathered)
    }

    /// Counts the bytes on the heap, the shared pool of texts included.
    pub fn heap_bytes(&self) -> usize {
        let masks = self.missing.as_ref().map_or(0, Vec::capacity);
        let errors = self.errors.as_ref().map_or(0, bytes_of);
        self.data
            .heap_bytes()
            .saturating_add(masks)
            .saturating_add(errors)
    }
}

impl ColumnData {
    /// Counts the values.
    pub fn len(&self) -> usize {
        match self {
            ColumnData::Bool(values) => values.len(),
            ColumnData::Scaled { values, .. } => values.len(),
            ColumnData::Wide(values) => values.len(),
            ColumnData::Date(values) | ColumnData::Period { values, .. } => values.len(),
            ColumnData::Text { codes, .. } => codes.len(),
            ColumnData::Enum(codes) => codes.len(),
            ColumnData::Row(rows) => rows.len(),
        }
    }

    /// Says whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn cell(&self, row: usize) -> Option<Cell<'_>> {
        Some(match self {
            ColumnData::Bool(values) => Cell::Bool(*values.get(row)? != 0),
            ColumnData::Scaled { values, decimals } => {
                Cell::Number(Exact::from_scaled(i128::from(*values.get(row)?), *decimals))
            }
            ColumnData::Wide(values) => Cell::Number(values.get(row)?.clone()),
            ColumnData::Date(values) => Cell::Date(*values.get(row)?),
            ColumnData::Period { unit, values } => Cell::Period(*unit, *values.get(row)?),
            ColumnData::Text { codes, dictionary } => Cell::Text(dictionary.get(*codes.get(row)?)?),
            ColumnData::Enum(codes) => Cell::Enum(codes.get(row)?),
            ColumnData::Row(rows) => Cell::Row(*rows.get(row)?),
        })
    }

    fn slice(&self, rows: Range<usize>) -> ColumnData {
        match self {
            ColumnData::Bool(values) => ColumnData::Bool(cut(values, rows)),
            ColumnData::Scaled { values, decimals } => ColumnData::Scaled {
                values: cut(values, rows),
                decimals: *decimals,
            },
            ColumnData::Wide(values) => ColumnData::Wide(cut(values, rows)),
            ColumnData::Date(values) => ColumnData::Date(cut(values, rows)),
            ColumnData::Period { unit, values } => ColumnData::Period {
                unit: *unit,
                values: cut(values, rows),
            },
            ColumnData::Text { codes, dictionary } => ColumnData::Text {
                codes: cut(codes, rows),
                dictionary: Arc::clone(dictionary),
            },
            ColumnData::Enum(EnumCodes::Narrow(codes)) => {
                ColumnData::Enum(EnumCodes::Narrow(cut(codes, rows)))
            }
            ColumnData::Enum(EnumCodes::Wide(codes)) => ColumnData::Enum(EnumCodes::Wide(cut(codes, rows))),
            ColumnData::Row(values) => ColumnData::Row(cut(values, rows)),
        }
    }

    fn gather(&self, rows: &[u32]) -> Result<ColumnData, Error> {
        Ok(match self {
            ColumnData::Bool(values) => ColumnData::Bool(pick(values, rows)?),
            ColumnData::Scaled { values, decimals } => ColumnData::Scaled {
                values: pick(values, rows)?,
                decimals: *decimals,
            },
            ColumnData::Wide(values) => ColumnData::Wide(pick(values, rows)?),
            ColumnData::Date(values) => ColumnData::Date(pick(values, rows)?),
            ColumnData::Period { unit, values } => ColumnData::Period {
                unit: *unit,
                values: pick(values, rows)?,
            },
            ColumnData::Text { codes, dictionary } => ColumnData::Text {
                codes: pick(codes, rows)?,
                dictionary: Arc::clone(dictionary),
            },
            ColumnData::Enum(EnumCodes::Narrow(codes)) => {
                ColumnData::Enum(EnumCodes::Narrow(pick(codes, rows)?))
            }
            ColumnData::Enum(EnumCodes::Wide(codes)) => ColumnData::Enum(EnumCodes::Wide(pick(codes, rows)?)),
            ColumnData::Row(values) => ColumnData::Row(pick(values, rows)?),
        })
    }

    fn heap_bytes(&self) -> usize {
        match self {
            ColumnData::Bool(values) => bytes_of(values),
            ColumnData::Scaled { values, .. } => bytes_of(values),
            ColumnData::Wide(values) => bytes_of(values),
            ColumnData::Date(values) | ColumnData::Period { values, .. } => bytes_of(values),
            ColumnData::Text { codes, dictionary } => bytes_of(codes).saturating_add(dictionary.heap_bytes()),
            ColumnData::Enum(EnumCodes::Narrow(codes)) => bytes_of(codes),
            ColumnData::Enum(EnumCodes::Wide(codes)) => bytes_of(codes),
            ColumnData::Row(rows) => bytes_of(rows),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            ColumnData::Bool(_) => "yes or no",
            ColumnData::Scaled { .. } => "numbers",
            ColumnData::Wide(_) => "wide numbers",
            ColumnData::Date(_) => "dates",
            ColumnData::Period { .. } => "periods",
            ColumnData::Text { .. } => "text",
            ColumnData::Enum(_) => "enum values",
            ColumnData::Row(_) => "records",
        }
    }
}

impl EnumCodes {
    /// Counts the values.
    pub fn len(&self) -> usize {
        match self {
            EnumCodes::Narrow(codes) => codes.len(),
            EnumCodes::Wide(codes) => codes.len(),
        }
    }

    /// Says whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives one position.
    pub fn get(&self, row: usize) -> Option<u32> {
        match self {
            EnumCodes::Narrow(codes) => codes.get(row).map(|code| u32::from(*code)),
            EnumCodes::Wide(codes) => codes.get(row).map(|code| u32::from(*code)),
        }
    }
}

impl Cell<'_> {
    /// Gives the number, if it is one.
    pub fn number(&self) -> Option<&Exact> {
        match self {
            Cell::Number(number) => Some(number),
            Cell::Missing
            | Cell::Error(_)
            | Cell::Bool(_)
            | Cell::Date(_)
            | Cell::Period(..)
            | Cell::Text(_)
            | Cell::Enum(_)
            | Cell::Row(_) => None,
        }
    }
}

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Column")
            .field("data", &self.data)
            .field("has_missing", &self.missing.is_some())
            .field("has_errors", &self.errors.is_some())
            .finish()
    }
}

impl fmt::Debug for ColumnData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.len(), self.kind())
    }
}

impl fmt::Debug for EnumCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × enum values", self.len())
    }
}

impl fmt::Debug for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cell::Missing => "missing",
            Cell::Error(_) => "error",
            Cell::Bool(_) => "yes or no",
            Cell::Number(_) => "number",
            Cell::Date(_) => "date",
            Cell::Period(..) => "period",
            Cell::Text(_) => "text",
            Cell::Enum(_) => "enum value",
            Cell::Row(_) => "record",
        })
    }
}

fn cut<T: Clone>(values: &[T], rows: Range<usize>) -> Vec<T> {
    let end = rows.end.min(values.len());
    values
        .get(rows.start.min(end)..end)
        .map_or_else(Vec::new, <[T]>::to_vec)
}

fn pick<T: Clone>(values: &[T], rows: &[u32]) -> Result<Vec<T>, Error> {
    let mut picked = Vec::new();
    reserve(&mut picked, rows.len())?;
    picked.extend(
        rows.iter()
            .filter_map(|row| values.get(usize::try_from(*row).ok()?).cloned()),
    );
    Ok(picked)
}

fn bytes_of<T>(values: &Vec<T>) -> usize {
    values.capacity().saturating_mul(size_of::<T>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Column {
        let dictionary = Arc::new(TextPool::from_sorted(["Cloud", "Hardware"]));
        Column::new(ColumnData::Text {
            codes: vec![1, 0, 1],
            dictionary,
        })
        .with_missing(vec![0, 1])
        .with_errors(vec![0, 0, 8])
    }

    #[test]
    fn a_cell_is_its_error_first_then_missing_then_its_value() {
        let column = texts();
        assert!(column.cell(0) == Cell::Text("Hardware"));
        assert!(column.cell(1) == Cell::Missing);
        assert!(column.cell(2) == Cell::Error(7));
        assert!(column.cell(3) == Cell::Missing);
    }

    #[test]
    fn masks_that_say_nothing_are_dropped() {
        let plain = Column::new(ColumnData::Bool(vec![1, 0]))
            .with_missing(vec![0, 0])
            .with_errors(vec![0]);
        assert_eq!(plain, Column::new(ColumnData::Bool(vec![1, 0])));
        assert_eq!((plain.missing(), plain.errors()), (None, None));
    }

    #[test]
    fn slices_and_gathers_take_the_masks_along() {
        let column = texts();
        let tail = column.slice(1..9);
        assert_eq!(
            (tail.len(), tail.missing(), tail.errors()),
            (2, Some(&[1, 0][..]), Some(&[0, 8][..]))
        );
        let picked = column.gather(&[2, 0, 0]).unwrap();
        assert_eq!((picked.missing(), picked.errors()), (None, Some(&[8, 0, 0][..])));
        assert!(picked.cell(1) == Cell::Text("Hardware"));
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(
            format!("{:?} {:?}", texts(), texts().cell(0))
                .matches("Hardware")
                .count(),
            0
        );
    }
}
