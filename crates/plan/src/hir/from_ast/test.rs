//! Tests: grids of records, replaced values, expectations.

mod grid;

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::{Env, Place};
use super::expr::fits;
use super::name::Candidate;
use super::plan::Symbol;
use super::want::Want;
use crate::hir::expr::Expr;
use crate::hir::test::{Expect, Outcome, Test, With, WithTarget};
use crate::resolve::Declared;
use crate::types::{FieldId, PlanId, Scalar, TableId};

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
            expects: Vec::new(),
            span: tree.span,
        };
        let mut is_ready = true;
        for statement in &tree.statements {
            match statement {
                ast::TestStatement::Given(given) => {
                    if let Some(given) = self.given(&env, given) {
                        self.note_keys(&given);
                        test.given.push(given);
                    }
                }
                ast::TestStatement::With(with) => match self.with(&env, with) {
                    Some(with) => test.with.push(with),
                    None => is_ready = false,
                },
                ast::TestStatement::Known(known) => {
                    self.push_later_line(known.span, "known as of");
                    is_ready = false;
                }
                ast::TestStatement::Expect(_) => {}
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
            .map(|(at, _)| PlanId::at(at));
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

    fn with(&mut self, env: &Env, tree: &'a ast::With) -> Option<With> {
        if !tree.subscripts.is_empty() {
            self.push_later_line(tree.span, "with … [ ]");
            return None;
        }
        let (target, scalar) = self.with_target(env, tree)?;
        self.expression = Some(tree.value.span);
        let value = self.value(env, &tree.value, Want::of(scalar));
        let value = self.with_kind(value, scalar, tree.target.span);
        Some(With {
            target,
            value,
            span: tree.span,
        })
    }

    fn with_kind(&mut self, value: Expr, scalar: Scalar, target: Span) -> Expr {
        if fits(value.ty.scalar, scalar) {
            return value;
        }
        let (found, wanted) = (self.a_kind(value.ty.scalar), self.a_kind(scalar));
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("{found} cannot stand in for {wanted}", "{found}不能代替{wanted}"; found, wanted),
            )
            .primary(value.span, found)
            .secondary(target, wanted),
        );
        super::expr::faulty_like(value)
    }

    fn with_target(&mut self, env: &Env, tree: &'a ast::With) -> Option<(WithTarget, Scalar)> {
        let name = &tree.target;
        match self.names_in_sight(env, &name.text).as_slice() {
            [Candidate::Declared(Declared::Table(table))] => self.replaced_field(*table, name),
            [Candidate::Declared(Declared::Constant(id))] => {
                let scalar = self.program.constant(*id).map(|found| found.ty.scalar)?;
                Some((WithTarget::Constant(*id), scalar))
            }
            [Candidate::Statement(_, Symbol::Definition(id))] => {
                let scalar = self.program.definition(*id).map(|found| found.ty.scalar)?;
                Some((WithTarget::Definition(*id), scalar))
            }
            [] => {
                let value = self.bare_name(env, name, Want::ANY);
                let _ = value;
                None
            }
            [_] => {
                self.push_later_line(tree.span, "with");
                None
            }
            [..] => {
                self.bare_name(env, name, Want::ANY);
                None
            }
        }
    }

    fn replaced_field(&mut self, table: TableId, name: &ast::Name) -> Option<(WithTarget, Scalar)> {
        let found = self.program.table(table)?;
        let values: Vec<(FieldId, Scalar)> = found
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| (FieldId::at(at), field.ty.scalar))
            .filter(|(field, _)| !found.key.contains(field))
            .collect();
        if let [(field, scalar)] = values.as_slice() {
            return Some((WithTarget::TableField(table, *field), *scalar));
        }
        let written = &name.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!(
                    "\"{written}\" has several values, so one cannot stand in for them",
                    "“{written}”有多个值，无法用一个值代替"
                ),
            )
            .primary(name.span, text!("give its records instead", "请改为给定其记录")),
        );
        None
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
