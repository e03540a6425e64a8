//! What cannot be explained, and figures that are errors.

use guerdon::facts::Facts;

use crate::support::{facts, plan, run, table};

fn refused(figure: &str) -> String {
    let plan = plan();
    plan.explain(&facts(&plan), &run(), figure)
        .unwrap_err()
        .to_string()
}

#[test]
fn the_nearest_name_is_offered() {
    let cases = [
        (
            "comission_pay[p1, 2026-03]",
            "the plans have no figure \"comission_pay\"\n  did you mean \"commission_pay\"?",
        ),
        (
            "bonus[p1, 2026-Q1]",
            "\"2026-Q1\" is not a period of this plan\n  write it as 2026-01",
        ),
        (
            "bonus[p1, 2027-03]",
            "2027-03 is outside the run, which goes from 2026-01 through 2026-12",
        ),
        (
            "bonus[p11, 2026-03]",
            "there is no Rep \"p11\"\n  did you mean \"p1\"?",
        ),
        ("bonus[p1]", "\"bonus\" is asked for as bonus[Rep, PERIOD]"),
        (
            "the bonus",
            "\"the bonus\" does not name a figure\n  write a name and its keys: commission_pay[p1, 2026-03]",
        ),
    ];
    for (figure, message) in cases {
        assert_eq!(refused(figure), message);
    }
}

#[test]
fn a_figure_that_is_an_error_says_the_cause() {
    let plan = plan();
    let mut builder = Facts::builder(plan.program());
    table(&mut builder, "Rep", "id\np1");
    for name in ["Order", "Payment", "Return"] {
        builder.empty(name);
    }
    for month in 1..=12 {
        let month = format!("2026-{month:02}");
        builder
            .row("goal")
            .set("rep", "p1")
            .set("month", month.as_str())
            .set("amount", "0.00");
    }
    let facts = builder.finish().unwrap();
    let trace = plan.explain(&facts, &run(), "bonus[p1, 2026-01]").unwrap();
    let expected = "\
bonus[p1, 2026-01] = unknown  \"Bonus for a good month\"
  a check of the plan failed: check year_goal > CNY 0 because \"nobody is paid without a goal\"
  a check failed: year_goal CNY 0 <= CNY 0
";
    let text = trace.to_string();
    assert!(text.starts_with(expected), "{text}");
}
