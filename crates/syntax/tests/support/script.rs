//! Shows a few lines of a file as a message would.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "the helpers look places up in short literals"
)]

use guerdon_syntax::{Code, Diagnostic, FileId, Fix, Layout, Renderer, SourceMap, Span, Text, text};

/// Is a file whose lines are blank but for those a message shows.
pub struct Script {
    pub sources: SourceMap,
    pub file: FileId,
}

impl Script {
    pub fn new(name: &str, lines: &[(usize, &str)]) -> Script {
        let last = lines.iter().map(|(number, _)| *number).max().unwrap_or(0);
        let line = |number| {
            lines
                .iter()
                .find(|line| line.0 == number)
                .map_or("", |line| line.1)
        };
        let text: Vec<&str> = (1..=last).map(line).collect();
        let mut sources = SourceMap::default();
        let file = sources.add(name, text.join("\n").as_bytes()).unwrap();
        Script { sources, file }
    }

    /// Finds the first place of some words in a line.
    pub fn at(&self, line: u32, words: &str) -> Span {
        let start = self.sources.file(self.file).unwrap().line_start(line);
        let text = &self.sources.text(self.file)[start as usize..];
        let found = u32::try_from(text.find(words).unwrap()).unwrap();
        Span::new(
            self.file,
            start + found,
            start + found + u32::try_from(words.len()).unwrap(),
        )
    }

    pub fn print(&self, diagnostic: &Diagnostic) -> String {
        Renderer::default().render(diagnostic, &self.sources)
    }

    pub fn print_brief(&self, diagnostic: &Diagnostic) -> String {
        Renderer {
            layout: Layout::Brief,
            ..Renderer::default()
        }
        .render(diagnostic, &self.sources)
    }
}

pub fn nothing() -> Text {
    Text::default()
}

pub fn number_with_a_comma(script: &Script) -> Diagnostic {
    let number = script.at(5, "1,200");
    let title = text!(
        "\"1,200\" could be one number or two values",
        "“1,200”可能是一个数，也可能是两个值"
    );
    Diagnostic::error(Code::E0107, title)
        .primary(number, nothing())
        .fix(
            Fix::replace(text!("two values", "两个值"), number, "1, 200")
                .showing(Text::same("largest(1, 200)")),
        )
        .fix(Fix::replace(text!("one number", "一个数"), number, "1200").showing(Text::same("largest(1200)")))
}
