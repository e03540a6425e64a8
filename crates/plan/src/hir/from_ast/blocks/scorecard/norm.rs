//! From a raw value to points: the ways in which a metric is scored.

use guerdon_syntax::ast::{
    self, AggregateOp, Beyond, ChainOp, CompareOp, Decimal, Direction, Expr, ExprKind, Interval, Limits,
    Literal, LiteralKind, Metric, Norm, NormPoint, NormStep, PerUnit, PerUnitSign, RankTies, RatioKind, Side,
    TierKind, TierPlace, TierRow, TiersBody, TiersDef,
};
use guerdon_syntax::{Code, Diagnostic, Span, text};

use super::Card;
use crate::hir::from_ast::blocks::write::Writer;
use crate::hir::from_ast::exact;
use crate::number::Exact;

/// The points at the target, and those at the stretch value.
const AT_TARGET: u64 = 100;
const BEYOND_TARGET: u64 = 20;

impl Card<'_, '_> {
    /// Writes the points of a metric.
    fn score(&mut self, metric: &Metric) -> Expr {
        let w = Writer::at(metric.span);
        let raw = || w.value(&metric.name.text);
        match &metric.norm {
            Norm::AsGiven => raw(),
            Norm::Linear(points, beyond) => {
                let rows = points.iter().map(point_row).collect();
                let beyond = Some(beyond.unwrap_or(Beyond::Clamp));
                self.by_tiers(metric, TierKind::Interpolated, rows, beyond)
            }
            Norm::Steps(steps) => {
                let rows = rising(steps).into_iter().map(step_row).collect();
                self.by_tiers(metric, TierKind::Flat, rows, None)
            }
            Norm::Ratio(kind, target, limits) => limited(w, ratio(w, *kind, raw(), target), limits),
            Norm::FloorTargetStretch(floor, target, stretch) => {
                self.require_order(floor, target, stretch);
                floor_target_stretch(w, &raw, (floor, target, stretch))
            }
            Norm::Spread(within) => self.spread(metric, within),
            Norm::Percentile(within) => self.percentile(metric, within),
            Norm::PerUnit(base, units, limits) => {
                let points = units.iter().fold(base.clone(), |points, unit| {
                    per_unit(w, points, unit, counted_from_zero(w, raw(), unit))
                });
                limited(w, points, limits)
            }
            Norm::Closest(target, units, limits) => {
                let points = units.iter().fold(w.number(AT_TARGET), |points, unit| {
                    per_unit(w, points, unit, distance(w, raw(), target, unit))
                });
                limited(w, points, limits)
            }
        }
    }

    /// Writes the points of a metric as they count: rounded where the metric says so, after its limits.
    pub(super) fn rounded_score(&mut self, metric: &Metric) -> Expr {
        let points = self.score(metric);
        match &metric.rounded {
            Some(rounding) => Writer::at(metric.span).rounded(points, rounding.mode, rounding.step.clone()),
            None => points,
        }
    }

    /// Applies tiers that only this metric has.
    fn by_tiers(
        &mut self,
        metric: &Metric,
        kind: TierKind,
        rows: Vec<TierRow>,
        beyond: Option<Beyond>,
    ) -> Expr {
        let w = Writer::at(metric.span);
        let name = format!("{} of {}", metric.name.text, self.name.text);
        self.written.tiers.push(TiersDef {
            name: Writer::at(metric.name.span).name(&name),
            kind,
            effective: None,
            beyond,
            body: TiersBody::Rows(rows),
            span: metric.span,
        });
        w.apply(&name, w.value(&metric.name.text))
    }

    /// Reports a floor, target and stretch value that neither rise nor fall, where they are written as numbers.
    fn require_order(&mut self, floor: &Expr, target: &Expr, stretch: &Expr) {
        let (Some(low), Some(middle), Some(high)) = (fixed(floor), fixed(target), fixed(stretch)) else {
            return;
        };
        let (Some(low), Some(middle), Some(high)) = (figure(low), figure(middle), figure(high)) else {
            return;
        };
        if low < middle && middle < high || low > middle && middle > high {
            return;
        }
        let title = text!(
            "floor, target and stretch neither rise nor fall",
            "下限、目标与挑战值既不递增也不递减"
        );
        self.sink.push(
            Diagnostic::error(Code::E0506, title)
                .primary(
                    target.span,
                    text!("the target lies between the two", "目标应在两者之间"),
                )
                .secondary(floor.span, text!("0 points", "0 分"))
                .secondary(stretch.span, text!("120 points", "120 分")),
        );
    }

