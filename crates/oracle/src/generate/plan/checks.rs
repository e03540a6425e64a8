//! Checks of payees, of periods and of records.

use super::Writer;
use crate::generate::formula::{Grain, Home, Sight};
use crate::generate::world::Gives;

/// In how many of a hundred checks of records a failure spoils the record and does not refuse it.
const SPOILING: usize = 40;

impl Writer<'_> {
    pub(super) fn checks(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.random.chance(45) {
            lines.push("check goal1 > CNY 0".to_owned());
            self.positive = Some("goal1".to_owned());
        }
        if self.random.chance(6) {
            lines.push(format!("check {}", self.condition(Sight::Payees, 1)));
        }
        if self.random.chance(10) {
            lines.push(self.check_of_payee());
        }
        for _ in 0..2 {
            if self.random.chance(12) {
                lines.push(self.check_of_records());
            }
        }
        lines
    }

    pub(super) fn check_of_records(&mut self) -> String {
        let deals = self.amount();
        let about_deals = format!("d.amount <= {deals} or d.new_logo");
        let choices = [
            (
                "(sum share over Split as s where s.deal is d) <= 100%",
                "Deal as d",
            ),
            ("d.units >= 0", "Deal as d"),
            (about_deals.as_str(), "Deal as d where d.units < 3"),
            ("d.paid > CNY 0", "Receipt as d"),
            ("d.back != CNY 0", "Refund as d"),
            ("d.share <= 60%", "Split as d"),
            ("d.hired_on < 2026-01-20", "Person as d"),
            ("d.base is missing or d.base != CNY 0", "Person as d"),
            ("d.goal > CNY 0", "quota as d"),
            (
                "(count over Deal as x where x.owner is d) <= 4",
                "Person as d where d.role is not Boss",
            ),
        ];
        let place = self.random.below(choices.len());
        let (condition, records) = choices
            .get(place)
            .copied()
            .unwrap_or(("d.units >= 0", "Deal as d"));
        let refuse = if self.random.chance(SPOILING) {
            ""
        } else {
            " else refuse"
        };
        format!("check {condition} for each {records}{refuse}")
    }

    /// Writes a check that some payees fail in some periods, so that only these are spoilt.
    pub(super) fn check_of_payee(&mut self) -> String {
        let amount = self.amount();
        let choices = [
            "payee.base is missing or payee.base > CNY 0".to_owned(),
            format!("(payee.base otherwise CNY 0) <= {amount}"),
            "payee.rank > 1".to_owned(),
            "payee.hired_on < period.first_day".to_owned(),
            "payee.home is not missing".to_owned(),
            self.check_of_figure(),
            self.check_of_figure(),
            "units >= 0 for each Deal where owner is payee and booked_on in period".to_owned(),
            format!(
                "amount <= {amount} or new_logo for each Deal where owner is payee and booked_on <= period.last_day"
            ),
            "d.share <= 60% for each Split as d where d.person is payee".to_owned(),
            "x.role is not payee.role for each Person as x where x.manager is payee".to_owned(),
        ];
        let condition = self.random.pick_of(&choices).cloned().unwrap_or_default();
        let because = self.random.pick(&["", " because \"somebody looks at it\""]);
        format!("check {condition}{because}")
    }

    /// Writes a condition on a statement of the plan.
    fn check_of_figure(&mut self) -> String {
        let is_fitting = |gives: Gives, grain: Grain, home: Home| {
            gives == Gives::Money && grain == Grain::Payee && home == Home::Here
        };
        let names = self.names.iter();
        let fitting: Vec<String> = names
            .filter(|named| is_fitting(named.gives, named.grain, named.home))
            .map(|named| named.name.clone())
            .collect();
        match self.random.pick_of(&fitting).cloned() {
            Some(name) => format!(
                "{name} {} {}",
                self.random.pick(&["<=", ">=", "!="]),
                self.amount()
            ),
            None => self.condition(Sight::Payees, 1),
        }
    }
}
