//! Records that change while a plan is in use, and what somebody would be paid if.

use std::sync::Arc;

use guerdon::facts::{Change, Facts, Input};
use guerdon::plan::{HeldDays, KeptDays, Plan, Run};
use guerdon::report::Report;
use guerdon_plan::graph::from_hir::lower;
use guerdon_plan::hir::{BinderDomain, Program};
use guerdon_plan::types::{FieldId, PlanId, TableId};

use self::alone::Split;
use self::share::Index;
use self::share::index::Shift;

use crate::results::Results;
use crate::status::{Fault, Outcome, guerdon_status, in_use};
use crate::tables::{Kind, Row, Shape, write_rows};

mod alone;
mod old;
mod share;
#[cfg(test)]
mod tests;

pub(crate) use old::table_named;

/// One value for a field, by its name.
pub(crate) type Named<'v> = (&'v str, Input<'v>);

/// Holds records, changes them one by one and computes pay on them.
pub(crate) struct Session {
    plan: Plan,
    facts: Arc<Facts>,
    run: Run,
    /// The days in the records, of which the last ends a run where the host has named none.
    days: KeptDays,
    /// How records are split among payees, where each one's pay depends on the own ones alone.
    split: Option<Split>,
    /// Where each payee's records are.
    index: Option<Index>,
    /// The records of the payees that were asked for last, as they are now.
    shares: Vec<(String, Facts)>,
}

/// Where a record is, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    table: TableId,
    row: Option<u32>,
    /// The record that it is linked to.
    link: Option<u32>,
    /// The payee whose it is.
    owner: Option<u32>,
    days: HeldDays,
}

/// So many payees' records are kept.
const MOST_SHARES: usize = 8;

impl Session {
    pub(crate) fn new(plan: Plan, facts: Facts, run: Run) -> Self {
        let split = split_of(&plan, &facts);
        let mut days = KeptDays::default();
        if run.through.is_none() && split.is_some() {
            days.last(&plan, &facts);
        }
        Self {
            index: split.as_ref().and_then(|split| Index::of(&facts, split)),
            split,
            plan,
            facts: Arc::new(facts),
            run,
            days,
            shares: Vec::new(),
        }
    }

