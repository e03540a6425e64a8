//! Each day is in exactly one period of a unit, labels are read back, and longer periods are made of shorter ones.

use super::super::{
    Calendar, CalendarError, Date, DateRange, NO_PERIOD, PeriodKey, Unit, WeekPattern, WeekYearStart,
    Weekday, YearName,
};
use super::day;

const UNITS: [Unit; 6] = [
    Unit::Day,
    Unit::Week,
    Unit::Month,
    Unit::Quarter,
    Unit::Year,
    Unit::Period,
];

/// The twelve quota periods of the AdventureWorks sample company.
const QUOTA_PERIODS: [&str; 12] = [
    "2011-05-31",
    "2011-08-31",
    "2011-12-01",
    "2012-02-29",
    "2012-05-30",
    "2012-08-30",
    "2012-11-30",
    "2013-02-28",
    "2013-05-30",
    "2013-08-30",
    "2013-11-30",
    "2014-03-01",
];

fn quota_calendar() -> Calendar {
    let starts = QUOTA_PERIODS.map(day);
    let years = [starts[0], starts[4], starts[8]];
    let calendar = Calendar::civil()
        .with_listed_periods(&starts, day("2014-05-30"))
        .unwrap();
    calendar
        .with_listed_years(&years, day("2014-05-30"), YearName::FirstDay)
        .unwrap()
}

fn calendars() -> Vec<Calendar> {
    let mut calendars = vec![Calendar::civil(), quota_calendar()];
    for month in 1..=12 {
        for name in [YearName::FirstDay, YearName::LastDay] {
            calendars.push(Calendar::fiscal(month, name).unwrap());
        }
    }
    let patterns = [
        WeekPattern::FourFourFive,
        WeekPattern::FourFiveFour,
        WeekPattern::FiveFourFour,
        WeekPattern::Thirteen,
    ];
    for pattern in patterns {
        for weekday in Weekday::ALL {
            let starts = [
                WeekYearStart::nearest(weekday, 2, 1).unwrap(),
                WeekYearStart::nearest(weekday, 1, 1).unwrap(),
                WeekYearStart::on_or_after(weekday, 7, 1).unwrap(),
                WeekYearStart::after_last(weekday, 12).unwrap(),
                WeekYearStart::after_last(weekday, 9).unwrap(),
            ];
            for start in starts {
                calendars.push(Calendar::weeks(pattern, start, YearName::FirstDay));
                calendars.push(Calendar::weeks(pattern, start, YearName::LastDay));
            }
        }
    }
    for length in [1, 7, 10, 14, 28] {
        calendars.push(
            Calendar::civil()
                .with_every_days(length, day("2014-06-03"))
                .unwrap(),
        );
    }
    for starts in [&[1][..], &[1, 16], &[10, 25], &[28]] {
        calendars.push(Calendar::civil().with_month_days(starts).unwrap());
    }
    calendars
}

#[test]
fn every_day_is_in_exactly_one_period() {
    for calendar in calendars() {
        for unit in UNITS.into_iter().filter(|unit| calendar.has(*unit)) {
            let mut current: Option<(PeriodKey, DateRange)> = None;
            for offset in 0..1_600 {
                let date = day("2011-12-20").add_days(offset).unwrap();
                let Some(key) = calendar.period_of(unit, date) else {
                    // Only listed periods and years have an outside.
                    assert!(
                        date < day("2011-05-31") || date >= day("2014-05-30"),
                        "{date} has no {unit:?}"
                    );
                    continue;
                };
                let range = calendar.range(key).unwrap();
                assert!(range.contains(date), "{date} is not in {range}");
                if let Some((last_key, last_range)) = current {
                    let is_next = last_key.index + 1 == key.index && last_range.until == range.from;
                    assert!(
                        last_key == key || is_next,
                        "{last_range} and {range} do not adjoin"
                    );
                }
                current = Some((key, range));
            }
        }
    }
}

#[test]
fn labels_are_read_back_and_rise_with_time() {
    for calendar in calendars() {
        for unit in UNITS.into_iter().filter(|unit| calendar.has(*unit)) {
            let mut last = String::new();
            for offset in (0..890).step_by(5) {
                let key = calendar
                    .period_of(unit, day("2011-12-20").add_days(offset).unwrap())
                    .unwrap();
                let label = calendar.label(key);
                assert_eq!(calendar.parse_label(unit, &label), Ok(key), "{label}");
                assert_eq!(calendar.parse_any(&label), Ok(key), "{label}");
                assert!(label >= last, "{last} {label}");
                last = label;
            }
        }
    }
}

