//! What the lints say, with the numbers of the tiers.

#[path = "support/rules.rs"]
mod rules;

use guerdon_plan::lint::lint;
use guerdon_syntax::{Diagnostic, Severity, Sink};
use rules::Checked;

/// Lists the labels of the lint messages of one code.
fn labels(text: &str, code: &str) -> Vec<String> {
    let labels = |message: &Diagnostic| {
        message
            .labels
            .iter()
            .map(|label| label.text.en.clone())
            .collect::<Vec<_>>()
    };
    linted(text)
        .iter()
        .filter(|message| message.code.number() == code)
        .flat_map(labels)
        .collect()
}

fn titles(text: &str, code: &str) -> Vec<String> {
    linted(text)
        .iter()
        .filter(|message| message.code.number() == code)
        .map(|message| message.title.en.clone())
        .collect()
}

fn linted(text: &str) -> Vec<Diagnostic> {
    let checked = Checked::text(text);
    assert_eq!(checked.errors(), []);
    let mut sink = Sink::default();
    lint(&checked.program, &mut sink);
    assert!(!sink.has_errors());
    sink.finish()
}

#[test]
fn a_jump_is_shown_with_what_one_unit_of_sales_is_worth() {
    let text = "tiers t retro\n  from CNY 0 through CNY 10,000 : 1%\n  above CNY 10,000 through CNY 30,000 : 2%\n  above CNY 30,000 up : 3%\nend\n";
    assert_eq!(
        labels(text, "W0703"),
        [
            "CNY 10,000 pays CNY 100.00, CNY 10,001 pays CNY 200.02: CNY 100.02 more",
            "CNY 30,000 pays CNY 600.00, CNY 30,001 pays CNY 900.03: CNY 300.03 more",
        ]
    );
    assert_eq!(
        titles(text, "W0703"),
        ["pay jumps at the boundaries of tiers \"t\""]
    );
}

#[test]
fn a_boundary_in_the_upper_tier_is_shown_from_below() {
    let text = "tiers t retro\n  from CNY 0 below CNY 50,000 : 2%\n  from CNY 50,000 up : 3%\nend\n";
    assert_eq!(
        labels(text, "W0703"),
        ["CNY 49,999 pays CNY 999.98, CNY 50,000 pays CNY 1,500.00: CNY 500.02 more"]
    );
}

#[test]
fn jumps_of_shares_and_of_fixed_amounts() {
    let text = "tiers t retro\n  from 0% below 100% : 4%\n  from 100% up : 6%\nend\n";
    assert_eq!(
        labels(text, "W0703"),
        ["just under 100% pays 4% of the quota, 100% pays 6% of the quota: 2% of the quota more"]
    );
    let text = "tiers t flat\n  from 0% below 100% : USD 0\n  from 100% up : USD 1,000\nend\n";
    assert_eq!(
        labels(text, "W0703"),
        ["just under 100% pays USD 0.00, 100% pays USD 1,000.00: USD 1,000.00 more"]
    );
    let text = "tiers t marginal\n  from 0% below 100% : 4%\n  from 100% up : 6%\nend\n";
    assert_eq!(labels(text, "W0703"), Vec::<String>::new());
}

#[test]
fn pay_that_falls_is_a_warning_with_its_numbers() {
    let text = "tiers t retro\n  from CNY 0 below CNY 50,000 : 3%\n  from CNY 50,000 up : 2%\nend\n";
    assert_eq!(
        labels(text, "W0701"),
        ["CNY 49,999 pays CNY 1,499.97, CNY 50,000 pays CNY 1,000.00: CNY 499.97 less"]
    );
    assert_eq!(titles(text, "W0701"), ["tiers \"t\" pay less past CNY 50,000"]);
    let text = "tiers t flat beyond nothing\n  from 0 below 10 : CNY 5\n  from 10 through 20 : CNY 7\nend\n";
    assert_eq!(
        labels(text, "W0701"),
        ["20 pays CNY 7.00, 21 pays CNY 0.00: CNY 7.00 less"]
    );
    let text = "tiers t marginal\n  from CNY 0 below CNY 100 : 10%\n  from CNY 100 up : -5%\nend\n";
    assert_eq!(
        labels(text, "W0701"),
        ["CNY 100 pays CNY 10.00, CNY 101 pays CNY 9.95: CNY 0.05 less"]
    );
    let text = "tiers t interpolated beyond clamp\n  at 50% : 0%\n  at 100% : 100%\n  at 150% : 80%\nend\n";
    assert_eq!(labels(text, "W0701"), ["100% pays 100%, 150% pays 80%: 20% less"]);
    let text = "tiers t marginal\n  from 0% below 100% : 9%\n  from 100% up : 6%\nend\n";
    assert_eq!(labels(text, "W0701"), Vec::<String>::new());
}

