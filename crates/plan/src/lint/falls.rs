//! W0701: pay that falls at a condition, a limit or a row of a decision table.
//!
//! What all `pay` statements of a plan come to together is read as a function of one input at a time, such as the sales
//! of a period or the amount of one record, and everything else is held as it is. The function is made of straight
//! pieces and worked out exactly. What cannot be followed is not told: a false alarm would be worse.

mod curve;
mod read;
mod sum;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Code, Diagnostic, Sink, Span, Text, text};

use self::read::{Reader, World, is_record};
use self::sum::{Sum, Symbols};
use super::paid_twice;
use super::step::{shown_amount, shown_bound};
use super::walk::{Owner, expressions};
use crate::hir::{
    AggregateOp, BinderDomain, Comparison, DefinitionKind, Domain, Expr, ExprKind, PaysIn, Plan, Program,
    Value, print_value,
};
use crate::number::{Exact, NumberError, format_percent};
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

/// Is a place at which pay falls.
struct Fall {
    cause: Span,
    at: Exact,
    share_of: Option<String>,
    world: World,
    before: Stand,
    after: Stand,
}

/// Is what is paid at a value of the input.
struct Stand {
    at: Exact,
    nearness: Nearness,
    paid: Vec<(Symbols, Exact)>,
}

#[derive(Clone, Copy)]
enum Nearness {
    Exactly,
    JustUnder,
    JustOver,
}

/// Warns of conditions, limits and rows at which pay falls as an input rises, with both amounts.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    let mut told: BTreeSet<Span> = BTreeSet::new();
    for (at, plan) in program.plans.iter().enumerate() {
        if plan.block.is_some() || plan.pays.is_empty() {
            continue;
        }
        for input in inputs(program, PlanId::at(at)) {
            for fall in falls(program, plan, &input) {
                if told.insert(fall.cause) {
                    sink.push(message(program, plan, &input, &fall));
                }
            }
        }
    }
}

