//! What the statements of plans look at: for which periods they ask a definition or an earn.

use std::collections::BTreeMap;

use super::{Stretch, calendar_of};
use crate::calendar::{Calendar, Date, DateRange, MonthEnd, PeriodKey, Unit};
use crate::hir::{
    Aggregate, Amortise, BinderDomain, DayRange, Definition, DefinitionKind, Domain, Earn, EarnOf, Exception,
    Expr, ExprKind, Hold, MonthRule, Plan, Program, Sign, Source, Value,
};
use crate::types::{BinderId, CalendarId, DefinitionId, EarnId, PlanId};

/// Widens the horizons of all plans by what all plans look at.
pub(super) fn axes(program: &Program, horizons: &[Option<Stretch>]) -> Vec<Option<Stretch>> {
    let (definitions, earns, plan) = (BTreeMap::new(), BTreeMap::new(), PlanId(0));
    let mut reach = Reach {
        program,
        horizons,
        axes: horizons.to_vec(),
        definitions,
        earns,
        plan,
    };
    for (place, (plan, horizon)) in program.plans.iter().zip(horizons).enumerate() {
        if let Some(horizon) = horizon {
            reach.plan = PlanId::at(place);
            reach.walk_plan(plan, *horizon);
        }
    }
    reach.axes
}

type Env = BTreeMap<BinderId, Stretch>;

/// Walks statements and notes the periods for which they ask.
struct Reach<'p> {
    program: &'p Program,
    horizons: &'p [Option<Stretch>],
    axes: Vec<Option<Stretch>>,
    definitions: BTreeMap<DefinitionId, Stretch>,
    earns: BTreeMap<EarnId, Stretch>,
    /// The plan whose statement is walked.
    plan: PlanId,
}

impl<'p> Reach<'p> {
    fn walk_plan(&mut self, plan: &Plan, horizon: Stretch) {
        let env = Env::from([(plan.period, horizon)]);
        let conditions = plan.checks.iter().map(|check| &check.condition);
        let rows = plan
            .checks
            .iter()
            .filter_map(|check| check.rows.as_ref()?.filter.as_ref());
        for expr in conditions.chain(rows).chain(&plan.payee_filter) {
            self.walk(expr, &env);
        }
        for id in plan.definitions.iter().chain(&plan.carries).chain(&plan.pays) {
            self.ask_definition(*id, horizon);
        }
        for id in &plan.earns {
            self.ask_earn(*id, horizon);
        }
    }

    fn ask_definition(&mut self, id: DefinitionId, periods: Stretch) {
        let program = self.program;
        let Some(definition) = program.definition(id) else {
            return;
        };
        self.widen(definition.plan, periods);
        let periods = match &definition.kind {
            DefinitionKind::Let(_) | DefinitionKind::Measure(_) => Some(periods),
            DefinitionKind::Carry { .. } | DefinitionKind::Pay(_) | DefinitionKind::Streak(_) => self
                .horizon(definition.plan)
                .and_then(|horizon| periods.part_within(horizon)),
        };
        let seen = self.definitions.get(&id).copied();
        let Some(periods) = periods.map(|periods| seen.map_or(periods, |seen| seen.hull(periods))) else {
            return;
        };
        if seen == Some(periods) {
            return;
        }
        self.definitions.insert(id, periods);
        let outer = std::mem::replace(&mut self.plan, definition.plan);
        self.walk_definition(definition, periods);
        self.plan = outer;
    }

    fn walk_definition(&mut self, definition: &Definition, periods: Stretch) {
        let env: Env = self
            .period_params(definition)
            .map(|binder| (binder, periods))
            .collect();
        match &definition.kind {
            DefinitionKind::Let(value)
            | DefinitionKind::Measure(value)
            | DefinitionKind::Pay(value)
            | DefinitionKind::Streak(value) => self.walk(value, &env),
            DefinitionKind::Carry { value, opening, .. } => {
                self.walk(value, &env);
                self.walk(opening, &env);
            }
        }
        self.walk_exceptions(&definition.exceptions, &env);
    }

