//! Which lines wait for somebody to look at them.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::types::EarnId;

use super::{Oracle, all_of};
use crate::value::{ErrorKind, Number, add, zero};

impl Oracle<'_> {
    /// Gives what of a line waits at the end of a period for somebody to look at it.
    pub(super) fn in_review(&self, id: EarnId, place: usize, period: PeriodKey) -> Result<Number, ErrorKind> {
        let begun = self
            .lines(id)?
            .get(place)
            .is_some_and(|line| line.period <= period);
        if !begun {
            return Ok(zero());
        }
        let whole = if self.is_waiting(id, place, period)? {
            self.earned(id, place)?
        } else {
            zero()
        };
        Ok(add(&whole, &self.cut_for_review(id, place)?))
    }

    /// Says whether a line is marked for review and not decided by the end of a period.
    pub(super) fn is_waiting(&self, id: EarnId, place: usize, period: PeriodKey) -> Result<bool, ErrorKind> {
        let earn = self.earn(id)?;
        let Some(review) = &earn.review else {
            return Ok(false);
        };
        let lines = self.lines(id)?;
        let line = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        let marked = self
            .settling_scope(earn, line, line.period)
            .and_then(|scope| self.holds(&review.when, &scope));
        let open = match &review.until {
            Some(until) => {
                let scope = self.settling_scope(earn, line, period)?;
                self.holds(until, &scope).map(|decided| !decided)
            }
            None => Ok(true),
        };
        all_of([marked, open])
    }
}
