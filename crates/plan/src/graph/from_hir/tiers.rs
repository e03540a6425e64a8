//! Running totals, tiers, and the tables that terms name.

use super::scope::Scope;
use super::{Builder, Construct};
use crate::graph::{DecisionLine, DecisionTable, NodeId, Op, SliceRow, SliceTable, SliceWant, Taken};
use crate::hir::{Apply, Bound, Expr, Running, Sign, Value};
use crate::number::Exact;
use crate::types::{DecisionId, Scalar, TiersId, Ty};

impl Builder<'_> {
    pub(super) fn running(&mut self, running: &Running, scope: &Scope, expr: &Expr) -> NodeId {
        let Some(rows) = self.dense(Some(running.binder), None, scope.plan) else {
            return self.refuse(Construct::Faulty, expr.span);
        };
        let rows = rows.read(scope.reading);
        let inner = rows.choosing();
        let zero = self.constant(Value::Number(Exact::ZERO), expr.ty.scalar, expr.span);
        let value = self.expr(&running.value, &rows);
        let value = self.node(Op::Otherwise(vec![value, zero]), inner.frame, expr.ty, expr.span);
        let filter = running.filter.as_ref().map(|filter| self.expr(filter, &inner));
        let members = self.membership(scope.plan, running.table, scope.reading);
        let kept = self.all_of(filter.into_iter().chain(members).collect(), &inner, expr);
        let value = match kept {
            Some(condition) => {
                let op = Op::If {
                    condition,
                    then: value,
                    otherwise: zero,
                };
                self.node(op, inner.frame, expr.ty, expr.span)
            }
            None => value,
        };
        let order = self.exprs(&running.order, &inner);
        let by = self.exprs(&running.within, &inner);
        let op = Op::Before {
            take: Taken::Sum,
            value,
            keep: kept,
            order,
            by,
        };
        let before = self.node(op, inner.frame, expr.ty, expr.span);
        let row = self.expr(&running.row, scope);
        self.broadcast(before, scope, Some(row), None, expr.span)
    }

    pub(super) fn apply(&mut self, apply: &Apply, scope: &Scope, expr: &Expr) -> NodeId {
        let table = self.slice_table(apply.tiers);
        let on = self.expr(&apply.on, scope);
        let value = self.expr(&apply.value, scope);
        let against = apply.against.as_ref().map(|against| self.expr(against, scope));
        let want = apply
            .part
            .map_or(SliceWant::Amount, |part| SliceWant::Part(part.saturating_sub(1)));
        let slice = |value| Op::Slice {
            table,
            on,
            value,
            against,
            want,
        };
        let inputs: Vec<NodeId> = [on, value].into_iter().chain(against).collect();
        let Some(stack) = &apply.stack else {
            return self.on_common(slice(value), &inputs, scope, expr);
        };
        let Some(line) = scope.line.clone() else {
            return self.refuse(Construct::StackOutsideLine, expr.span);
        };
        let ty = self.ty_of(value);
        // Where nobody knows whether there is a line, nobody knows what comes before the later ones.
        let op = Op::Poison { value, by: line.keep };
        let value = self.node(op, scope.frame, ty, expr.span);
        let mut by = vec![line.payee];
        if let Some(unit) = stack.restarting {
            by.push(self.bucket(unit, line.day, scope));
        }
        let sum = Op::Before {
            take: Taken::Sum,
            value,
            keep: None,
            order: line.order.clone(),
            by: by.clone(),
        };
        let sum = self.node(sum, scope.frame, ty, expr.span);
        let start = stack.starting_from.as_ref().map(|start| self.expr(start, scope));
        let before = match start {
            Some(start) => {
                let op = Op::Sum(vec![(Sign::Plus, start), (Sign::Plus, sum)]);
                self.node(op, scope.frame, ty, expr.span)
            }
            None => sum,
        };
        let after = Op::Sum(vec![(Sign::Plus, before), (Sign::Plus, value)]);
        let after = self.node(after, scope.frame, ty, expr.span);
        let upper = self.node(slice(after), scope.frame, expr.ty, expr.span);
        let mut lower = self.node(slice(before), scope.frame, expr.ty, expr.span);
        if start.is_none() {
            // T counts as 0 before the first line, so that an entry amount is paid on it.
            let last = Op::Before {
                take: Taken::Last,
                value,
                keep: None,
                order: line.order,
                by,
            };
            let last = self.node(last, scope.frame, Ty::optional(ty.scalar), expr.span);
            let first = self.node(
                Op::IsMissing(last),
                scope.frame,
                Ty::always(Scalar::Bool),
                expr.span,
            );
            let zero = self.constant(Value::Number(Exact::ZERO), expr.ty.scalar, expr.span);
            let op = Op::If {
                condition: first,
                then: zero,
                otherwise: lower,
            };
            lower = self.node(op, scope.frame, expr.ty, expr.span);
        }
        let op = Op::Sum(vec![(Sign::Plus, upper), (Sign::Minus, lower)]);
        self.node(op, scope.frame, expr.ty, expr.span)
    }

    /// Lowers the rates of a tier table once: where some rows have a rate, it is zero in those with an amount alone.
    pub(super) fn rate_table(&mut self, id: TiersId) -> usize {
        let plain = self.slice_table(id);
        let Some(table) = self.graph.slices.get(plain) else {
            return plain;
        };
        let rows = || table.versions.iter().flat_map(|(_, rows, _)| rows);
        if !rows().any(|row| row.rate.is_some()) || rows().all(|row| row.rate.is_some()) {
            return plain;
        }
        if let Some(found) = self.rates.get(&id) {
            return *found;
        }
        let mut rates = table.clone();
        for row in rates.versions.iter_mut().flat_map(|(_, rows, _)| rows) {
            row.amount = None;
            row.rate.get_or_insert(Exact::ZERO);
        }
        let place = self.graph.slices.len();
        self.graph.slices.push(rates);
        self.rates.insert(id, place);
        place
    }

    /// Lowers a tier table once.
    pub(super) fn slice_table(&mut self, id: TiersId) -> usize {
        if let Some(found) = self.slices.get(&id) {
            return *found;
        }
        let bound = |bound: &Option<Bound>| bound.as_ref().map(|bound| (bound.at.clone(), bound.edge));
        if let Some(tiers) = self.program.tier_table(id) {
            let versions = tiers.versions.iter().map(|version| {
                let rows = version.rows.iter().map(|row| SliceRow {
                    lower: bound(&row.lower),
                    upper: bound(&row.upper),
                    rate: row.rate.clone(),
                    amount: row.amount.clone(),
                    span: row.span,
                });
                (version.effective, rows.collect(), version.beyond)
            });
            self.graph.slices.push(SliceTable {
                kind: tiers.kind,
                versions: versions.collect(),
            });
        }
        let place = self.graph.slices.len().saturating_sub(1);
        self.slices.insert(id, place);
        place
    }

    /// Lowers a decision table once.
    pub(super) fn decision_table(&mut self, id: DecisionId) -> usize {
        if let Some(found) = self.decisions.get(&id) {
            return *found;
        }
        if let Some(decision) = self.program.decision(id) {
            let versions = decision.versions.iter().map(|version| {
                let rows = version.rows.iter().map(|row| DecisionLine {
                    cells: row.cells.clone(),
                    outputs: row.outputs.clone(),
                    span: row.span,
                });
                (version.effective, rows.collect())
            });
            let table = DecisionTable {
                hit: decision.hit,
                combine: decision.outputs.iter().map(|output| output.combine).collect(),
                versions: versions.collect(),
            };
            self.graph.decisions.push(table);
        }
        let place = self.graph.decisions.len().saturating_sub(1);
        self.decisions.insert(id, place);
        place
    }
}
