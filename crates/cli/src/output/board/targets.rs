//! Targets: the goal, how far it is reached, its parts, and what is wrong with it.

use guerdon::report::{Report, SmartResult, TargetLine, TargetRow};

use super::{MOST_LINES, bar, figure, rest, table};
use crate::output::tables::evidence;
use crate::output::tame;

/// Gives a board for each target.
pub(super) fn boards(report: &Report<'_>) -> String {
    let rows = report.targets();
    let mut shown: String = rows
        .chunk_by(|one, other| one.target == other.target)
        .map(board)
        .collect();
    shown.push_str(&tests(report));
    shown
}

fn board(rows: &[TargetRow<'_>]) -> String {
    let Some(first) = rows.first() else {
        return String::new();
    };
    let mut shown = table(
        &[
            "Period",
            "Who",
            "",
            "Goal",
            "Actual",
            "Recalibrated",
            "Not placed",
        ],
        3,
    );
    for row in rows.iter().take(MOST_LINES) {
        let who = format!("{}{}", "  ".repeat(row.level), who(row));
        let reached = match (&row.actual.exact, &row.goal.exact) {
            (Some(actual), Some(goal)) if goal.is_positive() => actual.div(goal).ok(),
            _ => None,
        };
        let length = reached.map(|share| bar(&share)).unwrap_or_default();
        let money = |found| figure(found, row.decimals);
        shown.add_row(vec![
            row.period_label.clone(),
            who,
            length,
            money(&row.goal),
            money(&row.actual),
            money(&row.recalibrated),
            money(&row.unplaced),
        ]);
    }
    format!(
        "{} ({})\n{shown}\n{}\n",
        tame(first.title),
        first.unit,
        rest(rows.len())
    )
}

/// Names what a line is about: the subject, the record and whose part it is of, or what there is beyond the whole.
fn who(row: &TargetRow<'_>) -> String {
    let own = row.part.as_deref().unwrap_or(&row.subject);
    let own = match row.line {
        TargetLine::Goal | TargetLine::Part => tame(own).to_string(),
        TargetLine::Over => "beyond the whole".to_owned(),
    };
    match &row.of {
        Some(of) => format!("{own} ({})", tame(of)),
        None => own,
    }
}

/// Lists the tests that a target does not pass.
fn tests(report: &Report<'_>) -> String {
    let failed: Vec<String> = report
        .smart_tests()
        .iter()
        .filter(|row| row.result != SmartResult::Pass)
        .map(|row| {
            let of = match row.subject.as_str() {
                "" => row.period_label.clone(),
                subject => format!("{}, {}", row.period_label, tame(subject)),
            };
            let why = row
                .because
                .map(|because| format!("\n      because \"{}\"", tame(because)));
            format!(
                "  {} {of}: {} {} ({}){}\n",
                row.target,
                format!("{:?}", row.test).to_lowercase(),
                row.result.word(),
                tame(&evidence(&row.evidence)),
                why.unwrap_or_default(),
            )
        })
        .collect();
    if failed.is_empty() {
        return String::new();
    }
    format!("Tests of targets\n{}\n", failed.concat())
}
