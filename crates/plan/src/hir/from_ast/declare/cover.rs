//! Regions over finite axes: whether the rows of a table leave a hole, overlap, or hide one another.
//!
//! A condition column becomes an axis of a few slots: stretches of values that no row tells apart. A row becomes a
//! region, the product of one slot set for each axis. For regions that do not overlap a hole is found by counting, in
//! time that grows with axes × rows; where they may overlap, by a search along the axes that remembers which sets of
//! rows it has seen, and gives up at a stated number of steps.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// The most steps of one table's proof: pairs of rows that are compared, and sets of rows that are looked at.
pub(crate) const MAX_STEPS: u64 = 10_000_000;

/// The most steps of the proofs of all tables together, so that no set of files takes much more than seconds.
pub(crate) const MAX_PROOF_STEPS: u64 = 40_000_000;

/// The most condition columns that a table may have, which bounds the depth of the search.
pub(crate) const MAX_AXES: usize = 32;

/// Holds some slots of one axis, as rising runs that do not touch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct SlotSet(Vec<Range<u32>>);

/// Holds one slot set for each axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Region(pub(crate) Vec<SlotSet>);

/// Names one slot on each axis.
pub(crate) type Point = Vec<u32>;

/// Reports two rows that share a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Overlap {
    /// The row that comes first.
    pub(crate) earlier: usize,
    /// The row that comes later.
    pub(crate) later: usize,
    /// A point of both.
    pub(crate) point: Point,
}

/// Reports that a proof would take more steps than are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// Finds two regions that share a point: those with the earliest later row.
pub(crate) fn overlap(axes: usize, rows: &[Region], steps: &mut u64) -> Result<Option<Overlap>, TooLarge> {
    let Some((pairs, axis)) = (0..axes).map(|axis| (pairs_on(rows, axis), axis)).min() else {
        return Ok(None);
    };
    *steps = steps.checked_sub(pairs).ok_or(TooLarge)?;
    Ok(sweep(rows, axis))
}

/// Finds the first point outside all regions, which must not overlap.
pub(crate) fn hole_between_disjoint(sizes: &[u32], rows: &[Region]) -> Result<Option<Point>, TooLarge> {
    let mut active: Vec<&Region> = rows.iter().collect();
    let mut point = Point::new();
    for (axis, size) in sizes.iter().enumerate() {
        let rest = sizes.get(axis.saturating_add(1)..).unwrap_or(&[]);
        let needed = product(rest.iter().map(|size| u128::from(*size)))?;
        let Some(slot) = first_short_slot(*size, needed, axis, &active)? else {
            return Ok(None);
        };
        active.retain(|row| row.side(axis).is_some_and(|side| side.contains(slot)));
        point.push(slot);
    }
    Ok(Some(point))
}

/// Finds a point of `target` outside all regions, which may overlap.
pub(crate) fn hole(target: &Region, rows: &[&Region], steps: &mut u64) -> Result<Option<Point>, TooLarge> {
    let cost = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    *steps = steps.checked_sub(cost).ok_or(TooLarge)?;
    let full_from = rows.iter().map(|row| row.full_from(target)).collect();
    let mut search = Search {
        target,
        rows,
        full_from,
        covered: HashSet::new(),
        steps,
    };
    let touching = (0..rows.len())
        .filter(|row| {
            rows.get(*row)
                .is_some_and(|row| row.common_point(target).is_some())
        })
        .collect();
    let found = search.visit(0, touching)?;
    Ok(found.map(|mut point| {
        point.reverse();
        point
    }))
}

impl SlotSet {
    /// Makes a set of runs in any order; empty and touching ones are put right.
    pub(crate) fn new(mut runs: Vec<Range<u32>>) -> SlotSet {
        runs.retain(|run| run.start < run.end);
        runs.sort_by_key(|run| run.start);
        let mut joined: Vec<Range<u32>> = Vec::new();
        for run in runs {
            match joined.last_mut() {
                Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
                Some(_) | None => joined.push(run),
            }
        }
        SlotSet(joined)
    }

    /// Makes the set of the slots from `start` to just before `end`.
    pub(crate) fn run(start: u32, end: u32) -> SlotSet {
        SlotSet(
            std::iter::once(Range { start, end })
                .filter(|run| run.start < run.end)
                .collect(),
        )
    }

    /// Makes the set of the first `size` slots.
    pub(crate) fn first_slots(size: u32) -> SlotSet {
        SlotSet::run(0, size)
    }

