//! Numbers as text and as host decimals.

use num_bigint::BigInt;
use num_traits::One;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::super::{
    Currency, CurrencyError, Days, Exact, NumberError, Rounding, format_grouped, format_money,
    format_percent, format_percent_to,
};
use super::exact;

#[test]
fn plain_decimals_are_read_strictly() {
    let accepted = [
        ("0", "0"),
        ("-0", "0"),
        ("+7", "7"),
        ("007", "7"),
        ("12.50", "12.5"),
        ("-0.001", "-0.001"),
        (
            "99999999999999999999999999999999999999",
            "99999999999999999999999999999999999999",
        ),
        (
            "0.0000000000000000000000000000000000001",
            "0.0000000000000000000000000000000000001",
        ),
    ];
    for (text, printed) in accepted {
        assert_eq!(
            Exact::parse_decimal(text)
                .map(|value| value.to_string())
                .as_deref(),
            Ok(printed),
            "{text}"
        );
    }
    let refused = [
        "", "-", "+", ".", "1.", ".5", "1e3", "1E3", "1,200", "1 200", " 1", "1 ", "--1", "+-1", "1.2.3",
        "1_000", "0x10", "１２", "NaN", "inf", "1/2", "1\n", "12%",
    ];
    for text in refused {
        assert_eq!(
            Exact::parse_decimal(text),
            Err(NumberError::NotADecimal),
            "{text:?}"
        );
    }
    let too_long = [
        "100000000000000000000000000000000000000",
        "0.00000000000000000000000000000000000000",
    ];
    for text in too_long {
        assert_eq!(
            Exact::parse_decimal(text),
            Err(NumberError::TooManyDigits),
            "{text}"
        );
    }
}

#[test]
fn finite_decimals_are_printed_in_full_and_others_as_fractions() {
    let cases = [
        (1, 1, 0, "1"),
        (1, 1, 2, "1.00"),
        (-1, 8, 2, "-0.125"),
        (1, 20, 0, "0.05"),
        (-5, 1000, 0, "-0.005"),
        (1, 3, 2, "1/3"),
        (-2, 7, 0, "-2/7"),
        (i128::MIN, 1, 1, "-170141183460469231731687303715884105728.0"),
    ];
    for (num, den, decimals, text) in cases {
        assert_eq!(Exact::new(num, den).unwrap().display_text(decimals), text);
    }
}

#[test]
fn wide_values_print_every_digit() {
    let wide = Exact::from_parts(BigInt::from(10_u8).pow(50) + 1, BigInt::from(10_u8).pow(45)).unwrap();
    assert_eq!(
        wide.to_string(),
        "100000.000000000000000000000000000000000000000000001"
    );
    assert_eq!(wide.neg().decimals(), Some(45));
    let power = Exact::from_parts(BigInt::one(), BigInt::one() << 300).unwrap();
    let text = power.to_decimal_text(0).unwrap();
    assert_eq!(text.len(), 302);
    // 2^-300 is 4.9…e-91.
    assert!(text.starts_with(&format!("0.{}49", "0".repeat(90))));
}

#[test]
fn scaled_integers_are_exact_or_nothing() {
    assert_eq!(exact("12.34").to_scaled(2), Some(1_234));
    assert_eq!(exact("12.34").to_scaled(6), Some(12_340_000));
    assert_eq!(exact("12.34").to_scaled(1), None);
    assert_eq!(Exact::new(1, 3).unwrap().to_scaled(30), None);
    assert_eq!(Exact::from_i128(i128::MAX).to_scaled(0), Some(i128::MAX));
    assert_eq!(Exact::from_i128(i128::MAX).to_scaled(1), None);
    assert_eq!(Exact::from_scaled(5, 255).to_scaled(255), Some(5));
    assert_eq!(Exact::from_i128(i128::from(i64::MAX) + 1).to_i64(), None);
    assert_eq!(Exact::from_i64(i64::MIN).to_i64(), Some(i64::MIN));
}

