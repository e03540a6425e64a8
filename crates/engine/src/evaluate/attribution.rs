//! Attribution: the columns that say whom or what a record counts for.
//!
//! A record whose column cannot be read counts for nobody: groups leave it out, and the report says so. Where such a
//! column was left out as a whole, no group of its records is known.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

use std::collections::BTreeSet;

use guerdon_plan::graph::{Expansion, Frame, FrameId, Graph, GroupKey, NodeId, Op};
use guerdon_syntax::Code;

use super::State;
use super::cells::Numbered;
use super::schedule::{Way, way};
use crate::fault::{Cause, Fault};

/// A column by which the cells of a frame are given to records of another table, or to periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Attribution {
    /// The column.
    pub key: NodeId,
    /// Which cells count at all.
    pub filter: Option<NodeId>,
    /// The frame of the cells.
    pub frame: FrameId,
}

/// Lists the columns by which a graph gives cells to records, each once.
pub(crate) fn attributions(graph: &Graph) -> BTreeSet<Attribution> {
    let groups = graph.nodes.iter().filter_map(|node| match &node.op {
        Op::Group {
            filter,
            key: GroupKey::Place { row: Some(row), .. },
            from,
            ..
        } => Some(Attribution {
            key: *row,
            filter: *filter,
            frame: *from,
        }),
        _ => None,
    });
    let matches = graph.frames.iter().flat_map(matched_by).filter_map(|key| {
        Some(Attribution {
            key,
            filter: None,
            frame: graph.node(key)?.frame,
        })
    });
    groups.chain(matches).collect()
}

/// Lists the nodes that must be kept as whole columns to tell, after a run, which cells count for nobody.
pub(crate) fn kept(graph: &Graph) -> Vec<NodeId> {
    let computed = attributions(graph)
        .into_iter()
        .filter(|attribution| way(graph, attribution.key) != Way::Given);
    computed
        .flat_map(|attribution| [Some(attribution.key), attribution.filter])
        .flatten()
        .collect()
}

/// Says whether a loading problem is that of a whole column.
pub(crate) fn is_of_column(code: Code) -> bool {
    matches!(code, Code::D0802 | Code::D0817)
}

impl State<'_> {
    /// Gives the errors that groups have before any cell is counted; none for most.
    pub(super) fn known_errors(&self, group: NodeId, len: usize) -> Option<Vec<u32>> {
        match self.unattributable(group) {
            0 => self.circular(group, len),
            error => Some(vec![error; len]),
        }
    }

    /// Gives the errors of groups over what is below a record, where the record is on or below a circle: nobody can
    /// tell what is below it.
    fn circular(&self, group: NodeId, len: usize) -> Option<Vec<u32>> {
        let node = self.graph.node(group)?;
        let Op::Group { from, .. } = &node.op else {
            return None;
        };
        let Frame::Expanded {
            of: parent,
            by: Expansion::Below { table, by, of, .. },
        } = self.graph.frame(*from)?
        else {
            return None;
        };
        let above = self.facts.column(*table, *by)?;
        above.errors().filter(|_| *parent == node.frame)?;
        let tops = self.full(*of);
        let error = |cell: usize| {
            let top = usize::try_from(Numbered::of(&tops).at(cell)?).ok()?;
            let place = above.error(top)?;
            let problem = self.facts.problems().get(usize::try_from(place).ok()?)?;
            (problem.code == Code::D0814).then(|| place.saturating_add(1))
        };
        let errors: Vec<u32> = (0..len).map(|cell| error(cell).unwrap_or(0)).collect();
        errors.iter().any(|error| *error != 0).then_some(errors)
    }

    /// Gives the error of a group whose records cannot be told apart at all, since a column that says whom they count
    /// for was left out; 0 for others.
    fn unattributable(&self, group: NodeId) -> u32 {
        let Some(Op::Group { key, from, .. }) = self.graph.node(group).map(|node| &node.op) else {
            return 0;
        };
        let mut open: Vec<NodeId> = match key {
            GroupKey::Place { row: Some(row), .. } => vec![*row],
            GroupKey::Place { row: None, .. } | GroupKey::All | GroupKey::Cell(_) => Vec::new(),
        };
        let mut frame = Some(*from);
        while let Some(found) = frame.and_then(|frame| self.graph.frame(frame)) {
            open.extend(matched_by(found));
            frame = found.parent();
        }
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let absence = self.absence(id);
            if absence != 0 {
                return absence;
            }
            match self.graph.node(id).map(|node| &node.op) {
                Some(Op::At { source, cell }) => open.extend([*source, *cell]),
                Some(Op::Guard { value, .. } | Op::Require(value) | Op::Where { value, .. }) => {
                    open.push(*value)
                }
                _ => {}
            }
        }
        0
    }

    /// Gives the error of a stored column that was left out though its table has records; 0 otherwise.
    fn absence(&self, id: NodeId) -> u32 {
        let Some((Op::Stored { table, field }, ty)) = self.graph.node(id).map(|node| (&node.op, node.ty))
        else {
            return 0;
        };
        if self.rows(*table) == 0 || ty.is_optional() {
            return 0;
        }
        let Some(column) = self.facts.column(*table, *field) else {
            return self.faults.number(id, Fault::Absent);
        };
        let error = column.error(0).map_or(0, |error| error.saturating_add(1));
        match (error, self.faults.cause(error)) {
            (0, _) | (_, Cause::Node(..)) => 0,
            (error, Cause::Loaded(place)) => {
                let problem = usize::try_from(place)
                    .ok()
                    .and_then(|place| self.facts.problems().get(place));
                if problem.is_some_and(|problem| is_of_column(problem.code)) {
                    error
                } else {
                    0
                }
            }
        }
    }
}

/// Lists the columns by which a frame finds the records that match its parent's cells.
fn matched_by(frame: &Frame) -> Vec<NodeId> {
    match frame {
        Frame::Expanded {
            by: Expansion::Matching { inner, .. },
            ..
        } => inner.clone(),
        _ => Vec::new(),
    }
}
