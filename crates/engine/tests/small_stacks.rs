//! Runs and explanations on threads whose stacks are small, as some hosts give them.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must stop")]

use std::thread;

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run, Source};

const RULES: &str = r#"
data Seller key name
  name : text
end
data Deal key id
  id        : text
  seller    : Seller
  amount    : money EUR
  signed_on : date
end
plan flat
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    year
  rounding  half-up to 0.01 at each line
  earn commission for each Deal where seller is payee dated signed_on = amount * 5%
  pay total = due commission
end
"#;

/// 5 % of 1,000 are 50.
#[test]
fn a_plan_runs_and_explains_on_a_stack_of_64_kib() {
    let plan = Plan::compile(&[Source::new("flat.guerdon", RULES)]).unwrap();
    let mut builder = Facts::builder(plan.program());
    builder.column("Seller", "name", ["Ann"]);
    builder.column("Deal", "id", ["D1"]);
    builder.column("Deal", "seller", ["Ann"]);
    builder.column("Deal", "amount", [1_000]);
    builder.column("Deal", "signed_on", ["2026-02-10"]);
    let facts = builder.finish().unwrap();
    let told = thread::scope(|scope| {
        let work = || {
            let run = Run::default();
            let paid = plan.evaluate(&facts, &run).unwrap().pay().count();
            let trace = plan.explain(&facts, &run, "total[Ann, 2026]").unwrap();
            (paid, trace.to_string().lines().next().map(str::to_owned))
        };
        let small = thread::Builder::new().stack_size(64 << 10);
        small.spawn_scoped(scope, work).unwrap().join().unwrap()
    });
    assert_eq!(told, (1, Some("total[Ann, 2026] = EUR 50.00".to_owned())));
}
