//! The plans of a generated file.

use super::clock::Clock;
use super::formula::{Grain, Home, Kind, Named, Past, Sight, Typed, Writer};
use super::random::Random;
use super::world::{Gives, REGIONS, World};
use super::{Part, blocks};

mod break_down;
mod checks;
mod earns;
mod others;
mod people;

use self::earns::Earn;
use self::others::foreign;

/// Holds the names that the test may ask for.
pub(super) struct Shown {
    pub(super) pays: Vec<String>,
}

/// Writes the plans of a file: one, and perhaps a variant of it or one that refers to it.
pub(super) fn plans(random: &mut Random, world: &World) -> (Vec<Part>, Shown) {
    let mut writer = Writer {
        random,
        world,
        names: Vec::new(),
        typed: Vec::new(),
        has_mine: false,
        has_crew: false,
        rounds_lines: false,
        positive: None,
    };
    let mut lines = writer.head();
    lines.extend(writer.values());
    lines.extend(writer.checks());
    let values = writer.names.clone();
    let (earns, with_parts) = writer.earns();
    lines.extend(with_parts);
    let (carries, carried) = writer.carries(&earns);
    lines.extend(carries);
    let (pays, shown) = writer.pays(&earns, carried.as_deref());
    lines.extend(pays);
    let mut plans = vec![block("plan plan1", lines)];
    let asked = writer.names.clone();
    match writer.random.below(10) {
        0 | 1 => {
            // An exception of a variant may not ask for what is made of the earn that it changes.
            writer.names = values;
            plans.extend(writer.variant(&earns));
        }
        2 | 3 => plans.push(writer.second_plan()),
        4 => plans.push(writer.summing_plan()),
        _ => {}
    }
    let foreign = blocks::askable(&foreign(&asked));
    plans.extend(blocks::blocks(random, world, &foreign));
    (plans, shown)
}

fn block(head: &str, lines: Vec<String>) -> Part {
    Part::Block(head.to_owned(), lines.into_iter().map(Part::Line).collect())
}

