//! The values of one input, sorted into classes that no condition tells apart.

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use guerdon_plan::hir::{Bound, Cell, Edge, Value};
use guerdon_plan::number::{Exact, Rounding, pow10_i128, round};

use crate::column::TextPool;
use crate::kernel::lanes::{at, times};
use crate::vector::{Data, Numbers, Vector, scaled};

/// The class of a missing value.
const MISSING: u32 = 0;
/// The class of a value that no condition names; the first stretch of numbers.
const OTHER: u32 = 1;

/// The classes of one input: 0 for missing, 1 for what is not named, then the marks in order; for numbers and days 1
/// for what lies below the first mark, then each mark and the stretch above it.
pub(super) enum Axis {
    /// No condition looks at the value.
    Any,
    /// Positions of an enum, yes or no, or periods.
    Places(Places),
    /// Texts, in byte order.
    Texts(Vec<Arc<str>>),
    /// Numbers, or days as numbers.
    Points(Box<Points>),
}

/// Positions in rising order.
pub(super) struct Places {
    marks: Vec<i64>,
    /// The class of each position that one byte holds.
    table: Box<[u32; 256]>,
}

/// Numbers in rising order.
pub(super) struct Points {
    marks: Vec<Exact>,
    /// The marks as integers over a power of ten, where they can be.
    scaled: Option<(Vec<i128>, i128)>,
    /// The marks rounded down to integers over 10^n, for the n that came up so far.
    floors: [OnceLock<Option<Floors>>; 19],
}

impl Axis {
    /// Finds the classes that a column of conditions makes.
    pub(super) fn of<'c>(cells: impl Iterator<Item = &'c Cell> + Clone) -> Axis {
        let values = || {
            cells.clone().flat_map(|cell| match cell {
                Cell::OneOf(values) => values.as_slice(),
                Cell::Any | Cell::Missing | Cell::Interval { .. } => &[],
            })
        };
        let mut texts: Vec<Arc<str>> = values().filter_map(text).collect();
        let mut places: Vec<i64> = values().filter_map(place).collect();
        let bounds = cells.clone().flat_map(|cell| match cell {
            Cell::Interval { lower, upper } => [lower.as_ref(), upper.as_ref()],
            Cell::Any | Cell::Missing | Cell::OneOf(_) => [None, None],
        });
        let bounds = bounds.flatten().map(|bound| bound.at.clone());
        let mut marks: Vec<Exact> = bounds.chain(values().filter_map(number)).collect();
        marks.sort();
        marks.dedup();
        texts.sort();
        texts.dedup();
        places.sort_unstable();
        places.dedup();
        let has_intervals = cells.clone().any(|cell| matches!(cell, Cell::Interval { .. }));
        match (
            marks.is_empty() && !has_intervals,
            texts.is_empty(),
            places.is_empty(),
        ) {
            (false, _, _) => Axis::Points(Box::new(Points::of(marks))),
            (true, false, _) => Axis::Texts(texts),
            (true, true, false) => Axis::Places(Places::of(places)),
            (true, true, true) => Axis::Any,
        }
    }

    /// Counts the classes.
    pub(super) fn classes(&self) -> usize {
        let marks = match self {
            Axis::Any => 0,
            Axis::Places(places) => places.marks.len(),
            Axis::Texts(texts) => texts.len(),
            Axis::Points(points) => points.marks.len().saturating_mul(2),
        };
        marks.saturating_add(2)
    }

    /// Lists the classes that a condition accepts.
    pub(super) fn accepted(&self, cell: &Cell) -> Vec<u32> {
        let all = u32::try_from(self.classes()).unwrap_or(u32::MAX);
        match cell {
            Cell::Any => (0..all).collect(),
            Cell::Missing => vec![MISSING],
            Cell::OneOf(values) => values.iter().filter_map(|value| self.class_of(value)).collect(),
            Cell::Interval { lower, upper } => match self {
                Axis::Points(points) => points.between(lower.as_ref(), upper.as_ref(), all),
                Axis::Any | Axis::Places(_) | Axis::Texts(_) => Vec::new(),
            },
        }
    }

    /// Gives the class of each cell.
    pub(super) fn classify(&self, input: &Vector<'_>, len: usize) -> Vec<u32> {
        let mut classes = match (self, &input.data) {
            (Axis::Places(places), Data::Enum(codes) | Data::Bool(codes)) => {
                codes.iter().map(|code| places.class(i64::from(*code))).collect()
            }
            (Axis::Places(places), Data::LongEnum(codes)) => {
                codes.iter().map(|code| places.class(i64::from(*code))).collect()
            }
            (Axis::Places(places), Data::Period(_, indices)) => indices
                .iter()
                .map(|index| places.class(i64::from(*index)))
                .collect(),
            (Axis::Texts(texts), Data::Text(codes, pool)) => text_classes(texts, codes, pool),
            (Axis::Points(points), Data::Number(numbers)) => points.classify(numbers),
            (Axis::Points(points), Data::Date(days)) => points.days(days),
            (_, data) => vec![OTHER; data.len()],
        };
        if let ([one], true) = (classes.as_slice(), len != 1) {
            classes = vec![*one; len];
        }
        if input.missing.is_some() || matches!(input.data, Data::Nothing(_)) {
            let gaps = classes
                .iter_mut()
                .enumerate()
                .filter(|(cell, _)| input.is_gap(*cell));
            gaps.for_each(|(_, class)| *class = MISSING);
        }
        classes
    }

    /// Moves each place by the class of its cell times a stride, where classes are read from a table by single bytes;
    /// says whether it did.
    pub(super) fn advance(&self, input: &Vector<'_>, stride: u32, places: &mut [u32]) -> bool {
        let (Axis::Places(of), Data::Enum(codes) | Data::Bool(codes), None) =
            (self, &input.data, &input.missing)
        else {
            return false;
        };
        if codes.len() != places.len() || codes.len() < of.table.len() {
            return false;
        }
        let moves = of.table.map(|class| class.wrapping_mul(stride));
        for (place, code) in places.iter_mut().zip(codes.iter()) {
            // There is an entry for every byte.
            *place = place.wrapping_add(moves.get(usize::from(*code)).copied().unwrap_or_default());
        }
        true
    }

    fn class_of(&self, value: &Value) -> Option<u32> {
        if *value == Value::Missing {
            return Some(MISSING);
        }
        match self {
            Axis::Any => None,
            Axis::Places(places) => places
                .marks
                .binary_search(&place(value)?)
                .ok()
                .map(|found| class(Ok(found))),
            Axis::Texts(texts) => texts
                .binary_search(&text(value)?)
                .ok()
                .map(|found| class(Ok(found))),
            Axis::Points(points) => points
                .marks
                .binary_search(&number(value)?)
                .ok()
                .map(|mark| stretch(mark, true)),
        }
    }
}

