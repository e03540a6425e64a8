//! Schemas and arrays as they are read: the pointers of a producer are followed here and nowhere else.

#![expect(unsafe_code, reason = "buffers of another library are read here")]

mod values;

use std::ffi::{c_char, c_void};
use std::slice;

pub(crate) use self::values::Value;
use self::values::{Values, Words, bit};
use super::abi::{ArrowArray, ArrowSchema};
use crate::status::{Fault, Outcome};

/// The most bytes of a format or name.
const MOST_WORDS: usize = 4096;
/// The most columns of a batch.
const MOST_COLUMNS: i64 = 4096;
/// The most rows of a batch.
const MOST_ROWS: i64 = 0xFFFF_FFF0;

/// A column's type, as far as it may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Nothing,
    Bool,
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    Decimal { precision: u8, scale: u8 },
    Day,
    Text,
    LongText,
}

/// A column of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub name: String,
    pub format: Format,
    /// The type of the values that the numbers stand for.
    pub dictionary: Option<Format>,
}

/// A column of a batch, checked.
pub(crate) struct Column<'a> {
    pub len: usize,
    offset: usize,
    valid: Option<&'a [u8]>,
    values: Values<'a>,
}

/// Reads a schema of a batch: a struct of columns.
pub(crate) fn fields(schema: &ArrowSchema) -> Outcome<Vec<Field>> {
    let format = words(schema.format, "a format")?;
    if format != "+s" {
        let message = format!("a batch is a struct of columns (format \"+s\"), not \"{format}\"");
        return Err(Fault::arrow(message));
    }
    if !schema.dictionary.is_null() {
        return Err(Fault::arrow("a batch has no dictionary"));
    }
    let children = children(schema.n_children, schema.children.cast_const().cast(), "schema")?;
    let mut fields: Vec<Field> = Vec::new();
    for child in children {
        // SAFETY: the producer promises that each child is a schema as long as its parent lives.
        let child = unsafe { aligned::<ArrowSchema>(*child, "a schema")? };
        let field = field(child)?;
        if fields.iter().any(|other| other.name == field.name) {
            return Err(Fault::arrow(format!("two columns are called \"{}\"", field.name)));
        }
        fields.push(field);
    }
    Ok(fields)
}

fn field(schema: &ArrowSchema) -> Outcome<Field> {
    let name = words(schema.name, "the name of a column")?;
    if schema.release.is_none() {
        return Err(Fault::arrow(format!(
            "the schema of column \"{name}\" has been released"
        )));
    }
    let format = format_of(schema, &name)?;
    let dictionary = if schema.dictionary.is_null() {
        None
    } else {
        // SAFETY: the producer promises that the dictionary is a schema as long as its parent lives.
        let values = unsafe { aligned::<ArrowSchema>(schema.dictionary.cast_const(), "a dictionary")? };
        if !values.dictionary.is_null() {
            return Err(Fault::arrow(format!(
                "the dictionary of column \"{name}\" has a dictionary"
            )));
        }
        let values = format_of(values, &name)?;
        if !format.is_whole() || !matches!(values, Format::Text | Format::LongText) {
            let message = format!("column \"{name}\" is no dictionary of texts with whole numbers");
            return Err(Fault::arrow(message));
        }
        Some(values)
    };
    Ok(Field {
        name,
        format,
        dictionary,
    })
}

fn format_of(schema: &ArrowSchema, name: &str) -> Outcome<Format> {
    let format = words(schema.format, "a format")?;
    if schema.n_children != 0 {
        return Err(Fault::arrow(format!("column \"{name}\" is nested")));
    }
    Ok(match format.as_str() {
        "n" => Format::Nothing,
        "b" => Format::Bool,
        "c" => Format::I8,
        "C" => Format::U8,
        "s" => Format::I16,
        "S" => Format::U16,
        "i" => Format::I32,
        "I" => Format::U32,
        "l" => Format::I64,
        "L" => Format::U64,
        "tdD" => Format::Day,
        "u" => Format::Text,
        "U" => Format::LongText,
        "e" | "f" | "g" => {
            let fault = Fault::arrow(format!("column \"{name}\" is binary floating point"));
            return Err(fault.advise("it cannot hold 0.1: send decimal128 or text"));
        }
        other => match decimal(other) {
            Some(decimal) => decimal,
            None => {
                let fault = Fault::arrow(format!("column \"{name}\" has the format \"{other}\""));
                return Err(fault.advise("send utf8, a dictionary of utf8, bool, int, decimal128 or date32"));
            }
        },
    })
}