    /// Says whether there is no slot.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, slot: u32) -> bool {
        self.first_in(slot, slot.saturating_add(1)).is_some()
    }

    fn first_in(&self, start: u32, end: u32) -> Option<u32> {
        let at = self.0.partition_point(|run| run.end <= start);
        self.0
            .get(at)
            .map(|run| run.start.max(start))
            .filter(|slot| *slot < end)
    }

    fn first_common(&self, other: &SlotSet) -> Option<u32> {
        self.0.iter().find_map(|run| other.first_in(run.start, run.end))
    }

    fn covers(&self, other: &SlotSet) -> bool {
        other.0.iter().all(|run| {
            let at = self.0.partition_point(|mine| mine.end <= run.start);
            self.0
                .get(at)
                .is_some_and(|mine| mine.start <= run.start && run.end <= mine.end)
        })
    }

    fn count(&self) -> u128 {
        self.0
            .iter()
            .map(|run| u128::from(run.end.saturating_sub(run.start)))
            .fold(0, u128::saturating_add)
    }
}

impl Region {
    /// Says whether every point of another region is in this one.
    pub(crate) fn contains(&self, other: &Region) -> bool {
        self.full_from(other) == 0
    }

    fn side(&self, axis: usize) -> Option<&SlotSet> {
        self.0.get(axis)
    }

    fn common_point(&self, other: &Region) -> Option<Point> {
        self.0
            .iter()
            .zip(&other.0)
            .map(|(mine, theirs)| mine.first_common(theirs))
            .collect()
    }

    /// Gives the first axis from which on the region covers all of another.
    fn full_from(&self, target: &Region) -> usize {
        let sides = self.0.iter().zip(&target.0);
        sides
            .enumerate()
            .filter(|(_, (mine, all))| !mine.covers(all))
            .map(|(axis, _)| axis.saturating_add(1))
            .next_back()
            .unwrap_or(0)
    }

    fn volume_after(&self, axis: usize) -> Result<u128, TooLarge> {
        product(self.0.iter().skip(axis.saturating_add(1)).map(SlotSet::count))
    }
}

fn product(factors: impl Iterator<Item = u128>) -> Result<u128, TooLarge> {
    let mut product = 1_u128;
    for factor in factors {
        product = product.checked_mul(factor).ok_or(TooLarge)?;
    }
    Ok(product)
}

/// Counts the pairs of rows whose sides on one axis meet.
fn pairs_on(rows: &[Region], axis: usize) -> u64 {
    let runs = runs_on(rows, axis);
    let mut ends: Vec<u32> = runs.iter().map(|(run, _)| run.end).collect();
    ends.sort_unstable();
    let open = |(before, (run, _)): (usize, &(Range<u32>, usize))| {
        before.saturating_sub(ends.partition_point(|end| *end <= run.start))
    };
    let pairs = runs.iter().enumerate().map(open).fold(0, usize::saturating_add);
    u64::try_from(pairs).unwrap_or(u64::MAX)
}

/// Lists the runs of all rows on one axis by their start.
fn runs_on(rows: &[Region], axis: usize) -> Vec<(Range<u32>, usize)> {
    let sides = rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| Some((at, row.side(axis)?)));
    let mut runs: Vec<_> = sides
        .flat_map(|(at, side)| side.0.iter().map(move |run| (run.clone(), at)))
        .collect();
    runs.sort_by_key(|(run, at)| (run.start, *at));
    runs
}

fn sweep(rows: &[Region], axis: usize) -> Option<Overlap> {
    let mut open: Vec<(u32, usize)> = Vec::new();
    let mut best: Option<Overlap> = None;
    for (run, row) in runs_on(rows, axis) {
        open.retain(|(end, _)| *end > run.start);
        for (_, other) in &open {
            let (earlier, later) = (row.min(*other), row.max(*other));
            if earlier == later
                || best
                    .as_ref()
                    .is_some_and(|best| (best.later, best.earlier) <= (later, earlier))
            {
                continue;
            }
            let point = rows
                .get(earlier)
                .zip(rows.get(later))
                .and_then(|(a, b)| a.common_point(b));
            best = point
                .map(|point| Overlap {
                    earlier,
                    later,
                    point,
                })
                .or(best);
        }
        open.push((run.end, row));
    }
    best
}

/// Finds the first slot of an axis at which the rows fill less than the axes after it need.
fn first_short_slot(size: u32, needed: u128, axis: usize, rows: &[&Region]) -> Result<Option<u32>, TooLarge> {
    let mut changes: Vec<(u32, Reverse<bool>, u128)> = Vec::new();
    for row in rows {
        let volume = row.volume_after(axis)?;
        for run in row.side(axis).into_iter().flat_map(|side| &side.0) {
            changes.push((run.start, Reverse(true), volume));
            changes.push((run.end, Reverse(false), volume));
        }
    }
    changes.sort_unstable();
    let mut filled = 0_u128;
    let mut from = 0;
    for (slot, Reverse(opens), volume) in changes {
        if from < slot.min(size) && filled < needed {
            return Ok(Some(from));
        }
        from = slot;
        filled = if opens {
            filled.checked_add(volume).ok_or(TooLarge)?
        } else {
            filled.saturating_sub(volume)
        };
    }
    Ok((from < size && filled < needed).then_some(from))
}

