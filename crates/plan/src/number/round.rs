//! Rounding, in the one place where it happens.

use super::exact::Exact;
use super::rounding::Rounding;
use super::{NumberError, pow10_i128};

/// Rounds to a multiple of `step`.
///
/// # Errors
///
/// [`NumberError::StepNotPositive`], or [`NumberError::TooWide`] past 4,096 bits.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Exact, Rounding, round};
///
/// let cent = Exact::parse_decimal("0.01")?;
/// let amount = Exact::parse_decimal("-2.345")?;
/// assert_eq!(round(&amount, Rounding::HalfUp, &cent)?.to_string(), "-2.35");
///
/// let five_cents = Exact::parse_decimal("0.05")?;
/// assert_eq!(round(&Exact::new(100, 3)?, Rounding::HalfEven, &five_cents)?.to_string(), "33.35");
/// # Ok::<(), guerdon_plan::number::NumberError>(())
/// ```
pub fn round(value: &Exact, mode: Rounding, step: &Exact) -> Result<Exact, NumberError> {
    if !step.is_positive() {
        return Err(NumberError::StepNotPositive);
    }
    if let (Some((a, b)), Some((s, t))) = (value.parts(), step.parts())
        && let (Some(num), Some(den)) = (a.checked_mul(t), b.checked_mul(s))
        && let Some(steps) = round_div_i128(num, den, mode)
        && let Some(num) = steps.checked_mul(s)
    {
        return Exact::new(num, t);
    }
    value.to_wide().round(mode, &step.to_wide()).map(Exact::from_wide)
}

/// Rounds to a number of decimals.
///
/// # Errors
///
/// [`NumberError::TooWide`] past 4,096 bits.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Exact, Rounding, round_to_decimals};
///
/// let eighth = Exact::new(1, 8)?;
/// assert_eq!(round_to_decimals(&eighth, Rounding::HalfUp, 2)?.to_string(), "0.13");
/// assert_eq!(round_to_decimals(&eighth, Rounding::HalfEven, 2)?.to_string(), "0.12");
/// # Ok::<(), guerdon_plan::number::NumberError>(())
/// ```
pub fn round_to_decimals(value: &Exact, mode: Rounding, decimals: u8) -> Result<Exact, NumberError> {
    if let (Some((a, b)), Some(power)) = (value.parts(), pow10_i128(decimals))
        && let Some(num) = a.checked_mul(power)
        && let Some(mantissa) = round_div_i128(num, b, mode)
    {
        return Ok(Exact::from_scaled(mantissa, decimals));
    }
    round(value, mode, &Exact::from_scaled(1, decimals))
}

/// Divides integers below 2^62 in magnitude by positive ones below 2^62 and rounds to a whole number.
///
/// It takes no branch that hangs on the numbers, where the mode is half-even or half-up: what many are divided with.
/// Other numbers are for [`round_div_i64`]; here their result is arbitrary.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Rounding, round_div_narrow};
///
/// assert_eq!(round_div_narrow(-5, 2, Rounding::HalfUp), -3);
/// assert_eq!(round_div_narrow(5, 2, Rounding::HalfEven), 2);
/// ```
#[inline]
#[must_use]
pub fn round_div_narrow(n: i64, d: i64, mode: Rounding) -> i64 {
    let sign = n >> 63;
    let (magnitude, divisor) = (n.unsigned_abs(), d.unsigned_abs());
    let quotient = magnitude.checked_div(divisor).unwrap_or(0);
    let remainder = magnitude.wrapping_sub(quotient.wrapping_mul(divisor));
    let twice = remainder.wrapping_mul(2);
    let is_away = match mode {
        Rounding::HalfEven => twice.wrapping_add(quotient & 1) > divisor,
        Rounding::HalfUp => twice >= divisor,
        Rounding::HalfDown
        | Rounding::HalfOdd
        | Rounding::HalfCeiling
        | Rounding::HalfFloor
        | Rounding::Up
        | Rounding::Down
        | Rounding::Ceiling
        | Rounding::Floor => {
            remainder != 0 && mode.goes_away_from_zero(n < 0, quotient % 2 == 1, twice.cmp(&divisor))
        }
    };
    let rounded = quotient.wrapping_add(u64::from(is_away)).cast_signed();
    (rounded ^ sign).wrapping_sub(sign)
}

macro_rules! round_div {
    ($name:ident, $signed:ty, $unsigned:ty, $doc:literal) => {
        #[doc = $doc]
        ///
        /// Gives `None` for a zero divisor and where the result does not fit; both signs may be either.
        ///
        /// # Examples
        ///
        /// ```
        /// use guerdon_plan::number::Rounding;
        #[doc = concat!("use guerdon_plan::number::", stringify!($name), ";")]
        ///
        #[doc = concat!("assert_eq!(", stringify!($name), "(-5, 2, Rounding::HalfUp), Some(-3));")]
        #[doc = concat!("assert_eq!(", stringify!($name), "(5, 0, Rounding::HalfUp), None);")]
        /// ```
        #[inline]
        #[must_use]
        pub fn $name(n: $signed, d: $signed, mode: Rounding) -> Option<$signed> {
            let is_negative = (n < 0) != (d < 0);
            let (n, d) = (n.unsigned_abs(), d.unsigned_abs());
            let quotient = n.checked_div(d)?;
            // Neither step wraps: quotient × d is at most n, and the remainder is below d.
            let remainder = n.wrapping_sub(quotient.wrapping_mul(d));
            let half = remainder.cmp(&d.wrapping_sub(remainder));
            let is_away = remainder != 0 && mode.goes_away_from_zero(is_negative, quotient % 2 == 1, half);
            let magnitude = quotient.checked_add(<$unsigned>::from(is_away))?;
            if is_negative {
                <$signed>::checked_sub_unsigned(0, magnitude)
            } else {
                <$signed>::try_from(magnitude).ok()
            }
        }
    };
}

round_div!(
    round_div_i64,
    i64,
    u64,
    "Divides 64-bit integers and rounds to a whole number."
);
round_div!(
    round_div_i128,
    i128,
    u128,
    "Divides 128-bit integers and rounds to a whole number."
);
