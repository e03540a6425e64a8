//! The text of periods, and periods from text.

use super::own::Own;
use super::years::Years;
use super::{Calendar, CalendarError, Date, PeriodKey, Unit};

impl Calendar {
    /// Gives the text of a period: `2026-03-05`, `2026-W05`, `2026-03`, `2026-Q2`, `2026`; a retail period is
    /// `2026-P03`, another period of the calendar's own is named by its first and last day.
    ///
    /// A key without a period prints as `no period`.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Calendar, Date, PeriodKey, Unit};
    ///
    /// let calendar = Calendar::civil();
    /// assert_eq!(calendar.label(PeriodKey::month(2026, 3)), "2026-03");
    /// let week = calendar.period_of(Unit::Week, Date::parse("2026-12-31")?);
    /// assert_eq!(week.map(|week| calendar.label(week)).as_deref(), Some("2026-W53"));
    /// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub fn label(&self, key: PeriodKey) -> String {
        self.label_of(key).unwrap_or_else(|| "no period".to_owned())
    }

    /// Reads the text of a period of this unit, as [`Calendar::label`] prints it; a period of the calendar's own may
    /// also be named by its first day alone.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NotAPeriod`] if the text has another form or there is no such period.
    pub fn parse_label(&self, unit: Unit, text: &str) -> Result<PeriodKey, CalendarError> {
        self.key_of(unit, text)
            .filter(|key| self.range(*key).is_some())
            .ok_or(CalendarError::NotAPeriod)
    }

    /// Reads the text of a period of any unit; the form of the text says which.
    ///
    /// A single day is the unit [`Unit::Day`].
    ///
    /// # Errors
    ///
    /// [`CalendarError::NotAPeriod`].
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::calendar::{Calendar, PeriodKey};
    ///
    /// let calendar = Calendar::civil();
    /// assert_eq!(calendar.parse_any("2026-Q2")?, PeriodKey::quarter(2026, 2));
    /// assert!(calendar.parse_any("2026-Q5").is_err());
    /// # Ok::<(), guerdon_plan::calendar::CalendarError>(())
    /// ```
    pub fn parse_any(&self, text: &str) -> Result<PeriodKey, CalendarError> {
        let unit = if text.contains("..") || text.contains('P') {
            Unit::Period
        } else if text.contains('W') {
            Unit::Week
        } else if text.contains('Q') {
            Unit::Quarter
        } else {
            match text.len() {
                4 => Unit::Year,
                7 => Unit::Month,
                _ => Unit::Day,
            }
        };
        self.parse_label(unit, text)
    }

    fn label_of(&self, key: PeriodKey) -> Option<String> {
        let range = self.range(key)?;
        let index = key.index;
        Some(match key.unit {
            Unit::Day => range.from.to_string(),
            Unit::Week => {
                let (year, number) = self.week_number(index)?;
                format!("{year:04}-W{number:02}")
            }
            Unit::Month => format!(
                "{:04}-{:02}",
                index.div_euclid(12),
                index.rem_euclid(12).checked_add(1)?
            ),
            Unit::Quarter => format!(
                "{:04}-Q{}",
                index.div_euclid(4),
                index.rem_euclid(4).checked_add(1)?
            ),
            Unit::Year => format!("{index:04}"),
            Unit::Period => match self.retail_periods() {
                Some(per_year) => {
                    let place = index.checked_rem_euclid(per_year)?.checked_add(1)?;
                    format!("{:04}-P{place:02}", index.checked_div_euclid(per_year)?)
                }
                None => range.to_string(),
            },
        })
    }

    fn key_of(&self, unit: Unit, text: &str) -> Option<PeriodKey> {
        match unit {
            Unit::Day => self.period_of(unit, Date::parse(text).ok()?),
            Unit::Week => {
                let (year, number) = parts(text, "-W", 2)?;
                let key = PeriodKey::new(unit, self.first_week(year)?.checked_add(number)?.checked_sub(1)?);
                (self.week_number(key.index)? == (year, number)).then_some(key)
            }
            Unit::Month => numbered(unit, parts(text, "-", 2)?, 12),
            Unit::Quarter => numbered(unit, parts(text, "-Q", 1)?, 4),
            Unit::Year => Some(PeriodKey::new(unit, digits(text, 4)?)),
            Unit::Period => match self.retail_periods() {
                Some(per_year) => numbered(unit, parts(text, "-P", 2)?, per_year),
                None => self.own_period(text),
            },
        }
    }

    /// Finds an own period by its first day, or by its first and last day.
    fn own_period(&self, text: &str) -> Option<PeriodKey> {
        let (first, last) = match text.split_once("..") {
            Some((first, last)) => (first, Some(Date::parse(last).ok()?)),
            None => (text, None),
        };
        let first = Date::parse(first).ok()?;
        let key = self.period_of(Unit::Period, first)?;
        let range = self.range(key)?;
        let is_meant = range.from == first && last.is_none_or(|last| range.last_day() == Some(last));
        is_meant.then_some(key)
    }

    fn retail_periods(&self) -> Option<i32> {
        match (&self.years, &self.own) {
            (Years::Weeks { pattern, .. }, Own::None) => pattern.per_year(Unit::Period),
            (_, _) => None,
        }
    }

    /// Gives the year that a week is labelled by and its number there, from 1.
    fn week_number(&self, index: i32) -> Option<(i32, i32)> {
        let first = self.first_day(Unit::Week, index)?;
        let year = match &self.years {
            Years::Weeks { .. } => self.years.year_of(first)?,
            // The year of an ISO week is the civil year of its Thursday.
            Years::Months { .. } | Years::Listed { .. } => {
                super::civil::civil_from_days(first.checked_add(3)?).year
            }
        };
        Some((year, index.checked_sub(self.first_week(year)?)?.checked_add(1)?))
    }

    fn first_week(&self, year: i32) -> Option<i32> {
        match &self.years {
            Years::Weeks { .. } => self.index_of(Unit::Week, self.years.first_day(year)?),
            // The first ISO week has 4 January.
            Years::Months { .. } | Years::Listed { .. } => {
                if !(1..=10_000).contains(&year) {
                    return None;
                }
                self.index_of(Unit::Week, super::civil::days_from_civil(year, 1, 4))
            }
        }
    }
}

fn numbered(unit: Unit, (year, number): (i32, i32), per_year: i32) -> Option<PeriodKey> {
    if !(1..=per_year).contains(&number) {
        return None;
    }
    Some(PeriodKey::new(
        unit,
        year.checked_mul(per_year)?.checked_add(number)?.checked_sub(1)?,
    ))
}

/// Splits a year of four digits from a number of so many digits.
fn parts(text: &str, sign: &str, width: usize) -> Option<(i32, i32)> {
    let (year, number) = text.split_once(sign)?;
    Some((digits(year, 4)?, digits(number, width)?))
}

fn digits(text: &str, width: usize) -> Option<i32> {
    let is_number = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}