const SALES: &str = "enum Role = AE | SE\ndata Person key id\n  id : text\n  role : Role\nend\n\
    data Deal key id\n  id : text\n  owner : Person\n  amount : money CNY\n  booked_on : date\nend\n";

fn plan(name: &str, role: &str, statements: &str) -> String {
    format!(
        "plan {name} \"Plan\"\n  payee Person where role is {role}\n  currency CNY\n  effective 2026-01-01 through 2026-12-31\n  \
         period month\n  rounding half-up to 0.01 at each line\n  {statements}\nend\n"
    )
}

const EARN: &str = "earn c for each Deal where owner is payee dated booked_on = amount * 1%\n  pay p = due c";

#[test]
fn what_nothing_uses_is_named() {
    let statements = "let half = 50%\n  measure sold = sum amount over Deal where owner is payee and booked_on in period\n  \
        earn lost for each Deal where owner is payee dated booked_on = amount * 2%\n  \
        earn c for each Deal where owner is payee dated booked_on = amount * 1%\n  pay p = due c";
    let text = format!(
        "{SALES}const spare = 5%\ntiers t marginal\n  from 0% up : 4%\nend\n{}",
        plan("a", "AE", statements)
    );
    assert_eq!(
        titles(&text, "W0702"),
        [
            "constant \"spare\" is never used",
            "tiers \"t\" is never used",
            "let \"half\" is never used",
            "measure \"sold\" is never used",
            "earn \"lost\" is never used",
        ]
    );
}

#[test]
fn a_plan_without_a_test_is_named_and_one_with_a_test_is_not() {
    let text = format!("{SALES}{}{}", plan("a", "AE", EARN), plan("b", "SE", EARN));
    let test = "test \"b\"\n  given Person\n    id | role\n    s | SE\n  end\n  expect b.p[s, 2026-01] = CNY 0\nend\n";
    assert_eq!(
        titles(&format!("{text}{test}"), "W0704"),
        ["plan \"a\" has no test"]
    );
}

#[test]
fn one_row_in_two_plans_is_noted_unless_their_payees_differ() {
    let both = format!("{SALES}{}{}", plan("a", "AE", EARN), plan("b", "AE", EARN));
    assert_eq!(
        titles(&both, "W0705"),
        ["one record of Deal can earn in \"a\" and in \"b\""]
    );
    let apart = format!("{SALES}{}{}", plan("a", "AE", EARN), plan("b", "SE", EARN));
    assert_eq!(titles(&apart, "W0705"), Vec::<String>::new());
    let second =
        "earn d for each Deal where owner is payee dated booked_on = amount * 2%\n  pay p = due c + due d";
    let twice = EARN.replace("pay p = due c", second);
    let found = titles(&format!("{SALES}{}", plan("a", "AE", &twice)), "W0705");
    assert_eq!(found, ["one record can earn in \"c\" and in \"d\""]);
    let severities: Vec<Severity> = linted(&both)
        .iter()
        .filter(|one| one.code.number() == "W0705")
        .map(|one| one.severity)
        .collect();
    assert_eq!(severities, [Severity::Note]);
}

#[test]
fn rows_whose_filters_exclude_each_other_are_not_paid_twice() {
    let data = SALES.replace(
        "  amount : money CNY\n",
        "  amount : money CNY\n  fresh : bool\n  region : text\n  gone : date?\n",
    );
    let noted = |one: &str, other: &str| {
        let earn = |name: &str, filter: &str| {
            format!(
                "earn {name} for each Deal where owner is payee and {filter} dated booked_on = amount * 1%\n  "
            )
        };
        let statements = format!("{}{}pay p = due c + due d", earn("c", one), earn("d", other));
        let found = titles(&format!("{data}{}", plan("a", "AE", &statements)), "W0705");
        !found.is_empty()
    };
    let apart = [
        ("amount < CNY 100", "amount >= CNY 100"),
        ("amount <= CNY 100", "CNY 100 < amount"),
        ("fresh", "not fresh"),
        ("region = \"West\"", "region != \"West\""),
        ("region = \"West\"", "region = \"East\""),
        ("gone is missing", "gone is not missing"),
        ("owner.role is AE", "owner.role is not AE"),
        ("owner.role is AE", "owner.role is SE"),
        ("not (amount > CNY 100)", "amount > CNY 100"),
    ];
    for (one, other) in apart {
        assert!(!noted(one, other), "{one} / {other}");
        assert!(!noted(other, one), "{other} / {one}");
    }
    let together = [
        ("amount <= CNY 100", "amount >= CNY 100"),
        ("fresh", "region = \"West\""),
        ("region != \"West\"", "region != \"East\""),
        ("owner.role is AE", "owner.role in (AE, SE)"),
    ];
    for (one, other) in together {
        assert!(noted(one, other), "{one} / {other}");
    }
}

