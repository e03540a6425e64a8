//! Places, shares and texts: each worked out anew for the one record that is asked about, by looking at all others.

use std::cmp::Ordering;

use guerdon_plan::hir::{Allocation, Direction, Domain, Expr, Piece, RankTies, Ranking, Rest, Unweighted};
use guerdon_plan::number::Rounding;
use guerdon_plan::types::{BinderId, Scalar, TableId};
use num_integer::Integer;
use num_traits::{Signed, Zero};

use super::expr::number_cell;
use super::{Oracle, Scope, all_of};
use crate::rounding::round;
use crate::value::{Cell, ErrorKind, Number, V, add, counted, div, mul, number, sub, whole, zero};
use crate::words::value_text;

/// Says among which records of a table a record is seen, and how they are grouped.
struct Among<'e> {
    binder: BinderId,
    domain: &'e Domain,
    filter: Option<&'e Expr>,
    within: &'e [Expr],
    /// What must be there for a record to count.
    keys: Vec<&'e Expr>,
    scope: &'e Scope,
}

/// Holds what a record is ranked by.
type Keys = Vec<(V, Direction)>;

impl Oracle<'_> {
    pub(super) fn rank(&self, ranking: &Ranking, scope: &Scope) -> Cell {
        let among = Among {
            binder: ranking.binder,
            domain: &ranking.domain,
            filter: ranking.filter.as_ref(),
            within: &ranking.within,
            keys: ranking.keys.iter().map(|(key, _)| key).collect(),
            scope,
        };
        let Some((row, group)) = self.group_of(&ranking.row, &among)? else {
            return Ok(None);
        };
        let keys = |row: usize| -> Result<Keys, ErrorKind> {
            let values = self.keys(row, &among)?.ok_or(ErrorKind::NotEvaluable)?;
            let directions = ranking.keys.iter().map(|(_, direction)| *direction);
            Ok(values.into_iter().zip(directions).collect())
        };
        let own = keys(row)?;
        let all = group.into_iter().map(keys).collect::<Result<Vec<Keys>, _>>()?;
        number_cell(place(&own, all, ranking.ties)?)
    }

    pub(super) fn shared_out(&self, allocation: &Allocation, scope: &Scope) -> Cell {
        let among = Among {
            binder: allocation.binder,
            domain: &allocation.domain,
            filter: allocation.filter.as_ref(),
            within: &allocation.within,
            keys: Vec::new(),
            scope,
        };
        let Some((row, group)) = self.group_of(&allocation.row, &among)? else {
            return Ok(None);
        };
        let (mut amounts, mut weights) = (Vec::new(), Vec::new());
        for member in &group {
            let inner = among.at(*member);
            amounts.push(self.value(&allocation.amount, &inner)?);
            weights.push(match self.value(&allocation.weight, &inner)? {
                Some(V::Number(weight)) => weight,
                None => zero(),
                Some(_) => return Err(ErrorKind::NotEvaluable),
            });
        }
        if amounts.iter().any(|amount| Some(amount) != amounts.first()) {
            return Err(ErrorKind::AmountsDiffer);
        }
        let Some(Some(V::Number(amount))) = amounts.first() else {
            return Ok(None);
        };
        let shares = divided(
            amount,
            weights,
            (&number(&allocation.step), allocation.rounding),
            allocation.rest,
            allocation.unweighted,
        )?;
        let own = group.iter().zip(shares).find(|(member, _)| **member == row);
        own.map_or(Ok(None), |(_, share)| number_cell(share))
    }

    pub(super) fn words(&self, pieces: &[Piece], scope: &Scope) -> Cell {
        let mut text = String::new();
        let mut is_whole = true;
        for piece in pieces {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Value(value) => match self.value(value, scope)? {
                    Some(V::Number(number)) => text.push_str(&digits(&number)),
                    Some(value) => text.push_str(&value_text(self.program(), self.records(), &value)),
                    None => is_whole = false,
                },
            }
        }
        Ok(is_whole.then(|| V::Text(text.into())))
    }

    /// Finds a record and those of its group, itself among them; none where it does not count.
    fn group_of(&self, row: &Expr, among: &Among<'_>) -> Result<Option<(usize, Vec<usize>)>, ErrorKind> {
        let row = self.value(row, among.scope)?;
        // Whose team it is, is a choice, as for a sum.
        let members = self.items(among.domain, &among.scope.choosing())?.into_iter();
        let rows: Vec<usize> = members
            .filter_map(|member| {
                if let V::Row(_, row) = member {
                    Some(row)
                } else {
                    None
                }
            })
            .collect();
        let Some(V::Row(_, row)) = row else {
            return Ok(None);
        };
        if !rows.contains(&row) || !self.counts(row, among)? {
            return Ok(None);
        }
        let parts = |row: usize| -> Vec<Cell> {
            let inner = among.at(row).choosing();
            among.within.iter().map(|part| self.value(part, &inner)).collect()
        };
        let own = parts(row);
        let mut group = Vec::new();
        for other in rows {
            let same = own
                .iter()
                .zip(parts(other))
                .map(|(own, other)| Ok(own.clone()? == other?));
            if all_of([self.counts(other, among)].into_iter().chain(same))? {
                group.push(other);
            }
        }
        // A record that counts and must not be read spoils the whole.
        let is_spoilt = |row: &usize| self.is_spoilt(&V::Row(among.table(), *row), among.scope);
        if group.iter().any(is_spoilt) {
            return Err(ErrorKind::CheckFailed);
        }
        Ok(Some((row, group)))
    }

    /// Says whether a record passes the filter and has all that it is compared by.
    fn counts(&self, row: usize, among: &Among<'_>) -> Result<bool, ErrorKind> {
        let inner = among.at(row);
        let choosing = inner.choosing();
        let passes = among
            .filter
            .map_or(Ok(true), |filter| self.holds(filter, &choosing));
        let keys = among
            .keys
            .iter()
            .map(|key| Ok(self.value(key, &inner)?.is_some()));
        all_of([passes].into_iter().chain(keys))
    }

    fn keys(&self, row: usize, among: &Among<'_>) -> Result<Option<Vec<V>>, ErrorKind> {
        let inner = among.at(row);
        among.keys.iter().map(|key| self.value(key, &inner)).collect()
    }
}