    /// Puts a record in, in the place of the one with its key if there is one.
    pub(crate) fn upsert(&mut self, table: &str, values: &[Named<'_>]) -> Outcome<()> {
        changeable(&mut self.facts)?;
        let before = self.place(table, values);
        self.let_go(before.as_ref());
        let facts = changeable(&mut self.facts)?;
        let row = facts
            .change(self.plan.program())
            .upsert(table, values.iter().cloned())?;
        self.follow(before, Some(row), table, values, |change| {
            change.upsert(table, values.iter().cloned()).is_ok()
        });
        Ok(())
    }

    /// Takes the record with a key out; says whether there was one.
    pub(crate) fn remove(&mut self, table: &str, key: &[Named<'_>]) -> Outcome<bool> {
        changeable(&mut self.facts)?;
        let before = self.place(table, key);
        self.let_go(before.as_ref());
        let facts = changeable(&mut self.facts)?;
        let removed = facts
            .change(self.plan.program())
            .remove(table, key.iter().cloned())?;
        self.follow(before, None, table, key, |change| {
            change.remove(table, key.iter().cloned()).is_ok()
        });
        Ok(removed)
    }

    /// Runs the plan over all records; while the results are in use, no record can change.
    pub(crate) fn evaluate(&mut self) -> Outcome<Results> {
        let run = self.run();
        Ok(Results::of(self.plan.clone(), Arc::clone(&self.facts), run)?)
    }

    /// Explains a figure.
    pub(crate) fn explain(&mut self, figure: &str) -> Outcome<guerdon::trace::Trace> {
        let run = self.run();
        Ok(self.plan.explain(&self.facts, &run, figure)?)
    }

    /// Gives what one payee is paid, as JSON.
    pub(crate) fn pay(&mut self, payee: &str) -> Outcome<String> {
        let run = self.run();
        match self.share(payee)? {
            Some(share) => {
                let paid = self.paid(&share, &run, payee);
                self.keep(payee, share);
                paid
            }
            None => self.paid(&self.facts, &run, payee),
        }
    }

    /// Gives what one payee would be paid if a record were there, as JSON; nothing is changed.
    pub(crate) fn what_if(&mut self, payee: &str, table: &str, values: &[Named<'_>]) -> Outcome<String> {
        if self.has_columns(table, values)
            && let Some(mut share) = self.share(payee)?
        {
            let run = self.run();
            let paid = self.changed(&mut share, run, payee, (table, values));
            self.keep(payee, share);
            // What one payee's records refuse, all of them may take: a deal that goes to somebody else.
            if !matches!(&paid, Err(fault) if fault.status == guerdon_status::Refused) {
                return paid;
            }
        }
        changeable(&mut self.facts)?;
        let run = self.run();
        let mut facts = std::mem::take(&mut self.facts);
        let paid = match Arc::get_mut(&mut facts) {
            Some(facts) => self.changed(facts, run, payee, (table, values)),
            None => Err(in_use("a report still reads the records of this session")),
        };
        self.facts = facts;
        paid
    }

    /// Computes pay with a record put in, and takes it out again. The run goes on to the last day of the records as they
    /// are, or of the new one if that is later.
    fn changed(
        &self,
        facts: &mut Facts,
        mut run: Run,
        payee: &str,
        (table, values): (&str, &[Named<'_>]),
    ) -> Outcome<String> {
        let program = self.plan.program();
        let old = old::Old::of(program, facts, table, values)?;
        facts.change(program).upsert(table, values.iter().cloned())?;
        if self.run.through.is_none() {
            run.through = run.through.max(Some(self.plan.last_day(facts)));
        }
        let paid = self.paid(facts, &run, payee);
        old.restore(self.plan.program(), facts)?;
        paid
    }

    /// Says whether the records were loaded with the fields of another one.
    fn has_columns(&self, table: &str, values: &[Named<'_>]) -> bool {
        let Some((id, declared)) = table_named(self.plan.program(), table) else {
            return false;
        };
        let has = |name: &str| {
            let place = declared
                .fields
                .iter()
                .position(|field| old::is_called(&field.naming, name));
            place.is_some_and(|place| self.facts.column(id, FieldId::at(place)).is_some())
        };
        values.iter().all(|(name, _)| has(name))
    }

    /// Gives the records of one payee, where these are enough.
    fn share(&mut self, payee: &str) -> Outcome<Option<Facts>> {
        let Some(split) = &self.split else {
            return Ok(None);
        };
        if let Some(place) = self.shares.iter().position(|(kept, _)| kept == payee) {
            return Ok(Some(self.shares.swap_remove(place).1));
        }
        let program = self.plan.program();
        let Some(row) = old::row_of(program, &self.facts, split.payees, payee) else {
            return Ok(None);
        };
        if self.index.is_none() {
            self.index = Index::of(&self.facts, split);
        }
        let Some(index) = &self.index else {
            return Ok(None);
        };
        let share = share::of(program, &self.facts, (split, index), row, &self.run.limits)?;
        Ok(Some(share))
    }

    fn keep(&mut self, payee: &str, share: Facts) {
        if self.shares.len() >= MOST_SHARES {
            self.shares.remove(0);
        }
        self.shares.push((payee.to_owned(), share));
    }

    /// Finds where a record is, by its key; none where that cannot be told.
    fn place(&mut self, table: &str, values: &[Named<'_>]) -> Option<Place> {
        let program = self.plan.program();
        let (id, _) = table_named(program, table)?;
        let row = old::find(program, Arc::get_mut(&mut self.facts)?, table, values)?;
        Some(self.place_of(id, row))
    }

    /// Forgets what is kept of payees where everybody's records are about to change, which are shared with it.
    fn let_go(&mut self, place: Option<&Place>) {
        let is_split =
            |split: &Split, table: &TableId| split.links.contains_key(table) || *table == split.payees;
        if let Some((place, split)) = place.zip(self.split.as_ref())
            && !is_split(split, &place.table)
        {
            self.shares.clear();
        }
    }

    fn place_of(&self, table: TableId, row: Option<u32>) -> Place {
        let split = self.split.as_ref().zip(row);
        let owner = split.and_then(|(split, row)| share::owner(&self.facts, split, table, row));
        let link = split.and_then(|(split, row)| share::link(&self.facts, split, table, row));
        let days = self.days.of(&self.facts, table, row);
        Place {
            table,
            row,
            link,
            owner,
            days,
        }
    }

    /// Keeps what was worked out in step with a change of one record, or forgets it.
    fn follow(
        &mut self,
        before: Option<Place>,
        row: Option<u32>,
        table: &str,
        values: &[Named<'_>],
        mut change: impl FnMut(&mut Change<'_, '_>) -> bool,
    ) {
        let Some(before) = before else {
            self.days = KeptDays::default();
            self.index = None;
            self.shares.clear();
            return;
        };
        let after = self.place_of(before.table, row);
        self.days.follow(before.table, &before.days, &after.days);
        let Some(split) = &self.split else { return };
        self.index = self.index.take().and_then(|mut index| {
            let (from, to) = (before.row.zip(before.link), after.row.zip(after.link));
            let shift = match (before.row, after.row) {
                (None, Some(row)) => Some(Shift::Opened(row)),
                (Some(row), None) => Some(Shift::Closed(row)),
                (None, None) | (Some(_), Some(_)) => None,
            };
            index.follow(split, before.table, (from, to), shift)?;
            Some(index)
        });
        let is_linked = split.links.contains_key(&before.table);
        let is_linked_to =
            before.table == split.payees || split.links.values().any(|(_, target)| *target == before.table);
        if is_linked_to {
            self.shares.clear();
            return;
        }
        let (program, facts) = (self.plan.program(), &self.facts);
        let moves = before.row.is_some() && row.is_some() && before.owner != after.owner;
        self.shares.retain_mut(|(payee, share)| {
            let own = old::row_of(program, facts, split.payees, payee);
            let is_own = own.is_some() && (before.owner == own || after.owner == own);
            if is_linked && !is_own {
                // Somebody else's record is there only if one of the payee's own names it.
                return old::find(program, share, table, values) == Some(None);
            }
            !moves && change(&mut share.change(program))
        });
    }

    fn paid(&self, facts: &Facts, run: &Run, payee: &str) -> Outcome<String> {
        let report = self.plan.evaluate(facts, run)?;
        let mut out = String::new();
        let rows = pay_of(&report, payee);
        if rows.is_empty() && !self.is_payee(facts, payee) {
            let message = format!("there is no payee \"{payee}\"");
            return Err(Fault::new(guerdon_status::NotFound, message));
        }
        write_rows(&Shape::of(Kind::Pay), &rows, &mut out);
        Ok(out)
    }

    fn is_payee(&self, facts: &Facts, payee: &str) -> bool {
        let program = self.plan.program();
        let mut tables = program.plans.iter().filter_map(|plan| payees(program, plan));
        tables.any(|table| old::row_of(program, facts, table, payee).is_some())
    }

    /// Gives the options of a run with its last day.
    fn run(&mut self) -> Run {
        if self.run.through.is_some() {
            return self.run.clone();
        }
        let last = self.days.last(&self.plan, &self.facts);
        Run {
            through: Some(last),
            ..self.run.clone()
        }
    }
}

/// Finds how records are split among payees; not where some of them are faulty, for a fault may concern anybody.
fn split_of(plan: &Plan, facts: &Facts) -> Option<Split> {
    if facts.problems().iter().any(guerdon::problem::Problem::is_error) {
        return None;
    }
    let program = plan.program();
    let plans: Vec<PlanId> = (0..program.plans.len()).map(PlanId::at).collect();
    let graph = lower(program, &plans, &[]).ok()?;
    alone::split(program, &graph)
}

/// Gives the table of a plan's payees.
fn payees(program: &Program, plan: &guerdon_plan::hir::Plan) -> Option<TableId> {
    match program.binder(plan.payee)?.domain {
        BinderDomain::Row(table) => Some(table),
        BinderDomain::Period(..) => None,
    }
}

fn pay_of<'r>(report: &'r Report<'r>, payee: &str) -> Vec<Row<'r>> {
    report
        .pay()
        .filter(|row| row.payee == payee)
        .map(crate::tables::pay)
        .collect()
}

/// Gives the records for a change, unless a report reads them.
fn changeable(facts: &mut Arc<Facts>) -> Outcome<&mut Facts> {
    Arc::get_mut(facts).ok_or_else(|| in_use("a report still reads the records of this session"))
}
