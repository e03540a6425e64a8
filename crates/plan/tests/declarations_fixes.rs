//! The fixes that messages about declarations offer: carried out, they leave no error.
#![expect(clippy::indexing_slicing, reason = "a test stops where something is missing")]

#[path = "support/rules.rs"]
mod rules;

use guerdon_syntax::fix::apply;
use rules::{Checked, errors};

/// Carries out the first fix of the only error, and gives the text and what is wrong with it then.
fn mended(text: &str) -> (String, Vec<(String, String)>) {
    let checked = Checked::text(text);
    assert_eq!(checked.errors().len(), 1, "{:?}", checked.errors());
    let edits = &checked.messages[0].fixes[0].edits;
    assert!(!edits.is_empty());
    let mended = apply(text, edits);
    let found = Checked::text(&mended).errors();
    (mended, found)
}

#[test]
fn fixes_of_tiers() {
    for (text, expected) in [
        (
            "tiers t marginal\n  from 0% below 80% : 4%\n  above 80% up : 6%\nend\n",
            "tiers t marginal\n  from 0% below 80% : 4%\n  from  80% up : 6%\nend\n",
        ),
        (
            "tiers t marginal\n  from 0% through 80% : 4%\n  from 90% up : 6%\nend\n",
            "tiers t marginal\n  from 0% through 80% : 4%\n  above 80% up : 6%\nend\n",
        ),
        (
            "tiers t retro\n  from CNY 0 below CNY 1,000,000.50 : 4%\n  from CNY 2,000,000 up : 6%\nend\n",
            "tiers t retro\n  from CNY 0 below CNY 1,000,000.50 : 4%\n  from CNY 1,000,000.5 up : 6%\nend\n",
        ),
        (
            "tiers t retro\n  from 0 through 50 : 4%\n  from 50 up : 6%\nend\n",
            "tiers t retro\n  from 0 through 50 : 4%\n  above 50 up : 6%\nend\n",
        ),
        (
            "tiers t retro\n  from 0 below 50 : 4%\n  from 40 below 60 : 6%\n  from 60 up : 6%\nend\n",
            "tiers t retro\n  from 0 below 50 : 4%\n  from 50 below 60 : 6%\n  from 60 up : 6%\nend\n",
        ),
        (
            "tiers t retro\n  from 0 below 50 : 4%\nend\n",
            "tiers t retro\n  from 0 up : 4%\nend\n",
        ),
        (
            "语言 中文\n阶梯 甲 超额累进\n  满 0% 不满 80%：4%\n  超过 80% 以上：6%\n结束\n",
            "语言 中文\n阶梯 甲 超额累进\n  满 0% 不满 80%：4%\n  满  80% 以上：6%\n结束\n",
        ),
        (
            "语言 中文\n阶梯 甲 超额累进\n  满 0% 不超过 80%：4%\n  满 90% 以上：6%\n结束\n",
            "语言 中文\n阶梯 甲 超额累进\n  满 0% 不超过 80%：4%\n  超过 80% 以上：6%\n结束\n",
        ),
    ] {
        assert_eq!(mended(text), (expected.to_owned(), errors(&[])));
    }
}

#[test]
fn fixes_of_tables() {
    let table = |column: &str, rows: [&str; 2]| {
        format!(
            "table t unique\n  {column} -> x: int\n  {} -> 1\n  {} -> 2\nend\n",
            rows[0], rows[1]
        )
    };
    for (column, rows, expected) in [
        (
            "n: int from 0",
            ["below 3", "from 5 up"],
            ["below 3", "from 3 up"],
        ),
        (
            "n: int from 0",
            ["through 3", "from 5 up"],
            ["through 3", "from 4 up"],
        ),
        (
            "n: int from 0",
            ["below 3", "above 5 up"],
            ["below 3", "above 2 up"],
        ),
        (
            "p: percent",
            ["below 50%", "above 50% up"],
            ["below 50%", "from 50% up"],
        ),
        (
            "p: percent",
            ["through 50%", "from 60% up"],
            ["through 50%", "above 50% up"],
        ),
        (
            "a: money CNY",
            ["below CNY 5", "from CNY 6 up"],
            ["below CNY 5", "from CNY 5 up"],
        ),
        (
            "d: date",
            ["below 2026-01-01", "from 2026-02-01 up"],
            ["below 2026-01-01", "from 2026-01-01 up"],
        ),
        (
            "m: month",
            ["through 2025-12", "from 2026-02 up"],
            ["through 2025-12", "from 2026-01 up"],
        ),
    ] {
        assert_eq!(
            mended(&table(column, rows)),
            (table(column, expected), errors(&[]))
        );
    }
}

#[test]
fn a_name_that_was_mistyped_is_put_right() {
    let (mended, found) = mended("data Deal key id\n  id : text\n  twin : Dael?\nend\n");
    assert_eq!(mended, "data Deal key id\n  id : text\n  twin : Deal?\nend\n");
    assert_eq!(found, errors(&[]));
}
