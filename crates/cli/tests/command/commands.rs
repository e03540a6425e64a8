//! Checking, testing, formatting and explaining; JSON for programs.

use serde_json::{Value, json};

use crate::fixture::{Company, Done, PLAN};

const TEST: &str = r#"
test "five per cent"
  given Seller
    name
    Ann
  end
  given Deal
    id | seller | amount    | share | signed_on
    D1 | Ann    | EUR 1,000 | 50%   | 2026-02-11
  end
  expect commission[D1] = EUR 25.00
  expect total[Ann, 2026-02] = EUR 25.00
end
"#;

#[test]
fn passing_and_failing_tests_are_counted() {
    let company = Company::with_deals("");
    company.write("plan.guerdon", format!("{PLAN}{TEST}"));
    let done = company.guerdon(&["test", "plan.guerdon"]);
    assert_eq!(
        (done.code, done.out.as_str()),
        (0, "ok     five per cent\n1 passed, 0 failed\n")
    );
    company.write(
        "plan.guerdon",
        format!("{PLAN}{}", TEST.replace("EUR 25.00", "EUR 24.00")),
    );
    let done = company.guerdon(&["test", "plan.guerdon"]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("FAILED five per cent\n"), "{}", done.out);
    assert!(done.out.ends_with("0 passed, 1 failed\n"), "{}", done.out);
}

#[test]
fn formatting_is_done_once() {
    let company = Company::with_deals("");
    company.write(
        "plan.guerdon",
        PLAN.replace("  payee     Seller", " payee Seller"),
    );
    let before = company.guerdon(&["fmt", "--check", "plan.guerdon"]);
    assert_eq!(
        (before.code, before.out.as_str()),
        (1, "plan.guerdon is not in the common form\n")
    );
    assert_eq!(company.guerdon(&["fmt", "plan.guerdon"]).code, 0);
    assert_eq!(company.guerdon(&["fmt", "--check", "plan.guerdon"]).code, 0);
    let formatted = company.read("plan.guerdon");
    assert_eq!(company.guerdon(&["fmt", "--lang", "zh", "plan.guerdon"]).code, 0);
    assert!(company.read("plan.guerdon").starts_with("语言 中文\n"));
    assert_eq!(company.guerdon(&["check", "plan.guerdon"]).code, 0);
    assert_eq!(company.guerdon(&["fmt", "--lang", "en", "plan.guerdon"]).code, 0);
    assert_eq!(company.read("plan.guerdon"), formatted);
}

#[test]
fn tests_say_which_lines_of_a_plan_they_never_reached() {
    let more = "tiers rates marginal\n  from 0% below 50% : 5%\n  from 50% up : 8%\nend\n\ntable bonus\n  share: \
                percent from 0% -> rate: percent\n  from 0% below 60% -> 1%\n  from 60% up -> 2%\nend\n\nplan flat";
    let statements = "apply rates to amount against EUR 100,000\n    stacked in order of signed_on, id\n  except big to \
                      commission when row.amount > EUR 50,000 use normal * 2\n    because \"3.2\"\n  measure idle = EUR 1";
    let plan = PLAN
        .replace("plan flat", more)
        .replace("amount * share * 5%", statements)
        .replace(
            "  pay total = due commission",
            "  earn extra = if bonus[0%].rate > 5% then EUR 1 else EUR 2\n  pay total = due commission + due extra",
        );
    // 20,000 against 100,000 stays in the first tier.
    let test = TEST
        .replace("EUR 1,000", "EUR 20,000")
        .replace(
            "expect total[Ann, 2026-02] = EUR 25.00",
            "expect total[Ann, 2026-02] = EUR 1,002.00",
        )
        .replace("EUR 25.00", "EUR 1,000.00");
    let company = Company::with_rules(format!("{plan}{test}"));
    let done = company.guerdon(&["test", "plan.guerdon"]);
    let expected = "ok     five per cent
not reached by any test: tier \"from 50% up\" of rates (plan.guerdon:15)
not reached by any test: row \"from 60% up -> 2%\" of bonus (plan.guerdon:21)
not reached by any test: except big (plan.guerdon:32)
not reached by any test: measure idle (plan.guerdon:34)
1 passed, 0 failed
";
    done.ends(0, expected);
    let found = company
        .guerdon(&["test", "plan.guerdon", "--format", "json"])
        .json();
    let kinds: Vec<&Value> = found["not_reached"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| &part["kind"])
        .collect();
    assert_eq!(kinds, ["tier", "row", "except", "measure"]);
}

