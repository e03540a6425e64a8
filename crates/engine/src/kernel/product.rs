//! Products with divisions.

use std::borrow::Cow;

use guerdon_plan::graph::NodeId;
use guerdon_plan::hir::Factor;
use guerdon_plan::number::{Exact, pow10_i128};

use super::lanes::{at, fold, times, zip};
use super::masks::Masks;
use super::{Call, Fault, numbers_of, outcome};
use crate::vector::{Data, NARROW_DECIMALS, Numbers, Vector, WIDE_DECIMALS, bits_i64, bits_i128};

/// Integers of either width that multiply.
enum Integers<'v> {
    Narrow(&'v [i64]),
    Wide(&'v [i128]),
}

/// A product as integers above and below, and the decimals of both.
#[derive(Default)]
struct Split<'v> {
    above: Vec<Integers<'v>>,
    below: Vec<Integers<'v>>,
    /// Decimals above less decimals below.
    decimals: i32,
}

/// Multiplies and divides.
pub(super) fn product<'a>(factors: &[(Factor, NodeId)], inputs: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
    let masks = Masks::strict(inputs);
    let Some(numbers) = numbers_of(inputs) else {
        return masks.alone();
    };
    let factors: Vec<(Factor, Cow<'_, Numbers<'_>>)> = factors
        .iter()
        .zip(&numbers)
        .map(|((factor, _), numbers)| turned(*factor, numbers))
        .collect();
    let slow = |cell| exact(&factors, cell);
    let Some(split) = split(&factors) else {
        return outcome::exactly(masks, call, slow);
    };
    if split.below.is_empty() {
        return match whole(&split) {
            Some(numbers) => masks.over(Data::Number(numbers)),
            None => outcome::exactly(masks, call, slow),
        };
    }
    match columns(&split) {
        Some((nums, dens)) => quotients(nums, dens, masks, call),
        None => outcome::fractions(masks, call, |cell| fraction(&split, cell), slow),
    }
}

/// Turns a division by one number for all cells into a multiplication where the inverse has few decimals.
pub(super) fn turned<'v>(factor: Factor, numbers: &'v Numbers<'_>) -> (Factor, Cow<'v, Numbers<'v>>) {
    if factor == Factor::Over
        && numbers.len() == 1
        && let Ok(inverse) = Exact::ONE.div(&numbers.exact(0))
        && inverse.decimals().is_some_and(|decimals| decimals <= 6)
        && let inverse @ Numbers::Scaled(..) = Numbers::pack(vec![inverse])
    {
        return (Factor::Times, Cow::Owned(inverse));
    }
    (factor, Cow::Borrowed(numbers))
}

/// Splits a product into what stands above and below; nothing where a number does not fit 128 bits.
fn split<'v>(factors: &'v [(Factor, Cow<'_, Numbers<'_>>)]) -> Option<Split<'v>> {
    let mut split = Split::default();
    for (factor, numbers) in factors {
        let (above, below) = match factor {
            Factor::Times => (&mut split.above, &mut split.below),
            Factor::Over => (&mut split.below, &mut split.above),
        };
        let decimals = match &**numbers {
            Numbers::Scaled(values, decimals) => {
                above.push(Integers::Narrow(values));
                *decimals
            }
            Numbers::Wide(values, decimals) => {
                above.push(Integers::Wide(values));
                *decimals
            }
            Numbers::Ratio(nums, dens) => {
                above.push(Integers::Wide(nums));
                below.push(Integers::Wide(dens));
                0
            }
            Numbers::Exact(_) => return None,
        };
        split.decimals = match factor {
            Factor::Times => split.decimals.saturating_add(i32::from(decimals)),
            Factor::Over => split.decimals.saturating_sub(i32::from(decimals)),
        };
    }
    // What is one for all cells is multiplied first, so that the cells are gone through once less.
    split.above.sort_by_key(|list| list.len() != 1);
    split.below.sort_by_key(|list| list.len() != 1);
    Some(split)
}

/// Multiplies integers without a division.
fn whole(split: &Split<'_>) -> Option<Numbers<'static>> {
    let decimals = u8::try_from(split.decimals)
        .ok()
        .filter(|decimals| *decimals <= WIDE_DECIMALS)?;
    let bits = bits(&split.above);
    if bits <= 62
        && decimals <= NARROW_DECIMALS
        && let Some(lists) = narrow(&split.above)
    {
        let product = lists
            .into_iter()
            .fold(Cow::Owned(vec![1]), |all: Cow<'_, [i64]>, list| match &*all {
                [1] => Cow::Borrowed(list),
                _ => fold(all, list, i64::wrapping_mul),
            });
        return Some(Numbers::Scaled(Cow::Owned(product.into_owned()), decimals));
    }
    (bits <= 126).then(|| trimmed(multiplied(&split.above, 1), decimals))
}

/// Drops decimals beyond those of narrow numbers, as far as all numbers can do without.
fn trimmed(mut values: Vec<i128>, mut decimals: u8) -> Numbers<'static> {
    while decimals > NARROW_DECIMALS && values.iter().all(|value| value.wrapping_rem(10) == 0) {
        values
            .iter_mut()
            .for_each(|value| *value = value.wrapping_div(10));
        decimals = decimals.saturating_sub(1);
    }
    Numbers::from_wide(values, decimals)
}

