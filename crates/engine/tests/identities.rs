//! What holds whatever the records are: sums of shares, ledgers, draws, tiers, places.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops where something is not as it says"
)]

mod common;

use std::collections::BTreeMap;

use guerdon::plan::Run;
use guerdon::report::Report;
use guerdon_plan::number::Exact;
use proptest::prelude::*;

use common::{Rows, compiled, of};

const PEOPLE: [&str; 4] = ["Ada", "Ben", "Cleo", "Dan"];

fn money(cents: i64) -> String {
    Exact::from_scaled(i128::from(cents), 2).display_text(2)
}

fn add(sums: &mut BTreeMap<String, Exact>, key: &str, amount: &Exact) {
    let sum = sums.entry(key.to_owned()).or_insert(Exact::ZERO);
    *sum = sum.add(amount).unwrap();
}

/// Sums what each payee is paid over all periods.
fn paid(report: &Report<'_>) -> BTreeMap<String, Exact> {
    let mut sums = BTreeMap::new();
    for row in report.pay() {
        add(&mut sums, &row.payee, row.amount.exact().unwrap());
    }
    sums
}

/// Sums what the lines of an earn come to for each payee.
fn lines(report: &Report<'_>, earn: &str, what: What) -> BTreeMap<String, Exact> {
    let mut sums = BTreeMap::new();
    for row in report.earnings().filter(|row| row.earn == earn) {
        let amount = match what {
            What::Earned => &row.earned,
            What::Held => &row.held,
        };
        add(&mut sums, &row.payee, amount.exact().unwrap());
    }
    sums
}

#[derive(Clone, Copy)]
enum What {
    Earned,
    Held,
}

/// Lists the values of a measure by record, in order of periods.
fn measure(report: &Report<'_>, name: &str) -> BTreeMap<String, Vec<Exact>> {
    let mut found: BTreeMap<String, Vec<Exact>> = BTreeMap::new();
    for column in report.measures().iter().filter(|column| column.name == name) {
        for row in column.rows() {
            let value = Exact::parse_decimal(&row.text).unwrap();
            found
                .entry(row.record.unwrap_or_default())
                .or_default()
                .push(value);
        }
    }
    assert!(!found.is_empty(), "there is no {name}");
    found
}

fn people() -> Rows<'static> {
    ("Person", "name", PEOPLE.map(str::to_owned).to_vec())
}

const COMMISSION: &str = "\
data Person key name
  name : text
end
data Deal key id
  id        : text
  owner     : Person
  amount    : money EUR
  booked_on : date
  paid_on   : date?
end
tiers slices marginal
  from EUR 0 below EUR 3,000 : 2%
  from EUR 3,000 below EUR 8,000 : 4%
  from EUR 8,000 up : 7%
end
plan p
  payee     Person
  currency  EUR
  effective 2026-01-01 through 2026-06-30
  period    month
  rounding  half-up to 0.01 at each line
  earn commission for each Deal where owner is payee dated booked_on = apply slices to amount stacked in order of booked_on
  cap commission at EUR 400 every year
  release commission by if (row.paid_on otherwise 2099-12-31) <= period.last_day then 100% else 0%
";

/// What makes a plan with a recoverable draw of it.
const DRAW: &str = "\
  earn draw = (EUR 50 - commission) at least EUR 0
  earn recovery = ((commission - EUR 50) at least EUR 0) at most prior balance
  carry balance = prior balance + draw - recovery starting EUR 0
  pay out = due commission + due draw - due recovery
end
";

/// What makes a plan of it that only keeps count.
const COUNT: &str = "\
  carry balance = prior balance + commission starting EUR 0
  pay out = due commission
end
";

const DEAL: &str = "id | owner | amount | booked_on | paid_on";

/// A deal: whose it is, whole euros, day of booking, and whether and how much later it is paid.
type Deal = (usize, i64, u32, Option<u32>);

fn deals() -> impl Strategy<Value = Vec<Deal>> {
    let deal = (
        0_usize..4,
        -3_000_i64..6_000,
        0_u32..180,
        proptest::option::of(0_u32..60),
    );
    proptest::collection::vec(deal, 0..14)
}

