use super::*;
use crate::ast::mask;
use crate::parse::tests::{examples, read};

fn sample(name: &str) -> String {
    let path = format!("{}/tests/rules/{name}.guerdon", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn tree(text: &str) -> File {
    let (tree, faults) = read("t.guerdon", text);
    assert_eq!(faults, []);
    tree
}

fn samples() -> Vec<(String, String)> {
    let own = ["everything", "pair.en", "pair.zh"].map(|name| (name.to_owned(), sample(name)));
    own.into_iter().chain(examples()).collect()
}

#[test]
fn every_construct_is_read() {
    let file = tree(&sample("everything"));
    assert_eq!(file.items.len(), 34);
    assert!(file.is_version_written);
}

#[test]
fn formatting_twice_changes_nothing_in_either_language() {
    for (name, text) in samples() {
        let file = tree(&text);
        for language in [Language::En, Language::Zh] {
            let once = print(&file, language);
            let (again, faults) = read("again", &once);
            assert_eq!(faults, [], "{name} {language:?}\n{once}");
            assert!(is_same(&file, &again), "{name} {language:?}\n{once}");
            let twice = print(&again, language);
            assert_eq!(once, twice, "{name} {language:?}");
            assert_eq!(format(&file, language).unwrap(), once, "{name}");
        }
    }
}

#[test]
fn translating_there_and_back_gives_the_same_text() {
    for (name, text) in samples() {
        let here = format(&tree(&text), Language::En).unwrap();
        let there = format_source("zh", &here, Some(Language::Zh)).unwrap();
        assert_eq!(
            format_source("en", &there, Some(Language::En)).unwrap(),
            here,
            "{name}"
        );
    }
}

#[test]
fn an_english_and_a_chinese_file_that_say_the_same_give_the_same_masked_tree() {
    assert_eq!(mask(&tree(&sample("pair.en"))), mask(&tree(&sample("pair.zh"))));
    let shared = examples();
    let find = |name: &str| {
        shared
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, text)| mask(&tree(text)))
    };
    assert_eq!(find("1_ae.guerdon"), find("8_ae_zh.guerdon"));
    assert_ne!(find("1_ae.guerdon"), Some(mask(&tree(&sample("pair.en")))));
}

#[test]
fn the_layout_is_the_canonical_one() {
    let text = "# head\n\n\n\ntiers  t marginal # slices\n from 0% below 80%:4%   # first\n from 80% up:10%\nend\n\
                plan p \"P\" # a plan\n payee Person\n  currency CNY\n\n  # about x\n let x=1+\n 2 # three\nend # over\n";
    let expected = "# head\n\ntiers t marginal  # slices\n  from 0%  below 80% : 4%  # first\n  from 80% up        : 10%\nend\n\
                    plan p \"P\"  # a plan\n  payee    Person\n  currency CNY\n\n  # about x\n  let x = 1 + 2  # three\n\
                    end  # over\n";
    assert_eq!(format_source("t", text, None).unwrap(), expected);
}

#[test]
fn names_that_are_keywords_of_the_other_language_get_back_ticks() {
    let text = "plan p\n  let 合计 = 封顶 + 月\nend\n";
    let chinese = format_source("t", text, Some(Language::Zh)).unwrap();
    assert_eq!(chinese, "语言 中文\n\n方案 p\n  设 `合计` = `封顶` + 月\n结束\n");
    assert_eq!(format_source("t", &chinese, Some(Language::En)).unwrap(), text);
    let named = "语言 中文\n方案 p\n  设 sum = count + from\n结束\n";
    assert_eq!(
        format_source("t", named, Some(Language::En)).unwrap(),
        "plan p\n  let `sum` = `count` + `from`\nend\n"
    );
}

#[test]
fn a_file_with_errors_is_not_printed() {
    let refused = format_source("t", "plan p\n  let = 1\nend\n", None);
    assert!(matches!(refused, Err(FormatError::Faulty(faults)) if faults.len() == 1));
}