/// Reads `d:38,2` or `d:38,2,128`.
fn decimal(format: &str) -> Option<Format> {
    let mut parts = format.strip_prefix("d:")?.split(',');
    let precision: u8 = parts.next()?.parse().ok()?;
    let scale: u8 = parts.next()?.parse().ok()?;
    let is_128 = parts.next().is_none_or(|bits| bits == "128");
    let is_sound = (1..=38).contains(&precision) && scale <= precision && parts.next().is_none();
    (is_128 && is_sound).then_some(Format::Decimal { precision, scale })
}

impl Format {
    const fn is_whole(self) -> bool {
        match self {
            Self::I8 | Self::U8 | Self::I16 | Self::U16 | Self::I32 | Self::U32 | Self::I64 | Self::U64 => {
                true
            }
            Self::Nothing | Self::Bool | Self::Decimal { .. } | Self::Day | Self::Text | Self::LongText => {
                false
            }
        }
    }

    /// Says how many buffers an array of the type has.
    const fn buffers(self) -> i64 {
        match self {
            Self::Nothing => 0,
            Self::Text | Self::LongText => 3,
            Self::Bool
            | Self::I8
            | Self::U8
            | Self::I16
            | Self::U16
            | Self::I32
            | Self::U32
            | Self::I64
            | Self::U64
            | Self::Decimal { .. }
            | Self::Day => 2,
        }
    }
}

/// Reads the columns of a batch, which all have one length.
pub(crate) fn columns<'a>(batch: &'a ArrowArray, fields: &[Field]) -> Outcome<Vec<Column<'a>>> {
    let (offset, len) = stretch(batch, "the batch")?;
    if batch.n_buffers != 1 {
        return Err(Fault::arrow(format!(
            "the batch has {} buffers, not 1",
            batch.n_buffers
        )));
    }
    if !batch.dictionary.is_null() {
        return Err(Fault::arrow("the batch has a dictionary"));
    }
    let buffers = buffers(batch, 1, "the batch")?;
    let children = children(batch.n_children, batch.children.cast_const().cast(), "array")?;
    if children.len() != fields.len() {
        let message = format!(
            "the batch has {} columns, its schema {}",
            children.len(),
            fields.len()
        );
        return Err(Fault::arrow(message));
    }
    let column = |(child, field): (&*const c_void, &Field)| {
        // SAFETY: the producer promises that each child is an array as long as its parent lives.
        let child = unsafe { aligned::<ArrowArray>(*child, "an array")? };
        column(child, field, offset, len)
    };
    let columns = children
        .iter()
        .zip(fields)
        .map(column)
        .collect::<Outcome<Vec<_>>>()?;
    // The columns come first: a batch that is longer than they are has no such bits either.
    if let Some(rows) = validity(batch, buffers, offset, len, "the batch")?
        && (0..len).any(|row| !bit(rows, offset.saturating_add(row)))
    {
        return Err(Fault::arrow("rows of the batch are missing as a whole"));
    }
    Ok(columns)
}

