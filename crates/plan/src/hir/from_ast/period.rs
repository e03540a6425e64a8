//! Words for periods and ranges of days: `this year`, `previous month`, `year to date`, `days in …`.

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use super::Checker;
use super::env::Env;
use super::expr::{always, faulty};
use super::want::Want;
use crate::calendar::Unit;
use crate::hir::expr::{Comparison, DayCount, DayRange, Expr, ExprKind, Sign, Value};
use crate::types::{CalendarId, Scalar};

impl Checker<'_> {
    /// Types words that name a period as a value.
    pub(super) fn period_value(&mut self, env: &Env, period: &ast::PeriodExpr, span: Span) -> Expr {
        match period {
            ast::PeriodExpr::Current => self.current_period(env, span),
            ast::PeriodExpr::This(unit) => {
                let Some((calendar, unit)) = self.unit_not_below(env, *unit) else {
                    return faulty(span);
                };
                self.period_around(env, calendar, unit, span)
            }
            ast::PeriodExpr::Previous(unit) => {
                let Some((calendar, unit)) = self.unit_not_below(env, *unit) else {
                    return faulty(span);
                };
                let this = self.period_around(env, calendar, unit, span);
                shifted(this, calendar, -1, span)
            }
            ast::PeriodExpr::Of(day, calendar) => self.period_of(env, day, calendar.as_ref(), span),
            ast::PeriodExpr::ToDate(_) | ast::PeriodExpr::Last(..) | ast::PeriodExpr::From(_) => {
                self.push_range_as_value(span);
                faulty(span)
            }
        }
    }

    /// Types a range of days: a period, the part of one, or two days.
    pub(super) fn day_range(&mut self, env: &Env, tree: &ast::Expr) -> Option<DayRange> {
        if let ast::ExprKind::Paren(inner) = &tree.kind {
            return self.day_range(env, inner);
        }
        if let ast::ExprKind::Through(from, through) = &tree.kind {
            let from = self.value_of(env, from, Scalar::Date);
            let through = self.value_of(env, through, Scalar::Date);
            return Some(range(from, through));
        }
        if let ast::ExprKind::Period(words) = &tree.kind {
            return self.range_of_words(env, tree, words);
        }
        self.range_of_period(env, tree)
    }

    fn range_of_words(&mut self, env: &Env, tree: &ast::Expr, words: &ast::PeriodExpr) -> Option<DayRange> {
        match words {
            ast::PeriodExpr::ToDate(unit) => {
                let (calendar, unit) = self.unit_not_below(env, *unit)?;
                let outer = self.period_around(env, calendar, unit, tree.span);
                let last = self.last_day(env, tree.span);
                Some(range(first_day(outer), last))
            }
            ast::PeriodExpr::Last(count, unit) => self.last_periods(env, count, *unit, tree.span),
            ast::PeriodExpr::From(day) => {
                let day = self.value_of(env, day, Scalar::Date);
                let period = self.current_period(env, tree.span);
                Some(range(later_of(day, first_day(period.clone())), last_day(period)))
            }
            ast::PeriodExpr::Current
            | ast::PeriodExpr::This(_)
            | ast::PeriodExpr::Previous(_)
            | ast::PeriodExpr::Of(..) => self.range_of_period(env, tree),
        }
    }

    fn range_of_period(&mut self, env: &Env, tree: &ast::Expr) -> Option<DayRange> {
        let period = self.value(env, tree, Want::ANY);
        if let Scalar::Period(_) = period.ty.scalar {
            return Some(range(first_day(period.clone()), last_day(period)));
        }
        if period.ty.scalar != Scalar::Faulty {
            let found = self.a_kind(period.ty.scalar);
            self.sink.push(
                Diagnostic::error(
                    Code::E0201,
                    text!("a period or a list is needed behind \"in\", not {found}", "“在”之后需要期间或列表，而不是{found}"; found),
                )
                .primary(tree.span, found)
                .note(text!(
                    "For one value write \"is\" or \"=\"; for several write (A, B).",
                    "单个值请用“为”或“=”，多个值请写 (A，B)。"
                )),
            );
        }
        None
    }

    fn last_periods(
        &mut self,
        env: &Env,
        count: &ast::Literal,
        unit: ast::Unit,
        span: Span,
    ) -> Option<DayRange> {
        let count = match super::literal::small_number(count) {
            Some(count) if count > 0 => count,
            Some(_) | None => {
                self.sink.push(
                    Diagnostic::error(
                        Code::E0116,
                        text!(
                            "how many periods is a whole number from 1 to 255",
                            "期间个数应为 1 到 255 的整数"
                        ),
                    )
                    .primary(count.span, Text::default()),
                );
                return None;
            }
        };
        let (calendar, unit) = self.unit_here(env, unit)?;
        let day = self.last_day(env, span);
        let last = always(
            ExprKind::Containing {
                calendar,
                unit,
                day: Box::new(day.clone()),
            },
            Scalar::Period(unit),
            span,
        );
        let first = shifted(last, calendar, 1_i32.saturating_sub(i32::from(count)), span);
        Some(range(first_day(first), day))
    }

    /// Types `period`.
    pub(super) fn current_period(&mut self, env: &Env, span: Span) -> Expr {
        if let Some(period) = env.period {
            let period = self.variable(period, span);
            return match env.longer {
                Some(unit) => containing(self.calendar_of(env), unit, last_day(period)),
                None => period,
            };
        }
        self.sink.push(
            Diagnostic::error(
                Code::E0202,
                text!("there is no current period here", "此处没有当前期间"),
            )
            .primary(
                span,
                text!("write which: 2026-03, 2026-Q2", "请写明：2026-03、2026-Q2"),
            ),
        );
        faulty(span)
    }

    fn last_day(&mut self, env: &Env, span: Span) -> Expr {
        last_day(self.current_period(env, span))
    }

    /// Gives the period of a length that holds the last day of the current one; the current one itself if it has
    /// that length.
    fn period_around(&mut self, env: &Env, calendar: CalendarId, unit: Unit, span: Span) -> Expr {
        let period = self.current_period(env, span);
        if period.ty.scalar == Scalar::Period(unit) || period.ty.scalar == Scalar::Faulty {
            return period;
        }
        let day = Box::new(last_day(period));
        always(
            ExprKind::Containing { calendar, unit, day },
            Scalar::Period(unit),
            span,
        )
    }

    fn period_of(&mut self, env: &Env, day: &ast::Expr, calendar: Option<&ast::Name>, span: Span) -> Expr {
        let day = Box::new(self.value_of(env, day, Scalar::Date));
        let (calendar, unit) = match calendar {
            None => (self.calendar_of(env), self.unit_of(env)),
            Some(name) => match self.calendar_named(env.file, name) {
                Some(calendar) => (calendar, Some(self.base_unit(calendar))),
                None => return faulty(span),
            },
        };
        match unit {
            Some(unit) => always(
                ExprKind::Containing { calendar, unit, day },
                Scalar::Period(unit),
                span,
            ),
            None => self.current_period(env, span),
        }
    }

    /// Gives the length of the current period.
    pub(super) fn unit_of(&self, env: &Env) -> Option<Unit> {
        if env.longer.is_some() {
            return env.longer;
        }
        if let Scalar::Period(unit) = self.kind_of_binder(env.period?) {
            Some(unit)
        } else {
            None
        }
    }

    /// Gives the length that a word means here.
    pub(super) fn unit_here(&mut self, env: &Env, unit: ast::Unit) -> Option<(CalendarId, Unit)> {
        let calendar = self.calendar_of(env);
        let unit_found = match unit.kind {
            ast::UnitKind::Day => Some(Unit::Day),
            ast::UnitKind::Week => Some(Unit::Week),
            ast::UnitKind::Month => Some(Unit::Month),
            ast::UnitKind::Quarter => Some(Unit::Quarter),
            ast::UnitKind::Year => Some(Unit::Year),
            ast::UnitKind::Period => self.unit_of(env),
        };
        let has = unit_found.is_some_and(|found| {
            self.program
                .calendar(calendar)
                .is_some_and(|calendar| calendar.has(found))
        });
        if !has {
            let written = self.quoted(unit.span);
            self.sink.push(
                Diagnostic::error(
                    Code::E0201,
                    text!(
                        "the calendar here has no \"{written}\"",
                        "此处的日历没有“{written}”"
                    ),
                )
                .primary(unit.span, Text::default()),
            );
            return None;
        }
        unit_found.map(|unit| (calendar, unit))
    }

    /// Gives the length that a word means, if a period here lies within just one of that length.
    fn unit_not_below(&mut self, env: &Env, unit: ast::Unit) -> Option<(CalendarId, Unit)> {
        let (calendar, wanted) = self.unit_here(env, unit)?;
        let Some(here) = self.unit_of(env) else {
            self.current_period(env, unit.span);
            return None;
        };
        if rank(wanted) < rank(here) {
            let (small, large) = (super::say::unit_name(wanted), super::say::unit_name(here));
            self.sink.push(
                Diagnostic::error(
                    Code::E0219,
                    text!("a {large} holds more than one {small}", "一{large}不止一{small}"; large, small),
                )
                .primary(
                    unit.span,
                    text!("the period here is a {large}", "此处的期间是{large}"; large),
                ),
            );
            return None;
        }
        Some((calendar, wanted))
    }

    fn push_range_as_value(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!(
                    "a range of days can stand only behind \"in\"",
                    "日期范围只能写在“在”之后"
                ),
            )
            .primary(span, Text::default()),
        );
    }

    /// Types `days in p`, `days from a to b`, `months from a to b`.
    pub(super) fn span(&mut self, env: &Env, counted: &ast::SpanExpr, span: Span) -> Expr {
        let Some(count) = self.day_count(env, counted, span) else {
            return faulty(span);
        };
        match (&counted.range, counted.unit) {
            (ast::SpanRange::In(range), ast::SpanUnit::Months) => match self.day_range(env, range) {
                Some(range) => months_in(range, span),
                None => faulty(span),
            },
            (ast::SpanRange::In(range), ast::SpanUnit::Days | ast::SpanUnit::WorkingDays) => {
                match self.day_range(env, range) {
                    Some(range) => always(ExprKind::DaysIn { range, count }, Scalar::Int, span),
                    None => faulty(span),
                }
            }
            (ast::SpanRange::FromTo(from, to), ast::SpanUnit::Months) => {
                self.months_between(env, from, to, span)
            }
            (ast::SpanRange::FromTo(from, to), ast::SpanUnit::Days | ast::SpanUnit::WorkingDays) => {
                let from = Box::new(self.value_of(env, from, Scalar::Date));
                let to = Box::new(self.value_of(env, to, Scalar::Date));
                always(ExprKind::DaysBetween { from, to, count }, Scalar::Int, span)
            }
        }
    }

    fn day_count(&mut self, env: &Env, counted: &ast::SpanExpr, span: Span) -> Option<DayCount> {
        if counted.unit == ast::SpanUnit::WorkingDays {
            let list = self.holidays_for(env, counted.counted.as_ref(), span);
            return list.map(DayCount::Working);
        }
        match counted.counted.as_ref() {
            None => Some(DayCount::Actual),
            Some(word) => match word.text.as_str() {
                "actual" | "actual_actual" => Some(DayCount::Actual),
                "bond_30_360" => Some(DayCount::Bond30360),
                written => {
                    let message = Diagnostic::error(
                        Code::E0202,
                        text!(
                            "there is no way of counting days called \"{written}\"",
                            "没有叫“{written}”的计日方法"
                        ),
                    )
                    .primary(
                        word.span,
                        text!("bond_30_360 or actual_actual", "bond_30_360 或 actual_actual"),
                    );
                    self.sink.push(message);
                    None
                }
            },
        }
    }

    fn months_between(&mut self, env: &Env, from: &ast::Expr, to: &ast::Expr, span: Span) -> Expr {
        let from = self.month(env, from);
        let to = self.month(env, to);
        always(
            ExprKind::MonthsBetween {
                from: Box::new(from),
                to: Box::new(to),
            },
            Scalar::Int,
            span,
        )
    }

    fn month(&mut self, env: &Env, tree: &ast::Expr) -> Expr {
        let value = self.value(env, tree, Want::of(Scalar::Period(Unit::Month)));
        if value.ty.scalar == Scalar::Date {
            let written = self.quoted(tree.span);
            self.sink.push(
                Diagnostic::error(
                    Code::E0201,
                    text!(
                        "months are counted from month to month, not from a date",
                        "月数按月份计算，而不是按日期"
                    ),
                )
                .primary(tree.span, text!("date", "日期"))
                .fix(guerdon_syntax::Fix::replace(
                    text!("take the month of that day", "取该日所在的月份"),
                    tree.span,
                    format!("month_of({written})"),
                )),
            );
            return super::expr::faulty_like(value);
        }
        self.expect_kind(value, Scalar::Period(Unit::Month))
    }
}

