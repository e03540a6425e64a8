//! The tables of contests, awards, warnings, scorecards and targets as rows of text, for whatever form they are printed in.

use std::borrow::Cow;

use guerdon_plan::hir::Block;

use super::{
    Absence, ActionRow, AwardRow, CardPart, CardRow, Figure, Report, SmartRow, StandingRow, TargetRow,
    WarningRow,
};

/// Names a table of contests, awards, warnings, scorecards or targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockTable {
    /// Who stands where in contests.
    Standings,
    /// Who is given what.
    Awards,
    /// Who is warned.
    Warnings,
    /// What follows from warnings.
    Actions,
    /// Grades and scores.
    Scorecards,
    /// What is to be reached, by whom.
    Targets,
    /// Whether targets are as they should be.
    TargetTests,
}

/// One row, a cell for each column; none where there is nothing.
pub type BlockRow<'r> = Vec<Option<Cow<'r, str>>>;

const STANDINGS: &[&str] = &[
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
const AWARDS: &[&str] = &[
    "award", "grant", "title", "payee", "period", "because", "currency", "cash",
];
const WARNINGS: &[&str] = &[
    "warning", "subject", "period", "level", "evidence", "because", "event", "severity", "periods",
];
const ACTIONS: &[&str] = &[
    "warning",
    "subject",
    "period",
    "level",
    "what",
    "to",
    "action",
    "within_days",
];
const SCORECARDS: &[&str] = &[
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
const TARGETS: &[&str] = &[
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
const TARGET_TESTS: &[&str] = &[
    "target", "subject", "period", "evidence", "because", "test", "result",
];

impl BlockTable {
    /// Gives the name, which is also that of the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standings => "standings",
            Self::Awards => "awards",
            Self::Warnings => "warnings",
            Self::Actions => "actions",
            Self::Scorecards => "scorecards",
            Self::Targets => "targets",
            Self::TargetTests => "target_tests",
        }
    }

    /// Lists the columns.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Standings => STANDINGS,
            Self::Awards => AWARDS,
            Self::Warnings => WARNINGS,
            Self::Actions => ACTIONS,
            Self::Scorecards => SCORECARDS,
            Self::Targets => TARGETS,
            Self::TargetTests => TARGET_TESTS,
        }
    }

    /// Counts the columns at the front that hold texts of the records and rules; behind them stand numbers and the words
    /// of the tables.
    pub const fn texts(self) -> usize {
        match self {
            Self::Standings | Self::Warnings | Self::Actions => 6,
            Self::Awards | Self::Targets => 7,
            Self::Scorecards => 8,
            Self::TargetTests => 5,
        }
    }
}

impl Report<'_> {
    /// Lists the tables that the rules have blocks for.
    pub fn block_tables(&self) -> Vec<BlockTable> {
        let plans = &self.program().plans;
        let has = |is: fn(&Block) -> bool| plans.iter().filter_map(|plan| plan.block.as_ref()).any(is);
        let mut tables = Vec::new();
        if has(|block| matches!(block, Block::Contest(_))) {
            tables.push(BlockTable::Standings);
        }
        if has(|block| matches!(block, Block::Award(_))) {
            tables.push(BlockTable::Awards);
        }
        if has(|block| matches!(block, Block::Warning(_))) {
            tables.extend([BlockTable::Warnings, BlockTable::Actions]);
        }
        if has(|block| matches!(block, Block::Scorecard(_))) {
            tables.push(BlockTable::Scorecards);
        }
        if has(|block| matches!(block, Block::Target(_))) {
            tables.extend([BlockTable::Targets, BlockTable::TargetTests]);
        }
        tables
    }

    /// Gives the rows of a table.
    pub fn block_rows(&self, table: BlockTable) -> Box<dyn Iterator<Item = BlockRow<'_>> + Send + '_> {
        match table {
            BlockTable::Standings => Box::new(self.standings().into_iter().map(standing)),
            BlockTable::Awards => Box::new(self.awards().into_iter().map(award)),
            BlockTable::Warnings => Box::new(self.warnings().into_iter().map(warning)),
            BlockTable::Actions => Box::new(self.actions().into_iter().map(action)),
            BlockTable::Scorecards => Box::new(self.scorecards().into_iter().map(card)),
            BlockTable::Targets => Box::new(self.targets().into_iter().map(target)),
            BlockTable::TargetTests => Box::new(self.smart_tests().into_iter().map(target_test)),
        }
    }
}

