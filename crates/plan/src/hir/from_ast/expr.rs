//! Expressions: the road from any surface expression to its typed form.

use guerdon_syntax::{Code, Diagnostic, Fix, Span, Text, ast, text};

use super::Checker;
use super::env::Env;
use super::want::{Miss, Want};
use crate::hir::expr::{Expr, ExprKind, Value};
use crate::types::{Scalar, Ty};

impl Checker<'_> {
    /// Types an expression whose value must be there.
    pub(crate) fn value(&mut self, env: &Env, tree: &ast::Expr, want: Want) -> Expr {
        let typed = self.expr(env, tree, want);
        self.present(env, typed)
    }

    /// Types a condition.
    pub(crate) fn holds(&mut self, env: &Env, tree: &ast::Expr) -> Expr {
        let typed = self.value(env, tree, Want::of(Scalar::Bool));
        self.expect_kind(typed, Scalar::Bool)
    }

    /// Types an expression of one kind whose value must be there.
    pub(crate) fn value_of(&mut self, env: &Env, tree: &ast::Expr, scalar: Scalar) -> Expr {
        let typed = self.value(env, tree, Want::of(scalar));
        self.expect_kind(typed, scalar)
    }

    /// Types an expression; its value may be missing, as its type says.
    pub(crate) fn expr(&mut self, env: &Env, tree: &ast::Expr, want: Want) -> Expr {
        let span = tree.span;
        if self.is_too_much(span) {
            return faulty(span);
        }
        match &tree.kind {
            ast::ExprKind::Literal(literal) => self.literal(env, literal, want),
            ast::ExprKind::Name(name) => self.bare_name(env, name, want),
            ast::ExprKind::Call(name, args) => self.call(env, name, args, span, want),
            ast::ExprKind::Field(..)
            | ast::ExprKind::Index(..)
            | ast::ExprKind::Due(_)
            | ast::ExprKind::Released(_)
            | ast::ExprKind::Prior(_) => self.postfix(env, tree, want),
            ast::ExprKind::Negate(inner) => self.negated(env, inner, span, want),
            ast::ExprKind::Not(inner) => {
                let inner = self.holds(env, inner);
                always(ExprKind::Not(Box::new(inner)), Scalar::Bool, span)
            }
            ast::ExprKind::Chain(chain) => self.chain(env, chain, span, want),
            ast::ExprKind::Compare(left, op, right) => self.compared(env, (left, *op, right), span),
            ast::ExprKind::Is(left, polarity, right) => self.is(env, (left, *polarity, right), span),
            ast::ExprKind::IsMissing(inner, polarity) => self.is_missing(env, inner, *polarity, span),
            ast::ExprKind::In(value, polarity, range) => self.is_in(env, (value, *polarity, range), span),
            ast::ExprKind::Paren(inner) => self.expr(env, inner, want),
            ast::ExprKind::Aggregate(aggregate) => self.aggregate(env, aggregate, span, want),
            ast::ExprKind::Running(running) => self.running(env, running, span),
            ast::ExprKind::Apply(apply) => self.apply(env, apply, span),
            ast::ExprKind::RateOf(tiers, at) => self.rate_of(env, tiers, at, span),
            ast::ExprKind::If(choice) => self.choice(env, choice, span, want),
            ast::ExprKind::Streak(condition) => self.streak(env, condition, span),
            ast::ExprKind::Period(period) => self.period_value(env, period, span),
            ast::ExprKind::Span(counted) => self.span(env, counted, span),
            ast::ExprKind::Rounded(rounded) => self.rounded(env, rounded, span, want),
            ast::ExprKind::Through(..) => self.misplaced(span, &RANGE),
            ast::ExprKind::List(_) => self.misplaced(span, &LIST),
            ast::ExprKind::Duration(..) => self.misplaced(span, &DURATION),
            ast::ExprKind::Below(name) => self.below(env, name, span),
            ast::ExprKind::Times(condition, range) => self.times(env, condition, range, span),
            ast::ExprKind::Trend(value, range) => self.trend(env, value, range, span),
            ast::ExprKind::Allocate(allocate) => self.allocate(env, allocate, span),
            ast::ExprKind::Rank(rank) => self.rank(env, rank, span),
        }
    }

    /// Counts the expressions read; conditions of `rows` and lines of extended plans count wherever they are used.
    fn is_too_much(&mut self, span: Span) -> bool {
        self.work = self.work.saturating_add(1);
        if self.work == MAX_WORK {
            self.sink.push(
                Diagnostic::error(
                    Code::E0010,
                    text!(
                        "the files are too complex: more than {MAX_WORK} expressions once everything is written out",
                        "文件过于复杂：全部展开后超过 {MAX_WORK} 个表达式"
                    ),
                )
                .primary(span, Text::default()),
            );
        }
        self.work >= MAX_WORK
    }

    /// Says that a value has the wrong kind, unless it fits.
    pub(crate) fn expect_kind(&mut self, value: Expr, scalar: Scalar) -> Expr {
        if fits(value.ty.scalar, scalar) {
            return value;
        }
        let (found, wanted) = (self.a_kind(value.ty.scalar), self.a_kind(scalar));
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("{wanted} is needed here, not {found}", "此处需要{wanted}，而不是{found}"; wanted, found),
            )
            .primary(value.span, found),
        );
        faulty_like(value)
    }

    fn misplaced(&mut self, span: Span, (en, zh): &(&str, &str)) -> Expr {
        self.sink
            .push(Diagnostic::error(Code::E0201, text!("{en}", "{zh}")).primary(span, Text::default()));
        faulty(span)
    }

    fn literal(&mut self, env: &Env, literal: &ast::Literal, want: Want) -> Expr {
        if let (Some(Scalar::Row(table)), ast::LiteralKind::Text(_) | ast::LiteralKind::Number(_)) =
            (want.scalar, &literal.kind)
        {
            return self.key_literal(env, table, literal, want);
        }
        let (value, scalar) = self.literal_value(env, literal, want.scalar);
        match value {
            Some(value) => always(ExprKind::Const(value), scalar, literal.span),
            None => faulty(literal.span),
        }
    }

    fn choice(&mut self, env: &Env, choice: &ast::If, span: Span, want: Want) -> Expr {
        let condition = self.holds(env, &choice.condition);
        let (yes, no) = (super::facts::if_yes(&condition), super::facts::if_no(&condition));
        let then = self.expr(&env.knowing(&yes), &choice.then, want);
        let want = Want {
            scalar: want
                .scalar
                .or(Some(then.ty.scalar).filter(|scalar| *scalar != Scalar::Faulty)),
            ..want
        };
        let otherwise = self.expr(&env.knowing(&no), &choice.otherwise, want);
        let is_optional = then.ty.is_optional() || otherwise.ty.is_optional();
        let scalar = self.shared_kind(&[kind_at(&then), kind_at(&otherwise)]);
        Expr {
            kind: ExprKind::If {
                condition: Box::new(condition),
                then: Box::new(then),
                otherwise: Box::new(otherwise),
            },
            ty: if is_optional {
                Ty::optional(scalar)
            } else {
                Ty::always(scalar)
            },
            span,
        }
    }

    /// Finds the kind that all of some alternatives have, and reports them if there is none.
    pub(crate) fn shared_kind(&mut self, alternatives: &[(Scalar, Span)]) -> Scalar {
        let mut common = Scalar::Faulty;
        let mut first: Option<(Scalar, Span)> = None;
        for alternative in alternatives {
            let Some(kind) = unify(common, alternative.0) else {
                self.push_two_kinds(first.unwrap_or(*alternative), *alternative);
                return Scalar::Faulty;
            };
            common = kind;
            if first.is_none() && alternative.0 != Scalar::Faulty {
                first = Some(*alternative);
            }
        }
        common
    }

    fn push_two_kinds(&mut self, left: (Scalar, Span), right: (Scalar, Span)) {
        let (one, other) = (self.a_kind(left.0), self.a_kind(right.0));
        let code = match (left.0, right.0) {
            (Scalar::Money(_), Scalar::Money(_)) => Code::E0203,
            (_, _) => Code::E0201,
        };
        self.sink.push(
            Diagnostic::error(
                code,
                text!("{one} and {other} stand for one value", "同一个值既是{one}又是{other}"; one, other),
            )
            .primary(right.1, other)
            .secondary(left.1, one),
        );
    }

    /// Says that a value is no number, unless it is one.
    pub(crate) fn expect_numeric(&mut self, value: Expr) -> Expr {
        if value.ty.scalar.is_numeric() || value.ty.scalar == Scalar::Faulty {
            return value;
        }
        let found = self.a_kind(value.ty.scalar);
        let title = text!("a number or an amount is needed here, not {found}", "此处需要数字或金额，而不是{found}"; found);
        let mut fault = Diagnostic::error(Code::E0201, title).primary(value.span, found);
        if value.ty.scalar == Scalar::MoneyInColumn {
            fault = fault.fix(Fix::advice(
                text!(
                    "convert it, and name the day of the rate",
                    "请换算，并写明汇率日期"
                ),
                text!("convert(…, CNY, row.booked_on)", "换算(…, CNY, 本行.签约日)"),
            ));
        }
        self.sink.push(fault);
        faulty_like(value)
    }
}

