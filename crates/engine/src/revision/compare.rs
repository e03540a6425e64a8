//! What each payee gets before and after, and what each stage is worth.

use std::collections::BTreeMap;

use guerdon_plan::hir::Program;
use guerdon_plan::number::Exact;

use super::amounts::{added, steps, taken};
use super::earns::{ByEarn, EarnChange, EarnKey, by_earn, merged};
use super::{Clause, Revision};
use crate::error::Error;
use crate::facts::Facts;
use crate::plan::{Plan, Run};
use crate::report::{Amount, Depth, Report};

/// Holds who gains and who loses by a revision.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// What changed, stage by stage, in the order in which the parts are listed.
    pub stages: Vec<Vec<Clause>>,
    /// The totals, one for each currency, and for points.
    pub units: Vec<UnitChange>,
    /// The payees whose pay changes, the largest change first.
    pub payees: Vec<PayeeChange>,
    /// How many payees get the same before and after.
    pub unchanged: usize,
    /// The payees whose pay is not known before or after, and who are in no total.
    pub unknown: Vec<String>,
}

/// Is the change of all pay in one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitChange {
    /// An ISO code, or `points`.
    pub unit: String,
    /// The decimals of the unit, for printing.
    pub decimals: u8,
    /// What is paid under the older rules.
    pub older: Exact,
    /// What is paid under the newer rules.
    pub newer: Exact,
    /// The difference: what the revision costs.
    pub change: Exact,
    /// What each stage is worth; together the change.
    pub by_stage: Vec<Exact>,
    /// The earns behind it, without their lines; together the change.
    pub earns: Vec<EarnChange>,
}

/// Is the change of one payee's pay in one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct PayeeChange {
    /// The key of the payee.
    pub payee: String,
    /// An ISO code, or `points`.
    pub unit: String,
    /// The decimals of the unit, for printing.
    pub decimals: u8,
    /// What is paid under the older rules.
    pub older: Exact,
    /// What is paid under the newer rules.
    pub newer: Exact,
    /// The difference.
    pub change: Exact,
    /// What each stage is worth; together the change.
    pub by_stage: Vec<Exact>,
    /// The `pay` statements that differ.
    pub parts: Vec<Part>,
    /// The earns behind them, and what the statements add to them or take from them; together the change.
    pub earns: Vec<EarnChange>,
}

/// Is the change of one `pay` statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The plan.
    pub plan: String,
    /// The `pay` statement.
    pub pay: String,
    /// What it pays under the older rules.
    pub older: Exact,
    /// What it pays under the newer rules.
    pub newer: Exact,
}

/// The pay of one payee in one unit: nothing known where an amount is an error.
#[derive(Debug, Clone, Default)]
struct Sum {
    decimals: u8,
    total: Option<Exact>,
    parts: BTreeMap<(String, String), Exact>,
    /// What came due of earns, and what is between them and the pay.
    earns: ByEarn,
}

/// The pay of everybody, by payee and unit.
type Paid = BTreeMap<(String, String), Sum>;

impl Revision {
    /// Runs every stage and tells who gains, who loses, by how much, by which clause and in which earn; with
    /// [`Depth::Lines`] also in which line.
    ///
    /// `load` gives the records for rules; it is asked once, and again only where a revision changes what records look
    /// like. Every stage runs through the same day.
    ///
    /// # Errors
    ///
    /// What `load` gives, and [`Error`] if a limit is reached or a sum is too wide.
    pub fn compare<E: From<Error>>(
        &self,
        run: &Run,
        depth: Depth,
        mut load: impl FnMut(&Plan) -> Result<Facts, E>,
    ) -> Result<Comparison, E> {
        let mut facts = load(&self.older)?;
        let newest = self.newest();
        let mut schema = shape(self.older.program());
        let mut later = None;
        if shape(newest.program()) != schema {
            later = Some(load(newest)?);
        }
        let through = run.through.unwrap_or_else(|| {
            let last = later
                .as_ref()
                .map_or_else(|| newest.last_day(&facts), |later| newest.last_day(later));
            self.older.last_day(&facts).max(last)
        });
        let run = Run {
            through: Some(through),
            ..run.clone()
        };
        let mut paid = vec![self.summed(&self.older, &facts, &run, depth)?];
        for stage in &self.stages {
            let wanted = shape(stage.plan.program());
            if wanted != schema {
                facts = match later.take() {
                    Some(later) if shape(newest.program()) == wanted => later,
                    other => {
                        later = other;
                        load(&stage.plan)?
                    }
                };
                schema = wanted;
            }
            facts.has_all(&stage.plan, &stage.wanted)?;
            paid.push(if stage.replaced.is_empty() {
                self.summed(&stage.plan, &facts, &run, depth)?
            } else {
                self.summed(&stage.plan, &facts.with(&stage.replaced, &run)?, &run, depth)?
            });
        }
        let stages = self.stages.iter().map(|stage| stage.clauses.clone()).collect();
        Ok(told(stages, &paid)?)
    }

