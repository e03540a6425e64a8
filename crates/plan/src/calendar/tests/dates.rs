//! Days, their text and the patterns of files.

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

use super::super::civil::days_in_month;
use super::super::{
    Calendar, CalendarError, Date, DatePattern, DateRange, PeriodKey, Unit, Weekday, month_codes,
};
use super::{day, days_1900_to_2199};

#[test]
fn every_day_of_ten_thousand_years_is_the_one_after_the_day_before() {
    let (mut year, mut month, mut day_of_month) = (1, 1, 1);
    let mut days = Vec::new();
    let mut months = Vec::new();
    for number in Date::FIRST.days()..=Date::LAST.days() {
        let date = Date::from_days(number).unwrap();
        assert_eq!(date.ymd(), (year, month, day_of_month));
        assert_eq!(Date::from_ymd(year, month, day_of_month), Ok(date));
        days.push(number);
        months.push(PeriodKey::month(year, month).index);
        day_of_month += 1;
        if day_of_month > days_in_month(year, month) {
            (month, day_of_month) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    assert_eq!((year, month, day_of_month), (10_000, 1, 1));
    assert_eq!(month_codes(&days), Some(months));
}

#[test]
fn days_agree_with_chrono_from_1900_to_2199() {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
    let mut count = 0;
    for (own, date) in days_1900_to_2199() {
        assert_eq!(
            i64::from(own.days()),
            date.signed_duration_since(epoch).num_days()
        );
        assert_eq!(
            u32::from(own.weekday().from_monday()),
            date.weekday().num_days_from_monday()
        );
        assert_eq!(own.to_string(), date.to_string());
        count += 1;
    }
    assert_eq!(count, 109_573);
}

#[test]
fn iso_weeks_agree_with_chrono_from_1900_to_2199() {
    let calendar = Calendar::civil();
    for (own, date) in days_1900_to_2199() {
        let label = format!("{:04}-W{:02}", date.iso_week().year(), date.iso_week().week());
        let key = calendar.period_of(Unit::Week, own).unwrap();
        assert_eq!(calendar.label(key), label);
        assert_eq!(calendar.parse_label(Unit::Week, &label), Ok(key));
    }
    assert!(calendar.parse_label(Unit::Week, "2025-W53").is_err());
    assert!(calendar.parse_label(Unit::Week, "2026-W00").is_err());
}

#[test]
fn days_that_do_not_exist_are_refused() {
    let no_such = |year, month, day| Err(CalendarError::NoSuchDay { year, month, day });
    assert_eq!(Date::parse("2026-02-30"), no_such(2026, 2, 30));
    assert_eq!(Date::parse("2026-02-29"), no_such(2026, 2, 29));
    assert_eq!(Date::parse("1900-02-29"), no_such(1900, 2, 29));
    assert_eq!(Date::parse("2026-13-01"), no_such(2026, 13, 1));
    assert_eq!(Date::parse("2026-00-01"), no_such(2026, 0, 1));
    assert_eq!(Date::parse("2026-04-00"), no_such(2026, 4, 0));
    assert_eq!(Date::parse("0000-01-01"), Err(CalendarError::OutOfRange));
    assert_eq!(day("2000-02-29").ymd(), (2000, 2, 29));
    let forms = [
        "",
        "2026-1-1",
        "2026-01-1",
        "26-01-01",
        "2026/01/01",
        "2026-01-01 ",
        " 2026-01-01",
        "20260101",
        "2026-01-01T00:00",
        "+2026-01-01",
        "10000-01-01",
        "２０２６-01-01",
    ];
    for text in forms {
        assert_eq!(Date::parse(text), Err(CalendarError::NotADate), "{text:?}");
    }
}

#[test]
fn moving_past_the_ends_is_an_error() {
    assert_eq!(Date::LAST.to_string(), "9999-12-31");
    assert_eq!(Date::FIRST.to_string(), "0001-01-01");
    assert_eq!(Date::LAST.add_days(1), Err(CalendarError::OutOfRange));
    assert_eq!(Date::FIRST.add_days(-1), Err(CalendarError::OutOfRange));
    assert_eq!(Date::FIRST.add_days(i64::MAX), Err(CalendarError::OutOfRange));
    assert_eq!(Date::LAST.add_days(i64::MIN), Err(CalendarError::OutOfRange));
    assert_eq!(Date::FIRST.add_days(3_652_058), Ok(Date::LAST));
    assert_eq!(Date::from_days(i32::MAX), None);
    assert_eq!(month_codes(&[0, i32::MIN]), None);
    assert_eq!(month_codes(&[]), Some(vec![]));
}

#[test]
fn an_open_end_reaches_the_last_day() {
    let open = DateRange::through(day("2026-01-01"), Date::LAST);
    assert_eq!(open.until, Date::AFTER_LAST);
    assert_eq!(Date::AFTER_LAST.next(), Date::AFTER_LAST);
    assert!(open.contains(Date::LAST));
    assert_eq!(open.last_day(), Some(Date::LAST));
    assert_eq!(open.to_string(), "2026-01-01..9999-12-31");
}

#[test]
fn files_name_the_form_of_their_dates() {
    let march_fourth = day("2026-03-04");
    let cases = [
        ("YYYY-MM-DD", "2026-03-04"),
        ("DD/MM/YYYY", "04/03/2026"),
        ("D/M/YYYY", "4/3/2026"),
        ("D/M/YYYY", "04/03/2026"),
        ("M/D/YYYY", "3/4/2026"),
        ("YYYY/M/D", "2026/3/4"),
        ("YYYYMMDD", "20260304"),
        ("DD.MM.YYYY", "04.03.2026"),
        ("D. M. YYYY", "4. 3. 2026"),
    ];
    for (pattern, text) in cases {
        assert_eq!(
            DatePattern::new(pattern).unwrap().parse(text),
            Ok(march_fourth),
            "{pattern}"
        );
    }
    let refused = [
        ("DD/MM/YYYY", "4/3/2026"),
        ("DD/MM/YYYY", "04/03/26"),
        ("DD/MM/YYYY", "04-03-2026"),
        ("M/D/YYYY", "003/4/2026"),
        ("M/D/YYYY", "3/4/2026 0:00"),
        ("YYYYMMDD", "2026034"),
        ("YYYYMMDD", "202603045"),
    ];
    for (pattern, text) in refused {
        assert_eq!(
            DatePattern::new(pattern).unwrap().parse(text),
            Err(CalendarError::NotADate),
            "{pattern} {text}"
        );
    }
    let american = DatePattern::new("M/D/YYYY").unwrap();
    assert_eq!(
        american.parse("31/1/2026"),
        Err(CalendarError::NoSuchDay {
            year: 2026,
            month: 31,
            day: 1
        })
    );
}

#[test]
fn patterns_that_could_be_misread_are_refused() {
    let bad = [
        "",
        "YYYY",
        "YYYY-MM",
        "YYYY-MM-MM",
        "YYYY-MM-DD-DD",
        "YYYYMD",
        "yyyy-mm-dd",
        "YYYY-MMM-DD",
        "YYY-MM-DD",
        "YYYY年MM月DD日",
    ];
    for pattern in bad {
        assert_eq!(
            DatePattern::new(pattern),
            Err(CalendarError::BadPattern),
            "{pattern}"
        );
    }
    assert_eq!(DatePattern::new("YY-MM-DD"), Err(CalendarError::TwoDigitYear));
}

#[test]
fn weekdays_run_from_monday() {
    assert_eq!(day("2026-03-02").weekday(), Weekday::Monday);
    assert_eq!(Weekday::ALL.map(Weekday::from_monday), [0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn ranges_meet_in_their_common_days() {
    let range = |from, last| DateRange::through(day(from), day(last));
    let (march, spring) = (
        range("2026-03-01", "2026-03-31"),
        range("2026-03-20", "2026-06-20"),
    );
    assert_eq!(march.intersect(&spring), range("2026-03-20", "2026-03-31"));
    let apart = march.intersect(&range("2026-05-01", "2026-05-31"));
    assert!(apart.is_empty());
    assert_eq!((apart.len_days(), apart.last_day()), (0, None));
}

proptest! {
    #[test]
    fn text_is_read_back(number in Date::FIRST.days()..=Date::LAST.days()) {
        let date = Date::from_days(number).unwrap();
        prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
        let compact = DatePattern::new("YYYYMMDD").unwrap();
        prop_assert_eq!(compact.parse(&date.to_string().replace('-', "")), Ok(date));
    }

    #[test]
    fn no_text_makes_a_pattern_or_a_date_fail_badly(pattern in "[YMD/. -]{0,12}", text in "\\PC{0,12}") {
        if let Ok(pattern) = DatePattern::new(&pattern) {
            prop_assert!(pattern.parse(&text).is_ok_and(|date| date <= Date::LAST) || pattern.parse(&text).is_err());
        }
    }
}