#[test]
fn longer_periods_are_made_of_shorter_ones() {
    for calendar in calendars() {
        for outer_unit in [Unit::Year, Unit::Quarter]
            .into_iter()
            .filter(|unit| calendar.has(*unit))
        {
            for inner_unit in UNITS
                .into_iter()
                .filter(|unit| calendar.has(*unit) && *unit != outer_unit)
            {
                let outer = calendar.period_of(outer_unit, day("2012-12-15")).unwrap();
                if inner_unit == Unit::Year {
                    continue;
                }
                let here: Vec<PeriodKey> = calendar.periods_in(outer, inner_unit).unwrap().collect();
                assert!(
                    here.iter()
                        .all(|key| calendar.containing(*key, outer_unit) == Some(outer))
                );
                let next = calendar.shift(outer, 1).unwrap();
                let first_there = calendar.periods_in(next, inner_unit).unwrap().next().unwrap();
                assert_eq!(
                    here.last().unwrap().index + 1,
                    first_there.index,
                    "{outer_unit:?} of {inner_unit:?}"
                );
            }
        }
    }
}

#[test]
fn year_to_date_counts_each_day_of_a_year_once() {
    for calendar in calendars() {
        for unit in UNITS.into_iter().filter(|unit| calendar.has(*unit)) {
            let year = calendar.period_of(Unit::Year, day("2012-12-15")).unwrap();
            let mut from = None;
            for key in calendar.periods_in(year, unit).unwrap() {
                let to_date = calendar.year_to_date(key).unwrap();
                assert_eq!(to_date.until, calendar.range(key).unwrap().until);
                assert_eq!(*from.get_or_insert(to_date.from), to_date.from);
            }
            let first = calendar.periods_in(year, unit).unwrap().next().unwrap();
            assert_eq!(from, Some(calendar.range(first).unwrap().from));
        }
    }
}

#[test]
fn tables_hold_the_period_of_each_day() {
    let span = DateRange::through(day("2011-01-01"), day("2015-12-31"));
    for calendar in calendars() {
        for unit in UNITS {
            let Some(table) = calendar.period_table(unit, span) else {
                assert!(!calendar.has(unit));
                continue;
            };
            let days: Vec<i32> = (span.from.days() - 2..span.until.days() + 2).collect();
            let mut codes = vec![0; days.len()];
            table.codes(&days, &mut codes);
            for (number, code) in days.iter().zip(&codes) {
                let date = Date::from_days(*number).unwrap();
                let expected = if span.contains(date) {
                    calendar.period_of(unit, date)
                } else {
                    None
                };
                assert_eq!(table.key(*code), expected, "{date}");
                assert_eq!(*code == NO_PERIOD, expected.is_none());
            }
            assert_eq!(
                table.len(),
                codes.iter().filter(|code| **code != NO_PERIOD).max().unwrap() + 1
            );
        }
    }
    let too_long = DateRange::new(Date::FIRST, Date::AFTER_LAST);
    assert_eq!(Calendar::civil().period_table(Unit::Day, too_long), None);
    let two_centuries = DateRange::through(day("1900-01-01"), day("2099-12-31"));
    assert_eq!(Calendar::civil().period_table(Unit::Day, two_centuries), None);
}

