//! How the cells of a frame lie.

use guerdon_plan::graph::{AxisId, Frame, NodeId};

use super::State;

/// How rows and periods make a place in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub rows: usize,
    pub axis: Option<AxisId>,
    pub len: usize,
}

/// Gives the shape of the frame of a node.
pub(super) fn shape(state: &State<'_>, id: NodeId) -> Shape {
    let frame = state.graph.node(id).map(|node| node.frame);
    let len = frame.map_or(0, |frame| state.frame_len(frame));
    match frame.and_then(|frame| state.graph.frame(frame)) {
        Some(Frame::Cells { rows, axis }) => Shape {
            rows: state.rows(*rows),
            axis: Some(*axis),
            len,
        },
        Some(Frame::Axis(axis)) => Shape {
            rows: 1,
            axis: Some(*axis),
            len,
        },
        _ => Shape {
            rows: len,
            axis: None,
            len,
        },
    }
}
