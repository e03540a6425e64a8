//! The list of what is `unsafe` in the README is complete.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must stop")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Counts blocks, functions, traits and implementations that are `unsafe`, without comments and exported functions.
fn count(source: &str) -> usize {
    let code = source.lines().map(|line| line.split("//").next().unwrap());
    let words = ["unsafe {", "unsafe fn", "unsafe trait", "unsafe impl"];
    code.map(|line| words.iter().map(|word| line.matches(word).count()).sum::<usize>())
        .sum()
}

/// Counts them in every file that has some, up to the tests at its end.
fn found(folder: &Path, below: &str, found: &mut BTreeMap<String, usize>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            self::found(&path, &name, found);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let shipped = source.split("#[cfg(test)]").next().unwrap();
        if count(shipped) > 0 {
            found.insert(name, count(shipped));
        }
    }
}

#[test]
fn the_readme_lists_every_file_with_the_number_of_its_unsafe_blocks() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let listed: BTreeMap<String, usize> = readme
        .lines()
        .filter_map(|line| {
            let (file, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
            let number = rest.split(' ').next()?.parse().ok()?;
            Some((file.to_owned(), number))
        })
        .collect();
    let mut counted = BTreeMap::new();
    found(&root.join("src"), "src", &mut counted);
    assert_eq!(listed, counted);
}
