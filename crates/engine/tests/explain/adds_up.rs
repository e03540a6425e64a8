//! Summands add up to the figure, whatever the records.

use std::path::Path;

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon::trace::{Step, Trace};
use guerdon_plan::number::Exact;
use guerdon_plan::types::TableId;
use proptest::prelude::*;

use crate::support;

/// Explains every amount of a run and compares it with the sum of its leaves.
fn every_pay_adds_up(plan: &Plan, facts: &Facts, run: &Run) -> usize {
    let report = plan.evaluate(facts, run).unwrap();
    let mut seen = 0;
    for row in report.pay() {
        let figure = format!("{}[\"{}\", {}]", row.pay, row.payee, row.period_label);
        let trace = plan.explain(facts, run, &figure).unwrap();
        assert_eq!(trace.root.exact.as_ref(), row.amount.exact(), "{figure}");
        assert_eq!(leaf_sum(&trace).as_ref(), row.amount.exact(), "{figure}\n{trace}");
        let is_taken_apart = trace.root.summands().next().is_some();
        assert!(
            is_taken_apart || row.amount.exact().is_some_and(Exact::is_zero),
            "{figure}\n{trace}"
        );
        assert!(depth(&trace.root) <= 42, "{figure}");
        seen += 1;
    }
    seen
}

fn leaf_sum(trace: &Trace) -> Option<Exact> {
    trace
        .root
        .leaves()
        .iter()
        .try_fold(Exact::ZERO, |sum, leaf| sum.add(leaf.exact.as_ref()?).ok())
}

fn depth(step: &Step) -> usize {
    step.children
        .iter()
        .map(|child| 1 + depth(child))
        .max()
        .unwrap_or(0)
}

#[test]
fn the_quickstart_adds_up() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rules/quickstart");
    let text = std::fs::read(folder.join("commission.guerdon")).unwrap();
    let plan = Plan::compile(&[Source::new("commission.guerdon", text)]).unwrap();
    let mut builder = Facts::builder(plan.program());
    for (place, table) in plan.program().tables.iter().enumerate() {
        let file = folder.join(format!("{}.csv", table.naming.name));
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_path(file)
            .unwrap();
        let mut rows = reader.byte_records().map(Result::unwrap);
        let head = rows.next().unwrap();
        let headings: Vec<&str> = head
            .iter()
            .map(|cell| std::str::from_utf8(cell).unwrap())
            .collect();
        let mut loader = builder.text_table(TableId::at(place), &headings, None);
        for row in rows {
            loader.push(&row.iter().collect::<Vec<_>>()).unwrap();
        }
    }
    let facts = builder.finish().unwrap();
    // Seven sellers for four quarters and one who joined in July for two.
    assert_eq!(every_pay_adds_up(&plan, &facts, &Run::default()), 30);
}

#[test]
fn the_printed_example_adds_up() {
    let plan = support::plan();
    // Three representatives, twelve months, two statements.
    let seen = every_pay_adds_up(&plan, &support::facts(&plan), &support::run());
    assert_eq!(seen, 72);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// Many orders, so that lists are cut short, with money in and back at odd cents.
    #[test]
    fn any_orders_add_up(orders in prop::collection::vec((1i64..90_000_000, 1u8..=12, 1u8..=28, 0u8..4), 1..45)) {
        let plan = support::plan();
        let mut builder = Facts::builder(plan.program());
        support::table(&mut builder, "Rep", "id\np1");
        let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        for name in ["Order", "Payment", "Return"] {
            builder.empty(name);
        }
        for (place, (cents, month, day, share)) in orders.iter().enumerate() {
            let id = format!("D{place:02}");
            builder.row("Order").set("id", id.as_str()).set("rep", "p1").set("line", "Software")
                .set("amount", money(*cents).as_str()).set("signed_on", format!("2026-{month:02}-{day:02}").as_str())
                .set("first_buy", if share % 2 == 0 { "yes" } else { "no" });
            let paid = cents * i64::from(*share) / 3;
            if paid > 0 {
                builder.row("Payment").set("id", id.as_str()).set("order", id.as_str())
                    .set("amount", money(paid).as_str()).set("paid_on", "2026-08-15");
            }
            if *share == 3 {
                builder.row("Return").set("id", id.as_str()).set("order", id.as_str())
                    .set("amount", money((cents / 7).max(1)).as_str()).set("returned_on", "2026-09-15");
            }
        }
        for month in 1..=12 {
            builder.row("goal").set("rep", "p1").set("month", format!("2026-{month:02}").as_str())
                .set("amount", "100000.00");
        }
        let facts = builder.finish().unwrap();
        prop_assert_eq!(every_pay_adds_up(&plan, &facts, &support::run()), 24);
    }
}
