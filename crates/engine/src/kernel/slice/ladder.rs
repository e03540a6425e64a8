//! Tiers that add up slices, or of which one is reached.

use std::borrow::Cow;

use guerdon_plan::graph::SliceWant;
use guerdon_plan::hir::{Beyond, Edge, TierKind};
use guerdon_plan::number::pow10_i128;

use super::fields::Fields;
use super::scale::{Cells, Integer};
use super::{Quick, Version};
use crate::kernel::lanes::fold;
use crate::vector::{Numbers, bits_i128};

/// Tiers whose rates and amounts give results of one number of decimals.
struct Ladder<I> {
    steps: Vec<Step<I>>,
    decimals: u8,
}

/// One tier.
struct Step<I> {
    lower: Option<(I, Edge)>,
    upper: Option<(I, Edge)>,
    rate: I,
    amount: I,
}

/// What rows give, as integers: times what lies in them, and once.
struct Yields {
    rates: Vec<i128>,
    amounts: Vec<i128>,
    decimals: u8,
}

/// Computes tiers that need no division; nothing where the integers may not hold what comes up on the way.
pub(super) fn climb<I: Integer>(
    version: &Version,
    fields: &Fields,
    want: SliceWant,
    cells: &Cells<'_, I>,
) -> Option<Quick> {
    let adds_up = match (version.kind, want) {
        (_, SliceWant::Rate) => false,
        (TierKind::Marginal | TierKind::Retro, SliceWant::Amount | SliceWant::Part(_)) => true,
        (TierKind::Flat | TierKind::Interpolated | TierKind::Fill, _) => false,
    };
    let yields = if adds_up {
        multiplied(fields, cells.decimals)?
    } else {
        shown(fields)
    };
    let ladder = Ladder::of(version, fields, want, &yields, cells)?;
    let is_marginal = adds_up && version.kind == TierKind::Marginal;
    let over = if adds_up { cells.over.as_deref() } else { None };
    let sums = if is_marginal {
        ladder.sum(cells, over)
    } else {
        ladder.reached(cells, over)
    };
    let numbers = match over {
        None => I::numbers(sums, ladder.decimals),
        Some(over) => {
            let nums = sums.into_iter().map(I::widened).collect();
            let power = pow10_i128(ladder.decimals)?;
            Numbers::Ratio(Cow::Owned(nums), dens(over, power, cells.values.len()))
        }
    };
    Some(Quick {
        numbers,
        beyond: beyond(version, fields, cells)?,
    })
}

/// Lists the cells whose value lies past the last row, where that is an error.
pub(super) fn beyond<I: Integer>(
    version: &Version,
    fields: &Fields,
    cells: &Cells<'_, I>,
) -> Option<Vec<usize>> {
    let end = fields.rows.last().and_then(|row| match version.kind {
        TierKind::Interpolated => row.lower.map(|(at, _)| (at, Edge::Included)),
        TierKind::Marginal | TierKind::Retro | TierKind::Flat | TierKind::Fill => row.upper,
    });
    let Some((at, edge)) = end.filter(|_| version.beyond == Beyond::Error) else {
        return Some(Vec::new());
    };
    let at = I::narrowed(at)?;
    let mut is_beyond = vec![false; cells.values.len()];
    each(&mut is_beyond, cells, |flag, value, unit| {
        *flag = !is_below(value, at.times(unit), edge)
    });
    Some(
        is_beyond
            .iter()
            .enumerate()
            .filter(|(_, flag)| **flag)
            .map(|(cell, _)| cell)
            .collect(),
    )
}

