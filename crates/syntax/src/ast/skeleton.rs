//! Compares trees without regard to places and spelling.
//!
//! The derived `Debug` form lists every field of the tree, so nothing that is added to the tree can be forgotten
//! here. Places, and how literals were spelled, are taken out of it; on request names and texts as well.

use std::fmt::{self, Write};

use super::{File, Item};

/// Tells whether two files say the same with the same names, whatever their layout and the language of their keywords.
///
/// ```
/// use guerdon_syntax::{Sink, SourceMap, ast, parse};
/// let mut sources = SourceMap::default();
/// let en = sources.add("en", b"const floor = CNY 1,200,000 at least 5").unwrap();
/// let zh = sources.add("zh", "语言 中文\n常量 floor = 120万元 保底 5".as_bytes()).unwrap();
/// let mut sink = Sink::default();
/// assert!(ast::is_same(&parse(&sources, en, &mut sink), &parse(&sources, zh, &mut sink)));
/// ```
pub fn is_same(one: &File, other: &File) -> bool {
    one.version == other.version && skeleton(&one.items, Keep::Names) == skeleton(&other.items, Keep::Names)
}

/// Lists a file's tree without places, names, texts and the spelling of literals, for comparing translations.
pub fn mask(file: &File) -> String {
    skeleton(&file.items, Keep::Nothing)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// Names and texts in quotes are kept.
    Names,
    /// They are masked.
    Nothing,
}

fn skeleton(items: &[Item], keep: Keep) -> String {
    let mut filter = Filter {
        out: String::new(),
        keep,
        state: State::Plain,
        pending: String::new(),
        zeros: None,
    };
    // Writing to a string cannot fail.
    let _ = write!(filter, "{items:?}");
    filter.out
}

/// Takes places, spellings and, on request, names out of a `Debug` form while it is written.
struct Filter {
    out: String,
    keep: Keep,
    state: State,
    pending: String,
    zeros: Option<usize>,
}

enum State {
    /// Outside quotes.
    Plain,
    /// Inside quotes.
    Quoted,
    /// Behind a backslash inside quotes.
    Escaped,
    /// Inside `Span { … }`.
    Place,
    /// Inside the number behind `exponent: `.
    Exponent,
}

impl Write for Filter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().for_each(|sign| self.sign(sign));
        Ok(())
    }
}

impl Filter {
    fn sign(&mut self, sign: char) {
        match self.state {
            State::Place if sign == '}' => self.state = State::Plain,
            State::Place => {}
            State::Exponent if sign == '-' || sign.is_ascii_digit() => self.pending.push(sign),
            State::Exponent => {
                self.end_exponent();
                self.out.push(sign);
            }
            State::Escaped => {
                self.pending.push(sign);
                self.state = State::Quoted;
            }
            State::Quoted => self.quoted(sign),
            State::Plain if sign == '"' => self.state = State::Quoted,
            State::Plain => {
                self.out.push(sign);
                if self.out.ends_with("Span {") {
                    self.state = State::Place;
                } else if self.out.ends_with("exponent: ") {
                    self.state = State::Exponent;
                }
            }
        }
    }

    fn quoted(&mut self, sign: char) {
        if sign == '"' {
            self.state = State::Plain;
            self.end_quoted();
            return;
        }
        self.pending.push(sign);
        if sign == '\\' {
            self.state = State::Escaped;
        }
    }

    fn end_quoted(&mut self) {
        let text = std::mem::take(&mut self.pending);
        let is_name = ["text: ", "value: ", "Text("]
            .iter()
            .any(|field| self.out.ends_with(field));
        if self.out.ends_with("written: ") || (is_name && self.keep == Keep::Nothing) {
            return;
        }
        if self.out.ends_with("digits: ") {
            return self.digits(&text);
        }
        self.out.push('"');
        self.out.push_str(&text);
        self.out.push('"');
    }

    /// Writes digits without the zeros at their end, which belong to the exponent that follows.
    fn digits(&mut self, digits: &str) {
        let bare = digits.trim_end_matches('0');
        self.zeros = (!bare.is_empty()).then(|| digits.len().saturating_sub(bare.len()));
        self.out.push_str(bare);
    }

    /// Writes the exponent, made greater by the zeros that were taken from the digits; 0 where there are no digits.
    fn end_exponent(&mut self) {
        let written = std::mem::take(&mut self.pending)
            .trim()
            .parse::<i64>()
            .unwrap_or(0);
        let zeros = self.zeros.and_then(|zeros| i64::try_from(zeros).ok());
        let exponent = zeros.map_or(0, |zeros| written.saturating_add(zeros));
        self.out.push_str(&exponent.to_string());
        self.state = State::Plain;
    }
}
