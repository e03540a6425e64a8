//! In-file tests through the oracle.

use guerdon_plan::calendar::Date;
use guerdon_plan::hir::axis::last_day_of_test;
use guerdon_plan::hir::{Outcome, Program, Test};
use guerdon_syntax::span::Span;

use crate::oracle::{Oracle, Scope};
use crate::records::Records;
use crate::value::{Cell, V};

/// Says what came of one expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct TestOutcome {
    /// The line of the test.
    pub span: Span,
    /// What its expression is.
    pub found: Cell,
    /// Whether that is what was expected.
    pub verdict: Verdict,
}

/// Says whether an expectation is fulfilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Fulfilled,
    /// It is not.
    Failed,
}

/// Runs a test: its records, its replaced values, through the latest day that it names.
#[must_use]
pub fn run_test(program: &Program, test: &Test) -> Vec<TestOutcome> {
    let program = &test.applied_to(program);
    let records = Records::known_by(program, &test.given, test.known_as_of);
    let oracle = Oracle::new(program, &records, run_end(program, test), &test.with);
    let outcome = |expect: &guerdon_plan::hir::Expect| {
        let found = oracle.value(&expect.expr, &Scope::default());
        let is_fulfilled = match (&expect.outcome, &found) {
            (Outcome::Holds, found) => *found == Ok(Some(V::Bool(true))),
            (Outcome::Fails(Some(code)), Err(error)) => code == error.code(),
            (Outcome::Fails(None), Err(_)) => true,
            (Outcome::Fails(_), Ok(_)) => false,
        };
        let verdict = if is_fulfilled {
            Verdict::Fulfilled
        } else {
            Verdict::Failed
        };
        TestOutcome {
            span: expect.span,
            found,
            verdict,
        }
    };
    test.expects.iter().map(outcome).collect()
}

/// Finds the last day of a test's run; one that names no day runs through the first period of each plan.
#[must_use]
pub fn run_end(program: &Program, test: &Test) -> Date {
    last_day_of_test(program, test).unwrap_or(Date::FIRST)
}
