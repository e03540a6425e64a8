//! Changes to single records: the same facts as a load of the changed records.

use std::collections::BTreeMap;

use guerdon::facts::{Facts, Input, Refused};
use guerdon_plan::hir::Program;
use guerdon_plan::types::TableId;
use guerdon_syntax::Code;
use proptest::prelude::*;

use crate::fixture::{DEAL, PEOPLE, PERSON, QUOTA, load, program, shown};

/// Records by table and key, as texts of their fields.
type Records = BTreeMap<(&'static str, Vec<String>), Vec<(&'static str, String)>>;

fn fresh(program: &Program, records: &Records) -> Facts {
    let mut builder = Facts::builder(program);
    // From the last to the first: the order must not matter.
    for ((table, _), fields) in records.iter().rev() {
        let mut row = builder.row(table);
        for (field, value) in fields {
            row.set(field, value.as_str());
        }
    }
    for table in ["Person", "Deal", "quota"] {
        builder.empty(table);
    }
    builder.finish().unwrap()
}

fn person(name: u8, manager: Option<u8>) -> Vec<(&'static str, String)> {
    vec![
        ("id", format!("p{name:02}")),
        ("role", ["AE", "SE", "Manager"][usize::from(name % 3)].to_owned()),
        (
            "manager",
            manager.map_or(String::new(), |manager| format!("p{manager:02}")),
        ),
        ("hired_on", "2025-01-01".to_owned()),
        (
            "bonus",
            if name.is_multiple_of(2) {
                String::new()
            } else {
                format!("{name}.5")
            },
        ),
    ]
}

fn deal(number: u8, owner: u8, amount: &str) -> Vec<(&'static str, String)> {
    vec![
        ("id", format!("D{number}")),
        ("owner", format!("p{owner:02}")),
        ("amount", amount.to_owned()),
        ("booked_on", format!("2026-01-{:02}", number % 28 + 1)),
        (
            "new_logo",
            if number.is_multiple_of(2) { "yes" } else { "no" }.to_owned(),
        ),
        ("units", number.to_string()),
        ("margin", format!("0.{number:04}")),
        (
            "rate",
            if number.is_multiple_of(3) {
                String::new()
            } else {
                format!("{number}%")
            },
        ),
    ]
}

fn quota(owner: u8, month: u8, amount: &str) -> Vec<(&'static str, String)> {
    vec![
        ("person", format!("p{owner:02}")),
        ("month", format!("2026-{:02}", month % 12 + 1)),
        ("amount", amount.to_owned()),
    ]
}

/// What is done: a record put in, or the one with its key taken out.
#[derive(Debug, Clone)]
enum Step {
    Put(&'static str, Vec<(&'static str, String)>),
    Take(&'static str, Vec<(&'static str, String)>),
}

fn key_of(table: &str) -> usize {
    if table == "quota" { 2 } else { 1 }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = prop_oneof![
        (-9_999_i64..9_999).prop_map(|cents| format!("{}.{:02}", cents / 100, cents.abs() % 100)),
        Just("92233720368547758.07".to_owned()),
        Just("123456789012345678901234567890".to_owned()),
    ];
    let record = (0_u8..3, 0_u8..8, 0_u8..8, proptest::option::of(0_u8..8), amount).prop_map(
        |(kind, one, other, manager, amount)| match kind {
            0 => ("Person", person(one, manager)),
            1 => ("Deal", deal(one * 13 % 17, other, &amount)),
            _ => ("quota", quota(one, other, &amount)),
        },
    );
    let step = (record, 0_u8..4).prop_map(|((table, fields), what)| match what {
        0 => Step::Take(table, fields[..key_of(table)].to_vec()),
        _ => Step::Put(table, fields),
    });
    proptest::collection::vec(step, 0..40)
}

fn inputs<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'static str, Input<'a>)> {
    fields
        .iter()
        .map(|(field, value)| (*field, Input::from(value)))
        .collect()
}

/// Does one step to the facts and, unless it is refused, to the records.
fn step(program: &Program, facts: &mut Facts, records: &mut Records, step: &Step) -> Result<(), Refused> {
    let (Step::Put(table, fields) | Step::Take(table, fields)) = step;
    let key = fields[..key_of(table)].iter().map(|(_, value)| value.clone());
    let key = (*table, key.collect::<Vec<_>>());
    match step {
        Step::Put(..) => {
            facts.change(program).upsert(table, inputs(fields))?;
            records.insert(key, fields.clone());
        }
        Step::Take(..) => {
            let was_there = facts.change(program).remove(table, inputs(fields))?;
            assert_eq!(records.remove(&key).is_some(), was_there);
        }
    }
    Ok(())
}

