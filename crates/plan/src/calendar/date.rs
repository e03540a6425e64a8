//! The civil day and the half-open range of days.

use std::fmt;

use super::CalendarError;
use super::civil::{self, FIRST_DAY, LAST_DAY};

/// Holds a civil day of the years 0001 to 9999, as days since 1970-01-01.
///
/// # Examples
///
/// ```
/// use guerdon_plan::calendar::{CalendarError, Date};
///
/// let booked_on = Date::parse("2026-03-05")?;
/// assert_eq!((booked_on.year(), booked_on.month(), booked_on.day()), (2026, 3, 5));
/// assert_eq!(booked_on.add_days(30)?.to_string(), "2026-04-04");
/// assert_eq!(Date::parse("2026-02-30"), Err(CalendarError::NoSuchDay { year: 2026, month: 2, day: 30 }));
/// # Ok::<(), CalendarError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// Is 0001-01-01.
    pub const FIRST: Date = Date(FIRST_DAY);
    /// Is 9999-12-31.
    pub const LAST: Date = Date(LAST_DAY);
    /// Is the day after [`Date::LAST`], which only the open end of a [`DateRange`] may be.
    pub const AFTER_LAST: Date = Date(LAST_DAY + 1);

    /// Takes a day number counted from 1970-01-01, or gives `None` outside the years 0001 to 9999.
    #[must_use]
    pub const fn from_days(days: i32) -> Option<Date> {
        if days >= FIRST_DAY && days <= LAST_DAY {
            Some(Date(days))
        } else {
            None
        }
    }

    /// Makes a day from year, month and day of the month.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NoSuchDay`] or [`CalendarError::OutOfRange`].
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Result<Date, CalendarError> {
        if !(1..=9999).contains(&year) {
            return Err(CalendarError::OutOfRange);
        }
        if !(1..=12).contains(&month) || !(1..=civil::days_in_month(year, month)).contains(&day) {
            return Err(CalendarError::NoSuchDay { year, month, day });
        }
        Ok(Date(civil::days_from_civil(year, month, day)))
    }

    /// Reads a date of the form `YYYY-MM-DD`, strictly.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NotADate`] for another form, otherwise as [`Date::from_ymd`].
    pub fn parse(text: &str) -> Result<Date, CalendarError> {
        super::pattern::parse_iso(text)
    }

    /// Gives the days since 1970-01-01.
    #[inline]
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Gives the civil year.
    #[must_use]
    pub fn year(self) -> i32 {
        civil::civil_from_days(self.0).year
    }

    /// Gives the month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        civil::civil_from_days(self.0).month
    }

    /// Gives the day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        civil::civil_from_days(self.0).day
    }

    /// Gives year, month and day at once.
    #[must_use]
    pub fn ymd(self) -> (i32, u8, u8) {
        let civil = civil::civil_from_days(self.0);
        (civil.year, civil.month, civil.day)
    }

    /// Gives the day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match self.0.rem_euclid(7) {
            0 => Weekday::Thursday,
            1 => Weekday::Friday,
            2 => Weekday::Saturday,
            3 => Weekday::Sunday,
            4 => Weekday::Monday,
            5 => Weekday::Tuesday,
            _ => Weekday::Wednesday,
        }
    }

    /// Moves by a number of days, backwards if it is negative.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutOfRange`] outside the years 0001 to 9999.
    pub fn add_days(self, days: i64) -> Result<Date, CalendarError> {
        let moved = i64::from(self.0)
            .checked_add(days)
            .and_then(|sum| i32::try_from(sum).ok());
        moved.and_then(Date::from_days).ok_or(CalendarError::OutOfRange)
    }

    /// Gives the day after, which is the open end of a range that ends with this day; at most [`Date::AFTER_LAST`].
    #[must_use]
    pub const fn next(self) -> Date {
        if self.0 < LAST_DAY {
            Date(self.0.saturating_add(1))
        } else {
            Date::AFTER_LAST
        }
    }

    /// Gives the days from this day to another, negative if that is earlier.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::Date;
    ///
    /// let due_on = Date::parse("2026-02-28")?;
    /// assert_eq!(due_on.days_until(Date::parse("2026-03-31")?), 31);
    /// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub fn days_until(self, other: Date) -> i64 {
        i64::from(other.0).saturating_sub(i64::from(self.0))
    }

    /// Takes a day number of a range's open end.
    pub(super) fn from_bound(days: i32) -> Option<Date> {
        (FIRST_DAY..=LAST_DAY.saturating_add(1))
            .contains(&days)
            .then_some(Date(days))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Names a day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// Is the first day of an ISO week.
    Monday,
    /// Follows Monday.
    Tuesday,
    /// Follows Tuesday.
    Wednesday,
    /// Follows Wednesday; the year that contains it names an ISO week.
    Thursday,
    /// Follows Thursday.
    Friday,
    /// Follows Friday.
    Saturday,
    /// Is the last day of an ISO week.
    Sunday,
}

impl Weekday {
    /// Lists the days of the week from Monday on.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// Counts the days since Monday.
    #[must_use]
    pub const fn from_monday(self) -> u8 {
        match self {
            Weekday::Monday => 0,
            Weekday::Tuesday => 1,
            Weekday::Wednesday => 2,
            Weekday::Thursday => 3,
            Weekday::Friday => 4,
            Weekday::Saturday => 5,
            Weekday::Sunday => 6,
        }
    }
}

/// Holds a half-open range of days: `from` is in it, `until` is the first day after it.
///
/// # Examples
///
/// ```
/// use guerdon_plan::calendar::{Date, DateRange};
///
/// let march = DateRange::through(Date::parse("2026-03-01")?, Date::parse("2026-03-31")?);
/// assert!(march.contains(Date::parse("2026-03-31")?));
/// assert_eq!(march.len_days(), 31);
/// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateRange {
    /// Is the first day.
    pub from: Date,
    /// Is the first day after the range.
    pub until: Date,
}

impl DateRange {
    /// Makes the range of the days from `from` to just before `until`.
    #[must_use]
    pub const fn new(from: Date, until: Date) -> DateRange {
        DateRange { from, until }
    }

    /// Makes the range that ends with the day `last`.
    #[must_use]
    pub const fn through(from: Date, last: Date) -> DateRange {
        DateRange {
            from,
            until: last.next(),
        }
    }

    /// Says whether a day is in the range.
    #[inline]
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        self.from <= date && date < self.until
    }

    /// Says whether no day is in the range.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.until <= self.from
    }

    /// Counts the days, zero if the range is empty.
    #[must_use]
    pub fn len_days(&self) -> i64 {
        self.from.days_until(self.until).max(0)
    }

    /// Gives the last day, or `None` if the range is empty.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        if self.is_empty() {
            None
        } else {
            Date::from_days(self.until.days().saturating_sub(1))
        }
    }

    /// Gives the days that are in both ranges; it is empty, at the later start, if there are none.
    #[must_use]
    pub fn intersect(&self, other: &DateRange) -> DateRange {
        let from = self.from.max(other.from);
        DateRange {
            from,
            until: self.until.min(other.until).max(from),
        }
    }
}

impl fmt::Display for DateRange {
    /// Prints the first and the last day.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last_day() {
            Some(last) => write!(f, "{}..{last}", self.from),
            None => write!(f, "{} (no days)", self.from),
        }
    }
}

impl fmt::Debug for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
