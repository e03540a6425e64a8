//! What if, and two versions of a plan compared: every figure is worked out by hand.

use serde_json::json;

use crate::fixture::Company;

/// Five per cent of each deal, and 100 for who reaches the month's goal.
const OLD: &str = r#"data Seller key name
  name : text
end

data Deal key id
  id        : text
  seller    : Seller
  amount    : money EUR
  signed_on : date
end

table quota from "quota.csv" key seller: Seller gives goal: money EUR

const rate = 5%

plan sales
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-01-31
  period    month
  rounding  half-up to 0.01 at each line
  measure target = quota[payee]
  measure sold = sum amount over Deal where seller is payee and signed_on in period
  let reached = sold / target
  earn commission for each Deal where seller is payee dated signed_on = amount * rate
  earn bonus = if reached >= 100% then EUR 100 else EUR 0
  pay total = due commission + due bonus
end
"#;

/// Ann sells 1,000 of 1,000, Bob 1,500 of 2,000, Cid nothing: they get 150, 75 and 0.
pub(crate) fn company() -> Company {
    let company = Company::with_rules(OLD);
    company.write("Seller.csv", "name\nAnn\nBob\nCid\n");
    company.write("quota.csv", "seller,goal\nAnn,1000\nBob,2000\nCid,500\n");
    company.write(
        "Deal.csv",
        "id,seller,amount,signed_on\nD1,Ann,1000,2026-01-10\nD2,Bob,1500,2026-01-12\n",
    );
    company
}

/// Gives the changes without the names of plan and `pay`, which are the same everywhere.
pub(crate) fn what_if(settings: &[&str]) -> String {
    let mut arguments = vec!["--compare", "--format", "csv"];
    settings
        .iter()
        .for_each(|setting| arguments.extend(["--set", setting]));
    let done = company().run(&arguments);
    assert_eq!(done.code, 0, "{}", done.err);
    done.out
        .strip_prefix("payee,currency,before,after,change,stage,clauses,part,plan,pay,earn,line\n")
        .unwrap()
        .replace(",sales,total,", ",")
}

/// Gives an earn of the plan as JSON, without lines.
fn earn(
    name: &str,
    [before, after, change]: [&str; 3],
    by_stage: impl serde::Serialize,
) -> serde_json::Value {
    json!({ "plan": "sales", "pay": "total", "earn": name, "before": before, "after": after, "change": change,
            "by_stage": by_stage, "lines": [] })
}

#[test]
fn what_each_clause_is_worth_adds_up_to_the_change() {
    let company = company();
    let new = OLD
        .replace("rate = 5%", "rate = 6%")
        .replace("EUR 100 else", "EUR 150 else");
    company.write("new.guerdon", &new);
    let done = company.diff(&["--format", "json"]);
    let document = done.json();
    // Ann: 1,000 at 1% more, and 50 more for her goal. Bob: 1,500 at 1% more.
    assert_eq!(
        document["payees"],
        json!([
            { "payee": "Ann", "currency": "EUR", "before": "150.00", "after": "210.00", "change": "60.00",
              "by_stage": ["10.00", "50.00"],
              "pay": [{ "plan": "sales", "pay": "total", "before": "150.00", "after": "210.00" }],
              "earns": [earn("bonus", ["100.00", "150.00", "50.00"], ["0.00", "50.00"]),
                        earn("commission", ["50.00", "60.00", "10.00"], ["10.00", "0.00"])] },
            { "payee": "Bob", "currency": "EUR", "before": "75.00", "after": "90.00", "change": "15.00",
              "by_stage": ["15.00", "0.00"],
              "pay": [{ "plan": "sales", "pay": "total", "before": "75.00", "after": "90.00" }],
              "earns": [earn("commission", ["75.00", "90.00", "15.00"], ["15.00", "0.00"])] },
        ])
    );
    assert_eq!(
        document["totals"],
        json!([{ "currency": "EUR", "before": "225.00", "after": "300.00", "change": "75.00",
                 "by_stage": ["25.00", "50.00"],
                 "earns": [earn("bonus", ["100.00", "150.00", "50.00"], ["0.00", "50.00"]),
                           earn("commission", ["125.00", "150.00", "25.00"], ["25.00", "0.00"])] }])
    );
    assert_eq!(
        (&document["unchanged"], &document["unknown"]),
        (&json!(1), &json!([]))
    );
    assert_eq!(
        document["stages"][0],
        json!([{ "what": "const rate", "change": "changed", "before": "const rate = 5%", "after": "const rate = 6%",
                 "older": { "file": "plan.guerdon", "line": 14 }, "newer": { "file": "new.guerdon", "line": 14 } }])
    );
    assert_eq!(document["stages"][1][0]["what"], "earn bonus of sales");
}

