//! Sums with signs.

use std::borrow::Cow;

use guerdon_plan::graph::NodeId;
use guerdon_plan::hir::Sign;
use guerdon_plan::number::Exact;

use super::align::{Aligned, Fractions, align, widened};
use super::lanes::{at, fold, times};
use super::masks::Masks;
use super::{Call, Fault, numbers_of, outcome};
use crate::vector::{Data, Numbers, Vector};

/// Adds and takes away.
pub(super) fn sum<'a>(terms: &[(Sign, NodeId)], inputs: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
    let masks = Masks::strict(inputs);
    let signs: Vec<Sign> = terms.iter().map(|(sign, _)| *sign).collect();
    let Some(numbers) = numbers_of(inputs) else {
        return masks.alone();
    };
    let spare = numbers.len().next_power_of_two().trailing_zeros();
    let plain = match align(&numbers) {
        Aligned::Narrow {
            lists,
            decimals,
            bits,
        } if bits.saturating_add(spare) <= 62 => Numbers::Scaled(
            total(&signs, lists, i64::wrapping_add, i64::wrapping_sub),
            decimals,
        ),
        Aligned::Narrow { lists, decimals, .. } => {
            let lists = lists.iter().map(|list| widened(list)).collect();
            let total = total(&signs, lists, i128::wrapping_add, i128::wrapping_sub);
            Numbers::from_wide(total.into_owned(), decimals)
        }
        Aligned::Wide {
            lists,
            decimals,
            bits,
        } if bits.saturating_add(spare) <= 126 => {
            let total = total(&signs, lists, i128::wrapping_add, i128::wrapping_sub);
            Numbers::from_wide(total.into_owned(), decimals)
        }
        Aligned::Wide { .. } | Aligned::Exact(_) => {
            return outcome::exactly(masks, call, |cell| exact(&signs, &numbers, cell));
        }
        Aligned::Ratio(parts) => {
            let quick = |cell| fraction(&signs, &parts, cell);
            return outcome::fractions(masks, call, quick, |cell| exact(&signs, &numbers, cell));
        }
    };
    masks.over(Data::Number(plain.into_owned()))
}

fn total<'v, T: Copy + Default>(
    signs: &[Sign],
    lists: Vec<Cow<'v, [T]>>,
    add: impl Fn(T, T) -> T,
    sub: impl Fn(T, T) -> T,
) -> Cow<'v, [T]> {
    let mut all: Option<Cow<'v, [T]>> = None;
    for (sign, list) in signs.iter().zip(lists) {
        all = Some(match (all, sign) {
            (None, Sign::Plus) => list,
            (None, Sign::Minus) => list.iter().map(|value| sub(T::default(), *value)).collect(),
            (Some(all), Sign::Plus) => fold(all, &list, &add),
            (Some(all), Sign::Minus) => fold(all, &list, &sub),
        });
    }
    all.unwrap_or_else(|| Cow::Owned(vec![T::default()]))
}

/// Adds fractions in 128 bits.
fn fraction(signs: &[Sign], parts: &[Fractions<'_>], cell: usize) -> Option<(i128, i128)> {
    let (mut num, mut den) = (0_i128, 1_i128);
    for (sign, part) in signs.iter().zip(parts) {
        let (a, b) = (*at(&part.nums, cell)?, *at(&part.dens, cell)?);
        let a = match sign {
            Sign::Plus => a,
            Sign::Minus => a.checked_neg()?,
        };
        (num, den) = if b == den {
            (num.checked_add(a)?, den)
        } else {
            (times(num, b)?.checked_add(times(a, den)?)?, times(den, b)?)
        };
    }
    Some((num, den))
}

fn exact(signs: &[Sign], numbers: &[&Numbers<'_>], cell: usize) -> Result<Exact, Fault> {
    signs
        .iter()
        .zip(numbers)
        .try_fold(Exact::ZERO, |all, (sign, numbers)| {
            let number = numbers.exact(cell);
            let sum = match sign {
                Sign::Plus => all.add(&number),
                Sign::Minus => all.sub(&number),
            };
            sum.map_err(outcome::fault)
        })
}
