//! W0701: pay that falls at a condition, a limit or a row of a decision table.
//!
//! What all `pay` statements of a plan come to together is read as a function of one input at a time, such as the sales
//! of a period or the amount of one record, and everything else is held as it is. The function is made of straight
//! pieces and worked out exactly. What cannot be followed is not told: a false alarm would be worse.

mod curve;
mod place;
mod read;
mod say;
mod steady;
mod sum;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Sink, Span};

use self::place::{Fall, in_total};
use self::read::{Reader, World, is_record};
use self::sum::Sum;
use super::paid_twice;
use super::walk::{Owner, expressions};
use crate::hir::{
    AggregateOp, BinderDomain, Comparison, DefinitionKind, Domain, Earn, Expr, ExprKind, Factor, Plan,
    Program, Value, print_value,
};
use crate::number::{Exact, NumberError};
use crate::types::{FieldId, PlanId, Scalar, TableId};

/// The most inputs of one plan that are looked at.
const MOST_INPUTS: usize = 12;

/// The most ways in which other conditions may go that are looked at for one input.
const MOST_WORLDS: usize = 64;

/// The most quotas that an input is told as a share of.
const MOST_SCALES: usize = 3;

/// Says why a formula is not followed.
enum Stop {
    /// It is of a kind that is not followed.
    Unknown,
    /// A condition that does not hang on the input goes one way or another.
    Fork { key: String, ways: Vec<String> },
}

impl From<NumberError> for Stop {
    fn from(_: NumberError) -> Stop {
        Stop::Unknown
    }
}

/// Is a value that may rise with sales.
struct Input<'p> {
    expr: &'p Expr,
    said: String,
    /// Whether what earns pays for it, so that it is known for sales.
    is_paid: bool,
    /// The values that it can have, where a check says so.
    most: Option<Exact>,
}

/// Warns of conditions, limits and rows at which pay falls as an input rises, with both amounts.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    let mut told: BTreeSet<Span> = BTreeSet::new();
    for (id, formulas) in formulas(program) {
        let Some(plan) = program.plan(id) else { continue };
        for input in inputs(program, id, &formulas) {
            for fall in falls(program, plan, &input) {
                if told.insert(fall.cause) {
                    sink.push(say::message(program, plan, &input, &fall));
                }
            }
        }
    }
}

/// Lists the formulas of each plan that pays, if one of them bends.
fn formulas(program: &Program) -> BTreeMap<PlanId, Vec<&Expr>> {
    let mut found: BTreeMap<PlanId, Vec<&Expr>> = BTreeMap::new();
    for (owner, expr) in expressions(program) {
        let plan = match owner {
            Owner::Definition(id) => program.definition(id).map(|one| one.plan),
            Owner::Earn(id) => program.earn(id).map(|one| one.plan),
            Owner::Field | Owner::Plan | Owner::Test => None,
        };
        if let Some(plan) = plan {
            found.entry(plan).or_default().push(expr);
        }
    }
    let with_exceptions = program.earns.iter().filter(|earn| !earn.exceptions.is_empty());
    let with_exceptions: BTreeSet<PlanId> = with_exceptions.map(|earn| earn.plan).collect();
    found.retain(|id, formulas| {
        let is_paid = program
            .plan(*id)
            .is_some_and(|plan| plan.block.is_none() && !plan.pays.is_empty());
        is_paid && (with_exceptions.contains(id) || formulas.iter().any(|expr| bends(expr)))
    });
    found
}

fn bends(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::If { .. } | ExprKind::Bounded { .. } | ExprKind::Decide { .. } | ExprKind::Call { .. }
    )
}

