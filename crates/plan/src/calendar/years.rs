//! How a calendar's years are cut, and what they are called.

use super::civil::{civil_from_days, days_from_civil, days_in_month, month_from_days};
use super::{CalendarError, Date, Unit, Weekday};

/// Says by which of its days a year is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum YearName {
    /// Takes the civil year of the first day: April 2026 to March 2027 is 2026.
    FirstDay,
    /// Takes the civil year of the last day: April 2026 to March 2027 is 2027.
    LastDay,
}

/// Says how the weeks of a retail year are grouped.
///
/// The 53rd week of a long year belongs to the last group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WeekPattern {
    /// Makes quarters of months of 4, 4 and 5 weeks.
    FourFourFive,
    /// Makes quarters of months of 4, 5 and 4 weeks.
    FourFiveFour,
    /// Makes quarters of months of 5, 4 and 4 weeks.
    FiveFourFour,
    /// Makes thirteen periods of 4 weeks, without months or quarters.
    Thirteen,
}

impl WeekPattern {
    /// Gives the periods of a unit in a year, if the pattern has such periods.
    pub(super) const fn per_year(self, unit: Unit) -> Option<i32> {
        match (self, unit) {
            (WeekPattern::Thirteen, Unit::Period) => Some(13),
            (WeekPattern::Thirteen, Unit::Month | Unit::Quarter) => None,
            (_, Unit::Month | Unit::Period) => Some(12),
            (_, Unit::Quarter) => Some(4),
            (_, Unit::Day | Unit::Week | Unit::Year) => None,
        }
    }

    /// Gives the weeks of the year before a period, whose place is counted from zero.
    pub(super) const fn weeks_before(self, unit: Unit, place: i32) -> Option<i32> {
        let (first, second) = match self {
            WeekPattern::Thirteen => return place.checked_mul(4),
            WeekPattern::FourFourFive => (4, 8),
            WeekPattern::FourFiveFour => (4, 9),
            WeekPattern::FiveFourFour => (5, 9),
        };
        match unit {
            Unit::Quarter => place.checked_mul(13),
            Unit::Day | Unit::Week | Unit::Month | Unit::Year | Unit::Period => {
                let in_quarter = match place.rem_euclid(3) {
                    0 => 0,
                    1 => first,
                    _ => second,
                };
                match place.div_euclid(3).checked_mul(13) {
                    Some(weeks) => weeks.checked_add(in_quarter),
                    None => None,
                }
            }
        }
    }

    /// Gives the place in the year of the period that has a week, both counted from zero.
    pub(super) fn place_of_week(self, unit: Unit, week: i32) -> Option<i32> {
        let last = self.per_year(unit)?.checked_sub(1)?;
        let begun = |place: &i32| self.weeks_before(unit, *place).is_some_and(|weeks| weeks <= week);
        (0..=last).rev().find(begun)
    }
}

/// Says on which day a retail year starts: the first such weekday on or after an anchor day.
///
/// # Examples
///
/// ```
/// use guerdon_plan::calendar::{Calendar, Date, PeriodKey, WeekPattern, WeekYearStart, Weekday, YearName};
///
/// // The year ends on the Saturday nearest to 31 January, so it starts on the Sunday nearest to 1 February.
/// let start = WeekYearStart::nearest(Weekday::Sunday, 2, 1)?;
/// let retail = Calendar::weeks(WeekPattern::FourFiveFour, start, YearName::FirstDay);
/// let year = retail.range(PeriodKey::year(2025)).map(|range| range.from);
/// assert_eq!(year, Some(Date::parse("2025-02-02")?));
/// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WeekYearStart {
    weekday: Weekday,
    month: u8,
    day: u8,
    shift: i32,
}

impl WeekYearStart {
    /// Starts the year on the first such weekday on or after a day of the year.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NoSuchMonth`] or [`CalendarError::NoSuchDay`]; 29 February is refused.
    pub fn on_or_after(weekday: Weekday, month: u8, day: u8) -> Result<WeekYearStart, CalendarError> {
        if !(1..=12).contains(&month) {
            return Err(CalendarError::NoSuchMonth(month));
        }
        // Any common year shows which days every year has.
        if day < 1 || day > days_in_month(2001, month) {
            return Err(CalendarError::NoSuchDay {
                year: 2001,
                month,
                day,
            });
        }
        Ok(WeekYearStart {
            weekday,
            month,
            day,
            shift: 0,
        })
    }

    /// Starts the year on such a weekday that is nearest to a day of the year, at most three days before or after.
    ///
    /// # Errors
    ///
    /// As [`WeekYearStart::on_or_after`].
    pub fn nearest(weekday: Weekday, month: u8, day: u8) -> Result<WeekYearStart, CalendarError> {
        let start = WeekYearStart::on_or_after(weekday, month, day)?;
        Ok(WeekYearStart { shift: -3, ..start })
    }

    /// Starts the year on the day after the last such weekday of a month.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NoSuchMonth`].
    pub fn after_last(weekday: Weekday, month: u8) -> Result<WeekYearStart, CalendarError> {
        if !(1..=12).contains(&month) {
            return Err(CalendarError::NoSuchMonth(month));
        }
        let next_month = if month == 12 { 1 } else { month.saturating_add(1) };
        let next_weekday = Weekday::ALL
            .into_iter()
            .cycle()
            .skip_while(|w| *w != weekday)
            .nth(1)
            .unwrap_or(weekday);
        // The last such weekday is one of the month's last seven days, so the start is one of the seven days
        // beginning six before the next month.
        Ok(WeekYearStart {
            weekday: next_weekday,
            month: next_month,
            day: 1,
            shift: -6,
        })
    }

