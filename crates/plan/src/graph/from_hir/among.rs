//! Places and shares among records: each is computed once for all records of a table, by group.

use super::Builder;
use super::Construct;
use super::aggregate::{conjuncts, key_of};
use super::free::free_binders;
use super::period::{PeriodMatch, match_period};
use super::scope::{Reading, Scope};
use crate::graph::{Frame, GroupKey, NodeId, Op, TextPart};
use crate::hir::{AggregateOp, Allocation, Comparison, Domain, Expr, Piece, Ranking, Source};
use crate::types::{BinderId, Scalar, TableId, Ty};

/// Holds the records that a place or a share is taken among, on the frame of all of them.
struct Among {
    /// The frame, where the records' variable and that of the period are bound.
    scope: Scope,
    /// Which records count.
    keep: Option<NodeId>,
    /// An error where a record must not be read.
    sound: Option<NodeId>,
    /// What records of one group have in common.
    within: Vec<NodeId>,
    /// The outer record that a condition ties the records to, with their side of that condition.
    tied: Option<(BinderId, NodeId)>,
    /// The outer period, where the frame has one for each period.
    period: Option<BinderId>,
    /// The outer period that a record's day ties it to, with the record's period.
    dated: Option<(BinderId, NodeId)>,
    /// For a team, which is listed for each cell anew: the record of the frame, the cell it is listed for, and what the
    /// list is made from.
    listed: Option<Listed>,
}

/// Says how the members of a team were listed.
struct Listed {
    member: NodeId,
    base: NodeId,
    from: Vec<NodeId>,
}

