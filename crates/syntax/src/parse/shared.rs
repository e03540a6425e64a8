//! Lines that several programs have: people, currency, period, rounding, let, measure, check.

use super::build::Builder;
use super::expr::round_mode;
use super::grammar::{Node, Parts, Rule, has, parts};
use super::table::find_span;
use crate::ast::{
    Check, Currency, CurrencyLine, Expr, ExprLine, ForEach, GrainName, Let, Measure, Name, OnFailure,
    PeriodLine, PeriodLineKind, PolicyLine, Population, Quoted, RoundPlace, Rounding, RoundingLine, UpFrom,
};
use crate::span::Span;

impl Builder<'_> {
    /// Reads the head of a program: its name and title.
    pub(crate) fn named(&mut self, node: Node<'_>) -> Option<(Name, Option<Quoted>, Span)> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let title = self.quoted(&mut inner);
        Some((name, title, span))
    }

    pub(crate) fn population(&mut self, node: Node<'_>) -> Option<Population> {
        let span = self.span(&node);
        let mut inner = parts(parts(node).take(Rule::population)?);
        let data = self.ident(&mut inner)?;
        let filter = self.take_filter(&mut inner)?;
        Some(Population { data, filter, span })
    }

    pub(crate) fn currency_line(&mut self, node: Node<'_>) -> Option<CurrencyLine> {
        let span = self.span(&node);
        let points = find_span(self, &node, Rule::kw_points);
        let mut inner = parts(node);
        let currency = match points {
            Some(points) => Currency::Points(points),
            None => Currency::Code(inner.take(Rule::iso).map(|code| self.name(code))?),
        };
        let decimals = match inner.take(Rule::number) {
            Some(number) => Some(self.lexeme(number)?),
            None => None,
        };
        Some(CurrencyLine {
            currency,
            decimals,
            span,
        })
    }

    pub(crate) fn period_line(&mut self, node: Node<'_>) -> Option<PeriodLine> {
        let span = self.span(&node);
        let node = parts(node).next()?;
        let kind = match node.as_rule() {
            Rule::unit => PeriodLineKind::Every(self.unit(node)?),
            Rule::period_days => {
                let mut inner = parts(node);
                let first = self.take_lexeme(&mut inner, Rule::date)?;
                PeriodLineKind::Days(first, self.take_lexeme(&mut inner, Rule::date)?)
            }
            Rule::period_calendar => {
                let mut inner = parts(node);
                let name = self.ident(&mut inner)?;
                let unit = inner.take(Rule::unit).and_then(|node| self.unit(node));
                PeriodLineKind::Calendar(name, unit)
            }
            _ => PeriodLineKind::One(self.lexeme(node)?),
        };
        Some(PeriodLine { kind, span })
    }

    pub(crate) fn rounding_line(&mut self, node: Node<'_>) -> Option<RoundingLine> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let Some(mode) = inner.take(Rule::round_mode) else {
            return Some(RoundingLine { rounding: None, span });
        };
        let mode = round_mode(mode)?;
        let step = self.round_step(inner.take(Rule::round_step)?)?;
        let place = inner
            .take(Rule::round_place)
            .map(|node| match has(&node, Rule::kw_pay) {
                true => RoundPlace::Pay,
                false => RoundPlace::EachLine,
            });
        let rounding = Some(Rounding { mode, step, place });
        Some(RoundingLine { rounding, span })
    }

    pub(crate) fn policy_line(&mut self, node: Node<'_>) -> Option<PolicyLine> {
        let span = self.span(&node);
        let text = self.quoted(&mut parts(node))?;
        Some(PolicyLine { text, span })
    }

    /// Takes `dated d`; nothing inside where it is left out.
    pub(crate) fn dated(&mut self, inner: &mut Parts<'_>) -> Option<Option<Expr>> {
        match inner.take(Rule::dated) {
            Some(node) => Some(Some(self.take_operand(&mut parts(node))?)),
            None => Some(None),
        }
    }

    pub(crate) fn let_line(&mut self, node: Node<'_>) -> Option<Let> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let dated = self.dated(&mut inner)?;
        let value = self.take_expr(&mut inner)?;
        let tail = self.tail(&mut inner);
        Some(Let {
            name,
            dated,
            value,
            tail,
            span,
        })
    }

    pub(crate) fn measure_line(&mut self, node: Node<'_>) -> Option<Measure> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let name = self.ident(&mut inner)?;
        let title = self.quoted(&mut inner);
        let mut grain = Vec::new();
        if let Some(grains) = inner.take(Rule::grains) {
            for node in parts(grains).take_all(Rule::grain) {
                let mut inner = parts(node);
                let data = self.ident(&mut inner)?;
                let name = self.ident(&mut inner)?;
                grain.push(GrainName { data, name });
            }
        }
        let dated = self.dated(&mut inner)?;
        let value = self.take_expr(&mut inner)?;
        let tail = self.tail(&mut inner);
        Some(Measure {
            name,
            title,
            grain,
            dated,
            value,
            tail,
            span,
        })
    }

    pub(crate) fn check_line(&mut self, node: Node<'_>) -> Option<Check> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let condition = self.take_expr(&mut inner)?;
        let each = self.for_each(&mut inner)?;
        let on_failure = match inner.take(Rule::refuse) {
            Some(_) => OnFailure::Refuse,
            None => OnFailure::Spoil,
        };
        let tail = self.tail(&mut inner);
        Some(Check {
            condition,
            each,
            on_failure,
            tail,
            span,
        })
    }

    /// Takes `for each S …`; nothing inside where it is left out.
    pub(crate) fn for_each(&mut self, inner: &mut Parts<'_>) -> Option<Option<ForEach>> {
        let Some(node) = inner.take(Rule::for_each) else {
            return Some(None);
        };
        let span = self.span(&node);
        let mut inner = parts(node);
        let source = self.take_source(&mut inner)?;
        let filter = self.take_filter(&mut inner)?;
        let up = match inner.take(Rule::up_from) {
            Some(node) => Some(self.up_from(node)?),
            None => None,
        };
        Some(Some(ForEach {
            source,
            filter,
            up,
            span,
        }))
    }

    fn up_from(&mut self, node: Node<'_>) -> Option<UpFrom> {
        let mut inner = parts(node);
        let from = self.take_operand(&mut inner)?;
        let by = self.ident(&mut inner);
        Some(UpFrom { from, by })
    }

    /// Reads a statement that is a word and an expression.
    pub(crate) fn expr_line(&mut self, node: Node<'_>) -> Option<ExprLine> {
        let span = self.span(&node);
        let mut inner = parts(node);
        let value = self.take_expr(&mut inner)?;
        let tail = self.tail(&mut inner);
        Some(ExprLine { value, tail, span })
    }

    /// Takes an expression behind a word, wrapped in a rule of its own.
    pub(crate) fn clause_expr(&mut self, inner: &mut Parts<'_>, rule: Rule) -> Option<Option<Expr>> {
        let Some(node) = inner.take(rule) else {
            return Some(None);
        };
        let node = parts(node).next()?;
        Some(Some(self.expr(node)?))
    }
}
