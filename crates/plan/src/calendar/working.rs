//! Working days: weekends and holidays, and weekend days that are worked.

use super::{Date, DateRange, Weekday};

/// Holds which days are worked: a set of weekend days, a list of holidays, and a list of weekend days that are worked
/// in exchange (调休).
///
/// # Examples
///
/// ```
/// use guerdon_plan::calendar::{Date, DateRange, Weekday, WorkingDays};
///
/// let weekend = [Weekday::Saturday, Weekday::Sunday];
/// let labour_day = Date::parse("2026-05-01")?;
/// let calendar = WorkingDays::new(&weekend, &[labour_day], &[]);
/// let may = DateRange::through(labour_day, Date::parse("2026-05-31")?);
/// assert_eq!(calendar.count(may), 20);
/// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingDays {
    is_weekend: [bool; 7],
    // INVARIANT: both sorted and without duplicates; holidays are weekdays, worked days are weekend days.
    holidays: Vec<Date>,
    worked: Vec<Date>,
    first: Date,
    last: Date,
}

impl WorkingDays {
    /// Makes the working-day calendar; the lists may come in any order and repeat days.
    ///
    /// A day that is listed both as a holiday and as worked is a holiday.
    #[must_use]
    pub fn new(weekend: &[Weekday], holidays: &[Date], worked: &[Date]) -> WorkingDays {
        let is_weekend = Weekday::ALL.map(|weekday| weekend.contains(&weekday));
        let mut calendar = WorkingDays {
            is_weekend,
            holidays: Vec::new(),
            worked: Vec::new(),
            first: Date::FIRST,
            last: Date::LAST,
        };
        calendar.worked = sorted(
            worked
                .iter()
                .filter(|d| calendar.is_weekend_day(**d) && !holidays.contains(d)),
        );
        calendar.holidays = sorted(holidays.iter().filter(|d| !calendar.is_weekend_day(**d)));
        calendar
    }

    /// Limits what the calendar knows to some days, both included; an end that is left out stays open.
    #[must_use]
    pub fn covering(self, first: Option<Date>, last: Option<Date>) -> WorkingDays {
        WorkingDays {
            first: first.unwrap_or(Date::FIRST),
            last: last.unwrap_or(Date::LAST),
            ..self
        }
    }

    /// Counts the working days of a range; gives nothing where the range has a day that the calendar does not know.
    ///
    /// ```
    /// use guerdon_plan::calendar::{Date, DateRange, Weekday, WorkingDays};
    ///
    /// let (first, last) = (Date::parse("2026-01-01")?, Date::parse("2026-12-31")?);
    /// let calendar = WorkingDays::new(&[Weekday::Saturday, Weekday::Sunday], &[first], &[])
    ///     .covering(Some(first), Some(last));
    /// let january = DateRange::through(first, Date::parse("2026-01-31")?);
    /// assert_eq!(calendar.count_known(january), Some(21));
    /// assert_eq!(calendar.count_known(DateRange::through(last, last.next())), None);
    /// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub fn count_known(&self, range: DateRange) -> Option<i64> {
        match range.last_day() {
            Some(last) if range.from < self.first || self.last < last => None,
            Some(_) | None => Some(self.count(range)),
        }
    }

    /// Says whether a day is worked.
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        if self.is_weekend_day(date) {
            self.worked.binary_search(&date).is_ok()
        } else {
            self.holidays.binary_search(&date).is_err()
        }
    }

    /// Counts the working days of a range, in time logarithmic in the number of holidays.
    #[must_use]
    pub fn count(&self, range: DateRange) -> i64 {
        if range.is_empty() {
            return 0;
        }
        let listed = |days: &[Date]| {
            let before = |bound: Date| days.partition_point(|day| *day < bound);
            i64::try_from(before(range.until).saturating_sub(before(range.from))).unwrap_or(i64::MAX)
        };
        self.weekdays(range)
            .saturating_sub(listed(&self.holidays))
            .saturating_add(listed(&self.worked))
    }

    /// Counts the days of a range that are not on a weekend: whole weeks at once, the rest one by one.
    fn weekdays(&self, range: DateRange) -> i64 {
        let days = range.len_days();
        let per_week =
            i64::try_from(self.is_weekend.iter().filter(|is_weekend| !**is_weekend).count()).unwrap_or(0);
        let rest = usize::try_from(days.rem_euclid(7)).unwrap_or(0);
        let first = usize::from(range.from.weekday().from_monday());
        let in_rest = self
            .is_weekend
            .iter()
            .cycle()
            .skip(first)
            .take(rest)
            .filter(|is_weekend| !**is_weekend)
            .count();
        days.div_euclid(7)
            .saturating_mul(per_week)
            .saturating_add(i64::try_from(in_rest).unwrap_or(0))
    }

    fn is_weekend_day(&self, date: Date) -> bool {
        self.is_weekend
            .get(usize::from(date.weekday().from_monday()))
            .copied()
            .unwrap_or(false)
    }
}

fn sorted<'a>(days: impl Iterator<Item = &'a Date>) -> Vec<Date> {
    let mut days: Vec<Date> = days.copied().collect();
    days.sort_unstable();
    days.dedup();
    days
}
