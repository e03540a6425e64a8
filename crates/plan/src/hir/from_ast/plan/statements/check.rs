//! Checks: conditions on payees and on records.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, ast, text};

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
            self.push_walks(up.from.span);
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
        let uses = |found: Option<BinderId>| {
            let is_used = |value: &Expr| {
                self.free_binders(value)
                    .iter()
                    .any(|binder| Some(*binder) == found)
            };
            is_used(&condition) || filter.as_ref().is_some_and(is_used)
        };
        if uses(env.period) && env.payee.is_some() && !uses(env.payee) {
            self.push_whose_check(each.span);
            return None;
        }
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

    /// Says that a check looks at each record once.
    fn push_walks(&mut self, span: Span) {
        let title = text!(
            "a check looks at each record once; it does not walk up",
            "校验对每条记录只看一次，不逐级向上"
        );
        let fault =
            Diagnostic::error(Code::E0112, title).primary(span, text!("leave this out", "请去掉这一部分"));
        self.sink.push(fault.note(text!(
            "What must hold of those above is a condition with a team: all c over Person as p where p.team …",
            "对上级的要求请写成条件，例如：全部 c 对 人员 作 p 其中 …"
        )));
    }

    /// Says that a check of records in a period does not say whom a failure concerns: it would stop everybody's pay.
    fn push_whose_check(&mut self, span: Span) {
        let title = text!(
            "this check asks for the period, and does not say whose pay a failure stops",
            "此校验涉及期间，却没有写明未通过时停发谁的款项"
        );
        let fault = Diagnostic::error(Code::E0215, title)
            .primary(span, text!("everybody's, as it stands", "照此会停发所有人"))
            .fix(Fix::advice(
                text!("of those whose record it is", "只涉及该记录所属的人"),
                text!(
                    "for each Deal where owner is payee",
                    "逐条 合同 其中 负责人 为 领取人"
                ),
            ))
            .fix(Fix::advice(
                text!("of everybody", "涉及所有人"),
                text!("check all (…) over Deal", "校验 全部 (…) 对 合同"),
            ));
        self.sink.push(fault);
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
