//! A column of shares, in steps.

use std::borrow::Cow;
use std::cmp::Ordering;

use guerdon_plan::hir::Rest;
use guerdon_plan::number::{Exact, NumberError};

use super::{Dividing, compare_cells, exact_at, flag, set};
use crate::fault::Fault;
use crate::vector::{Data, Numbers, Vector};

/// Shares counted in steps: in 128 bits as long as they do.
pub(super) enum Shares {
    Whole(Vec<i128>),
    Exact(Vec<Exact>),
}

impl Shares {
    pub(super) fn new(len: usize) -> Self {
        Self::Whole(vec![0; len])
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
        let steps = exact_at(amount, *first)
            .div(how.step)
            .map_err(|_| Fault::TooWide)?;
        if !steps.is_integer() && how.division.rest == Rest::LargestRemainder {
            return Err(Fault::NotInSteps);
        }
        if let (Some((steps, 1)), Some(weights)) = (steps.parts(), narrow_weights(run, weight))
            && let Some(shares) = how.division.whole(steps, weights)?
        {
            self.put_whole(run, &shares);
            return Ok(true);
        }
        let weights = run.iter().map(|cell| exact_weight(weight, *cell)).collect();
        self.put_exact(run, how.division.exact(&steps, weights)?);
        Ok(true)
    }

    fn put_whole(&mut self, run: &[usize], shares: &[i128]) {
        for (cell, share) in run.iter().zip(shares) {
            match self {
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
        if let Self::Whole(all) = self {
            *self = Self::Exact(all.iter().map(|share| Exact::from_i128(*share)).collect());
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
        exact_at(weight, cell)
    }
}
