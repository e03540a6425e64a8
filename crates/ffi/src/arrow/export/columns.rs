//! The columns of a batch while rows come in.

use std::collections::HashMap;
use std::ffi::{CString, c_void};
use std::sync::Arc;

use super::super::abi::ArrowArray;
use super::{Parts, array};
use crate::tables::Cell;

/// The type of a column that goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    /// A dictionary of texts.
    Name,
    Decimal(u8),
    Day,
    Whole,
}

/// Numbers and bytes of a buffer; wide numbers keep it aligned.
pub(super) enum Buffer {
    Bytes(Vec<u8>),
    Days(Vec<i32>),
    Wholes(Vec<i64>),
    Decimals(Vec<i128>),
    /// The texts of a dictionary that several batches have.
    SharedBytes(Arc<Vec<u8>>),
    SharedEnds(Arc<Vec<i32>>),
}

/// Texts of which each is there once.
#[derive(Clone)]
pub(super) struct Dictionary {
    len: usize,
    ends: Arc<Vec<i32>>,
    bytes: Arc<Vec<u8>>,
}

/// A dictionary that texts are added to.
#[derive(Default)]
pub(super) struct Draft {
    codes: HashMap<String, i32>,
    ends: Vec<i32>,
    bytes: Vec<u8>,
}

/// A column of a batch while rows come in.
pub(super) struct Growing {
    /// A bit for each row that has a value, eight to a byte.
    valid: Vec<u8>,
    missing: usize,
    values: Values,
}

enum Values {
    Text { ends: Vec<i32>, bytes: Vec<u8> },
    Name { codes: Vec<i32>, draft: Draft },
    Decimal { scale: u8, numbers: Vec<i128> },
    Day(Vec<i32>),
    Whole(Vec<i64>),
}

impl Growing {
    /// Takes the cell of a row in; rows come one after the other.
    pub(super) fn push(&mut self, row: usize, cell: &Cell<'_>) {
        let bit = row & 7;
        if bit == 0 {
            self.valid.push(0);
        }
        if !self.values.push(cell) {
            self.missing = self.missing.saturating_add(1);
        } else if let Some(byte) = self.valid.last_mut() {
            *byte |= 1_u8.checked_shl(u32::try_from(bit).unwrap_or(0)).unwrap_or(0);
        }
    }

    pub(super) fn array(self, len: usize) -> ArrowArray {
        let mut dictionary = None;
        let mut buffers = vec![Some(Buffer::Bytes(self.valid))];
        match self.values {
            Values::Text { ends, bytes } => {
                buffers.extend([Some(Buffer::Days(ends)), Some(Buffer::Bytes(bytes))]);
            }
            Values::Name { codes, draft } => {
                buffers.push(Some(Buffer::Days(codes)));
                dictionary = Some(draft.finish().array());
            }
            Values::Decimal { numbers, .. } => buffers.push(Some(Buffer::Decimals(numbers))),
            Values::Day(days) => buffers.push(Some(Buffer::Days(days))),
            Values::Whole(numbers) => buffers.push(Some(Buffer::Wholes(numbers))),
        }
        array(Parts {
            len,
            missing: self.missing,
            buffers,
            dictionary,
            ..Parts::default()
        })
    }
}

impl Values {
    /// Takes a cell in; says whether it has a value.
    fn push(&mut self, cell: &Cell<'_>) -> bool {
        match self {
            Self::Text { ends, bytes } => {
                let is_there = push_text(cell, bytes);
                ends.push(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
                is_there
            }
            Self::Name { codes, draft } => {
                let code = match cell {
                    Cell::Text(text) => Some(draft.code(text)),
                    Cell::Shared(text) => Some(draft.code(text)),
                    Cell::Null | Cell::Amount(..) | Cell::Date(_) | Cell::Whole(_) => None,
                };
                codes.push(code.unwrap_or(0));
                code.is_some()
            }
            Self::Decimal { scale, numbers } => {
                let number = match cell {
                    Cell::Amount(exact, _) => exact.to_scaled(*scale),
                    Cell::Null | Cell::Text(_) | Cell::Shared(_) | Cell::Date(_) | Cell::Whole(_) => None,
                };
                numbers.push(number.unwrap_or(0));
                number.is_some()
            }
            Self::Day(days) => {
                let day = match cell {
                    Cell::Date(day) => Some(*day),
                    Cell::Null | Cell::Text(_) | Cell::Shared(_) | Cell::Amount(..) | Cell::Whole(_) => None,
                };
                days.push(day.unwrap_or(0));
                day.is_some()
            }
            Self::Whole(numbers) => {
                let number = match cell {
                    Cell::Whole(number) => Some(*number),
                    Cell::Null | Cell::Text(_) | Cell::Shared(_) | Cell::Amount(..) | Cell::Date(_) => None,
                };
                numbers.push(number.unwrap_or(0));
                number.is_some()
            }
        }
    }
}

impl Form {
    pub(super) fn format(self) -> CString {
        match self {
            Self::Text => c"u".to_owned(),
            // The type of the codes; that of the texts stands in the dictionary.
            Self::Name => c"i".to_owned(),
            Self::Decimal(scale) => CString::new(format!("d:38,{scale}")).unwrap_or_default(),
            Self::Day => c"tdD".to_owned(),
            Self::Whole => c"l".to_owned(),
        }
    }

