//! Contests, awards and targets.

use super::{
    Check, CurrencyLine, DateRange, Direction, Expr, Let, Literal, Measure, Name, PeriodLine, PolicyLine,
    Population, Quoted, RankKey, RestTo, RoundingLine, Source, Tail, Unit,
};
use crate::span::Span;

/// Holds `contest NAME "title" … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Contest {
    /// The name.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// The statements, in order.
    pub statements: Vec<ContestStatement>,
    /// The whole item.
    pub span: Span,
}

/// Holds one statement of a contest.
#[derive(Clone, Debug, PartialEq)]
pub enum ContestStatement {
    /// `period 2026-06`.
    Period(PeriodLine),
    /// `currency CNY`.
    Currency(CurrencyLine),
    /// `rounding half-up to 0.01`.
    Rounding(RoundingLine),
    /// `policy "…"`.
    Policy(PolicyLine),
    /// `entrants Person where …`.
    Entrants(Population),
    /// `let NAME = e`.
    Let(Let),
    /// `measure NAME for S s = e`.
    Measure(Measure),
    /// `check c`.
    Check(Check),
    /// `score e`.
    Score(ExprLine),
    /// `qualify c else unpaid`.
    Qualify(Qualify),
    /// `race to e dated d`.
    Race(Race),
    /// `rank highest first, ties share`.
    Rank(RankLine),
    /// `prizes … end`.
    Prizes(Prizes),
    /// `pool e by w`, `pool e per head`.
    Pool(Pool),
    /// `budget e`.
    Budget(ExprLine),
    /// `split among S where c by w`.
    Split(SplitLine),
    /// `closes on D`: later data changes nothing.
    Closes(Closes),
}

impl ContestStatement {
    /// Gives the place of the whole statement.
    pub fn span(&self) -> Span {
        match self {
            ContestStatement::Period(line) => line.span,
            ContestStatement::Currency(line) => line.span,
            ContestStatement::Rounding(line) => line.span,
            ContestStatement::Policy(line) => line.span,
            ContestStatement::Entrants(line) => line.span,
            ContestStatement::Let(line) => line.span,
            ContestStatement::Measure(line) => line.span,
            ContestStatement::Check(line) => line.span,
            ContestStatement::Score(line) | ContestStatement::Budget(line) => line.span,
            ContestStatement::Qualify(line) => line.span,
            ContestStatement::Race(line) => line.span,
            ContestStatement::Rank(line) => line.span,
            ContestStatement::Prizes(line) => line.span,
            ContestStatement::Pool(line) => line.span,
            ContestStatement::Split(line) => line.span,
            ContestStatement::Closes(line) => line.span,
        }
    }
}

/// Holds a statement that is a word and an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct ExprLine {
    /// The expression.
    pub value: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `qualify c else unpaid`.
#[derive(Clone, Debug, PartialEq)]
pub struct Qualify {
    /// What an entrant must fulfil.
    pub condition: Expr,
    /// `else …`: what becomes of those who do not; they are removed where it is left out.
    pub otherwise: Unqualified,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Says what becomes of entrants who do not qualify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unqualified {
    /// Nothing is written: they are removed before the places are given.
    Unsaid,
    /// `else removed`: the same, in words.
    Removed,
    /// `else unpaid`: they take places and get nothing for them.
    Unpaid,
    /// `else sunk`: they stand behind all who qualify, and get nothing.
    Sunk,
}

/// Says how places are counted behind equal entrants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceCount {
    /// 1, 2, 2, 4.
    Standard,
    /// `dense`: 1, 2, 2, 3.
    Dense,
}

