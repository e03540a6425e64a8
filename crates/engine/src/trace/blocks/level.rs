//! Levels of warnings: why now, why no higher one, what clears it; and what is to be done.

use std::collections::BTreeSet;

use guerdon_plan::graph::Op;
use guerdon_plan::hir::{Level, Sign, Warning};
use guerdon_plan::number::Exact;
use guerdon_plan::types::DefinitionId;
use guerdon_syntax::{Text, text};

use super::super::walk::{Spot, Walk};
use super::super::{Part, Step};

/// How many periods are looked back to show how a level came about.
const PERIODS_SHOWN: usize = 6;

impl<'a> Walk<'a> {
    /// Explains the level that a subject has: each level from the highest down, the values of the last periods, and
    /// what these came from.
    pub(super) fn level(&mut self, step: &mut Step, spot: Spot, warning: &'a Warning, depth: usize) {
        if self.is_missing(spot) {
            let language = self.language(spot);
            step.value = Some(text!("none", "无").get(language).to_owned());
        }
        for level in warning.levels.iter().rev() {
            let told = self.one_level(spot, warning, level);
            step.children.push(told);
        }
        let conditions: Vec<DefinitionId> = warning
            .levels
            .iter()
            .flat_map(|level| [Some(level.when), level.clear])
            .flatten()
            .collect();
        let conditions: Vec<Spot> = conditions
            .into_iter()
            .filter_map(|id| self.there(spot, id))
            .collect();
        let values = self.rests_on(conditions);
        self.last_periods(step, spot, warning, &values);
        self.push_values(step, &values, depth);
    }

    /// Explains what a warning asks to be done: the level that was entered, and how the response was found.
    pub(super) fn actions(&mut self, step: &mut Step, spot: Spot, warning: &'a Warning, depth: usize) {
        let has_entered = self.there(spot, warning.entered).and_then(|at| self.truth(at));
        let shown = self.there(spot, warning.level);
        let level = shown.map(|shown| self.shown(shown)).unwrap_or_default();
        let why = match has_entered {
            Some(true) => text!(
                "the level {level} was entered in this period",
                "本期进入级别“{level}”"
            ),
            Some(false) | None => text!(
                "no level was entered in this period; actions are issued when one is",
                "本期没有进入新的级别；处置只在进入级别时下达"
            ),
        };
        step.children.push(Step::detail(why));
        if has_entered == Some(true) {
            self.responses(step, spot, warning);
        }
        for escalation in &warning.escalations {
            let happens = self
                .there(spot, escalation.when)
                .and_then(|when| self.truth(when));
            if let (Some(true), Some(level)) = (happens, warning.levels.get(escalation.level)) {
                let periods = self.count(spot, level.raised).unwrap_or_default();
                let name = &level.naming.name;
                let told = Step::detail(text!(
                    "{name} has been raised for {periods} periods: it goes up the line",
                    "{name} 已触发 {periods} 期：向上级报告"
                ));
                step.children.push(told.reasoned(&escalation.reason));
            }
        }
        if let Some(shown) = shown {
            let mut told = self.bare(text!("level", "级别"), shown, Sign::Plus, Part::Detail);
            self.level(&mut told, shown, warning, depth.saturating_add(1));
            step.children.push(told);
        }
    }

    /// Shows by what the response was chosen, but for the level.
    fn responses(&mut self, step: &mut Step, spot: Spot, warning: &Warning) {
        let level = self.there(spot, warning.level).map(|level| level.node);
        let mut open: Vec<Spot> = warning
            .response
            .and_then(|id| self.there(spot, id))
            .into_iter()
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(at) = open.pop() {
            if !seen.insert(at.node) {
                continue;
            }
            let Some(Op::Decide { inputs, .. }) = self.node(at).map(|node| &node.op) else {
                open.extend(self.looked_at(at));
                continue;
            };
            let inputs = inputs.iter().map(|input| self.peel(self.input(at, *input)));
            for input in inputs
                .filter(|input| Some(input.node) != level)
                .collect::<Vec<_>>()
            {
                let told = self.bare(self.label(input), input, Sign::Plus, Part::Detail);
                step.children.push(told);
            }
            break;
        }
    }

    fn one_level(&mut self, spot: Spot, warning: &Warning, level: &Level) -> Step {
        let name = &level.naming.name;
        let raised = self.count(spot, level.raised).unwrap_or_default();
        let mut told = Step::detail(match raised.as_str() {
            "" => text!("level {name}: not known", "级别 {name}：无法判断"),
            "0" => text!("level {name}: not raised", "级别 {name}：未触发"),
            _ if self.is_skipped(spot, warning) => {
                text!(
                    "level {name}: still raised, for this period is skipped",
                    "级别 {name}：仍触发，本期跳过"
                )
            }
            "1" => text!("level {name}: raised in this period", "级别 {name}：本期触发"),
            _ => text!(
                "level {name}: raised for {raised} periods",
                "级别 {name}：已触发 {raised} 期"
            ),
        })
        .reasoned(&level.reason);
        told.span = Some(level.span);
        let is_raised = !matches!(raised.as_str(), "" | "0");
        if let Some(when) = self.there(spot, level.when) {
            told.children.push(self.is_met(when));
        }
        if is_raised {
            told.children.push(self.what_clears(spot, warning, level));
        } else {
            told.children.extend(self.what_holds_back(spot, warning, level));
        }
        told
    }

