//! Settlements: the periods in which what is payable of a line can change.

use std::collections::BTreeSet;

use guerdon_syntax::span::Span;

use super::super::Builder;
use super::super::aggregate::conjuncts;
use super::super::free::free_binders;
use super::super::scope::{Reading, Scope};
use super::EarnNodes;
use crate::graph::{Expansion, Frame, FrameId, HoldOutput, Moments, NodeId, Op, Waiting};
use crate::hir::{
    Aggregate, Comparison, Domain, Earn, Expr, ExprKind, Factor, Limit, RoundingPlace, Sign, Source, Value,
};
use crate::number::Exact;
use crate::types::{BinderId, Scalar, Ty};

impl Builder<'_> {
    /// Lays out the settlements of an earn that is released or taken back by and by.
    pub(super) fn moments(
        &mut self,
        earn: &Earn,
        nodes: &EarnNodes,
        scope: &Scope,
    ) -> Option<(Moments, Option<HoldOutput>)> {
        let is_plain = earn.release.is_none() && earn.clawback.is_none() && earn.hold.is_none();
        if is_plain && earn.review.is_none() {
            return None;
        }
        let plan = self.program.plan(earn.plan)?;
        let scope = &with_own_period(earn, plan.period, scope);
        let (ty, span) = (earn.ty, earn.span);
        let axis = self.axis(earn.plan);
        let shares: Vec<&Expr> = earn.settling().collect();
        let kept = earn
            .hold
            .as_ref()
            .map(|hold| self.kept_back(hold, earn, nodes, scope));
        let by = match self.events(&shares, plan.period, scope) {
            Some(mut events) => {
                let let_go = kept.and_then(|kept| self.day_of_line(kept.until, earn, nodes));
                events.extend(let_go);
                Expansion::Moments {
                    axis,
                    from: nodes.period,
                    events,
                }
            }
            None => Expansion::Onward {
                axis,
                from: nodes.period,
            },
        };
        let frame = self.frame(Frame::Expanded { of: nodes.frame, by });
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), span);
        let period = self.node(Op::Item, frame, Ty::always(Scalar::Period(plan.unit)), span);
        let mut inner = self.carried(scope, frame, origin);
        inner.binders.insert(plan.period, period);
        let one = self.constant(Value::Number(Exact::ONE), Scalar::Number, span);
        let zero = self.constant(Value::Number(Exact::ZERO), Scalar::Number, span);
        let release = earn
            .release
            .as_ref()
            .map_or(one, |share| self.expr(&share.share, &inner));
        let clawback = earn
            .clawback
            .as_ref()
            .map_or(zero, |share| self.expr(&share.share, &inner));
        let number = Ty::always(Scalar::Number);
        let net = Op::Sum(vec![(Sign::Plus, release), (Sign::Minus, clawback)]);
        let net = self.node(net, frame, number, span);
        let earned = self.fetch(nodes.earned, frame, origin);
        let is_waiting = self.is_waiting(earn, scope, &inner, origin);
        let [released_share, paid_share] = [release, net].map(|share| {
            let limits = vec![(Limit::AtLeast, zero), (Limit::AtMost, one)];
            let mut share = self.node(Op::Bounded { value: share, limits }, frame, number, span);
            if earn.keeps_released() {
                share = self.node(Op::Reached(share), frame, number, span);
            }
            if let Some(condition) = is_waiting {
                let op = Op::If {
                    condition,
                    then: zero,
                    otherwise: share,
                };
                share = self.node(op, frame, number, span);
            }
            self.share_of_line(share, zero, nodes, earn, (frame, origin))
        });
        let nothing = self.constant(Value::Number(Exact::ZERO), ty.scalar, span);
        let waiting = is_waiting.map(|condition| {
            let op = Op::If {
                condition,
                then: one,
                otherwise: zero,
            };
            let share = self.node(op, frame, number, span);
            let share = self.share_of_line(share, zero, nodes, earn, (frame, origin));
            let amount = self.unless_equal(share, zero, nothing, earned, ty);
            Waiting { share, amount }
        });
        let part = |this: &mut Self, whole: NodeId, share: NodeId| {
            let amount = Op::Product(vec![(Factor::Times, whole), (Factor::Times, share)]);
            let amount = this.node(amount, frame, ty, span);
            this.rounded(amount, RoundingPlace::EachLine, &inner, span)
        };
        // No share of a line is nothing, even of a line that is an error.
        let left = part(self, earned, paid_share);
        let Some(kept) = kept else {
            let released = part(self, earned, released_share);
            let moments = Moments {
                frame,
                period,
                released_share,
                released: self.unless_equal(released_share, zero, nothing, released, ty),
                released_key: released_share,
                paid_share,
                paid: self.unless_equal(paid_share, zero, nothing, left, ty),
                paid_key: paid_share,
                waiting,
            };
            return Some((moments, None));
        };
        let let_go = self.is_let_go(kept, (plan.calendar, period), (frame, origin), span);
        let base = self.without_kept(kept, let_go, earned, (frame, origin), ty, span);
        let released = part(self, base, released_share);
        let paid = self.lesser(left, released, earned, nothing, ty);
        let [released_key, paid_key] =
            [released_share, paid_share].map(|share| self.key(share, let_go, span));
        let hold = HoldOutput {
            amount: kept.amount,
            until: kept.until,
            let_go,
        };
        let moments = Moments {
            frame,
            period,
            released_share,
            released: self.unless_equal(released_share, zero, nothing, released, ty),
            released_key,
            paid_share,
            paid: self.unless_equal(paid_share, zero, nothing, paid, ty),
            paid_key,
            waiting,
        };
        Some((moments, Some(hold)))
    }

    /// Says at which settlements a line waits for somebody to look at it.
    fn is_waiting(&mut self, earn: &Earn, lines: &Scope, inner: &Scope, origin: NodeId) -> Option<NodeId> {
        let review = earn.review.as_ref()?;
        let (frame, boolean, span) = (inner.frame, Ty::always(Scalar::Bool), review.span);
        let marked = self.expr(&review.when, lines);
        let marked = self.spread(marked, lines);
        let marked = self.fetch(marked, frame, origin);
        let Some(until) = &review.until else {
            return Some(marked);
        };
        let decided = self.expr(until, inner);
        let open = self.node(Op::Not(decided), frame, boolean, span);
        Some(self.node(Op::And(vec![marked, open]), frame, boolean, span))
    }

    /// Makes a share nothing where an undated earn has no line: for who is no payee.
    fn share_of_line(
        &mut self,
        share: NodeId,
        zero: NodeId,
        nodes: &EarnNodes,
        earn: &Earn,
        (frame, origin): (FrameId, NodeId),
    ) -> NodeId {
        let scope = match earn.lines {
            Some(_) => None,
            None => self.plan_scope(earn.plan),
        };
        let Some(scope) = scope else { return share };
        let (boolean, number, span) = (Ty::always(Scalar::Bool), Ty::always(Scalar::Number), earn.span);
        let yes = self.constant(Value::Bool(true), Scalar::Bool, span);
        let value = self.is_payee(earn.plan, &scope);
        let is_line = Op::Recover {
            value,
            otherwise: yes,
        };
        let is_line = self.node(is_line, nodes.frame, boolean, span);
        let condition = self.fetch(is_line, frame, origin);
        let op = Op::If {
            condition,
            then: share,
            otherwise: zero,
        };
        self.node(op, frame, number, span)
    }

    /// Gives one value where two numbers of a settlement are equal, and another where they are not.
    pub(super) fn unless_equal(
        &mut self,
        left: NodeId,
        right: NodeId,
        then: NodeId,
        otherwise: NodeId,
        ty: Ty,
    ) -> NodeId {
        let frame = self.frame_of(otherwise);
        let span = self
            .graph
            .node(otherwise)
            .map_or_else(Span::default, |node| node.span);
        let op = Comparison::Equal;
        let condition = self.node(
            Op::Compare { op, left, right },
            frame,
            Ty::always(Scalar::Bool),
            span,
        );
        self.node(
            Op::If {
                condition,
                then,
                otherwise,
            },
            frame,
            ty,
            span,
        )
    }

    /// Finds the days on which shares can change: possible where the period is only used to ask which records have
    /// come by its last day.
    fn events(&mut self, shares: &[&Expr], period: BinderId, scope: &Scope) -> Option<Vec<NodeId>> {
        let mut found = Vec::new();
        for share in shares {
            collect_events(share, period, &mut found)?;
        }
        let mut events = BTreeSet::new();
        for event in found {
            let mut rest = event.rest;
            let expanded = self.expand(event.source, &mut rest, scope, Reading::Checked, event.day);
            let day = self.expr(event.day, &expanded.scope);
            events.insert(day);
        }
        Some(events.into_iter().collect())
    }
}

