//! Tests: grids of records, replaced values, expectations.

mod grid;
mod replaced;

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::{Env, Place};
use super::name::Candidate;
use super::plan::Symbol;
use super::want::Want;
use crate::hir::test::{Expect, Outcome, Test};
use crate::types::PlanId;

impl<'a> Checker<'a> {
    /// Types all tests.
    pub(super) fn read_tests(&mut self) {
        let items: Vec<&'a ast::Item> = self.files.iter().flat_map(|file| &file.items).collect();
        for item in items {
            if let ast::Item::Test(tree) = item
                && let Some(test) = self.test(tree)
            {
                self.program.tests.push(test);
            }
        }
    }

    fn test(&mut self, tree: &'a ast::Test) -> Option<Test> {
        self.given_keys = BTreeMap::new();
        let env = self.test_env(tree.span);
        let mut test = Test {
            name: tree.title.value.clone(),
            given: Vec::new(),
            with: Vec::new(),
            cells: Vec::new(),
            swaps: Vec::new(),
            expects: Vec::new(),
            span: tree.span,
        };
        for statement in &tree.statements {
            if let ast::TestStatement::Given(given) = statement
                && let Some(given) = self.given(&env, given)
            {
                self.note_keys(&given);
                test.given.push(given);
            }
        }
        self.refuse_mixed(tree);
        let mut is_ready = true;
        for statement in &tree.statements {
            match statement {
                ast::TestStatement::With(with) => {
                    is_ready &= self.with(&env, with, &mut test).is_some();
                }
                ast::TestStatement::Known(known) => {
                    self.push_later_line(known.span, "known as of");
                    is_ready = false;
                }
                ast::TestStatement::Given(_) | ast::TestStatement::Expect(_) => {}
            }
        }
        for statement in &tree.statements {
            if let ast::TestStatement::Expect(expect) = statement {
                test.expects.extend(self.expect(&env, expect));
            }
        }
        is_ready.then_some(test)
    }

    fn test_env(&self, span: Span) -> Env {
        let own = self.program.plans.iter().find(|plan| plan.span.file == span.file);
        let seen = self
            .program
            .plans
            .iter()
            .find(|plan| self.names.sees(span.file, plan.span.file));
        let calendar = own
            .or(seen)
            .map_or(crate::types::CalendarId(0), |plan| plan.calendar);
        Env {
            place: Place::Test,
            calendar,
            ..Env::of_file(span.file)
        }
    }

    fn note_keys(&mut self, given: &crate::hir::test::Given) {
        let key = self.key_fields(given.table);
        let [key] = key.as_slice() else {
            return;
        };
        let Some(column) = given.fields.iter().position(|field| field == key) else {
            return;
        };
        let words: BTreeSet<String> = given
            .rows
            .iter()
            .filter_map(|row| row.cells.get(column))
            .filter_map(grid::key_text)
            .collect();
        self.given_keys.entry(given.table).or_default().extend(words);
    }

    /// Lists the statements that a bare name in a test can mean: those of the plans of its own file.
    pub(super) fn test_symbols(&self, env: &Env, name: &str) -> Vec<Candidate> {
        if env.place != Place::Test {
            return Vec::new();
        }
        let plans = self.program.plans.iter().enumerate();
        let own = plans
            .filter(|(_, plan)| plan.span.file == env.file)
            .map(|(at, _)| PlanId::at(at))
            .filter(|plan| self.written(*plan).is_none());
        own.filter_map(|plan| {
            self.symbol(plan, name)
                .map(|symbol| Candidate::Statement(plan, symbol))
        })
        .filter(|candidate| {
            matches!(
                candidate,
                Candidate::Statement(_, Symbol::Definition(_) | Symbol::Earn(_))
            )
        })
        .collect()
    }

    fn expect(&mut self, env: &Env, tree: &'a ast::Expect) -> Option<Expect> {
        self.has_later = false;
        self.expression = Some(tree.what.span);
        let (expr, outcome) = match &tree.fails {
            None => (self.holds(env, &tree.what), Outcome::Holds),
            Some(fails) => {
                self.refuse_unknown_code(fails);
                let value = self.expr(env, &tree.what, Want::ANY);
                (
                    value,
                    Outcome::Fails(fails.code.as_ref().map(|code| code.text.clone())),
                )
            }
        };
        if !self.has_later && self.is_spoilt(&expr) {
            self.has_later = true;
            self.push_spoilt(tree.what.span);
        }
        (!self.has_later).then_some(Expect {
            expr,
            outcome,
            span: tree.span,
        })
    }

    fn refuse_unknown_code(&mut self, fails: &ast::Fails) {
        let Some(code) = &fails.code else {
            return;
        };
        let written = &code.text;
        if written.parse::<Code>().is_err() {
            self.sink.push(
                Diagnostic::error(
                    Code::E0202,
                    text!(
                        "no message has the number \"{written}\"",
                        "没有编号为“{written}”的消息"
                    ),
                )
                .primary(code.span, text!("such as R0901", "例如 R0901")),
            );
        }
    }

    /// Reports, as a mere note, an expectation of something that cannot be calculated yet.
    fn push_spoilt(&mut self, span: Span) {
        if self.sink.has_errors() {
            return;
        }
        self.sink.push(
            Diagnostic::remark(Code::E0217, text!("this cannot be tested yet", "此项尚不能测试")).primary(
                span,
                text!(
                    "rests on a value that cannot be calculated yet",
                    "所依据的值尚不能计算"
                ),
            ),
        );
    }

    /// Reports, as a mere note, a line of a test that cannot be carried out yet; its test is left out.
    fn push_later_line(&mut self, span: Span, what: &str) {
        self.sink.push(
            Diagnostic::remark(
                Code::E0217,
                text!(
                    "a test with \"{what}\" cannot be run yet",
                    "尚不能运行带有“{what}”的测试"
                ),
            )
            .primary(span, Text::default()),
        );
    }
}
