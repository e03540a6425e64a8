//! Earn lines: which there are, what each earns, and what of it is payable by when.

use std::rc::Rc;

use guerdon_plan::calendar::{Date, PeriodKey, Unit};
use guerdon_plan::hir::{Earn, EarnOf, EarnPart, Lines, Plan, RoundingPlace, Share};
use guerdon_plan::types::{EarnId, PlanId};
use num_traits::Zero;

use super::definition::before;
use super::expr::number_cell;
use super::{Oracle, Reading, Scope, all_of, present};
use crate::value::{Cell, ErrorKind, Number, V, add, clamped, mul, sub, whole, zero};

/// Holds one line of an earn: a record for a payee, or a payee and period of an undated earn.
#[derive(Debug, Clone)]
pub struct Line {
    /// The record, for earns with lines.
    pub row: Option<V>,
    /// The payee.
    pub payee: V,
    /// The period of its day.
    pub period: PeriodKey,
    /// Its day; an error where it is not known, then there is such a line for every period in question.
    pub day: Result<Date, ErrorKind>,
    /// Why it is not known whether there is such a line, if it is not.
    pub doubt: Option<ErrorKind>,
    /// What lines are ordered by.
    order: Vec<Cell>,
}

/// Says which share of a line is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Portion {
    /// What is released.
    Released,
    /// What is released less what is taken back.
    Payable,
}

