//! Nodes computed later than they could be.
//!
//! A cell-by-cell node that only later passes over its frame need is computed there: it then lives for a chunk instead
//! of being kept as a whole column.

use guerdon_plan::graph::{Graph, NodeId, Op};

use super::{Way, cell_inputs, whole_inputs};

/// What is known of the nodes so far.
pub(super) struct Plan<'p> {
    pub graph: &'p Graph,
    pub ways: &'p [Way],
    /// The stage in which each node can first be computed.
    pub stages: &'p [usize],
    /// The stage at whose beginning each frame is built.
    pub frame_stages: &'p [usize],
    /// The nodes that are kept as whole columns if each is computed as early as it can be.
    pub kept: &'p [bool],
}

/// The most rounds of finding out which nodes had better stay.
const ROUNDS: usize = 16;

impl Plan<'_> {
    /// Gives each node its stage, the latest that keeps no column that is not kept anyway.
    pub(super) fn stages(&self) -> Vec<usize> {
        let mut stays = vec![false; self.graph.nodes.len()];
        for _ in 0..ROUNDS {
            let (stages, late) = self.latest(&stays);
            let unwanted: Vec<usize> = self.dear(&stages).into_iter().chain(late).collect();
            if unwanted.is_empty() {
                return stages;
            }
            for place in unwanted {
                if let Some(stays) = stays.get_mut(place) {
                    *stays = true;
                }
            }
        }
        self.stages.to_vec()
    }

    /// Moves all nodes that need not stay to the latest stage in which they are in time, as far as the nodes behind them
    /// tell; lists those that another node needs sooner.
    fn latest(&self, stays: &[bool]) -> (Vec<usize>, Vec<usize>) {
        let mut stages = self.stages.to_vec();
        let mut late = Vec::new();
        let mut latest: Vec<Option<usize>> = vec![None; stages.len()];
        for (frame, stage) in self.graph.frames.iter().zip(self.frame_stages) {
            for input in frame.inputs() {
                bound(&mut latest, input, stage.saturating_sub(1));
            }
        }
        for (place, node) in self.graph.nodes.iter().enumerate().rev() {
            let own = stages.get(place).copied().unwrap_or(0);
            let stays = stays.get(place).copied().unwrap_or(true);
            let end = latest.get(place).copied().flatten();
            let stage = match (self.ways.get(place), end) {
                (Some(Way::Cells), Some(end)) if !stays => end.max(own),
                (_, _) => own,
            };
            if let Some(slot) = stages.get_mut(place) {
                *slot = stage;
            }
            let here = self.read_along(place);
            for input in node.op.inputs() {
                let is_here = here.contains(&input) && !whole_inputs(node).contains(&input);
                let end = stage.saturating_sub(usize::from(!is_here));
                bound(&mut latest, input, end);
                // What comes from the period before may stand behind the node itself.
                let is_settled = input.index() >= place;
                if is_settled && stages.get(input.index()).is_some_and(|stage| *stage > end) {
                    late.push(input.index());
                }
            }
        }
        (stages, late)
    }

    /// Lists nodes that were moved away from an input which then has to be kept.
    fn dear(&self, stages: &[usize]) -> Vec<usize> {
        let stage = |place: usize| stages.get(place).copied().unwrap_or(0);
        let is_dear = |place: &usize| {
            let is_moved = self.stages.get(*place) != stages.get(*place);
            let keeps = |input: &NodeId| {
                matches!(self.ways.get(input.index()), Some(Way::Cells))
                    && stage(input.index()) < stage(*place)
                    && !self.kept.get(input.index()).copied().unwrap_or(true)
            };
            is_moved && self.read_along(*place).iter().any(keeps)
        };
        (0..stages.len()).filter(is_dear).collect()
    }

    /// Lists the inputs that a node reads in the pass in which it is computed.
    fn read_along(&self, place: usize) -> Vec<NodeId> {
        let (Some(node), Some(Way::Cells | Way::Grouped)) =
            (self.graph.nodes.get(place), self.ways.get(place))
        else {
            return Vec::new();
        };
        let frame = match &node.op {
            Op::Group { from, .. } => *from,
            _ => node.frame,
        };
        let is_there = |input: &NodeId| self.graph.node(*input).is_some_and(|input| input.frame == frame);
        cell_inputs(node).into_iter().filter(is_there).collect()
    }
}

fn bound(latest: &mut [Option<usize>], node: NodeId, stage: usize) {
    if let Some(slot) = latest.get_mut(node.index()) {
        *slot = Some(slot.map_or(stage, |known| known.min(stage)));
    }
}

#[cfg(test)]
mod tests {
    use guerdon_plan::graph::{NodeId, Op};

    use crate::plan::{Plan, Source};

    const RULES: &str = r#"
data Person key name
  name : text
  deals : number
  visits : number
end

plan p "P"
  payee     Person
  currency  EUR
  effective 2025-01-01 through 2025-01-31
  period    month
  rounding  none

  let most = (highest deals over Person) otherwise 1
  measure net = (payee.visits * 3 + payee.deals * 2 - most) rounded half-even to 0.01
end
"#;

    #[test]
    fn what_only_a_later_pass_needs_is_computed_there_and_not_kept() {
        let plan = Plan::compile(&[Source::new("p.guerdon", RULES)]).unwrap();
        let compiled = plan.compiled();
        let is_round = |id: &NodeId| matches!(compiled.graph.node(*id).unwrap().op, Op::Round { .. });
        let passes: Vec<_> = compiled
            .schedule
            .stages
            .iter()
            .flat_map(|stage| &stage.passes)
            .collect();
        let last = passes
            .iter()
            .find(|pass| pass.nodes.iter().any(is_round))
            .unwrap();
        let others = || passes.iter().filter(|pass| pass.number != last.number);
        assert!(others().all(|pass| pass.frame != last.frame));
        assert_eq!(last.nodes.len(), 4, "two products, their sum, the rounding");
        assert_eq!(last.kept.len(), 1);
    }
}
