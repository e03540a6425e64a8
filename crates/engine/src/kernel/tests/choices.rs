use guerdon_plan::graph::{Alternative, ReadsNormal};
use guerdon_syntax::span::Span;

use super::*;

/// Gives vectors of one kind, with a condition before them.
fn with_condition(how_many: usize) -> impl Strategy<Value = Vec<Vector<'static>>> {
    (0_usize..6).prop_flat_map(move |len| {
        let values = prop_oneof![
            prop::collection::vec(number_vector(len).boxed(), how_many),
            prop::collection::vec(tame_vector(len).boxed(), how_many),
            prop::collection::vec(flags_vector(len).boxed(), how_many),
            prop::collection::vec(word_vector(len).boxed(), how_many),
        ];
        (flags_vector(len), values)
            .prop_map(|(condition, values)| [condition].into_iter().chain(values).collect())
    })
}

fn word_vector(len: usize) -> impl Strategy<Value = Vector<'static>> {
    let pools = select(vec![vec!["a", "b", "c"], vec!["b", "d"]]);
    masked((pools, length(len)).prop_flat_map(|(texts, len)| {
        let pool = std::sync::Arc::new(crate::column::TextPool::from_sorted(texts));
        let codes = prop::collection::vec(0..u32::try_from(pool.len()).unwrap(), len);
        codes.prop_map(move |codes| Data::Text(Cow::Owned(codes), std::sync::Arc::clone(&pool)))
    }))
}

/// Copies a cell, texts by name from the few that occur here.
fn kept(cell: &Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Missing => Cell::Missing,
        Cell::Error(error) => Cell::Error(*error),
        Cell::Bool(flag) => Cell::Bool(*flag),
        Cell::Number(number) => Cell::Number(number.clone()),
        Cell::Text(text) => Cell::Text(
            ["a", "b", "c", "d"]
                .into_iter()
                .find(|known| known == text)
                .unwrap(),
        ),
        _ => unreachable!("another kind"),
    }
}

fn is_error(cell: &Cell<'_>) -> bool {
    matches!(cell, Cell::Error(_))
}

/// The meaning of a value with two exceptions, the first of which may outrank the second.
fn preferred(cells: &[Cell<'_>], over: bool) -> Cell<'static> {
    let [normal, first, one, second, other] = cells else {
        unreachable!("five cells")
    };
    let mut left = Vec::new();
    for (when, value, is_outranked) in [
        (first, one, false),
        (second, other, over && *first == Cell::Bool(true)),
    ] {
        match when {
            _ if is_outranked => {}
            Cell::Error(error) => return Cell::Error(*error),
            Cell::Bool(true) if is_error(value) => return kept(value),
            Cell::Bool(true) => left.push(value),
            _ => {}
        }
    }
    match left.as_slice() {
        [] => kept(normal),
        [first, others @ ..] if others.iter().all(|other| other == first) => kept(first),
        _ => fault(Fault::Disagree),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn only_the_chosen_branch_counts(inputs in with_condition(2)) {
        let op = Op::If { condition: node(), then: node(), otherwise: node() };
        agrees(&Graph::default(), &op, &inputs, |cells| match cells {
            [Cell::Bool(true), then, _] => kept(then),
            [Cell::Bool(false), _, otherwise] => kept(otherwise),
            cells => strict(&cells[..1]).unwrap(),
        })?;
    }

    #[test]
    fn masks_are_read_and_set(inputs in with_condition(2)) {
        let graph = Graph::default();
        let [condition, value, other] = inputs.as_slice() else { unreachable!("three vectors") };
        let values = [value.clone(), other.clone()];
        let guarded = [value.clone(), condition.clone()];
        agrees(&graph, &Op::IsMissing(node()), &values[..1], |cells| match &cells[0] {
            Cell::Error(error) => Cell::Error(*error),
            cell => Cell::Bool(*cell == Cell::Missing),
        })?;
        agrees(&graph, &Op::Require(node()), &values[..1], |cells| match &cells[0] {
            Cell::Missing => fault(Fault::Missing),
            cell => kept(cell),
        })?;
        agrees(&graph, &Op::Otherwise(vec![node(); 2]), &values, |cells| {
            kept(if cells[0] == Cell::Missing { &cells[1] } else { &cells[0] })
        })?;
        agrees(&graph, &Op::Recover { value: node(), otherwise: node() }, &values, |cells| {
            kept(if is_error(&cells[0]) { &cells[1] } else { &cells[0] })
        })?;
        agrees(&graph, &Op::Poison { value: node(), by: node() }, &guarded, |cells| {
            kept(if is_error(&cells[0]) || !is_error(&cells[1]) { &cells[0] } else { &cells[1] })
        })?;
        agrees(&graph, &Op::Guard { value: node(), condition: node() }, &guarded, |cells| {
            match (&cells[0], &cells[1]) {
                (_, Cell::Bool(false)) => fault(Fault::CheckFailed),
                (value @ Cell::Error(_), _) => kept(value),
                (_, condition @ Cell::Error(_)) => kept(condition),
                (value, _) => kept(value),
            }
        })?;
        agrees(&graph, &Op::Where { value: node(), condition: node() }, &guarded, |cells| {
            match (&cells[0], &cells[1]) {
                (_, condition @ Cell::Error(_)) => kept(condition),
                (value, Cell::Bool(true)) => kept(value),
                (_, _) => Cell::Missing,
            }
        })?;
    }

    #[test]
    fn exceptions_that_apply_must_agree_or_outrank(
        inputs in with_condition(3),
        second in prop::collection::vec(0_u8..2, 1),
        over in any::<bool>(),
    ) {
        let [condition, normal, one, other] = inputs.as_slice() else { unreachable!("four vectors") };
        let alternative = |over| Alternative {
            when: node(),
            value: node(),
            reads: ReadsNormal::No,
            over,
            span: Span::default(),
        };
        let op = Op::Prefer {
            normal: node(),
            exceptions: vec![alternative(if over { vec![1] } else { Vec::new() }), alternative(Vec::new())],
        };
        let second = Vector::new(Data::Bool(Cow::Owned(second)));
        let inputs = [normal.clone(), condition.clone(), one.clone(), second, other.clone()];
        agrees(&Graph::default(), &op, &inputs, |cells| preferred(cells, over))?;
    }
}