/// Lists what may rise with sales: sums and counts, and the amounts of the records behind lines.
fn inputs(program: &Program, plan: PlanId) -> Vec<Input<'_>> {
    let mut found: Vec<Input<'_>> = Vec::new();
    let of_plan = expressions(program).into_iter().filter(|(owner, _)| match owner {
        Owner::Definition(id) => program.definition(*id).is_some_and(|one| one.plan == plan),
        Owner::Earn(id) => program.earn(*id).is_some_and(|one| one.plan == plan),
        Owner::Field | Owner::Plan | Owner::Test => false,
    });
    let all: Vec<&Expr> = of_plan.map(|(_, expr)| expr).collect();
    let bends = |expr: &&Expr| {
        matches!(
            expr.kind,
            ExprKind::If { .. } | ExprKind::Bounded { .. } | ExprKind::Decide { .. } | ExprKind::Call { .. }
        )
    };
    let has_exceptions = |earn: &crate::hir::Earn| earn.plan == plan && !earn.exceptions.is_empty();
    if !all.iter().any(bends) && !program.earns.iter().any(has_exceptions) {
        return found;
    }
    for expr in all {
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
    let is_line = |earn: &crate::hir::Earn| earn.lines.as_ref().is_some_and(|lines| lines.row == binder);
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
            let is_money = |part: &&(crate::hir::Factor, Expr)| part.1.ty.scalar == current.ty.scalar;
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
    let parts: Vec<&Expr> = match &check.kind {
        ExprKind::And(all) => all.iter().collect(),
        ExprKind::Compare { .. } | ExprKind::Require(_) => vec![check],
        _ => Vec::new(),
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

/// Finds where a total falls behind a rise, or at all where the input is known for sales.
fn in_total(total: &Sum, input: &Input<'_>, scale: Option<&str>, world: &World) -> Result<Vec<Fall>, Stop> {
    let mut places: BTreeMap<&Exact, Option<Span>> = BTreeMap::new();
    for (at, cause) in total.parts.values().flat_map(curve::Curve::places) {
        let known = places.entry(at).or_default();
        *known = known.or(cause);
    }
    let mut has_risen = input.is_paid;
    let mut found = Vec::new();
    let ends: Vec<&Exact> = places.keys().copied().collect();
    for (number, (at, cause)) in places.iter().enumerate() {
        let at = *at;
        if input.most.as_ref().is_some_and(|most| at >= most) {
            break;
        }
        let mut stands: [Vec<(Symbols, Exact)>; 4] = Default::default();
        for (symbols, curve) in &total.parts {
            let around = curve.around(at)?;
            let values = [around.before, around.here, around.after, around.slope];
            for (stand, value) in stands.iter_mut().zip(values) {
                stand.push((symbols.clone(), value));
            }
        }
        let [before, here, after, slope] = stands;
        let is_drop = |one: &[(Symbols, Exact)], two: &[(Symbols, Exact)]| falls_from(one, two);
        let next = ends.get(number.saturating_add(1)).copied();
        let step = if scale.is_some() {
            Exact::from_scaled(1, 2)
        } else {
            Exact::ONE
        };
        let further = match next {
            Some(next) if *next < at.add(&step)? => next.clone(),
            Some(_) | None => at.add(&step)?,
        };
        let sides = if is_drop(&before, &here) {
            Some((
                at,
                Nearness::JustUnder,
                before.clone(),
                at.clone(),
                Nearness::Exactly,
                here.clone(),
            ))
        } else if is_drop(&here, &after) {
            Some((
                at,
                Nearness::Exactly,
                here.clone(),
                at.clone(),
                Nearness::JustOver,
                after.clone(),
            ))
        } else if goes_down(&slope) {
            let width = further.sub(at)?;
            let later = after
                .iter()
                .zip(&slope)
                .map(|((symbols, value), (_, slope))| Ok((symbols.clone(), value.add(&slope.mul(&width)?)?)))
                .collect::<Result<Vec<_>, NumberError>>()?;
            Some((
                at,
                Nearness::Exactly,
                after.clone(),
                further,
                Nearness::Exactly,
                later,
            ))
        } else {
            None
        };
        if let (Some((at, near, from, to, far, less)), Some(cause), true) = (sides, cause, has_risen)
            && is_sayable(&from)
        {
            let (from, less) = changed(from, less);
            found.push(Fall {
                cause: *cause,
                at: at.clone(),
                share_of: scale.map(str::to_owned),
                world: world.clone(),
                before: Stand {
                    at: at.clone(),
                    nearness: near,
                    paid: from,
                },
                after: Stand {
                    at: to,
                    nearness: far,
                    paid: less,
                },
            });
        }
        let has_jumped = before.iter().zip(&after).any(|(one, two)| one.1 < two.1);
        has_risen |= has_jumped || slope.iter().any(|(_, slope)| slope.is_positive());
    }
    Ok(found)
}

/// Leaves out the parts that stay as they are.
fn changed(
    one: Vec<(Symbols, Exact)>,
    two: Vec<(Symbols, Exact)>,
) -> (Vec<(Symbols, Exact)>, Vec<(Symbols, Exact)>) {
    one.into_iter().zip(two).filter(|(one, two)| one != two).unzip()
}

/// Says whether some part falls and none rises.
fn falls_from(one: &[(Symbols, Exact)], two: &[(Symbols, Exact)]) -> bool {
    let falls = one.iter().zip(two).any(|(one, two)| two.1 < one.1);
    falls && one.iter().zip(two).all(|(one, two)| two.1 <= one.1)
}

fn goes_down(slope: &[(Symbols, Exact)]) -> bool {
    slope.iter().any(|(_, slope)| slope.is_negative()) && slope.iter().all(|(_, slope)| !slope.is_positive())
}

/// Says whether every part is an amount, or a share of one value.
fn is_sayable(paid: &[(Symbols, Exact)]) -> bool {
    let is_plain = |symbols: &Symbols| symbols.values().all(|power| *power == 1);
    paid.iter()
        .all(|(symbols, value)| is_plain(symbols) || value.is_zero())
}

fn message(program: &Program, plan: &Plan, input: &Input<'_>, fall: &Fall) -> Diagnostic {
    let paid = match plan.pays_in {
        PaysIn::Money(currency) => Scalar::Money(currency),
        PaysIn::Points => Scalar::Points,
        PaysIn::Nothing => Scalar::Number,
    };
    let name = name(program, plan, input);
    let plan = &plan.naming.name;
    let place = shown_place(input, fall, &fall.at);
    let title = text!(
        "pay of plan \"{plan}\" falls when {name} passes {place}",
        "{name} 超过 {place} 后，方案“{plan}”的报酬下降";
        place
    );
    let (p, q) = (
        shown_stand(input, fall, &fall.before),
        shown_stand(input, fall, &fall.after),
    );
    let (v, w) = (
        shown_paid(paid, &fall.before.paid),
        shown_paid(paid, &fall.after.paid),
    );
    let less: Vec<(Symbols, Exact)> = fall
        .before
        .paid
        .iter()
        .zip(&fall.after.paid)
        .filter_map(|(one, two)| Some((one.0.clone(), one.1.sub(&two.1).ok()?)))
        .collect();
    let by = shown_paid(paid, &less);
    let label = text!(
        "{p} pays {v}, {q} pays {w}: {by} less",
        "{p} 得 {v}，{q} 得 {w}：少 {by}";
        p, q, v, w, by
    );
    let told = Diagnostic::warning(Code::W0701, title)
        .primary(fall.cause, label)
        .note(text!(
            "Whoever sells more is paid less, and will hold back the sale that crosses the boundary.",
            "卖得更多反而拿得更少，当事人会压住越过此界的那一单。"
        ));
    match assumed(&fall.world) {
        Some(assumed) => told.note(text!("This is so with {assumed}.", "前提：{assumed}。")),
        None => told,
    }
}

/// Names what was assumed of other conditions.
fn assumed(world: &World) -> Option<String> {
    let said = world.values().map(|(_, said)| said.as_str());
    let said: Vec<&str> = said.filter(|said| said.chars().count() <= 80).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// Calls the input by the statement that is nothing else, or by its words.
fn name(program: &Program, plan: &Plan, input: &Input<'_>) -> String {
    let definitions = plan.definitions.iter().filter_map(|one| program.definition(*one));
    let same = definitions.filter(|one| match &one.kind {
        DefinitionKind::Let(value) | DefinitionKind::Measure(value) => value.kind == input.expr.kind,
        DefinitionKind::Carry { .. } | DefinitionKind::Pay(_) | DefinitionKind::Streak(_) => false,
    });
    let mut names = same.map(|one| format!("\"{}\"", one.naming.name));
    names.next().unwrap_or_else(|| {
        let short: String = input.said.chars().take(80).collect();
        format!("\"{short}\"")
    })
}

fn shown_place(input: &Input<'_>, fall: &Fall, at: &Exact) -> Text {
    match &fall.share_of {
        Some(quota) => {
            let share = format_percent(at);
            text!("{share} of {quota}", "{quota} 的 {share}")
        }
        None => Text::same(shown_bound(input.expr.ty.scalar, at)),
    }
}

fn shown_stand(input: &Input<'_>, fall: &Fall, stand: &Stand) -> Text {
    let at = shown_place(input, fall, &stand.at);
    match stand.nearness {
        Nearness::Exactly => at,
        Nearness::JustUnder => text!("just under {at}", "略低于 {at}"; at),
        Nearness::JustOver => text!("just over {at}", "略高于 {at}"; at),
    }
}

/// Says an amount: money, and shares of what is not known.
fn shown_paid(paid: Scalar, parts: &[(Symbols, Exact)]) -> Text {
    let mut shown: Vec<Text> = Vec::new();
    for (symbols, value) in parts.iter().filter(|(_, value)| !value.is_zero()) {
        let names: Vec<&str> = symbols.keys().map(String::as_str).collect();
        shown.push(if names.is_empty() {
            Text::same(shown_amount(paid, value))
        } else {
            let (share, of) = (format_percent(value), names.join(" * "));
            text!("{share} of {of}", "{of} 的 {share}")
        });
    }
    match shown.as_slice() {
        [] => Text::same(shown_amount(paid, &Exact::ZERO)),
        all => Text {
            en: all
                .iter()
                .map(|one| one.en.as_str())
                .collect::<Vec<_>>()
                .join(" and "),
            zh: all
                .iter()
                .map(|one| one.zh.as_str())
                .collect::<Vec<_>>()
                .join(" 加 "),
        },
    }
}
