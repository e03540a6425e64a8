//! Conversion from one currency to another: `convert(x, CNY, day)`, `convert(x, CNY, day, plan_rates)`.

use std::sync::Arc;

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::Checker;
use super::env::Env;
use super::expr::{always, faulty};
use super::want::Want;
use crate::hir::expr::{Expr, ExprKind, Value};
use crate::number::Currency;
use crate::resolve::Declared;
use crate::types::{RatesId, Scalar};

impl Checker<'_> {
    /// Types a conversion: the amount times the rate of the day.
    pub(super) fn convert(&mut self, env: &Env, args: &[ast::Expr], span: Span) -> Expr {
        let (amount, to, day, name) = match args {
            [amount, to, day] => (amount, to, day, None),
            [amount, to, day, name] => (amount, to, day, Some(name)),
            _ => return self.push_wrong_conversion(span),
        };
        let amount = self.value(env, amount, Want::ANY);
        let to = self.currency_word(to);
        let day = self.value_of(env, day, Scalar::Date);
        let rates = match name {
            Some(name) => self.rates_called(name),
            None => self.only_rates(env, span),
        };
        let from = self.currency_of(&amount);
        let (Some(to), Some(rates), Some(from)) = (to, rates, from) else {
            return faulty(span);
        };
        let kind = ExprKind::Convert {
            rates,
            amount: Box::new(amount),
            from: Box::new(from),
            to,
            on: Box::new(day),
        };
        always(kind, Scalar::Money(to), span)
    }

    /// Gives the code of the currency that an amount is in, as a text.
    fn currency_of(&mut self, amount: &Expr) -> Option<Expr> {
        let span = amount.span;
        match amount.ty.scalar {
            Scalar::Money(currency) => {
                let code = Value::Text(Arc::from(currency.code()));
                Some(always(ExprKind::Const(code), Scalar::Text, span))
            }
            Scalar::MoneyInColumn => {
                let found = self.currency_column(amount);
                if found.is_none() {
                    self.push_no_own_currency(span);
                }
                found
            }
            Scalar::Faulty => None,
            Scalar::Bool
            | Scalar::Int
            | Scalar::Number
            | Scalar::Percent
            | Scalar::Points
            | Scalar::Date
            | Scalar::Period(_)
            | Scalar::Days
            | Scalar::Text
            | Scalar::Enum(_)
            | Scalar::Row(_) => {
                let found = self.a_kind(amount.ty.scalar);
                let title =
                    text!("only money is converted, not {found}", "只能换算金额，而不是{found}"; found);
                self.sink
                    .push(Diagnostic::error(Code::E0201, title).primary(span, found));
                None
            }
        }
    }

    /// Gives the currency that stands in the row of an amount, beside it.
    fn currency_column(&self, amount: &Expr) -> Option<Expr> {
        if let ExprKind::Require(inner) = &amount.kind {
            return self.currency_column(inner);
        }
        let ExprKind::Field { row, field } = &amount.kind else {
            return None;
        };
        let column = self.field_at(row.ty.scalar, *field)?.currency_field?;
        let code = self.field_value((**row).clone(), column, amount.span);
        Some(if code.ty.is_optional() {
            let kind = ExprKind::Require(Box::new(code));
            always(kind, Scalar::Text, amount.span)
        } else {
            code
        })
    }

    fn currency_word(&mut self, tree: &ast::Expr) -> Option<Currency> {
        if let ast::ExprKind::Name(word) = &tree.kind
            && Currency::parse(&word.text).is_ok()
        {
            return self.currency(&word.text, word.span);
        }
        let title = text!("the currency to convert to is a code", "要换算成的币种须写代码");
        self.sink
            .push(Diagnostic::error(Code::E0212, title).primary(tree.span, text!("such as CNY", "例如 CNY")));
        None
    }

    fn rates_called(&mut self, tree: &ast::Expr) -> Option<RatesId> {
        if let ast::ExprKind::Name(name) = &tree.kind {
            if let Some(Declared::Rates(id, _)) = self.declared(name) {
                return Some(id);
            }
            if self.names.is_broken(&name.text) {
                return None;
            }
            let written = &name.text;
            let title = text!(
                "there are no exchange rates called \"{written}\"",
                "没有叫“{written}”的汇率表"
            );
            let fault = Diagnostic::error(Code::E0228, title).primary(name.span, Text::default());
            let known: Vec<String> = self.rates_in_sight(name.span);
            let fix = self.nearest(written, name.span, known.iter().map(String::as_str));
            self.sink.push(fix.into_iter().fold(fault, Diagnostic::fix));
            return None;
        }
        let title = text!(
            "the name of exchange rates is needed here",
            "此处需要汇率表的名称"
        );
        self.sink
            .push(Diagnostic::error(Code::E0228, title).primary(tree.span, Text::default()));
        None
    }

    /// Finds the rates meant where none are named: those without a name, otherwise the only ones.
    fn only_rates(&mut self, env: &Env, span: Span) -> Option<RatesId> {
        let found: Vec<(String, RatesId)> = self
            .names
            .entries()
            .iter()
            .filter(|entry| self.names.sees(env.file, entry.span.file))
            .filter_map(|entry| {
                if let Declared::Rates(id, _) = entry.declared {
                    Some((entry.name.clone(), id))
                } else {
                    None
                }
            })
            .collect();
        if let Some((_, plain)) = found.iter().find(|(name, _)| name == "rates") {
            return Some(*plain);
        }
        match found.as_slice() {
            [(_, only)] => return Some(*only),
            [] => self.push_no_rates(span),
            [(first, _), ..] => self.push_several_rates(span, first),
        }
        None
    }

    /// Lists the names of the exchange rates that a file sees.
    pub(in crate::hir::from_ast) fn rates_in_sight(&self, at: Span) -> Vec<String> {
        self.names
            .seen_from(at.file)
            .filter(|(_, declared)| matches!(declared, Declared::Rates(..)))
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    fn push_wrong_conversion(&mut self, span: Span) -> Expr {
        let title = text!(
            "convert takes an amount, a currency and a day, and may name the rates",
            "convert 需要金额、币种和日期，还可写明汇率表"
        );
        let told = Diagnostic::error(Code::E0208, title).primary(
            span,
            text!(
                "such as convert(amount, CNY, booked_on)",
                "例如 convert(金额, CNY, 签约日)"
            ),
        );
        let days = [
            (
                text!("at the rate of the day of the order", "按下单日汇率"),
                text!("convert(…, …, row.booked_on)", "convert(…, …, 本行.签约日)"),
            ),
            (
                text!("at the rate of the end of the period", "按期末汇率"),
                text!("convert(…, …, period.last_day)", "convert(…, …, 本期.末日)"),
            ),
            (
                text!("at the rate fixed for the year", "按年度固定汇率"),
                text!(
                    "convert(…, …, period.last_day, plan_rates)",
                    "convert(…, …, 本期.末日, 固定汇率)"
                ),
            ),
        ];
        let told = days
            .into_iter()
            .fold(told, |told, (means, words)| told.fix(Fix::advice(means, words)));
        self.sink.push(told);
        faulty(span)
    }

    fn push_no_own_currency(&mut self, span: Span) {
        let title = text!(
            "the currency of this amount stands in another column; only the field itself can be converted",
            "该金额的币种在另一列中，只能换算字段本身"
        );
        self.sink.push(
            Diagnostic::error(Code::E0201, title)
                .primary(span, text!("no field", "不是字段"))
                .note(text!(
                    "Convert each amount first, and calculate with what it comes to.",
                    "请先逐笔换算，再用换算后的金额计算。"
                )),
        );
    }

    fn push_no_rates(&mut self, span: Span) {
        let title = text!("there are no exchange rates", "没有汇率表");
        self.sink.push(
            Diagnostic::error(Code::E0228, title)
                .primary(span, Text::default())
                .fix(Fix::advice(
                    text!("declare them", "请声明汇率"),
                    text!("rates from \"rates.csv\"", "汇率 从 “rates.csv”"),
                )),
        );
    }

    fn push_several_rates(&mut self, span: Span, first: &str) {
        let title = text!(
            "there are several tables of exchange rates, and the conversion names none",
            "有多张汇率表，而换算没有写明用哪一张"
        );
        self.sink.push(
            Diagnostic::error(Code::E0228, title)
                .primary(span, Text::default())
                .fix(Fix::advice(
                    text!("name one", "写明一张"),
                    text!("convert(…, …, …, {first})", "convert(…, …, …, {first})"),
                )),
        );
    }
}
