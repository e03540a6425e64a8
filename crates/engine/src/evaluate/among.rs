//! Places and shares: what a cell has among the cells of its group.
//!
//! A cell counts unless it is left out: its filter is no, or, where cells are compared, something that is compared is
//! missing. Where an error leaves open whether a cell counts, or in which group, it spoils every group in which it may
//! count, and no other.

mod lost;
mod shares;

use std::borrow::Cow;

use guerdon_plan::graph::{Frame, FrameId, NodeId};
use guerdon_plan::hir::{Direction, RankTies};

use self::lost::Lost;
use self::shares::Shares;
pub(super) use self::shares::SmallStep;
use super::State;
use super::keys::{Key, sorted_cells};
use super::lookup::{Numbered, masked, set};
use super::whole::exact_at;
use crate::fault::Fault;
use crate::kernel::rank;
use crate::kernel::share::Division;
use crate::vector::{Data, Numbers, Vector, compare_cells, flag};

/// How an amount is divided among cells.
#[derive(Clone, Copy)]
pub(super) struct Dividing<'n> {
    pub amount: NodeId,
    pub weight: NodeId,
    pub step: &'n guerdon_plan::number::Exact,
    /// The same step, where it is small.
    pub small: Option<SmallStep>,
    pub division: Division,
}

/// The cells of a frame by group, and what is known of them so far.
struct Among {
    groups: Groups,
    /// The cells that count, or may, by group and then in order.
    cells: Vec<usize>,
    missing: Vec<u8>,
    errors: Vec<u32>,
}

/// What makes groups.
struct Groups {
    parts: Vec<Key>,
    lost: Lost,
}

/// What decides which cells count.
struct Standing<'s> {
    keep: Option<Vector<'s>>,
    within: Vec<Vector<'s>>,
    keys: Vec<(Vector<'s>, Direction)>,
    /// The errors of whole records, and how many records there are.
    records: Option<(&'s [u32], usize)>,
}

impl State<'_> {
    /// Gives each cell its place.
    pub(super) fn ranked(
        &self,
        (id, frame): (NodeId, FrameId),
        keep: Option<NodeId>,
        within: &[NodeId],
        keys: &[(NodeId, Direction)],
        ties: RankTies,
    ) -> Vector<'static> {
        let len = self.frame_len(frame);
        let standing = self.standing(frame, keep, within, keys);
        let orders = standing.orders(len);
        let Among {
            groups,
            cells,
            missing,
            mut errors,
        } = standing.sort(len, &orders);
        let is_tied = |one, other| orders.iter().all(|key| key.rank(one) == key.rank(other));
        let tied = self.faults.number(id, Fault::Tied);
        let mut places = vec![0_i64; len];
        for run in groups.runs(&cells) {
            match groups.error(run, &errors) {
                0 => rank::places(run, is_tied, ties, |cell, place| match place {
                    Some(place) => set(&mut places, cell, place),
                    None => set(&mut errors, cell, tied),
                }),
                error => run.iter().for_each(|cell| set(&mut errors, *cell, error)),
            }
        }
        let places = Numbers::Scaled(Cow::Owned(places), rank::decimals(ties));
        masked(Data::Number(places), missing, errors)
    }

    /// Gives each cell its share.
    pub(super) fn shared(
        &self,
        (id, frame): (NodeId, FrameId),
        keep: Option<NodeId>,
        within: &[NodeId],
        how: Dividing<'_>,
    ) -> Vector<'static> {
        let len = self.frame_len(frame);
        let (amount, weight) = (self.full(how.amount), self.full(how.weight));
        let Among {
            groups,
            cells,
            mut missing,
            mut errors,
        } = self.standing(frame, keep, within, &[]).sort(len, &[]);
        let mut shares = Shares::new(len);
        for run in groups.runs(&cells) {
            let of_values = run
                .iter()
                .map(|cell| lowest(amount.error(*cell), weight.error(*cell)));
            let error = of_values.fold(groups.error(run, &errors), lowest);
            if error != 0 {
                run.iter().for_each(|cell| set(&mut errors, *cell, error));
                continue;
            }
            match shares.divide(run, &amount, &weight, how) {
                Ok(true) => {}
                Ok(false) => run.iter().for_each(|cell| set(&mut missing, *cell, 1)),
                Err(fault) => {
                    let error = self.faults.number(id, fault);
                    run.iter().for_each(|cell| set(&mut errors, *cell, error));
                }
            }
        }
        match shares.finish(how.step) {
            Ok(numbers) => masked(Data::Number(numbers), missing, errors),
            Err(_) => self.failed(id, Fault::TooWide),
        }
    }

    fn standing(
        &self,
        frame: FrameId,
        keep: Option<NodeId>,
        within: &[NodeId],
        keys: &[(NodeId, Direction)],
    ) -> Standing<'_> {
        let table = match self.graph.frame(frame) {
            Some(Frame::Rows(table) | Frame::Cells { rows: table, .. }) => self.facts.table(*table),
            _ => None,
        };
        Standing {
            keep: keep.map(|keep| self.full(keep)),
            within: within.iter().map(|part| self.full(*part)).collect(),
            keys: keys
                .iter()
                .map(|(key, direction)| (self.full(*key), *direction))
                .collect(),
            records: table.and_then(|table| Some((table.row_errors()?, table.len()))),
        }
    }
}

