//! The monthly batch: the engine and the hand-written limit side by side, in one run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that cannot be set up must stop"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use guerdon::plan::{Plan, Run, Source};
use guerdon_benches::{Batch, MONTHLY};

fn monthly(criterion: &mut Criterion) {
    let batch = Batch::new(1_000_000, 10_000);
    let plan = Plan::compile(&[Source::new("w1.guerdon", MONTHLY)]).expect("the rules are sound");
    let facts = batch.facts(&plan).expect("the records are sound");
    let run = Run::default();
    let expected = batch.by_hand();
    let report = plan.evaluate(&facts, &run).expect("no limit");
    let found: Vec<_> = report.pay().collect();
    assert_eq!(found.len(), expected.len());
    for (row, cents) in found.iter().zip(&expected) {
        let amount = row.amount.exact().and_then(|amount| amount.to_scaled(2));
        assert_eq!(
            amount,
            Some(i128::from(*cents)),
            "{} {}",
            row.payee,
            row.period_label
        );
    }
    let mut group = criterion.benchmark_group("monthly batch, 1M deals, 10k sellers");
    group.sample_size(20);
    group.bench_function("by hand", |bencher| bencher.iter(|| batch.by_hand()));
    group.bench_function("guerdon", |bencher| {
        bencher.iter(|| {
            let report = plan.evaluate(&facts, &run).expect("no limit");
            std::hint::black_box(&report);
        });
    });
    group.bench_function("guerdon, with what the books are to say", |bencher| {
        bencher.iter(|| {
            let report = plan.evaluate(&facts, &run).expect("no limit");
            std::hint::black_box(report.accruals().count());
        });
    });
    group.bench_function("guerdon, with what is left in the books", |bencher| {
        bencher.iter(|| {
            let report = plan.evaluate(&facts, &run).expect("no limit");
            std::hint::black_box(report.accrual_balances());
        });
    });
    group.finish();
}

criterion_group!(benches, monthly);
criterion_main!(benches);
