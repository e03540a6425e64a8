//! W0712: rows of tiers and tables that nobody can reach.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Code, Diagnostic, FileId, Sink, Span, text};

use super::apart::Facts;
use super::walk::{Owner, expressions};
use crate::hir::{
    Aggregate, AggregateOp, Bound, Cell, Comparison, DefinitionKind, Edge, Expr, ExprKind, Limit, Program,
    TierKind, Value,
};
use crate::number::Exact;
use crate::types::{DecisionId, DefinitionId, Scalar, TiersId};

/// How deep `let` and `measure` statements are followed.
const MOST_DEPTH: usize = 16;

/// Is what a value can be; an open end where nothing says.
#[derive(Debug, Clone, Default, PartialEq)]
struct Range {
    least: Option<Exact>,
    most: Option<Exact>,
    /// The values of an enum, by position; all where nothing says.
    values: Option<BTreeSet<u32>>,
}

impl Range {
    fn of(number: &Exact) -> Range {
        Range {
            least: Some(number.clone()),
            most: Some(number.clone()),
            values: None,
        }
    }

    /// Gives what either of two values can be.
    fn or(self, other: Range) -> Range {
        Range {
            least: self.least.zip(other.least).map(|(one, two)| one.min(two)),
            most: self.most.zip(other.most).map(|(one, two)| one.max(two)),
            values: self
                .values
                .zip(other.values)
                .map(|(one, two)| one.union(&two).copied().collect()),
        }
    }

    /// Says whether no value lies above the beginning of a row.
    fn ends_before(&self, lower: Option<&Bound>) -> bool {
        self.most.as_ref().zip(lower).is_some_and(|(most, lower)| {
            *most < lower.at || *most == lower.at && lower.edge == Edge::Excluded
        })
    }

    /// Says whether no value lies below the end of a row.
    fn begins_behind(&self, upper: Option<&Bound>) -> bool {
        self.least.as_ref().zip(upper).is_some_and(|(least, upper)| {
            *least > upper.at || *least == upper.at && upper.edge == Edge::Excluded
        })
    }

    fn misses(&self, cell: &Cell) -> bool {
        match cell {
            Cell::Interval { lower, upper } => {
                self.ends_before(lower.as_ref()) || self.begins_behind(upper.as_ref())
            }
            Cell::OneOf(all) => self.values.as_ref().is_some_and(|values| {
                let position = |value: &Value| {
                    if let Value::Enum(_, at) = value {
                        Some(*at)
                    } else {
                        None
                    }
                };
                all.iter()
                    .all(|value| position(value).is_some_and(|at| !values.contains(&at)))
            }),
            Cell::Any | Cell::Missing => false,
        }
    }
}

/// Warns of rows that no value which is looked up in any plan can reach.
///
/// What a file without plans declares is a vocabulary for others, so nothing is said of it.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    let mut tiers: BTreeMap<TiersId, Range> = BTreeMap::new();
    let mut tables: BTreeMap<(DecisionId, usize), Range> = BTreeMap::new();
    for (owner, expr) in expressions(program)
        .into_iter()
        .filter(|(owner, _)| *owner != Owner::Test)
    {
        if let ExprKind::Apply(apply) = &expr.kind {
            let is_plain = apply.against.is_none() && apply.stack.is_none();
            let range = is_plain.then(|| range(program, owner, &apply.value, 0));
            join(&mut tiers, apply.tiers, range.unwrap_or_default());
        } else if let ExprKind::RateOf { tiers: id, .. } = &expr.kind {
            join(&mut tiers, *id, Range::default());
        } else if let ExprKind::Decide { decision, inputs, .. } = &expr.kind {
            for (at, input) in inputs.iter().enumerate() {
                join(&mut tables, (*decision, at), range(program, owner, input, 0));
            }
        }
    }
    let files: BTreeSet<FileId> = program.plans.iter().map(|plan| plan.span.file).collect();
    let mut found = of_tiers(program, &tiers);
    found.extend(of_tables(program, &tables));
    found.retain(|(span, _)| files.contains(&span.file));
    found
        .into_iter()
        .for_each(|(span, name)| sink.push(told(span, &name)));
}

fn join<K: Ord>(all: &mut BTreeMap<K, Range>, key: K, range: Range) {
    let joined = match all.remove(&key) {
        Some(known) => known.or(range),
        None => range,
    };
    all.insert(key, joined);
}

fn of_tiers(program: &Program, ranges: &BTreeMap<TiersId, Range>) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    for (id, range) in ranges {
        let Some(tiers) = program.tier_table(*id) else {
            continue;
        };
        let is_by_row = match tiers.kind {
            TierKind::Marginal | TierKind::Retro | TierKind::Flat => true,
            TierKind::Interpolated | TierKind::Fill => false,
        };
        // Marginal rows below the least value are paid all the same.
        let is_whole = tiers.kind != TierKind::Marginal;
        for row in tiers
            .versions
            .iter()
            .flat_map(|version| &version.rows)
            .filter(|_| is_by_row)
        {
            let is_below = is_whole && range.begins_behind(row.upper.as_ref());
            if range.ends_before(row.lower.as_ref()) || is_below {
                found.push((row.span, tiers.naming.name.clone()));
            }
        }
    }
    found
}

fn of_tables(program: &Program, ranges: &BTreeMap<(DecisionId, usize), Range>) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    for ((id, at), range) in ranges {
        let Some(table) = program.decision(*id) else {
            continue;
        };
        for row in table.versions.iter().flat_map(|version| &version.rows) {
            let is_told = found.iter().any(|(span, _)| *span == row.span);
            if !is_told && row.cells.get(*at).is_some_and(|cell| range.misses(cell)) {
                found.push((row.span, table.naming.name.clone()));
            }
        }
    }
    found
}

