//! Checking, testing and formatting rule files; help and exit codes.

use crate::fixture::{Company, PLAN};

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
fn each_command_has_help() {
    let company = Company::with_deals("");
    for command in ["check", "test", "run", "explain", "fmt"] {
        let done = company.guerdon(&[command, "--help"]);
        assert_eq!(done.code, 0, "{command}");
        assert!(
            done.out.contains(&format!("Usage: guerdon {command}")),
            "{command}"
        );
    }
}

#[test]
fn what_is_not_understood_ends_with_2() {
    let company = Company::with_deals("");
    assert_eq!(company.guerdon(&["chekc", "plan.guerdon"]).code, 2);
    assert_eq!(
        company
            .guerdon(&["run", "plan.guerdon", "--data", "nowhere"])
            .code,
        2
    );
    let done = company.guerdon(&["run", "plan.guerdon", "--data", ".", "--period", "soon"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("2026-Q1"), "{}", done.err);
}

#[test]
fn what_cannot_be_read_ends_with_3() {
    let company = Company::with_deals("");
    assert_eq!(company.guerdon(&["check", "other.guerdon"]).code, 3);
}

#[test]
fn an_unknown_name_gets_a_suggestion() {
    let company = Company::with_deals("");
    company.write("plan.guerdon", PLAN.replace("* share *", "* shar *"));
    let done = company.guerdon(&["check", "plan.guerdon"]);
    assert!(done.err.contains("error[E0202]"), "{}", done.err);
    assert!(done.err.contains("\"share\""), "{}", done.err);
    assert_eq!((done.code, done.out.as_str()), (1, "1 error\n"));
}

#[test]
fn json_has_a_schema_version() {
    let company = Company::with_deals("");
    let done = company.guerdon(&["check", "plan.guerdon", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(value["schema_version"], 1);
    assert_eq!(value["diagnostics"][0]["code"], "W0704");
    assert_eq!(done.code, 0);
}

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
fn what_no_test_reached_is_listed() {
    let company = Company::with_deals("");
    let rates = "tiers rates marginal\n  from 0% below 50% : 5%\n  from 50% up : 8%\nend\n\nplan flat";
    let plan = PLAN.replace("plan flat", rates).replace(
        "amount * share * 5%",
        "apply rates to amount against EUR 100,000\n  measure idle = EUR 1",
    );
    // 20,000 against 100,000 stays in the first tier.
    let test = TEST
        .replace("EUR 1,000", "EUR 20,000")
        .replace("EUR 25.00", "EUR 1,000.00");
    company.write("plan.guerdon", format!("{plan}{test}"));
    let done = company.guerdon(&["test", "plan.guerdon"]);
    assert_eq!(
        done.out,
        "ok     five per cent\nnot reached by any test: tier \"from 50% up\" of rates (plan.guerdon:15)\nnot reached by \
         any test: measure idle (plan.guerdon:25)\n1 passed, 0 failed\n",
        "{}",
        done.err
    );
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
