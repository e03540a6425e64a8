//! The figures of the semantics, worked out by hand, against the oracle's tiers and roundings.

#![expect(clippy::unwrap_used, reason = "a test stops where its input is wrong")]

use guerdon_oracle::rounding::round;
use guerdon_oracle::tiers::Scale;
use guerdon_oracle::value::{ErrorKind, Number, number};
use guerdon_plan::hir::{Beyond, Bound, Edge, TierKind, TierRow};
use guerdon_plan::number::{Exact, Rounding};
use guerdon_syntax::span::{FileId, Span};

fn exact(text: &str) -> Exact {
    Exact::parse_decimal(text).unwrap()
}

fn n(text: &str) -> Number {
    number(&exact(text))
}

fn from(at: &str) -> Option<Bound> {
    Some(Bound {
        at: exact(at),
        edge: Edge::Included,
    })
}

fn above(at: &str) -> Option<Bound> {
    Some(Bound {
        at: exact(at),
        edge: Edge::Excluded,
    })
}

fn row(lower: Option<Bound>, upper: Option<Bound>, rate: Option<&str>, amount: Option<&str>) -> TierRow {
    let span = Span::at(FileId(0), 0);
    TierRow {
        lower,
        upper,
        rate: rate.map(exact),
        amount: amount.map(exact),
        span,
    }
}

fn rate(lower: Option<Bound>, upper: Option<Bound>, rate: &str) -> TierRow {
    row(lower, upper, Some(rate), None)
}

fn point(at: &str, value: &str) -> TierRow {
    row(from(at), None, None, Some(value))
}

fn scale(kind: TierKind, rows: &[TierRow], beyond: Beyond) -> Scale {
    Scale::new(kind, rows, beyond, None).unwrap()
}

/// 0–10,000 at 1 %, 10,000–50,000 at 2 %, from 50,000 at 3 %; the boundary in the upper tier.
fn boundary_to_upper() -> Vec<TierRow> {
    vec![
        rate(from("0"), above("10000"), "0.01"),
        rate(from("10000"), above("50000"), "0.02"),
        rate(from("50000"), None, "0.03"),
    ]
}

fn boundary_to_lower() -> Vec<TierRow> {
    vec![
        rate(from("0"), from("10000"), "0.01"),
        rate(above("10000"), from("50000"), "0.02"),
        rate(above("50000"), None, "0.03"),
    ]
}

#[test]
fn one_table_gives_the_marginal_and_whole_amounts_of_its_figures() {
    let figures = [
        ("10000", "100", "200", "100"),
        ("15000", "200", "300", "300"),
        ("50000", "900", "1500", "1000"),
        ("50000.01", "900.0003", "1500.0003", "1500.0003"),
        ("60000", "1200", "1800", "1800"),
    ];
    for (base, marginal, to_upper, to_lower) in figures {
        let base = n(base);
        for rows in [boundary_to_upper(), boundary_to_lower()] {
            let tiers = scale(TierKind::Marginal, &rows, Beyond::Open);
            assert_eq!(tiers.amount(&base, None), Ok(n(marginal)), "marginal of {base}");
        }
        let upper = scale(TierKind::Retro, &boundary_to_upper(), Beyond::Open);
        assert_eq!(
            upper.amount(&base, None),
            Ok(n(to_upper)),
            "boundary of {base} to the upper tier"
        );
        let lower = scale(TierKind::Retro, &boundary_to_lower(), Beyond::Open);
        assert_eq!(
            lower.amount(&base, None),
            Ok(n(to_lower)),
            "boundary of {base} to the lower tier"
        );
    }
}

#[test]
fn a_cliff_is_as_high_as_its_figure() {
    let rows = [
        rate(from("0"), from("10000"), "0.01"),
        rate(above("10000"), from("30000"), "0.02"),
        rate(above("30000"), None, "0.03"),
    ];
    let whole = scale(TierKind::Retro, &rows, Beyond::Open);
    assert_eq!(whole.amount(&n("30000"), None), Ok(n("600")));
    assert_eq!(whole.amount(&n("30001"), None), Ok(n("900.03")));
    let marginal = scale(TierKind::Marginal, &rows, Beyond::Open);
    assert_eq!(marginal.amount(&n("38000"), None), Ok(n("740")));
}

#[test]
fn two_deals_of_sixty_thousand_pay_what_the_readings_say() {
    let rows = [
        rate(from("0"), above("100000"), "0.03"),
        rate(from("100000"), None, "0.05"),
    ];
    let tiers = scale(TierKind::Marginal, &rows, Beyond::Open);
    assert_eq!(tiers.amount(&n("60000"), None), Ok(n("1800")));
    assert_eq!(tiers.amount(&n("120000"), None), Ok(n("4000")));
    let rates = ["0", "60000", "120000"].map(|point| tiers.rate(&n(point)).unwrap());
    assert_eq!(rates, [n("0.03"), n("0.03"), n("0.05")]);
}

#[test]
fn bounds_that_are_attainments_move_with_the_quota() {
    let rows = [rate(from("0"), above("1"), "0.03"), rate(from("1"), None, "0.05")];
    let against = |kind, quota: &str| Scale::new(kind, &rows, Beyond::Open, Some(&n(quota)));
    let marginal = against(TierKind::Marginal, "100000").unwrap();
    assert_eq!(marginal.amount(&n("104000"), None), Ok(n("3200")));
    let halved = against(TierKind::Marginal, "50000").unwrap();
    assert_eq!(halved.amount(&n("52000"), None), Ok(n("1600")));
    let whole = against(TierKind::Retro, "100000").unwrap();
    assert_eq!(whole.amount(&n("104000"), None), Ok(n("5200")));
    assert_eq!(
        against(TierKind::Marginal, "0").err(),
        Some(ErrorKind::NotPositive)
    );
    assert_eq!(
        against(TierKind::Marginal, "-1").err(),
        Some(ErrorKind::NotPositive)
    );
}

