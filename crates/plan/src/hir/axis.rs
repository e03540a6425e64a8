//! The periods that a run of a plan computes.
//!
//! A plan's *horizon* runs from its first effective period through that of the run's last day, whatever is shown of
//! it: streaks and balances then never depend on what was asked for. Its *axis* is the horizon, widened by what
//! expressions look at: `previous month` by one, `this year` to whole years. Only what stands in the rules counts; a
//! period that a record names, such as the month of a hire, may lie outside the horizon and is then an error of its cell.

mod first;
mod named;
mod reach;

pub use self::first::period_fields;
pub use self::named::is_named_by_records;

use super::block::Block;
use super::expr::{Expr, ExprKind, Value};
use super::program::{BinderDomain, Plan, Program};
use super::test::Test;
use crate::calendar::{Calendar, Date, PeriodKey, Periods, Unit};
use crate::types::{CalendarId, PlanId};

/// Holds consecutive periods of one unit, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Is the first period.
    pub first: PeriodKey,
    /// Is the last period.
    pub last: PeriodKey,
}

/// Holds the periods that a run of one plan computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Is where lines, balances and payments are settled.
    pub horizon: Stretch,
    /// Is where definitions have values; it contains the horizon.
    pub axis: Stretch,
}

impl Stretch {
    /// Says whether a period is one of these.
    #[must_use]
    pub fn contains(&self, period: PeriodKey) -> bool {
        period.unit == self.first.unit && self.first <= period && period <= self.last
    }

    /// Gives the periods in order.
    #[must_use]
    pub fn periods(&self) -> Periods {
        Periods::new(
            self.first.unit,
            self.first.index,
            self.last.index.saturating_add(1),
        )
    }

    fn hull(self, other: Stretch) -> Stretch {
        Stretch {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }

    fn part_within(self, other: Stretch) -> Option<Stretch> {
        let part = Stretch {
            first: self.first.max(other.first),
            last: self.last.min(other.last),
        };
        (part.first <= part.last).then_some(part)
    }
}

/// Computes the window of every plan for a run through a day.
///
/// `first_day` gives the earliest day in the fields that [`period_fields`] lists for a plan; it is asked for plans
/// without a first effective day. A plan has no window if its calendar does not reach the days.
#[must_use]
pub fn windows(
    program: &Program,
    first_day: &dyn Fn(PlanId) -> Option<Date>,
    run_end: Date,
) -> Vec<Option<Window>> {
    widened(program, &horizons(program, first_day, run_end))
}

/// Computes the horizon of every plan for a run through a day; see [`windows`].
#[must_use]
pub fn horizons(
    program: &Program,
    first_day: &dyn Fn(PlanId) -> Option<Date>,
    run_end: Date,
) -> Vec<Option<Stretch>> {
    let plans = program.plans.iter().enumerate();
    plans
        .map(|(at, plan)| {
            let from = plan.effective.from.or_else(|| first_day(PlanId::at(at)));
            horizon(program, plan, from, run_end)
        })
        .collect()
}

/// Widens the horizon of every plan by what its expressions look at; only the horizons and the program decide that.
#[must_use]
pub fn widened(program: &Program, horizons: &[Option<Stretch>]) -> Vec<Option<Window>> {
    let axes = reach::axes(program, horizons);
    let window = |(horizon, axis): (&Option<Stretch>, Option<Stretch>)| {
        Some(Window {
            horizon: (*horizon)?,
            axis: axis?,
        })
    };
    horizons.iter().zip(axes).map(window).collect()
}

/// Computes the horizon of a plan for a run through a day: at least its first period.
///
/// A plan that begins on no day at all has the period of the run's last day only. A run that begins before the first period
/// of the plan's calendar or goes on after its last one begins and ends with the calendar.
fn horizon(program: &Program, plan: &Plan, from: Option<Date>, run_end: Date) -> Option<Stretch> {
    let calendar = program.calendar(plan.calendar)?;
    let from = from.unwrap_or(run_end);
    let (begin, end) = match &plan.block {
        Some(Block::Target(target)) => whole(calendar, target.whole, plan.effective.through, (from, run_end)),
        Some(Block::Contest(_) | Block::Award(_) | Block::Warning(_) | Block::Scorecard(_)) | None => {
            (from, run_end)
        }
    };
    let end = end.max(from);
    let period_of = |day: Date| calendar.period_of(plan.unit, day);
    let mut days = std::iter::successors(Some(begin), |day| (*day < end).then(|| day.next()));
    let inside = period_of(end).or_else(|| days.find_map(period_of))?;
    let farthest = |by: i32| std::iter::successors(Some(inside), move |key| calendar.shift(*key, by)).last();
    Some(Stretch {
        first: period_of(begin).or_else(|| farthest(-1))?,
        last: period_of(end).or_else(|| farthest(1))?,
    })
}

/// Gives the days of a target's run: it is about what is to come, so they end where its own period ends.
fn whole(
    calendar: &Calendar,
    unit: Unit,
    through: Option<Date>,
    (from, run_end): (Date, Date),
) -> (Date, Date) {
    let days = |day: Date| calendar.range(calendar.period_of(unit, day)?);
    let end = through.map_or(run_end, |through| through.min(run_end)).max(from);
    let first = days(from).map_or(from, |days| days.from);
    let last = days(end).and_then(|days| days.last_day()).unwrap_or(end);
    (first, through.map_or(last, |through| through.min(last)))
}

/// Finds the last day of a test's run: the latest day or period that its records hold or its expectations name.
#[must_use]
pub fn last_day_of_test(program: &Program, test: &Test) -> Option<Date> {
    let cells = test
        .given
        .iter()
        .flat_map(|given| &given.rows)
        .flat_map(|row| &row.cells);
    let civil = CalendarId(0);
    let in_records = cells.filter_map(|cell| last_day_of(program, civil, cell)).max();
    let named = test
        .expects
        .iter()
        .filter_map(|expect| last_day_in(program, civil, &expect.expr))
        .max();
    in_records.max(named)
}

/// Finds the calendar to which the periods of an expression belong, or `None` where the expression does not say it:
/// then it is that of the plan in which it stands.
#[must_use]
pub fn calendar_of(program: &Program, expr: &Expr) -> Option<CalendarId> {
    if let ExprKind::Shift { calendar, .. } | ExprKind::Containing { calendar, .. } = &expr.kind {
        return Some(*calendar);
    }
    if let ExprKind::Binder(binder) = &expr.kind {
        return match program.binder(*binder)?.domain {
            BinderDomain::Period(calendar, _) => Some(calendar),
            BinderDomain::Row(_) => None,
        };
    }
    if let ExprKind::Use { definition, .. } | ExprKind::Prior { definition, .. } = &expr.kind {
        return Some(program.plan(program.definition(*definition)?.plan)?.calendar);
    }
    if let ExprKind::If { .. } | ExprKind::Otherwise(_) | ExprKind::Require(_) = &expr.kind {
        return expr
            .children()
            .into_iter()
            .find_map(|child| calendar_of(program, child));
    }
    None
}

fn last_day_in(program: &Program, calendar: CalendarId, expr: &Expr) -> Option<Date> {
    if let ExprKind::Const(value) = &expr.kind {
        return last_day_of(program, calendar, value);
    }
    let calendar = plan_asked(program, expr).map_or(calendar, |plan| plan.calendar);
    expr.children()
        .into_iter()
        .filter_map(|child| last_day_in(program, calendar, child))
        .max()
}

/// Finds the plan of the definition or earn that an expression asks, whose periods its subscripts name.
fn plan_asked<'p>(program: &'p Program, expr: &Expr) -> Option<&'p Plan> {
    if let ExprKind::Use { definition, .. } | ExprKind::Prior { definition, .. } = &expr.kind {
        return program.plan(program.definition(*definition)?.plan);
    }
    if let ExprKind::Earned { earn, .. } = &expr.kind {
        return program.plan(program.earn(*earn)?.plan);
    }
    None
}

