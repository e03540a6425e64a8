//! Uses of a plan's statements: definitions and earn lines, now or one period before.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::Checker;
use super::env::{Env, Place};
use super::expr::{fails, faulty};
use super::missing::required;
use super::plan::Symbol;
use super::postfix::Head;
use super::subscript::Param;
use super::want::Want;
use crate::hir::expr::{EarnOf, EarnPart, Expr, ExprKind};
use crate::hir::program::{Definition, DefinitionKind};
use crate::hir::schema::Reason;
use crate::types::{BinderId, DefinitionId, EarnId, PlanId, Scalar, Ty};

impl Checker<'_> {
    /// Types a statement of a plan by its bare name: for the current payee, record and period.
    pub(super) fn statement_value(
        &mut self,
        env: &Env,
        plan: PlanId,
        symbol: Symbol,
        name: &ast::Name,
        want: Want,
    ) -> Expr {
        match symbol {
            Symbol::Definition(id) => self.application(env, Head::Definition(id), &[], name.span, want),
            Symbol::Earn(id) => self.application(env, Head::Earn(id, EarnPart::Earned), &[], name.span, want),
            Symbol::Rows(_) | Symbol::Exception => {
                let written = &name.text;
                let mut message = Diagnostic::error(
                    Code::E0201,
                    text!("\"{written}\" is no value", "“{written}”不是值"),
                )
                .primary(name.span, Text::default());
                if let Some(span) = self.symbol_span(plan, symbol) {
                    message = message.secondary(span, text!("declared here", "声明于此"));
                }
                self.sink.push(message);
                faulty(name.span)
            }
        }
    }

    /// Types the value of a definition.
    pub(super) fn use_definition(
        &mut self,
        env: &Env,
        id: DefinitionId,
        args: &[ast::Expr],
        span: Span,
        want: Want,
    ) -> Expr {
        self.refuse_pay(env, id, span);
        let Some(args) = self.definition_args(env, id, args, span) else {
            return faulty(span);
        };
        let Some(found) = self.program.definition(id) else {
            return faulty(span);
        };
        let may_lack = self.may_lack_payee(env, found.plan, &args) && exists_for_payees_only(&found.kind);
        let ty = if may_lack {
            Ty::optional(found.ty.scalar)
        } else {
            found.ty
        };
        let value = Expr {
            kind: ExprKind::Use { definition: id, args },
            ty,
            span,
        };
        if may_lack && fails(want) {
            required(value)
        } else {
            value
        }
    }

    /// Types the value that a definition had one period before.
    pub(super) fn prior(
        &mut self,
        env: &Env,
        id: DefinitionId,
        args: &[ast::Expr],
        span: Span,
        want: Want,
    ) -> Expr {
        let Some(args) = self.definition_args(env, id, args, span) else {
            return faulty(span);
        };
        let Some(found) = self.program.definition(id) else {
            return faulty(span);
        };
        let has_period = args
            .last()
            .is_some_and(|last| matches!(last.ty.scalar, Scalar::Period(_)));
        if !has_period && found.ty.scalar != Scalar::Faulty {
            return self.push_without_past(id, span);
        }
        if found.ty.scalar == Scalar::Faulty && !self.is_typed(id) {
            return self.push_needs_carry(id, span);
        }
        let is_carry = matches!(found.kind, DefinitionKind::Carry { .. });
        let may_lack = self.may_lack_payee(env, found.plan, &args);
        let ty = if is_carry && !may_lack {
            found.ty
        } else {
            Ty::optional(found.ty.scalar)
        };
        let value = Expr {
            kind: ExprKind::Prior { definition: id, args },
            ty,
            span,
        };
        if is_carry && may_lack && fails(want) {
            required(value)
        } else {
            value
        }
    }

    /// Adds a definition that no author wrote.
    pub(super) fn hidden(
        &mut self,
        plan: PlanId,
        name: &str,
        params: Vec<BinderId>,
        kind: DefinitionKind,
        scalar: Scalar,
        span: Span,
    ) -> DefinitionId {
        let id = DefinitionId::at(self.program.definitions.len());
        self.program.definitions.push(Definition {
            naming: super::plain_naming(name, span),
            plan,
            params,
            kind,
            ty: Ty::always(scalar),
            exceptions: Vec::new(),
            rounding: None,
            reason: Reason::default(),
            span,
        });
        id
    }

    /// Finds or makes the hidden measure that gives an earn's total, so that it has a value of the period before.
    pub(super) fn hidden_measure(&mut self, earn: EarnId) -> Option<DefinitionId> {
        if let Some(found) = self.prior_earns.get(&earn) {
            return Some(*found);
        }
        let found = self.program.earn(earn)?;
        let (plan, name, ty, span) = (found.plan, found.naming.name.clone(), found.ty, found.naming.span);
        let (payee, period) = self.program.plan(plan).map(|plan| (plan.payee, plan.period))?;
        let of = EarnOf::Payee {
            payee: Box::new(self.variable(payee, span)),
            period: Box::new(self.variable(period, span)),
        };
        let total = Expr {
            kind: ExprKind::Earned {
                earn,
                part: EarnPart::Earned,
                of,
            },
            ty: Ty::optional(ty.scalar),
            span,
        };
        let id = self.hidden(
            plan,
            &name,
            vec![payee, period],
            DefinitionKind::Measure(total),
            ty.scalar,
            span,
        );
        if let Some(hidden) = self.program.definitions.get_mut(id.index()) {
            hidden.ty = Ty::optional(ty.scalar);
        }
        self.shapes.insert(id, self.payee_shape(plan));
        self.prior_earns.insert(earn, id);
        Some(id)
    }

    fn definition_args(
        &mut self,
        env: &Env,
        id: DefinitionId,
        args: &[ast::Expr],
        span: Span,
    ) -> Option<Vec<Expr>> {
        let found = self.program.definition(id)?;
        let (name, is_let) = (
            found.naming.name.clone(),
            matches!(found.kind, DefinitionKind::Let(_)),
        );
        let (plan, params) = (found.plan, self.shapes.get(&id)?.clone());
        let given = self.arguments(env, &name, &params, args, span)?;
        let mut settled = Vec::new();
        for (param, given) in params.iter().zip(given) {
            let value = match given {
                Some(value) => value,
                None if !param.is_used => continue,
                None => match self.shared_period(env, plan, param, span) {
                    Some(period) => period,
                    None => self.current_for(env, plan, param.scalar, is_let, &name, span)?,
                },
            };
            if param.is_used {
                let value = self.settled(env, value);
                settled.push(self.first_within(plan, value, param));
            }
        }
        Some(settled)
    }

    /// Gives the plan's own period to a statement that speaks of a longer one, where both are of one plan.
    fn shared_period(&self, env: &Env, plan: PlanId, param: &Param, span: Span) -> Option<Expr> {
        let has_lengths = self
            .written(plan)
            .is_some_and(|written| !written.lengths.is_empty());
        let is_period = matches!(param.scalar, Scalar::Period(_));
        let period = env
            .period
            .filter(|_| has_lengths && is_period && env.plan == Some(plan))?;
        Some(self.variable(period, span))
    }

    /// Gives the first period within a longer one, by which a value is computed.
    fn first_within(&self, plan: PlanId, value: Expr, param: &Param) -> Expr {
        let Some(unit) = param
            .shorter
            .filter(|unit| value.ty.scalar != Scalar::Period(*unit))
        else {
            return value;
        };
        let calendar = self.program.plan(plan).map(|found| found.calendar);
        let calendar = calendar.unwrap_or(crate::types::CalendarId(0));
        super::period::containing(calendar, unit, super::period::first_day(value))
    }

    /// Finds what a subscript that is left out means; in a release a `let` keeps the line's period.
    pub(super) fn current_for(
        &mut self,
        env: &Env,
        plan: PlanId,
        scalar: Scalar,
        is_let: bool,
        name: &str,
        span: Span,
    ) -> Option<Expr> {
        if let (true, Scalar::Period(_), Some(line)) = (is_let, scalar, &env.line_period)
            && line.ty.scalar == scalar
        {
            return Some(Expr { span, ..line.clone() });
        }
        if let Some(only) = self
            .only_period(plan, span)
            .filter(|only| only.ty.scalar == scalar)
        {
            // A statement of the plan itself moves with its period: a balance needs the value of each one.
            let own = env.period.filter(|_| env.plan == Some(plan));
            return Some(own.map_or(only, |period| self.variable(period, span)));
        }
        let value = self.current(env, scalar, name, span)?;
        self.refuse_other_calendar(env, plan, &value, name);
        Some(value)
    }

    /// Says that a statement of another plan counts its periods by another calendar.
    fn refuse_other_calendar(&mut self, env: &Env, plan: PlanId, value: &Expr, name: &str) {
        let is_period = matches!(value.ty.scalar, Scalar::Period(_));
        let calendars = (
            self.calendar_of(env),
            self.program.plan(plan).map(|plan| plan.calendar),
        );
        if is_period && Some(calendars.0) != calendars.1 {
            self.sink.push(
                Diagnostic::error(
                    Code::E0219,
                    text!(
                        "\"{name}\" counts its periods by another calendar",
                        "“{name}”按另一日历划分期间"
                    ),
                )
                .primary(value.span, text!("write its period", "请写明其期间")),
            );
        }
    }

    /// Says whether the values that only payees have may be lacking for these arguments.
    pub(super) fn may_lack_payee(&self, env: &Env, plan: PlanId, args: &[Expr]) -> bool {
        let is_among_payees = match env.place {
            Place::Payees | Place::Share => env.plan == Some(plan),
            Place::Declaration | Place::PayeeFilter | Place::Definition | Place::Test => false,
        };
        let own = [env.payee, env.period];
        let is_own =
            |arg: &Expr| matches!(&arg.kind, ExprKind::Binder(binder) if own.contains(&Some(*binder)));
        !(is_among_payees && args.iter().all(is_own))
    }

    /// Says that a measure reads what is paid, which is settled after it.
    fn refuse_pay(&mut self, env: &Env, id: DefinitionId, span: Span) {
        let Some(found) = self.program.definition(id) else {
            return;
        };
        if env.place != Place::Definition || !matches!(found.kind, DefinitionKind::Pay(_)) {
            return;
        }
        let name = &found.naming.name;
        let message = Diagnostic::error(
            Code::E0226,
            text!(
                "a measure cannot read the pay \"{name}\"",
                "度量不能读取发放“{name}”"
            ),
        )
        .primary(span, text!("read the earn lines behind it", "请读取其背后的计提"))
        .secondary(found.naming.span, text!("paid here", "在此发放"));
        self.sink.push(message);
    }

    fn push_without_past(&mut self, id: DefinitionId, span: Span) -> Expr {
        let name = self
            .program
            .definition(id)
            .map_or("", |found| found.naming.name.as_str());
        let message = Diagnostic::error(
            Code::E0223,
            text!(
                "\"{name}\" is the same in every period",
                "“{name}”在每个期间都相同"
            ),
        )
        .primary(
            span,
            text!("so it has no value of the period before", "因此没有上期的值"),
        );
        self.sink.push(message);
        faulty(span)
    }

    fn push_needs_carry(&mut self, id: DefinitionId, span: Span) -> Expr {
        let name = self
            .program
            .definition(id)
            .map_or("", |found| found.naming.name.as_str());
        let message = Diagnostic::error(
            Code::E0223,
            text!(
                "\"{name}\" builds on its own past, so it has to be a carry",
                "“{name}”以自身的上期值计算，应写作结转"
            ),
        )
        .primary(
            span,
            text!(
                "nothing says what it is before the first period",
                "没有写明首期之前的值"
            ),
        )
        .fix(Fix::advice(
            text!("write it as a balance", "写成余额"),
            text!("carry {name} = … starting 0", "结转 {name} = … 期初 0"),
        ));
        self.sink.push(message);
        faulty(span)
    }

    /// Gives the subscripts of what has a value for each payee and period.
    pub(super) fn payee_shape(&self, plan: PlanId) -> Vec<Param> {
        let Some(found) = self.program.plan(plan) else {
            return Vec::new();
        };
        [found.payee, found.period]
            .into_iter()
            .map(|binder| Param {
                scalar: self.kind_of_binder(binder),
                is_used: true,
                shorter: None,
            })
            .collect()
    }
}

fn exists_for_payees_only(kind: &DefinitionKind) -> bool {
    match kind {
        DefinitionKind::Carry { .. } | DefinitionKind::Pay(_) => true,
        DefinitionKind::Let(_) | DefinitionKind::Measure(_) | DefinitionKind::Streak(_) => false,
    }
}
