//! Levels, actions, prizes, places and grades are explained in the words of their blocks.

use guerdon::plan::{Plan, Run, Source};
use guerdon_syntax::Language;

use crate::support::table;

/// The table of months in a row below 80 %, with a month on leave, of a sales handbook.
const WARNING: &str = "\
enum Style = rigid | flexible
data Person key name
  name    : text
  manager : Person?
  style   : Style?
end
data Month key person, month
  person : Person
  month  : month
  sold   : money EUR
  leave  : bool
end
warning low \"Below the goal\"
  subject   Person where manager is not missing
  period    month
  effective 2026-01-01 through 2026-06-30
  measure reached = Month[subject, period].sold / EUR 100
  level one when streak of (reached < 80%) >= 2 clear when reached >= 85%
  level two when streak of (reached < 80%) >= 3 clear when reached >= 85% because \"Handbook 6.2\"
  skip when Month[subject, period].leave
  respond by subject.manager.style otherwise rigid
    rigid    | one -> notify subject
    rigid    | two -> task \"Review\" for subject.manager within 2 days
    flexible | -   -> record
  end
end
";

fn low(figure: &str, language: Language) -> String {
    let plan = Plan::compile(&[Source::new("low.guerdon", WARNING)]).unwrap();
    let mut facts = guerdon::facts::Facts::builder(plan.program());
    table(
        &mut facts,
        "Person",
        "name | manager | style\nRita | | \nAda | Rita |",
    );
    table(
        &mut facts,
        "Month",
        "person | month | sold | leave\n\
         Ada | 2026-01 | 78.00 | no\n\
         Ada | 2026-02 | 79.00 | no\n\
         Ada | 2026-03 | 0.00 | yes\n\
         Ada | 2026-04 | 75.00 | no\n\
         Ada | 2026-05 | 82.00 | no\n\
         Ada | 2026-06 | 86.00 | no",
    );
    let facts = facts.finish().unwrap();
    let trace = plan.explain(&facts, &Run::default(), figure).unwrap();
    trace.text(language)
}

#[test]
fn a_level_says_why_it_is_raised_and_what_ends_it() {
    let expected = "\
low[Ada, 2026-04] = two  \"Below the goal\"
  level two: raised in this period
    its condition holds: streak of (reached < 80%) 3 >= 3
    it ends when reached >= 85%; now: reached 0.75 < 85%
    because \"Handbook 6.2\"
  level one: raised for 2 periods
    its condition holds: streak of (reached < 80%) 3 >= 2
    it ends when reached >= 85%; now: reached 0.75 < 85%
  2026-04  reached 0.75
  2026-03  skipped; reached 0
  2026-02  reached 0.79
  2026-01  reached 0.78
  reached[Ada, 2026-04]       0.75  EUR 75 ÷ EUR 100
    sold of Ada/2026-04  EUR 75.00
";
    assert_eq!(low("low[Ada, 2026-04]", Language::En), expected);
}

#[test]
fn a_level_that_is_not_raised_says_what_it_lacks() {
    let expected = "\
low[Ada, 2026-01] = none  \"Below the goal\"
  级别 two：未触发
    条件不成立：streak of (reached < 80%) 1 < 3
    依据 \"Handbook 6.2\"
  级别 one：未触发
    条件不成立：streak of (reached < 80%) 1 < 2
  2026-01  reached 0.78
  reached[Ada, 2026-01]       0.78  EUR 78 ÷ EUR 100
    Ada/2026-01 的 sold  EUR 78.00
";
    assert_eq!(low("low[Ada, 2026-01]", Language::Zh), expected);
}

#[test]
fn actions_say_which_level_was_entered_and_in_which_style() {
    let text = low("low[Ada, 2026-04].actions", Language::En);
    let expected = "\
low[Ada, 2026-04].actions = task Review for Rita within 2 days
  the level two was entered in this period
  subject.manager.style otherwise rigid: rigid
  level: two
";
    assert!(text.starts_with(expected), "{text}");
    let text = low("low[Ada, 2026-05].actions", Language::En);
    let expected = "\
low[Ada, 2026-05].actions = missing
  no level was entered in this period; actions are issued when one is
  level: two
";
    assert!(text.starts_with(expected), "{text}");
}

