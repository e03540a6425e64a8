//! Who belongs to whom: the condition that ties a record to the one a block is about.

use guerdon_syntax::ast::{ChainOp, Expr, ExprKind, Name, Polarity};
use guerdon_syntax::keyword::builtin_name;

/// Finds in `p.team is entrant and …` the side that names the entrant, and the conditions that are left.
pub(super) fn membership(filter: &Expr, about: &str) -> Option<(Expr, Vec<Expr>)> {
    let mut all = Vec::new();
    conjuncts(filter, &mut all);
    let at = all.iter().position(|part| other_side(part, about).is_some())?;
    let key = other_side(all.remove(at), about)?.clone();
    Some((key, all.into_iter().cloned().collect()))
}

/// Writes a bare field as that of a named record.
pub(super) fn qualified_by(key: &Expr, alias: &Name) -> Expr {
    let ExprKind::Name(field) = &key.kind else {
        return key.clone();
    };
    let record = Expr {
        kind: ExprKind::Name(alias.clone()),
        span: key.span,
    };
    Expr {
        kind: ExprKind::Field(Box::new(record), field.clone()),
        span: key.span,
    }
}

/// Lists the conditions that must all hold.
pub(super) fn conjuncts<'t>(filter: &'t Expr, all: &mut Vec<&'t Expr>) {
    if let ExprKind::Paren(inner) = &filter.kind {
        conjuncts(inner, all);
    } else if let ExprKind::Chain(chain) = &filter.kind
        && chain.rest.iter().all(|link| link.op == ChainOp::And)
    {
        conjuncts(&chain.first, all);
        chain.rest.iter().for_each(|link| conjuncts(&link.operand, all));
    } else {
        all.push(filter);
    }
}

fn other_side<'t>(condition: &'t Expr, about: &str) -> Option<&'t Expr> {
    let ExprKind::Is(left, Polarity::Plain, right) = &condition.kind else {
        return None;
    };
    let is_called = |name: &str| name == about || builtin_name(name) == Some(about);
    let is_about = |side: &Expr| matches!(&side.kind, ExprKind::Name(name) if is_called(&name.text));
    match (is_about(left), is_about(right)) {
        (true, false) => Some(right),
        (false, true) => Some(left),
        (true, true) | (false, false) => None,
    }
}
