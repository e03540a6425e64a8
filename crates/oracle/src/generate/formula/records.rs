//! Aggregates of records.

use super::{Sight, Writer, person, records};

impl Writer<'_> {
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
            7 if sight != Sight::Person => self.of_quota(),
            8 if sight == Sight::Deal => {
                let filter = self.random.pick(&["", " where x.new_logo", " where x.units > 0"]);
                let order = self
                    .random
                    .pick(&["x.booked_on", "x.amount, x.booked_on", "x.units"]);
                let within = self.random.pick(&["x.owner", "x.region", "x.owner, x.region"]);
                format!("(running sum x.amount over Deal as x in order of {order} within {within}{filter})")
            }
            _ => {
                let (of, name) = records(sight);
                let filter = self.deal_filter(sight, of);
                let best = if self.random.chance(10) {
                    self.random.pick(&[" best 1", " best 2"])
                } else {
                    ""
                };
                format!("(sum {of}amount over Deal{name} where {filter}{best})")
            }
        }
    }

    /// Writes what is asked of somebody.
    fn of_quota(&mut self) -> String {
        let unit = if self.world.clock.quota_unit() == guerdon_plan::calendar::Unit::Quarter {
            "quarter"
        } else {
            "month"
        };
        match self.random.below(4) {
            0 => format!("(sum (quota[payee, m] otherwise CNY 0) over {unit} as m where m in this year)"),
            1 => "(sum y.goal over quota as y where y.person is payee and y.time in this year)".to_owned(),
            _ => format!("({} otherwise CNY 0)", self.quota_now()),
        }
    }

    /// Writes the quota of the period.
    pub(in crate::generate) fn quota_now(&self) -> &'static str {
        if self.world.clock.is_civil() {
            "quota[payee, period]"
        } else {
            "quota[payee, month_of(period.first_day)]"
        }
    }

    /// Writes an aggregate over pairs of records, or over persons and their records.
    pub(super) fn of_pairs(&mut self, sight: Sight) -> String {
        let person = person(sight);
        let time = self
            .time("x.booked_on")
            .map_or_else(String::new, |time| format!(" and {time}"));
        match self.random.below(4) {
            0 => format!(
                "(sum x.amount * s.share over Deal as x, Split as s where s.deal is x and s.person is {person}{time})"
            ),
            1 => {
                let team = self.team(sight);
                format!("(sum x.amount over {team} as t, Deal as x where x.owner is t{time})")
            }
            2 => format!(
                "(sum r.paid over Deal as x, Receipt as r where r.deal is x and x.owner is {person} and r.received_on <= x.booked_on + 30 days{time})"
            ),
            _ => format!(
                "((highest r.paid over Receipt as r, Deal as x where r.deal is x and x.owner is {person} and r.paid <= x.amount{time}) otherwise CNY 7)"
            ),
        }
    }
}