impl Places {
    fn of(marks: Vec<i64>) -> Places {
        let mut table = Box::new([OTHER; 256]);
        for (slot, place) in table.iter_mut().zip(0..) {
            *slot = class(marks.binary_search(&place));
        }
        Places { marks, table }
    }

    fn class(&self, place: i64) -> u32 {
        match usize::try_from(place)
            .ok()
            .and_then(|place| self.table.get(place))
        {
            Some(class) => *class,
            None => class(self.marks.binary_search(&place)),
        }
    }
}

impl Points {
    fn of(marks: Vec<Exact>) -> Points {
        let scaled = scaled(&marks).and_then(|(integers, decimals)| Some((integers, pow10_i128(decimals)?)));
        Points {
            marks,
            scaled,
            floors: Default::default(),
        }
    }

    fn between(&self, lower: Option<&Bound>, upper: Option<&Bound>, all: u32) -> Vec<u32> {
        let find = |bound: &Bound| {
            self.marks
                .binary_search(&bound.at)
                .ok()
                .map(|mark| stretch(mark, true))
        };
        let first = match lower {
            None => Some(OTHER),
            Some(bound) => find(bound).map(|mark| match bound.edge {
                Edge::Included => mark,
                Edge::Excluded => mark.saturating_add(1),
            }),
        };
        let until = match upper {
            None => Some(all),
            Some(bound) => find(bound).map(|mark| match bound.edge {
                Edge::Included => mark.saturating_add(1),
                Edge::Excluded => mark,
            }),
        };
        first
            .zip(until)
            .map_or_else(Vec::new, |(first, until)| (first..until).collect())
    }

