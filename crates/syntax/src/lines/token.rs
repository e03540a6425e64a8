//! A quick look at the words, numbers and signs of the folded text.
//!
//! Only as much is told apart as is needed to find where statements begin and end and to measure nesting; the
//! grammar reads the text itself.

use unicode_ident::{is_xid_continue, is_xid_start};

/// Holds one token of the folded text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Its text.
    pub(crate) text: &'a str,
    /// Its first byte.
    pub(crate) start: usize,
}

/// Tells tokens apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A word.
    Word,
    /// A name in back-ticks.
    BackTicked,
    /// Something that begins with a digit.
    Number,
    /// A text in quotes.
    Text,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// Another sign.
    Sign,
    /// The end of a line.
    LineEnd,
}

impl Token<'_> {
    /// Gives the byte after the last one.
    pub(crate) fn end(&self) -> usize {
        self.start.saturating_add(self.text.len())
    }

    /// Tells whether it is this word or sign.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    /// Tells whether it is an operator that needs an operand behind it, an `=` or a comma.
    pub(crate) fn is_operator(&self) -> bool {
        let signs = ["+", "-", "*", "/", "=", "!=", "<", ">", "<=", ">=", ","];
        self.kind == TokenKind::Sign && signs.contains(&self.text)
    }
}

/// Takes the folded text apart.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or("");
        let (kind, length) = one(next, rest);
        let length = length.max(next.len_utf8());
        if let (Some(kind), Some(text)) = (kind, rest.get(..length)) {
            found.push(Token {
                kind,
                text,
                start: at,
            });
        }
        at = at.saturating_add(length);
    }
    found
}

fn one(next: char, rest: &str) -> (Option<TokenKind>, usize) {
    match next {
        '\n' => (Some(TokenKind::LineEnd), 1),
        '"' => (Some(TokenKind::Text), quoted(rest, '"')),
        '`' => (Some(TokenKind::BackTicked), quoted(rest, '`')),
        '(' | '[' => (Some(TokenKind::Open), 1),
        ')' | ']' => (Some(TokenKind::Close), 1),
        _ if next.is_whitespace() => (None, next.len_utf8()),
        _ if next.is_ascii_digit() => (Some(TokenKind::Number), number(rest)),
        _ if is_xid_start(next) || next == '_' => (Some(TokenKind::Word), run(rest, is_xid_continue)),
        _ => (Some(TokenKind::Sign), sign(rest)),
    }
}

fn run(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|sign| !belongs(sign)).unwrap_or(rest.len())
}

fn quoted(rest: &str, quote: char) -> usize {
    let inner = rest.get(1..).unwrap_or("");
    let close = inner.find([quote, '\n']);
    close.map_or(rest.len(), |close| close.saturating_add(2))
}

/// Measures a number with its commas, decimals, scale and unit: `1,200.50`, `120万元`, `8%`.
fn number(rest: &str) -> usize {
    let mut length = run(rest, |sign| sign.is_ascii_digit());
    while let Some(group) = rest.get(length..).and_then(group) {
        length = length.saturating_add(group);
    }
    let fraction = rest.get(length..).and_then(|rest| rest.strip_prefix('.'));
    if let Some(fraction) =
        fraction.filter(|fraction| fraction.starts_with(|sign: char| sign.is_ascii_digit()))
    {
        length = length
            .saturating_add(1)
            .saturating_add(run(fraction, |sign| sign.is_ascii_digit()));
    }
    let unit = rest.get(length..).unwrap_or("");
    length.saturating_add(run(unit, is_xid_continue))
}

/// Measures a comma and exactly three digits.
fn group(rest: &str) -> Option<usize> {
    let digits = run(rest.strip_prefix(',')?, |sign| sign.is_ascii_digit());
    (digits == 3).then_some(4)
}

fn sign(rest: &str) -> usize {
    let doubles = ["->", "<=", ">=", "!=", "==", "<>", "&&", "||"];
    match rest.get(..2) {
        Some(pair) if doubles.contains(&pair) => 2,
        _ => 1,
    }
}
