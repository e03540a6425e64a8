//! The lines of a contest, each at most once.

use guerdon_syntax::ast::{
    Contest as Tree, ContestStatement, ContestTies, PlanStatement, Pool, Prizes, RankLine, Rounding,
    SplitLine,
};
use guerdon_syntax::{Sink, Span, ast};

use super::super::heads::{Head, Heads};
use super::super::{once, push_no_line};
use crate::hir::TieRule;

/// Holds the lines of a contest.
#[derive(Default)]
pub(super) struct Lines<'a> {
    pub(super) heads: Heads<'a>,
    pub(super) score: Option<(&'a ast::ExprLine, Span)>,
    pub(super) qualify: Option<(&'a ast::Qualify, Span)>,
    pub(super) race: Option<(&'a ast::Race, Span)>,
    pub(super) rank: Option<(&'a RankLine, Span)>,
    pub(super) prizes: Option<(&'a Prizes, Span)>,
    pub(super) pool: Option<(&'a Pool, Span)>,
    pub(super) budget: Option<(&'a ast::ExprLine, Span)>,
    pub(super) split: Option<(&'a SplitLine, Span)>,
    pub(super) closes: Option<(&'a ast::Closes, Span)>,
}

impl<'a> Lines<'a> {
    pub(super) fn read(tree: &'a Tree, statements: &mut Vec<PlanStatement>, sink: &mut Sink) -> Self {
        let mut lines = Self::default();
        for statement in &tree.statements {
            let span = statement.span();
            let head = match statement {
                ContestStatement::Entrants(line) => Head::People(line),
                ContestStatement::Period(line) => Head::Period(line),
                ContestStatement::Currency(line) => Head::Currency(line),
                ContestStatement::Rounding(line) => Head::Rounding(line),
                ContestStatement::Policy(line) => Head::Policy(line),
                ContestStatement::Let(line) => Head::Let(line),
                ContestStatement::Measure(line) => Head::Measure(line),
                ContestStatement::Check(line) => Head::Check(line),
                ContestStatement::Score(line) => {
                    once(sink, &mut lines.score, line, span);
                    continue;
                }
                ContestStatement::Qualify(line) => {
                    once(sink, &mut lines.qualify, line, span);
                    continue;
                }
                ContestStatement::Race(line) => {
                    once(sink, &mut lines.race, line, span);
                    continue;
                }
                ContestStatement::Rank(line) => {
                    once(sink, &mut lines.rank, line, span);
                    continue;
                }
                ContestStatement::Prizes(line) => {
                    once(sink, &mut lines.prizes, line, span);
                    continue;
                }
                ContestStatement::Pool(line) => {
                    once(sink, &mut lines.pool, line, span);
                    continue;
                }
                ContestStatement::Budget(line) => {
                    once(sink, &mut lines.budget, line, span);
                    continue;
                }
                ContestStatement::Split(line) => {
                    once(sink, &mut lines.split, line, span);
                    continue;
                }
                ContestStatement::Closes(line) => {
                    once(sink, &mut lines.closes, line, span);
                    continue;
                }
            };
            lines.heads.read(head, span, statements, sink);
        }
        lines
    }

    pub(super) fn require(&self, tree: &Tree, sink: &mut Sink) {
        let name = &tree.name;
        let pays = self.prizes.is_some() || self.pool.is_some();
        if self.heads.people.is_none() {
            push_no_line(
                sink,
                name,
                ("entrants", "参赛对象"),
                ("entrants Person where …", "参赛对象 人员 其中 …"),
            );
        }
        if self.heads.period.is_none() {
            push_no_line(sink, name, ("period", "周期"), ("period 2026-06", "周期 2026-06"));
        }
        if self.score.is_none() {
            push_no_line(
                sink,
                name,
                ("score", "得分"),
                (
                    "score sum amount over Deal where …",
                    "得分 合计 金额 对 合同 其中 …",
                ),
            );
        }
        if pays && self.heads.currency.is_none() {
            push_no_line(sink, name, ("currency", "币种"), ("currency CNY", "币种 CNY"));
        }
        if pays && self.heads.rounding.is_none() {
            push_no_line(
                sink,
                name,
                ("rounding", "舍入"),
                ("rounding half-up to 0.01", "舍入 四舍五入 精确到 0.01"),
            );
        }
        if self.prizes.is_some() && self.rank.is_none() {
            push_no_line(
                sink,
                name,
                ("rank", "排名"),
                ("rank highest first, ties share", "排名 高者优先，并列 平分"),
            );
        }
    }

    pub(super) fn rounding(&self) -> Option<&'a Rounding> {
        self.heads.rounding.and_then(|(line, _)| line.rounding.as_ref())
    }

    /// Tells what equal scores get.
    pub(super) fn ties(&self) -> TieRule {
        match self.rank.map(|(line, _)| &line.ties) {
            Some(Some(ContestTies::Share)) => TieRule::Share,
            Some(Some(ContestTies::All)) => TieRule::All,
            Some(Some(ContestTies::Divide)) => TieRule::Divide,
            Some(Some(ContestTies::BreakBy(_))) => TieRule::Break,
            Some(None) | None => TieRule::Unsaid,
        }
    }
}
