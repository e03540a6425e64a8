//! Functions of one amount, made of straight pieces, with what is right at each corner.

use std::cmp::Ordering;

use guerdon_syntax::Span;

use super::Stop;
use crate::number::{Exact, NumberError};

/// The most corners that are followed.
const MOST_KNOTS: usize = 400;

/// Is a straight line: a value at zero and a slope.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) at_zero: Exact,
    pub(super) slope: Exact,
}

/// Is a corner: what holds right there, and from there to the next.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Knot {
    pub(super) at: Exact,
    pub(super) here: Line,
    pub(super) after: Line,
    /// The condition or limit that makes the corner; nothing for corners that another message tells of.
    pub(super) cause: Option<Span>,
}

/// Is a function of an amount that is not negative; the first corner is zero.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    knots: Vec<Knot>,
}

/// Is what a curve gives on both sides of a place and right there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Around {
    pub(super) before: Exact,
    pub(super) here: Exact,
    pub(super) after: Exact,
    /// The slope from there on.
    pub(super) slope: Exact,
}

impl Line {
    pub(super) fn level(value: Exact) -> Line {
        Line {
            at_zero: value,
            slope: Exact::ZERO,
        }
    }

    pub(super) fn value(&self, at: &Exact) -> Result<Exact, NumberError> {
        self.at_zero.add(&self.slope.mul(at)?)
    }

    pub(super) fn plus(&self, other: &Line) -> Result<Line, Stop> {
        Ok(Line {
            at_zero: self.at_zero.add(&other.at_zero)?,
            slope: self.slope.add(&other.slope)?,
        })
    }

    /// Multiplies; what bends is not followed.
    pub(super) fn times(&self, other: &Line) -> Result<Line, Stop> {
        if !self.slope.is_zero() && !other.slope.is_zero() {
            return Err(Stop::Unknown);
        }
        let one = self.slope.mul(&other.at_zero)?;
        Ok(Line {
            at_zero: self.at_zero.mul(&other.at_zero)?,
            slope: one.add(&other.slope.mul(&self.at_zero)?)?,
        })
    }

    /// Gives the line of this line's value at the value of another.
    fn of(&self, inner: &Line) -> Result<Line, Stop> {
        Ok(Line {
            at_zero: self.value(&inner.at_zero)?,
            slope: self.slope.mul(&inner.slope)?,
        })
    }

    /// Finds where the line has a value.
    fn reaches(&self, value: &Exact) -> Option<Exact> {
        value.sub(&self.at_zero).ok()?.div(&self.slope).ok()
    }
}

impl Curve {
    pub(super) fn level(value: Exact) -> Curve {
        Curve::straight(Line::level(value))
    }

    /// Gives the amount itself.
    pub(super) fn input() -> Curve {
        Curve::straight(Line {
            at_zero: Exact::ZERO,
            slope: Exact::ONE,
        })
    }

    fn straight(line: Line) -> Curve {
        let knot = Knot {
            at: Exact::ZERO,
            here: line.clone(),
            after: line,
            cause: None,
        };
        Curve { knots: vec![knot] }
    }

    /// Gives the value of a curve that does not change.
    pub(super) fn fixed(&self) -> Option<&Exact> {
        match self.knots.as_slice() {
            [only] if only.after.slope.is_zero() && only.here == only.after => Some(&only.after.at_zero),
            _ => None,
        }
    }

    pub(super) fn places(&self) -> impl Iterator<Item = (&Exact, Option<Span>)> {
        self.knots.iter().map(|knot| (&knot.at, knot.cause))
    }

    pub(super) fn plus(&self, other: &Curve) -> Result<Curve, Stop> {
        self.zip(other, Line::plus)
    }

    pub(super) fn times(&self, other: &Curve) -> Result<Curve, Stop> {
        self.zip(other, Line::times)
    }

    /// Gives 1 where this is 0, and 0 where it is 1.
    pub(super) fn not(&self) -> Result<Curve, Stop> {
        let minus = Curve::level(Exact::from_i64(-1));
        self.times(&minus)?.plus(&Curve::level(Exact::ONE))
    }

    /// Gives 1 where the sign of this is as wanted and 0 elsewhere.
    pub(super) fn where_sign(
        &self,
        is_wanted: impl Fn(Ordering) -> bool,
        cause: Span,
    ) -> Result<Curve, Stop> {
        let level = |line: &Line, at: &Exact| -> Result<Line, Stop> {
            let holds = is_wanted(line.value(at)?.cmp(&Exact::ZERO));
            Ok(Line::level(if holds { Exact::ONE } else { Exact::ZERO }))
        };
        self.mapped(
            cause.into(),
            |line| line.reaches(&Exact::ZERO).into_iter().collect(),
            |line, at| level(line, at),
        )
    }

