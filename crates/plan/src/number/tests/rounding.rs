//! All ten modes on all residues, against their definition in big rationals.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use proptest::prelude::*;

use super::super::{
    Exact, NumberError, RescaleError, Rounding, pow10_i64, rescale, rescale_one, round, round_div_i64,
    round_div_i128, round_div_narrow, round_to_decimals,
};
use super::{big, exact};

/// Rounds to a whole number by the words of the definition: of the two whole neighbours, which one.
fn neighbour(value: &BigRational, mode: Rounding) -> BigInt {
    let (below, above) = (value.floor().to_integer(), value.ceil().to_integer());
    let is_negative = *value < big(0, 1);
    let (inner, outer) = if is_negative {
        (&above, &below)
    } else {
        (&below, &above)
    };
    let middle = BigRational::new(&below + &above, BigInt::from(2));
    let nearer = |tie: &BigInt| {
        if *value < middle {
            below.clone()
        } else if *value > middle {
            above.clone()
        } else {
            tie.clone()
        }
    };
    let (even, odd) = if below.is_even() {
        (&below, &above)
    } else {
        (&above, &below)
    };
    match mode {
        Rounding::HalfUp => nearer(outer),
        Rounding::HalfDown => nearer(inner),
        Rounding::HalfEven => nearer(even),
        Rounding::HalfOdd => nearer(if below == above { &below } else { odd }),
        Rounding::HalfCeiling => nearer(&above),
        Rounding::HalfFloor => nearer(&below),
        Rounding::Up => outer.clone(),
        Rounding::Down => inner.clone(),
        Rounding::Ceiling => above,
        Rounding::Floor => below,
    }
}

#[test]
fn integer_kernels_follow_the_definition_on_all_residues() {
    for d in (-12_i64..=12).chain([25, -25, 100, -100]).filter(|d| *d != 0) {
        for n in -3 * d.abs()..=3 * d.abs() {
            for mode in Rounding::ALL {
                let expected = i64::try_from(neighbour(&big(i128::from(n), i128::from(d)), mode)).unwrap();
                assert_eq!(
                    round_div_i64(n, d, mode),
                    Some(expected),
                    "{n} / {d} {}",
                    mode.name()
                );
                let wide = round_div_i128(i128::from(n), i128::from(d), mode);
                assert_eq!(wide, Some(i128::from(expected)), "{n} / {d} {}", mode.name());
                if d > 0 {
                    assert_eq!(
                        round_div_narrow(n, d, mode),
                        expected,
                        "{n} / {d} {}",
                        mode.name()
                    );
                }
            }
        }
    }
}

#[test]
fn integer_kernels_never_wrap_at_the_boundaries() {
    let values = [
        0,
        1,
        -1,
        2,
        -2,
        3,
        10,
        i64::MAX,
        i64::MAX - 1,
        i64::MIN,
        i64::MIN + 1,
        i64::MAX / 2,
        i64::MIN / 2,
    ];
    for n in values {
        for d in values {
            for mode in Rounding::ALL {
                let expected = if d == 0 {
                    None
                } else {
                    i64::try_from(neighbour(&big(i128::from(n), i128::from(d)), mode)).ok()
                };
                assert_eq!(round_div_i64(n, d, mode), expected, "{n} / {d} {}", mode.name());
            }
        }
    }
    let values = [
        0,
        1,
        -1,
        2,
        -3,
        10,
        i128::MAX,
        i128::MAX - 1,
        i128::MIN,
        i128::MIN + 1,
        i128::MAX / 2,
        i128::MIN / 2,
    ];
    for n in values {
        for d in values {
            for mode in Rounding::ALL {
                let expected = if d == 0 {
                    None
                } else {
                    i128::try_from(neighbour(&big(n, d), mode)).ok()
                };
                assert_eq!(round_div_i128(n, d, mode), expected, "{n} / {d} {}", mode.name());
            }
        }
    }
}

#[test]
fn narrow_division_holds_up_to_its_limits() {
    const MOST: i64 = (1 << 62) - 1;
    for n in [MOST, -MOST, MOST - 1, MOST / 2, -MOST / 2, MOST / 2 + 1, 1, -1, 0] {
        for d in [MOST, MOST - 1, MOST / 2, MOST / 2 + 1, 3, 2, 1] {
            for mode in Rounding::ALL {
                let expected = i64::try_from(neighbour(&big(i128::from(n), i128::from(d)), mode)).unwrap();
                assert_eq!(
                    round_div_narrow(n, d, mode),
                    expected,
                    "{n} / {d} {}",
                    mode.name()
                );
            }
        }
    }
}

