//! Splits with the published figures, and the identities that every split keeps.

use proptest::prelude::*;

use super::super::{AllocateError, Exact, Remainder, Rounding, allocate, allocate_whole};
use super::exact;

const RESTS: [Remainder; 4] = [
    Remainder::LargestRemainder,
    Remainder::Largest,
    Remainder::First,
    Remainder::Last,
];

fn split(total: &str, unit: &str, weights: &[&str], rest: Remainder) -> Vec<String> {
    let weights: Vec<Exact> = weights.iter().map(|weight| exact(weight)).collect();
    let parts = allocate(&exact(total), &exact(unit), &weights, rest, Rounding::Down).unwrap();
    let decimals = u8::try_from(exact(unit).decimals().unwrap()).unwrap();
    parts.iter().map(|part| part.display_text(decimals)).collect()
}

#[test]
fn the_published_splits_hold() {
    let largest_remainder: [(&str, &[&str], &[&str]); 6] = [
        ("100.00", &["1", "1", "1"], &["33.34", "33.33", "33.33"]),
        ("99.99", &["75", "25"], &["74.99", "25.00"]),
        ("10.03", &["49", "51"], &["4.91", "5.12"]),
        ("6.45", &["30", "70"], &["1.94", "4.51"]),
        ("100000", &["7", "6", "9"], &["31818.18", "27272.73", "40909.09"]),
        // Prizes: 10,000 in equal thirds.
        ("10000", &["1", "1", "1"], &["3333.34", "3333.33", "3333.33"]),
    ];
    for (total, weights, parts) in largest_remainder {
        assert_eq!(
            split(total, "0.01", weights, Remainder::LargestRemainder),
            parts,
            "{total}"
        );
    }
    let first: [(&str, &[&str], &[&str]); 4] = [
        ("100.00", &["1", "1", "1"], &["33.34", "33.33", "33.33"]),
        ("99.99", &["75", "25"], &["75.00", "24.99"]),
        ("10.03", &["49", "51"], &["4.92", "5.11"]),
        ("6.45", &["30", "70"], &["1.94", "4.51"]),
    ];
    for (total, weights, parts) in first {
        assert_eq!(split(total, "0.01", weights, Remainder::First), parts, "{total}");
    }
}

#[test]
fn the_excess_over_a_cap_goes_back_in_proportion() {
    let parts = split(
        "3000",
        "0.01",
        &["10000", "9000", "9000"],
        Remainder::LargestRemainder,
    );
    assert_eq!(parts, ["1071.43", "964.29", "964.28"]);
}

#[test]
fn a_pool_is_shared_by_points() {
    assert_eq!(
        split("10000", "0.01", &["300", "200", "0"], Remainder::LargestRemainder),
        ["6000.00", "4000.00", "0.00"]
    );
}

#[test]
fn a_year_is_decomposed_into_months() {
    let months = split("1000000", "0.01", &["1"; 12], Remainder::LargestRemainder);
    assert_eq!(months, [&["83333.34"; 4][..], &["83333.33"; 8][..]].concat());
    let weights = ["7", "6", "9", "8", "8", "9", "7", "7", "9", "10", "10", "10"];
    let seasonal = split("1000000", "1", &weights, Remainder::LargestRemainder);
    let expected = [
        "70000", "60000", "90000", "80000", "80000", "90000", "70000", "70000", "90000", "100000", "100000",
        "100000",
    ];
    assert_eq!(seasonal, expected);
}

#[test]
fn level_by_level_differs_from_leaves_at_once() {
    let quarters = split("100.00", "0.01", &["1"; 4], Remainder::LargestRemainder);
    assert_eq!(quarters, ["25.00"; 4]);
    let months: Vec<String> = quarters
        .iter()
        .flat_map(|quarter| split(quarter, "0.01", &["1"; 3], Remainder::LargestRemainder))
        .collect();
    // The extra cent is in months 1, 4, 7 and 10.
    assert_eq!(months, [&["8.34", "8.33", "8.33"][..]; 4].concat());
    let at_once = split("100.00", "0.01", &["1"; 12], Remainder::LargestRemainder);
    assert_eq!(at_once, [&["8.34"; 4][..], &["8.33"; 8][..]].concat());
}

