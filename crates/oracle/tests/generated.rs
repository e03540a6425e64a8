//! What generated files are about: how often each construct of plans occurs, and how many cells have a value.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops where something is not as it says"
)]
#![expect(clippy::print_stderr, reason = "the counts are there to be read")]

use guerdon_oracle::generate::case;
use guerdon_oracle::oracle::blocks::trees;
use guerdon_oracle::read::read;
use guerdon_oracle::run_test::run_end;
use guerdon_oracle::{Oracle, Records, outputs};
use guerdon_plan::hir::Program;

use self::counts::Counts;

#[path = "shared/counts.rs"]
mod counts;

/// How many files are looked at.
const FILES: u64 = 600;

/// Everything of plans that the generator writes; each must occur.
const WRITTEN: &[&str] = &[
    "aggregate: all",
    "aggregate: any",
    "aggregate: average",
    "aggregate: count",
    "aggregate: count distinct",
    "aggregate: first",
    "aggregate: highest",
    "aggregate: last",
    "aggregate: lowest",
    "aggregate: of the best",
    "aggregate: over everybody below",
    "aggregate: over periods",
    "aggregate: over records",
    "aggregate: over reports",
    "aggregate: over several sources",
    "aggregate: sum",
    "apply: against a quota",
    "apply: stacked",
    "apply: stacked, restarting",
    "apply: stacked, starting from a figure",
    "apply: to one value",
    "award: cash",
    "award: grant",
    "calendar: months",
    "calendar: of the plan's own",
    "calendar: quarters",
    "cap: cut in proportion",
    "cap: excess of lines carried",
    "cap: excess of periods carried",
    "cap: excess review",
    "card: dimension left out",
    "card: gate",
    "card: grades",
    "card: grades distributed, ties broken",
    "card: grades distributed, ties down",
    "card: grades distributed, ties up",
    "card: metric rounded",
    "card: metric with a rule of its own",
    "card: of one period",
    "card: missing gives no score",
    "card: missing gives points",
    "card: missing is an error",
    "card: missing keeps the last score",
    "card: missing moves weights",
    "card: weights are proportions",
    "check: of a field",
    "check: of payee and period",
    "check: of records, refusing",
    "check: of records, spoiling",
    "check: of records, with a filter",
    "check: of the records of a payee",
    "check: with a reason",
    "comparison: of dates",
    "comparison: of enum values",
    "comparison: of numbers",
    "comparison: of periods",
    "comparison: of records",
    "comparison: of texts",
    "condition: and",
    "condition: in a list",
    "condition: is missing",
    "condition: not",
    "condition: or",
    "condition: within days",
    "constant: dated",
    "constant: plain",
    "contest: budget",
    "contest: closing day",
    "contest: dense places",
    "contest: further keys",
    "contest: honour",
    "contest: period from day to day",
    "contest: pool by weight",
    "contest: pool equally",
    "contest: pool per head",
    "contest: prize of a place and all after it",
    "contest: prize of all others",
    "contest: prize of one place",
    "contest: prize of several places",
    "contest: race",
    "contest: split among a team",
    "contest: split among everybody below",
    "contest: split among reports",
    "contest: ties all",
    "contest: ties break",
    "contest: ties divide",
    "contest: ties share",
    "contest: ties unsaid",
    "contest: who does not qualify removed",
    "contest: who does not qualify sunk",
    "contest: who does not qualify unpaid",
    "contest: who does not qualify, unsaid",
    "definition: carry",
    "definition: carry, restarting",
    "definition: exception",
    "definition: let",
    "definition: measure",
    "definition: of a date",
    "definition: of a deal",
    "definition: of a period",
    "definition: of a record",
    "definition: of a text",
    "definition: of an enum value",
    "definition: of yes or no",
    "definition: of two records",
    "definition: pay in a currency of its own",
    "definition: pay",
    "definition: streak",
    "earn: cap",
    "earn: cap with others",
    "earn: clawback",
    "earn: exception",
    "earn: exception during days",
    "earn: exception over another",
    "earn: for several payees",
    "earn: hold",
    "earn: broken down",
    "earn: broken down or left whole",
    "earn: broken down equally otherwise",
    "earn: broken down and amortised",
    "earn: broken down and settled by line",
    "earn: amortise",
    "earn: amortise until a day",
    "part: amortised",
    "part: written off",
    "part: unamortised",
    "earn: hold up to a ceiling",
    "earn: of records",
    "earn: release",
    "earn: what was released stays",
    "earn: review",
    "earn: review until",
    "earn: undated",
    "earn: up a tree",
    "exchange: conversion",
    "exchange: from a currency of the row",
    "field: missing where nothing is given",
    "formula: abs",
    "formula: at least",
    "formula: at most",
    "formula: division",
    "formula: if",
    "formula: largest",
    "formula: otherwise",
    "formula: product",
    "formula: rounded",
    "formula: running sum",
    "formula: smallest",
    "formula: sum",
    "formula: value that must be there",
    "look-up: by key",
    "look-up: by key and day",
    "norm: as given",
    "norm: closest",
    "norm: floor, target, stretch",
    "norm: inverse",
    "norm: linear",
    "norm: mirrored",
    "norm: per unit",
    "norm: percentile",
    "norm: ratio",
    "norm: spread",
    "norm: steps",
    "part: clawed back",
    "part: due",
    "part: earned",
    "part: held",
    "part: in review",
    "part: of a line",
    "part: of a line by a period",
    "part: of a line for a payee",
    "part: of the levels below",
    "part: paid to date",
    "part: released",
    "past: another period",
    "past: prior",
    "past: times in the last periods",
    "past: trend over the last periods",
    "place: average of equal ones",
    "place: best of equal ones",
    "place: by further keys",
    "place: dense",
    "place: in a team",
    "place: worst of equal ones",
    "plan: another one asked",
    "plan: ends",
    "plan: payee filter",
    "plan: payee filter by a figure",
    "plan: segments",
    "plan: several",
    "plan: something replaced",
    "plan: something replaced on some days",
    "plan: variant",
    "rounding: at each line",
    "rounding: at pay",
    "rounding: ceiling",
    "rounding: down",
    "rounding: floor",
    "rounding: half-ceiling",
    "rounding: half-down",
    "rounding: half-even",
    "rounding: half-floor",
    "rounding: half-odd",
    "rounding: half-up",
    "rounding: none",
    "rounding: up",
    "rows: of a team",
    "rows: of other rows",
    "rows: of reports",
    "share: in a team",
    "share: largest remainder",
    "share: otherwise equally",
    "share: rest to the first",
    "share: rest to the largest",
    "share: rest to the last",
    "share: rounded",
    "table: a missing value matches",
    "table: any value matches",
    "table: count of matching rows",
    "table: every row that matches",
    "table: first row that matches",
    "table: highest of matching rows",
    "table: interval",
    "table: list of values",
    "table: lowest of matching rows",
    "table: only row that matches",
    "table: sum of matching rows",
    "tiers: dated",
    "tiers: fill",
    "tiers: flat",
    "tiers: interpolated",
    "tiers: marginal",
    "tiers: rate at a point",
    "tiers: retro",
    "tiers: rows with rate and amount",
    "time: days between",
    "time: days between, 30/360",
    "time: days in a period",
    "time: days later",
    "time: first day of a period",
    "time: last day of a period",
    "time: months between",
    "time: months later, keeping month ends",
    "time: months later, same day",
    "time: period before or after",
    "time: period of a day",
    "test: known as of a day",
    "time: working days",
    "time: working days in a range",
    "warning: alert",
    "warning: cleared after n",
    "warning: confirmed after n",
    "warning: confirmed after n of m",
    "warning: cool-down",
    "warning: escalation",
    "warning: level",
    "warning: level with a condition to clear it",
    "warning: of one period",
    "warning: reset",
    "warning: responses",
    "warning: skip",
];

