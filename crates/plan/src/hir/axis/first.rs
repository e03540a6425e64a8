//! The fields whose earliest day begins the run of a plan that does not say when it begins.

use std::collections::BTreeSet;

use crate::hir::{DefinitionKind, Expr, ExprKind, Program};
use crate::types::{FieldId, PlanId, Scalar, TableId};

/// Lists the fields that tell when a plan's data begin.
///
/// These are the days and periods that its statements hold against a period (`booked_on in period`,
/// `Kpi[subject, period]`); where there are none, all days and periods that they read. So a date of hire, which no
/// period is compared with, does not make a run begin decades ago.
#[must_use]
pub fn period_fields(program: &Program, plan: PlanId) -> Vec<(TableId, FieldId)> {
    let (mut held, mut read) = (BTreeSet::new(), BTreeSet::new());
    let definitions = program.definitions.iter().filter(|found| found.plan == plan);
    for definition in definitions {
        values(&definition.kind)
            .into_iter()
            .for_each(|value| look(program, value, &mut held, &mut read));
    }
    let found = if held.is_empty() { read } else { held };
    found.into_iter().collect()
}

fn values(kind: &DefinitionKind) -> Vec<&Expr> {
    match kind {
        DefinitionKind::Let(value)
        | DefinitionKind::Measure(value)
        | DefinitionKind::Pay(value)
        | DefinitionKind::Streak(value) => vec![value],
        DefinitionKind::Carry { value, opening, .. } => vec![value, opening],
    }
}

fn look(
    program: &Program,
    value: &Expr,
    held: &mut BTreeSet<(TableId, FieldId)>,
    read: &mut BTreeSet<(TableId, FieldId)>,
) {
    let mut open = vec![value];
    while let Some(at) = open.pop() {
        if let ExprKind::Field { row, field } = &at.kind
            && let Scalar::Row(table) = row.ty.scalar
            && is_time(at.ty.scalar)
        {
            read.insert((table, *field));
        }
        held.extend(against_a_period(program, at));
        open.extend(at.children());
    }
}

/// Lists the fields that an expression itself holds against a period.
fn against_a_period(program: &Program, at: &Expr) -> Vec<(TableId, FieldId)> {
    if let ExprKind::Within { value, .. } = &at.kind {
        return own_field(value).into_iter().collect();
    }
    if let Some((left, right)) = at.equal_sides()
        && is_period(left.ty.scalar)
    {
        return own_field(left).into_iter().chain(own_field(right)).collect();
    }
    let ExprKind::Find { table, .. } = &at.kind else {
        return Vec::new();
    };
    let found = program.table(*table);
    let keys = found.map(|found| found.key.as_slice()).unwrap_or_default();
    let is_of_time = |field: &&FieldId| {
        let field = found.and_then(|found| found.fields.get(field.index()));
        field.is_some_and(|field| is_time(field.ty.scalar))
    };
    keys.iter()
        .filter(is_of_time)
        .map(|field| (*table, *field))
        .collect()
}

fn own_field(value: &Expr) -> Option<(TableId, FieldId)> {
    let ExprKind::Field { row, field } = &value.kind else {
        return None;
    };
    let Scalar::Row(table) = row.ty.scalar else {
        return None;
    };
    Some((table, *field))
}

const fn is_period(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::Period(_))
}

const fn is_time(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::Date | Scalar::Period(_))
}
