//! The table `earnings`: one row for each line of each earn.

use std::ops::Range;

use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::graph::{EarnOutput, PlanOutput};
use guerdon_plan::hir::{Earn, Excess};
use guerdon_plan::number::Exact;
use guerdon_plan::types::{CalendarId, Scalar, TableId};

use super::{Amount, Report, unit_name};
use crate::column::Cell;
use crate::vector::Vector;

/// One line: what one earn made of one record for one payee (of an undated earn: for one payee and period).
#[derive(Debug, Clone, PartialEq)]
pub struct EarningRow<'r> {
    /// The plan.
    pub plan: &'r str,
    /// The earn.
    pub earn: &'r str,
    /// The key of the payee.
    pub payee: String,
    /// The period of the line.
    pub period: PeriodKey,
    /// The period as it is written.
    pub period_label: String,
    /// The day of the line.
    pub day: Option<Date>,
    /// The key of the record; empty for an undated earn.
    pub record: String,
    /// What amounts are counted in: an ISO code, or `points`.
    pub unit: String,
    /// The decimals of the unit, for printing.
    pub decimals: u8,
    /// The decimals of the base, for printing: those of its currency; 0 for a base that is no money.
    pub base_decimals: u8,
    /// The base as far as the formula has one: what tiers were applied to, or the first amount of a product.
    pub base: Option<Exact>,
    /// What was earned before the cap, divided by the base.
    pub rate: Option<Exact>,
    /// The amount earned: released and held together.
    pub earned: Amount,
    /// Released by the end of the run.
    pub released: Amount,
    /// Not released by the end of the run.
    pub held: Amount,
    /// Taken back by the end of the run.
    pub clawed_back: Amount,
    /// Payable by the end of the run: released less taken back.
    pub paid_to_date: Amount,
    /// Waits at the end of the run for somebody to look at it: a line that a review holds, or what a cap cut off it.
    pub in_review: Amount,
    /// Why lines of the earn are looked at; empty where no reason is given.
    pub review_because: &'r str,
}

/// The columns behind an earn's lines.
struct Columns<'r> {
    output: &'r EarnOutput,
    payee: Vector<'r>,
    period: Vector<'r>,
    day: Vector<'r>,
    row: Option<(TableId, Vector<'r>)>,
    base: Option<Vector<'r>>,
    uncut: Vector<'r>,
    earned: Vector<'r>,
    settled: Option<(Vector<'r>, Vector<'r>)>,
    waiting: Option<Vector<'r>>,
    excess: Option<Vector<'r>>,
}

