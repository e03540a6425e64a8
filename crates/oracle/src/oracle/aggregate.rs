//! Aggregates and running sums: loops over all combinations of records and periods.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use guerdon_plan::hir::{Aggregate, AggregateOp, Depth, Direction, Domain, Expr, ExprKind, Running, Source};
use guerdon_plan::types::{BinderId, FieldId, TableId};

use super::among::highest;
use super::expr::{number_cell, total};
use super::{Oracle, Scope, all_of};
use crate::value::{Cell, ErrorKind, V, add, counted, div, zero};

/// Holds one combination that counts.
struct Found {
    value: Option<V>,
    order: Vec<(Option<V>, Direction)>,
    items: Vec<V>,
}

impl Oracle<'_> {
    pub(super) fn aggregate(&self, aggregate: &Aggregate, scope: &Scope) -> Cell {
        self.look_at_ranges(aggregate, scope)?;
        let mut found = Vec::new();
        self.combine(aggregate, &aggregate.sources, scope, &mut Vec::new(), &mut found)?;
        result(aggregate.op, aggregate.best, found)
    }

    /// Finds the ends of the ranges of days that are the same for all records: a period that the calendar does not
    /// have cannot be looked at, whether or not there are records.
    fn look_at_ranges(&self, aggregate: &Aggregate, scope: &Scope) -> Result<(), ErrorKind> {
        let is_own = |binder: BinderId| aggregate.sources.iter().any(|source| source.binder == binder);
        for condition in aggregate.filter.iter().flat_map(parts) {
            if let ExprKind::Within { range, .. } = &condition.kind
                && !mentions(&range.from, &is_own)
                && !mentions(&range.through, &is_own)
            {
                self.ends(range, &scope.choosing())?;
            }
        }
        Ok(())
    }

    fn combine(
        &self,
        aggregate: &Aggregate,
        sources: &[Source],
        scope: &Scope,
        items: &mut Vec<V>,
        found: &mut Vec<Found>,
    ) -> Result<(), ErrorKind> {
        let Some((source, later)) = sources.split_first() else {
            found.extend(self.one(aggregate, scope, items)?);
            return Ok(());
        };
        for item in self.items(&source.domain, &scope.choosing())? {
            let mut inner = scope.clone();
            inner.env.insert(source.binder, item.clone());
            items.push(item);
            self.combine(aggregate, later, &inner, items, found)?;
            items.pop();
        }
        Ok(())
    }

    fn one(&self, aggregate: &Aggregate, scope: &Scope, items: &[V]) -> Result<Option<Found>, ErrorKind> {
        let choosing = scope.choosing();
        if let Some(filter) = &aggregate.filter
            && !self.holds(filter, &choosing)?
        {
            return Ok(None);
        }
        // A record that counts and must not be read spoils the whole.
        if items.iter().any(|item| self.is_spoilt(item, scope)) {
            return Err(ErrorKind::CheckFailed);
        }
        let value = match &aggregate.value {
            Some(value) => self.value(value, scope)?,
            None => Some(V::Bool(true)),
        };
        let key = |(key, direction): &(Expr, Direction)| Ok((self.value(key, &choosing)?, *direction));
        let order = aggregate.order.iter().map(key).collect::<Result<_, _>>()?;
        Ok(Some(Found {
            value,
            order,
            items: items.to_vec(),
        }))
    }

    pub(super) fn items(&self, domain: &Domain, scope: &Scope) -> Result<Vec<V>, ErrorKind> {
        match domain {
            Domain::Rows(table) => Ok(self
                .rows_of(*table, scope)
                .into_iter()
                .map(|row| V::Row(*table, row))
                .collect()),
            Domain::Below { of, by, depth } => {
                let Some(V::Row(table, top)) = self.value(of, scope)? else {
                    return Ok(Vec::new());
                };
                Ok(self.below(table, top, *by, *depth, scope))
            }
            Domain::Periods {
                calendar,
                unit,
                within,
            } => {
                let calendar = self.calendar(*calendar)?;
                let (from, through) = self.ends(within, scope)?;
                let mut periods = BTreeSet::new();
                let mut day = from;
                while day <= through {
                    if let Some(period) = calendar.period_of(*unit, day)
                        && let Some(days) = calendar.range(period)
                        && from <= days.from
                        && days.last_day().is_some_and(|last| last <= through)
                    {
                        periods.insert(V::Period(period));
                    }
                    day = day.next();
                }
                Ok(periods.into_iter().collect())
            }
        }
    }

    fn below(&self, table: TableId, top: usize, by: FieldId, depth: Depth, scope: &Scope) -> Vec<V> {
        let reports = |above: &BTreeSet<usize>| -> BTreeSet<usize> {
            let is_below = |row: &usize| {
                let cell = self.records.cell(table, *row, by);
                matches!(cell, Some(V::Row(_, boss)) if above.contains(boss))
            };
            (0..self.records.count(table)).filter(is_below).collect()
        };
        let mut all = reports(&BTreeSet::from([top]));
        if depth == Depth::Every {
            loop {
                let more: BTreeSet<usize> = reports(&all).union(&all).copied().collect();
                if more == all {
                    break;
                }
                all = more;
            }
        }
        let existing: BTreeSet<usize> = self.rows_of(table, scope).into_iter().collect();
        all.intersection(&existing)
            .filter(|row| **row != top)
            .map(|row| V::Row(table, *row))
            .collect()
    }

    pub(super) fn running(&self, running: &Running, scope: &Scope) -> Cell {
        let Some(V::Row(table, row)) = self.value(&running.row, scope)? else {
            return Ok(None);
        };
        let at = |row: usize| {
            let mut inner = scope.clone();
            inner.env.insert(running.binder, V::Row(table, row));
            inner
        };
        let each = |parts: &[Expr], scope: &Scope| -> Vec<Cell> {
            parts.iter().map(|part| self.value(part, scope)).collect()
        };
        let all = |parts: &[Expr], scope: &Scope| -> Result<Vec<Option<V>>, ErrorKind> {
            each(parts, scope).into_iter().collect()
        };
        let here = at(row).choosing();
        let (order, within) = (all(&running.order, &here), each(&running.within, &here));
        let mut total = zero();
        for other in self
            .rows_of(running.table, scope)
            .into_iter()
            .filter(|other| *other != row)
        {
            let inner = at(other);
            let choosing = inner.choosing();
            let filter = running
                .filter
                .as_ref()
                .map_or(Ok(true), |filter| self.holds(filter, &choosing));
            // One part that differs is enough, whatever the others are.
            let there = each(&running.within, &choosing);
            let same = within.iter().zip(&there);
            let same = all_of(same.map(|(here, there)| match there {
                // A record outside the calendar is in no period.
                Err(ErrorKind::OutsideCalendar) => Ok(false),
                _ => both(here, there).map(|(here, there)| here == there),
            }));
            let before = both(&order, &all(&running.order, &choosing))
                .map(|(here, there)| (there, other) < (here, row));
            if !all_of([filter, same, before])? {
                continue;
            }
            if self.is_spoilt(&V::Row(table, other), scope) {
                return Err(ErrorKind::CheckFailed);
            }
            if let Some(V::Number(value)) = self.value(&running.value, &inner)? {
                total = add(&total, &value);
            }
        }
        number_cell(total)
    }
}