const CONTEST: &str = "\
data Person key name
  name   : text
  sold   : money EUR
  margin : money EUR
end
contest sprint \"One winner a place\"
  period   2026-06
  currency EUR
  rounding half-up to 0.01
  entrants Person
  score    entrant.sold
  qualify  score >= EUR 100 else unpaid
  rank     highest first, ties break by entrant.margin
  prizes
    1 : EUR 500
    2 : EUR 300
    3 : EUR 100
  end
  budget   EUR 900
end
";

fn sprint(figure: &str) -> String {
    let plan = Plan::compile(&[Source::new("sprint.guerdon", CONTEST)]).unwrap();
    let mut facts = guerdon::facts::Facts::builder(plan.program());
    table(
        &mut facts,
        "Person",
        "name | sold | margin
         Ada  | 950.00 | 90.00
         Ben  | 620.50 | 40.00
         Cleo | 620.50 | 55.10
         Eve  | 40.00  | 9.00",
    );
    let facts = facts.finish().unwrap();
    let trace = plan.explain(&facts, &Run::default(), figure).unwrap();
    trace.to_string()
}

#[test]
fn a_prize_says_who_is_next_and_what_broke_the_tie() {
    let expected = "\
sprint[Ben].prize = EUR 100.00
  qualified: score EUR 620.50 >= EUR 100
  rank[Ben]        3  of 4
    Cleo: EUR 620.50, EUR 55.10  directly ahead, the tie broken by entrant.margin: EUR 15.10 apart
    Ben: EUR 620.50, EUR 40  this one
    Eve: EUR 40, EUR 9  directly behind, by EUR 580.50
  score[Ben]  620.50
";
    assert_eq!(sprint("sprint[Ben].prize"), expected);
}

const CARD: &str = "\
data Person key name
  name : text
end
data Kpi key person, quarter
  person     : Person
  quarter    : quarter
  attainment : percent
  collection : percent
  nps        : number
  renewal    : percent?
  win_rate   : percent
  peer       : number
end
scorecard bsc
  subject  Person
  period   quarter
  rounding half-up to 0.1
  missing  metric reweight when at least 50% present otherwise score 60
  let kpi = Kpi[subject, period]
  dimension financial 40%
    metric attainment 60% = kpi.attainment scored linear 60% -> 0, 100% -> 80, 120% -> 100
    metric collection 40% = kpi.collection scored linear 70% -> 0, 95% -> 100
  end
  dimension customer \"Customer\" 25%
    metric nps 50%     = kpi.nps     scored linear -20 -> 0, 60 -> 100
    metric renewal 50% = kpi.renewal scored linear 70% -> 0, 95% -> 100
  end
  dimension competitive 15%
    metric win_rate 100% = kpi.win_rate scored linear 10% -> 0, 40% -> 100
  end
  dimension collaboration 20%
    metric peer 100% = kpi.peer scored linear 1 -> 0, 5 -> 100
  end
  grades
    from 90 up       : A | 1.20
    from 75 below 90 : B | 1.00
    from  0 below 75 : C | 0.80
  end
end
";

