//! The order of operations, in words: the same four operations in four orders pay four amounts.

use serde_json::{Value, json};

use crate::fixture::Company;

/// Base 10,000; multiplier 1.5; cap 12,000; a failed gate pays three quarters.
const ORDERS: &str = r#"data Seller key name
  name   : text
  base   : money EUR
  passed : bool
end

plan one
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    year
  rounding  half-up to 0.01 at pay
  let raised = payee.base * 1.5
  let capped = raised at most EUR 12,000
  earn bonus = if payee.passed then capped else capped * 75%
  pay paid = due bonus
end

plan two
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    year
  rounding  half-up to 0.01 at pay
  let raised = payee.base * 1.5
  let gated = if payee.passed then raised else raised * 75%
  earn bonus = gated at most EUR 12,000
  pay paid = due bonus
end

plan three
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    year
  rounding  half-up to 0.01 at pay
  earn bonus = (payee.base at most EUR 12,000) * 1.5 because "4.1" ref "https://example.com/4"
  pay paid = due bonus
end

test "the order is worth money"
  given Seller
    name | base       | passed
    fell | EUR 10,000 | no
    went | EUR 10,000 | yes
  end
  expect one.paid[fell, year 2026] = EUR 9,000
  expect two.paid[fell, year 2026] = EUR 11,250
  expect one.paid[went, year 2026] = EUR 12,000
  expect three.paid[went, year 2026] = EUR 15,000
end
"#;

fn chain(document: &Value, plan: usize) -> &Value {
    &document["pipelines"][plan]["in_short"][0]["operations"]
}

#[test]
fn four_orders_of_the_same_operations_are_told_apart() {
    let company = Company::with_rules(ORDERS);
    company
        .guerdon(&["test", "plan.guerdon"])
        .ends(0, "ok     the order is worth money\n1 passed, 0 failed\n");
    let document = company
        .guerdon(&["check", "plan.guerdon", "--pipeline", "--format", "json"])
        .json();
    assert_eq!(
        *chain(&document, 0),
        json!([
            "payee.base",
            "multiply by 1.5",
            "at most EUR 12,000",
            "unless payee.passed: multiply by 75%"
        ])
    );
    assert_eq!(
        *chain(&document, 1),
        json!([
            "payee.base",
            "multiply by 1.5",
            "unless payee.passed: multiply by 75%",
            "at most EUR 12,000"
        ])
    );
    assert_eq!(
        *chain(&document, 2),
        json!(["payee.base", "at most EUR 12,000", "multiply by 1.5"])
    );
}

#[test]
fn each_step_has_its_words_its_reason_and_its_place() {
    let company = Company::with_rules(ORDERS);
    let document = company
        .guerdon(&["check", "plan.guerdon", "--pipeline", "--format", "json"])
        .json();
    let third = &document["pipelines"][2];
    assert_eq!(third["plan"], "three");
    assert_eq!(
        third["steps"],
        json!([
            { "stage": "payee", "name": "", "words": "each Seller", "because": null, "ref": null,
              "file": "plan.guerdon", "line": 31 },
            { "stage": "period", "name": "", "words": "each year from 2026-01-01 through 2026-12-31, in EUR",
              "because": null, "ref": null, "file": "plan.guerdon", "line": 31 },
            { "stage": "earn", "name": "bonus", "words": "payee.base → at most EUR 12,000 → multiply by 1.5",
              "because": "4.1", "ref": "https://example.com/4", "file": "plan.guerdon", "line": 37 },
            { "stage": "pay", "name": "paid", "words": "due bonus", "because": null, "ref": null,
              "file": "plan.guerdon", "line": 38 },
            { "stage": "rounding", "name": "paid", "words": "round half-up to 0.01", "because": null, "ref": null,
              "file": "plan.guerdon", "line": 38 },
        ])
    );
}

#[test]
fn the_order_is_told_in_the_language_of_the_file() {
    let company = Company::with_rules(ORDERS);
    assert_eq!(company.guerdon(&["fmt", "--lang", "zh", "plan.guerdon"]).code, 0);
    let done = company.guerdon(&["check", "plan.guerdon", "--pipeline"]);
    assert_eq!(done.code, 0);
    for line in [
        "方案 one：运算顺序\n",
        "   1  人员：每个 Seller\n",
        "   2  期间：每年（2026-01-01 至 2026-12-31），币种 EUR\n",
        "     bonus: payee.base → 乘以 1.5 → 封顶 EUR 12,000 → 除非 payee.passed：乘以 75%\n",
    ] {
        assert!(done.out.contains(line), "no\n{line}\nin\n{}", done.out);
    }
}

