//! Plans and their statements.

use super::{
    CurrencyLine, DateRange, Expr, Name, PeriodLine, PolicyLine, Population, Quoted, RoundingLine, Source,
    Tail, Unit,
};
use crate::span::Span;

/// Holds `plan NAME "title" extends BASE … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The name.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// The plan this one is a variant of.
    pub extends: Option<Name>,
    /// The statements, in order.
    pub statements: Vec<PlanStatement>,
    /// The whole item.
    pub span: Span,
}

/// Holds one statement of a plan.
#[derive(Clone, Debug, PartialEq)]
pub enum PlanStatement {
    /// `payee Person where …`.
    Payee(Population),
    /// `currency CNY`.
    Currency(CurrencyLine),
    /// `effective D through D`.
    Effective(DateRange),
    /// `period month`.
    Period(PeriodLine),
    /// `rounding half-up to 0.01 at each line`.
    Rounding(RoundingLine),
    /// `missing error`.
    Missing(MissingLine),
    /// `policy "…"`.
    Policy(PolicyLine),
    /// `segments Assignment as s where …`.
    Segments(Segments),
    /// `rows NAME = S where …`.
    Rows(Rows),
    /// `let NAME = e`.
    Let(Let),
    /// `measure NAME "title" for S s = e`.
    Measure(Measure),
    /// `earn NAME "title" for each S dated d = e`.
    Earn(Earn),
    /// `cap NAME at e every year`.
    Cap(Cap),
    /// `release NAME by e`.
    Release(Share),
    /// `clawback NAME by e`.
    Clawback(Share),
    /// `hold NAME by e ceiling c until u`.
    Hold(Hold),
    /// `break down NAME among S where c dated d by w`.
    BreakDown(BreakDown),
    /// `amortise NAME over n months from d until u`.
    Amortise(Amortise),
    /// `carry NAME = e starting s`.
    Carry(Carry),
    /// `pay NAME "title" in INR = e`.
    Pay(Pay),
    /// `except NAME to TARGET when c use e`.
    Except(Except),
    /// `check c for each S else refuse`.
    Check(Check),
    /// `review NAME when c`.
    Review(Review),
    /// `replace T with U`.
    Replace(Replace),
}

impl PlanStatement {
    /// Gives the place of the whole statement.
    pub fn span(&self) -> Span {
        match self {
            PlanStatement::Payee(line) => line.span,
            PlanStatement::Currency(line) => line.span,
            PlanStatement::Effective(line) => line.span,
            PlanStatement::Period(line) => line.span,
            PlanStatement::Rounding(line) => line.span,
            PlanStatement::Missing(line) => line.span,
            PlanStatement::Policy(line) => line.span,
            PlanStatement::Segments(line) => line.span,
            PlanStatement::Rows(line) => line.span,
            PlanStatement::Let(line) => line.span,
            PlanStatement::Measure(line) => line.span,
            PlanStatement::Earn(line) => line.span,
            PlanStatement::Cap(line) => line.span,
            PlanStatement::Release(line) | PlanStatement::Clawback(line) => line.span,
            PlanStatement::Hold(line) => line.span,
            PlanStatement::BreakDown(line) => line.span,
            PlanStatement::Amortise(line) => line.span,
            PlanStatement::Carry(line) => line.span,
            PlanStatement::Pay(line) => line.span,
            PlanStatement::Except(line) => line.span,
            PlanStatement::Check(line) => line.span,
            PlanStatement::Review(line) => line.span,
            PlanStatement::Replace(line) => line.span,
        }
    }
}

/// Holds `missing error` of a plan: a missing value that pay needs is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingLine {
    /// The whole statement.
    pub span: Span,
}

/// Holds `segments S where c`: the records that cut a payee's period into parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Segments {
    /// The dated records.
    pub source: Source,
    /// `where c`.
    pub filter: Option<Expr>,
    /// The whole statement.
    pub span: Span,
}

/// Holds `rows NAME = S where c`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The name.
    pub name: Name,
    /// The records.
    pub source: Source,
    /// `where c`.
    pub filter: Option<Expr>,
    /// The whole statement.
    pub span: Span,
}

