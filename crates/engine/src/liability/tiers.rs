//! What tiers give at a share of the quota.

use guerdon_plan::hir::{Beyond, Edge, TierKind, TierRow, TierVersion};
use guerdon_plan::number::{Exact, NumberError};

/// Is what tiers give: a share of what they are applied to, and an amount.
pub(super) struct Given {
    pub(super) share: Exact,
    pub(super) amount: Exact,
}

/// Gives what tiers pay at a point; nothing where that is an error, or lies below an interpolated table.
pub(super) fn at(kind: TierKind, version: &TierVersion, point: &Exact) -> Result<Option<Given>, NumberError> {
    let last = version.rows.last();
    let is_beyond = last
        .and_then(|row| row.upper.as_ref())
        .is_some_and(|upper| *point > upper.at || (*point == upper.at && upper.edge == Edge::Excluded));
    if is_beyond && version.beyond == Beyond::Error {
        return Ok(None);
    }
    match kind {
        TierKind::Marginal => marginal(version, point).map(Some),
        TierKind::Retro | TierKind::Flat => whole(version, point, is_beyond),
        TierKind::Interpolated => line(version, point),
        TierKind::Fill => fill(version, point).map(Some),
    }
}

fn marginal(version: &TierVersion, point: &Exact) -> Result<Given, NumberError> {
    let mut given = Given {
        share: Exact::ZERO,
        amount: Exact::ZERO,
    };
    let count = version.rows.len();
    for (place, row) in version.rows.iter().enumerate() {
        let from = row.lower.as_ref().map_or(Exact::ZERO, |lower| lower.at.clone());
        if *point <= from {
            continue;
        }
        let is_last = place.saturating_add(1) == count;
        let end = match &row.upper {
            Some(upper) if upper.at < *point && !(is_last && version.beyond == Beyond::Continue) => {
                upper.at.clone()
            }
            Some(_) | None => point.clone(),
        };
        let rate = row.rate.clone().unwrap_or_default();
        given.share = given.share.add(&rate.mul(&end.sub(&from)?)?)?;
        given.amount = given.amount.add(&row.amount.clone().unwrap_or_default())?;
    }
    Ok(given)
}

fn whole(version: &TierVersion, point: &Exact, is_beyond: bool) -> Result<Option<Given>, NumberError> {
    let holds =
        |row: &&TierRow| {
            let above = row.lower.as_ref().is_none_or(|lower| {
                *point > lower.at || (*point == lower.at && lower.edge == Edge::Included)
            });
            let below = row.upper.as_ref().is_none_or(|upper| {
                *point < upper.at || (*point == upper.at && upper.edge == Edge::Included)
            });
            above && below
        };
    let nothing = Given {
        share: Exact::ZERO,
        amount: Exact::ZERO,
    };
    let row = match (is_beyond, version.beyond) {
        (true, Beyond::Continue | Beyond::Clamp) => version.rows.last(),
        (true, Beyond::Nothing | Beyond::Open | Beyond::Error) | (false, _) => {
            version.rows.iter().find(holds)
        }
    };
    let Some(row) = row else { return Ok(Some(nothing)) };
    // Beyond a table that is clamped, the base stays at its end.
    let end = row.upper.as_ref().map(|upper| upper.at.clone());
    let base = match (is_beyond, version.beyond, end) {
        (true, Beyond::Clamp, Some(end)) => end,
        (_, _, _) => point.clone(),
    };
    Ok(Some(Given {
        share: row.rate.clone().unwrap_or_default().mul(&base)?,
        amount: row.amount.clone().unwrap_or_default(),
    }))
}

fn line(version: &TierVersion, point: &Exact) -> Result<Option<Given>, NumberError> {
    let points: Vec<(&Exact, &Exact)> = version
        .rows
        .iter()
        .filter_map(|row| Some((&row.lower.as_ref()?.at, row.amount.as_ref()?)))
        .collect();
    let amount = |amount: Exact| {
        Ok(Some(Given {
            share: Exact::ZERO,
            amount,
        }))
    };
    for pair in points.windows(2) {
        let [(a, v), (b, w)] = pair else { continue };
        if *a <= point && point <= *b {
            let part = point.sub(a)?.div(&b.sub(a)?)?;
            return amount(v.add(&w.sub(v)?.mul(&part)?)?);
        }
    }
    match (points.last(), version.beyond) {
        (Some((end, value)), Beyond::Clamp | Beyond::Open) if point > *end => amount((*value).clone()),
        (_, _) => Ok(None),
    }
}

fn fill(version: &TierVersion, point: &Exact) -> Result<Given, NumberError> {
    let mut sum = Exact::ZERO;
    for row in &version.rows {
        let (Some(lower), Some(upper), Some(amount)) = (&row.lower, &row.upper, &row.amount) else {
            continue;
        };
        if *point <= lower.at {
            continue;
        }
        let end = if *point < upper.at { point } else { &upper.at };
        let part = end.sub(&lower.at)?.div(&upper.at.sub(&lower.at)?)?;
        sum = sum.add(&amount.mul(&part)?)?;
    }
    Ok(Given {
        share: Exact::ZERO,
        amount: sum,
    })
}
