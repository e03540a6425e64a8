//! W0709: caps that nothing can reach.

use guerdon_syntax::{Code, Diagnostic, Sink, text};

use crate::calendar::Unit;
use crate::hir::{Cap, Earn, Expr, ExprKind, Limit, Program, Value};
use crate::number::Exact;

/// Warns of caps above the most that an undated earn of fixed size can come to.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    for plan in &program.plans {
        for earn in plan.earns.iter().filter_map(|id| program.earn(*id)) {
            if let Some(fault) = earn.cap.as_ref().and_then(|cap| unreached(earn, cap, plan.unit)) {
                sink.push(fault);
            }
        }
    }
}

fn unreached(earn: &Earn, cap: &Cap, unit: Unit) -> Option<Diagnostic> {
    if earn.lines.is_some() || !earn.exceptions.is_empty() {
        return None;
    }
    let most = greatest(&earn.value)?
        .mul(&Exact::from_i64(periods_in(unit, cap.every)?))
        .ok()?;
    if fixed(&cap.at)? <= &most {
        return None;
    }
    let (name, most) = (&earn.naming.name, most.display_text(0));
    let title = text!(
        "the cap of \"{name}\" can never be reached",
        "“{name}”的限额永远达不到"
    );
    let label = text!("it comes to {most} at most in that time", "在此期间最多为 {most}");
    Some(Diagnostic::warning(Code::W0709, title).primary(cap.at.span, label))
}

/// Finds the most that a value can be, where that is fixed.
fn greatest(value: &Expr) -> Option<&Exact> {
    if let ExprKind::Bounded { limits, .. } = &value.kind {
        let (limit, at) = limits.last()?;
        return if *limit == Limit::AtMost { fixed(at) } else { None };
    }
    fixed(value)
}

fn fixed(expr: &Expr) -> Option<&Exact> {
    if let ExprKind::Const(Value::Number(number)) = &expr.kind {
        Some(number)
    } else {
        None
    }
}

/// Counts the periods of a plan in the stretch of a cap, where it is always the same.
fn periods_in(unit: Unit, every: Unit) -> Option<i64> {
    match (unit, every) {
        (Unit::Month, Unit::Quarter) => Some(3),
        (Unit::Month, Unit::Year) => Some(12),
        (Unit::Quarter, Unit::Year) => Some(4),
        (one, other) if one == other => Some(1),
        (_, _) => None,
    }
}
