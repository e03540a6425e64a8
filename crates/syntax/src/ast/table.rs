//! Types, intervals, tiers, tables and matrices.

use super::{Currency, DateRange, Expr, Literal, Name, Quoted, Unit};
use crate::span::Span;

/// Holds the type of a field, a parameter or a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Which type.
    pub kind: TypeKind,
    /// `?`: the value may be missing.
    pub is_optional: bool,
    /// `to 0.0001`: the smallest step of a column.
    pub step: Option<Literal>,
    /// Where it stands.
    pub span: Span,
}

/// Tells types apart.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `text`.
    Text,
    /// `bool`: yes or no.
    Truth,
    /// `int`: a whole number.
    Int,
    /// `number`.
    Number,
    /// `percent`.
    Percent,
    /// `date`.
    Date,
    /// `month`, `quarter`, `year`, `week`, `period`.
    Period(Unit),
    /// `money CNY`, `money points`.
    Money(Currency),
    /// `money in ccy`: the currency stands in another column of the row.
    MoneyIn(Name),
    /// `money` alone, in a domain that the plan's currency fixes.
    MoneyOfPlan,
    /// An enum or a data block.
    Named(Name),
}

/// Holds an interval: `from 0% below 80%`, `above 80%`, `100 up`.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// `from a` or `above a`; open below where it is left out.
    pub lower: Option<Lower>,
    /// `below b` or `through b`; open above where it is left out.
    pub upper: Option<Upper>,
    /// Where it stands.
    pub span: Span,
}

/// Holds a lower bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Lower {
    /// Whether the bound itself belongs to the interval: `from` does, `above` does not.
    pub kind: LowerKind,
    /// The bound.
    pub value: Expr,
    /// The word and the bound.
    pub span: Span,
}

/// Names a lower bound's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LowerKind {
    /// `from`: at least.
    From,
    /// `above`: more than.
    Above,
}

/// Holds an upper bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Upper {
    /// Whether the bound itself belongs to the interval: `through` does, `below` does not.
    pub kind: UpperKind,
    /// The bound.
    pub value: Expr,
    /// The word and the bound.
    pub span: Span,
}

/// Names an upper bound's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UpperKind {
    /// `below`: less than.
    Below,
    /// `through`: at most.
    Through,
}

/// Holds `tiers NAME KIND … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct TiersDef {
    /// The name.
    pub name: Name,
    /// The kind.
    pub kind: TierKind,
    /// `effective D through D`.
    pub effective: Option<DateRange>,
    /// `beyond …`: what lies past the last row.
    pub beyond: Option<Beyond>,
    /// The rows, or the file they come from.
    pub body: TiersBody,
    /// The whole item.
    pub span: Span,
}

impl TiersDef {
    /// Gives the sheet that the rows stand in, if they are not written out.
    pub fn sheet(&self) -> Option<&Quoted> {
        match &self.body {
            TiersBody::Rows(_) => None,
            TiersBody::File(path) => Some(path),
        }
    }
}

/// Says where tiers come from.
#[derive(Clone, Debug, PartialEq)]
pub enum TiersBody {
    /// Written out.
    Rows(Vec<TierRow>),
    /// `from "rates.csv"`: a sheet with columns such as `from`, `below` and `value`.
    File(Quoted),
}

/// Names a kind of tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TierKind {
    /// `marginal`: each slice at its own rate.
    Marginal,
    /// `retro`: the whole at the rate reached.
    Retro,
    /// `flat`: an amount for the tier reached.
    Flat,
    /// `interpolated`: straight lines between points.
    Interpolated,
    /// `fill`: a tier's value accrues as the tier fills.
    Fill,
}

/// Says what lies past the last row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Beyond {
    /// `beyond clamp`: the last value.
    Clamp,
    /// `beyond continue`: the last slope.
    Continue,
    /// `beyond nothing`.
    Nothing,
    /// `beyond error`.
    Error,
}

/// Holds one row of tiers.
#[derive(Clone, Debug, PartialEq)]
pub struct TierRow {
    /// Where it applies.
    pub place: TierPlace,
    /// A rate or an amount; the amount where `plus` follows.
    pub value: Expr,
    /// `CNY 5 plus 3%`: the rate beside the amount.
    pub plus: Option<Expr>,
    /// The whole row.
    pub span: Span,
}

/// Says where a row of tiers applies.
#[derive(Clone, Debug, PartialEq)]
pub enum TierPlace {
    /// An interval.
    Interval(Interval),
    /// `at 50%`: a point.
    At(Expr),
}

/// Holds `table NAME …`.
#[derive(Clone, Debug, PartialEq)]
pub struct TableDef {
    /// The name.
    pub name: Name,
    /// `alias …`.
    pub alias: Option<Name>,
    /// `effective D through D`.
    pub effective: Option<DateRange>,
    /// What goes in: columns before `->`, or behind `key`.
    pub inputs: Vec<Param>,
    /// What comes out: columns behind `->`, or behind `gives`.
    pub outputs: Vec<Output>,
    /// The rows, or the file they come from.
    pub body: TableBody,
    /// The whole item.
    pub span: Span,
}

/// Says where a table comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum TableBody {
    /// Written out, with the hit policy (unique where it is left out).
    Rows(Option<HitPolicy>, Vec<TableRow>),
    /// `from "quota_2026.csv"`.
    File(Quoted),
}

/// Names a hit policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HitPolicy {
    /// `unique`: exactly one row matches.
    Unique,
    /// `first`: the first that matches.
    First,
    /// `every`: all that match, combined by the output's word.
    Every,
}

/// Holds a column of a table: `tenure: int from 0`.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// The name.
    pub name: Name,
    /// The type.
    pub ty: Type,
    /// The values it may take, for the proof that a table is complete.
    pub domain: Option<Interval>,
    /// The whole column heading.
    pub span: Span,
}

/// Holds an output column: `draw: money CNY`, `sum bonus: money CNY`.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The word that combines rows under the hit policy `every`.
    pub combine: Option<super::AggregateOp>,
    /// The column.
    pub param: Param,
}

/// Holds one row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// The conditions, one for each input.
    pub cells: Vec<Cell>,
    /// The results, one for each output.
    pub results: Vec<Expr>,
    /// The whole row.
    pub span: Span,
}

/// Holds a condition cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What it asks for.
    pub kind: CellKind,
    /// Where it stands.
    pub span: Span,
}

/// Tells condition cells apart.
#[expect(
    clippy::large_enum_variant,
    reason = "a file has few of these, and boxes would burden every reader"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum CellKind {
    /// `-`: anything, missing included.
    Any,
    /// `missing`.
    Missing,
    /// An interval.
    Interval(Interval),
    /// One of these values.
    Values(Vec<Expr>),
}

/// Holds `matrix NAME by a: A, b: B gives T … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixDef {
    /// The name.
    pub name: Name,
    /// `alias …`.
    pub alias: Option<Name>,
    /// What the rows are headed by.
    pub rows_by: Param,
    /// What the columns are headed by.
    pub columns_by: Param,
    /// The type of the values.
    pub gives: Type,
    /// `effective D through D`.
    pub effective: Option<DateRange>,
    /// The column headings.
    pub columns: Vec<Cell>,
    /// The rows.
    pub rows: Vec<MatrixRow>,
    /// The whole item.
    pub span: Span,
}

/// Holds one row of a matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixRow {
    /// The row heading.
    pub head: Cell,
    /// The values, one for each column.
    pub values: Vec<Expr>,
    /// The whole row.
    pub span: Span,
}
