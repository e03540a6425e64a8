//! Numbers in cells, read from their bytes without an allocation.

use guerdon_plan::hir::PercentForm;
use guerdon_plan::number::{Currency, Exact, NumberError};

use super::faults::Fault;

/// Says how the numbers of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberForm {
    /// Digits alone: `-1234.5`.
    Plain,
    /// Digits alone; or with the currency's code or sign in front or behind, then also with grouping commas:
    /// `CNY 1,234.50`, `1,234.50元`.
    Money(Currency),
    /// As the source says.
    Percent(PercentForm),
}

/// A number as read: `mantissa / 10^decimals`, or an exact one that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read {
    Small { mantissa: i64, decimals: u8 },
    Wide(Exact),
}

/// The most digits that 64 bits hold for certain.
const FAST_DIGITS: usize = 18;
/// The most bytes of a grouped amount: 38 digits, twelve commas, sign and point.
const GROUPED_BYTES: usize = 64;

/// The signs of currencies, with the currencies that each may stand for: which of them it is, the field says.
const SIGNS: [(&str, &[&str]); 11] = [
    ("¥", &["CNY", "JPY"]),
    ("￥", &["CNY", "JPY"]),
    ("元", &["CNY"]),
    ("円", &["JPY"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    (
        "$",
        &[
            "USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP",
        ],
    ),
    ("₹", &["INR"]),
    ("₩", &["KRW"]),
    ("₽", &["RUB"]),
    ("₺", &["TRY"]),
];

/// Reads the number in a cell.
pub(super) fn read(cell: &[u8], form: NumberForm) -> Result<Read, Fault> {
    match form {
        NumberForm::Plain => plain(cell),
        NumberForm::Money(currency) => money(cell, currency),
        NumberForm::Percent(PercentForm::Sign) => match cell.strip_suffix(b"%") {
            Some(number) => plain(number.trim_ascii_end()).map(hundredths),
            None => Err(plain(cell).map_or_else(|fault| fault, |_| Fault::NoPercentSign)),
        },
        NumberForm::Percent(PercentForm::Fraction) => without_sign(cell),
        NumberForm::Percent(PercentForm::Hundredths) => without_sign(cell).map(hundredths),
    }
}

fn plain(cell: &[u8]) -> Result<Read, Fault> {
    let (is_negative, digits) = match cell.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        Some(_) | None => (false, cell),
    };
    if digits.len() > FAST_DIGITS {
        return slow(cell);
    }
    let mut mantissa = 0_i64;
    let mut point = None;
    for (place, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                let digit = i64::from(byte.wrapping_sub(b'0'));
                mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
            }
            b'.' if point.is_none() && place > 0 => point = Some(place),
            _ => return Err(Fault::NotANumber),
        }
    }
    let decimals = match point {
        Some(place) => digits.len().saturating_sub(place).saturating_sub(1),
        None => 0,
    };
    if digits.is_empty() || (point.is_some() && decimals == 0) {
        return Err(Fault::NotANumber);
    }
    let mantissa = if is_negative {
        mantissa.wrapping_neg()
    } else {
        mantissa
    };
    Ok(Read::Small {
        mantissa,
        decimals: u8::try_from(decimals).unwrap_or(u8::MAX),
    })
}

fn slow(cell: &[u8]) -> Result<Read, Fault> {
    let text = std::str::from_utf8(cell).map_err(|_| Fault::NotANumber)?;
    match Exact::parse_decimal(text) {
        Ok(number) => Ok(Read::Wide(number)),
        Err(NumberError::TooManyDigits) => Err(Fault::TooManyDigits),
        Err(
            NumberError::DivisionByZero
            | NumberError::TooWide
            | NumberError::NotADecimal
            | NumberError::StepNotPositive
            | NumberError::TwoCurrencies,
        ) => Err(Fault::NotANumber),
    }
}

fn without_sign(cell: &[u8]) -> Result<Read, Fault> {
    if cell.ends_with(b"%") {
        Err(Fault::PercentSign)
    } else {
        plain(cell)
    }
}

fn hundredths(number: Read) -> Read {
    match number {
        Read::Small { mantissa, decimals } => Read::Small {
            mantissa,
            decimals: decimals.saturating_add(2),
        },
        Read::Wide(number) => Read::Wide(number.mul(&Exact::from_scaled(1, 2)).unwrap_or_default()),
    }
}