fn standing(row: StandingRow<'_>) -> BlockRow<'_> {
    let qualifies = match row.qualifies {
        Some(true) => "yes",
        Some(false) => "no",
        None => "error",
    };
    vec![
        text(row.contest),
        text(row.period_label),
        text(row.entrant),
        row.member.map(Cow::from),
        shown(row.honour),
        filled(row.unit),
        shown(row.rank),
        shown(row.tied),
        shown(row.score),
        text(qualifies),
        shown(row.prize),
        shown(row.reached),
    ]
}

fn award(row: AwardRow<'_>) -> BlockRow<'_> {
    vec![
        text(row.award),
        text(row.grant),
        text(row.title),
        text(row.payee),
        text(row.period_label),
        row.because.map(Cow::from),
        filled(row.unit),
        shown(row.cash),
    ]
}

fn warning(row: WarningRow<'_>) -> BlockRow<'_> {
    vec![
        text(row.warning),
        text(row.subject),
        text(row.period_label),
        row.level.map(Cow::from),
        filled(evidence(&row.evidence)),
        row.because.map(Cow::from),
        text(row.event.word()),
        text(row.severity.to_string()),
        shown(row.periods),
    ]
}

fn action(row: ActionRow<'_>) -> BlockRow<'_> {
    vec![
        text(row.warning),
        text(row.subject),
        text(row.period_label),
        text(row.level),
        row.what.map(Cow::from),
        shown(row.to),
        text(row.kind.word()),
        row.within_days.map(|days| Cow::from(days.to_string())),
    ]
}

fn card(row: CardRow<'_>) -> BlockRow<'_> {
    let (dimension, metric) = match row.part {
        CardPart::Metric(dimension, name, _) => (dimension.word(), Some(name)),
        CardPart::Dimension(dimension, _) | CardPart::LeftOut(dimension) => (dimension.word(), None),
        CardPart::Total => ("total", None),
    };
    vec![
        text(row.card),
        text(row.subject),
        text(row.period_label),
        text(dimension),
        metric.map(Cow::from),
        row.because.map(Cow::from),
        shown(row.grade),
        shown(row.unforced_grade),
        row.weight.map(|weight| Cow::from(weight.to_string())),
        shown(row.raw),
        shown(row.score),
        shown(row.points),
        shown(row.multiplier),
    ]
}

fn target(row: TargetRow<'_>) -> BlockRow<'_> {
    vec![
        text(row.target),
        text(row.line.word()),
        text(row.subject),
        text(row.period_label),
        row.part.map(Cow::from),
        row.of.map(Cow::from),
        filled(row.unit),
        text(row.level.to_string()),
        shown(row.goal),
        shown(row.actual),
        shown(row.recalibrated),
        shown(row.unplaced),
    ]
}

fn target_test(row: SmartRow<'_>) -> BlockRow<'_> {
    vec![
        text(row.target),
        text(row.subject),
        text(row.period_label),
        filled(evidence(&row.evidence)),
        row.because.map(Cow::from),
        text(format!("{:?}", row.test).to_lowercase()),
        text(row.result.word()),
    ]
}

fn text<'r>(text: impl Into<Cow<'r, str>>) -> Option<Cow<'r, str>> {
    Some(text.into())
}

fn filled<'r>(text: String) -> Option<Cow<'r, str>> {
    (!text.is_empty()).then(|| Cow::from(text))
}

/// Gives a value as a cell: the word `error` where it is one, nothing where there is none.
fn shown<'r>(figure: Figure) -> Option<Cow<'r, str>> {
    match figure.absence {
        Some(Absence::Error) => text("error"),
        Some(Absence::Missing) => None,
        None => text(figure.text),
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
