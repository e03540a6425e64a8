//! Operators that chain: sums, products, limits, `and`, `or`, `otherwise`.

mod product;
mod sum;

use guerdon_syntax::{Span, ast};

use super::Checker;
use super::env::Env;
use super::expr::{always, kind_at};
use super::facts;
use super::want::Want;
use crate::hir::expr::{Expr, ExprKind, Limit};
use crate::types::{Scalar, Ty};

impl Checker<'_> {
    /// Types a chain of operands; all its operators have one rank.
    pub(super) fn chain(&mut self, env: &Env, chain: &ast::Chain, span: Span, want: Want) -> Expr {
        match chain.rest.first().map_or(ast::ChainOp::Add, |link| link.op) {
            ast::ChainOp::Otherwise => self.otherwise(env, chain, span, want),
            ast::ChainOp::Or => self.logical(env, chain, span, Join::Or),
            ast::ChainOp::And => self.logical(env, chain, span, Join::And),
            ast::ChainOp::AtMost | ast::ChainOp::AtLeast => self.bounded(env, chain, span, want),
            ast::ChainOp::Add | ast::ChainOp::Subtract => self.sum(env, chain, span, want),
            ast::ChainOp::Multiply | ast::ChainOp::Divide => self.product(env, chain, span),
        }
    }

    fn otherwise(&mut self, env: &Env, chain: &ast::Chain, span: Span, want: Want) -> Expr {
        let last = chain.rest.len();
        let mut typed: Vec<Expr> = Vec::new();
        let mut want = want;
        for (at, tree) in operands(chain).enumerate() {
            let here = if at < last { want.or_nothing() } else { want };
            let operand = self.expr(env, tree, here);
            want = Want {
                scalar: want.scalar.or(Some(operand.ty.scalar)),
                ..want
            };
            typed.push(operand);
        }
        let scalar = self.shared_kind(&typed.iter().map(kind_at).collect::<Vec<_>>());
        let is_optional = typed.iter().all(|operand| operand.ty.is_optional());
        let ty = if is_optional {
            Ty::optional(scalar)
        } else {
            Ty::always(scalar)
        };
        Expr {
            kind: ExprKind::Otherwise(typed),
            ty,
            span,
        }
    }

    fn logical(&mut self, env: &Env, chain: &ast::Chain, span: Span, join: Join) -> Expr {
        let trees: Vec<&ast::Expr> = operands(chain).collect();
        let mut typed: Vec<Option<Expr>> = trees.iter().map(|_| None).collect();
        let mut wiser = env.clone();
        // Tests for missing values go first: they tell the others what is there, wherever they stand.
        for is_first_round in [true, false] {
            for (tree, place) in trees.iter().zip(typed.iter_mut()) {
                if place.is_none() && (is_missing_test(tree) || !is_first_round) {
                    let condition = self.holds(&wiser, tree);
                    wiser.facts.extend(join.facts(&condition));
                    *place = Some(condition);
                }
            }
        }
        let typed: Vec<Expr> = typed.into_iter().flatten().collect();
        let kind = match join {
            Join::And => ExprKind::And(typed),
            Join::Or => ExprKind::Or(typed),
        };
        always(kind, Scalar::Bool, span)
    }

    fn bounded(&mut self, env: &Env, chain: &ast::Chain, span: Span, want: Want) -> Expr {
        let value = self.value(env, &chain.first, want);
        let value = self.expect_ordered(value);
        let mut scalar = value.ty.scalar;
        let mut limits = Vec::new();
        for link in &chain.rest {
            let limit = self.value(env, &link.operand, Want::like(scalar));
            scalar = self.shared_kind(&[(scalar, value.span), kind_at(&limit)]);
            let side = if link.op == ast::ChainOp::AtMost {
                Limit::AtMost
            } else {
                Limit::AtLeast
            };
            limits.push((side, limit));
        }
        always(
            ExprKind::Bounded {
                value: Box::new(value),
                limits,
            },
            scalar,
            span,
        )
    }
}

#[derive(Clone, Copy)]
enum Join {
    And,
    Or,
}

impl Join {
    /// Gives what is known for the other operands: they decide nothing where this one does.
    fn facts(self, condition: &Expr) -> Vec<String> {
        match self {
            Join::And => facts::if_yes(condition),
            Join::Or => facts::if_no(condition),
        }
    }
}

/// Gives the operands of a chain from left to right.
pub(crate) fn operands(chain: &ast::Chain) -> impl Iterator<Item = &ast::Expr> {
    std::iter::once(chain.first.as_ref()).chain(chain.rest.iter().map(|link| &link.operand))
}

fn is_missing_test(tree: &ast::Expr) -> bool {
    let mut at = tree;
    while let ast::ExprKind::Paren(inner) | ast::ExprKind::Not(inner) = &at.kind {
        at = inner;
    }
    matches!(at.kind, ast::ExprKind::IsMissing(..))
}
