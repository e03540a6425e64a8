//! Bad rules are refused before any data is read, with code, line and the author's own words.

use crate::fixture::{Company, Done, PLAN};

/// Checks rules that have one error and gives what was said.
fn refused(plan: impl AsRef<[u8]>, code: &str, place: &str) -> Done {
    let company = Company::with_rules(plan);
    let done = company.guerdon(&["check", "plan.guerdon"]);
    done.says(&format!("error[{code}]: "));
    done.says(&format!("┌─ plan.guerdon{place}"));
    done.ends(1, "1 error\n");
    let run = company.february();
    run.says(&format!("error[{code}]: "));
    run.ends(1, "");
    done
}

#[test]
fn an_unknown_name_gets_a_suggestion() {
    let done = refused(PLAN.replace("* share *", "* shar *"), "E0202", ":19:82\n");
    done.says("\"shar\"");
    done.says("\"share\"");
}

#[test]
fn a_hundred_thousand_brackets_are_refused() {
    let brackets = format!("{}amount{} * share", "(".repeat(100_000), ")".repeat(100_000));
    refused(PLAN.replace("amount * share", &brackets), "E0005", ":19:");
    let nested = format!("{}amount{} * share", "(".repeat(1_000), ")".repeat(1_000));
    refused(PLAN.replace("amount * share", &nested), "E0004", ":19:").says("128");
}

#[test]
fn a_file_of_ten_megabytes_is_refused() {
    let comments = format!("# {}\n", "x".repeat(97)).repeat(100_000);
    let company = Company::with_rules(format!("{PLAN}{comments}"));
    let done = company.guerdon(&["check", "plan.guerdon"]);
    done.says("error[E0001]: ");
    done.ends(1, "1 error\n");
}

#[test]
fn definitions_in_a_circle_are_refused() {
    let done = refused(
        PLAN.replace("  earn comm", "  let one = two\n  let two = one\n  earn comm"),
        "E0401",
        ":20:13\n",
    );
    done.says("\"one\"");
}

#[test]
fn tiers_that_leave_something_out_are_refused() {
    let hole = "tiers rates marginal\n  from 0% below 50% : 5%\n  from 60% up : 8%\nend\n\nplan flat";
    let done = refused(PLAN.replace("plan flat", hole), "E0305", ":15:3\n");
    done.says("50%");
}

#[test]
fn a_table_with_a_hole_is_refused_with_an_example() {
    let hole = "table ramp\n  tenure: int from 0 -> rate: percent\n  from 0 below 3 -> 1%\n  from 4 up -> 5%\nend\n\nplan flat";
    let done = refused(PLAN.replace("plan flat", hole), "E0311", ":16:3\n");
    done.says("tenure = 3");
}

#[test]
fn what_cannot_be_seen_is_refused() {
    refused(PLAN.replace("* share", "* \u{202e}share"), "E0003", ":19:82\n").says("U+202E");
    refused(PLAN.replace("* share", "* \0share"), "E0003", ":19:82\n");
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_place() {
    let bytes = PLAN.replace("Five", "F\u{1}ve").into_bytes();
    let bytes: Vec<u8> = bytes
        .iter()
        .map(|byte| if *byte == 1 { 0xFF } else { *byte })
        .collect();
    let company = Company::with_rules(bytes);
    let done = company.guerdon(&["check", "plan.guerdon"]);
    done.says("error[E0002]: ");
    done.says("13");
    done.ends(1, "1 error\n");
}

#[test]
fn percent_added_to_money_is_refused() {
    refused(
        PLAN.replace("amount * share * 5%", "amount + 5%"),
        "E0201",
        ":19:",
    )
    .says("5%");
}

#[test]
fn several_errors_come_out_together() {
    let plan = PLAN
        .replace("* share *", "* shar *")
        .replace("due commission", "due commision");
    let company = Company::with_rules(plan);
    let done = company.guerdon(&["check", "plan.guerdon"]);
    done.says("\"shar\"");
    done.says("\"commision\"");
    done.ends(1, "2 errors\n");
}

#[test]
fn a_missing_or_odd_rule_file_cannot_be_read() {
    let company = Company::with_deals("");
    for command in ["check", "test", "fmt"] {
        let done = company.guerdon(&[command, "other.guerdon"]);
        done.says("error[E0013]: there is no file other.guerdon\n");
        done.ends(3, "");
        let done = company.guerdon(&[command, "."]);
        done.says("error[E0013]: . is a folder, not a rule file\n");
        done.ends(3, "");
    }
    let done = company.guerdon(&["run", "other.guerdon", "--data", "."]);
    done.says("error[E0013]: there is no file other.guerdon\n");
    done.ends(3, "");
}

#[test]
fn a_used_file_that_is_not_there_is_told_where_it_is_named() {
    let done = refused(format!("use \"company.guerdon\"\n{PLAN}"), "E0013", ":1:");
    done.says("company.guerdon");
}
