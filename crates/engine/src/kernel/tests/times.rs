use guerdon_plan::calendar::{Date, DateRange, MonthEnd, PeriodKey, Unit};
use guerdon_plan::graph::{AxisId, Outside};
use guerdon_plan::hir::{DayCount, Effective, MonthRule, Value};
use guerdon_plan::types::CalendarId;

use super::*;

const CIVIL: CalendarId = CalendarId(0);

fn days(days: &[&str]) -> Vector<'static> {
    let days = days.iter().map(|day| Date::parse(day).unwrap().days());
    Vector::new(Data::Date(days.collect()))
}

fn months(months: &[(i32, u8)]) -> Vector<'static> {
    let months = months
        .iter()
        .map(|(year, month)| PeriodKey::month(*year, *month).index);
    Vector::new(Data::Period(Unit::Month, months.collect()))
}

fn shown_days(vector: &Vector<'_>) -> Vec<String> {
    let day = |cell| match vector.cell(cell) {
        Cell::Date(day) => Date::from_days(day).unwrap().to_string(),
        other => shown(&other),
    };
    (0..vector.len()).map(day).collect()
}

fn day_vector(len: usize) -> impl Strategy<Value = Vector<'static>> {
    let day = prop_oneof![4 => 20_000_i32..20_800, 1 => Date::FIRST.days()..=Date::LAST.days()];
    let days = length(len).prop_flat_map(move |len| prop::collection::vec(day.clone(), len));
    masked(days.prop_map(|days| Data::Date(Cow::Owned(days))))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn periods_of_days_and_their_ends_are_those_of_the_calendar(
        inputs in vectors(day_vector, 1..2),
        unit in select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year]),
    ) {
        let calendar = Calendar::civil();
        let containing = Op::Containing { calendar: CIVIL, unit, day: node(), clamp: None, outside: Outside::Error };
        let key = |day: i32| calendar.period_of(unit, Date::from_days(day).unwrap());
        agrees(&Graph::default(), &containing, &inputs, |cells| strict(cells).unwrap_or_else(|| match cells[0] {
            Cell::Date(day) => key(day).map_or(fault(Fault::OutsideCalendar), |key| Cell::Period(unit, key.index)),
            _ => unreachable!("a day"),
        }))?;
        let periods = [run(&containing, &inputs).into_owned()];
        let range = |index| calendar.range(PeriodKey::new(unit, index)).unwrap();
        let ends = |cells: &[Cell<'_>], end: &dyn Fn(DateRange) -> Date| strict(cells).unwrap_or_else(|| match cells[0] {
            Cell::Period(_, index) => Cell::Date(end(range(index)).days()),
            _ => unreachable!("a period"),
        });
        let first = Op::FirstDay { calendar: CIVIL, period: node() };
        agrees(&Graph::default(), &first, &periods, |cells| ends(cells, &|range| range.from))?;
        let last = Op::LastDay { calendar: CIVIL, period: node() };
        agrees(&Graph::default(), &last, &periods, |cells| ends(cells, &|range| range.last_day().unwrap()))?;
    }

    #[test]
    fn days_lie_within_their_ends(inputs in vectors(day_vector, 3..4)) {
        let op = Op::Within { value: node(), calendar: CIVIL, from: node(), through: node() };
        agrees(&Graph::default(), &op, &inputs, |cells| strict(cells).unwrap_or_else(|| match cells {
            [Cell::Date(day), Cell::Date(from), Cell::Date(through)] => Cell::Bool(from <= day && day <= through),
            _ => unreachable!("days"),
        }))?;
    }

    #[test]
    fn days_move_by_whole_numbers(inputs in (0_usize..6).prop_flat_map(|len| (day_vector(len), tame_vector(len)))) {
        let inputs = [inputs.0, inputs.1];
        let moved = |cells: &[Cell<'_>], by: &dyn Fn(Date, i64) -> Option<Date>| {
            strict(cells).unwrap_or_else(|| {
                let [Cell::Date(day), Cell::Number(count)] = cells else { unreachable!("a day and a number") };
                let count = count.to_scaled(0).and_then(|count| i64::try_from(count).ok());
                let day = count.and_then(|count| by(Date::from_days(*day).unwrap(), count));
                day.map_or(fault(Fault::OutsideCalendar), |day| Cell::Date(day.days()))
            })
        };
        let op = Op::AddDays { day: node(), days: node() };
        agrees(&Graph::default(), &op, &inputs, |cells| moved(cells, &|day, count| day.add_days(count).ok()))?;
        let op = Op::AddMonths { day: node(), months: node(), rule: MonthRule::LastDay };
        let by = |day: Date, count| day.add_months(count, MonthEnd::LastDay).ok();
        agrees(&Graph::default(), &op, &inputs, |cells| moved(cells, &by))?;
    }
}

