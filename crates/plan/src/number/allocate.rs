//! Splitting an amount so that the parts add up to it.

use thiserror::Error;

use super::NumberError;
use super::exact::Exact;
use super::round::{round, round_div_i128};
use super::rounding::Rounding;

/// Says who gets what rounding leaves over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Remainder {
    /// Gives one unit each to the parts that rounding cut most; among equals to the earlier ones.
    LargestRemainder,
    /// Gives all of it to the part with the greatest weight; among equals to the first.
    Largest,
    /// Gives all of it to the first part.
    First,
    /// Gives all of it to the last part.
    Last,
}

/// Says why an amount cannot be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AllocateError {
    /// Reports weights that add up to zero, or no weights at all.
    #[error("the weights add up to zero, so nobody can be given a share")]
    ZeroWeight,
    /// Reports a negative weight and its place, counted from zero.
    #[error("a weight is negative")]
    NegativeWeight(usize),
    /// Reports a unit that is zero or negative.
    #[error("the smallest unit is not positive")]
    UnitNotPositive,
    /// Reports a total that whole units cannot make up.
    #[error("the total is no multiple of the smallest unit")]
    NotAMultiple,
    /// Reports arithmetic that has no answer.
    #[error(transparent)]
    Number(#[from] NumberError),
}

/// Splits `total` by `weights` into multiples of `unit` that add up to it exactly.
///
/// Each exact share is rounded by `mode` ([`Rounding::Down`] unless the plan says otherwise), then `rest` says who
/// gets what is missing or gives back what is too much. Position decides ties, so the caller puts the shares in key
/// order. A negative total is split like the positive one and negated, so that a reversal mirrors the original. Where
/// one part takes all that is left over, it takes what is no whole unit, too.
///
/// # Errors
///
/// [`AllocateError`] for weights that add up to zero or are negative, for a unit that is not positive, and, where the
/// largest remainders get what is left, for a total that is no multiple of it.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Exact, Remainder, Rounding, allocate};
///
/// let cent = Exact::parse_decimal("0.01")?;
/// let thirds = [Exact::ONE, Exact::ONE, Exact::ONE];
/// let parts = allocate(&Exact::from_i64(100), &cent, &thirds, Remainder::LargestRemainder, Rounding::Down)?;
/// assert_eq!(parts.iter().map(|part| part.display_text(2)).collect::<Vec<_>>(), ["33.34", "33.33", "33.33"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn allocate(
    total: &Exact,
    unit: &Exact,
    weights: &[Exact],
    rest: Remainder,
    mode: Rounding,
) -> Result<Vec<Exact>, AllocateError> {
    let weight = total_weight(weights)?;
    if !unit.is_positive() {
        return Err(AllocateError::UnitNotPositive);
    }
    let units = total.abs().div(unit)?;
    if !units.is_integer() && rest == Remainder::LargestRemainder {
        return Err(AllocateError::NotAMultiple);
    }
    let signed_unit = if total.is_negative() {
        unit.neg()
    } else {
        unit.clone()
    };
    let whole = match units.is_integer() {
        true => whole_shares(&units, weights, rest, mode),
        false => None,
    };
    let given = match whole {
        Some(given) => given.into_iter().map(Exact::from_i128).collect(),
        None => exact_shares(&units, weights, &weight, rest, mode)?,
    };
    given
        .iter()
        .map(|share| share.mul(&signed_unit).map_err(AllocateError::from))
        .collect()
}

/// Splits whole units by whole weights, the kernel behind [`allocate`].
///
/// Gives `None` where 128 bits do not do, for negative units or weights, and for weights that add up to zero.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Remainder, Rounding, allocate_whole};
///
/// // 100,000.00 in cents by 7 : 6 : 9.
/// let parts = allocate_whole(10_000_000, &[7, 6, 9], Remainder::LargestRemainder, Rounding::Down);
/// assert_eq!(parts, Some(vec![3_181_818, 2_727_273, 4_090_909]));
/// ```
#[must_use]
pub fn allocate_whole(units: i128, weights: &[i128], rest: Remainder, mode: Rounding) -> Option<Vec<i128>> {
    let total = weights
        .iter()
        .try_fold(0_i128, |sum, weight| sum.checked_add(*weight))?;
    if units < 0 || total <= 0 || weights.iter().any(|weight| *weight < 0) {
        return None;
    }
    let mut given = Vec::with_capacity(weights.len());
    let mut cut = Vec::with_capacity(weights.len());
    let mut missing = units;
    for weight in weights {
        let exact = units.checked_mul(*weight)?;
        let share = round_div_i128(exact, total, mode)?;
        missing = missing.checked_sub(share)?;
        cut.push(exact.checked_sub(share.checked_mul(total)?)?);
        given.push(share);
    }
    let receiver = match rest {
        Remainder::LargestRemainder => {
            let count = usize::try_from(missing.unsigned_abs()).unwrap_or(usize::MAX);
            for place in most_cut(&cut, missing > 0).into_iter().take(count) {
                let share = given.get_mut(place)?;
                *share = share.checked_add(missing.signum())?;
            }
            return Some(given);
        }
        Remainder::Largest => first_greatest(weights),
        Remainder::First => 0,
        Remainder::Last => weights.len().saturating_sub(1),
    };
    let share = given.get_mut(receiver)?;
    *share = share.checked_add(missing)?;
    Some(given)
}

