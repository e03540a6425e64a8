//! What filters say of the fields of a record, and whether two of them can hold of the same one.

use std::collections::BTreeMap;

use crate::hir::{Comparison, Expr, ExprKind, Value};
use crate::number::Exact;
use crate::types::{BinderId, FieldId};

/// Is a field of a record, by way of the records that it refers to.
type Path = Vec<FieldId>;

/// Is what a filter says of a field.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    /// It is one of these.
    OneOf(Vec<Value>),
    /// It is none of these.
    NoneOf(Vec<Value>),
    /// It is above, or from, a number.
    Above(Exact, bool),
    /// It is below, or through, a number.
    Below(Exact, bool),
    /// It has no value.
    Missing,
    /// It has one.
    There,
}

/// Is what a filter says of the fields of a record: all of it holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts(BTreeMap<Path, Vec<Said>>);

impl Facts {
    /// Reads a filter; what cannot be read says nothing.
    pub(super) fn of(filter: Option<&Expr>, record: BinderId) -> Facts {
        let mut facts = Facts::default();
        for condition in filter.into_iter().flat_map(conjuncts) {
            if let Some((path, said)) = said(condition, record) {
                facts.0.entry(path).or_default().push(said);
            }
        }
        facts
    }

    /// Says whether no record fulfils both.
    pub(super) fn exclude(&self, other: &Facts) -> bool {
        self.0.iter().any(|(path, own)| {
            let others = other.0.get(path).into_iter().flatten();
            others.into_iter().any(|other| {
                own.iter()
                    .any(|own| contradict(own, other) || contradict(other, own))
            })
        })
    }

    /// Lists the values of an enum field, by position, where the filter names them.
    pub(super) fn values(&self, field: FieldId) -> Option<Vec<u32>> {
        let said = self.0.get(&vec![field])?;
        said.iter().find_map(|said| {
            let Said::OneOf(values) = said else { return None };
            let position = |value: &Value| {
                if let Value::Enum(_, at) = value {
                    Some(*at)
                } else {
                    None
                }
            };
            values.iter().map(position).collect()
        })
    }
}

fn contradict(one: &Said, other: &Said) -> bool {
    match (one, other) {
        (Said::OneOf(values), Said::OneOf(others)) => values.iter().all(|value| !others.contains(value)),
        (Said::OneOf(values), Said::NoneOf(others)) => values.iter().all(|value| others.contains(value)),
        (Said::OneOf(values), Said::Above(..) | Said::Below(..)) => values
            .iter()
            .all(|value| number(value).is_some_and(|number| !is_in(number, other))),
        (Said::Above(from, is_from), Said::Below(to, is_to)) => {
            from > to || from == to && !(*is_from && *is_to)
        }
        (Said::Missing, Said::There | Said::OneOf(_) | Said::Above(..) | Said::Below(..)) => true,
        (
            Said::OneOf(_)
            | Said::NoneOf(_)
            | Said::Above(..)
            | Said::Below(..)
            | Said::Missing
            | Said::There,
            _,
        ) => false,
    }
}

fn is_in(number: &Exact, range: &Said) -> bool {
    match range {
        Said::Above(from, is_from) => number > from || number == from && *is_from,
        Said::Below(to, is_to) => number < to || number == to && *is_to,
        Said::OneOf(_) | Said::NoneOf(_) | Said::Missing | Said::There => true,
    }
}

fn conjuncts(filter: &Expr) -> Vec<&Expr> {
    let mut open = vec![filter];
    let mut found = Vec::new();
    while let Some(expr) = open.pop() {
        if let ExprKind::And(all) = &expr.kind {
            open.extend(all);
        } else {
            found.push(expr);
        }
    }
    found
}

