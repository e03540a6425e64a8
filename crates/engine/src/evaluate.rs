//! Evaluation: runs a graph over facts, stage by stage.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

mod among;
pub(crate) mod attribution;
mod best;
mod cells;
mod chunk;
pub(crate) mod exchange;
mod frame;
mod group;
mod keys;
mod ladder;
mod lookup;
mod pass;
pub(crate) mod schedule;
mod shape;
mod sinks;
mod span;
mod step;
mod walk;
mod whole;
mod windows;
mod words;

use std::borrow::Cow;
use std::ops::Range;

use guerdon_plan::calendar::{Calendar, Date};
use guerdon_plan::graph::{AxisId, Frame, FrameId, Graph, NodeId, Op};
use guerdon_plan::hir::Program;
use guerdon_plan::types::TableId;

use self::frame::FrameData;
use self::schedule::Schedule;
use crate::error::Error;
use crate::facts::Facts;
use crate::fault::{Fault, Faults};
use crate::kernel::Context;
use crate::limits::Limits;
use crate::vector::{Data, Vector, const_vector, from_column};

/// How many cells a pass takes at a time: few enough that a chunk of every value stays in the cache.
const CHUNK: usize = 4096;

/// How many threads a run may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Threads(pub usize);

/// The periods of an axis, as indices.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AxisWindow {
    /// The first period.
    pub first: i32,
    /// How many there are.
    pub len: usize,
    /// The place of the horizon's first period.
    pub horizon_from: usize,
    /// The place of the horizon's last period.
    pub horizon_through: usize,
}

/// A run in progress, and its results when it is over.
pub(crate) struct State<'a> {
    pub program: &'a Program,
    pub graph: &'a Graph,
    pub schedule: &'a Schedule,
    pub facts: &'a Facts,
    pub limits: &'a Limits,
    pub threads: Threads,
    pub calendars: &'a [Calendar],
    /// The last day of the run.
    pub run_end: Date,
    pub axis_first: Vec<i32>,
    pub windows: Vec<AxisWindow>,
    pub faults: Faults,
    frames: Vec<Option<FrameData>>,
    values: Vec<Option<Vector<'static>>>,
}

/// Runs a graph to the end.
///
/// # Errors
///
/// Returns what ends the whole run: a limit, or the host's wish to stop.
#[expect(clippy::too_many_arguments, reason = "they are the parts of a run")]
pub(crate) fn run<'a>(
    program: &'a Program,
    graph: &'a Graph,
    schedule: &'a Schedule,
    calendars: &'a [Calendar],
    facts: &'a Facts,
    run_end: Date,
    limits: &'a Limits,
    threads: Threads,
) -> Result<State<'a>, Error> {
    let first_day = |plan| crate::days::first_day(program, facts, calendars, plan);
    let windows = schedule.windows.of(program, graph, &first_day, run_end);
    let loaded = u32::try_from(facts.problems().len()).unwrap_or(u32::MAX);
    let mut state = State {
        program,
        graph,
        schedule,
        facts,
        limits,
        threads,
        calendars,
        run_end,
        axis_first: windows.iter().map(|window| window.first).collect(),
        windows,
        faults: Faults { loaded },
        frames: graph.frames.iter().map(|_| None).collect(),
        values: graph.nodes.iter().map(|_| None).collect(),
    };
    for stage in &schedule.stages {
        for frame in &stage.frames {
            let data = state.build_frame(*frame)?;
            state.set_frame(*frame, data);
        }
        for node in &stage.whole {
            if state.has_value(*node) {
                continue;
            }
            limits.proceed()?;
            for (node, value) in state.whole(*node, &stage.whole)? {
                state.set_value(node, value);
            }
        }
        for step in &stage.steps {
            limits.proceed()?;
            state.step(*step);
        }
        for pass in &stage.passes {
            state.pass(pass)?;
        }
    }
    Ok(state)
}

/// Gives a vector as a column of facts.
pub(crate) fn to_column(vector: &crate::vector::Vector<'_>) -> crate::column::Column {
    lookup::to_column(vector)
}

/// Gives a value as a column of one row.
pub(crate) fn column_of(value: &guerdon_plan::hir::Value) -> crate::column::Column {
    lookup::to_column(&const_vector(value))
}

