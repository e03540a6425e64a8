//! Rule files: read with all that they `use`, compiled, complained about.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use guerdon::plan::{Plan, Source};
use guerdon_syntax::source::MAX_SOURCE_BYTES;
use guerdon_syntax::source::is_sheet;
use guerdon_syntax::{Sink, SourceMap};

use crate::data::Input;
use crate::output::Failure;

/// The most files that one compilation reads.
const MOST_FILES: usize = 256;

/// Compiled plans, and the files they came from with their hashes.
pub(crate) struct Rules {
    pub plan: Plan,
    pub files: Vec<Input>,
}

/// Reads rule files, the files that they use, directly and by and by, and the sheets that these name.
pub(crate) fn read(files: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let mut sources: Vec<Source> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<PathBuf> = files.iter().rev().cloned().collect();
    while let Some(path) = open.pop() {
        let name = plain(&path);
        if !seen.insert(name.clone()) {
            continue;
        }
        if seen.len() > MOST_FILES {
            return Err(Failure::TooManyFiles { most: MOST_FILES });
        }
        let text = match text(&path) {
            Ok(text) => text,
            // A file that only another one names is reported by the checker, at the line that names it.
            Err(_) if !files.contains(&path) => continue,
            Err(failure) => return Err(failure),
        };
        let used = used_files(&name, &text);
        open.extend(
            used.into_iter()
                .rev()
                .map(|used| path.parent().unwrap_or(Path::new("")).join(used)),
        );
        sources.push(Source::new(name, text));
    }
    Ok(sources)
}

/// Reads a rule file; of one that is too large, enough to see that it is.
pub(crate) fn text(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.is_dir() {
        return Err(Failure::RulesAreFolder {
            path: path.to_owned(),
        });
    }
    let unreadable = |error: std::io::Error| {
        let path = path.to_owned();
        if error.kind() == ErrorKind::NotFound {
            Failure::NoRules { path }
        } else {
            Failure::Unreadable { path, error }
        }
    };
    let most = u64::try_from(MAX_SOURCE_BYTES).unwrap_or(u64::MAX);
    let mut text = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(most.saturating_add(1))
        .read_to_end(&mut text)
        .map_err(unreadable)?;
    Ok(text)
}

fn used_files(name: &str, text: &[u8]) -> Vec<String> {
    if is_sheet(name) {
        return Vec::new();
    }
    let mut map = SourceMap::default();
    let mut sink = Sink::default();
    let Ok(id) = map.add(name, text) else {
        return Vec::new();
    };
    let file = guerdon_syntax::parse(&map, id, &mut sink);
    file.companions().map(|path| path.value.clone()).collect()
}

/// Gives a path with forward slashes and without `.` parts, so that it reads the same on every machine.
pub(crate) fn plain(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if parts.last().is_some_and(|last| last != "..") => {
                parts.pop();
            }
            part @ (Component::Prefix(_)
            | Component::RootDir
            | Component::ParentDir
            | Component::Normal(_)) => {
                parts.push(part.as_os_str().to_string_lossy().into_owned());
            }
        }
    }
    parts.join("/").replacen("//", "/", 1)
}

/// Reads and compiles rule files.
pub(crate) fn compile(files: &[PathBuf]) -> Result<Rules, Failure> {
    let sources = read(files)?;
    match Plan::compile(&sources) {
        Ok(plan) => Ok(Rules {
            plan,
            files: sources
                .iter()
                .map(|source| Input::of(&source.name, &source.text))
                .collect(),
        }),
        Err(rejection) => Err(Failure::Rejected(Box::new(rejection))),
    }
}
