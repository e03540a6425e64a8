//! Lines that walk up a tree: the cells above a row, and blocks whose lines look at the levels below them.

use std::borrow::Cow;

use guerdon_plan::graph::{FrameId, NodeId, Op};
use guerdon_plan::types::{FieldId, TableId};

use super::State;
use super::cells::Numbered;
use super::frame::Growth;
use crate::column::ColumnData;
use crate::error::Error;
use crate::kernel;
use crate::vector::{Builder, Data, Numbers, Vector};

/// The cells of a frame by level: the lowest line of each record, the one above it, and so on.
struct Levels {
    /// The cells of each level, rising.
    cells: Vec<Vec<u32>>,
    /// The place of each cell in its level.
    places: Vec<u32>,
}

/// A block in the making: for each of its nodes the values of each level so far.
struct Rungs<'b> {
    nodes: &'b [NodeId],
    values: Vec<Vec<Vector<'static>>>,
}

impl State<'_> {
    /// Lists for each cell a row and those above it in a tree, from the lowest up.
    pub(super) fn above(
        &self,
        table: TableId,
        by: FieldId,
        of: NodeId,
        len: usize,
        growth: &mut Growth<'_>,
    ) -> Result<(), Error> {
        let rows = self.rows(table);
        let begins = self.full(of);
        for cell in 0..len {
            let mut at = Numbered::of(&begins)
                .at(cell)
                .and_then(|row| usize::try_from(row).ok());
            // A tree has at most as many rows above one as there are rows, so a circle cannot keep this going.
            for _ in 0..rows {
                let Some(row) = at else { break };
                growth.push(cell, i64::try_from(row).unwrap_or(i64::MAX))?;
                at = self.parent(table, by, row);
            }
        }
        Ok(())
    }

    fn parent(&self, table: TableId, by: FieldId, row: usize) -> Option<usize> {
        let column = self.facts.column(table, by)?;
        let ColumnData::Row(parents) = column.data() else {
            return None;
        };
        let is_known = !column.is_missing(row) && column.error(row).is_none();
        let parent = parents.get(row).filter(|_| is_known)?;
        usize::try_from(*parent).ok()
    }

    /// Computes a block whose lines look at the levels below them, level by level over all records at once.
    pub(super) fn climb(&mut self, nodes: &[NodeId], frame: FrameId) {
        let levels = self.levels(frame);
        let mut rungs = Rungs {
            nodes,
            values: nodes.iter().map(|_| Vec::new()).collect(),
        };
        for level in 0..levels.cells.len() {
            for (at, id) in nodes.iter().enumerate() {
                let value = self.rung(*id, &rungs, &levels, level).into_owned();
                if let Some(values) = rungs.values.get_mut(at) {
                    values.push(value);
                }
            }
        }
        let order = levels.order();
        let finished: Vec<(NodeId, Vector<'static>)> = nodes
            .iter()
            .zip(rungs.values)
            .map(|(id, values)| {
                let mut whole = Builder::default();
                let sized = values.iter().zip(&levels.cells);
                sized.for_each(|(value, cells)| whole.push(value, cells.len()));
                (*id, whole.finish().gather(&order))
            })
            .collect();
        for (id, value) in finished {
            self.set_value(id, value);
        }
    }

    fn rung<'c>(&'c self, id: NodeId, rungs: &'c Rungs<'_>, levels: &Levels, level: usize) -> Vector<'c> {
        let Some(node) = self.graph.node(id) else {
            return Vector::new(Data::Nothing(1));
        };
        let cells = levels.cells.get(level).map_or(&[][..], Vec::as_slice);
        if let Op::Lower(of) = &node.op {
            return self.lower(id, *of, rungs, levels, level);
        }
        let get = |input: NodeId| match rungs.get(input, level) {
            Some(value) => value,
            None => self.full(input).gather(cells),
        };
        let inputs: Vec<Vector<'c>> = node.op.inputs().into_iter().map(get).collect();
        kernel::map(&node.op, id, &inputs, &self.context())
    }

    /// Gives what the levels below came to: what they came to for the line just below, and that line.
    fn lower<'c>(
        &self,
        id: NodeId,
        of: NodeId,
        rungs: &'c Rungs<'_>,
        levels: &Levels,
        level: usize,
    ) -> Vector<'c> {
        let below = level
            .checked_sub(1)
            .and_then(|below| rungs.get(id, below).zip(rungs.get(of, below)));
        let Some((before, last)) = below else {
            return Vector::new(Data::Number(Numbers::Scaled(Cow::Owned(vec![0]), 0)));
        };
        let places = levels.places_below(level);
        self.sum_of(id, &before.gather(&places), &last.gather(&places))
    }

    fn levels(&self, frame: FrameId) -> Levels {
        let len = self.frame_len(frame);
        let parent = self
            .graph
            .frame(frame)
            .and_then(guerdon_plan::graph::Frame::parent);
        let record = |cell: usize| {
            let climbed = self.frame_data(frame)?.origin(cell)?;
            self.frame_data(parent?)?.origin(usize::try_from(climbed).ok()?)
        };
        let mut levels = Levels {
            cells: Vec::new(),
            places: Vec::with_capacity(len),
        };
        let (mut before, mut level) = (None, 0_usize);
        for cell in 0..len {
            let own = record(cell);
            level = if own == before { level.saturating_add(1) } else { 0 };
            before = own;
            levels.push(cell, if cell == 0 { 0 } else { level });
        }
        levels
    }
}

impl Levels {
    fn push(&mut self, cell: usize, level: usize) {
        if self.cells.len() <= level {
            self.cells.resize(level.saturating_add(1), Vec::new());
        }
        if let Some(cells) = self.cells.get_mut(level) {
            self.places.push(u32::try_from(cells.len()).unwrap_or(u32::MAX));
            cells.push(u32::try_from(cell).unwrap_or(u32::MAX));
        }
    }

    /// Gives, for each cell of a level, the place in the level below of the line just below it: the cell before.
    fn places_below(&self, level: usize) -> Vec<u32> {
        let cells = self.cells.get(level).into_iter().flatten();
        let place = |cell: &u32| {
            let before = usize::try_from(*cell).ok()?.checked_sub(1)?;
            self.places.get(before).copied()
        };
        cells.map(|cell| place(cell).unwrap_or(0)).collect()
    }

    /// Gives the place of each cell where the levels stand one behind the other.
    fn order(&self) -> Vec<u32> {
        let mut order = vec![0; self.places.len()];
        let one_behind_the_other = self.cells.iter().flatten();
        for (place, cell) in (0_u32..).zip(one_behind_the_other) {
            let slot = usize::try_from(*cell).ok().and_then(|cell| order.get_mut(cell));
            if let Some(slot) = slot {
                *slot = place;
            }
        }
        order
    }
}

impl Rungs<'_> {
    /// Gives the values of one of the block's nodes at a level.
    fn get(&self, id: NodeId, level: usize) -> Option<Vector<'_>> {
        let place = self.nodes.iter().position(|node| *node == id)?;
        let value = self.values.get(place)?.get(level)?;
        Some(value.slice(0..value.len()))
    }
}
