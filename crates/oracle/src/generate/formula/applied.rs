//! Tiers applied to something.

use super::{Grain, Home, Named, Sight, Writer};
use crate::generate::world::{Gives, Takes};

impl Writer<'_> {
    /// Writes tiers applied to something, not stacked.
    pub(in crate::generate) fn applied(&mut self, sight: Sight, gives: Gives) -> Option<String> {
        let fitting: Vec<(String, Takes)> = self
            .world
            .tiers
            .iter()
            .filter(|tiers| tiers.gives == gives)
            .map(|tiers| (tiers.name.clone(), tiers.takes))
            .collect();
        let (name, takes) = self.random.pick_of(&fitting)?.clone();
        Some(match takes {
            Takes::Money => format!("(apply {name} to {})", self.money(sight, 1)),
            Takes::Number => format!("(apply {name} to {})", self.number(sight, 1)),
            Takes::MoneyAgainstQuota => {
                let value = self.money(sight, 1);
                self.against(sight, &format!("apply {name} to {value}"), "")?
            }
        })
    }

    /// Adds what the bounds of tiers are multiplied by: a name that a check holds above zero, or guarded.
    pub(in crate::generate) fn against(&mut self, sight: Sight, apply: &str, stack: &str) -> Option<String> {
        if sight == Sight::Person {
            return None;
        }
        let is_quota = |named: &&Named| {
            named.gives == Gives::Money && named.grain == Grain::Payee && named.home == Home::Here
        };
        let quotas: Vec<Named> = self.names.iter().filter(is_quota).cloned().collect();
        let checked = self
            .positive
            .clone()
            .filter(|_| sight != Sight::Definition && self.random.chance(70));
        Some(match checked {
            Some(name) => format!("({apply} against {name}{stack})"),
            None => {
                let name = self.random.pick_of(&quotas)?.name.clone();
                format!("(if {name} > CNY 0 then (apply_ against {name}{stack}) else CNY 0)")
                    .replace("apply_", apply)
            }
        })
    }

    /// Writes the rate that tiers give at a point.
    pub(super) fn rate(&mut self, sight: Sight, depth: usize) -> Option<String> {
        let fitting: Vec<(String, Takes)> = self
            .world
            .tiers
            .iter()
            .filter(|tiers| matches!(tiers.kind, "marginal" | "retro"))
            .filter(|tiers| tiers.takes != Takes::Number)
            .map(|tiers| (tiers.name.clone(), tiers.takes))
            .collect();
        let (name, takes) = self.random.pick_of(&fitting)?.clone();
        let at = match takes {
            Takes::Money => self.money(sight, depth),
            Takes::MoneyAgainstQuota | Takes::Number => self.number(sight, depth),
        };
        Some(format!("(rate of {name} at {at})"))
    }
}
