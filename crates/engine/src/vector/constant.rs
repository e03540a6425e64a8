//! Literals as vectors.

use std::borrow::Cow;
use std::sync::Arc;

use guerdon_plan::hir::Value;

use super::{Builder, Data, Numbers, Vector};
use crate::column::TextPool;

/// Makes a literal a vector of one value, which serves all cells.
pub(crate) fn const_vector(value: &Value) -> Vector<'static> {
    Vector::new(match value {
        Value::Bool(flag) => Data::Bool(one(u8::from(*flag))),
        Value::Number(number) => Data::Number(Numbers::pack(vec![number.clone()])),
        Value::Date(date) => Data::Date(one(date.days())),
        Value::Period(key) => Data::Period(key.unit, one(key.index)),
        Value::Text(text) => Data::Text(one(0), Arc::new(TextPool::from_sorted([text.as_ref()]))),
        Value::Enum(_, place) => match (u8::try_from(*place), u16::try_from(*place)) {
            (Ok(code), _) => Data::Enum(one(code)),
            (Err(_), code) => Data::LongEnum(one(code.unwrap_or(u16::MAX))),
        },
        Value::Missing => return missing(1),
    })
}

/// Makes a list of literals a vector.
pub(crate) fn value_list<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vector<'static> {
    let mut list = Builder::default();
    for value in values {
        list.push(&const_vector(value), 1);
    }
    list.finish()
}

/// Makes a vector of missing values.
pub(crate) fn missing(len: usize) -> Vector<'static> {
    Vector {
        data: Data::Nothing(len),
        missing: Some(Cow::Owned(vec![1; len])),
        errors: None,
    }
}

fn one<T: Clone>(value: T) -> Cow<'static, [T]> {
    Cow::Owned(vec![value])
}
