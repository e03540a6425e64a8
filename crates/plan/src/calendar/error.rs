//! What can be wrong with a day or a calendar.

use thiserror::Error;

/// Says why a day, a pattern or a calendar is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum CalendarError {
    /// Reports text that has not the expected form of a date.
    #[error("not a date of the expected form")]
    NotADate,
    /// Reports a day that the calendar does not have, such as 2026-02-30.
    #[error("there is no day {year:04}-{month:02}-{day:02}")]
    NoSuchDay {
        /// Is the year as written.
        year: i32,
        /// Is the month as written.
        month: u8,
        /// Is the day of the month as written.
        day: u8,
    },
    /// Reports a day outside the years 0001 to 9999.
    #[error("outside the years 0001 to 9999")]
    OutOfRange,
    /// Reports a date pattern without exactly one year, month and day, or with signs other than `/`, `-`, `.`, space.
    #[error("a date pattern needs YYYY, one of M or MM and one of D or DD")]
    BadPattern,
    /// Reports a pattern with a year of two digits, whose century nobody can tell.
    #[error("a year of two digits does not say its century")]
    TwoDigitYear,
    /// Reports a month that is not 1 to 12.
    #[error("there is no month {0}")]
    NoSuchMonth(u8),
    /// Reports a day of the month on which not every month has a start.
    #[error("not every month has a day {0}; starts must be on days 1 to 28")]
    NotInEveryMonth(u8),
    /// Reports an empty list of starts.
    #[error("no period start is given")]
    NoStarts,
    /// Reports starts that do not rise from one to the next.
    #[error("the starts must rise, and the end must come after the last one")]
    NotRising,
    /// Reports a period length that is not at least one day.
    #[error("a period has at least one day")]
    NoLength,
    /// Reports a year start that is not the start of a listed period.
    #[error("a year must start where a period starts")]
    YearInsidePeriod,
    /// Reports two listed years with one name, or a name left out between two.
    #[error(
        "the listed years cannot be numbered one after the other by this day; name them by the other one"
    )]
    YearNames,
    /// Reports text that names no period of the calendar.
    #[error("not a period of this calendar")]
    NotAPeriod,
}
