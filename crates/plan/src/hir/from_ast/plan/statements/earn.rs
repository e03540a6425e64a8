//! Earns, and the releases and claw-backs that name them.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use crate::hir::BinderDomain;
use crate::hir::expr::{Domain, Expr, ExprKind};
use crate::hir::from_ast::aggregate::joined;
use crate::hir::from_ast::apply::Stacking;
use crate::hir::from_ast::env::{Env, Frame, Place, Where};
use crate::hir::from_ast::expr::always;
use crate::hir::from_ast::plan::{Line, Symbol};
use crate::hir::from_ast::source::{Opened, Over};
use crate::hir::from_ast::want::Want;
use crate::hir::from_ast::{Checker, facts, reason};
use crate::hir::program::{Earn, Hold, Lines, Share};
use crate::types::{EarnId, PlanId, Scalar, Ty};

/// Tells the two kinds of shares apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShareKind {
    /// `release`.
    Release,
    /// `clawback`.
    Clawback,
}

impl<'a> Checker<'a> {
    /// Types an earn and the exceptions to it.
    pub(super) fn read_earn(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Earn) {
        let Some(Symbol::Earn(id)) = self.symbol_at(plan, &tree.name) else {
            return;
        };
        let env = self.plan_env(plan, line, Place::Payees);
        let ty = Ty::always(self.paid_kind(plan));
        match &tree.each {
            None => {
                let env = self.dated_env(env, tree.dated.as_ref());
                let value = self.amount(&env, &tree.value, ty.scalar);
                let exceptions = self.exceptions_to(&tree.name.text, &env, ty);
                let id = self.whole_of(id).unwrap_or(id);
                if let Some(earn) = self.program.earns.get_mut(id.index()) {
                    earn.value = value;
                    earn.exceptions = exceptions;
                }
            }
            Some(each) => self.read_lines(id, &env, each, tree),
        }
    }

    fn read_lines(&mut self, id: EarnId, env: &Env, each: &'a ast::ForEach, tree: &'a ast::Earn) {
        let Some((opened, frame)) = self.open_lines(env, each) else {
            return;
        };
        let Over::Known(Domain::Rows(table)) = opened.over else {
            return;
        };
        let row = opened.binder;
        let mut own = Env {
            row: Some(row),
            ..env.with(frame)
        };
        let mut all = opened.conditions;
        all.iter()
            .for_each(|condition| own.facts.extend(facts::if_yes(condition)));
        if let Some(filter) = &each.filter {
            self.expression = Some(filter.span);
            all.push(self.holds(&own, filter));
        }
        if let Some(up) = &each.up {
            let Some((condition, ladder)) = self.walk_up(&own, id, up) else {
                return;
            };
            all.push(condition);
            own.ladder = Some(ladder);
        }
        let filter = joined(all);
        own.facts.extend(filter.iter().flat_map(facts::if_yes));
        let Some(dated) = self.line_day(&own, each.span, &tree.name, tree.dated.as_ref()) else {
            return;
        };
        own.day = Some(dated.clone());
        own.can_stack = true;
        let before = self.stacking.replace(Stacking::default());
        let scalar = self
            .program
            .earn(id)
            .map_or(Scalar::Faulty, |earn| earn.ty.scalar);
        let value = self.amount(&own, &tree.value, scalar);
        let hidden = Env {
            frames: Vec::new(),
            ..own.clone()
        };
        let exceptions = self.exceptions_to(&tree.name.text, &hidden, Ty::always(scalar));
        let stacking = std::mem::replace(&mut self.stacking, before);
        let stacked = stacking.and_then(|found| found.order);
        let is_stacked = stacked.is_some();
        let order = stacked.unwrap_or_else(|| vec![dated.clone()]);
        self.line_facts.insert(id, own.facts.clone());
        if let Some(earn) = self.program.earns.get_mut(id.index()) {
            earn.value = value;
            earn.exceptions = exceptions;
            earn.lines = Some(Lines {
                row,
                table,
                filter,
                dated,
                order,
            });
        }
        if is_stacked {
            let why = text!("stacks the lines of each payee", "累计每名人员的明细");
            self.refuse_on_cascade(id, tree.value.span, why);
        }
    }

    /// Opens the records of `for each`.
    pub(super) fn open_lines(&mut self, env: &Env, each: &'a ast::ForEach) -> Option<(Opened, Frame)> {
        let place = Where {
            span: each
                .filter
                .as_ref()
                .map_or(each.source.span, |filter| each.source.span.to(filter.span)),
            has_filter: each.filter.is_some(),
        };
        let (opened, frame) = self.open(env, &each.source, Some(place))?;
        match opened.over {
            Over::Known(Domain::Rows(_)) => {
                self.filters.insert(opened.binder, place);
                Some((opened, frame))
            }
            Over::Known(Domain::Below { .. } | Domain::Periods { .. }) | Over::Periods(..) => {
                self.push_no_records(&each.source);
                None
            }
        }
    }

