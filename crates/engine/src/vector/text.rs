//! Numbers as text, without a fraction in between where they are scaled integers.

use super::{Data, Numbers, Vector, flag};

/// The most digits that a scaled integer has.
const MOST_DIGITS: usize = 40;

impl Vector<'_> {
    /// Writes the number of a sound cell in full, with at least so many decimals, or as a fraction where it has no
    /// end; nothing for a cell that holds no number.
    pub(crate) fn write_number(&self, cell: usize, min_decimals: u8, out: &mut String) {
        let Data::Number(numbers) = &self.data else {
            return;
        };
        match numbers {
            Numbers::Scaled(values, decimals) => {
                write_scaled(i128::from(flag(values, cell)), *decimals, min_decimals, out);
            }
            Numbers::Wide(values, decimals) => write_scaled(flag(values, cell), *decimals, min_decimals, out),
            Numbers::Ratio(..) | Numbers::Exact(_) => {
                out.push_str(&numbers.exact(cell).display_text(min_decimals));
            }
        }
    }
}

/// Writes `value ÷ 10^decimals`; zeros at the end go, down to the decimals wanted.
fn write_scaled(value: i128, decimals: u8, min_decimals: u8, out: &mut String) {
    let (mut digits, mut decimals) = (value.unsigned_abs(), usize::from(decimals));
    let min_decimals = usize::from(min_decimals);
    while decimals > min_decimals && last_digit(digits) == 0 {
        digits = without_last(digits);
        decimals = decimals.saturating_sub(1);
    }
    let mut reversed: [u8; MOST_DIGITS] = [b'0'; MOST_DIGITS];
    let mut len: usize = 0;
    for slot in &mut reversed {
        if digits == 0 && len > decimals {
            break;
        }
        *slot = b'0'.saturating_add(last_digit(digits));
        digits = without_last(digits);
        len = len.saturating_add(1);
    }
    if value < 0 {
        out.push('-');
    }
    for (place, digit) in reversed.iter().enumerate().take(len).rev() {
        out.push(char::from(*digit));
        if place == decimals && place > 0 {
            out.push('.');
        }
    }
    if decimals < min_decimals {
        if decimals == 0 {
            out.push('.');
        }
        out.extend(std::iter::repeat_n('0', min_decimals.saturating_sub(decimals)));
    }
}

fn last_digit(digits: u128) -> u8 {
    // Most numbers fit 64 bits, in which division is several times as quick.
    match u64::try_from(digits) {
        Ok(few) => u8::try_from(few % 10).unwrap_or(0),
        Err(_) => u8::try_from(digits % 10).unwrap_or(0),
    }
}

fn without_last(digits: u128) -> u128 {
    match u64::try_from(digits) {
        Ok(few) => u128::from(few / 10),
        Err(_) => digits / 10,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use guerdon_plan::number::Exact;
    use proptest::prelude::*;

    use super::*;

    fn written(value: i128, decimals: u8, min_decimals: u8) -> String {
        let mut text = String::new();
        write_scaled(value, decimals, min_decimals, &mut text);
        text
    }

    #[test]
    fn scaled_numbers_are_written_with_the_decimals_wanted() {
        assert_eq!(written(249_500, 2, 2), "2495.00");
        assert_eq!(written(249_500, 2, 0), "2495");
        assert_eq!(written(249_550, 2, 0), "2495.5");
        assert_eq!(written(2_495, 0, 2), "2495.00");
        assert_eq!(written(24_955, 1, 3), "2495.500");
        assert_eq!(written(-5, 3, 2), "-0.005");
        assert_eq!(written(0, 6, 2), "0.00");
        assert_eq!(written(0, 0, 0), "0");
        assert_eq!(
            written(i128::MIN, 0, 0),
            "-170141183460469231731687303715884105728"
        );
    }

    proptest! {
        #[test]
        fn the_text_is_that_of_the_exact_number(value: i128, decimals in 0_u8..=36, min_decimals in 0_u8..=4) {
            let exact = Exact::from_scaled(value, decimals);
            prop_assert_eq!(written(value, decimals, min_decimals), exact.display_text(min_decimals));
        }

        #[test]
        fn a_column_of_any_form_is_written_alike(value: i64, decimals in 0_u8..=9) {
            let exact = Exact::from_scaled(i128::from(value), decimals);
            for numbers in [
                Numbers::Scaled(Cow::Owned(vec![value]), decimals),
                Numbers::Wide(Cow::Owned(vec![i128::from(value)]), decimals),
                Numbers::Exact(Cow::Owned(vec![exact.clone()])),
            ] {
                let mut text = String::new();
                Vector::new(Data::Number(numbers)).write_number(0, 2, &mut text);
                prop_assert_eq!(text, exact.display_text(2));
            }
        }
    }
}
