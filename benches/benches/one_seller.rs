//! One seller with thirty deals and one new one: what a CRM asks while somebody types.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that cannot be set up must stop"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use guerdon::plan::{Plan, Run, Source};
use guerdon_benches::{Batch, MONTHLY};

fn one_seller(criterion: &mut Criterion) {
    let plan = Plan::compile(&[Source::new("w1.guerdon", MONTHLY)]).expect("the rules are sound");
    let facts = Batch::new(31, 1).facts(&plan).expect("the records are sound");
    let run = Run::default();
    criterion.bench_function("one seller, 31 deals, recomputed", |bencher| {
        bencher.iter(|| std::hint::black_box(plan.evaluate(&facts, &run).expect("no limit").pay().count()));
    });
}

criterion_group!(benches, one_seller);
criterion_main!(benches);
