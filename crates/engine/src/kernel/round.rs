//! Rounding to a step.

use std::borrow::Cow;

use guerdon_plan::number::{
    self, Exact, Rounding, pow10_i64, pow10_i128, rescale, round_div_i64, round_div_i128, round_div_narrow,
};

use super::lanes::{at, each, times};
use super::masks::Masks;
use super::{Call, outcome};
use crate::vector::{Data, NARROW_DECIMALS, Numbers, Vector, bits_i64, bits_i128};

/// A step that is an integer over a power of ten.
pub(super) struct Step {
    mode: Rounding,
    pub mantissa: i64,
    pub decimals: u8,
}

/// Rounds to multiples of a step.
pub(super) fn round<'a>(mode: Rounding, step: &Exact, inputs: &[Vector<'a>], call: Call<'_>) -> Vector<'a> {
    let masks = Masks::strict(inputs);
    let Some(Data::Number(numbers)) = inputs.first().map(|input| &input.data) else {
        return masks.alone();
    };
    let rounded = Step::of(mode, step).and_then(|step| match numbers {
        Numbers::Scaled(values, decimals) => step.scaled(values, *decimals),
        Numbers::Wide(values, decimals) => {
            let den = pow10_i128(*decimals)?;
            step.fractions(values.len(), |cell| Some((*at(values, cell)?, den)))
        }
        Numbers::Ratio(nums, dens) => step
            .quotients(nums, dens)
            .or_else(|| step.fractions(nums.len(), |cell| Some((*at(nums, cell)?, *at(dens, cell)?)))),
        Numbers::Exact(_) => None,
    });
    match rounded {
        Some(numbers) => masks.over(Data::Number(numbers)),
        None => outcome::exactly(masks, call, |cell| {
            number::round(&numbers.exact(cell), mode, step).map_err(outcome::fault)
        }),
    }
}

impl Step {
    pub(super) fn of(mode: Rounding, step: &Exact) -> Option<Step> {
        let decimals = u8::try_from(step.decimals()?)
            .ok()
            .filter(|decimals| *decimals <= NARROW_DECIMALS)?;
        let mantissa = i64::try_from(step.to_scaled(decimals)?)
            .ok()
            .filter(|mantissa| *mantissa > 0)?;
        Some(Step {
            mode,
            mantissa,
            decimals,
        })
    }

