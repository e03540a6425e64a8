use std::sync::Arc;

use guerdon_plan::calendar::Date;
use guerdon_plan::graph::{DecisionLine, DecisionTable};
use guerdon_plan::hir::{Bound, Cell as Condition, Combine, Edge, Effective, Hit, Value};
use guerdon_plan::types::EnumId;
use guerdon_syntax::span::Span;

use super::*;
use crate::column::TextPool;

fn line(cells: Vec<Condition>, outputs: Vec<Value>) -> DecisionLine {
    DecisionLine {
        cells,
        outputs,
        span: Span::default(),
    }
}

fn graph(hit: Hit, combine: Vec<Combine>, lines: Vec<DecisionLine>) -> Graph {
    let table = DecisionTable {
        hit,
        combine,
        versions: vec![(Effective::default(), lines)],
    };
    Graph {
        decisions: vec![table],
        ..Graph::default()
    }
}

fn decide(output: usize, inputs: usize) -> Op {
    Op::Decide {
        table: 0,
        on: node(),
        inputs: vec![node(); inputs],
        output,
    }
}

fn no_day() -> Vector<'static> {
    crate::vector::missing(1)
}

fn bound(at: i64, edge: Edge) -> Option<Bound> {
    Some(Bound {
        at: Exact::from_i64(at),
        edge,
    })
}

fn place(place: u32) -> Value {
    Value::Enum(EnumId(0), place)
}

fn number(number: i64) -> Value {
    Value::Number(Exact::from_i64(number))
}

/// Says whether a condition accepts a cell.
fn accepts(condition: &Condition, cell: &Cell<'_>) -> bool {
    let inside = |lower: &Option<Bound>, upper: &Option<Bound>, value: &Exact| {
        let at = |bound: &Bound| *value == bound.at && bound.edge == Edge::Included;
        lower.as_ref().is_none_or(|lower| *value > lower.at || at(lower))
            && upper.as_ref().is_none_or(|upper| *value < upper.at || at(upper))
    };
    match (condition, cell) {
        (Condition::Any, _) | (Condition::Missing, Cell::Missing) => true,
        (Condition::Interval { lower, upper }, Cell::Number(value)) => inside(lower, upper, value),
        (Condition::Interval { lower, upper }, Cell::Date(day)) => {
            inside(lower, upper, &Exact::from_i64(i64::from(*day)))
        }
        (Condition::OneOf(values), cell) => values.iter().any(|value| match (value, cell) {
            (Value::Enum(_, place), Cell::Enum(its)) => place == its,
            (Value::Number(number), Cell::Number(its)) => number == its,
            (Value::Bool(flag), Cell::Bool(its)) => flag == its,
            (Value::Text(text), Cell::Text(its)) => &**text == *its,
            (Value::Date(date), Cell::Date(its)) => date.days() == *its,
            _ => false,
        }),
        _ => false,
    }
}

fn meaning(hit: Hit, combine: Combine, lines: &[DecisionLine], cells: &[Cell<'_>]) -> Cell<'static> {
    let error = cells.iter().find_map(|cell| match cell {
        Cell::Error(error) => Some(Cell::Error(*error)),
        _ => None,
    });
    if let Some(error) = error {
        return error;
    }
    let fits = |line: &&DecisionLine| {
        line.cells
            .iter()
            .zip(cells)
            .all(|(cell, input)| accepts(cell, input))
    };
    let mut outputs = lines.iter().filter(fits).map(|line| match &line.outputs[0] {
        Value::Number(number) => Some(number.clone()),
        _ => None,
    });
    match (hit, combine) {
        (Hit::Unique | Hit::First, _) => match outputs.next() {
            Some(output) => output.map_or(Cell::Missing, Cell::Number),
            None => fault(Fault::NoRow),
        },
        (Hit::Every, Combine::Count) => {
            Cell::Number(Exact::from_i64(i64::try_from(outputs.count()).unwrap()))
        }
        (Hit::Every, Combine::Sum) => Cell::Number(
            outputs
                .flatten()
                .fold(Exact::ZERO, |sum, number| sum.add(&number).unwrap()),
        ),
        (Hit::Every, Combine::Highest) => outputs.flatten().max().map_or(Cell::Missing, Cell::Number),
        (Hit::Every, Combine::Lowest) => outputs.flatten().min().map_or(Cell::Missing, Cell::Number),
        (Hit::Every, Combine::Single) => outputs.flatten().next().map_or(Cell::Missing, Cell::Number),
    }
}

fn enum_condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        1 => Just(Condition::Any),
        1 => Just(Condition::Missing),
        3 => prop::collection::vec(0_u32..5, 1..3)
            .prop_map(|places| Condition::OneOf(places.into_iter().map(place).collect())),
    ]
}

