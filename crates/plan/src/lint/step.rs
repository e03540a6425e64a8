//! What tiers pay on both sides of a boundary.

use std::cmp::Ordering;

use guerdon_syntax::{Span, Text, text};

use crate::hir::{Beyond, Edge, TierKind, TierRow, TierVersion, Tiers};
use crate::number::{Exact, NumberError, format_money, format_percent};
use crate::types::Scalar;

/// Is a place where pay changes, with what is paid before and after it.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// The row that begins there.
    pub(super) span: Span,
    /// Whether pay rises or falls.
    pub(super) direction: Ordering,
    /// The boundary, or where the fall begins.
    at: Exact,
    before: Stop,
    after: Stop,
}

/// Is what a value pays.
#[derive(Debug, Clone)]
struct Stop {
    at: Exact,
    nearness: Nearness,
    pay: Pay,
}

/// Says whether a value is meant itself or as the limit from below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nearness {
    Exactly,
    JustUnder,
    JustOver,
}

/// Is an amount, and for bounds in percent a share of the quota besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Pay {
    share: Exact,
    amount: Exact,
}

/// Finds where pay jumps or falls: at the boundaries of whole-amount and fixed tiers, in rows and lines that fall.
pub(super) fn steps(tiers: &Tiers, version: &TierVersion) -> Vec<Step> {
    let found = match tiers.kind {
        TierKind::Retro | TierKind::Flat => boundaries(tiers, version),
        TierKind::Marginal => falling_rows(tiers, version),
        TierKind::Interpolated => lines(version),
        TierKind::Fill => filled(version),
    };
    // A number too wide to work with is reported when the plan is run, so nothing is said of it here.
    found.unwrap_or_default()
}

impl Step {
    /// Says what is paid on both sides: `CNY 30,000 pays CNY 600.00, CNY 30,001 pays CNY 900.03: CNY 300.03 more`.
    pub(super) fn told(&self, tiers: &Tiers) -> Text {
        let (p, v) = (self.before.shown(tiers), self.before.pay.shown(tiers));
        let (q, w) = (self.after.shown(tiers), self.after.pay.shown(tiers));
        let sides = text!("{p} pays {v}, {q} pays {w}", "{p} 得 {v}，{q} 得 {w}"; p, v, q, w);
        let difference = self
            .after
            .pay
            .minus(&self.before.pay)
            .map(|pay| pay.without_sign().shown(tiers));
        match (difference, self.direction) {
            (Ok(by), Ordering::Greater) => text!("{sides}: {by} more", "{sides}：多 {by}"; sides, by),
            (Ok(by), Ordering::Less) => text!("{sides}: {by} less", "{sides}：少 {by}"; sides, by),
            (_, _) => sides,
        }
    }

    /// Names the boundary, or where the fall begins.
    pub(super) fn boundary(&self, tiers: &Tiers) -> String {
        shown_bound(tiers.bound, &self.at)
    }
}

impl Stop {
    fn shown(&self, tiers: &Tiers) -> Text {
        let at = shown_bound(tiers.bound, &self.at);
        match self.nearness {
            Nearness::Exactly => Text::same(at),
            Nearness::JustUnder => text!("just under {at}", "略低于 {at}"),
            Nearness::JustOver => text!("just over {at}", "略高于 {at}"),
        }
    }
}

impl Pay {
    /// Works out what a row pays at a value.
    fn of_row(tiers: &Tiers, row: &TierRow, at: &Exact) -> Result<Pay, NumberError> {
        let by_rate = match &row.rate {
            Some(rate) => rate.mul(at)?,
            None => Exact::ZERO,
        };
        Pay::default().plus(tiers, &by_rate, &row.amount.clone().unwrap_or_default())
    }

    /// Adds what a rate gives, and an amount.
    fn plus(&self, tiers: &Tiers, by_rate: &Exact, amount: &Exact) -> Result<Pay, NumberError> {
        if tiers.bound == Scalar::Percent {
            return Ok(Pay {
                share: self.share.add(by_rate)?,
                amount: self.amount.add(amount)?,
            });
        }
        Ok(Pay {
            share: Exact::ZERO,
            amount: self.amount.add(by_rate)?.add(amount)?,
        })
    }

    fn minus(&self, other: &Pay) -> Result<Pay, NumberError> {
        Ok(Pay {
            share: self.share.sub(&other.share)?,
            amount: self.amount.sub(&other.amount)?,
        })
    }

    fn without_sign(&self) -> Pay {
        Pay {
            share: self.share.abs(),
            amount: self.amount.abs(),
        }
    }

