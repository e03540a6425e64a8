//! Frames whose cells depend on data: selections and expansions.

use std::borrow::Cow;
use std::ops::Range;

use guerdon_plan::calendar::{Calendar, Date, PeriodKey, Unit};
use guerdon_plan::graph::{AxisId, Expansion, Frame, FrameId, NodeId};
use guerdon_plan::hir::Depth;
use guerdon_plan::types::{FieldId, TableId};

use super::State;
use super::cells::Numbered;
use crate::column::ColumnData;
use crate::error::Error;
use crate::vector::{Data, Vector};

/// The cells of a selection or expansion.
#[derive(Debug, Clone, Default)]
pub(crate) struct FrameData {
    /// The parent's cell of each cell, rising.
    origins: Vec<u32>,
    /// The row or period of each cell of an expansion.
    items: Items,
}

/// What cells were expanded to.
#[derive(Debug, Clone, Default)]
enum Items {
    #[default]
    None,
    Rows(Vec<u32>),
    Periods(Unit, Vec<i32>),
}

impl FrameData {
    pub(crate) fn len(&self) -> usize {
        self.origins.len()
    }

    pub(super) fn origins(&self, cells: Range<usize>) -> Vector<'_> {
        Vector::new(Data::Row(Cow::Borrowed(
            self.origins.get(cells).unwrap_or_default(),
        )))
    }

    pub(super) fn items(&self, cells: Range<usize>) -> Vector<'_> {
        Vector::new(match &self.items {
            Items::None => Data::Nothing(1),
            Items::Rows(rows) => Data::Row(Cow::Borrowed(rows.get(cells).unwrap_or_default())),
            Items::Periods(unit, periods) => {
                Data::Period(*unit, Cow::Borrowed(periods.get(cells).unwrap_or_default()))
            }
        })
    }

    /// Gives the row or period of a cell.
    pub(crate) fn item(&self, cell: usize) -> Option<i64> {
        match &self.items {
            Items::None => None,
            Items::Rows(rows) => rows.get(cell).map(|row| i64::from(*row)),
            Items::Periods(_, periods) => periods.get(cell).map(|period| i64::from(*period)),
        }
    }

    /// Gives the parent's cell of a cell.
    pub(crate) fn origin(&self, cell: usize) -> Option<u32> {
        self.origins.get(cell).copied()
    }

    /// Gives the cells that come from one cell of the parent.
    pub(crate) fn of_parent(&self, parent: usize) -> Range<usize> {
        let parent = u32::try_from(parent).unwrap_or(u32::MAX);
        let from = self.origins.partition_point(|origin| *origin < parent);
        let until = self.origins.partition_point(|origin| *origin <= parent);
        from..until
    }
}

/// An expansion in the making.
pub(super) struct Growth<'l> {
    origins: Vec<u32>,
    items: Vec<i64>,
    limits: &'l crate::limits::Limits,
}

impl Growth<'_> {
    pub(super) fn push(&mut self, origin: usize, item: i64) -> Result<(), Error> {
        let len = self.origins.len();
        if len & 0xFFFF == 0 {
            self.limits.proceed()?;
            self.limits.groups(len.saturating_add(1))?;
        }
        self.origins.push(u32::try_from(origin).unwrap_or(u32::MAX));
        self.items.push(item);
        Ok(())
    }
}

