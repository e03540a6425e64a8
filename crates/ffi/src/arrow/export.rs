//! Tables on their way out, as a stream of batches.
//!
//! Texts come as utf8, days as date32, whole numbers as int64. Amounts come as decimal128(38, s), where s is the least that
//! holds every amount of the column, and at least the decimals of its currency; a column with an amount that no such number
//! holds (a third, more than 38 digits) comes as utf8 with the figures that the JSON has.

#![expect(
    unsafe_code,
    reason = "structs that another library reads and releases are made here"
)]

use std::ffi::{CString, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use guerdon_plan::number::Exact;

use super::abi::{ArrowArray, ArrowArrayStream, ArrowSchema, Released};
use crate::objects::{Reading, ReportBody};
use crate::status::{Fault, Outcome};
use crate::tables::{Cell, Cells, Shape};

/// The rows of one batch.
const BATCH: usize = 1 << 16;
/// The number of a general fault, as the specification wants one: EIO.
const FAILED: c_int = 5;

/// The type of a column that goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Decimal(u8),
    Day,
    Whole,
}

/// A table that is being read.
struct Source {
    columns: Vec<(CString, Form)>,
    reading: Reading,
    fault: CString,
}

/// What an array or a schema that went out holds.
struct Held<T> {
    format: CString,
    name: CString,
    buffers: Vec<*const c_void>,
    children: Vec<*mut T>,
    /// Holds the buffers; never looked at again.
    _data: Vec<Buffer>,
}

/// Numbers and bytes of a buffer; wide numbers keep it aligned.
enum Buffer {
    Bytes(Vec<u8>),
    Days(Vec<i32>),
    Wholes(Vec<i64>),
    Decimals(Vec<i128>),
}

/// Begins to read a table of a report.
pub(crate) fn stream(report: &ReportBody, shape: &Shape) -> Outcome<ArrowArrayStream> {
    let columns = forms(report, shape)
        .into_iter()
        .zip(&shape.columns)
        .map(|(form, (name, _))| {
            let name = CString::new(*name).unwrap_or_default();
            (name, form)
        });
    let source = Source {
        columns: columns.collect(),
        reading: report.read(shape),
        fault: CString::default(),
    };
    Ok(ArrowArrayStream {
        get_schema: Some(get_schema),
        get_next: Some(get_next),
        get_last_error: Some(get_last_error),
        release: Some(release_stream),
        private_data: Box::into_raw(Box::new(source)).cast(),
    })
}

/// What is known of the amounts of a column.
#[derive(Clone, Copy, Default)]
struct Amounts {
    /// The most decimals that one of them has, or is shown with.
    scale: u32,
    /// The most digits that one of them has in front of its decimals; fewer than none where it is small.
    whole: i64,
    /// Whether one of them is no number with decimals.
    is_odd: bool,
}

/// Finds the types of the columns; those of amounts depend on the amounts.
fn forms(report: &ReportBody, shape: &Shape) -> Vec<Form> {
    let mut amounts = vec![Amounts::default(); shape.columns.len()];
    let (plan, results) = (
        &report.results.borrow_owner().plan,
        report.results.borrow_dependent(),
    );
    shape.each_amount(plan, results, |place, exact, least| {
        if let Some(amounts) = amounts.get_mut(place) {
            amounts.add(exact, least);
        }
    });
    let columns = shape.columns.iter().zip(amounts);
    columns
        .map(|((_, cells), amounts)| match cells {
            Cells::Text => Form::Text,
            Cells::Amount => amounts.form(),
            Cells::Date => Form::Day,
            Cells::Whole => Form::Whole,
        })
        .collect()
}

impl Amounts {
    fn add(&mut self, exact: &Exact, least: u8) {
        // Most amounts have no more decimals than they are shown with.
        let scaled = exact
            .to_scaled(least)
            .map(|number| (number, u32::from(least)))
            .or_else(|| {
                let decimals = exact.decimals()?;
                Some((exact.to_scaled(u8::try_from(decimals).ok()?)?, decimals))
            });
        let Some((number, decimals)) = scaled else {
            self.is_odd = true;
            return;
        };
        self.scale = self.scale.max(decimals);
        if let Some(log) = number.unsigned_abs().checked_ilog10() {
            let digits = i64::from(log).saturating_add(1);
            self.whole = self.whole.max(digits.saturating_sub(i64::from(decimals)));
        }
    }

