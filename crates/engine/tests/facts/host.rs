//! Records from host code: rows, columns, serde, and grids of tests.

use std::sync::Arc;

use chrono::NaiveDate;
use guerdon::error::Error;
use guerdon::facts::Facts;
use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::hir::{Given, GivenRow, Value};
use guerdon_plan::number::Exact;
use guerdon_plan::types::FieldId;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::fixture::{BONUS, DEAL, PERSON, QUOTA, ROLE, SPAN, TEAM, problems, program, shown};

#[derive(Serialize)]
struct Deal {
    id: String,
    owner: &'static str,
    amount: Decimal,
    booked_on: NaiveDate,
    new_logo: bool,
    units: u32,
    margin: Exactly,
    rate: Option<Decimal>,
    comment: Vec<String>,
}

#[derive(Serialize)]
struct Exactly(String);

#[derive(Serialize)]
enum Role {
    AE,
    #[serde(rename = "SE")]
    Engineer,
}

#[derive(Serialize)]
struct Person {
    id: i64,
    role: Role,
    hired_on: NaiveDate,
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn records_of_host_types_become_columns() {
    let program = program();
    let people = [
        Person {
            id: 7,
            role: Role::Engineer,
            hired_on: day(2025, 6, 30),
        },
        Person {
            id: 12,
            role: Role::AE,
            hired_on: day(2025, 1, 1),
        },
    ];
    let deal = Deal {
        id: "D1".to_owned(),
        owner: "7",
        amount: Decimal::new(123_450, 2),
        booked_on: day(2026, 3, 5),
        new_logo: true,
        units: 3,
        margin: Exactly("0.5".to_owned()),
        rate: Some(Decimal::new(8, 2)),
        comment: vec!["not read".to_owned()],
    };
    let mut builder = Facts::builder(&program);
    builder.records("人员", &people).records("Deal", &[deal]);
    let facts = builder.finish().unwrap();
    assert_eq!(problems(&facts), Vec::<String>::new());
    assert_eq!(
        shown(&program, &facts, PERSON),
        [
            "12 | AE | absent | absent | 2025-01-01 | absent",
            "7 | SE | absent | absent | 2025-06-30 | absent"
        ]
    );
    assert_eq!(
        shown(&program, &facts, DEAL),
        ["D1 | #1 | 1234.5 | 2026-03-05 | yes | 3 | 0.5 | 0.08"]
    );
}

#[test]
fn maps_are_records_too() {
    let program = program();
    let teams = [std::collections::BTreeMap::from([
        ("id", "t1"),
        ("colour", "red"),
    ])];
    let mut builder = Facts::builder(&program);
    builder.records("Team", &teams);
    assert_eq!(shown(&program, &builder.finish().unwrap(), TEAM), ["t1"]);
}

#[test]
fn binary_floating_point_is_refused() {
    #[derive(Serialize)]
    struct Loose {
        id: &'static str,
        amount: f64,
    }
    let program = program();
    let mut builder = Facts::builder(&program);
    builder.records(
        "Deal",
        &[Loose {
            id: "D1",
            amount: 0.1,
        }],
    );
    let error = builder.finish().unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"Deal.amount\" cannot take a binary floating-point number: \
         it cannot hold amounts such as 0.1; give a decimal, a whole number or text"
    );
}

#[test]
fn what_is_no_record_is_refused() {
    let program = program();
    let mut builder = Facts::builder(&program);
    builder.records("Team", &["t1"]);
    assert_eq!(
        builder.finish().unwrap_err().to_string(),
        "a record of \"Team\" must be a struct or a map with names: give a struct, not text"
    );
}

#[test]
fn rows_are_set_field_by_field() {
    let program = program();
    let mut builder = Facts::builder(&program);
    builder
        .row("Person")
        .set("id", "p1")
        .set("role", "客户经理")
        .set("hired_on", day(2025, 1, 1));
    builder
        .row("Person")
        .set("id", "p2")
        .set("role", "SE")
        .set("hired_on", "2025-06-30")
        .set("manager", "p1");
    builder
        .row("quota")
        .set("person", "p1")
        .set("month", PeriodKey::month(2026, 1))
        .set("amount", 250_000);
    builder
        .row("quota")
        .set("person", "p2")
        .set("month", "2026-01")
        .set("amount", Decimal::new(5, 1));
    builder
        .row("Bonus")
        .set("person", "p1")
        .set("paid", Exact::new(5, 2).unwrap());
    let facts = builder.finish().unwrap();
    assert_eq!(problems(&facts), Vec::<String>::new());
    assert_eq!(
        shown(&program, &facts, PERSON),
        [
            "p1 | AE | absent | - | 2025-01-01 | absent",
            "p2 | SE | absent | #0 | 2025-06-30 | absent"
        ]
    );
    assert_eq!(
        shown(&program, &facts, QUOTA),
        ["#0 | 2026-01 | 250000", "#1 | 2026-01 | 0.5"]
    );
    assert_eq!(shown(&program, &facts, BONUS), ["#0 | 2.5"]);
    assert!(!facts.table(TEAM).unwrap().is_given());
}