    /// Writes 100·(x − min)/(max − min) in the group.
    fn spread(&mut self, metric: &Metric, within: &[Expr]) -> Expr {
        let w = Writer::at(metric.span);
        let name = &metric.name.text;
        let group = self.grouped(name, within);
        let (low, high) = (format!("{name} lowest"), format!("{name} highest"));
        for (end, op) in [(&low, AggregateOp::Lowest), (&high, AggregateOp::Highest)] {
            if let Some(value) = self.extreme(w, &group, name, op) {
                self.lenient(w, end, value);
            }
        }
        let above = w.pair(w.value(name), ChainOp::Subtract, w.value(&low));
        let range = w.pair(w.value(&high), ChainOp::Subtract, w.value(&low));
        hundred_times(w, w.pair(above, ChainOp::Divide, range))
    }

    /// Writes 100·(n − rank)/(n − 1) in the group.
    fn percentile(&mut self, metric: &Metric, within: &[Expr]) -> Expr {
        let w = Writer::at(metric.span);
        let name = &metric.name.text;
        let group = self.grouped(name, within);
        let (place, ranked) = (format!("{name} place"), format!("{name} ranked"));
        if let Some(value) = self.place(w, &group, name, Direction::HighestFirst, RankTies::Best) {
            self.push(w.measure(&place, value));
        }
        self.members(w, &group, name, &ranked);
        let behind = w.pair(w.value(&ranked), ChainOp::Subtract, w.value(&place));
        let others = w.pair(w.value(&ranked), ChainOp::Subtract, w.number(1));
        hundred_times(w, w.pair(behind, ChainOp::Divide, others))
    }
}

fn point_row(point: &NormPoint) -> TierRow {
    TierRow {
        place: TierPlace::At(point.at.clone()),
        value: point.points.clone(),
        plus: None,
        span: point.at.span.to(point.points.span),
    }
}

fn step_row(step: &NormStep) -> TierRow {
    TierRow {
        place: TierPlace::Interval(step.interval.clone()),
        value: step.points.clone(),
        plus: None,
        span: step.interval.span.to(step.points.span),
    }
}

/// Turns steps round that are written from the highest down.
fn rising(steps: &[NormStep]) -> Vec<&NormStep> {
    let is_open = |interval: &Interval| interval.upper.is_none();
    let mut steps: Vec<&NormStep> = steps.iter().collect();
    if steps.len() > 1 && steps.first().is_some_and(|step| is_open(&step.interval)) {
        steps.reverse();
    }
    steps
}

fn ratio(w: Writer, kind: RatioKind, raw: Expr, target: &Expr) -> Expr {
    let target = target.clone();
    match kind {
        RatioKind::Ratio => hundred_times(w, w.pair(raw, ChainOp::Divide, target)),
        RatioKind::Inverse => hundred_times(w, w.pair(target, ChainOp::Divide, raw)),
        RatioKind::Mirrored => {
            let part = w.pair(raw, ChainOp::Divide, target);
            hundred_times(w, w.pair(w.number(2), ChainOp::Subtract, part))
        }
    }
}

fn hundred_times(w: Writer, value: Expr) -> Expr {
    w.pair(w.number(AT_TARGET), ChainOp::Multiply, value)
}

/// Writes straight lines from 0 points at the floor to 100 at the target and 120 at the stretch value, flat outside.
///
/// How far the value lies beyond the target is counted in steps to the stretch value, and how far above the floor in
/// steps to the target; so it makes no difference whether the three rise or fall.
fn floor_target_stretch(
    w: Writer,
    raw: &dyn Fn() -> Expr,
    (floor, target, stretch): (&Expr, &Expr, &Expr),
) -> Expr {
    let part = |of: &Expr, from: &Expr, to: &Expr| {
        let length = w.pair(to.clone(), ChainOp::Subtract, from.clone());
        let way = w.pair(of.clone(), ChainOp::Subtract, from.clone());
        w.pair(way, ChainOp::Divide, length)
    };
    let beyond = || part(&raw(), target, stretch);
    let more = w.pair(
        w.number(BEYOND_TARGET),
        ChainOp::Multiply,
        w.pair(beyond(), ChainOp::AtMost, w.number(1)),
    );
    let above = w.pair(w.number(AT_TARGET), ChainOp::Add, more);
    let below = hundred_times(
        w,
        w.pair(part(&raw(), floor, target), ChainOp::AtLeast, w.number(0)),
    );
    let is_above = w.compare(beyond(), CompareOp::GreaterOrEqual, w.number(0));
    w.choice(is_above, above, below)
}

