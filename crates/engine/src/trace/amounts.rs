//! Signs and sums of shown amounts, and how a share is shown.

use guerdon_plan::hir::Sign;
use guerdon_plan::number::{Exact, Rounding, format_percent, format_percent_to};

/// Applies a sign.
pub(super) fn signed(number: Exact, sign: Sign) -> Exact {
    match sign {
        Sign::Plus => number,
        Sign::Minus => number.neg(),
    }
}

/// Joins two signs.
pub(super) fn joined(one: Sign, other: Sign) -> Sign {
    if one == other { Sign::Plus } else { Sign::Minus }
}

/// Adds numbers up; none if one is not known.
pub(super) fn total<'n>(numbers: impl IntoIterator<Item = Option<&'n Exact>>) -> Option<Exact> {
    let add = |sum: Exact, number: Option<&Exact>| sum.add(number?).ok();
    numbers.into_iter().try_fold(Exact::ZERO, add)
}

/// Says whether an amount is none.
pub(super) fn is_nothing(amount: Option<&Exact>) -> bool {
    amount.is_some_and(Exact::is_zero)
}

/// Gives a fraction as a percentage: exact where it has few decimals, otherwise to the nearest tenth.
pub(super) fn percent(number: &Exact) -> String {
    let exact = format_percent(number);
    if exact.len() <= 8 && !exact.contains('/') {
        return exact;
    }
    format_percent_to(number, Rounding::HalfUp, 1).unwrap_or(exact)
}
