//! Orders: cells sorted by several keys, as whole columns of numbers.

mod packed;

use std::borrow::Cow;
use std::cmp::Ordering;

use self::packed::Packed;
use super::cells::{Numbered, set};
use crate::vector::{Data, Numbers, Vector, compare_cells};

/// A key column as numbers that compare as its values do.
pub(super) struct Key<'k> {
    ranks: Cow<'k, [i64]>,
    is_descending: bool,
}

/// Cells sorted by group and then by order.
#[derive(Default)]
pub(super) struct Sorted {
    cells: Vec<usize>,
    /// How each of them stands to the one before it.
    begins: Vec<Begins>,
}

/// How a sorted cell stands to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// It is in the same group, and equal in order.
    Nothing,
    /// It is in the same group, and comes later.
    Equals,
    /// It is the first of a group.
    Group,
}

/// The sorted cells of one group.
#[derive(Clone, Copy)]
pub(super) struct Run<'r> {
    pub cells: &'r [usize],
    begins: &'r [Begins],
}

impl<'k> Key<'k> {
    /// Ranks the values of a column; missing ones come first.
    pub(super) fn of(column: &'k Vector<'_>, len: usize, is_descending: bool) -> Self {
        Self {
            ranks: ranks(column, len),
            is_descending,
        }
    }

    pub(super) fn rank(&self, cell: usize) -> i64 {
        self.ranks.get(cell).copied().unwrap_or(i64::MIN)
    }

    /// Gives a number that grows in the key's own direction.
    fn place(&self, cell: usize) -> i64 {
        let rank = self.rank(cell);
        if self.is_descending { !rank } else { rank }
    }

    fn compare(&self, one: usize, other: usize) -> Ordering {
        self.place(one).cmp(&self.place(other))
    }
}

impl Sorted {
    /// Sorts some of the cells, given in their own order, by groups and then by orders; the cell itself comes last.
    pub(super) fn of(cells: Vec<usize>, groups: &[Key<'_>], orders: &[Key<'_>]) -> Self {
        if cells.len() >= FEW
            && let Some(packed) = Packed::of(&cells, groups, orders)
        {
            return packed.sorted(&cells);
        }
        let keys: Vec<&Key<'_>> = groups.iter().chain(orders).collect();
        let cells = if keys.is_empty() {
            cells
        } else {
            sorted_by_comparing(cells, &keys)
        };
        let is_equal = |keys: &[Key<'_>], one, other| keys.iter().all(|key| key.rank(one) == key.rank(other));
        let mut before = None;
        let begins = |cell: &usize| match before.replace(*cell) {
            Some(before) if !is_equal(groups, before, *cell) => Begins::Group,
            Some(before) if !is_equal(orders, before, *cell) => Begins::Equals,
            Some(_) => Begins::Nothing,
            None => Begins::Group,
        };
        let begins = cells.iter().map(begins).collect();
        Self { cells, begins }
    }

    /// Gives the cells of all groups.
    pub(super) fn cells(&self) -> &[usize] {
        &self.cells
    }

    /// Lists the groups.
    pub(super) fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        let (mut cells, mut begins) = (self.cells.as_slice(), self.begins.as_slice());
        std::iter::from_fn(move || {
            let len = stretch(begins, |begins| begins == Begins::Group)?;
            let (own, rest) = cells.split_at_checked(len)?;
            let (its, later) = begins.split_at_checked(len)?;
            (cells, begins) = (rest, later);
            Some(Run {
                cells: own,
                begins: its,
            })
        })
    }
}

impl<'r> Run<'r> {
    /// Lists the stretches of cells that are equal in order.
    pub(super) fn blocks(self) -> impl Iterator<Item = &'r [usize]> {
        let (mut cells, mut begins) = (self.cells, self.begins);
        std::iter::from_fn(move || {
            let len = stretch(begins, |begins| begins != Begins::Nothing)?;
            let (own, rest) = cells.split_at_checked(len)?;
            (cells, begins) = (rest, begins.get(len..)?);
            Some(own)
        })
    }
}

/// Counts the cells up to the next that ends a stretch; none where there are no cells.
fn stretch(begins: &[Begins], ends: impl Fn(Begins) -> bool) -> Option<usize> {
    let (_, others) = begins.split_first()?;
    let others = others.iter().take_while(|begins| !ends(**begins)).count();
    Some(others.saturating_add(1))
}

/// Below so many cells comparing them is as quick as anything.
const FEW: usize = 256;