fn column<'a>(array: &'a ArrowArray, field: &Field, skipped: usize, len: usize) -> Outcome<Column<'a>> {
    let name = field.name.as_str();
    let (offset, there) = stretch(array, name)?;
    if skipped.saturating_add(len) > there {
        let message = format!(
            "column \"{name}\" has {there} values, the batch {} rows",
            skipped.saturating_add(len)
        );
        return Err(Fault::arrow(message));
    }
    let offset = offset.saturating_add(skipped);
    let mut column = plain(array, field.format, name, offset, len)?;
    let Some(of) = field.dictionary else {
        if !array.dictionary.is_null() {
            return Err(Fault::arrow(format!(
                "column \"{name}\" has a dictionary that its schema lacks"
            )));
        }
        return Ok(column);
    };
    // SAFETY: the producer promises that the dictionary is an array as long as its parent lives.
    let words = unsafe { aligned::<ArrowArray>(array.dictionary.cast_const(), "a dictionary")? };
    if !words.dictionary.is_null() {
        return Err(Fault::arrow(format!(
            "the dictionary of column \"{name}\" has a dictionary"
        )));
    }
    let (first, count) = stretch(words, name)?;
    let words = plain(words, of, name, first, count)?;
    for row in 0..len {
        let place = match column.value(row) {
            Value::Whole(place) => usize::try_from(place).ok().filter(|place| *place < count),
            Value::Missing | Value::Bool(_) | Value::Decimal(..) | Value::Day(_) | Value::Text(_) => continue,
        };
        if place.is_none() {
            return Err(Fault::arrow(format!(
                "row {} of column \"{name}\" points outside its dictionary",
                row.saturating_add(1)
            )));
        }
    }
    column.values = Values::Dictionary(Box::new((column.values, words)));
    Ok(column)
}

/// Reads a column without its dictionary.
fn plain<'a>(
    array: &'a ArrowArray,
    format: Format,
    name: &str,
    offset: usize,
    len: usize,
) -> Outcome<Column<'a>> {
    if array.release.is_none() {
        return Err(Fault::arrow(format!(
            "the array of column \"{name}\" has been released"
        )));
    }
    if array.n_children != 0 {
        return Err(Fault::arrow(format!("column \"{name}\" has columns of its own")));
    }
    let wanted = format.buffers();
    if array.n_buffers != wanted {
        let message = format!("column \"{name}\" has {} buffers, not {wanted}", array.n_buffers);
        return Err(Fault::arrow(message));
    }
    let list = buffers(array, wanted, name)?;
    let valid = if format == Format::Nothing {
        None
    } else {
        validity(array, list, offset, len, name)?
    };
    let end = offset.saturating_add(len);
    let values = match format {
        Format::Nothing => Values::Nothing,
        Format::Bool => Values::Bits(buffer(list, 1, end.div_ceil(8), name)?),
        Format::I8 => Values::I8(buffer(list, 1, end, name)?),
        Format::U8 => Values::U8(buffer(list, 1, end, name)?),
        Format::I16 => Values::I16(buffer(list, 1, end, name)?),
        Format::U16 => Values::U16(buffer(list, 1, end, name)?),
        Format::I32 => Values::I32(buffer(list, 1, end, name)?),
        Format::U32 => Values::U32(buffer(list, 1, end, name)?),
        Format::I64 => Values::I64(buffer(list, 1, end, name)?),
        Format::U64 => Values::U64(buffer(list, 1, end, name)?),
        // Producers in Java align decimals to 8 bytes, as their halves are.
        Format::Decimal { scale, .. } => Values::Decimal(buffer(list, 1, end, name)?, scale),
        Format::Day => Values::Day(buffer(list, 1, end, name)?),
        Format::Text | Format::LongText => texts(list, format, offset, len, name)?,
    };
    let column = Column {
        len,
        offset,
        valid,
        values,
    };
    column.check(format, name)?;
    Ok(column)
}

fn texts<'a>(
    list: &'a [*const c_void],
    format: Format,
    offset: usize,
    len: usize,
    name: &str,
) -> Outcome<Values<'a>> {
    if len == 0 {
        return Ok(Values::Text(&[], Words::Mixed(&[])));
    }
    let ends = offset.saturating_add(len).saturating_add(1);
    if format == Format::Text {
        let offsets: &[i32] = buffer(list, 1, ends, name)?;
        let own = offsets.get(offset..).unwrap_or_default();
        let own = own.iter().map(|offset| i64::from(*offset));
        let bytes = buffer(list, 2, rising(own.clone(), name)?, name)?;
        return Ok(Values::Text(offsets, Words::of(bytes, own)));
    }
    let offsets: &[i64] = buffer(list, 1, ends, name)?;
    let own = offsets.get(offset..).unwrap_or_default();
    let bytes = buffer(list, 2, rising(own.iter().copied(), name)?, name)?;
    Ok(Values::LongText(offsets, Words::of(bytes, own.iter().copied())))
}

