//! Numbers of one column while it grows: 64-bit integers at one scale for as long as they all fit.

use guerdon_plan::number::{Exact, pow10_i64};

use super::super::faults::Fault;
use super::super::number_cell::Read;
use crate::column::ColumnData;
use crate::error::Error;
use crate::limits::reserve;

/// Collects numbers at the scale of the one with the most decimals.
pub(crate) struct Numbers {
    values: Vec<i64>,
    decimals: u8,
    /// All values, once one of them does not fit 64 bits.
    wide: Option<Vec<Exact>>,
}

impl Numbers {
    pub(crate) fn new(decimals: u8) -> Numbers {
        Numbers {
            values: Vec::new(),
            decimals,
            wide: None,
        }
    }

    pub(crate) fn reserve(&mut self, rows: usize) -> Result<(), Error> {
        match &mut self.wide {
            Some(wide) => reserve(wide, rows),
            None => reserve(&mut self.values, rows),
        }
    }

    /// Takes a number in that may have so many decimals; zeros at the end do not count.
    pub(crate) fn push(&mut self, number: Read, most: u8) -> Result<Result<(), Fault>, Error> {
        let (mut mantissa, mut decimals) = match number {
            Read::Small { mantissa, decimals } => (mantissa, decimals),
            Read::Wide(number) => return self.push_exact(number, most),
        };
        while decimals > most {
            if mantissa % 10 != 0 {
                return Ok(Err(too_fine(most)));
            }
            mantissa /= 10;
            decimals = decimals.saturating_sub(1);
        }
        self.push_scaled(mantissa, decimals)?;
        Ok(Ok(()))
    }

    pub(crate) fn push_exact(&mut self, number: Exact, most: u8) -> Result<Result<(), Fault>, Error> {
        let Some(decimals) = number.decimals().and_then(|decimals| u8::try_from(decimals).ok()) else {
            return Ok(Err(too_fine(most)));
        };
        if decimals > most {
            return Ok(Err(too_fine(most)));
        }
        match number
            .to_scaled(decimals)
            .and_then(|scaled| i64::try_from(scaled).ok())
        {
            Some(mantissa) => self.push_scaled(mantissa, decimals)?,
            None => self.widened()?.push(number),
        }
        Ok(Ok(()))
    }

    pub(crate) fn push_zero(&mut self) {
        match &mut self.wide {
            Some(wide) => wide.push(Exact::ZERO),
            None => self.values.push(0),
        }
    }

    /// Takes in the numbers of another column behind these.
    pub(crate) fn append(&mut self, other: Numbers) -> Result<(), Error> {
        if let Some(wide) = other.wide {
            self.widened()?;
            self.reserve(wide.len())?;
            self.widened()?.extend(wide);
            return Ok(());
        }
        self.reserve(other.values.len())?;
        if self.wide.is_none() && self.decimals == other.decimals {
            self.values.extend_from_slice(&other.values);
            return Ok(());
        }
        other
            .values
            .iter()
            .try_for_each(|value| self.push_scaled(*value, other.decimals))
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let wide = self
            .wide
            .as_ref()
            .map_or(0, |wide| wide.capacity().saturating_mul(size_of::<Exact>()));
        self.values.capacity().saturating_mul(8).saturating_add(wide)
    }

    /// Gives the numbers with as few decimals as they need.
    pub(crate) fn finish(self) -> ColumnData {
        if let Some(wide) = self.wide {
            return narrowed(&wide).unwrap_or(ColumnData::Wide(wide));
        }
        let (mut values, mut decimals) = (shrunk(self.values), self.decimals);
        let mut power = 1_i64;
        while decimals > 0
            && let Some(next) = power.checked_mul(10)
            && values.iter().all(|value| value.checked_rem(next) == Some(0))
        {
            power = next;
            decimals = decimals.saturating_sub(1);
        }
        if power > 1 {
            values
                .iter_mut()
                .for_each(|value| *value = value.checked_div(power).unwrap_or(0));
        }
        ColumnData::Scaled { values, decimals }
    }

    fn push_scaled(&mut self, mantissa: i64, decimals: u8) -> Result<(), Error> {
        if decimals > self.decimals && self.wide.is_none() {
            self.rescale(decimals)?;
        }
        if let Some(wide) = &mut self.wide {
            wide.push(Exact::from_scaled(i128::from(mantissa), decimals));
            return Ok(());
        }
        let scaled = if decimals == self.decimals {
            Some(mantissa)
        } else {
            power(self.decimals.saturating_sub(decimals)).and_then(|power| mantissa.checked_mul(power))
        };
        match scaled {
            Some(scaled) => self.values.push(scaled),
            None => self
                .widened()?
                .push(Exact::from_scaled(i128::from(mantissa), decimals)),
        }
        Ok(())
    }

    /// Goes on with more decimals, in wide numbers if the present ones do not fit so.
    fn rescale(&mut self, decimals: u8) -> Result<(), Error> {
        let power = power(decimals.saturating_sub(self.decimals));
        let fits = |power: &i64| {
            self.values
                .iter()
                .all(|value| value.checked_mul(*power).is_some())
        };
        match power.filter(fits) {
            Some(power) => {
                self.values
                    .iter_mut()
                    .for_each(|value| *value = value.wrapping_mul(power));
                self.decimals = decimals;
            }
            None => {
                self.widened()?;
            }
        }
        Ok(())
    }

