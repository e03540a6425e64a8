//! Numbers from one form to another, and single numbers.

use std::borrow::Cow;

use guerdon_plan::number::Exact;

use super::{Numbers, flag};

/// The most decimals that numbers of 64 bits are kept with.
pub(crate) const NARROW_DECIMALS: u8 = 18;

/// The most decimals that numbers of 128 bits are kept with.
pub(crate) const WIDE_DECIMALS: u8 = 36;

impl Numbers<'_> {
    /// Gives one number; a single one answers for all cells.
    pub(crate) fn exact(&self, cell: usize) -> Exact {
        match self {
            Self::Scaled(values, decimals) => Exact::from_scaled(i128::from(flag(values, cell)), *decimals),
            Self::Wide(values, decimals) => Exact::from_scaled(flag(values, cell), *decimals),
            Self::Ratio(nums, dens) => Exact::new(flag(nums, cell), flag(dens, cell)).unwrap_or_default(),
            Self::Exact(values) => {
                let place = if values.len() == 1 { 0 } else { cell };
                values.get(place).cloned().unwrap_or_default()
            }
        }
    }

    /// Gives all numbers held.
    pub(crate) fn to_exact(&self) -> Vec<Exact> {
        match self {
            Self::Exact(values) => values.to_vec(),
            Self::Scaled(..) | Self::Wide(..) | Self::Ratio(..) => {
                (0..self.len()).map(|cell| self.exact(cell)).collect()
            }
        }
    }

    /// Holds integers ÷ 10^decimals: in 64 bits where they fit.
    pub(crate) fn from_wide(values: Vec<i128>, decimals: u8) -> Numbers<'static> {
        if decimals <= NARROW_DECIMALS && bits_i128(&values) <= 63 {
            let narrow = values
                .into_iter()
                .map(|value| i64::try_from(value).unwrap_or_default());
            return Numbers::Scaled(narrow.collect(), decimals);
        }
        Numbers::Wide(Cow::Owned(values), decimals)
    }

    /// Holds any numbers in the narrowest form that does.
    pub(crate) fn pack(values: Vec<Exact>) -> Numbers<'static> {
        if let Some((scaled, decimals)) = scaled(&values) {
            return Numbers::from_wide(scaled, decimals);
        }
        match values.iter().map(Exact::parts).collect::<Option<Vec<_>>>() {
            Some(parts) => {
                let (nums, dens): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
                Numbers::Ratio(Cow::Owned(nums), Cow::Owned(dens))
            }
            None => Numbers::Exact(Cow::Owned(values)),
        }
    }
}

/// Gives the least power of two (as an exponent) that no magnitude of the list passes.
pub(crate) fn bits_i64(values: &[i64]) -> u32 {
    // A number and its double differ first one place above its last telling bit. Unlike a shift of the sign, this is
    // done for several numbers at a time on every machine.
    let all = values
        .iter()
        .fold(0_i64, |all, value| all | (value ^ (value << 1)));
    63_u32.saturating_sub(all.leading_zeros())
}

/// Gives the least power of two (as an exponent) that no magnitude of the list passes.
pub(crate) fn bits_i128(values: &[i128]) -> u32 {
    let all = values
        .iter()
        .fold(0_i128, |all, value| all | (value ^ (value >> 127)));
    128_u32.saturating_sub(all.leading_zeros())
}

/// Brings numbers to the fewest decimals that do for all, if 128 bits hold them so.
pub(crate) fn scaled(values: &[Exact]) -> Option<(Vec<i128>, u8)> {
    let decimals = values
        .iter()
        .try_fold(0, |most, value| Some(value.decimals()?.max(most)));
    let decimals = decimals
        .and_then(|decimals| u8::try_from(decimals).ok())
        .filter(|decimals| *decimals <= WIDE_DECIMALS)?;
    let scaled: Option<Vec<i128>> = values.iter().map(|value| value.to_scaled(decimals)).collect();
    Some((scaled?, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_packed_as_narrowly_as_they_fit() {
        let packed = |values: &[Exact]| match Numbers::pack(values.to_vec()) {
            Numbers::Scaled(values, decimals) => format!("{values:?} / 10^{decimals}"),
            Numbers::Wide(values, decimals) => format!("wide {values:?} / 10^{decimals}"),
            Numbers::Ratio(nums, dens) => format!("{nums:?} / {dens:?}"),
            Numbers::Exact(values) => format!("{values:?}"),
        };
        let max = Exact::from_i64(i64::MAX);
        let third = Exact::new(1, 3).unwrap();
        let tenth = Exact::new(1, 10).unwrap();
        assert_eq!(packed(&[tenth.clone(), Exact::ONE]), "[1, 10] / 10^1");
        assert_eq!(packed(std::slice::from_ref(&max)), "[9223372036854775807] / 10^0");
        assert_eq!(packed(&[max, tenth]), "wide [92233720368547758070, 1] / 10^1");
        assert_eq!(packed(&[third, Exact::ONE]), "[1, 1] / [3, 1]");
    }
}
