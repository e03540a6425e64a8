//! Records outside a calendar that ends.

use crate::fixture::{Company, Done, INCOMPLETE};

const PLAN: &str = r#"data Seller key name
  name : text
end

data Deal key id
  id     : text
  seller : Seller
  amount : money EUR
  day    : date
end

calendar sales
  periods start on 2026-01-01, 2026-02-01, 2026-03-01
  ends before 2026-04-01
  year starts on 2026-01-01
end

plan flat "Flat"
  payee     Seller
  currency  EUR
  effective 2026-01-01
  period    sales
  rounding  half-up to 0.01 at each line
  earn commission for each Deal where seller is payee dated day = amount * 10%
  pay total = due commission
end
"#;

/// Ann's deals: one before the plan, one in the calendar's second period, one after the calendar's end.
fn run(arguments: &[&str]) -> (Company, Done) {
    let company = Company::with_rules(PLAN);
    company.write("Seller.csv", "name\nAnn\n");
    company.write(
        "Deal.csv",
        "id,seller,amount,day\nD0,Ann,100,2025-12-10\nD1,Ann,100,2026-02-10\nD2,Ann,100,2026-04-10\n",
    );
    let done = company.run(&[arguments, &["--out", "out"]].concat());
    (company, done)
}

const PAY: &str = "\
plan,pay,payee,period,currency,amount
flat,total,Ann,2026-01-01..2026-01-31,EUR,0.00
flat,total,Ann,2026-02-01..2026-02-28,EUR,10.00
flat,total,Ann,2026-03-01..2026-03-31,EUR,0.00
";

#[test]
fn a_record_after_the_last_period_of_its_calendar_is_told_while_the_plan_is_in_force() {
    let (company, done) = run(&[]);
    assert_eq!(done.code, 1, "{}", done.err);
    done.says("error[R0915]: this record lies outside the calendar \"sales\" and belongs to no period\n");
    done.says("record D2, 2026-04-10\n");
    done.says(&format!("{INCOMPLETE}1 fault in the records."));
    assert!(!done.err.contains("D0"), "{}", done.err);
    assert_eq!(company.read("out/pay.csv"), PAY);
}

#[test]
fn a_record_after_the_last_day_of_the_run_is_none_of_its_business() {
    let (company, done) = run(&["--to", "2026-03-31"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(company.read("out/pay.csv"), PAY);
}