/// Orders lengths of periods from short to long; a calendar's own period may have any length.
fn rank(unit: Unit) -> u8 {
    match unit {
        Unit::Day => 0,
        Unit::Week => 1,
        Unit::Period => 2,
        Unit::Month => 3,
        Unit::Quarter => 4,
        Unit::Year => 5,
    }
}

/// Makes a range of days.
pub(super) fn range(from: Expr, through: Expr) -> DayRange {
    DayRange {
        from: Box::new(from),
        through: Box::new(through),
    }
}

/// Gives the first day of a period.
pub(super) fn first_day(period: Expr) -> Expr {
    let (span, is_faulty) = (period.span, period.ty.scalar == Scalar::Faulty);
    let scalar = if is_faulty { Scalar::Faulty } else { Scalar::Date };
    always(ExprKind::FirstDay(Box::new(period)), scalar, span)
}

/// Gives the last day of a period.
pub(super) fn last_day(period: Expr) -> Expr {
    let (span, is_faulty) = (period.span, period.ty.scalar == Scalar::Faulty);
    let scalar = if is_faulty { Scalar::Faulty } else { Scalar::Date };
    always(ExprKind::LastDay(Box::new(period)), scalar, span)
}

/// Gives the period of a length that contains a day.
pub(super) fn containing(calendar: CalendarId, unit: Unit, day: Expr) -> Expr {
    let span = day.span;
    let day = Box::new(day);
    always(
        ExprKind::Containing { calendar, unit, day },
        Scalar::Period(unit),
        span,
    )
}

