//! Awkward input, one kind a test: what is said, where, with which figures, and what everybody else is still paid.

use crate::fixture::{Company, Done, INCOMPLETE};

/// Sellers, deals and whatever the plan of the test needs besides; a tenth of each deal.
fn rules(sellers: &str, deals: &str, more: &str, statements: &str) -> String {
    format!(
        "{more}data Seller key name\n  name : text\n{sellers}end\n\ndata Deal key id\n  id : text\n  seller : Seller\n  \
         amount : money EUR   check amount > EUR 0\n{deals}  signed_on : date\nend\n\nplan flat\n  payee Seller\n  currency \
         EUR\n  effective 2026-01-01 through 2026-12-31\n  period month\n  rounding half-up to 0.01 at each \
         line\n{statements}  pay total = due commission\nend\n"
    )
}

const A_TENTH: &str =
    "  earn commission for each Deal where seller is payee dated signed_on = amount * 10%\n";

/// Runs rules on files and gives what was said with the amounts of a month: `Ann 50.00`, or `Ann` where it is not known.
fn run(rules: impl AsRef<[u8]>, files: &[(&str, &str)], month: &str) -> (Done, Vec<String>) {
    let company = Company::with_rules(rules);
    for (name, text) in files {
        company.write(name, text);
    }
    let done = company.run(&["--to", "2026-06-30", "--out", "out"]);
    let text = company.read("out/pay.csv");
    let of_month = text.lines().skip(1).filter(|line| line.contains(month));
    let paid = of_month.map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{} {}", cells[2], cells[5]).trim_end().to_owned()
    });
    (done, paid.collect())
}

#[test]
fn versions_that_overlap_are_refused_with_both_places() {
    let tiers = "tiers rates marginal effective 2026-01-01 through 2026-06-30\n  from EUR 0 up : 5%\nend\n\n\
                 tiers rates marginal effective 2026-06-30\n  from EUR 0 up : 6%\nend\n\n";
    let company = Company::with_rules(rules(
        "",
        "",
        tiers,
        &A_TENTH.replace("amount * 10%", "apply rates to amount"),
    ));
    let done = company.run(&["--out", "out"]);
    done.says("error[E0602]: two versions of \"rates\" hold on 2026-06-30\n");
    done.says("┌─ plan.guerdon:5:22\n");
    done.says("1 │ tiers rates marginal effective 2026-01-01 through 2026-06-30\n");
    done.says("─────────────────────────────────────── still in force then\n");
    done.says("^^^^^^^^^^^^^^^^^^^^ begins on 2026-06-30\n");
    done.ends(1, "");
    assert!(!company.path("out").exists(), "nothing is paid by rules in doubt");
}

#[test]
fn a_rate_that_is_missing_for_one_day_names_pair_and_day() {
    let in_pounds = rules(
        "",
        "",
        "rates from \"fx.csv\"\n\n",
        &A_TENTH.replace("amount * 10%", "convert(amount, EUR, signed_on) * 10%"),
    )
    .replace("money EUR   check amount > EUR 0", "money GBP");
    let files = [
        (
            "fx.csv",
            "day,from,to,rate\n2026-02-10,GBP,EUR,1.15\n2026-02-12,GBP,EUR,1.16\n",
        ),
        (
            "Deal.csv",
            "id,seller,amount,signed_on\nD1,Ann,1000,2026-02-10\nD2,Bob,1000,2026-02-11\nD3,Bob,1000,2026-03-12\n",
        ),
    ];
    let (done, paid) = run(in_pounds.replace("2026-02-12", "2026-03-12"), &files, "2026-02");
    done.says("error[R0912]: an exchange rate is missing\n");
    done.says("┌─ plan.guerdon:20:73\n");
    done.says("= payee Bob, 2026-02, 2026-03, plan \"flat\": no rate of GBP in EUR for 2026-02-11, no rate of GBP in EUR for 2026-03-12\n");
    done.says(&format!("{INCOMPLETE}1 payee without an amount."));
    assert_eq!(
        (done.code, paid),
        (1, vec!["Ann 115.00".to_owned(), "Bob".to_owned()])
    );
}

