use guerdon_plan::graph::{SliceRow, SliceTable, SliceWant};
use guerdon_plan::hir::{Beyond, Edge, Effective, TierKind};
use guerdon_syntax::span::Span;

use super::*;

/// Reads a row such as `from 0 below 80% : 4%`, or with an amount and a rate, `from 0 : 100 plus 2%`.
pub(super) fn row(kind: TierKind, text: &str) -> SliceRow {
    let (place, value) = text.split_once(" : ").unwrap();
    let words: Vec<&str> = place.split(' ').collect();
    let bound = |word: &str, edge| {
        let place = words.iter().position(|one| *one == word)?;
        Some((number(words[place + 1]), edge))
    };
    let pays_by_rate = matches!(kind, TierKind::Marginal | TierKind::Retro);
    let (amount, rate) = match value.split_once(" plus ") {
        Some((amount, rate)) => (Some(number(amount)), Some(number(rate))),
        None if pays_by_rate => (None, Some(number(value))),
        None => (Some(number(value)), None),
    };
    SliceRow {
        lower: bound("from", Edge::Included)
            .or_else(|| bound("above", Edge::Excluded))
            .or_else(|| bound("at", Edge::Included)),
        upper: bound("below", Edge::Excluded).or_else(|| bound("through", Edge::Included)),
        rate,
        amount,
        span: Span::default(),
    }
}

fn number(text: &str) -> Exact {
    match text.strip_suffix('%') {
        Some(text) => exact(text).div(&Exact::from_i64(100)).unwrap(),
        None => exact(text),
    }
}

pub(super) fn graph(kind: TierKind, rows: &[&str], beyond: Beyond) -> Graph {
    let rows = rows.iter().map(|text| row(kind, text)).collect();
    Graph {
        slices: vec![SliceTable {
            kind,
            versions: vec![(Effective::default(), rows, beyond)],
        }],
        ..Graph::default()
    }
}

pub(super) fn slice(want: SliceWant, against: Option<NodeId>) -> Op {
    Op::Slice {
        table: 0,
        on: node(),
        value: node(),
        against,
        want,
    }
}

/// The day, which is not looked at where there is one version.
pub(super) fn no_day() -> Vector<'static> {
    crate::vector::missing(1)
}

/// Applies rows to values one by one, and says what came out.
pub(super) fn applied(
    graph: &Graph,
    want: SliceWant,
    values: &[&str],
    against: Option<&[&str]>,
) -> Vec<String> {
    let mut inputs = vec![no_day(), decimals_or_fractions(values)];
    inputs.extend(against.map(decimals_or_fractions));
    let op = slice(want, against.map(|_| node()));
    texts(&run_in(graph, &op, &inputs))
}

fn decimals_or_fractions(values: &[&str]) -> Vector<'static> {
    decimals(values)
}

