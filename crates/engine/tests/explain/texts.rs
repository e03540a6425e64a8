//! Whole texts.

use guerdon_syntax::Language;

use crate::support::{explained, facts, plan, run};

#[test]
fn what_came_due_is_what_is_payable_less_what_was() {
    let expected = "\
commission_pay[p1, 2026-03] = CNY 15,000.00  \"Commission payable\"
  payable to date      CNY 55,800.00
  less end of 2026-02  CNY 40,800.00
  ├─ D1  CNY 40,800.00 × 100% released     40,800.00  no change
  └─ D2  CNY 30,000.00 × 50% released      15,000.00  new
       released: CNY 200,000 of CNY 400,000, paid_on by 2026-03-31 (R2)
         because \"commission is held until the customer has paid\"
         ref \"4.1\"
       earned: attainment 83.3% → 116.7% of CNY 1,200,000
         CNY 200,000 × 6%  (80% to 100%)   12,000.00
         CNY 200,000 × 9%  (100% to 150%)  18,000.00
         not used: autumn_push, since first_buy of D2 is no and 2026-03-05 is not in 2026-Q4
         cap: CNY 70,800 of CNY 500,000 used
         because \"marginal rates on year-to-date attainment\"
  check held: year_goal CNY 1,200,000 > CNY 0
    because \"nobody is paid without a goal\"
";
    assert_eq!(explained("commission_pay[p1, 2026-03]"), expected);
}

#[test]
fn what_is_taken_back_names_the_return() {
    let expected = "\
due commission[p1, 2026-05] = -CNY 3,000.00  \"Commission on orders\"
  payable to date      CNY 67,800.00
  less end of 2026-04  CNY 70,800.00
  ├─ D1  CNY 40,800.00 × 100% released                      40,800.00  no change
  └─ D2  CNY 30,000.00 × (100% released − 10% taken back)   27,000.00  -CNY 3,000.00
       released: CNY 400,000 of CNY 400,000, paid_on by 2026-05-31 (R2, R3)
         R2                                                200,000.00
         R3                                                200,000.00
         because \"commission is held until the customer has paid\"
         ref \"4.1\"
       taken back: CNY 40,000 of CNY 400,000, returned_on by 2026-05-31 (F1)
         because \"returns within 180 days\"
       earned: attainment 83.3% → 116.7% of CNY 1,200,000
         CNY 200,000 × 6%  (80% to 100%)                    12,000.00
         CNY 200,000 × 9%  (100% to 150%)                   18,000.00
         not used: autumn_push, since first_buy of D2 is no and 2026-03-05 is not in 2026-Q4
         cap: CNY 70,800 of CNY 500,000 used
         because \"marginal rates on year-to-date attainment\"
  check held: year_goal CNY 1,200,000 > CNY 0
    because \"nobody is paid without a goal\"
  because \"marginal rates on year-to-date attainment\"
";
    assert_eq!(explained("due commission[p1, 2026-05]"), expected);
}

#[test]
fn a_cap_says_what_it_cut_off() {
    let expected = "\
commission[D8] = CNY 500,000.00  \"Commission on orders\"
  attainment 0% → 500% of CNY 1,200,000
  ├─ CNY 960,000 × 4%  (0% to 80%)       38,400.00
  ├─ CNY 240,000 × 6%  (80% to 100%)     14,400.00
  ├─ CNY 600,000 × 9%  (100% to 150%)    54,000.00
  ├─ CNY 4,200,000 × 12%  (150% up)     504,000.00
  │  not used: autumn_push, since first_buy of D8 is no and 2026-06-01 is not in 2026-Q4
  └─ cut by the cap of CNY 500,000     -110,800.00
       because \"annual cap\"
  because \"marginal rates on year-to-date attainment\"
";
    assert_eq!(explained("commission[D8]"), expected);
}

#[test]
fn an_exception_shows_what_there_would_be_without_it() {
    let expected = "\
commission[D9] = CNY 5,000.00  \"Commission on orders\"
  └─ exception autumn_push         5,000.00  CNY 4,000 × 1.25
       since first_buy of D9 is yes and 2026-10-12 is in 2026-Q4
       because \"first buyers in autumn count for more\"
  without the exception            4,000.00  attainment 0% → 8.3% of CNY 1,200,000
    CNY 100,000 × 4%  (0% to 80%)  4,000.00
  cap: CNY 5,000 of CNY 500,000 used
  because \"marginal rates on year-to-date attainment\"
";
    assert_eq!(explained("commission[D9]"), expected);
}

#[test]
fn an_amount_by_condition_says_the_values_compared() {
    let expected = "\
bonus[p1, 2026-02] = CNY 1,000.00  \"Bonus for a good month\"
  since booked CNY 1,000,000 >= CNY 500,000
  booked[p1, 2026-02]  1,000,000.00
    D1                 1,000,000.00
  check held: year_goal CNY 1,200,000 > CNY 0
    because \"nobody is paid without a goal\"
";
    assert_eq!(explained("bonus[p1, 2026-02]"), expected);
}

#[test]
fn a_measure_lists_its_records_over_periods() {
    let expected = "\
booked_so_far[p1, 2026-03] = CNY 1,400,000.00
  ├─ D1  1,000,000.00
  └─ D2    400,000.00
";
    assert_eq!(explained("booked_so_far[p1, 2026-03]"), expected);
}

#[test]
fn the_text_can_be_had_in_chinese() {
    let plan = plan();
    let trace = plan.explain(&facts(&plan), &run(), "commission[D2]").unwrap();
    let expected = "\
commission[D2] = CNY 30,000.00  \"Commission on orders\"
  达成率 83.3% → 116.7%（目标 CNY 1,200,000）
  ├─ CNY 200,000 × 6%  （80% 至 100%）   12,000.00
  └─ CNY 200,000 × 9%  （100% 至 150%）  18,000.00
  未适用：autumn_push，因为 D2 的 first_buy 为否 且 2026-03-05 不在 2026-Q4 内
  封顶：已用 CNY 70,800，上限 CNY 500,000
  依据 \"marginal rates on year-to-date attainment\"
";
    assert_eq!(trace.text(Language::Zh), expected);
}

#[test]
fn json_holds_amounts_as_text() {
    let plan = plan();
    let trace = plan
        .explain(&facts(&plan), &run(), "booked[p1, 2026-03]")
        .unwrap();
    let mut json = serde_json::to_value(&trace).unwrap();
    for place in ["root", "root/children/0"] {
        json.pointer_mut(&format!("/{place}"))
            .and_then(|step| step.as_object_mut())
            .unwrap()
            .remove("span");
    }
    let step = |label: &str, summand: bool, children: serde_json::Value| {
        serde_json::json!({
            "label": { "en": label, "zh": label }, "value": "CNY 400,000.00", "exact": "400000",
            "summand": summand, "note": null, "because": null, "ref": null, "children": children,
        })
    };
    let record = step("D2", true, serde_json::json!([]));
    let expected = serde_json::json!({
        "schema_version": 1, "figure": "booked[p1, 2026-03]", "title": "Booked in the month", "unit": "CNY",
        "root": step("booked[p1, 2026-03]", false, serde_json::json!([record])),
    });
    assert_eq!(json, expected);
}