    /// Says that lines are made of records.
    fn push_no_records(&mut self, source: &ast::Source) {
        let is_team = matches!(
            source.kind,
            ast::SourceKind::Team(_) | ast::SourceKind::Reports(_)
        );
        let title = text!(
            "\"for each\" takes the records of a data block, one by one",
            "“逐条”逐一取数据块的记录"
        );
        let fault = Diagnostic::error(Code::E0206, title);
        let fault = match is_team {
            true => fault
                .primary(source.span, text!("the members of a team", "团队的成员"))
                .fix(Fix::advice(
                    text!("a line for each record of those below", "下属的每条记录各一行"),
                    text!(
                        "earn x for each Sale up from owner.manager by manager dated sold_on = …",
                        "计提 x 逐条 订单 自 负责人.经理 向上 按 经理 记于 日期 = …"
                    ),
                ))
                .fix(Fix::advice(
                    text!("one amount for the whole team in each period", "每期整个团队一笔"),
                    text!(
                        "earn x = sum … over team of payee as p",
                        "计提 x = 合计 … 对 下属 领取人 作 p"
                    ),
                )),
            false => fault
                .primary(source.span, text!("periods", "期间"))
                .fix(Fix::advice(
                    text!(
                        "an earn without \"for each\" has an amount in every period",
                        "不带“逐条”的计提每期都有一笔"
                    ),
                    text!("earn x = …", "计提 x = …"),
                )),
        };
        self.sink.push(fault);
    }

    /// Types the day of a line.
    pub(super) fn line_day(
        &mut self,
        env: &Env,
        each: Span,
        name: &ast::Name,
        dated: Option<&ast::Expr>,
    ) -> Option<Expr> {
        let Some(dated) = dated else {
            let name = &name.text;
            self.sink.push(
                Diagnostic::error(
                    Code::E0233,
                    text!("the lines of \"{name}\" have no day", "“{name}”的明细没有日期"),
                )
                .primary(
                    each,
                    text!("which day puts a line into a period?", "按哪一天归入期间？"),
                )
                .fix(Fix::advice(
                    text!("name the field", "写明字段"),
                    text!("for each … dated booked_on", "逐条 … 记于 签约日"),
                )),
            );
            return None;
        };
        self.expression = Some(dated.span);
        Some(self.value_of(env, dated, Scalar::Date))
    }

    /// Remembers which table the lines of each earn come from, before any expression asks for one line.
    pub(in crate::hir::from_ast::plan) fn note_line_tables(&mut self, plan: PlanId) {
        let lines = self
            .plans
            .get(plan.index())
            .map_or_else(Vec::new, |parts| parts.lines.clone());
        for line in lines {
            let Some((id, each)) = self.named_lines(plan, line.statement) else {
                continue;
            };
            if let ast::SourceKind::Named(name) = &each.source.kind {
                let env = self.plan_env(plan, line, Place::Payees);
                let messages = std::mem::take(self.sink);
                let table = self.source_table(&env, name);
                *self.sink = messages;
                if let Some(table) = table {
                    self.line_tables.insert(id, table);
                }
            }
        }
    }

    /// Gives the earn and the records of a statement that makes lines.
    fn named_lines(
        &self,
        plan: PlanId,
        statement: &'a ast::PlanStatement,
    ) -> Option<(EarnId, &'a ast::ForEach)> {
        let (symbol, each) = if let ast::PlanStatement::Earn(tree) = statement {
            (self.symbol_at(plan, &tree.name)?, tree.each.as_ref()?)
        } else if let ast::PlanStatement::BreakDown(tree) = statement {
            (self.symbol(plan, &tree.target.text)?, &tree.among)
        } else {
            return None;
        };
        match symbol {
            Symbol::Earn(id) => Some((id, each)),
            Symbol::Rows(_) | Symbol::Definition(_) | Symbol::Exception => None,
        }
    }

    /// Types a release or a claw-back.
    pub(super) fn read_share(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Share, kind: ShareKind) {
        let Some(id) = self.target_earn(plan, &tree.target) else {
            return;
        };
        let env = self.share_env(plan, line, id);
        let share = self.top_value(&env, &tree.share, Want::of(Scalar::Percent));
        let share = self.expect_kind(share, Scalar::Percent);
        let found = Share {
            share,
            may_fall: tree.may_fall,
            reason: reason(&tree.tail),
            span: tree.span,
        };
        self.state_once(id, tree.span, |earn| {
            let earlier = match kind {
                ShareKind::Release => earn.release.replace(found),
                ShareKind::Clawback => earn.clawback.replace(found),
            };
            earlier.map(|share| share.span)
        });
    }

