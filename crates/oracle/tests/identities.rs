//! What holds for every generated file: neither the order of the records nor the number of threads nor a second run
//! changes anything, and what an explanation lists adds up to what it explains.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops where something is not as it says"
)]

use std::collections::{BTreeMap, BTreeSet};

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon::report::AccrualKind;
use guerdon_oracle::generate::case;
use guerdon_oracle::generate::random::Random;
use guerdon_oracle::run_test::run_end;
use guerdon_plan::calendar::Date;
use guerdon_plan::hir::{Given, Test};
use guerdon_plan::number::Exact;

use self::comparison::engine_outputs;

#[path = "shared/comparison.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod comparison;

/// How many files are looked at; each has four tests with records of their own.
const FILES: u64 = 40;

fn compiled(seed: u64) -> Plan {
    let text = case(seed).text();
    Plan::compile(&[Source::new("case.guerdon", text)]).unwrap_or_else(|refused| panic!("{refused}"))
}

/// Goes through the tests of the files.
fn for_all(see: impl Fn(u64, &Plan, &Test, Date)) {
    for seed in 0..FILES {
        let plan = compiled(seed);
        for test in &plan.program().tests {
            see(seed, &plan, test, run_end(plan.program(), test));
        }
    }
}

#[test]
fn the_order_of_the_records_changes_nothing() {
    for_all(|seed, plan, test, through| {
        let mut random = Random::new(seed);
        let mut turned: Vec<Given> = test.given.clone();
        for given in &mut turned {
            for last in (1..given.rows.len()).rev() {
                given.rows.swap(last, random.below(last + 1));
            }
        }
        turned.reverse();
        let of = |given: &[Given]| {
            let facts = Facts::from_given(plan.program(), given).unwrap();
            engine_outputs(plan, &facts, through).unwrap()
        };
        assert_eq!(of(&test.given), of(&turned), "seed {seed}, {}", test.name);
    });
}

#[test]
fn a_second_run_and_more_threads_give_the_same_words() {
    for_all(|seed, plan, test, through| {
        let facts = Facts::from_given(plan.program(), &test.given).unwrap();
        let words = |threads: usize| {
            let run = Run {
                through: Some(through),
                threads,
                ..Run::default()
            };
            let report = plan.evaluate(&facts, &run).unwrap();
            let pay: Vec<_> = report.pay().collect();
            let earnings: Vec<_> = report.earnings().collect();
            let measures: Vec<_> = report
                .measures()
                .iter()
                .flat_map(|column| column.rows())
                .collect();
            format!(
                "{pay:?} {earnings:?} {measures:?} {:?} {:?} {:?} {:?} {:?}",
                report.standings(),
                report.awards(),
                report.warnings(),
                report.scorecards(),
                report.problems()
            )
        };
        let first = words(1);
        assert_eq!(first, words(1), "seed {seed}, {}", test.name);
        assert_eq!(first, words(2), "seed {seed}, {}", test.name);
    });
}

