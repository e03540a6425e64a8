//! The schedule of a graph: which nodes are computed together in one pass over a frame, and when.
//!
//! A *stage* first builds frames and computes nodes that look at whole columns, then makes one pass over each frame
//! that has cell-by-cell nodes or groups due. A value crosses from one stage to a later one as a whole column; within
//! a pass it lives for a chunk only.

mod later;

use std::collections::BTreeMap;

use guerdon_plan::graph::{Frame, FrameId, Graph, Node, NodeId, Op};
use guerdon_plan::hir::{AggregateOp, Factor};

use super::windows::Windows;
use crate::kernel::Tables;

/// What is done in what order.
#[derive(Default)]
pub(crate) struct Schedule {
    /// The stages.
    pub stages: Vec<Stage>,
    /// The graph's tier and decision tables, made ready.
    pub tables: Tables,
    /// The windows of the last run.
    pub windows: Windows,
    /// The inputs of each node.
    pub inputs: Vec<Vec<NodeId>>,
    /// The quotient that each node rounds and that nothing else needs, so that it is computed on the way.
    pub quotients: Vec<Option<NodeId>>,
    /// The pass in which each node is computed cell by cell, and its place there.
    pub places: Vec<Option<(usize, usize)>>,
}

/// One stage.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stage {
    /// Frames to build.
    pub frames: Vec<FrameId>,
    /// Nodes that look at whole columns.
    pub whole: Vec<NodeId>,
    /// Blocks that go period by period, by position in the graph.
    pub steps: Vec<usize>,
    /// Passes.
    pub passes: Vec<Pass>,
}

/// One pass over the cells of a frame.
#[derive(Debug, Clone)]
pub(crate) struct Pass {
    /// Its number among all passes.
    pub number: usize,
    /// The frame.
    pub frame: FrameId,
    /// Nodes computed cell by cell, inputs first.
    pub nodes: Vec<NodeId>,
    /// Those of them that are kept as whole columns.
    pub kept: Vec<NodeId>,
    /// Nodes of other frames that this one's cells are grouped into.
    pub groups: Vec<NodeId>,
}

/// How a node is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// It is there as soon as its frame is: fields, a frame's own columns, literals.
    Given,
    /// Cell by cell.
    Cells,
    /// From whole columns.
    Whole,
    /// In a pass over another frame.
    Grouped,
    /// In a block, period by period.
    Stepped,
}

impl Schedule {
    /// Plans the stages of a graph; `keep` says for which nodes whole columns are wanted at the end.
    pub(crate) fn of(graph: &Graph, keep: &[NodeId]) -> Self {
        Planner::new(graph, keep).run()
    }
}

/// Says how a node is computed.
pub(crate) fn way(graph: &Graph, id: NodeId) -> Way {
    let Some(node) = graph.node(id) else {
        return Way::Given;
    };
    match &node.op {
        Op::Const(_)
        | Op::Stored { .. }
        | Op::OwnRow
        | Op::OwnPeriod
        | Op::RunEnd { .. }
        | Op::Origin
        | Op::Item => Way::Given,
        Op::Group { .. } => way_of(node),
        Op::Before { .. }
        | Op::Cumulate { .. }
        | Op::Previous(_)
        | Op::Reached(_)
        | Op::Rank { .. }
        | Op::Share { .. } => Way::Whole,
        _ if graph.steps.iter().any(|block| block.contains(&id)) => Way::Stepped,
        Op::Prior { .. } => Way::Whole,
        _ => Way::Cells,
    }
}

/// Lists the inputs that a cell-by-cell node needs as whole columns of other frames.
pub(crate) fn whole_inputs(node: &Node) -> Vec<NodeId> {
    match &node.op {
        Op::At { source, .. } => vec![*source],
        Op::FindCell { keys } => keys.iter().map(|(there, _)| *there).collect(),
        Op::ExchangeRate { records, .. } => records.nodes().to_vec(),
        _ => Vec::new(),
    }
}

