//! The calendar: which period a day is in, and which days a period has.

use super::civil::{self, FIRST_DAY, LAST_DAY, month_from_days};
use super::own::Own;
use super::years::{Years, first_of_month, rising_bounds};
use super::{CalendarError, Date, DateRange, PeriodKey, Periods, Unit, WeekPattern, WeekYearStart, YearName};

/// Says how days are grouped into weeks, months, quarters, years and periods of its own.
///
/// Dates are always civil; `this year`, `2026-Q4` and `every year` are those of the plan's calendar.
///
/// # Examples
///
/// ```
/// use guerdon_plan::calendar::{Calendar, Date, Unit, YearName};
///
/// let fiscal = Calendar::fiscal(4, YearName::FirstDay)?;
/// let booked_on = Date::parse("2027-01-15")?;
/// let label = |unit| fiscal.period_of(unit, booked_on).map(|key| fiscal.label(key));
/// assert_eq!(label(Unit::Month).as_deref(), Some("2027-01"));
/// assert_eq!(label(Unit::Quarter).as_deref(), Some("2026-Q4"));
/// assert_eq!(label(Unit::Year).as_deref(), Some("2026"));
/// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub(super) years: Years,
    pub(super) own: Own,
}

impl Default for Calendar {
    fn default() -> Calendar {
        Calendar::civil()
    }
}

impl Calendar {
    /// Makes the civil calendar: years from January, ISO weeks, no periods of its own.
    #[must_use]
    pub const fn civil() -> Calendar {
        Calendar {
            years: Years::Months {
                first_month: 1,
                name: YearName::FirstDay,
            },
            own: Own::None,
        }
    }

    /// Makes a calendar whose years and quarters start in another month; months stay civil.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NoSuchMonth`].
    pub fn fiscal(first_month: u8, name: YearName) -> Result<Calendar, CalendarError> {
        if !(1..=12).contains(&first_month) {
            return Err(CalendarError::NoSuchMonth(first_month));
        }
        Ok(Calendar {
            years: Years::Months { first_month, name },
            own: Own::None,
        })
    }

    /// Makes a retail calendar: years of 52 or 53 whole weeks.
    ///
    /// Weeks, months and quarters are then the retail year's; its months are also the unit [`Unit::Period`]. With
    /// thirteen periods there are neither months nor quarters.
    #[must_use]
    pub const fn weeks(pattern: WeekPattern, start: WeekYearStart, name: YearName) -> Calendar {
        Calendar {
            years: Years::Weeks { pattern, start, name },
            own: Own::None,
        }
    }

