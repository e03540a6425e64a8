//! Conditions: comparisons, `is`, `is missing`, `in`.

use guerdon_syntax::keyword::builtin_name;
use guerdon_syntax::{Code, Diagnostic, Fix, Language, Span, Text, ast, text};

use super::Checker;
use super::aggregate::joined;
use super::blocks::segments::on_day;
use super::env::{Env, Place};
use super::expr::{always, faulty, faulty_like, unify};
use super::want::Want;
use crate::hir::expr::{Comparison, Expr, ExprKind};
use crate::types::Scalar;

impl Checker<'_> {
    /// Types `a = b`, `a < b`.
    pub(super) fn compared(
        &mut self,
        env: &Env,
        (left, op, right): (&ast::Expr, ast::CompareOp, &ast::Expr),
        span: Span,
    ) -> Expr {
        let op = comparison(op);
        let left = self.value(env, left, Want::ANY);
        let right = self.value(env, right, Want::like(left.ty.scalar));
        let is_equality = matches!(op, Comparison::Equal | Comparison::NotEqual);
        if self.are_unlike(&left, &right) {
            self.push_incomparable(&left, &right);
        } else if is_equality && wants_is(left.ty.scalar) {
            self.push_sign_for_is(&left, &right, op);
        } else if !is_equality {
            return self.ordered(op, left, right, span);
        }
        always(
            ExprKind::Compare {
                op,
                left: Box::new(left),
                right: Box::new(right),
            },
            Scalar::Bool,
            span,
        )
    }

    /// Types `a is b`, `a is not b`.
    pub(super) fn is(
        &mut self,
        env: &Env,
        (left, polarity, right): (&ast::Expr, ast::Polarity, &ast::Expr),
        span: Span,
    ) -> Expr {
        if self.is_level(env, left) && is_none(right) {
            return self.is_missing(env, left, polarity, span);
        }
        let want = self.want_of_level(env, left);
        let left = self.expr(env, left, want);
        let right = self.beside(env, &left, right);
        if self.are_unlike(&left, &right) {
            self.push_incomparable(&left, &right);
        } else if wants_sign(left.ty.scalar)
            || (left.ty.scalar == Scalar::Faulty && wants_sign(right.ty.scalar))
        {
            self.push_is_for_sign(&left, &right, polarity);
        }
        let op = match polarity {
            ast::Polarity::Plain => Comparison::Equal,
            ast::Polarity::Negated => Comparison::NotEqual,
        };
        always(
            ExprKind::Compare {
                op,
                left: Box::new(left),
                right: Box::new(right),
            },
            Scalar::Bool,
            span,
        )
    }

    /// Types `a is missing`, `a is not missing`.
    pub(super) fn is_missing(
        &mut self,
        env: &Env,
        inner: &ast::Expr,
        polarity: ast::Polarity,
        span: Span,
    ) -> Expr {
        let value = self.expr(env, inner, Want::ANY.or_nothing());
        let test = always(ExprKind::IsMissing(Box::new(value)), Scalar::Bool, span);
        turned(test, polarity)
    }

    /// Types `a in R`, `a in (A, B)`.
    pub(super) fn is_in(
        &mut self,
        env: &Env,
        (value, polarity, range): (&ast::Expr, ast::Polarity, &ast::Expr),
        span: Span,
    ) -> Expr {
        let test = match items_of(range) {
            Some(items) => self.one_of(env, value, items, span),
            None => self.within(env, value, range, span),
        };
        turned(test, polarity)
    }

    /// Types the right side of `is`; a bare word beside a faulty value may be a value of an enum that is not known.
    fn beside(&mut self, env: &Env, left: &Expr, right: &ast::Expr) -> Expr {
        let want = Want::like(left.ty.scalar);
        if let (Scalar::Faulty | Scalar::Enum(_), ast::ExprKind::Name(name)) = (left.ty.scalar, &right.kind)
            && self.meanings(env, &name.text, want).is_empty()
        {
            if left.ty.scalar != Scalar::Faulty && !self.names.is_broken(&name.text) {
                self.push_no_enum_value(left.ty.scalar, &name.text, name.span);
            }
            return faulty(right.span);
        }
        self.expr(env, right, want)
    }

    /// Lets the level of a warning be missing where it is compared: there is none then.
    fn want_of_level(&self, env: &Env, tree: &ast::Expr) -> Want {
        if self.is_level(env, tree) {
            Want::ANY.or_nothing()
        } else {
            Want::ANY
        }
    }

    fn one_of(&mut self, env: &Env, value: &ast::Expr, items: &[ast::Expr], span: Span) -> Expr {
        let want = self.want_of_level(env, value);
        let value = self.expr(env, value, want);
        let mut list = Vec::new();
        for item in items {
            let item = self.expr(env, item, Want::like(value.ty.scalar));
            if self.are_unlike(&value, &item) {
                self.push_incomparable(&value, &item);
            }
            list.push(item);
        }
        if list.len() == 1
            && let Some(only) = list.pop()
        {
            // Only a block has such a list: a comparison of values whose kind it does not know.
            let kind = ExprKind::Compare {
                op: Comparison::Equal,
                left: Box::new(value),
                right: Box::new(only),
            };
            return always(kind, Scalar::Bool, span);
        }
        always(
            ExprKind::OneOf {
                value: Box::new(value),
                list,
            },
            Scalar::Bool,
            span,
        )
    }

    fn within(&mut self, env: &Env, day_tree: &ast::Expr, range_tree: &ast::Expr, span: Span) -> Expr {
        let value = self.value(env, day_tree, Want::ANY);
        let Some(range) = self.day_range(env, range_tree) else {
            return faulty(span);
        };
        if !matches!(value.ty.scalar, Scalar::Date | Scalar::Period(_) | Scalar::Faulty) {
            let found = self.a_kind(value.ty.scalar);
            self.sink.push(
                Diagnostic::error(
                    Code::E0201,
                    text!(
                        "only a day or a period can lie in a range of days",
                        "只有日期或期间才能位于日期范围之内"
                    ),
                )
                .primary(value.span, found),
            );
            return faulty_like(value);
        }
        let is_day = value.ty.scalar == Scalar::Date;
        let within = always(
            ExprKind::Within {
                value: Box::new(value),
                range,
            },
            Scalar::Bool,
            span,
        );
        let of_segment = if is_day {
            self.of_segment(env, day_tree, range_tree)
        } else {
            None
        };
        let all = std::iter::once(within).chain(of_segment).collect();
        joined(all).unwrap_or_else(|| faulty(span))
    }

    /// Says in a plan with segments that a day on which records are counted is one of the payee's in this plan.
    ///
    /// A measure for other records than the payee says itself what it is about, and so do the values by which records are
    /// ranked and amounts shared.
    fn of_segment(&mut self, env: &Env, day: &ast::Expr, range: &ast::Expr) -> Option<Expr> {
        let is_counting = matches!(env.place, Place::Definition | Place::Payees);
        if !is_counting || !is_of_period(range) || env.grains > 0 || env.is_among {
            return None;
        }
        let tree = self.segments_of(env.plan?)?;
        let ast::SourceKind::Named(data) = &tree.source.kind else {
            return None;
        };
        let table = self.table_named(data)?;
        let counted = self.kind_of_binder(env.frames.last()?.binder);
        if !matches!(counted, Scalar::Row(_)) || counted == Scalar::Row(table) {
            return None;
        }
        let fields = self.program.table(table)?.fields.iter();
        let names = fields.flat_map(|field| {
            let alias = field.naming.alias.clone();
            std::iter::once(field.naming.name.clone()).chain(alias)
        });
        let names: Vec<String> = names.collect();
        let condition = on_day(tree, &names, day)?;
        Some(self.holds(env, &condition))
    }

    fn ordered(&mut self, op: Comparison, left: Expr, right: Expr, span: Span) -> Expr {
        let left = self.expect_ordered(left);
        let kind = ExprKind::Compare {
            op,
            left: Box::new(left),
            right: Box::new(right),
        };
        always(kind, Scalar::Bool, span)
    }

    /// Says that values of a kind have no order, unless they have.
    pub(super) fn expect_ordered(&mut self, value: Expr) -> Expr {
        let scalar = value.ty.scalar;
        if scalar.is_numeric() || matches!(scalar, Scalar::Date | Scalar::Period(_) | Scalar::Faulty) {
            return value;
        }
        let found = self.a_kind(scalar);
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("{found} has no order", "{found}没有大小之分"; found),
            )
            .primary(
                value.span,
                text!(
                    "numbers, amounts, dates and periods have one",
                    "数字、金额、日期和期间才有大小"
                ),
            ),
        );
        faulty_like(value)
    }

    fn are_unlike(&self, left: &Expr, right: &Expr) -> bool {
        unify(left.ty.scalar, right.ty.scalar).is_none()
    }

    fn push_incomparable(&mut self, left: &Expr, right: &Expr) {
        let (one, other) = (self.a_kind(left.ty.scalar), self.a_kind(right.ty.scalar));
        let (code, title) = match (left.ty.scalar, right.ty.scalar) {
            (Scalar::Money(_), Scalar::Money(_)) => (
                Code::E0203,
                text!("amounts in two currencies are compared", "比较两种币种的金额"),
            ),
            (_, _) => (
                Code::E0201,
                text!("{one} is compared with {other}", "{one}与{other}比较"; one, other),
            ),
        };
        let mut message = Diagnostic::error(code, title)
            .primary(right.span, other)
            .secondary(left.span, one);
        for (amount, number) in [(left, right), (right, left)] {
            if let (Scalar::Money(currency), Scalar::Int | Scalar::Number, ExprKind::Const(_)) =
                (amount.ty.scalar, number.ty.scalar, &number.kind)
            {
                let title = text!("write the currency", "写明币种");
                message = message.fix(Fix::insert(title, number.span, format!("{currency} ")));
                break;
            }
        }
        self.sink.push(message);
    }

    fn push_sign_for_is(&mut self, left: &Expr, right: &Expr, op: Comparison) {
        let words = match (self.sources.language(left.span.file), op == Comparison::NotEqual) {
            (Language::En, false) => "is",
            (Language::En, true) => "is not",
            (Language::Zh, false) => "为",
            (Language::Zh, true) => "为 非",
        };
        let kind = self.a_kind(left.ty.scalar);
        self.push_wrong_word(left, right, words, kind);
    }

    fn push_is_for_sign(&mut self, left: &Expr, right: &Expr, polarity: ast::Polarity) {
        let sign = match polarity {
            ast::Polarity::Plain => "=",
            ast::Polarity::Negated => "!=",
        };
        let known = if left.ty.scalar == Scalar::Faulty {
            right
        } else {
            left
        };
        let kind = self.a_kind(known.ty.scalar);
        self.push_wrong_word(left, right, sign, kind);
    }

    fn push_wrong_word(&mut self, left: &Expr, right: &Expr, words: &str, kind: Text) {
        let between = Span::new(left.span.file, left.span.end, right.span.start);
        let written = self.quoted(between);
        self.sink.push(
            Diagnostic::error(
                Code::E0213,
                text!("\"{words}\" is needed here, not \"{written}\"", "此处应写“{words}”，而不是“{written}”"),
            )
            .primary(between, Text::default())
            .secondary(left.span, kind)
            .note(text!(
                "\"=\" is for numbers, amounts, dates and text; \"is\" for values of an enum, records, yes and no.",
                "“=”用于数字、金额、日期和文本；“为”用于枚举值、记录以及是与否。"
            ))
            .fix(Fix::replace(
                text!("write \"{words}\"", "写作“{words}”"),
                between,
                format!(" {words} "),
            )),
        );
    }
}

