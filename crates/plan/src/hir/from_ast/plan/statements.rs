//! The statements of a plan: definitions, earns and what names them, checks.

mod amortise;
mod break_down;
mod cap;
mod check;
mod earn;
mod exception;

use std::collections::BTreeMap;

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::super::blocks::Kind;
use super::{Line, Symbol};
use crate::hir::BinderDomain;
use crate::hir::expr::{Domain, Expr};
use crate::hir::from_ast::Checker;
use crate::hir::from_ast::env::{Env, Frame, Place};
use crate::hir::from_ast::expr::{faulty, faulty_like, fits};
use crate::hir::from_ast::lenient::lenient;
use crate::hir::from_ast::source::Over;
use crate::hir::from_ast::subscript::Param;
use crate::hir::from_ast::want::Want;
use crate::hir::program::{DefinitionKind, RoundingPlace, RoundingRule};
use crate::resolve::Declared;
use crate::types::{BinderId, DefinitionId, PlanId, Scalar, Ty};

impl<'a> Checker<'a> {
    /// Types `let`, `measure` and the openings of `carry`, each after what it uses.
    pub(super) fn read_definitions(&mut self) {
        let lines = self.definition_lines();
        for id in self.definition_order() {
            if let Some((plan, line)) = lines.get(&id) {
                self.read_definition(id, *plan, *line);
                self.typed.insert(id);
            }
        }
    }

    fn definition_lines(&self) -> BTreeMap<DefinitionId, (PlanId, Line<'a>)> {
        let mut found = BTreeMap::new();
        for (at, parts) in self.plans.iter().enumerate() {
            let plan = PlanId::at(at);
            for line in &parts.lines {
                let Some(named) = super::named(line.statement) else {
                    continue;
                };
                let symbol = parts.symbols.get(&named.name.text);
                if let Some((Symbol::Definition(id), span)) = symbol
                    && *span == named.name.span
                {
                    found.insert(*id, (plan, *line));
                }
            }
        }
        found
    }

    fn read_definition(&mut self, id: DefinitionId, plan: PlanId, line: Line<'a>) {
        if let ast::PlanStatement::Let(tree) = line.statement {
            let env = self.statement_env(plan, line, &tree.name, tree.dated.as_ref());
            let value = self.defined(plan, &tree.name, env.clone(), &tree.value);
            self.finish_definition(id, &[], &env, value, DefinitionKind::Let);
        } else if let ast::PlanStatement::Measure(tree) = line.statement {
            self.read_measure(id, plan, line, tree);
        } else if let ast::PlanStatement::Carry(tree) = line.statement {
            self.read_opening(id, plan, line, tree);
        }
    }

    fn read_opening(&mut self, id: DefinitionId, plan: PlanId, line: Line<'a>, tree: &'a ast::Carry) {
        let env = self.plan_env(plan, line, Place::Payees);
        let opening = self.top_value(&env, &tree.starting, Want::of(self.paid_kind(plan)));
        let scalar = opening.ty.scalar;
        if let Some(found) = self.program.definitions.get_mut(id.index()) {
            found.ty = Ty::always(scalar);
            found.kind = DefinitionKind::Carry {
                value: faulty(tree.span),
                opening,
                restarting: None,
            };
        }
    }

    fn read_measure(&mut self, id: DefinitionId, plan: PlanId, line: Line<'a>, tree: &'a ast::Measure) {
        let mut env = self.statement_env(plan, line, &tree.name, None);
        let mut subjects = Vec::new();
        for grain in &tree.grain {
            let Some(table) = self.table_named(&grain.data) else {
                continue;
            };
            self.refuse_built_in(&grain.name);
            let binder = self.bind(&grain.name.text, BinderDomain::Row(table), grain.name.span);
            env.frames.push(Frame {
                binder,
                name: Some(grain.name.text.clone()),
                bare: None,
                filter: None,
            });
            subjects.push(binder);
        }
        env.grains = subjects.len();
        let env = self.dated_env(env, tree.dated.as_ref());
        let value = self.defined(plan, &tree.name, env.clone(), &tree.value);
        self.finish_definition(id, &subjects, &env, value, DefinitionKind::Measure);
    }

