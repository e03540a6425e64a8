//! Test blocks.

use super::{Expr, Literal, Name, Quoted};
use crate::span::Span;

/// Holds `test "title" … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What is tested.
    pub title: Quoted,
    /// The lines, in order.
    pub statements: Vec<TestStatement>,
    /// The whole item.
    pub span: Span,
}

/// Holds one statement of a test.
#[derive(Clone, Debug, PartialEq)]
pub enum TestStatement {
    /// `given NAME … end`: records.
    Given(Given),
    /// `with x = e`: a figure that stands in for another.
    With(With),
    /// `known as of D`: only rows known on that day count.
    Known(Known),
    /// `expect …`.
    Expect(Expect),
}

impl TestStatement {
    /// Gives the place of the whole statement.
    pub fn span(&self) -> Span {
        match self {
            TestStatement::Given(line) => line.span,
            TestStatement::With(line) => line.span,
            TestStatement::Known(line) => line.span,
            TestStatement::Expect(line) => line.span,
        }
    }
}

/// Holds `given NAME` and its grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The data block or table.
    pub data: Name,
    /// The column headings.
    pub columns: Vec<Name>,
    /// The rows, each with one cell for each column.
    pub rows: Vec<GivenRow>,
    /// The whole statement.
    pub span: Span,
}

/// Holds one row of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenRow {
    /// The cells.
    pub cells: Vec<GivenCell>,
    /// The whole row.
    pub span: Span,
}

/// Holds one cell of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenCell {
    /// What it holds.
    pub kind: GivenCellKind,
    /// Where it stands.
    pub span: Span,
}

/// Tells the cells of a grid apart.
#[derive(Clone, Debug, PartialEq)]
pub enum GivenCellKind {
    /// `-`: missing.
    Missing,
    /// A literal, perhaps negative.
    Literal(Literal),
    /// A word: a key or a value of an enum.
    Word(Name),
}

/// Holds `with x = e`, `with x[p1] = e`, `with card[p1].revenue = e`, `with T = U`.
#[derive(Clone, Debug, PartialEq)]
pub struct With {
    /// What is replaced: a table, a constant, a measure, tiers; or the plan or block it belongs to.
    pub target: Name,
    /// What stands behind the name, in order.
    pub parts: Vec<WithPart>,
    /// What stands in its place.
    pub value: Expr,
    /// The whole statement.
    pub span: Span,
}

/// Tells what stands behind the name of what a test replaces.
#[derive(Clone, Debug, PartialEq)]
pub enum WithPart {
    /// `.revenue`: a part of a plan or block.
    Word(Name),
    /// `[p1, 2026-01]`: for these subscripts only; everywhere where there are none.
    Subscripts(Vec<Expr>),
}

impl With {
    /// Lists the words behind the name: `revenue` of `with card[p1].revenue = 5`.
    pub fn words(&self) -> Vec<&Name> {
        let words = self.parts.iter().filter_map(|part| match part {
            WithPart::Word(word) => Some(word),
            WithPart::Subscripts(_) => None,
        });
        words.collect()
    }

    /// Lists all subscripts, whichever word they stand behind.
    pub fn subscripts(&self) -> Vec<&Expr> {
        let subscripts = self.parts.iter().filter_map(|part| match part {
            WithPart::Subscripts(subscripts) => Some(subscripts),
            WithPart::Word(_) => None,
        });
        subscripts.flatten().collect()
    }
}

/// Holds `known as of D`.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The day.
    pub day: Literal,
    /// The whole statement.
    pub span: Span,
}

/// Holds `expect c` or `expect x fails D0801`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// What must hold, or what must fail.
    pub what: Expr,
    /// `fails`: an error is expected.
    pub fails: Option<Fails>,
    /// The whole statement.
    pub span: Span,
}

/// Holds `fails D0801`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fails {
    /// The message expected; any where it is left out.
    pub code: Option<Name>,
    /// Where it stands.
    pub span: Span,
}
