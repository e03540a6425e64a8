//! Proposals line by line: what becomes of each line by the end of the run, and what is paid.

use std::sync::Arc;

use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::graph::{EarnOutput, FrameId, PlanOutput};
use guerdon_plan::hir::PaysIn;
use guerdon_plan::number::Exact;
use guerdon_plan::types::{EarnId, Scalar, TableId};

use super::exchange::{Accrued, Exchange, ToDate, take_in};
use super::roles::{Role, Roles};
use super::{AccrualKind, Charge, minus};
use crate::column::Cell;
use crate::report::earnings::may_have_line;
use crate::report::{Amount, Report, node_of};
use crate::vector::Vector;

/// A proposal before its names are written out.
pub(super) struct Entry<'r> {
    pub kind: AccrualKind,
    pub statement: &'r str,
    pub payee: Option<usize>,
    pub line: Line,
    pub period: PeriodKey,
    pub day: Option<Date>,
    pub unit: PaysIn,
    pub amount: Amount,
    /// What that is in the other currency, where the plan's is not the one that is paid in.
    pub equivalent: Option<(PaysIn, Amount)>,
    pub charge: Charge,
}

/// What a proposal is about.
#[derive(Clone, Copy)]
pub(super) enum Line {
    /// The line of a record.
    Record(TableId, usize),
    /// The line of a period.
    Period(PeriodKey),
    /// What is paid in a period of what a cap cut off earlier lines.
    Carried(PeriodKey),
}