fn day(of_year: u32) -> String {
    let (mut month, mut day) = (1, of_year);
    for length in [31, 28, 31, 30, 31, 30, 31, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    format!("2026-{month:02}-{:02}", day + 1)
}

fn deal_row(id: &str, (owner, euros, booked, paid): Deal) -> String {
    let paid = paid.map_or(String::new(), |later| day((booked + later).min(179)));
    let (owner, amount, booked) = (PEOPLE[owner], money(euros * 100), day(booked));
    format!("{id} | {owner} | {amount} | {booked} | {paid}")
}

fn deal_rows(deals: &[Deal]) -> Vec<String> {
    let numbered = deals.iter().enumerate();
    let mut rows: Vec<String> = numbered
        .map(|(at, deal)| deal_row(&format!("D{at:02}"), *deal))
        .collect();
    // A run ends with the last day of the records: all of them see the whole half-year.
    rows.push("Z | Dan | 0.00 | 2026-06-30 | ".to_owned());
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// Σ payable = earned to date, and Σ paid = Σ earned + draw balance − held.
    #[test]
    fn what_is_paid_is_what_is_earned_plus_the_balance_less_what_is_held(deals in deals()) {
        let plan = compiled(&format!("{COMMISSION}{DRAW}"));
        let tables = [people(), ("Deal", DEAL, deal_rows(&deals))];
        let (paid, earned, held, balance) = of(&plan, &tables, &Run::default(), |report| (
            paid(report),
            lines(report, "commission", What::Earned),
            lines(report, "commission", What::Held),
            measure(report, "balance"),
        ));
        for person in PEOPLE {
            let none = || Exact::ZERO;
            let earned = earned.get(person).cloned().unwrap_or_else(none);
            let held = held.get(person).cloned().unwrap_or_else(none);
            let owed = balance[person].last().cloned().unwrap_or_else(none);
            let expected = earned.add(&owed).unwrap().sub(&held).unwrap();
            prop_assert_eq!(&paid[person], &expected, "{}", person);
        }
    }

    /// A transaction and its full reversal leave every ledger as it was.
    #[test]
    fn a_deal_and_its_reversal_leave_nothing(deals in deals(), pair in (0_usize..4, 1_i64..9_000, 0_u32..90, 0_u32..90)) {
        let plan = compiled(&format!("{COMMISSION}{DRAW}"));
        let (owner, euros, booked, later) = pair;
        let without = deal_rows(&deals);
        let mut with = without.clone();
        with.push(deal_row("Y1", (owner, euros, booked, None)));
        with.push(deal_row("Y2", (owner, -euros, booked + later, None)));
        let sums = |rows: Vec<String>| of(&plan, &[people(), ("Deal", DEAL, rows)], &Run::default(), |report| {
            let mut earned = lines(report, "commission", What::Earned);
            earned.retain(|_, amount| !amount.is_zero());
            earned
        });
        prop_assert_eq!(sums(with), sums(without));
    }

    /// Where a deal and its reversal are all there is, every line, every payment and every balance is zero in the end.
    #[test]
    fn a_reversal_alone_leaves_zero(euros in 1_i64..90_000, booked in 0_u32..90, later in 0_u32..89, cleared in 0_u32..30) {
        let plan = compiled(&format!("{COMMISSION}{COUNT}"));
        let rows = vec![
            deal_row("Y1", (0, euros, booked, Some(cleared))),
            deal_row("Y2", (0, -euros, booked + later, Some(cleared))),
            "Z | Dan | 0.00 | 2026-06-30 | ".to_owned(),
        ];
        let tables = [people(), ("Deal", DEAL, rows)];
        let (paid, earned, held, balance) = of(&plan, &tables, &Run::default(), |report| (
            paid(report),
            lines(report, "commission", What::Earned),
            lines(report, "commission", What::Held),
            measure(report, "balance"),
        ));
        prop_assert!(paid["Ada"].is_zero(), "paid {}", paid["Ada"]);
        prop_assert!(earned["Ada"].is_zero(), "earned {}", earned["Ada"]);
        prop_assert!(held["Ada"].is_zero(), "held {}", held["Ada"]);
        prop_assert!(balance["Ada"].last().unwrap().is_zero());
    }
}

const SHARES: &str = "\
data Pool key id
  id     : text
  amount : money EUR
end
data Part key id
  id     : text
  pool   : Pool
  weight : number
end
plan shares
  payee     Part
  currency  EUR
  effective 2026-01-01 through 2026-01-31
  period    month
  rounding  none
  measure cents    = allocate pool.amount among Part within pool by weight
  measure mirrored = allocate EUR 0 - pool.amount among Part within pool by weight
  measure largest  = allocate pool.amount among Part within pool by weight unit EUR 0.05 rest to largest
  measure at_end   = allocate pool.amount among Part within pool by weight unit EUR 10 rest to last
end
";

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// Shares sum exactly to the amount, and those of a negative amount mirror those of the positive one.
    #[test]
    fn shares_sum_to_the_amount(
        pools in proptest::collection::vec((-2_000_000_i64..2_000_000, proptest::collection::vec(0_u32..20, 1..9)), 1..4),
    ) {
        let plan = compiled(SHARES);
        let (mut amounts, mut parts) = (Vec::new(), Vec::new());
        for (at, (cents, weights)) in pools.iter().enumerate() {
            amounts.push(format!("P{at} | {}", money(*cents)));
            parts.push(format!("P{at}-0 | P{at} | 1"));
            let others = weights.iter().zip(1..);
            parts.extend(others.map(|(weight, part)| format!("P{at}-{part} | P{at} | {weight}")));
        }
        let tables = [("Pool", "id | amount", amounts), ("Part", "id | pool | weight", parts)];
        let found = of(&plan, &tables, &Run::default(), |report| {
            ["cents", "mirrored", "largest", "at_end"].map(|name| measure(report, name))
        });
        for (at, (cents, _)) in pools.iter().enumerate() {
            let amount = Exact::from_scaled(i128::from(*cents), 2);
            let sum = |shares: &BTreeMap<String, Vec<Exact>>| {
                let own = shares.iter().filter(|(part, _)| part.starts_with(&format!("P{at}-")));
                own.flat_map(|(_, values)| values).fold(Exact::ZERO, |sum, share| sum.add(share).unwrap())
            };
            prop_assert_eq!(sum(&found[0]), amount.clone());
            prop_assert_eq!(sum(&found[1]), Exact::ZERO.sub(&amount).unwrap());
            prop_assert_eq!(sum(&found[2]), amount.clone());
            prop_assert_eq!(sum(&found[3]), amount);
        }
        for (part, shares) in &found[0] {
            let both = shares[0].add(&found[1][part][0]).unwrap();
            prop_assert!(both.is_zero(), "{} has {} and {}", part, shares[0], found[1][part][0]);
        }
    }
}

