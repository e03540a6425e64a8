//! Caps: what is cut off lines, for one earn or for several together, and what becomes of it.

mod desk;
mod proportion;

use guerdon_syntax::span::Span;

use self::desk::Desk;
use super::super::Builder;
use super::super::scope::Scope;
use super::{EarnNodes, Stage};
use crate::graph::{CutOutput, GroupKey, NodeId, Op, Taken};
use crate::hir::{
    AggregateOp, Cap, Comparison, CutOrder, Earn, Excess, Factor, Limit, Rest, RoundingPlace, Sign,
    Unweighted, Value,
};
use crate::number::{Exact, Rounding};
use crate::types::{EarnId, PlanId, Scalar, Ty};

/// What a cap on whole periods comes to for each of its earns, in their order.
pub(in crate::graph::from_hir) type CapNodes = Vec<CapPart>;

/// What a cap on whole periods comes to for one earn, by payee and period.
#[derive(Debug, Clone, Copy)]
pub(in crate::graph::from_hir) struct CapPart {
    /// The running total before this earn's lines of the period.
    total: NodeId,
    /// What of it the cap left.
    held: NodeId,
    /// What of it the cap leaves with this earn's lines.
    held_after: NodeId,
    /// What is cut off this earn's lines, where lines are cut in proportion.
    cut: Option<NodeId>,
    /// The excess of earlier periods that is paid in this one.
    carried: Option<NodeId>,
}