fn last_day_of(program: &Program, calendar: CalendarId, value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::Period(period) => program.calendar(calendar)?.range(*period)?.last_day(),
        Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Enum(_, _) | Value::Missing => None,
    }
}

#[cfg(test)]
mod tests {
    use guerdon_syntax::span::{FileId, Span};

    use super::*;
    use crate::calendar::{Calendar, Unit};
    use crate::hir::{
        Aggregate, AggregateOp, Binder, CalendarDef, DayRange, Definition, DefinitionKind, Domain, Effective,
        Naming, PaysIn, Reason, Source,
    };
    use crate::types::{BinderId, DefinitionId, Scalar, Ty};

    const PERIOD: BinderId = BinderId(0);
    const MONTH: BinderId = BinderId(1);
    const CIVIL: CalendarId = CalendarId(0);

    fn span() -> Span {
        Span::at(FileId(0), 0)
    }

    fn naming(name: &str) -> Naming {
        Naming {
            name: name.to_owned(),
            alias: None,
            title: None,
            span: span(),
        }
    }

    fn month(kind: ExprKind) -> Expr {
        Expr {
            kind,
            ty: Ty::always(Scalar::Period(Unit::Month)),
            span: span(),
        }
    }

    fn binder(binder: BinderId) -> Expr {
        month(ExprKind::Binder(binder))
    }

    fn measure(name: &str, value: Expr) -> Definition {
        Definition {
            naming: naming(name),
            plan: PlanId(0),
            params: vec![PERIOD],
            kind: DefinitionKind::Measure(value),
            ty: Ty::always(Scalar::Number),
            exceptions: Vec::new(),
            rounding: None,
            reason: Reason::default(),
            span: span(),
        }
    }

    fn previous(definition: u32) -> Expr {
        let period = month(ExprKind::Shift {
            calendar: CIVIL,
            period: Box::new(binder(PERIOD)),
            by: -1,
        });
        month(ExprKind::Use {
            definition: DefinitionId(definition),
            args: vec![period],
        })
    }

