//! Whole files, faults and limits.

#![expect(
    clippy::as_conversions,
    clippy::string_slice,
    reason = "tests show what they cut"
)]

mod limits;

use std::path::PathBuf;

use crate::ast::{Decimal, ExprKind, File, Item, LiteralKind};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::SourceMap;

pub(crate) fn read(name: &str, text: &str) -> (File, Vec<Diagnostic>) {
    let mut sources = SourceMap::default();
    let file = sources.add(name, text.as_bytes()).unwrap();
    let mut sink = Sink::default();
    let tree = super::parse(&sources, file, &mut sink);
    (tree, sink.finish())
}

/// Gives the shared example files, or nothing where they are not at hand.
pub(crate) fn examples() -> Vec<(String, String)> {
    let shared = std::env::var_os("GUERDON_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let Ok(folder) = std::fs::read_dir(shared.join("design/examples")) else {
        return Vec::new();
    };
    let mut found: Vec<(String, String)> = folder
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.to_owned();
            Some((name, std::fs::read_to_string(path).ok()?))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn the_examples_are_read_without_a_message() {
    for (name, text) in examples() {
        let (tree, faults) = read(&name, &text);
        assert_eq!(faults, Vec::<Diagnostic>::new(), "{name}");
        assert!(!tree.items.is_empty(), "{name}");
        assert!(tree.broken.is_empty(), "{name}");
    }
}

fn codes(text: &str) -> Vec<Code> {
    read("t.guerdon", text)
        .1
        .into_iter()
        .map(|fault| fault.code)
        .collect()
}

/// Puts an expression into a plan, and gives the codes of what is said about it.
fn codes_of(expression: &str) -> Vec<Code> {
    codes(&format!("plan x\n  let v = {expression}\nend"))
}

fn mended(text: &str, which: usize) -> String {
    let (_, faults) = read("t.guerdon", text);
    let mut edits = faults[0].fixes[which].edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    let mut out = text.to_owned();
    for edit in edits {
        out.replace_range(edit.span.range(), &edit.replacement);
    }
    out
}

/// Checks that every fix of every message makes the text readable.
fn fixes_of(text: &str) -> Vec<String> {
    let (_, faults) = read("t.guerdon", text);
    assert_eq!(faults.len(), 1, "{text}: {faults:#?}");
    let count = faults[0].fixes.iter().filter(|fix| !fix.edits.is_empty()).count();
    let fixed: Vec<String> = (0..count).map(|which| mended(text, which)).collect();
    for text in &fixed {
        assert_eq!(codes(text), [], "{text}");
    }
    fixed
}

fn expression_fixes(expression: &str) -> Vec<String> {
    let all = fixes_of(&format!("plan x\n  let v = {expression}\nend"));
    let strip = |text: String| text.lines().nth(1).unwrap().replacen("  let v = ", "", 1);
    all.into_iter().map(strip).collect()
}

#[test]
fn limits_are_not_followed_by_arithmetic_without_brackets() {
    assert_eq!(
        expression_fixes("(base - CNY 100) at least CNY 0 * 50%"),
        [
            "((base - CNY 100) at least CNY 0) * 50%",
            "(base - CNY 100) at least (CNY 0 * 50%)"
        ]
    );
    assert_eq!(
        expression_fixes("a otherwise b + c * d"),
        ["(a otherwise b) + c * d", "a otherwise (b + c * d)"]
    );
    assert_eq!(
        expression_fixes("a rounded half-up to 0.01 / 2"),
        [
            "(a rounded half-up to 0.01) / 2",
            "(a rounded half-up to 0.01 / 2)"
        ][..1]
    );
    assert_eq!(codes_of("a at least b at most c rounded up to 1"), []);
    assert_eq!(codes_of("a + b at most c > d and e"), []);
}

#[test]
fn aggregates_and_their_like_stand_alone_or_in_brackets() {
    assert_eq!(
        expression_fixes("apply T to a - b"),
        ["(apply T to a) - b", "apply T to (a - b)"]
    );
    assert_eq!(
        expression_fixes("apply T to a * b stacked in order of c restarting every year"),
        ["apply T to (a * b) stacked in order of c restarting every year"]
    );
    assert_eq!(codes_of("apply T to a - b against c"), [Code::E0109]);
    assert_eq!(
        expression_fixes("sum x over R where y > CNY 10 at most CNY 500"),
        [
            "(sum x over R where y > CNY 10) at most CNY 500",
            "sum x over R where y > (CNY 10 at most CNY 500)"
        ]
    );
    assert_eq!(
        expression_fixes("if a then b else c at most d"),
        ["(if a then b else c) at most d", "if a then b else (c at most d)"]
    );
    assert_eq!(expression_fixes("5 + sum x over S"), ["5 + (sum x over S)"]);
    assert_eq!(expression_fixes("sum x over S + 5"), ["(sum x over S) + 5"]);
    assert_eq!(expression_fixes("-sum x over S"), ["-(sum x over S)"]);
    assert_eq!(expression_fixes("a < b < c"), ["a < b and b < c"]);
    assert_eq!(codes_of("if a then sum x over S else if b then c else d + e"), []);
}

#[test]
fn the_message_about_brackets_names_both_readings() {
    let text = "plan x\n  let fee = (base - CNY 100) at least CNY 0 * 50%\nend";
    let (_, faults) = read("t.guerdon", text);
    let fault = &faults[0];
    assert_eq!(fault.code, Code::E0109);
    assert_eq!(fault.title.en, "brackets are needed before \"*\"");
    assert_eq!(fault.labels[0].text.en, "of what: of CNY 0, or of the whole?");
    assert_eq!(&text[fault.labels[1].span.range()], "at least CNY 0");
    assert_eq!(fault.fixes[0].title.en, "of the whole");
}

#[test]
fn a_number_with_a_comma_is_refused_outside_money() {
    assert_eq!(
        expression_fixes("largest(1,200)"),
        ["largest(1, 200)", "largest(1200)"]
    );
    assert_eq!(
        codes_of("largest(CNY 1,200, 1,200元, -CNY 1,200.50, CNY -1,200)"),
        []
    );
}

#[test]
fn a_keyword_glued_to_a_name_is_parted() {
    let text = "语言 中文\n方案 甲\n  设 倍数 = 如果业绩 > 指标 则 2 否则 1\n结束";
    let (_, faults) = read("t.guerdon", text);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].code, Code::E0102);
    assert_eq!(faults[0].title.zh, "没有叫“如果业绩”的名称");
    assert_eq!(
        faults[0].notes[0].zh,
        "“如果”是关键字，后面要有空格，否则会和“业绩”连成一个名称。"
    );
    assert_eq!(fixes_of(text), [text.replace("如果业绩", "如果 业绩")]);
}

