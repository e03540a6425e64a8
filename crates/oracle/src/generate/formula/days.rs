//! Days, periods, and conditions on them.

use super::{Sight, Writer, person};

impl Writer<'_> {
    /// Writes in which days a date must lie; nothing for all.
    pub(in crate::generate) fn time(&mut self, field: &str) -> Option<String> {
        let word = self.world.clock.word();
        let is_civil = self.world.clock.is_civil();
        Some(match self.random.below(14) {
            0..=4 => format!("{field} in period"),
            5 | 6 => format!("{field} in year to date"),
            12 => format!("{field} in this year"),
            13 => format!("{field} <= period.last_day"),
            7 if is_civil => format!("{field} in this {}", self.random.pick(&["year", "quarter"])),
            7 => format!("{field} in this year"),
            8 => format!("{field} in previous {word}"),
            9 => format!("{field} in last {} {word}s", self.random.pick(&["2", "3"])),
            10 => match self.random.below(5) {
                0 => format!("{field} <= period.last_day"),
                1 if is_civil => format!("{field} in 2026-Q1"),
                2 => format!("{field} >= period.first_day"),
                3 => format!("month_of({field}) = month_of(period.first_day)"),
                _ => format!("{field} in 2026-01-10 through 2026-02-20"),
            },
            _ => return None,
        })
    }

    /// Writes a day.
    pub(super) fn day(&mut self, sight: Sight) -> String {
        let person = person(sight);
        let row = match sight {
            Sight::Deal => Some("row"),
            Sight::Split => Some("row.deal"),
            Sight::Definition | Sight::Person | Sight::Payees => None,
        };
        match (self.random.below(9), row) {
            (0 | 1, Some(row)) => format!("{row}.booked_on"),
            (2, Some(row)) => format!("({row}.closed_on otherwise {row}.booked_on)"),
            (0..=2, None) => "period.first_day".to_owned(),
            (3, _) => format!("{person}.hired_on"),
            (4, _) => format!("({person}.left_on otherwise period.last_day)"),
            (5, _) => {
                let rule = self.random.pick(&["last_day", "same_day"]);
                let months = self.random.pick(&["1", "3", "-1", "12"]);
                format!("add_months({person}.hired_on, {months}, {rule})")
            }
            (6, _) => format!(
                "(period.first_day + {} days)",
                self.random.pick(&["1", "14", "40"])
            ),
            (_, _) => "period.last_day".to_owned(),
        }
    }

    /// Writes a condition on days.
    pub(super) fn day_condition(&mut self, sight: Sight) -> String {
        let day = self.day(sight);
        let is_civil = self.world.clock.is_civil();
        match self.random.below(7) {
            0 => format!("({day} in this year)"),
            1 => format!(
                "(month_of({day}) = {})",
                self.random.pick(&["2026-01", "2024-05"])
            ),
            2 if is_civil => format!("(quarter_of({day}) = 2026-Q1)"),
            3 => format!("({day} in year to date)"),
            4 if is_civil => {
                format!(
                    "({day} in {})",
                    self.random.pick(&["2026-Q1", "year 2026", "2026-02"])
                )
            }
            4 => format!("({day} in 2026-01-10 through 2026-02-20)"),
            _ => {
                let sign = self.random.pick(&["<", "<=", ">", ">="]);
                format!("({day} {sign} {})", self.day(sight))
            }
        }
    }

    /// Writes how far days or months are apart.
    pub(super) fn between_days(&mut self, sight: Sight) -> String {
        let (from, to) = (self.day(sight), self.day(sight));
        if self.world.extras.holidays && self.random.chance(60) {
            return match self.random.below(5) {
                0 => "(working_days in period)".to_owned(),
                1 => format!("(working_days in (period from {from}))"),
                2 => format!("(working_days in ({from} through {to}))"),
                _ => format!("(working_days from {from} to {to})"),
            };
        }
        match self.random.below(5) {
            0 => format!("(days from {from} to {to} counted bond_30_360)"),
            1 => format!("(months from month_of({from}) to month_of({to}))"),
            2 => format!("(days in (period from {from}))"),
            _ => format!("(days from {from} to {to})"),
        }
    }

    /// Writes the plan's period that contains a day of the records, which may lie outside the run.
    pub(super) fn period_of_day(&mut self, sight: Sight) -> String {
        let day = self.day(sight);
        if self.world.clock.is_civil() {
            format!("{}_of({day})", self.world.clock.word())
        } else {
            format!("period of {day} in {}", self.world.clock.each())
        }
    }
}
