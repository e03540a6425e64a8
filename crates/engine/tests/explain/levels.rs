//! What the levels below received is listed line by line, and adds up.

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon_plan::number::Exact;

use crate::support::table;

const RULES: &str = "\
data Person key name
  name    : text
  manager : Person?
end
data Sale key number
  number  : text
  owner   : Person
  amount  : money EUR
  sold_on : date
end
plan ladder
  payee     Person
  currency  EUR
  effective 2025-01-01 through 2025-12-31
  period    month
  rounding  half-up to 0.01 at each line
  earn share for each Sale up from owner dated sold_on = (amount - below share) * 10%
  pay out = due share
end
";

#[test]
fn a_line_of_a_cascade_lists_those_below_it() {
    let plan = Plan::compile(&[Source::new("ladder.guerdon", RULES)]).unwrap();
    let mut builder = Facts::builder(plan.program());
    table(
        &mut builder,
        "Person",
        "name | manager\nRita | Max\nMax | Dora\nDora |",
    );
    table(
        &mut builder,
        "Sale",
        "number | owner | amount | sold_on\nN1 | Rita | 1000.00 | 2025-02-04",
    );
    let facts: Facts = builder.finish().unwrap();
    let run = Run::default();
    let trace = plan.explain(&facts, &run, "out[Dora, 2025-02]").unwrap();
    let leaves = trace.root.leaves();
    let sum = leaves
        .iter()
        .try_fold(Exact::ZERO, |sum, leaf| sum.add(leaf.exact.as_ref()?).ok());
    assert_eq!(sum, Exact::parse_decimal("81").ok(), "{trace}");
    let expected = "\
out[Dora, 2025-02] = EUR 81.00
  └─ N1 Dora                    81.00  EUR 810 × 10%
       amount - below share    810.00
         amount of N1        1,000.00
         below share          -190.00
           Rita               -100.00
           Max                 -90.00
";
    assert_eq!(trace.to_string(), expected);
}
