//! Lines that walk up a tree: what they mean, and what is refused.

#[path = "support/rules.rs"]
mod rules;

use guerdon_plan::hir::print;
use guerdon_syntax::Code;
use rules::{Checked, errors};

const PEOPLE: &str = "\
data Person key name
  name    : text
  manager : Person?
  mentor  : Person?
end
data Shop key name
  name : text
end
data Sale key number
  number  : text
  owner   : Person?
  shop    : Shop
  amount  : money EUR
  sold_on : date
end
";

fn plan(statements: &[&str]) -> Checked {
    let head = "plan p\n  payee Person\n  currency EUR\n  effective 2025-01-01\n  period month\n  rounding half-up to 0.01 at each line\n  ";
    Checked::text(&format!("{PEOPLE}{head}{}\nend\n", statements.join("\n  ")))
}

#[test]
fn a_walk_is_a_condition_on_the_payee_and_what_is_below_a_value_of_the_line() {
    let checked = plan(&[
        "earn e for each Sale up from owner by manager dated sold_on = (amount - below e) * 10%",
        "pay out = due e",
    ]);
    assert_eq!(checked.errors(), errors(&[]));
    let printed = print(&checked.program);
    let earn: Vec<&str> = printed.lines().filter(|line| line.contains("below e")).collect();
    assert_eq!(
        earn,
        ["  earn e : money EUR = ((Sale.2.amount - below e) * 10%)"],
        "{printed}"
    );
    assert!(
        printed.contains("(payee.0 is Sale.2.owner or above by manager)"),
        "{printed}"
    );
}

#[test]
fn the_walk_needs_a_record_of_the_payees_table_and_one_tree() {
    let one = |up: &str| {
        let earn = format!("earn e for each Sale up from {up} dated sold_on = amount");
        plan(&[&earn, "pay out = due e"]).errors()
    };
    assert_eq!(one("shop by manager"), errors(&[("E0201", "shop")]));
    assert_eq!(one("owner"), errors(&[("E0219", "owner")]));
    assert_eq!(one("owner by name"), errors(&[("E0209", "name")]));
}

#[test]
fn below_looks_down_a_walk_only() {
    let no_walk = plan(&[
        "earn e for each Sale where owner is payee dated sold_on = below e",
        "pay out = due e",
    ]);
    assert_eq!(no_walk.errors(), errors(&[("E0226", "below e")]));
    let other = plan(&[
        "earn e for each Sale up from owner by manager dated sold_on = below f",
        "earn f = EUR 5",
        "pay out = due e + due f",
    ]);
    assert_eq!(other.errors(), errors(&[("E0206", "below f")]));
    let inside = plan(&[
        "earn e for each Sale up from owner by manager dated sold_on = sum below e over Shop",
        "pay out = due e",
    ]);
    assert_eq!(inside.errors(), errors(&[("E0226", "below e")]));
    let nothing = plan(&[
        "earn e for each Sale up from owner by manager dated sold_on = below m",
        "measure m = EUR 5",
        "pay out = due e",
    ]);
    assert_eq!(nothing.errors(), errors(&[("E0201", "m")]));
}

#[test]
fn a_cap_on_lines_that_need_those_below_them_is_refused() {
    let checked = plan(&[
        "earn e for each Sale up from owner by manager dated sold_on = (amount - below e) * 10%",
        "cap e at EUR 100 every year",
        "pay out = due e",
    ]);
    assert_eq!(
        checked.printed(Code::E0401),
        "\
error[E0401]: the lines of \"e\" need those below them
    ┌─ rules.guerdon:23:3
    │
 22 │   earn e for each Sale up from owner by manager dated sold_on = (amount - below e) * 10%
    │                                                                           ─────── looked at here
 23 │   cap e at EUR 100 every year
    │   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ cuts the lines of each payee
    │
    = A running total over a payee's lines mixes levels, so a line could come to need itself.
help: put it into an earn of its own  cap a second earn that takes over the lines of this one
"
    );
}

#[test]
fn checks_of_records_do_not_walk() {
    let checked = plan(&["check amount > EUR 0 for each Sale up from owner by manager"]);
    assert_eq!(checked.errors(), errors(&[("E0112", "owner")]));
}
