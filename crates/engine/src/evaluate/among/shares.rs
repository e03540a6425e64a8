//! A column of shares, in steps.

use std::borrow::Cow;
use std::cmp::Ordering;

use guerdon_plan::hir::Rest;
use guerdon_plan::number::{Exact, NumberError, pow10_i64};

use super::{Dividing, compare_cells, flag, set};
use crate::fault::Fault;
use crate::vector::{Data, NARROW_DECIMALS, Numbers, Vector, bits_i64};

/// A step that is a small integer over a power of ten.
#[derive(Debug, Clone, Copy)]
pub(in crate::evaluate) struct SmallStep {
    size: i64,
    decimals: u8,
}

impl SmallStep {
    pub(in crate::evaluate) fn of(step: &Exact) -> Option<Self> {
        let decimals = u8::try_from(step.decimals()?).ok()?;
        let size = step
            .to_scaled(decimals)
            .and_then(|size| i64::try_from(size).ok())?;
        Some(Self { size, decimals })
    }
}

/// Shares counted in steps: in 64 bits as long as they do, then in 128.
pub(super) enum Shares {
    Narrow(Vec<i64>),
    Whole(Vec<i128>),
    Exact(Vec<Exact>),
}

impl Shares {
    pub(super) fn new(len: usize) -> Self {
        Self::Narrow(vec![0; len])
    }

    /// Divides the amount of a group among its cells; no if there is no amount.
    pub(super) fn divide(
        &mut self,
        run: &[usize],
        amount: &Vector<'_>,
        weight: &Vector<'_>,
        how: Dividing<'_>,
    ) -> Result<bool, Fault> {
        let Some(first) = run.first() else {
            return Ok(true);
        };
        let is_same = |cell: &usize| compare_cells(amount, *first, amount, *cell) == Ordering::Equal;
        if !run.iter().all(is_same) {
            return Err(Fault::AmountsDiffer);
        }
        if amount.is_missing(*first) {
            return Ok(false);
        }
        let few = few_steps(amount, *first, how.small);
        let steps = match few {
            Some(steps) => Exact::from_i128(steps),
            None => amount.number(*first).div(how.step).map_err(|_| Fault::TooWide)?,
        };
        if !steps.is_integer() && how.division.rest == Rest::LargestRemainder {
            return Err(Fault::NotInSteps);
        }
        let whole = || match steps.parts()? {
            (steps, 1) => Some(steps),
            _ => None,
        };
        if let (Some(steps), Some(weights)) = (few.or_else(whole), narrow_weights(run, weight))
            && let Some(shares) = how.division.whole(steps, weights)?
        {
            self.put_whole(run, &shares);
            return Ok(true);
        }
        let weights = run.iter().map(|cell| exact_weight(weight, *cell)).collect();
        self.put_exact(run, how.division.exact(&steps, weights)?);
        Ok(true)
    }

    /// Gives all cells of a group the same share.
    pub(super) fn put_alike(&mut self, run: &[usize], share: i64) {
        match self {
            Self::Narrow(all) => run.iter().for_each(|cell| set(all, *cell, share)),
            Self::Whole(all) => run.iter().for_each(|cell| set(all, *cell, share.into())),
            Self::Exact(all) => run
                .iter()
                .for_each(|cell| set(all, *cell, Exact::from_i64(share))),
        }
    }

    fn put_whole(&mut self, run: &[usize], shares: &[i128]) {
        if let Self::Narrow(all) = self
            && shares.iter().any(|share| i64::try_from(*share).is_err())
        {
            *self = Self::Whole(all.iter().copied().map(i128::from).collect());
        }
        for (cell, share) in run.iter().zip(shares) {
            match self {
                Self::Narrow(all) => set(all, *cell, i64::try_from(*share).unwrap_or(0)),
                Self::Whole(all) => set(all, *cell, *share),
                Self::Exact(all) => set(all, *cell, Exact::from_i128(*share)),
            }
        }
    }

    fn put_exact(&mut self, run: &[usize], shares: Vec<Exact>) {
        let whole: Option<Vec<i128>> = shares
            .iter()
            .map(|share| share.parts().filter(|(_, size)| *size == 1))
            .map(|whole| whole.map(|(share, _)| share))
            .collect();
        if let Some(whole) = whole {
            return self.put_whole(run, &whole);
        }
        match self {
            Self::Narrow(all) => {
                *self = Self::Exact(all.iter().map(|share| Exact::from_i64(*share)).collect());
            }
            Self::Whole(all) => {
                *self = Self::Exact(all.iter().map(|share| Exact::from_i128(*share)).collect());
            }
            Self::Exact(_) => {}
        }
        if let Self::Exact(all) = self {
            run.iter()
                .zip(shares)
                .for_each(|(cell, share)| set(all, *cell, share));
        }
    }

