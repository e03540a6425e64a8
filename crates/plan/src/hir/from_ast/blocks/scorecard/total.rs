//! From metrics to dimensions, and from dimensions to the total: weights of what is missing move to what is there.

use guerdon_syntax::ast::{ChainOp, CompareOp, Expr, TooLittle};

use super::Card;
use super::dimension::{Entry, Held, Slot};
use super::metric::{counted_of, points_of, score_of};
use super::policy::{Policy, Rule};
use super::weight::share;
use crate::hir::from_ast::blocks::write::Writer;
use crate::hir::from_ast::reason;
use crate::hir::{ByDimension, CardDimension, Dimension, Metric, Naming, Reason};
use crate::number::Exact;

/// The share of the card's weights that have points.
const COUNTED: &str = "counted share";

/// The weights of the dimensions that have a score.
const PRESENT: &str = "weights present";

/// The weighted mean, whatever it rests on.
const WEIGHTED: &str = "weighted total";

impl<'a> Card<'a, '_> {
    /// Writes the metrics and the dimensions, and gives what they are made of.
    pub(super) fn dimensions(&mut self) -> ByDimension<CardDimension<String>> {
        let mut found = ByDimension::<Option<CardDimension<String>>>::default();
        for (dimension, held) in self.dimensions.counted() {
            *found.get_mut(dimension) = Some(self.counted_dimension(dimension, &held));
        }
        found.map(|dimension, counted| {
            counted.unwrap_or_else(|| {
                CardDimension::LeftOut(match self.dimensions.get(dimension) {
                    Slot::LeftOut(tail) => reason(tail),
                    Slot::Absent | Slot::Held(_) => Reason::default(),
                })
            })
        })
    }

    fn counted_dimension(&mut self, dimension: Dimension, held: &Held<'a>) -> CardDimension<String> {
        let metrics: Vec<Metric<String>> = held
            .metrics
            .iter()
            .map(|entry| self.metric(entry, share(&entry.weight, &held.sum)))
            .collect();
        let w = Writer::at(held.tree.span);
        let word = dimension.word();
        let weighted = held.metrics.iter().map(|entry| weighted_metric(w, entry));
        let all = w
            .chain(ChainOp::Add, weighted.collect())
            .unwrap_or_else(|| w.missing());
        if held.has_soft() {
            let weights = held.metrics.iter().map(|entry| weight_present(w, entry));
            let weights = w.chain(ChainOp::Add, weights.collect());
            self.lenient(w, &present(dimension), weights.unwrap_or_else(|| w.number(0)));
        }
        let score = over(w, all, self.weight_of_metrics(w, dimension, held));
        self.lenient(w, word, score);
        CardDimension::Counted {
            naming: Naming {
                name: held.tree.name.text.clone(),
                alias: None,
                title: held.tree.title.as_ref().map(|title| title.value.clone()),
                span: held.tree.name.span,
            },
            weight: share(&held.weight, &self.dimensions.sum),
            score: word.to_owned(),
            points: points_of(word),
            metrics,
        }
    }

    /// Gives what weighted points of a dimension's metrics are divided by; nothing where that is 1.
    fn weight_of_metrics(&self, w: Writer, dimension: Dimension, held: &Held<'_>) -> Option<Expr> {
        if held.has_soft() {
            return Some(w.value(&present(dimension)));
        }
        (held.sum != Exact::ONE).then(|| w.exact(&held.sum))
    }

    /// Gives what weighted scores of dimensions are divided by; nothing where that is 1.
    fn weight_of_dimensions(&self, w: Writer) -> Option<Expr> {
        let held = self.dimensions.counted();
        if held.iter().any(|(_, held)| held.is_soft()) {
            return Some(w.value(PRESENT));
        }
        (self.dimensions.sum != Exact::ONE).then(|| w.exact(&self.dimensions.sum))
    }

    /// Writes the totals, and each part of them.
    pub(super) fn totals(&mut self) {
        let w = self.head;
        let held = self.dimensions.counted();
        let weighted = held.iter().map(|(dimension, held)| {
            let score = w.value(dimension.word());
            let score = match held.is_soft() {
                true => w.pair(score, ChainOp::Otherwise, w.number(0)),
                false => score,
            };
            w.pair(w.exact(&held.weight), ChainOp::Multiply, score)
        });
        let weighted = w.chain(ChainOp::Add, weighted.collect());
        if held.iter().any(|(_, held)| held.is_soft()) {
            let weights = held
                .iter()
                .map(|(dimension, held)| dimension_present(w, *dimension, held));
            let weights = w.chain(ChainOp::Add, weights.collect());
            self.lenient(w, PRESENT, weights.unwrap_or_else(|| w.number(0)));
        }
        let divisor = self.weight_of_dimensions(w);
        let mean = over(w, weighted.unwrap_or_else(|| w.missing()), divisor);
        self.lenient(w, WEIGHTED, mean);
        self.coverage(&held);
        self.exact_total(&held);
        let total = match self
            .lines
            .heads
            .rounding
            .and_then(|(line, _)| line.rounding.as_ref())
        {
            Some(rounding) => w.rounded(w.value("exact total"), rounding.mode, rounding.step.clone()),
            None => w.value("exact total"),
        };
        self.like_total(w, "total", total);
        self.points(&held);
    }

    /// Writes the share of the card's weights that rests on data.
    fn coverage(&mut self, held: &[(Dimension, Held<'a>)]) {
        let w = self.head;
        let of = |entry: &Entry<'_>| score_of(&entry.tree.name.text);
        let share = self.share_with(w, held, &of);
        self.push(w.measure("coverage", share));
    }

    /// Writes the share of the card's weights whose metrics have a value, as a percent.
    fn share_with(
        &self,
        w: Writer,
        held: &[(Dimension, Held<'a>)],
        value: &dyn Fn(&Entry<'_>) -> String,
    ) -> Expr {
        let entries = held.iter().flat_map(|(_, held)| {
            let weight = share(&held.weight, &self.dimensions.sum);
            held.metrics.iter().map(move |entry| {
                let own = share(&entry.weight, &held.sum);
                (entry, weight.mul(&own).unwrap_or(Exact::ZERO))
            })
        });
        let parts = entries.map(|(entry, weight)| {
            let weight = w.exact_percent(&weight);
            w.choice(
                w.is_missing(w.value(&value(entry))),
                w.exact_percent(&Exact::ZERO),
                weight,
            )
        });
        let sum = w.chain(ChainOp::Add, parts.collect());
        sum.unwrap_or_else(|| w.exact_percent(&Exact::ZERO))
    }

    /// Writes the total before rounding: nothing where a metric blocks it, and what the card says where too little of
    /// it is present.
    fn exact_total(&mut self, held: &[(Dimension, Held<'a>)]) {
        let w = self.head;
        let mut total = w.value(WEIGHTED);
        if !self.rules.list.is_empty() {
            let share = self.share_with(w, held, &|entry| counted_of(entry));
            self.push(w.measure(COUNTED, share));
        }
        for (at, rule) in self.rules.list.clone().iter().enumerate().rev() {
            let (condition, short) = (self.is_short(w, rule, held), short_name(at));
            self.push(w.measure(&short, condition));
            let instead = match &rule.otherwise {
                TooLittle::Score(points) => w.again(points),
                TooLittle::NoScore => w.missing(),
                TooLittle::Error => {
                    let name = format!("no total {}", at.saturating_add(1));
                    let total = w.choice(w.value(&short), w.missing(), w.number(0));
                    self.strict(w, &name, total);
                    w.value(&name)
                }
            };
            total = w.choice(w.value(&short), instead, total);
        }
        let blocking = entries(held).filter(|entry| blocks(entry));
        let blocking: Vec<Expr> = blocking
            .map(|entry| w.is_missing(w.value(&counted_of(entry))))
            .collect();
        if !blocking.is_empty() && !self.rules.list.is_empty() {
            total = w.choice(w.any(blocking), w.missing(), total);
        }
        match self.is_sure() {
            true => self.strict(w, "exact total", total),
            false => self.lenient(w, "exact total", total),
        }
    }

    /// Says when too little of the card is present for one rule.
    fn is_short(&self, w: Writer, rule: &Rule, held: &[(Dimension, Held<'a>)]) -> Expr {
        let op = match rule.least.is_positive() {
            true => CompareOp::Less,
            // Where nothing at all is present there is nothing to weigh.
            false => CompareOp::LessOrEqual,
        };
        let is_short = w.compare(w.value(COUNTED), op, w.exact_percent(&rule.least));
        if self.rules.list.len() < 2 {
            return is_short;
        }
        let own = entries(held).filter(|entry| rule.metrics.contains(&entry.tree.name.text));
        let is_lacking = own.map(|entry| w.is_missing(w.value(&counted_of(entry))));
        w.all(vec![is_short, w.bracket(w.any(is_lacking.collect()))])
    }

    /// Writes what each metric and each dimension adds to the total; nothing where the total is no weighted mean.
    fn points(&mut self, held: &[(Dimension, Held<'a>)]) {
        for (dimension, held) in held {
            for entry in &held.metrics {
                let w = Writer::at(entry.tree.span);
                let points = w.value(&counted_of(entry));
                let own = w.pair(w.exact(&entry.weight), ChainOp::Multiply, points);
                let own = over(w, own, self.weight_of_metrics(w, *dimension, held));
                let points = self.part_of_total(w, held, own);
                self.lenient(w, &points_of(&entry.tree.name.text), points);
            }
            let w = Writer::at(held.tree.span);
            let points = self.part_of_total(w, held, w.value(dimension.word()));
            self.lenient(w, &points_of(dimension.word()), points);
        }
    }

    fn part_of_total(&self, w: Writer, held: &Held<'_>, score: Expr) -> Expr {
        let points = w.pair(w.exact(&held.weight), ChainOp::Multiply, score);
        let points = over(w, points, self.weight_of_dimensions(w));
        let short = (0..self.rules.list.len()).map(|at| w.value(&short_name(at)));
        let short: Vec<Expr> = short.collect();
        match short.is_empty() {
            true => points,
            false => w.choice(w.any(short), w.missing(), points),
        }
    }

    /// Says whether every subject has a total, whatever is missing, unless it is an error.
    pub(super) fn is_sure(&self) -> bool {
        let held = self.dimensions.counted();
        let has_blocking = entries(&held).any(blocks);
        let is_without = |rule: &Rule| matches!(rule.otherwise, TooLittle::NoScore);
        !has_blocking && !self.rules.list.iter().any(is_without)
    }
}

/// Says whether a card has no total where the metric is missing.
const fn blocks(entry: &Entry<'_>) -> bool {
    match entry.policy {
        Policy::NoScore | Policy::Previous => true,
        Policy::Error | Policy::Score(_) | Policy::Reweight => false,
    }
}

fn entries<'h>(held: &'h [(Dimension, Held<'_>)]) -> impl Iterator<Item = &'h Entry<'h>> {
    held.iter().flat_map(|(_, held)| &held.metrics)
}

fn present(dimension: Dimension) -> String {
    format!("{} present", dimension.word())
}

fn short_name(at: usize) -> String {
    format!("too little {}", at.saturating_add(1))
}

/// Writes a metric's weighted points; 0 where it is missing and others take its weight.
fn weighted_metric(w: Writer, entry: &Entry<'_>) -> Expr {
    let points = w.value(&counted_of(entry));
    let points = match entry.is_soft() {
        true => w.pair(points, ChainOp::Otherwise, w.number(0)),
        false => points,
    };
    w.pair(w.exact(&entry.weight), ChainOp::Multiply, points)
}

fn weight_present(w: Writer, entry: &Entry<'_>) -> Expr {
    let weight = w.exact(&entry.weight);
    match entry.is_soft() {
        true => w.choice(w.is_missing(w.value(&counted_of(entry))), w.number(0), weight),
        false => weight,
    }
}

fn dimension_present(w: Writer, dimension: Dimension, held: &Held<'_>) -> Expr {
    let weight = w.exact(&held.weight);
    match held.is_soft() {
        true => w.choice(w.is_missing(w.value(dimension.word())), w.number(0), weight),
        false => weight,
    }
}

fn over(w: Writer, value: Expr, divisor: Option<Expr>) -> Expr {
    match divisor {
        Some(divisor) => w.pair(value, ChainOp::Divide, divisor),
        None => value,
    }
}
