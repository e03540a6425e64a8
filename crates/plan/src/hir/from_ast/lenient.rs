//! Statements that are missing where something they need is missing: the metrics of a scorecard.

use crate::hir::expr::{Comparison, Expr, ExprKind, Factor, Value};
use crate::number::Exact;
use crate::types::{Scalar, Ty};

use super::expr::{always, optional};

/// Makes a value missing where an operand is missing or a divisor is zero.
///
/// Operands inside an aggregate stay as they are: a sum that lacks one of its parts is an error, not a smaller sum.
pub(super) fn lenient(value: Expr) -> Expr {
    if let ExprKind::Require(inner) = value.kind {
        return *inner;
    }
    let lacking = lacking(&value);
    if lacking.is_empty() {
        return value;
    }
    let (span, scalar) = (value.span, value.ty.scalar);
    let missing = optional(ExprKind::Const(Value::Missing), scalar, span);
    Expr {
        kind: ExprKind::If {
            condition: Box::new(always(ExprKind::Or(lacking), Scalar::Bool, span)),
            then: Box::new(missing),
            otherwise: Box::new(value),
        },
        ty: Ty::optional(scalar),
        span,
    }
}

/// Lists the conditions under which a value cannot be had: innermost last.
fn lacking(value: &Expr) -> Vec<Expr> {
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(at) = open.pop() {
        match &at.kind {
            ExprKind::Require(inner) => {
                found.push(always(ExprKind::IsMissing(inner.clone()), Scalar::Bool, at.span));
            }
            ExprKind::Product(factors) => {
                let divisors = factors.iter().filter(|(factor, _)| *factor == Factor::Over);
                found.extend(divisors.map(|(_, divisor)| is_zero(divisor)));
            }
            _ => {}
        }
        if !binds(&at.kind) {
            open.extend(at.children());
        }
    }
    found
}

fn is_zero(value: &Expr) -> Expr {
    let zero = always(
        ExprKind::Const(Value::Number(Exact::ZERO)),
        value.ty.scalar,
        value.span,
    );
    let equal = ExprKind::Compare {
        op: Comparison::Equal,
        left: Box::new(value.clone()),
        right: Box::new(zero),
    };
    always(equal, Scalar::Bool, value.span)
}

/// Says whether an expression has variables of its own.
const fn binds(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Aggregate(_) | ExprKind::Running(_) | ExprKind::Rank(_) | ExprKind::Share(_)
    )
}
