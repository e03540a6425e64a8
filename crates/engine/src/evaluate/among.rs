//! Places and shares: what a cell has among the cells of its group.
//!
//! A cell counts unless it is left out: its filter is no, or, where cells are compared, something that is compared is
//! missing. Where an error leaves open whether a cell counts, or in which group, it spoils every group in which it may
//! count, and no other.

mod lost;
mod shares;

use std::borrow::Cow;

use guerdon_plan::graph::{Frame, FrameId, Graph, NodeId, Op};
use guerdon_plan::hir::{Direction, RankTies};

use self::lost::Lost;
pub(super) use self::shares::SmallStep;
use self::shares::{Even, Shares};
use super::State;
use super::cells::{Numbered, masked, set};
use super::keys::{Key, Run, Sorted};
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

/// The order in which a term gives places; terms that differ in nothing but what they do with ties share it.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Ranking<'g> {
    frame: FrameId,
    keep: Option<NodeId>,
    within: &'g [NodeId],
    keys: &'g [(NodeId, Direction)],
}

/// The cells of a frame by group, and what is known of them so far.
struct Among<'k> {
    groups: Groups<'k>,
    /// The cells that count, or may, by group and then in order.
    sorted: Sorted,
    /// 1 where a cell does not count; empty where all do.
    missing: Vec<u8>,
    /// The errors of cells; empty where there are none.
    errors: Vec<u32>,
}

/// What makes groups.
struct Groups<'k> {
    parts: Vec<Key<'k>>,
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

impl<'g> Ranking<'g> {
    /// Gives the order of a term that gives places.
    pub(super) fn of(graph: &'g Graph, id: NodeId) -> Option<Self> {
        let node = graph.node(id)?;
        if let Op::Rank {
            keep, within, keys, ..
        } = &node.op
        {
            return Some(Self {
                frame: node.frame,
                keep: *keep,
                within,
                keys,
            });
        }
        None
    }

    /// Lists those of the terms that give places in this order, with what they do with ties.
    pub(super) fn alike(self, graph: &'g Graph, ids: &[NodeId]) -> Vec<(NodeId, RankTies)> {
        let ties = |id: &NodeId| match &graph.node(*id)?.op {
            Op::Rank { ties, .. } if Self::of(graph, *id) == Some(self) => Some((*id, *ties)),
            _ => None,
        };
        ids.iter().filter_map(ties).collect()
    }
}

