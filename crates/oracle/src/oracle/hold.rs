//! What is kept back of lines until a day, and what stays released.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{Earn, Hold, RoundingPlace, Share};
use guerdon_plan::types::EarnId;

use super::Oracle;
use super::earn::Line;
use crate::value::{ErrorKind, Number, V, add, clamped, mul, sub, zero};

impl Oracle<'_> {
    /// Gives the highest share that was released by the end of any period from the line's own on.
    pub(super) fn most_released(
        &self,
        release: &Share,
        earn: &Earn,
        line: &Line,
        through: PeriodKey,
    ) -> Result<Number, ErrorKind> {
        let mut most = zero();
        for index in line.period.index..=through.index {
            let period = PeriodKey::new(through.unit, index);
            let scope = self.settling_scope(earn, line, period)?;
            most = most.max(clamped(self.number(&release.share, &scope)?));
        }
        Ok(most)
    }

    /// Says whether what is kept back of a line is let go by the end of a period.
    pub(super) fn is_let_go(&self, id: EarnId, place: usize, period: PeriodKey) -> Result<bool, ErrorKind> {
        let earn = self.program.earn(id).ok_or(ErrorKind::NotEvaluable)?;
        let Some(hold) = &earn.hold else { return Ok(false) };
        let lines = self.lines(id)?;
        let line = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        if period < line.period {
            return Ok(false);
        }
        // The day is known even where it is in doubt whether there is a line.
        let scope = self.settling_scope(earn, line, line.period)?;
        let until = self.value(&hold.until, &scope)?;
        let calendar = self.calendar(self.plan(earn.plan)?.calendar)?;
        let last = calendar.range(period).and_then(|days| days.last_day());
        let last = last.ok_or(ErrorKind::OutsideCalendar)?;
        Ok(matches!(until, Some(V::Date(until)) if until <= last))
    }

    /// Gives what is kept back of a line: its share, as far as the lines before leave room below the ceiling.
    pub(super) fn kept_back(&self, id: EarnId, place: usize) -> Result<Number, ErrorKind> {
        let earn = self.program.earn(id).ok_or(ErrorKind::NotEvaluable)?;
        let Some(hold) = &earn.hold else { return Ok(zero()) };
        let own = self.share_kept(hold, id, place)?;
        let Some(ceiling) = &hold.ceiling else {
            return Ok(own);
        };
        let mut before = zero();
        for earlier in self.earlier(id, place, None)? {
            before = add(&before, &self.share_kept(hold, id, earlier)?);
        }
        let most = self.number(ceiling, &self.line_scope(id, place)?)?;
        let kept = sub(&add(&before, &own).min(most.clone()), &before.min(most));
        self.rounded(earn.plan, RoundingPlace::EachLine, kept)
    }

    fn share_kept(&self, hold: &Hold, id: EarnId, place: usize) -> Result<Number, ErrorKind> {
        let earned = self.earned(id, place)?;
        let share = clamped(self.number(&hold.share, &self.line_scope(id, place)?)?);
        let plan = self.program.earn(id).ok_or(ErrorKind::NotEvaluable)?.plan;
        self.rounded(plan, RoundingPlace::EachLine, mul(&earned, &share))
    }
}