fn sorted_by_comparing(mut cells: Vec<usize>, keys: &[&Key<'_>]) -> Vec<usize> {
    let compare = |one: &usize, other: &usize| {
        let by_keys = keys
            .iter()
            .map(|key| key.compare(*one, *other))
            .find(|order| *order != Ordering::Equal);
        by_keys.unwrap_or_else(|| one.cmp(other))
    };
    if !cells.is_sorted_by(|one, other| compare(one, other) != Ordering::Greater) {
        cells.sort_unstable_by(compare);
    }
    cells
}

fn ranks<'k>(column: &'k Vector<'_>, len: usize) -> Cow<'k, [i64]> {
    if column.is_plain() && column.len() == len {
        match &column.data {
            Data::Number(Numbers::Scaled(values, _)) => return Cow::Borrowed(values),
            Data::Row(rows) | Data::Text(rows, _) => return rows.iter().copied().map(i64::from).collect(),
            Data::Number(_)
            | Data::Bool(_)
            | Data::Date(_)
            | Data::Period(..)
            | Data::Enum(_)
            | Data::LongEnum(_)
            | Data::Nothing(_) => {}
        }
    }
    let numbered = Numbered::of(column);
    match &column.data {
        Data::Number(Numbers::Scaled(values, _)) => (0..len)
            .map(|cell| match column.is_missing(cell) || column.error(cell) != 0 {
                true => i64::MIN,
                false => crate::vector::flag(values, cell),
            })
            .collect(),
        Data::Number(_) => Cow::Owned(dense_ranks(column, len)),
        Data::Bool(_)
        | Data::Date(_)
        | Data::Period(..)
        | Data::Text(..)
        | Data::Enum(_)
        | Data::LongEnum(_)
        | Data::Row(_)
        | Data::Nothing(_) => (0..len)
            .map(|cell| numbered.at(cell).unwrap_or(i64::MIN))
            .collect(),
    }
}

fn dense_ranks(column: &Vector<'_>, len: usize) -> Vec<i64> {
    let is_there = |cell: &usize| !column.is_missing(*cell) && column.error(*cell) == 0;
    let mut cells: Vec<usize> = (0..len).filter(is_there).collect();
    cells.sort_by(|one, other| compare_cells(column, *one, column, *other));
    let mut ranks = vec![i64::MIN; len];
    let mut rank: i64 = 0;
    let mut before = None;
    for cell in cells {
        if before.is_some_and(|before| compare_cells(column, before, column, cell) != Ordering::Equal) {
            rank = rank.saturating_add(1);
        }
        before = Some(cell);
        set(&mut ranks, cell, rank);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sorts cells by groups and orders, each group a list of lists of equal ones.
    fn by_comparing(cells: &[usize], groups: &[Key<'_>], orders: &[Key<'_>]) -> Vec<Vec<Vec<usize>>> {
        let places =
            |keys: &[Key<'_>], cell: &usize| keys.iter().map(|key| key.place(*cell)).collect::<Vec<_>>();
        let mut sorted = cells.to_vec();
        sorted.sort_by_key(|cell| (places(groups, cell), places(orders, cell)));
        let runs = sorted.chunk_by(|one, other| places(groups, one) == places(groups, other));
        let blocks = |run: &[usize]| {
            let blocks = run.chunk_by(|one, other| places(orders, one) == places(orders, other));
            blocks.map(<[usize]>::to_vec).collect()
        };
        runs.map(blocks).collect()
    }

    proptest! {
        #[test]
        fn cells_are_in_the_order_of_their_keys_and_then_their_own(
            ranks in proptest::collection::vec((0_i64..3, -2_000_i64..2_000, any::<i64>()), 200..700),
            descending: [bool; 3],
            wide: bool,
            grouped in 0_usize..3,
        ) {
            let key = |rank: fn(&(i64, i64, i64)) -> i64, is_descending| Key {
                ranks: ranks.iter().map(rank).collect(),
                is_descending,
            };
            let mut keys = vec![key(|ranks| ranks.0, descending[0]), key(|ranks| ranks.1, descending[1])];
            if wide {
                keys.push(key(|ranks| ranks.2, descending[2]));
            }
            let orders = keys.split_off(grouped);
            let cells: Vec<usize> = (0..ranks.len()).filter(|cell| cell % 7 != 3 || wide).collect();
            let sorted = Sorted::of(cells.clone(), &keys, &orders);
            let found: Vec<Vec<Vec<usize>>> = sorted
                .runs()
                .map(|run| run.blocks().map(<[usize]>::to_vec).collect())
                .collect();
            prop_assert_eq!(found, by_comparing(&cells, &keys, &orders));
        }
    }

    #[test]
    fn without_keys_all_cells_are_one_group_of_equals() {
        let sorted = Sorted::of(vec![2, 5], &[], &[]);
        let runs: Vec<Vec<&[usize]>> = sorted.runs().map(|run| run.blocks().collect()).collect();
        assert_eq!(runs, [[[2, 5]]]);
        assert_eq!(Sorted::of(Vec::new(), &[], &[]).runs().count(), 0);
    }
}