/// The meaning of tiers for one value, by intervals of fractions.
pub(super) fn meaning(
    table: &SliceTable,
    want: SliceWant,
    value: &Exact,
    against: Option<&Exact>,
) -> Result<Exact, Fault> {
    let one = Exact::ONE;
    let q = against.unwrap_or(&one);
    if !q.is_positive() {
        return Err(Fault::NotPositive);
    }
    let (_, rows, beyond) = &table.versions[0];
    let ends: Vec<(Option<(Exact, Edge)>, Option<(Exact, Edge)>)> = rows
        .iter()
        .map(|row| {
            let end =
                |end: &Option<(Exact, Edge)>| end.as_ref().map(|(at, edge)| (at.mul(q).unwrap(), *edge));
            (end(&row.lower), end(&row.upper))
        })
        .collect();
    let above = |end: &(Exact, Edge)| *value > end.0 || (*value == end.0 && end.1 == Edge::Included);
    let below = |end: &(Exact, Edge)| *value < end.0 || (*value == end.0 && end.1 == Edge::Included);
    let last = rows.len() - 1;
    let goes_on = |place: usize| place == last && *beyond == Beyond::Continue;
    let shown = |row: &SliceRow| row.rate.clone().or(row.amount.clone()).unwrap_or_default();
    let end = match table.kind {
        TierKind::Interpolated => ends[last].0.clone(),
        _ => ends[last].1.clone(),
    };
    if *beyond == Beyond::Error && end.is_some_and(|end| !below(&end)) {
        return Err(Fault::BeyondTiers);
    }
    let holds = |place: usize| {
        let stays = place == last && matches!(beyond, Beyond::Continue | Beyond::Clamp);
        ends[place].0.as_ref().is_none_or(above) && (stays || ends[place].1.as_ref().is_none_or(below))
    };
    if table.kind == TierKind::Interpolated {
        let points: Vec<(Exact, Exact)> = ends
            .iter()
            .zip(rows)
            .map(|(end, row)| (end.0.clone().unwrap().0, shown(row)))
            .collect();
        return Ok(line(&points, value, *beyond));
    }
    if want == SliceWant::Rate {
        return Ok((0..rows.len())
            .find(|place| holds(*place))
            .map(|place| shown(&rows[place]))
            .unwrap_or_default());
    }
    let part = |place: usize| {
        let row = &rows[place];
        let amount = row.amount.clone().unwrap_or_default();
        let rate = row.rate.clone().unwrap_or_default();
        match table.kind {
            TierKind::Marginal => {
                let top = match &ends[place].1 {
                    Some((at, _)) if !goes_on(place) => value.clone().min(at.clone()),
                    _ => value.clone(),
                };
                let length = match &ends[place].0 {
                    Some((at, _)) => top.sub(at).unwrap().max(Exact::ZERO),
                    None => top,
                };
                let is_entered = match &ends[place].0 {
                    None => true,
                    Some((at, _)) if place == 0 => value >= at,
                    Some(end) => above(end),
                };
                let slice = rate.mul(&length).unwrap();
                if is_entered {
                    slice.add(&amount).unwrap()
                } else {
                    slice
                }
            }
            TierKind::Retro if holds(place) => rate.mul(value).unwrap().add(&amount).unwrap(),
            TierKind::Flat if holds(place) => shown(row),
            TierKind::Fill => {
                let (low, high) = (ends[place].0.clone().unwrap().0, ends[place].1.clone().unwrap().0);
                let share = value
                    .sub(&low)
                    .unwrap()
                    .div(&high.sub(&low).unwrap())
                    .unwrap()
                    .max(Exact::ZERO);
                shown(row)
                    .mul(&if goes_on(place) {
                        share
                    } else {
                        share.min(Exact::ONE)
                    })
                    .unwrap()
            }
            _ => Exact::ZERO,
        }
    };
    Ok(match want {
        SliceWant::Part(place) => part(place),
        _ => (0..rows.len()).fold(Exact::ZERO, |sum, place| sum.add(&part(place)).unwrap()),
    })
}

fn line(points: &[(Exact, Exact)], value: &Exact, beyond: Beyond) -> Exact {
    if *value <= points[0].0 {
        return points[0].1.clone();
    }
    let between = |left: &(Exact, Exact), right: &(Exact, Exact)| {
        let slope = right
            .1
            .sub(&left.1)
            .unwrap()
            .div(&right.0.sub(&left.0).unwrap())
            .unwrap();
        left.1
            .add(&slope.mul(&value.sub(&left.0).unwrap()).unwrap())
            .unwrap()
    };
    let [.., before, last] = points else {
        return points[0].1.clone();
    };
    match points.windows(2).find(|pair| *value <= pair[1].0) {
        Some(pair) => between(&pair[0], &pair[1]),
        None if beyond == Beyond::Continue => between(before, last),
        None if beyond == Beyond::Nothing => Exact::ZERO,
        None => last.1.clone(),
    }
}

