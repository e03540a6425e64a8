//! Leaderboards of contests, and honours.

use guerdon::report::{Report, StandingRow};
use guerdon_plan::number::Exact;

use super::{MOST_LINES, bar, figure, rest, table};
use crate::output::tame;

/// Gives a leaderboard for each contest and period.
pub(super) fn boards(report: &Report<'_>) -> String {
    let rows = report.standings();
    rows.chunk_by(|one, other| one.contest == other.contest && one.period == other.period)
        .map(board)
        .collect()
}

fn board(rows: &[StandingRow<'_>]) -> String {
    let Some(first) = rows.first() else {
        return String::new();
    };
    let has_prize = rows.iter().any(|row| row.prize.is_there());
    let most = rows
        .iter()
        .filter_map(|row| row.score.exact.as_ref())
        .max()
        .cloned()
        .unwrap_or(Exact::ZERO);
    let mut shown = table(&["Place", "Who", "Honour", "", "Score", "Prize"], 4);
    for row in rows.iter().take(MOST_LINES) {
        let who = match &row.member {
            Some(member) => format!("  └ {}", tame(member)),
            None => tame(&row.entrant),
        };
        let place = match (&row.member, row.rank.is_there()) {
            (None, true) => figure(&row.rank, None),
            (None, false) => "–".to_owned(),
            (Some(_), _) => String::new(),
        };
        let score = match row.member {
            None => figure(&row.score, None),
            Some(_) => String::new(),
        };
        let share = row.score.exact.as_ref().filter(|_| most.is_positive());
        let length = share
            .and_then(|score| score.div(&most).ok())
            .map(|share| bar(&share))
            .unwrap_or_default();
        let prize = if has_prize {
            figure(&row.prize, row.decimals)
        } else {
            String::new()
        };
        let honour = if row.honour.is_there() {
            tame(&row.honour.text)
        } else {
            String::new()
        };
        shown.add_row(vec![place, who, honour, length, score, prize]);
    }
    let unit = if has_prize {
        format!(" ({})", first.unit)
    } else {
        String::new()
    };
    format!(
        "{} – {}{unit}\n{shown}\n{}\n",
        tame(first.title),
        first.period_label,
        rest(rows.len())
    )
}

/// Gives the honours that were granted.
pub(super) fn honours(report: &Report<'_>) -> String {
    let rows = report.awards();
    if rows.is_empty() {
        return String::new();
    }
    let mut shown = table(&["Period", "Who", "Honour", "Or in cash"], 3);
    for row in rows.iter().take(MOST_LINES) {
        let cash = match row.cash.is_there() {
            true => format!("{} {}", row.unit, figure(&row.cash, row.decimals)),
            false => String::new(),
        };
        shown.add_row(vec![
            row.period_label.clone(),
            tame(&row.payee),
            tame(row.title),
            cash,
        ]);
    }
    format!("Honours\n{shown}\n{}\n", rest(rows.len()))
}
