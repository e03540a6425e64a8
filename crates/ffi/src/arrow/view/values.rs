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
    Text(&'a [i32], Words<'a>),
    LongText(&'a [i64], Words<'a>),
    Dictionary(Box<(Values<'a>, Column<'a>)>),
}

/// The bytes that the texts of a column are in.
#[derive(Clone, Copy)]
pub(super) enum Words<'a> {
    /// They are text from a place on, and each of the column's own texts begins and ends with a character.
    Sound { from: usize, text: &'a str },
    /// Something in them is no text, which may belong to no value.
    Mixed(&'a [u8]),
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
    /// Says whether all texts are known to be text.
    pub(super) fn is_sound_text(&self) -> bool {
        match self {
            Self::Text(_, words) | Self::LongText(_, words) => words.is_sound(),
            Self::Nothing
            | Self::Bits(_)
            | Self::I8(_)
            | Self::U8(_)
            | Self::I16(_)
            | Self::U16(_)
            | Self::I32(_)
            | Self::U32(_)
            | Self::I64(_)
            | Self::U64(_)
            | Self::Decimal(..)
            | Self::Day(_)
            | Self::Dictionary(_) => false,
        }
    }

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
                bytes.at(i64::from(*offsets.get(at)?), i64::from(*offsets.get(next)?))?
            }
            Self::LongText(offsets, bytes) => {
                let next = at.saturating_add(1);
                bytes.at(*offsets.get(at)?, *offsets.get(next)?)?
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

impl<'a> Words<'a> {
    /// Looks at the bytes of the texts between the first and the last of the ends, which rise.
    pub(super) fn of(bytes: &'a [u8], ends: impl Iterator<Item = i64> + Clone) -> Self {
        let place = |end: i64| usize::try_from(end).unwrap_or(usize::MAX);
        let from = ends.clone().next().map_or(0, place);
        let own = bytes.get(from..).and_then(|own| std::str::from_utf8(own).ok());
        match own {
            Some(text)
                if text.is_ascii() || {
                    let mut places = ends.map(|end| place(end).saturating_sub(from));
                    places.all(|place| text.is_char_boundary(place))
                } =>
            {
                Self::Sound { from, text }
            }
            Some(_) | None => Self::Mixed(bytes),
        }
    }

    pub(super) fn is_sound(&self) -> bool {
        matches!(self, Self::Sound { .. })
    }

    fn at(self, start: i64, end: i64) -> Option<Value<'a>> {
        let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
        let text = match self {
            Self::Sound { from, text } => text.get(start.checked_sub(from)?..end.checked_sub(from)?)?,
            Self::Mixed(bytes) => std::str::from_utf8(bytes.get(start..end)?).ok()?,
        };
        Some(Value::Text(text))
    }
}

/// Columns of which no value is missing, as most are: without asking for each value what it is.
impl<'a> Column<'a> {
    /// Gives the texts, if they are known to be text.
    pub(crate) fn all_texts(&self) -> Option<impl Iterator<Item = &'a str> + use<'a>> {
        let (None, Values::Text(ends, Words::Sound { from, text })) = (self.valid, &self.values) else {
            return None;
        };
        let (ends, from, text) = (*ends, *from, *text);
        let own = ends.get(self.offset..=self.offset.checked_add(self.len)?)?;
        let place = move |end: i32| usize::try_from(end).unwrap_or(0).saturating_sub(from);
        Some(own.windows(2).map(move |ends| match ends {
            [start, end] => text.get(place(*start)..place(*end)).unwrap_or_default(),
            _ => "",
        }))
    }

    /// Gives the decimals with their scale.
    pub(crate) fn all_decimals(&self) -> Option<(impl Iterator<Item = i128> + use<'a>, u8)> {
        let (None, Values::Decimal(values, scale)) = (self.valid, &self.values) else {
            return None;
        };
        let values: &'a [[u64; 2]] = values;
        let own = values.get(self.offset..self.offset.checked_add(self.len)?)?;
        Some((own.iter().map(|halves| whole(*halves)), *scale))
    }

    /// Gives the days.
    pub(crate) fn all_days(&self) -> Option<impl Iterator<Item = i32> + use<'a>> {
        let (None, Values::Day(days)) = (self.valid, &self.values) else {
            return None;
        };
        let days: &'a [i32] = days;
        let own = days.get(self.offset..self.offset.checked_add(self.len)?)?;
        Some(own.iter().copied())
    }
}

/// Puts the two halves of a decimal together.
fn whole([low, high]: [u64; 2]) -> i128 {
    (u128::from(high).rotate_left(64) | u128::from(low)).cast_signed()
}

/// Reads a bit of a list of bits.
pub(super) fn bit(bits: &[u8], at: usize) -> bool {
    bits.get(at >> 3)
        .is_some_and(|byte| byte.checked_shr(u32::try_from(at & 7).unwrap_or(0)).unwrap_or(0) & 1 == 1)
}
