//! The warning board: who is at which level, why, and what is to be done.

use guerdon::report::{ActionKind, ActionRow, Event, Report, WarningRow};
use guerdon_syntax::{Text, text};

use super::{MOST_LINES, Page};
use crate::output::grid::{heads, lean};
use crate::output::tame;

impl Page {
    /// Gives the board: the last period in which each warning says anything, and the actions of that period.
    pub(super) fn warnings(self, report: &Report<'_>) -> String {
        let (rows, actions) = (report.warnings(), report.actions());
        rows.chunk_by(|one, other| one.warning == other.warning)
            .map(|rows| self.warning(rows, &actions))
            .collect()
    }

    fn warning(self, rows: &[WarningRow<'_>], actions: &[ActionRow<'_>]) -> String {
        let Some(last) = rows.iter().max_by_key(|row| row.period) else {
            return String::new();
        };
        let mut current: Vec<&WarningRow<'_>> = rows.iter().filter(|row| row.period == last.period).collect();
        current.sort_by(|one, other| {
            other
                .severity
                .cmp(&one.severity)
                .then_with(|| one.subject.cmp(&other.subject))
        });
        let columns = [
            text!("Level", "级别"),
            text!("Who", "对象"),
            text!("", ""),
            text!("Periods", "期数"),
            text!("Evidence", "依据"),
        ];
        let lines = current.iter().take(MOST_LINES).map(|row| {
            [
                format!("{} {}", sign(row), self.level(row)),
                tame(&row.subject),
                self.say(&event(row.event)),
                row.periods.shown.clone(),
                self.evidence(&row.evidence),
            ]
        });
        let board = lean(heads(self.language, columns), |place| place == 3, lines);
        let heading = format!("{} – {}", tame(last.title), last.period_label);
        let mut page = self.framed(&heading, &board, current.len());
        let due = actions
            .iter()
            .filter(|action| action.warning == last.warning && action.period == last.period);
        page.push_str(&self.to_do(due));
        page
    }

    fn level(self, row: &WarningRow<'_>) -> String {
        match row.level {
            Some(level) => tame(level),
            None => self.say(&text!("none", "无")),
        }
    }

    fn to_do<'a>(self, actions: impl Iterator<Item = &'a ActionRow<'a>>) -> String {
        let lines: Vec<String> = actions
            .map(|action| format!("  {}\n", self.say(&wording(action))))
            .collect();
        if lines.is_empty() {
            return String::new();
        }
        let more = self.rest(lines.len());
        let shown: String = lines.into_iter().take(MOST_LINES).collect();
        let to_do = self.say(&text!("To do:", "待办："));
        format!("{to_do}\n{shown}{more}\n")
    }
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

fn event(event: Event) -> Text {
    match event {
        Event::Raised => text!("raised", "触发"),
        Event::Kept => text!("kept", "持续"),
        Event::Lowered => text!("lowered", "降级"),
        Event::Cleared => text!("cleared", "解除"),
        Event::Alert => text!("data", "数据"),
        Event::Unknown => text!("unknown", "无法判断"),
    }
}

fn wording(action: &ActionRow<'_>) -> Text {
    let (subject, to) = (tame(&action.subject), tame(&action.to.shown));
    let what = tame(action.what.unwrap_or_default());
    let days = action.within_days.unwrap_or(0);
    match action.kind {
        ActionKind::Notify => text!("{subject}: notify {to}", "{subject}：通知 {to}"),
        ActionKind::Task => text!(
            "{subject}: task \"{what}\" for {to} within {days} days",
            "{subject}：由 {to} 在 {days} 天内完成“{what}”"
        ),
        ActionKind::Restrict => text!("{subject}: restrict \"{what}\"", "{subject}：限制“{what}”"),
        ActionKind::Suggest => text!(
            "{subject}: suggest \"{what}\" to {to}",
            "{subject}：建议 {to}“{what}”"
        ),
        ActionKind::Record => text!("{subject}: record", "{subject}：记录"),
        ActionKind::Escalate => text!("{subject}: escalate to {to}", "{subject}：上报 {to}"),
    }
}
