//! Warnings: levels that rise and fall with a figure, confirmed, skipped, begun anew, and what they call for.

use super::Lines;
use crate::generate::Part;
use crate::generate::formula::Writer;

const LEVELS: [&str; 3] = ["yellow", "orange", "red"];

impl Writer<'_> {
    /// Writes a warning.
    pub(super) fn warning(&mut self) -> Part {
        let mut lines = Lines::of([format!("subject {}", self.people()), self.period_line()]);
        let begins = !self.world.one_period || self.random.chance(50);
        lines.push(format!("measure sold = {}", self.money_of("subject")));
        let levels = LEVELS.get(..self.random.between(1, 3)).unwrap_or(&LEVELS);
        for level in levels {
            let when = self.level_when();
            let clear = if self.random.chance(50) {
                let clear = match self.random.below(3) {
                    0 => self.condition_of("subject"),
                    _ => format!(
                        "sold >= CNY {}",
                        self.random.pick(&["100", "250", "500", "1,500"])
                    ),
                };
                format!(" clear when {clear}")
            } else {
                String::new()
            };
            lines.push(format!("level {level} when {when}{clear}"));
        }
        if self.random.chance(30) {
            lines.push(
                "alert stale when (count over Deal where owner is subject and booked_on in period) = 0",
            );
        }
        if self.random.chance(60) {
            let after = self.random.pick(&["1", "2", "2", "1 of 2", "2 of 3", "3"]);
            let clear = self.random.pick(&["", "", ", clear after 2"]);
            let word = if after == "1" { "period" } else { "periods" };
            lines.push(format!("confirm after {after} {word}{clear}"));
        }
        if self.random.chance(30) {
            let gaps = [
                "subject.rank = 0",
                "(count over Deal where owner is subject and booked_on in period) = 0",
                "subject.left_on is not missing and subject.left_on in period",
            ];
            lines.push(format!("skip when {}", self.random.pick(&gaps)));
        }
        if self.random.chance(25) {
            let condition = self.condition_of("subject");
            lines.push(format!("reset when {condition}"));
        }
        if self.random.chance(25) {
            lines.push(format!(
                "cooldown {}",
                self.random.pick(&["1 period", "2 periods"])
            ));
        }
        if self.random.chance(40) {
            let to = self
                .random
                .pick(&["subject.manager", "subject.manager.manager", "subject"]);
            let at = self.random.pick(levels);
            let after = self.random.pick(&["1 period", "2 periods"]);
            lines.push(format!("escalate to {to} after {after} at {at}"));
        }
        if self.random.chance(50) {
            let rows = self.responses(levels);
            let (by, rows) = if self.random.chance(50) {
                ("subject.role", rows)
            } else {
                let places = |row: String| row.replace("AE", "North").replace("SE, Boss", "East, South");
                (
                    "subject.home otherwise North",
                    rows.into_iter().map(places).collect(),
                )
            };
            lines.block(&format!("respond by {by}"), rows);
        }
        // One that does not say when it begins has no version of what has versions by date.
        let is_dated = |part: &Part| matches!(part, Part::Line(line) if line.contains("const") || line.contains("tiers"));
        if begins || lines.0.iter().any(is_dated) {
            lines
                .0
                .insert(2, Part::Line(format!("effective {}", self.world.first)));
        }
        lines.end("warning pace")
    }

    fn level_when(&mut self) -> String {
        let limit = self.random.pick(&["100", "250", "500", "1,000", "1"]);
        let word = self.world.clock.word();
        match self.random.below(9) {
            0 => format!("streak of (sold < CNY {limit}) >= 2"),
            1 => format!("(times of (sold < CNY {limit}) in last 3 {word}s) >= 2"),
            2 => format!("((trend of sold over last 2 {word}s) otherwise CNY 0) < CNY 0"),
            3 => self.condition_of("subject"),
            _ => format!("sold < CNY {limit}"),
        }
    }

    /// Writes a row for every role and level.
    fn responses(&mut self, levels: &[&str]) -> Vec<String> {
        let actions = [
            "notify subject",
            "notify subject, subject.manager",
            "task \"Plan\" for subject within 3 days",
            "restrict \"discounts\"; record",
            "suggest \"Call\" to subject.manager; notify subject.manager",
            "record",
        ];
        let mut rows = Vec::new();
        for roles in ["AE", "SE, Boss"] {
            if self.random.chance(40) {
                rows.push(format!("{roles} | - -> {}", self.random.pick(&actions)));
                continue;
            }
            for level in levels {
                rows.push(format!("{roles} | {level} -> {}", self.random.pick(&actions)));
            }
        }
        rows
    }
}
