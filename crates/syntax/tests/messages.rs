//! Prints the model messages of the language, each in full.

#[path = "support/script.rs"]
mod script;

use guerdon_syntax::{Code, Diagnostic, Fix, Language, Text, text};
use script::{Script, nothing, number_with_a_comma};

#[test]
fn two_currencies() {
    let script = Script::new(
        "export_2026.guerdon",
        &[
            (4, "  currency CNY"),
            (14, "  let total = (sum amount over my_deals) + export_sales"),
        ],
    );
    let export = script.at(14, "export_sales");
    let fault = Diagnostic::error(
        Code::E0203,
        text!("amounts in two currencies are added", "两种币种的金额相加"),
    )
    .secondary(
        script.at(4, "CNY"),
        text!("this plan calculates in CNY", "本方案以 CNY 计算"),
    )
    .secondary(
        script.at(14, "(sum amount over my_deals)"),
        text!("money CNY", "金额 CNY"),
    )
    .primary(export, text!("money USD", "金额 USD"))
    .note(text!(
        "The rate, and the day it is taken from, are part of the plan, so they have to be written down.",
        "汇率及其取值日期是方案的一部分，必须写明。"
    ))
    .fix(Fix::wrap(
        text!(
            "convert first, and name the day of the rate",
            "先换算，并写明汇率日期"
        ),
        export,
        "convert(",
        ", CNY, period.last_day)",
    ));
    assert_eq!(
        script.print(&fault),
        "\
error[E0203]: amounts in two currencies are added
    ┌─ export_2026.guerdon:14:44
    │
  4 │   currency CNY
    │            ─── this plan calculates in CNY
    ·
 14 │   let total = (sum amount over my_deals) + export_sales
    │               ──────────────────────────   ^^^^^^^^^^^^ money USD
    │               │
    │               money CNY
    │
    = The rate, and the day it is taken from, are part of the plan, so they have to be written down.
help: convert first, and name the day of the rate
    │
 14 │   let total = (sum amount over my_deals) + convert(export_sales, CNY, period.last_day)
    │                                            ++++++++            +++++++++++++++++++++++
"
    );
}

#[test]
fn a_boundary_that_belongs_to_no_tier() {
    let script = Script::new(
        "1_ae.guerdon",
        &[
            (4, "  from   0% below  80% : 4%"),
            (5, "  above 80% below 100% : 6%"),
        ],
    );
    let fault = Diagnostic::error(
        Code::E0305,
        text!(
            "tiers \"ae_rates\" leave out exactly 80%",
            "阶梯“ae_rates”恰好漏掉 80%"
        ),
    )
    .secondary(
        script.at(4, "below  80%"),
        text!("ends just under 80%", "到 80% 之前为止"),
    )
    .primary(
        script.at(5, "above 80%"),
        text!("starts just over 80%", "从 80% 之后开始"),
    )
    .note(text!(
        "A payee with CNY 960,000 of CNY 1,200,000 would have no rate.",
        "任务额 CNY 1,200,000、完成 CNY 960,000 的人将没有费率。"
    ))
    .fix(Fix::replace(
        text!("begin on the boundary", "从边界开始"),
        script.at(5, "above"),
        "from ",
    ))
    .reminder(text!(
        "\"from\" and \"through\" include the number, \"above\" and \"below\" leave it out.",
        "“满”和“不超过”包括本数，“超过”和“不满”不包括。"
    ));
    assert_eq!(
        script.print(&fault),
        "\
error[E0305]: tiers \"ae_rates\" leave out exactly 80%
    ┌─ 1_ae.guerdon:5:3
    │
  4 │   from   0% below  80% : 4%
    │             ────────── ends just under 80%
  5 │   above 80% below 100% : 6%
    │   ^^^^^^^^^ starts just over 80%
    │
    = A payee with CNY 960,000 of CNY 1,200,000 would have no rate.
help: begin on the boundary
    │
  5 │   from  80% below 100% : 6%
    │   ~~~~~
note: \"from\" and \"through\" include the number, \"above\" and \"below\" leave it out.
"
    );
}

