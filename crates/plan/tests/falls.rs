//! Pay that falls at a condition, a limit or a row of a table: told with both amounts, and never where it cannot happen.

#[path = "support/rules.rs"]
mod rules;

use guerdon_plan::lint::lint;
use guerdon_syntax::{Diagnostic, Sink};
use rules::Checked;

const SALES: &str = r#"enum Role = AE | SE
enum Kind = Product | Service

data Person key id
  id     : text
  role   : Role
  expert : bool
  quota  : money CNY  check quota > CNY 0
  target : money CNY
end

data Deal key id
  id        : text
  owner     : Person
  kind      : Kind
  amount    : money CNY
  small     : money CNY  check small <= CNY 40,000
  booked_on : date
end

table payout
  reached: percent from 0% -> factor: percent
  from 0% below 100%       -> 50%
  from 100% through 150%   -> 100%
  above 150%               -> 80%
end

tiers whole retro
  from 0% below 100% : 1%
  from 100% up       : 10%
end

tiers slices marginal
  from 0% below 100% : 1%
  from 100% up       : 10%
end

table by_role
  role: Role | reached: number from 0 -> factor: percent
  AE         | from 0 below 2         -> 100%
  AE         | from 2 up              -> 120%
  SE         | from 0 below 2         -> 100%
  SE         | from 2 up              -> 90%
end
"#;

/// Lists where pay falls: the place marked and what it says.
fn falls(statements: &str) -> Vec<(String, String)> {
    let (checked, falls) = warnings(statements);
    falls
        .iter()
        .filter_map(|one| {
            let label = one.labels.first()?;
            Some((
                checked.sources.slice(label.span).to_owned(),
                label.text.en.clone(),
            ))
        })
        .collect()
}

/// Lists under which conditions pay falls.
fn conditions(statements: &str) -> Vec<String> {
    let (_, falls) = warnings(statements);
    let notes = falls.iter().flat_map(|one| &one.notes);
    let said = notes.filter_map(|note| note.en.strip_prefix("This is so with "));
    said.map(str::to_owned).collect()
}

fn warnings(statements: &str) -> (Checked, Vec<Diagnostic>) {
    let text = format!(
        "{SALES}\nplan p\n  payee Person where role is AE\n  currency CNY\n  effective 2026-01-01 through 2026-12-31\n  \
         period month\n  rounding half-up to 0.01 at pay\n  \
         measure sold = sum amount over Deal where owner is payee and booked_on in period\n{statements}\nend\n"
    );
    let checked = Checked::text(&text);
    assert_eq!(checked.errors(), [], "{text}");
    let mut sink = Sink::default();
    lint(&checked.program, &mut sink);
    let mut found = sink.finish();
    found.retain(|one| one.code.number() == "W0701");
    (checked, found)
}

fn told(place: &str, words: &str) -> Vec<(String, String)> {
    vec![(place.to_owned(), words.to_owned())]
}

#[test]
fn a_lower_rate_above_a_limit_is_told_with_both_amounts() {
    assert_eq!(
        falls("  earn c = if sold > CNY 100,000 then sold * 4% else sold * 5%\n  pay p = due c"),
        told(
            "sold > CNY 100,000",
            "CNY 100,000 pays CNY 5,000.00, just over CNY 100,000 pays CNY 4,000.00: CNY 1,000.00 less"
        )
    );
    assert_eq!(
        falls("  let rate = if sold >= CNY 100,000 then 4% else 5%\n  earn c = sold * rate\n  pay p = c"),
        told(
            "sold >= CNY 100,000",
            "just under CNY 100,000 pays CNY 5,000.00, CNY 100,000 pays CNY 4,000.00: CNY 1,000.00 less"
        )
    );
}

#[test]
fn what_costs_more_than_it_brings_is_told_with_the_next_unit() {
    assert_eq!(
        falls(
            "  earn c = sold * 5% - (if sold > CNY 100,000 then (sold - CNY 100,000) * 8% else CNY 0)\n  pay p = due c"
        ),
        told(
            "sold > CNY 100,000",
            "CNY 100,000 pays CNY 5,000.00, CNY 100,001 pays CNY 4,999.97: CNY 0.03 less"
        )
    );
}

