//! Records from JSON: `{"Deal": [{"id": "D1", "amount": 1200.50}]}`.
//!
//! Numbers are read from their digits and never pass through binary floating point. A name that comes twice in one
//! object is refused.

use std::borrow::Cow;
use std::fmt;

use guerdon::facts::{FactsBuilder, Input};
use guerdon_plan::number::Exact;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::status::{Fault, Outcome};

/// The names and values of an object, in order.
struct Pairs<'j>(Vec<(String, &'j RawValue)>);

/// The most decimal places that an exponent moves the point by.
const MOST_EXPONENT: i32 = 38;

/// Adds the records of all tables of an object.
pub(crate) fn add(builder: &mut FactsBuilder<'_>, json: &str) -> Outcome<()> {
    for (table, rows) in pairs(json)?.0 {
        let rows: Vec<&RawValue> = serde_json::from_str(rows.get())
            .map_err(|_| not_json(format!("\"{table}\" must be a list of records")))?;
        builder.empty(&table);
        for row in rows {
            let record = record(row.get())?;
            let mut begun = builder.row(&table);
            for (field, value) in &record {
                begun.set(field, value.clone());
            }
        }
    }
    Ok(())
}

/// Reads one record.
pub(crate) fn record(json: &str) -> Outcome<Vec<(String, Input<'static>)>> {
    let pairs = pairs(json)?.0.into_iter();
    pairs
        .map(|(field, value)| {
            let input = input(&field, value.get())?;
            Ok((field, input))
        })
        .collect()
}

fn pairs(json: &str) -> Outcome<Pairs<'_>> {
    serde_json::from_str(json).map_err(|error| not_json(error.to_string()))
}

fn input(field: &str, json: &str) -> Outcome<Input<'static>> {
    let json = json.trim();
    match json.bytes().next() {
        Some(b'"') => {
            let text: String = serde_json::from_str(json).map_err(|error| not_json(error.to_string()))?;
            Ok(Input::Text(Cow::Owned(text)))
        }
        Some(b't') => Ok(Input::Bool(true)),
        Some(b'f') => Ok(Input::Bool(false)),
        Some(b'n') => Ok(Input::Missing),
        Some(b'{' | b'[') | None => {
            Err(not_json(format!("the value of \"{field}\" is a list or an object")).at("", field))
        }
        Some(_) => number(json).map(Input::from).ok_or_else(|| {
            let fault = not_json(format!(
                "the number of \"{field}\" is larger or finer than can be held"
            ));
            fault.at("", field)
        }),
    }
}

/// Reads the digits of a number of JSON.
fn number(json: &str) -> Option<Exact> {
    let (digits, exponent) = match json.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (json, 0),
    };
    if !(-MOST_EXPONENT..=MOST_EXPONENT).contains(&exponent) {
        return None;
    }
    let number = Exact::parse_decimal(digits).ok()?;
    let by = u8::try_from(exponent.unsigned_abs()).ok()?;
    let tenth = Exact::from_scaled(1, by);
    match exponent {
        0 => Some(number),
        1.. => number.div(&tenth).ok(),
        _ => number.mul(&tenth).ok(),
    }
}

fn not_json(message: String) -> Box<Fault> {
    Fault::data(message)
}

impl<'de: 'j, 'j> Deserialize<'de> for Pairs<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut pairs = Vec::new();
                let mut seen = std::collections::BTreeSet::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    if !seen.insert(name.clone()) {
                        return Err(M::Error::custom(format!("\"{name}\" comes twice in one object")));
                    }
                    pairs.push((name, value));
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(Names).map(Pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_digit_by_digit() {
        let shown = |json| number(json).map(|number| number.to_string());
        assert_eq!(shown("0.1"), Some("0.1".to_owned()));
        assert_eq!(shown("-12.50e2"), Some("-1250".to_owned()));
        assert_eq!(shown("125E-2"), Some("1.25".to_owned()));
        assert_eq!(shown("1e400"), None);
        assert_eq!(shown("1e39"), None);
    }

    #[test]
    fn a_name_that_comes_twice_is_refused() {
        let fault = record("{\"a\": 1, \"a\": 2}").unwrap_err();
        assert_eq!(fault.text, "\"a\" comes twice in one object at line 1 column 16");
    }
}
