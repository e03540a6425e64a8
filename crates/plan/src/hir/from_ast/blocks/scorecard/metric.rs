//! Metrics: the raw value, its points, and the points that count where it is missing.

use guerdon_syntax::ast::{ChainOp, Measure, PlanStatement};

use super::Card;
use super::dimension::Entry;
use super::policy::Policy;
use crate::hir::from_ast::blocks::write::Writer;
use crate::hir::from_ast::reason;
use crate::hir::{Metric, Naming};

impl Card<'_, '_> {
    /// Writes the measures of a metric; `share` is its weight in the dimension.
    pub(super) fn metric(&mut self, entry: &Entry<'_>, share: crate::number::Exact) -> Metric<String> {
        let tree = entry.tree;
        let name = tree.name.text.clone();
        self.written.lenient.push(name.clone());
        self.push(PlanStatement::Measure(Measure {
            name: tree.name.clone(),
            title: tree.title.clone(),
            grain: Vec::new(),
            dated: None,
            value: tree.value.clone(),
            tail: tree.tail.clone(),
            span: tree.span,
        }));
        let score = score_of(&name);
        let value = self.rounded_score(tree);
        self.written.numbers.push(score.clone());
        self.lenient(Writer::at(tree.span), &score, value);
        self.counted(entry);
        Metric {
            naming: Naming {
                name: name.clone(),
                alias: None,
                title: tree.title.as_ref().map(|title| title.value.clone()),
                span: tree.name.span,
            },
            weight: share,
            points: points_of(&name),
            raw: name,
            score,
            reason: reason(&tree.tail),
        }
    }

    /// Writes the points that count where the metric is missing.
    fn counted(&mut self, entry: &Entry<'_>) {
        let w = Writer::at(entry.tree.span);
        let name = &entry.tree.name.text;
        let score = || w.value(&score_of(name));
        match &entry.policy {
            Policy::Reweight | Policy::NoScore => {}
            Policy::Error => self.strict(w, &counted_of(entry), score()),
            Policy::Score(points) => {
                let points = w.again(points);
                let value = w.pair(score(), ChainOp::Otherwise, points);
                self.push(w.measure(&counted_of(entry), value));
            }
            Policy::Previous => self.kept(entry, w),
        }
    }

    /// Writes the balances that remember the last score, and whether there was one.
    fn kept(&mut self, entry: &Entry<'_>, w: Writer) {
        let name = &entry.tree.name.text;
        let score = || w.value(&score_of(name));
        let (kept, seen) = (format!("{name} kept"), format!("{name} seen"));
        let last = w.pair(score(), ChainOp::Otherwise, w.prior(&kept));
        let none = w.pair(w.number(0), ChainOp::Divide, w.number(1));
        self.push(w.carry(&kept, last, none));
        let was_seen = w.choice(w.is_missing(score()), w.prior(&seen), w.number(1));
        self.push(w.carry(&seen, was_seen, w.number(0)));
        let is_new = w.compare(w.value(&seen), guerdon_syntax::ast::CompareOp::Equal, w.number(0));
        let before = w.choice(is_new, w.missing(), w.value(&kept));
        let value = w.pair(score(), ChainOp::Otherwise, before);
        self.lenient(w, &counted_of(entry), value);
    }
}

/// Names the points of a metric.
pub(super) fn score_of(metric: &str) -> String {
    format!("{metric} score")
}

/// Names a metric's part of the total.
pub(super) fn points_of(metric: &str) -> String {
    format!("{metric} points")
}

/// Names the points that count: those of the metric, or what stands in for them.
pub(super) fn counted_of(entry: &Entry<'_>) -> String {
    let name = &entry.tree.name.text;
    match entry.policy {
        Policy::Reweight | Policy::NoScore => score_of(name),
        Policy::Error | Policy::Score(_) | Policy::Previous => format!("{name} counted"),
    }
}
