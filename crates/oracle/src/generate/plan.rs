//! The plan of a generated file.

use guerdon_plan::calendar::{Calendar, Date, DateRange};

use super::Part;
use super::formula::{Grain, Named, Past, Sight, Writer};
use super::random::Random;
use super::schema::{Amounts, Gives, REGIONS, ROLES, Takes, World, unit_word};

/// In how many of a hundred checks of records a failure spoils the record and does not refuse it.
const SPOILING: usize = 50;

/// Holds the names that the test may ask for.
pub(super) struct Shown {
    pub(super) pays: Vec<String>,
}

/// Holds an earn statement that is being written.
struct Earn {
    name: String,
    sight: Sight,
}

pub(super) fn plan(random: &mut Random, world: &World) -> (Part, Shown) {
    let mut writer = Writer {
        random,
        world,
        names: Vec::new(),
        positive: None,
    };
    let mut lines = writer.head();
    lines.extend(writer.values());
    lines.extend(writer.checks());
    let (earns, with_parts) = writer.earns();
    lines.extend(with_parts);
    let (carries, carried) = writer.carries(&earns);
    lines.extend(carries);
    let (pays, shown) = writer.pays(&earns, carried.as_deref());
    lines.extend(pays);
    let parts = lines.into_iter().map(Part::Line).collect();
    (Part::Block("plan plan1".to_owned(), parts), shown)
}

