//! Rounding modes and steps.

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::Env;
use super::expr::{faulty, fits};
use super::want::Want;
use crate::hir::expr::{Expr, ExprKind, Value};
use crate::number::{Exact, Rounding};
use crate::types::Scalar;

impl Checker<'_> {
    /// Types `x rounded half-up to EUR 0.01`.
    pub(super) fn rounded(&mut self, env: &Env, rounded: &ast::Rounded, span: Span, want: Want) -> Expr {
        let value = self.value(env, &rounded.value, want);
        let value = self.expect_numeric(value);
        let mode = mode(rounded.mode);
        let Some(step) = self.step(env, &rounded.step, value.ty.scalar, span) else {
            return faulty(span);
        };
        let ty = value.ty;
        Expr {
            kind: ExprKind::Rounded {
                value: Box::new(value),
                mode,
                step,
            },
            ty,
            span,
        }
    }

    /// Reads the step of a rounding of values of one kind.
    pub(crate) fn step(
        &mut self,
        env: &Env,
        step: &ast::RoundStep,
        scalar: Scalar,
        span: Span,
    ) -> Option<Exact> {
        match step {
            ast::RoundStep::To(literal) => self.written_step(env, literal, scalar),
            ast::RoundStep::MinorUnit => self.minor_unit(scalar, span),
        }
    }

    fn written_step(&mut self, env: &Env, literal: &ast::Literal, scalar: Scalar) -> Option<Exact> {
        let (value, kind) = self.literal_value(env, literal, None);
        let is_plain = matches!(kind, Scalar::Int | Scalar::Number | Scalar::Percent);
        match value {
            Some(Value::Number(step)) if step.is_positive() && (is_plain || fits(kind, scalar)) => Some(step),
            Some(Value::Number(step)) if step.is_positive() => {
                let (found, wanted) = (self.a_kind(kind), self.a_kind(scalar));
                self.sink.push(
                    Diagnostic::error(
                        Code::E0201,
                        text!("{wanted} cannot be rounded to a step of {found}", "{wanted}不能按{found}的步长舍入"; wanted, found),
                    )
                    .primary(literal.span, found),
                );
                None
            }
            Some(_) | None => {
                self.sink.push(
                    Diagnostic::error(
                        Code::E0225,
                        text!("the step must be a positive number", "步长必须是正数"),
                    )
                    .primary(literal.span, text!("such as 0.01", "例如 0.01")),
                );
                None
            }
        }
    }

    /// Gives the least unit of a currency.
    pub(in crate::hir::from_ast) fn minor_unit(&mut self, scalar: Scalar, span: Span) -> Option<Exact> {
        if scalar == Scalar::Faulty {
            return None;
        }
        let decimals = if let Scalar::Money(currency) = scalar {
            currency
                .minor_unit_decimals()
                .or_else(|| self.declared_decimals(currency))
        } else {
            (scalar == Scalar::Points).then_some(0)
        };
        if decimals.is_none() {
            let found = self.a_kind(scalar);
            self.sink.push(
                Diagnostic::error(
                    Code::E0201,
                    text!("{found} has no minor unit", "{found}没有最小货币单位"; found),
                )
                .primary(span, Text::default()),
            );
        }
        decimals.map(|places| Exact::from_scaled(1, places))
    }
}

/// Gives the mode that a word names.
pub(crate) fn mode(mode: ast::RoundMode) -> Rounding {
    match mode {
        ast::RoundMode::HalfUp => Rounding::HalfUp,
        ast::RoundMode::HalfDown => Rounding::HalfDown,
        ast::RoundMode::HalfEven => Rounding::HalfEven,
        ast::RoundMode::HalfOdd => Rounding::HalfOdd,
        ast::RoundMode::HalfCeiling => Rounding::HalfCeiling,
        ast::RoundMode::HalfFloor => Rounding::HalfFloor,
        ast::RoundMode::Up => Rounding::Up,
        ast::RoundMode::Down => Rounding::Down,
        ast::RoundMode::Ceiling => Rounding::Ceiling,
        ast::RoundMode::Floor => Rounding::Floor,
    }
}