    /// Types the value of a definition, which is missing where its operands are if its block says so.
    fn defined(&mut self, plan: PlanId, name: &ast::Name, env: Env, tree: &ast::Expr) -> Expr {
        let Some(written) = self.written(plan) else {
            return self.top(&env, tree, Want::ANY);
        };
        let is_lenient = written.lenient.contains(&name.text);
        let is_strict = written.strict.contains(&name.text);
        let env = Env {
            is_lenient: is_lenient || is_strict,
            ..env
        };
        let kind = written.kinds.get(&name.text);
        let want = self.want_of(&env, kind);
        let value = self.top(&env, tree, want);
        let value = match kind {
            Some(Kind::Number) => self.expect_plain(value),
            Some(Kind::Enum(_)) | None => value,
        };
        match (is_lenient, is_strict) {
            (true, _) => lenient(value),
            (false, true) => self.present(&env, value),
            (false, false) => value,
        }
    }

    /// Says what the kind of a statement makes its bare words mean.
    fn want_of(&self, env: &Env, kind: Option<&Kind>) -> Want {
        let Some(Kind::Enum(name)) = kind else {
            return Want::ANY;
        };
        let found = self.names.lookup(env.file, name);
        match found.first().map(|entry| entry.declared) {
            Some(Declared::Enum(id)) => Want::of(Scalar::Enum(id)),
            Some(_) | None => Want::ANY,
        }
    }

