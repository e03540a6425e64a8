//! Who is a payee, and what failed checks do.

use std::rc::Rc;

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{CheckedRows, FailedRow, Plan};
use guerdon_plan::types::{PlanId, TableId};

use super::{Checked, Env, Oracle, Reading, RowsSeen, Scope, is_in_force};
use crate::value::{ErrorKind, V};

impl Oracle<'_> {
    /// Says whether a record is a payee of a plan in a period.
    pub(super) fn is_payee(&self, id: PlanId, payee: &V, period: PeriodKey) -> Result<bool, ErrorKind> {
        let key = (id, payee.clone(), period);
        if let Some(known) = self.memo.borrow().payees.get(&key) {
            return *known;
        }
        let result = self.is_payee_anew(id, payee, period);
        self.memo.borrow_mut().payees.insert(key, result);
        result
    }

    fn is_payee_anew(&self, id: PlanId, payee: &V, period: PeriodKey) -> Result<bool, ErrorKind> {
        let plan = self.plan(id)?;
        if !self.is_effective(plan, period) {
            return Ok(false);
        }
        if let V::Row(table, row) = payee
            && self.checked(id).refused.contains(&(*table, *row))
        {
            return Ok(false);
        }
        match &plan.payee_filter {
            Some(filter) => self.holds(filter, &self.payee_scope(id, payee, period)?.choosing()),
            None => Ok(true),
        }
    }

    /// Says whether a period has a day in which the plan is in force.
    pub(super) fn is_effective(&self, plan: &Plan, period: PeriodKey) -> bool {
        let days = self
            .program
            .calendar(plan.calendar)
            .and_then(|calendar| calendar.range(period));
        days.is_some_and(|days| {
            let begins = plan.effective.through.is_none_or(|through| days.from <= through);
            begins
                && plan
                    .effective
                    .from
                    .is_none_or(|from| days.last_day().is_some_and(|last| from <= last))
        })
    }

    pub(super) fn payee_scope(&self, id: PlanId, payee: &V, period: PeriodKey) -> Result<Scope, ErrorKind> {
        let plan = self.plan(id)?;
        let env = Env::from([(plan.payee, payee.clone()), (plan.period, V::Period(period))]);
        Ok(Scope {
            plan: Some(id),
            env,
            ..Scope::default()
        })
    }

    pub(super) fn plan(&self, id: PlanId) -> Result<&Plan, ErrorKind> {
        self.program.plan(id).ok_or(ErrorKind::NotEvaluable)
    }

    /// Says whether nothing may be paid: a check of payee and period failed, or one of the payee's own record.
    pub(super) fn is_barred(&self, id: PlanId, payee: &V, period: PeriodKey) -> bool {
        let is_spoilt =
            matches!(payee, V::Row(table, row) if self.checked(id).spoilt.contains(&(*table, *row)));
        is_spoilt || self.has_failed(id, payee, period)
    }

    /// Says whether a record must not be read by the statement that is evaluated.
    pub(super) fn is_spoilt(&self, record: &V, scope: &Scope) -> bool {
        match (record, scope.plan, scope.reading) {
            (V::Row(table, row), Some(plan), Reading::Checked) => {
                self.checked(plan).spoilt.contains(&(*table, *row))
            }
            (_, _, _) => false,
        }
    }

    /// Says whether a check of payee and period failed; who is no payee is not checked.
    fn has_failed(&self, id: PlanId, payee: &V, period: PeriodKey) -> bool {
        let key = (id, payee.clone(), period);
        if let Some(known) = self.memo.borrow().failed.get(&key) {
            return *known;
        }
        let failed = self.is_payee(id, payee, period) == Ok(true) && self.fails(id, payee, period);
        self.memo.borrow_mut().failed.insert(key, failed);
        failed
    }

    fn fails(&self, id: PlanId, payee: &V, period: PeriodKey) -> bool {
        let (Ok(plan), Ok(scope)) = (self.plan(id), self.payee_scope(id, payee, period)) else {
            return true;
        };
        let checks = plan.checks.iter().filter(|check| check.rows.is_none());
        checks
            .into_iter()
            .any(|check| self.holds(&check.condition, &scope) != Ok(true))
    }

    /// Finds the records that fail the plan's checks of records.
    pub(super) fn checked(&self, id: PlanId) -> Rc<Checked> {
        if self.rows != RowsSeen::Checked {
            return Rc::default();
        }
        if let Some(known) = self.memo.borrow().checked.get(&id) {
            return Rc::clone(known);
        }
        let checked = Rc::new(self.seeing(RowsSeen::AsGiven).checked_anew(id));
        self.memo.borrow_mut().checked.insert(id, Rc::clone(&checked));
        checked
    }

    fn checked_anew(&self, id: PlanId) -> Checked {
        let mut checked = Checked::default();
        let Ok(plan) = self.plan(id) else { return checked };
        for check in &plan.checks {
            let Some(rows) = &check.rows else { continue };
            for row in (0..self.records.count(rows.table)).map(|row| (rows.table, row)) {
                let scope = record_scope(id, rows, row);
                let is_checked = rows
                    .filter
                    .as_ref()
                    .is_none_or(|filter| self.holds(filter, &scope) != Ok(false));
                if is_checked && self.holds(&check.condition, &scope) != Ok(true) {
                    match rows.otherwise {
                        FailedRow::Spoils => checked.spoilt.insert(row),
                        FailedRow::Refused => checked.refused.insert(row),
                    };
                }
            }
        }
        checked
    }

    /// Lists the records that a plan's payees are among.
    pub(super) fn payee_rows(&self, id: PlanId) -> Result<Vec<V>, ErrorKind> {
        let plan = self.plan(id)?;
        let table = self.table_of(plan.payee)?;
        Ok((0..self.records.count(table))
            .map(|row| V::Row(table, row))
            .collect())
    }

    /// Lists the periods of a plan's axis in which it is in force.
    pub(super) fn effective_periods(&self, id: PlanId) -> Result<Vec<PeriodKey>, ErrorKind> {
        let plan = self.plan(id)?;
        let window = self.window(id).ok_or(ErrorKind::OutsideCalendar)?;
        Ok(window
            .axis
            .periods()
            .filter(|period| self.is_effective(plan, *period))
            .collect())
    }

    /// Says whether a day is one of the days for which the plan makes lines.
    pub(super) fn makes_lines_on(&self, plan: &Plan, day: guerdon_plan::calendar::Date) -> bool {
        is_in_force(plan.effective, day)
    }
}

fn record_scope(id: PlanId, rows: &CheckedRows, (table, row): (TableId, usize)) -> Scope {
    let env = Env::from([(rows.row, V::Row(table, row))]);
    Scope {
        plan: Some(id),
        env,
        ..Scope::default()
    }
}
