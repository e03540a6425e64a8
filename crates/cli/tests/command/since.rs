//! Late records and new rules: differences are posted into the open period, once. Every figure is worked out by hand.

use crate::fixture::{Company, Done};

/// 2% of the first 300,000 of the year, 4% beyond.
const PLAN: &str = r#"data Seller key name
  name : text
end

data Deal key id
  id        : text
  seller    : Seller
  amount    : money EUR
  signed_on : date
end

tiers rates marginal
  below EUR 300,000 : 2%
  from EUR 300,000 up : 4%
end

plan flat
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    month
  rounding  half-up to 0.01 at each line
  earn commission for each Deal where seller is payee dated signed_on
    = apply rates to amount stacked in order of signed_on, id restarting every year
  pay total = due commission
end
"#;

const HEADS: &str = "plan,pay,payee,period,posted_in,cause,records,currency,posted,payable,difference\n";
const QUARTER: &str = "id,seller,amount,signed_on\nD1,Ann,120000,2026-01-31\nD2,Ann,150000,2026-02-28\nD3,Ann,90000,2026-03-31\n";

/// A company whose first quarter is posted: 2,400, 3,000 and 3,000.
fn closed() -> Company {
    let company = Company::with_rules(PLAN);
    company.write("Seller.csv", "name\nAnn\n");
    company.write("Deal.csv", QUARTER);
    let done = company.run(&["--out", "march"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(
        company.read("march/pay.csv"),
        "plan,pay,payee,period,currency,amount\nflat,total,Ann,2026-01,EUR,2400.00\n\
         flat,total,Ann,2026-02,EUR,3000.00\nflat,total,Ann,2026-03,EUR,3000.00\n"
    );
    company
}

fn post(company: &Company, since: &str, out: &str) -> Done {
    let manifest = format!("{since}/manifest.json");
    company.guerdon(&[
        "run",
        "plan.guerdon",
        "--data",
        ".",
        "--since",
        &manifest,
        "--out",
        out,
        "--format",
        "csv",
    ])
}

#[test]
fn a_return_in_an_open_period_takes_the_top_of_the_stack_back() {
    let company = closed();
    company.write("Deal.csv", format!("{QUARTER}R1,Ann,-80000,2026-04-30\n"));
    // 60,000 at 4% and 20,000 at 2%.
    post(&company, "march", "april").ends(
        0,
        &format!("{HEADS}flat,total,Ann,2026-04,2026-04,open period,,EUR,0.00,-2800.00,-2800.00\n"),
    );
}

#[test]
fn a_changed_record_is_posted_into_the_open_period_by_the_period_it_changes() {
    let company = closed();
    company.write("Deal.csv", QUARTER.replace("120000", "40000"));
    // January: 40,000 at 2% is 800. March: 190,000 to 280,000, all at 2%, is 1,800. Together 2,800 less.
    let january = "flat,total,Ann,2026-01,2026-04,changed record,D1,EUR,2400.00,800.00,-1600.00\n";
    let march = "flat,total,Ann,2026-03,2026-04,changed record,D1,EUR,3000.00,1800.00,-1200.00\n";
    post(&company, "march", "again").ends(0, &format!("{HEADS}{january}{march}"));
    assert_eq!(
        company.read("again/posted.csv"),
        "plan,pay,payee,period,currency,amount\nflat,total,Ann,2026-01,EUR,800\nflat,total,Ann,2026-02,EUR,3000\n\
         flat,total,Ann,2026-03,EUR,1800\n"
    );
    // What is posted once is not posted twice.
    post(&company, "again", "third").ends(0, HEADS);
}

#[test]
fn new_and_gone_records_are_told_apart() {
    let company = closed();
    let late = QUARTER.replace("D2,Ann,150000,2026-02-28\n", "D4,Ann,150000,2026-03-01\n");
    company.write("Deal.csv", late);
    // February loses 3,000. March has D4, 120,000 to 270,000 at 2%: 3,000 more; D3 still pays 3,000.
    post(&company, "march", "next").ends(
        0,
        &format!(
            "{HEADS}flat,total,Ann,2026-02,2026-04,gone record,D2,EUR,3000.00,0.00,-3000.00\n\
             flat,total,Ann,2026-03,2026-04,new record,D4,EUR,3000.00,6000.00,3000.00\n"
        ),
    );
}

#[test]
fn a_changed_rule_is_told_as_such() {
    let company = closed();
    company.write("plan.guerdon", PLAN.replace("4%", "5%"));
    // March: 30,000 at 2% and 60,000 at 5% is 3,600.
    post(&company, "march", "next").ends(
        0,
        &format!("{HEADS}flat,total,Ann,2026-03,2026-04,changed rule,,EUR,3000.00,3600.00,600.00\n"),
    );
}

#[test]
fn who_is_gone_gives_back_what_was_posted() {
    let company = closed();
    company.write("Seller.csv", "name\nBob\n");
    company.write("Deal.csv", "id,seller,amount,signed_on\nD9,Bob,1000,2026-03-31\n");
    let row = |period: &str, posted: &str, record: &str| {
        format!("flat,total,Ann,{period},2026-04,gone record,{record},EUR,{posted},0.00,-{posted}\n")
    };
    post(&company, "march", "next").ends(
        0,
        &format!(
            "{HEADS}{}{}{}flat,total,Bob,2026-03,2026-04,new record,D9,EUR,0.00,20.00,20.00\n",
            row("2026-01", "2400.00", "D1"),
            row("2026-02", "3000.00", "D2"),
            row("2026-03", "3000.00", "D3"),
        ),
    );
}

#[test]
fn nothing_is_posted_for_what_is_not_known_and_it_stays_posted() {
    let company = closed();
    company.write("Deal.csv", QUARTER.replace("120000", "x"));
    let done = post(&company, "march", "next");
    done.ends(1, HEADS);
    assert_eq!(
        company.read("next/posted.csv"),
        "plan,pay,payee,period,currency,amount\nflat,total,Ann,2026-01,EUR,2400\nflat,total,Ann,2026-02,EUR,3000\n\
         flat,total,Ann,2026-03,EUR,3000\n"
    );
    // Once the cell is mended, the difference is posted.
    company.write("Deal.csv", QUARTER.replace("120000", "110000"));
    let rows = post(&company, "next", "mended").out;
    assert_eq!(
        rows.lines()
            .skip(1)
            .map(|row| row.rsplit(',').next().unwrap())
            .collect::<Vec<_>>(),
        ["-200.00", "-200.00"]
    );
}

#[test]
fn a_plain_run_says_when_an_earlier_period_has_changed() {
    let company = closed();
    let against = |company: &Company| {
        company.run(&[
            "--period",
            "2026-03",
            "--against",
            "march/manifest.json",
            "--format",
            "csv",
        ])
    };
    assert!(!against(&company).err.contains("changed since"));
    company.write("Deal.csv", QUARTER.replace("120000", "40000"));
    against(&company).says(
        "Periods before the shown ones have changed since march/manifest.json, by EUR -1,600.00 in all (differences: 1).",
    );
}

#[test]
fn an_earlier_run_that_is_not_whole_or_not_as_written_is_refused() {
    let company = closed();
    let done = company.run(&["--period", "2026-03", "--out", "part"]);
    assert_eq!(done.code, 0);
    let done = post(&company, "part", "next");
    done.says("that run shows only what begins with 2026-03-01");
    assert_eq!(done.code, 3);
    company.write(
        "march/pay.csv",
        company.read("march/pay.csv").replace("2400.00", "9400.00"),
    );
    let done = post(&company, "march", "next");
    done.says("it is not what the run has written, by its SHA-256");
    assert_eq!(done.code, 3);
    assert_eq!(post(&company, "nowhere", "next").code, 3);
}

#[test]
fn people_see_what_is_posted_and_why() {
    let company = closed();
    company.write("Deal.csv", QUARTER.replace("120000", "40000"));
    let done = company.run(&["--since", "march"]);
    assert!(
        done.out.contains("-1,600.00   changed record (D1)"),
        "{}",
        done.out
    );
    assert!(done.out.ends_with("To post: EUR -2,800.00\n"), "{}", done.out);
    assert_eq!(done.code, 0);
}