    /// Runs rules and adds up what each payee gets.
    fn summed(&self, plan: &Plan, facts: &Facts, run: &Run, depth: Depth) -> Result<Paid, Error> {
        let report = plan.evaluate(facts, run)?;
        let mut paid = Paid::new();
        let mut units: BTreeMap<(&str, &str), String> = BTreeMap::new();
        for row in report.pay() {
            units
                .entry((row.plan, row.pay))
                .or_insert_with(|| row.unit.clone());
            let sum = paid.entry((row.payee, row.unit)).or_insert_with(|| Sum {
                decimals: row.decimals,
                total: Some(Exact::ZERO),
                ..Sum::default()
            });
            match row.amount {
                Amount::Known(amount) => {
                    sum.total = sum.total.take().map(|total| added(&total, &amount)).transpose()?;
                    let name = (self.named_now(row.plan), row.pay.to_owned());
                    let part = sum.parts.entry(name).or_default();
                    *part = added(part, &amount)?;
                }
                Amount::Unknown => sum.total = None,
            }
        }
        self.add_earns(&report, &units, depth, &mut paid)?;
        Ok(paid)
    }

    /// Adds what came due of earns, and with an empty name what the `pay` statement makes of it.
    fn add_earns(
        &self,
        report: &Report<'_>,
        units: &BTreeMap<(&str, &str), String>,
        depth: Depth,
        paid: &mut Paid,
    ) -> Result<(), Error> {
        for due in report.came_due(depth)? {
            let Some(unit) = units.get(&(due.plan, due.pay)) else {
                continue;
            };
            let (plan, pay) = (self.named_now(due.plan), due.pay.to_owned());
            let sum = paid.get_mut(&(due.payee, unit.clone()));
            let Some(sum) = sum.filter(|sum| sum.parts.contains_key(&(plan.clone(), pay.clone()))) else {
                continue;
            };
            let key = EarnKey {
                plan,
                pay,
                earn: due.earn.to_owned(),
            };
            let line = sum.earns.entry(key).or_default().entry(due.line).or_default();
            *line = added(line, &due.amount)?;
        }
        paid.values_mut().try_for_each(Sum::add_rest)
    }

    /// Gives the name that a plan has in the newer rules.
    fn named_now(&self, plan: &str) -> String {
        let now = self.renamed.get(plan).map_or(plan, String::as_str);
        now.to_owned()
    }
}

impl Sum {
    /// Adds, for each `pay` statement, what it pays beyond what came due of its earns.
    fn add_rest(&mut self) -> Result<(), Error> {
        for ((plan, pay), amount) in &self.parts {
            let of = |key: &&EarnKey| key.plan == *plan && key.pay == *pay;
            let mut rest = amount.clone();
            for key in self.earns.keys().filter(of) {
                for line in self.earns.get(key).into_iter().flat_map(BTreeMap::values) {
                    rest = taken(&rest, line)?;
                }
            }
            if !rest.is_zero() {
                let key = EarnKey {
                    plan: plan.clone(),
                    pay: pay.clone(),
                    earn: String::new(),
                };
                self.earns.insert(key, BTreeMap::from([(String::new(), rest)]));
            }
        }
        Ok(())
    }
}