#[test]
fn host_decimals_come_and_go_without_loss() {
    let limits = [
        Decimal::MAX,
        Decimal::MIN,
        Decimal::ZERO,
        Decimal::new(1, 28),
        Decimal::new(-12_345, 3),
    ];
    for decimal in limits {
        assert_eq!(Exact::from_decimal(decimal).to_decimal(), Some(decimal));
    }
    let past_max = Exact::from_decimal(Decimal::MAX).add(&Exact::ONE).unwrap();
    assert_eq!(past_max.to_decimal(), None);
    assert_eq!(Exact::from_scaled(1, 29).to_decimal(), None);
}

#[test]
fn statements_show_grouped_money() {
    let cases = [
        ("15000", "CNY 15,000.00"),
        ("-3000", "-CNY 3,000.00"),
        ("0", "CNY 0.00"),
        ("999", "CNY 999.00"),
        ("1234567.891", "CNY 1,234,567.891"),
    ];
    for (amount, text) in cases {
        assert_eq!(format_money(&exact(amount), Currency::CNY, 2), text);
    }
    assert_eq!(format_grouped(&exact("-1000"), 0), "-1,000");
    assert_eq!(format_grouped(&exact("100000"), 0), "100,000");
    let third = Exact::new(-100_000, 3).unwrap();
    assert_eq!(format_money(&third, Currency::CNY, 2), "-CNY 100,000/3");
}

#[test]
fn percentages_are_shown_exactly_or_rounded_on_request() {
    assert_eq!(format_percent(&exact("0.833")), "83.3%");
    assert_eq!(format_percent(&exact("-0.08")), "-8%");
    assert_eq!(format_percent(&exact("0.0025")), "0.25%");
    let attainment = Exact::new(7, 6).unwrap();
    assert_eq!(format_percent(&attainment), "(350/3)%");
    assert_eq!(
        format_percent_to(&attainment, Rounding::HalfUp, 1).as_deref(),
        Ok("116.7%")
    );
}

#[test]
fn minor_units_are_those_of_iso_4217() {
    let cases = [
        ("CNY", Some(2)),
        ("USD", Some(2)),
        ("EUR", Some(2)),
        ("JPY", Some(0)),
        ("KRW", Some(0)),
        ("ISK", Some(0)),
        ("KWD", Some(3)),
        ("BHD", Some(3)),
        ("CLF", Some(4)),
        ("XBT", None),
        ("XAU", None),
    ];
    for (code, decimals) in cases {
        assert_eq!(
            Currency::parse(code).map(Currency::minor_unit_decimals),
            Ok(decimals),
            "{code}"
        );
    }
    for text in ["cny", "CN", "CNYX", "C1Y", "", "元"] {
        assert_eq!(Currency::parse(text), Err(CurrencyError), "{text}");
    }
}

#[test]
fn days_are_shown_with_their_unit() {
    assert_eq!(
        [Days(1), Days(0), Days(-90)].map(|days| days.to_string()),
        ["1 day", "0 days", "-90 days"]
    );
}

proptest! {
    #[test]
    fn decimal_text_is_read_back(mantissa in -10_i128.pow(37)..10_i128.pow(37), decimals in 0_u8..37) {
        let value = Exact::from_scaled(mantissa, decimals);
        let text = value.to_decimal_text(0).unwrap();
        prop_assert_eq!(Exact::parse_decimal(&text), Ok(value));
    }

    #[test]
    fn no_text_is_misread(text in "[-+]?[0-9.,e ]{0,12}") {
        if let Ok(value) = Exact::parse_decimal(&text) {
            let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
            let printed = value.to_decimal_text(u8::try_from(decimals).unwrap()).unwrap();
            let plain = text.trim_start_matches(['+', '-']).trim_start_matches('0');
            prop_assert_eq!(printed.trim_start_matches('-').trim_start_matches('0'), plain);
        }
    }
}
