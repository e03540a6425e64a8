//! Earns: lines, caps, settlements, totals.

use std::collections::BTreeSet;

use guerdon_syntax::span::Span;

use super::aggregate::{conjuncts, key_of};
use super::free::free_binders;
use super::scope::{LineOrder, Scope};
use super::{Builder, Construct, Progress};
use crate::graph::{
    AxisSpan, EarnOutput, Expansion, Frame, FrameId, GroupKey, Moments, NodeId, Op, Outside, Taken,
};
use crate::hir::{
    Aggregate, AggregateOp, Cap, Comparison, Domain, Earn, EarnOf, EarnPart, Expr, ExprKind, Factor, Limit,
    Lines, RoundingPlace, Sign, Source, Value,
};
use crate::number::Exact;
use crate::types::{BinderId, EarnId, Scalar, Ty};

/// The frame of an earn's lines.
#[derive(Debug, Clone)]
pub(super) struct LineFrame {
    pub scope: Scope,
    pub payee: NodeId,
    pub period: NodeId,
    row: NodeId,
    day: NodeId,
    keep: NodeId,
}

/// All that is known of an earn.
#[derive(Debug, Clone)]
pub(super) struct EarnNodes {
    frame: FrameId,
    row: Option<NodeId>,
    payee: NodeId,
    period: NodeId,
    day: NodeId,
    base: Option<NodeId>,
    normal: NodeId,
    uncut: NodeId,
    earned: NodeId,
    moments: Option<Moments>,
}