impl<'a> State<'a> {
    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            tables: &self.schedule.tables,
            calendars: self.calendars,
            axis_first: &self.axis_first,
            faults: self.faults,
        }
    }

    pub(crate) fn window(&self, axis: AxisId) -> AxisWindow {
        self.windows.get(axis.index()).copied().unwrap_or_default()
    }

    /// Counts the cells of a frame.
    pub(crate) fn frame_len(&self, id: FrameId) -> usize {
        match self.graph.frame(id) {
            Some(Frame::Single) => 1,
            Some(Frame::Rows(table)) => self.rows(*table),
            Some(Frame::Axis(axis)) => self.window(*axis).len,
            Some(Frame::Cells { rows, axis }) => self.rows(*rows).saturating_mul(self.window(*axis).len),
            Some(Frame::Selected { .. } | Frame::Expanded { .. }) => {
                self.frame_data(id).map_or(0, FrameData::len)
            }
            None => 0,
        }
    }

    pub(crate) fn rows(&self, table: TableId) -> usize {
        self.facts.table(table).map_or(0, crate::facts::TableData::len)
    }

    pub(crate) fn frame_data(&self, id: FrameId) -> Option<&FrameData> {
        self.frames.get(id.index()).and_then(Option::as_ref)
    }

    fn set_frame(&mut self, id: FrameId, data: Option<FrameData>) {
        if let Some(slot) = self.frames.get_mut(id.index()) {
            *slot = data;
        }
    }

    fn has_value(&self, id: NodeId) -> bool {
        self.values.get(id.index()).is_some_and(Option::is_some)
    }

    fn set_value(&mut self, id: NodeId, value: Vector<'static>) {
        if let Some(slot) = self.values.get_mut(id.index()) {
            *slot = Some(value);
        }
    }

    /// Gives the whole column of a node that is kept or given.
    pub(crate) fn full(&self, id: NodeId) -> Vector<'_> {
        let len = self.graph.node(id).map_or(0, |node| self.frame_len(node.frame));
        self.stretch(id, 0..len)
    }

    /// Gives a stretch of a node that is kept or given.
    pub(crate) fn stretch(&self, id: NodeId, cells: Range<usize>) -> Vector<'_> {
        match self.values.get(id.index()).and_then(Option::as_ref) {
            Some(value) => value.slice(cells),
            None => self.given(id, cells),
        }
    }

    /// Gives a stretch of a node that is there without computation.
    fn given(&self, id: NodeId, cells: Range<usize>) -> Vector<'_> {
        let Some(node) = self.graph.node(id) else {
            return Vector::new(Data::Nothing(1));
        };
        match &node.op {
            Op::Const(value) => const_vector(value),
            Op::Stored { table, field } => match self.facts.column(*table, *field) {
                Some(column) => from_column(column, cells),
                // What may be missing and was left out is missing; the rest cannot be read.
                None if node.ty.is_optional() => crate::vector::missing(1),
                None => self.absent(id),
            },
            Op::OwnRow => Vector::new(Data::Row(Cow::Owned(self.own_rows(node.frame, cells)))),
            Op::OwnPeriod => match node.ty.scalar {
                guerdon_plan::types::Scalar::Period(unit) => Vector::new(Data::Period(
                    unit,
                    Cow::Owned(self.own_periods(node.frame, cells)),
                )),
                _ => Vector::new(Data::Nothing(1)),
            },
            Op::RunEnd { axis } => match node.ty.scalar {
                guerdon_plan::types::Scalar::Period(unit) => {
                    let window = self.window(*axis);
                    let through = i32::try_from(window.horizon_through).unwrap_or(i32::MAX);
                    let last = window.first.saturating_add(through);
                    Vector::new(Data::Period(unit, Cow::Owned(vec![last])))
                }
                _ => Vector::new(Data::Nothing(1)),
            },
            Op::Origin => self
                .frame_data(node.frame)
                .map_or_else(|| self.absent(id), |data| data.origins(cells)),
            Op::Item => self
                .frame_data(node.frame)
                .map_or_else(|| self.absent(id), |data| data.items(cells)),
            _ => self.absent(id),
        }
    }

    /// Gives the error of a column that the input left out.
    fn absent(&self, id: NodeId) -> Vector<'_> {
        self.failed(id, Fault::Absent)
    }

    /// Gives one error for all cells.
    fn failed<'c>(&self, id: NodeId, fault: Fault) -> Vector<'c> {
        let mut vector = Vector::new(Data::Nothing(1));
        vector.errors = Some(Cow::Owned(vec![self.faults.number(id, fault)]));
        vector
    }

    fn own_rows(&self, frame: FrameId, cells: Range<usize>) -> Vec<u32> {
        let number = |cell: usize| u32::try_from(cell).unwrap_or(u32::MAX);
        match self.graph.frame(frame) {
            Some(Frame::Cells { rows, .. }) => {
                let rows = self.rows(*rows).max(1);
                let mut next = cells.start.checked_rem(rows).unwrap_or(0);
                let step = |_| {
                    let row = next;
                    next = if row.saturating_add(1) == rows {
                        0
                    } else {
                        row.saturating_add(1)
                    };
                    number(row)
                };
                cells.map(step).collect()
            }
            _ => cells.map(number).collect(),
        }
    }

    /// Gives the periods of cells; one for all of them where they lie in one.
    fn own_periods(&self, frame: FrameId, cells: Range<usize>) -> Vec<i32> {
        let (first, rows) = match self.graph.frame(frame) {
            Some(Frame::Axis(axis)) => (self.window(*axis).first, 1),
            Some(Frame::Cells { rows, axis }) => (self.window(*axis).first, self.rows(*rows).max(1)),
            _ => (0, 1),
        };
        let period = |cell: usize| {
            let place = cell.checked_div(rows).unwrap_or(0);
            first.saturating_add(i32::try_from(place).unwrap_or(0))
        };
        let mut periods = Vec::new();
        let mut from = cells.start;
        while from < cells.end {
            let own = from.checked_rem(rows).unwrap_or(0);
            let until = from.saturating_add(rows.saturating_sub(own)).min(cells.end);
            if from == cells.start && until == cells.end {
                return vec![period(from)];
            }
            periods.resize(until.saturating_sub(cells.start), period(from));
            from = until;
        }
        periods
    }
}
