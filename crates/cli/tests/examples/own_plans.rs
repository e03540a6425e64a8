//! The plans with data of their own.

use crate::amounts::Amounts;
use crate::tool;

const KEY: [&str; 4] = ["plan", "pay", "payee", "period"];

#[test]
fn quickstart() {
    compare("quickstart", "commission.guerdon", "quickstart", 30);
}

#[test]
fn account_executive() {
    compare("account_executive", "plan.guerdon", "account_executive", 33);
}

#[test]
fn regional_variant_over_the_data_of_the_plan_it_extends() {
    compare("regional_variant", "south.guerdon", "account_executive", 33);
}

#[test]
fn channel_partner() {
    compare("channel_partner", "plan.guerdon", "channel_partner", 13);
}

#[test]
fn sales_manager() {
    compare("sales_manager", "plan.guerdon", "sales_manager", 14);
}

#[test]
fn recoverable_draw() {
    compare("recoverable_draw", "plan.guerdon", "recoverable_draw", 31);
}

#[test]
fn account_executive_in_chinese() {
    compare("account_executive_zh", "方案.guerdon", "account_executive_zh", 13);
}

/// Runs the tests of a rule file, then the plan over its data, and compares with the expected pay.
fn compare(folder: &str, rules: &str, data: &str, paid: usize) {
    let (folder, data) = (tool::plans().join(folder), tool::plans().join(data));
    let rules = folder.join(rules);
    tool::test(&rules);
    let out = tempfile::tempdir().expect("a folder");
    let out = out.path().join("pay");
    tool::run(&[rules], &data, &out);
    let expected = Amounts::read(&folder.join("expected/pay.csv"), &KEY, "amount");
    let actual = Amounts::read(&out.join("pay.csv"), &KEY, "amount");
    assert_eq!(expected.differences(&actual), Vec::<String>::new());
    assert_eq!(actual.len_without_zeros(), paid);
}

#[test]
fn sheets_that_tiers_and_periods_name_are_read_beside_the_rule_file() {
    let forms = tool::repository().join("crates/oracle/tests/rules/forms");
    tool::test(&forms.join("tiers_from_sheet.guerdon"));
    tool::test(&forms.join("periods_from_sheet.guerdon"));
}