    fn widened(&mut self) -> Result<&mut Vec<Exact>, Error> {
        if self.wide.is_none() {
            let mut wide = Vec::new();
            reserve(&mut wide, self.values.capacity().saturating_add(1))?;
            wide.extend(
                self.values
                    .iter()
                    .map(|value| Exact::from_scaled(i128::from(*value), self.decimals)),
            );
            self.values = Vec::new();
            self.wide = Some(wide);
        }
        Ok(self.wide.get_or_insert_default())
    }
}

/// Gives wide numbers as scaled ones where they fit after all.
///
/// Whether a column went wide on the way depends on the order of its rows; what it is in the end must not.
fn narrowed(wide: &[Exact]) -> Option<ColumnData> {
    let mut decimals = 0;
    for number in wide {
        decimals = decimals.max(u8::try_from(number.decimals()?).ok()?);
    }
    let scaled = |number: &Exact| {
        number
            .to_scaled(decimals)
            .and_then(|scaled| i64::try_from(scaled).ok())
    };
    let values = wide.iter().map(scaled).collect::<Option<Vec<i64>>>()?;
    Some(ColumnData::Scaled { values, decimals })
}

fn power(decimals: u8) -> Option<i64> {
    pow10_i64(decimals)
}

fn too_fine(most: u8) -> Fault {
    if most == 0 {
        Fault::NotWhole
    } else {
        Fault::TooManyDecimals { most }
    }
}

/// Gives back the room that a list does not need.
pub(super) fn shrunk<T>(mut values: Vec<T>) -> Vec<T> {
    values.shrink_to_fit();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(numbers: &[(i64, u8)]) -> ColumnData {
        let mut column = Numbers::new(0);
        for (mantissa, decimals) in numbers {
            let read = Read::Small {
                mantissa: *mantissa,
                decimals: *decimals,
            };
            assert_eq!(column.push(read, 9).unwrap(), Ok(()));
        }
        column.finish()
    }

    #[test]
    fn the_scale_is_the_least_that_holds_every_number() {
        let expected = ColumnData::Scaled {
            values: vec![1500, 2, 100],
            decimals: 2,
        };
        assert!(grown(&[(15, 0), (2, 2), (1000, 3)]) == expected);
        assert!(
            grown(&[(1000, 3), (2, 2), (15, 0)])
                == ColumnData::Scaled {
                    values: vec![100, 2, 1500],
                    decimals: 2
                }
        );
        assert!(
            grown(&[(150, 2), (200, 2)])
                == ColumnData::Scaled {
                    values: vec![15, 20],
                    decimals: 1
                }
        );
        assert!(
            grown(&[])
                == ColumnData::Scaled {
                    values: vec![],
                    decimals: 0
                }
        );
    }

    #[test]
    fn numbers_that_do_not_fit_64_bits_make_the_column_wide_in_any_order() {
        let large = (i64::MAX, 0);
        let expected = |values: Vec<Exact>| ColumnData::Wide(values);
        let (big, small) = (Exact::from_i64(i64::MAX), Exact::from_scaled(5, 1));
        assert!(grown(&[large, (5, 1)]) == expected(vec![big.clone(), small.clone()]));
        assert!(grown(&[(5, 1), large]) == expected(vec![small, big]));
    }

    #[test]
    fn columns_one_behind_another_are_one_column() {
        let parts = [
            &[(15, 0), (2, 2)][..],
            &[(7, 3)],
            &[(i64::MAX, 0), (5, 1)],
            &[],
            &[(100, 2)],
        ];
        for (one, other) in parts
            .iter()
            .flat_map(|one| parts.iter().map(move |other| (*one, *other)))
        {
            let whole = grown(&[one, other].concat());
            let [mut first, second] = [one, other].map(|numbers| {
                let mut column = Numbers::new(2);
                for (mantissa, decimals) in numbers {
                    column.push_scaled(*mantissa, *decimals).unwrap();
                }
                column
            });
            first.append(second).unwrap();
            assert!(first.finish() == whole, "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_column_that_went_wide_for_zeros_comes_back() {
        let long = Read::Wide(Exact::parse_decimal("1.0000000000000000000").unwrap());
        let mut column = Numbers::new(2);
        assert_eq!(column.push(long, 9).unwrap(), Ok(()));
        assert!(
            column.finish()
                == ColumnData::Scaled {
                    values: vec![1],
                    decimals: 0
                }
        );
    }

    #[test]
    fn further_decimals_are_refused_unless_they_are_zeros() {
        let mut column = Numbers::new(2);
        let push = |column: &mut Numbers, mantissa, most| {
            column
                .push(
                    Read::Small {
                        mantissa,
                        decimals: 3,
                    },
                    most,
                )
                .unwrap()
        };
        assert_eq!(push(&mut column, 1_500, 2), Ok(()));
        assert_eq!(
            push(&mut column, 1_505, 2),
            Err(Fault::TooManyDecimals { most: 2 })
        );
        assert_eq!(push(&mut column, 1_505, 0), Err(Fault::NotWhole));
        assert_eq!(
            column.push_exact(Exact::new(1, 3).unwrap(), 9).unwrap(),
            Err(Fault::TooManyDecimals { most: 9 })
        );
    }
}
