//! Years, months and days from day numbers, without tables or branches.
//!
//! Both formulas count from 1 March of year 0, so that the leap day is the last of its year. The way back uses
//! Euclidean affine functions (Neri and Schneider, "Euclidean affine functions and their application to calendar
//! algorithms", 2022): each division is by a constant and becomes a multiplication.

use std::num::Wrapping;

/// Day number of 0001-01-01, counted from 1970-01-01.
pub(super) const FIRST_DAY: i32 = -719_162;
/// Day number of 9999-12-31.
pub(super) const LAST_DAY: i32 = 2_932_896;

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_SHIFT: u32 = 719_468;

/// A civil day, not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i32,
    pub(super) month: u8,
    pub(super) day: u8,
}

/// Turns a day number of the years 0000-03-01 to 10000-12-31 into year, month and day.
#[inline]
pub(super) fn civil_from_days(days: i32) -> Civil {
    let (year, month, day) = split(days);
    Civil {
        year: year.cast_signed(),
        month: low_byte(month),
        day: low_byte(day),
    }
}

/// Turns a day number into the month's number, counted from month 0 of year 0.
#[inline]
pub(super) fn month_from_days(days: i32) -> i32 {
    let (year, month, _) = split(days);
    year.wrapping_mul(12)
        .wrapping_add(month)
        .wrapping_sub(1)
        .cast_signed()
}

/// Turns a day of the years 0001 to 10000 into its day number; the month is 1 to 12.
#[inline]
pub(super) fn days_from_civil(year: i32, month: u8, day: u8) -> i32 {
    let is_early = month <= 2;
    let year = year.wrapping_sub(i32::from(is_early));
    let month = i32::from(month).wrapping_add(if is_early { 9 } else { -3 });
    let month_start = month.wrapping_mul(153).wrapping_add(2) / 5;
    let leap_days = Wrapping(year / 4) - Wrapping(year / 100) + Wrapping(year / 400);
    let year_start = Wrapping(year) * Wrapping(365) + leap_days;
    let day_of_year = Wrapping(month_start) + Wrapping(i32::from(day)) - Wrapping(1);
    (year_start + day_of_year - Wrapping(EPOCH_SHIFT.cast_signed())).0
}

pub(super) const fn is_leap_year(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Gives the number of days of a month, which is 1 to 12.
pub(super) const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        _ => 31,
    }
}

#[inline]
fn split(days: i32) -> (u32, u32, u32) {
    let shifted = Wrapping(days.cast_unsigned()) + Wrapping(EPOCH_SHIFT);
    let quarter_days = shifted * Wrapping(4) + Wrapping(3);
    let century = Wrapping(quarter_days.0 / 146_097);
    let in_century = (quarter_days.0 % 146_097) | 3;
    let scaled = u64::from(in_century).wrapping_mul(2_939_745);
    let (year_of_century, fraction) = halves(scaled);
    let day_of_year = fraction / 2_939_745 / 4;
    let month_scaled = Wrapping(2_141) * Wrapping(day_of_year) + Wrapping(197_913);
    let is_next_year = u32::from(day_of_year >= 306);
    let year = century * Wrapping(100) + Wrapping(year_of_century) + Wrapping(is_next_year);
    let month = Wrapping(month_scaled.0 >> 16) - Wrapping(12) * Wrapping(is_next_year);
    let day = Wrapping((month_scaled.0 & 0xFFFF) / 2_141) + Wrapping(1);
    (year.0, month.0, day.0)
}

#[inline]
fn halves(number: u64) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = number.to_le_bytes();
    (u32::from_le_bytes([e, f, g, h]), u32::from_le_bytes([a, b, c, d]))
}

#[inline]
fn low_byte(number: u32) -> u8 {
    let [low, _, _, _] = number.to_le_bytes();
    low
}
