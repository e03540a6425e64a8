//! The warning board: who is at which level, why, and what is to be done.

use guerdon::report::{ActionKind, ActionRow, Event, Report, WarningRow};

use super::{MOST_LINES, figure, rest, table};
use crate::output::{tables, tame};

/// Gives the board: the last period in which each warning says anything, and the actions of that period.
pub(super) fn board(report: &Report<'_>) -> String {
    let (rows, actions) = (report.warnings(), report.actions());
    rows.chunk_by(|one, other| one.warning == other.warning)
        .map(|rows| one(rows, &actions))
        .collect()
}

fn one(rows: &[WarningRow<'_>], actions: &[ActionRow<'_>]) -> String {
    let Some(last) = rows.iter().max_by_key(|row| row.period) else {
        return String::new();
    };
    let mut current: Vec<&WarningRow<'_>> = rows.iter().filter(|row| row.period == last.period).collect();
    current.sort_by(|one, other| {
        other
            .severity
            .cmp(&one.severity)
            .then(one.subject.cmp(&other.subject))
    });
    let mut shown = table(&["Level", "Who", "", "Since", "Evidence"], 5);
    for row in current.iter().take(MOST_LINES) {
        let level = format!("{} {}", sign(row), row.level.unwrap_or("none"));
        let since = match row.event {
            Event::Alert | Event::Cleared | Event::Unknown => String::new(),
            Event::Raised | Event::Kept | Event::Lowered => format!("{} periods", figure(&row.periods, None)),
        };
        shown.add_row(vec![
            level,
            tame(&row.subject),
            row.event.word().to_owned(),
            since,
            tame(&tables::evidence(&row.evidence)),
        ]);
    }
    let due: Vec<String> = actions
        .iter()
        .filter(|action| action.warning == last.warning && action.period == last.period)
        .map(line)
        .collect();
    let due = if due.is_empty() {
        String::new()
    } else {
        format!("To do:\n{}\n", due.join("\n"))
    };
    format!(
        "{} – {}\n{shown}\n{}{due}\n",
        tame(last.title),
        last.period_label,
        rest(current.len())
    )
}

/// Marks how serious a line is, so that a board can be read without colour.
fn sign(row: &WarningRow<'_>) -> &'static str {
    match (row.event, row.severity) {
        (Event::Alert | Event::Unknown, _) => "?",
        (Event::Cleared, _) => "✓",
        (_, 0 | 1) => "●",
        (_, 2) => "●●",
        (_, _) => "●●●",
    }
}

fn line(action: &ActionRow<'_>) -> String {
    let subject = tame(&action.subject);
    let to = if action.to.is_there() {
        tame(&action.to.text)
    } else {
        "nobody".to_owned()
    };
    let what = tame(action.what.unwrap_or_default());
    match action.kind {
        ActionKind::Notify => format!("  {subject}: notify {to}"),
        ActionKind::Task => {
            let days = action.within_days.unwrap_or(0);
            format!("  {subject}: task \"{what}\" for {to} within {days} days")
        }
        ActionKind::Restrict => format!("  {subject}: restrict \"{what}\""),
        ActionKind::Suggest => format!("  {subject}: suggest \"{what}\" to {to}"),
        ActionKind::Record => format!("  {subject}: record"),
        ActionKind::Escalate => format!("  {subject}: escalate to {to}"),
    }
}
