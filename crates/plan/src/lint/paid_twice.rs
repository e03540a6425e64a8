//! W0705: one row that earns in two plans.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Code, Diagnostic, Sink, Span, text};

use crate::hir::{BinderDomain, Comparison, Expr, ExprKind, Plan, Program, Value};
use crate::types::{BinderId, EnumId, FieldId, PlanId, TableId};

/// Notes plans that pay the same kind of payee for the same rows at the same time.
///
/// A plan and its variants share no payee, and neither do plans whose payees differ in the value of an enum.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    let plans: Vec<(PlanId, &Plan)> = (0..).map(PlanId).zip(&program.plans).collect();
    for (at, later) in plans.iter().enumerate() {
        for earlier in plans.iter().take(at) {
            if let Some((one, other)) = shared_rows(program, *earlier, *later) {
                sink.push(told(program, (earlier.1, one), (later.1, other)));
            }
        }
    }
}

type EarnPlace = (TableId, Span);

fn told(
    program: &Program,
    (earlier, first): (&Plan, EarnPlace),
    (later, second): (&Plan, EarnPlace),
) -> Diagnostic {
    let (one, other) = (&earlier.naming.name, &later.naming.name);
    let rows = program
        .table(second.0)
        .map_or("", |table| table.naming.name.as_str());
    let title = text!(
        "one record of {rows} can earn in \"{one}\" and in \"{other}\"",
        "{rows}的同一条记录可能在“{one}”和“{other}”中都计提"
    );
    Diagnostic::remark(Code::W0705, title)
        .secondary(first.1, text!("here", "此处"))
        .primary(
            second.1,
            text!("and here, for the same payee", "以及此处，属于同一人"),
        )
        .note(text!(
            "If that is not meant, let the payees or the records of the two plans exclude each other.",
            "若非有意，请让两个方案的人员或记录互相排除。"
        ))
}

/// Finds the earns of two plans that go through the same table, where one payee may be in both plans.
fn shared_rows(
    program: &Program,
    earlier: (PlanId, &Plan),
    later: (PlanId, &Plan),
) -> Option<(EarnPlace, EarnPlace)> {
    let may_meet = payee_table(program, earlier.1) == payee_table(program, later.1)
        && base(program, earlier) != base(program, later)
        && overlap_in_time(earlier.1, later.1)
        && !exclude_each_other(earlier.1, later.1);
    if !may_meet {
        return None;
    }
    let first = earn_places(program, earlier.1);
    let second = earn_places(program, later.1);
    second
        .into_iter()
        .find_map(|place| first.iter().find(|one| one.0 == place.0).map(|one| (*one, place)))
}

fn payee_table(program: &Program, plan: &Plan) -> Option<TableId> {
    match program.binder(plan.payee)?.domain {
        BinderDomain::Row(table) => Some(table),
        BinderDomain::Period(..) => None,
    }
}

/// Finds the plan that a variant extends in the end; circles have been refused before.
fn base(program: &Program, (id, plan): (PlanId, &Plan)) -> PlanId {
    let mut base = (id, plan);
    for _ in 0..program.plans.len() {
        match base.1.extends.and_then(|id| Some((id, program.plan(id)?))) {
            Some(next) => base = next,
            None => break,
        }
    }
    base.0
}

fn overlap_in_time(one: &Plan, other: &Plan) -> bool {
    let ends_before = |one: &Plan, other: &Plan| {
        one.effective
            .through
            .zip(other.effective.from)
            .is_some_and(|(last, first)| last < first)
    };
    !ends_before(one, other) && !ends_before(other, one)
}

fn earn_places(program: &Program, plan: &Plan) -> Vec<EarnPlace> {
    let earns = plan.earns.iter().filter_map(|id| program.earn(*id));
    earns
        .filter_map(|earn| Some((earn.lines.as_ref()?.table, earn.naming.span)))
        .collect()
}

type Allowed = BTreeMap<FieldId, BTreeSet<(EnumId, u32)>>;

/// Says whether some enum field of the payee keeps the payees of two plans apart.
fn exclude_each_other(one: &Plan, other: &Plan) -> bool {
    let (one, other) = (allowed(one), allowed(other));
    one.iter()
        .any(|(field, values)| other.get(field).is_some_and(|others| values.is_disjoint(others)))
}

/// Finds which values of enum fields the payees of a plan can have.
fn allowed(plan: &Plan) -> Allowed {
    let mut found = Allowed::new();
    for condition in plan.payee_filter.iter().flat_map(conjuncts) {
        if let Some((field, values)) = values_of(condition, plan.payee) {
            found
                .entry(field)
                .and_modify(|known| known.retain(|value| values.contains(value)))
                .or_insert(values);
        }
    }
    found
}

fn conjuncts(filter: &Expr) -> Vec<&Expr> {
    let mut open = vec![filter];
    let mut found = Vec::new();
    while let Some(expr) = open.pop() {
        if let ExprKind::And(all) = &expr.kind {
            open.extend(all);
        } else {
            found.push(expr);
        }
    }
    found
}

/// Reads `role is AE`, `role in (AE, SE)` and `role is AE or role is SE`.
fn values_of(condition: &Expr, payee: BinderId) -> Option<(FieldId, BTreeSet<(EnumId, u32)>)> {
    if let ExprKind::Compare {
        op: Comparison::Equal,
        left,
        right,
    } = &condition.kind
    {
        return Some((payee_field(left, payee)?, BTreeSet::from([enum_value(right)?])));
    }
    if let ExprKind::OneOf { value, list } = &condition.kind {
        return Some((
            payee_field(value, payee)?,
            list.iter().map(enum_value).collect::<Option<_>>()?,
        ));
    }
    let ExprKind::Or(any) = &condition.kind else {
        return None;
    };
    let mut all = any.iter().map(|one| values_of(one, payee));
    let (field, mut values) = all.next()??;
    for one in all {
        let (other, more) = one?;
        if other != field {
            return None;
        }
        values.extend(more);
    }
    Some((field, values))
}

fn payee_field(expr: &Expr, payee: BinderId) -> Option<FieldId> {
    let ExprKind::Field { row, field } = &expr.kind else {
        return None;
    };
    (row.kind == ExprKind::Binder(payee)).then_some(*field)
}

fn enum_value(expr: &Expr) -> Option<(EnumId, u32)> {
    if let ExprKind::Const(Value::Enum(id, at)) = &expr.kind {
        Some((*id, *at))
    } else {
        None
    }
}
