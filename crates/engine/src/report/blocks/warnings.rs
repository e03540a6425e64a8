//! Warnings and the actions that follow from them.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{Action, Block, Warning};
use guerdon_plan::types::{DefinitionId, TableId};
use guerdon_syntax::{Code, text};

use super::{Figure, Reader, Spot};
use crate::column::Cell;
use crate::problem::Problem;
use crate::report::{Absence, Report};

/// One subject of a warning in a period in which a level holds or ends, or an alert about its data.
#[derive(Debug, Clone, PartialEq)]
pub struct WarningRow<'r> {
    /// The warning.
    pub warning: &'r str,
    /// Its title, otherwise its name.
    pub title: &'r str,
    /// The key of the subject.
    pub subject: String,
    /// The period.
    pub period: PeriodKey,
    /// The period as it is written.
    pub period_label: String,
    /// The level, or the alert; none where the level was cleared in this period.
    pub level: Option<&'r str>,
    /// The position of the level among those of the warning, the lowest being 1; 0 for none and for an alert.
    pub severity: usize,
    /// What happened.
    pub event: Event,
    /// For how many periods the level has been raised; missing for an alert.
    pub periods: Figure,
    /// The values of the warning's own measures.
    pub evidence: Vec<(&'r str, Figure)>,
    /// Why, in the words of the rule.
    pub because: Option<&'r str>,
}

/// What happened to a subject's level in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// It rose, from none or from a lower one.
    Raised,
    /// It stayed.
    Kept,
    /// It fell to a lower one.
    Lowered,
    /// It ended.
    Cleared,
    /// Data are missing or stale.
    Alert,
    /// It cannot be told: an error stands in its way.
    Unknown,
}

/// One action: a record for the host, which alone acts.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionRow<'r> {
    /// The warning.
    pub warning: &'r str,
    /// The key of the subject.
    pub subject: String,
    /// The period.
    pub period: PeriodKey,
    /// The period as it is written.
    pub period_label: String,
    /// The level that calls for it.
    pub level: &'r str,
    /// What is to be done.
    pub kind: ActionKind,
    /// The words of a task, a restriction or a proposal.
    pub what: Option<&'r str>,
    /// The key of whom it is for; missing where it is for nobody.
    pub to: Figure,
    /// Within how many days.
    pub within_days: Option<u32>,
}

/// Names the kinds of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionKind {
    /// Tell somebody.
    Notify,
    /// A task with a deadline.
    Task,
    /// A right is taken away.
    Restrict,
    /// A proposal.
    Suggest,
    /// Only written down.
    Record,
    /// Told to somebody further up.
    Escalate,
}

impl Event {
    /// Gives the word under which tables show it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Kept => "kept",
            Self::Lowered => "lowered",
            Self::Cleared => "cleared",
            Self::Alert => "alert",
            Self::Unknown => "unknown",
        }
    }
}

impl ActionKind {
    /// Gives the word under which tables show it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Notify => "notify",
            Self::Task => "task",
            Self::Restrict => "restrict",
            Self::Suggest => "suggest",
            Self::Record => "record",
            Self::Escalate => "escalate",
        }
    }
}

/// The subject of an action: its table and its row.
type Payee = Option<(TableId, u32)>;

/// What level a subject has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    None,
    /// By position, from 1.
    At(usize),
    Unknown,
}

