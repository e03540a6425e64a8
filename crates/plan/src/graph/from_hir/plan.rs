//! Plans: who is paid, what checks say, balances and pay.

use guerdon_syntax::span::Span;

use super::Builder;
use super::check::RowChecks;
use super::free::reads_normal;
use super::scope::Scope;
use crate::calendar::Date;
use crate::graph::{
    Alternative, AxisSpan, EarnOutput, FrameId, GroupKey, NodeId, Op, PlanOutput, ReadsNormal,
};
use crate::hir::{
    AggregateOp, Comparison, Earn, Effective, Exception, Expr, Plan, RoundingPlace, RoundingRule, Value,
};
use crate::number::Exact;
use crate::types::{DefinitionId, PlanId, Scalar, Ty};

/// What is known of a plan before its statements.
#[derive(Debug, Clone, Default)]
pub(super) struct PlanNodes {
    is_payee: Option<NodeId>,
    is_settled: Option<NodeId>,
    pub(super) checks: Option<Vec<(NodeId, Span)>>,
    pub(super) rows: Option<RowChecks>,
}

impl Builder<'_> {
    /// Lowers a plan with all its outputs.
    pub(super) fn plan_output(&mut self, id: PlanId) -> Option<PlanOutput> {
        let plan = self.program.plan(id)?;
        let scope = self.plan_scope(id)?;
        let is_payee = self.is_payee(id, &scope);
        let values = plan.definitions.iter().chain(&plan.carries).chain(&plan.pays);
        let values = values
            .filter(|definition| !self.is_of_pairs(**definition))
            .collect::<Vec<_>>();
        let values = values
            .into_iter()
            .map(|definition| (*definition, self.definition(*definition)))
            .collect();
        let earns = plan
            .earns
            .iter()
            .filter(|earn| !self.program.earn(**earn).is_some_and(Earn::is_broken_down))
            .filter_map(|earn| self.earn_output(*earn))
            .collect::<Vec<EarnOutput>>();
        let is_settled = self.is_settled(id, &scope);
        let checks = self.check_outputs(id, plan, &scope, is_payee);
        Some(PlanOutput {
            plan: id,
            pays_in: plan.pays_in,
            payees: self.row_table(plan.payee)?,
            axis: self.axis(id),
            is_payee,
            is_settled,
            values,
            earns,
            checks,
        })
    }

    /// Opens the frame of a plan's payees and periods.
    pub(super) fn plan_scope(&mut self, id: PlanId) -> Option<Scope> {
        let plan = self.program.plan(id)?;
        self.dense(Some(plan.payee), Some(plan.period), id)
    }

    /// Says who is a payee in which period, within the plan's effective days.
    pub(super) fn is_payee(&mut self, id: PlanId, scope: &Scope) -> NodeId {
        if let Some(node) = self.lowered.plans.get(&id).and_then(|nodes| nodes.is_payee) {
            return node;
        }
        let Some(plan) = self.program.plan(id) else {
            return self.missing(Span::default());
        };
        let mut conditions = vec![self.is_effective(plan, scope)];
        if let Some(filter) = &plan.payee_filter {
            conditions.push(self.expr(filter, &scope.choosing()));
        }
        let payee = scope.binders.get(&plan.payee).copied();
        if let (Some(payees), Some(payee)) = (self.row_table(plan.payee), payee)
            && let Some(exists) = self.refusing_check(id, payees)
        {
            conditions.push(self.broadcast(exists, scope, Some(payee), None, plan.span));
        }
        let node = self.node(
            Op::And(conditions),
            scope.frame,
            Ty::always(Scalar::Bool),
            plan.span,
        );
        self.lowered.plans.entry(id).or_default().is_payee = Some(node);
        node
    }

    /// Says which periods touch the plan's effective days.
    fn is_effective(&mut self, plan: &Plan, scope: &Scope) -> NodeId {
        let (calendar, span) = (plan.calendar, plan.span);
        let period = self.own_period(scope.frame, scope.plan, span);
        let (from, through) = self.effective_days(plan.effective, span);
        let date = Ty::always(Scalar::Date);
        let first = self.node(Op::FirstDay { calendar, period }, scope.frame, date, span);
        let last = self.node(Op::LastDay { calendar, period }, scope.frame, date, span);
        let begins = Op::Compare {
            op: Comparison::LessOrEqual,
            left: first,
            right: through,
        };
        let ends = Op::Compare {
            op: Comparison::GreaterOrEqual,
            left: last,
            right: from,
        };
        let parts = [begins, ends].map(|op| self.node(op, scope.frame, Ty::always(Scalar::Bool), span));
        self.node(
            Op::And(parts.to_vec()),
            scope.frame,
            Ty::always(Scalar::Bool),
            span,
        )
    }

    /// Says which periods are not before the plan's first.
    pub(super) fn has_begun(&mut self, id: PlanId, scope: &Scope) -> NodeId {
        let Some(plan) = self.program.plan(id) else {
            return self.missing(Span::default());
        };
        let (calendar, span) = (plan.calendar, plan.span);
        let period = self.own_period(scope.frame, scope.plan, span);
        let (right, _) = self.effective_days(plan.effective, span);
        let date = Ty::always(Scalar::Date);
        let left = self.node(Op::LastDay { calendar, period }, scope.frame, date, span);
        let op = Comparison::GreaterOrEqual;
        self.node(
            Op::Compare { op, left, right },
            scope.frame,
            Ty::always(Scalar::Bool),
            span,
        )
    }

    /// Gives the first and last day of a range as constants.
    pub(super) fn effective_days(&mut self, effective: Effective, span: Span) -> (NodeId, NodeId) {
        let from = effective.from.unwrap_or(Date::FIRST);
        let through = effective.through.unwrap_or(Date::LAST);
        (
            self.constant(Value::Date(from), Scalar::Date, span),
            self.constant(Value::Date(through), Scalar::Date, span),
        )
    }

    /// Says who is shown in which period: payees, and who has a line dated in the period or before.
    pub(super) fn is_settled(&mut self, id: PlanId, scope: &Scope) -> NodeId {
        if let Some(node) = self.lowered.plans.get(&id).and_then(|nodes| nodes.is_settled) {
            return node;
        }
        let Some(plan) = self.program.plan(id) else {
            return self.missing(Span::default());
        };
        let span = plan.span;
        let mut either = vec![self.is_payee(id, scope)];
        let zero = self.constant(Value::Number(Exact::ZERO), Scalar::Int, span);
        for earn in &plan.earns {
            let Some(lines) = self.line_frame(*earn) else {
                continue;
            };
            let key = GroupKey::Place {
                row: Some(lines.payee),
                period: Some(lines.period),
            };
            let (op, from) = (AggregateOp::Count, lines.scope.frame);
            let count = Op::Group {
                op,
                value: None,
                filter: None,
                key,
                from,
                order: Vec::new(),
                best: None,
            };
            let count = self.node(count, scope.frame, Ty::always(Scalar::Int), span);
            let so_far = self.cumulated(count, AxisSpan::EverToDate);
            let some = Op::Compare {
                op: Comparison::Greater,
                left: so_far,
                right: zero,
            };
            either.push(self.node(some, scope.frame, Ty::always(Scalar::Bool), span));
        }
        let node = match either.as_slice() {
            [one] => *one,
            _ => self.node(Op::Or(either), scope.frame, Ty::always(Scalar::Bool), span),
        };
        self.lowered.plans.entry(id).or_default().is_settled = Some(node);
        node
    }

    /// Applies exceptions to a value; `during` is asked of the line's day, otherwise of the period's last day.
    pub(super) fn excepted(
        &mut self,
        normal: NodeId,
        exceptions: &[Exception],
        day: Option<NodeId>,
        scope: &Scope,
        ty: Ty,
        span: Span,
    ) -> NodeId {
        if exceptions.is_empty() {
            return normal;
        }
        let mut inner = scope.clone();
        inner.normal = Some(normal);
        let mut alternatives = Vec::new();
        for exception in exceptions {
            let mut conditions = Vec::new();
            if exception.during != Effective::default() {
                conditions.push(self.is_during(exception, day, scope));
            }
            conditions.push(self.expr(&exception.when, scope));
            let when = match conditions.as_slice() {
                [one] => *one,
                _ => self.node(
                    Op::And(conditions),
                    scope.frame,
                    Ty::always(Scalar::Bool),
                    exception.span,
                ),
            };
            let value = self.expr(&exception.value, &inner);
            let reads = if reads_normal(&exception.value) {
                ReadsNormal::Yes
            } else {
                ReadsNormal::No
            };
            alternatives.push(Alternative {
                when,
                value,
                reads,
                over: exception.over.clone(),
                span: exception.span,
            });
        }
        self.node(
            Op::Prefer {
                normal,
                exceptions: alternatives,
            },
            scope.frame,
            ty,
            span,
        )
    }

    fn is_during(&mut self, exception: &Exception, day: Option<NodeId>, scope: &Scope) -> NodeId {
        let span = exception.span;
        let (from, through) = self.effective_days(exception.during, span);
        let calendar = self
            .program
            .plan(scope.plan)
            .map_or(crate::types::CalendarId(0), |plan| plan.calendar);
        let value = match day {
            Some(day) => day,
            None => {
                let period = self.own_period(scope.frame, scope.plan, span);
                self.node(
                    Op::LastDay { calendar, period },
                    scope.frame,
                    Ty::always(Scalar::Date),
                    span,
                )
            }
        };
        let op = Op::Within {
            value,
            calendar,
            from,
            through,
        };
        self.node(op, scope.frame, Ty::always(Scalar::Bool), span)
    }

    pub(super) fn carry(&mut self, id: DefinitionId, value: &Expr, scope: &Scope) -> NodeId {
        let Some(definition) = self.program.definition(id) else {
            return self.missing(Span::default());
        };
        let (ty, span) = (definition.ty, definition.span);
        let before = self.prior(id, span);
        let value = self.expr(value, scope);
        let value = self.excepted(value, &definition.exceptions, None, scope, ty, span);
        let value = self.rounded(value, RoundingPlace::Pay, scope, span);
        let value = self.guarded_here(value, scope, id);
        let is_settled = self.is_settled(scope.plan, scope);
        let kept = Op::If {
            condition: is_settled,
            then: value,
            otherwise: before,
        };
        let kept = self.node(kept, scope.frame, ty, span);
        // What is unknown once stays unknown.
        let state = self.node(
            Op::Poison {
                value: kept,
                by: before,
            },
            scope.frame,
            ty,
            span,
        );
        self.tie_priors(id, state);
        self.node(
            Op::Where {
                value: state,
                condition: is_settled,
            },
            scope.frame,
            ty,
            span,
        )
    }

    pub(super) fn pay(&mut self, id: DefinitionId, value: &Expr, scope: &Scope) -> NodeId {
        let Some(definition) = self.program.definition(id) else {
            return self.missing(Span::default());
        };
        let (ty, span) = (definition.ty, definition.span);
        let value = self.expr(value, scope);
        let value = self.spread(value, scope);
        let value = self.excepted(value, &definition.exceptions, None, scope, ty, span);
        let value = match definition.rounding.clone() {
            Some(RoundingRule { mode, step, .. }) => {
                self.node(Op::Round { value, mode, step }, scope.frame, ty, span)
            }
            None => self.rounded(value, RoundingPlace::Pay, scope, span),
        };
        let value = self.guarded_here(value, scope, id);
        let condition = self.is_settled(scope.plan, scope);
        self.node(Op::Where { value, condition }, scope.frame, ty, span)
    }

    /// Guards a value of a plan's own payees and periods.
    fn guarded_here(&mut self, value: NodeId, scope: &Scope, id: DefinitionId) -> NodeId {
        let plan = self
            .program
            .definition(id)
            .and_then(|definition| self.program.plan(definition.plan));
        let Some(plan) = plan else { return value };
        match (scope.binders.get(&plan.payee), scope.binders.get(&plan.period)) {
            (Some(payee), Some(period)) => self.guarded(value, scope, *payee, *period),
            _ => value,
        }
    }

    /// Rounds a value as the plan does, wherever that is: the books have no smaller parts.
    pub(super) fn rounded_anywhere(
        &mut self,
        value: NodeId,
        earn: &Earn,
        frame: FrameId,
        ty: Ty,
        span: Span,
    ) -> NodeId {
        let rule = self
            .program
            .plan(earn.plan)
            .and_then(|plan| plan.rounding.clone());
        match rule {
            Some(RoundingRule { mode, step, .. }) => {
                self.node(Op::Round { value, mode, step }, frame, ty, span)
            }
            None => value,
        }
    }

    /// Rounds a value if the plan rounds there.
    pub(super) fn rounded(
        &mut self,
        value: NodeId,
        place: RoundingPlace,
        scope: &Scope,
        span: Span,
    ) -> NodeId {
        let rule = self
            .program
            .plan(scope.plan)
            .and_then(|plan| plan.rounding.clone());
        match rule {
            Some(rule) if rule.place == place => {
                let ty = self.ty_of(value);
                self.node(
                    Op::Round {
                        value,
                        mode: rule.mode,
                        step: rule.step,
                    },
                    scope.frame,
                    ty,
                    span,
                )
            }
            Some(_) | None => value,
        }
    }
}
