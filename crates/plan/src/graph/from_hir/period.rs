//! Conditions that tie a record to a period, and periods of other lengths.

use guerdon_syntax::span::Span;

use super::Builder;
use super::free::free_binders;
use super::scope::Scope;
use crate::calendar::Unit;
use crate::graph::{AxisSpan, NodeId, Op, Outside};
use crate::hir::{Comparison, Expr, ExprKind, Plan};
use crate::types::{BinderId, CalendarId, Scalar, Ty};

/// Which of a plan's periods a record counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PeriodMatch {
    /// The one that contains its day.
    Own,
    /// The one so many periods after the one that contains its day (before, if positive).
    Shifted(i32),
    /// Several, as the sum over them says.
    Spanning(AxisSpan),
}

/// One end of a range of days, seen from a plan's period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Own(i32),
    Longer(Unit),
}

/// Reads a condition as "this record counts for the period": gives the record's day or period, and how.
pub(super) fn match_period<'e>(
    condition: &'e Expr,
    plan: &Plan,
    source: BinderId,
) -> Option<(&'e Expr, PeriodMatch)> {
    let (value, matched) = match &condition.kind {
        ExprKind::Within { value, range } => {
            let from = anchor(&range.from, plan, End::First)?;
            let through = anchor(&range.through, plan, End::Last)?;
            (&**value, between(from, through)?)
        }
        ExprKind::Compare {
            op: Comparison::LessOrEqual,
            left,
            right,
        } => (&**left, until(anchor(right, plan, End::Last)?)?),
        ExprKind::Compare {
            op: Comparison::GreaterOrEqual,
            left,
            right,
        } => (&**right, until(anchor(left, plan, End::Last)?)?),
        ExprKind::Compare {
            op: Comparison::Equal,
            left,
            right,
        } => {
            let is_period = |side: &Expr| side.kind == ExprKind::Binder(plan.period);
            let value: &Expr = if is_period(right) { left } else { right };
            (is_period(left) || is_period(right)).then_some((value, PeriodMatch::Own))?
        }
        _ => return None,
    };
    let free = free_binders(value);
    (free.contains(&source) && free.len() == 1 && fits(value, plan)).then_some((value, matched))
}

