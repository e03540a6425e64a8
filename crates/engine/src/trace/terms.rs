//! One printer for each kind of term.

use guerdon_plan::graph::{AxisSpan, Frame, NodeId, Op};
use guerdon_plan::hir::{AggregateOp, DayCount, Factor, Limit, Sign};
use guerdon_plan::number::Exact;
use guerdon_syntax::{Text, text};

use super::amounts::{joined, signed};
use super::members::Grouped;
use super::walk::{Spot, Walk};
use super::{Part, Step};

impl Walk<'_> {
    /// Puts what a term is made of under its step.
    pub(super) fn term(&mut self, step: &mut Step, spot: Spot, sign: Sign, depth: usize) {
        let Some(node) = self.node(spot) else { return };
        match &node.op {
            Op::Sum(terms) => self.sum(step, spot, terms, sign, depth),
            Op::Product(factors) => self.product(step, spot, factors, sign, depth),
            Op::Bounded { value, limits } => {
                let held = self.held_to(spot, *value, limits);
                self.changed(step, spot, *value, held, sign, depth);
            }
            Op::Round { value, .. } => {
                self.changed(step, spot, *value, text!("rounding", "舍入"), sign, depth);
            }
            Op::If {
                condition,
                then,
                otherwise,
            } => self.choice(step, spot, (*condition, *then, *otherwise), sign, depth),
            Op::Prefer { normal, exceptions } => {
                self.preferred(step, spot, *normal, exceptions, sign, depth);
            }
            Op::Slice { .. } => self.tiers(step, None, spot, sign),
            Op::Group { .. } => self.group(step, spot, sign, depth),
            Op::Rank { .. } => self.ranked(step, spot),
            Op::Share { .. } => self.shared(step, spot, depth),
            Op::Lower(of) => self.lower(step, spot, *of, sign),
            Op::Cumulate { of, span } => self.cumulated(step, spot, *of, *span, sign, depth),
            Op::Prior { .. } | Op::Before { .. } | Op::Previous(_) | Op::Reached(_) | Op::Words(_) => {}
            Op::Guard { condition, .. } => self.failed(step, spot, *condition, depth),
            Op::And(parts) | Op::Or(parts) => self.operands(step, spot, parts, depth),
            Op::Not(part) | Op::IsMissing(part) => self.operands(step, spot, &[*part], depth),
            Op::Compare { left, right, .. } => self.operands(step, spot, &[*left, *right], depth),
            Op::Within { value, .. } => self.operands(step, spot, &[*value], depth),
            Op::Decide { inputs, .. } => self.operands(step, spot, inputs, depth),
            Op::Call { args, .. } => self.operands(step, spot, args, depth),
            Op::Otherwise(values) => self.operands(step, spot, values, depth),
            Op::DaysIn { from, through, count } => {
                self.operands(step, spot, &[*from, *through], depth);
                self.counted_by(step, *count);
            }
            Op::DaysBetween { from, to, count } => {
                self.operands(step, spot, &[*from, *to], depth);
                self.counted_by(step, *count);
            }
            Op::MonthsBetween { from, to } => self.operands(step, spot, &[*from, *to], depth),
            Op::AddDays { day, days } => self.operands(step, spot, &[*day, *days], depth),
            Op::AddMonths { day, months, .. } => self.operands(step, spot, &[*day, *months], depth),
            Op::Dated { on, .. } => {
                let day = self.shown(self.input(spot, *on));
                step.note = text!("in force on {day}", "{day} 有效");
            }
            Op::Find { keys, .. } => self.operands(step, spot, keys, depth),
            Op::ExchangeRate { .. } => self.exchanged(step, spot),
            Op::Const(_)
            | Op::Stored { .. }
            | Op::OwnRow
            | Op::OwnPeriod
            | Op::RunEnd { .. }
            | Op::Origin
            | Op::Item
            | Op::CellOf { .. }
            | Op::At { .. }
            | Op::FindCell { .. }
            | Op::LastMoment { .. }
            | Op::Require(_)
            | Op::Where { .. }
            | Op::Poison { .. }
            | Op::Recover { .. }
            | Op::FirstDay { .. }
            | Op::LastDay { .. }
            | Op::Containing { .. }
            | Op::Shift { .. } => {}
        }
    }

    fn sum(&mut self, step: &mut Step, spot: Spot, terms: &[(Sign, NodeId)], sign: Sign, depth: usize) {
        if let Some((after, before)) = self.stacked(spot, terms) {
            self.tiers(step, Some(before), after, sign);
            return;
        }
        if terms.len() > self.left {
            return;
        }
        for (own, term) in terms {
            let term = self.input(spot, *term);
            let is_nothing = matches!(self.node(term).map(|node| &node.op), Some(Op::Const(_)))
                && self.number(term).is_some_and(|number| number.is_zero());
            if !is_nothing {
                let term = self.step(term, joined(sign, *own), Part::Summand, depth);
                step.children.push(term);
            }
        }
    }

    /// Names the list by which working days are counted.
    fn counted_by(&self, step: &mut Step, count: DayCount) {
        if let DayCount::Working(list) = count
            && let Some(list) = self.compiled.program.holiday_list(list)
        {
            let name = &list.naming.name;
            step.note = match list.covers.through {
                Some(last) => text!(
                    "working days by \"{name}\", which goes through {last}",
                    "按“{name}”计工作日，此表截至 {last}"
                ),
                None => text!("working days by \"{name}\"", "按“{name}”计工作日"),
            };
        }
    }

    /// Lists what the lines of the same record came to at the levels below, by payee.
    fn lower(&mut self, step: &mut Step, spot: Spot, of: NodeId, sign: Sign) {
        let Some(frame) = self.node(spot).map(|node| node.frame) else {
            return;
        };
        let Some(climbed) = self.frame(frame).and_then(Frame::parent) else {
            return;
        };
        let record = |cell: usize| self.origin(climbed, self.origin(frame, cell));
        let own = record(spot.cell);
        let before = (0..spot.cell).rev().take_while(|cell| record(*cell) == own);
        let cells: Vec<usize> = before.collect();
        for cell in cells.into_iter().rev() {
            if let Some(line) = self.number(Spot { node: of, cell }) {
                let payee = Text::same(self.keys(frame, cell).join(", "));
                let line = self.summand(payee, &signed(line, sign), spot);
                step.children.push(line);
            }
        }
    }

    /// Says a product in numbers; the factors that are computed are details.
    fn product(
        &mut self,
        step: &mut Step,
        spot: Spot,
        factors: &[(Factor, NodeId)],
        sign: Sign,
        depth: usize,
    ) {
        let mut words = String::new();
        for (factor, node) in factors {
            let value = self.shown(self.input(spot, *node));
            let between = match (words.is_empty(), factor) {
                (true, Factor::Times) => "",
                (true, Factor::Over) => "1 ÷ ",
                (false, Factor::Times) => " × ",
                (false, Factor::Over) => " ÷ ",
            };
            words.push_str(between);
            words.push_str(&value);
        }
        step.note = Text::same(match sign {
            Sign::Plus => words,
            Sign::Minus => format!("-({words})"),
        });
        let computed: Vec<NodeId> = factors.iter().map(|(_, node)| *node).collect();
        self.operands(step, spot, &computed, depth);
    }

    /// Lists what a term looked at, but for literals and what its own record or period says.
    fn operands(&mut self, step: &mut Step, spot: Spot, nodes: &[NodeId], depth: usize) {
        for node in nodes {
            let input = self.input(spot, *node);
            let is_plain = matches!(
                self.node(input).map(|node| &node.op),
                Some(Op::Const(_) | Op::OwnRow | Op::OwnPeriod | Op::RunEnd { .. } | Op::Item | Op::Origin)
                    | None
            );
            if !is_plain && self.left > 0 {
                let operand = self.step(input, Sign::Plus, Part::Detail, depth);
                step.children.push(operand);
            }
        }
    }

    /// Shows a value that was changed at the end: what it was, and by how much it changed.
    fn changed(&mut self, step: &mut Step, spot: Spot, value: NodeId, how: Text, sign: Sign, depth: usize) {
        let inner = self.input(spot, value);
        self.unfold(step, inner, sign, depth);
        let change = self
            .number(spot)
            .zip(self.number(inner))
            .and_then(|(after, before)| after.sub(&before).ok());
        if let Some(change) = change.filter(|change| !change.is_zero()) {
            let change = self.summand(how, &signed(change, sign), spot);
            step.children.push(change);
        }
    }

    /// Names the limit that a value was held to: of several, the last that changed it.
    fn held_to(&self, spot: Spot, value: NodeId, limits: &[(Limit, NodeId)]) -> Text {
        let mut held = text!("held to its limit", "受限额约束");
        let mut now = self.number(self.input(spot, value));
        for (limit, node) in limits {
            let at = self.input(spot, *node);
            let (Some(before), Some(most)) = (now.as_ref(), self.number(at)) else {
                break;
            };
            let is_held = match limit {
                Limit::AtMost => *before > most,
                Limit::AtLeast => *before < most,
            };
            if is_held {
                let named = self.named_value(at);
                held = match limit {
                    Limit::AtMost => text!("held to at most {named}", "以 {named} 为上限"),
                    Limit::AtLeast => text!("raised to at least {named}", "以 {named} 为下限"),
                };
                now = Some(most);
            }
        }
        held
    }

    /// Makes a summand that is no node of its own.
    pub(super) fn summand(&mut self, label: Text, exact: &Exact, like: Spot) -> Step {
        self.left = self.left.saturating_sub(1);
        let mut step = Step::new(label, Part::Summand);
        step.value = Some(self.amount(exact, self.scalar(like)));
        step.exact = Some(exact.clone());
        step
    }

    fn choice(
        &mut self,
        step: &mut Step,
        spot: Spot,
        (condition, then, otherwise): (NodeId, NodeId, NodeId),
        sign: Sign,
        depth: usize,
    ) {
        let condition = self.input(spot, condition);
        let Some(holds) = self.truth(condition) else {
            return;
        };
        let why = self.condition(condition);
        let taken = self.input(spot, if holds { then } else { otherwise });
        let is_fixed = matches!(self.node(taken).map(|node| &node.op), Some(Op::Const(_)));
        if is_fixed {
            step.note = text!("since {why}", "因为 {why}"; why);
            self.asked(step, condition, depth);
            return;
        }
        let mut since = Step::detail(text!("since {why}", "因为 {why}"; why));
        self.asked(&mut since, condition, depth);
        step.children.push(since);
        self.unfold(step, taken, sign, depth);
    }

    /// Lists the values that a condition looked at and that have names of their own.
    fn asked(&mut self, step: &mut Step, condition: Spot, depth: usize) {
        let inner = self.peel_past(condition);
        let Some(node) = self.node(inner) else { return };
        for input in node.op.inputs() {
            let input = self.peel(self.input(inner, input));
            if self.called(input).is_some() && self.left > 0 {
                let operand = self.step(input, Sign::Plus, Part::Detail, depth);
                step.children.push(operand);
            }
        }
    }

    fn failed(&mut self, step: &mut Step, spot: Spot, condition: NodeId, depth: usize) {
        let condition = self.input(spot, condition);
        let why = self.condition(condition);
        let mut failed = Step::detail(text!("a check failed: {why}", "校验未通过：{why}"; why));
        if let Some(span) = self.node(condition).map(|node| node.span) {
            if let Some(check) = self.check_at(span) {
                failed = failed.reasoned(&check.reason);
            }
            failed.span = Some(span);
        }
        self.asked(&mut failed, condition, depth);
        step.children.push(failed);
    }

    pub(super) fn check_at(&self, span: guerdon_syntax::Span) -> Option<&guerdon_plan::hir::Check> {
        let plans = self.compiled.program.plans.iter();
        plans
            .flat_map(|plan| &plan.checks)
            .find(|check| check.span == span || check.condition.span == span)
    }

    fn cumulated(
        &mut self,
        step: &mut Step,
        spot: Spot,
        of: NodeId,
        span: AxisSpan,
        sign: Sign,
        depth: usize,
    ) {
        let is_group = matches!(
            self.compiled.graph.node(of).map(|node| &node.op),
            Some(Op::Group {
                op: AggregateOp::Sum | AggregateOp::Count,
                ..
            })
        );
        let frame = self.node(spot).map(|node| node.frame);
        let cells = frame
            .map(|frame| self.state.summed_cells(frame, spot.cell, span))
            .unwrap_or_default();
        if is_group {
            let grouped = Grouped { node: of, cells };
            self.records(step, &grouped, sign, depth);
            return;
        }
        if cells.len() > self.left {
            return;
        }
        for cell in cells {
            let at = Spot { node: of, cell };
            let keys = self.node(at).map(|node| self.keys(node.frame, cell));
            let label = Text::same(keys.unwrap_or_default().join(" "));
            let mut part = self.bare(label, at, sign, Part::Summand);
            self.fill(&mut part, at, sign, depth);
            step.children.push(part);
        }
    }

    fn group(&mut self, step: &mut Step, spot: Spot, sign: Sign, depth: usize) {
        if self.settlement(step, spot, sign, depth) {
            return;
        }
        let grouped = Grouped {
            node: spot.node,
            cells: vec![spot.cell],
        };
        self.records(step, &grouped, sign, depth);
    }
}
