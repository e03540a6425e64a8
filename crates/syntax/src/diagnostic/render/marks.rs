//! Marks under one printed line, and the words that hang from them.

use super::canvas::{Canvas, Paint};
use crate::diagnostic::{Role, Severity};

/// Marks a stretch of columns of a printed line.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) sign: char,
    pub(super) paint: Paint,
    pub(super) words: String,
}

/// Is one printed row of marks: columns up to the width of the marks, then words.
#[derive(Default)]
pub(super) struct Row {
    cells: Vec<(char, Paint)>,
    words: Option<(Paint, String)>,
}

impl Mark {
    /// Makes the mark of a label; an empty stretch still gets one sign.
    pub(super) fn of_label(from: usize, to: usize, role: Role, severity: Severity, words: String) -> Mark {
        let (sign, paint) = match role {
            Role::Primary => ('^', Paint::from(severity)),
            Role::Secondary => ('─', Paint::Secondary),
        };
        Mark {
            from,
            to: to.max(from.saturating_add(1)),
            sign,
            paint,
            words,
        }
    }
}

impl Row {
    /// Writes the row behind whatever the current line of the canvas begins with.
    pub(super) fn write(self, canvas: &mut Canvas) {
        for (sign, paint) in self.cells {
            canvas.paint(paint, sign.encode_utf8(&mut [0; 4]));
        }
        if let Some((paint, words)) = self.words {
            canvas.paint(paint, &words);
        }
    }

    fn put(&mut self, column: usize, sign: char, paint: Paint) {
        self.widen(column.saturating_add(1));
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = (sign, paint);
        }
    }

    fn say(&mut self, column: usize, mark: &Mark) {
        self.widen(column);
        self.words = Some((mark.paint, mark.words.clone()));
    }

    fn widen(&mut self, columns: usize) {
        let wanted = columns.max(self.cells.len());
        self.cells.resize(wanted, (' ', Paint::Plain));
    }
}

/// Lays out the rows under a line: the marks, with the words of the last one beside it, then the words of the others
/// hanging from them, the rightmost first.
pub(super) fn rows(mut marks: Vec<Mark>) -> Vec<Row> {
    marks.sort_by_key(|mark| (mark.from, mark.to));
    let beside = beside(&marks);
    let mut first = underlines(&marks);
    if let Some(mark) = beside.and_then(|at| marks.get(at)) {
        first.say(mark.to.saturating_add(1), mark);
    }
    let hanging: Vec<&Mark> = marks
        .iter()
        .enumerate()
        .filter(|(at, mark)| Some(*at) != beside && !mark.words.is_empty())
        .map(|(_, mark)| mark)
        .collect();
    std::iter::once(first).chain(hanging_rows(&hanging)).collect()
}

/// Finds the mark whose words fit beside it: the one that ends last, if it has words.
fn beside(marks: &[Mark]) -> Option<usize> {
    let last = marks.iter().map(|mark| mark.to).max()?;
    marks
        .iter()
        .rposition(|mark| mark.to == last && !mark.words.is_empty())
}

/// Draws all marks, those of the fault over the others.
fn underlines(marks: &[Mark]) -> Row {
    let mut row = Row::default();
    let (lesser, fault): (Vec<&Mark>, Vec<&Mark>) = marks.iter().partition(|mark| mark.sign == '─');
    for mark in lesser.into_iter().chain(fault) {
        (mark.from..mark.to).for_each(|column| row.put(column, mark.sign, mark.paint));
    }
    row
}

fn hanging_rows(hanging: &[&Mark]) -> Vec<Row> {
    if hanging.is_empty() {
        return Vec::new();
    }
    let spoken = hanging.iter().enumerate().rev().map(|(at, mark)| {
        let mut row = connectors(hanging.iter().take(at).filter(|left| left.from < mark.from));
        row.say(mark.from, mark);
        row
    });
    std::iter::once(connectors(hanging.iter()))
        .chain(spoken)
        .collect()
}

fn connectors<'a>(marks: impl Iterator<Item = &'a &'a Mark>) -> Row {
    let mut row = Row::default();
    marks.for_each(|mark| row.put(mark.from, '│', mark.paint));
    row
}
