//! Bad records and rules through the whole command.

use crate::fixture::{Company, PLAN};

/// Says that a line is complained about by this code, and that Bob is paid all the same.
fn spoils(line: impl AsRef<[u8]>, code: &str) {
    let done = Company::with_deals(line).february();
    assert!(
        done.err.contains(&format!("error[{code}]")),
        "{code}: {}",
        done.err
    );
    assert!(
        done.out.contains("flat,total,Bob,2026-02,EUR,50\n"),
        "{code}: {}",
        done.out
    );
    assert_eq!(done.code, 1, "{code}");
}

#[test]
fn sound_records_are_paid() {
    let done = Company::with_deals("D1,Ann,1000,50%,2026-02-11\n").february();
    assert_eq!(
        done.out,
        "plan,pay,payee,period,currency,amount\nflat,total,Ann,2026-02,EUR,25\nflat,total,Bob,2026-02,EUR,50\n"
    );
    assert_eq!(done.code, 0, "{}", done.err);
}

#[test]
fn a_bad_line_spoils_only_what_needs_it() {
    spoils(b"D1,Ann\xff,1000,50%,2026-02-11\n", "D0803");
    spoils("D1,Ann,1000,50%\n", "D0804");
    spoils("D1,Zoe,1000,50%,2026-02-11\n", "D0805");
    spoils(
        "D1,Ann,1000,50%,2026-02-11\nD1,Ann,2000,50%,2026-02-11\n",
        "D0806",
    );
    spoils("D1,Ann,,50%,2026-02-11\n", "D0807");
    spoils("D1,Ann,USD 1000,50%,2026-02-11\n", "D0808");
    spoils("D1,Ann,1e400,50%,2026-02-11\n", "D0809");
    spoils("D1,Ann,\"1,234.5\",50%,2026-02-11\n", "D0809");
    spoils("D1,Ann,1000,50%,2026-02-30\n", "D0810");
    spoils("D1,Ann,1000,150%,2026-02-11\n", "R0905");
}

#[test]
fn the_amount_of_a_faulty_line_is_empty() {
    let done = Company::with_deals("D1,Ann,1000,150%,2026-02-11\n").february();
    assert!(done.out.contains("flat,total,Ann,2026-02,EUR,\n"), "{}", done.out);
}

#[test]
fn a_missing_file_ends_the_run() {
    let company = Company::with_deals("");
    std::fs::remove_file(company.path("Deal.csv")).unwrap();
    let done = company.february();
    assert!(
        done.err.contains("error[D0801]: there is no file \"Deal.csv\""),
        "{}",
        done.err
    );
    assert_eq!((done.code, done.out.as_str()), (3, ""));
}

#[test]
fn a_missing_column_is_named() {
    let company = Company::with_deals("");
    company.write("Deal.csv", "id,seller,amount,signed_on\nD0,Bob,1000,2026-02-10\n");
    let done = company.february();
    assert!(
        done.err.contains("error[D0802]: there is no column \"share\""),
        "{}",
        done.err
    );
    assert_eq!(done.code, 1);
}

#[test]
fn a_failed_check_of_a_plan_is_told_with_its_reason() {
    let company = Company::with_deals("");
    let plan = PLAN.replace(
        "  earn commission",
        "  let quota = if payee.name = \"Ann\" then EUR 0 else EUR 10\n  check quota > EUR 0\n    because \"nobody joins \
         without a quota\"\n  earn commission",
    );
    company.write("plan.guerdon", plan);
    let done = company.february();
    assert!(done.err.contains("nobody joins without a quota"), "{}", done.err);
    assert!(done.out.contains("Bob,2026-02,EUR,50\n"), "{}", done.out);
    assert_eq!(done.code, 1);
}

#[test]
fn a_circle_of_managers_is_told() {
    let company = Company::with_deals("");
    let plan = PLAN
        .replace("  name : text\n", "  name : text\n  boss : Seller?\n")
        .replace(
            "  earn commission",
            "  measure sales for Seller s = sum amount over Deal where seller is s and signed_on in period\n  measure \
             team_sales = sum sales[m] over team of payee as m\n  earn commission",
        );
    company.write("plan.guerdon", plan);
    company.write("Seller.csv", "name,boss\nAnn,Cid\nCid,Ann\nBob,\n");
    let done = company.february();
    assert!(done.err.contains("circle"), "{}", done.err);
    assert!(done.out.contains("Bob,2026-02,EUR,50\n"), "{}", done.out);
    assert_eq!(done.code, 1);
}

/// Says that rules are refused by this code.
fn refuses(plan: &str, code: &str) {
    let company = Company::with_deals("");
    company.write("plan.guerdon", plan);
    let done = company.guerdon(&["check", "plan.guerdon"]);
    assert!(done.err.contains(&format!("error[{code}]")), "{code}");
    assert_eq!((done.code, done.out.as_str()), (1, "1 error\n"), "{code}");
}

#[test]
fn bad_rules_are_refused_before_any_data() {
    let brackets = format!("{}amount{} * share", "(".repeat(100_000), ")".repeat(100_000));
    refuses(&PLAN.replace("amount * share", &brackets), "E0005");
    refuses(
        &format!("{PLAN}{}", format!("# {}\n", "x".repeat(97)).repeat(100_000)),
        "E0001",
    );
    refuses(
        &PLAN.replace("  earn comm", "  let one = two\n  let two = one\n  earn comm"),
        "E0401",
    );
    let hole = "tiers rates marginal\n  from 0% below 50% : 5%\n  from 60% up : 8%\nend\n\nplan flat";
    refuses(&PLAN.replace("plan flat", hole), "E0305");
}
