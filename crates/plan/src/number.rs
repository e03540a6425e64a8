//! Exact numbers: everything that a plan counts, pays or divides.
//!
//! A value is never rounded on the way. It is an exact fraction ([`Exact`]) until the plan's rounding line, a
//! written `rounded`, or an [`allocate`] makes money of it. Columns of plain decimals are scaled integers; the
//! kernels that round them ([`round_div_i64`], [`rescale`]) give the same answers as [`round`] on fractions.

mod allocate;
mod currency;
mod error;
mod exact;
mod format;
mod rescale;
mod round;
mod rounding;
mod text;
mod units;
mod wide;

pub use allocate::{AllocateError, Remainder, allocate, allocate_whole};
pub use currency::{Currency, CurrencyError};
pub use error::NumberError;
pub use exact::Exact;
pub use format::{format_grouped, format_money, format_percent, format_percent_to};
pub use rescale::{RescaleError, pow10_i64, pow10_i128, rescale, rescale_one};
pub use round::{round, round_div_i64, round_div_i128, round_div_narrow, round_to_decimals};
pub use rounding::Rounding;
pub use units::{Days, Money, Percent};

/// The greatest width, in bits, of a numerator or denominator: beyond it an operation answers
/// [`NumberError::TooWide`].
///
/// A chain of divisions can double the width at every step; the bound keeps one cell from taking the memory of
/// the host.
pub const MAX_WIDTH_BITS: u64 = 4096;

#[cfg(test)]
mod tests;
