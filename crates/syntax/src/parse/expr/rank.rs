//! Ranks the operators of a flat expression, from loose to tight: `otherwise`, `or`, `and`, `not`, comparison,
//! `through`, `at most`, `at least` and `rounded`, `+ -`, `* /`.

use std::collections::VecDeque;

use super::{Built, Item, MAX_CHAIN, Op};
use crate::ast::{Chain, ChainOp, ExprKind, Link, Rounded};
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::build::Builder;
use crate::span::Span;
use crate::text;

/// Holds what is left to rank.
pub(super) struct Queue {
    items: VecDeque<Item>,
}

impl Queue {
    fn chain_op(&mut self, wanted: impl Fn(ChainOp) -> bool) -> Option<(ChainOp, Span)> {
        let Some(Item::Op(Op::Chain(op), span)) = self.items.front() else {
            return None;
        };
        let found = (*op, *span);
        wanted(found.0).then(|| self.items.pop_front())?;
        Some(found)
    }

    /// Gives the operator that comes next.
    pub(super) fn next_op(&self) -> Option<Span> {
        match self.items.front()? {
            Item::Op(_, span) | Item::Missing(_, span) | Item::Rounded(_, _, span) => Some(*span),
            Item::Operand(_) | Item::Not(_) => None,
        }
    }

    fn next_arithmetic(&self) -> Option<Span> {
        match self.items.front()? {
            Item::Op(Op::Chain(op), span) if is_arithmetic(*op) => Some(*span),
            Item::Op(..) | Item::Operand(_) | Item::Not(_) | Item::Missing(..) | Item::Rounded(..) => None,
        }
    }

    /// Gives the operand behind the operator that comes next.
    pub(super) fn operand_behind(&self) -> Option<Span> {
        match self.items.get(1)? {
            Item::Operand(built) => Some(built.expr.span),
            Item::Op(..) | Item::Not(_) | Item::Missing(..) | Item::Rounded(..) => None,
        }
    }

    /// Gives the end of the operands and arithmetic signs that follow.
    pub(super) fn arithmetic_end(&self) -> Option<Span> {
        let run = self.items.iter().take_while(|item| match item {
            Item::Operand(_) => true,
            Item::Op(Op::Chain(op), _) => is_arithmetic(*op),
            Item::Op(..) | Item::Not(_) | Item::Missing(..) | Item::Rounded(..) => false,
        });
        run.filter_map(|item| match item {
            Item::Operand(built) => Some(built.expr.span),
            Item::Op(..) | Item::Not(_) | Item::Missing(..) | Item::Rounded(..) => None,
        })
        .last()
    }
}

fn is_arithmetic(op: ChainOp) -> bool {
    is_sum(op) || is_product(op)
}

fn is_sum(op: ChainOp) -> bool {
    matches!(op, ChainOp::Add | ChainOp::Subtract)
}

fn is_product(op: ChainOp) -> bool {
    matches!(op, ChainOp::Multiply | ChainOp::Divide)
}

/// Gathers the operands of one chain.
struct Gather {
    first: Built,
    rest: Vec<Link>,
    depth: u16,
}

impl Gather {
    fn new(first: Built) -> Gather {
        let depth = first.depth;
        Gather {
            first,
            rest: Vec::new(),
            depth,
        }
    }

    fn push(&mut self, op: ChainOp, op_span: Span, operand: Built) {
        self.depth = self.depth.max(operand.depth);
        self.rest.push(Link {
            op,
            op_span,
            operand: *operand.expr,
        });
    }

    fn span(&self) -> Span {
        let last = self
            .rest
            .last()
            .map_or(self.first.expr.span, |link| link.operand.span);
        self.first.expr.span.to(last)
    }
}

