//! Literals.

use super::build::Builder;
use super::grammar::{Node, Parts, Rule, has, parts};
use crate::ast::{DateLiteral, DateRange, Decimal, Literal, LiteralKind};
use crate::diagnostic::{Code, Diagnostic, Fix, Text};
use crate::span::Span;
use crate::text;

/// The most digits that a number may have.
const MAX_DIGITS: usize = 38;

impl Builder<'_> {
    /// Takes the next part as a literal.
    pub(crate) fn take_literal(&mut self, parts: &mut Parts<'_>) -> Option<Literal> {
        let node = parts.take(Rule::literal)?;
        self.literal(node)
    }

    /// Takes the next part as a number, a percentage, a date, … that the grammar reads by its own rule.
    pub(crate) fn take_lexeme(&mut self, parts: &mut Parts<'_>, rule: Rule) -> Option<Literal> {
        let node = parts.take(rule)?;
        self.lexeme(node)
    }

    /// Takes all literals of a rule that follow.
    pub(crate) fn take_lexemes(&mut self, parts: &mut Parts<'_>, rule: Rule) -> Option<Vec<Literal>> {
        parts
            .take_all(rule)
            .into_iter()
            .map(|node| self.lexeme(node))
            .collect()
    }

    /// Reads a literal.
    pub(crate) fn literal(&mut self, node: Node<'_>) -> Option<Literal> {
        let inner = node.into_inner().next()?;
        self.lexeme(inner)
    }

    /// Reads a literal that may have a minus before it, of a cell.
    pub(crate) fn signed(&mut self, node: Node<'_>) -> Option<Literal> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let is_negative = inner.take(Rule::minus).is_some();
        let mut literal = self.take_literal(&mut inner)?;
        if !is_negative {
            return Some(literal);
        }
        literal.span = span;
        literal.written.insert(0, '-');
        match &mut literal.kind {
            LiteralKind::Number(value) | LiteralKind::Percent(value) | LiteralKind::Money(_, value) => {
                value.is_negative = !value.is_negative;
                Some(literal)
            }
            LiteralKind::Date(_)
            | LiteralKind::Month(..)
            | LiteralKind::Quarter(..)
            | LiteralKind::Week(..)
            | LiteralKind::Year(_)
            | LiteralKind::Text(_)
            | LiteralKind::Truth(_) => self.no_minus(span),
        }
    }

    /// Takes `D` or `D through D`.
    pub(crate) fn date_range(&mut self, node: Node<'_>) -> Option<DateRange> {
        let span = self.span(&node);
        let inner = match node.as_rule() {
            Rule::date_range => node,
            _ => parts(node).take(Rule::date_range)?,
        };
        let mut dates = self.take_lexemes(&mut parts(inner), Rule::date)?.into_iter();
        Some(DateRange {
            from: dates.next()?,
            through: dates.next(),
            span,
        })
    }

    /// Reads what one rule of literals read.
    pub(crate) fn lexeme(&mut self, node: Node<'_>) -> Option<Literal> {
        let span = self.span(&node);
        self.count(span)?;
        let written = node.as_str().trim_end().to_owned();
        let kind = match node.as_rule() {
            Rule::string => {
                let text = self.text(&node).value;
                return Some(Literal {
                    kind: LiteralKind::Text(text.clone()),
                    written: text,
                    span,
                });
            }
            Rule::truth => {
                let is_yes = has(&node, Rule::kw_yes);
                let written = self.written(span).to_owned();
                return Some(Literal {
                    kind: LiteralKind::Truth(is_yes),
                    written,
                    span,
                });
            }
            Rule::number => LiteralKind::Number(self.decimal(&written, span)?),
            Rule::percent => LiteralKind::Percent(self.percent(&written, span)?),
            Rule::money => self.money(&written, span)?,
            Rule::date => LiteralKind::Date(self.date(&written, span)?),
            Rule::month => self.part_of_year(&written, span, 12, LiteralKind::Month)?,
            Rule::quarter => self.part_of_year(&written, span, 4, LiteralKind::Quarter)?,
            Rule::week => self.part_of_year(&written, span, 53, LiteralKind::Week)?,
            _ => LiteralKind::Year(year_at_end(&written)?),
        };
        Some(Literal { kind, written, span })
    }

    fn percent(&mut self, written: &str, span: Span) -> Option<Decimal> {
        let (digits, places) = match written.strip_suffix("bp") {
            Some(digits) => (digits, 4),
            None => (written.trim_end_matches('%'), 2),
        };
        let mut value = self.decimal(digits, span)?;
        value.exponent = value.exponent.saturating_sub(places);
        Some(value)
    }

    fn money(&mut self, written: &str, span: Span) -> Option<LiteralKind> {
        if let Some(amount) = written.strip_suffix('元') {
            return Some(LiteralKind::Money("CNY".to_owned(), self.decimal(amount, span)?));
        }
        let (code, amount) = written.split_at_checked(3)?;
        Some(LiteralKind::Money(
            code.to_owned(),
            self.decimal(amount.trim_start(), span)?,
        ))
    }

    /// Reads `-1,200.50万` and the like.
    fn decimal(&mut self, written: &str, span: Span) -> Option<Decimal> {
        let is_negative = written.starts_with('-');
        let unsigned = written.trim_start_matches('-');
        let (bare, power): (&str, i32) = match unsigned.chars().next_back() {
            Some('万') => (unsigned.trim_end_matches('万'), 4),
            Some('亿') => (unsigned.trim_end_matches('亿'), 8),
            Some('k') => (unsigned.trim_end_matches('k'), 3),
            Some('M') => (unsigned.trim_end_matches('M'), 6),
            _ => (unsigned, 0),
        };
        let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
        let all: String = whole
            .chars()
            .chain(fraction.chars())
            .filter(char::is_ascii_digit)
            .collect();
        let digits = all.trim_start_matches('0');
        let decimals = i32::try_from(fraction.len()).unwrap_or(i32::MAX);
        if all.len() > MAX_DIGITS {
            return self.too_many_digits(span, all.len());
        }
        Some(Decimal {
            is_negative,
            digits: if digits.is_empty() { "0" } else { digits }.to_owned(),
            exponent: power.saturating_sub(decimals),
        })
    }

    fn too_many_digits<T>(&mut self, span: Span, count: usize) -> Option<T> {
        self.sink.push(
            Diagnostic::error(
                Code::E0008,
                text!(
                    "this number has {count} digits; {MAX_DIGITS} are allowed",
                    "此数字有 {count} 位，最多 {MAX_DIGITS} 位"
                ),
            )
            .primary(span, text!("too long", "过长")),
        );
        None
    }

    fn date(&mut self, written: &str, span: Span) -> Option<DateLiteral> {
        let mut numbers = written.split('-').map(|part| part.parse::<u16>().unwrap_or(0));
        let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let last = days_in_month(year, month);
        if day < 1 || day > last {
            return self.no_such_date(written, span, year, month, last);
        }
        Some(DateLiteral {
            year,
            month: u8::try_from(month).ok()?,
            day: u8::try_from(day).ok()?,
        })
    }

    fn no_such_date<T>(&mut self, written: &str, span: Span, year: u16, month: u16, last: u16) -> Option<T> {
        let mut fault = Diagnostic::error(
            Code::E0115,
            text!("there is no day {written}", "没有 {written} 这一天"),
        );
        fault = if last == 0 {
            fault.primary(span, text!("months are 01 to 12", "月份为 01 至 12"))
        } else {
            let day = format!("{year:04}-{month:02}-{last:02}");
            fault
                .primary(span, text!("the month ends on {day}", "该月最后一天是 {day}"))
                .fix(Fix::replace(
                    text!("the last day of the month", "该月最后一天"),
                    span,
                    day,
                ))
        };
        self.sink.push(fault);
        None
    }

    fn part_of_year(
        &mut self,
        written: &str,
        span: Span,
        most: u8,
        kind: fn(u16, u8) -> LiteralKind,
    ) -> Option<LiteralKind> {
        let (year, part) = written.split_once('-')?;
        let part = part.trim_start_matches(['Q', 'W']).parse::<u8>().unwrap_or(0);
        if part < 1 || part > most {
            self.sink.push(
                Diagnostic::error(Code::E0115, text!("there is no {written}", "没有 {written}"))
                    .primary(span, text!("the number is 1 to {most}", "编号为 1 至 {most}")),
            );
            return None;
        }
        Some(kind(year.parse().ok()?, part))
    }

    fn no_minus<T>(&mut self, span: Span) -> Option<T> {
        self.sink.push(
            Diagnostic::error(
                Code::E0116,
                text!("only a number can be negative", "只有数字可以为负"),
            )
            .primary(span, Text::default()),
        );
        None
    }
}

/// Counts the days of a month; 0 for a month that does not exist.
fn days_in_month(year: u16, month: u16) -> u16 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    }
}

fn year_at_end(written: &str) -> Option<u16> {
    written.split_whitespace().next_back()?.parse().ok()
}
