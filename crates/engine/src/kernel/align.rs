//! Numbers of several vectors brought to one form.

use std::borrow::Cow;

use guerdon_plan::number::{Exact, pow10_i64, pow10_i128};

use super::lanes::at;
use crate::vector::{Numbers, WIDE_DECIMALS, bits_i64, bits_i128};

/// Numbers of several vectors in the narrowest form that holds all of them.
pub(super) enum Aligned<'v> {
    /// Integers over one power of ten; no magnitude passes 2^bits.
    Narrow {
        lists: Vec<Cow<'v, [i64]>>,
        decimals: u8,
        bits: u32,
    },
    /// Integers over one power of ten; no magnitude passes 2^bits.
    Wide {
        lists: Vec<Cow<'v, [i128]>>,
        decimals: u8,
        bits: u32,
    },
    /// Fractions.
    Ratio(Vec<Fractions<'v>>),
    /// Anything.
    Exact(Vec<Cow<'v, [Exact]>>),
}

/// Numerators and positive denominators; either may be one for all cells.
#[derive(Clone)]
pub(super) struct Fractions<'v> {
    pub nums: Cow<'v, [i128]>,
    pub dens: Cow<'v, [i128]>,
}

impl Fractions<'_> {
    /// Gives numerator and denominator of a cell.
    pub(super) fn at(&self, cell: usize) -> (i128, i128) {
        let num = at(&self.nums, cell).copied().unwrap_or_default();
        (num, at(&self.dens, cell).copied().unwrap_or(1))
    }

    /// Gives the bits that numerators and denominators need.
    pub(super) fn widths(&self) -> (u32, u32) {
        (bits_i128(&self.nums), bits_i128(&self.dens))
    }
}

/// Brings numbers to one form.
pub(super) fn align<'v>(numbers: &[&'v Numbers<'_>]) -> Aligned<'v> {
    narrow(numbers)
        .or_else(|| wide(numbers))
        .or_else(|| {
            numbers
                .iter()
                .map(|numbers| fractions(numbers))
                .collect::<Option<_>>()
                .map(Aligned::Ratio)
        })
        .unwrap_or_else(|| Aligned::Exact(numbers.iter().map(|numbers| exact(numbers)).collect()))
}

/// Gives numbers as fractions, if 128 bits do.
pub(super) fn fractions<'v>(numbers: &'v Numbers<'_>) -> Option<Fractions<'v>> {
    let over = |decimals: u8| Some(Cow::Owned(vec![pow10_i128(decimals)?]));
    Some(match numbers {
        Numbers::Scaled(values, decimals) => Fractions {
            nums: widened(values),
            dens: over(*decimals)?,
        },
        Numbers::Wide(values, decimals) => Fractions {
            nums: Cow::Borrowed(values),
            dens: over(*decimals)?,
        },
        Numbers::Ratio(nums, dens) => Fractions {
            nums: Cow::Borrowed(nums),
            dens: Cow::Borrowed(dens),
        },
        Numbers::Exact(_) => return None,
    })
}

pub(super) fn widened(values: &[i64]) -> Cow<'static, [i128]> {
    values.iter().copied().map(i128::from).collect()
}

fn exact<'v>(numbers: &'v Numbers<'_>) -> Cow<'v, [Exact]> {
    match numbers {
        Numbers::Exact(values) => Cow::Borrowed(values),
        Numbers::Scaled(..) | Numbers::Wide(..) | Numbers::Ratio(..) => Cow::Owned(numbers.to_exact()),
    }
}

fn narrow<'v>(numbers: &[&'v Numbers<'_>]) -> Option<Aligned<'v>> {
    let parts: Option<Vec<(&'v [i64], u8)>> = numbers
        .iter()
        .map(|numbers| match numbers {
            Numbers::Scaled(values, decimals) => Some((&**values, *decimals)),
            Numbers::Wide(..) | Numbers::Ratio(..) | Numbers::Exact(_) => None,
        })
        .collect();
    let parts = parts?;
    let decimals = parts.iter().map(|(_, decimals)| *decimals).max()?;
    let mut lists = Vec::with_capacity(parts.len());
    let mut bits = 0;
    for (values, its) in parts {
        let its_bits = bits_i64(values);
        if its == decimals {
            bits = bits.max(its_bits);
            lists.push(Cow::Borrowed(values));
            continue;
        }
        let power = pow10_i64(decimals.checked_sub(its)?)?;
        let scaled_bits = its_bits.saturating_add(bits_i64(&[power]));
        if scaled_bits > 62 {
            return None;
        }
        bits = bits.max(scaled_bits);
        lists.push(values.iter().map(|value| value.wrapping_mul(power)).collect());
    }
    Some(Aligned::Narrow {
        lists,
        decimals,
        bits,
    })
}

fn wide<'v>(numbers: &[&'v Numbers<'_>]) -> Option<Aligned<'v>> {
    let decimals = numbers
        .iter()
        .map(|numbers| match numbers {
            Numbers::Scaled(_, decimals) | Numbers::Wide(_, decimals) => Some(*decimals),
            Numbers::Ratio(..) | Numbers::Exact(_) => None,
        })
        .collect::<Option<Vec<u8>>>()?;
    let most = decimals
        .iter()
        .copied()
        .max()
        .filter(|most| *most <= WIDE_DECIMALS)?;
    let mut lists = Vec::with_capacity(numbers.len());
    let mut bits = 0;
    for (numbers, its) in numbers.iter().zip(decimals) {
        let power = pow10_i128(most.checked_sub(its)?)?;
        let values = match numbers {
            Numbers::Scaled(values, _) => widened(values),
            Numbers::Wide(values, _) => Cow::Borrowed(&**values),
            Numbers::Ratio(..) | Numbers::Exact(_) => return None,
        };
        let power_bits = if power == 1 { 0 } else { bits_i128(&[power]) };
        let its_bits = bits_i128(&values).saturating_add(power_bits);
        if power != 1 && its_bits > 126 {
            return None;
        }
        bits = bits.max(its_bits);
        lists.push(if power == 1 {
            values
        } else {
            values.iter().map(|value| value.wrapping_mul(power)).collect()
        });
    }
    Some(Aligned::Wide {
        lists,
        decimals: most,
        bits,
    })
}
