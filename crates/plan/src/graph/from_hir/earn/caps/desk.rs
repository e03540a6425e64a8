//! Where a cap on whole periods is worked out: terms by payee and period.

use guerdon_syntax::span::Span;

use crate::graph::from_hir::Builder;
use crate::graph::from_hir::scope::Scope;
use crate::graph::{NodeId, Op};
use crate::hir::{Comparison, Limit, Sign};
use crate::types::{Scalar, Ty};

/// Terms on the frame of a plan's payees and periods.
pub(super) struct Desk {
    pub scope: Scope,
    pub ty: Ty,
    pub span: Span,
    pub zero: NodeId,
}

impl Desk {
    pub(super) fn sum(&self, builder: &mut Builder<'_>, parts: &[NodeId]) -> NodeId {
        let terms = parts.iter().map(|part| (Sign::Plus, *part)).collect();
        builder.node(Op::Sum(terms), self.scope.frame, self.ty, self.span)
    }

    pub(super) fn less(&self, builder: &mut Builder<'_>, more: NodeId, less: NodeId) -> NodeId {
        let terms = vec![(Sign::Plus, more), (Sign::Minus, less)];
        builder.node(Op::Sum(terms), self.scope.frame, self.ty, self.span)
    }

    pub(super) fn choose(
        &self,
        builder: &mut Builder<'_>,
        condition: NodeId,
        then: NodeId,
        otherwise: NodeId,
    ) -> NodeId {
        let op = Op::If {
            condition,
            then,
            otherwise,
        };
        builder.node(op, self.scope.frame, self.ty, self.span)
    }

    pub(super) fn bounded(
        &self,
        builder: &mut Builder<'_>,
        value: NodeId,
        limits: Vec<(Limit, NodeId)>,
    ) -> NodeId {
        builder.node(
            Op::Bounded { value, limits },
            self.scope.frame,
            self.ty,
            self.span,
        )
    }

    pub(super) fn is_zero(&self, builder: &mut Builder<'_>, left: NodeId) -> NodeId {
        let op = Op::Compare {
            op: Comparison::Equal,
            left,
            right: self.zero,
        };
        builder.node(op, self.scope.frame, Ty::always(Scalar::Bool), self.span)
    }
}
