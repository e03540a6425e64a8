//! Where comments stand in the statements that they interrupt or end.

use super::{Logical, Outline};
use crate::ast::CommentPlace;
use crate::fold::{Folded, offset};
use crate::span::Span;

/// Says of each comment of a file in which statement it stands, if in any.
pub(crate) fn comment_places(
    folded: &Folded,
    source: &str,
    outline: &Outline<'_>,
) -> Vec<Option<CommentPlace>> {
    let mut lines = Vec::new();
    outline.items.iter().for_each(|item| flatten(item, &mut lines));
    let spans: Vec<Span> = lines
        .iter()
        .map(|line| folded.span(line.start(), line.end()))
        .collect();
    let place = |comment: Span| {
        let at = spans
            .partition_point(|span| span.start <= comment.start)
            .checked_sub(1)?;
        let (line, span) = (lines.get(at)?, spans.get(at)?);
        let before = line
            .tokens
            .partition_point(|token| folded.span(token.start, token.end()).start < comment.start);
        let is_inside = before < line.tokens.len();
        let gap = source.get(span.range().end..comment.range().start);
        let is_behind = gap.is_some_and(|gap| gap.trim_matches([' ', '\t', '\r', '\u{3000}']).is_empty());
        (is_inside || is_behind).then_some(CommentPlace {
            statement: span.start,
            words_before: is_inside.then_some(before),
        })
    };
    folded
        .comments
        .iter()
        .map(|comment| place(comment.span))
        .collect()
}

/// Counts the words and signs of a text that is part of a statement, as [`CommentPlace::words_before`] counts them.
pub(crate) fn count_words(text: &str, language: crate::Language) -> usize {
    let span = Span::new(crate::FileId(0), 0, offset(text.len()));
    let folded = crate::fold::fold_part(span, text, language, &mut crate::Sink::default());
    super::token::tokens(&folded.text).len()
}

fn flatten<'o, 'a>(line: &'o Logical<'a>, into: &mut Vec<&'o Logical<'a>>) {
    into.push(line);
    for inner in line.body.iter().flat_map(|body| &body.lines) {
        flatten(inner, into);
    }
}