fn limited(w: Writer, points: Expr, limits: &Limits) -> Expr {
    let limits = [(ChainOp::AtLeast, &limits.least), (ChainOp::AtMost, &limits.most)];
    limits
        .into_iter()
        .fold(points, |points, (op, limit)| match limit {
            Some(limit) => w.pair(points, op, limit.clone()),
            None => points,
        })
}

/// Takes points off, or adds them, for each unit of an amount.
fn per_unit(w: Writer, points: Expr, unit: &PerUnit, amount: Expr) -> Expr {
    let units = w.pair(amount, ChainOp::Divide, unit.per.clone());
    let change = w.pair(unit.points.clone(), ChainOp::Multiply, units);
    let op = match unit.sign {
        PerUnitSign::Less => ChainOp::Subtract,
        PerUnitSign::Plus => ChainOp::Add,
    };
    w.pair(points, op, change)
}

/// Writes what counts of a raw value: with its sign, or only what lies above or below zero.
fn counted_from_zero(w: Writer, raw: Expr, unit: &PerUnit) -> Expr {
    match unit.side {
        None => raw,
        Some(Side::Above) => w.pair(raw, ChainOp::AtLeast, zero_like(w, &unit.per)),
        Some(Side::Below) => {
            let below = w.pair(zero_like(w, &unit.per), ChainOp::Subtract, raw);
            w.pair(below, ChainOp::AtLeast, zero_like(w, &unit.per))
        }
    }
}

/// Writes how far a raw value lies from the target, on one side or on both.
fn distance(w: Writer, raw: Expr, target: &Expr, unit: &PerUnit) -> Expr {
    let (more, less) = match unit.side {
        Some(Side::Below) => (target.clone(), raw),
        Some(Side::Above) | None => (raw, target.clone()),
    };
    let difference = w.pair(more, ChainOp::Subtract, less);
    match unit.side {
        None => w.call("abs", vec![difference]),
        Some(Side::Below | Side::Above) => w.pair(difference, ChainOp::AtLeast, zero_like(w, &unit.per)),
    }
}

/// Writes a zero of the kind of an amount.
fn zero_like(w: Writer, amount: &Expr) -> Expr {
    match fixed(amount).map(|literal| &literal.kind) {
        Some(LiteralKind::Money(code, _)) => zero_money(w, code, amount.span),
        Some(LiteralKind::Number(_) | LiteralKind::Percent(_)) => w.number(0),
        Some(
            LiteralKind::Date(_)
            | LiteralKind::Month(..)
            | LiteralKind::Quarter(..)
            | LiteralKind::Week(..)
            | LiteralKind::Year(_)
            | LiteralKind::Text(_)
            | LiteralKind::Truth(_),
        )
        | None => w.pair(amount.clone(), ChainOp::Subtract, amount.clone()),
    }
}

fn zero_money(w: Writer, code: &str, span: Span) -> Expr {
    let zero = Decimal {
        is_negative: false,
        digits: "0".to_owned(),
        exponent: 0,
    };
    w.again(&Literal {
        kind: LiteralKind::Money(code.to_owned(), zero),
        written: format!("{code} 0"),
        span,
    })
}

/// Reads the figure of a literal: a number, a percent or an amount.
fn figure(literal: &ast::Literal) -> Option<Exact> {
    let kind = &literal.kind;
    if let LiteralKind::Number(decimal) | LiteralKind::Percent(decimal) | LiteralKind::Money(_, decimal) =
        kind
    {
        exact(decimal)
    } else {
        None
    }
}

/// Gives the literal that an expression is, brackets left aside.
fn fixed(value: &Expr) -> Option<&ast::Literal> {
    let mut at = value;
    while let ExprKind::Paren(inner) = &at.kind {
        at = inner;
    }
    if let ExprKind::Literal(literal) = &at.kind {
        Some(literal)
    } else {
        None
    }
}
