//! Cuts in proportion: what a cap takes off a period, divided among earns and lines.

use super::CapPart;
use super::desk::Desk;
use crate::graph::from_hir::Builder;
use crate::graph::from_hir::earn::{EarnNodes, Stage};
use crate::graph::{GroupKey, NodeId, Op};
use crate::hir::{AggregateOp, Comparison, Factor, Limit, RoundingPlace, Sign, Value};
use crate::number::Exact;
use crate::types::{Scalar, Ty};

impl Builder<'_> {
    /// Divides what is cut in a period among the earns, in proportion to the lines that it can be cut off. The
    /// running total is rounded, so that the parts add up.
    pub(super) fn cut_in_proportion(
        &mut self,
        cut: NodeId,
        members: &[Stage],
        desk: &Desk,
        parts: &mut [CapPart],
    ) {
        if let [part] = parts {
            part.cut = Some(cut);
            return;
        }
        let mut weights = Vec::new();
        let mut counts = Vec::new();
        for member in members {
            let weight = self.cuttable(member, cut, desk);
            let earn_like = &member.nodes;
            weights.push(self.by_place(weight, earn_like, desk));
            counts.push(match member.is_payee {
                Some(is_payee) => {
                    let one = self.constant(Value::Number(Exact::ONE), Scalar::Int, desk.span);
                    let none = self.constant(Value::Number(Exact::ZERO), Scalar::Int, desk.span);
                    desk.choose(self, is_payee, one, none)
                }
                None => self.count_lines(earn_like, desk),
            });
        }
        let whole = desk.sum(self, &weights);
        let is_nothing = desk.is_zero(self, whole);
        let weights: Vec<NodeId> = weights
            .iter()
            .zip(&counts)
            .map(|(weight, count)| desk.choose(self, is_nothing, *count, *weight))
            .collect();
        let whole = desk.sum(self, &weights);
        let is_nothing = desk.is_zero(self, whole);
        let (mut so_far, mut given) = (None, desk.zero);
        let last = parts.len().saturating_sub(1);
        for (place, (part, weight)) in parts.iter_mut().zip(&weights).enumerate() {
            so_far = Some(match so_far {
                None => *weight,
                Some(before) => desk.sum(self, &[before, *weight]),
            });
            let through = so_far.filter(|_| place < last).map_or(cut, |so_far| {
                let factors = vec![
                    (Factor::Times, cut),
                    (Factor::Times, so_far),
                    (Factor::Over, whole),
                ];
                let share = self.node(Op::Product(factors), desk.scope.frame, desk.ty, desk.span);
                let share = self.rounded(share, RoundingPlace::EachLine, &desk.scope, desk.span);
                desk.choose(self, is_nothing, desk.zero, share)
            });
            part.cut = Some(desk.less(self, through, given));
            given = through;
        }
    }

    /// Gives how much of each line can be cut: amounts of the sign of the cut.
    pub(super) fn cuttable(&mut self, member: &Stage, cut: NodeId, desk: &Desk) -> NodeId {
        let (scope, value) = (&member.scope, member.nodes.earned);
        let (frame, boolean) = (scope.frame, Ty::always(Scalar::Bool));
        let op = Op::Compare {
            op: Comparison::GreaterOrEqual,
            left: cut,
            right: desk.zero,
        };
        let is_cut = self.node(op, desk.scope.frame, boolean, desk.span);
        let (payee, period) = (member.nodes.payee, member.nodes.period);
        let is_cut = self.broadcast(is_cut, scope, Some(payee), Some(period), desk.span);
        let opposite = self.node(Op::Sum(vec![(Sign::Minus, value)]), frame, desk.ty, desk.span);
        let [more, less] = [value, opposite].map(|value| {
            let op = Op::Bounded {
                value,
                limits: vec![(Limit::AtLeast, desk.zero)],
            };
            self.node(op, frame, desk.ty, desk.span)
        });
        let op = Op::If {
            condition: is_cut,
            then: more,
            otherwise: less,
        };
        self.node(op, frame, desk.ty, desk.span)
    }

    /// Sums a value of lines by payee and period.
    pub(super) fn by_place(&mut self, value: NodeId, nodes: &EarnNodes, desk: &Desk) -> NodeId {
        if nodes.row.is_none() {
            return value;
        }
        let op = Op::Group {
            op: AggregateOp::Sum,
            value: Some(value),
            filter: None,
            key: GroupKey::Place {
                row: Some(nodes.payee),
                period: Some(nodes.period),
            },
            from: nodes.frame,
            order: Vec::new(),
            best: None,
        };
        self.node(op, desk.scope.frame, desk.ty, desk.span)
    }
}
