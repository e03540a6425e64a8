//! Scorecards: a row for each metric, each dimension and the total.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{Block, CardDimension, Dimension, Scorecard};
use guerdon_plan::number::Exact;
use guerdon_plan::types::{DefinitionId, Scalar};

use super::{Figure, Reader, Spot, readable};
use crate::report::Report;

/// One line of one subject's scorecard in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct CardRow<'r> {
    /// The scorecard.
    pub card: &'r str,
    /// Its title, otherwise its name.
    pub title: &'r str,
    /// The key of the subject.
    pub subject: String,
    /// The period.
    pub period: PeriodKey,
    /// The period as it is written.
    pub period_label: String,
    /// Which line.
    pub part: CardPart<'r>,
    /// The share of the whole that it has: a metric's in its dimension, a dimension's in the card; 1 for the total.
    pub weight: Option<Exact>,
    /// The raw value of a metric.
    pub raw: Figure,
    /// The score: normalised for a metric, weighted for a dimension, rounded for the total.
    pub score: Figure,
    /// What the score has changed by since the period before; missing where there is none.
    pub change: Figure,
    /// What it adds to the total.
    pub points: Figure,
    /// The grade, after gates and distribution; in the total's line.
    pub grade: Figure,
    /// The grade before gates and distribution.
    pub unforced_grade: Figure,
    /// The multiplier of the grade.
    pub multiplier: Figure,
    /// Why a dimension is left out, or why a metric is there.
    pub because: Option<&'r str>,
}

/// Says what a line of a scorecard is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardPart<'r> {
    /// A metric: of a dimension, its name and title.
    Metric(Dimension, &'r str, &'r str),
    /// A dimension, with its title.
    Dimension(Dimension, &'r str),
    /// A dimension that is left out.
    LeftOut(Dimension),
    /// The total.
    Total,
}

impl Report<'_> {
    /// Lists the scorecards: in order of card, period, subject; the metrics of each dimension, the dimension, and at
    /// last the total.
    pub fn scorecards(&self) -> Vec<CardRow<'_>> {
        let mut rows = Vec::new();
        for reader in self.blocks() {
            if let Block::Scorecard(card) = reader.block {
                for spot in reader.spots() {
                    rows.extend(reader.card_rows(card, spot));
                }
            }
        }
        rows
    }
}

impl<'r> Reader<'r> {
    fn card_rows(&self, card: &'r Scorecard, spot: Spot) -> Vec<CardRow<'r>> {
        let mut rows = Vec::new();
        for (dimension, held) in card.dimensions.iter() {
            match held {
                CardDimension::LeftOut(reason) => rows.push(CardRow {
                    because: reason.because.as_deref(),
                    ..self.card_row(CardPart::LeftOut(dimension), spot)
                }),
                CardDimension::Counted {
                    naming,
                    weight,
                    score,
                    points,
                    metrics,
                } => {
                    rows.extend(metrics.iter().map(|metric| {
                        let name = metric.naming.name.as_str();
                        let title = metric.naming.title.as_deref().unwrap_or(name);
                        CardRow {
                            weight: Some(metric.weight.clone()),
                            raw: self.figure(metric.raw, spot),
                            score: self.figure(metric.score, spot),
                            change: self.change(metric.score, spot),
                            points: self.figure(metric.points, spot),
                            because: metric.reason.because.as_deref(),
                            ..self.card_row(CardPart::Metric(dimension, name, title), spot)
                        }
                    }));
                    let title = naming.title.as_deref().unwrap_or(dimension.word());
                    rows.push(CardRow {
                        weight: Some(weight.clone()),
                        score: self.figure(*score, spot),
                        change: self.change(*score, spot),
                        points: self.figure(*points, spot),
                        ..self.card_row(CardPart::Dimension(dimension, title), spot)
                    });
                }
            }
        }
        let optional = |id: Option<_>| id.map_or_else(Figure::missing, |id| self.figure(id, spot));
        rows.push(CardRow {
            weight: Some(Exact::ONE),
            score: self.figure(card.total, spot),
            change: self.change(card.total, spot),
            points: self.figure(card.exact_total, spot),
            grade: optional(card.grade),
            unforced_grade: optional(card.unforced_grade),
            multiplier: optional(card.multiplier),
            ..self.card_row(CardPart::Total, spot)
        });
        rows
    }

    /// Compares a score with that of the card before.
    fn change(&self, id: DefinitionId, spot: Spot) -> Figure {
        let before = self.before(spot).and_then(|before| self.figure(id, before).exact);
        let now = self.figure(id, spot).exact;
        let change = now.zip(before).and_then(|(now, before)| now.sub(&before).ok());
        change.map_or_else(Figure::missing, |change| {
            let sign = if change.is_positive() { "+" } else { "" };
            Figure {
                text: change.to_string(),
                shown: format!("{sign}{}", readable(&change, Scalar::Number)),
                exact: Some(change),
                absence: None,
            }
        })
    }

    fn card_row(&self, part: CardPart<'r>, spot: Spot) -> CardRow<'r> {
        CardRow {
            card: self.name(),
            title: self.title(),
            subject: self.key(spot),
            period: spot.period,
            period_label: self.label(spot.period),
            part,
            weight: None,
            raw: Figure::missing(),
            score: Figure::missing(),
            change: Figure::missing(),
            points: Figure::missing(),
            grade: Figure::missing(),
            unforced_grade: Figure::missing(),
            multiplier: Figure::missing(),
            because: None,
        }
    }
}
