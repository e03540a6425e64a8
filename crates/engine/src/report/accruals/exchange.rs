//! What the books say where a `pay` pays in another currency than its plan counts in: each amount in both, and what the
//! rate has changed between the day on which a line was earned and the day on which it is paid.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::graph::{NodeId, Op, PlanOutput};
use guerdon_plan::hir::{PaysIn, RoundingRule};
use guerdon_plan::number::{Exact, round};
use guerdon_plan::types::{DefinitionId, EarnId};

use super::entries::{Entry, Line};
use super::roles::Roles;
use super::{AccrualKind, Charge, minus, plus};
use crate::column::Cell;
use crate::evaluate::exchange::RateBook;
use crate::report::{Amount, Report, node_of};
use crate::vector::Vector;

/// A `pay` in another currency whose amount is one conversion of an amount of the plan.
pub(super) struct Exchange<'r> {
    pub pay: DefinitionId,
    /// What is paid.
    pub unit: PaysIn,
    earns: BTreeSet<EarnId>,
    /// Who is paid by it at all.
    pays_to: Vec<bool>,
    /// What is converted, by period and payee.
    converted: Vector<'r>,
    paid: Vector<'r>,
    payees: usize,
    book: RateBook,
    from: String,
    to: String,
    rounding: Option<&'r RoundingRule>,
}

/// What became payable to a payee in a period: in the plan's currency, and in the other at the rates of the lines' days.
pub(super) type Accrued = BTreeMap<(usize, PeriodKey), (Amount, Amount)>;

/// The amounts of one line by kind: to date in the plan's currency, and in the other.
#[derive(Default)]
pub(super) struct ToDate {
    sums: BTreeMap<AccrualKind, (Amount, Amount)>,
}

impl Exchange<'_> {
    /// Says whether it pays the lines of an earn.
    pub(super) fn pays(&self, earn: EarnId) -> bool {
        self.earns.contains(&earn)
    }

    /// Says whether it pays the lines of an earn to a payee.
    pub(super) fn is_of(&self, earn: EarnId, payee: Option<usize>) -> bool {
        let pays_to = payee.and_then(|payee| self.pays_to.get(payee));
        self.earns.contains(&earn) && pays_to == Some(&true)
    }

    /// Gives what is converted of a payee in a period; none where nothing is paid.
    pub(super) fn converted(&self, place: usize, payee: usize) -> Option<Amount> {
        let cell = place.saturating_mul(self.payees).saturating_add(payee);
        match (self.paid.cell(cell), self.converted.cell(cell)) {
            (Cell::Number(paid), _) if paid.is_zero() => None,
            (Cell::Number(_), Cell::Number(amount)) => Some(Amount::Known(amount)),
            (_, _) => Some(Amount::Unknown),
        }
    }

    /// Gives what an amount of a line comes to in the other currency, at the rate of the line's day: the change of
    /// what it has come to, so that rounding leaves nothing over.
    pub(super) fn of_line(
        &self,
        to_date: &mut ToDate,
        kind: AccrualKind,
        amount: &Amount,
        day: Option<Date>,
    ) -> Amount {
        let nothing = || (Amount::Known(Exact::ZERO), Amount::Known(Exact::ZERO));
        let (sum, told) = to_date.sums.entry(kind).or_insert_with(nothing);
        *sum = plus(sum, amount);
        let now = self.at_rate_of(sum, day);
        let change = minus(&now, told);
        *told = now;
        change
    }

    fn at_rate_of(&self, amount: &Amount, day: Option<Date>) -> Amount {
        let rate = day.and_then(|day| self.book.quote(&self.from, &self.to, day.days()).ok());
        let exact = rate.and_then(|quote| amount.exact()?.mul(&quote.rate).ok());
        self.rounded(exact)
    }

    fn rounded(&self, exact: Option<Exact>) -> Amount {
        let rounded = exact.and_then(|exact| match self.rounding {
            Some(rule) => round(&exact, rule.mode, &rule.step).ok(),
            None => Some(exact),
        });
        rounded.map_or(Amount::Unknown, Amount::Known)
    }

    /// Gives what of an amount of the plan was accrued in the other currency: at the average rate of what became payable
    /// in the period where the pay is not just that.
    fn accrued(&self, converted: &Amount, payable: &Amount, in_other: &Amount) -> Amount {
        if converted == payable {
            return in_other.clone();
        }
        let parts = converted.exact().zip(payable.exact()).zip(in_other.exact());
        self.rounded(parts.and_then(|((converted, payable), in_other)| {
            converted
                .mul(in_other)
                .and_then(|product| product.div(payable))
                .ok()
        }))
    }
}

