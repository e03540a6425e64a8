//! One bad cell at a time: what is said, and what the cell becomes.

use guerdon::column::Cell;
use guerdon_plan::types::FieldId;

use crate::fixture::{DEAL, PEOPLE, PERSON, load, problems, program};

const HEADINGS: &str = "id | owner | amount | booked_on | new_logo | units | margin | rate";

/// Loads one sound deal and one in which a cell is replaced, and gives the only problem.
fn only_problem(field: usize, cell: &str) -> (String, String, bool) {
    let mut cells = ["D2", "p1", "100", "2026-03-05", "no", "3", "1.5", "8%"];
    cells[field] = cell;
    let text = format!(
        "{HEADINGS}\nD1|p2|CNY 1,234.50|2026-02-10|yes|1|0.0001|\n{}",
        cells.join("|")
    );
    let program = program();
    let facts = load(&program, &[(PERSON, PEOPLE), (DEAL, &text)]);
    let [problem] = facts.problems() else {
        panic!("{:?}", problems(&facts))
    };
    let column = facts.column(DEAL, FieldId::at(field)).unwrap();
    let is_spoilt = column.cell(1) == Cell::Error(0) && column.error(0).is_none();
    assert_eq!((problem.table, problem.row), (Some(DEAL), Some(2)));
    (problems(&facts).remove(0), problem.advice.en.clone(), is_spoilt)
}

#[test]
fn each_bad_cell_is_said_with_place_value_and_what_to_write_and_is_an_error() {
    let number = "write digits with a point for decimals, such as -1234.5; an amount may carry its currency, CNY 1,234.50";
    let date = "write the date as 2026-03-31, or name the form in the source block";
    let whole = "declare the field as number if parts are meant";
    let finer = |step: &str| {
        format!("declare what the data have, such as \"to {step}\"; nothing is rounded when it is read")
    };
    for (field, cell, said, advice) in [
        (
            1,
            "",
            "D0807 2 owner: a cell of \"owner\" is empty",
            "fill the cell, or mark the field with ? and say in the plan what counts then",
        ),
        (
            1,
            "p3",
            "D0805 2 owner: a cell of \"owner\" names a record that \"Person\" does not have; the cell reads \"p3\"",
            "add the record, or correct the key",
        ),
        (
            2,
            "12o",
            "D0809 2 amount: a cell of \"amount\" is not a number; the cell reads \"12o\"",
            number,
        ),
        (
            2,
            "1,234.5",
            "D0809 2 amount: a cell of \"amount\" is not a number; the cell reads \"1,234.5\"",
            number,
        ),
        (
            2,
            "CNY 12,34",
            "D0809 2 amount: a cell of \"amount\" is not a number; the cell reads \"CNY 12,34\"",
            number,
        ),
        (
            2,
            "(500)",
            "D0809 2 amount: a cell of \"amount\" is not a number; the cell reads \"(500)\"",
            number,
        ),
        (
            2,
            "$500",
            "D0808 2 amount: an amount of \"amount\" is not in CNY; the cell reads \"$500\"",
            "write the amount in CNY, or declare the field as \"money in\" a column with the currency",
        ),
        (
            2,
            "NaN",
            "D0809 2 amount: a cell of \"amount\" is not a number; the cell reads \"NaN\"",
            number,
        ),
        (
            2,
            "USD 5",
            "D0808 2 amount: an amount of \"amount\" is not in CNY; the cell reads \"USD 5\"",
            "write the amount in CNY, or declare the field as \"money in\" a column with the currency",
        ),
        (
            2,
            "1.005",
            "D0811 2 amount: a number of \"amount\" has more than 2 decimals; the cell reads \"1.005\"",
            &finer("0.001"),
        ),
        (
            3,
            "2026-02-30",
            "D0810 2 booked_on: a cell of \"booked_on\" names a day that no calendar has; \
            the cell reads \"2026-02-30\"",
            "write a day that exists",
        ),
        (
            3,
            "03/04/2026",
            "D0810 2 booked_on: a cell of \"booked_on\" is not a date; the cell reads \"03/04/2026\"",
            date,
        ),
        (
            3,
            "2026-3-5",
            "D0810 2 booked_on: a cell of \"booked_on\" is not a date; the cell reads \"2026-3-5\"",
            date,
        ),
        (
            3,
            "0000-01-01",
            "D0810 2 booked_on: a cell of \"booked_on\" names a day that no calendar has; \
            the cell reads \"0000-01-01\"",
            "write a day that exists",
        ),
        (
            4,
            "1",
            "D0818 2 new_logo: a cell of \"new_logo\" is neither yes nor no; the cell reads \"1\"",
            "write yes or no, or rename the value in the source block",
        ),
        (
            5,
            "2.5",
            "D0811 2 units: a number of \"units\" is not whole; the cell reads \"2.5\"",
            whole,
        ),
        (
            6,
            "1e400",
            "D0809 2 margin: a cell of \"margin\" is not a number; the cell reads \"1e400\"",
            number,
        ),
        (
            6,
            "0.00001",
            "D0811 2 margin: a number of \"margin\" has more than 4 decimals; the cell reads \"0.00001\"",
            &finer("0.00001"),
        ),
        (
            6,
            "1234567890123456789012345678901234567890",
            "D0822 2 margin: a number of \"margin\" has more than 38 digits; \
            the cell reads \"1234567890123456789012345678901234567890\"",
            "declare the field as text if it is a number on a document",
        ),
        (
            7,
            "8",
            "D0813 2 rate: a percentage of \"rate\" has no %; the cell reads \"8\"",
            "write 8% for eight hundredths, or say in the source block \"as percent\" (8) or \"as fraction\" (0.08)",
        ),
        (
            7,
            "x%",
            "D0809 2 rate: a cell of \"rate\" is not a number; the cell reads \"x%\"",
            number,
        ),
        (
            7,
            "0.00000001%",
            "D0811 2 rate: a number of \"rate\" has more than 9 decimals; the cell reads \"0.00000001%\"",
            &finer("0.0000000001"),
        ),
    ] {
        assert_eq!(
            only_problem(field, cell),
            (said.to_owned(), advice.to_owned(), true),
            "{cell}"
        );
    }
}

