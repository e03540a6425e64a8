//! Cells of sheets, read by the grammar of literals.

use pest::Parser as _;

use super::build::Builder;
use super::grammar::{Grammar, Rule, parts};
use crate::ast::Literal;
use crate::diagnostic::{Code, Diagnostic, Sink, plural};
use crate::fold::fold_part;
use crate::source::SourceMap;
use crate::span::Span;
use crate::text;

/// Reads a stretch of a file as one literal with its sign; reports what cannot be read and gives nothing then.
pub(crate) fn literal(sources: &SourceMap, span: Span, sink: &mut Sink) -> Option<Literal> {
    let before = sink.errors();
    let language = sources.language(span.file);
    let folded = fold_part(span, sources.text(span.file), language, sink);
    if sink.errors() != before {
        return None;
    }
    let mut builder = Builder {
        folded: &folded,
        source: sources.text(span.file),
        language,
        base: 0,
        nodes: 0,
        sink,
    };
    let read = Grammar::parse(Rule::sheet_cell, &folded.text).ok();
    let Some(node) = read.and_then(|mut read| parts(read.next()?).take(Rule::signed)) else {
        builder.sink.push(unreadable(span));
        return None;
    };
    builder.signed(node)
}

/// Reports a row that does not have a cell for each column.
pub(crate) fn uneven(row: Span, cells: usize, columns: usize) -> Diagnostic {
    let counted = plural(cells, "cell");
    Diagnostic::error(
        Code::E0113,
        text!(
            "this row has {counted}, the heading has {columns}",
            "此行有 {cells} 格，表头有 {columns} 格"
        ),
    )
    .primary(row, text!("{cells} here", "此处 {cells} 格"))
}

fn unreadable(span: Span) -> Diagnostic {
    Diagnostic::error(Code::E0101, text!("this cell is no value", "此单元格不是一个值")).primary(
        span,
        text!(
            "such as 80%, 1200 or CNY 1,200.00",
            "例如 80%、1200 或 CNY 1,200.00"
        ),
    )
}
