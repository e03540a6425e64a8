//! Contests, warnings and scorecards on public data sets, row by row against figures computed without Guerdon; skipped,
//! with a word, where a set is absent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::amounts::{canonical, rows};
use crate::real_records::data_set;
use crate::tool;

const MANAGING: [&str; 3] = ["contests.guerdon", "warnings.guerdon", "scorecards.guerdon"];

#[test]
fn adventure_works() {
    let tables = [
        ("standings", 372),
        ("warnings", 159),
        ("actions", 105),
        ("scorecards", 1848),
    ];
    compare("adventure_works", "AdventureWorks", &MANAGING, &tables);
}

#[test]
fn crm_sales_opportunities() {
    let tables = [
        ("standings", 304),
        ("warnings", 133),
        ("actions", 71),
        ("scorecards", 1155),
    ];
    compare("crm_opportunities", "CRMSalesOpportunities", &MANAGING, &tables);
}

#[test]
fn china_supermarket() {
    let tables = [("warnings", 89), ("actions", 46)];
    compare(
        "china_supermarket",
        "ChinaSupermarket",
        &["大区预警.guerdon"],
        &tables,
    );
}

#[test]
fn warnings_and_honours_in_chinese() {
    let tables = [("warnings", 12), ("actions", 13), ("awards", 4)];
    let folder = tool::plans().join("warnings_zh");
    compare_over("warnings_zh", &folder, &["预警与荣誉.guerdon"], &tables);
}

#[test]
fn the_group_the_season_and_the_lowest_tenth() {
    let tables = [("warnings", 204), ("scorecards", 70)];
    let folder = tool::plans().join("compared");
    compare_over("compared", &folder, &["compared.guerdon"], &tables);
}

/// Compares the tables of a run over a data set, if it is there.
fn compare(folder: &str, set: &str, rules: &[&str], tables: &[(&str, usize)]) {
    for file in rules {
        tool::test(&tool::plans().join(folder).join(file));
    }
    if let Some(data) = data_set(set) {
        compare_over(folder, &data, rules, tables);
    }
}

/// Runs the rules of a folder over records and compares every row of the tables, as many as are said.
fn compare_over(folder: &str, data: &Path, rules: &[&str], tables: &[(&str, usize)]) {
    let folder = tool::plans().join(folder);
    let out = tempfile::tempdir().expect("a folder");
    let rules: Vec<PathBuf> = rules.iter().map(|file| folder.join(file)).collect();
    let out = out.path().join("result");
    tool::run(&rules, data, &out);
    for (table, count) in tables {
        let name = format!("{table}.csv");
        let expected = rows(&folder.join("expected").join(&name));
        assert_eq!(expected.len(), *count, "{name}");
        let columns: Vec<&String> = expected[0].keys().collect();
        let found = sorted(&rows(&out.join(&name)), &columns);
        let expected = sorted(&expected, &columns);
        let missing: Vec<_> = expected.iter().filter(|row| !found.contains(*row)).collect();
        assert_eq!(
            missing,
            Vec::<&Vec<String>>::new(),
            "{name}: rows that are not there"
        );
        assert_eq!(found, expected, "{name}");
    }
}

/// Gives the cells of some columns, numbers in lowest terms, in an order that does not depend on how they were written.
fn sorted(rows: &[BTreeMap<String, String>], columns: &[&String]) -> Vec<Vec<String>> {
    let cells =
        |row: &BTreeMap<String, String>| columns.iter().map(|column| canonical(&row[*column])).collect();
    let mut rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
    rows.sort();
    rows
}