/// Lists the inputs that stand on the node's own frame.
pub(crate) fn cell_inputs(node: &Node) -> Vec<NodeId> {
    match &node.op {
        Op::At { cell, .. } => vec![*cell],
        Op::FindCell { keys } => keys.iter().map(|(_, here)| *here).collect(),
        Op::ExchangeRate { of, from, on, .. } => vec![*of, *from, *on],
        op => op.inputs(),
    }
}

/// Works out stages node by node.
struct Planner<'g> {
    graph: &'g Graph,
    ways: Vec<Way>,
    stage: Vec<usize>,
    frame_stage: Vec<usize>,
    kept: Vec<bool>,
    stages: BTreeMap<usize, Stage>,
}

impl<'g> Planner<'g> {
    fn new(graph: &'g Graph, keep: &[NodeId]) -> Self {
        let ids = || (0..graph.nodes.len()).map(|place| NodeId(u32::try_from(place).unwrap_or(u32::MAX)));
        let mut kept = vec![false; graph.nodes.len()];
        for id in keep {
            if let Some(kept) = kept.get_mut(id.index()) {
                *kept = true;
            }
        }
        Self {
            graph,
            ways: ids().map(|id| way(graph, id)).collect(),
            stage: vec![0; graph.nodes.len()],
            frame_stage: vec![0; graph.frames.len()],
            kept,
            stages: BTreeMap::new(),
        }
    }

    fn run(mut self) -> Schedule {
        let mut framed = vec![false; self.graph.frames.len()];
        for place in 0..self.graph.nodes.len() {
            let id = NodeId(u32::try_from(place).unwrap_or(u32::MAX));
            let Some(node) = self.graph.node(id) else { continue };
            for frame in frames_of(node) {
                self.settle_frame(frame, &mut framed);
            }
            let own = match self.way(id) {
                Way::Stepped => self.step_stage(id),
                _ => self.node_stage(node),
            };
            if let Some(stage) = self.stage.get_mut(place) {
                *stage = own;
            }
        }
        let reported = self.kept.clone();
        self.mark_kept();
        let plan = later::Plan {
            graph: self.graph,
            ways: &self.ways,
            stages: &self.stage,
            frame_stages: &self.frame_stage,
            kept: &self.kept,
        };
        self.stage = plan.stages();
        self.kept = reported;
        self.mark_kept();
        self.fill(&framed)
    }

    fn way(&self, id: NodeId) -> Way {
        self.ways.get(id.index()).copied().unwrap_or(Way::Given)
    }

    fn stage_of(&self, id: NodeId) -> usize {
        self.stage.get(id.index()).copied().unwrap_or(0)
    }

    fn frame_stage_of(&self, id: FrameId) -> usize {
        self.frame_stage.get(id.index()).copied().unwrap_or(0)
    }

    /// Gives the first stage in which a node's whole column can be read.
    fn ready(&self, id: NodeId) -> usize {
        match self.way(id) {
            Way::Given => self.stage_of(id),
            Way::Cells | Way::Whole | Way::Grouped | Way::Stepped => self.stage_of(id).saturating_add(1),
        }
    }

    fn settle_frame(&mut self, id: FrameId, framed: &mut [bool]) {
        if framed.get(id.index()).copied().unwrap_or(true) {
            return;
        }
        let Some(frame) = self.graph.frame(id) else { return };
        if let Some(parent) = frame.parent() {
            self.settle_frame(parent, framed);
        }
        let parent = frame.parent().map_or(0, |parent| self.frame_stage_of(parent));
        let stage = frame
            .inputs()
            .iter()
            .map(|input| self.ready(*input))
            .fold(parent, usize::max);
        if let (Some(own), Some(framed)) = (self.frame_stage.get_mut(id.index()), framed.get_mut(id.index()))
        {
            *own = stage;
            *framed = true;
        }
    }