#[test]
fn every_construct_of_plans_occurs() {
    let mut counts = Counts::default();
    for seed in 0..FILES {
        counts.program(&program(seed));
        counts.text(&case(seed).text());
        counts.blocks(&trees("case.guerdon", &case(seed).text()));
    }
    for (name, count) in &counts.found {
        eprintln!("{count:7} {name}");
    }
    let missing: Vec<&&str> = WRITTEN
        .iter()
        .filter(|name| !counts.found.contains_key(**name))
        .collect();
    let new: Vec<&String> = counts
        .found
        .keys()
        .filter(|name| !WRITTEN.contains(&name.as_str()))
        .collect();
    assert!(missing.is_empty(), "never written: {missing:?}");
    assert!(new.is_empty(), "written, but not in the list: {new:?}");
}

#[test]
fn most_cells_have_a_value_other_than_zero() {
    let (mut all, mut telling, mut errors) = (0_usize, 0_usize, 0_usize);
    for seed in 0..FILES / 2 {
        let program = program(seed);
        for test in &program.tests {
            let records = Records::from_given(&program, &test.given);
            let found = outputs(&Oracle::new(
                &program,
                &records,
                run_end(&program, test),
                &test.with,
            ));
            // Held and taken back are nothing where an earn has neither a release nor a claw-back.
            let shown = found
                .iter()
                .filter(|(key, _)| !key.ends_with("].held") && !key.ends_with("].clawed_back"))
                .map(|(_, value)| value);
            for value in shown.filter(|value| *value != "missing") {
                all += 1;
                errors += usize::from(value == "error");
                telling += usize::from(value != "error" && value != "0");
            }
        }
    }
    eprintln!("{all} cells, {telling} with a value other than zero, {errors} errors");
    assert!(telling * 2 > all, "{telling} of {all} cells say something");
    assert!(errors * 100 > all, "{errors} of {all} cells are errors");
}

fn program(seed: u64) -> Program {
    let text = case(seed).text();
    read(&[("case.guerdon", &text)]).unwrap_or_else(|faults| panic!("{text}\n{}", faults.text()))
}
