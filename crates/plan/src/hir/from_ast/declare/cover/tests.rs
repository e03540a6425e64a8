#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "the numbers of the cases are small"
)]

use proptest::prelude::*;

use super::*;

type Table = (Vec<u32>, Vec<Region>);

fn region(axes: &[&[u32]]) -> Region {
    Region(axes.iter().map(|slots| slots_of(slots)).collect())
}

fn slots_of(slots: &[u32]) -> SlotSet {
    SlotSet::new(
        slots
            .iter()
            .map(|slot| Range {
                start: *slot,
                end: slot + 1,
            })
            .collect(),
    )
}

fn whole(sizes: &[u32]) -> Region {
    Region(sizes.iter().map(|size| SlotSet::first_slots(*size)).collect())
}

fn points(sizes: &[u32]) -> Vec<Point> {
    sizes.iter().fold(vec![Point::new()], |points, size| {
        points
            .iter()
            .flat_map(|point| (0..*size).map(move |slot| [point.as_slice(), &[slot]].concat()))
            .collect()
    })
}

fn holds(row: &Region, point: &Point) -> bool {
    row.0.iter().zip(point).all(|(side, slot)| side.contains(*slot))
}

fn tables() -> impl Strategy<Value = Table> {
    prop::collection::vec(1_u32..5, 1..4).prop_flat_map(|sizes| {
        let sides: Vec<_> = sizes
            .iter()
            .map(|size| prop::collection::vec(any::<bool>(), *size as usize))
            .collect();
        let row = sides.prop_map(|sides| {
            let chosen = |side: &Vec<bool>| {
                (0..)
                    .zip(side)
                    .filter(|(_, is_in)| **is_in)
                    .map(|(slot, _)| slot)
                    .collect::<Vec<u32>>()
            };
            Region(sides.iter().map(|side| slots_of(&chosen(side))).collect())
        });
        (Just(sizes), prop::collection::vec(row, 0..7))
    })
}

#[test]
fn two_rows_that_share_a_corner_are_named_with_the_corner() {
    let rows = [
        region(&[&[0, 1], &[0, 1]]),
        region(&[&[2], &[0, 1, 2]]),
        region(&[&[1, 2], &[1, 2]]),
    ];
    let found = Overlap {
        earlier: 0,
        later: 2,
        point: vec![1, 1],
    };
    assert_eq!(overlap(2, &rows, &mut MAX_STEPS.clone()), Ok(Some(found)));
}

#[test]
fn a_missing_corner_of_a_grid_is_found_by_counting() {
    let rows = [region(&[&[0], &[0, 1, 2]]), region(&[&[1, 2], &[0, 1]])];
    assert_eq!(hole_between_disjoint(&[3, 3], &rows), Ok(Some(vec![1, 2])));
}

#[test]
fn forty_two_valued_columns_that_overlap_everywhere_are_refused_rather_than_searched() {
    let sizes = [2; 40];
    let row = |skipped: usize| {
        let side = |axis: usize| {
            if axis == skipped || axis == (skipped * 7 + 3) % 40 || axis == (skipped * 11 + 5) % 40 {
                slots_of(&[0])
            } else {
                slots_of(&[0, 1])
            }
        };
        Region((0..40).map(side).collect())
    };
    let rows: Vec<Region> = (0..40).map(row).collect();
    let mut steps = 1_000;
    assert_eq!(
        hole(&whole(&sizes), &rows.iter().collect::<Vec<_>>(), &mut steps),
        Err(TooLarge)
    );
}

#[test]
fn a_grid_of_ten_thousand_rows_is_proven_whole_and_its_one_hole_found() {
    let cell =
        |row: u32, column: u32| Region(vec![SlotSet::run(row, row + 1), SlotSet::run(column, column + 1)]);
    let mut rows: Vec<Region> = (0..100)
        .flat_map(|row| (0..100).map(move |column| cell(row, column)))
        .collect();
    assert_eq!(overlap(2, &rows, &mut MAX_STEPS.clone()), Ok(None));
    assert_eq!(hole_between_disjoint(&[100, 100], &rows), Ok(None));
    rows.remove(4_217);
    assert_eq!(hole_between_disjoint(&[100, 100], &rows), Ok(Some(vec![42, 17])));
    let all: Vec<&Region> = rows.iter().collect();
    assert_eq!(
        hole(&whole(&[100, 100]), &all, &mut MAX_STEPS.clone()),
        Ok(Some(vec![42, 17]))
    );
}

#[test]
fn each_of_two_thousand_rows_is_shown_to_be_reached() {
    let rows: Vec<Region> = (0..2_000)
        .map(|at| Region(vec![SlotSet::run(0, at + 1)]))
        .collect();
    let mut steps = MAX_STEPS;
    let unreached = (0..rows.len()).find(|at| {
        let above: Vec<&Region> = rows.iter().take(*at).collect();
        hole(&rows[*at], &above, &mut steps).unwrap().is_none()
    });
    assert_eq!(unreached, None);
}

proptest! {
    #[test]
    fn an_overlap_is_found_exactly_where_two_rows_share_a_point((sizes, rows) in tables()) {
        let found = overlap(sizes.len(), &rows, &mut MAX_STEPS.clone()).unwrap();
        let shared = |(a, b): (usize, usize)| points(&sizes).into_iter().find(|point| holds(&rows[a], point) && holds(&rows[b], point));
        let pairs = (0..rows.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
        let first = pairs.into_iter().find_map(|(earlier, later)| shared((earlier, later)).map(|point| Overlap { earlier, later, point }));
        prop_assert_eq!(found, first);
    }

    #[test]
    fn a_hole_is_found_exactly_where_no_row_holds((sizes, rows) in tables()) {
        let all: Vec<&Region> = rows.iter().collect();
        let found = hole(&whole(&sizes), &all, &mut MAX_STEPS.clone()).unwrap();
        let first = points(&sizes).into_iter().find(|point| !rows.iter().any(|row| holds(row, point)));
        prop_assert_eq!(found, first);
    }

    #[test]
    fn counting_and_searching_agree_where_no_rows_overlap((sizes, rows) in tables()) {
        let mut kept: Vec<Region> = Vec::new();
        for row in rows {
            if kept.iter().all(|other| other.common_point(&row).is_none()) {
                kept.push(row);
            }
        }
        let all: Vec<&Region> = kept.iter().collect();
        let searched = hole(&whole(&sizes), &all, &mut MAX_STEPS.clone()).unwrap();
        prop_assert_eq!(hole_between_disjoint(&sizes, &kept).unwrap(), searched);
    }
}
