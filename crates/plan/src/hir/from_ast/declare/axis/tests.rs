use guerdon_syntax::{FileId, Span};
use proptest::prelude::*;

use super::super::cover::{MAX_STEPS, Overlap, Region, SlotSet, hole, hole_between_disjoint, overlap};
use super::*;
use crate::hir::{Enum, Naming};
use crate::types::{EnumId, Ty};

const SIDES: u32 = 3;

fn naming(name: &str) -> Naming {
    let span = Span::new(FileId(0), 0, 0);
    Naming {
        name: name.to_owned(),
        alias: None,
        title: None,
        span,
    }
}

fn program() -> Program {
    let values = ["North", "East", "South"].map(naming).to_vec();
    Program {
        enums: vec![Enum {
            naming: naming("Region"),
            values,
        }],
        ..Program::default()
    }
}

fn input(scalar: Scalar, is_optional: bool) -> Input {
    let ty = if is_optional {
        Ty::optional(scalar)
    } else {
        Ty::always(scalar)
    };
    Input {
        naming: naming("column"),
        ty,
        lower: None,
        upper: None,
    }
}

fn whole(at: i64) -> Exact {
    Exact::from_i64(at)
}

fn edges() -> impl Strategy<Value = Edge> {
    prop_oneof![Just(Edge::Included), Just(Edge::Excluded)]
}

fn bounds() -> impl Strategy<Value = Bound> {
    (0_i64..7, edges()).prop_map(|(at, edge)| Bound { at: whole(at), edge })
}

fn ordered_cells() -> impl Strategy<Value = Cell> {
    let one = (0_i64..7).prop_map(|at| Value::Number(whole(at)));
    let interval = (prop::option::of(bounds()), prop::option::of(bounds()));
    prop_oneof![
        1 => Just(Cell::Any),
        1 => prop::collection::vec(one, 1..3).prop_map(Cell::OneOf),
        4 => interval.prop_map(|(lower, upper)| Cell::Interval { lower, upper }),
    ]
}

fn enum_cells() -> impl Strategy<Value = Cell> {
    let one = (0..SIDES).prop_map(|at| Value::Enum(EnumId(0), at));
    prop_oneof![
        1 => Just(Cell::Any),
        1 => Just(Cell::Missing),
        3 => prop::collection::vec(one, 1..3).prop_map(Cell::OneOf),
    ]
}

/// Says what a cell matches, straight from its meaning.
fn matches(cell: &Cell, value: &Value) -> bool {
    match cell {
        Cell::Any => true,
        Cell::Missing => *value == Value::Missing,
        Cell::OneOf(values) => values.contains(value),
        Cell::Interval { lower, upper } => {
            let Value::Number(at) = value else { return false };
            let is_above =
                |bound: &Bound| *at > bound.at || (bound.edge == Edge::Included && *at == bound.at);
            let is_below =
                |bound: &Bound| *at < bound.at || (bound.edge == Edge::Included && *at == bound.at);
            lower.as_ref().is_none_or(is_above) && upper.as_ref().is_none_or(is_below)
        }
    }
}

fn value_of(sample: &Sample) -> Value {
    match sample {
        Sample::Value(value) => value.clone(),
        Sample::Number(number) => Value::Number(number.clone()),
        Sample::OtherText => Value::Text(Arc::from("some other text")),
        Sample::Missing => Value::Missing,
    }
}

/// Is a table of two columns: numbers of a kind, and an enum that may be missing.
struct Cut {
    rows: Vec<(Cell, Cell)>,
    axes: [Axis; 2],
}

impl Cut {
    fn new(scalar: Scalar, rows: Vec<(Cell, Cell)>) -> Cut {
        let mut numbers = input(scalar, false);
        numbers.lower = Some(Bound {
            at: whole(-1),
            edge: Edge::Included,
        });
        numbers.upper = Some(Bound {
            at: whole(8),
            edge: Edge::Included,
        });
        let axes = [
            Axis::new(&program(), &numbers, rows.iter().map(|row| &row.0)),
            Axis::new(
                &program(),
                &input(Scalar::Enum(EnumId(0)), true),
                rows.iter().map(|row| &row.1),
            ),
        ];
        Cut { rows, axes }
    }

    fn regions(&self) -> Vec<Region> {
        let [numbers, regions] = &self.axes;
        self.rows
            .iter()
            .map(|row| Region(vec![numbers.slots(&row.0), regions.slots(&row.1)]))
            .collect()
    }

