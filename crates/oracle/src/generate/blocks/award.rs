//! Awards: honours by a condition, once or whenever it holds, with or without a cash alternative.

use super::Lines;
use crate::generate::Part;
use crate::generate::formula::Writer;

impl Writer<'_> {
    /// Writes an award.
    pub(super) fn award(&mut self) -> Part {
        let mut lines = Lines::of([
            format!("payee {}", self.people()),
            format!("period {}", self.world.clock.each()),
            format!("effective {}", self.world.first),
            "currency CNY".to_owned(),
        ]);
        lines.push(self.rounding_line(&["0.01", "1", "minor unit"]));
        lines.push(format!("measure sold = {}", self.money_of("payee")));
        for number in 1..=self.random.between(1, 3) {
            let when = match self.random.below(4) {
                0 => self.condition_of("payee"),
                1 => "streak of (sold >= CNY 100) >= 2".to_owned(),
                _ => format!("sold >= CNY {}", self.random.pick(&["100", "250", "1,000", "0"])),
            };
            let title = self.random.pick(&["", " \"An honour\""]);
            let cash = match self.random.below(4) {
                0 => " cash CNY 50",
                1 => " cash sold / 3",
                _ => "",
            };
            let once = if self.world.clock.is_civil() {
                self.random
                    .pick(&["", "", " once", " once every year", " once every quarter"])
            } else {
                self.random.pick(&["", "", " once", " once every year"])
            };
            lines.push(format!("grant grant{number}{title} when {when}{cash}{once}"));
        }
        lines.end("award club")
    }
}
