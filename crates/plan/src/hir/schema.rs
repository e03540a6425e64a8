//! Declarations: enums, records, constants, tiers, decision tables, calendars.

use guerdon_syntax::span::Span;

use super::expr::{Expr, Value};
use crate::calendar::{Calendar, Date, Weekday, WorkingDays};
use crate::number::{Currency, Exact};
use crate::types::{BinderId, FieldId, Scalar, TableId, Ty};

/// The name of a thing, its second name and the text shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The name as first declared.
    pub name: String,
    /// The other name, if there is one.
    pub alias: Option<String>,
    /// The display title, if there is one.
    pub title: Option<String>,
    /// Where the name is declared.
    pub span: Span,
}

/// Why a statement is there, in the words of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reason {
    /// The text after `because`.
    pub because: Option<String>,
    /// The text after `ref`.
    pub reference: Option<String>,
}

/// A closed list of values.
#[derive(Debug, Clone)]
pub struct Enum {
    /// Its name.
    pub naming: Naming,
    /// The values in order; a value is known by its position.
    pub values: Vec<Naming>,
}

/// A kind of record: a data block, or a table read from a file.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub naming: Naming,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// The fields that together name one record.
    pub key: Vec<FieldId>,
    /// The first and last day (inclusive, the last may be missing) of a dated record.
    pub valid: Option<(FieldId, FieldId)>,
    /// The field with the day on which a record became known.
    pub known: Option<FieldId>,
    /// Where records come from when a command line loads them.
    pub origin: Origin,
    /// How the outside table is read, where a `source` block says so.
    pub source: Option<SourceBinding>,
}

/// Where the records of a table come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A data block: rows handed over by the host, or `NAME.csv`.
    Data,
    /// A `table … from "file"` or `rates … from "file"`: a file that is part of the plan's version.
    File(String),
    /// Exchange rates written in the rules; records that are given all the same stand in their place.
    Written,
}

/// One field of a record.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub naming: Naming,
    /// Its type.
    pub ty: Ty,
    /// The most decimals a cell may have; money without `to` has its minor unit, numbers nine. Those of a percent count
    /// in its fraction of one: `to 0.01%` is 4.
    pub decimals: u8,
    /// The field that holds the currency, for `money in ccy`.
    pub currency_field: Option<FieldId>,
    /// What each cell must fulfil, over the variable of the record.
    pub check: Option<(BinderId, Expr)>,
    /// Why the check is there.
    pub reason: Reason,
}

/// How a `source` block reads an outside table.
#[derive(Debug, Clone)]
pub struct SourceBinding {
    /// The file, relative to the rule file, then to the data folder.
    pub file: String,
    /// The columns bound to fields.
    pub columns: Vec<SourceColumn>,
    /// The records to keep: all conditions must hold.
    pub filter: Option<SourceFilter>,
    /// Where the block stands.
    pub span: Span,
}

/// One column of an outside table.
#[derive(Debug, Clone)]
pub struct SourceColumn {
    /// The field that receives it.
    pub field: FieldId,
    /// Where its values come from.
    pub from: ColumnSource,
    /// Cell texts and what to read instead (a text as it would stand in a plain file).
    pub renames: Vec<(String, String)>,
    /// The pattern of dates, such as `DD/MM/YYYY`.
    pub date_format: Option<String>,
    /// How percents are written in the file.
    pub percent: PercentForm,
    /// How points and commas are used, where they are not those of the language.
    pub marks: Option<NumberMarks>,
    /// How months are written, such as `YYYYMM`.
    pub month_format: Option<String>,
    /// What an empty cell stands for.
    pub empty: EmptyCell,
    /// Where the line stands.
    pub span: Span,
}

/// Where the values of a field come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnSource {
    /// The column with this header.
    Column(String),
    /// The same text for every record, as a plain file would hold it.
    Fixed(String),
    /// The number of the record in the file, from 1.
    RowNumber,
}

/// How the digits of a number are grouped, and what stands before its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberMarks {
    /// Between groups of three digits; none where they are not grouped.
    pub group: Option<char>,
    /// Before the decimals; none where there are none.
    pub decimal: Option<char>,
}

