//! What the books spread of a line, and what they write off.

use guerdon_plan::calendar::{Calendar, Date, PeriodKey, Unit};
use guerdon_plan::hir::{Amortise, EarnPart};
use guerdon_plan::types::EarnId;
use num_traits::{One, Zero};

use super::{Oracle, Scope};
use crate::value::{ErrorKind, Number, V, clamped, div, mul, sub, whole, zero};

/// The share of all months that has gone, if it can be known, and whether the rest is written off.
type Spreading = (Result<Number, ErrorKind>, bool);

impl Oracle<'_> {
    /// Gives what of a line the periods to date have borne.
    pub(super) fn amortised(&self, id: EarnId, place: usize, period: PeriodKey) -> Result<Number, ErrorKind> {
        match self.spreading(id, place, period)? {
            Some((share, _)) => self.part_of_cost(id, place, period, &share?),
            None => Ok(zero()),
        }
    }

    /// Gives what of a line is written off to date.
    pub(super) fn written_off(
        &self,
        id: EarnId,
        place: usize,
        period: PeriodKey,
    ) -> Result<Number, ErrorKind> {
        let gone = self.gone(id, place, period)?;
        Ok(sub(&gone, &self.amortised(id, place, period)?))
    }

    /// Gives what of a line later periods will bear.
    pub(super) fn still_to_spread(
        &self,
        id: EarnId,
        place: usize,
        period: PeriodKey,
    ) -> Result<Number, ErrorKind> {
        if self.spreading(id, place, period)?.is_none() {
            return Ok(zero());
        }
        let cost = self.cost(id, place, period)?;
        Ok(sub(&cost, &self.gone(id, place, period)?))
    }

    /// Gives what is spread and written off together.
    fn gone(&self, id: EarnId, place: usize, period: PeriodKey) -> Result<Number, ErrorKind> {
        match self.spreading(id, place, period)? {
            Some((_, true)) => self.cost(id, place, period),
            Some((share, false)) => self.part_of_cost(id, place, period, &share?),
            None => Ok(zero()),
        }
    }

    /// Gives a share of what a line costs, rounded wherever the plan rounds; no share is nothing, whatever the cost.
    fn part_of_cost(
        &self,
        id: EarnId,
        place: usize,
        period: PeriodKey,
        share: &Number,
    ) -> Result<Number, ErrorKind> {
        if share.is_zero() {
            return Ok(zero());
        }
        let cost = self.cost(id, place, period)?;
        if share.is_one() {
            return Ok(cost);
        }
        let plan = self.plan(self.earn(id)?.plan)?;
        let rule = plan.rounding.as_ref().map(|rule| rule.place);
        match rule {
            Some(place) => self.rounded(self.earn(id)?.plan, place, mul(&cost, share)),
            None => Ok(mul(&cost, share)),
        }
    }

    fn cost(&self, id: EarnId, place: usize, period: PeriodKey) -> Result<Number, ErrorKind> {
        let earned = self.earned(id, place)?;
        if self.earn(id)?.clawback.is_none() {
            return Ok(earned);
        }
        let back = self.line_amount(id, place, EarnPart::ClawedBack, period)?;
        Ok(sub(&earned, &back))
    }

    /// Works out which share of all months has gone, and whether the rest is written off; nothing
    /// before the line's own period. What is over leaves nothing, whether or not the share is known.
    fn spreading(&self, id: EarnId, place: usize, period: PeriodKey) -> Result<Option<Spreading>, ErrorKind> {
        let earn = self.earn(id)?;
        let amortise: &Amortise = earn.amortise.as_ref().ok_or(ErrorKind::NotEvaluable)?;
        let lines = self.lines(id)?;
        let line = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        if period < line.period {
            return Ok(None);
        }
        let scope = self.settling_scope(earn, line, line.period)?;
        let last = self.calendar(self.plan(earn.plan)?.calendar)?;
        let last = last.range(period).and_then(|days| days.last_day());
        let last = last.ok_or(ErrorKind::OutsideCalendar)?;
        let until = match &amortise.until {
            Some(until) => match self.value(until, &scope)? {
                Some(V::Date(until)) => Some(until),
                _ => None,
            },
            None => None,
        };
        let ended = until.filter(|until| *until <= last);
        let share = self.share_by(amortise, &scope, ended.unwrap_or(last));
        Ok(Some((share, ended.is_some())))
    }

    /// Gives the share of all months that has gone by a day.
    fn share_by(&self, amortise: &Amortise, scope: &Scope, end: Date) -> Result<Number, ErrorKind> {
        let Some(V::Date(from)) = self.value(&amortise.from, scope)? else {
            return Err(ErrorKind::NotEvaluable);
        };
        let months = self.number(&amortise.months, scope)?;
        let gone = months_through(from, end)?;
        Ok(clamped(div(&gone, &months.max(zero()))?))
    }
}

/// Counts the months from that of a day through that of another.
fn months_through(from: Date, to: Date) -> Result<Number, ErrorKind> {
    let civil = Calendar::civil();
    let month = |day: Date| {
        civil
            .period_of(Unit::Month, day)
            .ok_or(ErrorKind::OutsideCalendar)
    };
    let difference = month(to)?.index.checked_sub(month(from)?.index);
    let difference = difference.ok_or(ErrorKind::OutsideCalendar)?;
    Ok(whole(i64::from(difference).saturating_add(1)))
}