/// Runs a command for a program and gives what it says, after looking at the fields that all have.
fn json_of(company: &Company, kind: &str, arguments: &[&str]) -> (Done, Value) {
    let done = company.guerdon(&[&[kind], arguments, &["--format", "json"]].concat());
    let value = done.json();
    assert_eq!(value["schema_version"], 1, "{kind}");
    assert_eq!(value["kind"], kind);
    (done, value)
}

#[test]
fn every_command_speaks_json_with_its_schema_version() {
    let company = Company::with_deals("D1,Ann,1000,50%,2026-02-11\nD2,Ann,1000,150%,2026-02-12\n");
    let (done, checked) = json_of(&company, "check", &["plan.guerdon"]);
    assert_eq!(checked["diagnostics"][0]["code"], "W0704");
    assert_eq!(checked["diagnostics"][0]["labels"][0]["line"], 13);
    assert_eq!(done.code, 0);
    let (done, run) = json_of(
        &company,
        "run",
        &["plan.guerdon", "--data", ".", "--period", "2026-02"],
    );
    assert_eq!(run["complete"], false);
    assert_eq!(
        run["pay"],
        json!([
            {"plan": "flat", "pay": "total", "payee": "Ann", "period": "2026-02", "currency": "EUR", "amount": null},
            {"plan": "flat", "pay": "total", "payee": "Bob", "period": "2026-02", "currency": "EUR", "amount": "50.00"},
        ])
    );
    assert_eq!(run["problems"][0]["code"], "D0812");
    assert_eq!(
        run["problems"][0]["places"],
        json!([{"table": "Deal", "file": null, "row": 3, "column": "share"}])
    );
    assert_eq!(run["problems"][0]["details"], json!(["it is 150%"]));
    assert_eq!(run["problems"][1]["code"], "R0917");
    assert_eq!(done.code, 1);
    let (done, explained) = json_of(
        &company,
        "explain",
        &["plan.guerdon", "--data", ".", "total[Bob, 2026-02]"],
    );
    assert_eq!(explained["figure"], "total[Bob, 2026-02]");
    assert_eq!(explained["root"]["exact"], "50");
    assert_eq!(done.code, 0);
    let (done, formatted) = json_of(&company, "fmt", &["--check", "plan.guerdon"]);
    assert_eq!(
        formatted["files"],
        json!([{"file": "plan.guerdon", "status": "would change", "diagnostics": [], "reason": null}])
    );
    assert_eq!(done.code, 1);
    company.write("plan.guerdon", format!("{PLAN}{TEST}"));
    let (done, tested) = json_of(&company, "test", &["plan.guerdon"]);
    assert_eq!((&tested["passed"], &tested["failed"]), (&json!(1), &json!(0)));
    assert_eq!(
        tested["tests"][0],
        json!({"name": "five per cent", "passed": true, "failed": []})
    );
    assert_eq!(done.code, 0);
}

#[test]
fn every_command_says_in_json_what_is_wrong_with_rules() {
    let company = Company::with_rules(PLAN.replace("5%", "5 percents"));
    let commands: [(&str, &[&str]); 4] = [
        ("check", &["plan.guerdon"]),
        ("test", &["plan.guerdon"]),
        ("run", &["plan.guerdon", "--data", "."]),
        ("explain", &["plan.guerdon", "--data", ".", "total[Bob, 2026-02]"]),
    ];
    for (command, arguments) in commands {
        let (done, value) = json_of(&company, command, arguments);
        assert_eq!(value["diagnostics"][0]["severity"], "error", "{command}");
        assert_eq!((done.code, done.err.as_str()), (1, ""), "{command}");
    }
    let (done, value) = json_of(&company, "fmt", &["plan.guerdon"]);
    assert_eq!(value["files"][0]["status"], "faulty");
    assert_eq!(value["files"][0]["diagnostics"][0]["severity"], "error");
    assert_eq!(done.code, 1);
}

#[test]
fn a_figure_is_explained_down_to_its_record() {
    let company = Company::with_deals("D1,Ann,1000,50%,2026-02-11\n");
    let done = company.guerdon(&["explain", "plan.guerdon", "--data", ".", "total[Ann, 2026-02]"]);
    let expected = "\
total[Ann, 2026-02] = EUR 25.00
  └─ D1                 25.00  EUR 1,000 × 50% × 5%
       amount of D1  1,000.00
       share of D1        50%
";
    done.ends(0, expected);
}

#[test]
fn a_figure_that_is_not_known_is_explained_as_such() {
    let company = Company::with_deals("D1,Ann,x,50%,2026-02-11\n");
    let done = company.guerdon(&["explain", "plan.guerdon", "--data", ".", "total[Ann, 2026-02]"]);
    assert!(
        done.out.contains("a cell of \"amount\" is not a number"),
        "{}",
        done.out
    );
    assert_eq!(done.code, 1);
}
