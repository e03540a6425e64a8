//! Lines on the page: indentation, blank lines, comments, columns.

use unicode_width::UnicodeWidthStr;

use super::comments::{Inside, Line, written};
use crate::ast::{Comment, File};
use crate::diagnostic::Language;
use crate::span::Span;

/// The width past which a statement is broken at its clauses.
const WIDTH: usize = 110;

/// The widest line behind which comments are aligned.
const COMMENT_COLUMN: usize = 70;

/// Gathers printed lines.
pub(super) struct Layout<'a> {
    lines: Vec<Line>,
    comments: std::iter::Peekable<std::slice::Iter<'a, Comment>>,
    blank_lines: &'a [u32],
    last: u32,
    is_after_first_line: bool,
    indent: usize,
    language: Language,
}

/// Holds a statement as clauses, which stand on one line if they fit.
#[derive(Default)]
pub(super) struct Clauses {
    /// The clauses, each of which may begin a line.
    pub(super) inline: Vec<String>,
    /// The reason and the reference, which begin lines of their own.
    pub(super) tail: Vec<String>,
}

impl Clauses {
    /// Begins with a first clause.
    pub(super) fn new(first: impl Into<String>) -> Clauses {
        Clauses {
            inline: vec![first.into()],
            tail: Vec::new(),
        }
    }

    /// Adds a clause.
    pub(super) fn and(mut self, clause: impl Into<String>) -> Clauses {
        self.inline.push(clause.into());
        self
    }

    /// Adds a clause if there is one.
    pub(super) fn maybe(mut self, clause: Option<String>) -> Clauses {
        self.inline.extend(clause);
        self
    }

    /// Adds clauses.
    pub(super) fn all(mut self, clauses: impl IntoIterator<Item = String>) -> Clauses {
        self.inline.extend(clauses);
        self
    }

    /// Adds the reason and the reference.
    pub(super) fn tail(mut self, tail: Vec<String>) -> Clauses {
        self.tail = tail;
        self
    }

    /// Gives everything in one line.
    pub(super) fn one_line(self) -> String {
        let mut all = self.inline;
        all.extend(self.tail);
        all.join(" ")
    }
}