/// Lists the conditions that must all hold.
fn parts(condition: &Expr) -> Vec<&Expr> {
    if let ExprKind::And(all) = &condition.kind {
        return all.iter().flat_map(parts).collect();
    }
    vec![condition]
}

fn mentions(expr: &Expr, is_own: &impl Fn(BinderId) -> bool) -> bool {
    let is_one = matches!(&expr.kind, ExprKind::Binder(binder) if is_own(*binder));
    is_one || expr.children().into_iter().any(|child| mentions(child, is_own))
}

fn both<'c, T>(
    here: &'c Result<T, ErrorKind>,
    there: &'c Result<T, ErrorKind>,
) -> Result<(&'c T, &'c T), ErrorKind> {
    match (here, there) {
        (Ok(here), Ok(there)) => Ok((here, there)),
        (Err(error), _) | (_, Err(error)) => Err(*error),
    }
}

fn result(op: AggregateOp, best: Option<u32>, mut found: Vec<Found>) -> Cell {
    found.sort_by(by_order);
    let mut values: Vec<V> = found.into_iter().filter_map(|found| found.value).collect();
    if let Some(best) = best {
        values = highest(values, best);
    }
    match op {
        AggregateOp::Sum => number_cell(total(&values)?),
        AggregateOp::Count => number_cell(counted(values.len())),
        AggregateOp::CountDistinct => number_cell(counted(values.iter().collect::<BTreeSet<_>>().len())),
        AggregateOp::Average if values.is_empty() => Ok(None),
        AggregateOp::Average => number_cell(div(&total(&values)?, &counted(values.len()))?),
        AggregateOp::Lowest => Ok(values.into_iter().min()),
        AggregateOp::Highest => Ok(values.into_iter().max()),
        AggregateOp::Any => Ok(Some(V::Bool(values.contains(&V::Bool(true))))),
        AggregateOp::All => Ok(Some(V::Bool(values.iter().all(|value| *value == V::Bool(true))))),
        AggregateOp::First => Ok(values.into_iter().next()),
        AggregateOp::Last => Ok(values.into_iter().next_back()),
    }
}

/// Orders combinations by their order keys, then by the records and periods themselves.
fn by_order(left: &Found, right: &Found) -> Ordering {
    let keys = left
        .order
        .iter()
        .zip(&right.order)
        .map(|((left, direction), (right, _))| match direction {
            Direction::Ascending => left.cmp(right),
            Direction::Descending => right.cmp(left),
        });
    keys.fold(Ordering::Equal, Ordering::then)
        .then_with(|| left.items.cmp(&right.items))
}
