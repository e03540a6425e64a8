//! Expressions.

use guerdon_syntax::span::Span;

use super::free::free_binders;
use super::scope::Scope;
use super::{Builder, Construct, Progress};
use crate::graph::{
    AxisSpan, DecisionLine, DecisionTable, Frame, NodeId, Op, SliceRow, SliceTable, SliceWant, Taken,
};
use crate::hir::{
    Apply, BinderDomain, Bound, DayRange, DefinitionKind, Expr, ExprKind, Running, Sign, Value,
};
use crate::number::Exact;
use crate::types::{BinderId, DecisionId, DefinitionId, FieldId, Scalar, TableId, TiersId, Ty};

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
            ExprKind::Apply(apply) => self.apply(apply, scope, expr),
            ExprKind::RateOf { tiers, on, at } => {
                let table = self.slice_table(*tiers);
                let build = |on, value| Op::Slice {
                    table,
                    on,
                    value,
                    against: None,
                    want: SliceWant::Rate,
                };
                self.two(on, at, build, scope, expr)
            }
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
        let inner = self.dense(row, period, scope.plan)?;
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

    /// Gives a field on the frame of its table's rows, guarded where a check spoils records.
    pub(super) fn stored(&mut self, table: TableId, field: FieldId, scope: &Scope, span: Span) -> NodeId {
        let frame = self.frame(Frame::Rows(table));
        let ty = self
            .program
            .table(table)
            .and_then(|table| table.fields.get(field.index()))
            .map_or(Ty::always(Scalar::Faulty), |field| field.ty);
        let stored = self.node(Op::Stored { table, field }, frame, ty, span);
        match self.spoiling_check(scope.plan, table) {
            Some(condition) => self.node(
                Op::Guard {
                    value: stored,
                    condition,
                },
                frame,
                ty,
                span,
            ),
            None => stored,
        }
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
        let Some(kept) = self.refusing_check(scope.plan, table) else {
            return row;
        };
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
        if let [(effective, value)] = constant.versions.as_slice() {
            if effective.from.is_none() && effective.through.is_none() {
                let single = self.single();
                return self.node(Op::Const(value.clone()), single, expr.ty, expr.span);
            }
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
        let mut period = None;
        for (param, arg) in params.unwrap_or_default().iter().zip(args) {
            let node = self.expr(arg, scope);
            match self.row_table(*param) {
                Some(_) => row = Some(node),
                None => period = Some(node),
            }
        }
        self.broadcast(source, scope, row, period, span)
    }

    /// Gives the node of a definition's value one period back, on the frame of the definition.
    pub(super) fn prior(&mut self, id: DefinitionId, span: Span) -> NodeId {
        let Some(definition) = self.program.definition(id) else {
            return self.refuse(Construct::Faulty, span);
        };
        let Some(scope) = self.definition_scope(id) else {
            return self.refuse(Construct::ManyParameters, span);
        };
        let (initial, restart) = match &definition.kind {
            DefinitionKind::Carry {
                opening, restarting, ..
            } => {
                let initial = self.expr(opening, &scope);
                (
                    initial,
                    restarting.and_then(|unit| self.starts_anew(unit, &scope)),
                )
            }
            DefinitionKind::Streak(_) => (self.constant(Value::Number(Exact::ZERO), Scalar::Int, span), None),
            DefinitionKind::Let(_) | DefinitionKind::Measure(_) | DefinitionKind::Pay(_) => {
                (self.missing(span), None)
            }
        };
        let ty = match definition.kind {
            DefinitionKind::Carry { .. } | DefinitionKind::Streak(_) => definition.ty,
            DefinitionKind::Let(_) | DefinitionKind::Measure(_) | DefinitionKind::Pay(_) => {
                Ty::optional(definition.ty.scalar)
            }
        };
        // Until every definition is lowered, the number of a definition counted from the end stands for its node.
        let of = NodeId(u32::MAX.saturating_sub(id.0));
        let node = self.node(Op::Prior { of, initial, restart }, scope.frame, ty, span);
        if !self.priors.contains(&(node, id)) {
            self.priors.push((node, id));
        }
        node
    }

    /// Gives the node of a definition, on the frame of its parameters.
    pub(super) fn definition(&mut self, id: DefinitionId) -> NodeId {
        let Some(definition) = self.program.definition(id) else {
            return self.refuse(Construct::Faulty, Span::default());
        };
        match self.definitions.get(&id) {
            Some(Progress::Done(node)) => return *node,
            Some(Progress::Begun) => return self.refuse(Construct::Circle, definition.span),
            None => {}
        }
        self.definitions.insert(id, Progress::Begun);
        let node = match self.definition_scope(id) {
            Some(scope) => self.defined(id, &scope),
            None => self.refuse(Construct::ManyParameters, definition.span),
        };
        self.definitions.insert(id, Progress::Done(node));
        node
    }

    fn definition_scope(&mut self, id: DefinitionId) -> Option<Scope> {
        let definition = self.program.definition(id)?;
        let (mut row, mut period) = (None, None);
        for param in &definition.params {
            let slot = if self.row_table(*param).is_some() {
                &mut row
            } else {
                &mut period
            };
            if slot.replace(*param).is_some() {
                return None;
            }
        }
        // A state is kept for each payee and period, whatever its formula mentions.
        if matches!(
            definition.kind,
            DefinitionKind::Carry { .. } | DefinitionKind::Pay(_) | DefinitionKind::Streak(_)
        ) {
            let plan = self.program.plan(definition.plan)?;
            row = row.or(Some(plan.payee));
            period = period.or(Some(plan.period));
        }
        self.dense(row, period, definition.plan)
    }

    fn defined(&mut self, id: DefinitionId, scope: &Scope) -> NodeId {
        let Some(definition) = self.program.definition(id) else {
            return self.missing(Span::default());
        };
        match &definition.kind {
            DefinitionKind::Let(value) | DefinitionKind::Measure(value) => {
                let normal = self.expr(value, scope);
                let normal = self.spread(normal, scope);
                self.excepted(
                    normal,
                    &definition.exceptions,
                    None,
                    scope,
                    definition.ty,
                    definition.span,
                )
            }
            DefinitionKind::Carry { value, .. } => self.carry(id, value, scope),
            DefinitionKind::Pay(value) => self.pay(id, value, scope),
            DefinitionKind::Streak(condition) => {
                let before = self.prior(id, definition.span);
                let condition = self.expr(condition, scope);
                let one = self.constant(Value::Number(Exact::ONE), Scalar::Int, definition.span);
                let zero = self.constant(Value::Number(Exact::ZERO), Scalar::Int, definition.span);
                let longer = Op::Sum(vec![(Sign::Plus, before), (Sign::Plus, one)]);
                let longer = self.node(longer, scope.frame, definition.ty, definition.span);
                let op = Op::If {
                    condition,
                    then: longer,
                    otherwise: zero,
                };
                self.node(op, scope.frame, definition.ty, definition.span)
            }
        }
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

    fn running(&mut self, running: &Running, scope: &Scope, expr: &Expr) -> NodeId {
        let Some(inner) = self.dense(Some(running.binder), None, scope.plan) else {
            return self.refuse(Construct::Faulty, expr.span);
        };
        let zero = self.constant(Value::Number(Exact::ZERO), expr.ty.scalar, expr.span);
        let value = self.expr(&running.value, &inner);
        let value = self.node(Op::Otherwise(vec![value, zero]), inner.frame, expr.ty, expr.span);
        let value = match &running.filter {
            Some(filter) => {
                let condition = self.expr(filter, &inner);
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
            order,
            by,
        };
        let before = self.node(op, inner.frame, expr.ty, expr.span);
        let row = self.expr(&running.row, scope);
        self.broadcast(before, scope, Some(row), None, expr.span)
    }

    fn apply(&mut self, apply: &Apply, scope: &Scope, expr: &Expr) -> NodeId {
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
        let value = self.spread(value, scope);
        let mut by = vec![line.payee];
        if let Some(unit) = stack.restarting {
            by.push(self.bucket(unit, line.day, scope));
        }
        let sum = Op::Before {
            take: Taken::Sum,
            value,
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

    /// Lowers a tier table once.
    fn slice_table(&mut self, id: TiersId) -> usize {
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
    fn decision_table(&mut self, id: DecisionId) -> usize {
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

    /// Sums a node of a frame of rows and periods over several periods.
    pub(super) fn cumulated(&mut self, of: NodeId, span: AxisSpan) -> NodeId {
        let (frame, ty) = (self.frame_of(of), self.ty_of(of));
        let place = self.graph.node(of).map_or_else(Span::default, |node| node.span);
        self.node(Op::Cumulate { of, span }, frame, ty, place)
    }
}