fn number_condition() -> impl Strategy<Value = Condition> {
    let end = || prop::option::of((-6_i64..6, any::<bool>()));
    let bound = |end: Option<(i64, bool)>| {
        end.map(|(at, is_included)| Bound {
            at: Exact::new(i128::from(at), 2).unwrap(),
            edge: if is_included {
                Edge::Included
            } else {
                Edge::Excluded
            },
        })
    };
    prop_oneof![
        1 => Just(Condition::Any),
        1 => Just(Condition::Missing),
        1 => (-3_i64..3).prop_map(|at| Condition::OneOf(vec![number(at)])),
        3 => (end(), end()).prop_map(move |(lower, upper)| Condition::Interval { lower: bound(lower), upper: bound(upper) }),
    ]
}

fn text_condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        1 => Just(Condition::Any),
        3 => select(vec!["a", "b", "c"]).prop_map(|text| Condition::OneOf(vec![Value::Text(text.into())])),
    ]
}

fn lines(most: usize) -> impl Strategy<Value = Vec<DecisionLine>> {
    let output = prop_oneof![5 => (-9_i64..9).prop_map(number), 1 => Just(Value::Missing)];
    let one = (enum_condition(), number_condition(), text_condition(), output)
        .prop_map(|(one, two, three, output)| line(vec![one, two, three], vec![output]));
    prop::collection::vec(one, 0..most)
}

