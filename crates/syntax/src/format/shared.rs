//! Lines that several programs have.

use super::layout::Clauses;
use super::names::Words;
use crate::ast::{
    Check, CurrencyLine, DateRange, Expr, ExprLine, ForEach, Let, Measure, Name, OnFailure, PeriodLine,
    PeriodLineKind, PolicyLine, Population, Quoted, RoundPlace, RoundingLine, Tail,
};
use crate::keyword::Keyword as K;
use crate::span::Span;

/// Holds a statement to print.
pub(super) struct Printed {
    /// Where it stood.
    pub(super) span: Span,
    /// Its first word, if short statements of the block are to be lined up behind it.
    pub(super) lead: Option<&'static str>,
    /// What follows the first word, or all of it.
    pub(super) clauses: Clauses,
}

impl Printed {
    /// Prints a short statement: a word, and the rest lined up behind it.
    pub(super) fn short(span: Span, lead: &'static str, rest: impl Into<String>) -> Printed {
        Printed {
            span,
            lead: Some(lead),
            clauses: Clauses::new(rest),
        }
    }

    /// Prints a statement by clauses.
    pub(super) fn long(span: Span, clauses: Clauses) -> Printed {
        Printed {
            span,
            lead: None,
            clauses,
        }
    }
}

impl Words {
    /// Prints the reason and the reference.
    pub(super) fn tail(self, tail: &Tail) -> Vec<String> {
        let because = tail
            .because
            .as_ref()
            .map(|text| format!("{} {}", self.say(K::Because), self.quoted(text)));
        let reference = tail
            .reference
            .as_ref()
            .map(|text| format!("{} {}", self.say(K::Ref), self.quoted(text)));
        because.into_iter().chain(reference).collect()
    }

    /// Prints `WORD NAME "title"`.
    pub(super) fn titled(self, word: K, name: &Name, title: Option<&Quoted>) -> String {
        let title = title.map(|title| format!(" {}", self.quoted(title)));
        format!(
            "{} {}{}",
            self.say(word),
            self.name(name),
            title.unwrap_or_default()
        )
    }

    /// Prints `= e` as clauses.
    pub(super) fn equals(self, value: &Expr) -> Vec<String> {
        let mut clauses = self.clauses(value);
        if let Some(first) = clauses.first_mut() {
            first.insert_str(0, "= ");
        }
        clauses
    }

    /// Prints `WORD e` as clauses.
    pub(super) fn behind(self, word: K, value: &Expr) -> Vec<String> {
        let mut clauses = self.clauses(value);
        if let Some(first) = clauses.first_mut() {
            first.insert_str(0, &format!("{} ", self.say(word)));
        }
        clauses
    }

    pub(super) fn population(self, word: K, line: &Population) -> Printed {
        let filter = self.filter(line.filter.as_ref());
        let mut printed = Printed::short(line.span, self.say(word), self.name(&line.data));
        printed.clauses = printed.clauses.maybe(filter);
        printed
    }

    pub(super) fn currency_line(self, line: &CurrencyLine) -> Printed {
        let decimals = line.decimals.as_ref();
        let decimals = decimals.map(|number| format!(" {} {}", self.say(K::Decimals), self.literal(number)));
        let rest = format!(
            "{}{}",
            self.currency(&line.currency),
            decimals.unwrap_or_default()
        );
        Printed::short(line.span, self.say(K::Currency), rest)
    }

    pub(super) fn effective_line(self, range: &DateRange) -> Printed {
        Printed::short(range.span, self.say(K::Effective), self.dates(range))
    }