#[test]
fn nothing_is_told_of_rules_that_are_not_sound() {
    let company = Company::with_rules(ORDERS.replace("raised at most", "raisd at most"));
    let done = company.guerdon(&["check", "plan.guerdon", "--pipeline"]);
    assert_eq!(done.code, 1);
    assert!(!done.out.contains("order of operations"), "{}", done.out);
}

/// What a plan leaves open, each of which holds in the same way for every plan.
const OPEN: &str = r#"data Seller key name
  name  : text
  quota : money EUR
end

data Deal key id
  id        : text
  seller    : Seller
  amount    : money EUR
  abroad    : money USD
  signed_on : date
end

rates
  USD to EUR : 0.9
end

tiers slices marginal
  from 0% below 100% : 1%
  from 100% up : 2%
end

plan open
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    month
  rounding  half-up to 0.01 at pay
  earn alone for each Deal where seller is payee dated signed_on = apply slices to amount against payee.quota
  cap alone at EUR 1,000 every year
  clawback alone by 0%
  review alone when row.amount > EUR 500
  earn endless for each Deal where seller is payee dated signed_on
    = apply slices to amount against payee.quota stacked in order of signed_on, id
  earn shared for each Deal dated signed_on = convert(abroad, EUR, signed_on)
  except one to shared when row.amount > EUR 5 use EUR 1
  except two to shared when row.amount > EUR 6 use EUR 2
  earn part = (allocate EUR 10 among Seller by quota) otherwise EUR 0
  carry owed = prior owed + alone starting EUR 0
  pay total = due alone + due endless + due shared + due part
end
"#;

const NOT_WRITTEN: &[&str] = &[
    "who is paid for a part of a period is paid as for all of it: no quota, target pay, draw, cap or limit is prorated (otherwise write: segments … with segment_share[s], or a factor of days)",
    "alone: each line enters tiers slices by itself, at the first tier (otherwise write: stacked in order of … restarting every year)",
    "alone: lines come in the order of signed_on, those of one day in the order of their key (otherwise write: apply … stacked in order of …)",
    "alone: where payee.quota is zero there is no amount but an error that names the payee (otherwise write: if … > 0 then … else …)",
    "alone: what is cut is forfeited (otherwise write: excess carried, or excess review)",
    "alone: the latest lines are cut first (otherwise write: cut in proportion)",
    "alone: measures and attainment go on counting what is taken back (otherwise write: leave such records out in the filter of the measure)",
    "alone: what is to be looked at stays out of what is payable for good (otherwise write: until …)",
    "endless: the running total never starts again (otherwise write: restarting every year)",
    "endless: where payee.quota is zero there is no amount but an error that names the payee (otherwise write: if … > 0 then … else …)",
    "shared: every payee has a line for every record of Deal, in full (otherwise write: where … is payee)",
    "shared: a day without an exchange rate is an error (otherwise write: missing day previous within 5 days, in the rates)",
    "shared: where two exceptions apply and give different values it is an error (otherwise write: over …, in the one that counts)",
    "part: odd cents go to the largest remainders, of equal ones to the first by key (otherwise write: rest to largest, first or last)",
    "part: where all weights are zero it is an error (otherwise write: otherwise equally)",
    "owed: the balance stays as it is while its owner is no payee, also after an exit (otherwise write: settle it in the pay line of the last period)",
    "total: an amount below zero stands: it is taken back (otherwise write: at least EUR 0, with a carry for what is left)",
];

#[test]
fn what_a_plan_leaves_open_is_told_with_what_to_write_instead() {
    let company = Company::with_rules(OPEN);
    let done = company.guerdon(&["check", "plan.guerdon", "--pipeline"]);
    assert_eq!(done.code, 0);
    let behind = done.out.split("  not written, so\n").nth(1).unwrap();
    let told: Vec<&str> = behind
        .lines()
        .map_while(|line| line.strip_prefix("     "))
        .collect();
    assert_eq!(told, NOT_WRITTEN);
}

#[test]
fn what_is_written_is_not_told_as_left_open() {
    let written = OPEN
        .replace(
            "every year\n  claw",
            "every year excess carried cut in proportion\n  claw",
        )
        .replace(
            "  clawback alone by 0%\n  review alone when row.amount > EUR 500\n",
            "",
        )
        .replace("pay total = due", "pay total = (due")
        .replace("+ due part", "+ due part) at least EUR 0")
        .replace(
            "among Seller by quota",
            "among Seller by quota rest to first otherwise equally",
        );
    let gone = [
        "alone: what is cut is forfeited",
        "alone: the latest lines are cut first",
        "alone: measures and attainment go on",
        "alone: what is to be looked at",
        "part: odd cents",
        "part: where all weights are zero",
        "total: an amount below zero",
    ];
    let is_left = |line: &&&str| gone.iter().all(|gone| !line.starts_with(gone));
    let left: Vec<&str> = NOT_WRITTEN.iter().filter(is_left).copied().collect();
    assert_eq!(left.len(), NOT_WRITTEN.len() - gone.len());
    assert_eq!(not_written(&written), left);
}

