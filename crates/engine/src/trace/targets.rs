//! The steps from a goal to its parts: from what, by which weight, beside what is locked, and what the steps moved.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::graph::{Frame, Op, PlanOutput};
use guerdon_plan::hir::{Block, Definition, Plan, Sign, Target, TargetLevel};
use guerdon_plan::types::DefinitionId;
use guerdon_syntax::{Text, text};

use super::walk::{Spot, Walk};
use super::{Part, Step};

/// A figure of a target: whose statements surround it, and at which record and period it stands.
#[derive(Clone, Copy)]
struct Seat<'a> {
    output: &'a PlanOutput,
    plan: &'a Plan,
    target: &'a Target,
    row: Option<usize>,
    period: Option<i32>,
}

impl<'a> Walk<'a> {
    /// Puts what is behind a figure of a target under its step, in the words of targets; no if it is none of those.
    pub(super) fn target_step(
        &mut self,
        step: &mut Step,
        spot: Spot,
        id: DefinitionId,
        sign: Sign,
        depth: usize,
    ) -> bool {
        let Some(seat) = self.seat(spot, id) else {
            return false;
        };
        let name = self
            .compiled
            .program
            .definition(id)
            .map(|found| found.naming.name.as_str());
        let Some(name) = name else { return false };
        if name == "recalibrated" {
            self.recalibrated(step, seat, depth);
            return true;
        }
        let Some((what, number)) = name.rsplit_once(' ') else {
            return false;
        };
        let level = number
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1));
        let Some(level) = level.and_then(|at| seat.target.levels.get(at)) else {
            return false;
        };
        match what {
            "level" if self.is_locked(step, seat, number, sign, depth) => {}
            "level" if level.weights.is_some() => self.part(step, seat, (level, number), sign, depth),
            "free" | "left of" => self.beside_locked(step, seat, level, sign, depth),
            // A weight is what the rule or the data say it is.
            "weight" | "open weight" | "given weight" | "weights" => {}
            _ => return false,
        }
        true
    }

    /// Explains a part that is locked by its lock, with the reason of that one; no if it is not locked.
    fn is_locked(&mut self, step: &mut Step, seat: Seat<'a>, number: &str, sign: Sign, depth: usize) -> bool {
        let fixed = self.named(seat.output, &format!("fixed {number}"));
        let fixed = fixed.and_then(|node| self.at(seat, node));
        let Some(fixed) = fixed.filter(|fixed| !self.is_missing(*fixed)) else {
            return false;
        };
        step.note = text!("locked", "锁定");
        let mut told = self.bare(text!("locked", "锁定"), fixed, sign, Part::Summand);
        if let Some(lock) = self.lock_of(seat, number, fixed) {
            let node = self.named(seat.output, &lock.naming.name);
            if let Some(spot) = node.and_then(|node| self.at(seat, node)) {
                self.fill_past(&mut told, spot, sign, depth.saturating_add(1));
                super::walk::settle(&mut told);
            }
            told = told.reasoned(&lock.reason);
        }
        step.children.push(told);
        true
    }

    /// Finds the lock whose figure a locked part has: the first whose record and period are those of the part.
    fn lock_of(&self, seat: Seat<'a>, number: &str, fixed: Spot) -> Option<&'a Definition> {
        let (mut at, mut lock) = (fixed, 1_usize);
        for _ in 0..self.compiled.graph.nodes.len() {
            match &self.node(at)?.op {
                Op::If {
                    condition, otherwise, ..
                } if !self.is_standing(*condition) => {
                    if self.truth(self.input(at, *condition))? {
                        break;
                    }
                    at = self.input(at, *otherwise);
                    lock = lock.saturating_add(1);
                }
                _ => at = self.through(at)?,
            }
        }
        let name = format!("lock {number} {lock}");
        let own = seat.plan.definitions.iter();
        own.filter_map(|id| self.compiled.program.definition(*id))
            .find(|found| found.naming.name == name)
    }

    /// Explains the part of a period: what is divided, its weight among all, and what whole steps made of it.
    fn part(
        &mut self,
        step: &mut Step,
        seat: Seat<'a>,
        (level, number): (&TargetLevel, &str),
        sign: Sign,
        depth: usize,
    ) {
        let own =
            |walk: &Self, what: &str| walk.at(seat, walk.named(seat.output, &format!("{what} {number}"))?);
        if let Some(whole) = own(self, "whole") {
            let mut cut = self.bare(
                text!("by weight, in whole steps", "按权重取整步"),
                whole,
                sign,
                Part::Summand,
            );
            let node = |walk: &Self, id: DefinitionId| walk.at(seat, walk.node_of(seat, id)?);
            let all = node(self, level.free.unwrap_or(level.handed_out));
            let weights = level.weights.and_then(|id| node(self, id));
            if let (Some(all), Some(weight), Some(weights)) = (all, own(self, "open weight"), weights) {
                let [all, weight, weights] = [all, weight, weights].map(|spot| self.shown(spot));
                cut.note = text!("{all} × {weight} of {weights}", "{all} × {weights} 分之 {weight}");
            }
            let more = step.exact.as_ref().zip(cut.exact.as_ref());
            let more = more
                .and_then(|(all, cut)| all.sub(cut).ok())
                .filter(|more| !more.is_zero());
            step.children.push(cut);
            if let Some(more) = more {
                let mut extra = Step::new(
                    text!("of the steps that were left", "余下步长中的份额"),
                    Part::Summand,
                );
                extra.value = Some(self.amount(&more, self.scalar(whole)));
                extra.exact = Some(more);
                step.children.push(extra);
            }
        }
        let divided = level.free.unwrap_or(level.handed_out);
        if let Some(divided) = self.node_of(seat, divided).and_then(|node| self.at(seat, node)) {
            let divided = self.step(divided, Sign::Plus, Part::Detail, depth.saturating_add(1));
            step.children.push(divided);
        }
    }

    /// Explains what is left beside locked parts.
    fn beside_locked(
        &mut self,
        step: &mut Step,
        seat: Seat<'a>,
        level: &TargetLevel,
        sign: Sign,
        depth: usize,
    ) {
        let Some(all) = self
            .node_of(seat, level.handed_out)
            .and_then(|node| self.at(seat, node))
        else {
            return;
        };
        let all = self.step(all, sign, Part::Summand, depth.saturating_add(1));
        let locked = step.exact.as_ref().zip(all.exact.as_ref());
        let locked = locked.and_then(|(left, all)| left.sub(all).ok());
        let scalar = level.free.and_then(|id| self.compiled.program.definition(id));
        step.children.push(all);
        if let (Some(locked), Some(found)) = (locked, scalar) {
            let mut taken = Step::new(text!("locked parts", "锁定部分"), Part::Summand);
            taken.value = Some(self.amount(&locked, found.ty.scalar));
            taken.exact = Some(locked);
            step.children.push(taken);
        }
    }

    /// Explains a figure after recalibration: the original, the gap, what is to be placed, and the most that it may be.
    fn recalibrated(&mut self, step: &mut Step, seat: Seat<'a>, depth: usize) {
        let original = seat
            .target
            .levels
            .last()
            .and_then(|level| self.node_of(seat, level.part));
        if let Some(original) = original.and_then(|node| self.at(seat, node)) {
            let mut original = self.step(original, Sign::Plus, Part::Detail, depth.saturating_add(1));
            original.note = text!("as first set", "最初设定");
            step.children.push(original);
        }
        for name in ["new gap", "new to place", "new share", "new most"] {
            let found = self.named(seat.output, name).and_then(|node| self.at(seat, node));
            if let (Some(found), Some(words)) = (found, in_words(name)) {
                let found = self.bare(words, found, Sign::Plus, Part::Detail);
                step.children.push(found);
            }
        }
    }

    /// Finds the target that a statement belongs to, and where a spot is in it.
    fn seat(&self, spot: Spot, id: DefinitionId) -> Option<Seat<'a>> {
        let program = &self.compiled.program;
        let own = self.outputs().iter().find_map(|output| {
            let plan = program.plan(output.plan)?;
            let Some(Block::Target(target)) = &plan.block else {
                return None;
            };
            let is_own = plan.definitions.contains(&id);
            is_own.then_some((output, plan, target))
        });
        let (output, plan, target) = own?;
        let (row, place) = match self.frame(self.node(spot)?.frame)? {
            Frame::Cells { rows, .. } => {
                let count = self.state.rows(*rows).max(1);
                (spot.cell.checked_rem(count), spot.cell.checked_div(count))
            }
            Frame::Rows(_) => (Some(spot.cell), None),
            Frame::Axis(_) => (None, Some(spot.cell)),
            Frame::Single | Frame::Selected { .. } | Frame::Expanded { .. } => (None, None),
        };
        let first = self.state.window(output.axis).first;
        let period = place.and_then(|place| first.checked_add(i32::try_from(place).ok()?));
        Some(Seat {
            output,
            plan,
            target,
            row,
            period,
        })
    }

    fn named(&self, output: &PlanOutput, name: &str) -> Option<guerdon_plan::graph::NodeId> {
        let found = output.values.iter().find(|(id, _)| {
            let found = self.compiled.program.definition(*id);
            found.is_some_and(|found| found.naming.name == name)
        });
        found.map(|(_, node)| *node)
    }

    fn node_of(&self, seat: Seat<'a>, id: DefinitionId) -> Option<guerdon_plan::graph::NodeId> {
        crate::report::node_of(seat.output, id)
    }

    /// Gives the spot of a statement for the same record and period.
    fn at(&self, seat: Seat<'a>, node: guerdon_plan::graph::NodeId) -> Option<Spot> {
        let frame = self.compiled.graph.node(node)?.frame;
        let cell = self.cell_at(frame, seat.row, seat.period)?;
        Some(Spot { node, cell })
    }

    /// Names a part by its record and its own period, which may be longer than those that a target is computed by.
    pub(super) fn part_label(&self, id: DefinitionId, spot: Spot) -> Option<Text> {
        let name = &self.compiled.program.definition(id)?.naming.name;
        let words = in_words(name)?;
        let seat = self.seat(spot, id)?;
        let level = seat.target.levels.iter().find(|level| level.part == id);
        let Some(level) = level else { return Some(words) };
        let frame = self.node(spot)?.frame;
        let mut keys = self.keys(frame, spot.cell);
        if let Some(index) = seat.period {
            let period = PeriodKey::new(seat.plan.unit, index);
            let calendar = self.compiled.program.calendar(seat.plan.calendar)?;
            let unit = level.length.unwrap_or(seat.target.whole);
            let longer = calendar.containing(period, unit).unwrap_or(period);
            keys.pop();
            keys.push(self.names().period_label(seat.plan.calendar, longer));
        }
        let keys = keys.join(", ");
        Some(match keys.is_empty() {
            true => words,
            false => text!("{words}, {keys}", "{words}，{keys}"; words),
        })
    }
}