impl Among<'_> {
    fn table(&self) -> TableId {
        match self.domain {
            Domain::Rows(table) => *table,
            Domain::Below { of, .. } if let Scalar::Row(table) = of.ty.scalar => table,
            Domain::Below { .. } | Domain::Periods { .. } => TableId(u32::MAX),
        }
    }

    fn at(&self, row: usize) -> Scope {
        let mut inner = self.scope.clone();
        inner.env.insert(self.binder, V::Row(self.table(), row));
        inner
    }
}

/// Finds the place of one among all, itself among them.
fn place(own: &Keys, all: Vec<Keys>, ties: RankTies) -> Result<Number, ErrorKind> {
    let equal = counted(all.iter().filter(|keys| *keys == own).count());
    let mut better: Vec<Keys> = all
        .into_iter()
        .filter(|keys| by_keys(keys, own) == Ordering::Less)
        .collect();
    let ahead = counted(better.len());
    better.sort_by(by_keys);
    better.dedup();
    let one = whole(1);
    Ok(match ties {
        RankTies::Best => add(&ahead, &one),
        RankTies::Worst => add(&ahead, &equal),
        RankTies::Average => add(&ahead, &div(&add(&equal, &one), &whole(2))?),
        RankTies::Dense => add(&counted(better.len()), &one),
        RankTies::Refused if equal > one => return Err(ErrorKind::Tied),
        RankTies::Refused => add(&ahead, &one),
    })
}

fn by_keys(one: &Keys, other: &Keys) -> Ordering {
    let compared = one
        .iter()
        .zip(other)
        .map(|((one, direction), (other, _))| match direction {
            Direction::Ascending => one.cmp(other),
            Direction::Descending => other.cmp(one),
        });
    compared.fold(Ordering::Equal, Ordering::then)
}

