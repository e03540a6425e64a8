//! Every rule block of the guide is a complete file whose own tests pass.

use std::fs;

use crate::tool;

#[test]
fn the_blocks_of_the_guide_pass_their_tests() {
    let mut blocks = 0;
    let folder = tempfile::tempdir().expect("a folder");
    let pages = fs::read_dir(tool::repository().join("docs/guide")).expect("the guide");
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
    assert_eq!(blocks, 26, "blocks in the guide");
}

fn rule_blocks(page: &str) -> Vec<String> {
    page.split("```guerdon\n")
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap_or_default().to_owned())
        .collect()
}
