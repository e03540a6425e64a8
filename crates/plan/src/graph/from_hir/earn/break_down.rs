//! Amounts of periods that are broken down to lines.

use guerdon_syntax::span::Span;

use super::super::Builder;
use super::Stage;
use crate::graph::{NodeId, Op};
use crate::hir::{BreakDown, Comparison, Earn, EarnPart, NoLines, Rest, Sign, Unweighted, Value};
use crate::number::{Exact, Rounding};
use crate::types::{EarnId, Scalar, Ty};

/// What the lines of an amount are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared {
    /// The amount of the line's payee and period.
    pub amount: NodeId,
    pub payee: NodeId,
    pub period: NodeId,
    /// Whether there is such a line.
    pub keep: NodeId,
}

impl Builder<'_> {
    /// Gives each line its share of the amount; no weight matters where that is nothing.
    pub(super) fn share_of_whole(
        &mut self,
        broken: &BreakDown,
        weight: NodeId,
        of: Shared,
        ty: Ty,
    ) -> NodeId {
        let frame = self.frame_of(of.amount);
        let span = broken.span;
        let weights = self.ty_of(weight);
        let [nothing, one] = [(Exact::ZERO, ty.scalar), (Exact::ONE, weights.scalar)]
            .map(|(number, scalar)| self.constant(Value::Number(number), scalar, span));
        let is_nothing = self.is_equal(of.amount, nothing, span);
        let op = Op::If {
            condition: is_nothing,
            then: one,
            otherwise: weight,
        };
        let weight = self.node(op, frame, weights, broken.weight.span);
        let op = Op::Share {
            keep: Some(of.keep),
            within: vec![of.payee, of.period],
            amount: of.amount,
            weight,
            step: broken.step.clone(),
            rounding: Rounding::Down,
            rest: Rest::LargestRemainder,
            unweighted: broken.unweighted,
        };
        self.node(op, frame, ty, span)
    }

    /// Gives what of the amount no line takes, for each payee and period: it stays whole, or is an error.
    pub(super) fn without_lines(
        &mut self,
        (whole, earn): (EarnId, &Earn),
        broken: &BreakDown,
        stage: &Stage,
    ) -> Option<NodeId> {
        let scope = self.plan_scope(earn.plan)?;
        let plan = self.program.plan(earn.plan)?;
        let (ty, span) = (earn.ty, broken.span);
        let lines = self.line_sum(&stage.nodes, stage.nodes.earned, &scope, earn);
        let whole = self.raw_total(whole, EarnPart::Earned)?;
        let op = Op::Sum(vec![(Sign::Plus, whole), (Sign::Minus, lines)]);
        let left = self.node(op, scope.frame, ty, span);
        if broken.without == NoLines::Whole {
            return Some(left);
        }
        let within = [plan.payee, plan.period].map(|binder| scope.binders.get(&binder).copied());
        let [payee, period] = within;
        let zero = self.constant(Value::Number(Exact::ZERO), ty.scalar, span);
        let is_nothing = self.is_equal(left, zero, span);
        let weight = self.constant(Value::Number(Exact::ZERO), Scalar::Number, span);
        let weight = self.spread(weight, &scope);
        let op = Op::Share {
            keep: None,
            within: vec![payee?, period?],
            amount: left,
            weight,
            step: broken.step.clone(),
            rounding: Rounding::Down,
            rest: Rest::LargestRemainder,
            unweighted: Unweighted::Refused,
        };
        let refused = self.node(op, scope.frame, ty, span);
        let op = Op::If {
            condition: is_nothing,
            then: zero,
            otherwise: refused,
        };
        Some(self.node(op, scope.frame, ty, span))
    }

    fn is_equal(&mut self, left: NodeId, right: NodeId, span: Span) -> NodeId {
        let frame = self.frame_of(left);
        let op = Op::Compare {
            op: Comparison::Equal,
            left,
            right,
        };
        self.node(op, frame, Ty::always(Scalar::Bool), span)
    }
}
