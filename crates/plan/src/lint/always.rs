//! W0707: conditions that hold always, or never.

use guerdon_syntax::{Code, Diagnostic, Sink, Text, text};

use super::walk::expressions;
use crate::hir::{Comparison, Expr, ExprKind, Program, Value};
use crate::number::Exact;

/// Warns of comparisons between fixed values, whose answer no record, payee or period changes.
///
/// A bare `yes` as the condition of an exception is left alone: it says that only the dates choose.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    for (_, expr) in expressions(program) {
        if let Some(holds) = answer(expr) {
            sink.push(told(expr, holds));
        }
    }
}

fn told(expr: &Expr, holds: bool) -> Diagnostic {
    let (title, label): (Text, Text) = if holds {
        (
            text!("this condition always holds", "此条件恒成立"),
            text!("always yes", "恒为是"),
        )
    } else {
        (
            text!("this condition never holds", "此条件恒不成立"),
            text!("always no", "恒为否"),
        )
    };
    Diagnostic::warning(Code::W0707, title).primary(expr.span, label)
}

/// Gives the answer of a comparison of two fixed numbers.
fn answer(expr: &Expr) -> Option<bool> {
    let ExprKind::Compare { op, left, right } = &expr.kind else {
        return None;
    };
    let (left, right) = (fixed(left)?, fixed(right)?);
    Some(match op {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    })
}

fn fixed(expr: &Expr) -> Option<&Exact> {
    if let ExprKind::Const(Value::Number(number)) = &expr.kind {
        Some(number)
    } else {
        None
    }
}
