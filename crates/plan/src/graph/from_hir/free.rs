//! The variables that an expression leaves open.

use std::collections::BTreeSet;

use crate::hir::{Aggregate, Allocation, Apply, DayRange, Domain, EarnOf, Expr, ExprKind, Ranking, Running};
use crate::types::BinderId;

/// Lists the variables that are used in an expression and not bound in it.
pub fn free_binders(expr: &Expr) -> BTreeSet<BinderId> {
    let mut free = Found::default();
    visit(expr, &mut free);
    free.binders
}

/// Says whether an exception's value is made of the value without it.
pub(super) fn reads_normal(expr: &Expr) -> bool {
    let mut free = Found::default();
    visit(expr, &mut free);
    free.normal
}

/// What an expression leaves open.
#[derive(Debug, Default)]
struct Found {
    binders: BTreeSet<BinderId>,
    normal: bool,
}

fn visit(expr: &Expr, free: &mut Found) {
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Faulty => {}
        // Like the value without an exception, what is below belongs to one line.
        ExprKind::Normal | ExprKind::Lower(_) => free.normal = true,
        ExprKind::IsAbove { row, of, .. } => visit_pair(row, of, free),
        ExprKind::Binder(binder) => {
            free.binders.insert(*binder);
        }
        ExprKind::Find { keys, on, .. } => {
            visit_all(keys, free);
            on.iter().for_each(|on| visit(on, free));
        }
        ExprKind::Constant { on: inner, .. }
        | ExprKind::Field { row: inner, .. }
        | ExprKind::Not(inner)
        | ExprKind::IsMissing(inner)
        | ExprKind::Require(inner)
        | ExprKind::Rounded { value: inner, .. }
        | ExprKind::FirstDay(inner)
        | ExprKind::LastDay(inner)
        | ExprKind::Containing { day: inner, .. }
        | ExprKind::Shift { period: inner, .. } => visit(inner, free),
        ExprKind::Decide {
            on, inputs: parts, ..
        } => {
            visit(on, free);
            visit_all(parts, free);
        }
        ExprKind::Use { args: parts, .. }
        | ExprKind::Prior { args: parts, .. }
        | ExprKind::And(parts)
        | ExprKind::Or(parts)
        | ExprKind::Otherwise(parts)
        | ExprKind::Call { args: parts, .. } => visit_all(parts, free),
        ExprKind::Earned { of, .. } => visit_earn(of, free),
        ExprKind::Sum(parts) => parts.iter().for_each(|(_, part)| visit(part, free)),
        ExprKind::Product(parts) => parts.iter().for_each(|(_, part)| visit(part, free)),
        ExprKind::Bounded { value, limits } => {
            visit(value, free);
            limits.iter().for_each(|(_, limit)| visit(limit, free));
        }
        ExprKind::Compare { left, right, .. } => visit_pair(left, right, free),
        ExprKind::RateOf { on, at, .. } => visit_pair(on, at, free),
        ExprKind::Convert { amount, from, on, .. } => {
            visit(amount, free);
            visit_pair(from, on, free);
        }
        ExprKind::MonthsBetween { from, to } | ExprKind::DaysBetween { from, to, .. } => {
            visit_pair(from, to, free)
        }
        ExprKind::AddDays { day, days } => visit_pair(day, days, free),
        ExprKind::AddMonths { day, months, .. } => visit_pair(day, months, free),
        ExprKind::OneOf { value, list } => {
            visit(value, free);
            visit_all(list, free);
        }
        ExprKind::Within { value, range } => {
            visit(value, free);
            visit_range(range, free);
        }
        ExprKind::If {
            condition,
            then,
            otherwise,
        } => {
            visit(condition, free);
            visit_pair(then, otherwise, free);
        }
        ExprKind::Aggregate(aggregate) => visit_aggregate(aggregate, free),
        ExprKind::Running(running) => visit_running(running, free),
        ExprKind::Rank(ranking) => visit_ranking(ranking, free),
        ExprKind::Share(allocation) => visit_allocation(allocation, free),
        ExprKind::Words(_) => expr.children().into_iter().for_each(|part| visit(part, free)),
        ExprKind::Apply(apply) => visit_apply(apply, free),
        ExprKind::DaysIn { range, .. } => visit_range(range, free),
    }
}

fn visit_all(parts: &[Expr], free: &mut Found) {
    parts.iter().for_each(|part| visit(part, free));
}

fn visit_pair(left: &Expr, right: &Expr, free: &mut Found) {
    visit(left, free);
    visit(right, free);
}

fn visit_range(range: &DayRange, free: &mut Found) {
    visit_pair(&range.from, &range.through, free);
}

fn visit_earn(of: &EarnOf, free: &mut Found) {
    match of {
        EarnOf::Payee { payee, period } => visit_pair(payee, period, free),
        EarnOf::Line { row, payee, period } => {
            visit(row, free);
            payee.iter().chain(period).for_each(|part| visit(part, free));
        }
    }
}

fn visit_aggregate(aggregate: &Aggregate, free: &mut Found) {
    let mut inner = Found::default();
    aggregate
        .value
        .iter()
        .chain(&aggregate.filter)
        .for_each(|part| visit(part, &mut inner));
    aggregate.order.iter().for_each(|(key, _)| visit(key, &mut inner));
    for source in &aggregate.sources {
        visit_domain(&source.domain, &mut inner);
    }
    for source in &aggregate.sources {
        inner.binders.remove(&source.binder);
    }
    free.merge(inner);
}

fn visit_domain(domain: &Domain, free: &mut Found) {
    match domain {
        Domain::Rows(_) => {}
        Domain::Below { of, .. } => visit(of, free),
        Domain::Periods { within, .. } => visit_range(within, free),
    }
}

fn visit_running(running: &Running, free: &mut Found) {
    let mut inner = Found::default();
    visit(&running.value, &mut inner);
    running.filter.iter().for_each(|part| visit(part, &mut inner));
    visit_all(&running.order, &mut inner);
    visit_all(&running.within, &mut inner);
    inner.binders.remove(&running.binder);
    free.merge(inner);
    visit(&running.row, free);
}

fn visit_ranking(ranking: &Ranking, free: &mut Found) {
    let mut inner = Found::default();
    ranking.filter.iter().for_each(|part| visit(part, &mut inner));
    visit_all(&ranking.within, &mut inner);
    ranking.keys.iter().for_each(|(key, _)| visit(key, &mut inner));
    inner.binders.remove(&ranking.binder);
    free.merge(inner);
    visit(&ranking.row, free);
    visit_domain(&ranking.domain, free);
}

fn visit_allocation(allocation: &Allocation, free: &mut Found) {
    let mut inner = Found::default();
    allocation.filter.iter().for_each(|part| visit(part, &mut inner));
    visit_all(&allocation.within, &mut inner);
    visit_pair(&allocation.amount, &allocation.weight, &mut inner);
    inner.binders.remove(&allocation.binder);
    free.merge(inner);
    visit(&allocation.row, free);
    visit_domain(&allocation.domain, free);
}

fn visit_apply(apply: &Apply, free: &mut Found) {
    visit_pair(&apply.on, &apply.value, free);
    apply.against.iter().for_each(|part| visit(part, free));
    let start = apply
        .stack
        .as_ref()
        .and_then(|stack| stack.starting_from.as_ref());
    start.into_iter().for_each(|part| visit(part, free));
}

impl Found {
    fn merge(&mut self, inner: Self) {
        self.binders.extend(inner.binders);
        self.normal |= inner.normal;
    }
}
