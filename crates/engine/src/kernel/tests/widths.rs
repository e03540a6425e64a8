//! Numbers of every width: no form may overflow unseen.

use guerdon_plan::graph::{SliceRow, SliceTable, SliceWant};
use guerdon_plan::hir::{Beyond, Edge, Effective, Factor, Limit, Sign, TierKind};
use guerdon_syntax::span::Span;

use super::tiers::{meaning, no_day, slice};
use super::*;

/// Gives the extreme numbers of a width: the greatest, and the least.
fn extremes(bits: u32) -> [i128; 2] {
    let power = 1_i128
        .checked_shl(bits)
        .filter(|_| bits < 127)
        .unwrap_or(i128::MAX);
    [power - i128::from(bits < 127), -power]
}

/// Holds one number as narrowly as it goes.
fn one(value: i128) -> Vector<'static> {
    plain(Numbers::from_wide(vec![value], 0))
}

fn exact_of(value: i128) -> Exact {
    Exact::from_i128(value)
}

fn check(op: &Op, values: &[i128], wanted: &Exact) {
    let inputs: Vec<Vector<'static>> = values.iter().map(|value| one(*value)).collect();
    let found = run(op, &inputs);
    assert_eq!(found.cell(0), Cell::Number(wanted.clone()), "{values:?}");
}

#[test]
fn sums_and_products_of_all_widths_are_exact() {
    let sum = Op::Sum(vec![
        (Sign::Plus, node()),
        (Sign::Minus, node()),
        (Sign::Plus, node()),
    ]);
    let product = Op::Product(vec![(Factor::Times, node()); 2]);
    let quotient = Op::Product(vec![(Factor::Times, node()), (Factor::Over, node())]);
    let widths = [1, 20, 31, 32, 33, 61, 62, 63, 64, 65, 95, 124, 125, 126, 127];
    for (one, other) in widths.iter().flat_map(|one| widths.map(|other| (*one, other))) {
        for (a, b) in extremes(one)
            .into_iter()
            .flat_map(|a| extremes(other).map(|b| (a, b)))
        {
            let (x, y) = (exact_of(a), exact_of(b));
            check(&sum, &[a, b, a], &x.sub(&y).unwrap().add(&x).unwrap());
            check(&product, &[a, b], &x.mul(&y).unwrap());
            check(&quotient, &[a, b], &x.div(&y).unwrap());
        }
    }
}

#[test]
fn products_at_the_limit_of_64_and_128_bits_are_exact() {
    let product = Op::Product(vec![(Factor::Times, node()); 2]);
    for (limit, bits) in [62, 63, 64, 65, 126, 127, 128]
        .into_iter()
        .flat_map(|limit| (1..63).map(move |bits| (limit, bits)))
    {
        for (a, b) in extremes(bits)
            .into_iter()
            .flat_map(|a| extremes(limit - bits).map(|b| (a, b)))
        {
            check(&product, &[a, b], &exact_of(a).mul(&exact_of(b)).unwrap());
        }
    }
}

#[test]
fn decimals_are_aligned_in_all_widths() {
    let limits = Op::Bounded {
        value: node(),
        limits: vec![(Limit::AtMost, node())],
    };
    for (bits, decimals) in (1..=63).flat_map(|bits| [1, 6, 9, 18].map(|decimals| (bits, decimals))) {
        for value in extremes(bits) {
            let value = i64::try_from(value).unwrap();
            let inputs = [scaled(&[value], 0), scaled(&[1], decimals)];
            let wanted = Exact::from_i64(value).min(Exact::from_scaled(1, decimals));
            assert_eq!(
                run(&limits, &inputs).cell(0),
                Cell::Number(wanted),
                "{value} {decimals}"
            );
            let sum = run(&Op::Sum(vec![(Sign::Plus, node()); 2]), &inputs);
            let wanted = Exact::from_i64(value)
                .add(&Exact::from_scaled(1, decimals))
                .unwrap();
            assert_eq!(sum.cell(0), Cell::Number(wanted), "{value} {decimals}");
        }
    }
}

fn tiers(kind: TierKind, rate: &Exact) -> SliceTable {
    let end = |at, edge| Some((Exact::from_i64(at), edge));
    let pays_by_rate = matches!(kind, TierKind::Marginal | TierKind::Retro);
    let row = |lower: i64, upper| SliceRow {
        lower: end(lower, Edge::Included),
        upper,
        rate: pays_by_rate.then(|| rate.clone()),
        amount: Some(rate.clone()),
        span: Span::default(),
    };
    let upper = |at| end(at, Edge::Excluded).filter(|_| kind != TierKind::Interpolated);
    let rows = vec![row(-3, upper(1)), row(1, upper(1_000)), row(1_000, upper(1_001))];
    SliceTable {
        kind,
        versions: vec![(Effective::default(), rows, Beyond::Continue)],
    }
}

#[test]
fn tiers_of_all_widths_are_exact() {
    let kinds = [
        TierKind::Marginal,
        TierKind::Retro,
        TierKind::Flat,
        TierKind::Fill,
        TierKind::Interpolated,
    ];
    let widths = [
        1, 20, 40, 47, 48, 49, 50, 51, 52, 53, 60, 61, 62, 63, 90, 110, 111, 112, 113, 114, 115, 116, 124,
    ];
    let rates = ["1", "0.05", "1023", "1.048575"].map(exact);
    for (kind, rate) in kinds
        .into_iter()
        .flat_map(|kind| rates.iter().map(move |rate| (kind, rate)))
    {
        let table = tiers(kind, rate);
        let graph = Graph {
            slices: vec![table.clone()],
            ..Graph::default()
        };
        for (bits, against) in widths
            .into_iter()
            .flat_map(|bits| widths.map(|against| (bits, against)))
        {
            let (value, against) = (extremes(bits)[usize::from(bits % 3 == 0)], extremes(against)[0]);
            let op = slice(SliceWant::Amount, Some(node()));
            let found = run_in(&graph, &op, &[no_day(), one(value), one(against)]);
            let wanted = meaning(
                &table,
                SliceWant::Amount,
                &exact_of(value),
                Some(&exact_of(against)),
            );
            assert_eq!(
                found.cell(0),
                Cell::Number(wanted.unwrap()),
                "{kind:?} {rate} {value} {against}"
            );
            let share = plain(Numbers::Ratio(Cow::Owned(vec![value]), Cow::Owned(vec![against])));
            let found = run_in(&graph, &slice(SliceWant::Amount, None), &[no_day(), share]);
            let share = Exact::new(value, against).unwrap();
            let wanted = meaning(&table, SliceWant::Amount, &share, None);
            assert_eq!(
                found.cell(0),
                Cell::Number(wanted.unwrap()),
                "{kind:?} {rate} {value} over {against}"
            );
        }
    }
}
