//! A chunk of a frame: what a pass has computed of it so far.

use std::ops::Range;

use guerdon_plan::graph::NodeId;

use super::State;
use crate::vector::Vector;

/// The values of a chunk, by their nodes' places in the pass.
pub(super) struct Chunk {
    pub pass: usize,
    pub values: Vec<Option<Vector<'static>>>,
    pub cells: Range<usize>,
}

impl Chunk {
    /// Gives the values of a node for the chunk.
    pub(super) fn get<'c>(&'c self, state: &'c State<'_>, id: NodeId) -> Vector<'c> {
        let place = state.schedule.places.get(id.index()).copied().flatten();
        let place = place.filter(|(pass, _)| *pass == self.pass);
        match place.and_then(|(_, place)| self.values.get(place)?.as_ref()) {
            Some(value) => value.slice(0..value.len()),
            None => state.stretch(id, self.cells.clone()),
        }
    }

    /// Gives the cells of the chunk.
    pub(super) fn cells(&self) -> Range<usize> {
        self.cells.clone()
    }
}