    fn classify(&self, numbers: &Numbers<'_>) -> Vec<u32> {
        let exactly = |cell: usize| {
            let number = numbers.exact(cell);
            let below = self.marks.partition_point(|mark| *mark < number);
            stretch(below, self.marks.get(below) == Some(&number))
        };
        match numbers {
            Numbers::Scaled(values, decimals) => match self.floors(*decimals) {
                Some(floors) => values
                    .iter()
                    .map(|value| floors.class(i128::from(*value)))
                    .collect(),
                None => (0..values.len()).map(exactly).collect(),
            },
            Numbers::Wide(values, decimals) => match self.floors(*decimals) {
                Some(floors) => values.iter().map(|value| floors.class(*value)).collect(),
                None => (0..values.len()).map(exactly).collect(),
            },
            Numbers::Ratio(nums, dens) => {
                let pair = |cell| Some((*at(nums, cell)?, *at(dens, cell)?));
                let one = |cell| pair(cell).and_then(|(num, den)| self.fraction(num, den));
                (0..nums.len())
                    .map(|cell| one(cell).unwrap_or_else(|| exactly(cell)))
                    .collect()
            }
            Numbers::Exact(values) => (0..values.len()).map(exactly).collect(),
        }
    }

    fn days(&self, days: &[i32]) -> Vec<u32> {
        match self.floors(0) {
            Some(floors) => days.iter().map(|day| floors.class(i128::from(*day))).collect(),
            None => vec![OTHER; days.len()],
        }
    }

    /// Rounds the marks down to integers over a power of ten.
    fn floors(&self, decimals: u8) -> Option<&Floors> {
        let floors = self.floors.get(usize::from(decimals))?;
        floors.get_or_init(|| self.floored(decimals)).as_ref()
    }

    fn floored(&self, decimals: u8) -> Option<Floors> {
        let step = Exact::from_scaled(1, decimals);
        let floor = |mark: &Exact| {
            let floor = round(mark, Rounding::Floor, &step).ok()?;
            Some((floor.to_scaled(decimals)?, floor == *mark))
        };
        self.marks
            .iter()
            .map(floor)
            .collect::<Option<Vec<_>>>()
            .map(Floors)
    }

    /// Gives the class of a fraction, if 128 bits do for the comparisons.
    fn fraction(&self, num: i128, den: i128) -> Option<u32> {
        let (marks, power) = self.scaled.as_ref()?;
        let left = times(num, *power)?;
        let mut below = 0;
        for mark in marks {
            match times(*mark, den)?.cmp(&left) {
                Ordering::Less => below = usize::saturating_add(below, 1),
                Ordering::Equal => return Some(stretch(below, true)),
                Ordering::Greater => break,
            }
        }
        Some(stretch(below, false))
    }
}

/// Marks rounded down to integers, and whether each is one.
struct Floors(Vec<(i128, bool)>);

impl Floors {
    fn class(&self, value: i128) -> u32 {
        let below = self.0.partition_point(|(floor, _)| *floor < value);
        stretch(below, self.0.get(below) == Some(&(value, true)))
    }
}

/// Gives the class of a number above so many marks, which is the next mark or lies before it.
fn stretch(below: usize, is_mark: bool) -> u32 {
    let twice = u32::try_from(below.saturating_mul(2)).unwrap_or(u32::MAX);
    twice.saturating_add(OTHER).saturating_add(u32::from(is_mark))
}

fn class(found: Result<usize, usize>) -> u32 {
    match found {
        Ok(mark) => u32::try_from(mark).map_or(OTHER, |mark| mark.saturating_add(2)),
        Err(_) => OTHER,
    }
}

fn text_classes(texts: &[Arc<str>], codes: &[u32], pool: &TextPool) -> Vec<u32> {
    let mut named: Vec<(u32, u32)> = Vec::with_capacity(texts.len());
    for (mark, text) in texts.iter().enumerate() {
        if let Some(code) = pool.find(text) {
            named.push((code, class(Ok(mark))));
        }
    }
    // Pool and marks are both in byte order, hence so are the codes.
    let one = |code: &u32| match named.binary_search_by_key(code, |(code, _)| *code) {
        Ok(found) => named.get(found).map_or(OTHER, |(_, class)| *class),
        Err(_) => OTHER,
    };
    codes.iter().map(one).collect()
}

fn text(value: &Value) -> Option<Arc<str>> {
    if let Value::Text(text) = value {
        Some(Arc::clone(text))
    } else {
        None
    }
}

fn place(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(flag) => Some(i64::from(*flag)),
        Value::Enum(_, place) => Some(i64::from(*place)),
        Value::Period(key) => Some(i64::from(key.index)),
        Value::Number(_) | Value::Date(_) | Value::Text(_) | Value::Missing => None,
    }
}

fn number(value: &Value) -> Option<Exact> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::Date(date) => Some(Exact::from_i64(i64::from(date.days()))),
        Value::Bool(_) | Value::Period(_) | Value::Text(_) | Value::Enum(..) | Value::Missing => None,
    }
}
