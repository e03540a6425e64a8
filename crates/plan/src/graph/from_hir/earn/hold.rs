//! What is kept back of lines until a day.

use guerdon_syntax::span::Span;

use super::super::Builder;
use super::super::scope::Scope;
use super::EarnNodes;
use crate::graph::{AxisSpan, Expansion, Frame, FrameId, NodeId, Op, Taken};
use crate::hir::{Comparison, Earn, Factor, Hold, Limit, RoundingPlace, Sign, Value};
use crate::number::Exact;
use crate::types::{CalendarId, Scalar, Ty};

/// What is kept back of each line, and the day on which it is let go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    pub amount: NodeId,
    pub until: NodeId,
}

impl Builder<'_> {
    /// Lowers a hold on the frame of the lines.
    pub(super) fn kept_back(&mut self, hold: &Hold, earn: &Earn, nodes: &EarnNodes, scope: &Scope) -> Kept {
        let (ty, span, frame) = (earn.ty, hold.span, nodes.frame);
        let number = Ty::always(Scalar::Number);
        let [zero, one] =
            [Exact::ZERO, Exact::ONE].map(|value| self.constant(Value::Number(value), Scalar::Number, span));
        let nothing = self.constant(Value::Number(Exact::ZERO), ty.scalar, span);
        let share = self.expr(&hold.share, scope);
        let limits = vec![(Limit::AtLeast, zero), (Limit::AtMost, one)];
        let share = self.node(Op::Bounded { value: share, limits }, frame, number, span);
        let amount = Op::Product(vec![(Factor::Times, nodes.earned), (Factor::Times, share)]);
        let amount = self.node(amount, frame, ty, span);
        let amount = self.rounded(amount, RoundingPlace::EachLine, scope, span);
        let amount = self.where_line(amount, nothing, earn, nodes, span);
        let amount = match &hold.ceiling {
            Some(ceiling) => {
                let most = self.expr(ceiling, scope);
                let cut = self.below_ceiling(amount, most, earn, nodes, scope);
                self.where_line(cut, nothing, earn, nodes, span)
            }
            None => amount,
        };
        let until = self.expr(&hold.until, scope);
        let until = self.spread(until, scope);
        Kept { amount, until }
    }

    /// Gives an amount where an undated earn has a line, and nothing elsewhere.
    fn where_line(
        &mut self,
        amount: NodeId,
        nothing: NodeId,
        earn: &Earn,
        nodes: &EarnNodes,
        span: Span,
    ) -> NodeId {
        let scope = if earn.lines.is_none() {
            self.plan_scope(earn.plan)
        } else {
            None
        };
        let Some(scope) = scope else { return amount };
        let op = Op::If {
            condition: self.is_payee(earn.plan, &scope),
            then: amount,
            otherwise: nothing,
        };
        self.node(op, nodes.frame, earn.ty, span)
    }

    /// Cuts amounts so that their running total for a payee keeps to a ceiling.
    fn below_ceiling(
        &mut self,
        amount: NodeId,
        most: NodeId,
        earn: &Earn,
        nodes: &EarnNodes,
        scope: &Scope,
    ) -> NodeId {
        let (ty, frame) = (earn.ty, nodes.frame);
        let span = earn.hold.as_ref().map_or(earn.span, |hold| hold.span);
        let sum = |this: &mut Self, terms: Vec<(Sign, NodeId)>| this.node(Op::Sum(terms), frame, ty, span);
        let (before, total) = match &scope.line {
            Some(line) => {
                let op = Op::Before {
                    take: Taken::Sum,
                    value: amount,
                    keep: None,
                    order: line.order.clone(),
                    by: vec![nodes.payee],
                };
                let before = self.node(op, frame, ty, span);
                let total = sum(self, vec![(Sign::Plus, before), (Sign::Plus, amount)]);
                (before, total)
            }
            None => {
                let total = self.cumulated(amount, AxisSpan::EverToDate);
                let before = sum(self, vec![(Sign::Plus, total), (Sign::Minus, amount)]);
                (before, total)
            }
        };
        let [before, total] = [before, total].map(|value| {
            let limits = vec![(Limit::AtMost, most)];
            self.node(Op::Bounded { value, limits }, frame, ty, span)
        });
        let cut = sum(self, vec![(Sign::Plus, total), (Sign::Minus, before)]);
        self.rounded(cut, RoundingPlace::EachLine, scope, span)
    }

    /// Gives a day of each line as an event: on a frame with one cell for each line.
    pub(super) fn day_of_line(&mut self, day: NodeId, earn: &Earn, nodes: &EarnNodes) -> Option<NodeId> {
        let plan = self.program.plan(earn.plan)?;
        let table = self.row_table(plan.payee)?;
        let rows = self.frame(Frame::Rows(table));
        let own = self.node(Op::OwnRow, rows, Ty::always(Scalar::Row(table)), earn.span);
        let frame = self.frame(Frame::Expanded {
            of: nodes.frame,
            by: Expansion::Matching {
                table,
                inner: vec![own],
                outer: vec![nodes.payee],
            },
        });
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), earn.span);
        let fetched = self.fetch(day, frame, origin);
        if self.frame_of(fetched) == frame {
            return Some(fetched);
        }
        let (ty, span) = (self.ty_of(fetched), earn.span);
        Some(self.node(Op::Otherwise(vec![fetched]), frame, ty, span))
    }

    /// Says whether what was kept back is let go by the end of a period.
    pub(super) fn is_let_go(
        &mut self,
        kept: Kept,
        (calendar, period): (CalendarId, NodeId),
        (frame, origin): (FrameId, NodeId),
        span: Span,
    ) -> NodeId {
        let boolean = Ty::always(Scalar::Bool);
        let until = self.fetch(kept.until, frame, origin);
        let last = self.node(
            Op::LastDay { calendar, period },
            frame,
            Ty::always(Scalar::Date),
            span,
        );
        let missing = self.node(Op::IsMissing(until), frame, boolean, span);
        let there = self.node(Op::Not(missing), frame, boolean, span);
        let op = Op::Compare {
            op: Comparison::LessOrEqual,
            left: until,
            right: last,
        };
        let by_then = self.node(op, frame, boolean, span);
        self.node(Op::And(vec![there, by_then]), frame, boolean, span)
    }

    /// Gives a line without what is kept back of it.
    pub(super) fn without_kept(
        &mut self,
        kept: Kept,
        let_go: NodeId,
        earned: NodeId,
        (frame, origin): (FrameId, NodeId),
        ty: Ty,
        span: Span,
    ) -> NodeId {
        let amount = self.fetch(kept.amount, frame, origin);
        let less = Op::Sum(vec![(Sign::Plus, earned), (Sign::Minus, amount)]);
        let less = self.node(less, frame, ty, span);
        let op = Op::If {
            condition: let_go,
            then: earned,
            otherwise: less,
        };
        self.node(op, frame, ty, span)
    }

    /// Gives the lesser of two amounts of a line; of a negative line the greater.
    pub(super) fn lesser(
        &mut self,
        value: NodeId,
        other: NodeId,
        line: NodeId,
        nothing: NodeId,
        ty: Ty,
    ) -> NodeId {
        let (frame, span) = (self.frame_of(other), self.span_of_node(other));
        let op = Op::Compare {
            op: Comparison::Less,
            left: line,
            right: nothing,
        };
        let condition = self.node(op, frame, Ty::always(Scalar::Bool), span);
        let [then, otherwise] = [Limit::AtLeast, Limit::AtMost].map(|limit| {
            let limits = vec![(limit, other)];
            self.node(Op::Bounded { value, limits }, frame, ty, span)
        });
        let op = Op::If {
            condition,
            then,
            otherwise,
        };
        self.node(op, frame, ty, span)
    }

    /// Makes a number that changes with a share and with the letting go.
    pub(super) fn key(&mut self, share: NodeId, let_go: NodeId, span: Span) -> NodeId {
        let (frame, number) = (self.frame_of(let_go), Ty::always(Scalar::Number));
        let two = self.constant(Value::Number(Exact::from_i64(2)), Scalar::Number, span);
        let more = Op::Sum(vec![(Sign::Plus, share), (Sign::Plus, two)]);
        let more = self.node(more, frame, number, span);
        let op = Op::If {
            condition: let_go,
            then: more,
            otherwise: share,
        };
        self.node(op, frame, number, span)
    }
}
