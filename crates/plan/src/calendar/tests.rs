//! Days against chrono and against day-by-day counting; calendars against their definition.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "the second opinion is computed with plain operators"
)]

mod counts;
mod dates;
mod months;
mod partition;
mod retail;

use chrono::{Datelike, NaiveDate};

use super::Date;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Every day of the years 1900 to 2199, with chrono's own value.
fn days_1900_to_2199() -> impl Iterator<Item = (Date, NaiveDate)> {
    NaiveDate::from_ymd_opt(1900, 1, 1)
        .unwrap()
        .iter_days()
        .take_while(|date| date.year() < 2200)
        .map(|date| {
            let own = Date::from_ymd(
                date.year(),
                date.month().try_into().unwrap(),
                date.day().try_into().unwrap(),
            );
            (own.unwrap(), date)
        })
}
