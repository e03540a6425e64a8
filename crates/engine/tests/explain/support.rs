//! The plan under test with its records.

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon_plan::calendar::Date;

pub(crate) fn plan() -> Plan {
    Plan::compile(&[Source::new("plan.guerdon", include_str!("plan.guerdon"))]).unwrap()
}

/// Fills a table from lines of cells; the first line names the fields.
pub(crate) fn table(builder: &mut guerdon::facts::FactsBuilder<'_>, name: &str, text: &str) {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let cells = |line: &str| -> Vec<String> { line.split('|').map(|cell| cell.trim().to_owned()).collect() };
    let fields = cells(lines.next().unwrap());
    builder.empty(name);
    for line in lines {
        let mut row = builder.row(name);
        for (field, cell) in fields.iter().zip(cells(line)) {
            row.set(field, cell.as_str());
        }
    }
}

/// Gives three representatives with CNY 1,200,000 each to reach in the year, orders, and money that comes in by and by.
pub(crate) fn facts(plan: &Plan) -> Facts {
    let mut builder = Facts::builder(plan.program());
    table(&mut builder, "Rep", "id\np1\np2\np3");
    table(
        &mut builder,
        "Order",
        "id | rep | line     | amount       | signed_on  | first_buy
         D1 | p1  | Software | 1000000.00   | 2026-02-10 | no
         D2 | p1  | Software | 400000.00    | 2026-03-05 | no
         D8 | p2  | Software | 6000000.00   | 2026-06-01 | no
         D9 | p3  | Equipment | 100000.00   | 2026-10-12 | yes",
    );
    table(
        &mut builder,
        "Payment",
        "id | order | amount     | paid_on
         R1 | D1    | 1000000.00 | 2026-02-20
         R2 | D2    | 200000.00  | 2026-03-20
         R3 | D2    | 200000.00  | 2026-04-15",
    );
    table(
        &mut builder,
        "Return",
        "id | order | amount    | returned_on
         F1 | D2    | 40000.00  | 2026-05-10",
    );
    for rep in ["p1", "p2", "p3"] {
        for month in 1..=12 {
            let month = format!("2026-{month:02}");
            builder
                .row("goal")
                .set("rep", rep)
                .set("month", month.as_str())
                .set("amount", "100000.00");
        }
    }
    builder.finish().unwrap()
}

pub(crate) fn run() -> Run {
    Run {
        through: Date::parse("2026-12-31").ok(),
        ..Run::default()
    }
}

pub(crate) fn explained(figure: &str) -> String {
    let plan = plan();
    plan.explain(&facts(&plan), &run(), figure).unwrap().to_string()
}