/// Says in words what a statement is that a target's line was written out as: `weights 2` are the weights of all parts
/// of the second level.
pub(super) fn in_words(name: &str) -> Option<Text> {
    if let Some(own) = name.strip_suffix(" of part") {
        return Some(Text::same(own.to_owned()));
    }
    if let Some(step) = name.strip_prefix("new ") {
        return recalibrated(step);
    }
    let (step, level) = name.rsplit_once(' ')?;
    level.parse::<usize>().ok()?;
    // A lock has two numbers: that of its level and its own.
    let step = match step.split_once(' ') {
        Some(("lock", _)) => "lock",
        Some(_) | None => step,
    };
    Some(match step {
        "level" | "base" => text!("part of level {level}", "第 {level} 级份额"),
        "whole" => text!("by weight, in whole steps", "按权重取整步"),
        "exact" => text!("by weight", "按权重"),
        "gets" => text!("of the steps that are left", "余下步长中的份额"),
        "left" => text!("left once all are in whole steps", "取整后的余额"),
        "before" => text!("parts that come first", "在前的部分数"),
        "cut off" => text!("cut off", "舍去部分"),
        "weight" | "given weight" | "open weight" => text!("weight", "权重"),
        "weights" => text!("weights of all that are not locked", "未锁定部分的权重合计"),
        "fixed" | "lock" => text!("locked", "锁定"),
        "left of" | "free" => text!("left beside what is locked", "扣除锁定后的余额"),
        "assigned" => text!("assigned in all", "分配总额"),
        "over" => text!("beyond the whole", "超额分配"),
        "of" => text!("belongs to", "属于"),
        _ => return None,
    })
}

/// Says what a step of recalibration is.
fn recalibrated(step: &str) -> Option<Text> {
    Some(match step {
        "actual" => text!("reached", "实绩"),
        "later" => text!(
            "parts from here on in which something was reached",
            "自此有实绩的部分数"
        ),
        "gap" => text!("gap so far", "截至目前的差额"),
        "to place" => text!("to be placed from here on", "自此待分摊"),
        "share" => text!("share of the whole", "占总额的份额"),
        "weight" => text!("weight", "权重"),
        "most" => text!("the most that it may be", "上限"),
        "full" => text!("taken by parts at their most", "已达上限部分"),
        "open" => text!("for parts below their most", "留给未达上限部分"),
        "open shares" => text!("shares of parts below their most", "未达上限部分的份额合计"),
        "left" => text!("left once all are in whole steps", "取整后的余额"),
        "before" => text!("parts that come first", "在前的部分数"),
        _ => return None,
    })
}