/// Divides an amount: whole steps first, then what is left.
pub(super) fn divided(
    amount: &Number,
    mut weights: Vec<Number>,
    (step, mode): (&Number, Rounding),
    to: Rest,
    unweighted: Unweighted,
) -> Result<Vec<Number>, ErrorKind> {
    if weights.iter().any(Number::is_negative) {
        return Err(ErrorKind::NegativeWeight);
    }
    let mut total = weights.iter().fold(zero(), |total, weight| add(&total, weight));
    if total.is_zero() {
        match unweighted {
            Unweighted::Refused => return Err(ErrorKind::NothingToShareBy),
            Unweighted::Nothing => return Ok(weights),
            Unweighted::Equal => {
                total = counted(weights.len());
                weights.fill(whole(1));
            }
        }
    }
    let step = if amount.is_negative() {
        sub(&zero(), step)
    } else {
        step.clone()
    };
    let steps = div(amount, &step)?;
    if !steps.is_integer() && to == Rest::LargestRemainder {
        return Err(ErrorKind::NotInSteps);
    }
    let mut exact = Vec::new();
    for weight in &weights {
        exact.push(div(&mul(&steps, weight), &total)?);
    }
    let one = whole(1);
    let cut: Vec<Number> = exact.iter().map(|share| round(share, mode, &one)).collect();
    let left = cut.iter().fold(steps, |left, share| sub(&left, share));
    let shares = cut.iter().enumerate().map(|(place, share)| {
        let more = match to {
            Rest::LargestRemainder => {
                // Gets a step, or gives one back, if fewer than the steps in question come before it.
                let lost = |place: usize| {
                    let lost = sub(exact.get(place)?, cut.get(place)?);
                    Some(mul(&lost, &left.signum()))
                };
                let before = (0..exact.len()).filter(|other| {
                    lost(*other) > lost(place) || lost(*other) == lost(place) && *other < place
                });
                if counted(before.count()) < left.abs() {
                    left.signum()
                } else {
                    zero()
                }
            }
            Rest::Largest => {
                let largest = weights.iter().max();
                let first = weights.iter().position(|weight| Some(weight) == largest);
                if first == Some(place) {
                    left.clone()
                } else {
                    zero()
                }
            }
            Rest::First if place == 0 => left.clone(),
            Rest::Last if place.checked_add(1) == Some(weights.len()) => left.clone(),
            Rest::First | Rest::Last => zero(),
        };
        mul(&add(share, &more), &step)
    });
    Ok(shares.collect())
}

/// Keeps the highest values, in the order in which they come.
pub(super) fn highest(values: Vec<V>, most: u32) -> Vec<V> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut places: Vec<(usize, V)> = values.into_iter().enumerate().collect();
    places.sort_by(|(_, one), (_, other)| other.cmp(one));
    places.truncate(most);
    places.sort_by_key(|(place, _)| *place);
    places.into_iter().map(|(_, value)| value).collect()
}

/// Writes a number in digits: as a decimal if it is one, otherwise as a fraction.
fn digits(number: &Number) -> String {
    let mut rest = number.clone();
    let mut decimals = 0_usize;
    let ten = whole(10);
    let (two, five) = (whole(2).to_integer(), whole(5).to_integer());
    let mut divisor = number.denom().clone();
    for prime in [&two, &five] {
        while divisor.is_multiple_of(prime) {
            divisor = divisor.div_floor(prime);
        }
    }
    if divisor != whole(1).to_integer() {
        return number.to_string();
    }
    while !rest.is_integer() {
        rest = mul(&rest, &ten);
        decimals = decimals.saturating_add(1);
    }
    let shown = format!(
        "{:0>width$}",
        rest.to_integer().abs().to_string(),
        width = decimals.saturating_add(1)
    );
    let (before, after) = shown
        .split_at_checked(shown.len().saturating_sub(decimals))
        .unwrap_or((&shown, ""));
    let sign = if number.is_negative() { "-" } else { "" };
    if after.is_empty() {
        format!("{sign}{before}")
    } else {
        format!("{sign}{before}.{after}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_digits() {
        let written = |num: i64, den: i64| digits(&Number::new(num.into(), den.into()));
        assert_eq!(written(5, 2), "2.5");
        assert_eq!(written(-1, 40), "-0.025");
        assert_eq!(written(1200, 1), "1200");
        assert_eq!(written(1, 3), "1/3");
    }

    #[test]
    fn the_highest_values_stay_in_their_order() {
        let values = |numbers: &[i64]| numbers.iter().map(|n| V::Number(whole(*n))).collect::<Vec<_>>();
        assert_eq!(highest(values(&[1, 5, 3, 5]), 3), values(&[5, 3, 5]));
        assert_eq!(highest(values(&[1]), 3), values(&[1]));
    }
}
