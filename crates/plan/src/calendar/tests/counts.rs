//! Day counts, working days and proration.

use proptest::prelude::*;

use super::super::{Calendar, Date, DateRange, DayCount, MonthEnd, PeriodKey, Weekday, WorkingDays};
use super::day;
use crate::number::{Exact, Rounding, round_to_decimals};

const WEEKEND: [Weekday; 2] = [Weekday::Saturday, Weekday::Sunday];

fn range(from: &str, last: &str) -> DateRange {
    DateRange::through(day(from), day(last))
}

#[test]
fn a_quota_is_prorated_for_a_hire_on_16_march() {
    let quarter = Calendar::civil().range(PeriodKey::quarter(2025, 1)).unwrap();
    let employed = DateRange::new(day("2025-03-16"), quarter.until);
    let weekdays = WorkingDays::new(&WEEKEND, &[], &[]);
    assert_eq!((employed.len_days(), quarter.len_days()), (16, 90));
    assert_eq!((weekdays.count(employed), weekdays.count(quarter)), (11, 64));
    let prorate = |part: i64, whole: i64| {
        let share = Exact::new(i128::from(part), i128::from(whole)).unwrap();
        let quota = Exact::from_i64(300_000).mul(&share).unwrap();
        round_to_decimals(&quota, Rounding::HalfUp, 2)
            .unwrap()
            .display_text(2)
    };
    assert_eq!(prorate(16, 90), "53333.33");
    assert_eq!(prorate(11, 64), "51562.50");
}

#[test]
fn the_segments_of_a_transfer_add_up_to_the_month() {
    let month = Calendar::civil().range(PeriodKey::month(2026, 1)).unwrap();
    let before = DateRange::new(month.from, day("2026-01-15"));
    let after = DateRange::new(day("2026-01-15"), month.until);
    assert_eq!((before.len_days(), after.len_days()), (14, 17));
    let part = |days: i64| Exact::new(i128::from(days), 31).unwrap();
    assert_eq!(part(14).add(&part(17)), Ok(Exact::ONE));
}

#[test]
fn bond_days_follow_the_formula() {
    let cases = [
        ("2026-01-31", "2026-03-31", 60),
        ("2026-01-30", "2026-03-31", 60),
        ("2026-01-29", "2026-03-31", 62),
        ("2006-08-31", "2007-02-28", 178),
        ("2007-02-28", "2007-08-31", 183),
        ("2026-01-01", "2027-01-01", 360),
        ("2026-05-05", "2026-05-05", 0),
    ];
    for (from, to, days) in cases {
        assert_eq!(DayCount::Bond30360.days(day(from), day(to)), days, "{from} {to}");
        assert_eq!(DayCount::Bond30360.days(day(to), day(from)), -days, "{to} {from}");
    }
    let half_year = DayCount::Bond30360.year_fraction(day("2026-01-01"), day("2026-07-01"));
    assert_eq!(half_year, Ok(Some(Exact::new(1, 2).unwrap())));
    assert_eq!(
        DayCount::Actual.year_fraction(day("2026-01-01"), day("2026-07-01")),
        Ok(None)
    );
}

#[test]
fn actual_years_weigh_each_day_by_its_year() {
    let (from, to) = (day("2003-11-01"), day("2004-05-01"));
    let expected = Exact::new(61, 365)
        .unwrap()
        .add(&Exact::new(121, 366).unwrap())
        .unwrap();
    assert_eq!(
        DayCount::ActualActual.year_fraction(from, to),
        Ok(Some(expected.clone()))
    );
    assert_eq!(
        DayCount::ActualActual.year_fraction(to, from),
        Ok(Some(expected.neg()))
    );
    assert_eq!(DayCount::ActualActual.days(from, to), 182);
    let four_years = DayCount::ActualActual.year_fraction(day("2023-01-01"), day("2027-01-01"));
    assert_eq!(four_years, Ok(Some(Exact::from_i64(4))));
}