#[test]
fn every_fault_is_reported_in_one_run_and_costs_only_its_line() {
    let text = "plan x \"t\"\n  payee Person where\n  currency CNY\n  let a = = 1\n  let b = 2\n  earn c = due\nend\n\
                test \"t\"\n  expect b = \nend\nconst k = CNY 5";
    let (tree, faults) = read("t.guerdon", text);
    let lines: Vec<usize> = faults
        .iter()
        .map(|fault| {
            text[..fault.primary_span().unwrap().start as usize]
                .lines()
                .count()
        })
        .collect();
    assert_eq!(lines, [2, 4, 6, 9]);
    assert!(
        faults.iter().all(|fault| fault.code == Code::E0101),
        "{faults:#?}"
    );
    let names: Vec<&str> = tree
        .broken
        .iter()
        .filter_map(|broken| Some(broken.name.as_ref()?.text.as_str()))
        .collect();
    assert_eq!(names, ["Person", "a", "c", "b"]);
    let Item::Plan(plan) = &tree.items[0] else {
        panic!("a plan")
    };
    assert_eq!(plan.statements.len(), 2);
    assert_eq!(tree.items.len(), 3);
}

#[test]
fn a_near_miss_of_a_statement_word_gets_a_suggestion() {
    let text = "plan x\n  currency CNY\n  mesure y = 5\n  let z = 6\nend";
    let (tree, faults) = read("t.guerdon", text);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].code, Code::E0112);
    assert_eq!(fixes_of(text), [text.replace("mesure", "measure")]);
    assert_eq!(tree.broken[0].name.as_ref().unwrap().text, "y");
}

#[test]
fn blocks_without_end_and_ends_without_block_are_found() {
    let unclosed = "plan x\n  let a = 1\nplan y\n  let b = 2\nend";
    assert_eq!(codes(unclosed), [Code::E0110]);
    assert_eq!(fixes_of(unclosed).len(), 1);
    assert_eq!(
        codes("plan x\n  let a = 1\nend\nend\nplan y\n  let b = 2\nend"),
        [Code::E0111]
    );
    assert_eq!(
        codes("contest c\n  prizes\n    1 : CNY 5\n  budget CNY 5\nend"),
        [Code::E0110]
    );
    assert_eq!(codes("plan x\n  let a = 1"), [Code::E0110]);
    assert_eq!(
        codes("plan x\n  let a = 1\nend\n  let b = 2\n  let c = 2\nplan y\n  let b = 2\nend"),
        [Code::E0117]
    );
    assert_eq!(codes("plan x\n  let a = (1\n  let b = 2\nend"), [Code::E0108]);
    assert_eq!(codes("plan x\n  let a = 1)\n  let b = 2\nend"), [Code::E0108]);
    assert_eq!(codes("tiers t marginal\nend"), [Code::E0118]);
}