#[test]
fn two_managers_of_one_person_on_one_day_are_told_and_neither_is_taken() {
    let reporting = "data Reporting valid from, until key seller, from\n  seller : Seller\n  manager : Seller\n  \
                     from : date\n  until : date?\nend\n\n";
    let override_line = A_TENTH.replace("seller is payee", "Reporting[seller, signed_on].manager is payee");
    let files = [
        ("Seller.csv", "name\nMax\nMia\nNora\nRita\nRob\n"),
        (
            "Reporting.csv",
            "seller,manager,from,until\nMax,Max,2026-01-01,\nMia,Mia,2026-01-01,\nNora,Nora,2026-01-01,\n\
             Rita,Max,2026-01-01,2026-02-15\nRita,Mia,2026-02-15,\nRob,Nora,2026-01-01,\n",
        ),
        (
            "Deal.csv",
            "id,seller,amount,signed_on\nD1,Rita,100,2026-02-14\nD2,Rita,1000,2026-02-15\nD3,Rita,200,2026-02-16\n\
             D4,Rob,1000,2026-02-15\n",
        ),
    ];
    let (done, paid) = run(rules("", "", reporting, &override_line), &files, "2026-02");
    done.says(
        "error[D0816]: two records of \"Reporting\" with one key hold on the same day; the record counts for nobody\n",
    );
    done.says("┌─ Reporting (Reporting.csv), row 5\n");
    done.says("= rows 4 and 5 overlap; the later one has the key Rita, 2026-02-15\n");
    done.says("help: end one record on the day before the other begins\n");
    done.says(&format!("{INCOMPLETE}1 fault in the records."));
    // The deals of the 14th and the 16th have one manager each.
    assert_eq!(
        (done.code, paid.join(", ").as_str()),
        (1, "Max 10.00, Mia 20.00, Nora 100.00, Rita 0.00, Rob 0.00")
    );
}

#[test]
fn a_split_of_99_99_per_cent_is_told_and_spoils_those_who_share_the_deal() {
    let share = "data Share key deal, seller\n  deal : Deal\n  seller : Seller\n  weight : percent\nend\n\n";
    let statements = "  measure given for Deal d = sum weight over Share where deal is d\n  check given[d] = 100% for each \
                      Deal as d because \"credit makes a whole\"\n  earn commission for each Share where seller is payee \
                      dated deal.signed_on = deal.amount * weight * 10%\n";
    let files = [
        ("Seller.csv", "name\nAnn\nBob\nCid\n"),
        (
            "Deal.csv",
            "id,seller,amount,signed_on\nD1,Ann,1000,2026-02-10\nD2,Cid,1000,2026-02-11\n",
        ),
        (
            "Share.csv",
            "deal,seller,weight\nD1,Ann,50%\nD1,Bob,49.99%\nD2,Cid,100%\n",
        ),
    ];
    let (done, paid) = run(rules("", "", share, statements), &files, "2026-02");
    done.says("error[R0905]: a check failed on this record\n    ┌─ Deal, row 1\n");
    done.says("├─ plan.guerdon:25:3\n");
    done.says("= record D1: 99.99% compared with 100%\n");
    done.says("help: the plan says: credit makes a whole\n");
    done.says("= payee Ann, 2026-02, plan \"flat\"\n");
    done.says("= payee Bob, 2026-02, plan \"flat\"\n");
    done.says(&format!(
        "{INCOMPLETE}1 fault in the records, 2 payees without an amount."
    ));
    assert_eq!((done.code, paid.join(", ").as_str()), (1, "Ann, Bob, Cid 100.00"));
}

/// Refunds of a deal, and what is taken back for them.
const REFUNDS: &str =
    "data Refund key id\n  id : text\n  deal : Deal\n  amount : money EUR\n  refunded_on : date\nend\n\n";
const TAKEN_BACK: &str = "  clawback commission by (sum amount over Refund where deal is row and refunded_on <= \
                          period.last_day) / row.amount\n";

