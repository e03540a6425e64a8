//! Which values a condition lets something have.

use guerdon_plan::hir::{Comparison, Expr, ExprKind, Value};
use guerdon_plan::number::Exact;

/// Lists the conditions that hold where a condition does.
pub(super) fn all_of(condition: &Expr) -> Vec<&Expr> {
    let (mut open, mut all) = (vec![condition], Vec::new());
    while let Some(one) = open.pop() {
        if let ExprKind::And(parts) = &required(one).kind {
            open.extend(parts);
        } else {
            all.push(one);
        }
    }
    all
}

/// Says whether a condition leaves zero out of the values that something can have.
pub(super) fn keeps_from_zero(condition: &Expr, is_it: impl Fn(&Expr) -> bool) -> bool {
    let ExprKind::Compare { op, left, right } = &required(condition).kind else {
        return false;
    };
    let (op, bound) = if is_it(required(left)) {
        (*op, constant(right))
    } else if is_it(required(right)) {
        (turned(*op), constant(left))
    } else {
        return false;
    };
    bound.is_some_and(|bound| match op {
        Comparison::Greater => !bound.is_negative(),
        Comparison::GreaterOrEqual => bound.is_positive(),
        Comparison::Less => !bound.is_positive(),
        Comparison::LessOrEqual => bound.is_negative(),
        Comparison::NotEqual => bound.is_zero(),
        Comparison::Equal => !bound.is_zero(),
    })
}

/// Gives the comparison that says the same with its sides exchanged.
fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Equal => Comparison::Equal,
        Comparison::NotEqual => Comparison::NotEqual,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
    }
}

/// Gives a number that is written out.
pub(super) fn constant(value: &Expr) -> Option<&Exact> {
    if let ExprKind::Const(Value::Number(number)) = &required(value).kind {
        return Some(number);
    }
    None
}

/// Looks through the demand that a value be there.
pub(super) fn required(value: &Expr) -> &Expr {
    let mut value = value;
    while let ExprKind::Require(inner) = &value.kind {
        value = inner;
    }
    value
}
