//! The ways to write the period of a figure.

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon_plan::calendar::Date;

use crate::support::table;

const RULES: &str = "\
calendar fortnights every 14 days from 2026-01-05
data Person key id
  id : text
end
data Deal key id
  id        : text
  owner     : Person
  amount    : money EUR
  booked_on : date
end
plan p
  payee     Person
  currency  EUR
  effective 2026-01-05 through 2026-03-01
  period    fortnights
  rounding  half-up to 0.01 at each line
  earn e for each Deal where owner is payee dated booked_on = amount * 10%
  pay  out = due e
end
";

fn value(figure: &str) -> String {
    let plan = Plan::compile(&[Source::new("plan.guerdon", RULES)]).unwrap();
    let mut builder = Facts::builder(plan.program());
    table(&mut builder, "Person", "id\nAda");
    let deals = "id | owner | amount | booked_on
                 D1 | Ada   | 100    | 2026-01-06
                 D2 | Ada   | 200    | 2026-01-20";
    table(&mut builder, "Deal", deals);
    let facts = builder.finish().unwrap();
    let run = Run {
        through: Date::parse("2026-02-01").ok(),
        ..Run::default()
    };
    match plan.explain(&facts, &run, figure) {
        Ok(trace) => trace.root.value.unwrap_or_default(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_period_is_written_as_in_a_plan() {
    for written in [
        "out[Ada, period of 2026-01-25 in fortnights]",
        "out[Ada, period of 2026-01-19]",
        "out[Ada, 2026-01-19 through 2026-02-01]",
        "out[Ada，所属期 2026-01-25 在 fortnights]",
        "out[Ada，2026-01-19 至 2026-02-01]",
    ] {
        assert_eq!(value(written), "EUR 20.00", "{written}");
    }
}

#[test]
fn days_that_are_no_period_and_other_calendars_are_refused() {
    for written in ["2026-01-20 through 2026-02-01", "period of 2026-01-25 in weeks"] {
        let told = value(&format!("out[Ada, {written}]"));
        assert!(
            told.starts_with(&format!("\"{written}\" is not a period of this plan")),
            "{told}"
        );
    }
}
