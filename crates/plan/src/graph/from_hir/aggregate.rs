//! Aggregates: grouped where the filter ties the outer variables to the source, expanded otherwise.

use std::collections::BTreeSet;

use super::Builder;
use super::free::free_binders;
use super::period::{PeriodMatch, match_period};
use super::scope::{Reading, Scope};
use crate::graph::{AxisSpan, Expansion, Frame, GroupKey, NodeId, Op};
use crate::hir::{Aggregate, AggregateOp, Domain, Expr, ExprKind, Source, Value};
use crate::types::{BinderId, CalendarId, Scalar, TableId, Ty};

/// How an aggregate over one table becomes a group over its rows.
struct Grouping<'e> {
    source: BinderId,
    table: TableId,
    row: Option<(BinderId, &'e Expr)>,
    period: Option<(BinderId, &'e Expr, PeriodMatch)>,
    rest: Vec<&'e Expr>,
}

/// A scope after an expansion, with the cell of the scope that it began with.
pub(super) struct Expanded {
    pub scope: Scope,
    pub base: NodeId,
    pub kept: Vec<NodeId>,
    /// What the combinations are made from, on the frame that they are made for; where it is an error there are none.
    pub from: Vec<NodeId>,
}

impl Builder<'_> {
    pub(super) fn aggregate(&mut self, aggregate: &Aggregate, scope: &Scope, expr: &Expr) -> NodeId {
        let conditions = conjuncts(aggregate.filter.as_ref());
        let ends = uncertain_ends(aggregate, &conditions);
        let mut value = if let Some(grouping) = self.grouping(aggregate, &conditions, scope) {
            self.grouped(aggregate, &grouping, scope, expr)
        } else if let Some(found) = self.over_those_above(aggregate, &conditions, scope, expr) {
            found
        } else {
            self.expanded(aggregate, conditions, scope, expr)
        };
        // A period that the calendar does not have cannot be looked at, whether or not there are records.
        for end in ends {
            let by = self.expr(end, &scope.choosing());
            value = self.on_common(Op::Poison { value, by }, &[value, by], scope, expr);
        }
        value
    }

    /// Finds the conditions that tell, for each row of the source, which outer row and period it belongs to.
    fn grouping<'e>(
        &self,
        aggregate: &'e Aggregate,
        conditions: &[&'e Expr],
        scope: &Scope,
    ) -> Option<Grouping<'e>> {
        let [
            Source {
                binder: source,
                domain: Domain::Rows(table),
            },
        ] = aggregate.sources.as_slice()
        else {
            return None;
        };
        let mut grouping = Grouping {
            source: *source,
            table: *table,
            row: None,
            period: None,
            rest: conditions.to_vec(),
        };
        for outer in outer_binders(aggregate, conditions) {
            if self.row_table(outer).is_some() {
                let place = grouping
                    .rest
                    .iter()
                    .position(|condition| key_of(condition, outer, *source).is_some())?;
                let key = key_of(grouping.rest.remove(place), outer, *source)?;
                if grouping.row.replace((outer, key)).is_some() {
                    return None;
                }
            } else {
                let plan = self
                    .program
                    .plan(scope.plan)
                    .filter(|plan| plan.period == outer)?;
                let matched = |condition: &&'e Expr| match_period(condition, plan, *source);
                let place = grouping
                    .rest
                    .iter()
                    .position(|condition| matched(condition).is_some())?;
                let (value, matched) = matched(&grouping.rest.remove(place))?;
                if grouping.period.replace((outer, value, matched)).is_some() {
                    return None;
                }
            }
        }
        self.is_worthwhile(&grouping, aggregate, scope)
            .then_some(grouping)
    }

    fn is_worthwhile(&self, grouping: &Grouping<'_>, aggregate: &Aggregate, scope: &Scope) -> bool {
        if let Some((outer, _, matched)) = &grouping.period {
            let used_elsewhere = aggregate
                .value
                .iter()
                .chain(grouping.rest.iter().copied())
                .chain(aggregate.order.iter().map(|(key, _)| key))
                .any(|part| free_binders(part).contains(outer));
            // The best of a year are not those of its months added up.
            let is_sum =
                matches!(aggregate.op, AggregateOp::Sum | AggregateOp::Count) && aggregate.best.is_none();
            match matched {
                PeriodMatch::Own => {}
                PeriodMatch::Shifted(_) if !used_elsewhere => {}
                PeriodMatch::Spanning(_) if !used_elsewhere && is_sum => {}
                PeriodMatch::Shifted(_) | PeriodMatch::Spanning(_) => return false,
            }
        }
        // Lines times periods are never laid out: only payees times periods are.
        let is_list = matches!(
            self.graph.frame(scope.frame),
            Some(Frame::Selected { .. } | Frame::Expanded { .. })
        );
        let payees = self
            .program
            .plan(scope.plan)
            .and_then(|plan| self.row_table(plan.payee));
        match (&grouping.row, &grouping.period) {
            (Some((outer, _)), Some(_)) if is_list => self.row_table(*outer) == payees,
            _ => true,
        }
    }

    fn grouped(
        &mut self,
        aggregate: &Aggregate,
        grouping: &Grouping<'_>,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        let Some(rows) = self.dense(Some(grouping.source), None, scope.plan) else {
            return self.missing(expr.span);
        };
        let mut inner = rows.read(scope.reading).choosing();
        let row = grouping.row.map(|(outer, key)| {
            let key = self.expr(key, &inner);
            inner.binders.insert(outer, key);
            key
        });
        let period = grouping.period.as_ref().map(|(outer, value, matched)| {
            let clamp = matches!(matched, PeriodMatch::Spanning(AxisSpan::EverToDate));
            let node = self.period_of(value, &inner, clamp);
            inner.binders.insert(*outer, node);
            node
        });
        let mut filter = grouping
            .rest
            .iter()
            .map(|condition| self.expr(condition, &inner))
            .collect::<Vec<_>>();
        filter.extend(self.membership(scope.plan, grouping.table, scope.reading));
        let filter = self.all_of(filter, &inner, expr);
        let valued = inner.clone().read(scope.reading);
        let value = aggregate.value.as_ref().map(|value| self.expr(value, &valued));
        let order = aggregate
            .order
            .iter()
            .map(|(key, direction)| (self.expr(key, &inner), *direction))
            .collect();
        let key = match (row, period) {
            (None, None) => GroupKey::All,
            (row, period) => GroupKey::Place { row, period },
        };
        let outer_row = grouping.row.map(|(outer, _)| outer);
        let outer_period = grouping.period.as_ref().map(|(outer, ..)| *outer);
        let Some(target) = self.dense(outer_row, outer_period, scope.plan) else {
            return self.missing(expr.span);
        };
        let op = Op::Group {
            op: aggregate.op,
            value,
            filter,
            key,
            from: inner.frame,
            order,
            best: aggregate.best,
        };
        let mut node = self.node(op, target.frame, expr.ty, expr.span);
        let bound = |outer: Option<BinderId>| outer.and_then(|outer| scope.binders.get(&outer).copied());
        let mut at_period = bound(outer_period);
        match grouping.period.as_ref().map(|(.., matched)| *matched) {
            Some(PeriodMatch::Spanning(span)) => node = self.cumulated(node, span),
            Some(PeriodMatch::Shifted(by)) => {
                at_period = at_period.map(|period| {
                    let ty = self.ty_of(period);
                    let frame = self.frame_of(period);
                    self.node(Op::Shift { period, by }, frame, ty, expr.span)
                });
            }
            Some(PeriodMatch::Own) | None => {}
        }
        self.broadcast(node, scope, bound(outer_row), at_period, expr.span)
    }

    fn expanded(
        &mut self,
        aggregate: &Aggregate,
        mut rest: Vec<&Expr>,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        let mut state: Option<Expanded> = None;
        for source in &aggregate.sources {
            let next = match &state {
                Some(state) => {
                    let members = scope.reading;
                    let mut next = self.expand(source, &mut rest, &state.scope, members, expr);
                    let (frame, origin) = (next.scope.frame, next.base);
                    next.base = self.fetch(state.base, frame, origin);
                    let kept: Vec<NodeId> = state
                        .kept
                        .iter()
                        .map(|kept| self.fetch(*kept, frame, origin))
                        .collect();
                    next.kept.extend(kept);
                    next.from.clone_from(&state.from);
                    next
                }
                None => self.expand(source, &mut rest, scope, scope.reading, expr),
            };
            state = Some(next);
        }
        let Some(Expanded {
            scope: inner,
            base,
            kept,
            from,
        }) = state
        else {
            return self.missing(expr.span);
        };
        let mut filter: Vec<NodeId> = rest
            .iter()
            .map(|condition| self.expr(condition, &inner))
            .collect();
        filter.extend(kept);
        let filter = self.all_of(filter, &inner, expr);
        let valued = inner.clone().read(scope.reading);
        let value = aggregate.value.as_ref().map(|value| self.expr(value, &valued));
        let order = aggregate
            .order
            .iter()
            .map(|(key, direction)| (self.expr(key, &inner), *direction))
            .collect();
        let key = match self.graph.frame(scope.frame) {
            Some(Frame::Single) => GroupKey::All,
            _ => GroupKey::Cell(base),
        };
        let op = Op::Group {
            op: aggregate.op,
            value,
            filter,
            key,
            from: inner.frame,
            order,
            best: aggregate.best,
        };
        let mut value = self.node(op, scope.frame, expr.ty, expr.span);
        for by in from {
            value = self.node(Op::Poison { value, by }, scope.frame, expr.ty, expr.span);
        }
        value
    }

    /// Expands a scope by one source; conditions that serve as keys are taken out of the list.
    pub(super) fn expand(
        &mut self,
        source: &Source,
        rest: &mut Vec<&Expr>,
        scope: &Scope,
        members: Reading,
        expr: &Expr,
    ) -> Expanded {
        let scope = &scope.choosing();
        let (by, item) = match &source.domain {
            Domain::Rows(table) => (
                self.matching(*table, source.binder, rest, scope),
                Scalar::Row(*table),
            ),
            Domain::Below { of, by, depth } => {
                let table = match of.ty.scalar {
                    Scalar::Row(table) => table,
                    _ => TableId(0),
                };
                let of = self.expr(of, scope);
                (
                    Expansion::Below {
                        table,
                        by: *by,
                        of,
                        depth: *depth,
                    },
                    Scalar::Row(table),
                )
            }
            Domain::Periods {
                calendar,
                unit,
                within,
            } => {
                let from = self.expr(&within.from, scope);
                let through = self.expr(&within.through, scope);
                let by = Expansion::Periods {
                    calendar: *calendar,
                    unit: *unit,
                    from,
                    through,
                };
                (by, Scalar::Period(*unit))
            }
        };
        let (made_from, keys) = match &by {
            Expansion::Below { of, .. } | Expansion::Above { of, .. } => (vec![*of], Vec::new()),
            Expansion::Periods { from, through, .. } => (vec![*from, *through], Vec::new()),
            Expansion::Matching { outer, .. } => (Vec::new(), outer.clone()),
            Expansion::AllRows(_) | Expansion::Onward { .. } | Expansion::Moments { .. } => {
                (Vec::new(), Vec::new())
            }
        };
        let frame = self.frame(Frame::Expanded { of: scope.frame, by });
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), expr.span);
        let mut inner = self.carried(scope, frame, origin);
        let item_node = self.node(Op::Item, frame, Ty::always(item), expr.span);
        inner.binders.insert(source.binder, item_node);
        let members = match item {
            Scalar::Row(table) => self.membership(scope.plan, table, members),
            _ => Vec::new(),
        };
        let mut kept: Vec<NodeId> = members
            .into_iter()
            .map(|kept| self.fetch(kept, frame, item_node))
            .collect();
        // Where a key is an error every record may be meant.
        for key in keys {
            if !self.never_fails(key) {
                let value = self.constant(Value::Bool(true), Scalar::Bool, expr.span);
                let by = self.fetch(key, frame, origin);
                let op = Op::Poison { value, by };
                kept.push(self.node(op, frame, Ty::always(Scalar::Bool), expr.span));
            }
        }
        let from = made_from
            .into_iter()
            .filter(|node| !self.never_fails(*node))
            .collect();
        Expanded {
            scope: inner,
            base: origin,
            kept,
            from,
        }
    }

    fn matching(
        &mut self,
        table: TableId,
        source: BinderId,
        rest: &mut Vec<&Expr>,
        scope: &Scope,
    ) -> Expansion {
        let (mut inner, mut outer) = (Vec::new(), Vec::new());
        let Some(rows) = self.dense(Some(source), None, scope.plan) else {
            return Expansion::AllRows(table);
        };
        let rows = rows.read(scope.reading);
        rest.retain(|condition| match equality(condition, source, scope) {
            Some((ours, theirs)) => {
                inner.push(self.expr(ours, &rows));
                outer.push(self.expr(theirs, scope));
                false
            }
            None => true,
        });
        if inner.is_empty() {
            Expansion::AllRows(table)
        } else {
            Expansion::Matching { table, inner, outer }
        }
    }

    /// Says whether a node is a literal, or a cell's own row or period.
    pub(super) fn never_fails(&self, id: NodeId) -> bool {
        match self.graph.node(id).map(|node| &node.op) {
            Some(Op::Const(_) | Op::OwnRow | Op::OwnPeriod | Op::Item | Op::Origin) => true,
            Some(Op::At { source, cell }) => self.never_fails(*source) && self.never_fails(*cell),
            _ => false,
        }
    }

    /// Joins conditions; none where there are none.
    pub(super) fn all_of(
        &mut self,
        mut conditions: Vec<NodeId>,
        scope: &Scope,
        expr: &Expr,
    ) -> Option<NodeId> {
        conditions.dedup();
        match conditions.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => Some(self.node(
                Op::And(conditions),
                scope.frame,
                Ty::always(Scalar::Bool),
                expr.span,
            )),
        }
    }
}