impl Report<'_> {
    /// Lists the levels that hold or have just ended, and the alerts: in order of warning, period, subject.
    pub fn warnings(&self) -> Vec<WarningRow<'_>> {
        let mut rows = Vec::new();
        for reader in self.blocks() {
            if let Block::Warning(warning) = reader.block {
                for spot in reader.spots() {
                    rows.extend(reader.level_row(warning, spot));
                    rows.extend(reader.alert_rows(warning, spot));
                }
            }
        }
        rows
    }

    /// Lists the actions: in order of warning, period, subject, as the rules name them.
    ///
    /// An action whose addressee is missing is left out, and is among the problems.
    pub fn actions(&self) -> Vec<ActionRow<'_>> {
        let rows = self.called_for().into_iter().map(|(row, _)| row);
        rows.filter(|row| !row.is_for_nobody()).collect()
    }

    /// Lists the actions that nobody can be found for.
    pub(in crate::report) fn actions_for_nobody(&self) -> Vec<Problem> {
        let rows = self.called_for().into_iter();
        rows.filter(|(row, _)| row.is_for_nobody())
            .map(|(row, payee)| row.problem(payee))
            .collect()
    }

    /// Lists all actions that are called for, each with its subject.
    fn called_for(&self) -> Vec<(ActionRow<'_>, Payee)> {
        let mut rows = Vec::new();
        for reader in self.blocks() {
            if let Block::Warning(warning) = reader.block {
                for spot in reader.spots() {
                    let payee = u32::try_from(spot.row)
                        .ok()
                        .map(|row| (reader.output.payees, row));
                    let actions = reader.action_rows(warning, spot).into_iter();
                    rows.extend(actions.map(|row| (row, payee)));
                }
            }
        }
        rows
    }
}

impl ActionRow<'_> {
    /// Says whether the action has to be addressed to somebody, and there is nobody.
    fn is_for_nobody(&self) -> bool {
        let is_addressed = match self.kind {
            ActionKind::Notify | ActionKind::Task | ActionKind::Suggest | ActionKind::Escalate => true,
            ActionKind::Restrict | ActionKind::Record => false,
        };
        is_addressed && self.to.absence == Some(Absence::Missing)
    }

    fn problem(&self, payee: Payee) -> Problem {
        let (warning, level, kind) = (self.warning, self.level, self.kind.word());
        let message = text!(
            "an action of the warning \"{warning}\" is left out: there is nobody to {kind}",
            "预警“{warning}”的一项处置（{kind}）没有对象，已略去"
        );
        let (subject, label) = (&self.subject, &self.period_label);
        let detail = text!(
            "subject {subject}, {label}, level {level}",
            "{subject}，{label}，级别 {level}"
        );
        let mut problem = Problem::new(Code::R0919, message).detailed(detail);
        problem.payee = payee;
        problem.period = Some(self.period);
        problem
    }
}