fn assert_same(program: &Program, changed: &Facts, records: &Records) {
    let loaded = fresh(program, records);
    assert!(loaded.problems().is_empty());
    for table in [PERSON, DEAL, QUOTA] {
        assert_eq!(
            changed.table(table).unwrap().len(),
            loaded.table(table).unwrap().len()
        );
        if !changed.table(table).unwrap().is_empty() {
            assert_eq!(shown(program, changed, table), shown(program, &loaded, table));
        }
        assert_keys(
            changed,
            &loaded,
            table,
            key_of(["", "Person", "Deal", "", "quota"][table.index()]),
        );
    }
}

/// Every key of either is found at the same place in both.
fn assert_keys(changed: &Facts, loaded: &Facts, table: TableId, parts: usize) {
    let data = loaded.table(table).unwrap();
    for row in 0..data.len() {
        let key: Vec<_> = (0..parts)
            .map(|part| {
                data.column(guerdon_plan::types::FieldId::at(part))
                    .unwrap()
                    .cell(row)
            })
            .collect();
        assert_eq!(loaded.find(table, &key), u32::try_from(row).ok());
        assert_eq!(changed.find(table, &key), u32::try_from(row).ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn changed_facts_are_those_of_a_fresh_load(steps in steps()) {
        let program = program();
        let mut records = Records::new();
        for name in 0..4 {
            let fields = person(name * 2, None);
            records.insert(("Person", vec![fields[0].1.clone()]), fields);
        }
        let fields = deal(40, 2, "7.12");
        records.insert(("Deal", vec![fields[0].1.clone()]), fields);
        let mut facts = fresh(&program, &records);
        for what in &steps {
            match step(&program, &mut facts, &mut records, what) {
                Ok(()) | Err(Refused::Faulty(_) | Refused::ReferredTo { .. } | Refused::Circle { .. }) => {}
                Err(other) => panic!("{what:?}: {other}"),
            }
            assert_same(&program, &facts, &records);
        }
    }
}

#[test]
fn a_record_that_a_load_would_find_fault_with_is_refused() {
    let program = program();
    let mut facts = load(&program, &[(PERSON, PEOPLE)]);
    let before = shown(&program, &facts, PERSON);
    let mut put = |fields: &[(&'static str, &str)]| {
        let fields: Vec<_> = fields
            .iter()
            .map(|(field, value)| (*field, Input::from(*value)))
            .collect();
        facts.change(&program).upsert("Person", fields).unwrap_err()
    };
    let code = |refused: Refused| match refused {
        Refused::Faulty(problem) => Some(problem.code),
        _ => None,
    };
    let p3 = [("id", "p3"), ("role", "AE"), ("hired_on", "2026-01-01")];
    assert_eq!(code(put(&[p3[0], ("role", "Boss"), p3[2]])), Some(Code::D0815));
    assert_eq!(code(put(&[p3[0], p3[1]])), Some(Code::D0807));
    assert_eq!(code(put(&[p3[1], p3[2]])), Some(Code::D0807));
    assert_eq!(
        code(put(&[p3[0], p3[1], p3[2], ("manager", "p9")])),
        Some(Code::D0805)
    );
    assert_eq!(
        put(&[("id", "p1"), p3[1], p3[2], ("manager", "p2")]),
        Refused::Circle {
            table: "Person".to_owned()
        }
    );
    assert!(matches!(
        put(&[("name", "p1")]),
        Refused::Load(guerdon::error::Error::UnknownField { .. })
    ));
    assert_eq!(shown(&program, &facts, PERSON), before);
}

#[test]
fn a_record_that_others_name_stays_and_one_that_they_miss_is_not_put_in() {
    let program = program();
    let deals = "
        id | owner | amount | booked_on  | new_logo | units | margin | rate
        D1 | p1    | 5      | 2026-01-01 | yes      | 1     | 0.5    |
        D2 | p9    | 5      | 2026-01-01 | yes      | 1     | 0.5    |
    ";
    let mut facts = load(&program, &[(PERSON, PEOPLE), (DEAL, deals)]);
    let mut change = facts.change(&program);
    assert_eq!(
        change.remove("Person", [("id", "p1")]).unwrap_err().to_string(),
        "records of \"Person\" refer to that record of \"Person\"; take them out first"
    );
    assert!(change.remove("Person", [("id", "p2")]).unwrap());
    assert!(!change.remove("Person", [("id", "p2")]).unwrap());
    assert_eq!(
        change.remove("Person", [("id", "p1")]).unwrap_err().to_string(),
        "records of \"Deal\" refer to that record of \"Person\"; take them out first"
    );
    let p9 = [("id", "p9"), ("role", "AE"), ("hired_on", "2026-01-01")];
    assert_eq!(
        change.upsert("Person", p9).unwrap_err().to_string(),
        "records of \"Deal\" name ones that \"Person\" did not have; load both anew"
    );
    assert!(matches!(
        change.remove("Deal", [("id", "D2")]),
        Err(Refused::Spoilt { .. })
    ));
}
