//! Versions and exceptions against the days of the plans that use them.

#[path = "support/rules.rs"]
mod rules;

use guerdon_syntax::Code;
use rules::{Checked, errors};

fn plan(declarations: &str, statements: &str) -> Checked {
    Checked::text(&format!(
        "data Person key id\n  id : text\nend\n\
         data Deal key id\n  id : text\n  owner : Person\n  amount : money CNY\n  booked_on : date\nend\n{declarations}\
         plan a \"Plan\"\n  payee Person\n  currency CNY\n  effective 2026-01-01 through 2026-12-31\n  \
         period month\n  rounding half-up to 0.01 at each line\n  \
         earn c for each Deal where owner is payee dated booked_on = amount * 1%\n  {statements}\n  pay p = due c\nend\n"
    ))
}

const BONUS: &str = "except x to c when row.amount > floor use normal + floor";

#[test]
fn a_constant_must_have_a_version_on_every_day_of_the_plan() {
    let checked = plan("const floor = CNY 5 from 2026-03-01\n", BONUS);
    assert_eq!(checked.errors(), errors(&[("E0601", "floor")]));
    assert_eq!(
        checked.message(Code::E0601).title.en,
        "no version of \"floor\" holds on 2026-01-01"
    );
    assert_eq!(plan("const floor = CNY 5\n", BONUS).errors(), errors(&[]));
    assert_eq!(
        plan("const floor = CNY 5 from 2026-01-01\n", BONUS).errors(),
        errors(&[])
    );
}

#[test]
fn an_exception_needs_versions_on_its_own_days_only() {
    let dated = BONUS.replace("to c when", "to c during 2026-07-01 through 2026-12-31 when");
    assert_eq!(
        plan("const floor = CNY 5 from 2026-07-01\n", &dated).errors(),
        errors(&[])
    );
    let checked = plan("const floor = CNY 5 from 2026-07-02\n", &dated);
    assert_eq!(
        checked.message(Code::E0601).title.en,
        "no version of \"floor\" holds on 2026-07-01"
    );
}

#[test]
fn a_hole_between_versions_is_named_by_its_first_day() {
    let declarations = "tiers t marginal effective 2026-01-01 through 2026-05-31\n  from CNY 0 up : 5%\nend\n\
        tiers t marginal effective 2026-07-01 through 2026-12-31\n  from CNY 0 up : 6%\nend\n";
    let statements = "except x to c when row.amount > CNY 5 use apply t to row.amount";
    let checked = plan(declarations, statements);
    assert_eq!(checked.errors(), errors(&[("E0601", "apply t to row.amount")]));
    assert_eq!(
        checked.message(Code::E0601).title.en,
        "no version of \"t\" holds on 2026-06-01"
    );
    let unused = plan(declarations, "");
    assert_eq!(unused.errors(), errors(&[]));
}

#[test]
fn an_exception_outside_the_life_of_its_plan_is_refused() {
    let late = "except x to c during 2027-01-01 through 2027-03-31 when row.amount > CNY 5 use normal * 2";
    assert_eq!(plan("", late).errors(), errors(&[("E0604", "x")]));
    let last_day = late.replace("2027-01-01", "2026-12-31");
    assert_eq!(plan("", &last_day).errors(), errors(&[]));
}