    /// Gives the calendar periods of its own: every `length` days, counted both ways from `from`.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NoLength`].
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Calendar, Date, Unit};
    ///
    /// let fortnights = Calendar::civil().with_every_days(14, Date::parse("2026-01-05")?)?;
    /// let key = fortnights.period_of(Unit::Period, Date::parse("2026-01-20")?);
    /// assert_eq!(key.map(|key| fortnights.label(key)).as_deref(), Some("2026-01-19..2026-02-01"));
    /// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
    /// ```
    pub fn with_every_days(self, length: u32, from: Date) -> Result<Calendar, CalendarError> {
        let length = i32::try_from(length)
            .ok()
            .filter(|length| *length > 0)
            .ok_or(CalendarError::NoLength)?;
        Ok(Calendar {
            own: Own::Days {
                length,
                from: from.days(),
            },
            ..self
        })
    }

    /// Gives the calendar periods of its own that start on certain days of every month, such as the 1st and the 16th.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NoStarts`], [`CalendarError::NotInEveryMonth`] past the 28th, [`CalendarError::NotRising`].
    pub fn with_month_days(self, starts: &[u8]) -> Result<Calendar, CalendarError> {
        if starts.is_empty() {
            return Err(CalendarError::NoStarts);
        }
        if let Some(day) = starts.iter().find(|day| !(1..=28).contains(*day)) {
            return Err(CalendarError::NotInEveryMonth(*day));
        }
        if !starts
            .iter()
            .zip(starts.iter().skip(1))
            .all(|(one, next)| one < next)
        {
            return Err(CalendarError::NotRising);
        }
        Ok(Calendar {
            own: Own::MonthDays(starts.to_vec()),
            ..self
        })
    }

    /// Gives the calendar periods of its own from a list of starts; the last one ends just before `end`.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NoStarts`], [`CalendarError::NotRising`], [`CalendarError::YearInsidePeriod`].
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Calendar, Date, Unit};
    ///
    /// let starts = [Date::parse("2011-05-31")?, Date::parse("2011-08-31")?, Date::parse("2011-12-01")?];
    /// let quota_periods = Calendar::civil().with_listed_periods(&starts, Date::parse("2012-02-29")?)?;
    /// let key = quota_periods.period_of(Unit::Period, Date::parse("2011-08-30")?);
    /// assert_eq!(key.map(|key| quota_periods.label(key)).as_deref(), Some("2011-05-31..2011-08-30"));
    /// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
    /// ```
    pub fn with_listed_periods(self, starts: &[Date], end: Date) -> Result<Calendar, CalendarError> {
        Calendar {
            own: Own::Listed(rising_bounds(starts, end)?),
            ..self
        }
        .checked()
    }

    /// Replaces the years by a list of starts; the last one ends just before `end`.
    ///
    /// Months stay civil and there are no quarters.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NoStarts`], [`CalendarError::NotRising`], [`CalendarError::YearNames`], and
    /// [`CalendarError::YearInsidePeriod`] if a year starts inside a listed period.
    pub fn with_listed_years(
        self,
        starts: &[Date],
        end: Date,
        name: YearName,
    ) -> Result<Calendar, CalendarError> {
        Calendar {
            years: Years::listed(starts, end, name)?,
            ..self
        }
        .checked()
    }

    /// Says whether the calendar has periods of this unit.
    #[must_use]
    pub const fn has(&self, unit: Unit) -> bool {
        match unit {
            Unit::Day | Unit::Week | Unit::Year => true,
            Unit::Month => !matches!(
                self.years,
                Years::Weeks {
                    pattern: WeekPattern::Thirteen,
                    ..
                }
            ),
            Unit::Quarter => !matches!(
                self.years,
                Years::Weeks {
                    pattern: WeekPattern::Thirteen,
                    ..
                } | Years::Listed { .. }
            ),
            Unit::Period => !matches!(self.own, Own::None) || matches!(self.years, Years::Weeks { .. }),
        }
    }

    /// Finds the period that contains a day.
    ///
    /// Gives `None` if the calendar has no such unit, outside listed starts, and for a period that does not lie wholly
    /// in the years 0001 to 9999.
    #[must_use]
    pub fn period_of(&self, unit: Unit, date: Date) -> Option<PeriodKey> {
        let key = PeriodKey::new(unit, self.index_of(unit, date.days())?);
        self.range(key).map(|_| key)
    }

    /// Gives the days of a period, or `None` if there is no such period.
    #[must_use]
    pub fn range(&self, key: PeriodKey) -> Option<DateRange> {
        let from = Date::from_bound(self.first_day(key.unit, key.index)?)?;
        let until = Date::from_bound(self.first_day(key.unit, key.index.checked_add(1)?)?)?;
        Some(DateRange::new(from, until))
    }

    /// Gives the period that is `count` periods later, or earlier if it is negative.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Calendar, PeriodKey};
    ///
    /// let january = PeriodKey::month(2026, 1);
    /// assert_eq!(Calendar::civil().shift(january, -1), Some(PeriodKey::month(2025, 12)));
    /// ```
    #[must_use]
    pub fn shift(&self, key: PeriodKey, count: i32) -> Option<PeriodKey> {
        let moved = PeriodKey::new(key.unit, key.index.checked_add(count)?);
        self.range(moved).map(|_| moved)
    }

    /// Finds the longer period that a period belongs to.
    ///
    /// An ISO week belongs to where its Thursday is, as its label says; any other period to where its first day is.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Calendar, PeriodKey, Unit};
    ///
    /// let calendar = Calendar::civil();
    /// assert_eq!(calendar.containing(PeriodKey::month(2026, 5), Unit::Quarter), Some(PeriodKey::quarter(2026, 2)));
    /// ```
    #[must_use]
    pub fn containing(&self, key: PeriodKey, unit: Unit) -> Option<PeriodKey> {
        let day = Date::from_days(self.marking_day(key.unit, key.index)?)?;
        let outer = self.period_of(unit, day)?;
        let is_longer = self.range(outer)?.len_days() >= self.range(key)?.len_days();
        is_longer.then_some(outer)
    }

    /// Gives the periods of a unit that belong to a longer period, in order.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Calendar, PeriodKey, Unit};
    ///
    /// let calendar = Calendar::civil();
    /// let months = calendar.periods_in(PeriodKey::year(2026), Unit::Month);
    /// assert_eq!(months.map(|months| months.count()), Some(12));
    /// ```
    #[must_use]
    pub fn periods_in(&self, outer: PeriodKey, unit: Unit) -> Option<Periods> {
        self.periods_within(self.range(outer)?, unit)
    }

    /// Gives the periods of a unit that belong to a range of days, in order.
    ///
    /// A period belongs to the range that contains its first day; an ISO week to that of its Thursday.
    #[must_use]
    pub fn periods_within(&self, range: DateRange, unit: Unit) -> Option<Periods> {
        if range.is_empty() {
            return Some(Periods::new(unit, 0, 0));
        }
        let first = self.first_marked_from(unit, range.from.days())?;
        let until = self.first_marked_from(unit, range.until.days())?;
        Some(Periods::new(unit, first, until))
    }

    /// Gives the days from the start of the year to the end of a period.
    ///
    /// The start is that of the first period of the same unit that belongs to the year, so that the periods of a year
    /// are counted once each even where weeks run across New Year.
    #[must_use]
    pub fn year_to_date(&self, key: PeriodKey) -> Option<DateRange> {
        self.to_date(key, Unit::Year)
    }

    /// Gives the days from the start of a longer period to the end of a period, as [`Calendar::year_to_date`] does.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Calendar, PeriodKey, Unit};
    ///
    /// let quarter_to_date = Calendar::civil().to_date(PeriodKey::month(2026, 5), Unit::Quarter);
    /// assert_eq!(quarter_to_date.map(|range| range.to_string()).as_deref(), Some("2026-04-01..2026-05-31"));
    /// ```
    #[must_use]
    pub fn to_date(&self, key: PeriodKey, unit: Unit) -> Option<DateRange> {
        let outer = self.containing(key, unit)?;
        let first = self.periods_in(outer, key.unit)?.first()?;
        Some(DateRange::new(self.range(first)?.from, self.range(key)?.until))
    }

    /// Gives the days of the last `count` periods, the given one included, or `None` if `count` is zero.
    #[must_use]
    pub fn last_n(&self, key: PeriodKey, count: u32) -> Option<DateRange> {
        let back = i32::try_from(count.checked_sub(1)?).ok()?;
        let first = self.shift(key, back.checked_neg()?)?;
        Some(DateRange::new(self.range(first)?.from, self.range(key)?.until))
    }

    /// Finds the number of the period that contains a day.
    pub(super) fn index_of(&self, unit: Unit, day: i32) -> Option<i32> {
        match unit {
            Unit::Day => Some(day),
            Unit::Week => Some(day.checked_add(self.week_shift())?.div_euclid(7)),
            Unit::Year => self.years.year_of(day),
            Unit::Month | Unit::Quarter | Unit::Period => match (&self.years, unit) {
                (_, Unit::Period) if !matches!(self.own, Own::None) => self.own.index_of(day),
                (Years::Weeks { pattern, .. }, _) => {
                    let year = self.years.year_of(day)?;
                    let week = day.checked_sub(self.years.first_day(year)?)?.div_euclid(7);
                    let per_year = pattern.per_year(unit)?;
                    year.checked_mul(per_year)?
                        .checked_add(pattern.place_of_week(unit, week)?)
                }
                (Years::Months { first_month, .. }, Unit::Quarter) => {
                    let month = month_from_days(day).checked_sub(i32::from(*first_month).checked_sub(1)?)?;
                    month
                        .div_euclid(3)
                        .checked_add(self.years.name_shift().checked_mul(4)?)
                }
                (_, Unit::Month) => Some(month_from_days(day)),
                (_, _) => None,
            },
        }
    }

    /// Gives the first day of a period; also just past the last one, where it is the end.
    pub(super) fn first_day(&self, unit: Unit, index: i32) -> Option<i32> {
        match unit {
            Unit::Day => Some(index),
            Unit::Week => index.checked_mul(7)?.checked_sub(self.week_shift()),
            Unit::Year => self.years.first_day(index),
            Unit::Month | Unit::Quarter | Unit::Period => match (&self.years, unit) {
                (_, Unit::Period) if !matches!(self.own, Own::None) => self.own.first_day(index),
                (Years::Weeks { pattern, .. }, _) => {
                    let per_year = pattern.per_year(unit)?;
                    let year = self.years.first_day(index.checked_div_euclid(per_year)?)?;
                    let weeks = pattern.weeks_before(unit, index.checked_rem_euclid(per_year)?)?;
                    year.checked_add(weeks.checked_mul(7)?)
                }
                (Years::Months { first_month, .. }, Unit::Quarter) => {
                    let quarter = index.checked_sub(self.years.name_shift().checked_mul(4)?)?;
                    first_of_month(
                        quarter
                            .checked_mul(3)?
                            .checked_add(i32::from(*first_month).checked_sub(1)?)?,
                    )
                }
                (_, Unit::Month) => first_of_month(index),
                (_, _) => None,
            },
        }
    }

    fn checked(self) -> Result<Calendar, CalendarError> {
        if let (Years::Listed { bounds: years, .. }, Own::Listed(periods)) = (&self.years, &self.own)
            && !years
                .iter()
                .take(years.len().saturating_sub(1))
                .all(|start| periods.binary_search(start).is_ok())
        {
            return Err(CalendarError::YearInsidePeriod);
        }
        Ok(self)
    }

    /// Gives what makes a day number divisible by seven on the first day of a week.
    fn week_shift(&self) -> i32 {
        // 1970-01-01 was a Thursday, three days after Monday.
        match &self.years {
            Years::Weeks { start, .. } => 3_i32.saturating_sub(i32::from(start.weekday().from_monday())),
            Years::Months { .. } | Years::Listed { .. } => 3,
        }
    }

    /// Gives the day that decides which longer period a period belongs to.
    fn marking_day(&self, unit: Unit, index: i32) -> Option<i32> {
        let first = self.first_day(unit, index)?;
        match (&self.years, unit) {
            (Years::Months { .. } | Years::Listed { .. }, Unit::Week) => first.checked_add(3),
            (_, _) => Some(first),
        }
    }

    /// Finds the first period whose marking day is on or after a day.
    fn first_marked_from(&self, unit: Unit, day: i32) -> Option<i32> {
        let index = match self.index_of(unit, day) {
            Some(index) => index,
            None => return self.listed_edge(unit, day),
        };
        if self.marking_day(unit, index)? >= day {
            Some(index)
        } else {
            index.checked_add(1)
        }
    }

    /// Finds the first listed period on or after a day that is in none.
    fn listed_edge(&self, unit: Unit, day: i32) -> Option<i32> {
        let (bounds, first) = match (&self.years, &self.own, unit) {
            (Years::Listed { bounds, first_year }, _, Unit::Year) => (bounds, *first_year),
            (_, Own::Listed(bounds), Unit::Period) => (bounds, 0),
            (_, _, _) => return None,
        };
        let count = i32::try_from(bounds.len().checked_sub(1)?).ok()?;
        if *bounds.first()? > day {
            Some(first)
        } else {
            first.checked_add(count)
        }
    }
}

