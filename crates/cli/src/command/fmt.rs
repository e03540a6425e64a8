//! `guerdon fmt`: the common form of rule files.

use std::fs;
use std::io::Write;
use std::path::Path;

use guerdon_syntax::format::{FormatError, format};
use guerdon_syntax::{Language, Sink, SourceMap, parse};

use crate::Ending;
use crate::arguments::{FmtArguments, Tongue};
use crate::output::{Failure, complain, print, report};

/// Formats rule files.
///
/// A file with errors stays as it is and is complained about; the others are formatted all the same.
pub(crate) fn run(arguments: &FmtArguments) -> Result<Ending, Failure> {
    let mut ending = Ending::Fine;
    for path in &arguments.files {
        let bytes = fs::read(path).map_err(|error| Failure::Unreadable {
            path: path.clone(),
            error,
        })?;
        let Some(text) = formatted(path, &bytes, arguments.lang) else {
            ending = Ending::Findings;
            continue;
        };
        if text.as_bytes() == bytes {
            continue;
        }
        if arguments.check {
            print(&format!("{} is not in the common form\n", path.display()));
            ending = Ending::Findings;
        } else {
            replace(path, &text)?;
        }
    }
    Ok(ending)
}

/// Gives the text in its common form; nothing, once the reasons are printed, where the file has errors.
fn formatted(path: &Path, bytes: &[u8], tongue: Option<Tongue>) -> Option<String> {
    let mut sources = SourceMap::default();
    let id = match sources.add(path.display().to_string(), bytes) {
        Ok(id) => id,
        Err(fault) => {
            report([&*fault], &sources);
            return None;
        }
    };
    let mut sink = Sink::default();
    let file = parse(&sources, id, &mut sink);
    sources.set_language(id, file.language);
    if sink.has_errors() {
        report(&sink.finish(), &sources);
        return None;
    }
    let language = match tongue {
        None => file.language,
        Some(Tongue::En) => Language::En,
        Some(Tongue::Zh) => Language::Zh,
    };
    match format(&file, language) {
        Ok(text) => Some(text),
        Err(error @ (FormatError::Faulty(_) | FormatError::Unfaithful)) => {
            complain(&format!("{}: {error}; it is left as it is", path.display()));
            None
        }
    }
}

/// Puts a text in the place of a file, whole or not at all.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let unwritable = |error: std::io::Error| Failure::Unwritable {
        path: path.to_owned(),
        error,
    };
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let permissions = fs::metadata(path).map_err(unwritable)?.permissions();
    let mut draft = tempfile::NamedTempFile::new_in(folder).map_err(unwritable)?;
    draft.write_all(text.as_bytes()).map_err(unwritable)?;
    fs::set_permissions(draft.path(), permissions).map_err(unwritable)?;
    draft.persist(path).map_err(|error| unwritable(error.error))?;
    Ok(())
}
