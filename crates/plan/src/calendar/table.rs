//! Dense period codes for columns of days.

use super::{Calendar, Date, DateRange, PeriodKey, Unit};

/// Is the code of a day that is in no period of a [`PeriodTable`].
pub const NO_PERIOD: u16 = u16::MAX;

/// The most days a table is made for: about 2,700 years, 2 MB.
const MAX_DAYS: i64 = 1_000_000;

/// Holds the period of each day of a range, so that a column of days becomes one of dense codes by one look-up each.
///
/// # Examples
///
/// ```
/// use guerdon_plan::calendar::{Calendar, Date, DateRange, NO_PERIOD, PeriodKey, Unit};
///
/// let year = DateRange::through(Date::parse("2026-01-01")?, Date::parse("2026-12-31")?);
/// let table = Calendar::civil().period_table(Unit::Month, year).ok_or("too long")?;
/// let days = ["2026-01-31", "2026-12-01", "2027-01-01"].map(|day| Date::parse(day).map_or(0, Date::days));
/// let mut codes = [0; 3];
/// table.codes(&days, &mut codes);
/// assert_eq!(codes, [0, 11, NO_PERIOD]);
/// assert_eq!(table.key(11), Some(PeriodKey::month(2026, 12)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodTable {
    unit: Unit,
    first_day: i32,
    first_index: i32,
    periods: u16,
    codes: Vec<u16>,
}

impl Calendar {
    /// Makes the table of the periods that have a day in a range.
    ///
    /// Days without a period, before or after listed starts, get [`NO_PERIOD`]. Gives `None` if the calendar has no
    /// such unit, or for more than a million days or 65,535 periods.
    #[must_use]
    pub fn period_table(&self, unit: Unit, range: DateRange) -> Option<PeriodTable> {
        if !self.has(unit) || range.len_days() > MAX_DAYS {
            return None;
        }
        let days = range.from.days()..range.until.days();
        let keys: Vec<Option<i32>> = days.map(|day| self.index_in_range(unit, day)).collect();
        let first_index = keys.iter().flatten().min().copied().unwrap_or(0);
        let last_index = keys.iter().flatten().max().copied();
        let code = |index: i32| {
            u16::try_from(index.checked_sub(first_index)?)
                .ok()
                .filter(|code| *code < NO_PERIOD)
        };
        let periods = match last_index {
            Some(last) => code(last)?.checked_add(1)?,
            None => 0,
        };
        let codes = keys
            .into_iter()
            .map(|index| index.and_then(code).unwrap_or(NO_PERIOD))
            .collect();
        Some(PeriodTable {
            unit,
            first_day: range.from.days(),
            first_index,
            periods,
            codes,
        })
    }

    fn index_in_range(&self, unit: Unit, day: i32) -> Option<i32> {
        self.period_of(unit, Date::from_days(day)?).map(|key| key.index)
    }
}

impl PeriodTable {
    /// Counts the periods; codes run from zero to just below.
    #[must_use]
    pub const fn len(&self) -> u16 {
        self.periods
    }

    /// Says whether no day of the range has a period.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.periods == 0
    }

    /// Gives the period of a code.
    #[must_use]
    pub fn key(&self, code: u16) -> Option<PeriodKey> {
        if code >= self.periods {
            return None;
        }
        self.first_index
            .checked_add(i32::from(code))
            .map(|index| PeriodKey::new(self.unit, index))
    }

    /// Gives the code of a day, or [`NO_PERIOD`].
    #[inline]
    #[must_use]
    pub fn code(&self, day: i32) -> u16 {
        // A day before the first wraps to a place far behind the table's end.
        let place = day.wrapping_sub(self.first_day).cast_unsigned();
        usize::try_from(place)
            .ok()
            .and_then(|place| self.codes.get(place))
            .copied()
            .unwrap_or(NO_PERIOD)
    }

    /// Fills `out` with the codes of a column of days, as far as both reach.
    pub fn codes(&self, days: &[i32], out: &mut [u16]) {
        for (day, code) in days.iter().zip(out) {
            *code = self.code(*day);
        }
    }
}
