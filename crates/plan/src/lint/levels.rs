//! W0711: levels of a warning that are never shown.

use guerdon_syntax::{Code, Diagnostic, Sink, text};

use crate::hir::block::{Block, Level};
use crate::hir::{Comparison, DefinitionKind, Expr, ExprKind, Factor, Program, Value};
use crate::number::Exact;
use crate::types::DefinitionId;

/// Holds one side of a range: a value compared with a fixed number.
struct Bound {
    /// What is compared, alike for the same value.
    what: String,
    /// Whether the number is an upper or a lower end.
    end: End,
    /// Whether the number belongs to the range.
    is_included: bool,
    number: Exact,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Upper,
    Lower,
}

/// Warns of levels whose condition cannot hold, and of levels that a later one hides: the last level raised is shown.
///
/// Only comparisons with fixed numbers are looked at, and with fixed shares of another value, which is taken to be
/// positive as quotas are.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    for plan in &program.plans {
        let Some(Block::Warning(warning)) = &plan.block else {
            continue;
        };
        let conditions: Vec<Vec<Option<Bound>>> = warning
            .levels
            .iter()
            .map(|level| bounds(program, level.when))
            .collect();
        for (at, (level, own)) in warning.levels.iter().zip(&conditions).enumerate() {
            let next = at.saturating_add(1);
            let later = warning.levels.iter().zip(&conditions).skip(next);
            if is_contradictory(own) {
                sink.push(unreachable(level));
            } else if let Some((other, _)) = later.clone().find(|(_, other)| implies(own, other)) {
                sink.push(hidden(level, other));
            }
        }
    }
}

fn unreachable(level: &Level) -> Diagnostic {
    let name = &level.naming.name;
    Diagnostic::warning(
        Code::W0711,
        text!(
            "the level \"{name}\" can never be reached",
            "级别“{name}”永远达不到"
        ),
    )
    .primary(
        level.span,
        text!("nothing fulfils both ends of this range", "没有数值同时满足两端"),
    )
}

fn hidden(level: &Level, other: &Level) -> Diagnostic {
    let (name, by) = (&level.naming.name, &other.naming.name);
    Diagnostic::warning(
        Code::W0711,
        text!(
            "the level \"{name}\" is hidden by \"{by}\"",
            "级别“{name}”被“{by}”遮住"
        ),
    )
    .primary(
        level.span,
        text!(
            "whenever this holds, \"{by}\" holds too",
            "此条件成立时，“{by}”也成立"
        ),
    )
    .secondary(
        other.span,
        text!(
            "written later, so it counts as the higher level and is the one shown",
            "写在后面，级别更高，因此显示的是它"
        ),
    )
    .note(text!(
        "Levels are written from mild to severe.",
        "级别按由轻到重的次序书写。"
    ))
}

/// Lists what must hold all at once; nothing for a part that is no comparison with a fixed number.
fn bounds(program: &Program, condition: DefinitionId) -> Vec<Option<Bound>> {
    let kind = program.definition(condition).map(|found| &found.kind);
    let Some(DefinitionKind::Let(condition) | DefinitionKind::Measure(condition)) = kind else {
        return vec![None];
    };
    // A condition is kept as one that is yes or no.
    let condition = if let ExprKind::If { condition, .. } = &condition.kind {
        condition
    } else {
        condition
    };
    if let ExprKind::And(all) = &condition.kind {
        return all.iter().map(bound).collect();
    }
    vec![bound(condition)]
}

fn bound(condition: &Expr) -> Option<Bound> {
    let ExprKind::Compare { op, left, right } = &condition.kind else {
        return None;
    };
    let (end, is_included) = match op {
        Comparison::Less => (End::Upper, false),
        Comparison::LessOrEqual => (End::Upper, true),
        Comparison::Greater => (End::Lower, false),
        Comparison::GreaterOrEqual => (End::Lower, true),
        Comparison::Equal | Comparison::NotEqual => return None,
    };
    let (what, number) = share(left, right)?;
    Some(Bound {
        what,
        end,
        is_included,
        number,
    })
}

/// Reads `a < 5` and `a < b * 85%`: what is compared, and with which number.
fn share(left: &Expr, right: &Expr) -> Option<(String, Exact)> {
    if let Some(number) = fixed(right) {
        return Some((key(left)?, number.clone()));
    }
    let ExprKind::Product(factors) = &right.kind else {
        return None;
    };
    let ((Factor::Times, first), (Factor::Times, second)) = (factors.first()?, factors.get(1)?) else {
        return None;
    };
    if factors.len() != 2 {
        return None;
    }
    let (of, number) = match (fixed(first), fixed(second)) {
        (None, Some(number)) => (first, number),
        (Some(number), None) => (second, number),
        (None, None) | (Some(_), Some(_)) => return None,
    };
    Some((format!("{}/{}", key(left)?, key(of)?), number.clone()))
}

fn is_contradictory(all: &[Option<Bound>]) -> bool {
    let known = || all.iter().flatten();
    known().any(|upper| {
        known().any(|lower| {
            let is_range = upper.what == lower.what && (upper.end, lower.end) == (End::Upper, End::Lower);
            let is_point = upper.is_included && lower.is_included;
            is_range && (upper.number < lower.number || upper.number == lower.number && !is_point)
        })
    })
}

/// Says whether all of the others follow.
fn implies(own: &[Option<Bound>], others: &[Option<Bound>]) -> bool {
    others.iter().all(|other| {
        let Some(other) = other else { return false };
        own.iter().flatten().any(|own| follows(own, other))
    })
}

fn follows(own: &Bound, other: &Bound) -> bool {
    let is_inside = match own.end {
        End::Upper => own.number < other.number,
        End::Lower => own.number > other.number,
    };
    let is_at_end = own.number == other.number && (other.is_included || !own.is_included);
    own.what == other.what && own.end == other.end && (is_inside || is_at_end)
}

/// Gives the same text for two expressions that name the same value; nothing for those that are not followed.
fn key(value: &Expr) -> Option<String> {
    if let ExprKind::Binder(binder) = &value.kind {
        return Some(format!("b{}", binder.0));
    }
    if let ExprKind::Field { row, field } = &value.kind {
        return Some(format!("{}.{}", key(row)?, field.0));
    }
    if let ExprKind::Use { definition, args } = &value.kind {
        let args: Option<Vec<String>> = args.iter().map(key).collect();
        return Some(format!("d{}({})", definition.0, args?.join(",")));
    }
    None
}

fn fixed(expr: &Expr) -> Option<&Exact> {
    if let ExprKind::Const(Value::Number(number)) = &expr.kind {
        Some(number)
    } else {
        None
    }
}