    /// Gives the least scale that holds all amounts, as far as 38 digits do.
    fn form(self) -> Form {
        let digits = self.whole.saturating_add(i64::from(self.scale));
        match u8::try_from(self.scale) {
            Ok(scale) if !self.is_odd && digits <= 38 && scale <= 38 => Form::Decimal(scale),
            Ok(_) | Err(_) => Form::Text,
        }
    }
}

impl Source {
    fn schema(&self) -> ArrowSchema {
        let children = self.columns.iter().map(|(name, form)| {
            let child = schema(form.format(), name.clone(), Vec::new(), 2);
            Box::into_raw(Box::new(child))
        });
        schema(c"+s".to_owned(), CString::default(), children.collect(), 0)
    }

    /// Gives the next rows; an array that is released where there are none.
    fn next(&mut self) -> ArrowArray {
        let mut columns: Vec<Growing> = self.columns.iter().map(|(_, form)| form.growing()).collect();
        let len = self.reading.with_dependent_mut(|_, rows| {
            let mut len = 0_usize;
            for row in rows.take(BATCH) {
                for (column, cell) in columns.iter_mut().zip(&row) {
                    column.push(len, cell);
                }
                len = len.saturating_add(1);
            }
            len
        });
        if len == 0 {
            return ArrowArray::empty();
        }
        let children = columns.into_iter();
        let children = children.map(|column| Box::into_raw(Box::new(column.array(len))));
        array(len, 0, vec![None], Vec::new(), children.collect())
    }
}

/// A column of a batch while rows come in.
struct Growing {
    /// A bit for each row that has a value, eight to a byte.
    valid: Vec<u8>,
    missing: usize,
    values: Values,
}

enum Values {
    Text { ends: Vec<i32>, bytes: Vec<u8> },
    Decimal { scale: u8, numbers: Vec<i128> },
    Day(Vec<i32>),
    Whole(Vec<i64>),
}

