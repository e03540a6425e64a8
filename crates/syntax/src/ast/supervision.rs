//! Warnings and scorecards.

use super::{
    Cell, Check, CurrencyLine, DateRange, Expr, ExprLine, Interval, Let, Literal, Measure, Name, PeriodLine,
    PolicyLine, Population, Quoted, RankKey, Rounding, RoundingLine, Rows, Tail,
};
use crate::span::Span;

/// Holds `warning NAME "title" … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// The name.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// The statements, in order.
    pub statements: Vec<WarningStatement>,
    /// The whole item.
    pub span: Span,
}

/// Holds one statement of a warning.
#[derive(Clone, Debug, PartialEq)]
pub enum WarningStatement {
    /// `subject Person where …`.
    Subject(Population),
    /// `period month`.
    Period(PeriodLine),
    /// `effective D through D`.
    Effective(DateRange),
    /// `currency CNY`.
    Currency(CurrencyLine),
    /// `policy "…"`.
    Policy(PolicyLine),
    /// `let NAME = e`.
    Let(Let),
    /// `measure NAME = e`.
    Measure(Measure),
    /// `check c`.
    Check(Check),
    /// `level NAME when a clear when b`.
    Level(Level),
    /// `alert NAME when c`: the data are at fault, not the performance.
    Alert(Alert),
    /// `confirm after 2 periods, clear after 1`.
    Confirm(Confirm),
    /// `skip when c`: such a period neither counts nor breaks a streak.
    Skip(ExprLine),
    /// `reset when c`: such a period breaks every streak.
    Reset(ExprLine),
    /// `cooldown 2 periods`: for how long a cleared warning is not raised again.
    Cooldown(Cooldown),
    /// `escalate to p after 2 periods at red`.
    Escalate(Escalate),
    /// `respond by e … end`.
    Respond(Respond),
}

impl WarningStatement {
    /// Gives the place of the whole statement.
    pub fn span(&self) -> Span {
        match self {
            WarningStatement::Subject(line) => line.span,
            WarningStatement::Period(line) => line.span,
            WarningStatement::Effective(line) => line.span,
            WarningStatement::Currency(line) => line.span,
            WarningStatement::Policy(line) => line.span,
            WarningStatement::Let(line) => line.span,
            WarningStatement::Measure(line) => line.span,
            WarningStatement::Check(line) => line.span,
            WarningStatement::Level(line) => line.span,
            WarningStatement::Alert(line) => line.span,
            WarningStatement::Confirm(line) => line.span,
            WarningStatement::Skip(line) | WarningStatement::Reset(line) => line.span,
            WarningStatement::Cooldown(line) => line.span,
            WarningStatement::Escalate(line) => line.span,
            WarningStatement::Respond(line) => line.span,
        }
    }
}

/// Holds `level NAME when a clear when b`.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// The name.
    pub name: Name,
    /// When it is raised.
    pub when: Expr,
    /// When it is cleared; when `when` no longer holds where it is left out.
    pub clear: Option<Expr>,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `alert NAME when c`.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// The name.
    pub name: Name,
    /// When it is shown.
    pub when: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `confirm after 2 of 3 periods, clear after 1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// For how many periods the condition must hold.
    pub after: Literal,
    /// `of 5`: out of how many; in a row where it is left out.
    pub out_of: Option<Literal>,
    /// `clear after n`: for how many periods in a row the clearing condition must hold.
    pub clear_after: Option<Literal>,
    /// The whole statement.
    pub span: Span,
}

/// Holds `cooldown 2 periods`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cooldown {
    /// The number of periods.
    pub periods: Literal,
    /// The whole statement.
    pub span: Span,
}

/// Holds `escalate to p after 2 periods at red`.
#[derive(Clone, Debug, PartialEq)]
pub struct Escalate {
    /// To whom.
    pub to: Expr,
    /// After how many periods.
    pub after: Literal,
    /// At which level.
    pub level: Name,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `respond by e … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Respond {
    /// The style of supervision.
    pub by: Expr,
    /// The rows, in order.
    pub rows: Vec<RespondRow>,
    /// The whole statement.
    pub span: Span,
}

/// Holds `rigid | yellow -> notify subject; record`.
#[derive(Clone, Debug, PartialEq)]
pub struct RespondRow {
    /// The styles.
    pub style: Cell,
    /// The levels.
    pub level: Cell,
    /// What is to be done, at least one.
    pub actions: Vec<Action>,
    /// The whole row.
    pub span: Span,
}

