//! The five tests of a target.

use guerdon_syntax::ast::{PlanStatement, SmartResult, SmartTest};

use super::Out;
use crate::hir::from_ast::blocks::Length;
use crate::hir::from_ast::blocks::write::Writer;
use crate::hir::from_ast::reason;
use crate::hir::{SmartCheck, SmartFailure};

impl Out<'_, '_> {
    /// Writes each test as a measure that is missing where that cannot be told.
    pub(super) fn smart(&mut self) -> Vec<SmartCheck<String>> {
        let mut found: Vec<SmartCheck<String>> = Vec::new();
        for test in self.lines.tests.clone() {
            let earlier = found.iter().filter(|known| known.test == test.test).count();
            let word = word(test.test);
            let name = match earlier {
                0 => word.to_owned(),
                more => format!("{word} {}", more.saturating_add(1)),
            };
            let mut measure = Writer::at(test.span).measure(&name, test.condition.clone());
            if let PlanStatement::Measure(measure) = &mut measure {
                measure.tail = test.tail.clone();
            }
            self.lengths.insert(name.clone(), Length::Whole);
            self.lenient.push(name.clone());
            self.push(measure);
            found.push(SmartCheck {
                test: test.test,
                holds: name,
                failure: match test.otherwise {
                    SmartResult::Warn => SmartFailure::Warn,
                    SmartResult::Fail => SmartFailure::Fail,
                },
                reason: reason(&test.tail),
                span: test.span,
            });
        }
        found
    }
}

const fn word(test: SmartTest) -> &'static str {
    match test {
        SmartTest::Specific => "specific",
        SmartTest::Measurable => "measurable",
        SmartTest::Achievable => "achievable",
        SmartTest::Relevant => "relevant",
        SmartTest::Timely => "timely",
    }
}
