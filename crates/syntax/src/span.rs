//! Places in source text.

/// Names one file of a [`SourceMap`](crate::SourceMap).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// Marks a stretch of one file: bytes `start` up to, but not including, `end`.
///
/// Offsets count bytes of the text as the author wrote it, after a byte order mark has been taken off and before
/// full-width signs are folded.
///
/// ```
/// use guerdon_syntax::{FileId, Span};
/// let quota = Span::new(FileId(0), 4, 9);
/// let whole = quota.to(Span::new(FileId(0), 12, 20));
/// assert_eq!((whole.start, whole.end), (4, 20));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file the stretch belongs to.
    pub file: FileId,
    /// The first byte of the stretch.
    pub start: u32,
    /// The byte after the last one of the stretch.
    pub end: u32,
}

impl Default for Span {
    /// Gives the very beginning of the first file, for what the compiler adds by itself.
    fn default() -> Span {
        Span {
            file: FileId(0),
            start: 0,
            end: 0,
        }
    }
}

impl Span {
    /// Makes a span; an `end` before `start` is moved up to it.
    pub fn new(file: FileId, start: u32, end: u32) -> Span {
        Span {
            file,
            start,
            end: end.max(start),
        }
    }

    /// Makes the empty span at one offset, the place of an insertion.
    pub fn at(file: FileId, offset: u32) -> Span {
        Span::new(file, offset, offset)
    }

    /// Covers this span and another of the same file; a span of another file is left out.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span::new(self.file, self.start.min(other.start), self.end.max(other.end))
    }

    /// Shrinks the span to the place just before it.
    pub fn before(self) -> Span {
        Span::at(self.file, self.start)
    }

    /// Shrinks the span to the place just after it.
    pub fn after(self) -> Span {
        Span::at(self.file, self.end)
    }

    /// Counts the bytes of the span.
    pub fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Tells whether the span covers nothing.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Tells whether a byte of the same file lies inside the span.
    pub fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Gives the byte range, for slicing the file's text.
    pub fn range(self) -> std::ops::Range<usize> {
        index(self.start)..index(self.end)
    }
}

/// Widens an offset for slicing; source files are at most 4 MiB, so it always fits.
pub(crate) fn index(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
