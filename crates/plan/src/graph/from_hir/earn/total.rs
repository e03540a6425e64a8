//! Amounts of earns: totals of payees and periods, and of single lines.

use super::super::expr::outside_of;
use super::super::scope::Scope;
use super::super::{Builder, Construct};
use super::EarnNodes;
use crate::graph::{AxisSpan, Frame, FrameId, GroupKey, Moments, NodeId, Op, Outside, Spread};
use crate::hir::{AggregateOp, Comparison, Earn, EarnOf, EarnPart, Expr, Sign, Value};
use crate::number::Exact;
use crate::types::{EarnId, Scalar, Ty};

/// Picks an amount of a settlement, and the share of the line that it is.
type OfMoment = fn(Moments) -> (NodeId, NodeId);

const PAID: OfMoment = |moments| (moments.paid, moments.paid_key);
/// Only for an earn with a review.
const WAITING: OfMoment = |moments| {
    moments
        .waiting
        .map_or((moments.paid, moments.paid_key), |waiting| {
            (waiting.amount, waiting.share)
        })
};
const RELEASED: OfMoment = |moments| (moments.released, moments.released_key);

/// Picks what of a line is spread, written off, or neither.
const fn of_spread(spread: Spread, part: EarnPart) -> NodeId {
    match part {
        EarnPart::Amortised => spread.amortised,
        EarnPart::WrittenOff => spread.written_off,
        EarnPart::Earned
        | EarnPart::Uncut
        | EarnPart::PaidToDate
        | EarnPart::Released
        | EarnPart::Held
        | EarnPart::ClawedBack
        | EarnPart::Due
        | EarnPart::InReview
        | EarnPart::Unamortised => spread.left,
    }
}

/// One line at the end of a period.
struct LineAt<'a> {
    nodes: &'a EarnNodes,
    line: NodeId,
    period: NodeId,
    scope: &'a Scope,
    expr: &'a Expr,
}

