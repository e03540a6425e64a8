//! Which figures are told in the words of the block that they belong to.

use std::collections::BTreeMap;

use guerdon_plan::hir::{Block, CardDimension, Contest, Metric, Program, Scorecard, Warning};
use guerdon_plan::types::DefinitionId;

/// What a definition is to the block that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Told<'a> {
    /// The level of a warning.
    Level(&'a Warning),
    /// What a warning asks to be done.
    Actions(&'a Warning),
    /// The prize of a contest.
    Prize(&'a Contest),
    /// The total of a card, rounded or not.
    Total(&'a Scorecard),
    /// The part of a dimension in the total.
    Dimension(&'a CardDimension),
    /// The part of a metric in the total.
    Metric(&'a Metric),
    /// The grade of a card, after gates and distribution.
    Grade(&'a Scorecard),
}

/// Lists the definitions of blocks that are told in the words of the block.
pub(super) fn told(program: &Program) -> BTreeMap<DefinitionId, Told<'_>> {
    let mut told = BTreeMap::new();
    for block in program.plans.iter().filter_map(|plan| plan.block.as_ref()) {
        match block {
            Block::Warning(warning) => {
                told.insert(warning.level, Told::Level(warning));
                told.insert(warning.actions, Told::Actions(warning));
            }
            Block::Contest(contest) => {
                told.extend(contest.prize.map(|prize| (prize, Told::Prize(contest))));
            }
            Block::Scorecard(card) => of_card(card, &mut told),
            Block::Award(_) | Block::Target(_) => {}
        }
    }
    told
}

fn of_card<'a>(card: &'a Scorecard, told: &mut BTreeMap<DefinitionId, Told<'a>>) {
    for (_, dimension) in card.dimensions.iter() {
        if let CardDimension::Counted { points, metrics, .. } = dimension {
            told.extend(metrics.iter().map(|metric| (metric.points, Told::Metric(metric))));
            told.insert(*points, Told::Dimension(dimension));
        }
    }
    told.insert(card.exact_total, Told::Total(card));
    told.insert(card.total, Told::Total(card));
    told.extend(card.grade.map(|grade| (grade, Told::Grade(card))));
}