/// Brings rates, times values of so many decimals, and amounts to one number of decimals.
fn multiplied(fields: &Fields, value_decimals: u8) -> Option<Yields> {
    let of_rates = fields.rate_decimals.checked_add(value_decimals)?;
    let decimals = of_rates.max(fields.amount_decimals);
    let rate_power = pow10_i128(decimals.checked_sub(of_rates)?)?;
    let amount_power = pow10_i128(decimals.checked_sub(fields.amount_decimals)?)?;
    let rates: Option<Vec<i128>> = fields
        .rows
        .iter()
        .map(|row| row.rate.checked_mul(rate_power))
        .collect();
    let amounts: Option<Vec<i128>> = fields
        .rows
        .iter()
        .map(|row| row.amount.checked_mul(amount_power))
        .collect();
    Some(Yields {
        rates: rates?,
        amounts: amounts?,
        decimals,
    })
}

/// Lets each row give what is shown for it.
fn shown(fields: &Fields) -> Yields {
    Yields {
        rates: vec![0; fields.rows.len()],
        amounts: fields.rows.iter().map(|row| row.shown).collect(),
        decimals: fields.shown_decimals,
    }
}

impl<I: Integer> Ladder<I> {
    fn of(
        version: &Version,
        fields: &Fields,
        want: SliceWant,
        yields: &Yields,
        cells: &Cells<'_, I>,
    ) -> Option<Ladder<I>> {
        let rows_bits = usize::BITS.saturating_sub(fields.rows.len().leading_zeros());
        let bound_bits = fields.bound_bits.saturating_add(cells.unit_bits);
        let overlap = bound_bits.max(cells.value_bits).saturating_add(1);
        let sum = overlap
            .saturating_add(bits_i128(&yields.rates))
            .saturating_add(rows_bits);
        let amounts = bits_i128(&yields.amounts)
            .saturating_add(cells.over_bits)
            .saturating_add(rows_bits);
        let power = pow10_i128(yields.decimals)?;
        let over = if cells.over.is_some() {
            bits_i128(&[power]).saturating_add(cells.over_bits)
        } else {
            0
        };
        if sum.max(amounts).max(over).saturating_add(1) > I::BITS || yields.decimals > I::DECIMALS {
            return None;
        }
        let mut steps = Vec::with_capacity(fields.rows.len());
        for (place, (row, (rate, amount))) in fields
            .rows
            .iter()
            .zip(yields.rates.iter().zip(&yields.amounts))
            .enumerate()
        {
            let is_open = match (version.kind, want) {
                (TierKind::Marginal, SliceWant::Amount | SliceWant::Part(_)) => version.goes_on(place),
                (_, _) => version.holds_on(place),
            };
            let counts = match want {
                SliceWant::Amount | SliceWant::Rate => true,
                SliceWant::Part(part) => part == place,
            };
            let bound = |bound: Option<(i128, Edge)>| match bound {
                Some((at, edge)) => I::narrowed(at).map(|at| Some((at, edge))),
                None => Some(None),
            };
            steps.push(Step {
                lower: bound(row.lower)?,
                upper: bound(row.upper.filter(|_| !is_open))?,
                rate: I::narrowed(if counts { *rate } else { 0 })?,
                amount: I::narrowed(if counts { *amount } else { 0 })?,
            });
        }
        Some(Ladder {
            steps,
            decimals: yields.decimals,
        })
    }

    /// Adds up what lies in each tier times its rate, and the amounts of the tiers entered.
    fn sum(&self, cells: &Cells<'_, I>, over: Option<&[I]>) -> Vec<I> {
        let zero = I::default();
        let mut sums = vec![zero; cells.values.len()];
        for (place, step) in self.steps.iter().enumerate() {
            let rate = step.rate;
            match (step.lower, step.upper) {
                _ if rate == zero => {}
                (None, None) => each(&mut sums, cells, |sum, value, _| {
                    *sum = sum.plus(rate.times(value))
                }),
                (None, Some((high, _))) => each(&mut sums, cells, |sum, value, unit| {
                    *sum = sum.plus(rate.times(value.min(high.times(unit))));
                }),
                (Some((low, _)), None) => each(&mut sums, cells, |sum, value, unit| {
                    *sum = sum.plus(rate.times(value.minus(low.times(unit)).max(zero)));
                }),
                (Some((low, _)), Some((high, _))) => each(&mut sums, cells, |sum, value, unit| {
                    let end = value.min(high.times(unit));
                    *sum = sum.plus(rate.times(end.minus(low.times(unit)).max(zero)));
                }),
            }
            if step.amount != zero {
                self.enter(place, step, cells, over, &mut sums);
            }
        }
        sums
    }