/// Holds one action, a record for the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What is to be done.
    pub kind: ActionKind,
    /// Where it stands.
    pub span: Span,
}

/// Tells actions apart.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionKind {
    /// `notify p, q`.
    Notify(Vec<Expr>),
    /// `task "…" for p within 3 days`.
    Task(Quoted, Expr, Literal),
    /// `restrict "…"`.
    Restrict(Quoted),
    /// `suggest "…" to p`.
    Suggest(Quoted, Expr),
    /// `record`.
    Record,
}

/// Holds `scorecard NAME "title" … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Scorecard {
    /// The name.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// The statements, in order.
    pub statements: Vec<ScorecardStatement>,
    /// The whole item.
    pub span: Span,
}

/// Holds one statement of a scorecard.
#[derive(Clone, Debug, PartialEq)]
pub enum ScorecardStatement {
    /// `subject Person where …`.
    Subject(Population),
    /// `period quarter`.
    Period(PeriodLine),
    /// `effective D through D`.
    Effective(DateRange),
    /// `currency CNY`.
    Currency(CurrencyLine),
    /// `rounding half-up to 0.1`.
    Rounding(RoundingLine),
    /// `policy "…"`.
    Policy(PolicyLine),
    /// `missing metric reweight …`.
    Missing(MetricMissingLine),
    /// `weights relative`: the span of the statement.
    WeightsRelative(Span),
    /// `rows NAME = S where c`.
    Rows(Rows),
    /// `let NAME = e`.
    Let(Let),
    /// `measure NAME = e`.
    Measure(Measure),
    /// `check c`.
    Check(Check),
    /// `dimension NAME "title" 40% … end`.
    Dimension(Dimension),
    /// `grades … end`.
    Grades(Grades),
    /// `gate at most B when c`.
    Gate(Gate),
}

impl ScorecardStatement {
    /// Gives the place of the whole statement.
    pub fn span(&self) -> Span {
        match self {
            ScorecardStatement::Subject(line) => line.span,
            ScorecardStatement::Period(line) => line.span,
            ScorecardStatement::Effective(line) => line.span,
            ScorecardStatement::Currency(line) => line.span,
            ScorecardStatement::Rounding(line) => line.span,
            ScorecardStatement::Policy(line) => line.span,
            ScorecardStatement::Missing(line) => line.span,
            ScorecardStatement::WeightsRelative(span) => *span,
            ScorecardStatement::Rows(line) => line.span,
            ScorecardStatement::Let(line) => line.span,
            ScorecardStatement::Measure(line) => line.span,
            ScorecardStatement::Check(line) => line.span,
            ScorecardStatement::Dimension(line) => line.span,
            ScorecardStatement::Grades(line) => line.span,
            ScorecardStatement::Gate(line) => line.span,
        }
    }
}

/// Holds `missing metric POLICY`.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricMissingLine {
    /// What a missing metric does.
    pub policy: MetricMissing,
    /// The whole statement.
    pub span: Span,
}

/// Says what a missing metric does.
#[derive(Clone, Debug, PartialEq)]
pub enum MetricMissing {
    /// `error`: the card is an error.
    Error,
    /// `none`: the card has no score.
    NoScore,
    /// `score n`: the metric counts as n points.
    Score(Literal),
    /// `previous`: the metric keeps its last value.
    Previous,
    /// `reweight when at least p present otherwise …`.
    Reweight(Literal, TooLittle),
}

/// Says what happens where too little of a card is present.
#[derive(Clone, Debug, PartialEq)]
pub enum TooLittle {
    /// `otherwise score n`: the card's total.
    Score(Literal),
    /// `otherwise error`.
    Error,
    /// `otherwise none`.
    NoScore,
}

/// Holds `dimension NAME "title" 40% … end` or `dimension NAME left out because "…"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    /// The name, one of four.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// What it holds.
    pub body: DimensionBody,
    /// The whole statement.
    pub span: Span,
}

/// Tells a dimension that counts from one that is left out.
#[derive(Clone, Debug, PartialEq)]
pub enum DimensionBody {
    /// The weight and the metrics.
    Metrics(Literal, Vec<Metric>),
    /// `left out`, with its reason.
    LeftOut(Tail),
}

