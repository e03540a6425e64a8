//! One version of a decision table: from classes to outcomes.

use std::collections::HashMap;

use guerdon_plan::graph::{DecisionLine, DecisionTable};
use guerdon_plan::hir::{Cell, Combine, Hit, Value};

use super::NO_ROW;
use super::axis::Axis;
use super::combine::combined;
use crate::kernel::lanes::zip;
use crate::vector::{Vector, value_list};

/// The most combinations of classes for which an array is made.
const MOST_COMBINATIONS: usize = 1 << 20;

/// The most entries that are written to make an array.
const MOST_WRITES: usize = 1 << 24;

/// The most combinations for which the results of several rows are combined beforehand.
const MOST_COMBINED: usize = 1 << 12;

/// One version of a decision table made ready.
pub(super) struct Grid {
    axes: Vec<Axis>,
    way: Way,
    /// For each output its value in each outcome.
    values: Vec<Vector<'static>>,
    hit: Hit,
    combine: Vec<Combine>,
    lines: Vec<DecisionLine>,
}

/// How outcomes are found.
enum Way {
    /// By an array over all combinations of classes; each axis with the distance between its classes.
    Array { strides: Vec<u32>, outcomes: Vec<u32> },
    /// By the rows that each class of each axis fits.
    Sets(Vec<Vec<RowSet>>),
}

/// A set of rows, a bit for each.
type RowSet = Vec<u64>;

/// The values of an output, by outcome.
pub(super) enum Outcomes<'g> {
    /// Made ready with the table.
    Kept(&'g Vector<'static>),
    /// Made for this chunk.
    Made(Vector<'static>),
}

impl Grid {
    /// Makes a version ready.
    pub(super) fn of(table: &DecisionTable, lines: &[DecisionLine]) -> Grid {
        let columns = lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
        let axes: Vec<Axis> = (0..columns)
            .map(|column| Axis::of(column_cells(lines, column)))
            .collect();
        let mut grid = Grid {
            way: Way::Sets(Vec::new()),
            values: Vec::new(),
            hit: table.hit,
            combine: table.combine.clone(),
            lines: lines.to_vec(),
            axes,
        };
        match table.hit {
            Hit::Unique | Hit::First => grid.prepare_rows(),
            Hit::Every => grid.prepare_sets(),
        }
        grid
    }

