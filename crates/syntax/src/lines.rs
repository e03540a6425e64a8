//! Lines: which physical lines make one statement, and which statements make a block.
//!
//! In a statement block a line that begins with one of the block's statement words starts a statement, and any other
//! line continues the one above. In a row block every line is a row. Blocks are closed by `end`.

mod block;
mod comments;
mod outline;
pub(crate) mod token;

pub(crate) use block::Block;
pub(crate) use comments::{comment_places, count_words};
pub(crate) use outline::{Outline, outline};

use token::Token;

/// Holds one logical line: an item, a statement or a row.
#[derive(Debug)]
pub(crate) struct Logical<'a> {
    /// Its tokens, without line ends; never empty.
    pub(crate) tokens: Vec<Token<'a>>,
    /// What it opens, with the logical lines inside; nothing where it opens no block.
    pub(crate) body: Option<Body<'a>>,
}

/// Holds what stands between the head of a block and its `end`.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    /// Which block it is.
    pub(crate) block: Block,
    /// The logical lines.
    pub(crate) lines: Vec<Logical<'a>>,
    /// The byte of the folded text after the block.
    pub(crate) end: usize,
}

impl Logical<'_> {
    /// Gives the first byte of the line in the folded text.
    pub(crate) fn start(&self) -> usize {
        self.tokens.first().map_or(0, |token| token.start)
    }

    /// Gives the byte after the line itself, its block not counted.
    pub(crate) fn end(&self) -> usize {
        self.tokens.last().map_or(0, Token::end)
    }

    /// Gives the byte after the line and its block.
    pub(crate) fn whole_end(&self) -> usize {
        self.body.as_ref().map_or(self.end(), |body| body.end)
    }

    /// Gives the first word.
    pub(crate) fn word(&self) -> &str {
        self.tokens.first().map_or("", |token| token.text)
    }
}