#[test]
fn a_return_takes_the_top_of_the_year_to_date_back() {
    let rows = [
        rate(from("0"), above("300000"), "0.02"),
        rate(from("300000"), None, "0.04"),
    ];
    for (kind, earned) in [
        (TierKind::Marginal, ["2400", "5400", "8400", "5600"]),
        (TierKind::Retro, ["2400", "5400", "14400", "5600"]),
    ] {
        let tiers = scale(kind, &rows, Beyond::Open);
        let found =
            ["120000", "270000", "360000", "280000"].map(|base| tiers.amount(&n(base), None).unwrap());
        assert_eq!(found, earned.map(n));
    }
}

#[test]
fn curves_and_fills_give_their_figures() {
    let points = [point("0.5", "0"), point("1", "1"), point("1.5", "2.5")];
    let curve = |beyond| scale(TierKind::Interpolated, &points, beyond);
    assert_eq!(curve(Beyond::Clamp).amount(&n("1.2"), None), Ok(n("1.6")));
    assert_eq!(curve(Beyond::Clamp).amount(&n("0.2"), None), Ok(n("0")));
    assert_eq!(curve(Beyond::Clamp).amount(&n("2"), None), Ok(n("2.5")));
    assert_eq!(curve(Beyond::Continue).amount(&n("2"), None), Ok(n("4")));
    assert_eq!(
        curve(Beyond::Error).amount(&n("2"), None),
        Err(ErrorKind::BeyondTiers)
    );
    let tiers = [
        row(from("-0.010001"), above("-0.01"), None, Some("0.0113")),
        row(from("-0.01"), above("0.003"), None, Some("0.0338")),
        row(from("0.003"), from("0.01"), None, Some("0.03")),
    ];
    let fill = scale(TierKind::Fill, &tiers, Beyond::Clamp);
    assert_eq!(fill.amount(&n("0.0079"), None), Ok(n("0.0661")));
}

#[test]
fn amounts_per_unit_add_up_band_by_band() {
    let rows = [
        rate(from("0"), from("50"), "50000"),
        rate(above("50"), from("70"), "70000"),
        rate(above("70"), None, "100000"),
    ];
    let units = scale(TierKind::Marginal, &rows, Beyond::Open);
    assert_eq!(units.amount(&n("75"), None), Ok(n("4400000")));
    let parts = [1, 2, 3].map(|part| units.amount(&n("75"), Some(part)).unwrap());
    assert_eq!(parts, [n("2500000"), n("1400000"), n("500000")]);
}

#[test]
fn an_amount_is_paid_once_for_each_tier_entered() {
    let rows = [
        row(from("0"), above("100"), None, Some("5")),
        row(above("100"), None, Some("0.03"), Some("7")),
    ];
    let tiers = scale(TierKind::Marginal, &rows, Beyond::Open);
    let found = ["-1", "0", "100", "200"].map(|base| tiers.amount(&n(base), None).unwrap());
    assert_eq!(found, ["0", "5", "5", "15"].map(n));
}

#[test]
fn a_first_tier_that_is_open_below_earns_negative_on_a_negative_base() {
    let rows = [rate(None, above("100"), "0.1"), rate(from("100"), None, "0.2")];
    let found = |kind| {
        let tiers = scale(kind, &rows, Beyond::Open);
        ["-50", "0", "150"].map(|base| tiers.amount(&n(base), None).unwrap())
    };
    assert_eq!(found(TierKind::Marginal), ["-5", "0", "20"].map(n));
    assert_eq!(found(TierKind::Retro), ["-5", "0", "30"].map(n));
}

#[test]
fn rounding_each_line_and_the_total_differ() {
    let cent = n("0.01");
    let half_up = |amount: &str| round(&n(amount), Rounding::HalfUp, &cent);
    assert_eq!([half_up("1.005"), half_up("3.015")], [n("1.01"), n("3.02")]);
    assert_eq!([half_up("0.125"), half_up("-2.345")], [n("0.13"), n("-2.35")]);
    assert_eq!(round(&n("0.125"), Rounding::HalfEven, &cent), n("0.12"));
    let to_date = ["33.3333", "66.6666", "99.9999"].map(half_up);
    assert_eq!(to_date, ["33.33", "66.67", "100"].map(n));
}

#[test]
fn each_mode_rounds_the_numbers_of_its_table() {
    let table = [
        (Rounding::HalfUp, ["3", "-3", "4", "2", "-2"]),
        (Rounding::HalfDown, ["2", "-2", "3", "2", "-2"]),
        (Rounding::HalfEven, ["2", "-2", "4", "2", "-2"]),
        (Rounding::HalfOdd, ["3", "-3", "3", "2", "-2"]),
        (Rounding::HalfCeiling, ["3", "-2", "4", "2", "-2"]),
        (Rounding::HalfFloor, ["2", "-3", "3", "2", "-2"]),
        (Rounding::Up, ["3", "-3", "4", "3", "-3"]),
        (Rounding::Down, ["2", "-2", "3", "2", "-2"]),
        (Rounding::Ceiling, ["3", "-2", "4", "3", "-2"]),
        (Rounding::Floor, ["2", "-3", "3", "2", "-3"]),
    ];
    for (mode, expected) in table {
        let rounded = ["2.5", "-2.5", "3.5", "2.1", "-2.1"].map(|amount| round(&n(amount), mode, &n("1")));
        assert_eq!(rounded, expected.map(n), "{mode:?}");
    }
}
