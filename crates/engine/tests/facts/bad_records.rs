//! Records that are wrong as a whole: keys, duplicates, circles, overlaps, uneven rows.

use guerdon::column::Cell;
use guerdon_plan::calendar::Date;

use crate::fixture::{ASSIGNMENT, DEAL, PEOPLE, PERSON, QUOTA, SPLIT, TEAM, load, problems, program, shown};

#[test]
fn identical_rows_are_one_record_with_a_note() {
    let program = program();
    let facts = load(&program, &[(TEAM, "id|colour\nt2|red\nt1|blue\nt2|red")]);
    assert_eq!(shown(&program, &facts, TEAM), ["t1", "t2"]);
    assert_eq!(
        problems(&facts),
        [
            "D0819 3 -: a row of \"Team\" is the same as an earlier one and counts once; rows 1 and 3 have the key t2"
        ]
    );
    assert!(!facts.problems()[0].is_error());
}

#[test]
fn rows_that_differ_in_an_undeclared_column_are_not_identical() {
    let program = program();
    let facts = load(&program, &[(TEAM, "id|colour\nt2|red\nt1|blue\nt2|green")]);
    assert_eq!(shown(&program, &facts, TEAM), ["t1", "t2", "t2"]);
    assert_eq!(facts.table(TEAM).unwrap().row_errors(), Some(&[0, 1, 1][..]));
    assert_eq!(
        problems(&facts),
        ["D0806 3 -: two rows of \"Team\" have the same key and differ; rows 1 and 3 have the key t2"]
    );
}

#[test]
fn differing_rows_with_one_key_are_errors_that_still_tell_whom_they_concern() {
    let program = program();
    let deals = "id|owner|amount|booked_on|new_logo|units|margin|rate
        D1|p1|100|2026-01-05|no|1|1|8%
        D1|p2|200|2026-01-06|yes|2|1|8%
        D2|p1|300|2026-01-07|no|3|1|";
    let facts = load(&program, &[(PERSON, PEOPLE), (DEAL, deals)]);
    assert_eq!(
        shown(&program, &facts, DEAL),
        [
            "D1 | #0 | !0 | !0 | !0 | !0 | !0 | !0",
            "D1 | #1 | !0 | !0 | !0 | !0 | !0 | !0",
            "D2 | #0 | 300 | 2026-01-07 | no | 3 | 1 | -",
        ]
    );
    assert_eq!(facts.table(DEAL).unwrap().row_errors(), Some(&[1, 1, 0][..]));
    assert_eq!(facts.find(DEAL, &[Cell::Text("D1")]), Some(0));
}

#[test]
fn a_record_without_its_key_comes_last_and_is_never_found() {
    let program = program();
    let people = "id|role|team|manager|hired_on|bonus
        |AE||p1|2025-01-01|CNY 5
        p1|SE|||2025-01-01|";
    let facts = load(&program, &[(PERSON, people)]);
    assert_eq!(
        shown(&program, &facts, PERSON),
        ["p1 | SE | - | - | 2025-01-01 | -", "!0 | !0 | - | #0 | !0 | !0"]
    );
    assert_eq!(problems(&facts), ["D0807 1 id: a cell of \"id\" is empty"]);
    let table = facts.table(PERSON).unwrap();
    assert_eq!(
        (table.row_errors(), table.input_row(1)),
        (Some(&[0, 1][..]), Some(1))
    );
    assert_eq!(facts.find(PERSON, &[Cell::Text("")]), None);
}

#[test]
fn a_key_that_refers_to_nothing_spoils_its_record() {
    let program = program();
    let quotas = "person|month|amount\np1|2026-01|100\npl|2026-01|200\np1|2026-13|300";
    let facts = load(&program, &[(PERSON, PEOPLE), (QUOTA, quotas)]);
    assert_eq!(
        shown(&program, &facts, QUOTA),
        ["#0 | 2026-01 | 100", "!1 | 2026-01 | !1", "#0 | !0 | !0"]
    );
    assert_eq!(
        problems(&facts),
        [
            "D0821 3 month: a cell of \"month\" is not a month; the cell reads \"2026-13\"",
            "D0805 2 person: a cell of \"person\" names a record that \"Person\" does not have; \
             the cell reads \"pl\"",
        ]
    );
}

