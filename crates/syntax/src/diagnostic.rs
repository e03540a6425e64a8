//! Diagnostics as data: what is wrong, where, why it matters and how to mend it, in both languages.

mod code;
pub mod fix;
pub mod record;
mod render;
mod sink;
pub mod suggest;
mod text;

pub use code::{Code, UnknownCode};
pub use render::{Colour, Details, Layout, Renderer, visible};
pub use sink::{MAX_DIAGNOSTICS, Sink};
pub use text::{Language, Text, plural};

use crate::span::Span;

/// Tells one thing to the author of a rule file or the supplier of data.
///
/// A title is lower case without full stop and quotes the user's own words; labels point at every place concerned;
/// notes say why it matters with the author's own numbers; fixes compile.
///
/// ```
/// use guerdon_syntax::{Code, Diagnostic, FileId, Fix, Span, text};
/// let stop = Span::new(FileId(0), 12, 15);
/// let dropped = Diagnostic::remark(Code::E0103, text!("the full stop is not needed", "句号可以省去"))
///     .primary(stop, text!("left out when the line is read", "读入时略去"))
///     .fix(Fix::replace(text!("leave it out", "删去"), stop, ""));
/// assert_eq!(dropped.code.to_string(), "E0103");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The number under which the message is registered.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub title: Text,
    /// The places concerned.
    pub labels: Vec<Label>,
    /// The places in data concerned, for messages about tables that are not source text.
    pub places: Vec<DataPlace>,
    /// Why it matters; shown behind `=`.
    pub notes: Vec<Text>,
    /// Further reasons that quote values of the data; shown only to a host that asks for them, since they may hold
    /// what people are paid.
    pub details: Vec<Text>,
    /// The ways to mend it; one is shown as the corrected line, several as a numbered choice.
    pub fixes: Vec<Fix>,
    /// Rules of the language worth recalling; shown last, behind `note:`.
    pub reminders: Vec<Text>,
}

/// Says how bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file, the data or the result cannot be used.
    Error,
    /// It can be used, but probably does not do what was meant.
    Warning,
    /// Something worth knowing.
    Note,
}

/// Points at a stretch of source text and says what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The stretch.
    pub span: Span,
    /// What to say beside it; may be empty.
    pub text: Text,
    /// Whether the fault is here or the place only belongs to it.
    pub role: Role,
}

/// Tells the place of the fault from a place that belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The place of the fault, underlined with `^`.
    Primary,
    /// A place that belongs to it, underlined with `─`.
    Secondary,
}

/// Points at a cell, row or column of data.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataPlace {
    /// The data block or table, as the author named it.
    pub table: String,
    /// The file it was read from, if the host said so.
    pub file: Option<String>,
    /// The row, from 1, the heading not counted.
    pub row: Option<u64>,
    /// The column, as its heading reads.
    pub column: Option<String>,
}

/// Describes one way to mend the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the fix does, as an order: "convert first, and name the day of the rate".
    pub title: Text,
    /// The changes to the text; empty where only the author can make them.
    pub edits: Vec<Edit>,
    /// What to print beside the title in a numbered choice.
    pub shown: Text,
}

/// Replaces a stretch of source text; an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The stretch that goes.
    pub span: Span,
    /// What comes in its place.
    pub replacement: String,
}

impl Diagnostic {
    /// Begins a diagnostic with the severity its code is registered under.
    pub fn new(code: Code, title: Text) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            title,
            labels: Vec::new(),
            places: Vec::new(),
            notes: Vec::new(),
            details: Vec::new(),
            fixes: Vec::new(),
            reminders: Vec::new(),
        }
    }

    /// Begins an error.
    pub fn error(code: Code, title: Text) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            ..Diagnostic::new(code, title)
        }
    }

    /// Begins a warning.
    pub fn warning(code: Code, title: Text) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::new(code, title)
        }
    }

    /// Begins a mere note, [`Severity::Note`].
    pub fn remark(code: Code, title: Text) -> Diagnostic {
        Diagnostic {
            severity: Severity::Note,
            ..Diagnostic::new(code, title)
        }
    }

    /// Points at the place of the fault.
    pub fn primary(self, span: Span, text: Text) -> Diagnostic {
        self.label(Label {
            span,
            text,
            role: Role::Primary,
        })
    }

    /// Points at a place that belongs to the fault.
    pub fn secondary(self, span: Span, text: Text) -> Diagnostic {
        self.label(Label {
            span,
            text,
            role: Role::Secondary,
        })
    }

    /// Adds a label.
    pub fn label(mut self, label: Label) -> Diagnostic {
        self.labels.push(label);
        self
    }

    /// Points at a place in data.
    pub fn place(mut self, place: DataPlace) -> Diagnostic {
        self.places.push(place);
        self
    }

    /// Says why it matters; a full sentence, shown behind `=`. A line break begins a further line.
    pub fn note(mut self, text: Text) -> Diagnostic {
        self.notes.push(text);
        self
    }

    /// Says why it matters with values of the data, which are shown only to a host that asks for them.
    pub fn detail(mut self, text: Text) -> Diagnostic {
        self.details.push(text);
        self
    }

    /// Adds a way to mend it.
    pub fn fix(mut self, fix: Fix) -> Diagnostic {
        self.fixes.push(fix);
        self
    }

    /// Recalls a rule of the language; a full sentence, shown last, behind `note:`.
    pub fn reminder(mut self, text: Text) -> Diagnostic {
        self.reminders.push(text);
        self
    }

    /// Gives the span of the first primary label, or of the first label.
    pub fn primary_span(&self) -> Option<Span> {
        let primary = self.labels.iter().find(|label| label.role == Role::Primary);
        primary.or(self.labels.first()).map(|label| label.span)
    }
}

impl Fix {
    /// Inserts text at the start of a span.
    pub fn insert(title: Text, at: Span, words: impl Into<String>) -> Fix {
        Fix::replace(title, at.before(), words)
    }

    /// Inserts text at the end of a span.
    pub fn insert_after(title: Text, at: Span, words: impl Into<String>) -> Fix {
        Fix::replace(title, at.after(), words)
    }

    /// Replaces a span; an empty replacement deletes it.
    pub fn replace(title: Text, span: Span, words: impl Into<String>) -> Fix {
        Fix {
            title,
            edits: vec![Edit {
                span,
                replacement: words.into(),
            }],
            shown: Text::default(),
        }
    }

    /// Puts text in front of a span and behind it, brackets for example.
    pub fn wrap(title: Text, span: Span, before: impl Into<String>, after: impl Into<String>) -> Fix {
        Fix::insert(title, span, before).and(span.after(), after)
    }

    /// Describes a mend in words, for what no edit can do.
    pub fn advice(title: Text, shown: Text) -> Fix {
        Fix {
            title,
            edits: Vec::new(),
            shown,
        }
    }

    /// Adds a further change to the same fix.
    pub fn and(mut self, span: Span, words: impl Into<String>) -> Fix {
        self.edits.push(Edit {
            span,
            replacement: words.into(),
        });
        self
    }

    /// Says what to print beside the title where several fixes are offered.
    pub fn showing(mut self, shown: Text) -> Fix {
        self.shown = shown;
        self
    }
}
