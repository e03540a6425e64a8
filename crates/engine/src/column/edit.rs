//! One value of a column put in, replaced or taken out, with everything else left where it is.

use std::sync::Arc;

use guerdon_plan::number::{Exact, pow10_i64};

use super::{Column, ColumnData, EnumCodes, TextPool};
use crate::error::Error;
use crate::limits::reserve;

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Put {
    /// Before the value at this place; those from there on move on by one.
    Before(usize),
    /// In the place of this value.
    Over(usize),
}

/// Whether row ids make room for a record, or close up behind one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shift {
    /// The record with this id is new: it and those behind it count one more.
    Open(u32),
    /// The record with this id is gone: those behind it count one less.
    Close(u32),
}

impl Column {
    /// Puts the only value of a column of the same kind, which is no error, in.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`].
    pub(crate) fn put(&mut self, place: Put, one: &Column) -> Result<(), Error> {
        let rows = self.len();
        self.data.put(place, &one.data)?;
        let is_missing = one.is_missing(0);
        if is_missing && self.missing.is_none() {
            self.missing = Some(vec![0; rows]);
        }
        if let Some(mask) = &mut self.missing {
            put(mask, place, u8::from(is_missing))?;
        }
        if let Some(errors) = &mut self.errors {
            put(errors, place, 0)?;
        }
        self.drop_empty_masks();
        Ok(())
    }

    /// Takes a value out.
    pub(crate) fn remove(&mut self, row: usize) {
        self.data.remove(row);
        if let Some(mask) = &mut self.missing {
            remove(mask, row);
        }
        if let Some(errors) = &mut self.errors {
            remove(errors, row);
        }
        self.drop_empty_masks();
    }

    /// Forgets a text that no value has any more; the codes behind it move back by one.
    pub(crate) fn forget_text(&mut self, code: u32) {
        let ColumnData::Text { codes, dictionary } = &mut self.data else {
            return;
        };
        let pool = Arc::make_mut(dictionary);
        pool.remove(code);
        if usize::try_from(code).is_ok_and(|code| code >= pool.len()) {
            return;
        }
        codes
            .iter_mut()
            .filter(|other| **other > code)
            .for_each(|other| *other = other.saturating_sub(1));
    }

    /// Moves row ids on or back; says whether any was.
    pub(crate) fn shift(&mut self, shift: Shift) -> bool {
        let ColumnData::Row(rows) = &mut self.data else {
            return false;
        };
        let (from, by) = match shift {
            Shift::Open(row) => (row, 1),
            Shift::Close(row) => (row.saturating_add(1), -1),
        };
        let mut is_shifted = false;
        for row in rows.iter_mut().filter(|row| **row >= from) {
            *row = row.saturating_add_signed(by);
            is_shifted = true;
        }
        is_shifted
    }

    /// A column without missing values or errors carries no mask, so that a kernel need not look.
    fn drop_empty_masks(&mut self) {
        self.missing = self.missing.take().filter(|mask| mask.contains(&1));
        self.errors = self
            .errors
            .take()
            .filter(|errors| errors.iter().any(|error| *error != 0));
    }
}

impl ColumnData {
    fn put(&mut self, place: Put, one: &ColumnData) -> Result<(), Error> {
        match (self, one) {
            (ColumnData::Bool(values), ColumnData::Bool(one)) => put(values, place, first(one)),
            (ColumnData::Date(values), ColumnData::Date(one))
            | (ColumnData::Period { values, .. }, ColumnData::Period { values: one, .. }) => {
                put(values, place, first(one))
            }
            (ColumnData::Row(values), ColumnData::Row(one)) => put(values, place, first(one)),
            (ColumnData::Enum(EnumCodes::Narrow(codes)), ColumnData::Enum(EnumCodes::Narrow(one))) => {
                put(codes, place, first(one))
            }
            (ColumnData::Enum(EnumCodes::Wide(codes)), ColumnData::Enum(EnumCodes::Wide(one))) => {
                put(codes, place, first(one))
            }
            (
                ColumnData::Text { codes, dictionary },
                ColumnData::Text {
                    codes: one,
                    dictionary: theirs,
                },
            ) => {
                let code = match theirs.get(first(one)) {
                    Some(text) => code_of(text, dictionary, codes)?,
                    None => 0,
                };
                put(codes, place, code)
            }
            (data, ColumnData::Scaled { values, decimals }) => {
                data.put_number(place, first(values), *decimals)
            }
            (data, ColumnData::Wide(values)) => {
                let value = values.first().cloned().unwrap_or_default();
                data.widened()?.map_or(Ok(()), |wide| put(wide, place, value))
            }
            // Two columns of one field are of one kind.
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
            ) => Ok(()),
        }
    }

    fn put_number(&mut self, place: Put, value: i64, decimals: u8) -> Result<(), Error> {
        if let ColumnData::Scaled {
            values,
            decimals: own,
        } = self
        {
            let finer = pow10_i64(decimals.saturating_sub(*own));
            let power = pow10_i64(own.saturating_sub(decimals));
            let scaled = power.and_then(|power| value.checked_mul(power));
            let fits =
                |power: &i64| *power == 1 || values.iter().all(|value| value.checked_mul(*power).is_some());
            if let (Some(scaled), Some(finer)) = (scaled, finer.filter(fits)) {
                if finer > 1 {
                    values
                        .iter_mut()
                        .for_each(|value| *value = value.wrapping_mul(finer));
                    *own = decimals;
                }
                return put(values, place, scaled);
            }
        }
        let value = Exact::from_scaled(i128::from(value), decimals);
        self.widened()?.map_or(Ok(()), |wide| put(wide, place, value))
    }

    /// Goes on with numbers of any width; nothing where there are no numbers.
    fn widened(&mut self) -> Result<Option<&mut Vec<Exact>>, Error> {
        if let ColumnData::Scaled { values, decimals } = self {
            let mut wide = Vec::new();
            reserve(&mut wide, values.len())?;
            let exact = |value: &i64| Exact::from_scaled(i128::from(*value), *decimals);
            wide.extend(values.iter().map(exact));
            *self = ColumnData::Wide(wide);
        }
        Ok(match self {
            ColumnData::Wide(wide) => Some(wide),
            ColumnData::Bool(_)
            | ColumnData::Scaled { .. }
            | ColumnData::Date(_)
            | ColumnData::Period { .. }
            | ColumnData::Text { .. }
            | ColumnData::Enum(_)
            | ColumnData::Row(_) => None,
        })
    }

    fn remove(&mut self, row: usize) {
        match self {
            ColumnData::Bool(values) | ColumnData::Enum(EnumCodes::Narrow(values)) => remove(values, row),
            ColumnData::Scaled { values, .. } => remove(values, row),
            ColumnData::Wide(values) => remove(values, row),
            ColumnData::Date(values) | ColumnData::Period { values, .. } => remove(values, row),
            ColumnData::Text { codes, .. } => remove(codes, row),
            ColumnData::Enum(EnumCodes::Wide(codes)) => remove(codes, row),
            ColumnData::Row(rows) => remove(rows, row),
        }
    }
}

