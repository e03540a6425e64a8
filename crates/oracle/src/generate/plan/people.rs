//! Who is paid, and whom the plan names.

use super::Writer;
use crate::generate::formula::Grain;
use crate::generate::world::{Gives, REGIONS, ROLES};

impl Writer<'_> {
    /// Writes the line of payees.
    pub(super) fn payees(&mut self) -> String {
        let filter = match self.random.below(10) {
            0 => String::new(),
            1 => " where role is not Boss".to_owned(),
            2 => " where role in (AE, SE)".to_owned(),
            3 => " where hired_on <= period.last_day".to_owned(),
            4 => " where left_on is missing or left_on > period.last_day".to_owned(),
            5 => format!(" where home is {}", self.random.pick(&REGIONS)),
            6 => " where hired_on < period.first_day and role is not Boss".to_owned(),
            _ => format!(" where role is not {}", self.random.pick(&ROLES)),
        };
        format!("payee Person{filter}")
    }

    /// Lets the payees of a plan depend on a figure of it; it names no others, as they could not stand there.
    pub(super) fn narrow(&mut self, lines: &mut Vec<String>) {
        if !self.random.chance(15) {
            return;
        }
        let time = self
            .time("booked_on")
            .map_or_else(String::new, |time| format!(" and {time}"));
        let (value, limit, gives) = match self.random.below(3) {
            0 => {
                let value = "(sum paid over Receipt where deal.owner is payee)".to_owned();
                (value, self.amount(), Gives::Money)
            }
            1 => {
                let value = format!("(sum units over Deal where owner is payee{time})");
                (value, "2".to_owned(), Gives::Number)
            }
            _ => {
                let value = format!("(count over Deal where owner is payee{time})");
                (
                    value,
                    self.random.pick(&["0", "1", "2"]).to_owned(),
                    Gives::Number,
                )
            }
        };
        let compared = format!("standing {} {limit}", self.random.pick(&[">", ">=", "<", "!="]));
        let word = self.random.pick(&["let", "measure"]);
        let statement = format!("{word} standing = {value}");
        self.declare("standing", gives, Grain::Payee, &value);
        let condition = if self.random.chance(50) {
            lines.push(format!("measure fits = {compared}"));
            "fits".to_owned()
        } else {
            format!("({compared})")
        };
        lines.push(statement);
        let Some(line) = lines.first_mut() else {
            return;
        };
        *line = match line.split_once(" where ") {
            Some((people, filter)) => format!("{people} where ({filter}) and {condition}"),
            None => format!("{line} where {condition}"),
        };
    }

    /// Names those below the payee.
    pub(super) fn rows_of_teams(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        let filters = [
            "",
            "",
            " where role is not Boss",
            " where hired_on <= period.last_day",
        ];
        self.has_crew = self.random.chance(20);
        if self.has_crew {
            let (team, tree, filter) = (
                self.random.pick(&["team", "reports"]),
                self.tree(),
                self.random.pick(&filters),
            );
            let rows = format!("{team} of payee by {tree}{filter}");
            if self.random.chance(20) {
                lines.push(format!("rows below_me = {rows}"));
                lines.push("rows crew = below_me".to_owned());
            } else {
                lines.push(format!("rows crew = {rows}"));
            }
        }
        lines
    }
}
