//! Values of the host's, one by one and in columns.

use std::borrow::Cow;
use std::ffi::c_char;

use guerdon::facts::Input;
use guerdon_plan::calendar::Date;
use guerdon_plan::number::Exact;

use crate::caller::{Caller, MOST_CELL, MOST_NAME};
use crate::objects::day;
use crate::session::Named;
use crate::status::{Fault, Outcome, guerdon_status};
use crate::types::{guerdon_kind, guerdon_text, guerdon_value};

/// The most fields of one record.
const MOST_FIELDS: usize = 65_536;
/// The most decimals of a scaled number.
const MOST_DECIMALS: u8 = 18;

/// Reads the values of one record.
pub(crate) fn record<'c>(
    caller: &'c Caller,
    values: *const guerdon_value,
    count: usize,
) -> Outcome<Vec<Named<'c>>> {
    let values = caller.slice(values, count, MOST_FIELDS)?;
    let named = |value: &'c guerdon_value| {
        let field = caller.text(value.field, value.field_len, MOST_NAME)?;
        let input = input(caller, value).map_err(|fault| fault.at("", field))?;
        Ok((field, input))
    };
    values.iter().map(named).collect()
}

fn input<'c>(caller: &'c Caller, value: &guerdon_value) -> Outcome<Input<'c>> {
    let is = |kind: guerdon_kind| value.kind == kind.number();
    if is(guerdon_kind::Missing) {
        Ok(Input::Missing)
    } else if is(guerdon_kind::Bool) {
        truth(value.number).map(Input::Bool)
    } else if is(guerdon_kind::Whole) {
        Ok(Input::from(value.number))
    } else if is(guerdon_kind::Scaled) {
        let decimals = decimals(value.decimals)?;
        Ok(scaled(value.number, decimals))
    } else if is(guerdon_kind::Date) {
        let days = i32::try_from(value.number).unwrap_or(i32::MAX);
        day(days).map(Input::Date)
    } else if is(guerdon_kind::Text) {
        let text = caller.text(value.text, value.text_len, MOST_CELL)?;
        Ok(Input::Text(Cow::Borrowed(text)))
    } else {
        let message = format!("{} is no kind of value", value.kind);
        Err(Fault::new(guerdon_status::BadArgument, message))
    }
}

/// Reads a column of texts, some of which may be missing.
pub(crate) fn texts<'c>(
    caller: &'c Caller,
    values: *const guerdon_text,
    count: usize,
) -> Outcome<Vec<Input<'c>>> {
    let values = caller.slice(values, count, usize::MAX)?;
    let input = |value: &guerdon_text| {
        if value.data.is_null() && value.len == 0 {
            return Ok(Input::Missing);
        }
        let text = caller.text(value.data, value.len, MOST_CELL)?;
        Ok(Input::Text(Cow::Borrowed(text)))
    };
    values.iter().map(input).collect()
}

/// Pairs values with the bytes that say whether they are there.
pub(crate) fn present<'c, T: Copy>(
    values: &'c [T],
    there: Option<&'c [u8]>,
) -> impl Iterator<Item = Option<T>> + 'c {
    let is_there = move |place: usize| {
        let flag = there.and_then(|there| there.get(place));
        flag.is_none_or(|flag| *flag != 0)
    };
    let values = values.iter().enumerate();
    values.map(move |(place, value)| is_there(place).then_some(*value))
}

/// Makes a number with decimals.
pub(crate) fn scaled<'v>(number: i64, decimals: u8) -> Input<'v> {
    Input::from(Exact::from_scaled(i128::from(number), decimals))
}

/// Makes a day of a column; one that does not exist becomes a cell that no field of days accepts.
pub(crate) fn day_cell<'v>(days: i32) -> Input<'v> {
    Date::from_days(days).map_or_else(
        || Input::from(format!("{days} days from 1970-01-01")),
        Input::Date,
    )
}

pub(crate) fn truth(number: i64) -> Outcome<bool> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        other => {
            let message = format!("{other} is neither yes (1) nor no (0)");
            Err(Fault::new(guerdon_status::BadArgument, message))
        }
    }
}

pub(crate) fn decimals(number: i32) -> Outcome<u8> {
    let decimals = u8::try_from(number).ok().filter(|few| *few <= MOST_DECIMALS);
    decimals.ok_or_else(|| {
        let message = format!("{number} decimals: a scaled number has 0 to {MOST_DECIMALS}");
        Fault::new(guerdon_status::BadArgument, message)
    })
}

/// Reads the name of a table or field.
pub(crate) fn name(caller: &Caller, data: *const c_char, len: usize) -> Outcome<&str> {
    caller.text(data, len, MOST_NAME)
}

impl guerdon_kind {
    /// Gives the number that the host sees.
    #[expect(clippy::as_conversions, reason = "the numbers are those of the declaration")]
    pub(crate) const fn number(self) -> i32 {
        self as i32
    }
}
