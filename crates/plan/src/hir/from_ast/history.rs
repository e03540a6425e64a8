//! Values over several periods: `streak of`, `times of`, `trend of`.

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::Env;
use super::expr::{always, constant, faulty, optional};
use super::literal::small_number;
use super::missing::required;
use super::period::shifted;
use super::say::unit_name;
use super::want::Want;
use crate::hir::expr::{Comparison, Expr, ExprKind, Factor, Sign, Value};
use crate::hir::program::DefinitionKind;
use crate::number::Exact;
use crate::types::{BinderId, CalendarId, DefinitionId, PlanId, Scalar};

/// Holds a definition that no author wrote, whose values in several periods are needed.
struct Hidden {
    id: DefinitionId,
    /// Its parameters; the last is the period.
    params: Vec<BinderId>,
    calendar: CalendarId,
}

/// Names the plan and the period of the statement that looks back.
#[derive(Clone, Copy)]
struct Now {
    plan: PlanId,
    period: BinderId,
}

impl Checker<'_> {
    /// Types `streak of (c)`: a hidden counter.
    pub(super) fn streak(&mut self, env: &Env, condition: &ast::Expr, span: Span) -> Expr {
        let Some(now) = now(env) else {
            return self.no_history(span);
        };
        let condition = self.holds(env, condition);
        let counter = self.counter(env, now, condition, span);
        self.value_back(&counter, 0, Scalar::Int, span)
    }

    /// Types `times of (c) in last 5 months`: in how many of those periods the condition held.
    ///
    /// Each of them is asked whether a streak stood in it. Nothing before the plan's first period counts, as it does not
    /// for a streak.
    pub(super) fn times(&mut self, env: &Env, condition: &ast::Expr, range: &ast::Expr, span: Span) -> Expr {
        let Some(now) = now(env) else {
            return self.no_history(span);
        };
        let condition = self.holds(env, condition);
        let Some(count) = self.periods_back(env, range, 1) else {
            return faulty(span);
        };
        let counter = self.counter(env, now, condition, span);
        let age = self.age(env, now, span);
        let terms = (0..i32::from(count)).map(|back| {
            let stood = above(self.value_back(&counter, back, Scalar::Int, span), 0);
            let held = ExprKind::And(vec![above(age.clone(), back), stood]);
            let choice = ExprKind::If {
                condition: Box::new(always(held, Scalar::Bool, span)),
                then: Box::new(whole(1, span)),
                otherwise: Box::new(whole(0, span)),
            };
            (Sign::Plus, always(choice, Scalar::Int, span))
        });
        always(ExprKind::Sum(terms.collect()), Scalar::Int, span)
    }

    /// Types `trend of x over last 6 months`: by how much the straight line nearest to the values rises per period.
    ///
    /// The line is that of least squares: of n values y₁ … yₙ the slope is Σ 6 (2k − n − 1) yₖ ÷ (n (n² − 1)). It is
    /// missing while the plan has not had so many periods, and where one of the values is missing.
    pub(super) fn trend(&mut self, env: &Env, value: &ast::Expr, range: &ast::Expr, span: Span) -> Expr {
        let Some(now) = now(env) else {
            return self.no_history(span);
        };
        let value = self.expr(env, value, Want::ANY);
        let value = self.expect_numeric(value);
        let Some(count) = self.periods_back(env, range, 2) else {
            return faulty(span);
        };
        if value.ty.scalar == Scalar::Faulty {
            return faulty(span);
        }
        let (ty, scalar) = (value.ty, slope_kind(value.ty.scalar));
        let age = self.age(env, now, span);
        let series = self.hidden_series(env, now, value, span);
        let first = i32::from(count).saturating_sub(1);
        let mut lacking = vec![not(above(age, first))];
        let mut terms = Vec::new();
        for back in 0..i32::from(count) {
            let mut point = self.value_back(&series, back, ty.scalar, span);
            if ty.is_optional() {
                point = optional(point.kind, ty.scalar, span);
                lacking.push(always(
                    ExprKind::IsMissing(Box::new(point.clone())),
                    Scalar::Bool,
                    span,
                ));
                point = required(point);
            }
            let weight = 6_i64.saturating_mul(
                i64::from(count)
                    .saturating_sub(1)
                    .saturating_sub(i64::from(back).saturating_mul(2)),
            );
            let factors = vec![(Factor::Times, point), (Factor::Times, whole(weight, span))];
            terms.push((Sign::Plus, always(ExprKind::Product(factors), scalar, span)));
        }
        let sum = always(ExprKind::Sum(terms), scalar, span);
        let spread = whole(spread(i64::from(count)), span);
        let slope = ExprKind::Product(vec![(Factor::Times, sum), (Factor::Over, spread)]);
        let choice = ExprKind::If {
            condition: Box::new(always(ExprKind::Or(lacking), Scalar::Bool, span)),
            then: Box::new(optional(ExprKind::Const(Value::Missing), scalar, span)),
            otherwise: Box::new(always(slope, scalar, span)),
        };
        optional(choice, scalar, span)
    }

    /// Says that only the statements of a plan know what came before.
    fn no_history(&mut self, span: Span) -> Expr {
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!(
                    "only the statements of a plan look at several periods",
                    "只有方案的语句才能回看多个期间"
                ),
            )
            .primary(
                span,
                text!("make it a measure, and ask for that", "请写成度量，再引用该度量"),
            ),
        );
        faulty(span)
    }

    /// Makes a counter of the periods in a row in which a condition has held.
    fn counter(&mut self, env: &Env, now: Now, condition: Expr, span: Span) -> Hidden {
        let params = self.params_of(now, &condition);
        let kind = DefinitionKind::Streak(condition);
        let id = self.hidden(now.plan, "streak", params.clone(), kind, Scalar::Int, span);
        let calendar = self.calendar_of(env);
        Hidden { id, params, calendar }
    }

    fn hidden_series(&mut self, env: &Env, now: Now, value: Expr, span: Span) -> Hidden {
        let (params, ty) = (self.params_of(now, &value), value.ty);
        let kind = DefinitionKind::Measure(value);
        let id = self.hidden(now.plan, "series", params.clone(), kind, ty.scalar, span);
        if let Some(hidden) = self.program.definitions.get_mut(id.index()) {
            hidden.ty = ty;
        }
        let calendar = self.calendar_of(env);
        Hidden { id, params, calendar }
    }

    /// Lists what a value is for, the period last.
    fn params_of(&self, now: Now, value: &Expr) -> Vec<BinderId> {
        let mut params = self.free_binders(value);
        params.retain(|binder| *binder != now.period);
        params.push(now.period);
        params
    }

    /// Gives the value of a hidden definition so many periods back.
    fn value_back(&self, hidden: &Hidden, back: i32, scalar: Scalar, span: Span) -> Expr {
        let mut args: Vec<Expr> = hidden
            .params
            .iter()
            .map(|binder| self.variable(*binder, span))
            .collect();
        if let Some(period) = args.pop() {
            args.push(shifted(period, hidden.calendar, back.saturating_neg(), span));
        }
        let definition = hidden.id;
        always(ExprKind::Use { definition, args }, scalar, span)
    }

    /// Counts the periods that the plan has had, this one included.
    fn age(&mut self, env: &Env, now: Now, span: Span) -> Expr {
        let yes = constant(Value::Bool(true), Scalar::Bool, span);
        let counter = self.counter(env, now, yes, span);
        self.value_back(&counter, 0, Scalar::Int, span)
    }

    /// Reads `last 5 months`, the periods of the statement itself.
    fn periods_back(&mut self, env: &Env, range: &ast::Expr, least: u8) -> Option<u8> {
        if let ast::ExprKind::Paren(inner) = &range.kind {
            return self.periods_back(env, inner, least);
        }
        let ast::ExprKind::Period(ast::PeriodExpr::Last(count, unit)) = &range.kind else {
            self.push_not_last(env, range.span);
            return None;
        };
        let (_, unit) = self.unit_here(env, *unit)?;
        if self.unit_of(env) != Some(unit) {
            self.push_not_last(env, range.span);
            return None;
        }
        let found = small_number(count).filter(|count| *count >= least);
        if found.is_none() {
            let title = text!(
                "a whole number from {least} to 255 is needed here",
                "此处需要 {least} 到 255 的整数"
            );
            self.sink
                .push(Diagnostic::error(Code::E0513, title).primary(count.span, Text::default()));
        }
        found
    }

    fn push_not_last(&mut self, env: &Env, span: Span) {
        let unit = self.unit_of(env).map(unit_name).unwrap_or_default();
        let title = text!("how many periods are looked at is not said", "没有写明回看多少期");
        let message = Diagnostic::error(Code::E0219, title).primary(
            span,
            text!("the period here is a {unit}: last 5 {unit}s", "此处的期间是{unit}：最近 5 {unit}"; unit),
        );
        self.sink.push(message);
    }
}

fn now(env: &Env) -> Option<Now> {
    Some(Now {
        plan: env.plan?,
        period: env.period?,
    })
}

/// Gives the kind of the slope of values of a kind.
fn slope_kind(scalar: Scalar) -> Scalar {
    if scalar == Scalar::Int {
        Scalar::Number
    } else {
        scalar
    }
}

/// Gives n (n² − 1).
const fn spread(count: i64) -> i64 {
    count.saturating_mul(count.saturating_mul(count).saturating_sub(1))
}

fn whole(number: i64, span: Span) -> Expr {
    constant(Value::Number(Exact::from_i64(number)), Scalar::Int, span)
}

fn above(value: Expr, limit: i32) -> Expr {
    let span = value.span;
    let kind = ExprKind::Compare {
        op: Comparison::Greater,
        left: Box::new(value),
        right: Box::new(whole(i64::from(limit), span)),
    };
    always(kind, Scalar::Bool, span)
}

fn not(condition: Expr) -> Expr {
    let span = condition.span;
    always(ExprKind::Not(Box::new(condition)), Scalar::Bool, span)
}
