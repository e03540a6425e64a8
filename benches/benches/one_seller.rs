//! One seller with thirty deals and a new one: what a CRM asks while somebody types.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that cannot be set up must stop"
)]

use criterion::{Criterion, criterion_group, criterion_main};
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

criterion_group!(benches, one_seller);
criterion_main!(benches);