/// Keeps the own period of an amount without lines beside the one in which it is settled.
fn with_own_period(earn: &Earn, period: BinderId, scope: &Scope) -> Scope {
    let mut scope = scope.clone();
    if let (Some(own), Some(period)) = (earn.own_period, scope.binders.get(&period).copied()) {
        scope.binders.insert(own, period);
    }
    scope
}

/// An aggregate that asks which records have come by a period's last day.
struct Event<'e> {
    source: &'e Source,
    rest: Vec<&'e Expr>,
    day: &'e Expr,
}

/// Collects the events of a share; `None` if the period is used in any other way.
fn collect_events<'e>(expr: &'e Expr, period: BinderId, found: &mut Vec<Event<'e>>) -> Option<()> {
    if !free_binders(expr).contains(&period) {
        return Some(());
    }
    match &expr.kind {
        ExprKind::Sum(parts) => parts
            .iter()
            .try_for_each(|(_, part)| collect_events(part, period, found)),
        ExprKind::Product(parts) => parts
            .iter()
            .try_for_each(|(_, part)| collect_events(part, period, found)),
        ExprKind::Bounded { value, limits } => {
            collect_events(value, period, found)?;
            limits
                .iter()
                .try_for_each(|(_, limit)| collect_events(limit, period, found))
        }
        ExprKind::If {
            condition,
            then,
            otherwise,
        } => [condition, then, otherwise]
            .into_iter()
            .try_for_each(|part| collect_events(part, period, found)),
        ExprKind::Compare { left, right, .. } => {
            collect_events(left, period, found)?;
            collect_events(right, period, found)
        }
        ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Otherwise(parts) => parts
            .iter()
            .try_for_each(|part| collect_events(part, period, found)),
        ExprKind::Not(inner) | ExprKind::Require(inner) | ExprKind::Rounded { value: inner, .. } => {
            collect_events(inner, period, found)
        }
        ExprKind::Aggregate(aggregate) => {
            found.push(event(aggregate, period)?);
            Some(())
        }
        _ => None,
    }
}

