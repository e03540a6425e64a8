//! A level that is split among periods: each exact part is cut to whole steps, and the steps that are left go to the
//! largest remainders, of equal ones to the earlier period.

use guerdon_syntax::ast::{
    AggregateOp, ChainOp, CompareOp, Expr, ExprKind, Literal, PeriodExpr, PlanStatement, Polarity, RestTo,
    RoundMode, RoundStep, Source, SourceKind,
};

use super::Out;
use super::level::{Among, Level, OTHER};
use crate::hir::from_ast::blocks::write::Writer;

impl<'a> Out<'a, '_> {
    /// Writes the part of each period.
    pub(super) fn among_periods(&mut self, level: &Level<'a>, is_locked: bool) {
        let w = Writer::at(level.line.span);
        let Among::Periods { alias, .. } = &level.among else {
            return;
        };
        let Some(step) = self.step(level) else { return };
        let is_named = level.line.source.alias.is_some();
        let is_known = |known: &PlanStatement| named(known) == Some(&alias.text);
        if is_named && !self.statements.iter().any(is_known) {
            self.lengths.insert(alias.text.clone(), level.length);
            self.push(w.named_let(alias, w.expr(ExprKind::Period(PeriodExpr::Current))));
        }
        self.weights(w, level, is_locked);
        let free = self.free_of_periods(w, level, is_locked);
        self.exact_parts(w, level, &free, &step);
        let whole = || level.held.of(w, &level.name("whole"));
        let extra = self.extra(w, level, &step);
        let mut part = w.pair(whole(), ChainOp::Add, extra);
        if let Some(above) = &level.above.part {
            let is_left_out = w.is_missing(level.above.held.of(w, above));
            part = w.choice(is_left_out, w.missing(), part);
        }
        if is_locked {
            part = w.pair(level.held.of(w, &level.name("fixed")), ChainOp::Otherwise, part);
        }
        self.measure(w, &level.name("level"), &level.held, level.length, part);
        self.explain(&level.line.tail);
    }

    /// Writes the weight of each period, 0 where its part is fixed, and their sum.
    fn weights(&mut self, w: Writer, level: &Level<'a>, is_locked: bool) {
        let mut weight = level.line.weight.clone();
        if let Some(filter) = level.line.filter.as_ref().filter(|filter| !is_plain(filter)) {
            let none = w.pair(weight.clone(), ChainOp::Subtract, weight.clone());
            weight = w.choice(filter.clone(), weight, none);
        }
        self.measure(w, &level.name("given weight"), &level.held, level.length, weight);
        let given = || level.held.of(w, &level.name("given weight"));
        let nothing = w.pair(given(), ChainOp::Subtract, given());
        let is_weight = w.compare(given(), CompareOp::GreaterOrEqual, nothing);
        let weight = w.choice(is_weight, given(), w.missing());
        self.strict.push(level.name("weight"));
        self.measure(w, &level.name("weight"), &level.held, level.length, weight);
        let own = || level.held.of(w, &level.name("weight"));
        let open = match is_locked {
            true => {
                let none = w.pair(own(), ChainOp::Subtract, own());
                let is_open = w.is_missing(level.held.of(w, &level.name("fixed")));
                w.choice(is_open, own(), none)
            }
            false => own(),
        };
        self.measure(w, &level.name("open weight"), &level.held, level.length, open);
        let sum = self.over_parts(w, level, "open weight");
        self.measure(
            w,
            &level.name("weights"),
            &level.above.held,
            level.above.length,
            sum,
        );
    }

    /// Writes the sum of a measure over the periods of what is divided, in a statement about that.
    fn over_parts(&self, w: Writer, level: &Level<'_>, of: &str) -> Expr {
        let value = level.held.at(w, &level.name(of), w.value(OTHER));
        let within = w.expr(ExprKind::Period(PeriodExpr::Current));
        w.aggregate(
            AggregateOp::Sum,
            Some(value),
            others(w, level),
            Some(lies_in(w, within)),
        )
    }

    /// Writes what is left for parts that are not fixed; names it.
    fn free_of_periods(&mut self, w: Writer, level: &Level<'a>, is_locked: bool) -> String {
        let all = self.handed_out(level);
        if !is_locked {
            return all;
        }
        let fixed = || level.held.at(w, &level.name("fixed"), w.value(OTHER));
        let within = w.expr(ExprKind::Period(PeriodExpr::Current));
        let conditions = vec![lies_in(w, within), w.not(w.is_missing(fixed()))];
        let sum = w.aggregate(
            AggregateOp::Sum,
            Some(fixed()),
            others(w, level),
            Some(w.all(conditions)),
        );
        let free = w.pair(level.above.held.of(w, &all), ChainOp::Subtract, sum);
        self.not_below_zero(w, level, free)
    }

    /// Writes each part before rounding, cut to whole steps, what was cut off, and what is left of the whole.
    fn exact_parts(&mut self, w: Writer, level: &Level<'a>, free: &str, step: &Literal) {
        let held = &level.held;
        let share = w.pair(
            held.of(w, &level.name("open weight")),
            ChainOp::Divide,
            held.of(w, &level.name("weights")),
        );
        let exact = w.pair(held.of(w, free), ChainOp::Multiply, share);
        self.measure(w, &level.name("exact"), held, level.length, exact);
        let exact = || held.of(w, &level.name("exact"));
        let whole = w.rounded(exact(), RoundMode::Down, RoundStep::To(step.clone()));
        self.measure(w, &level.name("whole"), held, level.length, whole);
        let cut = w.pair(exact(), ChainOp::Subtract, held.of(w, &level.name("whole")));
        let cut = w.call("abs", vec![cut]);
        self.measure(w, &level.name("cut off"), held, level.length, cut);
        let wholes = self.over_parts(w, level, "whole");
        let left = w.pair(level.above.held.of(w, free), ChainOp::Subtract, wholes);
        self.measure(
            w,
            &level.name("left"),
            &level.above.held,
            level.above.length,
            left,
        );
    }

    /// Writes what a part gets of the steps that are left.
    fn extra(&mut self, w: Writer, level: &Level<'a>, step: &Literal) -> Expr {
        let held = &level.held;
        let left = || held.of(w, &level.name("left"));
        let nothing = || w.pair(left(), ChainOp::Subtract, left());
        match level.line.rest {
            None => {
                let before = self.before(w, level, "cut off");
                self.measure(w, &level.name("before"), held, level.length, before);
                let steps = w.pair(
                    held.of(w, &level.name("before")),
                    ChainOp::Multiply,
                    w.again(step),
                );
                let still_left = w.pair(w.call("abs", vec![left()]), ChainOp::Subtract, steps);
                // The last of them gets what is no whole step, so that the parts sum to the whole.
                let gets = w.pair(
                    w.pair(still_left, ChainOp::AtLeast, self.zero(w)),
                    ChainOp::AtMost,
                    w.again(step),
                );
                let is_negative = w.compare(left(), CompareOp::Less, nothing());
                self.measure(w, &level.name("gets"), held, level.length, gets);
                let gets = || held.of(w, &level.name("gets"));
                w.choice(is_negative, w.pair(nothing(), ChainOp::Subtract, gets()), gets())
            }
            Some(rest) => {
                let others = w.count(others(w, level), Some(w.all(self.goes_first(w, level, rest))));
                let is_chosen = w.compare(others, CompareOp::Equal, w.number(0));
                let own = held.of(w, &level.name("open weight"));
                let none = w.pair(own.clone(), ChainOp::Subtract, own.clone());
                let is_open = w.compare(own, CompareOp::Greater, none);
                w.choice(w.all(vec![is_open, is_chosen]), left(), nothing())
            }
        }
    }

    /// Writes how many periods come before this one: those with more of a measure, of equal ones the earlier.
    fn before(&self, w: Writer, level: &Level<'_>, of: &str) -> Expr {
        let own = || level.held.of(w, &level.name(of));
        let other = || level.held.at(w, &level.name(of), w.value(OTHER));
        let is_more = w.compare(other(), CompareOp::Greater, own());
        let is_same = w.compare(other(), CompareOp::Equal, own());
        let is_first = w.bracket(w.any(vec![is_more, w.all(vec![is_same, is_earlier(w)])]));
        let conditions = vec![lies_in(w, level.above.period(w)), is_first];
        w.count(others(w, level), Some(w.all(conditions)))
    }

    /// Writes which periods take the rest before this one does.
    fn goes_first(&self, w: Writer, level: &Level<'_>, rest: RestTo) -> Vec<Expr> {
        let own = || level.held.of(w, &level.name("open weight"));
        let other = || level.held.at(w, &level.name("open weight"), w.value(OTHER));
        let none = w.pair(other(), ChainOp::Subtract, other());
        let is_open = w.compare(other(), CompareOp::Greater, none);
        let goes_first = match rest {
            RestTo::First => is_earlier(w),
            RestTo::Last => {
                let period = w.expr(ExprKind::Period(PeriodExpr::Current));
                w.compare(w.value(OTHER), CompareOp::Greater, period)
            }
            RestTo::Largest => {
                let is_more = w.compare(other(), CompareOp::Greater, own());
                let is_same = w.compare(other(), CompareOp::Equal, own());
                w.bracket(w.any(vec![is_more, w.all(vec![is_same, is_earlier(w)])]))
            }
        };
        vec![lies_in(w, level.above.period(w)), is_open, goes_first]
    }
}

