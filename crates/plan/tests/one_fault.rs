//! One fault of the author gives one message, not one for everything that rests on it.

#[path = "support/rules.rs"]
mod rules;

use guerdon_syntax::Code;
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

#[test]
fn a_statement_that_may_not_be_called_so_is_told_of_once() {
    let award = "data Person key name
  name   : text
  amount : money EUR
end
award honours
  payee     Person
  period    month
  effective 2026-01-01
  currency  EUR
  rounding  half-up to 0.01
  grant normal \"Club\" when payee.amount >= EUR 100,000 cash EUR 500 once every year
end
";
    assert_eq!(Checked::text(award).errors(), errors(&[("E0222", "normal")]));
}

/// Two plans, of which one is called like an earn of the other, and a test with further lines.
fn namesakes(expected: &str) -> Vec<(String, String)> {
    let head = "\n  payee Person\n  currency EUR\n  effective 2025-01-01\n  period month\n  rounding half-up to 0.01 at pay\n";
    let text = format!(
        "data Person key name\n  name  : text\n  quota : money EUR\nend\n\
         plan bonus{head}  earn f = payee.quota * 1%\n  pay out = due f\nend\n\
         plan other{head}  earn bonus = payee.quota * 2%\n  pay sum_of_it = due bonus\nend\n\
         test \"t\"\n  given Person\n    name | quota\n    Ann  | EUR 100\n  end\n  expect {expected}\nend\n"
    );
    Checked::text(&text).errors()
}

#[test]
fn a_plan_and_an_earn_of_another_may_have_one_name() {
    assert_eq!(namesakes("bonus.out[Ann, 2025-01] = EUR 1"), errors(&[]));
    assert_eq!(namesakes("other.bonus[Ann, 2025-01] = EUR 2"), errors(&[]));
    assert_eq!(namesakes("bonus[Ann, 2025-01] = EUR 2"), errors(&[]));
    assert_eq!(namesakes("bonus[Ann, 2025-01].released = EUR 2"), errors(&[]));
    assert_eq!(namesakes("bonus.outt[Ann, 2025-01] = EUR 1").len(), 1);
}

#[test]
fn what_is_counted_as_nothing_is_an_amount_and_not_a_record() {
    let plan = |read: &str| {
        let text = format!(
            "enum Kind = New | Old\ndata Person key name\n  name  : text\n  boss  : Person?\n  kind  : Kind?\n  \
             quota : money EUR\nend\nplan p\n  payee Person\n  currency EUR\n  effective 2025-01-01\n  \
             period month\n  rounding half-up to 0.01 at pay\n  earn f = {read}\n  pay out = due f\nend\n"
        );
        let printed = Checked::text(&text).printed(Code::E0214);
        let fixes = printed.split_once("help: ").unwrap().1;
        fixes.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        plan("payee.boss.quota * 2"),
        [
            "choose one",
            "   1. count it as nothing      (payee.boss.quota otherwise EUR 0) * 2",
            "   2. leave those payees out   payee Person where boss is not missing",
            "   3. forbid it                remove the \"?\" in rules.guerdon:4; the import will then refuse empty cells",
        ]
    );
    // None of the values of an enum is nothing.
    assert_eq!(
        plan("if payee.kind in (New) then EUR 5 else EUR 7"),
        [
            "choose one",
            "   1. leave those payees out   payee Person where kind is not missing",
            "   2. forbid it                remove the \"?\" in rules.guerdon:5; the import will then refuse empty cells",
        ]
    );
}
