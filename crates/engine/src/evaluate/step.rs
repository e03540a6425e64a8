//! Blocks of nodes that need the period before, or the levels below: computed one after the other, over all rows at
//! once.

use guerdon_plan::graph::{NodeId, Op};

use super::State;
use super::whole::Grid;
use crate::vector::{Builder, Data, Vector};

/// A block in the making: for each of its nodes the values of each period so far.
struct Block<'b> {
    nodes: &'b [NodeId],
    values: Vec<Vec<Vector<'static>>>,
}

impl State<'_> {
    /// Computes a block.
    pub(super) fn step(&mut self, place: usize) {
        let Some(nodes) = self.graph.steps.get(place) else {
            return;
        };
        let Some(frame) = nodes
            .first()
            .and_then(|id| self.graph.node(*id))
            .map(|node| node.frame)
        else {
            return;
        };
        let Some(grid) = self.grid(frame) else {
            return self.climb(nodes, frame);
        };
        let mut block = Block {
            nodes,
            values: nodes.iter().map(|_| Vec::new()).collect(),
        };
        for period in 0..grid.periods {
            for (at, id) in nodes.iter().enumerate() {
                let value = self.step_node(*id, &block, grid, period).into_owned();
                if let Some(values) = block.values.get_mut(at) {
                    values.push(value);
                }
            }
        }
        let finished: Vec<(NodeId, Vector<'static>)> = nodes
            .iter()
            .zip(block.values)
            .map(|(id, values)| {
                let mut whole = Builder::default();
                values.iter().for_each(|value| whole.push(value, grid.rows));
                (*id, whole.finish())
            })
            .collect();
        for (id, value) in finished {
            self.set_value(id, value);
        }
    }

    fn step_node<'c>(&'c self, id: NodeId, block: &'c Block<'_>, grid: Grid, period: usize) -> Vector<'c> {
        let Some(node) = self.graph.node(id) else {
            return Vector::new(Data::Nothing(1));
        };
        let get = |input: NodeId| match block.get(input, period) {
            Some(value) => value,
            None => self.stretch(input, grid.cells(period)),
        };
        match &node.op {
            Op::Prior { of, initial, restart } => {
                let before = period.checked_sub(1).and_then(|before| {
                    block
                        .get(*of, before)
                        .or_else(|| Some(self.stretch(*of, grid.cells(before))))
                });
                self.prior(id, grid, period, before, get(*initial), restart.map(get))
            }
            op => {
                let inputs = self.schedule.inputs.get(id.index()).map(Vec::as_slice);
                let inputs: Vec<Vector<'c>> = inputs.unwrap_or_default().iter().copied().map(get).collect();
                self.map(op, id, &inputs)
            }
        }
    }
}

impl Block<'_> {
    /// Gives the values of one of the block's nodes in a period.
    fn get(&self, id: NodeId, period: usize) -> Option<Vector<'_>> {
        let place = self.nodes.iter().position(|node| *node == id)?;
        let value = self.values.get(place)?.get(period)?;
        Some(value.slice(0..value.len()))
    }
}
