//! Targets that cannot be divided, with the numbers that say why.

use std::collections::BTreeSet;

use guerdon_plan::hir::{Block, PaysIn, Target, TargetLevel};
use guerdon_plan::number::format_money;
use guerdon_plan::types::{DefinitionId, TableId};
use guerdon_syntax::{Code, Span, Text, text};

use super::super::{Figure, Reader, Spot};
use crate::column::Cell;
use crate::problem::Problem;
use crate::report::Report;

/// How many records without a weight are named.
const MOST_NAMED: usize = 5;

impl Report<'_> {
    /// Lists what is wrong with targets: each cause once, the first target, level and record that it spoils.
    pub(in crate::report) fn faulty_targets(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for reader in self.blocks() {
            if let Block::Target(target) = reader.block {
                problems.extend(reader.faults(target));
            }
        }
        problems
    }
}

impl Reader<'_> {
    /// Finds the faults of a target from the top down; parts of what is faulty are not looked at.
    fn faults(&self, target: &Target) -> Vec<Problem> {
        let mut known = BTreeSet::new();
        let mut found = self.unknown(target, (target.goal, None), &mut known);
        for level in &target.levels {
            if !found.is_empty() {
                break;
            }
            found.extend(self.over_locked(target, level));
            found.extend(self.below_zero(target, level));
            found.extend(self.unweighted(target, level));
            found.extend(self.without_weight(target, level));
            if found.is_empty() {
                found.extend(self.unknown(target, (level.part, level.length), &mut known));
            }
        }
        if found.is_empty() {
            for test in &target.tests {
                found.extend(self.unknown(target, (test.holds, None), &mut known));
            }
        }
        found
    }

    /// Finds locked parts that come to more than what is divided.
    fn over_locked(&self, target: &Target, level: &TargetLevel) -> Vec<Problem> {
        let Some(free) = level.free else { return Vec::new() };
        let mut found = Vec::new();
        for (spot, held) in self.held_spots(target, free, level.above) {
            let left = self.figure(free, spot);
            let all = self.figure(level.handed_out, spot);
            let Some((left, all)) = left.exact.zip(all.exact).filter(|(left, _)| left.is_negative()) else {
                continue;
            };
            let Ok(locked) = all.sub(&left) else { continue };
            let [over, all, locked] = [&left.neg(), &all, &locked].map(|number| self.spelled(number));
            let message = text!(
                "the locked parts come to more than what is divided",
                "锁定部分合计超过待分摊的总额"
            );
            let detail = text!(
                "{locked} is locked of {all}: {over} too much",
                "总额{all}，已锁定{locked}，超出{over}"
            );
            let problem = Problem::new(Code::R0923, message).advise(text!(
                "lower a locked part, or raise the goal",
                "请下调某个锁定部分，或上调目标值"
            ));
            found.push(self.placed(problem, Some(level.span), (spot, held), detail));
        }
        found
    }

    /// Finds periods whose weight is below zero.
    fn below_zero(&self, target: &Target, level: &TargetLevel) -> Vec<Problem> {
        let Some(weight) = level.weight else {
            return Vec::new();
        };
        let spots = self.held_spots(target, weight, level.length);
        let is_negative = |found: &Figure| found.exact.as_ref().is_some_and(|weight| weight.is_negative());
        let mut found = Vec::new();
        for (spot, held) in spots {
            let figure = self.figure(weight, spot);
            if is_negative(&figure) {
                let message = text!("a weight to share by is negative", "分摊权重为负");
                let shown = figure.text;
                let detail = text!("the weight is {shown}", "权重为 {shown}");
                let problem = Problem::new(Code::R0920, message);
                found.push(self.placed(problem, Some(level.span), (spot, held), detail));
            }
        }
        found
    }

    /// Finds the periods whose weight is a look-up that finds nothing, told together.
    fn without_weight(&self, target: &Target, level: &TargetLevel) -> Option<Problem> {
        let weight = level.weight?;
        let mut lacking: Vec<String> = Vec::new();
        let mut first = None;
        for (spot, held) in self.held_spots(target, weight, level.length) {
            let Some(problem) = self
                .fault_at(weight, spot)
                .filter(|found| found.code == Code::R0903)
            else {
                continue;
            };
            lacking.push(match held {
                Some(table) => {
                    format!(
                        "{}, {}",
                        self.report.key_text(table, spot.row),
                        self.label(spot.period)
                    )
                }
                None => self.label(spot.period),
            });
            first.get_or_insert((problem, spot, held));
        }
        let (problem, spot, held) = first?;
        let message = text!("a part has no weight to share by", "某部分没有分摊权重");
        let span = problem.span.or(Some(level.span));
        let more = lacking.len().saturating_sub(MOST_NAMED);
        lacking.truncate(MOST_NAMED);
        let named = lacking.join("; ");
        let detail = match more {
            0 => text!("no weight for {named}", "{named} 没有权重"),
            more => text!(
                "no weight for {named} and {more} more",
                "{named} 等另外 {more} 个没有权重"
            ),
        };
        let problem = Problem::new(Code::R0903, message).advise(text!(
            "give it one, or say what counts instead: otherwise 0",
            "请补上权重，或写明缺省值：缺省 0"
        ));
        Some(self.placed(problem, span, (spot, held), detail))
    }

    /// Gives what makes a figure an error.
    fn fault_at(&self, id: DefinitionId, spot: Spot) -> Option<Problem> {
        let error = self.read(id, spot, |cell| match cell {
            Cell::Error(number) => *number,
            _ => 0,
        });
        let error = error.filter(|error| *error != 0)?;
        Some(self.report.problem_of(error))
    }

    /// Finds periods that have no weight between them.
    fn unweighted(&self, target: &Target, level: &TargetLevel) -> Vec<Problem> {
        let Some(weights) = level.weights else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (spot, held) in self.held_spots(target, weights, level.above) {
            let is_zero = |found: &Figure| found.exact.as_ref().is_some_and(|weights| weights.is_zero());
            let is_nothing_left = level.free.is_some_and(|free| is_zero(&self.figure(free, spot)));
            if is_zero(&self.figure(weights, spot)) && !is_nothing_left {
                let message = text!("all weights to share by are zero", "分摊权重全为零");
                let problem = Problem::new(Code::R0913, message);
                found.push(self.placed(problem, Some(level.span), (spot, held), Text::default()));
            }
        }
        found
    }

    /// Finds figures that are errors, each cause once.
    fn unknown(
        &self,
        target: &Target,
        (id, length): (DefinitionId, Option<guerdon_plan::calendar::Unit>),
        known: &mut BTreeSet<u32>,
    ) -> Vec<Problem> {
        let mut found = Vec::new();
        for (spot, held) in self.held_spots(target, id, length) {
            let error = self.read(id, spot, |cell| match cell {
                Cell::Error(number) => *number,
                _ => 0,
            });
            let Some(error) = error.filter(|error| *error != 0 && known.insert(*error)) else {
                continue;
            };
            let problem = self.report.problem_of(error);
            let own = self.report.definition(id).map(|found| found.span);
            let span = problem.span.or(own);
            found.push(self.placed(problem, span, (spot, held), Text::default()));
        }
        found
    }

    /// Says where a problem is.
    fn placed(
        &self,
        mut problem: Problem,
        span: Option<Span>,
        (spot, held): (Spot, Option<TableId>),
        detail: Text,
    ) -> Problem {
        problem.span = span;
        problem.period = Some(spot.period);
        problem.payee = held.and_then(|table| Some((table, u32::try_from(spot.row).ok()?)));
        let (name, period) = (self.name(), self.label(spot.period));
        let key = held.map(|table| self.report.key_text(table, spot.row));
        let of = match key {
            Some(key) => format!("{key}, {period}"),
            None => period,
        };
        let place = text!("target \"{name}\", {of}", "目标“{name}”，{of}");
        let whole = match detail.is_empty() {
            true => place,
            false => text!("{place}: {detail}", "{place}：{detail}"; place, detail),
        };
        problem.detailed(whole)
    }

    fn spelled(&self, number: &guerdon_plan::number::Exact) -> String {
        match self.output.pays_in {
            PaysIn::Money(currency) => format_money(number, currency, 0),
            PaysIn::Points | PaysIn::Nothing => number.to_string(),
        }
    }
}