#[test]
fn steps_of_every_kind_follow_the_definition() {
    let steps = [
        (1, 1),
        (1, 100),
        (1, 4),
        (5, 100),
        (100, 1),
        (3, 7),
        (i128::MAX, 3),
        (1, i128::MAX),
    ];
    let values = [
        (0, 1),
        (1, 3),
        (-1, 3),
        (5, 2),
        (-5, 2),
        (345, 1000),
        (-2345, 1000),
        (i128::MIN, 7),
        (i128::MAX, 2),
    ];
    for (s, t) in steps {
        for (n, d) in values {
            for mode in Rounding::ALL {
                let step = big(s, t);
                let expected = BigRational::from(neighbour(&(big(n, d) / &step), mode)) * step;
                let answer = round(&Exact::new(n, d).unwrap(), mode, &Exact::new(s, t).unwrap()).unwrap();
                assert_eq!(
                    answer.to_big_rational(),
                    expected,
                    "{n}/{d} to {s}/{t} {}",
                    mode.name()
                );
            }
        }
    }
    for step in [Exact::ZERO, exact("-0.01")] {
        assert_eq!(
            round(&Exact::ONE, Rounding::HalfUp, &step),
            Err(NumberError::StepNotPositive)
        );
    }
}

#[test]
fn the_published_figures_hold() {
    let to_cents = |text: &str, mode| round_to_decimals(&exact(text), mode, 2).unwrap().display_text(2);
    assert_eq!(to_cents("-2.345", Rounding::HalfUp), "-2.35");
    assert_eq!(to_cents("0.125", Rounding::HalfUp), "0.13");
    assert_eq!(to_cents("0.125", Rounding::HalfEven), "0.12");
    // Three lines of 1.005: rounding each gives 3.03, rounding the total 3.02.
    assert_eq!(to_cents("1.005", Rounding::HalfUp), "1.01");
    assert_eq!(to_cents("3.015", Rounding::HalfUp), "3.02");
    // 1% of 999,999.99, rounded half up.
    assert_eq!(to_cents("9999.9999", Rounding::HalfUp), "10000.00");
}

#[test]
fn a_value_at_the_width_limit_can_still_be_rounded() {
    let widest: BigInt = (BigInt::from(1) << 4096_u32) - 1;
    let value = Exact::from_parts(widest.clone(), BigInt::from(1) << 4095_u32).unwrap();
    assert_eq!(round_to_decimals(&value, Rounding::HalfUp, 2), Ok(exact("2")));
    assert_eq!(round_to_decimals(&value, Rounding::Down, 2), Ok(exact("1.99")));
    let whole = Exact::from_parts(widest, BigInt::from(1)).unwrap();
    assert_eq!(round_to_decimals(&whole, Rounding::HalfEven, 2), Ok(whole));
}

#[test]
fn the_table_in_the_documentation_holds() {
    let rows = [
        (Rounding::HalfUp, [3, -3, 4, 2, -2]),
        (Rounding::HalfDown, [2, -2, 3, 2, -2]),
        (Rounding::HalfEven, [2, -2, 4, 2, -2]),
        (Rounding::HalfOdd, [3, -3, 3, 2, -2]),
        (Rounding::HalfCeiling, [3, -2, 4, 2, -2]),
        (Rounding::HalfFloor, [2, -3, 3, 2, -2]),
        (Rounding::Up, [3, -3, 4, 3, -3]),
        (Rounding::Down, [2, -2, 3, 2, -2]),
        (Rounding::Ceiling, [3, -2, 4, 3, -2]),
        (Rounding::Floor, [2, -3, 3, 2, -3]),
    ];
    for (mode, expected) in rows {
        assert_eq!(
            [25, -25, 35, 21, -21].map(|tenths| round_div_i64(tenths, 10, mode).unwrap()),
            expected,
            "{}",
            mode.name()
        );
        assert_eq!(Rounding::from_name(mode.name()), Some(mode));
    }
    assert_eq!(Rounding::from_name("half up"), None);
}

