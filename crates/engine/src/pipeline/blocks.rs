//! The steps of contests, awards, targets, warnings and scorecards.

use guerdon_plan::hir::{
    Award, Block, CardDimension, Contest, DefinitionKind, Expr, Reason, Scorecard, Target, TieRule, Warning,
};
use guerdon_plan::number::format_percent;
use guerdon_plan::types::DefinitionId;
use guerdon_syntax::{Text, text};

use super::{Reader, Stage, Step, step};

impl Reader<'_> {
    /// Adds the steps of a block, in the order in which they are worked off.
    pub(super) fn block(self, block: &Block, steps: &mut Vec<Step>) {
        match block {
            Block::Contest(contest) => self.contest(contest, steps),
            Block::Award(award) => self.award(award, steps),
            Block::Target(target) => self.target(target, steps),
            Block::Warning(warning) => self.warning(warning, steps),
            Block::Scorecard(card) => self.card(card, steps),
        }
    }

    fn contest(self, contest: &Contest, steps: &mut Vec<Step>) {
        self.part(text!("score", "得分"), contest.score, None, steps);
        if let Some(qualifies) = contest.qualifies {
            self.part(text!("qualify", "资格线"), qualifies, None, steps);
        }
        let ties = match contest.ties {
            TieRule::Share => text!(
                "equal scores pool and share the prizes of their places",
                "同分合并平分所占名次的奖项"
            ),
            TieRule::All => text!(
                "equal scores each get the full prize of the place",
                "同分各得该名次全额奖项"
            ),
            TieRule::Divide => text!("equal scores divide the prize of the place", "同分平分该名次奖项"),
            TieRule::Break => text!("further keys tell equal scores apart", "同分由后续条件分先后"),
            TieRule::Unsaid => text!("equal scores for a prize are an error", "争奖同分为错误"),
        };
        self.said_part(text!("rank", "排名"), ties, contest.rank, steps);
        for key in &contest.keys {
            self.part(text!("then by", "其次按"), *key, None, steps);
        }
        if let Some(prize) = contest.prize {
            self.part(text!("prizes", "奖项"), prize, None, steps);
        }
        if let Some(budget) = contest.budget {
            self.part(text!("budget", "预算"), budget, None, steps);
        }
        if let Some(split) = &contest.split {
            self.part(text!("split", "分配"), split.part, None, steps);
        }
    }

    fn award(self, award: &Award, steps: &mut Vec<Step>) {
        for grant in &award.grants {
            let name = &grant.naming.name;
            let what = text!("grant {name}", "授予 {name}");
            self.part(what, grant.granted, Some(&grant.reason), steps);
            if let Some(cash) = grant.cash {
                self.part(text!("or in cash", "或折现"), cash, None, steps);
            }
        }
    }

    fn target(self, target: &Target, steps: &mut Vec<Step>) {
        self.part(text!("goal", "目标值"), target.goal, None, steps);
        for level in &target.levels {
            let what = text!("split", "分解");
            self.part(what, level.part, Some(&level.reason), steps);
        }
        if let Some(actual) = target.actual {
            self.part(text!("compare with", "对照"), actual, None, steps);
        }
        if let Some(again) = &target.recalibrated {
            self.part(text!("look at it again", "重新校准"), again.part, None, steps);
        }
        for test in &target.tests {
            self.part(text!("test", "检验"), test.holds, Some(&test.reason), steps);
        }
    }

    fn warning(self, warning: &Warning, steps: &mut Vec<Step>) {
        if let Some(skips) = warning.skips {
            self.part(text!("leave out periods", "跳过期间"), skips, None, steps);
        }
        for alert in &warning.alerts {
            let name = &alert.naming.name;
            let what = text!("alert {name}", "数据提示 {name}");
            self.part(what, alert.when, Some(&alert.reason), steps);
        }
        for level in &warning.levels {
            let name = &level.naming.name;
            let what = text!("level {name}", "级别 {name}");
            self.part(what, level.when, Some(&level.reason), steps);
        }
        let (after, clear) = (warning.confirmation.after, warning.confirmation.clear_after);
        let words = match warning.confirmation.out_of {
            Some(out_of) => text!(
                "after {after} of the last {out_of} periods; cleared after {clear}; the highest level wins",
                "最近 {out_of} 期中 {after} 期后生效；{clear} 期后解除；取最高级别"
            ),
            None => text!(
                "after {after} in a row; cleared after {clear}; the highest level wins",
                "连续 {after} 期后生效；{clear} 期后解除；取最高级别"
            ),
        };
        self.said_part(text!("confirm", "确认"), words, warning.level, steps);
        for escalation in &warning.escalations {
            let what = text!("escalate", "升级");
            self.part(what, escalation.to, Some(&escalation.reason), steps);
        }
        if let Some(response) = warning.response {
            let rows = warning.rows.len();
            let words = text!(
                "one of {rows} rows of actions: records for the host, nothing is sent",
                "{rows} 行处置之一：仅为宿主系统的记录，不发送"
            );
            self.said_part(text!("respond", "处置"), words, response, steps);
        }
    }

    fn card(self, card: &Scorecard, steps: &mut Vec<Step>) {
        for (_, dimension) in card.dimensions.iter() {
            let CardDimension::Counted {
                naming,
                weight,
                metrics,
                ..
            } = dimension
            else {
                continue;
            };
            for metric in metrics {
                let (name, share) = (&metric.naming.name, format_percent(&metric.weight));
                let what = text!("metric {name}, {share}", "指标 {name}，{share}");
                self.part(what, metric.raw, Some(&metric.reason), steps);
            }
            let (name, weight) = (&naming.name, format_percent(weight));
            let count = metrics.len();
            let words = text!(
                "its {count} metrics by their weights, for {weight} of the total",
                "按权重合计 {count} 个指标，占总分 {weight}"
            );
            let what = text!("dimension {name}", "维度 {name}");
            self.said_part(what, words, card.total, steps);
        }
        let words = text!("the dimensions by their weights", "按权重合计各维度");
        self.said_part(text!("total", "总分"), words, card.total, steps);
        for (gate, reason) in &card.gates {
            self.part(text!("gate", "门槛"), *gate, Some(reason), steps);
        }
        if let Some(grade) = card.grade {
            let words = text!("by the exact total", "按精确总分");
            self.said_part(text!("grade", "等级"), words, grade, steps);
        }
        if let Some(multiplier) = card.multiplier {
            let words = text!("that of the grade", "按等级");
            self.said_part(text!("multiplier", "系数"), words, multiplier, steps);
        }
    }

    /// Adds a part of a block with the words of its formula.
    fn part(self, what: Text, id: DefinitionId, reason: Option<&Reason>, steps: &mut Vec<Step>) {
        let Some(found) = self.compiled.program.definition(id) else {
            return;
        };
        let value: &Expr = match &found.kind {
            DefinitionKind::Let(value)
            | DefinitionKind::Measure(value)
            | DefinitionKind::Pay(value)
            | DefinitionKind::Streak(value)
            | DefinitionKind::Carry { value, .. } => value,
        };
        let said = self.said(value);
        let words = text!("{what}: {said}", "{what}：{said}"; what);
        let reason = reason.unwrap_or(&found.reason);
        steps.push(step(Stage::Block, "", words, Some(reason), found.span));
    }

    /// Adds a part of a block with words of its own.
    fn said_part(self, what: Text, said: Text, id: DefinitionId, steps: &mut Vec<Step>) {
        if let Some(found) = self.compiled.program.definition(id) {
            let words = text!("{what}: {said}", "{what}：{said}"; what, said);
            steps.push(step(Stage::Block, "", words, None, found.span));
        }
    }
}
