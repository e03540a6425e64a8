//! Nodes that look at whole columns: running totals, sums over periods, orders, extremes.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use guerdon_plan::graph::{AxisId, AxisSpan, Frame, FrameId, GroupKey, NodeId, Op, Taken};
use guerdon_plan::hir::{AggregateOp, Direction, Sign};
use guerdon_plan::number::Exact;

use super::among::{Dividing, Ranking, SmallStep};
use super::cells::{Numbered, masked, set};
use super::keys::{Key, Sorted};
use super::walk::Walk;
use super::{State, best};
use crate::error::Error;
use crate::fault::Fault;
use crate::kernel;
use crate::kernel::share::Division;
use crate::vector::{Builder, Data, Numbers, Vector, compare_cells};

/// The periods of a frame of rows and periods.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub rows: usize,
    pub periods: usize,
    axis: AxisId,
}

impl Grid {
    pub(super) fn cells(self, period: usize) -> Range<usize> {
        let from = period.saturating_mul(self.rows);
        from..from.saturating_add(self.rows)
    }
}

impl State<'_> {
    /// Computes a node from whole columns, and with it those of the others that stand in the same order.
    pub(super) fn whole(
        &self,
        id: NodeId,
        others: &[NodeId],
    ) -> Result<Vec<(NodeId, Vector<'static>)>, Error> {
        match Ranking::of(self.graph, id) {
            Some(ranking) => Ok(self.ranked(ranking, &ranking.alike(self.graph, others))),
            None => Ok(vec![(id, self.alone(id)?)]),
        }
    }

    fn alone(&self, id: NodeId) -> Result<Vector<'static>, Error> {
        let Some(node) = self.graph.node(id) else {
            return Ok(Vector::new(Data::Nothing(1)));
        };
        Ok(match &node.op {
            Op::Before {
                take,
                value,
                keep,
                order,
                by,
            } => self.before(id, node.frame, (*take, *value), *keep, order, by),
            Op::Cumulate { of, span } => self.cumulate(id, node.frame, *of, *span),
            Op::Previous(of) => self.previous(node.frame, *of),
            Op::Reached(of) => self.reached(node.frame, *of),
            Op::Prior { of, initial, restart } => self.lagged(id, node.frame, *of, *initial, *restart),
            Op::Group {
                op,
                value,
                filter,
                key,
                from,
                order,
                best,
            } => self.chosen(id, *op, (*value, *best), *filter, key, *from, order),
            Op::Share {
                keep,
                within,
                amount,
                weight,
                step,
                rounding,
                rest,
                unweighted,
            } => {
                let how = Dividing {
                    amount: *amount,
                    weight: *weight,
                    step,
                    small: SmallStep::of(step),
                    division: Division {
                        rounding: *rounding,
                        rest: *rest,
                        unweighted: *unweighted,
                    },
                };
                self.shared((id, node.frame), *keep, within, how)
            }
            _ => Vector::new(Data::Nothing(self.frame_len(node.frame))),
        })
    }

    fn before(
        &self,
        id: NodeId,
        frame: FrameId,
        (take, value): (Taken, NodeId),
        keep: Option<NodeId>,
        order: &[NodeId],
        by: &[NodeId],
    ) -> Vector<'static> {
        let len = self.frame_len(frame);
        let columns: Vec<Vector<'_>> = by.iter().map(|id| self.full(*id)).collect();
        let groups: Vec<Key<'_>> = columns.iter().map(|column| Key::of(column, len, false)).collect();
        let ordering: Vec<Vector<'_>> = order.iter().map(|id| self.full(*id)).collect();
        let orders: Vec<Key<'_>> = ordering
            .iter()
            .map(|column| Key::of(column, len, false))
            .collect();
        let sorted = Sorted::of((0..len).collect(), &groups, &orders);
        let value = self.full(value);
        let disorder = |cell: usize| {
            ordering
                .iter()
                .map(|key| key.error(cell))
                .find(|error| *error != 0)
                .unwrap_or(0)
        };
        let keep = keep.map(|keep| self.full(keep));
        let counts = |cell: usize| {
            let is_kept = |keep: &Vector<'_>| keep.error(cell) != 0 || Numbered::of(keep).at(cell) == Some(1);
            keep.as_ref().is_none_or(is_kept)
        };
        let is_ordered = ordering.iter().all(|key| key.errors.is_none());
        let mut walk = Walk::new(len, take, self.faults.number(id, Fault::TooWide));
        for run in sorted.runs() {
            walk.group(run.cells, &value);
            if !is_ordered {
                walk.spoil(run.cells, disorder, counts);
            }
        }
        let mut result = walk.finish(&value);
        for column in &columns {
            if let Some(errors) = &column.errors {
                result = poisoned(result, errors, len);
            }
        }
        result
    }

    /// Gives the periods and rows of a frame `Cells`.
    pub(super) fn grid(&self, frame: FrameId) -> Option<Grid> {
        match self.graph.frame(frame)? {
            Frame::Cells { rows, axis } => Some(Grid {
                rows: self.rows(*rows),
                periods: self.window(*axis).len,
                axis: *axis,
            }),
            Frame::Axis(axis) => Some(Grid {
                rows: 1,
                periods: self.window(*axis).len,
                axis: *axis,
            }),
            Frame::Single | Frame::Rows(_) | Frame::Selected { .. } | Frame::Expanded { .. } => None,
        }
    }

    fn cumulate(&self, id: NodeId, frame: FrameId, of: NodeId, span: AxisSpan) -> Vector<'static> {
        let Some(grid) = self.grid(frame) else {
            return Vector::new(Data::Nothing(1));
        };
        let of = self.full(of);
        let mut all = Builder::default();
        let mut so_far: Vec<Vector<'static>> = Vec::new();
        for period in 0..grid.periods {
            let first = self.first_of_span(grid, period, span);
            let own = of.slice(grid.cells(period)).into_owned();
            let sum = match span {
                AxisSpan::Last(_) => (first..period)
                    .map(|before| of.slice(grid.cells(before)).into_owned())
                    .fold(own, |sum, part| self.sum_of(id, &sum, &part)),
                AxisSpan::EverToDate | AxisSpan::ToDate(_) | AxisSpan::Whole(_) => match so_far.last() {
                    Some(before) if first < period => self.sum_of(id, before, &own),
                    Some(_) | None => own,
                },
            };
            so_far.push(sum);
        }
        for period in 0..grid.periods {
            let at = match span {
                AxisSpan::Whole(_) => self.last_of_span(grid, period, span),
                AxisSpan::EverToDate | AxisSpan::ToDate(_) | AxisSpan::Last(_) => period,
            };
            if let Some(sum) = so_far.get(at) {
                all.push(sum, grid.rows);
            }
        }
        all.finish()
    }

    pub(super) fn sum_of(&self, id: NodeId, one: &Vector<'_>, other: &Vector<'_>) -> Vector<'static> {
        let op = Op::Sum(vec![(Sign::Plus, id), (Sign::Plus, id)]);
        let inputs = [one.slice(0..one.len()), other.slice(0..other.len())];
        kernel::map(&op, id, &inputs, &self.context()).into_owned()
    }

    /// Gives the first period that is summed for a period.
    pub(super) fn first_of_span(&self, grid: Grid, period: usize, span: AxisSpan) -> usize {
        match span {
            AxisSpan::EverToDate => 0,
            AxisSpan::Last(count) => {
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                period.saturating_add(1).saturating_sub(count)
            }
            AxisSpan::ToDate(_) | AxisSpan::Whole(_) => {
                let own = self.longer(grid, period, span);
                (0..period)
                    .rev()
                    .take_while(|before| self.longer(grid, *before, span) == own)
                    .last()
                    .unwrap_or(period)
            }
        }
    }

    pub(super) fn last_of_span(&self, grid: Grid, period: usize, span: AxisSpan) -> usize {
        let own = self.longer(grid, period, span);
        (period..grid.periods)
            .take_while(|after| self.longer(grid, *after, span) == own)
            .last()
            .unwrap_or(period)
    }

    /// Gives the longer period that one of the axis lies in, as an index.
    fn longer(&self, grid: Grid, period: usize, span: AxisSpan) -> Option<i32> {
        let axis = self.graph.axes.get(grid.axis.index())?;
        let calendar = self.calendars.get(axis.calendar.index())?;
        let (AxisSpan::ToDate(unit) | AxisSpan::Whole(unit)) = span else {
            return None;
        };
        let index = self
            .window(grid.axis)
            .first
            .checked_add(i32::try_from(period).ok()?)?;
        let own = super::frame::period_key(axis.unit, index);
        calendar.containing(own, unit).map(|longer| longer.index)
    }

    fn previous(&self, frame: FrameId, of: NodeId) -> Vector<'static> {
        let len = self.frame_len(frame);
        let of = self.full(of);
        let data = self.frame_data(frame);
        let origin = |cell: usize| data.and_then(|data| data.origin(cell));
        let cells: Vec<u32> = (0..len)
            .map(|cell| u32::try_from(cell.saturating_sub(1)).unwrap_or(0))
            .collect();
        let first: Vec<u8> = (0..len)
            .map(|cell| u8::from(cell == 0 || origin(cell) != origin(cell.saturating_sub(1))))
            .collect();
        let shifted = if len == 0 || of.len() == 1 {
            of
        } else {
            of.gather(&cells)
        };
        let zero = Vector::new(Data::Number(Numbers::Scaled(Cow::Owned(vec![0]), 0)));
        let first = Vector::new(Data::Bool(Cow::Owned(first)));
        let op = Op::If {
            condition: NodeId(0),
            then: NodeId(0),
            otherwise: NodeId(0),
        };
        kernel::map(&op, NodeId(0), &[first, zero, shifted], &self.context()).into_owned()
    }

    /// Gives the greatest value so far of each parent cell's; an error stays.
    fn reached(&self, frame: FrameId, of: NodeId) -> Vector<'static> {
        let of = self.full(of);
        if of.len() == 1 {
            return of.into_owned();
        }
        let data = self.frame_data(frame);
        let origin = |cell: usize| data.and_then(|data| data.origin(cell));
        let mut best = 0;
        let cells: Vec<u32> = (0..self.frame_len(frame))
            .map(|cell| {
                let is_first = cell == 0 || origin(cell) != origin(cell.saturating_sub(1));
                let is_more =
                    || of.error(best) == 0 && (of.error(cell) != 0 || of.number(cell) > of.number(best));
                if is_first || is_more() {
                    best = cell;
                }
                u32::try_from(best).unwrap_or(u32::MAX)
            })
            .collect();
        of.gather(&cells)
    }

    /// Gives values one period later, where nothing needs the value in the making.
    fn lagged(
        &self,
        id: NodeId,
        frame: FrameId,
        of: NodeId,
        initial: NodeId,
        restart: Option<NodeId>,
    ) -> Vector<'static> {
        let Some(grid) = self.grid(frame) else {
            return Vector::new(Data::Nothing(1));
        };
        let (of, initial) = (self.full(of), self.full(initial));
        let restart = restart.map(|restart| self.full(restart));
        let mut all = Builder::default();
        for period in 0..grid.periods {
            let cells = grid.cells(period);
            let before = period.checked_sub(1).map(|before| of.slice(grid.cells(before)));
            let restart = restart.as_ref().map(|restart| restart.slice(cells.clone()));
            let value = self.prior(id, grid, period, before, initial.slice(cells), restart);
            all.push(&value, grid.rows);
        }
        all.finish()
    }

    /// Gives the state that a period begins with.
    pub(super) fn prior<'c>(
        &self,
        id: NodeId,
        grid: Grid,
        period: usize,
        before: Option<Vector<'c>>,
        initial: Vector<'c>,
        restart: Option<Vector<'c>>,
    ) -> Vector<'c> {
        let Some(before) = before.filter(|_| period > self.window(grid.axis).horizon_from) else {
            return initial;
        };
        let Some(restart) = restart else { return before };
        let op = Op::If {
            condition: id,
            then: id,
            otherwise: id,
        };
        kernel::map(&op, id, &[restart, initial, before], &self.context()).into_owned()
    }

    /// Aggregates that pick one of the values or look at all of them together.
    #[expect(clippy::too_many_arguments, reason = "they are the parts of the term")]
    fn chosen(
        &self,
        id: NodeId,
        op: AggregateOp,
        (value, best): (Option<NodeId>, Option<u32>),
        filter: Option<NodeId>,
        key: &GroupKey,
        from: FrameId,
        order: &[(NodeId, Direction)],
    ) -> Vector<'static> {
        if let (None, None, GroupKey::All, []) = (best, filter, key, order)
            && let Some(found) = self.extreme(id, op, value, from)
        {
            return found;
        }
        let len = self.frame_len(from);
        let target = self.graph.node(id).map_or(0, |node| self.frame_len(node.frame));
        // What is only counted counts as one each.
        let value = match value {
            Some(value) => self.full(value),
            None => best::one(),
        };
        let members = self.members(key, filter, from, id, target);
        let columns: Vec<(Vector<'_>, Direction)> = order
            .iter()
            .map(|(key, direction)| (self.full(*key), *direction))
            .collect();
        let keys: Vec<Key<'_>> = columns
            .iter()
            .map(|(column, direction)| Key::of(column, len, matches!(direction, Direction::Descending)))
            .collect();
        let mut errors = members.errors;
        let mut lists: Vec<Vec<usize>> = vec![Vec::new(); target];
        for cell in Sorted::of((0..len).collect(), &[], &keys).cells().iter().copied() {
            let Some(place) = members.places.get(cell).copied().flatten() else {
                continue;
            };
            let disorder = columns
                .iter()
                .map(|(key, _)| key.error(cell))
                .find(|error| *error != 0);
            match value.error(cell).max(disorder.unwrap_or(0)) {
                0 if value.is_missing(cell) => {}
                0 => {
                    if let Some(list) = lists.get_mut(place) {
                        list.push(cell);
                    }
                }
                error => spoil(&mut errors, place, error),
            }
        }
        if let Some(most) = best {
            lists.iter_mut().for_each(|list| best::keep(list, &value, most));
        }
        let mut result = match op {
            AggregateOp::Average => self.averages(id, &value, &lists),
            AggregateOp::CountDistinct => counts_distinct(&value, &lists),
            AggregateOp::Sum => self.sums(id, &value, &lists),
            AggregateOp::Count => best::counts(&lists),
            AggregateOp::Any | AggregateOp::All => best::flags(op, &value, &lists),
            AggregateOp::Lowest | AggregateOp::Highest | AggregateOp::First | AggregateOp::Last => {
                picked(op, &value, &lists)
            }
        };
        if errors.iter().any(|error| *error != 0) {
            result = poisoned(result, &errors, target);
        }
        result
    }

    fn averages(&self, id: NodeId, value: &Vector<'_>, lists: &[Vec<usize>]) -> Vector<'static> {
        let mut sums = Vec::new();
        let mut missing = vec![0; lists.len()];
        let mut errors = vec![0; lists.len()];
        for (place, list) in lists.iter().enumerate() {
            let sum = list
                .iter()
                .try_fold(Exact::ZERO, |sum, cell| sum.add(&value.number(*cell)));
            let count = i64::try_from(list.len()).unwrap_or(i64::MAX);
            let mean = sum.and_then(|sum| sum.div(&Exact::from_i64(count.max(1))));
            if list.is_empty() {
                set(&mut missing, place, 1);
            } else if mean.is_err() {
                set(&mut errors, place, self.faults.number(id, Fault::TooWide));
            }
            sums.push(mean.unwrap_or(Exact::ZERO));
        }
        masked(Data::Number(Numbers::Exact(Cow::Owned(sums))), missing, errors)
    }

    /// Gives the group of each cell, with what spoils groups.
    fn members(
        &self,
        key: &GroupKey,
        filter: Option<NodeId>,
        from: FrameId,
        id: NodeId,
        target: usize,
    ) -> Members {
        let len = self.frame_len(from);
        let mut members = Members {
            places: Vec::new(),
            errors: self.known_errors(id, target).unwrap_or_else(|| vec![0; target]),
        };
        let filter = filter.map(|filter| self.full(filter));
        let (row, period, cell) = match key {
            GroupKey::All => (None, None, None),
            GroupKey::Cell(cell) => (None, None, Some(self.full(*cell))),
            GroupKey::Place { row, period } => (
                row.map(|row| self.full(row)),
                period.map(|period| self.full(period)),
                None,
            ),
        };
        let grid = self.graph.node(id).and_then(|node| self.grid(node.frame));
        let records = match self.graph.frame(from) {
            Some(Frame::Rows(table)) => self
                .facts
                .table(*table)
                .and_then(crate::facts::TableData::row_errors),
            _ => None,
        };
        let number = |vector: &Vector<'_>, at: usize| Numbered::of(vector).at(at);
        for at in 0..len {
            let (asked, failed) = match &filter {
                Some(filter) => (
                    filter.error(at) != 0 || number(filter, at) == Some(1),
                    filter.error(at),
                ),
                None => (true, 0),
            };
            let failed = if failed == 0 {
                records.and_then(|errors| errors.get(at)).copied().unwrap_or(0)
            } else {
                failed
            };
            let base = match (&cell, &row) {
                (Some(part), _) | (None, Some(part)) => {
                    number(part, at).and_then(|base| usize::try_from(base).ok())
                }
                (None, None) => Some(0),
            };
            let lost = period.as_ref().map_or(0, |period| period.error(at));
            let along = match (&period, grid) {
                (Some(period), Some(grid)) => self.along(period, at, grid),
                _ => Some(0),
            };
            let place = match (asked, base, along) {
                (true, Some(base), Some(along)) => Some(
                    along
                        .saturating_mul(grid.map_or(0, |grid| grid.rows))
                        .saturating_add(base),
                ),
                _ => None,
            };
            if let (true, Some(base), true) = (asked, base, lost != 0) {
                let rows = grid.map_or(1, |grid| grid.rows).max(1);
                (base..target)
                    .step_by(rows)
                    .for_each(|place| spoil(&mut members.errors, place, lost));
            }
            match (place, failed) {
                (Some(place), failed) if failed != 0 => {
                    spoil(&mut members.errors, place, failed);
                    members.places.push(None);
                }
                (place, _) => members.places.push(place),
            }
        }
        members
    }

    fn along(&self, period: &Vector<'_>, at: usize, grid: Grid) -> Option<usize> {
        let first = i64::from(self.window(grid.axis).first);
        let along = Numbered::of(period).at(at)?.checked_sub(first)?;
        usize::try_from(along).ok().filter(|along| *along < grid.periods)
    }
}

