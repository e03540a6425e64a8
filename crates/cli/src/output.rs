//! What is printed and written: words, tables, files.

pub(crate) mod files;
pub(crate) mod json;
pub(crate) mod pay;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use guerdon::plan::{Plan, Rejection};
use guerdon_syntax::{Colour, Details, Diagnostic, Renderer, SourceMap};
use thiserror::Error;

/// Why a command could not do its work.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("cannot read {path}: {error}", path = .path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("cannot write {path}: {error}", path = .path.display())]
    Unwritable { path: PathBuf, error: io::Error },
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
    #[error("error[D0823]: {path} cannot be read as comma-separated values: {error}", path = .path.display())]
    Broken { path: PathBuf, error: csv::Error },
    #[error("more than {most} rule files use one another")]
    TooManyFiles { most: usize },
    #[error("{0}")]
    Rejected(Box<Rejection>),
    #[error("{0}")]
    Engine(guerdon::error::Error),
    #[error("\"{given}\" is not a {wanted}\n  write {example}")]
    NotA {
        given: String,
        wanted: &'static str,
        example: &'static str,
    },
    #[error("{0}")]
    NoFigure(String),
    #[error("the report cannot be written as JSON: {0}")]
    Json(serde_json::Error),
}

impl Failure {
    /// Says whether the command itself was wrong.
    pub(crate) const fn is_usage(&self) -> bool {
        matches!(self, Self::NotA { .. } | Self::NoFolder { .. })
    }
}

/// Prints a line for people on standard error.
pub(crate) fn complain(text: &str) {
    let mut error = io::stderr().lock();
    let _ = writeln!(error, "{}", text.trim_end());
}

/// Prints on standard output; a reader that has gone away is no fault of the command.
pub(crate) fn print(text: &str) {
    let mut output = io::stdout().lock();
    let _ = output.write_all(text.as_bytes());
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

/// Prints diagnostics on standard error.
pub(crate) fn report<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>, sources: &SourceMap) {
    let renderer = renderer();
    for diagnostic in diagnostics {
        complain(&format!("{}\n", renderer.render(diagnostic, sources).trim_end()));
    }
}

/// Prints the warnings of a plan.
pub(crate) fn warn(plan: &Plan) {
    report(plan.warnings(), plan.sources());
}

/// Makes text safe for a terminal: control characters are shown, not obeyed.
pub(crate) fn tame(text: &str) -> String {
    text.chars()
        .flat_map(|character| {
            let is_safe = !character.is_control() || character == '\n' || character == '\t';
            let shown: Vec<char> = if is_safe {
                vec![character]
            } else {
                character.escape_unicode().collect()
            };
            shown
        })
        .collect()
}
