//! Prints messages of odd shapes: many labels, two files, places in data, colours, very long lines.

#[path = "support/script.rs"]
mod script;

use guerdon_syntax::{
    Code, Colour, DataPlace, Details, Diagnostic, Fix, Language, Layout, Renderer, SourceMap, Span, text,
};
use script::{Script, nothing, number_with_a_comma};

#[test]
fn three_labels_in_one_line_hang_in_steps() {
    let script = Script::new("a.guerdon", &[(3, "let x = one + two + three")]);
    let fault = Diagnostic::error(Code::E0203, text!("three currencies", "三种币种"))
        .secondary(script.at(3, "one"), text!("CNY", "CNY"))
        .secondary(script.at(3, "two"), text!("USD", "USD"))
        .primary(script.at(3, "three"), text!("EUR", "EUR"));
    assert_eq!(
        script.print(&fault),
        "\
error[E0203]: three currencies
    ┌─ a.guerdon:3:21
    │
  3 │ let x = one + two + three
    │         ───   ───   ^^^^^ EUR
    │         │     │
    │         │     USD
    │         CNY
"
    );
}

#[test]
fn a_fault_in_two_files_shows_both_with_that_of_the_fault_first() {
    let mut sources = SourceMap::default();
    let schema = sources
        .add("sales.guerdon", b"data Person\n  quota : money CNY?\nend\n")
        .unwrap();
    let plan = sources.add("ae.guerdon", b"earn x = payee.quota * 8%\n").unwrap();
    let fault = Diagnostic::error(
        Code::E0214,
        text!("\"quota\" may be missing here", "“quota”在此处可能缺失"),
    )
    .secondary(
        Span::new(schema, 31, 32),
        text!("allows an empty cell", "允许空单元格"),
    )
    .primary(Span::new(plan, 9, 20), text!("money CNY?", "金额 CNY？"));
    assert_eq!(
        Renderer::default().render(&fault, &sources),
        "\
error[E0214]: \"quota\" may be missing here
    ┌─ ae.guerdon:1:10
    │
  1 │ earn x = payee.quota * 8%
    │          ^^^^^^^^^^^ money CNY?
    │
    ├─ sales.guerdon:2:20
    │
  2 │   quota : money CNY?
    │                    ─ allows an empty cell
"
    );
}

#[test]
fn a_place_in_data_is_named_and_values_are_shown_only_when_asked_for() {
    let place = DataPlace {
        table: "Person".to_owned(),
        file: Some("people.csv".to_owned()),
        row: Some(12),
        column: Some("quota".to_owned()),
    };
    let fault = Diagnostic::error(Code::D0809, text!("a cell is not a number", "单元格不是数字"))
        .place(place)
        .note(text!("The column holds money in CNY.", "此列是 CNY 金额。"))
        .detail(text!("The cell reads \"12o\".", "单元格内容为“12o”。"));
    let sources = SourceMap::default();
    let plain = Renderer::default();
    assert_eq!(
        plain.render(&fault, &sources),
        "\
error[D0809]: a cell is not a number
    ┌─ Person (people.csv), row 12, column \"quota\"
    │
    = The column holds money in CNY.
"
    );
    let chinese = Renderer {
        details: Details::Shown,
        language: Some(Language::Zh),
        ..plain
    };
    assert_eq!(
        chinese.render(&fault, &sources),
        "\
错误[D0809]：单元格不是数字
    ┌─ Person（people.csv），第 12 行，“quota”列
    │
    = 此列是 CNY 金额。
    = 单元格内容为“12o”。
"
    );
    let line = Renderer {
        layout: Layout::Line,
        ..plain
    };
    assert_eq!(
        line.render(&fault, &sources),
        "Person (people.csv), row 12, column \"quota\": error[D0809]: a cell is not a number\n"
    );
}

#[test]
fn colours_wrap_the_plain_text_and_do_not_change_it() {
    let script = Script::new("fee.guerdon", &[(5, "  let x = largest(1,200)")]);
    let fault = number_with_a_comma(&script);
    let coloured = Renderer {
        colour: Colour::Ansi,
        layout: Layout::Brief,
        ..Renderer::default()
    }
    .render(&fault, &script.sources);
    assert!(coloured.starts_with(
        "\u{1b}[1;31merror[E0107]\u{1b}[0m\u{1b}[1m: \"1,200\" could be one number or two values\u{1b}[0m\n"
    ));
    let mut plain = coloured;
    for escape in [
        "\u{1b}[0m",
        "\u{1b}[1m",
        "\u{1b}[1;31m",
        "\u{1b}[1;32m",
        "\u{1b}[34m",
    ] {
        plain = plain.replace(escape, "");
    }
    assert_eq!(plain, script.print_brief(&fault));
}

#[test]
fn a_place_at_the_end_of_the_file_and_an_inserted_line_are_shown() {
    let mut sources = SourceMap::default();
    let file = sources.add("a.guerdon", b"plan x\n  pay y = z\n").unwrap();
    let end = Span::at(file, 19);
    let fault = Diagnostic::error(Code::E0110, text!("plan \"x\" has no end", "方案“x”没有结束"))
        .secondary(Span::new(file, 0, 6), text!("begins here", "从此开始"))
        .primary(end, text!("the file ends here", "文件到此为止"))
        .fix(Fix::insert(text!("close the plan", "结束方案"), end, "end\n"));
    assert_eq!(
        Renderer::default().render(&fault, &sources),
        "\
error[E0110]: plan \"x\" has no end
    ┌─ a.guerdon:3:1
    │
  1 │ plan x
    │ ────── begins here
    ·
  3 │
    │ ^ the file ends here
help: close the plan
    │
  3 │ end
    │ +++
"
    );
}

#[test]
fn a_very_long_line_is_cut_around_the_place() {
    let long = format!("let x = {}y{}", "1 + ".repeat(300), " + 2".repeat(300));
    let script = Script::new("a.guerdon", &[(1, &long)]);
    let fault = Diagnostic::error(Code::E0202, text!("nothing is named \"y\"", "没有叫“y”的名称"))
        .primary(script.at(1, "y"), nothing());
    let shown = format!(
        "  1 │ …{}y{}…\n    │ {}^\n",
        "1 + ".repeat(15),
        " + 2".repeat(24) + " + ",
        " ".repeat(61)
    );
    assert_eq!(
        script.print_brief(&fault),
        format!("error[E0202]: nothing is named \"y\"\n{shown}")
    );
}

#[test]
fn escape_sequences_in_names_are_not_obeyed() {
    let script = Script::new("a\u{1b}[31m.guerdon", &[(1, "let x\u{202e} = 1")]);
    let fault = Diagnostic::error(Code::E0003, text!("hidden character U+202E", "隐藏字符 U+202E"))
        .primary(script.at(1, "\u{202e}"), nothing());
    assert_eq!(
        script.print(&fault),
        "\
error[E0003]: hidden character U+202E
    ┌─ a<U+001B>[31m.guerdon:1:6
    │
  1 │ let x<U+202E> = 1
    │      ^^^^^^^^
"
    );
}
