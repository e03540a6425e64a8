//! Contests, awards, warnings, scorecards and targets, as tables.
//!
//! A block is a plan whose statements are written by rule, so its values are in the run's columns like any others; the
//! block itself says which of them is the score, the level or the grade.

mod awards;
mod scorecards;
mod standings;
mod targets;
mod warnings;

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::graph::{Frame, PlanOutput};
use guerdon_plan::hir::{Block, Definition, PaysIn, Plan};
use guerdon_plan::number::Exact;
use guerdon_plan::types::{BinderId, CalendarId, DefinitionId, Scalar};

pub use self::awards::AwardRow;
pub use self::scorecards::{CardPart, CardRow};
pub use self::standings::StandingRow;
pub use self::targets::{SmartResult, SmartRow, TargetLine, TargetRow};
pub use self::warnings::{ActionKind, ActionRow, Event, WarningRow};

use super::names::readable;
use super::{Absence, Report, node_of, unit_name};
use crate::column::Cell;

/// A value as it is shown, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The value as text: numbers in plain decimals, or as a fraction where they have no end; empty where there is none.
    pub text: String,
    /// The value for a person who looks at it: amounts with their currency, of many decimals the first two; empty where
    /// there is none.
    pub shown: String,
    /// The value, where it is a number.
    pub exact: Option<Exact>,
    /// Why there is no value, if there is none.
    pub absence: Option<Absence>,
}

impl Figure {
    /// Makes the figure of something that is not there.
    fn missing() -> Self {
        Self {
            text: String::new(),
            shown: String::new(),
            exact: None,
            absence: Some(Absence::Missing),
        }
    }

    /// Says whether there is a value.
    pub const fn is_there(&self) -> bool {
        self.absence.is_none()
    }
}

/// One subject of a block in one period.
#[derive(Clone, Copy)]
struct Spot {
    row: usize,
    place: usize,
    period: PeriodKey,
}

/// A block, with what is needed to read its values.
struct Reader<'r> {
    report: &'r Report<'r>,
    output: &'r PlanOutput,
    plan: &'r Plan,
    block: &'r Block,
    /// What the author's own statements say of each subject.
    own: Vec<DefinitionId>,
}

impl Report<'_> {
    /// Lists the blocks in the order of the rule files.
    fn blocks(&self) -> Vec<Reader<'_>> {
        let outputs = self.compiled.graph.outputs.iter();
        outputs.filter_map(|output| self.block(output)).collect()
    }

    fn block<'r>(&'r self, output: &'r PlanOutput) -> Option<Reader<'r>> {
        let plan = self.plan(output.plan)?;
        let block = plan.block.as_ref()?;
        let own = plan.definitions.iter().copied().filter(|id| {
            self.definition(*id)
                .is_some_and(|found| is_evidence(found, plan) && !is_part(block, *id))
        });
        Some(Reader {
            report: self,
            output,
            plan,
            block,
            own: own.collect(),
        })
    }
}

impl Report<'_> {
    /// Lists the subjects and periods in which what a block is for is an error: a place, a prize, an honour, a level, a
    /// grade.
    pub(super) fn unknown_parts(&self, output: &PlanOutput) -> Vec<(usize, PeriodKey, u32)> {
        let Some(reader) = self.block(output) else {
            return Vec::new();
        };
        let shown = answers(reader.block);
        let mut found = Vec::new();
        for spot in reader.spots() {
            let errors = shown.iter().filter_map(|id| {
                let error = reader.read(*id, spot, |cell| {
                    if let Cell::Error(error) = cell {
                        Some(*error)
                    } else {
                        None
                    }
                });
                error.flatten()
            });
            found.extend(errors.map(|error| (spot.row, spot.period, error)));
        }
        found
    }
}

impl<'r> Reader<'r> {
    /// Lists the subjects of a period, period by period, in order of their keys.
    fn spots(&self) -> Vec<Spot> {
        let rows = self.report.state.rows(self.output.payees);
        let is_subject = self.report.full(self.output.is_payee);
        let mut found = Vec::new();
        for (place, period) in self.report.shown_periods(self.output) {
            let first = place.saturating_mul(rows);
            let subjects = (0..rows).filter(|row| {
                !matches!(
                    is_subject.cell(first.saturating_add(*row)),
                    Cell::Bool(false) | Cell::Missing
                )
            });
            found.extend(subjects.map(|row| Spot { row, place, period }));
        }
        found
    }

    /// Gives the spot of the same subject one period before, if the run has it.
    fn before(&self, spot: Spot) -> Option<Spot> {
        let window = self.report.state.window(self.output.axis);
        let place = spot
            .place
            .checked_sub(1)
            .filter(|place| *place >= window.horizon_from)?;
        let period = PeriodKey::new(spot.period.unit, spot.period.index.checked_sub(1)?);
        Some(Spot {
            place,
            period,
            ..spot
        })
    }

