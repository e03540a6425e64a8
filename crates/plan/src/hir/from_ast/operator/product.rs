//! Products and quotients: an amount may be scaled and compared, never squared.

use guerdon_syntax::{Code, Diagnostic, Span, ast, text};

use crate::hir::expr::{Expr, ExprKind, Factor};
use crate::hir::from_ast::Checker;
use crate::hir::from_ast::env::Env;
use crate::hir::from_ast::expr::always;
use crate::hir::from_ast::want::Want;
use crate::types::Scalar;

impl Checker<'_> {
    /// Types `a * b / c`, from left to right.
    pub(in crate::hir::from_ast) fn product(&mut self, env: &Env, chain: &ast::Chain, span: Span) -> Expr {
        let first = self.value(env, &chain.first, Want::ANY);
        let first = self.expect_numeric(first);
        let mut scalar = first.ty.scalar;
        let mut typed = vec![(Factor::Times, first)];
        for link in &chain.rest {
            let operand = self.value(env, &link.operand, Want::ANY);
            let operand = self.expect_numeric(operand);
            let factor = if link.op == ast::ChainOp::Divide {
                Factor::Over
            } else {
                Factor::Times
            };
            scalar = match combined(scalar, factor, operand.ty.scalar) {
                Ok(kind) => kind,
                Err(fault) => {
                    self.push_fault(fault, &typed, &operand);
                    Scalar::Faulty
                }
            };
            typed.push((factor, operand));
        }
        always(ExprKind::Product(typed), scalar, span)
    }

    fn push_fault(&mut self, fault: Fault, before: &[(Factor, Expr)], operand: &Expr) {
        let is_amount =
            |value: &&(Factor, Expr)| matches!(value.1.ty.scalar, Scalar::Money(_) | Scalar::Points);
        let left = before.iter().find(is_amount).or(before.first());
        let (code, title) = match fault {
            Fault::Squared => (
                Code::E0205,
                text!("an amount is multiplied by an amount", "金额乘以金额"),
            ),
            Fault::TwoCurrencies => (
                Code::E0203,
                text!(
                    "an amount is divided by one in another currency",
                    "不同币种的金额相除"
                ),
            ),
            Fault::NumberOverAmount => (
                Code::E0201,
                text!("a number is divided by an amount", "数字除以金额"),
            ),
        };
        let found = self.a_kind(operand.ty.scalar);
        let mut message = Diagnostic::error(code, title).primary(operand.span, found);
        if let Some((_, left)) = left {
            let kind = self.a_kind(left.ty.scalar);
            message = message.secondary(left.span, kind);
        }
        self.sink.push(message);
    }
}

#[derive(Clone, Copy)]
enum Fault {
    Squared,
    TwoCurrencies,
    NumberOverAmount,
}

fn combined(left: Scalar, factor: Factor, right: Scalar) -> Result<Scalar, Fault> {
    let is_amount = |kind: Scalar| matches!(kind, Scalar::Money(_) | Scalar::Points);
    match (left, factor, right) {
        (Scalar::Faulty, _, _) | (_, _, Scalar::Faulty) => Ok(Scalar::Faulty),
        (left, Factor::Times, right) if is_amount(left) && is_amount(right) => Err(Fault::Squared),
        (left, Factor::Times, right) if is_amount(left) || is_amount(right) => {
            Ok(if is_amount(left) { left } else { right })
        }
        (left, Factor::Over, right) if is_amount(left) && is_amount(right) => {
            if left == right {
                Ok(Scalar::Number)
            } else {
                Err(Fault::TwoCurrencies)
            }
        }
        (left, Factor::Over, right) if is_amount(left) && !is_amount(right) => Ok(left),
        (_, Factor::Over, right) if is_amount(right) => Err(Fault::NumberOverAmount),
        (Scalar::Int, Factor::Times, Scalar::Int) => Ok(Scalar::Int),
        (Scalar::Percent, Factor::Times, Scalar::Percent | Scalar::Int)
        | (Scalar::Int, Factor::Times, Scalar::Percent) => Ok(Scalar::Percent),
        (_, _, _) => Ok(Scalar::Number),
    }
}
