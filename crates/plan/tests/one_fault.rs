//! One fault of the author gives one message, not one for everything that rests on it.

#[path = "support/rules.rs"]
mod rules;

use rules::{Checked, errors};

/// A plan that reads its payees in every way: in filters, by their fields, as subscripts, and in a test.
fn plan(payee: &str) -> String {
    format!(
        "data Person key name
  name  : text
  quota : money EUR
end
data Sale key number
  number  : text
  owner   : Person
  amount  : money EUR
  sold_on : date
end
plan p
  {payee}
  currency  EUR
  effective 2025-01-01 through 2025-12-31
  period    month
  rounding  half-up to 0.01 at each line
  let sold = sum amount over Sale where owner is payee and sold_on in period
  earn e for each Sale where owner is payee dated sold_on = amount * 10% * (sold / payee.quota)
  earn f = sold * 1%
  pay out = due e + due f
end
test \"t\"
  given Person
    name | quota
    Ann  | EUR 100
  end
  expect out[Ann, 2025-01] = EUR 0
end
"
    )
}

#[test]
fn payees_that_cannot_be_known_are_told_of_once() {
    let told = |payee: &str| Checked::text(&plan(payee)).errors();
    assert_eq!(told("payee Person"), errors(&[]));
    assert_eq!(told("payee Persn"), errors(&[("E0218", "Persn")]));
    assert_eq!(
        told("payee Persn where quota > EUR 3"),
        errors(&[("E0218", "Persn")])
    );
    assert_eq!(told("payee Person whre quota"), errors(&[("E0101", "whre")]));
    assert_eq!(told("payee p : Person"), errors(&[("E0101", ":")]));
    assert_eq!(
        told("payee Person where quoota > EUR 3"),
        errors(&[("E0202", "quoota")])
    );
}

#[test]
fn what_a_missing_file_would_have_declared_is_not_missed_name_by_name() {
    let uses = "use \"people.guerdon\"\nplan p\n  payee Person\n  currency EUR\n  effective 2025-01-01\n  \
                period month\n  rounding half-up to 0.01 at each line\n  earn e = payee.quota * rate\n  \
                pay out = due e\nend\n";
    assert_eq!(
        Checked::text(uses).errors(),
        errors(&[("E0013", "\"people.guerdon\"")])
    );
    let people =
        "data Person key name\n  name  : text\n  quota : money EUR\nend\nconst rate = 5% from 2025-01-01\n";
    let both = Checked::files(&[("rules.guerdon", uses), ("people.guerdon", people)]);
    assert_eq!(both.errors(), errors(&[]));
}