    fn ask_earn(&mut self, id: EarnId, periods: Stretch) {
        let program = self.program;
        let Some(earn) = program.earn(id) else { return };
        let (Some(plan), Some(horizon)) = (program.plan(earn.plan), self.horizon(earn.plan)) else {
            return;
        };
        self.widen(earn.plan, periods);
        // There is no line before the horizon begins.
        if periods.last < horizon.first {
            return;
        }
        let periods = Stretch {
            first: periods.first.max(horizon.first),
            last: periods.last,
        };
        let seen = self.earns.get(&id).copied();
        let periods = seen.map_or(periods, |seen| seen.hull(periods));
        if seen != Some(periods) {
            self.earns.insert(id, periods);
            let outer = std::mem::replace(&mut self.plan, earn.plan);
            self.walk_earn(plan, earn, periods);
            self.plan = outer;
            for other in earn.shared.iter().flat_map(|shared| &shared.earns) {
                self.ask_earn(*other, periods);
            }
        }
    }

    fn walk_earn(&mut self, plan: &Plan, earn: &Earn, periods: Stretch) {
        let env = Env::from([(plan.period, periods)]);
        let shares = earn
            .settling()
            .chain(earn.review.iter().map(|review| &review.when));
        let cap = earn.caps().map(|cap| &cap.at);
        let lines = earn.lines.iter();
        let parts = lines.flat_map(|lines| lines.filter.iter().chain([&lines.dated]).chain(&lines.order));
        let hold = earn.hold.iter().flat_map(Hold::expressions);
        let spread = earn.amortise.iter().flat_map(Amortise::expressions);
        for expr in [&earn.value]
            .into_iter()
            .chain(hold)
            .chain(spread)
            .chain(earn.break_down().map(|broken| &broken.weight))
            .chain(shares)
            .chain(cap)
            .chain(parts)
            .chain(&plan.payee_filter)
        {
            self.walk(expr, &env);
        }
        self.walk_exceptions(&earn.exceptions, &env);
    }

    fn walk_exceptions(&mut self, exceptions: &[Exception], env: &Env) {
        for exception in exceptions {
            self.walk(&exception.when, env);
            self.walk(&exception.value, env);
        }
    }

    fn walk(&mut self, expr: &Expr, env: &Env) {
        if let ExprKind::Aggregate(aggregate) = &expr.kind {
            let inner = self.bind(aggregate, env);
            return self.walk_children(expr, &inner);
        }
        if let ExprKind::Within { range, .. } = &expr.kind {
            self.look_at(range, env);
        }
        self.ask(expr, env);
        self.walk_children(expr, env);
    }

    /// Notes the periods of a range that moves with the period, such as the year to date: records of all its days are
    /// looked at.
    fn look_at(&mut self, range: &DayRange, env: &Env) {
        let moves = |end: &Expr| is_over(end, env);
        if moves(&range.from)
            && moves(&range.through)
            && let Some((from, _)) = self.days_of(&range.from, env)
            && let Some((_, through)) = self.days_of(&range.through, env)
            && let Some(plan) = self.program.plan(self.plan)
            && let Some(calendar) = self.program.calendar(plan.calendar)
            && let Some(first) = calendar.period_of(plan.unit, from)
            && let Some(last) = calendar.period_of(plan.unit, through)
        {
            self.widen(self.plan, Stretch { first, last });
        }
    }