impl NumberMarks {
    /// Reads the marks off a number that is written with them, such as `1.234,56`.
    ///
    /// Nothing for what is no number of that kind, and for one that could be read in two ways, such as `1.234`.
    #[must_use]
    pub fn of(sample: &str) -> Option<NumberMarks> {
        let is_mark = |character: &char| !character.is_ascii_digit();
        let marks: Vec<char> = sample.chars().filter(is_mark).collect();
        let behind = sample.chars().rev().take_while(char::is_ascii_digit).count();
        let found = match marks.as_slice() {
            [] => return None,
            [only] if behind == 3 => return NumberMarks::grouped(*only).filter(|_| *only == ' '),
            [decimal] => NumberMarks {
                group: None,
                decimal: Some(*decimal),
            },
            [group, .., last] if group == last => NumberMarks::grouped(*group)?,
            [group, .., decimal] => NumberMarks {
                group: Some(*group),
                decimal: Some(*decimal),
            },
        };
        let all = found.group.into_iter().chain(found.decimal);
        let is_known = all.clone().all(|mark| matches!(mark, '.' | ',' | ' ' | '\''));
        let is_plain = found.read(sample).is_some();
        (is_known && is_plain && found.decimal.is_none_or(|mark| matches!(mark, '.' | ','))).then_some(found)
    }

    fn grouped(group: char) -> Option<NumberMarks> {
        Some(NumberMarks {
            group: Some(group),
            decimal: None,
        })
    }

    /// Rewrites the number in a text with a point before its decimals and no groups; nothing where it is not written
    /// with these marks.
    ///
    /// ```
    /// use guerdon_plan::hir::NumberMarks;
    ///
    /// let marks = NumberMarks::of("1.234,56").ok_or("no marks")?;
    /// assert_eq!(marks.read("-12.000,5").as_deref(), Some("-12000.5"));
    /// assert_eq!(marks.read("12,000.50"), None);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn read(&self, text: &str) -> Option<String> {
        let is_of_number = |character: char| character.is_ascii_digit();
        let start = text.find(is_of_number)?;
        let end = text.rfind(is_of_number)?;
        let (front, rest) = text.split_at_checked(start)?;
        let (number, back) = rest.split_at_checked(end.checked_sub(start)?.checked_add(1)?)?;
        let (whole, decimals) = match self.decimal.and_then(|mark| number.split_once(mark)) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (number, None),
        };
        let is_digits = |part: &str| !part.is_empty() && part.chars().all(|one| one.is_ascii_digit());
        let groups: Vec<&str> = match self.group {
            // A space that does not break, and a narrow one, are spaces as well.
            Some(' ') => whole.split([' ', '\u{A0}', '\u{202F}']).collect(),
            Some(mark) => whole.split(mark).collect(),
            None => vec![whole],
        };
        let is_grouped = groups.len() == 1
            || groups.first().is_some_and(|first| (1..=3).contains(&first.len()))
                && groups.iter().skip(1).all(|group| group.len() == 3);
        if !is_grouped || !groups.iter().all(|group| is_digits(group)) || !decimals.is_none_or(is_digits) {
            return None;
        }
        let decimals = decimals
            .map(|decimals| format!(".{decimals}"))
            .unwrap_or_default();
        Some(format!("{front}{}{decimals}{back}", groups.concat()))
    }
}

/// How percents are written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PercentForm {
    /// With a percent sign: `1.2%`.
    Sign,
    /// As a fraction of one: `0.012`.
    Fraction,
    /// As a number of hundredths: `1.2`.
    Hundredths,
}

/// What an empty cell stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum EmptyCell {
    /// No value; allowed for optional fields only.
    Missing,
    /// The given value, as a plain cell text.
    Text(String),
}