#[test]
fn a_period_is_within_a_range_if_all_its_days_are() {
    let op = Op::Within {
        value: node(),
        calendar: CIVIL,
        from: node(),
        through: node(),
    };
    let inputs = [
        months(&[(2026, 1), (2026, 2), (2026, 3)]),
        days(&["2026-01-02"]),
        days(&["2026-02-28", "2026-02-28", "2026-03-30"]),
    ];
    assert_eq!(texts(&run(&op, &inputs)), ["false", "true", "false"]);
}

#[test]
fn early_days_count_for_the_first_period_of_the_axis() {
    // The axis of these tests begins with the month of index 24,300: January 2025.
    assert_eq!(PeriodKey::month(2025, 1).index, 24_300);
    let op = Op::Containing {
        calendar: CIVIL,
        unit: Unit::Month,
        day: node(),
        clamp: Some(AxisId(0)),
        outside: Outside::Error,
    };
    let result = run(&op, &[days(&["2023-07-04", "2025-01-31", "2025-03-01"])]);
    assert_eq!(texts(&result), ["Month 24300", "Month 24300", "Month 24302"]);
}

#[test]
fn days_are_counted_as_the_convention_says() {
    let between = |count| Op::DaysBetween {
        from: node(),
        to: node(),
        count,
    };
    let ends = [
        days(&["2026-01-31", "2026-03-31"]),
        days(&["2026-03-31", "2026-01-31"]),
    ];
    assert_eq!(texts(&run(&between(DayCount::Actual), &ends)), ["59", "-59"]);
    assert_eq!(texts(&run(&between(DayCount::Bond30360), &ends)), ["60", "-60"]);
    let within = |count| Op::DaysIn {
        from: node(),
        through: node(),
        count,
    };
    assert_eq!(texts(&run(&within(DayCount::Actual), &ends)), ["60", "0"]);
    let march = [days(&["2025-03-16"]), days(&["2025-03-31"])];
    assert_eq!(texts(&run(&within(DayCount::Actual), &march)), ["16"]);
}

#[test]
fn months_are_counted_and_periods_moved_by_index() {
    let op = Op::MonthsBetween {
        from: node(),
        to: node(),
    };
    let result = run(&op, &[months(&[(2025, 11), (2026, 2)]), months(&[(2026, 2)])]);
    assert_eq!(texts(&result), ["3", "0"]);
    let moved = run(
        &Op::Shift {
            period: node(),
            by: -1,
        },
        &[months(&[(2026, 1)])],
    );
    assert_eq!(texts(&moved), texts(&months(&[(2025, 12)])));
    let end = Vector::new(Data::Period(Unit::Month, Cow::Owned(vec![i32::MAX])));
    let moved = run(
        &Op::Shift {
            period: node(),
            by: 1,
        },
        &[end],
    );
    assert_eq!(texts(&moved), ["error Node(NodeId(7), OutsideCalendar)"]);
}

#[test]
fn month_ends_are_kept_or_not() {
    let op = |rule| Op::AddMonths {
        day: node(),
        months: node(),
        rule,
    };
    let inputs = [days(&["2026-02-28"]), scaled(&[10], 1)];
    assert_eq!(shown_days(&run(&op(MonthRule::LastDay), &inputs)), ["2026-03-31"]);
    assert_eq!(shown_days(&run(&op(MonthRule::SameDay), &inputs)), ["2026-03-28"]);
}

#[test]
fn a_dated_value_is_that_of_the_day() {
    let day = |text| Some(Date::parse(text).unwrap());
    let value = |number| Value::Number(exact(number));
    let versions = vec![
        (
            Effective {
                from: day("2026-01-01"),
                through: day("2026-06-30"),
            },
            value("0.06"),
        ),
        (
            Effective {
                from: day("2026-07-01"),
                through: None,
            },
            value("0.07"),
        ),
    ];
    let op = Op::Dated {
        versions: versions.clone(),
        on: node(),
    };
    let result = run(&op, &[days(&["2026-06-30", "2026-07-01", "2025-12-31"])]);
    assert_eq!(texts(&result), ["0.06", "0.07", "error Node(NodeId(7), NoRow)"]);
    let one = Op::Dated {
        versions: versions[..1].to_vec(),
        on: node(),
    };
    let result = run(&one, &[days(&["2026-06-30", "2026-07-01"])]);
    assert_eq!(texts(&result), ["0.06", "error Node(NodeId(7), NoRow)"]);
}