#[test]
fn what_an_explanation_lists_adds_up() {
    let mut seen = 0_usize;
    for seed in 0..FILES {
        let plan = compiled(seed);
        for test in &plan.program().tests {
            let facts = Facts::from_given(plan.program(), &test.given).unwrap();
            let run = Run {
                through: Some(run_end(plan.program(), test)),
                ..Run::default()
            };
            let report = plan.evaluate(&facts, &run).unwrap();
            for row in report.pay().filter(|row| row.amount.exact().is_some()) {
                let figure = format!("{}[\"{}\", {}]", row.pay, row.payee, row.period_label);
                let Ok(trace) = plan.explain(&facts, &run, &figure) else {
                    continue;
                };
                let leaves = trace.root.leaves();
                let sum = leaves
                    .iter()
                    .try_fold(Exact::ZERO, |sum, leaf| sum.add(leaf.exact.as_ref()?).ok());
                assert_eq!(
                    sum, trace.root.exact,
                    "seed {seed}, {}, {figure}\n{trace}",
                    test.name
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "only {seen} amounts were explained");
}

#[test]
fn the_books_hold_what_the_lines_say() {
    let seen = std::cell::Cell::new(0_usize);
    for_all(|seed, plan, test, through| {
        let facts = Facts::from_given(plan.program(), &test.given).unwrap();
        let run = Run {
            through: Some(through),
            ..Run::default()
        };
        let report = plan.evaluate(&facts, &run).unwrap();
        let place = format!("seed {seed}, {}", test.name);
        let rows: Vec<_> = report.accruals().collect();
        let names: BTreeSet<&String> = rows.iter().map(|row| &row.id).collect();
        assert_eq!(names.len(), rows.len(), "a name stands twice, {place}");
        let mut sums: BTreeMap<[String; 5], Option<Exact>> = BTreeMap::new();
        let mut add = |key: [&str; 5], amount: Option<&Exact>| {
            let sum = sums.entry(key.map(str::to_owned)).or_insert(Some(Exact::ZERO));
            *sum = sum
                .as_ref()
                .zip(amount)
                .map(|(sum, amount)| sum.add(amount).unwrap());
        };
        for row in &rows {
            add(
                [row.plan, &row.payee, &row.unit, "", row.kind.id()],
                row.amount.exact(),
            );
            add(
                [row.plan, &row.payee, &row.unit, row.statement, row.kind.id()],
                row.amount.exact(),
            );
            if row.kind == AccrualKind::Paid {
                add(
                    [row.plan, &row.payee, &row.unit, "", "paid out"],
                    row.amount.exact(),
                );
            }
            // What is paid in another currency is in the balances of both.
            if let Some(other) = &row.equivalent {
                add(
                    [row.plan, &row.payee, &other.unit, "", row.kind.id()],
                    other.amount.exact(),
                );
            }
        }
        for line in report.earnings() {
            add(
                [line.plan, &line.payee, &line.unit, line.earn, "held"],
                line.held.exact(),
            );
        }
        for row in report.pay() {
            add([row.plan, &row.payee, &row.unit, "", "pay"], row.amount.exact());
        }
        let sum = |key: [&str; 5]| {
            sums.get(&key.map(str::to_owned))
                .cloned()
                .unwrap_or(Some(Exact::ZERO))
        };
        let left = |plan: &str, payee: &str, unit: &str, statement: &str| {
            let of = |kind: &str| sum([plan, payee, unit, statement, kind]);
            let both = of("earned").zip(of("released"));
            both.map(|(earned, released)| earned.sub(&released).unwrap())
        };
        for row in report.accrual_balances() {
            let of = |kind: &str| sum([row.plan, &row.payee, &row.unit, "", kind]);
            assert_eq!(row.earned.exact().cloned(), of("earned"), "earned, {place}");
            assert_eq!(row.paid.exact().cloned(), of("paid"), "paid, {place}");
            assert_eq!(of("paid out"), of("pay"), "paid out, {place}");
            let accrued = row.accrued.exact().cloned();
            assert_eq!(
                accrued,
                left(row.plan, &row.payee, &row.unit, ""),
                "accrued, {place}"
            );
            seen.set(seen.get() + 1);
        }
        for row in rows.iter().filter(|row| row.kind == AccrualKind::Earned) {
            let Some(held) =
                sums.get(&[row.plan, &row.payee, &row.unit, row.statement, "held"].map(str::to_owned))
            else {
                continue;
            };
            let left = left(row.plan, &row.payee, &row.unit, row.statement);
            let is_held = left == *held || left.as_ref().map(Exact::neg) == *held;
            assert!(
                is_held,
                "what is held of {}: {left:?}, not {held:?}, {place}",
                row.id
            );
        }
    });
    assert!(seen.get() > 100, "only {} balances were looked at", seen.get());
}
