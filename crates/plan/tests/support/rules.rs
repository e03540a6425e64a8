//! Reads rule files for tests and shows what was found.
#![allow(dead_code, reason = "each test file uses its own part")]
#![expect(clippy::unwrap_used, reason = "a test stops where its input is wrong")]

use guerdon_plan::hir::Program;
use guerdon_plan::hir::from_ast::check;
use guerdon_syntax::{Code, Diagnostic, Renderer, Role, Severity, Sink, SourceMap, parse_all};

/// Holds what reading a set of rule files gave.
pub struct Checked {
    pub sources: SourceMap,
    pub messages: Vec<Diagnostic>,
    pub program: Program,
}

impl Checked {
    /// Reads files given as name and text.
    pub fn files(files: &[(&str, &str)]) -> Checked {
        let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
        for (name, text) in files {
            sources.add(*name, text.as_bytes()).unwrap();
        }
        let trees = parse_all(&mut sources, &mut sink);
        let program = check(&trees, &sources, &mut sink);
        let messages = sink.finish();
        Checked {
            sources,
            messages,
            program,
        }
    }

    /// Reads one file.
    pub fn text(text: &str) -> Checked {
        Checked::files(&[("rules.guerdon", text)])
    }

    /// Lists the errors: code and underlined text of the fault.
    pub fn errors(&self) -> Vec<(String, String)> {
        let errors = self
            .messages
            .iter()
            .filter(|message| message.severity == Severity::Error);
        errors
            .map(|message| (message.code.to_string(), self.underlined(message)))
            .collect()
    }

    /// Gives the first message of a code.
    pub fn message(&self, code: Code) -> &Diagnostic {
        self.messages.iter().find(|message| message.code == code).unwrap()
    }

    /// Prints the first message of a code in full.
    pub fn printed(&self, code: Code) -> String {
        Renderer::default().render(self.message(code), &self.sources)
    }

    fn underlined(&self, message: &Diagnostic) -> String {
        let primary = message.labels.iter().find(|label| label.role == Role::Primary);
        primary
            .map(|label| self.sources.slice(label.span).to_owned())
            .unwrap_or_default()
    }
}

/// Names errors for a comparison.
pub fn errors(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter()
        .map(|(code, text)| ((*code).to_owned(), (*text).to_owned()))
        .collect()
}
