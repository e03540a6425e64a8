//! The shared library exports the functions of the header and nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up must stop"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Finds the shared library beside the test.
fn library() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().join("libguerdon_ffi.so")
}

#[test]
fn the_library_exports_what_the_header_declares() {
    let listed = Command::new("nm")
        .args(["-D", "--defined-only", "--format=posix"])
        .arg(library())
        .output()
        .unwrap();
    assert!(listed.status.success());
    let listed = String::from_utf8(listed.stdout).unwrap();
    let exported: BTreeSet<&str> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/guerdon.h");
    let header = std::fs::read_to_string(header).unwrap();
    let declared: BTreeSet<&str> = header
        .lines()
        .filter(|line| !line.starts_with([' ', '*', '/', '#']))
        .filter_map(|line| {
            let name = line.split('(').next()?.rsplit([' ', '*']).next()?;
            (line.contains('(') && name.starts_with("guerdon_")).then_some(name)
        })
        .collect();
    assert_eq!(exported, declared);
    assert!(declared.contains("guerdon_plan_compile"));
}

#[test]
fn the_library_has_a_name_and_stays_in_memory() {
    let shown = Command::new("readelf").arg("-d").arg(library()).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("soname: [libguerdon_ffi.so.1]"), "{shown}");
    assert!(shown.contains("NODELETE"), "{shown}");
}