/// Gives tables of any kind whose rows follow one another.
fn table() -> impl Strategy<Value = SliceTable> {
    let kinds = vec![
        TierKind::Marginal,
        TierKind::Retro,
        TierKind::Flat,
        TierKind::Fill,
        TierKind::Interpolated,
    ];
    let yields = prop::collection::vec(
        (prop::option::of(-50_i128..200), prop::option::of(-20_i128..500)),
        6,
    );
    let beyonds = vec![Beyond::Clamp, Beyond::Continue, Beyond::Nothing, Beyond::Error];
    let marks = prop::collection::btree_set(-100_i128..300, 2..6);
    let edges = prop::collection::vec(any::<bool>(), 8);
    let den = select(vec![1_i128, 10, 100, 3]);
    let open = (any::<bool>(), any::<bool>());
    (select(kinds), marks, yields, select(beyonds), edges, den, open).prop_map(
        |(kind, marks, yields, beyond, edges, den, (open_below, open_above))| {
            let marks: Vec<Exact> = marks
                .into_iter()
                .map(|mark| Exact::new(mark, den).unwrap())
                .collect();
            let edge = |place: usize| {
                if edges[place] {
                    Edge::Included
                } else {
                    Edge::Excluded
                }
            };
            let other = |place: usize| {
                if edges[place] {
                    Edge::Excluded
                } else {
                    Edge::Included
                }
            };
            let money = |value: Option<i128>| value.map(|value| Exact::new(value, 100).unwrap());
            let is_points = kind == TierKind::Interpolated;
            let has_ends = matches!(kind, TierKind::Interpolated | TierKind::Fill);
            let rows = if is_points { marks.len() } else { marks.len() - 1 };
            let row = |place: usize| SliceRow {
                lower: (has_ends || place > 0 || !open_below).then(|| (marks[place].clone(), edge(place))),
                upper: (!is_points && (has_ends || place + 1 < rows || !open_above))
                    .then(|| (marks[place + 1].clone(), other(place + 1))),
                rate: money(yields[place].0).filter(|_| matches!(kind, TierKind::Marginal | TierKind::Retro)),
                amount: money(yields[place].1),
                span: Span::default(),
            };
            SliceTable {
                kind,
                versions: vec![(Effective::default(), (0..rows).map(row).collect(), beyond)],
            }
        },
    )
}

/// Gives values near the marks of tables, as well as far from them.
fn near(len: usize) -> impl Strategy<Value = Numbers<'static>> {
    prop_oneof![
        2 => tame(len),
        2 => (prop::collection::vec(-40_i64..80, len), 0_u8..3)
            .prop_map(|(values, decimals)| Numbers::Scaled(Cow::Owned(values), decimals)),
        1 => (prop::collection::vec(-300_i128..900, len), prop::collection::vec(1_i128..7, len))
            .prop_map(|(nums, dens)| Numbers::Ratio(Cow::Owned(nums), Cow::Owned(dens))),
        1 => numbers(len),
    ]
}

fn near_vector(len: usize) -> impl Strategy<Value = Vector<'static>> {
    masked(length(len).prop_flat_map(near).prop_map(Data::Number))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn tiers_are_those_of_fractions(
        table in table(),
        operands in vectors(near_vector, 1..3),
        want in prop_oneof![
            3 => Just(SliceWant::Amount),
            1 => Just(SliceWant::Rate),
            1 => (0_usize..2).prop_map(SliceWant::Part),
        ],
    ) {
        let want = match want {
            SliceWant::Part(part) if part >= table.versions[0].1.len() => SliceWant::Part(0),
            other => other,
        };
        let graph = Graph { slices: vec![table.clone()], ..Graph::default() };
        let op = slice(want, (operands.len() > 1).then(node));
        let inputs: Vec<Vector<'static>> = [no_day()].into_iter().chain(operands).collect();
        agrees(&graph, &op, &inputs, |cells| strict(&cells[1..]).unwrap_or_else(|| {
            let numbers = exacts(&cells[1..]);
            meaning(&table, want, &numbers[0], numbers.get(1)).map_or_else(fault, Cell::Number)
        }))?;
    }
}
