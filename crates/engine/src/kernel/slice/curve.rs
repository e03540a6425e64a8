//! Tiers that fill in proportion, and straight lines between points.

use std::borrow::Cow;

use guerdon_plan::graph::SliceWant;
use guerdon_plan::hir::Beyond;
use guerdon_plan::number::pow10_i128;

use super::fields::Fields;
use super::ladder::beyond;
use super::scale::{Cells, Integer};
use super::{Quick, Version};
use crate::kernel::lanes::at;
use crate::vector::{Numbers, bits_i128};

/// Adds up, over the tiers, the value times the share that is filled.
pub(super) fn fill(
    version: &Version,
    fields: &Fields,
    want: SliceWant,
    cells: &Cells<'_, i128>,
) -> Option<Quick> {
    let ends: Option<Vec<(i128, i128)>> = fields
        .rows
        .iter()
        .map(|row| Some((row.lower?.0, row.upper?.0)))
        .collect();
    let ends = ends?;
    let shown: Vec<i128> = fields
        .rows
        .iter()
        .enumerate()
        .map(|(place, row)| match want {
            SliceWant::Part(part) if part != place => 0,
            SliceWant::Part(_) | SliceWant::Amount | SliceWant::Rate => row.shown,
        })
        .collect();
    let power = checked(fields, &shown, cells)?;
    let one = |value: i128, unit: i128| {
        let (mut full, mut part) = (0_i128, None);
        for (place, ((low, high), shown)) in ends.iter().zip(&shown).enumerate() {
            let filled = value.wrapping_sub(low.wrapping_mul(unit));
            let width = high.wrapping_sub(*low).wrapping_mul(unit);
            if filled >= width && !version.goes_on(place) {
                full = full.wrapping_add(*shown);
            } else if filled > 0 {
                part = Some((shown.wrapping_mul(filled), width));
            }
        }
        match part {
            Some((num, width)) => (
                full.wrapping_mul(width).wrapping_add(num),
                width.wrapping_mul(power),
            ),
            None => (full, power),
        }
    };
    Some(Quick {
        numbers: fractions(cells, one),
        beyond: beyond(version, fields, cells)?,
    })
}

/// Draws straight lines between points.
pub(super) fn line(version: &Version, fields: &Fields, cells: &Cells<'_, i128>) -> Option<Quick> {
    let points: Option<Vec<(i128, i128)>> = fields
        .rows
        .iter()
        .map(|row| Some((row.lower?.0, row.shown)))
        .collect();
    let points = points?;
    let (first, last) = (*points.first()?, *points.last()?);
    let shown: Vec<i128> = fields.rows.iter().map(|row| row.shown).collect();
    let power = checked(fields, &shown, cells)?;
    let between: Vec<((i128, i128), (i128, i128))> = points
        .iter()
        .copied()
        .zip(points.iter().copied().skip(1))
        .collect();
    let on_line = |left: (i128, i128), right: (i128, i128), value: i128, unit: i128| {
        let width = right.0.wrapping_sub(left.0).wrapping_mul(unit);
        let along = value.wrapping_sub(left.0.wrapping_mul(unit));
        let rise = right.1.wrapping_sub(left.1).wrapping_mul(along);
        (
            left.1.wrapping_mul(width).wrapping_add(rise),
            width.wrapping_mul(power),
        )
    };
    let one = |value: i128, unit: i128| {
        if value <= first.0.wrapping_mul(unit) {
            return (first.1, power);
        }
        let segment = between
            .iter()
            .find(|(_, right)| value <= right.0.wrapping_mul(unit));
        match (segment, version.beyond, between.last()) {
            (Some((left, right)), _, _) => on_line(*left, *right, value, unit),
            (None, Beyond::Continue, Some((left, right))) => on_line(*left, *right, value, unit),
            (None, Beyond::Nothing, _) => (0, power),
            (None, Beyond::Open | Beyond::Clamp | Beyond::Continue | Beyond::Error, _) => (last.1, power),
        }
    };
    Some(Quick {
        numbers: fractions(cells, one),
        beyond: beyond(version, fields, cells)?,
    })
}

/// Makes sure that 128 bits hold all that comes up, and that no width is zero; gives the power of ten of the results.
fn checked(fields: &Fields, shown: &[i128], cells: &Cells<'_, i128>) -> Option<i128> {
    let power = pow10_i128(fields.shown_decimals)?;
    let bounds = fields
        .bound_bits
        .saturating_add(cells.unit_bits)
        .saturating_add(1);
    let lengths = bounds.max(cells.value_bits).saturating_add(1);
    let nums = lengths.saturating_add(bits_i128(shown)).saturating_add(1);
    let rows_bits = usize::BITS.saturating_sub(fields.rows.len().leading_zeros());
    let dens = bounds.saturating_add(bits_i128(&[power]));
    let fits = nums.saturating_add(rows_bits).saturating_add(1).max(dens) <= <i128 as Integer>::BITS;
    let is_flat = |low: i128, high: i128| low == high;
    let has_flat = fields.rows.iter().any(|row| {
        row.lower
            .zip(row.upper)
            .is_some_and(|((low, _), (high, _))| is_flat(low, high))
    });
    let points = || fields.rows.iter().filter_map(|row| row.lower);
    let has_double = points()
        .zip(points().skip(1))
        .any(|((low, _), (high, _))| is_flat(low, high));
    (fits && !has_flat && !has_double).then_some(power)
}

fn fractions(cells: &Cells<'_, i128>, one: impl Fn(i128, i128) -> (i128, i128)) -> Numbers<'static> {
    let unit = |cell| at(&cells.units, cell).copied().unwrap_or(1);
    let parts = cells
        .values
        .iter()
        .enumerate()
        .map(|(cell, value)| one(*value, unit(cell)));
    let (nums, dens): (Vec<i128>, Vec<i128>) = parts.unzip();
    Numbers::Ratio(Cow::Owned(nums), Cow::Owned(dens))
}