fn told(span: Span, name: &str) -> Diagnostic {
    let title = text!(
        "nobody can reach this row of \"{name}\"",
        "没有人能达到“{name}”的这一行"
    );
    let label = text!("what is looked up never lies here", "查找的值从不落在此处");
    Diagnostic::warning(Code::W0712, title).primary(span, label)
}

/// Finds what a value can be, as far as limits, checks, filters and branches say.
fn range(program: &Program, owner: Owner, value: &Expr, depth: usize) -> Range {
    let further = depth.saturating_add(1);
    if depth > MOST_DEPTH {
        return Range::default();
    }
    if let ExprKind::Const(Value::Number(number)) = &value.kind {
        return Range::of(number);
    }
    if let ExprKind::Require(inner) = &value.kind {
        return range(program, owner, inner, further);
    }
    if let ExprKind::Bounded { value, limits } = &value.kind {
        let inner = range(program, owner, value, further);
        return limits
            .iter()
            .fold(inner, |range, (limit, at)| held(range, *limit, at));
    }
    if let ExprKind::If { then, otherwise, .. } = &value.kind {
        return range(program, owner, then, further).or(range(program, owner, otherwise, further));
    }
    if let ExprKind::Use { definition, .. } = &value.kind {
        return used(program, *definition, further);
    }
    if let ExprKind::Aggregate(aggregate) = &value.kind {
        return counted(aggregate);
    }
    if let ExprKind::Field { row, .. } = &value.kind {
        let known = named(program, owner, row, value);
        return if known.values.is_some() {
            known
        } else {
            checked(program, value)
        };
    }
    Range::default()
}

fn held(range: Range, limit: Limit, at: &Expr) -> Range {
    let ExprKind::Const(Value::Number(at)) = &at.kind else {
        return Range::default();
    };
    let hold = |end: Option<Exact>| match (limit, end) {
        (Limit::AtMost, Some(end)) => Some(end.min(at.clone())),
        (Limit::AtLeast, Some(end)) => Some(end.max(at.clone())),
        (Limit::AtMost | Limit::AtLeast, None) => None,
    };
    let (least, most) = (hold(range.least), hold(range.most));
    match limit {
        Limit::AtMost => Range {
            least,
            most: most.or_else(|| Some(at.clone())),
            values: None,
        },
        Limit::AtLeast => Range {
            least: least.or_else(|| Some(at.clone())),
            most,
            values: None,
        },
    }
}

fn used(program: &Program, id: DefinitionId, depth: usize) -> Range {
    let found = program.definition(id).filter(|found| found.exceptions.is_empty());
    match found.map(|found| &found.kind) {
        Some(DefinitionKind::Let(value) | DefinitionKind::Measure(value)) => {
            range(program, Owner::Definition(id), value, depth)
        }
        Some(DefinitionKind::Carry { .. } | DefinitionKind::Pay(_) | DefinitionKind::Streak(_)) | None => {
            Range::default()
        }
    }
}

fn counted(aggregate: &Aggregate) -> Range {
    let least =
        matches!(aggregate.op, AggregateOp::Count | AggregateOp::CountDistinct).then_some(Exact::ZERO);
    Range {
        least,
        ..Range::default()
    }
}

/// Finds the values of an enum that the payee line names.
fn named(program: &Program, owner: Owner, row: &Expr, value: &Expr) -> Range {
    let plan = match owner {
        Owner::Definition(id) => program.definition(id).map(|one| one.plan),
        Owner::Earn(id) => program.earn(id).map(|one| one.plan),
        Owner::Field | Owner::Plan | Owner::Test => None,
    };
    let plan = plan.and_then(|plan| program.plan(plan));
    let (Some(plan), ExprKind::Field { field, .. }) = (plan, &value.kind) else {
        return Range::default();
    };
    if row.kind != ExprKind::Binder(plan.payee) {
        return Range::default();
    }
    let facts = Facts::of(plan.payee_filter.as_ref(), plan.payee);
    Range {
        values: facts.values(*field).map(|values| values.into_iter().collect()),
        ..Range::default()
    }
}

/// Finds what the check of a field leaves.
fn checked(program: &Program, value: &Expr) -> Range {
    let ExprKind::Field { row, field } = &value.kind else {
        return Range::default();
    };
    let Scalar::Row(table) = row.ty.scalar else {
        return Range::default();
    };
    let found = program
        .table(table)
        .and_then(|table| table.fields.get(field.index()));
    let Some((_, check)) = found.and_then(|found| found.check.as_ref()) else {
        return Range::default();
    };
    let parts: Vec<&Expr> = if let ExprKind::And(all) = &check.kind {
        all.iter().collect()
    } else {
        vec![check]
    };
    let mut range = Range::default();
    for part in parts {
        let ExprKind::Compare { op, left, right } = &part.kind else {
            continue;
        };
        let (ExprKind::Field { field: own, .. }, ExprKind::Const(Value::Number(number))) =
            (&left.kind, &right.kind)
        else {
            continue;
        };
        if own != field {
            continue;
        }
        match op {
            Comparison::Less | Comparison::LessOrEqual => range.most = Some(number.clone()),
            Comparison::Greater | Comparison::GreaterOrEqual => range.least = Some(number.clone()),
            Comparison::Equal => range = Range::of(number),
            Comparison::NotEqual => {}
        }
    }
    range
}