    pub(super) fn period_line(self, line: &PeriodLine) -> Printed {
        let rest = match &line.kind {
            PeriodLineKind::Every(unit) => self.unit(*unit).to_owned(),
            PeriodLineKind::Calendar(name, unit) => {
                let unit = unit.map(|unit| format!(" {}", self.unit(unit)));
                format!("{}{}", self.name(name), unit.unwrap_or_default())
            }
            PeriodLineKind::One(literal) => self.literal(literal),
            PeriodLineKind::Days(first, last) => {
                format!(
                    "{} {} {}",
                    self.literal(first),
                    self.say(K::ThroughDate),
                    self.literal(last)
                )
            }
        };
        Printed::short(line.span, self.say(K::PeriodLine), rest)
    }

    pub(super) fn rounding_line(self, line: &RoundingLine) -> Printed {
        let rest = match &line.rounding {
            None => self.say(K::None).to_owned(),
            Some(rounding) => {
                let place = rounding.place.map(|place| match place {
                    RoundPlace::EachLine => format!(" {}", self.say(K::AtEachLine)),
                    RoundPlace::Pay => format!(" {}", self.say(K::AtPay)),
                });
                format!(
                    "{}{}",
                    self.rounding(rounding.mode, &rounding.step),
                    place.unwrap_or_default()
                )
            }
        };
        Printed::short(line.span, self.say(K::Rounding), rest)
    }

    pub(super) fn policy_line(self, line: &PolicyLine) -> Printed {
        Printed::short(line.span, self.say(K::Policy), self.quoted(&line.text))
    }

    /// Prints `dated d`.
    pub(super) fn dated(self, dated: Option<&Expr>) -> Option<String> {
        dated.map(|dated| format!("{} {}", self.say(K::Dated), self.expr(dated)))
    }

    pub(super) fn let_line(self, line: &Let) -> Printed {
        let clauses = Clauses::new(self.titled(K::Let, &line.name, None))
            .maybe(self.dated(line.dated.as_ref()))
            .all(self.equals(&line.value))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    pub(super) fn measure_line(self, line: &Measure) -> Printed {
        let grains: Vec<String> = line
            .grain
            .iter()
            .map(|grain| format!("{} {}", self.name(&grain.data), self.name(&grain.name)))
            .collect();
        let grain = (!grains.is_empty()).then(|| format!("{} {}", self.say(K::For), grains.join(", ")));
        let mut head = self.titled(K::Measure, &line.name, line.title.as_ref());
        if let Some(grain) = grain {
            head.push_str(&format!(" {grain}"));
        }
        let clauses = Clauses::new(head)
            .maybe(self.dated(line.dated.as_ref()))
            .all(self.equals(&line.value))
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    /// Prints `for each S …`.
    pub(super) fn for_each(self, each: &ForEach) -> String {
        let mut out = format!("{} {}", self.say(K::ForEach), self.source(&each.source));
        if let Some(filter) = self.filter(each.filter.as_ref()) {
            out.push_str(&format!(" {filter}"));
        }
        if let Some(up) = &each.up {
            out.push_str(&format!(" {} {}", self.say(K::UpFrom), self.expr(&up.from)));
            if let Some(by) = &up.by {
                out.push_str(&format!(" {} {}", self.say(K::By), self.name(by)));
            }
        }
        out
    }

    pub(super) fn check_line(self, line: &Check) -> Printed {
        let refuse = match line.on_failure {
            OnFailure::Spoil => None,
            OnFailure::Refuse => Some(format!("{} {}", self.say(K::Else), self.say(K::Refuse))),
        };
        let clauses = Clauses::default()
            .all(self.behind(K::Check, &line.condition))
            .maybe(line.each.as_ref().map(|each| self.for_each(each)))
            .maybe(refuse)
            .tail(self.tail(&line.tail));
        Printed::long(line.span, clauses)
    }

    /// Prints a word and an expression.
    pub(super) fn expr_line(self, word: K, line: &ExprLine) -> Printed {
        let clauses = Clauses::default()
            .all(self.clauses(&line.value))
            .tail(self.tail(&line.tail));
        Printed {
            span: line.span,
            lead: Some(self.say(word)),
            clauses,
        }
    }
}