/// Checks that offsets never fall, and gives the last.
fn rising(offsets: impl Iterator<Item = i64>, name: &str) -> Outcome<usize> {
    let mut last = 0;
    for offset in offsets {
        if offset < last {
            return Err(Fault::arrow(format!("the offsets of column \"{name}\" fall")));
        }
        last = offset;
    }
    usize::try_from(last).map_err(|_| Fault::arrow(format!("the offsets of column \"{name}\" are too large")))
}

impl<'a> Column<'a> {
    /// Gives a value.
    pub(crate) fn value(&self, row: usize) -> Value<'a> {
        let at = self.offset.saturating_add(row);
        if self.valid.is_some_and(|valid| !bit(valid, at)) {
            return Value::Missing;
        }
        self.values.at(at).unwrap_or(Value::Missing)
    }

    /// Looks at every value once: texts are UTF-8, decimals have no more digits than they say.
    fn check(&self, format: Format, name: &str) -> Outcome<()> {
        match format {
            Format::Text | Format::LongText => {
                if self.values.is_sound_text() {
                    return Ok(());
                }
                let is_broken = |row: &usize| {
                    let at = self.offset.saturating_add(*row);
                    self.valid.is_none_or(|valid| bit(valid, at)) && self.values.at(at).is_none()
                };
                match (0..self.len).find(is_broken) {
                    Some(row) => Err(Fault::arrow(format!(
                        "row {} of column \"{name}\" is not UTF-8",
                        row.saturating_add(1)
                    ))),
                    None => Ok(()),
                }
            }
            Format::Decimal { precision, .. } => {
                let most = 10_i128.checked_pow(u32::from(precision)).unwrap_or(i128::MAX);
                let fits = |number: i128| number.unsigned_abs() < most.unsigned_abs();
                if let Some((mut numbers, _)) = self.all_decimals()
                    && numbers.all(fits)
                {
                    return Ok(());
                }
                let is_too_long = |row: &usize| match self.value(*row) {
                    Value::Decimal(number, _) => !fits(number),
                    Value::Missing | Value::Bool(_) | Value::Whole(_) | Value::Day(_) | Value::Text(_) => {
                        false
                    }
                };
                match (0..self.len).find(is_too_long) {
                    Some(row) => Err(Fault::arrow(format!(
                        "row {} of column \"{name}\" has more than {precision} digits",
                        row.saturating_add(1)
                    ))),
                    None => Ok(()),
                }
            }
            Format::Nothing
            | Format::Bool
            | Format::I8
            | Format::U8
            | Format::I16
            | Format::U16
            | Format::I32
            | Format::U32
            | Format::I64
            | Format::U64
            | Format::Day => Ok(()),
        }
    }
}

/// Reads where an array begins and how long it is.
fn stretch(array: &ArrowArray, name: &str) -> Outcome<(usize, usize)> {
    let is_sound = (0..=MOST_ROWS).contains(&array.length)
        && (0..=MOST_ROWS).contains(&array.offset)
        && (-1..=array.length).contains(&array.null_count);
    let parts = (usize::try_from(array.offset), usize::try_from(array.length));
    match parts {
        (Ok(offset), Ok(len)) if is_sound => Ok((offset, len)),
        _ => Err(Fault::arrow(format!(
            "\"{name}\" has the length {}, the offset {} and {} missing values",
            array.length, array.offset, array.null_count
        ))),
    }
}

fn validity<'a>(
    array: &ArrowArray,
    list: &'a [*const c_void],
    offset: usize,
    len: usize,
    name: &str,
) -> Outcome<Option<&'a [u8]>> {
    if list.first().is_none_or(|first| first.is_null()) {
        if array.null_count > 0 {
            return Err(Fault::arrow(format!(
                "\"{name}\" has missing values and does not say which"
            )));
        }
        return Ok(None);
    }
    if array.null_count == 0 {
        return Ok(None);
    }
    buffer(list, 0, offset.saturating_add(len).div_ceil(8), name).map(Some)
}

