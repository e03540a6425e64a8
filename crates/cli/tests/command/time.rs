//! Holidays, dated assignments and what was known on a day.

use crate::fixture::{Company, Done, INCOMPLETE};

const KNOWN: &str = r#"data Seller key name
  name : text
end

data Deal key id known entered_on
  id         : text
  seller     : Seller
  amount     : money EUR
  day        : date
  entered_on : date?
end

plan flat "Flat"
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-03-31
  period    quarter
  rounding  half-up to 0.01 at each line
  earn commission for each Deal where seller is payee dated day = amount * 10%
  pay total = commission
end
"#;

/// Three deals of one day: one known from the beginning, one since February, one since April.
fn known(arguments: &[&str]) -> (Company, Done) {
    let company = Company::with_rules(KNOWN);
    company.write("Seller.csv", "name\nAnn\n");
    company.write(
        "Deal.csv",
        "id,seller,amount,day,entered_on\nD0,Ann,100,2026-01-10,\nD1,Ann,200,2026-01-10,2026-02-01\nD2,Ann,400,2026-01-10,2026-04-01\n",
    );
    let done = company.run(&[arguments, &["--out", "out"]].concat());
    (company, done)
}

#[test]
fn a_run_uses_only_what_was_known_on_a_day_and_its_manifest_says_so() {
    let pays = |day: &[&str]| {
        let (company, done) = known(day);
        assert_eq!(done.code, 0, "{}", done.err);
        let row = company.read("out/pay.csv").lines().nth(1).unwrap().to_owned();
        (
            row,
            company
                .read("out/manifest.json")
                .contains("\"known_as_of\": \"2026-03-31\""),
        )
    };
    let row = |amount: &str| format!("flat,total,Ann,2026-Q1,EUR,{amount}");
    assert_eq!(pays(&[]), (row("70.00"), false));
    assert_eq!(pays(&["--known-as-of", "2026-03-31"]), (row("30.00"), true));
    assert_eq!(pays(&["--known-as-of", "2026-01-31"]), (row("10.00"), false));
}

#[test]
fn a_day_of_knowledge_is_refused_where_no_record_says_when_it_became_known() {
    let company = Company::with_rules(KNOWN.replace(" known entered_on", ""));
    company.write("Seller.csv", "name\nAnn\n");
    company.write("Deal.csv", "id,seller,amount,day,entered_on\n");
    let done = company.run(&["--known-as-of", "2026-03-31"]);
    assert_eq!(done.code, 2, "{}", done.err);
    done.says("no data block says when its records became known");
}

const SEGMENTS: &str = r#"data Seller key name
  name : text
end

data Assignment valid from, until key seller, from
  seller : Seller
  quota  : money EUR
  from   : date
  until  : date?
end

plan flat "Flat"
  payee     Seller
  currency  EUR
  effective 2026-03-01 through 2026-03-31
  period    month
  rounding  half-up to 0.01 at each line
  segments  Assignment
  earn share = (sum s.quota * segment_share[s] over segments as s)
  pay total = share
end
"#;

#[test]
fn assignments_that_overlap_are_told_and_whose_they_are_is_not_paid() {
    let company = Company::with_rules(SEGMENTS);
    company.write("Seller.csv", "name\nAnn\nBob\n");
    company.write(
        "Assignment.csv",
        "seller,quota,from,until\nAnn,310,2026-01-01,2026-03-15\nAnn,310,2026-03-15,\nBob,310,2026-03-18,\n",
    );
    let done = company.run(&["--out", "out"]);
    assert_eq!(done.code, 1, "{}", done.err);
    done.says("error[D0816]: two records of \"Assignment\" with one key hold on the same day");
    done.says(&format!(
        "{INCOMPLETE}1 fault in the records, 1 payee without an amount."
    ));
    assert_eq!(
        company.read("out/pay.csv"),
        "plan,pay,payee,period,currency,amount\nflat,total,Ann,2026-03,EUR,\nflat,total,Bob,2026-03,EUR,140.00\n"
    );
}

const WORKING: &str = r#"data Seller key name
  name : text
end

holidays from "holidays.csv" effective 2026-01-01 through 2026-04-15

plan flat "Flat"
  payee     Seller
  currency  EUR
  effective 2026-03-01 through 2026-04-30
  period    month
  rounding  half-up to 0.01 at each line
  earn fee = EUR 10 * (working_days in period)
  pay total = fee
end
"#;

#[test]
fn a_list_of_holidays_that_ends_too_early_is_told_where_it_is_asked() {
    let company = Company::with_rules(WORKING);
    company.write("Seller.csv", "name\nAnn\n");
    company.write("holidays.csv", "day\n2026-03-02\n");
    let done = company.run(&["--out", "out", "--to", "2026-04-30"]);
    assert_eq!(done.code, 1, "{}", done.err);
    done.says("error[R0926]: a day lies outside what the holiday list covers");
    done.says("working_days in period");
    assert_eq!(
        company.read("out/pay.csv"),
        "plan,pay,payee,period,currency,amount\nflat,total,Ann,2026-03,EUR,210.00\nflat,total,Ann,2026-04,EUR,\n"
    );
}
