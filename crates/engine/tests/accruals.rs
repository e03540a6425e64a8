//! What the books are to say: the proposals of a plan, their names, and the balances that they leave.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops where something is not as it says"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use guerdon::plan::Run;
use guerdon::report::{AccrualBalance, AccrualRow, Amount, Report};
use guerdon_plan::calendar::Date;
use guerdon_plan::number::Exact;
use proptest::prelude::*;

use common::{Rows, compiled};

const PEOPLE: &str = "\
data Person key name
  name : text
end
";

const RELEASED: &str = "\
data Deal key id
  id        : text
  owner     : Person
  amount    : money EUR  check amount > EUR 0
  booked_on : date
end
data Receipt key id
  id          : text
  deal        : Deal
  amount      : money EUR
  received_on : date
end
data Refund key id
  id          : text
  deal        : Deal
  amount      : money EUR
  refunded_on : date
end
plan sellers
  payee     Person
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    month
  rounding  half-up to 0.01 at each line
  earn commission for each Deal where owner is payee dated booked_on = amount * 10%
  release commission by (sum amount over Receipt where deal is row and received_on <= period.last_day) / row.amount
  clawback commission by (sum amount over Refund where deal is row and refunded_on <= period.last_day) / row.amount
  pay total = due commission
end
";

const DRAW: &str = "\
data Sale key id
  id      : text
  owner   : Person
  amount  : money EUR
  sold_on : date
end
plan draws
  payee     Person
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    month
  rounding  half-up to 0.01 at each line
  earn commission = sum amount over Sale where owner is payee and sold_on in period
  let top_up = (EUR 250 - commission) at least EUR 0
  let paid_back = ((commission - EUR 250) at least EUR 0) at most prior owed
  carry owed = prior owed + top_up - paid_back starting EUR 0
  pay total = commission + top_up - paid_back
end
";

/// Evaluates rules about people over the records through a day, and gives what is asked of the report.
fn of<T>(text: &str, tables: &[Rows<'_>], run: &Run, ask: impl Fn(&Report<'_>) -> T) -> T {
    common::of(&compiled(&format!("{PEOPLE}{text}")), tables, run, ask)
}

fn day(year: i32, month: u8, day: u8) -> Option<Date> {
    Date::from_ymd(year, month, day).ok()
}

fn through(year: i32, month: u8, last: u8) -> Run {
    Run {
        through: day(year, month, last),
        ..Run::default()
    }
}

fn shown(amount: &Amount) -> String {
    amount.exact().unwrap().display_text(2)
}

fn row(row: &AccrualRow<'_>) -> String {
    let (debit, credit) = (row.debit.id(), row.credit.id());
    format!(
        "{}: {debit} to {credit} {} {}",
        row.id,
        row.unit,
        shown(&row.amount)
    )
}

fn balance(row: &AccrualBalance<'_>) -> String {
    let amounts = [
        &row.earned,
        &row.released,
        &row.clawed_back,
        &row.paid,
        &row.accrued,
        &row.payable,
    ];
    let amounts: Vec<String> = amounts.into_iter().map(shown).collect();
    format!("{} {} {}", row.payee, row.unit, amounts.join(" "))
}

fn cells(rows: &[&str]) -> Vec<String> {
    rows.iter().map(|row| (*row).to_owned()).collect()
}

/// A deal of 3,333.30 of which a third has come in each of two months, and half is given back in the third.
fn thirds() -> Vec<Rows<'static>> {
    vec![
        ("Person", "name", cells(&["Ada"])),
        (
            "Deal",
            "id|owner|amount|booked_on",
            cells(&["D/1|Ada|EUR 3333.30|2026-01-10"]),
        ),
        (
            "Receipt",
            "id|deal|amount|received_on",
            cells(&["R1|D/1|EUR 1111.10|2026-02-01", "R2|D/1|EUR 1111.10|2026-03-01"]),
        ),
        (
            "Refund",
            "id|deal|amount|refunded_on",
            cells(&["F1|D/1|EUR 333.33|2026-04-01"]),
        ),
    ]
}