#[test]
fn a_value_that_its_enum_lacks_gets_the_nearest_one() {
    let program = program();
    let people = "id|role|team|manager|hired_on|bonus
        p1|AE|||2025-01-01|
        p2|Manger|||2025-01-01|
        p3|客户经理|||2025-01-01|";
    let facts = load(&program, &[(PERSON, people)]);
    assert_eq!(
        problems(&facts),
        [
            "D0815 2 role: a cell of \"role\" holds a value that \"Role\" does not list; \
            the cell reads \"Manger\"; did you mean \"Manager\"?"
        ]
    );
    let role = facts.column(PERSON, FieldId(1)).unwrap();
    assert!([role.cell(0), role.cell(1), role.cell(2)] == [Cell::Enum(0), Cell::Error(0), Cell::Enum(0)]);
}

#[test]
fn bytes_that_are_no_text_are_an_error_of_their_cell_alone() {
    let program = program();
    let mut builder = guerdon::facts::Facts::builder(&program);
    let mut loader = builder.text_table(crate::fixture::TEAM, &["id"], Some("Team.csv"));
    for id in [&b"t1"[..], b"t\xFF", b"t\0", "华东".as_bytes()] {
        loader.push(&[id]).unwrap();
    }
    let facts = builder.finish().unwrap();
    assert_eq!(
        problems(&facts),
        [
            "D0803 2 id: a cell of \"id\" is not UTF-8 text; the cell reads \"t\u{FFFD}\"",
            "D0803 3 id: a cell of \"id\" holds a character (U+0000) that no text has; the cell reads \"t\\u{0}\"",
        ]
    );
    assert_eq!(facts.problems()[0].file.as_deref(), Some("Team.csv"));
    let shown = crate::fixture::shown(&program, &facts, crate::fixture::TEAM);
    assert_eq!(shown, ["t1", "华东", "!0", "!1"]);
}

#[test]
fn blanks_around_a_cell_do_not_count_and_text_is_composed() {
    let program = program();
    let mut builder = guerdon::facts::Facts::builder(&program);
    let mut loader = builder.text_table(crate::fixture::TEAM, &[" id "], None);
    for id in [" t1\t", "\u{3000}华东\u{3000}", "Jose\u{301}"] {
        loader.push(&[id.as_bytes()]).unwrap();
    }
    let facts = builder.finish().unwrap();
    assert_eq!(
        crate::fixture::shown(&program, &facts, crate::fixture::TEAM),
        ["José", "t1", "华东"]
    );
    assert_eq!(facts.find(crate::fixture::TEAM, &[Cell::Text("José")]), Some(0));
}

#[test]
fn a_cell_beyond_the_limit_is_an_error_of_its_cell() {
    let program = program();
    let limits = guerdon::limits::Limits {
        cell_bytes: 10,
        ..guerdon::limits::Limits::default()
    };
    let mut builder = guerdon::facts::Facts::builder(&program).with_limits(limits);
    let mut loader = builder.text_table(crate::fixture::TEAM, &["id"], None);
    loader.push(&[b"12345678901"]).unwrap();
    let facts = builder.finish().unwrap();
    assert_eq!(
        problems(&facts),
        ["R0907 1 id: a cell of \"id\" is longer than 10 bytes; the cell reads \"12345678901\""]
    );
}

#[test]
fn messages_and_debug_hold_no_data() {
    let program = program();
    let secret = "id|owner|amount|booked_on|new_logo|units|margin|rate\nsecret1|secret2|secret3|secret4|secret5|secret6|secret7|secret8";
    let facts = load(&program, &[(PERSON, PEOPLE), (DEAL, secret)]);
    assert_eq!(facts.problems().len(), 7);
    for problem in facts.problems() {
        let shown = format!("{:?}{:?}{:?}", problem, problem.message, problem.advice);
        assert!(!shown.contains("secret"), "{shown}");
        assert!(problem.detail.zh.contains("secret"));
    }
    assert!(!format!("{facts:?}").contains("secret"));
}
