//! Questions that engine and oracle once answered differently: what was decided, by cases of which both must give it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it says"
)]

use guerdon::plan::{Plan, Source};
use guerdon_oracle::run_test::run_end;
use guerdon_oracle::{Oracle, Records, outputs};

use self::comparison::compare_on;

#[path = "shared/comparison.rs"]
mod comparison;

const DATA: &str = "
calendar uneven
  periods start on 2026-01-01, 2026-02-03, 2026-03-10
  ends before 2026-04-01
end
data Person key id
  id : text
end
data Deal key id
  id : text
  owner : Person
  amount : money CNY
  booked_on : date
end
";

const RECORDS: &str = "
test \"records\"
  given Person
    id
    ann
    bob
  end
  given Deal
    id | owner | amount  | booked_on
    d1 | ann   | CNY 70  | 2026-01-05
    d2 | ann   | CNY 300 | 2026-03-11
    d3 | ann   | CNY 900 | 2026-04-05
  end
end
";

/// Gives what both show of the cells that a word begins, each as `cell: value`.
#[track_caller]
fn shown(rules: &str, records: &str, word: &str) -> Vec<String> {
    let text = format!("{DATA}{rules}{records}");
    let plan = Plan::compile(&[Source::new("case.guerdon", text)]).unwrap_or_else(|found| panic!("{found}"));
    let (program, test) = (plan.program(), &plan.program().tests[0]);
    assert_eq!(compare_on(&plan, &[], test).unwrap(), []);
    let records = Records::from_given(program, &test.given);
    let oracle = Oracle::new(program, &records, run_end(program, test), &test.with);
    let cells = outputs(&oracle).into_iter();
    cells
        .filter(|(cell, _)| cell.starts_with(word))
        .map(|(cell, value)| format!("{cell}: {value}"))
        .collect()
}

#[test]
fn a_run_past_the_end_of_its_calendar_ends_with_the_calendar() {
    let rules = "
plan p
  payee Person
  effective 2026-02-03
  period uneven
  measure sales = sum amount over Deal where owner is payee and booked_on in period
end
";
    let expected = [
        "p.sales[ann, 2026-02-03..2026-03-09]: 0",
        "p.sales[ann, 2026-03-10..2026-03-31]: 300",
        "p.sales[bob, 2026-02-03..2026-03-09]: 0",
        "p.sales[bob, 2026-03-10..2026-03-31]: 0",
    ];
    assert_eq!(shown(rules, RECORDS, "p.sales"), expected);
}

#[test]
fn a_deal_after_the_end_of_the_calendar_makes_no_line() {
    let rules = "
plan p
  payee Person
  currency CNY
  effective 2026-02-03
  period uneven
  rounding half-up to 0.01 at each line
  earn e for each Deal where owner is payee dated booked_on = row.amount
  pay total = due e
end
";
    let expected = [
        "p.total[ann, 2026-02-03..2026-03-09]: 0",
        "p.total[ann, 2026-03-10..2026-03-31]: 300",
        "p.total[bob, 2026-02-03..2026-03-09]: 0",
        "p.total[bob, 2026-03-10..2026-03-31]: 0",
    ];
    assert_eq!(shown(rules, RECORDS, "p.total"), expected);
}

#[test]
fn periods_before_the_first_of_a_calendar_cannot_be_looked_at_even_where_there_are_no_records() {
    let rules = "
plan p
  payee Person
  effective 2026-01-01
  period uneven
  measure before = sum amount over Deal where owner is payee and booked_on in previous period
  measure lately = sum amount over Deal where owner is payee and booked_on in last 2 periods
  measure pairs  = sum x.amount over Person as y, Deal as x where x.owner is payee and y is payee and x.booked_on in previous period
end
";
    let records = RECORDS.replace("2026-04-05", "2026-02-05");
    let expected = |name: &str, values: [&str; 3]| -> Vec<String> {
        let periods = [
            "2026-01-01..2026-02-02",
            "2026-02-03..2026-03-09",
            "2026-03-10..2026-03-31",
        ];
        let cells = |person: &'static str, values: [&str; 3]| {
            let cells = periods.into_iter().zip(values);
            cells
                .map(|(period, value)| format!("p.{name}[{person}, {period}]: {value}"))
                .collect::<Vec<_>>()
        };
        let bob = values.map(|value| if value == "error" { "error" } else { "0" });
        [cells("ann", values), cells("bob", bob)].concat()
    };
    for name in ["before", "pairs"] {
        let found = shown(rules, &records, &format!("p.{name}"));
        assert_eq!(found, expected(name, ["error", "70", "900"]));
    }
    let found = shown(rules, &records, "p.lately");
    assert_eq!(found, expected("lately", ["error", "970", "1200"]));
}

#[test]
fn a_streak_is_nothing_before_the_first_period_of_the_plan() {
    let rules = "
plan p
  payee Person
  effective 2026-02-03
  period uneven
  measure sales = sum amount over Deal where owner is payee and booked_on in period
  let run = streak of (sales >= CNY 0)
  measure before = run[previous period]
end
";
    let records = RECORDS.replace("2026-04-05", "2026-02-05");
    let expected = [
        "p.before[ann, 2026-02-03..2026-03-09]: 0",
        "p.before[ann, 2026-03-10..2026-03-31]: 1",
        "p.before[bob, 2026-02-03..2026-03-09]: 0",
        "p.before[bob, 2026-03-10..2026-03-31]: 1",
    ];
    assert_eq!(shown(rules, &records, "p.before"), expected);
}

