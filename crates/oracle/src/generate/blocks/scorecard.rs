//! Scorecards: metrics of every norm, weights, what is missing, grades, gates, distributions.

use super::Lines;
use crate::generate::Part;
use crate::generate::formula::Writer;

const DIMENSIONS: [&str; 4] = ["financial", "customer", "competitive", "collaboration"];

/// Says what a metric measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Raw {
    Money,
    Number,
    Percent,
}

impl Writer<'_> {
    /// Writes a scorecard.
    pub(super) fn scorecard(&mut self) -> Part {
        let mut lines = Lines::of([format!("subject {}", self.people()), self.period_line()]);
        if !self.world.one_period || self.random.chance(50) {
            lines.push(format!("effective {}", self.world.first));
        }
        lines.push(match self.random.below(4) {
            0 => "rounding none".to_owned(),
            _ => self.rounding_line(&["0.1", "1", "0.01"]),
        });
        lines.push(format!("missing metric {}", self.missing()));
        let is_relative = self.random.chance(30);
        if is_relative {
            lines.push("weights relative");
        }
        // A card has no first day, and dated constants have one.
        let own = self.money_of("subject");
        let own = if own.contains("const") {
            "CNY 100"
        } else {
            own.as_str()
        };
        lines.push(format!("measure own1 = {own}"));
        let counted = self.random.between(1, 4);
        let weights = self.weights(counted, is_relative);
        for (place, dimension) in DIMENSIONS.iter().enumerate() {
            match weights.get(place) {
                Some(weight) => {
                    let rows = self.metrics(place, is_relative);
                    lines.block(&format!("dimension {dimension} {weight}"), rows);
                }
                None => lines.push(format!("dimension {dimension} left out because \"not asked\"")),
            }
        }
        if self.random.chance(90) {
            self.grades(&mut lines);
        }
        lines.end("scorecard card")
    }

    fn missing(&mut self) -> &'static str {
        let rules = [
            "score 0",
            "score 60",
            "none",
            "error",
            "previous",
            "reweight when at least 50% present otherwise score 60",
            "reweight when at least 70% present otherwise none",
            "reweight when at least 30% present otherwise error",
        ];
        let place = self.random.below(rules.len());
        rules.get(place).copied().unwrap_or("error")
    }

    /// Writes so many weights, which make a hundred percent unless they are proportions.
    fn weights(&mut self, count: usize, is_relative: bool) -> Vec<&'static str> {
        if is_relative {
            return (0..count)
                .map(|_| self.random.pick(&["1", "2", "3", "5"]))
                .collect();
        }
        match count {
            1 => vec!["100%"],
            2 => vec!["60%", "40%"],
            3 => vec!["50%", "33.3%", "16.7%"],
            _ => vec!["40%", "25%", "20%", "15%"],
        }
    }

    fn metrics(&mut self, dimension: usize, is_relative: bool) -> Vec<String> {
        let count = self.random.between(1, 2);
        let weights = self.weights(count, is_relative);
        let names = [["m1", "m2"], ["m3", "m4"], ["m5", "m6"], ["m7", "m8"]];
        let mut rows = Vec::new();
        for (place, weight) in weights.iter().enumerate() {
            let name = names
                .get(dimension)
                .and_then(|names| names.get(place))
                .unwrap_or(&"m9");
            let (raw, value) = self.raw();
            let norm = self.norm(raw);
            let own = if self.random.chance(15) {
                let rules = ["none", "score 50", "previous", "error"];
                format!(" missing {}", self.random.pick(&rules))
            } else {
                String::new()
            };
            let rounded = self.rounded_score();
            rows.push(format!(
                "metric {name} {weight} = {value} scored {norm}{rounded}{own}"
            ));
        }
        rows
    }

    fn rounded_score(&mut self) -> String {
        if !self.random.chance(25) {
            return String::new();
        }
        let (mode, step) = (self.mode(), self.random.pick(&["0.01", "0.1", "1", "5"]));
        format!(" rounded {mode} to {step}")
    }

    fn raw(&mut self) -> (Raw, String) {
        let of = "over Deal where owner is subject and booked_on in period";
        match self.random.below(8) {
            0 => (Raw::Money, "own1".to_owned()),
            1 => (Raw::Money, "subject.base".to_owned()),
            2 => (Raw::Money, format!("(average amount {of})")),
            3 => (Raw::Percent, format!("(average (margin otherwise 5%) {of})")),
            4 => (Raw::Number, format!("(count {of})")),
            5 => (Raw::Number, format!("(lowest units {of})")),
            6 => (
                Raw::Number,
                format!(
                    "(sum amount {of}) / {}",
                    self.quota_now().replace("payee", "subject")
                ),
            ),
            _ => (Raw::Number, "subject.rank".to_owned()),
        }
    }

    fn norm(&mut self, raw: Raw) -> String {
        let [low, middle, high, step] = match raw {
            Raw::Money => ["CNY 100", "CNY 250", "CNY 1,000", "CNY 50"],
            Raw::Number => ["1", "2", "4", "0.5"],
            Raw::Percent => ["2%", "5%", "12.5%", "1%"],
        };
        match self.random.below(14) {
            0 => format!("ratio to {middle}"),
            1 => format!("ratio to {middle} at least 0 at most 120"),
            2 => format!("inverse to {middle}"),
            3 => format!("mirrored to {middle}"),
            4 => format!("linear {low} -> 0, {middle} -> 80, {high} -> 100"),
            5 => format!("linear {low} -> 0, {high} -> 100 beyond continue"),
            6 => format!("floor {low} target {middle} stretch {high}"),
            7 => format!("steps below {low} -> 1, from {low} below {middle} -> 3, from {middle} up -> 5"),
            8 => format!("base 30 less 0.5 per {step} above plus 1 per {step} below at least 0 at most 35"),
            9 => format!("closest to {middle} less 2 per {step} below less 0.5 per {step} above at least 0"),
            10 => format!("closest to {middle} less 1 per {step}"),
            11 => "spread".to_owned(),
            12 => "percentile".to_owned(),
            _ if raw == Raw::Number => "as given".to_owned(),
            _ => format!("ratio to {high}"),
        }
    }

    fn grades(&mut self, lines: &mut Lines) {
        let is_forced = self.random.chance(60);
        let head = if is_forced {
            let within = self.random.pick(&["", "", " within subject.role"]);
            let ties = self.random.pick(&[
                "up",
                "down",
                "break by subject.hired_on lowest first, subject.rank",
            ]);
            let least = self.random.pick(&["", "", " at least 3"]);
            format!("grades distribute{within} ties {ties}{least}")
        } else {
            "grades".to_owned()
        };
        let mut rows = vec![
            ("from 80 up", "A", "1.2", "20%"),
            ("from 50 below 80", "B", "1", "50%"),
            ("below 50", "C", "0.5", "30%"),
        ];
        if self.random.chance(30) {
            rows = vec![
                ("from 60 up", "A", "1.25", "33.3%"),
                ("below 60", "B", "0", "66.7%"),
            ];
        }
        let rows: Vec<String> = rows
            .into_iter()
            .map(|(range, grade, factor, share)| {
                let share = if is_forced {
                    format!(" | {share}")
                } else {
                    String::new()
                };
                format!("{range} : {grade} | {factor}{share}")
            })
            .collect();
        lines.block(&head, rows);
        if self.random.chance(40) {
            let gates = [
                "subject.role is Boss",
                "coverage < 100%",
                "subject.base is missing",
                "subject.rank = 0",
            ];
            lines.push(format!("gate at most B when {}", self.random.pick(&gates)));
        }
    }
}
