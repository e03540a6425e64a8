//! Amounts of periods that are broken down to records.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{BreakDown, Broken, NoLines, Rest};
use guerdon_plan::number::Rounding;
use guerdon_plan::types::EarnId;
use num_traits::Zero;

use super::among::divided;
use super::earn::Line;
use super::{Oracle, present};
use crate::value::{Cell, ErrorKind, Number, V, add, number, sub, zero};

impl Oracle<'_> {
    /// Gives the share of a line in the amount of its payee and period, by looking at all lines of both.
    pub(super) fn share_of_whole(
        &self,
        id: EarnId,
        place: usize,
        broken: &BreakDown,
        amount: Cell,
    ) -> Result<Number, ErrorKind> {
        let V::Number(amount) = present(amount)? else {
            return Err(ErrorKind::NotEvaluable);
        };
        let lines = self.lines(id)?;
        let this = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        let is_beside = |line: &Line| line.payee == this.payee && line.period == this.period;
        let beside: Vec<usize> = (0..lines.len())
            .filter(|other| lines.get(*other).is_some_and(is_beside))
            .collect();
        for other in &beside {
            self.line_scope(id, *other)?;
        }
        if amount.is_zero() {
            return Ok(zero());
        }
        let weights = beside
            .iter()
            .map(|other| self.number(&broken.weight, &self.line_scope(id, *other)?))
            .collect::<Result<Vec<Number>, ErrorKind>>()?;
        let by = (&number(&broken.step), Rounding::Down);
        let shares = divided(&amount, weights, by, Rest::LargestRemainder, broken.unweighted)?;
        let own = beside.iter().zip(shares).find(|(other, _)| **other == place);
        own.map(|(_, share)| share).ok_or(ErrorKind::NotEvaluable)
    }

    /// Gives what of the amount of a payee and period no line takes.
    pub(super) fn without_lines(
        &self,
        id: EarnId,
        broken: &BreakDown,
        payee: &V,
        period: PeriodKey,
    ) -> Result<Number, ErrorKind> {
        let whole = self.whole_of(id)?;
        let left = sub(
            &self.of_period(whole, payee, period)?,
            &self.of_period(id, payee, period)?,
        );
        match broken.without {
            NoLines::Refused if !left.is_zero() => Err(ErrorKind::NothingToShareBy),
            NoLines::Refused | NoLines::Whole => Ok(left),
        }
    }

    fn of_period(&self, id: EarnId, payee: &V, period: PeriodKey) -> Result<Number, ErrorKind> {
        let mut total = zero();
        for (place, line) in self.lines(id)?.iter().enumerate() {
            if line.payee == *payee && line.period == period {
                total = add(&total, &self.earned(id, place)?);
            }
        }
        Ok(total)
    }

    fn whole_of(&self, lines: EarnId) -> Result<EarnId, ErrorKind> {
        let is_whole = |id: &EarnId| match self.earn(*id).map(|earn| &earn.broken) {
            Ok(Some(Broken::Whole(of))) => *of == lines,
            Ok(Some(Broken::Lines(_)) | None) | Err(_) => false,
        };
        let plan = self.plan(self.earn(lines)?.plan)?;
        let found = plan.earns.iter().copied().find(is_whole);
        found.ok_or(ErrorKind::NotEvaluable)
    }
}
