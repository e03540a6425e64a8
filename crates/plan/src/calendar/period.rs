//! Names of periods.

use std::iter::FusedIterator;

/// Names a kind of period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Is a civil day.
    Day,
    /// Is a week: from Monday (ISO 8601), or the retail calendar's own.
    Week,
    /// Is a civil month, or the retail calendar's month of four or five weeks.
    Month,
    /// Is a quarter of the calendar's year.
    Quarter,
    /// Is the calendar's year.
    Year,
    /// Is the calendar's own period: every so many days, certain days of the month, listed starts, or a period of a
    /// retail year.
    Period,
}

/// Names one period of a calendar.
///
/// Keys of one unit are in the order of time, and consecutive periods have consecutive indexes. What an index counts
/// from depends on the unit: years have their own number, months and quarters are counted from year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeriodKey {
    /// Is the kind of period.
    pub unit: Unit,
    /// Is the number of the period in the order of time.
    pub index: i32,
}

impl PeriodKey {
    /// Makes a key.
    #[must_use]
    pub const fn new(unit: Unit, index: i32) -> PeriodKey {
        PeriodKey { unit, index }
    }

    /// Names a month by year and month, for calendars with civil months or retail months.
    #[must_use]
    pub const fn month(year: i32, month: u8) -> PeriodKey {
        let month = i32::from_le_bytes([month, 0, 0, 0]);
        PeriodKey::new(
            Unit::Month,
            year.saturating_mul(12).saturating_add(month).saturating_sub(1),
        )
    }

    /// Names a quarter by year and quarter.
    #[must_use]
    pub const fn quarter(year: i32, quarter: u8) -> PeriodKey {
        let quarter = i32::from_le_bytes([quarter, 0, 0, 0]);
        PeriodKey::new(
            Unit::Quarter,
            year.saturating_mul(4).saturating_add(quarter).saturating_sub(1),
        )
    }

    /// Names a year.
    #[must_use]
    pub const fn year(year: i32) -> PeriodKey {
        PeriodKey::new(Unit::Year, year)
    }
}

/// Holds consecutive periods of one unit, and gives them one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periods {
    unit: Unit,
    next: i32,
    until: i32,
}

impl Periods {
    /// Makes the periods from index `first` to just before `until`.
    #[must_use]
    pub const fn new(unit: Unit, first: i32, until: i32) -> Periods {
        Periods {
            unit,
            next: first,
            until,
        }
    }

    /// Gives the first period without taking it.
    #[must_use]
    pub fn first(&self) -> Option<PeriodKey> {
        (self.next < self.until).then_some(PeriodKey::new(self.unit, self.next))
    }

    /// Gives the last period without taking it.
    #[must_use]
    pub fn last_key(&self) -> Option<PeriodKey> {
        (self.next < self.until).then_some(PeriodKey::new(self.unit, self.until.saturating_sub(1)))
    }
}

impl Iterator for Periods {
    type Item = PeriodKey;

    fn next(&mut self) -> Option<PeriodKey> {
        let key = self.first()?;
        self.next = self.next.saturating_add(1);
        Some(key)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = i64::from(self.until).saturating_sub(i64::from(self.next)).max(0);
        usize::try_from(left).map_or((usize::MAX, None), |left| (left, Some(left)))
    }
}

impl DoubleEndedIterator for Periods {
    fn next_back(&mut self) -> Option<PeriodKey> {
        let key = self.last_key()?;
        self.until = self.until.saturating_sub(1);
        Some(key)
    }
}

impl ExactSizeIterator for Periods {}
impl FusedIterator for Periods {}
