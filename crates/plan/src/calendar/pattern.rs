//! Dates as text, in the forms that files use.

use std::iter::Peekable;
use std::str::Bytes;

use super::{CalendarError, Date};

/// Holds a form of dates, such as `YYYY-MM-DD`, `DD/MM/YYYY`, `M/D/YYYY` or `YYYYMMDD`.
///
/// `YYYY` is a year of four digits, `MM` and `DD` are two digits, `M` and `D` one or two; signs between them stand for
/// themselves. The form is always written down and never guessed, because 03/04/2026 is two different days.
///
/// # Examples
///
/// ```
/// use guerdon_plan::calendar::{CalendarError, Date, DatePattern};
///
/// let british = DatePattern::new("DD/MM/YYYY")?;
/// assert_eq!(british.parse("03/04/2026")?, Date::from_ymd(2026, 4, 3)?);
/// let american = DatePattern::new("M/D/YYYY")?;
/// assert_eq!(american.parse("3/4/2026")?, Date::from_ymd(2026, 3, 4)?);
/// assert_eq!(DatePattern::new("DD/MM/YY"), Err(CalendarError::TwoDigitYear));
/// # Ok::<(), CalendarError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DatePattern(Vec<Piece>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Piece {
    Year,
    Month(Width),
    Day(Width),
    Sign(u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Width {
    OneOrTwo,
    Two,
}

impl DatePattern {
    /// Reads a form.
    ///
    /// # Errors
    ///
    /// [`CalendarError::TwoDigitYear`] for `YY`, [`CalendarError::BadPattern`] for any other fault.
    pub fn new(pattern: &str) -> Result<DatePattern, CalendarError> {
        let mut pieces = Vec::new();
        let mut rest = pattern.bytes().peekable();
        while let Some(byte) = rest.next() {
            let mut length = 1_usize;
            while byte.is_ascii_alphabetic() && rest.next_if_eq(&byte).is_some() {
                length = length.saturating_add(1);
            }
            pieces.push(piece(byte, length)?);
        }
        check_pieces(&pieces)?;
        Ok(DatePattern(pieces))
    }

    /// Reads a date of this form, and nothing before or after it.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NotADate`] for another form, otherwise as [`Date::from_ymd`].
    pub fn parse(&self, text: &str) -> Result<Date, CalendarError> {
        let mut rest = text.bytes().peekable();
        let (mut year, mut month, mut day) = (0, 0, 0);
        for piece in &self.0 {
            match piece {
                Piece::Year => year = number(&mut rest, 4, 4)?,
                Piece::Month(width) => month = small_number(&mut rest, *width)?,
                Piece::Day(width) => day = small_number(&mut rest, *width)?,
                Piece::Sign(sign) => {
                    rest.next_if_eq(sign).ok_or(CalendarError::NotADate)?;
                }
            }
        }
        if rest.next().is_some() {
            Err(CalendarError::NotADate)
        } else {
            Date::from_ymd(year, month, day)
        }
    }
}

/// Reads `YYYY-MM-DD` without a pattern value.
pub(super) fn parse_iso(text: &str) -> Result<Date, CalendarError> {
    let mut rest = text.bytes().peekable();
    let year = number(&mut rest, 4, 4)?;
    rest.next_if_eq(&b'-').ok_or(CalendarError::NotADate)?;
    let month = small_number(&mut rest, Width::Two)?;
    rest.next_if_eq(&b'-').ok_or(CalendarError::NotADate)?;
    let day = small_number(&mut rest, Width::Two)?;
    if rest.next().is_some() {
        Err(CalendarError::NotADate)
    } else {
        Date::from_ymd(year, month, day)
    }
}

fn piece(letter: u8, length: usize) -> Result<Piece, CalendarError> {
    match (letter, length) {
        (b'Y', 4) => Ok(Piece::Year),
        (b'Y', 2) => Err(CalendarError::TwoDigitYear),
        (b'M', 1) => Ok(Piece::Month(Width::OneOrTwo)),
        (b'M', 2) => Ok(Piece::Month(Width::Two)),
        (b'D', 1) => Ok(Piece::Day(Width::OneOrTwo)),
        (b'D', 2) => Ok(Piece::Day(Width::Two)),
        (b'/' | b'-' | b'.' | b' ', _) => Ok(Piece::Sign(letter)),
        _ => Err(CalendarError::BadPattern),
    }
}

/// Wants each part once, and a sign between two parts of which the first has no fixed width.
fn check_pieces(pieces: &[Piece]) -> Result<(), CalendarError> {
    let count = |wanted: fn(&Piece) -> bool| pieces.iter().filter(|piece| wanted(piece)).count();
    let has_each_once = count(|piece| matches!(piece, Piece::Year)) == 1
        && count(|piece| matches!(piece, Piece::Month(_))) == 1
        && count(|piece| matches!(piece, Piece::Day(_))) == 1;
    let runs_together = pieces.iter().zip(pieces.iter().skip(1)).any(|(left, right)| {
        matches!(left, Piece::Month(Width::OneOrTwo) | Piece::Day(Width::OneOrTwo))
            && !matches!(right, Piece::Sign(_))
    });
    if has_each_once && !runs_together {
        Ok(())
    } else {
        Err(CalendarError::BadPattern)
    }
}

fn small_number(rest: &mut Peekable<Bytes<'_>>, width: Width) -> Result<u8, CalendarError> {
    let least = match width {
        Width::OneOrTwo => 1,
        Width::Two => 2,
    };
    u8::try_from(number(rest, least, 2)?).map_err(|_| CalendarError::NotADate)
}

fn number(rest: &mut Peekable<Bytes<'_>>, least: usize, most: usize) -> Result<i32, CalendarError> {
    let mut value = 0_i32;
    let mut digits = 0_usize;
    while digits < most
        && let Some(digit) = rest.next_if(u8::is_ascii_digit)
    {
        value = value
            .saturating_mul(10)
            .saturating_add(i32::from(digit.wrapping_sub(b'0')));
        digits = digits.saturating_add(1);
    }
    if digits < least {
        Err(CalendarError::NotADate)
    } else {
        Ok(value)
    }
}
