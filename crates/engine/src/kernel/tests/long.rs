//! Long chunks: ways that pay for many cells only give what is given for each cell alone.

use guerdon_plan::calendar::Unit;
use guerdon_plan::graph::{AxisId, DecisionLine, DecisionTable, Outside, SliceWant};
use guerdon_plan::hir::{Beyond, Cell as Condition, Combine, Effective, Factor, Hit, TierKind, Value};
use guerdon_plan::number::Rounding;
use guerdon_plan::types::{CalendarId, EnumId};
use guerdon_syntax::span::Span;

use super::tiers::{graph as tiers, no_day, slice};
use super::*;

/// More cells than a byte has values.
const LEN: usize = 700;

/// Compares a kernel's result for a chunk with those for chunks of one cell.
fn agrees_alone(graph: &Graph, op: &Op, inputs: &[Vector<'static>]) -> Result<(), TestCaseError> {
    let whole = run_in(graph, op, inputs);
    for cell in 0..LEN {
        let alone: Vec<Vector<'_>> = inputs.iter().map(|input| input.slice(cell..cell + 1)).collect();
        let (found, wanted) = (whole.cell(cell), run_in(graph, op, &alone));
        prop_assert_eq!(shown(&found), shown(&wanted.cell(0)), "cell {}", cell);
    }
    Ok(())
}

/// Gives days that lie close together, but for one now and then.
fn near_days() -> impl Strategy<Value = Vector<'static>> {
    (20_000_i32..21_000, 1_i32..900, 0_u8..4).prop_flat_map(|(first, span, odd)| {
        let day = prop_oneof![
            700 => first..first + span,
            u32::from(odd) => Just(-719_162_i32),
            u32::from(odd / 3) => Just(i32::MAX),
        ];
        masked(prop::collection::vec(day, LEN).prop_map(|days| Data::Date(Cow::Owned(days))))
    })
}

fn codes(most: u8) -> impl Strategy<Value = Vector<'static>> {
    masked(prop::collection::vec(0..most, LEN).prop_map(|codes| Data::Enum(Cow::Owned(codes))))
}

fn decisions() -> Graph {
    let place = |place| Value::Enum(EnumId(0), place);
    let line = |one: Condition, two: Condition, number: i64| DecisionLine {
        cells: vec![one, two],
        outputs: vec![Value::Number(Exact::from_i64(number))],
        span: Span::default(),
    };
    let lines = vec![
        line(Condition::OneOf(vec![place(0), place(2)]), Condition::Any, 1),
        line(
            Condition::OneOf(vec![place(1)]),
            Condition::OneOf(vec![place(0), place(3)]),
            2,
        ),
        line(Condition::Any, Condition::OneOf(vec![place(1)]), 3),
        line(Condition::Missing, Condition::Missing, 4),
    ];
    let table = DecisionTable {
        hit: Hit::First,
        combine: vec![Combine::Single],
        versions: vec![(Effective::default(), lines)],
    };
    Graph {
        decisions: vec![table],
        ..Graph::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn periods_of_many_days_are_those_of_each(
        days in near_days(),
        unit in select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Year]),
        clamp in select(vec![None, Some(AxisId(0))]),
    ) {
        let calendar = CalendarId(0);
        let containing = Op::Containing { calendar, unit, day: node(), clamp, outside: Outside::Error };
        let none = Graph::default();
        agrees_alone(&none, &containing, std::slice::from_ref(&days))?;
        let periods = [run(&containing, std::slice::from_ref(&days)).into_owned()];
        agrees_alone(&none, &Op::FirstDay { calendar, period: node() }, &periods)?;
        agrees_alone(&none, &Op::LastDay { calendar, period: node() }, &periods)?;
        agrees_alone(&none, &Op::Within { calendar, value: node(), from: node(), through: node() },
            &[periods[0].clone(), days.clone(), days])?;
    }

    #[test]
    fn tables_are_read_by_bytes_as_by_classes(one in codes(4), two in codes(5)) {
        let decide = Op::Decide { table: 0, on: node(), inputs: vec![node(); 2], output: 0 };
        agrees_alone(&decisions(), &decide, &[crate::vector::missing(1), one, two])?;
    }

    #[test]
    fn numbers_of_a_chunk_do_not_lean_on_each_other(
        one in masked(numbers(LEN).prop_map(Data::Number)),
        two in masked(tame(LEN).prop_map(Data::Number)),
        mode in select(Rounding::ALL.to_vec()),
        step in select(vec!["0.01", "1", "0.05", "25", "0.000001"]),
    ) {
        let none = Graph::default();
        let both = [one, two];
        agrees_alone(&none, &Op::Product(vec![(Factor::Times, node()); 2]), &both)?;
        let quotient = Op::Product(vec![(Factor::Times, node()), (Factor::Over, node())]);
        agrees_alone(&none, &quotient, &both)?;
        let round = Op::Round { value: node(), mode, step: exact(step) };
        agrees_alone(&none, &round, &both[..1])?;
        agrees_alone(&none, &round, &[run(&quotient, &both).into_owned()])?;
        let rows = ["from 0 below 100 : 3%", "from 100 below 5000 : 5 plus 4%", "from 5000 : 5%"];
        let tiers = tiers(TierKind::Marginal, &rows, Beyond::Open);
        let [one, two] = both;
        agrees_alone(&tiers, &slice(SliceWant::Amount, None), &[no_day(), one.clone()])?;
        agrees_alone(&tiers, &slice(SliceWant::Amount, Some(node())), &[no_day(), one, two])?;
    }
}