#[test]
fn rows_that_nobody_can_reach_are_named() {
    let unreached = |statements: &str| {
        let data = SALES.replace(
            "  amount : money CNY\n",
            "  amount : money CNY check amount <= CNY 40\n",
        );
        let text = format!(
            "{data}tiers whole retro\n  from CNY 0 below CNY 50 : 1%\n  from CNY 50 up : 2%\nend\n\
             table factor\n  role: Role | reached: number from 0 -> by: percent\n  AE | from 0 below 2 -> 90%\n  \
             AE | from 2 up -> 100%\n  SE | from 0 -> 80%\nend\n{}",
            plan("a", "AE", statements)
        );
        let checked = Checked::text(&text);
        assert_eq!(checked.errors(), []);
        let found = linted(&text);
        let rows = found.iter().filter(|one| one.code.number() == "W0712");
        let spans = rows.filter_map(|one| one.labels.first().map(|label| label.span));
        spans
            .map(|span| checked.sources.slice(span).to_owned())
            .collect::<Vec<String>>()
    };
    let lines = "for each Deal where owner is payee dated booked_on";
    // A check refuses records above 40.
    assert_eq!(
        unreached(&format!(
            "earn c {lines} = apply whole to amount\n  pay p = due c"
        )),
        ["from CNY 50 up : 2%"]
    );
    // A sum is not limited by the check of its parts.
    let sold = "measure sold = sum amount over Deal where owner is payee and booked_on in period";
    assert_eq!(
        unreached(&format!(
            "{sold}\n  earn c = apply whole to sold\n  pay p = due c"
        )),
        Vec::<String>::new()
    );
    assert_eq!(
        unreached(&format!(
            "{sold}\n  earn c = apply whole to (sold at most CNY 49)\n  pay p = due c"
        )),
        ["from CNY 50 up : 2%"]
    );
    assert_eq!(
        unreached(&format!(
            "{sold}\n  earn c = apply whole to (sold at least CNY 50)\n  pay p = due c"
        )),
        ["from CNY 0 below CNY 50 : 1%"]
    );
    // One use that reaches the row is enough.
    assert_eq!(
        unreached(&format!(
            "{sold}\n  earn c = apply whole to (sold at most CNY 49)\n  earn d = apply whole to sold\n  pay p = due c + due d"
        )),
        Vec::<String>::new()
    );
    // The payees are all AE, and what is looked up is below 2.
    assert_eq!(
        unreached(&format!(
            "{sold}\n  earn c = sold * factor[payee.role, (sold / CNY 10) at least 0 at most 1]\n  pay p = due c"
        )),
        ["AE | from 2 up -> 100%", "SE | from 0 -> 80%"]
    );
}

#[test]
fn a_cap_of_several_earns_that_they_cannot_reach_together() {
    let cap = |limit: &str| {
        let statements = format!(
            "earn a = if CNY 5 < CNY 6 then CNY 100 else CNY 150\n  earn b = (CNY 500 * 50%) at most CNY 200\n  \
             cap a, b at {limit} every quarter\n  pay p = due a + due b"
        );
        labels(&format!("{SALES}{}", plan("a", "AE", &statements)), "W0709")
    };
    // Three months of 150 and 200.
    assert_eq!(cap("CNY 1,051"), ["it comes to 1050 at most in that time"]);
    assert_eq!(cap("CNY 1,050"), Vec::<String>::new());
}

