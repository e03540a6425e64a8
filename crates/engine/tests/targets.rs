//! Targets: the parts of every level sum to the whole, whatever the goal and the weights.
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it says"
)]

use std::collections::BTreeMap;

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon::report::{Report, TargetLine, TargetRow};
use guerdon_plan::calendar::{Date, Unit};
use guerdon_plan::number::Exact;
use proptest::prelude::*;

/// Regions, their people, quarters, months.
fn rules(goal: &str, options: [&str; 2], weights: &[u32]) -> String {
    let [regions, months] = options;
    let rows = |from: usize, keys: &[&str]| -> String {
        let line = |(at, key): (usize, &&str)| format!("    {key} | {}\n", weights[from + at]);
        keys.iter().enumerate().map(line).collect()
    };
    let months_of_year: Vec<String> = (1..=12).map(|month| format!("2026-{month:02}")).collect();
    let months_of_year: Vec<&str> = months_of_year.iter().map(String::as_str).collect();
    format!(
        "data Region key name
  name   : text
  weight : number
end

data Person key name
  name   : text
  region : Region
  weight : number
end

data Season key month
  month  : month
  weight : number
end

target t
  period   year 2026
  currency CNY
  goal     {goal}
  split among Region as r by r.weight {regions}
  split among Person as p where p.region is r by p.weight
  split among quarter by 1
  split among month as m by Season[m].weight {months}
end

test \"records\"
  given Region
    name | weight
{}  end
  given Person
    name | region | weight
{}  end
  given Season
    month | weight
{}  end
  expect 1 = 1
end
",
        rows(0, &["North", "East", "West"]),
        rows(
            3,
            &[
                "Ada | North",
                "Ben | North",
                "Cleo | East",
                "Dan | East",
                "Eve | West"
            ]
        ),
        rows(8, &months_of_year),
    )
}

