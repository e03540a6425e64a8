//! The figures.

use guerdon::facts::Facts;
use guerdon::plan::Run;
use guerdon::report::Absence;
use guerdon_plan::hir::{RankTies, Rest, Unweighted};

use crate::support::{Made, checked, compiled};

/// A contest over the given records; the value, the rest and the filter of its one running sum.
pub(crate) fn contest(rows: &str, running: &str) -> String {
    let cell = |cell: &str| match cell.trim() {
        "" => "-".to_owned(),
        cell => cell.to_owned(),
    };
    let line = |line: &str| line.split('|').map(cell).collect::<Vec<_>>().join(" | ");
    let rows = rows.lines().map(line).collect::<Vec<_>>().join("\n");
    format!(
        "data Seller key id
  id     : text
  team   : text?
  score  : number?
  weight : number?
  pool   : money CNY
  day    : date
  enters : bool
end

plan contest
  payee     Seller
  currency  CNY
  effective 2026-01-01 through 2026-12-31
  period    year
  rounding  half-up to 0.01 at pay
  measure found = sum (running sum {running}) over Seller as own where own is payee
end

test \"records\"
  given Seller
    id | team | score | weight | pool | day | enters
{rows}
  end
  expect 1 = 1
end
"
    )
}

const BY_SCORE: &str = "(other.score otherwise 0) over Seller as other in order of other.id";
const BY_WEIGHT: &str = "(other.weight otherwise 0) over Seller as other in order of other.pool";

/// Gives what the measure is for each seller.
pub(crate) fn found(rows: &str, running: &str, made: Made) -> Vec<String> {
    let checked = checked(&contest(rows, running), &[("found", made)]);
    let facts = Facts::from_given(&checked.program, &checked.program.tests[0].given).unwrap();
    assert!(facts.problems().is_empty(), "{:?}", facts.problems());
    let (plan, run) = (compiled(&checked), Run::default());
    let report = plan.evaluate(&facts, &run).unwrap();
    let columns = report.measures();
    let column = &columns[0];
    column
        .rows()
        .into_iter()
        .map(|row| match row.absence {
            Some(Absence::Missing) => "missing".to_owned(),
            Some(Absence::Error) => "error".to_owned(),
            None => row.text,
        })
        .collect()
}

/// Ranks by score alone.
fn ranked(scores: &[&str], ties: RankTies) -> Vec<String> {
    let rows: Vec<String> = scores
        .iter()
        .enumerate()
        .map(|(place, score)| format!("    s{place:02} | | {score} | | CNY 0 | 2026-01-01 | yes"))
        .collect();
    let running = "(other.score otherwise 0) over Seller as other in order of other.enters";
    found(&rows.join("\n"), running, Made::Place(ties))
}

fn shared(pool: &str, weights: &[&str], rest: Rest) -> Vec<String> {
    let rows: Vec<String> = weights
        .iter()
        .enumerate()
        .map(|(place, weight)| format!("    s{place:02} | | | {weight} | {pool} | 2026-01-01 | yes"))
        .collect();
    found(
        &rows.join("\n"),
        BY_WEIGHT,
        Made::Share("0.01", rest, Unweighted::Refused),
    )
}

fn by_largest_remainder(pool: &str, weights: &[&str]) -> Vec<String> {
    shared(pool, weights, Rest::LargestRemainder)
}

#[test]
fn equal_scores_take_the_places_that_the_rules_say() {
    let scores = ["90", "95", "80", "90"];
    assert_eq!(ranked(&scores, RankTies::Best), ["2", "1", "4", "2"]);
    assert_eq!(ranked(&scores, RankTies::Worst), ["3", "1", "4", "3"]);
    assert_eq!(ranked(&scores, RankTies::Average), ["2.5", "1", "4", "2.5"]);
    assert_eq!(ranked(&scores, RankTies::Dense), ["2", "1", "3", "2"]);
    assert_eq!(ranked(&scores, RankTies::Refused), ["error", "1", "4", "error"]);
}

#[test]
fn a_later_key_decides_where_earlier_ones_are_equal() {
    let rows = "    a | | 90 | | CNY 0 | 2026-03-09 | yes
    b | | 90 | | CNY 0 | 2026-03-02 | yes
    c | | 95 | | CNY 0 | 2026-03-30 | yes";
    let running = "(other.score otherwise 0) over Seller as other in order of other.day";
    assert_eq!(
        found(rows, running, Made::Place(RankTies::Refused)),
        ["3", "2", "1"]
    );
    assert_eq!(
        found(rows, BY_SCORE, Made::Place(RankTies::Refused)),
        ["2", "3", "1"]
    );
}

