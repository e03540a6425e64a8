//! Sums and differences of amounts, which may be too wide to be held.

use guerdon_plan::number::Exact;

use crate::error::Error;

/// Gives the differences between one amount and the next.
pub(super) fn steps(amounts: &[Exact]) -> Result<Vec<Exact>, Error> {
    let pairs = amounts.iter().zip(amounts.iter().skip(1));
    pairs.map(|(before, after)| taken(after, before)).collect()
}

pub(super) fn added(one: &Exact, other: &Exact) -> Result<Exact, Error> {
    one.add(other).map_err(|_| Error::TooWide)
}

pub(super) fn taken(one: &Exact, other: &Exact) -> Result<Exact, Error> {
    one.sub(other).map_err(|_| Error::TooWide)
}
