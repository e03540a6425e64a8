//! Plans beside the first: a variant of it, and plans that ask for its figures.

use super::earns::Earn;
use super::{Writer, block};
use crate::generate::Part;
use crate::generate::clock::Clock;
use crate::generate::formula::{Grain, Home, Named, Past};
use crate::generate::world::Gives;

impl Writer<'_> {
    /// Writes a variant: fewer payees, an exception, another table of tiers.
    pub(super) fn variant(&mut self, earns: &[Earn]) -> Option<Part> {
        let filters = [
            "role is AE",
            "hired_on < 2026-01-15",
            "home is North or home is missing",
            "base is not missing",
        ];
        let mut lines = vec![format!("payee Person where {}", self.random.pick(&filters))];
        lines.extend(self.replacement());
        let earn = self.random.pick_of(earns)?.clone();
        if self.random.chance(70) {
            let when = self.condition(earn.sight, 1);
            let value = self
                .random
                .pick(&["normal * 1.5", "normal at most CNY 40", "CNY 12"]);
            lines.push(format!("except extra to {} when {when} use {value}", earn.name));
        }
        Some(block("plan variant extends plan1", lines))
    }

    /// Replaces tiers or a constant by others for the same things, always or on some days.
    fn replacement(&mut self) -> Option<String> {
        let tiers = &self.world.tiers;
        let mut pairs: Vec<(String, String)> = tiers
            .iter()
            .flat_map(|one| tiers.iter().map(move |other| (one, other)))
            .filter(|(one, other)| {
                let is_same = one.takes == other.takes && one.gives == other.gives;
                let is_alike = one.kind == other.kind && one.has_amounts == other.has_amounts;
                is_same && is_alike && one.name != other.name
            })
            .map(|(one, other)| (one.name.clone(), other.name.clone()))
            .collect();
        if let [one, other] = self.world.constants.as_slice()
            && one.gives == Gives::Money
            && other.gives == Gives::Money
        {
            pairs.push((one.name.clone(), other.name.clone()));
        }
        let (old, new) = self.random.pick_of(&pairs)?.clone();
        Some(format!("replace {old} with {new}{}", self.during()))
    }

    /// Writes a plan with periods of the same kind that reads the first.
    pub(super) fn second_plan(&mut self) -> Part {
        let foreign = foreign(&self.names);
        let mut writer = Writer {
            random: &mut *self.random,
            world: self.world,
            names: foreign,
            typed: Vec::new(),
            has_mine: false,
            has_crew: false,
            rounds_lines: false,
            positive: None,
        };
        let mut lines = writer.head();
        let now = writer.quota_now();
        lines.push(format!("let goal1 = ({now} otherwise CNY 250)"));
        writer.declare("goal1", Gives::Money, Grain::Payee, "period");
        lines.extend(writer.value_statement(1));
        if writer.random.chance(15) {
            lines.push(writer.check_of_payee());
        }
        if writer.random.chance(40) {
            lines.push(writer.check_of_records());
        }
        let (earns, with_parts) = writer.earns();
        lines.extend(with_parts);
        let (pays, _) = writer.pays(&earns, None);
        lines.extend(pays);
        block("plan plan2", lines)
    }

    /// Writes a plan with longer periods that sums the figures of the first.
    pub(super) fn summing_plan(&mut self) -> Part {
        if self.world.clock != Clock::Month {
            return self.second_plan();
        }
        let is_fitting = |named: &&Named| named.gives == Gives::Money && named.past != Past::None;
        let names: Vec<Named> = self.names.iter().filter(is_fitting).cloned().collect();
        let unit = self.random.pick(&["quarter", "quarter", "year"]);
        let mut lines = vec![
            "payee Person where role is not Boss".to_owned(),
            "currency CNY".to_owned(),
            format!("effective {}", self.world.first),
            format!("period {unit}"),
            self.rounding(),
        ];
        let over = self.random.pick(&["period", "period", "this year"]);
        let name = self
            .random
            .pick_of(&names)
            .map_or_else(|| "goal1".to_owned(), |named| named.name.clone());
        let sum = format!("(sum (plan1.{name}[payee, m] otherwise CNY 0) over month as m where m in {over})");
        lines.push(format!("measure figures = {sum}"));
        let share = self
            .random
            .pick(&["10%", "0.5", "payee.rank", "(days in period)"]);
        lines.push(format!("earn top = figures * {share}"));
        lines.push("pay total3 = due top".to_owned());
        block("plan plan3", lines)
    }
}

/// Lists what others than the first plan can ask it for.
pub(super) fn foreign(names: &[Named]) -> Vec<Named> {
    let names = names.iter().filter(|named| named.grain != Grain::Deal);
    names
        .map(|named| Named {
            name: format!("plan1.{}", named.name),
            home: Home::Elsewhere,
            ..named.clone()
        })
        .collect()
}