#[test]
fn an_unknown_key_gets_the_nearest_one() {
    let program = program();
    let teams = "id\nNorthern\nSouthern";
    let people = "id|role|team|manager|hired_on|bonus\np1|AE|Nothern||2025-01-01|";
    let facts = load(&program, &[(TEAM, teams), (PERSON, people)]);
    assert_eq!(
        problems(&facts),
        [
            "D0805 1 team: a cell of \"team\" names a record that \"Team\" does not have; \
          the cell reads \"Nothern\"; did you mean \"Northern\"?"
        ]
    );
    assert_eq!(
        shown(&program, &facts, PERSON),
        ["p1 | AE | !0 | - | 2025-01-01 | -"]
    );
}

#[test]
fn rows_of_uneven_length_are_errors_in_every_cell() {
    let program = program();
    let facts = load(&program, &[(TEAM, "id|colour\nt1|red\nt2\nt3|CNY 1|000")]);
    assert_eq!(shown(&program, &facts, TEAM), ["t1", "!0", "!1"]);
    assert_eq!(
        problems(&facts),
        [
            "D0804 2 -: a row has 1 cells where the heading has 2; the row reads \"t2\"",
            "D0804 3 -: a row has 3 cells where the heading has 2; the row reads \"t3 | CNY 1 | 000\""
        ]
    );
}

#[test]
fn a_circle_spoils_the_records_on_and_below_it() {
    let program = program();
    let people = "id|role|team|manager|hired_on|bonus
        a|AE||b|2025-01-01|
        b|AE||c|2025-01-01|
        c|AE||a|2025-01-01|
        d|AE||a|2025-01-01|
        e|AE||d|2025-01-01|
        f|AE|||2025-01-01|
        g|AE||f|2025-01-01|
        h|AE||h|2025-01-01|";
    let facts = load(&program, &[(PERSON, people)]);
    let managers: Vec<_> = shown(&program, &facts, PERSON)
        .iter()
        .map(|line| line.split(" | ").nth(3).unwrap().to_owned())
        .collect();
    assert_eq!(managers, ["!0", "!0", "!0", "!0", "!0", "-", "#5", "!1"]);
    assert_eq!(
        problems(&facts),
        [
            "D0814 1 manager: a record of \"Person\" is above itself by \"manager\"; 3 records, beginning a → b → c",
            "D0814 8 manager: a record of \"Person\" is above itself by \"manager\"; 1 records, beginning h",
        ]
    );
}

#[test]
fn dated_records_of_one_key_must_not_overlap() {
    let program = program();
    let text = "seller|from|until|area
        s1|2026-01-01|2026-07-01|North
        s1|2026-06-01||South
        s2|2026-01-01|2026-05-31|East
        s2|2026-06-01||West";
    let facts = load(&program, &[(ASSIGNMENT, text)]);
    assert_eq!(
        shown(&program, &facts, ASSIGNMENT),
        [
            "s1 | 2026-01-01 | 2026-07-01 | !0",
            "s1 | 2026-06-01 | - | !0",
            "s2 | 2026-01-01 | 2026-05-31 | East",
            "s2 | 2026-06-01 | - | West",
        ]
    );
    assert_eq!(
        problems(&facts),
        [
            "D0816 2 -: two records of \"Assignment\" with one key hold on the same day; \
          rows 1 and 2 overlap; the later one has the key s1, 2026-06-01"
        ]
    );
    let on = |day: &str| facts.find_on(ASSIGNMENT, &[Cell::Text("s2")], Date::parse(day).unwrap());
    assert_eq!(
        [
            on("2025-12-31"),
            on("2026-05-31"),
            on("2026-06-01"),
            on("2030-01-01")
        ],
        [None, Some(2), Some(3), Some(3)]
    );
}

