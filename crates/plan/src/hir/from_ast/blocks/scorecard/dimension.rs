//! The four dimensions: each is there with its metrics, or left out with a reason.

use guerdon_syntax::ast::{self, DimensionBody, Literal, Name, Tail};
use guerdon_syntax::keyword::builtin_field;
use guerdon_syntax::{Code, Diagnostic, Fix, Sink, Text, suggest, text};

use super::super::push_twice;
use super::Lines;
use super::policy::{Policy, Rules};
use super::weight::{require_whole, sum, weight_of};
use crate::hir::{ByDimension, Dimension};
use crate::number::Exact;

/// Holds the dimensions of a card.
pub(super) struct Dimensions<'a> {
    by: ByDimension<Slot<'a>>,
    /// The weights of those that count, added up: 1 unless weights are proportions.
    pub(super) sum: Exact,
}

/// Holds one dimension.
#[derive(Debug, Clone, Default)]
pub(super) enum Slot<'a> {
    /// It is not mentioned, which is a fault.
    #[default]
    Absent,
    /// It is left out.
    LeftOut(&'a Tail),
    /// It counts.
    Held(Held<'a>),
}

/// Holds a dimension that counts.
#[derive(Debug, Clone)]
pub(super) struct Held<'a> {
    /// As it is written.
    pub(super) tree: &'a ast::Dimension,
    /// Its weight in the card.
    pub(super) weight: Exact,
    /// The weights of its metrics, added up.
    pub(super) sum: Exact,
    /// Its metrics, in order.
    pub(super) metrics: Vec<Entry<'a>>,
}

/// Holds a metric.
#[derive(Debug, Clone)]
pub(super) struct Entry<'a> {
    /// As it is written.
    pub(super) tree: &'a ast::Metric,
    /// Its weight in its dimension.
    pub(super) weight: Exact,
    /// What it does where it is missing.
    pub(super) policy: Policy,
}

impl<'a> Dimensions<'a> {
    /// Reads the dimensions, and reports those that are missing, unknown, twice there or wrongly weighted.
    pub(super) fn read(lines: &Lines<'a>, card: &Name, rules: &mut Rules, sink: &mut Sink) -> Self {
        let mut by: ByDimension<Slot<'a>> = ByDimension::default();
        let mut weights: Vec<&'a Literal> = Vec::new();
        let mut is_complete = true;
        for tree in &lines.dimensions {
            let Some(dimension) = dimension_of(&tree.name) else {
                push_unknown(&tree.name, sink);
                is_complete = false;
                continue;
            };
            let slot = by.get_mut(dimension);
            if let Slot::Held(Held { tree: first, .. }) = slot {
                push_twice(sink, tree.name.span, first.name.span);
                continue;
            }
            *slot = match &tree.body {
                DimensionBody::LeftOut(tail) => {
                    require_reason(&tree.name, tail, sink);
                    Slot::LeftOut(tail)
                }
                DimensionBody::Metrics(weight, metrics) => {
                    weights.push(weight);
                    let is_relative = lines.relative.is_some();
                    Slot::Held(held((tree, weight, metrics), is_relative, rules, sink))
                }
            };
        }
        let all: Vec<Exact> = weights.iter().map(|weight| weight_of(weight)).collect();
        let sum = sum(&all);
        if is_complete {
            require_all(&by, card, sink);
            let whose = text!("the dimensions", "各维度");
            require_whole(&weights, &sum, lines.relative.is_some(), (&whose, card), sink);
        }
        Dimensions { by, sum }
    }

    /// Lists the dimensions that count.
    pub(super) fn counted(&self) -> Vec<(Dimension, Held<'a>)> {
        let all = self.by.iter().filter_map(|(dimension, slot)| match slot {
            Slot::Held(held) => Some((dimension, held.clone())),
            Slot::Absent | Slot::LeftOut(_) => None,
        });
        all.collect()
    }

    /// Gives a dimension.
    pub(super) const fn get(&self, dimension: Dimension) -> &Slot<'a> {
        self.by.get(dimension)
    }
}

impl Held<'_> {
    /// Says whether all its metrics may hand their weight to others, so that it can be without a score.
    pub(super) fn is_soft(&self) -> bool {
        self.metrics.iter().all(Entry::is_soft)
    }

    /// Says whether some metric may hand its weight to others.
    pub(super) fn has_soft(&self) -> bool {
        self.metrics.iter().any(Entry::is_soft)
    }
}

