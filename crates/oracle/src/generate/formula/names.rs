//! References to what other statements compute.

use super::{Grain, Home, Kind, Named, Past, Sight, Writer, person, zero};
use crate::generate::world::{Gives, REGIONS};

/// The parts of an earn that can be asked for by now.
const PARTS: [&str; 5] = [".released", ".held", ".clawed_back", ".paid_to_date", ".earned"];

impl Writer<'_> {
    /// Writes a reference to a statement.
    pub(super) fn named(&mut self, sight: Sight, gives: Gives) -> Option<String> {
        if sight == Sight::Person {
            return None;
        }
        let fitting: Vec<Named> = self
            .names
            .iter()
            .filter(|named| named.gives == gives)
            .cloned()
            .collect();
        let named = self.random.pick_of(&fitting)?.clone();
        let (name, zero) = (&named.name, zero(gives));
        let has_past = named.past != Past::None;
        let word = self.world.clock.word();
        Some(match named.grain {
            Grain::Deal => self.of_deals(sight, &named),
            Grain::Earn | Grain::EarnOfDeals | Grain::EarnOfSharedDeals => self.of_earn(sight, &named),
            Grain::Payee | Grain::Person if named.home == Home::Elsewhere => {
                let when = if has_past { ", period" } else { "" };
                format!("({name}[payee{when}] otherwise {zero})")
            }
            Grain::Payee | Grain::Person => match self.random.below(8) {
                0 if has_past => format!("({name}[payee, previous {word}] otherwise {zero})"),
                1 if has_past => format!("(prior {name} otherwise {zero})"),
                2 if has_past => format!("{name}[previous {word}]"),
                3 if has_past && self.random.chance(40) => {
                    format!("{name}[payee, {}]", self.period_of_day(sight))
                }
                _ if named.grain == Grain::Person => format!("{name}[payee]"),
                _ => name.clone(),
            },
        })
    }

    /// Writes an amount of an earn.
    fn of_earn(&mut self, sight: Sight, named: &Named) -> String {
        let name = &named.name;
        let word = self.world.clock.word();
        let is_here = named.home == Home::Here;
        match self.random.below(10) {
            0 | 1 if sight == Sight::Deal && named.grain == Grain::EarnOfDeals => {
                format!("({name}[row] otherwise CNY 0)")
            }
            0 | 1 if sight == Sight::Deal && named.grain == Grain::EarnOfSharedDeals => {
                format!("({name}[row, payee] otherwise CNY 0)")
            }
            2 | 3 if sight == Sight::Deal && named.grain == Grain::EarnOfSharedDeals => {
                format!("({name}[row, payee] otherwise CNY 0)")
            }
            2 => format!("({name}[payee, previous {word}] otherwise CNY 0)"),
            3 if is_here => format!("(prior {name} otherwise CNY 0)"),
            4 => format!(
                "({name}[payee, period]{} otherwise CNY 0)",
                self.random.pick(&PARTS)
            ),
            5 if is_here => format!("(due {name}[payee, period] otherwise CNY 0)"),
            6 if is_here && matches!(sight, Sight::Definition | Sight::Payees) => self.of_lines(named),
            7 if is_here => format!("(released {name}[payee, period] otherwise CNY 0)"),
            _ => format!("({name}[payee, period] otherwise CNY 0)"),
        }
    }

    /// Writes a sum over single lines of an earn.
    fn of_lines(&mut self, named: &Named) -> String {
        let name = &named.name;
        let line = match named.grain {
            Grain::EarnOfDeals => "x",
            Grain::EarnOfSharedDeals => "x, payee",
            Grain::Payee | Grain::Person | Grain::Deal | Grain::Earn => {
                return format!("({name}[payee, period] otherwise CNY 0)");
            }
        };
        let when = self.random.pick(&["", ", period"]);
        let one = match self.random.below(4) {
            0 => format!("due {name}[{line}{when}]"),
            1 => format!("released {name}[{line}{when}]"),
            2 => format!("{name}[{line}{when}]{}", self.random.pick(&PARTS)),
            _ => format!("{name}[{line}]"),
        };
        format!("(sum ({one} otherwise CNY 0) over Deal as x where x.owner is payee)")
    }

    /// Writes a value of deals: that of the line, or of several.
    fn of_deals(&mut self, sight: Sight, named: &Named) -> String {
        let name = &named.name;
        match sight {
            Sight::Deal if self.random.chance(70) => format!("{name}[row]"),
            Sight::Split => format!("{name}[row.deal]"),
            Sight::Deal | Sight::Definition | Sight::Payees | Sight::Person => {
                let filter = self.deal_filter(sight, "x.");
                let zero = zero(named.gives);
                match self.random.below(4) {
                    0 => format!("((highest {name}[x] over Deal as x where {filter}) otherwise {zero})"),
                    1 => format!("((average {name}[x] over Deal as x where {filter}) otherwise {zero})"),
                    _ => format!("(sum {name}[x] over Deal as x where {filter})"),
                }
            }
        }
    }

    /// Writes a value summed over the team or over several periods.
    pub(super) fn over_time(&mut self, sight: Sight, gives: Gives) -> Option<String> {
        if sight == Sight::Person {
            return None;
        }
        let is_fitting = |named: &&Named| named.gives == gives && named.grain != Grain::Deal;
        let fitting: Vec<Named> = self.names.iter().filter(is_fitting).cloned().collect();
        let named = self.random.pick_of(&fitting)?.clone();
        let name = &named.name;
        if named.grain == Grain::Person && named.home == Home::Here && self.random.chance(60) {
            let team = self.team(sight);
            return Some(format!("(sum {name}[m] over {team} as m)"));
        }
        let value = match named.grain {
            Grain::Payee | Grain::Person | Grain::Deal => format!("{name}[payee, m]"),
            Grain::Earn | Grain::EarnOfDeals | Grain::EarnOfSharedDeals => match self.random.below(3) {
                0 => format!("({name}[payee, m]{} otherwise CNY 0)", self.random.pick(&PARTS)),
                1 if named.home == Home::Here => format!("(due {name}[payee, m] otherwise CNY 0)"),
                _ => format!("({name}[payee, m] otherwise CNY 0)"),
            },
        };
        let each = self.world.clock.each();
        let mut ranges = vec!["this year", "year to date"];
        if self.world.clock.is_civil() {
            ranges.push("this quarter");
        }
        let range = self.random.pick(&ranges);
        let word = self.random.pick(&["sum", "sum", "lowest", "highest", "average"]);
        let sum = format!("{word} {value} over {each} as m where m in {range}");
        Some(if word == "sum" {
            format!("({sum})")
        } else {
            format!("(({sum}) otherwise {})", zero(gives))
        })
    }

    /// Writes a condition on a statement whose value is no number.
    pub(in crate::generate) fn typed_condition(&mut self, sight: Sight) -> Option<String> {
        if sight == Sight::Person {
            return None;
        }
        let typed = self.random.pick_of(&self.typed)?.clone();
        let name = &typed.name;
        Some(match typed.kind {
            Kind::Text => match self.random.below(2) {
                0 => format!("({name} = \"x\")"),
                _ => format!("({name} not in (\"y\", \"-\"))"),
            },
            Kind::Day => match self.random.below(2) {
                0 => format!("({name} is missing)"),
                _ => format!("(({name} otherwise period.last_day) < {})", self.day(sight)),
            },
            Kind::Flag => name.clone(),
            Kind::Region => format!("({name} is {})", self.random.pick(&REGIONS)),
            Kind::Person => format!("({name}.role is AE)"),
            Kind::Month => format!("({name} = month_of({}))", self.day(sight)),
        })
    }

    /// Ties deals to a person that another statement picks.
    pub(super) fn typed_owner(&mut self, sight: Sight, of: &str) -> Option<String> {
        Some(format!("{of}owner is {}", self.typed_name(sight, Kind::Person)?))
    }

    /// Ties deals to a region that another statement picks.
    pub(super) fn typed_region(&mut self, sight: Sight, of: &str) -> Option<String> {
        Some(format!("{of}region is {}", self.typed_name(sight, Kind::Region)?))
    }

    fn typed_name(&mut self, sight: Sight, kind: Kind) -> Option<String> {
        if sight == Sight::Person {
            return None;
        }
        let is_fitting = |typed: &&super::Typed| typed.kind == kind;
        Some(self.typed.iter().find(is_fitting)?.name.clone())
    }

    /// Writes those below somebody, by the name that the plan gives them if it does.
    pub(in crate::generate) fn team(&mut self, sight: Sight) -> String {
        if self.has_crew && sight != Sight::Person && self.random.chance(60) {
            return "crew".to_owned();
        }
        let (team, tree) = (self.random.pick(&["team", "reports"]), self.tree());
        format!("{team} of {} by {tree}", person(sight))
    }

    /// Names the field by which persons stand above one another.
    pub(in crate::generate) fn tree(&mut self) -> &'static str {
        if self.world.extras.mentors {
            self.random.pick(&["manager", "manager", "mentor"])
        } else {
            "manager"
        }
    }
}
