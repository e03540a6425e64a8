//! Rules and the rows of tables as texts, evaluated.

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon::report::Report;

/// A table by its name, its fields and its rows, with `|` between cells.
pub type Rows<'t> = (&'t str, &'t str, Vec<String>);

pub fn compiled(text: &str) -> Plan {
    Plan::compile(&[Source::new("rules.guerdon", text)]).unwrap_or_else(|refused| panic!("{refused}\n{text}"))
}

/// Evaluates the records, and gives what is asked of the report, which must have no problems.
pub fn of<T>(plan: &Plan, tables: &[Rows<'_>], run: &Run, ask: impl Fn(&Report<'_>) -> T) -> T {
    let facts = facts(plan, tables);
    let report = plan.evaluate(&facts, run).unwrap();
    assert!(report.problems().is_empty(), "{:?}", report.problems());
    ask(&report)
}

fn facts(plan: &Plan, tables: &[Rows<'_>]) -> Facts {
    let mut builder = Facts::builder(plan.program());
    for (name, fields, rows) in tables {
        builder.empty(name);
        for line in rows {
            let mut row = builder.row(name);
            for (field, cell) in fields.split('|').zip(line.split('|')) {
                row.set(field.trim(), cell.trim());
            }
        }
    }
    builder.finish().unwrap()
}
