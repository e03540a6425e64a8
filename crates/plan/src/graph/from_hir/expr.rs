//! Expressions.

use guerdon_syntax::span::Span;

use super::free::free_binders;
use super::scope::{Reading, Scope};
use super::{Builder, Construct};
use crate::graph::{AxisSpan, Frame, NodeId, Op, Outside, SliceWant};
use crate::hir::axis::is_named_by_records;
use crate::hir::{BinderDomain, DayRange, Expr, ExprKind, Sign};
use crate::types::{BinderId, DefinitionId, FieldId, Scalar, TableId, Ty};

impl Builder<'_> {
    /// Lowers an expression; what does not depend on all of the scope's variables is computed once for each
    /// combination of those it depends on.
    pub(super) fn expr(&mut self, expr: &Expr, scope: &Scope) -> NodeId {
        if let Some(node) = self.hoisted(expr, scope) {
            return node;
        }
        let span = expr.span;
        match &expr.kind {
            ExprKind::Const(value) => {
                let single = self.single();
                self.node(Op::Const(value.clone()), single, expr.ty, span)
            }
            ExprKind::Binder(binder) => self.binder(*binder, scope, span),
            ExprKind::Field { row, field } => self.field(row, *field, scope, span),
            ExprKind::Find { table, keys, on } => self.find(*table, keys, on.as_deref(), scope, expr),
            ExprKind::Constant { constant, on } => self.dated_constant(*constant, on, scope, expr),
            ExprKind::Decide {
                decision,
                on,
                inputs,
                output,
            } => {
                let table = self.decision_table(*decision);
                let on = self.expr(on, scope);
                let inputs = self.exprs(inputs, scope);
                let all: Vec<NodeId> = inputs.iter().copied().chain([on]).collect();
                let op = Op::Decide {
                    table,
                    on,
                    inputs,
                    output: *output,
                };
                self.on_common(op, &all, scope, expr)
            }
            ExprKind::Use { definition, args } if self.is_of_pairs(*definition) => {
                self.inlined(*definition, args, scope, span)
            }
            ExprKind::Use { definition, args } => {
                let source = self.definition(*definition);
                self.called(source, *definition, args, scope, span)
            }
            ExprKind::Prior { definition, args } => {
                let source = self.prior(*definition, span);
                self.called(source, *definition, args, scope, span)
            }
            ExprKind::Earned { earn, part, of } => self.earned(*earn, *part, of, scope, expr),
            ExprKind::Normal => scope.normal.unwrap_or_else(|| self.missing(span)),
            ExprKind::Lower(_) => match scope.line.as_ref().and_then(|line| line.below) {
                Some(below) => self.looked_at(below, span),
                None => self.refuse(Construct::StackOutsideLine, span),
            },
            ExprKind::IsAbove { .. } => self.refuse(Construct::StackOutsideLine, span),
            ExprKind::Sum(parts) => {
                let terms: Vec<(Sign, NodeId)> = parts
                    .iter()
                    .map(|(sign, part)| (*sign, self.expr(part, scope)))
                    .collect();
                let all: Vec<NodeId> = terms.iter().map(|(_, node)| *node).collect();
                self.on_common(Op::Sum(terms), &all, scope, expr)
            }
            ExprKind::Product(parts) => {
                let factors: Vec<_> = parts
                    .iter()
                    .map(|(factor, part)| (*factor, self.expr(part, scope)))
                    .collect();
                let all: Vec<NodeId> = factors.iter().map(|(_, node)| *node).collect();
                self.on_common(Op::Product(factors), &all, scope, expr)
            }
            ExprKind::Bounded { value, limits } => {
                let value = self.expr(value, scope);
                let limits: Vec<_> = limits
                    .iter()
                    .map(|(limit, part)| (*limit, self.expr(part, scope)))
                    .collect();
                let all: Vec<NodeId> = limits.iter().map(|(_, node)| *node).chain([value]).collect();
                self.on_common(Op::Bounded { value, limits }, &all, scope, expr)
            }
            ExprKind::And(parts) => self.many(parts, Op::And, scope, expr),
            ExprKind::Or(parts) => self.many(parts, Op::Or, scope, expr),
            ExprKind::Otherwise(parts) => self.many(parts, Op::Otherwise, scope, expr),
            ExprKind::Not(inner) => self.one(inner, Op::Not, scope, expr),
            ExprKind::IsMissing(inner) => self.one(inner, Op::IsMissing, scope, expr),
            ExprKind::Require(inner) => self.one(inner, Op::Require, scope, expr),
            ExprKind::Compare { op, left, right } => {
                let op = *op;
                self.two(
                    left,
                    right,
                    |left, right| Op::Compare { op, left, right },
                    scope,
                    expr,
                )
            }
            ExprKind::OneOf { value, list } => self.one_of(value, list, scope, expr),
            ExprKind::Within { value, range } => self.within(value, range, scope, expr),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.expr(condition, scope);
                let then = self.expr(then, scope);
                let otherwise = self.expr(otherwise, scope);
                self.on_common(
                    Op::If {
                        condition,
                        then,
                        otherwise,
                    },
                    &[condition, then, otherwise],
                    scope,
                    expr,
                )
            }
            ExprKind::Rounded { value, mode, step } => {
                let (mode, step) = (*mode, step.clone());
                self.one(value, |value| Op::Round { value, mode, step }, scope, expr)
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, scope, expr),
            ExprKind::Running(running) => self.running(running, scope, expr),
            ExprKind::Rank(ranking) => self.ranking(ranking, scope, expr),
            ExprKind::Share(allocation) => self.allocation(allocation, scope, expr),
            ExprKind::Words(pieces) => self.words(pieces, scope, expr),
            ExprKind::Apply(apply) => self.apply(apply, scope, expr),
            ExprKind::RateOf { tiers, on, at } => {
                let table = self.rate_table(*tiers);
                let build = |on, value| Op::Slice {
                    table,
                    on,
                    value,
                    against: None,
                    want: SliceWant::Rate,
                };
                self.two(on, at, build, scope, expr)
            }
            ExprKind::Convert {
                rates,
                amount,
                from,
                to,
                on,
            } => self.converted((*rates, *to), [&**amount, &**from, &**on], scope, expr),
            ExprKind::FirstDay(inner) => {
                let calendar = self.calendar_of(inner, scope);
                self.one(inner, |period| Op::FirstDay { calendar, period }, scope, expr)
            }
            ExprKind::LastDay(inner) => {
                let calendar = self.calendar_of(inner, scope);
                self.one(inner, |period| Op::LastDay { calendar, period }, scope, expr)
            }
            ExprKind::Containing { calendar, unit, day } => {
                let (calendar, unit) = (*calendar, *unit);
                self.one(
                    day,
                    |day| Op::Containing {
                        calendar,
                        unit,
                        day,
                        clamp: None,
                        outside: Outside::Error,
                    },
                    scope,
                    expr,
                )
            }
            ExprKind::Shift { period, by, .. } => {
                let by = *by;
                self.one(period, |period| Op::Shift { period, by }, scope, expr)
            }
            ExprKind::DaysIn {
                range: DayRange { from, through },
                count,
            } => {
                let count = *count;
                self.two(
                    from,
                    through,
                    |from, through| Op::DaysIn { from, through, count },
                    scope,
                    expr,
                )
            }
            ExprKind::DaysBetween { from, to, count } => {
                let count = *count;
                self.two(
                    from,
                    to,
                    |from, to| Op::DaysBetween { from, to, count },
                    scope,
                    expr,
                )
            }
            ExprKind::MonthsBetween { from, to } => {
                self.two(from, to, |from, to| Op::MonthsBetween { from, to }, scope, expr)
            }
            ExprKind::AddDays { day, days } => {
                self.two(day, days, |day, days| Op::AddDays { day, days }, scope, expr)
            }
            ExprKind::AddMonths { day, months, rule } => {
                let rule = *rule;
                self.two(
                    day,
                    months,
                    |day, months| Op::AddMonths { day, months, rule },
                    scope,
                    expr,
                )
            }
            ExprKind::Call { function, args } => {
                let function = *function;
                self.many(args, |args| Op::Call { function, args }, scope, expr)
            }
            ExprKind::Faulty => self.refuse(Construct::Faulty, span),
        }
    }

    /// Lowers an expression of a scope of rows and periods that uses only one of the two where it varies.
    fn hoisted(&mut self, expr: &Expr, scope: &Scope) -> Option<NodeId> {
        if scope.normal.is_some() || scope.line.is_some() || scope.binders.len() != 2 {
            return None;
        }
        let Some(Frame::Cells { .. }) = self.graph.frame(scope.frame) else {
            return None;
        };
        let free = free_binders(expr);
        let mut open = scope.binders.keys().filter(|binder| free.contains(binder));
        let (first, second) = (open.next().copied(), open.next());
        if second.is_some() || matches!(expr.kind, ExprKind::Binder(_) | ExprKind::Const(_)) {
            return None;
        }
        let (row, period) = match first {
            Some(binder) if self.row_table(binder).is_some() => (Some(binder), None),
            other => (None, other),
        };
        let inner = self.dense(row, period, scope.plan)?.read(scope.reading);
        let node = self.expr(expr, &inner);
        let at = |binder: Option<BinderId>| binder.and_then(|binder| scope.binders.get(&binder).copied());
        Some(self.broadcast(node, scope, at(row), at(period), expr.span))
    }

    pub(super) fn exprs(&mut self, exprs: &[Expr], scope: &Scope) -> Vec<NodeId> {
        exprs.iter().map(|expr| self.expr(expr, scope)).collect()
    }

    fn one(&mut self, inner: &Expr, build: impl FnOnce(NodeId) -> Op, scope: &Scope, expr: &Expr) -> NodeId {
        let input = self.expr(inner, scope);
        self.on_common(build(input), &[input], scope, expr)
    }

    fn two(
        &mut self,
        left: &Expr,
        right: &Expr,
        build: impl FnOnce(NodeId, NodeId) -> Op,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        let (left, right) = (self.expr(left, scope), self.expr(right, scope));
        self.on_common(build(left, right), &[left, right], scope, expr)
    }

    fn many(
        &mut self,
        parts: &[Expr],
        build: impl FnOnce(Vec<NodeId>) -> Op,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        let inputs = self.exprs(parts, scope);
        self.on_common(build(inputs.clone()), &inputs, scope, expr)
    }

    /// Places a term on the single frame if all its inputs are there, otherwise on the scope's.
    pub(super) fn on_common(&mut self, op: Op, inputs: &[NodeId], scope: &Scope, expr: &Expr) -> NodeId {
        let frame = self.common_frame(scope, inputs);
        self.node(op, frame, expr.ty, expr.span)
    }

    fn binder(&mut self, binder: BinderId, scope: &Scope, span: Span) -> NodeId {
        match scope.binders.get(&binder) {
            Some(node) => *node,
            None => self.refuse(Construct::Faulty, span),
        }
    }

    fn field(&mut self, row: &Expr, field: FieldId, scope: &Scope, span: Span) -> NodeId {
        let Scalar::Row(table) = row.ty.scalar else {
            return self.refuse(Construct::Faulty, span);
        };
        let cell = self.expr(row, scope);
        let source = self.stored(table, field, scope, span);
        self.broadcast(source, scope, Some(cell), None, span)
    }

    /// Gives a field on the frame of its table's rows, guarded by its own check and where a check of the plan spoils
    /// records.
    pub(super) fn stored(&mut self, table: TableId, field: FieldId, scope: &Scope, span: Span) -> NodeId {
        let frame = self.frame(Frame::Rows(table));
        let schema = self
            .program
            .table(table)
            .and_then(|table| table.fields.get(field.index()));
        let ty = schema.map_or(Ty::always(Scalar::Faulty), |field| field.ty);
        let mut value = self.node(Op::Stored { table, field }, frame, ty, span);
        if let Some((row, check)) = schema.and_then(|field| field.check.as_ref()) {
            value = self.checked_field(value, *row, check, scope);
        }
        let spoiling = match scope.reading {
            Reading::Checked => self.spoiling_check(scope.plan, table),
            Reading::Choosing | Reading::AsGiven => None,
        };
        match spoiling {
            Some(condition) => self.node(Op::Guard { value, condition }, frame, ty, span),
            None => value,
        }
    }

    /// Guards a field by the check in its declaration, which reads the record as it is.
    fn checked_field(&mut self, value: NodeId, row: BinderId, check: &Expr, scope: &Scope) -> NodeId {
        if self.is_checking {
            return value;
        }
        let (frame, ty) = (self.frame_of(value), self.ty_of(value));
        self.is_checking = true;
        let holds = self
            .dense(Some(row), None, scope.plan)
            .map(|rows| self.expr(check, &rows.read(Reading::AsGiven)));
        self.is_checking = false;
        let Some(mut condition) = holds else { return value };
        if ty.is_optional() {
            // A cell that may be empty is checked where it is not.
            let boolean = Ty::always(Scalar::Bool);
            let empty = self.node(Op::IsMissing(value), frame, boolean, check.span);
            let then = self.constant(crate::hir::Value::Bool(true), Scalar::Bool, check.span);
            let op = Op::If {
                condition: empty,
                then,
                otherwise: condition,
            };
            condition = self.node(op, frame, boolean, check.span);
        }
        self.node(Op::Guard { value, condition }, frame, ty, check.span)
    }

    fn find(
        &mut self,
        table: TableId,
        keys: &[Expr],
        on: Option<&Expr>,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        let keys = self.exprs(keys, scope);
        let on = on.map(|on| self.expr(on, scope));
        let all: Vec<NodeId> = keys.iter().copied().chain(on).collect();
        let row = self.on_common(Op::Find { table, keys, on }, &all, scope, expr);
        let kept = match scope.reading {
            Reading::Checked | Reading::Choosing => self.refusing_check(scope.plan, table),
            Reading::AsGiven => None,
        };
        let Some(kept) = kept else { return row };
        let condition = self.broadcast(kept, scope, Some(row), None, expr.span);
        self.on_common(
            Op::Where {
                value: row,
                condition,
            },
            &[row, condition],
            scope,
            expr,
        )
    }

    fn dated_constant(
        &mut self,
        id: crate::types::ConstantId,
        on: &Expr,
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        let Some(constant) = self.program.constant(id) else {
            return self.refuse(Construct::Faulty, expr.span);
        };
        if let [(effective, value)] = constant.versions.as_slice()
            && *effective == crate::hir::Effective::default()
        {
            let single = self.single();
            return self.node(Op::Const(value.clone()), single, expr.ty, expr.span);
        }
        let versions = constant.versions.clone();
        self.one(on, |on| Op::Dated { versions, on }, scope, expr)
    }

    /// Gives the value of a definition's node for arguments.
    fn called(
        &mut self,
        source: NodeId,
        definition: DefinitionId,
        args: &[Expr],
        scope: &Scope,
        span: Span,
    ) -> NodeId {
        let params = self
            .program
            .definition(definition)
            .map(|definition| definition.params.clone());
        let mut row = None;
        let mut period = (None, Outside::Error);
        for (param, arg) in params.unwrap_or_default().iter().zip(args) {
            let node = self.expr(arg, scope);
            match self.row_table(*param) {
                Some(_) => row = Some(node),
                None => period = (Some(node), outside_of(arg)),
            }
        }
        self.asked_for(source, scope, row, period, span)
    }

    /// Gives a node on the scope's own frame, even where its value is one for all cells.
    pub(super) fn spread(&mut self, node: NodeId, scope: &Scope) -> NodeId {
        if self.frame_of(node) == scope.frame {
            return node;
        }
        let (ty, span) = (
            self.ty_of(node),
            self.graph.node(node).map_or_else(Span::default, |node| node.span),
        );
        self.node(Op::Otherwise(vec![node]), scope.frame, ty, span)
    }

    fn one_of(&mut self, value: &Expr, list: &[Expr], scope: &Scope, expr: &Expr) -> NodeId {
        let left = self.expr(value, scope);
        let mut all = vec![left];
        for item in list {
            let right = self.expr(item, scope);
            let op = Op::Compare {
                op: crate::hir::Comparison::Equal,
                left,
                right,
            };
            let equal = self.on_common(op, &[left, right], scope, expr);
            all.push(equal);
        }
        let equals = all.split_off(1);
        self.on_common(Op::Or(equals.clone()), &equals, scope, expr)
    }

    fn within(&mut self, value: &Expr, range: &DayRange, scope: &Scope, expr: &Expr) -> NodeId {
        let calendar = self.calendar_of(value, scope);
        let value = self.expr(value, scope);
        let from = self.expr(&range.from, scope);
        let through = self.expr(&range.through, scope);
        self.on_common(
            Op::Within {
                value,
                calendar,
                from,
                through,
            },
            &[value, from, through],
            scope,
            expr,
        )
    }

    /// Gives the calendar that a period counts in.
    pub(super) fn calendar_of(&self, period: &Expr, scope: &Scope) -> crate::types::CalendarId {
        let plan = self
            .program
            .plan(scope.plan)
            .map_or(crate::types::CalendarId(0), |plan| plan.calendar);
        match &period.kind {
            ExprKind::Containing { calendar, .. } | ExprKind::Shift { calendar, .. } => *calendar,
            ExprKind::Binder(binder) => match self.program.binder(*binder).map(|binder| binder.domain) {
                Some(BinderDomain::Period(calendar, _)) => calendar,
                Some(BinderDomain::Row(_)) | None => plan,
            },
            _ => plan,
        }
    }

    /// Sums a node of a frame of rows and periods over several periods.
    pub(super) fn cumulated(&mut self, of: NodeId, span: AxisSpan) -> NodeId {
        let (frame, ty) = (self.frame_of(of), self.ty_of(of));
        let place = self.graph.node(of).map_or_else(Span::default, |node| node.span);
        self.node(Op::Cumulate { of, span }, frame, ty, place)
    }
}

/// Says what a period is that a statement has no value for.
pub(super) fn outside_of(period: &Expr) -> Outside {
    if is_named_by_records(period) {
        Outside::ErrorBesideRun
    } else {
        Outside::Error
    }
}