    fn ask(&mut self, expr: &Expr, env: &Env) {
        if let ExprKind::Use { definition, args } = &expr.kind
            && let Some(periods) = args.last().and_then(|period| self.periods_of(period, env))
        {
            self.ask_definition(*definition, periods);
        }
        if let ExprKind::Prior { definition, args } = &expr.kind
            && let Some(periods) = args.last().and_then(|period| self.periods_of(period, env))
        {
            self.ask_prior(*definition, periods);
        }
        if let ExprKind::Earned { earn, of, .. } = &expr.kind
            && let EarnOf::Payee { period, .. }
            | EarnOf::Line {
                period: Some(period), ..
            } = of
            && let Some(periods) = self.periods_of(period, env)
        {
            self.ask_earn(*earn, periods);
        }
    }

    fn walk_children(&mut self, expr: &Expr, env: &Env) {
        for child in expr.children() {
            self.walk(child, env);
        }
    }

    /// Notes the periods before the given ones, as far as they lie on or after the plan's first.
    fn ask_prior(&mut self, id: DefinitionId, periods: Stretch) {
        let before = |key: PeriodKey| PeriodKey::new(key.unit, key.index.saturating_sub(1));
        let horizon = self
            .program
            .definition(id)
            .and_then(|definition| self.horizon(definition.plan));
        let Some(horizon) = horizon else { return };
        let earlier = Stretch {
            first: before(periods.first).max(horizon.first),
            last: before(periods.last),
        };
        if earlier.first <= earlier.last {
            self.ask_definition(id, earlier);
        }
    }

    fn bind(&self, aggregate: &Aggregate, env: &Env) -> Env {
        let mut env = env.clone();
        for Source { binder, domain } in &aggregate.sources {
            if let Domain::Periods {
                calendar,
                unit,
                within,
            } = domain
                && let Some(periods) = self.periods_within(*calendar, *unit, within, &env)
            {
                env.insert(*binder, periods);
            }
        }
        env
    }

    fn periods_within(
        &self,
        calendar: CalendarId,
        unit: Unit,
        within: &DayRange,
        env: &Env,
    ) -> Option<Stretch> {
        let calendar = self.program.calendar(calendar)?;
        let (from, through) = (
            self.days_of(&within.from, env)?.0,
            self.days_of(&within.through, env)?.1,
        );
        let (first, last) = (
            calendar.period_of(unit, from)?,
            calendar.period_of(unit, through)?,
        );
        let first = if calendar.range(first)?.from < from {
            calendar.shift(first, 1)?
        } else {
            first
        };
        let last = if calendar.range(last)?.last_day()? > through {
            calendar.shift(last, -1)?
        } else {
            last
        };
        (first <= last).then_some(Stretch { first, last })
    }

    fn periods_of(&self, expr: &Expr, env: &Env) -> Option<Stretch> {
        if let ExprKind::Binder(binder) = &expr.kind {
            return env.get(binder).copied();
        }
        if let ExprKind::Const(Value::Period(period)) = &expr.kind {
            return Some(Stretch {
                first: *period,
                last: *period,
            });
        }
        if let ExprKind::Shift { calendar, period, by } = &expr.kind {
            let calendar = self.program.calendar(*calendar)?;
            let Stretch { first, last } = self.periods_of(period, env)?;
            return Some(Stretch {
                first: calendar.shift(first, *by)?,
                last: calendar.shift(last, *by)?,
            });
        }
        if let ExprKind::Containing { calendar, unit, day } = &expr.kind {
            let calendar = self.program.calendar(*calendar)?;
            let (from, through) = self.days_of(day, env)?;
            let (first, last) = (
                calendar.period_of(*unit, from)?,
                calendar.period_of(*unit, through)?,
            );
            return Some(Stretch { first, last });
        }
        if let ExprKind::If { then, otherwise, .. } = &expr.kind {
            return Some(self.periods_of(then, env)?.hull(self.periods_of(otherwise, env)?));
        }
        None
    }