#[test]
fn what_is_left_of_a_target_is_recalibrated() {
    let months = split("960000", "0.01", &["1"; 9], Remainder::LargestRemainder);
    assert_eq!(months, [&["106666.67"; 6][..], &["106666.66"; 3][..]].concat());
}

#[test]
fn grades_are_forced_by_largest_remainder() {
    assert_eq!(
        split("7", "1", &["20", "70", "10"], Remainder::LargestRemainder),
        ["1", "5", "1"]
    );
    assert_eq!(
        split("12", "1", &["20", "70", "10"], Remainder::LargestRemainder),
        ["3", "8", "1"]
    );
}

#[test]
fn steps_larger_than_a_cent_leave_the_rest_where_the_plan_says() {
    let weights = ["1", "5", "3"];
    assert_eq!(
        split("100000", "1000", &weights, Remainder::LargestRemainder),
        ["11000", "56000", "33000"]
    );
    assert_eq!(
        split("100000", "1000", &weights, Remainder::Largest),
        ["11000", "56000", "33000"]
    );
    assert_eq!(
        split("100000", "1000", &weights, Remainder::First),
        ["12000", "55000", "33000"]
    );
    assert_eq!(
        split("100000", "1000", &weights, Remainder::Last),
        ["11000", "55000", "34000"]
    );
}

#[test]
fn a_written_mode_rounds_each_share_and_the_rest_absorbs_the_difference() {
    let weights = [Exact::ONE, Exact::ONE, Exact::ONE];
    let split = |total: &str, mode, rest| {
        let parts = allocate(&exact(total), &exact("0.01"), &weights, rest, mode).unwrap();
        parts.iter().map(|part| part.display_text(2)).collect::<Vec<_>>()
    };
    // 0.05 in thirds is 0.01⅔ each.
    assert_eq!(
        split("0.05", Rounding::HalfUp, Remainder::Last),
        ["0.02", "0.02", "0.01"]
    );
    assert_eq!(
        split("0.05", Rounding::HalfUp, Remainder::First),
        ["0.01", "0.02", "0.02"]
    );
    assert_eq!(
        split("0.05", Rounding::Up, Remainder::LargestRemainder),
        ["0.01", "0.02", "0.02"]
    );
    assert_eq!(
        split("0.05", Rounding::Down, Remainder::Last),
        ["0.01", "0.01", "0.03"]
    );
    assert_eq!(
        split("-0.05", Rounding::HalfUp, Remainder::Last),
        ["-0.02", "-0.02", "-0.01"]
    );
}

#[test]
fn what_cannot_be_split_is_an_error() {
    let cent = exact("0.01");
    let try_split = |total: &str, unit: &Exact, weights: &[&str]| {
        let weights: Vec<Exact> = weights.iter().map(|weight| exact(weight)).collect();
        allocate(
            &exact(total),
            unit,
            &weights,
            Remainder::LargestRemainder,
            Rounding::Down,
        )
    };
    assert_eq!(try_split("1", &cent, &[]), Err(AllocateError::ZeroWeight));
    assert_eq!(try_split("1", &cent, &["0", "0"]), Err(AllocateError::ZeroWeight));
    assert_eq!(try_split("0", &cent, &["0"]), Err(AllocateError::ZeroWeight));
    assert_eq!(
        try_split("1", &cent, &["2", "-1"]),
        Err(AllocateError::NegativeWeight(1))
    );
    assert_eq!(
        try_split("0.005", &cent, &["1"]),
        Err(AllocateError::NotAMultiple)
    );
    assert_eq!(
        try_split("1", &Exact::ZERO, &["1"]),
        Err(AllocateError::UnitNotPositive)
    );
    assert_eq!(
        try_split("0", &cent, &["1", "2"]),
        Ok(vec![Exact::ZERO, Exact::ZERO])
    );
}