    /// Compares; a share that rises beside an amount that falls cannot be told without the quota.
    fn compare(&self, other: &Pay) -> Ordering {
        match (self.share.cmp(&other.share), self.amount.cmp(&other.amount)) {
            (one, Ordering::Equal) => one,
            (Ordering::Equal, one) => one,
            (one, same) if one == same => one,
            (_, _) => Ordering::Equal,
        }
    }

    fn shown(&self, tiers: &Tiers) -> Text {
        let amount = shown_amount(paid_kind(tiers), &self.amount);
        let share = format_percent(&self.share);
        match (self.share.is_zero(), self.amount.is_zero()) {
            (true, false) => Text::same(amount),
            (false, true) => text!("{share} of the quota", "任务额的 {share}"),
            (false, false) => text!(
                "{share} of the quota and {amount}",
                "任务额的 {share} 加 {amount}"
            ),
            (true, true) if paid_kind(tiers) == Scalar::Percent => text!("nothing", "零"),
            (true, true) => Text::same(amount),
        }
    }
}

/// Compares both sides of each boundary, and of the last one where nothing is paid beyond it.
fn boundaries(tiers: &Tiers, version: &TierVersion) -> Result<Vec<Step>, NumberError> {
    let mut found = Vec::new();
    for (row, next) in version.rows.iter().zip(version.rows.iter().skip(1)) {
        found.extend(boundary(tiers, row, Some(next))?);
    }
    if let (Some(last), Beyond::Nothing) = (version.rows.last(), version.beyond) {
        found.extend(boundary(tiers, last, None)?);
    }
    Ok(found)
}

fn boundary(tiers: &Tiers, row: &TierRow, next: Option<&TierRow>) -> Result<Option<Step>, NumberError> {
    let Some(end) = &row.upper else { return Ok(None) };
    let after = |at: &Exact| next.map_or(Ok(Pay::default()), |next| Pay::of_row(tiers, next, at));
    let direction = after(&end.at)?.compare(&Pay::of_row(tiers, row, &end.at)?);
    if direction == Ordering::Equal {
        return Ok(None);
    }
    let (low, high) = beside(tiers, row, next)?;
    let before = Stop {
        pay: Pay::of_row(tiers, row, &low.0)?,
        at: low.0,
        nearness: low.1,
    };
    let after = Stop {
        pay: after(&high.0)?,
        at: high.0,
        nearness: high.1,
    };
    Ok(Some(Step {
        span: next.unwrap_or(row).span,
        direction,
        at: end.at.clone(),
        before,
        after,
    }))
}

type Place = (Exact, Nearness);

/// Chooses a value on each side of a boundary: the boundary itself, and one unit from it where that is in the row.
fn beside(tiers: &Tiers, row: &TierRow, next: Option<&TierRow>) -> Result<(Place, Place), NumberError> {
    let Some(end) = &row.upper else {
        return Ok(((Exact::ZERO, Nearness::Exactly), (Exact::ZERO, Nearness::Exactly)));
    };
    let at = || end.at.clone();
    let is_counted = tiers.bound != Scalar::Percent;
    if end.edge == Edge::Excluded {
        let under = end.at.sub(&Exact::ONE)?;
        let is_inside = row.lower.as_ref().is_none_or(|lower| lower.at < under);
        let low = if is_counted && is_inside {
            (under, Nearness::Exactly)
        } else {
            (at(), Nearness::JustUnder)
        };
        return Ok((low, (at(), Nearness::Exactly)));
    }
    let over = end.at.add(&Exact::ONE)?;
    let is_inside = next
        .and_then(|next| next.upper.as_ref())
        .is_none_or(|upper| over < upper.at);
    let high = if is_counted && is_inside {
        (over, Nearness::Exactly)
    } else {
        (at(), Nearness::JustOver)
    };
    Ok(((at(), Nearness::Exactly), high))
}

