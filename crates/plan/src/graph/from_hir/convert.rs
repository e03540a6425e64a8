//! Exchange rates.

use super::Builder;
use super::scope::Scope;
use crate::graph::{NodeId, Op, RateColumns};
use crate::hir::{Expr, Factor, Rates};
use crate::number::Currency;
use crate::types::{FieldId, RatesId, Scalar, Ty};

use super::Construct;

impl Builder<'_> {
    /// Lowers a conversion: the amount times the rate, whose records are read as any other record is.
    pub(super) fn converted(
        &mut self,
        (rates, to): (RatesId, Currency),
        [amount, from, on]: [&Expr; 3],
        scope: &Scope,
        expr: &Expr,
    ) -> NodeId {
        let Some(table) = self.program.exchange_rates(rates).map(|rates| rates.table) else {
            return self.refuse(Construct::Faulty, expr.span);
        };
        let amount = self.expr(amount, scope);
        let from = self.expr(from, scope);
        let on = self.expr(on, scope);
        let mut column = |field: FieldId| self.stored(table, field, scope, expr.span);
        let records = RateColumns {
            from: column(Rates::FROM),
            to: column(Rates::TO),
            day: column(Rates::DAY),
            rate: column(Rates::RATE),
        };
        let op = Op::ExchangeRate {
            rates,
            records,
            of: amount,
            from,
            to,
            on,
        };
        let frame = self.common_frame(scope, &[amount, from, on]);
        let rate = self.node(op, frame, Ty::always(Scalar::Number), expr.span);
        let factors = vec![(Factor::Times, amount), (Factor::Times, rate)];
        self.node(Op::Product(factors), frame, expr.ty, expr.span)
    }
}
