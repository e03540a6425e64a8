//! Contests: scores that are often equal, conditions, prizes, pools, teams.

use super::Lines;
use crate::generate::Part;
use crate::generate::formula::Writer;
use crate::generate::world::Contest;

const TEAM: &str = "owner.team is entrant and booked_on in period";

/// Holds the score of a contest: its lines, and what it is compared with.
struct Score {
    lines: Vec<String>,
    /// An amount or number at which the score may qualify; none where it may be missing.
    marks: &'static [&'static str],
    /// Whether it is a plain sum of amounts of records, so that a race can be run by it.
    is_sum: bool,
}

const AMOUNTS: &[&str] = &["CNY 100", "CNY 250", "CNY 0", "CNY 1,000"];
const NUMBERS: &[&str] = &["1", "2", "0"];

impl Writer<'_> {
    /// Writes a contest.
    pub(super) fn contest(&mut self) -> Part {
        let is_team = self.world.kinds.contest == Contest::Teams;
        // Only amounts are paid on by a plan.
        let in_points = self.world.one_period && self.random.chance(30);
        let is_stretch = self.world.one_period && self.world.clock.is_civil() && self.random.chance(35);
        let mut lines = Lines::of([self.contest_period(is_stretch)]);
        lines.push(if in_points {
            "currency points"
        } else {
            "currency CNY"
        });
        let steps: &[&str] = if in_points {
            &["1"]
        } else {
            &["0.01", "0.01", "0.05", "1", "minor unit"]
        };
        lines.push(self.rounding_line(steps));
        let entrants = if is_team { "Team".to_owned() } else { self.people() };
        lines.push(format!("entrants {entrants}"));
        let score = if is_team {
            self.score_of_team()
        } else {
            self.score(is_stretch)
        };
        for line in &score.lines {
            lines.push(line.as_str());
        }
        if let Some(line) = self.qualify(&score, is_team, is_stretch) {
            lines.push(line);
        }
        if score.is_sum && self.random.chance(25) {
            let mark = self.random.pick(&["CNY 100", "CNY 500", "CNY 1,000"]);
            lines.push(format!("race to {mark} dated booked_on"));
        }
        if self.world.extras.known && self.random.chance(70) {
            let days = ["2025-11-20", "2026-01-15", "2026-02-15", "2026-03-31"];
            lines.push(format!("closes on {}", self.random.pick(&days)));
        }
        lines.push(self.rank_line(is_team));
        let has_prizes = self.random.chance(80);
        if has_prizes {
            let rows = self.prizes(in_points);
            lines.block("prizes", rows);
        }
        if !has_prizes || self.random.chance(25) {
            let pool = self.pool(is_team, in_points);
            lines.push(pool);
        }
        if self.random.chance(25) {
            let most = self.random.pick(&["1,000,000", "1,000,000", "1,500"]);
            lines.push(if in_points {
                format!("budget {} * 1", most.replace(',', ""))
            } else {
                format!("budget CNY {most} * 1")
            });
        }
        if is_team && self.random.chance(70) {
            let weight = self.random.pick(&[
                "1",
                "p.rank",
                "(count over Deal where owner is p and booked_on in period)",
                "(sum amount over Deal where owner is p and booked_on in period) at least CNY 0",
            ]);
            lines.push(format!(
                "split among Person as p where p.team is entrant by {weight}"
            ));
        }
        if !is_team && !self.world.extras.mentors && self.random.chance(25) {
            let whom = self.random.pick(&["nearest team", "nearest team", "reports"]);
            let filter = self.random.pick(&["", " where p.role is not Boss"]);
            let weight = self.random.pick(&[
                "1",
                "p.rank",
                "(count over Deal where owner is p and booked_on in period)",
            ]);
            lines.push(format!("split among {whom} of entrant as p{filter} by {weight}"));
        }
        lines.end("contest cup")
    }

    fn contest_period(&mut self, is_stretch: bool) -> String {
        if is_stretch {
            let stretches = [
                "2026-01-10 through 2026-02-03",
                "2026-02-01 through 2026-02-28",
                "2025-11-15 through 2026-03-15",
                "2026-01-05 through 2026-01-05",
            ];
            return format!("period {}", self.random.pick(&stretches));
        }
        self.period_line()
    }

    fn score(&mut self, is_stretch: bool) -> Score {
        let plain = |line: &str, marks| Score {
            lines: vec![format!("score {line}")],
            marks,
            is_sum: false,
        };
        // What looks back by months has none to look at where the contest has a stretch of days for its own.
        let kinds = if is_stretch { 6 } else { 9 };
        match self.random.below(kinds) {
            0 | 1 => plain(
                "count over Deal where owner is entrant and booked_on in period",
                NUMBERS,
            ),
            2 | 3 => Score {
                is_sum: true,
                ..plain(
                    "sum amount over Deal where owner is entrant and booked_on in period",
                    AMOUNTS,
                )
            },
            4 => plain(
                "average (margin otherwise 5%) over Deal where owner is entrant and booked_on in period",
                &[],
            ),
            5 => plain("entrant.rank", NUMBERS),
            6 => {
                let own = self.money_of("entrant");
                Score {
                    lines: vec![format!("measure own1 = {own}"), "score own1 / 100".to_owned()],
                    marks: AMOUNTS,
                    is_sum: false,
                }
            }
            7 => plain(&self.number_of("entrant"), NUMBERS),
            _ => plain(&self.money_of("entrant"), AMOUNTS),
        }
    }

    fn score_of_team(&mut self) -> Score {
        let own =
            "measure booked for Person p = sum amount over Deal where owner is p and booked_on in period";
        let members = "booked[p] over Person as p where p.team is entrant";
        let with_own = |line: String| Score {
            lines: vec![own.to_owned(), line],
            marks: AMOUNTS,
            is_sum: false,
        };
        match self.random.below(6) {
            0 => with_own(format!("score (average {members}) otherwise CNY 0")),
            1 => with_own(format!("score sum {members}")),
            2 | 3 => with_own(format!(
                "score sum {members} best {}",
                self.random.pick(&["1", "2"])
            )),
            4 => Score {
                lines: vec![format!("score count over Deal where {TEAM}")],
                marks: NUMBERS,
                is_sum: false,
            },
            _ => Score {
                lines: vec![format!("score sum amount over Deal where {TEAM}")],
                marks: AMOUNTS,
                is_sum: true,
            },
        }
    }

    fn qualify(&mut self, score: &Score, is_team: bool, is_stretch: bool) -> Option<String> {
        if !self.random.chance(60) {
            return None;
        }
        let condition = match (score.marks, is_team || is_stretch) {
            ([], true) => return None,
            ([], false) => self.condition_of("entrant"),
            (_, false) if self.random.chance(40) => self.condition_of("entrant"),
            (marks, _) => format!("score >= {}", self.random.pick(marks)),
        };
        let otherwise = self
            .random
            .pick(&["", "", " else removed", " else unpaid", " else sunk"]);
        Some(format!("qualify {condition}{otherwise}"))
    }

    fn rank_line(&mut self, is_team: bool) -> String {
        let way = self.random.pick(&["highest", "highest", "highest", "lowest"]);
        let keys: &[&str] = if is_team {
            &[
                "count over Deal where owner.team is entrant and booked_on in period",
                "(count over Person where team is entrant) lowest first",
            ]
        } else {
            &[
                "entrant.rank",
                "entrant.hired_on lowest first",
                "(entrant.base otherwise CNY 0)",
                "(count over Deal where owner is entrant) highest first",
            ]
        };
        let key = if self.random.chance(15) {
            format!(", {}", self.random.pick(keys))
        } else {
            String::new()
        };
        let ties = match self.random.below(20) {
            0..=5 => ", ties share".to_owned(),
            6..=8 => ", ties all".to_owned(),
            9..=11 => ", ties divide".to_owned(),
            12..=14 => format!(", ties break by {}", self.random.pick(keys)),
            15 | 16 => format!(
                ", ties break by {}, {}",
                keys.first().unwrap_or(&""),
                keys.get(1).unwrap_or(&"")
            ),
            _ => String::new(),
        };
        let is_broken = ties.contains("break");
        let dense = if !is_broken && self.random.chance(25) {
            ", dense"
        } else {
            ""
        };
        format!("rank {way} first{key}{dense}{ties}")
    }

    /// Writes the prizes of the places, from the first on.
    fn prizes(&mut self, in_points: bool) -> Vec<String> {
        let count = self.random.between(1, 4);
        let mut rows = Vec::new();
        let mut place = 1_usize;
        for number in 1..=count {
            let is_last = number == count;
            let places = match self.random.below(8) {
                0 | 1 if is_last => format!("{place} up"),
                2 if is_last && number > 1 => "others".to_owned(),
                3 | 4 => {
                    let from = place;
                    place = place.saturating_add(1);
                    format!("{from} through {place}")
                }
                _ => place.to_string(),
            };
            place = place.saturating_add(1);
            let value = self.prize(in_points);
            let honour = if self.random.chance(30) {
                format!(" | honour \"place {number}\"")
            } else {
                String::new()
            };
            rows.push(format!("{places} : {value}{honour}"));
        }
        rows
    }

    fn prize(&mut self, in_points: bool) -> String {
        if in_points {
            return self
                .random
                .pick(&["100", "50", "7", "10 * entries", "33"])
                .to_owned();
        }
        let values = [
            "CNY 1,000",
            "CNY 500",
            "CNY 100.01",
            "CNY 33.33",
            "CNY 10",
            "CNY 0",
            "CNY 100 * entries",
            "CNY 50 * qualified",
            "CNY 10 * tied",
            "CNY 100 / 3",
        ];
        self.random.pick(&values).to_owned()
    }

    fn pool(&mut self, is_team: bool, in_points: bool) -> String {
        let pools: &[&str] = if in_points {
            &["1000", "7"]
        } else {
            &["CNY 1,000", "CNY 100.01", "CNY 10 * entries", "CNY 0.05"]
        };
        let amount = self.random.pick(pools);
        let weights: &[&str] = if is_team {
            &[
                "(count over Person where team is entrant)",
                "(count over Deal where owner.team is entrant)",
            ]
        } else {
            &[
                "entrant.rank",
                "(count over Deal where owner is entrant and booked_on in period)",
                "1",
            ]
        };
        match self.random.below(4) {
            0 => format!("pool {amount} per head"),
            1 => format!("pool {amount} equally"),
            _ => format!("pool {amount} by {}", self.random.pick(weights)),
        }
    }
}
