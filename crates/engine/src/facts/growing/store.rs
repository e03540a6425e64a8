//! The values of a growing column, by the type of its field.

use std::borrow::Cow;
use std::sync::Arc;

use guerdon_plan::calendar::{CalendarError, Date, DatePattern, PeriodKey, Unit};
use guerdon_plan::hir::{CalendarDef, Field, PercentForm, Program};
use guerdon_plan::types::{EnumId, FieldId, Scalar, TableId};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::super::faults::Fault;
use super::super::input::Input;
use super::super::interner::Interner;
use super::super::number_cell::{NumberForm, read};
use super::numbers::{Numbers, shrunk};
use crate::column::{ColumnData, EnumCodes};
use crate::error::Error;
use crate::limits::reserve;

/// Collects values and knows how cells of its field are written.
pub(crate) enum Store {
    Bool(Vec<u8>),
    Number {
        form: NumberForm,
        most: u8,
        numbers: Numbers,
    },
    Date {
        pattern: Option<DatePattern>,
        days: Vec<i32>,
    },
    Period {
        unit: Unit,
        calendars: Vec<CalendarDef>,
        indices: Vec<i32>,
    },
    Text {
        codes: Vec<u32>,
        interner: Interner,
    },
    Enum {
        id: EnumId,
        words: Vec<(Box<str>, u16)>,
        codes: Vec<u16>,
        /// The words that were found last, by what is quick to see of a cell.
        recent: [usize; RECENT],
    },
}

/// How many words an enum column remembers: a power of two.
const RECENT: usize = 32;

/// Says how the cells of a column are written where its source says something about it.
#[derive(Clone, Default)]
pub(crate) struct ReadAs {
    pub(crate) pattern: Option<DatePattern>,
    pub(crate) percent: Option<PercentForm>,
}

impl Store {
    /// Makes the store of a field; a reference is kept as the key that it names until all records are known.
    pub(crate) fn of_field(
        program: &Program,
        table: TableId,
        field: FieldId,
        read_as: ReadAs,
    ) -> Option<Store> {
        let field = key_field(program, program.table(table)?.fields.get(field.index())?)?;
        Some(match field.ty.scalar {
            Scalar::Bool => Store::Bool(Vec::new()),
            Scalar::Int => number(NumberForm::Plain, 0),
            Scalar::Number | Scalar::Points | Scalar::MoneyInColumn => {
                number(NumberForm::Plain, field.decimals)
            }
            Scalar::Percent => number(
                NumberForm::Percent(read_as.percent.unwrap_or(PercentForm::Sign)),
                field.decimals,
            ),
            Scalar::Money(currency) => number(NumberForm::Money(currency), field.decimals),
            Scalar::Date => Store::Date {
                pattern: read_as.pattern,
                days: Vec::new(),
            },
            Scalar::Period(unit) => Store::Period {
                unit,
                calendars: program
                    .calendars
                    .iter()
                    .filter(|def| def.calendar.has(unit))
                    .cloned()
                    .collect(),
                indices: Vec::new(),
            },
            Scalar::Text => Store::Text {
                codes: Vec::new(),
                interner: Interner::new(),
            },
            Scalar::Enum(id) => enumeration(program, id)?,
            Scalar::Row(_) | Scalar::Days | Scalar::Faulty => return None,
        })
    }

    pub(crate) fn reserve(&mut self, rows: usize) -> Result<(), Error> {
        match self {
            Store::Bool(values) => reserve(values, rows),
            Store::Number { numbers, .. } => numbers.reserve(rows),
            Store::Date { days, .. } => reserve(days, rows),
            Store::Period { indices, .. } => reserve(indices, rows),
            Store::Text { codes, .. } => reserve(codes, rows),
            Store::Enum { codes, .. } => reserve(codes, rows),
        }
    }

    /// Says how its cells are written.
    pub(crate) fn read_as(&self) -> ReadAs {
        match self {
            Store::Number {
                form: NumberForm::Percent(form),
                ..
            } => ReadAs {
                percent: Some(*form),
                ..ReadAs::default()
            },
            Store::Date { pattern, .. } => ReadAs {
                pattern: pattern.clone(),
                ..ReadAs::default()
            },
            Store::Bool(_)
            | Store::Number { .. }
            | Store::Period { .. }
            | Store::Text { .. }
            | Store::Enum { .. } => ReadAs::default(),
        }
    }

