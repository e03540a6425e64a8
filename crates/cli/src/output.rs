//! What is printed and written: words, tables, files.

pub(crate) mod accruals;
pub(crate) mod board;
pub(crate) mod changes;
pub(crate) mod folder;
mod grid;
pub(crate) mod json;
pub(crate) mod liability;
pub(crate) mod pay;
pub(crate) mod pipeline;
pub(crate) mod postings;
pub(crate) mod tables;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use guerdon::plan::{Plan, Rejection};
use guerdon_syntax::{Code, Colour, Details, Diagnostic, Renderer, SourceMap, visible};
use thiserror::Error;

use crate::arguments::Words;

/// Whether messages go to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Json {
    /// As JSON.
    Yes,
    /// In words.
    No,
}

impl From<Words> for Json {
    fn from(words: Words) -> Self {
        match words {
            Words::Json => Self::Yes,
            Words::Text => Self::No,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("error[E0013]: there is no file {path}\n  names are as they are written: capital and small letters differ", path = .path.display())]
    NoRules { path: PathBuf },
    #[error("error[E0013]: {path} is a folder, not a rule file\n  name the files in it", path = .path.display())]
    RulesAreFolder { path: PathBuf },
    #[error("error[D0823]: cannot read {path}: {error}", path = .path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("cannot write {path}: {error}", path = .path.display())]
    Unwritable { path: PathBuf, error: io::Error },
    #[error("the table \"{name}\" cannot be written as JSON: {error}")]
    Broken { name: String, error: csv::Error },
    #[error("{path} is not a folder\n  give the folder that holds the records: --data FOLDER", path = .path.display())]
    NoFolder { path: PathBuf },
    #[error(
        "error[D0801]: there is no file \"{file}\" for \"{table}\" in {folder}\n  put it there, or name another file in a \
         \"source {table} from \"…\"\" block",
        folder = .folder.display()
    )]
    NoData {
        table: String,
        file: String,
        folder: PathBuf,
    },
    #[error("error[D0802]: {path} has no line of headings", path = .path.display())]
    Empty { path: PathBuf },
    #[error(
        "error[D0801]: the file \"{file}\" for \"{table}\" in {folder} is a folder\n  put the records there as one file",
        folder = .folder.display()
    )]
    DataIsFolder {
        table: String,
        file: String,
        folder: PathBuf,
    },
    #[error(
        "error[D0823]: {path}: the quotation mark that opens column {column} of row {row} is never closed\n  close it, \
         or write two of them where one is meant",
        path = .path.display()
    )]
    Unclosed {
        path: PathBuf,
        row: usize,
        column: usize,
    },
    #[error("error[{code}]: {path} is {what}\n  {advice}", path = .path.display())]
    NotPlain {
        code: Code,
        path: PathBuf,
        what: &'static str,
        advice: &'static str,
    },
    #[error("{path} holds {found}, which no run has written\n  give a new folder, or take that out of it", path = .path.display())]
    Foreign { path: PathBuf, found: String },
    #[error("more than {most} rule files use one another")]
    TooManyFiles { most: usize },
    #[error("{0}")]
    Rejected(Box<Rejection>),
    #[error("{0}")]
    Engine(guerdon::error::Error),
    #[error("{path} cannot be used as an earlier run: {why}", path = .path.display())]
    NoEarlier { path: PathBuf, why: String },
    #[error("{0}")]
    Setting(guerdon::revision::SettingError),
    #[error("\"{given}\" is not a {wanted}\n  write {example}")]
    NotA {
        given: String,
        wanted: &'static str,
        example: &'static str,
    },
    #[error("no data block says when its records became known: data … known FIELD")]
    NothingKnown,
    #[error("{0}")]
    NoFigure(String),
    #[error("the report cannot be written as JSON: {0}")]
    Json(serde_json::Error),
}

impl From<guerdon::error::Error> for Failure {
    fn from(error: guerdon::error::Error) -> Self {
        Self::Engine(error)
    }
}

impl Failure {
    /// Says whether the command itself was wrong.
    pub(crate) const fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::NotA { .. }
                | Self::NoFolder { .. }
                | Self::NoFigure(_)
                | Self::Setting(_)
                | Self::Engine(guerdon::error::Error::NoRecord { .. })
                | Self::NothingKnown
        )
    }
}

/// Prints a line for people on standard error.
pub(crate) fn complain(text: &str) {
    let mut error = io::stderr().lock();
    let _ = writeln!(error, "{}", text.trim_end());
}

/// Prints on standard output; a reader that has gone away is no fault of the command.
///
/// What goes to a terminal is made safe for it; what goes to a file or program stays as it is.
pub(crate) fn print(text: &str) {
    let mut output = io::stdout().lock();
    let _ = if output.is_terminal() {
        output.write_all(tame(text).as_bytes())
    } else {
        output.write_all(text.as_bytes())
    };
    let _ = output.flush();
}

/// Gives a renderer for the terminal at hand: in colour where people look, with the data that they own.
pub(crate) fn renderer() -> Renderer {
    let colour = if io::stderr().is_terminal() {
        Colour::Ansi
    } else {
        Colour::Plain
    };
    Renderer {
        colour,
        details: Details::Shown,
        ..Renderer::default()
    }
}

/// The most messages that are printed; further ones are counted.
const MOST_MESSAGES: usize = 200;

/// Prints diagnostics on standard error.
pub(crate) fn report<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>, sources: &SourceMap) {
    let renderer = renderer();
    let mut diagnostics = diagnostics.into_iter();
    for diagnostic in diagnostics.by_ref().take(MOST_MESSAGES) {
        complain(&format!("{}\n", renderer.render(diagnostic, sources).trim_end()));
    }
    let more = diagnostics.count();
    if more > 0 {
        complain(&format!("… and {more} more; --format json has all of them"));
    }
}

/// Prints what is wrong with rules: as JSON under the name of the command, or in words.
pub(crate) fn reject(rejection: &Rejection, kind: &str, is_json: Json) -> Result<(), Failure> {
    match is_json {
        Json::Yes => json::show(
            kind,
            serde_json::json!({ "diagnostics": json::diagnostics(rejection.diagnostics(), rejection.sources()) }),
        ),
        Json::No => {
            report(rejection.diagnostics(), rejection.sources());
            Ok(())
        }
    }
}

/// Prints the warnings of a plan.
pub(crate) fn warn(plan: &Plan) {
    report(plan.warnings(), plan.sources());
}

/// Makes text safe for a terminal, line by line: control characters, turns of direction and what cannot be seen are
/// shown and not obeyed.
pub(crate) fn tame(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(visible).collect();
    lines.join("\n")
}