#[test]
fn lines_go_on_after_operators_open_brackets_and_words_that_begin_no_statement() {
    let text = "plan x\n  let a =\n    1 +\n    2\n  let b = largest(1,\n    2)\n  let c = sum y over S\n    where z in period\n  let d = 5\n    * period.days\n  check -d > 0\nend";
    let (tree, faults) = read("t.guerdon", text);
    assert_eq!(faults, []);
    let Item::Plan(plan) = &tree.items[0] else {
        panic!("a plan")
    };
    assert_eq!(plan.statements.len(), 5);
}

#[test]
fn reserved_words_are_names_only_in_back_ticks_or_after_a_dot() {
    assert_eq!(codes_of("row.from + `from`"), []);
    assert_eq!(
        fixes_of("plan x\n  let from = 1\nend"),
        ["plan x\n  let `from` = 1\nend"]
    );
    assert_eq!(codes("plan x\n  let from = 1\nend"), [Code::E0114]);
    // A Chinese word may stand for several English ones; what is often measured is no keyword.
    assert_eq!(codes("语言 中文\n方案 甲\n  度量 反比 = 1\n结束"), [Code::E0114]);
    assert_eq!(
        codes("语言 中文\n方案 甲\n  度量 完成率 = 1\n  度量 名次 = 1\n  度量 费率 = 完成率\n结束"),
        []
    );
}

#[test]
fn rows_with_too_few_cells_and_bare_intervals_are_found() {
    assert_eq!(
        codes("test \"t\"\n  given P\n    id | a\n    1 | 2 | 3\n  end\nend"),
        [Code::E0113]
    );
    assert_eq!(codes("tiers t marginal\n  0 - 10 : 5%\nend"), [Code::E0120]);
}

#[test]
fn dates_must_exist() {
    assert_eq!(codes_of("2026-02-29"), [Code::E0115]);
    assert_eq!(codes_of("2024-02-29"), []);
    assert_eq!(codes_of("2026-13"), [Code::E0115]);
    assert_eq!(codes_of("2026-Q5"), [Code::E0115]);
    assert_eq!(codes_of("2026-W54"), [Code::E0115]);
    assert_eq!(expression_fixes("2026-02-30"), ["2026-02-28"]);
}

#[test]
fn signs_of_other_languages_are_explained() {
    assert_eq!(codes_of("a == b"), [Code::E0119]);
    assert_eq!(expression_fixes("a && b"), ["a and b"]);
    assert_eq!(codes_of("a ~ b"), [Code::E0119]);
}

#[test]
fn literals_keep_their_digits() {
    let decimal = |text: &str| {
        let (tree, faults) = read("t", &format!("const k = {text}"));
        assert_eq!(faults, [], "{text}");
        let Item::Const(item) = &tree.items[0] else {
            panic!("a constant")
        };
        match &item.value.kind {
            ExprKind::Literal(literal) => literal.kind.clone(),
            _ => panic!("a literal"),
        }
    };
    let value = |digits: &str, exponent| Decimal {
        is_negative: false,
        digits: digits.to_owned(),
        exponent,
    };
    assert_eq!(
        decimal("CNY 120万"),
        LiteralKind::Money("CNY".to_owned(), value("120", 4))
    );
    assert_eq!(
        decimal("120万元"),
        LiteralKind::Money("CNY".to_owned(), value("120", 4))
    );
    assert_eq!(
        decimal("CNY 40,800.00"),
        LiteralKind::Money("CNY".to_owned(), value("4080000", -2))
    );
    assert_eq!(
        decimal("USD 2.5M"),
        LiteralKind::Money("USD".to_owned(), value("25", 5))
    );
    assert_eq!(decimal("8%"), LiteralKind::Percent(value("8", -2)));
    assert_eq!(decimal("25bp"), LiteralKind::Percent(value("25", -4)));
    assert_eq!(decimal("0.50"), LiteralKind::Number(value("50", -2)));
    assert_eq!(decimal("00"), LiteralKind::Number(value("0", 0)));
    assert_eq!(decimal("year 2026"), LiteralKind::Year(2026));
    assert_eq!(
        decimal("\"a\\u{202E}b\""),
        LiteralKind::Text("a\u{202E}b".to_owned())
    );
}

#[test]
fn cells_of_a_grid_may_be_negative() {
    let text =
        "test \"losses\"\n  given Sale\n    number | amount | share\n    1 | -CNY 5,000 | -2%\n  end\nend\n";
    let (tree, faults) = read("losses.guerdon", text);
    assert_eq!(faults, Vec::<Diagnostic>::new());
    assert!(tree.broken.is_empty());
    assert!(format!("{tree:?}").contains("written: \"-CNY 5,000\""));
}
