//! Definitions: each lowered once, on the frame of its parameters, and its value one period back.

use guerdon_syntax::span::Span;

use super::scope::Scope;
use super::{Builder, Construct, Progress};
use crate::graph::{Frame, NodeId, Op, Outside};
use crate::hir::axis::is_named_by_records;
use crate::hir::{DefinitionKind, Expr, Sign, Value};
use crate::number::Exact;
use crate::types::{DefinitionId, PlanId, Scalar, Ty};

impl Builder<'_> {
    /// Gives the node of a definition's value one period back, on the frame of the definition.
    pub(super) fn prior(&mut self, id: DefinitionId, span: Span) -> NodeId {
        let Some(definition) = self.program.definition(id) else {
            return self.refuse(Construct::Faulty, span);
        };
        if let Some(node) = self.lowered.priors.get(&id) {
            return *node;
        }
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
        // The definition is named when it is lowered; until then the initial value stands for it.
        let of = initial;
        let node = self.new_node(Op::Prior { of, initial, restart }, scope.frame, ty, span);
        self.lowered.priors.insert(id, node);
        self.lowered.open.push((node, id));
        node
    }

    /// Gives the node of a definition, on the frame of its parameters.
    pub(super) fn definition(&mut self, id: DefinitionId) -> NodeId {
        let Some(definition) = self.program.definition(id) else {
            return self.refuse(Construct::Faulty, Span::default());
        };
        match self.lowered.definitions.get(&id) {
            Some(Progress::Done(node)) => return *node,
            Some(Progress::Begun) => return self.refuse(Construct::Circle, definition.span),
            None => {}
        }
        self.lowered.definitions.insert(id, Progress::Begun);
        let node = match self.definition_scope(id) {
            Some(scope) => self.defined(id, &scope),
            None => self.refuse(Construct::ManyParameters, definition.span),
        };
        self.lowered.definitions.insert(id, Progress::Done(node));
        node
    }

    /// Says whether a definition has a value for each pair of two records, or for more of them.
    pub(super) fn is_of_pairs(&self, id: DefinitionId) -> bool {
        let definition = self.program.definition(id);
        definition.is_some_and(|definition| self.program.is_of_pairs(definition))
    }

    /// Lowers a value for pairs of records where it is used, for those pairs that are asked for: kept for every pair it
    /// would be as large as the two tables multiplied.
    pub(super) fn inlined(&mut self, id: DefinitionId, args: &[Expr], scope: &Scope, span: Span) -> NodeId {
        let Some(definition) = self.program.definition(id) else {
            return self.refuse(Construct::Faulty, span);
        };
        let (DefinitionKind::Let(value) | DefinitionKind::Measure(value)) = &definition.kind else {
            return self.refuse(Construct::ManyParameters, span);
        };
        if self.lowered.definitions.contains_key(&id) {
            return self.refuse(Construct::Circle, definition.span);
        }
        let mut inner = Scope {
            plan: definition.plan,
            normal: None,
            line: None,
            ..scope.clone()
        };
        let mut named = None;
        for (param, arg) in definition.params.iter().zip(args) {
            let node = self.expr(arg, scope);
            inner.binders.insert(*param, node);
            if self.row_table(*param).is_none() && is_named_by_records(arg) {
                named = Some(node);
            }
        }
        self.lowered.definitions.insert(id, Progress::Begun);
        let normal = self.expr(value, &inner);
        let exceptions = &definition.exceptions;
        let found = self.excepted(normal, exceptions, None, &inner, definition.ty, definition.span);
        self.lowered.definitions.remove(&id);
        match named {
            Some(period) => self.of_run(found, period, scope, (definition.plan, definition.ty), span),
            None => found,
        }
    }

    /// Makes a value an error where the records name a period that the run does not have.
    fn of_run(
        &mut self,
        value: NodeId,
        period: NodeId,
        scope: &Scope,
        (plan, ty): (PlanId, Ty),
        span: Span,
    ) -> NodeId {
        let axis = self.axis(plan);
        let op = Op::CellOf {
            frame: self.frame(Frame::Axis(axis)),
            row: None,
            period: Some(period),
            outside: Outside::ErrorBesideRun,
        };
        let frame = self.common_frame(scope, &[period]);
        let by = self.node(op, frame, Ty::always(Scalar::Int), span);
        let frame = self.common_frame(scope, &[value, by]);
        self.node(Op::Poison { value, by }, frame, ty, span)
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
                let begun = self.has_begun(definition.plan, scope);
                let op = Op::If {
                    condition,
                    then: longer,
                    otherwise: zero,
                };
                let counted = self.node(op, scope.frame, definition.ty, definition.span);
                let op = Op::If {
                    condition: begun,
                    then: counted,
                    otherwise: zero,
                };
                self.node(op, scope.frame, definition.ty, definition.span)
            }
        }
    }
}
