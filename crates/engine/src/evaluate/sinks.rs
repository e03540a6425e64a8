//! Where the cells of a chunk go: their places in the frames that they are grouped into.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "places are checked when they are made"
)]

use guerdon_plan::graph::{Frame, FrameId, GroupKey, NodeId, Op};
use guerdon_plan::hir::AggregateOp;

use super::State;
use super::cells::Numbered;
use super::chunk::Chunk;
use super::group::{Group, NOWHERE};
use super::schedule::Pass;
use super::shape::{Shape, shape};
use crate::facts::TableData;
use crate::vector::{Data, Vector};

/// The groups of a pass, by key, filter and shape: groups that share all three share the places of cells. Plans that
/// begin in different periods have different shapes.
pub(super) struct Sinks {
    sets: Vec<SinkSet>,
}

struct SinkSet {
    key: GroupKey,
    filter: Option<NodeId>,
    /// Positions in the pass's list of groups, with the value and what is computed.
    members: Vec<(usize, AggregateOp, Option<NodeId>)>,
    shape: Shape,
    /// The frame of the cells.
    frame: FrameId,
}

/// The places of a chunk's cells in a target frame, and what must be spoilt there.
struct Places {
    of: Vec<u32>,
    spoilt: Vec<(u32, u32)>,
    spoilt_rows: Vec<(u32, u32)>,
}

impl Sinks {
    pub(super) fn of(state: &State<'_>, pass: &Pass) -> Self {
        let mut sets: Vec<SinkSet> = Vec::new();
        for (place, id) in pass.groups.iter().enumerate() {
            let Some(node) = state.graph.node(*id) else {
                continue;
            };
            let Op::Group {
                op,
                value,
                filter,
                key,
                ..
            } = &node.op
            else {
                continue;
            };
            let shape = shape(state, *id);
            let member = (place, *op, *value);
            match sets
                .iter_mut()
                .find(|set| set.key == *key && set.filter == *filter && set.shape == shape)
            {
                Some(set) => set.members.push(member),
                None => sets.push(SinkSet {
                    key: key.clone(),
                    filter: *filter,
                    members: vec![member],
                    shape,
                    frame: pass.frame,
                }),
            }
        }
        Self { sets }
    }

    /// Adds a chunk to the groups.
    pub(super) fn feed(&self, state: &State<'_>, chunk: &Chunk, groups: &mut [Group]) {
        for set in &self.sets {
            if set.counts_all(state, chunk) {
                let cells = chunk.cells().len();
                for (place, ..) in &set.members {
                    if let Some(group) = groups.get_mut(*place) {
                        group.count_more(cells);
                    }
                }
            } else {
                set.feed(state, chunk, groups);
            }
        }
    }
}

