//! Values and bounds of a chunk on one scale.

use std::borrow::Cow;

use guerdon_plan::number::{pow10_i64, pow10_i128};

use crate::kernel::lanes::fold;
use crate::vector::{NARROW_DECIMALS, Numbers, WIDE_DECIMALS, bits_i64, bits_i128};

/// Integers of one width, for loops whose results are known to fit.
pub(super) trait Integer: Copy + Ord + Default {
    /// The most bits that a magnitude may have on the way.
    const BITS: u32;
    /// The most decimals that results are kept with.
    const DECIMALS: u8;

    fn narrowed(number: i128) -> Option<Self>;
    fn times(self, other: Self) -> Self;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn widened(self) -> i128;
    fn numbers(values: Vec<Self>, decimals: u8) -> Numbers<'static>;
}

/// A chunk: value = values ÷ (10^decimals × over), and a bound b lies at b × units on the same scale.
pub(super) struct Cells<'v, I: Clone> {
    pub values: Cow<'v, [I]>,
    pub units: Cow<'v, [I]>,
    pub over: Option<Cow<'v, [I]>>,
    pub decimals: u8,
    pub value_bits: u32,
    pub unit_bits: u32,
    pub over_bits: u32,
}

/// An operand: number = nums ÷ (10^decimals × dens).
struct Operand<'v> {
    nums: Cow<'v, [i128]>,
    dens: Option<Cow<'v, [i128]>>,
    decimals: u8,
}

/// Brings a chunk of 64-bit numbers to one scale, if 64 bits do.
pub(super) fn narrow<'v>(
    value: &'v Numbers<'_>,
    against: Option<&'v Numbers<'_>>,
    bound_decimals: u8,
    len: usize,
) -> Option<Cells<'v, i64>> {
    let Numbers::Scaled(values, its) = value else {
        return None;
    };
    let (units, unit_decimals): (&[i64], u8) = match against {
        None => (&[1], 0),
        Some(Numbers::Scaled(units, decimals)) => (units, *decimals),
        Some(Numbers::Wide(..) | Numbers::Ratio(..) | Numbers::Exact(_)) => return None,
    };
    let at_bounds = bound_decimals.checked_add(unit_decimals)?;
    let decimals = at_bounds.max(*its);
    let (values, value_bits) = raised(values, decimals.checked_sub(*its)?)?;
    let (units, unit_bits) = raised(units, decimals.checked_sub(at_bounds)?)?;
    Some(Cells {
        values: spread(values, len),
        units: positive(units, 1),
        over: None,
        decimals,
        value_bits,
        unit_bits,
        over_bits: 0,
    })
}

/// Brings a chunk to one scale, if 128 bits do.
pub(super) fn wide<'v>(
    value: &'v Numbers<'_>,
    against: Option<&'v Numbers<'_>>,
    bound_decimals: u8,
    len: usize,
) -> Option<Cells<'v, i128>> {
    let value = operand(value)?;
    let against = match against {
        Some(against) => operand(against)?,
        None => Operand {
            nums: Cow::Owned(vec![1]),
            dens: None,
            decimals: 0,
        },
    };
    let at_bounds = bound_decimals.checked_add(against.decimals)?;
    let decimals = at_bounds.max(value.decimals);
    let values = lifted(
        value.nums,
        decimals.checked_sub(value.decimals)?,
        against.dens.as_deref(),
    )?;
    let units = lifted(
        positive(against.nums, 1),
        decimals.checked_sub(at_bounds)?,
        value.dens.as_deref(),
    )?;
    let over = match (value.dens, against.dens) {
        (None, None) => None,
        (Some(dens), None) | (None, Some(dens)) => Some(dens),
        (Some(dens), other @ Some(_)) => Some(lifted(dens, 0, other.as_deref())?),
    };
    Some(Cells {
        value_bits: bits_i128(&values),
        unit_bits: bits_i128(&units),
        over_bits: over.as_deref().map_or(0, bits_i128),
        values: spread(values, len),
        units,
        over,
        decimals,
    })
}

