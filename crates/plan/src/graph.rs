//! The compiled plan: a flat graph of core terms over frames.
//!
//! A *frame* is a list of cells: the rows of a table, the payees times the periods, the lines of an earn. A *node* is
//! one value for each cell of its frame. Nodes stand in an order in which inputs come before users; only
//! [`Op::Prior`] looks forward in the list, to the period before. Whoever runs the graph computes each node once, over
//! whole columns.

use guerdon_syntax::span::Span;

use crate::calendar::{Unit, WorkingDays};
use crate::hir::{Beyond, Cell, Combine, Edge, Effective, Hit, TierKind, Value};
use crate::number::Exact;
use crate::types::{CalendarId, FieldId, PlanId, TableId, Ty};

pub mod from_hir;
mod inputs;
pub mod op;
pub mod output;
pub mod print;

pub use op::*;
pub use output::*;

/// Names a node: a position in [`Graph::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// Names a frame: a position in [`Graph::frames`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameId(pub u32);

/// Names an axis: a position in [`Graph::axes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AxisId(pub u32);

impl NodeId {
    /// Gives the position in the list of nodes.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl FrameId {
    /// Gives the position in the list of frames.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl AxisId {
    /// Gives the position in the list of axes.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// A graph of core terms.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// The axes of periods, one for each plan that is run.
    pub axes: Vec<Axis>,
    /// The frames; a frame's parent comes before it.
    pub frames: Vec<Frame>,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The tier tables that nodes name.
    pub slices: Vec<SliceTable>,
    /// The decision tables that nodes name.
    pub decisions: Vec<DecisionTable>,
    /// The lists of holidays, by id.
    pub holidays: Vec<WorkingDays>,
    /// The nodes that need one another across periods: each block is computed period by period, in this order.
    pub steps: Vec<Vec<NodeId>>,
    /// What is reported.
    pub outputs: Vec<PlanOutput>,
    /// The conditions asked for beside the plans (those of a test), each on the frame of one cell.
    pub roots: Vec<NodeId>,
}

/// The periods of a plan: its horizon, widened by what its expressions look at.
///
/// The horizon runs from the period of the plan's first effective day through that of the run's last day; it is known
/// when a run starts. `crate::hir::axis` computes both from the program and the run's last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// The plan.
    pub plan: PlanId,
    /// Its calendar.
    pub calendar: CalendarId,
    /// The length of a period.
    pub unit: Unit,
}

/// A list of cells.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Frame {
    /// One cell.
    Single,
    /// One cell for each row of a table; the cell is the row.
    Rows(TableId),
    /// One cell for each period of an axis.
    Axis(AxisId),
    /// One cell for each period and row: cell = period's place on the axis × rows + row (period-major).
    Cells {
        /// The table.
        rows: TableId,
        /// The axis.
        axis: AxisId,
    },
    /// The cells of another frame for which a node is yes, in their order. A cell where the node is an error is kept
    /// (what is computed for it must then be guarded by the error).
    Selected {
        /// The other frame.
        of: FrameId,
        /// The node, on that frame.
        keep: NodeId,
    },
    /// For each cell of another frame some cells, in order of the item.
    Expanded {
        /// The other frame.
        of: FrameId,
        /// Which.
        by: Expansion,
    },
}

/// What a cell of a frame is expanded to. The item is a row id or a period's index.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expansion {
    /// Every row of a table.
    AllRows(TableId),
    /// The rows of a table whose keys equal those of the cell. A missing key matches nothing, nor does a row whose own
    /// key is faulty; where a key of the cell is faulty all rows are listed (what is computed for them must then be
    /// guarded by the error). Keys are rows, periods or enum values.
    Matching {
        /// The table.
        table: TableId,
        /// The keys, on the frame `Rows(table)`.
        inner: Vec<NodeId>,
        /// The keys, on the expanded frame's parent.
        outer: Vec<NodeId>,
    },
    /// The rows below a row in the tree that a field makes (to the row above), the row itself not included.
    Below {
        /// The table.
        table: TableId,
        /// The field.
        by: FieldId,
        /// The row, on the parent frame.
        of: NodeId,
        /// Direct ones only, or all.
        depth: crate::hir::Depth,
    },
    /// A row and the rows above it in the tree that a field makes, from the lowest up (not in order of the item).
    Above {
        /// The table.
        table: TableId,
        /// The field.
        by: FieldId,
        /// The row, on the parent frame.
        of: NodeId,
    },
    /// The periods of a length that lie wholly in a range of days.
    Periods {
        /// The calendar.
        calendar: CalendarId,
        /// The length.
        unit: Unit,
        /// The first day, on the parent frame.
        from: NodeId,
        /// The last day, on the parent frame.
        through: NodeId,
    },
    /// Every period of the axis from the given one to its end.
    Onward {
        /// The axis.
        axis: AxisId,
        /// The first period, on the parent frame.
        from: NodeId,
    },
    /// The first period, and those later ones up to the end of the axis in which an event falls.
    Moments {
        /// The axis.
        axis: AxisId,
        /// The first period, on the parent frame.
        from: NodeId,
        /// The events: their days, each on a frame expanded from the parent; earlier days count for the first period.
        events: Vec<NodeId>,
    },
}

/// One value for each cell of a frame.
#[derive(Debug, Clone)]
pub struct Node {
    /// The term.
    pub op: Op,
    /// The frame.
    pub frame: FrameId,
    /// The type of the values.
    pub ty: Ty,
    /// The text behind it.
    pub span: Span,
}

/// Tiers ready to be applied.
#[derive(Debug, Clone, PartialEq)]
pub struct SliceTable {
    /// How rows combine.
    pub kind: TierKind,
    /// The versions, each with its rows and what lies beyond.
    pub versions: Vec<(Effective, Vec<SliceRow>, Beyond)>,
}

/// One tier: (lower, upper], [lower, upper) and so on, a rate and an amount.
#[derive(Debug, Clone, PartialEq)]
pub struct SliceRow {
    /// Where it begins; `None`: open below.
    pub lower: Option<(Exact, Edge)>,
    /// Where it ends; `None`: open above.
    pub upper: Option<(Exact, Edge)>,
    /// The rate.
    pub rate: Option<Exact>,
    /// The amount, or the value of a point.
    pub amount: Option<Exact>,
    /// Where the row stands.
    pub span: Span,
}

/// A decision table ready to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionTable {
    /// What several matching rows mean.
    pub hit: Hit,
    /// How each result combines under `every`.
    pub combine: Vec<Combine>,
    /// The versions: rows of conditions and results.
    pub versions: Vec<(Effective, Vec<DecisionLine>)>,
}

/// One row of a decision table.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionLine {
    /// The conditions.
    pub cells: Vec<Cell>,
    /// The results.
    pub outputs: Vec<Value>,
    /// Where the row stands.
    pub span: Span,
}

impl Graph {
    /// Gives a node.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.index())
    }

    /// Gives a frame.
    pub fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.frames.get(id.index())
    }
}
