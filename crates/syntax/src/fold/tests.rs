#![expect(clippy::arithmetic_side_effects, reason = "offsets of short texts")]

use proptest::prelude::*;

use super::*;
use crate::source::SourceMap;

fn folded(source: &str) -> (Folded, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let head = prologue(FileId(0), source, &mut sink);
    let out = fold(FileId(0), source, &head, &mut sink);
    (out, sink.finish())
}

fn codes(source: &str) -> Vec<Code> {
    folded(source).1.into_iter().map(|fault| fault.code).collect()
}

#[test]
fn full_width_signs_and_digits_become_plain_outside_texts_and_comments() {
    let (out, faults) = folded("设 甲 ＝ （１２０＋乙）×３％，“（中）” # （注）");
    assert_eq!(out.text, "设 甲 = (120+乙)*3%,\"（中）\"  ");
    assert_eq!(faults, Vec::new());
    assert_eq!(out.comments[0].text, "（注）");
    assert!(out.comments[0].is_trailing);
}

#[test]
fn mathematical_signs_become_operators() {
    assert_eq!(
        folded("a ≥ b ≤ c ≠ d → e ÷ f − g").0.text,
        "a >= b <= c != d -> e / f - g"
    );
}

#[test]
fn chinese_keywords_become_english_only_as_whole_words_and_never_after_a_dot() {
    let text = "语言 中文\n设 年度合计 = 合计 金额 对 合同 其中 本期.满 在 本年";
    let (out, _) = folded(text);
    assert_eq!(
        out.text.lines().nth(1),
        Some("let 年度合计 = sum 金额 over 合同 where period.满 in this year")
    );
}

#[test]
fn an_english_keyword_is_a_plain_name_in_a_chinese_file() {
    let (out, _) = folded("语言 中文\n设 x = count + sum");
    assert_eq!(out.text.lines().nth(1), Some("let x = `count` + `sum`"));
}

#[test]
fn keywords_are_left_alone_inside_a_data_grid() {
    let text = "语言 中文\n测试 “t”\n给定 人员\n编号 ｜ 满 ｜ 新\np1 ｜ 按 ｜ 否\n结束\n期望 甲 = 1\n结束";
    let (out, _) = folded(text);
    let lines: Vec<&str> = out.text.lines().skip(2).collect();
    assert_eq!(
        lines,
        [
            "given 人员",
            "编号 | 满 | 新",
            "p1 | 按 | no",
            "end",
            "expect 甲 = 1",
            "end"
        ]
    );
}

#[test]
fn units_glued_to_a_number_are_no_keywords() {
    assert_eq!(
        folded("语言 中文\n设 x = 120万元 + 3日").0.text.lines().nth(1),
        Some("let x = 120万元 + 3日")
    );
}

#[test]
fn a_full_stop_at_the_end_of_a_line_is_dropped_with_a_note() {
    let (out, faults) = folded("期望 甲 = 1。\n");
    assert_eq!(out.text, "期望 甲 = 1 \n");
    assert_eq!(faults[0].code, Code::E0103);
}

#[test]
fn currency_signs_are_refused_with_the_codes_they_may_stand_for() {
    let (_, faults) = folded("let x = ¥500");
    assert_eq!(faults[0].code, Code::E0104);
    let words: Vec<&str> = faults[0]
        .fixes
        .iter()
        .map(|fix| fix.edits[0].replacement.as_str())
        .collect();
    assert_eq!(words, ["CNY ", "JPY "]);
    assert_eq!(codes("let x = $5"), [Code::E0104]);
}

#[test]
fn a_text_without_its_quote_ends_with_its_line() {
    let (out, faults) = folded("policy \"v7\nperiod month");
    assert_eq!(faults[0].code, Code::E0105);
    assert_eq!(out.text, "policy \"v7\"\nperiod month");
    assert_eq!(codes("制度 “第七版\n"), [Code::E0105]);
}

#[test]
fn what_stands_in_a_text_cannot_end_it() {
    assert_eq!(folded("“say \"no\"” x").0.text, "\"say 'no'\" x");
}

