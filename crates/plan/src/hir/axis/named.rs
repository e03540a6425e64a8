//! Which periods the rules name themselves, and which only a record names.

use crate::hir::{Expr, ExprKind, Value};

/// Says whether only the records say which period is meant, such as that of a hire: no axis can be widened by it.
///
/// A statement asked for such a period has a value in the periods of the run only, from the plan's first to that of the
/// last day. What it has before them would depend on how far other statements happen to look back.
#[must_use]
pub fn is_named_by_records(period: &Expr) -> bool {
    if let ExprKind::Shift { period, .. } = &period.kind {
        return is_named_by_records(period);
    }
    if let ExprKind::Containing { day, .. } = &period.kind {
        return is_day_of_records(day);
    }
    if let ExprKind::If { then, otherwise, .. } = &period.kind {
        return is_named_by_records(then) || is_named_by_records(otherwise);
    }
    !matches!(
        &period.kind,
        ExprKind::Binder(_) | ExprKind::Const(Value::Period(_))
    )
}

fn is_day_of_records(day: &Expr) -> bool {
    if let ExprKind::FirstDay(period) | ExprKind::LastDay(period) = &day.kind {
        return is_named_by_records(period);
    }
    if let ExprKind::AddDays { day, days: count }
    | ExprKind::AddMonths {
        day, months: count, ..
    } = &day.kind
    {
        return is_day_of_records(day) || !is_literal(count);
    }
    if let ExprKind::If { then, otherwise, .. } = &day.kind {
        return is_day_of_records(then) || is_day_of_records(otherwise);
    }
    !matches!(&day.kind, ExprKind::Const(Value::Date(_)))
}

/// Says whether a number is written as a literal, with or without a sign.
fn is_literal(number: &Expr) -> bool {
    if let ExprKind::Sum(operands) = &number.kind {
        return matches!(operands.as_slice(), [(_, operand)] if is_literal(operand));
    }
    matches!(&number.kind, ExprKind::Const(Value::Number(_)))
}
