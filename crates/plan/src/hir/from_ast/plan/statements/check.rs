//! Checks: conditions on payees and on records.

use guerdon_syntax::{Code, Diagnostic, Span, ast, text};

use crate::hir::expr::{Aggregate, AggregateOp, Domain, Expr, ExprKind, Source};
use crate::hir::from_ast::aggregate::joined;
use crate::hir::from_ast::env::{Env, Place};
use crate::hir::from_ast::expr::always;
use crate::hir::from_ast::plan::Line;
use crate::hir::from_ast::source::Over;
use crate::hir::from_ast::{Checker, reason};
use crate::hir::program::{Check, CheckedRows, FailedRow};
use crate::types::{BinderId, PlanId, Scalar, TableId};

impl<'a> Checker<'a> {
    pub(super) fn read_check(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Check) {
        let env = self.plan_env(plan, line, Place::Payees);
        let found = match &tree.each {
            None => Some((self.top_condition(&env, &tree.condition), None)),
            Some(each) => self.row_check(&env, each, tree),
        };
        if let (None, ast::OnFailure::Refuse) = (&tree.each, tree.on_failure) {
            self.push_nothing_to_refuse(tree.span);
        }
        if let Some((condition, rows)) = found
            && let Some(plan) = self.program.plans.get_mut(plan.index())
        {
            plan.checks.push(Check {
                condition,
                rows,
                reason: reason(&tree.tail),
                span: tree.span,
            });
        }
    }

    /// Types the condition of a statement.
    pub(super) fn top_condition(&mut self, env: &Env, tree: &ast::Expr) -> Expr {
        self.expression = Some(tree.span);
        self.has_later = false;
        self.holds(env, tree)
    }

    fn row_check(
        &mut self,
        env: &Env,
        each: &'a ast::ForEach,
        tree: &'a ast::Check,
    ) -> Option<(Expr, Option<CheckedRows>)> {
        if let Some(up) = &each.up {
            self.not_yet(up.from.span, "check … up from");
            return None;
        }
        let (opened, frame) = self.open_lines(env, each)?;
        let row = opened.binder;
        let env = Env {
            row: Some(row),
            ..env.with(frame)
        };
        let mut all = opened.conditions;
        if let Some(filter) = &each.filter {
            all.push(self.holds(&env, filter));
        }
        let known: Vec<String> = all.iter().flat_map(crate::hir::from_ast::facts::if_yes).collect();
        let filter = joined(all);
        let condition = self.top_condition(&env.knowing(&known), &tree.condition);
        let uses_payee = |value: &Expr| self.free_binders(value).iter().any(|binder| *binder != row);
        let Over::Known(Domain::Rows(table)) = opened.over else {
            return None;
        };
        if uses_payee(&condition) || filter.as_ref().is_some_and(uses_payee) {
            if let ast::OnFailure::Refuse = tree.on_failure {
                self.push_refusal_for_payee(each.span);
                return None;
            }
            return Some((all_of_them(row, table, filter, condition, tree.span), None));
        }
        let otherwise = match tree.on_failure {
            ast::OnFailure::Spoil => FailedRow::Spoils,
            ast::OnFailure::Refuse => FailedRow::Refused,
        };
        Some((
            condition,
            Some(CheckedRows {
                row,
                table,
                filter,
                otherwise,
            }),
        ))
    }

    fn push_refusal_for_payee(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::error(
                Code::E0206,
                text!(
                    "\"else refuse\" drops a record for everybody, but this check is of a payee's records",
                    "“拒收”对所有人舍弃记录，但此校验针对某人的记录"
                ),
            )
            .primary(
                span,
                text!("leave out the payee and the period", "请去掉人员和期间"),
            ),
        );
    }

    fn push_nothing_to_refuse(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::error(
                Code::E0206,
                text!(
                    "\"else refuse\" drops a record, but this check is of payees",
                    "“拒收”会舍弃记录，但此校验针对人员"
                ),
            )
            .primary(
                span,
                text!("say of which records: for each …", "请写明哪些记录：逐条 …"),
            ),
        );
    }
}

/// Says of a payee and a period that a condition holds for all of some records.
fn all_of_them(row: BinderId, table: TableId, filter: Option<Expr>, condition: Expr, span: Span) -> Expr {
    let aggregate = Aggregate {
        op: AggregateOp::All,
        value: Some(condition),
        sources: vec![Source {
            binder: row,
            domain: Domain::Rows(table),
        }],
        filter,
        order: Vec::new(),
        best: None,
    };
    always(ExprKind::Aggregate(Box::new(aggregate)), Scalar::Bool, span)
}