#[test]
fn a_multiplier_that_falls_is_told_as_a_share_of_the_quota_and_of_the_target_pay() {
    let lines = "  earn c for each Deal where owner is payee dated booked_on = amount * 1%\n";
    assert_eq!(
        falls(&format!(
            "{lines}  let reached = sold / payee.quota\n  earn b = payee.target * (if reached > 150% then 80% else 100%)\n  \
             pay p = due b + due c"
        )),
        told(
            "reached > 150%",
            "150% of payee.quota pays 100% of payee.target, just over 150% of payee.quota pays 80% of payee.target: 20% of payee.target less"
        )
    );
    assert_eq!(
        falls(&format!(
            "{lines}  earn b = payee.target * payout[(sold / payee.quota) at least 0%]\n  pay p = due b + due c"
        )),
        told(
            "above 150%               -> 80%",
            "150% of payee.quota pays 100% of payee.target, just over 150% of payee.quota pays 80% of payee.target: 20% of payee.target less"
        )
    );
}

#[test]
fn a_decelerator_on_every_deal_is_told() {
    assert_eq!(
        falls(
            "  earn c for each Deal where owner is payee dated booked_on\n    \
             = amount * (if sold > payee.quota * 150% then 2% else 5%)\n  pay p = due c"
        ),
        told(
            "sold > payee.quota * 150%",
            "150% of payee.quota pays 5% of Deal.amount, just over 150% of payee.quota pays 2% of Deal.amount: 3% of Deal.amount less"
        )
    );
}

#[test]
fn an_exception_that_takes_away_is_told_for_one_record() {
    let earn = "  earn c for each Deal where owner is payee dated booked_on = amount * 3%\n";
    assert_eq!(
        falls(&format!(
            "{earn}  except big to c when row.amount > CNY 50,000 use normal * 50%\n  pay p = due c"
        )),
        told(
            "row.amount > CNY 50,000",
            "CNY 50,000 pays CNY 1,500.00, just over CNY 50,000 pays CNY 750.00: CNY 750.00 less"
        )
    );
}

#[test]
fn falls_under_other_conditions_name_them_and_those_of_nobody_are_not_told() {
    let fall = "if sold > CNY 100,000 then sold * 4% else sold * 5%";
    let found = falls(&format!(
        "  earn c = if payee.expert then ({fall}) else sold * 5%\n  pay p = due c"
    ));
    assert_eq!(found.len(), 1);
    let nobody = falls(&format!(
        "  earn c = if payee.role is SE then ({fall}) else sold * 5%\n  pay p = due c"
    ));
    assert_eq!(nobody, []);
}

#[test]
fn everything_that_is_assumed_is_said() {
    assert_eq!(
        conditions(
            "  earn c = if payee.expert and sold > CNY 100,000 then sold * 4% else sold * 5%\n  pay p = due c"
        ),
        ["payee.expert."]
    );
    let lines =
        "  earn c for each Deal where owner is payee dated booked_on = amount * 1%\n  earn b = CNY 1,000\n";
    assert_eq!(
        conditions(&format!(
            "{lines}  except none to b during 2026-10-01 through 2026-10-31 when sold > CNY 100 use CNY 0\n  \
             pay p = due b + due c"
        )),
        ["days from 2026-10-01 through 2026-10-31."]
    );
    let long = "count over Deal where owner is payee and kind is Service and booked_on in this year and small > CNY 1,000";
    let said = conditions(&format!(
        "{lines}  earn d = if payee.expert and ({long}) > 7 and sold > CNY 100 then CNY 0 else CNY 50\n  \
         pay p = due b + due c + due d"
    ));
    let [said] = said.as_slice() else {
        panic!("{said:?}")
    };
    // Long words are cut off, but not left out.
    let (counted, expert) = said.split_once("…, ").unwrap();
    assert_eq!((counted.chars().count(), expert), (80, "payee.expert."));
    assert!(counted.starts_with("((count over Deal"), "{counted}");
}