/// Finds marginal rows in which each further unit costs something.
fn falling_rows(tiers: &Tiers, version: &TierVersion) -> Result<Vec<Step>, NumberError> {
    let mut found = Vec::new();
    let mut entered = Pay::default();
    for row in &version.rows {
        let from = row.lower.as_ref().map_or(Exact::ZERO, |lower| lower.at.clone());
        let before = Stop {
            at: from.clone(),
            nearness: Nearness::Exactly,
            pay: entered.clone(),
        };
        let inside = unit_inside(tiers, row, &from)?;
        let amount = row.amount.clone().unwrap_or_default();
        let after = Stop {
            pay: entered.plus(tiers, &by_rate(row, &from, &inside)?, &amount)?,
            at: inside,
            nearness: Nearness::Exactly,
        };
        let direction = after.pay.compare(&before.pay);
        if direction == Ordering::Less {
            found.push(Step {
                span: row.span,
                direction,
                at: from.clone(),
                before,
                after,
            });
        }
        if let Some(upper) = &row.upper {
            entered = entered.plus(tiers, &by_rate(row, &from, &upper.at)?, &amount)?;
        }
    }
    Ok(found)
}

fn by_rate(row: &TierRow, from: &Exact, to: &Exact) -> Result<Exact, NumberError> {
    let rate = row.rate.clone().unwrap_or_default();
    rate.mul(&to.sub(from)?)
}

/// Gives a value one unit, or one percent, into a row.
fn unit_inside(tiers: &Tiers, row: &TierRow, from: &Exact) -> Result<Exact, NumberError> {
    let unit = if tiers.bound == Scalar::Percent {
        Exact::from_scaled(1, 2)
    } else {
        Exact::ONE
    };
    let inside = from.add(&unit)?;
    Ok(match &row.upper {
        Some(upper) if upper.at < inside => upper.at.clone(),
        Some(_) | None => inside,
    })
}

/// Finds lines between points that fall.
fn lines(version: &TierVersion) -> Result<Vec<Step>, NumberError> {
    let stop = |row: &TierRow| {
        let at = row.lower.as_ref()?.at.clone();
        let pay = Pay {
            share: Exact::ZERO,
            amount: row.amount.clone()?,
        };
        Some(Stop {
            at,
            nearness: Nearness::Exactly,
            pay,
        })
    };
    let pairs = version.rows.iter().zip(version.rows.iter().skip(1));
    let steps = pairs.filter_map(|(row, next)| {
        let (before, after) = (stop(row)?, stop(next)?);
        Some(Step {
            span: next.span,
            direction: after.pay.compare(&before.pay),
            at: before.at.clone(),
            before,
            after,
        })
    });
    Ok(steps.filter(|step| step.direction == Ordering::Less).collect())
}

/// Finds tiers that take away as they fill.
fn filled(version: &TierVersion) -> Result<Vec<Step>, NumberError> {
    let mut found = Vec::new();
    let mut sum = Exact::ZERO;
    for row in &version.rows {
        let (Some(lower), Some(upper), Some(amount)) = (&row.lower, &row.upper, &row.amount) else {
            continue;
        };
        let full = sum.add(amount)?;
        if amount.is_negative() {
            let stop = |at: &Exact, amount: &Exact| Stop {
                at: at.clone(),
                nearness: Nearness::Exactly,
                pay: Pay {
                    share: Exact::ZERO,
                    amount: amount.clone(),
                },
            };
            let (before, after) = (stop(&lower.at, &sum), stop(&upper.at, &full));
            found.push(Step {
                span: row.span,
                direction: Ordering::Less,
                at: lower.at.clone(),
                before,
                after,
            });
        }
        sum = full;
    }
    Ok(found)
}

/// Gives the kind of what tiers pay, apart from shares of a quota.
fn paid_kind(tiers: &Tiers) -> Scalar {
    let is_rate_of_money = matches!(tiers.kind, TierKind::Marginal | TierKind::Retro)
        && !matches!(tiers.value, Scalar::Money(_));
    if is_rate_of_money {
        tiers.bound
    } else {
        tiers.value
    }
}

/// Shows an amount with its currency.
pub(super) fn shown_amount(scalar: Scalar, amount: &Exact) -> String {
    match scalar {
        Scalar::Money(currency) => {
            format_money(amount, currency, currency.minor_unit_decimals().unwrap_or(2))
        }
        Scalar::Percent => format_percent(amount),
        Scalar::Bool
        | Scalar::Int
        | Scalar::Number
        | Scalar::MoneyInColumn
        | Scalar::Points
        | Scalar::Date
        | Scalar::Period(_)
        | Scalar::Days
        | Scalar::Text
        | Scalar::Enum(_)
        | Scalar::Row(_)
        | Scalar::Faulty => amount.display_text(0),
    }
}

/// Shows a bound, money without decimals.
pub(super) fn shown_bound(scalar: Scalar, at: &Exact) -> String {
    if let Scalar::Money(currency) = scalar {
        format_money(at, currency, 0)
    } else {
        shown_amount(scalar, at)
    }
}