/// Holds `race to e dated d`: who reaches the mark first.
#[derive(Clone, Debug, PartialEq)]
pub struct Race {
    /// The mark.
    pub mark: Expr,
    /// `dated d`: the day of each record of the score.
    pub dated: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `rank highest first, margin lowest first, ties break by …`.
#[derive(Clone, Debug, PartialEq)]
pub struct RankLine {
    /// The direction of the score.
    pub direction: Direction,
    /// Further keys, each looked at where the ones before are equal.
    pub keys: Vec<RankKey>,
    /// `dense`: no place is left out behind equal entrants.
    pub count: PlaceCount,
    /// `ties …`.
    pub ties: Option<ContestTies>,
    /// The whole statement.
    pub span: Span,
}

/// Says what entrants of equal scores get.
#[derive(Clone, Debug, PartialEq)]
pub enum ContestTies {
    /// `ties share`: the prizes of their places are pooled and divided.
    Share,
    /// `ties all`: each the place's full prize.
    All,
    /// `ties divide`: the place's prize is divided.
    Divide,
    /// `ties break by e, f`: by further keys.
    BreakBy(Vec<RankKey>),
}

/// Holds `prizes … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Prizes {
    /// The rows, in order.
    pub rows: Vec<Prize>,
    /// The whole statement.
    pub span: Span,
}

/// Holds `3 through 5 : CNY 2,000 | honour "…"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Prize {
    /// The places.
    pub places: PrizePlaces,
    /// The prize.
    pub value: Expr,
    /// `honour "…"`.
    pub honour: Option<Quoted>,
    /// The whole row.
    pub span: Span,
}

/// Says which places a prize is for.
#[derive(Clone, Debug, PartialEq)]
pub enum PrizePlaces {
    /// `1`.
    One(Literal),
    /// `3 through 5`.
    Range(Literal, Literal),
    /// `4 up`.
    Up(Literal),
    /// `others`: every qualified entrant without another prize.
    Others(Span),
}

/// Holds `pool e by w`, `pool e per head`, `pool e equally`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// The amount: of the whole pool, or for each head.
    pub amount: Expr,
    /// How it is shared.
    pub sharing: PoolSharing,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Says how a pool is shared among those who qualify.
#[derive(Clone, Debug, PartialEq)]
pub enum PoolSharing {
    /// `by w`: in proportion.
    By(Expr),
    /// `per head`: the amount for each.
    PerHead,
    /// `equally`: the amount divided.
    Equally,
}

/// Holds `split among S where c by w`: of a team's prize, or of a target.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitLine {
    /// `nearest team of e`: somebody below two of those that the block is about counts for the nearer one.
    pub is_nearest: bool,
    /// Among whom.
    pub source: Source,
    /// `where c`.
    pub filter: Option<Expr>,
    /// `by w`: the weights.
    pub weight: Expr,
    /// `step e`: the smallest step handed out.
    pub step: Option<Expr>,
    /// `rest to largest`.
    pub rest: Option<RestTo>,
    /// `plus p`: over-assignment, shown as its own line.
    pub plus: Option<Expr>,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `closes on D`.
#[derive(Clone, Debug, PartialEq)]
pub struct Closes {
    /// The last day on which data counts.
    pub on: Literal,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `award NAME "title" … end`: honours without ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Award {
    /// The name.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// The statements, in order.
    pub statements: Vec<AwardStatement>,
    /// The whole item.
    pub span: Span,
}

/// Holds one statement of an award.
#[derive(Clone, Debug, PartialEq)]
pub enum AwardStatement {
    /// `payee Person where …`.
    Payee(Population),
    /// `period year`.
    Period(PeriodLine),
    /// `effective D through D`.
    Effective(DateRange),
    /// `currency CNY`.
    Currency(CurrencyLine),
    /// `rounding half-up to 0.01`.
    Rounding(RoundingLine),
    /// `policy "…"`.
    Policy(PolicyLine),
    /// `let NAME = e`.
    Let(Let),
    /// `measure NAME = e`.
    Measure(Measure),
    /// `check c`.
    Check(Check),
    /// `grant NAME "title" when c cash e once`.
    Grant(Grant),
}

impl AwardStatement {
    /// Gives the place of the whole statement.
    pub fn span(&self) -> Span {
        match self {
            AwardStatement::Payee(line) => line.span,
            AwardStatement::Period(line) => line.span,
            AwardStatement::Effective(line) => line.span,
            AwardStatement::Currency(line) => line.span,
            AwardStatement::Rounding(line) => line.span,
            AwardStatement::Policy(line) => line.span,
            AwardStatement::Let(line) => line.span,
            AwardStatement::Measure(line) => line.span,
            AwardStatement::Check(line) => line.span,
            AwardStatement::Grant(line) => line.span,
        }
    }
}

/// Holds `grant NAME "title" when c cash e once`.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// The name.
    pub name: Name,
    /// What the payee is given.
    pub title: Option<Quoted>,
    /// `when c`.
    pub when: Expr,
    /// `cash e`: what may be taken instead.
    pub cash: Option<Expr>,
    /// How often one payee may get it; in every period where it is left out.
    pub limit: Option<GrantLimit>,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Says how often one payee may get an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantLimit {
    /// `once`: once and for all.
    Once,
    /// `once every year`.
    Every(Unit),
}

/// Holds `target NAME "title" … end`: a goal and how it is divided.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The name.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// The statements, in order.
    pub statements: Vec<TargetStatement>,
    /// The whole item.
    pub span: Span,
}

