//! Expressions, typed and with every name bound.

mod among;

use std::sync::Arc;

use guerdon_syntax::span::Span;

use crate::calendar::{Date, PeriodKey, Unit};
use crate::number::{Currency, Exact, Rounding};
use crate::types::{
    BinderId, CalendarId, ConstantId, DecisionId, DefinitionId, EarnId, EnumId, FieldId, HolidaysId, RatesId,
    TableId, TiersId, Ty,
};

pub use among::{Allocation, RankTies, Ranking, Rest, Running, Unweighted};

/// An expression with its type and place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The type of its value.
    pub ty: Ty,
    /// Where it stands.
    pub span: Span,
}

/// A value known before any data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// yes or no.
    Bool(bool),
    /// A number of any kind: whole, percent (as a fraction of one), money, points.
    Number(Exact),
    /// A day.
    Date(Date),
    /// A period.
    Period(PeriodKey),
    /// Text; also the key of a record.
    Text(Arc<str>),
    /// A value of an enum, by position.
    Enum(EnumId, u32),
    /// No value.
    Missing,
}

/// The kinds of expressions.
///
/// Evaluation is strict in errors but for these: `and` is no as soon as one operand is no, whatever the others are,
/// and `or` is yes as soon as one is yes; `if` looks at the chosen branch only, `otherwise` at the next operand only
/// when the one before is missing, exceptions as said at [`super::program::Exception`]. Missing operands: `Equal` and
/// `NotEqual`, [`ExprKind::OneOf`] and [`ExprKind::IsMissing`] accept them, [`ExprKind::Require`] turns them into an
/// error, aggregates skip them; nowhere else does a checked expression meet one, but in a field of a missing row and a
/// look-up by a missing key, which are missing too.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A literal.
    Const(Value),
    /// A variable: a row, or a period.
    Binder(BinderId),
    /// A field of a row; missing if the row is.
    Field {
        /// The row.
        row: Box<Expr>,
        /// The field.
        field: FieldId,
    },
    /// The record with a key; missing if there is none.
    Find {
        /// The table.
        table: TableId,
        /// One value for each key field (without the `valid` fields of a dated table).
        keys: Vec<Expr>,
        /// The day, for a dated table.
        on: Option<Box<Expr>>,
    },
    /// The value of a constant on a day.
    Constant {
        /// The constant.
        constant: ConstantId,
        /// The day that selects the version.
        on: Box<Expr>,
    },
    /// A result of a decision table.
    Decide {
        /// The table.
        decision: DecisionId,
        /// The day that selects the version.
        on: Box<Expr>,
        /// One value for each input.
        inputs: Vec<Expr>,
        /// The position of the result.
        output: usize,
    },
    /// The value of a definition for these arguments (one for each parameter, in order).
    Use {
        /// The definition.
        definition: DefinitionId,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// The value of a definition one period before the given one.
    Prior {
        /// The definition.
        definition: DefinitionId,
        /// The arguments; the last is the current period.
        args: Vec<Expr>,
    },
    /// An amount of an earn.
    Earned {
        /// The earn.
        earn: EarnId,
        /// Which amount.
        part: EarnPart,
        /// Of which lines.
        of: EarnOf,
    },
    /// The value without the exception (inside `except` only).
    Normal,
    /// A sum with signs: the first operand's sign is written too.
    Sum(Vec<(Sign, Expr)>),
    /// A product with divisions: a divisor of zero is an error.
    Product(Vec<(Factor, Expr)>),
    /// A value held between limits, applied from left to right.
    Bounded {
        /// The value.
        value: Box<Expr>,
        /// The limits.
        limits: Vec<(Limit, Expr)>,
    },
    /// All hold.
    And(Vec<Expr>),
    /// One holds.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// A comparison. `Equal` and `NotEqual` work on every type and on missing values (two missing ones are equal);
    /// the others on numbers, days and periods that are there.
    Compare {
        /// The operator.
        op: Comparison,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
    },
    /// Whether there is no value.
    IsMissing(Box<Expr>),
    /// Whether the value equals one of a list.
    OneOf {
        /// The value.
        value: Box<Expr>,
        /// The list.
        list: Vec<Expr>,
    },
    /// Whether a day, or a whole period, lies in a range of days.
    Within {
        /// The day or period.
        value: Box<Expr>,
        /// The range.
        range: DayRange,
    },
    /// Whether a record is another one or stands above it in a tree; no where the other one is missing. It stands in
    /// the filter of lines only, about the payee.
    IsAbove {
        /// The record that may be above.
        row: Box<Expr>,
        /// The record from which the walk begins.
        of: Box<Expr>,
        /// The field that names the record above.
        by: FieldId,
    },
    /// What the lines of the same record came to at the levels below, before any cap; 0 at the lowest (inside an earn
    /// whose lines walk up a tree only).
    Lower(EarnId),
    /// A choice.
    If {
        /// The condition.
        condition: Box<Expr>,
        /// The value if it holds.
        then: Box<Expr>,
        /// The value if not.
        otherwise: Box<Expr>,
    },
    /// The first operand that is there.
    Otherwise(Vec<Expr>),
    /// The value, or an error where it is missing.
    Require(Box<Expr>),
    /// A rounding written in the formula.
    Rounded {
        /// The value.
        value: Box<Expr>,
        /// The mode.
        mode: Rounding,
        /// The step.
        step: Exact,
    },
    /// An aggregate over all combinations of its sources that pass the filter.
    Aggregate(Box<Aggregate>),
    /// The sum over the rows before a row.
    Running(Box<Running>),
    /// The place of a record among others.
    Rank(Box<Ranking>),
    /// The share of a record in an amount that is divided.
    Share(Box<Allocation>),
    /// Words and the keys of records, put together.
    Words(Vec<Piece>),
    /// Tiers applied to a value.
    Apply(Box<Apply>),
    /// The rate that tiers give at a point.
    RateOf {
        /// The tiers.
        tiers: TiersId,
        /// The day that selects the version.
        on: Box<Expr>,
        /// The point.
        at: Box<Expr>,
    },
    /// An amount in another currency at the rate of a day: 1 for one and the same currency, otherwise the rate of the
    /// pair, of the pair the other way round, or of the two pairs through the pivot, the first that there is; an error
    /// where there is none, but nothing is nothing in every currency.
    Convert {
        /// The rates.
        rates: RatesId,
        /// The amount.
        amount: Box<Expr>,
        /// The code of the currency that is converted, a text.
        from: Box<Expr>,
        /// The currency it becomes.
        to: Currency,
        /// The day.
        on: Box<Expr>,
    },
    /// The first day of a period.
    FirstDay(Box<Expr>),
    /// The last day of a period.
    LastDay(Box<Expr>),
    /// The period of a length that contains a day.
    Containing {
        /// The calendar.
        calendar: CalendarId,
        /// The length.
        unit: Unit,
        /// The day.
        day: Box<Expr>,
    },
    /// The period so many periods later (earlier, if negative).
    Shift {
        /// The calendar.
        calendar: CalendarId,
        /// The period.
        period: Box<Expr>,
        /// How many periods.
        by: i32,
    },
    /// The days of a range: none if it ends before it begins.
    DaysIn {
        /// The range.
        range: DayRange,
        /// How days are counted.
        count: DayCount,
    },
    /// Later day less earlier day (b − a), a whole number, negative if b is before a.
    DaysBetween {
        /// The day a.
        from: Box<Expr>,
        /// The day b.
        to: Box<Expr>,
        /// How days are counted.
        count: DayCount,
    },
    /// Whole months from one month to another (by their indices).
    MonthsBetween {
        /// The first month.
        from: Box<Expr>,
        /// The second month.
        to: Box<Expr>,
    },
    /// A day so many days later.
    AddDays {
        /// The day.
        day: Box<Expr>,
        /// How many days, a whole number.
        days: Box<Expr>,
    },
    /// A day so many months later.
    AddMonths {
        /// The day.
        day: Box<Expr>,
        /// How many months, a whole number.
        months: Box<Expr>,
        /// What happens at month ends.
        rule: MonthRule,
    },
    /// A built-in function over numbers.
    Call {
        /// The function.
        function: Function,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// A faulty expression; a program with one is never run.
    Faulty,
}

/// A range of days, both ends included.
#[derive(Debug, Clone, PartialEq)]
pub struct DayRange {
    /// The first day.
    pub from: Box<Expr>,
    /// The last day.
    pub through: Box<Expr>,
}

/// An amount of an earn line. earned = released + held; paid to date = released − clawed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EarnPart {
    /// After exceptions, rounding and cap.
    Earned,
    /// Before the cap.
    Uncut,
    /// Payable to date: line × clamp(release − clawback, 0, 1), rounded under `at each line`.
    PaidToDate,
    /// Released to date.
    Released,
    /// Not yet released.
    Held,
    /// Taken back to date.
    ClawedBack,
    /// Payable to date less payable to date at the end of the period before.
    Due,
    /// Held until somebody has looked at it, so far.
    InReview,
    /// Spread to date by the books.
    Amortised,
    /// Written off to date by the books.
    WrittenOff,
    /// Neither spread nor written off by the books so far.
    Unamortised,
}

