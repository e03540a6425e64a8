//! Amounts of earns: totals of payees and periods, and of single lines.

use super::super::scope::Scope;
use super::super::{Builder, Construct};
use super::EarnNodes;
use crate::graph::{AxisSpan, FrameId, GroupKey, Moments, NodeId, Op};
use crate::hir::{AggregateOp, Comparison, Earn, EarnOf, EarnPart, Expr, Sign, Value};
use crate::number::Exact;
use crate::types::{EarnId, Scalar, Ty};

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
            EarnPart::Due => {
                self.moment_sum(&nodes, |moments| (moments.paid, moments.paid_share), &scope, earn)
            }
            EarnPart::PaidToDate => {
                let due = self.moment_sum(&nodes, |moments| (moments.paid, moments.paid_share), &scope, earn);
                self.cumulated(due, AxisSpan::EverToDate)
            }
            EarnPart::Released => {
                let released = self.moment_sum(
                    &nodes,
                    |moments| (moments.released, moments.released_share),
                    &scope,
                    earn,
                );
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
        amount: impl FnOnce(Moments) -> (NodeId, NodeId),
        scope: &Scope,
        earn: &Earn,
    ) -> NodeId {
        let Some(moments) = nodes.moments else {
            return self.line_sum(nodes, nodes.earned, scope, earn);
        };
        let (frame, (amount, share)) = (moments.frame, amount(moments));
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), earn.span);
        let before = self.node(Op::Previous(amount), frame, earn.ty, earn.span);
        let change = Op::Sum(vec![(Sign::Plus, amount), (Sign::Minus, before)]);
        let change = self.node(change, frame, earn.ty, earn.span);
        // Nothing changes as long as the share does not, whatever the line is.
        let zero = self.constant(Value::Number(Exact::ZERO), earn.ty.scalar, earn.span);
        let share_before = self.node(Op::Previous(share), frame, Ty::always(Scalar::Number), earn.span);
        let change = self.unless_equal(share, share_before, zero, change, earn.ty);
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
            best: None,
        };
        self.node(op, scope.frame, earn.ty, earn.span)
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
            EarnPart::PaidToDate => self.so_far(&nodes, |moments| moments.paid, line, period, scope, expr),
            EarnPart::Released => self.so_far(&nodes, |moments| moments.released, line, period, scope, expr),
            EarnPart::Held => {
                let earned = self.so_far_of(&nodes, None, line, period, scope, expr);
                let released = self.so_far(&nodes, |moments| moments.released, line, period, scope, expr);
                self.minus(earned, released, scope, expr)
            }
            EarnPart::ClawedBack => {
                let released = self.so_far(&nodes, |moments| moments.released, line, period, scope, expr);
                let paid = self.so_far(&nodes, |moments| moments.paid, line, period, scope, expr);
                self.minus(released, paid, scope, expr)
            }
            EarnPart::Due => {
                let now = self.so_far(&nodes, |moments| moments.paid, line, period, scope, expr);
                let before = period.map(|period| {
                    let (ty, home) = (self.ty_of(period), self.frame_of(period));
                    self.node(Op::Shift { period, by: -1 }, home, ty, expr.span)
                });
                let then = self.so_far(&nodes, |moments| moments.paid, line, before, scope, expr);
                self.minus(now, then, scope, expr)
            }
        })
    }

    fn minus(&mut self, more: NodeId, less: NodeId, scope: &Scope, expr: &Expr) -> NodeId {
        let op = Op::Sum(vec![(Sign::Plus, more), (Sign::Minus, less)]);
        self.on_common(op, &[more, less], scope, expr)
    }

    fn so_far(
        &mut self,
        nodes: &EarnNodes,
        amount: impl FnOnce(Moments) -> NodeId,
        line: NodeId,
        period: Option<NodeId>,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        self.so_far_of(
            nodes,
            nodes.moments.map(|moments| (moments.frame, amount(moments))),
            line,
            period,
            scope,
            expr,
        )
    }

    /// Gives what an amount of a line has come to by the end of a period: nothing before the line's own.
    fn so_far_of(
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
