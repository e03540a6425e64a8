//! Earn lines, exceptions to them, caps and shares.

use guerdon_plan::calendar::{Date, DateRange};

use super::Writer;
use crate::generate::formula::{Grain, Sight};
use crate::generate::world::{Amounts, Gives, Takes};

/// Holds an earn statement that is being written.
#[derive(Debug, Clone)]
pub(super) struct Earn {
    pub(super) name: String,
    pub(super) sight: Sight,
    /// Whether what is payable of it goes by single lines.
    is_settled_by_line: bool,
    /// Whether its own cap carries what it cuts.
    is_carrying: bool,
    /// Whether it is broken down to records, so that what a cap cuts off it cannot wait for a review.
    is_broken: bool,
    /// Whether it asks for an amount of an earn before it, so that the two cannot share a cap.
    asks_others: bool,
}

impl Writer<'_> {
    pub(super) fn earns(&mut self) -> (Vec<Earn>, Vec<String>) {
        let (mut earns, mut lines) = (Vec::new(), Vec::new());
        let count = self.random.pick_of(&[1, 1, 2, 2, 2, 3]).copied().unwrap_or(1);
        for number in 1..=count {
            let name = format!("earn{number}");
            let begun = lines.len();
            let sight = self.sight_of_earn();
            let (records, grain, value) = self.valued(&name, sight);
            let looks_below = value.contains("below earn");
            let title = self.random.pick(&["", "", " \"An earn\""]);
            lines.push(format!("earn {name}{title}{records} = {value}"));
            lines.extend(self.exceptions(&name, sight));
            let broken = self.break_down(&name, sight);
            let is_whole = broken.as_ref().is_some_and(|broken| broken.is_whole);
            let is_broken = broken.is_some();
            let of_value = sight;
            let (sight, grain) = match broken {
                Some(broken) => {
                    lines.push(broken.line);
                    (broken.sight, broken.grain)
                }
                None => (sight, grain),
            };
            let (shares, review) = if is_whole {
                (Vec::new(), None)
            } else {
                (self.shares(&name, sight), self.review(&name, sight))
            };
            let is_settled_by_line = sight != Sight::Payees && !(shares.is_empty() && review.is_none());
            let cap = self.cap(&name, is_settled_by_line);
            let cap = cap.filter(|cap| !(looks_below || is_broken && cap.contains("review")));
            let is_carrying = cap.as_ref().is_some_and(|cap| cap.contains("carried"));
            lines.extend(cap.into_iter().chain(shares).chain(review));
            let spread = self.amortise(&name, sight);
            let is_spread = spread.is_some();
            lines.extend(spread);
            let own = lines.get(begun..).unwrap_or(&[]);
            let is_other = |line: &String| {
                let others = (1..number).any(|other| line.contains(&format!("earn{other}")));
                others || line.contains("seen")
            };
            let asks_others = own.iter().any(is_other);
            self.declare(&name, Gives::Money, grain, "period");
            if is_spread || self.random.chance(20) {
                lines.push(self.seen(&name, (number, grain), is_spread));
            }
            earns.push(Earn {
                name,
                sight: of_value,
                is_settled_by_line,
                is_carrying,
                is_broken,
                asks_others: asks_others || looks_below,
            });
        }
        lines.extend(self.shared_cap(&earns));
        (earns, lines)
    }

    fn sight_of_earn(&mut self) -> Sight {
        match self.random.below(10) {
            0..=5 => Sight::Deal,
            6 => Sight::Split,
            _ => Sight::Payees,
        }
    }

    /// Writes over which records an earn goes, what it can be asked for, and its value.
    fn valued(&mut self, name: &str, sight: Sight) -> (String, Grain, String) {
        if sight == Sight::Deal && self.random.chance(12) {
            let (records, value) = (self.up_the_tree(), self.earned(sight));
            return (records, Grain::EarnOfSharedDeals, self.less_below(name, value));
        }
        let (records, grain) = self.records_of(sight);
        (records, grain, self.earned(sight))
    }

    /// Writes over which records an earn goes, and what it can be asked for.
    pub(super) fn records_of(&mut self, sight: Sight) -> (String, Grain) {
        match sight {
            Sight::Deal => {
                let more = self.random.chance(25).then(|| self.deal_condition(""));
                let (records, more, grain) = match (self.random.below(12), more) {
                    (0, _) => ("Deal where owner.manager is payee", None, Grain::EarnOfDeals),
                    (1, _) => ("Deal where region is payee.home", None, Grain::EarnOfSharedDeals),
                    (2, more) => ("Deal where units > 1", more, Grain::EarnOfSharedDeals),
                    (3..=6, None) if self.has_mine => ("mine", None, Grain::EarnOfDeals),
                    (3..=6, Some(more)) if self.has_mine => {
                        let records = format!(" for each mine where {more} dated booked_on");
                        return (records, Grain::EarnOfDeals);
                    }
                    (_, more) => ("Deal where owner is payee", more, Grain::EarnOfDeals),
                };
                let more = more.map_or_else(String::new, |more| format!(" and {more}"));
                (format!(" for each {records}{more} dated booked_on"), grain)
            }
            Sight::Split => (
                " for each Split where person is payee dated deal.booked_on".to_owned(),
                Grain::Earn,
            ),
            Sight::Payees | Sight::Definition | Sight::Person => (String::new(), Grain::Earn),
        }
    }

    /// Writes that each deal makes a line for its owner and for everybody above.
    fn up_the_tree(&mut self) -> String {
        let filter = match self.random.below(3) {
            0 => format!(" where {}", self.deal_condition("")),
            _ => String::new(),
        };
        let from = self.random.pick(&["owner", "owner", "owner.manager"]);
        format!(
            " for each Deal{filter} up from {from} by {} dated booked_on",
            self.tree()
        )
    }

    /// Takes what the levels below have off a value; a running total over lines cannot rest on those below them.
    fn less_below(&mut self, name: &str, value: String) -> String {
        match self.random.below(6) {
            0 => value,
            2..=5 if value.contains(" stacked ") => value,
            1 => format!("(row.amount - below {name}) * 10%"),
            2 => format!("largest({value}, below {name})"),
            3 => format!("if row.owner is payee then {value} else below {name} * 20%"),
            _ => format!("({value}) - below {name}"),
        }
    }

    fn cap(&mut self, name: &str, is_settled_by_line: bool) -> Option<String> {
        if !self.random.chance(30) {
            return None;
        }
        let excess = self.excess(!is_settled_by_line);
        Some(format!("cap {name} at {}{excess}", self.limit()))
    }

    /// Writes a cap on several earns together.
    fn shared_cap(&mut self, earns: &[Earn]) -> Option<String> {
        let (first, others) = earns.split_first()?;
        if others.is_empty()
            || earns.iter().any(|earn| earn.is_carrying || earn.asks_others)
            || !self.random.chance(40)
        {
            return None;
        }
        let mut named: Vec<&str> = vec![&first.name];
        for earn in others {
            if named.len() < 2 || self.random.chance(50) {
                named.push(&earn.name);
            }
        }
        if self.random.chance(50) {
            named.reverse();
        }
        let excess = self.excess(earns.iter().all(|earn| !earn.is_settled_by_line));
        let limit = self.limit();
        if excess.contains("review") && earns.iter().any(|earn| earn.is_broken) {
            return None;
        }
        Some(format!("cap {} at {limit}{excess}", named.join(", ")))
    }

    /// Writes what becomes of what a cap cuts, and which lines it cuts.
    fn excess(&mut self, may_carry: bool) -> String {
        let excess = match self.random.below(8) {
            0..=2 if may_carry => " excess carried",
            3 => " excess review",
            4 => " excess forfeited",
            _ => "",
        };
        let cut = self.random.pick(&[
            "",
            "",
            " cut in proportion",
            " cut in proportion",
            " cut latest first",
        ]);
        format!("{excess}{cut}")
    }

    fn limit(&mut self) -> String {
        let limits = [
            "CNY 50",
            "CNY 100",
            "CNY 500",
            "CNY 1,000",
            "(CNY 20 * payee.rank)",
            "(goal1 + CNY 10)",
        ];
        let limit = self.random.pick(&limits);
        let every = if self.world.clock.is_civil() {
            self.random.pick(&["year", "quarter", "period"])
        } else {
            self.random.pick(&["year", "period"])
        };
        format!("{limit} every {every}")
    }

    /// Writes which lines somebody is to look at, and what ends that.
    fn review(&mut self, name: &str, sight: Sight) -> Option<String> {
        if !self.random.chance(15) {
            return None;
        }
        let when = self.condition(sight, 1);
        let until = match sight {
            _ if self.random.chance(20) => String::new(),
            Sight::Deal | Sight::Split => {
                let deal = if sight == Sight::Deal { "row" } else { "row.deal" };
                let by = "<= period.last_day";
                match self.random.below(4) {
                    0 => format!(
                        " until any paid > CNY 20 over Receipt where deal is {deal} and received_on {by}"
                    ),
                    1 => format!(" until {deal}.closed_on is not missing and {deal}.closed_on {by}"),
                    2 => format!(" until (count over Refund where deal is {deal} and refunded_on {by}) > 0"),
                    _ => format!(" until period.last_day >= {deal}.booked_on + 40 days"),
                }
            }
            Sight::Payees | Sight::Definition | Sight::Person => " until payee.home is East".to_owned(),
        };
        Some(format!("review {name} when {when}{until}"))
    }

    fn shares(&mut self, name: &str, sight: Sight) -> Vec<String> {
        let mut lines = Vec::new();
        if self.random.chance(35) {
            let share = self.share(sight, "Receipt", "paid", "received_on");
            let falling = if self.random.chance(40) { " may fall" } else { "" };
            lines.push(format!("release {name} by {share}{falling}"));
        }
        if self.random.chance(25) {
            let share = self.share(sight, "Refund", "back", "refunded_on");
            lines.push(format!("clawback {name} by {share}"));
        }
        if self.random.chance(25) {
            lines.push(self.hold(name, sight));
        }
        lines
    }

    /// Writes what is kept back of an earn.
    fn hold(&mut self, name: &str, sight: Sight) -> String {
        let share = self.random.pick(&[
            "10%",
            "33.3%",
            "100%",
            "0%",
            "(if payee.rank > 1 then 20% else 5%)",
        ]);
        let ceiling = self.random.pick(&[
            "",
            "",
            " ceiling CNY 50",
            " ceiling CNY 7.77",
            " ceiling (CNY 20 * payee.rank)",
        ]);
        let until = match (self.random.below(4), sight) {
            (0, _) => "payee.left_on".to_owned(),
            (1, Sight::Deal) => "row.closed_on".to_owned(),
            (2, Sight::Deal) => "row.booked_on + 45 days".to_owned(),
            (1 | 2, Sight::Split) => "row.deal.closed_on".to_owned(),
            (_, _) => self
                .world
                .first
                .add_days(50)
                .unwrap_or(self.world.first)
                .to_string(),
        };
        format!("hold {name} by {share}{ceiling} until {until}")
    }

    /// Writes over how many months the books spread an earn.
    fn amortise(&mut self, name: &str, sight: Sight) -> Option<String> {
        let deal = match sight {
            Sight::Deal => "row",
            Sight::Split => "row.deal",
            Sight::Payees | Sight::Definition | Sight::Person => return None,
        };
        if !self.random.chance(20) {
            return None;
        }
        let months = self.random.pick(&[
            "3",
            "12",
            "(if payee.rank > 1 then 2 else 7)",
            "payee.rank",
            "if payee.home is East then 1 else 5",
        ]);
        let from = match self.random.below(3) {
            0 => format!("{deal}.booked_on"),
            1 => format!("{deal}.booked_on + 40 days"),
            _ => self.world.first.to_string(),
        };
        let until = match self.random.below(4) {
            0 => String::new(),
            1 => " until payee.left_on".to_owned(),
            2 => format!(" until {deal}.closed_on"),
            _ => format!(" until {deal}.booked_on + 75 days"),
        };
        Some(format!("amortise {name} over {months} months from {from}{until}"))
    }

    /// Writes a measure that shows an amount of an earn.
    fn seen(&mut self, name: &str, (number, grain): (usize, Grain), is_spread: bool) -> String {
        let spread = ["amortised", "written_off", "unamortised"];
        let parts = [
            "released",
            "released",
            "held",
            "clawed_back",
            "paid_to_date",
            "paid_to_date",
            "in_review",
            "earned",
        ];
        let part = if is_spread && self.random.chance(80) {
            self.random.pick(&spread)
        } else {
            self.random.pick(&parts)
        };
        let seen = format!("seen{number}");
        let value = self.seen_value(name, grain, part);
        self.declare(&seen, Gives::Money, Grain::Payee, "period");
        format!("measure {seen} = {value}")
    }

    /// Writes an amount of an earn for the payee and the period, or of its single lines.
    fn seen_value(&mut self, name: &str, grain: Grain, part: &str) -> String {
        let line = match grain {
            Grain::EarnOfDeals if self.random.chance(30) => "x",
            Grain::EarnOfSharedDeals if self.random.chance(60) => "x, payee",
            Grain::EarnOfDeals | Grain::EarnOfSharedDeals | Grain::Earn => {
                return format!("{name}[payee, period].{part} otherwise CNY 0");
            }
            Grain::Payee | Grain::Person | Grain::Deal => return "CNY 0".to_owned(),
        };
        format!("sum ({name}[{line}, period].{part} otherwise CNY 0) over Deal as x where x.owner is payee")
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
            0 => "",
            1 if self.world.clock.is_civil() => " restarting every quarter",
            2 => " restarting every period",
            _ => " restarting every year",
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
    pub(super) fn during(&mut self) -> String {
        let end = self.world.through.unwrap_or(Date::LAST);
        let ranges = self.world.ranges.iter().filter(|range| range.from <= end);
        let ranges: Vec<DateRange> = ranges.copied().collect();
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
        match (self.random.below(9), self.world.amounts) {
            (4, _) => format!("if period.last_day >= {deal}.booked_on + 30 days then 100% else 0%"),
            (5, _) => format!("(days from {deal}.booked_on to period.last_day) / 90 at most 100%"),
            (6, _) if self.world.extras.fees => format!("fees[{deal}.region].cut"),
            (7, _) => "if goal1 > CNY 300 then 100% else 50%".to_owned(),
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
}