    fn node_stage(&self, node: &Node) -> usize {
        let begins = frames_of(node)
            .into_iter()
            .map(|frame| self.frame_stage_of(frame))
            .fold(0, usize::max);
        let whole = whole_inputs(node);
        let begins = whole
            .iter()
            .map(|input| self.ready(*input))
            .fold(begins, usize::max);
        match &node.op {
            Op::Group { .. } if matches!(way_of(node), Way::Grouped) => self.cells_stage(node, begins),
            Op::Group { .. }
            | Op::Before { .. }
            | Op::Cumulate { .. }
            | Op::Previous(_)
            | Op::Reached(_)
            | Op::Rank { .. }
            | Op::Share { .. }
            | Op::Prior { .. } => node
                .op
                .inputs()
                .iter()
                .map(|input| self.ready(*input))
                .fold(begins, usize::max),
            _ => self.cells_stage(node, begins),
        }
    }

    /// A node in a pass waits for whole columns, but not for values of the same pass.
    fn cells_stage(&self, node: &Node, begins: usize) -> usize {
        let same_frame = match &node.op {
            Op::Group { from, .. } => *from,
            _ => node.frame,
        };
        cell_inputs(node).into_iter().fold(begins, |stage, input| {
            let is_here = self
                .graph
                .node(input)
                .is_some_and(|input| input.frame == same_frame);
            let from = match self.way(input) {
                Way::Cells if is_here => self.stage_of(input),
                _ => self.ready(input),
            };
            stage.max(from)
        })
    }

    /// All nodes of a block wait for all that the block needs from outside.
    fn step_stage(&self, id: NodeId) -> usize {
        let Some(block) = self.graph.steps.iter().find(|block| block.contains(&id)) else {
            return 0;
        };
        let nodes = block.iter().filter_map(|id| self.graph.node(*id));
        nodes.fold(0, |stage, node| {
            let outside = node
                .op
                .inputs()
                .into_iter()
                .filter(|input| !block.contains(input));
            outside
                .map(|input| self.ready(input))
                .fold(stage.max(self.frame_stage_of(node.frame)), usize::max)
        })
    }

    /// Marks the cell-by-cell nodes whose whole columns are needed.
    fn mark_kept(&mut self) {
        let mut wanted = Vec::new();
        for frame in &self.graph.frames {
            wanted.extend(frame.inputs());
        }
        for (place, node) in self.graph.nodes.iter().enumerate() {
            let id = NodeId(u32::try_from(place).unwrap_or(u32::MAX));
            match self.way(id) {
                Way::Given => {}
                Way::Whole | Way::Stepped => wanted.extend(node.op.inputs()),
                Way::Cells | Way::Grouped => {
                    wanted.extend(whole_inputs(node));
                    wanted.extend(cell_inputs(node).into_iter().filter(|input| {
                        let other_frame = self.graph.node(*input).map(|node| node.frame);
                        let same_frame = match &node.op {
                            Op::Group { from, .. } => *from,
                            _ => node.frame,
                        };
                        self.stage_of(*input) != self.stage_of(id) || other_frame != Some(same_frame)
                    }));
                }
            }
        }
        for id in wanted {
            if let Some(kept) = self.kept.get_mut(id.index()) {
                *kept = true;
            }
        }
    }

    fn fill(mut self, framed: &[bool]) -> Schedule {
        for (place, _) in framed.iter().enumerate().filter(|(_, framed)| **framed) {
            let id = FrameId(u32::try_from(place).unwrap_or(u32::MAX));
            let stage = self.frame_stage_of(id);
            self.stages.entry(stage).or_default().frames.push(id);
        }
        for (place, block) in self.graph.steps.iter().enumerate() {
            let stage = block.first().map_or(0, |id| self.stage_of(*id));
            self.stages.entry(stage).or_default().steps.push(place);
        }
        let quotients = self.quotients();
        let is_on_the_way = |id| quotients.contains(&Some(id));
        for (place, node) in self.graph.nodes.iter().enumerate() {
            let id = NodeId(u32::try_from(place).unwrap_or(u32::MAX));
            let kept = self.kept.get(place).copied().unwrap_or(false);
            let way = self.way(id);
            let stage = self.stages.entry(self.stage_of(id)).or_default();
            match (way, &node.op) {
                (Way::Whole, _) => stage.whole.push(id),
                (Way::Cells, Op::Product(_)) if is_on_the_way(id) => {}
                (Way::Cells, _) => stage.pass(node.frame, |pass| {
                    pass.nodes.push(id);
                    if kept {
                        pass.kept.push(id);
                    }
                }),
                (Way::Grouped, Op::Group { from, .. }) => stage.pass(*from, |pass| pass.groups.push(id)),
                (Way::Given | Way::Stepped | Way::Grouped, _) => {}
            }
        }
        let mut stages: Vec<Stage> = self.stages.into_values().collect();
        let passes = stages.iter_mut().flat_map(|stage| &mut stage.passes);
        let places = numbered(passes, self.graph.nodes.len());
        Schedule {
            stages,
            tables: Tables::of(self.graph),
            windows: Windows::default(),
            inputs: self.graph.nodes.iter().map(|node| node.op.inputs()).collect(),
            quotients,
            places,
        }
    }