#[test]
fn uneven_quota_periods_are_listed() {
    let calendar = quota_calendar();
    let label = |text| {
        calendar
            .period_of(Unit::Period, day(text))
            .map(|key| calendar.label(key))
    };
    assert_eq!(label("2011-05-30"), None);
    assert_eq!(label("2011-05-31").as_deref(), Some("2011-05-31..2011-08-30"));
    assert_eq!(label("2012-02-28").as_deref(), Some("2011-12-01..2012-02-28"));
    assert_eq!(label("2012-02-29").as_deref(), Some("2012-02-29..2012-05-29"));
    assert_eq!(label("2014-05-29").as_deref(), Some("2014-03-01..2014-05-29"));
    assert_eq!(label("2014-05-30"), None);
    let by_start = calendar.parse_label(Unit::Period, "2012-05-30").unwrap();
    assert_eq!(
        calendar.containing(by_start, Unit::Year),
        Some(PeriodKey::year(2012))
    );
    assert_eq!(
        calendar.range(PeriodKey::year(2012)),
        Some(DateRange::new(day("2012-05-30"), day("2013-05-30")))
    );
    assert_eq!(
        calendar
            .periods_in(PeriodKey::year(2011), Unit::Period)
            .map(Iterator::count),
        Some(4)
    );
    let second = calendar.shift(by_start, 1).unwrap();
    assert_eq!(
        calendar.year_to_date(second),
        Some(DateRange::new(day("2012-05-30"), day("2012-11-30")))
    );
    assert_eq!(
        calendar.last_n(second, 3),
        Some(DateRange::new(day("2012-02-29"), day("2012-11-30")))
    );
    assert_eq!(calendar.last_n(second, 0), None);
    assert_eq!(calendar.last_n(second, 100), None);
    assert_eq!(
        calendar.parse_label(Unit::Period, "2012-05-31"),
        Err(CalendarError::NotAPeriod)
    );
    assert_eq!(
        calendar.parse_label(Unit::Period, "2012-05-30..2012-08-30"),
        Err(CalendarError::NotAPeriod)
    );
}

#[test]
fn fiscal_years_are_named_by_their_first_or_last_day() {
    let label = |month, name, unit, text| {
        let calendar = Calendar::fiscal(month, name).unwrap();
        calendar
            .period_of(unit, day(text))
            .map(|key| calendar.label(key))
            .unwrap()
    };
    assert_eq!(label(4, YearName::FirstDay, Unit::Year, "2026-03-31"), "2025");
    assert_eq!(label(4, YearName::FirstDay, Unit::Year, "2026-04-01"), "2026");
    assert_eq!(label(4, YearName::LastDay, Unit::Year, "2026-03-31"), "2026");
    assert_eq!(label(4, YearName::LastDay, Unit::Year, "2026-04-01"), "2027");
    assert_eq!(
        label(4, YearName::LastDay, Unit::Quarter, "2026-04-01"),
        "2027-Q1"
    );
    assert_eq!(
        label(10, YearName::LastDay, Unit::Quarter, "2026-09-30"),
        "2026-Q4"
    );
    assert_eq!(label(10, YearName::LastDay, Unit::Month, "2026-09-30"), "2026-09");
    assert_eq!(label(1, YearName::LastDay, Unit::Year, "2026-12-31"), "2026");
    let fiscal = Calendar::fiscal(4, YearName::LastDay).unwrap();
    let quarter = fiscal.range(PeriodKey::quarter(2027, 1)).unwrap();
    assert_eq!(quarter.to_string(), "2026-04-01..2026-06-30");
    let year = fiscal.year_to_date(PeriodKey::month(2027, 2)).unwrap();
    assert_eq!(year.to_string(), "2026-04-01..2027-02-28");
}

#[test]
fn half_months_keep_the_31st() {
    let calendar = Calendar::civil().with_month_days(&[1, 16]).unwrap();
    let key = calendar.period_of(Unit::Period, day("2026-01-31")).unwrap();
    assert_eq!(calendar.label(key), "2026-01-16..2026-01-31");
    assert_eq!(
        calendar.shift(key, 1).map(|key| calendar.label(key)).as_deref(),
        Some("2026-02-01..2026-02-15")
    );
    assert_eq!(
        calendar
            .periods_in(PeriodKey::month(2026, 2), Unit::Period)
            .map(Iterator::count),
        Some(2)
    );
}

#[test]
fn a_week_across_new_year_belongs_to_the_year_of_its_label() {
    let calendar = Calendar::civil();
    let week = calendar.parse_label(Unit::Week, "2026-W01").unwrap();
    assert_eq!(
        calendar.range(week).unwrap().to_string(),
        "2025-12-29..2026-01-04"
    );
    assert_eq!(calendar.containing(week, Unit::Year), Some(PeriodKey::year(2026)));
    assert_eq!(
        calendar.year_to_date(week).unwrap().to_string(),
        "2025-12-29..2026-01-04"
    );
    assert_eq!(
        calendar
            .periods_in(PeriodKey::year(2026), Unit::Week)
            .map(Iterator::count),
        Some(53)
    );
    assert_eq!(calendar.containing(PeriodKey::year(2026), Unit::Month), None);
}

