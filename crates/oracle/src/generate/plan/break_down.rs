//! Amounts of periods that are broken down to records.

use super::Writer;
use crate::generate::formula::{Grain, Sight};

/// Holds a `break down` that is being written.
pub(super) struct Breaking {
    pub(super) line: String,
    /// The records that its lines have.
    pub(super) sight: Sight,
    pub(super) grain: Grain,
    /// Whether the amount may have no records at all, so that nothing can look at its lines.
    pub(super) is_whole: bool,
}

impl Writer<'_> {
    /// Writes to which records the amount of a period is broken down; only where lines are rounded.
    pub(super) fn break_down(&mut self, name: &str, sight: Sight) -> Option<Breaking> {
        if sight != Sight::Payees || !self.rounds_lines || !self.random.chance(45) {
            return None;
        }
        let sight = if self.random.chance(80) {
            Sight::Deal
        } else {
            Sight::Split
        };
        let (records, grain) = self.records_of(sight);
        let records = records.replacen(" for each ", " among ", 1);
        let weight = match (self.random.below(8), sight) {
            (0, _) => "1",
            (1, _) => "payee.rank - 1",
            (_, Sight::Split) => "row.share",
            (2, _) => "row.amount",
            (3 | 4, _) => "row.units",
            (_, _) => "(if row.amount > CNY 0 then row.amount else CNY 0)",
        };
        let otherwise = self.random.pick(&[
            "",
            "",
            " otherwise equally",
            " otherwise whole",
            " otherwise whole",
            " otherwise equally otherwise whole",
        ]);
        Some(Breaking {
            line: format!("break down {name}{records} by {weight}{otherwise}"),
            sight,
            grain,
            is_whole: otherwise.ends_with("whole"),
        })
    }
}
