//! Refuses what can be read in two ways, and shows both.

use super::rank::Queue;
use super::{Built, Item, Shape};
use crate::ast::{Chain, ChainOp, Expr, ExprKind};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::keyword::Keyword;
use crate::parse::build::Builder;
use crate::span::Span;
use crate::text;

impl Builder<'_> {
    /// Reports an operator behind `at most`, `at least`, `otherwise`, `rounded` or a comparison.
    #[inline(never)]
    pub(super) fn brackets_needed<T>(&mut self, left: &Built, op: Span, queue: &Queue) -> Option<T> {
        if let ExprKind::Compare(_, _, right) = &left.expr.kind {
            return self.compared_twice(right.span, op);
        }
        let last = last_operand(&left.expr);
        let end = queue
            .arithmetic_end()
            .or_else(|| queue.operand_behind())
            .unwrap_or(op);
        let word = self.written(op).to_owned();
        let part = self.written(last.span).to_owned();
        let clause = clause(&left.expr);
        let mut fault = Diagnostic::error(
            Code::E0109,
            text!("brackets are needed before \"{word}\"", "“{word}”之前需要括号"),
        )
        .primary(
            op,
            text!(
                "of what: of {part}, or of the whole?",
                "针对什么：{part}，还是全部？"
            ),
        )
        .secondary(clause, text!("binds less tightly", "结合得较松"))
        .fix(Fix::wrap(
            text!("of the whole", "针对全部"),
            left.expr.span,
            "(",
            ")",
        ));
        if !std::ptr::eq(last, &*left.expr) {
            let title = text!("of {part} only", "只针对 {part}");
            fault = fault.fix(Fix::wrap(title, last.span.to(end), "(", ")"));
        }
        self.sink.push(fault);
        None
    }

    #[inline(never)]
    fn compared_twice<T>(&mut self, middle: Span, op: Span) -> Option<T> {
        let (sign, value) = (self.written(op).to_owned(), self.written(middle).to_owned());
        let and = Keyword::And.word(self.language);
        self.sink.push(
            Diagnostic::error(
                Code::E0109,
                text!("two comparisons stand in a row", "两个比较不能连写"),
            )
            .primary(
                op,
                text!("compares the result of a comparison", "比较的是另一个比较的结果"),
            )
            .fix(Fix::replace(
                text!("say both", "分别写出"),
                op,
                format!("{and} {value} {sign}"),
            )),
        );
        None
    }

    /// Refuses aggregates and their like beside operators.
    #[inline(never)]
    pub(super) fn refuse_wide(&mut self, items: &[Item]) -> Option<()> {
        let Some(at) = items.iter().position(is_wide) else {
            return Some(());
        };
        let Some(Item::Operand(wide)) = items.get(at) else {
            return Some(());
        };
        let behind = match items.get(at.saturating_add(1)) {
            Some(Item::Op(_, span) | Item::Missing(_, span) | Item::Rounded(_, _, span)) => Some(*span),
            Some(Item::Operand(_) | Item::Not(_)) | None => None,
        };
        match behind {
            None => self.lone_wide(wide),
            Some(op) => self.wide_before(wide, op, items.get(at.saturating_add(2)..).unwrap_or(&[])),
        }
    }

    /// Reports an aggregate, an `apply`, … that is not alone and not in brackets.
    #[inline(never)]
    pub(super) fn lone_wide<T>(&mut self, wide: &Built) -> Option<T> {
        let word = self.first_word(wide.expr.span);
        self.sink.push(
            Diagnostic::error(
                Code::E0109,
                text!("brackets are needed around \"{word} …\"", "“{word} …”需要括号"),
            )
            .primary(
                wide.expr.span,
                text!("stands beside other signs", "与其他符号并列"),
            )
            .note(text!(
                "Without brackets it is not plain where it ends.",
                "没有括号就看不出到哪里为止。"
            ))
            .fix(Fix::wrap(
                text!("put it in brackets", "加上括号"),
                wide.expr.span,
                "(",
                ")",
            )),
        );
        None
    }

    /// Reports an operator behind an aggregate, an `apply`, ….
    #[inline(never)]
    fn wide_before<T>(&mut self, wide: &Built, op: Span, after: &[Item]) -> Option<T> {
        let sign = self.written(op).to_owned();
        let word = self.first_word(wide.expr.span);
        let mut fault = Diagnostic::error(
            Code::E0109,
            text!("brackets are needed before \"{sign}\"", "“{sign}”之前需要括号"),
        )
        .primary(
            op,
            text!(
                "belongs to \"{word} …\" or to its last part?",
                "属于“{word} …”，还是属于其最后一部分？"
            ),
        )
        .secondary(wide.expr.span, text!("ends where?", "到哪里为止？"))
        .fix(Fix::wrap(
            text!("of the whole", "针对全部"),
            wide.expr.span,
            "(",
            ")",
        ));
        if let (Some(part), Some(Item::Operand(next))) = (last_part(&wide.expr), after.first()) {
            let shown = self.written(part).to_owned();
            let span = part.to(next.expr.span);
            fault = fault.fix(Fix::wrap(
                text!("of {shown} only", "只针对 {shown}"),
                span,
                "(",
                ")",
            ));
        }
        self.sink.push(fault);
        None
    }

    /// Refuses `at most`, `at least`, `otherwise` and `rounded` at the open end of an aggregate or an `if`.
    #[inline(never)]
    pub(super) fn refuse_open_end(&mut self, whole: Span, tail: &Expr) -> Option<()> {
        let Some((loose, first, op)) = loose_end(tail) else {
            return Some(());
        };
        let sign = self.written(op).to_owned();
        let word = self.first_word(whole);
        let before = Span::new(whole.file, whole.start, first.end);
        let part = self.written(first).to_owned();
        self.sink.push(
            Diagnostic::error(
                Code::E0109,
                text!("brackets are needed before \"{sign}\"", "“{sign}”之前需要括号"),
            )
            .primary(
                op,
                text!(
                    "of what: of {part}, or of \"{word} …\" as a whole?",
                    "针对什么：{part}，还是整个“{word} …”？"
                ),
            )
            .fix(Fix::wrap(text!("of the whole", "针对全部"), before, "(", ")"))
            .fix(Fix::wrap(
                text!("of {part} only", "只针对 {part}"),
                loose,
                "(",
                ")",
            )),
        );
        None
    }

    /// Reports `not` where a value is expected.
    #[inline(never)]
    pub(super) fn misplaced_not<T>(&mut self, not: Span) -> Option<T> {
        let word = self.written(not).to_owned();
        self.sink.push(
            Diagnostic::error(
                Code::E0109,
                text!("brackets are needed around \"{word} …\"", "“{word} …”需要括号"),
            )
            .primary(not, text!("turns a whole condition round", "否定的是整个条件")),
        );
        None
    }

    fn first_word(&self, span: Span) -> String {
        self.written(span)
            .split_whitespace()
            .next()
            .unwrap_or("")
            .to_owned()
    }
}

