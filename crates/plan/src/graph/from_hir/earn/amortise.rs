//! What the books spread of the cost of lines, month by month.

use super::super::Builder;
use super::super::scope::Scope;
use super::EarnNodes;
use crate::calendar::Unit;
use crate::graph::{Expansion, Frame, FrameId, NodeId, Op, Outside, Spread};
use crate::hir::{Amortise, Comparison, Earn, Factor, Limit, Sign, Value};
use crate::number::Exact;
use crate::types::{CalendarId, Scalar, Ty};

/// The periods of a line in which its cost is spread.
#[derive(Debug, Clone, Copy)]
struct Run {
    frame: FrameId,
    origin: NodeId,
    period: NodeId,
}

impl Builder<'_> {
    /// Lays out the spreading of an earn's lines: a cell for each line and each period from its own on.
    pub(super) fn spreading(
        &mut self,
        amortise: &Amortise,
        earn: &Earn,
        nodes: &EarnNodes,
        scope: &Scope,
    ) -> Option<Spread> {
        let plan = self.program.plan(earn.plan)?;
        let (ty, span) = (earn.ty, amortise.span);
        let axis = self.axis(earn.plan);
        let by = Expansion::Onward {
            axis,
            from: nodes.period,
        };
        let frame = self.frame(Frame::Expanded { of: nodes.frame, by });
        let origin = self.node(Op::Origin, frame, Ty::always(Scalar::Int), span);
        let period = self.node(Op::Item, frame, Ty::always(Scalar::Period(plan.unit)), span);
        let run = Run {
            frame,
            origin,
            period,
        };
        let date = Ty::always(Scalar::Date);
        let calendar = plan.calendar;
        let last = self.node(Op::LastDay { calendar, period }, frame, date, span);
        let ended = self.ended(amortise, scope, run, last);
        let end = match ended {
            Some((condition, until)) => {
                let op = Op::If {
                    condition,
                    then: until,
                    otherwise: last,
                };
                self.node(op, frame, date, span)
            }
            None => last,
        };
        let (gone_months, months, share) = self.share_by(amortise, scope, run, end);
        let [zero, one] =
            [Exact::ZERO, Exact::ONE].map(|value| self.constant(Value::Number(value), Scalar::Number, span));
        let whole = match ended {
            Some((condition, _)) => {
                let op = Op::If {
                    condition,
                    then: one,
                    otherwise: share,
                };
                self.node(op, frame, Ty::always(Scalar::Number), span)
            }
            None => share,
        };
        let cost = self.cost(earn, nodes, run, ty);
        let nothing = self.constant(Value::Number(Exact::ZERO), ty.scalar, span);
        let [amortised, gone] = [share, whole].map(|share| {
            let part = Op::Product(vec![(Factor::Times, cost), (Factor::Times, share)]);
            let part = self.node(part, frame, ty, span);
            let part = self.rounded_anywhere(part, earn, frame, ty, span);
            let part = self.unless_equal(share, one, cost, part, ty);
            self.unless_equal(share, zero, nothing, part, ty)
        });
        let less = |this: &mut Self, more: NodeId, less: NodeId| {
            let op = Op::Sum(vec![(Sign::Plus, more), (Sign::Minus, less)]);
            this.node(op, frame, ty, span)
        };
        Some(Spread {
            frame,
            period,
            gone: gone_months,
            months,
            share,
            is_over: ended.map(|(ended, _)| ended),
            cost,
            amortised,
            written_off: less(self, gone, amortised),
            left: less(self, cost, gone),
        })
    }

    /// Says by which periods the day has come on which the rest is written off, and which day that is.
    fn ended(
        &mut self,
        amortise: &Amortise,
        scope: &Scope,
        run: Run,
        last: NodeId,
    ) -> Option<(NodeId, NodeId)> {
        let (boolean, span) = (Ty::always(Scalar::Bool), amortise.span);
        let until = self.expr(amortise.until.as_ref()?, scope);
        let until = self.spread(until, scope);
        let until = self.fetch(until, run.frame, run.origin);
        let missing = self.node(Op::IsMissing(until), run.frame, boolean, span);
        let there = self.node(Op::Not(missing), run.frame, boolean, span);
        let op = Op::Compare {
            op: Comparison::LessOrEqual,
            left: until,
            right: last,
        };
        let by_then = self.node(op, run.frame, boolean, span);
        let ended = self.node(Op::And(vec![there, by_then]), run.frame, boolean, span);
        Some((ended, until))
    }

    /// Gives how many months have gone by the month of a day, of how many, and which share that is: from 0 to 1.
    fn share_by(
        &mut self,
        amortise: &Amortise,
        scope: &Scope,
        run: Run,
        end: NodeId,
    ) -> (NodeId, NodeId, NodeId) {
        let (int, span) = (Ty::always(Scalar::Int), amortise.span);
        let [months, from] = [&amortise.months, &amortise.from].map(|value| {
            let value = self.expr(value, scope);
            let value = self.spread(value, scope);
            self.fetch(value, run.frame, run.origin)
        });
        let month = |this: &mut Self, day: NodeId| {
            let op = Op::Containing {
                calendar: CalendarId(0),
                unit: Unit::Month,
                day,
                clamp: None,
                outside: Outside::Error,
            };
            this.node(op, run.frame, Ty::always(Scalar::Period(Unit::Month)), span)
        };
        let (from, to) = (month(self, from), month(self, end));
        let gone = self.node(Op::MonthsBetween { from, to }, run.frame, int, span);
        let one = self.constant(Value::Number(Exact::ONE), Scalar::Int, span);
        let zero = self.constant(Value::Number(Exact::ZERO), Scalar::Int, span);
        let gone = Op::Sum(vec![(Sign::Plus, gone), (Sign::Plus, one)]);
        let gone = self.node(gone, run.frame, int, span);
        // Less than no months are no months, and nothing can be divided by them.
        let limits = vec![(Limit::AtLeast, zero)];
        let months = self.node(
            Op::Bounded {
                value: months,
                limits,
            },
            run.frame,
            int,
            span,
        );
        let number = Ty::always(Scalar::Number);
        let share = Op::Product(vec![(Factor::Times, gone), (Factor::Over, months)]);
        let share = self.node(share, run.frame, number, span);
        let limits = vec![(Limit::AtLeast, zero), (Limit::AtMost, one)];
        let share = self.node(Op::Bounded { value: share, limits }, run.frame, number, span);
        (gone, months, share)
    }

    /// Gives what a line costs by the end of a period: what it earned less what was taken back.
    fn cost(&mut self, earn: &Earn, nodes: &EarnNodes, run: Run, ty: Ty) -> NodeId {
        let earned = self.fetch(nodes.earned, run.frame, run.origin);
        let Some(moments) = nodes.moments.filter(|_| earn.clawback.is_some()) else {
            return earned;
        };
        let op = Op::LastMoment {
            frame: moments.frame,
            origin: run.origin,
            period: run.period,
        };
        let moment = self.node(op, run.frame, Ty::optional(Scalar::Int), earn.span);
        let [released, paid] =
            [moments.released, moments.paid].map(|amount| self.fetch(amount, run.frame, moment));
        let op = Op::Sum(vec![
            (Sign::Plus, earned),
            (Sign::Minus, released),
            (Sign::Plus, paid),
        ]);
        self.node(op, run.frame, ty, earn.span)
    }
}
