//! How the books spread what lines cost.

use guerdon_plan::hir::Amortise;
use guerdon_syntax::{Text, text};

use super::Reader;

impl Reader<'_> {
    /// Says over what a cost is spread.
    pub(super) fn spread_over(self, amortise: &Amortise) -> Text {
        let (months, from) = (self.said(&amortise.months), self.said(&amortise.from));
        match &amortise.until {
            Some(until) => {
                let until = self.said(until);
                text!(
                    "in the books: spread over {months} months from {from}; what is left by {until} is written off",
                    "账上：自 {from} 起分 {months} 个月摊销；{until} 时余额核销"
                )
            }
            None => text!(
                "in the books: spread over {months} months from {from}",
                "账上：自 {from} 起分 {months} 个月摊销"
            ),
        }
    }
}
