//! Aggregates over those above a record: `first e over Person as e, team of e as m where m is payee`.
//!
//! The teams of all are listed once, and each member of one is grouped to the record that it is: listed for each record
//! anew they would be as many as all records multiplied by all teams.

use super::Builder;
use super::free::free_binders;
use super::scope::Scope;
use crate::graph::{GroupKey, NodeId, Op};
use crate::hir::{Aggregate, Domain, Expr, ExprKind, Source};
use crate::types::BinderId;

/// Holds what runs over the teams of all, and the outer record that is below those that count.
struct Upward<'e> {
    head: BinderId,
    team: &'e Source,
    outer: BinderId,
    period: Option<BinderId>,
    rest: Vec<&'e Expr>,
}

impl Builder<'_> {
    /// Lowers an aggregate over those above a record; nothing where it is no such aggregate.
    pub(super) fn over_those_above(
        &mut self,
        aggregate: &Aggregate,
        conditions: &[&Expr],
        scope: &Scope,
        expr: &Expr,
    ) -> Option<NodeId> {
        let found = self.upward(aggregate, conditions, scope)?;
        let heads = self.row_table(found.head)?;
        let inner = self.dense(Some(found.head), found.period, scope.plan)?;
        let inner = inner.read(scope.reading);
        let listed = self.expand(found.team, &mut Vec::new(), &inner, scope.reading, expr);
        let inner = listed.scope;
        let mut filter: Vec<NodeId> = found.rest.iter().map(|part| self.expr(part, &inner)).collect();
        filter.extend(listed.kept);
        let head = inner.binders.get(&found.head).copied();
        for kept in self.membership(scope.plan, heads, scope.reading) {
            filter.push(self.broadcast(kept, &inner, head, None, expr.span));
        }
        let filter = self.all_of(filter, &inner, expr);
        let valued = inner.clone().read(scope.reading);
        let value = aggregate.value.as_ref().map(|value| self.expr(value, &valued));
        let order = aggregate.order.iter();
        let order = order
            .map(|(key, direction)| (self.expr(key, &inner), *direction))
            .collect();
        let own = |binder: BinderId| inner.binders.get(&binder).copied();
        let op = Op::Group {
            op: aggregate.op,
            value,
            filter,
            key: GroupKey::Place {
                row: own(found.team.binder),
                period: found.period.and_then(own),
            },
            from: inner.frame,
            order,
            best: aggregate.best,
        };
        let target = self.dense(Some(found.outer), found.period, scope.plan)?;
        let node = self.node(op, target.frame, expr.ty, expr.span);
        let bound = |outer: BinderId| scope.binders.get(&outer).copied();
        let (row, period) = (bound(found.outer), found.period.and_then(bound));
        Some(self.broadcast(node, scope, row, period, expr.span))
    }

    /// Reads an aggregate as one over those above a record.
    fn upward<'e>(
        &self,
        aggregate: &'e Aggregate,
        conditions: &[&'e Expr],
        scope: &Scope,
    ) -> Option<Upward<'e>> {
        let [first, team] = aggregate.sources.as_slice() else {
            return None;
        };
        let (Domain::Rows(_), Domain::Below { of, .. }) = (&first.domain, &team.domain) else {
            return None;
        };
        if of.kind != ExprKind::Binder(first.binder) {
            return None;
        }
        let mut rest = conditions.to_vec();
        let place = rest
            .iter()
            .position(|part| outer_side(part, team.binder).is_some())?;
        let outer = outer_side(rest.remove(place), team.binder)?;
        let mut free = std::collections::BTreeSet::new();
        let order = aggregate.order.iter().map(|(key, _)| key);
        let parts = aggregate.value.iter().chain(order).chain(rest.iter().copied());
        parts.for_each(|part| free.extend(free_binders(part)));
        free.remove(&first.binder);
        free.remove(&team.binder);
        let plan = self.program.plan(scope.plan)?;
        let is_fit = outer != first.binder
            && self.row_table(outer) == self.row_table(team.binder)
            && scope.binders.contains_key(&outer)
            && free.iter().all(|binder| *binder == plan.period);
        is_fit.then_some(Upward {
            head: first.binder,
            team,
            outer,
            period: free.first().copied(),
            rest,
        })
    }
}

/// Gives the variable that a condition says a member of the team is.
fn outer_side(condition: &Expr, member: BinderId) -> Option<BinderId> {
    let (left, right) = condition.equal_sides()?;
    match (&left.kind, &right.kind) {
        (ExprKind::Binder(one), ExprKind::Binder(other)) if *one == member && *other != member => {
            Some(*other)
        }
        (ExprKind::Binder(one), ExprKind::Binder(other)) if *other == member && *one != member => Some(*one),
        _ => None,
    }
}