#[test]
fn a_line_is_earned_then_released_then_taken_back_and_each_step_has_a_name_of_its_own() {
    let rows = of(RELEASED, &thirds(), &through(2026, 4, 30), |report| {
        report.accruals().map(|found| row(&found)).collect::<Vec<_>>()
    });
    assert_eq!(
        rows,
        [
            "sellers/commission/Ada/D%2F1/2026-01/earned: expense to accrued commission EUR 333.33",
            "sellers/commission/Ada/D%2F1/2026-02/released: accrued commission to commission payable EUR 111.11",
            "sellers/commission/Ada/D%2F1/2026-03/released: accrued commission to commission payable EUR 111.11",
            "sellers/commission/Ada/D%2F1/2026-04/clawed back: commission payable to expense EUR 33.33",
            "sellers/total/Ada/2026-02/2026-02/paid: commission payable to payroll EUR 111.11",
            "sellers/total/Ada/2026-03/2026-03/paid: commission payable to payroll EUR 111.11",
            "sellers/total/Ada/2026-04/2026-04/paid: commission payable to payroll EUR -33.33",
        ]
    );
}

#[test]
fn what_is_held_is_owed_and_what_is_paid_is_not() {
    let of_end = |run: &Run| {
        of(RELEASED, &thirds(), run, |report| {
            report.accrual_balances().iter().map(balance).collect::<Vec<_>>()
        })
    };
    assert_eq!(
        of_end(&through(2026, 1, 31)),
        ["Ada EUR 333.33 0.00 0.00 0.00 333.33 0.00"]
    );
    let last = ["Ada EUR 333.33 222.22 33.33 188.89 111.11 0.00"];
    assert_eq!(of_end(&through(2026, 4, 30)), last);
    let april = Run {
        shown_from: day(2026, 4, 1),
        ..through(2026, 4, 30)
    };
    assert_eq!(of_end(&april), last, "balances do not depend on what is shown");
}

#[test]
fn a_run_of_one_month_lists_the_proposals_of_that_month_under_the_same_names() {
    let march = Run {
        shown_from: day(2026, 3, 1),
        ..through(2026, 3, 31)
    };
    let ids = of(RELEASED, &thirds(), &march, |report| {
        report.accruals().map(|row| row.id).collect::<Vec<_>>()
    });
    assert_eq!(
        ids,
        [
            "sellers/commission/Ada/D%2F1/2026-03/released",
            "sellers/total/Ada/2026-03/2026-03/paid",
        ]
    );
}

#[test]
fn a_draw_is_an_advance_until_it_is_earned() {
    // Section 6 of the meaning, with the first two months of its table: 100 earned, 250 paid; then 1,200 and 1,050.
    let tables = [
        ("Person", "name", cells(&["Ada"])),
        (
            "Sale",
            "id|owner|amount|sold_on",
            cells(&["S1|Ada|EUR 100|2026-01-05", "S2|Ada|EUR 1200|2026-02-05"]),
        ),
    ];
    let of_end = |run: &Run| {
        of(DRAW, &tables, run, |report| {
            report.accrual_balances().iter().map(balance).collect::<Vec<_>>()
        })
    };
    assert_eq!(
        of_end(&through(2026, 1, 31)),
        ["Ada EUR 100.00 100.00 0.00 250.00 0.00 -150.00"]
    );
    assert_eq!(
        of_end(&through(2026, 2, 28)),
        ["Ada EUR 1300.00 1300.00 0.00 1300.00 0.00 0.00"]
    );
}

