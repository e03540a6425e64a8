//! Whole files, faults and limits.

use std::path::PathBuf;

use crate::ast::File;
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::SourceMap;

pub(crate) fn read(name: &str, text: &str) -> (File, Vec<Diagnostic>) {
    let mut sources = SourceMap::default();
    let file = sources.add(name, text.as_bytes()).unwrap();
    let mut sink = Sink::default();
    let tree = super::parse(&sources, file, &mut sink);
    (tree, sink.finish())
}

/// Gives the shared example files, or nothing where they are not at hand.
pub(crate) fn examples() -> Vec<(String, String)> {
    let shared = std::env::var_os("GUERDON_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let Ok(folder) = std::fs::read_dir(shared.join("design/examples")) else {
        return Vec::new();
    };
    let mut found: Vec<(String, String)> = folder
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.to_owned();
            Some((name, std::fs::read_to_string(path).ok()?))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn the_examples_are_read_without_a_message() {
    for (name, text) in examples() {
        let (tree, faults) = read(&name, &text);
        assert_eq!(faults, Vec::<Diagnostic>::new(), "{name}");
        assert!(!tree.items.is_empty(), "{name}");
        assert!(tree.broken.is_empty(), "{name}");
    }
}

#[test]
fn cells_of_a_grid_may_be_negative() {
    let text =
        "test \"losses\"\n  given Sale\n    number | amount | share\n    1 | -CNY 5,000 | -2%\n  end\nend\n";
    let (tree, faults) = read("losses.guerdon", text);
    assert_eq!(faults, Vec::<Diagnostic>::new());
    assert!(tree.broken.is_empty());
    assert!(format!("{tree:?}").contains("written: \"-CNY 5,000\""));
}
