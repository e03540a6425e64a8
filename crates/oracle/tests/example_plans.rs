//! The example plans and the blocks of the guide, the gallery and the figures: read without a message, and every test in them holds
//! in the oracle.

#![expect(clippy::unwrap_used, reason = "a test stops where its input is wrong")]

use std::fs;
use std::path::{Component, Path, PathBuf};

use guerdon_oracle::run_test;
use guerdon_oracle::run_test::Verdict;
use guerdon_plan::hir::from_ast::check;
use guerdon_syntax::{Renderer, Severity, Sink, SourceMap, ast, parse};

#[test]
fn the_tests_of_the_example_plans_hold() {
    let mut tests = 0;
    for folder in sorted(&repository().join("examples/rules")) {
        if folder.is_dir() {
            for file in sorted(&folder) {
                if file.extension().is_some_and(|ending| ending == "guerdon") {
                    tests += hold(&file, &fs::read_to_string(&file).unwrap());
                }
            }
        }
    }
    assert_eq!(
        tests, 55,
        "tests in the example plans, those of used files counted again"
    );
}

#[test]
fn the_tests_of_the_guide_hold() {
    assert_eq!(hold_pages("docs/guide"), 41, "tests in the guide");
}

#[test]
fn the_tests_of_the_gallery_hold() {
    assert_eq!(hold_pages("docs/gallery"), 84, "tests in the gallery");
}

#[test]
fn the_tests_of_the_figures_hold() {
    assert_eq!(hold_pages("docs/figures"), 107, "tests beside the figures");
}

/// Runs the tests of every rule block on the pages of a folder; gives how many tests there are.
fn hold_pages(pages: &str) -> usize {
    let of_page = |page: &PathBuf| -> usize {
        let text = fs::read_to_string(page).unwrap();
        let blocks = text.split("```guerdon\n").skip(1);
        let rules = blocks.map(|block| block.split("\n```").next().unwrap());
        rules.map(|rules| hold(page, rules)).sum()
    };
    sorted(&repository().join(pages)).iter().map(of_page).sum()
}

/// Checks a rule file with those it uses and runs all tests; gives how many.
fn hold(file: &Path, text: &str) -> usize {
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    let mut trees = Vec::new();
    let mut open = vec![(file.to_path_buf(), text.to_owned())];
    while let Some((file, text)) = open.pop() {
        let name = file.to_string_lossy().into_owned();
        if sources.files().any(|(_, known)| known.name() == name) {
            continue;
        }
        let id = sources.add(name, text.as_bytes()).unwrap();
        let tree = parse(&sources, id, &mut sink);
        sources.set_language(id, tree.language);
        for used in tree.items.iter().filter_map(used_path) {
            let used = plain(&file.parent().unwrap().join(used));
            let text = fs::read_to_string(&used).unwrap();
            open.push((used, text));
        }
        trees.push(tree);
    }
    let program = check(&trees, &sources, &mut sink);
    for message in sink.finish() {
        assert_ne!(
            message.severity,
            Severity::Error,
            "{}",
            Renderer::default().render(&message, &sources)
        );
    }
    for test in &program.tests {
        for outcome in run_test(&program, test) {
            let expected = sources.slice(outcome.span);
            let found = outcome.found;
            assert_eq!(
                outcome.verdict,
                Verdict::Fulfilled,
                "{}: {expected}: {found:?}",
                file.display()
            );
        }
    }
    program.tests.len()
}

fn used_path(item: &ast::Item) -> Option<&str> {
    if let ast::Item::Use(line) = item {
        Some(&line.path.value)
    } else {
        None
    }
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn repository() -> PathBuf {
    plain(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
}

/// Takes `..` out of a path, as the names of used files have none.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}
