//! Definitions: `let`, `measure`, `carry`, `pay` and streaks, and the exceptions to them.

use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::hir::axis::Window;
use guerdon_plan::hir::{BinderDomain, Definition, DefinitionKind, Exception, Expr, RoundingPlace};
use guerdon_plan::types::{BinderId, DefinitionId, PlanId, TableId};

use super::expr::number_cell;
use super::{Oracle, Scope, Target, is_in_force};
use crate::rounding::round;
use crate::value::{Cell, ErrorKind, Number, V, add, number, whole, zero};

impl Oracle<'_> {
    /// Gives the value of a definition for its arguments.
    ///
    /// # Errors
    ///
    /// What is wrong with the cell.
    pub fn definition(&self, id: DefinitionId, args: Vec<V>) -> Cell {
        if let Some(replaced) = self.replaced(Target::Definition(id)) {
            return replaced;
        }
        let key = (id, args);
        if let Some(known) = self.memo.borrow().definitions.get(&key) {
            return known.clone();
        }
        if !self.memo.borrow_mut().begun.insert(key.clone()) {
            return Err(ErrorKind::NotEvaluable);
        }
        let cell = self.definition_anew(id, &key.1);
        self.memo.borrow_mut().begun.remove(&key);
        self.memo.borrow_mut().definitions.insert(key, cell.clone());
        cell
    }

    fn definition_anew(&self, id: DefinitionId, args: &[V]) -> Cell {
        let definition = self.program.definition(id).ok_or(ErrorKind::NotEvaluable)?;
        let period = self.period_arg(definition, args);
        if let (None, DefinitionKind::Let(value) | DefinitionKind::Measure(value)) =
            (period, &definition.kind)
        {
            return self.plain(definition, value, self.scope_of(definition, args));
        }
        let window = self.window(definition.plan).ok_or(ErrorKind::OutsideCalendar)?;
        if period.is_some_and(|period| !window.axis.contains(period)) {
            return Err(ErrorKind::OutsideRun);
        }
        let is_before = period.is_some_and(|period| period < window.horizon.first);
        match &definition.kind {
            DefinitionKind::Let(value) | DefinitionKind::Measure(value) => {
                self.plain(definition, value, self.scope_of(definition, args))
            }
            DefinitionKind::Streak(_) if is_before => number_cell(zero()),
            DefinitionKind::Carry { .. } | DefinitionKind::Pay(_) if is_before => Ok(None),
            DefinitionKind::Streak(_) => self.state(id, args),
            DefinitionKind::Carry { .. } => {
                if self.is_settled_for(definition, args)? {
                    self.state(id, args)
                } else {
                    Ok(None)
                }
            }
            DefinitionKind::Pay(value) => {
                if !self.is_settled_for(definition, args)? {
                    return Ok(None);
                }
                self.refuse_failed(definition, args)?;
                self.rounded_at_pay(
                    definition,
                    self.plain(definition, value, self.scope_of(definition, args)),
                )
            }
        }
    }

    /// Gives the value of a definition one period before that of the arguments.
    pub(super) fn prior(&self, id: DefinitionId, args: Vec<V>) -> Cell {
        let definition = self.program.definition(id).ok_or(ErrorKind::NotEvaluable)?;
        let window = self.window(definition.plan).ok_or(ErrorKind::OutsideCalendar)?;
        let period = self
            .period_arg(definition, &args)
            .ok_or(ErrorKind::NotEvaluable)?;
        if !window.axis.contains(period) {
            return Err(ErrorKind::OutsideRun);
        }
        if let DefinitionKind::Carry { .. } = &definition.kind {
            return self.opening_or_state(id, definition, window, &args, period);
        }
        if period <= window.horizon.first {
            return Ok(None);
        }
        self.definition(id, earlier(&args, period)?)
    }

    /// Gives what `prior` of a carry is: the state before, or the opening value where the balance starts (again).
    fn opening_or_state(
        &self,
        id: DefinitionId,
        definition: &Definition,
        window: Window,
        args: &[V],
        period: PeriodKey,
    ) -> Cell {
        let DefinitionKind::Carry {
            opening, restarting, ..
        } = &definition.kind
        else {
            return Err(ErrorKind::NotEvaluable);
        };
        let before = before(period)?;
        let plan = self.plan(definition.plan)?;
        let calendar = self.calendar(plan.calendar)?;
        let restarts = restarting
            .is_some_and(|unit| calendar.containing(before, unit) != calendar.containing(period, unit));
        if period <= window.horizon.first || restarts {
            return self.value(opening, &self.scope_of(definition, args));
        }
        self.state(id, &earlier(args, period)?)
    }

    /// Gives the balance or the count at the end of a period, whoever is a payee then.
    fn state(&self, id: DefinitionId, args: &[V]) -> Cell {
        let key = (id, args.to_vec());
        if let Some(known) = self.memo.borrow().states.get(&key) {
            return known.clone();
        }
        let cell = self.state_anew(id, args);
        self.memo.borrow_mut().states.insert(key, cell.clone());
        cell
    }

    fn state_anew(&self, id: DefinitionId, args: &[V]) -> Cell {
        let definition = self.program.definition(id).ok_or(ErrorKind::NotEvaluable)?;
        let window = self.window(definition.plan).ok_or(ErrorKind::OutsideCalendar)?;
        let period = self.period_arg(definition, args).ok_or(ErrorKind::NotEvaluable)?;
        match &definition.kind {
            DefinitionKind::Carry { value, .. } => {
                // What is unknown once stays unknown, until the balance starts again.
                let prior = self.opening_or_state(id, definition, window, args, period)?;
                if !self.is_settled_for(definition, args)? {
                    return Ok(prior);
                }
                self.refuse_failed(definition, args)?;
                self.rounded_at_pay(
                    definition,
                    self.plain(definition, value, self.scope_of(definition, args)),
                )
            }
            DefinitionKind::Streak(condition) => {
                if !self.holds(condition, &self.scope_of(definition, args))? {
                    return number_cell(zero());
                }
                if period <= window.horizon.first {
                    return number_cell(whole(1));
                }
                let Some(V::Number(count)) = self.state(id, &earlier(args, period)?)? else {
                    return Err(ErrorKind::NotEvaluable);
                };
                number_cell(add(&count, &whole(1)))
            }
            DefinitionKind::Let(_) | DefinitionKind::Measure(_) | DefinitionKind::Pay(_) => {
                Err(ErrorKind::NotEvaluable)
            }
        }
    }

    /// Evaluates a value and its exceptions.
    fn plain(&self, definition: &Definition, value: &Expr, scope: Scope) -> Cell {
        let normal = self.value(value, &scope);
        let args: Vec<V> = definition
            .params
            .iter()
            .filter_map(|param| scope.env.get(param).cloned())
            .collect();
        let last_day = self.period_arg(definition, &args).and_then(|period| {
            let plan = self.program.plan(definition.plan)?;
            self.program.calendar(plan.calendar)?.range(period)?.last_day()
        });
        self.with_exceptions(&definition.exceptions, normal, last_day, scope)
    }

    /// Replaces a value by that of the exceptions that apply.
    pub(super) fn with_exceptions(
        &self,
        exceptions: &[Exception],
        normal: Cell,
        day: Option<Date>,
        mut scope: Scope,
    ) -> Cell {
        scope.normal = Some(normal.clone());
        let applies = |exception: &Exception| {
            let in_force = day.is_none_or(|day| is_in_force(exception.during, day));
            if in_force {
                self.holds(&exception.when, &scope)
            } else {
                Ok(false)
            }
        };
        let applies: Vec<Result<bool, ErrorKind>> = exceptions.iter().map(applies).collect();
        let is_outranked = |place: usize| {
            let outranks = |(exception, applies): (&Exception, &Result<bool, ErrorKind>)| {
                *applies == Ok(true) && exception.over.contains(&place)
            };
            exceptions.iter().zip(&applies).any(outranks)
        };
        let mut left = Vec::new();
        for (place, (exception, applies)) in exceptions.iter().zip(&applies).enumerate() {
            if !is_outranked(place) && (*applies)? {
                left.push(self.value(&exception.value, &scope)?);
            }
        }
        match left.split_first() {
            None => normal,
            Some((first, others)) if others.iter().all(|other| other == first) => Ok(first.clone()),
            Some(_) => Err(ErrorKind::ExceptionsDisagree),
        }
    }

    fn rounded_at_pay(&self, definition: &Definition, cell: Cell) -> Cell {
        match (cell?, &definition.rounding) {
            (Some(V::Number(amount)), Some(own)) => number_cell(round(&amount, own.mode, &number(&own.step))),
            (Some(V::Number(number)), None) => {
                number_cell(self.rounded(definition.plan, RoundingPlace::Pay, number)?)
            }
            (other, _) => Ok(other),
        }
    }

    /// Rounds an amount if this is the place where the plan rounds.
    pub(super) fn rounded(
        &self,
        plan: PlanId,
        place: RoundingPlace,
        amount: Number,
    ) -> Result<Number, ErrorKind> {
        match &self.plan(plan)?.rounding {
            Some(rule) if rule.place == place => Ok(round(&amount, rule.mode, &number(&rule.step))),
            Some(_) | None => Ok(amount),
        }
    }

    /// Says whether the payee among the arguments is settled in their period; other definitions always are.
    fn is_settled_for(&self, definition: &Definition, args: &[V]) -> Result<bool, ErrorKind> {
        match (
            self.payee_arg(definition, args)?,
            self.period_arg(definition, args),
        ) {
            (Some(payee), Some(period)) => self.is_settled(definition.plan, payee, period),
            (_, _) => Ok(true),
        }
    }

    fn refuse_failed(&self, definition: &Definition, args: &[V]) -> Result<(), ErrorKind> {
        match (
            self.payee_arg(definition, args)?,
            self.period_arg(definition, args),
        ) {
            (Some(payee), Some(period)) if self.is_barred(definition.plan, payee, period) => {
                Err(ErrorKind::CheckFailed)
            }
            (_, _) => Ok(()),
        }
    }

    fn payee_arg<'v>(&self, definition: &Definition, args: &'v [V]) -> Result<Option<&'v V>, ErrorKind> {
        let payee = self.plan(definition.plan)?.payee;
        let place = definition.params.iter().position(|param| *param == payee);
        Ok(place.and_then(|place| args.get(place)))
    }

    fn period_arg(&self, definition: &Definition, args: &[V]) -> Option<PeriodKey> {
        match (
            self.program.binder(*definition.params.last()?)?.domain,
            args.last()?,
        ) {
            (BinderDomain::Period(_, _), V::Period(period)) => Some(*period),
            (_, _) => None,
        }
    }

    fn scope_of(&self, definition: &Definition, args: &[V]) -> Scope {
        let env = definition
            .params
            .iter()
            .copied()
            .zip(args.iter().cloned())
            .collect();
        Scope {
            plan: Some(definition.plan),
            env,
            ..Scope::default()
        }
    }

    /// Finds the table whose records a variable stands for.
    pub(super) fn table_of(&self, binder: BinderId) -> Result<TableId, ErrorKind> {
        match self.program.binder(binder).map(|binder| binder.domain) {
            Some(BinderDomain::Row(table)) => Ok(table),
            Some(BinderDomain::Period(_, _)) | None => Err(ErrorKind::NotEvaluable),
        }
    }
}

/// Gives the period before.
pub(super) fn before(period: PeriodKey) -> Result<PeriodKey, ErrorKind> {
    let index = period.index.checked_sub(1).ok_or(ErrorKind::OutsideCalendar)?;
    Ok(PeriodKey::new(period.unit, index))
}

/// Replaces the period, which is the last argument, by the one before.
fn earlier(args: &[V], period: PeriodKey) -> Result<Vec<V>, ErrorKind> {
    let others = args.iter().take(args.len().saturating_sub(1)).cloned();
    Ok(others.chain([V::Period(before(period)?)]).collect())
}
