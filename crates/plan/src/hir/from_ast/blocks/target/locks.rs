//! Locked parts: which they are, and whether there is enough for them.

use std::collections::BTreeMap;

use guerdon_syntax::ast::{Expr, ExprKind, LiteralKind, Lock, PeriodExpr};
use guerdon_syntax::{Code, Diagnostic, Span, Text, text};

use super::super::prizes::amount;
use super::super::push_twice;
use super::Out;
use super::level::{Among, Held, Level};
use crate::hir::from_ast::blocks::write::Writer;
use crate::number::{Currency, Exact, format_money};

impl Out<'_, '_> {
    /// Refuses locks that name no part, or one that is locked already, or that come to more than the goal.
    pub(super) fn check_locks(&mut self, levels: &[Level<'_>]) {
        let mut known: BTreeMap<Vec<String>, Span> = BTreeMap::new();
        for lock in self.lines.locks.clone() {
            if lock.part.len() > levels.len() || levels.is_empty() {
                self.push_wrong_lock(lock, levels.len());
            }
            let named: Option<Vec<String>> = lock.part.iter().map(written).collect();
            if let Some(named) = named
                && let Some(first) = known.insert(named, lock.span)
            {
                push_twice(self.sink, lock.span, first);
            }
        }
        if levels.first().is_some_and(|level| level.line.plus.is_none()) {
            self.check_locked_sum();
        }
    }

    /// Says that more is locked than there is, where goal and locks are all written as amounts.
    fn check_locked_sum(&mut self) -> Option<()> {
        let (goal, _) = self.lines.goal?;
        let (currency, whole) = amount(&goal.value)?;
        let mut sum = Exact::ZERO;
        let mut last = None;
        for lock in self.lines.locks.iter().filter(|lock| lock.part.len() == 1) {
            let (_, locked) = amount(&lock.value).filter(|(other, _)| *other == currency)?;
            sum = sum.add(&locked).ok()?;
            last = Some(lock.span);
        }
        let last = last.filter(|_| sum > whole)?;
        let over = sum.sub(&whole).ok()?;
        let (sum, over, whole) = [&sum, &over, &whole]
            .map(|number| spelled(currency, number))
            .into();
        let title = text!(
            "the locked parts come to {sum}, {over} more than the goal",
            "锁定部分合计{sum}，超出目标值{over}"
        );
        let fault = Diagnostic::error(Code::E0511, title);
        let fault = fault.primary(last, text!("locked up to here: {sum}", "至此已锁定{sum}"));
        let fault = fault.secondary(goal.value.span, text!("the goal is {whole}", "目标值为{whole}"));
        self.sink.push(fault.note(text!(
            "Locked parts are taken off the goal first, and the others divide what is left.",
            "先从目标值中扣除锁定部分，余下的再由其他部分分摊。"
        )));
        None
    }

    fn push_wrong_lock(&mut self, lock: &Lock, levels: usize) {
        let title = text!(
            "a lock names one part for each level, and there are {levels}",
            "锁定须逐级写明各部分，此处共有 {levels} 级"
        );
        self.sink
            .push(Diagnostic::error(Code::E0219, title).primary(lock.span, Text::default()));
    }

    /// Writes the parts that are fixed; says whether there are any.
    pub(super) fn fixed(&mut self, level: &Level<'_>) -> bool {
        let locks: Vec<&Lock> = self
            .lines
            .locks
            .iter()
            .copied()
            .filter(|lock| lock.part.len() == level.at)
            .collect();
        if locks.is_empty() {
            return false;
        }
        let w = Writer::at(level.line.span);
        let mut fixed = w.missing();
        for (at, lock) in locks.iter().enumerate().rev() {
            let own = Writer::at(lock.span);
            let name = format!("lock {} {}", level.at, at.saturating_add(1));
            self.measure(own, &name, &Held::All, level.length, lock.value.clone());
            self.explain(&lock.tail);
            fixed = own.choice(is_part(own, lock, level), own.value(&name), fixed);
        }
        self.measure(w, &level.name("fixed"), &level.held, level.length, fixed);
        if let [only] = locks.as_slice() {
            self.explain(&only.tail);
        }
        true
    }
}

/// Says whether a part is the one that a lock names.
fn is_part(w: Writer, lock: &Lock, level: &Level<'_>) -> Expr {
    let mut conditions = Vec::new();
    if let Held::Record(data, alias) = &level.held {
        // The record's own name is the last that is none of a period.
        let own = lock.part.iter().rev().find(|part| !is_period(part));
        conditions.extend(own.map(|part| w.same(w.value(&alias.text), w.of(&data.text, vec![as_key(part)]))));
    }
    if let Among::Periods { .. } = &level.among {
        let period = w.expr(ExprKind::Period(PeriodExpr::Current));
        conditions.extend(lock.part.last().map(|part| w.same(period, part.clone())));
    }
    w.all(conditions)
}

/// Writes a bare word as the key of a record.
fn as_key(part: &Expr) -> Expr {
    if let ExprKind::Name(name) = &part.kind {
        Writer::at(name.span).text(&name.text)
    } else {
        part.clone()
    }
}

/// Gives a name or literal as it is written; none for anything else.
fn written(part: &Expr) -> Option<String> {
    if let ExprKind::Name(name) = &part.kind {
        Some(name.text.clone())
    } else if let ExprKind::Literal(literal) = &part.kind {
        Some(literal.written.clone())
    } else {
        None
    }
}

fn spelled(currency: &str, number: &Exact) -> String {
    match Currency::parse(currency) {
        Ok(currency) => format_money(number, currency, 0),
        Err(_) => number.to_string(),
    }
}

fn is_period(part: &Expr) -> bool {
    let ExprKind::Literal(literal) = &part.kind else {
        return matches!(&part.kind, ExprKind::Period(_));
    };
    matches!(
        literal.kind,
        LiteralKind::Month(..) | LiteralKind::Quarter(..) | LiteralKind::Week(..) | LiteralKind::Year(_)
    )
}
