//! Numbers from chunks of several forms.

use std::borrow::Cow;

use guerdon_plan::number::{Exact, pow10_i64, pow10_i128};

use super::append;
use crate::vector::Numbers;
use crate::vector::numbers::WIDE_DECIMALS;

/// The numbers so far, in the narrowest form that holds them.
pub(super) enum NumberStore {
    Scaled(Vec<i64>, u8),
    Wide(Vec<i128>, u8),
    Ratio(Vec<i128>, Vec<i128>),
    Exact(Vec<Exact>),
}

impl NumberStore {
    /// Begins numbers of a chunk's form, with room for so many.
    pub(super) fn like(chunk: &Numbers<'_>, expected: usize) -> NumberStore {
        match chunk {
            Numbers::Scaled(_, decimals) => NumberStore::Scaled(Vec::with_capacity(expected), *decimals),
            Numbers::Wide(_, decimals) => NumberStore::Wide(Vec::with_capacity(expected), *decimals),
            Numbers::Ratio(..) => {
                NumberStore::Ratio(Vec::with_capacity(expected), Vec::with_capacity(expected))
            }
            Numbers::Exact(_) => NumberStore::Exact(Vec::with_capacity(expected)),
        }
    }

    /// Appends a chunk of so many numbers.
    pub(super) fn push(&mut self, chunk: &Numbers<'_>, cells: usize) {
        if self.take(chunk, cells) {
            return;
        }
        let mine = std::mem::replace(self, NumberStore::Exact(Vec::new())).finish();
        let decimals = decimals_of(&mine)
            .zip(decimals_of(chunk))
            .map(|(mine, its)| mine.max(its));
        let narrow = || {
            Some(NumberStore::Scaled(
                narrow(&mine, decimals?)?.into_owned(),
                decimals?,
            ))
        };
        let wide = || Some(NumberStore::Wide(wide(&mine, decimals?)?.into_owned(), decimals?));
        let ratio =
            || parts(&mine).map(|(nums, dens)| NumberStore::Ratio(nums.into_owned(), dens.into_owned()));
        let forms: [&dyn Fn() -> Option<NumberStore>; 3] = [&narrow, &wide, &ratio];
        for form in forms {
            if let Some(mut store) = form()
                && store.take(chunk, cells)
            {
                *self = store;
                return;
            }
        }
        *self = NumberStore::Exact(mine.to_exact());
        self.take(chunk, cells);
    }

    /// Appends so many arbitrary numbers.
    pub(super) fn fill(&mut self, cells: usize) {
        match self {
            NumberStore::Scaled(all, _) => append(all, &[0], cells),
            NumberStore::Wide(all, _) => append(all, &[0], cells),
            NumberStore::Ratio(nums, dens) => {
                append(nums, &[0], cells);
                append(dens, &[1], cells);
            }
            NumberStore::Exact(all) => append(all, &[Exact::ZERO], cells),
        }
    }

    pub(super) fn finish(self) -> Numbers<'static> {
        match self {
            NumberStore::Scaled(all, decimals) => Numbers::Scaled(Cow::Owned(all), decimals),
            NumberStore::Wide(all, decimals) => Numbers::Wide(Cow::Owned(all), decimals),
            NumberStore::Ratio(nums, dens) => Numbers::Ratio(Cow::Owned(nums), Cow::Owned(dens)),
            NumberStore::Exact(all) => Numbers::Exact(Cow::Owned(all)),
        }
    }

    /// Appends a chunk if the form of the numbers so far can hold it, and says whether it could.
    fn take(&mut self, chunk: &Numbers<'_>, cells: usize) -> bool {
        match self {
            NumberStore::Scaled(all, decimals) => {
                narrow(chunk, *decimals).map(|chunk| append(all, &chunk, cells))
            }
            NumberStore::Wide(all, decimals) => {
                wide(chunk, *decimals).map(|chunk| append(all, &chunk, cells))
            }
            NumberStore::Ratio(nums, dens) => parts(chunk).map(|(values, parts)| {
                append(nums, &values, cells);
                append(dens, &parts, cells);
            }),
            NumberStore::Exact(all) => {
                append(all, &chunk.to_exact(), cells);
                Some(())
            }
        }
        .is_some()
    }
}

fn decimals_of(numbers: &Numbers<'_>) -> Option<u8> {
    match numbers {
        Numbers::Scaled(_, decimals) | Numbers::Wide(_, decimals) => {
            Some(*decimals).filter(|decimals| *decimals <= WIDE_DECIMALS)
        }
        Numbers::Ratio(..) | Numbers::Exact(_) => None,
    }
}

fn narrow<'a>(numbers: &'a Numbers<'_>, decimals: u8) -> Option<Cow<'a, [i64]>> {
    match numbers {
        Numbers::Scaled(values, its) if *its == decimals => Some(Cow::Borrowed(values)),
        Numbers::Scaled(values, its) => {
            let power = pow10_i64(decimals.checked_sub(*its)?)?;
            values.iter().map(|value| value.checked_mul(power)).collect()
        }
        Numbers::Wide(..) | Numbers::Ratio(..) | Numbers::Exact(_) => None,
    }
}

fn wide<'a>(numbers: &'a Numbers<'_>, decimals: u8) -> Option<Cow<'a, [i128]>> {
    let power = |its: u8| pow10_i128(decimals.checked_sub(its)?);
    match numbers {
        Numbers::Scaled(values, its) => {
            let power = power(*its)?;
            values
                .iter()
                .map(|value| i128::from(*value).checked_mul(power))
                .collect()
        }
        Numbers::Wide(values, its) if *its == decimals => Some(Cow::Borrowed(values)),
        Numbers::Wide(values, its) => {
            let power = power(*its)?;
            values.iter().map(|value| value.checked_mul(power)).collect()
        }
        Numbers::Ratio(..) | Numbers::Exact(_) => None,
    }
}

/// Numerators and denominators.
type Parts<'a> = (Cow<'a, [i128]>, Cow<'a, [i128]>);

/// Gives numerators and denominators.
fn parts<'a>(numbers: &'a Numbers<'_>) -> Option<Parts<'a>> {
    let over = |decimals: u8, len: usize| Some(Cow::Owned(vec![pow10_i128(decimals)?; len]));
    match numbers {
        Numbers::Scaled(values, decimals) => {
            let nums = values.iter().copied().map(i128::from).collect();
            Some((nums, over(*decimals, values.len())?))
        }
        Numbers::Wide(values, decimals) => Some((Cow::Borrowed(values), over(*decimals, values.len())?)),
        Numbers::Ratio(nums, dens) => Some((Cow::Borrowed(nums), Cow::Borrowed(dens))),
        Numbers::Exact(_) => None,
    }
}