impl Report<'_> {
    /// Lists what becomes of the lines of a plan's earns, then what is paid.
    pub(super) fn entries<'r>(&'r self, output: &'r PlanOutput) -> impl Iterator<Item = Entry<'r>> + 'r {
        let roles = Roles::of(&self.compiled.program, output.plan);
        let exchanges: Arc<[Exchange<'r>]> = self.exchanges(output, &roles).into();
        let (paying, after) = (roles.clone(), roles.clone());
        let (paid, differing) = (Arc::clone(&exchanges), Arc::clone(&exchanges));
        let lines = output.earns.iter().flat_map(move |earn| {
            let role = roles.of_earn(earn.earn);
            role.into_iter().flat_map({
                let exchanges = Arc::clone(&exchanges);
                move |role| self.earn_entries(output, earn, role, &exchanges)
            })
        });
        let differences =
            (0..differing.len()).flat_map(move |place| self.differences(output, &after, &differing, place));
        lines
            .chain(self.pay_entries(output, paying, paid))
            .chain(differences)
    }

    /// Lists what becomes of all amounts of an earn.
    fn earn_entries<'r>(
        &'r self,
        output: &'r PlanOutput,
        earn: &'r EarnOutput,
        role: Role,
        exchanges: &Arc<[Exchange<'r>]>,
    ) -> impl Iterator<Item = Entry<'r>> + use<'r> {
        let lines = self.line_entries(output, earn, role, Arc::clone(exchanges));
        lines.chain(self.carried_entries(output, earn, role, Arc::clone(exchanges)))
    }

    /// Lists what the rate has changed until a `pay` in another currency pays what became payable.
    fn differences<'r>(
        &'r self,
        output: &'r PlanOutput,
        roles: &Roles,
        exchanges: &Arc<[Exchange<'r>]>,
        place: usize,
    ) -> Vec<Entry<'r>> {
        let Some(exchange) = exchanges.get(place) else {
            return Vec::new();
        };
        let mut accrued = Accrued::new();
        for earn in output.earns.iter().filter(|earn| exchange.pays(earn.earn)) {
            let role = roles.of_earn(earn.earn);
            let entries = role.map(|role| self.earn_entries(output, earn, role, exchanges));
            for entry in entries.into_iter().flatten() {
                take_in(&mut accrued, exchange, &entry);
            }
        }
        self.exchange_entries(output, exchange, &accrued)
    }

    /// Lists what becomes of the lines of an earn.
    fn line_entries<'r>(
        &'r self,
        output: &'r PlanOutput,
        earn: &'r EarnOutput,
        role: Role,
        exchanges: Arc<[Exchange<'r>]>,
    ) -> impl Iterator<Item = Entry<'r>> + use<'r> {
        let columns = self.line_columns(output, earn);
        (0..self.state.frame_len(earn.lines)).flat_map(move |cell| {
            let mut entries = Vec::new();
            if let Some(line) = columns.line(cell) {
                self.entries_of_line(earn, &columns, line, cell, &mut |kind, period, amount| {
                    if !is_nothing(&amount) {
                        entries.push(columns.entry(line, kind, period, role.signed(amount)));
                    }
                });
                let day = line.day.or_else(|| self.last_day(output, line.period));
                tell_in_other(&exchanges, earn.earn, day, &mut entries);
            }
            entries
        })
    }

    /// Gives the last day of a period.
    fn last_day(&self, output: &PlanOutput, period: PeriodKey) -> Option<Date> {
        let calendar = self.plan(output.plan)?.calendar;
        let calendar = self.compiled.program.calendar(calendar)?;
        calendar.range(period)?.last_day()
    }

    fn line_columns<'r>(&'r self, output: &'r PlanOutput, earn: &'r EarnOutput) -> LineColumns<'r> {
        let row = earn
            .row
            .and_then(|row| match self.compiled.graph.node(row)?.ty.scalar {
                Scalar::Row(table) => Some((table, self.full(row))),
                _ => None,
            });
        let moments = earn.moments.map(|moments| MomentColumns {
            frame: moments.frame,
            released: self.full(moments.released),
            paid: self.full(moments.paid),
        });
        let last = self.horizon(output).last().map(|(_, period)| *period);
        let name = self.compiled.program.earn(earn.earn);
        LineColumns {
            statement: name.map_or("", |earn| earn.naming.name.as_str()),
            is_payee: earn.row.is_none().then(|| self.full(output.is_payee)),
            payee: self.full(earn.payee),
            period: self.full(earn.period),
            day: self.full(earn.day),
            row,
            earned: self.full(earn.earned),
            moments,
            spread: earn.spread.map(|spread| SpreadColumns {
                frame: spread.frame,
                amortised: self.full(spread.amortised),
                written_off: self.full(spread.written_off),
            }),
            unit: output.pays_in,
            last,
        }
    }

    fn entries_of_line(
        &self,
        earn: &EarnOutput,
        columns: &LineColumns<'_>,
        line: LinePlace,
        cell: usize,
        found: &mut impl FnMut(AccrualKind, PeriodKey, Amount),
    ) {
        let earned = number(&columns.earned, cell);
        found(AccrualKind::Earned, line.period, earned.clone());
        if let Some(spread) = &columns.spread {
            self.spread_of_line(columns, spread, line, cell, found);
        }
        let Some(moments) = &columns.moments else {
            found(AccrualKind::Released, line.period, earned);
            return;
        };
        let zero = Amount::Known(Exact::ZERO);
        let (mut released, mut taken) = (zero.clone(), zero);
        for at in self.moments_of(earn, cell) {
            let period = self.period_of_cell(moments.frame, line.period, at);
            let Some(period) = period.filter(|period| columns.last.is_some_and(|last| *period <= last))
            else {
                break;
            };
            let now = number(&moments.released, at);
            let less = minus(&now, &number(&moments.paid, at));
            found(AccrualKind::Released, period, minus(&now, &released));
            found(AccrualKind::ClawedBack, period, minus(&less, &taken));
            (released, taken) = (now, less);
        }
    }

    /// Lists what each period bears of a line that is spread, and what is written off.
    fn spread_of_line(
        &self,
        columns: &LineColumns<'_>,
        spread: &SpreadColumns<'_>,
        line: LinePlace,
        cell: usize,
        found: &mut impl FnMut(AccrualKind, PeriodKey, Amount),
    ) {
        let data = self.state.frame_data(spread.frame);
        let zero = Amount::Known(Exact::ZERO);
        let (mut amortised, mut written_off) = (zero.clone(), zero);
        for at in data.map_or(0..0, |data| data.of_parent(cell)) {
            let period = self.period_of_cell(spread.frame, line.period, at);
            let Some(period) = period.filter(|period| columns.last.is_some_and(|last| *period <= last))
            else {
                break;
            };
            let (now, gone) = (number(&spread.amortised, at), number(&spread.written_off, at));
            found(AccrualKind::Amortised, period, minus(&now, &amortised));
            found(AccrualKind::WrittenOff, period, minus(&gone, &written_off));
            (amortised, written_off) = (now, gone);
        }
    }

    /// Gives the period of a settlement, which has the length of that of its line.
    fn period_of_cell(&self, frame: FrameId, line: PeriodKey, at: usize) -> Option<PeriodKey> {
        let item = self.state.frame_data(frame)?.item(at)?;
        Some(PeriodKey::new(line.unit, i32::try_from(item).ok()?))
    }

    /// Lists what is paid of what a cap cut off lines of earlier periods: it is earned as soon as there is room.
    fn carried_entries<'r>(
        &'r self,
        output: &'r PlanOutput,
        earn: &'r EarnOutput,
        role: Role,
        exchanges: Arc<[Exchange<'r>]>,
    ) -> impl Iterator<Item = Entry<'r>> + use<'r> {
        let carried = earn.carried.map(|carried| self.full(carried));
        let payees = self.state.rows(output.payees);
        let name = self.compiled.program.earn(earn.earn);
        let statement = name.map_or("", |earn| earn.naming.name.as_str());
        let mut entries = Vec::new();
        for (place, period) in carried.as_ref().map(|_| self.horizon(output)).unwrap_or_default() {
            for payee in 0..payees {
                let Some(carried) = &carried else { break };
                let cell = place.saturating_mul(payees).saturating_add(payee);
                let amount = role.signed(number(carried, cell));
                if is_nothing(&amount) {
                    continue;
                }
                let kinds = [AccrualKind::Earned, AccrualKind::Released];
                let mut both = kinds.map(|kind| Entry {
                    kind,
                    statement,
                    payee: Some(payee),
                    line: Line::Carried(period),
                    period,
                    day: None,
                    unit: output.pays_in,
                    amount: amount.clone(),
                    equivalent: None,
                    charge: Charge::AtOnce,
                });
                tell_in_other(&exchanges, earn.earn, self.last_day(output, period), &mut both);
                entries.extend(both);
            }
        }
        entries.into_iter()
    }

    /// Lists what is paid; a `pay` that reads no earn is earned and released as it is paid.
    fn pay_entries<'r>(
        &'r self,
        output: &'r PlanOutput,
        roles: Roles,
        exchanges: Arc<[Exchange<'r>]>,
    ) -> impl Iterator<Item = Entry<'r>> + use<'r> {
        let pays = self.plan(output.plan).map_or(&[][..], |plan| &plan.pays);
        let pays = pays.iter().filter_map(|pay| Some((*pay, node_of(output, *pay)?)));
        pays.flat_map(move |(pay, node)| {
            let periods = self.horizon(output);
            let column = self.pay_column(output, pay, node, periods.clone());
            let kinds: &[AccrualKind] = if roles.pays_lines(pay) {
                &[AccrualKind::Paid]
            } else {
                &[AccrualKind::Earned, AccrualKind::Released, AccrualKind::Paid]
            };
            let unit = self.paid_in(output, pay);
            let exchange = exchanges.iter().find(|exchange| exchange.pay == pay);
            let mut entries = Vec::new();
            for (at, (place, period)) in periods.iter().enumerate() {
                for payee in 0..self.state.rows(output.payees) {
                    let amount = column.amount(at, payee).filter(|amount| !is_nothing(amount));
                    let Some(amount) = amount else { continue };
                    let converted = exchange.and_then(|exchange| exchange.converted(*place, payee));
                    entries.extend(kinds.iter().map(|kind| Entry {
                        kind: *kind,
                        statement: column.pay,
                        payee: Some(payee),
                        line: Line::Period(*period),
                        period: *period,
                        day: None,
                        unit,
                        amount: amount.clone(),
                        equivalent: converted.clone().map(|amount| (output.pays_in, amount)),
                        charge: Charge::AtOnce,
                    }));
                }
            }
            entries
        })
    }
}