/// Says whether a word is `none`: there is no level.
fn is_none(tree: &ast::Expr) -> bool {
    matches!(&tree.kind, ast::ExprKind::Name(name) if builtin_name(&name.text) == Some("none"))
}

/// Says whether values of a kind are compared by `is`.
fn wants_is(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::Bool | Scalar::Enum(_) | Scalar::Row(_))
}

/// Says whether values of a kind are compared by `=`. Periods take either.
fn wants_sign(scalar: Scalar) -> bool {
    scalar.is_numeric() || matches!(scalar, Scalar::Text | Scalar::Date)
}

fn items_of(range: &ast::Expr) -> Option<&[ast::Expr]> {
    if let ast::ExprKind::List(items) = &range.kind {
        Some(items)
    } else {
        None
    }
}

fn turned(test: Expr, polarity: ast::Polarity) -> Expr {
    match polarity {
        ast::Polarity::Plain => test,
        ast::Polarity::Negated => {
            let span = test.span;
            always(ExprKind::Not(Box::new(test)), Scalar::Bool, span)
        }
    }
}

fn comparison(op: ast::CompareOp) -> Comparison {
    match op {
        ast::CompareOp::Equal => Comparison::Equal,
        ast::CompareOp::NotEqual => Comparison::NotEqual,
        ast::CompareOp::Less => Comparison::Less,
        ast::CompareOp::LessOrEqual => Comparison::LessOrEqual,
        ast::CompareOp::Greater => Comparison::Greater,
        ast::CompareOp::GreaterOrEqual => Comparison::GreaterOrEqual,
    }
}

/// Says whether a range of days goes with the current period.
fn is_of_period(range: &ast::Expr) -> bool {
    if let ast::ExprKind::Paren(inner) = &range.kind {
        return is_of_period(inner);
    }
    let ast::ExprKind::Period(words) = &range.kind else {
        return false;
    };
    match words {
        ast::PeriodExpr::Current
        | ast::PeriodExpr::This(_)
        | ast::PeriodExpr::Previous(_)
        | ast::PeriodExpr::ToDate(_)
        | ast::PeriodExpr::Last(..)
        | ast::PeriodExpr::From(_) => true,
        ast::PeriodExpr::Of(..) => false,
    }
}
