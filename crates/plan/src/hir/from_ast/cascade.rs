//! Lines that walk up a tree: `for each Sale up from owner`, and what the levels below received.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::Checker;
use super::env::{Env, Ladder};
use super::expr::{always, faulty, optional};
use super::plan::Symbol;
use super::want::Want;
use crate::hir::BinderDomain;
use crate::hir::expr::{
    Aggregate, AggregateOp, Depth, Domain, EarnOf, EarnPart, Expr, ExprKind, Source, Value,
};
use crate::number::Exact;
use crate::types::{EarnId, Scalar};

impl Checker<'_> {
    /// Types `up from owner`: the condition on who has a line, and what `below x` may look at.
    pub(super) fn walk_up(&mut self, env: &Env, earn: EarnId, tree: &ast::UpFrom) -> Option<(Expr, Ladder)> {
        let (payee, row) = (env.payee?, env.row?);
        let Scalar::Row(people) = self.kind_of_binder(payee) else {
            return None;
        };
        self.expression = Some(tree.from.span);
        let from = self.expr(env, &tree.from, Want::of(Scalar::Row(people)));
        let from = self.expect_kind(from, Scalar::Row(people));
        let by = self.tree_field(people, tree.by.as_ref(), tree.from.span)?;
        let span = tree.from.span;
        let condition = always(
            ExprKind::IsAbove {
                row: Box::new(self.variable(payee, span)),
                of: Box::new(from),
                by,
            },
            Scalar::Bool,
            span,
        );
        let ladder = Ladder {
            earn,
            row,
            people,
            by,
        };
        Some((condition, ladder))
    }

    /// Types `below x`: what the levels below received for this record.
    pub(super) fn below(&mut self, env: &Env, name: &ast::Name, span: Span) -> Expr {
        let Some((plan, ladder)) = env.plan.zip(env.ladder) else {
            return self.push_no_ladder(span);
        };
        let Some(Symbol::Earn(id)) = self.symbol(plan, &name.text) else {
            self.push_no_earn_below(plan, name);
            return faulty(span);
        };
        let scalar = self
            .program
            .earn(id)
            .map_or(Scalar::Faulty, |earn| earn.ty.scalar);
        if id == ladder.earn {
            if !env.can_stack {
                return self.push_inside(span);
            }
            return always(ExprKind::Lower(id), scalar, span);
        }
        let table = self.kind_of_binder(ladder.row);
        if self.line_tables.get(&id).map(|lines| Scalar::Row(*lines)) != Some(table) {
            return self.push_other_records(name, span);
        }
        self.received_below(env, ladder, id, scalar, span)
    }

    /// Sums what another earn gave for the record to those below the payee.
    fn received_below(&mut self, env: &Env, ladder: Ladder, id: EarnId, scalar: Scalar, span: Span) -> Expr {
        let Some(payee) = env.payee else {
            return faulty(span);
        };
        let person = self.bind("below", BinderDomain::Row(ladder.people), span);
        let of = EarnOf::Line {
            row: Box::new(self.variable(ladder.row, span)),
            payee: Some(Box::new(self.variable(person, span))),
            period: None,
        };
        let line = optional(
            ExprKind::Earned {
                earn: id,
                part: EarnPart::Earned,
                of,
            },
            scalar,
            span,
        );
        let nothing = always(ExprKind::Const(Value::Number(Exact::ZERO)), scalar, span);
        let value = always(ExprKind::Otherwise(vec![line, nothing]), scalar, span);
        let aggregate = Aggregate {
            op: AggregateOp::Sum,
            value: Some(value),
            sources: vec![Source {
                binder: person,
                domain: Domain::Below {
                    of: self.variable(payee, span),
                    by: ladder.by,
                    depth: Depth::Every,
                },
            }],
            filter: None,
            order: Vec::new(),
            best: None,
        };
        always(ExprKind::Aggregate(Box::new(aggregate)), scalar, span)
    }

    /// Refuses a running order or a cap on lines that need the lines below them: each would need the other.
    pub(super) fn refuse_on_cascade(&mut self, id: EarnId, span: Span, why: Text) {
        let Some(earn) = self.program.earn(id) else {
            return;
        };
        let values = earn
            .exceptions
            .iter()
            .flat_map(|exception| [&exception.when, &exception.value])
            .chain([&earn.value]);
        let Some(lower) = values.into_iter().find_map(lower_in) else {
            return;
        };
        let name = earn.naming.name.clone();
        self.sink.push(
            Diagnostic::error(
                Code::E0401,
                text!(
                    "the lines of \"{name}\" need those below them",
                    "“{name}”的明细依赖下级的明细"
                ),
            )
            .primary(span, why)
            .secondary(lower, text!("looked at here", "在此引用下级"))
            .note(text!(
                "A running total over a payee's lines mixes levels, so a line could come to need itself.",
                "对一名人员的明细累计会混合各层级，明细可能因此依赖自身。"
            ))
            .fix(Fix::advice(
                text!("put it into an earn of its own", "放入单独的计提"),
                text!(
                    "cap a second earn that takes over the lines of this one",
                    "另写一条沿用这些明细的计提，对其设限额"
                ),
            )),
        );
    }

    fn push_no_ladder(&mut self, span: Span) -> Expr {
        self.sink.push(
            Diagnostic::error(
                Code::E0226,
                text!("there are no levels below here", "此处没有下级"),
            )
            .primary(
                span,
                text!(
                    "only the lines of an earn … up from … have levels below them",
                    "只有“计提 … 上溯自 …”的明细才有下级"
                ),
            ),
        );
        faulty(span)
    }

    fn push_inside(&mut self, span: Span) -> Expr {
        self.sink.push(
            Diagnostic::error(
                Code::E0226,
                text!(
                    "what the levels below received cannot be looked at inside an aggregate",
                    "不能在聚合内引用下级所得"
                ),
            )
            .primary(span, Text::default()),
        );
        faulty(span)
    }

    fn push_other_records(&mut self, name: &ast::Name, span: Span) -> Expr {
        let written = &name.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0206,
                text!(
                    "\"{written}\" has no lines for these records",
                    "“{written}”没有这些记录的明细"
                ),
            )
            .primary(
                span,
                text!(
                    "its lines come from other records, or it has none",
                    "其明细来自其他记录，或没有明细"
                ),
            ),
        );
        faulty(span)
    }

    fn push_no_earn_below(&mut self, plan: crate::types::PlanId, name: &ast::Name) {
        if self.symbol(plan, &name.text).is_none() {
            return self.push_unknown_target(plan, name);
        }
        let written = &name.text;
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("\"{written}\" is no earn statement", "“{written}”不是计提"),
            )
            .primary(name.span, Text::default()),
        );
    }
}

/// Finds the place of a look at the levels below in an expression.
fn lower_in(expr: &Expr) -> Option<Span> {
    if let ExprKind::Lower(_) = expr.kind {
        return Some(expr.span);
    }
    expr.children().into_iter().find_map(lower_in)
}
