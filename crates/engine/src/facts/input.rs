//! Values that a host hands over.

use std::borrow::Cow;
use std::fmt;

use chrono::{Datelike, NaiveDate};
use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::number::Exact;
use guerdon_plan::types::EnumId;
use rust_decimal::Decimal;

/// Holds one value for one field, as the host has it.
///
/// Text fits every field and is read as a cell of a file is: `"2026-03-05"`, `"CNY 1,200.00"`, `"8%"`, `"East"`. A
/// number fits amounts (in the field's own currency), numbers, percents (as a fraction of one: 0.08 is 8 %) and, if it
/// is whole, keys of text. There is no way in for binary floating point, which cannot hold 0.1.
///
/// # Examples
///
/// ```
/// use guerdon::facts::Input;
/// use rust_decimal::Decimal;
///
/// assert_eq!(Input::from(Decimal::new(120_000, 2)), Input::from(1_200));
/// assert_eq!(Input::from(None::<i64>), Input::Missing);
/// ```
#[derive(Clone, PartialEq)]
pub enum Input<'a> {
    /// No value.
    Missing,
    /// yes or no.
    Bool(bool),
    /// A whole number.
    Whole(i128),
    /// A number.
    Number(Exact),
    /// A civil day.
    Date(Date),
    /// A period.
    Period(PeriodKey),
    /// A value of an enum, by position.
    Enum(EnumId, u32),
    /// Text, read as a cell of a file is.
    Text(Cow<'a, str>),
}

impl Input<'_> {
    /// Names the kind of value for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Input::Missing => "nothing",
            Input::Bool(_) => "yes or no",
            Input::Whole(_) => "a whole number",
            Input::Number(_) => "a number",
            Input::Date(_) => "a date",
            Input::Period(_) => "a period",
            Input::Enum(..) => "a value of an enum",
            Input::Text(_) => "text",
        }
    }

    /// Shows the value as a cell would, for details of problems.
    pub(super) fn shown(&self) -> String {
        match self {
            Input::Missing => String::new(),
            Input::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
            Input::Whole(number) => number.to_string(),
            Input::Number(number) => number.to_string(),
            Input::Date(day) => day.to_string(),
            Input::Period(key) => format!("{:?} {}", key.unit, key.index),
            Input::Enum(_, value) => value.to_string(),
            Input::Text(text) => text.clone().into_owned(),
        }
    }
}

impl fmt::Debug for Input<'_> {
    /// Shows the kind alone: values may be what people are paid.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

macro_rules! from_whole {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Input<'_> {
            fn from(number: $kind) -> Self {
                Input::Whole(i128::from(number))
            }
        })*
    };
}

from_whole!(i8, i16, i32, i64, i128, u8, u16, u32, u64);

impl From<bool> for Input<'_> {
    fn from(value: bool) -> Self {
        Input::Bool(value)
    }
}

impl From<Decimal> for Input<'_> {
    fn from(number: Decimal) -> Self {
        Input::from(Exact::from_decimal(number))
    }
}

impl From<Exact> for Input<'_> {
    fn from(number: Exact) -> Self {
        match number.to_scaled(0) {
            Some(whole) => Input::Whole(whole),
            None => Input::Number(number),
        }
    }
}

impl From<Date> for Input<'_> {
    fn from(day: Date) -> Self {
        Input::Date(day)
    }
}

impl From<NaiveDate> for Input<'_> {
    /// Takes a day of the library over; one outside the years 0001 to 9999 becomes text that no date field accepts.
    fn from(day: NaiveDate) -> Self {
        let month = u8::try_from(day.month()).unwrap_or(0);
        let of_month = u8::try_from(day.day()).unwrap_or(0);
        match Date::from_ymd(day.year(), month, of_month) {
            Ok(date) => Input::Date(date),
            Err(_) => Input::Text(Cow::Owned(day.to_string())),
        }
    }
}

impl From<PeriodKey> for Input<'_> {
    fn from(key: PeriodKey) -> Self {
        Input::Period(key)
    }
}

impl<'a> From<&'a str> for Input<'a> {
    fn from(text: &'a str) -> Self {
        Input::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Input<'a> {
    fn from(text: &'a String) -> Self {
        Input::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Input<'_> {
    fn from(text: String) -> Self {
        Input::Text(Cow::Owned(text))
    }
}

impl<'a, T: Into<Input<'a>>> From<Option<T>> for Input<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Input::Missing, Into::into)
    }
}
