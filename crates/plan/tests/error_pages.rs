//! Runs the examples of the pages of the messages through the checker.
#![expect(clippy::expect_used, reason = "a page that cannot be read fails the test")]

#[path = "../../syntax/tests/support/pages.rs"]
mod pages;

use guerdon_plan::hir::check;
use guerdon_plan::lint::lint;
use guerdon_syntax::{Code, Diagnostic, Renderer, Severity, Sink, SourceMap, fix, parse};

#[test]
fn every_example_gives_the_message_it_is_marked_with_and_is_free_of_it_once_mended() {
    let mut faults = Vec::new();
    for page in pages::read() {
        let code: Code = page.code.parse().expect("pages are named after codes");
        for fence in page.fences.iter().filter(|fence| fence.info.starts_with("guerdon")) {
            let found = found(&fence.body);
            let has_code = found.diagnostics.iter().any(|one| one.code == code);
            let is_right =
                if fence.info.contains("error=") { has_code } else { !has_code && errors(&found) == 0 };
            if !is_right {
                faults.push(format!("{code} `{}`:\n{}\n{}", fence.info, fence.body, found.printed));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_first_fix_of_each_message_mends_it() {
    let mut faults = Vec::new();
    for page in pages::read() {
        let code: Code = page.code.parse().expect("pages are named after codes");
        for fence in page.fences.iter().filter(|fence| fence.info.contains("error=")) {
            let before = found(&fence.body);
            let Some(one) = before.diagnostics.iter().find(|one| one.code == code) else { continue };
            let Some(offered) = one.fixes.first().filter(|fix| !fix.edits.is_empty()) else { continue };
            let mended = fix::apply(&fence.body, &offered.edits);
            let after = found(&mended);
            let is_left = after.diagnostics.iter().any(|left| left.code == code && left.title == one.title);
            let is_better = one.severity != Severity::Error || errors(&after) < errors(&before);
            if is_left || !is_better {
                faults.push(format!("{code}:\n{}\nmended:\n{mended}\n{}", before.printed, after.printed));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

struct Found {
    diagnostics: Vec<Diagnostic>,
    printed: String,
}

/// Reads and checks an example, and looks for what was probably not meant if it has no error.
fn found(body: &str) -> Found {
    let mut sources = SourceMap::default();
    let file = sources.add("plan.guerdon", body.as_bytes()).expect("an example is text");
    let mut sink = Sink::default();
    let tree = parse(&sources, file, &mut sink);
    sources.set_language(file, tree.language);
    let program = check(&[tree], &sources, &mut sink);
    if !sink.has_errors() {
        lint(&program, &mut sink);
    }
    let diagnostics = sink.finish();
    let printed = Renderer::default().render_all(&diagnostics, &sources);
    Found { diagnostics, printed }
}

fn errors(found: &Found) -> usize {
    found.diagnostics.iter().filter(|one| one.severity == Severity::Error).count()
}