/// A period that lies in one of the plan's periods can be counted for it by its first day.
fn fits(value: &Expr, plan: &Plan) -> bool {
    match value.ty.scalar {
        Scalar::Date => true,
        Scalar::Period(unit) if unit == plan.unit => true,
        Scalar::Period(Unit::Month) => matches!(plan.unit, Unit::Quarter | Unit::Year),
        Scalar::Period(Unit::Quarter) => plan.unit == Unit::Year,
        _ => false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

fn anchor(expr: &Expr, plan: &Plan, end: End) -> Option<Anchor> {
    let period = match (&expr.kind, end) {
        (ExprKind::FirstDay(period), End::First) | (ExprKind::LastDay(period), End::Last) => period,
        _ => return None,
    };
    match &period.kind {
        ExprKind::Binder(binder) if *binder == plan.period => Some(Anchor::Own(0)),
        ExprKind::Shift { period, by, .. } if period.kind == ExprKind::Binder(plan.period) => {
            Some(Anchor::Own(*by))
        }
        ExprKind::Containing { calendar, unit, day } if *calendar == plan.calendar => {
            let (ExprKind::FirstDay(inner) | ExprKind::LastDay(inner)) = &day.kind else {
                return None;
            };
            if inner.kind != ExprKind::Binder(plan.period) {
                return None;
            }
            if *unit == plan.unit {
                Some(Anchor::Own(0))
            } else {
                longer(plan.unit, *unit).map(Anchor::Longer)
            }
        }
        _ => None,
    }
}

/// Gives the length if the plan's periods nest in it.
fn longer(unit: Unit, other: Unit) -> Option<Unit> {
    let nests = matches!(
        (unit, other),
        (Unit::Day, Unit::Month | Unit::Quarter | Unit::Year)
            | (Unit::Month, Unit::Quarter | Unit::Year)
            | (Unit::Quarter | Unit::Period, Unit::Year)
    );
    nests.then_some(other)
}

fn between(from: Anchor, through: Anchor) -> Option<PeriodMatch> {
    match (from, through) {
        (Anchor::Own(0), Anchor::Own(0)) => Some(PeriodMatch::Own),
        (Anchor::Own(first), Anchor::Own(last)) if first == last => Some(PeriodMatch::Shifted(first)),
        (Anchor::Own(first), Anchor::Own(0)) if first < 0 => Some(PeriodMatch::Spanning(AxisSpan::Last(
            first.unsigned_abs().saturating_add(1),
        ))),
        (Anchor::Longer(unit), Anchor::Own(0)) => Some(PeriodMatch::Spanning(AxisSpan::ToDate(unit))),
        (Anchor::Longer(unit), Anchor::Longer(other)) if unit == other => {
            Some(PeriodMatch::Spanning(AxisSpan::Whole(unit)))
        }
        (Anchor::Own(_) | Anchor::Longer(_), Anchor::Own(_) | Anchor::Longer(_)) => None,
    }
}

fn until(through: Anchor) -> Option<PeriodMatch> {
    (through == Anchor::Own(0)).then_some(PeriodMatch::Spanning(AxisSpan::EverToDate))
}

impl Builder<'_> {
    /// Gives the plan's period that contains a day, or the days of a shorter period; none where the calendar has no such
    /// day, so that a record from before its first period or after its last one counts nowhere.
    pub(super) fn period_of(&mut self, value: &Expr, scope: &Scope, clamp: bool) -> NodeId {
        let node = self.expr(value, scope);
        let Some(plan) = self.program.plan(scope.plan) else {
            return node;
        };
        let (calendar, unit) = (plan.calendar, plan.unit);
        let day = match value.ty.scalar {
            Scalar::Period(own) if own == unit && !clamp => return node,
            Scalar::Period(_) => {
                let calendar = self.calendar_of(value, scope);
                self.node(
                    Op::FirstDay {
                        calendar,
                        period: node,
                    },
                    scope.frame,
                    Ty::always(Scalar::Date),
                    value.span,
                )
            }
            _ => node,
        };
        let clamp = if clamp { Some(self.axis(scope.plan)) } else { None };
        let mut ty = Ty::optional(Scalar::Period(unit));
        if calendar == CalendarId(0) {
            ty.presence = value.ty.presence;
        }
        self.node(
            Op::Containing {
                calendar,
                unit,
                day,
                clamp,
                outside: Outside::Missing,
            },
            scope.frame,
            ty,
            value.span,
        )
    }

    /// Gives the stretch of a running total that a day belongs to.
    pub(super) fn bucket(&mut self, unit: Unit, day: NodeId, scope: &Scope) -> NodeId {
        let calendar = self
            .program
            .plan(scope.plan)
            .map_or(crate::types::CalendarId(0), |plan| plan.calendar);
        let unit = self.own_unit(unit, scope);
        let op = Op::Containing {
            calendar,
            unit,
            day,
            clamp: None,
            outside: Outside::Error,
        };
        self.node(op, scope.frame, Ty::always(Scalar::Period(unit)), Span::default())
    }

    /// Says where a plan's period is the first of a longer one.
    pub(super) fn starts_anew(&mut self, unit: Unit, scope: &Scope) -> Option<NodeId> {
        let plan = self.program.plan(scope.plan)?;
        let (calendar, span) = (plan.calendar, plan.span);
        let own = self.own_period(scope.frame, scope.plan, span);
        let ty = self.ty_of(own);
        let before = self.node(Op::Shift { period: own, by: -1 }, scope.frame, ty, span);
        let [left, right] = [own, before].map(|period| {
            let day = Op::FirstDay { calendar, period };
            let day = self.node(day, scope.frame, Ty::always(Scalar::Date), span);
            self.bucket(unit, day, scope)
        });
        let op = Op::Compare {
            op: Comparison::NotEqual,
            left,
            right,
        };
        Some(self.node(op, scope.frame, Ty::always(Scalar::Bool), span))
    }

    /// `every period` means the plan's own length.
    fn own_unit(&self, unit: Unit, scope: &Scope) -> Unit {
        match (unit, self.program.plan(scope.plan)) {
            (Unit::Period, Some(plan)) => plan.unit,
            (unit, _) => unit,
        }
    }
}
