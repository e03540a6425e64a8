//! Retail years against published ones and against a walk over the weeks.

use super::super::{Calendar, Date, PeriodKey, Unit, WeekPattern, WeekYearStart, Weekday, YearName};
use super::day;

fn weeks(calendar: &Calendar, key: PeriodKey) -> i64 {
    let days = calendar.range(key).unwrap().len_days();
    assert_eq!(days % 7, 0);
    days / 7
}

/// The 4-5-4 calendar of the United States' National Retail Federation: Sunday nearest to 1 February.
fn retail_federation() -> Calendar {
    let start = WeekYearStart::nearest(Weekday::Sunday, 2, 1).unwrap();
    Calendar::weeks(WeekPattern::FourFiveFour, start, YearName::FirstDay)
}

#[test]
fn the_published_454_years_hold() {
    let calendar = retail_federation();
    let start = |year| calendar.range(PeriodKey::year(year)).unwrap().from;
    assert_eq!(
        [2022, 2023, 2024, 2025, 2026].map(start),
        [
            "2022-01-30",
            "2023-01-29",
            "2024-02-04",
            "2025-02-02",
            "2026-02-01"
        ]
        .map(day)
    );
    assert_eq!(weeks(&calendar, PeriodKey::year(2023)), 53);
    assert_eq!(weeks(&calendar, PeriodKey::year(2024)), 52);
    let months: Vec<i64> = calendar
        .periods_in(PeriodKey::year(2023), Unit::Month)
        .unwrap()
        .map(|key| weeks(&calendar, key))
        .collect();
    assert_eq!(months, [4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 5]);
    let last = calendar.period_of(Unit::Week, day("2024-02-03")).unwrap();
    assert_eq!(calendar.label(last), "2023-W53");
    assert_eq!(
        calendar
            .shift(last, 1)
            .map(|week| calendar.label(week))
            .as_deref(),
        Some("2024-W01")
    );
}

#[test]
fn a_year_that_ends_on_the_last_saturday_of_september_holds() {
    let start = WeekYearStart::after_last(Weekday::Saturday, 9).unwrap();
    let calendar = Calendar::weeks(WeekPattern::FourFourFive, start, YearName::LastDay);
    let text = |year| calendar.range(PeriodKey::year(year)).unwrap().to_string();
    assert_eq!(text(2022), "2021-09-26..2022-09-24");
    assert_eq!(text(2023), "2022-09-25..2023-09-30");
    assert_eq!(text(2024), "2023-10-01..2024-09-28");
    assert_eq!(weeks(&calendar, PeriodKey::year(2023)), 53);
    let quarter = calendar.period_of(Unit::Quarter, day("2023-01-15")).unwrap();
    assert_eq!(calendar.label(quarter), "2023-Q2");
}

#[test]
fn patterns_group_the_weeks() {
    let start = WeekYearStart::nearest(Weekday::Monday, 1, 1).unwrap();
    let cases: [(WeekPattern, &[i64]); 4] = [
        (WeekPattern::FourFourFive, &[4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5]),
        (WeekPattern::FourFiveFour, &[4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 4]),
        (WeekPattern::FiveFourFour, &[5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4]),
        (WeekPattern::Thirteen, &[4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]),
    ];
    for (pattern, expected) in cases {
        let calendar = Calendar::weeks(pattern, start, YearName::FirstDay);
        let lengths = |year| -> Vec<i64> {
            let periods = calendar.periods_in(PeriodKey::year(year), Unit::Period).unwrap();
            periods.map(|key| weeks(&calendar, key)).collect()
        };
        // With Mondays nearest to New Year the years are those of ISO 8601: 2026 has 53 weeks, 2027 has 52.
        assert_eq!(lengths(2027), expected, "{pattern:?}");
        let mut long = expected.to_vec();
        *long.last_mut().unwrap() += 1;
        assert_eq!(lengths(2026), long, "{pattern:?}");
    }
}

#[test]
fn labels_of_retail_periods_hold() {
    let calendar = retail_federation();
    let label = |unit| calendar.label(calendar.period_of(unit, day("2026-03-01")).unwrap());
    // 1 March 2026 is the first day of the fifth week, which begins the month of five weeks.
    assert_eq!(label(Unit::Week), "2026-W05");
    assert_eq!(label(Unit::Month), "2026-02");
    assert_eq!(label(Unit::Period), "2026-P02");
    assert_eq!(label(Unit::Quarter), "2026-Q1");
    assert_eq!(label(Unit::Year), "2026");
    assert_eq!(
        calendar.range(PeriodKey::month(2026, 2)).unwrap().to_string(),
        "2026-03-01..2026-04-04"
    );
    let thirteen = Calendar::weeks(
        WeekPattern::Thirteen,
        WeekYearStart::nearest(Weekday::Sunday, 2, 1).unwrap(),
        YearName::FirstDay,
    );
    assert!(!thirteen.has(Unit::Month) && !thirteen.has(Unit::Quarter));
    assert_eq!(thirteen.period_of(Unit::Month, day("2026-03-01")), None);
    let last = thirteen.period_of(Unit::Period, day("2024-02-03")).unwrap();
    assert_eq!(thirteen.label(last), "2023-P13");
    assert_eq!(weeks(&thirteen, last), 5);
}

#[test]
fn starts_follow_their_definition_over_three_centuries() {
    for weekday in Weekday::ALL {
        let nearest = Calendar::weeks(
            WeekPattern::FourFourFive,
            WeekYearStart::nearest(weekday, 2, 1).unwrap(),
            YearName::FirstDay,
        );
        let after_last = Calendar::weeks(
            WeekPattern::FourFourFive,
            WeekYearStart::after_last(weekday, 8).unwrap(),
            YearName::FirstDay,
        );
        for year in 1900..2200 {
            let anchor = Date::from_ymd(year, 2, 1).unwrap();
            let by_distance = (-3..=3)
                .map(|shift| anchor.add_days(shift).unwrap())
                .find(|date| date.weekday() == weekday);
            assert_eq!(
                nearest.range(PeriodKey::year(year)).map(|range| range.from),
                by_distance
            );
            let august = (1..=31).rev().map(|d| Date::from_ymd(year, 8, d).unwrap());
            let last = august.into_iter().find(|date| date.weekday() == weekday).unwrap();
            assert_eq!(
                after_last.range(PeriodKey::year(year)).map(|range| range.from),
                Some(last.next())
            );
        }
    }
}
