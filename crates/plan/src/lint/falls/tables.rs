//! Tiers and decision tables as curves.

use super::Stop;
use super::curve::{Curve, Line};
use super::read::{Reader, still};
use super::steady::has_jumps;
use super::sum::{Sum, Symbols};
use crate::hir::{
    Apply, Beyond, Bound, Cell, DecisionRow, Edge, Expr, Hit, TierKind, TierRow, TierVersion, Tiers, Value,
};
use crate::number::{Exact, NumberError};
use crate::types::DecisionId;

/// Tells what tiers give apart: what is a rate times the base, and what is an amount.
#[derive(Clone, Copy)]
enum Part {
    ByRate,
    Amount,
}

impl<'p> Reader<'p> {
    /// Reads tiers that are applied to the input, each line or period by itself.
    pub(super) fn apply(&mut self, expr: &'p Expr, apply: &'p Apply) -> Result<Sum, Stop> {
        let value = self.value(&apply.value)?;
        if !value.moves() {
            // Lines that are stacked reach the next tier as more is sold, whatever the value of each is.
            let may_jump = apply.stack.is_some() && has_jumps(self.program, apply);
            return if may_jump || self.hangs_on_input(expr)? {
                Err(Stop::Unknown)
            } else {
                Ok(Sum::symbol(self.said(expr)))
            };
        }
        let Some(tiers) = self.program.tier_table(apply.tiers) else {
            return Err(Stop::Unknown);
        };
        let ([version], None, None) = (tiers.versions.as_slice(), &apply.stack, apply.part) else {
            return Err(Stop::Unknown);
        };
        let quota = match &apply.against {
            Some(quota) => self.value(quota)?,
            None => Sum::fixed(Exact::ONE),
        };
        self.note_quota(&quota);
        let quota = still(&quota).ok_or(Stop::Unknown)?;
        let (symbols, curve) = value.single()?;
        if symbols != quota {
            return Err(Stop::Unknown);
        }
        let ends = bounds(version);
        let through = |part: Part| curve.through(&ends, None, |at| line(tiers, version, at, part));
        let by_rate = Sum::part(quota, through(Part::ByRate)?);
        by_rate.plus(&Sum::part(Symbols::new(), through(Part::Amount)?))
    }

    /// Reads a decision table of which one condition hangs on the input.
    pub(super) fn decide(
        &mut self,
        expr: &'p Expr,
        id: DecisionId,
        inputs: &'p [Expr],
        output: usize,
    ) -> Result<Sum, Stop> {
        if !self.hangs_on_input(expr)? {
            return Ok(Sum::symbol(self.said(expr)));
        }
        let Some(decision) = self.program.decision(id).filter(|found| found.hit != Hit::Every) else {
            return Err(Stop::Unknown);
        };
        let [version] = decision.versions.as_slice() else {
            return Err(Stop::Unknown);
        };
        let mut moving: Option<(usize, Curve)> = None;
        let mut rows: Vec<&DecisionRow> = version.rows.iter().collect();
        for (at, input) in inputs.iter().enumerate() {
            if self.hangs_on_input(input)? {
                let (symbols, curve) = self.value(input)?.single()?;
                if moving.is_some() || !symbols.is_empty() {
                    return Err(Stop::Unknown);
                }
                moving = Some((at, curve));
            } else if rows.iter().any(|row| row.cells.get(at) != Some(&Cell::Any)) {
                let variant = self.variant(input)?.ok_or(Stop::Unknown)?;
                rows.retain(|row| row.cells.get(at).is_some_and(|cell| has(cell, &variant)));
            }
        }
        let Some((at, curve)) = moving else {
            return Err(Stop::Unknown);
        };
        steps(&rows, at, &curve, output)
    }
}

/// Makes the curve of the rows of which one condition moves.
fn steps(rows: &[&DecisionRow], at: usize, curve: &Curve, output: usize) -> Result<Sum, Stop> {
    let mut sum = Curve::level(Exact::ZERO);
    let mut taken = Curve::level(Exact::ZERO);
    for row in rows {
        let (ends, cell) = match row.cells.get(at) {
            Some(Cell::Any) => (Vec::new(), None),
            Some(Cell::Interval { lower, upper }) => {
                let ends = lower.iter().chain(upper).map(|end| end.at.clone()).collect();
                (ends, Some((lower.as_ref(), upper.as_ref())))
            }
            Some(Cell::OneOf(_) | Cell::Missing) | None => return Err(Stop::Unknown),
        };
        let Some(Value::Number(value)) = row.outputs.get(output) else {
            return Err(Stop::Unknown);
        };
        let holds = curve.through(&ends, Some(row.span), |place| {
            let is_in = cell.is_none_or(|(lower, upper)| is_within(place, lower, upper));
            Ok(Line::level(if is_in { Exact::ONE } else { Exact::ZERO }))
        })?;
        let first = holds.times(&taken.not()?)?;
        taken = taken.plus(&first)?;
        // Where two rows meet, the later one is the place.
        sum = first.times(&Curve::level(value.clone()))?.plus(&sum)?;
    }
    // A table that was not looked at for every case says nothing of the others.
    match taken.fixed() {
        Some(all) if *all == Exact::ONE => Ok(Sum::part(Symbols::new(), sum)),
        _ if covers_input(&taken) => Ok(Sum::part(Symbols::new(), sum)),
        _ => Err(Stop::Unknown),
    }
}

/// Says whether every place has a row, corners included.
fn covers_input(taken: &Curve) -> bool {
    taken.places().all(|(at, _)| {
        taken
            .around(at)
            .is_ok_and(|around| around.here == Exact::ONE && around.after == Exact::ONE)
    })
}