#[test]
fn running_totals_are_rounded_before_subtracting() {
    // Three months of 3,333.33 at 1%: 33.33, 33.34, 33.33 to date, but 3 times 33.33 month by month.
    let monthly = exact("33.3333");
    let mut earned = Exact::ZERO;
    let mut paid = Exact::ZERO;
    let payable = [1, 2, 3].map(|_| {
        earned = earned.add(&monthly).unwrap();
        let to_date = round_to_decimals(&earned, Rounding::HalfUp, 2).unwrap();
        let due = to_date.sub(&paid).unwrap();
        paid = to_date;
        due.display_text(2)
    });
    assert_eq!(payable, ["33.33", "33.34", "33.33"]);
}

#[test]
fn a_rescaled_column_is_the_rounded_quotient_of_each_value() {
    let mut values: Vec<i64> = (-260..=260).collect();
    values.extend([
        i64::MAX,
        i64::MAX - 1,
        i64::MIN,
        i64::MIN + 1,
        i64::MAX / 2,
        i64::MIN / 2,
    ]);
    for decimals in 0..=19 {
        let power = 10_i64.checked_pow(decimals).unwrap_or(i64::MAX);
        values.extend([
            power / 2,
            power / 2 + 1,
            -(power / 2),
            power,
            (power / 2).saturating_mul(3),
        ]);
    }
    let mut out = vec![0; values.len()];
    for fewer in 0_u8..=40 {
        let power = num_traits::pow(BigInt::from(10), usize::from(fewer));
        for mode in Rounding::ALL {
            rescale(&values, fewer + 2, 2, mode, &mut out).unwrap();
            for (value, answer) in values.iter().zip(&out) {
                let expected = neighbour(&BigRational::new(BigInt::from(*value), power.clone()), mode);
                assert_eq!(
                    BigInt::from(*answer),
                    expected,
                    "{value} without {fewer} decimals {}",
                    mode.name()
                );
                assert_eq!(rescale_one(*value, fewer + 2, 2, mode), Some(*answer));
            }
        }
    }
}

#[test]
fn more_decimals_multiply_or_overflow() {
    let mut out = [0; 3];
    assert_eq!(rescale(&[1, -25, 0], 2, 4, Rounding::HalfUp, &mut out), Ok(()));
    assert_eq!(out, [100, -2_500, 0]);
    let edge = i64::MAX / 100;
    assert_eq!(
        rescale(&[edge, -edge, 0], 2, 4, Rounding::HalfUp, &mut out),
        Ok(())
    );
    assert_eq!(
        rescale(&[edge + 1, 0, 0], 2, 4, Rounding::HalfUp, &mut out),
        Err(RescaleError::Overflow)
    );
    assert_eq!(rescale(&[0, 0, 0], 0, 200, Rounding::HalfUp, &mut out), Ok(()));
    assert_eq!(
        rescale(&[0, 0, 1], 0, 19, Rounding::HalfUp, &mut out),
        Err(RescaleError::Overflow)
    );
    assert_eq!(
        rescale(&[0, 0], 0, 1, Rounding::HalfUp, &mut out),
        Err(RescaleError::Length)
    );
    assert_eq!(rescale_one(edge + 1, 2, 4, Rounding::HalfUp), None);
    assert_eq!(pow10_i64(18), Some(1_000_000_000_000_000_000));
}

proptest! {
    #[test]
    fn rounding_follows_the_definition(n in any::<i128>(), d in 1_i128..i128::MAX, decimals in 0_u8..45) {
        let value = Exact::new(n, d).unwrap();
        let power = BigRational::from(num_traits::pow(BigInt::from(10), usize::from(decimals)));
        for mode in Rounding::ALL {
            let expected = BigRational::from(neighbour(&(big(n, d) * &power), mode)) / &power;
            let answer = round_to_decimals(&value, mode, decimals).unwrap();
            prop_assert_eq!(answer.to_big_rational(), expected);
        }
    }

    #[test]
    fn rounding_twice_to_the_same_step_changes_nothing(n in any::<i64>(), d in 1_i64..10_000) {
        let value = Exact::new(i128::from(n), i128::from(d)).unwrap();
        for mode in Rounding::ALL {
            let once = round_to_decimals(&value, mode, 2).unwrap();
            prop_assert_eq!(round_to_decimals(&once, mode, 2), Ok(once));
        }
    }
}