    fn sum_over_this_year(definition: u32) -> Expr {
        let year = month(ExprKind::Containing {
            calendar: CIVIL,
            unit: Unit::Year,
            day: Box::new(month(ExprKind::FirstDay(Box::new(binder(PERIOD))))),
        });
        let within = DayRange {
            from: Box::new(month(ExprKind::FirstDay(Box::new(year.clone())))),
            through: Box::new(month(ExprKind::LastDay(Box::new(year)))),
        };
        month(ExprKind::Aggregate(Box::new(Aggregate {
            op: AggregateOp::Sum,
            value: Some(month(ExprKind::Use {
                definition: DefinitionId(definition),
                args: vec![binder(MONTH)],
            })),
            sources: vec![Source {
                binder: MONTH,
                domain: Domain::Periods {
                    calendar: CIVIL,
                    unit: Unit::Month,
                    within,
                },
            }],
            filter: None,
            order: Vec::new(),
            best: None,
        })))
    }

    fn program(definitions: Vec<Definition>) -> Program {
        let domain = BinderDomain::Period(CIVIL, Unit::Month);
        let variable = |name: &str| Binder {
            name: name.to_owned(),
            domain,
            span: span(),
        };
        let plan = Plan {
            naming: naming("ae"),
            extends: None,
            payee: BinderId(2),
            period: PERIOD,
            payee_filter: None,
            pays_in: PaysIn::Nothing,
            calendar: CIVIL,
            unit: Unit::Month,
            effective: Effective {
                from: Date::from_ymd(2026, 3, 1).ok(),
                through: None,
            },
            rounding: None,
            checks: Vec::new(),
            definitions: (0..definitions.len()).map(DefinitionId::at).collect(),
            earns: Vec::new(),
            carries: Vec::new(),
            pays: Vec::new(),
            block: None,
            policy: None,
            span: span(),
        };
        Program {
            calendars: vec![CalendarDef {
                naming: naming("civil"),
                calendar: Calendar::civil(),
            }],
            binders: vec![variable("period"), variable("m")],
            definitions,
            plans: vec![plan],
            ..Program::default()
        }
    }

    fn window_through_may(program: &Program) -> (Stretch, Stretch) {
        let windows = windows(program, &|_| None, Date::from_ymd(2026, 5, 20).unwrap());
        let window = windows[0].unwrap();
        (window.horizon, window.axis)
    }

    fn months(first: (i32, u8), last: (i32, u8)) -> Stretch {
        Stretch {
            first: PeriodKey::month(first.0, first.1),
            last: PeriodKey::month(last.0, last.1),
        }
    }

    #[test]
    fn horizon_runs_from_the_first_effective_period_to_that_of_the_last_day() {
        let program = program(vec![measure("sales", binder(PERIOD))]);
        let through_may = months((2026, 3), (2026, 5));
        assert_eq!(window_through_may(&program), (through_may, through_may));
        let early = Date::from_ymd(2025, 1, 1).unwrap();
        assert_eq!(
            windows(&program, &|_| None, early)[0].unwrap().horizon,
            months((2026, 3), (2026, 3))
        );
    }

    #[test]
    fn looks_at_earlier_months_add_up_along_the_chain() {
        let sales = measure("sales", binder(PERIOD));
        let before = measure("before", previous(0));
        let program = program(vec![sales, before, measure("twice", previous(1))]);
        assert_eq!(window_through_may(&program).1, months((2026, 1), (2026, 5)));
    }

    #[test]
    fn records_of_the_previous_month_and_of_the_year_to_date_are_looked_at() {
        let day = |end: ExprKind| Box::new(month(end));
        let within = |from: Expr, through: Expr| {
            month(ExprKind::Within {
                value: Box::new(month(ExprKind::Const(Value::Date(Date::FIRST)))),
                range: DayRange {
                    from: Box::new(from),
                    through: Box::new(through),
                },
            })
        };
        let shifted = || {
            month(ExprKind::Shift {
                calendar: CIVIL,
                period: Box::new(binder(PERIOD)),
                by: -1,
            })
        };
        let first = month(ExprKind::FirstDay(Box::new(shifted())));
        let last = month(ExprKind::LastDay(Box::new(shifted())));
        let before = program(vec![measure("before", within(first, last))]);
        assert_eq!(window_through_may(&before).1, months((2026, 2), (2026, 5)));
        let start = day(ExprKind::FirstDay(Box::new(binder(PERIOD))));
        let year = month(ExprKind::Containing {
            calendar: CIVIL,
            unit: Unit::Year,
            day: start,
        });
        let first = month(ExprKind::FirstDay(Box::new(year)));
        let last = month(ExprKind::LastDay(Box::new(binder(PERIOD))));
        let to_date = program(vec![measure("to_date", within(first, last))]);
        assert_eq!(window_through_may(&to_date).1, months((2026, 1), (2026, 5)));
    }

    #[test]
    fn a_look_at_the_year_takes_the_whole_year() {
        let program = program(vec![
            measure("sales", binder(PERIOD)),
            measure("total", sum_over_this_year(0)),
        ]);
        assert_eq!(window_through_may(&program).1, months((2026, 1), (2026, 12)));
    }
}
