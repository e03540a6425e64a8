//! Prizes: the place, who shares it, and what the rule on equal scores makes of it.

use guerdon_plan::hir::{Contest, Sign, TieRule};
use guerdon_syntax::text;

use super::super::walk::{Spot, Walk};
use super::super::{Part, Step};

impl<'a> Walk<'a> {
    /// Explains a prize: whether the entrant qualifies, the place with its neighbours, and how a tie was settled.
    pub(super) fn prize(&mut self, step: &mut Step, spot: Spot, contest: &'a Contest, depth: usize) {
        if let Some(qualifies) = contest.qualifies.and_then(|id| self.there(spot, id)) {
            let why = self.condition_past(qualifies);
            step.children.push(Step::detail(match self.truth(qualifies) {
                Some(true) => text!("qualified: {why}", "符合条件：{why}"; why),
                Some(false) => text!("not qualified: {why}", "不符合条件：{why}"; why),
                None => why,
            }));
        }
        let tied = self
            .there(spot, contest.tied)
            .and_then(|tied| self.number(tied))
            .and_then(|tied| tied.to_i64())
            .filter(|tied| *tied > 1);
        if let Some(tied) = tied {
            step.children.push(Step::detail(match contest.ties {
                TieRule::Share => text!(
                    "{tied} have the same place: the prizes of their places are put together and divided",
                    "{tied} 名并列：所占各名次的奖励合并后平分"
                ),
                TieRule::All => text!(
                    "{tied} have the same place: each gets the whole prize",
                    "{tied} 名并列：各得全额"
                ),
                TieRule::Divide => text!(
                    "{tied} have the same place: the prize of the place is divided",
                    "{tied} 名并列：平分该名次的奖励"
                ),
                TieRule::Break | TieRule::Unsaid => {
                    text!("{tied} have the same place", "{tied} 名并列")
                }
            }));
        }
        for id in [contest.rank, contest.score] {
            if let Some(at) = self.there(spot, id) {
                let told = self.step(at, Sign::Plus, Part::Detail, depth.saturating_add(1));
                step.children.push(told);
            }
        }
    }
}