impl State<'_> {
    /// Gives each cell its place, for each of the terms that share an order.
    pub(super) fn ranked(
        &self,
        ranking: Ranking<'_>,
        terms: &[(NodeId, RankTies)],
    ) -> Vec<(NodeId, Vector<'static>)> {
        let len = self.frame_len(ranking.frame);
        let standing = self.standing(ranking.frame, ranking.keep, ranking.within, ranking.keys);
        let orders = standing.orders(len);
        let among = standing.sort(len, &orders);
        let ranked = |(id, ties): &(NodeId, RankTies)| (*id, self.places(*id, &among, *ties, len));
        terms.iter().map(ranked).collect()
    }

    fn places(&self, id: NodeId, among: &Among<'_>, ties: RankTies, len: usize) -> Vector<'static> {
        let tied = self.faults.number(id, Fault::Tied);
        let mut errors = among.errors.clone();
        let mut places = vec![0_i64; len];
        for run in among.sorted.runs() {
            match among.error(run) {
                0 => rank::places(run.blocks(), ties, |cell, place| match place {
                    Some(place) => set(&mut places, cell, place),
                    None => mark(&mut errors, len, cell, tied),
                }),
                error => spoil(&mut errors, len, run, error),
            }
        }
        let places = Numbers::Scaled(Cow::Owned(places), rank::decimals(ties));
        masked(Data::Number(places), among.missing.clone(), errors)
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
        let standing = self.standing(frame, keep, within, &[]);
        let among = standing.sort(len, &[]);
        let (mut missing, mut errors) = (among.missing.clone(), among.errors.clone());
        let is_sound = amount.errors.is_none() && weight.errors.is_none();
        let even = Even::of(&amount, &weight, how.small);
        let mut shares = Shares::new(len);
        for run in among.sorted.runs() {
            let of_values = |cell: &usize| lowest(amount.error(*cell), weight.error(*cell));
            let error = if is_sound {
                among.error(run)
            } else {
                run.cells.iter().map(of_values).fold(among.error(run), lowest)
            };
            if error != 0 {
                spoil(&mut errors, len, run, error);
                continue;
            }
            if let Some(share) = even.as_ref().and_then(|even| even.share(run.cells)) {
                shares.put_alike(run.cells, share);
                continue;
            }
            match shares.divide(run.cells, &amount, &weight, how) {
                Ok(true) => {}
                Ok(false) => run
                    .cells
                    .iter()
                    .for_each(|cell| mark(&mut missing, len, *cell, 1)),
                Err(fault) => spoil(&mut errors, len, run, self.faults.number(id, fault)),
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
    fn orders(&self, len: usize) -> Vec<Key<'_>> {
        let orders = self.keys.iter().map(|(key, direction)| {
            let is_descending = matches!(direction, Direction::Descending);
            Key::of(key, len, is_descending)
        });
        orders.collect()
    }

    /// Sorts the cells that count by group and order.
    fn sort<'k>(&'k self, len: usize, orders: &[Key<'_>]) -> Among<'k> {
        let parts = self.within.iter().map(|part| Key::of(part, len, false));
        let mut among = Among {
            groups: Groups {
                parts: parts.collect(),
                lost: Lost::default(),
            },
            sorted: Sorted::default(),
            missing: Vec::new(),
            errors: Vec::new(),
        };
        let cells = if self.all_count() {
            (0..len).collect()
        } else {
            self.counting(len, &mut among)
        };
        among.sorted = Sorted::of(cells, &among.groups.parts, orders);
        among
    }

    /// Says whether every cell surely counts, and in a known group.
    fn all_count(&self) -> bool {
        let is_kept = |keep: &Vector<'_>| matches!(&keep.data, Data::Bool(flags) if flags[..] == [1]);
        self.records.is_none()
            && self
                .keep
                .as_ref()
                .is_none_or(|keep| keep.is_plain() && is_kept(keep))
            && self.keys.iter().all(|(key, _)| key.is_plain())
            && self.within.iter().all(|part| part.errors.is_none())
    }

    /// Lists the cells that count, or may, and notes what is known of the others.
    fn counting(&self, len: usize, among: &mut Among<'_>) -> Vec<usize> {
        let mut cells = Vec::with_capacity(len);
        for cell in 0..len {
            let Some(error) = self.counts(cell) else {
                mark(&mut among.missing, len, cell, 1);
                continue;
            };
            let astray = self.error_of_group(cell);
            let error = lowest(error, astray);
            if error != 0 {
                mark(&mut among.errors, len, cell, error);
            }
            if astray == 0 {
                cells.push(cell);
            } else {
                let known = self.within.iter().map(|part| part.error(cell) == 0).collect();
                let groups = &mut among.groups;
                groups.lost.add(known, &groups.parts, cell, error);
            }
        }
        cells
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

impl Among<'_> {
    /// Gives the error that spoils a group, or 0.
    fn error(&self, run: Run<'_>) -> u32 {
        if self.errors.is_empty() && self.groups.lost.is_empty() {
            return 0;
        }
        let own = run.cells.iter().map(|cell| flag(&self.errors, *cell));
        let own = own.fold(0, lowest);
        match run.cells.first() {
            Some(first) => lowest(own, self.groups.lost.error(&self.groups.parts, *first)),
            None => own,
        }
    }
}

fn spoil(errors: &mut Vec<u32>, len: usize, run: Run<'_>, error: u32) {
    run.cells.iter().for_each(|cell| mark(errors, len, *cell, error));
}

/// Sets an entry of a list that is empty as long as none is set.
fn mark<T: Copy + Default>(list: &mut Vec<T>, len: usize, cell: usize, value: T) {
    if list.is_empty() {
        list.resize(len, T::default());
    }
    set(list, cell, value);
}

/// Gives the lower of two errors, so that the order of cells plays no part; 0 is none.
fn lowest(one: u32, other: u32) -> u32 {
    match (one, other) {
        (0, error) | (error, 0) => error,
        (one, other) => one.min(other),
    }
}