#[test]
fn a_total_is_the_sum_of_its_metrics_and_says_what_was_missing() {
    let plan = Plan::compile(&[Source::new("card.guerdon", CARD)]).unwrap();
    let mut facts = guerdon::facts::Facts::builder(plan.program());
    table(&mut facts, "Person", "name\nAda");
    table(
        &mut facts,
        "Kpi",
        "person | quarter | attainment | collection | nps | renewal | win_rate | peer
         Ada | 2026-Q1 | 110% | 90% | 40 | | 25% | 4.2",
    );
    let facts = facts.finish().unwrap();
    let explain = |figure: &str| plan.explain(&facts, &Run::default(), figure).unwrap();
    let expected = "\
bsc[Ada, 2026-Q1].total = 76.7
  ├─ financial         34.4  score 86, weight 40%
  │    ├─ attainment   21.6  value 110%, score 90, weight 60%
  │    └─ collection   12.8  value 90%, score 80, weight 40%
  ├─ Customer         18.75  score 75, weight 25%
  │    └─ nps         18.75  value 40, score 75, weight 50%
  │    renewal: missing  no value: left out, so that the others weigh more
  ├─ competitive        7.5  score 50, weight 15%
  │    └─ win_rate      7.5  value 25%, score 50, weight 100%
  ├─ collaboration       16  score 80, weight 20%
  │    └─ peer           16  value 4.2, score 80, weight 100%
  └─ rounding          0.05
";
    assert_eq!(explain("bsc[Ada, 2026-Q1].total").to_string(), expected);
    let grade = explain("bsc[Ada, 2026-Q1].grade").to_string();
    let expected = "\
bsc[Ada, 2026-Q1].grade = B
  by the total alone: B
  place among those graded together      1  of 1
    Ada, 2026-Q1: 76.65  this one
  total, not rounded                 76.65
    financial                         34.4  score 86, weight 40%
";
    assert!(grade.starts_with(expected), "{grade}");
}

#[test]
fn a_locked_part_has_the_reason_of_its_own_lock() {
    const LOCKED: &str = "\
data Region key name
  name : text
end
target field \"Regions\"
  period   year 2026
  currency EUR
  goal     EUR 100,000
  split among Region as r by 1
  lock North at EUR 45,000 because \"agreed in November\"
  lock East at EUR 5,000 because \"a new region\"
end
";
    let plan = Plan::compile(&[Source::new("field.guerdon", LOCKED)]).unwrap();
    let mut facts = guerdon::facts::Facts::builder(plan.program());
    table(&mut facts, "Region", "name\nNorth\nEast\nWest");
    let facts = facts.finish().unwrap();
    let told = |figure: &str| {
        let trace = plan.explain(&facts, &Run::default(), figure).unwrap();
        trace.text(Language::En)
    };
    let east = told("field[East, year 2026]");
    assert!(
        east.contains("a new region") && !east.contains("agreed in November"),
        "{east}"
    );
    let north = told("field[North, year 2026]");
    assert!(
        north.contains("agreed in November") && !north.contains("a new region"),
        "{north}"
    );
}

#[test]
fn a_total_is_compared_with_the_last_card() {
    const CARD: &str = "\
data Person key name
  name : text
end
data Figure key person, quarter
  person  : Person
  quarter : quarter
  points  : number
end
scorecard card
  subject   Person
  period    quarter
  effective 2026-01-01 through 2026-06-30
  rounding  half-up to 0.1
  missing   metric none
  dimension financial 100%
    metric points_made 100% = Figure[subject, period].points scored as given
  end
  dimension customer      left out because \"one figure will do\"
  dimension competitive   left out because \"one figure will do\"
  dimension collaboration left out because \"one figure will do\"
end
";
    let plan = Plan::compile(&[Source::new("card.guerdon", CARD)]).unwrap();
    let mut facts = guerdon::facts::Facts::builder(plan.program());
    table(&mut facts, "Person", "name\nAda");
    table(
        &mut facts,
        "Figure",
        "person | quarter | points\nAda | 2026-Q1 | 80\nAda | 2026-Q2 | 82.06",
    );
    let facts = facts.finish().unwrap();
    let run = Run::default();
    let trace = plan.explain(&facts, &run, "card[Ada, 2026-Q2].total").unwrap();
    let words = trace.text(Language::En);
    let last = "the last card, of 2026-Q1, had 80: +2.1 since";
    assert!(words.contains(last), "{words}");
    let report = plan.evaluate(&facts, &run).unwrap();
    let changes: Vec<String> = report
        .scorecards()
        .iter()
        .filter(|row| row.part == guerdon::report::CardPart::Total)
        .map(|row| row.change.shown.clone())
        .collect();
    assert_eq!(changes, ["", "+2.1"]);
}
