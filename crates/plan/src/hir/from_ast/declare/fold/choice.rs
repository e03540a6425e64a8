//! Comparisons and choices between values that are known before any data.

use std::cmp::Ordering;

use guerdon_syntax::{Code, Diagnostic, Span, ast, text};

use super::Folded;
use crate::hir::Value;
use crate::hir::from_ast::Checker;
use crate::hir::from_ast::declare::constants::wider;
use crate::types::Scalar;

impl Checker<'_> {
    /// Compares two numbers, amounts, days or texts.
    pub(super) fn fold_comparison(
        &mut self,
        left: &ast::Expr,
        op: ast::CompareOp,
        right: &ast::Expr,
        span: Span,
    ) -> Option<Folded> {
        let (left, right) = (self.fold(left, None)?, self.fold(right, None)?);
        if wider(left.scalar, right.scalar).is_none() {
            return self.cannot_compare(&left, &right);
        }
        let holds = match (op, ordering(&left.value, &right.value)) {
            (ast::CompareOp::Equal, _) => left.value == right.value,
            (ast::CompareOp::NotEqual, _) => left.value != right.value,
            (ast::CompareOp::Less, Some(order)) => order == Ordering::Less,
            (ast::CompareOp::LessOrEqual, Some(order)) => order != Ordering::Greater,
            (ast::CompareOp::Greater, Some(order)) => order == Ordering::Greater,
            (ast::CompareOp::GreaterOrEqual, Some(order)) => order != Ordering::Less,
            (
                ast::CompareOp::Less
                | ast::CompareOp::LessOrEqual
                | ast::CompareOp::Greater
                | ast::CompareOp::GreaterOrEqual,
                None,
            ) => return self.no_number(&left),
        };
        Some(truth(holds, span))
    }

    fn cannot_compare(&mut self, left: &Folded, right: &Folded) -> Option<Folded> {
        if let (Scalar::Money(_), Scalar::Money(_)) = (left.scalar, right.scalar) {
            return self.two_currencies(left, right);
        }
        self.cannot_add(left, right)
    }

    /// Turns a condition round.
    pub(super) fn fold_not(&mut self, inner: &ast::Expr, span: Span) -> Option<Folded> {
        let holds = self.fold_condition(inner)?;
        Some(truth(!holds, span))
    }

    /// Joins two conditions.
    pub(super) fn fold_logic(&mut self, left: Folded, op: ast::ChainOp, right: &ast::Expr) -> Option<Folded> {
        let one = self.condition_of(&left)?;
        let other = self.fold_condition(right)?;
        let holds = if op == ast::ChainOp::And {
            one && other
        } else {
            one || other
        };
        Some(truth(holds, left.span.to(right.span)))
    }

    /// Chooses between two values of one kind.
    pub(super) fn fold_choice(
        &mut self,
        choice: &ast::If,
        wanted: Option<Scalar>,
        span: Span,
    ) -> Option<Folded> {
        let holds = self.fold_condition(&choice.condition)?;
        let then = self.fold(&choice.then, wanted)?;
        let otherwise = self.fold(&choice.otherwise, wanted)?;
        let Some(scalar) = wider(then.scalar, otherwise.scalar) else {
            return self.cannot_compare(&then, &otherwise);
        };
        let chosen = if holds { then } else { otherwise };
        Some(Folded {
            scalar,
            span,
            ..chosen
        })
    }

    fn fold_condition(&mut self, condition: &ast::Expr) -> Option<bool> {
        let folded = self.fold(condition, Some(Scalar::Bool))?;
        self.condition_of(&folded)
    }

    fn condition_of(&mut self, folded: &Folded) -> Option<bool> {
        if let Value::Bool(holds) = folded.value {
            return Some(holds);
        }
        let kind = self.kind_name(folded.scalar);
        let title = text!("a condition is needed here", "此处需要条件");
        let fault = Diagnostic::error(Code::E0201, title);
        self.sink
            .push(fault.primary(folded.span, text!("this is {kind}", "这是{kind}"; kind)));
        None
    }
}

fn truth(holds: bool, span: Span) -> Folded {
    Folded {
        scalar: Scalar::Bool,
        value: Value::Bool(holds),
        span,
    }
}

/// Orders values that have an order.
fn ordering(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Period(left), Value::Period(right)) => Some(left.cmp(right)),
        (_, _) => None,
    }
}
