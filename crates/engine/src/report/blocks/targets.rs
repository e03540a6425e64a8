//! Targets: the goal, its parts, and whether it is a good one.

mod faults;

use guerdon_plan::calendar::{PeriodKey, Unit};
use guerdon_plan::hir::{BinderDomain, Block, SmartFailure, Target, TargetLevel};
use guerdon_plan::types::{DefinitionId, TableId};
use guerdon_syntax::ast::SmartTest;

use super::{Figure, Reader, Spot};
use crate::column::Cell;
use crate::report::{Absence, Report};

/// One line of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRow<'r> {
    /// The target.
    pub target: &'r str,
    /// Its title, otherwise its name.
    pub title: &'r str,
    /// What the line is about.
    pub line: TargetLine,
    /// The key of the subject that has the goal; empty where there is one goal for all, and for parts of records.
    pub subject: String,
    /// The period: as long as those that the level is split among.
    pub period: PeriodKey,
    /// The period as it is written.
    pub period_label: String,
    /// How far down the split: 0 for the goal itself.
    pub level: usize,
    /// The key of the record that the part is for; none for the goal and for parts of periods only.
    pub part: Option<String>,
    /// The key of the record that has what this is a part of; none where that goes without saying.
    pub of: Option<String>,
    /// The figure: the goal, the part, or what the parts come to beyond the whole.
    pub goal: Figure,
    /// What it is compared with; in the goal's line.
    pub actual: Figure,
    /// The figure after recalibration; in the lines of the last level.
    pub recalibrated: Figure,
    /// What recalibration could place nowhere; in the first line of each stretch.
    pub unplaced: Figure,
    /// What it is counted in: an ISO code, or `points`.
    pub unit: String,
    /// The decimals of that unit; none where it has none of its own.
    pub decimals: Option<u8>,
}

/// Says what a line of a target is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetLine {
    /// The goal itself.
    Goal,
    /// The part of a record or a period.
    Part,
    /// What the parts of a level hold beyond the whole.
    Over,
}

impl TargetLine {
    /// Gives the word under which tables show it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Goal => "goal",
            Self::Part => "part",
            Self::Over => "over",
        }
    }
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
    /// Lists the targets: the goals, then the parts of each level, what they hold beyond the whole after them; each in
    /// order of period and record.
    pub fn targets(&self) -> Vec<TargetRow<'_>> {
        let mut rows = Vec::new();
        for reader in self.blocks() {
            if let Block::Target(target) = reader.block {
                rows.extend(reader.goal_rows(target));
                for (at, level) in target.levels.iter().enumerate() {
                    let is_last = at.saturating_add(1) == target.levels.len();
                    rows.extend(reader.part_rows(target, level, at.saturating_add(1), is_last));
                    rows.extend(reader.over_rows(target, level, at.saturating_add(1)));
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
            for (spot, held) in reader.held_spots(target, target.goal, None) {
                rows.extend(target.tests.iter().map(|test| SmartRow {
                    target: reader.name(),
                    subject: held.map(|_| reader.key(spot)).unwrap_or_default(),
                    period: spot.period,
                    period_label: reader.label(spot.period),
                    test: test.test,
                    result: match (reader.holds(test.holds, spot), test.failure) {
                        (None, _) => SmartResult::Unknown,
                        (Some(true), _) => SmartResult::Pass,
                        (Some(false), SmartFailure::Warn) => SmartResult::Warn,
                        (Some(false), SmartFailure::Fail) => SmartResult::Fail,
                    },
                    evidence: reader.reasons(target, spot),
                    because: test.reason.because.as_deref(),
                }));
            }
        }
        rows
    }
}

