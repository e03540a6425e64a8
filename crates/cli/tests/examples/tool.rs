//! Calls the command line as a person would.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Gives the folder of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Gives the folder of the example plans.
pub fn plans() -> PathBuf {
    repository().join("examples/rules")
}

/// Runs the tests inside a rule file; panics with what was printed if one fails.
pub fn test(rules: &Path) {
    let output = guerdon()
        .arg("test")
        .arg(rules)
        .output()
        .expect("the command line starts");
    assert!(
        output.status.success(),
        "{}:\n{}",
        rules.display(),
        printed(&output)
    );
}

/// Runs rule files over a data folder and writes the result to another folder.
pub fn run(rules: &[PathBuf], data: &Path, out: &Path) {
    let output = guerdon()
        .arg("run")
        .args(rules)
        .arg("--data")
        .arg(data)
        .arg("--out")
        .arg(out)
        .output()
        .expect("the command line starts");
    assert!(output.status.success(), "{rules:?}:\n{}", printed(&output));
}

/// Explains a figure over a data folder; gives what was printed.
pub fn explain(rules: &Path, data: &Path, figure: &str) -> String {
    let output = guerdon()
        .arg("explain")
        .arg(rules)
        .arg("--data")
        .arg(data)
        .arg(figure)
        .output()
        .expect("the command line starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn guerdon() -> Command {
    Command::new(env!("CARGO_BIN_EXE_guerdon"))
}

fn printed(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
