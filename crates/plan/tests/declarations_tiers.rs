//! Tiers: what their rows mean, and the messages about boundaries.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops where something is missing"
)]

#[path = "support/rules.rs"]
mod rules;

use guerdon_plan::hir::{Beyond, Edge, TierKind};
use guerdon_plan::number::Exact;
use guerdon_plan::types::Scalar;
use guerdon_syntax::Code;
use rules::{Checked, errors};

fn tiers(head: &str, rows: &[&str]) -> Checked {
    Checked::text(&format!("tiers t {head}\n  {}\nend\n", rows.join("\n  ")))
}

fn number(text: &str) -> Exact {
    Exact::parse_decimal(text).unwrap()
}

/// Shows a tier as `lower upper rate amount`, an excluded bound in round brackets.
fn shown(checked: &Checked) -> Vec<String> {
    let bound = |bound: &Option<guerdon_plan::hir::Bound>| match bound {
        Some(bound) if bound.edge == Edge::Included => format!("[{}]", bound.at),
        Some(bound) => format!("({})", bound.at),
        None => "open".to_owned(),
    };
    let value = |value: &Option<Exact>| value.as_ref().map_or_else(|| "-".to_owned(), Exact::to_string);
    let rows = &checked.program.tiers[0].versions[0].rows;
    let row = |row: &guerdon_plan::hir::TierRow| {
        format!(
            "{} {} {} {}",
            bound(&row.lower),
            bound(&row.upper),
            value(&row.rate),
            value(&row.amount)
        )
    };
    rows.iter().map(row).collect()
}

