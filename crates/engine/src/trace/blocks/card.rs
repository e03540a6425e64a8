//! Scorecards: what each dimension and each metric adds to the total, and how the total becomes a grade.

use guerdon_plan::hir::{CardDimension, Metric, Scorecard, Sign};
use guerdon_syntax::{Text, text};

use super::super::amounts::{percent, total};
use super::super::walk::{Spot, Walk, settle};
use super::super::{Part, Step};

impl<'a> Walk<'a> {
    /// Explains a total by its dimensions; what rounding made of them is a summand of its own.
    pub(super) fn card_total(
        &mut self,
        step: &mut Step,
        spot: Spot,
        card: &'a Scorecard,
        sign: Sign,
        depth: usize,
    ) {
        for (dimension, held) in card.dimensions.iter() {
            match held {
                CardDimension::Counted { naming, points, .. } => {
                    let title = naming.title.as_deref().unwrap_or(dimension.word());
                    if let Some(at) = self.there(spot, *points) {
                        let mut told = self.bare(Text::same(title.to_owned()), at, sign, Part::Summand);
                        self.dimension(&mut told, at, held, sign, depth.saturating_add(1));
                        step.children.push(told);
                    }
                }
                CardDimension::LeftOut(reason) => {
                    let name = dimension.word();
                    let told = Step::detail(text!("{name} is left out", "{name} 不计"));
                    step.children.push(told.reasoned(reason));
                }
            }
        }
        let sum = total(step.summands().map(|child| child.exact.as_ref()));
        let change = sum.and_then(|sum| step.exact.as_ref()?.sub(&sum).ok());
        if let Some(change) = change.filter(|change| !change.is_zero()) {
            let rounding = self.summand(text!("rounding", "舍入"), &change, spot);
            step.children.push(rounding);
        }
        if let Some(told) = self.last_card(spot) {
            step.children.push(told);
        }
        settle(step);
    }

    /// Compares a total with that of the card before.
    fn last_card(&self, spot: Spot) -> Option<Step> {
        let before = self.one_before(spot)?;
        let change = self.number(spot)?.sub(&self.number(before)?).ok()?;
        let sign = if change.is_positive() { "+" } else { "" };
        let change = format!("{sign}{}", self.amount(&change, self.scalar(spot)));
        let (period, total) = (self.period_of(before), self.shown(before));
        Some(Step::detail(text!(
            "the last card, of {period}, had {total}: {change} since",
            "上期（{period}）为 {total}，变化 {change}"
        )))
    }

    /// Explains the part of a dimension by its metrics.
    pub(super) fn dimension(
        &mut self,
        step: &mut Step,
        spot: Spot,
        held: &'a CardDimension,
        sign: Sign,
        depth: usize,
    ) {
        let CardDimension::Counted {
            weight,
            score,
            metrics,
            ..
        } = held
        else {
            return;
        };
        let score = self.there(spot, *score).map(|score| self.shown(score));
        let (score, weight) = (score.unwrap_or_default(), percent(weight));
        step.note = text!("score {score}, weight {weight}", "得分 {score}，权重 {weight}");
        for metric in metrics {
            if let Some(at) = self.there(spot, metric.points) {
                let title = metric.naming.title.as_deref().unwrap_or(&metric.naming.name);
                let part = if self.is_missing(at) {
                    Part::Detail
                } else {
                    Part::Summand
                };
                let mut told = self.bare(Text::same(title.to_owned()), at, sign, part);
                self.metric(&mut told, at, metric, depth.saturating_add(1));
                step.children.push(told);
            }
        }
        settle(step);
    }

    /// Explains the part of a metric: its value, what the norm made of it, its weight; or what its absence did.
    pub(super) fn metric(&mut self, step: &mut Step, spot: Spot, metric: &'a Metric, depth: usize) {
        let weight = percent(&metric.weight);
        let raw = self.there(spot, metric.raw);
        let score = self.there(spot, metric.score);
        let shown = |at: Option<Spot>| at.map(|at| self.shown(at)).unwrap_or_default();
        let (value, points) = (shown(raw), shown(score));
        let is_missing = raw.is_some_and(|raw| self.is_missing(raw));
        let counts = step.exact.as_ref().is_some_and(|exact| !exact.is_zero());
        step.note = match (is_missing, counts) {
            (true, true) => text!(
                "no value; it counts as the card says, weight {weight}",
                "无数据；按记分卡规定计分，权重 {weight}"
            ),
            (true, false) if self.is_missing(spot) => {
                text!(
                    "no value: left out, so that the others weigh more",
                    "无数据：不计，其余指标权重相应增加"
                )
            }
            (true, false) => text!("no value: it adds nothing", "无数据：不计分"),
            (false, _) => text!(
                "value {value}, score {points}, weight {weight}",
                "实际值 {value}，得分 {points}，权重 {weight}"
            ),
        };
        let mut told = std::mem::replace(step, Step::detail(Text::default())).reasoned(&metric.reason);
        if let Some(raw) = raw {
            let values = self.rests_on([self.peel_past(raw)]);
            self.push_values(&mut told, &values, depth);
        }
        *step = told;
    }

    /// Explains a grade: the exact total, the grade that it has by itself, the gates, the place where grades are
    /// distributed, and the total's parts.
    pub(super) fn grade(&mut self, step: &mut Step, spot: Spot, card: &'a Scorecard, depth: usize) {
        let unforced = card.unforced_grade.and_then(|grade| self.there(spot, grade));
        if let Some(unforced) = unforced {
            let grade = self.shown(unforced);
            step.children.push(Step::detail(text!(
                "by the total alone: {grade}",
                "仅按总分：{grade}"
            )));
        }
        for (when, reason) in &card.gates {
            if let Some(told) = self.there(spot, *when).and_then(|when| self.gate(when)) {
                step.children.push(told.reasoned(reason));
            }
        }
        if let Some(place) = card.rank.and_then(|rank| self.there(spot, rank)) {
            let label = text!("place among those graded together", "同组名次");
            let mut told = self.bare(label, place, Sign::Plus, Part::Detail);
            self.fill(&mut told, place, Sign::Plus, depth.saturating_add(1));
            step.children.push(told);
        }
        if let Some(total) = self.there(spot, card.exact_total) {
            let label = text!("total, not rounded", "未舍入的总分");
            let mut told = self.bare(label, total, Sign::Plus, Part::Detail);
            self.card_total(&mut told, total, card, Sign::Plus, depth.saturating_add(1));
            step.children.push(told);
        }
    }

    /// Says whether a gate is closed; none where it is not known.
    fn gate(&self, when: Spot) -> Option<Step> {
        let is_closed = self.truth(when)?;
        let why = self.condition_past(when);
        Some(Step::detail(if is_closed {
            text!("a gate holds the grade down: {why}", "触及限级条件：{why}"; why)
        } else {
            text!("a gate is open: {why}", "未触及限级条件：{why}"; why)
        }))
    }
}
