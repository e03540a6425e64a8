//! Rounding, spelled out.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "big rationals have no overflow, and a step is never zero"
)]

use guerdon_plan::number::Rounding;
use num_traits::{Signed, Zero};

use crate::value::{Number, whole};

/// Rounds a number to a multiple of a step.
#[must_use]
pub fn round(number: &Number, mode: Rounding, step: &Number) -> Number {
    if step.is_zero() {
        return number.clone();
    }
    let quotient = number / step;
    let below = quotient.floor();
    let above = quotient.ceil();
    if below == above {
        return number.clone();
    }
    let towards_zero = if number.is_negative() { &above } else { &below };
    let away_from_zero = if number.is_negative() { &below } else { &above };
    let is_even = |candidate: &Number| (candidate / whole(2)).is_integer();
    let (even, odd) = if is_even(&below) {
        (&below, &above)
    } else {
        (&above, &below)
    };
    let nearest_or = |tie: &Number| {
        let middle = (&below + &above) / whole(2);
        match quotient.cmp(&middle) {
            std::cmp::Ordering::Less => below.clone(),
            std::cmp::Ordering::Equal => tie.clone(),
            std::cmp::Ordering::Greater => above.clone(),
        }
    };
    let chosen = match mode {
        Rounding::HalfUp => nearest_or(away_from_zero),
        Rounding::HalfDown => nearest_or(towards_zero),
        Rounding::HalfEven => nearest_or(even),
        Rounding::HalfOdd => nearest_or(odd),
        Rounding::HalfCeiling => nearest_or(&above),
        Rounding::HalfFloor => nearest_or(&below),
        Rounding::Up => away_from_zero.clone(),
        Rounding::Down => towards_zero.clone(),
        Rounding::Ceiling => above.clone(),
        Rounding::Floor => below.clone(),
    };
    chosen * step
}