impl Builder<'_> {
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

    pub(super) fn raw_total(&mut self, id: EarnId, part: EarnPart) -> Option<NodeId> {
        let nodes = self.earn_nodes(id)?;
        let earn = self.program.earn(id)?;
        let scope = self.plan_scope(earn.plan)?;
        let difference = |this: &mut Self, more: NodeId, less: NodeId| {
            let op = Op::Sum(vec![(Sign::Plus, more), (Sign::Minus, less)]);
            this.node(op, scope.frame, earn.ty, earn.span)
        };
        let later = nodes.carried;
        let later_to_date = later.map(|later| self.cumulated(later, AxisSpan::EverToDate));
        let with = |this: &mut Self, lines: NodeId, later: Option<NodeId>| match later {
            Some(later) => {
                let op = Op::Sum(vec![(Sign::Plus, lines), (Sign::Plus, later)]);
                this.node(op, scope.frame, earn.ty, earn.span)
            }
            None => lines,
        };
        Some(match part {
            EarnPart::Earned => {
                let lines = self.line_sum(&nodes, nodes.earned, &scope, earn);
                with(self, lines, later)
            }
            EarnPart::Uncut => self.line_sum(&nodes, nodes.uncut, &scope, earn),
            EarnPart::Due => {
                let lines = self.due_total(&nodes, &scope, earn);
                with(self, lines, later)
            }
            EarnPart::PaidToDate => {
                let lines = self.sum_to_date(&nodes, PAID, &scope, earn);
                with(self, lines, later_to_date)
            }
            EarnPart::Released => {
                let lines = self.sum_to_date(&nodes, RELEASED, &scope, earn);
                with(self, lines, later_to_date)
            }
            EarnPart::InReview => self.waiting_to_date(&nodes, &scope, earn),
            EarnPart::Amortised | EarnPart::WrittenOff | EarnPart::Unamortised => {
                let spread = nodes.spread?;
                let origin = self.node(Op::Origin, spread.frame, Ty::always(Scalar::Int), earn.span);
                let payee = self.fetch(nodes.payee, spread.frame, origin);
                let amount = of_spread(spread, part);
                self.sum_by(amount, spread.frame, payee, spread.period, &scope, earn)
            }
            EarnPart::Held => {
                let earned = self.line_sum(&nodes, nodes.earned, &scope, earn);
                let earned = self.cumulated(earned, AxisSpan::EverToDate);
                let released = self.sum_to_date(&nodes, RELEASED, &scope, earn);
                difference(self, earned, released)
            }
            EarnPart::ClawedBack => {
                let released = self.raw_total(id, EarnPart::Released)?;
                let paid = self.raw_total(id, EarnPart::PaidToDate)?;
                difference(self, released, paid)
            }
        })
    }

    /// Sums what of all lines waits for somebody to look at it: whole lines, and what caps cut off.
    fn waiting_to_date(&mut self, nodes: &EarnNodes, scope: &Scope, earn: &Earn) -> NodeId {
        let lines = nodes
            .moments
            .filter(|moments| moments.waiting.is_some())
            .map(|_| self.sum_to_date(nodes, WAITING, scope, earn));
        let excess = nodes.excess.map(|excess| {
            let excess = self.line_sum(nodes, excess, scope, earn);
            self.cumulated(excess, AxisSpan::EverToDate)
        });
        match (lines, excess) {
            (Some(lines), Some(excess)) => {
                let op = Op::Sum(vec![(Sign::Plus, lines), (Sign::Plus, excess)]);
                self.node(op, scope.frame, earn.ty, earn.span)
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => {
                let zero = self.constant(Value::Number(Exact::ZERO), earn.ty.scalar, earn.span);
                self.spread(zero, scope)
            }
        }
    }

    pub(super) fn line_sum(
        &mut self,
        nodes: &EarnNodes,
        value: NodeId,
        scope: &Scope,
        earn: &Earn,
    ) -> NodeId {
        if nodes.row.is_none() {
            return value;
        }
        self.sum_by(value, nodes.frame, nodes.payee, nodes.period, scope, earn)
    }

    /// Sums, for each payee and period, by how much the payable changed.
    fn due_total(&mut self, nodes: &EarnNodes, scope: &Scope, earn: &Earn) -> NodeId {
        let due = self.moment_sum(nodes, PAID, scope, earn);
        let Some(moments) = nodes.moments else { return due };
        // A share that is not known stays so until the next settlement, and so does what is due.
        let some = self.some_faulty(nodes, moments, moments.paid_key, scope, earn);
        let by = self.faulty_where(some, due, scope, earn);
        self.node(Op::Poison { value: due, by }, scope.frame, earn.ty, earn.span)
    }

    /// Sums, for each payee and period, what an amount of all lines has come to.
    fn sum_to_date(&mut self, nodes: &EarnNodes, of: OfMoment, scope: &Scope, earn: &Earn) -> NodeId {
        let change = self.moment_sum(nodes, of, scope, earn);
        let value = self.cumulated(change, AxisSpan::EverToDate);
        let Some(moments) = nodes.moments else {
            return value;
        };
        // An error of an earlier settlement that the later ones have not is no error of the later periods.
        let (amount, _) = of(moments);
        let zero = self.constant(Value::Number(Exact::ZERO), earn.ty.scalar, earn.span);
        let op = Op::Recover {
            value: amount,
            otherwise: zero,
        };
        let sound = self.node(op, moments.frame, earn.ty, earn.span);
        let sound = self.change_sum(nodes, moments, sound, earn.ty, scope, earn);
        let sound = self.cumulated(sound, AxisSpan::EverToDate);
        let condition = self.some_faulty(nodes, moments, amount, scope, earn);
        let op = Op::If {
            condition,
            then: value,
            otherwise: sound,
        };
        let otherwise = self.node(op, scope.frame, earn.ty, earn.span);
        self.node(Op::Recover { value, otherwise }, scope.frame, earn.ty, earn.span)
    }

    /// Gives nothing, but the error that a sum of changes has come to where a condition holds.
    fn faulty_where(&mut self, condition: NodeId, change: NodeId, scope: &Scope, earn: &Earn) -> NodeId {
        let then = self.cumulated(change, AxisSpan::EverToDate);
        let otherwise = self.constant(Value::Number(Exact::ZERO), earn.ty.scalar, earn.span);
        let op = Op::If {
            condition,
            then,
            otherwise,
        };
        self.node(op, scope.frame, earn.ty, earn.span)
    }

    /// Says for which payees and periods the last settlement of some line has an error.
    fn some_faulty(
        &mut self,
        nodes: &EarnNodes,
        moments: Moments,
        value: NodeId,
        scope: &Scope,
        earn: &Earn,
    ) -> NodeId {
        let int = Ty::always(Scalar::Int);
        let [zero, one] = [Exact::ZERO, Exact::ONE]
            .map(|number| self.constant(Value::Number(number), Scalar::Int, earn.span));
        let none = Op::Poison {
            value: zero,
            by: value,
        };
        let none = self.node(none, moments.frame, int, earn.span);
        let op = Op::Recover {
            value: none,
            otherwise: one,
        };
        let faulty = self.node(op, moments.frame, int, earn.span);
        let faulty = self.change_sum(nodes, moments, faulty, int, scope, earn);
        let left = self.cumulated(faulty, AxisSpan::EverToDate);
        let op = Comparison::Greater;
        let some = Op::Compare {
            op,
            left,
            right: zero,
        };
        self.node(some, scope.frame, Ty::always(Scalar::Bool), earn.span)
    }

    /// Sums, for each payee and period, by how much a number of the settlements changed.
    fn change_sum(
        &mut self,
        nodes: &EarnNodes,
        moments: Moments,
        value: NodeId,
        ty: Ty,
        scope: &Scope,
        earn: &Earn,
    ) -> NodeId {
        let frame = moments.frame;
        let before = self.node(Op::Previous(value), frame, ty, earn.span);
        let change = Op::Sum(vec![(Sign::Plus, value), (Sign::Minus, before)]);
        let change = self.node(change, frame, ty, earn.span);
        self.settled_sum(nodes, moments, change, scope, earn)
    }

    /// Sums, for each payee and period, by how much an amount to date changed.
    fn moment_sum(&mut self, nodes: &EarnNodes, of: OfMoment, scope: &Scope, earn: &Earn) -> NodeId {
        let Some(moments) = nodes.moments else {
            return self.line_sum(nodes, nodes.earned, scope, earn);
        };
        let (frame, (amount, share)) = (moments.frame, of(moments));
        let before = self.node(Op::Previous(amount), frame, earn.ty, earn.span);
        let change = Op::Sum(vec![(Sign::Plus, amount), (Sign::Minus, before)]);
        let change = self.node(change, frame, earn.ty, earn.span);
        // Nothing changes as long as the share does not, whatever the line is.
        let zero = self.constant(Value::Number(Exact::ZERO), earn.ty.scalar, earn.span);
        let share_before = self.node(Op::Previous(share), frame, Ty::always(Scalar::Number), earn.span);
        let change = self.unless_equal(share, share_before, zero, change, earn.ty);
        self.settled_sum(nodes, moments, change, scope, earn)
    }

    fn settled_sum(
        &mut self,
        nodes: &EarnNodes,
        moments: Moments,
        value: NodeId,
        scope: &Scope,
        earn: &Earn,
    ) -> NodeId {
        let origin = self.node(Op::Origin, moments.frame, Ty::always(Scalar::Int), earn.span);
        let payee = self.fetch(nodes.payee, moments.frame, origin);
        self.sum_by(value, moments.frame, payee, moments.period, scope, earn)
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
        let ty = self.ty_of(value);
        let (op, value) = (AggregateOp::Sum, Some(value));
        let op = Op::Group {
            op,
            value,
            filter: None,
            key,
            from,
            order: Vec::new(),
            best: None,
        };
        self.node(op, scope.frame, ty, earn.span)
    }

    /// Lowers a reference to an amount of an earn.
    pub(in crate::graph::from_hir) fn earned(
        &mut self,
        id: EarnId,
        part: EarnPart,
        of: &EarnOf,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        match of {
            EarnOf::Payee { payee, period } => {
                let outside = outside_of(period);
                let (payee, period) = (self.expr(payee, scope), self.expr(period, scope));
                match self.total(id, part) {
                    Some(total) => {
                        self.asked_for(total, scope, Some(payee), (Some(period), outside), expr.span)
                    }
                    None => self.refuse(Construct::Circle, expr.span),
                }
            }
            EarnOf::Line { row, payee, period } => {
                let row = self.expr(row, scope);
                let payee = payee.as_ref().map(|payee| self.expr(payee, scope));
                let period = period
                    .as_ref()
                    .map(|period| (self.expr(period, scope), outside_of(period)));
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
        period: Option<(NodeId, Outside)>,
        scope: &Scope,
        expr: &Expr,
    ) -> Option<NodeId> {
        let nodes = self.earn_nodes(id)?;
        let mut keys = vec![(nodes.row?, row)];
        keys.extend(payee.map(|payee| (nodes.payee, payee)));
        let inputs: Vec<NodeId> = keys.iter().map(|(_, here)| *here).collect();
        let frame = self.common_frame(scope, &inputs);
        let line = self.node(Op::FindCell { keys }, frame, Ty::optional(Scalar::Int), expr.span);
        if matches!(part, EarnPart::Earned | EarnPart::Uncut) {
            let source = if part == EarnPart::Uncut {
                nodes.uncut
            } else {
                nodes.earned
            };
            return Some(self.fetch(source, frame, line));
        }
        let (period, outside) = match period {
            Some(period) => period,
            None => (self.run_end(id, expr)?, Outside::Error),
        };
        let mut at = LineAt {
            nodes: &nodes,
            line,
            period,
            scope,
            expr,
        };
        let value = match part {
            EarnPart::Earned | EarnPart::Uncut => self.earned_by(&at),
            EarnPart::PaidToDate => self.so_far(PAID, &at),
            EarnPart::Released => self.so_far(RELEASED, &at),
            EarnPart::Held => {
                let (earned, released) = (self.earned_by(&at), self.so_far(RELEASED, &at));
                self.minus(earned, released, scope, expr)
            }
            EarnPart::InReview => self.line_waiting(&at),
            EarnPart::Amortised | EarnPart::WrittenOff | EarnPart::Unamortised => {
                let spread = nodes.spread?;
                self.at_period(spread.frame, of_spread(spread, part), &at, expr.ty)
            }
            EarnPart::ClawedBack => {
                let (released, paid) = (self.so_far(RELEASED, &at), self.so_far(PAID, &at));
                self.minus(released, paid, scope, expr)
            }
            EarnPart::Due => {
                let (now, share) = (self.so_far(PAID, &at), self.share_so_far(&at));
                let (ty, home) = (self.ty_of(period), self.frame_of(period));
                at.period = self.node(Op::Shift { period, by: -1 }, home, ty, expr.span);
                let (before, share_before) = (self.so_far(PAID, &at), self.share_so_far(&at));
                let change = self.minus(now, before, scope, expr);
                let zero = self.constant(Value::Number(Exact::ZERO), expr.ty.scalar, expr.span);
                let change = self.unless_equal(share, share_before, zero, change, expr.ty);
                self.of_line(change, &at, expr.ty)
            }
        };
        self.within_axis(id, value, (period, outside), scope, expr)
    }

    /// Gives what of a line waits for somebody to look at it.
    fn line_waiting(&mut self, at: &LineAt<'_>) -> NodeId {
        let waits = at.nodes.moments.is_some_and(|moments| moments.waiting.is_some());
        let whole = waits.then(|| self.so_far(WAITING, at));
        let excess = at.nodes.excess.map(|excess| {
            let frame = self.line_at_frame(at);
            let excess = self.fetch(excess, frame, at.line);
            self.once_begun(excess, at, at.expr.ty)
        });
        match (whole, excess) {
            (Some(whole), Some(excess)) => {
                let op = Op::Sum(vec![(Sign::Plus, whole), (Sign::Plus, excess)]);
                self.on_common(op, &[whole, excess], at.scope, at.expr)
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => {
                let zero = self.constant(Value::Number(Exact::ZERO), at.expr.ty.scalar, at.expr.span);
                self.once_begun(zero, at, at.expr.ty)
            }
        }
    }

    /// Makes a value an error where a period is outside the axis of an earn's plan.
    fn within_axis(
        &mut self,
        id: EarnId,
        value: NodeId,
        (period, outside): (NodeId, Outside),
        scope: &Scope,
        expr: &Expr,
    ) -> Option<NodeId> {
        if matches!(self.graph.node(period)?.op, Op::RunEnd { .. }) {
            return Some(value);
        }
        let axis = self.axis(self.program.earn(id)?.plan);
        let op = Op::CellOf {
            frame: self.frame(Frame::Axis(axis)),
            row: None,
            period: Some(period),
            outside,
        };
        let frame = self.common_frame(scope, &[period]);
        let by = self.node(op, frame, Ty::always(Scalar::Int), expr.span);
        Some(self.on_common(Op::Poison { value, by }, &[value, by], scope, expr))
    }

    /// Gives the last period of the run of an earn's plan.
    fn run_end(&mut self, id: EarnId, expr: &Expr) -> Option<NodeId> {
        let plan = self.program.earn(id)?.plan;
        let ty = Ty::always(Scalar::Period(self.program.plan(plan)?.unit));
        let (single, axis) = (self.single(), self.axis(plan));
        Some(self.node(Op::RunEnd { axis }, single, ty, expr.span))
    }

    fn minus(&mut self, more: NodeId, less: NodeId, scope: &Scope, expr: &Expr) -> NodeId {
        let op = Op::Sum(vec![(Sign::Plus, more), (Sign::Minus, less)]);
        self.on_common(op, &[more, less], scope, expr)
    }

    /// Gives what an amount of a line has come to by the end of a period: nothing before the line's own.
    fn so_far(&mut self, of: OfMoment, at: &LineAt<'_>) -> NodeId {
        match at.nodes.moments {
            Some(moments) => self.at_moment(moments, of(moments).0, at, at.expr.ty),
            None => self.earned_by(at),
        }
    }

    /// Gives the share of a line that is payable by the end of a period.
    fn share_so_far(&mut self, at: &LineAt<'_>) -> NodeId {
        let number = Ty::always(Scalar::Number);
        match at.nodes.moments {
            Some(moments) => self.at_moment(moments, moments.paid_key, at, number),
            None => {
                let whole = self.constant(Value::Number(Exact::ONE), Scalar::Number, at.expr.span);
                self.once_begun(whole, at, number)
            }
        }
    }

    /// Gives the amount of a line; nothing before its period.
    fn earned_by(&mut self, at: &LineAt<'_>) -> NodeId {
        let frame = self.line_at_frame(at);
        let earned = self.fetch(at.nodes.earned, frame, at.line);
        self.once_begun(earned, at, at.expr.ty)
    }

    fn once_begun(&mut self, value: NodeId, at: &LineAt<'_>, ty: Ty) -> NodeId {
        let frame = self.line_at_frame(at);
        let begins = self.fetch(at.nodes.period, frame, at.line);
        let op = Op::Compare {
            op: Comparison::Greater,
            left: begins,
            right: at.period,
        };
        let is_later = self.node(op, frame, Ty::always(Scalar::Bool), at.expr.span);
        self.unless(is_later, value, at, ty)
    }

    fn at_moment(&mut self, moments: Moments, value: NodeId, at: &LineAt<'_>, ty: Ty) -> NodeId {
        self.at_period(moments.frame, value, at, ty)
    }

    /// Gives a value of the last cell that a line has by a period; nothing where it has none yet.
    fn at_period(&mut self, of: FrameId, value: NodeId, at: &LineAt<'_>, ty: Ty) -> NodeId {
        let frame = self.line_at_frame(at);
        let op = Op::LastMoment {
            frame: of,
            origin: at.line,
            period: at.period,
        };
        let moment = self.node(op, frame, Ty::optional(Scalar::Int), at.expr.span);
        let op = Op::IsMissing(moment);
        let is_later = self.node(op, frame, Ty::always(Scalar::Bool), at.expr.span);
        let value = self.fetch(value, frame, moment);
        self.unless(is_later, value, at, ty)
    }

    /// Gives a value of a line that is there: nothing where a condition holds.
    fn unless(&mut self, condition: NodeId, otherwise: NodeId, at: &LineAt<'_>, ty: Ty) -> NodeId {
        let (frame, span) = (self.line_at_frame(at), at.expr.span);
        let then = self.constant(Value::Number(Exact::ZERO), ty.scalar, span);
        let op = Op::If {
            condition,
            then,
            otherwise,
        };
        let value = self.node(op, frame, ty, span);
        self.of_line(value, at, ty)
    }

    /// Gives a value where there is a line.
    fn of_line(&mut self, value: NodeId, at: &LineAt<'_>, ty: Ty) -> NodeId {
        let (frame, span, boolean) = (self.line_at_frame(at), at.expr.span, Ty::always(Scalar::Bool));
        let is_missing = self.node(Op::IsMissing(at.line), frame, boolean, span);
        let condition = self.node(Op::Not(is_missing), frame, boolean, span);
        self.node(Op::Where { value, condition }, frame, ty, span)
    }

    fn line_at_frame(&mut self, at: &LineAt<'_>) -> FrameId {
        self.common_frame(at.scope, &[at.line, at.period])
    }
}
