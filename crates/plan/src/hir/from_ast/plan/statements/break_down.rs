//! Amounts of periods that are broken down to records.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, ast, text};

use super::super::Line;
use crate::hir::expr::{Domain, EarnOf, EarnPart, Expr, ExprKind, Unweighted};
use crate::hir::from_ast::aggregate::joined;
use crate::hir::from_ast::env::{Env, Place};
use crate::hir::from_ast::source::Over;
use crate::hir::from_ast::want::Want;
use crate::hir::from_ast::{Checker, facts, reason};
use crate::hir::program::{BreakDown, Broken, Excess, Lines, NoLines, RoundingPlace};
use crate::number::Exact;
use crate::types::{EarnId, PlanId, Ty};

impl<'a> Checker<'a> {
    /// Types how an amount of a period is broken down to records.
    pub(super) fn read_break_down(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::BreakDown) {
        let Some(id) = self.target_earn(plan, &tree.target) else {
            return;
        };
        let Some(whole) = self.whole_of(id) else {
            self.push_has_records(&tree.target);
            return;
        };
        if let Some(Broken::Lines(earlier)) = self.program.earn(id).and_then(|earn| earn.broken.as_ref()) {
            let earlier = earlier.span;
            self.push_second(tree.span, earlier, &tree.target.text);
            return;
        }
        let Some(step) = self.step_of_lines(plan, tree) else {
            return;
        };
        let Some((lines, own)) = self.broken_lines(plan, line, tree) else {
            return;
        };
        let weight = self.top_value(&own, &tree.weight, Want::ANY);
        let weight = self.expect_numeric(weight);
        let unweighted = match (tree.is_equal_otherwise, tree.is_whole_otherwise) {
            (true, _) => Unweighted::Equal,
            (false, true) => Unweighted::Nothing,
            (false, false) => Unweighted::Refused,
        };
        let found = BreakDown {
            weight,
            step,
            unweighted,
            without: if tree.is_whole_otherwise {
                NoLines::Whole
            } else {
                NoLines::Refused
            },
            reason: reason(&tree.tail),
            span: tree.span,
        };
        let value = self.whole_amount(plan, whole, tree.target.span);
        self.line_facts.insert(id, own.facts);
        if let (Some(earn), Some(value)) = (self.program.earns.get_mut(id.index()), value) {
            earn.value = value;
            earn.lines = Some(lines);
            earn.broken = Some(Broken::Lines(Box::new(found)));
        }
    }

    /// Gives the earn whose amount the lines of another one are shares of.
    pub(super) fn whole_of(&self, lines: EarnId) -> Option<EarnId> {
        self.wholes.get(&lines).copied()
    }

    /// Opens the records, and sees what their weights see.
    fn broken_lines(
        &mut self,
        plan: PlanId,
        line: Line<'a>,
        tree: &'a ast::BreakDown,
    ) -> Option<(Lines, Env)> {
        let env = self.plan_env(plan, line, Place::Payees);
        let (opened, frame) = self.open_lines(&env, &tree.among)?;
        let Over::Known(Domain::Rows(table)) = opened.over else {
            return None;
        };
        let mut own = Env {
            row: Some(opened.binder),
            ..env.with(frame)
        };
        let mut all = opened.conditions;
        all.iter()
            .for_each(|condition| own.facts.extend(facts::if_yes(condition)));
        if let Some(filter) = &tree.among.filter {
            self.expression = Some(filter.span);
            all.push(self.holds(&own, filter));
        }
        let filter = joined(all);
        own.facts.extend(filter.iter().flat_map(facts::if_yes));
        let dated = self.line_day(&own, tree.among.span, &tree.target, tree.dated.as_ref())?;
        own.day = Some(dated.clone());
        let lines = Lines {
            row: opened.binder,
            table,
            filter,
            order: vec![dated.clone()],
            dated,
        };
        Some((lines, own))
    }

    /// Writes the amount that is broken down, of the payee and the period of a line.
    fn whole_amount(&self, plan: PlanId, whole: EarnId, span: Span) -> Option<Expr> {
        let found = self.program.plan(plan)?;
        let of = EarnOf::Payee {
            payee: Box::new(self.variable(found.payee, span)),
            period: Box::new(self.variable(found.period, span)),
        };
        Some(Expr {
            kind: ExprKind::Earned {
                earn: whole,
                part: EarnPart::Earned,
                of,
            },
            ty: Ty::always(self.paid_kind(plan)),
            span,
        })
    }