impl Writer<'_> {
    fn head(&mut self) -> Vec<String> {
        let through = self
            .world
            .through
            .map_or_else(String::new, |through| format!(" through {through}"));
        let mut lines = vec![
            self.payees(),
            "currency CNY".to_owned(),
            format!("effective {}{through}", self.world.first),
            format!("period {}", self.world.clock.each()),
            self.rounding(),
        ];
        if self.random.chance(20) {
            lines.push("missing error".to_owned());
        }
        if self.world.extras.posts && self.random.chance(50) {
            let which = ["", "", " where area is North", " where rate > 0%"];
            let which = self.random.pick(&which);
            lines.push(format!("segments Post{which}"));
            lines.push("measure in_segments = (sum s.rate * segment_share[s] over segments as s)".to_owned());
        }
        self.has_mine = self.random.chance(40);
        if self.has_mine {
            let more = self.random.pick(&["", " and units >= 0"]);
            lines.push(format!("rows mine = Deal where owner is payee{more}"));
        }
        self.narrow(&mut lines);
        lines.extend(self.rows_of_teams());
        lines
    }

    fn rounding(&mut self) -> String {
        if self.random.chance(6) {
            return "rounding none".to_owned();
        }
        let place = self.random.pick(&["at each line", "at each line", "at pay"]);
        self.rounds_lines = place == "at each line";
        let step = self
            .random
            .pick(&["0.01", "0.01", "0.01", "0.05", "0.25", "1", "10", "minor unit"]);
        format!("rounding {} to {step} {place}", self.mode())
    }

    fn values(&mut self) -> Vec<String> {
        let unit = if self.world.clock.quota_unit() == guerdon_plan::calendar::Unit::Quarter {
            "quarter"
        } else {
            "month"
        };
        let now = self.quota_now();
        let goal = match self.random.below(8) {
            0 => format!("sum quota[payee, m] over {unit} as m where m in this year"),
            1 | 2 => format!("sum (quota[payee, m] otherwise CNY 0) over {unit} as m where m in this year"),
            3 => format!("({now} otherwise CNY 0)"),
            _ => format!("({now} otherwise CNY 500)"),
        };
        let mut lines = vec![format!("let goal1 = {goal}")];
        self.declare("goal1", Gives::Money, Grain::Payee, "period");
        if self.random.chance(30) {
            lines.push(self.of_deal());
        }
        let typed = match self.random.below(10) {
            0..=5 => 0,
            6..=8 => 1,
            _ => 2,
        };
        for number in 1..=typed {
            lines.push(self.typed_value(number));
        }
        if self.random.chance(15) {
            lines.extend(self.of_pair());
        }
        for number in 1..=self.random.between(1, 4) {
            lines.extend(self.value_statement(number));
        }
        lines
    }

    fn value_statement(&mut self, number: usize) -> Vec<String> {
        let gives = if self.random.chance(70) {
            Gives::Money
        } else {
            Gives::Number
        };
        let name = format!("value{number}");
        let (head, sight, grain) = match self.random.below(4) {
            0 => (format!("let {name}"), Sight::Definition, Grain::Payee),
            1 => (
                format!("measure {name} for Person p"),
                Sight::Person,
                Grain::Person,
            ),
            _ => (format!("measure {name}"), Sight::Definition, Grain::Payee),
        };
        let value = match (gives, self.random.below(8)) {
            (Gives::Number, 0 | 1) if sight == Sight::Definition => {
                format!("(streak of ({}))", self.condition(sight, 1))
            }
            (Gives::Number, 2) if sight == Sight::Definition => {
                let (condition, count) = (self.condition(sight, 1), self.random.pick(&["1", "2", "3"]));
                format!(
                    "(times of ({condition}) in last {count} {}s)",
                    self.world.clock.word()
                )
            }
            (Gives::Money, 0) if sight == Sight::Definition => {
                let (value, count) = (self.money(sight, 1), self.random.pick(&["2", "3"]));
                let trend = format!(
                    "(trend of {value} over last {count} {}s)",
                    self.world.clock.word()
                );
                format!("({trend} otherwise {})", self.random.pick(&["CNY 0", "CNY 5"]))
            }
            (Gives::Number, _) => self.number(sight, 2),
            (Gives::Money, _) => self.money(sight, 2),
        };
        let mut lines = vec![format!("{head} = {value}")];
        if sight == Sight::Definition && self.random.chance(12) {
            let when = self.condition(Sight::Payees, 1);
            let during = self.during();
            let value = self.random.pick(&["normal * 2", "normal"]);
            lines.push(format!(
                "except other_{name} to {name}{during} when {when} use {value}"
            ));
        }
        self.declare(&name, gives, grain, &value);
        lines
    }

    /// Writes a measure of deals.
    fn of_deal(&mut self) -> String {
        let value = match self.random.below(4) {
            0 => "d.amount * 50%".to_owned(),
            1 => format!("if {} then d.amount else CNY 0", self.deal_condition_of("d.")),
            2 => "(sum s.share over Split as s where s.deal is d) * d.amount".to_owned(),
            _ => format!("d.amount at most {}", self.amount()),
        };
        self.names.push(Named {
            name: "per_deal".to_owned(),
            gives: Gives::Money,
            grain: Grain::Deal,
            past: Past::None,
            home: Home::Here,
        });
        format!("measure per_deal for Deal d = {value}")
    }

    /// Writes a measure of a person and a deal, and one that sums it.
    fn of_pair(&mut self) -> [String; 2] {
        let value = match self.random.below(4) {
            0 => "if d.owner is q then d.amount * 50% else CNY 1",
            1 => "sum s.share * d.amount over Split as s where s.deal is d and s.person is q",
            2 => {
                "sum r.paid over Receipt as r where r.deal is d and d.owner is q and r.received_on in period"
            }
            _ => "d.amount at most (q.base otherwise CNY 30)",
        };
        let sum = match self.random.below(4) {
            0 => "sum pair[payee, x] over Deal as x".to_owned(),
            1 => format!(
                "sum pair[payee, x] over Deal as x where {}",
                self.deal_condition("x.")
            ),
            2 => format!(
                "sum pair[m, x] over {} as m, Deal as x",
                self.team(Sight::Definition)
            ),
            _ => "(highest pair[payee, x] over Deal as x where x.units > 0) otherwise CNY 2".to_owned(),
        };
        self.declare("pairs1", Gives::Money, Grain::Payee, &format!("{value} {sum}"));
        [
            format!("measure pair for Person q, Deal d = {value}"),
            format!("measure pairs1 = {sum}"),
        ]
    }

    /// Writes a condition on a deal that does not depend on the period.
    fn deal_condition_of(&mut self, of: &str) -> String {
        match self.random.below(4) {
            0 => format!("{of}new_logo"),
            1 => format!("{of}region is {}", self.random.pick(&REGIONS)),
            2 => format!("({of}margin otherwise 0%) > 5%"),
            _ => format!("{of}units >= 1"),
        }
    }

    /// Writes a statement whose value is no number.
    fn typed_value(&mut self, number: usize) -> String {
        let condition = self.condition(Sight::Definition, 1);
        let filter = self.deal_filter(Sight::Definition, "");
        let (name, kind, value) = match self.random.below(7) {
            0 if self.world.extras.labels => (
                "word",
                Kind::Text,
                format!(
                    "((first (label otherwise \"-\") over Deal where {filter} in order of booked_on) otherwise \"x\")"
                ),
            ),
            0 => (
                "word",
                Kind::Text,
                format!("if {condition} then \"x\" else \"y\""),
            ),
            1 => (
                "day",
                Kind::Day,
                format!("(highest booked_on over Deal where {filter})"),
            ),
            2 => ("flag", Kind::Flag, condition),
            3 => (
                "place",
                Kind::Region,
                format!("((last region over Deal where {filter} in order of units, amount) otherwise North)"),
            ),
            4 => (
                "who",
                Kind::Person,
                format!("if {condition} then payee else (payee.manager otherwise payee)"),
            ),
            5 => ("day", Kind::Day, "payee.left_on".to_owned()),
            _ => (
                "span",
                Kind::Month,
                format!("if {condition} then month_of(payee.hired_on) else 2026-01"),
            ),
        };
        let name = format!("{name}{number}");
        self.typed.push(Typed {
            name: name.clone(),
            kind,
        });
        format!("measure {name} = {value}")
    }

    fn declare(&mut self, name: &str, gives: Gives, grain: Grain, value: &str) {
        let words = [
            "period",
            "previous ",
            "this ",
            "to date",
            "last 2",
            "last 3",
            "prior ",
            "streak ",
            ".first_day",
            ".last_day",
            "[payee, m]",
        ];
        let names = self
            .names
            .iter()
            .filter(|named| named.past != Past::None)
            .map(|named| named.name.as_str());
        let moving = without_fixed(value);
        let past = if words.into_iter().chain(names).any(|word| moving.contains(word)) {
            Past::Has
        } else {
            Past::None
        };
        self.names.push(Named {
            name: name.to_owned(),
            gives,
            grain,
            past,
            home: Home::Here,
        });
    }

    fn carries(&mut self, earns: &[Earn]) -> (Vec<String>, Option<String>) {
        let undated: Vec<&Earn> = earns.iter().filter(|earn| earn.sight == Sight::Payees).collect();
        let all: Vec<&Earn> = earns.iter().collect();
        let Some(earn) = self
            .random
            .pick_of(if undated.is_empty() { &all } else { &undated })
        else {
            return (Vec::new(), None);
        };
        if !self.random.chance(40) {
            return (Vec::new(), None);
        }
        let name = &earn.name;
        let restarting = match self.random.below(6) {
            0 => " restarting every year",
            1 if self.world.clock == Clock::Month => " restarting every quarter",
            2 => " restarting every period",
            _ => "",
        };
        let start = self
            .random
            .pick(&["CNY 0", "CNY 10", "(payee.base otherwise CNY 0)"]);
        let mut lines = Vec::new();
        let value = match self.random.below(4) {
            0 => format!("prior balance1 + {name}"),
            1 => format!("(prior balance1 + {name}) at most CNY 200"),
            2 => format!(
                "if {} then CNY 0 else prior balance1 + {name}",
                self.condition(Sight::Payees, 1)
            ),
            _ => {
                lines.push(format!("earn draw1 = (CNY 100 - {name}) at least CNY 0"));
                lines.push(format!(
                    "earn back1 = (({name} - CNY 100) at least CNY 0) * 50% at most prior balance1"
                ));
                "prior balance1 + draw1 - back1".to_owned()
            }
        };
        lines.push(format!("carry balance1 = {value}{restarting} starting {start}"));
        (lines, Some("balance1".to_owned()))
    }

    fn pays(&mut self, earns: &[Earn], carried: Option<&str>) -> (Vec<String>, Shown) {
        let dues: Vec<String> = earns
            .iter()
            .map(|earn| {
                let is_due = earn.sight != Sight::Payees || self.random.chance(60);
                if is_due {
                    format!("due {}", earn.name)
                } else {
                    earn.name.clone()
                }
            })
            .collect();
        let mut lines = vec![format!("pay total1 = {}", dues.join(" + "))];
        let mut pays = vec!["total1".to_owned()];
        if self.random.chance(15) {
            let when = self.condition(Sight::Payees, 1);
            lines.push(format!(
                "except kept to total1 when {when} use normal at least CNY 0"
            ));
        }
        if self.random.chance(30) {
            let value = match (carried, self.random.below(3)) {
                (Some(carry), 0) => format!("{carry} - prior {carry}"),
                (Some(carry), 1) => format!("({carry} / 3) at least CNY 0"),
                (_, _) => format!("({}) at most CNY 1,000", self.money(Sight::Payees, 1)),
            };
            lines.push(format!("pay total2 = {value}"));
            pays.push("total2".to_owned());
        }
        if self.world.extras.rates && self.random.chance(25) {
            let value = self.random.pick(&["due earn1", "total1", "CNY 333.33"]);
            let currency = self.random.pick(&["USD", "JPY", "USD"]);
            let rates = self.random.pick(&["", ", planned"]);
            lines.push(format!(
                "pay abroad in {currency} = convert({value}, {currency}, period.last_day{rates})"
            ));
        }
        (lines, Shown { pays })
    }
}

/// Leaves out of a formula what it takes from the period of a day: that is the same in every period.
fn without_fixed(value: &str) -> String {
    let mut moving = value.to_owned();
    let marks = [
        "day_of(",
        "week_of(",
        "month_of(",
        "quarter_of(",
        "year_of(",
        "period of ",
    ];
    for mark in marks.map(|mark| format!("[payee, {mark}")) {
        while let Some((before, after)) = moving.split_once(&mark) {
            let of =
                before.trim_end_matches(|character: char| character.is_alphanumeric() || character == '_');
            let rest = after.split_once(']').map_or("", |(_, rest)| rest);
            moving = format!("{of}{rest}");
        }
    }
    moving
}