impl Builder<'_> {
    pub(super) fn earn_output(&mut self, id: EarnId) -> Option<EarnOutput> {
        let nodes = self.earn_nodes(id)?;
        Some(EarnOutput {
            earn: id,
            lines: nodes.frame,
            row: nodes.row,
            payee: nodes.payee,
            period: nodes.period,
            day: nodes.day,
            base: nodes.base,
            normal: nodes.normal,
            uncut: nodes.uncut,
            earned: nodes.earned,
            moments: nodes.moments,
        })
    }

    /// Opens the frame of the lines of an earn; none for an undated one.
    pub(super) fn line_frame(&mut self, id: EarnId) -> Option<LineFrame> {
        let earn = self.program.earn(id)?;
        let lines = earn.lines.as_ref()?;
        let plan = self.program.plan(earn.plan)?;
        let (payee_binder, period_binder, span) = (plan.payee, plan.period, earn.span);
        let payees = self.plan_scope(earn.plan)?;
        let is_payee = self.is_payee(earn.plan, &payees);
        let mut conditions = conjuncts(lines.filter.as_ref());
        let mut base = self.owned_rows(lines, payee_binder, &mut conditions, earn)?;
        let day = self.expr(&lines.dated, &base);
        let period = self.period_of(&lines.dated, &base, false);
        base.binders.insert(period_binder, period);
        let payee = *base.binders.get(&payee_binder)?;
        let row = *base.binders.get(&lines.row)?;
        let boolean = Ty::always(Scalar::Bool);
        let mut keep: Vec<NodeId> = conditions
            .iter()
            .map(|condition| self.expr(condition, &base))
            .collect();
        let (from, through) = self.effective_days(plan.effective, span);
        let within = Op::Within {
            value: day,
            calendar: plan.calendar,
            from,
            through,
        };
        keep.push(self.node(within, base.frame, boolean, span));
        let place = Op::CellOf {
            frame: payees.frame,
            row: Some(payee),
            period: Some(period),
            outside: Outside::Missing,
        };
        let place = self.node(place, base.frame, Ty::optional(Scalar::Int), span);
        let paid = self.fetch(is_payee, base.frame, place);
        let no = self.constant(Value::Bool(false), Scalar::Bool, span);
        keep.push(self.node(Op::Otherwise(vec![paid, no]), base.frame, boolean, span));
        if let Some(kept) = self.refusing_check(earn.plan, lines.table) {
            keep.push(self.broadcast(kept, &base, Some(row), None, span));
        }
        let keep = self.node(Op::And(keep), base.frame, boolean, span);
        let frame = self.frame(Frame::Selected { of: base.frame, keep });
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), span);
        let mut scope = self.carried(&base, frame, origin);
        let payee = *scope.binders.get(&payee_binder)?;
        let period = *scope.binders.get(&period_binder)?;
        let row = *scope.binders.get(&lines.row)?;
        let day = self.fetch(day, frame, origin);
        let keep = self.fetch(keep, frame, origin);
        let order = self.exprs(&lines.order, &scope);
        scope.line = Some(LineOrder { order, payee, day });
        Some(LineFrame {
            scope,
            payee,
            period,
            row,
            day,
            keep,
        })
    }

    /// Opens the rows of a source with the payee of each, taken from the owner condition where there is one.
    fn owned_rows(
        &mut self,
        lines: &Lines,
        payee: BinderId,
        conditions: &mut Vec<&Expr>,
        earn: &Earn,
    ) -> Option<Scope> {
        let rows = self.dense(Some(lines.row), None, earn.plan)?;
        let place = conditions
            .iter()
            .position(|condition| key_of(condition, payee, lines.row).is_some());
        if let Some(place) = place {
            let key = self.expr(key_of(conditions.remove(place), payee, lines.row)?, &rows);
            return Some(rows.with(payee, key));
        }
        let table = self.row_table(payee)?;
        let frame = self.frame(Frame::Expanded {
            of: rows.frame,
            by: Expansion::AllRows(table),
        });
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), earn.span);
        let scope = self.carried(&rows, frame, origin);
        let item = self.node(Op::Item, frame, Ty::always(Scalar::Row(table)), earn.span);
        Some(scope.with(payee, item))
    }

    pub(super) fn earn_nodes(&mut self, id: EarnId) -> Option<EarnNodes> {
        match self.earns.get(&id) {
            Some(Progress::Done(nodes)) => return Some(nodes.clone()),
            Some(Progress::Begun) => {
                let span = self.program.earn(id).map_or_else(Span::default, |earn| earn.span);
                self.refuse(Construct::Circle, span);
                return None;
            }
            None => {}
        }
        self.earns.insert(id, Progress::Begun);
        let earn = self.program.earn(id)?;
        let nodes = if earn.lines.is_some() {
            self.lines_of(id, earn)?
        } else {
            self.undated(earn)?
        };
        self.earns.insert(id, Progress::Done(nodes.clone()));
        Some(nodes)
    }

    fn lines_of(&mut self, id: EarnId, earn: &Earn) -> Option<EarnNodes> {
        let LineFrame {
            scope,
            payee,
            period,
            row,
            day,
            keep,
        } = self.line_frame(id)?;
        let (ty, span) = (earn.ty, earn.span);
        let normal = self.expr(&earn.value, &scope);
        let normal = self.spread(normal, &scope);
        let value = self.excepted(normal, &earn.exceptions, Some(day), &scope, ty, span);
        let value = self.node(Op::Poison { value, by: keep }, scope.frame, ty, span);
        let value = self.guarded(value, &scope, payee, period);
        let uncut = self.rounded(value, RoundingPlace::EachLine, &scope, span);
        let earned = match &earn.cap {
            Some(cap) => self.capped_lines(uncut, cap, &scope, payee, day, earn),
            None => uncut,
        };
        let base = self.base(&earn.value, &scope);
        let mut nodes = EarnNodes {
            frame: scope.frame,
            row: Some(row),
            payee,
            period,
            day,
            base,
            normal,
            uncut,
            earned,
            moments: None,
        };
        nodes.moments = self.moments(earn, &nodes, &scope);
        Some(nodes)
    }

    /// Cuts lines so that their running total keeps to the cap of each line's own period.
    fn capped_lines(
        &mut self,
        uncut: NodeId,
        cap: &Cap,
        scope: &Scope,
        payee: NodeId,
        day: NodeId,
        earn: &Earn,
    ) -> NodeId {
        let (ty, span, frame) = (earn.ty, cap.span, scope.frame);
        let order = scope
            .line
            .as_ref()
            .map(|line| line.order.clone())
            .unwrap_or_default();
        let by = vec![payee, self.bucket(cap.every, day, scope)];
        let limit = self.expr(&cap.at, scope);
        let before = Op::Before {
            take: Taken::Sum,
            value: uncut,
            order: order.clone(),
            by: by.clone(),
        };
        let before = self.node(before, frame, ty, span);
        let total = Op::Sum(vec![(Sign::Plus, before), (Sign::Plus, uncut)]);
        let total = self.node(total, frame, ty, span);
        let held = Op::Bounded {
            value: total,
            limits: vec![(Limit::AtMost, limit)],
        };
        let held = self.node(held, frame, ty, span);
        let last = Op::Before {
            take: Taken::Last,
            value: held,
            order,
            by,
        };
        let last = self.node(last, frame, Ty::optional(ty.scalar), span);
        let zero = self.constant(Value::Number(Exact::ZERO), ty.scalar, span);
        let last = self.node(Op::Otherwise(vec![last, zero]), frame, ty, span);
        self.cut_line(uncut, held, last, scope, ty, span)
    }

    /// Gives what the cap leaves of a line, rounded again only where it cut.
    fn cut_line(
        &mut self,
        uncut: NodeId,
        held: NodeId,
        last: NodeId,
        scope: &Scope,
        ty: Ty,
        span: Span,
    ) -> NodeId {
        let cut = Op::Sum(vec![(Sign::Plus, held), (Sign::Minus, last)]);
        let cut = self.node(cut, scope.frame, ty, span);
        let same = Op::Compare {
            op: Comparison::Equal,
            left: cut,
            right: uncut,
        };
        let same = self.node(same, scope.frame, Ty::always(Scalar::Bool), span);
        let rounded = self.rounded(cut, RoundingPlace::EachLine, scope, span);
        let op = Op::If {
            condition: same,
            then: uncut,
            otherwise: rounded,
        };
        self.node(op, scope.frame, ty, span)
    }

    fn undated(&mut self, earn: &Earn) -> Option<EarnNodes> {
        let plan = self.program.plan(earn.plan)?;
        let scope = self.plan_scope(earn.plan)?;
        let (ty, span, calendar) = (earn.ty, earn.span, plan.calendar);
        let payee = *scope.binders.get(&plan.payee)?;
        let period = *scope.binders.get(&plan.period)?;
        let day = self.node(
            Op::LastDay { calendar, period },
            scope.frame,
            Ty::always(Scalar::Date),
            span,
        );
        let normal = self.expr(&earn.value, &scope);
        let normal = self.spread(normal, &scope);
        let value = self.excepted(normal, &earn.exceptions, None, &scope, ty, span);
        let value = self.guarded(value, &scope, payee, period);
        let value = self.rounded(value, RoundingPlace::EachLine, &scope, span);
        let is_payee = self.is_payee(earn.plan, &scope);
        let zero = self.constant(Value::Number(Exact::ZERO), ty.scalar, span);
        let op = Op::If {
            condition: is_payee,
            then: value,
            otherwise: zero,
        };
        let uncut = self.node(op, scope.frame, ty, span);
        let earned = match &earn.cap {
            Some(cap) => self.capped_periods(uncut, is_payee, cap, &scope, ty),
            None => uncut,
        };
        let base = self.base(&earn.value, &scope);
        let mut nodes = EarnNodes {
            frame: scope.frame,
            row: None,
            payee,
            period,
            day,
            base,
            normal,
            uncut,
            earned,
            moments: None,
        };
        nodes.moments = self.moments(earn, &nodes, &scope);
        Some(nodes)
    }

    /// Cuts the amounts of an undated earn, period by period.
    fn capped_periods(
        &mut self,
        uncut: NodeId,
        is_payee: NodeId,
        cap: &Cap,
        scope: &Scope,
        ty: Ty,
    ) -> NodeId {
        let (span, frame) = (cap.span, scope.frame);
        let restart = self.starts_anew(cap.every, scope);
        let zero = self.constant(Value::Number(Exact::ZERO), ty.scalar, span);
        let total_before = self.open_prior(uncut, zero, restart, scope, ty, span);
        let held_before = self.open_prior(is_payee, zero, restart, scope, ty, cap.at.span);
        let total = Op::Sum(vec![(Sign::Plus, total_before), (Sign::Plus, uncut)]);
        let total = self.node(total, frame, ty, span);
        self.tie(total_before, total);
        let limit = self.expr(&cap.at, scope);
        let held = Op::Bounded {
            value: total,
            limits: vec![(Limit::AtMost, limit)],
        };
        let held = self.node(held, frame, ty, span);
        let op = Op::If {
            condition: is_payee,
            then: held,
            otherwise: held_before,
        };
        let held = self.node(op, frame, ty, span);
        self.tie(held_before, held);
        self.cut_line(uncut, held, held_before, scope, ty, span)
    }

    /// Makes a node for the period before whose target is tied later; until then it names the given one.
    fn open_prior(
        &mut self,
        of: NodeId,
        initial: NodeId,
        restart: Option<NodeId>,
        scope: &Scope,
        ty: Ty,
        span: Span,
    ) -> NodeId {
        self.node(Op::Prior { of, initial, restart }, scope.frame, ty, span)
    }

    /// Finds the base of a formula: what tiers are applied to, or the first amount of a product.
    fn base(&mut self, value: &Expr, scope: &Scope) -> Option<NodeId> {
        let base = match &value.kind {
            ExprKind::Apply(apply) => &apply.value,
            ExprKind::Product(parts) => {
                let is_amount = |(factor, part): &&(Factor, Expr)| {
                    *factor == Factor::Times && matches!(part.ty.scalar, Scalar::Money(_) | Scalar::Points)
                };
                &parts.iter().find(is_amount)?.1
            }
            _ => return None,
        };
        let base = self.expr(base, scope);
        Some(self.spread(base, scope))
    }

    /// Lays out the settlements of an earn that is released or taken back by and by.
    fn moments(&mut self, earn: &Earn, nodes: &EarnNodes, scope: &Scope) -> Option<Moments> {
        if earn.release.is_none() && earn.clawback.is_none() {
            return None;
        }
        let plan = self.program.plan(earn.plan)?;
        let (ty, span) = (earn.ty, earn.span);
        let axis = self.axis(earn.plan);
        let shares: Vec<&Expr> = earn
            .release
            .iter()
            .chain(&earn.clawback)
            .map(|share| &share.share)
            .collect();
        let by = match self.events(&shares, plan.period, scope) {
            Some(events) => Expansion::Moments {
                axis,
                from: nodes.period,
                events,
            },
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
        let [released, paid] = [release, net].map(|share| {
            let limits = vec![(Limit::AtLeast, zero), (Limit::AtMost, one)];
            let share = self.node(Op::Bounded { value: share, limits }, frame, number, span);
            let amount = Op::Product(vec![(Factor::Times, earned), (Factor::Times, share)]);
            let amount = self.node(amount, frame, ty, span);
            self.rounded(amount, RoundingPlace::EachLine, &inner, span)
        });
        Some(Moments {
            frame,
            period,
            released,
            paid,
        })
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
            let expanded = self.expand(event.source, &mut rest, scope, event.day);
            let day = self.expr(event.day, &expanded.scope);
            events.insert(day);
        }
        Some(events.into_iter().collect())
    }

    /// Gives an amount of an earn for a payee and a period, on the frame of both.
    fn total(&mut self, id: EarnId, part: EarnPart) -> Option<NodeId> {
        let earn = self.program.earn(id)?;
        let scope = self.plan_scope(earn.plan)?;
        let raw = self.raw_total(id, part)?;
        let condition = self.is_settled(earn.plan, &scope);
        Some(self.node(
            Op::Where {
                value: raw,
                condition,
            },
            scope.frame,
            earn.ty,
            earn.span,
        ))
    }

    fn raw_total(&mut self, id: EarnId, part: EarnPart) -> Option<NodeId> {
        let nodes = self.earn_nodes(id)?;
        let earn = self.program.earn(id)?;
        let scope = self.plan_scope(earn.plan)?;
        let difference = |this: &mut Self, more: NodeId, less: NodeId| {
            let op = Op::Sum(vec![(Sign::Plus, more), (Sign::Minus, less)]);
            this.node(op, scope.frame, earn.ty, earn.span)
        };
        Some(match part {
            EarnPart::Earned => self.line_sum(&nodes, nodes.earned, &scope, earn),
            EarnPart::Uncut => self.line_sum(&nodes, nodes.uncut, &scope, earn),
            EarnPart::Due => self.moment_sum(&nodes, |moments| moments.paid, &scope, earn),
            EarnPart::PaidToDate => {
                let due = self.moment_sum(&nodes, |moments| moments.paid, &scope, earn);
                self.cumulated(due, AxisSpan::EverToDate)
            }
            EarnPart::Released => {
                let released = self.moment_sum(&nodes, |moments| moments.released, &scope, earn);
                self.cumulated(released, AxisSpan::EverToDate)
            }
            EarnPart::Held => {
                let earned = self.line_sum(&nodes, nodes.earned, &scope, earn);
                let earned = self.cumulated(earned, AxisSpan::EverToDate);
                let released = self.raw_total(id, EarnPart::Released)?;
                difference(self, earned, released)
            }
            EarnPart::ClawedBack => {
                let released = self.raw_total(id, EarnPart::Released)?;
                let paid = self.raw_total(id, EarnPart::PaidToDate)?;
                difference(self, released, paid)
            }
        })
    }

    fn line_sum(&mut self, nodes: &EarnNodes, value: NodeId, scope: &Scope, earn: &Earn) -> NodeId {
        if nodes.row.is_none() {
            return value;
        }
        self.sum_by(value, nodes.frame, nodes.payee, nodes.period, scope, earn)
    }

    /// Sums, for each payee and period, by how much an amount to date changed.
    fn moment_sum(
        &mut self,
        nodes: &EarnNodes,
        amount: impl FnOnce(Moments) -> NodeId,
        scope: &Scope,
        earn: &Earn,
    ) -> NodeId {
        let Some(moments) = nodes.moments else {
            return self.line_sum(nodes, nodes.earned, scope, earn);
        };
        let (frame, amount) = (moments.frame, amount(moments));
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), earn.span);
        let before = self.node(Op::Previous(amount), frame, earn.ty, earn.span);
        let change = Op::Sum(vec![(Sign::Plus, amount), (Sign::Minus, before)]);
        let change = self.node(change, frame, earn.ty, earn.span);
        let payee = self.fetch(nodes.payee, frame, origin);
        self.sum_by(change, frame, payee, moments.period, scope, earn)
    }

    fn sum_by(
        &mut self,
        value: NodeId,
        from: FrameId,
        payee: NodeId,
        period: NodeId,
        scope: &Scope,
        earn: &Earn,
    ) -> NodeId {
        let key = GroupKey::Place {
            row: Some(payee),
            period: Some(period),
        };
        let (op, value) = (AggregateOp::Sum, Some(value));
        let op = Op::Group {
            op,
            value,
            filter: None,
            key,
            from,
            order: Vec::new(),
        };
        self.node(op, scope.frame, earn.ty, earn.span)
    }

    /// Lowers a reference to an amount of an earn.
    pub(super) fn earned(
        &mut self,
        id: EarnId,
        part: EarnPart,
        of: &EarnOf,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        match of {
            EarnOf::Payee { payee, period } => {
                let (payee, period) = (self.expr(payee, scope), self.expr(period, scope));
                match self.total(id, part) {
                    Some(total) => self.broadcast(total, scope, Some(payee), Some(period), expr.span),
                    None => self.refuse(Construct::Circle, expr.span),
                }
            }
            EarnOf::Line { row, payee, period } => {
                let row = self.expr(row, scope);
                let payee = payee.as_ref().map(|payee| self.expr(payee, scope));
                let period = period.as_ref().map(|period| self.expr(period, scope));
                let node = self.line_amount(id, part, row, payee, period, scope, expr);
                node.unwrap_or_else(|| self.refuse(Construct::Circle, expr.span))
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a line is named by row, payee and period"
    )]
    fn line_amount(
        &mut self,
        id: EarnId,
        part: EarnPart,
        row: NodeId,
        payee: Option<NodeId>,
        period: Option<NodeId>,
        scope: &Scope,
        expr: &Expr,
    ) -> Option<NodeId> {
        let nodes = self.earn_nodes(id)?;
        let mut keys = vec![(nodes.row?, row)];
        keys.extend(payee.map(|payee| (nodes.payee, payee)));
        let inputs: Vec<NodeId> = keys.iter().map(|(_, here)| *here).collect();
        let frame = self.common_frame(scope, &inputs);
        let line = self.node(Op::FindCell { keys }, frame, Ty::optional(Scalar::Int), expr.span);
        let own = |this: &mut Self, source: NodeId| this.fetch(source, frame, line);
        Some(match part {
            EarnPart::Earned => own(self, nodes.earned),
            EarnPart::Uncut => own(self, nodes.uncut),
            EarnPart::PaidToDate => self.to_date(&nodes, |moments| moments.paid, line, period, scope, expr),
            EarnPart::Released => self.to_date(&nodes, |moments| moments.released, line, period, scope, expr),
            EarnPart::Held => {
                let earned = self.to_date_of(&nodes, None, line, period, scope, expr);
                let released = self.to_date(&nodes, |moments| moments.released, line, period, scope, expr);
                self.minus(earned, released, scope, expr)
            }
            EarnPart::ClawedBack => {
                let released = self.to_date(&nodes, |moments| moments.released, line, period, scope, expr);
                let paid = self.to_date(&nodes, |moments| moments.paid, line, period, scope, expr);
                self.minus(released, paid, scope, expr)
            }
            EarnPart::Due => {
                let now = self.to_date(&nodes, |moments| moments.paid, line, period, scope, expr);
                let before = period.map(|period| {
                    let (ty, home) = (self.ty_of(period), self.frame_of(period));
                    self.node(Op::Shift { period, by: -1 }, home, ty, expr.span)
                });
                let then = self.to_date(&nodes, |moments| moments.paid, line, before, scope, expr);
                self.minus(now, then, scope, expr)
            }
        })
    }

    fn minus(&mut self, more: NodeId, less: NodeId, scope: &Scope, expr: &Expr) -> NodeId {
        let op = Op::Sum(vec![(Sign::Plus, more), (Sign::Minus, less)]);
        self.on_common(op, &[more, less], scope, expr)
    }

    fn to_date(
        &mut self,
        nodes: &EarnNodes,
        amount: impl FnOnce(Moments) -> NodeId,
        line: NodeId,
        period: Option<NodeId>,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        self.to_date_of(
            nodes,
            nodes.moments.map(|moments| (moments.frame, amount(moments))),
            line,
            period,
            scope,
            expr,
        )
    }

    /// Gives what an amount of a line has come to by the end of a period: nothing before the line's own.
    fn to_date_of(
        &mut self,
        nodes: &EarnNodes,
        amount: Option<(FrameId, NodeId)>,
        line: NodeId,
        period: Option<NodeId>,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        let inputs: Vec<NodeId> = [line].into_iter().chain(period).collect();
        let frame = self.common_frame(scope, &inputs);
        let zero = self.constant(Value::Number(Exact::ZERO), expr.ty.scalar, expr.span);
        let (found, exists) = match amount {
            Some((moments, amount)) => {
                let op = Op::LastMoment {
                    frame: moments,
                    origin: line,
                    period,
                };
                let moment = self.node(op, frame, Ty::optional(Scalar::Int), expr.span);
                let missing = self.node(Op::IsMissing(moment), frame, Ty::always(Scalar::Bool), expr.span);
                (self.fetch(amount, frame, moment), missing)
            }
            None => {
                let begins = self.fetch(nodes.period, frame, line);
                let later = match period {
                    Some(period) => {
                        let op = Op::Compare {
                            op: Comparison::Greater,
                            left: begins,
                            right: period,
                        };
                        self.node(op, frame, Ty::always(Scalar::Bool), expr.span)
                    }
                    None => self.constant(Value::Bool(false), Scalar::Bool, expr.span),
                };
                (self.fetch(nodes.earned, frame, line), later)
            }
        };
        let op = Op::If {
            condition: exists,
            then: zero,
            otherwise: found,
        };
        let value = self.node(op, frame, expr.ty, expr.span);
        let missing = self.node(Op::IsMissing(line), frame, Ty::always(Scalar::Bool), expr.span);
        let there = self.node(Op::Not(missing), frame, Ty::always(Scalar::Bool), expr.span);
        self.node(
            Op::Where {
                value,
                condition: there,
            },
            frame,
            expr.ty,
            expr.span,
        )
    }
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
