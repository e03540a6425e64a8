//! Runs the examples of the pages of run-time messages.
#![expect(clippy::expect_used, reason = "a page that cannot be read fails the test")]

#[allow(dead_code, reason = "each test reads the part of a page it needs")]
#[path = "../../syntax/tests/support/pages.rs"]
mod pages;

use guerdon::limits::Limits;
use guerdon::plan::{Plan, Source};

#[test]
fn every_example_of_a_failure_while_running_fails_as_its_page_says() {
    let mut faults = Vec::new();
    let mut ran = 0_usize;
    for page in pages::read() {
        for fence in page
            .fences
            .iter()
            .filter(|fence| fence.info == format!("guerdon run={}", page.code))
        {
            ran = ran.saturating_add(1);
            assert!(
                fence.body.contains(&format!("fails {}", page.code)),
                "{}",
                page.code
            );
            let source = Source::new("plan.guerdon", fence.body.as_bytes());
            let plan = Plan::compile(&[source]).map_err(|refused| refused.to_string());
            let results = plan.expect("an example that compiles").test(&Limits::default());
            for result in results.expect("a run within its limits") {
                if !result.is_passed() {
                    faults.push(format!(
                        "{}: {:#?}\n{}",
                        page.code, result.expectations, fence.body
                    ));
                }
            }
        }
    }
    assert!(ran > 0, "no page has an example to run");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
