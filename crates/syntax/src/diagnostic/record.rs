//! Diagnostics as flat records, for hosts, editors and machine-readable output.
//!
//! This crate knows no data format: an outer crate writes these fields as JSON or whatever it likes.

use super::render::{Details, Renderer};
use super::{DataPlace, Diagnostic, Edit, Fix, Label, Language, Role, Severity, Text};
use crate::source::{Position, SourceMap};
use crate::span::Span;

/// Is one diagnostic with every place worked out and every sentence in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The number: `E0203`.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// The language of the sentences: `en` or `zh`.
    pub language: &'static str,
    /// What is wrong.
    pub title: String,
    /// The places in source text.
    pub labels: Vec<LabelRecord>,
    /// The places in data.
    pub places: Vec<DataPlace>,
    /// Why it matters.
    pub notes: Vec<String>,
    /// Reasons that quote values of the data; empty unless asked for.
    pub details: Vec<String>,
    /// The ways to mend it.
    pub fixes: Vec<FixRecord>,
    /// Rules worth recalling.
    pub reminders: Vec<String>,
    /// The page that explains the code: `docs/errors/E0203.md`.
    pub page: String,
}

/// Is a stretch of source text with what there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelRecord {
    /// The stretch.
    pub range: Range,
    /// `primary` or `secondary`.
    pub role: &'static str,
    /// What to say beside it; may be empty.
    pub text: String,
}

/// Is a stretch of a file as bytes and as lines and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The file's name.
    pub file: String,
    /// The first byte.
    pub start_byte: u32,
    /// The byte after the last one.
    pub end_byte: u32,
    /// The first line and column, from 1; columns count code points.
    pub start: Position,
    /// The place after the last character.
    pub end: Position,
}

/// Is one way to mend the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixRecord {
    /// What it does.
    pub title: String,
    /// What to print beside the title; may be empty.
    pub shown: String,
    /// The changes; empty where only the author can make them.
    pub edits: Vec<EditRecord>,
}

/// Is one change of a fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditRecord {
    /// The stretch that goes.
    pub range: Range,
    /// What comes in its place.
    pub replacement: String,
}

impl Record {
    /// Works a diagnostic out, in the renderer's language and with details only if the renderer shows them.
    pub fn of(diagnostic: &Diagnostic, sources: &SourceMap, renderer: Renderer) -> Record {
        let language = renderer.language_of(diagnostic, sources);
        let said = |texts: &[Text]| texts.iter().map(|text| text.get(language).to_owned()).collect();
        Record {
            code: diagnostic.code.number(),
            severity: severity_name(diagnostic.severity),
            language: language_name(language),
            title: diagnostic.title.get(language).to_owned(),
            labels: diagnostic
                .labels
                .iter()
                .map(|label| label_record(label, sources, language))
                .collect(),
            places: diagnostic.places.clone(),
            notes: said(&diagnostic.notes),
            details: match renderer.details {
                Details::Hidden => Vec::new(),
                Details::Shown => said(&diagnostic.details),
            },
            fixes: diagnostic
                .fixes
                .iter()
                .map(|fix| fix_record(fix, sources, language))
                .collect(),
            reminders: said(&diagnostic.reminders),
            page: diagnostic.code.page(),
        }
    }
}

fn label_record(label: &Label, sources: &SourceMap, language: Language) -> LabelRecord {
    let role = match label.role {
        Role::Primary => "primary",
        Role::Secondary => "secondary",
    };
    LabelRecord {
        range: range(label.span, sources),
        role,
        text: label.text.get(language).to_owned(),
    }
}

fn fix_record(fix: &Fix, sources: &SourceMap, language: Language) -> FixRecord {
    let edit_record = |edit: &Edit| EditRecord {
        range: range(edit.span, sources),
        replacement: edit.replacement.clone(),
    };
    FixRecord {
        title: fix.title.get(language).to_owned(),
        shown: fix.shown.get(language).to_owned(),
        edits: fix.edits.iter().map(edit_record).collect(),
    }
}

fn range(span: Span, sources: &SourceMap) -> Range {
    Range {
        file: sources.name(span.file).to_owned(),
        start_byte: span.start,
        end_byte: span.end,
        start: sources.position(span.file, span.start),
        end: sources.position(span.file, span.end),
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn language_name(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Zh => "zh",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::text;

    #[test]
    fn a_record_holds_places_as_bytes_and_as_lines_and_hides_details() {
        let mut sources = SourceMap::default();
        let file = sources
            .add("方案.guerdon", "语言 中文\n设 甲 = 乙。".as_bytes())
            .unwrap();
        sources.set_language(file, Language::Zh);
        let stop = Span::new(file, 27, 30);
        let dropped = Diagnostic::new(Code::E0103, text!("the full stop is left out", "句号已略去"))
            .primary(stop, text!("here", "此处"))
            .detail(text!("secret", "机密"))
            .fix(Fix::replace(text!("delete it", "删去"), stop, ""));
        let range = Range {
            file: "方案.guerdon".to_owned(),
            start_byte: 27,
            end_byte: 30,
            start: Position { line: 2, column: 8 },
            end: Position { line: 2, column: 9 },
        };
        let expected = Record {
            code: "E0103",
            severity: "note",
            language: "zh",
            title: "句号已略去".to_owned(),
            labels: vec![LabelRecord {
                range: range.clone(),
                role: "primary",
                text: "此处".to_owned(),
            }],
            places: vec![],
            notes: vec![],
            details: vec![],
            fixes: vec![FixRecord {
                title: "删去".to_owned(),
                shown: String::new(),
                edits: vec![EditRecord {
                    range,
                    replacement: String::new(),
                }],
            }],
            reminders: vec![],
            page: "docs/errors/E0103.md".to_owned(),
        };
        assert_eq!(Record::of(&dropped, &sources, Renderer::default()), expected);
    }
}
