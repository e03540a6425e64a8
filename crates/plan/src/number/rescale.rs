//! Columns of scaled integers from one number of decimals to another.

use thiserror::Error;

use super::Rounding;
use super::round::{round_div_i64, round_div_i128};

/// Says why a column cannot be brought to another number of decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RescaleError {
    /// Reports that some value does not fit 64 bits at the wanted scale; the caller goes on in 128 bits.
    #[error("a value does not fit 64 bits with these decimals")]
    Overflow,
    /// Reports an output slice of another length than the input.
    #[error("input and output have different lengths")]
    Length,
}

const POW10: [i128; 39] = {
    let mut table = [1; 39];
    let mut power = 1_i128;
    let mut rest: &mut [i128] = &mut table;
    while let Some((entry, more)) = rest.split_first_mut() {
        *entry = power;
        power = power.saturating_mul(10);
        rest = more;
    }
    table
};

/// Gives 10^decimals, if it fits 64 bits (at most 18 decimals).
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::pow10_i64;
///
/// assert_eq!(pow10_i64(2), Some(100));
/// assert_eq!(pow10_i64(19), None);
/// ```
#[must_use]
pub fn pow10_i64(decimals: u8) -> Option<i64> {
    pow10_i128(decimals).and_then(|power| i64::try_from(power).ok())
}

/// Gives 10^decimals, if it fits 128 bits (at most 38 decimals).
#[must_use]
pub fn pow10_i128(decimals: u8) -> Option<i128> {
    POW10.get(usize::from(decimals)).copied()
}

/// Brings one scaled integer from `from` decimals to `to` decimals, or gives `None` where 64 bits do not do.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Rounding, rescale_one};
///
/// assert_eq!(rescale_one(1_005, 3, 2, Rounding::HalfEven), Some(100));
/// assert_eq!(rescale_one(12, 0, 2, Rounding::HalfEven), Some(1_200));
/// ```
#[inline]
#[must_use]
pub fn rescale_one(value: i64, from: u8, to: u8, mode: Rounding) -> Option<i64> {
    match from.checked_sub(to) {
        None => value.checked_mul(pow10_i64(to.saturating_sub(from))?),
        Some(0) => Some(value),
        Some(fewer) => match pow10_i64(fewer) {
            Some(power) => round_div_i64(value, power, mode),
            None => drop_many(value, fewer, mode),
        },
    }
}

/// Brings a column of scaled integers from `from` decimals to `to` decimals.
///
/// Loops without data-dependent branches where the mode is half-up or half-even; other modes go value by value.
///
/// # Errors
///
/// [`RescaleError::Overflow`] if any value does not fit; `out` then holds nothing of use.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Rounding, rescale};
///
/// let thousandths = [1_005, -1_005, 2_344, 0];
/// let mut cents = [0; 4];
/// rescale(&thousandths, 3, 2, Rounding::HalfUp, &mut cents)?;
/// assert_eq!(cents, [101, -101, 234, 0]);
/// # Ok::<(), guerdon_plan::number::RescaleError>(())
/// ```
pub fn rescale(
    values: &[i64],
    from: u8,
    to: u8,
    mode: Rounding,
    out: &mut [i64],
) -> Result<(), RescaleError> {
    if values.len() != out.len() {
        return Err(RescaleError::Length);
    }
    match from.checked_sub(to) {
        None => rescale_up(values, to.saturating_sub(from), out),
        Some(0) => {
            out.copy_from_slice(values);
            Ok(())
        }
        Some(fewer) => {
            rescale_down(values, fewer, mode, out);
            Ok(())
        }
    }
}

/// Drops 19 or more decimals, for which 64 bits hold no power of ten.
fn drop_many(value: i64, fewer: u8, mode: Rounding) -> Option<i64> {
    // Past 38 decimals every value is nearest to zero, as it is there.
    let power = pow10_i128(fewer.min(38))?;
    i64::try_from(round_div_i128(i128::from(value), power, mode)?).ok()
}

fn rescale_up(values: &[i64], more: u8, out: &mut [i64]) -> Result<(), RescaleError> {
    let Some(power) = pow10_i64(more) else {
        out.fill(0);
        return if values.iter().all(|value| *value == 0) {
            Ok(())
        } else {
            Err(RescaleError::Overflow)
        };
    };
    let mut has_overflow = false;
    for (value, slot) in values.iter().zip(out) {
        let (product, is_over) = value.overflowing_mul(power);
        *slot = product;
        has_overflow |= is_over;
    }
    if has_overflow {
        Err(RescaleError::Overflow)
    } else {
        Ok(())
    }
}

/// Picks the loop whose divisor is a constant, which the compiler turns into a multiplication.
fn rescale_down(values: &[i64], fewer: u8, mode: Rounding, out: &mut [i64]) {
    match fewer {
        1 => rescale_down_by::<10>(values, mode, out),
        2 => rescale_down_by::<100>(values, mode, out),
        3 => rescale_down_by::<1_000>(values, mode, out),
        4 => rescale_down_by::<10_000>(values, mode, out),
        5 => rescale_down_by::<100_000>(values, mode, out),
        6 => rescale_down_by::<1_000_000>(values, mode, out),
        7 => rescale_down_by::<10_000_000>(values, mode, out),
        8 => rescale_down_by::<100_000_000>(values, mode, out),
        9 => rescale_down_by::<1_000_000_000>(values, mode, out),
        _ => each(values, out, |value| {
            rescale_one(value, fewer, 0, mode).unwrap_or(0)
        }),
    }
}

fn rescale_down_by<const POWER: u64>(values: &[i64], mode: Rounding, out: &mut [i64]) {
    match mode {
        Rounding::HalfUp => each(values, out, half_by::<POWER, 1>),
        Rounding::HalfEven => each(values, out, half_by::<POWER, 0>),
        Rounding::HalfDown
        | Rounding::HalfOdd
        | Rounding::HalfCeiling
        | Rounding::HalfFloor
        | Rounding::Up
        | Rounding::Down
        | Rounding::Ceiling
        | Rounding::Floor => {
            let power = i64::try_from(POWER).unwrap_or(i64::MAX);
            each(values, out, |value| {
                round_div_i64(value, power, mode).unwrap_or(0)
            });
        }
    }
}

fn each(values: &[i64], out: &mut [i64], change: impl Fn(i64) -> i64) {
    for (value, slot) in values.iter().zip(out) {
        *slot = change(*value);
    }
}

/// Divides by a positive even constant; a tie goes away from zero if the quotient, or `TIE`, is odd.
///
/// The sign is kept apart from the magnitude, which is at most 2^63, so that no step wraps.
#[inline]
fn half_by<const POWER: u64, const TIE: u64>(value: i64) -> i64 {
    let sign = value >> 63;
    let magnitude = value.unsigned_abs();
    let quotient = magnitude.checked_div(POWER).unwrap_or(0);
    let remainder = magnitude.wrapping_sub(quotient.wrapping_mul(POWER));
    let is_away = remainder.wrapping_add((quotient | TIE) & 1) > POWER / 2;
    let rounded = quotient.wrapping_add(u64::from(is_away)).cast_signed();
    (rounded ^ sign).wrapping_sub(sign)
}
