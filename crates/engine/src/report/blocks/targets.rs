//! Targets: the goal, its parts, and whether it is a good one.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{BinderDomain, Block, SmartFailure, Target, TargetLevel};
use guerdon_plan::types::DefinitionId;
use guerdon_syntax::ast::SmartTest;

use super::{Figure, Reader, Spot};
use crate::report::Report;

/// One figure of a target: the goal itself, or the part of a record or a period in it.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRow<'r> {
    /// The target.
    pub target: &'r str,
    /// Its title, otherwise its name.
    pub title: &'r str,
    /// The key of the subject that has the goal.
    pub subject: String,
    /// The period.
    pub period: PeriodKey,
    /// The period as it is written.
    pub period_label: String,
    /// How far down the split: 0 for the goal itself.
    pub level: usize,
    /// The key of the record that the part is for; none for the goal.
    pub part: Option<String>,
    /// The figure.
    pub goal: Figure,
    /// What it is compared with; in the goal's line.
    pub actual: Figure,
    /// The figure after recalibration.
    pub recalibrated: Figure,
    /// What recalibration could place nowhere; in the goal's line.
    pub unplaced: Figure,
    /// What the parts of this level hold beyond the whole; in the goal's line of each level.
    pub over: Figure,
    /// What it is counted in: an ISO code, or `points`.
    pub unit: String,
    /// The decimals of that unit; none where it has none of its own.
    pub decimals: Option<u8>,
}

/// The result of one of the five tests of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct SmartRow<'r> {
    /// The target.
    pub target: &'r str,
    /// The key of the subject.
    pub subject: String,
    /// The period.
    pub period: PeriodKey,
    /// The period as it is written.
    pub period_label: String,
    /// Which test.
    pub test: SmartTest,
    /// What came out.
    pub result: SmartResult,
    /// The values of the target's own measures.
    pub evidence: Vec<(&'r str, Figure)>,
    /// Why, in the words of the rule.
    pub because: Option<&'r str>,
}

/// What came out of a test of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SmartResult {
    /// It holds.
    Pass,
    /// It does not hold, and the rule says that this is a warning.
    Warn,
    /// It does not hold.
    Fail,
    /// It cannot be told: history is missing.
    Unknown,
}

impl SmartResult {
    /// Gives the word under which tables show it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

impl Report<'_> {
    /// Lists the targets: in order of target, period, subject; the goal, then the parts of each level.
    pub fn targets(&self) -> Vec<TargetRow<'_>> {
        let mut rows = Vec::new();
        for reader in self.blocks() {
            if let Block::Target(target) = reader.block {
                for spot in reader.spots() {
                    rows.push(reader.goal_row(target, spot));
                }
                for (level, held) in target.levels.iter().enumerate() {
                    rows.extend(reader.part_rows(held, level.saturating_add(1)));
                }
            }
        }
        rows
    }

    /// Lists the tests of the targets: in order of target, period, subject, test.
    pub fn smart_tests(&self) -> Vec<SmartRow<'_>> {
        let mut rows = Vec::new();
        for reader in self.blocks() {
            let Block::Target(target) = reader.block else {
                continue;
            };
            for spot in reader.spots() {
                rows.extend(target.tests.iter().map(|test| SmartRow {
                    target: reader.name(),
                    subject: reader.key(spot),
                    period: spot.period,
                    period_label: reader.label(spot.period),
                    test: test.test,
                    result: match (reader.holds(test.holds, spot), test.failure) {
                        (None, _) => SmartResult::Unknown,
                        (Some(true), _) => SmartResult::Pass,
                        (Some(false), SmartFailure::Warn) => SmartResult::Warn,
                        (Some(false), SmartFailure::Fail) => SmartResult::Fail,
                    },
                    evidence: reader.evidence(spot),
                    because: test.reason.because.as_deref(),
                }));
            }
        }
        rows
    }
}

impl<'r> Reader<'r> {
    fn goal_row(&self, target: &Target, spot: Spot) -> TargetRow<'r> {
        let optional = |id: Option<DefinitionId>| id.map_or_else(Figure::missing, |id| self.figure(id, spot));
        let recalibrated = target.recalibrated.as_ref();
        TargetRow {
            subject: self.key(spot),
            goal: self.figure(target.goal, spot),
            actual: optional(target.actual),
            recalibrated: optional(recalibrated.map(|found| found.part)),
            unplaced: optional(recalibrated.map(|found| found.unplaced)),
            ..self.target_row(spot)
        }
    }

    /// Lists the parts of one level: each record of its table in each period that is shown.
    fn part_rows(&self, held: &TargetLevel, level: usize) -> Vec<TargetRow<'r>> {
        let table = self.report.definition(held.part).and_then(|found| {
            let param = found.params.first()?;
            match self.report.compiled.program.binder(*param)?.domain {
                BinderDomain::Row(table) => Some(table),
                BinderDomain::Period(..) => None,
            }
        });
        let mut rows = Vec::new();
        for (place, period) in self.report.shown_periods(self.output) {
            let records = table.map_or(1, |table| self.report.state.rows(table));
            for row in 0..records {
                let spot = Spot { row, place, period };
                let goal = self.figure(held.part, spot);
                if goal.absence == Some(crate::report::Absence::Missing) {
                    continue;
                }
                rows.push(TargetRow {
                    level,
                    part: table.map(|table| self.report.key_text(table, row)),
                    goal,
                    over: held
                        .over
                        .map_or_else(Figure::missing, |over| self.figure(over, spot)),
                    ..self.target_row(spot)
                });
            }
        }
        rows
    }

    fn target_row(&self, spot: Spot) -> TargetRow<'r> {
        TargetRow {
            target: self.name(),
            title: self.title(),
            subject: String::new(),
            period: spot.period,
            period_label: self.label(spot.period),
            level: 0,
            part: None,
            goal: Figure::missing(),
            actual: Figure::missing(),
            recalibrated: Figure::missing(),
            unplaced: Figure::missing(),
            over: Figure::missing(),
            unit: self.unit(),
            decimals: self.decimals(),
        }
    }
}
