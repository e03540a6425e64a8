//! Counts what the checked program does not show any more.

use super::Counts;

impl Counts {
    /// Counts by the lines as they are written.
    pub fn text(&mut self, text: &str) {
        for line in text.lines().map(str::trim) {
            let word = line.split(' ').next().unwrap_or_default();
            let has = |part: &str| line.contains(part);
            // Warnings count and follow their own figures; these are statements of plans.
            let is_value = line.starts_with("let value") || line.starts_with("measure value");
            let written = [
                ("plan: something replaced", word == "replace"),
                (
                    "plan: something replaced on some days",
                    word == "replace" && has(" during "),
                ),
                ("rounding: none", line == "rounding none"),
                ("rows: of a team", word == "rows" && has("= team of ")),
                ("rows: of reports", word == "rows" && has("= reports of ")),
                ("rows: of other rows", word == "rows" && has("= below_me")),
                (
                    "plan: payee filter by a figure",
                    word == "payee" && (has("standing") || has("fits")),
                ),
                ("check: with a reason", word == "check" && has(" because ")),
                (
                    "check: of the records of a payee",
                    word == "check" && has(" for each ") && has("payee"),
                ),
                ("past: times in the last periods", is_value && has("(times of (")),
                ("past: trend over the last periods", is_value && has("(trend of ")),
            ];
            let found = written.into_iter().filter(|(_, is_there)| *is_there);
            found.for_each(|(name, _)| self.add(name));
        }
    }
}