/// Lists the lines of the target for 2026.
fn lines<T>(text: &str, see: impl FnOnce(&[TargetRow<'_>], &Report<'_>) -> T) -> T {
    let plan = Plan::compile(&[Source::new("target.guerdon", text)]).unwrap();
    let facts = Facts::from_given(plan.program(), &plan.program().tests[0].given).unwrap();
    let run = Run {
        through: Some(Date::from_ymd(2026, 12, 31).unwrap()),
        ..Run::default()
    };
    let report = plan.evaluate(&facts, &run).unwrap();
    see(&report.targets(), &report)
}

/// Adds the parts of a level up, by what they are parts of.
fn sums(
    rows: &[TargetRow<'_>],
    level: usize,
    whole: impl Fn(&TargetRow<'_>) -> String,
) -> BTreeMap<String, Exact> {
    let mut sums = BTreeMap::new();
    for row in rows
        .iter()
        .filter(|row| row.level == level && row.line == TargetLine::Part)
    {
        let sum = sums.entry(whole(row)).or_insert(Exact::ZERO);
        *sum = sum.add(row.goal.exact.as_ref().unwrap()).unwrap();
    }
    sums
}

/// Names the quarter of a month.
fn quarter(row: &TargetRow<'_>) -> String {
    let (year, month) = row.period_label.split_once('-').unwrap();
    format!("{year}-Q{}", month.parse::<u32>().unwrap().div_ceil(3))
}

fn part(row: &TargetRow<'_>) -> String {
    row.part.clone().unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_parts_of_every_level_sum_to_the_whole(
        cents in -1_000_000_000_i64..1_000_000_000,
        weights in proptest::collection::vec(1_u32..40, 20),
        is_over in any::<bool>(),
        rest in proptest::sample::select(vec!["", "rest to largest", "rest to first", "rest to last"]),
        step in proptest::sample::select(vec!["", "step CNY 1,000", "step CNY 0.05"]),
    ) {
        let sign = if cents < 0 { "-" } else { "" };
        let goal = format!("{sign}CNY {}.{:02}", cents.abs() / 100, cents.abs() % 100);
        let plus = if is_over { "plus 5%" } else { "" };
        let months = format!("{step} {rest}");
        lines(&rules(&goal, [plus, &months], &weights), |rows, report| {
            prop_assert!(report.problems().is_empty(), "{:?}", report.problems());
            let figure = |row: &TargetRow<'_>| row.goal.exact.clone().unwrap();
            let of = |level: usize, line: TargetLine| {
                rows.iter().filter(move |row| row.level == level && row.line == line)
            };
            let whole = of(0, TargetLine::Goal).chain(of(1, TargetLine::Over)).map(figure);
            let whole = whole.fold(Exact::ZERO, |sum, more| sum.add(&more).unwrap());
            prop_assert_eq!(sums(rows, 1, |_| String::new()), BTreeMap::from([(String::new(), whole)]));
            let regions: BTreeMap<String, Exact> = of(1, TargetLine::Part).map(|row| (part(row), figure(row))).collect();
            prop_assert_eq!(sums(rows, 2, |row| row.of.clone().unwrap()), regions);
            let people: BTreeMap<String, Exact> = of(2, TargetLine::Part).map(|row| (part(row), figure(row))).collect();
            prop_assert_eq!(sums(rows, 3, part), people);
            let quarters = of(3, TargetLine::Part).map(|row| (part(row) + &row.period_label, figure(row)));
            prop_assert_eq!(sums(rows, 4, |row| part(row) + &quarter(row)), quarters.collect());
            Ok(())
        })?;
    }
}

#[test]
fn a_goal_is_shown_once_and_its_parts_in_periods_of_their_own() {
    let weights = [1; 20];
    lines(&rules("CNY 120,000", ["", ""], &weights), |rows, _| {
        let count = |level: usize, unit: Unit| {
            let found = rows
                .iter()
                .filter(|row| row.level == level && row.period.unit == unit);
            found.count()
        };
        // One goal, three regions, five people, their four quarters and twelve months.
        assert_eq!(rows.len(), 1 + 3 + 5 + 20 + 60);
        assert_eq!(
            [
                count(0, Unit::Year),
                count(1, Unit::Year),
                count(2, Unit::Year),
                count(3, Unit::Quarter),
                count(4, Unit::Month)
            ],
            [1, 3, 5, 20, 60]
        );
    });
}

#[test]
fn a_part_is_explained_by_its_total_its_weight_what_is_locked_and_what_the_steps_moved() {
    let text = "data Team key name
  name : text
end

target t
  period   year 2026
  currency CNY
  goal     CNY 1,000,000 because \"the board\"
  split among month by 1 step CNY 1,000
  lock 2026-12 at CNY 83,000 because \"agreed\"
end

test \"records\"
  given Team
    name
    East
  end
  expect 1 = 1
end
";
    let plan = Plan::compile(&[Source::new("target.guerdon", text)]).unwrap();
    let facts = Facts::from_given(plan.program(), &plan.program().tests[0].given).unwrap();
    let run = Run {
        through: Some(Date::from_ymd(2026, 1, 31).unwrap()),
        ..Run::default()
    };
    // 917,000 among eleven: 83,363.64 each, in whole steps 83,000; four steps are left for the first four.
    let trace = plan.explain(&facts, &run, "t[2026-01].goal").unwrap();
    let told = |steps: &[guerdon::trace::Step]| -> Vec<(String, Option<String>, String)> {
        let step =
            |step: &guerdon::trace::Step| (step.label.en.clone(), step.value.clone(), step.note.en.clone());
        steps.iter().map(step).collect()
    };
    let line =
        |label: &str, value: &str, note: &str| (label.to_owned(), Some(value.to_owned()), note.to_owned());
    assert_eq!(trace.root.value.as_deref(), Some("CNY 84,000.00"));
    assert_eq!(
        told(&trace.root.children),
        [
            line(
                "by weight, in whole steps",
                "CNY 83,000.00",
                "CNY 917,000 × 1 of 11"
            ),
            line("of the steps that were left", "CNY 1,000.00", ""),
            line("left beside what is locked", "CNY 917,000.00", ""),
        ]
    );
    assert_eq!(
        told(&trace.root.children[2].children),
        [
            line("goal", "CNY 1,000,000.00", ""),
            line("locked parts", "-CNY 83,000.00", ""),
        ]
    );
    assert_eq!(
        trace.root.children[2].children[0].because.as_deref(),
        Some("the board")
    );
    let locked = plan.explain(&facts, &run, "t[2026-12]").unwrap();
    assert_eq!(locked.root.value.as_deref(), Some("CNY 83,000.00"));
    assert_eq!(locked.root.note.en, "locked");
    let whole = plan.explain(&facts, &run, "t[2026]").unwrap();
    assert_eq!(whole.root.value.as_deref(), Some("CNY 1,000,000.00"));
}

#[test]
fn locks_above_the_goal_and_weights_of_nothing_are_problems_with_numbers() {
    let text = "data Team key name
  name   : text
  locked : money CNY
end

target too_much
  period   year 2026
  currency CNY
  goal     CNY 100,000
  split among month by 1
  lock 2026-03 at sum locked over Team
end

target unweighted
  period   year 2026
  currency CNY
  goal     CNY 100,000
  split among month by 0
end

target negative
  period   year 2026
  currency CNY
  goal     CNY 100,000
  split among month as m by (if m = 2026-03 then -1 else 1)
end

test \"records\"
  given Team
    name | locked
    East | CNY 140,000
  end
  expect 1 = 1
end
";
    lines(text, |_, report| {
        let found: Vec<(String, String)> = report
            .problems()
            .iter()
            .map(|problem| (problem.code.to_string(), problem.detail.en.clone()))
            .collect();
        let of = |code: &str, detail: &str| (code.to_owned(), detail.to_owned());
        assert_eq!(
            found,
            [
                of(
                    "R0923",
                    "target \"too_much\", 2026: CNY 140,000 is locked of CNY 100,000: CNY 40,000 too much"
                ),
                of("R0913", "target \"unweighted\", 2026"),
                of("R0920", "target \"negative\", 2026-03: the weight is -1"),
            ]
        );
    });
}
