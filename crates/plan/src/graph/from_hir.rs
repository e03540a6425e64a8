//! Lowers the typed tree to the graph.
//!
//! An expression is lowered in a [`Scope`]: a frame, and for each variable the node that holds its row or period for
//! each cell. An aggregate opens a frame of its own. Where its filter ties the outer variables to the source by
//! equality (`owner is payee and booked_on in period`) it becomes one [`Op::Group`] over the source's rows, without
//! any pairs; otherwise the cells are expanded to the combinations that match, filtered and grouped back.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

mod above;
mod aggregate;
mod among;
mod check;
mod convert;
mod definition;
mod earn;
mod expr;
mod free;
mod order;
mod period;
mod plan;
mod scope;
mod tiers;

use std::collections::{BTreeMap, HashMap};

use guerdon_syntax::span::Span;

pub use self::free::free_binders;
use self::scope::{Reading, Scope};
use super::{Axis, AxisId, Frame, FrameId, Graph, Node, NodeId, Op, PlanOutput};
use crate::hir::{Expr, Holidays, Program};
use crate::types::{BinderId, DefinitionId, EarnId, PlanId, Scalar, TableId, Ty};

/// What the engine cannot run yet, with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsupported {
    /// What.
    pub what: Construct,
    /// Where.
    pub span: Span,
}

/// A construct that cannot be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Construct {
    /// A definition of more than one row and one period.
    ManyParameters,
    /// A balance that needs itself through a sum over other records.
    CarryThroughAggregate,
    /// A running total outside an earn line.
    StackOutsideLine,
    /// A place or a share among records that nothing ties to the record in whose formula it stands.
    OpenGroup,
    /// A value that needs itself within a period.
    Circle,
    /// A faulty expression.
    Faulty,
}

/// Lowers the given plans, and conditions beside them, to a graph.
///
/// # Errors
///
/// Returns what cannot be run; a checked program has nothing of the kind but [`Construct::ManyParameters`] and
/// [`Construct::CarryThroughAggregate`].
pub fn lower(program: &Program, plans: &[PlanId], roots: &[Expr]) -> Result<Graph, Vec<Unsupported>> {
    let mut builder = Builder::new(program);
    let single = builder.single();
    let mut outputs = Vec::new();
    for plan in plans {
        if let Some(output) = builder.plan_output(*plan) {
            outputs.push(output);
        }
    }
    let scope = Scope::new(single, plans.first().copied().unwrap_or(PlanId(0))).read(Reading::AsGiven);
    let roots = roots.iter().map(|root| builder.expr(root, &scope)).collect();
    builder.finish(outputs, roots)
}

/// The graph under construction.
struct Builder<'a> {
    program: &'a Program,
    graph: Graph,
    frames: HashMap<Frame, FrameId>,
    /// Constants are told apart by what they are, too: 1 and 100% are equal, but are not shown alike.
    nodes: HashMap<(Op, FrameId, Option<Scalar>), NodeId>,
    axes: BTreeMap<PlanId, AxisId>,
    slices: HashMap<crate::types::TiersId, usize>,
    rates: HashMap<crate::types::TiersId, usize>,
    decisions: HashMap<crate::types::DecisionId, usize>,
    lowered: Lowered,
    unsupported: Vec<Unsupported>,
    is_checking: bool,
    records: Records,
    /// What has been lowered for the other way in which records are seen.
    other: Lowered,
}

/// The statements that have been lowered for one way in which records are seen.
#[derive(Debug, Default)]
struct Lowered {
    definitions: HashMap<DefinitionId, Progress<NodeId>>,
    earns: HashMap<EarnId, Progress<earn::EarnNodes>>,
    stages: HashMap<EarnId, earn::Stage>,
    caps: HashMap<Vec<EarnId>, earn::CapNodes>,
    plans: HashMap<PlanId, plan::PlanNodes>,
    priors: HashMap<DefinitionId, NodeId>,
    states: HashMap<DefinitionId, NodeId>,
    /// Priors whose definition is not lowered yet.
    open: Vec<(NodeId, DefinitionId)>,
}

/// How statements see records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Records {
    /// As the checks of records leave them.
    Checked,
    /// As they were given: what the checks of records themselves look at.
    AsGiven,
}

/// How far something has been lowered.
#[derive(Debug, Clone)]
enum Progress<T> {
    Begun,
    Done(T),
}

impl<'a> Builder<'a> {
    fn new(program: &'a Program) -> Self {
        Self {
            program,
            graph: Graph {
                holidays: program.holidays.iter().map(Holidays::working_days).collect(),
                ..Graph::default()
            },
            frames: HashMap::new(),
            nodes: HashMap::new(),
            axes: BTreeMap::new(),
            slices: HashMap::new(),
            rates: HashMap::new(),
            decisions: HashMap::new(),
            lowered: Lowered::default(),
            unsupported: Vec::new(),
            is_checking: false,
            records: Records::Checked,
            other: Lowered::default(),
        }
    }