    /// Gives the value of a definition for a record (of whatever table it is for) in a period.
    fn figure(&self, id: DefinitionId, spot: Spot) -> Figure {
        let Some(definition) = self.report.definition(id) else {
            return Figure::missing();
        };
        self.read(id, spot, |cell| {
            let absence = match cell {
                Cell::Missing => Some(Absence::Missing),
                Cell::Error(_) => Some(Absence::Error),
                _ => None,
            };
            let text = match absence {
                Some(_) => String::new(),
                None => self.report.cell_text(cell, definition.ty.scalar),
            };
            let exact = match cell {
                Cell::Number(number) => Some(number.clone()),
                _ => None,
            };
            let shown = match &exact {
                Some(number) => readable(number, definition.ty.scalar),
                None => text.clone(),
            };
            Figure {
                text,
                shown,
                exact,
                absence,
            }
        })
        .unwrap_or_else(Figure::missing)
    }

    /// Says whether a condition holds; not where it is missing or an error.
    fn holds(&self, id: DefinitionId, spot: Spot) -> Option<bool> {
        self.read(id, spot, |cell| match cell {
            Cell::Bool(holds) => Some(*holds),
            _ => None,
        })
        .flatten()
    }

    /// Gives a whole number; none where it is missing, an error or no such number.
    fn whole(&self, id: DefinitionId, spot: Spot) -> Option<u64> {
        let number = self.figure(id, spot).exact?;
        let (numerator, denominator) = number.parts()?;
        (denominator == 1)
            .then(|| u64::try_from(numerator).ok())
            .flatten()
    }

    fn read<T>(&self, id: DefinitionId, spot: Spot, take: impl FnOnce(&Cell<'_>) -> T) -> Option<T> {
        let node = node_of(self.output, id)?;
        let graph = &self.report.compiled.graph;
        let at = match graph.frame(graph.node(node)?.frame)? {
            Frame::Single => 0,
            Frame::Rows(_) => spot.row,
            Frame::Axis(_) => spot.place,
            Frame::Cells { rows, .. } => {
                let rows = self.report.state.rows(*rows);
                spot.place.checked_mul(rows)?.checked_add(spot.row)?
            }
            Frame::Selected { .. } | Frame::Expanded { .. } => return None,
        };
        let values = self.report.full(node);
        Some(take(&values.cell(at)))
    }

    /// Gives the title of the block, otherwise its name.
    fn title(&self) -> &'r str {
        let naming = &self.plan.naming;
        naming.title.as_deref().unwrap_or(&naming.name)
    }

    fn name(&self) -> &'r str {
        &self.plan.naming.name
    }

    fn unit(&self) -> String {
        unit_name(self.output.pays_in)
    }

    /// Gives the decimals of what the block counts in; none where that has none of its own.
    fn decimals(&self) -> Option<u8> {
        match self.output.pays_in {
            PaysIn::Money(currency) => currency.minor_unit_decimals(),
            PaysIn::Points | PaysIn::Nothing => None,
        }
    }

    fn calendar(&self) -> CalendarId {
        self.plan.calendar
    }

    fn label(&self, period: PeriodKey) -> String {
        self.report.period_label(self.calendar(), period)
    }

    fn key(&self, spot: Spot) -> String {
        self.report.key_text(self.output.payees, spot.row)
    }

    /// Lists the values that the author's own statements have for a subject: the evidence.
    fn evidence(&self, spot: Spot) -> Vec<(&'r str, Figure)> {
        let named = |id: &DefinitionId| {
            let definition = self.report.definition(*id)?;
            Some((definition.naming.name.as_str(), self.figure(*id, spot)))
        };
        self.own.iter().filter_map(named).collect()
    }
}

/// Lists the definitions that a block is there for.
fn answers(block: &Block) -> Vec<DefinitionId> {
    match block {
        Block::Contest(contest) => [Some(contest.rank), contest.prize, contest.honour]
            .into_iter()
            .flatten()
            .collect(),
        Block::Award(award) => {
            let grants = award.grants.iter();
            grants
                .flat_map(|grant| [Some(grant.granted), grant.cash])
                .flatten()
                .collect()
        }
        // What is wrong with a target is said part by part.
        Block::Target(_) => Vec::new(),
        Block::Warning(warning) => vec![warning.level],
        Block::Scorecard(card) => [Some(card.total), card.grade].into_iter().flatten().collect(),
    }
}

/// Says whether a statement says something about each subject of a block that a person can read.
fn is_evidence(found: &Definition, plan: &Plan) -> bool {
    let is_of_subject = |param: &BinderId| *param == plan.payee || *param == plan.period;
    !is_internal(&found.naming.name)
        && !matches!(found.ty.scalar, Scalar::Row(_) | Scalar::Period(_))
        && found.params.iter().all(is_of_subject)
}

/// Says whether a name is one that no author can write.
pub(crate) fn is_internal(name: &str) -> bool {
    name.contains(' ')
}

/// Says whether a definition is one of those that make up a block.
pub(super) fn is_part(block: &Block, id: DefinitionId) -> bool {
    let mut is_found = false;
    let _ = block.clone().rename(&mut |part| {
        is_found |= part == id;
        Some(())
    });
    is_found
}
