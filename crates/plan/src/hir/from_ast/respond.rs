//! What a warning calls for: the row of its responses, whom its actions are for, and all of it in words.

use std::sync::Arc;

use guerdon_syntax::{Code, Diagnostic, Language, Span, ast, text};

use super::env::Env;
use super::expr::{always, constant, faulty, optional};
use super::want::Want;
use super::{Checker, plain_naming};
use crate::calendar::Date;
use crate::hir::expr::{Expr, ExprKind, Piece, Value};
use crate::hir::schema::Input;
use crate::types::{Scalar, Ty};

impl Checker<'_> {
    /// Types words and the keys of records put together: missing where one of them is, and where there are none.
    pub(super) fn words(&mut self, env: &Env, args: &[ast::Expr], span: Span) -> Expr {
        if args.is_empty() {
            return optional(ExprKind::Const(Value::Missing), Scalar::Text, span);
        }
        let mut pieces = Vec::new();
        let mut is_optional = false;
        for arg in args {
            if let ast::ExprKind::Literal(literal) = &arg.kind
                && let ast::LiteralKind::Text(words) = &literal.kind
            {
                pieces.push(Piece::Words(Arc::from(words.as_str())));
                continue;
            }
            let value = self.expr(env, arg, Want::ANY.or_nothing());
            if value.ty.scalar == Scalar::Faulty {
                return faulty(span);
            }
            is_optional |= value.ty.is_optional();
            pieces.push(Piece::Value(value));
        }
        let words = ExprKind::Words(pieces);
        if is_optional {
            optional(words, Scalar::Text, span)
        } else {
            always(words, Scalar::Text, span)
        }
    }

    /// Types somebody whom an action is addressed to: a record, or a text such as an address; may be missing.
    pub(super) fn addressee(&mut self, env: &Env, args: &[ast::Expr], span: Span) -> Expr {
        let [to] = args else {
            return faulty(span);
        };
        let to = self.expr(env, to, Want::ANY.or_nothing());
        if matches!(to.ty.scalar, Scalar::Row(_) | Scalar::Text | Scalar::Faulty) {
            return to;
        }
        let found = self.a_kind(to.ty.scalar);
        let title = text!("an action is addressed to a record or a text, not to {found}", "处置的对象应为记录或文本，而不是{found}"; found);
        self.sink
            .push(Diagnostic::error(Code::E0201, title).primary(to.span, found));
        faulty(span)
    }

    /// Types the row of a warning's responses for a style and a level, and proves that there is always just one.
    pub(super) fn respond(&mut self, env: &Env, args: &[ast::Expr], span: Span) -> Expr {
        let ([style, level, word], Some(plan)) = (args, env.plan) else {
            return faulty(span);
        };
        let style = self.expr(env, style, Want::ANY);
        let level = self.value(env, level, Want::ANY);
        let (Some(found), ast::ExprKind::Literal(word)) = (self.program.plan(plan), &word.kind) else {
            return faulty(span);
        };
        if style.ty.scalar == Scalar::Faulty || level.ty.scalar == Scalar::Faulty {
            return faulty(span);
        }
        let (name, name_span) = (found.naming.name.clone(), found.naming.span);
        let Some(rows) = self.responses.get(&name_span) else {
            return faulty(span);
        };
        let word_for_level = match self.sources.language(span.file) {
            Language::En => "level",
            Language::Zh => "级别",
        };
        let inputs = [
            input(&word.written, style.ty, span),
            input(word_for_level, Ty::always(level.ty.scalar), span),
        ];
        let decision = self.responses(&name, span, inputs, rows);
        let on = Box::new(constant(Value::Date(Date::FIRST), Scalar::Date, span));
        let choice = ExprKind::Decide {
            decision,
            on,
            inputs: vec![style, level],
            output: 0,
        };
        always(choice, Scalar::Int, span)
    }
}

fn input(name: &str, ty: Ty, span: Span) -> Input {
    Input {
        naming: plain_naming(name, span),
        ty,
        lower: None,
        upper: None,
    }
}
