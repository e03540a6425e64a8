//! Expressions and literals.

use super::{Name, RoundMode, RoundStep, Unit};
use crate::span::Span;

/// Holds an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// Tells the kinds of expressions apart.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A bare name.
    Name(Name),
    /// `f(a, b)`.
    Call(Name, Vec<Expr>),
    /// `e.word`; any word may be a field.
    Field(Box<Expr>, Name),
    /// `e[a, b]`.
    Index(Box<Expr>, Vec<Expr>),
    /// `-e`.
    Negate(Box<Expr>),
    /// `not e`.
    Not(Box<Expr>),
    /// Operands joined by operators of one rank, flat.
    Chain(Chain),
    /// `a < b`.
    Compare(Box<Expr>, CompareOp, Box<Expr>),
    /// `a is b`, `a is not b`.
    Is(Box<Expr>, Polarity, Box<Expr>),
    /// `a is missing`, `a is not missing`.
    IsMissing(Box<Expr>, Polarity),
    /// `a in b`, `a not in b`; `b` is a period, a range of days or a list.
    In(Box<Expr>, Polarity, Box<Expr>),
    /// `D through D`: both days included.
    Through(Box<Expr>, Box<Expr>),
    /// `(A, B)`: a list of at least two.
    List(Vec<Expr>),
    /// `(e)`.
    Paren(Box<Expr>),
    /// `sum e over S where …`.
    Aggregate(Box<Aggregate>),
    /// `running sum e over S in order of k within k2 where …`.
    Running(Box<Running>),
    /// `apply T to x against q stacked …`.
    Apply(Box<Apply>),
    /// `rate of T at x`.
    RateOf(Name, Box<Expr>),
    /// `if c then a else b`.
    If(Box<If>),
    /// `prior x`: last period's value.
    Prior(Name),
    /// `due x`: payable to date, less payable at the end of the previous period.
    Due(Name),
    /// `released x`: payable to date.
    Released(Name),
    /// `below x`: what the levels below received in a walk up a tree.
    Below(Name),
    /// `streak of (c)`: for how many periods in a row the condition has held.
    Streak(Box<Expr>),
    /// `times of (c) in last 5 months`: in how many of those periods the condition held.
    Times(Box<Expr>, Box<Expr>),
    /// `trend of x over last 6 months`: the slope of the straight line nearest to the values.
    Trend(Box<Expr>, Box<Expr>),
    /// `allocate A among S within K by w`.
    Allocate(Box<Allocate>),
    /// `rank of x among S within g highest first`.
    Rank(Box<Rank>),
    /// Words that name a period.
    Period(PeriodExpr),
    /// `days from a to b`, `working_days in p`.
    Span(Box<SpanExpr>),
    /// `7 days`: a length of time.
    Duration(Literal, Unit),
    /// `x rounded half-up to 0.01`.
    Rounded(Box<Rounded>),
}

/// Says whether a condition is meant as it stands or turned round by `not`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polarity {
    /// As it stands.
    Plain,
    /// With `not`.
    Negated,
}

/// Holds a flat chain: `a + b - c`, `a or b or c`, `a otherwise b`, `a at least b at most c`.
///
/// All operators of one chain have one rank. The value is taken from left to right.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// The leftmost operand.
    pub first: Box<Expr>,
    /// The others; never empty, at most 4,096.
    pub rest: Vec<Link>,
}

/// Holds one further operand of a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The operator before the operand.
    pub op: ChainOp,
    /// Where the operator stands.
    pub op_span: Span,
    /// The operand.
    pub operand: Expr,
}

/// Names an operator that chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChainOp {
    /// `otherwise`: the value where the left one is missing.
    Otherwise,
    /// `or`.
    Or,
    /// `and`.
    And,
    /// `at most`: a cap.
    AtMost,
    /// `at least`: a floor.
    AtLeast,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
}

/// Names a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompareOp {
    /// `=`.
    Equal,
    /// `!=`.
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

/// Holds a literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// What was written, read.
    pub kind: LiteralKind,
    /// How it was written: `CNY 120万`, `25bp`; a text without its quotes.
    pub written: String,
    /// Where it stands.
    pub span: Span,
}

