//! Results of several matching rows.

use std::cmp::Ordering;

use guerdon_plan::hir::{Combine, Value};
use guerdon_plan::number::Exact;

/// Combines the results of the rows that match, given in order.
pub(super) fn combined<'v>(combine: Combine, values: impl Iterator<Item = &'v Value>) -> Value {
    let mut matching = 0_i64;
    let mut held: Option<&Value> = None;
    let mut sum = Exact::ZERO;
    for value in values {
        matching = matching.saturating_add(1);
        if *value == Value::Missing {
            continue;
        }
        if let Value::Number(number) = value {
            // Literals are far narrower than what a sum of them may be.
            sum = sum.add(number).unwrap_or(sum);
        }
        held = Some(match (combine, held) {
            (_, None) => value,
            (Combine::Highest, Some(held)) if compare(value, held) == Ordering::Greater => value,
            (Combine::Lowest, Some(held)) if compare(value, held) == Ordering::Less => value,
            (_, Some(held)) => held,
        });
    }
    match combine {
        Combine::Sum => Value::Number(sum),
        Combine::Count => Value::Number(Exact::from_i64(matching)),
        Combine::Single | Combine::Highest | Combine::Lowest => held.cloned().unwrap_or(Value::Missing),
    }
}

/// Compares values of one kind.
fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Number(left), Value::Number(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Period(left), Value::Period(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Enum(_, left), Value::Enum(_, right)) => left.cmp(right),
        (
            Value::Bool(_)
            | Value::Number(_)
            | Value::Date(_)
            | Value::Period(_)
            | Value::Text(_)
            | Value::Enum(..)
            | Value::Missing,
            _,
        ) => Ordering::Equal,
    }
}