/// Lists what is told as not written of the only plan of the rules.
fn not_written(rules: &str) -> Vec<String> {
    let company = Company::with_rules(rules);
    let done = company.guerdon(&["check", "plan.guerdon", "--pipeline"]);
    assert_eq!(done.code, 0, "{}", done.out);
    let behind = done.out.split("  not written, so\n").nth(1).unwrap_or_default();
    let lines = behind.lines().map_while(|line| line.strip_prefix("     "));
    lines.map(str::to_owned).collect()
}

#[test]
fn words_in_a_reason_a_comment_or_a_name_do_not_count_as_written() {
    let talkative = OPEN
        .replace(
            "cap alone at EUR 1,000 every year",
            "cap alone at EUR 1,000 every year because \"the excess is cut in proportion to days\" # segments",
        )
        .replace("pay total", "check payee.quota <= EUR 9,999 because \"of working_days\"\n  pay total");
    assert_eq!(not_written(&talkative), NOT_WRITTEN);
    // A negative floor is none, and a name that holds the quota's is not the quota.
    let low = OPEN
        .replace(
            "pay total = due",
            "check payee.quota_of_all > EUR 0\n  pay total = (due",
        )
        .replace("+ due part", "+ due part) at least -EUR 5")
        .replace(
            "  quota : money EUR\n",
            "  quota : money EUR\n  quota_of_all : money EUR\n",
        );
    assert_eq!(not_written(&low), NOT_WRITTEN);
}

#[test]
fn a_check_that_leaves_zero_out_and_a_count_of_days_are_written() {
    let of_quota = |line: &&str| line.contains("payee.quota is zero");
    let of_parts = |line: &&str| line.starts_with("who is paid for a part of a period");
    let without = |gone: &dyn Fn(&&str) -> bool| -> Vec<&str> {
        NOT_WRITTEN.iter().copied().filter(|line| !gone(line)).collect()
    };
    let checked = OPEN.replace(
        "pay total",
        "check EUR 0 < payee.quota and payee.quota < EUR 9,999\n  pay total",
    );
    assert_eq!(not_written(&checked), without(&of_quota));
    let by_field = OPEN.replace(
        "  quota : money EUR\n",
        "  quota : money EUR  check quota > EUR 0\n",
    );
    assert_eq!(not_written(&by_field), without(&of_quota));
    let days = OPEN.replace("+ due part", "+ due part * (days in period) / 30");
    assert_eq!(not_written(&days), without(&of_parts));
}

#[test]
fn chinese_plans_round_in_chinese() {
    let company = Company::with_rules(ORDERS);
    assert_eq!(company.guerdon(&["fmt", "--lang", "zh", "plan.guerdon"]).code, 0);
    let done = company.guerdon(&["check", "plan.guerdon", "--pipeline"]);
    assert!(
        done.out.contains("舍入 paid：四舍五入，精确到 0.01\n"),
        "{}",
        done.out
    );
    assert!(!done.out.contains("half-up"), "{}", done.out);
}

#[test]
fn the_order_is_a_table_too() {
    let company = Company::with_rules(ORDERS);
    let done = company.guerdon(&["check", "plan.guerdon", "--pipeline", "--format", "csv"]);
    assert_eq!(done.code, 0);
    let third: Vec<&str> = done
        .out
        .lines()
        .filter(|line| line.starts_with("three,"))
        .collect();
    assert_eq!(
        third,
        [
            "three,step,1,payee,,each Seller,,,,plan.guerdon,31",
            "three,step,2,period,,\"each year from 2026-01-01 through 2026-12-31, in EUR\",,,,plan.guerdon,31",
            "three,step,3,earn,bonus,\"payee.base → at most EUR 12,000 → multiply by 1.5\",,4.1,https://example.com/4,plan.guerdon,37",
            "three,step,4,pay,paid,due bonus,,,,plan.guerdon,38",
            "three,step,5,rounding,paid,round half-up to 0.01,,,,plan.guerdon,38",
            "three,in short,,,bonus,\"payee.base → at most EUR 12,000 → multiply by 1.5\",,,,,",
            "three,in short,,,paid,due bonus → round half-up to 0.01,,,,,",
            "three,not written,,,,\"who is paid for a part of a period is paid as for all of it: no quota, target pay, draw, cap or limit is prorated\",\"segments … with segment_share[s], or a factor of days\",,,plan.guerdon,31",
            "three,not written,,,paid,an amount below zero stands: it is taken back,\"at least EUR 0, with a carry for what is left\",,,plan.guerdon,38",
        ]
    );
}
