//! What runs print and write.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::fixture::{Company, DEALS, example, guerdon};

fn run_into(company: &Company, folder: &str, more: &[&str]) -> i32 {
    let mut arguments = vec!["run", "plan.guerdon", "--data", ".", "--out", folder];
    arguments.extend(more);
    company.guerdon(&arguments).code
}

/// Rewrites the amount of a row with two decimals, as the expected tables have it.
fn with_cents(line: &str) -> String {
    let (row, amount) = line.rsplit_once(',').unwrap();
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    format!("{row},{whole}.{part:0<2}")
}

#[test]
fn the_quickstart_pays_what_is_expected() {
    let folder = example("quickstart");
    let done = guerdon(
        &folder,
        &["run", "commission.guerdon", "--data", ".", "--format", "csv"],
    );
    let expected = std::fs::read_to_string(folder.join("expected/pay.csv")).unwrap();
    let expected: BTreeSet<String> = expected.lines().skip(1).map(str::to_owned).collect();
    let found: BTreeSet<String> = done.out.lines().skip(1).map(with_cents).collect();
    assert_eq!(found, expected);
    assert_eq!(done.code, 0, "{}", done.err);
}

#[test]
fn the_same_run_writes_the_same_bytes() {
    let company = Company::with_deals("D1,Ann,1000,50%,2026-02-11\n");
    assert_eq!(run_into(&company, "one", &["--threads", "1"]), 0);
    assert_eq!(run_into(&company, "one", &["--threads", "1"]), 0);
    assert_eq!(run_into(&company, "two", &["--threads", "2"]), 0);
    let shuffled = DEALS.replace("D0,", "D1,Ann,1000,50%,2026-02-11\nD0,");
    company.write("Deal.csv", shuffled);
    company.write("Seller.csv", "name\nBob\nAnn\n");
    assert_eq!(run_into(&company, "three", &[]), 0);
    let entries = std::fs::read_dir(company.path("one")).unwrap();
    let names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.contains(&"pay.csv".to_owned()));
    for name in names {
        let one = company.read(&format!("one/{name}"));
        assert_eq!(one, company.read(&format!("two/{name}")), "{name}");
        // The manifest holds the hashes of the inputs, which differ.
        if name != "manifest.json" {
            assert_eq!(one, company.read(&format!("three/{name}")), "{name}");
        }
    }
}

#[test]
fn the_manifest_names_files_by_their_hashes() {
    let company = Company::with_deals("");
    assert_eq!(run_into(&company, "out", &[]), 0);
    let manifest: serde_json::Value = serde_json::from_str(&company.read("out/manifest.json")).unwrap();
    let outputs = manifest["outputs"].as_array().unwrap();
    assert!(!outputs.is_empty());
    for output in outputs {
        let name = output["name"].as_str().unwrap();
        let bytes = std::fs::read(company.path("out").join(name)).unwrap();
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(output["sha256"].as_str(), Some(hash.as_str()), "{name}");
    }
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let company = Company::with_deals("");
    std::fs::create_dir(company.path("letters")).unwrap();
    company.write("letters/dear.txt", "Dear Ann");
    assert_eq!(run_into(&company, "letters", &[]), 3);
    assert_eq!(company.read("letters/dear.txt"), "Dear Ann");
    let entries = std::fs::read_dir(company.path("letters")).unwrap();
    assert_eq!(entries.count(), 1);
}

#[test]
fn spreadsheets_get_no_formulas() {
    let company = Company::with_deals("D1,=cmd,1000,50%,2026-02-11\n");
    company.write("Seller.csv", "name\n=cmd\nBob\n");
    assert_eq!(run_into(&company, "plain", &[]), 0);
    assert_eq!(run_into(&company, "guarded", &["--spreadsheet"]), 0);
    assert!(company.read("plain/pay.csv").contains(",=cmd,"));
    assert!(company.read("guarded/pay.csv").contains(",'=cmd,"));
}

#[test]
fn control_characters_are_shown_and_not_obeyed() {
    let company = Company::with_deals("");
    company.write("Seller.csv", "name\nA\u{1b}[31mnn\nBob\n");
    let done = company.guerdon(&["run", "plan.guerdon", "--data", "."]);
    assert!(done.out.contains("A\\u{1b}[31mnn"), "{}", done.out);
    assert!(!done.out.contains('\u{1b}') && !done.err.contains('\u{1b}'));
}