/// Marks numbers that a buffer may hold.
///
/// # Safety
///
/// Every pattern of bits is a value.
unsafe trait Number: Copy {}
// SAFETY: every pattern of bits is a number.
unsafe impl Number for u8 {}
// SAFETY: as above.
unsafe impl Number for i8 {}
// SAFETY: as above.
unsafe impl Number for i16 {}
// SAFETY: as above.
unsafe impl Number for u16 {}
// SAFETY: as above.
unsafe impl Number for i32 {}
// SAFETY: as above.
unsafe impl Number for u32 {}
// SAFETY: as above.
unsafe impl Number for i64 {}
// SAFETY: as above.
unsafe impl Number for u64 {}
// SAFETY: as above.
unsafe impl Number for [u64; 2] {}

/// Reads a buffer of so many values.
fn buffer<'a, T: Number>(
    list: &'a [*const c_void],
    place: usize,
    len: usize,
    name: &str,
) -> Outcome<&'a [T]> {
    if len == 0 {
        return Ok(&[]);
    }
    let data = list.get(place).copied().unwrap_or(std::ptr::null()).cast::<T>();
    if data.is_null() {
        return Err(Fault::arrow(format!("\"{name}\" lacks a buffer")));
    }
    if !data.is_aligned() {
        return Err(Fault::arrow(format!("a buffer of \"{name}\" is not aligned")));
    }
    let end = len
        .checked_mul(size_of::<T>())
        .and_then(|bytes| bytes.checked_add(data.addr()));
    if end.is_none_or(|end| end > isize::MAX.unsigned_abs()) {
        return Err(Fault::arrow(format!(
            "a buffer of \"{name}\" is larger than memory"
        )));
    }
    // SAFETY: the producer promises a buffer that is long enough for the array's offset and length and for the last text's
    // end; it is neither NULL nor unaligned, and lives as long as its array, which the list is borrowed from.
    Ok(unsafe { slice::from_raw_parts(data, len) })
}

fn buffers<'a>(array: &'a ArrowArray, count: i64, name: &str) -> Outcome<&'a [*const c_void]> {
    let count = usize::try_from(count).unwrap_or(0);
    if count == 0 {
        return Ok(&[]);
    }
    let list = array.buffers.cast_const();
    if list.is_null() || !list.is_aligned() {
        return Err(Fault::arrow(format!("\"{name}\" has no buffers")));
    }
    // SAFETY: the producer promises so many pointers as long as the array lives.
    Ok(unsafe { slice::from_raw_parts(list, count) })
}

fn children<'a>(count: i64, list: *const *const c_void, what: &str) -> Outcome<&'a [*const c_void]> {
    if count == 0 {
        return Ok(&[]);
    }
    let len = usize::try_from(count)
        .ok()
        .filter(|_| count <= MOST_COLUMNS)
        .ok_or_else(|| Fault::arrow(format!("the {what} has {count} columns")))?;
    if list.is_null() || !list.is_aligned() {
        return Err(Fault::arrow(format!("the {what} lacks the list of its columns")));
    }
    // SAFETY: the producer promises so many pointers as long as the parent lives, which the caller holds.
    Ok(unsafe { slice::from_raw_parts(list, len) })
}

/// Follows a pointer to a struct.
///
/// # Safety
///
/// It is NULL, or lives as long as what holds it.
unsafe fn aligned<'a, T>(pointer: *const impl Sized, what: &str) -> Outcome<&'a T> {
    let pointer = pointer.cast::<T>();
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(Fault::arrow(format!("{what} is missing")));
    }
    // SAFETY: the caller says so, and it is neither NULL nor unaligned.
    Ok(unsafe { &*pointer })
}

/// Reads a text that ends with a NUL.
pub(crate) fn words(text: *const c_char, what: &str) -> Outcome<String> {
    if text.is_null() {
        return Err(Fault::arrow(format!("{what} is missing")));
    }
    let mut bytes = Vec::new();
    for place in 0..MOST_WORDS {
        // SAFETY: the producer promises a text that ends with a NUL, which has not come yet.
        let byte = unsafe { text.cast::<u8>().add(place).read() };
        if byte == 0 {
            return String::from_utf8(bytes).map_err(|_| Fault::arrow(format!("{what} is not UTF-8")));
        }
        bytes.push(byte);
    }
    Err(Fault::arrow(format!("{what} does not end")))
}