/// Writes rows of tiers with these boundaries, in whole euros, and rates, in percent; there is one rate more.
fn tier_rows(bounds: &[i64], rates: &[i64]) -> String {
    let mut rows = String::new();
    for (at, rate) in rates.iter().enumerate() {
        let from = match at {
            0 => 0,
            at => bounds[at - 1],
        };
        let until = bounds
            .get(at)
            .map_or("up".to_owned(), |until| format!("below EUR {until}"));
        rows.push_str(&format!("  from EUR {from} {until} : {rate}%\n"));
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    /// Marginal pay is continuous and never falls; whole-amount pay never falls where its rates rise.
    #[test]
    fn pay_by_tiers_never_falls(
        steps in proptest::collection::vec(1_i64..5_000, 1..6),
        rates in proptest::collection::vec(0_i64..40, 7),
        more in proptest::collection::vec(0_i64..3_000_000, 0..12),
    ) {
        let bounds: Vec<i64> = steps.iter().scan(0, |sum, step| { *sum += step; Some(*sum) }).collect();
        let rates = &rates[..=bounds.len()];
        let mut rising = rates.to_vec();
        rising.sort_unstable();
        let plan = compiled(&format!(
            "data Point key id\n  id : text\n  x : money EUR\nend\n\
             tiers sliced marginal\n{}end\ntiers whole retro\n{}end\n\
             plan p\n  payee Point\n  currency EUR\n  effective 2026-01-01 through 2026-01-31\n  period month\n  rounding none\n\
             measure by_slice = apply sliced to payee.x\n  measure by_rate = apply whole to payee.x\nend\n",
            tier_rows(&bounds, rates),
            tier_rows(&bounds, &rising),
        ));
        let at_bounds = bounds.iter().flat_map(|bound| [bound * 100 - 1, bound * 100, bound * 100 + 1]);
        let mut cents: Vec<i64> = at_bounds.chain(more).chain([0, 1]).collect();
        cents.sort_unstable();
        cents.dedup();
        let rows = cents.iter().map(|cents| format!("{cents:09} | {}", money(*cents))).collect();
        let (sliced, whole) = of(&plan, &[("Point", "id | x", rows)], &Run::default(), |report| {
            (measure(report, "by_slice"), measure(report, "by_rate"))
        });
        let points: Vec<(&String, &Exact)> = sliced.iter().map(|(id, value)| (id, &value[0])).collect();
        let most = Exact::from_scaled(i128::from(*rates.iter().max().unwrap()), 2);
        for pair in points.windows(2) {
            let [(from, low), (to, high)] = [pair[0], pair[1]];
            let grown = high.sub(low).unwrap();
            prop_assert!(!grown.is_negative(), "{} pays {} and {} pays {}", from, low, to, high);
            // From one cent to another not more than the highest rate of the difference: there is no jump.
            let apart = to.parse::<i128>().unwrap() - from.parse::<i128>().unwrap();
            let most = Exact::from_scaled(apart, 2).mul(&most).unwrap();
            prop_assert!(grown <= most, "{} pays {} and {} pays {}", from, low, to, high);
        }
        let by_rate: Vec<&Exact> = whole.values().map(|value| &value[0]).collect();
        prop_assert!(by_rate.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}

const MOVED: &str = "\
data Person key name
  name     : text
  moved_on : date
end
plan fractions
  payee     Person
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    quarter
  rounding  none
  let before = days from period.first_day to payee.moved_on
  let after  = days from payee.moved_on to (period.last_day + 1 days)
  measure whole = before / (days in period) + after / (days in period)
end
";

const CUP: &str = "\
data Person key name
  name  : text
  score : number
  other : number
end
contest cup
  period   2026-05
  currency EUR
  rounding half-up to 0.01
  entrants Person
  score    entrant.score
  qualify  score >= 2
  rank     highest first, entrant.other, ties share
  prizes
    1 : EUR 100
    2 : EUR 50
    3 : EUR 25
  end
end
contest level
  period   2026-05
  currency EUR
  rounding half-up to 0.01
  entrants Person
  score    entrant.score
  rank     lowest first, dense, ties all
end
";

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// The fractions of a period before and after a day make a whole.
    #[test]
    fn fractions_of_adjoining_segments_make_one(moved in 0_u32..180) {
        let plan = compiled(MOVED);
        let quarter_ends = "Zoe | 2026-12-31".to_owned();
        let rows = vec![format!("Ada | {}", day(moved)), quarter_ends];
        let found = of(&plan, &[("Person", "name | moved_on", rows)], &Run::default(), |report| measure(report, "whole"));
        prop_assert!(found.values().flatten().all(|whole| *whole == Exact::ONE), "{:?}", found);
    }

    /// Places do not depend on what people are called, nor does what those of a place get together.
    #[test]
    fn places_are_the_same_under_other_names(
        scores in proptest::collection::vec((0_u32..6, 0_u32..3), 1..12),
        names in Just((0..12).collect::<Vec<u32>>()).prop_shuffle(),
    ) {
        let plan = compiled(CUP);
        let places = |called: &dyn Fn(usize) -> String| {
            let rows = scores.iter().enumerate();
            let rows = rows.map(|(at, (score, other))| format!("{} | {score} | {other}", called(at)));
            let tables = [("Person", "name | score | other", rows.collect())];
            of(&plan, &tables, &Run::default(), |report| {
                let standings = report.standings();
                let mut together: BTreeMap<String, Exact> = BTreeMap::new();
                for row in &standings {
                    let prize = row.prize.exact.clone().unwrap_or(Exact::ZERO);
                    add(&mut together, &format!("{} {}", row.contest, row.rank.text), &prize);
                }
                let place = |at: usize, contest: &str| {
                    let own = standings.iter().find(|row| row.contest == contest && row.entrant == called(at));
                    own.map(|row| (row.rank.text.clone(), row.tied.text.clone()))
                };
                let own: Vec<_> = (0..scores.len()).map(|at| (place(at, "cup"), place(at, "level"))).collect();
                (own, together)
            })
        };
        prop_assert_eq!(places(&|at| format!("p{at:02}")), places(&|at| format!("q{:02}", names[at])));
    }
}