impl Entry<'_> {
    /// Says whether others take the weight where the metric is missing.
    pub(super) const fn is_soft(&self) -> bool {
        matches!(self.policy, Policy::Reweight)
    }
}

fn held<'a>(
    (tree, weight, metrics): (&'a ast::Dimension, &'a Literal, &'a [ast::Metric]),
    is_relative: bool,
    rules: &mut Rules,
    sink: &mut Sink,
) -> Held<'a> {
    let metrics: Vec<Entry<'a>> = metrics
        .iter()
        .map(|metric| Entry {
            tree: metric,
            weight: weight_of(&metric.weight),
            policy: rules.of(metric),
        })
        .collect();
    let weights: Vec<Exact> = metrics.iter().map(|metric| metric.weight.clone()).collect();
    let literals: Vec<&Literal> = metrics.iter().map(|metric| &metric.tree.weight).collect();
    let sum = sum(&weights);
    let name = &tree.name.text;
    let whose = text!("the metrics in \"{name}\"", "“{name}”中各指标");
    require_whole(&literals, &sum, is_relative, (&whose, &tree.name), sink);
    if metrics.is_empty() {
        let title = text!("the dimension \"{name}\" has no metric", "维度“{name}”没有指标");
        sink.push(Diagnostic::error(Code::E0118, title).primary(tree.name.span, Text::default()));
    }
    Held {
        tree,
        weight: weight_of(weight),
        sum,
        metrics,
    }
}

fn dimension_of(name: &Name) -> Option<Dimension> {
    let word = builtin_field(&name.text)?;
    Dimension::ALL
        .into_iter()
        .find(|dimension| dimension.word() == word)
}

fn push_unknown(name: &Name, sink: &mut Sink) {
    let written = &name.text;
    let title = text!("there is no dimension \"{written}\"", "没有“{written}”这个维度");
    let fault = Diagnostic::error(Code::E0505, title).primary(
        name.span,
        text!(
            "financial, customer, competitive or collaboration",
            "财务、客户、竞争或协作"
        ),
    );
    let words = [
        "financial",
        "customer",
        "competitive",
        "collaboration",
        "财务",
        "客户",
        "竞争",
        "协作",
    ];
    let fix = suggest::fix(written, name.span, words);
    let fault = fix.into_iter().fold(fault, Diagnostic::fix);
    sink.push(fault.note(text!(
        "Every scorecard has these four; the metrics inside them are free.",
        "每张记分卡都有这四个维度，其中的指标可以自由设定。"
    )));
}

fn require_reason(name: &Name, tail: &Tail, sink: &mut Sink) {
    if tail.because.is_some() {
        return;
    }
    let written = &name.text;
    let title = text!(
        "\"{written}\" is left out without a reason",
        "“{written}”不设而未写理由"
    );
    sink.push(
        Diagnostic::error(Code::E0504, title)
            .primary(name.span, Text::default())
            .fix(Fix::advice(
                text!("write the reason", "写明理由"),
                text!("left out because \"…\"", "不设 因为 “…”"),
            )),
    );
}

/// Reports every dimension that is neither there nor left out.
fn require_all(by: &ByDimension<Slot<'_>>, card: &Name, sink: &mut Sink) {
    for (dimension, slot) in by.iter() {
        if let Slot::Held(_) | Slot::LeftOut(_) = slot {
            continue;
        }
        let (name, of) = (dimension.word(), &card.text);
        let chinese = chinese(dimension);
        let title = text!(
            "\"{of}\" has no dimension \"{name}\"",
            "“{of}”没有“{chinese}”维度"
        );
        sink.push(
            Diagnostic::error(Code::E0504, title)
                .primary(card.span, Text::default())
                .fix(Fix::advice(
                    text!("add it, or say why it is left out", "补上，或写明不设的理由"),
                    text!(
                        "dimension {name} left out because \"…\"",
                        "维度 {chinese} 不设 因为 “…”"
                    ),
                )),
        );
    }
}

const fn chinese(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Financial => "财务",
        Dimension::Customer => "客户",
        Dimension::Competitive => "竞争",
        Dimension::Collaboration => "协作",
    }
}
