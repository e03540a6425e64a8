//! Aggregates and running sums: over records, teams and periods.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::Checker;
use super::env::{Env, Where};
use super::expr::{always, faulty};
use super::facts;
use super::source::{Opened, Over};
use super::want::Want;
use crate::hir::expr::{Aggregate, AggregateOp, DayRange, Direction, Domain, Expr, ExprKind, Source, Value};
use crate::types::{BinderId, Scalar, Ty};

impl Checker<'_> {
    /// Types an aggregate.
    pub(super) fn aggregate(&mut self, env: &Env, tree: &ast::Aggregate, span: Span, want: Want) -> Expr {
        let mut inner = Env {
            can_stack: false,
            ..env.clone()
        };
        let mut opened = Vec::new();
        let place = Where {
            span: tree.sources.last().map_or(span, |last| {
                tree.filter
                    .as_ref()
                    .map_or(last.span, |filter| last.span.to(filter.span))
            }),
            has_filter: tree.filter.is_some(),
        };
        for source in &tree.sources {
            let Some((source, frame)) = self.open(&inner, source, Some(place)) else {
                return faulty(span);
            };
            for condition in &source.conditions {
                inner.facts.extend(facts::if_yes(condition));
            }
            inner.frames.push(frame);
            opened.push(source);
        }
        let Some((sources, filter)) = self.close(&inner, opened, tree.filter.as_ref(), span) else {
            return faulty(span);
        };
        let known = filter.iter().flat_map(facts::if_yes).collect::<Vec<_>>();
        self.aggregated(&inner.knowing(&known), tree, (sources, filter), span, want)
    }

    fn aggregated(
        &mut self,
        env: &Env,
        tree: &ast::Aggregate,
        (sources, filter): (Vec<Source>, Option<Expr>),
        span: Span,
        want: Want,
    ) -> Expr {
        let Some(op) = self.aggregate_op(tree) else {
            return faulty(span);
        };
        let value = match (op, &tree.value) {
            (AggregateOp::Any | AggregateOp::All, Some(value)) => Some(self.holds(env, value)),
            (AggregateOp::Any | AggregateOp::All, None) => Some(truth(true, span)),
            (AggregateOp::Count, _) => None,
            (_, Some(value)) => Some(self.value(
                env,
                value,
                Want {
                    miss: super::want::Miss::Fails,
                    ..want
                },
            )),
            (_, None) => return self.push_no_value(tree, span),
        };
        let value = value.map(|value| self.fit_operand(op, value));
        let ty = result_type(op, value.as_ref());
        let order = tree
            .order
            .iter()
            .map(|key| (self.order_key(env, key), Direction::Ascending))
            .collect();
        let aggregate = Aggregate {
            op,
            value,
            sources,
            filter,
            order,
            best: tree.best.as_ref().and_then(|best| self.best(env, best)),
        };
        Expr {
            kind: ExprKind::Aggregate(Box::new(aggregate)),
            ty,
            span,
        }
    }

    /// Reads how many of the highest values count.
    fn best(&mut self, env: &Env, tree: &ast::Expr) -> Option<u32> {
        let count = self.value(env, tree, Want::of(Scalar::Int));
        let whole = if let ExprKind::Const(Value::Number(number)) = &count.kind {
            number.parts()
        } else {
            None
        };
        let best = match whole {
            Some((count, 1)) if count > 0 => u32::try_from(count).ok(),
            Some(_) | None => None,
        };
        if best.is_none() && count.ty.scalar != Scalar::Faulty {
            self.sink.push(
                Diagnostic::error(
                    Code::E0225,
                    text!(
                        "how many of the best count must be a whole number from 1",
                        "取最高的个数必须是不小于 1 的整数"
                    ),
                )
                .primary(tree.span, text!("such as best 3", "例如 best 3")),
            );
        }
        best
    }

    /// Types a key of an order.
    pub(super) fn order_key(&mut self, env: &Env, key: &ast::Expr) -> Expr {
        self.value(env, key, Want::ANY)
    }

    fn aggregate_op(&mut self, tree: &ast::Aggregate) -> Option<AggregateOp> {
        let op = match (tree.op, tree.is_distinct) {
            (ast::AggregateOp::Count, true) => AggregateOp::CountDistinct,
            (ast::AggregateOp::Count, false) => AggregateOp::Count,
            (ast::AggregateOp::Sum, _) => AggregateOp::Sum,
            (ast::AggregateOp::Average, _) => AggregateOp::Average,
            (ast::AggregateOp::Lowest, _) => AggregateOp::Lowest,
            (ast::AggregateOp::Highest, _) => AggregateOp::Highest,
            (ast::AggregateOp::Any, _) => AggregateOp::Any,
            (ast::AggregateOp::All, _) => AggregateOp::All,
            (ast::AggregateOp::First, _) => AggregateOp::First,
            (ast::AggregateOp::Last, _) => AggregateOp::Last,
        };
        if op == AggregateOp::Count
            && let Some(value) = &tree.value
        {
            self.sink.push(
                Diagnostic::error(Code::E0208, text!("\"count\" counts records and takes no value", "“计数”只计记录数，不带值"))
                    .primary(value.span, Text::default())
                    .note(text!(
                        "Write the condition behind \"where\"; different values are counted by \"count distinct\".",
                        "条件写在“其中”之后；统计不同的值用“计数 distinct”。"
                    )),
            );
            return None;
        }
        if matches!(op, AggregateOp::First | AggregateOp::Last) && tree.order.is_empty() {
            self.sink.push(
                Diagnostic::error(
                    Code::E0215,
                    text!(
                        "the first or last of what order is not said",
                        "没有写明按什么次序取首末"
                    ),
                )
                .primary(tree.op_span, text!("add: in order of …", "请写明：依次按 …"))
                .fix(Fix::advice(
                    text!("by day, and by number within a day", "按日期，同日按编号"),
                    text!("… in order of booked_on, id", "… 依次按 签约日, 编号"),
                )),
            );
            return None;
        }
        Some(op)
    }

    fn fit_operand(&mut self, op: AggregateOp, value: Expr) -> Expr {
        match op {
            AggregateOp::Sum | AggregateOp::Average => self.expect_numeric(value),
            AggregateOp::Lowest | AggregateOp::Highest => self.expect_ordered(value),
            AggregateOp::Count
            | AggregateOp::CountDistinct
            | AggregateOp::Any
            | AggregateOp::All
            | AggregateOp::First
            | AggregateOp::Last => value,
        }
    }

    fn push_no_value(&mut self, tree: &ast::Aggregate, span: Span) -> Expr {
        self.sink.push(
            Diagnostic::error(
                Code::E0208,
                text!(
                    "what is to be taken from the records is not said",
                    "没有写明取记录的什么"
                ),
            )
            .primary(tree.op_span, Text::default()),
        );
        faulty(span)
    }

    /// Types the filter, and takes the ranges of period sources out of it.
    fn close(
        &mut self,
        env: &Env,
        opened: Vec<Opened>,
        filter: Option<&ast::Expr>,
        span: Span,
    ) -> Option<(Vec<Source>, Option<Expr>)> {
        let own: Vec<BinderId> = opened.iter().map(|source| source.binder).collect();
        let mut all: Vec<Expr> = Vec::new();
        let mut sources = Vec::new();
        let typed = filter.map(|filter| self.holds(env, filter));
        let mut conjuncts = typed.map_or_else(Vec::new, conjuncts);
        for source in opened {
            all.extend(source.conditions);
            let domain = match source.over {
                Over::Known(domain) => domain,
                Over::Periods(calendar, unit) => {
                    let within = self.take_range(&mut conjuncts, source.binder, &own, span)?;
                    Domain::Periods {
                        calendar,
                        unit,
                        within,
                    }
                }
            };
            sources.push(Source {
                binder: source.binder,
                domain,
            });
        }
        all.extend(conjuncts);
        Some((sources, joined(all)))
    }

    /// Takes `m in R` for a period variable out of the conditions.
    fn take_range(
        &mut self,
        conjuncts: &mut Vec<Expr>,
        binder: BinderId,
        own: &[BinderId],
        span: Span,
    ) -> Option<DayRange> {
        let position = conjuncts.iter().position(|condition| {
            let ExprKind::Within { value, range } = &condition.kind else {
                return false;
            };
            let is_binder = matches!(&value.kind, ExprKind::Binder(found) if *found == binder);
            is_binder && !self.uses_any(range, own)
        });
        let taken = position.map(|at| conjuncts.remove(at).kind);
        if let Some(ExprKind::Within { range, .. }) = taken {
            return Some(range);
        }
        let is_faulty = conjuncts
            .iter()
            .any(|condition| condition.ty.scalar == Scalar::Faulty);
        if !is_faulty {
            let name = self
                .program
                .binder(binder)
                .map_or("", |found| found.name.as_str());
            let message = Diagnostic::error(
                Code::E0206,
                text!(
                    "which periods \"{name}\" runs over is not said",
                    "没有写明“{name}”取哪些期间"
                ),
            )
            .primary(
                span,
                text!("add: where {name} in this year", "请写明：其中 {name} 在 本年"),
            );
            self.sink.push(message);
        }
        None
    }

    fn uses_any(&self, range: &DayRange, binders: &[BinderId]) -> bool {
        [&range.from, &range.through]
            .into_iter()
            .any(|end| self.free_binders(end).iter().any(|found| binders.contains(found)))
    }
}

