//! Whom a bad record concerns: where it can be told, that payee is not paid; where it cannot, the run says so.

use crate::fixture::{Company, Done, INCOMPLETE};

/// Commission paid as the customer pays, and a bonus paid at once.
const PLAN: &str = r#"data Seller key name
  name : text
end

data Region key code
  code  : text
  owner : Seller
end

data Deal key id
  id        : text
  region    : Region
  amount    : money EUR
  signed_on : date
end

data Receipt key id
  id      : text
  deal    : Deal
  amount  : money EUR
  paid_on : date
end

plan paid "As the customer pays"
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    month
  rounding  half-up to 0.01 at each line
  measure sold = sum amount over Deal where region.owner is payee and signed_on in period
  measure deals = count over Deal where region.owner is payee and signed_on in period
  measure all_deals = count over Deal
  earn commission for each Deal where region.owner is payee dated signed_on = amount * 10%
  release commission by (sum amount over Receipt where deal is row and paid_on <= period.last_day) / EUR 1,000
  earn bonus for each Deal where region.owner is payee dated signed_on = amount * 1%
  pay total = due commission + due bonus
end
"#;

fn run(regions: &str, deals: &str, receipts: &str) -> (Company, Done) {
    let company = Company::with_rules(PLAN);
    company.write(
        "Region.csv",
        format!("code,owner\nnorth,Ann\nsouth,Bob\n{regions}"),
    );
    company.write(
        "Deal.csv",
        format!("id,region,amount,signed_on\nD0,south,1000,2026-02-10\nD1,north,1000,2026-02-10\n{deals}"),
    );
    company.write(
        "Receipt.csv",
        format!("id,deal,amount,paid_on\nR0,D0,1000,2026-02-20\nR1,D1,1000,2026-02-20\n{receipts}"),
    );
    let done = company.run(&["--period", "2026-02", "--out", "out"]);
    (company, done)
}

/// Gives the amounts of Ann and Bob in February.
fn amounts(company: &Company) -> Vec<String> {
    let text = company.read("out/pay.csv");
    text.lines()
        .skip(1)
        .map(|line| line.rsplit_once(',').unwrap().1.to_owned())
        .collect()
}

fn measures(company: &Company) -> Vec<String> {
    let text = company.read("out/measures_seller_month.csv");
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn sound_records_pay_both() {
    let (company, done) = run("", "", "");
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(amounts(&company), ["110.00", "110.00"]);
    assert_eq!(
        measures(&company),
        ["2026-02,Ann,1000.00,1", "2026-02,Bob,1000.00,1"]
    );
    assert_eq!(
        company.read("out/measures_all.csv"),
        "period,record,paid.all_deals\n,,2\n"
    );
}

#[test]
fn a_record_with_an_unreadable_key_spoils_the_payee_whom_it_names() {
    let (company, done) = run("", ",north,500,2026-02-11\n", "");
    done.says("error[D0807]: a cell of \"id\" is empty\n");
    done.says("┌─ Deal (Deal.csv), row 3, column \"id\"\n");
    done.says(INCOMPLETE);
    assert_eq!(amounts(&company), ["", "110.00"]);
    assert_eq!(
        measures(&company),
        ["2026-02,Ann,error,error", "2026-02,Bob,1000.00,1"]
    );
    // It is one of all deals, but nobody knows which.
    assert_eq!(
        company.read("out/measures_all.csv"),
        "period,record,paid.all_deals\n,,error\n"
    );
}

#[test]
fn what_is_released_of_a_deal_without_a_day_is_not_known() {
    let company = run("", "", "").0;
    company.write("plan.guerdon", PLAN.replace(" + due bonus", ""));
    let deals = company
        .read("Deal.csv")
        .replace("D1,north,1000,2026-02-10", "D1,north,1000,2026-02-31");
    company.write("Deal.csv", deals);
    let done = company.run(&["--period", "2026-02", "--out", "out"]);
    done.says("error[D0810]: a cell of \"signed_on\" names a day that no calendar has\n");
    assert_eq!(amounts(&company), ["", "100.00"]);
}

#[test]
fn an_unknown_reference_to_what_names_the_payee_counts_for_nobody() {
    let (company, done) = run("", "D2,nroth,500,2026-02-11\n", "");
    done.says(
        "error[D0805]: a cell of \"region\" names a record that \"Region\" does not have; the record counts for nobody\n",
    );
    done.says("┌─ Deal (Deal.csv), row 3, column \"region\"\n");
    done.says("\"nroth\"; did you mean \"north\"?\n");
    done.says(INCOMPLETE);
    assert_eq!(amounts(&company), ["110.00", "110.00"]);
    assert_eq!(done.code, 1);
}

#[test]
fn a_payee_unknown_one_step_further_is_told_there() {
    let (company, done) = run("east,Zoe\n", "D2,east,500,2026-02-11\n", "");
    done.says("error[D0805]: a cell of \"owner\" names a record that \"Seller\" does not have; the record counts for nobody\n");
    done.says("┌─ Region (Region.csv), row 3, column \"owner\"\n");
    assert_eq!(amounts(&company), ["110.00", "110.00"]);
    assert_eq!(done.code, 1);
}

#[test]
fn a_receipt_of_an_unknown_deal_is_left_out_and_told() {
    let (company, done) = run("", "", "R2,D9,500,2026-02-21\n");
    done.says("error[D0805]: a cell of \"deal\" names a record that \"Deal\" does not have; the record is left out\n");
    done.says("┌─ Receipt (Receipt.csv), row 3, column \"deal\"\n");
    done.says(INCOMPLETE);
    assert_eq!(amounts(&company), ["110.00", "110.00"]);
    assert_eq!(done.code, 1);
}

#[test]
fn a_bad_receipt_of_a_known_deal_spoils_its_payee() {
    for (receipt, message) in [
        (
            "R2,D1,x,2026-02-21\n",
            "error[D0809]: a cell of \"amount\" is not a number\n",
        ),
        (
            "R2,D1,500,2026-02-31\n",
            "error[D0810]: a cell of \"paid_on\" names a day that no calendar has\n",
        ),
        (
            ",D1,500,2026-02-21\n",
            "error[D0807]: a cell of \"id\" is empty\n",
        ),
    ] {
        let (company, done) = run("", "", receipt);
        done.says(message);
        assert_eq!(amounts(&company), ["", "110.00"], "{receipt}");
        assert_eq!(done.code, 1);
    }
}

#[test]
fn a_receipts_file_without_its_deals_pays_nobody() {
    let company = run("", "", "").0;
    company.write("Receipt.csv", "id,amount,paid_on\nR0,1000,2026-02-20\n");
    let done = company.run(&["--period", "2026-02", "--out", "out"]);
    done.says("error[D0802]: there is no column \"deal\"\n");
    assert_eq!(amounts(&company), ["", ""]);
    assert_eq!(done.code, 1);
}
