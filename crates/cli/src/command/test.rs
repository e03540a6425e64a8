//! `guerdon test`: the tests that stand in the rule files.

use guerdon::limits::Limits;
use guerdon::plan::Plan;
use guerdon::testing::{TestResult, Verdict};
use serde_json::json;

use crate::Ending;
use crate::arguments::{Form, TestArguments};
use crate::output::{Failure, json, print, report, tame};
use crate::rules;

/// Runs the tests of rule files.
pub(crate) fn run(arguments: &TestArguments) -> Result<Ending, Failure> {
    let plan = match rules::compile(&arguments.files) {
        Ok(plan) => plan,
        Err(Failure::Rejected(rejection)) => {
            report(rejection.diagnostics(), rejection.sources());
            print("0 passed, 0 failed\n");
            return Ok(Ending::Findings);
        }
        Err(failure) => return Err(failure),
    };
    let results = plan.test(&Limits::default()).map_err(Failure::Engine)?;
    let own = own_tests(&plan, results, arguments);
    let failed = own.iter().filter(|result| !result.is_passed()).count();
    let passed = own.len().saturating_sub(failed);
    if arguments.format == Form::Json {
        let tests = json::tests(&plan, &own);
        json::show(
            "test",
            json!({ "passed": passed, "failed": failed, "tests": tests }),
        )?;
    } else {
        own.iter().for_each(|result| print(&shown(&plan, result)));
        print(&format!("{passed} passed, {failed} failed\n"));
    }
    Ok(if failed == 0 {
        Ending::Fine
    } else {
        Ending::Findings
    })
}

/// Keeps the tests of the files that were named; those of files they use are run with these.
fn own_tests(plan: &Plan, results: Vec<TestResult>, arguments: &TestArguments) -> Vec<TestResult> {
    let named = |result: &TestResult| {
        let name = plan.sources().name(result.span.file);
        arguments
            .files
            .iter()
            .any(|file| file.ends_with(name) || std::path::Path::new(name) == file)
    };
    results.into_iter().filter(named).collect()
}

fn shown(plan: &Plan, result: &TestResult) -> String {
    let mark = if result.is_passed() { "ok    " } else { "FAILED" };
    let mut text = format!("{mark} {}\n", tame(&result.name));
    for expectation in result
        .expectations
        .iter()
        .filter(|expectation| expectation.verdict != Verdict::Passed)
    {
        let sources = plan.sources();
        let line = sources
            .position(expectation.span.file, expectation.span.start)
            .line;
        let name = sources.name(expectation.span.file);
        let words = sources.slice(expectation.span).trim();
        text.push_str(&format!("         {name}:{line}  {words}\n"));
        match (expectation.verdict, expectation.found.as_slice()) {
            (Verdict::NotYet, _) => text.push_str("         this cannot be computed yet\n"),
            (_, [left, right]) => text.push_str(&format!("         it is {left}, not {right}\n")),
            (_, [one]) => text.push_str(&format!("         it is {one}\n")),
            _ => text.push_str("         it does not hold\n"),
        }
    }
    text
}