fn refunded(refunds: &str) -> (Done, Vec<String>) {
    let files = [
        (
            "Deal.csv",
            "id,seller,amount,signed_on\nD1,Ann,1000,2026-02-10\nD2,Bob,1000,2026-02-11\n",
        ),
        (
            "Refund.csv",
            "id,deal,amount,refunded_on\nF1,D1,1200,2026-03-10\nF2,D2,400,2026-03-11\n",
        ),
    ];
    run(
        rules("", "", refunds, &format!("{A_TENTH}{TAKEN_BACK}")),
        &files,
        "2026-03",
    )
}

#[test]
fn a_refund_larger_than_its_deal_takes_no_more_than_was_paid() {
    let (done, paid) = refunded(REFUNDS);
    assert_eq!(
        (done.code, paid.join(", ").as_str()),
        (0, "Ann -100.00, Bob -40.00"),
        "{}",
        done.err
    );
}

#[test]
fn a_refund_larger_than_its_deal_is_told_where_the_field_is_checked() {
    let (done, paid) = refunded(&REFUNDS.replace("money EUR", "money EUR   check amount <= deal.amount"));
    done.says("error[D0812]: a cell of \"amount\" fails the check of its field\n    ┌─ Refund, row 1, column \"amount\"\n");
    done.says("= it is EUR 1,200.00\n");
    done.says("error[R0917]: this payee cannot be paid: a cell of \"amount\" fails the check of its field\n");
    done.says("= payee Ann, 2026-03, 2026-04, 2026-05, 2026-06, plan \"flat\"\n");
    done.says(&format!(
        "{INCOMPLETE}1 fault in the records, 1 payee without an amount."
    ));
    assert_eq!((done.code, paid.join(", ").as_str()), (1, "Ann, Bob -40.00"));
}

#[test]
fn a_receipt_for_an_unknown_deal_is_told_with_the_nearest_one_and_releases_nothing() {
    let receipts =
        "data Receipt key id\n  id : text\n  deal : Deal\n  amount : money EUR\n  paid_on : date\nend\n\n";
    let released = "  release commission by (sum amount over Receipt where deal is row and paid_on <= period.last_day) / \
                    row.amount\n";
    let files = [
        (
            "Deal.csv",
            "id,seller,amount,signed_on\nD17,Ann,1000,2026-02-10\nD2,Bob,1000,2026-02-11\n",
        ),
        (
            "Receipt.csv",
            "id,deal,amount,paid_on\nR1,D71,1000,2026-02-20\nR2,D2,1000,2026-02-20\nR3,D17,250,2026-02-20\n",
        ),
    ];
    let (done, paid) = run(
        rules("", "", receipts, &format!("{A_TENTH}{released}")),
        &files,
        "2026-02",
    );
    done.says("error[D0805]: a cell of \"deal\" names a record that \"Deal\" does not have; the record is left out\n");
    done.says("┌─ Receipt (Receipt.csv), row 1, column \"deal\"\n");
    done.says("\"D71\"");
    done.says(&format!("{INCOMPLETE}1 fault in the records."));
    assert_eq!(
        (done.code, paid.join(", ").as_str()),
        (1, "Ann 25.00, Bob 100.00")
    );
}

/// Payees from hire to exit; half of what was not invoiced at exit, when the customer pays.
const STAYS: &str = "  hired_on : date\n  left_on : date?\n";
const TAIL: &str = "  release commission by (if (row.invoiced_on otherwise 2099-12-31) <= (row.seller.left_on otherwise \
                    2099-12-31) then 100% else 50%) * (if (row.paid_on otherwise 2099-12-31) <= period.last_day then \
                    100% else 0%)\n";

fn stays(deal_fields: &str) -> String {
    rules(
        STAYS,
        &format!("  invoiced_on : date?\n  paid_on : date?\n{deal_fields}"),
        "",
        &format!("{A_TENTH}{TAIL}"),
    )
    .replace(
        "payee Seller",
        "payee Seller where hired_on <= period.last_day and (left_on is missing or left_on >= period.first_day)",
    )
}

