//! The steps of what is cut, looked at and kept back.

use guerdon_plan::hir::{CutOrder, Earn, Excess, Hold, Review, RoundingRule};
use guerdon_syntax::{Text, text};

use super::{Reader, Stage, Step, spine, step};

impl Reader<'_> {
    /// Adds the caps of an earn: what they cut, how, and what becomes of it.
    pub(super) fn caps(self, earn: &Earn, at_line: Option<&RoundingRule>, steps: &mut Vec<Step>) {
        let name = &earn.naming.name;
        for cap in earn.caps() {
            let (at, unit) = (self.said(&cap.at), spine::unit(cap.every));
            let again = match at_line {
                Some(_) => text!("; the line that is cut is rounded again", "；被截的行再次舍入"),
                None => Text::default(),
            };
            let words = match cap.cut {
                CutOrder::LatestFirst => text!(
                    "the running total of the {unit} at most {at}: the line that passes it is cut, later ones are nothing{again}",
                    "每{unit}累计最多 {at}：越过的行被截断，其后各行为零{again}"; unit, again
                ),
                CutOrder::InProportion => text!(
                    "the running total of the {unit} at most {at}: the lines of a period are cut in proportion",
                    "每{unit}累计最多 {at}：同期各行按比例截断"; unit
                ),
            };
            let fate = match cap.excess {
                Excess::Forfeited => text!("; the excess is forfeited", "；超额作废"),
                Excess::Carried => text!(
                    "; the excess is paid later, as there is room",
                    "；超额在以后期间有余额时发放"
                ),
                Excess::Review => text!("; the excess is to be looked at", "；超额待复核"),
            };
            let with = earn.shared.as_ref().filter(|shared| shared.cap.span == cap.span);
            let with = match with {
                Some(_) => text!(", together with other earns", "（与其他计提合计）"),
                None => Text::default(),
            };
            let words = text!("{words}{with}{fate}", "{words}{with}{fate}"; words, with, fate);
            steps.push(step(Stage::Cap, name, words, Some(&cap.reason), cap.span));
        }
    }

    /// Says which lines wait for a decision, and until when.
    pub(super) fn reviewed(self, review: &Review) -> Text {
        let when = self.said(&review.when);
        match &review.until {
            Some(until) => {
                let until = self.said(until);
                text!(
                    "lines with {when} are held until {until}",
                    "{when} 的行暂缓，直至 {until}"
                )
            }
            None => text!("lines with {when} are held", "{when} 的行暂缓"),
        }
    }

    /// Says what is kept back, and until when.
    pub(super) fn kept_back(self, hold: &Hold) -> Text {
        let (share, until) = (self.said(&hold.share), self.said(&hold.until));
        match &hold.ceiling {
            Some(most) => {
                let most = self.said(most);
                text!(
                    "keep back {share}, at most {most} in all, until {until}",
                    "留存 {share}，合计不超过 {most}，直至 {until}"
                )
            }
            None => text!("keep back {share} until {until}", "留存 {share}，直至 {until}"),
        }
    }
}
