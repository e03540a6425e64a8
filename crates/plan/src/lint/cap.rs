//! W0709: caps that nothing can reach.

use guerdon_syntax::{Code, Diagnostic, Sink, text};

use crate::calendar::Unit;
use crate::hir::{Cap, Earn, Expr, ExprKind, Limit, Plan, Program, Sign, Value};
use crate::number::Exact;

/// Warns of caps above the most that earns without records can come to, alone or together.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    for plan in &program.plans {
        for earn in plan.earns.iter().filter_map(|id| program.earn(*id)) {
            if let Some(fault) = earn.cap.as_ref().and_then(|cap| unreached(earn, cap, plan.unit)) {
                sink.push(fault);
            }
        }
        unreached_together(program, plan)
            .into_iter()
            .for_each(|fault| sink.push(fault));
    }
}

/// Finds a cap that a single earn cannot reach.
fn unreached(earn: &Earn, cap: &Cap, unit: Unit) -> Option<Diagnostic> {
    let most = most_in(&[earn], unit, cap.every)?;
    if fixed(&cap.at)? <= &most {
        return None;
    }
    Some(told(&[earn], cap, &most))
}

/// Finds caps that all the earns they are on cannot reach together; each is told of once.
fn unreached_together(program: &Program, plan: &Plan) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for earn in plan.earns.iter().filter_map(|id| program.earn(*id)) {
        let Some(shared) = &earn.shared else { continue };
        let earns: Vec<&Earn> = shared.earns.iter().filter_map(|id| program.earn(*id)).collect();
        let is_first = earns.first().is_some_and(|first| first.span == earn.span);
        let most = most_in(&earns, plan.unit, shared.cap.every).filter(|_| is_first);
        if let (Some(most), Some(at)) = (most, fixed(&shared.cap.at))
            && *at > most
        {
            found.push(told(&earns, &shared.cap, &most));
        }
    }
    found
}

fn told(earns: &[&Earn], cap: &Cap, most: &Exact) -> Diagnostic {
    let names: Vec<&str> = earns.iter().map(|earn| earn.naming.name.as_str()).collect();
    let (name, most) = (names.join(", "), most.display_text(0));
    let title = text!(
        "the cap of \"{name}\" can never be reached",
        "“{name}”的限额永远达不到"
    );
    let label = text!("it comes to {most} at most in that time", "在此期间最多为 {most}");
    Diagnostic::warning(Code::W0709, title).primary(cap.at.span, label)
}

/// Finds the most that earns without records come to together in the stretch of a cap.
fn most_in(earns: &[&Earn], unit: Unit, every: Unit) -> Option<Exact> {
    let mut sum = Exact::ZERO;
    for earn in earns {
        if earn.lines.is_some() {
            return None;
        }
        let values = std::iter::once(&earn.value).chain(earn.exceptions.iter().map(|one| &one.value));
        let most: Option<Vec<Exact>> = values
            .filter(|value| value.kind != ExprKind::Normal)
            .map(greatest)
            .collect();
        sum = sum.add(most?.iter().max()?).ok()?;
    }
    sum.mul(&Exact::from_i64(periods_in(unit, every)?)).ok()
}

/// Finds the most that a value can be, where the formula says so: its limit, the greater of two branches, a sum of such.
fn greatest(value: &Expr) -> Option<Exact> {
    if let ExprKind::Bounded { value, limits } = &value.kind {
        let mut most = greatest(value);
        for (limit, at) in limits {
            let at = fixed(at);
            most = match limit {
                Limit::AtMost => match (most, at) {
                    (Some(most), Some(at)) => Some(most.min(at.clone())),
                    (None, at) => at.cloned(),
                    (most, None) => most,
                },
                Limit::AtLeast => most.zip(at).map(|(most, at)| most.max(at.clone())),
            };
        }
        return most;
    }
    if let ExprKind::If { then, otherwise, .. } = &value.kind {
        return Some(greatest(then)?.max(greatest(otherwise)?));
    }
    if let ExprKind::Sum(parts) = &value.kind {
        return parts
            .iter()
            .try_fold(Exact::ZERO, |sum, (sign, part)| match sign {
                Sign::Plus => sum.add(&greatest(part)?).ok(),
                Sign::Minus => sum.sub(fixed(part)?).ok(),
            });
    }
    fixed(value).cloned()
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
