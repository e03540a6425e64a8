//! Limits, checked on the words of a line before the grammar reads it: nesting, lengths, brackets, numbers.

use super::build::Builder;
use crate::diagnostic::{Code, Diagnostic, Fix, Text};
use crate::lines::token::{Token, TokenKind};
use crate::span::Span;
use crate::text;

/// The deepest nesting of brackets and of words that hold an expression.
const MAX_NESTING: usize = 128;

/// The most words and signs of one logical line.
const MAX_TOKENS: usize = 100_000;

/// The longest name, in bytes.
const MAX_NAME: usize = 256;

/// The longest text in quotes, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// The most digits of a number.
const MAX_DIGITS: usize = 38;

impl Builder<'_> {
    /// Checks the words of a line; gives nothing where the grammar should not read it.
    pub(crate) fn scan(&mut self, tokens: &[Token<'_>]) -> Option<()> {
        if let Some(token) = tokens.get(MAX_TOKENS) {
            let span = self.token_span(token);
            return self.limit(
                Code::E0005,
                span,
                text!(
                    "this line has more than {MAX_TOKENS} words and signs",
                    "此行超过 {MAX_TOKENS} 个词和符号"
                ),
            );
        }
        let before = self.sink.errors();
        self.nesting(tokens);
        for (at, token) in tokens.iter().enumerate() {
            self.token(tokens, at, token);
        }
        (self.sink.errors() == before).then_some(())
    }

    fn token(&mut self, tokens: &[Token<'_>], at: usize, token: &Token<'_>) {
        match token.kind {
            TokenKind::Word | TokenKind::BackTicked => self.name_length(token),
            TokenKind::Text => self.text_length(token),
            TokenKind::Number => {
                self.number_length(token);
                self.grouping(tokens.get(..at).unwrap_or(&[]), token);
            }
            TokenKind::Sign => self.foreign_sign(token),
            TokenKind::Open | TokenKind::Close | TokenKind::LineEnd => {}
        }
    }

    fn nesting(&mut self, tokens: &[Token<'_>]) {
        let mut open: Vec<(&Token<'_>, usize)> = Vec::new();
        let mut words: usize = 0;
        let mut inside: usize = 0;
        for (at, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Open => {
                    open.push((token, words));
                    inside = inside.saturating_add(words);
                    words = 0;
                }
                TokenKind::Close => match open.pop() {
                    Some((partner, before)) if is_pair(partner, token) => {
                        inside = inside.saturating_sub(before);
                        words = before;
                    }
                    _ => return self.no_partner(token),
                },
                TokenKind::Sign if open.is_empty() && matches!(token.text, "|" | "->" | ";") => words = 0,
                TokenKind::Word if opens(tokens, at) => words = words.saturating_add(1),
                TokenKind::Word
                | TokenKind::BackTicked
                | TokenKind::Number
                | TokenKind::Text
                | TokenKind::Sign
                | TokenKind::LineEnd => {}
            }
            if open.len().saturating_add(inside).saturating_add(words) > MAX_NESTING {
                return self.too_deep(token);
            }
        }
        if let Some((partner, _)) = open.last() {
            self.no_partner(partner);
        }
    }

    fn too_deep(&mut self, token: &Token<'_>) {
        let span = self.token_span(token);
        self.limit::<()>(
            Code::E0004,
            span,
            text!(
                "this line is nested more than {MAX_NESTING} deep",
                "此行的嵌套超过 {MAX_NESTING} 层"
            ),
        );
    }

    fn no_partner(&mut self, token: &Token<'_>) {
        let span = self.token_span(token);
        let bracket = self.written(span).to_owned();
        let mut fault = Diagnostic::error(
            Code::E0108,
            text!(
                "the bracket \"{bracket}\" has no partner",
                "括号“{bracket}”不配对"
            ),
        )
        .primary(span, Text::default());
        if token.kind == TokenKind::Close {
            fault = fault.fix(Fix::replace(text!("leave it out", "删去"), span, ""));
        }
        self.sink.push(fault);
    }

    fn name_length(&mut self, token: &Token<'_>) {
        if token.text.len() > MAX_NAME {
            let span = self.token_span(token);
            let count = token.text.len();
            self.limit::<()>(
                Code::E0006,
                span,
                text!(
                    "this name has {count} bytes; {MAX_NAME} are allowed",
                    "此名称有 {count} 字节，最多 {MAX_NAME} 字节"
                ),
            );
        }
    }

    fn text_length(&mut self, token: &Token<'_>) {
        if token.text.len() > MAX_TEXT {
            let span = self.token_span(token);
            let count = token.text.len();
            self.limit::<()>(
                Code::E0007,
                span,
                text!(
                    "this text has {count} bytes; {MAX_TEXT} are allowed",
                    "此文本有 {count} 字节，最多 {MAX_TEXT} 字节"
                ),
            );
        }
    }

    fn number_length(&mut self, token: &Token<'_>) {
        let count = token.text.chars().filter(char::is_ascii_digit).count();
        if count > MAX_DIGITS {
            let span = self.token_span(token);
            self.limit::<()>(
                Code::E0008,
                span,
                text!(
                    "this number has {count} digits; {MAX_DIGITS} are allowed",
                    "此数字有 {count} 位，最多 {MAX_DIGITS} 位"
                ),
            );
        }
    }

    /// Refuses commas in numbers that are no amounts of money: `largest(1,200)`.
    fn grouping(&mut self, before: &[Token<'_>], token: &Token<'_>) {
        if !token.text.contains(',') || token.text.ends_with('元') || follows_code(before) {
            return;
        }
        let span = self.token_span(token);
        let written = self.written(span).to_owned();
        let (two, one) = (token.text.replace(',', ", "), token.text.replace(',', ""));
        self.sink.push(
            Diagnostic::error(
                Code::E0107,
                text!(
                    "\"{written}\" could be one number or two values",
                    "“{written}”可以是一个数，也可以是两个值"
                ),
            )
            .primary(
                span,
                text!(
                    "commas group digits only in amounts of money",
                    "只有金额可以用逗号分节"
                ),
            )
            .fix(Fix::replace(text!("two values", "两个值"), span, two.clone()).showing(Text::same(two)))
            .fix(Fix::replace(text!("one number", "一个数"), span, one.clone()).showing(Text::same(one))),
        );
    }

    fn foreign_sign(&mut self, token: &Token<'_>) {
        let meant = match token.text {
            "==" => Some("="),
            "<>" => Some("!="),
            "&&" | "&" => Some("and"),
            "||" => Some("or"),
            "{" => Some("("),
            "}" => Some(")"),
            "^" | "~" | "@" | "\\" | "'" | "!" => None,
            _ => return,
        };
        let span = self.token_span(token);
        let written = self.written(span).to_owned();
        let meant = meant.map(|meant| crate::keyword::say(meant, self.language));
        let mut fault = Diagnostic::error(
            Code::E0119,
            text!(
                "\"{written}\" belongs to another language",
                "“{written}”是其他语言的符号"
            ),
        )
        .primary(span, Text::default());
        if let Some(meant) = meant {
            fault = fault.fix(Fix::replace(
                text!("write \"{meant}\"", "写作“{meant}”"),
                span,
                meant,
            ));
        }
        self.sink.push(fault);
    }

    fn limit<T>(&mut self, code: Code, span: Span, title: Text) -> Option<T> {
        let past = text!("the limit is passed here", "到此处超出上限");
        self.sink.push(Diagnostic::error(code, title).primary(span, past));
        None
    }

    /// Gives the source span of a token.
    pub(crate) fn token_span(&self, token: &Token<'_>) -> Span {
        self.folded.span(token.start, token.end())
    }
}

fn is_pair(open: &Token<'_>, close: &Token<'_>) -> bool {
    matches!((open.text, close.text), ("(", ")") | ("[", "]"))
}

/// Tells whether a word holds an expression that can hold the word again.
fn opens(tokens: &[Token<'_>], at: usize) -> bool {
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.contains(&token.text));
    let next = at.saturating_add(1);
    let is_field = at.checked_sub(1).is_some_and(|before| is(before, &["."]));
    let is_aggregate = is(
        at,
        &[
            "sum", "count", "average", "lowest", "highest", "any", "all", "first", "last", "apply", "if",
            "allocate",
        ],
    );
    let is_span = is(at, &["days", "months", "working_days", "period"]) && is(next, &["in", "from", "of"]);
    let is_phrase = is(at, &["rank", "rate", "trend", "team", "reports"]) && is(next, &["of"]);
    !is_field && (is_aggregate || is_span || is_phrase)
}

/// Tells whether the tokens before a number end in a currency code, perhaps with a minus.
fn follows_code(before: &[Token<'_>]) -> bool {
    let is_code =
        |token: &Token<'_>| token.text.len() == 3 && token.text.chars().all(|sign| sign.is_ascii_uppercase());
    match before {
        [.., code, minus] if minus.is("-") => is_code(code),
        [.., code] => is_code(code),
        [] => false,
    }
}
