//! Counts caps, and amounts that are broken down to records.

use guerdon_plan::hir::{BreakDown, Cap, CutOrder, Earn, Excess, NoLines, Unweighted};

use super::Counts;

impl Counts {
    pub(super) fn broken(&mut self, earn: &Earn, broken: &BreakDown) {
        self.add("earn: broken down");
        if broken.without == NoLines::Whole {
            self.add("earn: broken down or left whole");
        }
        if broken.unweighted == Unweighted::Equal {
            self.add("earn: broken down equally otherwise");
        }
        if earn.amortise.is_some() {
            self.add("earn: broken down and amortised");
        }
        if earn.settling().next().is_some() || earn.hold.is_some() {
            self.add("earn: broken down and settled by line");
        }
    }

    pub(super) fn cap(&mut self, cap: &Cap, has_lines: bool) {
        match (cap.excess, has_lines) {
            (Excess::Forfeited, _) => {}
            (Excess::Carried, true) => self.add("cap: excess of lines carried"),
            (Excess::Carried, false) => self.add("cap: excess of periods carried"),
            (Excess::Review, _) => self.add("cap: excess review"),
        }
        if cap.cut == CutOrder::InProportion {
            self.add("cap: cut in proportion");
        }
    }
}
