//! Sheets: tables kept in a spreadsheet beside the rules, as `tiers … from "rates.csv"` names them.
//!
//! A sheet is comma-separated text with one row of headings. It is read when rules are compiled, so that what holds
//! for rows written out (no gap, no overlap) is proven for it too, and messages point into it.

use crate::ast::Literal;
use crate::diagnostic::{Code, Diagnostic, Fix, Sink, Text};
use crate::parse;
use crate::source::SourceMap;
use crate::span::{FileId, Span};
use crate::text;

/// The most rows that a sheet may have.
const MAX_ROWS: usize = 100_000;

/// Holds the cells of a comma-separated file.
///
/// ```
/// use guerdon_syntax::{SourceMap, Sink, sheet::Sheet};
/// let mut sources = SourceMap::default();
/// let file = sources.add("rates.csv", b"from,value\n\"CNY 1,000\",5%\n").unwrap();
/// let mut sink = Sink::default();
/// let sheet = Sheet::read(&sources, file, &mut sink);
/// assert_eq!(sheet.headings[1].text, "value");
/// let amount = sheet.rows[0].cells[0].literal(&sources, &mut sink).unwrap();
/// assert_eq!(amount.written, "CNY 1,000");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The first row.
    pub headings: Vec<SheetCell>,
    /// The other rows, each with as many cells as there are headings; rows that are wholly empty are left out.
    pub rows: Vec<SheetRow>,
}

/// Holds one row of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// The cells.
    pub cells: Vec<SheetCell>,
    /// The whole row, its line end left out.
    pub span: Span,
}

/// Holds one cell of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetCell {
    /// The text, without quotes and without blanks at either end.
    pub text: String,
    /// Where the text stands.
    pub span: Span,
}

impl Sheet {
    /// Reads the cells of a file.
    ///
    /// Rows of another length than the headings (E0113), quotes that are not closed (E0105) and rows past the limit
    /// (E0009) are reported and left out.
    pub fn read(sources: &SourceMap, file: FileId, sink: &mut Sink) -> Sheet {
        let mut reader = Reader {
            file,
            source: sources.text(file),
            at: 0,
            sink,
        };
        let mut rows = std::iter::from_fn(|| reader.row()).filter(|row| !row.is_blank());
        let headings = rows.next().map_or_else(Vec::new, |row| row.cells);
        let mut rows: Vec<SheetRow> = rows.take(MAX_ROWS.saturating_add(1)).collect();
        if let Some(row) = rows.get(MAX_ROWS) {
            sink.push(too_many(row.span));
            rows.truncate(MAX_ROWS);
        }
        rows.retain(|row| has_length(row, headings.len(), sink));
        Sheet { headings, rows }
    }
}

impl SheetRow {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(SheetCell::is_empty)
    }
}

impl SheetCell {
    /// Tells whether nothing stands in the cell.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Reads the cell as a literal of the rule language, with its sign; reports what cannot be read.
    pub fn literal(&self, sources: &SourceMap, sink: &mut Sink) -> Option<Literal> {
        parse::cell::literal(sources, self.span, sink)
    }
}

/// Walks through the text of a sheet.
struct Reader<'a> {
    file: FileId,
    source: &'a str,
    at: usize,
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn row(&mut self) -> Option<SheetRow> {
        let start = self.at;
        if start >= self.source.len() {
            return None;
        }
        let mut cells = vec![self.cell()];
        while self.rest().starts_with(',') {
            self.at = self.at.saturating_add(1);
            cells.push(self.cell());
        }
        let span = self.trimmed(start, self.at);
        let line_end = self.rest().len().min(1);
        self.at = self.at.saturating_add(line_end);
        Some(SheetRow { cells, span })
    }

    /// Reads up to the next comma or line end outside quotes.
    fn cell(&mut self) -> SheetCell {
        let blanks = self
            .rest()
            .len()
            .saturating_sub(self.rest().trim_start_matches([' ', '\t']).len());
        self.at = self.at.saturating_add(blanks);
        if self.rest().starts_with('"') {
            return self.quoted();
        }
        let start = self.at;
        let length = self.rest().find([',', '\n']).unwrap_or(self.rest().len());
        self.at = start.saturating_add(length);
        let span = self.trimmed(start, self.at);
        SheetCell {
            text: self.slice(span).to_owned(),
            span,
        }
    }

    fn quoted(&mut self) -> SheetCell {
        let open = self.at;
        let start = open.saturating_add(1);
        let end = self.closing_quote(start);
        let inside = self.source.get(start..end).unwrap_or("");
        let text = inside.trim().replace("\"\"", "\"");
        let span = self.trimmed(start, end);
        self.at = end.saturating_add(1).min(self.source.len());
        if end == self.source.len() {
            self.sink.push(unclosed(self.span(open, start)));
        }
        let length = self.rest().find([',', '\n']).unwrap_or(self.rest().len());
        let behind = self.trimmed(self.at, self.at.saturating_add(length));
        if !self.slice(behind).is_empty() {
            self.sink.push(behind_quote(behind));
        }
        self.at = self.at.saturating_add(length);
        SheetCell { text, span }
    }

    /// Finds the quote that closes a cell, or the end of the file; two quotes in a row stand for one.
    fn closing_quote(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(found) = self.source.get(at..).and_then(|rest| rest.find('"')) {
            let quote = at.saturating_add(found);
            let next = quote.saturating_add(1);
            if self.source.get(next..).is_none_or(|rest| !rest.starts_with('"')) {
                return quote;
            }
            at = next.saturating_add(1);
        }
        self.source.len()
    }

    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or("")
    }

    fn slice(&self, span: Span) -> &str {
        self.source.get(span.range()).unwrap_or("")
    }

    /// Gives the span between two places without blanks at either end.
    fn trimmed(&self, start: usize, end: usize) -> Span {
        let written = self.source.get(start..end).unwrap_or("");
        let blanks = written.len().saturating_sub(written.trim_start().len());
        let from = start.saturating_add(blanks);
        self.span(from, from.saturating_add(written.trim().len()))
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, crate::fold::offset(start), crate::fold::offset(end))
    }
}

