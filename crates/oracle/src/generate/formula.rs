//! Formulas of a wanted kind, from what is in sight. Each is safe as an operand: a word, a literal, or in brackets.

use guerdon_plan::calendar::Unit;

use super::random::Random;
use super::schema::{Amounts, BOUNDS, Gives, REGIONS, ROLES, Takes, World, unit_word};

/// Holds what a statement of the plan can be asked for.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) gives: Gives,
    pub(super) grain: Grain,
    pub(super) past: Past,
}

/// Says whether a value differs from period to period, so that it has one of the period before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Past {
    /// It does.
    Has,
    /// It is the same in every period.
    None,
}

/// Says what a statement has a value for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// The payee and the period, for every record of the payees' table.
    Payee,
    /// Any person and the period.
    Person,
    /// The plan's payees and the period: an earn.
    Earn,
    /// The same, of an earn with a line for each deal.
    EarnOfDeals,
}

/// Says where a formula stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// A measure or `let` of payee and period.
    Definition,
    /// A measure of any person.
    Person,
    /// A statement for payees only.
    Payees,
    /// The amount of a line of a deal.
    Deal,
    /// The amount of a line of a split.
    Split,
}

/// Writes formulas.
pub(super) struct Writer<'a> {
    pub(super) random: &'a mut Random,
    pub(super) world: &'a World,
    pub(super) names: Vec<Named>,
    /// A name that a check holds above zero.
    pub(super) positive: Option<String>,
}

