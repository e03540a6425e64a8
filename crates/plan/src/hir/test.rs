//! In-file tests.

use guerdon_syntax::span::Span;

use super::expr::{Expr, Value};
use crate::types::{ConstantId, DefinitionId, FieldId, TableId};

/// A test: records, replaced values, and what must come out.
#[derive(Debug, Clone)]
pub struct Test {
    /// What it shows, in words.
    pub name: String,
    /// The records.
    pub given: Vec<Given>,
    /// The replaced values.
    pub with: Vec<With>,
    /// What must hold.
    pub expects: Vec<Expect>,
    /// The whole test.
    pub span: Span,
}

/// Records of one table. Fields that are left out may be read by no statement under test.
#[derive(Debug, Clone)]
pub struct Given {
    /// The table.
    pub table: TableId,
    /// The fields, in the order of the cells.
    pub fields: Vec<FieldId>,
    /// The records; a reference is given as the key's value, `-` as [`Value::Missing`].
    pub rows: Vec<GivenRow>,
    /// The whole block.
    pub span: Span,
}

/// One record.
#[derive(Debug, Clone)]
pub struct GivenRow {
    /// Its cells.
    pub cells: Vec<Value>,
    /// Where it stands.
    pub span: Span,
}

/// A value that stands in for another while the test runs.
#[derive(Debug, Clone)]
pub struct With {
    /// What is replaced.
    pub target: WithTarget,
    /// By what: an expression without variables.
    pub value: Expr,
    /// The whole line.
    pub span: Span,
}

/// What a test can replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithTarget {
    /// Every value of a field of a table read from a file: any key finds a record with it.
    TableField(TableId, FieldId),
    /// A constant, on every day.
    Constant(ConstantId),
    /// A definition, for all arguments.
    Definition(DefinitionId),
}

/// Something that must hold.
#[derive(Debug, Clone)]
pub struct Expect {
    /// The condition, or the value that must fail.
    pub expr: Expr,
    /// What is asked of it.
    pub outcome: Outcome,
    /// The whole line.
    pub span: Span,
}

/// What a test asks of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is yes.
    Holds,
    /// It is an error, of this code where one is written.
    Fails(Option<String>),
}