fn total_weight(weights: &[Exact]) -> Result<Exact, AllocateError> {
    let mut total = Exact::ZERO;
    for (place, weight) in weights.iter().enumerate() {
        if weight.is_negative() {
            return Err(AllocateError::NegativeWeight(place));
        }
        total = total.add(weight)?;
    }
    if total.is_zero() {
        Err(AllocateError::ZeroWeight)
    } else {
        Ok(total)
    }
}

/// Splits in 128 bits, if units and weights are whole numbers over a common denominator that fit.
fn whole_shares(units: &Exact, weights: &[Exact], rest: Remainder, mode: Rounding) -> Option<Vec<i128>> {
    let (units, _) = units.parts()?;
    let parts = weights.iter().map(Exact::parts).collect::<Option<Vec<_>>>()?;
    let mut common = 1_i128;
    for (_, den) in &parts {
        common = common.checked_mul(den.checked_div(num_integer::gcd(common, *den))?)?;
    }
    let scaled = parts
        .iter()
        .map(|(num, den)| num.checked_mul(common.checked_div(*den)?));
    allocate_whole(units, &scaled.collect::<Option<Vec<_>>>()?, rest, mode)
}

/// Splits in exact fractions of any width; the same steps as [`allocate_whole`].
fn exact_shares(
    units: &Exact,
    weights: &[Exact],
    total_weight: &Exact,
    rest: Remainder,
    mode: Rounding,
) -> Result<Vec<Exact>, NumberError> {
    let mut given = Vec::with_capacity(weights.len());
    let mut cut = Vec::with_capacity(weights.len());
    let mut missing = units.clone();
    for weight in weights {
        let exact = units.mul(weight)?.div(total_weight)?;
        let share = round(&exact, mode, &Exact::ONE)?;
        missing = missing.sub(&share)?;
        cut.push(exact.sub(&share)?);
        given.push(share);
    }
    let (receivers, each) = match rest {
        Remainder::LargestRemainder => {
            let count = missing
                .abs()
                .to_i64()
                .and_then(|count| usize::try_from(count).ok())
                .unwrap_or(usize::MAX);
            let mut order = most_cut(&cut, missing.is_positive());
            order.truncate(count);
            (order, Exact::from_i64(i64::from(missing.sign())))
        }
        Remainder::Largest => (vec![first_greatest(weights)], missing),
        Remainder::First => (vec![0], missing),
        Remainder::Last => (vec![weights.len().saturating_sub(1)], missing),
    };
    for place in receivers {
        if let Some(share) = given.get_mut(place) {
            *share = share.add(&each)?;
        }
    }
    Ok(given)
}

/// Orders the places by what rounding cut, the most first, or the least first where units are taken back.
///
/// Each part is off by less than one unit, so the missing units are never more than the parts.
fn most_cut<T: Ord>(cut: &[T], is_missing: bool) -> Vec<usize> {
    let mut order: Vec<(usize, &T)> = cut.iter().enumerate().collect();
    if is_missing {
        order.sort_by(|(_, a), (_, b)| b.cmp(a));
    } else {
        order.sort_by_key(|(_, cut)| *cut);
    }
    order.into_iter().map(|(place, _)| place).collect()
}

fn first_greatest<T: Ord>(weights: &[T]) -> usize {
    let mut best = None;
    for (place, weight) in weights.iter().enumerate() {
        if best.is_none_or(|(_, greatest)| weight > greatest) {
            best = Some((place, weight));
        }
    }
    best.map_or(0, |(place, _)| place)
}
