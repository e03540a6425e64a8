//! Blocks that were written out as plans: what they are for, and how their parts are read from outside.

use guerdon_syntax::keyword::builtin_field;
use guerdon_syntax::{Code, Diagnostic, FileId, Span, Text, ast, text};

use super::Checker;
use super::blocks::{Length, Written};
use super::env::{Env, Place};
use super::expr::{always, fails, faulty, optional};
use super::missing::required;
use super::plan::Symbol;
use super::postfix::Head;
use super::want::Want;
use crate::calendar::{Calendar, PeriodKey, Unit};
use crate::hir::block::{Block, Target};
use crate::hir::expr::{Comparison, Expr, ExprKind, Value};
use crate::hir::schema::{CalendarDef, Effective};
use crate::resolve::Declared;
use crate::types::{BinderId, CalendarId, DefinitionId, PlanId, Scalar, TableId};

/// A part of a block as it is read: `cup[t1].part[a]`.
pub(super) struct Path<'t> {
    pub(super) plan: PlanId,
    /// The words behind the block's name.
    words: Vec<&'t ast::Name>,
    /// The subscripts, one list for each pair of brackets.
    pub(super) subscripts: Vec<&'t [ast::Expr]>,
}

impl<'a> Checker<'a> {
    /// Says what a plan was written as, if not as a plan.
    pub(super) fn written(&self, plan: PlanId) -> Option<&'a Written> {
        self.plans.get(plan.index())?.written
    }

    /// Gives the statement that a name means inside a plan.
    pub(super) fn inside<'n>(&self, plan: PlanId, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        let written = self.written(plan);
        let meant = written.and_then(|written| written.inside.get(name));
        meant.map_or(name, String::as_str)
    }

    /// Says whether a plan is about records; a target may be one for all.
    pub(super) fn has_subject(&self, plan: PlanId) -> bool {
        self.written(plan).is_none_or(|written| !written.about.is_empty())
    }

    /// Gives the length of the period that a statement speaks of, where it is longer than the plan's own.
    pub(super) fn longer_period(&self, plan: PlanId, statement: &str) -> Option<Unit> {
        let unit = match self.written(plan)?.lengths.get(statement)? {
            Length::Whole => self.plans.get(plan.index())?.whole?,
            Length::Of(unit) => *unit,
        };
        let own = self.program.plan(plan)?.unit;
        (unit != own).then_some(unit)
    }

    /// Types the period that a target is for, whatever shorter one is current.
    pub(super) fn whole_period(&self, env: &Env, span: Span) -> Expr {
        let parts = env.plan.and_then(|plan| self.plans.get(plan.index()));
        let (Some(period), Some(unit)) = (env.period, parts.and_then(|parts| parts.whole)) else {
            return faulty(span);
        };
        let period = self.variable(period, span);
        if period.ty.scalar == Scalar::Period(unit) {
            return period;
        }
        super::period::containing(self.calendar_of(env), unit, super::period::last_day(period))
    }

    /// Gives a plan the names of what it is made of, once all of it is read.
    pub(super) fn name_block(&mut self, plan: PlanId) {
        let Some(written) = self.written(plan) else { return };
        let block = written
            .block
            .clone()
            .rename(&mut |name: String| match self.symbol(plan, &name) {
                Some(Symbol::Definition(id)) => Some(id),
                Some(Symbol::Rows(_) | Symbol::Earn(_) | Symbol::Exception) | None => None,
            });
        let whole = self.plans.get(plan.index()).and_then(|parts| parts.whole);
        let block = block.map(|block| match (block, whole) {
            (Block::Target(target), Some(whole)) => Block::Target(Target { whole, ..target }),
            (block, _) => block,
        });
        if let Some(found) = self.program.plans.get_mut(plan.index()) {
            found.block = block;
        }
    }

    /// Gives the days of the one period that a block is for.
    pub(super) fn days_of_only(&self, calendar: CalendarId, only: PeriodKey) -> Effective {
        let days = self
            .program
            .calendar(calendar)
            .and_then(|found| found.range(only));
        Effective {
            from: days.map(|days| days.from),
            through: days.and_then(|days| days.last_day()),
        }
    }

    /// Reads `period 2026-06`.
    pub(super) fn one_period(
        &mut self,
        file: FileId,
        literal: &ast::Literal,
    ) -> (CalendarId, Unit, Option<PeriodKey>) {
        let (value, scalar) = self.literal_value(&Env::of_file(file), literal, None);
        match (value, scalar) {
            (Some(Value::Period(key)), Scalar::Period(unit)) => (CalendarId(0), unit, Some(key)),
            (_, _) => (CalendarId(0), Unit::Month, None),
        }
    }

    /// Reads `period D through D`: a calendar of its own that has this period and no other.
    pub(super) fn stretch_of_days(
        &mut self,
        file: FileId,
        from: &ast::Literal,
        through: &ast::Literal,
    ) -> (CalendarId, Unit, Option<PeriodKey>) {
        let env = Env::of_file(file);
        let first = self.literal_value(&env, from, Some(Scalar::Date)).0;
        let last = self.literal_value(&env, through, Some(Scalar::Date)).0;
        let (Some(Value::Date(first)), Some(Value::Date(last))) = (first, last) else {
            return (CalendarId(0), Unit::Month, None);
        };
        let span = from.span.to(through.span);
        let Ok(calendar) = Calendar::civil().with_listed_periods(&[first], last.next()) else {
            self.sink.push(
                Diagnostic::error(
                    Code::E0603,
                    text!("the range ends before it begins", "范围的结束早于开始"),
                )
                .primary(span, Text::default()),
            );
            return (CalendarId(0), Unit::Month, None);
        };
        let only = calendar.period_of(Unit::Period, first);
        let id = CalendarId::at(self.program.calendars.len());
        self.program.calendars.push(CalendarDef {
            naming: super::plain_naming(&format!("{} through {}", from.written, through.written), span),
            calendar,
        });
        (id, Unit::Period, only)
    }

    /// Says of a record that it became known before the contest closed; nothing where no record says when it did.
    pub(super) fn known_in_time(&mut self, env: &Env, table: TableId, binder: BinderId) -> Option<Expr> {
        let closes = self.written(env.plan?)?.closes.as_ref()?;
        let known = self.program.table(table)?.known?;
        let (Some(day), _) = self.literal_value(env, closes, Some(Scalar::Date)) else {
            return None;
        };
        let record = self.variable(binder, closes.span);
        let known = self.field_value(record, known, closes.span);
        let day = always(ExprKind::Const(day), Scalar::Date, closes.span);
        let in_time = always(
            ExprKind::Compare {
                op: Comparison::LessOrEqual,
                left: Box::new(required_if_optional(known.clone())),
                right: Box::new(day),
            },
            Scalar::Bool,
            closes.span,
        );
        if !known.ty.is_optional() {
            return Some(in_time);
        }
        // A record that does not say when it became known was always known.
        let always_known = always(ExprKind::IsMissing(Box::new(known)), Scalar::Bool, closes.span);
        Some(always(
            ExprKind::Or(vec![always_known, in_time]),
            Scalar::Bool,
            closes.span,
        ))
    }

    /// Says that nothing tells what became known when, though a contest closes on a day.
    pub(super) fn check_closing(&mut self, plan: PlanId) {
        let Some(closes) = self.written(plan).and_then(|written| written.closes.as_ref()) else {
            return;
        };
        if self.program.tables.iter().any(|table| table.known.is_some()) {
            return;
        }
        let message = Diagnostic::error(
            Code::E0215,
            text!(
                "the contest closes, but no record says when it became known",
                "竞赛设有截止日，但没有记录写明何时获知"
            ),
        );
        let fix = guerdon_syntax::Fix::advice(
            text!("name the field that tells it", "写明该字段"),
            text!(
                "data Deal key id known recorded_on",
                "数据 合同 主键 编号 知于 录入日"
            ),
        );
        self.sink
            .push(message.primary(closes.span, Text::default()).fix(fix));
    }

    /// Gives the period of a plan that is for one only.
    pub(super) fn only_period(&self, plan: PlanId, span: Span) -> Option<Expr> {
        let only = self.plans.get(plan.index())?.only?;
        Some(always(
            ExprKind::Const(Value::Period(only)),
            Scalar::Period(only.unit),
            span,
        ))
    }

    /// Reads an expression as a part of a block; nothing if it is none.
    pub(super) fn block_path<'t>(&self, env: &Env, tree: &'t ast::Expr) -> Option<Path<'t>> {
        let (mut words, mut subscripts) = (Vec::new(), Vec::new());
        let mut at = tree;
        loop {
            if let ast::ExprKind::Index(inner, args) = &at.kind {
                subscripts.push(args.as_slice());
                at = inner;
            } else if let ast::ExprKind::Field(inner, word) = &at.kind {
                words.push(word);
                at = inner;
            } else {
                break;
            }
        }
        let ast::ExprKind::Name(name) = &at.kind else {
            return None;
        };
        let [super::name::Candidate::Declared(Declared::Plan(plan))] =
            self.names_in_sight(env, &name.text)[..]
        else {
            return None;
        };
        self.written(plan)?;
        words.reverse();
        subscripts.reverse();
        Some(Path {
            plan,
            words,
            subscripts,
        })
    }

    /// Says whether an expression is the level of a warning: `pace[a, 2026-02]`.
    pub(super) fn is_level(&self, env: &Env, tree: &ast::Expr) -> bool {
        if let ast::ExprKind::Paren(inner) = &tree.kind {
            return self.is_level(env, inner);
        }
        let path = self.block_path(env, tree).filter(|path| path.words.is_empty());
        let written = path.and_then(|path| self.written(path.plan));
        written.is_some_and(|written| matches!(written.block, Block::Warning(_)))
    }

    /// Types a part of a block.
    pub(super) fn block_part(&mut self, env: &Env, path: &Path<'_>, span: Span, want: Want) -> Expr {
        let Some(written) = self.written(path.plan) else {
            return faulty(span);
        };
        let words: Vec<&str> = path
            .words
            .iter()
            .map(|word| builtin_field(&word.text).unwrap_or(&word.text))
            .collect();
        let name = match (&written.block, words.as_slice()) {
            (Block::Target(target), [] | ["goal" | "part" | "original"]) => {
                self.figure_of_target(env, path, target)
            }
            (block, []) => block.main().unwrap_or_default(),
            (_, _) => words.join(" "),
        };
        let Some(Symbol::Definition(id)) = self.symbol(path.plan, &name) else {
            return self.push_no_part(path, &name, span);
        };
        if let (Block::Contest(contest), [entrant, member]) = (&written.block, path.subscripts.as_slice())
            && let Some(split) = contest.split.as_ref().filter(|split| split.part == name)
        {
            let value = self.member_part(env, path.plan, (id, &split.of), (entrant, member), span);
            return self.in_test(env, value, want);
        }
        let args: Vec<ast::Expr> = path.subscripts.iter().copied().flatten().cloned().collect();
        let value = self.application(env, Head::Definition(id), &args, span, want);
        self.in_test(env, value, want)
    }

    /// Lets a test ask for a value that may be missing: where it is, the test fails and says so.
    fn in_test(&self, env: &Env, value: Expr, want: Want) -> Expr {
        if env.place == Place::Test && fails(want) && value.ty.is_optional() {
            required(value)
        } else {
            value
        }
    }

    /// Types `cup[t1].part[a]`: the share of a member, missing where the member belongs to another team.
    fn member_part(
        &mut self,
        env: &Env,
        plan: PlanId,
        (part, team): (DefinitionId, &str),
        (entrant, member): (&[ast::Expr], &[ast::Expr]),
        span: Span,
    ) -> Expr {
        let (Some(Symbol::Definition(team)), [first, period @ ..]) = (self.symbol(plan, team), entrant)
        else {
            return faulty(span);
        };
        // The period is written beside the team or beside the member: cup[t1, 2026-Q2].part[a].
        let member = &[member, period].concat();
        let Some(kind) = self
            .program
            .plan(plan)
            .map(|found| self.kind_of_binder(found.payee))
        else {
            return faulty(span);
        };
        let Some(entrant) = self.argument(env, first, kind) else {
            return faulty(span);
        };
        let own = self.application(env, Head::Definition(team), member, span, Want::ANY);
        let share = self.application(env, Head::Definition(part), member, span, Want::ANY.or_nothing());
        let is_own = always(
            ExprKind::Compare {
                op: Comparison::Equal,
                left: Box::new(own),
                right: Box::new(entrant),
            },
            Scalar::Bool,
            span,
        );
        let scalar = share.ty.scalar;
        let missing = optional(ExprKind::Const(Value::Missing), scalar, span);
        let choice = ExprKind::If {
            condition: Box::new(is_own),
            then: Box::new(share),
            otherwise: Box::new(missing),
        };
        optional(choice, scalar, span)
    }

    fn push_no_part(&mut self, path: &Path<'_>, name: &str, span: Span) -> Expr {
        let known: Vec<String> = self
            .symbol_names(path.plan)
            .into_iter()
            .filter(|name| !name.contains(' '))
            .collect();
        let listed = known.join(", ");
        let of = self
            .program
            .plan(path.plan)
            .map_or_else(String::new, |plan| plan.naming.name.clone());
        if self.names.is_broken(name) {
            return faulty(span);
        }
        let title = if name.is_empty() {
            text!("which part of \"{of}\" is meant?", "指“{of}”的哪一部分？")
        } else {
            text!(
                "\"{of}\" has nothing called \"{name}\"",
                "“{of}”中没有叫“{name}”的部分"
            )
        };
        let place = path.words.last().map_or(span, |word| word.span);
        let message =
            Diagnostic::error(Code::E0209, title).primary(place, text!("it has {listed}", "它有 {listed}"));
        let fix = self.nearest(name, place, known.iter().map(String::as_str));
        self.sink.push(fix.into_iter().fold(message, Diagnostic::fix));
        faulty(span)
    }
}

fn required_if_optional(value: Expr) -> Expr {
    if value.ty.is_optional() {
        required(value)
    } else {
        value
    }
}