impl Standing<'_> {
    fn orders(&self, len: usize) -> Vec<Key> {
        let order = |(key, direction): &(Vector<'_>, Direction)| {
            Key::of(key, len, matches!(direction, Direction::Descending))
        };
        self.keys.iter().map(order).collect()
    }

    /// Sorts the cells that count by group and order.
    fn sort(&self, len: usize, orders: &[Key]) -> Among {
        let parts: Vec<Key> = self.within.iter().map(|part| Key::of(part, len, false)).collect();
        let mut among = Among {
            groups: Groups {
                parts,
                lost: Lost::default(),
            },
            cells: Vec::with_capacity(len),
            missing: vec![0; len],
            errors: vec![0; len],
        };
        for cell in 0..len {
            match self.counts(cell) {
                None => set(&mut among.missing, cell, 1),
                Some(error) => {
                    let astray = self.error_of_group(cell);
                    set(&mut among.errors, cell, lowest(error, astray));
                    if astray == 0 {
                        among.cells.push(cell);
                    } else {
                        let known = self.within.iter().map(|part| part.error(cell) == 0).collect();
                        let groups = &mut among.groups;
                        groups.lost.add(known, &groups.parts, cell, lowest(error, astray));
                    }
                }
            }
        }
        let keys: Vec<&Key> = among.groups.parts.iter().chain(orders).collect();
        if !keys.is_empty() {
            among.cells = sorted_cells(std::mem::take(&mut among.cells), &keys);
        }
        among
    }

    /// Says whether a cell counts: none if it is left out, otherwise the error that leaves that open, or 0.
    fn counts(&self, cell: usize) -> Option<u32> {
        let mut error = 0;
        if let Some(keep) = &self.keep {
            error = keep.error(cell);
            if error == 0 && Numbered::of(keep).at(cell) != Some(1) {
                return None;
            }
        }
        for (key, _) in &self.keys {
            match key.error(cell) {
                0 if key.is_missing(cell) => return None,
                own => error = lowest(error, own),
            }
        }
        let of_record = self.records.map_or(0, |(errors, rows)| {
            flag(errors, cell.checked_rem(rows).unwrap_or(cell))
        });
        Some(lowest(error, of_record))
    }

    fn error_of_group(&self, cell: usize) -> u32 {
        self.within.iter().map(|part| part.error(cell)).fold(0, lowest)
    }
}

impl Groups {
    /// Lists the groups.
    fn runs<'c>(&self, cells: &'c [usize]) -> impl Iterator<Item = &'c [usize]> + use<'_, 'c> {
        cells.chunk_by(|one, other| self.parts.iter().all(|part| part.rank(*one) == part.rank(*other)))
    }

    /// Gives the error that spoils a group, or 0.
    fn error(&self, run: &[usize], errors: &[u32]) -> u32 {
        let own = run.iter().map(|cell| flag(errors, *cell)).fold(0, lowest);
        match run.first() {
            Some(first) => lowest(own, self.lost.error(&self.parts, *first)),
            None => own,
        }
    }
}

/// Gives the lower of two errors, so that the order of cells plays no part; 0 is none.
fn lowest(one: u32, other: u32) -> u32 {
    match (one, other) {
        (0, error) | (error, 0) => error,
        (one, other) => one.min(other),
    }
}