/// Gives the period so many periods later.
pub(super) fn shifted(period: Expr, calendar: CalendarId, by: i32, span: Span) -> Expr {
    let scalar = period.ty.scalar;
    if by == 0 || scalar == Scalar::Faulty {
        return period;
    }
    always(
        ExprKind::Shift {
            calendar,
            period: Box::new(period),
            by,
        },
        scalar,
        span,
    )
}

/// Gives the later of two days.
fn later_of(one: Expr, other: Expr) -> Expr {
    let span = one.span;
    let condition = always(
        ExprKind::Compare {
            op: Comparison::Greater,
            left: Box::new(one.clone()),
            right: Box::new(other.clone()),
        },
        Scalar::Bool,
        span,
    );
    let choice = ExprKind::If {
        condition: Box::new(condition),
        then: Box::new(one),
        otherwise: Box::new(other),
    };
    always(choice, Scalar::Date, span)
}

/// Counts the months of which a range of days has a day: none if it ends before it begins.
fn months_in(range: DayRange, span: Span) -> Expr {
    let month = |day: Expr| {
        let kind = ExprKind::Containing {
            calendar: CalendarId(0),
            unit: Unit::Month,
            day: Box::new(day),
        };
        always(kind, Scalar::Period(Unit::Month), span)
    };
    let whole = |number: i64| {
        let number = crate::number::Exact::from_i64(number);
        always(ExprKind::Const(Value::Number(number)), Scalar::Int, span)
    };
    let (from, through) = (*range.from, *range.through);
    let is_empty = ExprKind::Compare {
        op: Comparison::Less,
        left: Box::new(through.clone()),
        right: Box::new(from.clone()),
    };
    let between = ExprKind::MonthsBetween {
        from: Box::new(month(from)),
        to: Box::new(month(through)),
    };
    let sum = ExprKind::Sum(vec![
        (Sign::Plus, always(between, Scalar::Int, span)),
        (Sign::Plus, whole(1)),
    ]);
    let choice = ExprKind::If {
        condition: Box::new(always(is_empty, Scalar::Bool, span)),
        then: Box::new(whole(0)),
        otherwise: Box::new(always(sum, Scalar::Int, span)),
    };
    always(choice, Scalar::Int, span)
}