/// Tells the kinds of literals apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralKind {
    /// `1200`, `2.5M`, `120万`.
    Number(Decimal),
    /// `8%`, `25bp`; the number it stands for: 0.08, 0.0025.
    Percent(Decimal),
    /// `CNY 1,200.00`, `120万元`; the code as written, `CNY` for 元.
    Money(String, Decimal),
    /// `2026-03-31`.
    Date(DateLiteral),
    /// `2026-03`: the year and the month from 1.
    Month(u16, u8),
    /// `2026-Q2`: the year and the quarter from 1.
    Quarter(u16, u8),
    /// `2026-W05`: the year and the week from 1.
    Week(u16, u8),
    /// `year 2026`.
    Year(u16),
    /// `"East"`.
    Text(String),
    /// `yes` or `no`.
    Truth(bool),
}

/// Holds an exact decimal number as text: the digits times ten to the power of the exponent.
///
/// `CNY 120万` has digits `120` and exponent 4; `40,800.00` has digits `4080000` and exponent −2; `8%` has digits `8`
/// and exponent −2. At most 38 digits, exponents within ±38.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Whether a minus stands before it; only cells of a test grid have one, elsewhere `-` is [`ExprKind::Negate`].
    pub is_negative: bool,
    /// The digits as written, without point, commas and sign; leading zeros left out, `0` for zero.
    pub digits: String,
    /// The power of ten.
    pub exponent: i32,
}

/// Holds a day of the Gregorian calendar, checked to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateLiteral {
    /// The year, 0 to 9999.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day, from 1.
    pub day: u8,
}

/// Names an aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AggregateOp {
    /// `sum`.
    Sum,
    /// `count`.
    Count,
    /// `average`.
    Average,
    /// `lowest`.
    Lowest,
    /// `highest`.
    Highest,
    /// `any`.
    Any,
    /// `all`.
    All,
    /// `first`.
    First,
    /// `last`.
    Last,
}

/// Holds `sum e over S where c`.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Which aggregate.
    pub op: AggregateOp,
    /// Where its word stands.
    pub op_span: Span,
    /// `distinct`: equal values count once.
    pub is_distinct: bool,
    /// What is summed; nothing in `count over S`.
    pub value: Option<Expr>,
    /// What it is summed over, at least one.
    pub sources: Vec<Source>,
    /// `where c`.
    pub filter: Option<Expr>,
    /// `in order of k`: for `first` and `last`.
    pub order: Vec<Expr>,
    /// `best n`: only the n highest values.
    pub best: Option<Expr>,
}

/// Holds something to go through: `Deal as d`, `team of p by mentor as m`.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// What is gone through.
    pub kind: SourceKind,
    /// `as d`: the name of one record.
    pub alias: Option<Name>,
    /// Where it stands.
    pub span: Span,
}

/// Tells the kinds of sources apart.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceKind {
    /// A data block, a `rows` name, `month`, `quarter`, ….
    Named(Name),
    /// `team of p`: everybody below, at every depth.
    Team(Box<Tree>),
    /// `reports of p`: those directly below.
    Reports(Box<Tree>),
}

/// Holds the root of a walk down a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Whose team.
    pub root: Expr,
    /// `by mentor`: the field that carries the tree.
    pub by: Option<Name>,
}

/// Holds `running sum e over S in order of k within k2 where c`: the sum of the rows before each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// What is summed.
    pub value: Expr,
    /// The rows.
    pub source: Source,
    /// `in order of …`, at least one key.
    pub order: Vec<Expr>,
    /// `within …`: rows that differ in these start afresh.
    pub within: Vec<Expr>,
    /// `where c`.
    pub filter: Option<Expr>,
}

/// Holds `apply T to x against q stacked in order of k restarting every year starting from s`.
#[derive(Clone, Debug, PartialEq)]
pub struct Apply {
    /// The tiers.
    pub tiers: Name,
    /// What they are applied to.
    pub value: Expr,
    /// `against q`: boundaries are multiplied by it.
    pub against: Option<Expr>,
    /// `stacked …`.
    pub stack: Option<Stack>,
}

/// Holds how lines are stacked on each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// `stacked in order of …`, at least one key.
    pub order: Vec<Expr>,
    /// `restarting every year`.
    pub restarting: Option<Unit>,
    /// `starting from e`: the opening figure.
    pub starting: Option<Expr>,
    /// The whole clause.
    pub span: Span,
}