impl Builder<'_> {
    /// Builds the tree of a flat expression.
    #[inline(never)]
    pub(super) fn rank(&mut self, items: Vec<Item>) -> Option<Built> {
        let mut queue = Queue { items: items.into() };
        let built = self.otherwise_level(&mut queue)?;
        match queue.next_op() {
            Some(op) => self.brackets_needed(&built, op, &queue),
            None => Some(built),
        }
    }

    fn otherwise_level(&mut self, queue: &mut Queue) -> Option<Built> {
        let mut chain = Gather::new(self.or_level(queue)?);
        while let Some((op, span)) = queue.chain_op(|op| op == ChainOp::Otherwise) {
            let operand = self.plain_operand(queue)?;
            chain.push(op, span, operand);
        }
        self.finish(chain)
    }

    fn or_level(&mut self, queue: &mut Queue) -> Option<Built> {
        let mut chain = Gather::new(self.and_level(queue)?);
        while let Some((op, span)) = queue.chain_op(|op| op == ChainOp::Or) {
            let operand = self.and_level(queue)?;
            chain.push(op, span, operand);
        }
        self.finish(chain)
    }

    fn and_level(&mut self, queue: &mut Queue) -> Option<Built> {
        let mut chain = Gather::new(self.not_level(queue)?);
        while let Some((op, span)) = queue.chain_op(|op| op == ChainOp::And) {
            let operand = self.not_level(queue)?;
            chain.push(op, span, operand);
        }
        self.finish(chain)
    }

    fn not_level(&mut self, queue: &mut Queue) -> Option<Built> {
        let mut nots = Vec::new();
        while let Some(Item::Not(span)) = queue.items.front() {
            nots.push(*span);
            queue.items.pop_front();
        }
        let mut built = self.compare_level(queue)?;
        for not in nots.into_iter().rev() {
            let span = not.to(built.expr.span);
            let depth = built.depth;
            built = self.make(ExprKind::Not(built.expr), span, depth)?;
        }
        Some(built)
    }

    fn compare_level(&mut self, queue: &mut Queue) -> Option<Built> {
        let left = self.through_level(queue)?;
        match queue.items.front() {
            Some(Item::Missing(polarity, span)) => {
                let (polarity, span) = (*polarity, left.expr.span.to(*span));
                queue.items.pop_front();
                self.make(ExprKind::IsMissing(left.expr, polarity), span, left.depth)
            }
            Some(Item::Op(op, _)) => match *op {
                Op::Compare(sign) => {
                    self.compare(left, queue, |left, right| ExprKind::Compare(left, sign, right))
                }
                Op::Is(polarity) => {
                    self.compare(left, queue, |left, right| ExprKind::Is(left, polarity, right))
                }
                Op::In(polarity) => {
                    self.compare(left, queue, |left, right| ExprKind::In(left, polarity, right))
                }
                Op::Chain(_) | Op::Through => Some(left),
            },
            Some(Item::Operand(_) | Item::Not(_) | Item::Rounded(..)) | None => Some(left),
        }
    }

    fn compare(
        &mut self,
        left: Built,
        queue: &mut Queue,
        kind: impl FnOnce(Box<crate::ast::Expr>, Box<crate::ast::Expr>) -> ExprKind,
    ) -> Option<Built> {
        queue.items.pop_front();
        let right = self.through_level(queue)?;
        let span = left.expr.span.to(right.expr.span);
        let depth = left.depth.max(right.depth);
        self.make(kind(left.expr, right.expr), span, depth)
    }

    fn through_level(&mut self, queue: &mut Queue) -> Option<Built> {
        let first = self.limit_level(queue)?;
        let Some(Item::Op(Op::Through, _)) = queue.items.front() else {
            return Some(first);
        };
        queue.items.pop_front();
        let last = self.limit_level(queue)?;
        let span = first.expr.span.to(last.expr.span);
        let depth = first.depth.max(last.depth);
        self.make(ExprKind::Through(first.expr, last.expr), span, depth)
    }

    /// Reads `at most`, `at least` and `rounded`, behind which `* / + -` want brackets.
    fn limit_level(&mut self, queue: &mut Queue) -> Option<Built> {
        let mut chain = Gather::new(self.sum_level(queue)?);
        loop {
            if let Some(Item::Rounded(..)) = queue.items.front() {
                let value = self.finish(chain)?;
                let Some(Item::Rounded(mode, step, span)) = queue.items.pop_front() else {
                    return None;
                };
                let span = value.expr.span.to(span);
                let rounded = Rounded {
                    value: *value.expr,
                    mode,
                    step,
                };
                chain = Gather::new(self.make(ExprKind::Rounded(Box::new(rounded)), span, value.depth)?);
            } else if let Some((op, span)) =
                queue.chain_op(|op| matches!(op, ChainOp::AtMost | ChainOp::AtLeast))
            {
                let operand = self.plain_operand(queue)?;
                chain.push(op, span, operand);
            } else {
                break;
            }
        }
        let built = self.finish(chain)?;
        match queue.next_arithmetic() {
            Some(op) => self.brackets_needed(&built, op, queue),
            None => Some(built),
        }
    }

    fn sum_level(&mut self, queue: &mut Queue) -> Option<Built> {
        let mut chain = Gather::new(self.product_level(queue)?);
        while let Some((op, span)) = queue.chain_op(is_sum) {
            let operand = self.product_level(queue)?;
            chain.push(op, span, operand);
        }
        self.finish(chain)
    }

    fn product_level(&mut self, queue: &mut Queue) -> Option<Built> {
        let mut chain = Gather::new(self.plain_operand(queue)?);
        while let Some((op, span)) = queue.chain_op(is_product) {
            let operand = self.plain_operand(queue)?;
            chain.push(op, span, operand);
        }
        self.finish(chain)
    }

    fn plain_operand(&mut self, queue: &mut Queue) -> Option<Built> {
        match queue.items.pop_front()? {
            Item::Operand(built) => Some(built),
            Item::Not(span) => self.misplaced_not(span),
            Item::Op(..) | Item::Missing(..) | Item::Rounded(..) => None,
        }
    }

    fn finish(&mut self, chain: Gather) -> Option<Built> {
        if chain.rest.is_empty() {
            return Some(chain.first);
        }
        let span = chain.span();
        if chain.rest.len() >= MAX_CHAIN {
            return self.too_long(span, chain.rest.len());
        }
        let depth = chain.depth;
        let kind = ExprKind::Chain(Chain {
            first: chain.first.expr,
            rest: chain.rest,
        });
        self.make(kind, span, depth)
    }

    #[inline(never)]
    fn too_long<T>(&mut self, span: Span, operators: usize) -> Option<T> {
        self.sink.push(
            Diagnostic::error(
                Code::E0005,
                text!(
                    "this expression joins {count} values; {MAX_CHAIN} are allowed",
                    "此表达式连接了 {count} 个值，最多 {MAX_CHAIN} 个",
                    count = operators.saturating_add(1)
                ),
            )
            .primary(span, text!("split it with let", "请用“设”拆分")),
        );
        None
    }
}
