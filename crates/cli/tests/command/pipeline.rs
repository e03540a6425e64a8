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