/// Tells the amounts of one line in the currency that it is paid in, too, at the rate of the line's day.
fn tell_in_other(exchanges: &[Exchange<'_>], earn: EarnId, day: Option<Date>, entries: &mut [Entry<'_>]) {
    let payee = entries.first().and_then(|entry| entry.payee);
    let Some(exchange) = exchanges.iter().find(|exchange| exchange.is_of(earn, payee)) else {
        return;
    };
    let mut to_date = ToDate::default();
    for entry in entries {
        let told = exchange.of_line(&mut to_date, entry.kind, &entry.amount, day);
        entry.equivalent = Some((exchange.unit, told));
    }
}

/// The columns behind the lines of an earn.
struct LineColumns<'r> {
    statement: &'r str,
    unit: PaysIn,
    /// The last period of the run.
    last: Option<PeriodKey>,
    /// Where an undated earn has lines.
    is_payee: Option<Vector<'r>>,
    payee: Vector<'r>,
    period: Vector<'r>,
    day: Vector<'r>,
    row: Option<(TableId, Vector<'r>)>,
    earned: Vector<'r>,
    moments: Option<MomentColumns<'r>>,
    spread: Option<SpreadColumns<'r>>,
}

/// The columns behind what the books spread.
struct SpreadColumns<'r> {
    frame: FrameId,
    amortised: Vector<'r>,
    written_off: Vector<'r>,
}

