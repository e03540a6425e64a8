//! Where each payee's records are.

use std::collections::BTreeMap;

use guerdon::column::Column;
use guerdon::facts::Facts;
use guerdon_plan::types::TableId;

use super::super::alone::Split;
use super::linked;

/// A record, and the one that it is linked to.
pub(in super::super) type Entry = (u32, u32);

/// A place that came to be among the records of a table, or is no more; those behind it have moved.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Shift {
    Opened(u32),
    Closed(u32),
}

/// For each split table, its records by what they are linked to.
pub(in super::super) struct Index(BTreeMap<TableId, Linked>);

/// Records in the order of the records that they are linked to.
struct Linked {
    /// Where those of each begin; one more than there are.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Index {
    /// Goes through all records once; none where there is no memory for it.
    pub(in super::super) fn of(facts: &Facts, split: &Split) -> Option<Self> {
        let mut index = BTreeMap::new();
        for (table, (link, target)) in &split.links {
            let owners = facts.table(*target).map_or(0, |data| data.len());
            index.insert(*table, Linked::of(facts.column(*table, *link), owners)?);
        }
        Some(Self(index))
    }

    /// Follows a change of one record: what it was and is linked to, if it was and is, and whether others changed their
    /// places; none where it cannot be followed.
    pub(in super::super) fn follow(
        &mut self,
        split: &Split,
        table: TableId,
        (from, to): (Option<Entry>, Option<Entry>),
        shift: Option<Shift>,
    ) -> Option<()> {
        if let Some(linked) = self.0.get_mut(&table) {
            if from != to {
                from.map_or(Some(()), |entry| linked.take(entry))?;
            }
            if let Some(shift) = shift {
                shift.apply(&mut linked.rows);
            }
            if from != to {
                to.map_or(Some(()), |entry| linked.put(entry))?;
            }
        }
        let Some(shift) = shift else { return Some(()) };
        for (linking, (_, target)) in &split.links {
            if *target == table {
                self.0.get_mut(linking)?.shift(shift)?;
            }
        }
        Some(())
    }

    pub(in super::super) fn rows(&self, table: TableId, owner: u32) -> &[u32] {
        self.0.get(&table).map_or(&[], |linked| linked.rows_of(owner))
    }
}

impl Linked {
    fn of(column: Option<&Column>, owners: usize) -> Option<Self> {
        let mut starts = zeros(owners.checked_add(2)?)?;
        // Counted one place further than they begin, and begun one further than they end, so that one list does for all.
        let mut count = 0_usize;
        for (_, owner) in linked(column) {
            let place = starts.get_mut(usize::try_from(owner).ok()?.checked_add(2)?)?;
            *place = place.checked_add(1)?;
            count = count.saturating_add(1);
        }
        let mut sum = 0_u32;
        for start in &mut starts {
            sum = sum.checked_add(*start)?;
            *start = sum;
        }
        let mut rows = zeros(count)?;
        for (row, owner) in linked(column) {
            let next = starts.get_mut(usize::try_from(owner).ok()?.checked_add(1)?)?;
            *rows.get_mut(usize::try_from(*next).ok()?)? = row;
            *next = next.checked_add(1)?;
        }
        Some(Self { starts, rows })
    }

    /// Takes a record out of those of its link.
    fn take(&mut self, (row, owner): Entry) -> Option<()> {
        let place = usize::try_from(owner).ok()?;
        let begin = usize::try_from(*self.starts.get(place)?).ok()?;
        let within = self.rows_of(owner).iter().position(|own| *own == row)?;
        self.rows.remove(begin.checked_add(within)?);
        for start in self.starts.iter_mut().skip(place.checked_add(1)?) {
            *start = start.checked_sub(1)?;
        }
        Some(())
    }

    /// Puts a record to those of its link.
    fn put(&mut self, (row, owner): Entry) -> Option<()> {
        let next = usize::try_from(owner).ok()?.checked_add(1)?;
        let end = usize::try_from(*self.starts.get(next)?).ok()?;
        self.rows.try_reserve(1).ok()?;
        (end <= self.rows.len()).then(|| self.rows.insert(end, row))?;
        for start in self.starts.iter_mut().skip(next) {
            *start = start.checked_add(1)?;
        }
        Some(())
    }

    /// Follows a record that came to or went from the table that is linked to, with nothing linked to it.
    fn shift(&mut self, shift: Shift) -> Option<()> {
        match shift {
            Shift::Opened(owner) => {
                let place = usize::try_from(owner).ok()?;
                let start = *self.starts.get(place)?;
                self.starts.try_reserve(1).ok()?;
                self.starts.insert(place, start);
            }
            Shift::Closed(owner) => {
                if !self.rows_of(owner).is_empty() {
                    return None;
                }
                let place = usize::try_from(owner)
                    .ok()
                    .filter(|place| *place < self.starts.len())?;
                self.starts.remove(place);
            }
        }
        Some(())
    }

    fn rows_of(&self, owner: u32) -> &[u32] {
        let start = |place: Option<usize>| {
            let start = self.starts.get(place?).copied()?;
            usize::try_from(start).ok()
        };
        let place = usize::try_from(owner).ok();
        let range = start(place).zip(start(place.and_then(|place| place.checked_add(1))));
        range
            .and_then(|(from, until)| self.rows.get(from..until))
            .unwrap_or_default()
    }
}

fn zeros(count: usize) -> Option<Vec<u32>> {
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(count).ok()?;
    zeros.resize(count, 0);
    Some(zeros)
}

impl Shift {
    /// Moves all places behind the one that came or went.
    fn apply(self, rows: &mut [u32]) {
        match self {
            Self::Opened(at) => rows
                .iter_mut()
                .for_each(|row| *row = row.saturating_add(u32::from(*row >= at))),
            Self::Closed(at) => rows
                .iter_mut()
                .for_each(|row| *row = row.saturating_sub(u32::from(*row > at))),
        }
    }
}