impl Builder<'_> {
    pub(super) fn words(&mut self, pieces: &[Piece], scope: &Scope, expr: &Expr) -> NodeId {
        let mut values = Vec::new();
        let parts = pieces.iter().map(|piece| match piece {
            Piece::Words(words) => TextPart::Words(words.clone()),
            Piece::Value(value) => {
                let node = self.expr(value, scope);
                values.push(node);
                TextPart::Value(node)
            }
        });
        let op = Op::Words(parts.collect());
        let frame = self.common_frame(scope, &values);
        self.node(op, frame, expr.ty, expr.span)
    }

    pub(super) fn ranking(&mut self, ranking: &Ranking, scope: &Scope, expr: &Expr) -> NodeId {
        let keys: Vec<&Expr> = ranking.keys.iter().map(|(key, _)| key).collect();
        let (filter, within) = (ranking.filter.as_ref(), &ranking.within);
        let found = match &ranking.domain {
            Domain::Rows(table) => self.among((ranking.binder, *table), filter, within, &keys, scope, expr),
            Domain::Below { .. } | Domain::Periods { .. } => {
                self.team((ranking.binder, &ranking.domain), filter, within, scope, expr)
            }
        };
        let Some(among) = found else {
            return self.refuse(Construct::OpenGroup, expr.span);
        };
        let keys = ranking
            .keys
            .iter()
            .map(|(key, direction)| (self.of_member(key, &among, scope), *direction))
            .collect();
        let op = Op::Rank {
            keep: among.keep,
            within: among.within.clone(),
            keys,
            ties: ranking.ties,
        };
        let node = self.node(op, among.scope.frame, Ty::optional(expr.ty.scalar), expr.span);
        self.of_record(node, &ranking.row, &among, scope, expr)
    }

    pub(super) fn allocation(&mut self, allocation: &Allocation, scope: &Scope, expr: &Expr) -> NodeId {
        let parts = [&allocation.amount, &allocation.weight];
        let (filter, within) = (allocation.filter.as_ref(), &allocation.within);
        let found = match &allocation.domain {
            Domain::Rows(table) => {
                self.among((allocation.binder, *table), filter, within, &parts, scope, expr)
            }
            Domain::Below { .. } | Domain::Periods { .. } => self.team(
                (allocation.binder, &allocation.domain),
                filter,
                within,
                scope,
                expr,
            ),
        };
        let Some(among) = found else {
            return self.refuse(Construct::OpenGroup, expr.span);
        };
        let op = Op::Share {
            keep: among.keep,
            within: among.within.clone(),
            amount: self.of_member(&allocation.amount, &among, scope),
            weight: self.of_member(&allocation.weight, &among, scope),
            step: allocation.step.clone(),
            rounding: allocation.rounding,
            rest: allocation.rest,
            unweighted: allocation.unweighted,
        };
        let node = self.node(op, among.scope.frame, Ty::optional(expr.ty.scalar), expr.span);
        self.of_record(node, &allocation.row, &among, scope, expr)
    }

    /// Opens the frame of all records, and finds out what groups them.
    fn among(
        &mut self,
        (binder, table): (BinderId, TableId),
        filter: Option<&Expr>,
        within: &[Expr],
        parts: &[&Expr],
        scope: &Scope,
        expr: &Expr,
    ) -> Option<Among> {
        let mut rest = conjuncts(filter);
        let mut outer = std::collections::BTreeSet::new();
        let all = rest.iter().copied().chain(within).chain(parts.iter().copied());
        all.for_each(|part| outer.extend(free_binders(part)));
        outer.remove(&binder);
        let rows: Vec<BinderId> = outer
            .iter()
            .copied()
            .filter(|found| self.row_table(*found).is_some())
            .collect();
        let periods: Vec<BinderId> = outer
            .iter()
            .copied()
            .filter(|found| self.row_table(*found).is_none())
            .collect();
        if rows.len() > 1 || periods.len() > 1 {
            return None;
        }
        let tied = match rows.first() {
            Some(row) => {
                let at = rest
                    .iter()
                    .position(|part| key_of(part, *row, binder).is_some())?;
                Some((*row, key_of(rest.remove(at), *row, binder)?))
            }
            None => None,
        };
        let mut period = periods.first().copied();
        let dated = period.and_then(|found| self.dated(found, binder, &mut rest, within, parts, scope));
        if dated.is_some() {
            period = None;
        }
        let mut inner = self
            .dense(Some(binder), period, scope.plan)?
            .read(scope.reading)
            .choosing();
        let mut groups: Vec<NodeId> = within.iter().map(|part| self.expr(part, &inner)).collect();
        groups.extend(period.and_then(|period| inner.binders.get(&period).copied()));
        let tied = tied.map(|(row, key)| {
            let key = self.expr(key, &inner);
            inner.binders.insert(row, key);
            (row, key)
        });
        let dated = dated.map(|(period, value)| {
            let node = self.period_of(value, &inner, false);
            inner.binders.insert(period, node);
            (period, node)
        });
        groups.extend(tied.map(|(_, key)| key));
        groups.extend(dated.map(|(_, key)| key));
        let mut keep: Vec<NodeId> = rest.iter().map(|part| self.expr(part, &inner)).collect();
        let members = self.membership(scope.plan, table, Reading::Choosing);
        keep.extend(
            members
                .into_iter()
                .map(|kept| self.broadcast_row(kept, &inner, binder)),
        );
        let keep = self.all_of(keep, &inner, expr);
        let sound = match scope.reading {
            Reading::Checked => self.sound(scope.plan, table),
            Reading::Choosing | Reading::AsGiven => None,
        };
        let sound = sound.map(|sound| self.broadcast_row(sound, &inner, binder));
        Some(Among {
            scope: inner,
            keep,
            sound,
            within: groups,
            tied,
            period,
            dated,
            listed: None,
        })
    }

    /// Lists the members of a team for each cell, and groups them by that cell: somebody is in the teams of all above.
    fn team(
        &mut self,
        (binder, domain): (BinderId, &Domain),
        filter: Option<&Expr>,
        within: &[Expr],
        scope: &Scope,
        expr: &Expr,
    ) -> Option<Among> {
        let source = Source {
            binder,
            domain: domain.clone(),
        };
        let table = self.row_table(binder)?;
        let mut rest = conjuncts(filter);
        let found = self.expand(&source, &mut rest, scope, Reading::Choosing, expr);
        let inner = found.scope;
        let mut groups: Vec<NodeId> = within.iter().map(|part| self.expr(part, &inner)).collect();
        groups.push(found.base);
        let mut keep: Vec<NodeId> = rest.iter().map(|part| self.expr(part, &inner)).collect();
        keep.extend(found.kept);
        let keep = self.all_of(keep, &inner, expr);
        let sound = match scope.reading {
            Reading::Checked => self.sound(scope.plan, table),
            Reading::Choosing | Reading::AsGiven => None,
        };
        Some(Among {
            sound: sound.map(|sound| self.broadcast_row(sound, &inner, binder)),
            keep,
            within: groups,
            tied: None,
            period: None,
            dated: None,
            listed: Some(Listed {
                member: inner.binders.get(&binder).copied()?,
                base: found.base,
                from: found.from,
            }),
            scope: inner,
        })
    }

    /// Picks what the member that is asked for has out of those listed for the same cell; missing where there is none.
    fn of_member_asked(
        &mut self,
        node: NodeId,
        row: NodeId,
        (among, listed): (&Among, &Listed),
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        let frame = among.scope.frame;
        let asked = self.fetch(row, frame, listed.base);
        let is_asked = Op::Compare {
            op: Comparison::Equal,
            left: listed.member,
            right: asked,
        };
        let is_asked = self.node(is_asked, frame, Ty::always(Scalar::Bool), expr.span);
        let key = match self.graph.frame(scope.frame) {
            Some(Frame::Single) => GroupKey::All,
            _ => GroupKey::Cell(listed.base),
        };
        let op = Op::Group {
            op: AggregateOp::First,
            value: Some(node),
            filter: Some(is_asked),
            key,
            from: frame,
            order: Vec::new(),
            best: None,
        };
        let ty = Ty::optional(expr.ty.scalar);
        let mut value = self.node(op, scope.frame, ty, expr.span);
        let row = Some(row).filter(|row| !self.never_fails(*row));
        for by in listed.from.iter().copied().chain(row) {
            value = self.node(Op::Poison { value, by }, scope.frame, ty, expr.span);
        }
        value
    }

    /// Lowers what is compared or divided: an error for a record that must not be read.
    fn of_member(&mut self, value: &Expr, among: &Among, scope: &Scope) -> NodeId {
        let inner = among.scope.clone().read(scope.reading);
        let node = self.expr(value, &inner);
        let Some(by) = among.sound else { return node };
        let op = Op::Poison { value: node, by };
        self.node(op, inner.frame, value.ty, value.span)
    }

    /// Finds the condition that puts each record into one period, so that records need not be laid out by period.
    fn dated<'e>(
        &self,
        period: BinderId,
        binder: BinderId,
        rest: &mut Vec<&'e Expr>,
        within: &[Expr],
        parts: &[&Expr],
        scope: &Scope,
    ) -> Option<(BinderId, &'e Expr)> {
        let plan = self
            .program
            .plan(scope.plan)
            .filter(|plan| plan.period == period)?;
        let matched = |part: &&'e Expr| match match_period(part, plan, binder) {
            Some((value, PeriodMatch::Own)) => Some(value),
            Some(_) | None => None,
        };
        let at = rest.iter().position(|part| matched(part).is_some())?;
        let others = rest.iter().enumerate().filter(|(other, _)| *other != at);
        let is_used = others
            .map(|(_, part)| *part)
            .chain(within)
            .chain(parts.iter().copied())
            .any(|part| free_binders(part).contains(&period));
        if is_used {
            return None;
        }
        Some((period, matched(&rest.remove(at))?))
    }

    fn broadcast_row(&mut self, node: NodeId, inner: &Scope, binder: BinderId) -> NodeId {
        let row = inner.binders.get(&binder).copied();
        let span = self.span_of(binder);
        self.broadcast(node, inner, row, None, span)
    }

    /// Reads what a record has, for the record of each cell of a scope; missing where it is not in the cell's group.
    fn of_record(&mut self, node: NodeId, row: &Expr, among: &Among, scope: &Scope, expr: &Expr) -> NodeId {
        let row = self.expr(row, scope);
        if let Some(listed) = &among.listed {
            return self.of_member_asked(node, row, (among, listed), scope, expr);
        }
        let bound = |outer: BinderId| scope.binders.get(&outer).copied();
        let at = among.period.and_then(bound);
        let value = self.broadcast(node, scope, Some(row), at, expr.span);
        let mut same = Vec::new();
        for (outer, key) in among.tied.into_iter().chain(among.dated) {
            let Some(wanted) = bound(outer) else { continue };
            let own = self.broadcast(key, scope, Some(row), at, expr.span);
            let compare = Op::Compare {
                op: Comparison::Equal,
                left: own,
                right: wanted,
            };
            let frame = self.common_frame(scope, &[own, wanted]);
            same.push(self.node(compare, frame, Ty::always(Scalar::Bool), expr.span));
        }
        if same.is_empty() {
            return value;
        }
        // A record that is left out has no value, whatever is wrong with what ties it.
        let frame = self.common_frame(scope, &[value]);
        let boolean = Ty::always(Scalar::Bool);
        let is_left_out = self.node(Op::IsMissing(value), frame, boolean, expr.span);
        same.push(self.node(Op::Not(is_left_out), frame, boolean, expr.span));
        let frame = self.common_frame(scope, &same);
        let condition = self.node(Op::And(same), frame, boolean, expr.span);
        let ty = Ty::optional(expr.ty.scalar);
        self.node(Op::Where { value, condition }, frame, ty, expr.span)
    }
}