    /// Gives the values of an output by outcome, and each cell's outcome.
    pub(super) fn outcomes(
        &self,
        output: usize,
        inputs: &[Vector<'_>],
        len: usize,
    ) -> (Outcomes<'_>, Vec<u32>) {
        match (&self.way, self.values.get(output)) {
            (Way::Array { strides, outcomes }, Some(values)) => (
                Outcomes::Kept(values),
                self.by_array(strides, outcomes, inputs, len),
            ),
            (Way::Sets(sets), Some(values)) => {
                let first = |rows: &RowSet| first_row(rows).unwrap_or(NO_ROW);
                let found = self.matching(sets, inputs, len).iter().map(first).collect();
                (Outcomes::Kept(values), found)
            }
            (Way::Sets(sets), None) if self.hit == Hit::Every => {
                let (distinct, found) = numbered(self.matching(sets, inputs, len));
                (Outcomes::Made(self.combined(output, &distinct)), found)
            }
            (Way::Array { .. } | Way::Sets(_), None) => (Outcomes::Made(value_list(&[])), vec![NO_ROW; len]),
        }
    }

    fn by_array(&self, strides: &[u32], outcomes: &[u32], inputs: &[Vector<'_>], len: usize) -> Vec<u32> {
        let mut places = vec![0_u32; len];
        for ((axis, stride), input) in self.axes.iter().zip(strides).zip(inputs) {
            if axis.advance(input, *stride, &mut places) {
                continue;
            }
            let classes = axis.classify(input, len);
            // The sum is a place in the array, which has far less than 2^32 entries.
            places = zip(&places, &classes, |place, class| {
                place.wrapping_add(class.wrapping_mul(*stride))
            });
        }
        let outcome = |place: u32| {
            usize::try_from(place)
                .ok()
                .and_then(|place| outcomes.get(place))
                .copied()
        };
        places
            .into_iter()
            .map(|place| outcome(place).unwrap_or(NO_ROW))
            .collect()
    }

    /// Gives the rows that match each cell.
    fn matching(&self, sets: &[Vec<RowSet>], inputs: &[Vector<'_>], len: usize) -> Vec<RowSet> {
        let mut rows = vec![every_row(self.lines.len()); len];
        for ((axis, sets), input) in self.axes.iter().zip(sets).zip(inputs) {
            let classes = axis.classify(input, len);
            for (rows, class) in rows.iter_mut().zip(classes) {
                match usize::try_from(class).ok().and_then(|class| sets.get(class)) {
                    Some(set) => rows.iter_mut().zip(set).for_each(|(all, set)| *all &= set),
                    None => rows.fill(0),
                }
            }
        }
        rows
    }

    /// Makes rows the outcomes: by an array where it is small enough, otherwise by sets.
    fn prepare_rows(&mut self) {
        let outputs = self.combine.len().max(
            self.lines
                .iter()
                .map(|line| line.outputs.len())
                .max()
                .unwrap_or(0),
        );
        let column = |output: usize| {
            self.lines
                .iter()
                .map(move |line| line.outputs.get(output).unwrap_or(&Value::Missing))
        };
        self.values = (0..outputs).map(|output| value_list(column(output))).collect();
        self.way = self.painted().unwrap_or_else(|| Way::Sets(self.sets()));
    }

    /// Makes combinations of rows the outcomes, where there are few; otherwise they are combined chunk by chunk.
    fn prepare_sets(&mut self) {
        let sets = self.sets();
        let combinations = self
            .combinations()
            .filter(|combinations| *combinations <= MOST_COMBINED);
        let Some((combinations, strides)) = combinations.zip(self.strides()) else {
            self.way = Way::Sets(sets);
            return;
        };
        let rows = |place: usize| {
            let mut rows = every_row(self.lines.len());
            for ((axis, stride), sets) in self.axes.iter().zip(&strides).zip(&sets) {
                let stride = usize::try_from(*stride).unwrap_or(1);
                let class = place
                    .checked_div(stride)
                    .and_then(|class| class.checked_rem(axis.classes()));
                if let Some(set) = class.and_then(|class| sets.get(class)) {
                    rows.iter_mut().zip(set).for_each(|(all, set)| *all &= set);
                }
            }
            rows
        };
        let (distinct, outcomes) = numbered((0..combinations).map(rows).collect());
        self.values = (0..self.combine.len())
            .map(|output| self.combined(output, &distinct))
            .collect();
        self.way = Way::Array { strides, outcomes };
    }

    /// Writes each row, the last one first, to all combinations of classes that it fits.
    fn painted(&self) -> Option<Way> {
        let combinations = self.combinations()?;
        let strides = self.strides()?;
        let accepted: Vec<Vec<Vec<u32>>> = self.lines.iter().map(|line| self.accepted(line)).collect();
        let volume = |accepted: &Vec<Vec<u32>>| accepted.iter().map(Vec::len).fold(1, usize::saturating_mul);
        if accepted.iter().map(volume).fold(0, usize::saturating_add) > MOST_WRITES {
            return None;
        }
        let mut outcomes = vec![NO_ROW; combinations];
        for (row, accepted) in accepted.iter().enumerate().rev() {
            let mut places = vec![0_u32];
            for (classes, stride) in accepted.iter().zip(&strides) {
                let moved = |place: &u32| {
                    let place = *place;
                    classes
                        .iter()
                        .map(move |class| place.saturating_add(class.saturating_mul(*stride)))
                };
                places = places.iter().flat_map(moved).collect();
            }
            for place in places {
                if let Some(slot) = usize::try_from(place)
                    .ok()
                    .and_then(|place| outcomes.get_mut(place))
                {
                    *slot = u32::try_from(row).unwrap_or(NO_ROW);
                }
            }
        }
        Some(Way::Array { strides, outcomes })
    }

    fn accepted(&self, line: &DecisionLine) -> Vec<Vec<u32>> {
        let any = Cell::Any;
        let cell = |column: usize| line.cells.get(column).unwrap_or(&any);
        self.axes
            .iter()
            .enumerate()
            .map(|(column, axis)| axis.accepted(cell(column)))
            .collect()
    }

    /// Finds, for each class of each axis, the rows that it fits.
    fn sets(&self) -> Vec<Vec<RowSet>> {
        let none = vec![0; self.lines.len().div_ceil(64)];
        let mut sets: Vec<Vec<RowSet>> = self
            .axes
            .iter()
            .map(|axis| vec![none.clone(); axis.classes()])
            .collect();
        for (row, line) in self.lines.iter().enumerate() {
            for (classes, sets) in self.accepted(line).into_iter().zip(&mut sets) {
                for class in classes {
                    if let Some(set) = usize::try_from(class).ok().and_then(|class| sets.get_mut(class)) {
                        insert(set, row);
                    }
                }
            }
        }
        sets
    }

    fn combined(&self, output: usize, distinct: &[RowSet]) -> Vector<'static> {
        let combine = self.combine.get(output).copied().unwrap_or(Combine::Single);
        let one = |rows: &RowSet| {
            let matching = self
                .lines
                .iter()
                .enumerate()
                .filter(|(row, _)| contains(rows, *row));
            combined(
                combine,
                matching.map(|(_, line)| line.outputs.get(output).unwrap_or(&Value::Missing)),
            )
        };
        let values: Vec<Value> = distinct.iter().map(one).collect();
        value_list(&values)
    }

    fn combinations(&self) -> Option<usize> {
        let all = self
            .axes
            .iter()
            .map(Axis::classes)
            .try_fold(1, usize::checked_mul)?;
        Some(all).filter(|all| *all <= MOST_COMBINATIONS)
    }

    /// Gives, for each axis, how far apart its classes are in an array over all of them.
    fn strides(&self) -> Option<Vec<u32>> {
        let mut next = 1_usize;
        let mut strides = Vec::with_capacity(self.axes.len());
        for axis in &self.axes {
            strides.push(u32::try_from(next).ok()?);
            next = next.checked_mul(axis.classes())?;
        }
        Some(strides)
    }
}

fn column_cells(lines: &[DecisionLine], column: usize) -> impl Iterator<Item = &Cell> + Clone {
    lines.iter().filter_map(move |line| line.cells.get(column))
}

/// Numbers different sets in the order in which they come up.
fn numbered(sets: Vec<RowSet>) -> (Vec<RowSet>, Vec<u32>) {
    let mut numbers: HashMap<RowSet, u32> = HashMap::new();
    let mut distinct = Vec::new();
    let mut found = Vec::with_capacity(sets.len());
    for set in sets {
        let number = *numbers.entry(set).or_insert_with_key(|set| {
            distinct.push(set.clone());
            u32::try_from(distinct.len().saturating_sub(1)).unwrap_or(NO_ROW)
        });
        found.push(number);
    }
    (distinct, found)
}

fn every_row(rows: usize) -> RowSet {
    let mut all = vec![0; rows.div_ceil(64)];
    (0..rows).for_each(|row| insert(&mut all, row));
    all
}

fn insert(rows: &mut [u64], row: usize) {
    let bit = u32::try_from(row % 64).unwrap_or(0);
    if let Some(word) = rows.get_mut(row / 64) {
        *word |= 1_u64.wrapping_shl(bit);
    }
}

fn contains(rows: &[u64], row: usize) -> bool {
    let bit = u32::try_from(row % 64).unwrap_or(0);
    rows.get(row / 64)
        .is_some_and(|word| word.wrapping_shr(bit) & 1 == 1)
}

fn first_row(rows: &[u64]) -> Option<u32> {
    let (place, word) = rows.iter().enumerate().find(|(_, word)| **word != 0)?;
    u32::try_from(place.checked_mul(64)?)
        .ok()?
        .checked_add(word.trailing_zeros())
}
