//! Formulas of a wanted kind, from what is in sight. Each is safe as an operand: a word, a literal, or in brackets.

use super::random::Random;
use super::world::{Amounts, BOUNDS, Gives, REGIONS, ROLES, World};

mod among;
mod applied;
mod days;
mod exchange;
mod names;
mod records;

/// Holds what a statement of the plan can be asked for.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) gives: Gives,
    pub(super) grain: Grain,
    pub(super) past: Past,
    /// Whether it is a statement of another plan, which is named with all its subscripts.
    pub(super) home: Home,
}

/// Says in which plan a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// In the plan that is written.
    Here,
    /// In another one.
    Elsewhere,
}

/// Holds a statement whose value is no number.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// Says what a value is that is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A day that may be missing.
    Day,
    Flag,
    Region,
    Person,
    Month,
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
    /// Any deal, without a period.
    Deal,
    /// The plan's payees and the period: an earn.
    Earn,
    /// The same, of an earn with a line for each deal.
    EarnOfDeals,
    /// The same, where one deal may have a line for each of several payees.
    EarnOfSharedDeals,
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
    pub(super) typed: Vec<Typed>,
    /// Whether the plan names its payee's deals `mine`.
    pub(super) has_mine: bool,
    /// Whether the plan names those below its payee `crew`.
    pub(super) has_crew: bool,
    /// Whether the plan rounds its lines.
    pub(super) rounds_lines: bool,
    /// A name that a check holds above zero.
    pub(super) positive: Option<String>,
}