fn event(aggregate: &Aggregate, period: BinderId) -> Option<Event<'_>> {
    let [
        source @ Source {
            binder,
            domain: Domain::Rows(_),
        },
    ] = aggregate.sources.as_slice()
    else {
        return None;
    };
    let mut rest = conjuncts(aggregate.filter.as_ref());
    let place = rest
        .iter()
        .position(|condition| by_last_day(condition, period, *binder).is_some())?;
    let day = by_last_day(rest.remove(place), period, *binder)?;
    let parts = aggregate
        .value
        .iter()
        .chain(rest.iter().copied())
        .chain(aggregate.order.iter().map(|(key, _)| key));
    let is_free = parts.into_iter().any(|part| free_binders(part).contains(&period));
    (!is_free).then_some(Event { source, rest, day })
}

/// Reads `day <= period.last_day`.
fn by_last_day(condition: &Expr, period: BinderId, source: BinderId) -> Option<&Expr> {
    let (day, bound): (&Expr, &Expr) = match &condition.kind {
        ExprKind::Compare {
            op: Comparison::LessOrEqual,
            left,
            right,
        } => (left, right),
        ExprKind::Compare {
            op: Comparison::GreaterOrEqual,
            left,
            right,
        } => (right, left),
        _ => return None,
    };
    let ExprKind::LastDay(of) = &bound.kind else {
        return None;
    };
    let free = free_binders(day);
    (of.kind == ExprKind::Binder(period) && free.contains(&source) && free.len() == 1).then_some(day)
}