/// Writes the periods of a level, each called [`OTHER`].
pub(super) fn others(w: Writer, level: &Level<'_>) -> Source {
    let kind = match &level.among {
        Among::Periods { word, .. } => SourceKind::Named((*word).clone()),
        Among::Records { data, .. } => SourceKind::Named((*data).clone()),
    };
    Source {
        kind,
        alias: Some(w.name(OTHER)),
        span: level.line.source.span,
    }
}

/// Writes that another period lies within a longer one.
pub(super) fn lies_in(w: Writer, period: Expr) -> Expr {
    let other = w.value(OTHER);
    w.expr(ExprKind::In(Box::new(other), Polarity::Plain, Box::new(period)))
}

fn is_earlier(w: Writer) -> Expr {
    let period = w.expr(ExprKind::Period(PeriodExpr::Current));
    w.compare(w.value(OTHER), CompareOp::Less, period)
}

/// Says whether a condition is `m in period`, which goes without saying.
fn is_plain(filter: &Expr) -> bool {
    let ExprKind::In(_, Polarity::Plain, range) = &filter.kind else {
        return false;
    };
    matches!(&range.kind, ExprKind::Period(PeriodExpr::Current))
}

fn named(statement: &PlanStatement) -> Option<&String> {
    if let PlanStatement::Let(line) = statement {
        Some(&line.name.text)
    } else {
        None
    }
}
