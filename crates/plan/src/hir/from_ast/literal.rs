//! Literals: numbers, amounts, days, periods, texts.

use std::sync::Arc;

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::Env;
use crate::calendar::{Date, PeriodKey, Unit};
use crate::hir::expr::Value;
use crate::number::{Currency, Exact};
use crate::types::{CalendarId, Scalar};

impl Checker<'_> {
    /// Reads a literal; a number stands for the digits of a text where a text is wanted.
    pub(crate) fn literal_value(
        &mut self,
        env: &Env,
        literal: &ast::Literal,
        wanted: Option<Scalar>,
    ) -> (Option<Value>, Scalar) {
        match &literal.kind {
            ast::LiteralKind::Number(_) if wanted == Some(Scalar::Text) => (
                Some(Value::Text(Arc::from(literal.written.as_str()))),
                Scalar::Text,
            ),
            ast::LiteralKind::Number(number) => {
                let exact = self.decimal(number, literal.span);
                let is_whole = exact.as_ref().is_some_and(Exact::is_integer);
                (
                    exact.map(Value::Number),
                    if is_whole { Scalar::Int } else { Scalar::Number },
                )
            }
            ast::LiteralKind::Percent(number) => (
                self.decimal(number, literal.span).map(Value::Number),
                Scalar::Percent,
            ),
            ast::LiteralKind::Money(code, number) => {
                let amount = self.decimal(number, literal.span).map(Value::Number);
                let currency = self.currency(code, literal.span);
                (amount, currency.map_or(Scalar::Faulty, Scalar::Money))
            }
            ast::LiteralKind::Date(day) => (self.date(*day, literal.span).map(Value::Date), Scalar::Date),
            ast::LiteralKind::Text(words) => (Some(Value::Text(Arc::from(words.as_str()))), Scalar::Text),
            ast::LiteralKind::Truth(truth) => (Some(Value::Bool(*truth)), Scalar::Bool),
            ast::LiteralKind::Month(..)
            | ast::LiteralKind::Quarter(..)
            | ast::LiteralKind::Week(..)
            | ast::LiteralKind::Year(_) => self.period_literal(env, literal),
        }
    }

    /// Reads a decimal number.
    pub(crate) fn decimal(&mut self, number: &ast::Decimal, span: Span) -> Option<Exact> {
        let exact = exact(number);
        if exact.is_none() {
            self.sink.push(
                Diagnostic::error(
                    Code::E0008,
                    text!("the number has too many digits", "数字位数过多"),
                )
                .primary(span, Text::default()),
            );
        }
        exact
    }

    /// Reads the code of a currency.
    pub(crate) fn currency(&mut self, code: &str, span: Span) -> Option<Currency> {
        let currency = Currency::parse(code).ok();
        let known =
            currency.filter(|found| found.minor_unit_decimals().is_some() || self.is_declared(*found));
        if known.is_none() {
            self.sink.push(
                Diagnostic::error(
                    Code::E0212,
                    text!("\"{code}\" is no known currency", "没有“{code}”这种货币"),
                )
                .primary(span, text!("a code of ISO 4217 is needed", "需要 ISO 4217 代码"))
                .note(text!(
                    "A plan may declare others with their decimals: currency {code} decimals 8.",
                    "方案可以声明其他币种及其小数位：币种 {code} decimals 8。"
                )),
            );
        }
        known.or(currency)
    }

    /// Says whether some plan declares the decimals of a currency.
    fn is_declared(&self, currency: Currency) -> bool {
        self.declared_decimals(currency).is_some()
    }

    /// Finds the decimals that some plan declares for a currency.
    pub(crate) fn declared_decimals(&self, currency: Currency) -> Option<u8> {
        let items = self.files.iter().flat_map(|file| &file.items);
        let lines = items.flat_map(|item| {
            if let ast::Item::Plan(plan) = item {
                plan.statements.as_slice()
            } else {
                &[]
            }
        });
        lines.into_iter().find_map(|line| {
            let ast::PlanStatement::Currency(line) = line else {
                return None;
            };
            let ast::Currency::Code(code) = &line.currency else {
                return None;
            };
            let decimals = line.decimals.as_ref().filter(|_| code.text == currency.code())?;
            small_number(decimals)
        })
    }

    /// Reads a day.
    pub(crate) fn date(&mut self, day: ast::DateLiteral, span: Span) -> Option<Date> {
        let date = Date::from_ymd(i32::from(day.year), day.month, day.day).ok();
        if date.is_none() {
            self.push_no_such_date(span);
        }
        date
    }

    /// Reads a day where the grammar asks for a date literal.
    pub(crate) fn date_of(&mut self, literal: &ast::Literal) -> Option<Date> {
        if let ast::LiteralKind::Date(day) = &literal.kind {
            return self.date(*day, literal.span);
        }
        let written = &literal.written;
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!(
                    "a date is needed here, not {written}",
                    "此处需要日期，而不是{written}"
                ),
            )
            .primary(literal.span, text!("such as 2026-01-31", "例如 2026-01-31")),
        );
        None
    }

    fn period_literal(&mut self, env: &Env, literal: &ast::Literal) -> (Option<Value>, Scalar) {
        let calendar = self.calendar_of(env);
        let (unit, label) = match literal.kind {
            ast::LiteralKind::Month(year, month) => (Unit::Month, format!("{year:04}-{month:02}")),
            ast::LiteralKind::Quarter(year, quarter) => (Unit::Quarter, format!("{year:04}-Q{quarter}")),
            ast::LiteralKind::Week(year, week) => (Unit::Week, format!("{year:04}-W{week:02}")),
            ast::LiteralKind::Year(year) => (Unit::Year, format!("{year:04}")),
            ast::LiteralKind::Number(_)
            | ast::LiteralKind::Percent(_)
            | ast::LiteralKind::Money(..)
            | ast::LiteralKind::Date(_)
            | ast::LiteralKind::Text(_)
            | ast::LiteralKind::Truth(_) => return (None, Scalar::Faulty),
        };
        let key = self.period_key(calendar, unit, &label);
        if key.is_none() {
            self.push_no_such_date(literal.span);
        }
        (key.map(Value::Period), Scalar::Period(unit))
    }

    fn period_key(&self, calendar: CalendarId, unit: Unit, label: &str) -> Option<PeriodKey> {
        self.program.calendar(calendar)?.parse_label(unit, label).ok()
    }

    fn push_no_such_date(&mut self, span: Span) {
        let written = self.quoted(span);
        self.sink.push(
            Diagnostic::error(
                Code::E0115,
                text!("there is no {written} in this calendar", "此日历中没有 {written}"),
            )
            .primary(span, Text::default()),
        );
    }
}

/// Reads a small whole number, such as a count of decimals.
pub(crate) fn small_number(literal: &ast::Literal) -> Option<u8> {
    if let ast::LiteralKind::Number(number) = &literal.kind {
        u8::try_from(exact(number)?.to_i64()?).ok()
    } else {
        None
    }
}

/// Reads the digits and the exponent of a literal; nothing past 38 digits.
pub(crate) fn exact(number: &ast::Decimal) -> Option<Exact> {
    let digits: i128 = number.digits.parse().ok()?;
    let digits = if number.is_negative {
        digits.checked_neg()?
    } else {
        digits
    };
    match u8::try_from(number.exponent.unsigned_abs()) {
        Ok(places) if number.exponent < 0 => Some(Exact::from_scaled(digits, places)),
        Ok(places) => {
            let power = crate::number::pow10_i128(places)?;
            Exact::from_i128(digits).mul(&Exact::from_i128(power)).ok()
        }
        Err(_) => None,
    }
}
