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
            known_as_of: None,
            swaps: Vec::new(),
            expects: Vec::new(),
            span: tree.span,
        };
        for statement in &tree.statements {
            if let ast::TestStatement::Given(given) = statement
                && let Some(given) = self.given_records(&env, given, &mut test)
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
                ast::TestStatement::Known(known) => self.known_as_of(known, &mut test),
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

    /// Reads a grid: records, or the days of a list of holidays.
    fn given_records(
        &mut self,
        env: &Env,
        tree: &'a ast::Given,
        test: &mut Test,
    ) -> Option<crate::hir::test::Given> {
        match self.holidays_by_name(env.file, &tree.data.text) {
            Some(list) => {
                test.swaps.extend(self.given_holidays(list, tree));
                None
            }
            None => self.given(env, tree),
        }
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

    /// Reads `known as of D`: records that became known later are not seen.
    fn known_as_of(&mut self, known: &ast::Known, test: &mut Test) {
        let day = self.date_of(&known.day);
        if test.known_as_of.is_some() {
            self.sink.push(
                Diagnostic::error(Code::E0216, text!("this line is given twice", "此行重复"))
                    .primary(known.span, text!("again here", "再次出现")),
            );
        }
        if self.program.tables.iter().all(|table| table.known.is_none()) {
            self.sink.push(
                Diagnostic::error(
                    Code::E0215,
                    text!("no record says when it became known", "没有记录写明何时获知"),
                )
                .primary(known.span, Text::default())
                .fix(guerdon_syntax::Fix::advice(
                    text!("name the field that tells it", "写明该字段"),
                    text!(
                        "data Deal key id known recorded_on",
                        "数据 合同 主键 编号 知于 录入日"
                    ),
                )),
            );
        }
        test.known_as_of = day;
    }
}
