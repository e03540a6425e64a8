//! Limits, on a small stack, and texts of any kind.

use proptest::prelude::*;

use super::{codes, codes_of, read};
use crate::diagnostic::Code;
use crate::source::SourceMap;

/// Runs on a thread with the small stack of a host's worker.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new()
        .stack_size(512 * 1024)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap()
}

fn repeated(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

#[test]
fn nesting_is_read_up_to_the_limit_and_refused_past_it() {
    on_a_small_stack(|| {
        let forms = [
            ("(", ")"),
            ("a[", "]"),
            ("f(", ")"),
            ("not (", ")"),
            ("- (", ")"),
            ("(if a then b else ", ")"),
            ("(sum x over S where ", ")"),
            ("(apply T to (", "))"),
            ("streak of (", ")"),
            ("(days in ", ")"),
            ("(period from ", ")"),
            ("(rank of ", " among S)"),
            ("(allocate ", " among S by w)"),
            ("(1 + 2 * ", ")"),
            ("(a and ", ")"),
        ];
        for (open, close) in forms {
            let cost = open.matches(['(', '[']).count()
                + open.matches(['f', 'u', 'p', 'y', 'k', 'l']).count().min(1);
            let fits = codes_of(&repeated(open, "1", close, 120 / cost.max(1) / 2));
            assert_eq!(fits, [], "{open}");
            let past = codes_of(&repeated(open, "1", close, 4_000));
            assert_eq!(past, [Code::E0004], "{open}");
        }
        assert_eq!(codes_of(&repeated("(", "1", ")", 127)), []);
        assert_eq!(codes_of(&repeated("(", "1", ")", 128)), []);
        assert_eq!(codes_of(&repeated("(", "1", ")", 129)), [Code::E0004]);
        assert_eq!(codes_of(&repeated("(", "1", ")", 49_000)), [Code::E0004]);
        assert_eq!(codes_of(&repeated("(", "1", ")", 100_000)), [Code::E0005]);
    });
}

#[test]
fn depth_without_brackets_is_limited_too() {
    on_a_small_stack(|| {
        assert_eq!(codes_of(&format!("{}a", "- ".repeat(40_000))), [Code::E0004]);
        assert_eq!(codes_of(&format!("{}a", "not ".repeat(40_000))), [Code::E0004]);
        assert_eq!(codes_of(&format!("a{}", ".b".repeat(40_000))), [Code::E0004]);
        assert_eq!(codes_of(&format!("a{}", "[1]".repeat(30_000))), [Code::E0004]);
        assert_eq!(
            codes_of(&format!("{}c", "if a then b else ".repeat(12_000))),
            [Code::E0004]
        );
        assert_eq!(codes_of(&format!("{}c", "if a then b else ".repeat(120))), []);
        assert_eq!(
            codes_of(&format!("{}c", "days in ".repeat(12_000))),
            [Code::E0004]
        );
        assert_eq!(
            codes_of(&format!("{}c", "sum x over S where ".repeat(12_000))),
            [Code::E0004]
        );
        assert_eq!(codes_of(&"(".repeat(40_000)), [Code::E0004]);
    });
}

#[test]
fn flat_chains_stay_flat_up_to_their_limit() {
    on_a_small_stack(|| {
        for op in ["+", "*", "and", "or", "otherwise", "at most"] {
            let chain = |terms: usize| format!("a{}", format!(" {op} a").repeat(terms - 1));
            assert_eq!(codes_of(&chain(10)), [], "{op}");
            assert_eq!(codes_of(&chain(4_096)), [], "{op}");
            assert_eq!(codes_of(&chain(4_097)), [Code::E0005], "{op}");
            assert_eq!(codes_of(&chain(100_000)), [Code::E0005], "{op}");
        }
    });
}

#[test]
fn names_texts_and_numbers_have_their_limits() {
    assert_eq!(codes_of(&"a".repeat(256)), []);
    assert_eq!(codes_of(&"a".repeat(257)), [Code::E0006]);
    assert_eq!(codes_of(&"9".repeat(38)), []);
    assert_eq!(codes_of(&"9".repeat(39)), [Code::E0008]);
    let text = |bytes: usize| format!("plan x\n  policy \"{}\"\nend", "p".repeat(bytes));
    assert_eq!(codes(&text(60_000)), []);
    assert_eq!(codes(&text(70_000)), [Code::E0007]);
}

#[test]
fn a_file_over_the_limit_is_refused_and_a_large_one_is_read() {
    let mut sources = SourceMap::default();
    assert_eq!(
        sources
            .add("big", &vec![b'\n'; 10 * 1024 * 1024])
            .unwrap_err()
            .code,
        Code::E0001
    );
    let rows = "    D1 | p1 | CNY 1,000.00 | 2026-01-05\n".repeat(12_000);
    let text = format!("test \"t\"\n  given Deal\n    id | owner | amount | day\n{rows}  end\nend");
    assert_eq!(on_a_small_stack(move || codes(&text)), []);
}

/// The grammar's parser gives up where little stack is left; it is given a stack of its own.
#[test]
fn a_long_line_is_read_on_the_stack_of_a_coroutine() {
    let text = format!("const many = {}1 from 2026-01-01", "(1 + 2) * 3 + ".repeat(300));
    let tiny = std::thread::Builder::new().stack_size(64 * 1024);
    let told = tiny.spawn(move || codes(&text)).unwrap().join().unwrap();
    assert_eq!(told, []);
}

#[test]
fn a_hundred_faults_are_kept_and_the_rest_counted() {
    let text = format!("plan x\n{}end", "  let a = = 1\n".repeat(500));
    assert_eq!(read("t", &text).1.len(), 100);
}

#[test]
fn odd_texts_end_without_a_panic() {
    on_a_small_stack(|| {
        for text in [
            "",
            "\u{feff}",
            "end",
            "\"",
            "`",
            "(",
            "plan",
            "plan x",
            "test",
            "given",
            "#",
            "。",
            "-",
            "|",
            "a b",
            "tiers t marginal\n  from",
            "语言 中文\n方案",
            "table t\n->\nend",
            "matrix m by\nend",
            "\r\n\r\n",
            "data\nend",
        ] {
            let (tree, _) = read("t", text);
            assert!(tree.items.len() < 2, "{text}");
        }
    });
}

fn soup() -> impl Strategy<Value = String> {
    let words = [
        "plan",
        "test",
        "\"t\"",
        "end",
        "\n",
        "\n",
        "\n",
        "let",
        "x",
        "=",
        "(",
        ")",
        "[",
        "]",
        "if",
        "then",
        "else",
        "sum",
        "over",
        "where",
        "is",
        "missing",
        "not",
        "-",
        "at",
        "most",
        "CNY 5",
        "8%",
        "2026-01-01",
        "|",
        "->",
        ":",
        ",",
        ".",
        "from",
        "up",
        "given",
        "earn",
        "for",
        "each",
        "prizes",
        "contest",
        "respond",
        "by",
        "tiers",
        "marginal",
        "table",
        "# c",
        "`a b`",
        "\"",
        "语言 中文\n",
        "方案",
        "给定",
        "结束",
        "合计",
        "。",
        "，",
        "，1，200",
        "￥5",
        "“甲”",
        "period",
        "rank",
        "1,200",
        "calendar",
        "source",
        "with",
        "as",
        "dimension",
        "metric",
        "scored",
        "linear",
        "\u{202E}",
        "grades",
    ];
    let word = prop::sample::select(words.to_vec());
    prop::collection::vec(word, 0..60).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic_and_its_places_exist(text in soup()) {
        let (tree, faults) = read("soup", &text);
        for label in faults.iter().flat_map(|fault| &fault.labels) {
            prop_assert!(text.get(label.span.range()).is_some());
        }
        for edit in faults.iter().flat_map(|fault| &fault.fixes).flat_map(|fix| &fix.edits) {
            prop_assert!(text.get(edit.span.range()).is_some());
        }
        let has_errors = faults.iter().any(|fault| fault.severity == crate::diagnostic::Severity::Error);
        if !has_errors {
            prop_assert!(tree.broken.is_empty());
            let printed = crate::format::format(&tree, tree.language);
            prop_assert!(printed.is_ok(), "{}", text);
        }
    }
}