#[test]
fn an_earn_that_only_leads_to_another_is_not_owed_and_a_recovery_takes_away() {
    let rules = "\
plan steps
  payee     Person
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    month
  rounding  half-up to 0.01 at each line
  earn assured = EUR 300
  earn advance = assured * 50%
  earn recovery = EUR 40
  pay total = advance - recovery
  pay salary = EUR 1,000
end
";
    let rows = of(
        rules,
        &[("Person", "name", cells(&["Ada"]))],
        &through(2026, 1, 31),
        |report| report.accruals().map(|found| row(&found)).collect::<Vec<_>>(),
    );
    assert_eq!(
        rows,
        [
            "steps/advance/Ada/2026-01/2026-01/earned: expense to accrued commission EUR 150.00",
            "steps/advance/Ada/2026-01/2026-01/released: accrued commission to commission payable EUR 150.00",
            "steps/recovery/Ada/2026-01/2026-01/earned: expense to accrued commission EUR -40.00",
            "steps/recovery/Ada/2026-01/2026-01/released: accrued commission to commission payable EUR -40.00",
            "steps/total/Ada/2026-01/2026-01/paid: commission payable to payroll EUR 110.00",
            "steps/salary/Ada/2026-01/2026-01/earned: expense to accrued commission EUR 1000.00",
            "steps/salary/Ada/2026-01/2026-01/released: accrued commission to commission payable EUR 1000.00",
            "steps/salary/Ada/2026-01/2026-01/paid: commission payable to payroll EUR 1000.00",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes in and goes back: what is left on the accounts is what is held, and no name is used twice.
    #[test]
    fn accounts_hold_what_the_lines_say(
        deals in prop::collection::vec((0..2_usize, 1..900_000_i64, 1..=12_u8), 1..12),
        receipts in prop::collection::vec((0..12_usize, 1..900_000_i64, 1..=12_u8), 0..20),
        refunds in prop::collection::vec((0..12_usize, 1..300_000_i64, 1..=12_u8), 0..8),
        last in 1..=12_u8,
    ) {
        let people = ["Ada", "Ben"];
        let money = |cents: i64| Exact::from_scaled(i128::from(cents), 2).display_text(2);
        let count = deals.len();
        let events = |events: &[(usize, i64, u8)]| {
            let numbered = events.iter().enumerate();
            numbered
                .map(|(at, (deal, cents, month))| {
                    format!("E{at}|D{}|EUR {}|2026-{month:02}-15", deal % count, money(*cents))
                })
                .collect::<Vec<_>>()
        };
        let lines = deals.iter().enumerate().map(|(at, (owner, cents, month))| {
            format!("D{at}|{}|EUR {}|2026-{month:02}-10", people[*owner], money(*cents))
        });
        let tables = [
            ("Person", "name", cells(&people)),
            ("Deal", "id|owner|amount|booked_on", lines.collect()),
            ("Receipt", "id|deal|amount|received_on", events(&receipts)),
            ("Refund", "id|deal|amount|refunded_on", events(&refunds)),
        ];
        of(RELEASED, &tables, &through(2026, last, 28), |report| {
            let rows: Vec<_> = report.accruals().collect();
            let names: BTreeSet<&String> = rows.iter().map(|row| &row.id).collect();
            assert_eq!(names.len(), rows.len(), "no name stands twice");
            let mut accounts: BTreeMap<(String, &str), Exact> = BTreeMap::new();
            for row in &rows {
                let amount = row.amount.exact().unwrap();
                for (account, amount) in [(row.debit, amount.clone()), (row.credit, amount.neg())] {
                    let sum = accounts.entry((row.payee.clone(), account.id())).or_insert(Exact::ZERO);
                    *sum = sum.add(&amount).unwrap();
                }
            }
            let mut held: BTreeMap<String, Exact> = BTreeMap::new();
            for line in report.earnings() {
                let sum = held.entry(line.payee.clone()).or_insert(Exact::ZERO);
                *sum = sum.add(line.held.exact().unwrap()).unwrap();
            }
            for row in report.accrual_balances() {
                let left = |account: &'static str| {
                    accounts.get(&(row.payee.clone(), account)).map_or(Exact::ZERO, Exact::neg)
                };
                assert_eq!(row.accrued.exact(), Some(&left("accrued commission")));
                assert_eq!(row.accrued.exact(), held.get(&row.payee));
                assert_eq!(row.payable.exact(), Some(&left("commission payable")));
                assert!(row.payable.exact().unwrap().is_zero(), "all that is due is paid");
            }
            let all = accounts.values().fold(Exact::ZERO, |sum, amount| sum.add(amount).unwrap());
            assert!(all.is_zero(), "debits are credits");
        });
    }
}
