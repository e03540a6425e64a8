//! Sums of proposals by payee and currency.

use guerdon_plan::hir::PaysIn;
use guerdon_plan::number::Exact;

use super::{AccrualKind, Charge, plus};
use crate::report::Amount;

/// How many sums there are of one payee and currency: one for each kind, and each charge.
const SUMS: usize = 14;

/// The sums of all payees: of each currency one place for each payee, the first for a payee that is not known.
pub(super) struct Books {
    payees: usize,
    units: Vec<(PaysIn, Vec<Option<Box<Sums>>>)>,
}

/// The sums of one payee in one currency; nothing where nothing was added.
pub(super) struct Sums {
    by_place: [Option<Amount>; SUMS],
}

impl Books {
    pub(super) fn of(unit: PaysIn, payees: usize) -> Self {
        let mut books = Self {
            payees,
            units: Vec::new(),
        };
        books.open(unit);
        books
    }

    pub(super) fn add(
        &mut self,
        payee: Option<usize>,
        unit: PaysIn,
        (kind, charge): (AccrualKind, Charge),
        amount: &Amount,
    ) {
        let known = self.units.iter().position(|(known, _)| *known == unit);
        let unit = known.unwrap_or_else(|| self.open(unit));
        let payee = payee.map_or(0, |payee| payee.saturating_add(1));
        let sums = self.units.get_mut(unit);
        let Some(sums) = sums.and_then(|(_, payees)| payees.get_mut(payee)) else {
            return;
        };
        let sums = sums.get_or_insert_with(|| {
            Box::new(Sums {
                by_place: [const { None }; SUMS],
            })
        });
        if let Some(sum) = sums.by_place.get_mut(place(kind, charge)) {
            *sum = Some(match sum {
                Some(sum) => plus(sum, amount),
                None => amount.clone(),
            });
        }
    }

    /// Lists the sums, payee by payee and currency by currency.
    pub(super) fn sums(&self) -> impl Iterator<Item = (Option<usize>, PaysIn, &Sums)> {
        (0..=self.payees).flat_map(move |payee| {
            self.units.iter().filter_map(move |(unit, payees)| {
                let sums = payees.get(payee)?.as_deref()?;
                Some((payee.checked_sub(1), *unit, sums))
            })
        })
    }

    fn open(&mut self, unit: PaysIn) -> usize {
        let mut payees = Vec::new();
        payees.resize_with(self.payees.saturating_add(1), || None);
        self.units.push((unit, payees));
        self.units.len().saturating_sub(1)
    }
}

impl Sums {
    pub(super) fn of(&self, (kind, charge): (AccrualKind, Charge)) -> Amount {
        let sum = self.by_place.get(place(kind, charge)).cloned().flatten();
        sum.unwrap_or(Amount::Known(Exact::ZERO))
    }
}

const fn place(kind: AccrualKind, charge: Charge) -> usize {
    let kind = match kind {
        AccrualKind::Earned => 0,
        AccrualKind::Released => 2,
        AccrualKind::ClawedBack => 4,
        AccrualKind::Paid => 6,
        AccrualKind::Amortised => 8,
        AccrualKind::WrittenOff => 10,
        AccrualKind::ExchangeDifference => 12,
    };
    match charge {
        Charge::AtOnce => kind,
        Charge::Spread => kind | 1,
    }
}