impl<'r> Reader<'r> {
    fn goal_rows(&self, target: &Target) -> Vec<TargetRow<'r>> {
        let spots = self.held_spots(target, target.goal, None).into_iter();
        let rows = spots.map(|(spot, held)| TargetRow {
            subject: held.map(|_| self.key(spot)).unwrap_or_default(),
            goal: self.figure(target.goal, spot),
            actual: target
                .actual
                .map_or_else(Figure::missing, |actual| self.figure(actual, spot)),
            ..self.target_row(spot)
        });
        rows.collect()
    }

    /// Lists the parts of one level: each record of its table in each period that is shown.
    fn part_rows(
        &self,
        target: &Target,
        level: &TargetLevel,
        at: usize,
        is_last: bool,
    ) -> Vec<TargetRow<'r>> {
        let recalibrated = target.recalibrated.as_ref().filter(|_| is_last);
        let mut rows = Vec::new();
        for (spot, held) in self.held_spots(target, level.part, level.length) {
            let goal = self.figure(level.part, spot);
            if goal.absence == Some(Absence::Missing) {
                continue;
            }
            let key = held.map(|table| self.report.key_text(table, spot.row));
            let is_subject = target.has_subject && held == Some(self.output.payees) && level.of.is_none();
            let unplaced = recalibrated.filter(|found| self.is_first_of(target, found.length, spot));
            rows.push(TargetRow {
                line: TargetLine::Part,
                level: at,
                subject: key.clone().filter(|_| is_subject).unwrap_or_default(),
                part: key.filter(|_| !is_subject),
                of: level.of.and_then(|of| self.record_key(of, spot)),
                goal,
                recalibrated: recalibrated
                    .map_or_else(Figure::missing, |found| self.figure(found.part, spot)),
                unplaced: unplaced.map_or_else(Figure::missing, |found| self.figure(found.unplaced, spot)),
                ..self.target_row(spot)
            });
        }
        rows
    }

    /// Lists what the parts of a level hold beyond the whole.
    fn over_rows(&self, target: &Target, level: &TargetLevel, at: usize) -> Vec<TargetRow<'r>> {
        let Some(over) = level.over else { return Vec::new() };
        let spots = self.held_spots(target, over, level.above).into_iter();
        let rows = spots.map(|(spot, held)| TargetRow {
            line: TargetLine::Over,
            level: at,
            of: held.map(|table| self.report.key_text(table, spot.row)),
            goal: self.figure(over, spot),
            ..self.target_row(spot)
        });
        rows.collect()
    }

    /// Lists for whom a statement has a value and when, once for each of its periods: the record, and its table if the
    /// value is not one for all.
    fn held_spots(
        &self,
        target: &Target,
        id: DefinitionId,
        length: Option<Unit>,
    ) -> Vec<(Spot, Option<TableId>)> {
        let table = self.holders(target, id);
        let records = table.map_or(1, |table| self.report.state.rows(table));
        let is_subject = self.report.full(self.output.is_payee);
        let mut found = Vec::new();
        for (place, period) in self.periods_of(length.unwrap_or(target.whole)) {
            let first = place.saturating_mul(records);
            for row in 0..records {
                let spot = Spot { row, place, period };
                let is_left_out = target.has_subject
                    && table == Some(self.output.payees)
                    && matches!(
                        is_subject.cell(first.saturating_add(row)),
                        Cell::Bool(false) | Cell::Missing
                    );
                if !is_left_out {
                    found.push((spot, table));
                }
            }
        }
        found
    }

    /// Gives the table of the records that a statement has values for.
    fn holders(&self, target: &Target, id: DefinitionId) -> Option<TableId> {
        let definition = self.report.definition(id)?;
        let rows = definition.params.iter().find_map(|param| {
            match self.report.compiled.program.binder(*param)?.domain {
                BinderDomain::Row(table) => Some(table),
                BinderDomain::Period(..) => None,
            }
        });
        // A goal that is the same for each subject is a goal of each subject all the same.
        rows.or(target.has_subject.then_some(self.output.payees))
    }

    /// Lists the periods of a length that are shown, each with the place of the first of its shorter periods that is.
    fn periods_of(&self, unit: Unit) -> Vec<(usize, PeriodKey)> {
        let mut periods: Vec<(usize, PeriodKey)> = Vec::new();
        for (place, period) in self.report.shown_periods(self.output) {
            let period = self.within(period, unit);
            if periods.last().is_none_or(|(_, last)| *last != period) {
                periods.push((place, period));
            }
        }
        periods
    }

    /// Gives the longer period that a period lies in.
    fn within(&self, period: PeriodKey, unit: Unit) -> PeriodKey {
        if period.unit == unit {
            return period;
        }
        let calendar = self.report.compiled.program.calendar(self.calendar());
        let longer = calendar.and_then(|calendar| calendar.containing(period, unit));
        longer.unwrap_or(period)
    }

    /// Says whether a period is the first that is shown of its stretch.
    fn is_first_of(&self, target: &Target, stretch: Option<Unit>, spot: Spot) -> bool {
        let stretches = self.periods_of(stretch.unwrap_or(target.whole));
        stretches.iter().any(|(place, _)| *place == spot.place)
    }

    /// Gives the key of the record that a value is.
    fn record_key(&self, id: DefinitionId, spot: Spot) -> Option<String> {
        let figure = self.figure(id, spot);
        figure.is_there().then_some(figure.text)
    }

    /// Lists what a test rests on: the goal, and the values of the author's own measures.
    fn reasons(&self, target: &Target, spot: Spot) -> Vec<(&'r str, Figure)> {
        let mut found = vec![("goal", self.figure(target.goal, spot))];
        found.extend(self.evidence(spot));
        found
    }

    fn target_row(&self, spot: Spot) -> TargetRow<'r> {
        TargetRow {
            target: self.name(),
            title: self.title(),
            line: TargetLine::Goal,
            subject: String::new(),
            period: spot.period,
            period_label: self.label(spot.period),
            level: 0,
            part: None,
            of: None,
            goal: Figure::missing(),
            actual: Figure::missing(),
            recalibrated: Figure::missing(),
            unplaced: Figure::missing(),
            unit: self.unit(),
            decimals: self.decimals(),
        }
    }
}
