//! `guerdon fmt`: the common form of rule files.

use std::fs;
use std::io::Write;
use std::path::Path;

use guerdon_syntax::format::{FormatError, format};
use guerdon_syntax::{Diagnostic, Language, Sink, SourceMap, parse};
use serde_json::{Value, json};

use crate::Ending;
use crate::arguments::{FmtArguments, Tongue, Words};
use crate::output::{Failure, complain, json, print, report};
use crate::rules;

/// What became of a file.
enum Outcome {
    /// It is in the common form already.
    Same,
    /// It has this form.
    Changed(String),
    /// It has errors, and stays as it is.
    Faulty(Vec<Diagnostic>, SourceMap),
    /// The formatter does not trust itself with it, and it stays as it is.
    Refused(String),
}

/// Formats rule files.
///
/// A file with errors stays as it is and is complained about; the others are formatted all the same.
pub(crate) fn run(arguments: &FmtArguments) -> Result<Ending, Failure> {
    let mut ending = Ending::Fine;
    let mut files = Vec::new();
    for path in &arguments.files {
        let outcome = outcome(path, arguments.lang)?;
        let is_fine = match &outcome {
            Outcome::Same => true,
            Outcome::Changed(_) => !arguments.check,
            Outcome::Faulty(..) | Outcome::Refused(_) => false,
        };
        if !is_fine {
            ending = Ending::Findings;
        }
        if let (Outcome::Changed(text), false) = (&outcome, arguments.check) {
            replace(path, text)?;
        }
        match arguments.format {
            Words::Json => files.push(file_json(path, &outcome, arguments)),
            Words::Text => say(path, &outcome, arguments),
        }
    }
    if arguments.format == Words::Json {
        json::show("fmt", json!({ "files": files }))?;
    }
    Ok(ending)
}

fn say(path: &Path, outcome: &Outcome, arguments: &FmtArguments) {
    match outcome {
        Outcome::Changed(_) if arguments.check => {
            print(&format!("{} is not in the common form\n", path.display()));
        }
        Outcome::Same | Outcome::Changed(_) => {}
        Outcome::Faulty(diagnostics, sources) => report(diagnostics, sources),
        Outcome::Refused(why) => complain(&format!("{}: {why}; it is left as it is", path.display())),
    }
}

fn file_json(path: &Path, outcome: &Outcome, arguments: &FmtArguments) -> Value {
    let no_diagnostics = Value::Array(Vec::new());
    let (status, diagnostics, why) = match outcome {
        Outcome::Same => ("same", no_diagnostics, Value::Null),
        Outcome::Changed(_) if arguments.check => ("would change", no_diagnostics, Value::Null),
        Outcome::Changed(_) => ("changed", no_diagnostics, Value::Null),
        Outcome::Faulty(list, sources) => ("faulty", json::diagnostics(list, sources), Value::Null),
        Outcome::Refused(why) => ("refused", no_diagnostics, json!(why)),
    };
    json!({ "file": rules::plain(path), "status": status, "diagnostics": diagnostics, "reason": why })
}

fn outcome(path: &Path, tongue: Option<Tongue>) -> Result<Outcome, Failure> {
    let bytes = rules::text(path)?;
    let mut sources = SourceMap::default();
    let id = match sources.add(rules::plain(path), &bytes) {
        Ok(id) => id,
        Err(fault) => return Ok(Outcome::Faulty(vec![*fault], sources)),
    };
    let mut sink = Sink::default();
    let file = parse(&sources, id, &mut sink);
    sources.set_language(id, file.language);
    if sink.has_errors() {
        return Ok(Outcome::Faulty(sink.finish(), sources));
    }
    let language = match tongue {
        None => file.language,
        Some(Tongue::En) => Language::En,
        Some(Tongue::Zh) => Language::Zh,
    };
    Ok(match format(&file, language) {
        Ok(text) if text.as_bytes() == bytes => Outcome::Same,
        Ok(text) => Outcome::Changed(text),
        Err(error @ (FormatError::Faulty(_) | FormatError::Unfaithful)) => {
            Outcome::Refused(error.to_string())
        }
    })
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
    draft.as_file().sync_all().map_err(unwritable)?;
    fs::set_permissions(draft.path(), permissions).map_err(unwritable)?;
    draft.persist(path).map_err(|error| unwritable(error.error))?;
    Ok(())
}