fn money(cell: &[u8], currency: Currency) -> Result<Read, Fault> {
    let (is_negative, rest) = match cell.split_first() {
        Some((b'-', rest)) => (true, rest.trim_ascii_start()),
        Some(_) | None => (false, cell),
    };
    let Some((is_same, amount)) = in_currency(rest, currency)? else {
        return plain(cell);
    };
    if !is_same {
        return Err(Fault::WrongCurrency(currency));
    }
    if is_negative && amount.starts_with(b"-") {
        return Err(Fault::NotANumber);
    }
    grouped(amount).map(|amount| if is_negative { negated(amount) } else { amount })
}

/// Takes the code or sign of a currency off an amount, and says whether it is one of the given currency; nothing where
/// there is none.
fn in_currency(cell: &[u8], currency: Currency) -> Result<Option<(bool, &[u8])>, Fault> {
    if cell.first().is_some_and(u8::is_ascii_digit) && cell.last().is_some_and(u8::is_ascii_digit) {
        return Ok(None);
    }
    let is_code = |code: &&[u8; 3]| code.iter().all(u8::is_ascii_alphabetic);
    let front = cell.split_first_chunk::<3>().filter(|(code, _)| is_code(code));
    let back = cell
        .split_last_chunk::<3>()
        .map(|(amount, code)| (code, amount))
        .filter(|(code, _)| is_code(code));
    if let Some((code, amount)) = front.or(back) {
        if !code.iter().all(u8::is_ascii_uppercase) {
            return Err(Fault::NotANumber);
        }
        return Ok(Some((
            code.as_slice() == currency.code().as_bytes(),
            amount.trim_ascii(),
        )));
    }
    let found = SIGNS.iter().find_map(|(sign, codes)| {
        let sign = sign.as_bytes();
        let amount = cell.strip_prefix(sign).or_else(|| cell.strip_suffix(sign))?;
        Some((codes.contains(&currency.code()), amount.trim_ascii()))
    });
    Ok(found)
}

/// Reads a number whose whole part may be grouped by commas in threes.
fn grouped(amount: &[u8]) -> Result<Read, Fault> {
    if !amount.contains(&b',') {
        return plain(amount);
    }
    let mut digits = [0_u8; GROUPED_BYTES];
    let (sign, unsigned) = match amount.strip_prefix(b"-") {
        Some(rest) => (&b"-"[..], rest),
        None => (&b""[..], amount),
    };
    let point = unsigned
        .iter()
        .position(|byte| *byte == b'.')
        .unwrap_or(unsigned.len());
    let (whole, fraction) = unsigned.split_at_checked(point).ok_or(Fault::NotANumber)?;
    let mut groups = whole.split(|byte| *byte == b',');
    let is_first_sound = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    if !is_first_sound || !groups.all(|group| group.len() == 3) || amount.len() > GROUPED_BYTES {
        return Err(Fault::NotANumber);
    }
    let kept = sign
        .iter()
        .chain(whole.iter().filter(|byte| **byte != b','))
        .chain(fraction);
    let count = digits
        .iter_mut()
        .zip(kept)
        .map(|(place, byte)| *place = *byte)
        .count();
    plain(digits.get(..count).unwrap_or(&[]))
}

