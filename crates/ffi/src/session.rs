//! Records that change while a plan is in use, and what somebody would be paid if.

use std::sync::Arc;

use guerdon::facts::{Facts, Input};
use guerdon::plan::{Plan, Run};
use guerdon::report::Report;
use guerdon_plan::calendar::Date;
use guerdon_plan::hir::{BinderDomain, Program};
use guerdon_plan::types::TableId;

use crate::objects::{Results, in_use};
use crate::status::{Fault, Outcome, guerdon_status};
use crate::tables::{Kind, Row, Shape, write_rows};

mod old;

pub(crate) use old::table_named;

/// One value for a field, by its name.
pub(crate) type Named<'v> = (&'v str, Input<'v>);

/// Holds records, changes them one by one and computes pay on them.
pub(crate) struct Session {
    plan: Plan,
    facts: Arc<Facts>,
    run: Run,
    /// The last day in the records, where the host has named none; forgotten when a record changes.
    last_day: Option<Date>,
}

impl Session {
    pub(crate) fn new(plan: Plan, facts: Facts, run: Run) -> Self {
        Self {
            plan,
            facts: Arc::new(facts),
            run,
            last_day: None,
        }
    }

    /// Puts a record in, in the place of the one with its key if there is one.
    pub(crate) fn upsert(&mut self, table: &str, values: &[Named<'_>]) -> Outcome<()> {
        let facts = changeable(&mut self.facts)?;
        facts
            .change(self.plan.program())
            .upsert(table, values.iter().cloned())?;
        self.last_day = None;
        Ok(())
    }

    /// Takes the record with a key out; says whether there was one.
    pub(crate) fn remove(&mut self, table: &str, key: &[Named<'_>]) -> Outcome<bool> {
        let facts = changeable(&mut self.facts)?;
        let removed = facts
            .change(self.plan.program())
            .remove(table, key.iter().cloned())?;
        self.last_day = None;
        Ok(removed)
    }

    /// Runs the plan over all records; while the results are in use, no record can change.
    pub(crate) fn evaluate(&mut self) -> Outcome<Results> {
        let run = self.run(Date::FIRST);
        Ok(Results::of(self.plan.clone(), Arc::clone(&self.facts), run)?)
    }

    /// Explains a figure.
    pub(crate) fn explain(&mut self, figure: &str) -> Outcome<guerdon::trace::Trace> {
        let run = self.run(Date::FIRST);
        Ok(self.plan.explain(&self.facts, &run, figure)?)
    }

    /// Gives what one payee is paid, as JSON.
    pub(crate) fn pay(&mut self, payee: &str) -> Outcome<String> {
        let run = self.run(Date::FIRST);
        self.paid(&self.facts, &run, payee)
    }

    /// Gives what one payee would be paid if a record were there, as JSON; nothing is changed.
    pub(crate) fn what_if(&mut self, payee: &str, table: &str, values: &[Named<'_>]) -> Outcome<String> {
        let mut run = self.run(Date::FIRST);
        let facts = changeable(&mut self.facts)?;
        let old = old::Old::of(self.plan.program(), facts, table, values)?;
        facts
            .change(self.plan.program())
            .upsert(table, values.iter().cloned())?;
        if self.run.through.is_none() {
            run.through = run.through.max(Some(self.plan.last_day(&self.facts)));
        }
        let paid = self.paid(&self.facts, &run, payee);
        let facts = changeable(&mut self.facts)?;
        old.restore(self.plan.program(), facts)?;
        paid
    }

    fn paid(&self, facts: &Facts, run: &Run, payee: &str) -> Outcome<String> {
        let report = self.plan.evaluate(facts, run)?;
        let mut out = String::new();
        let rows = pay_of(&report, payee);
        if rows.is_empty() && !self.is_payee(payee) {
            let message = format!("there is no payee \"{payee}\"");
            return Err(Fault::new(guerdon_status::NotFound, message));
        }
        write_rows(&Shape::of(Kind::Pay), &rows, &mut out);
        Ok(out)
    }

    fn is_payee(&self, payee: &str) -> bool {
        let program = self.plan.program();
        let mut tables = program.plans.iter().filter_map(|plan| payees(program, plan));
        tables.any(|table| old::row_of(self.plan.program(), &self.facts, table, payee).is_some())
    }

    /// Gives the options of a run with its last day.
    fn run(&mut self, at_least: Date) -> Run {
        if self.run.through.is_some() {
            return self.run.clone();
        }
        let last = match self.last_day {
            Some(last) => last,
            None => self.plan.last_day(&self.facts),
        };
        self.last_day = Some(last);
        Run {
            through: Some(last.max(at_least)),
            ..self.run.clone()
        }
    }
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
