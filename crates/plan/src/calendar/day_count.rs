//! Ways to count the days between two dates.

use super::Date;
use super::civil::is_leap_year;
use crate::number::{Exact, NumberError};

/// Names a convention for the days between two dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayCount {
    /// Counts the days there are: the later date less the earlier one.
    Actual,
    /// Counts every month as 30 days (ISDA 2006, 4.16(f), "30/360" or "bond basis").
    Bond30360,
    /// Counts the days there are, over years of 365 or 366 days as they come (ISDA 2006, 4.16(b)).
    ActualActual,
}

impl DayCount {
    /// Counts the days from `from` to `to`, negative if `to` is earlier.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Date, DayCount};
    ///
    /// let (from, to) = (Date::parse("2026-01-31")?, Date::parse("2026-03-31")?);
    /// assert_eq!(DayCount::Actual.days(from, to), 59);
    /// assert_eq!(DayCount::Bond30360.days(from, to), 60);
    /// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub fn days(self, from: Date, to: Date) -> i64 {
        match self {
            DayCount::Actual | DayCount::ActualActual => from.days_until(to),
            DayCount::Bond30360 if to < from => bond_days(to, from).saturating_neg(),
            DayCount::Bond30360 => bond_days(from, to),
        }
    }

    /// Gives the part of a year from `from` to `to`, or `None` for [`DayCount::Actual`], which has no year of its own.
    ///
    /// # Errors
    ///
    /// [`NumberError`] is never given for real dates; it is there because all arithmetic is checked.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Date, DayCount};
    /// use guerdon_plan::number::Exact;
    ///
    /// let (from, to) = (Date::parse("2023-11-01")?, Date::parse("2024-05-01")?);
    /// // 61 days of 2023 and 121 days of 2024.
    /// let expected = Exact::new(61, 365)?.add(&Exact::new(121, 366)?)?;
    /// assert_eq!(DayCount::ActualActual.year_fraction(from, to)?, Some(expected));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn year_fraction(self, from: Date, to: Date) -> Result<Option<Exact>, NumberError> {
        match self {
            DayCount::Actual => Ok(None),
            DayCount::Bond30360 => Exact::new(i128::from(self.days(from, to)), 360).map(Some),
            DayCount::ActualActual if to < from => actual_years(to, from).map(|years| Some(years.neg())),
            DayCount::ActualActual => actual_years(from, to).map(Some),
        }
    }
}

fn bond_days(from: Date, to: Date) -> i64 {
    let (from_year, from_month, from_day) = from.ymd();
    let (to_year, to_month, to_day) = to.ymd();
    let from_day = from_day.min(30);
    let to_day = if from_day == 30 { to_day.min(30) } else { to_day };
    let difference = |to: i64, from: i64, days: i64| to.saturating_sub(from).saturating_mul(days);
    difference(i64::from(to_year), i64::from(from_year), 360)
        .saturating_add(difference(i64::from(to_month), i64::from(from_month), 30))
        .saturating_add(difference(i64::from(to_day), i64::from(from_day), 1))
}

fn actual_years(from: Date, to: Date) -> Result<Exact, NumberError> {
    let year_length = |year| if is_leap_year(year) { 366 } else { 365 };
    // Days from New Year's Day to the date, over the length of that year.
    let part = |date: Date| {
        let new_year = Date::from_ymd(date.year(), 1, 1).unwrap_or(date);
        Exact::new(i128::from(new_year.days_until(date)), year_length(date.year()))
    };
    let whole_years = i64::from(to.year()).saturating_sub(i64::from(from.year()));
    Exact::from_i64(whole_years).add(&part(to)?)?.sub(&part(from)?)
}
