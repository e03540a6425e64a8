//! Source lines with marks under the places concerned.

use std::collections::BTreeMap;

use super::canvas::{Paint, visible, width};
use super::marks::{Mark, Row, rows};
use super::{Page, words};
use crate::diagnostic::{Label, Role};
use crate::source::SourceFile;
use crate::span::{FileId, index};

/// The longest line that is printed whole, in columns.
const LONGEST_LINE: usize = 160;
/// How much of a longer line is printed in front of the place concerned, in bytes.
const LEAD: usize = 60;

/// Is the part of a line that is printed: all of it, or a window of a very long one.
pub(super) struct Window<'a> {
    text: &'a str,
    offset: usize,
    is_cut_before: bool,
    is_cut_after: bool,
}

impl<'a> Window<'a> {
    /// Chooses what to print of a line, so that the byte `focus` is in it.
    pub(super) fn of(line: &'a str, focus: usize) -> Window<'a> {
        if line.len() <= LONGEST_LINE || width(line) <= LONGEST_LINE {
            return Window {
                text: line,
                offset: 0,
                is_cut_before: false,
                is_cut_after: false,
            };
        }
        let from = line.floor_char_boundary(focus.saturating_sub(LEAD));
        let to = from.saturating_add(fitting(line.get(from..).unwrap_or("")));
        let text = line.get(from..to).unwrap_or("");
        Window {
            text,
            offset: from,
            is_cut_before: from > 0,
            is_cut_after: to < line.len(),
        }
    }

    /// Gives the printed form, with `…` where something is cut.
    pub(super) fn printed(&self) -> String {
        let dots = |is_cut: bool| if is_cut { "…" } else { "" };
        format!(
            "{}{}{}",
            dots(self.is_cut_before),
            visible(self.text),
            dots(self.is_cut_after)
        )
    }

    /// Finds the printed column of a byte of the line.
    pub(super) fn column(&self, byte: usize) -> usize {
        let inside = self.text.floor_char_boundary(byte.saturating_sub(self.offset));
        let before = width(self.text.get(..inside).unwrap_or(self.text));
        before.saturating_add(usize::from(self.is_cut_before))
    }
}

/// Counts the bytes that fit into the columns of a line.
fn fitting(text: &str) -> usize {
    let mut columns = 0_usize;
    for (at, letter) in text.char_indices() {
        columns = columns.saturating_add(width(letter.encode_utf8(&mut [0; 4])));
        if columns > LONGEST_LINE {
            return at;
        }
    }
    text.len()
}

impl Page<'_> {
    /// Names the places in data.
    pub(super) fn places(&mut self) {
        for (at, one) in self.diagnostic.places.iter().enumerate() {
            self.heading(
                if at == 0 { "┌─" } else { "├─" },
                words::place(one).get(self.language),
            );
        }
    }

    /// Prints the labelled lines, file by file, that of the fault first.
    pub(super) fn excerpts(&mut self) {
        let mut is_first = self.diagnostic.places.is_empty();
        for (file, labels) in self.by_file() {
            if !is_first {
                self.edge("│");
            }
            self.heading(if is_first { "┌─" } else { "├─" }, &self.address(file, &labels));
            self.edge("│");
            self.lines(file, &labels);
            is_first = false;
        }
    }

    /// Prints the labelled lines without naming their files.
    pub(super) fn bare_excerpts(&mut self) {
        for (file, labels) in self.by_file() {
            self.lines(file, &labels);
        }
    }

    /// Gives the place of the fault as the beginning of a line; empty if it has none.
    pub(super) fn first_place(&self) -> String {
        let of_source = self
            .by_file()
            .into_iter()
            .next()
            .map(|(file, labels)| self.address(file, &labels));
        let of_data = || {
            self.diagnostic
                .places
                .first()
                .map(|one| words::place(one).get(self.language).to_owned())
        };
        let place = of_source.or_else(of_data);
        place.map_or(String::new(), |place| format!("{}: ", visible(&place)))
    }