impl Growing {
    /// Takes the cell of a row in; rows come one after the other.
    fn push(&mut self, row: usize, cell: &Cell<'_>) {
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

    fn array(self, len: usize) -> ArrowArray {
        let mut data = vec![Buffer::Bytes(self.valid)];
        match self.values {
            Values::Text { ends, bytes } => data.extend([Buffer::Days(ends), Buffer::Bytes(bytes)]),
            Values::Decimal { numbers, .. } => data.push(Buffer::Decimals(numbers)),
            Values::Day(days) => data.push(Buffer::Days(days)),
            Values::Whole(numbers) => data.push(Buffer::Wholes(numbers)),
        }
        let places = (0..data.len()).map(Some).collect();
        array(len, self.missing, places, data, Vec::new())
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
    fn format(self) -> CString {
        match self {
            Self::Text => c"u".to_owned(),
            Self::Decimal(scale) => CString::new(format!("d:38,{scale}")).unwrap_or_default(),
            Self::Day => c"tdD".to_owned(),
            Self::Whole => c"l".to_owned(),
        }
    }

    /// Begins a column of a batch.
    fn growing(self) -> Growing {
        let values = match self {
            Self::Text => Values::Text {
                ends: vec![0],
                bytes: Vec::new(),
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
    fn start(&self) -> *const c_void {
        match self {
            Self::Bytes(values) => values.as_ptr().cast(),
            Self::Days(values) => values.as_ptr().cast(),
            Self::Wholes(values) => values.as_ptr().cast(),
            Self::Decimals(values) => values.as_ptr().cast(),
        }
    }
}

fn schema(format: CString, name: CString, children: Vec<*mut ArrowSchema>, flags: i64) -> ArrowSchema {
    let mut held = Box::new(Held {
        format,
        name,
        buffers: Vec::new(),
        children,
        _data: Vec::new(),
    });
    ArrowSchema {
        format: held.format.as_ptr(),
        name: held.name.as_ptr(),
        flags,
        n_children: i64::try_from(held.children.len()).unwrap_or(0),
        children: held.children.as_mut_ptr(),
        release: Some(release_schema),
        private_data: Box::into_raw(held).cast(),
        ..ArrowSchema::empty()
    }
}

fn array(
    len: usize,
    missing: usize,
    places: Vec<Option<usize>>,
    data: Vec<Buffer>,
    children: Vec<*mut ArrowArray>,
) -> ArrowArray {
    let start = |place: Option<usize>| {
        let buffer = place.and_then(|place| data.get(place));
        buffer.map_or(ptr::null(), Buffer::start)
    };
    let buffers = places.into_iter().map(start).collect();
    let mut held = Box::new(Held {
        format: CString::default(),
        name: CString::default(),
        buffers,
        children,
        _data: data,
    });
    ArrowArray {
        length: i64::try_from(len).unwrap_or(0),
        null_count: i64::try_from(missing).unwrap_or(-1),
        n_buffers: i64::try_from(held.buffers.len()).unwrap_or(0),
        n_children: i64::try_from(held.children.len()).unwrap_or(0),
        buffers: held.buffers.as_mut_ptr(),
        children: held.children.as_mut_ptr(),
        release: Some(release_array),
        private_data: Box::into_raw(held).cast(),
        ..ArrowArray::empty()
    }
}

/// Writes the schema of a stream of ours.
///
/// # Safety
///
/// As the specification says: the stream is ours and not released, and the schema can be written.
unsafe extern "C" fn get_schema(stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    // SAFETY: the caller says so.
    unsafe { with(stream, out, |source| source.schema()) }
}

/// Writes the next array of a stream of ours.
///
/// # Safety
///
/// As the specification says: the stream is ours and not released, and the array can be written.
unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    // SAFETY: the caller says so.
    unsafe { with(stream, out, Source::next) }
}

/// Does something with a stream of ours; a panic is a fault of the stream.
///
/// # Safety
///
/// The stream is ours and not released, and `out` can be written.
unsafe fn with<T>(stream: *mut ArrowArrayStream, out: *mut T, make: impl FnOnce(&mut Source) -> T) -> c_int {
    // SAFETY: the caller says so; the private data is what `stream` put there, and nothing else refers to it meanwhile.
    let source = unsafe { &mut *(*stream).private_data.cast::<Source>() };
    match catch_unwind(AssertUnwindSafe(|| make(source))) {
        Ok(made) => {
            // SAFETY: the caller says so.
            unsafe { out.write(made) };
            0
        }
        Err(_) => {
            source.fault = c"a fault of the library".to_owned();
            FAILED
        }
    }
}

/// Gives what went wrong last, or NULL.
///
/// # Safety
///
/// The stream is ours and not released.
unsafe extern "C" fn get_last_error(stream: *mut ArrowArrayStream) -> *const c_char {
    // SAFETY: the caller says so; the private data is what `stream` put there.
    let source = unsafe { &*(*stream).private_data.cast::<Source>() };
    if source.fault.is_empty() {
        ptr::null()
    } else {
        source.fault.as_ptr()
    }
}

/// Ends a stream of ours.
///
/// # Safety
///
/// The stream is ours.
unsafe extern "C" fn release_stream(stream: *mut ArrowArrayStream) {
    // SAFETY: the caller says so.
    let stream = unsafe { &mut *stream };
    if stream.take_release().is_some() {
        // SAFETY: the private data is what `stream` put there, and is taken once, since the callback is gone.
        let source = unsafe { Box::from_raw(stream.private_data.cast::<Source>()) };
        stream.private_data = ptr::null_mut();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(source)));
    }
}

/// Ends a schema of ours.
///
/// # Safety
///
/// The schema is ours.
unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: the caller says so.
    unsafe { release(schema, |schema| schema.private_data) }
}

/// Ends an array of ours.
///
/// # Safety
///
/// The array is ours.
unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: the caller says so.
    unsafe { release(array, |array| array.private_data) }
}

/// Ends a struct of ours with its children, as far as they have not been moved away.
///
/// # Safety
///
/// The struct is ours.
unsafe fn release<T: Released>(of: *mut T, private: impl Fn(&T) -> *mut c_void) {
    // SAFETY: the caller says so.
    let of = unsafe { &mut *of };
    if of.take_release().is_none() {
        return;
    }
    // SAFETY: the private data is what we put there, and is taken once, since the callback is gone.
    let held = unsafe { Box::from_raw(private(of).cast::<Held<T>>()) };
    for child in &held.children {
        // SAFETY: children were boxed by us and are taken back once, here.
        let mut child = unsafe { Box::from_raw(*child) };
        if let Some(end) = child.take_release() {
            child.put_release(end);
            // SAFETY: the child has not been released.
            unsafe { end(&raw mut *child) };
        }
    }
}

/// Refuses a table that is not there before a stream is begun.
pub(crate) fn of<'r>(report: &'r ReportBody, table: &str) -> Outcome<&'r Shape> {
    let shape = report.shape(table)?;
    if shape.columns.is_empty() {
        return Err(Fault::arrow("the table has no columns"));
    }
    Ok(shape)
}