    /// Says that a value is no plain number, unless it is one: of percents and amounts nobody knows how many points
    /// they are.
    fn expect_plain(&mut self, value: Expr) -> Expr {
        if matches!(value.ty.scalar, Scalar::Int | Scalar::Number | Scalar::Faulty) {
            return value;
        }
        let found = self.a_kind(value.ty.scalar);
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("points are plain numbers; this is {found}", "得分应为普通数字，此处是{found}"; found),
            )
            .primary(value.span, found)
            .fix(Fix::advice(
                text!("say how many points it is worth", "写明它值多少分"),
                text!(
                    "scored linear 0% -> 0, 100% -> 100",
                    "计分 线性 0% -> 0，100% -> 100"
                ),
            )),
        );
        faulty_like(value)
    }

    /// Gives a definition its exceptions, parameters, type and value.
    fn finish_definition(
        &mut self,
        id: DefinitionId,
        subjects: &[BinderId],
        env: &Env,
        value: Expr,
        kind: fn(Expr) -> DefinitionKind,
    ) {
        let exceptions = self.exceptions_of(id, env, value.ty);
        let mut ty = value.ty;
        let mut used = self.free_binders(&value);
        for exception in &exceptions {
            used.extend(self.free_binders(&exception.when));
            used.extend(self.free_binders(&exception.value));
            if exception.value.ty.is_optional() {
                ty = Ty::optional(ty.scalar);
            }
            if exception.during != crate::hir::schema::Effective::default() {
                used.extend(env.period);
            }
        }
        let mut params: Vec<BinderId> = subjects.to_vec();
        let mut shape: Vec<Param> = subjects
            .iter()
            .map(|binder| Param {
                scalar: self.kind_of_binder(*binder),
                is_used: true,
                shorter: None,
            })
            .collect();
        for binder in [env.payee, env.period].into_iter().flatten() {
            let is_used = used.contains(&binder);
            let own = self.kind_of_binder(binder);
            let (scalar, shorter) = match (own, env.longer) {
                (Scalar::Period(unit), Some(longer)) => (Scalar::Period(longer), Some(unit)),
                (_, _) => (own, None),
            };
            shape.push(Param {
                scalar,
                is_used,
                shorter,
            });
            if is_used {
                params.push(binder);
            }
        }
        self.shapes.insert(id, shape);
        if let Some(found) = self.program.definitions.get_mut(id.index()) {
            found.params = params;
            found.ty = ty;
            found.kind = kind(value);
            found.exceptions = exceptions;
        }
    }

    /// Sees what a line of a plan sees.
    pub(super) fn plan_env(&self, plan: PlanId, line: Line<'_>, place: Place) -> Env {
        let found = self.program.plan(plan);
        let facts = self
            .plans
            .get(plan.index())
            .map_or_else(Vec::new, |parts| parts.facts.clone());
        Env {
            place,
            plan: Some(plan),
            payee: found.map(|plan| plan.payee).filter(|_| self.has_subject(plan)),
            period: found.map(|plan| plan.period),
            facts,
            ..Env::of_file(line.file)
        }
    }

    /// Sees what a `let` or measure of this name sees.
    fn statement_env(
        &mut self,
        plan: PlanId,
        line: Line<'_>,
        name: &ast::Name,
        dated: Option<&ast::Expr>,
    ) -> Env {
        let env = self.plan_env(plan, line, Place::Definition);
        let longer = self.longer_period(plan, &name.text);
        self.dated_env(Env { longer, ..env }, dated)
    }

    fn dated_env(&mut self, env: Env, dated: Option<&ast::Expr>) -> Env {
        match dated {
            Some(day) => {
                let day = self.value_of(&env, day, Scalar::Date);
                Env {
                    day: Some(day),
                    ..env
                }
            }
            None => env,
        }
    }

    /// Types the expression of a statement, remembering it for messages that quote it.
    pub(super) fn top(&mut self, env: &Env, tree: &ast::Expr, want: Want) -> Expr {
        self.expression = Some(tree.span);
        self.has_later = false;
        self.expr(env, tree, want)
    }

    /// Types the expression of a statement whose value must be there.
    pub(super) fn top_value(&mut self, env: &Env, tree: &ast::Expr, want: Want) -> Expr {
        let value = self.top(env, tree, want);
        self.present(env, value)
    }

    /// Types an amount in what the plan pays.
    pub(super) fn amount(&mut self, env: &Env, tree: &ast::Expr, scalar: Scalar) -> Expr {
        let value = self.top_value(env, tree, Want::like(scalar));
        if fits(value.ty.scalar, scalar) {
            return value;
        }
        let (found, wanted) = (self.a_kind(value.ty.scalar), self.a_kind(scalar));
        let code = match (value.ty.scalar, scalar) {
            (Scalar::Money(_), Scalar::Money(_)) => Code::E0203,
            (Scalar::Money(_), Scalar::Points) | (Scalar::Points, Scalar::Money(_)) => Code::E0229,
            (_, _) => Code::E0201,
        };
        let mut message = Diagnostic::error(
            code,
            text!("this plan pays {wanted}, not {found}", "本方案支付{wanted}，而不是{found}"; wanted, found),
        )
        .primary(value.span, found);
        if let Some(span) = env.plan.and_then(|plan| self.currency_span(plan)) {
            message = message.secondary(span, wanted);
        }
        self.sink.push(message);
        faulty(value.span)
    }

    /// Types everything of a plan but its definitions.
    pub(super) fn read_statements(&mut self, plan: PlanId) {
        let lines = self
            .plans
            .get(plan.index())
            .map_or_else(Vec::new, |parts| parts.lines.clone());
        for line in &lines {
            if let ast::PlanStatement::Earn(tree) = line.statement {
                self.read_earn(plan, *line, tree);
            }
        }
        for line in &lines {
            if let ast::PlanStatement::BreakDown(tree) = line.statement {
                self.read_break_down(plan, *line, tree);
            }
        }
        for line in &lines {
            self.read_statement(plan, *line);
        }
        self.check_carried(plan);
        self.check_broken(plan);
    }

    fn read_statement(&mut self, plan: PlanId, line: Line<'a>) {
        match line.statement {
            ast::PlanStatement::Carry(tree) => self.read_carry(plan, line, tree),
            ast::PlanStatement::Pay(tree) => self.read_pay(plan, line, tree),
            ast::PlanStatement::Cap(tree) => self.read_cap(plan, line, tree),
            ast::PlanStatement::Release(tree) => self.read_share(plan, line, tree, earn::ShareKind::Release),
            ast::PlanStatement::Clawback(tree) => {
                self.read_share(plan, line, tree, earn::ShareKind::Clawback)
            }
            ast::PlanStatement::Check(tree) => self.read_check(plan, line, tree),
            ast::PlanStatement::Except(tree) => self.read_exception_target(plan, tree),
            ast::PlanStatement::Rows(tree) => self.read_rows(plan, line, tree),
            ast::PlanStatement::Hold(tree) => self.read_hold(plan, line, tree),
            ast::PlanStatement::Amortise(tree) => self.read_amortise(plan, line, tree),
            ast::PlanStatement::Review(tree) => self.read_review(plan, line, tree),
            ast::PlanStatement::Payee(_)
            | ast::PlanStatement::Currency(_)
            | ast::PlanStatement::Effective(_)
            | ast::PlanStatement::Period(_)
            | ast::PlanStatement::Rounding(_)
            | ast::PlanStatement::Missing(_)
            | ast::PlanStatement::Policy(_)
            | ast::PlanStatement::Let(_)
            | ast::PlanStatement::Measure(_)
            | ast::PlanStatement::Earn(_)
            | ast::PlanStatement::BreakDown(_)
            | ast::PlanStatement::Segments(_)
            | ast::PlanStatement::Replace(_) => {}
        }
    }

    /// Types the filter of `rows` for its own sake, so that faults show even where nothing uses it.
    fn read_rows(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Rows) {
        let env = self.plan_env(plan, line, Place::Definition);
        let opened = match &tree.source.kind {
            ast::SourceKind::Named(_) => self.open(&env, &tree.source, None).map(|(opened, _)| opened),
            ast::SourceKind::Team(_) | ast::SourceKind::Reports(_) => self.open_team(&env, &tree.source),
        };
        if let Some(opened) = opened
            && let (Over::Known(Domain::Rows(_)), Some(_)) = (&opened.over, &tree.filter)
        {
            self.expression = tree.filter.as_ref().map(|filter| filter.span);
            self.rows_conditions(&env, &tree.name, opened.binder);
        }
    }

    fn read_carry(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Carry) {
        let Some(Symbol::Definition(id)) = self.symbol_at(plan, &tree.name) else {
            return;
        };
        let env = self.plan_env(plan, line, Place::Payees);
        let scalar = self
            .program
            .definition(id)
            .map_or(Scalar::Faulty, |found| found.ty.scalar);
        let value = self.top_value(&env, &tree.value, Want::like(scalar));
        let value = self.expect_kind(value, scalar);
        let restarting = tree.restarting.and_then(|unit| self.every(&env, unit));
        let exceptions = self.exceptions_of(id, &env, Ty::always(scalar));
        if let Some(found) = self.program.definitions.get_mut(id.index()) {
            let opening = if let DefinitionKind::Carry { opening, .. } =
                std::mem::replace(&mut found.kind, DefinitionKind::Let(faulty(tree.span)))
            {
                opening
            } else {
                faulty(tree.span)
            };
            found.kind = DefinitionKind::Carry {
                value,
                opening,
                restarting,
            };
            found.exceptions = exceptions;
        }
    }

    fn read_pay(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Pay) {
        let Some(Symbol::Definition(id)) = self.symbol_at(plan, &tree.name) else {
            return;
        };
        let env = self.plan_env(plan, line, Place::Payees);
        let own = tree
            .currency
            .as_ref()
            .and_then(|code| self.currency(&code.text, code.span));
        let (scalar, value) = match own.map(Scalar::Money) {
            Some(own) if own != self.paid_kind(plan) => {
                let value = self.top_value(&env, &tree.value, Want::like(own));
                (own, self.expect_currency(value, own))
            }
            Some(_) | None => {
                let scalar = self.paid_kind(plan);
                (scalar, self.amount(&env, &tree.value, scalar))
            }
        };
        let rounding = self.rounding_of_pay(plan, scalar, tree.span);
        let exceptions = self.exceptions_of(id, &env, Ty::always(scalar));
        if let Some(found) = self.program.definitions.get_mut(id.index()) {
            found.ty = Ty::always(scalar);
            found.kind = DefinitionKind::Pay(value);
            found.exceptions = exceptions;
            found.rounding = rounding;
        }
    }

    /// Rounds a pay in a currency of its own to that currency's least unit, in the mode of the plan.
    fn rounding_of_pay(&mut self, plan: PlanId, scalar: Scalar, span: Span) -> Option<RoundingRule> {
        let rule = self.program.plan(plan)?.rounding.clone()?;
        if scalar == self.paid_kind(plan) {
            return None;
        }
        let step = self.minor_unit(scalar, span)?;
        let place = RoundingPlace::Pay;
        Some(RoundingRule { step, place, ..rule })
    }

    /// Says that what is paid in a currency of its own is in another one, unless it is in that.
    fn expect_currency(&mut self, value: Expr, scalar: Scalar) -> Expr {
        if fits(value.ty.scalar, scalar) || !matches!(value.ty.scalar, Scalar::Money(_)) {
            return self.expect_kind(value, scalar);
        }
        let (found, wanted) = (self.a_kind(value.ty.scalar), self.a_kind(scalar));
        self.sink.push(
            Diagnostic::error(
                Code::E0203,
                text!("this pays {wanted}, not {found}", "此项支付{wanted}，而不是{found}"; wanted, found),
            )
            .primary(value.span, found)
            .fix(Fix::advice(
                text!(
                    "convert it, and name the day of the rate",
                    "请换算，并写明取哪一天的汇率"
                ),
                text!("convert(…, …, period.last_day)", "convert(…, …, 本期.末日)"),
            )),
        );
        faulty(value.span)
    }

    /// Gives the statement that a name declares, if it is this one and not a second of the same name.
    pub(super) fn symbol_at(&self, plan: PlanId, name: &ast::Name) -> Option<Symbol> {
        let (symbol, span) = self.plans.get(plan.index())?.symbols.get(&name.text)?;
        (*span == name.span).then_some(*symbol)
    }

    /// Reports `except` lines that name nothing which allows them.
    fn read_exception_target(&mut self, plan: PlanId, tree: &'a ast::Except) {
        let written = &tree.target.text;
        match self.symbol(plan, written) {
            Some(Symbol::Definition(_) | Symbol::Earn(_)) => {}
            Some(Symbol::Rows(_) | Symbol::Exception) => {
                self.sink.push(
                    Diagnostic::error(
                        Code::E0403,
                        text!("\"{written}\" allows no exceptions", "“{written}”不可设例外"),
                    )
                    .primary(tree.target.span, Text::default()),
                );
            }
            None => self.push_unknown_target(plan, &tree.target),
        }
    }

    /// Says that a statement names an earn or a pay that is not there.
    pub(in crate::hir::from_ast) fn push_unknown_target(&mut self, plan: PlanId, name: &ast::Name) {
        let written = &name.text;
        if self.names.is_broken(written) {
            return;
        }
        let message = Diagnostic::error(
            Code::E0202,
            text!(
                "nothing in this plan is called \"{written}\"",
                "本方案中没有叫“{written}”的名称"
            ),
        )
        .primary(name.span, Text::default());
        let known = self.symbol_names(plan);
        let fix = self.nearest(written, name.span, known.iter().map(String::as_str));
        self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
    }
}