#[test]
fn a_field_that_only_some_rows_set_is_empty_in_the_others() {
    let program = program();
    let mut builder = Facts::builder(&program);
    builder.row("Person").set("id", "p1").set("role", "AE");
    builder
        .row("Person")
        .set("id", "p2")
        .set("role", "AE")
        .set("bonus", 5)
        .set("hired_on", "2025-01-01");
    let facts = builder.finish().unwrap();
    assert_eq!(
        shown(&program, &facts, PERSON),
        [
            "p1 | AE | absent | absent | !0 | -",
            "p2 | AE | absent | absent | 2025-01-01 | 5"
        ]
    );
    assert_eq!(
        problems(&facts),
        ["D0807 1 hired_on: a cell of \"hired_on\" is empty"]
    );
}

#[test]
fn columns_are_given_whole() {
    let program = program();
    let mut builder = Facts::builder(&program);
    builder.empty("Person").column("Team", "id", ["t2", "t1"]);
    let facts = builder.finish().unwrap();
    assert_eq!(shown(&program, &facts, TEAM), ["t1", "t2"]);
    assert!(facts.table(PERSON).unwrap().is_given() && facts.table(PERSON).unwrap().is_empty());
}

#[test]
fn faults_of_host_code_are_told_at_the_end() {
    let program = program();
    let error = |fill: fn(&mut guerdon::facts::FactsBuilder<'_>)| {
        let mut builder = Facts::builder(&program);
        fill(&mut builder);
        builder.finish().unwrap_err()
    };
    let text = |error: Error| error.to_string();
    assert_eq!(
        text(error(|builder| {
            builder.row("Deals").set("id", "D1");
        })),
        "the rules declare no data block or table \"Deals\""
    );
    assert_eq!(
        text(error(|builder| {
            builder.row("Deal").set("idd", "D1");
        })),
        "\"Deal\" has no field \"idd\""
    );
    assert_eq!(
        text(error(|builder| {
            builder.row("Deal").set("booked_on", 5);
        })),
        "\"Deal.booked_on\" cannot take a whole number: give a value of the field's type, or text"
    );
    assert_eq!(
        text(error(|builder| {
            builder.row("Deal").set("id", "D1").set("id", "D2");
        })),
        "\"Deal.id\" cannot take a second value: set each field of a record once"
    );
    assert_eq!(
        error(|builder| {
            builder
                .column("Person", "id", ["p1", "p2"])
                .column("Person", "role", ["AE"]);
        }),
        Error::UnequalColumns {
            table: "Person".to_owned(),
            first: 2,
            other: 1
        }
    );
}

#[test]
fn grids_of_tests_become_facts_and_columns_left_out_stay_out() {
    let program = program();
    let row = |cells: Vec<Value>| GivenRow { cells, span: SPAN };
    let text = |text: &str| Value::Text(Arc::from(text));
    let given = |table, fields: &[u32], rows| Given {
        table,
        fields: fields.iter().map(|field| FieldId(*field)).collect(),
        rows,
        span: SPAN,
    };
    let blocks = [
        given(
            PERSON,
            &[0, 1, 3],
            vec![
                row(vec![text("m1"), Value::Enum(ROLE, 2), Value::Missing]),
                row(vec![text("a"), Value::Enum(ROLE, 0), text("m1")]),
            ],
        ),
        given(
            QUOTA,
            &[0, 1, 2],
            vec![row(vec![
                text("a"),
                Value::Period(PeriodKey::month(2026, 1)),
                Value::Number(Exact::from_i64(600)),
            ])],
        ),
        given(
            DEAL,
            &[0, 1, 3],
            vec![row(vec![
                text("D1"),
                text("a"),
                Value::Date(Date::parse("2026-01-15").unwrap()),
            ])],
        ),
    ];
    let facts = Facts::from_given(&program, &blocks).unwrap();
    assert_eq!(problems(&facts), Vec::<String>::new());
    assert_eq!(
        shown(&program, &facts, PERSON),
        [
            "a | AE | absent | #1 | absent | absent",
            "m1 | Manager | absent | - | absent | absent"
        ]
    );
    assert_eq!(shown(&program, &facts, QUOTA), ["#0 | 2026-01 | 600"]);
    assert_eq!(
        shown(&program, &facts, DEAL),
        ["D1 | #0 | absent | 2026-01-15 | absent | absent | absent | absent"]
    );
}