impl Builder<'_> {
    /// Cuts what an earn's own cap cuts.
    pub(super) fn own_capped(&mut self, id: EarnId, earn: &Earn, stage: &mut Stage) -> Option<()> {
        let Some(cap) = &earn.cap else { return Some(()) };
        let looks_at_periods = match (cap.excess, cap.cut, &earn.lines) {
            (Excess::Carried, ..) | (_, CutOrder::InProportion, Some(_)) => true,
            (Excess::Forfeited | Excess::Review, CutOrder::LatestFirst, _)
            | (Excess::Forfeited | Excess::Review, CutOrder::InProportion, None) => false,
        };
        let before = stage.nodes.earned;
        if looks_at_periods {
            let parts = self.cap_parts(cap, vec![id], std::slice::from_ref(stage), earn.plan)?;
            self.cut_part(cap, *parts.first()?, stage, earn);
            return Some(());
        } else {
            stage.nodes.earned = match stage.is_payee {
                None => self.capped_lines(cap, stage, earn),
                Some(is_payee) => self.capped_periods(before, is_payee, cap, &stage.scope, earn.ty),
            };
        }
        self.note_cut(cap, before, None, stage, earn);
        Some(())
    }

    /// Cuts what a cap on several earns cuts off one of them.
    pub(super) fn shared_capped(&mut self, id: EarnId, earn: &Earn, stage: &mut Stage) -> Option<()> {
        let Some(shared) = &earn.shared else {
            return Some(());
        };
        let members: Vec<Stage> = shared
            .earns
            .iter()
            .map(|member| self.stage(*member))
            .collect::<Option<_>>()?;
        let parts = self.cap_parts(&shared.cap, shared.earns.clone(), &members, earn.plan)?;
        let place = shared.earns.iter().position(|member| *member == id)?;
        self.cut_part(&shared.cap, *parts.get(place)?, stage, earn);
        Some(())
    }

    /// Remembers what a cap does to each line, and what somebody is to look at.
    fn note_cut(
        &mut self,
        cap: &Cap,
        before: NodeId,
        carried: Option<NodeId>,
        stage: &mut Stage,
        earn: &Earn,
    ) {
        let limit = self.expr(&cap.at, &stage.scope);
        stage.nodes.cuts.push(CutOutput {
            before,
            after: stage.nodes.earned,
            limit,
            carried,
            span: cap.span,
        });
        if cap.excess != Excess::Review {
            return;
        }
        let terms = vec![(Sign::Plus, before), (Sign::Minus, stage.nodes.earned)];
        let terms = terms
            .into_iter()
            .chain(stage.nodes.excess.map(|earlier| (Sign::Plus, earlier)))
            .collect();
        let excess = self.node(Op::Sum(terms), stage.nodes.frame, earn.ty, cap.span);
        stage.nodes.excess = Some(excess);
    }

    /// Cuts lines so that their running total keeps to the cap of each line's own period.
    fn capped_lines(&mut self, cap: &Cap, stage: &Stage, earn: &Earn) -> NodeId {
        let (uncut, scope) = (stage.nodes.earned, &stage.scope);
        let by = vec![stage.nodes.payee, self.bucket(cap.every, stage.nodes.day, scope)];
        let zero = self.constant(Value::Number(Exact::ZERO), earn.ty.scalar, cap.span);
        self.run_down(cap, uncut, by, (zero, zero), scope, earn.ty)
    }

    /// Cuts lines one after the other, beginning with a running total and what the cap left of it.
    fn run_down(
        &mut self,
        cap: &Cap,
        uncut: NodeId,
        by: Vec<NodeId>,
        (opening_total, opening_held): (NodeId, NodeId),
        scope: &Scope,
        ty: Ty,
    ) -> NodeId {
        let (span, frame) = (cap.span, scope.frame);
        let order = scope
            .line
            .as_ref()
            .map(|line| line.order.clone())
            .unwrap_or_default();
        let limit = self.expr(&cap.at, scope);
        let before = Op::Before {
            take: Taken::Sum,
            value: uncut,
            keep: None,
            order: order.clone(),
            by: by.clone(),
        };
        let before = self.node(before, frame, ty, span);
        let mut terms = vec![(Sign::Plus, before), (Sign::Plus, uncut)];
        if !self.is_constant(opening_total) {
            terms.insert(0, (Sign::Plus, opening_total));
        }
        let total = self.node(Op::Sum(terms), frame, ty, span);
        let held = Op::Bounded {
            value: total,
            limits: vec![(Limit::AtMost, limit)],
        };
        let held = self.node(held, frame, ty, span);
        let last = Op::Before {
            take: Taken::Last,
            value: held,
            keep: None,
            order,
            by,
        };
        let last = self.node(last, frame, Ty::optional(ty.scalar), span);
        let last = self.node(Op::Otherwise(vec![last, opening_held]), frame, ty, span);
        self.cut_line(uncut, held, last, scope, ty, span)
    }

    fn is_constant(&self, node: NodeId) -> bool {
        self.graph
            .node(node)
            .is_some_and(|node| matches!(node.op, Op::Const(_)))
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
        let cut = self.cut_line(uncut, held, held_before, scope, ty, span);
        // Where there is no line nothing is cut, whatever the lines before were.
        let op = Op::If {
            condition: is_payee,
            then: cut,
            otherwise: zero,
        };
        self.node(op, frame, ty, span)
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
        self.new_node(Op::Prior { of, initial, restart }, scope.frame, ty, span)
    }

    /// Works out a cap by payee and period: the earns come one after the other within a period.
    fn cap_parts(
        &mut self,
        cap: &Cap,
        earns: Vec<EarnId>,
        members: &[Stage],
        plan: PlanId,
    ) -> Option<CapNodes> {
        if let Some(found) = self.lowered.caps.get(&earns) {
            return Some(found.clone());
        }
        let ty = self.program.earn(*earns.first()?)?.ty;
        let desk = Desk {
            scope: self.plan_scope(plan)?,
            ty,
            span: cap.span,
            zero: self.constant(Value::Number(Exact::ZERO), ty.scalar, cap.span),
        };
        let is_payee = self.is_payee(plan, &desk.scope);
        let sums: Vec<NodeId> = members
            .iter()
            .zip(&earns)
            .map(|(member, id)| {
                let earn = self.program.earn(*id)?;
                let sum = self.line_sum(&member.nodes, member.nodes.earned, &desk.scope, earn);
                Some(self.spread(sum, &desk.scope))
            })
            .collect::<Option<_>>()?;
        let limit = self.expr(&cap.at, &desk.scope);
        let restart = self.starts_anew(cap.every, &desk.scope)?;
        let first = *sums.first()?;
        let keeps = (cap.excess != Excess::Carried).then_some(restart);
        let prior_total = self.open_prior(first, desk.zero, keeps, &desk.scope, ty, cap.span);
        let prior_held = self.open_prior(is_payee, desk.zero, keeps, &desk.scope, ty, cap.at.span);
        let (mut total, mut held, mut carried) = (prior_total, prior_held, None);
        if cap.excess == Excess::Carried {
            let priors = (prior_total, prior_held);
            let opened = self.open_carried(priors, (limit, restart, is_payee), &desk);
            (total, held, carried) = (opened.0, opened.1, Some(opened.2));
        }
        let opening = held;
        let mut parts = Vec::new();
        for (member, sum) in members.iter().zip(&sums) {
            let part = self.cap_step(member, *sum, (total, held, limit), &desk);
            total = desk.sum(self, &[total, *sum]);
            held = part.held_after;
            parts.push(part);
        }
        self.tie(prior_total, total);
        self.tie(prior_held, held);
        if cap.cut == CutOrder::InProportion {
            let all = desk.sum(self, &sums);
            let left = desk.less(self, held, opening);
            let cut = desk.less(self, all, left);
            let cut = self.rounded(cut, RoundingPlace::EachLine, &desk.scope, cap.span);
            self.cut_in_proportion(cut, members, &desk, &mut parts);
        }
        if let Some(paid) = carried {
            self.carry_over(paid, &sums, &desk, &mut parts);
        }
        self.lowered.caps.insert(earns, parts.clone());
        Some(parts)
    }

    /// Opens a period with the excess of those before: gives the running total, what the cap leaves of it, and what
    /// is paid of the excess now.
    fn open_carried(
        &mut self,
        (prior_total, prior_held): (NodeId, NodeId),
        (limit, restart, is_payee): (NodeId, NodeId, NodeId),
        desk: &Desk,
    ) -> (NodeId, NodeId, NodeId) {
        // The first period of a calendar has none before it to differ from.
        let op = Op::Recover {
            value: restart,
            otherwise: self.constant(Value::Bool(true), Scalar::Bool, desk.span),
        };
        let restart = self.node(op, desk.scope.frame, Ty::always(Scalar::Bool), desk.span);
        let left = desk.less(self, prior_total, prior_held);
        let total = desk.choose(self, restart, left, prior_total);
        let before = desk.choose(self, restart, desk.zero, prior_held);
        let limits = vec![(Limit::AtMost, limit), (Limit::AtLeast, before)];
        let room = desk.bounded(self, total, limits);
        let held = desk.choose(self, is_payee, room, before);
        let paid = desk.less(self, held, before);
        let paid = self.rounded(paid, RoundingPlace::EachLine, &desk.scope, desk.span);
        (total, held, paid)
    }

    /// Gives what a cap leaves of the lines of one earn after those of the earns before it.
    fn cap_step(
        &mut self,
        member: &Stage,
        sum: NodeId,
        (total, held, limit): (NodeId, NodeId, NodeId),
        desk: &Desk,
    ) -> CapPart {
        let through = desk.sum(self, &[total, sum]);
        let most = desk.bounded(self, through, vec![(Limit::AtMost, limit)]);
        let has_lines = match member.is_payee {
            Some(is_payee) => is_payee,
            None => self.has_lines(&member.nodes, desk),
        };
        CapPart {
            total,
            held,
            held_after: desk.choose(self, has_lines, most, held),
            cut: None,
            carried: None,
        }
    }

    fn has_lines(&mut self, nodes: &EarnNodes, desk: &Desk) -> NodeId {
        let left = self.count_lines(nodes, desk);
        let right = self.constant(Value::Number(Exact::ZERO), Scalar::Int, desk.span);
        let op = Op::Compare {
            op: Comparison::Greater,
            left,
            right,
        };
        self.node(op, desk.scope.frame, Ty::always(Scalar::Bool), desk.span)
    }

    fn count_lines(&mut self, nodes: &EarnNodes, desk: &Desk) -> NodeId {
        let op = Op::Group {
            op: AggregateOp::Count,
            value: None,
            filter: None,
            key: GroupKey::Place {
                row: Some(nodes.payee),
                period: Some(nodes.period),
            },
            from: nodes.frame,
            order: Vec::new(),
            best: None,
        };
        self.node(op, desk.scope.frame, Ty::always(Scalar::Int), desk.span)
    }

    /// Divides what is paid of earlier excess among the earns it was cut off, in their order.
    fn carry_over(&mut self, paid: NodeId, sums: &[NodeId], desk: &Desk, parts: &mut [CapPart]) {
        if let [part] = parts {
            part.carried = Some(paid);
            return;
        }
        let mut rest = paid;
        let last = parts.len().saturating_sub(1);
        for (place, (part, sum)) in parts.iter_mut().zip(sums).enumerate() {
            let waiting = self.open_prior(*sum, desk.zero, None, &desk.scope, desk.ty, desk.span);
            let limits = vec![(Limit::AtLeast, desk.zero), (Limit::AtMost, rest)];
            let own = desk.bounded(self, waiting, limits);
            let own = if place == last { rest } else { own };
            rest = desk.less(self, rest, own);
            let left = match part.cut {
                Some(cut) => desk.less(self, *sum, cut),
                None => desk.less(self, part.held_after, part.held),
            };
            let cut = desk.less(self, *sum, left);
            let now = desk.sum(self, &[waiting, cut]);
            let now = desk.less(self, now, own);
            self.tie(waiting, now);
            part.carried = Some(own);
        }
    }

    /// Cuts the lines of one earn to what a cap on whole periods leaves of them.
    fn cut_part(&mut self, cap: &Cap, part: CapPart, stage: &mut Stage, earn: &Earn) {
        let before = stage.nodes.earned;
        let earned = match (stage.is_payee, part.cut) {
            (Some(_), cut) => self.cut_period(cap, part, cut, stage, earn),
            (None, Some(cut)) => self.share_of_cut(cap, cut, stage, earn),
            (None, None) => {
                let (payee, period) = (stage.nodes.payee, stage.nodes.period);
                let [total, held] = [part.total, part.held]
                    .map(|node| self.broadcast(node, &stage.scope, Some(payee), Some(period), cap.span));
                let by = vec![payee, period];
                self.run_down(cap, stage.nodes.earned, by, (total, held), &stage.scope, earn.ty)
            }
        };
        stage.nodes.earned = earned;
        if stage.is_payee.is_none() {
            self.note_cut(cap, before, None, stage, earn);
            stage.nodes.carried = part.carried;
            return;
        }
        self.note_cut(cap, before, part.carried, stage, earn);
        let (Some(carried), Some(is_payee)) = (part.carried, stage.is_payee) else {
            return;
        };
        let op = Op::Sum(vec![(Sign::Plus, earned), (Sign::Plus, carried)]);
        let both = self.node(op, stage.scope.frame, earn.ty, cap.span);
        let zero = self.constant(Value::Number(Exact::ZERO), earn.ty.scalar, cap.span);
        let op = Op::If {
            condition: is_payee,
            then: both,
            otherwise: zero,
        };
        stage.nodes.earned = self.node(op, stage.scope.frame, earn.ty, cap.span);
    }

    /// Cuts the amount of an undated earn in each period.
    fn cut_period(
        &mut self,
        cap: &Cap,
        part: CapPart,
        cut: Option<NodeId>,
        stage: &Stage,
        earn: &Earn,
    ) -> NodeId {
        let (uncut, scope, ty) = (stage.nodes.earned, &stage.scope, earn.ty);
        let left = match cut {
            Some(cut) => {
                let op = Op::Sum(vec![(Sign::Plus, uncut), (Sign::Minus, cut)]);
                self.node(op, scope.frame, ty, cap.span)
            }
            None => self.cut_line(uncut, part.held_after, part.held, scope, ty, cap.span),
        };
        let Some(is_payee) = stage.is_payee else {
            return left;
        };
        let zero = self.constant(Value::Number(Exact::ZERO), ty.scalar, cap.span);
        let op = Op::If {
            condition: is_payee,
            then: left,
            otherwise: zero,
        };
        self.node(op, scope.frame, ty, cap.span)
    }

    /// Cuts each line by its share of what is cut in its period: by largest remainder where lines are rounded.
    fn share_of_cut(&mut self, cap: &Cap, cut: NodeId, stage: &Stage, earn: &Earn) -> NodeId {
        let Some(plan_scope) = self.plan_scope(earn.plan) else {
            return stage.nodes.earned;
        };
        let desk = Desk {
            scope: plan_scope,
            ty: earn.ty,
            span: cap.span,
            zero: self.constant(Value::Number(Exact::ZERO), earn.ty.scalar, cap.span),
        };
        let (nodes, scope) = (&stage.nodes, &stage.scope);
        let weight = self.cuttable(stage, cut, &desk);
        let (payee, period) = (nodes.payee, nodes.period);
        let amount = self.broadcast(cut, scope, Some(payee), Some(period), cap.span);
        let rounding = self
            .program
            .plan(earn.plan)
            .and_then(|plan| plan.rounding.clone())
            .filter(|rule| rule.place == RoundingPlace::EachLine);
        let share = match rounding {
            Some(rule) => {
                let op = Op::Share {
                    keep: None,
                    within: vec![payee, period],
                    amount,
                    weight,
                    step: rule.step,
                    rounding: Rounding::Down,
                    rest: Rest::LargestRemainder,
                    unweighted: Unweighted::Equal,
                };
                self.node(op, scope.frame, earn.ty, cap.span)
            }
            None => self.exact_share(amount, weight, stage, &desk),
        };
        let op = Op::Sum(vec![(Sign::Plus, nodes.earned), (Sign::Minus, share)]);
        self.node(op, scope.frame, earn.ty, cap.span)
    }

    fn exact_share(&mut self, amount: NodeId, weight: NodeId, stage: &Stage, desk: &Desk) -> NodeId {
        let (nodes, scope) = (&stage.nodes, &stage.scope);
        let whole = self.by_place(weight, nodes, desk);
        let count = self.count_lines(nodes, desk);
        let is_nothing = desk.is_zero(self, whole);
        let (payee, period) = (nodes.payee, nodes.period);
        let [whole, count, is_nothing] = [whole, count, is_nothing]
            .map(|node| self.broadcast(node, scope, Some(payee), Some(period), desk.span));
        let weighted = vec![
            (Factor::Times, amount),
            (Factor::Times, weight),
            (Factor::Over, whole),
        ];
        let equal = vec![(Factor::Times, amount), (Factor::Over, count)];
        let [then, otherwise] =
            [equal, weighted].map(|factors| self.node(Op::Product(factors), scope.frame, desk.ty, desk.span));
        let op = Op::If {
            condition: is_nothing,
            then,
            otherwise,
        };
        self.node(op, scope.frame, desk.ty, desk.span)
    }
}
