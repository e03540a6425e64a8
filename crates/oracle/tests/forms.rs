//! Forms of the language, each in a rule file of its own whose tests must hold in the oracle and in the engine.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it says"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use guerdon::limits::Limits;
use guerdon::{Plan, Source};
use guerdon_oracle::read::read;
use guerdon_oracle::run_test::{Verdict, run_test};

/// How many expectations each file has, so that none is left out unseen.
const EXPECTED: [(&str, usize); 20] = [
    ("contest_zh", 4),
    ("modifiers", 12),
    ("rows_and_checks", 9),
    ("leavers", 8),
    ("known_as_of", 5),
    ("replaced_during", 10),
    ("segments", 33),
    ("proration", 16),
    ("working_days", 20),
    ("working_days_from_sheet", 3),
    ("caps", 52),
    ("review", 19),
    ("exchange", 30),
    ("hold", 28),
    ("replaced_in_tests", 19),
    ("periods_from_sheet", 3),
    ("tiers_from_sheet", 15),
    ("team_parts", 16),
    ("sums_in_tests", 13),
    ("releases", 9),
];

#[test]
fn the_tests_of_each_form_hold_in_the_oracle_and_in_the_engine() {
    let files = rule_files();
    let counted: BTreeMap<String, usize> = files
        .iter()
        .map(|file| {
            (
                file.file_stem().unwrap().to_string_lossy().into_owned(),
                hold(file),
            )
        })
        .collect();
    let expected = EXPECTED.map(|(name, count)| (name.to_owned(), count));
    assert_eq!(counted, BTreeMap::from(expected));
}

/// Runs the tests of a file by both, and gives the number of expectations.
fn hold(file: &Path) -> usize {
    let texts = with_companions(file);
    let held = by_oracle(&texts);
    assert_eq!(by_engine(&texts), held, "expectations of {}", file.display());
    held
}

fn by_oracle(texts: &[(String, String)]) -> usize {
    let files: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let program = read(&files).unwrap_or_else(|faults| panic!("{}", faults.text()));
    let outcomes: Vec<_> = program
        .tests
        .iter()
        .flat_map(|test| run_test(&program, test))
        .collect();
    for outcome in &outcomes {
        let line = texts[0].1.get(outcome.span.range()).unwrap_or("?");
        assert_eq!(outcome.verdict, Verdict::Fulfilled, "{line}: {:?}", outcome.found);
    }
    outcomes.len()
}

fn by_engine(texts: &[(String, String)]) -> usize {
    let sources: Vec<Source> = texts
        .iter()
        .map(|(name, text)| Source::new(name, text.as_str()))
        .collect();
    let plan = Plan::compile(&sources).unwrap_or_else(|faults| panic!("{faults}"));
    let results = plan.test(&Limits::default()).unwrap();
    for found in results.iter().flat_map(|result| &result.expectations) {
        let line = plan.sources().slice(found.span);
        assert_eq!(
            found.verdict,
            guerdon::testing::Verdict::Passed,
            "{line}: {:?}",
            found.found
        );
    }
    results.iter().map(|result| result.expectations.len()).sum()
}

fn rule_files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "guerdon"))
        .collect();
    files.sort();
    files
}

/// Gives the file and every sheet beside it, each with its name.
fn with_companions(file: &Path) -> Vec<(String, String)> {
    let sheets = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"));
    std::iter::once(file.to_path_buf())
        .chain(sheets)
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/forms")
}
