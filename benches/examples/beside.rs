//! Times the engine beside the hand-written limits, one evaluation of each in turn: `beside WORKLOAD TIMES`.
//!
//! WORKLOAD is `monthly`, `scores` or `contest`. What else the machine does meets both alike, so that the ratios say
//! something even where it is busy. The engine's time is that of [`Plan::evaluate`] and of dropping its report.
#![allow(
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "it is for reading on a terminal"
)]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use guerdon::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon_benches::card::{Card, SCORES};
use guerdon_benches::race::{RACE, Race};
use guerdon_benches::{Batch, MONTHLY};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [workload, times] = arguments.as_slice() else {
        return Err("beside WORKLOAD TIMES".into());
    };
    let times = times.parse::<usize>()?.max(1);
    match workload.as_str() {
        "monthly" => {
            let batch = Batch::new(1_000_000, 10_000);
            let plan = Plan::compile(&[Source::new("w1.guerdon", MONTHLY)])?;
            beside(&plan, &batch.facts(&plan)?, || batch.by_hand(), times)
        }
        "scores" => {
            let card = Card::new(100_000);
            let plan = Plan::compile(&[Source::new("w3.guerdon", SCORES)])?;
            beside(&plan, &card.facts(&plan)?, || card.by_hand(), times)
        }
        "contest" => {
            let race = Race::new(100_000);
            let plan = Plan::compile(&[Source::new("race.guerdon", RACE)])?;
            beside(&plan, &race.facts(&plan)?, || race.by_hand(), times)
        }
        other => Err(format!("no workload is called {other}").into()),
    }
}

fn beside<T>(
    plan: &Plan,
    facts: &Facts,
    by_hand: impl Fn() -> T,
    times: usize,
) -> Result<(), Box<dyn Error>> {
    let run = Run::default();
    let (mut engine, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..times {
        let begun = Instant::now();
        drop(black_box(plan.evaluate(facts, &run)?));
        engine.push(begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        drop(black_box(by_hand()));
        limit.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    engine.sort_by(f64::total_cmp);
    limit.sort_by(f64::total_cmp);
    let of = |all: &[f64], place: usize| all.get(place).copied().unwrap_or_default();
    for (what, place) in [("best", 0), ("median", times / 2)] {
        let (engine, limit) = (of(&engine, place), of(&limit, place));
        println!(
            "{what:<7} {engine:7.2} ms, by hand {limit:6.2} ms: {:.2}",
            engine / limit
        );
    }
    Ok(())
}
