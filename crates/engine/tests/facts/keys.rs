//! Finding records by key, one by one and by columns.

use std::sync::Arc;

use guerdon::column::{Cell, Column, ColumnData, TextPool};
use guerdon::facts::Facts;
use guerdon_plan::calendar::{PeriodKey, Unit};
use guerdon_plan::hir::Program;
use guerdon_plan::number::Exact;
use guerdon_plan::types::{Scalar, TableId};

use crate::fixture::{ASSIGNMENT, PEOPLE, PERSON, QUOTA, field, load, program, table};

#[test]
fn a_text_key_is_found_and_nothing_else_is() {
    let program = program();
    let facts = load(&program, &[(PERSON, PEOPLE)]);
    let find = |key: &str| facts.find(PERSON, &[Cell::Text(key)]);
    assert_eq!(
        [find("p1"), find("p2"), find("p3"), find("")],
        [Some(0), Some(1), None, None]
    );
    assert_eq!(facts.find(PERSON, &[]), None);
    assert_eq!(facts.find(PERSON, &[Cell::Row(0)]), None);
    assert_eq!(facts.find(TableId(99), &[Cell::Text("p1")]), None);
}

#[test]
fn a_key_of_reference_and_period_is_found() {
    let program = program();
    let quotas = "person|month|amount\np2|2026-02|1\np1|2026-03|2\np1|2026-01|3";
    let facts = load(&program, &[(PERSON, PEOPLE), (QUOTA, quotas)]);
    let month = |number| PeriodKey::month(2026, number).index;
    let find = |row, number| facts.find(QUOTA, &[Cell::Row(row), Cell::Period(Unit::Month, month(number))]);
    assert_eq!([find(0, 1), find(0, 3), find(1, 2)], [Some(0), Some(1), Some(2)]);
    assert_eq!([find(0, 2), find(1, 1), find(2, 1)], [None, None, None]);
}

#[test]
fn columns_are_looked_up_at_once_and_one_value_serves_all_rows() {
    let program = program();
    let quotas = "person|month|amount\np2|2026-02|1\np1|2026-02|2\np1|2026-01|3";
    let facts = load(&program, &[(PERSON, PEOPLE), (QUOTA, quotas)]);
    let people = Column::new(ColumnData::Row(vec![1, 0, 0, 7]))
        .with_missing(vec![0, 0, 1])
        .with_errors(vec![]);
    let february = PeriodKey::month(2026, 2).index;
    let month = Column::new(ColumnData::Period {
        unit: Unit::Month,
        values: vec![february],
    });
    let found = facts.find_column(QUOTA, &[&people, &month]).unwrap();
    assert!(
        [0, 1, 2, 3].map(|row| found.cell(row)) == [Cell::Row(2), Cell::Row(1), Cell::Missing, Cell::Missing]
    );
}

#[test]
fn texts_of_another_pool_and_errors_are_carried_over() {
    let program = program();
    let facts = load(&program, &[(PERSON, PEOPLE)]);
    let dictionary = Arc::new(TextPool::from_sorted(["a", "p2", "z"]));
    let names = Column::new(ColumnData::Text {
        codes: vec![1, 0, 2, 1],
        dictionary,
    })
    .with_errors(vec![0, 0, 0, 5]);
    let found = facts.find_column(PERSON, &[&names]).unwrap();
    assert!(
        [0, 1, 2, 3].map(|row| found.cell(row))
            == [Cell::Row(1), Cell::Missing, Cell::Missing, Cell::Error(4)]
    );
}

#[test]
fn dated_records_are_found_by_day() {
    let program = program();
    let text = "seller|from|until|area
        s1|2026-06-01||South
        s1|2026-01-01|2026-03-31|North";
    let facts = load(&program, &[(ASSIGNMENT, text)]);
    let dictionary = Arc::new(TextPool::from_sorted(["s1", "s2"]));
    let sellers = Column::new(ColumnData::Text {
        codes: vec![0, 0, 0, 1],
        dictionary,
    });
    let day = |text: &str| guerdon_plan::calendar::Date::parse(text).unwrap().days();
    let days = [
        day("2026-03-31"),
        day("2026-04-01"),
        day("2026-06-01"),
        day("2026-06-01"),
    ];
    let days = Column::new(ColumnData::Date(days.to_vec()));
    let found = facts.find_column_on(ASSIGNMENT, &[&sellers], &days).unwrap();
    assert!(
        [0, 1, 2, 3].map(|row| found.cell(row)) == [Cell::Row(0), Cell::Missing, Cell::Row(1), Cell::Missing]
    );
}