    /// Gives, for each node that rounds, the quotient in the same pass that only it needs.
    fn quotients(&self) -> Vec<Option<NodeId>> {
        let mut uses = vec![0_usize; self.graph.nodes.len()];
        let of_nodes = self.graph.nodes.iter().flat_map(|node| node.op.inputs());
        let of_frames = self.graph.frames.iter().flat_map(Frame::inputs);
        for id in of_nodes.chain(of_frames) {
            if let Some(uses) = uses.get_mut(id.index()) {
                *uses = uses.saturating_add(1);
            }
        }
        let quotient = |(place, node): (usize, &Node)| {
            let Op::Round { value, .. } = &node.op else {
                return None;
            };
            let id = NodeId(u32::try_from(place).ok()?);
            let product = self.graph.node(*value)?;
            let is_quotient = matches!(&product.op, Op::Product(factors)
                if factors.iter().any(|(factor, _)| *factor == Factor::Over));
            let is_alone =
                uses.get(value.index()) == Some(&1) && self.kept.get(value.index()) == Some(&false);
            let is_beside = product.frame == node.frame && self.stage_of(*value) == self.stage_of(id);
            let ways = (self.way(*value), self.way(id));
            (is_quotient && is_alone && is_beside && ways == (Way::Cells, Way::Cells)).then_some(*value)
        };
        self.graph.nodes.iter().enumerate().map(quotient).collect()
    }
}

impl Stage {
    /// Does something with the pass over a frame, which is begun if there is none.
    fn pass(&mut self, frame: FrameId, change: impl FnOnce(&mut Pass)) {
        if let Some(pass) = self.passes.iter_mut().find(|pass| pass.frame == frame) {
            change(pass);
            return;
        }
        let mut pass = Pass {
            number: 0,
            frame,
            nodes: Vec::new(),
            kept: Vec::new(),
            groups: Vec::new(),
        };
        change(&mut pass);
        self.passes.push(pass);
    }
}

/// Numbers passes, and gives each node's pass and its place there.
fn numbered<'p>(passes: impl Iterator<Item = &'p mut Pass>, nodes: usize) -> Vec<Option<(usize, usize)>> {
    let mut places = vec![None; nodes];
    for (number, pass) in passes.enumerate() {
        pass.number = number;
        for (place, id) in pass.nodes.iter().enumerate() {
            if let Some(slot) = places.get_mut(id.index()) {
                *slot = Some((number, place));
            }
        }
    }
    places
}

/// Says how an aggregate is computed: only those that grow cell by cell can be fed in a pass.
fn way_of(node: &Node) -> Way {
    match &node.op {
        Op::Group {
            op: AggregateOp::Sum | AggregateOp::Count | AggregateOp::Any | AggregateOp::All,
            best: None,
            ..
        } => Way::Grouped,
        _ => Way::Whole,
    }
}

/// Lists the frames that must stand before a node can be computed.
fn frames_of(node: &Node) -> Vec<FrameId> {
    match &node.op {
        Op::Group { from, .. } => vec![node.frame, *from],
        Op::LastMoment { frame, .. } | Op::CellOf { frame, .. } => vec![node.frame, *frame],
        _ => vec![node.frame],
    }
}
