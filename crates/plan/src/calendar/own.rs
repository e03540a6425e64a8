//! A calendar's own periods.

use super::civil::{civil_from_days, month_from_days};
use super::years::{bound_at, first_of_month, index_in};

/// The rule of the unit `Period`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Own {
    /// No own periods, or those of the retail year.
    None,
    /// Every `length` days, one of them starting at day `from`.
    Days { length: i32, from: i32 },
    /// Starts on these days of every month, rising.
    MonthDays(Vec<u8>),
    /// Starts listed by hand, the last entry being the end.
    Listed(Vec<i32>),
}

impl Own {
    pub(super) fn index_of(&self, day: i32) -> Option<i32> {
        match self {
            Own::None => None,
            Own::Days { length, from } => day.checked_sub(*from)?.checked_div_euclid(*length),
            Own::MonthDays(starts) => {
                let day_of_month = civil_from_days(day).day;
                let begun = starts.partition_point(|start| *start <= day_of_month);
                let per_month = i32::try_from(starts.len()).ok()?;
                let first = month_from_days(day).checked_mul(per_month)?;
                first.checked_add(i32::try_from(begun).ok()?)?.checked_sub(1)
            }
            Own::Listed(bounds) => index_in(bounds, day),
        }
    }

    pub(super) fn first_day(&self, index: i32) -> Option<i32> {
        match self {
            Own::None => None,
            Own::Days { length, from } => index.checked_mul(*length)?.checked_add(*from),
            Own::MonthDays(starts) => {
                let per_month = i32::try_from(starts.len()).ok()?;
                let month = index.checked_div_euclid(per_month)?;
                let place = usize::try_from(index.checked_rem_euclid(per_month)?).ok()?;
                let start = i32::from(*starts.get(place)?);
                first_of_month(month)?.checked_add(start)?.checked_sub(1)
            }
            Own::Listed(bounds) => bound_at(bounds, index),
        }
    }
}
