//! Declarations of data: enums, data blocks, constants, sources, calendars, holidays, exchange rates.

use super::{Currency, DateRange, Expr, Literal, Name, Quoted, Tail, Type, Unit};
use crate::span::Span;

/// Holds `enum NAME = A | B`.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumDef {
    /// The name.
    pub name: Name,
    /// `alias …`.
    pub alias: Option<Name>,
    /// The values, in order.
    pub values: Vec<EnumValue>,
    /// The whole item.
    pub span: Span,
}

/// Holds one value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// The name.
    pub name: Name,
    /// `alias …`.
    pub alias: Option<Name>,
}

/// Holds `data NAME key … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct DataDef {
    /// The name.
    pub name: Name,
    /// `alias …`.
    pub alias: Option<Name>,
    /// `valid from, until`: the fields between which a record holds.
    pub valid: Option<Valid>,
    /// `known f`: the field with the day a record became known.
    pub known: Option<Name>,
    /// `key a, b`.
    pub key: Vec<Name>,
    /// The fields, in order.
    pub fields: Vec<FieldDef>,
    /// The whole item.
    pub span: Span,
}

/// Holds the two fields between which a record holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Valid {
    /// The first day.
    pub from: Name,
    /// The last day; open where the cell is missing.
    pub until: Name,
}

/// Holds one field of a data block.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldDef {
    /// The name; any word.
    pub name: Name,
    /// `alias …`.
    pub alias: Option<Name>,
    /// The type.
    pub ty: Type,
    /// `check c`: what every cell must satisfy.
    pub check: Option<Expr>,
    /// The reason.
    pub tail: Tail,
    /// The whole row.
    pub span: Span,
}

/// Holds `const NAME = e from D`.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstDef {
    /// The name.
    pub name: Name,
    /// `alias …`.
    pub alias: Option<Name>,
    /// The value.
    pub value: Expr,
    /// `from D`: the first day of this version.
    pub from: Option<Literal>,
    /// The reason.
    pub tail: Tail,
    /// The whole item.
    pub span: Span,
}

/// Holds `source NAME from "file" … end`: where the records of a data block are.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceDef {
    /// The data block.
    pub data: Name,
    /// The file.
    pub path: Quoted,
    /// `sheet "…"` or `table "…"`: the part of a workbook or a database.
    pub part: Option<Quoted>,
    /// `time zone "Asia/Shanghai"`: where instants are turned into days.
    pub time_zone: Option<Quoted>,
    /// The fields.
    pub columns: Vec<ColumnDef>,
    /// `where …`: which records are read.
    pub filters: Vec<SourceFilter>,
    /// The whole item.
    pub span: Span,
}

/// Holds one line of a source: `product = "product" with "GTXPro" as "GTX Pro"`.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDef {
    /// The field of the data block.
    pub field: Name,
    /// Where its values come from.
    pub from: ColumnFrom,
    /// `as date "DD/MM/YYYY"`, `as percent`, `as fraction`, `as money CNY`: how cells are written.
    pub format: Option<CellFormat>,
    /// `empty as …`: what an empty cell is.
    pub empty: Option<EmptyCell>,
    /// `with "a" as b`: cells that mean something else.
    pub renames: Vec<Rename>,
    /// The whole line.
    pub span: Span,
}

/// Says where a field comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnFrom {
    /// A column of the file.
    Column(Quoted),
    /// The same value for every record.
    Fixed(CellValue),
    /// `row number`: the number of the row, for files without a key.
    RowNumber,
}

/// Says how the cells of a column are written.
#[derive(Clone, Debug, PartialEq)]
pub enum CellFormat {
    /// `as date "DD/MM/YYYY"`; ISO 8601 without a pattern.
    Date(Option<Quoted>),
    /// `as month "YYYYMM"` and other periods.
    Period(Unit, Option<Quoted>),
    /// `as percent`: 1.2 means 1.2 %.
    Percent,
    /// `as fraction`: 0.012 means 1.2 %.
    Fraction,
    /// `as money CNY`: bare numbers are amounts of that currency.
    Money(Currency),
    /// `as number "1.234,56"`: how points and commas are used.
    Number(Quoted),
    /// `as text`.
    Text,
}

/// Says what an empty cell is.
#[derive(Clone, Debug, PartialEq)]
pub enum EmptyCell {
    /// `empty as missing`.
    Missing,
    /// `empty as CNY 0`.
    Value(CellValue),
}

/// Holds `"GTXPro" as "GTX Pro"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rename {
    /// What stands in the file.
    pub from: Quoted,
    /// What it means.
    pub to: CellValue,
}

/// Holds a value for a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue {
    /// A literal, perhaps negative.
    Literal(Literal),
    /// A value of an enum, or a key.
    Word(Name),
    /// `missing`.
    Missing(Span),
}

/// Holds a condition on the records of a source.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceFilter {
    /// Conditions that must all hold.
    All(Vec<SourceFilter>),
    /// Conditions of which one must hold.
    Any(Vec<SourceFilter>),
    /// `"deal_stage" = "Won"`, `"deal_stage" != "Lost"`.
    Equal(Quoted, super::Polarity, Literal),
    /// `"close_date" is missing`, `… is not missing`: the cell is empty.
    Empty(Quoted, super::Polarity),
}

/// Holds `calendar NAME …`.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarDef {
    /// The name.
    pub name: Name,
    /// What it is made of.
    pub kind: CalendarKind,
    /// The whole item.
    pub span: Span,
}

impl CalendarDef {
    /// Gives the sheet that the first days of periods stand in, if there is one.
    pub fn sheet(&self) -> Option<&Quoted> {
        match &self.kind {
            CalendarKind::Lines(lines) => lines.periods_file.as_ref(),
            CalendarKind::Every(..)
            | CalendarKind::DaysOfMonth(_)
            | CalendarKind::Weeks(..)
            | CalendarKind::Thirteen(_) => None,
        }
    }
}