/// Counts the whole months from one month to another, negative if that is earlier; `None` if either is no month.
///
/// # Examples
///
/// ```
/// use guerdon_plan::calendar::{PeriodKey, months_between};
///
/// assert_eq!(months_between(PeriodKey::month(2025, 11), PeriodKey::month(2026, 2)), Some(3));
/// ```
#[must_use]
pub fn months_between(from: PeriodKey, to: PeriodKey) -> Option<i32> {
    match (from.unit, to.unit) {
        (Unit::Month, Unit::Month) => to.index.checked_sub(from.index),
        (_, _) => None,
    }
}

/// Turns a column of day numbers into civil month indexes, those of [`PeriodKey::month`].
///
/// Gives `None` if any day is outside the years 0001 to 9999.
///
/// # Examples
///
/// ```
/// use guerdon_plan::calendar::{Date, PeriodKey, month_codes};
///
/// let days = [Date::parse("2026-01-31")?.days(), Date::parse("2026-02-01")?.days()];
/// let months = [PeriodKey::month(2026, 1).index, PeriodKey::month(2026, 2).index];
/// assert_eq!(month_codes(&days), Some(months.to_vec()));
/// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
/// ```
#[must_use]
pub fn month_codes(days: &[i32]) -> Option<Vec<i32>> {
    let (least, greatest) = days.iter().fold((LAST_DAY, FIRST_DAY), |(low, high), day| {
        (low.min(*day), high.max(*day))
    });
    if !days.is_empty() && (least < FIRST_DAY || greatest > LAST_DAY) {
        return None;
    }
    Some(days.iter().map(|day| civil::month_from_days(*day)).collect())
}
