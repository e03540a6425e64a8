//! Every operator on every pair of boundary values, against big rationals.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};
use proptest::prelude::*;

use super::super::wide::Wide;
use super::super::{Exact, MAX_WIDTH_BITS, NumberError};
use super::big;

const I64_MAX: i128 = 9_223_372_036_854_775_807;
const I64_MIN: i128 = -9_223_372_036_854_775_808;
const TEN_38: i128 = 100_000_000_000_000_000_000_000_000_000_000_000_000;

const NUMERATORS: [i128; 25] = [
    0,
    1,
    -1,
    2,
    -3,
    10,
    -100,
    1_000_000_007,
    I64_MAX - 1,
    I64_MAX,
    I64_MAX + 1,
    I64_MIN - 1,
    I64_MIN,
    I64_MIN + 1,
    2 * I64_MAX + 1,
    2 * I64_MAX + 2,
    TEN_38,
    -TEN_38,
    i128::MAX / 2,
    i128::MIN / 2,
    i128::MAX - 1,
    i128::MAX,
    i128::MIN,
    i128::MIN + 1,
    i128::MIN + 2,
];

const DENOMINATORS: [i128; 9] = [1, 2, 3, 100, I64_MAX, I64_MIN, TEN_38, i128::MAX, i128::MIN];

fn boundary_values() -> Vec<Exact> {
    let pairs = NUMERATORS
        .iter()
        .flat_map(|num| DENOMINATORS.iter().map(move |den| (*num, *den)));
    pairs.map(|(num, den)| Exact::new(num, den).unwrap()).collect()
}

fn assert_same(answer: &Exact, expected: &BigRational) {
    assert_eq!(&answer.to_big_rational(), expected);
    let fits = i128::try_from(expected.numer()).is_ok() && i128::try_from(expected.denom()).is_ok();
    assert_eq!(
        answer.parts().is_some(),
        fits,
        "the small form is used exactly where it can hold {expected}"
    );
}

#[test]
fn construction_agrees_with_big_rationals_on_all_boundary_pairs() {
    for num in NUMERATORS {
        for den in DENOMINATORS {
            assert_same(&Exact::new(num, den).unwrap(), &big(num, den));
        }
        assert_eq!(Exact::new(num, 0), Err(NumberError::DivisionByZero));
    }
}

#[test]
fn operators_agree_with_big_rationals_on_all_boundary_pairs() {
    let values = boundary_values();
    for left in &values {
        let a = left.to_big_rational();
        assert_same(&left.neg(), &-a.clone());
        assert_same(&left.abs(), &a.abs());
        assert_eq!(left.is_zero(), a.is_zero());
        assert_eq!(left.is_integer(), a.is_integer());
        assert_eq!(BigInt::from(left.sign()), *a.signum().numer());
        for right in &values {
            let b = right.to_big_rational();
            assert_same(&left.add(right).unwrap(), &(&a + &b));
            assert_same(&left.sub(right).unwrap(), &(&a - &b));
            assert_same(&left.mul(right).unwrap(), &(&a * &b));
            if b.is_zero() {
                assert_eq!(left.div(right), Err(NumberError::DivisionByZero));
            } else {
                assert_same(&left.div(right).unwrap(), &(&a / &b));
            }
            assert_eq!(left.cmp(right), a.cmp(&b));
            assert_eq!(left == right, a == b);
        }
    }
}

#[test]
fn a_value_that_was_wide_is_the_small_one_again() {
    let start = Exact::new(-7, 12).unwrap();
    let factor = Exact::from_i128(i128::MAX);
    let wide = start.mul(&factor).unwrap().mul(&factor).unwrap();
    assert_eq!(wide.parts(), None);
    let back = wide.div(&factor).unwrap().div(&factor).unwrap();
    assert_eq!(back.parts(), Some((-7, 12)));
    assert_eq!(back, start);
    assert_eq!(hash(&back), hash(&start));
    assert_eq!(back.to_string(), "-7/12");
    assert!(HashSet::from([start]).contains(&back));
}

#[test]
fn equal_wide_values_hash_alike_however_they_came_about() {
    let huge = Exact::from_i128(i128::MAX);
    let one_way = huge.mul(&huge).unwrap().add(&huge).unwrap();
    let other_way = huge.add(&Exact::ONE).unwrap().mul(&huge).unwrap();
    assert_eq!(one_way, other_way);
    assert_eq!(hash(&one_way), hash(&other_way));
}