#[test]
fn a_day_on_which_two_records_of_one_key_hold_is_an_error_and_the_days_beside_it_are_not() {
    let program = program();
    let text = "seller|from|until|area
        s1|2026-01-01|2026-03-31|North
        s1|2026-03-31||South";
    let facts = load(&program, &[(ASSIGNMENT, text)]);
    let day = |text: &str| guerdon_plan::calendar::Date::parse(text).unwrap().days();
    let days = Column::new(ColumnData::Date(vec![
        day("2026-03-30"),
        day("2026-03-31"),
        day("2026-04-01"),
    ]));
    let sellers = Column::new(ColumnData::Text {
        codes: vec![0, 0, 0],
        dictionary: Arc::new(TextPool::from_sorted(["s1"])),
    });
    let found = facts.find_column_on(ASSIGNMENT, &[&sellers], &days).unwrap();
    assert!([0, 1, 2].map(|row| found.cell(row)) == [Cell::Row(0), Cell::Error(0), Cell::Row(1)]);
}

/// One table with a key of whole numbers.
fn numbered(keys: &[i128]) -> (Program, Vec<i128>) {
    let mut program = program();
    program.tables = vec![table("Order", &["number"], vec![field("number", Scalar::Int)])];
    (program, keys.to_vec())
}

fn rows(program: &Program, keys: &[i128]) -> Facts {
    let mut builder = Facts::builder(program);
    builder.column("Order", "number", keys.to_vec());
    builder.finish().unwrap()
}

#[test]
fn number_keys_are_found_dense_sparse_and_wide() {
    let dense: Vec<i128> = (0..3_000).map(|key| key * 2).rev().collect();
    let sparse: Vec<i128> = (0..3_000).map(|key| key * 1_000_003 - 7).collect();
    let wide: Vec<i128> = (0..50).map(|key| i128::from(i64::MAX) * (key + 1)).collect();
    for keys in [dense, sparse, wide] {
        let (program, keys) = numbered(&keys);
        let facts = rows(&program, &keys);
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        for (row, key) in (0_u32..).zip(&sorted) {
            let find = |key: i128| facts.find(TableId(0), &[Cell::Number(Exact::from_i128(key))]);
            assert_eq!((find(*key), find(*key + 1)), (Some(row), None));
        }
    }
}

#[test]
fn a_number_is_found_whatever_its_decimals() {
    let (program, keys) = numbered(&[10, 20, 300_000_000]);
    let facts = rows(&program, &keys);
    let values = Column::new(ColumnData::Scaled {
        values: vec![2_000, 2_050, 30_000_000_000],
        decimals: 2,
    });
    let found = facts.find_column(TableId(0), &[&values]).unwrap();
    assert!([0, 1, 2].map(|row| found.cell(row)) == [Cell::Row(1), Cell::Missing, Cell::Row(2)]);
    let whole = Column::new(ColumnData::Wide(vec![Exact::from_i64(10)]));
    assert!(facts.find_column(TableId(0), &[&whole]).unwrap().cell(0) == Cell::Row(0));
}

#[test]
fn keys_of_two_wide_numbers_are_sorted_and_found() {
    let mut program = program();
    program.tables = vec![table(
        "Pair",
        &["left", "right"],
        vec![field("left", Scalar::Int), field("right", Scalar::Int)],
    )];
    let mut builder = Facts::builder(&program);
    builder.column("Pair", "left", [i64::MAX, i64::MIN, 0, i64::MAX]);
    builder.column("Pair", "right", [i64::MIN, i64::MAX, 0, i64::MIN + 1]);
    let facts = builder.finish().unwrap();
    let number = |value: i64| Cell::Number(Exact::from_i64(value));
    let find = |left, right| facts.find(TableId(0), &[number(left), number(right)]);
    assert_eq!(
        [
            find(i64::MIN, i64::MAX),
            find(0, 0),
            find(i64::MAX, i64::MIN),
            find(i64::MAX, i64::MIN + 1),
            find(0, 1)
        ],
        [Some(0), Some(1), Some(2), Some(3), None]
    );
}

#[test]
fn keys_made_to_collide_are_found_in_no_time_that_matters() {
    // The numbers whose hashes agree in all bits that choose a slot: the steps of the hash, backwards.
    const FACTOR: u64 = 0xFF51_AFD7_ED55_8CCD;
    let inverse = (0..6).fold(FACTOR, |inverse, _| {
        inverse.wrapping_mul(2_u64.wrapping_sub(FACTOR.wrapping_mul(inverse)))
    });
    let colliding = |number: u64| {
        let hash = number << 40;
        let mixed = hash ^ (hash >> 32);
        i128::from((mixed.wrapping_mul(inverse) ^ 0x9E37_79B9_7F4A_7C15).cast_signed())
    };
    let keys: Vec<i128> = (1..2_000).map(colliding).collect();
    let (program, keys) = numbered(&keys);
    let facts = rows(&program, &keys);
    let found = keys
        .iter()
        .filter_map(|key| facts.find(TableId(0), &[Cell::Number(Exact::from_i128(*key))]));
    let mut found: Vec<u32> = found.collect();
    found.sort_unstable();
    assert!(found.iter().copied().eq(0..1_999));
}
