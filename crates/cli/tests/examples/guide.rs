//! Every rule block of the guide, the gallery and the figures is a complete file whose own tests pass.

use std::fs;

use crate::tool;

#[test]
fn the_blocks_of_the_guide_pass_their_tests() {
    assert_eq!(run_blocks("docs/guide"), 33, "blocks in the guide");
}

#[test]
fn the_blocks_of_the_gallery_pass_their_tests() {
    assert_eq!(run_blocks("docs/gallery"), 39, "blocks in the gallery");
}

#[test]
fn the_blocks_of_the_figures_pass_their_tests() {
    assert_eq!(run_blocks("docs/figures"), 89, "blocks beside the figures");
}

#[test]
fn the_index_of_the_figures_names_tests_that_exist() {
    let folder = tool::repository().join("docs/figures");
    let index = fs::read_to_string(folder.join("README.md")).expect("the index");
    let entries = index.lines().filter_map(|line| line.split_once(".md): \""));
    let mut named = 0;
    for (before, after) in entries {
        let (_, page) = before.rsplit_once('(').expect("a page");
        let (test, _) = after.rsplit_once('"').expect("a test");
        let text = fs::read_to_string(folder.join(format!("{page}.md"))).expect("a page");
        assert!(text.contains(&format!("\ntest \"{test}\"\n")), "{page}: {test}");
        named += 1;
    }
    assert!(named > 0, "the index names tests");
}

/// Runs the tests of every rule block on the pages of a folder; gives how many blocks there are.
fn run_blocks(pages: &str) -> usize {
    let mut blocks = 0;
    let folder = tempfile::tempdir().expect("a folder");
    let pages = fs::read_dir(tool::repository().join(pages)).expect("the pages");
    for page in pages.map(|page| page.expect("a page").path()) {
        let text = fs::read_to_string(&page).expect("text");
        for block in rule_blocks(&text) {
            blocks += 1;
            let name = page.file_stem().expect("a name").to_string_lossy().into_owned();
            let file = folder.path().join(format!("{name}_{blocks}.guerdon"));
            fs::write(&file, &block).expect("a file");
            assert!(
                block.contains("\ntest ") || block.contains("\n测试 "),
                "{}: a block without test",
                page.display()
            );
            tool::test(&file);
        }
    }
    blocks
}

/// Gives the rule blocks of a page.
pub fn rule_blocks(page: &str) -> Vec<String> {
    page.split("```guerdon\n")
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap_or_default().to_owned())
        .collect()
}
