//! One seller with thirty deals and a new one: what a CRM asks while somebody types.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that cannot be set up must stop"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use guerdon::facts::Input;
use guerdon::plan::{Plan, Run, Source};
use guerdon_benches::{Batch, MONTHLY};
use guerdon_plan::number::Exact;

fn one_seller(criterion: &mut Criterion) {
    let plan = Plan::compile(&[Source::new("w1.guerdon", MONTHLY)]).expect("the rules are sound");
    let batch = Batch::new(31, 1);
    let facts = batch.facts(&plan).expect("the records are sound");
    let run = Run::default();
    let paid = || {
        let report = plan.evaluate(&facts, &run).expect("no limit");
        let amounts = report.pay().map(|row| row.amount.exact().cloned());
        amounts.collect::<Option<Vec<Exact>>>()
    };
    let cents = |amount: &i64| Exact::from_scaled(i128::from(*amount), 2);
    assert_eq!(
        paid(),
        Some(batch.by_hand().iter().map(cents).collect::<Vec<_>>())
    );
    let mut group = criterion.benchmark_group("one seller, 31 deals, 12 months");
    group.bench_function("recomputed and read", |bencher| bencher.iter(paid));
    group.bench_function("loaded anew", |bencher| {
        bencher.iter(|| batch.facts(&plan).is_ok())
    });
    group.finish();
}

/// What it takes to change one deal of a million, without an evaluation.
fn one_deal(criterion: &mut Criterion) {
    let plan = Plan::compile(&[Source::new("w1.guerdon", MONTHLY)]).expect("the rules are sound");
    let batch = Batch::new(1_000_000, 10_000);
    let mut facts = batch.facts(&plan).expect("the records are sound");
    let deal = |id: &'static str, amount: i64| {
        [
            ("txn_id", Input::from(id)),
            ("rep_id", Input::from("R000007")),
            ("txn_date", Input::from("2025-06-30")),
            ("product_line", Input::from("core")),
            ("amount", Input::from(amount)),
            ("collected", Input::from(true)),
        ]
    };
    let mut put = |id, amount| {
        let put = facts.change(plan.program()).upsert("Txn", deal(id, amount));
        put.expect("a sound deal")
    };
    assert_eq!(put("T000500000", 1_000), 500_000);
    let mut amounts = (0..1_000).cycle();
    let mut group = criterion.benchmark_group("one deal of a million");
    group.bench_function("replaced", |bencher| {
        bencher.iter(|| put("T000500000", amounts.next().unwrap_or(0)));
    });
    let mut in_and_out = |id| {
        let mut change = facts.change(plan.program());
        change.upsert("Txn", deal(id, 1_000)).expect("a sound deal");
        change
            .remove("Txn", [("txn_id", id)])
            .expect("nothing refers to it")
    };
    group.bench_function("put in as the last, and taken out", |bencher| {
        bencher.iter(|| in_and_out("T999999999"));
    });
    group.sample_size(20);
    group.bench_function("put in amid the others, and taken out", |bencher| {
        bencher.iter(|| in_and_out("T000500000b"));
    });
    group.finish();
}

criterion_group!(benches, one_seller, one_deal);
criterion_main!(benches);
