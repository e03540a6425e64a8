//! What the books say where a plan counts in one currency and pays in another.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where something is not as it says"
)]

use guerdon::facts::Facts;
use guerdon::plan::{Plan, Run, Source};
use guerdon::report::{Amount, Report};
use guerdon_plan::calendar::Date;

/// The figure of £1,000 at 10%: $122.00 at the rate of the booking, $130.00 at that of the payment. Of it 40% is taken back
/// at 1.25.
const RULES: &str = "\
rates
  GBP to USD : 1.22 from 2026-01-01 through 2026-01-31
  GBP to USD : 1.30 from 2026-02-01 through 2026-02-28
  GBP to USD : 1.25 from 2026-03-01 through 2026-12-31
end
data Person key name
  name : text
  pays : text
end
data Deal key id
  id          : text
  owner       : Person
  amount      : money GBP
  booked_on   : date
  received_on : date
  refunded_on : date?
end
plan export
  payee     Person
  currency  GBP
  effective 2026-01-01 through 2026-12-31
  period    month
  rounding  half-up to 0.01 at each line
  earn commission for each Deal where owner is payee dated booked_on = amount * 10%
  release commission by if row.received_on <= period.last_day then 100% else 0%
  clawback commission by if (row.refunded_on otherwise 2026-12-31) <= period.last_day then 40% else 0%
  pay abroad in USD = if payee.pays = \"USD\" then convert(due commission, USD, period.last_day) else USD 0
  pay at_home = if payee.pays = \"USD\" then GBP 0 else due commission
end
";

fn of<T>(last: Option<Date>, ask: impl Fn(&Report<'_>) -> T) -> T {
    let plan =
        Plan::compile(&[Source::new("rules.guerdon", RULES)]).unwrap_or_else(|refused| panic!("{refused}"));
    let mut builder = Facts::builder(plan.program());
    for (name, pays) in [("Ada", "USD"), ("Bo", "GBP")] {
        builder.row("Person").set("name", name).set("pays", pays);
    }
    for (id, owner, refunded) in [("D1", "Ada", "2026-03-10"), ("D2", "Bo", "")] {
        let mut row = builder.row("Deal");
        row.set("id", id).set("owner", owner).set("amount", "GBP 1000");
        row.set("booked_on", "2026-01-10")
            .set("received_on", "2026-02-10");
        if !refunded.is_empty() {
            row.set("refunded_on", refunded);
        }
    }
    let facts = builder.finish().unwrap();
    let run = Run {
        through: last,
        ..Run::default()
    };
    let report = plan.evaluate(&facts, &run).unwrap();
    assert!(report.problems().is_empty(), "{:?}", report.problems());
    ask(&report)
}

fn shown(amount: &Amount) -> String {
    amount.exact().unwrap().display_text(2)
}

fn day(year: i32, month: u8, day: u8) -> Option<Date> {
    Date::from_ymd(year, month, day).ok()
}

#[test]
fn what_the_rate_has_changed_until_the_payment_is_a_row_of_its_own_and_a_reversal_keeps_its_rate() {
    let rows = of(day(2026, 3, 31), |report| {
        report
            .accruals()
            .map(|row| {
                let other = row.equivalent.as_ref();
                let other = other.map_or(String::new(), |other| {
                    format!(" = {} {}", other.unit, shown(&other.amount))
                });
                let (debit, credit) = (row.debit.id(), row.credit.id());
                format!(
                    "{}: {debit} to {credit} {} {}{other}",
                    row.id,
                    row.unit,
                    shown(&row.amount)
                )
            })
            .collect::<Vec<_>>()
    });
    assert_eq!(
        rows,
        [
            "export/commission/Ada/D1/2026-01/earned: expense to accrued commission GBP 100.00 = USD 122.00",
            "export/commission/Ada/D1/2026-02/released: accrued commission to commission payable GBP 100.00 = USD 122.00",
            "export/commission/Ada/D1/2026-03/clawed back: commission payable to expense GBP 40.00 = USD 48.80",
            "export/commission/Bo/D2/2026-01/earned: expense to accrued commission GBP 100.00",
            "export/commission/Bo/D2/2026-02/released: accrued commission to commission payable GBP 100.00",
            "export/abroad/Ada/2026-02/2026-02/paid: commission payable to payroll USD 130.00 = GBP 100.00",
            "export/abroad/Ada/2026-03/2026-03/paid: commission payable to payroll USD -50.00 = GBP -40.00",
            "export/at_home/Bo/2026-02/2026-02/paid: commission payable to payroll GBP 100.00",
            "export/abroad/Ada/2026-02/2026-02/exchange difference: exchange difference to commission payable USD 8.00 = GBP 0.00",
            "export/abroad/Ada/2026-03/2026-03/exchange difference: exchange difference to commission payable USD -1.20 = GBP 0.00",
        ]
    );
}

#[test]
fn nothing_is_left_in_either_currency_once_all_is_paid() {
    let balances = |last| {
        of(last, |report| {
            let rows = report.accrual_balances();
            rows.iter()
                .map(|row| {
                    let amounts = [
                        &row.earned,
                        &row.released,
                        &row.clawed_back,
                        &row.paid,
                        &row.exchange_difference,
                        &row.accrued,
                        &row.payable,
                    ];
                    let amounts: Vec<String> = amounts.into_iter().map(shown).collect();
                    format!("{} {} {}", row.payee, row.unit, amounts.join(" "))
                })
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(
        balances(day(2026, 3, 31)),
        [
            "Ada GBP 100.00 100.00 40.00 60.00 0.00 0.00 0.00",
            "Ada USD 122.00 122.00 48.80 80.00 6.80 0.00 0.00",
            "Bo GBP 100.00 100.00 0.00 100.00 0.00 0.00 0.00",
        ]
    );
}
