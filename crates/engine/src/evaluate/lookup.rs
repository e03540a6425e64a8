//! Look-ups: values of other frames, rows by key, lines by record.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use guerdon_plan::graph::{Frame, FrameId, NodeId, Op, Outside};
use guerdon_plan::types::TableId;

use super::State;
use super::cells::{Numbered, masked, set};
use super::exchange::RateBook;
use super::schedule::Pass;
use crate::column::{Column, ColumnData, EnumCodes};
use crate::fault::Fault;
use crate::vector::{Data, Numbers, Vector};

/// The indexes that a pass needs for its `FindCell` nodes.
pub(super) struct Lookups {
    found: Vec<(NodeId, HashMap<Vec<i64>, Found>)>,
    rates: Vec<(NodeId, RateBook)>,
}

/// What an index knows of a key.
#[derive(Debug, Clone, Copy)]
enum Found {
    One(u32),
    Several,
}

impl Lookups {
    pub(super) fn of(state: &State<'_>, pass: &Pass) -> Self {
        let (mut found, mut rates) = (Vec::new(), Vec::new());
        for id in &pass.nodes {
            rates.extend(RateBook::of(state, *id).map(|book| (*id, book)));
            if let Some(Op::FindCell { keys }) = state.graph.node(*id).map(|node| &node.op) {
                let there: Vec<NodeId> = keys.iter().map(|(there, _)| *there).collect();
                found.push((*id, index(state, &there)));
            }
        }
        Self { found, rates }
    }

    /// Gives the exchange rates of a node.
    pub(super) fn rates(&self, id: NodeId) -> Option<&RateBook> {
        let mut books = self.rates.iter();
        books.find(|(node, _)| *node == id).map(|(_, book)| book)
    }

    pub(super) fn find_cell<'c>(&self, state: &State<'_>, id: NodeId, here: &[Vector<'_>]) -> Vector<'c> {
        let len = here.iter().map(Vector::len).max().unwrap_or(0);
        let (mut cells, mut missing, mut errors) = (vec![0; len], vec![0; len], vec![0; len]);
        let found = self
            .found
            .iter()
            .find(|(node, _)| *node == id)
            .map(|(_, found)| found);
        for place in 0..len {
            let error = here
                .iter()
                .map(|key| key.error(place))
                .find(|error| *error != 0)
                .unwrap_or(0);
            let key: Option<Vec<i64>> = here.iter().map(|key| Numbered::of(key).at(place)).collect();
            let hit = key.and_then(|key| found.and_then(|found| found.get(&key)).copied());
            match (error, hit) {
                (0, Some(Found::One(cell))) => set(&mut cells, place, cell),
                (0, Some(Found::Several)) => set(&mut errors, place, state.faults.number(id, Fault::Several)),
                (0, None) => set(&mut missing, place, 1),
                (error, _) => set(&mut errors, place, error),
            }
        }
        masked(Data::Row(Cow::Owned(cells)), missing, errors)
    }
}

fn index(state: &State<'_>, there: &[NodeId]) -> HashMap<Vec<i64>, Found> {
    let columns: Vec<Vector<'_>> = there.iter().map(|id| state.full(*id)).collect();
    let len = there
        .first()
        .and_then(|id| state.graph.node(*id))
        .map_or(0, |node| state.frame_len(node.frame));
    let mut found: HashMap<Vec<i64>, Found> = HashMap::new();
    for cell in 0..len {
        let is_sound = columns.iter().all(|column| column.error(cell) == 0);
        let key: Option<Vec<i64>> = columns
            .iter()
            .map(|column| Numbered::of(column).at(cell))
            .collect();
        if let (true, Some(key)) = (is_sound, key) {
            let cell = u32::try_from(cell).unwrap_or(u32::MAX);
            found
                .entry(key)
                .and_modify(|found| *found = Found::Several)
                .or_insert(Found::One(cell));
        }
    }
    found
}

/// Gives a vector as a column, for look-ups among facts.
pub(super) fn to_column(vector: &Vector<'_>) -> Column {
    let len = vector.len();
    let data = match &vector.data {
        Data::Bool(values) => ColumnData::Bool(values.to_vec()),
        Data::Number(Numbers::Scaled(values, decimals)) => ColumnData::Scaled {
            values: values.to_vec(),
            decimals: *decimals,
        },
        Data::Number(numbers) => ColumnData::Wide((0..len).map(|cell| numbers.exact(cell)).collect()),
        Data::Date(values) => ColumnData::Date(values.to_vec()),
        Data::Period(unit, values) => ColumnData::Period {
            unit: *unit,
            values: values.to_vec(),
        },
        Data::Text(codes, pool) => ColumnData::Text {
            codes: codes.to_vec(),
            dictionary: Arc::clone(pool),
        },
        Data::Enum(codes) => ColumnData::Enum(EnumCodes::Narrow(codes.to_vec())),
        Data::LongEnum(codes) => ColumnData::Enum(EnumCodes::Wide(codes.to_vec())),
        Data::Row(rows) => ColumnData::Row(rows.to_vec()),
        Data::Nothing(_) => return Column::new(ColumnData::Row(vec![0; len])).with_missing(vec![1; len]),
    };
    let column = Column::new(data);
    let column = match vector.missing.as_deref() {
        Some(_) => column.with_missing((0..len).map(|cell| u8::from(vector.is_missing(cell))).collect()),
        None => column,
    };
    match vector.errors.as_deref() {
        Some(_) => column.with_errors((0..len).map(|cell| vector.error(cell)).collect()),
        None => column,
    }
}

impl State<'_> {
    /// Fetches another frame's values.
    pub(super) fn at<'c>(&'c self, source: NodeId, cells: &Vector<'c>) -> Vector<'c> {
        self.full(source).gather_masked(cells)
    }

