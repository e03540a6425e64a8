//! Buffers of a column, and the values in them.

use super::Column;

/// The buffers of a column.
pub(super) enum Values<'a> {
    Nothing,
    Bits(&'a [u8]),
    I8(&'a [i8]),
    U8(&'a [u8]),
    I16(&'a [i16]),
    U16(&'a [u16]),
    I32(&'a [i32]),
    U32(&'a [u32]),
    I64(&'a [i64]),
    U64(&'a [u64]),
    /// The two halves of each, lower one first.
    Decimal(&'a [[u64; 2]], u8),
    Day(&'a [i32]),
    Text(&'a [i32], &'a [u8]),
    LongText(&'a [i64], &'a [u8]),
    Dictionary(Box<(Values<'a>, Column<'a>)>),
}

/// One value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value<'a> {
    Missing,
    Bool(bool),
    Whole(i128),
    Decimal(i128, u8),
    Day(i32),
    Text(&'a str),
}

impl<'a> Values<'a> {
    /// Gives a value; none where a text is no text.
    pub(super) fn at(&self, at: usize) -> Option<Value<'a>> {
        Some(match self {
            Self::Nothing => Value::Missing,
            Self::Bits(bits) => Value::Bool(bit(bits, at)),
            Self::I8(values) => Value::Whole(i128::from(*values.get(at)?)),
            Self::U8(values) => Value::Whole(i128::from(*values.get(at)?)),
            Self::I16(values) => Value::Whole(i128::from(*values.get(at)?)),
            Self::U16(values) => Value::Whole(i128::from(*values.get(at)?)),
            Self::I32(values) => Value::Whole(i128::from(*values.get(at)?)),
            Self::U32(values) => Value::Whole(i128::from(*values.get(at)?)),
            Self::I64(values) => Value::Whole(i128::from(*values.get(at)?)),
            Self::U64(values) => Value::Whole(i128::from(*values.get(at)?)),
            Self::Decimal(values, scale) => Value::Decimal(whole(*values.get(at)?), *scale),
            Self::Day(values) => Value::Day(*values.get(at)?),
            Self::Text(offsets, bytes) => {
                let next = at.saturating_add(1);
                text(
                    bytes,
                    i64::from(*offsets.get(at)?),
                    i64::from(*offsets.get(next)?),
                )?
            }
            Self::LongText(offsets, bytes) => {
                let next = at.saturating_add(1);
                text(bytes, *offsets.get(at)?, *offsets.get(next)?)?
            }
            Self::Dictionary(both) => {
                let (places, words) = &**both;
                match places.at(at)? {
                    Value::Whole(place) => words.value(usize::try_from(place).ok()?),
                    other @ (Value::Missing
                    | Value::Bool(_)
                    | Value::Decimal(..)
                    | Value::Day(_)
                    | Value::Text(_)) => other,
                }
            }
        })
    }
}

fn text(bytes: &[u8], from: i64, until: i64) -> Option<Value<'_>> {
    let range = usize::try_from(from).ok()?..usize::try_from(until).ok()?;
    std::str::from_utf8(bytes.get(range)?).ok().map(Value::Text)
}

/// Puts the two halves of a decimal together.
fn whole([low, high]: [u64; 2]) -> i128 {
    let mut bytes = [0_u8; 16];
    let halves = low.to_le_bytes().into_iter().chain(high.to_le_bytes());
    for (byte, from) in bytes.iter_mut().zip(halves) {
        *byte = from;
    }
    i128::from_le_bytes(bytes)
}

/// Reads a bit of a list of bits.
pub(super) fn bit(bits: &[u8], at: usize) -> bool {
    bits.get(at >> 3)
        .is_some_and(|byte| byte.checked_shr(u32::try_from(at & 7).unwrap_or(0)).unwrap_or(0) & 1 == 1)
}
