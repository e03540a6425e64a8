//! Runs the examples of the pages of the messages through the checker.
#![expect(clippy::expect_used, reason = "a page that cannot be read fails the test")]

#[allow(dead_code, reason = "each test reads the part of a page it needs")]
#[path = "../../syntax/tests/support/pages.rs"]
mod pages;

use guerdon_plan::hir::check;
use guerdon_plan::lint::lint;
use guerdon_syntax::{Code, Diagnostic, Fix, Renderer, Severity, Sink, SourceMap, fix, parse};

#[test]
fn every_example_gives_the_message_it_is_marked_with_and_is_free_of_it_once_mended() {
    let mut faults = Vec::new();
    for page in pages::read() {
        let code: Code = page.code.parse().expect("pages are named after codes");
        for fence in page
            .fences
            .iter()
            .filter(|fence| fence.info.starts_with("guerdon"))
        {
            let found = found(&fence.body);
            let has_code = found.count(code) > 0;
            let is_right = match fence.info.contains("error=") {
                true => has_code,
                false => !has_code && found.errors() == 0,
            };
            if !is_right {
                faults.push(format!(
                    "{code} `{}`:\n{}\n{}",
                    fence.info, fence.body, found.printed
                ));
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
            let Some(offered) = before.first_fix(code) else {
                continue;
            };
            let mended = fix::apply(&fence.body, &offered.edits);
            let after = found(&mended);
            let is_error = code.severity() == Severity::Error;
            let is_better = !is_error || before.errors() > after.errors() || after.is_only_unsupported();
            if before.count(code) <= after.count(code) || !is_better {
                faults.push(format!(
                    "{code}:\n{}\nmended:\n{mended}\n{}",
                    before.printed, after.printed
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Holds the printed messages on the pages against those that are given; with `BLESS_PAGES` set, writes them there.
#[test]
fn pages_show_their_message_as_it_is_printed() {
    let is_blessing = std::env::var_os("BLESS_PAGES").is_some();
    let mut faults = Vec::new();
    for page in pages::read() {
        let code: Code = page.code.parse().expect("pages are named after codes");
        let expected = with_messages(&page.text, code);
        if is_blessing {
            pages::write(&page.code, &expected);
        } else if page.text != expected {
            faults.push(format!("{code} should read:\n{expected}"));
        }
    }
    let hint = "look at the messages; if they are meant, run this test with BLESS_PAGES=1";
    assert!(faults.is_empty(), "{hint}\n\n{}", faults.join("\n"));
}

/// Writes the message behind each example that gives it, in the place of what stands there.
fn with_messages(text: &str, code: Code) -> String {
    let mark = format!("```guerdon error={code}\n");
    let mut parts = text.split(mark.as_str());
    let mut written = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (example, rest) = part.split_once("```\n").expect("a closed example");
        let rest = match rest.strip_prefix("\n```text\n") {
            Some(shown) => shown.split_once("```\n").expect("a closed message").1,
            None => rest,
        };
        let message = found(example).printed_with(code);
        written.push_str(&format!("{mark}{example}```\n\n```text\n{message}```\n{rest}"));
    }
    written
}

struct Found {
    sources: SourceMap,
    diagnostics: Vec<Diagnostic>,
    printed: String,
}

impl Found {
    fn count(&self, code: Code) -> usize {
        self.diagnostics.iter().filter(|one| one.code == code).count()
    }

    fn errors(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .count()
    }

    /// Tells whether all that is wrong is a construct that this version cannot calculate, and says so.
    fn is_only_unsupported(&self) -> bool {
        self.diagnostics
            .iter()
            .all(|one| one.severity != Severity::Error || one.code == Code::E0217)
    }

    /// Prints the first message that has a code.
    fn printed_with(&self, code: Code) -> String {
        let message = self.diagnostics.iter().find(|one| one.code == code);
        message.map_or(String::new(), |one| {
            Renderer::default().render(one, &self.sources)
        })
    }

    fn first_fix(&self, code: Code) -> Option<&Fix> {
        let message = self.diagnostics.iter().find(|one| one.code == code)?;
        message.fixes.first().filter(|fix| !fix.edits.is_empty())
    }
}

/// Reads and checks an example, and looks for what was probably not meant if it has no error.
fn found(body: &str) -> Found {
    let mut sources = SourceMap::default();
    let file = sources
        .add("plan.guerdon", body.as_bytes())
        .expect("an example is text");
    let mut sink = Sink::default();
    let tree = parse(&sources, file, &mut sink);
    sources.set_language(file, tree.language);
    let program = check(&[tree], &sources, &mut sink);
    if !sink.has_errors() {
        lint(&program, &mut sink);
    }
    let diagnostics = sink.finish();
    let printed = Renderer::default().render_all(&diagnostics, &sources);
    Found {
        sources,
        diagnostics,
        printed,
    }
}
