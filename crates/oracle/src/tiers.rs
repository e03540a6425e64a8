//! What tiers give for a value, row by row.

use guerdon_plan::hir::{Beyond, Bound, Edge, TierKind, TierRow};
use num_traits::Signed;

use crate::value::{ErrorKind, Number, add, clamped, div, mul, number, sub, zero};

/// Holds tiers whose bounds have been multiplied.
pub struct Scale {
    kind: TierKind,
    beyond: Beyond,
    rows: Vec<Row>,
}

struct Row {
    lower: Option<(Number, Edge)>,
    upper: Option<(Number, Edge)>,
    rate: Number,
    amount: Number,
    /// The rate, or for rows without one the amount.
    shown: Number,
}

impl Scale {
    /// Multiplies the bounds of tiers.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotPositive`] if they are multiplied by zero or less.
    pub fn new(
        kind: TierKind,
        rows: &[TierRow],
        beyond: Beyond,
        against: Option<&Number>,
    ) -> Result<Scale, ErrorKind> {
        if against.is_some_and(|against| !against.is_positive()) {
            return Err(ErrorKind::NotPositive);
        }
        let bound = |bound: &Option<Bound>| {
            let bound = bound.as_ref()?;
            let at = number(&bound.at);
            Some((
                against.map_or_else(|| at.clone(), |against| mul(&at, against)),
                bound.edge,
            ))
        };
        let row = |row: &TierRow| Row {
            lower: bound(&row.lower),
            upper: bound(&row.upper),
            rate: row.rate.as_ref().map_or_else(zero, number),
            amount: row.amount.as_ref().map_or_else(zero, number),
            shown: row
                .rate
                .as_ref()
                .or(row.amount.as_ref())
                .map_or_else(zero, number),
        };
        Ok(Scale {
            kind,
            beyond,
            rows: rows.iter().map(row).collect(),
        })
    }

    /// Gives T(v), or only what one row (counted from 1) contributes to it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BeyondTiers`].
    pub fn amount(&self, value: &Number, part: Option<usize>) -> Result<Number, ErrorKind> {
        self.refuse_beyond(value)?;
        if self.kind == TierKind::Interpolated {
            return self.interpolated(value);
        }
        let mut total = zero();
        for (place, row) in self.rows.iter().enumerate() {
            if part.is_none_or(|part| part.checked_sub(1) == Some(place)) {
                total = add(&total, &self.contribution(place, row, value)?);
            }
        }
        Ok(total)
    }

    /// Gives the rate of the row that holds a point, zero if none does.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BeyondTiers`].
    pub fn rate(&self, point: &Number) -> Result<Number, ErrorKind> {
        self.refuse_beyond(point)?;
        if self.kind == TierKind::Interpolated {
            return self.interpolated(point);
        }
        let reached = (0..self.rows.len()).find(|place| self.reaches(*place, point));
        Ok(reached
            .and_then(|place| self.rows.get(place))
            .map_or_else(zero, |row| row.shown.clone()))
    }

    fn contribution(&self, place: usize, row: &Row, value: &Number) -> Result<Number, ErrorKind> {
        match self.kind {
            TierKind::Marginal => {
                let entered = if self.is_entered(place, row, value) {
                    row.amount.clone()
                } else {
                    zero()
                };
                Ok(add(&mul(&row.rate, &self.overlap(place, row, value)), &entered))
            }
            TierKind::Retro if self.reaches(place, value) => Ok(add(&mul(&row.rate, value), &row.amount)),
            TierKind::Flat if self.reaches(place, value) => Ok(row.shown.clone()),
            TierKind::Fill => Ok(mul(&row.shown, &self.filled(place, row, value)?)),
            TierKind::Retro | TierKind::Flat | TierKind::Interpolated => Ok(zero()),
        }
    }

    /// How much of what lies up to the value is in the row; a row that is open below starts from zero.
    fn overlap(&self, place: usize, row: &Row, value: &Number) -> Number {
        let end = match &row.upper {
            Some((upper, _)) if !self.goes_on(place) => value.min(upper).clone(),
            Some(_) | None => value.clone(),
        };
        match &row.lower {
            Some((lower, _)) => sub(&end, lower).max(zero()),
            None => end,
        }
    }

