//! Condition columns as axes of slots: stretches of values that no row of the table tells apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cover::SlotSet;
use crate::hir::{Bound, Cell, Edge, Input, Program, Value};
use crate::number::Exact;
use crate::types::Scalar;

/// Is a condition column cut into slots; the last slot is that of the missing value, if the column has one.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    kind: Kind,
    has_missing: bool,
}

/// Is what a slot stands for: one of the values that no row tells apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sample {
    /// A value of an enum, yes or no, or a text.
    Value(Value),
    /// A number, a day or a period by its number.
    Number(Exact),
    /// Any text that no row names.
    OtherText,
    /// No value.
    Missing,
}

/// Says whether there are numbers between two whole ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// Whole numbers, days, periods.
    Whole,
    /// Numbers, percents, amounts.
    Fine,
}

#[derive(Debug, Clone)]
enum Kind {
    Finite(Vec<Value>),
    Text(Vec<Arc<str>>),
    Ordered(Ordered),
}

/// Is a line of numbers, cut at every number that a row or the domain names: gap, point, gap, point, …, gap.
#[derive(Debug, Clone)]
struct Ordered {
    points: Vec<Exact>,
    grain: Grain,
    /// For each piece, gaps and points in turn, how many pieces before it hold something; one entry more at the end.
    before: Vec<u32>,
}

impl Axis {
    /// Cuts a column at what its rows name.
    pub(super) fn new<'a>(program: &Program, input: &Input, cells: impl Iterator<Item = &'a Cell>) -> Axis {
        let kind = match input.ty.scalar {
            Scalar::Bool => Kind::Finite(vec![Value::Bool(false), Value::Bool(true)]),
            Scalar::Enum(id) => {
                let count = program.enumeration(id).map_or(0, |def| def.values.len());
                Kind::Finite((0..).take(count).map(|at| Value::Enum(id, at)).collect())
            }
            Scalar::Text | Scalar::Row(_) => Kind::Text(texts(cells)),
            Scalar::Int | Scalar::Date | Scalar::Period(_) => {
                Kind::Ordered(Ordered::new(input, Grain::Whole, cells))
            }
            Scalar::Number
            | Scalar::Percent
            | Scalar::Money(_)
            | Scalar::Points
            | Scalar::MoneyInColumn
            | Scalar::Days
            | Scalar::Faulty => Kind::Ordered(Ordered::new(input, Grain::Fine, cells)),
        };
        Axis {
            kind,
            has_missing: input.ty.is_optional(),
        }
    }

    /// Counts the slots.
    pub(super) fn size(&self) -> u32 {
        self.missing_slot().saturating_add(u32::from(self.has_missing))
    }

    /// Says whether the column has an order, and of which grain.
    pub(super) fn grain(&self) -> Option<Grain> {
        if let Kind::Ordered(line) = &self.kind {
            Some(line.grain)
        } else {
            None
        }
    }

    /// Gives the slots that a condition matches.
    pub(super) fn slots(&self, cell: &Cell) -> SlotSet {
        match cell {
            Cell::Any => SlotSet::first_slots(self.size()),
            Cell::Missing => SlotSet::run(self.missing_slot(), self.size()),
            Cell::OneOf(values) => SlotSet::new(
                values
                    .iter()
                    .filter_map(|value| self.slot_of(value))
                    .map(|slot| slot..slot.saturating_add(1))
                    .collect(),
            ),
            Cell::Interval { lower, upper } => match &self.kind {
                Kind::Ordered(line) => {
                    SlotSet::run(line.first_slot(lower.as_ref()), line.end_slot(upper.as_ref()))
                }
                Kind::Finite(_) | Kind::Text(_) => SlotSet::default(),
            },
        }
    }

    /// Gives a value of a slot.
    pub(super) fn sample(&self, slot: u32) -> Sample {
        if slot >= self.missing_slot() {
            return Sample::Missing;
        }
        let at = usize::try_from(slot).unwrap_or(usize::MAX);
        match &self.kind {
            Kind::Finite(values) => values.get(at).cloned().map_or(Sample::Missing, Sample::Value),
            Kind::Text(texts) => texts.get(at).map_or(Sample::OtherText, |text| {
                Sample::Value(Value::Text(Arc::clone(text)))
            }),
            Kind::Ordered(line) => Sample::Number(line.sample(slot)),
        }
    }

    fn missing_slot(&self) -> u32 {
        match &self.kind {
            Kind::Finite(values) => count(values.len()),
            Kind::Text(texts) => count(texts.len()).saturating_add(1),
            Kind::Ordered(line) => line.before.last().copied().unwrap_or(0),
        }
    }

    fn slot_of(&self, value: &Value) -> Option<u32> {
        match (&self.kind, value) {
            (Kind::Finite(values), value) => values.iter().position(|one| one == value).map(count),
            (Kind::Text(texts), Value::Text(text)) => texts.binary_search(text).ok().map(count),
            (Kind::Ordered(line), value) => line.slot_of(&number_of(value)?),
            (Kind::Text(_), _) => None,
        }
    }
}