/// Holds `if c then a else b`.
#[derive(Clone, Debug, PartialEq)]
pub struct If {
    /// The condition.
    pub condition: Expr,
    /// The value where it holds.
    pub then: Expr,
    /// The value where it does not.
    pub otherwise: Expr,
}

/// Holds `allocate A among S where c within K by w`.
#[derive(Clone, Debug, PartialEq)]
pub struct Allocate {
    /// What is divided.
    pub amount: Expr,
    /// Among whom.
    pub source: Source,
    /// `where c`.
    pub filter: Option<Expr>,
    /// `within K`: each group of these divides its own amount.
    pub within: Vec<Expr>,
    /// `by w`: the weights.
    pub weight: Expr,
    /// `unit n`: the smallest step handed out.
    pub unit: Option<Expr>,
    /// `rest to largest`: who gets what is left; largest remainder where it is left out.
    pub rest: Option<RestTo>,
    /// `rounded MODE`: every share rounded for itself.
    pub rounded: Option<RoundMode>,
    /// `otherwise equally`: when all weights are zero.
    pub is_equal_otherwise: bool,
}

/// Says who gets the rest of a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RestTo {
    /// `rest to largest`.
    Largest,
    /// `rest to first`.
    First,
    /// `rest to last`.
    Last,
}

/// Holds `rank of x among S where c within g highest first ties best`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rank {
    /// What is compared.
    pub value: Expr,
    /// Among whom.
    pub source: Source,
    /// `where c`.
    pub filter: Option<Expr>,
    /// `within g`: each group has its own places.
    pub within: Vec<Expr>,
    /// `highest first` or `lowest first`; to be asked for where it is left out.
    pub direction: Option<Direction>,
    /// Further keys, each looked at where those before are equal: those of a contest's `rank` line.
    pub keys: Vec<RankKey>,
    /// `ties best`, `order by k`.
    pub ties: Option<RankTies>,
}

/// Says which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// `highest first`.
    HighestFirst,
    /// `lowest first`.
    LowestFirst,
}

/// Says which places equal values take.
#[derive(Clone, Debug, PartialEq)]
pub enum RankTies {
    /// `ties best`: 1, 2, 2, 4.
    Best,
    /// `ties worst`: 1, 3, 3, 4.
    Worst,
    /// `ties average`: 1, 2.5, 2.5, 4.
    Average,
    /// `ties dense`: 1, 2, 2, 3.
    Dense,
    /// `order by k`: 1, 2, 3, 4.
    OrderBy(Vec<RankKey>),
}

/// Holds a key to rank by, with its direction.
#[derive(Clone, Debug, PartialEq)]
pub struct RankKey {
    /// The key.
    pub key: Expr,
    /// Its direction, if written.
    pub direction: Option<Direction>,
}

/// Tells the words that name a period apart.
#[derive(Clone, Debug, PartialEq)]
pub enum PeriodExpr {
    /// `period`: the current one.
    Current,
    /// `this year`.
    This(Unit),
    /// `previous month`.
    Previous(Unit),
    /// `year to date`.
    ToDate(Unit),
    /// `last 3 months`, the current one included.
    Last(Literal, Unit),
    /// `period from d`: the rest of the period.
    From(Box<Expr>),
    /// `period of d in c`: the period of a calendar (the plan's where it is left out) that holds a day.
    Of(Box<Expr>, Option<Name>),
}

/// Holds `days from a to b`, `days in p`, `working_days in p`.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanExpr {
    /// What is counted.
    pub unit: SpanUnit,
    /// Between which days, or in which period.
    pub range: SpanRange,
    /// `counted bond_30_360`: the way of counting.
    pub counted: Option<Name>,
}

/// Says what a span counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpanUnit {
    /// `days`.
    Days,
    /// `months`.
    Months,
    /// `working_days`.
    WorkingDays,
}

/// Says what a span measures.
#[derive(Clone, Debug, PartialEq)]
pub enum SpanRange {
    /// `in p`.
    In(Expr),
    /// `from a to b`: b − a.
    FromTo(Expr, Expr),
}

/// Holds `x rounded MODE to STEP`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rounded {
    /// What is rounded.
    pub value: Expr,
    /// The direction.
    pub mode: RoundMode,
    /// The step.
    pub step: RoundStep,
}
