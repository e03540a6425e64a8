//! The figures of the language's description: tiers of every kind.

use guerdon_plan::calendar::Date;
use guerdon_plan::graph::{SliceTable, SliceWant};
use guerdon_plan::hir::{Beyond, Effective, TierKind};

use super::tiers::{applied, graph, no_day, row, slice};
use super::*;

const BASES: [&str; 5] = ["10000", "15000", "50000", "50000.01", "60000"];

fn amounts(kind: TierKind, rows: &[&str], beyond: Beyond, values: &[&str]) -> Vec<String> {
    applied(&graph(kind, rows, beyond), SliceWant::Amount, values, None)
}

fn days(days: &[&str]) -> Vector<'static> {
    let days = days.iter().map(|day| Date::parse(day).unwrap().days());
    Vector::new(Data::Date(days.collect()))
}

#[test]
fn marginal_pay_does_not_depend_on_who_owns_the_boundary() {
    let wanted = ["100", "200", "900", "900.0003", "1200"];
    let upper = [
        "from 0 below 10000 : 1%",
        "from 10000 below 50000 : 2%",
        "from 50000 : 3%",
    ];
    let lower = [
        "from 0 through 10000 : 1%",
        "above 10000 through 50000 : 2%",
        "above 50000 : 3%",
    ];
    assert_eq!(amounts(TierKind::Marginal, &upper, Beyond::Open, &BASES), wanted);
    assert_eq!(amounts(TierKind::Marginal, &lower, Beyond::Open, &BASES), wanted);
    let quick = [
        "from 0 below 10000 : 1%",
        "from 10000 below 30000 : 2%",
        "from 30000 : 3%",
    ];
    assert_eq!(
        amounts(TierKind::Marginal, &quick, Beyond::Open, &["38000"]),
        ["740"]
    );
}

#[test]
fn the_whole_amount_is_paid_at_the_rate_of_the_tier_that_owns_the_boundary() {
    let upper = [
        "from 0 below 10000 : 1%",
        "from 10000 below 50000 : 2%",
        "from 50000 : 3%",
    ];
    let lower = [
        "from 0 through 10000 : 1%",
        "above 10000 through 50000 : 2%",
        "above 50000 : 3%",
    ];
    let wanted = ["200", "300", "1500", "1500.0003", "1800"];
    assert_eq!(amounts(TierKind::Retro, &upper, Beyond::Open, &BASES), wanted);
    let wanted = ["100", "300", "1000", "1500.0003", "1800"];
    assert_eq!(amounts(TierKind::Retro, &lower, Beyond::Open, &BASES), wanted);
    let cliff = [
        "from 0 through 10000 : 1%",
        "above 10000 through 30000 : 2%",
        "above 30000 : 3%",
    ];
    assert_eq!(
        amounts(TierKind::Retro, &cliff, Beyond::Open, &["30000", "30001"]),
        ["600", "900.03"]
    );
}

#[test]
fn a_deal_is_split_across_the_limit_of_what_was_sold_before() {
    let rows = ["from 0 below 100000 : 3%", "from 100000 : 5%"];
    let to_date = amounts(TierKind::Marginal, &rows, Beyond::Open, &["0", "60000", "120000"]);
    assert_eq!(to_date, ["0", "1800", "4000"]);
    assert_eq!(
        amounts(TierKind::Retro, &rows, Beyond::Open, &["120000"]),
        ["6000"]
    );
}

#[test]
fn limits_of_attainment_move_with_the_quota() {
    let rows = ["from 0% below 100% : 3%", "from 100% : 5%"];
    let sales = ["104000", "52000"];
    let quota: Option<&[&str]> = Some(&["100000", "50000"]);
    let marginal = graph(TierKind::Marginal, &rows, Beyond::Open);
    assert_eq!(
        applied(&marginal, SliceWant::Amount, &sales, quota),
        ["3200", "1600"]
    );
    let whole = graph(TierKind::Retro, &rows, Beyond::Open);
    assert_eq!(
        applied(&whole, SliceWant::Amount, &sales, quota),
        ["5200", "2600"]
    );
    let fixed = ["from 0 below 100000 : 3%", "from 100000 : 5%"];
    assert_eq!(
        amounts(TierKind::Marginal, &fixed, Beyond::Open, &["52000"]),
        ["1560"]
    );
    let unpositive: Option<&[&str]> = Some(&["0", "-1"]);
    let refused = applied(&marginal, SliceWant::Amount, &sales, unpositive);
    assert_eq!(
        refused,
        [
            "error Node(NodeId(7), NotPositive)",
            "error Node(NodeId(7), NotPositive)"
        ]
    );
}