/// The columns behind the settlements of lines.
struct MomentColumns<'r> {
    frame: FrameId,
    released: Vector<'r>,
    paid: Vector<'r>,
}

/// What is known of one line.
#[derive(Clone, Copy)]
struct LinePlace {
    payee: Option<usize>,
    line: Line,
    period: PeriodKey,
    day: Option<Date>,
}

impl<'r> LineColumns<'r> {
    /// Reads what a line is about; nothing where there is no line.
    fn line(&self, cell: usize) -> Option<LinePlace> {
        let is_payee = self.is_payee.as_ref();
        if !is_payee.is_none_or(|is_payee| may_have_line(is_payee, cell)) {
            return None;
        }
        let Cell::Period(unit, index) = self.period.cell(cell) else {
            return None;
        };
        let period = PeriodKey::new(unit, index);
        if self.last.is_none_or(|last| period > last) {
            return None;
        }
        let record = self
            .row
            .as_ref()
            .and_then(|(table, rows)| Some((*table, row(rows, cell)?)));
        let day = match self.day.cell(cell) {
            Cell::Date(day) => Date::from_days(day),
            _ => None,
        };
        Some(LinePlace {
            payee: row(&self.payee, cell),
            line: record.map_or(Line::Period(period), |(table, row)| Line::Record(table, row)),
            period,
            day: day.filter(|_| record.is_some()),
        })
    }

    fn entry(&self, line: LinePlace, kind: AccrualKind, period: PeriodKey, amount: Amount) -> Entry<'r> {
        Entry {
            kind,
            statement: self.statement,
            payee: line.payee,
            line: line.line,
            period,
            day: line.day.filter(|_| kind == AccrualKind::Earned),
            unit: self.unit,
            amount,
            equivalent: None,
            charge: if self.spread.is_some() {
                Charge::Spread
            } else {
                Charge::AtOnce
            },
        }
    }
}

pub(super) fn is_nothing(amount: &Amount) -> bool {
    matches!(amount, Amount::Known(amount) if amount.is_zero())
}

pub(super) fn number(vector: &Vector<'_>, cell: usize) -> Amount {
    match vector.cell(cell) {
        Cell::Number(number) => Amount::Known(number),
        _ => Amount::Unknown,
    }
}

fn row(vector: &Vector<'_>, cell: usize) -> Option<usize> {
    match vector.cell(cell) {
        Cell::Row(row) => usize::try_from(row).ok(),
        _ => None,
    }
}
