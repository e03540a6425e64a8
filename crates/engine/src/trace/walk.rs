//! The walk over the graph: from a node at a cell to the nodes it was made of.

use std::collections::BTreeMap;

use guerdon_plan::graph::{EarnOutput, Frame, FrameId, Node, NodeId, Op, PlanOutput};
use guerdon_plan::hir::Sign;
use guerdon_plan::number::Exact;
use guerdon_plan::types::{DefinitionId, EarnId};
use guerdon_syntax::Text;

use super::amounts::{signed, total};
use super::told::{Told, told};
use super::{Part, Step};
use crate::column::Cell;
use crate::compiled::Compiled;
use crate::evaluate::State;
use crate::report::Names;

/// How deep a tree may be.
pub(super) const MOST_DEEP: usize = 40;
/// How many steps a tree may have.
pub(super) const MOST_STEPS: usize = 2_000;

/// A node at one cell of its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub node: NodeId,
    pub cell: usize,
}

/// What a node is called in the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Called {
    Definition(DefinitionId),
    Earn(EarnId),
    /// What is paid of the excess of earlier periods.
    Later(EarnId),
}

/// A walk in progress.
pub(super) struct Walk<'a> {
    pub compiled: &'a Compiled,
    pub state: &'a State<'a>,
    /// How many more steps the tree may have.
    pub left: usize,
    called: BTreeMap<NodeId, Called>,
    told: BTreeMap<DefinitionId, Told<'a>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(compiled: &'a Compiled, state: &'a State<'a>) -> Self {
        let mut called = BTreeMap::new();
        for output in &compiled.graph.outputs {
            for earn in &output.earns {
                if earn.row.is_none() {
                    called.entry(earn.earned).or_insert(Called::Earn(earn.earn));
                }
                if let Some(carried) = earn.carried {
                    called.entry(carried).or_insert(Called::Later(earn.earn));
                }
            }
            for (id, node) in &output.values {
                if !is_silent(compiled, *id, *node) {
                    called.entry(*node).or_insert(Called::Definition(*id));
                }
            }
        }
        Self {
            compiled,
            state,
            left: MOST_STEPS,
            called,
            told: told(&compiled.program),
        }
    }

    pub(super) fn names(&self) -> Names<'a> {
        Names {
            program: &self.compiled.program,
            facts: self.state.facts,
        }
    }

    pub(super) fn node(&self, spot: Spot) -> Option<&'a Node> {
        self.compiled.graph.node(spot.node)
    }

    pub(super) fn frame(&self, id: FrameId) -> Option<&'a Frame> {
        self.compiled.graph.frame(id)
    }

    pub(super) fn outputs(&self) -> &'a [PlanOutput] {
        &self.compiled.graph.outputs
    }

    /// Gives an input of a node at the same cell.
    pub(super) fn input(&self, spot: Spot, input: NodeId) -> Spot {
        let frame = self.compiled.graph.node(input).map(|node| node.frame);
        let is_single = matches!(frame.and_then(|frame| self.frame(frame)), Some(Frame::Single));
        Spot {
            node: input,
            cell: if is_single { 0 } else { spot.cell },
        }
    }

    /// Looks at the value of a spot.
    pub(super) fn look<T>(&self, spot: Spot, see: impl FnOnce(&Cell<'_>) -> T) -> T {
        let vector = self
            .state
            .stretch(spot.node, spot.cell..spot.cell.saturating_add(1));
        see(&vector.cell(0))
    }

    pub(super) fn number(&self, spot: Spot) -> Option<Exact> {
        self.look(spot, |cell| match cell {
            Cell::Number(number) => Some(number.clone()),
            _ => None,
        })
    }

    pub(super) fn truth(&self, spot: Spot) -> Option<bool> {
        self.look(spot, |cell| match cell {
            Cell::Bool(value) => Some(*value),
            _ => None,
        })
    }

    pub(super) fn is_missing(&self, spot: Spot) -> bool {
        self.look(spot, |cell| *cell == Cell::Missing)
    }

    /// Gives the number of the error at a spot; 0 if there is none.
    pub(super) fn error(&self, spot: Spot) -> u32 {
        self.look(spot, |cell| match cell {
            Cell::Error(number) => *number,
            _ => 0,
        })
    }

    /// Gives a row, or a cell of another frame, that a spot names.
    pub(super) fn row(&self, spot: Spot) -> Option<usize> {
        self.look(spot, |cell| match cell {
            Cell::Row(row) => usize::try_from(*row).ok(),
            _ => None,
        })
    }

    pub(super) fn period(&self, spot: Spot) -> Option<i32> {
        self.look(spot, |cell| match cell {
            Cell::Period(_, index) => Some(*index),
            _ => None,
        })
    }

    pub(super) fn called(&self, spot: Spot) -> Option<Called> {
        self.called.get(&spot.node).copied()
    }

    /// Says what a definition is to its block, where that is told in the words of the block.
    pub(super) fn told(&self, id: DefinitionId) -> Option<Told<'a>> {
        self.told.get(&id).copied()
    }

    /// Follows a value through what does not change it, to the term that made it or to the next name.
    pub(super) fn peel(&self, spot: Spot) -> Spot {
        if self.called(spot).is_some() {
            return spot;
        }
        self.peel_past(spot)
    }

    /// Does the same, but first leaves the name at the spot itself behind.
    pub(super) fn peel_past(&self, spot: Spot) -> Spot {
        let mut at = spot;
        // Inputs come before their users, so that this ends after as many steps as there are nodes.
        for _ in 0..self.compiled.graph.nodes.len() {
            let Some(next) = self.through(at) else { break };
            if self.error(next) != self.error(at) {
                break;
            }
            at = next;
            if self.called(at).is_some() {
                break;
            }
        }
        at
    }

    /// Gives the spot whose value a spot passes on unchanged.
    pub(super) fn through(&self, spot: Spot) -> Option<Spot> {
        match &self.node(spot)?.op {
            Op::At { source, cell } => {
                let cell = self.row(self.input(spot, *cell))?;
                Some(Spot { node: *source, cell })
            }
            Op::Where { value, .. } if !self.is_missing(spot) => Some(self.input(spot, *value)),
            Op::Guard { value, .. } | Op::Poison { value, .. } | Op::Require(value) => {
                Some(self.input(spot, *value))
            }
            Op::Recover { value, otherwise } => {
                let value = self.input(spot, *value);
                Some(match self.error(value) {
                    0 => value,
                    _ => self.input(spot, *otherwise),
                })
            }
            // Who is a payee, or has lines to be settled, is no news to whoever asks for the figure.
            Op::If { condition, then, .. } if self.is_standing(*condition) => {
                let condition = self.input(spot, *condition);
                (self.truth(condition) == Some(true)).then(|| self.input(spot, *then))
            }
            Op::Otherwise(values) => {
                let mut values = values.iter().map(|value| self.input(spot, *value));
                values.find(|value| !self.is_missing(*value))
            }
            Op::Round { value, .. } => {
                let value = self.input(spot, *value);
                (self.number(value) == self.number(spot)).then_some(value)
            }
            Op::Bounded { value, .. } => {
                let value = self.input(spot, *value);
                (self.number(value) == self.number(spot)).then_some(value)
            }
            _ => None,
        }
    }

    pub(super) fn is_standing(&self, condition: NodeId) -> bool {
        self.outputs()
            .iter()
            .any(|output| output.is_payee == condition || output.is_settled == condition)
    }

    /// Makes the step of a spot, with what is behind it.
    pub(super) fn step(&mut self, spot: Spot, sign: Sign, part: Part, depth: usize) -> Step {
        let spot = self.peel(spot);
        let mut step = self.bare(self.label(spot), spot, sign, part);
        self.fill(&mut step, spot, sign, depth);
        step
    }

    /// Makes a step of a spot without what is behind it.
    pub(super) fn bare(&mut self, label: Text, spot: Spot, sign: Sign, part: Part) -> Step {
        self.left = self.left.saturating_sub(1);
        let mut step = Step::new(label, part);
        step.exact = self.number(spot).map(|number| signed(number, sign));
        step.value = Some(match &step.exact {
            Some(exact) => self.amount(exact, self.scalar(spot)),
            None => self.shown(spot),
        });
        step.span = self.node(spot).map(|node| node.span);
        if let Some(Called::Definition(id)) = self.called(spot)
            && let Some(definition) = self.compiled.program.definition(id)
        {
            step = step.reasoned(&definition.reason);
            step.span = Some(definition.span);
        }
        if self.error(spot) != 0 {
            step.value = None;
            step.note = self.cause(self.error(spot));
        }
        step
    }

    /// Puts what is behind a spot under its step. Summands that do not add up become details.
    pub(super) fn fill(&mut self, step: &mut Step, spot: Spot, sign: Sign, depth: usize) {
        if depth >= MOST_DEEP || self.left == 0 {
            return;
        }
        match self.called(spot) {
            Some(Called::Earn(id)) => {
                if let Some(earn) = self.earn_output(id) {
                    self.line(step, earn, spot.cell, sign, depth);
                    return;
                }
            }
            Some(Called::Definition(id)) => {
                if let Some(told) = self.told(id) {
                    self.tell(step, spot, told, sign, depth);
                    return;
                }
            }
            Some(Called::Later(_)) => return,
            None => {}
        }
        let is_target = match self.called(spot) {
            Some(Called::Definition(id)) => self.target_step(step, spot, id, sign, depth),
            Some(Called::Earn(_) | Called::Later(_)) | None => false,
        };
        if !is_target {
            self.fill_past(step, spot, sign, depth);
        }
        settle(step);
    }

    /// Does the same, but leaves the name at the spot itself behind.
    pub(super) fn fill_past(&mut self, step: &mut Step, spot: Spot, sign: Sign, depth: usize) {
        let inner = self.peel_past(spot);
        if inner != spot && self.called(inner).is_some() {
            let named = self.step(inner, sign, Part::Summand, depth.saturating_add(1));
            step.children.push(named);
        } else {
            self.term(step, inner, sign, depth.saturating_add(1));
        }
    }

    pub(super) fn earn_output(&self, id: EarnId) -> Option<&'a EarnOutput> {
        let outputs = self.outputs().iter();
        outputs
            .flat_map(|output| &output.earns)
            .find(|earn| earn.earn == id)
    }

    /// Puts what is behind a spot under a step; a spot that is no sum becomes a summand itself.
    pub(super) fn unfold(&mut self, step: &mut Step, spot: Spot, sign: Sign, depth: usize) {
        let mut inner = self.step(spot, sign, Part::Summand, depth);
        let is_named = self.called(self.peel(spot)).is_some();
        if inner.summands().next().is_some() && !is_named {
            if step.note.is_empty() {
                step.note = std::mem::take(&mut inner.note);
            }
            step.children.append(&mut inner.children);
        } else {
            step.children.push(inner);
        }
    }
}

/// Says whether a statement is one that a block was written out as and that says nothing by itself: a number, which other
/// lines may have, too, or what stands for a part that is not there.
fn is_silent(compiled: &Compiled, id: DefinitionId, node: NodeId) -> bool {
    let Some(found) = compiled.program.definition(id) else {
        return false;
    };
    let name = &found.naming.name;
    let is_number = matches!(compiled.graph.node(node).map(|node| &node.op), Some(Op::Const(_)));
    name.contains(' ') && (is_number || name.starts_with("base "))
}

/// Turns summands that do not add up to their parent into details, so that no tree ever adds up wrongly.
pub(super) fn settle(step: &mut Step) {
    if step.summands().next().is_none() {
        return;
    }
    let sum = total(step.summands().map(|child| child.exact.as_ref()));
    if sum.is_none() || sum != step.exact {
        for child in &mut step.children {
            child.part = Part::Detail;
        }
    }
}
