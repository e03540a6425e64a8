//! Numbers computed cell by cell, and what went wrong with some of them.

use std::borrow::Cow;

use guerdon_plan::number::{Exact, NumberError};

use super::masks::Masks;
use super::{Call, Fault};
use crate::vector::{Data, Numbers, Vector};

/// The fault that an exact operation's error is.
pub(super) fn fault(error: NumberError) -> Fault {
    match error {
        NumberError::DivisionByZero => Fault::DivisionByZero,
        NumberError::StepNotPositive => Fault::NotPositive,
        NumberError::TooWide
        | NumberError::NotADecimal
        | NumberError::TooManyDigits
        | NumberError::TwoCurrencies => Fault::TooWide,
    }
}

/// Computes fractions cell by cell: in 128 bits, or exactly where those do not do.
///
/// The quick way gives numerator and positive denominator, or nothing where the exact way must decide.
pub(super) fn fractions<'a>(
    mut masks: Masks<'a>,
    call: Call<'_>,
    quick: impl Fn(usize) -> Option<(i128, i128)>,
    slow: impl Fn(usize) -> Result<Exact, Fault>,
) -> Vector<'a> {
    let len = masks.len();
    let (mut nums, mut dens) = (Vec::with_capacity(len), Vec::with_capacity(len));
    let mut beyond = Vec::new();
    for cell in 0..len {
        let parts = quick(cell).or_else(|| {
            if masks.is_out(cell) {
                return None;
            }
            match slow(cell) {
                Ok(number) => {
                    let parts = number.parts();
                    if parts.is_none() {
                        beyond.push((cell, number));
                    }
                    parts
                }
                Err(fault) => {
                    masks.fail(cell, call.number(fault));
                    None
                }
            }
        });
        let (num, den) = parts.unwrap_or((0, 1));
        nums.push(num);
        dens.push(den);
    }
    let numbers = Numbers::Ratio(Cow::Owned(nums), Cow::Owned(dens));
    masks.over(Data::Number(with_beyond(numbers, beyond)))
}

/// Computes numbers cell by cell, exactly.
pub(super) fn exactly<'a>(
    mut masks: Masks<'a>,
    call: Call<'_>,
    slow: impl Fn(usize) -> Result<Exact, Fault>,
) -> Vector<'a> {
    let mut numbers = Vec::with_capacity(masks.len());
    for cell in 0..masks.len() {
        let number = if masks.is_out(cell) {
            Ok(Exact::ZERO)
        } else {
            slow(cell)
        };
        numbers.push(number.unwrap_or_else(|fault| {
            masks.fail(cell, call.number(fault));
            Exact::ZERO
        }));
    }
    masks.over(Data::Number(Numbers::pack(numbers)))
}

fn with_beyond(numbers: Numbers<'static>, beyond: Vec<(usize, Exact)>) -> Numbers<'static> {
    if beyond.is_empty() {
        return numbers;
    }
    let mut all = numbers.to_exact();
    for (cell, number) in beyond {
        if let Some(slot) = all.get_mut(cell) {
            *slot = number;
        }
    }
    Numbers::Exact(Cow::Owned(all))
}
