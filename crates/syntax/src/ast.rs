//! The surface tree: what an author wrote, item by item, with the place of every part.
//!
//! The tree keeps the words, not their meaning: a name is a name, a literal keeps its digits. Brackets are kept as
//! [`ExprKind::Paren`], so that a tree prints as it was read. Flat chains stay flat.

pub mod data;
pub mod expr;
pub mod goal;
pub mod plan;
pub mod skeleton;
pub mod supervision;
pub mod table;
pub mod testing;

pub use data::*;
pub use expr::*;
pub use goal::*;
pub use plan::*;
pub use skeleton::{is_same, mask};
pub use supervision::*;
pub use table::*;
pub use testing::*;

use crate::diagnostic::Language;
use crate::fold::FirstLines;
pub use crate::fold::{Comment, CommentPlace};
use crate::span::Span;

/// Holds one rule file.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// The human language of the keywords: the `language` line, English where there is none.
    pub language: Language,
    /// The version of the rule language: the `guerdon` line, 1 where there is none.
    pub version: u32,
    /// Whether the `guerdon` line is there.
    pub is_version_written: bool,
    /// Where these first lines stand.
    pub first_lines: FirstLines,
    /// What the file declares, in the order in which it is written.
    pub items: Vec<Item>,
    /// Statements that could not be read. The names they would have given are known, so that later stages do not
    /// call them unknown.
    pub broken: Vec<Broken>,
    /// The comments, in order. They have no meaning; the formatter keeps them.
    pub comments: Vec<Comment>,
    /// The first byte of every blank line that follows a line with text. The formatter keeps them.
    pub blank_lines: Vec<u32>,
    /// The whole file.
    pub span: Span,
}

/// Holds a name as written, in Unicode normal form C, without back-ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where it stands, back-ticks included.
    pub span: Span,
}

/// Holds a text in quotes, without them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// The text between the quotes; `\u{202E}` stands for the character of that number.
    pub value: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// Remembers a statement that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The first word: what kind of statement it would have been.
    pub statement: Name,
    /// The name it would have declared, if that much could be read.
    pub name: Option<Name>,
    /// The whole statement.
    pub span: Span,
}

/// Holds the reason and the reference that any statement may carry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// `because "…"`: the reason, shown to the payee.
    pub because: Option<Quoted>,
    /// `ref "…"`: the clause or document that it rests on.
    pub reference: Option<Quoted>,
}

/// Holds one item of a file.
#[expect(
    clippy::large_enum_variant,
    reason = "a file has few of these, and boxes would burden every reader"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `use "file"`.
    Use(Use),
    /// `enum …`.
    Enum(EnumDef),
    /// `data … end`.
    Data(DataDef),
    /// `const …`.
    Const(ConstDef),
    /// `source … end`.
    Source(SourceDef),
    /// `calendar …`.
    Calendar(CalendarDef),
    /// `holidays from "file"`.
    Holidays(HolidaysDef),
    /// `rates …`.
    Rates(RatesDef),
    /// `tiers … end`.
    Tiers(TiersDef),
    /// `table … end` or `table … from "file"`.
    Table(TableDef),
    /// `matrix … end`.
    Matrix(MatrixDef),
    /// `plan … end`.
    Plan(Plan),
    /// `contest … end`.
    Contest(Contest),
    /// `award … end`.
    Award(Award),
    /// `target … end`.
    Target(Target),
    /// `warning … end`.
    Warning(Warning),
    /// `scorecard … end`.
    Scorecard(Scorecard),
    /// `test … end`.
    Test(Test),
}

impl Item {
    /// Gives the place of the whole item, from its first word to its last.
    pub fn span(&self) -> Span {
        match self {
            Item::Use(item) => item.span,
            Item::Enum(item) => item.span,
            Item::Data(item) => item.span,
            Item::Const(item) => item.span,
            Item::Source(item) => item.span,
            Item::Calendar(item) => item.span,
            Item::Holidays(item) => item.span,
            Item::Rates(item) => item.span,
            Item::Tiers(item) => item.span,
            Item::Table(item) => item.span,
            Item::Matrix(item) => item.span,
            Item::Plan(item) => item.span,
            Item::Contest(item) => item.span,
            Item::Award(item) => item.span,
            Item::Target(item) => item.span,
            Item::Warning(item) => item.span,
            Item::Scorecard(item) => item.span,
            Item::Test(item) => item.span,
        }
    }

    /// Gives the name the item declares; `use` and `test` declare none, `holidays` and `rates` need none.
    pub fn name(&self) -> Option<&Name> {
        match self {
            Item::Enum(item) => Some(&item.name),
            Item::Data(item) => Some(&item.name),
            Item::Const(item) => Some(&item.name),
            Item::Source(item) => Some(&item.data),
            Item::Calendar(item) => Some(&item.name),
            Item::Holidays(item) => item.name.as_ref(),
            Item::Rates(item) => item.name.as_ref(),
            Item::Tiers(item) => Some(&item.name),
            Item::Table(item) => Some(&item.name),
            Item::Matrix(item) => Some(&item.name),
            Item::Plan(item) => Some(&item.name),
            Item::Contest(item) => Some(&item.name),
            Item::Award(item) => Some(&item.name),
            Item::Target(item) => Some(&item.name),
            Item::Warning(item) => Some(&item.name),
            Item::Scorecard(item) => Some(&item.name),
            Item::Use(_) | Item::Test(_) => None,
        }
    }
}