/// The groups of a frame's cells.
struct Members {
    places: Vec<Option<usize>>,
    errors: Vec<u32>,
}

fn spoil(errors: &mut [u32], place: usize, error: u32) {
    if let Some(slot) = errors.get_mut(place) {
        *slot = if *slot == 0 { error } else { error.min(*slot) };
    }
}

fn counts_distinct(value: &Vector<'_>, lists: &[Vec<usize>]) -> Vector<'static> {
    let count = |list: &Vec<usize>| {
        let mut cells = list.clone();
        cells.sort_by(|one, other| compare_cells(value, *one, value, *other));
        cells.dedup_by(|one, other| compare_cells(value, *one, value, *other) == Ordering::Equal);
        i64::try_from(cells.len()).unwrap_or(i64::MAX)
    };
    let counts = lists.iter().map(count).collect();
    Vector::new(Data::Number(Numbers::Scaled(Cow::Owned(counts), 0)))
}

fn picked(op: AggregateOp, value: &Vector<'_>, lists: &[Vec<usize>]) -> Vector<'static> {
    let compare = |one: &usize, other: &usize| compare_cells(value, *one, value, *other);
    let pick = |list: &Vec<usize>| match op {
        AggregateOp::Lowest => list.iter().copied().min_by(compare),
        AggregateOp::Highest => list.iter().copied().max_by(compare),
        AggregateOp::Last => list.last().copied(),
        AggregateOp::First
        | AggregateOp::Sum
        | AggregateOp::Count
        | AggregateOp::CountDistinct
        | AggregateOp::Average
        | AggregateOp::Any
        | AggregateOp::All => list.first().copied(),
    };
    let chosen: Vec<Option<usize>> = lists.iter().map(pick).collect();
    let missing: Vec<u8> = chosen.iter().map(|cell| u8::from(cell.is_none())).collect();
    let cells = chosen
        .iter()
        .map(|cell| u32::try_from(cell.unwrap_or(0)).unwrap_or(0))
        .collect();
    let cells = masked(Data::Row(Cow::Owned(cells)), missing, Vec::new());
    if value.len() == 0 {
        let mut nothing = Vector::new(Data::Nothing(lists.len()));
        nothing.missing = Some(Cow::Owned(vec![1; lists.len()]));
        return nothing;
    }
    value.gather_masked(&cells)
}

/// Puts further errors beside values.
fn poisoned(mut vector: Vector<'static>, errors: &[u32], len: usize) -> Vector<'static> {
    let own: Vec<u32> = (0..len)
        .map(|cell| match vector.error(cell) {
            0 => crate::vector::flag(errors, cell),
            error => error,
        })
        .collect();
    vector.errors = own.iter().any(|error| *error != 0).then_some(Cow::Owned(own));
    vector
}
