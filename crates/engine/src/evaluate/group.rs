//! Groups: sums, counts, any and all of one frame's cells by the cells of another, fed a chunk at a time.
//!
//! Sums are kept in 64 bits as long as the values fed so far cannot pass them, then in 128 bits, then as exact
//! numbers of any width. Which one it is never shows. Counts and sums of different threads can be added in any order.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places are checked when they are made; the bound on sums is checked before they are added"
)]

use std::borrow::Cow;

use guerdon_plan::graph::{AxisId, Frame, GroupKey, NodeId, Op};
use guerdon_plan::hir::AggregateOp;
use guerdon_plan::number::Exact;

use super::State;
use super::lookup::Numbered;
use super::pass::Chunk;
use super::schedule::Pass;
use crate::facts::TableData;
use crate::fault::Fault;
use crate::vector::{Data, Numbers, Vector};

/// The place of a cell that belongs to no group.
const NOWHERE: u32 = u32::MAX;

/// The groups of a pass, by key and filter: groups that share both share the places of cells.
pub(super) struct Sinks {
    sets: Vec<SinkSet>,
}

struct SinkSet {
    key: GroupKey,
    filter: Option<NodeId>,
    /// Positions in the pass's list of groups, with the value and what is computed.
    members: Vec<(usize, AggregateOp, Option<NodeId>)>,
    shape: Shape,
}

/// How rows and periods make a place in a frame.
#[derive(Debug, Clone, Copy)]
struct Shape {
    rows: usize,
    axis: Option<AxisId>,
    len: usize,
}

/// The places of a chunk's cells in a target frame, and what must be spoilt there.
struct Places {
    of: Vec<u32>,
    spoilt: Vec<(u32, u32)>,
    spoilt_rows: Vec<(u32, u32)>,
}

/// The groups of one node so far.
pub(super) struct Group {
    sums: Sums,
    errors: Option<Vec<u32>>,
    rows: usize,
    len: usize,
    fault: u32,
}

