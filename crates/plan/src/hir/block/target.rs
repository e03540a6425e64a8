//! What targets are made of.

use guerdon_syntax::ast::SmartTest;
use guerdon_syntax::span::Span;

use super::rename::optional;
use crate::calendar::Unit;
use crate::hir::schema::Reason;
use crate::types::DefinitionId;

/// Holds a target. Everything is for a subject and a period.
#[derive(Debug, Clone)]
pub struct Target<D = DefinitionId> {
    /// Whether each subject has a goal of its own; otherwise there is one for all.
    pub has_subject: bool,
    /// How long the period of the goal is; the plan is computed by the shortest periods of its levels.
    pub whole: Unit,
    /// The goal.
    pub goal: D,
    /// What it is compared with.
    pub actual: Option<D>,
    /// The levels of the split, from the top down.
    pub levels: Vec<TargetLevel<D>>,
    /// The figures after recalibration.
    pub recalibrated: Option<Recalibrated<D>>,
    /// The tests of the goal, in order.
    pub tests: Vec<SmartCheck<D>>,
}

/// Holds one level of a target's split.
#[derive(Debug, Clone)]
pub struct TargetLevel<D = DefinitionId> {
    /// The part of one of the records or periods that it is split among.
    pub part: D,
    /// What is assigned beyond the whole; shown as a line of its own.
    pub over: Option<D>,
    /// How long the periods of its parts are; none for that of the goal.
    pub length: Option<Unit>,
    /// How long the periods are of what is divided; none for that of the goal.
    pub above: Option<Unit>,
    /// To whom of the level above a record belongs; none where that goes without saying.
    pub of: Option<D>,
    /// What is divided among the parts.
    pub handed_out: D,
    /// What is left of that for parts that are not locked, below zero where too much is; none without locks.
    pub free: Option<D>,
    /// The weight of a period as it is given; none where it is split among records.
    pub weight: Option<D>,
    /// The weights of all periods that are not locked; none where it is split among records.
    pub weights: Option<D>,
    /// Why.
    pub reason: Reason,
    /// Where the split is written.
    pub span: Span,
}

/// Holds what recalibration gives, beside the original figures.
#[derive(Debug, Clone)]
pub struct Recalibrated<D = DefinitionId> {
    /// The new figure of a period, as it stands when the stretch begins after which targets are looked at again.
    pub part: D,
    /// What no later period can take.
    pub unplaced: D,
    /// How long a stretch is.
    pub length: Option<Unit>,
}

/// Holds one of the tests of a target.
#[derive(Debug, Clone)]
pub struct SmartCheck<D = DefinitionId> {
    /// Which of the five.
    pub test: SmartTest,
    /// Whether it holds; missing where that cannot be told.
    pub holds: D,
    /// Whether a failure is only a warning.
    pub failure: SmartFailure,
    /// Why.
    pub reason: Reason,
    /// Where it is written.
    pub span: Span,
}

/// Says what a test of a target that does not hold is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmartFailure {
    /// `else warn`.
    Warn,
    /// `else fail`, also where nothing is written.
    Fail,
}

impl<D> Target<D> {
    pub(super) fn rename<E>(self, name: &mut impl FnMut(D) -> Option<E>) -> Option<Target<E>> {
        let goal = name(self.goal)?;
        let actual = optional(self.actual, name)?;
        let levels = self.levels.into_iter().map(|level| {
            Some(TargetLevel {
                part: name(level.part)?,
                over: optional(level.over, name)?,
                length: level.length,
                above: level.above,
                of: optional(level.of, name)?,
                handed_out: name(level.handed_out)?,
                free: optional(level.free, name)?,
                weight: optional(level.weight, name)?,
                weights: optional(level.weights, name)?,
                reason: level.reason,
                span: level.span,
            })
        });
        let levels = levels.collect::<Option<_>>()?;
        let recalibrated = match self.recalibrated {
            Some(found) => Some(Recalibrated {
                part: name(found.part)?,
                unplaced: name(found.unplaced)?,
                length: found.length,
            }),
            None => None,
        };
        let tests = self.tests.into_iter().map(|test| {
            Some(SmartCheck {
                test: test.test,
                holds: name(test.holds)?,
                failure: test.failure,
                reason: test.reason,
                span: test.span,
            })
        });
        Some(Target {
            has_subject: self.has_subject,
            whole: self.whole,
            goal,
            actual,
            levels,
            recalibrated,
            tests: tests.collect::<Option<_>>()?,
        })
    }
}
