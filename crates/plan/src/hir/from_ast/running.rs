//! Running sums: over the rows before the current one.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, ast, text};

use super::Checker;
use super::aggregate::joined;
use super::env::{Env, Frame};
use super::expr::{always, faulty};
use super::facts;
use super::want::Want;
use crate::hir::expr::{Expr, ExprKind, Running};
use crate::types::{BinderId, Scalar, TableId};

impl Checker<'_> {
    /// Types a running sum: over the rows before the current one.
    pub(super) fn running(&mut self, env: &Env, tree: &ast::Running, span: Span) -> Expr {
        let ast::SourceKind::Named(name) = &tree.source.kind else {
            return self.push_running_team(tree.source.span);
        };
        let Some(table) = self.source_table(env, name) else {
            return faulty(span);
        };
        let Some(row) = self.running_row(env, table, name) else {
            return faulty(span);
        };
        let binder = self.row_binder(&tree.source, table);
        let mut conditions = self.rows_conditions(env, name, binder);
        conditions.extend(self.known_in_time(env, table, binder));
        let inner = self.running_env(env, tree, table, binder);
        let mut all = conditions;
        if let Some(filter) = &tree.filter {
            all.push(self.holds(&inner, filter));
        }
        let known: Vec<String> = all.iter().flat_map(facts::if_yes).collect();
        let inner = inner.knowing(&known);
        let value = self.value(&inner, &tree.value, Want::ANY);
        let value = self.expect_numeric(value);
        let scalar = value.ty.scalar;
        let order = tree.order.iter().map(|key| self.order_key(&inner, key)).collect();
        let within = tree
            .within
            .iter()
            .map(|key| self.expr(&inner, key, Want::ANY))
            .collect();
        let running = Running {
            row,
            binder,
            table,
            value,
            filter: joined(all),
            order,
            within,
        };
        always(ExprKind::Running(Box::new(running)), scalar, span)
    }

    /// Says that what runs are records, and how those of a team are taken together.
    fn push_running_team(&mut self, span: Span) -> Expr {
        let title = text!(
            "a running sum runs over the records of a data block, not over a team",
            "累计按数据块的记录进行，不按团队"
        );
        let fault = Diagnostic::error(Code::E0206, title).primary(span, text!("a team", "团队"));
        self.sink.push(fault.fix(Fix::advice(
            text!(
                "over the records of those who report to one",
                "按同一上级的下属的记录"
            ),
            text!(
                "running sum amount over Sale in order of sold_on, id within owner.manager",
                "累计 amount 对 订单 依次按 日期, 编号 分组 负责人.经理"
            ),
        )));
        faulty(span)
    }

    /// Sees the running rows; the bare fields of the current row of the same table step back for them.
    fn running_env(&self, env: &Env, tree: &ast::Running, table: TableId, binder: BinderId) -> Env {
        let mut inner = env.clone();
        for frame in &mut inner.frames {
            if frame.bare == Some(table) {
                frame.bare = None;
            }
        }
        inner.with(Frame {
            binder,
            name: tree.source.alias.as_ref().map(|alias| alias.text.clone()),
            bare: Some(table),
            filter: None,
        })
    }

    fn running_row(&mut self, env: &Env, table: TableId, name: &ast::Name) -> Option<Expr> {
        let rows = env
            .row
            .into_iter()
            .chain(env.frames.iter().map(|frame| frame.binder));
        let mut found: Vec<BinderId> = rows
            .filter(|row| self.kind_of_binder(*row) == Scalar::Row(table))
            .collect();
        found.dedup();
        if let [one] = found.as_slice() {
            return Some(self.variable(*one, name.span));
        }
        let kind = self.kind_name(Scalar::Row(table));
        let title = if found.is_empty() {
            text!("a running sum needs a current {kind}", "累计需要有当前的{kind}"; kind)
        } else {
            text!("before which {kind} the running sum stops is not clear", "累计到哪条{kind}之前不明确"; kind)
        };
        self.sink
            .push(Diagnostic::error(Code::E0206, title).primary(name.span, kind));
        None
    }
}
