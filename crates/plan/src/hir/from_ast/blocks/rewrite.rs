//! Expressions with some of their parts replaced.

use guerdon_syntax::ast::{Chain, Expr, ExprKind, If, Link, Rounded};

/// Replaces an expression and its parts, the innermost first.
///
/// Only parts that are about the current record and period are looked at: what stands inside an aggregate, a running
/// sum, a place or a share is about other records, and stays as it is.
pub(super) fn inside_out(tree: &Expr, change: &mut dyn FnMut(Expr) -> Expr) -> Expr {
    let kind = parts(&tree.kind, change);
    change(Expr {
        kind,
        span: tree.span,
    })
}

/// Says whether an expression names something, wherever it stands: also inside aggregates.
pub(super) fn mentions(tree: &Expr, name: &str) -> bool {
    let mut found = false;
    inside_out(tree, &mut |part| {
        if let ExprKind::Name(own) = &part.kind {
            found |= own.text == name;
        } else if let ExprKind::Aggregate(aggregate) = &part.kind {
            let inner = [&aggregate.value, &aggregate.filter];
            found |= inner.into_iter().flatten().any(|inner| mentions(inner, name));
        }
        part
    });
    found
}

fn boxed(tree: &Expr, change: &mut dyn FnMut(Expr) -> Expr) -> Box<Expr> {
    Box::new(inside_out(tree, change))
}

fn several(trees: &[Expr], change: &mut dyn FnMut(Expr) -> Expr) -> Vec<Expr> {
    trees.iter().map(|tree| inside_out(tree, change)).collect()
}

fn parts(kind: &ExprKind, change: &mut dyn FnMut(Expr) -> Expr) -> ExprKind {
    match kind {
        ExprKind::Call(name, args) => ExprKind::Call(name.clone(), several(args, change)),
        ExprKind::Field(base, word) => ExprKind::Field(boxed(base, change), word.clone()),
        ExprKind::Index(base, args) => ExprKind::Index(boxed(base, change), several(args, change)),
        ExprKind::Negate(inner) => ExprKind::Negate(boxed(inner, change)),
        ExprKind::Not(inner) => ExprKind::Not(boxed(inner, change)),
        ExprKind::Paren(inner) => ExprKind::Paren(boxed(inner, change)),
        ExprKind::Streak(inner) => ExprKind::Streak(boxed(inner, change)),
        ExprKind::IsMissing(inner, polarity) => ExprKind::IsMissing(boxed(inner, change), *polarity),
        ExprKind::RateOf(tiers, at) => ExprKind::RateOf(tiers.clone(), boxed(at, change)),
        ExprKind::Chain(chain) => ExprKind::Chain(links(chain, change)),
        ExprKind::Compare(left, op, right) => {
            ExprKind::Compare(boxed(left, change), *op, boxed(right, change))
        }
        ExprKind::Is(left, polarity, right) => {
            ExprKind::Is(boxed(left, change), *polarity, boxed(right, change))
        }
        ExprKind::In(value, polarity, range) => {
            ExprKind::In(boxed(value, change), *polarity, boxed(range, change))
        }
        ExprKind::Through(from, through) => ExprKind::Through(boxed(from, change), boxed(through, change)),
        ExprKind::Times(condition, range) => ExprKind::Times(boxed(condition, change), range.clone()),
        ExprKind::Trend(value, range) => ExprKind::Trend(boxed(value, change), range.clone()),
        ExprKind::List(items) => ExprKind::List(several(items, change)),
        ExprKind::If(choice) => ExprKind::If(Box::new(If {
            condition: inside_out(&choice.condition, change),
            then: inside_out(&choice.then, change),
            otherwise: inside_out(&choice.otherwise, change),
        })),
        ExprKind::Rounded(rounded) => ExprKind::Rounded(Box::new(Rounded {
            value: inside_out(&rounded.value, change),
            mode: rounded.mode,
            step: rounded.step.clone(),
        })),
        ExprKind::Apply(apply) => {
            let mut apply = apply.clone();
            apply.value = inside_out(&apply.value, change);
            apply.against = apply.against.as_ref().map(|against| inside_out(against, change));
            ExprKind::Apply(apply)
        }
        ExprKind::Literal(_)
        | ExprKind::Name(_)
        | ExprKind::Prior(_)
        | ExprKind::Due(_)
        | ExprKind::Released(_)
        | ExprKind::Below(_)
        | ExprKind::Aggregate(_)
        | ExprKind::Running(_)
        | ExprKind::Allocate(_)
        | ExprKind::Rank(_)
        | ExprKind::Period(_)
        | ExprKind::Span(_)
        | ExprKind::Duration(..) => kind.clone(),
    }
}

fn links(chain: &Chain, change: &mut dyn FnMut(Expr) -> Expr) -> Chain {
    let first = boxed(&chain.first, change);
    let rest = chain.rest.iter().map(|link| Link {
        op: link.op,
        op_span: link.op_span,
        operand: inside_out(&link.operand, change),
    });
    Chain {
        first,
        rest: rest.collect(),
    }
}