    /// Adds a tier's amount where it is entered; the first tier is also entered where the value is at its start.
    fn enter(&self, place: usize, step: &Step<I>, cells: &Cells<'_, I>, over: Option<&[I]>, sums: &mut [I]) {
        let zero = I::default();
        let amount = step.amount;
        let mut entered = vec![zero; sums.len()];
        each(&mut entered, cells, |entered, value, unit| {
            let is_entered = match step.lower {
                None => true,
                Some((low, _)) if place == 0 => value >= low.times(unit),
                Some((low, edge)) => is_above(value, low.times(unit), edge),
            };
            *entered = if is_entered { amount } else { zero };
        });
        let entered = with_over(entered, over);
        sums.iter_mut()
            .zip(&entered)
            .for_each(|(sum, entered)| *sum = sum.plus(*entered));
    }

    /// Gives, for the tier that holds the value, its rate times the value and its amount.
    fn reached(&self, cells: &Cells<'_, I>, over: Option<&[I]>) -> Vec<I> {
        let zero = I::default();
        let mut reached = vec![(zero, zero); cells.values.len()];
        for step in &self.steps {
            let (rate, amount) = (step.rate, step.amount);
            each(&mut reached, cells, |reached, value, unit| {
                let begins = step
                    .lower
                    .is_none_or(|(low, edge)| is_above(value, low.times(unit), edge));
                let ends = step
                    .upper
                    .is_none_or(|(high, edge)| is_below(value, high.times(unit), edge));
                if begins & ends {
                    *reached = (rate, amount);
                }
            });
        }
        let amounts = with_over(reached.iter().map(|(_, amount)| *amount).collect(), over);
        let rates = reached
            .iter()
            .zip(&*cells.values)
            .map(|((rate, _), value)| rate.times(*value));
        rates
            .zip(&amounts)
            .map(|(of_value, amount)| of_value.plus(*amount))
            .collect()
    }
}

/// Goes through the cells with value and unit.
fn each<I: Integer, T>(out: &mut [T], cells: &Cells<'_, I>, mut term: impl FnMut(&mut T, I, I)) {
    let values = cells.values.iter();
    match &*cells.units {
        [unit] => out
            .iter_mut()
            .zip(values)
            .for_each(|(out, value)| term(out, *value, *unit)),
        units => out
            .iter_mut()
            .zip(values.zip(units))
            .for_each(|(out, (value, unit))| term(out, *value, *unit)),
    }
}

fn with_over<I: Integer>(amounts: Vec<I>, over: Option<&[I]>) -> Vec<I> {
    match over {
        Some(over) => fold(Cow::Owned(amounts), over, I::times).into_owned(),
        None => amounts,
    }
}

fn dens<I: Integer>(over: &[I], power: i128, len: usize) -> Cow<'static, [i128]> {
    match over {
        [one] if len != 1 => Cow::Owned(vec![one.widened().wrapping_mul(power); len]),
        over => over.iter().map(|den| den.widened().wrapping_mul(power)).collect(),
    }
}

fn is_above<I: Ord>(value: I, low: I, edge: Edge) -> bool {
    match edge {
        Edge::Included => value >= low,
        Edge::Excluded => value > low,
    }
}

fn is_below<I: Ord>(value: I, high: I, edge: Edge) -> bool {
    match edge {
        Edge::Included => value <= high,
        Edge::Excluded => value < high,
    }
}