impl State<'_> {
    /// Lists the cells of a frame; nothing for frames whose size alone says it all.
    pub(super) fn build_frame(&self, id: FrameId) -> Result<Option<FrameData>, Error> {
        let data = match self.graph.frame(id) {
            Some(Frame::Selected { of, keep }) => Some(self.selected(*of, *keep)),
            Some(Frame::Expanded { of, by }) => Some(self.expanded(*of, by)?),
            Some(Frame::Single | Frame::Rows(_) | Frame::Axis(_) | Frame::Cells { .. }) | None => None,
        };
        self.limits.groups(self.frame_len(id))?;
        Ok(data)
    }

    fn selected(&self, of: FrameId, keep: NodeId) -> FrameData {
        let keep = self.full(keep);
        let wanted = |cell: &usize| keep.error(*cell) != 0 || Numbered::of(&keep).at(*cell) == Some(1);
        let cells = (0..self.frame_len(of)).filter(wanted);
        FrameData {
            origins: cells.filter_map(|cell| u32::try_from(cell).ok()).collect(),
            items: Items::None,
        }
    }

    fn expanded(&self, of: FrameId, by: &Expansion) -> Result<FrameData, Error> {
        let len = self.frame_len(of);
        let mut growth = Growth {
            origins: Vec::new(),
            items: Vec::new(),
            limits: self.limits,
        };
        let unit = match by {
            Expansion::AllRows(table) => {
                let rows = i64::try_from(self.rows(*table)).unwrap_or(i64::MAX);
                for cell in 0..len {
                    for row in 0..rows {
                        growth.push(cell, row)?;
                    }
                }
                None
            }
            Expansion::Matching { table, inner, outer } => {
                self.matching(*table, inner, outer, len, &mut growth)?;
                None
            }
            Expansion::Below { table, by, of, depth } => {
                self.below(*table, *by, *of, *depth, len, &mut growth)?;
                None
            }
            Expansion::Above { table, by, of } => {
                self.above(*table, *by, *of, len, &mut growth)?;
                None
            }
            Expansion::Periods {
                calendar,
                unit,
                from,
                through,
            } => {
                let Some(calendar) = self.calendars.get(calendar.index()) else {
                    return Ok(FrameData::default());
                };
                let (from, through) = (self.full(*from), self.full(*through));
                for cell in 0..len {
                    let range = day(&from, cell).zip(day(&through, cell));
                    let Some((from, through)) = range else { continue };
                    for period in wholly_within(calendar, *unit, from, through) {
                        growth.push(cell, i64::from(period))?;
                    }
                }
                Some(*unit)
            }
            Expansion::Onward { axis, from } => Some(self.moments(*axis, *from, None, len, &mut growth)?),
            Expansion::Moments { axis, from, events } => {
                Some(self.moments(*axis, *from, Some((of, events)), len, &mut growth)?)
            }
        };
        let items = match unit {
            Some(unit) => {
                let periods = growth
                    .items
                    .iter()
                    .filter_map(|item| i32::try_from(*item).ok())
                    .collect();
                Items::Periods(unit, periods)
            }
            None => Items::Rows(
                growth
                    .items
                    .iter()
                    .filter_map(|item| u32::try_from(*item).ok())
                    .collect(),
            ),
        };
        Ok(FrameData {
            origins: growth.origins,
            items,
        })
    }

    fn matching(
        &self,
        table: TableId,
        inner: &[NodeId],
        outer: &[NodeId],
        len: usize,
        growth: &mut Growth<'_>,
    ) -> Result<(), Error> {
        let inner: Vec<Vector<'_>> = inner.iter().map(|id| self.full(*id)).collect();
        let outer: Vec<Vector<'_>> = outer.iter().map(|id| self.full(*id)).collect();
        let key_of = |columns: &[Vector<'_>], cell: usize| -> Option<Vec<i64>> {
            columns
                .iter()
                .map(|column| Numbered::of(column).at(cell))
                .collect()
        };
        let mut sorted: Vec<(Vec<i64>, usize)> = (0..self.rows(table))
            .filter_map(|row| Some((key_of(&inner, row)?, row)))
            .collect();
        sorted.sort_unstable();
        for cell in 0..len {
            if outer.iter().any(|column| column.error(cell) != 0) {
                for row in 0..self.rows(table) {
                    growth.push(cell, i64::try_from(row).unwrap_or(i64::MAX))?;
                }
                continue;
            }
            let Some(key) = key_of(&outer, cell) else { continue };
            let from = sorted.partition_point(|(other, _)| *other < key);
            let hits = sorted
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|(other, _)| *other == key);
            for (_, row) in hits {
                growth.push(cell, i64::try_from(*row).unwrap_or(i64::MAX))?;
            }
        }
        Ok(())
    }

    fn below(
        &self,
        table: TableId,
        by: FieldId,
        of: NodeId,
        depth: Depth,
        len: usize,
        growth: &mut Growth<'_>,
    ) -> Result<(), Error> {
        let rows = self.rows(table);
        let children = self.children(table, by, rows);
        let tops = self.full(of);
        for cell in 0..len {
            let Some(top) = Numbered::of(&tops)
                .at(cell)
                .and_then(|top| usize::try_from(top).ok())
            else {
                continue;
            };
            let mut found: Vec<usize> = children.get(top).cloned().unwrap_or_default();
            let mut next = 0;
            // A tree has at most as many rows below one as there are rows, so a circle cannot keep this going.
            while let (Depth::Every, Some(row)) = (depth, found.get(next).copied()) {
                next = next.saturating_add(1);
                if found.len() > rows {
                    break;
                }
                found.extend(children.get(row).into_iter().flatten());
            }
            found.sort_unstable();
            for row in found {
                growth.push(cell, i64::try_from(row).unwrap_or(i64::MAX))?;
            }
        }
        Ok(())
    }

    fn children(&self, table: TableId, by: FieldId, rows: usize) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); rows];
        let Some(column) = self.facts.column(table, by) else {
            return children;
        };
        let ColumnData::Row(parents) = column.data() else {
            return children;
        };
        for (row, parent) in parents.iter().enumerate() {
            let is_known = !column.is_missing(row) && column.error(row).is_none();
            let parent = usize::try_from(*parent)
                .ok()
                .and_then(|parent| children.get_mut(parent));
            if let (true, Some(list)) = (is_known, parent) {
                list.push(row);
            }
        }
        children
    }

    /// Lists, for each line, its own period and later ones up to the axis's end: all of them, or those with events.
    fn moments(
        &self,
        axis: AxisId,
        from: NodeId,
        events: Option<(FrameId, &[NodeId])>,
        len: usize,
        growth: &mut Growth<'_>,
    ) -> Result<Unit, Error> {
        let window = self.window(axis);
        let Some(axis) = self.graph.axes.get(axis.index()) else {
            return Ok(Unit::Month);
        };
        let through = i32::try_from(window.len.saturating_sub(1))
            .unwrap_or(i32::MAX)
            .saturating_add(window.first);
        let begins = self.full(from);
        let events = events.map(|(_, events)| self.event_periods(axis, events, len));
        let from = i32::try_from(window.horizon_from)
            .unwrap_or(0)
            .saturating_add(window.first);
        for cell in 0..len {
            if begins.error(cell) != 0 {
                // It may fall into any period, so that its error has to reach all of them.
                for period in from..=through {
                    growth.push(cell, i64::from(period))?;
                }
                continue;
            }
            let first = Numbered::of(&begins)
                .at(cell)
                .and_then(|first| i32::try_from(first).ok());
            let Some(first) = first.filter(|first| *first <= through) else {
                continue;
            };
            let mut periods: Vec<i32> = match &events {
                None => (first..=through).collect(),
                Some(events) => {
                    let of_line = events.get(cell).into_iter().flatten().copied();
                    of_line
                        .filter(|period| *period > first && *period <= through)
                        .chain([first])
                        .collect()
                }
            };
            periods.sort_unstable();
            periods.dedup();
            for period in periods {
                growth.push(cell, i64::from(period))?;
            }
        }
        Ok(axis.unit)
    }

    /// Gives, for each line, the periods in which its events fall.
    fn event_periods(
        &self,
        axis: &guerdon_plan::graph::Axis,
        events: &[NodeId],
        len: usize,
    ) -> Vec<Vec<i32>> {
        let mut periods = vec![Vec::new(); len];
        let Some(calendar) = self.calendars.get(axis.calendar.index()) else {
            return periods;
        };
        for event in events {
            let Some(frame) = self.graph.node(*event).map(|node| node.frame) else {
                continue;
            };
            let days = self.full(*event);
            for cell in 0..self.frame_len(frame) {
                let origin = self.frame_data(frame).and_then(|data| data.origin(cell));
                let line = origin.and_then(|origin| usize::try_from(origin).ok());
                let period = day(&days, cell).and_then(|day| calendar.period_of(axis.unit, day));
                if let (Some(list), Some(period)) = (line.and_then(|line| periods.get_mut(line)), period) {
                    list.push(period.index);
                }
            }
        }
        periods
    }
}

/// Lists the periods of a length that lie wholly in a range of days.
fn wholly_within(calendar: &Calendar, unit: Unit, from: Date, through: Date) -> Vec<i32> {
    let ends = calendar
        .period_of(unit, from)
        .zip(calendar.period_of(unit, through));
    let Some((first, last)) = ends.filter(|_| from <= through) else {
        return Vec::new();
    };
    let is_within = |index: &i32| {
        let range = calendar.range(PeriodKey::new(unit, *index));
        range.is_some_and(|range| range.from >= from && range.last_day().is_some_and(|last| last <= through))
    };
    (first.index..=last.index).filter(is_within).collect()
}

/// Gives the day at a cell.
pub(super) fn day(days: &Vector<'_>, cell: usize) -> Option<Date> {
    match &days.data {
        Data::Date(_) => Numbered::of(days)
            .at(cell)
            .and_then(|day| i32::try_from(day).ok())
            .and_then(Date::from_days),
        _ => None,
    }
}

/// Gives the key of a period.
pub(crate) fn period_key(unit: Unit, index: i32) -> PeriodKey {
    PeriodKey::new(unit, index)
}