/// Multiplies what stands above and below, where 128 bits surely do.
fn columns(split: &Split<'_>) -> Option<(Vec<i128>, Vec<i128>)> {
    let power = pow10_i128(u8::try_from(split.decimals.unsigned_abs()).ok()?)?;
    let power_bits = bits_i128(&[power]);
    let (up, down) = if split.decimals < 0 {
        (power_bits, 0)
    } else {
        (0, power_bits)
    };
    if bits(&split.above).saturating_add(up) > 126 || bits(&split.below).saturating_add(down) > 126 {
        return None;
    }
    let (up, down) = if split.decimals < 0 {
        (power, 1)
    } else {
        (1, power)
    };
    Some((multiplied(&split.above, up), multiplied(&split.below, down)))
}

/// Makes fractions of numerators and divisors; a divisor of zero is an error.
fn quotients<'a>(nums: Vec<i128>, dens: Vec<i128>, mut masks: Masks<'a>, call: Call<'_>) -> Vector<'a> {
    if nums.len() == dens.len() && dens.iter().all(|den| *den > 0) {
        return masks.over(Data::Number(Numbers::Ratio(Cow::Owned(nums), Cow::Owned(dens))));
    }
    let (nums, dens) = (&nums[..], &dens[..]);
    let len = masks.len();
    if dens.contains(&0) {
        let number = call.number(Fault::DivisionByZero);
        let zeros = (0..len).filter(|cell| at(dens, *cell) == Some(&0));
        zeros.for_each(|cell| masks.fail(cell, number));
    }
    let above = zip(
        nums,
        dens,
        |num, den| if den < 0 { num.wrapping_neg() } else { num },
    );
    let below = dens.iter().map(|den| den.wrapping_abs().max(1));
    let below: Cow<'static, [i128]> = match dens {
        [den] if above.len() != 1 => Cow::Owned(vec![den.wrapping_abs().max(1); above.len()]),
        _ => below.collect(),
    };
    masks.over(Data::Number(Numbers::Ratio(Cow::Owned(above), below)))
}

fn fraction(split: &Split<'_>, cell: usize) -> Option<(i128, i128)> {
    let power = pow10_i128(u8::try_from(split.decimals.unsigned_abs()).ok()?)?;
    let (up, down) = if split.decimals < 0 {
        (power, 1)
    } else {
        (1, power)
    };
    let multiply = |lists: &[Integers<'_>], start| {
        lists
            .iter()
            .try_fold(start, |all, list| times(all, list.at(cell)?))
    };
    let (num, den) = (multiply(&split.above, up)?, multiply(&split.below, down)?);
    match den {
        0 => None,
        1.. => Some((num, den)),
        _ => Some((num.checked_neg()?, den.checked_neg()?)),
    }
}

fn exact(factors: &[(Factor, Cow<'_, Numbers<'_>>)], cell: usize) -> Result<Exact, Fault> {
    // Divisors last, and together: a product is not refused because of a step that a division undoes.
    let mut below = Exact::ONE;
    let mut above = Exact::ONE;
    for (factor, numbers) in factors {
        let number = numbers.exact(cell);
        let side = match factor {
            Factor::Times => &mut above,
            Factor::Over => &mut below,
        };
        *side = side.mul(&number).map_err(outcome::fault)?;
    }
    above.div(&below).map_err(outcome::fault)
}

fn narrow<'v>(lists: &[Integers<'v>]) -> Option<Vec<&'v [i64]>> {
    lists
        .iter()
        .map(|list| match list {
            Integers::Narrow(list) => Some(*list),
            Integers::Wide(_) => None,
        })
        .collect()
}

/// Multiplies lists that are known to fit.
fn multiplied(lists: &[Integers<'_>], start: i128) -> Vec<i128> {
    if let Some(product) = one_of_many(lists, start) {
        return product;
    }
    let start: Cow<'_, [i128]> = Cow::Owned(vec![start]);
    let product = lists.iter().fold(start, |all, list| match list {
        Integers::Narrow(list) => fold(all, list, |a: i128, b: i64| a.wrapping_mul(i128::from(b))),
        Integers::Wide(list) => fold(all, list, i128::wrapping_mul),
    });
    product.into_owned()
}

/// Multiplies one list of narrow integers by numbers that are the same for all cells and together narrow, too.
fn one_of_many(lists: &[Integers<'_>], start: i128) -> Option<Vec<i128>> {
    let (Integers::Narrow(many), same) = lists.split_last()? else {
        return None;
    };
    let same = same.iter().try_fold(start, |all, list| match list.len() {
        1 => all.checked_mul(list.at(0)?),
        _ => None,
    })?;
    let same = i64::try_from(same).ok()?;
    let product = |value: &i64| i128::from(*value).wrapping_mul(i128::from(same));
    Some(many.iter().map(product).collect())
}

fn bits(lists: &[Integers<'_>]) -> u32 {
    let bits = |list: &Integers<'_>| match list {
        Integers::Narrow(list) => bits_i64(list),
        Integers::Wide(list) => bits_i128(list),
    };
    lists.iter().map(bits).fold(0, u32::saturating_add)
}

impl Integers<'_> {
    fn len(&self) -> usize {
        match self {
            Integers::Narrow(list) => list.len(),
            Integers::Wide(list) => list.len(),
        }
    }

    fn at(&self, cell: usize) -> Option<i128> {
        match self {
            Integers::Narrow(list) => at(list, cell).copied().map(i128::from),
            Integers::Wide(list) => at(list, cell).copied(),
        }
    }
}
