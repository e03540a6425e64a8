//! Rows of tiers as integers.

use guerdon_plan::graph::SliceRow;
use guerdon_plan::hir::Edge;
use guerdon_plan::number::Exact;

use crate::vector::{bits_i128, scaled};

/// The rows of a version as integers over powers of ten.
pub(super) struct Fields {
    pub rows: Vec<Row>,
    pub bound_decimals: u8,
    pub rate_decimals: u8,
    pub amount_decimals: u8,
    pub shown_decimals: u8,
    /// The bits that the bounds need.
    pub bound_bits: u32,
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub lower: Option<(i128, Edge)>,
    pub upper: Option<(i128, Edge)>,
    pub rate: i128,
    pub amount: i128,
    /// The rate, or for rows without one the amount.
    pub shown: i128,
}

impl Fields {
    /// Brings rows to integers; nothing where a number has too many decimals or the rows do not rise.
    pub(super) fn of(rows: &[SliceRow]) -> Option<Fields> {
        let number = |number: &Option<Exact>| number.clone().unwrap_or_default();
        let (rates, rate_decimals) = scaled(&rows.iter().map(|row| number(&row.rate)).collect::<Vec<_>>())?;
        let (amounts, amount_decimals) =
            scaled(&rows.iter().map(|row| number(&row.amount)).collect::<Vec<_>>())?;
        let shown: Vec<Exact> = rows
            .iter()
            .map(|row| {
                row.rate
                    .as_ref()
                    .or(row.amount.as_ref())
                    .cloned()
                    .unwrap_or_default()
            })
            .collect();
        let (shown, shown_decimals) = scaled(&shown)?;
        let bounds: Vec<Exact> = rows
            .iter()
            .flat_map(|row| row.lower.iter().chain(&row.upper))
            .map(|(at, _)| at.clone())
            .collect();
        let (bounds, bound_decimals) = scaled(&bounds)?;
        let mut bounds = bounds.into_iter();
        let mut next = |bound: &Option<(Exact, Edge)>| match bound {
            Some((_, edge)) => Some(Some((bounds.next()?, *edge))),
            None => Some(None),
        };
        let mut all = Vec::with_capacity(rows.len());
        for (row, ((rate, amount), shown)) in rows.iter().zip(rates.into_iter().zip(amounts).zip(shown)) {
            let (lower, upper) = (next(&row.lower)?, next(&row.upper)?);
            all.push(Row {
                lower,
                upper,
                rate,
                amount,
                shown,
            });
        }
        let bounds: Vec<i128> = all
            .iter()
            .flat_map(|row| row.lower.iter().chain(&row.upper))
            .map(|(at, _)| *at)
            .collect();
        // No row begins before the one before it ends, and none ends before it begins.
        bounds.is_sorted().then_some(Fields {
            rows: all,
            bound_decimals,
            rate_decimals,
            amount_decimals,
            shown_decimals,
            bound_bits: bits_i128(&bounds),
        })
    }
}
