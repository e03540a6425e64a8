//! Everything that a run shows, as text: what engine and oracle are compared by.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::hir::{BinderDomain, Earn, EarnPart, Plan, Program};
use guerdon_plan::types::{DefinitionId, EarnId, PlanId};

use crate::oracle::Oracle;
use crate::value::V;
use crate::words::{cell_text, label, value_text};

mod blocks;

/// Gives each shown cell, such as `ae.commission_pay[p1, 2026-03]`, as text: an exact `n/d`, `missing` or `error`.
pub type Outputs = BTreeMap<String, String>;

/// The parts of an earn line that are shown, with their names.
const PARTS: [(EarnPart, &str); 6] = [
    (EarnPart::Earned, "earned"),
    (EarnPart::Released, "released"),
    (EarnPart::Held, "held"),
    (EarnPart::ClawedBack, "clawed_back"),
    (EarnPart::PaidToDate, "paid_to_date"),
    (EarnPart::InReview, "in_review"),
];

/// Evaluates all that the plans of a program show, over the horizon of each.
#[must_use]
pub fn outputs(oracle: &Oracle<'_>) -> Outputs {
    let mut outputs = Outputs::new();
    let program = oracle.program();
    for (place, plan) in program.plans.iter().enumerate() {
        let id = PlanId::at(place);
        let parts = parts_of(plan);
        let definitions = plan.definitions.iter().chain(&plan.carries).chain(&plan.pays);
        for definition in definitions.filter(|id| !parts.contains(id) && !is_internal(program, **id)) {
            definition_outputs(oracle, id, plan, *definition, &mut outputs);
        }
        if let Some(block) = &plan.block {
            blocks::add(oracle, id, plan, block, &mut outputs);
        }
        let is_shown = |id: &&EarnId| !program.earn(**id).is_some_and(Earn::is_broken_down);
        for earn in plan.earns.iter().filter(is_shown) {
            earn_outputs(oracle, id, plan, *earn, &mut outputs);
        }
    }
    outputs
}

/// Lists the definitions of which the tables of a block are made.
fn parts_of(plan: &Plan) -> BTreeSet<DefinitionId> {
    let mut parts = BTreeSet::new();
    if let Some(block) = plan.block.clone() {
        let _ = block.rename(&mut |id| parts.insert(id).then_some(()).or(Some(())));
    }
    parts
}

/// Says whether a name is one that no author can write.
fn is_internal(program: &Program, id: DefinitionId) -> bool {
    program
        .definition(id)
        .is_some_and(|definition| definition.naming.name.contains(' '))
}

fn periods(oracle: &Oracle<'_>, plan: PlanId) -> Vec<PeriodKey> {
    oracle
        .window(plan)
        .map_or_else(Vec::new, |window| window.horizon.periods().collect())
}

fn definition_outputs(
    oracle: &Oracle<'_>,
    id: PlanId,
    plan: &Plan,
    definition_id: DefinitionId,
    outputs: &mut Outputs,
) {
    let (program, records) = (oracle.program(), oracle.records());
    let Some(definition) = program.definition(definition_id) else {
        return;
    };
    let rows = definition.params.iter().filter(|param| {
        let domain = program.binder(**param).map(|binder| binder.domain);
        matches!(domain, Some(BinderDomain::Row(_)))
    });
    if rows.count() > 1 {
        // Values of pairs are worked out where they are asked for; no table shows all of them.
        return;
    }
    let mut tuples: Vec<Vec<V>> = vec![Vec::new()];
    for param in &definition.params {
        let choices: Vec<V> = match program.binder(*param).map(|binder| binder.domain) {
            Some(BinderDomain::Row(table)) => {
                (0..records.count(table)).map(|row| V::Row(table, row)).collect()
            }
            Some(BinderDomain::Period(_, _)) => periods(oracle, id).into_iter().map(V::Period).collect(),
            None => Vec::new(),
        };
        let extended = |tuple: &Vec<V>| {
            let tuple = tuple.clone();
            choices
                .clone()
                .into_iter()
                .map(move |choice| tuple.iter().cloned().chain([choice]).collect())
        };
        tuples = tuples.iter().flat_map(extended).collect();
    }
    for tuple in tuples {
        let text = |arg: &V| {
            if let V::Period(period) = arg {
                label(program, plan.calendar, *period)
            } else {
                value_text(program, records, arg)
            }
        };
        let args: Vec<String> = tuple.iter().map(text).collect();
        let cell = oracle.definition(definition_id, tuple);
        let key = format!(
            "{}.{}[{}]",
            plan.naming.name,
            definition.naming.name,
            args.join(", ")
        );
        outputs.insert(key, cell_text(program, records, &cell));
    }
}

/// Writes each line with what has come of it by the end of the run.
fn earn_outputs(oracle: &Oracle<'_>, id: PlanId, plan: &Plan, earn_id: EarnId, outputs: &mut Outputs) {
    let (program, records) = (oracle.program(), oracle.records());
    let Some(earn) = program.earn(earn_id) else { return };
    let name = format!("{}.{}", plan.naming.name, earn.naming.name);
    let (Ok(lines), Some(window)) = (oracle.lines(earn_id), oracle.window(id)) else {
        outputs.insert(name, "error".to_owned());
        return;
    };
    for (place, line) in lines.iter().enumerate() {
        if !window.horizon.contains(line.period) {
            continue;
        }
        let payee = value_text(program, records, &line.payee);
        let key = match &line.row {
            Some(row) => format!("{name}[{} of {payee}]", value_text(program, records, row)),
            None => format!("{name}[{payee}, {}]", label(program, plan.calendar, line.period)),
        };
        for (part, part_name) in PARTS {
            let amount = oracle.line_amount(earn_id, place, part, window.horizon.last);
            let cell = amount.map(|amount| Some(V::Number(amount)));
            outputs.insert(format!("{key}.{part_name}"), cell_text(program, records, &cell));
        }
    }
    carried_outputs(oracle, id, plan, earn_id, outputs);
}

/// Writes what is paid of the excess of earlier periods, where there is some.
fn carried_outputs(oracle: &Oracle<'_>, id: PlanId, plan: &Plan, earn: EarnId, outputs: &mut Outputs) {
    let (program, records) = (oracle.program(), oracle.records());
    let Some(name) = program.earn(earn).map(|earn| &earn.naming.name) else {
        return;
    };
    for (payee, period, amount) in oracle.carried_amounts(id, earn) {
        let payee = value_text(program, records, &payee);
        let period = label(program, plan.calendar, period);
        let cell = amount.map(|amount| Some(V::Number(amount)));
        let text = cell_text(program, records, &cell);
        let key = format!("{}.{name}[{payee}, {period}].", plan.naming.name);
        let nothing = if cell.is_ok() { "0" } else { "error" };
        for (part, part_name) in PARTS {
            let text = match part {
                EarnPart::Earned | EarnPart::Released | EarnPart::PaidToDate => text.as_str(),
                EarnPart::Held | EarnPart::ClawedBack => nothing,
                EarnPart::InReview
                | EarnPart::Uncut
                | EarnPart::Due
                | EarnPart::Amortised
                | EarnPart::WrittenOff
                | EarnPart::Unamortised => "0",
            };
            outputs.insert(format!("{key}{part_name}"), text.to_owned());
        }
    }
}
