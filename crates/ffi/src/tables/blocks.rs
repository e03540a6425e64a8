//! The tables of contests, awards, warnings, scorecards and targets.

use guerdon::report::{
    Absence, ActionRow, AwardRow, CardPart, CardRow, Figure, SmartRow, StandingRow, TargetRow, WarningRow,
};

use super::{Cell, Row};

pub(super) const STANDINGS: &[&str] = &[
    "contest",
    "period",
    "entrant",
    "member",
    "honour",
    "currency",
    "rank",
    "tied",
    "score",
    "qualifies",
    "prize",
    "reached",
];
pub(super) const AWARDS: &[&str] = &[
    "award", "grant", "title", "payee", "period", "because", "currency", "cash",
];
pub(super) const WARNINGS: &[&str] = &[
    "warning", "subject", "period", "level", "evidence", "because", "event", "severity", "periods",
];
pub(super) const ACTIONS: &[&str] = &[
    "warning",
    "subject",
    "period",
    "level",
    "what",
    "to",
    "action",
    "within_days",
];
pub(super) const SCORECARDS: &[&str] = &[
    "card",
    "subject",
    "period",
    "dimension",
    "metric",
    "because",
    "grade",
    "unforced_grade",
    "weight",
    "raw",
    "score",
    "points",
    "multiplier",
];
pub(super) const TARGETS: &[&str] = &[
    "target",
    "line",
    "subject",
    "period",
    "part",
    "of",
    "currency",
    "level",
    "goal",
    "actual",
    "recalibrated",
    "unplaced",
];
pub(super) const TARGET_TESTS: &[&str] = &[
    "target", "subject", "period", "evidence", "because", "test", "result",
];

pub(super) fn standing(row: StandingRow<'_>) -> Row<'_> {
    let qualifies = match row.qualifies {
        Some(true) => "yes",
        Some(false) => "no",
        None => "error",
    };
    vec![
        Cell::text(row.contest),
        Cell::text(row.period_label),
        Cell::text(row.entrant),
        row.member.map_or(Cell::Null, Cell::text),
        shown(row.honour),
        Cell::filled(row.unit),
        shown(row.rank),
        shown(row.tied),
        shown(row.score),
        Cell::text(qualifies),
        shown(row.prize),
        shown(row.reached),
    ]
}

pub(super) fn award(row: AwardRow<'_>) -> Row<'_> {
    vec![
        Cell::text(row.award),
        Cell::text(row.grant),
        Cell::text(row.title),
        Cell::text(row.payee),
        Cell::text(row.period_label),
        row.because.map_or(Cell::Null, Cell::text),
        Cell::filled(row.unit),
        shown(row.cash),
    ]
}

pub(super) fn warning(row: WarningRow<'_>) -> Row<'_> {
    vec![
        Cell::text(row.warning),
        Cell::text(row.subject),
        Cell::text(row.period_label),
        row.level.map_or(Cell::Null, Cell::text),
        Cell::filled(evidence(&row.evidence)),
        row.because.map_or(Cell::Null, Cell::text),
        Cell::text(row.event.word()),
        Cell::text(row.severity.to_string()),
        shown(row.periods),
    ]
}

pub(super) fn action(row: ActionRow<'_>) -> Row<'_> {
    vec![
        Cell::text(row.warning),
        Cell::text(row.subject),
        Cell::text(row.period_label),
        Cell::text(row.level),
        row.what.map_or(Cell::Null, Cell::text),
        shown(row.to),
        Cell::text(row.kind.word()),
        row.within_days
            .map_or(Cell::Null, |days| Cell::text(days.to_string())),
    ]
}

pub(super) fn card(row: CardRow<'_>) -> Row<'_> {
    let (dimension, metric) = match row.part {
        CardPart::Metric(dimension, name, _) => (dimension.word(), Some(name)),
        CardPart::Dimension(dimension, _) | CardPart::LeftOut(dimension) => (dimension.word(), None),
        CardPart::Total => ("total", None),
    };
    vec![
        Cell::text(row.card),
        Cell::text(row.subject),
        Cell::text(row.period_label),
        Cell::text(dimension),
        metric.map_or(Cell::Null, Cell::text),
        row.because.map_or(Cell::Null, Cell::text),
        shown(row.grade),
        shown(row.unforced_grade),
        row.weight
            .map_or(Cell::Null, |weight| Cell::text(weight.to_string())),
        shown(row.raw),
        shown(row.score),
        shown(row.points),
        shown(row.multiplier),
    ]
}

pub(super) fn target(row: TargetRow<'_>) -> Row<'_> {
    vec![
        Cell::text(row.target),
        Cell::text(row.line.word()),
        Cell::text(row.subject),
        Cell::text(row.period_label),
        row.part.map_or(Cell::Null, Cell::text),
        row.of.map_or(Cell::Null, Cell::text),
        Cell::filled(row.unit),
        Cell::text(row.level.to_string()),
        shown(row.goal),
        shown(row.actual),
        shown(row.recalibrated),
        shown(row.unplaced),
    ]
}

pub(super) fn target_test(row: SmartRow<'_>) -> Row<'_> {
    vec![
        Cell::text(row.target),
        Cell::text(row.subject),
        Cell::text(row.period_label),
        Cell::filled(evidence(&row.evidence)),
        row.because.map_or(Cell::Null, Cell::text),
        Cell::text(format!("{:?}", row.test).to_lowercase()),
        Cell::text(row.result.word()),
    ]
}

/// Gives a value as a cell: the word `error` where it is one, nothing where there is none.
fn shown<'r>(figure: Figure) -> Cell<'r> {
    match figure.absence {
        Some(Absence::Error) => Cell::text("error"),
        Some(Absence::Missing) => Cell::Null,
        None => Cell::text(figure.text),
    }
}

/// Gives the values behind a warning: `attained = 60000; expected = 100000`.
fn evidence(values: &[(&str, Figure)]) -> String {
    let text = |figure: &Figure| match figure.absence {
        Some(Absence::Error) => "error".to_owned(),
        Some(Absence::Missing) | None => figure.text.clone(),
    };
    let parts: Vec<String> = values
        .iter()
        .map(|(name, figure)| format!("{name} = {}", text(figure)))
        .collect();
    parts.join("; ")
}