#[test]
fn the_width_limit_is_4096_bits() {
    assert_eq!(MAX_WIDTH_BITS, 4096);
    let widest: BigInt = (BigInt::one() << 4096) - 1;
    let at_limit = Exact::from_parts(widest.clone(), BigInt::one()).unwrap();
    assert_eq!(at_limit.width_bits(), 4096);
    assert_eq!(at_limit.add(&Exact::ONE), Err(NumberError::TooWide));
    assert_eq!(at_limit.neg().sub(&Exact::ONE), Err(NumberError::TooWide));
    assert_eq!(at_limit.mul(&Exact::from_i64(2)), Err(NumberError::TooWide));
    assert_eq!(
        Exact::ONE.div(&at_limit).unwrap().div(&Exact::from_i64(2)),
        Err(NumberError::TooWide)
    );
    assert_eq!(at_limit.sub(&at_limit), Ok(Exact::ZERO));
    assert_eq!(at_limit.div(&at_limit), Ok(Exact::ONE));
    assert_eq!(Exact::from_parts(&widest * 6, BigInt::from(6)), Ok(at_limit));
}

#[test]
fn repeated_squaring_ends_in_an_error() {
    let mut value = Exact::new(10, 3).unwrap();
    let mut squarings = 0;
    let error = loop {
        match value.mul(&value) {
            Ok(square) => value = square,
            Err(error) => break error,
        }
        squarings += 1;
    };
    // 10^1024 has 3,402 bits, its square 6,804.
    assert_eq!((error, squarings), (NumberError::TooWide, 10));
}

#[test]
fn order_and_hash_of_long_continued_fractions_fit_a_small_stack() {
    // Neighbouring Fibonacci numbers have the longest continued fractions for their width.
    let (mut a, mut b) = (BigInt::one(), BigInt::one());
    while b.bits() < 4000 {
        (a, b) = (b.clone(), a + b);
    }
    let ratio = Exact::from_parts(b.clone(), a.clone()).unwrap();
    let next = Exact::from_parts(&a + &b, b.clone()).unwrap();
    let is_less = &b * &b < &a * (&a + &b);
    let worker = std::thread::Builder::new().stack_size(64 * 1024);
    let answer = worker
        .spawn(move || (ratio < next, ratio == next, hash(&ratio) == hash(&next)))
        .unwrap();
    assert_eq!(answer.join().unwrap(), (is_less, false, false));
}

#[test]
fn a_value_is_kept_in_32_bytes() {
    assert_eq!(size_of::<Exact>(), 32);
    assert_eq!(size_of::<Option<Box<Wide>>>(), 8);
}

fn hash(value: &Exact) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn any_exact() -> impl Strategy<Value = Exact> {
    let small =
        (any::<i32>(), 1_i32..1_000).prop_map(|(n, d)| Exact::new(i128::from(n), i128::from(d)).unwrap());
    let large = (any::<i128>(), any::<i128>()).prop_filter_map("zero", |(n, d)| Exact::new(n, d).ok());
    let wide = (any::<i128>(), any::<i128>())
        .prop_map(|(a, b)| Exact::from_i128(a).mul(&Exact::from_i128(b)).unwrap());
    prop_oneof![small, large, wide]
}

proptest! {
    #[test]
    fn operators_agree_with_big_rationals(left in any_exact(), right in any_exact()) {
        let (a, b) = (left.to_big_rational(), right.to_big_rational());
        assert_same(&left.add(&right).unwrap(), &(&a + &b));
        assert_same(&left.sub(&right).unwrap(), &(&a - &b));
        assert_same(&left.mul(&right).unwrap(), &(&a * &b));
        if !b.is_zero() {
            assert_same(&left.div(&right).unwrap(), &(&a / &b));
        }
        prop_assert_eq!(left.cmp(&right), a.cmp(&b));
    }

    #[test]
    fn sums_do_not_depend_on_the_order(values in prop::collection::vec(any_exact(), 1..12)) {
        let sum = |values: &[Exact]| values.iter().try_fold(Exact::ZERO, |sum, value| sum.add(value)).unwrap();
        let reversed: Vec<Exact> = values.iter().rev().cloned().collect();
        prop_assert_eq!(sum(&values), sum(&reversed));
    }
}
