//! What contests, awards, warnings and scorecards show of whom they are about, period by period.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{Block, CardDimension, Plan};
use guerdon_plan::types::{DefinitionId, PlanId};

use super::{Outputs, periods};
use crate::oracle::Oracle;
use crate::value::{Cell, V};
use crate::words::{cell_text, label, value_text};

/// Adds the cells of a plan's block.
pub(super) fn add(oracle: &Oracle<'_>, id: PlanId, plan: &Plan, block: &Block, outputs: &mut Outputs) {
    for period in periods(oracle, id) {
        for row in oracle.subjects_in_doubt(id, period) {
            let spot = Spot {
                oracle,
                place: format!(
                    "{}[{}, {}]",
                    plan.naming.name,
                    value_text(oracle.program(), oracle.records(), &row),
                    label(oracle.program(), plan.calendar, period)
                ),
                row,
                period,
            };
            spot.add(block, outputs);
        }
    }
}

/// Holds one whom a block is about, in a period.
struct Spot<'o, 'a> {
    oracle: &'o Oracle<'a>,
    place: String,
    row: V,
    period: PeriodKey,
}

impl Spot<'_, '_> {
    fn add(&self, block: &Block, outputs: &mut Outputs) {
        match block {
            Block::Contest(contest) => {
                self.show("rank", Some(contest.rank), outputs);
                // Who has no place shares it with nobody.
                if self.cell(contest.rank) != Ok(None) {
                    self.show("tied", Some(contest.tied), outputs);
                }
                self.show("score", Some(contest.score), outputs);
                self.show("prize", contest.prize, outputs);
                self.show("honour", contest.honour, outputs);
                self.show("reached", contest.reached, outputs);
            }
            Block::Award(award) => {
                for grant in &award.grants {
                    if self.cell(grant.granted) == Ok(Some(V::Bool(true))) {
                        let name = &grant.naming.name;
                        outputs.insert(format!("{}.{name}", self.place), "granted".to_owned());
                        self.show(&format!("{name}.cash"), grant.cash, outputs);
                    }
                }
            }
            Block::Warning(warning) => self.show("level", Some(warning.level), outputs),
            Block::Scorecard(card) => {
                for (_, dimension) in card.dimensions.iter() {
                    if let CardDimension::Counted { metrics, .. } = dimension {
                        for metric in metrics {
                            let name = &metric.naming.name;
                            self.show(&format!("{name}.raw"), Some(metric.raw), outputs);
                            self.show(&format!("{name}.score"), Some(metric.score), outputs);
                            self.show(&format!("{name}.points"), Some(metric.points), outputs);
                        }
                    }
                }
                self.show("total", Some(card.total), outputs);
                self.show("exact", Some(card.exact_total), outputs);
                self.show("grade", card.grade, outputs);
                self.show("unforced", card.unforced_grade, outputs);
                self.show("multiplier", card.multiplier, outputs);
            }
            Block::Target(_) => {}
        }
    }

    fn cell(&self, id: DefinitionId) -> Cell {
        self.oracle.of_subject(id, &self.row, self.period)
    }

    fn show(&self, what: &str, id: Option<DefinitionId>, outputs: &mut Outputs) {
        if let Some(id) = id {
            let text = cell_text(self.oracle.program(), self.oracle.records(), &self.cell(id));
            outputs.insert(format!("{}.{what}", self.place), text);
        }
    }
}