/// The most expressions that a set of files may have once `rows` and variants are written out.
pub(crate) const MAX_WORK: u32 = 4_000_000;

const RANGE: (&str, &str) = (
    "a range of days can stand only behind \"in\"",
    "日期范围只能写在“在”之后",
);
const LIST: (&str, &str) = ("a list can stand only behind \"in\"", "列表只能写在“在”之后");
const DURATION: (&str, &str) = (
    "a length of time can only be added to a date",
    "时长只能与日期相加减",
);

/// Says whether a value of one kind may stand where another is wanted: numbers of any sort are one family.
pub(crate) fn fits(found: Scalar, wanted: Scalar) -> bool {
    unify(found, wanted).is_some()
}

/// Finds the kind that two kinds of one value have together.
pub(crate) fn unify(one: Scalar, other: Scalar) -> Option<Scalar> {
    match (one, other) {
        (Scalar::Faulty, known) | (known, Scalar::Faulty) => Some(known),
        (one, other) if one == other => Some(one),
        (Scalar::Percent, Scalar::Int | Scalar::Number) | (Scalar::Int | Scalar::Number, Scalar::Percent) => {
            Some(Scalar::Percent)
        }
        (Scalar::Int, Scalar::Number) | (Scalar::Number, Scalar::Int) => Some(Scalar::Number),
        // Points have no literals of their own.
        (Scalar::Points, Scalar::Int | Scalar::Number) | (Scalar::Int | Scalar::Number, Scalar::Points) => {
            Some(Scalar::Points)
        }
        (_, _) => None,
    }
}

