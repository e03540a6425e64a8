//! Days, periods and the calendars that order them.
//!
//! A [`Date`] is a civil day without time zone. A [`Calendar`] says which period a day is in: months and fiscal
//! years, retail years of whole weeks, every so many days, or starts listed by hand. A period is a half-open range
//! of days, so that each day is in exactly one period of a unit and no boundary belongs to two.

mod add_months;
mod civil;
mod date;
mod day_count;
mod error;
mod label;
mod own;
mod pattern;
mod period;
mod rules;
mod table;
mod working;
mod years;

pub use add_months::MonthEnd;
pub use date::{Date, DateRange, Weekday};
pub use day_count::DayCount;
pub use error::CalendarError;
pub use pattern::DatePattern;
pub use period::{PeriodKey, Periods, Unit};
pub use rules::{Calendar, month_codes, months_between};
pub use table::{NO_PERIOD, PeriodTable};
pub use working::WorkingDays;
pub use years::{WeekPattern, WeekYearStart, YearName};

#[cfg(test)]
mod tests;
