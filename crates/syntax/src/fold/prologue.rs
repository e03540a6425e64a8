//! The first lines of a file: the version of the language, and the human language of the keywords.

use super::offset;
use crate::diagnostic::{Code, Diagnostic, Fix, Language, Sink};
use crate::span::{FileId, Span};
use crate::text;

/// The newest version of the rule language that is read.
pub const NEWEST_VERSION: u32 = 1;

/// Holds what the first lines of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prologue {
    /// The human language of the keywords.
    pub language: Language,
    /// The version of the rule language.
    pub version: u32,
    /// Whether the `guerdon` line is there.
    pub is_version_written: bool,
    /// The byte after the last of these lines; 0 where there are none.
    pub end: usize,
    /// Where the `guerdon` line and the `language` line stand, as far as they are there.
    pub lines: FirstLines,
}

/// Says where the first lines of a file stand, comments left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirstLines {
    /// The `guerdon` line.
    pub version: Option<Span>,
    /// The `language` line.
    pub language: Option<Span>,
}

/// Reads `guerdon 1` and `language zh` at the head of a file, in either order, each at most once.
///
/// ```
/// use guerdon_syntax::{FileId, Language, Sink, fold::prologue};
/// let read = prologue(FileId(0), "guerdon 1\n语言 中文\n\n方案 …", &mut Sink::default());
/// assert_eq!((read.language, read.version), (Language::Zh, 1));
/// ```
pub fn prologue(file: FileId, source: &str, sink: &mut Sink) -> Prologue {
    let mut read = Prologue {
        language: Language::En,
        version: 1,
        is_version_written: false,
        end: 0,
        lines: FirstLines::default(),
    };
    let mut seen = [false, false];
    let mut at: usize = 0;
    for line in source.split_inclusive('\n') {
        let begin = at;
        at = at.saturating_add(line.len());
        let words = line.split(['#', '＃']).next().unwrap_or("");
        let mut parts = words.split_whitespace();
        let (Some(head), value, None) = (parts.next(), parts.next(), parts.next()) else {
            if words.trim().is_empty() {
                continue;
            }
            break;
        };
        let Some(value) = value else { break };
        let slot = match head {
            "guerdon" => 0,
            "language" | "语言" => 1,
            _ => break,
        };
        if seen.get(slot).copied().unwrap_or(true) {
            break;
        }
        seen.iter_mut().skip(slot).take(1).for_each(|mark| *mark = true);
        let place = begin.saturating_add(words.rfind(value).unwrap_or(0));
        let span = Span::new(file, offset(place), offset(place.saturating_add(value.len())));
        let indent = words.len().saturating_sub(words.trim_start().len());
        let from = offset(begin.saturating_add(indent));
        let whole = Span::new(file, from, span.end);
        if slot == 0 {
            read.lines.version = Some(whole);
            read.version = version(value, span, sink);
            read.is_version_written = true;
        } else {
            read.lines.language = Some(whole);
            read.language = language(value, span, sink);
        }
        read.end = at;
    }
    read
}

fn version(value: &str, span: Span, sink: &mut Sink) -> u32 {
    let number = value
        .parse::<u32>()
        .ok()
        .filter(|number| (1..=NEWEST_VERSION).contains(number));
    number.unwrap_or_else(|| {
        sink.push(
            Diagnostic::error(
                Code::E0017,
                text!(
                    "version \"{value}\" of the rule language is not known",
                    "没有第“{value}”版规则语言"
                ),
            )
            .primary(span, text!("this program reads version 1", "本程序读取第 1 版"))
            .fix(Fix::replace(text!("write version 1", "写第 1 版"), span, "1")),
        );
        NEWEST_VERSION
    })
}

fn language(value: &str, span: Span, sink: &mut Sink) -> Language {
    match value {
        "en" | "english" | "English" | "英文" => Language::En,
        "zh" | "chinese" | "Chinese" | "中文" => Language::Zh,
        _ => {
            sink.push(
                Diagnostic::error(
                    Code::E0016,
                    text!(
                        "\"{value}\" is not a language of rule files",
                        "规则文件没有“{value}”这种语言"
                    ),
                )
                .primary(span, text!("either en or zh", "en 或 zh"))
                .fix(Fix::replace(text!("English keywords", "英文关键字"), span, "en"))
                .fix(Fix::replace(text!("Chinese keywords", "中文关键字"), span, "zh")),
            );
            Language::En
        }
    }
}
