//! The most that one person can earn, read off the rules: every figure is worked out by hand.

use serde_json::json;

use crate::fixture::Company;

const PLAN: &str = r#"data Seller key name
  name   : text
  quota  : money EUR  check quota > EUR 0
  target : money EUR
end

data Deal key id
  id        : text
  seller    : Seller
  amount    : money EUR
  signed_on : date
end

tiers slices marginal
  from   0% below  50% : 3%
  from  50% below 100% : 7%
  from 100% below 200% : 11%
  from 200% up         : 6%
end

tiers curve interpolated beyond clamp
  at  50% : 0%
  at 100% : 100%
  at 150% : 250%
end

tiers ladder marginal
  below EUR 300,000 : 2%
  from EUR 300,000 up : 4%
end

plan pay_out
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    year
  rounding  half-up to 0.01 at each line
  measure sold = sum amount over Deal where seller is payee and signed_on in period
  let reached = sold / payee.quota
  earn commission for each Deal where seller is payee dated signed_on
    = apply slices to amount against payee.quota stacked in order of signed_on, id restarting every year
  cap commission at EUR 60,000 every year
  earn bonus = payee.target * (apply curve to reached)
  earn badge = if reached >= 120% then EUR 500 else EUR 0
  earn steps for each Deal where seller is payee dated signed_on
    = apply ladder to amount stacked in order of signed_on, id restarting every year
  pay total = due commission + due badge
end
"#;

#[test]
fn the_most_is_a_share_of_the_quota_or_an_amount_or_a_reason() {
    let company = Company::with_rules(PLAN);
    let done = company.guerdon(&["check", "plan.guerdon", "--liability", "--format", "json"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let rows = done.json()["liability"][0]["rows"].clone();
    let most = |row: usize| -> Vec<String> {
        let cells = rows[row]["most"].as_array().unwrap().iter();
        cells
            .map(|cell| cell["most"].as_str().unwrap_or("?").to_owned())
            .collect()
    };
    // 50 at 3% and 30 at 7% is 3.6; 50 more at 7% is 5; 20 at 11% is 7.2; 100 at 11% is 16.
    let of = |share: &str| format!("{share}% of payee.quota, at most EUR 60,000");
    assert_eq!(most(0), [of("3.6"), of("5"), of("7.2"), of("16")]);
    // 60 of 100 per cent; 100; 100 + 2/5 of 150; the curve ends at 250.
    let of = |share: &str| format!("{share}% of payee.target");
    assert_eq!(most(1), [of("60"), of("100"), of("160"), of("250")]);
    assert_eq!(most(2), ["EUR 0", "EUR 0", "EUR 500", "EUR 500"]);
    assert_eq!(
        rows[3]["most"][0],
        json!({ "at": "80%", "most": null,
                "why_not": "cannot say, because the bounds of tiers ladder are no shares of a quota" })
    );
}

#[test]
fn what_is_assumed_is_told_in_the_language_of_the_file() {
    let company = Company::with_rules(PLAN);
    let done = company.guerdon(&["check", "plan.guerdon", "--liability"]);
    assert!(
        done.out
            .contains("  assumed: amount comes to the share of payee.quota over each stretch of the tiers\n"),
        "{}",
        done.out
    );
    assert!(
        done.out
            .contains("  ? steps: cannot say, because the bounds of tiers ladder"),
        "{}",
        done.out
    );
    assert_eq!(company.guerdon(&["fmt", "--lang", "zh", "plan.guerdon"]).code, 0);
    let done = company.guerdon(&["check", "plan.guerdon", "--liability"]);
    assert!(done.out.contains("方案 pay_out：一人最多可得"), "{}", done.out);
    assert!(
        done.out
            .contains("? steps: 无法断定：阶梯 ladder 的边界不是定额的比例"),
        "{}",
        done.out
    );
}

#[test]
fn the_most_is_a_table_too() {
    let company = Company::with_rules(PLAN);
    let done = company.guerdon(&["check", "plan.guerdon", "--liability", "--format", "csv"]);
    assert_eq!(done.code, 0);
    let first: Vec<&str> = done.out.lines().take(5).collect();
    assert_eq!(
        first,
        [
            "plan,name,at,most,why_not",
            "pay_out,commission,80%,\"3.6% of payee.quota, at most EUR 60,000\",",
            "pay_out,commission,100%,\"5% of payee.quota, at most EUR 60,000\",",
            "pay_out,commission,120%,\"7.2% of payee.quota, at most EUR 60,000\",",
            "pay_out,commission,200%,\"16% of payee.quota, at most EUR 60,000\",",
        ]
    );
    let messages = company.guerdon(&["check", "plan.guerdon", "--format", "csv"]);
    assert!(
        messages
            .out
            .starts_with("severity,code,file,line,message,detail\n"),
        "{}",
        messages.out
    );
    assert!(
        messages.out.contains("warning,W0704,plan.guerdon,"),
        "{}",
        messages.out
    );
}