#[test]
fn a_leaver_with_open_deals_is_paid_when_the_money_comes_and_earns_nothing_new() {
    let files = [
        (
            "Seller.csv",
            "name,hired_on,left_on\nAnn,2020-01-01,2026-03-31\nBob,2020-01-01,\n",
        ),
        (
            "Deal.csv",
            "id,seller,amount,invoiced_on,paid_on,signed_on\nD1,Ann,1000,2026-03-20,2026-05-05,2026-03-10\n\
             D2,Ann,2000,,2026-05-06,2026-03-11\nD3,Ann,4000,2026-04-20,2026-05-07,2026-04-10\n\
             D4,Bob,1000,,2026-05-08,2026-03-11\n",
        ),
    ];
    // All of D1 and half of D2; D3 was signed after the exit.
    let (done, paid) = run(stays(""), &files, "2026-05");
    assert_eq!(
        (done.code, paid.join(", ").as_str()),
        (0, "Ann 200.00, Bob 100.00"),
        "{}",
        done.err
    );
}

#[test]
fn who_is_hired_after_the_period_is_no_payee_in_it_and_a_deal_before_the_hire_is_told() {
    let files = [
        (
            "Seller.csv",
            "name,hired_on,left_on\nAnn,2026-04-16,\nBob,2020-01-01,\n",
        ),
        (
            "Deal.csv",
            "id,seller,amount,invoiced_on,paid_on,signed_on\nD1,Ann,1000,2026-03-20,2026-04-20,2026-04-15\n\
             D2,Bob,1000,2026-03-20,2026-03-21,2026-03-20\n",
        ),
    ];
    let checked = stays("").replace(
        "signed_on : date",
        "signed_on : date   check signed_on >= seller.hired_on",
    );
    let (_, of_march) = run(&checked, &files, "2026-03");
    assert_eq!(of_march, ["Bob 100.00"]);
    let (done, paid) = run(&checked, &files, "2026-04");
    done.says("error[D0812]: a cell of \"signed_on\" fails the check of its field\n    ┌─ Deal, row 1, column \"signed_on\"\n");
    done.says("= it is 2026-04-15\n");
    done.says(INCOMPLETE);
    assert_eq!((done.code, paid.join(", ").as_str()), (1, "Ann, Bob 0.00"));
}

#[test]
fn a_list_of_holidays_that_ends_too_early_spoils_the_periods_beyond_it() {
    let fee = "  earn commission = EUR 10 * (working_days in period)\n";
    let holidays = "holidays from \"holidays.csv\" effective 2026-01-01 through 2026-03-31\n\n";
    let files = [("holidays.csv", "day\n2026-03-02\n")];
    let (done, paid) = run(rules("", "", holidays, fee), &files, "2026-03");
    done.says("error[R0926]: a day lies outside what the holiday list covers\n");
    done.says("┌─ plan.guerdon:20:31\n");
    done.says(
        "= payee Ann, 2026-04, 2026-05, 2026-06, plan \"flat\": it covers 2026-01-01 through 2026-03-31\n",
    );
    done.says(
        "= payee Bob, 2026-04, 2026-05, 2026-06, plan \"flat\": it covers 2026-01-01 through 2026-03-31\n",
    );
    assert_eq!(
        (done.code, paid.join(", ").as_str()),
        (1, "Ann 210.00, Bob 210.00")
    );
    let (_, after) = run(rules("", "", holidays, fee), &files, "2026-04");
    assert_eq!(after, ["Ann", "Bob"]);
}

/// Marginal rates against a quota.
const BY_QUOTA: &str = "tiers by_quota marginal\n  from 0% below 100% : 5%\n  from 100% up : 8%\nend\n\n";

fn with_quota(field: &str, check: &str) -> (Done, Vec<String>) {
    let statements = format!(
        "{check}{}",
        A_TENTH.replace("amount * 10%", "apply by_quota to amount against payee.quota")
    );
    let files = [
        ("Seller.csv", "name,quota\nAnn,-500\nBob,500\n"),
        (
            "Deal.csv",
            "id,seller,amount,signed_on\nD1,Ann,1000,2026-02-10\nD2,Bob,1000,2026-02-11\n",
        ),
    ];
    run(rules(field, "", BY_QUOTA, &statements), &files, "2026-02")
}

