//! Exact numbers as text, as scaled integers and as host decimals.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};
use rust_decimal::Decimal;

use super::exact::Exact;
use super::{NumberError, pow10_i128};

/// The most digits that a literal or a cell may have, the number that a 128-bit integer always holds.
const MAX_DIGITS: usize = 38;

impl Exact {
    /// Makes `mantissa / 10^decimals`.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::Exact;
    ///
    /// assert_eq!(Exact::from_scaled(1_500_000, 2).to_string(), "15000");
    /// ```
    #[must_use]
    pub fn from_scaled(mantissa: i128, decimals: u8) -> Exact {
        if decimals == 0 {
            return Exact::from_i128(mantissa);
        }
        if let Some(power) = pow10_i128(decimals)
            && let Ok(exact) = Exact::new(mantissa, power)
        {
            return exact;
        }
        // At most 255 decimals are 848 bits, so the width always does.
        Exact::from_parts(
            BigInt::from(mantissa),
            BigInt::from(10_u8).pow(u32::from(decimals)),
        )
        .unwrap_or_default()
    }

    /// Reads a plain decimal number: an optional sign, digits, and optionally a point and more digits.
    ///
    /// Exponents, grouping commas, spaces and a point without digits on both sides are refused, because a reader of
    /// the file could take them for something else.
    ///
    /// # Errors
    ///
    /// [`NumberError::NotADecimal`], or [`NumberError::TooManyDigits`] past 38 digits.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::{Exact, NumberError};
    ///
    /// assert_eq!(Exact::parse_decimal("-12.50")?, Exact::new(-25, 2)?);
    /// assert_eq!(Exact::parse_decimal("1,200"), Err(NumberError::NotADecimal));
    /// assert_eq!(Exact::parse_decimal("1e3"), Err(NumberError::NotADecimal));
    /// # Ok::<(), NumberError>(())
    /// ```
    pub fn parse_decimal(text: &str) -> Result<Exact, NumberError> {
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits
            .split_once('.')
            .map_or((digits, None), |(w, f)| (w, Some(f)));
        if whole.is_empty() || fraction == Some("") {
            return Err(NumberError::NotADecimal);
        }
        let fraction = fraction.unwrap_or("");
        if !whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
        {
            return Err(NumberError::NotADecimal);
        }
        if whole.len().saturating_add(fraction.len()) > MAX_DIGITS {
            return Err(NumberError::TooManyDigits);
        }
        let mantissa = mantissa(whole.bytes().chain(fraction.bytes())).ok_or(NumberError::TooManyDigits)?;
        let mantissa = if is_negative {
            mantissa.checked_neg()
        } else {
            Some(mantissa)
        };
        let decimals = u8::try_from(fraction.len()).ok();
        mantissa
            .zip(decimals)
            .map(|(m, d)| Exact::from_scaled(m, d))
            .ok_or(NumberError::TooManyDigits)
    }

    /// Prints the value in full with at least `min_decimals` decimals, or gives `None` if no finite number of
    /// decimals does.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::Exact;
    ///
    /// assert_eq!(Exact::from_i64(15_000).to_decimal_text(2).as_deref(), Some("15000.00"));
    /// assert_eq!(Exact::new(-1, 8)?.to_decimal_text(2).as_deref(), Some("-0.125"));
    /// assert_eq!(Exact::new(1, 3)?.to_decimal_text(2), None);
    /// # Ok::<(), guerdon_plan::number::NumberError>(())
    /// ```
    #[must_use]
    pub fn to_decimal_text(&self, min_decimals: u8) -> Option<String> {
        let decimals = self.decimals()?.max(u32::from(min_decimals));
        let digits = match u8::try_from(decimals).ok().and_then(|few| self.to_scaled(few)) {
            Some(scaled) => scaled.unsigned_abs().to_string(),
            None => self.to_wide().scaled(decimals).abs().to_string(),
        };
        Some(with_point(self.is_negative(), digits, decimals))
    }

    /// Prints the value in full with at least `min_decimals` decimals, or as a fraction `a/b`.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::Exact;
    ///
    /// assert_eq!(Exact::new(5, 2)?.display_text(2), "2.50");
    /// assert_eq!(Exact::new(-5, 6)?.display_text(2), "-5/6");
    /// # Ok::<(), guerdon_plan::number::NumberError>(())
    /// ```
    #[must_use]
    pub fn display_text(&self, min_decimals: u8) -> String {
        self.to_decimal_text(min_decimals)
            .unwrap_or_else(|| match self.parts() {
                Some((num, den)) => format!("{num}/{den}"),
                None => {
                    let wide = self.to_wide();
                    format!("{}/{}", wide.num, wide.den)
                }
            })
    }

