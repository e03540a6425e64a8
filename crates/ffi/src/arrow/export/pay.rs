//! The table of pay, straight from the columns of the report: most of its rows say the same names again and again.

use std::sync::Arc;

use guerdon::report::{Amount, PayColumn};

use super::super::abi::ArrowArray;
use super::BATCH;
use super::columns::{Dictionary, Draft, Form, Growing};
use crate::results::Results;
use crate::tables::Cell;

/// Reads what is paid; the names have one code in all batches.
pub(super) struct Pay {
    results: Arc<Results>,
    columns: Vec<Codes>,
    /// The names of plans, statements, payees, periods and currencies.
    names: [Dictionary; 5],
    /// Where the next row comes from.
    column: usize,
    period: usize,
    payee: usize,
}

/// The codes of the names of one `pay` statement.
struct Codes {
    plan: i32,
    pay: i32,
    currency: i32,
    payees: Vec<i32>,
    periods: Vec<i32>,
}

/// A batch while rows come in.
struct Batch {
    names: [Vec<i32>; 5],
    amounts: Growing,
    len: usize,
}

impl Pay {
    /// Begins to read; none where the names are too long for one dictionary.
    pub(super) fn begin(results: &Arc<Results>) -> Option<Self> {
        let mut drafts: [Draft; 5] = Default::default();
        let columns = results.borrow_dependent().pay_columns();
        let columns = columns.iter().map(|column| Codes::of(column, &mut drafts));
        let columns = columns.collect();
        drafts.iter().all(Draft::is_countable).then(|| Self {
            results: Arc::clone(results),
            columns,
            names: drafts.map(Draft::finish),
            column: 0,
            period: 0,
            payee: 0,
        })
    }

    /// Writes the next rows as columns; none where there are no more.
    pub(super) fn next(&mut self, amount: Form) -> Option<(usize, Vec<ArrowArray>)> {
        let mut batch = Batch {
            names: Default::default(),
            amounts: amount.growing(),
            len: 0,
        };
        let columns = self.results.borrow_dependent().pay_columns();
        while let Some((column, codes)) = columns.get(self.column).zip(self.columns.get(self.column)) {
            let Some(period) = codes.periods.get(self.period) else {
                (self.column, self.period) = (self.column.saturating_add(1), 0);
                continue;
            };
            let payees = codes.payees.iter().enumerate().skip(self.payee);
            for (place, payee) in payees.take(BATCH.saturating_sub(batch.len)) {
                if let Some(amount) = column.amount(self.period, place) {
                    let names = [codes.plan, codes.pay, *payee, *period, codes.currency];
                    batch.push(names, amount, column.decimals);
                }
                self.payee = place.saturating_add(1);
            }
            if self.payee < codes.payees.len() {
                if batch.len < BATCH {
                    // Some are not paid then.
                    continue;
                }
                break;
            }
            (self.period, self.payee) = (self.period.saturating_add(1), 0);
        }
        (batch.len > 0).then(|| (batch.len, batch.finish(&self.names)))
    }
}

impl Codes {
    fn of(column: &PayColumn<'_>, drafts: &mut [Draft; 5]) -> Self {
        let [plans, pays, payees, periods, currencies] = drafts;
        Self {
            plan: plans.code(column.plan),
            pay: pays.code(column.pay),
            currency: currencies.code(&column.unit),
            payees: column.payees().iter().map(|name| payees.code(name)).collect(),
            periods: column
                .periods()
                .iter()
                .map(|(_, label)| periods.code(label))
                .collect(),
        }
    }
}

impl Batch {
    fn push(&mut self, names: [i32; 5], amount: Amount, decimals: u8) {
        for (column, code) in self.names.iter_mut().zip(names) {
            column.push(code);
        }
        self.amounts.push(self.len, &Cell::amount(amount, decimals));
        self.len = self.len.saturating_add(1);
    }

    fn finish(self, names: &[Dictionary; 5]) -> Vec<ArrowArray> {
        let coded = names
            .iter()
            .zip(self.names)
            .map(|(names, codes)| names.coded(codes));
        coded.chain([self.amounts.array(self.len)]).collect()
    }
}
