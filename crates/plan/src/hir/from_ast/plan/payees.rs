//! Who is paid: the plan's filter, narrowed by that of a variant, without the payees of variants.

use guerdon_syntax::{Code, Diagnostic, ast, text};

use crate::hir::expr::{Expr, ExprKind};
use crate::hir::from_ast::aggregate::{conjuncts, joined};
use crate::hir::from_ast::env::{Env, Frame, Place, Where};
use crate::hir::from_ast::expr::always;
use crate::hir::from_ast::{Checker, facts};
use crate::types::{BinderId, CalendarId, PlanId, Scalar};

impl<'a> Checker<'a> {
    /// Types the payee filters: that of the plan, narrowed by its own, without the payees of its variants.
    pub(super) fn payee_filters(&mut self, plan: PlanId, trees: &[&'a ast::Plan]) {
        let mut all: Vec<Expr> = Vec::new();
        for base in self.lineage(plan).iter().rev() {
            if let Some(tree) = trees.get(base.index()) {
                all.extend(self.payee_filter(plan, tree, *base != plan || self.base(plan).is_none()));
            }
        }
        let own = joined(all);
        let known = own.iter().flat_map(facts::if_yes).collect();
        if let Some(parts) = self.plans.get_mut(plan.index()) {
            parts.facts = known;
        }
        let mut conditions: Vec<Expr> = own.map_or_else(Vec::new, conjuncts);
        for (at, tree) in trees.iter().enumerate() {
            if self.base(PlanId::at(at)) == Some(plan) {
                conditions.push(self.not_of_variant(plan, tree));
            }
        }
        let filter = joined(conditions);
        if let Some(found) = self.program.plans.get_mut(plan.index()) {
            found.payee_filter = filter;
        }
    }

    /// Says in the plan's words that a payee does not belong to a variant; a variant of all payees leaves none.
    fn not_of_variant(&mut self, plan: PlanId, tree: &'a ast::Plan) -> Expr {
        let span = tree.name.span;
        let narrowed = self.payee_filter(plan, tree, true).unwrap_or_else(|| {
            always(
                ExprKind::Const(crate::hir::expr::Value::Bool(true)),
                Scalar::Bool,
                span,
            )
        });
        always(ExprKind::Not(Box::new(narrowed)), Scalar::Bool, span)
    }

    fn payee_filter(&mut self, plan: PlanId, tree: &'a ast::Plan, is_silent: bool) -> Option<Expr> {
        let line = tree.statements.iter().find_map(|line| {
            if let ast::PlanStatement::Payee(line) = line {
                Some(line)
            } else {
                None
            }
        })?;
        let (payee, period) = self.program.plan(plan).map(|found| (found.payee, found.period))?;
        self.same_people(plan, line, is_silent)?;
        let place = Where {
            span: line.span,
            has_filter: line.filter.is_some(),
        };
        self.filters.insert(payee, place);
        let filter = line.filter.as_ref()?;
        let env = self.payee_env(plan, line, payee, period, place);
        self.expression = Some(filter.span);
        Some(self.holds(&env, filter))
    }

    fn payee_env(
        &self,
        plan: PlanId,
        line: &ast::Population,
        payee: BinderId,
        period: BinderId,
        place: Where,
    ) -> Env {
        let table = if let Scalar::Row(table) = self.kind_of_binder(payee) {
            Some(table)
        } else {
            None
        };
        let plain = Env::of_file(line.span.file);
        let env = Env {
            place: Place::PayeeFilter,
            calendar: self
                .program
                .plan(plan)
                .map_or(CalendarId(0), |plan| plan.calendar),
            payee: Some(payee),
            period: Some(period),
            ..plain
        };
        env.with(Frame {
            binder: payee,
            name: None,
            bare: table,
            filter: Some(place),
        })
    }

    /// Says that a variant pays other records than its plan, unless it does not.
    fn same_people(&mut self, plan: PlanId, line: &ast::Population, is_silent: bool) -> Option<()> {
        let payee = self.program.plan(plan)?.payee;
        let table = self.table_named(&line.data)?;
        if self.kind_of_binder(payee) == Scalar::Row(table) {
            return Some(());
        }
        if !is_silent {
            let name = &line.data.text;
            self.sink.push(
                Diagnostic::error(
                    Code::E0407,
                    text!(
                        "the plan that is extended does not pay \"{name}\"",
                        "所扩展的方案不支付“{name}”"
                    ),
                )
                .primary(
                    line.data.span,
                    text!(
                        "a variant may only narrow the payees",
                        "变体只能缩小适用人员的范围"
                    ),
                ),
            );
        }
        None
    }
}
