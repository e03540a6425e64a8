//! Month arithmetic over three centuries.

use chrono::{Datelike, Months, NaiveDate};

use super::super::{Calendar, CalendarError, Date, MonthEnd, PeriodKey, Unit, months_between};
use super::{day, days_1900_to_2199};

const SHIFTS: [i64; 17] = [
    -1_200, -25, -24, -13, -12, -11, -3, -2, -1, 0, 1, 2, 3, 6, 12, 13, 1_200,
];

fn from_chrono(date: NaiveDate) -> Date {
    Date::from_ymd(
        date.year(),
        date.month().try_into().unwrap(),
        date.day().try_into().unwrap(),
    )
    .unwrap()
}

#[test]
fn adding_months_agrees_with_chrono_from_1900_to_2199() {
    for (own, date) in days_1900_to_2199() {
        let is_month_end = date.succ_opt().unwrap().day() == 1;
        for shift in SHIFTS {
            let months = Months::new(shift.unsigned_abs().try_into().unwrap());
            let moved = if shift < 0 {
                date.checked_sub_months(months)
            } else {
                date.checked_add_months(months)
            }
            .unwrap();
            let same_day = own.add_months(shift, MonthEnd::SameDay).unwrap();
            assert_eq!(same_day, from_chrono(moved), "{own} {shift}");
            // The last day of the month moved to: the day before the first of the next one.
            let month_end = moved
                .with_day(1)
                .unwrap()
                .checked_add_months(Months::new(1))
                .unwrap()
                .pred_opt()
                .unwrap();
            let expected = if is_month_end {
                from_chrono(month_end)
            } else {
                same_day
            };
            assert_eq!(
                own.add_months(shift, MonthEnd::LastDay),
                Ok(expected),
                "{own} {shift}"
            );
        }
    }
}

#[test]
fn two_steps_of_a_month_are_not_one_of_two() {
    let january_end = day("2026-01-31");
    let twice = |rule| {
        january_end
            .add_months(1, rule)
            .unwrap()
            .add_months(1, rule)
            .unwrap()
    };
    assert_eq!(twice(MonthEnd::SameDay), day("2026-03-28"));
    assert_eq!(twice(MonthEnd::LastDay), day("2026-03-31"));
    assert_eq!(
        january_end.add_months(2, MonthEnd::SameDay),
        Ok(day("2026-03-31"))
    );
    assert_eq!(
        day("2024-02-29").add_months(12, MonthEnd::SameDay),
        Ok(day("2025-02-28"))
    );
    assert_eq!(
        day("2026-01-30").add_months(1, MonthEnd::LastDay),
        Ok(day("2026-02-28"))
    );
}

#[test]
fn months_past_the_ends_are_an_error() {
    for (date, shift) in [
        (Date::LAST, 1),
        (Date::FIRST, -1),
        (Date::LAST, i64::MAX),
        (Date::FIRST, i64::MIN),
    ] {
        for rule in [MonthEnd::LastDay, MonthEnd::SameDay] {
            assert_eq!(date.add_months(shift, rule), Err(CalendarError::OutOfRange));
        }
    }
}

#[test]
fn whole_months_are_the_most_that_can_be_added() {
    let starts: Vec<Date> = (0..800)
        .map(|offset| day("2023-01-01").add_days(offset).unwrap())
        .collect();
    for from in starts
        .iter()
        .step_by(7)
        .chain([&day("2024-02-29"), &day("2023-01-31")])
    {
        for to in &starts {
            for rule in [MonthEnd::LastDay, MonthEnd::SameDay] {
                let months = from.whole_months_until(*to, rule);
                let reached = |months| from.add_months(months, rule).unwrap();
                if to >= from {
                    assert!(
                        reached(months) <= *to && *to < reached(months + 1),
                        "{from} {to} {months}"
                    );
                } else {
                    assert!(
                        reached(months) >= *to && *to > reached(months - 1),
                        "{from} {to} {months}"
                    );
                }
            }
        }
    }
}

#[test]
fn tenure_counts_calendar_months() {
    let calendar = Calendar::civil();
    let hired = calendar.period_of(Unit::Month, day("2026-01-16")).unwrap();
    let now = calendar.period_of(Unit::Month, day("2026-04-30")).unwrap();
    assert_eq!(months_between(hired, now), Some(3));
    assert_eq!(months_between(now, hired), Some(-3));
    assert_eq!(months_between(now, PeriodKey::year(2026)), None);
}
