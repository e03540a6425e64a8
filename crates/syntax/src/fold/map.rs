//! The folded text, and the way back to the source.

use super::comment::Comment;
use super::offset;
use crate::span::{FileId, Span};

/// Holds the folded text of a file and what was taken out of it.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The text that the grammar reads.
    pub text: String,
    /// The comments, in order; they are blanks in the text.
    pub comments: Vec<Comment>,
    /// The source offset of every blank line.
    pub blank_lines: Vec<u32>,
    /// Offsets of the folded text at which a fault was reported, in order.
    pub(crate) faults: Vec<usize>,
    file: FileId,
    stretches: Vec<Stretch>,
    source_len: usize,
}

/// Says where a stretch of the folded text comes from; it ends where the next one begins.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    folded: usize,
    source: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Byte for byte.
    Verbatim,
    /// As a whole.
    Replaced,
}

impl Folded {
    pub(super) fn new(file: FileId, source_len: usize) -> Folded {
        Folded {
            text: String::with_capacity(source_len),
            comments: Vec::new(),
            blank_lines: Vec::new(),
            faults: Vec::new(),
            file,
            stretches: Vec::new(),
            source_len,
        }
    }

    pub(super) fn keep(&mut self, sign: char, source: usize) {
        let is_new = self.stretches.last().is_none_or(|last| {
            let distance = self.text.len().saturating_sub(last.folded);
            last.kind == Kind::Replaced || last.source.saturating_add(distance) != source
        });
        if is_new {
            self.begin(source, Kind::Verbatim);
        }
        self.text.push(sign);
    }

    pub(super) fn replace(&mut self, plain: &str, source: usize) {
        self.begin(source, Kind::Replaced);
        self.text.push_str(plain);
    }

    pub(super) fn blanks(&mut self, count: usize, source: usize) {
        self.begin(source, Kind::Replaced);
        self.text.extend(std::iter::repeat_n(' ', count));
    }

    pub(super) fn blank_line(&mut self, source: usize) {
        self.blank_lines.push(offset(source));
    }

    pub(super) fn close(&mut self, source: usize) {
        self.begin(source, Kind::Replaced);
    }

    fn begin(&mut self, source: usize, kind: Kind) {
        self.stretches.push(Stretch {
            folded: self.text.len(),
            source,
            kind,
        });
    }

    /// Gives the source span of a stretch of the folded text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let from = self.source_start(start);
        let until = if end > start { self.source_end(end) } else { from };
        Span::new(self.file, offset(from), offset(until))
    }

    /// Gives the file.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// Tells whether a fault was reported inside a stretch of the folded text.
    pub(crate) fn has_fault(&self, start: usize, end: usize) -> bool {
        let first = self.faults.partition_point(|at| *at < start);
        self.faults.get(first).is_some_and(|at| *at <= end)
    }

    fn stretch(&self, at: usize) -> Option<(Stretch, usize)> {
        let after = self.stretches.partition_point(|stretch| stretch.folded <= at);
        let stretch = self.stretches.get(after.checked_sub(1)?)?;
        let end = self
            .stretches
            .get(after)
            .map_or(self.source_len, |next| next.source);
        Some((*stretch, end))
    }

    fn source_start(&self, at: usize) -> usize {
        let Some((stretch, _)) = self.stretch(at) else {
            return 0;
        };
        match stretch.kind {
            Kind::Verbatim => stretch.source.saturating_add(at.saturating_sub(stretch.folded)),
            Kind::Replaced => stretch.source,
        }
    }

    fn source_end(&self, at: usize) -> usize {
        let Some((stretch, end)) = self.stretch(at.saturating_sub(1)) else {
            return 0;
        };
        match stretch.kind {
            Kind::Verbatim => stretch.source.saturating_add(at.saturating_sub(stretch.folded)),
            Kind::Replaced => end,
        }
    }
}
