//! Adding months, with the rule for month ends in the call.

use super::civil::{days_from_civil, days_in_month};
use super::{CalendarError, Date};

/// Says what adding months does at the end of a month.
///
/// The rule is part of the call because both are in use, and because adding months is not associative: 31 January
/// plus one month plus one month is 28 March under one rule and 31 March under the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MonthEnd {
    /// Keeps the last day of a month the last day: 28 February plus one month is 31 March.
    LastDay,
    /// Keeps the day's number, or takes the last day of a shorter month: 28 February plus one month is 28 March.
    SameDay,
}

impl Date {
    /// Moves by a number of months, backwards if it is negative.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutOfRange`] outside the years 0001 to 9999.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Date, MonthEnd};
    ///
    /// let hired_on = Date::parse("2026-02-28")?;
    /// assert_eq!(hired_on.add_months(1, MonthEnd::LastDay)?.to_string(), "2026-03-31");
    /// assert_eq!(hired_on.add_months(1, MonthEnd::SameDay)?.to_string(), "2026-03-28");
    /// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
    /// ```
    pub fn add_months(self, months: i64, rule: MonthEnd) -> Result<Date, CalendarError> {
        let (year, month, day) = self.ymd();
        let index = i64::from(year)
            .saturating_mul(12)
            .saturating_add(i64::from(month))
            .saturating_sub(1);
        let moved = index.checked_add(months).ok_or(CalendarError::OutOfRange)?;
        let moved_year = i32::try_from(moved.div_euclid(12)).map_err(|_| CalendarError::OutOfRange)?;
        if !(1..=9999).contains(&moved_year) {
            return Err(CalendarError::OutOfRange);
        }
        let moved_month = u8::try_from(moved.rem_euclid(12)).unwrap_or(0).saturating_add(1);
        let length = days_in_month(moved_year, moved_month);
        let is_month_end = day == days_in_month(year, month);
        let moved_day = match rule {
            MonthEnd::LastDay if is_month_end => length,
            MonthEnd::LastDay | MonthEnd::SameDay => day.min(length),
        };
        Date::from_days(days_from_civil(moved_year, moved_month, moved_day)).ok_or(CalendarError::OutOfRange)
    }

    /// Counts the whole months from this day to another: the greatest number that can be added without passing it.
    ///
    /// It is negative if the other day is earlier, counted back in the same way.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Date, MonthEnd};
    ///
    /// let hired_on = Date::parse("2026-01-31")?;
    /// assert_eq!(hired_on.whole_months_until(Date::parse("2026-02-27")?, MonthEnd::LastDay), 0);
    /// assert_eq!(hired_on.whole_months_until(Date::parse("2026-02-28")?, MonthEnd::LastDay), 1);
    /// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub fn whole_months_until(self, other: Date, rule: MonthEnd) -> i64 {
        let (year, month, _) = self.ymd();
        let (other_year, other_month, _) = other.ymd();
        let years = i64::from(other_year).saturating_sub(i64::from(year));
        let months = i64::from(other_month)
            .saturating_sub(i64::from(month))
            .saturating_add(years.saturating_mul(12));
        // The calendar months' distance is right, or one too far.
        let reached = self.add_months(months, rule);
        if other >= self {
            if reached.is_ok_and(|date| date <= other) {
                months
            } else {
                months.saturating_sub(1)
            }
        } else if reached.is_ok_and(|date| date >= other) {
            months
        } else {
            months.saturating_add(1)
        }
    }
}
