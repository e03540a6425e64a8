//! What may rise by a jump where it is not followed, so that a fall beside it proves nothing.

use super::Stop;
use super::read::Reader;
use crate::hir::{Apply, Earn, Effective, Exception, Expr, ExprKind, Program, TierKind};
use crate::number::Exact;

impl<'p> Reader<'p> {
    /// Says whether the input changes how much of an earn is payable, or up to what it is paid.
    pub(super) fn is_shared_by_input(&mut self, earn: &'p Earn) -> Result<bool, Stop> {
        let shares = earn.release.iter().chain(&earn.clawback);
        let shares = shares.map(|share| &share.share);
        let held = earn.hold.iter().flat_map(|hold| [&hold.share, &hold.until]);
        let reviewed = earn.review.iter().map(|review| &review.when);
        let limits = earn.caps().map(|cap| &cap.at).filter(|_| earn.lines.is_some());
        let all: Vec<&Expr> = shares.chain(held).chain(reviewed).chain(limits).collect();
        self.hangs_one_of(&all)
    }

    /// Says whether lines that cannot be followed rise without a jump as the input rises.
    pub(super) fn is_steady(&mut self, earn: &'p Earn) -> Result<bool, Stop> {
        if self.hangs_one_of(&of_exceptions(&earn.exceptions).collect::<Vec<_>>())? {
            return Ok(false);
        }
        let mut open = vec![&earn.value];
        while let Some(expr) = open.pop() {
            self.step()?;
            let jumps = if let ExprKind::If { condition, .. } = &expr.kind {
                self.hangs_on_input(condition)?
            } else if let ExprKind::Apply(apply) = &expr.kind {
                has_jumps(self.program, apply)
            } else if let ExprKind::Rounded { step, .. } = &expr.kind {
                *step > Exact::from_scaled(1, 2)
            } else if let ExprKind::Decide { .. } | ExprKind::RateOf { .. } | ExprKind::Use { .. } =
                &expr.kind
            {
                self.hangs_on_input(expr)?
            } else {
                false
            };
            if jumps {
                return Ok(false);
            }
            open.extend(expr.children());
        }
        Ok(true)
    }

    fn hangs_one_of(&mut self, all: &[&'p Expr]) -> Result<bool, Stop> {
        for one in all {
            if self.hangs_on_input(one)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Says whether tiers give more at once where a bound is reached.
pub(super) fn has_jumps(program: &Program, apply: &Apply) -> bool {
    let Some(tiers) = program.tier_table(apply.tiers) else {
        return true;
    };
    let mut rows = tiers.versions.iter().flat_map(|version| &version.rows);
    match tiers.kind {
        TierKind::Retro | TierKind::Flat => true,
        TierKind::Marginal => rows.any(|row| row.amount.as_ref().is_some_and(|amount| !amount.is_zero())),
        TierKind::Interpolated | TierKind::Fill => false,
    }
}

/// Lists the conditions and values of exceptions.
pub(super) fn of_exceptions(exceptions: &[Exception]) -> impl Iterator<Item = &Expr> {
    exceptions.iter().flat_map(|one| [&one.when, &one.value])
}

/// Orders exceptions so that each comes behind those that it outranks: the last one that applies is the one that counts.
pub(super) fn weakest_first(exceptions: &[Exception]) -> Result<Vec<&Exception>, Stop> {
    let mut placed: Vec<usize> = Vec::new();
    while placed.len() < exceptions.len() {
        let next = exceptions
            .iter()
            .enumerate()
            .find(|(at, one)| !placed.contains(at) && one.over.iter().all(|weaker| placed.contains(weaker)));
        placed.push(next.ok_or(Stop::Unknown)?.0);
    }
    Ok(placed.iter().filter_map(|at| exceptions.get(*at)).collect())
}

/// Says on which days an exception holds; nothing where it holds on all.
pub(super) fn days(during: Effective) -> Option<String> {
    match (during.from, during.through) {
        (None, None) => None,
        (Some(from), None) => Some(format!("days from {from}")),
        (None, Some(through)) => Some(format!("days through {through}")),
        (Some(from), Some(through)) => Some(format!("days from {from} through {through}")),
    }
}
