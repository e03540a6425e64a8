//! Contests, awards, warnings and scorecards of a generated file, and a plan that pays by them.

use super::Part;
use super::clock::Clock;
use super::formula::{Grain, Named, Sight, Writer};
use super::random::Random;
use super::world::{Contest, Gives, World};

mod award;
mod contest;
mod scorecard;
mod warning;

/// Writes the blocks of a file, which may ask for the figures of its first plan.
pub(super) fn blocks(random: &mut Random, world: &World, foreign: &[Named]) -> Vec<Part> {
    let mut writer = Writer {
        random,
        world,
        names: foreign.to_vec(),
        typed: Vec::new(),
        has_mine: false,
        has_crew: false,
        rounds_lines: false,
        positive: None,
    };
    let mut parts = Vec::new();
    if world.kinds.contest != Contest::None {
        parts.push(writer.contest());
    }
    if world.kinds.award {
        parts.push(writer.award());
    }
    if world.kinds.warning {
        parts.push(writer.warning());
    }
    if world.kinds.scorecard {
        parts.push(writer.scorecard());
    }
    parts.extend(writer.plan_by_blocks());
    parts
}

/// Holds the head of a block and its lines.
struct Lines(Vec<Part>);

impl Lines {
    fn of(lines: impl IntoIterator<Item = String>) -> Lines {
        Lines(lines.into_iter().map(Part::Line).collect())
    }

    fn push(&mut self, line: impl Into<String>) {
        self.0.push(Part::Line(line.into()));
    }

    fn block(&mut self, head: &str, rows: Vec<String>) {
        let rows = rows.into_iter().map(Part::Line).collect();
        self.0.push(Part::Block(head.to_owned(), rows));
    }

    fn end(self, head: &str) -> Part {
        Part::Block(head.to_owned(), self.0)
    }
}

impl Writer<'_> {
    /// Writes who is meant by a block.
    fn people(&mut self) -> String {
        let filters = [
            "",
            "",
            " where role is not Boss",
            " where role in (AE, SE)",
            " where home is North or home is missing",
            " where hired_on <= period.last_day",
        ];
        format!("Person{}", self.random.pick(&filters))
    }

    /// Writes every period, or the one that the blocks of the file are about.
    fn period_line(&mut self) -> String {
        let periods: &[&str] = match self.world.clock {
            Clock::Month if self.world.one_period => &["2026-01", "2026-02"],
            Clock::Quarter if self.world.one_period => &["2026-Q1"],
            Clock::Month | Clock::Quarter | Clock::Halves | Clock::Uneven => &[self.world.clock.each()],
        };
        format!("period {}", self.random.pick(periods))
    }

    /// Writes a rounding without a place.
    fn rounding_line(&mut self, steps: &[&str]) -> String {
        format!("rounding {} to {}", self.mode(), self.random.pick(steps))
    }

    /// Writes an amount for whom a block is about.
    fn money_of(&mut self, about: &str) -> String {
        let value = match self.random.below(5) {
            0 | 1 => {
                let time = self.time("booked_on").unwrap_or_else(|| "units >= 0".to_owned());
                format!("(sum amount over Deal where owner is payee and {time})")
            }
            2 => "(sum amount over Deal where owner is payee and booked_on in period)".to_owned(),
            _ => self.money(Sight::Definition, 1),
        };
        written_for(about, &value, "(payee.base otherwise CNY 0)")
    }

    /// Writes a number for whom a block is about; often the same for several.
    fn number_of(&mut self, about: &str) -> String {
        let value = match self.random.below(4) {
            0 => "(count over Deal where owner is payee and booked_on in period)".to_owned(),
            1 => "payee.rank".to_owned(),
            _ => self.number(Sight::Definition, 1),
        };
        written_for(about, &value, "payee.rank")
    }

    /// Writes a condition on whom a block is about.
    fn condition_of(&mut self, about: &str) -> String {
        let value = match self.random.below(4) {
            0 => "((count over Deal where owner is payee and booked_on in period) >= 1)".to_owned(),
            1 => format!("(payee.rank >= {})", self.random.pick(&["1", "2", "3"])),
            _ => self.condition(Sight::Definition, 1),
        };
        written_for(about, &value, "(payee.rank >= 1)")
    }

    /// Writes a plan that pays by what the blocks say.
    fn plan_by_blocks(&mut self) -> Option<Part> {
        let kinds = self.world.kinds;
        let mut values = Vec::new();
        if kinds.contest == Contest::Persons {
            values.push("(cup[payee, period].prize otherwise CNY 1)");
            values.push("(CNY 10 * (cup[payee, period].rank otherwise 7))");
        }
        if kinds.award {
            values.push("(if club[payee, period].grant1 then CNY 25 else CNY 0)");
        }
        if kinds.warning {
            values.push("(if pace[payee, period] is yellow then CNY 5 else CNY 6)");
            values.push("(if pace[payee, period] is none then CNY 5 else CNY 6)");
        }
        if kinds.scorecard {
            values.push("(CNY 1 * (card[payee, period].total otherwise 0))");
        }
        let value = *self.random.pick_of(&values)?;
        if !self.random.chance(30) || self.world.one_period {
            return None;
        }
        let mut lines = Lines::of([
            "payee Person where role is not Boss".to_owned(),
            "currency CNY".to_owned(),
            format!("effective {}", self.world.first),
            format!("period {}", self.world.clock.each()),
        ]);
        lines.push(format!("{} at each line", self.rounding_line(&["0.01", "1"])));
        lines.push(format!("earn bonus1 = {value}"));
        lines.push("pay bonus2 = due bonus1");
        Some(lines.end("plan bonus"))
    }
}

/// Writes a formula about a payee for whom a block is about.
///
/// A contest does not say when it begins, so that what has versions by date may have none for it.
fn written_for(about: &str, value: &str, otherwise: &str) -> String {
    let is_dated = value.contains("const") || value.contains("tiers");
    let value = if about == "entrant" && is_dated {
        otherwise
    } else {
        value
    };
    value.replace("payee", about)
}

/// Lists what blocks can ask a plan for: figures of persons and periods.
pub(super) fn askable(names: &[Named]) -> Vec<Named> {
    let is_askable = |named: &&Named| named.grain != Grain::Deal && named.gives == Gives::Money;
    names.iter().filter(is_askable).cloned().collect()
}
