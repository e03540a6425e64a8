//! Comments, and where they stand.

use crate::span::Span;

/// Holds a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The words behind `#`, without blanks at either end.
    pub text: String,
    /// From `#` to the end of the line.
    pub span: Span,
    /// Whether something else stands before it on its line.
    pub is_trailing: bool,
    /// Where it stands in a statement that it interrupts or ends; nothing for a comment between statements.
    pub place: Option<CommentPlace>,
}

/// Says where in a statement a comment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommentPlace {
    /// The first byte of the statement, or of the head of the block.
    pub statement: u32,
    /// How many words and signs of the statement stand before the comment; nothing if all do.
    pub words_before: Option<usize>,
}
