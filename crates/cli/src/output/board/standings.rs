//! Leaderboards of contests, and honours.

use guerdon::report::{Report, StandingRow};
use guerdon_plan::number::Exact;
use guerdon_syntax::text;

use super::{MOST_LINES, Page, bar};
use crate::output::grid::{heads, lean};
use crate::output::tame;

impl Page {
    /// Gives a leaderboard for each contest and period.
    pub(super) fn standings(self, report: &Report<'_>) -> String {
        let rows = report.standings();
        rows.chunk_by(|one, other| one.contest == other.contest && one.period == other.period)
            .map(|rows| self.leaderboard(rows))
            .collect()
    }

    fn leaderboard(self, rows: &[StandingRow<'_>]) -> String {
        let Some(first) = rows.first() else {
            return String::new();
        };
        let scores = rows.iter().filter_map(|row| row.score.exact.as_ref());
        let best = scores.max().cloned().unwrap_or(Exact::ZERO);
        let columns = [
            text!("Place", "名次"),
            text!("Who", "参赛者"),
            text!("Honour", "荣誉"),
            text!("", ""),
            text!("Score", "得分"),
            text!("Reached", "达标日"),
            text!("Prize", "奖励"),
        ];
        let lines = rows.iter().take(MOST_LINES).map(|row| match &row.member {
            None => self.entrant(row, &best),
            Some(member) => self.member(row, member),
        });
        let is_number = |place| matches!(place, 0 | 4 | 6);
        let board = lean(heads(self.language, columns), is_number, lines);
        let heading = format!("{} – {}", tame(first.title), first.period_label);
        self.framed(&heading, &board, rows.len())
    }

    fn entrant(self, row: &StandingRow<'_>, best: &Exact) -> [String; 7] {
        let score = row.score.exact.as_ref().filter(|_| best.is_positive());
        let share = score.and_then(|score| score.div(best).ok());
        [
            self.figure(&row.rank),
            tame(&row.entrant),
            tame(&row.honour.shown),
            share.map(|share| bar(&share)).unwrap_or_default(),
            self.figure(&row.score),
            self.figure(&row.reached),
            self.figure(&row.prize),
        ]
    }

    fn member(self, row: &StandingRow<'_>, member: &str) -> [String; 7] {
        let who = format!("  └ {}", tame(member));
        let nothing = String::new;
        [
            nothing(),
            who,
            nothing(),
            nothing(),
            nothing(),
            nothing(),
            self.figure(&row.prize),
        ]
    }

    /// Gives the honours that were granted.
    pub(super) fn honours(self, report: &Report<'_>) -> String {
        let rows = report.awards();
        if rows.is_empty() {
            return String::new();
        }
        let columns = [
            text!("Period", "期间"),
            text!("Who", "人员"),
            text!("Honour", "荣誉"),
            text!("Or in cash", "或折现"),
        ];
        let lines = rows.iter().take(MOST_LINES).map(|row| {
            [
                row.period_label.clone(),
                tame(&row.payee),
                tame(row.title),
                row.cash.shown.clone(),
            ]
        });
        let board = lean(heads(self.language, columns), |place| place == 3, lines);
        self.framed(&self.say(&text!("Honours", "荣誉")), &board, rows.len())
    }
}