/// Holds one statement of a target.
#[expect(
    clippy::large_enum_variant,
    reason = "a file has few of these, and boxes would burden every reader"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum TargetStatement {
    /// `subject Team where …`: who has the goal; one goal for all where it is left out.
    Subject(Population),
    /// `period year 2026`.
    Period(PeriodLine),
    /// `currency CNY`.
    Currency(CurrencyLine),
    /// `policy "…"`.
    Policy(PolicyLine),
    /// `let NAME = e`.
    Let(Let),
    /// `measure NAME = e`.
    Measure(Measure),
    /// `actual e`: what the goal is compared with.
    Actual(ExprLine),
    /// `goal e`.
    Goal(ExprLine),
    /// `split among S by w step e rest to last plus p`: one level, from the top down.
    Split(SplitLine),
    /// `lock east, 2026-03 at e`: a part that is fixed.
    Lock(Lock),
    /// `recalibrate every month …`.
    Recalibrate(Recalibrate),
    /// `smart achievable check c else warn`.
    Smart(Smart),
}

impl TargetStatement {
    /// Gives the place of the whole statement.
    pub fn span(&self) -> Span {
        match self {
            TargetStatement::Subject(line) => line.span,
            TargetStatement::Period(line) => line.span,
            TargetStatement::Currency(line) => line.span,
            TargetStatement::Policy(line) => line.span,
            TargetStatement::Let(line) => line.span,
            TargetStatement::Measure(line) => line.span,
            TargetStatement::Actual(line) | TargetStatement::Goal(line) => line.span,
            TargetStatement::Split(line) => line.span,
            TargetStatement::Lock(line) => line.span,
            TargetStatement::Recalibrate(line) => line.span,
            TargetStatement::Smart(line) => line.span,
        }
    }
}

/// Holds `lock east, 2026-03 at e`.
#[derive(Clone, Debug, PartialEq)]
pub struct Lock {
    /// Which part, one subscript for each level.
    pub part: Vec<Expr>,
    /// Its fixed value.
    pub value: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `recalibrate every month spread 50% by w ceiling 10% never lower`.
#[derive(Clone, Debug, PartialEq)]
pub struct Recalibrate {
    /// `every month`: when the remaining periods are looked at again.
    pub every: Unit,
    /// `spread p`: the share of the gap that is spread; all of it where it is left out.
    pub spread: Option<Expr>,
    /// `by w`: the weights of the remaining periods; those of the split where it is left out.
    pub weight: Option<Expr>,
    /// `ceiling p`: how far a period may rise above its original figure.
    pub ceiling: Option<Expr>,
    /// `never lower`: a surplus lowers no later period.
    pub is_never_lower: bool,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `smart achievable check c else warn`.
#[derive(Clone, Debug, PartialEq)]
pub struct Smart {
    /// Which of the five.
    pub test: SmartTest,
    /// What must hold.
    pub condition: Expr,
    /// `else warn` or `else fail`; fail where it is left out.
    pub otherwise: SmartResult,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Names one of the five tests of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SmartTest {
    /// `specific`.
    Specific,
    /// `measurable`.
    Measurable,
    /// `achievable`.
    Achievable,
    /// `relevant`.
    Relevant,
    /// `timely`.
    Timely,
}

/// Says what a failed test of a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SmartResult {
    /// `else warn`.
    Warn,
    /// `else fail`.
    Fail,
}
