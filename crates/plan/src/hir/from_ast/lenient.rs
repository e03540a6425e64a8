//! Statements that are missing where something they need is missing: the metrics of a scorecard.

use crate::hir::expr::{Comparison, Expr, ExprKind, Factor, Value};
use crate::number::Exact;
use crate::types::{Scalar, Ty};

use super::expr::{always, optional};

/// The most operands beside one that are looked at to find out whether it is needed.
const MAX_GUARDS: usize = 16;

/// Makes a value missing where an operand is missing or a divisor is zero.
///
/// What is not looked at cannot be lacking: `if x is missing then 0 else x` is 0 where x is missing, and
/// `a / b otherwise 0` is 0 where b is zero. Operands inside an aggregate stay as they are: a sum that lacks one of its
/// parts is an error, not a smaller sum.
pub(super) fn lenient(value: Expr) -> Expr {
    if let ExprKind::Require(inner) = value.kind {
        return unless(lacking(&inner), *inner);
    }
    if let ExprKind::Otherwise(operands) = value.kind {
        let operands: Vec<Expr> = operands.into_iter().map(lenient).collect();
        let is_optional = operands.iter().all(|operand| operand.ty.is_optional());
        return Expr {
            kind: ExprKind::Otherwise(operands),
            ty: typed(value.ty.scalar, is_optional),
            span: value.span,
        };
    }
    let ExprKind::If {
        condition,
        then,
        otherwise,
    } = value.kind
    else {
        return unless(lacking(&value), value);
    };
    let (then, otherwise) = (lenient(*then), lenient(*otherwise));
    let is_optional = then.ty.is_optional() || otherwise.ty.is_optional();
    let lacking = lacking(&condition);
    let choice = Expr {
        kind: ExprKind::If {
            condition,
            then: Box::new(then),
            otherwise: Box::new(otherwise),
        },
        ty: typed(value.ty.scalar, is_optional),
        span: value.span,
    };
    unless(lacking, choice)
}

const fn typed(scalar: Scalar, is_optional: bool) -> Ty {
    if is_optional {
        Ty::optional(scalar)
    } else {
        Ty::always(scalar)
    }
}

/// Makes a value missing where one of some conditions holds.
fn unless(lacking: Vec<Expr>, value: Expr) -> Expr {
    if lacking.is_empty() {
        return value;
    }
    let (span, scalar) = (value.span, value.ty.scalar);
    let missing = optional(ExprKind::Const(Value::Missing), scalar, span);
    let choice = ExprKind::If {
        condition: Box::new(one_of(lacking, span)),
        then: Box::new(missing),
        otherwise: Box::new(value),
    };
    optional(choice, scalar, span)
}

/// Lists the conditions under which a value cannot be had.
fn lacking(value: &Expr) -> Vec<Expr> {
    if binds(&value.kind) {
        return Vec::new();
    }
    if let ExprKind::If {
        condition,
        then,
        otherwise,
    } = &value.kind
    {
        let mut found = lacking(condition);
        found.extend(guarded(vec![(**condition).clone()], lacking(then)));
        found.extend(guarded(vec![not((**condition).clone())], lacking(otherwise)));
        return found;
    }
    if let ExprKind::Otherwise(operands) = &value.kind {
        return lacking_of_last(operands);
    }
    if let ExprKind::And(parts) = &value.kind {
        return lacking_beside(parts, |part| part);
    }
    if let ExprKind::Or(parts) = &value.kind {
        return lacking_beside(parts, not);
    }
    let mut found: Vec<Expr> = value.children().into_iter().flat_map(lacking).collect();
    if let ExprKind::Require(inner) = &value.kind {
        found.push(is_missing(inner));
    } else if let ExprKind::Product(factors) = &value.kind {
        let divisors = factors.iter().filter(|(factor, _)| *factor == Factor::Over);
        found.extend(divisors.filter_map(|(_, divisor)| is_zero(divisor)));
    }
    found
}

/// Lists the conditions for `a otherwise b`: b is looked at only where a is missing.
fn lacking_of_last(operands: &[Expr]) -> Vec<Expr> {
    let mut found = Vec::new();
    for (at, operand) in operands.iter().enumerate() {
        let conditions = lacking(operand);
        if !conditions.is_empty() {
            let before = operands.iter().take(at.min(MAX_GUARDS));
            found.extend(guarded(before.map(is_missing).collect(), conditions));
        }
    }
    found
}

/// Lists the conditions for `a and b`: b is needed only where a, which lacks nothing, does not decide alone.
fn lacking_beside(parts: &[Expr], undecided: impl Fn(Expr) -> Expr) -> Vec<Expr> {
    let all: Vec<Vec<Expr>> = parts.iter().map(lacking).collect();
    let is_sure = |at: usize| all.get(at).is_some_and(Vec::is_empty);
    let sure = parts.iter().enumerate().filter(|(at, _)| is_sure(*at));
    let sure: Vec<Expr> = sure
        .take(MAX_GUARDS)
        .map(|(_, part)| undecided(part.clone()))
        .collect();
    guarded(sure, all.into_iter().flatten().collect())
}

/// Makes conditions hold only where others do, too.
fn guarded(mut guards: Vec<Expr>, conditions: Vec<Expr>) -> Vec<Expr> {
    let Some(first) = conditions.first() else {
        return Vec::new();
    };
    if guards.is_empty() {
        return conditions;
    }
    let span = first.span;
    guards.push(one_of(conditions, span));
    vec![always(ExprKind::And(guards), Scalar::Bool, span)]
}

fn one_of(mut conditions: Vec<Expr>, span: guerdon_syntax::Span) -> Expr {
    match (conditions.pop(), conditions.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            conditions.extend(last);
            always(ExprKind::Or(conditions), Scalar::Bool, span)
        }
    }
}

fn is_missing(value: &Expr) -> Expr {
    let test = ExprKind::IsMissing(Box::new(value.clone()));
    always(test, Scalar::Bool, value.span)
}

fn not(condition: Expr) -> Expr {
    let span = condition.span;
    always(ExprKind::Not(Box::new(condition)), Scalar::Bool, span)
}

/// Says when a divisor is zero; nothing of one that is written as another number.
fn is_zero(value: &Expr) -> Option<Expr> {
    if let ExprKind::Const(Value::Number(number)) = &value.kind
        && !number.is_zero()
    {
        return None;
    }
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
    Some(always(equal, Scalar::Bool, value.span))
}

/// Says whether an expression has variables of its own.
const fn binds(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Aggregate(_) | ExprKind::Running(_) | ExprKind::Rank(_) | ExprKind::Share(_)
    )
}
