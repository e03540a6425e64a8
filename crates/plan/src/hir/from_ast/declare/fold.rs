//! Values that are known before any data: literals, sums and products of them, and choices between them.

mod choice;

use std::sync::Arc;

use guerdon_syntax::{Code, Diagnostic, Span, Text, ast, text};

use crate::hir::Value;
use crate::hir::from_ast::Checker;
use crate::hir::from_ast::env::Env;
use crate::number::{Exact, NumberError};
use crate::resolve::Declared;
use crate::types::{EnumId, Scalar};

/// Is a value that is known before any data, with its kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Folded {
    /// The kind of the value.
    pub(crate) scalar: Scalar,
    /// The value.
    pub(crate) value: Value,
    /// Where it is written.
    pub(crate) span: Span,
}

impl Folded {
    /// Gives the number behind a number, percent, amount or count.
    pub(crate) fn number(&self) -> Option<&Exact> {
        match &self.value {
            Value::Number(number) => Some(number),
            Value::Bool(_)
            | Value::Date(_)
            | Value::Period(_)
            | Value::Text(_)
            | Value::Enum(..)
            | Value::Missing => None,
        }
    }
}

impl Checker<'_> {
    /// Works out an expression that needs no data; `wanted` says which enum a bare word belongs to.
    ///
    /// Reports what stands in the way and gives nothing then.
    pub(crate) fn fold(&mut self, expr: &ast::Expr, wanted: Option<Scalar>) -> Option<Folded> {
        match &expr.kind {
            ast::ExprKind::Literal(literal) => self.fold_literal(literal, wanted.map(text_for_key)),
            ast::ExprKind::Name(name) => self.fold_name(name, wanted),
            ast::ExprKind::Paren(inner) => self.fold(inner, wanted),
            ast::ExprKind::Negate(inner) => self.fold_negated(inner, expr.span),
            ast::ExprKind::Chain(chain) => self.fold_chain(chain, expr.span),
            ast::ExprKind::Compare(left, op, right) => self.fold_comparison(left, *op, right, expr.span),
            ast::ExprKind::Not(inner) => self.fold_not(inner, expr.span),
            ast::ExprKind::If(choice) => self.fold_choice(choice, wanted, expr.span),
            ast::ExprKind::Call(..)
            | ast::ExprKind::Field(..)
            | ast::ExprKind::Index(..)
            | ast::ExprKind::Is(..)
            | ast::ExprKind::IsMissing(..)
            | ast::ExprKind::In(..)
            | ast::ExprKind::Through(..)
            | ast::ExprKind::List(_)
            | ast::ExprKind::Aggregate(_)
            | ast::ExprKind::Running(_)
            | ast::ExprKind::Apply(_)
            | ast::ExprKind::RateOf(..)
            | ast::ExprKind::Prior(_)
            | ast::ExprKind::Due(_)
            | ast::ExprKind::Released(_)
            | ast::ExprKind::Below(_)
            | ast::ExprKind::Streak(_)
            | ast::ExprKind::Times(..)
            | ast::ExprKind::Trend(..)
            | ast::ExprKind::Allocate(_)
            | ast::ExprKind::Rank(_)
            | ast::ExprKind::Period(_)
            | ast::ExprKind::Span(_)
            | ast::ExprKind::Duration(..)
            | ast::ExprKind::Rounded(_) => self.not_fixed(expr.span),
        }
    }

    /// Works out an expression and turns it into a value of a kind, or reports that it does not fit.
    pub(super) fn fold_as(&mut self, expr: &ast::Expr, wanted: Scalar, code: Code) -> Option<Value> {
        let folded = self.fold(expr, Some(wanted))?;
        if fits(folded.scalar, wanted) {
            return Some(folded.value);
        }
        self.misfit(&folded, wanted, code);
        None
    }

    /// Reads a literal.
    pub(super) fn fold_literal(&mut self, literal: &ast::Literal, wanted: Option<Scalar>) -> Option<Folded> {
        let (value, scalar) = self.literal_value(&Env::of_file(literal.span.file), literal, wanted);
        value.map(|value| Folded {
            scalar,
            value,
            span: literal.span,
        })
    }

    fn fold_name(&mut self, name: &ast::Name, wanted: Option<Scalar>) -> Option<Folded> {
        if let Some(Scalar::Enum(id)) = wanted {
            return self.enum_value(id, name);
        }
        if let Some(Declared::Constant(id)) = self.declared(name) {
            return self.constant_value(id, name);
        }
        if let Some(Scalar::Row(_)) = wanted {
            let value = Value::Text(Arc::from(name.text.as_str()));
            return Some(Folded {
                scalar: Scalar::Text,
                value,
                span: name.span,
            });
        }
        if self.declared(name).is_some() {
            return self.not_fixed(name.span);
        }
        self.push_unknown(Code::E0202, name);
        None
    }

    pub(super) fn enum_value(&mut self, id: EnumId, name: &ast::Name) -> Option<Folded> {
        let def = self.program.enumeration(id)?;
        if let Some(at) = def.value_named(&name.text) {
            return Some(Folded {
                scalar: Scalar::Enum(id),
                value: Value::Enum(id, at),
                span: name.span,
            });
        }
        let (word, owner) = (&name.text, &def.naming.name);
        let title = text!("{owner} has no value \"{word}\"", "{owner}没有“{word}”这个值");
        let fault = Diagnostic::error(Code::E0211, title).primary(name.span, text!("unknown", "未知"));
        let values = def.values.iter().flat_map(|value| value.words());
        self.sink
            .push(match guerdon_syntax::suggest::fix(word, name.span, values) {
                Some(fix) => fault.fix(fix),
                None => fault,
            });
        None
    }

    fn fold_negated(&mut self, inner: &ast::Expr, span: Span) -> Option<Folded> {
        let folded = self.fold(inner, None)?;
        match folded.number() {
            Some(number) if folded.scalar.is_numeric() => Some(Folded {
                scalar: folded.scalar,
                value: Value::Number(number.neg()),
                span,
            }),
            Some(_) | None => self.no_number(&folded),
        }
    }

    fn fold_chain(&mut self, chain: &ast::Chain, span: Span) -> Option<Folded> {
        let mut left = self.fold(&chain.first, None)?;
        for link in &chain.rest {
            if let ast::ChainOp::And | ast::ChainOp::Or = link.op {
                left = self.fold_logic(left, link.op, &link.operand)?;
                continue;
            }
            let right = self.fold(&link.operand, None)?;
            let (scalar, number) = self.fold_pair(&left, link.op, &right)?;
            left = Folded {
                scalar,
                value: Value::Number(number),
                span: left.span.to(right.span),
            };
        }
        Some(Folded { span, ..left })
    }

    fn fold_pair(&mut self, left: &Folded, op: ast::ChainOp, right: &Folded) -> Option<(Scalar, Exact)> {
        let (Some(a), Some(b)) = (left.number(), right.number()) else {
            let culprit = if left.number().is_none() { left } else { right };
            return self.no_number(culprit);
        };
        let (scalar, number) = match op {
            ast::ChainOp::Add => (self.sum_kind(left, right)?, a.add(b)),
            ast::ChainOp::Subtract => (self.sum_kind(left, right)?, a.sub(b)),
            ast::ChainOp::AtMost => (self.sum_kind(left, right)?, Ok(a.min(b).clone())),
            ast::ChainOp::AtLeast => (self.sum_kind(left, right)?, Ok(a.max(b).clone())),
            ast::ChainOp::Multiply => (self.product_kind(left, right)?, a.mul(b)),
            ast::ChainOp::Divide => (self.quotient_kind(left, right)?, a.div(b)),
            ast::ChainOp::Otherwise | ast::ChainOp::Or | ast::ChainOp::And => {
                return self.not_fixed(left.span.to(right.span));
            }
        };
        match number {
            Ok(number) => Some((scalar, number)),
            Err(error) => self.no_answer(error, right.span),
        }
    }

    fn sum_kind(&mut self, left: &Folded, right: &Folded) -> Option<Scalar> {
        match (left.scalar, right.scalar) {
            (a, b) if a == b => Some(a),
            (Scalar::Money(_), Scalar::Money(_)) => self.two_currencies(left, right),
            (
                Scalar::Int | Scalar::Number | Scalar::Percent,
                Scalar::Int | Scalar::Number | Scalar::Percent,
            ) => Some(Scalar::Number),
            (_, _) => self.cannot_add(left, right),
        }
    }

    fn product_kind(&mut self, left: &Folded, right: &Folded) -> Option<Scalar> {
        match (left.scalar, right.scalar) {
            (Scalar::Money(_), Scalar::Money(_)) => self.money_squared(left, right),
            (Scalar::Money(currency), _) | (_, Scalar::Money(currency)) => Some(Scalar::Money(currency)),
            (Scalar::Percent, _) | (_, Scalar::Percent) => Some(Scalar::Percent),
            (Scalar::Int, Scalar::Int) => Some(Scalar::Int),
            (_, _) => Some(Scalar::Number),
        }
    }

    fn quotient_kind(&mut self, left: &Folded, right: &Folded) -> Option<Scalar> {
        match (left.scalar, right.scalar) {
            (Scalar::Money(a), Scalar::Money(b)) if a != b => self.two_currencies(left, right),
            (Scalar::Money(_), Scalar::Money(_)) => Some(Scalar::Number),
            (_, Scalar::Money(_)) => self.cannot_add(left, right),
            (Scalar::Money(currency), _) => Some(Scalar::Money(currency)),
            (Scalar::Percent, Scalar::Int | Scalar::Number) => Some(Scalar::Percent),
            (_, _) => Some(Scalar::Number),
        }
    }

    pub(super) fn two_currencies<T>(&mut self, left: &Folded, right: &Folded) -> Option<T> {
        let title = text!("amounts in two currencies meet", "两种币种的金额相遇");
        self.push_pair(Diagnostic::error(Code::E0203, title), left, right)
    }

    pub(super) fn cannot_add<T>(&mut self, left: &Folded, right: &Folded) -> Option<T> {
        let (a, b) = (self.kind_name(left.scalar), self.kind_name(right.scalar));
        let title = text!("{a} and {b} do not go together", "{a}与{b}不能这样运算"; a, b);
        let mut fault = Diagnostic::error(Code::E0201, title);
        if let (Scalar::Money(_), Scalar::Percent) = (left.scalar, right.scalar) {
            fault = fault.note(text!(
                "A percent of what? Write the amount that it is taken of.",
                "是什么的百分数？请写出它所乘的金额。"
            ));
        }
        self.push_pair(fault, left, right)
    }

    fn money_squared<T>(&mut self, left: &Folded, right: &Folded) -> Option<T> {
        let title = text!("an amount is multiplied by an amount", "金额乘以金额");
        self.push_pair(Diagnostic::error(Code::E0205, title), left, right)
    }

    pub(super) fn push_pair<T>(&mut self, fault: Diagnostic, left: &Folded, right: &Folded) -> Option<T> {
        let (a, b) = (self.kind_name(left.scalar), self.kind_name(right.scalar));
        self.sink
            .push(fault.secondary(left.span, a).primary(right.span, b));
        None
    }

    pub(super) fn no_number<T>(&mut self, folded: &Folded) -> Option<T> {
        let kind = self.kind_name(folded.scalar);
        let title = text!("a number or an amount is needed here", "此处需要数或金额");
        self.sink.push(
            Diagnostic::error(Code::E0201, title)
                .primary(folded.span, text!("this is {kind}", "这是{kind}"; kind)),
        );
        None
    }

    fn no_answer<T>(&mut self, error: NumberError, at: Span) -> Option<T> {
        let (code, title) = match error {
            NumberError::DivisionByZero => (Code::E0220, text!("division by zero", "除以零")),
            NumberError::TooWide
            | NumberError::NotADecimal
            | NumberError::TooManyDigits
            | NumberError::StepNotPositive
            | NumberError::TwoCurrencies => (
                Code::E0008,
                text!("this number has too many digits", "数字位数过多"),
            ),
        };
        self.sink
            .push(Diagnostic::error(code, title).primary(at, Text::default()));
        None
    }

    pub(super) fn not_fixed<T>(&mut self, at: Span) -> Option<T> {
        let title = text!("a fixed value is needed here", "此处需要固定值");
        let fault = Diagnostic::error(Code::E0232, title).primary(
            at,
            text!("not known before the data are read", "读入数据前尚不可知"),
        );
        self.sink.push(fault.note(text!(
            "A literal, a constant, or a sum or product of them can stand here.",
            "此处可写字面值、常量，或者它们的和与积。"
        )));
        None
    }

    /// Reports a value that does not fit where it stands.
    fn misfit(&mut self, folded: &Folded, wanted: Scalar, code: Code) {
        let (is, needed) = (self.kind_name(folded.scalar), self.kind_name(wanted));
        let title = text!("{needed} is needed here, not {is}", "此处需要{needed}，而不是{is}"; needed, is);
        self.sink
            .push(Diagnostic::error(code, title).primary(folded.span, is));
    }
}

/// Says whether a value of one kind may stand where another is wanted.
pub(crate) fn fits(is: Scalar, wanted: Scalar) -> bool {
    match (is, wanted) {
        (Scalar::Faulty, _) | (_, Scalar::Faulty) => true,
        (Scalar::Int | Scalar::Percent, Scalar::Number) | (Scalar::Int | Scalar::Number, Scalar::Points) => {
            true
        }
        (Scalar::Text, Scalar::Row(_)) => true,
        (is, wanted) => is == wanted,
    }
}

/// Reads keys of records as texts.
fn text_for_key(wanted: Scalar) -> Scalar {
    if let Scalar::Row(_) = wanted {
        Scalar::Text
    } else {
        wanted
    }
}
