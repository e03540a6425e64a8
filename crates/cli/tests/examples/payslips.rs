//! The payslip at the end of each page of the gallery is what the engine says about the records of one of its tests.

use std::fs;
use std::path::Path;

use crate::guide::rule_blocks;
use crate::tool;

#[test]
fn the_payslips_of_the_gallery_are_what_explain_prints() {
    let mut payslips = 0;
    let pages = fs::read_dir(tool::repository().join("docs/gallery")).expect("the pages");
    for page in pages.map(|page| page.expect("a page").path()) {
        let text = fs::read_to_string(&page).expect("text");
        for block in rule_blocks(&text) {
            payslips += 1;
            let shown = payslip(&text).unwrap_or_else(|| panic!("{}: no payslip", page.display()));
            let printed = explained(&block, figure(shown));
            assert!(
                printed.iter().any(|printed| printed.trim_end() == shown),
                "{}: shown\n{shown}\nand printed over the records of each test\n{}",
                page.display(),
                printed.join("\n")
            );
        }
    }
    assert_eq!(payslips, 39, "payslips in the gallery");
}

/// Gives the last block of plain text on a page.
fn payslip(page: &str) -> Option<&str> {
    let (_, rest) = page.rsplit_once("```text\n")?;
    rest.split("\n```").next()
}

fn figure(payslip: &str) -> &str {
    payslip.split(" = ").next().unwrap_or_default()
}

/// Explains a figure over the records of each test of a rule file.
fn explained(rules: &str, figure: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rules.guerdon");
    fs::write(&file, rules).expect("a file");
    let mut printed = Vec::new();
    for (number, test) in tests(rules).iter().enumerate() {
        let data = folder.path().join(number.to_string());
        fs::create_dir(&data).expect("a folder");
        write_headings(rules, &data);
        write_records(test, &data);
        printed.push(tool::explain(&file, &data, figure));
    }
    printed
}

/// Gives the text of each test.
fn tests(rules: &str) -> Vec<String> {
    let mut tests: Vec<String> = Vec::new();
    for line in rules.lines() {
        if line.starts_with("test ") || line.starts_with("测试 ") {
            tests.push(String::new());
        } else if let Some(test) = tests.last_mut() {
            test.push_str(line);
            test.push('\n');
        }
    }
    tests
}

/// Writes a file without records for each data block.
fn write_headings(rules: &str, data: &Path) {
    let mut lines = rules.lines();
    while let Some(line) = lines.next() {
        let Some(name) = word_after(line, &["data ", "数据 "]) else {
            continue;
        };
        let fields = lines.by_ref().take_while(|line| !is_end(line));
        let names: Vec<&str> = fields.filter_map(|line| line.split_whitespace().next()).collect();
        write(data, name, &format!("{}\n", names.join(",")));
    }
}

/// Writes the records that a test gives.
fn write_records(test: &str, data: &Path) {
    let mut lines = test.lines();
    while let Some(line) = lines.next() {
        let Some(name) = word_after(line.trim(), &["given ", "给定 "]) else {
            continue;
        };
        let rows = lines.by_ref().take_while(|line| !is_end(line));
        let rows: Vec<String> = rows.map(|row| record(without_comment(row))).collect();
        write(data, name, &format!("{}\n", rows.join("\n")));
    }
}

fn write(data: &Path, name: &str, text: &str) {
    fs::write(data.join(format!("{name}.csv")), text).expect("a file");
}

fn word_after<'a>(line: &'a str, words: &[&str]) -> Option<&'a str> {
    let rest = words.iter().find_map(|word| line.strip_prefix(word))?;
    rest.split_whitespace().next()
}

fn is_end(line: &str) -> bool {
    matches!(line.trim(), "end" | "结束")
}

fn without_comment(row: &str) -> &str {
    row.split(" #").next().unwrap_or_default()
}

fn record(row: &str) -> String {
    let cells = row.split(['|', '｜']).map(|written| cell(written.trim()));
    cells.collect::<Vec<String>>().join(",")
}

/// Writes a cell of a grid as a cell of a file: `-` is empty, and `1.5万元` is 15000.
fn cell(written: &str) -> String {
    if written == "-" {
        return String::new();
    }
    let plain = written.trim_matches(['"', '“', '”']);
    let Some(yuan) = plain.strip_suffix('元') else {
        return format!("\"{plain}\"");
    };
    let amount = yuan.replace(',', "");
    match amount.strip_suffix('万') {
        Some(ten_thousands) => ten_thousandfold(ten_thousands),
        None => amount,
    }
}

fn ten_thousandfold(amount: &str) -> String {
    let (whole, decimals) = amount.split_once('.').unwrap_or((amount, ""));
    format!("{whole}{decimals:0<4}")
}