#[test]
fn a_boundary_that_belongs_to_no_tier_is_shown_with_both_rows_and_an_example() {
    let text = "use \"sales.guerdon\"\n\n\
                tiers ae_rates marginal                 # each slice of attainment is paid at its own rate\n\
                \x20 from   0% below  80% : 4%\n\
                \x20 above 80% below 100% : 6%\n\
                \x20 from 100% below 150% : 9%             # accelerator\n\
                \x20 from 150% up         : 12%\n\
                end\n\n\
                plan ae_2026\n  currency CNY\nend\n";
    let checked = Checked::files(&[("1_ae.guerdon", text), ("sales.guerdon", "")]);
    assert_eq!(
        checked.printed(Code::E0305),
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
fn the_same_message_in_chinese() {
    let text = "语言 中文\n阶梯 提成率 超额累进\n  满 0% 不满 80%：4%\n  超过 80% 以上：6%\n结束\n";
    let checked = Checked::files(&[("方案.guerdon", text)]);
    assert_eq!(
        checked.printed(Code::E0305),
        "\
错误[E0305]：阶梯“提成率”恰好漏掉 80%
    ┌─ 方案.guerdon:4:3
    │
  3 │   满 0% 不满 80%：4%
    │         ──────── 到 80% 之前为止
  4 │   超过 80% 以上：6%
    │   ^^^^^^^^ 从 80% 之后开始
    │
    = 达到 80% 的人将没有费率。
帮助：从边界开始
    │
  4 │   满  80% 以上：6%
    │   ~~~
说明：“满”和“不超过”包括本数，“超过”和“不满”不包括。
"
    );
}

#[test]
fn a_wider_gap_is_named_with_both_ends_and_closed_by_the_fix() {
    let checked = tiers("marginal", &["from 0% below 80% : 4%", "from 90% up : 6%"]);
    assert_eq!(checked.errors(), errors(&[("E0305", "from 90%")]));
    let message = checked.message(Code::E0305);
    assert_eq!(
        message.title.en,
        "tiers \"t\" leave out everything from 80% below 90%"
    );
    assert_eq!(message.title.zh, "阶梯“t”漏掉满 80% 不满 90%的部分");
    assert_eq!(message.notes[0].en, "A payee who reaches 85% would have no rate.");
    assert_eq!(message.fixes[0].edits[0].replacement, "from 80%");
}

#[test]
fn a_boundary_in_two_rows_is_an_overlap() {
    let checked = tiers("retro", &["from 0 through 50 : 4%", "from 50 up : 6%"]);
    assert_eq!(checked.errors(), errors(&[("E0301", "from 50")]));
    assert_eq!(
        checked.message(Code::E0301).title.en,
        "tiers \"t\" have two rows for exactly 50"
    );
    assert_eq!(
        checked.message(Code::E0301).fixes[0].edits[0].replacement,
        "above"
    );
    let checked = tiers("retro", &["from 0 below 50 : 4%", "from 40 up : 6%"]);
    assert_eq!(
        checked.message(Code::E0301).title.en,
        "tiers \"t\" have two rows for everything from 40 below 50"
    );
}

#[test]
fn rows_must_rise_and_only_the_outer_ones_may_be_open() {
    let checked = tiers(
        "marginal",
        &["from 50 below 90 : 4%", "from 0 below 50 : 6%", "from 90 up : 1%"],
    );
    assert_eq!(checked.errors(), errors(&[("E0302", "from 0")]));
    let checked = tiers("marginal", &["from 0 up : 4%", "from 50 up : 6%"]);
    assert_eq!(checked.errors(), errors(&[("E0302", "from 0 up : 4%")]));
    let checked = tiers(
        "marginal",
        &["from 0 below 5 : 4%", "below 50 : 6%", "from 50 up : 1%"],
    );
    assert_eq!(checked.errors(), errors(&[("E0302", "below 50 : 6%")]));
}

#[test]
fn the_last_row_is_open_or_the_head_says_what_lies_beyond() {
    let checked = tiers(
        "marginal",
        &["from 0% below 80% : 4%", "from 80% below 150% : 6%"],
    );
    assert_eq!(checked.errors(), errors(&[("E0303", "below 150%")]));
    assert_eq!(
        checked.message(Code::E0303).title.en,
        "tiers \"t\" do not say what lies beyond 150%"
    );
    assert_eq!(checked.message(Code::E0303).fixes[0].edits[0].replacement, "up");
    let checked = tiers(
        "marginal beyond clamp",
        &["from 0% below 80% : 4%", "from 80% up : 6%"],
    );
    assert_eq!(checked.errors(), errors(&[("E0303", "from 80% up : 6%")]));
    let checked = tiers("marginal beyond nothing", &["from 0% below 80% : 4%"]);
    assert_eq!(checked.errors(), errors(&[]));
    assert_eq!(checked.program.tiers[0].versions[0].beyond, Beyond::Nothing);
}

#[test]
fn bounds_are_of_one_kind_and_intervals_hold_something() {
    let checked = tiers("marginal", &["from 0% below CNY 80 : 4%", "from CNY 80 up : 6%"]);
    assert_eq!(
        checked.errors(),
        errors(&[("E0304", "CNY 80"), ("E0304", "CNY 80")])
    );
    let rows = [
        "from 0 below 5 : CNY 1",
        "from 5 below 5 : CNY 2",
        "from 5 up : CNY 3",
    ];
    assert_eq!(
        tiers("flat", &rows).errors(),
        errors(&[("E0309", "from 5 below 5")])
    );
}

#[test]
fn rates_and_amounts_are_told_apart_by_kind() {
    let checked = tiers(
        "marginal",
        &["from CNY 0 below CNY 100 : CNY 5 plus 3%", "from CNY 100 up : 4%"],
    );
    assert_eq!(checked.errors(), errors(&[]));
    assert_eq!(shown(&checked), ["[0] (100) 0.03 5", "[100] open 0.04 -"]);
    let found = &checked.program.tiers[0];
    assert_eq!(
        (found.kind, found.bound.is_numeric(), found.value),
        (TierKind::Marginal, true, found.bound)
    );

    let per_unit = tiers(
        "marginal",
        &["from 0 through 50 : CNY 5万", "above 50 up : CNY 7万"],
    );
    assert_eq!(shown(&per_unit), ["[0] [50] 50000 -", "(50) open 70000 -"]);

    let steps = tiers("flat", &["below 100% : USD 0", "from 100% up : USD 1,000"]);
    assert_eq!(shown(&steps), ["open (1) - 0", "[1] open - 1000"]);
    assert_eq!(steps.program.tiers[0].bound, Scalar::Percent);

    let checked = tiers("flat", &["from 0 up : CNY 5 plus 3%"]);
    assert_eq!(checked.errors(), errors(&[("E0307", "3%")]));
}

#[test]
fn points_rise_are_at_least_two_and_say_what_lies_beyond() {
    let checked = tiers(
        "interpolated beyond clamp",
        &["at 50% : 0%", "at 100% : 100%", "at 150% : 250%"],
    );
    assert_eq!(checked.errors(), errors(&[]));
    assert_eq!(
        shown(&checked),
        ["[0.5] open - 0", "[1] open - 1", "[1.5] open - 2.5"]
    );
    assert_eq!(checked.program.tiers[0].versions[0].beyond, Beyond::Clamp);
    let checked = tiers("interpolated beyond clamp", &["at 50% : 0%"]);
    assert_eq!(checked.errors(), errors(&[("E0306", "t")]));
    let checked = tiers(
        "interpolated beyond error",
        &["at 50% : 0%", "at 50% : 1%", "at 40% : 2%"],
    );
    assert_eq!(checked.errors(), errors(&[("E0308", "50%"), ("E0302", "40%")]));
    let checked = tiers("interpolated", &["at 50% : 0%", "at 60% : 1%"]);
    assert_eq!(checked.errors(), errors(&[("E0303", "60%")]));
    let checked = tiers(
        "interpolated beyond clamp",
        &["at 50% : 0%", "from 60% below 70% : 1%", "at 80% : 1%"],
    );
    assert_eq!(checked.errors(), errors(&[("E0307", "from 60% below 70%")]));
}

#[test]
fn a_tier_that_fills_has_two_ends_and_may_be_negative() {
    let rows = [
        "from -0.010001 below -0.01 : 0.0113",
        "from -0.01 below 0.003 : 0.0338",
        "from 0.003 through 0.01 : 0.03",
    ];
    let checked = tiers("fill beyond clamp", &rows);
    assert_eq!(checked.errors(), errors(&[]));
    assert_eq!(
        checked.program.tiers[0].versions[0].rows[0]
            .lower
            .as_ref()
            .unwrap()
            .at,
        number("-0.010001")
    );
    let checked = tiers("fill", &["from 0 up : 5"]);
    assert_eq!(checked.errors(), errors(&[("E0307", "from 0 up")]));
}

#[test]
fn versions_follow_one_another_and_an_open_one_ends_where_the_next_begins() {
    let text = "tiers t marginal effective 2026-07-01\n  from 0% up : 5%\nend\n\
                tiers t marginal effective 2026-01-01\n  from 0% up : 4%\nend\n";
    let checked = Checked::text(text);
    assert_eq!(checked.errors(), errors(&[]));
    let found = &checked.program.tiers[0].versions;
    let days: Vec<String> = found
        .iter()
        .map(|version| format!("{:?}", version.effective))
        .collect();
    assert_eq!(
        days,
        [
            "Effective { from: Some(2026-01-01), through: Some(2026-06-30) }",
            "Effective { from: Some(2026-07-01), through: None }"
        ]
    );
    assert_eq!(found[0].rows[0].rate, Some(number("0.04")));
}

#[test]
fn versions_that_hold_on_one_day_are_refused() {
    let text = "tiers t marginal effective 2026-01-01 through 2026-07-01\n  from 0% up : 4%\nend\n\
                tiers t marginal effective 2026-07-01\n  from 0% up : 5%\nend\n";
    let checked = Checked::text(text);
    assert_eq!(checked.errors(), errors(&[("E0602", "effective 2026-07-01")]));
    assert_eq!(
        checked.message(Code::E0602).title.en,
        "two versions of \"t\" hold on 2026-07-01"
    );
    let text = "tiers t marginal effective 2026-03-01 through 2026-02-01\n  from 0% up : 4%\nend\n";
    assert_eq!(
        Checked::text(text).errors(),
        errors(&[("E0603", "effective 2026-03-01 through 2026-02-01")])
    );
}