impl<'r> Reader<'r> {
    fn level_row(&self, warning: &'r Warning, spot: Spot) -> Option<WarningRow<'r>> {
        let now = self.standing_at(warning, spot);
        let before = self
            .before(spot)
            .map_or(Standing::None, |before| self.standing_at(warning, before));
        let event = event(before, now)?;
        let severity = match now {
            Standing::At(severity) => severity,
            Standing::None | Standing::Unknown => 0,
        };
        let level = severity.checked_sub(1).and_then(|at| warning.levels.get(at));
        Some(WarningRow {
            level: level.map(|level| level.naming.name.as_str()),
            severity,
            event,
            periods: level.map_or_else(Figure::missing, |level| self.figure(level.raised, spot)),
            because: level.and_then(|level| level.reason.because.as_deref()),
            ..self.warning_row(spot)
        })
    }

    fn alert_rows(&self, warning: &'r Warning, spot: Spot) -> Vec<WarningRow<'r>> {
        let shown = warning
            .alerts
            .iter()
            .filter(|alert| self.holds(alert.when, spot) == Some(true));
        shown
            .map(|alert| WarningRow {
                level: Some(&alert.naming.name),
                event: Event::Alert,
                because: alert.reason.because.as_deref(),
                ..self.warning_row(spot)
            })
            .collect()
    }

    fn warning_row(&self, spot: Spot) -> WarningRow<'r> {
        WarningRow {
            warning: self.name(),
            title: self.title(),
            subject: self.key(spot),
            period: spot.period,
            period_label: self.label(spot.period),
            level: None,
            severity: 0,
            event: Event::Unknown,
            periods: Figure::missing(),
            evidence: self.evidence(spot),
            because: None,
        }
    }

    /// Finds the level of a subject in a period: the highest that is raised.
    fn standing_at(&self, warning: &Warning, spot: Spot) -> Standing {
        let is_unknown = self.read(warning.level, spot, |cell| matches!(cell, Cell::Error(_)));
        if is_unknown != Some(false) {
            return Standing::Unknown;
        }
        let raised = warning
            .levels
            .iter()
            .rposition(|level| self.whole(level.raised, spot).is_some_and(|periods| periods > 0));
        raised.map_or(Standing::None, |at| Standing::At(at.saturating_add(1)))
    }

    fn action_rows(&self, warning: &'r Warning, spot: Spot) -> Vec<ActionRow<'r>> {
        let mut rows = Vec::new();
        let response = warning.response.and_then(|response| self.whole(response, spot));
        let row = response.and_then(|row| usize::try_from(row).ok()?.checked_sub(1));
        if let (Some(actions), Standing::At(severity)) = (
            row.and_then(|row| warning.rows.get(row)),
            self.standing_at(warning, spot),
        ) {
            let level = severity.checked_sub(1).and_then(|at| warning.levels.get(at));
            let level = level.map_or("", |level| level.naming.name.as_str());
            rows.extend(actions.iter().flat_map(|action| self.action(action, level, spot)));
        }
        let escalated = warning
            .escalations
            .iter()
            .filter(|escalation| self.holds(escalation.when, spot) == Some(true));
        rows.extend(escalated.map(|escalation| {
            let level = warning.levels.get(escalation.level);
            let level = level.map_or("", |level| level.naming.name.as_str());
            self.action_row(
                (ActionKind::Escalate, None),
                Some(escalation.to),
                None,
                level,
                spot,
            )
        }));
        rows
    }

    fn action(&self, action: &'r Action, level: &'r str, spot: Spot) -> Vec<ActionRow<'r>> {
        match action {
            Action::Notify(to) => to
                .iter()
                .map(|to| self.action_row((ActionKind::Notify, None), Some(*to), None, level, spot))
                .collect(),
            Action::Task(what, to, days) => {
                let what = (ActionKind::Task, Some(what.as_str()));
                vec![self.action_row(what, Some(*to), Some(*days), level, spot)]
            }
            Action::Restrict(what) => {
                vec![self.action_row((ActionKind::Restrict, Some(what)), None, None, level, spot)]
            }
            Action::Suggest(what, to) => {
                vec![self.action_row((ActionKind::Suggest, Some(what)), Some(*to), None, level, spot)]
            }
            Action::Record => vec![self.action_row((ActionKind::Record, None), None, None, level, spot)],
        }
    }

    fn action_row(
        &self,
        (kind, what): (ActionKind, Option<&'r str>),
        to: Option<DefinitionId>,
        within_days: Option<u32>,
        level: &'r str,
        spot: Spot,
    ) -> ActionRow<'r> {
        ActionRow {
            warning: self.name(),
            subject: self.key(spot),
            period: spot.period,
            period_label: self.label(spot.period),
            level,
            kind,
            what,
            to: to.map_or_else(Figure::missing, |to| self.figure(to, spot)),
            within_days,
        }
    }
}

/// Says what happened between two periods; nothing where there was and is no level.
fn event(before: Standing, now: Standing) -> Option<Event> {
    match (before, now) {
        (_, Standing::Unknown) => Some(Event::Unknown),
        (Standing::None | Standing::Unknown, Standing::None) => None,
        (Standing::At(_), Standing::None) => Some(Event::Cleared),
        (Standing::None | Standing::Unknown, Standing::At(_)) => Some(Event::Raised),
        (Standing::At(before), Standing::At(now)) => Some(match now.cmp(&before) {
            std::cmp::Ordering::Less => Event::Lowered,
            std::cmp::Ordering::Equal => Event::Kept,
            std::cmp::Ordering::Greater => Event::Raised,
        }),
    }
}
