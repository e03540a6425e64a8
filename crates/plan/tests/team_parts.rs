//! Places and shares in a team: what they mean, and what is refused.

#[path = "support/rules.rs"]
mod rules;

use guerdon_plan::hir::print;
use guerdon_syntax::Code;
use rules::{Checked, errors};

const PEOPLE: &str = "\
data Person key name
  name  : text
  boss  : Person?
  sales : money EUR
end
";

const HEAD: &str = "plan p\n  payee Person\n  effective 2026-01-01\n  period month\n  rounding none\n  ";

fn plan(statement: &str) -> Checked {
    Checked::text(&format!("{PEOPLE}{HEAD}{statement}\nend\n"))
}

#[test]
fn a_place_and_a_share_are_taken_among_those_below_somebody() {
    let checked = plan(
        "measure place = rank of m.sales among team of payee.boss as m highest first ties best\n  \
         measure part = allocate EUR 10 among reports of payee.boss as m by m.sales rounded half-up",
    );
    assert_eq!(checked.errors(), errors(&[]));
    let printed = print(&checked.program);
    assert!(
        printed.contains(
            "(rank of payee.0 by m.2.sales descending among team of payee.0.boss by boss as m.2 ties Best)"
        ),
        "{printed}"
    );
    assert!(
        printed.contains("among reports of payee.0.boss by boss as m.3 step 0.01 rounded HalfUp"),
        "{printed}"
    );
}

#[test]
fn nobody_has_a_place_in_the_own_team() {
    let place = "measure place = rank of m.sales among team of payee as m highest first ties best";
    assert_eq!(
        plan(place).printed(Code::E0206),
        "\
error[E0206]: \"payee\" heads this team and is no member of it, so there is no place and no share
    ┌─ rules.guerdon:11:41
    │
 11 │   measure place = rank of m.sales among team of payee as m highest first ties best
    │                                         ^^^^^^^^^^^^^^^^^^ a team is those below, without whom it belongs to
help: choose one
   1. among those with the same superior                  among team of payee.boss
   2. give each member its part, and read it as part[p]   measure part for Person p = …
"
    );
}

#[test]
fn a_chinese_message_says_the_same() {
    let text = "语言 中文
数据 人 主键 姓名
  姓名 : 文本
  上级 : 人?
  业绩 : 货币 EUR
结束
方案 甲
  适用人员 人
  有效期 2026-01-01
  周期 月
  舍入 无
  度量 位 = 位次 m.业绩 分给 下属 领取人 作 m 高者优先 并列 取优
结束
";
    let printed = Checked::text(text).printed(Code::E0206);
    assert_eq!(
        printed,
        "\
错误[E0206]：“领取人”是该团队的负责人而非成员，因此没有名次和份额
    ┌─ rules.guerdon:12:21
    │
 12 │   度量 位 = 位次 m.业绩 分给 下属 领取人 作 m 高者优先 并列 取优
    │                              ^^^^^^^^^^^^^^^^ 团队是其下级，不含本人
帮助：请选一种
   1. 在同一上级的成员之中                       分给 下属 领取人.上级
   2. 为每位成员计算其份额，再以 份额[人] 读取   度量 份额 面向 人 人 = …
"
    );
}

/// Checks a contest among those with sales whose prize goes to the whole team.
fn contest(entrants: &str) -> Checked {
    Checked::text(&format!(
        "{PEOPLE}contest cup
  period   2026-03
  currency EUR
  rounding half-up to 0.01
  entrants Person where {entrants}
  measure total = sum m.sales over team of entrant as m
  score    total
  rank     highest first, ties share
  prizes
    1 : EUR 9
  end
  split among nearest team of entrant as p by 1
end
"
    ))
}

#[test]
fn a_prize_goes_to_the_whole_team_of_entrants_that_fields_choose() {
    assert_eq!(contest("sales > EUR 0").errors(), errors(&[]));
    let computed = contest("total > EUR 5");
    assert_eq!(
        computed.printed(Code::E0215),
        "\
error[E0215]: the split does not say to whom each record belongs
    ┌─ rules.guerdon:17:23
    │
 17 │   split among nearest team of entrant as p by 1
    │                       ^^^^^^^^^^^^^^^^^^^^ whose teams share is chosen by values of the block; choose by fields alone, or split among those who report to one
help: write the field  split among Person as p where p.manager is subject by …
"
    );
}

#[test]
fn whose_team_somebody_is_in_where_teams_lie_within_each_other_must_be_said() {
    let text = "contest cup
  period   2026-03
  currency EUR
  rounding half-up to 0.01
  entrants Person
  score    entrant.sales
  rank     highest first, ties share
  prizes
    1 : EUR 9
  end
  split among team of entrant as p by 1
end
";
    let checked = Checked::text(&format!("{PEOPLE}{text}"));
    assert_eq!(checked.errors(), errors(&[("E0215", "team of entrant as p")]));
    let said = text.replace("team of", "nearest team of");
    assert_eq!(Checked::text(&format!("{PEOPLE}{said}")).errors(), errors(&[]));
}

#[test]
fn a_calendar_called_as_a_length_of_time_is_not_taken_for_it() {
    let calendar = "calendar weeks every 14 days from 2026-01-05\n";
    let plan = |period: &str| {
        format!(
            "{PEOPLE}{calendar}plan p\n  payee Person\n  effective 2026-01-05\n  period {period}\n  rounding none\n  measure s = payee.sales\nend\n"
        )
    };
    assert_eq!(
        Checked::text(&plan("weeks")).errors(),
        errors(&[("E0204", "weeks")])
    );
    assert_eq!(Checked::text(&plan("week")).errors(), errors(&[]));
}