    /// Gives the cell of a dense frame for rows and periods.
    pub(super) fn cell_of<'c>(
        &self,
        id: NodeId,
        frame: FrameId,
        row: Option<&Vector<'_>>,
        period: Option<&Vector<'_>>,
        outside: Outside,
    ) -> Vector<'c> {
        let (axis, rows) = match self.graph.frame(frame) {
            Some(Frame::Axis(axis)) => (Some(*axis), 1),
            Some(Frame::Cells { rows, axis }) => (Some(*axis), self.rows(*rows)),
            _ => (None, 1),
        };
        let window = axis.map(|axis| self.window(axis)).unwrap_or_default();
        let parts = [row, period];
        let len = parts.iter().flatten().map(|part| part.len()).max().unwrap_or(1);
        let (mut cells, mut missing, mut errors) = (vec![0_u32; len], vec![0; len], vec![0; len]);
        for place in 0..len {
            let error = parts
                .iter()
                .flatten()
                .map(|part| part.error(place))
                .find(|error| *error != 0);
            if let Some(error) = error {
                set(&mut errors, place, error);
                continue;
            }
            let row = row.map_or(Some(0), |row| Numbered::of(row).at(place));
            let index = period.map_or(Some(i64::from(window.first)), |period| {
                Numbered::of(period).at(place)
            });
            let (Some(row), Some(index)) = (row, index) else {
                set(&mut missing, place, 1);
                continue;
            };
            let along = index
                .checked_sub(i64::from(window.first))
                .and_then(|along| usize::try_from(along).ok());
            let is_there = |along: &usize| match outside {
                Outside::Error | Outside::Missing => *along < window.len,
                Outside::ErrorBesideRun => (window.horizon_from..=window.horizon_through).contains(along),
            };
            match along.filter(|along| axis.is_none() || is_there(along)) {
                Some(along) => {
                    let cell = along
                        .saturating_mul(rows)
                        .saturating_add(usize::try_from(row).unwrap_or(0));
                    set(&mut cells, place, u32::try_from(cell).unwrap_or(u32::MAX));
                }
                None => match outside {
                    Outside::Error | Outside::ErrorBesideRun => {
                        set(&mut errors, place, self.faults.number(id, Fault::OutsideAxis))
                    }
                    Outside::Missing => set(&mut missing, place, 1),
                },
            }
        }
        masked(Data::Row(Cow::Owned(cells)), missing, errors)
    }

    /// Finds rows by key.
    pub(super) fn find<'c>(
        &self,
        id: NodeId,
        table: TableId,
        keys: &[Vector<'_>],
        on: Option<&Vector<'_>>,
    ) -> Vector<'c> {
        let columns: Vec<Column> = keys.iter().map(to_column).collect();
        let columns: Vec<&Column> = columns.iter().collect();
        let found = match on {
            Some(days) => self.facts.find_column_on(table, &columns, &to_column(days)),
            None => self.facts.find_column(table, &columns),
        };
        match found {
            Ok(found) => crate::vector::from_column(&found, 0..found.len()).into_owned(),
            Err(_) => self.failed(id, Fault::OutOfMemory),
        }
    }

    /// Finds the last settlement of lines not later than periods.
    pub(super) fn last_moment<'c>(
        &self,
        frame: FrameId,
        origin: &Vector<'_>,
        period: &Vector<'_>,
    ) -> Vector<'c> {
        let len = origin.len().max(period.len());
        let (mut cells, mut missing, mut errors) = (vec![0_u32; len], vec![0; len], vec![0; len]);
        let data = self.frame_data(frame);
        for place in 0..len {
            let error = period.error(place).max(origin.error(place));
            let line = Numbered::of(origin)
                .at(place)
                .and_then(|line| usize::try_from(line).ok());
            let until = Numbered::of(period).at(place);
            let range: Option<Range<usize>> = line.zip(data).map(|(line, data)| data.of_parent(line));
            let last = range.zip(until).and_then(|(range, until)| {
                range.rev().find(|cell| {
                    data.and_then(|data| data.item(*cell))
                        .is_some_and(|item| item <= until)
                })
            });
            match (error, last) {
                (0, Some(cell)) => set(&mut cells, place, u32::try_from(cell).unwrap_or(u32::MAX)),
                (0, None) => set(&mut missing, place, 1),
                (error, _) => set(&mut errors, place, error),
            }
        }
        masked(Data::Row(Cow::Owned(cells)), missing, errors)
    }
}
