//! Tests that stand in rule files, through the oracle.
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

use std::path::{Path, PathBuf};

use guerdon_oracle::read::read;
use guerdon_oracle::run_test;
use guerdon_oracle::run_test::Verdict;

/// Runs the tests of the first file; the others are those it uses.
#[track_caller]
fn run(files: &[(&str, &str)]) {
    let program = read(files).unwrap_or_else(|faults| panic!("{}", faults.text()));
    let (_, text) = files[0];
    let mut failures = Vec::new();
    let mut expectations = 0;
    for test in &program.tests {
        for outcome in run_test(&program, test) {
            expectations += 1;
            if outcome.verdict == Verdict::Failed {
                let line = text.get(outcome.span.range()).unwrap_or("?");
                failures.push(format!("{}: {line}: {:?}", test.name, outcome.found));
            }
        }
    }
    assert_eq!(failures, Vec::<String>::new());
    assert!(expectations > 0, "nothing is expected");
}

/// Finds the folder of shared examples, if it is at hand.
fn examples() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("GUERDON_SHARED").map_or(beside, PathBuf::from);
    Some(shared.join("design/examples")).filter(|folder| folder.is_dir())
}

#[track_caller]
fn run_example(name: &str, uses: &[&str]) {
    let Some(folder) = examples() else { return };
    let names: Vec<&str> = [name].iter().chain(uses).copied().collect();
    let texts: Vec<String> = names
        .iter()
        .map(|name| std::fs::read_to_string(folder.join(name)).unwrap())
        .collect();
    let files: Vec<(&str, &str)> = names
        .iter()
        .copied()
        .zip(texts.iter().map(String::as_str))
        .collect();
    run(&files);
}

#[test]
fn exceptions_and_checks() {
    run(&[("exceptions.guerdon", include_str!("rules/exceptions.guerdon"))]);
}

#[test]
fn account_executive() {
    run_example("1_ae.guerdon", &["sales.guerdon"]);
}

#[test]
fn retro_and_matrix() {
    run_example("2_retro_matrix.guerdon", &["sales.guerdon"]);
}

#[test]
fn manager() {
    run_example("3_manager.guerdon", &["sales.guerdon"]);
}

#[test]
fn draw() {
    run_example("4_draw.guerdon", &["sales.guerdon", "1_ae.guerdon"]);
}

#[test]
fn account_executive_in_chinese() {
    run_example("8_ae_zh.guerdon", &["sales.guerdon"]);
}

#[test]
fn regional_variant() {
    run_example("9_west_variant.guerdon", &["1_ae.guerdon", "sales.guerdon"]);
}
