//! Splitting an amount so that the parts add up to it.

use thiserror::Error;

use super::NumberError;
use super::exact::Exact;
use super::round::{Rounding, round};

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
/// order. A negative total is split like the positive one and negated, so that a reversal mirrors the original.
///
/// # Errors
///
/// [`AllocateError`] for weights that add up to zero or are negative, for a unit that is not positive, and for a
/// total that is no multiple of it.
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
    if !units.is_integer() {
        return Err(AllocateError::NotAMultiple);
    }
    let mut shares = weights
        .iter()
        .map(|w| share(&units, w, &weight, mode))
        .collect::<Result<Vec<_>, _>>()?;
    hand_out(&units, weights, rest, &mut shares)?;
    let signed_unit = if total.is_negative() {
        unit.neg()
    } else {
        unit.clone()
    };
    shares
        .iter()
        .map(|share| share.given.mul(&signed_unit).map_err(AllocateError::from))
        .collect()
}

/// A part in whole units, and the exact share less that part.
struct Share {
    given: Exact,
    cut: Exact,
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

fn share(units: &Exact, weight: &Exact, total_weight: &Exact, mode: Rounding) -> Result<Share, NumberError> {
    let exact = units.mul(weight)?.div(total_weight)?;
    let given = round(&exact, mode, &Exact::ONE)?;
    let cut = exact.sub(&given)?;
    Ok(Share { given, cut })
}

fn hand_out(
    units: &Exact,
    weights: &[Exact],
    rest: Remainder,
    shares: &mut [Share],
) -> Result<(), NumberError> {
    let mut missing = units.clone();
    for share in shares.iter() {
        missing = missing.sub(&share.given)?;
    }
    if missing.is_zero() {
        return Ok(());
    }
    let receiver = match rest {
        Remainder::LargestRemainder => return hand_out_singly(&missing, shares),
        Remainder::Largest => first_greatest(weights),
        Remainder::First => 0,
        Remainder::Last => shares.len().saturating_sub(1),
    };
    if let Some(share) = shares.get_mut(receiver) {
        share.given = share.given.add(&missing)?;
    }
    Ok(())
}

/// Moves one unit per part; each part is off by less than one unit, so one round is enough.
fn hand_out_singly(missing: &Exact, shares: &mut [Share]) -> Result<(), NumberError> {
    let step = Exact::from_i64(i64::from(missing.sign()));
    let count = missing
        .abs()
        .to_i64()
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(usize::MAX);
    let mut order: Vec<&mut Share> = shares.iter_mut().collect();
    if missing.is_positive() {
        order.sort_by(|a, b| b.cut.cmp(&a.cut));
    } else {
        order.sort_by(|a, b| a.cut.cmp(&b.cut));
    }
    for share in order.into_iter().take(count) {
        share.given = share.given.add(&step)?;
    }
    Ok(())
}

fn first_greatest(weights: &[Exact]) -> usize {
    let mut best = 0;
    let mut greatest = &Exact::ZERO;
    for (place, weight) in weights.iter().enumerate() {
        if weight > greatest {
            (best, greatest) = (place, weight);
        }
    }
    best
}
