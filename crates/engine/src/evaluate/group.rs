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

use guerdon_plan::graph::{NodeId, Op};
use guerdon_plan::hir::AggregateOp;
use guerdon_plan::number::Exact;

use super::State;
use super::shape::shape;
use crate::fault::Fault;
use crate::vector::{Data, Numbers, Vector, bits_i64};

/// The place of a cell that belongs to no group.
pub(super) const NOWHERE: u32 = u32::MAX;

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
    ///
    /// Behind the groups stands one sum more, for cells that belong nowhere: they need no branch that is taken at
    /// random.
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
                sums: vec![0; shape.len.saturating_add(1)],
                decimals: 0,
                bound: 0,
            },
        };
        let fault = state.faults.number(id, Fault::TooWide);
        Self {
            sums,
            errors: state.known_errors(id, shape.len),
            rows: shape.rows,
            len: shape.len,
            fault,
        }
    }

    pub(super) fn spoil(&mut self, cell: u32, error: u32) {
        let errors = self.errors.get_or_insert_with(|| vec![0; self.len]);
        if let Some(slot) = usize::try_from(cell).ok().and_then(|cell| errors.get_mut(cell)) {
            // The lowest number wins, so that threads and chunks do not matter.
            *slot = if *slot == 0 { error } else { error.min(*slot) };
        }
    }

    /// Spoils a row in all periods.
    pub(super) fn spoil_row(&mut self, row: u32, error: u32) {
        let mut cell = usize::try_from(row).unwrap_or(usize::MAX);
        while cell < self.len {
            self.spoil(u32::try_from(cell).unwrap_or(u32::MAX), error);
            cell += self.rows.max(1);
        }
    }

    /// Counts so many cells more in the only group there is.
    pub(super) fn count_more(&mut self, cells: usize) {
        if let Sums::Narrow { sums, .. } = &mut self.sums
            && let Some(count) = sums.first_mut()
        {
            *count = count.wrapping_add(i64::try_from(cells).unwrap_or(0));
        }
    }

    pub(super) fn count(&mut self, places: &[u32]) {
        if let Sums::Narrow { sums, .. } = &mut self.sums {
            add_narrow(sums, places, &[1]);
        }
    }

    pub(super) fn add(&mut self, op: AggregateOp, places: &[u32], values: &Vector<'_>) {
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
                let largest = 1_u128 << bits_i64(values);
                if !self.make_room(largest * wide_len(places), *decimals) {
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
    pub(super) fn finish(self) -> Vector<'static> {
        let len = self.len;
        let data = match self.sums {
            Sums::Narrow {
                mut sums, decimals, ..
            } => {
                sums.truncate(len);
                Data::Number(Numbers::Scaled(Cow::Owned(sums), decimals))
            }
            Sums::Wide {
                mut sums, decimals, ..
            } => {
                sums.truncate(len);
                Data::Number(Numbers::from_wide(sums, decimals))
            }
            Sums::Exact(mut sums) => {
                sums.truncate(len);
                Data::Number(Numbers::Exact(Cow::Owned(sums)))
            }
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

fn add_narrow(sums: &mut [i64], places: &[u32], values: &[i64]) {
    let nowhere = sums.len().saturating_sub(1);
    let mut add = |place: &u32, value: i64| {
        let sum = &mut sums[index(*place).min(nowhere)];
        *sum = sum.wrapping_add(value);
    };
    match values {
        [one] => places.iter().for_each(|place| add(place, *one)),
        values => places
            .iter()
            .zip(values)
            .for_each(|(place, value)| add(place, *value)),
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