#[test]
fn calendars_that_make_no_sense_are_refused() {
    let civil = Calendar::civil;
    let (a, b, c) = (day("2026-01-01"), day("2026-04-01"), day("2027-01-01"));
    assert_eq!(
        Calendar::fiscal(0, YearName::FirstDay),
        Err(CalendarError::NoSuchMonth(0))
    );
    assert_eq!(
        Calendar::fiscal(13, YearName::FirstDay),
        Err(CalendarError::NoSuchMonth(13))
    );
    assert_eq!(civil().with_every_days(0, a), Err(CalendarError::NoLength));
    assert_eq!(civil().with_every_days(u32::MAX, a), Err(CalendarError::NoLength));
    assert_eq!(civil().with_month_days(&[]), Err(CalendarError::NoStarts));
    assert_eq!(
        civil().with_month_days(&[1, 31]),
        Err(CalendarError::NotInEveryMonth(31))
    );
    assert_eq!(
        civil().with_month_days(&[0]),
        Err(CalendarError::NotInEveryMonth(0))
    );
    assert_eq!(civil().with_month_days(&[16, 1]), Err(CalendarError::NotRising));
    assert_eq!(civil().with_listed_periods(&[], c), Err(CalendarError::NoStarts));
    assert_eq!(
        civil().with_listed_periods(&[a, a], c),
        Err(CalendarError::NotRising)
    );
    assert_eq!(
        civil().with_listed_periods(&[a, b], b),
        Err(CalendarError::NotRising)
    );
    let periods = civil().with_listed_periods(&[a, b], c).unwrap();
    assert_eq!(
        periods.with_listed_years(&[day("2026-02-01")], c, YearName::FirstDay),
        Err(CalendarError::YearInsidePeriod)
    );
    // Both years begin in 2026; by their last day they are 2026 and 2027.
    let years = [day("2026-01-01"), day("2026-12-28")];
    let end = day("2027-12-27");
    assert_eq!(
        civil().with_listed_years(&years, end, YearName::FirstDay),
        Err(CalendarError::YearNames)
    );
    assert!(civil().with_listed_years(&years, end, YearName::LastDay).is_ok());
    assert_eq!(
        WeekYearStart::on_or_after(Weekday::Monday, 2, 29),
        Err(CalendarError::NoSuchDay {
            year: 2001,
            month: 2,
            day: 29
        })
    );
    assert_eq!(
        WeekYearStart::after_last(Weekday::Monday, 13),
        Err(CalendarError::NoSuchMonth(13))
    );
}

#[test]
fn keys_that_name_no_period_give_nothing() {
    for calendar in calendars() {
        for unit in UNITS {
            for index in [i32::MIN, i32::MIN + 1, i32::MAX - 1, i32::MAX] {
                let key = PeriodKey::new(unit, index);
                assert_eq!(calendar.range(key), None);
                assert_eq!(calendar.shift(key, 1), None);
                assert_eq!(calendar.containing(key, Unit::Year), None);
                assert_eq!(calendar.periods_in(key, Unit::Day), None);
                assert_eq!(calendar.year_to_date(key), None);
                assert_eq!(calendar.last_n(key, u32::MAX), None);
                assert_eq!(calendar.label(key), "no period");
            }
            for date in [Date::FIRST, Date::LAST] {
                if let Some(key) = calendar.period_of(unit, date) {
                    assert!(calendar.range(key).unwrap().contains(date));
                }
            }
        }
    }
    let calendar = Calendar::civil();
    assert_eq!(
        calendar.range(PeriodKey::year(9999)).map(|range| range.until),
        Some(Date::AFTER_LAST)
    );
    assert_eq!(
        calendar.period_of(Unit::Month, Date::LAST),
        Some(PeriodKey::month(9999, 12))
    );
    for text in [
        "",
        "2026-3",
        "2026-13",
        "2026-00",
        "2026-Q0",
        "2026-Q5",
        "26",
        "2026-W54",
        "2026-P01",
        "2026-02-30",
        "0000",
        "2026-0３",
    ] {
        assert_eq!(
            calendar.parse_any(text),
            Err(CalendarError::NotAPeriod),
            "{text:?}"
        );
    }
}
