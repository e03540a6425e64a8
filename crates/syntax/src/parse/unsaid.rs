//! What a line must say and does not: choices that no default may make.

use super::grammar::Rule;
use crate::diagnostic::{Code, Diagnostic, Fix, Text};
use crate::span::Span;
use crate::text;

/// Is a choice that the author has to make, with the words that make it.
struct Unsaid {
    title: Text,
    choices: Vec<Choice>,
}

/// Is one of the words, and what it means.
struct Choice {
    means: Text,
    words: Text,
}

/// Makes the message for a line that leaves a choice open, if this is one.
///
/// `before` is the last word that was read, `found` what stands where the choice belongs.
pub(super) fn report(
    rule: Rule,
    expected: &[Rule],
    before: &str,
    found: Option<&str>,
    at: Span,
) -> Option<Diagnostic> {
    let unsaid = unsaid(rule, expected, before, found)?;
    let label = text!("not said", "未写明");
    let told = Diagnostic::error(Code::E0215, unsaid.title).primary(at, label);
    let choices = unsaid.choices.into_iter();
    Some(choices.fold(told, |told, choice| {
        told.fix(Fix::advice(choice.means, choice.words))
    }))
}

fn unsaid(rule: Rule, expected: &[Rule], before: &str, found: Option<&str>) -> Option<Unsaid> {
    let may_be = |wanted: Rule| expected.contains(&wanted);
    let is_end = matches!(found, None | Some(")"));
    let is = |words: &[&str]| is_end || found.is_some_and(|found| words.contains(&found));
    match rule {
        Rule::tiers_head if may_be(Rule::tier_kind) && is(&["effective", "beyond", "from"]) => {
            Some(tier_kind())
        }
        Rule::rounding_line if may_be(Rule::round_mode) && is(&["to"]) => Some(round_mode()),
        Rule::rounding_line if may_be(Rule::kw_to) && is(&["at"]) => Some(round_step()),
        Rule::cap_line if may_be(Rule::kw_every) && is(&["excess", "cut", "because", "ref"]) => {
            Some(every(text!(
                "when the total under this cap starts again is not said",
                "没有写明此限额的累计何时重新开始"
            )))
        }
        Rule::carry_line if may_be(Rule::kw_starting) && is(&["because", "ref"]) => Some(opening()),
        Rule::hold_line if may_be(Rule::kw_until) && is(&["because", "ref"]) => Some(hold_end()),
        Rule::release_line | Rule::clawback_line | Rule::hold_line
            if may_be(Rule::kw_by) && is(&["because", "ref", "until"]) =>
        {
            Some(share(rule))
        }
        Rule::review_line if may_be(Rule::kw_when) && is(&["because", "ref", "until"]) => Some(reviewed()),
        Rule::except_line if may_be(Rule::kw_when) && is(&["use"]) => Some(exception()),
        Rule::earn_line if (may_be(Rule::dated) || may_be(Rule::kw_dated)) && is(&["="]) => Some(line_day()),
        _ if before == "stacked" && may_be(Rule::kw_in) && is(&["restarting", "starting"]) => Some(order()),
        _ if before == "restarting" && may_be(Rule::kw_every) && is(&["starting"]) => Some(every(text!(
            "when the running total starts again is not said",
            "没有写明累计何时重新开始"
        ))),
        _ if may_be(Rule::kw_else) && is(&["because", "ref"]) => Some(other_case()),
        _ if may_be(Rule::kw_by)
            && may_be(Rule::kw_within)
            && is(&["because", "ref", "unit", "rest", "rounded"]) =>
        {
            Some(weights())
        }
        _ => None,
    }
}

fn tier_kind() -> Unsaid {
    Unsaid {
        title: text!("how these tiers count is not said", "没有写明阶梯如何计算"),
        choices: vec![
            choice(
                text!("each slice at its own rate", "各段各率"),
                text!("marginal", "超额累进"),
            ),
            choice(
                text!("the whole at the rate reached", "全额按所达比率"),
                text!("retro", "全额累进"),
            ),
            choice(
                text!("an amount for the tier reached", "所达级的金额"),
                text!("flat", "定额"),
            ),
            choice(
                text!("straight lines between points", "各点之间连线"),
                text!("interpolated", "插值"),
            ),
            choice(
                text!("each tier accrues as it fills", "各级按填充比例"),
                text!("fill", "填充"),
            ),
        ],
    }
}

fn round_mode() -> Unsaid {
    Unsaid {
        title: text!("how halves are rounded is not said", "没有写明如何舍入"),
        choices: vec![
            choice(
                text!("halves away from zero", "四舍五入"),
                text!("half-up to 0.01", "四舍五入 精确到 0.01"),
            ),
            choice(
                text!("halves to the even digit", "五取偶"),
                text!("half-even to 0.01", "银行家舍入 精确到 0.01"),
            ),
            choice(
                text!("towards zero", "舍去"),
                text!("down to 0.01", "舍去 精确到 0.01"),
            ),
            choice(
                text!("for plans that only measure", "仅度量的方案"),
                text!("rounding none", "舍入 无"),
            ),
        ],
    }
}