#[test]
fn clauses_that_need_one_another_share_a_stage_and_gone_ones_are_told() {
    let company = company();
    let new = OLD
        .replace("  earn bonus = if reached >= 100% then EUR 100 else EUR 0\n", "")
        .replace(
            "  earn commission for each Deal where seller is payee dated signed_on = amount * rate\n",
            "  let factor = if reached >= 100% then 2 else 1\n  earn commission for each Deal where seller is payee \
             dated signed_on = amount * rate * factor\n",
        )
        .replace("due commission + due bonus", "due commission");
    company.write("new.guerdon", &new);
    let done = company.diff(&["--format", "json"]);
    let document = done.json();
    let told: Vec<Vec<(String, String)>> = document["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| {
            let clauses = stage.as_array().unwrap().iter();
            clauses
                .map(|clause| {
                    let word = |name: &str| clause[name].as_str().unwrap().to_owned();
                    (word("change"), word("what"))
                })
                .collect()
        })
        .collect();
    let clause = |change: &str, what: &str| (change.to_owned(), what.to_owned());
    assert_eq!(
        told,
        [
            vec![clause("new", "let factor of sales")],
            vec![clause("changed", "earn commission of sales")],
            vec![clause("changed", "pay total of sales")],
            vec![clause("gone", "earn bonus of sales")],
        ]
    );
    // Ann's 1,000 now pays 10%, and her bonus of 100 is gone: 150 becomes 100.
    assert_eq!(
        document["payees"],
        json!([
            { "payee": "Ann", "currency": "EUR", "before": "150.00", "after": "100.00", "change": "-50.00",
              "by_stage": ["0.00", "50.00", "-100.00", "0.00"],
              "pay": [{ "plan": "sales", "pay": "total", "before": "150.00", "after": "100.00" }],
              "earns": [earn("bonus", ["100.00", "0.00", "-100.00"], ["0.00", "0.00", "-100.00", "0.00"]),
                        earn("commission", ["50.00", "100.00", "50.00"], ["0.00", "50.00", "0.00", "0.00"])] },
        ])
    );
}

#[test]
fn layout_comments_and_language_are_no_difference() {
    let company = company();
    company.write(
        "new.guerdon",
        OLD.replace("  measure sold", "  # what was sold\n  measure   sold"),
    );
    assert_eq!(company.guerdon(&["fmt", "--lang", "zh", "new.guerdon"]).code, 0);
    let done = company.diff(&[]);
    done.ends(0, "没有条款不同：除版式、注释和关键字语言外，规则相同。\n");
}

#[test]
fn what_is_set_may_be_a_constant_a_measure_a_column_or_a_table() {
    // 10% of 1,500 and of 1,000.
    assert_eq!(
        what_if(&["rate = rate * 2"]),
        "Bob,EUR,75.00,150.00,75.00,1,rate = rate * 2,75.00,commission,\nAnn,EUR,150.00,200.00,50.00,1,rate = rate * 2,50.00,commission,\n"
    );
    // With a tenth more, Ann has missed 1,100.
    assert_eq!(
        what_if(&["target = target * 1.1"]),
        "Ann,EUR,150.00,50.00,-100.00,1,target = target * 1.1,-100.00,bonus,\n"
    );
    // 5% of 3,000 and the bonus for 3,000 of 2,000; 5% of 2,000.
    assert_eq!(
        what_if(&["Deal.amount = amount * 2"]),
        "Bob,EUR,75.00,250.00,175.00,1,Deal.amount = amount * 2,100.00,bonus,\n\
         Bob,EUR,75.00,250.00,175.00,1,Deal.amount = amount * 2,75.00,commission,\n\
         Ann,EUR,150.00,200.00,50.00,1,Deal.amount = amount * 2,50.00,commission,\n"
    );
    // Bob's 1,500 passes 1,000; a third is exact.
    assert_eq!(
        what_if(&["quota = quota * 0.5"]),
        "Bob,EUR,75.00,175.00,100.00,1,quota = quota * 0.5,100.00,bonus,\n"
    );
    assert_eq!(what_if(&["quota.goal = goal / 3 * 3"]), "");
}

#[test]
fn settings_follow_one_another() {
    // 10% of 1,500, then the bonus; 10% of 1,000.
    assert_eq!(
        what_if(&["rate = 10%", "quota = quota * 0.5"]),
        "Bob,EUR,75.00,250.00,175.00,1,rate = 10%,75.00,commission,\nBob,EUR,75.00,250.00,175.00,2,quota = quota * 0.5,100.00,bonus,\n\
         Ann,EUR,150.00,200.00,50.00,1,rate = 10%,50.00,commission,\n"
    );
}

