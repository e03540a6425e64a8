//! Which periods the rules name themselves, and which only a record names.

use crate::hir::{Expr, ExprKind, Value};

/// Says whether only the records say which period is meant, such as that of a hire: no axis can be widened by it.
///
/// A statement asked for such a period has a value in the periods of the run only, from the plan's first to that of the
/// last day. What it has before them would depend on how far other statements happen to look back.
#[must_use]
pub fn is_named_by_records(period: &Expr) -> bool {
    match &period.kind {
        ExprKind::Binder(_) | ExprKind::Const(Value::Period(_)) => false,
        ExprKind::Shift { period, .. } => is_named_by_records(period),
        ExprKind::Containing { day, .. } => is_day_of_records(day),
        ExprKind::If { then, otherwise, .. } => is_named_by_records(then) || is_named_by_records(otherwise),
        _ => true,
    }
}

fn is_day_of_records(day: &Expr) -> bool {
    match &day.kind {
        ExprKind::Const(Value::Date(_)) => false,
        ExprKind::FirstDay(period) | ExprKind::LastDay(period) => is_named_by_records(period),
        ExprKind::AddDays { day, days: count }
        | ExprKind::AddMonths {
            day, months: count, ..
        } => is_day_of_records(day) || !is_literal(count),
        ExprKind::If { then, otherwise, .. } => is_day_of_records(then) || is_day_of_records(otherwise),
        _ => true,
    }
}

/// Says whether a number is written as a literal, with or without a sign.
fn is_literal(number: &Expr) -> bool {
    match &number.kind {
        ExprKind::Const(Value::Number(_)) => true,
        ExprKind::Sum(operands) => matches!(operands.as_slice(), [(_, operand)] if is_literal(operand)),
        _ => false,
    }
}