#[test]
fn wide_weights_split_like_narrow_ones() {
    let narrow = [7_i64, 6, 9, 0, 1].map(Exact::from_i64);
    let factor = Exact::new(i128::MAX, 3).unwrap();
    let wide = narrow.each_ref().map(|weight| weight.mul(&factor).unwrap());
    for total in ["0.01", "99.99", "-100.00", "1234567.89"] {
        for rest in RESTS {
            for mode in Rounding::ALL {
                let by_narrow = allocate(&exact(total), &exact("0.01"), &narrow, rest, mode);
                assert!(by_narrow.is_ok());
                assert_eq!(
                    allocate(&exact(total), &exact("0.01"), &wide, rest, mode),
                    by_narrow
                );
            }
        }
    }
}

#[test]
fn a_million_random_splits_add_up() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        i128::from(state % below)
    };
    let mut weights = Vec::new();
    for case in 0..1_000_000 {
        let units = random(1 << (1 + case % 40));
        weights.clear();
        weights.push(1 + random(100));
        for _ in 0..random(6) {
            weights.push(random(1 << (1 + case % 20)));
        }
        let total: i128 = weights.iter().sum();
        let parts = allocate_whole(units, &weights, Remainder::LargestRemainder, Rounding::Down).unwrap();
        assert_eq!(parts.iter().sum::<i128>(), units);
        for (part, weight) in parts.iter().zip(&weights) {
            // Each part is the exact share rounded down or up.
            assert!(
                (part * total - units * weight).abs() < total,
                "{units} by {weights:?} gave {parts:?}"
            );
        }
    }
}

proptest! {
    #[test]
    fn parts_add_up_and_reversals_mirror(
        cents in any::<i64>(),
        weights in prop::collection::vec((0_i64..1_000_000, 1_i64..100), 1..8),
        first in 1_i64..1_000,
    ) {
        let mut weights: Vec<Exact> =
            weights.into_iter().map(|(n, d)| Exact::new(i128::from(n), i128::from(d)).unwrap()).collect();
        weights.push(Exact::from_i64(first));
        let unit = exact("0.01");
        let total = Exact::from_scaled(i128::from(cents), 2);
        for rest in RESTS {
            for mode in Rounding::ALL {
                let parts = allocate(&total, &unit, &weights, rest, mode).unwrap();
                let sum = parts.iter().try_fold(Exact::ZERO, |sum, part| sum.add(part)).unwrap();
                prop_assert_eq!(&sum, &total);
                let mirrored = allocate(&total.neg(), &unit, &weights, rest, mode).unwrap();
                let negated: Vec<Exact> = parts.iter().map(Exact::neg).collect();
                prop_assert_eq!(mirrored, negated);
            }
        }
    }

    #[test]
    fn a_part_is_within_one_unit_of_its_exact_share(
        units in 0_i64..1_000_000_000,
        weights in prop::collection::vec(0_i64..1_000, 1..8),
    ) {
        let weights: Vec<Exact> = weights.into_iter().map(Exact::from_i64).chain([Exact::ONE]).collect();
        let total_weight = weights.iter().try_fold(Exact::ZERO, |sum, weight| sum.add(weight)).unwrap();
        let total = Exact::from_i64(units);
        for mode in Rounding::ALL {
            let parts = allocate(&total, &Exact::ONE, &weights, Remainder::LargestRemainder, mode).unwrap();
            for (part, weight) in parts.iter().zip(&weights) {
                let share = total.mul(weight).unwrap().div(&total_weight).unwrap();
                prop_assert!(part.sub(&share).unwrap().abs() < Exact::ONE);
            }
        }
    }
}