    /// Puts the values of another store of the same field behind these.
    pub(crate) fn append(&mut self, other: Store) -> Result<(), Error> {
        match (self, other) {
            (Store::Bool(values), Store::Bool(behind)) => extend(values, &behind),
            (Store::Number { numbers, .. }, Store::Number { numbers: behind, .. }) => numbers.append(behind),
            (Store::Date { days: values, .. }, Store::Date { days: behind, .. })
            | (Store::Period { indices: values, .. }, Store::Period { indices: behind, .. }) => {
                extend(values, &behind)
            }
            (
                Store::Text { codes, interner },
                Store::Text {
                    codes: behind,
                    interner: theirs,
                },
            ) => {
                let known = interner.append(theirs)?;
                reserve(codes, behind.len())?;
                codes.extend(
                    behind
                        .iter()
                        .map(|code| known.get(index(*code)).copied().unwrap_or(0)),
                );
                Ok(())
            }
            (Store::Enum { codes, .. }, Store::Enum { codes: behind, .. }) => extend(codes, &behind),
            // Two stores of one field are alike.
            (
                Store::Bool(_)
                | Store::Number { .. }
                | Store::Date { .. }
                | Store::Period { .. }
                | Store::Text { .. }
                | Store::Enum { .. },
                _,
            ) => Ok(()),
        }
    }

    /// Takes a cell in as text; it is not empty and has no ASCII blanks at its ends.
    pub(crate) fn push_text(&mut self, cell: &[u8]) -> Result<Result<(), Fault>, Error> {
        let pushed = match self {
            Store::Bool(values) => yes_or_no(cell).map(|value| values.push(u8::from(value))),
            Store::Number { form, most, numbers } => match read(cell, *form) {
                Ok(number) => return numbers.push(number, *most),
                Err(fault) => Err(fault),
            },
            Store::Date { pattern: None, days } => iso_day(cell).map(|day| days.push(day)),
            Store::Date {
                pattern: Some(pattern),
                days,
            } => day_of(cell, pattern).map(|day| days.push(day)),
            Store::Period {
                unit,
                calendars,
                indices,
            } => period(cell, *unit, calendars).map(|index| indices.push(index)),
            Store::Text { codes, interner } => match interner.known(cell) {
                Some(code) => {
                    codes.push(code);
                    Ok(())
                }
                None => match plain_text(cell) {
                    Ok(text) => {
                        codes.push(interner.intern(&text)?);
                        Ok(())
                    }
                    Err(fault) => Err(fault),
                },
            },
            Store::Enum {
                words, codes, recent, ..
            } => enum_value(cell, words, recent).map(|code| codes.push(code)),
        };
        Ok(pushed)
    }

    /// Takes a value of the host in, or gives `None` if its kind does not fit.
    pub(crate) fn push_value(
        &mut self,
        program: &Program,
        input: &Input<'_>,
    ) -> Result<Option<Result<(), Fault>>, Error> {
        Ok(match (self, input) {
            (Store::Bool(values), Input::Bool(value)) => {
                values.push(u8::from(*value));
                Some(Ok(()))
            }
            (Store::Number { most, numbers, .. }, Input::Whole(number)) => {
                Some(numbers.push_exact(guerdon_plan::number::Exact::from_i128(*number), *most)?)
            }
            (Store::Number { most, numbers, .. }, Input::Number(number)) => {
                Some(numbers.push_exact(number.clone(), *most)?)
            }
            (Store::Date { days, .. }, Input::Date(day)) => {
                days.push(day.days());
                Some(Ok(()))
            }
            (Store::Period { unit, indices, .. }, Input::Period(key)) if key.unit == *unit => {
                indices.push(key.index);
                Some(Ok(()))
            }
            // The key of a record may be text of digits, which hosts often keep as a number.
            (Store::Text { codes, interner }, Input::Whole(number)) => {
                codes.push(interner.intern(&number.to_string())?);
                Some(Ok(()))
            }
            (Store::Enum { id, codes, .. }, Input::Enum(theirs, value)) if id == theirs => {
                let is_listed = program
                    .enumeration(*id)
                    .is_some_and(|list| index(*value) < list.values.len());
                Some(match u16::try_from(*value) {
                    Ok(code) if is_listed => {
                        codes.push(code);
                        Ok(())
                    }
                    Ok(_) | Err(_) => Err(Fault::NotInEnum),
                })
            }
            (_, _) => None,
        })
    }