#[test]
fn a_negative_quota_is_told_where_it_stands() {
    let (done, paid) = with_quota("  quota : money EUR   check quota > EUR 0\n", "");
    done.says("error[D0812]: a cell of \"quota\" fails the check of its field\n    ┌─ Seller, row 1, column \"quota\"\n");
    done.says("= it is -EUR 500.00\n");
    done.says(&format!(
        "{INCOMPLETE}1 fault in the records, 1 payee without an amount."
    ));
    assert_eq!((done.code, paid.join(", ").as_str()), (1, "Ann, Bob 65.00"));
}

#[test]
fn a_negative_quota_is_told_with_the_plans_reason_and_both_figures() {
    let check = "  check payee.quota > EUR 0 because \"nobody sells against less than nothing\"\n";
    let (done, paid) = with_quota("  quota : money EUR\n", check);
    done.says("error[R0905]: a check of the plan failed\n    ┌─ plan.guerdon:24:3\n");
    done.says("= payee Ann, 2026-01 … 2026-06, plan \"flat\": -EUR 500.00 compared with EUR 0.00\n");
    done.says("help: the plan says: nobody sells against less than nothing\n");
    assert_eq!((done.code, paid.join(", ").as_str()), (1, "Ann, Bob 65.00"));
}

#[test]
fn a_test_that_expects_another_error_is_told_which_one_it_is() {
    let check = "  check payee.quota > EUR 0 because \"nobody sells against less than nothing\"\n";
    let statements = format!(
        "{check}{}",
        A_TENTH.replace("amount * 10%", "apply by_quota to amount against payee.quota")
    );
    let test = "\ntest \"less than nothing\"\n  given Seller\n    name | quota\n    Ann | -EUR 500\n    Bob | EUR 500\n  \
                end\n  given Deal\n    id | seller | amount | signed_on\n    D2 | Bob | EUR 1,000 | 2026-02-11\n  end\n  \
                expect total[Ann, 2026-02] fails R0902\n  expect total[Bob, 2026-02] fails\nend\n";
    let company = Company::with_rules(rules("  quota : money EUR\n", "", BY_QUOTA, &statements) + test);
    let done = company.guerdon(&["test", "plan.guerdon"]);
    assert_eq!(done.code, 1, "{}", done.err);
    for line in [
        "FAILED less than nothing\n",
        "expect total[Ann, 2026-02] fails R0902\n         it is R0905, not R0902\n",
        "expect total[Bob, 2026-02] fails\n         it is EUR 65.00\n",
    ] {
        assert!(done.out.contains(line), "no\n{line}\nin\n{}", done.out);
    }
}

#[test]
fn a_chinese_plan_is_told_in_chinese_to_the_last_line() {
    let company = Company::with_rules(
        "语言 中文\n\n数据 人员 主键 姓名\n  姓名 : 文本\n  任务 : 货币 CNY\n结束\n\n方案 甲\n  适用人员 人员\n  币种 CNY\n  \
         有效期 2026-01-01 至 2026-01-31\n  周期 月\n  舍入 四舍五入 精确到 0.01 逐笔\n  校验 领取人.任务 > 0元 因为 \
         “没有任务不发”\n  计提 提成 = 领取人.任务 * 1%\n  发放 应付 = 应发 提成\n结束\n",
    );
    company.write("人员.csv", "姓名,任务\n张三,-500\n李四,500\n");
    let done = company.run(&["--to", "2026-01-31", "--format", "csv"]);
    done.says("错误[R0905]：方案的校验未通过\n    ┌─ plan.guerdon:14:3\n");
    done.says("= 张三，2026-01，方案“甲”：-CNY 500.00，与 CNY 0.00 相比\n帮助：方案规定：没有任务不发\n");
    done.says("本次运行不完整：1 人没有金额。未知之处没有用任何数代替。\n");
    done.ends(
        1,
        "plan,pay,payee,period,currency,amount\n甲,应付,张三,2026-01,CNY,\n甲,应付,李四,2026-01,CNY,5.00\n",
    );
}