impl File {
    /// Lists the files that have to be read with this one: those it uses, and the sheets that its tiers, calendars and
    /// holidays name. Paths are relative to this file.
    pub fn companions(&self) -> impl Iterator<Item = &Quoted> {
        self.items.iter().flat_map(|item| match item {
            Item::Use(item) => vec![&item.path],
            Item::Tiers(item) => item.sheet().into_iter().collect(),
            Item::Calendar(item) => item.sheet().into_iter().collect(),
            Item::Holidays(item) => item.sheets().collect(),
            Item::Enum(_)
            | Item::Data(_)
            | Item::Const(_)
            | Item::Source(_)
            | Item::Rates(_)
            | Item::Table(_)
            | Item::Matrix(_)
            | Item::Plan(_)
            | Item::Contest(_)
            | Item::Award(_)
            | Item::Target(_)
            | Item::Warning(_)
            | Item::Scorecard(_)
            | Item::Test(_) => Vec::new(),
        })
    }
}

/// Brings the declarations of another file in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The file, relative to this one.
    pub path: Quoted,
    /// The whole statement.
    pub span: Span,
}

/// Names a unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// A calendar day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year; the fiscal one where the calendar is fiscal.
    Year,
    /// The plan's own period.
    Period,
}

/// Holds a unit of time where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Which unit.
    pub kind: UnitKind,
    /// Where it stands.
    pub span: Span,
}

/// Holds the dates between which something is in force: `effective D through D`, `during D through D`.
#[derive(Clone, Debug, PartialEq)]
pub struct DateRange {
    /// The first day.
    pub from: Literal,
    /// The last day; open where it is left out.
    pub through: Option<Literal>,
    /// The whole clause, its first word included.
    pub span: Span,
}

/// Holds a `currency` line, or the currency of a column: `CNY`, `points`, `XBT decimals 8`.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrencyLine {
    /// The ISO 4217 code, or a code that `decimals` explains.
    pub currency: Currency,
    /// `decimals n`: the decimals of a currency that ISO 4217 does not list.
    pub decimals: Option<Literal>,
    /// The whole statement.
    pub span: Span,
}

/// Tells money from points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Currency {
    /// Three capital letters.
    Code(Name),
    /// `points`: amounts that are not money; the span of the word.
    Points(Span),
}

/// Holds a `period` line.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodLine {
    /// Which periods.
    pub kind: PeriodLineKind,
    /// The whole statement.
    pub span: Span,
}

/// Says which periods a program has.
#[derive(Clone, Debug, PartialEq)]
pub enum PeriodLineKind {
    /// `period month`: every period of that length.
    Every(Unit),
    /// `period quota_periods`: the periods of a calendar; with a unit, `period fiscal month`, its months.
    Calendar(Name, Option<Unit>),
    /// `period 2026-06`, `2026-Q2`, `year 2026`: that one.
    One(Literal),
    /// `period D through D`: those days.
    Days(Literal, Literal),
}

/// Holds a `rounding` line.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundingLine {
    /// How and where; nothing for `rounding none`.
    pub rounding: Option<Rounding>,
    /// The whole statement.
    pub span: Span,
}

/// Says how amounts are rounded.
#[derive(Clone, Debug, PartialEq)]
pub struct Rounding {
    /// The direction.
    pub mode: RoundMode,
    /// The step.
    pub step: RoundStep,
    /// `at each line` or `at pay`; contests and scorecards leave it out.
    pub place: Option<RoundPlace>,
}

/// Says to what amounts are rounded.
#[derive(Clone, Debug, PartialEq)]
pub enum RoundStep {
    /// `to 0.01`, `to CNY 0.05`: a positive literal.
    To(Literal),
    /// `to minor unit`: the currency's own decimals.
    MinorUnit,
}

/// Says where amounts are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundPlace {
    /// `at each line`.
    EachLine,
    /// `at pay`: only at `pay` and `carry`.
    Pay,
}

/// Names a direction of rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoundMode {
    /// To the nearest step, ties away from zero.
    HalfUp,
    /// To the nearest step, ties towards zero.
    HalfDown,
    /// To the nearest step, ties to the even one.
    HalfEven,
    /// To the nearest step, ties to the odd one.
    HalfOdd,
    /// To the nearest step, ties to the greater one.
    HalfCeiling,
    /// To the nearest step, ties to the smaller one.
    HalfFloor,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// To the greater step.
    Ceiling,
    /// To the smaller step.
    Floor,
}

/// Holds a `policy` line: the document a program puts into rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLine {
    /// The document.
    pub text: Quoted,
    /// The whole statement.
    pub span: Span,
}

/// Holds the people or things that a program is about: `payee Person where …`, `subject Invoice where …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// The data block.
    pub data: Name,
    /// Which of its records; all where it is left out.
    pub filter: Option<Expr>,
    /// The whole statement.
    pub span: Span,
}
