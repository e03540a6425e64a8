//! Scorecards: four dimensions with bars, the total, the grade.

use guerdon::report::{CardPart, CardRow, Report};
use guerdon_plan::number::Exact;

use super::{MOST_LINES, bar, figure, rest, table};
use crate::output::tame;

/// The most subjects whose metrics are shown; of more, only the totals.
const MOST_DETAILED: usize = 8;

/// Gives a board for each card and period.
pub(super) fn boards(report: &Report<'_>) -> String {
    let rows = report.scorecards();
    rows.chunk_by(|one, other| one.card == other.card && one.period == other.period)
        .map(board)
        .collect()
}

fn board(rows: &[CardRow<'_>]) -> String {
    let Some(first) = rows.first() else {
        return String::new();
    };
    let subjects = rows.chunk_by(|one, other| one.subject == other.subject);
    let is_detailed = subjects.clone().count() <= MOST_DETAILED;
    let mut shown = table(&["Who", "", "", "Score", "Points", "Grade"], 3);
    let mut lines: usize = 0;
    for rows in subjects {
        for row in rows
            .iter()
            .filter(|row| is_detailed || row.part == CardPart::Total)
        {
            lines = lines.saturating_add(1);
            if lines <= MOST_LINES {
                shown.add_row(line(row, is_detailed));
            }
        }
    }
    format!(
        "{} – {}\n{shown}\n{}\n",
        tame(first.title),
        first.period_label,
        rest(lines)
    )
}

fn line(row: &CardRow<'_>, is_detailed: bool) -> Vec<String> {
    let is_total = row.part == CardPart::Total;
    let who = if is_total {
        tame(&row.subject)
    } else {
        String::new()
    };
    let weight = row.weight.as_ref().map(percent).unwrap_or_default();
    let name = match row.part {
        CardPart::Metric(_, _, title) => format!("  {} {weight}", tame(title)),
        CardPart::Dimension(_, title) => format!("{} {weight}", tame(title)),
        CardPart::LeftOut(dimension) => {
            format!(
                "{} left out: {}",
                dimension.word(),
                tame(row.because.unwrap_or_default())
            )
        }
        CardPart::Total if is_detailed => "Total".to_owned(),
        CardPart::Total => String::new(),
    };
    let length = row
        .score
        .exact
        .as_ref()
        .and_then(|score| score.div(&Exact::from_i64(100)).ok())
        .map(|share| bar(&share))
        .unwrap_or_default();
    let left_out = matches!(row.part, CardPart::LeftOut(_));
    let number = |shown: String| if left_out { String::new() } else { shown };
    let grade = if row.grade.is_there() {
        row.grade.text.clone()
    } else {
        String::new()
    };
    vec![
        who,
        name,
        length,
        number(figure(&row.score, None)),
        number(figure(&row.points, None)),
        grade,
    ]
}

fn percent(weight: &Exact) -> String {
    match weight.mul(&Exact::from_i64(100)) {
        Ok(hundredths) => format!("{hundredths}%"),
        Err(_) => String::new(),
    }
}