#[test]
fn the_rate_of_tiers_with_amounts_is_the_rate_and_none_where_only_an_amount_is_paid() {
    let rules = "
tiers entry marginal
  from CNY 0 below CNY 100 : CNY 5
  from CNY 100 up          : CNY 10 plus 3%
end
plan p
  payee Person
  effective 2026-03-10
  period uneven
  measure sales = sum amount over Deal where owner is payee and booked_on in period
  measure rate  = 2 * (rate of entry at sales)
  measure paid  = apply entry to sales
end
";
    let records = RECORDS.replace("2026-04-05", "2026-02-05");
    let expected = [
        "p.rate[ann, 2026-03-10..2026-03-31]: 3/50",
        "p.rate[bob, 2026-03-10..2026-03-31]: 0",
    ];
    assert_eq!(shown(rules, &records, "p.rate"), expected);
    // 5 for entering the first tier, 10 for the second, and 3% of 200.
    let expected = [
        "p.paid[ann, 2026-03-10..2026-03-31]: 21",
        "p.paid[bob, 2026-03-10..2026-03-31]: 5",
    ];
    assert_eq!(shown(rules, &records, "p.paid"), expected);
}

#[test]
fn who_may_be_a_payee_has_a_line_that_says_so() {
    // Per head of its deals: nobody knows whether bob, who has none, is a payee.
    let rules = "
plan p
  payee Person where CNY 100 / (count over Deal where owner is payee and booked_on in period) > CNY 40
  currency CNY
  effective 2026-03-01
  period month
  rounding half-up to 0.01 at each line
  earn e = (sum amount over Deal where owner is payee and booked_on in period) * 10%
  pay total = due e
end
";
    let records = RECORDS.replace("2026-04-05", "2026-03-31");
    let expected = [
        "clawed_back",
        "earned",
        "held",
        "in_review",
        "paid_to_date",
        "released",
    ];
    let of = |person: &str, values: [&str; 6]| -> Vec<String> {
        let parts = expected.into_iter().zip(values);
        parts
            .map(|(part, value)| format!("p.e[{person}, 2026-03].{part}: {value}"))
            .collect()
    };
    let ann = of("ann", ["0", "120", "0", "0", "120", "120"]);
    let bob = of("bob", ["error", "error", "error", "0", "error", "error"]);
    assert_eq!(shown(rules, &records, "p.e"), [ann, bob].concat());
    let expected = ["p.total[ann, 2026-03]: 120", "p.total[bob, 2026-03]: error"];
    assert_eq!(shown(rules, &records, "p.total"), expected);
}

#[test]
fn a_period_that_a_record_names_is_one_of_the_run_however_far_others_look_back() {
    let rules = "
plan p
  payee Person
  effective 2026-03-01
  period month
  measure sold    = sum amount over Deal where owner is payee and booked_on in period
  measure thrice  = sum amount over Deal where owner is payee and booked_on in this quarter
  measure before  = sum amount over Deal where owner is payee and booked_on in previous month
  measure wide    = sold[payee, previous month] + sold[payee, 2026-01]
  measure opened  = highest booked_on over Deal where owner is payee and booked_on <= 2026-03-01
  measure latest  = highest booked_on over Deal where owner is payee
  measure early_sold    = sold[payee, month_of(opened otherwise 2026-03-01)]
  measure early_thrice = thrice[payee, month_of(opened otherwise 2026-03-01)]
  measure early_before  = before[payee, month_of(opened otherwise 2026-03-01)]
  measure late_sold     = sold[payee, month_of(latest otherwise 2026-03-01)]
  measure late_thrice  = thrice[payee, month_of(latest otherwise 2026-03-01)]
  measure late_before   = before[payee, month_of(latest otherwise 2026-03-01)]
  measure by_day        = sum amount over Deal where owner is payee and booked_on in month_of(opened otherwise 2026-03-01)
end
";
    let found = [
        shown(rules, RECORDS, "p.early_"),
        shown(rules, RECORDS, "p.late_"),
        shown(rules, RECORDS, "p.by_day"),
        shown(rules, RECORDS, "p.wide[ann"),
    ];
    // ann has 70 in January, 300 in March and 900 in April; the plan begins in March.
    let expected = [
        "p.early_before[ann]: error",
        "p.early_before[bob]: 0",
        "p.early_sold[ann]: error",
        "p.early_sold[bob]: 0",
        "p.early_thrice[ann]: error",
        "p.early_thrice[bob]: 0",
        "p.late_before[ann]: 300",
        "p.late_before[bob]: 0",
        "p.late_sold[ann]: 900",
        "p.late_sold[bob]: 0",
        "p.late_thrice[ann]: 900",
        "p.late_thrice[bob]: 0",
        "p.by_day[ann]: 70",
        "p.by_day[bob]: 0",
        "p.wide[ann, 2026-03]: 70",
        "p.wide[ann, 2026-04]: 370",
    ];
    assert_eq!(found.concat(), expected);
}
