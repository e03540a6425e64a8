//! The plans on public data sets, which are not part of the repository: skipped, with a word, where they are absent.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::amounts::Amounts;
use crate::tool;

#[test]
fn adventure_works() {
    compare(
        "adventure_works",
        "AdventureWorks",
        &["sellers.guerdon", "managers.guerdon"],
        211,
    );
}

#[test]
fn crm_sales_opportunities() {
    compare(
        "crm_opportunities",
        "CRMSalesOpportunities",
        &["agents.guerdon", "managers.guerdon"],
        144,
    );
}

#[test]
fn china_supermarket() {
    compare("china_supermarket", "ChinaSupermarket", &["大区提成.guerdon"], 71);
}

/// Runs the plans of a folder over a data set and compares pay, earnings and measures with the expected figures.
fn compare(folder: &str, set: &str, rules: &[&str], paid: usize) {
    let folder = tool::plans().join(folder);
    for file in rules {
        tool::test(&folder.join(file));
    }
    let Some(data) = data_set(set) else {
        return;
    };
    let out = tempfile::tempdir().expect("a folder");
    let rules: Vec<PathBuf> = rules.iter().map(|file| folder.join(file)).collect();
    let out = out.path().join("result");
    tool::run(&rules, &data, &out);
    let table =
        |path: PathBuf, name, amount| Amounts::read(&path, &["plan", name, "payee", "period"], amount);
    let expected = table(folder.join("expected/pay.csv"), "pay", "amount");
    let actual = table(out.join("pay.csv"), "pay", "amount");
    assert_eq!(expected.differences(&actual), Vec::<String>::new());
    assert_eq!(actual.len_without_zeros(), paid);
    let expected = table(folder.join("expected/earned.csv"), "earn", "amount");
    let actual = table(out.join("earnings.csv"), "earn", "earned").of_names_in(&expected);
    assert_eq!(expected.differences(&actual), Vec::<String>::new());
    compare_measures(&folder, &out);
}

/// Compares every measure and balance for which there is an expected figure.
fn compare_measures(folder: &Path, out: &Path) {
    let expected = Amounts::read(
        &folder.join("expected/measures.csv"),
        &["plan", "measure", "payee", "period"],
        "value",
    );
    assert!(expected.len_without_zeros() > 0);
    let actual = fs::read_dir(out)
        .expect("the result")
        .map(|file| file.expect("a file").path())
        .filter(|file| file.to_string_lossy().contains("measures_"))
        .map(|file| Amounts::read_measures(&file))
        .fold(Amounts::default(), Amounts::with)
        .of_names_in(&expected);
    assert_eq!(expected.differences(&actual), Vec::<String>::new());
}

/// Finds a data set below the folder that `GUERDON_SHARED` names, or below `shared` beside the repository.
pub fn data_set(name: &str) -> Option<PathBuf> {
    let shared =
        env::var_os("GUERDON_SHARED").map_or_else(|| tool::repository().join("../shared"), PathBuf::from);
    let folder = shared.join("data").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let _ = std::io::Write::write_all(
        &mut std::io::stderr(),
        format!("skipped: no data set {name}\n").as_bytes(),
    );
    None
}
