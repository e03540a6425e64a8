//! How amounts of periods are broken down to records, and how the books spread what lines cost.

use guerdon_plan::hir::{Amortise, BreakDown, Earn, NoLines, Unweighted};
use guerdon_syntax::{Text, text};

use super::{Chain, Reader};

/// Goes on with what an amount goes through after it is broken down.
pub(super) fn broken_chain(whole: &mut Chain, lines: &Earn) {
    whole.links.push(text!("break down", "拆分"));
    whole.links.extend(settling_links(lines));
}

/// Lists what becomes of lines before they are paid.
pub(super) fn settling_links(earn: &Earn) -> impl Iterator<Item = Text> {
    let release = earn.release.as_ref().map(|_| text!("release", "放行"));
    let clawback = earn.clawback.as_ref().map(|_| text!("claw back", "追回"));
    let review = earn.review.as_ref().map(|_| text!("hold for review", "待复核"));
    let hold = earn.hold.as_ref().map(|_| text!("keep back", "留存"));
    [release, clawback, review, hold].into_iter().flatten()
}

impl Reader<'_> {
    /// Says how an amount is divided among the lines of its payee and period.
    pub(super) fn broken_down(self, broken: &BreakDown) -> Text {
        let weight = self.said(&broken.weight);
        let without = match (broken.unweighted, broken.without) {
            (Unweighted::Equal, NoLines::Whole) => text!(
                "equally where all are zero; where there is no line it stays whole",
                "全为零时均等；没有明细时保持整笔"
            ),
            (Unweighted::Equal, NoLines::Refused) => text!(
                "equally where all are zero; an error where there is no line",
                "全为零时均等；没有明细则报错"
            ),
            (Unweighted::Refused | Unweighted::Nothing, NoLines::Whole) => text!(
                "where there is no line, or all are zero, it stays whole",
                "没有明细或全为零时保持整笔"
            ),
            (Unweighted::Refused | Unweighted::Nothing, NoLines::Refused) => text!(
                "an error where there is no line, or all are zero",
                "没有明细或全为零则报错"
            ),
        };
        text!(
            "the amount of the period, in proportion to {weight}, to the cent by largest remainder; {without}",
            "将本期金额按 {weight} 的比例拆分，以最大余数法分毫不差；{without}";
            without
        )
    }

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
