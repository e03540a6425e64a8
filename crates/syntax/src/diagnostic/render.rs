//! Prints diagnostics for people: the source lines concerned, marks under them, reasons and mends.

mod canvas;
mod excerpt;
mod help;
mod marks;
mod words;

use super::{Diagnostic, Language, Severity, Text};
use crate::source::SourceMap;
use canvas::{Canvas, Paint};

pub use canvas::visible;

/// Prints diagnostics in one manner.
///
/// ```
/// use guerdon_syntax::{Code, Diagnostic, Renderer, SourceMap, Span, text};
/// let mut sources = SourceMap::default();
/// let file = sources.add("ae.guerdon", b"currency CNX\n").unwrap();
/// let unknown = Diagnostic::error(Code::E0212, text!("no currency has the code \"CNX\"", "没有代码为“CNX”的币种"))
///     .primary(Span::new(file, 9, 12), text!("", ""));
/// let expected = "\
/// error[E0212]: no currency has the code \"CNX\"
///     ┌─ ae.guerdon:1:10
///     │
///   1 │ currency CNX
///     │          ^^^
/// ";
/// assert_eq!(Renderer::default().render(&unknown, &sources), expected);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renderer {
    /// How much is printed.
    pub layout: Layout,
    /// Whether terminal colours are used.
    pub colour: Colour,
    /// Whether reasons that quote values of the data are printed.
    pub details: Details,
    /// The language of the words; without it each message speaks the language of the file it is about.
    pub language: Option<Language>,
}

/// Says how much of a diagnostic is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Everything, with the file's name.
    #[default]
    Full,
    /// Without file name and reasons, the mends in one line: for teaching material and small windows.
    Brief,
    /// Place and title in one line, for logs and editors: `ae.guerdon:14:44: error[E0203]: …`.
    Line,
}

/// Says whether terminal colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    #[default]
    Plain,
    /// Text with ANSI escape sequences.
    Ansi,
}

/// Says whether reasons that quote values of the data are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Details {
    /// They are left out, so that a log does not hold what people are paid.
    #[default]
    Hidden,
    /// They are printed.
    Shown,
}

impl Renderer {
    /// Prints one diagnostic; every line ends in a line break.
    pub fn render(&self, diagnostic: &Diagnostic, sources: &SourceMap) -> String {
        let mut page = Page {
            diagnostic,
            sources,
            language: self.language_of(diagnostic, sources),
            gutter: gutter_width(diagnostic, sources),
            canvas: Canvas::new(self.colour),
        };
        match self.layout {
            Layout::Full => page.full(self.details),
            Layout::Brief => page.brief(),
            Layout::Line => page.line(),
        }
        page.canvas.finish()
    }

    /// Prints several diagnostics with an empty line between them.
    pub fn render_all<'a>(
        &self,
        diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
        sources: &SourceMap,
    ) -> String {
        let printed: Vec<String> = diagnostics
            .into_iter()
            .map(|one| self.render(one, sources))
            .collect();
        printed.join("\n")
    }

    /// Finds the language a message is printed in.
    pub(crate) fn language_of(&self, diagnostic: &Diagnostic, sources: &SourceMap) -> Language {
        let of_file = diagnostic.primary_span().map(|span| sources.language(span.file));
        self.language.or(of_file).unwrap_or_default()
    }
}

/// Holds what the parts of one printed message need.
struct Page<'a> {
    diagnostic: &'a Diagnostic,
    sources: &'a SourceMap,
    language: Language,
    gutter: usize,
    canvas: Canvas,
}

impl Page<'_> {
    fn full(&mut self, details: Details) {
        self.title();
        self.places();
        self.excerpts();
        self.notes(details);
        self.helps();
        self.reminders();
    }

    fn brief(&mut self) {
        self.title();
        self.bare_excerpts();
        self.helps_in_one_line();
    }

    fn line(&mut self) {
        let place = self.first_place();
        self.canvas.paint(Paint::Plain, &place);
        self.title();
    }

    fn title(&mut self) {
        let severity = self.diagnostic.severity;
        let word = words::severity(severity).get(self.language).to_owned();
        self.canvas
            .paint(severity.into(), &format!("{word}[{}]", self.diagnostic.code));
        let title = canvas::visible(self.diagnostic.title.get(self.language));
        self.canvas
            .paint(Paint::Strong, &format!("{}{title}", self.colon()));
        self.canvas.end_line();
    }

    fn notes(&mut self, details: Details) {
        let shown = match details {
            Details::Hidden => &[][..],
            Details::Shown => &self.diagnostic.details,
        };
        let notes: Vec<&Text> = self.diagnostic.notes.iter().chain(shown).collect();
        let has_frame = !self.diagnostic.labels.is_empty() || !self.diagnostic.places.is_empty();
        if has_frame && !notes.is_empty() {
            self.edge("│");
        }
        notes.into_iter().for_each(|note| self.note(note));
    }

    fn note(&mut self, note: &Text) {
        let mut lines = note.get(self.language).lines();
        let blank = " ".repeat(self.gutter);
        self.canvas.paint(Paint::Gutter, &format!("{blank}="));
        self.canvas.paint(
            Paint::Plain,
            &format!(" {}", canvas::visible(lines.next().unwrap_or(""))),
        );
        self.canvas.end_line();
        for line in lines {
            self.canvas
                .paint(Paint::Plain, &format!("{blank}  {}", canvas::visible(line)));
            self.canvas.end_line();
        }
    }

    fn reminders(&mut self) {
        for reminder in &self.diagnostic.reminders {
            self.headed(words::note(), reminder);
        }
    }

    /// Writes a line such as `help: choose one`.
    fn headed(&mut self, head: Text, words: &Text) {
        let painted = format!("{}{}", head.get(self.language), self.colon());
        self.canvas.paint(Paint::Help, &painted);
        self.canvas
            .paint(Paint::Plain, &canvas::visible(words.get(self.language)));
        self.canvas.end_line();
    }

    /// Writes the frame's edge without anything behind it.
    fn edge(&mut self, sign: &str) {
        self.canvas
            .paint(Paint::Gutter, &format!("{}{sign}", " ".repeat(self.gutter)));
        self.canvas.end_line();
    }

    fn colon(&self) -> &'static str {
        match self.language {
            Language::En => ": ",
            Language::Zh => "：",
        }
    }
}

impl From<Severity> for Paint {
    fn from(severity: Severity) -> Paint {
        match severity {
            Severity::Error => Paint::Error,
            Severity::Warning => Paint::Warning,
            Severity::Note => Paint::Note,
        }
    }
}

/// Measures the space in front of the frame: a blank, the widest line number, a blank.
fn gutter_width(diagnostic: &Diagnostic, sources: &SourceMap) -> usize {
    let labels = diagnostic.labels.iter().map(|label| label.span);
    let edits = diagnostic
        .fixes
        .iter()
        .flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
    let lines = labels
        .chain(edits)
        .map(|span| sources.position(span.file, span.end).line);
    let digits = lines.max().unwrap_or(1).to_string().len();
    digits.max(2).saturating_add(2)
}