fn is_wide(item: &Item) -> bool {
    match item {
        Item::Operand(built) => built.shape == Shape::Wide,
        Item::Not(_) | Item::Op(..) | Item::Missing(..) | Item::Rounded(..) => false,
    }
}

/// Gives the operand at the end of a chain of limits, or of a comparison.
fn last_operand(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Chain(chain) => chain.rest.last().map_or(expr, |link| &link.operand),
        ExprKind::Compare(_, _, right) | ExprKind::Is(_, _, right) | ExprKind::In(_, _, right) => right,
        _ => expr,
    }
}

/// Gives the span from the last operator of a chain to its operand.
fn clause(expr: &Expr) -> Span {
    match &expr.kind {
        ExprKind::Chain(chain) => chain
            .rest
            .last()
            .map_or(expr.span, |link| link.op_span.to(link.operand.span)),
        _ => expr.span,
    }
}

/// Finds `at most` and its like at the open right end of an expression: the whole, its first value, its operator.
fn loose_end(tail: &Expr) -> Option<(Span, Span, Span)> {
    let mut here = tail;
    loop {
        here = match &here.kind {
            ExprKind::Chain(chain) if is_loose(chain) => return loose(here.span, chain),
            ExprKind::Rounded(rounded) => {
                let value = rounded.value.span;
                let op = Span::new(value.file, value.end, here.span.end);
                return Some((here.span, value, op));
            }
            ExprKind::Chain(chain) => &chain.rest.last()?.operand,
            ExprKind::Compare(_, _, right)
            | ExprKind::Is(_, _, right)
            | ExprKind::In(_, _, right)
            | ExprKind::Through(_, right) => right,
            ExprKind::Not(inner) => inner,
            _ => return None,
        };
    }
}

fn is_loose(chain: &Chain) -> bool {
    chain
        .rest
        .first()
        .is_some_and(|link| matches!(link.op, ChainOp::AtMost | ChainOp::AtLeast | ChainOp::Otherwise))
}

fn loose(span: Span, chain: &Chain) -> Option<(Span, Span, Span)> {
    let link = chain.rest.first()?;
    Some((span, chain.first.span, link.op_span))
}

/// Gives the last part of an aggregate or `apply` that an operator behind it could also belong to.
fn last_part(wide: &Expr) -> Option<Span> {
    match &wide.kind {
        ExprKind::Apply(apply) if apply.stack.is_none() => Some(
            apply
                .against
                .as_ref()
                .map_or(apply.value.span, |against| against.span),
        ),
        _ => None,
    }
}