fn has(cell: &Cell, variant: &Value) -> bool {
    match cell {
        Cell::Any => true,
        Cell::OneOf(values) => values.contains(variant),
        Cell::Missing | Cell::Interval { .. } => false,
    }
}

fn is_within(place: &Exact, lower: Option<&Bound>, upper: Option<&Bound>) -> bool {
    let above = lower.is_none_or(|end| *place > end.at || *place == end.at && end.edge == Edge::Included);
    let below = upper.is_none_or(|end| *place < end.at || *place == end.at && end.edge == Edge::Included);
    above && below
}

fn bounds(version: &TierVersion) -> Vec<Exact> {
    let ends = version
        .rows
        .iter()
        .flat_map(|row| row.lower.iter().chain(&row.upper));
    ends.map(|end| end.at.clone()).collect()
}

/// Gives the line that tiers follow at a place.
fn line(tiers: &Tiers, version: &TierVersion, at: &Exact, part: Part) -> Result<Line, Stop> {
    match tiers.kind {
        TierKind::Marginal => Ok(slices(version, at, part)?),
        TierKind::Retro | TierKind::Flat => Ok(match (row_at(version, at), part) {
            (Some(row), Part::ByRate) => Line {
                at_zero: Exact::ZERO,
                slope: row.rate.clone().unwrap_or_default(),
            },
            (Some(row), Part::Amount) => Line::level(row.amount.clone().unwrap_or_default()),
            (None, _) => beyond(version, at, part)?,
        }),
        TierKind::Interpolated => match part {
            Part::ByRate => Ok(Line::level(Exact::ZERO)),
            Part::Amount => between_points(version, at),
        },
        TierKind::Fill => Err(Stop::Unknown),
    }
}

fn row_at<'v>(version: &'v TierVersion, at: &Exact) -> Option<&'v TierRow> {
    let mut rows = version.rows.iter();
    rows.find(|row| is_within(at, row.lower.as_ref(), row.upper.as_ref()))
}

/// Gives what holds outside of whole-amount and fixed tiers.
fn beyond(version: &TierVersion, at: &Exact, part: Part) -> Result<Line, Stop> {
    let last = version.rows.last();
    let end = last.and_then(|row| row.upper.as_ref());
    let (Some(last), Some(end)) = (last, end.filter(|end| *at >= end.at)) else {
        return Ok(Line::level(Exact::ZERO));
    };
    let rate = last.rate.clone().unwrap_or_default();
    match (version.beyond, part) {
        (Beyond::Open | Beyond::Nothing, _) => Ok(Line::level(Exact::ZERO)),
        (Beyond::Error, _) => Err(Stop::Unknown),
        (Beyond::Clamp, Part::ByRate) => Ok(Line::level(rate.mul(&end.at)?)),
        (Beyond::Continue, Part::ByRate) => Ok(Line {
            at_zero: Exact::ZERO,
            slope: rate,
        }),
        (Beyond::Clamp | Beyond::Continue, Part::Amount) => {
            Ok(Line::level(last.amount.clone().unwrap_or_default()))
        }
    }
}

/// Gives the line of marginal tiers: the slices below, and the one that the place is in.
fn slices(version: &TierVersion, at: &Exact, part: Part) -> Result<Line, Stop> {
    let mut whole = Line::level(Exact::ZERO);
    for row in &version.rows {
        let from = row.lower.as_ref().map_or(Exact::ZERO, |lower| lower.at.clone());
        let is_in = is_within(at, row.lower.as_ref(), row.upper.as_ref());
        let is_past = row.upper.as_ref().is_some_and(|upper| *at >= upper.at) && !is_in;
        let is_last = version.rows.last().is_some_and(|last| last.span == row.span);
        let goes_on = is_in || is_past && is_last && version.beyond == Beyond::Continue;
        if !goes_on && !is_past {
            continue;
        }
        if is_past && is_last && version.beyond == Beyond::Error {
            return Err(Stop::Unknown);
        }
        let rate = row.rate.clone().unwrap_or_default();
        let own = match (part, &row.upper) {
            (Part::Amount, _) => Line::level(row.amount.clone().unwrap_or_default()),
            (Part::ByRate, Some(upper)) if !goes_on => Line::level(rate.mul(&upper.at.sub(&from)?)?),
            (Part::ByRate, _) => Line {
                at_zero: rate.mul(&from)?.neg(),
                slope: rate,
            },
        };
        whole = whole.plus(&own)?;
    }
    Ok(whole)
}

fn between_points(version: &TierVersion, at: &Exact) -> Result<Line, Stop> {
    let points: Vec<(&Exact, &Exact)> = version
        .rows
        .iter()
        .filter_map(|row| Some((&row.lower.as_ref()?.at, row.amount.as_ref()?)))
        .collect();
    let through = |one: &(&Exact, &Exact), two: &(&Exact, &Exact)| -> Result<Line, NumberError> {
        let slope = two.1.sub(one.1)?.div(&two.0.sub(one.0)?)?;
        Ok(Line {
            at_zero: one.1.sub(&slope.mul(one.0)?)?,
            slope,
        })
    };
    for pair in points.windows(2) {
        let [one, two] = pair else { continue };
        if one.0 <= at && at <= two.0 {
            return Ok(through(one, two)?);
        }
    }
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Err(Stop::Unknown);
    };
    match version.beyond {
        Beyond::Clamp => Ok(Line::level(if at < first.0 {
            first.1.clone()
        } else {
            last.1.clone()
        })),
        Beyond::Open | Beyond::Continue | Beyond::Nothing | Beyond::Error => Err(Stop::Unknown),
    }
}
