//! The final order: only what is asked for, inputs first, states in blocks of their own.

use std::collections::BTreeMap;

use super::{Construct, Unsupported};
use crate::graph::{Frame, FrameId, Graph, NodeId, Op, PlanOutput};

/// Leaves out nodes that nothing needs, orders the rest, and finds the blocks that go period by period.
pub(super) fn arrange(mut graph: Graph) -> Result<Graph, Vec<Unsupported>> {
    let components = Components::of(&graph);
    let mut place = BTreeMap::new();
    let mut order = Vec::new();
    let mut blocks: Vec<Vec<NodeId>> = Vec::new();
    let mut refused = Vec::new();
    for component in &components {
        let is_state =
            component.len() > 1 || component.first().is_some_and(|node| reads_itself(&graph, *node));
        let members = if is_state {
            by_inputs(&graph, component)
        } else {
            component.clone()
        };
        if is_state {
            refused.extend(unfit(&graph, &members));
            blocks.push(members.clone());
        }
        for node in members {
            place.insert(node, NodeId(u32::try_from(order.len()).unwrap_or(u32::MAX)));
            order.push(node);
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    let renamed = |node: NodeId| place.get(&node).copied().unwrap_or(node);
    graph.nodes = order
        .iter()
        .filter_map(|node| graph.node(*node).cloned())
        .collect();
    for node in &mut graph.nodes {
        node.op
            .inputs_mut()
            .into_iter()
            .for_each(|input| *input = renamed(*input));
    }
    for frame in &mut graph.frames {
        frame
            .inputs_mut()
            .into_iter()
            .for_each(|input| *input = renamed(*input));
    }
    for output in &mut graph.outputs {
        output
            .nodes_mut()
            .into_iter()
            .for_each(|node| *node = renamed(*node));
    }
    graph.roots.iter_mut().for_each(|root| *root = renamed(*root));
    graph.steps = blocks
        .into_iter()
        .map(|block| block.into_iter().map(renamed).collect())
        .collect();
    Ok(graph)
}

/// Finds the nodes of a block that cannot be computed period by period, or level by level of one frame.
fn unfit(graph: &Graph, block: &[NodeId]) -> Vec<Unsupported> {
    let nodes = || block.iter().filter_map(|id| graph.node(*id));
    let ladder = nodes().find(|node| matches!(node.op, Op::Lower(_)));
    nodes()
        .filter_map(|node| {
            let is_cell = match ladder {
                Some(ladder) => ladder.frame == node.frame && !matches!(node.op, Op::Prior { .. }),
                None => matches!(graph.frame(node.frame), Some(Frame::Cells { .. })),
            };
            let is_wide = matches!(
                node.op,
                Op::Group { .. }
                    | Op::Before { .. }
                    | Op::Cumulate { .. }
                    | Op::At { .. }
                    | Op::Find { .. }
                    | Op::FindCell { .. }
                    | Op::ExchangeRate { .. }
                    | Op::CellOf { .. }
                    | Op::LastMoment { .. }
                    | Op::Rank { .. }
                    | Op::Share { .. }
            );
            (!is_cell || is_wide).then_some(Unsupported {
                what: Construct::CarryThroughAggregate,
                span: node.span,
            })
        })
        .take(1)
        .collect()
}

fn reads_itself(graph: &Graph, id: NodeId) -> bool {
    graph.node(id).is_some_and(|node| node.op.inputs().contains(&id))
}

/// Orders a block by its inputs within a period; priors come first, since they read the period before.
fn by_inputs(graph: &Graph, block: &[NodeId]) -> Vec<NodeId> {
    let mut waiting: Vec<NodeId> = block.to_vec();
    waiting.sort_unstable();
    let mut done: Vec<NodeId> = Vec::new();
    while !waiting.is_empty() {
        let is_ready = |id: &NodeId| match graph.node(*id).map(|node| &node.op) {
            Some(Op::Lower(_)) => true,
            Some(Op::Prior { initial, restart, .. }) => restart
                .iter()
                .chain([initial])
                .all(|input| !waiting.contains(input)),
            Some(op) => op.inputs().iter().all(|input| !waiting.contains(input)),
            None => true,
        };
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.iter().copied().partition(is_ready);
        if ready.is_empty() {
            done.extend(rest);
            break;
        }
        done.extend(ready);
        waiting = rest;
    }
    done
}

/// Strongly connected components of the nodes that outputs need, inputs first (Tarjan's algorithm with a stack of its
/// own, so that long chains are safe).
struct Components<'g> {
    graph: &'g Graph,
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<NodeId>,
    next: usize,
    found: Vec<Vec<NodeId>>,
}

impl<'g> Components<'g> {
    fn of(graph: &'g Graph) -> Vec<Vec<NodeId>> {
        let count = graph.nodes.len();
        let mut search = Self {
            graph,
            index: vec![None; count],
            low: vec![0; count],
            on_stack: vec![false; count],
            stack: Vec::new(),
            next: 0,
            found: Vec::new(),
        };
        let outputs = graph.outputs.iter().flat_map(PlanOutput::nodes);
        for root in outputs.chain(graph.roots.iter().copied()) {
            search.visit(root);
        }
        search.found
    }

    fn visit(&mut self, root: NodeId) {
        let mut work = vec![(root, self.needs(root), 0_usize)];
        if self.index.get(root.index()).copied().flatten().is_some() {
            return;
        }
        self.enter(root);
        while let Some((node, needs, at)) = work.last_mut() {
            let node = *node;
            if let Some(next) = needs.get(*at).copied() {
                *at = at.saturating_add(1);
                match self.index.get(next.index()).copied().flatten() {
                    None => {
                        self.enter(next);
                        let needs = self.needs(next);
                        work.push((next, needs, 0));
                    }
                    Some(seen) if self.on_stack.get(next.index()) == Some(&true) => self.lower(node, seen),
                    Some(_) => {}
                }
                continue;
            }
            work.pop();
            let low = self.low.get(node.index()).copied().unwrap_or(0);
            if let Some((parent, ..)) = work.last() {
                self.lower(*parent, low);
            }
            if self.index.get(node.index()).copied().flatten() == Some(low) {
                self.close(node);
            }
        }
    }

    fn enter(&mut self, node: NodeId) {
        let place = node.index();
        if let (Some(index), Some(low), Some(on)) = (
            self.index.get_mut(place),
            self.low.get_mut(place),
            self.on_stack.get_mut(place),
        ) {
            *index = Some(self.next);
            *low = self.next;
            *on = true;
            self.stack.push(node);
            self.next = self.next.saturating_add(1);
        }
    }

    fn lower(&mut self, node: NodeId, to: usize) {
        if let Some(low) = self.low.get_mut(node.index()) {
            *low = (*low).min(to);
        }
    }

    fn close(&mut self, node: NodeId) {
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            if let Some(on) = self.on_stack.get_mut(member.index()) {
                *on = false;
            }
            component.push(member);
            if member == node {
                break;
            }
        }
        self.found.push(component);
    }

    /// Lists what a node needs: its inputs, and what its frame is made of.
    fn needs(&self, id: NodeId) -> Vec<NodeId> {
        let Some(node) = self.graph.node(id) else {
            return Vec::new();
        };
        let mut needs = node.op.inputs();
        needs.extend(self.frame_needs(node.frame));
        let other = match &node.op {
            Op::Group { from, .. } => Some(*from),
            Op::LastMoment { frame, .. } => Some(*frame),
            _ => None,
        };
        needs.extend(other.into_iter().flat_map(|frame| self.frame_needs(frame)));
        needs
    }

    fn frame_needs(&self, frame: FrameId) -> Vec<NodeId> {
        let mut needs = Vec::new();
        let mut at = Some(frame);
        while let Some(found) = at.and_then(|id| self.graph.frame(id)) {
            needs.extend(found.inputs());
            at = found.parent();
        }
        needs
    }
}
