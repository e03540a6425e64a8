//! Decision tables.
//!
//! Each input's values fall into few classes that no condition of its column tells apart: an enum's values that are
//! named, the stretches between the ends of intervals, missing, and the rest. A table whose classes have not too many
//! combinations becomes an array from combination to outcome; otherwise each class knows the rows that it fits, and
//! the sets are intersected.

mod axis;
mod combine;
mod grid;

use guerdon_plan::graph::DecisionTable;
use guerdon_plan::hir::Effective;

use self::grid::Grid;
use super::masks::{Masks, length};
use super::{Call, Fault, versions};
use crate::vector::Vector;

/// A decision table made ready.
pub(super) struct Rules {
    effective: Vec<Effective>,
    versions: Vec<Grid>,
}

/// Stands where no row fits.
const NO_ROW: u32 = u32::MAX;

impl Rules {
    /// Makes a table ready.
    pub(super) fn of(table: &DecisionTable) -> Rules {
        Rules {
            effective: table.versions.iter().map(|(effective, _)| *effective).collect(),
            versions: table
                .versions
                .iter()
                .map(|(_, lines)| Grid::of(table, lines))
                .collect(),
        }
    }

    /// Gives a result for each cell. The inputs are the day and the conditions' inputs.
    pub(super) fn decide<'a>(&self, output: usize, inputs: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
        let [on, operands @ ..] = inputs else {
            return super::absent(inputs, call);
        };
        let of = |version: usize| match self.versions.get(version) {
            Some(grid) => decide(grid, output, operands, call),
            None => Masks::none(1).alone(),
        };
        versions::by_version(&self.effective, on, length(inputs), call, of)
    }
}

fn decide<'a>(grid: &Grid, output: usize, operands: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
    let mut masks = Masks::none(length(operands));
    operands.iter().for_each(|operand| masks.join_errors(operand));
    let (outcomes, found) = grid.outcomes(output, operands, masks.len());
    let decided = match outcomes {
        grid::Outcomes::Kept(values) => values.gather(&found),
        grid::Outcomes::Made(values) => values.gather(&found),
    };
    if found.contains(&NO_ROW) {
        let number = call.number(Fault::NoRow);
        found
            .iter()
            .enumerate()
            .filter(|(_, row)| **row == NO_ROW)
            .for_each(|(cell, _)| masks.fail(cell, number));
    }
    for cell in 0..masks.len() {
        if decided.missing.is_none() {
            break;
        }
        if decided.is_missing(cell) && !masks.is_out(cell) {
            masks.set_missing(cell);
        }
    }
    masks.over(decided.data)
}
