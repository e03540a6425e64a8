//! Figures of contests, warnings and scorecards, in the words of those blocks.
//!
//! A block is a plan whose statements are written by rule. Taken apart as such it would show the rules by which it was
//! written; here it shows what its author wrote.

mod card;
mod level;
mod prize;

use std::collections::BTreeSet;

use guerdon_plan::graph::{Frame, NodeId};
use guerdon_plan::hir::Sign;
use guerdon_plan::types::DefinitionId;

use super::Step;
use super::told::Told;
use super::walk::{Called, Spot, Walk};
use crate::report::is_internal;

/// The most values that a step lists as what it rests on.
const MOST_VALUES: usize = 12;

impl<'a> Walk<'a> {
    /// Puts what is behind a figure of a block under its step.
    pub(super) fn tell(&mut self, step: &mut Step, spot: Spot, told: Told<'a>, sign: Sign, depth: usize) {
        match told {
            Told::Level(warning) => self.level(step, spot, warning, depth),
            Told::Actions(warning) => self.actions(step, spot, warning, depth),
            Told::Prize(contest) => self.prize(step, spot, contest, depth),
            Told::Total(card) => self.card_total(step, spot, card, sign, depth),
            Told::Dimension(dimension) => self.dimension(step, spot, dimension, sign, depth),
            Told::Metric(metric) => self.metric(step, spot, metric, depth),
            Told::Grade(card) => self.grade(step, spot, card, depth),
        }
    }

    /// Gives another definition of the same record and period.
    fn there(&self, spot: Spot, id: DefinitionId) -> Option<Spot> {
        let outputs = self.outputs().iter();
        let (_, node) = outputs
            .flat_map(|output| &output.values)
            .find(|(definition, _)| *definition == id)?;
        self.beside(spot, *node)
    }

    /// Gives another node for the record and the period of a spot.
    fn beside(&self, spot: Spot, node: NodeId) -> Option<Spot> {
        let own = self.node(spot)?.frame;
        let frame = self.compiled.graph.node(node)?.frame;
        if own == frame {
            return Some(Spot { node, ..spot });
        }
        let (row, period) = match self.frame(own)? {
            Frame::Cells { rows, axis } => {
                let count = self.state.rows(*rows);
                let place = i32::try_from(spot.cell.checked_div(count)?).ok()?;
                let first = self.state.window(*axis).first;
                (spot.cell.checked_rem(count), first.checked_add(place))
            }
            Frame::Rows(_) => (Some(spot.cell), None),
            Frame::Axis(axis) => {
                let place = i32::try_from(spot.cell).ok()?;
                (None, self.state.window(*axis).first.checked_add(place))
            }
            Frame::Single | Frame::Selected { .. } | Frame::Expanded { .. } => (None, None),
        };
        let cell = self.cell_at(frame, row, period)?;
        Some(Spot { node, cell })
    }

    /// Gives the same figure one period before, if the run has it.
    fn one_before(&self, spot: Spot) -> Option<Spot> {
        let Frame::Cells { rows, .. } = self.frame(self.node(spot)?.frame)? else {
            return None;
        };
        let cell = spot.cell.checked_sub(self.state.rows(*rows))?;
        Some(Spot { cell, ..spot })
    }

    /// Gives the name of the period of a figure.
    fn period_of(&self, spot: Spot) -> String {
        let frame = self.node(spot).map(|node| node.frame);
        let keys = frame.map(|frame| self.keys(frame, spot.cell));
        keys.and_then(|mut keys| keys.pop()).unwrap_or_default()
    }

    /// Lists the author's own statements that a figure of a block looks at.
    fn rests_on(&self, spots: impl IntoIterator<Item = Spot>) -> Vec<Spot> {
        let mut open: Vec<Spot> = spots.into_iter().collect();
        open.reverse();
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        while let Some(spot) = open.pop() {
            if found.len() >= MOST_VALUES {
                break;
            }
            if !seen.insert(spot.node) {
                continue;
            }
            match self.called(spot) {
                Some(called) if !self.is_hidden(called) => found.push(spot),
                Some(_) | None => open.extend(self.looked_at(spot)),
            }
        }
        found
    }

    /// Lists what a term takes from its own record and period, the last first.
    fn looked_at(&self, spot: Spot) -> Vec<Spot> {
        let Some(node) = self.node(spot) else {
            return Vec::new();
        };
        let inputs = node.op.inputs().into_iter().rev();
        inputs
            .map(|input| self.input(spot, input))
            .filter(|input| {
                self.node(*input)
                    .is_some_and(|other| other.frame == node.frame && !self.is_standing(input.node))
            })
            .collect()
    }

    /// Says whether a name is one that the author of a block has not written.
    pub(super) fn is_hidden(&self, called: Called) -> bool {
        match called {
            Called::Definition(id) => {
                let definition = self.compiled.program.definition(id);
                definition.is_some_and(|found| is_internal(&found.naming.name))
            }
            Called::Earn(_) | Called::Later(_) => false,
        }
    }

    /// Adds the author's own statements that a figure looks at, each with what is behind it.
    fn push_values(&mut self, step: &mut Step, values: &[Spot], depth: usize) {
        for value in values {
            let value = self.step(*value, Sign::Plus, super::Part::Detail, depth.saturating_add(1));
            step.children.push(value);
        }
    }
}
