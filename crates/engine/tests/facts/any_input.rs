//! Whatever bytes a file holds, every record is there and every fault is said.

use guerdon::facts::Facts;
use guerdon::limits::Limits;
use guerdon_plan::types::{FieldId, TableId};
use guerdon_syntax::Code;
use proptest::prelude::*;

use crate::fixture::{DEAL, PERSON, QUOTA, program};

/// Cells that are nearly right, and bytes that are nothing.
fn cell() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "",
        " ",
        "p1",
        "p2",
        "D1",
        "AE",
        "客户经理",
        "yes",
        "否",
        "0",
        "-1",
        "1.50",
        "CNY 1,234.56",
        "USD 1",
        "8%",
        "1e9",
        "2026-03",
        "2026-Q1",
        "2026-02-29",
        "2024-02-29",
        "9999-12-31",
        "\u{FEFF}",
        "\u{3000}",
        "99999999999999999999",
        "0.000000000001",
        "-9223372036854775808",
        "...",
        "CNY",
        "CNY -",
        "%",
        "+",
        "-",
    ];
    prop_oneof![
        4 => proptest::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
    ]
}

fn records(width: usize) -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    // Now and then a record is too short or too long.
    let record = prop_oneof![
        9 => proptest::collection::vec(cell(), width),
        1 => proptest::collection::vec(cell(), 0..width + 2),
    ];
    proptest::collection::vec(record, 0..25)
}

fn push(
    facts: &mut guerdon::facts::FactsBuilder<'_>,
    table: TableId,
    headings: &[&str],
    records: &[Vec<Vec<u8>>],
) {
    let mut loader = facts.text_table(table, headings, Some("data.csv"));
    for record in records {
        let cells: Vec<&[u8]> = record.iter().map(Vec::as_slice).collect();
        loader.push(&cells).unwrap();
    }
}

/// Says that rows, columns and problems of a table fit together.
fn is_sound(facts: &Facts, table: TableId, given: usize) -> bool {
    let data = facts.table(table).unwrap();
    let merged = facts
        .problems()
        .iter()
        .filter(|problem| problem.table == Some(table) && problem.code == Code::D0819);
    let mut numbers: Vec<_> = (0..data.len())
        .map(|row| data.input_row(row as u32).unwrap())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let count = facts.problems().len() as u32;
    let is_known = |error: u32| error <= count;
    data.len() + merged.count() == given
        && numbers.len() == data.len()
        && numbers.iter().all(|number| (1..=given as u64).contains(number))
        && data
            .row_errors()
            .is_none_or(|errors| errors.len() == data.len() && errors.iter().all(|e| is_known(*e)))
        && (0..8)
            .filter_map(|field| data.column(FieldId(field)))
            .all(|column| {
                column.len() == data.len()
                    && column
                        .errors()
                        .is_none_or(|errors| errors.iter().all(|e| is_known(*e)))
            })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn nothing_is_lost_and_nothing_panics(people in records(6), deals in records(9), quotas in records(3)) {
        let program = program();
        let limits = Limits { problems: 10_000, ..Limits::default() };
        let mut builder = Facts::builder(&program).with_limits(limits);
        push(&mut builder, PERSON, &["id", "role", "team", "manager", "hired_on", "bonus"], &people);
        let headings = ["id", "owner", "amount", "booked_on", "new_logo", "units", "margin", "rate", "comment"];
        push(&mut builder, DEAL, &headings, &deals);
        push(&mut builder, QUOTA, &["person", "month", "amount"], &quotas);
        let facts = builder.finish().unwrap();
        prop_assert!(is_sound(&facts, PERSON, people.len()));
        prop_assert!(is_sound(&facts, DEAL, deals.len()));
        prop_assert!(is_sound(&facts, QUOTA, quotas.len()));
        prop_assert!(facts.problems().iter().all(|problem| !problem.message.is_empty()));
    }
}