/// Gives the code of a text, which is added to the pool if it is new; codes behind it move on.
fn code_of(text: &str, pool: &mut Arc<TextPool>, codes: &mut [u32]) -> Result<u32, Error> {
    if let Some(code) = pool.find(text) {
        return Ok(code);
    }
    let pool = Arc::make_mut(pool);
    let code = pool.insert(text)?;
    if usize::try_from(code).is_ok_and(|code| code.saturating_add(1) == pool.len()) {
        return Ok(code);
    }
    codes
        .iter_mut()
        .filter(|other| **other >= code)
        .for_each(|other| *other = other.saturating_add(1));
    Ok(code)
}

fn put<T>(values: &mut Vec<T>, place: Put, value: T) -> Result<(), Error> {
    match place {
        Put::Before(row) => {
            reserve(values, 1)?;
            values.insert(row.min(values.len()), value);
        }
        Put::Over(row) => {
            if let Some(old) = values.get_mut(row) {
                *old = value;
            }
        }
    }
    Ok(())
}

fn remove<T>(values: &mut Vec<T>, row: usize) {
    if row < values.len() {
        values.remove(row);
    }
}

fn first<T: Copy + Default>(values: &[T]) -> T {
    values.first().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Cell;

    fn numbers(values: &[i64], decimals: u8) -> Column {
        Column::new(ColumnData::Scaled {
            values: values.to_vec(),
            decimals,
        })
    }

    #[test]
    fn a_finer_number_rescales_the_others_and_a_large_one_widens_them() {
        let mut column = numbers(&[15, 20], 1);
        column.put(Put::Before(1), &numbers(&[125], 2)).unwrap();
        assert!(column == numbers(&[150, 125, 200], 2));
        column.put(Put::Over(0), &numbers(&[i64::MAX], 0)).unwrap();
        let wide = [
            Exact::from_i64(i64::MAX),
            Exact::from_scaled(125, 2),
            Exact::from_i64(2),
        ];
        assert!(column == Column::new(ColumnData::Wide(wide.to_vec())));
    }

    #[test]
    fn a_new_text_moves_the_codes_behind_it() {
        let text = |codes: &[u32], texts: &[&str]| {
            Column::new(ColumnData::Text {
                codes: codes.to_vec(),
                dictionary: Arc::new(TextPool::from_sorted(texts.iter().copied())),
            })
        };
        let mut column = text(&[1, 0], &["a", "c"]);
        column.put(Put::Before(2), &text(&[0], &["b"])).unwrap();
        assert!(column == text(&[2, 0, 1], &["a", "b", "c"]));
    }

    #[test]
    fn masks_come_and_go_with_the_values_under_them() {
        let mut column = numbers(&[1, 2], 0);
        column
            .put(Put::Before(0), &numbers(&[0], 0).with_missing(vec![1]))
            .unwrap();
        assert!(column.cell(0) == Cell::Missing && column.missing() == Some(&[1, 0, 0]));
        column.remove(0);
        assert!(column == numbers(&[1, 2], 0));
    }

    #[test]
    fn row_ids_make_room_and_close_up() {
        let mut column = Column::new(ColumnData::Row(vec![0, 3, 2]));
        assert!(column.shift(Shift::Open(2)));
        assert!(column == Column::new(ColumnData::Row(vec![0, 4, 3])));
        assert!(column.shift(Shift::Close(2)));
        assert!(column == Column::new(ColumnData::Row(vec![0, 3, 2])));
        assert!(!column.shift(Shift::Open(4)));
    }
}