    /// Types what is kept back.
    pub(super) fn read_hold(&mut self, plan: PlanId, line: Line<'a>, tree: &'a ast::Hold) {
        let Some(id) = self.target_earn(plan, &tree.target) else {
            return;
        };
        let env = self.own_env(plan, line, id);
        let share = self.top_value(&env, &tree.share, Want::of(Scalar::Percent));
        let share = self.expect_kind(share, Scalar::Percent);
        let scalar = self.paid_kind(plan);
        let ceiling = tree.ceiling.as_ref().map(|most| self.amount(&env, most, scalar));
        let until = self.top(&env, &tree.until, Want::of(Scalar::Date));
        let until = self.expect_kind(until, Scalar::Date);
        let found = Hold {
            share,
            ceiling,
            until,
            reason: reason(&tree.tail),
            span: tree.span,
        };
        self.state_once(id, tree.span, |earn| {
            earn.hold.replace(found).map(|hold| hold.span)
        });
    }

    /// Sees the line as [`share_env`](Self::share_env) does, on its own day and not in a settling period.
    pub(super) fn own_env(&mut self, plan: PlanId, line: Line<'a>, id: EarnId) -> Env {
        Env {
            place: Place::Payees,
            line_period: None,
            ..self.share_env(plan, line, id)
        }
    }

    /// Gives the own period of an amount without lines, apart from the one in which it is settled.
    fn own_period(&mut self, plan: PlanId, id: EarnId) -> Option<Expr> {
        let (calendar, unit) = self.program.plan(plan).map(|plan| (plan.calendar, plan.unit))?;
        let (known, span) = self.program.earn(id).map(|earn| (earn.own_period, earn.span))?;
        let own = known.unwrap_or_else(|| self.bind("period", BinderDomain::Period(calendar, unit), span));
        if let Some(earn) = self.program.earns.get_mut(id.index()) {
            earn.own_period = Some(own);
        }
        Some(self.variable(own, span))
    }

    /// Sees the line behind a share: its row, and its period for each `let`; `period` is the settling one.
    pub(super) fn share_env(&mut self, plan: PlanId, line: Line<'a>, id: EarnId) -> Env {
        let env = self.plan_env(plan, line, Place::Share);
        if self.program.earn(id).is_some_and(|earn| earn.lines.is_none()) {
            return Env {
                line_period: self.own_period(plan, id),
                ..env
            };
        }
        let Some((lines, found)) = self
            .program
            .earn(id)
            .and_then(|earn| earn.lines.as_ref())
            .zip(self.program.plan(plan))
        else {
            return env;
        };
        let mut facts = env.facts.clone();
        facts.extend(self.line_facts.get(&id).cloned().unwrap_or_default());
        let line_period = always(
            ExprKind::Containing {
                calendar: found.calendar,
                unit: found.unit,
                day: Box::new(lines.dated.clone()),
            },
            Scalar::Period(found.unit),
            lines.dated.span,
        );
        Env {
            row: Some(lines.row),
            day: Some(lines.dated.clone()),
            line_period: Some(line_period),
            facts,
            ..env
        }
    }

    pub(super) fn target_earn(&mut self, plan: PlanId, name: &ast::Name) -> Option<EarnId> {
        match self.symbol(plan, &name.text) {
            Some(Symbol::Earn(id)) => Some(id),
            Some(Symbol::Definition(_) | Symbol::Rows(_) | Symbol::Exception) => {
                let written = &name.text;
                self.sink.push(
                    Diagnostic::error(
                        Code::E0201,
                        text!("\"{written}\" is no earn statement", "“{written}”不是计提"),
                    )
                    .primary(name.span, Text::default()),
                );
                None
            }
            None => {
                self.push_unknown_target(plan, name);
                None
            }
        }
    }

    /// Keeps what is stated of an earn; `put` does so, and gives where the same kind of thing was stated before.
    pub(super) fn state_once(&mut self, id: EarnId, at: Span, put: impl FnOnce(&mut Earn) -> Option<Span>) {
        let Some(earn) = self.program.earns.get_mut(id.index()) else {
            return;
        };
        let name = earn.naming.name.clone();
        if let Some(earlier) = put(earn) {
            self.push_second(at, earlier, &name);
        }
    }

    pub(super) fn push_second(&mut self, again: Span, first: Span, name: &str) {
        self.sink.push(
            Diagnostic::error(
                Code::E0216,
                text!(
                    "\"{name}\" has two statements of this kind",
                    "“{name}”有两条同类语句"
                ),
            )
            .primary(again, text!("again here", "再次出现"))
            .secondary(first, text!("first here", "首次出现")),
        );
    }
}