impl Writer<'_> {
    /// Writes an amount.
    pub(super) fn money(&mut self, sight: Sight, depth: usize) -> String {
        let Some(deeper) = depth.checked_sub(1) else {
            return self.plain_money(sight);
        };
        match self.random.below(20) {
            19 => self.converted(sight, deeper),
            18 if matches!(sight, Sight::Definition | Sight::Payees) => self.share_of(),
            0..=2 => self.plain_money(sight),
            3..=5 => self.sum_of_records(sight),
            6 => format!("({} + {})", self.money(sight, deeper), self.money(sight, deeper)),
            7 => format!("({} - {})", self.money(sight, deeper), self.money(sight, deeper)),
            16 => self.looked_up(sight),
            17 => self.of_pairs(sight),
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
        match self.random.below(15) {
            14 if matches!(sight, Sight::Definition | Sight::Payees) => self.place(),
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
            11 => self
                .rate(sight, deeper)
                .unwrap_or_else(|| self.plain_number(sight)),
            12 => self.between_days(sight),
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
        let owner = match self.random.below(16) {
            0 => format!("{of}owner.manager is {person}"),
            1 => self
                .typed_owner(sight, of)
                .unwrap_or_else(|| format!("{of}owner is {person}")),
            2 => self
                .typed_region(sight, of)
                .unwrap_or_else(|| format!("{of}owner is {person}")),
            _ => format!("{of}owner is {person}"),
        };
        let mut conditions = vec![owner];
        conditions.extend(self.time(&format!("{of}booked_on")));
        if self.random.chance(35) {
            conditions.push(self.deal_condition(of));
        }
        conditions.join(" and ")
    }

    /// Writes a condition on a deal; its fields come behind a prefix.
    pub(super) fn deal_condition(&mut self, of: &str) -> String {
        match self.random.below(12) {
            9 | 10 if self.world.extras.labels => self.label_condition(of),
            11 => format!("{of}region not in (North, East)"),
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
            2 | 3 => self
                .random
                .pick(&["3%", "10%", "50%", "120%", "33.3%"])
                .to_owned(),
            4 => format!("{}.rank", person(sight)),
            5 => self.constant(Gives::Number).unwrap_or_else(|| "1".to_owned()),
            6 => match self.random.below(3) {
                0 => "(days in period)".to_owned(),
                1 => self.of_tables(sight).unwrap_or_else(|| "1.5".to_owned()),
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

    /// Writes a number from a decision table, a matrix or a table from a file.
    fn of_tables(&mut self, sight: Sight) -> Option<String> {
        let person = person(sight);
        let region = self.region(sight);
        let mut found = Vec::new();
        if self.world.matrix.is_some() {
            found.push(format!("by_place[{region}, {person}.role]"));
        }
        if self.world.decision.is_some() {
            found.push(format!(
                "by_case[{}, {region}].factor",
                self.count_of_records(sight)
            ));
        }
        if self.world.combining.is_some() {
            found.push(format!("adding[{}, yes].hits", self.count_of_records(sight)));
        }
        if self.world.cases.is_some() {
            found.push(format!(
                "by_day[{}, {person}.role, {}].mult",
                self.day(sight),
                self.text(sight)
            ));
        }
        if self.world.extras.fees {
            found.push(format!("(fees[{region}].cut otherwise 1%)"));
        }
        if self.world.extras.posts && sight != Sight::Person {
            found.push(format!("(Post[{person}, {}].rate otherwise 2%)", self.day(sight)));
        }
        self.random.pick_of(&found).cloned()
    }

    /// Writes an amount from a decision table or a table from a file; some find nothing and are errors.
    fn looked_up(&mut self, sight: Sight) -> String {
        let person = person(sight);
        let region = self.region(sight);
        let mut found = Vec::new();
        if self.world.decision.is_some() {
            found.push(format!("by_case[{}, {region}].fee", self.count_of_records(sight)));
        }
        if self.world.combining.is_some() {
            let count = self.count_of_records(sight);
            found.push(match self.random.pick(&["fee", "top", "low"]) {
                "fee" => format!("adding[{count}, no].fee"),
                part => format!("(adding[{count}, no].{part} otherwise CNY 0)"),
            });
        }
        if self.world.cases.is_some() {
            found.push(format!(
                "by_day[{}, {person}.role, {}].fee",
                self.day(sight),
                self.text(sight)
            ));
        }
        if self.world.extras.fees {
            found.push(format!("(fees[{region}].fee otherwise CNY 3)"));
            if self.random.chance(20) {
                found.push(format!("fees[{region}].fee"));
            }
        }
        let found = self.random.pick_of(&found).cloned();
        found.unwrap_or_else(|| self.sum_of_records(sight))
    }

    /// Writes a region.
    fn region(&mut self, sight: Sight) -> String {
        match (self.random.below(3), sight) {
            (0, _) => self.random.pick(&REGIONS).to_owned(),
            (1, Sight::Deal) => "row.region".to_owned(),
            (1, Sight::Split) => "row.deal.region".to_owned(),
            (_, _) => format!("({}.home otherwise East)", person(sight)),
        }
    }

    /// Writes a text.
    fn text(&mut self, sight: Sight) -> String {
        match (self.random.below(3), sight) {
            (0, Sight::Deal) if self.world.extras.labels => "row.label".to_owned(),
            (0 | 1, _) if self.world.extras.mentors => format!("{}.nick", person(sight)),
            (_, _) => self.random.pick(&["\"x\"", "\"z\""]).to_owned(),
        }
    }

    fn label_condition(&mut self, of: &str) -> String {
        match self.random.below(5) {
            0 => format!("{of}label is missing"),
            1 => format!("({of}label otherwise \"-\") = \"x\""),
            2 => format!("({of}label otherwise \"x\") in (\"x\", \"y\")"),
            3 => format!("{of}billed = month_of(period.last_day)"),
            _ => format!("{of}billed in this year"),
        }
    }

    fn plain_condition(&mut self, sight: Sight) -> String {
        let person = person(sight);
        match self.random.below(12) {
            0 => format!("({person}.role is {})", self.random.pick(&ROLES)),
            1 => format!("({person}.role is not AE)"),
            2 => format!("({person}.home is {})", self.random.pick(&REGIONS)),
            9 => self.day_condition(sight),
            10 | 11 => self
                .typed_condition(sight)
                .unwrap_or_else(|| self.day_condition(sight)),
            3 => format!("({person}.base is missing)"),
            4 => format!("({person}.hired_on in this year)"),
            5 if self.world.clock.is_civil() => {
                format!("(period in {})", self.random.pick(&["2026-Q1", "year 2026"]))
            }
            6 if self.world.extras.posts && sight != Sight::Person => {
                format!("(Post[payee, {}] is missing)", self.day(sight))
            }
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

    pub(super) fn count_of_records(&mut self, sight: Sight) -> String {
        let (of, name) = records(sight);
        let filter = self.deal_filter(sight, of);
        match self.random.below(4) {
            0 => format!("(sum {of}units over Deal{name} where {filter})"),
            1 => format!("(count distinct {of}region over Deal{name} where {filter})"),
            2 if sight != Sight::Person => {
                let team = self.team(sight);
                format!("(count over {team} as m)")
            }
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
            0 if self.random.chance(50) => "CNY 0".to_owned(),
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
