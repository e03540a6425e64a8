//! Exchange rates, straight from what they mean.

use guerdon_plan::calendar::Date;
use guerdon_plan::hir::{Expr, Inverse, MissingDay, Rates};
use guerdon_plan::number::Currency;
use guerdon_plan::types::RatesId;
use num_traits::Zero;

use super::{Oracle, Scope, present};
use crate::value::{Cell, ErrorKind, Number, V, div, mul, number, whole};

/// Holds a rate with the days for which it holds; an absent end is open.
struct Quoted {
    begins: Option<Date>,
    ends: Option<Date>,
    rate: Result<Number, ErrorKind>,
}

impl Oracle<'_> {
    /// Gives an amount in another currency; nothing is nothing in every currency.
    pub(super) fn converted(
        &self,
        rates: RatesId,
        amount: &Expr,
        (from, to): (&Expr, Currency),
        on: &Expr,
        scope: &Scope,
    ) -> Cell {
        let amount = self.value(amount, scope)?;
        let rate = self.exchange_rate(rates, (from, to), on, scope);
        let Some(V::Number(amount)) = amount else {
            return rate.map(|_| None);
        };
        if rate == Err(ErrorKind::NoExchangeRate) && amount.is_zero() {
            return Ok(Some(V::Number(amount)));
        }
        Ok(rate?.map(|rate| V::Number(mul(&amount, &rate))))
    }

    /// Gives how much of one currency a unit of another is on a day.
    fn exchange_rate(
        &self,
        rates: RatesId,
        (from, to): (&Expr, Currency),
        on: &Expr,
        scope: &Scope,
    ) -> Result<Option<Number>, ErrorKind> {
        let from = self.value(from, scope)?;
        let on = self.value(on, scope)?;
        let (Some(V::Text(from)), Some(V::Date(day))) = (from, on) else {
            return Ok(None);
        };
        let rates = self
            .program
            .exchange_rates(rates)
            .ok_or(ErrorKind::NotEvaluable)?;
        let to = to.code();
        if *from == *to {
            return Ok(Some(whole(1)));
        }
        if let Some(rate) = self.either_way(rates, (&from, to), day, scope)? {
            return Ok(Some(rate));
        }
        if let Some(pivot) = rates.pivot
            && let Some(first) = self.either_way(rates, (&from, pivot.code()), day, scope)?
            && let Some(second) = self.either_way(rates, (pivot.code(), to), day, scope)?
        {
            return Ok(Some(mul(&first, &second)));
        }
        Err(ErrorKind::NoExchangeRate)
    }

    fn either_way(
        &self,
        rates: &Rates,
        (from, to): (&str, &str),
        day: Date,
        scope: &Scope,
    ) -> Result<Option<Number>, ErrorKind> {
        if let Some(rate) = self.quoted(rates, (from, to), day, scope)? {
            return Ok(Some(rate));
        }
        match rates.inverse {
            Inverse::Refused => Ok(None),
            Inverse::Allowed => self
                .quoted(rates, (to, from), day, scope)?
                .map(|rate| div(&whole(1), &rate))
                .transpose(),
        }
    }

    /// Finds the rate of a pair that is in force on a day, or the latest of those that have ended by then.
    fn quoted(
        &self,
        rates: &Rates,
        pair: (&str, &str),
        day: Date,
        scope: &Scope,
    ) -> Result<Option<Number>, ErrorKind> {
        let begun = self
            .quotes(rates, pair, scope)
            .into_iter()
            .filter(|quoted| quoted.begins.is_none_or(|begins| begins <= day));
        let Some(latest) = begun.max_by_key(|quoted| quoted.begins) else {
            return Ok(None);
        };
        let age = latest.ends.map_or(0, |ends| {
            i64::from(day.days()).saturating_sub(i64::from(ends.days()))
        });
        let counts = match rates.missing_day {
            _ if age <= 0 => true,
            MissingDay::Error => false,
            MissingDay::Previous { within: None } => true,
            MissingDay::Previous { within: Some(days) } => age <= i64::from(days),
        };
        if counts { latest.rate.map(Some) } else { Ok(None) }
    }

    /// Lists the rates of a pair: those given, otherwise those written in the rules.
    fn quotes(&self, rates: &Rates, (from, to): (&str, &str), scope: &Scope) -> Vec<Quoted> {
        if self.records.count(rates.table) == 0 {
            let written = rates.written.iter();
            let of_pair = written.filter(|one| one.from.code() == from && one.to.code() == to);
            return of_pair
                .map(|one| Quoted {
                    begins: one.effective.from,
                    ends: one.effective.through,
                    rate: Ok(number(&one.rate)),
                })
                .collect();
        }
        let mut found = Vec::new();
        for row in self.rows_of(rates.table, scope) {
            let cell = |field| self.records.cell(rates.table, row, field);
            let is_code =
                |cell: Option<&V>, code: &str| matches!(cell, Some(V::Text(text)) if **text == *code);
            let is_of_pair = is_code(cell(Rates::FROM), from) && is_code(cell(Rates::TO), to);
            if let (true, Some(V::Date(day))) = (is_of_pair, cell(Rates::DAY)) {
                let rate = present(self.field(&V::Row(rates.table, row), Rates::RATE, scope));
                let rate = rate.and_then(|rate| {
                    let V::Number(rate) = rate else {
                        return Err(ErrorKind::NotEvaluable);
                    };
                    Ok(rate)
                });
                found.push(Quoted {
                    begins: Some(*day),
                    ends: Some(*day),
                    rate,
                });
            }
        }
        found
    }
}