fn has_length(row: &SheetRow, wanted: usize, sink: &mut Sink) -> bool {
    let cells = row.cells.len();
    if cells != wanted {
        sink.push(parse::cell::uneven(row.span, cells, wanted));
    }
    cells == wanted
}

fn unclosed(at: Span) -> Diagnostic {
    Diagnostic::error(
        Code::E0105,
        text!("this cell has no closing quote", "此单元格缺少右引号"),
    )
    .primary(
        at,
        text!(
            "begins here and runs to the end of the file",
            "从这里开始，直到文件末尾"
        ),
    )
}

fn behind_quote(at: Span) -> Diagnostic {
    Diagnostic::error(
        Code::E0105,
        text!(
            "something stands behind the closing quote of this cell",
            "此单元格的右引号之后还有内容"
        ),
    )
    .primary(at, Text::default())
    .fix(Fix::replace(text!("leave it out", "删去"), at, ""))
}

fn too_many(at: Span) -> Diagnostic {
    Diagnostic::error(
        Code::E0009,
        text!(
            "this file has more than {MAX_ROWS} rows",
            "此文件超过 {MAX_ROWS} 行"
        ),
    )
    .primary(at, text!("the first row past the limit", "超出上限的第一行"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Vec<String>>, Vec<String>) {
        let mut sources = SourceMap::default();
        let file = sources.add("a.csv", text.as_bytes()).unwrap();
        let mut sink = Sink::default();
        let sheet = Sheet::read(&sources, file, &mut sink);
        let texts = |cells: &[SheetCell]| cells.iter().map(|cell| cell.text.clone()).collect();
        let rows = sheet.rows.iter().map(|row| texts(&row.cells));
        let all = std::iter::once(texts(&sheet.headings)).chain(rows).collect();
        (
            all,
            sink.finish().iter().map(|fault| fault.code.to_string()).collect(),
        )
    }

    fn cell(text: &str) -> (Option<String>, Vec<String>) {
        let mut sources = SourceMap::default();
        let file = sources
            .add("a.csv", format!("value\n\"{text}\"").as_bytes())
            .unwrap();
        let mut sink = Sink::default();
        let sheet = Sheet::read(&sources, file, &mut sink);
        let literal = sheet.rows[0].cells[0].literal(&sources, &mut sink);
        if let Some(literal) = &literal {
            assert_eq!(sources.slice(literal.span), text);
        }
        (
            literal.map(|literal| literal.written),
            sink.finish().iter().map(|fault| fault.code.to_string()).collect(),
        )
    }

    #[test]
    fn cells_are_parted_by_commas_outside_quotes() {
        let (rows, faults) = read("from, below ,value\r\n0,\"CNY 1,000\",5%\r\n\r\n,,\n \"a \"\"b\"\"\" ,,x");
        assert_eq!(
            rows,
            [
                ["from", "below", "value"],
                ["0", "CNY 1,000", "5%"],
                ["a \"b\"", "", "x"]
            ]
        );
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn uneven_rows_and_odd_quotes_are_told() {
        assert_eq!(read("a,b\n1\n1,2,3\n1,2").1, ["E0113", "E0113"]);
        assert_eq!(read("a,b\n1,\"2").1, ["E0105"]);
        assert_eq!(read("a,b\n\"1\" x,2").1, ["E0105"]);
        assert_eq!(read("").0, [Vec::<String>::new()]);
    }

    #[test]
    fn a_cell_is_read_as_a_literal_of_the_language() {
        assert_eq!(cell("CNY 1,200,000.00").0.as_deref(), Some("CNY 1,200,000.00"));
        assert_eq!(cell("-5%").0.as_deref(), Some("-5%"));
        assert_eq!(cell("2026-03-31").0.as_deref(), Some("2026-03-31"));
        assert_eq!(cell("12%x"), (None, vec!["E0101".to_owned()]));
        assert_eq!(cell("¥5"), (None, vec!["E0104".to_owned()]));
        assert_eq!(cell("2026-02-30"), (None, vec!["E0115".to_owned()]));
    }
}
