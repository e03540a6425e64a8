//! Numbers as people write them in statements of pay.

use super::exact::Exact;
use super::{Currency, NumberError, Rounding, round_to_decimals};

/// Prints a number with grouping commas and at least `min_decimals` decimals.
///
/// Nothing is rounded: further decimals are shown, and a value without a finite decimal form is shown as a fraction.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Exact, format_grouped};
///
/// assert_eq!(format_grouped(&Exact::from_i64(15_000), 2), "15,000.00");
/// assert_eq!(format_grouped(&Exact::new(-1_234_567, 1_000)?, 2), "-1,234.567");
/// assert_eq!(format_grouped(&Exact::new(10_000, 3)?, 2), "10,000/3");
/// # Ok::<(), guerdon_plan::number::NumberError>(())
/// ```
#[must_use]
pub fn format_grouped(value: &Exact, min_decimals: u8) -> String {
    let text = value.display_text(min_decimals);
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |digits| ("-", digits));
    let whole_len = digits.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = digits.split_at_checked(whole_len).unwrap_or((digits, ""));
    let mut grouped = String::with_capacity(text.len().saturating_mul(2));
    grouped.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && whole_len.saturating_sub(index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped.push_str(rest);
    grouped
}

/// Prints an amount of money with its code in front and the sign before both.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Currency, Exact, format_money};
///
/// assert_eq!(format_money(&Exact::from_i64(-3_000), Currency::CNY, 2), "-CNY 3,000.00");
/// ```
#[must_use]
pub fn format_money(amount: &Exact, currency: Currency, min_decimals: u8) -> String {
    let sign = if amount.is_negative() { "-" } else { "" };
    format!("{sign}{currency} {}", format_grouped(&amount.abs(), min_decimals))
}

/// Prints a ratio as an exact percentage.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Exact, format_percent};
///
/// assert_eq!(format_percent(&Exact::parse_decimal("0.833")?), "83.3%");
/// assert_eq!(format_percent(&Exact::ONE), "100%");
/// assert_eq!(format_percent(&Exact::new(5, 6)?), "(250/3)%");
/// # Ok::<(), guerdon_plan::number::NumberError>(())
/// ```
#[must_use]
pub fn format_percent(ratio: &Exact) -> String {
    match ratio.mul(&Exact::from_i64(100)) {
        Ok(hundredfold) => match hundredfold.to_decimal_text(0) {
            Some(text) => format!("{text}%"),
            None => format!("({hundredfold})%"),
        },
        // A value at the limit of width has no hundredfold; its own text says the same.
        Err(_) => ratio.display_text(0),
    }
}

/// Prints a ratio as a percentage rounded for display, with trailing zeros dropped.
///
/// # Errors
///
/// [`NumberError::TooWide`] past 4,096 bits.
///
/// # Examples
///
/// ```
/// use guerdon_plan::number::{Exact, Rounding, format_percent_to};
///
/// assert_eq!(format_percent_to(&Exact::new(5, 6)?, Rounding::HalfUp, 1)?, "83.3%");
/// assert_eq!(format_percent_to(&Exact::ONE, Rounding::HalfUp, 1)?, "100%");
/// # Ok::<(), guerdon_plan::number::NumberError>(())
/// ```
pub fn format_percent_to(ratio: &Exact, mode: Rounding, decimals: u8) -> Result<String, NumberError> {
    let hundredfold = ratio.mul(&Exact::from_i64(100))?;
    Ok(format!("{}%", round_to_decimals(&hundredfold, mode, decimals)?))
}
