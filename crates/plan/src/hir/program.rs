//! The program, its plans and their statements.

use guerdon_syntax::span::Span;

use super::block::Block;
use super::expr::{Expr, Unweighted};
use super::schema::{
    CalendarDef, Constant, Decision, Effective, Enum, Holidays, Naming, Rates, Reason, Table, Tiers,
};
use super::test::Test;
use crate::calendar::{Calendar, Unit};
use crate::number::{Currency, Exact, Rounding};
use crate::types::{
    BinderId, CalendarId, ConstantId, DecisionId, DefinitionId, EarnId, EnumId, HolidaysId, PlanId, RatesId,
    TableId, TiersId, Ty,
};

/// Everything that a set of rule files declares, with names bound and types checked.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The enums, in order of declaration.
    pub enums: Vec<Enum>,
    /// The data blocks and the tables read from files.
    pub tables: Vec<Table>,
    /// The dated constants.
    pub constants: Vec<Constant>,
    /// The tier tables.
    pub tiers: Vec<Tiers>,
    /// The decision tables and matrices.
    pub decisions: Vec<Decision>,
    /// The tables of exchange rates.
    pub rates: Vec<Rates>,
    /// The calendars; the first is the civil one.
    pub calendars: Vec<CalendarDef>,
    /// The lists of holidays.
    pub holidays: Vec<Holidays>,
    /// Every variable.
    pub binders: Vec<Binder>,
    /// Every `let`, `measure`, `carry`, `pay` and streak.
    pub definitions: Vec<Definition>,
    /// Every `earn`.
    pub earns: Vec<Earn>,
    /// The plans, variants written out in full.
    pub plans: Vec<Plan>,
    /// The in-file tests.
    pub tests: Vec<Test>,
}

/// A variable.
#[derive(Debug, Clone)]
pub struct Binder {
    /// Its name as written (or `payee`, `period`, `row`).
    pub name: String,
    /// What it stands for.
    pub domain: BinderDomain,
    /// Where it is bound.
    pub span: Span,
}

/// What a variable stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinderDomain {
    /// A record of a table.
    Row(TableId),
    /// A period of one length in one calendar.
    Period(CalendarId, Unit),
}

/// A named value: `let`, `measure`, `carry`, `pay`, or the counter behind `streak of`.
///
/// It is a total function of its parameters, except that `carry` and `pay` exist for the payees of their plan alone
/// and are missing elsewhere. Definitions that use one another within a period are acyclic; `prior` looks one period
/// back, where a carry has its opening value and everything else is missing before the plan's first period.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name.
    pub naming: Naming,
    /// The plan it belongs to.
    pub plan: PlanId,
    /// Its parameters: rows first, the period last. Most often the plan's payee and period, as far as used.
    pub params: Vec<BinderId>,
    /// What it computes.
    pub kind: DefinitionKind,
    /// The type of its value.
    pub ty: Ty,
    /// Exceptions that name it.
    pub exceptions: Vec<Exception>,
    /// How a pay in a currency of its own is rounded, instead of by the rule of the plan.
    pub rounding: Option<RoundingRule>,
    /// Why it is there.
    pub reason: Reason,
    /// The whole statement.
    pub span: Span,
}

/// What a definition computes.
#[derive(Debug, Clone)]
pub enum DefinitionKind {
    /// A value for use in lines; takes the line's period.
    Let(Expr),
    /// A value that is shown.
    Measure(Expr),
    /// A balance.
    Carry {
        /// This period's value.
        value: Expr,
        /// The value before the plan's first period.
        opening: Expr,
        /// When it starts again from the opening value.
        restarting: Option<Unit>,
    },
    /// An amount to be paid.
    Pay(Expr),
    /// How many periods in a row, this one included, the condition held.
    Streak(Expr),
}

/// An `earn` statement with all that names it.
///
/// For one line, in this order: the value; exceptions; rounding (under `at each line`); the cap on the running total;
/// rounding again only where the cap cut.
#[derive(Debug, Clone)]
pub struct Earn {
    /// Its name.
    pub naming: Naming,
    /// The plan it belongs to.
    pub plan: PlanId,
    /// The records it ranges over; `None`: one value for each payee and period.
    pub lines: Option<Lines>,
    /// The variable for the own period of an amount without lines, where its release or claw-back reads a `let`.
    pub own_period: Option<BinderId>,
    /// The value of one line, over the plan's payee and period and the line's row.
    pub value: Expr,
    /// The type of its value.
    pub ty: Ty,
    /// Exceptions that name it.
    pub exceptions: Vec<Exception>,
    /// The cap that names it alone.
    pub cap: Option<Cap>,
    /// The cap that it shares with other earns; it looks at what the own cap leaves.
    pub shared: Option<SharedCap>,
    /// The share payable by now (over payee, the settling period, the row); all of it where absent.
    pub release: Option<Share>,
    /// The share taken back by now; none where absent.
    pub clawback: Option<Share>,
    /// Which lines wait for somebody to look at them.
    pub review: Option<Review>,
    /// What is kept back of each line until a day.
    pub hold: Option<Hold>,
    /// What `break down` makes of it.
    pub broken: Option<Broken>,
    /// How the books spread what a line costs; pay has nothing to do with it.
    pub amortise: Option<Amortise>,
    /// Why it is there.
    pub reason: Reason,
    /// The whole statement.
    pub span: Span,
}

