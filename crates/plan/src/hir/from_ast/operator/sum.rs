//! Sums and differences: like is added to like, and days to dates.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, ast, text};

use super::operands;
use crate::hir::expr::{Expr, ExprKind, Sign};
use crate::hir::from_ast::Checker;
use crate::hir::from_ast::env::Env;
use crate::hir::from_ast::expr::{always, faulty_like};
use crate::hir::from_ast::want::Want;
use crate::hir::program::PaysIn;
use crate::types::Scalar;

impl Checker<'_> {
    /// Types `-e`.
    pub(in crate::hir::from_ast) fn negated(
        &mut self,
        env: &Env,
        inner: &ast::Expr,
        span: Span,
        want: Want,
    ) -> Expr {
        let value = self.value(env, inner, want);
        let value = self.expect_numeric(value);
        let scalar = value.ty.scalar;
        always(ExprKind::Sum(vec![(Sign::Minus, value)]), scalar, span)
    }

    /// Types `a + b - c`.
    pub(in crate::hir::from_ast) fn sum(
        &mut self,
        env: &Env,
        chain: &ast::Chain,
        span: Span,
        want: Want,
    ) -> Expr {
        let first = self.value(env, &chain.first, want);
        if first.ty.scalar == Scalar::Date {
            return self.moved_day(env, first, chain, span);
        }
        let first = self.expect_numeric(first);
        let mut scalar = first.ty.scalar;
        let mut typed = vec![(Sign::Plus, first)];
        for link in &chain.rest {
            let operand = self.value(env, &link.operand, Want::like(scalar));
            let operand = self.expect_numeric(operand);
            match added(scalar, operand.ty.scalar) {
                Some(kind) => scalar = kind,
                None => {
                    self.push_unlike(env, chain, &typed, (&operand, link.operand.span));
                    scalar = Scalar::Faulty;
                }
            }
            let sign = if link.op == ast::ChainOp::Subtract {
                Sign::Minus
            } else {
                Sign::Plus
            };
            typed.push((sign, operand));
        }
        always(ExprKind::Sum(typed), scalar, span)
    }

    /// Types a date with lengths of time added: `D + 7 days`.
    fn moved_day(&mut self, env: &Env, day: Expr, chain: &ast::Chain, span: Span) -> Expr {
        let mut moved = day;
        for link in &chain.rest {
            let Some(days) = self.days_of(env, &link.operand) else {
                return faulty_like(moved);
            };
            let days = if link.op == ast::ChainOp::Subtract {
                let at = days.span;
                always(ExprKind::Sum(vec![(Sign::Minus, days)]), Scalar::Int, at)
            } else {
                days
            };
            moved = always(
                ExprKind::AddDays {
                    day: Box::new(moved),
                    days: Box::new(days),
                },
                Scalar::Date,
                span,
            );
        }
        moved
    }

    fn days_of(&mut self, env: &Env, operand: &ast::Expr) -> Option<Expr> {
        if let ast::ExprKind::Duration(count, unit) = &operand.kind {
            let factor = match unit.kind {
                ast::UnitKind::Day => 1,
                ast::UnitKind::Week => 7,
                ast::UnitKind::Month
                | ast::UnitKind::Quarter
                | ast::UnitKind::Year
                | ast::UnitKind::Period => {
                    self.push_months_to_date(operand.span);
                    return None;
                }
            };
            return self.whole_days(env, count, factor);
        }
        let other = self.value(env, operand, Want::ANY);
        if other.ty.scalar != Scalar::Faulty {
            self.push_no_duration(&other);
        }
        None
    }

    fn whole_days(&mut self, env: &Env, count: &ast::Literal, factor: i64) -> Option<Expr> {
        let (value, scalar) = self.literal_value(env, count, None);
        let value = value.map(|value| always(ExprKind::Const(value), scalar, count.span))?;
        let value = self.expect_kind(value, Scalar::Int);
        if factor == 1 {
            return Some(value);
        }
        let weeks = crate::hir::expr::Value::Number(crate::number::Exact::from_i64(factor));
        let weeks = always(ExprKind::Const(weeks), Scalar::Int, count.span);
        let product = vec![
            (crate::hir::expr::Factor::Times, value),
            (crate::hir::expr::Factor::Times, weeks),
        ];
        Some(always(ExprKind::Product(product), Scalar::Int, count.span))
    }

    fn push_months_to_date(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!(
                    "only days can be added to a date with a sign",
                    "只有天数能用加减号与日期相加减"
                ),
            )
            .primary(
                span,
                text!(
                    "what happens at the end of a short month has to be written",
                    "短月的月末如何处理必须写明"
                ),
            )
            .fix(Fix::advice(
                text!("write which day is meant", "写明取哪一天"),
                text!("add_months(d, 1, last_day)", "add_months(d, 1, last_day)"),
            )),
        );
    }

    fn push_no_duration(&mut self, other: &Expr) {
        let found = self.a_kind(other.ty.scalar);
        let (title, shown) = if other.ty.scalar == Scalar::Date {
            (
                text!(
                    "a date cannot be taken from a date with a sign",
                    "日期不能用减号相减"
                ),
                text!("days from a to b", "天数 从 a 到 b"),
            )
        } else {
            (
                text!("{found} cannot be added to a date", "{found}不能与日期相加减"; found),
                text!("d + 7 days", "d + 7 天"),
            )
        };
        self.sink.push(
            Diagnostic::error(Code::E0201, title)
                .primary(other.span, found)
                .fix(Fix::advice(text!("write the length of time", "写明时长"), shown)),
        );
    }

    fn push_unlike(
        &mut self,
        env: &Env,
        chain: &ast::Chain,
        before: &[(Sign, Expr)],
        (operand, span): (&Expr, Span),
    ) {
        let earlier = before.iter().zip(operands(chain));
        let mut known = earlier.filter(|((_, value), _)| value.ty.scalar != Scalar::Faulty);
        let Some(((_, left), tree)) = known.next() else {
            return;
        };
        // Brackets belong to what is pointed at.
        let (left, operand) = (&at(left, tree.span), &at(operand, span));
        match (left.ty.scalar, operand.ty.scalar) {
            (Scalar::Money(_), Scalar::Money(_)) => self.push_two_currencies(env, left, operand),
            (Scalar::Money(_) | Scalar::Points, Scalar::Percent) => self.push_of_what(chain, left, operand),
            (Scalar::Percent, Scalar::Money(_) | Scalar::Points) => self.push_of_what(chain, operand, left),
            (_, _) => self.push_unlike_kinds(left, operand),
        }
    }

    fn push_two_currencies(&mut self, env: &Env, left: &Expr, right: &Expr) {
        let (one, other) = (self.a_kind(left.ty.scalar), self.a_kind(right.ty.scalar));
        let mut message = Diagnostic::error(
            Code::E0203,
            text!("amounts in two currencies are added", "两种币种的金额相加"),
        )
        .primary(right.span, other)
        .secondary(left.span, one)
        .note(text!(
            "The rate, and the day it is taken from, are part of the plan, so they have to be written down.",
            "汇率以及取汇率的日期属于方案的一部分，所以必须写明。"
        ));
        let target = if let Scalar::Money(currency) = left.ty.scalar {
            currency.to_string()
        } else {
            String::new()
        };
        if let Some((currency, span)) = self.plan_currency(env) {
            message = message.secondary(
                span,
                text!("this plan calculates in {currency}", "本方案以 {currency} 计算"),
            );
        }
        let title = text!(
            "convert first, and name the day of the rate",
            "先换算，并写明取汇率的日期"
        );
        let day = self.word_last_day(env);
        let has_rates = !self.rates_in_sight(right.span).is_empty();
        if env.period.is_some() && has_rates {
            let behind = format!(", {target}, {day})");
            message = message.fix(Fix::wrap(title, right.span, "convert(", behind));
        } else if env.period.is_some() {
            message = message.fix(Fix::advice(
                text!("declare exchange rates and convert", "请声明汇率并换算"),
                text!("convert(…, {target}, {day})", "convert(…, {target}, {day})"),
            ));
        }
        self.sink.push(message);
    }

    /// Finds the currency of the plan, and where it is written.
    fn plan_currency(&self, env: &Env) -> Option<(String, Span)> {
        let id = env.plan?;
        let currency = match self.program.plan(id).map(|plan| plan.pays_in) {
            Some(PaysIn::Money(currency)) => currency.to_string(),
            Some(PaysIn::Points | PaysIn::Nothing) | None => return None,
        };
        Some((currency, self.currency_span(id)?))
    }

    fn push_of_what(&mut self, chain: &ast::Chain, amount: &Expr, percent: &Expr) {
        let written = self.quoted(percent.span);
        let kind = self.a_kind(amount.ty.scalar);
        let mut message = Diagnostic::error(
            Code::E0201,
            text!("a percent is added to an amount", "百分比与金额相加"),
        )
        .primary(percent.span, text!("{written} of what?", "是什么的 {written}？"))
        .secondary(amount.span, kind);
        let is_plain = chain.rest.len() == 1 && percent.span.start > amount.span.start;
        if let (Some(link), true) = (chain.rest.first(), is_plain) {
            let sign = if link.op == ast::ChainOp::Subtract {
                "-"
            } else {
                "+"
            };
            message = message.fix(
                Fix::replace(text!("of the amount", "占该金额的比例"), link.op_span, "*")
                    .and(link.operand.span.before(), format!("(1 {sign} "))
                    .and(link.operand.span.after(), ")"),
            );
        }
        self.sink.push(message);
    }

    fn push_unlike_kinds(&mut self, left: &Expr, right: &Expr) {
        let (one, other) = (self.a_kind(left.ty.scalar), self.a_kind(right.ty.scalar));
        let mut message = Diagnostic::error(
            Code::E0201,
            text!("{one} and {other} are added", "{one}与{other}相加"; one, other),
        )
        .primary(right.span, other)
        .secondary(left.span, one);
        for (amount, number) in [(left, right), (right, left)] {
            if let (Scalar::Money(currency), ExprKind::Const(_)) = (amount.ty.scalar, &number.kind) {
                message = message.fix(Fix::insert(
                    text!("write the currency", "写明币种"),
                    number.span,
                    format!("{currency} "),
                ));
                break;
            }
        }
        self.sink.push(message);
    }

    /// Writes `period.last_day` in the language of the file.
    pub(in crate::hir::from_ast) fn word_last_day(&self, env: &Env) -> &'static str {
        match self.sources.language(env.file) {
            guerdon_syntax::Language::En => "period.last_day",
            guerdon_syntax::Language::Zh => "本期.末日",
        }
    }
}

fn at(value: &Expr, span: Span) -> Expr {
    Expr {
        span,
        ..value.clone()
    }
}

/// Gives the kind of a sum of two kinds.
fn added(one: Scalar, other: Scalar) -> Option<Scalar> {
    super::super::expr::unify(one, other)
}