/// Lists the conditions that must all hold.
pub(super) fn conjuncts(filter: Option<&Expr>) -> Vec<&Expr> {
    let mut open: Vec<&Expr> = filter.into_iter().collect();
    let mut found = Vec::new();
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::And(parts) => open.extend(parts.iter().rev()),
            _ => found.push(expr),
        }
    }
    found
}

/// Lists the ends of ranges of days that are the same for all records and that there may not be.
fn uncertain_ends<'e>(aggregate: &Aggregate, conditions: &[&'e Expr]) -> Vec<&'e Expr> {
    let is_own = |expr: &Expr| {
        let free = free_binders(expr);
        aggregate
            .sources
            .iter()
            .any(|source| free.contains(&source.binder))
    };
    let mut found = Vec::new();
    for condition in conditions {
        if let ExprKind::Within { range, .. } = &condition.kind {
            let ends = [&*range.from, &*range.through];
            if !ends.iter().any(|end| is_own(end)) {
                found.extend(ends.into_iter().filter(|end| may_lack(end)));
            }
        }
    }
    found
}

/// Says whether there may be no such day or period: months and years go on for ever, other calendars end.
fn may_lack(expr: &Expr) -> bool {
    let civil = CalendarId(0);
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Binder(_) => false,
        ExprKind::FirstDay(period) | ExprKind::LastDay(period) => may_lack(period),
        ExprKind::Shift { calendar, period, .. } => *calendar != civil || may_lack(period),
        ExprKind::Containing { calendar, day, .. } => *calendar != civil || may_lack(day),
        _ => true,
    }
}

