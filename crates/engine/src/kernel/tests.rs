//! Each kernel against its term's meaning for one cell, over all forms in which numbers are held.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::unreachable,
    clippy::wildcard_enum_match_arm,
    reason = "figures of tests are small, and each test knows the kinds of values that it makes"
)]

mod choices;
mod decisions;
mod figures;
mod logic;
mod long;
mod numbers;
mod tiers;
mod times;
mod widths;

use std::borrow::Cow;

use guerdon_plan::calendar::Calendar;
use guerdon_plan::graph::{Graph, NodeId, Op};
use guerdon_plan::number::Exact;
use num_bigint::BigInt;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Context, Tables, map};
use crate::column::Cell;
use crate::fault::{Fault, Faults};
use crate::vector::{Data, Numbers, Vector};

/// The node whose kernel is tested.
const NODE: NodeId = NodeId(7);
const FAULTS: Faults = Faults { loaded: 20 };

/// Runs a kernel without tables.
fn run<'a>(op: &Op, inputs: &[Vector<'a>]) -> Vector<'a> {
    run_in(&Graph::default(), op, inputs)
}

fn run_in<'a>(graph: &Graph, op: &Op, inputs: &[Vector<'a>]) -> Vector<'a> {
    let context = Context {
        tables: &Tables::of(graph),
        calendars: &[Calendar::civil()],
        axis_first: &[24_300],
        faults: FAULTS,
    };
    map(op, NODE, inputs, &context)
}

fn node() -> NodeId {
    NodeId(0)
}

fn fault<'c>(fault: Fault) -> Cell<'c> {
    Cell::Error(FAULTS.number(NODE, fault))
}

/// Compares a kernel's result with the term's meaning for each cell.
fn agrees(
    graph: &Graph,
    op: &Op,
    inputs: &[Vector<'static>],
    meaning: impl Fn(&[Cell<'_>]) -> Cell<'static>,
) -> Result<(), TestCaseError> {
    let result = run_in(graph, op, inputs);
    let len = inputs.iter().map(Vector::len).find(|len| *len != 1).unwrap_or(1);
    let is_short = result.len() == 1 && len != 1;
    prop_assert!(
        result.len() == len || is_short,
        "{} cells instead of {len}",
        result.len()
    );
    for cell in 0..len {
        let cells: Vec<Cell<'_>> = inputs.iter().map(|input| input.cell(cell)).collect();
        let (found, wanted) = (shown(&result.cell(cell)), shown(&meaning(&cells)));
        let given: Vec<String> = cells.iter().map(shown).collect();
        prop_assert_eq!(found, wanted, "cell {} of {:?}", cell, given);
    }
    if let Data::Number(Numbers::Ratio(nums, dens)) = &result.data {
        prop_assert!(nums.len() == dens.len() && dens.iter().all(|den| *den > 0));
    }
    Ok(())
}

/// Gives an error or a missing value among cells, the first error first.
fn strict(cells: &[Cell<'_>]) -> Option<Cell<'static>> {
    let error = cells.iter().find_map(|cell| match cell {
        Cell::Error(error) => Some(Cell::Error(*error)),
        _ => None,
    });
    error.or_else(|| cells.contains(&Cell::Missing).then_some(Cell::Missing))
}

/// Gives the numbers of cells that all are numbers.
fn exacts(cells: &[Cell<'_>]) -> Vec<Exact> {
    cells.iter().filter_map(|cell| cell.number().cloned()).collect()
}

fn shown(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Missing => "missing".to_owned(),
        Cell::Error(error) => format!("error {:?}", FAULTS.cause(*error)),
        Cell::Bool(flag) => format!("{flag}"),
        Cell::Number(number) => format!("{number}"),
        Cell::Date(day) => format!("day {day}"),
        Cell::Period(unit, index) => format!("{unit:?} {index}"),
        Cell::Text(text) => format!("\"{text}\""),
        Cell::Enum(place) => format!("#{place}"),
        Cell::Row(row) => format!("row {row}"),
    }
}

fn texts(vector: &Vector<'_>) -> Vec<String> {
    (0..vector.len()).map(|cell| shown(&vector.cell(cell))).collect()
}

fn plain(numbers: Numbers<'static>) -> Vector<'static> {
    Vector::new(Data::Number(numbers))
}

fn scaled(values: &[i64], decimals: u8) -> Vector<'static> {
    plain(Numbers::Scaled(Cow::Owned(values.to_vec()), decimals))
}

/// Reads plain decimals, each in as few decimals as all need.
fn decimals(values: &[&str]) -> Vector<'static> {
    plain(Numbers::pack(values.iter().map(|value| exact(value)).collect()))
}

/// Reads a plain decimal or a fraction.
fn exact(text: &str) -> Exact {
    match text.split_once('/') {
        Some((num, den)) => exact(num).div(&exact(den)).unwrap(),
        None => Exact::parse_decimal(text).unwrap(),
    }
}

fn narrow() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => -2_000_i64..2_000,
        2 => (any::<i64>(), 0_u32..64).prop_map(|(value, shift)| value >> shift),
        1 => select(vec![i64::MIN, i64::MIN + 1, i64::MAX, i64::MAX - 1, 0, 1, -1]),
    ]
}

fn wide() -> impl Strategy<Value = i128> {
    prop_oneof![
        3 => narrow().prop_map(i128::from),
        1 => (any::<i128>(), 0_u32..128).prop_map(|(value, shift)| value >> shift),
        1 => select(vec![i128::MIN, i128::MAX, i128::MAX - 1, i128::MIN + 1]),
    ]
}

fn any_exact() -> impl Strategy<Value = Exact> {
    let huge = (any::<i128>(), 0_u32..200, 1_i64..50).prop_map(|(num, shift, den)| {
        Exact::from_parts(BigInt::from(num) << shift, BigInt::from(den)).unwrap()
    });
    prop_oneof![
        3 => (narrow(), 1_i128..40).prop_map(|(num, den)| Exact::new(i128::from(num), den).unwrap()),
        1 => huge,
    ]
}

/// Gives numbers in any form.
fn numbers(len: usize) -> impl Strategy<Value = Numbers<'static>> {
    let den = prop_oneof![
        3 => 1_i128..200,
        1 => (1..=i128::MAX, 0_u32..126).prop_map(|(den, shift)| (den >> shift).max(1)),
        1 => Just(i128::MAX)
    ];
    prop_oneof![
        4 => (prop::collection::vec(narrow(), len), 0_u8..7)
            .prop_map(|(values, decimals)| Numbers::Scaled(Cow::Owned(values), decimals)),
        1 => (prop::collection::vec(narrow(), len), 12_u8..=18)
            .prop_map(|(values, decimals)| Numbers::Scaled(Cow::Owned(values), decimals)),
        2 => (prop::collection::vec(wide(), len), 0_u8..24)
            .prop_map(|(values, decimals)| Numbers::Wide(Cow::Owned(values), decimals)),
        2 => (prop::collection::vec(wide(), len), prop::collection::vec(den, len))
            .prop_map(|(nums, dens)| Numbers::Ratio(Cow::Owned(nums), Cow::Owned(dens))),
        1 => prop::collection::vec(any_exact(), len).prop_map(|values| Numbers::Exact(Cow::Owned(values))),
    ]
}

/// Gives tame numbers, such as a plan has.
fn tame(len: usize) -> impl Strategy<Value = Numbers<'static>> {
    let value = || -100_000_i64..100_000;
    prop_oneof![
        3 => (prop::collection::vec(value(), len), 0_u8..4)
            .prop_map(|(values, decimals)| Numbers::Scaled(Cow::Owned(values), decimals)),
        1 => (prop::collection::vec(value(), len), prop::collection::vec(1_i128..1_000, len)).prop_map(
            |(nums, dens)| {
                let nums = nums.into_iter().map(i128::from).collect();
                Numbers::Ratio(Cow::Owned(nums), Cow::Owned(dens))
            }
        ),
    ]
}