    /// Rounds integers of 64 bits.
    fn scaled(&self, values: &[i64], decimals: u8) -> Option<Numbers<'static>> {
        match decimals.checked_sub(self.decimals) {
            None | Some(0) if self.mantissa == 1 => {
                Some(Numbers::Scaled(Cow::Owned(values.to_vec()), decimals))
            }
            Some(_) if self.mantissa == 1 => {
                let mut rounded = vec![0; values.len()];
                rescale(values, decimals, self.decimals, self.mode, &mut rounded).ok()?;
                Some(Numbers::Scaled(Cow::Owned(rounded), self.decimals))
            }
            fewer => self.narrow(values, decimals, fewer.unwrap_or(0)).or_else(|| {
                let den = pow10_i128(decimals)?;
                self.fractions(values.len(), |cell| Some((i128::from(*at(values, cell)?), den)))
            }),
        }
    }

    /// Rounds to multiples other than of one unit, where 64 bits do.
    fn narrow(&self, values: &[i64], decimals: u8, fewer: u8) -> Option<Numbers<'static>> {
        let up = pow10_i64(self.decimals.saturating_sub(decimals))?;
        if up != 1 && bits_i64(values).saturating_add(bits_i64(&[up])) > 62 {
            return None;
        }
        let divisor = self.mantissa.checked_mul(pow10_i64(fewer)?)?;
        let one = |value: &i64| {
            round_div_i64(value.wrapping_mul(up), divisor, self.mode)?.checked_mul(self.mantissa)
        };
        let rounded = each(values.iter().map(one))?;
        Some(Numbers::Scaled(Cow::Owned(rounded), self.decimals))
    }

    /// Rounds fractions with positive denominators, where 64 bits or 128 do for all of them.
    fn quotients(&self, nums: &[i128], dens: &[i128]) -> Option<Numbers<'static>> {
        let up = pow10_i64(self.decimals)?;
        let num_bits = bits_i128(nums).saturating_add(bits_i64(&[up]));
        let den_bits = bits_i128(dens).saturating_add(bits_i64(&[self.mantissa]));
        let bits = num_bits.max(den_bits);
        if bits <= 62 {
            let rounded = by_mode(self.mode, |mode| self.narrow_quotients(nums, dens, up, mode));
            return Some(Numbers::Scaled(Cow::Owned(rounded), self.decimals));
        }
        if bits > 126 {
            return None;
        }
        let rounded = by_mode(self.mode, |mode| self.wide_quotients(nums, dens, up, mode))?;
        Some(Numbers::from_wide(rounded, self.decimals))
    }

    #[inline(always)]
    fn narrow_quotients(&self, nums: &[i128], dens: &[i128], up: i64, mode: Rounding) -> Vec<i64> {
        let narrow = |number: &i128| i64::try_from(*number).unwrap_or_default();
        let one = |(num, den): (&i128, &i128)| {
            let (num, den) = (
                narrow(num).wrapping_mul(up),
                narrow(den).wrapping_mul(self.mantissa),
            );
            round_div_narrow(num, den, mode).wrapping_mul(self.mantissa)
        };
        nums.iter().zip(dens).map(one).collect()
    }

    #[inline(always)]
    fn wide_quotients(&self, nums: &[i128], dens: &[i128], up: i64, mode: Rounding) -> Option<Vec<i128>> {
        let (up, mantissa) = (i128::from(up), i128::from(self.mantissa));
        let one = |(num, den): (&i128, &i128)| {
            let (num, den) = (num.wrapping_mul(up), den.wrapping_mul(mantissa));
            // The product with the step is at most twice the fraction, or the step itself.
            Some(round_div_i128(num, den, mode)?.wrapping_mul(mantissa))
        };
        each(nums.iter().zip(dens).map(one))
    }

    /// Rounds fractions with positive denominators, where 128 bits do.
    fn fractions(
        &self,
        len: usize,
        part: impl Fn(usize) -> Option<(i128, i128)>,
    ) -> Option<Numbers<'static>> {
        let up = pow10_i128(self.decimals)?;
        let mantissa = i128::from(self.mantissa);
        let one = |cell| {
            let (num, den) = part(cell)?;
            let (num, den) = match (times(num, up), times(den, mantissa)) {
                (Some(num), Some(den)) => (num, den),
                (_, _) => return self.reduced(num, den),
            };
            times(divided(num, den, self.mode)?, mantissa)
        };
        Some(Numbers::from_wide(each((0..len).map(one))?, self.decimals))
    }

    /// Rounds one fraction that has to be reduced first.
    fn reduced(&self, num: i128, den: i128) -> Option<i128> {
        let step = Exact::from_scaled(i128::from(self.mantissa), self.decimals);
        let rounded = number::round(&Exact::new(num, den).ok()?, self.mode, &step).ok()?;
        rounded.to_scaled(self.decimals)
    }
}

/// Computes something with a mode; one that is a constant where a loop is made need not be looked at for each cell.
#[inline(always)]
pub(super) fn by_mode<T>(mode: Rounding, of: impl Fn(Rounding) -> T) -> T {
    match mode {
        Rounding::HalfEven => of(Rounding::HalfEven),
        Rounding::HalfUp => of(Rounding::HalfUp),
        Rounding::HalfDown
        | Rounding::HalfOdd
        | Rounding::HalfCeiling
        | Rounding::HalfFloor
        | Rounding::Up
        | Rounding::Down
        | Rounding::Ceiling
        | Rounding::Floor => of(mode),
    }
}

/// Divides and rounds; quickly where 64 bits do.
fn divided(num: i128, den: i128, mode: Rounding) -> Option<i128> {
    match (i64::try_from(num), i64::try_from(den)) {
        (Ok(num), Ok(den)) => round_div_i64(num, den, mode).map(i128::from),
        (_, _) => round_div_i128(num, den, mode),
    }
}
