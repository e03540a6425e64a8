//! The table `pay`: what each payee is paid in each period.

use guerdon_plan::calendar::PeriodKey;
use guerdon_plan::graph::{NodeId, PlanOutput};
use guerdon_plan::hir::PaysIn;
use guerdon_plan::types::{CalendarId, DefinitionId, Scalar};

use super::{Absence, Amount, Report, node_of, unit_name};
use crate::column::Cell;
use crate::vector::Vector;

/// One amount of one payee in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct PayRow<'r> {
    /// The plan.
    pub plan: &'r str,
    /// The `pay` statement.
    pub pay: &'r str,
    /// The title of the statement, otherwise its name.
    pub title: &'r str,
    /// The key of the payee.
    pub payee: String,
    /// The period.
    pub period: PeriodKey,
    /// The period as it is written: `2026-03`.
    pub period_label: String,
    /// What amounts are counted in: an ISO code, or `points`.
    pub unit: String,
    /// The decimals of the unit, for printing: those of the currency's minor unit.
    pub decimals: u8,
    /// The amount, or why there is none.
    pub amount: Amount,
}

/// All amounts of one `pay` statement, read by the places of periods and payees.
pub struct PayColumn<'r> {
    report: &'r Report<'r>,
    output: &'r PlanOutput,
    values: Vector<'r>,
    faulty: Option<&'r [u32]>,
    periods: Vec<(usize, PeriodKey)>,
    payees: usize,
    /// The plan.
    pub plan: &'r str,
    /// The `pay` statement.
    pub pay: &'r str,
    /// The title of the statement, otherwise its name.
    pub title: &'r str,
    /// What amounts are counted in: an ISO code, or `points`.
    pub unit: String,
    /// The decimals of the unit, for printing: those of the currency's minor unit.
    pub decimals: u8,
}

impl Report<'_> {
    /// Lists what is paid: a row for each `pay`, period and payee (leavers with open lines included).
    pub fn pay(&self) -> impl Iterator<Item = PayRow<'_>> {
        self.pay_columns().into_iter().flat_map(PayColumn::into_rows)
    }

    /// Lists the `pay` statements with their amounts, for readers of many rows.
    pub fn pay_columns(&self) -> Vec<PayColumn<'_>> {
        let mut columns = Vec::new();
        for output in &self.compiled.graph.outputs {
            let pays = self
                .plan(output.plan)
                .map_or(&[][..], |plan| plan.pays.as_slice());
            let nodes = pays.iter().filter_map(|pay| Some((*pay, node_of(output, *pay)?)));
            columns.extend(
                nodes.map(|(pay, node)| self.pay_column(output, pay, node, self.shown_periods(output))),
            );
        }
        columns
    }

    /// Gives the amounts of a `pay` statement in periods, each with its place on the axis.
    pub(super) fn pay_column<'r>(
        &'r self,
        output: &'r PlanOutput,
        pay: DefinitionId,
        node: NodeId,
        periods: Vec<(usize, PeriodKey)>,
    ) -> PayColumn<'r> {
        let names = self.definition(pay).map(|definition| &definition.naming);
        let name = names.map_or("", |naming| naming.name.as_str());
        let payees = self.state.facts.table(output.payees);
        PayColumn {
            report: self,
            output,
            values: self.full(node),
            faulty: payees.and_then(crate::facts::TableData::row_errors),
            periods,
            payees: self.state.rows(output.payees),
            plan: self
                .plan(output.plan)
                .map_or("", |plan| plan.naming.name.as_str()),
            pay: name,
            title: names.and_then(|naming| naming.title.as_deref()).unwrap_or(name),
            unit: unit_name(self.paid_in(output, pay)),
            decimals: self.decimals_in(output, self.paid_in(output, pay)),
        }
    }

    /// Gives what a `pay` statement pays: what its plan does, unless it names a currency of its own.
    pub(super) fn paid_in(&self, output: &PlanOutput, pay: DefinitionId) -> PaysIn {
        if let Some(Scalar::Money(currency)) = self.definition(pay).map(|definition| definition.ty.scalar) {
            PaysIn::Money(currency)
        } else {
            output.pays_in
        }
    }

    /// Gives the decimals that a plan's amounts are printed with: those of the currency's minor unit, or for a
    /// currency without one those that the plan rounds to.
    pub(super) fn unit_decimals(&self, output: &PlanOutput) -> u8 {
        self.decimals_in(output, output.pays_in)
    }

    /// Gives the decimals that amounts are printed with.
    pub(super) fn decimals_in(&self, output: &PlanOutput, pays_in: PaysIn) -> u8 {
        let PaysIn::Money(currency) = pays_in else {
            return 0;
        };
        let rounded = || {
            let text = self.plan(output.plan)?.rounding.as_ref()?.step.display_text(0);
            u8::try_from(text.split_once('.')?.1.len()).ok()
        };
        currency.minor_unit_decimals().or_else(rounded).unwrap_or(0)
    }
}

