//! What managers look at: leaderboards, honours, warning boards, scorecards with bars, targets.

mod cards;
mod reviews;
mod standings;
mod targets;
mod warnings;

use comfy_table::Table;
use guerdon::plan::Plan;
use guerdon::report::{Absence, Figure, Report};
use guerdon_plan::number::Exact;
use guerdon_syntax::{Language, Text, text};

use super::grid::{NOTHING, language};
use super::tame;

/// The most lines of one board; of more, the first ones are shown.
const MOST_LINES: usize = 200;

/// Gives the boards of all blocks, in the language of the rules.
pub(crate) fn all(plan: &Plan, report: &Report<'_>) -> String {
    let page = Page {
        language: language(plan),
    };
    [
        page.standings(report),
        page.honours(report),
        page.warnings(report),
        page.cards(report),
        page.targets(report),
        page.reviews(report),
    ]
    .concat()
}

/// What boards are written in.
#[derive(Clone, Copy)]
struct Page {
    language: Language,
}

impl Page {
    fn say(self, words: &Text) -> String {
        words.get(self.language).to_owned()
    }

    /// Puts a heading above a board and says below it how many lines were left out.
    fn framed(self, heading: &str, board: &Table, lines: usize) -> String {
        format!("{heading}\n{board}\n{}\n", self.rest(lines))
    }

    /// Gives a figure for people; `–` where there is none.
    fn figure(self, figure: &Figure) -> String {
        match figure.absence {
            Some(Absence::Missing) => NOTHING.to_owned(),
            Some(Absence::Error) => self.say(&text!("not known", "未知")),
            None => figure.shown.clone(),
        }
    }

    /// Gives the values behind a warning or a test: `sold EUR 60,000.00, reached 0.6`.
    fn evidence(self, values: &[(&str, Figure)]) -> String {
        let parts: Vec<String> = values
            .iter()
            .map(|(name, figure)| format!("{} {}", tame(name), tame(&self.figure(figure))))
            .collect();
        parts.join(", ")
    }

    /// Says how many lines were left out.
    fn rest(self, lines: usize) -> String {
        match lines.checked_sub(MOST_LINES) {
            Some(more) if more > 0 => self.say(&text!(
                "… and {more} more lines; --out writes all of them\n",
                "……另有 {more} 行；用 --out 写出全部\n"
            )),
            Some(_) | None => String::new(),
        }
    }
}

/// Draws a bar of a share of one, ten cells wide.
fn bar(share: &Exact) -> String {
    const CELLS: usize = 10;
    let tenths = share
        .mul(&Exact::from_i64(10))
        .ok()
        .and_then(|tenths| tenths.parts())
        .and_then(|(numerator, denominator)| numerator.checked_div(denominator));
    let full = tenths
        .and_then(|tenths| usize::try_from(tenths.max(0)).ok())
        .unwrap_or(0)
        .min(CELLS);
    format!("{}{}", "█".repeat(full), "░".repeat(CELLS.saturating_sub(full)))
}
