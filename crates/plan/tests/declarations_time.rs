//! Holidays and segments: what is wrong with them is told where it stands.

#[path = "support/rules.rs"]
mod rules;

use rules::{Checked, errors};

/// Gives the errors of a list of holidays that is declared and counted by.
fn list(rows: &str) -> Vec<(String, String)> {
    let text = format!(
        "holidays cn\n{rows}end\n\ndata P key id\n  id : text\nend\n\nplan p\n  payee P\n  effective 2026-01-01\n  \
         period month\n  rounding none\n  measure d = working_days in period\nend\n"
    );
    Checked::text(&text).errors()
}

#[test]
fn a_list_with_days_says_which_days_it_covers() {
    assert_eq!(list("  weekend sunday\n"), errors(&[]));
    assert_eq!(list("  2026-01-01\n"), errors(&[("E0215", "cn")]));
    assert_eq!(
        list("  effective 2026-01-01\n  2026-01-01\n"),
        errors(&[("E0215", "effective 2026-01-01")])
    );
    assert_eq!(
        list("  effective 2026-01-01 through 2026-12-31\n  2026-01-01\n"),
        errors(&[])
    );
}

#[test]
fn days_that_cannot_be_as_they_are_written_are_refused() {
    let covered = |rows: &str| list(&format!("  effective 2026-01-01 through 2026-12-31\n{rows}"));
    assert_eq!(covered("  weekend caturday\n"), errors(&[("E0202", "caturday")]));
    assert_eq!(covered("  2025-12-31\n"), errors(&[("E0227", "2025-12-31")]));
    assert_eq!(
        covered("  working 2026-01-05\n"),
        errors(&[("E0227", "2026-01-05")])
    );
    assert_eq!(
        covered("  2026-01-10\n  working 2026-01-10\n"),
        errors(&[("E0227", "2026-01-10")])
    );
    assert_eq!(
        covered("  2026-01-10 through 2026-01-03\n"),
        errors(&[("E0603", "2026-01-10 through 2026-01-03")])
    );
}

#[test]
fn working_days_are_counted_by_one_list() {
    let counted = |lists: &str, count: &str| {
        let text = format!(
            "{lists}data P key id\n  id : text\nend\n\nplan p\n  payee P\n  effective 2026-01-01\n  period month\n  \
             rounding none\n  measure d = {count}\nend\n"
        );
        Checked::text(&text).errors()
    };
    let two = "holidays a\n  weekend sunday\nend\nholidays b\n  weekend sunday\nend\n";
    let days = "working_days in period";
    assert_eq!(counted("", days), errors(&[("E0202", days)]));
    assert_eq!(counted(two, days), errors(&[("E0204", days)]));
    assert_eq!(counted(two, "working_days in period counted a"), errors(&[]));
    assert_eq!(
        counted(two, "working_days in period counted c"),
        errors(&[("E0202", "c")])
    );
}

#[test]
fn segments_are_dated_records_of_the_payee() {
    let segments = |data: &str| {
        let text = format!(
            "data P key id\n  id : text\nend\n\n{data}plan p\n  payee P\n  effective 2026-01-01\n  period month\n  \
             rounding none\n  segments A\n  measure d = count over segments\nend\n"
        );
        Checked::text(&text).errors()
    };
    let valid =
        |fields: &str| format!("data A valid s, u key who, s\n{fields}  s : date\n  u : date?\nend\n\n");
    assert_eq!(segments(&valid("  who : P\n")), errors(&[]));
    assert_eq!(segments(""), errors(&[("E0218", "A"), ("E0218", "segments")]));
    assert_eq!(
        segments("data A key who\n  who : P\nend\n\n"),
        errors(&[("E0215", "A")])
    );
    assert_eq!(
        segments(&valid("  who : P\n  other : P\n")),
        errors(&[("E0204", "A")])
    );
}