/// Parts a condition into those that must all hold.
pub(super) fn conjuncts(condition: Expr) -> Vec<Expr> {
    if let ExprKind::And(all) = condition.kind {
        all
    } else {
        vec![condition]
    }
}

/// Joins conditions that must all hold.
pub(super) fn joined(mut conditions: Vec<Expr>) -> Option<Expr> {
    match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => {
            let span = conditions.first().map(|first| first.span)?;
            let span = conditions
                .iter()
                .fold(span, |whole, condition| whole.to(condition.span));
            let flat = conditions.into_iter().flat_map(conjuncts).collect();
            Some(always(ExprKind::And(flat), Scalar::Bool, span))
        }
    }
}

fn result_type(op: AggregateOp, value: Option<&Expr>) -> Ty {
    let scalar = value.map_or(Scalar::Int, |value| value.ty.scalar);
    match op {
        AggregateOp::Sum => Ty::always(scalar),
        AggregateOp::Count | AggregateOp::CountDistinct => Ty::always(Scalar::Int),
        AggregateOp::Any | AggregateOp::All => Ty::always(Scalar::Bool),
        AggregateOp::Average if scalar == Scalar::Int => Ty::optional(Scalar::Number),
        AggregateOp::Average
        | AggregateOp::Lowest
        | AggregateOp::Highest
        | AggregateOp::First
        | AggregateOp::Last => Ty::optional(scalar),
    }
}

fn truth(value: bool, span: Span) -> Expr {
    always(
        ExprKind::Const(crate::hir::expr::Value::Bool(value)),
        Scalar::Bool,
        span,
    )
}
