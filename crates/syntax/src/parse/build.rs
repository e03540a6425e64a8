//! What every part of the tree builder uses: names, texts, spans, limits.

use super::grammar::{Node, Parts, Rule, parts};
use crate::ast::{Name, Quoted, Tail};
use crate::diagnostic::{Code, Diagnostic, Language, Sink};
use crate::fold::Folded;
use crate::fold::words::normal;
use crate::span::Span;
use crate::text;

/// The largest number of nodes in the tree of one file.
pub(crate) const MAX_NODES: usize = 1_000_000;

/// Builds trees from what pest read of one file.
///
/// A function that gives nothing has reported why.
pub(crate) struct Builder<'a> {
    /// The folded text.
    pub(crate) folded: &'a Folded,
    /// The source text.
    pub(crate) source: &'a str,
    /// The language of the file.
    pub(crate) language: Language,
    /// Where the line that is read begins in the folded text.
    pub(crate) base: usize,
    /// How many nodes there are so far.
    pub(crate) nodes: usize,
    /// Where faults go.
    pub(crate) sink: &'a mut Sink,
}

impl Builder<'_> {
    /// Gives the source span of a node, blanks behind it left out.
    pub(crate) fn span(&self, node: &Node<'_>) -> Span {
        let inner = node.as_span();
        let start = self.base.saturating_add(inner.start());
        self.folded
            .span(start, start.saturating_add(inner.as_str().trim_end().len()))
    }

    /// Gives the source text of a span.
    pub(crate) fn written(&self, span: Span) -> &str {
        self.source.get(span.range()).unwrap_or("")
    }

    /// Reads a name.
    pub(crate) fn name(&mut self, node: Node<'_>) -> Name {
        let span = self.span(&node);
        let written = self.written(span);
        Name {
            text: normal(written.trim_matches('`')),
            span,
        }
    }

    /// Takes the next part as a bare name.
    pub(crate) fn ident(&mut self, parts: &mut Parts<'_>) -> Option<Name> {
        parts.take(Rule::ident).map(|node| self.name(node))
    }

    /// Takes the next part as any word.
    pub(crate) fn word(&mut self, parts: &mut Parts<'_>) -> Option<Name> {
        parts.take(Rule::word).map(|node| self.name(node))
    }

    /// Takes all bare names that follow.
    pub(crate) fn idents(&mut self, parts: &mut Parts<'_>) -> Vec<Name> {
        parts
            .take_all(Rule::ident)
            .into_iter()
            .map(|node| self.name(node))
            .collect()
    }

    /// Takes all words that follow.
    pub(crate) fn words(&mut self, parts: &mut Parts<'_>) -> Vec<Name> {
        parts
            .take_all(Rule::word)
            .into_iter()
            .map(|node| self.name(node))
            .collect()
    }

    /// Takes the next part as a text in quotes.
    pub(crate) fn quoted(&mut self, parts: &mut Parts<'_>) -> Option<Quoted> {
        parts.take(Rule::string).map(|node| self.text(&node))
    }

    /// Reads a text in quotes.
    pub(crate) fn text(&self, node: &Node<'_>) -> Quoted {
        let span = self.span(node);
        let mut inner = self.written(span).chars();
        inner.next();
        inner.next_back();
        Quoted {
            value: unescaped(inner.as_str()),
            span,
        }
    }

    /// Takes the reason and the reference.
    pub(crate) fn tail(&mut self, from: &mut Parts<'_>) -> Tail {
        let mut tail = Tail::default();
        let Some(node) = from.take(Rule::tail) else {
            return tail;
        };
        for clause in node.into_inner() {
            let rule = clause.as_rule();
            let text = self.quoted(&mut parts(clause));
            match rule {
                Rule::because => tail.because = text,
                _ => tail.reference = text,
            }
        }
        tail
    }

    /// Counts a node; gives nothing past the limit, which is reported once.
    pub(crate) fn count(&mut self, span: Span) -> Option<()> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes == MAX_NODES {
            self.sink.push(
                Diagnostic::error(
                    Code::E0010,
                    text!(
                        "this file has more than {MAX_NODES} parts",
                        "此文件超过 {MAX_NODES} 个部分"
                    ),
                )
                .primary(span, text!("the limit is passed here", "到此处超出上限")),
            );
        }
        (self.nodes < MAX_NODES).then_some(())
    }
}

/// Puts characters in the place of their numbers: `\u{202E}`.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u{") {
        out.push_str(before);
        let number = after.split_once('}').and_then(|(hex, behind)| {
            let sign = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
            Some((sign, behind))
        });
        match number {
            Some((sign, behind)) => {
                out.push(sign);
                rest = behind;
            }
            None => {
                out.push_str("\\u{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
