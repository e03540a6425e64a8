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

/// An end of an interval, if it has one there.
type End = Option<(Exact, Edge)>;

/// The meaning of tiers for one value, by intervals of fractions.
pub(super) fn meaning(
    table: &SliceTable,
    want: SliceWant,
    value: &Exact,
    against: Option<&Exact>,
) -> Result<Exact, Fault> {
    let q = against.cloned().unwrap_or(Exact::ONE);
    if !q.is_positive() {
        return Err(Fault::NotPositive);
    }
    let (_, rows, beyond) = &table.versions[0];
    let end = |end: &End| end.as_ref().map(|(at, edge)| (at.mul(&q).unwrap(), *edge));
    let rows = rows
        .iter()
        .map(|row| (row, end(&row.lower), end(&row.upper)))
        .collect();
    let tiers = Meaning {
        kind: table.kind,
        beyond: *beyond,
        rows,
        value,
    };
    if tiers.is_refused() {
        return Err(Fault::BeyondTiers);
    }
    let rows = 0..tiers.rows.len();
    Ok(match want {
        _ if table.kind == TierKind::Interpolated => {
            let points = tiers
                .rows
                .iter()
                .map(|(row, lower, _)| (lower.clone().unwrap().0, shown_of(row)));
            line(&points.collect::<Vec<_>>(), value, *beyond)
        }
        SliceWant::Rate => {
            let reached = rows.clone().find(|place| tiers.holds(*place));
            reached
                .map(|place| shown_of(tiers.rows[place].0))
                .unwrap_or_default()
        }
        SliceWant::Part(place) => tiers.part(place),
        SliceWant::Amount => rows.fold(Exact::ZERO, |sum, place| sum.add(&tiers.part(place)).unwrap()),
    })
}

/// Tiers with multiplied ends, and a value.
struct Meaning<'v> {
    kind: TierKind,
    beyond: Beyond,
    rows: Vec<(&'v SliceRow, End, End)>,
    value: &'v Exact,
}

impl Meaning<'_> {
    fn is_refused(&self) -> bool {
        let (_, lower, upper) = &self.rows[self.rows.len() - 1];
        let end = if self.kind == TierKind::Interpolated {
            lower
        } else {
            upper
        };
        self.beyond == Beyond::Error && end.as_ref().is_some_and(|end| !self.is_below(end))
    }

    fn is_above(&self, (at, edge): &(Exact, Edge)) -> bool {
        self.value > at || (self.value == at && *edge == Edge::Included)
    }

    fn is_below(&self, (at, edge): &(Exact, Edge)) -> bool {
        self.value < at || (self.value == at && *edge == Edge::Included)
    }

    fn is_last(&self, place: usize) -> bool {
        place + 1 == self.rows.len()
    }

    fn goes_on(&self, place: usize) -> bool {
        self.is_last(place) && self.beyond == Beyond::Continue
    }

    fn holds(&self, place: usize) -> bool {
        let (_, lower, upper) = &self.rows[place];
        let stays = self.is_last(place) && matches!(self.beyond, Beyond::Continue | Beyond::Clamp);
        lower.as_ref().is_none_or(|end| self.is_above(end))
            && (stays || upper.as_ref().is_none_or(|end| self.is_below(end)))
    }

    fn part(&self, place: usize) -> Exact {
        let (row, lower, upper) = &self.rows[place];
        let rate = row.rate.clone().unwrap_or_default();
        let amount = row.amount.clone().unwrap_or_default();
        match self.kind {
            TierKind::Marginal => {
                let slice = rate.mul(&self.length(place)).unwrap();
                if self.is_entered(place) {
                    slice.add(&amount).unwrap()
                } else {
                    slice
                }
            }
            TierKind::Retro if self.holds(place) => rate.mul(self.value).unwrap().add(&amount).unwrap(),
            TierKind::Flat if self.holds(place) => shown_of(row),
            TierKind::Fill => {
                let (low, high) = (lower.clone().unwrap().0, upper.clone().unwrap().0);
                let share = self
                    .value
                    .sub(&low)
                    .unwrap()
                    .div(&high.sub(&low).unwrap())
                    .unwrap()
                    .max(Exact::ZERO);
                let share = if self.goes_on(place) {
                    share
                } else {
                    share.min(Exact::ONE)
                };
                shown_of(row).mul(&share).unwrap()
            }
            _ => Exact::ZERO,
        }
    }

    fn length(&self, place: usize) -> Exact {
        let (_, lower, upper) = &self.rows[place];
        let top = match upper {
            Some((at, _)) if !self.goes_on(place) => self.value.clone().min(at.clone()),
            _ => self.value.clone(),
        };
        match lower {
            Some((at, _)) => top.sub(at).unwrap().max(Exact::ZERO),
            None => top,
        }
    }

    fn is_entered(&self, place: usize) -> bool {
        match &self.rows[place].1 {
            None => true,
            Some((at, _)) if place == 0 => self.value >= at,
            Some(end) => self.is_above(end),
        }
    }
}

fn shown_of(row: &SliceRow) -> Exact {
    row.rate.clone().or(row.amount.clone()).unwrap_or_default()
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
            let is_points = kind == TierKind::Interpolated;
            // A point is its own lower end.
            let edge = |place: usize| {
                if is_points || edges[place] {
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
