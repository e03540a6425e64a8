//! In-file tests.

use guerdon_syntax::span::Span;

use super::expr::{Expr, Value};
use crate::calendar::Date;
use crate::types::{ConstantId, DecisionId, DefinitionId, FieldId, HolidaysId, TableId, TiersId};

/// A test: records, replaced values, and what must come out.
#[derive(Debug, Clone)]
pub struct Test {
    /// What it shows, in words.
    pub name: String,
    /// The records.
    pub given: Vec<Given>,
    /// The replaced values.
    pub with: Vec<With>,
    /// The values replaced for some records and periods only; a later one outranks an earlier one.
    pub cells: Vec<WithCell>,
    /// The day by which the records must have become known; all of them count where none is written.
    pub known_as_of: Option<Date>,
    /// The tables that stand in for others.
    pub swaps: Vec<Swap>,
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

/// A value of a definition that is replaced for some arguments.
#[derive(Debug, Clone)]
pub struct WithCell {
    /// The definition.
    pub definition: DefinitionId,
    /// The arguments, one for each parameter; where none is given, all are meant.
    pub at: Vec<Option<Expr>>,
    /// The value: an expression without variables.
    pub value: Expr,
    /// The whole line.
    pub span: Span,
}

/// A table that stands in for another while the test runs.
#[derive(Debug, Clone)]
pub enum Swap {
    /// The rows of the second tiers stand in for those of the first.
    Tiers(TiersId, TiersId),
    /// The rows of the second table stand in for those of the first.
    Decision(DecisionId, DecisionId),
    /// These days stand in for those that a list of holidays names; what it covers stays.
    Holidays {
        /// The list.
        list: HolidaysId,
        /// The days off.
        off: Vec<Date>,
        /// The weekend days that are worked.
        worked: Vec<Date>,
    },
    /// The table gives this value, whatever is asked.
    DecisionValue(DecisionId, Value),
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