/// Holds `metric NAME "title" 60% = e scored …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// The name.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// The weight inside the dimension.
    pub weight: Literal,
    /// The raw value.
    pub value: Expr,
    /// How it becomes points.
    pub norm: Norm,
    /// `rounded half-up to 0.01`: how the points are rounded before they are weighted.
    pub rounded: Option<Rounding>,
    /// `missing …`: where it differs from the card's line.
    pub missing: Option<MetricMissing>,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Says how a raw value becomes points.
#[derive(Clone, Debug, PartialEq)]
pub enum Norm {
    /// `linear a -> m, b -> n`, flat outside unless `beyond` says otherwise.
    Linear(Vec<NormPoint>, Option<super::Beyond>),
    /// `as given`.
    AsGiven,
    /// `ratio to t`: 100 a / t.
    Ratio(RatioKind, Expr, Limits),
    /// `floor a target b stretch c`: 0, 100 and 120 points with straight lines between.
    FloorTargetStretch(Expr, Expr, Expr),
    /// `spread within g`: 0 for the lowest of the group, 100 for the highest.
    Spread(Vec<Expr>),
    /// `percentile within g`: by place in the group.
    Percentile(Vec<Expr>),
    /// `steps from a below b -> m, …`.
    Steps(Vec<NormStep>),
    /// `base b less m per n plus m per n`: points taken off or added for each unit.
    PerUnit(Expr, Vec<PerUnit>, Limits),
    /// `closest to t less m per n below less m per n above`: 100 at the target.
    Closest(Expr, Vec<PerUnit>, Limits),
}

/// Names a way to compare with a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RatioKind {
    /// `ratio`: 100 a / t.
    Ratio,
    /// `inverse`: 100 t / a, lower is better.
    Inverse,
    /// `mirrored`: 100 (2 − a / t), lower is better.
    Mirrored,
}

/// Holds `at most m` and `at least n` of points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// `at least n`.
    pub least: Option<Expr>,
    /// `at most m`.
    pub most: Option<Expr>,
}

/// Holds a point of a polyline: `100% -> 80`.
#[derive(Clone, Debug, PartialEq)]
pub struct NormPoint {
    /// The raw value.
    pub at: Expr,
    /// The points.
    pub points: Expr,
}

/// Holds a step: `from 80% below 90% -> 4`.
#[derive(Clone, Debug, PartialEq)]
pub struct NormStep {
    /// The raw values.
    pub interval: Interval,
    /// The points.
    pub points: Expr,
}

/// Holds `less 0.5 per 1 below`.
#[derive(Clone, Debug, PartialEq)]
pub struct PerUnit {
    /// Whether points are taken off or added.
    pub sign: PerUnitSign,
    /// The points.
    pub points: Expr,
    /// For how much of the raw value.
    pub per: Expr,
    /// On which side of the target; both where it is left out.
    pub side: Option<Side>,
}

/// Says whether points are taken off or added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PerUnitSign {
    /// `less`.
    Less,
    /// `plus`.
    Plus,
}

/// Names a side of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// `below`.
    Below,
    /// `above`.
    Above,
}

/// Holds `grades distribute … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Grades {
    /// `distribute …`: grades are forced to shares.
    pub distribute: Option<Distribute>,
    /// The rows, in order.
    pub rows: Vec<Grade>,
    /// The whole statement.
    pub span: Span,
}

/// Holds `distribute within g ties up at least 25`.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribute {
    /// `within g`: each group is distributed for itself.
    pub within: Vec<Expr>,
    /// `ties …`: who gets a grade where equal totals meet a cut.
    pub ties: Option<CutTies>,
    /// `at least n`: smaller groups only get advice.
    pub least: Option<Literal>,
}

/// Says what happens to equal totals at a cut between grades.
#[derive(Clone, Debug, PartialEq)]
pub enum CutTies {
    /// `ties up`: all the better grade.
    Up,
    /// `ties down`: all the worse grade.
    Down,
    /// `ties break by k`: by further keys.
    BreakBy(Vec<RankKey>),
}

/// Holds `from 90 up : A | 1.20 | 20%`.
#[derive(Clone, Debug, PartialEq)]
pub struct Grade {
    /// The totals.
    pub interval: Interval,
    /// The grade.
    pub name: Name,
    /// The multiplier.
    pub multiplier: Expr,
    /// The share of the group under `distribute`.
    pub share: Option<Expr>,
    /// The whole row.
    pub span: Span,
}

/// Holds `gate at most B when c`: no better grade where the condition holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// The best grade that is left.
    pub grade: Name,
    /// `when c`.
    pub when: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}
