//! Finds the items of a file, the statements of each block, and the ends that are missing or too many.

use std::collections::VecDeque;

use super::block::ITEM_WORDS;
use super::token::{Token, TokenKind, tokens};
use super::{Block, Body, Logical};
use crate::diagnostic::{Code, Diagnostic, Fix, Language, Sink, Text, suggest};
use crate::fold::Folded;
use crate::keyword::{self, Keyword, is_english_keyword};
use crate::span::Span;
use crate::text;

/// Holds the outline of a file.
#[derive(Debug, Default)]
pub(crate) struct Outline<'a> {
    /// The items, in order.
    pub(crate) items: Vec<Logical<'a>>,
    /// Lines that belong nowhere; they are reported.
    pub(crate) strays: Vec<Vec<Token<'a>>>,
}

/// Outlines the folded text of a file.
///
/// Reports blocks without end (E0110), ends without a block (E0111), statements in the wrong block (E0112) and
/// statements outside blocks (E0117).
pub(crate) fn outline<'a>(
    folded: &'a Folded,
    source: &str,
    language: Language,
    sink: &mut Sink,
) -> Outline<'a> {
    let tokens = tokens(&folded.text);
    let lines: Vec<Vec<Token<'a>>> = tokens
        .split(|token| token.kind == TokenKind::LineEnd)
        .filter(|line| !line.is_empty())
        .map(<[Token<'a>]>::to_vec)
        .collect();
    let mut outliner = Outliner {
        folded,
        source,
        language,
        lines: lines.into(),
        out: Outline::default(),
        last: (0, 0),
        sink,
    };
    outliner.items();
    outliner.out
}

struct Outliner<'a, 's> {
    folded: &'a Folded,
    source: &'s str,
    language: Language,
    lines: VecDeque<Vec<Token<'a>>>,
    out: Outline<'a>,
    /// Where the last word that was taken in begins and ends.
    last: (usize, usize),
    sink: &'s mut Sink,
}

impl<'a> Outliner<'a, '_> {
    fn items(&mut self) {
        while let Some(line) = self.lines.front() {
            if is_end(line) {
                self.stray_end();
            } else if ITEM_WORDS.contains(&first(line)) {
                let item = self.item();
                self.out.items.push(item);
            } else {
                self.outside();
            }
        }
    }

    fn item(&mut self) -> Logical<'a> {
        let mut head = self.join(None);
        if self.next_is_file() && matches!(first(&head), "tiers" | "table" | "rates") {
            head.extend(self.join(None));
        }
        let block = Block::of_item(&head);
        while self.continues_head(block) {
            head.extend(self.join(block));
        }
        let body = block.map(|block| self.body(block, None, &head));
        Logical { tokens: head, body }
    }

    /// Tells whether the next line goes on with the head of an item.
    fn continues_head(&self, block: Option<Block>) -> bool {
        let Some(line) = self.lines.front() else {
            return false;
        };
        if is_end(line) || ITEM_WORDS.contains(&first(line)) {
            return false;
        }
        match block {
            None => !is_plain_pair(line) && !Block::Test.is_foreign(first(line)),
            Some(block) if block.is_rows() => false,
            Some(block) => {
                !is_statement(line, block) && !is_plain_pair(line) && !block.is_foreign(first(line))
            }
        }
    }

    fn next_is_file(&self) -> bool {
        self.lines.front().is_some_and(|line| {
            first(line) == "from" && line.get(1).is_some_and(|path| path.kind == TokenKind::Text)
        })
    }

    fn body(&mut self, block: Block, parent: Option<Block>, head: &[Token<'a>]) -> Body<'a> {
        let mut lines: Vec<Logical<'a>> = Vec::new();
        while let Some(line) = self.lines.front() {
            if is_end(line) {
                let end = self.close();
                return Body { block, lines, end };
            }
            if starts_item(line) || parent.is_some_and(|parent| leaves(line, block, parent)) {
                break;
            }
            self.line(block, &mut lines);
        }
        self.unclosed(block, head);
        Body {
            block,
            lines,
            end: self.last.1,
        }
    }

    /// Takes the next line of a block in.
    fn line(&mut self, block: Block, lines: &mut Vec<Logical<'a>>) {
        let Some(line) = self.lines.front() else { return };
        if block.is_rows() {
            let tokens = self.join(Some(block));
            lines.push(Logical { tokens, body: None });
        } else if is_statement(line, block) {
            let statement = self.statement(block);
            lines.push(statement);
        } else if is_plain_pair(line) || block.is_foreign(first(line)) || is_after_block(lines) {
            self.unknown(block);
        } else {
            let more = self.join(Some(block));
            match lines.last_mut() {
                Some(last) => last.tokens.extend(more),
                None => lines.push(Logical {
                    tokens: more,
                    body: None,
                }),
            }
        }
    }

    fn statement(&mut self, block: Block) -> Logical<'a> {
        let head = self.join(Some(block));
        let inner = block.of_statement(&head);
        let body = inner.map(|inner| self.body(inner, Some(block), &head));
        Logical { tokens: head, body }
    }

    /// Takes the next physical line, and those that an open bracket or a trailing operator joins to it.
    fn join(&mut self, block: Option<Block>) -> Vec<Token<'a>> {
        let mut joined = self.lines.pop_front().unwrap_or_default();
        let mut depth = depth(&joined, 0);
        while block != Some(Block::Given) && (depth > 0 || ends_open(&joined)) {
            let Some(next) = self.lines.front() else { break };
            if is_end(next) || starts_item(next) || block.is_some_and(|block| is_plain_statement(next, block))
            {
                break;
            }
            let next = self.lines.pop_front().unwrap_or_default();
            depth = self::depth(&next, depth);
            joined.extend(next);
        }
        self.saw(&joined);
        joined
    }

    fn saw(&mut self, line: &[Token<'a>]) {
        self.last = line.last().map_or(self.last, |token| (token.start, token.end()));
    }

    fn close(&mut self) -> usize {
        let line = self.lines.pop_front().unwrap_or_default();
        let end = line.first().map_or(self.last.1, Token::end);
        if let Some(extra) = line.get(1) {
            let span = self.span(extra.start, line.last().map_or(extra.end(), Token::end));
            let word = Keyword::End.word(self.language);
            self.sink.push(
                Diagnostic::error(
                    Code::E0101,
                    text!(
                        "nothing may follow \"{word}\" on its line",
                        "“{word}”之后不能再写内容"
                    ),
                )
                .primary(span, text!("not expected here", "此处不应出现"))
                .fix(Fix::replace(text!("leave it out", "删去"), span, "")),
            );
        }
        self.saw(&line);
        end
    }

    fn unclosed(&mut self, block: Block, head: &[Token<'a>]) {
        let word = Keyword::End.word(self.language);
        let name = block.name();
        let span = self.line_span(head);
        let after = self.span(self.last.0, self.last.1);
        self.sink.push(
            Diagnostic::error(
                Code::E0110,
                text!("{name} has no \"{word}\"", "{name}没有“{word}”"; name),
            )
            .primary(span, text!("begins here", "从这里开始"))
            .secondary(after, text!("its last line, as it seems", "看来是它的最后一行"))
            .fix(Fix::insert_after(
                text!("close it here", "在此结束"),
                after,
                format!("\n{word}"),
            )),
        );
    }

    fn stray_end(&mut self) {
        let line = self.lines.pop_front().unwrap_or_default();
        let span = self.line_span(&line);
        let word = Keyword::End.word(self.language);
        self.sink.push(
            Diagnostic::error(
                Code::E0111,
                text!("this \"{word}\" closes nothing", "此“{word}”没有对应的块"),
            )
            .primary(span, text!("no block is open here", "此处没有未结束的块"))
            .fix(Fix::replace(text!("leave it out", "删去"), span, "")),
        );
        self.skip();
    }

    /// Reports a line that stands outside all blocks, once for all that follow.
    fn outside(&mut self) {
        let line = self.lines.pop_front().unwrap_or_default();
        let span = self.line_span(&line);
        let word = self.written(line.first());
        let candidates = self.spellings(ITEM_WORDS);
        let is_first_line = matches!(first(&line), "language" | "guerdon");
        let fault = if is_first_line {
            Diagnostic::error(
                Code::E0121,
                text!(
                    "\"{word}\" must stand before everything else",
                    "“{word}”必须写在最前面"
                ),
            )
            .primary(
                span,
                text!("too late here, or given twice", "写在这里太晚，或重复了"),
            )
        } else {
            let head = line
                .first()
                .map_or(span, |token| self.span(token.start, token.end()));
            let mut fault = Diagnostic::error(
                Code::E0117,
                text!(
                    "\"{shown}\" stands outside any block",
                    "“{shown}”不在任何块内",
                    shown = clipped(&word)
                ),
            )
            .primary(
                span,
                text!(
                    "no plan, table or other block is open here",
                    "此处没有未结束的方案、表或其他块"
                ),
            );
            fault.fixes.extend(suggest::fix(&word, head, candidates));
            fault
        };
        self.sink.push(fault);
        self.out.strays.push(line);
        self.skip();
    }

    /// Skips to the next item, so that one fault is reported once.
    fn skip(&mut self) {
        while let Some(line) = self.lines.front().filter(|line| !starts_item(line)) {
            let is_close = is_end(line);
            let line = self.lines.pop_front().unwrap_or_default();
            if !is_close {
                self.out.strays.push(line);
            }
        }
    }

    /// Reports a line whose first word begins no statement of the block.
    fn unknown(&mut self, block: Block) {
        let line = self.join(Some(block));
        let Some(head) = line.first() else { return };
        let span = self.span(head.start, head.end());
        let word = self.written(Some(head));
        let name = block.name();
        let words = block.statement_words();
        let listed: Vec<&str> = self.spellings(words);
        let list = listed.join(" ");
        let mut fault = Diagnostic::error(
            Code::E0112,
            text!("\"{shown}\" is no statement of {name}", "{name}没有“{shown}”语句", shown = clipped(&word); name),
        )
        .primary(span, Text::default())
        .note(text!("These can stand here: {list}.", "此处可用：{list}。"));
        fault.fixes.extend(suggest::fix(&word, span, listed));
        self.sink.push(fault);
        self.out.strays.push(line);
    }

    /// Spells English words in the language of the file.
    fn spellings(&self, words: &[&'static str]) -> Vec<&'static str> {
        words
            .iter()
            .map(|word| keyword::say(word, self.language))
            .collect()
    }

    fn written(&self, token: Option<&Token<'a>>) -> String {
        let span = token.map_or(Span::at(self.folded.file(), 0), |token| {
            self.span(token.start, token.end())
        });
        self.source.get(span.range()).unwrap_or("").to_owned()
    }

    fn line_span(&self, line: &[Token<'a>]) -> Span {
        let start = line.first().map_or(0, |token| token.start);
        self.span(start, line.last().map_or(start, Token::end))
    }

    fn span(&self, start: usize, end: usize) -> Span {
        self.folded.span(start, end)
    }
}

fn first<'a>(line: &[Token<'a>]) -> &'a str {
    line.first().map_or("", |token| token.text)
}

fn is_end(line: &[Token<'_>]) -> bool {
    let is_used = line
        .get(1)
        .is_some_and(|next| matches!(next.kind, TokenKind::Sign | TokenKind::Open));
    first(line) == "end" && !is_used
}

/// Tells whether a line inside a block can only be the head of an item, so that the block's `end` is missing.
fn starts_item(line: &[Token<'_>]) -> bool {
    let Some(second) = line.get(1) else { return false };
    let is_name = matches!(second.kind, TokenKind::Word | TokenKind::BackTicked);
    match first(line) {
        "use" | "test" => second.kind == TokenKind::Text,
        "holidays" | "rates" => second.is("from") || is_name,
        word if ITEM_WORDS.contains(&word) => is_name && !is_english_keyword(second.text),
        _ => false,
    }
}

/// Tells whether a line inside a nested block belongs to the block around it.
fn leaves(line: &[Token<'_>], block: Block, parent: Block) -> bool {
    let has_bar = line.iter().any(|token| token.is("|") || token.is("->"));
    let is_own = is_statement(line, block);
    is_statement(line, parent) && !is_own && !has_bar && line.len() > 1 && !is_clause_of(line, block)
}

/// Shortens a name that nobody would read to its end.
fn clipped(word: &str) -> String {
    const MOST: usize = 60;
    if word.chars().count() <= MOST {
        return word.to_owned();
    }
    let short: String = word.chars().take(MOST.saturating_sub(1)).collect();
    format!("{short}…")
}

/// Tells whether a statement word begins a clause inside a nested block.
fn is_clause_of(line: &[Token<'_>], block: Block) -> bool {
    block == Block::Dimension && first(line) == "missing"
}

fn is_statement(line: &[Token<'_>], block: Block) -> bool {
    block.statement_words().contains(&first(line)) && !is_used_as_name(line)
}

/// Tells whether a statement word is followed by what follows names: a dot, a subscript, an operator.
fn is_used_as_name(line: &[Token<'_>]) -> bool {
    let (Some(head), Some(next)) = (line.first(), line.get(1)) else {
        return false;
    };
    let is_phrase = matches!(
        (head.text, next.text),
        ("period" | "rank", "of") | ("period", "from" | "to") | ("year", "to") | ("missing", "day")
    );
    let follows_names = [".", "[", ")", "]", "|", ":", "->", ";"].contains(&next.text);
    is_phrase || follows_names || (next.is_operator() && !is_sign_of_number(head, next, line.get(2)))
}

/// Tells whether a minus belongs to what follows: `check -x > 0`.
fn is_sign_of_number(head: &Token<'_>, minus: &Token<'_>, next: Option<&Token<'_>>) -> bool {
    minus.is("-") && minus.start > head.end() && next.is_some_and(|next| next.start == minus.end())
}

/// Tells whether a line begins with a statement word and a name, which no expression can contain.
fn is_plain_statement(line: &[Token<'_>], block: Block) -> bool {
    let is_named = line.get(1).is_some_and(|next| match next.kind {
        TokenKind::Word => !is_english_keyword(next.text),
        TokenKind::BackTicked | TokenKind::Text => true,
        TokenKind::Number | TokenKind::Open | TokenKind::Close | TokenKind::Sign | TokenKind::LineEnd => {
            false
        }
    });
    is_statement(line, block) && is_named
}

/// Tells whether a line begins with two words that are no keywords, as nothing but an unknown statement does.
fn is_plain_pair(line: &[Token<'_>]) -> bool {
    let is_plain = |token: &Token<'_>| match token.kind {
        TokenKind::Word => !is_english_keyword(token.text),
        TokenKind::BackTicked => true,
        TokenKind::Number
        | TokenKind::Text
        | TokenKind::Open
        | TokenKind::Close
        | TokenKind::Sign
        | TokenKind::LineEnd => false,
    };
    let Some([head, next]) = line.first_chunk::<2>() else {
        return false;
    };
    let is_money = head.text.len() == 3 && next.kind == TokenKind::Number;
    is_plain(head) && !is_money && (is_plain(next) || next.kind == TokenKind::Text)
}

fn is_after_block(lines: &[Logical<'_>]) -> bool {
    lines.last().is_some_and(|last| last.body.is_some())
}

/// Counts the brackets that are open after a line.
fn depth(line: &[Token<'_>], before: usize) -> usize {
    line.iter().fold(before, |depth, token| match token.kind {
        TokenKind::Open => depth.saturating_add(1),
        TokenKind::Close => depth.saturating_sub(1),
        TokenKind::Word
        | TokenKind::BackTicked
        | TokenKind::Number
        | TokenKind::Text
        | TokenKind::Sign
        | TokenKind::LineEnd => depth,
    })
}

/// Tells whether a line ends in an operator, so that the next one goes on; a lone `-` is a cell.
fn ends_open(line: &[Token<'_>]) -> bool {
    let Some((last, before)) = line.split_last() else {
        return false;
    };
    let is_cell = last.is("-") && before.last().is_none_or(|token| token.is("|") || token.is("->"));
    last.is_operator() && !is_cell
}