#[test]
fn what_cannot_happen_is_not_told() {
    let harmless = [
        // A higher rate above a limit.
        "  earn c = if sold > CNY 100,000 then sold * 6% else sold * 5%\n  pay p = due c",
        // What one earn loses the other gains.
        "  earn a = if sold > CNY 100 then CNY 0 else sold * 5%\n  earn b = if sold > CNY 100 then sold * 6% else CNY 0\n  pay p = due a + due b",
        // A draw that tops up a commission.
        "  earn c = sold * 5%\n  earn d = (CNY 2,000 - c) at least CNY 0\n  pay p = due c + due d",
        // A cap below the fall.
        "  earn c = (if sold > CNY 100,000 then sold * 4% else sold * 5%) at most CNY 3,000\n  pay p = due c",
        "  earn c = if sold > CNY 100,000 then sold * 4% else sold * 5%\n  cap c at CNY 3,000 every month\n  pay p = due c",
        // A branch that is never taken.
        "  earn c = if sold > CNY 100 then (if sold < CNY 50 then CNY 0 else sold * 5%) else sold * 5%\n  pay p = due c",
        // A record that the check of its field refuses.
        "  earn c for each Deal where owner is payee dated booked_on = if small > CNY 50,000 then small * 1% else small * 2%\n  pay p = due c",
        // Marginal rates that fall: the slice above is paid less, the total more.
        "  earn c = sold * 5% - (if sold > CNY 100 then (sold - CNY 100) * 4% else CNY 0)\n  pay p = due c",
        // A deduction that grows, which is no sale.
        "  measure back = sum small over Deal where owner is payee and booked_on in period\n  earn c = CNY 1,000 - (if back > CNY 100 then back * 2% else CNY 0)\n  pay p = due c",
        // A row for a role that nobody here has.
        "  earn c = payee.target * by_role[payee.role, (sold / CNY 1,000) at least 0]\n  pay p = due c",
        // What only counts the other kind of record.
        "  earn c for each Deal where owner is payee and kind is Product dated booked_on = amount * 1%\n  measure served = sum amount over Deal where owner is payee and kind is Service and booked_on in period\n  earn b = if served > CNY 100 then CNY 0 else CNY 50\n  pay p = due b + due c",
    ];
    for statements in harmless {
        assert_eq!(falls(statements), [], "{statements}");
    }
}

/// A bonus of 1,000 that is lost at the quota, beside other statements.
fn lost_at_quota(others: &str) -> Vec<(String, String)> {
    falls(&format!(
        "{others}  earn b = if sold >= payee.quota then CNY 0 else CNY 1,000\n  pay p = due b + due c"
    ))
}

#[test]
fn nothing_is_told_where_what_is_not_followed_may_rise_at_the_same_place() {
    let stacked = |tiers: &str| {
        format!(
            "  earn c for each Deal where owner is payee dated booked_on = apply {tiers} to amount against payee.quota \
             stacked in order of booked_on, id restarting every month\n"
        )
    };
    // 1% of a quota of 100,000 becomes 10%: 9,000 more for 1,000 less.
    assert_eq!(lost_at_quota(&stacked("whole")), []);
    assert_eq!(
        lost_at_quota(&stacked("slices")),
        told(
            "sold >= payee.quota",
            "just under 100% of payee.quota pays CNY 1,000.00, 100% of payee.quota pays CNY 0.00: CNY 1,000.00 less"
        )
    );
    let capped = "  earn c for each Deal where owner is payee dated booked_on = amount * 1%\n  \
                  cap c at if sold >= payee.quota then CNY 90,000 else CNY 1 every year\n";
    assert_eq!(lost_at_quota(capped), []);
}

#[test]
fn nothing_is_told_where_the_input_decides_what_is_released() {
    // Nothing of it is payable below the quota, and there is nothing of it above.
    let lines = "  earn c for each Deal where owner is payee dated booked_on = amount * 1%\n";
    assert_eq!(
        lost_at_quota(&format!(
            "{lines}  release b by if sold >= payee.quota then 100% else 0%\n"
        )),
        []
    );
}

#[test]
fn an_exception_that_outranks_another_is_the_one_that_counts() {
    let lines =
        "  earn c for each Deal where owner is payee dated booked_on = amount * 1%\n  earn b = CNY 1,000\n";
    let exceptions = |over_more: &str, over_none: &str| {
        falls(&format!(
            "{lines}  except more to b{over_more} when sold > CNY 100 use CNY 2,000\n  \
             except none to b{over_none} when sold > CNY 100 use CNY 0\n  pay p = due b + due c"
        ))
    };
    assert_eq!(exceptions(" over none", ""), []);
    assert_eq!(
        exceptions("", " over more"),
        told(
            "sold > CNY 100",
            "CNY 100 pays CNY 1,000.00, just over CNY 100 pays CNY 0.00: CNY 1,000.00 less"
        )
    );
}