#[test]
fn pay_to_date_follows_returns_down_again() {
    let rows = ["from 0 below 300000 : 2%", "from 300000 : 4%"];
    let to_date = ["120000", "270000", "360000", "280000"];
    assert_eq!(
        amounts(TierKind::Marginal, &rows, Beyond::Open, &to_date),
        ["2400", "5400", "8400", "5600"]
    );
    assert_eq!(
        amounts(TierKind::Retro, &rows, Beyond::Open, &to_date),
        ["2400", "5400", "14400", "5600"]
    );
}

#[test]
fn lines_and_filling_tiers_interpolate_each_in_its_way() {
    let points = ["at 50% : 0%", "at 100% : 100%", "at 150% : 250%"];
    let pay = |beyond, value| amounts(TierKind::Interpolated, &points, beyond, &[value]);
    assert_eq!(pay(Beyond::Clamp, "1.2"), ["1.6"]);
    assert_eq!(pay(Beyond::Clamp, "0.4"), ["0"]);
    assert_eq!(pay(Beyond::Clamp, "1.6"), ["2.5"]);
    assert_eq!(pay(Beyond::Continue, "1.6"), ["2.8"]);
    assert_eq!(pay(Beyond::Error, "1.6"), ["error Node(NodeId(7), BeyondTiers)"]);
    let fill = [
        "from -0.010001 through -0.01 : 0.0113",
        "above -0.01 through 0.003 : 0.0338",
        "above 0.003 through 0.01 : 0.03",
    ];
    assert_eq!(
        amounts(TierKind::Fill, &fill, Beyond::Clamp, &["0.0079"]),
        ["0.0661"]
    );
}

#[test]
fn units_are_paid_band_by_band() {
    let rows = [
        "from 0 through 50 : 50000",
        "above 50 through 70 : 70000",
        "above 70 : 100000",
    ];
    let table = graph(TierKind::Marginal, &rows, Beyond::Open);
    assert_eq!(applied(&table, SliceWant::Amount, &["75"], None), ["4400000"]);
    let part = |place| applied(&table, SliceWant::Part(place), &["75"], None);
    assert_eq!(
        [part(0), part(1), part(2)].concat(),
        ["2500000", "1400000", "500000"]
    );
}

#[test]
fn an_amount_is_paid_once_for_each_tier_entered() {
    let rows = ["from 0 below 100 : 5 plus 1%", "above 100 : 20 plus 2%"];
    let table = graph(TierKind::Marginal, &rows, Beyond::Open);
    let values = ["-1", "0", "100", "200"];
    assert_eq!(
        applied(&table, SliceWant::Amount, &values, None),
        ["0", "5", "6", "28"]
    );
    let open = graph(
        TierKind::Marginal,
        &["below 80 : 4%", "from 80 : 6%"],
        Beyond::Open,
    );
    assert_eq!(
        applied(&open, SliceWant::Amount, &["-50", "100"], None),
        ["-2", "4.4"]
    );
    assert_eq!(
        applied(&open, SliceWant::Rate, &["-50", "80"], None),
        ["0.04", "0.06"]
    );
}

#[test]
fn the_version_in_force_on_the_day_is_applied() {
    let day = |text| Some(Date::parse(text).unwrap());
    let version = |from, through, text| {
        let rows = vec![row(TierKind::Marginal, text)];
        (Effective { from, through }, rows, Beyond::Open)
    };
    let versions = vec![
        version(None, day("2026-06-30"), "from 0 : 1%"),
        version(day("2026-07-01"), day("2026-12-31"), "from 0 : 2%"),
    ];
    let graph = Graph {
        slices: vec![SliceTable {
            kind: TierKind::Marginal,
            versions,
        }],
        ..Graph::default()
    };
    let op = slice(SliceWant::Amount, None);
    let on = days(&["2026-06-30", "2026-07-01", "2027-01-01"]);
    let paid = run_in(&graph, &op, &[on, decimals(&["100"])]);
    assert_eq!(texts(&paid), ["1", "2", "error Node(NodeId(7), NoRow)"]);
    let on = days(&["2026-07-01", "2026-12-31"]);
    assert_eq!(
        texts(&run_in(&graph, &op, &[on, decimals(&["100", "200"])])),
        ["2", "4"]
    );
    let missing = run_in(&graph, &op, &[no_day(), decimals(&["100", "200"])]);
    assert_eq!(texts(&missing), ["missing", "missing"]);
}
