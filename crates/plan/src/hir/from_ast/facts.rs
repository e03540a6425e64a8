//! What a condition tells about values that may be missing.

use crate::hir::expr::{Comparison, Expr, ExprKind};

/// Lists the values that are there if a condition holds.
pub(crate) fn if_yes(condition: &Expr) -> Vec<String> {
    match &condition.kind {
        ExprKind::And(all) => all.iter().flat_map(if_yes).collect(),
        ExprKind::Not(inner) => if_no(inner),
        ExprKind::Compare {
            op: Comparison::Equal,
            left,
            right,
        } => {
            let pairs = [(left, right), (right, left)];
            let shown = pairs
                .into_iter()
                .filter(|(this, other)| this.ty.is_optional() && !other.ty.is_optional());
            shown.filter_map(|(this, _)| key(this)).collect()
        }
        ExprKind::OneOf { value, list } if list.iter().all(|item| !item.ty.is_optional()) => {
            key(value).into_iter().collect()
        }
        _other => Vec::new(),
    }
}

/// Lists the values that are there if a condition does not hold.
pub(crate) fn if_no(condition: &Expr) -> Vec<String> {
    match &condition.kind {
        ExprKind::Or(all) => all.iter().flat_map(if_no).collect(),
        ExprKind::Not(inner) => if_yes(inner),
        ExprKind::IsMissing(value) => key(value).into_iter().collect(),
        ExprKind::Compare {
            op: Comparison::NotEqual,
            left,
            right,
        } => {
            let pairs = [(left, right), (right, left)];
            let shown = pairs
                .into_iter()
                .filter(|(this, other)| this.ty.is_optional() && !other.ty.is_optional());
            shown.filter_map(|(this, _)| key(this)).collect()
        }
        _other => Vec::new(),
    }
}

/// Gives the same text for two expressions that name the same value; nothing for those that are not followed.
pub(crate) fn key(value: &Expr) -> Option<String> {
    match &value.kind {
        ExprKind::Binder(binder) => Some(format!("b{}", binder.0)),
        ExprKind::Const(value) => Some(format!("{value:?}")),
        ExprKind::Require(inner) => key(inner),
        ExprKind::Field { row, field } => Some(format!("{}.f{}", key(row)?, field.0)),
        ExprKind::Find { table, keys, on } => {
            let on = on.as_ref().map_or(Some(String::new()), |day| key(day))?;
            Some(format!("t{}[{}@{on}]", table.0, list(keys)?))
        }
        ExprKind::Use { definition, args } => Some(format!("d{}({})", definition.0, list(args)?)),
        ExprKind::Prior { definition, args } => Some(format!("prior d{}({})", definition.0, list(args)?)),
        ExprKind::FirstDay(period) => Some(format!("first({})", key(period)?)),
        ExprKind::LastDay(period) => Some(format!("last({})", key(period)?)),
        ExprKind::Containing { calendar, unit, day } => {
            Some(format!("c{}:{unit:?}({})", calendar.0, key(day)?))
        }
        ExprKind::Shift { calendar, period, by } => Some(format!("c{}:{}{by:+}", calendar.0, key(period)?)),
        _other => None,
    }
}

fn list(values: &[Expr]) -> Option<String> {
    let keys: Option<Vec<String>> = values.iter().map(key).collect();
    Some(keys?.join(","))
}
