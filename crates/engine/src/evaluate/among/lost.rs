//! Cells of which it is not known to which group they belong.

use std::collections::{BTreeMap, HashMap};

use crate::evaluate::keys::Key;

/// The errors that such cells bring to every group they may belong to.
///
/// A cell may belong to the groups that agree with it in all parts of its group that are known. Cells of which the same
/// parts are known are looked up together, so that a group is compared with kinds of cells and not with each.
#[derive(Default)]
pub(super) struct Lost {
    by_known: BTreeMap<Vec<bool>, HashMap<Vec<i64>, u32>>,
}

impl Lost {
    /// Adds a cell, with the parts of its group that are known.
    pub(super) fn add(&mut self, known: Vec<bool>, groups: &[Key<'_>], cell: usize, error: u32) {
        let values = values(&known, groups, cell);
        let errors = self.by_known.entry(known).or_default();
        let lowest = errors.entry(values).or_insert(error);
        *lowest = error.min(*lowest);
    }

    /// Says whether there are no such cells.
    pub(super) fn is_empty(&self) -> bool {
        self.by_known.is_empty()
    }

    /// Gives the lowest error of a cell that may belong to the group of the given one, or 0.
    pub(super) fn error(&self, groups: &[Key<'_>], cell: usize) -> u32 {
        let errors = self
            .by_known
            .iter()
            .filter_map(|(known, errors)| errors.get(&values(known, groups, cell)));
        errors.copied().min().unwrap_or(0)
    }
}

fn values(known: &[bool], groups: &[Key<'_>], cell: usize) -> Vec<i64> {
    let parts = known.iter().zip(groups).filter(|(known, _)| **known);
    parts.map(|(_, group)| group.rank(cell)).collect()
}