    /// Lists every point that differs from another for some row: whole numbers, and what lies between them.
    fn points(&self, step: &Exact) -> Vec<[Value; 2]> {
        let mut numbers = vec![whole(-1)];
        while let Some(next) = numbers.last().map(|last| last.add(step).unwrap())
            && next <= whole(8)
        {
            numbers.push(next);
        }
        let sides = (0..SIDES)
            .map(|at| Value::Enum(EnumId(0), at))
            .chain([Value::Missing]);
        let sides: Vec<Value> = sides.collect();
        let pair = |number: Exact| {
            sides
                .iter()
                .map(move |side| [Value::Number(number.clone()), side.clone()])
        };
        numbers.into_iter().flat_map(pair).collect()
    }

    fn holding(&self, point: &[Value; 2]) -> Vec<usize> {
        let [number, side] = point;
        let holds = |row: &(Cell, Cell)| matches(&row.0, number) && matches(&row.1, side);
        (0..self.rows.len()).filter(|at| holds(&self.rows[*at])).collect()
    }

    fn point_at(&self, slots: &[u32]) -> [Value; 2] {
        [
            value_of(&self.axes[0].sample(slots[0])),
            value_of(&self.axes[1].sample(slots[1])),
        ]
    }
}

/// Compares the proofs with a look at every point.
fn agrees(scalar: Scalar, step: &Exact, rows: Vec<(Cell, Cell)>) {
    let cut = Cut::new(scalar, rows);
    let regions = cut.regions();
    let points = cut.points(step);
    let is_shared = points.iter().any(|point| cut.holding(point).len() > 1);
    let is_open = points.iter().any(|point| cut.holding(point).is_empty());
    let sizes: Vec<u32> = cut.axes.iter().map(Axis::size).collect();
    let all = Region(sizes.iter().map(|size| SlotSet::first_slots(*size)).collect());
    let shared = overlap(2, &regions, &mut MAX_STEPS.clone()).unwrap();
    assert_eq!(shared.is_some(), is_shared);
    if let Some(Overlap {
        earlier,
        later,
        point,
    }) = &shared
    {
        let holding = cut.holding(&cut.point_at(point));
        assert!(holding.contains(earlier) && holding.contains(later));
    }
    let open = hole(&all, &regions.iter().collect::<Vec<_>>(), &mut MAX_STEPS.clone()).unwrap();
    assert_eq!(open.is_some(), is_open);
    if let Some(point) = &open {
        assert_eq!(cut.holding(&cut.point_at(point)), Vec::<usize>::new());
    }
    if shared.is_none() {
        assert_eq!(hole_between_disjoint(&sizes, &regions).unwrap(), open);
    }
}

proptest! {
    #[test]
    fn proofs_over_whole_numbers_agree_with_a_look_at_every_point(
        rows in prop::collection::vec((ordered_cells(), enum_cells()), 0..6),
    ) {
        agrees(Scalar::Int, &Exact::ONE, rows);
    }

    #[test]
    fn proofs_over_amounts_agree_with_a_look_at_every_boundary_and_between(
        rows in prop::collection::vec((ordered_cells(), enum_cells()), 0..6),
    ) {
        agrees(Scalar::Percent, &Exact::new(1, 2).unwrap(), rows);
    }
}

#[test]
fn a_gap_between_neighbouring_whole_numbers_holds_nothing_but_one_between_amounts_does() {
    let rows = [0, 1].map(|at| Cell::OneOf(vec![Value::Number(whole(at))]));
    let sizes = [Scalar::Int, Scalar::Number].map(|scalar| {
        let mut column = input(scalar, false);
        column.lower = Some(Bound {
            at: whole(0),
            edge: Edge::Included,
        });
        column.upper = Some(Bound {
            at: whole(1),
            edge: Edge::Included,
        });
        Axis::new(&Program::default(), &column, rows.iter()).size()
    });
    assert_eq!(sizes, [2, 3]);
}

#[test]
fn texts_have_a_slot_for_any_other_text_and_one_for_a_missing_one() {
    let rows = [
        Cell::OneOf(vec![Value::Text(Arc::from("east"))]),
        Cell::Missing,
        Cell::Any,
    ];
    let axis = Axis::new(&Program::default(), &input(Scalar::Text, true), rows.iter());
    let samples: Vec<Sample> = (0..axis.size()).map(|slot| axis.sample(slot)).collect();
    assert_eq!(
        samples,
        [
            Sample::Value(Value::Text(Arc::from("east"))),
            Sample::OtherText,
            Sample::Missing
        ]
    );
    assert_eq!(
        rows.map(|cell| axis.slots(&cell)),
        [SlotSet::run(0, 1), SlotSet::run(2, 3), SlotSet::run(0, 3)]
    );
}