impl Report<'_> {
    /// Lists the pays of a plan in other currencies.
    pub(super) fn exchanges<'r>(&'r self, output: &'r PlanOutput, roles: &Roles) -> Vec<Exchange<'r>> {
        let pays = self.plan(output.plan).map_or(&[][..], |plan| &plan.pays);
        let foreign = pays
            .iter()
            .filter(|pay| self.paid_in(output, **pay) != output.pays_in);
        foreign
            .filter_map(|pay| self.exchange(output, *pay, roles))
            .collect()
    }

    fn exchange<'r>(
        &'r self,
        output: &'r PlanOutput,
        pay: DefinitionId,
        roles: &Roles,
    ) -> Option<Exchange<'r>> {
        let node = node_of(output, pay)?;
        let (PaysIn::Money(from), PaysIn::Money(to)) = (output.pays_in, self.paid_in(output, pay)) else {
            return None;
        };
        let rate = self.only_rate(node)?;
        let graph = &self.compiled.graph;
        let Op::ExchangeRate { of, .. } = &graph.node(rate)?.op else {
            return None;
        };
        if graph.node(*of)?.frame != graph.node(node)?.frame {
            return None;
        }
        let paid = self.full(node);
        let payees = self.state.rows(output.payees);
        let mut pays_to = vec![false; payees];
        for (place, _) in self.horizon(output) {
            for (payee, is_paid) in pays_to.iter_mut().enumerate() {
                let cell = place.saturating_mul(payees).saturating_add(payee);
                *is_paid |= match paid.cell(cell) {
                    Cell::Number(paid) => !paid.is_zero(),
                    _ => false,
                };
            }
        }
        Some(Exchange {
            pay,
            unit: PaysIn::Money(to),
            earns: roles.paid_by(&self.compiled.program, pay),
            pays_to,
            converted: self.full(*of),
            paid,
            payees,
            book: RateBook::of(&self.state, rate)?,
            from: from.code().to_owned(),
            to: to.code().to_owned(),
            rounding: self.definition(pay)?.rounding.as_ref(),
        })
    }

    /// Finds the one rate behind a pay, on its own frame; none where there are several.
    fn only_rate(&self, pay: NodeId) -> Option<NodeId> {
        let graph = &self.compiled.graph;
        let frame = graph.node(pay)?.frame;
        let (mut open, mut seen) = (vec![pay], BTreeSet::from([pay]));
        let mut found = Vec::new();
        while let Some(id) = open.pop() {
            let Some(node) = graph.node(id).filter(|node| node.frame == frame) else {
                continue;
            };
            if matches!(node.op, Op::ExchangeRate { .. }) {
                found.push(id);
                continue;
            }
            open.extend(node.op.inputs().into_iter().filter(|input| seen.insert(*input)));
        }
        match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Lists what the rate has changed between the lines' days and the payment, payee by payee.
    pub(super) fn exchange_entries<'r>(
        &'r self,
        output: &'r PlanOutput,
        exchange: &Exchange<'r>,
        accrued: &Accrued,
    ) -> Vec<Entry<'r>> {
        let name = self.definition(exchange.pay);
        let statement = name.map_or("", |found| found.naming.name.as_str());
        let mut entries = Vec::new();
        for (place, period) in self.horizon(output) {
            for payee in 0..exchange.payees {
                let Some(converted) = exchange.converted(place, payee) else {
                    continue;
                };
                let Some((payable, in_other)) = accrued.get(&(payee, period)) else {
                    continue;
                };
                if super::entries::is_nothing(payable) {
                    continue;
                }
                let cell = place.saturating_mul(exchange.payees).saturating_add(payee);
                let paid = super::entries::number(&exchange.paid, cell);
                let amount = minus(&paid, &exchange.accrued(&converted, payable, in_other));
                if super::entries::is_nothing(&amount) {
                    continue;
                }
                entries.push(Entry {
                    kind: AccrualKind::ExchangeDifference,
                    statement,
                    payee: Some(payee),
                    line: Line::Period(period),
                    period,
                    day: None,
                    unit: exchange.unit,
                    amount,
                    equivalent: Some((output.pays_in, Amount::Known(Exact::ZERO))),
                    charge: Charge::AtOnce,
                });
            }
        }
        entries
    }
}

/// Adds up what lines that a pay pays have become payable.
pub(super) fn take_in(accrued: &mut Accrued, exchange: &Exchange<'_>, entry: &Entry<'_>) {
    let Some((payee, (unit, in_other))) = entry.payee.zip(entry.equivalent.as_ref()) else {
        return;
    };
    let is_settled = matches!(entry.kind, AccrualKind::Released | AccrualKind::ClawedBack);
    if *unit != exchange.unit || !is_settled {
        return;
    }
    let nothing = || (Amount::Known(Exact::ZERO), Amount::Known(Exact::ZERO));
    let (sum, other) = accrued.entry((payee, entry.period)).or_insert_with(nothing);
    let add = |sum: &Amount, amount: &Amount| match entry.kind {
        AccrualKind::ClawedBack => minus(sum, amount),
        AccrualKind::Earned
        | AccrualKind::Released
        | AccrualKind::Paid
        | AccrualKind::ExchangeDifference
        | AccrualKind::Amortised
        | AccrualKind::WrittenOff => plus(sum, amount),
    };
    (*sum, *other) = (add(sum, &entry.amount), add(other, in_other));
}