impl Writer<'_> {
    /// Writes an amount.
    pub(super) fn money(&mut self, sight: Sight, depth: usize) -> String {
        let Some(deeper) = depth.checked_sub(1) else {
            return self.plain_money(sight);
        };
        match self.random.below(16) {
            0..=2 => self.plain_money(sight),
            3..=5 => self.sum_of_records(sight),
            6 => format!("({} + {})", self.money(sight, deeper), self.money(sight, deeper)),
            7 => format!("({} - {})", self.money(sight, deeper), self.money(sight, deeper)),
            8 => format!("({} * {})", self.money(sight, deeper), self.number(sight, deeper)),
            9 => {
                let (value, limit) = (self.money(sight, deeper), self.amount());
                format!("({value} {} {limit})", self.random.pick(&["at most", "at least"]))
            }
            10 => self.chosen(sight, deeper, Gives::Money),
            11 => {
                let word = self.random.pick(&["largest", "smallest"]);
                format!(
                    "{word}({}, {})",
                    self.money(sight, deeper),
                    self.money(sight, deeper)
                )
            }
            12 => {
                let value = self.money(sight, deeper);
                let step = self.random.pick(&["CNY 0.01", "CNY 0.05", "CNY 1", "CNY 100"]);
                format!("({value} rounded {} to {step})", self.mode())
            }
            13 => self
                .applied(sight, Gives::Money)
                .unwrap_or_else(|| self.plain_money(sight)),
            14 => self
                .over_time(sight, Gives::Money)
                .unwrap_or_else(|| self.plain_money(sight)),
            _ => match self.random.below(2) {
                0 => format!("abs({})", self.money(sight, deeper)),
                _ => format!(
                    "({} / {})",
                    self.money(sight, deeper),
                    self.random.pick(&["2", "3", "7", "1.1"])
                ),
            },
        }
    }

    /// Writes a number.
    pub(super) fn number(&mut self, sight: Sight, depth: usize) -> String {
        let Some(deeper) = depth.checked_sub(1) else {
            return self.plain_number(sight);
        };
        match self.random.below(12) {
            0..=2 => self.plain_number(sight),
            3 | 4 => self.count_of_records(sight),
            5 => format!(
                "({} + {})",
                self.number(sight, deeper),
                self.number(sight, deeper)
            ),
            6 => format!(
                "({} * {})",
                self.number(sight, deeper),
                self.number(sight, deeper)
            ),
            7 => self.ratio(sight, deeper),
            8 => self.chosen(sight, deeper, Gives::Number),
            9 => self
                .applied(sight, Gives::Number)
                .unwrap_or_else(|| self.plain_number(sight)),
            10 => self
                .over_time(sight, Gives::Number)
                .unwrap_or_else(|| self.plain_number(sight)),
            _ => format!(
                "({} - {})",
                self.number(sight, deeper),
                self.number(sight, deeper)
            ),
        }
    }

    /// Writes a condition.
    pub(super) fn condition(&mut self, sight: Sight, depth: usize) -> String {
        match (depth.checked_sub(1), self.random.below(10)) {
            (Some(deeper), 0) => {
                format!(
                    "({} and {})",
                    self.condition(sight, deeper),
                    self.condition(sight, deeper)
                )
            }
            (Some(deeper), 1) => {
                format!(
                    "({} or {})",
                    self.condition(sight, deeper),
                    self.condition(sight, deeper)
                )
            }
            (Some(deeper), 2) => format!("(not {})", self.condition(sight, deeper)),
            (Some(deeper), 3 | 4) => {
                let (left, right) = (self.money(sight, deeper), self.amount());
                format!("({left} {} {right})", self.comparison())
            }
            (Some(deeper), 5) => {
                let left = self.number(sight, deeper);
                format!(
                    "({left} {} {})",
                    self.comparison(),
                    self.random.pick(&["0", "1", "2", "50%"])
                )
            }
            (Some(_), 6) if sight != Sight::Person => {
                let (of, name) = records(sight);
                let filter = self.deal_filter(sight, of);
                let (word, condition) = if self.random.chance(50) {
                    ("any", "new_logo")
                } else {
                    ("all", "units > 0")
                };
                format!("({word} {of}{condition} over Deal{name} where {filter})")
            }
            (_, _) => self.plain_condition(sight),
        }
    }

    /// Writes which deals are meant; their fields come behind a prefix.
    pub(super) fn deal_filter(&mut self, sight: Sight, of: &str) -> String {
        let person = person(sight);
        let mut conditions = vec![match self.random.below(12) {
            0 => format!("{of}owner.manager is {person}"),
            _ => format!("{of}owner is {person}"),
        }];
        conditions.extend(self.time(&format!("{of}booked_on")));
        if self.random.chance(35) {
            conditions.push(self.deal_condition(of));
        }
        conditions.join(" and ")
    }

    /// Writes a condition on a deal; its fields come behind a prefix.
    pub(super) fn deal_condition(&mut self, of: &str) -> String {
        match self.random.below(9) {
            0 => format!("{of}new_logo"),
            1 => format!("not {of}new_logo"),
            2 => format!("{of}region is {}", self.random.pick(&REGIONS)),
            3 => format!("{of}region in (North, South)"),
            4 => format!("{of}amount {} {}", self.comparison(), self.amount()),
            5 => format!("{of}units >= {}", self.random.pick(&["0", "1", "2"])),
            6 => format!("{of}margin is missing"),
            7 => format!("({of}margin otherwise 0%) > 5%"),
            _ => format!("({of}closed_on is not missing and {of}closed_on <= period.last_day)"),
        }
    }

    /// Writes in which days a date must lie; nothing for all.
    fn time(&mut self, field: &str) -> Option<String> {
        let unit = unit_word(self.world.unit);
        Some(match self.random.below(12) {
            0..=5 => format!("{field} in period"),
            6 => format!("{field} in year to date"),
            7 => format!("{field} in this {}", self.random.pick(&["year", "quarter"])),
            8 => format!("{field} in previous {unit}"),
            9 => format!("{field} in last {} {unit}s", self.random.pick(&["2", "3"])),
            10 => match self.random.below(3) {
                0 => format!("{field} <= period.last_day"),
                1 => format!("{field} in 2026-Q1"),
                _ => format!("{field} in 2026-01-10 through 2026-02-20"),
            },
            _ => return None,
        })
    }

    fn plain_money(&mut self, sight: Sight) -> String {
        match self.random.below(8) {
            0 => self.amount(),
            1 => format!("({}.base otherwise {})", person(sight), self.amount()),
            2 => self.constant(Gives::Money).unwrap_or_else(|| self.amount()),
            3 | 4 => match sight {
                Sight::Deal => "row.amount".to_owned(),
                Sight::Split => "(row.deal.amount * row.share)".to_owned(),
                Sight::Definition | Sight::Person | Sight::Payees => self.sum_of_records(sight),
            },
            _ => self
                .named(sight, Gives::Money)
                .unwrap_or_else(|| self.sum_of_records(sight)),
        }
    }

    fn plain_number(&mut self, sight: Sight) -> String {
        match self.random.below(10) {
            0 | 1 => self.random.pick(&["0.5", "1", "2", "1.25"]).to_owned(),
            2 | 3 => self.random.pick(&["3%", "10%", "50%", "0%", "33.3%"]).to_owned(),
            4 => format!("{}.rank", person(sight)),
            5 => self.constant(Gives::Number).unwrap_or_else(|| "1".to_owned()),
            6 => match self.random.below(3) {
                0 => "(days in period)".to_owned(),
                1 => format!("(days from {}.hired_on to period.last_day)", person(sight)),
                _ => format!(
                    "((days in (period from {}.hired_on)) / (days in period))",
                    person(sight)
                ),
            },
            7 | 8 if matches!(sight, Sight::Deal | Sight::Split) => self.of_row(sight),
            _ => self.named(sight, Gives::Number).unwrap_or_else(|| "2".to_owned()),
        }
    }

    fn of_row(&mut self, sight: Sight) -> String {
        let deal = if sight == Sight::Deal { "row" } else { "row.deal" };
        let mut found = vec![format!("{deal}.units"), format!("({deal}.margin otherwise 0%)")];
        if self.world.matrix.is_some() {
            found.push(format!("by_place[{deal}.region, payee.role]"));
        }
        if self.world.decision.is_some() {
            found.push(format!("by_case[{deal}.units, {deal}.region].factor"));
        }
        if self.world.combining.is_some() {
            found.push(format!("adding[{deal}.units, {deal}.new_logo].hits"));
        }
        self.random.pick_of(&found).cloned().unwrap_or_default()
    }

    fn plain_condition(&mut self, sight: Sight) -> String {
        let person = person(sight);
        match self.random.below(9) {
            0 => format!("({person}.role is {})", self.random.pick(&ROLES)),
            1 => format!("({person}.role is not AE)"),
            2 => format!("({person}.home is {})", self.random.pick(&REGIONS)),
            3 => format!("({person}.base is missing)"),
            4 => format!("({person}.hired_on in this year)"),
            5 => format!("(period in {})", self.random.pick(&["2026-Q1", "year 2026"])),
            _ => match sight {
                Sight::Deal => format!("({})", self.deal_condition("row.")),
                Sight::Split => format!("({})", self.deal_condition("row.deal.")),
                Sight::Payees | Sight::Definition | Sight::Person => {
                    format!(
                        "({} {} {})",
                        self.sum_of_records(sight),
                        self.comparison(),
                        self.amount()
                    )
                }
            },
        }
    }

    fn named(&mut self, sight: Sight, gives: Gives) -> Option<String> {
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
        let is_earn = matches!(named.grain, Grain::Earn | Grain::EarnOfDeals);
        let has_past = named.past == Past::Has;
        let unit = unit_word(self.world.unit);
        Some(match (self.random.below(8), is_earn) {
            (0, true) if sight == Sight::Deal && named.grain == Grain::EarnOfDeals => {
                format!("({name}[row] otherwise {zero})")
            }
            (1, _) if has_past => format!("({name}[payee, previous {unit}] otherwise {zero})"),
            (2, _) if has_past => format!("(prior {name} otherwise {zero})"),
            (_, true) => format!("({name}[payee, period] otherwise {zero})"),
            (3, false) if has_past => format!("{name}[previous {unit}]"),
            (_, false) if named.grain == Grain::Person => format!("{name}[payee]"),
            (_, false) => name.clone(),
        })
    }

    /// Writes a value summed over the team or over several periods.
    fn over_time(&mut self, sight: Sight, gives: Gives) -> Option<String> {
        if sight == Sight::Person {
            return None;
        }
        let is_fitting =
            |named: &&Named| named.gives == gives && matches!(named.grain, Grain::Person | Grain::Payee);
        let fitting: Vec<Named> = self.names.iter().filter(is_fitting).cloned().collect();
        let named = self.random.pick_of(&fitting)?.clone();
        let (name, unit) = (&named.name, unit_word(self.world.unit));
        if named.grain == Grain::Person && self.random.chance(60) {
            let team = self.random.pick(&["team", "reports"]);
            return Some(format!("(sum {name}[m] over {team} of payee as m)"));
        }
        let range = self.random.pick(&["this year", "year to date", "this quarter"]);
        let word = self.random.pick(&["sum", "sum", "lowest", "highest", "average"]);
        let sum = format!("{word} {name}[payee, m] over {unit} as m where m in {range}");
        Some(if word == "sum" {
            format!("({sum})")
        } else {
            format!("(({sum}) otherwise {})", zero(gives))
        })
    }

    /// Writes an aggregate of amounts.
    pub(super) fn sum_of_records(&mut self, sight: Sight) -> String {
        let person = person(sight);
        match self.random.below(12) {
            0 | 1 if sight == Sight::Deal => {
                let receipts = "sum paid over Receipt where deal is row";
                format!(
                    "({receipts}{})",
                    self.random
                        .pick(&["", " and received_on <= row.booked_on + 30 days"])
                )
            }
            2 => {
                let (of, name) = records(sight);
                let time = self
                    .time(&format!("{of}received_on"))
                    .map_or_else(String::new, |time| format!(" and {time}"));
                format!("(sum {of}paid over Receipt{name} where {of}deal.owner is {person}{time})")
            }
            3 => {
                let (of, name) = records(sight);
                let time = self
                    .time(&format!("{of}deal.booked_on"))
                    .map_or_else(String::new, |time| format!(" and {time}"));
                format!(
                    "(sum {of}deal.amount * {of}share over Split{name} where {of}person is {person}{time})"
                )
            }
            4 | 5 => {
                let (of, name) = records(sight);
                let filter = self.deal_filter(sight, of);
                let word = self.random.pick(&["average", "lowest", "highest"]);
                let otherwise = self.amount();
                format!("(({word} {of}amount over Deal{name} where {filter}) otherwise {otherwise})")
            }
            6 => {
                let (of, name) = records(sight);
                let filter = self.deal_filter(sight, of);
                let word = self.random.pick(&["first", "last"]);
                let second = if self.random.chance(50) {
                    format!(", {of}units")
                } else {
                    String::new()
                };
                let order = format!("{of}booked_on{second}");
                format!(
                    "(({word} {of}amount over Deal{name} where {filter} in order of {order}) otherwise CNY 0)"
                )
            }
            7 if sight != Sight::Person => {
                let unit = unit_word(self.world.unit);
                match self.random.below(2) {
                    0 => "(quota[payee, period] otherwise CNY 0)".to_owned(),
                    _ => format!(
                        "(sum (quota[payee, m] otherwise CNY 0) over {unit} as m where m in this year)"
                    ),
                }
            }
            8 if sight == Sight::Deal => {
                let filter = self.random.pick(&["", " where x.new_logo", " where x.units > 0"]);
                format!(
                    "(running sum x.amount over Deal as x in order of x.booked_on within x.owner{filter})"
                )
            }
            _ => {
                let (of, name) = records(sight);
                let filter = self.deal_filter(sight, of);
                format!("(sum {of}amount over Deal{name} where {filter})")
            }
        }
    }

    fn count_of_records(&mut self, sight: Sight) -> String {
        let (of, name) = records(sight);
        let filter = self.deal_filter(sight, of);
        match self.random.below(4) {
            0 => format!("(sum {of}units over Deal{name} where {filter})"),
            1 => format!("(count distinct {of}region over Deal{name} where {filter})"),
            2 if sight != Sight::Person => format!("(count over team of {} as m)", person(sight)),
            _ => format!("(count over Deal{name} where {filter})"),
        }
    }

    fn ratio(&mut self, sight: Sight, depth: usize) -> String {
        let divisors: Vec<String> = self
            .names
            .iter()
            .filter(|named| named.gives == Gives::Money && named.grain == Grain::Payee)
            .map(|named| named.name.clone())
            .collect();
        match self.random.pick_of(&divisors).cloned() {
            Some(divisor) if sight != Sight::Person => {
                let value = self.money(sight, depth);
                format!("(if {divisor} > CNY 0 then {value} / {divisor} else 0)")
            }
            _ => self.plain_number(sight),
        }
    }

    fn chosen(&mut self, sight: Sight, depth: usize, gives: Gives) -> String {
        let condition = self.condition(sight, depth);
        let value = |this: &mut Self| match gives {
            Gives::Money => this.money(sight, depth),
            Gives::Number => this.number(sight, depth),
        };
        format!("(if {condition} then {} else {})", value(self), value(self))
    }

    /// Writes tiers applied to something, not stacked.
    pub(super) fn applied(&mut self, sight: Sight, gives: Gives) -> Option<String> {
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
    pub(super) fn against(&mut self, sight: Sight, apply: &str, stack: &str) -> Option<String> {
        if sight == Sight::Person {
            return None;
        }
        let is_quota = |named: &&Named| named.gives == Gives::Money && named.grain == Grain::Payee;
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

    fn constant(&mut self, gives: Gives) -> Option<String> {
        let fitting: Vec<String> = self
            .world
            .constants
            .iter()
            .filter(|constant| constant.gives == gives)
            .map(|constant| constant.name.clone())
            .collect();
        self.random.pick_of(&fitting).cloned()
    }

    /// Writes an amount as a literal, often one at which tiers begin.
    pub(super) fn amount(&mut self) -> String {
        match self.random.below(6) {
            0 => "CNY 0".to_owned(),
            1 => "CNY 33.33".to_owned(),
            2 if self.world.amounts == Amounts::Any => "(-CNY 50)".to_owned(),
            _ => format!("CNY {}", self.random.pick(&BOUNDS)),
        }
    }

    pub(super) fn mode(&mut self) -> &'static str {
        let modes = [
            "half-up",
            "half-up",
            "half-even",
            "half-down",
            "half-odd",
            "half-ceiling",
            "half-floor",
            "up",
            "down",
            "ceiling",
            "floor",
        ];
        let place = self.random.below(modes.len());
        modes.get(place).copied().unwrap_or("half-up")
    }

    fn comparison(&mut self) -> &'static str {
        let signs = [">", ">=", "<", "<=", "=", "!="];
        let place = self.random.below(signs.len());
        signs.get(place).copied().unwrap_or(">")
    }

    /// Says whether the plan counts quarters.
    pub(super) fn is_quarterly(&self) -> bool {
        self.world.unit == Unit::Quarter
    }
}

fn person(sight: Sight) -> &'static str {
    if sight == Sight::Person { "p" } else { "payee" }
}

/// Gives the prefix of a record's fields and the name of the record in an aggregate; both are needed in a line, whose
/// own record has fields of the same names.
fn records(sight: Sight) -> (&'static str, &'static str) {
    match sight {
        Sight::Deal | Sight::Split => ("x.", " as x"),
        Sight::Definition | Sight::Person | Sight::Payees => ("", ""),
    }
}

fn zero(gives: Gives) -> &'static str {
    match gives {
        Gives::Money => "CNY 0",
        Gives::Number => "0",
    }
}