fn outer_binders(aggregate: &Aggregate, conditions: &[&Expr]) -> BTreeSet<BinderId> {
    let mut outer = BTreeSet::new();
    let parts = aggregate.value.iter().chain(conditions.iter().copied());
    for part in parts.chain(aggregate.order.iter().map(|(key, _)| key)) {
        outer.extend(free_binders(part));
    }
    for source in &aggregate.sources {
        outer.remove(&source.binder);
    }
    outer
}

/// Gives the other side of `x is outer`, if it depends on the source alone.
pub(super) fn key_of(condition: &Expr, outer: BinderId, source: BinderId) -> Option<&Expr> {
    let (left, right) = condition.equal_sides()?;
    let is_outer = |side: &Expr| side.kind == ExprKind::Binder(outer);
    let key: &Expr = match (is_outer(left), is_outer(right)) {
        (true, false) => right,
        (false, true) => left,
        (true, true) | (false, false) => return None,
    };
    let free = free_binders(key);
    (free.contains(&source) && free.len() == 1).then_some(key)
}

/// Gives the two sides of `inner is outer` or `inner = outer`, where one depends on the source alone and the other on
/// variables of the scope, and equality of the type can be looked up.
fn equality<'e>(condition: &'e Expr, source: BinderId, scope: &Scope) -> Option<(&'e Expr, &'e Expr)> {
    let (left, right) = condition.equal_sides()?;
    let is_key = |side: &Expr| {
        matches!(
            side.ty.scalar,
            Scalar::Row(_) | Scalar::Period(_) | Scalar::Enum(_)
        )
    };
    if !is_key(left) || !is_key(right) || left.ty.is_optional() && right.ty.is_optional() {
        return None;
    }
    let is_ours = |side: &Expr| {
        let free = free_binders(side);
        free.contains(&source) && free.len() == 1
    };
    let is_theirs = |side: &Expr| {
        free_binders(side)
            .iter()
            .all(|binder| scope.binders.contains_key(binder))
    };
    if is_ours(left) && is_theirs(right) {
        Some((left, right))
    } else if is_ours(right) && is_theirs(left) {
        Some((right, left))
    } else {
        None
    }
}