    fn finish(mut self, outputs: Vec<PlanOutput>, roots: Vec<NodeId>) -> Result<Graph, Vec<Unsupported>> {
        self.resolve_priors();
        self.graph.outputs = outputs;
        self.graph.roots = roots;
        if !self.unsupported.is_empty() {
            return Err(self.unsupported);
        }
        order::arrange(self.graph)
    }

    /// Lowers the definitions that only `prior` has named so far, and ties each prior to its definition.
    fn resolve_priors(&mut self) {
        while let Some((node, definition)) = self.lowered.open.pop() {
            let value = self.definition(definition);
            let target = self.lowered.states.get(&definition).copied().unwrap_or(value);
            self.tie(node, target);
        }
    }

    /// Lowers something that sees records as they were given, with all the statements that it uses.
    fn as_given<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> T {
        if self.records == Records::AsGiven {
            return lower(self);
        }
        self.records = Records::AsGiven;
        std::mem::swap(&mut self.lowered, &mut self.other);
        let result = lower(self);
        self.resolve_priors();
        std::mem::swap(&mut self.lowered, &mut self.other);
        self.records = Records::Checked;
        result
    }

    /// Names the node whose value of the period before a prior gives.
    fn tie(&mut self, prior: NodeId, target: NodeId) {
        if let Some(Node {
            op: Op::Prior { of, .. },
            ..
        }) = self.graph.nodes.get_mut(prior.index())
        {
            *of = target;
        }
    }

    /// Names the words behind a node that was made before them.
    fn looked_at(&mut self, node: NodeId, span: Span) -> NodeId {
        if let Some(found) = self.graph.nodes.get_mut(node.index()) {
            found.span = span;
        }
        node
    }

    /// Names the node that a look at the levels below sums.
    fn tie_lower(&mut self, below: NodeId, target: NodeId) {
        if let Some(Node {
            op: Op::Lower(of), ..
        }) = self.graph.nodes.get_mut(below.index())
        {
            *of = target;
        }
    }

    /// Lets `prior` of a balance read its state, which outlasts periods in which nobody sees it.
    fn tie_priors(&mut self, definition: DefinitionId, state: NodeId) {
        self.lowered.states.insert(definition, state);
    }

    fn refuse(&mut self, what: Construct, span: Span) -> NodeId {
        let fault = Unsupported { what, span };
        if !self.unsupported.contains(&fault) {
            self.unsupported.push(fault);
        }
        self.missing(span)
    }

    /// Gives the node for a term, the same one where the same term stands already.
    fn node(&mut self, op: Op, frame: FrameId, ty: Ty, span: Span) -> NodeId {
        let scalar = matches!(op, Op::Const(_)).then_some(ty.scalar);
        let key = (op.clone(), frame, scalar);
        if let Some(found) = self.nodes.get(&key) {
            return *found;
        }
        let id = self.new_node(op, frame, ty, span);
        self.nodes.insert(key, id);
        id
    }

    /// Makes a node that is never shared: one whose term is not complete yet.
    fn new_node(&mut self, op: Op, frame: FrameId, ty: Ty, span: Span) -> NodeId {
        let id = NodeId(u32::try_from(self.graph.nodes.len()).unwrap_or(u32::MAX));
        self.graph.nodes.push(Node { op, frame, ty, span });
        id
    }

    fn frame(&mut self, frame: Frame) -> FrameId {
        if let Some(found) = self.frames.get(&frame) {
            return *found;
        }
        let id = FrameId(u32::try_from(self.graph.frames.len()).unwrap_or(u32::MAX));
        self.frames.insert(frame.clone(), id);
        self.graph.frames.push(frame);
        id
    }

    fn single(&mut self) -> FrameId {
        self.frame(Frame::Single)
    }

    fn axis(&mut self, plan: PlanId) -> AxisId {
        if let Some(found) = self.axes.get(&plan) {
            return *found;
        }
        let id = AxisId(u32::try_from(self.graph.axes.len()).unwrap_or(u32::MAX));
        if let Some(source) = self.program.plan(plan) {
            self.graph.axes.push(Axis {
                plan,
                calendar: source.calendar,
                unit: source.unit,
            });
        }
        self.axes.insert(plan, id);
        id
    }

    /// Gives the table whose rows a variable stands for, if it is a row.
    fn row_table(&self, binder: BinderId) -> Option<TableId> {
        match self.program.binder(binder)?.domain {
            crate::hir::BinderDomain::Row(table) => Some(table),
            crate::hir::BinderDomain::Period(..) => None,
        }
    }

    fn ty_of(&self, node: NodeId) -> Ty {
        self.graph
            .node(node)
            .map_or(Ty::always(Scalar::Faulty), |node| node.ty)
    }

    fn span_of_node(&self, node: NodeId) -> Span {
        self.graph.node(node).map_or_else(Span::default, |node| node.span)
    }

    fn frame_of(&self, node: NodeId) -> FrameId {
        self.graph.node(node).map_or(FrameId(0), |node| node.frame)
    }
}