impl Writer<'_> {
    fn head(&mut self) -> Vec<String> {
        let filter = match self.random.below(7) {
            0 => String::new(),
            1 => " where role is not Boss".to_owned(),
            2 => " where role in (AE, SE)".to_owned(),
            3 => " where hired_on <= period.last_day".to_owned(),
            4 => " where left_on is missing or left_on > period.last_day".to_owned(),
            5 => format!(" where home is {}", self.random.pick(&REGIONS)),
            _ => format!(" where role is {}", self.random.pick(&ROLES)),
        };
        let through = self
            .world
            .through
            .map_or_else(String::new, |through| format!(" through {through}"));
        let place = self.random.pick(&["at each line", "at pay"]);
        let step = self.random.pick(&["0.01", "0.01", "0.01", "0.05", "1", "100"]);
        let mode = self.mode();
        let mut lines = vec![
            format!("payee Person{filter}"),
            "currency CNY".to_owned(),
            format!("effective {}{through}", self.world.first),
            format!("period {}", unit_word(self.world.unit)),
            format!("rounding {mode} to {step} {place}"),
        ];
        if self.random.chance(20) {
            lines.push("missing error".to_owned());
        }
        lines
    }

    fn values(&mut self) -> Vec<String> {
        let unit = unit_word(self.world.unit);
        let goal = match self.random.below(8) {
            0 => format!("sum quota[payee, m] over {unit} as m where m in this year"),
            1 | 2 => format!("sum (quota[payee, m] otherwise CNY 0) over {unit} as m where m in this year"),
            3 | 4 => "(quota[payee, period] otherwise CNY 0)".to_owned(),
            _ => "(quota[payee, period] otherwise CNY 500)".to_owned(),
        };
        let mut lines = vec![format!("let goal1 = {goal}")];
        self.declare("goal1", Gives::Money, Grain::Payee, "period");
        for number in 1..=self.random.between(1, 4) {
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
                (Gives::Number, 0) if sight == Sight::Definition => {
                    format!("(streak of {})", self.condition(sight, 1))
                }
                (Gives::Number, _) => self.number(sight, 2),
                (Gives::Money, _) => self.money(sight, 2),
            };
            lines.push(format!("{head} = {value}"));
            if sight == Sight::Definition && self.random.chance(10) {
                let (when, value) = (
                    self.condition(Sight::Payees, 1),
                    self.random.pick(&["normal * 2", "normal"]),
                );
                lines.push(format!("except other_{name} to {name} when {when} use {value}"));
            }
            self.declare(&name, gives, grain, &value);
        }
        lines
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
        ];
        let names = self
            .names
            .iter()
            .filter(|named| named.past == Past::Has)
            .map(|named| named.name.as_str());
        let past = if words.into_iter().chain(names).any(|word| value.contains(word)) {
            Past::Has
        } else {
            Past::None
        };
        self.names.push(Named {
            name: name.to_owned(),
            gives,
            grain,
            past,
        });
    }

    fn checks(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.random.chance(45) {
            lines.push("check goal1 > CNY 0".to_owned());
            self.positive = Some("goal1".to_owned());
        }
        if self.random.chance(6) {
            lines.push(format!("check {}", self.condition(Sight::Payees, 1)));
        }
        if self.random.chance(20) {
            let (condition, table) = match self.random.below(3) {
                0 => (
                    "(sum share over Split as s where s.deal is d) <= 100%",
                    "Deal as d",
                ),
                1 => ("d.units >= 0", "Deal as d"),
                _ => ("d.paid > CNY 0", "Receipt as d"),
            };
            let refuse = if self.random.chance(SPOILING) {
                ""
            } else {
                " else refuse"
            };
            lines.push(format!("check {condition} for each {table}{refuse}"));
        }
        lines
    }

    fn earns(&mut self) -> (Vec<Earn>, Vec<String>) {
        let (mut earns, mut lines) = (Vec::new(), Vec::new());
        for number in 1..=self.random.between(1, 3) {
            let name = format!("earn{number}");
            let sight = match self.random.below(10) {
                0..=5 => Sight::Deal,
                6 => Sight::Split,
                _ => Sight::Payees,
            };
            let value = self.earned(sight);
            lines.push(match sight {
                Sight::Deal => {
                    let filter = if self.random.chance(25) {
                        format!(" and {}", self.deal_condition(""))
                    } else {
                        String::new()
                    };
                    format!(
                        "earn {name} for each Deal where owner is payee{filter} dated booked_on\n= {value}"
                    )
                }
                Sight::Split => {
                    format!(
                        "earn {name} for each Split where person is payee dated deal.booked_on\n= {value}"
                    )
                }
                Sight::Payees | Sight::Definition | Sight::Person => format!("earn {name} = {value}"),
            });
            lines.extend(self.exceptions(&name, sight));
            if self.random.chance(25) {
                let limit =
                    self.random
                        .pick(&["CNY 50", "CNY 100", "CNY 500", "CNY 0", "(CNY 20 * payee.rank)"]);
                let every = self.random.pick(&["year", "quarter", "period"]);
                lines.push(format!("cap {name} at {limit} every {every}"));
            }
            if self.random.chance(35) {
                lines.push(format!(
                    "release {name} by {}",
                    self.share(sight, "Receipt", "paid", "received_on")
                ));
            }
            if self.random.chance(25) {
                lines.push(format!(
                    "clawback {name} by {}",
                    self.share(sight, "Refund", "back", "refunded_on")
                ));
            }
            if self.random.chance(30) {
                let part = self
                    .random
                    .pick(&["released", "held", "clawed_back", "paid_to_date", "earned"]);
                lines.push(format!(
                    "measure seen{number} = {name}[payee, period].{part} otherwise CNY 0"
                ));
            }
            let grain = if sight == Sight::Deal {
                Grain::EarnOfDeals
            } else {
                Grain::Earn
            };
            self.declare(&name, Gives::Money, grain, "period");
            earns.push(Earn { name, sight });
        }
        (earns, lines)
    }

    fn earned(&mut self, sight: Sight) -> String {
        if matches!(sight, Sight::Deal | Sight::Split) && self.random.chance(50) {
            return self.stacked(sight).unwrap_or_else(|| self.money(sight, 2));
        }
        match self.random.below(3) {
            0 => self
                .applied(sight, Gives::Money)
                .unwrap_or_else(|| self.money(sight, 2)),
            1 => format!("{} * {}", self.money(sight, 1), self.number(sight, 1)),
            _ => self.money(sight, 2),
        }
    }

    /// Writes tiers on top of the lines before.
    fn stacked(&mut self, sight: Sight) -> Option<String> {
        let fitting: Vec<(String, Takes)> = self
            .world
            .tiers
            .iter()
            .filter(|tiers| tiers.gives == Gives::Money)
            .map(|tiers| (tiers.name.clone(), tiers.takes))
            .collect();
        let (name, takes) = self.random.pick_of(&fitting)?.clone();
        let (amount, units, order) = match sight {
            Sight::Split => (
                "(row.deal.amount * row.share)",
                "row.deal.units",
                "deal.booked_on",
            ),
            Sight::Deal | Sight::Payees | Sight::Definition | Sight::Person => (
                "row.amount",
                "row.units",
                self.random
                    .pick(&["booked_on", "booked_on, id", "amount, booked_on"]),
            ),
        };
        let restarting = match self.random.below(4) {
            0 => String::new(),
            1 => " restarting every quarter".to_owned(),
            2 => " restarting every period".to_owned(),
            _ => " restarting every year".to_owned(),
        };
        let start = match takes {
            Takes::Money | Takes::MoneyAgainstQuota => {
                self.random.pick(&["CNY 100", "(payee.base otherwise CNY 0)"])
            }
            Takes::Number => "payee.rank",
        };
        let starting = if self.random.chance(15) {
            format!(" starting from {start}")
        } else {
            String::new()
        };
        let stack = format!(" stacked in order of {order}{restarting}{starting}");
        match takes {
            Takes::Money => Some(format!("apply {name} to {amount}{stack}")),
            Takes::Number => Some(format!("apply {name} to {units}{stack}")),
            Takes::MoneyAgainstQuota => self.against(sight, &format!("apply {name} to {amount}"), &stack),
        }
    }

    fn exceptions(&mut self, name: &str, sight: Sight) -> Vec<String> {
        let mut lines = Vec::new();
        let count = match self.random.below(10) {
            0..=5 => 0,
            6..=8 => 1,
            _ => 2,
        };
        for number in 1..=count {
            let over = if number == 2 && self.random.chance(60) {
                format!(" over {name}_x1")
            } else {
                String::new()
            };
            let during = self.during();
            let when = self.condition(sight, 1);
            let value = match self.random.below(6) {
                0 => self.amount(),
                1 => format!("normal + {}", self.amount()),
                2 => format!("normal at most {}", self.amount()),
                3 => "normal * 1.25".to_owned(),
                4 => "normal".to_owned(),
                _ => self.money(sight, 1),
            };
            lines.push(format!(
                "except {name}_x{number} to {name}{over}{during} when {when} use {value}"
            ));
        }
        lines
    }

    /// Writes a range of days in which the plan is in force.
    fn during(&mut self) -> String {
        let calendar = Calendar::civil();
        let end = self.world.through.unwrap_or(Date::LAST);
        let ranges = self
            .world
            .periods
            .iter()
            .filter_map(|period| calendar.range(*period));
        let ranges: Vec<DateRange> = ranges.filter(|range| range.from <= end).collect();
        let picked = self.random.pick_of(&ranges).copied();
        let Some(range) = picked.filter(|_| self.random.chance(50)) else {
            return String::new();
        };
        let from = range.from.max(self.world.first);
        match range.last_day().filter(|_| self.random.chance(60)) {
            Some(last) => format!(" during {from} through {}", last.max(from)),
            None => format!(" during {from}"),
        }
    }

    /// Writes a share by now, from records that refer to the deal of the line.
    fn share(&mut self, sight: Sight, table: &str, amount: &str, day: &str) -> String {
        let deal = match sight {
            Sight::Deal => "row",
            Sight::Split => "row.deal",
            Sight::Payees | Sight::Definition | Sight::Person => {
                return self
                    .random
                    .pick(&[
                        "100%",
                        "50%",
                        "(if payee.home is East then 50% else 100%)",
                        "120%",
                        "0%",
                    ])
                    .to_owned();
            }
        };
        let records = format!("sum {amount} over {table} where deal is {deal} and {day} <= period.last_day");
        let closed = format!("{deal}.closed_on is not missing and {deal}.closed_on <= period.last_day");
        match (self.random.below(4), self.world.amounts) {
            (0, _) => format!("if {closed} then 100% else 25%"),
            (1, _) => format!(
                "if (count over {table} where deal is {deal} and {day} <= period.last_day) > 0 then 50% else 0%"
            ),
            (_, Amounts::Positive) => format!("({records}) / {deal}.amount at most 100%"),
            (_, Amounts::Any) => {
                format!("if {deal}.amount > CNY 0 then ({records}) / {deal}.amount else 100%")
            }
        }
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
        let restarting = match self.random.below(4) {
            0 => " restarting every year",
            1 if !self.is_quarterly() => " restarting every quarter",
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
        (lines, Shown { pays })
    }
}
