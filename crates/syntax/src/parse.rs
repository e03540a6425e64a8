//! From the text of a file to its tree: each logical line is read by itself, so that a bad line costs only itself.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "pest makes one enum of all rules; the grammar decides which of them can stand at a place"
)]

mod build;
pub(crate) mod cell;
mod data;
mod expected;
mod expr;
mod goal;
mod grammar;
mod literal;
mod plan;
mod program;
mod scan;
mod shared;
mod supervision;
mod table;
mod testing;
mod unsaid;

use pest::Parser as _;

use build::Builder;
use grammar::{Grammar, Node, Rule};

use crate::ast::{Broken, File, Name};
use crate::diagnostic::{Code, Diagnostic, Language, Sink, Text};
use crate::fold::{fold, prologue};
use crate::lines::token::{Token, TokenKind};
use crate::lines::{Logical, comment_places, outline};
use crate::source::{SourceMap, is_sheet};
use crate::span::{FileId, Span};
use crate::stack::with_stack;
use crate::text;

/// Reads a file into its tree, and reports all faults it can find.
///
/// What cannot be read is left out of the tree and listed in [`File::broken`]. The tree of a file without errors
/// holds all that was written.
///
/// ```
/// use guerdon_syntax::{Sink, SourceMap, parse};
/// let mut sources = SourceMap::default();
/// let file = sources.add("floor.guerdon", b"const floor_pay = CNY 5,000 from 2026-01-01").unwrap();
/// let mut sink = Sink::default();
/// let tree = parse(&sources, file, &mut sink);
/// assert!(sink.is_empty());
/// assert_eq!(tree.items[0].name().unwrap().text, "floor_pay");
/// ```
pub fn parse(sources: &SourceMap, file: FileId, sink: &mut Sink) -> File {
    with_stack(|| tree(sources, file, sink))
}

/// Reads every rule file of a compilation; sheets are left to those that name them.
///
/// Each file's messages are then in its own language, those about a sheet in that of the first rule file.
///
/// ```
/// use guerdon_syntax::{Sink, SourceMap, parse_all};
/// let mut sources = SourceMap::default();
/// sources.add("plan.guerdon", b"tiers t retro from \"rates.csv\"").unwrap();
/// sources.add("rates.csv", b"from,value\n0,5%").unwrap();
/// let files = parse_all(&mut sources, &mut Sink::default());
/// assert_eq!(files.len(), 1);
/// ```
pub fn parse_all(sources: &mut SourceMap, sink: &mut Sink) -> Vec<File> {
    let (sheets, rules): (Vec<_>, Vec<_>) = sources
        .files()
        .map(|(id, file)| (id, is_sheet(file.name())))
        .partition(|(_, is_sheet)| *is_sheet);
    let mut files = Vec::new();
    for (id, _) in rules {
        let file = parse(sources, id, sink);
        sources.set_language(id, file.language);
        files.push(file);
    }
    let language = files.first().map_or(Language::En, |file| file.language);
    for (id, _) in sheets {
        sources.set_language(id, language);
    }
    files
}

/// Reads a file on a stack that is large enough.
fn tree(sources: &SourceMap, file: FileId, sink: &mut Sink) -> File {
    let source = sources.text(file);
    let head = prologue(file, source, sink);
    let folded = fold(file, source, &head, sink);
    let outline = outline(&folded, source, head.language, sink);
    let mut reader = Reader {
        builder: Builder {
            folded: &folded,
            source,
            language: head.language,
            base: 0,
            nodes: 0,
            sink,
        },
        broken: Vec::new(),
    };
    for stray in &outline.strays {
        reader.remember(stray);
    }
    let items = outline
        .items
        .iter()
        .filter_map(|item| reader.item(item))
        .collect();
    let mut broken = reader.broken;
    broken.sort_by_key(|broken| broken.span);
    let places = comment_places(&folded, source, &outline);
    let mut comments = folded.comments;
    for (comment, place) in comments.iter_mut().zip(places) {
        comment.place = place;
    }
    File {
        language: head.language,
        version: head.version,
        is_version_written: head.is_version_written,
        first_lines: head.lines,
        items,
        broken,
        span: Span::new(file, 0, crate::fold::offset(source.len())),
        blank_lines: folded.blank_lines,
        comments,
    }
}

/// Reads logical lines.
struct Reader<'a> {
    builder: Builder<'a>,
    broken: Vec<Broken>,
}

impl<'a> Reader<'a> {
    /// Reads one logical line by a rule of the grammar and builds what it says.
    fn line<T>(
        &mut self,
        line: &Logical<'_>,
        rule: Rule,
        build: impl FnOnce(&mut Builder<'a>, Node<'_>) -> Option<T>,
    ) -> Option<T> {
        let read = self.attempt(line, rule, build);
        if read.is_none() {
            self.remember(&line.tokens);
        }
        read
    }

    fn attempt<T>(
        &mut self,
        line: &Logical<'_>,
        rule: Rule,
        build: impl FnOnce(&mut Builder<'a>, Node<'_>) -> Option<T>,
    ) -> Option<T> {
        if self.builder.sink.is_full() {
            return None;
        }
        let before = self.builder.sink.errors();
        self.builder.scan(&line.tokens)?;
        let (start, end) = (line.start(), line.end());
        let text = self.builder.folded.text.get(start..end)?;
        self.builder.base = start;
        let built = match Grammar::parse(rule, text) {
            Ok(mut read) => read.next().and_then(|node| build(&mut self.builder, node)),
            Err(fault) => {
                if !self.builder.folded.has_fault(start, end) {
                    self.builder.unexpected(rule, &fault, &line.tokens, text);
                }
                return None;
            }
        };
        if built.is_none() && self.builder.sink.errors() == before {
            self.unreadable(line);
        }
        built
    }

    fn unreadable(&mut self, line: &Logical<'_>) {
        let span = self.builder.folded.span(line.start(), line.end());
        self.builder.sink.push(
            Diagnostic::error(Code::E0101, text!("this line cannot be read", "无法读取此行"))
                .primary(span, Text::default()),
        );
    }

    /// Remembers what a line that could not be read would have declared.
    fn remember(&mut self, tokens: &[Token<'_>]) {
        let Some(first) = tokens.first() else { return };
        let end = tokens.last().map_or(first.end(), Token::end);
        let name = tokens
            .get(1)
            .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::BackTicked));
        let name = name.map(|token| self.token_name(token));
        let span = self.builder.folded.span(first.start, end);
        let statement = self.token_name(first);
        self.broken.push(Broken {
            statement,
            name,
            span,
        });
    }

    fn token_name(&self, token: &Token<'_>) -> Name {
        let span = self.builder.folded.span(token.start, token.end());
        let written = self.builder.written(span);
        Name {
            text: crate::fold::words::normal(written.trim_matches('`')),
            span,
        }
    }

    fn whole(&self, line: &Logical<'_>) -> Span {
        self.builder.folded.span(line.start(), line.whole_end())
    }
}

#[cfg(test)]
pub(crate) mod tests;
