use guerdon_plan::hir::Comparison;

use super::*;

const OPERATORS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
];

fn holds(op: Comparison, order: std::cmp::Ordering) -> bool {
    match op {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

/// The meaning of a joint condition that `decisive` decides.
fn joint(cells: &[Cell<'_>], decisive: bool) -> Cell<'static> {
    if cells.contains(&Cell::Bool(decisive)) {
        return Cell::Bool(decisive);
    }
    strict(cells).unwrap_or(Cell::Bool(!decisive))
}

fn compared(op: Comparison, cells: &[Cell<'_>]) -> Cell<'static> {
    let error = cells.iter().find_map(|cell| match cell {
        Cell::Error(error) => Some(Cell::Error(*error)),
        _ => None,
    });
    if let Some(error) = error {
        return error;
    }
    let is_missing: Vec<bool> = cells.iter().map(|cell| *cell == Cell::Missing).collect();
    match (op, is_missing.as_slice()) {
        (_, [false, false]) => {}
        (Comparison::Equal, [one, other]) => return Cell::Bool(one == other),
        (Comparison::NotEqual, [one, other]) => return Cell::Bool(one != other),
        (_, _) => return Cell::Missing,
    }
    let order = match cells {
        [Cell::Number(left), Cell::Number(right)] => left.cmp(right),
        [Cell::Text(left), Cell::Text(right)] => left.cmp(right),
        [Cell::Enum(left), Cell::Enum(right)] | [Cell::Row(left), Cell::Row(right)] => left.cmp(right),
        [Cell::Date(left), Cell::Date(right)] => left.cmp(right),
        [Cell::Bool(left), Cell::Bool(right)] => left.cmp(right),
        _ => unreachable!("cells of one kind"),
    };
    Cell::Bool(holds(op, order))
}

fn text_vector(len: usize) -> impl Strategy<Value = Vector<'static>> {
    let pools = select(vec![vec!["a", "b", "c"], vec!["b", "c", "d"], vec!["c"]]);
    masked((pools, length(len)).prop_flat_map(|(texts, len)| {
        let pool = std::sync::Arc::new(crate::column::TextPool::from_sorted(texts));
        let codes = prop::collection::vec(0..u32::try_from(pool.len()).unwrap(), len);
        codes.prop_map(move |codes| Data::Text(Cow::Owned(codes), std::sync::Arc::clone(&pool)))
    }))
}

fn enum_vector(len: usize) -> impl Strategy<Value = Vector<'static>> {
    masked(length(len).prop_flat_map(|len| {
        prop_oneof![
            prop::collection::vec(0_u8..4, len).prop_map(|codes| Data::Enum(Cow::Owned(codes))),
            prop::collection::vec(0_u16..5, len).prop_map(|codes| Data::LongEnum(Cow::Owned(codes))),
        ]
    }))
}

fn day_vector(len: usize) -> impl Strategy<Value = Vector<'static>> {
    let days = length(len).prop_flat_map(|len| prop::collection::vec(20_000_i32..20_004, len));
    masked(days.prop_map(|days| Data::Date(Cow::Owned(days))))
}

/// Gives two vectors of one kind.
fn pair() -> impl Strategy<Value = Vec<Vector<'static>>> {
    let close = |len| masked(length(len).prop_flat_map(tame).prop_map(Data::Number));
    prop_oneof![
        vectors(number_vector, 2..3),
        vectors(close, 2..3),
        vectors(text_vector, 2..3),
        vectors(enum_vector, 2..3),
        vectors(day_vector, 2..3),
        vectors(flags_vector, 2..3),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn joint_conditions_are_decided_by_one_operand(inputs in vectors(flags_vector, 1..4)) {
        let nodes = vec![node(); inputs.len()];
        agrees(&Graph::default(), &Op::And(nodes.clone()), &inputs, |cells| joint(cells, false))?;
        agrees(&Graph::default(), &Op::Or(nodes), &inputs, |cells| joint(cells, true))?;
        agrees(&Graph::default(), &Op::Not(node()), &inputs[..1], |cells| match cells {
            [Cell::Bool(flag)] => Cell::Bool(!flag),
            cells => strict(cells).unwrap(),
        })?;
    }

    #[test]
    fn comparisons_compare_values(inputs in pair(), op in select(OPERATORS.to_vec())) {
        let term = Op::Compare { op, left: node(), right: node() };
        agrees(&Graph::default(), &term, &inputs, |cells| compared(op, cells))?;
    }

    #[test]
    fn sorting_puts_missing_values_and_errors_last(inputs in pair()) {
        let [left, right] = inputs.as_slice() else { unreachable!("two vectors") };
        let place = |cell: &Cell<'_>| match cell {
            Cell::Missing => 1,
            Cell::Error(error) => 1 + u64::from(*error),
            _ => 0,
        };
        for i in 0..left.len().min(right.len()) {
            let (one, other) = (left.cell(i), right.cell(i));
            let found = crate::vector::compare_cells(left, i, right, i);
            if place(&one) + place(&other) > 0 {
                prop_assert_eq!(found, place(&one).cmp(&place(&other)));
            } else {
                let is_less = compared(Comparison::Less, &[one.clone(), other.clone()]);
                prop_assert_eq!(Cell::Bool(found.is_lt()) == is_less, true);
                prop_assert_eq!(found.is_eq(), one == other);
            }
        }
    }
}
