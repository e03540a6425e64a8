//! The core terms.

use std::sync::Arc;

use guerdon_syntax::span::Span;

use super::{AxisId, FrameId, NodeId};
use crate::calendar::Unit;
use crate::hir::{
    AggregateOp, Comparison, DayCount, Direction, Effective, Factor, Function, Limit, MonthRule, RankTies,
    Rest, Sign, Unweighted, Value,
};
use crate::number::{Currency, Exact, Rounding};
use crate::types::{CalendarId, FieldId, RatesId, TableId};

/// The core terms. Inputs are on the node's own frame where nothing else is said; a node on [`Frame::Single`] may
/// stand wherever a value is expected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Op {
    /// A literal (frame `Single`).
    Const(Value),
    /// A field of a table (frame `Rows`).
    Stored {
        /// The table.
        table: TableId,
        /// The field.
        field: FieldId,
    },
    /// The row of a cell (frames `Rows`, `Cells`).
    OwnRow,
    /// The period of a cell (frames `Axis`, `Cells`).
    OwnPeriod,
    /// The last period of an axis's horizon (frame `Single`).
    RunEnd {
        /// The axis.
        axis: AxisId,
    },
    /// The cell of the parent frame (frames `Selected`, `Expanded`).
    Origin,
    /// The row or period that a cell was expanded to (frame `Expanded`).
    Item,
    /// The cell of a frame `Rows`, `Axis` or `Cells` for a row and a period; missing where the row is; an error where
    /// the period is outside the axis, or missing instead where `outside` says so.
    CellOf {
        /// The frame.
        frame: FrameId,
        /// The row.
        row: Option<NodeId>,
        /// The period.
        period: Option<NodeId>,
        /// What a period outside the axis gives.
        outside: Outside,
    },
    /// The value of another frame's node at a cell; missing where the cell is.
    At {
        /// The other node.
        source: NodeId,
        /// The cell of its frame (for a `Rows` frame: the row).
        cell: NodeId,
    },
    /// The row with a key; missing where there is none or a key is missing.
    Find {
        /// The table.
        table: TableId,
        /// The keys.
        keys: Vec<NodeId>,
        /// The day, for a dated table.
        on: Option<NodeId>,
    },
    /// The cell of a frame `Selected` or `Expanded` where a node equals a key; missing where there is none, an error
    /// where there are several.
    FindCell {
        /// Pairs of a node on the other frame and a node here; rows or periods.
        keys: Vec<(NodeId, NodeId)>,
    },
    /// The last cell of an `Onward` or `Moments` frame that comes from a cell of its parent and whose period is not
    /// later than the given one; missing where there is none.
    LastMoment {
        /// The frame.
        frame: FrameId,
        /// The cell of the parent.
        origin: NodeId,
        /// The period.
        period: NodeId,
    },
    /// How much of one currency a unit of another is on a day: 1 for one and the same, otherwise the rate of the pair, of
    /// the pair the other way round, or of the two pairs through the pivot, the first that there is; an error where there
    /// is none, but 1 where the amount is nothing anyway.
    ExchangeRate {
        /// The rates, for those written in the rules and for what is allowed.
        rates: RatesId,
        /// The records of the rates, on the frame of their table.
        records: RateColumns,
        /// The amount that is converted.
        of: NodeId,
        /// The code of the currency that is converted.
        from: NodeId,
        /// The currency it becomes.
        to: Currency,
        /// The day.
        on: NodeId,
    },
    /// A sum with signs.
    Sum(Vec<(Sign, NodeId)>),
    /// A product with divisions; a divisor of zero is an error.
    Product(Vec<(Factor, NodeId)>),
    /// A value held between limits, from left to right.
    Bounded {
        /// The value.
        value: NodeId,
        /// The limits.
        limits: Vec<(Limit, NodeId)>,
    },
    /// No if one is no, else an error if one is, else yes.
    And(Vec<NodeId>),
    /// Yes if one is yes, else an error if one is, else no.
    Or(Vec<NodeId>),
    /// The opposite.
    Not(NodeId),
    /// A comparison; `Equal` and `NotEqual` accept missing values (two missing ones are equal).
    Compare {
        /// The operator.
        op: Comparison,
        /// The left side.
        left: NodeId,
        /// The right side.
        right: NodeId,
    },
    /// Whether there is no value.
    IsMissing(NodeId),
    /// Whether a day or period (by its days) lies between two days, both included.
    Within {
        /// The day or period.
        value: NodeId,
        /// The calendar of a period.
        calendar: CalendarId,
        /// The first day.
        from: NodeId,
        /// The last day.
        through: NodeId,
    },
    /// A choice; the branch not taken is not looked at.
    If {
        /// The condition.
        condition: NodeId,
        /// The value if it holds.
        then: NodeId,
        /// The value if not.
        otherwise: NodeId,
    },
    /// The first operand that is there.
    Otherwise(Vec<NodeId>),
    /// The value, or an error where it is missing.
    Require(NodeId),
    /// The value, but missing where the condition is not yes.
    Where {
        /// The value.
        value: NodeId,
        /// The condition.
        condition: NodeId,
    },
    /// The value, but an error where the condition is no (a failed check, with this node's span) or an error.
    Guard {
        /// The value.
        value: NodeId,
        /// The condition.
        condition: NodeId,
    },
    /// The value, but an error where the other node is one.
    Poison {
        /// The value.
        value: NodeId,
        /// The other node.
        by: NodeId,
    },
    /// The value, or another where it is an error.
    Recover {
        /// The value.
        value: NodeId,
        /// The other.
        otherwise: NodeId,
    },
    /// The value, the exceptions' values where they apply, or an error where they disagree.
    Prefer {
        /// The value without exceptions.
        normal: NodeId,
        /// The exceptions, in order.
        exceptions: Vec<Alternative>,
    },
    /// A rounding.
    Round {
        /// The value.
        value: NodeId,
        /// The mode.
        mode: Rounding,
        /// The step.
        step: Exact,
    },
    /// Tiers applied to a value: for each cell the version in force on a day.
    Slice {
        /// The tiers: a position in [`Graph::slices`].
        table: usize,
        /// The day; not looked at where there is one version.
        on: NodeId,
        /// The value.
        value: NodeId,
        /// What bounds are multiplied by; an error where it is not positive.
        against: Option<NodeId>,
        /// What is asked for.
        want: SliceWant,
    },
    /// A result of a decision table; an error where no row matches or no version is in force.
    Decide {
        /// The rows: a position in [`Graph::decisions`].
        table: usize,
        /// The day; not looked at where there is one version.
        on: NodeId,
        /// The inputs.
        inputs: Vec<NodeId>,
        /// The position of the result.
        output: usize,
    },
    /// The value in force on a day; an error where there is none.
    Dated {
        /// The versions.
        versions: Vec<(Effective, Value)>,
        /// The day.
        on: NodeId,
    },
    /// The first day of a period.
    FirstDay {
        /// The calendar.
        calendar: CalendarId,
        /// The period.
        period: NodeId,
    },
    /// The last day of a period.
    LastDay {
        /// The calendar.
        calendar: CalendarId,
        /// The period.
        period: NodeId,
    },
    /// The period that contains a day.
    Containing {
        /// The calendar.
        calendar: CalendarId,
        /// The length.
        unit: Unit,
        /// The day.
        day: NodeId,
        /// Earlier days than the axis begins count for its first period.
        clamp: Option<AxisId>,
        /// What a day is that the calendar does not have.
        outside: Outside,
    },
    /// A period so many periods later.
    Shift {
        /// The period.
        period: NodeId,
        /// How many.
        by: i32,
    },
    /// How many days a range has: none if it ends before it begins.
    DaysIn {
        /// The first day.
        from: NodeId,
        /// The last day.
        through: NodeId,
        /// How days are counted.
        count: DayCount,
    },
    /// Later less earlier day.
    DaysBetween {
        /// The day taken away.
        from: NodeId,
        /// The other day.
        to: NodeId,
        /// How days are counted.
        count: DayCount,
    },
    /// Months from one month to another.
    MonthsBetween {
        /// The first month.
        from: NodeId,
        /// The second month.
        to: NodeId,
    },
    /// A day so many days later.
    AddDays {
        /// The day.
        day: NodeId,
        /// How many.
        days: NodeId,
    },
    /// A day so many months later.
    AddMonths {
        /// The day.
        day: NodeId,
        /// How many.
        months: NodeId,
        /// What happens at month ends.
        rule: MonthRule,
    },
    /// A built-in function.
    Call {
        /// The function.
        function: Function,
        /// The arguments.
        args: Vec<NodeId>,
    },
    /// An aggregate of another frame's cells into this one. Cells whose filter is no are left out. A filter or value
    /// that is an error makes its group an error; missing values are skipped. Over nothing: sum and count 0, any no,
    /// all yes, the rest missing.
    Group {
        /// What is computed.
        op: AggregateOp,
        /// The value, on the other frame; the condition for `Any` and `All`.
        value: Option<NodeId>,
        /// Which cells count, on the other frame.
        filter: Option<NodeId>,
        /// Where each cell of the other frame goes.
        key: GroupKey,
        /// The other frame.
        from: FrameId,
        /// The order for `First` and `Last`, on the other frame; cell order comes last.
        order: Vec<(NodeId, Direction)>,
        /// Only so many of the highest values count.
        best: Option<u32>,
    },
    /// For each cell something of the cells before it in its group.
    Before {
        /// What.
        take: Taken,
        /// The value.
        value: NodeId,
        /// Which cells come before others at all; where it is no the order of a cell matters to that cell alone.
        keep: Option<NodeId>,
        /// The order, lowest first; frame order comes last. Of two cells one of which has an error there, nobody knows
        /// which comes first: both are errors, if the other one counts.
        order: Vec<NodeId>,
        /// What cells of one group have in common.
        by: Vec<NodeId>,
    },
    /// The place of each cell among those of its group that are kept; missing for a cell that is not kept or has a
    /// missing key. Where an error in `keep`, a key or `within` leaves open whether a cell counts, or in which group,
    /// every place of the groups in which it may is that error.
    Rank {
        /// Which cells are ranked.
        keep: Option<NodeId>,
        /// What cells of one group have in common; two missing values are the same.
        within: Vec<NodeId>,
        /// What is compared: each key where those before are equal.
        keys: Vec<(NodeId, Direction)>,
        /// Which places equal cells take.
        ties: RankTies,
    },
    /// The share of each cell in the amount of its group, in whole steps; the shares of a group sum to the amount.
    /// Missing for a cell that is not kept, and where no amount is there. Errors spread as in `Rank`.
    Share {
        /// Which cells share.
        keep: Option<NodeId>,
        /// What cells of one group have in common; two missing values are the same.
        within: Vec<NodeId>,
        /// What is divided: the same for all cells of a group, otherwise an error.
        amount: NodeId,
        /// The weights; a negative one is an error, a missing one zero.
        weight: NodeId,
        /// The step.
        step: Exact,
        /// How each exact share becomes whole steps; of a negative amount the absolute value is rounded.
        rounding: Rounding,
        /// Who gets the steps that are left, or gives back those that are too many.
        rest: Rest,
        /// What happens where all weights are zero.
        unweighted: Unweighted,
    },
    /// A text put together; missing where one of its values is.
    Words(Vec<TextPart>),
    /// On a frame `Cells`: the sum of a node over several periods of the axis, for the same row.
    Cumulate {
        /// The node.
        of: NodeId,
        /// Which periods.
        span: AxisSpan,
    },
    /// On a frame `Onward` or `Moments`: the value of the cell before, if it comes from the same parent cell; else 0.
    Previous(NodeId),
    /// On a frame `Onward` or `Moments`: the greatest value of the cells through this one that come from the same parent
    /// cell; an error from the first one that is an error on.
    Reached(NodeId),
    /// On a frame `Selected` of an expansion `Above`: the sum of a node, later in the list, over the cells of the same
    /// record at the levels below; 0 at the lowest.
    Lower(NodeId),
    /// On a frame `Cells`: the value one period before, for the same row; in the horizon's first period (and before
    /// it), and where `restart` is yes, the initial value.
    Prior {
        /// The node, later in the list.
        of: NodeId,
        /// The initial value.
        initial: NodeId,
        /// Where the state starts again.
        restart: Option<NodeId>,
    },
}