impl Report<'_> {
    /// Lists what was earned, line by line, of periods that are shown.
    pub fn earnings(&self) -> impl Iterator<Item = EarningRow<'_>> {
        let plans = self.compiled.graph.outputs.iter();
        plans.flat_map(move |output| {
            output.earns.iter().flat_map(move |earn| {
                self.earning_rows(output, earn)
                    .chain(self.carried_rows(output, earn))
            })
        })
    }

    fn earning_rows<'r>(
        &'r self,
        output: &'r PlanOutput,
        earn: &'r EarnOutput,
    ) -> impl Iterator<Item = EarningRow<'r>> {
        let columns = self.columns(earn);
        let is_payee = earn.row.is_none().then(|| self.full(output.is_payee));
        let shown: Vec<PeriodKey> = self
            .shown_periods(output)
            .into_iter()
            .map(|(_, period)| period)
            .collect();
        let cells = 0..self.state.frame_len(earn.lines);
        cells.filter_map(move |cell| {
            let is_line = is_payee
                .as_ref()
                .is_none_or(|is_payee| may_have_line(is_payee, cell));
            let period = match columns.period.cell(cell) {
                Cell::Period(unit, index) => PeriodKey::new(unit, index),
                _ => return None,
            };
            (is_line && shown.contains(&period)).then(|| self.earning_row(output, &columns, cell, period))
        })
    }

    fn columns<'r>(&'r self, output: &'r EarnOutput) -> Columns<'r> {
        let row = output
            .row
            .and_then(|row| match self.compiled.graph.node(row)?.ty.scalar {
                Scalar::Row(table) => Some((table, self.full(row))),
                _ => None,
            });
        Columns {
            output,
            payee: self.full(output.payee),
            period: self.full(output.period),
            day: self.full(output.day),
            row,
            base: output.base.map(|base| self.full(base)),
            uncut: self.full(output.uncut),
            earned: self.full(output.earned),
            settled: output
                .moments
                .map(|moments| (self.full(moments.released), self.full(moments.paid))),
            waiting: output
                .moments
                .and_then(|moments| moments.waiting)
                .map(|waiting| self.full(waiting.amount)),
            excess: output.excess.map(|excess| self.full(excess)),
        }
    }

    fn earning_row<'r>(
        &'r self,
        output: &'r PlanOutput,
        columns: &Columns<'r>,
        cell: usize,
        period: PeriodKey,
    ) -> EarningRow<'r> {
        let plan = self.plan(output.plan);
        let earn = self.compiled.program.earn(columns.output.earn);
        let payee = match columns.payee.cell(cell) {
            Cell::Row(row) => self.key_text(output.payees, usize::try_from(row).unwrap_or(usize::MAX)),
            _ => String::new(),
        };
        let record = match columns
            .row
            .as_ref()
            .map(|(table, rows)| (*table, rows.cell(cell)))
        {
            Some((table, Cell::Row(row))) => self.key_text(table, usize::try_from(row).unwrap_or(usize::MAX)),
            _ => String::new(),
        };
        let day = match columns.day.cell(cell) {
            Cell::Date(day) => Date::from_days(day),
            _ => None,
        };
        let number = |vector: &Vector<'_>, cell: usize| match vector.cell(cell) {
            Cell::Number(number) => Some(number),
            _ => None,
        };
        let base = columns.base.as_ref().and_then(|base| number(base, cell));
        let base_decimals = columns
            .output
            .base
            .and_then(|base| self.compiled.graph.node(base))
            .map_or(0, |base| super::names::decimals_of(base.ty.scalar));
        let uncut = number(&columns.uncut, cell);
        let rate = base
            .as_ref()
            .zip(uncut)
            .and_then(|(base, uncut)| uncut.div(base).ok());
        let earned = number(&columns.earned, cell);
        let (released, paid) = match &columns.settled {
            Some((released, paid)) => {
                let last = self.last_moment(output, columns.output, cell);
                (
                    last.and_then(|last| number(released, last)),
                    last.and_then(|last| number(paid, last)),
                )
            }
            None => (earned.clone(), earned.clone()),
        };
        let zero = Some(Exact::ZERO);
        let waiting = match &columns.waiting {
            Some(waiting) => self
                .last_moment(output, columns.output, cell)
                .and_then(|last| number(waiting, last)),
            None => zero.clone(),
        };
        let excess = columns
            .excess
            .as_ref()
            .map_or(zero, |excess| number(excess, cell));
        let in_review = waiting
            .zip(excess)
            .and_then(|(waiting, excess)| waiting.add(&excess).ok());
        let less = |more: &Option<Exact>, less: &Option<Exact>| {
            more.as_ref()
                .zip(less.as_ref())
                .and_then(|(more, less)| more.sub(less).ok())
        };
        let calendar = plan.map_or(CalendarId(0), |plan| plan.calendar);
        EarningRow {
            plan: plan.map_or("", |plan| plan.naming.name.as_str()),
            earn: earn.map_or("", |earn| earn.naming.name.as_str()),
            payee,
            period,
            period_label: self.period_label(calendar, period),
            day,
            record,
            unit: unit_name(output.pays_in),
            decimals: self.unit_decimals(output),
            base_decimals,
            base,
            rate,
            held: amount(less(&earned, &released)),
            clawed_back: amount(less(&released, &paid)),
            earned: amount(earned),
            released: amount(released),
            paid_to_date: amount(paid),
            in_review: amount(in_review),
            review_because: earn.map_or("", because),
        }
    }

    /// Lists what is paid of what a cap cut off lines of earlier periods: it belongs to no record.
    fn carried_rows<'r>(
        &'r self,
        output: &'r PlanOutput,
        earn: &'r EarnOutput,
    ) -> impl Iterator<Item = EarningRow<'r>> {
        let carried = earn.carried.map(|carried| self.full(carried));
        let payees = self.state.rows(output.payees);
        let periods = if carried.is_some() {
            self.shown_periods(output)
        } else {
            Vec::new()
        };
        let places = (0..payees).flat_map(move |payee| {
            let periods = periods.clone();
            periods
                .into_iter()
                .map(move |(place, period)| (payee, place, period))
        });
        places.filter_map(move |(payee, place, period)| {
            let cell = place.checked_mul(payees)?.checked_add(payee)?;
            let paid = match carried.as_ref()?.cell(cell) {
                Cell::Number(paid) if paid.is_zero() => return None,
                Cell::Number(paid) => Amount::Known(paid),
                _ => Amount::Unknown,
            };
            Some(self.carried_row(output, earn, (payee, period), paid))
        })
    }

    fn carried_row<'r>(
        &'r self,
        output: &'r PlanOutput,
        earn: &'r EarnOutput,
        (payee, period): (usize, PeriodKey),
        paid: Amount,
    ) -> EarningRow<'r> {
        let plan = self.plan(output.plan);
        let calendar = plan.map_or(CalendarId(0), |plan| plan.calendar);
        let nothing = match &paid {
            Amount::Known(_) => Amount::Known(Exact::ZERO),
            Amount::Unknown => Amount::Unknown,
        };
        EarningRow {
            plan: plan.map_or("", |plan| plan.naming.name.as_str()),
            earn: self
                .compiled
                .program
                .earn(earn.earn)
                .map_or("", |earn| earn.naming.name.as_str()),
            payee: self.key_text(output.payees, payee),
            period,
            period_label: self.period_label(calendar, period),
            day: None,
            record: String::new(),
            unit: unit_name(output.pays_in),
            decimals: self.unit_decimals(output),
            base_decimals: 0,
            base: None,
            rate: None,
            held: nothing.clone(),
            clawed_back: nothing,
            earned: paid.clone(),
            released: paid.clone(),
            paid_to_date: paid,
            in_review: Amount::Known(Exact::ZERO),
            review_because: "",
        }
    }

    /// Gives the last settlement of a line by the end of the run; an axis may go on after it.
    fn last_moment(&self, plan: &PlanOutput, earn: &EarnOutput, line: usize) -> Option<usize> {
        let window = self.state.window(plan.axis);
        let run_end = i64::from(window.first).checked_add(i64::try_from(window.horizon_through).ok()?)?;
        let data = self.state.frame_data(earn.moments?.frame)?;
        let is_by_then = |cell: &usize| data.item(*cell).is_some_and(|period| period <= run_end);
        self.moments_of(earn, line).take_while(is_by_then).last()
    }

    /// Gives the settlements of a line.
    pub(super) fn moments_of(&self, output: &EarnOutput, line: usize) -> Range<usize> {
        let data = output
            .moments
            .and_then(|moments| self.state.frame_data(moments.frame));
        data.map_or(0..0, |data| data.of_parent(line))
    }
}

/// Says whether an undated earn has a line for a payee and period: also where nobody knows whether they are paid, since
/// a line of an unknown amount is seen and one that is left out is not.
pub(super) fn may_have_line(is_payee: &Vector<'_>, cell: usize) -> bool {
    !matches!(is_payee.cell(cell), Cell::Bool(false) | Cell::Missing)
}

fn amount(number: Option<Exact>) -> Amount {
    number.map_or(Amount::Unknown, Amount::Known)
}

/// Finds the reason for which lines are looked at: that of the review, otherwise that of a cap.
fn because(earn: &Earn) -> &str {
    let review = earn.review.iter().map(|review| &review.reason);
    let caps = earn.caps().filter(|cap| cap.excess == Excess::Review);
    let mut reasons = review.chain(caps.map(|cap| &cap.reason));
    reasons
        .find_map(|reason| reason.because.as_deref())
        .unwrap_or_default()
}
