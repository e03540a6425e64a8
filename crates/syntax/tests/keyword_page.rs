//! Holds the page of keywords to the table that the parser reads.

use std::collections::BTreeMap;

use guerdon_syntax::keyword::Keyword;

#[test]
fn the_page_lists_every_keyword_and_no_other() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/language/keywords.md");
    let page = std::fs::read_to_string(page).unwrap();
    let mut words: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for keyword in Keyword::ALL {
        let chinese = words.entry(keyword.english()).or_default();
        chinese.extend(
            keyword
                .chinese()
                .iter()
                .filter(|word| !chinese.contains(word))
                .collect::<Vec<_>>(),
        );
    }
    let rows: Vec<String> = words
        .iter()
        .map(|(english, chinese)| format!("| `{english}` | {} |", chinese.join(" · ")))
        .collect();
    let listed: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(listed, rows);
}

#[test]
fn one_chinese_word_stands_for_one_english_phrase() {
    let mut meaning: BTreeMap<&str, &str> = BTreeMap::new();
    for keyword in Keyword::ALL {
        for word in keyword.chinese() {
            let english = meaning
                .insert(word, keyword.english())
                .unwrap_or(keyword.english());
            assert_eq!(english, keyword.english(), "{word}");
        }
    }
}
