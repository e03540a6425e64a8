//! What a revision is worth in each earn, and in each of its lines.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_plan::number::Exact;

use super::amounts::{added, steps, taken};
use crate::error::Error;

/// Is the change of what came due of one earn, or of what a `pay` statement makes of its earns.
#[derive(Debug, Clone, PartialEq)]
pub struct EarnChange {
    /// The plan.
    pub plan: String,
    /// The `pay` statement that pays it.
    pub pay: String,
    /// The earn; empty for what the `pay` statement adds to its earns or takes from them: a minimum, a balance, a
    /// conversion.
    pub earn: String,
    /// What came due under the older rules.
    pub older: Exact,
    /// What comes due under the newer rules.
    pub newer: Exact,
    /// The difference.
    pub change: Exact,
    /// What each stage is worth in it.
    pub by_stage: Vec<Exact>,
    /// The lines that differ, where they were asked for; together the change.
    pub lines: Vec<LineChange>,
}

/// Is the change of what came due of one line.
#[derive(Debug, Clone, PartialEq)]
pub struct LineChange {
    /// The key of the record, or the period of a line without one.
    pub line: String,
    /// What came due under the older rules.
    pub older: Exact,
    /// What comes due under the newer rules.
    pub newer: Exact,
    /// The difference.
    pub change: Exact,
    /// What each stage is worth in it.
    pub by_stage: Vec<Exact>,
}

/// Names an earn of a `pay` statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EarnKey {
    pub plan: String,
    pub pay: String,
    pub earn: String,
}

/// What came due of earns, line by line.
pub(super) type ByEarn = BTreeMap<EarnKey, BTreeMap<String, Exact>>;

impl EarnChange {
    /// Says whether some stage is worth something in it.
    pub(super) fn is_changed(&self) -> bool {
        !self.lines.is_empty() || self.by_stage.iter().any(|part| !part.is_zero())
    }
}

/// Tells what the earns of one payee come to, from stage to stage; those in which nothing differs, too.
pub(super) fn by_earn(states: &[&ByEarn]) -> Result<Vec<EarnChange>, Error> {
    let keys: BTreeSet<&EarnKey> = states.iter().flat_map(|state| state.keys()).collect();
    let mut changes = Vec::new();
    // What a statement makes of its earns stands behind them.
    let (earns, own): (Vec<&EarnKey>, Vec<&EarnKey>) = keys.into_iter().partition(|key| !key.earn.is_empty());
    for key in earns.into_iter().chain(own) {
        let lines: Vec<Option<&BTreeMap<String, Exact>>> =
            states.iter().map(|state| state.get(key)).collect();
        changes.push(change(key, &lines)?);
    }
    Ok(changes)
}

fn change(key: &EarnKey, states: &[Option<&BTreeMap<String, Exact>>]) -> Result<EarnChange, Error> {
    let names: BTreeSet<&String> = states
        .iter()
        .flat_map(|lines| lines.iter().flat_map(|lines| lines.keys()))
        .collect();
    let mut lines = Vec::new();
    let mut totals = vec![Exact::ZERO; states.len()];
    for name in names {
        let amount = |lines: &Option<&BTreeMap<String, Exact>>| {
            let amount = lines.and_then(|lines| lines.get(name));
            amount.cloned().unwrap_or_default()
        };
        let amounts: Vec<Exact> = states.iter().map(amount).collect();
        for (total, amount) in totals.iter_mut().zip(&amounts) {
            *total = added(total, amount)?;
        }
        let by_stage = steps(&amounts)?;
        if !name.is_empty() && by_stage.iter().any(|part| !part.is_zero()) {
            let (older, newer, change) = ends(&amounts)?;
            let line = name.clone();
            lines.push(LineChange {
                line,
                older,
                newer,
                change,
                by_stage,
            });
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.change.abs()));
    let (older, newer, change) = ends(&totals)?;
    Ok(EarnChange {
        plan: key.plan.clone(),
        pay: key.pay.clone(),
        earn: key.earn.clone(),
        older,
        newer,
        change,
        by_stage: steps(&totals)?,
        lines,
    })
}

/// Gives the first and the last of amounts, and the difference.
fn ends(amounts: &[Exact]) -> Result<(Exact, Exact, Exact), Error> {
    let [older, newer] = [amounts.first(), amounts.last()].map(|end| end.cloned().unwrap_or_default());
    let change = taken(&newer, &older)?;
    Ok((older, newer, change))
}

/// Adds the changes of one payee to those of all.
pub(super) fn merged(all: &mut Vec<EarnChange>, of_payee: &[EarnChange]) -> Result<(), Error> {
    for one in of_payee {
        let same = |sum: &&mut EarnChange| sum.plan == one.plan && sum.pay == one.pay && sum.earn == one.earn;
        let Some(sum) = all.iter_mut().find(same) else {
            let lines = Vec::new();
            all.push(EarnChange { lines, ..one.clone() });
            continue;
        };
        sum.older = added(&sum.older, &one.older)?;
        sum.newer = added(&sum.newer, &one.newer)?;
        sum.change = added(&sum.change, &one.change)?;
        for (total, part) in sum.by_stage.iter_mut().zip(&one.by_stage) {
            *total = added(total, part)?;
        }
    }
    Ok(())
}