#[test]
fn holidays_on_weekends_do_not_count_twice_and_worked_weekends_count() {
    // The Chinese National Day week of 2025: 1 to 8 October off, 28 September and 11 October worked in exchange.
    let holidays: Vec<Date> = (1..=8).map(|d| Date::from_ymd(2025, 10, d).unwrap()).collect();
    let worked = [day("2025-09-28"), day("2025-10-11"), day("2025-10-11")];
    let calendar = WorkingDays::new(&WEEKEND, &holidays, &worked);
    assert_eq!(calendar.count(range("2025-10-01", "2025-10-08")), 0);
    assert_eq!(calendar.count(range("2025-10-09", "2025-10-12")), 3);
    // October 2025 has 23 weekdays; six of the holidays are weekdays, one Saturday is worked.
    assert_eq!(calendar.count(range("2025-10-01", "2025-10-31")), 18);
    assert!(calendar.is_working_day(day("2025-09-28")));
    assert!(!calendar.is_working_day(day("2025-10-04")));
    assert_eq!(
        calendar.count(DateRange::new(day("2025-10-10"), day("2025-10-09"))),
        0
    );
}

#[test]
fn a_listed_holiday_wins_over_a_worked_day() {
    let saturday = day("2026-03-07");
    let calendar = WorkingDays::new(&WEEKEND, &[saturday], &[saturday]);
    assert!(!calendar.is_working_day(saturday));
    assert_eq!(calendar.count(range("2026-03-07", "2026-03-07")), 0);
}

fn any_days() -> impl Strategy<Value = Vec<Date>> {
    let any_day = (0_i64..800).prop_map(|offset| day("2025-01-01").add_days(offset).unwrap());
    prop::collection::vec(any_day, 0..60)
}

proptest! {
    #[test]
    fn the_count_is_that_of_the_days_one_by_one(
        holidays in any_days(),
        worked in any_days(),
        weekend in prop::collection::vec(0_usize..7, 0..4),
        from in 0_i64..800,
        length in 0_i64..400,
    ) {
        let weekend: Vec<Weekday> = weekend.into_iter().map(|place| Weekday::ALL[place]).collect();
        let calendar = WorkingDays::new(&weekend, &holidays, &worked);
        let from = day("2025-01-01").add_days(from).unwrap();
        let is_worked = |date: &Date| {
            !holidays.contains(date) && (!weekend.contains(&date.weekday()) || worked.contains(date))
        };
        let days: Vec<Date> = (0..length).map(|offset| from.add_days(offset).unwrap()).collect();
        for date in &days {
            prop_assert_eq!(calendar.is_working_day(*date), is_worked(date));
        }
        let expected = i64::try_from(days.iter().filter(|date| is_worked(date)).count()).unwrap();
        prop_assert_eq!(calendar.count(DateRange::new(from, from.add_days(length).unwrap())), expected);
    }

    #[test]
    fn fractions_of_adjoining_segments_add_up(first in 0_i64..2_000, second in 0_i64..2_000, third in 0_i64..2_000) {
        let mut offsets = [first, second, third];
        offsets.sort_unstable();
        let [a, b, c] = offsets.map(|offset| day("2023-06-15").add_days(offset).unwrap());
        let years = |from, to| DayCount::ActualActual.year_fraction(from, to).unwrap().unwrap();
        prop_assert_eq!(years(a, b).add(&years(b, c)).unwrap(), years(a, c));
        prop_assert_eq!(DayCount::Actual.days(a, b) + DayCount::Actual.days(b, c), DayCount::Actual.days(a, c));
    }

    #[test]
    fn whole_years_of_months_come_back(offset in 0_i64..100_000, years in -50_i64..50) {
        let date = day("1900-01-01").add_days(offset).unwrap();
        let moved = date.add_months(12 * years, MonthEnd::SameDay).unwrap();
        prop_assert_eq!(date.whole_months_until(moved, MonthEnd::SameDay), 12 * years);
    }
}