    /// Gives `value × 10^decimals` if that is a whole number of at most 128 bits.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::Exact;
    ///
    /// let amount = Exact::parse_decimal("12.5")?;
    /// assert_eq!(amount.to_scaled(2), Some(1_250));
    /// assert_eq!(amount.to_scaled(0), None);
    /// # Ok::<(), guerdon_plan::number::NumberError>(())
    /// ```
    #[must_use]
    pub fn to_scaled(&self, decimals: u8) -> Option<i128> {
        // A fraction in its lowest terms is a whole number of units if its denominator divides their number in one.
        if let (Some((num, den)), Some(power)) = (self.parts(), pow10_i128(decimals)) {
            let rest = power.checked_rem(den)?;
            return num.checked_mul(power.checked_div(den)?).filter(|_| rest == 0);
        }
        let scaled = self.mul(&Exact::from_scaled_power(decimals)).ok()?;
        scaled.parts().filter(|(_, den)| *den == 1).map(|(num, _)| num)
    }

    /// Counts the decimals that print the value in full, or gives `None` if no finite number does.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::Exact;
    ///
    /// assert_eq!(Exact::new(1, 8)?.decimals(), Some(3));
    /// assert_eq!(Exact::new(1, 3)?.decimals(), None);
    /// # Ok::<(), guerdon_plan::number::NumberError>(())
    /// ```
    #[must_use]
    pub fn decimals(&self) -> Option<u32> {
        match self.parts() {
            Some((_, 1)) => Some(0),
            Some((_, den)) => decimals_of(den),
            None => self.to_wide().decimals(),
        }
    }

    /// Gives the same number as a host decimal, or `None` if that type cannot hold it exactly.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::Exact;
    ///
    /// assert_eq!(Exact::new(5, 4)?.to_decimal().map(|d| d.to_string()).as_deref(), Some("1.25"));
    /// assert_eq!(Exact::new(1, 3)?.to_decimal(), None);
    /// # Ok::<(), guerdon_plan::number::NumberError>(())
    /// ```
    #[must_use]
    pub fn to_decimal(&self) -> Option<Decimal> {
        let decimals = self.decimals()?;
        let scaled = self.to_scaled(u8::try_from(decimals).ok()?)?;
        Decimal::try_from_i128_with_scale(scaled, decimals).ok()
    }

    /// Takes a host decimal over without loss.
    ///
    /// # Examples
    ///
    /// ```
    /// use guerdon_plan::number::Exact;
    /// use rust_decimal::Decimal;
    ///
    /// assert_eq!(Exact::from_decimal(Decimal::new(-125, 2)), Exact::new(-5, 4)?);
    /// # Ok::<(), guerdon_plan::number::NumberError>(())
    /// ```
    #[must_use]
    pub fn from_decimal(decimal: Decimal) -> Exact {
        // The type holds at most 28 decimals.
        Exact::from_scaled(decimal.mantissa(), u8::try_from(decimal.scale()).unwrap_or(0))
    }

    /// Gives the whole number if it is one and fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        self.to_scaled(0).and_then(|whole| whole.to_i64())
    }

    fn from_scaled_power(decimals: u8) -> Exact {
        match pow10_i128(decimals) {
            Some(power) => Exact::from_i128(power),
            None => Exact::from_parts(BigInt::from(10_u8).pow(u32::from(decimals)), BigInt::from(1_u8))
                .unwrap_or_default(),
        }
    }
}

fn mantissa(digits: impl Iterator<Item = u8>) -> Option<i128> {
    let mut value = 0_i128;
    for digit in digits {
        value = value
            .checked_mul(10)?
            .checked_add(i128::from(digit.wrapping_sub(b'0')))?;
    }
    Some(value)
}

fn decimals_of(den: i128) -> Option<u32> {
    let twos = den.trailing_zeros();
    let mut rest = den.checked_shr(twos)?;
    let mut fives = 0_u32;
    while rest % 5 == 0 {
        rest /= 5;
        fives = fives.checked_add(1)?;
    }
    (rest == 1).then_some(twos.max(fives))
}

/// Puts the point into a row of digits.
fn with_point(is_negative: bool, digits: String, decimals: u32) -> String {
    let decimals = usize::try_from(decimals).unwrap_or(usize::MAX);
    let width = decimals.saturating_add(1);
    let digits = format!("{digits:0>width$}");
    let split = digits.len().saturating_sub(decimals);
    let (whole, fraction) = digits.split_at_checked(split).unwrap_or((&digits, ""));
    let sign = if is_negative { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}