fn round_step() -> Unsaid {
    Unsaid {
        title: text!(
            "to what step amounts are rounded is not said",
            "没有写明舍入精确到多少"
        ),
        choices: vec![
            choice(text!("two decimals", "两位小数"), text!("to 0.01", "精确到 0.01")),
            choice(
                text!("the currency's own decimals", "币种自身的小数位"),
                text!("to minor unit", "精确到 最小单位"),
            ),
        ],
    }
}

fn every(title: Text) -> Unsaid {
    Unsaid {
        title,
        choices: vec![
            choice(
                text!("every period of the plan", "方案的每期"),
                text!("every period", "每 期"),
            ),
            choice(text!("every quarter", "每季"), text!("every quarter", "每 季")),
            choice(text!("every year", "每年"), text!("every year", "每 年")),
        ],
    }
}

fn opening() -> Unsaid {
    Unsaid {
        title: text!(
            "what this balance starts from is not said",
            "没有写明此余额的期初"
        ),
        choices: vec![choice(
            text!("from nothing", "从零开始"),
            text!("starting CNY 0", "期初 CNY 0"),
        )],
    }
}

fn hold_end() -> Unsaid {
    Unsaid {
        title: text!("until when this is kept back is not said", "没有写明留存至何时"),
        choices: vec![
            choice(
                text!("until a date of the record", "至记录的某日"),
                text!("until row.accepted_on", "直至 本行.验收日"),
            ),
            choice(
                text!("until a date of the payee", "至人员的某日"),
                text!("until payee.left_on", "直至 领取人.离职日"),
            ),
        ],
    }
}

fn share(rule: Rule) -> Unsaid {
    let title = match rule {
        Rule::clawback_line => text!("what share is taken back is not said", "没有写明追回的比例"),
        Rule::hold_line => text!("what share is kept back is not said", "没有写明留存的比例"),
        _ => text!("what share is payable is not said", "没有写明应付的比例"),
    };
    Unsaid {
        title,
        choices: vec![choice(
            text!("a share of each line", "每条明细的比例"),
            text!("by 50%", "按 50%"),
        )],
    }
}

fn reviewed() -> Unsaid {
    Unsaid {
        title: text!(
            "which lines are to be looked at is not said",
            "没有写明哪些明细需复核"
        ),
        choices: vec![choice(
            text!("large records", "大额记录"),
            text!("when row.amount > CNY 1,000,000", "当 本行.金额 > CNY 1,000,000"),
        )],
    }
}

fn exception() -> Unsaid {
    Unsaid {
        title: text!(
            "when this exception applies is not said",
            "没有写明此例外何时适用"
        ),
        choices: vec![
            choice(
                text!("under a condition", "在某条件下"),
                text!("when row.is_new", "当 本行.新客户"),
            ),
            choice(
                text!("on some days, whatever the record", "在某些日期，不论记录"),
                text!(
                    "during 2026-10-01 through 2026-12-31 when yes",
                    "期间 2026-10-01 至 2026-12-31 当 是"
                ),
            ),
        ],
    }
}

fn line_day() -> Unsaid {
    Unsaid {
        title: text!(
            "which day puts these lines into a period is not said",
            "没有写明明细按哪个日期计入期间"
        ),
        choices: vec![
            choice(
                text!("the day of the order", "下单日"),
                text!("dated booked_on", "记于 签约日"),
            ),
            choice(
                text!("the day of the invoice", "开票日"),
                text!("dated invoiced_on", "记于 开票日"),
            ),
            choice(
                text!("the day of the cash", "回款日"),
                text!("dated paid_on", "记于 回款日"),
            ),
        ],
    }
}

fn order() -> Unsaid {
    Unsaid {
        title: text!(
            "in which order the lines are stacked is not said",
            "没有写明明细累计的次序"
        ),
        choices: vec![choice(
            text!("by day, and by number within a day", "按日期，同日按编号"),
            text!("stacked in order of booked_on, id", "累计按 签约日, 编号"),
        )],
    }
}

fn other_case() -> Unsaid {
    Unsaid {
        title: text!(
            "what holds where the condition fails is not said",
            "没有写明条件不成立时的值"
        ),
        choices: vec![
            choice(text!("nothing", "零"), text!("else CNY 0", "否则 CNY 0")),
            choice(
                text!("the same, reduced", "打折"),
                text!("else bonus * 75%", "否则 奖金 * 75%"),
            ),
        ],
    }
}

fn weights() -> Unsaid {
    Unsaid {
        title: text!("by what the amount is divided is not said", "没有写明按什么分配"),
        choices: vec![
            choice(
                text!("by a weight of each record", "按每条记录的权重"),
                text!("by weight", "按 权重"),
            ),
            choice(text!("in equal parts", "平均"), text!("by 1", "按 1")),
        ],
    }
}

fn choice(means: Text, words: Text) -> Choice {
    Choice { means, words }
}