    fn is_skipped(&self, spot: Spot, warning: &Warning) -> bool {
        let skips = warning.skips.and_then(|skips| self.there(spot, skips));
        skips.and_then(|skips| self.truth(skips)) == Some(true)
    }

    /// Says whether a condition holds, with the values that it compared.
    fn is_met(&self, when: Spot) -> Step {
        let why = self.condition_past(when);
        Step::detail(match self.truth(when) {
            Some(true) => text!("its condition holds: {why}", "条件成立：{why}"; why),
            Some(false) => text!("its condition does not hold: {why}", "条件不成立：{why}"; why),
            None => why,
        })
    }

    /// Says what clears a level that is raised, and whether it does now.
    fn what_clears(&self, spot: Spot, warning: &Warning, level: &Level) -> Step {
        let needed = warning.confirmation.clear_after;
        let calm = level.calm.and_then(|calm| self.count(spot, calm));
        let so_far = match calm {
            Some(calm) => text!(
                " for {needed} periods in a row ({calm} so far)",
                "，且连续 {needed} 期（目前 {calm} 期）"
            ),
            None => Text::default(),
        };
        let clear = level.clear.and_then(|clear| self.there(spot, clear));
        let Some(clear) = clear else {
            return Step::detail(
                text!("it ends when its condition does not hold{so_far}", "条件不再成立时解除{so_far}"; so_far),
            );
        };
        let rule = self
            .node(self.peel_past(clear))
            .map(|node| self.excerpt(node.span));
        let (rule, now) = (rule.unwrap_or_default(), self.condition_past(clear));
        Step::detail(
            text!("it ends when {rule}{so_far}; now: {now}", "{rule} 时解除{so_far}；现在：{now}"; so_far, now),
        )
    }

    /// Says what keeps a level from being raised although its condition may hold: how often it must, or that it rests.
    fn what_holds_back(&self, spot: Spot, warning: &Warning, level: &Level) -> Vec<Step> {
        let needed = warning.confirmation.after;
        let held = level.held.and_then(|held| self.count(spot, held));
        let held = held.map(|held| match warning.confirmation.out_of {
            Some(window) => text!(
                "it held in {held} of the last {window} periods; {needed} are needed",
                "最近 {window} 期中成立 {held} 期；需要 {needed} 期"
            ),
            None => text!(
                "it held for {held} periods in a row; {needed} are needed",
                "连续成立 {held} 期；需要 {needed} 期"
            ),
        });
        let rests = level.rest.and_then(|rest| self.there(spot, rest));
        let before = rests.and_then(|rest| self.one_before(rest));
        let left = before.and_then(|before| self.number(before));
        let rests = left.filter(Exact::is_positive).map(|left| {
            text!(
                "it was cleared and rests for {left} more periods, this one included",
                "解除后静默，含本期还有 {left} 期"
            )
        });
        held.into_iter().chain(rests).map(Step::detail).collect()
    }

    /// Shows the values that the conditions looked at in the last periods, this one first.
    fn last_periods(&mut self, step: &mut Step, spot: Spot, warning: &Warning, values: &[Spot]) {
        let mut at = Some(spot);
        for _ in 0..PERIODS_SHOWN {
            let Some(spot) = at else { break };
            if self.there(spot, warning.level).is_none() || self.left == 0 {
                break;
            }
            self.left = self.left.saturating_sub(1);
            let mut told = Step::detail(Text::same(self.period_of(spot)));
            told.note = self.one_period(spot, warning, values);
            step.children.push(told);
            at = self.one_before(spot);
        }
    }

    fn one_period(&self, spot: Spot, warning: &Warning, values: &[Spot]) -> Text {
        let resets = warning.resets.and_then(|resets| self.there(spot, resets));
        let begins_anew = resets.and_then(|resets| self.truth(resets)) == Some(true);
        let shown: Vec<String> = values
            .iter()
            .filter_map(|value| self.beside(spot, value.node))
            .map(|value| self.named_value(value))
            .collect();
        let shown = shown.join(", ");
        if self.is_skipped(spot, warning) {
            text!("skipped; {shown}", "跳过；{shown}")
        } else if begins_anew {
            text!("begins anew; {shown}", "重新开始；{shown}")
        } else {
            Text::same(shown)
        }
    }

    /// Gives a count of a level as text; none where it is not known.
    fn count(&self, spot: Spot, id: DefinitionId) -> Option<String> {
        let at = self.there(spot, id)?;
        self.number(at).map(|number| number.to_string())
    }
}
