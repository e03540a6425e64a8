//! What a condition tells about values that may be missing.

use crate::hir::expr::{Comparison, Expr, ExprKind};

/// Lists the values that are there if a condition holds.
pub(crate) fn if_yes(condition: &Expr) -> Vec<String> {
    if let ExprKind::And(all) = &condition.kind {
        return all.iter().flat_map(if_yes).collect();
    }
    if let ExprKind::Not(inner) = &condition.kind {
        return if_no(inner);
    }
    if let ExprKind::OneOf { value, list } = &condition.kind
        && list.iter().all(|item| !item.ty.is_optional())
    {
        return key(value).into_iter().collect();
    }
    equal_to_something(condition, Comparison::Equal)
}

/// Lists the values that are there if a condition does not hold.
pub(crate) fn if_no(condition: &Expr) -> Vec<String> {
    if let ExprKind::Or(all) = &condition.kind {
        return all.iter().flat_map(if_no).collect();
    }
    if let ExprKind::Not(inner) = &condition.kind {
        return if_yes(inner);
    }
    if let ExprKind::IsMissing(value) = &condition.kind {
        return key(value).into_iter().collect();
    }
    equal_to_something(condition, Comparison::NotEqual)
}

/// Lists the sides of a comparison that equal one which is always there.
fn equal_to_something(condition: &Expr, wanted: Comparison) -> Vec<String> {
    let ExprKind::Compare { op, left, right } = &condition.kind else {
        return Vec::new();
    };
    if *op != wanted {
        return Vec::new();
    }
    let pairs = [(left, right), (right, left)];
    let shown = pairs
        .into_iter()
        .filter(|(this, other)| this.ty.is_optional() && !other.ty.is_optional());
    shown.filter_map(|(this, _)| key(this)).collect()
}

/// Gives the same text for two expressions that name the same value; nothing for those that are not followed.
pub(crate) fn key(value: &Expr) -> Option<String> {
    if let ExprKind::Require(inner) = &value.kind {
        return key(inner);
    }
    if let ExprKind::Field { row, field } = &value.kind {
        return Some(format!("{}.f{}", key(row)?, field.0));
    }
    if let ExprKind::Find { table, keys, on } = &value.kind {
        let on = on.as_ref().map_or(Some(String::new()), |day| key(day))?;
        return Some(format!("t{}[{}@{on}]", table.0, list(keys)?));
    }
    if let ExprKind::Use { definition, args } = &value.kind {
        return Some(format!("d{}({})", definition.0, list(args)?));
    }
    if let ExprKind::Prior { definition, args } = &value.kind {
        return Some(format!("prior d{}({})", definition.0, list(args)?));
    }
    leaf_key(value).or_else(|| period_key(value))
}

fn leaf_key(value: &Expr) -> Option<String> {
    if let ExprKind::Binder(binder) = &value.kind {
        return Some(format!("b{}", binder.0));
    }
    if let ExprKind::Const(value) = &value.kind {
        return Some(format!("{value:?}"));
    }
    None
}

fn period_key(value: &Expr) -> Option<String> {
    if let ExprKind::FirstDay(period) = &value.kind {
        return Some(format!("first({})", key(period)?));
    }
    if let ExprKind::LastDay(period) = &value.kind {
        return Some(format!("last({})", key(period)?));
    }
    if let ExprKind::Containing { calendar, unit, day } = &value.kind {
        return Some(format!("c{}:{unit:?}({})", calendar.0, key(day)?));
    }
    if let ExprKind::Shift { calendar, period, by } = &value.kind {
        return Some(format!("c{}:{}{by:+}", calendar.0, key(period)?));
    }
    None
}

fn list(values: &[Expr]) -> Option<String> {
    let keys: Option<Vec<String>> = values.iter().map(key).collect();
    Some(keys?.join(","))
}