impl SinkSet {
    /// Says whether all that is wanted of a chunk is how many cells it has.
    fn counts_all(&self, state: &State<'_>, chunk: &Chunk) -> bool {
        let is_count = |member: &(usize, AggregateOp, Option<NodeId>)| member.2.is_none();
        let is_kept = |filter: Vector<'_>| {
            filter.is_plain() && matches!(&filter.data, Data::Bool(flags) if flags[..] == [1])
        };
        self.key == GroupKey::All
            && self.members.iter().all(is_count)
            && self.filter.is_none_or(|filter| is_kept(chunk.get(state, filter)))
            && self.bad_records(state, chunk).is_none()
    }

    fn feed(&self, state: &State<'_>, chunk: &Chunk, groups: &mut [Group]) {
        let places = self.places(state, chunk);
        for (place, op, value) in &self.members {
            let Some(group) = groups.get_mut(*place) else {
                continue;
            };
            places
                .spoilt
                .iter()
                .for_each(|(cell, error)| group.spoil(*cell, *error));
            places
                .spoilt_rows
                .iter()
                .for_each(|(row, error)| group.spoil_row(*row, *error));
            match value {
                Some(value) => group.add(*op, &places.of, &chunk.get(state, *value)),
                None => group.count(&places.of),
            }
        }
    }

    fn places(&self, state: &State<'_>, chunk: &Chunk) -> Places {
        let cells = chunk.cells();
        let len = cells.end - cells.start;
        let mut places = Places {
            of: Vec::new(),
            spoilt: Vec::new(),
            spoilt_rows: Vec::new(),
        };
        let mut lost: Vec<(usize, u32, u32)> = Vec::new();
        match &self.key {
            GroupKey::All => places.of = vec![0; len],
            GroupKey::Cell(cell) => places.of = numbers_or_nowhere(&chunk.get(state, *cell), len),
            GroupKey::Place { row, period } => {
                let row = row.map(|row| chunk.get(state, row));
                let period = period.map(|period| chunk.get(state, period));
                places.of = self.placed(state, row.as_ref(), period.as_ref(), len);
                lost = lost_periods(row.as_ref(), period.as_ref(), len);
            }
        }
        let bad_records = self.bad_records(state, chunk);
        if let Some(filter) = self.filter {
            filter_out(&mut places, &chunk.get(state, filter), &mut lost);
        }
        if let Some(errors) = bad_records {
            for (place, error) in places.of.iter_mut().zip(errors).filter(|(_, error)| **error != 0) {
                if *place != NOWHERE {
                    places.spoilt.push((*place, *error));
                    *place = NOWHERE;
                }
            }
        }
        places
            .spoilt_rows
            .extend(lost.into_iter().map(|(_, row, error)| (row, error)));
        places
    }

    /// Gives the errors of whole records, where the cells are records.
    fn bad_records<'s>(&self, state: &'s State<'_>, chunk: &Chunk) -> Option<&'s [u32]> {
        let Some(Frame::Rows(table)) = state.graph.frame(self.frame) else {
            return None;
        };
        state
            .facts
            .table(*table)
            .and_then(TableData::row_errors)?
            .get(chunk.cells())
    }

    fn placed(
        &self,
        state: &State<'_>,
        row: Option<&Vector<'_>>,
        period: Option<&Vector<'_>>,
        len: usize,
    ) -> Vec<u32> {
        let mut places = match row {
            Some(row) => numbers_or_nowhere(row, len),
            None => vec![0; len],
        };
        let (Some(period), Some(axis)) = (period, self.shape.axis) else {
            return places;
        };
        let window = state.window(axis);
        let rows = u32::try_from(self.shape.rows).unwrap_or(u32::MAX);
        let periods = u32::try_from(window.len).unwrap_or(0);
        let along = |index: i32| u32::try_from(index.wrapping_sub(window.first)).unwrap_or(NOWHERE);
        match &period.data {
            Data::Period(_, indices) if period.is_plain() && indices.len() == 1 => {
                let along = indices.first().map_or(NOWHERE, |index| along(*index));
                let from = along.checked_mul(rows).filter(|_| along < periods);
                match from {
                    Some(from) => {
                        let known = places.iter_mut().filter(|place| **place != NOWHERE);
                        known.for_each(|place| *place = from.wrapping_add(*place));
                    }
                    None => places.fill(NOWHERE),
                }
            }
            Data::Period(_, indices) if period.is_plain() && indices.len() == len => {
                for (place, index) in places.iter_mut().zip(indices.iter()) {
                    let along = along(*index);
                    let is_inside = along < periods && *place != NOWHERE;
                    *place = if is_inside {
                        along.wrapping_mul(rows).wrapping_add(*place)
                    } else {
                        NOWHERE
                    };
                }
            }
            _ => {
                for (cell, place) in places.iter_mut().enumerate() {
                    let index = Numbered::of(period)
                        .at(cell)
                        .and_then(|index| i32::try_from(index).ok());
                    let along = index.map_or(NOWHERE, along);
                    let is_inside = along < periods && *place != NOWHERE;
                    *place = if is_inside {
                        along.wrapping_mul(rows).wrapping_add(*place)
                    } else {
                        NOWHERE
                    };
                }
            }
        }
        places
    }
}

/// Gives the rows or cells of a vector; what is missing or an error goes nowhere.
fn numbers_or_nowhere(vector: &Vector<'_>, len: usize) -> Vec<u32> {
    match &vector.data {
        Data::Row(rows) if vector.is_plain() && rows.len() == len => rows.to_vec(),
        _ => {
            let number = |cell| {
                Numbered::of(vector)
                    .at(cell)
                    .and_then(|number| u32::try_from(number).ok())
            };
            (0..len).map(|cell| number(cell).unwrap_or(NOWHERE)).collect()
        }
    }
}

/// Lists the cells whose row is known but whose period is an error.
fn lost_periods(row: Option<&Vector<'_>>, period: Option<&Vector<'_>>, len: usize) -> Vec<(usize, u32, u32)> {
    let Some(period) = period.filter(|period| period.errors.is_some()) else {
        return Vec::new();
    };
    let of_row = |cell| match row {
        Some(row) => Numbered::of(row).at(cell).and_then(|row| u32::try_from(row).ok()),
        None => Some(0),
    };
    let lost = |cell: usize| match period.error(cell) {
        0 => None,
        error => Some((cell, of_row(cell)?, error)),
    };
    (0..len).filter_map(lost).collect()
}

/// Takes out the cells whose filter is no; where it is an error, the group is spoilt.
fn filter_out(places: &mut Places, filter: &Vector<'_>, lost: &mut Vec<(usize, u32, u32)>) {
    lost.retain(|(cell, ..)| filter.error(*cell) != 0 || Numbered::of(filter).at(*cell) == Some(1));
    match &filter.data {
        Data::Bool(flags) if filter.is_plain() && flags.len() == places.of.len() => {
            for (place, flag) in places.of.iter_mut().zip(flags.iter()) {
                *place |= u32::from(*flag).wrapping_sub(1);
            }
        }
        Data::Bool(flags) if filter.is_plain() && flags.len() == 1 => {
            if flags[..] == [0] {
                places.of.fill(NOWHERE);
            }
        }
        _ => {
            for (cell, place) in places.of.iter_mut().enumerate() {
                match filter.error(cell) {
                    0 if Numbered::of(filter).at(cell) == Some(1) => {}
                    0 => *place = NOWHERE,
                    error => {
                        if *place != NOWHERE {
                            places.spoilt.push((*place, error));
                        }
                        *place = NOWHERE;
                    }
                }
            }
        }
    }
}