#[test]
fn places_are_counted_in_each_team_and_among_those_who_enter() {
    let rows = "    a | north | 50 | | CNY 0 | 2026-01-01 | yes
    b | south | 70 | | CNY 0 | 2026-01-01 | yes
    c | north | 60 | | CNY 0 | 2026-01-01 | yes
    d |       | 10 | | CNY 0 | 2026-01-01 | yes
    e |       | 20 | | CNY 0 | 2026-01-01 | yes
    f | north | 99 | | CNY 0 | 2026-01-01 | no";
    let running = "(other.score otherwise 0) over Seller as other in order of other.id within other.team where other.enters";
    assert_eq!(
        found(rows, running, Made::Place(RankTies::Best)),
        ["2", "1", "1", "2", "1", "missing"]
    );
}

#[test]
fn who_has_no_score_has_no_place() {
    let rows = "    a | | 50 | | CNY 0 | 2026-01-01 | yes
    b | |    | | CNY 0 | 2026-01-01 | yes
    c | | -1 | | CNY 0 | 2026-01-01 | yes";
    assert_eq!(
        found(rows, BY_SCORE, Made::Place(RankTies::Best)),
        ["1", "missing", "2"]
    );
}

#[test]
fn a_faulty_key_spoils_its_own_group_only() {
    let rows = "    a | north | 0  | | CNY 0 | 2026-01-01 | yes
    b | north | 70 | | CNY 0 | 2026-01-01 | yes
    c | south | 60 | | CNY 0 | 2026-01-01 | yes
    d | south | 0  | | CNY 0 | 2026-01-01 | no";
    let running = "1 / (other.score otherwise 0) over Seller as other in order of other.id within other.team where other.enters";
    assert_eq!(
        found(rows, running, Made::Place(RankTies::Best)),
        ["error", "error", "1", "missing"]
    );
}

#[test]
fn a_group_that_is_not_known_spoils_all_that_it_may_be() {
    let rows = "    a | north | 0 | | CNY 0 | 2026-01-01 | yes
    b | north | 1 | | CNY 0 | 2026-01-01 | yes
    c | south | 1 | | CNY 0 | 2026-01-01 | yes
    d | south | 0 | | CNY 0 | 2026-01-01 | no";
    let value = "(other.score otherwise 0) over Seller as other in order of other.id";
    let all = format!("{value} within (1 / (other.score otherwise 0)) where other.enters");
    let one = format!("{value} within (1 / (other.score otherwise 0)), other.team where other.enters");
    assert_eq!(
        found(rows, &all, Made::Place(RankTies::Best)),
        ["error", "error", "error", "missing"]
    );
    assert_eq!(
        found(rows, &one, Made::Place(RankTies::Best)),
        ["error", "error", "1", "missing"]
    );
}

#[test]
fn a_pool_is_shared_by_points() {
    assert_eq!(
        by_largest_remainder("CNY 10,000", &["300", "200", "100"]),
        ["5000.00", "3333.33", "1666.67"]
    );
    // With a minimum of 150 points, who has fewer does not share.
    let rows = "    a | | | 300 | CNY 10,000 | 2026-01-01 | yes
    b | | | 200 | CNY 10,000 | 2026-01-01 | yes
    c | | | 100 | CNY 10,000 | 2026-01-01 | yes";
    let running = format!("{BY_WEIGHT} where (other.weight otherwise 0) >= 150");
    let usual = Made::Share("0.01", Rest::LargestRemainder, Unweighted::Refused);
    assert_eq!(found(rows, &running, usual), ["6000.00", "4000.00", "missing"]);
}

#[test]
fn shares_always_sum_to_the_amount() {
    assert_eq!(
        by_largest_remainder("CNY 100", &["1", "1", "1"]),
        ["33.34", "33.33", "33.33"]
    );
    assert_eq!(
        by_largest_remainder("CNY 10,000", &["1", "1", "1"]),
        ["3333.34", "3333.33", "3333.33"]
    );
    assert_eq!(
        by_largest_remainder("-CNY 10,000", &["1", "1", "1"]),
        ["-3333.34", "-3333.33", "-3333.33"]
    );
    assert_eq!(
        by_largest_remainder("CNY 99.99", &["75", "25"]),
        ["74.99", "25.00"]
    );
    assert_eq!(by_largest_remainder("CNY 10.03", &["49", "51"]), ["4.91", "5.12"]);
    assert_eq!(by_largest_remainder("CNY 6.45", &["30", "70"]), ["1.94", "4.51"]);
    assert_eq!(
        by_largest_remainder("CNY 100,000", &["7", "6", "9"]),
        ["31818.18", "27272.73", "40909.09"]
    );
}