    /// Gives the shares as amounts.
    pub(super) fn finish(self, step: &Exact) -> Result<Numbers<'static>, NumberError> {
        let steps = match self {
            Self::Narrow(steps) => match narrow(steps, step) {
                Ok(numbers) => return Ok(numbers),
                Err(steps) => steps.into_iter().map(Exact::from_i64).collect(),
            },
            Self::Whole(steps) => match scaled(&steps, step) {
                Some(numbers) => return Ok(numbers),
                None => steps.into_iter().map(Exact::from_i128).collect(),
            },
            Self::Exact(steps) => steps,
        };
        let amounts: Result<Vec<Exact>, NumberError> = steps.iter().map(|steps| steps.mul(step)).collect();
        Ok(Numbers::Exact(Cow::Owned(amounts?)))
    }
}

fn scaled(steps: &[i128], step: &Exact) -> Option<Numbers<'static>> {
    let decimals = u8::try_from(step.decimals()?).ok()?;
    let size = step.to_scaled(decimals)?;
    let amounts: Option<Vec<i128>> = steps.iter().map(|steps| steps.checked_mul(size)).collect();
    Some(Numbers::from_wide(amounts?, decimals))
}

/// Multiplies steps by their size where 64 bits hold the amounts; otherwise gives them back.
fn narrow(mut steps: Vec<i64>, step: &Exact) -> Result<Numbers<'static>, Vec<i64>> {
    let small = SmallStep::of(step).filter(|step| step.decimals <= NARROW_DECIMALS);
    let Some(SmallStep { size, decimals }) = small else {
        return Err(steps);
    };
    if bits_i64(&steps).saturating_add(bits_i64(&[size])) > 62 {
        return Err(steps);
    }
    if size != 1 {
        steps
            .iter_mut()
            .for_each(|steps| *steps = steps.wrapping_mul(size));
    }
    Ok(Numbers::Scaled(Cow::Owned(steps), decimals))
}

/// Amounts and weights that are integers of 64 bits without gaps, and steps of which amounts are so many.
pub(super) struct Even<'v> {
    amounts: &'v [i64],
    weights: &'v [i64],
    finer: i64,
    size: i64,
}

impl<'v> Even<'v> {
    pub(super) fn of(
        amount: &'v Vector<'_>,
        weight: &'v Vector<'_>,
        step: Option<SmallStep>,
    ) -> Option<Self> {
        let (Data::Number(Numbers::Scaled(amounts, decimals)), Data::Number(Numbers::Scaled(weights, _))) =
            (&amount.data, &weight.data)
        else {
            return None;
        };
        let step = step.filter(|_| amount.is_plain() && weight.is_plain())?;
        let coarser = pow10_i64(decimals.saturating_sub(step.decimals))?;
        Some(Self {
            amounts,
            weights,
            finer: pow10_i64(step.decimals.saturating_sub(*decimals))?,
            size: step.size.checked_mul(coarser)?,
        })
    }

    /// Gives the share of each cell of a group where all are alike and steps can be dealt out evenly: then nothing is
    /// left for a rest.
    pub(super) fn share(&self, run: &[usize]) -> Option<i64> {
        let of = |cell: &usize| (flag(self.amounts, *cell), flag(self.weights, *cell));
        let (first, others) = run.split_first()?;
        let (amount, weight) = of(first);
        if weight <= 0 || others.iter().any(|cell| of(cell) != (amount, weight)) {
            return None;
        }
        let steps = whole_part(amount.checked_mul(self.finer)?, self.size)?;
        whole_part(steps, i64::try_from(run.len()).ok()?)
    }
}

/// Divides where nothing is left.
fn whole_part(value: i64, by: i64) -> Option<i64> {
    if by == 1 {
        return Some(value);
    }
    (value.checked_rem(by)? == 0).then(|| value.checked_div(by))?
}

/// Counts the steps of an amount where both are small enough to do so in integers, and there is no rest.
fn few_steps(amount: &Vector<'_>, cell: usize, step: Option<SmallStep>) -> Option<i128> {
    let Data::Number(Numbers::Scaled(values, decimals)) = &amount.data else {
        return None;
    };
    let step = step?;
    let value = i128::from(flag(values, cell));
    let finer = pow10_i64(step.decimals.saturating_sub(*decimals))?;
    let coarser = pow10_i64(decimals.saturating_sub(step.decimals))?;
    let (value, size) = (
        value.checked_mul(i128::from(finer))?,
        i128::from(step.size).checked_mul(i128::from(coarser))?,
    );
    (value.checked_rem(size)? == 0).then(|| value.checked_div(size))?
}

/// Gives weights of the same decimals as whole numbers; a missing one is zero.
fn narrow_weights(run: &[usize], weight: &Vector<'_>) -> Option<Vec<i128>> {
    let Data::Number(Numbers::Scaled(values, _)) = &weight.data else {
        return None;
    };
    let own = |cell: &usize| match weight.is_missing(*cell) {
        true => 0,
        false => i128::from(flag(values, *cell)),
    };
    Some(run.iter().map(own).collect())
}

fn exact_weight(weight: &Vector<'_>, cell: usize) -> Exact {
    if weight.is_missing(cell) {
        Exact::ZERO
    } else {
        weight.number(cell)
    }
}