#[test]
fn hidden_characters_are_refused_in_every_kind_of_place() {
    let everywhere = [
        '\u{202A}',
        '\u{202B}',
        '\u{202D}',
        '\u{202E}',
        '\u{2066}',
        '\u{2067}',
        '\u{2068}',
        '\u{2069}',
        '\u{200E}',
        '\u{200F}',
        '\u{61C}',
        '\u{0}',
        '\u{1B}',
        '\u{85}',
        '\u{2028}',
        '\u{FEFF}',
        '\u{E0041}',
    ];
    for sign in everywhere {
        for place in [
            "let x{}y = 1",
            "policy \"a{}b\"",
            "let x = 1 # a{}b",
            "let `a{}b` = 1",
            "let x = 1{} + 2",
        ] {
            assert_eq!(
                codes(&place.replace("{}", &sign.to_string())),
                [Code::E0003],
                "{sign:?} in {place}"
            );
        }
    }
    for sign in ['\u{200B}', '\u{200C}', '\u{200D}', '\u{FE0F}', '\u{34F}'] {
        assert_eq!(codes(&format!("let x{sign}y = 1")), [Code::E0003], "{sign:?}");
    }
}

#[test]
fn joiners_may_stand_in_texts() {
    assert_eq!(codes("policy \"👨\u{200D}👩\u{FE0F}\""), []);
}

#[test]
fn the_first_lines_say_version_and_language() {
    let read = |text: &str| prologue(FileId(0), text, &mut Sink::default());
    assert_eq!(read("# c\nguerdon 1\nlanguage zh # d\nx").language, Language::Zh);
    assert_eq!(read("语言 中文").language, Language::Zh);
    assert_eq!(read("language en\n").language, Language::En);
    assert_eq!(read("plan x\nlanguage zh").language, Language::En);
    assert_eq!(codes("language fr"), [Code::E0016]);
    assert_eq!(codes("guerdon 2"), [Code::E0017]);
}

#[test]
fn spans_of_replaced_words_cover_the_whole_source_word() {
    let source = "设 甲 = 乙 封顶 １２";
    let mut sources = SourceMap::default();
    let file = sources
        .add("a", format!("语言 中文\n{source}").as_bytes())
        .unwrap();
    let (out, _) = folded(sources.text(file));
    let at = out.text.find("most").unwrap();
    assert_eq!(sources.slice(out.span(at, at + 4)), "封顶");
    let at = out.text.find("12").unwrap();
    assert_eq!(sources.slice(out.span(at, at + 2)), "１２");
    assert_eq!(sources.slice(out.span(at, at + 1)), "１");
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("语言 中文\n".to_owned()),
        Just("合计".to_owned()),
        Just("封顶".to_owned()),
        Just("count".to_owned()),
        Just("（".to_owned()),
        Just("）".to_owned()),
        Just("，".to_owned()),
        Just("“甲 ".to_owned()),
        Just("”".to_owned()),
        Just("\"".to_owned()),
        Just("`".to_owned()),
        Just("# 注\n".to_owned()),
        Just("\n".to_owned()),
        Just(" ".to_owned()),
        Just("。".to_owned()),
        Just("￥".to_owned()),
        Just("给定 甲\n".to_owned()),
        Just("结束\n".to_owned()),
        Just("１２0万元".to_owned()),
        Just("≥".to_owned()),
        Just("\u{202E}".to_owned()),
        Just("e\u{301}".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_span_slices_back_to_source_text_and_order_is_kept(source in pieces()) {
        let (out, _) = folded(&source);
        let mut last = 0;
        for (at, sign) in out.text.char_indices() {
            let span = out.span(at, at + sign.len_utf8());
            prop_assert!(source.get(span.range()).is_some());
            prop_assert!(span.start >= last);
            last = span.start;
        }
    }

    #[test]
    fn plain_characters_come_from_themselves(source in pieces()) {
        let (out, _) = folded(&source);
        for (at, sign) in out.text.char_indices().filter(|(_, sign)| !sign.is_ascii()) {
            let span = out.span(at, at + sign.len_utf8());
            let written = source.get(span.range()).unwrap_or("");
            prop_assert_eq!(written, sign.to_string());
        }
    }
}
