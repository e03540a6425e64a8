//! Reads the pages of the messages: their heading and their fenced examples.

use std::fs;
use std::path::PathBuf;

/// Is one page of `docs/errors`.
pub struct Page {
    /// The code the file is named after.
    pub code: String,
    /// The whole text.
    pub text: String,
    /// The fenced blocks, in order.
    pub fences: Vec<Fence>,
}

/// Is one fenced block.
pub struct Fence {
    /// What stands behind the back-ticks.
    pub info: String,
    /// What stands between them.
    pub body: String,
}

/// Reads all pages, in order.
pub fn read() -> Vec<Page> {
    let files = fs::read_dir(folder()).expect("docs/errors is part of the repository");
    let mut pages: Vec<Page> = files
        .map(|file| page(&file.expect("a readable folder").path()))
        .collect();
    pages.retain(|page| page.code != "README");
    pages.sort_by(|left, right| left.code.cmp(&right.code));
    pages
}

/// Writes a page anew.
pub fn write(code: &str, text: &str) {
    fs::write(folder().join(format!("{code}.md")), text).expect("docs/errors can be written");
}

/// Reads the source of all crates, without their integration tests.
pub fn source_code() -> String {
    let mut text = String::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder").flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                text.push_str(&fs::read_to_string(&path).expect("source is UTF-8 text"));
            }
        }
    }
    text
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors")
}

fn page(path: &std::path::Path) -> Page {
    let code = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or("")
        .to_owned();
    let text = fs::read_to_string(path).expect("a page is UTF-8 text");
    let mut fences: Vec<Fence> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(_) if is_open => is_open = false,
            Some(info) => {
                is_open = true;
                fences.push(Fence {
                    info: info.to_owned(),
                    body: String::new(),
                });
            }
            None if is_open => {
                if let Some(fence) = fences.last_mut() {
                    fence.body.push_str(line);
                    fence.body.push('\n');
                }
            }
            None => {}
        }
    }
    Page { code, text, fences }
}