/// Puts masks over values, or none.
fn masked(data: impl Strategy<Value = Data<'static>>) -> impl Strategy<Value = Vector<'static>> {
    let mask = |len| {
        prop_oneof![
            2 => Just(None),
            1 => prop::collection::vec(0_u8..2, len).prop_map(Some),
        ]
    };
    let errors = |len| {
        prop_oneof![
            2 => Just(None),
            1 => prop::collection::vec(prop_oneof![2 => Just(0_u32), 1 => 1_u32..20], len).prop_map(Some),
        ]
    };
    data.prop_flat_map(move |data| {
        let len = data.len();
        (Just(data), mask(len), errors(len)).prop_map(|(data, missing, errors)| Vector {
            data,
            missing: missing.map(Cow::Owned),
            errors: errors.map(Cow::Owned),
        })
    })
}

/// Gives a length of an input: that of the chunk, or 1.
fn length(len: usize) -> impl Strategy<Value = usize> {
    prop_oneof![3 => Just(len), 1 => Just(1)]
}

/// Gives a vector of numbers in any form, or one of no kind.
fn number_vector(len: usize) -> impl Strategy<Value = Vector<'static>> {
    let nothing = length(len).prop_map(crate::vector::missing);
    let numbers = masked(length(len).prop_flat_map(numbers).prop_map(Data::Number));
    prop_oneof![12 => numbers, 1 => nothing]
}

fn tame_vector(len: usize) -> impl Strategy<Value = Vector<'static>> {
    masked(length(len).prop_flat_map(tame).prop_map(Data::Number))
}

fn flags_vector(len: usize) -> impl Strategy<Value = Vector<'static>> {
    let flags = length(len).prop_flat_map(|len| prop::collection::vec(0_u8..2, len));
    masked(flags.prop_map(|flags| Data::Bool(Cow::Owned(flags))))
}

fn vectors<S: Strategy<Value = Vector<'static>>>(
    one: impl Fn(usize) -> S + 'static,
    how_many: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<Vector<'static>>> {
    (0_usize..6).prop_flat_map(move |len| prop::collection::vec(one(len), how_many.clone()))
}