impl<'r> PayColumn<'r> {
    /// Gives the keys of the payees, in order of their places.
    pub fn payees(&self) -> Vec<String> {
        (0..self.payees)
            .map(|row| self.report.key_text(self.output.payees, row))
            .collect()
    }

    /// Gives the periods that are shown and how they are written, in order of their places.
    pub fn periods(&self) -> Vec<(PeriodKey, String)> {
        let plan = self.report.plan(self.output.plan);
        let calendar = plan.map_or(CalendarId(0), |plan| plan.calendar);
        let label = |(_, period): &(usize, PeriodKey)| (*period, self.report.period_label(calendar, *period));
        self.periods.iter().map(label).collect()
    }

    /// Gives an amount by the places of period and payee; none for who is not paid then.
    pub fn amount(&self, period: usize, payee: usize) -> Option<Amount> {
        let cell = self.cell(period, payee)?;
        Some(match self.values.cell(cell) {
            Cell::Missing => return None,
            Cell::Number(amount) if self.is_sound(payee) => Amount::Known(amount),
            _ => Amount::Unknown,
        })
    }

    /// Gives all amounts, of those who are not paid in a period none.
    pub fn amounts(&self) -> impl Iterator<Item = Amount> + '_ {
        let periods = 0..self.periods.len();
        periods.flat_map(move |period| (0..self.payees).filter_map(move |payee| self.amount(period, payee)))
    }

    /// Writes an amount as plain text with the unit's decimals; says why there is none if there is none.
    pub fn write_amount(&self, period: usize, payee: usize, out: &mut String) -> Option<Absence> {
        let Some(cell) = self
            .cell(period, payee)
            .filter(|cell| !self.values.is_missing(*cell))
        else {
            return Some(Absence::Missing);
        };
        if self.values.error(cell) != 0 || !self.is_sound(payee) {
            return Some(Absence::Error);
        }
        self.values.write_number(cell, self.decimals, out);
        None
    }

    fn cell(&self, period: usize, payee: usize) -> Option<usize> {
        let (place, _) = self.periods.get(period).filter(|_| payee < self.payees)?;
        Some(place.saturating_mul(self.payees).saturating_add(payee))
    }

    /// Says whether a payee's own record can be read; of one whose key cannot, nobody knows who is paid.
    fn is_sound(&self, payee: usize) -> bool {
        self.faulty
            .and_then(|faulty| faulty.get(payee))
            .is_none_or(|error| *error == 0)
    }

    fn into_rows(self) -> impl Iterator<Item = PayRow<'r>> {
        let (payees, periods) = (self.payees(), self.periods());
        let places = (0..periods.len()).flat_map({
            let len = payees.len();
            move |period| (0..len).map(move |payee| (period, payee))
        });
        places.filter_map(move |(at, payee)| {
            let (period, period_label) = periods.get(at)?.clone();
            Some(PayRow {
                plan: self.plan,
                pay: self.pay,
                title: self.title,
                amount: self.amount(at, payee)?,
                payee: payees.get(payee)?.clone(),
                period,
                period_label,
                unit: self.unit.clone(),
                decimals: self.decimals,
            })
        })
    }
}
