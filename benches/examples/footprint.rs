//! Time and memory of one load and one evaluation: `footprint DEALS SELLERS [sorted|shuffled] [THREADS]`.
//!
//! Prints the bytes of the columns, how far the process grew while they were loaded and while they were evaluated
//! (its greatest resident size, as Linux tells it), and the times.
#![allow(
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "it is for reading on a terminal, and a measurement that cannot be set up must stop"
)]

use std::error::Error;
use std::time::{Duration, Instant};

use guerdon::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon_benches::{Batch, MONTHLY};
use guerdon_plan::types::FieldId;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let deals = arguments.next().map_or(Ok(1_000_000), |deals| deals.parse())?;
    let sellers = arguments.next().map_or(Ok(10_000), |sellers| sellers.parse())?;
    let is_shuffled = arguments.next().is_some_and(|order| order == "shuffled");
    let threads = arguments.next().map_or(Ok(1), |threads| threads.parse())?;

    let plan = Plan::compile(&[Source::new("w1.guerdon", MONTHLY)])?;
    let mut batch = Batch::new(deals, sellers);
    if is_shuffled {
        batch.shuffle();
    }
    let before = resident("VmRSS:");
    let begun = Instant::now();
    let facts = batch.facts(&plan)?;
    let loaded = begun.elapsed();
    let peak = resident("VmHWM:");
    let (all, read) = (column_bytes(&facts), batch.bytes_read());
    println!(
        "load     {loaded:>10.1?}, columns {:>8} kB, of them read by the plan {:>8} kB",
        all / 1024,
        read / 1024
    );
    println!(
        "         grew by {} kB at the most: {} % of the columns, {} % of those read",
        peak - before,
        (peak - before) * 102_400 / all,
        (peak - before) * 102_400 / read
    );

    let run = Run {
        threads,
        ..Run::default()
    };
    let mut best = Duration::MAX;
    for _ in 0..10 {
        let begun = Instant::now();
        drop(plan.evaluate(&facts, &run)?);
        best = best.min(begun.elapsed());
    }
    println!(
        "evaluate {best:>10.1?} with {threads} threads, the best of ten; grew by {} kB more",
        resident("VmHWM:") - peak
    );
    Ok(())
}

fn column_bytes(facts: &Facts) -> usize {
    let columns = facts.tables().iter().flat_map(|table| {
        let fields = (0..32).map(FieldId::at);
        fields.filter_map(|field| table.column(field))
    });
    columns.map(guerdon::column::Column::heap_bytes).sum()
}

/// Gives a size of the process in kilobytes; 0 where the system does not tell.
fn resident(what: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