#[test]
fn a_run_with_settings_shows_the_pay_as_it_would_be() {
    let company = company();
    let arguments = ["--set", "rate = 10%", "--format", "csv"];
    let done = company.run(&arguments);
    done.ends(
        0,
        "plan,pay,payee,period,currency,amount\nsales,total,Ann,2026-01,EUR,200.00\n\
         sales,total,Bob,2026-01,EUR,150.00\nsales,total,Cid,2026-01,EUR,0.00\n",
    );
    let with_out = [&arguments[..], &["--out", "result"]].concat();
    assert_eq!(company.run(&with_out).code, 2);
}

#[test]
fn what_cannot_be_set_is_told() {
    let wrong = [
        (
            "nothing = 5",
            "there is no constant, let, measure, table or column \"nothing\" to set",
        ),
        (
            "Deal.id = \"x\"",
            "\"Deal.id\" cannot be set: it is part of the key",
        ),
        ("rate", "write a name, \"=\" and a formula"),
        ("rate = (", "error[E0108]"),
        ("target = CNY 5", "error[E0203]"),
        ("Deal = 5", "it has several values"),
        (
            "Deal.amount = sold",
            "its formula may use the fields of the record and constants, and no period",
        ),
    ];
    for (setting, words) in wrong {
        let done = company().run(&["--set", setting, "--compare"]);
        done.says(words);
        done.ends(2, "");
    }
}

#[test]
fn lines_tell_in_which_records_a_change_lies_and_what_a_statement_adds_is_told() {
    let company = company();
    let least = "due commission + due bonus at least EUR 90";
    company.write("plan.guerdon", OLD.replace("due commission + due bonus", least));
    let new = OLD
        .replace("due commission + due bonus", least)
        .replace("rate = 5%", "rate = 8%");
    company.write("new.guerdon", new);
    let done = company.diff(&["--lines", "--format", "csv"]);
    // Ann's 1,000 pays 30 more. Bob's 1,500 pays 120 in place of 75, and the 15 that filled it up to 90 are not needed.
    done.ends(
        0,
        "payee,currency,before,after,change,stage,clauses,part,plan,pay,earn,line\n\
         Ann,EUR,150.00,180.00,30.00,1,const rate,30.00,sales,total,commission,D1\n\
         Bob,EUR,90.00,120.00,30.00,1,const rate,45.00,sales,total,commission,D2\n\
         Bob,EUR,90.00,120.00,30.00,1,const rate,-15.00,sales,total,,\n",
    );
    let done = company.diff(&["--lines"]);
    let rows: Vec<Vec<&str>> = done
        .out
        .lines()
        .skip_while(|line| !line.starts_with('─'))
        .skip(1)
        .take(6)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        rows,
        [
            vec!["Ann", "EUR", "150.00", "180.00", "+30.00"],
            vec!["commission", "50.00", "80.00", "+30.00"],
            vec!["D1", "50.00", "80.00", "+30.00"],
            vec!["Bob", "EUR", "90.00", "120.00", "+30.00"],
            vec!["commission", "75.00", "120.00", "+45.00"],
            vec!["D2", "75.00", "120.00", "+45.00"],
        ]
    );
    assert!(done.out.contains("total beyond its earns"), "{}", done.out);
}

#[test]
fn a_plan_that_is_called_otherwise_keeps_its_earns() {
    let company = company();
    company.write(
        "new.guerdon",
        OLD.replace("plan sales", "plan selling")
            .replace("EUR 100 else", "EUR 150 else"),
    );
    let done = company.diff(&["--format", "json"]);
    let mut bonus = earn("bonus", ["100.00", "150.00", "50.00"], ["0.00", "50.00"]);
    bonus["plan"] = json!("selling");
    assert_eq!(done.json()["payees"][0]["earns"], json!([bonus]));
}

#[test]
fn a_change_is_computed_as_it_was_known_on_a_day() {
    let company = company();
    let rules = OLD.replace(
        "  signed_on : date\nend",
        "  signed_on : date\n  entered   : date\nend",
    );
    let rules = rules.replace("data Deal key id", "data Deal key id known entered");
    company.write("plan.guerdon", &rules);
    company.write("new.guerdon", rules.replace("rate = 5%", "rate = 6%"));
    company.write(
        "Deal.csv",
        "id,seller,amount,signed_on,entered\nD1,Ann,1000,2026-01-10,2026-01-11\n\
         D2,Bob,1500,2026-01-12,2026-02-03\n",
    );
    let known = ["--known-as-of", "2026-01-31", "--format", "csv"];
    let heads = "payee,currency,before,after,change,stage,clauses,part,plan,pay,earn,line\n";
    let done = company.diff(&known);
    let ann = "Ann,EUR,150.00,160.00,10.00,1,const rate,10.00,sales,total,commission,\n";
    done.ends(0, &format!("{heads}{ann}"));
    let set = ["--set", "rate = 6%", "--compare"];
    let done = company.run(&[&set[..], &known[..]].concat());
    done.ends(0, &format!("{heads}{}", ann.replace("const rate", "rate = 6%")));
}
