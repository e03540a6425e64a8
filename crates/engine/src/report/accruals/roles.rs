//! How the pay of a plan takes in its earns: added, taken away, or not at all.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a pattern names the few kinds of terms it looks for among many"
)]

use std::collections::{BTreeMap, BTreeSet};

use guerdon_plan::hir::{Definition, DefinitionKind, Earn, Expr, ExprKind, Program, Sign};
use guerdon_plan::types::{DefinitionId, EarnId, PlanId};

use super::Amount;

/// Says what an earn is for the books of its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It is paid.
    Added,
    /// It is taken off what is paid: the recovery of a draw.
    TakenAway,
}

impl Role {
    /// Gives an amount the sign that it has for the payee.
    pub(super) fn signed(self, amount: Amount) -> Amount {
        match (self, amount) {
            (Self::TakenAway, Amount::Known(amount)) => Amount::Known(amount.neg()),
            (Self::Added | Self::TakenAway, amount) => amount,
        }
    }
}

/// Holds the roles of a plan's earns, and which of its pays pay lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Roles {
    earns: BTreeMap<EarnId, Role>,
    pays: BTreeSet<DefinitionId>,
}

impl Roles {
    /// Reads the roles off the rules.
    ///
    /// An earn that no pay reads, but another earn of the plan does, is a step on the way to that one and has no role;
    /// one that nothing reads is owed all the same.
    pub(super) fn of(program: &Program, id: PlanId) -> Self {
        let Some(plan) = program.plan(id) else {
            return Self::default();
        };
        let mut found = Self::default();
        let mut signs: BTreeMap<EarnId, BTreeSet<bool>> = BTreeMap::new();
        for pay in &plan.pays {
            let paid = paid(program, *pay);
            if !paid.is_empty() {
                found.pays.insert(*pay);
            }
            for (earn, is_added) in paid {
                signs.entry(earn).or_default().insert(is_added);
            }
        }
        let steps = steps(program, &plan.earns);
        for earn in &plan.earns {
            let role = match signs.get(earn) {
                Some(signs) if signs.contains(&true) => Some(Role::Added),
                Some(_) => Some(Role::TakenAway),
                None if steps.contains(earn) => None,
                None => Some(Role::Added),
            };
            found.earns.extend(role.map(|role| (*earn, role)));
        }
        found
    }

    /// Gives the role of an earn; none for one that is only a step on the way to another.
    pub(super) fn of_earn(&self, earn: EarnId) -> Option<Role> {
        self.earns.get(&earn).copied()
    }

    /// Lists the earns whose amounts go into a pay.
    pub(super) fn paid_by(&self, program: &Program, pay: DefinitionId) -> BTreeSet<EarnId> {
        let found = paid(program, pay).into_iter().map(|(earn, _)| earn);
        found.filter(|earn| self.earns.contains_key(earn)).collect()
    }

    /// Says whether a pay pays what lines have earned.
    pub(super) fn pays_lines(&self, pay: DefinitionId) -> bool {
        self.pays.contains(&pay)
    }
}

/// Lists the earns whose amounts go into a pay, and whether they are added to it.
fn paid(program: &Program, pay: DefinitionId) -> BTreeSet<(EarnId, bool)> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::from([(pay, true)]);
    let mut open: Vec<(&Expr, bool)> = with_sign(program.definition(pay), true);
    while let Some((expr, is_added)) = open.pop() {
        match &expr.kind {
            ExprKind::Earned { earn, .. } => {
                found.insert((*earn, is_added));
            }
            ExprKind::Sum(parts) => {
                open.extend(
                    parts
                        .iter()
                        .map(|(sign, part)| (part, is_added == (*sign == Sign::Plus))),
                );
            }
            ExprKind::Use { definition, .. } | ExprKind::Prior { definition, .. }
                if seen.insert((*definition, is_added)) =>
            {
                open.extend(with_sign(program.definition(*definition), is_added));
            }
            ExprKind::Product(parts) => open.extend(parts.iter().map(|(_, part)| (part, is_added))),
            ExprKind::Call { args: parts, .. } | ExprKind::Otherwise(parts) => {
                open.extend(parts.iter().map(|part| (part, is_added)));
            }
            ExprKind::Bounded { value, .. } | ExprKind::Rounded { value, .. } => open.push((value, is_added)),
            ExprKind::Require(part) | ExprKind::Convert { amount: part, .. } => open.push((part, is_added)),
            ExprKind::If { then, otherwise, .. } => {
                open.extend([(&**then, is_added), (&**otherwise, is_added)]);
            }
            ExprKind::Aggregate(aggregate) => {
                open.extend(aggregate.value.iter().map(|value| (value, is_added)));
            }
            ExprKind::Share(allocation) => open.push((&allocation.amount, is_added)),
            _ => {}
        }
    }
    found
}

/// Lists the earns that other earns of a list are made of.
fn steps(program: &Program, earns: &[EarnId]) -> BTreeSet<EarnId> {
    let mut found = BTreeSet::new();
    for id in earns {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&Expr> = program.earn(*id).map(values).unwrap_or_default();
        while let Some(expr) = open.pop() {
            open.extend(expr.children());
            match &expr.kind {
                ExprKind::Earned { earn, .. } if earn != id => {
                    found.insert(*earn);
                }
                ExprKind::Use { definition, .. } | ExprKind::Prior { definition, .. }
                    if seen.insert(*definition) =>
                {
                    let values = with_sign(program.definition(*definition), true);
                    open.extend(values.into_iter().map(|(value, _)| value));
                }
                _ => {}
            }
        }
    }
    found
}

fn values(earn: &Earn) -> Vec<&Expr> {
    let exceptions = earn.exceptions.iter().map(|exception| &exception.value);
    [&earn.value].into_iter().chain(exceptions).collect()
}

/// Lists the formulas of a definition: its own, and those of its exceptions.
fn with_sign(definition: Option<&Definition>, is_added: bool) -> Vec<(&Expr, bool)> {
    let Some(definition) = definition else {
        return Vec::new();
    };
    let value = match &definition.kind {
        DefinitionKind::Let(value)
        | DefinitionKind::Measure(value)
        | DefinitionKind::Carry { value, .. }
        | DefinitionKind::Pay(value)
        | DefinitionKind::Streak(value) => value,
    };
    let exceptions = definition.exceptions.iter().map(|exception| &exception.value);
    [value]
        .into_iter()
        .chain(exceptions)
        .map(|value| (value, is_added))
        .collect()
}
