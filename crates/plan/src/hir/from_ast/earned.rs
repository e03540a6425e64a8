//! Amounts of earns: of one line, or of all lines of a payee and period.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, ast, text};

use super::Checker;
use super::env::Env;
use super::expr::{fails, faulty};
use super::missing::required;
use super::want::Want;
use crate::hir::expr::{EarnOf, EarnPart, Expr, ExprKind};
use crate::types::{EarnId, PlanId, Scalar, TableId, Ty};

/// Holds the subscripts of an earn, sorted by what they stand for.
#[derive(Default)]
struct LineArgs {
    record: Option<Expr>,
    payee: Option<Expr>,
    period: Option<Expr>,
}

/// Says what an earn ranges over.
#[derive(Clone, Copy)]
struct EarnShape {
    plan: PlanId,
    lines: Option<TableId>,
    payee: Scalar,
    period: Scalar,
}

impl Checker<'_> {
    /// Types what an earn gave one period before, by way of a hidden measure.
    pub(super) fn prior_earn(
        &mut self,
        env: &Env,
        id: EarnId,
        args: &[ast::Expr],
        span: Span,
        want: Want,
    ) -> Expr {
        match self.hidden_measure(id) {
            Some(hidden) => self.prior(env, hidden, args, span, want),
            None => faulty(span),
        }
    }

    /// Types an amount of an earn: of one line, or of all lines of a payee and period.
    pub(super) fn earned(
        &mut self,
        env: &Env,
        (id, part): (EarnId, EarnPart),
        args: &[ast::Expr],
        span: Span,
        want: Want,
    ) -> Expr {
        let (Some(shape), Some(name)) = (self.earn_shape(id), self.earn_name(id)) else {
            return faulty(span);
        };
        let is_of_books = matches!(
            part,
            EarnPart::Amortised | EarnPart::WrittenOff | EarnPart::Unamortised
        );
        if is_of_books && !self.is_spread(shape.plan, &name) {
            self.push_not_spread(&name, span);
            return faulty(span);
        }
        let Some(args) = self.line_args(env, &name, shape, args, span) else {
            return faulty(span);
        };
        if args.record.is_none() && args.payee.is_none() && self.could_be_line(env, shape) {
            return self.push_line_or_total(env, shape, &name, span);
        }
        let ty = self
            .program
            .earn(id)
            .map_or(Ty::always(Scalar::Faulty), |earn| earn.ty);
        let (of, may_lack) = match args.record {
            Some(record) => (self.line_of(env, record, args.payee, args.period, part), true),
            None => match self.total_of(env, shape, (args.payee, args.period), &name, span) {
                Some(found) => found,
                None => return faulty(span),
            },
        };
        let ty = if may_lack { Ty::optional(ty.scalar) } else { ty };
        let value = Expr {
            kind: ExprKind::Earned { earn: id, part, of },
            ty,
            span,
        };
        if may_lack && fails(want) {
            required(value)
        } else {
            value
        }
    }

    /// Says whether a statement of the plan spreads an earn; the statement need not have been read.
    fn is_spread(&self, plan: PlanId, name: &str) -> bool {
        let lines = self.plans.get(plan.index()).map_or(&[][..], |parts| &parts.lines);
        let mut statements = lines.iter().map(|line| line.statement);
        statements.any(|statement| {
            matches!(statement, ast::PlanStatement::Amortise(spread) if spread.target.text == name)
        })
    }

    fn push_not_spread(&mut self, name: &str, span: Span) {
        let title = text!("\"{name}\" is not spread in the books", "“{name}”未在账上摊销");
        let fault = Diagnostic::error(Code::E0235, title).primary(span, text!("of what?", "摊销什么？"));
        self.sink.push(fault.fix(Fix::advice(
            text!("say over what it is spread", "写明摊销期"),
            text!(
                "amortise {name} over 12 months from row.starts",
                "摊销 {name} 分期 12 个月 自 本行.起始日"
            ),
        )));
    }

    fn earn_name(&self, id: EarnId) -> Option<String> {
        self.program.earn(id).map(|earn| earn.naming.name.clone())
    }

    fn earn_shape(&self, id: EarnId) -> Option<EarnShape> {
        let plan = self.program.earn(id)?.plan;
        let found = self.program.plan(plan)?;
        Some(EarnShape {
            plan,
            lines: self.line_tables.get(&id).copied(),
            payee: self.kind_of_binder(found.payee),
            period: self.kind_of_binder(found.period),
        })
    }

    fn line_args(
        &mut self,
        env: &Env,
        name: &str,
        shape: EarnShape,
        args: &[ast::Expr],
        span: Span,
    ) -> Option<LineArgs> {
        let mut sorted = LineArgs::default();
        for tree in args {
            let value = self.line_arg(env, name, shape, tree, &sorted)?;
            let kind = value.ty.scalar;
            let record = shape.lines.map(Scalar::Row);
            let slot = if kind == shape.period && sorted.period.is_none() {
                &mut sorted.period
            } else if Some(kind) == record && sorted.record.is_none() && sorted.payee.is_none() {
                &mut sorted.record
            } else if kind == shape.payee && sorted.payee.is_none() {
                &mut sorted.payee
            } else {
                self.push_wrong_line_arg(name, shape, &value, span);
                return None;
            };
            *slot = Some(value);
        }
        Some(sorted)
    }

    fn line_arg(
        &mut self,
        env: &Env,
        name: &str,
        shape: EarnShape,
        tree: &ast::Expr,
        sorted: &LineArgs,
    ) -> Option<Expr> {
        let Some(word) = self.test_key(env, tree) else {
            return Some(self.expr(env, tree, Want::ANY));
        };
        let record = shape
            .lines
            .map(Scalar::Row)
            .filter(|_| sorted.record.is_none() && sorted.payee.is_none());
        let is_record = record.is_some_and(|record| self.is_given(record, word));
        let is_payee = sorted.payee.is_none() && self.is_given(shape.payee, word);
        let kind = match (record, is_record, is_payee) {
            (Some(record), true, true) if record != shape.payee => {
                self.push_two_keys(name, word, record, shape.payee, tree.span);
                return None;
            }
            (Some(record), true, _) => record,
            (_, _, true) => shape.payee,
            (Some(record), false, false) => record,
            (None, _, false) => shape.payee,
        };
        self.argument(env, tree, kind)
    }

    fn push_two_keys(&mut self, name: &str, word: &str, record: Scalar, payee: Scalar, span: Span) {
        let table = |scalar: Scalar| {
            let Scalar::Row(table) = scalar else {
                return "";
            };
            self.program
                .table(table)
                .map_or("", |found| found.naming.name.as_str())
        };
        let (one, other) = (table(record), table(payee));
        let message = Diagnostic::error(
            Code::E0219,
            text!(
                "\"{name}[{word}]\" could mean two things",
                "“{name}[{word}]”有两种含义"
            ),
        )
        .primary(
            span,
            text!(
                "both {one} and {other} have a record \"{word}\"",
                "{one} 和 {other} 都有记录“{word}”"
            ),
        )
        .fix(Fix::replace(
            text!("the line of that record", "该记录的明细"),
            span,
            format!("{one}({word})"),
        ))
        .fix(Fix::replace(
            text!("all lines of that payee", "该人员的全部明细"),
            span,
            format!("{other}({word})"),
        ));
        self.sink.push(message);
    }

    fn push_wrong_line_arg(&mut self, name: &str, shape: EarnShape, value: &Expr, span: Span) {
        if value.ty.scalar == Scalar::Faulty {
            return;
        }
        let found = self.a_kind(value.ty.scalar);
        let (payee, period) = (self.kind_name(shape.payee), self.kind_name(shape.period));
        let mut message = Diagnostic::error(
            Code::E0219,
            text!("\"{name}\" has no subscript for {found}", "“{name}”没有{found}这种下标"; found),
        )
        .primary(value.span, found)
        .note(text!("It is read as {name}[{payee}, {period}].", "它读作 {name}[{payee}，{period}]。"; payee, period));
        if let Some(table) = shape.lines {
            let record = self.kind_name(Scalar::Row(table));
            message = message.note(text!("One line of it is read as {name}[{record}].", "其一条明细读作 {name}[{record}]。"; record));
        }
        let _ = span;
        self.sink.push(message);
    }

    fn line_of(
        &mut self,
        env: &Env,
        record: Expr,
        payee: Option<Expr>,
        period: Option<Expr>,
        part: EarnPart,
    ) -> EarnOf {
        let is_to_date = !matches!(part, EarnPart::Earned | EarnPart::Uncut);
        let current = env
            .period
            .filter(|_| is_to_date)
            .map(|binder| self.variable(binder, record.span));
        EarnOf::Line {
            row: Box::new(record),
            payee: payee.map(Box::new),
            period: period.or(current).map(Box::new),
        }
    }

    fn total_of(
        &mut self,
        env: &Env,
        shape: EarnShape,
        (payee, period): (Option<Expr>, Option<Expr>),
        name: &str,
        span: Span,
    ) -> Option<(EarnOf, bool)> {
        let payee = match payee {
            Some(payee) => payee,
            None => self.current_for(env, shape.plan, shape.payee, false, name, span)?,
        };
        let period = match period {
            Some(period) => self.present(env, period),
            None => self.current_for(env, shape.plan, shape.period, false, name, span)?,
        };
        let may_lack = self.may_lack_payee(env, shape.plan, &[payee.clone(), period.clone()]);
        Some((
            EarnOf::Payee {
                payee: Box::new(payee),
                period: Box::new(period),
            },
            may_lack,
        ))
    }

    /// Says whether a bare earn could also mean the line of a record in sight.
    fn could_be_line(&self, env: &Env, shape: EarnShape) -> bool {
        let Some(table) = shape.lines else {
            return false;
        };
        let frames = env.frames.iter().map(|frame| frame.binder);
        env.row.into_iter().chain(frames).any(|binder| {
            self.kind_of_binder(binder) == Scalar::Row(table) && Scalar::Row(table) != shape.payee
        })
    }

    fn push_line_or_total(&mut self, env: &Env, shape: EarnShape, name: &str, span: Span) -> Expr {
        let record = shape.lines.map_or(Scalar::Faulty, Scalar::Row);
        let kind = self.kind_name(record);
        let word = env
            .frames
            .iter()
            .rev()
            .find(|frame| self.kind_of_binder(frame.binder) == record)
            .and_then(|frame| frame.name.clone())
            .unwrap_or_else(|| "row".to_owned());
        self.sink.push(
            Diagnostic::error(
                Code::E0219,
                text!(
                    "\"{name}\" could mean one line or all lines of the payee",
                    "“{name}”可以指一条明细，也可以指该人员的全部明细"
                ),
            )
            .primary(span, text!("a {kind} is in sight here", "此处有{kind}"; kind))
            .fix(Fix::insert_after(
                text!("this line", "该条明细"),
                span,
                format!("[{word}]"),
            ))
            .fix(Fix::insert_after(
                text!("all lines of the period", "本期全部明细"),
                span,
                "[payee, period]",
            )),
        );
        faulty(span)
    }
}
