//! What a missing metric does: to the card, and to itself.

use guerdon_syntax::ast::{Decimal, Literal, LiteralKind, Metric, MetricMissing, Scorecard, TooLittle};
use guerdon_syntax::{Code, Diagnostic, Fix, Sink, Span, text};

use super::weight::weight_of;
use super::{Lines, metrics_of};
use crate::number::Exact;

/// Says what a metric does where it is missing.
#[derive(Debug, Clone)]
pub(super) enum Policy {
    /// The card is an error.
    Error,
    /// The card has no score.
    NoScore,
    /// The metric has so many points.
    Score(Literal),
    /// The metric keeps the score that it had last; before it had one, the card has none.
    Previous,
    /// The other metrics take its weight, by one of the rules.
    Reweight,
}

/// Holds a rule about cards of which too little is present.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    /// The share of the card's weights that must be present.
    pub(super) least: Exact,
    /// What happens where less is.
    pub(super) otherwise: TooLittle,
    /// The metrics that the rule is about.
    pub(super) metrics: Vec<String>,
}

/// Holds what missing metrics do on a card.
pub(super) struct Rules {
    default: MetricMissing,
    /// The rules of re-weighting, in order of first mention.
    pub(super) list: Vec<Rule>,
}

impl Rules {
    /// Reads the line of the card; without one, weights move to the others while 70% of the card are present.
    pub(super) fn read(lines: &Lines<'_>, tree: &Scorecard, sink: &mut Sink) -> Rules {
        let mut metrics = lines
            .dimensions
            .iter()
            .flat_map(|dimension| metrics_of(dimension));
        if lines.missing.is_none() && metrics.any(|metric| metric.missing.is_none()) {
            push_unsaid(tree, sink);
        }
        let default = match lines.missing {
            Some((policy, _)) => policy.clone(),
            None => MetricMissing::Reweight(seventy_percent(tree.name.span), TooLittle::NoScore),
        };
        Rules {
            default,
            list: Vec::new(),
        }
    }

    /// Gives the policy of a metric: its own, otherwise the card's.
    pub(super) fn of(&mut self, metric: &Metric) -> Policy {
        let policy = metric.missing.as_ref().unwrap_or(&self.default);
        match policy {
            MetricMissing::Error => Policy::Error,
            MetricMissing::NoScore => Policy::NoScore,
            MetricMissing::Score(points) => Policy::Score(points.clone()),
            MetricMissing::Previous => Policy::Previous,
            MetricMissing::Reweight(least, otherwise) => {
                let (least, otherwise) = (weight_of(least), otherwise.clone());
                self.note(least, otherwise, &metric.name.text);
                Policy::Reweight
            }
        }
    }

    /// Notes that a rule is about a metric.
    fn note(&mut self, least: Exact, otherwise: TooLittle, metric: &str) {
        let known = self
            .list
            .iter()
            .position(|rule| rule.least == least && is_same(&rule.otherwise, &otherwise));
        let at = known.unwrap_or(self.list.len());
        if known.is_none() {
            self.list.push(Rule {
                least,
                otherwise,
                metrics: Vec::new(),
            });
        }
        if let Some(rule) = self.list.get_mut(at) {
            rule.metrics.push(metric.to_owned());
        }
    }
}

fn is_same(one: &TooLittle, other: &TooLittle) -> bool {
    match (one, other) {
        (TooLittle::Score(one), TooLittle::Score(other)) => weight_of(one) == weight_of(other),
        (TooLittle::Error, TooLittle::Error) | (TooLittle::NoScore, TooLittle::NoScore) => true,
        (TooLittle::Score(_) | TooLittle::Error | TooLittle::NoScore, _) => false,
    }
}

fn seventy_percent(span: Span) -> Literal {
    let decimal = Decimal {
        is_negative: false,
        digits: "70".to_owned(),
        exponent: -2,
    };
    Literal {
        kind: LiteralKind::Percent(decimal),
        written: "70%".to_owned(),
        span,
    }
}

fn push_unsaid(tree: &Scorecard, sink: &mut Sink) {
    let name = &tree.name.text;
    let title = text!(
        "\"{name}\" does not say what a missing metric does",
        "“{name}”没有写明指标缺失时如何处理"
    );
    let line = text!(
        "missing metric reweight when at least 70% present otherwise none",
        "缺失 指标项 重新加权 当 保底 70% 齐备 缺省 无"
    );
    sink.push(
        Diagnostic::remark(Code::W0710, title)
            .primary(
                tree.name.span,
                text!(
                    "the other metrics take its weight if 70% of the card are present; otherwise there is no score",
                    "齐备的权重达 70% 时由其他指标分担，否则没有得分"
                ),
            )
            .note(text!(
                "The same data can give another grade under another rule, so it is better written down.",
                "同样的数据在不同规则下可能得到不同等级，最好写明。"
            ))
            .fix(Fix::advice(text!("write it down", "写明"), line)),
    );
}
