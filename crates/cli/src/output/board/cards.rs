//! Scorecards: the total and its grade, four dimensions with bars, their metrics.

use guerdon::report::{CardPart, CardRow, Report};
use guerdon_plan::hir::Dimension;
use guerdon_plan::number::{Exact, Rounding, format_percent_to};
use guerdon_syntax::{Text, text};

use super::{MOST_LINES, Page, bar};
use crate::output::grid::{heads, lean};
use crate::output::tame;

/// The most subjects whose metrics are shown; of more, only the totals.
const MOST_DETAILED: usize = 8;

impl Page {
    /// Gives a board for each card and period.
    pub(super) fn cards(self, report: &Report<'_>) -> String {
        let rows = report.scorecards();
        rows.chunk_by(|one, other| one.card == other.card && one.period == other.period)
            .map(|rows| self.card(rows))
            .collect()
    }

    fn card(self, rows: &[CardRow<'_>]) -> String {
        let Some(first) = rows.first() else {
            return String::new();
        };
        let columns = [
            text!("Who", "对象"),
            text!("Weight", "权重"),
            text!("", ""),
            text!("Value", "实际值"),
            text!("Score", "得分"),
            text!("Change", "较上期"),
            text!("Points", "计入总分"),
            text!("Grade", "等级"),
        ];
        let mut lines = Vec::new();
        let subjects = rows.chunk_by(|one, other| one.subject == other.subject);
        let count = subjects.clone().count();
        for rows in subjects.clone().take(MOST_LINES) {
            self.totals(&mut lines, rows);
            if count <= MOST_DETAILED {
                self.details(&mut lines, rows);
            }
        }
        let is_number = |place| matches!(place, 1 | 3..=6);
        let board = lean(heads(self.language, columns), is_number, lines);
        let heading = format!("{} – {}", tame(first.title), first.period_label);
        let left_out = subjects.clone().next().map(|rows| self.left_out(rows));
        format!(
            "{}{}",
            self.framed(&heading, &board, count).trim_end_matches('\n'),
            left_out.unwrap_or_default()
        )
    }

    fn totals(self, lines: &mut Vec<[String; 8]>, rows: &[CardRow<'_>]) {
        for row in rows.iter().filter(|row| row.part == CardPart::Total) {
            let grade = if row.grade.text == row.unforced_grade.text {
                row.grade.shown.clone()
            } else {
                let (grade, own) = (&row.grade.shown, self.figure(&row.unforced_grade));
                self.say(&text!("{grade} (was {own})", "{grade}（原为 {own}）"))
            };
            lines.push([
                tame(&row.subject),
                String::new(),
                length(row),
                String::new(),
                self.figure(&row.score),
                change(row),
                String::new(),
                tame(&grade),
            ]);
        }
    }

    /// Lists the dimensions, each with its metrics below it.
    fn details(self, lines: &mut Vec<[String; 8]>, rows: &[CardRow<'_>]) {
        let mut metrics: Vec<&CardRow<'_>> = Vec::new();
        for row in rows {
            match row.part {
                CardPart::Metric(..) => metrics.push(row),
                CardPart::Dimension(dimension, title) => {
                    lines.push(self.line(row, &format!("  {}", self.title(dimension, title))));
                    for metric in metrics.drain(..) {
                        if let CardPart::Metric(_, _, title) = metric.part {
                            lines.push(self.line(metric, &format!("    {}", tame(title))));
                        }
                    }
                }
                CardPart::LeftOut(_) | CardPart::Total => {}
            }
        }
    }

    fn line(self, row: &CardRow<'_>, name: &str) -> [String; 8] {
        let weight = row.weight.as_ref().and_then(percent).unwrap_or_default();
        let value = match row.part {
            CardPart::Metric(..) => self.figure(&row.raw),
            CardPart::Dimension(..) | CardPart::LeftOut(_) | CardPart::Total => String::new(),
        };
        [
            name.to_owned(),
            weight,
            length(row),
            value,
            self.figure(&row.score),
            change(row),
            self.figure(&row.points),
            String::new(),
        ]
    }

    fn title(self, dimension: Dimension, title: &str) -> String {
        if title == dimension.word() {
            self.say(&word(dimension))
        } else {
            tame(title)
        }
    }

    /// Says which dimensions the card leaves out, and why.
    fn left_out(self, rows: &[CardRow<'_>]) -> String {
        let lines = rows.iter().filter_map(|row| {
            let CardPart::LeftOut(dimension) = row.part else {
                return None;
            };
            let (name, why) = (word(dimension), tame(row.because.unwrap_or_default()));
            let words = text!("{name} is left out: {why}", "{name}不计：{why}"; name);
            Some(format!("  {}\n", self.say(&words)))
        });
        let lines: String = lines.collect();
        format!("\n{lines}\n")
    }
}

fn word(dimension: Dimension) -> Text {
    match dimension {
        Dimension::Financial => text!("financial", "财务"),
        Dimension::Customer => text!("customer", "客户"),
        Dimension::Competitive => text!("competitive", "竞争"),
        Dimension::Collaboration => text!("collaboration", "协作"),
    }
}

/// Says by how much a score has changed since the last card; nothing where there was none.
fn change(row: &CardRow<'_>) -> String {
    match row.change.is_there() {
        true => row.change.shown.clone(),
        false => String::new(),
    }
}

fn length(row: &CardRow<'_>) -> String {
    let score = row.score.exact.as_ref();
    let share = score.and_then(|score| score.div(&Exact::from_i64(100)).ok());
    share.map(|share| bar(&share)).unwrap_or_default()
}

fn percent(weight: &Exact) -> Option<String> {
    format_percent_to(weight, Rounding::HalfUp, 1).ok()
}