struct Search<'a> {
    target: &'a Region,
    rows: &'a [&'a Region],
    /// For each row the axis from which on it covers the target.
    full_from: Vec<usize>,
    /// The axes and sets of rows that were found to leave no hole.
    covered: HashSet<(usize, Vec<usize>)>,
    steps: &'a mut u64,
}

impl Search<'_> {
    /// Looks for a hole on the axes from `axis` on, where only the rows of `active` are left; the point comes back to
    /// front.
    fn visit(&mut self, axis: usize, active: Vec<usize>) -> Result<Option<Point>, TooLarge> {
        if active
            .iter()
            .any(|row| self.full_from.get(*row).is_some_and(|from| *from <= axis))
        {
            return Ok(None);
        }
        if axis >= self.target.0.len() {
            return Ok(active.is_empty().then(Point::new));
        }
        if axis.saturating_add(1) == self.target.0.len() {
            return Ok(self.first_open_slot(axis, &active)?.map(|slot| vec![slot]));
        }
        for (slot, subset) in self.segments(axis, &active)? {
            let key = (axis.saturating_add(1), subset);
            if self.covered.contains(&key) {
                continue;
            }
            if let Some(mut point) = self.visit(key.0, key.1.clone())? {
                point.push(slot);
                return Ok(Some(point));
            }
            self.covered.insert(key);
        }
        Ok(None)
    }

    /// Finds a slot of the last axis on which no row holds; there it is enough to count them.
    fn first_open_slot(&mut self, axis: usize, active: &[usize]) -> Result<Option<u32>, TooLarge> {
        let changes = self.changes(axis, active);
        self.spend(changes.len())?;
        let Some(side) = self.target.side(axis) else {
            return Ok(None);
        };
        let (mut from, mut holding) = (0, 0_usize);
        for (slot, _, opens) in changes {
            if holding == 0
                && let Some(open) = side.first_in(from, slot)
            {
                return Ok(Some(open));
            }
            from = slot;
            holding = if opens {
                holding.saturating_add(1)
            } else {
                holding.saturating_sub(1)
            };
        }
        Ok(side.first_in(from, u32::MAX).filter(|_| holding == 0))
    }

    fn spend(&mut self, rows: usize) -> Result<(), TooLarge> {
        let cost = u64::try_from(rows).unwrap_or(u64::MAX).saturating_add(1);
        *self.steps = self.steps.checked_sub(cost).ok_or(TooLarge)?;
        Ok(())
    }

    /// Cuts the target's side into stretches and names the rows that hold on each.
    fn segments(&mut self, axis: usize, active: &[usize]) -> Result<Vec<(u32, Vec<usize>)>, TooLarge> {
        let mut segments = Vec::new();
        let mut holding = BTreeSet::new();
        let mut from = 0;
        for (slot, row, opens) in self.changes(axis, active) {
            self.close_segment(axis, from..slot, &holding, &mut segments)?;
            from = slot;
            if opens {
                holding.insert(row);
            } else {
                holding.remove(&row);
            }
        }
        self.close_segment(axis, from..u32::MAX, &holding, &mut segments)?;
        Ok(segments)
    }

    /// Lists where rows begin and end to hold along an axis.
    fn changes(&self, axis: usize, active: &[usize]) -> Vec<(u32, usize, bool)> {
        let sides = active
            .iter()
            .filter_map(|row| Some((*row, self.rows.get(*row)?.side(axis)?)));
        let mut changes: Vec<_> = sides
            .flat_map(|(row, side)| {
                side.0
                    .iter()
                    .flat_map(move |run| [(run.start, row, true), (run.end, row, false)])
            })
            .collect();
        changes.sort_unstable();
        changes
    }

    fn close_segment(
        &mut self,
        axis: usize,
        stretch: Range<u32>,
        holding: &BTreeSet<usize>,
        segments: &mut Vec<(u32, Vec<usize>)>,
    ) -> Result<(), TooLarge> {
        let Some(slot) = self
            .target
            .side(axis)
            .and_then(|side| side.first_in(stretch.start, stretch.end))
        else {
            return Ok(());
        };
        self.spend(holding.len())?;
        segments.push((slot, holding.iter().copied().collect()));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