    /// Writes a source line with its number.
    pub(super) fn source_line(&mut self, number: u32, printed: &str) {
        let digits = self.gutter.saturating_sub(1);
        self.canvas.paint(Paint::Gutter, &format!("{number:>digits$} │"));
        self.canvas.paint(Paint::Plain, &format!(" {printed}"));
        self.canvas.end_line();
    }

    /// Writes a row of marks.
    pub(super) fn mark_row(&mut self, row: Row) {
        self.canvas
            .paint(Paint::Gutter, &format!("{}│", " ".repeat(self.gutter)));
        self.canvas.paint(Paint::Plain, " ");
        row.write(&mut self.canvas);
        self.canvas.end_line();
    }

    fn by_file(&self) -> Vec<(FileId, Vec<Label>)> {
        let mut files: BTreeMap<FileId, Vec<Label>> = BTreeMap::new();
        for label in &self.diagnostic.labels {
            files.entry(label.span.file).or_default().push(label.clone());
        }
        let first = self.diagnostic.primary_span().map(|span| span.file);
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_by_key(|(file, _)| Some(*file) != first);
        files
    }

    fn address(&self, file: FileId, labels: &[Label]) -> String {
        let primary = labels
            .iter()
            .find(|label| label.role == Role::Primary)
            .or(labels.first());
        let start = primary.map_or(0, |label| label.span.start);
        let position = self.sources.position(file, start);
        format!(
            "{}:{}:{}",
            self.sources.name(file),
            position.line,
            position.column
        )
    }

    fn heading(&mut self, corner: &str, words: &str) {
        self.canvas
            .paint(Paint::Gutter, &format!("{}{corner}", " ".repeat(self.gutter)));
        self.canvas.paint(Paint::Plain, &format!(" {}", visible(words)));
        self.canvas.end_line();
    }

    fn lines(&mut self, file: FileId, labels: &[Label]) {
        let Some(source) = self.sources.file(file) else {
            return;
        };
        let mut last: Option<u32> = None;
        for (number, labels) in by_line(source, labels) {
            if last.is_some_and(|last| number > last.saturating_add(1)) {
                self.edge("·");
            }
            self.labelled_line(source, number, &labels);
            last = Some(number);
        }
    }

    fn labelled_line(&mut self, source: &SourceFile, number: u32, labels: &[&Label]) {
        let line = source.line(number);
        let start = index(source.line_start(number));
        let primary = labels
            .iter()
            .find(|label| label.role == Role::Primary)
            .or(labels.first());
        let focus = primary.map_or(0, |label| index(label.span.start).saturating_sub(start));
        let window = Window::of(line, focus);
        self.source_line(number, &window.printed());
        let marks = labels
            .iter()
            .map(|label| self.mark(label, &window, start, line.len()))
            .collect();
        rows(marks).into_iter().for_each(|row| self.mark_row(row));
    }

    /// Makes the mark of a label; what a label covers past the end of its first line is not marked.
    fn mark(&self, label: &Label, window: &Window<'_>, line_start: usize, line_length: usize) -> Mark {
        let column = |byte: u32| window.column(index(byte).saturating_sub(line_start).min(line_length));
        let words = visible(&label.text.get(self.language).replace('\n', " "));
        let (from, to) = (column(label.span.start), column(label.span.end));
        Mark::of_label(from, to, label.role, self.diagnostic.severity, words)
    }
}

fn by_line<'a>(source: &SourceFile, labels: &'a [Label]) -> BTreeMap<u32, Vec<&'a Label>> {
    let mut lines: BTreeMap<u32, Vec<&Label>> = BTreeMap::new();
    for label in labels {
        lines
            .entry(source.position(label.span.start).line)
            .or_default()
            .push(label);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn long_lines_are_cut_to_their_columns() {
        let latin = "x".repeat(161);
        assert_eq!(Window::of(&latin, 0).printed(), format!("{}…", "x".repeat(160)));
        assert_eq!(Window::of(&"x".repeat(160), 0).printed(), "x".repeat(160));
        // A Chinese character is two columns wide.
        let chinese = "业".repeat(81);
        assert_eq!(Window::of(&chinese, 0).printed(), format!("{}…", "业".repeat(80)));
        assert_eq!(Window::of(&"业".repeat(80), 0).printed(), "业".repeat(80));
    }
}
