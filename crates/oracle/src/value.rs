//! Values, cells, and plain arithmetic on big rationals.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "big rationals have no overflow, and divisors are looked at first"
)]

use std::sync::Arc;

use guerdon_plan::calendar::{Date, PeriodKey};
use guerdon_plan::hir::Value;
use guerdon_plan::number::Exact;
use guerdon_plan::types::{EnumId, TableId};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

/// Is any exact number.
pub type Number = BigRational;

/// Is the outcome of an evaluation: a value, none, or an error.
pub type Cell = Result<Option<V>, ErrorKind>;

/// Holds a value that is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum V {
    /// yes or no.
    Bool(bool),
    /// A number of any kind; a percent is a fraction of one.
    Number(Number),
    /// A day.
    Date(Date),
    /// A period.
    Period(PeriodKey),
    /// A text.
    Text(Arc<str>),
    /// A value of an enum, by position.
    Enum(EnumId, u32),
    /// A record, by its place among the records of its table sorted by key.
    Row(TableId, usize),
    /// The record that a test's `with` makes up for a key that is asked for.
    MadeUp(TableId, Vec<V>),
}

/// Says what is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// A divisor is zero.
    DivisionByZero,
    /// The bounds of tiers are multiplied by something that is not positive.
    NotPositive,
    /// A look-up found nothing, or no version or row of a table fits.
    NothingFound,
    /// Two exceptions apply and give different values.
    ExceptionsDisagree,
    /// A check failed.
    CheckFailed,
    /// A period is asked for that the run does not have.
    OutsideRun,
    /// A record has several lines where one is asked for.
    SeveralRecords,
    /// A day lies outside its calendar.
    OutsideCalendar,
    /// A value lies beyond the last tier, and the tiers call that an error.
    BeyondTiers,
    /// Records are equal in all that ranks them, and equal ones are refused.
    Tied,
    /// All weights to share by are zero.
    NothingToShareBy,
    /// A weight to share by is negative.
    NegativeWeight,
    /// The records that share one amount name several.
    AmountsDiffer,
    /// An amount to share is no whole number of steps.
    NotInSteps,
    /// A day lies outside what a list of holidays covers.
    OutsideHolidays,
    /// A pair of currencies has no rate on a day.
    NoExchangeRate,
    /// Two records of one key hold on the day that is asked for.
    Overlapping,
    /// A value is missing where one is needed.
    Missing,
    /// The tree cannot be evaluated: a faulty expression, or a definition that needs itself.
    NotEvaluable,
}

impl ErrorKind {
    /// Gives the code under which such an error is reported.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ErrorKind::Overlapping => "D0816",
            ErrorKind::DivisionByZero => "R0901",
            ErrorKind::NotPositive => "R0902",
            ErrorKind::NothingFound => "R0903",
            ErrorKind::ExceptionsDisagree => "R0904",
            ErrorKind::CheckFailed => "R0905",
            ErrorKind::OutsideRun => "R0909",
            ErrorKind::SeveralRecords => "R0910",
            ErrorKind::Tied => "R0911",
            ErrorKind::NoExchangeRate => "R0912",
            ErrorKind::NothingToShareBy => "R0913",
            ErrorKind::OutsideCalendar => "R0915",
            ErrorKind::BeyondTiers => "R0916",
            ErrorKind::NotEvaluable => "R0917",
            ErrorKind::Missing => "R0918",
            ErrorKind::NegativeWeight => "R0920",
            ErrorKind::AmountsDiffer => "R0921",
            ErrorKind::NotInSteps => "R0922",
            ErrorKind::OutsideHolidays => "R0926",
        }
    }
}

/// Makes a value of one in the tree; none for `missing`.
#[must_use]
pub fn from_tree(value: &Value) -> Option<V> {
    match value {
        Value::Bool(bool) => Some(V::Bool(*bool)),
        Value::Number(exact) => Some(V::Number(number(exact))),
        Value::Date(date) => Some(V::Date(*date)),
        Value::Period(period) => Some(V::Period(*period)),
        Value::Text(text) => Some(V::Text(Arc::clone(text))),
        Value::Enum(id, place) => Some(V::Enum(*id, *place)),
        Value::Missing => None,
    }
}

/// Makes a number of this crate from one of the tree, by numerator and denominator.
#[must_use]
pub fn number(exact: &Exact) -> Number {
    exact.to_big_rational()
}

/// Makes a whole number.
#[must_use]
pub fn whole(count: i64) -> Number {
    Number::from_integer(BigInt::from(count))
}

/// Counts things.
#[must_use]
pub fn counted(count: usize) -> Number {
    Number::from_integer(BigInt::from(count))
}

/// Is zero.
#[must_use]
pub fn zero() -> Number {
    Number::zero()
}

/// Adds.
#[must_use]
pub fn add(left: &Number, right: &Number) -> Number {
    left + right
}

/// Subtracts.
#[must_use]
pub fn sub(left: &Number, right: &Number) -> Number {
    left - right
}

/// Multiplies.
#[must_use]
pub fn mul(left: &Number, right: &Number) -> Number {
    left * right
}

/// Divides.
///
/// # Errors
///
/// [`ErrorKind::DivisionByZero`].
pub fn div(left: &Number, right: &Number) -> Result<Number, ErrorKind> {
    if right.is_zero() {
        Err(ErrorKind::DivisionByZero)
    } else {
        Ok(left / right)
    }
}

/// Holds a share between nothing and all.
#[must_use]
pub fn clamped(share: Number) -> Number {
    share.max(zero()).min(whole(1))
}
