//! Caps: what they leave of a line, and what of the excess is paid later.

use std::rc::Rc;

use guerdon_plan::calendar::{PeriodKey, Unit};
use guerdon_plan::hir::{Cap, CutOrder, Excess, Rest, RoundingPlace, Unweighted};
use guerdon_plan::number::Rounding;
use guerdon_plan::types::{EarnId, PlanId};
use num_traits::{Signed, Zero};

use super::Oracle;
use super::among::divided;
use super::definition::before;
use crate::value::{ErrorKind, Number, V, add, counted, div, mul, number, sub, zero};

type Amount = Result<Number, ErrorKind>;

/// Names a cap by its earns, for a payee and a period.
pub(super) type Place = (Vec<EarnId>, V, PeriodKey);

/// What a cap comes to for a payee in one period.
#[derive(Debug, Clone)]
pub(super) struct Capped {
    /// The running total before the lines of each earn, and after the last.
    totals: Vec<Amount>,
    /// What the cap left of each.
    held: Vec<Amount>,
    /// What is cut off the lines of each earn, where they are cut in proportion.
    cut: Vec<Amount>,
    /// What is paid of earlier excess, by earn.
    carried: Vec<Amount>,
    /// What of the excess of each earn still waits.
    waiting: Vec<Amount>,
}

/// What a period begins with: the running total, what the cap left of it, and what waits of each earn.
struct Forward {
    total: Amount,
    held: Amount,
    waiting: Vec<Amount>,
}

impl Capped {
    /// Divides what is paid of earlier excess among the earns it was cut off, and notes what then waits.
    fn with_carried(
        mut self,
        order: CutOrder,
        sums: &[Amount],
        mut paid: Amount,
        waiting: Vec<Amount>,
    ) -> Self {
        let last = sums.len().saturating_sub(1);
        self.carried.clear();
        self.waiting.clear();
        for (place, (waits, sum)) in waiting.iter().zip(sums).enumerate() {
            let part = || Ok(waits.clone()?.max(zero()).min(paid.clone()?));
            let own = if place == last { paid.clone() } else { part() };
            paid = difference(&paid, &own);
            let excess = match order {
                CutOrder::InProportion => self.cut.get(place).cloned().unwrap_or(Ok(zero())),
                CutOrder::LatestFirst => {
                    let held = |place: usize| self.held.get(place).cloned().unwrap_or(Ok(zero()));
                    let left = difference(&held(place.saturating_add(1)), &held(place));
                    difference(sum, &left)
                }
            };
            self.waiting.push(difference(&together(waits, &excess), &own));
            self.carried.push(own);
        }
        self
    }
}