fn negated(amount: Read) -> Read {
    match amount {
        Read::Small { mantissa, decimals } => Read::Small {
            mantissa: mantissa.wrapping_neg(),
            decimals,
        },
        Read::Wide(number) => Read::Wide(number.neg()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(mantissa: i64, decimals: u8) -> Result<Read, Fault> {
        Ok(Read::Small { mantissa, decimals })
    }

    #[test]
    fn plain_numbers_are_digits_with_at_most_one_point_inside() {
        for (cell, answer) in [
            ("1234.56", small(123_456, 2)),
            ("-0.5", small(-5, 1)),
            ("+7", small(7, 0)),
            ("007", small(7, 0)),
            ("", Err(Fault::NotANumber)),
            ("-", Err(Fault::NotANumber)),
            (".5", Err(Fault::NotANumber)),
            ("5.", Err(Fault::NotANumber)),
            ("1.2.3", Err(Fault::NotANumber)),
            ("1,234.5", Err(Fault::NotANumber)),
            ("1e400", Err(Fault::NotANumber)),
            ("NaN", Err(Fault::NotANumber)),
            ("١٢", Err(Fault::NotANumber)),
        ] {
            assert_eq!(read(cell.as_bytes(), NumberForm::Plain), answer, "{cell}");
        }
    }

    #[test]
    fn long_numbers_stay_exact_up_to_38_digits() {
        let long = "9".repeat(38);
        assert_eq!(
            read(long.as_bytes(), NumberForm::Plain),
            Ok(Read::Wide(Exact::parse_decimal(&long).unwrap()))
        );
        assert_eq!(
            read("9".repeat(39).as_bytes(), NumberForm::Plain),
            Err(Fault::TooManyDigits)
        );
    }

    #[test]
    fn money_may_name_its_currency_and_then_group_digits() {
        let form = NumberForm::Money(Currency::CNY);
        for (cell, answer) in [
            ("1234.56", small(123_456, 2)),
            ("CNY 1234.56", small(123_456, 2)),
            ("CNY 1,234.56", small(123_456, 2)),
            ("CNY1,234,567", small(1_234_567, 0)),
            ("-CNY 5", small(-5, 0)),
            ("CNY -5,000", small(-5_000, 0)),
            ("-CNY -5", Err(Fault::NotANumber)),
            ("1,234.56", Err(Fault::NotANumber)),
            ("CNY 12,34", Err(Fault::NotANumber)),
            ("CNY ,234", Err(Fault::NotANumber)),
            ("CNY 1,234.567,8", Err(Fault::NotANumber)),
            ("cny 5", Err(Fault::NotANumber)),
            ("USD 5", Err(Fault::WrongCurrency(Currency::CNY))),
        ] {
            assert_eq!(read(cell.as_bytes(), form), answer, "{cell}");
        }
    }

    #[test]
    fn money_may_have_a_sign_that_its_currency_may_have() {
        let all = [
            Currency::CNY,
            Currency::parse("EUR").unwrap(),
            Currency::parse("USD").unwrap(),
        ];
        let [cny, eur, usd] = all;
        for (cell, currency, answer) in [
            ("3,333.33元", cny, small(333_333, 2)),
            ("3,333.33 元", cny, small(333_333, 2)),
            ("¥3,333.33", cny, small(333_333, 2)),
            ("-¥ 5", cny, small(-5, 0)),
            ("￥-5", cny, small(-5, 0)),
            ("1,234.50 CNY", cny, small(123_450, 2)),
            ("€1,200", eur, small(1_200, 0)),
            ("1200.50 €", eur, small(120_050, 2)),
            ("$5", usd, small(5, 0)),
            ("$5", eur, Err(Fault::WrongCurrency(eur))),
            ("¥5", usd, Err(Fault::WrongCurrency(usd))),
            ("5元", usd, Err(Fault::WrongCurrency(usd))),
            ("5 USD", cny, Err(Fault::WrongCurrency(cny))),
            ("¥5元", cny, Err(Fault::NotANumber)),
            ("¥", cny, Err(Fault::NotANumber)),
            ("元5,00", cny, Err(Fault::NotANumber)),
            ("1,234.50", cny, Err(Fault::NotANumber)),
            ("5 cny", cny, Err(Fault::NotANumber)),
        ] {
            assert_eq!(
                read(cell.as_bytes(), NumberForm::Money(currency)),
                answer,
                "{cell}"
            );
        }
    }

    #[test]
    fn percents_are_read_as_the_source_writes_them() {
        let signed = |cell: &str| read(cell.as_bytes(), NumberForm::Percent(PercentForm::Sign));
        assert_eq!(signed("1.2%"), small(12, 3));
        assert_eq!(signed("8 %"), small(8, 2));
        assert_eq!(signed("1.2"), Err(Fault::NoPercentSign));
        assert_eq!(signed("x"), Err(Fault::NotANumber));
        let fraction = |cell: &str| read(cell.as_bytes(), NumberForm::Percent(PercentForm::Fraction));
        assert_eq!(fraction("0.012"), small(12, 3));
        assert_eq!(fraction("1.2%"), Err(Fault::PercentSign));
        assert_eq!(
            read(b"1.2", NumberForm::Percent(PercentForm::Hundredths)),
            small(12, 3)
        );
    }
}