/// Tells calendars apart.
#[derive(Clone, Debug, PartialEq)]
pub enum CalendarKind {
    /// `calendar c … end` with lines about periods and years.
    Lines(CalendarLines),
    /// `calendar c every 7 days from D`.
    Every(Literal, Unit, Literal),
    /// `calendar c starts on 1, 16 of month`: days of each month.
    DaysOfMonth(Vec<Literal>),
    /// `calendar c 4-4-5 from D`: weeks of each quarter's three periods; the first day of a year.
    Weeks([u8; 3], Literal),
    /// `calendar c thirteen from D`: thirteen periods of four weeks.
    Thirteen(Literal),
}

/// Holds the lines of a calendar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalendarLines {
    /// `periods start on D, D`: the first day of each period.
    pub period_starts: Vec<Literal>,
    /// `periods from "file"`: a file with a column of first days.
    pub periods_file: Option<Quoted>,
    /// `ends before D`.
    pub ends_before: Option<Literal>,
    /// `year starts on D, D`: the first day of each year.
    pub year_starts: Vec<Literal>,
    /// `year starts in 7`: the month in which every year starts.
    pub year_month: Option<Literal>,
    /// `year named by first day` or `last day`.
    pub year_named_by: Option<YearNamedBy>,
    /// Where that stands.
    pub year_named_at: Span,
}

/// Says which of its days a year is named by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum YearNamedBy {
    /// `year named by first day`.
    FirstDay,
    /// `year named by last day`.
    LastDay,
}

/// Holds `holidays NAME from "file" effective D through D …` or `holidays NAME … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct HolidaysDef {
    /// The name, if it has one.
    pub name: Option<Name>,
    /// The word `holidays`, which is the name of a list without one.
    pub word: Name,
    /// Whether it stands on one line.
    pub form: HolidaysForm,
    /// What it says, in order.
    pub rows: Vec<HolidaysRow>,
    /// The whole item.
    pub span: Span,
}

impl HolidaysDef {
    /// Gives the name, or the word `holidays` where there is none.
    pub fn label(&self) -> &Name {
        self.name.as_ref().unwrap_or(&self.word)
    }

    /// Lists the sheets that its days stand in.
    pub fn sheets(&self) -> impl Iterator<Item = &Quoted> {
        self.rows.iter().filter_map(|row| match row {
            HolidaysRow::File(path) | HolidaysRow::WorkedFile(path) => Some(path),
            HolidaysRow::Effective(_)
            | HolidaysRow::Weekend(..)
            | HolidaysRow::Off(..)
            | HolidaysRow::Worked(..) => None,
        })
    }
}

/// Says how a list of holidays is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolidaysForm {
    /// On one line.
    Line,
    /// As a block with rows.
    Block,
}

/// Holds one clause or row of a list of holidays.
#[derive(Clone, Debug, PartialEq)]
pub enum HolidaysRow {
    /// `effective 2026-01-01 through 2026-12-31`: the days about which the list says something.
    Effective(DateRange),
    /// `weekend friday, saturday`, or `weekend 5, 6` where Monday is 1.
    Weekend(Vec<Name>, Span),
    /// `from "file"`: days off.
    File(Quoted),
    /// `working "file"`: weekend days that are worked.
    WorkedFile(Quoted),
    /// `2026-10-01 through 2026-10-07, 2026-01-01`: days off.
    Off(Vec<DateRange>, Span),
    /// `working 2026-10-10`: weekend days that are worked.
    Worked(Vec<DateRange>, Span),
}

impl HolidaysRow {
    /// Gives where it stands.
    pub fn span(&self) -> Span {
        match self {
            HolidaysRow::Effective(range) => range.span,
            HolidaysRow::File(path) | HolidaysRow::WorkedFile(path) => path.span,
            HolidaysRow::Weekend(_, span) | HolidaysRow::Off(_, span) | HolidaysRow::Worked(_, span) => *span,
        }
    }
}

/// Holds `rates NAME from "file" …` or `rates NAME … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct RatesDef {
    /// The name, if there are several.
    pub name: Option<Name>,
    /// Where the rates are.
    pub body: RatesBody,
    /// `missing day previous within 7 days`: take the last rate before; an error where it is left out.
    pub previous: Option<PreviousRate>,
    /// `inverse`: a pair may be used the other way round.
    pub is_inverse_allowed: bool,
    /// Where that stands.
    pub inverse_at: Span,
    /// `pivot USD`: pairs may be joined through this currency.
    pub pivot: Option<Name>,
    /// The whole item.
    pub span: Span,
}

/// Says where exchange rates are.
#[derive(Clone, Debug, PartialEq)]
pub enum RatesBody {
    /// A file; the columns are called `day`, `from`, `to` and `rate` unless `columns` says otherwise.
    File {
        /// The file.
        path: Quoted,
        /// `with day = "date", rate = "mid"`: other column names.
        columns: Vec<(Name, Quoted)>,
    },
    /// Written out.
    Rows(Vec<RateRow>),
}

/// Holds `USD to CNY : 7.10 from 2026-01-01`.
#[derive(Clone, Debug, PartialEq)]
pub struct RateRow {
    /// The currency that is converted.
    pub from: Name,
    /// The currency it becomes.
    pub to: Name,
    /// How much of the second one unit of the first is.
    pub rate: Literal,
    /// The days for which it holds.
    pub effective: Option<DateRange>,
    /// The whole row.
    pub span: Span,
}

/// Says that a missing day takes an earlier rate.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviousRate {
    /// `within 7 days`: how far back.
    pub within: Option<Literal>,
    /// Where it stands.
    pub span: Span,
}
