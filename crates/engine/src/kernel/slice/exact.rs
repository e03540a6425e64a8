//! Tiers applied to one value with exact fractions.

use guerdon_plan::graph::{SliceRow, SliceWant};
use guerdon_plan::hir::{Beyond, Edge, TierKind};
use guerdon_plan::number::Exact;

use super::Version;
use crate::fault::Fault;
use crate::kernel::outcome::fault;

/// Applies tiers to a value.
pub(super) fn apply(
    version: &Version,
    want: SliceWant,
    value: &Exact,
    against: Option<&Exact>,
) -> Result<Exact, Fault> {
    if against.is_some_and(|against| !against.is_positive()) {
        return Err(Fault::NotPositive);
    }
    let tiers = Applied {
        version,
        value,
        against,
    };
    tiers.refuse_beyond()?;
    match (version.kind, want) {
        (TierKind::Interpolated, _) => tiers.line(),
        (_, SliceWant::Rate) => tiers.rate(),
        (_, SliceWant::Part(part)) => match version.rows.get(part) {
            Some(row) => tiers.part(part, row),
            None => Ok(Exact::ZERO),
        },
        (_, SliceWant::Amount) => version
            .rows
            .iter()
            .enumerate()
            .try_fold(Exact::ZERO, |sum, (place, row)| {
                sum.add(&tiers.part(place, row)?).map_err(fault)
            }),
    }
}

/// Tiers and the value they are applied to.
struct Applied<'v> {
    version: &'v Version,
    value: &'v Exact,
    against: Option<&'v Exact>,
}

impl Applied<'_> {
    /// What one row contributes.
    fn part(&self, place: usize, row: &SliceRow) -> Result<Exact, Fault> {
        let zero = Exact::ZERO;
        let (rate, amount) = (
            row.rate.as_ref().unwrap_or(&zero),
            row.amount.as_ref().unwrap_or(&zero),
        );
        match self.version.kind {
            TierKind::Marginal => {
                let slice = rate.mul(&self.overlap(place, row)?).map_err(fault)?;
                if self.is_entered(place, row)? {
                    slice.add(amount).map_err(fault)
                } else {
                    Ok(slice)
                }
            }
            TierKind::Retro if self.reaches(place, row)? => rate
                .mul(self.value)
                .and_then(|whole| whole.add(amount))
                .map_err(fault),
            TierKind::Flat if self.reaches(place, row)? => Ok(shown(row)),
            TierKind::Fill => shown(row).mul(&self.filled(place, row)?).map_err(fault),
            TierKind::Retro | TierKind::Flat | TierKind::Interpolated => Ok(zero),
        }
    }

    fn rate(&self) -> Result<Exact, Fault> {
        for (place, row) in self.version.rows.iter().enumerate() {
            if self.reaches(place, row)? {
                return Ok(shown(row));
            }
        }
        Ok(Exact::ZERO)
    }

    fn overlap(&self, place: usize, row: &SliceRow) -> Result<Exact, Fault> {
        let end = match self.end(&row.upper)? {
            Some((upper, _)) if !self.version.goes_on(place) => upper.min(self.value.clone()),
            Some(_) | None => self.value.clone(),
        };
        match self.end(&row.lower)? {
            Some((lower, _)) => Ok(end.sub(&lower).map_err(fault)?.max(Exact::ZERO)),
            None => Ok(end),
        }
    }

    fn is_entered(&self, place: usize, row: &SliceRow) -> Result<bool, Fault> {
        Ok(match self.end(&row.lower)? {
            None => true,
            Some((lower, _)) if place == 0 => *self.value >= lower,
            Some((lower, edge)) => is_above(self.value, &lower, edge),
        })
    }

    fn reaches(&self, place: usize, row: &SliceRow) -> Result<bool, Fault> {
        let begins = self
            .end(&row.lower)?
            .is_none_or(|(lower, edge)| is_above(self.value, &lower, edge));
        let ends = self
            .end(&row.upper)?
            .is_none_or(|(upper, edge)| is_below(self.value, &upper, edge));
        Ok(begins && (ends || self.version.holds_on(place)))
    }

    fn filled(&self, place: usize, row: &SliceRow) -> Result<Exact, Fault> {
        let (Some((lower, _)), Some((upper, _))) = (self.end(&row.lower)?, self.end(&row.upper)?) else {
            return Err(Fault::NoRow);
        };
        let share = self
            .value
            .sub(&lower)
            .and_then(|part| part.div(&upper.sub(&lower)?))
            .map_err(fault)?;
        let share = share.max(Exact::ZERO);
        Ok(if self.version.goes_on(place) {
            share
        } else {
            share.min(Exact::ONE)
        })
    }

    fn line(&self) -> Result<Exact, Fault> {
        let mut points = Vec::with_capacity(self.version.rows.len());
        for row in &self.version.rows {
            let (at, _) = self.end(&row.lower)?.ok_or(Fault::NoRow)?;
            points.push((at, shown(row)));
        }
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return Err(Fault::NoRow);
        };
        if *self.value <= first.0 {
            return Ok(first.1.clone());
        }
        let mut between = points.iter().zip(points.iter().skip(1));
        let segment = between.clone().find(|(_, right)| *self.value <= right.0);
        match (segment, self.version.beyond) {
            (Some((left, right)), _) => self.on_line(left, right),
            (None, Beyond::Continue) => match between.next_back() {
                Some((left, right)) => self.on_line(left, right),
                None => Ok(last.1.clone()),
            },
            (None, Beyond::Nothing) => Ok(Exact::ZERO),
            (None, Beyond::Open | Beyond::Clamp | Beyond::Error) => Ok(last.1.clone()),
        }
    }

    fn on_line(&self, left: &(Exact, Exact), right: &(Exact, Exact)) -> Result<Exact, Fault> {
        let slope = right
            .1
            .sub(&left.1)
            .and_then(|rise| rise.div(&right.0.sub(&left.0)?))
            .map_err(fault)?;
        let along = self.value.sub(&left.0).map_err(fault)?;
        slope
            .mul(&along)
            .and_then(|rise| rise.add(&left.1))
            .map_err(fault)
    }

    fn refuse_beyond(&self) -> Result<(), Fault> {
        let last = self.version.rows.last();
        let end = match (self.version.kind, last) {
            (_, None) => None,
            (TierKind::Interpolated, Some(last)) => {
                self.end(&last.lower)?.map(|(at, _)| (at, Edge::Included))
            }
            (_, Some(last)) => self.end(&last.upper)?,
        };
        match end {
            Some((at, edge)) if self.version.beyond == Beyond::Error && !is_below(self.value, &at, edge) => {
                Err(Fault::BeyondTiers)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn end(&self, bound: &Option<(Exact, Edge)>) -> Result<Option<(Exact, Edge)>, Fault> {
        match (bound, self.against) {
            (None, _) => Ok(None),
            (Some((at, edge)), None) => Ok(Some((at.clone(), *edge))),
            (Some((at, edge)), Some(against)) => Ok(Some((at.mul(against).map_err(fault)?, *edge))),
        }
    }
}

fn shown(row: &SliceRow) -> Exact {
    row.rate
        .as_ref()
        .or(row.amount.as_ref())
        .cloned()
        .unwrap_or_default()
}

fn is_above(value: &Exact, lower: &Exact, edge: Edge) -> bool {
    match edge {
        Edge::Included => value >= lower,
        Edge::Excluded => value > lower,
    }
}

fn is_below(value: &Exact, upper: &Exact, edge: Edge) -> bool {
    match edge {
        Edge::Included => value <= upper,
        Edge::Excluded => value < upper,
    }
}