#[test]
fn names_of_two_scripts_conditions_exceptions_and_caps_that_do_nothing() {
    let statements = "let r\u{430}te = 8%\n  let 完成rate = 1%\n  \
        earn bonus = if CNY 1 > CNY 0 then CNY 100 else CNY 50\n  \
        earn fixed = CNY 100\n  cap fixed at CNY 500 every quarter\n  \
        earn c for each Deal where owner is payee dated booked_on = amount * r\u{430}te * 完成rate\n  \
        except big to c when row.amount > CNY 5 use normal\n  cap c at CNY 1 every month\n  \
        pay p = due c + due bonus + due fixed";
    let text = format!("{SALES}{}", plan("a", "AE", statements));
    assert_eq!(titles(&text, "W0706"), ["\"r\u{430}te\" mixes two scripts"]);
    assert_eq!(titles(&text, "W0707"), ["this condition always holds"]);
    assert_eq!(titles(&text, "W0708"), ["exception \"big\" changes nothing"]);
    assert_eq!(
        titles(&text, "W0709"),
        ["the cap of \"fixed\" can never be reached"]
    );
    assert_eq!(labels(&text, "W0709"), ["it comes to 300 at most in that time"]);
}

#[test]
fn levels_that_are_never_shown() {
    let levels = |lines: &str| {
        let text = format!(
            "{SALES}\nwarning w\n  subject Deal\n  period month\n  effective 2026-01-01\n  \
             measure sold = sum amount over Deal where booked_on in period\n  \
             measure goal = sum amount over Deal where booked_on in year to date\n{lines}\nend\n"
        );
        titles(&text, "W0711")
    };
    let none: [&str; 0] = [];
    assert_eq!(
        levels("  level yellow when sold < CNY 80\n  level red when sold < CNY 60"),
        none
    );
    assert_eq!(
        levels("  level red when sold < CNY 60\n  level yellow when sold < CNY 80"),
        ["the level \"red\" is hidden by \"yellow\""]
    );
    assert_eq!(
        levels("  level red when sold < goal * 65%\n  level yellow when sold < 85% * goal"),
        ["the level \"red\" is hidden by \"yellow\""]
    );
    assert_eq!(
        levels("  level a when sold <= CNY 80\n  level b when sold < CNY 80"),
        none
    );
    assert_eq!(
        levels("  level a when sold < CNY 80 and goal > CNY 5\n  level b when sold <= CNY 80"),
        ["the level \"a\" is hidden by \"b\""]
    );
    assert_eq!(
        levels("  level a when sold < CNY 80\n  level b when goal < CNY 90"),
        none
    );
    assert_eq!(
        levels("  level a when sold < CNY 60 and sold > CNY 70"),
        ["the level \"a\" can never be reached"]
    );
    assert_eq!(
        levels("  level a when sold < CNY 60 and sold >= CNY 60"),
        ["the level \"a\" can never be reached"]
    );
    assert_eq!(levels("  level a when sold <= CNY 60 and sold >= CNY 60"), none);
}

#[test]
fn a_running_total_of_a_year_that_began_before_the_plan_is_told() {
    let plan = |effective: &str, stack: &str| {
        format!(
            "data Person key id\n  id : text\nend\n\
             data Deal key id\n  id : text\n  owner : Person\n  booked_on : date\n  amount : money CNY\nend\n\
             tiers rates marginal\n  from CNY 0 below CNY 100 : 1%\n  from CNY 100 up : 2%\nend\n\
             plan p\n  payee Person\n  currency CNY\n  effective {effective}\n  period month\n  \
             rounding half-up to 0.01 at each line\n  \
             earn c for each Deal where owner is payee dated booked_on = apply rates to amount stacked in order of id{stack}\n  \
             pay total = due c\nend\n"
        )
    };
    let none: [&str; 0] = [];
    let july = "2026-07-01 through 2026-12-31";
    assert_eq!(
        titles(&plan(july, " restarting every year"), "W0713"),
        ["the running total starts with nothing on 2026-07-01, in a year that began on 2026-01-01"]
    );
    assert_eq!(
        labels(&plan("2026-05-04", " restarting every quarter"), "W0713"),
        ["what was sold from 2026-04-01 on and before 2026-05-04 is not in it"]
    );
    // A quarter of its own, a total of the whole plan, a total that says what it starts from.
    assert_eq!(titles(&plan(july, " restarting every quarter"), "W0713"), none);
    assert_eq!(titles(&plan(july, ""), "W0713"), none);
    let from = " restarting every year starting from CNY 0";
    assert_eq!(titles(&plan(july, from), "W0713"), none);
}