/// The columns of a table of exchange rates, on the frame of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RateColumns {
    /// The code of the currency that is converted.
    pub from: NodeId,
    /// The code of the currency it becomes.
    pub to: NodeId,
    /// The day.
    pub day: NodeId,
    /// The rate.
    pub rate: NodeId,
}

impl RateColumns {
    /// Lists the nodes.
    pub fn nodes(&self) -> [NodeId; 4] {
        [self.from, self.to, self.day, self.rate]
    }

    /// Lists the nodes, to be changed.
    pub fn nodes_mut(&mut self) -> [&mut NodeId; 4] {
        [&mut self.from, &mut self.to, &mut self.day, &mut self.rate]
    }
}

/// One part of [`Op::Words`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TextPart {
    /// Words as they stand.
    Words(Arc<str>),
    /// A value: a text as it is, a row by its key, a number in plain digits.
    Value(NodeId),
}

/// Where a cell of another frame goes in a group.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum GroupKey {
    /// All go to one cell (frame `Single`).
    All,
    /// To the cell that a node names; cells where it is missing or faulty are left out.
    Cell(NodeId),
    /// To the cell of a frame `Rows`, `Axis` or `Cells` for a row and a period. Left out: cells whose row is missing or
    /// faulty, or whose period is missing or outside the axis. A cell whose period alone is faulty, and whose filter is
    /// not no, makes all cells of its row an error: nobody knows which one it belongs to.
    Place {
        /// The row.
        row: Option<NodeId>,
        /// The period.
        period: Option<NodeId>,
    },
}