/// Gives the kind of a value and its place.
pub(crate) fn kind_at(value: &Expr) -> (Scalar, Span) {
    (value.ty.scalar, value.span)
}

/// Makes an expression whose value is always there.
pub(crate) fn always(kind: ExprKind, scalar: Scalar, span: Span) -> Expr {
    Expr {
        kind,
        ty: Ty::always(scalar),
        span,
    }
}

/// Makes an expression whose value may be missing.
pub(crate) fn optional(kind: ExprKind, scalar: Scalar, span: Span) -> Expr {
    Expr {
        kind,
        ty: Ty::optional(scalar),
        span,
    }
}

/// Makes a faulty expression.
pub(crate) fn faulty(span: Span) -> Expr {
    always(ExprKind::Faulty, Scalar::Faulty, span)
}

/// Marks an expression as faulty, so that nothing else is said of it.
pub(crate) fn faulty_like(value: Expr) -> Expr {
    Expr {
        ty: Ty::always(Scalar::Faulty),
        ..value
    }
}

/// Makes a literal.
pub(crate) fn constant(value: Value, scalar: Scalar, span: Span) -> Expr {
    always(ExprKind::Const(value), scalar, span)
}

/// Says whether a look-up that finds nothing is an error here.
pub(crate) fn fails(want: Want) -> bool {
    want.miss == Miss::Fails
}