    pub(super) const fn weekday(self) -> Weekday {
        self.weekday
    }

    /// Gives the first day of the year whose anchor is in this civil year.
    fn first_day(self, year: i32) -> i32 {
        let anchor = days_from_civil(year, self.month, self.day).saturating_add(self.shift);
        let wanted = i32::from(self.weekday.from_monday());
        // 1970-01-01 was a Thursday, three days after Monday.
        let weekday = anchor.saturating_add(3).rem_euclid(7);
        anchor.saturating_add(wanted.saturating_sub(weekday).rem_euclid(7))
    }
}

/// The rule of a calendar's years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Years {
    /// Twelve civil months from the first of this month.
    Months { first_month: u8, name: YearName },
    /// Whole weeks.
    Weeks {
        pattern: WeekPattern,
        start: WeekYearStart,
        name: YearName,
    },
    /// Starts listed by hand, the last entry being the end of the last year.
    Listed { bounds: Vec<i32>, first_year: i32 },
}

impl Years {
    pub(super) fn listed(starts: &[Date], end: Date, name: YearName) -> Result<Years, CalendarError> {
        let bounds = rising_bounds(starts, end)?;
        let name_of = |from: &i32, until: &i32| match name {
            YearName::FirstDay => civil_from_days(*from).year,
            YearName::LastDay => civil_from_days(until.saturating_sub(1)).year,
        };
        let names: Vec<i32> = bounds
            .iter()
            .zip(bounds.iter().skip(1))
            .map(|(from, until)| name_of(from, until))
            .collect();
        let is_numbered = names
            .iter()
            .zip(names.iter().skip(1))
            .all(|(one, next)| one.checked_add(1) == Some(*next));
        let first_year = names.first().copied().ok_or(CalendarError::NoStarts)?;
        if is_numbered {
            Ok(Years::Listed { bounds, first_year })
        } else {
            Err(CalendarError::YearNames)
        }
    }

    /// Gives the year of a day, by its name.
    pub(super) fn year_of(&self, day: i32) -> Option<i32> {
        match self {
            Years::Months { first_month, .. } => {
                let month = month_from_days(day).checked_sub(i32::from(*first_month).checked_sub(1)?)?;
                month.div_euclid(12).checked_add(self.name_shift())
            }
            Years::Weeks { start, .. } => {
                let civil = civil_from_days(day).year;
                let year = if day < start.first_day(civil) {
                    civil.checked_sub(1)?
                } else if day >= start.first_day(civil.checked_add(1)?) {
                    civil.checked_add(1)?
                } else {
                    civil
                };
                year.checked_add(self.name_shift())
            }
            Years::Listed { bounds, first_year } => index_in(bounds, day)?.checked_add(*first_year),
        }
    }

    /// Gives the first day of a year, or `None` outside the years 0001 to 9999 and, if listed, past the list's end.
    pub(super) fn first_day(&self, year: i32) -> Option<i32> {
        match self {
            Years::Months { first_month, .. } => {
                let civil = year.checked_sub(self.name_shift())?;
                first_of_month(
                    civil
                        .checked_mul(12)?
                        .checked_add(i32::from(*first_month).checked_sub(1)?)?,
                )
            }
            Years::Weeks { start, .. } => {
                let civil = year.checked_sub(self.name_shift())?;
                (1..=10_000).contains(&civil).then(|| start.first_day(civil))
            }
            Years::Listed { bounds, first_year } => bound_at(bounds, year.checked_sub(*first_year)?),
        }
    }

    /// Gives how far a year's name is ahead of the civil year of its (nominal) first day.
    pub(super) fn name_shift(&self) -> i32 {
        let (is_new_year, name) = match self {
            Years::Months { first_month, name } => (*first_month == 1, *name),
            Years::Weeks { start, name, .. } => (start.month == 1 && start.day == 1, *name),
            Years::Listed { .. } => return 0,
        };
        match name {
            YearName::FirstDay => 0,
            YearName::LastDay => i32::from(!is_new_year),
        }
    }
}

/// Gives the first day of a month by its index, for the years 0001 to 10000.
pub(super) fn first_of_month(index: i32) -> Option<i32> {
    let year = index.div_euclid(12);
    let month = u8::try_from(index.rem_euclid(12)).ok()?.checked_add(1)?;
    (1..=10_000)
        .contains(&year)
        .then(|| days_from_civil(year, month, 1))
}

/// Checks listed starts and appends the end.
pub(super) fn rising_bounds(starts: &[Date], end: Date) -> Result<Vec<i32>, CalendarError> {
    if starts.is_empty() {
        return Err(CalendarError::NoStarts);
    }
    let bounds: Vec<i32> = starts.iter().chain([&end]).map(|date| date.days()).collect();
    let is_rising = bounds
        .iter()
        .zip(bounds.iter().skip(1))
        .all(|(one, next)| one < next);
    if is_rising {
        Ok(bounds)
    } else {
        Err(CalendarError::NotRising)
    }
}

/// Finds the listed period of a day.
pub(super) fn index_in(bounds: &[i32], day: i32) -> Option<i32> {
    let after = bounds.partition_point(|bound| *bound <= day);
    if after == bounds.len() {
        None
    } else {
        i32::try_from(after.checked_sub(1)?).ok()
    }
}

pub(super) fn bound_at(bounds: &[i32], index: i32) -> Option<i32> {
    bounds.get(usize::try_from(index).ok()?).copied()
}