/// Which lines of an earn are meant.
#[derive(Debug, Clone, PartialEq)]
pub enum EarnOf {
    /// All lines of a payee: those dated in the period for `Earned` and `Uncut`; for the to-date parts all lines up to
    /// the end of the period; for `Due` their change in it. Zero where there are none; missing for who is no payee.
    Payee {
        /// The payee.
        payee: Box<Expr>,
        /// The period.
        period: Box<Expr>,
    },
    /// The line of a record; missing if there is none.
    Line {
        /// The record.
        row: Box<Expr>,
        /// The payee, where one record may have several lines.
        payee: Option<Box<Expr>>,
        /// The settling period for the to-date parts; the last period of the run where absent.
        period: Option<Box<Expr>>,
    },
}

/// The sign of an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Added.
    Plus,
    /// Taken away.
    Minus,
}

/// How an operand takes part in a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Factor {
    /// It multiplies.
    Times,
    /// It divides.
    Over,
}

/// A limit on a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Not more than.
    AtMost,
    /// Not less than.
    AtLeast,
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`, `is`.
    Equal,
    /// `!=`, `is not`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

/// An aggregate.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// What is computed.
    pub op: AggregateOp,
    /// The value of one combination; none for `count`, the condition for `any` and `all`.
    pub value: Option<Expr>,
    /// The sources; later ones may use the variables of earlier ones.
    pub sources: Vec<Source>,
    /// Which combinations count.
    pub filter: Option<Expr>,
    /// The order for `first` and `last`, over the variables; keys come last.
    pub order: Vec<(Expr, Direction)>,
    /// Only so many of the highest values count: a literal, at least 1.
    pub best: Option<u32>,
}

/// What an aggregate computes. Over nothing: sums and counts are 0, `any` no, `all` yes, the rest missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AggregateOp {
    /// The sum.
    Sum,
    /// How many.
    Count,
    /// How many different values.
    CountDistinct,
    /// The mean, exact.
    Average,
    /// The lowest.
    Lowest,
    /// The highest.
    Highest,
    /// Whether the condition holds for one.
    Any,
    /// Whether the condition holds for each.
    All,
    /// The value of the first in the order.
    First,
    /// The value of the last in the order.
    Last,
}

/// A direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Lowest first.
    Ascending,
    /// Highest first.
    Descending,
}

/// One source of an aggregate.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The variable.
    pub binder: BinderId,
    /// What it runs over.
    pub domain: Domain,
}

/// What a source runs over.
#[derive(Debug, Clone, PartialEq)]
pub enum Domain {
    /// Every record of a table.
    Rows(TableId),
    /// The records below one in a tree.
    Below {
        /// The record at the top, not included.
        of: Expr,
        /// The field that names the record above.
        by: FieldId,
        /// How deep.
        depth: Depth,
    },
    /// Every period of a length that lies wholly within a range of days; the range uses no variable of this aggregate.
    Periods {
        /// The calendar.
        calendar: CalendarId,
        /// The length.
        unit: Unit,
        /// The range.
        within: DayRange,
    },
}

/// How deep a walk down a tree goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Depth {
    /// Direct reports.
    One,
    /// Everybody below.
    Every,
}

/// One piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Words as they stand.
    Words(Arc<str>),
    /// A value in words: the key of a record, a text.
    Value(Expr),
}

/// Tiers applied to a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Apply {
    /// The tiers.
    pub tiers: TiersId,
    /// The day that selects the version.
    pub on: Expr,
    /// The value.
    pub value: Expr,
    /// What the bounds are multiplied by; must be positive.
    pub against: Option<Expr>,
    /// The running total before the line (inside an earn with lines only): T(before + value) − T(before).
    pub stack: Option<Stack>,
    /// Only the n-th row's contribution (counted from 1).
    pub part: Option<usize>,
}

/// A running total over the lines of one earn, payee and plan, in the order of [`super::program::Lines::order`].
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// When the total starts again.
    pub restarting: Option<Unit>,
    /// What it starts from.
    pub starting_from: Option<Expr>,
}

/// How days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayCount {
    /// Calendar days.
    Actual,
    /// Months of thirty days.
    Bond30360,
    /// Working days by a list of holidays.
    Working(HolidaysId),
}

/// What happens when a month is shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MonthRule {
    /// The last day of a month stays the last day.
    LastDay,
    /// The same day, at most the last of the month.
    SameDay,
}

/// Built-in functions over numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// The value without its sign.
    Abs,
    /// The largest argument.
    Largest,
    /// The smallest argument.
    Smallest,
}