    fn days_of(&self, expr: &Expr, env: &Env) -> Option<(Date, Date)> {
        if let ExprKind::Const(Value::Date(date)) = &expr.kind {
            return Some((*date, *date));
        }
        if let ExprKind::FirstDay(period) = &expr.kind {
            return self.ends(period, env, |range| Some(range.from));
        }
        if let ExprKind::LastDay(period) = &expr.kind {
            return self.ends(period, env, DateRange::last_day);
        }
        if let ExprKind::AddDays { day, days } = &expr.kind {
            let days = whole(days)?;
            let (from, through) = self.days_of(day, env)?;
            return Some((from.add_days(days).ok()?, through.add_days(days).ok()?));
        }
        if let ExprKind::AddMonths { day, months, rule } = &expr.kind {
            let months = whole(months)?;
            let rule = match rule {
                MonthRule::LastDay => MonthEnd::LastDay,
                MonthRule::SameDay => MonthEnd::SameDay,
            };
            let (from, through) = self.days_of(day, env)?;
            return Some((
                from.add_months(months, rule).ok()?,
                through.add_months(months, rule).ok()?,
            ));
        }
        if let ExprKind::If { then, otherwise, .. } = &expr.kind {
            let ((a, b), (c, d)) = (self.days_of(then, env)?, self.days_of(otherwise, env)?);
            return Some((a.min(c), b.max(d)));
        }
        None
    }

    fn ends(
        &self,
        period: &Expr,
        env: &Env,
        end: impl Fn(&DateRange) -> Option<Date>,
    ) -> Option<(Date, Date)> {
        let Stretch { first, last } = self.periods_of(period, env)?;
        let calendar = self.calendar_around(period, env)?;
        Some((end(&calendar.range(first)?)?, end(&calendar.range(last)?)?))
    }

    /// Finds the calendar of a period; one that is written as a literal is in that of the statement's own period.
    fn calendar_around(&self, period: &Expr, env: &Env) -> Option<&'p Calendar> {
        let program = self.program;
        let in_env = || {
            let domains = env
                .keys()
                .filter_map(|binder| Some(program.binder(*binder)?.domain));
            domains.filter_map(|domain| match domain {
                BinderDomain::Period(calendar, _) => Some(calendar),
                BinderDomain::Row(_) => None,
            })
        };
        let id = calendar_of(program, period)
            .or_else(|| in_env().next())
            .unwrap_or(CalendarId(0));
        program.calendar(id)
    }

    fn period_params(&self, definition: &'p Definition) -> impl Iterator<Item = BinderId> + use<'p> {
        let program = self.program;
        let is_period = move |binder: &BinderId| {
            matches!(
                program.binder(*binder).map(|binder| binder.domain),
                Some(BinderDomain::Period(_, _))
            )
        };
        definition.params.iter().copied().filter(is_period)
    }

    fn horizon(&self, plan: PlanId) -> Option<Stretch> {
        self.horizons.get(plan.index()).copied().flatten()
    }

    fn widen(&mut self, plan: PlanId, periods: Stretch) {
        if let Some(Some(axis)) = self.axes.get_mut(plan.index())
            && axis.first.unit == periods.first.unit
        {
            *axis = axis.hull(periods);
        }
    }
}

/// Says whether an expression rests on one of the variables.
fn is_over(expr: &Expr, env: &Env) -> bool {
    let is_own = matches!(&expr.kind, ExprKind::Binder(binder) if env.contains_key(binder));
    is_own || expr.children().into_iter().any(|child| is_over(child, env))
}

/// Reads a whole number that is written as a literal, with or without a sign.
fn whole(expr: &Expr) -> Option<i64> {
    if let ExprKind::Sum(operands) = &expr.kind
        && let [(sign, operand)] = operands.as_slice()
    {
        return match sign {
            Sign::Plus => whole(operand),
            Sign::Minus => whole(operand)?.checked_neg(),
        };
    }
    if let ExprKind::Const(Value::Number(exact)) = &expr.kind
        && let Some((number, 1)) = exact.parts()
    {
        return i64::try_from(number).ok();
    }
    None
}