#[test]
fn a_long_record_hides_no_later_overlap() {
    let program = program();
    let text = "seller|from|until|area
        s1|2026-01-01|2026-12-31|A
        s1|2026-02-01|2026-02-28|B
        s1|2026-05-01|2026-05-31|C";
    let facts = load(&program, &[(ASSIGNMENT, text)]);
    assert_eq!(
        facts.table(ASSIGNMENT).unwrap().row_errors(),
        Some(&[1, 1, 2][..])
    );
}

#[test]
fn a_missing_column_is_said_once_and_spoils_all_if_it_is_the_key() {
    let program = program();
    let facts = load(&program, &[(TEAM, "name\nt1\nt2")]);
    assert_eq!(shown(&program, &facts, TEAM), ["!0", "!0"]);
    assert_eq!(problems(&facts), ["D0802 - id: there is no column \"id\""]);
    let facts = load(&program, &[(PERSON, "id|rolle|hired_on\np1|AE|2025-01-01")]);
    assert_eq!(
        problems(&facts),
        [
            "D0802 - role: there is no column \"role\"",
            "D0802 - team: there is no column \"team\"",
            "D0802 - manager: there is no column \"manager\"",
            "D0802 - bonus: there is no column \"bonus\"",
        ]
    );
    let severities: Vec<_> = facts
        .problems()
        .iter()
        .map(|problem| problem.is_error())
        .collect();
    assert_eq!(severities, [true, false, false, false]);
    assert_eq!(
        facts.problems()[0].advice.en,
        "the file has a column \"rolle\"; if it is meant, say so in a source block: \"role = …\""
    );
    assert_eq!(
        shown(&program, &facts, PERSON),
        ["p1 | absent | absent | absent | 2025-01-01 | absent"]
    );
}

#[test]
fn a_heading_that_stands_twice_is_not_read() {
    let program = program();
    let facts = load(&program, &[(SPLIT, "deal|person|share|share\nD1|p1|50%|60%")]);
    assert_eq!(
        problems(&facts)[0],
        "D0817 - share: two columns have the heading \"share\""
    );
    assert_eq!(facts.column(SPLIT, guerdon_plan::types::FieldId(2)), None);
}

#[test]
fn beyond_a_hundred_problems_are_counted() {
    let program = program();
    let rows: String = (0..250)
        .map(|row| format!("D{row}|p1|x|2026-01-01|no|1|1|\n"))
        .collect();
    let text = format!("id|owner|amount|booked_on|new_logo|units|margin|rate\n{rows}");
    let facts = load(&program, &[(PERSON, PEOPLE), (DEAL, &text)]);
    assert_eq!(facts.problems().len(), 101);
    assert_eq!(
        problems(&facts)[100],
        "D0809 - amount: a cell of \"amount\" is not a number, in 150 further rows"
    );
    let amounts = facts.column(DEAL, guerdon_plan::types::FieldId(2)).unwrap();
    assert!((0..250).all(|row| amounts.error(row).is_some()));
}

#[test]
fn a_problem_is_shown_with_its_place_and_its_values_apart() {
    let program = program();
    let mut builder = guerdon::facts::Facts::builder(&program);
    let mut loader = builder.text_table(QUOTA, &["person", "month", "amount"], Some("quota_2026.csv"));
    loader.push(&[b"p1", b"2026-01", b"USD 5"]).unwrap();
    let facts = builder.finish().unwrap();
    let shown = facts.problems()[0].diagnostic(&program);
    assert_eq!(shown.code, guerdon_syntax::Code::D0808);
    assert_eq!(shown.title.en, "an amount of \"amount\" is not in CNY");
    let [place] = shown.places.as_slice() else {
        panic!()
    };
    assert_eq!(
        (place.table.as_str(), place.file.as_deref()),
        ("quota", Some("quota_2026.csv"))
    );
    assert_eq!((place.row, place.column.as_deref()), (Some(1), Some("amount")));
    assert_eq!(shown.details[0].zh, "单元格内容为“USD 5”");
    assert_eq!(shown.fixes.len(), 1);
}