#[test]
fn a_value_that_may_be_missing() {
    let line = "  earn bonus = payee.target_bonus * bsc_2026[payee, period].multiplier";
    let script = Script::new("7_scorecard.guerdon", &[(44, line)]);
    let bonus = script.at(44, "payee.target_bonus");
    let otherwise = "(payee.target_bonus otherwise CNY 0) * bsc_2026[payee, period].multiplier";
    let leave_out = "payee Person where role is AE and target_bonus is not missing";
    let label = text!(
        "money CNY?   (the \"?\" in sales.guerdon:17 allows an empty cell)",
        "金额 CNY？（sales.guerdon:17 的“?”允许空单元格）"
    );
    let fault = Diagnostic::error(
        Code::E0214,
        text!("\"target_bonus\" may be missing here", "“target_bonus”在此处可能缺失"),
    )
    .primary(bonus, label)
    .note(text!(
        "An unknown amount times 1.2 has no answer. In the data loaded now, 3 of 214 payees have none: p17, p88, p140.",
        "未知的金额乘以 1.2 没有答案。目前载入的数据中，214 人里有 3 人没有：p17、p88、p140。"
    ))
    .fix(
        Fix::wrap(text!("count it as nothing", "按零计算"), bonus, "(", " otherwise CNY 0)")
            .showing(Text::same(otherwise)),
    )
    .fix(Fix::advice(text!("leave those payees out", "不包括这些人"), Text::same(leave_out)))
    .fix(Fix::advice(
        text!("forbid it", "不允许缺失"),
        text!(
            "remove the \"?\" in sales.guerdon:17; the import will then refuse empty cells",
            "删去 sales.guerdon:17 的“?”；导入时将拒绝空单元格"
        ),
    ));
    assert_eq!(
        script.print(&fault),
        "\
error[E0214]: \"target_bonus\" may be missing here
    ┌─ 7_scorecard.guerdon:44:16
    │
 44 │   earn bonus = payee.target_bonus * bsc_2026[payee, period].multiplier
    │                ^^^^^^^^^^^^^^^^^^ money CNY?   (the \"?\" in sales.guerdon:17 allows an empty cell)
    │
    = An unknown amount times 1.2 has no answer. In the data loaded now, 3 of 214 payees have none: p17, p88, p140.
help: choose one
   1. count it as nothing      (payee.target_bonus otherwise CNY 0) * bsc_2026[payee, period].multiplier
   2. leave those payees out   payee Person where role is AE and target_bonus is not missing
   3. forbid it                remove the \"?\" in sales.guerdon:17; the import will then refuse empty cells
"
    );
}

#[test]
fn a_chinese_keyword_glued_to_a_name() {
    let mut script = Script::new("方案.guerdon", &[(9, "  设 倍数 = 如果业绩 > 目标 则 2 否则 1")]);
    script.sources.set_language(script.file, Language::Zh);
    let fault = Diagnostic::error(
        Code::E0102,
        text!("nothing is named \"如果业绩\"", "没有叫“如果业绩”的名称"),
    )
    .primary(script.at(9, "如果业绩"), nothing())
    .note(text!(
        "\"如果\" is a keyword and needs a space behind it, or it makes one name with \"业绩\".",
        "“如果”是关键字，后面要有空格，否则会和“业绩”连成一个名称。"
    ))
    .fix(Fix::insert(
        text!("add a space", "加一个空格"),
        script.at(9, "业绩"),
        " ",
    ));
    assert_eq!(
        script.print(&fault),
        "\
错误[E0102]：没有叫“如果业绩”的名称
    ┌─ 方案.guerdon:9:10
    │
  9 │   设 倍数 = 如果业绩 > 目标 则 2 否则 1
    │             ^^^^^^^^
    │
    = “如果”是关键字，后面要有空格，否则会和“业绩”连成一个名称。
帮助：加一个空格
    │
  9 │   设 倍数 = 如果 业绩 > 目标 则 2 否则 1
    │                 +
"
    );
}

#[test]
fn a_circle_within_one_period() {
    let script = Script::new(
        "4_draw.guerdon",
        &[
            (
                32,
                "  earn recovery = ((commission - guarantee) at least CNY 0) * 50% at most draw_balance",
            ),
            (
                35,
                "  carry draw_balance = prior draw_balance + draw - recovery starting CNY 0",
            ),
        ],
    );
    let balance = script.at(32, "draw_balance");
    let fault = Diagnostic::error(
        Code::E0401,
        text!(
            "\"draw_balance\" needs itself within the same month",
            "“draw_balance”在同一个月内需要自身"
        ),
    )
    .primary(
        balance,
        text!(
            "2. and recovery needs draw_balance",
            "2. 而 recovery 需要 draw_balance"
        ),
    )
    .secondary(
        script.at(35, "recovery"),
        text!("1. draw_balance needs recovery", "1. draw_balance 需要 recovery"),
    )
    .note(text!(
        "A month's closing balance cannot be an input to that month. The opening balance can.",
        "月末余额不能作为当月的输入，月初余额可以。"
    ))
    .fix(Fix::insert(
        text!("use the balance the month started with", "使用月初余额"),
        balance,
        "prior ",
    ));
    assert_eq!(
        script.print(&fault),
        "\
error[E0401]: \"draw_balance\" needs itself within the same month
    ┌─ 4_draw.guerdon:32:75
    │
 32 │   earn recovery = ((commission - guarantee) at least CNY 0) * 50% at most draw_balance
    │                                                                           ^^^^^^^^^^^^ 2. and recovery needs draw_balance
    ·
 35 │   carry draw_balance = prior draw_balance + draw - recovery starting CNY 0
    │                                                    ──────── 1. draw_balance needs recovery
    │
    = A month's closing balance cannot be an input to that month. The opening balance can.
help: use the balance the month started with
    │
 32 │   earn recovery = ((commission - guarantee) at least CNY 0) * 50% at most prior draw_balance
    │                                                                           ++++++
"
    );
}

#[test]
fn a_hole_in_a_decision_table() {
    let script = Script::new(
        "4_draw.guerdon",
        &[
            (6, "  from 0 below 3 -> 25%                  | CNY 12,000"),
            (7, "  from 4 below 6 -> 60%                  | CNY 8,000"),
        ],
    );
    let fault = Diagnostic::error(
        Code::E0311,
        text!("table \"ramp\" has no row for tenure = 3", "表“ramp”没有 tenure = 3 的行"),
    )
    .secondary(script.at(6, "below 3"), text!("ends before 3", "到 3 之前为止"))
    .primary(script.at(7, "from 4"), text!("starts at 4", "从 4 开始"))
    .note(text!(
        "tenure is a whole number, so 3 is the only value without a row.\nIn the data loaded now it applies to 2 payees in 2026-04: n14 and n22.",
        "tenure 是整数，所以只有 3 没有对应的行。\n目前载入的数据中，2026-04 有 2 人属于此列：n14 和 n22。"
    ))
    .fix(Fix::replace(
        text!("extend one of the rows, or add one", "扩展其中一行，或者增加一行"),
        script.at(7, "4"),
        "3",
    ));
    assert_eq!(
        script.print(&fault),
        "\
error[E0311]: table \"ramp\" has no row for tenure = 3
    ┌─ 4_draw.guerdon:7:3
    │
  6 │   from 0 below 3 -> 25%                  | CNY 12,000
    │          ─────── ends before 3
  7 │   from 4 below 6 -> 60%                  | CNY 8,000
    │   ^^^^^^ starts at 4
    │
    = tenure is a whole number, so 3 is the only value without a row.
      In the data loaded now it applies to 2 payees in 2026-04: n14 and n22.
help: extend one of the rows, or add one
    │
  7 │   from 3 below 6 -> 60%                  | CNY 8,000
    │        ~
"
    );
}
#[test]
fn a_number_with_a_comma() {
    let script = Script::new("fee.guerdon", &[(5, "  let x = largest(1,200)")]);
    let fault = number_with_a_comma(&script);
    assert_eq!(
        script.print_brief(&fault),
        "\
error[E0107]: \"1,200\" could be one number or two values
  5 │   let x = largest(1,200)
    │                   ^^^^^
help: two values  largest(1, 200)          one number  largest(1200)
"
    );
    assert_eq!(
        script.print(&fault),
        "\
error[E0107]: \"1,200\" could be one number or two values
    ┌─ fee.guerdon:5:19
    │
  5 │   let x = largest(1,200)
    │                   ^^^^^
help: choose one
   1. two values   largest(1, 200)
   2. one number   largest(1200)
"
    );
}

#[test]
fn brackets_are_needed() {
    let script = Script::new(
        "fee.guerdon",
        &[(6, "  let fee = (base - CNY 100) at least CNY 0 * 50%")],
    );
    let bounded = script
        .at(6, "(base - CNY 100)")
        .to(script.at(6, "at least CNY 0"));
    let fault = Diagnostic::error(
        Code::E0109,
        text!("brackets are needed before \"*\"", "“*”之前需要括号"),
    )
    .secondary(script.at(6, "at least CNY 0"), nothing())
    .primary(
        script.at(6, "*"),
        text!(
            "half of what: of CNY 0, or of the whole?",
            "谁的一半：CNY 0 的，还是全部的？"
        ),
    )
    .fix(Fix::wrap(text!("of the whole", "全部的一半"), bounded, "(", ")"));
    assert_eq!(
        script.print_brief(&fault),
        "\
error[E0109]: brackets are needed before \"*\"
  6 │   let fee = (base - CNY 100) at least CNY 0 * 50%
    │                              ────────────── ^ half of what: of CNY 0, or of the whole?
help: of the whole  let fee = ((base - CNY 100) at least CNY 0) * 50%
"
    );
    assert_eq!(
        script.print(&fault),
        "\
error[E0109]: brackets are needed before \"*\"
    ┌─ fee.guerdon:6:45
    │
  6 │   let fee = (base - CNY 100) at least CNY 0 * 50%
    │                              ────────────── ^ half of what: of CNY 0, or of the whole?
help: of the whole
    │
  6 │   let fee = ((base - CNY 100) at least CNY 0) * 50%
    │             +                               +
"
    );
}