/// The records behind the lines of an earn.
///
/// A line exists for each row and payee for which `filter` holds, in the plan's period that contains `dated`, if that
/// day lies in the plan's effective range and the payee fulfils the plan's payee filter in that period.
#[derive(Debug, Clone)]
pub struct Lines {
    /// The variable of the record.
    pub row: BinderId,
    /// The table.
    pub table: TableId,
    /// Which records count, over row and payee (the owner condition included), and period.
    pub filter: Option<Expr>,
    /// The day of a line, over row.
    pub dated: Expr,
    /// The order of lines for running totals, over row: the `stacked` order, otherwise the day; the key comes last.
    pub order: Vec<Expr>,
}

/// A statement that replaces a value under a condition.
#[derive(Debug, Clone)]
pub struct Exception {
    /// Its name.
    pub naming: Naming,
    /// The exceptions (positions in the same list) that this one outranks.
    pub over: Vec<usize>,
    /// The days (of the `dated` day, otherwise of the period's last day) in which it holds.
    pub during: Effective,
    /// When it holds.
    pub when: Expr,
    /// The value to use; may hold [`super::expr::ExprKind::Normal`].
    pub value: Expr,
    /// Why it is there.
    pub reason: Reason,
    /// The whole statement.
    pub span: Span,
}

/// A limit on a running total.
#[derive(Debug, Clone)]
pub struct Cap {
    /// The limit, over the plan's payee and the line's period.
    pub at: Expr,
    /// The stretch after which the running total starts again.
    pub every: Unit,
    /// What becomes of what it cuts.
    pub excess: Excess,
    /// Whether the author wrote what becomes of it.
    pub is_excess_written: bool,
    /// Which lines of a period it cuts.
    pub cut: CutOrder,
    /// Whether the author wrote which lines.
    pub is_cut_written: bool,
    /// Why it is there.
    pub reason: Reason,
    /// The whole statement.
    pub span: Span,
}

/// What becomes of what a cap cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// It is lost.
    Forfeited,
    /// It is paid in a later period, as soon as there is room below the cap.
    Carried,
    /// It is lost until somebody decides otherwise, and listed for that.
    Review,
}

/// Which lines of a period a cap cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutOrder {
    /// The line that reaches the cap and those after it.
    LatestFirst,
    /// All, in proportion to their amounts.
    InProportion,
}

/// A limit on the running total of several earns together.
///
/// The running total goes period by period; within a period the earns come in the order in which the cap names them,
/// and the lines of each in its own order.
#[derive(Debug, Clone)]
pub struct SharedCap {
    /// The limit.
    pub cap: Cap,
    /// The earns, this one among them, in the order of the statement.
    pub earns: Vec<EarnId>,
}

/// Lines that are marked, and not payable until somebody has decided.
#[derive(Debug, Clone)]
pub struct Review {
    /// Which lines: over payee, the line's period, the row.
    pub when: Expr,
    /// When a line is decided: over payee, the settling period, the row; never where absent.
    pub until: Option<Expr>,
    /// Why it is there.
    pub reason: Reason,
    /// The whole statement.
    pub span: Span,
}

impl Earn {
    /// Lists the caps on its lines, its own first.
    pub fn caps(&self) -> impl Iterator<Item = &Cap> {
        self.cap
            .iter()
            .chain(self.shared.as_ref().map(|shared| &shared.cap))
    }

    /// Says whether what was released stays released where the share falls: it does unless the release may fall, or
    /// something is taken back.
    pub fn keeps_released(&self) -> bool {
        let is_kept = self.release.as_ref().is_some_and(|release| !release.may_fall);
        is_kept && self.clawback.is_none()
    }

    /// Lists what is asked again at every settlement: shares, and whether a line is decided.
    pub fn settling(&self) -> impl Iterator<Item = &Expr> {
        let shares = self.release.iter().chain(&self.clawback);
        let until = self.review.as_ref().and_then(|review| review.until.as_ref());
        shares.map(|share| &share.share).chain(until)
    }
}

