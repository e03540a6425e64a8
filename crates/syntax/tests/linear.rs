//! Counts the steps of the parser on nested texts: twice the depth may cost at most two and a half times the steps.
//!
//! pest's limit of calls is a setting of the whole process, so this file holds one test and nothing else.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test of small numbers"
)]

use std::num::NonZeroUsize;

use guerdon_syntax::{Code, Sink, SourceMap, parse};

/// Every way in which an expression can hold another: what stands before the inner one and what behind it.
const FORMS: &[(&str, &str)] = &[
    ("(", ")"),
    ("-(", ")"),
    ("not (", ")"),
    ("a + (", ") * b"),
    ("a = (", ")"),
    ("a and (", ") or b"),
    ("(", ") otherwise b"),
    ("(", ") at most b"),
    ("(", ") rounded half-up to 0.01"),
    ("(", ") is not missing"),
    ("a in (b, ", ")"),
    ("f(a, ", ")"),
    ("a[", "]"),
    ("(", ").b"),
    ("if a then b else ", ""),
    ("(if ", " then b else c)"),
    ("(sum ", " over S)"),
    ("(sum x over S where ", ")"),
    ("(first x over S in order of (", "))"),
    ("(count over team of (", ") as t)"),
    ("(running sum ", " over S in order of k within g where c)"),
    ("(apply T to (", "))"),
    ("(apply T to x against (", ") stacked in order of k)"),
    ("(allocate ", " among S by w unit 1)"),
    ("(allocate x among S by ", ")"),
    ("(rank of ", " among S highest first ties best)"),
    ("(rank of x among S order by ", ")"),
    ("(streak of (", ") >= 2)"),
    ("(times of (", ") in last 3 months)"),
    ("(trend of (", ") over last 3 months)"),
    ("(days from (", ") to b)"),
    ("(days in (", "))"),
    ("(period from (", "))"),
    ("(period of (", ") in c)"),
    ("rate of T at (", ")"),
];

#[test]
fn twice_the_depth_costs_about_twice_the_steps() {
    for (open, close) in FORMS {
        let brackets = open.matches(['(', '[']).count().max(1) + usize::from(open.len() > 6);
        let deepest = 96 / brackets;
        let steps: Vec<usize> = [deepest / 4, deepest / 2, deepest]
            .iter()
            .map(|depth| steps(&nested(open, close, *depth)))
            .collect();
        for pair in steps.windows(2) {
            assert!(pair[1] * 10 <= pair[0] * 25, "{open} … {close}: {steps:?}");
        }
    }
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    format!(
        "plan p\n  let v = {}x{}\nend",
        open.repeat(depth),
        close.repeat(depth)
    )
}

/// Finds the least limit of calls with which a text is read.
fn steps(text: &str) -> usize {
    assert!(is_read(text, 4_000_000), "{text}");
    let (mut too_few, mut enough) = (0, 4_000_000);
    while enough - too_few > enough / 100 + 1 {
        let middle = too_few + (enough - too_few) / 2;
        if is_read(text, middle) {
            enough = middle
        } else {
            too_few = middle
        }
    }
    enough
}

fn is_read(text: &str, limit: usize) -> bool {
    pest::set_call_limit(NonZeroUsize::new(limit));
    let mut sources = SourceMap::default();
    let file = sources.add("nested", text.as_bytes()).unwrap();
    let mut sink = Sink::default();
    parse(&sources, file, &mut sink);
    sink.iter().all(|fault| fault.code != Code::E0101)
}