/// Reads one condition: `role is AE`, `role in (AE, SE)`, `amount >= CNY 5`, `renewal`, `left is missing`, and what is
/// not so.
fn said(condition: &Expr, record: BinderId) -> Option<(Path, Said)> {
    if let ExprKind::Compare { op, left, right } = &condition.kind {
        return match (path(left, record), path(right, record)) {
            (Some(path), None) => Some((path, compared(*op, right)?)),
            (None, Some(path)) => Some((path, compared(turned(*op), left)?)),
            (None, None) | (Some(_), Some(_)) => None,
        };
    }
    if let ExprKind::OneOf { value, list } = &condition.kind {
        let values = list
            .iter()
            .map(|one| fixed(one).cloned())
            .collect::<Option<_>>()?;
        return Some((path(value, record)?, Said::OneOf(values)));
    }
    if let ExprKind::IsMissing(value) = &condition.kind {
        return Some((path(value, record)?, Said::Missing));
    }
    if let ExprKind::Not(inner) = &condition.kind {
        let (path, inner) = said(inner, record)?;
        return Some((path, turned_round(inner)?));
    }
    if let ExprKind::Or(any) = &condition.kind {
        return either(any, record);
    }
    Some((path(condition, record)?, Said::OneOf(vec![Value::Bool(true)])))
}

/// Reads `role is AE or role is SE`.
fn either(any: &[Expr], record: BinderId) -> Option<(Path, Said)> {
    let mut all = any.iter().map(|one| said(one, record));
    let (path, Said::OneOf(mut values)) = all.next()?? else {
        return None;
    };
    for one in all {
        let (other, Said::OneOf(more)) = one? else {
            return None;
        };
        if other != path {
            return None;
        }
        values.extend(more);
    }
    Some((path, Said::OneOf(values)))
}

fn compared(op: Comparison, right: &Expr) -> Option<Said> {
    let value = fixed(right)?;
    match op {
        Comparison::Equal => Some(Said::OneOf(vec![value.clone()])),
        Comparison::NotEqual => Some(Said::NoneOf(vec![value.clone()])),
        Comparison::Less => Some(Said::Below(number(value)?.clone(), false)),
        Comparison::LessOrEqual => Some(Said::Below(number(value)?.clone(), true)),
        Comparison::Greater => Some(Said::Above(number(value)?.clone(), false)),
        Comparison::GreaterOrEqual => Some(Said::Above(number(value)?.clone(), true)),
    }
}

fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        Comparison::Equal | Comparison::NotEqual => op,
    }
}

fn turned_round(said: Said) -> Option<Said> {
    match said {
        // Of yes and no, what is not the one is the other.
        Said::OneOf(values) if values == [Value::Bool(true)] => Some(Said::OneOf(vec![Value::Bool(false)])),
        Said::OneOf(values) => Some(Said::NoneOf(values)),
        Said::NoneOf(values) => Some(Said::OneOf(values)),
        Said::Above(from, is_from) => Some(Said::Below(from, !is_from)),
        Said::Below(to, is_to) => Some(Said::Above(to, !is_to)),
        Said::Missing => Some(Said::There),
        Said::There => Some(Said::Missing),
    }
}

fn fixed(expr: &Expr) -> Option<&Value> {
    if let ExprKind::Const(value) = &expr.kind {
        Some(value)
    } else {
        None
    }
}

fn number(value: &Value) -> Option<&Exact> {
    if let Value::Number(number) = value {
        Some(number)
    } else {
        None
    }
}

/// Reads `owner.role` as the fields that lead from the record.
fn path(expr: &Expr, record: BinderId) -> Option<Path> {
    let mut fields = Vec::new();
    let mut current = expr;
    loop {
        if let ExprKind::Field { row, field } = &current.kind {
            fields.push(*field);
            current = row;
        } else if let ExprKind::Require(inner) = &current.kind {
            current = inner;
        } else {
            fields.reverse();
            let is_record = current.kind == ExprKind::Binder(record) && !fields.is_empty();
            return is_record.then_some(fields);
        }
    }
}