/// Holds `let NAME = e`.
#[derive(Clone, Debug, PartialEq)]
pub struct Let {
    /// The name.
    pub name: Name,
    /// `dated d`: the day that chooses versions.
    pub dated: Option<Expr>,
    /// The value.
    pub value: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `measure NAME "title" for S s = e`.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// The name.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// `for Person p, Product q`: what it has a value for, beside the period; the payee where it is left out.
    pub grain: Vec<GrainName>,
    /// `dated d`: the day that chooses versions.
    pub dated: Option<Expr>,
    /// The value.
    pub value: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `Person p`: a data block and the name of one of its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrainName {
    /// The data block.
    pub data: Name,
    /// The name of one record.
    pub name: Name,
}

/// Holds `earn NAME "title" for each S dated d = e`.
#[derive(Clone, Debug, PartialEq)]
pub struct Earn {
    /// The name.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// `for each S where c`: one line for each record; one for each period where it is left out.
    pub each: Option<ForEach>,
    /// `dated d`: the day that puts a line into a period and chooses versions.
    pub dated: Option<Expr>,
    /// The amount.
    pub value: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `for each S where c up from owner`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForEach {
    /// The records.
    pub source: Source,
    /// `where c`.
    pub filter: Option<Expr>,
    /// `up from owner`: a line for everybody above, too.
    pub up: Option<UpFrom>,
    /// The whole clause.
    pub span: Span,
}

/// Holds `up from owner by mentor`.
#[derive(Clone, Debug, PartialEq)]
pub struct UpFrom {
    /// Where the walk begins.
    pub from: Expr,
    /// `by mentor`: the field that carries the tree.
    pub by: Option<Name>,
}

/// Holds `cap NAME at e every year`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cap {
    /// The earn lines that are cut together, at least one.
    pub targets: Vec<Name>,
    /// The limit.
    pub limit: Expr,
    /// `every year`: how long the running total runs.
    pub every: Unit,
    /// `excess …`: what becomes of what was cut; forfeited where it is left out.
    pub excess: Option<Excess>,
    /// `cut …`: which lines are cut; the one that reaches the limit and those after it where it is left out.
    pub cut: Option<CutOrder>,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Says what becomes of what a cap cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Excess {
    /// `excess forfeited`.
    Forfeited,
    /// `excess carried`.
    Carried,
    /// `excess review`.
    Review,
}

/// Says which lines a cap cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CutOrder {
    /// `cut in proportion`.
    InProportion,
    /// `cut latest first`.
    LatestFirst,
}

/// Holds `release NAME by e` or `clawback NAME by e`.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The earn line.
    pub target: Name,
    /// The share by now.
    pub share: Expr,
    /// `may fall`: what was released goes back where the share does.
    pub may_fall: bool,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `hold NAME by e ceiling c until u`: a share kept back.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// The earn line.
    pub target: Name,
    /// The share that is kept back.
    pub share: Expr,
    /// `ceiling c`: no more than this is kept back in all.
    pub ceiling: Option<Expr>,
    /// `until u`: the day on which it is let go.
    pub until: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `break down NAME among S where c dated d by w otherwise equally otherwise whole`.
///
/// An amount of a period becomes one line for each record of the period, in proportion to the weight.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakDown {
    /// The earn that has no records.
    pub target: Name,
    /// The records.
    pub among: ForEach,
    /// `dated d`: the day that puts a record into a period.
    pub dated: Option<Expr>,
    /// `by w`: what the shares are in proportion to.
    pub weight: Expr,
    /// `otherwise equally`: where all weights are zero, all get the same.
    pub is_equal_otherwise: bool,
    /// `otherwise whole`: where there is nothing to break it down to, it stays whole.
    pub is_whole_otherwise: bool,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `amortise NAME over n months from d until u`: how the books spread what a line costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Amortise {
    /// The earn line.
    pub target: Name,
    /// How many months it is spread over.
    pub months: Expr,
    /// The day in whose month it begins.
    pub from: Expr,
    /// `until u`: the day on which what is left is written off.
    pub until: Option<Expr>,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `carry NAME = e restarting every year starting s`.
#[derive(Clone, Debug, PartialEq)]
pub struct Carry {
    /// The name.
    pub name: Name,
    /// This period's balance.
    pub value: Expr,
    /// The balance before the first period.
    pub starting: Expr,
    /// `restarting every year`.
    pub restarting: Option<Unit>,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `pay NAME "title" in INR = e`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pay {
    /// The name.
    pub name: Name,
    /// The display title.
    pub title: Option<Quoted>,
    /// `in INR`: the currency of the payment, where it is not the plan's.
    pub currency: Option<Name>,
    /// The amount.
    pub value: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `except NAME to TARGET over OTHERS during D through D when c use e`.
#[derive(Clone, Debug, PartialEq)]
pub struct Except {
    /// The name.
    pub name: Name,
    /// The earn, pay or measure it changes.
    pub target: Name,
    /// `over a, b`: exceptions that give way to this one.
    pub over: Vec<Name>,
    /// `during D through D`.
    pub during: Option<DateRange>,
    /// `when c`.
    pub when: Expr,
    /// `use e`.
    pub value: Expr,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `check c for each S where d else refuse`.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What must hold.
    pub condition: Expr,
    /// `for each S where d`.
    pub each: Option<ForEach>,
    /// What a failure does.
    pub on_failure: OnFailure,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Says what a failed check does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OnFailure {
    /// Spoils the payee's period.
    Spoil,
    /// `else refuse`: drops the record.
    Refuse,
}

/// Holds `review NAME when c`: the amount is computed, marked and held until the host decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The earn line or pay.
    pub target: Name,
    /// `when c`.
    pub when: Expr,
    /// `until e`: what ends the waiting; nothing but a change of the rules does where it is left out.
    pub until: Option<Expr>,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// Holds `replace T with U during D through D` of a variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Replace {
    /// The tiers, table, matrix or constant of the plan that is extended.
    pub old: Name,
    /// What stands in its place.
    pub new: Name,
    /// `during D through D`.
    pub during: Option<DateRange>,
    /// The reason.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}