impl Oracle<'_> {
    /// Lists the lines of an earn, payee by payee.
    ///
    /// # Errors
    ///
    /// An error where the lines depend on themselves.
    pub fn lines(&self, id: EarnId) -> Result<Rc<Vec<Line>>, ErrorKind> {
        if let Some(known) = self.memo.borrow().lines.get(&id) {
            return Ok(Rc::clone(known));
        }
        if !self.memo.borrow_mut().lines_begun.insert(id) {
            return Err(ErrorKind::NotEvaluable);
        }
        let lines = self.lines_anew(id).map(Rc::new);
        self.memo.borrow_mut().lines_begun.remove(&id);
        let lines = lines?;
        self.memo.borrow_mut().lines.insert(id, Rc::clone(&lines));
        Ok(lines)
    }

    fn lines_anew(&self, id: EarnId) -> Result<Vec<Line>, ErrorKind> {
        let earn = self.earn(id)?;
        let plan = self.plan(earn.plan)?;
        let mut found = Vec::new();
        for payee in self.payee_rows(earn.plan)? {
            match &earn.lines {
                None => self.undated_lines(earn, plan, &payee, &mut found)?,
                Some(lines) => self.dated_lines(earn, plan, lines, &payee, &mut found)?,
            }
        }
        Ok(found)
    }

    fn undated_lines(
        &self,
        earn: &Earn,
        plan: &Plan,
        payee: &V,
        found: &mut Vec<Line>,
    ) -> Result<(), ErrorKind> {
        for period in self.effective_periods(earn.plan)? {
            let last_day = self
                .calendar(plan.calendar)?
                .range(period)
                .and_then(|days| days.last_day());
            let is_payee = self.is_payee(earn.plan, payee, period);
            if is_payee != Ok(false) {
                found.push(Line {
                    row: None,
                    payee: payee.clone(),
                    period,
                    day: last_day.ok_or(ErrorKind::OutsideCalendar),
                    doubt: is_payee.err(),
                    order: vec![Ok(Some(V::Period(period)))],
                });
            }
        }
        Ok(())
    }

    fn dated_lines(
        &self,
        earn: &Earn,
        plan: &Plan,
        lines: &Lines,
        payee: &V,
        found: &mut Vec<Line>,
    ) -> Result<(), ErrorKind> {
        let axis = self.window(earn.plan).ok_or(ErrorKind::OutsideCalendar)?.axis;
        for row in self.rows_of(
            lines.table,
            &Scope {
                plan: Some(earn.plan),
                ..Scope::default()
            },
        ) {
            let row = V::Row(lines.table, row);
            let mut scope = Scope {
                plan: Some(earn.plan),
                reading: Reading::Choosing,
                ..Scope::default()
            };
            scope.env.insert(lines.row, row.clone());
            let day = self.value(&lines.dated, &scope);
            let order: Vec<Cell> = lines.order.iter().map(|key| self.value(key, &scope)).collect();
            let (day, periods) = match day {
                Ok(Some(V::Date(day))) if self.makes_lines_on(plan, day) => (
                    Ok(day),
                    self.calendar(plan.calendar)?
                        .period_of(plan.unit, day)
                        .into_iter()
                        .collect(),
                ),
                Ok(_) => continue,
                Err(error) => (Err(error), self.effective_periods(earn.plan)?),
            };
            for period in periods.into_iter().filter(|period| axis.contains(*period)) {
                let exists = self.line_exists(earn, lines, payee, &row, period);
                if exists != Ok(false) {
                    let spoilt = self.is_spoilt(
                        &row,
                        &Scope {
                            reading: Reading::Checked,
                            ..scope.clone()
                        },
                    );
                    let spoilt = spoilt.then_some(ErrorKind::CheckFailed);
                    let doubt = day.err().or(exists.err()).or(spoilt);
                    let (row, payee, order) = (Some(row.clone()), payee.clone(), order.clone());
                    found.push(Line {
                        row,
                        payee,
                        period,
                        day,
                        doubt,
                        order,
                    });
                }
            }
        }
        Ok(())
    }

    fn line_exists(
        &self,
        earn: &Earn,
        lines: &Lines,
        payee: &V,
        row: &V,
        period: PeriodKey,
    ) -> Result<bool, ErrorKind> {
        let is_payee = self.is_payee(earn.plan, payee, period);
        if is_payee == Ok(false) {
            return Ok(false);
        }
        let mut scope = self.payee_scope(earn.plan, payee, period)?.choosing();
        scope.env.insert(lines.row, row.clone());
        all_of([
            is_payee,
            lines
                .filter
                .as_ref()
                .map_or(Ok(true), |filter| self.holds(filter, &scope)),
        ])
    }

    /// Says whether balances, amounts and pay exist: for a payee, and for who has a dated line by then.
    pub(super) fn is_settled(&self, id: PlanId, payee: &V, period: PeriodKey) -> Result<bool, ErrorKind> {
        let is_payee = self.is_payee(id, payee, period);
        if is_payee == Ok(true) {
            return is_payee;
        }
        for earn in &self.plan(id)?.earns {
            let is_theirs = |line: &Line| line.row.is_some() && line.payee == *payee && line.period <= period;
            if self.earn(*earn)?.lines.is_some() && self.lines(*earn)?.iter().any(is_theirs) {
                return Ok(true);
            }
        }
        is_payee
    }

    /// Lists the lines of the same payee before a line, in order, as far as they count since the last restart.
    pub(super) fn earlier(
        &self,
        id: EarnId,
        place: usize,
        restarting: Option<Unit>,
    ) -> Result<Vec<usize>, ErrorKind> {
        let lines = self.lines(id)?;
        let this = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        let mut earlier = Vec::new();
        for (other_place, other) in lines.iter().enumerate() {
            if other_place == place || other.payee != this.payee {
                continue;
            }
            let same = restarting.map_or(Ok(true), |unit| {
                let same = self.stretch_of(id, this, unit)? == self.stretch_of(id, other, unit)?;
                Ok(same)
            });
            let keys = (order_of(other), order_of(this));
            let before = match &keys {
                (Ok(other), Ok(this)) => Ok(other < this),
                (Err(error), _) | (_, Err(error)) => Err(*error),
            };
            if all_of([same, before])? {
                earlier.push((keys.0, other_place));
            }
        }
        earlier.sort();
        Ok(earlier.into_iter().map(|(_, place)| place).collect())
    }

    /// Finds the year, quarter and so on in which the day of a line is.
    fn stretch_of(&self, id: EarnId, line: &Line, unit: Unit) -> Result<PeriodKey, ErrorKind> {
        let plan = self.plan(self.earn(id)?.plan)?;
        let calendar = self.calendar(plan.calendar)?;
        let unit = if calendar.has(unit) { unit } else { plan.unit };
        calendar
            .period_of(unit, line.day?)
            .ok_or(ErrorKind::OutsideCalendar)
    }

    /// Gives what the value of a line is evaluated under.
    pub(super) fn line_scope(&self, id: EarnId, place: usize) -> Result<Scope, ErrorKind> {
        let earn = self.earn(id)?;
        let lines = self.lines(id)?;
        let line = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        if let Some(doubt) = line.doubt {
            return Err(doubt);
        }
        let mut scope = self.settling_scope(earn, line, line.period)?;
        scope.line = Some((id, place));
        Ok(scope)
    }

    pub(super) fn settling_scope(
        &self,
        earn: &Earn,
        line: &Line,
        period: PeriodKey,
    ) -> Result<Scope, ErrorKind> {
        let mut scope = self.payee_scope(earn.plan, &line.payee, period)?;
        if let (Some(lines), Some(row)) = (&earn.lines, &line.row) {
            scope.env.insert(lines.row, row.clone());
        }
        if let Some(own) = earn.own_period {
            scope.env.insert(own, V::Period(line.period));
        }
        Ok(scope)
    }

    /// Gives the amount of a line before the cap.
    pub(super) fn uncut(&self, id: EarnId, place: usize) -> Result<Number, ErrorKind> {
        if let Some(known) = self.memo.borrow().uncut.get(&(id, place)) {
            return known.clone();
        }
        let amount = self.uncut_anew(id, place);
        self.memo.borrow_mut().uncut.insert((id, place), amount.clone());
        amount
    }

    fn uncut_anew(&self, id: EarnId, place: usize) -> Result<Number, ErrorKind> {
        let earn = self.earn(id)?;
        let scope = self.line_scope(id, place)?;
        let lines = self.lines(id)?;
        let line = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        if self.is_barred(earn.plan, &line.payee, line.period) {
            return Err(ErrorKind::CheckFailed);
        }
        let mut normal = self.value(&earn.value, &scope);
        if let Some(broken) = earn.break_down() {
            normal = number_cell(self.share_of_whole(id, place, broken, normal)?);
        }
        let amount = self.with_exceptions(&earn.exceptions, normal, line.day.ok(), scope);
        let V::Number(amount) = present(amount)? else {
            return Err(ErrorKind::NotEvaluable);
        };
        self.rounded(earn.plan, RoundingPlace::EachLine, amount)
    }

    /// Gives the amount of a line, cut by the cap.
    pub(super) fn earned(&self, id: EarnId, place: usize) -> Result<Number, ErrorKind> {
        if let Some(known) = self.memo.borrow().earned.get(&(id, place)) {
            return known.clone();
        }
        let amount = self.capped(id, place);
        self.memo.borrow_mut().earned.insert((id, place), amount.clone());
        amount
    }

    /// Gives an amount of a line at the end of a period.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn line_amount(
        &self,
        id: EarnId,
        place: usize,
        part: EarnPart,
        period: PeriodKey,
    ) -> Result<Number, ErrorKind> {
        match part {
            EarnPart::Earned => self.earned(id, place),
            EarnPart::Uncut => self.uncut(id, place),
            EarnPart::PaidToDate => self.paid_to_date(id, place, period),
            EarnPart::Released => self.released(id, place, period),
            EarnPart::Held => {
                let begun = self
                    .lines(id)?
                    .get(place)
                    .is_some_and(|line| line.period <= period);
                let earned = if begun { self.earned(id, place)? } else { zero() };
                Ok(sub(&earned, &self.released(id, place, period)?))
            }
            EarnPart::ClawedBack => Ok(sub(
                &self.released(id, place, period)?,
                &self.paid_to_date(id, place, period)?,
            )),
            EarnPart::Due => self.due(id, place, period),
            EarnPart::InReview => self.in_review(id, place, period),
            EarnPart::Amortised => self.amortised(id, place, period),
            EarnPart::WrittenOff => self.written_off(id, place, period),
            EarnPart::Unamortised => self.still_to_spread(id, place, period),
        }
    }

    /// Gives by how much the payable of a line changed: nothing as long as its share does, whatever the line is.
    fn due(&self, id: EarnId, place: usize, period: PeriodKey) -> Result<Number, ErrorKind> {
        let earlier = before(period)?;
        let stand = |period| {
            let share = self.share(id, place, period, Portion::Payable)?;
            Ok((share, self.is_let_go(id, place, period)?))
        };
        if stand(period)? == stand(earlier)? {
            return Ok(zero());
        }
        Ok(sub(
            &self.paid_to_date(id, place, period)?,
            &self.paid_to_date(id, place, earlier)?,
        ))
    }

    fn paid_to_date(&self, id: EarnId, place: usize, period: PeriodKey) -> Result<Number, ErrorKind> {
        let key = (id, place, period);
        if let Some(known) = self.memo.borrow().paid.get(&key) {
            return known.clone();
        }
        let paid = self.part_of_line(id, place, period, Portion::Payable);
        self.memo.borrow_mut().paid.insert(key, paid.clone());
        paid
    }

    fn released(&self, id: EarnId, place: usize, period: PeriodKey) -> Result<Number, ErrorKind> {
        self.part_of_line(id, place, period, Portion::Released)
    }

    /// Multiplies a line by a share; no share is nothing, whatever the line is.
    fn part_of_line(
        &self,
        id: EarnId,
        place: usize,
        period: PeriodKey,
        portion: Portion,
    ) -> Result<Number, ErrorKind> {
        let share = self.share(id, place, period, portion)?;
        if share.is_zero() {
            return Ok(zero());
        }
        let plan = self.earn(id)?.plan;
        let earned = self.earned(id, place)?;
        let whole = self.rounded(plan, RoundingPlace::EachLine, mul(&earned, &share))?;
        if self.earn(id)?.hold.is_none() {
            return Ok(whole);
        }
        let free = if self.is_let_go(id, place, period)? {
            earned.clone()
        } else {
            sub(&earned, &self.kept_back(id, place)?)
        };
        let released = self.share(id, place, period, Portion::Released)?;
        let released = self.rounded(plan, RoundingPlace::EachLine, mul(&free, &released))?;
        Ok(match portion {
            Portion::Released => released,
            Portion::Payable if earned < zero() => whole.max(released),
            Portion::Payable => whole.min(released),
        })
    }

    /// Evaluates which share of a line is released or payable by the end of a period; none before the line's own.
    fn share(
        &self,
        id: EarnId,
        place: usize,
        period: PeriodKey,
        portion: Portion,
    ) -> Result<Number, ErrorKind> {
        let earn = self.earn(id)?;
        let lines = self.lines(id)?;
        let line = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        if period < line.period {
            return Ok(zero());
        }
        if self.is_waiting(id, place, period)? {
            return Ok(zero());
        }
        if let (Some(release), None) = (&earn.release, &earn.clawback)
            && !release.may_fall
        {
            return self.most_released(release, earn, line, period);
        }
        let scope = self.settling_scope(earn, line, period)?;
        let share = |share: &Option<Share>, without: i64| match share {
            Some(share) => self.number(&share.share, &scope),
            None => Ok(whole(without)),
        };
        let released = share(&earn.release, 1)?;
        match portion {
            Portion::Released => Ok(clamped(released)),
            Portion::Payable => Ok(clamped(sub(&released, &share(&earn.clawback, 0)?))),
        }
    }

    /// Evaluates an amount of an earn that an expression asks for.
    pub(super) fn earned_amount(&self, id: EarnId, part: EarnPart, of: &EarnOf, scope: &Scope) -> Cell {
        match of {
            EarnOf::Payee {
                payee,
                period: written,
            } => match (self.value(payee, scope)?, self.value(written, scope)?) {
                (Some(payee), Some(V::Period(period))) => {
                    self.must_be_of_run(self.earn(id)?.plan, written, period)?;
                    self.payee_amount(id, part, &payee, period)
                }
                (_, _) => Ok(None),
            },
            EarnOf::Line { row, payee, period } => {
                let payee = payee.as_ref().map(|payee| self.value(payee, scope)).transpose()?;
                let window = self
                    .window(self.earn(id)?.plan)
                    .ok_or(ErrorKind::OutsideCalendar)?;
                let at = match period {
                    Some(period) => self.value(period, scope)?,
                    None => Some(V::Period(window.horizon.last)),
                };
                let (Some(row), Some(V::Period(at))) = (self.value(row, scope)?, at) else {
                    return Ok(None);
                };
                let payee = match payee {
                    Some(None) => return Ok(None),
                    Some(Some(payee)) => Some(payee),
                    None => None,
                };
                let amount = self.record_amount(id, part, &row, payee.as_ref(), at);
                match period {
                    Some(written) if is_to_date(part) && amount != Ok(None) => {
                        self.must_be_of_run(self.earn(id)?.plan, written, at)?;
                    }
                    Some(_) | None => {}
                }
                amount
            }
        }
    }

    /// Gives an amount of all lines of a payee.
    ///
    /// # Errors
    ///
    /// What is wrong with one of them.
    pub fn payee_amount(&self, id: EarnId, part: EarnPart, payee: &V, period: PeriodKey) -> Cell {
        let earn = self.earn(id)?;
        let window = self.window(earn.plan).ok_or(ErrorKind::OutsideCalendar)?;
        if !window.axis.contains(period) {
            return Err(ErrorKind::OutsideRun);
        }
        if !self.is_settled(earn.plan, payee, period)? {
            return Ok(None);
        }
        let mut total = zero();
        for (place, line) in self.lines(id)?.iter().enumerate() {
            let counts = line.period == period || (is_to_date(part) && line.period < period);
            if line.payee == *payee && counts {
                total = add(&total, &self.line_amount(id, place, part, period)?);
            }
        }
        number_cell(add(&total, &self.carried_as(id, part, payee, period)?))
    }

    /// Gives what is paid of earlier excess, as far as it is part of an amount.
    fn carried_as(
        &self,
        id: EarnId,
        part: EarnPart,
        payee: &V,
        period: PeriodKey,
    ) -> Result<Number, ErrorKind> {
        if !self.carries(id) {
            return Ok(zero());
        }
        match part {
            EarnPart::Earned | EarnPart::Due => self.carried(id, payee, period),
            EarnPart::PaidToDate | EarnPart::Released => {
                let window = self
                    .window(self.earn(id)?.plan)
                    .ok_or(ErrorKind::OutsideCalendar)?;
                let mut total = zero();
                let mut at = window.horizon.first;
                while at <= period {
                    total = add(&total, &self.carried(id, payee, at)?);
                    at = PeriodKey::new(at.unit, at.index.saturating_add(1));
                }
                Ok(total)
            }
            // What is released less what is paid is nothing, but not known where neither is.
            EarnPart::ClawedBack => self
                .carried_as(id, EarnPart::Released, payee, period)
                .map(|_| zero()),
            EarnPart::Uncut
            | EarnPart::Held
            | EarnPart::InReview
            | EarnPart::Amortised
            | EarnPart::WrittenOff
            | EarnPart::Unamortised => Ok(zero()),
        }
    }

    /// Gives an amount of the line of a record.
    fn record_amount(
        &self,
        id: EarnId,
        part: EarnPart,
        row: &V,
        payee: Option<&V>,
        period: PeriodKey,
    ) -> Cell {
        let lines = self.lines(id)?;
        let is_asked =
            |line: &Line| line.row.as_ref() == Some(row) && payee.is_none_or(|payee| line.payee == *payee);
        let asked: Vec<usize> = (0..lines.len())
            .filter(|place| lines.get(*place).is_some_and(is_asked))
            .collect();
        match asked.as_slice() {
            [] => Ok(None),
            [place] => {
                let window = self
                    .window(self.earn(id)?.plan)
                    .ok_or(ErrorKind::OutsideCalendar)?;
                if is_to_date(part) && !window.axis.contains(period) {
                    return Err(ErrorKind::OutsideRun);
                }
                number_cell(self.line_amount(id, *place, part, period)?)
            }
            [_, _, ..] => Err(ErrorKind::SeveralRecords),
        }
    }

    pub(super) fn earn(&self, id: EarnId) -> Result<&Earn, ErrorKind> {
        self.program.earn(id).ok_or(ErrorKind::NotEvaluable)
    }
}

/// Gives what a line is ordered by: the keys, then the record.
fn order_of(line: &Line) -> Result<(Vec<Option<V>>, Option<V>), ErrorKind> {
    let keys = line.order.iter().cloned().collect::<Result<_, _>>()?;
    Ok((keys, line.row.clone()))
}

/// Says whether a part of an earn is asked for by the end of a period.
const fn is_to_date(part: EarnPart) -> bool {
    !matches!(part, EarnPart::Earned | EarnPart::Uncut)
}
