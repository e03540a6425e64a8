//! The order in which records are handed over changes nothing.

use guerdon::facts::Facts;
use guerdon_plan::types::TableId;
use proptest::prelude::*;

use crate::fixture::{DEAL, PERSON, QUOTA, load, program};

fn same(left: &Facts, right: &Facts) -> bool {
    left.tables().len() == right.tables().len()
        && (0..left.tables().len()).map(TableId::at).all(|id| {
            let (left, right) = (left.table(id).unwrap(), right.table(id).unwrap());
            let fields = (0..8).map(guerdon_plan::types::FieldId::at);
            left.len() == right.len()
                && fields
                    .clone()
                    .all(|field| left.column(field) == right.column(field))
        })
}

fn people() -> impl Strategy<Value = Vec<String>> {
    let person = |place: usize| {
        format!(
            "p{place}|AE||{}|2025-01-01|{}",
            if place == 0 {
                String::new()
            } else {
                "p0".to_owned()
            },
            place * 100
        )
    };
    Just((0..12).map(person).collect::<Vec<_>>()).prop_shuffle()
}

fn quotas() -> impl Strategy<Value = Vec<String>> {
    let quota = |place: usize| format!("p{}|2026-{:02}|{place}.5", place % 12, 1 + place / 12);
    Just((0..60).map(quota).collect::<Vec<_>>()).prop_shuffle()
}

fn deals() -> impl Strategy<Value = Vec<String>> {
    // Amounts from half a cent's worth of decimals to beyond 64 bits, one identical pair among them.
    let amount = |place: usize| match place % 7 {
        0 => "9223372036854775807".to_owned(),
        1 => "-0.01".to_owned(),
        _ => format!("{}.{}", place * place, place % 10),
    };
    let deal = |place: usize| {
        let place = place % 40;
        format!(
            "D{place}|p{}|{}|2026-01-{:02}|no|{place}|0.5|{}%",
            place % 12,
            amount(place),
            1 + place % 28,
            place
        )
    };
    Just((0..41).map(deal).collect::<Vec<_>>()).prop_shuffle()
}

fn facts(people: &[String], quotas: &[String], deals: &[String]) -> Facts {
    let program = program();
    let text = |headings: &str, rows: &[String]| format!("{headings}\n{}", rows.join("\n"));
    load(
        &program,
        &[
            (
                DEAL,
                &text("id|owner|amount|booked_on|new_logo|units|margin|rate", deals),
            ),
            (PERSON, &text("id|role|team|manager|hired_on|bonus", people)),
            (QUOTA, &text("person|month|amount", quotas)),
        ],
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_order_of_rows_gives_equal_facts(
        people in people(), quotas in quotas(), deals in deals(),
    ) {
        let sorted = |rows: &[String]| { let mut rows = rows.to_vec(); rows.sort(); rows };
        let shuffled = facts(&people, &quotas, &deals);
        prop_assert_eq!(shuffled.problems().len(), 1);
        prop_assert!(same(&shuffled, &facts(&sorted(&people), &sorted(&quotas), &sorted(&deals))));
    }
}
