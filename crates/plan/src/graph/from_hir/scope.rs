//! Scopes: what each variable is for each cell of a frame.

use std::collections::BTreeMap;

use guerdon_syntax::span::Span;

use super::Builder;
use crate::graph::{Frame, FrameId, NodeId, Op, Outside};
use crate::hir::Value;
use crate::types::{BinderId, PlanId, Scalar, Ty};

/// A frame with the nodes that hold its variables.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// The frame.
    pub frame: FrameId,
    /// The plan whose statements are lowered.
    pub plan: PlanId,
    /// The row or period of each variable.
    pub binders: BTreeMap<BinderId, NodeId>,
    /// The value without exceptions, inside one.
    pub normal: Option<NodeId>,
    /// The running order of lines, inside an earn.
    pub line: Option<LineOrder>,
    /// What checks of records do to what is read.
    pub reading: Reading,
}

/// What checks of records do to what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// What reads a spoilt record is an error, and refused ones do not exist: the values of a plan's statements.
    Checked,
    /// Spoilt records are read as given: what chooses, orders and dates records.
    Choosing,
    /// Every record is read as given: the conditions of a test.
    AsGiven,
}

/// What a running total over lines needs.
#[derive(Debug, Clone)]
pub(super) struct LineOrder {
    /// The order.
    pub order: Vec<NodeId>,
    /// The payee.
    pub payee: NodeId,
    /// The day of the line.
    pub day: NodeId,
    /// Whether the line is there; an error where nobody knows.
    pub keep: NodeId,
    /// What the levels below received, where lines walk up a tree.
    pub below: Option<NodeId>,
}

impl Scope {
    pub(super) fn new(frame: FrameId, plan: PlanId) -> Self {
        Self {
            frame,
            plan,
            binders: BTreeMap::new(),
            normal: None,
            line: None,
            reading: Reading::Checked,
        }
    }

    pub(super) fn read(mut self, reading: Reading) -> Self {
        self.reading = reading;
        self
    }

    /// Gives the same scope for a part that chooses, orders or dates records.
    pub(super) fn choosing(&self) -> Self {
        let reading = match self.reading {
            Reading::Checked | Reading::Choosing => Reading::Choosing,
            Reading::AsGiven => Reading::AsGiven,
        };
        self.clone().read(reading)
    }

    pub(super) fn with(mut self, binder: BinderId, node: NodeId) -> Self {
        self.binders.insert(binder, node);
        self
    }
}

