//! The tables of what the books are to say.

use guerdon::report::{AccrualBalance, AccrualRow};

use super::{Cell, Cells, Row};

pub(super) const ACCRUALS: &[(&str, Cells)] = &[
    ("date", Cells::Date),
    ("debit", Cells::Text),
    ("credit", Cells::Text),
    ("currency", Cells::Text),
    ("amount", Cells::Amount),
    ("equivalent_currency", Cells::Text),
    ("equivalent", Cells::Amount),
];
pub(super) const BALANCES: &[(&str, Cells)] = &[
    ("earned", Cells::Amount),
    ("released", Cells::Amount),
    ("clawed_back", Cells::Amount),
    ("paid", Cells::Amount),
    ("accrued", Cells::Amount),
    ("payable", Cells::Amount),
    ("amortised", Cells::Amount),
    ("written_off", Cells::Amount),
    ("contract_cost", Cells::Amount),
    ("exchange_difference", Cells::Amount),
];

pub(super) fn accrual(row: AccrualRow<'_>) -> Row<'_> {
    let (other, told) = match row.equivalent {
        Some(other) => (Cell::text(other.unit), Cell::amount(other.amount, other.decimals)),
        None => (Cell::Null, Cell::Null),
    };
    vec![
        Cell::text(row.id),
        Cell::text(row.plan),
        Cell::text(row.kind.id()),
        Cell::text(row.statement),
        Cell::text(row.payee),
        Cell::filled(row.record),
        Cell::text(row.period_label),
        row.day.map_or(Cell::Null, |day| Cell::Date(day.days())),
        Cell::text(row.debit.id()),
        Cell::text(row.credit.id()),
        Cell::text(row.unit),
        Cell::amount(row.amount, row.decimals),
        other,
        told,
    ]
}

pub(super) fn balance(row: AccrualBalance<'_>) -> Row<'_> {
    let amounts = [
        row.earned,
        row.released,
        row.clawed_back,
        row.paid,
        row.accrued,
        row.payable,
        row.amortised,
        row.written_off,
        row.contract_cost,
        row.exchange_difference,
    ];
    let names = [Cell::text(row.plan), Cell::text(row.payee), Cell::text(row.unit)];
    let amounts = amounts
        .into_iter()
        .map(|amount| Cell::amount(amount, row.decimals));
    names.into_iter().chain(amounts).collect()
}
