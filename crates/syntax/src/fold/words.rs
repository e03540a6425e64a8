//! Words: which are keywords, and how they are spelled for the grammar.

use unicode_normalization::UnicodeNormalization;

use super::characters::plain;
use crate::diagnostic::Language;
use crate::keyword::{english_of, is_english_keyword};

/// Remembers what stands on the current line, and whether it belongs to a data grid.
#[derive(Default)]
pub(super) struct LineState {
    last: Option<char>,
    first_word: Option<String>,
    has_bar: bool,
    has_bar_ahead: Option<bool>,
    is_grid: bool,
}

/// Says what stands behind a word on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// Nothing.
    Nothing,
    /// Cells of a grid.
    Cells,
    /// Other words.
    Words,
}

/// Says how a word is spelled in the folded text.
pub(super) enum Spelling {
    /// As in the source, full-width letters apart.
    Verbatim,
    /// In this way.
    Other(String),
}

impl LineState {
    /// Tells whether nothing but blanks stands on the line so far.
    pub(super) fn is_empty(&self) -> bool {
        self.last.is_none()
    }

    /// Tells whether the line has cells. Looked up once for each line.
    pub(super) fn has_bar_ahead(&mut self, look: impl FnOnce() -> bool) -> bool {
        *self.has_bar_ahead.get_or_insert_with(look)
    }

    pub(super) fn saw(&mut self, sign: char) {
        if !sign.is_whitespace() {
            self.last = Some(sign);
            self.has_bar |= sign == '|';
        }
    }

    /// Ends the line: a grid begins after `given` and ends after `end`.
    pub(super) fn end(&mut self) {
        match self.first_word.as_deref() {
            Some("given") if !self.has_bar => self.is_grid = true,
            Some("end") if !self.has_bar => self.is_grid = false,
            _ => {}
        }
        let is_grid = self.is_grid;
        *self = LineState {
            is_grid,
            ..LineState::default()
        };
    }

    /// Spells a word that stands in the given company.
    pub(super) fn spell(&mut self, word: &str, language: Language, company: Company) -> Spelling {
        let is_first = self.is_empty();
        let spelling = match language {
            Language::Zh if self.last != Some('.') => self.chinese(word, company),
            Language::Zh | Language::En => Spelling::Verbatim,
        };
        if is_first {
            self.first_word = Some(match &spelling {
                Spelling::Verbatim => word.to_owned(),
                Spelling::Other(english) => english.clone(),
            });
        }
        spelling
    }

    fn chinese(&mut self, word: &str, company: Company) -> Spelling {
        let normal = normal(word);
        let english = english_of(&normal, Language::Zh);
        self.is_grid &= !(self.is_empty() && english.is_some_and(|english| leaves_grid(english, company)));
        match english {
            Some(english) if !self.is_grid || matches!(english, "yes" | "no") => {
                Spelling::Other(english.to_owned())
            }
            None if self.is_grid && !matches!(word, "yes" | "no") => Spelling::Verbatim,
            None if is_english_keyword(&normal) => Spelling::Other(format!("`{normal}`")),
            Some(_) | None => Spelling::Verbatim,
        }
    }
}

/// Tells whether the first word of a line shows that a grid is over: its `end`, or a statement where `end` was
/// forgotten.
fn leaves_grid(english: &str, company: Company) -> bool {
    match company {
        Company::Nothing => english == "end",
        Company::Words => matches!(english, "expect" | "given" | "with" | "test" | "plan"),
        Company::Cells => false,
    }
}

/// Gives the form in which words are compared: plain letters, Unicode normal form C.
pub(crate) fn normal(word: &str) -> String {
    word.chars()
        .map(|sign| plain(sign).unwrap_or(sign))
        .nfc()
        .collect()
}