impl Builder<'_> {
    /// Opens the frame of all combinations of at most one row variable and one period variable.
    pub(super) fn dense(
        &mut self,
        row: Option<BinderId>,
        period: Option<BinderId>,
        plan: PlanId,
    ) -> Option<Scope> {
        let axis = self.axis(plan);
        let table = match row {
            Some(binder) => Some(self.row_table(binder)?),
            None => None,
        };
        let frame = match (table, period) {
            (None, None) => Frame::Single,
            (Some(table), None) => Frame::Rows(table),
            (None, Some(_)) => Frame::Axis(axis),
            (Some(rows), Some(_)) => Frame::Cells { rows, axis },
        };
        let frame = self.frame(frame);
        let mut scope = Scope::new(frame, plan);
        if let (Some(binder), Some(table)) = (row, table) {
            let node = self.node(
                Op::OwnRow,
                frame,
                Ty::always(Scalar::Row(table)),
                self.span_of(binder),
            );
            scope = scope.with(binder, node);
        }
        if let Some(binder) = period {
            let node = self.own_period(frame, plan, self.span_of(binder));
            scope = scope.with(binder, node);
        }
        Some(scope)
    }

    pub(super) fn own_period(&mut self, frame: FrameId, plan: PlanId, span: Span) -> NodeId {
        let unit = self
            .program
            .plan(plan)
            .map_or(crate::calendar::Unit::Month, |plan| plan.unit);
        self.node(Op::OwnPeriod, frame, Ty::always(Scalar::Period(unit)), span)
    }

    pub(super) fn span_of(&self, binder: BinderId) -> Span {
        self.program
            .binder(binder)
            .map_or_else(Span::default, |binder| binder.span)
    }

    /// Carries a scope to a frame whose cells each come from one of the scope's: every variable is fetched anew.
    pub(super) fn carried(&mut self, scope: &Scope, frame: FrameId, origin: NodeId) -> Scope {
        let mut carried = Scope::new(frame, scope.plan).read(scope.reading);
        for (binder, node) in &scope.binders {
            let fetched = self.fetch(*node, frame, origin);
            carried.binders.insert(*binder, fetched);
        }
        carried
    }

    /// Gives another frame's value at a cell of it; a value of the single frame serves as it is.
    pub(super) fn fetch(&mut self, source: NodeId, frame: FrameId, cell: NodeId) -> NodeId {
        let home = self.frame_of(source);
        if matches!(self.graph.frame(home), Some(Frame::Single)) {
            return source;
        }
        let mut ty = self.ty_of(source);
        if self.ty_of(cell).is_optional() {
            ty = Ty::optional(ty.scalar);
        }
        let span = self
            .graph
            .node(source)
            .map_or_else(Span::default, |node| node.span);
        self.node(Op::At { source, cell }, frame, ty, span)
    }

    /// Gives the value of a node on a dense frame for a row and a period of a scope.
    pub(super) fn broadcast(
        &mut self,
        source: NodeId,
        scope: &Scope,
        row: Option<NodeId>,
        period: Option<NodeId>,
        span: Span,
    ) -> NodeId {
        self.asked_for(source, scope, row, (period, Outside::Error), span)
    }

    /// Gives the same, with what a period is that the frame does not have.
    pub(super) fn asked_for(
        &mut self,
        source: NodeId,
        scope: &Scope,
        row: Option<NodeId>,
        (period, outside): (Option<NodeId>, Outside),
        span: Span,
    ) -> NodeId {
        let home = self.frame_of(source);
        match (self.graph.frame(home).cloned(), row, period) {
            (Some(Frame::Single), ..) | (_, None, None) => source,
            (Some(Frame::Rows(_)), Some(row), _) => {
                if home == scope.frame && self.is_own_row(row) {
                    source
                } else {
                    self.fetch_from(source, scope, row)
                }
            }
            (_, row, period) => {
                let own_row = row.is_none_or(|row| self.is_own_row(row));
                if home == scope.frame && own_row && period.is_some_and(|period| self.is_own_period(period)) {
                    return source;
                }
                let frame = self.cell_frame(scope, row, period);
                let ty = Ty::always(Scalar::Int);
                let op = Op::CellOf {
                    frame: home,
                    row,
                    period,
                    outside,
                };
                let optional = row.is_some_and(|row| self.ty_of(row).is_optional())
                    || period.is_some_and(|period| self.ty_of(period).is_optional());
                let ty = if optional { Ty::optional(ty.scalar) } else { ty };
                let cell = self.node(op, frame, ty, span);
                self.fetch_from(source, scope, cell)
            }
        }
    }

    /// Fetches on the single frame where the cell is one value, otherwise on the scope's.
    fn fetch_from(&mut self, source: NodeId, scope: &Scope, cell: NodeId) -> NodeId {
        let frame = self.common_frame(scope, &[cell]);
        self.fetch(source, frame, cell)
    }

    fn cell_frame(&mut self, scope: &Scope, row: Option<NodeId>, period: Option<NodeId>) -> FrameId {
        let inputs: Vec<NodeId> = row.into_iter().chain(period).collect();
        self.common_frame(scope, &inputs)
    }

    /// Gives the single frame if all inputs are single values, otherwise the scope's.
    pub(super) fn common_frame(&mut self, scope: &Scope, inputs: &[NodeId]) -> FrameId {
        let single = self.single();
        if inputs.iter().all(|input| self.frame_of(*input) == single) {
            single
        } else {
            scope.frame
        }
    }

    pub(super) fn is_own_row(&self, node: NodeId) -> bool {
        self.graph.node(node).is_some_and(|node| node.op == Op::OwnRow)
    }

    pub(super) fn is_own_period(&self, node: NodeId) -> bool {
        self.graph.node(node).is_some_and(|node| node.op == Op::OwnPeriod)
    }

    pub(super) fn missing(&mut self, span: Span) -> NodeId {
        let single = self.single();
        self.node(
            Op::Const(Value::Missing),
            single,
            Ty::optional(Scalar::Faulty),
            span,
        )
    }

    pub(super) fn constant(&mut self, value: Value, scalar: Scalar, span: Span) -> NodeId {
        let single = self.single();
        self.node(Op::Const(value), single, Ty::always(scalar), span)
    }
}
