//! Checks: of payees and periods, and of records.

use std::collections::BTreeMap;

use guerdon_syntax::span::Span;

use super::scope::{Reading, Scope};
use super::{Builder, Records};
use crate::graph::{CheckOutput, Frame, NodeId, Op};
use crate::hir::{Check, CheckedRows, FailedRow, Plan, Value};
use crate::types::{PlanId, Scalar, TableId, Ty};

/// What a check does with a record that fails it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Failing {
    Spoils,
    Refused,
}

/// For each table and kind of check the node that says which records pass.
pub(super) type RowChecks = BTreeMap<(TableId, Failing), NodeId>;

impl Builder<'_> {
    /// Guards a value by the plan's checks for a payee and a period, and by those of the payee's own record.
    ///
    /// The first of several checks that fail is told: the outermost guard goes before those inside it.
    pub(super) fn guarded(&mut self, value: NodeId, scope: &Scope, payee: NodeId, period: NodeId) -> NodeId {
        let mut value = value;
        let ty = self.ty_of(value);
        for (condition, span) in self.plan_checks(scope.plan).into_iter().rev() {
            let condition = self.broadcast(condition, scope, Some(payee), Some(period), span);
            value = self.node(Op::Guard { value, condition }, scope.frame, ty, span);
        }
        let plan = self.program.plan(scope.plan);
        let payees = plan.and_then(|plan| self.row_table(plan.payee));
        if let (Some(plan), Some(payees)) = (plan, payees)
            && let Some(sound) = self.spoiling_check(scope.plan, payees)
        {
            let condition = self.broadcast(sound, scope, Some(payee), None, plan.span);
            value = self.node(Op::Guard { value, condition }, scope.frame, ty, plan.span);
        }
        value
    }

    /// Lowers the checks of payees and periods: yes for who is no payee.
    fn plan_checks(&mut self, id: PlanId) -> Vec<(NodeId, Span)> {
        if let Some(checks) = self.lowered.plans.get(&id).and_then(|nodes| nodes.checks.clone()) {
            return checks;
        }
        let (Some(plan), Some(scope)) = (self.program.plan(id), self.plan_scope(id)) else {
            return Vec::new();
        };
        let mut checks = Vec::new();
        for check in plan.checks.iter().filter(|check| check.rows.is_none()) {
            let condition = self.is_payee(id, &scope);
            let then = self.expr(&check.condition, &scope);
            let otherwise = self.constant(Value::Bool(true), Scalar::Bool, check.span);
            let op = Op::If {
                condition,
                then,
                otherwise,
            };
            checks.push((
                self.node(op, scope.frame, Ty::always(Scalar::Bool), check.span),
                check.span,
            ));
        }
        self.lowered.plans.entry(id).or_default().checks = Some(checks.clone());
        checks
    }

    /// Gives the condition under which a record may be read, where a check of the plan says so.
    pub(super) fn spoiling_check(&mut self, plan: PlanId, table: TableId) -> Option<NodeId> {
        self.row_check(plan, table, Failing::Spoils)
    }

    /// Gives the condition under which a record exists, where a check of the plan says so.
    pub(super) fn refusing_check(&mut self, plan: PlanId, table: TableId) -> Option<NodeId> {
        self.row_check(plan, table, Failing::Refused)
    }

    /// Gives the conditions under which a record that the filters choose is one of an aggregate or a line: no for one
    /// that does not exist, an error for one that must not be read.
    pub(super) fn membership(&mut self, plan: PlanId, table: TableId, reading: Reading) -> Vec<NodeId> {
        let (refusing, sound) = match reading {
            Reading::Checked => (self.refusing_check(plan, table), self.sound(plan, table)),
            Reading::Choosing => (self.refusing_check(plan, table), None),
            Reading::AsGiven => (None, None),
        };
        refusing.into_iter().chain(sound).collect()
    }

    /// Gives yes, but an error for records that must not be read.
    pub(super) fn sound(&mut self, plan: PlanId, table: TableId) -> Option<NodeId> {
        let condition = self.spoiling_check(plan, table)?;
        let (frame, span) = (self.frame_of(condition), self.span_of_node(condition));
        let value = self.constant(Value::Bool(true), Scalar::Bool, span);
        let op = Op::Guard { value, condition };
        Some(self.node(op, frame, Ty::always(Scalar::Bool), span))
    }

    fn row_check(&mut self, id: PlanId, table: TableId, failing: Failing) -> Option<NodeId> {
        if self.records == Records::AsGiven {
            return None;
        }
        if let Some(rows) = self.lowered.plans.get(&id).and_then(|nodes| nodes.rows.as_ref()) {
            return rows.get(&(table, failing)).copied();
        }
        let rows = self.as_given(|this| this.row_checks(id));
        let found = rows.get(&(table, failing)).copied();
        self.lowered.plans.entry(id).or_default().rows = Some(rows);
        found
    }

    /// Lowers the checks of records, joined by table and kind.
    fn row_checks(&mut self, id: PlanId) -> RowChecks {
        let Some(plan) = self.program.plan(id) else {
            return RowChecks::new();
        };
        let mut rows: BTreeMap<(TableId, Failing), Vec<NodeId>> = BTreeMap::new();
        for check in &plan.checks {
            let Some(checked) = &check.rows else { continue };
            let failing = match checked.otherwise {
                FailedRow::Spoils => Failing::Spoils,
                FailedRow::Refused => Failing::Refused,
            };
            if let Some((condition, _)) = self.checked_rows(id, check, checked) {
                rows.entry((checked.table, failing)).or_default().push(condition);
            }
        }
        let boolean = Ty::always(Scalar::Bool);
        let joined = rows.into_iter().map(|((table, failing), conditions)| {
            let frame = self.frame(Frame::Rows(table));
            let node = self.node(Op::And(conditions), frame, boolean, plan.span);
            let node = match failing {
                Failing::Spoils => node,
                // A check that cannot be decided refuses the record as well.
                Failing::Refused => self.held(node, plan.span),
            };
            ((table, failing), node)
        });
        joined.collect()
    }

    /// Makes a condition no where it is an error.
    fn held(&mut self, condition: NodeId, span: Span) -> NodeId {
        let otherwise = self.constant(Value::Bool(false), Scalar::Bool, span);
        let op = Op::Recover {
            value: condition,
            otherwise,
        };
        let frame = self.frame_of(condition);
        self.node(op, frame, Ty::always(Scalar::Bool), span)
    }

    /// Lowers a check of records: the condition (yes where the filter is no) and where it is asked.
    fn checked_rows(&mut self, id: PlanId, check: &Check, checked: &CheckedRows) -> Option<(NodeId, NodeId)> {
        let scope = self.dense(Some(checked.row), None, id)?.read(Reading::AsGiven);
        let yes = self.constant(Value::Bool(true), Scalar::Bool, check.span);
        let boolean = Ty::always(Scalar::Bool);
        let holds = self.expr(&check.condition, &scope);
        let Some(filter) = &checked.filter else {
            let condition = self.spread(holds, &scope);
            return Some((condition, yes));
        };
        let applies = self.expr(filter, &scope);
        let exempt = self.node(Op::Not(applies), self.frame_of(applies), boolean, check.span);
        let op = Op::Or(vec![exempt, holds]);
        Some((self.node(op, scope.frame, boolean, check.span), applies))
    }

    /// Lowers what is reported of a plan's checks.
    pub(super) fn check_outputs(
        &mut self,
        id: PlanId,
        plan: &Plan,
        scope: &Scope,
        is_payee: NodeId,
    ) -> Vec<CheckOutput> {
        let mut outputs = Vec::new();
        for (position, check) in plan.checks.iter().enumerate() {
            let found = match &check.rows {
                Some(checked) => self.as_given(|this| this.checked_rows(id, check, checked)),
                None => {
                    let condition = self.expr(&check.condition, scope);
                    Some((self.spread(condition, scope), is_payee))
                }
            };
            if let Some((condition, applies)) = found {
                outputs.push(CheckOutput {
                    condition,
                    applies,
                    span: check.span,
                    position,
                });
            }
        }
        outputs
    }
}