#[test]
fn a_million_over_twelve_equal_months_leaves_four_cents_to_the_first() {
    let mut expected = vec!["83333.34"; 4];
    expected.extend(["83333.33"; 8]);
    assert_eq!(by_largest_remainder("CNY 1,000,000", &["1"; 12]), expected);
    let weights = ["7", "6", "9", "8", "8", "9", "7", "7", "9", "10", "10", "10"];
    assert_eq!(
        by_largest_remainder("CNY 1,000,000", &weights)[..3],
        ["70000.00", "60000.00", "90000.00"]
    );
}

#[test]
fn what_is_left_goes_to_whom_the_rules_name() {
    let weights = ["1", "3", "3"];
    // Sevenths of 100.00: 14.28 and 42.85 twice, 0.02 left.
    assert_eq!(
        shared("CNY 100", &weights, Rest::LargestRemainder),
        ["14.28", "42.86", "42.86"]
    );
    assert_eq!(
        shared("CNY 100", &weights, Rest::Largest),
        ["14.28", "42.87", "42.85"]
    );
    assert_eq!(
        shared("CNY 100", &weights, Rest::First),
        ["14.30", "42.85", "42.85"]
    );
    assert_eq!(
        shared("CNY 100", &weights, Rest::Last),
        ["14.28", "42.85", "42.87"]
    );
}

#[test]
fn weights_of_zero_are_refused_or_equal() {
    let rows = "    a | | |   | CNY 0.05 | 2026-01-01 | yes
    b | | | 0 | CNY 0.05 | 2026-01-01 | yes";
    let made = |unweighted| Made::Share("0.01", Rest::LargestRemainder, unweighted);
    assert_eq!(
        found(rows, BY_WEIGHT, made(Unweighted::Refused)),
        ["error", "error"]
    );
    assert_eq!(found(rows, BY_WEIGHT, made(Unweighted::Equal)), ["0.03", "0.02"]);
}

#[test]
fn larger_steps_and_weights_that_are_no_decimals_are_exact() {
    let rows = "    a | | 3 | | CNY 100,000 | 2026-01-01 | yes
    b | | 7 | | CNY 100,000 | 2026-01-01 | yes";
    let running = "1 / (other.score otherwise 1) over Seller as other in order of other.pool";
    // By 1/3 : 1/7, which is 7 : 3.
    let made = Made::Share("1000", Rest::LargestRemainder, Unweighted::Refused);
    assert_eq!(found(rows, running, made), ["70000.00", "30000.00"]);
}

#[test]
fn a_text_holds_keys_and_plain_digits() {
    let rows = "    a |  | 2.50 | | CNY 0 | 2026-01-01 | yes
    b |  |      | | CNY 0 | 2026-01-01 | yes";
    let running = BY_SCORE;
    assert_eq!(found(rows, running, Made::Words), ["place of a: 2.5", "missing"]);
}

#[test]
fn only_the_best_of_a_group_count() {
    let rows = "    a | | 50 | | CNY 0 | 2026-01-01 | yes
    b | | 70 | | CNY 0 | 2026-01-01 | yes
    c | | 60 | | CNY 0 | 2026-01-01 | yes
    d | | 70 | | CNY 0 | 2026-01-01 | yes
    e | | 99 | | CNY 0 | 2026-01-01 | no";
    let best = |aggregate: &str, most| {
        let text = contest(rows, "1 over Seller as other in order of other.id");
        let (before, after) = text.split_once("  measure found = ").unwrap();
        let (_, after) = after.split_once('\n').unwrap();
        let text =
            format!("{before}  measure found = {aggregate} over Seller as other where other.enters\n{after}");
        let checked = checked(&text, &[("found", Made::Best(most))]);
        let facts = Facts::from_given(&checked.program, &checked.program.tests[0].given).unwrap();
        let (plan, run) = (compiled(&checked), Run::default());
        let report = plan.evaluate(&facts, &run).unwrap();
        let columns = report.measures();
        let column = &columns[0];
        column.rows()[0].text.clone()
    };
    let value = "(other.score otherwise 0)";
    assert_eq!(best(&format!("sum {value}"), 3), "200");
    assert_eq!(best(&format!("sum {value}"), 9), "250");
    assert_eq!(best(&format!("average {value}"), 2), "70");
    assert_eq!(best(&format!("lowest {value}"), 3), "60");
    assert_eq!(best(&format!("highest {value}"), 1), "70");
    assert_eq!(best("count", 3), "3");
    assert_eq!(best("count", 9), "4");
    assert_eq!(best(&format!("count distinct {value}"), 3), "2");
}
