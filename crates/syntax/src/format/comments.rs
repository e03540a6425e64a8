//! Comments that stand inside a statement: which printed line each belongs to.
//!
//! A comment stays behind or below the words it stood behind, where a printed line ends there. One that stood in
//! what is now the middle of a line goes behind that line if it ended a line and is alone; else above it.

use crate::ast::Comment;
use crate::diagnostic::Language;
use crate::lines::count_words;

/// Holds one printed line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) indent: usize,
    pub(super) text: String,
    pub(super) comment: Option<String>,
}

/// Deals the comments of one statement out to its printed lines.
pub(super) struct Inside {
    lines: Vec<Dealt>,
}

/// Holds a printed line with the comments it gets.
struct Dealt {
    line: Line,
    /// How many words and signs of the statement are printed up to the end of this line.
    words: usize,
    above: Vec<String>,
    middle: Vec<Middle>,
}

/// Holds a comment that stood where the printed text has no line end.
struct Middle {
    written: String,
    is_trailing: bool,
}

impl Inside {
    pub(super) fn new(lines: Vec<Line>, language: Language) -> Inside {
        let mut words: usize = 0;
        let dealt = lines.into_iter().map(|line| {
            words = words.saturating_add(count_words(&line.text, language));
            Dealt {
                line,
                words,
                above: Vec::new(),
                middle: Vec::new(),
            }
        });
        Inside {
            lines: dealt.collect(),
        }
    }

    /// Gives the lines with the comments.
    pub(super) fn with(mut self, comments: &[&Comment]) -> Vec<Line> {
        comments.iter().for_each(|comment| self.deal(comment));
        self.lines.into_iter().flat_map(Dealt::lines).collect()
    }

    fn deal(&mut self, comment: &Comment) {
        let last = self.lines.len().saturating_sub(1);
        let before = comment.place.and_then(|place| place.words_before);
        let at = before.map_or(last, |before| {
            self.lines.partition_point(|line| line.words < before).min(last)
        });
        let is_line_end = before
            .is_none_or(|before| at < last && self.lines.get(at).is_some_and(|line| line.words == before));
        let written = written(comment);
        let below = match is_line_end && !comment.is_trailing {
            true => self.lines.get_mut(at.saturating_add(1)),
            false => None,
        };
        if let Some(next) = below {
            return next.above.push(written);
        }
        let Some(line) = self.lines.get_mut(at) else {
            return;
        };
        if is_line_end && line.line.comment.is_none() {
            line.line.comment = Some(written);
        } else {
            let is_trailing = comment.is_trailing;
            line.middle.push(Middle { written, is_trailing });
        }
    }
}

impl Dealt {
    fn lines(mut self) -> Vec<Line> {
        match self.middle.as_slice() {
            [only] if only.is_trailing && self.line.comment.is_none() => {
                self.line.comment = Some(only.written.clone());
            }
            middle => self
                .above
                .extend(middle.iter().map(|comment| comment.written.clone())),
        }
        let indent = self.line.indent;
        let above = self.above.into_iter().map(|written| Line {
            indent,
            text: String::new(),
            comment: Some(written),
        });
        above.chain(std::iter::once(self.line)).collect()
    }
}

/// Prints a comment.
pub(super) fn written(comment: &Comment) -> String {
    match comment.text.is_empty() {
        true => "#".to_owned(),
        false => format!("# {}", comment.text),
    }
}
