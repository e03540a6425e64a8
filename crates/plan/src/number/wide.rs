//! Fractions that do not fit 128 bits.
//!
//! The library's own ratio type compares and hashes by recursion along the continued fraction, whose depth the data
//! would control; so only its integers are used here.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "big integers do not overflow, and every divisor is checked or positive"
)]

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, Zero};

use super::rounding::Rounding;
use super::{MAX_WIDTH_BITS, NumberError};

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Wide {
    pub(super) num: BigInt,
    pub(super) den: BigInt,
}

impl Wide {
    /// Reduces `num / den` to lowest terms.
    pub(super) fn reduced(num: BigInt, den: BigInt) -> Result<Wide, NumberError> {
        if den.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        let common = num.gcd(&den);
        let common = if den.is_negative() { -common } else { common };
        let wide = Wide {
            num: num / &common,
            den: den / common,
        };
        if wide.width_bits() > MAX_WIDTH_BITS {
            Err(NumberError::TooWide)
        } else {
            Ok(wide)
        }
    }

    pub(super) fn width_bits(&self) -> u64 {
        self.num.bits().max(self.den.bits())
    }

    pub(super) fn add(&self, other: &Wide) -> Result<Wide, NumberError> {
        Wide::reduced(
            &self.num * &other.den + &other.num * &self.den,
            &self.den * &other.den,
        )
    }

    pub(super) fn mul(&self, other: &Wide) -> Result<Wide, NumberError> {
        Wide::reduced(&self.num * &other.num, &self.den * &other.den)
    }

    pub(super) fn div(&self, other: &Wide) -> Result<Wide, NumberError> {
        Wide::reduced(&self.num * &other.den, &self.den * &other.num)
    }

    pub(super) fn neg(&self) -> Wide {
        Wide {
            num: -&self.num,
            den: self.den.clone(),
        }
    }

    pub(super) fn compare(&self, other: &Wide) -> Ordering {
        (&self.num * &other.den).cmp(&(&other.num * &self.den))
    }

    /// Rounds to a multiple of a positive step; only the result's width counts.
    pub(super) fn round(&self, mode: Rounding, step: &Wide) -> Result<Wide, NumberError> {
        let (num, den) = (&self.num * &step.den, &self.den * &step.num);
        let (quotient, remainder) = num.div_rem(&den);
        let is_negative = num.sign() == Sign::Minus;
        let half = (remainder.abs() * 2_u8).cmp(&den);
        let is_away = !remainder.is_zero() && mode.goes_away_from_zero(is_negative, quotient.is_odd(), half);
        let away = BigInt::from(i8::from(is_away)) * if is_negative { -1 } else { 1 };
        Wide::reduced((quotient + away) * &step.num, step.den.clone())
    }

    /// Counts the decimals that print the value in full, if finitely many do.
    pub(super) fn decimals(&self) -> Option<u32> {
        let (twos, rest) = strip_factor(&self.den, 2);
        let (fives, rest) = strip_factor(&rest, 5);
        (rest == BigInt::from(1_u8)).then_some(twos.max(fives))
    }

    /// Multiplies by a power of ten and drops what is left of the fraction.
    pub(super) fn scaled(&self, decimals: u32) -> BigInt {
        &self.num * BigInt::from(10_u8).pow(decimals) / &self.den
    }
}

fn strip_factor(number: &BigInt, factor: u8) -> (u32, BigInt) {
    let mut count = 0;
    let mut rest = number.clone();
    loop {
        let (quotient, remainder) = rest.div_rem(&BigInt::from(factor));
        if !remainder.is_zero() {
            return (count, rest);
        }
        rest = quotient;
        count += 1;
    }
}