impl Oracle<'_> {
    /// Gives what all caps leave of a line.
    pub(super) fn capped(&self, id: EarnId, place: usize) -> Amount {
        let own = self.own_capped(id, place)?;
        match &self.earn(id)?.shared {
            Some(shared) => self.left_of(&shared.cap, &shared.earns, id, place, own),
            None => Ok(own),
        }
    }

    /// Gives what was cut off a line that somebody is to look at.
    pub(super) fn cut_for_review(&self, id: EarnId, place: usize) -> Amount {
        let earn = self.earn(id)?;
        let is_review = |cap: &Cap| cap.excess == Excess::Review;
        let mut cut = zero();
        if earn.cap.as_ref().is_some_and(is_review) {
            cut = sub(&self.uncut(id, place)?, &self.own_capped(id, place)?);
        }
        if earn.shared.as_ref().is_some_and(|shared| is_review(&shared.cap)) {
            let lost = sub(&self.own_capped(id, place)?, &self.capped(id, place)?);
            cut = add(&cut, &lost);
        }
        Ok(cut)
    }

    /// Gives what is paid to a payee in a period of what caps cut off an earn's lines before.
    pub(super) fn carried(&self, id: EarnId, payee: &V, period: PeriodKey) -> Amount {
        let earn = self.earn(id)?;
        if earn.lines.is_none() {
            return Ok(zero());
        }
        if let Some(broken) = earn.break_down() {
            return self.without_lines(id, broken, payee, period);
        }
        let own = earn.cap.as_ref().map(|cap| (cap, vec![id]));
        let shared = earn.shared.as_ref();
        let shared = shared.map(|shared| (&shared.cap, shared.earns.clone()));
        let mut total = zero();
        for (cap, earns) in own.into_iter().chain(shared) {
            if cap.excess == Excess::Carried {
                let found = self.cap_at(cap, &earns, earn.plan, payee, period)?;
                let place = earns.iter().position(|earn| *earn == id);
                let carried = place.and_then(|place| found.carried.get(place));
                total = add(&total, carried.unwrap_or(&Ok(zero())).as_ref().map_err(|e| *e)?);
            }
        }
        Ok(total)
    }

    /// Says whether there may be an amount beside the lines of an earn: earlier excess, or what stays whole.
    pub(super) fn carries(&self, id: EarnId) -> bool {
        self.earn(id).is_ok_and(|earn| {
            let is_carrying = earn.caps().any(|cap| cap.excess == Excess::Carried);
            earn.lines.is_some() && (is_carrying || earn.break_down().is_some())
        })
    }

    /// Lists what is paid of the excess of earlier periods, where there is some.
    pub fn carried_amounts(&self, plan: PlanId, id: EarnId) -> Vec<(V, PeriodKey, Amount)> {
        let mut found = Vec::new();
        if let (true, Ok(payees), Some(window)) = (self.carries(id), self.payee_rows(plan), self.window(plan))
        {
            for payee in payees {
                for period in window.horizon.periods() {
                    let amount = self.carried(id, &payee, period);
                    if amount.as_ref().map_or(true, |amount| !amount.is_zero()) {
                        found.push((payee.clone(), period, amount));
                    }
                }
            }
        }
        found
    }

    fn own_capped(&self, id: EarnId, place: usize) -> Amount {
        if let Some(known) = self.memo.borrow().own_capped.get(&(id, place)) {
            return known.clone();
        }
        let amount = self.own_capped_anew(id, place);
        self.memo
            .borrow_mut()
            .own_capped
            .insert((id, place), amount.clone());
        amount
    }

    fn own_capped_anew(&self, id: EarnId, place: usize) -> Amount {
        let earn = self.earn(id)?;
        let uncut = self.uncut(id, place)?;
        let Some(cap) = &earn.cap else { return Ok(uncut) };
        let is_plain =
            cap.excess != Excess::Carried && (cap.cut == CutOrder::LatestFirst || earn.lines.is_none());
        if is_plain {
            self.run_down(cap, id, place, uncut)
        } else {
            self.left_of(cap, &[id], id, place, uncut)
        }
    }

    /// Cuts a line to what the cap on the running total leaves, in the order of the lines.
    fn run_down(&self, cap: &Cap, id: EarnId, place: usize, uncut: Number) -> Amount {
        let plan = self.earn(id)?.plan;
        let earlier = self.earlier(id, place, Some(cap.every))?;
        let mut total_before = zero();
        for line in &earlier {
            total_before = add(&total_before, &self.uncut(id, *line)?);
        }
        let limit = |place: usize| {
            let lines = self.lines(id)?;
            let line = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
            self.number(&cap.at, &self.payee_scope(plan, &line.payee, line.period)?)
        };
        let paid_before = match earlier.last() {
            Some(last) => total_before.clone().min(limit(*last)?),
            None => zero(),
        };
        let cut = sub(&add(&total_before, &uncut).min(limit(place)?), &paid_before);
        self.rounded_if_cut(plan, &uncut, cut)
    }

    fn rounded_if_cut(&self, plan: PlanId, uncut: &Number, cut: Number) -> Amount {
        if cut == *uncut {
            Ok(cut)
        } else {
            self.rounded(plan, RoundingPlace::EachLine, cut)
        }
    }

    /// Gives what a cap that looks at whole periods leaves of a line.
    fn left_of(&self, cap: &Cap, earns: &[EarnId], id: EarnId, place: usize, amount: Number) -> Amount {
        let earn = self.earn(id)?;
        let lines = self.lines(id)?;
        let line = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        let found = self.cap_at(cap, earns, earn.plan, &line.payee, line.period)?;
        let number = earns
            .iter()
            .position(|earn| *earn == id)
            .ok_or(ErrorKind::NotEvaluable)?;
        let of = |amounts: &[Amount], at: usize| amounts.get(at).cloned().unwrap_or(Ok(zero()));
        if earn.lines.is_none() {
            let left = match cap.cut {
                CutOrder::LatestFirst => {
                    let left = sub(
                        &of(&found.held, number.saturating_add(1))?,
                        &of(&found.held, number)?,
                    );
                    self.rounded_if_cut(earn.plan, &amount, left)?
                }
                CutOrder::InProportion => sub(&amount, &of(&found.cut, number)?),
            };
            return Ok(add(&left, &of(&found.carried, number)?));
        }
        match cap.cut {
            CutOrder::InProportion => {
                let cut = of(&found.cut, number)?;
                Ok(sub(&amount, &self.part_of_cut(earns.len() > 1, &cut, id, place)?))
            }
            CutOrder::LatestFirst => {
                let mut total = of(&found.totals, number)?;
                let mut held = of(&found.held, number)?;
                let limit = || self.number(&cap.at, &self.payee_scope(earn.plan, &line.payee, line.period)?);
                let unit = self.plan(earn.plan)?.unit;
                for other in self.earlier(id, place, Some(unit))? {
                    total = add(&total, &self.before_cap(earns.len() > 1, id, other)?);
                    held = total.clone().min(limit()?);
                }
                let left = sub(&add(&total, &amount).min(limit()?), &held);
                self.rounded_if_cut(earn.plan, &amount, left)
            }
        }
    }

    /// Gives a line as a cap finds it: one on several earns after each earn's own.
    fn before_cap(&self, is_shared: bool, id: EarnId, place: usize) -> Amount {
        if is_shared {
            self.own_capped(id, place)
        } else {
            self.uncut(id, place)
        }
    }

    /// Gives the part of a line in what is cut off all lines of its payee and period.
    fn part_of_cut(&self, is_shared: bool, cut: &Number, id: EarnId, place: usize) -> Amount {
        let lines = self.lines(id)?;
        let line = lines.get(place).ok_or(ErrorKind::NotEvaluable)?;
        let mut weights = Vec::new();
        let mut own = 0;
        for (other, found) in lines.iter().enumerate() {
            if found.payee == line.payee && found.period == line.period {
                if other == place {
                    own = weights.len();
                }
                weights.push(cuttable(&self.before_cap(is_shared, id, other)?, cut));
            }
        }
        let plan = self.plan(self.earn(id)?.plan)?;
        let rule = plan.rounding.as_ref();
        let shares = match rule.filter(|rule| rule.place == RoundingPlace::EachLine) {
            Some(rule) => divided(
                cut,
                weights,
                (&number(&rule.step), Rounding::Down),
                Rest::LargestRemainder,
                Unweighted::Equal,
            )?,
            None => {
                let total = weights.iter().fold(zero(), |total, weight| add(&total, weight));
                let count = counted(weights.len());
                weights
                    .iter()
                    .map(|weight| match total.is_zero() {
                        true => div(cut, &count),
                        false => div(&mul(cut, weight), &total),
                    })
                    .collect::<Result<_, _>>()?
            }
        };
        shares.get(own).cloned().ok_or(ErrorKind::NotEvaluable)
    }

    /// Works out a cap for a payee and a period.
    fn cap_at(
        &self,
        cap: &Cap,
        earns: &[EarnId],
        plan: PlanId,
        payee: &V,
        period: PeriodKey,
    ) -> Result<Rc<Capped>, ErrorKind> {
        let key = (earns.to_vec(), payee.clone(), period);
        if let Some(known) = self.memo.borrow().caps.get(&key) {
            return Ok(Rc::clone(known));
        }
        let found = Rc::new(self.cap_anew(cap, earns, plan, payee, period)?);
        self.memo.borrow_mut().caps.insert(key, Rc::clone(&found));
        Ok(found)
    }

    fn cap_anew(
        &self,
        cap: &Cap,
        earns: &[EarnId],
        plan: PlanId,
        payee: &V,
        period: PeriodKey,
    ) -> Result<Capped, ErrorKind> {
        let Forward {
            mut total,
            mut held,
            waiting,
        } = self.brought_forward(cap, earns, plan, payee, period)?;
        let limit = || self.number(&cap.at, &self.payee_scope(plan, payee, period)?);
        let mut paid = Ok(zero());
        if cap.excess == Excess::Carried {
            let opened = self.room(&total, &held, self.is_payee(plan, payee, period), &limit);
            paid =
                difference(&opened, &held).and_then(|paid| self.rounded(plan, RoundingPlace::EachLine, paid));
            held = opened;
        }
        let (mut totals, mut helds, mut sums) = (vec![total.clone()], vec![held.clone()], Vec::new());
        for earn in earns {
            let lines = self.sum_of_lines(*earn, earns.len() > 1, payee, period);
            let sum = lines.clone().map(|(sum, _)| sum);
            total = together(&total, &sum);
            held = match lines {
                Ok((_, 0)) => held,
                Ok(_) => total.clone().and_then(|total| Ok(total.min(limit()?))),
                Err(error) => Err(error),
            };
            totals.push(total.clone());
            helds.push(held.clone());
            sums.push(sum);
        }
        let opening = helds.first().cloned().unwrap_or(Ok(zero()));
        let cut = match cap.cut {
            CutOrder::LatestFirst => vec![Ok(zero()); earns.len()],
            CutOrder::InProportion => {
                let whole = together_all(&sums);
                let whole = difference(&whole, &difference(&held, &opening));
                let whole = whole.and_then(|whole| self.rounded(plan, RoundingPlace::EachLine, whole));
                self.parts_of_cut(plan, &whole, earns, payee, period)
            }
        };
        let capped = Capped {
            totals,
            held: helds,
            cut,
            carried: vec![Ok(zero()); earns.len()],
            waiting: vec![Ok(zero()); earns.len()],
        };
        Ok(match cap.excess {
            Excess::Carried => capped.with_carried(cap.cut, &sums, paid, waiting),
            Excess::Forfeited | Excess::Review => capped,
        })
    }

    /// Gives what a period begins with.
    fn brought_forward(
        &self,
        cap: &Cap,
        earns: &[EarnId],
        plan: PlanId,
        payee: &V,
        period: PeriodKey,
    ) -> Result<Forward, ErrorKind> {
        let window = self.window(plan).ok_or(ErrorKind::OutsideCalendar)?;
        if period <= window.horizon.first {
            return Ok(Forward {
                total: Ok(zero()),
                held: Ok(zero()),
                waiting: vec![Ok(zero()); earns.len()],
            });
        }
        let earlier = self.cap_at(cap, earns, plan, payee, before(period)?)?;
        let mut total = earlier.totals.last().cloned().unwrap_or(Ok(zero()));
        let mut held = earlier.held.last().cloned().unwrap_or(Ok(zero()));
        if self.is_new_stretch(plan, cap.every, period)? {
            total = match cap.excess {
                Excess::Carried => difference(&total, &held),
                Excess::Forfeited | Excess::Review => Ok(zero()),
            };
            held = Ok(zero());
        }
        Ok(Forward {
            total,
            held,
            waiting: earlier.waiting.clone(),
        })
    }

    /// Gives what the cap leaves of the running total before any line of the period, for who is a payee.
    fn room(
        &self,
        total: &Amount,
        held: &Amount,
        is_payee: Result<bool, ErrorKind>,
        limit: &dyn Fn() -> Amount,
    ) -> Amount {
        if is_payee? {
            let (total, held) = (total.clone()?, held.clone()?);
            Ok(total.min(limit()?).max(held))
        } else {
            held.clone()
        }
    }

    /// Divides what is cut among several earns, each running total rounded.
    fn parts_of_cut(
        &self,
        plan: PlanId,
        whole: &Amount,
        earns: &[EarnId],
        payee: &V,
        period: PeriodKey,
    ) -> Vec<Amount> {
        let whole = match whole {
            Ok(whole) => whole,
            Err(error) => return vec![Err(*error); earns.len()],
        };
        if earns.len() == 1 {
            return vec![Ok(whole.clone())];
        }
        let parts = || {
            let (mut weights, mut counts) = (Vec::new(), Vec::new());
            for earn in earns {
                let (mut weight, mut count) = (zero(), 0);
                for (place, line) in self.lines(*earn)?.iter().enumerate() {
                    if line.payee == *payee && line.period == period {
                        weight = add(&weight, &cuttable(&self.own_capped(*earn, place)?, whole));
                        count = usize::saturating_add(count, 1);
                    }
                }
                weights.push(weight);
                counts.push(counted(count));
            }
            if weights.iter().all(Number::is_zero) {
                weights = counts;
            }
            let total = weights.iter().fold(zero(), |total, weight| add(&total, weight));
            let (mut so_far, mut given, mut parts) = (zero(), zero(), Vec::new());
            let last = weights.len().saturating_sub(1);
            for (place, weight) in weights.iter().enumerate() {
                so_far = add(&so_far, weight);
                let through = if place == last {
                    whole.clone()
                } else if total.is_zero() {
                    zero()
                } else {
                    let through = div(&mul(whole, &so_far), &total)?;
                    self.rounded(plan, RoundingPlace::EachLine, through)?
                };
                parts.push(sub(&through, &given));
                given = through;
            }
            Ok(parts)
        };
        match parts() {
            Ok(parts) => parts.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error); earns.len()],
        }
    }

    /// Sums the lines of a payee and period as a cap finds them, and counts them.
    fn sum_of_lines(
        &self,
        id: EarnId,
        is_shared: bool,
        payee: &V,
        period: PeriodKey,
    ) -> Result<(Number, usize), ErrorKind> {
        let (mut sum, mut count) = (zero(), 0);
        for (place, line) in self.lines(id)?.iter().enumerate() {
            if line.payee == *payee && line.period == period {
                sum = add(&sum, &self.before_cap(is_shared, id, place)?);
                count = usize::saturating_add(count, 1);
            }
        }
        Ok((sum, count))
    }

    /// Says whether a period is the first of a new year, quarter and so on.
    fn is_new_stretch(&self, plan: PlanId, every: Unit, period: PeriodKey) -> Result<bool, ErrorKind> {
        let plan = self.plan(plan)?;
        let calendar = self.calendar(plan.calendar)?;
        let unit = if calendar.has(every) { every } else { plan.unit };
        let stretch = |period: PeriodKey| {
            let first = calendar.range(period).ok_or(ErrorKind::OutsideCalendar)?.from;
            calendar.period_of(unit, first).ok_or(ErrorKind::OutsideCalendar)
        };
        Ok(stretch(period)? != stretch(before(period)?)?)
    }
}

/// Gives how much of a line can be cut: an amount of the sign of the cut.
fn cuttable(amount: &Number, cut: &Number) -> Number {
    let amount = if cut.is_negative() {
        sub(&zero(), amount)
    } else {
        amount.clone()
    };
    amount.max(zero())
}

fn together(left: &Amount, right: &Amount) -> Amount {
    Ok(add(
        left.as_ref().map_err(|e| *e)?,
        right.as_ref().map_err(|e| *e)?,
    ))
}

fn difference(more: &Amount, less: &Amount) -> Amount {
    Ok(sub(
        more.as_ref().map_err(|e| *e)?,
        less.as_ref().map_err(|e| *e)?,
    ))
}

fn together_all(amounts: &[Amount]) -> Amount {
    let mut total = zero();
    for amount in amounts {
        total = add(&total, amount.as_ref().map_err(|e| *e)?);
    }
    Ok(total)
}