enum Sums {
    /// Sums of 64 bits: no sum is further from zero than the bound.
    Narrow {
        sums: Vec<i64>,
        decimals: u8,
        bound: u128,
    },
    /// Sums of 128 bits, with the same.
    Wide {
        sums: Vec<i128>,
        decimals: u8,
        bound: u128,
    },
    Exact(Vec<Exact>),
    /// Whether a condition held once (or, for `all`, failed once).
    Flags(Vec<u8>, AggregateOp),
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
                .find(|set| set.key == *key && set.filter == *filter)
            {
                Some(set) => set.members.push(member),
                None => sets.push(SinkSet {
                    key: key.clone(),
                    filter: *filter,
                    members: vec![member],
                    shape,
                }),
            }
        }
        Self { sets }
    }

    /// Adds a chunk to the groups.
    pub(super) fn feed(&self, state: &State<'_>, chunk: &Chunk, groups: &mut [Group]) {
        for set in &self.sets {
            let places = set.places(state, chunk);
            for (place, op, value) in &set.members {
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
    }
}

fn shape(state: &State<'_>, id: NodeId) -> Shape {
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

impl SinkSet {
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
        let key_node = match &self.key {
            GroupKey::Cell(node) => Some(*node),
            GroupKey::Place { row, period } => row.or(*period),
            GroupKey::All => self.filter,
        };
        let frame = state.graph.node(key_node?)?.frame;
        let Some(Frame::Rows(table)) = state.graph.frame(frame) else {
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

impl Group {
    pub(super) fn new(state: &State<'_>, id: NodeId) -> Self {
        let shape = shape(state, id);
        let op = match state.graph.node(id).map(|node| &node.op) {
            Some(Op::Group { op, .. }) => *op,
            _ => AggregateOp::Count,
        };
        let sums = match op {
            AggregateOp::Any | AggregateOp::All => Sums::Flags(vec![0; shape.len], op),
            AggregateOp::Sum
            | AggregateOp::Count
            | AggregateOp::CountDistinct
            | AggregateOp::Average
            | AggregateOp::Lowest
            | AggregateOp::Highest
            | AggregateOp::First
            | AggregateOp::Last => Sums::Narrow {
                sums: vec![0; shape.len],
                decimals: 0,
                bound: 0,
            },
        };
        let fault = state.faults.number(id, Fault::TooWide);
        Self {
            sums,
            errors: None,
            rows: shape.rows,
            len: shape.len,
            fault,
        }
    }

    fn spoil(&mut self, cell: u32, error: u32) {
        let errors = self.errors.get_or_insert_with(|| vec![0; self.len]);
        if let Some(slot) = usize::try_from(cell).ok().and_then(|cell| errors.get_mut(cell)) {
            // The lowest number wins, so that threads and chunks do not matter.
            *slot = if *slot == 0 { error } else { error.min(*slot) };
        }
    }

    /// Spoils a row in all periods.
    fn spoil_row(&mut self, row: u32, error: u32) {
        let mut cell = usize::try_from(row).unwrap_or(usize::MAX);
        while cell < self.len {
            self.spoil(u32::try_from(cell).unwrap_or(u32::MAX), error);
            cell += self.rows.max(1);
        }
    }

    fn count(&mut self, places: &[u32]) {
        if let Sums::Narrow { sums, .. } = &mut self.sums {
            for place in places {
                if let Some(sum) = sums.get_mut(index(*place)) {
                    *sum = sum.wrapping_add(1);
                }
            }
        }
    }

    fn add(&mut self, op: AggregateOp, places: &[u32], values: &Vector<'_>) {
        if matches!(op, AggregateOp::Count) {
            self.count_present(places, values);
            return;
        }
        let sound = self.sound_places(places, values);
        let places = sound.as_deref().unwrap_or(places);
        match &values.data {
            Data::Bool(flags) => self.flag(places, flags),
            Data::Number(numbers) => self.sum(places, numbers),
            Data::Date(_)
            | Data::Period(..)
            | Data::Text(..)
            | Data::Enum(_)
            | Data::LongEnum(_)
            | Data::Row(_)
            | Data::Nothing(_) => {}
        }
    }

    fn count_present(&mut self, places: &[u32], values: &Vector<'_>) {
        let sound = self.sound_places(places, values);
        self.count(sound.as_deref().unwrap_or(places));
    }

    /// Leaves out missing values and spoils groups with errors; nothing if all values are sound.
    fn sound_places(&mut self, places: &[u32], values: &Vector<'_>) -> Option<Vec<u32>> {
        if values.is_plain() {
            return None;
        }
        let mut sound = places.to_vec();
        for (cell, place) in sound.iter_mut().enumerate() {
            match values.error(cell) {
                0 if values.is_missing(cell) => *place = NOWHERE,
                0 => {}
                error => {
                    if *place != NOWHERE {
                        self.spoil(*place, error);
                    }
                    *place = NOWHERE;
                }
            }
        }
        Some(sound)
    }

    fn flag(&mut self, places: &[u32], flags: &[u8]) {
        let Sums::Flags(held, op) = &mut self.sums else {
            return;
        };
        let wanted = u8::from(matches!(op, AggregateOp::Any));
        for (cell, place) in places.iter().enumerate() {
            let is_wanted = crate::vector::flag(flags, cell) == wanted;
            if let Some(held) = held.get_mut(index(*place)).filter(|_| is_wanted) {
                *held = 1;
            }
        }
    }

    fn sum(&mut self, places: &[u32], numbers: &Numbers<'_>) {
        match numbers {
            Numbers::Scaled(values, decimals) => {
                let largest = values
                    .iter()
                    .fold(0_u64, |largest, value| largest.max(value.unsigned_abs()));
                if !self.make_room(u128::from(largest) * wide_len(places), *decimals) {
                    self.sum_exactly(places, numbers);
                    return;
                }
                match &mut self.sums {
                    Sums::Narrow {
                        sums, decimals: own, ..
                    } if own == decimals => add_narrow(sums, places, values),
                    Sums::Wide {
                        sums, decimals: own, ..
                    } if own == decimals => {
                        add_wide(sums, places, values.len(), |cell| i128::from(values[cell]));
                    }
                    _ => self.sum_exactly(places, numbers),
                }
            }
            Numbers::Wide(values, decimals) => {
                self.widen();
                let largest = values
                    .iter()
                    .fold(0_u128, |largest, value| largest.max(value.unsigned_abs()));
                let added = largest.saturating_mul(wide_len(places));
                if !self.make_room(added, *decimals) {
                    self.sum_exactly(places, numbers);
                    return;
                }
                match &mut self.sums {
                    Sums::Wide {
                        sums, decimals: own, ..
                    } if own == decimals => {
                        add_wide(sums, places, values.len(), |cell| values[cell]);
                    }
                    _ => self.sum_exactly(places, numbers),
                }
            }
            Numbers::Ratio(..) | Numbers::Exact(_) => self.sum_exactly(places, numbers),
        }
    }
}

impl Group {
    /// Brings the sums to the decimals of what is added and makes sure that they can hold it; no if only exact
    /// numbers can.
    fn make_room(&mut self, added: u128, decimals: u8) -> bool {
        let (own, is_empty) = match &self.sums {
            Sums::Narrow { decimals, bound, .. } | Sums::Wide { decimals, bound, .. } => {
                (*decimals, *bound == 0)
            }
            Sums::Exact(_) | Sums::Flags(..) => return false,
        };
        if own != decimals {
            if !is_empty {
                return false;
            }
            match &mut self.sums {
                Sums::Narrow { decimals: own, .. } | Sums::Wide { decimals: own, .. } => *own = decimals,
                Sums::Exact(_) | Sums::Flags(..) => {}
            }
        }
        if let Sums::Narrow { bound, .. } = &mut self.sums {
            let grown = bound.saturating_add(added);
            if grown <= i64::MAX.unsigned_abs().into() {
                *bound = grown;
                return true;
            }
            self.widen();
        }
        match &mut self.sums {
            Sums::Wide { bound, .. } => {
                let grown = bound.saturating_add(added);
                let fits = grown <= i128::MAX.unsigned_abs();
                if fits {
                    *bound = grown;
                }
                fits
            }
            Sums::Narrow { .. } | Sums::Exact(_) | Sums::Flags(..) => false,
        }
    }

    fn widen(&mut self) {
        if let Sums::Narrow {
            sums,
            decimals,
            bound,
        } = &self.sums
        {
            let sums = sums.iter().map(|sum| i128::from(*sum)).collect();
            self.sums = Sums::Wide {
                sums,
                decimals: *decimals,
                bound: *bound,
            };
        }
    }

    fn exact_sums(&mut self) {
        let sums = match &self.sums {
            Sums::Narrow { sums, decimals, .. } => sums
                .iter()
                .map(|sum| Exact::from_scaled(i128::from(*sum), *decimals))
                .collect(),
            Sums::Wide { sums, decimals, .. } => sums
                .iter()
                .map(|sum| Exact::from_scaled(*sum, *decimals))
                .collect(),
            Sums::Exact(_) | Sums::Flags(..) => return,
        };
        self.sums = Sums::Exact(sums);
    }

    fn sum_exactly(&mut self, places: &[u32], numbers: &Numbers<'_>) {
        self.exact_sums();
        for (cell, place) in places.iter().enumerate() {
            if *place == NOWHERE {
                continue;
            }
            let added = numbers.exact(cell);
            self.add_exact(*place, &added);
        }
    }

    fn add_exact(&mut self, place: u32, added: &Exact) {
        let fault = self.fault;
        let Sums::Exact(sums) = &mut self.sums else { return };
        let Some(sum) = sums.get_mut(index(place)) else {
            return;
        };
        match sum.add(added) {
            Ok(more) => *sum = more,
            Err(_) => self.spoil(place, fault),
        }
    }

    /// Adds the groups of another thread.
    pub(super) fn merge(&mut self, mut other: Self) {
        if let Some(errors) = other.errors.take() {
            for (cell, error) in errors.into_iter().enumerate().filter(|(_, error)| *error != 0) {
                self.spoil(u32::try_from(cell).unwrap_or(u32::MAX), error);
            }
        }
        if let (Sums::Flags(own, _), Sums::Flags(more, _)) = (&mut self.sums, &other.sums) {
            own.iter_mut().zip(more).for_each(|(own, more)| *own |= more);
            return;
        }
        match (&mut self.sums, &other.sums) {
            (
                Sums::Narrow {
                    sums,
                    decimals,
                    bound,
                },
                Sums::Narrow {
                    sums: more,
                    decimals: others,
                    bound: added,
                },
            ) if decimals == others || *added == 0 => {
                let grown = bound.saturating_add(*added);
                // Counts have no bound, and cannot pass 64 bits.
                if grown <= i64::MAX.unsigned_abs().into() {
                    sums.iter_mut()
                        .zip(more)
                        .for_each(|(sum, more)| *sum = sum.wrapping_add(*more));
                    *bound = grown;
                    return;
                }
            }
            (Sums::Narrow { .. } | Sums::Wide { .. } | Sums::Exact(_) | Sums::Flags(..), _) => {}
        }
        self.exact_sums();
        other.exact_sums();
        if let Sums::Exact(more) = other.sums {
            for (place, added) in more.iter().enumerate() {
                self.add_exact(u32::try_from(place).unwrap_or(u32::MAX), added);
            }
        }
    }

    /// Gives the groups as a column.
    pub(super) fn finish(self, state: &State<'_>, id: NodeId) -> Vector<'static> {
        let _ = (state, id);
        let data = match self.sums {
            Sums::Narrow { sums, decimals, .. } => Data::Number(Numbers::Scaled(Cow::Owned(sums), decimals)),
            Sums::Wide { sums, decimals, .. } => Data::Number(narrowed(sums, decimals)),
            Sums::Exact(sums) => Data::Number(Numbers::Exact(Cow::Owned(sums))),
            Sums::Flags(mut held, op) => {
                if matches!(op, AggregateOp::All) {
                    held.iter_mut().for_each(|failed| *failed ^= 1);
                }
                Data::Bool(Cow::Owned(held))
            }
        };
        let mut vector = Vector::new(data);
        vector.errors = self.errors.map(Cow::Owned);
        vector
    }
}

/// Gives sums that turned out to fit 64 bits in them.
fn narrowed(sums: Vec<i128>, decimals: u8) -> Numbers<'static> {
    let narrow: Option<Vec<i64>> = sums.iter().map(|sum| i64::try_from(*sum).ok()).collect();
    match narrow {
        Some(narrow) => Numbers::Scaled(Cow::Owned(narrow), decimals),
        None => Numbers::Wide(Cow::Owned(sums), decimals),
    }
}

fn add_narrow(sums: &mut [i64], places: &[u32], values: &[i64]) {
    if let [one] = values {
        for place in places {
            if let Some(sum) = sums.get_mut(index(*place)) {
                *sum = sum.wrapping_add(*one);
            }
        }
        return;
    }
    for (place, value) in places.iter().zip(values) {
        if let Some(sum) = sums.get_mut(index(*place)) {
            *sum = sum.wrapping_add(*value);
        }
    }
}

fn add_wide(sums: &mut [i128], places: &[u32], len: usize, value: impl Fn(usize) -> i128) {
    for (cell, place) in places.iter().enumerate() {
        if let Some(sum) = sums.get_mut(index(*place)) {
            *sum = sum.wrapping_add(value(if len == 1 { 0 } else { cell }));
        }
    }
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

fn wide_len(places: &[u32]) -> u128 {
    u128::try_from(places.len()).unwrap_or(u128::MAX)
}