/// A share of each line: of a release or a claw-back.
#[derive(Debug, Clone)]
pub struct Share {
    /// The share, not yet clamped to 0 … 1.
    pub share: Expr,
    /// Of a release: whether what was released goes back where the share falls.
    pub may_fall: bool,
    /// Why it is there.
    pub reason: Reason,
    /// The whole statement.
    pub span: Span,
}

/// What is kept back of the lines of an earn.
///
/// Of a line the share is kept back, rounded as lines are, as long as the running total over the payee's lines keeps to
/// the ceiling. What is left of the line is released as the release says; what is kept back is released, too, from the
/// period on that the day falls in. A claw-back is taken from what is kept back first: payable is the lesser of what is
/// released and of what the claw-back leaves of the whole line (of a negative line the greater).
#[derive(Debug, Clone)]
pub struct Hold {
    /// The share that is kept back, not yet clamped to 0 … 1; over the plan's payee, the line's period and its row.
    pub share: Expr,
    /// The most that is kept back of all lines of a payee together, over the same.
    pub ceiling: Option<Expr>,
    /// The day on which it is let go, over the same; never where missing.
    pub until: Expr,
    /// Why it is there.
    pub reason: Reason,
    /// The whole statement.
    pub span: Span,
}

/// What `break down` makes of an earn without records: two earns of one name.
#[derive(Debug, Clone)]
pub enum Broken {
    /// It is the amount of a period; the lines of that earn are shares of it and stand for it everywhere else.
    Whole(EarnId),
    /// Its lines are shares of the amount of their period, which is their value.
    Lines(Box<BreakDown>),
}

/// How an amount of a payee and period is broken down to the lines of that payee and period.
///
/// The shares are whole steps in proportion to the weights, by largest remainder, ties by the key of the record; they
/// always sum to the amount, and those of a negative amount mirror those of the positive one. Weights are not looked at
/// where the amount is nothing. A negative weight, and an error in the amount, a weight, or whether there is a line, makes
/// every line of the payee and period an error.
#[derive(Debug, Clone)]
pub struct BreakDown {
    /// The weight; over the plan's payee, the line's period and its row.
    pub weight: Expr,
    /// The step, positive: that of the plan's rounding line.
    pub step: Exact,
    /// What happens where all weights are zero.
    pub unweighted: Unweighted,
    /// What happens to what no line takes.
    pub without: NoLines,
    /// Why it is there.
    pub reason: Reason,
    /// The whole statement.
    pub span: Span,
}

/// What happens to an amount where there is no line to break it down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLines {
    /// It is an error, unless the amount is nothing.
    Refused,
    /// It stays whole: it belongs to the payee and the period and to no record, and is payable at once.
    Whole,
}

impl Earn {
    /// Gives how its lines are made by breaking an amount down, if they are.
    pub fn break_down(&self) -> Option<&BreakDown> {
        match &self.broken {
            Some(Broken::Lines(found)) => Some(found),
            Some(Broken::Whole(_)) | None => None,
        }
    }

    /// Says whether the lines of another earn stand for it.
    pub fn is_broken_down(&self) -> bool {
        matches!(self.broken, Some(Broken::Whole(_)))
    }
}

/// How the books spread what a line costs over the months that it is good for.
///
/// The cost of a line is what it earned less what was taken back by then. By the end of a period that share of it is
/// amortised that the months from the one of `from` through the period's last one are of `months`, rounded as lines
/// are; the whole after the last month, nothing before the line's own period. From the period on that the day of
/// `until` falls in, nothing more is amortised than by the end of that day's month, and the rest is written off.
#[derive(Debug, Clone)]
pub struct Amortise {
    /// How many months, a positive whole number; over the plan's payee, the line's period and its row.
    pub months: Expr,
    /// A day in the first month, over the same.
    pub from: Expr,
    /// The day on which the rest is written off, over the same; never where absent or missing.
    pub until: Option<Expr>,
    /// Why it is there.
    pub reason: Reason,
    /// The whole statement.
    pub span: Span,
}

impl Amortise {
    /// Lists its expressions.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        [&self.months, &self.from].into_iter().chain(&self.until)
    }
}

impl Hold {
    /// Lists its expressions.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        [&self.share]
            .into_iter()
            .chain(&self.ceiling)
            .chain([&self.until])
    }
}