/// What is taken from the cells before a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Taken {
    /// Their sum; 0 where there are none.
    Sum,
    /// The value of the last one; missing where there is none.
    Last,
}

/// What a period outside an axis gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outside {
    /// An error.
    Error,
    /// An error, and so is a period of the axis that is none of the run.
    ErrorBesideRun,
    /// A missing cell.
    Missing,
}

/// Which periods of an axis are summed for a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AxisSpan {
    /// All from the axis's first through it.
    EverToDate,
    /// From the first in the same longer period through it.
    ToDate(Unit),
    /// All in the same longer period.
    Whole(Unit),
    /// So many, it being the last.
    Last(u32),
}

/// An exception of [`Op::Prefer`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Alternative {
    /// Where it applies.
    pub when: NodeId,
    /// Its value.
    pub value: NodeId,
    /// Whether its value is made of the normal one; otherwise it hides errors of that.
    pub reads: ReadsNormal,
    /// The exceptions that it outranks, by position.
    pub over: Vec<usize>,
    /// The statement.
    pub span: Span,
}

/// Whether an exception's value is made of the normal one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadsNormal {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// What is asked of tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SliceWant {
    /// What the tiers give for the value.
    Amount,
    /// What one row (by position from 0) contributes to that.
    Part(usize),
    /// The rate of the row that holds the value.
    Rate,
}