impl Cells<'_, i128> {
    /// Holds the chunk in 64 bits, if they do.
    pub(super) fn narrowed(&self) -> Option<Cells<'static, i64>> {
        if self.value_bits.max(self.unit_bits).max(self.over_bits) > <i64 as Integer>::BITS {
            return None;
        }
        let narrow = |list: &[i128]| {
            list.iter()
                .map(|number| i64::try_from(*number).unwrap_or_default())
                .collect()
        };
        Some(Cells {
            values: narrow(&self.values),
            units: narrow(&self.units),
            over: self.over.as_deref().map(narrow),
            decimals: self.decimals,
            value_bits: self.value_bits,
            unit_bits: self.unit_bits,
            over_bits: self.over_bits,
        })
    }
}

fn operand<'v>(numbers: &'v Numbers<'_>) -> Option<Operand<'v>> {
    Some(match numbers {
        Numbers::Scaled(values, decimals) => {
            let nums = values.iter().copied().map(i128::from).collect();
            Operand {
                nums,
                dens: None,
                decimals: *decimals,
            }
        }
        Numbers::Wide(values, decimals) => Operand {
            nums: Cow::Borrowed(values),
            dens: None,
            decimals: *decimals,
        },
        Numbers::Ratio(nums, dens) => Operand {
            nums: Cow::Borrowed(nums),
            dens: Some(Cow::Borrowed(dens)),
            decimals: 0,
        },
        Numbers::Exact(_) => return None,
    })
}

/// Multiplies by a power of ten, if 62 bits do.
fn raised(values: &[i64], more: u8) -> Option<(Cow<'_, [i64]>, u32)> {
    let bits = bits_i64(values);
    if more == 0 {
        return Some((Cow::Borrowed(values), bits));
    }
    let power = pow10_i64(more)?;
    let bits = bits.saturating_add(bits_i64(&[power]));
    (bits <= <i64 as Integer>::BITS).then(|| (values.iter().map(|value| value.times(power)).collect(), bits))
}

/// Multiplies by a power of ten and by further factors, if 126 bits do.
fn lifted<'v>(values: Cow<'v, [i128]>, more: u8, factors: Option<&[i128]>) -> Option<Cow<'v, [i128]>> {
    let power = pow10_i128(more)?;
    let up = if more == 0 { 0 } else { bits_i128(&[power]) };
    let bits = bits_i128(&values)
        .saturating_add(up)
        .saturating_add(factors.map_or(0, bits_i128));
    if bits > <i128 as Integer>::BITS {
        return None;
    }
    let values = if more == 0 {
        values
    } else {
        fold(values, &[power], Integer::times)
    };
    Some(match factors {
        Some(factors) => fold(values, factors, Integer::times),
        None => values,
    })
}

/// Puts a positive number where there is none; such cells are errors whatever is computed for them.
fn positive<'v, I: Integer>(units: Cow<'v, [I]>, one: I) -> Cow<'v, [I]> {
    if units.iter().all(|unit| *unit > I::default()) {
        return units;
    }
    units.iter().map(|unit| (*unit).max(one)).collect()
}

fn spread<I: Copy>(values: Cow<'_, [I]>, len: usize) -> Cow<'_, [I]> {
    match *values {
        [one] if len != 1 => Cow::Owned(vec![one; len]),
        _ => values,
    }
}

impl Integer for i64 {
    const BITS: u32 = 62;
    const DECIMALS: u8 = NARROW_DECIMALS;

    fn narrowed(number: i128) -> Option<i64> {
        i64::try_from(number).ok()
    }

    fn times(self, other: i64) -> i64 {
        self.wrapping_mul(other)
    }

    fn plus(self, other: i64) -> i64 {
        self.wrapping_add(other)
    }

    fn minus(self, other: i64) -> i64 {
        self.wrapping_sub(other)
    }

    fn widened(self) -> i128 {
        i128::from(self)
    }

    fn numbers(values: Vec<i64>, decimals: u8) -> Numbers<'static> {
        Numbers::Scaled(Cow::Owned(values), decimals)
    }
}

impl Integer for i128 {
    const BITS: u32 = 126;
    const DECIMALS: u8 = WIDE_DECIMALS;

    fn narrowed(number: i128) -> Option<i128> {
        Some(number)
    }

    fn times(self, other: i128) -> i128 {
        self.wrapping_mul(other)
    }

    fn plus(self, other: i128) -> i128 {
        self.wrapping_add(other)
    }

    fn minus(self, other: i128) -> i128 {
        self.wrapping_sub(other)
    }

    fn widened(self) -> i128 {
        self
    }

    fn numbers(values: Vec<i128>, decimals: u8) -> Numbers<'static> {
        Numbers::from_wide(values, decimals)
    }
}
