//! Generated plans through engine and oracle: every shown cell must be the same.
//!
//! `GUERDON_CASES` sets how many (20,000 without it), `GUERDON_SEED` the first seed; case n has the seed plus n. A
//! difference is made smaller, statement by statement and record by record, before it is printed.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::type_complexity,
    reason = "a test stops where something is not as it says"
)]
#![expect(
    clippy::print_stderr,
    reason = "a long run says what it does, and how to repeat it"
)]

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use guerdon::plan::{Plan, Source};
use guerdon_oracle::generate::{Case, TESTS, case};
use guerdon_oracle::oracle::blocks::trees;
use guerdon_oracle::read::read;
use guerdon_oracle::run_test::run_end;
use guerdon_oracle::{Oracle, Records, outputs};

use self::comparison::compare_on;

#[path = "shared/comparison.rs"]
mod comparison;

/// After how many cases that differ the rest is not looked at.
const MAX_DIFFERENT: usize = 200;
/// The most that is tried to make a difference smaller.
const MAX_SHRINKS: usize = 4_000;

/// Says what came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    Agreement,
    /// The text is refused, with the messages.
    Refused(String),
    /// Cells with the engine's and the oracle's values.
    Differences(Vec<(String, String, String)>),
}

/// How many of the cases that differ are made smaller and printed.
const MAX_PRINTED: u64 = 3;

#[test]
fn engine_and_oracle_agree() {
    let (count, first) = (number("GUERDON_CASES", 20_000), number("GUERDON_SEED", 1));
    let files = count.div_ceil(TESTS);
    eprintln!("{count} cases: {files} generated files with {TESTS} tests each, seeds from {first}");
    let next = AtomicU64::new(0);
    let seeds = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for _ in 0..threads() {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    if place >= files || seeds.lock().unwrap().len() >= MAX_DIFFERENT {
                        break;
                    }
                    let seed = first.wrapping_add(place);
                    if compare(&case(seed)) != Found::Agreement {
                        seeds.lock().unwrap().insert(seed);
                    }
                }
            });
        }
    });
    let seeds = seeds.into_inner().unwrap();
    let printed = usize::try_from(number("GUERDON_PRINTED", MAX_PRINTED)).unwrap();
    for seed in seeds.iter().take(printed) {
        eprintln!("{}", described(&case(*seed)));
    }
    assert!(
        seeds.is_empty(),
        "engine and oracle differ with the seeds {seeds:?}"
    );
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, NonZero::get)
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// Writes what is wrong with a case, as small as it can be made.
fn described(case: &Case) -> String {
    let small = match compare(case) {
        Found::Differences(_) => smallest(case),
        Found::Agreement | Found::Refused(_) => case.clone(),
    };
    let text = small.text();
    match compare(&small) {
        Found::Agreement => format!("seed {}: no difference any more", case.seed),
        Found::Refused(messages) => format!("seed {}: refused\n\n{text}\n{messages}", case.seed),
        Found::Differences(differences) => {
            let lines: Vec<String> = differences
                .iter()
                .map(|(key, engine, oracle)| format!("{key}: engine {engine}, oracle {oracle}"))
                .collect();
            format!(
                "seed {}: engine and oracle differ\n\n{text}\n{}",
                case.seed,
                lines.join("\n")
            )
        }
    }
}

/// Drops parts of a case as long as there is a difference.
fn smallest(case: &Case) -> Case {
    let mut found = case.clone();
    let mut tries = 0;
    'smaller: loop {
        for candidate in found.smaller() {
            tries += 1;
            if tries > MAX_SHRINKS {
                return found;
            }
            if matches!(compare(&candidate), Found::Differences(_)) {
                found = candidate;
                continue 'smaller;
            }
        }
        return found;
    }
}

fn compare(case: &Case) -> Found {
    let plan = match Plan::compile(&[Source::new("case.guerdon", case.text())]) {
        Ok(plan) => plan,
        Err(rejection) => return Found::Refused(rejection.to_string()),
    };
    let mut differences = Vec::new();
    let trees = trees("case.guerdon", &case.text());
    for test in &plan.program().tests {
        match compare_on(&plan, &trees, test) {
            Ok(found) => differences.extend(found),
            Err(message) => return Found::Refused(message),
        }
    }
    if differences.is_empty() {
        Found::Agreement
    } else {
        Found::Differences(differences)
    }
}

#[test]
fn a_generated_plan_is_computed_by_the_oracle() {
    let mut known = 0;
    for seed in 0..300 {
        let text = case(seed).text();
        let program =
            read(&[("case.guerdon", &text)]).unwrap_or_else(|faults| panic!("{text}\n{}", faults.text()));
        let test = &program.tests[0];
        let records = Records::from_given(&program, &test.given);
        let found = outputs(&Oracle::new(
            &program,
            &records,
            run_end(&program, test),
            &test.with,
        ));
        known += found
            .values()
            .filter(|value| !["error", "missing", "0"].contains(&value.as_str()))
            .count();
    }
    // Far fewer would mean that the generated plans are about nothing.
    assert!(known > 5_000, "{known} cells have a value other than zero");
}
