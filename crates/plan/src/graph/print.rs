//! A printed form of the graph, one line a node, for tests and for people who look into it.

use std::fmt::{self, Display};

use super::{Frame, Graph, NodeId};

impl Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.0)
    }
}

impl Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, frame) in self.frames.iter().enumerate() {
            writeln!(f, "frame {place}: {}", FrameText(frame))?;
        }
        for (place, node) in self.nodes.iter().enumerate() {
            writeln!(f, "%{place} on {}: {:?}", node.frame.0, node.op)?;
        }
        for block in &self.steps {
            let names: Vec<String> = block.iter().map(ToString::to_string).collect();
            writeln!(f, "period by period: {}", names.join(" "))?;
        }
        Ok(())
    }
}

struct FrameText<'a>(&'a Frame);

impl Display for FrameText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Frame::Single => f.write_str("single"),
            Frame::Rows(table) => write!(f, "rows of table {}", table.0),
            Frame::Axis(axis) => write!(f, "periods of axis {}", axis.0),
            Frame::Cells { rows, axis } => write!(f, "rows of table {} x periods of axis {}", rows.0, axis.0),
            Frame::Selected { of, keep } => write!(f, "cells of {} where {keep}", of.0),
            Frame::Expanded { of, by } => write!(f, "cells of {} by {by:?}", of.0),
        }
    }
}