/// Which records of an outside table are kept.
#[derive(Debug, Clone, PartialEq)]
pub enum SourceFilter {
    /// The column's text is (or is not) one of these.
    OneOf {
        /// The column's header.
        column: String,
        /// The texts.
        texts: Vec<String>,
        /// Whether the condition is turned round.
        negated: bool,
    },
    /// The column's cell is empty (or is not).
    Empty {
        /// The column's header.
        column: String,
        /// Whether the condition is turned round.
        negated: bool,
    },
    /// All of these hold.
    All(Vec<SourceFilter>),
    /// One of these holds.
    Any(Vec<SourceFilter>),
}

/// A constant, with a version for each range of days.
#[derive(Debug, Clone)]
pub struct Constant {
    /// Its name.
    pub naming: Naming,
    /// Its type.
    pub ty: Ty,
    /// Versions in order of their first day; the first may be open.
    pub versions: Vec<(Effective, Value)>,
    /// Why it is there.
    pub reason: Reason,
}

/// A range of days, both inclusive; an absent end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Effective {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub through: Option<Date>,
}

/// A tier table, with a version for each range of days.
#[derive(Debug, Clone)]
pub struct Tiers {
    /// Its name.
    pub naming: Naming,
    /// How the rows combine.
    pub kind: TierKind,
    /// The kind of the bounds: percent, money, number, points.
    pub bound: Scalar,
    /// The kind of the rows' values (for rows with both, of the amount).
    pub value: Scalar,
    /// The kind of what `rate of` gives: of the rates, or of the amounts where no row has a rate.
    pub rate: Scalar,
    /// The versions in order of their first day.
    pub versions: Vec<TierVersion>,
}

/// How tiers combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TierKind {
    /// Each slice at its own rate; an amount is paid once for each tier entered.
    Marginal,
    /// The whole at the rate reached; the amount only of the tier reached.
    Retro,
    /// The amount of the tier reached.
    Flat,
    /// Straight lines between points.
    Interpolated,
    /// Each tier's value accrues in proportion as the tier fills.
    Fill,
}

/// The tiers in force in a range of days.
#[derive(Debug, Clone)]
pub struct TierVersion {
    /// When they are in force.
    pub effective: Effective,
    /// The rows in rising order, without gap or overlap.
    pub rows: Vec<TierRow>,
    /// What happens past the last row.
    pub beyond: Beyond,
}

/// One tier, or one point of an interpolated table.
#[derive(Debug, Clone)]
pub struct TierRow {
    /// Where the tier begins; a point's place. `None`: open below.
    pub lower: Option<Bound>,
    /// Where the tier ends. `None`: open above; a point has none.
    pub upper: Option<Bound>,
    /// The rate, as an exact number; the value of a point, a fill or a step counts as amount. A single value of marginal
    /// and retro tiers is a rate if it is a percent or a number, or money where the bounds count units.
    pub rate: Option<Exact>,
    /// The amount.
    pub amount: Option<Exact>,
    /// Where the row stands.
    pub span: Span,
}

/// One end of an interval.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The number at the end; a day counts from 1970-01-01, a period is its index.
    pub at: Exact,
    /// Whether the number itself belongs to the interval.
    pub edge: Edge,
}

/// Whether the number at the end of an interval belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edge {
    /// `from`, `through`.
    Included,
    /// `above`, `below`.
    Excluded,
}

/// What lies beyond the last tier or point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// Nothing lies beyond: the last row is open.
    Open,
    /// The last value stays.
    Clamp,
    /// The last slope goes on.
    Continue,
    /// Nothing is earned on what lies beyond.
    Nothing,
    /// It is an error.
    Error,
}

/// A decision table or matrix, with a version for each range of days.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its name.
    pub naming: Naming,
    /// The conditions' columns.
    pub inputs: Vec<Input>,
    /// The results' columns.
    pub outputs: Vec<Output>,
    /// What happens when several rows match.
    pub hit: Hit,
    /// The versions in order of their first day.
    pub versions: Vec<DecisionVersion>,
}

/// A condition column.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name.
    pub naming: Naming,
    /// Its type; optional where rows may match `missing`.
    pub ty: Ty,
    /// The least value that can occur.
    pub lower: Option<Bound>,
    /// The greatest value that can occur.
    pub upper: Option<Bound>,
}