    /// Takes in a place-holder for a cell without a value.
    pub(crate) fn push_blank(&mut self) {
        match self {
            Store::Bool(values) => values.push(0),
            Store::Number { numbers, .. } => numbers.push_zero(),
            Store::Date { days, .. } => days.push(0),
            Store::Period { indices, .. } => indices.push(0),
            Store::Text { codes, .. } => codes.push(0),
            Store::Enum { codes, .. } => codes.push(0),
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        match self {
            Store::Bool(values) => values.capacity(),
            Store::Number { numbers, .. } => numbers.heap_bytes(),
            Store::Date { days, .. } => days.capacity().saturating_mul(4),
            Store::Period { indices, .. } => indices.capacity().saturating_mul(4),
            Store::Text { codes, interner } => codes
                .capacity()
                .saturating_mul(4)
                .saturating_add(interner.heap_bytes()),
            Store::Enum { codes, .. } => codes.capacity().saturating_mul(2),
        }
    }

    /// Counts the bytes of different texts.
    pub(crate) fn text_bytes(&self) -> usize {
        match self {
            Store::Text { interner, .. } => interner.text_bytes(),
            Store::Bool(_)
            | Store::Number { .. }
            | Store::Date { .. }
            | Store::Period { .. }
            | Store::Enum { .. } => 0,
        }
    }

    /// Gives the values, in no more room than they need.
    pub(crate) fn finish(self) -> Result<ColumnData, Error> {
        Ok(match self {
            Store::Bool(values) => ColumnData::Bool(shrunk(values)),
            Store::Number { numbers, .. } => numbers.finish(),
            Store::Date { days, .. } => ColumnData::Date(shrunk(days)),
            Store::Period { unit, indices, .. } => ColumnData::Period {
                unit,
                values: shrunk(indices),
            },
            Store::Text { codes, interner } => {
                let (pool, sorted) = interner.finish()?;
                let mut codes = shrunk(codes);
                if let Some(sorted) = sorted {
                    for code in &mut codes {
                        *code = sorted.get(index(*code)).copied().unwrap_or(0);
                    }
                }
                ColumnData::Text {
                    codes,
                    dictionary: Arc::new(pool),
                }
            }
            Store::Enum { words, codes, .. } => ColumnData::Enum(enum_codes(shrunk(codes), &words)?),
        })
    }
}

/// Follows references to the field whose cells name a record: that of the key at the end of the way.
fn key_field<'p>(program: &'p Program, field: &'p Field) -> Option<&'p Field> {
    let mut field = field;
    // A way that is longer than there are tables goes round in a circle.
    for _ in 0..=program.tables.len() {
        let Scalar::Row(target) = field.ty.scalar else {
            return Some(field);
        };
        let table = program.table(target)?;
        field = table.fields.get(table.key.first()?.index())?;
    }
    None
}

fn number(form: NumberForm, most: u8) -> Store {
    let decimals = match form {
        NumberForm::Plain => 0,
        NumberForm::Money(currency) => currency.minor_unit_decimals().unwrap_or(0).min(most),
        NumberForm::Percent(_) => 2.min(most),
    };
    Store::Number {
        form,
        most,
        numbers: Numbers::new(decimals),
    }
}

fn enumeration(program: &Program, id: EnumId) -> Option<Store> {
    let mut words = Vec::new();
    for (code, value) in program.enumeration(id)?.values.iter().enumerate() {
        let code = u16::try_from(code).ok()?;
        words.push((Box::from(value.name.as_str()), code));
        words.extend(value.alias.iter().map(|alias| (Box::from(alias.as_str()), code)));
    }
    words.sort_unstable();
    Some(Store::Enum {
        id,
        words,
        codes: Vec::new(),
        recent: [0; RECENT],
    })
}

fn enum_value(cell: &[u8], words: &[(Box<str>, u16)], recent: &mut [usize; RECENT]) -> Result<u16, Fault> {
    let look = usize::from(cell.first().copied().unwrap_or(0)).wrapping_add(cell.len());
    let mut none = 0;
    let place = recent.get_mut(look & RECENT.wrapping_sub(1)).unwrap_or(&mut none);
    if let Some((word, code)) = words.get(*place)
        && word.as_bytes() == cell
    {
        return Ok(*code);
    }
    let found = words
        .binary_search_by(|(word, _)| word.as_bytes().cmp(cell))
        .map_err(|_| Fault::NotInEnum)?;
    *place = found;
    words.get(found).map(|(_, code)| *code).ok_or(Fault::NotInEnum)
}

fn enum_codes(codes: Vec<u16>, words: &[(Box<str>, u16)]) -> Result<EnumCodes, Error> {
    if words.iter().any(|(_, code)| *code > u16::from(u8::MAX)) {
        return Ok(EnumCodes::Wide(codes));
    }
    let mut narrow = Vec::new();
    reserve(&mut narrow, codes.len())?;
    narrow.extend(codes.iter().map(|code| u8::try_from(*code).unwrap_or(0)));
    Ok(EnumCodes::Narrow(narrow))
}

fn yes_or_no(cell: &[u8]) -> Result<bool, Fault> {
    let is_word = |word: &str| cell.eq_ignore_ascii_case(word.as_bytes());
    if ["yes", "true", "是"].into_iter().any(is_word) {
        Ok(true)
    } else if ["no", "false", "否"].into_iter().any(is_word) {
        Ok(false)
    } else {
        Err(Fault::NeitherYesNorNo)
    }
}

fn iso_day(cell: &[u8]) -> Result<i32, Fault> {
    let not_a_date = Fault::NotADate { is_iso: true };
    let [a, b, c, d, b'-', e, f, b'-', g, h] = cell else {
        return Err(not_a_date);
    };
    let (year, month, day) = (digits([a, b, c, d]), digits([e, f]), digits([g, h]));
    let (Some(year), Some(month), Some(day)) = (year, month, day) else {
        return Err(not_a_date);
    };
    let narrow = |number: i32| u8::try_from(number).unwrap_or(0);
    Date::from_ymd(year, narrow(month), narrow(day))
        .map(Date::days)
        .map_err(|error| date_fault(error, true))
}

fn day_of(cell: &[u8], pattern: &DatePattern) -> Result<i32, Fault> {
    let text = std::str::from_utf8(cell).map_err(|_| Fault::NotADate { is_iso: false })?;
    pattern
        .parse(text)
        .map(Date::days)
        .map_err(|error| date_fault(error, false))
}

fn date_fault(error: CalendarError, is_iso: bool) -> Fault {
    if matches!(error, CalendarError::NoSuchDay { .. } | CalendarError::OutOfRange) {
        Fault::NoSuchDay
    } else {
        Fault::NotADate { is_iso }
    }
}

fn period(cell: &[u8], unit: Unit, calendars: &[CalendarDef]) -> Result<i32, Fault> {
    if unit == Unit::Month
        && let Some(index) = month(cell)
    {
        return Ok(index);
    }
    let text = std::str::from_utf8(cell).map_err(|_| Fault::NotAPeriod(unit))?;
    let found = calendars
        .iter()
        .find_map(|def| def.calendar.parse_label(unit, text).ok());
    found.map(|key| key.index).ok_or(Fault::NotAPeriod(unit))
}

/// Reads `2026-03`, by far the commonest period.
fn month(cell: &[u8]) -> Option<i32> {
    let [a, b, c, d, b'-', e, f] = cell else {
        return None;
    };
    let year = digits([a, b, c, d])?;
    let month = u8::try_from(digits([e, f])?)
        .ok()
        .filter(|month| (1..=12).contains(month))?;
    (year > 0).then(|| PeriodKey::month(year, month).index)
}

fn digits<const N: usize>(digits: [&u8; N]) -> Option<i32> {
    let mut number = 0_i32;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number
            .wrapping_mul(10)
            .wrapping_add(i32::from(digit.wrapping_sub(b'0')));
    }
    Some(number)
}

/// Gives a text in Unicode's composed form, so that one name has one spelling.
fn plain_text(cell: &[u8]) -> Result<Cow<'_, str>, Fault> {
    let text = std::str::from_utf8(cell).map_err(|_| Fault::NotUtf8)?;
    if cell.contains(&0) {
        return Err(Fault::HasNul);
    }
    if cell.is_ascii() {
        return Ok(Cow::Borrowed(text));
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Ok(Cow::Borrowed(text)),
        IsNormalized::No | IsNormalized::Maybe => Ok(Cow::Owned(text.nfc().collect())),
    }
}

fn extend<T: Copy>(values: &mut Vec<T>, behind: &[T]) -> Result<(), Error> {
    reserve(values, behind.len())?;
    values.extend_from_slice(behind);
    Ok(())
}

fn index(code: u32) -> usize {
    usize::try_from(code).unwrap_or(usize::MAX)
}
