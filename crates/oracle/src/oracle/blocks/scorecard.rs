//! Scorecards: weighted points added up, with the rule for what is missing.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{CardDimension, Metric, Scorecard};
use guerdon_syntax::ast::{self, DimensionBody, MetricMissing, RoundStep, ScorecardStatement, TooLittle};

use super::{Reader, figure, sum};
use crate::value::{ErrorKind, Number, V, add, div, mul, number, whole, zero};

/// Says what comes of a card.
enum Total {
    Is(Number),
    Missing,
    /// An error, or something that is not worked out here.
    Open,
}

impl Reader<'_, '_> {
    pub(super) fn scorecard(&mut self, tree: &ast::Scorecard, block: &Scorecard) {
        self.weights(block);
        for period in self.periods() {
            for row in self.subjects(period).unwrap_or_default() {
                let expected = match self.total(tree, block, &row, period) {
                    Ok(Total::Is(total)) => Ok(Some(V::Number(total))),
                    Ok(Total::Missing) => Ok(None),
                    Ok(Total::Open) | Err(_) => continue,
                };
                let found = self.cell(block.exact_total, &row, period);
                self.expect("total", &row, period, (&found, &expected));
                self.rounded_scores(tree, block, &row, period);
            }
        }
    }

    /// The weights of the dimensions make a whole, and so do those of the metrics of each.
    fn weights(&mut self, block: &Scorecard) {
        let one = Ok(Some(V::Number(whole(1))));
        let mut all = Vec::new();
        for (_, dimension) in block.dimensions.iter() {
            if let CardDimension::Counted { weight, metrics, .. } = dimension {
                all.push(number(weight));
                let metrics: Vec<Number> = metrics.iter().map(|metric| number(&metric.weight)).collect();
                let found = Ok(Some(V::Number(sum(&metrics))));
                self.expect("weights", &V::Bool(true), PeriodKey::month(1, 1), (&found, &one));
            }
        }
        let found = Ok(Some(V::Number(sum(&all))));
        self.expect("weights", &V::Bool(true), PeriodKey::month(1, 1), (&found, &one));
    }

    /// The score of a metric that is rounded is a whole number of its steps.
    fn rounded_scores(&mut self, tree: &ast::Scorecard, block: &Scorecard, row: &V, period: PeriodKey) {
        for (_, dimension) in block.dimensions.iter() {
            let CardDimension::Counted { metrics, .. } = dimension else {
                continue;
            };
            for metric in metrics {
                let rounded = tree_of(tree, metric).and_then(|tree| tree.rounded.as_ref());
                let Some(RoundStep::To(step)) = rounded.map(|rounded| &rounded.step) else {
                    continue;
                };
                let (Ok(Some(score)), Some(step)) = (self.number(metric.score, row, period), figure(step))
                else {
                    continue;
                };
                let found = Ok(div(&score, &step).ok().map(|steps| V::Bool(steps.is_integer())));
                let expected = Ok(Some(V::Bool(true)));
                self.expect("whole steps", row, period, (&found, &expected));
            }
        }
    }

    fn total(
        &self,
        tree: &ast::Scorecard,
        block: &Scorecard,
        row: &V,
        period: PeriodKey,
    ) -> Result<Total, ErrorKind> {
        let (mut scores, mut weights, mut present) = (zero(), zero(), zero());
        let mut rules = Vec::new();
        for (_, dimension) in block.dimensions.iter() {
            let CardDimension::Counted { weight, metrics, .. } = dimension else {
                continue;
            };
            let (mut points, mut own) = (zero(), zero());
            for metric in metrics {
                let share = number(&metric.weight);
                let rule = rule_of(tree, metric);
                match (self.number(metric.score, row, period)?, rule) {
                    (Some(score), rule) => {
                        points = add(&points, &mul(&share, &score));
                        own = add(&own, &share);
                        rules.extend(rule);
                    }
                    (None, Some(MetricMissing::Score(score))) => {
                        points = add(&points, &mul(&share, &figure(score).unwrap_or_else(zero)));
                        own = add(&own, &share);
                    }
                    (None, Some(rule @ MetricMissing::Reweight(..))) => rules.push(rule),
                    (None, Some(MetricMissing::NoScore)) => return Ok(Total::Missing),
                    (None, Some(MetricMissing::Error | MetricMissing::Previous) | None) => {
                        return Ok(Total::Open);
                    }
                }
            }
            present = add(&present, &mul(&number(weight), &own));
            if own > zero() {
                scores = add(&scores, &mul(&number(weight), &div(&points, &own)?));
                weights = add(&weights, &number(weight));
            }
        }
        for rule in rules {
            if let MetricMissing::Reweight(least, otherwise) = rule
                && figure(least).is_some_and(|least| present < least)
            {
                return Ok(match otherwise {
                    TooLittle::Score(score) => figure(score).map_or(Total::Open, Total::Is),
                    TooLittle::NoScore => Total::Missing,
                    TooLittle::Error => Total::Open,
                });
            }
        }
        Ok(Total::Is(div(&scores, &weights)?))
    }
}

/// Finds what a metric does where it is missing: its own rule, otherwise the card's.
fn rule_of<'t>(tree: &'t ast::Scorecard, metric: &Metric) -> Option<&'t MetricMissing> {
    let own = tree_of(tree, metric).and_then(|own| own.missing.as_ref());
    let mut of_card = None;
    for statement in &tree.statements {
        if let ScorecardStatement::Missing(line) = statement {
            of_card = Some(&line.policy);
        }
    }
    own.or(of_card)
}

/// Finds a metric as it is written.
fn tree_of<'t>(tree: &'t ast::Scorecard, metric: &Metric) -> Option<&'t ast::Metric> {
    for statement in &tree.statements {
        if let ScorecardStatement::Dimension(dimension) = statement
            && let DimensionBody::Metrics(_, metrics) = &dimension.body
            && let Some(own) = metrics.iter().find(|own| own.name.text == metric.naming.name)
        {
            return Some(own);
        }
    }
    None
}