/// A plan: payees, periods, and the statements for one payee and one period at a time.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its name.
    pub naming: Naming,
    /// The plan it extends.
    pub extends: Option<PlanId>,
    /// The variable of the payee.
    pub payee: BinderId,
    /// The variable of the period.
    pub period: BinderId,
    /// Who is paid, over payee and period; already without the payees of variants.
    pub payee_filter: Option<Expr>,
    /// What it pays: money, points, or nothing for plans that only measure.
    pub pays_in: PaysIn,
    /// The calendar.
    pub calendar: CalendarId,
    /// The length of a period.
    pub unit: Unit,
    /// The days of lines, and of the periods of undated earns.
    pub effective: Effective,
    /// Where amounts are rounded.
    pub rounding: Option<RoundingRule>,
    /// Checks, in order.
    pub checks: Vec<Check>,
    /// `let` and `measure` statements, in order.
    pub definitions: Vec<DefinitionId>,
    /// The `earn` statements, in order.
    pub earns: Vec<EarnId>,
    /// The `carry` statements, in order.
    pub carries: Vec<DefinitionId>,
    /// The `pay` statements, in order.
    pub pays: Vec<DefinitionId>,
    /// What it was written as, if not as a plan.
    pub block: Option<Block>,
    /// The policy text it implements.
    pub policy: Option<String>,
    /// The whole plan.
    pub span: Span,
}

/// What a plan pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaysIn {
    /// Money of one currency.
    Money(Currency),
    /// Points.
    Points,
    /// Nothing: the plan only measures.
    Nothing,
}

/// Where and how amounts are rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundingRule {
    /// The mode.
    pub mode: Rounding,
    /// The step, such as 0.01.
    pub step: Exact,
    /// Where.
    pub place: RoundingPlace,
}

/// Where amounts are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundingPlace {
    /// Each earn line, and each payable.
    EachLine,
    /// Only `pay` and `carry`.
    Pay,
}

/// A condition that must hold.
#[derive(Debug, Clone)]
pub struct Check {
    /// The condition.
    pub condition: Expr,
    /// The records it is checked for; `None`: each payee and period.
    pub rows: Option<CheckedRows>,
    /// Why it is there.
    pub reason: Reason,
    /// The whole statement.
    pub span: Span,
}

/// The records that a check ranges over.
#[derive(Debug, Clone)]
pub struct CheckedRows {
    /// The variable of the record.
    pub row: BinderId,
    /// The table.
    pub table: TableId,
    /// Which records are checked, over row.
    pub filter: Option<Expr>,
    /// What happens to a record that fails.
    pub otherwise: FailedRow,
}

/// What happens to a record that fails a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailedRow {
    /// Every value that reads it is an error.
    Spoils,
    /// It is left out, with a line in the problems.
    Refused,
}

impl Program {
    /// Gives a table.
    pub fn table(&self, id: TableId) -> Option<&Table> {
        self.tables.get(id.index())
    }

    /// Gives an enum.
    pub fn enumeration(&self, id: EnumId) -> Option<&Enum> {
        self.enums.get(id.index())
    }

    /// Gives a constant.
    pub fn constant(&self, id: ConstantId) -> Option<&Constant> {
        self.constants.get(id.index())
    }

    /// Gives a tier table.
    pub fn tier_table(&self, id: TiersId) -> Option<&Tiers> {
        self.tiers.get(id.index())
    }

    /// Gives a decision table.
    pub fn decision(&self, id: DecisionId) -> Option<&Decision> {
        self.decisions.get(id.index())
    }

    /// Gives a table of exchange rates.
    pub fn exchange_rates(&self, id: RatesId) -> Option<&Rates> {
        self.rates.get(id.index())
    }

    /// Gives a calendar.
    pub fn calendar(&self, id: CalendarId) -> Option<&Calendar> {
        self.calendars.get(id.index()).map(|def| &def.calendar)
    }

    /// Says whether a definition has a value for each pair of two records, or for more of them: it is worked out where
    /// it is asked for, and has no column in reports.
    pub fn is_of_pairs(&self, definition: &Definition) -> bool {
        let is_plain = matches!(
            definition.kind,
            DefinitionKind::Let(_) | DefinitionKind::Measure(_)
        );
        let is_row = |param: &&BinderId| {
            let domain = self.binder(**param).map(|binder| &binder.domain);
            matches!(domain, Some(BinderDomain::Row(_)))
        };
        is_plain && definition.params.iter().filter(is_row).count() > 1
    }

    /// Gives a list of holidays.
    pub fn holiday_list(&self, id: HolidaysId) -> Option<&Holidays> {
        self.holidays.get(id.index())
    }

    /// Gives a variable.
    pub fn binder(&self, id: BinderId) -> Option<&Binder> {
        self.binders.get(id.index())
    }

    /// Gives a definition.
    pub fn definition(&self, id: DefinitionId) -> Option<&Definition> {
        self.definitions.get(id.index())
    }

    /// Gives an earn.
    pub fn earn(&self, id: EarnId) -> Option<&Earn> {
        self.earns.get(id.index())
    }

    /// Gives a plan.
    pub fn plan(&self, id: PlanId) -> Option<&Plan> {
        self.plans.get(id.index())
    }
}
