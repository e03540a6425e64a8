//! Tables on their way out, as a stream of batches.
//!
//! Names that many rows have come as dictionaries of utf8, other texts as utf8, days as date32, whole numbers as int64.
//! Amounts come as decimal128(38, s), where s is the least that holds every amount of the column, and at least the
//! decimals of its currency; a column with an amount that no such number holds (a third, more than 38 digits) comes as
//! utf8 with the figures that the JSON has.

#![expect(
    unsafe_code,
    reason = "structs that another library reads and releases are made here"
)]

use std::ffi::{CString, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

mod columns;
mod forms;
mod pay;

use self::columns::{Buffer, Form, Growing};
use self::forms::forms;
use self::pay::Pay;
use super::abi::{ArrowArray, ArrowArrayStream, ArrowSchema, Released};
use crate::objects::{Reading, ReportBody};
use crate::status::{Fault, Outcome};
use crate::tables::{Kind, Shape};

/// The rows of one batch.
const BATCH: usize = 1 << 16;
/// The number of a general fault, as the specification wants one: EIO.
const FAILED: c_int = 5;
/// Says in a schema that values may be missing.
const NULLABLE: i64 = 2;

/// How names that many rows have go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// As dictionaries.
    Coded,
    /// As plain texts, for hosts that cannot read dictionaries.
    Plain,
}

/// A table that is being read.
struct Source {
    columns: Vec<(CString, Form)>,
    rows: Rows,
    fault: CString,
}

/// Where the rows come from.
enum Rows {
    Any(Reading),
    /// The table of pay, without making rows.
    Pay(Pay),
}

/// What an array is made of.
#[derive(Default)]
struct Parts {
    len: usize,
    missing: usize,
    buffers: Vec<Option<Buffer>>,
    children: Vec<ArrowArray>,
    dictionary: Option<ArrowArray>,
}

/// What an array or a schema that went out holds.
struct Held<T> {
    format: CString,
    name: CString,
    buffers: Vec<*const c_void>,
    /// The children, and the dictionary behind them if there is one.
    children: Vec<*mut T>,
    /// Holds the buffers; never looked at again.
    _data: Vec<Option<Buffer>>,
}

/// Begins to read a table of a report.
pub(crate) fn stream(report: &ReportBody, shape: &Shape, names: Names) -> Outcome<ArrowArrayStream> {
    let columns = forms(report, shape, names)
        .into_iter()
        .zip(&shape.columns)
        .map(|(form, (name, _))| {
            let name = CString::new(*name).unwrap_or_default();
            (name, form)
        });
    let pay = match (shape.kind, names) {
        (Kind::Pay, Names::Coded) => Pay::begin(&report.results),
        _ => None,
    };
    let source = Source {
        columns: columns.collect(),
        rows: pay.map_or_else(|| Rows::Any(report.read(shape)), Rows::Pay),
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

impl Source {
    fn schema(&self) -> ArrowSchema {
        let children = self.columns.iter().map(|(name, form)| {
            let dictionary = (*form == Form::Name).then(|| Form::Text.format());
            let dictionary =
                dictionary.map(|format| schema(format, CString::default(), Vec::new(), None, NULLABLE));
            schema(form.format(), name.clone(), Vec::new(), dictionary, NULLABLE)
        });
        schema(c"+s".to_owned(), CString::default(), children.collect(), None, 0)
    }

    /// Gives the next rows; an array that is released where there are none.
    fn next(&mut self) -> ArrowArray {
        let next = match &mut self.rows {
            Rows::Any(reading) => next_rows(&self.columns, reading),
            Rows::Pay(pay) => pay.next(self.columns.last().map_or(Form::Text, |(_, form)| *form)),
        };
        let Some((len, children)) = next else {
            return ArrowArray::empty();
        };
        array(Parts {
            len,
            buffers: vec![None],
            children,
            ..Parts::default()
        })
    }
}

/// Writes the next rows of any table as columns; none where there are no more.
fn next_rows(columns: &[(CString, Form)], reading: &mut Reading) -> Option<(usize, Vec<ArrowArray>)> {
    let mut growing: Vec<Growing> = columns.iter().map(|(_, form)| form.growing()).collect();
    let len = reading.with_dependent_mut(|_, rows| {
        let mut len = 0_usize;
        for row in rows.take(BATCH) {
            for (column, cell) in growing.iter_mut().zip(&row) {
                column.push(len, cell);
            }
            len = len.saturating_add(1);
        }
        len
    });
    let columns = growing.into_iter().map(|column| column.array(len));
    (len > 0).then(|| (len, columns.collect()))
}

fn boxed<T>(of: impl IntoIterator<Item = T>) -> Vec<*mut T> {
    of.into_iter().map(|one| Box::into_raw(Box::new(one))).collect()
}

fn schema(
    format: CString,
    name: CString,
    children: Vec<ArrowSchema>,
    dictionary: Option<ArrowSchema>,
    flags: i64,
) -> ArrowSchema {
    let count = children.len();
    let mut held = Box::new(Held {
        format,
        name,
        buffers: Vec::new(),
        children: boxed(children.into_iter().chain(dictionary)),
        _data: Vec::new(),
    });
    ArrowSchema {
        format: held.format.as_ptr(),
        name: held.name.as_ptr(),
        flags,
        n_children: i64::try_from(count).unwrap_or(0),
        children: held.children.as_mut_ptr(),
        dictionary: held.children.get(count).copied().unwrap_or(ptr::null_mut()),
        release: Some(release_schema),
        private_data: Box::into_raw(held).cast(),
        ..ArrowSchema::empty()
    }
}

fn array(parts: Parts) -> ArrowArray {
    let start = |buffer: &Option<Buffer>| buffer.as_ref().map_or(ptr::null(), Buffer::start);
    let count = parts.children.len();
    let mut held = Box::new(Held {
        format: CString::default(),
        name: CString::default(),
        buffers: parts.buffers.iter().map(start).collect(),
        children: boxed(parts.children.into_iter().chain(parts.dictionary)),
        _data: parts.buffers,
    });
    ArrowArray {
        length: i64::try_from(parts.len).unwrap_or(0),
        null_count: i64::try_from(parts.missing).unwrap_or(-1),
        n_buffers: i64::try_from(held.buffers.len()).unwrap_or(0),
        n_children: i64::try_from(count).unwrap_or(0),
        buffers: held.buffers.as_mut_ptr(),
        children: held.children.as_mut_ptr(),
        dictionary: held.children.get(count).copied().unwrap_or(ptr::null_mut()),
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

/// Ends a struct of ours with its children and its dictionary, as far as they have not been moved away.
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
        // SAFETY: children and dictionaries were boxed by us and are taken back once, here.
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
