//! Which files a file uses.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Code, Diagnostic, FileId, SourceMap, ast, text};

/// Reports each `use` line whose file is not there.
///
/// What such a file would have declared cannot be known, so nothing else is told of names then.
pub(crate) fn missing(files: &[ast::File], sources: &SourceMap) -> Vec<Diagnostic> {
    files
        .iter()
        .flat_map(|file| lines(file).map(move |line| (file, line)))
        .filter(|(file, line)| used_file(file, line, files, sources).is_none())
        .map(|(_, line)| not_found(line))
        .collect()
}

/// Works out for each file the files whose declarations it sees, itself left out.
pub(crate) fn visible(files: &[ast::File], sources: &SourceMap) -> BTreeMap<FileId, BTreeSet<FileId>> {
    let used = |file| lines(file).filter_map(move |line| used_file(file, line, files, sources));
    let direct: BTreeMap<FileId, Vec<FileId>> = files
        .iter()
        .map(|file| (file.span.file, used(file).collect()))
        .collect();
    direct
        .keys()
        .map(|file| (*file, reachable(*file, &direct)))
        .collect()
}

fn lines(file: &ast::File) -> impl Iterator<Item = &ast::Use> {
    file.items.iter().filter_map(|item| {
        if let ast::Item::Use(line) = item {
            Some(line)
        } else {
            None
        }
    })
}

fn used_file(file: &ast::File, line: &ast::Use, files: &[ast::File], sources: &SourceMap) -> Option<FileId> {
    let path = path_from(sources.name(file.span.file), &line.path.value);
    files
        .iter()
        .map(|other| other.span.file)
        .find(|other| plain(sources.name(*other)) == path)
}

/// Gives the name of a used file, which is written relative to the file that uses it.
pub(crate) fn path_from(using: &str, path: &str) -> String {
    let is_absolute = path.starts_with('/') || path.starts_with('\\') || path.contains(':');
    match using.rfind(['/', '\\']).and_then(|at| using.get(..=at)) {
        Some(folder) if !is_absolute => plain(&format!("{folder}{path}")),
        Some(_) | None => plain(path),
    }
}

/// Takes `.` and `..` out of a path, and turns its slashes forward.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match (part, parts.last()) {
            (".", _) => {}
            ("..", Some(last)) if *last != ".." && !last.is_empty() => {
                parts.pop();
            }
            (part, _) => parts.push(part),
        }
    }
    parts.join("/")
}

fn reachable(from: FileId, direct: &BTreeMap<FileId, Vec<FileId>>) -> BTreeSet<FileId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for used in direct.get(&file).into_iter().flatten() {
            if *used != from && seen.insert(*used) {
                open.push(*used);
            }
        }
    }
    seen
}

fn not_found(line: &ast::Use) -> Diagnostic {
    let path = &line.path.value;
    Diagnostic::error(
        Code::E0013,
        text!("the file \"{path}\" is not found", "找不到文件“{path}”"),
    )
    .primary(
        line.path.span,
        text!("looked for beside this file", "在本文件旁查找"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_file_is_looked_for_beside_the_file_that_uses_it() {
        assert_eq!(
            path_from("plans/1_ae.guerdon", "sales.guerdon"),
            "plans/sales.guerdon"
        );
        assert_eq!(
            path_from("plans/west/a.guerdon", "../sales.guerdon"),
            "plans/sales.guerdon"
        );
        assert_eq!(path_from("1_ae.guerdon", "./sales.guerdon"), "sales.guerdon");
        assert_eq!(
            path_from("plans\\a.guerdon", "sales.guerdon"),
            "plans/sales.guerdon"
        );
    }
}