fn inputs() -> impl Strategy<Value = Vec<Vector<'static>>> {
    (0_usize..6).prop_flat_map(|len| {
        let places = length(len).prop_flat_map(|len| {
            prop_oneof![
                prop::collection::vec(0_u8..6, len).prop_map(|codes| Data::Enum(Cow::Owned(codes))),
                prop::collection::vec(0_u16..6, len).prop_map(|codes| Data::LongEnum(Cow::Owned(codes))),
            ]
        });
        let close = length(len).prop_flat_map(|len| {
            prop_oneof![
                (prop::collection::vec(-40_i64..40, len), 0_u8..3)
                    .prop_map(|(values, decimals)| Numbers::Scaled(Cow::Owned(values), decimals)),
                (
                    prop::collection::vec(-9_i128..9, len),
                    prop::collection::vec(1_i128..4, len)
                )
                    .prop_map(|(nums, dens)| Numbers::Ratio(Cow::Owned(nums), Cow::Owned(dens))),
                numbers(len),
            ]
        });
        let texts = length(len).prop_flat_map(|len| {
            prop::collection::vec(0_u32..3, len).prop_map(|codes| {
                Data::Text(
                    Cow::Owned(codes),
                    Arc::new(TextPool::from_sorted(["a", "c", "d"])),
                )
            })
        });
        let inputs = (
            masked(places),
            masked(close.prop_map(Data::Number)),
            masked(texts),
        );
        inputs.prop_map(|(one, two, three)| vec![no_day(), one, two, three])
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn a_table_is_read_from_the_top(lines in lines(8), inputs in inputs()) {
        let graph = graph(Hit::First, vec![Combine::Single], lines.clone());
        agrees(&graph, &decide(0, 3), &inputs, |cells| meaning(Hit::First, Combine::Single, &lines, &cells[1..]))?;
    }

    #[test]
    fn every_row_counts_where_the_table_says_so(
        lines in lines(8),
        inputs in inputs(),
        combine in select(vec![Combine::Sum, Combine::Count, Combine::Highest, Combine::Lowest]),
    ) {
        let graph = graph(Hit::Every, vec![combine], lines.clone());
        agrees(&graph, &decide(0, 3), &inputs, |cells| meaning(Hit::Every, combine, &lines, &cells[1..]))?;
    }
}

/// Makes a table with more combinations of classes than an array is made for.
fn large(hit: Hit) -> (Graph, Vec<DecisionLine>) {
    let interval = |at: i64| Condition::Interval {
        lower: bound(at, Edge::Included),
        upper: bound(at + 3, Edge::Excluded),
    };
    let lines: Vec<DecisionLine> = (0..150)
        .map(|at| {
            line(
                vec![interval(at), interval(2 * at), interval(300 - at)],
                vec![number(at)],
            )
        })
        .collect();
    (graph(hit, vec![Combine::Sum], lines.clone()), lines)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn large_tables_give_the_same(
        values in prop::collection::vec((0_i64..160, -3_i64..4, -3_i64..4), 1..20),
        hit in select(vec![Hit::First, Hit::Every]),
    ) {
        let (graph, lines) = large(hit);
        let column = |of: &dyn Fn(&(i64, i64, i64)) -> i64| scaled(&values.iter().map(of).collect::<Vec<_>>(), 0);
        let inputs =
            [no_day(), column(&|v| v.0), column(&|v| 2 * v.0 + v.1), column(&|v| 300 - v.0 + v.2)];
        agrees(&graph, &decide(0, 3), &inputs, |cells| meaning(hit, Combine::Sum, &lines, &cells[1..]))?;
    }
}

#[test]
fn numbers_beside_a_mark_are_not_the_mark() {
    let half = Bound {
        at: exact("0.5"),
        edge: Edge::Included,
    };
    let from = |lower, upper| Condition::Interval { lower, upper };
    let graph = graph(
        Hit::First,
        vec![Combine::Single],
        vec![
            line(
                vec![from(Some(half.clone()), Some(half.clone()))],
                vec![number(1)],
            ),
            line(vec![from(None, Some(half))], vec![number(2)]),
            line(vec![Condition::Any], vec![number(3)]),
        ],
    );
    let decided = |input| texts(&run_in(&graph, &decide(0, 1), &[no_day(), input]));
    assert_eq!(decided(scaled(&[-1, 0, 1], 0)), ["2", "2", "3"]);
    assert_eq!(decided(scaled(&[4, 5, 6], 1)), ["2", "1", "3"]);
    assert_eq!(decided(scaled(&[499, 500, 501], 3)), ["2", "1", "3"]);
    let ratio = Numbers::Ratio(Cow::Owned(vec![1, 2, 3]), Cow::Owned(vec![3, 4, 5]));
    assert_eq!(decided(plain(ratio)), ["2", "1", "3"]);
}

#[test]
fn a_matrix_of_days_flags_and_texts_has_several_results() {
    let date = |text| Date::parse(text).unwrap();
    let from = Bound {
        at: Exact::from_i64(i64::from(date("2026-04-01").days())),
        edge: Edge::Included,
    };
    let late = || Condition::Interval {
        lower: Some(from.clone()),
        upper: None,
    };
    let early = Condition::Interval {
        lower: None,
        upper: Some(Bound {
            edge: Edge::Excluded,
            ..from.clone()
        }),
    };
    let flag = |flag| Condition::OneOf(vec![Value::Bool(flag)]);
    let text = |text: &str| Value::Text(text.into());
    let graph = graph(
        Hit::Unique,
        vec![Combine::Single; 2],
        vec![
            line(vec![early, Condition::Any], vec![text("old"), place(3)]),
            line(vec![late(), flag(true)], vec![text("new"), place(300)]),
            line(vec![late(), flag(false)], vec![text("old"), place(0)]),
        ],
    );
    let days = ["2026-03-31", "2026-04-01", "2026-04-02"].map(|day| date(day).days());
    let inputs = [
        no_day(),
        Vector::new(Data::Date(Cow::Owned(days.to_vec()))),
        Vector::new(Data::Bool(Cow::Owned(vec![1, 1, 0]))),
    ];
    assert_eq!(
        texts(&run_in(&graph, &decide(0, 2), &inputs)),
        ["\"old\"", "\"new\"", "\"old\""]
    );
    assert_eq!(
        texts(&run_in(&graph, &decide(1, 2), &inputs)),
        ["#3", "#300", "#0"]
    );
}
