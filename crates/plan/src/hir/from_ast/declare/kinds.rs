//! Types as written, and kinds of values in words.

use guerdon_syntax::{Code, Diagnostic, ast, text};

use crate::calendar::Unit;
use crate::hir::from_ast::Checker;
use crate::number::{Currency, Exact};
use crate::resolve::Declared;
use crate::types::{Scalar, Ty};

/// The most decimals of a number or percent whose type says nothing else.
const PLAIN_DECIMALS: u8 = 9;

impl Checker<'_> {
    /// Reads a type; a faulty one fits everything.
    pub(super) fn ty(&mut self, ty: &ast::Type) -> Ty {
        let scalar = self.scalar(ty);
        if ty.is_optional {
            Ty::optional(scalar)
        } else {
            Ty::always(scalar)
        }
    }

    fn scalar(&mut self, ty: &ast::Type) -> Scalar {
        match &ty.kind {
            ast::TypeKind::Text => Scalar::Text,
            ast::TypeKind::Truth => Scalar::Bool,
            ast::TypeKind::Int => Scalar::Int,
            ast::TypeKind::Number => Scalar::Number,
            ast::TypeKind::Percent => Scalar::Percent,
            ast::TypeKind::Date => Scalar::Date,
            ast::TypeKind::Period(unit) => Scalar::Period(unit_of(unit.kind)),
            ast::TypeKind::Money(ast::Currency::Points(_)) => Scalar::Points,
            ast::TypeKind::Money(ast::Currency::Code(code)) => self
                .currency(&code.text, code.span)
                .map_or(Scalar::Faulty, Scalar::Money),
            ast::TypeKind::MoneyIn(_) => Scalar::MoneyInColumn,
            ast::TypeKind::MoneyOfPlan => self.money_without_currency(ty),
            ast::TypeKind::Named(name) => self.named_scalar(name),
        }
    }

    fn money_without_currency(&mut self, ty: &ast::Type) -> Scalar {
        let title = text!("the currency of this money is not written", "未写明金额的币种");
        let fault = Diagnostic::error(Code::E0123, title);
        self.sink
            .push(fault.primary(ty.span, text!("such as money CNY", "例如 money CNY")));
        Scalar::Faulty
    }

    fn named_scalar(&mut self, name: &ast::Name) -> Scalar {
        match self.declared(name) {
            Some(Declared::Enum(id)) => Scalar::Enum(id),
            Some(Declared::Table(id)) => Scalar::Row(id),
            Some(
                Declared::Constant(_)
                | Declared::Tiers(_)
                | Declared::Decision(_)
                | Declared::Rates(..)
                | Declared::Calendar(_)
                | Declared::Holidays(_)
                | Declared::Plan(_)
                | Declared::Later(_),
            )
            | None => {
                self.push_unknown(Code::E0218, name);
                Scalar::Faulty
            }
        }
    }

    /// Says how many decimals cells of a type may have; those of a percent count in its fraction of one.
    pub(super) fn decimals(&mut self, ty: &ast::Type, scalar: Scalar) -> u8 {
        match (&ty.step, scalar) {
            (
                Some(step),
                Scalar::Number | Scalar::Percent | Scalar::Money(_) | Scalar::MoneyInColumn | Scalar::Points,
            ) => self.step_decimals(step).unwrap_or(PLAIN_DECIMALS),
            (Some(step), _) => {
                self.no_decimals(step, scalar);
                0
            }
            (None, Scalar::Money(currency)) => self.money_decimals(currency),
            (None, Scalar::Number | Scalar::Percent | Scalar::MoneyInColumn | Scalar::Points) => {
                PLAIN_DECIMALS
            }
            (None, _) => 0,
        }
    }

    fn money_decimals(&self, currency: Currency) -> u8 {
        let own = currency
            .minor_unit_decimals()
            .or_else(|| self.declared_decimals(currency));
        own.unwrap_or(PLAIN_DECIMALS)
    }

    fn step_decimals(&mut self, step: &ast::Literal) -> Option<u8> {
        let exact = self
            .fold_literal(step, None)
            .and_then(|folded| folded.number().cloned());
        let decimals = exact.as_ref().and_then(decimals_of_step);
        if decimals.is_none() && exact.is_some() {
            let fault = Diagnostic::error(
                Code::E0225,
                text!(
                    "the step of a column is 1, 0.1, 0.01 and so on",
                    "列的步长是 1、0.1、0.01 等"
                ),
            );
            let written = &step.written;
            self.sink.push(fault.primary(
                step.span,
                text!("\"{written}\" is none of these", "“{written}”不在其中"),
            ));
        }
        decimals
    }

    fn no_decimals(&mut self, step: &ast::Literal, scalar: Scalar) {
        if scalar != Scalar::Faulty {
            let kind = self.kind_name(scalar);
            let title = text!("{kind} has no decimals", "{kind}没有小数位"; kind);
            let fault = Diagnostic::error(Code::E0201, title);
            self.sink
                .push(fault.primary(step.span, text!("leave this out", "请删去")));
        }
    }
}

/// Gives the number of decimals of a step that is a power of ten of at most one.
fn decimals_of_step(step: &Exact) -> Option<u8> {
    (0..=18).find(|decimals| Exact::from_scaled(1, *decimals) == *step)
}

/// Gives the calendar's unit for a written one.
pub(super) const fn unit_of(unit: ast::UnitKind) -> Unit {
    match unit {
        ast::UnitKind::Day => Unit::Day,
        ast::UnitKind::Week => Unit::Week,
        ast::UnitKind::Month => Unit::Month,
        ast::UnitKind::Quarter => Unit::Quarter,
        ast::UnitKind::Year => Unit::Year,
        ast::UnitKind::Period => Unit::Period,
    }
}