    /// Begins a column of a batch.
    pub(super) fn growing(self) -> Growing {
        let values = match self {
            Self::Text => Values::Text {
                ends: vec![0],
                bytes: Vec::new(),
            },
            Self::Name => Values::Name {
                codes: Vec::new(),
                draft: Draft::default(),
            },
            Self::Decimal(scale) => Values::Decimal {
                scale,
                numbers: Vec::new(),
            },
            Self::Day => Values::Day(Vec::new()),
            Self::Whole => Values::Whole(Vec::new()),
        };
        Growing {
            valid: Vec::new(),
            missing: 0,
            values,
        }
    }
}

/// Writes a cell as text; says whether there is one.
fn push_text(cell: &Cell<'_>, bytes: &mut Vec<u8>) -> bool {
    match cell {
        Cell::Null => return false,
        Cell::Text(text) => bytes.extend_from_slice(text.as_bytes()),
        Cell::Shared(text) => bytes.extend_from_slice(text.as_bytes()),
        Cell::Amount(exact, least) => bytes.extend_from_slice(exact.display_text(*least).as_bytes()),
        Cell::Date(days) => bytes.extend_from_slice(days.to_string().as_bytes()),
        Cell::Whole(number) => bytes.extend_from_slice(number.to_string().as_bytes()),
    }
    true
}

impl Buffer {
    pub(super) fn start(&self) -> *const c_void {
        match self {
            Self::Bytes(values) => values.as_ptr().cast(),
            Self::Days(values) => values.as_ptr().cast(),
            Self::Wholes(values) => values.as_ptr().cast(),
            Self::Decimals(values) => values.as_ptr().cast(),
            Self::SharedBytes(values) => values.as_ptr().cast(),
            Self::SharedEnds(values) => values.as_ptr().cast(),
        }
    }
}

impl Draft {
    /// Gives the code of a text.
    pub(super) fn code(&mut self, text: &str) -> i32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = i32::try_from(self.codes.len()).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends
            .push(i32::try_from(self.bytes.len()).unwrap_or(i32::MAX));
        self.codes.insert(text.to_owned(), code);
        code
    }

    /// Says whether the format can still tell where each text ends.
    pub(super) fn is_countable(&self) -> bool {
        i32::try_from(self.bytes.len()).is_ok() && i32::try_from(self.codes.len()).is_ok()
    }

    pub(super) fn finish(self) -> Dictionary {
        let mut ends = self.ends;
        ends.insert(0, 0);
        Dictionary {
            len: self.codes.len(),
            ends: Arc::new(ends),
            bytes: Arc::new(self.bytes),
        }
    }
}

impl Dictionary {
    fn array(&self) -> ArrowArray {
        let ends = Buffer::SharedEnds(Arc::clone(&self.ends));
        let bytes = Buffer::SharedBytes(Arc::clone(&self.bytes));
        array(Parts {
            len: self.len,
            buffers: vec![None, Some(ends), Some(bytes)],
            ..Parts::default()
        })
    }

    /// Makes a column of codes, all of which are there.
    pub(super) fn coded(&self, codes: Vec<i32>) -> ArrowArray {
        array(Parts {
            len: codes.len(),
            buffers: vec![None, Some(Buffer::Days(codes))],
            dictionary: Some(self.array()),
            ..Parts::default()
        })
    }
}
