//! W0705: one row that earns twice for one payee.

use std::collections::BTreeSet;

use guerdon_syntax::{Code, Diagnostic, Sink, Text, text};

use super::apart::Facts;
use crate::hir::{BinderDomain, Earn, Expr, Lines, Plan, Program};
use crate::types::{BinderId, FieldId, PlanId, TableId};

/// A plan that shares rows with a later one, and the earn of each that goes through them.
struct Met<'a> {
    plan: &'a Plan,
    one: &'a Earn,
    other: &'a Earn,
}

/// Notes two earns that go through the same rows for the same kind of payee at the same time.
///
/// A plan and its variants share no payee, and neither do plans whose payee lines exclude each other; rows whose filters do
/// are not the same rows. A plan that meets several others is told of once.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    let plans: Vec<(PlanId, &Plan)> = (0..).map(PlanId).zip(&program.plans).collect();
    for (at, later) in plans.iter().enumerate() {
        let own = earns(program, later.1);
        let earlier = plans.iter().take(at);
        let met: Vec<Met<'_>> = earlier
            .filter(|earlier| may_meet(program, **earlier, *later))
            .filter_map(|earlier| {
                let (one, other) = shared_rows(&earns(program, earlier.1), &own)?;
                Some(Met {
                    plan: earlier.1,
                    one,
                    other,
                })
            })
            .collect();
        if let Some(first) = met.first() {
            let title = of_plans(program, later.1, &met, first.other);
            let others = met.iter().skip(1);
            sink.push(others.fold(told(first.one, first.other, title), |told, met| {
                told.secondary(met.one.naming.span, text!("here", "此处"))
            }));
        }
        if let Some((one, other)) = shared_inside(&earns(program, later.1)) {
            sink.push(told(one, other, of_one_plan(one, other)));
        }
    }
}

fn told(one: &Earn, other: &Earn, title: Text) -> Diagnostic {
    Diagnostic::remark(Code::W0705, title)
        .secondary(one.naming.span, text!("here", "此处"))
        .primary(
            other.naming.span,
            text!("and here, for the same payee", "以及此处，属于同一人"),
        )
        .note(text!(
            "If that is not meant, let the payees or the records exclude each other.",
            "若非有意，请让人员或记录互相排除。"
        ))
}

fn of_plans(program: &Program, later: &Plan, met: &[Met<'_>], earn: &Earn) -> Text {
    let other = &later.naming.name;
    let table = earn.lines.as_ref().and_then(|lines| program.table(lines.table));
    let rows = table.map_or("", |table| table.naming.name.as_str());
    let en: Vec<String> = met
        .iter()
        .map(|met| format!("\"{}\"", met.plan.naming.name))
        .collect();
    let zh: Vec<String> = met
        .iter()
        .map(|met| format!("“{}”", met.plan.naming.name))
        .collect();
    let both = Text {
        en: en.join(", in "),
        zh: zh.concat(),
    };
    text!(
        "one record of {rows} can earn in {both} and in \"{other}\"",
        "{rows}的同一条记录可能在{both}和“{other}”中都计提"; both
    )
}

fn of_one_plan(one: &Earn, other: &Earn) -> Text {
    let (one, other) = (&one.naming.name, &other.naming.name);
    text!(
        "one record can earn in \"{one}\" and in \"{other}\"",
        "同一条记录可能在“{one}”和“{other}”中都计提"
    )
}

fn may_meet(program: &Program, earlier: (PlanId, &Plan), later: (PlanId, &Plan)) -> bool {
    payee_table(program, earlier.1) == payee_table(program, later.1)
        && base(program, earlier) != base(program, later)
        && overlap_in_time(earlier.1, later.1)
        && !payees(earlier.1).exclude(&payees(later.1))
}

fn earns<'a>(program: &'a Program, plan: &'a Plan) -> Vec<&'a Earn> {
    plan.earns
        .iter()
        .filter_map(|id| program.earn(*id))
        .filter(|earn| earn.lines.is_some())
        .collect()
}

/// Finds an earn of each list that go through rows of the same table which do not exclude each other.
fn shared_rows<'a>(first: &[&'a Earn], second: &[&'a Earn]) -> Option<(&'a Earn, &'a Earn)> {
    let shared = |other: &&'a Earn| {
        first
            .iter()
            .find(|one| is_shared(one, other))
            .map(|one| (*one, *other))
    };
    second.iter().find_map(shared)
}

fn shared_inside<'a>(earns: &[&'a Earn]) -> Option<(&'a Earn, &'a Earn)> {
    (1..earns.len()).find_map(|at| shared_rows(earns.get(..at)?, earns.get(at..at.saturating_add(1))?))
}

fn is_shared(one: &Earn, other: &Earn) -> bool {
    let lines = one.lines.as_ref().zip(other.lines.as_ref());
    lines.is_some_and(|(one, other)| one.table == other.table && !rows(one).exclude(&rows(other)))
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

/// Says whether two filters of records of one table keep them apart.
pub(super) fn differ(one: (Option<&Expr>, BinderId), other: (Option<&Expr>, BinderId)) -> bool {
    Facts::of(one.0, one.1).exclude(&Facts::of(other.0, other.1))
}

/// Says which values of an enum field the payees of a plan have, where its filter says so.
pub(super) fn payees_have(plan: &Plan, field: FieldId) -> Option<BTreeSet<u32>> {
    let values = payees(plan).values(field)?;
    Some(values.into_iter().collect())
}

fn payees(plan: &Plan) -> Facts {
    Facts::of(plan.payee_filter.as_ref(), plan.payee)
}

fn rows(lines: &Lines) -> Facts {
    Facts::of(lines.filter.as_ref(), lines.row)
}