    /// Gives the values of another function at the values of this one; `corners` are the other's.
    pub(super) fn through(
        &self,
        corners: &[Exact],
        cause: Option<Span>,
        other: impl Fn(&Exact) -> Result<Line, Stop>,
    ) -> Result<Curve, Stop> {
        let meets = |line: &Line| corners.iter().filter_map(|corner| line.reaches(corner)).collect();
        self.mapped(cause, meets, |line, at| other(&line.value(at)?)?.of(line))
    }

    /// Makes a curve piece by piece: `corners` are further ones within a piece, `line` what holds around a place.
    fn mapped(
        &self,
        cause: Option<Span>,
        corners: impl Fn(&Line) -> Vec<Exact>,
        line: impl Fn(&Line, &Exact) -> Result<Line, Stop>,
    ) -> Result<Curve, Stop> {
        let mut knots = Vec::new();
        for (place, knot) in self.knots.iter().enumerate() {
            let end = self.knots.get(place.saturating_add(1)).map(|next| &next.at);
            let mut inside = corners(&knot.after);
            inside.retain(|at| *at > knot.at && end.is_none_or(|end| at < end));
            inside.sort();
            inside.dedup();
            let ends: Vec<Option<&Exact>> = inside.iter().map(Some).chain([end]).collect();
            let starts = std::iter::once(&knot.at).chain(&inside);
            for (number, (at, end)) in starts.zip(ends).enumerate() {
                let own = if number == 0 { &knot.here } else { &knot.after };
                knots.push(Knot {
                    at: at.clone(),
                    here: line(own, at)?,
                    after: line(&knot.after, &between(at, end)?)?,
                    cause: if number == 0 { knot.cause.or(cause) } else { cause },
                });
            }
        }
        Curve::of(knots)
    }

    fn zip(&self, other: &Curve, join: impl Fn(&Line, &Line) -> Result<Line, Stop>) -> Result<Curve, Stop> {
        let mut places: Vec<&Exact> = self
            .knots
            .iter()
            .chain(&other.knots)
            .map(|knot| &knot.at)
            .collect();
        places.sort();
        places.dedup();
        let mut knots = Vec::new();
        for at in places {
            let (one, two) = (self.at(at), other.at(at));
            let ((Some(one), Some(two)), cause) = ((one.0, two.0), one.1.or(two.1)) else {
                return Err(Stop::Unknown);
            };
            let (here, after) = ((right(one, at), right(two, at)), (&one.after, &two.after));
            knots.push(Knot {
                at: at.clone(),
                here: join(here.0, here.1)?,
                after: join(after.0, after.1)?,
                cause,
            });
        }
        Curve::of(knots)
    }

    /// Finds the corner at a place or before it, and the cause of one right there.
    fn at(&self, at: &Exact) -> (Option<&Knot>, Option<Span>) {
        let knot = self.knots.iter().rfind(|knot| knot.at <= *at);
        (
            knot,
            knot.filter(|knot| knot.at == *at).and_then(|knot| knot.cause),
        )
    }

    /// Says what the curve gives around a place.
    pub(super) fn around(&self, at: &Exact) -> Result<Around, Stop> {
        let Some(knot) = self.at(at).0 else {
            return Err(Stop::Unknown);
        };
        let before = self.knots.iter().rfind(|knot| knot.at < *at);
        let here = right(knot, at).value(at)?;
        Ok(Around {
            before: match before {
                Some(before) => before.after.value(at)?,
                None => here.clone(),
            },
            here,
            after: knot.after.value(at)?,
            slope: knot.after.slope.clone(),
        })
    }

    /// Leaves out corners at which nothing happens.
    fn of(all: Vec<Knot>) -> Result<Curve, Stop> {
        let mut knots: Vec<Knot> = Vec::new();
        for knot in all {
            let is_plain = knots
                .last()
                .is_some_and(|last| last.after == knot.after && last.after == knot.here);
            if !is_plain {
                knots.push(knot);
            }
        }
        if knots.len() > MOST_KNOTS {
            return Err(Stop::Unknown);
        }
        Ok(Curve { knots })
    }
}

/// Gives the line that holds right at a place, by the corner there or before.
fn right<'k>(knot: &'k Knot, at: &Exact) -> &'k Line {
    if knot.at == *at { &knot.here } else { &knot.after }
}

/// Gives a place between two, or one behind the first.
fn between(at: &Exact, end: Option<&Exact>) -> Result<Exact, NumberError> {
    match end {
        Some(end) => at.add(end)?.div(&Exact::from_i64(2)),
        None => at.add(&Exact::ONE),
    }
}
