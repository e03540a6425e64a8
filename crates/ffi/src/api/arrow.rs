//! Batches in and tables out by the Arrow C data and stream interface.

#![expect(unsafe_code, reason = "functions that C calls")]

use std::ffi::c_char;

use crate::arrow::abi::{ArrowArray, ArrowArrayStream, ArrowSchema, Moved};
use crate::arrow::export::{self, Names};
use crate::arrow::import;
use crate::caller::Caller;
use crate::handle::open;
use crate::objects::hold;
use crate::status::{Outcome, guerdon_status};
use crate::types::{guerdon_builder, guerdon_error, guerdon_report};
use crate::values::name;

/// Adds the rows of a batch to a table: a struct array whose columns have the names of fields. Columns may be utf8,
/// large_utf8, a dictionary of these, bool, int8 to uint64, decimal128 or date32; binary floating point is refused. Array
/// and schema are moved: the producer finds them released, also where they are refused. They are checked before anything is
/// taken in, as far as the interface allows: it does not say how long a buffer is.
///
/// # Safety
///
/// `table` has so many bytes; `array` and `schema` are those of a producer that keeps to the specification; `error` is
/// NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_arrow(
    builder: *mut guerdon_builder,
    table: *const c_char,
    table_len: usize,
    array: *mut ArrowArray,
    schema: *mut ArrowSchema,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        // SAFETY: the caller promises structs of the specification, or NULL.
        let (array, schema) = unsafe { (Moved::from(array), Moved::from(schema)) };
        let (array, schema) = (array?, schema?);
        let body = open(builder.cast_const())?;
        let table = name(caller, table, table_len)?;
        import::batch(&mut *hold(&body)?, table, &array, &schema)
    })
}

/// Adds the rows of all batches of a stream to a table. The stream is moved: the producer finds it released, also where it
/// is refused. Its callbacks are called on this thread and must neither unwind nor use the builder.
///
/// # Safety
///
/// `table` has so many bytes; `stream` is that of a producer that keeps to the specification; `error` is NULL or can be
/// written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_builder_arrow_stream(
    builder: *mut guerdon_builder,
    table: *const c_char,
    table_len: usize,
    stream: *mut ArrowArrayStream,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        // SAFETY: the caller promises a struct of the specification, or NULL.
        let mut stream = unsafe { Moved::from(stream) }?;
        let body = open(builder.cast_const())?;
        let table = name(caller, table, table_len)?;
        import::stream(&mut *hold(&body)?, table, &mut stream)
    })
}

/// Begins to read a table of a report as a stream. Names that many rows have (plans, statements, payees, periods, currencies,
/// kinds) come as int32 codes with a dictionary of utf8, other texts as utf8, days as date32, amounts as decimal128(38, s)
/// with the least scale that holds them all (as utf8 where none does), other figures as utf8. Each batch brings its
/// dictionaries along; in the table of pay they are the same in all batches. The stream lives until it is released, whatever
/// is freed before; it may be moved between threads, and used by one at a time.
///
/// # Safety
///
/// `table` has so many bytes; `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_report_arrow(
    report: *const guerdon_report,
    table: *const c_char,
    table_len: usize,
    out: *mut ArrowArrayStream,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| read(caller, report, (table, table_len), Names::Coded, out))
}

/// Does the same with every text as utf8, for hosts that cannot read dictionaries.
///
/// # Safety
///
/// `table` has so many bytes; `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_report_arrow_plain(
    report: *const guerdon_report,
    table: *const c_char,
    table_len: usize,
    out: *mut ArrowArrayStream,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| read(caller, report, (table, table_len), Names::Plain, out))
}

fn read(
    caller: &Caller,
    report: *const guerdon_report,
    (table, table_len): (*const c_char, usize),
    names: Names,
    out: *mut ArrowArrayStream,
) -> Outcome<()> {
    let out = caller.out(out)?;
    let body = open(report)?;
    let shape = export::of(&body, name(caller, table, table_len)?)?;
    out.put(export::stream(&body, shape, names)?);
    Ok(())
}