/// Puts the stages beside each other.
fn told(stages: Vec<Vec<Clause>>, paid: &[Paid]) -> Result<Comparison, Error> {
    let mut comparison = Comparison {
        stages,
        ..Comparison::default()
    };
    let (Some(first), Some(last)) = (paid.first(), paid.last()) else {
        return Ok(comparison);
    };
    let mut keys: Vec<&(String, String)> = first.keys().chain(last.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut units: BTreeMap<String, UnitChange> = BTreeMap::new();
    for key in keys {
        let Some(mut change) = change(key, first, last, paid)? else {
            comparison.unknown.push(key.0.clone());
            continue;
        };
        let unit = units.entry(key.1.clone()).or_insert_with(|| UnitChange {
            unit: key.1.clone(),
            decimals: change.decimals,
            older: Exact::ZERO,
            newer: Exact::ZERO,
            change: Exact::ZERO,
            by_stage: vec![Exact::ZERO; change.by_stage.len()],
            earns: Vec::new(),
        });
        unit.older = added(&unit.older, &change.older)?;
        unit.newer = added(&unit.newer, &change.newer)?;
        unit.change = added(&unit.change, &change.change)?;
        for (sum, part) in unit.by_stage.iter_mut().zip(&change.by_stage) {
            *sum = added(sum, part)?;
        }
        merged(&mut unit.earns, &change.earns)?;
        change.earns.retain(EarnChange::is_changed);
        if change.change.is_zero() && change.by_stage.iter().all(Exact::is_zero) {
            comparison.unchanged = comparison.unchanged.saturating_add(1);
        } else {
            comparison.payees.push(change);
        }
    }
    for unit in units.values_mut() {
        unit.earns.retain(EarnChange::is_changed);
    }
    comparison.units = units.into_values().collect();
    comparison.payees.sort_by(|one, other| {
        let size = other.change.abs().cmp(&one.change.abs());
        size.then_with(|| (&one.payee, &one.unit).cmp(&(&other.payee, &other.unit)))
    });
    comparison.unknown.dedup();
    Ok(comparison)
}

/// Tells the change of one payee; nothing where an end of it is not known.
fn change(
    key: &(String, String),
    first: &Paid,
    last: &Paid,
    paid: &[Paid],
) -> Result<Option<PayeeChange>, Error> {
    let nothing = Sum {
        total: Some(Exact::ZERO),
        ..Sum::default()
    };
    let (before, after) = (
        first.get(key).unwrap_or(&nothing),
        last.get(key).unwrap_or(&nothing),
    );
    let (Some(older), Some(newer)) = (&before.total, &after.total) else {
        return Ok(None);
    };
    // What is not known half-way is worth nothing by itself; the next stage that is known has it.
    let mut states = vec![before];
    for stage in paid.iter().skip(1) {
        let state = stage.get(key).unwrap_or(&nothing);
        let last = states.last().copied().unwrap_or(before);
        states.push(if state.total.is_some() { state } else { last });
    }
    let totals: Vec<Exact> = states
        .iter()
        .map(|state| state.total.clone().unwrap_or_default())
        .collect();
    let by_stage = steps(&totals)?;
    let mut names: Vec<&(String, String)> = before.parts.keys().chain(after.parts.keys()).collect();
    names.sort();
    names.dedup();
    let part = |name: &&(String, String)| {
        let of = |sum: &Sum| sum.parts.get(*name).cloned().unwrap_or_default();
        let (older, newer) = (of(before), of(after));
        (older != newer).then(|| Part {
            plan: name.0.clone(),
            pay: name.1.clone(),
            older,
            newer,
        })
    };
    Ok(Some(PayeeChange {
        payee: key.0.clone(),
        unit: key.1.clone(),
        decimals: before.decimals.max(after.decimals),
        older: older.clone(),
        newer: newer.clone(),
        change: taken(newer, older)?,
        by_stage,
        parts: names.iter().filter_map(part).collect(),
        earns: by_earn(&states.iter().map(|state| &state.earns).collect::<Vec<_>>())?,
    }))
}

/// Describes what records look like: rules that agree in it can share them.
fn shape(program: &Program) -> String {
    let enums = program.enums.iter().map(|one| {
        let values: Vec<&str> = one.values.iter().map(|value| value.name.as_str()).collect();
        format!("{} {values:?}", one.naming.name)
    });
    let tables = program.tables.iter().map(|table| {
        let fields: Vec<String> = table
            .fields
            .iter()
            .map(|field| {
                let checked = field
                    .check
                    .as_ref()
                    .map(|(_, check)| guerdon_plan::hir::print_value(program, check));
                format!(
                    "{} {:?} {:?} {:?} {checked:?}",
                    field.naming.name, field.ty, field.decimals, field.currency_field
                )
            })
            .collect();
        let source = table.source.as_ref().map(|source| {
            let columns: Vec<String> = source
                .columns
                .iter()
                .map(|column| {
                    format!(
                        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                        column.field,
                        column.from,
                        column.marks,
                        column.month_format,
                        column.renames,
                        column.date_format,
                        column.percent,
                        column.empty
                    )
                })
                .collect();
            format!("{} {columns:?} {:?}", source.file, source.filter)
        });
        format!(
            "{} {fields:?} {:?} {:?} {:?} {:?} {source:?}",
            table.naming.name, table.key, table.valid, table.known, table.origin
        )
    });
    enums.chain(tables).collect::<Vec<_>>().join("\n")
}