    fn is_entered(&self, place: usize, row: &Row, value: &Number) -> bool {
        match &row.lower {
            None => true,
            Some((lower, _)) if place == 0 => value >= lower,
            Some((lower, edge)) => is_above(value, lower, *edge),
        }
    }

    fn reaches(&self, place: usize, value: &Number) -> bool {
        let Some(row) = self.rows.get(place) else {
            return false;
        };
        let begins = row
            .lower
            .as_ref()
            .is_none_or(|(lower, edge)| is_above(value, lower, *edge));
        let is_open = self.is_last(place) && matches!(self.beyond, Beyond::Continue | Beyond::Clamp);
        begins
            && (is_open
                || row
                    .upper
                    .as_ref()
                    .is_none_or(|(upper, edge)| is_below(value, upper, *edge)))
    }

    fn filled(&self, place: usize, row: &Row, value: &Number) -> Result<Number, ErrorKind> {
        let (Some((lower, _)), Some((upper, _))) = (&row.lower, &row.upper) else {
            return Err(ErrorKind::NotEvaluable);
        };
        let share = div(&sub(value, lower), &sub(upper, lower))?;
        Ok(if self.goes_on(place) {
            share.max(zero())
        } else {
            clamped(share)
        })
    }

    fn interpolated(&self, value: &Number) -> Result<Number, ErrorKind> {
        let points: Vec<(&Number, &Number)> = self
            .rows
            .iter()
            .filter_map(|row| Some((&row.lower.as_ref()?.0, &row.shown)))
            .collect();
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return Err(ErrorKind::NotEvaluable);
        };
        if value <= first.0 {
            return Ok(first.1.clone());
        }
        let mut between = points
            .windows(2)
            .filter_map(|pair| <&[_; 2]>::try_from(pair).ok());
        if let Some([left, right]) = between.clone().find(|[_, right]| value <= right.0) {
            return line(left, right, value);
        }
        match (self.beyond, between.next_back()) {
            (Beyond::Nothing, _) => Ok(zero()),
            (Beyond::Continue, Some([left, right])) => line(left, right, value),
            (Beyond::Open | Beyond::Clamp | Beyond::Continue | Beyond::Error, _) => Ok(last.1.clone()),
        }
    }

    fn refuse_beyond(&self, value: &Number) -> Result<(), ErrorKind> {
        let Some(last) = self.rows.last() else {
            return Ok(());
        };
        let end = if self.kind == TierKind::Interpolated {
            last.lower.as_ref().map(|(at, _)| (at, Edge::Included))
        } else {
            last.upper.as_ref().map(|(at, edge)| (at, *edge))
        };
        let is_beyond = end.is_some_and(|(at, edge)| !is_below(value, at, edge));
        if self.beyond == Beyond::Error && is_beyond {
            Err(ErrorKind::BeyondTiers)
        } else {
            Ok(())
        }
    }

    fn goes_on(&self, place: usize) -> bool {
        self.is_last(place) && self.beyond == Beyond::Continue
    }

    fn is_last(&self, place: usize) -> bool {
        place.checked_add(1) == Some(self.rows.len())
    }
}

/// Says whether a number lies above the lower end of an interval.
#[must_use]
pub fn is_above(value: &Number, lower: &Number, edge: Edge) -> bool {
    match edge {
        Edge::Included => value >= lower,
        Edge::Excluded => value > lower,
    }
}

/// Says whether a number lies below the upper end of an interval.
#[must_use]
pub fn is_below(value: &Number, upper: &Number, edge: Edge) -> bool {
    match edge {
        Edge::Included => value <= upper,
        Edge::Excluded => value < upper,
    }
}

/// The height of the straight line through two points.
fn line(left: &(&Number, &Number), right: &(&Number, &Number), at: &Number) -> Result<Number, ErrorKind> {
    let slope = div(&sub(right.1, left.1), &sub(right.0, left.0))?;
    Ok(add(left.1, &mul(&slope, &sub(at, left.0))))
}
