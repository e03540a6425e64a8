//! Numbers that carry their unit, so that a rate cannot be added to an amount.

use std::fmt;

use super::exact::Exact;
use super::{Currency, NumberError, format_money, format_percent};

/// Holds an exact amount in one currency.
///
/// Money adds only to money of the same currency; a percentage can only be taken *of* it.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Currency, Exact, Money, Percent};
///
/// let sales = Money::new(Exact::from_i64(200_000), Currency::CNY);
/// let rate = Percent::from_points(&Exact::from_i64(6))?;
/// assert_eq!(rate.of(&sales)?.to_string(), "CNY 12,000.00");
/// assert!(sales.add(&Money::new(Exact::ONE, Currency::parse("USD")?)).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Adding a percentage to an amount does not build:
///
/// ```compile_fail,E0308
/// use guerdon_plan::number::{Currency, Exact, Money, Percent};
///
/// let sales = Money::new(Exact::from_i64(100), Currency::CNY);
/// let rate = Percent::from_points(&Exact::from_i64(8)).unwrap();
/// let eight_percent_of_what = sales.add(&rate);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Exact,
    currency: Currency,
}

impl Money {
    /// Makes an amount.
    #[must_use]
    pub const fn new(amount: Exact, currency: Currency) -> Money {
        Money { amount, currency }
    }

    /// Gives the number, in whole units of the currency.
    #[must_use]
    pub const fn amount(&self) -> &Exact {
        &self.amount
    }

    /// Gives the currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Adds an amount of the same currency.
    ///
    /// # Errors
    ///
    /// [`NumberError::TwoCurrencies`], or [`NumberError::TooWide`].
    pub fn add(&self, other: &Money) -> Result<Money, NumberError> {
        self.same_currency(other)?;
        Ok(Money::new(self.amount.add(&other.amount)?, self.currency))
    }

    /// Subtracts an amount of the same currency.
    ///
    /// # Errors
    ///
    /// [`NumberError::TwoCurrencies`], or [`NumberError::TooWide`].
    pub fn sub(&self, other: &Money) -> Result<Money, NumberError> {
        self.same_currency(other)?;
        Ok(Money::new(self.amount.sub(&other.amount)?, self.currency))
    }

    /// Multiplies by a plain number.
    ///
    /// # Errors
    ///
    /// [`NumberError::TooWide`].
    pub fn times(&self, factor: &Exact) -> Result<Money, NumberError> {
        Ok(Money::new(self.amount.mul(factor)?, self.currency))
    }

    /// Divides by an amount of the same currency, which gives a plain number such as an attainment.
    ///
    /// # Errors
    ///
    /// [`NumberError::TwoCurrencies`], [`NumberError::DivisionByZero`], or [`NumberError::TooWide`].
    pub fn ratio_to(&self, other: &Money) -> Result<Exact, NumberError> {
        self.same_currency(other)?;
        self.amount.div(&other.amount)
    }

    fn same_currency(&self, other: &Money) -> Result<(), NumberError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(NumberError::TwoCurrencies)
        }
    }
}

impl fmt::Display for Money {
    /// Prints with the decimals of the currency's minor unit, or two for a code without one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format_money(
            &self.amount,
            self.currency,
            self.currency.minor_unit_decimals().unwrap_or(2),
        ))
    }
}

/// Holds a share or rate that is shown as a percentage.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Percent(Exact);

impl Percent {
    /// Takes a ratio: one is 100 %.
    #[must_use]
    pub const fn from_ratio(ratio: Exact) -> Percent {
        Percent(ratio)
    }

    /// Takes percentage points: one hundred is 100 %.
    ///
    /// # Errors
    ///
    /// [`NumberError::TooWide`].
    pub fn from_points(points: &Exact) -> Result<Percent, NumberError> {
        points.div(&Exact::from_i64(100)).map(Percent)
    }

    /// Gives the ratio: one for 100 %.
    #[must_use]
    pub const fn ratio(&self) -> &Exact {
        &self.0
    }

    /// Takes this share of an amount.
    ///
    /// # Errors
    ///
    /// [`NumberError::TooWide`].
    pub fn of(&self, amount: &Money) -> Result<Money, NumberError> {
        amount.times(&self.0)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format_percent(&self.0))
    }
}

/// Holds a number of days, negative if it counts backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Days(pub i64);

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 1 {
            f.pad("1 day")
        } else {
            f.pad(&format!("{} days", self.0))
        }
    }
}