/// Lists what may rise with sales: sums and counts, and the amounts of the records behind lines.
fn inputs<'p>(program: &'p Program, plan: PlanId, formulas: &[&'p Expr]) -> Vec<Input<'p>> {
    let mut found: Vec<Input<'p>> = Vec::new();
    for expr in formulas {
        if found.len() >= MOST_INPUTS {
            break;
        }
        if !is_input(program, expr) {
            continue;
        }
        let said = print_value(program, expr);
        if found.iter().all(|input| input.said != said) {
            found.push(Input {
                expr,
                said,
                is_paid: is_paid(program, plan, expr),
                most: most(program, expr),
            });
        }
    }
    found
}

fn is_input(program: &Program, expr: &Expr) -> bool {
    let is_amount = matches!(
        expr.ty.scalar,
        Scalar::Money(_) | Scalar::Points | Scalar::Number | Scalar::Int
    );
    if let ExprKind::Aggregate(aggregate) = &expr.kind {
        return is_amount && matches!(aggregate.op, AggregateOp::Sum | AggregateOp::Count);
    }
    let ExprKind::Field { row, .. } = &expr.kind else {
        return false;
    };
    let ExprKind::Binder(binder) = row.kind else {
        return false;
    };
    let is_line = |earn: &Earn| earn.lines.as_ref().is_some_and(|lines| lines.row == binder);
    is_amount && is_record(program, binder) && program.earns.iter().any(is_line)
}

/// Says whether a sum is of amounts that lines of the plan are paid for.
fn is_paid(program: &Program, plan: PlanId, expr: &Expr) -> bool {
    let Some((table, field)) = summed(expr) else {
        return false;
    };
    let ExprKind::Aggregate(aggregate) = &expr.kind else {
        return false;
    };
    let earns = program.earns.iter().filter(|earn| earn.plan == plan);
    earns
        .filter_map(|earn| Some((earn, earn.lines.as_ref()?)))
        .filter(|(_, lines)| lines.table == table)
        .any(|(earn, lines)| {
            let row = aggregate.sources.first().map(|source| source.binder);
            let is_same = row.is_some_and(|row| {
                !paid_twice::differ(
                    (aggregate.filter.as_ref(), row),
                    (lines.filter.as_ref(), lines.row),
                )
            });
            is_same && rises_with(program, &earn.value, field)
        })
}

fn summed(expr: &Expr) -> Option<(TableId, FieldId)> {
    let ExprKind::Aggregate(aggregate) = &expr.kind else {
        return None;
    };
    let (AggregateOp::Sum, [source]) = (aggregate.op, aggregate.sources.as_slice()) else {
        return None;
    };
    let (Domain::Rows(table), Some(value)) = (&source.domain, &aggregate.value) else {
        return None;
    };
    let ExprKind::Field { row, field } = &value.kind else {
        return None;
    };
    (row.kind == ExprKind::Binder(source.binder)).then_some((*table, *field))
}

/// Says whether the value of a line is its field, times something or in tiers.
fn rises_with(program: &Program, value: &Expr, field: FieldId) -> bool {
    let mut current = value;
    loop {
        current = if let ExprKind::Field { field: own, row } = &current.kind {
            return *own == field
                && matches!(row.kind, ExprKind::Binder(binder) if is_record(program, binder));
        } else if let ExprKind::Apply(apply) = &current.kind {
            &apply.value
        } else if let ExprKind::Require(inner) = &current.kind {
            inner
        } else if let ExprKind::Product(parts) = &current.kind {
            let is_money = |part: &&(Factor, Expr)| part.1.ty.scalar == current.ty.scalar;
            match parts.iter().find(is_money) {
                Some((_, part)) => part,
                None => return false,
            }
        } else {
            return false;
        };
    }
}

/// Finds the greatest value of a field, where its check says so.
fn most(program: &Program, expr: &Expr) -> Option<Exact> {
    let ExprKind::Field { row, field } = &expr.kind else {
        return None;
    };
    let Scalar::Row(table) = row.ty.scalar else {
        return None;
    };
    let (_, check) = program.table(table)?.fields.get(field.index())?.check.as_ref()?;
    let parts: Vec<&Expr> = if let ExprKind::And(all) = &check.kind {
        all.iter().collect()
    } else {
        vec![check]
    };
    let upper = |part: &&Expr| {
        let ExprKind::Compare { op, left, right } = &part.kind else {
            return None;
        };
        let (ExprKind::Field { field: own, .. }, ExprKind::Const(Value::Number(number))) =
            (&left.kind, &right.kind)
        else {
            return None;
        };
        let is_upper = matches!(op, Comparison::Less | Comparison::LessOrEqual) && own == field;
        is_upper.then(|| number.clone())
    };
    parts.iter().find_map(upper)
}

/// Finds the falls for one input: as it is, and as a share of what it is compared with.
fn falls(program: &Program, plan: &Plan, input: &Input<'_>) -> Vec<Fall> {
    let mut scales = BTreeSet::new();
    let mut found = explore(program, plan, input, None, &mut scales);
    let named: Vec<String> = scales
        .iter()
        .filter(|scale| **scale != input.said)
        .take(MOST_SCALES)
        .cloned()
        .collect();
    for scale in named {
        found.extend(explore(program, plan, input, Some(&scale), &mut scales));
    }
    found
}

fn explore(
    program: &Program,
    plan: &Plan,
    input: &Input<'_>,
    scale: Option<&str>,
    scales: &mut BTreeSet<String>,
) -> Vec<Fall> {
    let mut open = vec![World::new()];
    let mut found = Vec::new();
    for _ in 0..MOST_WORLDS {
        let Some(world) = open.pop() else { break };
        let mut reader = Reader::new(program, &input.said, scale, &world);
        let total = total(&mut reader, program, plan);
        scales.append(&mut reader.scales);
        match total {
            Ok(total) => found.extend(in_total(&total, input, scale, &world).unwrap_or_default()),
            Err(Stop::Fork { key, ways }) => {
                let able = ways_of_payees(program, plan, &key);
                let ways = ways.into_iter().enumerate();
                let ways = ways.filter(|(at, _)| able.as_ref().is_none_or(|able| able.contains(at)));
                open.extend(ways.map(|way| {
                    let mut further = world.clone();
                    further.insert(key.clone(), way);
                    further
                }));
            }
            Err(Stop::Unknown) => {}
        }
    }
    found
}

/// Lists which values a field of the payees can have, where the assumption is about one and the payee line says so.
fn ways_of_payees(program: &Program, plan: &Plan, key: &str) -> Option<BTreeSet<usize>> {
    let name = key.strip_prefix("payee.")?.strip_suffix(" is")?;
    let BinderDomain::Row(table) = program.binder(plan.payee)?.domain else {
        return None;
    };
    let mut fields = program.table(table)?.fields.iter();
    let field = FieldId::at(fields.position(|field| field.naming.name == name)?);
    let able = paid_twice::payees_have(plan, field)?;
    Some(
        able.into_iter()
            .filter_map(|at| usize::try_from(at).ok())
            .collect(),
    )
}

/// Adds up what a plan pays.
fn total<'p>(reader: &mut Reader<'p>, program: &'p Program, plan: &'p Plan) -> Result<Sum, Stop> {
    let mut total = Sum::default();
    for pay in plan.pays.iter().filter_map(|pay| program.definition(*pay)) {
        let DefinitionKind::Pay(value) = &pay.kind else {
            continue;
        };
        if !pay.exceptions.is_empty() {
            return Err(Stop::Unknown);
        }
        total = total.plus(&reader.value(value)?)?;
    }
    Ok(total)
}
