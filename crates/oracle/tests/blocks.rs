//! Contests, warnings, scorecards and targets: tests that stand in rule files, through engine and oracle.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test stops where something is not as it says"
)]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::path::{Path, PathBuf};

use guerdon::limits::Limits;
use guerdon::plan::{Plan, Source};
use guerdon_oracle::read::read;
use guerdon_oracle::run_test;
use guerdon_oracle::run_test::Verdict;

/// Runs the tests of the first file through both; the others are those it uses.
#[track_caller]
fn run(files: &[(&str, &str)]) {
    let mut failures = by_oracle(files);
    failures.extend(by_engine(files));
    assert_eq!(failures, Vec::<String>::new());
}

fn by_oracle(files: &[(&str, &str)]) -> Vec<String> {
    let program = read(files).unwrap_or_else(|faults| panic!("{}", faults.text()));
    let text = files.first().map_or("", |(_, text)| text);
    let (mut failures, mut expectations) = (Vec::new(), 0);
    for test in &program.tests {
        for outcome in run_test(&program, test) {
            expectations += 1;
            if outcome.verdict != Verdict::Fulfilled {
                let line = text.get(outcome.span.range()).unwrap_or("?");
                failures.push(format!("oracle, {}: {line}: {:?}", test.name, outcome.found));
            }
        }
    }
    assert!(expectations > 0, "nothing is expected");
    failures
}

fn by_engine(files: &[(&str, &str)]) -> Vec<String> {
    let sources: Vec<Source> = files
        .iter()
        .map(|(name, text)| Source::new(*name, *text))
        .collect();
    let plan = Plan::compile(&sources).unwrap_or_else(|found| panic!("{:?}", found.diagnostics()));
    let mut failures = Vec::new();
    for result in plan.test(&Limits::default()).unwrap() {
        for expectation in &result.expectations {
            if expectation.verdict != guerdon::testing::Verdict::Passed {
                let line = plan.sources().slice(expectation.span);
                failures.push(format!(
                    "engine, {}: {line}: {:?}",
                    result.name, expectation.found
                ));
            }
        }
    }
    failures
}

/// Finds the folder of shared examples, if it is at hand.
fn examples() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("GUERDON_SHARED").map_or(beside, PathBuf::from);
    Some(shared.join("design/examples")).filter(|folder| folder.is_dir())
}

#[test]
fn scores_are_rounded_before_they_are_weighted() {
    run(&[(
        "card.guerdon",
        include_str!("rules/blocks/scorecard_rounded.guerdon"),
    )]);
}

#[test]
fn a_value_for_two_records_is_worked_out_where_it_is_asked_for() {
    run(&[("pairs.guerdon", include_str!("rules/blocks/pairs.guerdon"))]);
}

#[test]
fn a_test_replaces_measures_of_blocks() {
    run(&[("blocks.guerdon", include_str!("rules/blocks/replaced.guerdon"))]);
}

#[test]
fn what_builds_on_itself_counts_within_the_one_period_of_a_block() {
    run(&[(
        "one_period.guerdon",
        include_str!("rules/blocks/one_period.guerdon"),
    )]);
    run(&[(
        "one_period_zh.guerdon",
        include_str!("rules/blocks/one_period_zh.guerdon"),
    )]);
}

#[test]
fn a_split_pays_everybody_below() {
    run(&[(
        "split_team.guerdon",
        include_str!("rules/blocks/split_team.guerdon"),
    )]);
    run(&[(
        "split_team_zh.guerdon",
        include_str!("rules/blocks/split_team_zh.guerdon"),
    )]);
}

#[test]
fn everybody_has_a_gap_of_their_own() {
    run(&[("target.guerdon", include_str!("rules/blocks/target_each.guerdon"))]);
}

#[test]
fn the_example_of_a_scorecard() {
    let Some(folder) = examples() else {
        eprintln!("the shared examples are not here: skipped");
        return;
    };
    let texts = ["7_scorecard.guerdon", "sales.guerdon"]
        .map(|name| (name, std::fs::read_to_string(folder.join(name)).unwrap()));
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    run(&files);
}
