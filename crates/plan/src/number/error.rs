//! What can go wrong with one number.

use thiserror::Error;

/// Says why an exact operation has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum NumberError {
    /// Reports a divisor that is zero.
    #[error("division by zero")]
    DivisionByZero,
    /// Reports a numerator or denominator of more than 4,096 bits.
    #[error("the exact value needs more than 4,096 bits")]
    TooWide,
    /// Reports text that is no plain decimal number.
    #[error("not a plain decimal number: digits, at most one point, an optional sign")]
    NotADecimal,
    /// Reports a literal of more than 38 digits.
    #[error("more than 38 digits")]
    TooManyDigits,
    /// Reports a rounding step that is zero or negative.
    #[error("the rounding step is not positive")]
    StepNotPositive,
    /// Reports an amount in one currency that meets an amount in another.
    #[error("amounts in two currencies")]
    TwoCurrencies,
}
