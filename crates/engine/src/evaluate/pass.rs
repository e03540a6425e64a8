//! Passes: cell-by-cell nodes and groups of one frame, a chunk at a time.

use std::ops::Range;

use guerdon_plan::graph::{NodeId, Op};

use super::chunk::Chunk;
use super::group::Group;
use super::lookup::Lookups;
use super::schedule::Pass;
use super::sinks::Sinks;
use super::{CHUNK, State};
use crate::error::Error;
use crate::kernel;
use crate::vector::{Builder, Vector};

/// What one thread has made of its share of a frame.
struct Share {
    kept: Vec<Vector<'static>>,
    groups: Vec<Group>,
    cells: usize,
}

impl State<'_> {
    /// Makes a pass and keeps what later stages need.
    pub(super) fn pass(&mut self, pass: &Pass) -> Result<(), Error> {
        let len = self.frame_len(pass.frame);
        let lookups = Lookups::of(self, pass);
        let sinks = Sinks::of(self, pass);
        let shares = self.shares(pass, &lookups, &sinks, len)?;
        let mut kept = Vec::new();
        let mut groups: Option<Vec<Group>> = None;
        for share in shares {
            kept.push((share.kept, share.cells));
            groups = Some(match groups {
                None => share.groups,
                Some(mut all) => {
                    all.iter_mut()
                        .zip(share.groups)
                        .for_each(|(all, more)| all.merge(more));
                    all
                }
            });
        }
        for (id, whole) in pass.kept.iter().zip(joined(kept)) {
            self.set_value(*id, whole);
        }
        for (id, group) in pass.groups.iter().zip(groups.unwrap_or_default()) {
            let value = group.finish();
            self.set_value(*id, value);
        }
        Ok(())
    }

    /// Splits the frame among threads; each takes consecutive chunks, so that joining keeps the order.
    fn shares(&self, pass: &Pass, lookups: &Lookups, sinks: &Sinks, len: usize) -> Result<Vec<Share>, Error> {
        let threads = if len < CHUNK.saturating_mul(16) {
            1
        } else {
            self.threads.0.max(1)
        };
        if threads == 1 {
            return Ok(vec![self.share(pass, lookups, sinks, 0..len)?]);
        }
        let chunks = len.div_ceil(CHUNK).div_ceil(threads).saturating_mul(CHUNK);
        let ranges = (0..threads).map(|thread| {
            let from = thread.saturating_mul(chunks).min(len);
            from..from.saturating_add(chunks).min(len)
        });
        std::thread::scope(|scope| {
            let work: Vec<_> = ranges
                .map(|range| scope.spawn(move || self.share(pass, lookups, sinks, range)))
                .collect();
            work.into_iter()
                .map(|work| work.join().unwrap_or(Err(Error::Cancelled)))
                .collect()
        })
    }

    fn share(
        &self,
        pass: &Pass,
        lookups: &Lookups,
        sinks: &Sinks,
        cells: Range<usize>,
    ) -> Result<Share, Error> {
        let mut kept: Vec<Builder> = pass.kept.iter().map(|_| Builder::of(cells.len())).collect();
        let mut groups: Vec<Group> = pass.groups.iter().map(|id| Group::new(self, *id)).collect();
        let mut chunk = Chunk {
            pass: pass.number,
            values: pass.nodes.iter().map(|_| None).collect(),
            cells: 0..0,
        };
        let mut from = cells.start;
        loop {
            let until = self.chunk_end(pass, from).min(cells.end);
            chunk.cells = from..until;
            self.limits.proceed()?;
            for (place, id) in pass.nodes.iter().enumerate() {
                let value = self.cell_node(*id, &chunk, lookups).into_owned();
                if let Some(slot) = chunk.values.get_mut(place) {
                    *slot = Some(value);
                }
            }
            for (id, builder) in pass.kept.iter().zip(&mut kept) {
                let value = chunk.get(self, *id);
                builder.push(&value, until.saturating_sub(from));
            }
            sinks.feed(self, &chunk, &mut groups);
            chunk.values.iter_mut().for_each(|value| *value = None);
            from = until;
            if from >= cells.end {
                let kept = kept.into_iter().map(Builder::finish).collect();
                return Ok(Share {
                    kept,
                    groups,
                    cells: cells.len(),
                });
            }
        }
    }

    /// Says where a chunk ends: where its period does, if periods are long, so that what hangs on the period alone is one
    /// value for the whole chunk.
    fn chunk_end(&self, pass: &Pass, from: usize) -> usize {
        let end = from.saturating_add(CHUNK);
        match self.grid(pass.frame) {
            Some(grid) if grid.rows >= CHUNK => {
                let own = from.checked_rem(grid.rows).unwrap_or(0);
                end.min(from.saturating_add(grid.rows.saturating_sub(own)))
            }
            Some(_) | None => end,
        }
    }

    /// Computes a node for a chunk.
    fn cell_node<'c>(&'c self, id: NodeId, chunk: &'c Chunk, lookups: &Lookups) -> Vector<'c> {
        let Some(node) = self.graph.node(id) else {
            return Vector::new(crate::vector::Data::Nothing(1));
        };
        match &node.op {
            Op::At { source, cell } => self.at(*source, &chunk.get(self, *cell)),
            Op::CellOf {
                frame,
                row,
                period,
                outside,
            } => {
                let row = row.map(|row| chunk.get(self, row));
                let period = period.map(|period| chunk.get(self, period));
                self.cell_of(id, *frame, row.as_ref(), period.as_ref(), *outside)
            }
            Op::Find { table, keys, on } => {
                let keys: Vec<Vector<'c>> = keys.iter().map(|key| chunk.get(self, *key)).collect();
                let on = on.map(|on| chunk.get(self, on));
                self.find(id, *table, &keys, on.as_ref())
            }
            Op::ExchangeRate { of, from, to, on, .. } => {
                let inputs = [of, from, on].map(|input| chunk.get(self, *input));
                self.exchange_rates(id, lookups.rates(id), *to, &inputs)
            }
            Op::FindCell { keys } => {
                let here: Vec<Vector<'c>> = keys.iter().map(|(_, here)| chunk.get(self, *here)).collect();
                lookups.find_cell(self, id, &here)
            }
            Op::LastMoment {
                frame,
                origin,
                period,
            } => {
                let (origin, period) = (chunk.get(self, *origin), chunk.get(self, *period));
                self.last_moment(*frame, &origin, &period)
            }
            op => {
                let quotient = self.schedule.quotients.get(id.index()).copied().flatten();
                let read = quotient.unwrap_or(id);
                let inputs = self.schedule.inputs.get(read.index()).map(Vec::as_slice);
                let inputs = inputs.unwrap_or_default().iter();
                let inputs: Vec<Vector<'c>> = inputs.map(|input| chunk.get(self, *input)).collect();
                match quotient.and_then(|id| Some((&self.graph.node(id)?.op, id))) {
                    Some(quotient) => kernel::rounded(quotient, (op, id), &inputs, &self.context()),
                    None => self.map(op, id, &inputs),
                }
            }
        }
    }
}

/// Joins what threads have kept, node by node.
fn joined(mut shares: Vec<(Vec<Vector<'static>>, usize)>) -> Vec<Vector<'static>> {
    if shares.len() == 1 {
        return shares.pop().map(|(kept, _)| kept).unwrap_or_default();
    }
    let nodes = shares.first().map_or(0, |(kept, _)| kept.len());
    let cells = shares
        .iter()
        .map(|(_, cells)| *cells)
        .fold(0, usize::saturating_add);
    let mut builders: Vec<Builder> = (0..nodes).map(|_| Builder::of(cells)).collect();
    for (kept, cells) in &shares {
        for (builder, part) in builders.iter_mut().zip(kept) {
            builder.push(part, *cells);
        }
    }
    builders.into_iter().map(Builder::finish).collect()
}