impl Ordered {
    fn new<'a>(input: &Input, grain: Grain, cells: impl Iterator<Item = &'a Cell>) -> Ordered {
        let mut points: BTreeSet<Exact> = cells.flat_map(numbers).collect();
        points.extend(
            input
                .lower
                .iter()
                .chain(&input.upper)
                .map(|bound| bound.at.clone()),
        );
        let mut line = Ordered {
            points: points.into_iter().collect(),
            grain,
            before: Vec::new(),
        };
        let domain = line.first_piece(input.lower.as_ref())..line.end_piece(input.upper.as_ref());
        let mut kept = 0_u32;
        for piece in 0..line.pieces() {
            line.before.push(kept);
            let is_kept = domain.contains(&piece) && line.holds_something(piece);
            kept = kept.saturating_add(u32::from(is_kept));
        }
        line.before.push(kept);
        line
    }

    /// Counts the pieces: each point, and the gaps around them.
    fn pieces(&self) -> usize {
        self.points.len().saturating_mul(2).saturating_add(1)
    }

    fn holds_something(&self, piece: usize) -> bool {
        let is_gap = piece.is_multiple_of(2);
        let (below, above) = self.around(piece);
        match (self.grain, below, above) {
            (Grain::Whole, Some(below), Some(above)) if is_gap => {
                below.add(&Exact::ONE).is_ok_and(|next| next < *above)
            }
            (_, _, _) => true,
        }
    }

    /// Gives the points below and above a gap.
    fn around(&self, piece: usize) -> (Option<&Exact>, Option<&Exact>) {
        let above = piece.checked_div(2).unwrap_or(0);
        (
            above.checked_sub(1).and_then(|below| self.points.get(below)),
            self.points.get(above),
        )
    }

    fn first_piece(&self, lower: Option<&Bound>) -> usize {
        lower.map_or(0, |bound| {
            self.piece_of(&bound.at)
                .saturating_add(usize::from(bound.edge == Edge::Excluded))
        })
    }

    fn end_piece(&self, upper: Option<&Bound>) -> usize {
        upper.map_or(self.pieces(), |bound| {
            self.piece_of(&bound.at)
                .saturating_add(usize::from(bound.edge == Edge::Included))
        })
    }

    /// Gives the piece of a point.
    fn piece_of(&self, number: &Exact) -> usize {
        let below = self.points.partition_point(|point| point < number);
        below.saturating_mul(2).saturating_add(1)
    }

    fn slot_before(&self, piece: usize) -> u32 {
        self.before
            .get(piece)
            .or(self.before.last())
            .copied()
            .unwrap_or(0)
    }

    fn first_slot(&self, lower: Option<&Bound>) -> u32 {
        self.slot_before(self.first_piece(lower))
    }

    fn end_slot(&self, upper: Option<&Bound>) -> u32 {
        self.slot_before(self.end_piece(upper))
    }

    fn slot_of(&self, number: &Exact) -> Option<u32> {
        let piece = self.piece_of(number);
        let slot = self.slot_before(piece);
        (slot < self.slot_before(piece.saturating_add(1))).then_some(slot)
    }

    fn sample(&self, slot: u32) -> Exact {
        let piece = self
            .before
            .partition_point(|before| *before <= slot)
            .saturating_sub(1);
        let (below, above) = self.around(piece);
        let number = match (piece.is_multiple_of(2), below, above) {
            (false, _, Some(point)) => Some(point.clone()),
            (_, Some(below), Some(above)) if self.grain == Grain::Fine => {
                below.add(above).and_then(|sum| sum.div(&Exact::from_i64(2))).ok()
            }
            (_, Some(below), _) => below.add(&Exact::ONE).ok(),
            (_, None, Some(above)) => above.sub(&Exact::ONE).ok(),
            (_, None, None) => None,
        };
        number.unwrap_or_default()
    }
}

/// Gives the number by which a value is ordered: days count from 1970-01-01, periods by their index.
pub(super) fn number_of(value: &Value) -> Option<Exact> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::Date(day) => Some(Exact::from_i64(i64::from(day.days()))),
        Value::Period(key) => Some(Exact::from_i64(i64::from(key.index))),
        Value::Bool(_) | Value::Text(_) | Value::Enum(..) | Value::Missing => None,
    }
}

fn numbers(cell: &Cell) -> Vec<Exact> {
    match cell {
        Cell::Any | Cell::Missing => Vec::new(),
        Cell::Interval { lower, upper } => lower.iter().chain(upper).map(|bound| bound.at.clone()).collect(),
        Cell::OneOf(values) => values.iter().filter_map(number_of).collect(),
    }
}

fn texts<'a>(cells: impl Iterator<Item = &'a Cell>) -> Vec<Arc<str>> {
    let named = cells.flat_map(|cell| match cell {
        Cell::OneOf(values) => values.as_slice(),
        Cell::Any | Cell::Missing | Cell::Interval { .. } => &[],
    });
    let texts: BTreeSet<Arc<str>> = named
        .filter_map(|value| {
            if let Value::Text(text) = value {
                Some(Arc::clone(text))
            } else {
                None
            }
        })
        .collect();
    texts.into_iter().collect()
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
