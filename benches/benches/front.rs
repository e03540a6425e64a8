//! Reading rules and records: parse and check, load.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that cannot be set up must stop"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use guerdon::plan::{Plan, Source};
use guerdon_benches::{Batch, MONTHLY};

fn front(criterion: &mut Criterion) {
    let sources = [Source::new("w1.guerdon", MONTHLY)];
    let plan = Plan::compile(&sources).expect("the rules are sound");
    let batch = Batch::new(100_000, 1_000);
    let mut group = criterion.benchmark_group("front");
    group.sample_size(20);
    group.bench_function("parse, check and compile", |bencher| {
        bencher.iter(|| Plan::compile(&sources).is_ok())
    });
    group.bench_function("load 100k deals", |bencher| {
        bencher.iter(|| batch.facts(&plan).is_ok())
    });
    group.finish();
}

criterion_group!(benches, front);
criterion_main!(benches);