impl<'a> Layout<'a> {
    pub(super) fn new(file: &'a File, language: Language) -> Layout<'a> {
        Layout {
            lines: Vec::new(),
            comments: file.comments.iter().peekable(),
            blank_lines: &file.blank_lines,
            last: 0,
            is_after_first_line: false,
            indent: 0,
            language,
        }
    }

    /// Prints the lines before everything else with their comments, each with its place if the source has it; no text
    /// where the printed file does not have it.
    pub(super) fn first_lines<const N: usize>(
        &mut self,
        lines: [(Option<Span>, Option<String>); N],
        first_item: u32,
    ) {
        let places = lines.each_ref().map(|(place, _)| *place);
        let comments = self.first_comments(&places, first_item);
        let mut is_printed = false;
        for (at, (place, text)) in lines.into_iter().enumerate() {
            let own = comments.iter().filter(|(owner, _)| *owner == at);
            let (behind, above): (Vec<_>, Vec<_>) = own.partition(|(_, comment)| comment.is_trailing);
            above.into_iter().for_each(|(_, comment)| self.comment(comment));
            if let Some(text) = text {
                place.iter().for_each(|place| self.blank(place.start));
                self.push(text);
                is_printed = true;
            }
            behind.into_iter().for_each(|(_, comment)| self.comment(comment));
            self.last = self.last.max(place.map_or(0, |place| place.end));
        }
        self.is_after_first_line = is_printed;
    }

    /// Takes the comments above and behind the first lines, each with the number of its line.
    fn first_comments(&mut self, places: &[Option<Span>], first_item: u32) -> Vec<(usize, &'a Comment)> {
        let starts = || places.iter().flatten().map(|place| place.start);
        let (first, last) = (starts().min(), starts().max().unwrap_or(0));
        let has_place = places.iter().any(Option::is_some);
        let mut found = Vec::new();
        while let Some(comment) = self.comments.next_if(|comment| {
            let start = comment.span.start;
            start < last || (has_place && comment.is_trailing && start < first_item)
        }) {
            let start = comment.span.start;
            let numbered = places.iter().enumerate();
            let numbered = numbered.filter_map(|(at, place)| place.map(|place| (at, place)));
            let owner = match comment.is_trailing {
                true => numbered
                    .filter(|(_, place)| place.end <= start)
                    .max_by_key(|(_, place)| place.end),
                false if first.is_some_and(|first| start < first) => None,
                false => numbered
                    .filter(|(_, place)| place.start > start)
                    .min_by_key(|(_, place)| place.start),
            };
            found.push((owner.map_or(0, |(at, _)| at), comment));
        }
        found
    }

    /// Prints the head of a block and goes inside it.
    pub(super) fn open(&mut self, span: Span, clauses: Clauses) {
        self.before(span.start);
        self.print(span.start, clauses);
        self.last = self.last.max(span.start);
        self.indent = self.indent.saturating_add(2);
    }

    /// Leaves a block and prints its last line.
    pub(super) fn close(&mut self, span: Span, word: &str) {
        self.comments_before(span.end);
        self.indent = self.indent.saturating_sub(2);
        self.push(word.to_owned());
        self.last = span.end;
    }

    /// Prints a statement.
    pub(super) fn statement(&mut self, span: Span, clauses: Clauses) {
        self.before(span.start);
        self.print(span.start, clauses);
        self.last = self.last.max(span.end);
    }

    /// Prints a row.
    pub(super) fn row(&mut self, span: Span, text: String) {
        self.before(span.start);
        self.lines(span.start, vec![(self.indent, text.trim_end().to_owned())]);
        self.last = self.last.max(span.end);
    }

    /// Gives the whole text.
    pub(super) fn finish(mut self) -> String {
        self.indent = 0;
        self.comments_before(u32::MAX);
        self.align_comments();
        let mut out = String::new();
        for line in &self.lines {
            if !line.text.is_empty() || line.comment.is_some() {
                out.push_str(&" ".repeat(line.indent));
            }
            out.push_str(&line.text);
            if let Some(comment) = &line.comment {
                out.push_str(comment);
            }
            out.push('\n');
        }
        out
    }

    /// Prints the comments and the blank line that stand before a statement.
    fn before(&mut self, start: u32) {
        while let Some(comment) = self
            .comments
            .next_if(|comment| comment.span.start < start && comment.place.is_none())
        {
            self.comment(comment);
        }
        self.blank(start);
    }

    fn comments_before(&mut self, end: u32) {
        while let Some(comment) = self.comments.next_if(|comment| comment.span.start < end) {
            self.comment(comment);
        }
    }

    fn comment(&mut self, comment: &Comment) {
        let free = self
            .lines
            .last_mut()
            .filter(|line| comment.is_trailing && line.comment.is_none());
        match free.filter(|line| !line.text.is_empty()) {
            Some(line) => line.comment = Some(written(comment)),
            None => {
                self.blank(comment.span.start);
                self.lines.push(Line {
                    indent: self.indent,
                    text: String::new(),
                    comment: Some(written(comment)),
                });
            }
        }
        self.last = self.last.max(comment.span.end);
    }

    /// Prints a blank line if the source has one between what was printed last and a place.
    fn blank(&mut self, start: u32) {
        let first = self.blank_lines.partition_point(|at| *at < self.last);
        let has_blank = self.blank_lines.get(first).is_some_and(|at| *at < start);
        let is_after_text = self
            .lines
            .last()
            .is_some_and(|line| !line.text.is_empty() || line.comment.is_some());
        let is_after_first_line = std::mem::take(&mut self.is_after_first_line);
        if (has_blank || is_after_first_line) && is_after_text {
            self.lines.push(Line {
                indent: 0,
                text: String::new(),
                comment: None,
            });
        }
    }

    fn print(&mut self, start: u32, clauses: Clauses) {
        let joined = clauses.inline.join(" ");
        let is_short = self.indent.saturating_add(joined.width()) <= WIDTH;
        let all = if is_short { vec![joined] } else { clauses.inline };
        let deeper = self.indent.saturating_add(2);
        let indents = std::iter::once(self.indent).chain(std::iter::repeat(deeper));
        let texts = indents.zip(all.into_iter().chain(clauses.tail)).collect();
        self.lines(start, texts);
    }

    /// Prints the lines of a statement with the comments that stand in it.
    fn lines(&mut self, start: u32, texts: Vec<(usize, String)>) {
        let mut inside = Vec::new();
        let belongs = |comment: &&'a Comment| comment.place.is_some_and(|place| place.statement <= start);
        while let Some(comment) = self.comments.next_if(belongs) {
            self.last = self.last.max(comment.span.end);
            inside.push(comment);
        }
        let lines = texts.into_iter().map(|(indent, text)| Line {
            indent,
            text,
            comment: None,
        });
        let lines: Vec<Line> = lines.collect();
        let with_comments = match inside.is_empty() {
            true => lines,
            false => Inside::new(lines, self.language).with(&inside),
        };
        self.lines.extend(with_comments);
    }

    fn push(&mut self, text: String) {
        self.lines.push(Line {
            indent: self.indent,
            text,
            comment: None,
        });
    }

    /// Puts the comments of lines that follow each other into one column.
    fn align_comments(&mut self) {
        let is_commented = |line: &Line| line.comment.is_some() && !line.text.is_empty();
        let mut rest = self.lines.as_mut_slice();
        while !rest.is_empty() {
            let indent = rest.first().map_or(0, |line| line.indent);
            let belongs = |line: &&Line| is_commented(line) && line.indent == indent;
            let run = rest.iter().take_while(belongs).count();
            let (lines, behind) = rest.split_at_mut(run.max(1).min(rest.len()));
            rest = behind;
            let width = |line: &Line| line.indent.saturating_add(line.text.width());
            let column = lines
                .iter()
                .map(width)
                .filter(|width| *width <= COMMENT_COLUMN)
                .max()
                .unwrap_or(0);
            for line in lines.iter_mut().filter(|line| is_commented(line)) {
                let gap = column.saturating_sub(width(line)).saturating_add(2);
                line.text.push_str(&" ".repeat(gap));
            }
        }
    }
}

/// Makes the cells of rows equally wide, column by column, and joins them.
pub(super) fn columns(rows: &[Vec<String>], between: &str) -> Vec<String> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            let width = cell.width();
            match widths.get_mut(at) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    rows.iter().map(|row| joined(row, &widths, between)).collect()
}

fn joined(row: &[String], widths: &[usize], between: &str) -> String {
    let mut out = String::new();
    for (at, (cell, width)) in row.iter().zip(widths).enumerate() {
        if at > 0 {
            out.push_str(between);
        }
        out.push_str(cell);
        out.push_str(&" ".repeat(width.saturating_sub(cell.width())));
    }
    out.trim_end().to_owned()
}

/// Pads a text on the right to a width.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}