/// A result column.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name.
    pub naming: Naming,
    /// Its type.
    pub ty: Ty,
    /// How matching rows combine under `every`.
    pub combine: Combine,
}

/// How the results of several matching rows combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// Only one row gives the result.
    Single,
    /// Their sum.
    Sum,
    /// How many there are.
    Count,
    /// The highest.
    Highest,
    /// The lowest.
    Lowest,
}

/// What happens when several rows match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// Never: proven.
    Unique,
    /// The first one counts.
    First,
    /// All count.
    Every,
}

/// The rows in force in a range of days.
#[derive(Debug, Clone)]
pub struct DecisionVersion {
    /// When they are in force.
    pub effective: Effective,
    /// The rows.
    pub rows: Vec<DecisionRow>,
}

/// One row: a condition for each input and a value for each output.
#[derive(Debug, Clone)]
pub struct DecisionRow {
    /// The conditions.
    pub cells: Vec<Cell>,
    /// The results.
    pub outputs: Vec<Value>,
    /// Where the row stands.
    pub span: Span,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cell {
    /// Matches everything, missing included.
    Any,
    /// Matches a missing value.
    Missing,
    /// Matches numbers, days or periods between two ends.
    Interval {
        /// The lower end.
        lower: Option<Bound>,
        /// The upper end.
        upper: Option<Bound>,
    },
    /// Matches any of these.
    OneOf(Vec<Value>),
}

/// Exchange rates.
#[derive(Debug, Clone)]
pub struct Rates {
    /// Its name; `rates` where none is written.
    pub naming: Naming,
    /// The records: currency, currency, day, rate.
    pub table: TableId,
    /// The rates written in the rules, those of a pair in order of their first day; they count where the table has no
    /// records.
    pub written: Vec<WrittenRate>,
    /// What a day without a rate gets.
    pub missing_day: MissingDay,
    /// Whether a pair may be used the other way round.
    pub inverse: Inverse,
    /// The currency through which two pairs may be joined.
    pub pivot: Option<Currency>,
    /// The whole item.
    pub span: Span,
}

/// One exchange rate written in the rules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WrittenRate {
    /// The currency that is converted.
    pub from: Currency,
    /// The currency it becomes.
    pub to: Currency,
    /// The days for which it holds; an open end ends where the pair's next rate begins.
    pub effective: Effective,
    /// How much of the second currency one unit of the first is.
    pub rate: Exact,
}

/// What a day without an exchange rate gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MissingDay {
    /// An error.
    Error,
    /// The last rate before it, if that is no more than so many days old.
    Previous {
        /// How many days; any number where absent.
        within: Option<u32>,
    },
}

/// Says whether a pair of currencies may be used the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Inverse {
    /// It may: one over its rate.
    Allowed,
    /// It may not.
    Refused,
}

impl Rates {
    /// The field with the currency that is converted.
    pub const FROM: FieldId = FieldId(0);
    /// The field with the currency it becomes.
    pub const TO: FieldId = FieldId(1);
    /// The field with the day.
    pub const DAY: FieldId = FieldId(2);
    /// The field with the rate.
    pub const RATE: FieldId = FieldId(3);
}

/// A calendar and its name.
#[derive(Debug, Clone)]
pub struct CalendarDef {
    /// Its name; the civil one is called `civil`.
    pub naming: Naming,
    /// The calendar.
    pub calendar: Calendar,
}

/// A list of holidays: which days are worked, as far as the list knows.
#[derive(Debug, Clone)]
pub struct Holidays {
    /// Its name; `holidays` where none is written.
    pub naming: Naming,
    /// The days of the week on which nobody works.
    pub weekend: Vec<Weekday>,
    /// The days off beside weekends, rising.
    pub off: Vec<Date>,
    /// The weekend days that are worked, rising.
    pub worked: Vec<Date>,
    /// The days about which the list says something; all of them where it lists no days.
    pub covers: Effective,
}

impl Holidays {
    /// Makes the calendar of working days.
    pub fn working_days(&self) -> WorkingDays {
        WorkingDays::new(&self.weekend, &self.off, &self.worked)
            .covering(self.covers.from, self.covers.through)
    }
}