    /// Gives what shares are whole numbers of: what lines are rounded to.
    fn step_of_lines(&mut self, plan: PlanId, tree: &ast::BreakDown) -> Option<Exact> {
        let rounding = self.program.plan(plan)?.rounding.clone();
        if let Some(rule) = rounding.filter(|rule| rule.place == RoundingPlace::EachLine) {
            return Some(rule.step);
        }
        let name = &tree.target.text;
        let title = text!(
            "\"{name}\" cannot be broken down, since this plan does not round its lines",
            "“{name}”无法拆分，因为本方案不对明细舍入"
        );
        let fault = Diagnostic::error(Code::E0236, title)
            .primary(tree.target.span, text!("shares are whole cents", "份额以分为单位"))
            .note(text!(
                "The shares add up to the amount to the cent, so the amount itself must have no smaller parts.",
                "各份额合计须与金额分毫不差，因此金额本身不可有更小的部分。"
            ))
            .fix(Fix::advice(
                text!("round each line", "逐笔舍入"),
                text!("rounding half-up to 0.01 at each line", "舍入 四舍五入 精确到 0.01 逐笔"),
            ));
        self.sink.push(fault);
        None
    }

    /// Refuses what cannot stand beside an amount that may stay whole, or that is cut before it is broken down.
    pub(super) fn check_broken(&mut self, plan: PlanId) {
        let Some(found) = self.program.plan(plan) else {
            return;
        };
        let mut faults = Vec::new();
        for (id, earn) in found
            .earns
            .iter()
            .filter_map(|id| Some((*id, self.program.earn(*id)?)))
        {
            let Some(Broken::Lines(broken)) = &earn.broken else {
                continue;
            };
            let name = earn.naming.name.as_str();
            let waits = [
                earn.release.as_ref().map(|share| share.span),
                earn.clawback.as_ref().map(|share| share.span),
                earn.hold.as_ref().map(|hold| hold.span),
                earn.review.as_ref().map(|review| review.span),
            ];
            let waits = waits.into_iter().flatten().next();
            if let Some(at) = waits.filter(|_| broken.without == NoLines::Whole) {
                faults.push(whole_fault(broken.span, at, name));
            }
            let whole = self.whole_of(id).and_then(|whole| self.program.earn(whole));
            let mut caps = whole.into_iter().flat_map(|whole| whole.caps());
            if let Some(cap) = caps.find(|cap| cap.excess == Excess::Review) {
                faults.push(cut_fault(broken.span, cap.span, name));
            }
        }
        faults.into_iter().for_each(|fault| self.sink.push(fault));
    }

    fn push_has_records(&mut self, target: &ast::Name) {
        let name = &target.text;
        let title = text!(
            "\"{name}\" has its records already and cannot be broken down",
            "“{name}”已按记录逐条计提，无法再拆分"
        );
        let fault = Diagnostic::error(Code::E0236, title)
            .primary(target.span, text!("one line for each record", "每条记录一笔明细"))
            .note(text!(
                "An amount of a period is broken down to records: an earn without \"for each\".",
                "只有每期间一个金额的计提（没有“逐条”）才能拆分到记录。"
            ));
        self.sink.push(fault);
    }
}

fn whole_fault(broken: Span, at: Span, name: &str) -> Diagnostic {
    let title = text!(
        "\"{name}\" may stay whole, and then has no record that this could look at",
        "“{name}”可能保持整笔，此时没有记录可供此语句判断"
    );
    Diagnostic::error(Code::E0236, title)
        .primary(at, text!("looks at lines", "针对明细"))
        .secondary(broken, text!("stays whole without records", "无记录时保持整笔"))
        .fix(Fix::advice(
            text!("make it an error where there is no record", "没有记录时报错"),
            text!("leave out \"otherwise whole\"", "去掉“缺省 整笔”"),
        ))
}

fn cut_fault(broken: Span, at: Span, name: &str) -> Diagnostic {
    let title = text!(
        "what a cap cuts off \"{name}\" cannot wait for a review, since it is broken down",
        "“{name}”会被拆分，封顶截去的部分无法等待复核"
    );
    Diagnostic::error(Code::E0236, title)
        .primary(at, text!("cut before it is broken down", "在拆分之前截断"))
        .secondary(broken, text!("broken down here", "在此拆分"))
        .fix(Fix::advice(
            text!("say what becomes of it", "写明如何处理"),
            text!("excess forfeited, or excess carried", "超额 作废，或 超额 顺延"),
        ))
}
