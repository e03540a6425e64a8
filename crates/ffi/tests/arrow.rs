//! Arrow data in and out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up must stop"
)]
#![expect(unsafe_code, reason = "the interface is called as a C program calls it")]
#![allow(clippy::arithmetic_side_effects, reason = "tests count")]

use std::ffi::{CStr, c_char, c_int};
use std::ptr;

use guerdon_ffi::api::arrow::*;
use guerdon_ffi::api::error::*;
use guerdon_ffi::status::guerdon_status as Status;
use guerdon_ffi::types::guerdon_report;

mod common;
use common::arrow::*;
use common::{Made, keep, read, text, told};

#[test]
fn a_batch_is_taken_in_and_released_once() {
    let made = Made::new();
    let before = RELEASED.get();
    assert_eq!(Batch::new().add(made.builder, ptr::null_mut()), Status::Ok);
    assert_eq!(RELEASED.get(), (before.0 + 1, before.1 + 1));
    assert_eq!(paid(&made), PAID);
    made.free();
}

#[test]
fn other_types_that_hold_the_same_are_taken_in_too() {
    let large = |batch: &mut Batch| {
        batch.field(0).format = c("U");
        batch.set_buffer(0, 1, buffer(vec![0_i64, 2, 4, 6]));
    };
    let plain = |batch: &mut Batch| {
        batch.fields[1] = schema("u", "seller");
        batch.columns[1] = words(&["Ann", "Ann", "Bo"]);
        batch.schema.children = keep(batch.fields.clone()).as_mut_ptr();
        batch.array.children = keep(batch.columns.clone()).as_mut_ptr();
    };
    let wide = |batch: &mut Batch| {
        batch.field(1).format = c("L");
        batch.set_buffer(1, 1, buffer(vec![1_u64, 1, 0]));
    };
    // As Java aligns them: to 8 bytes and not to 16.
    let crooked = |batch: &mut Batch| {
        let mut halves = keep(vec![0_u64; 8]).as_mut_ptr();
        if halves.addr().is_multiple_of(16) {
            // SAFETY: there is one more.
            halves = unsafe { halves.add(1) };
        }
        for (place, amount) in [100_010_u64, 40_000, 200_000].into_iter().enumerate() {
            // SAFETY: there are eight, of which the first may be left out.
            unsafe { halves.add(2 * place).write(amount) };
        }
        batch.set_buffer(2, 1, halves.cast_const().cast());
    };
    let as_text = |batch: &mut Batch| {
        batch.fields[3] = schema("u", "signed_on");
        batch.columns[3] = words(&["2026-02-10", "2026-03-02", "2026-03-15"]);
        batch.schema.children = keep(batch.fields.clone()).as_mut_ptr();
        batch.array.children = keep(batch.columns.clone()).as_mut_ptr();
    };
    let sliced = |batch: &mut Batch| {
        batch.columns[0] = words(&["x", "y", "D1", "D2", "D3"]);
        batch.column(0).offset = 1;
        batch.column(0).length = 4;
        batch.columns[1] = words(&["x", "Ann", "Ann", "Bo"]);
        batch.fields[1] = schema("u", "seller");
        batch.columns[2] = array(
            4,
            vec![ptr::null(), buffer(vec![9_i128, 100_010, 40_000, 200_000])],
        );
        batch.columns[3] = array(4, vec![ptr::null(), buffer(vec![9_i32, 20_494, 20_514, 20_527])]);
        batch.array.offset = 1;
        batch.schema.children = keep(batch.fields.clone()).as_mut_ptr();
        batch.array.children = keep(batch.columns.clone()).as_mut_ptr();
    };
    let change: [&dyn Fn(&mut Batch); 6] = [&large, &plain, &wide, &crooked, &as_text, &sliced];
    let made = Made::new();
    for change in change {
        let mut batch = Batch::new();
        change(&mut batch);
        assert_eq!(batch.add(made.builder, ptr::null_mut()), Status::Ok);
        assert_eq!(paid(&made), PAID);
    }
    made.free();
}

unsafe extern "C" fn fails(_: *mut Stream, _: *mut Schema) -> c_int {
    22
}

unsafe extern "C" fn says(_: *mut Stream) -> *const c_char {
    c"the disk is gone".as_ptr()
}

unsafe extern "C" fn forgets(_: *mut Stream, _: *mut Schema) -> c_int {
    0
}

unsafe extern "C" fn never(_: *mut Stream, _: *mut Array) -> c_int {
    5
}

unsafe extern "C" fn release_stream(stream: *mut Stream) {
    // SAFETY: the consumer gives the struct that it was given.
    unsafe { (*stream).release = None };
}

#[test]
fn streams_that_fail_are_told_in_their_own_words() {
    let made = Made::new();
    let add = |get_schema, get_next| {
        let stream = keep(Stream {
            get_schema,
            get_next,
            get_last_error: Some(says),
            release: Some(release_stream),
            private_data: ptr::null_mut(),
        });
        let (deal, mut error) = (text("Deal"), ptr::null_mut());
        // SAFETY: the stream is that of the specification, as far as the test lets it.
        let status = unsafe {
            guerdon_builder_arrow_stream(
                made.builder,
                deal.0,
                deal.1,
                ptr::from_mut(stream).cast(),
                &raw mut error,
            )
        };
        assert_eq!(status, Status::BadArrow);
        assert!(stream.release.is_none());
        let said = read(told(error).message);
        // SAFETY: its texts were copied.
        unsafe { guerdon_error_free(error) };
        said
    };
    assert_eq!(
        add(Some(fails), Some(never)),
        "the stream failed with code 22: the disk is gone"
    );
    assert_eq!(add(Some(forgets), Some(never)), "the stream has no schema");
    assert_eq!(add(None, Some(never)), "the stream lacks get_schema");
    assert_eq!(add(Some(fails), None), "the stream lacks get_next");
    made.free();
}

/// Gives the texts of an array of utf8.
///
/// # Safety
///
/// The array is one, and keeps to the specification.
unsafe fn texts(array: &Array) -> Vec<String> {
    let count = usize::try_from(array.length).unwrap();
    // SAFETY: the caller says so.
    unsafe {
        let ends = std::slice::from_raw_parts((*array.buffers.add(1)).cast::<i32>(), count + 1);
        let bytes = (*array.buffers.add(2)).cast::<u8>();
        let text = |pair: &[i32]| {
            let (from, until) = (
                usize::try_from(pair[0]).unwrap(),
                usize::try_from(pair[1]).unwrap(),
            );
            let bytes = std::slice::from_raw_parts(bytes.add(from), until - from);
            String::from_utf8(bytes.to_vec()).unwrap()
        };
        ends.windows(2).map(text).collect()
    }
}

/// Gives the names of a column: what its codes stand for, or its texts.
///
/// # Safety
///
/// The array is of one of these kinds, and keeps to the specification.
unsafe fn names(array: &Array) -> Vec<String> {
    // SAFETY: the caller says so.
    unsafe {
        if array.dictionary.is_null() {
            return texts(array);
        }
        let words = texts(&*array.dictionary);
        let count = usize::try_from(array.length).unwrap();
        let codes = std::slice::from_raw_parts((*array.buffers.add(1)).cast::<i32>(), count);
        codes
            .iter()
            .map(|code| words[usize::try_from(*code).unwrap()].clone())
            .collect()
    }
}

/// Reads the table of pay as a stream after everything else has been freed: formats, dictionaries' formats and rows.
fn streamed(
    read: impl FnOnce((*const guerdon_report, *const c_char, usize), *mut Stream) -> Status,
) -> (Vec<String>, Vec<String>, Vec<String>) {
    let made = Made::new();
    let mut stream = std::mem::MaybeUninit::<Stream>::uninit();
    let (table, len) = text("pay");
    let status = read((made.report, table, len), stream.as_mut_ptr());
    assert_eq!(status, Status::Ok);
    made.free();
    // SAFETY: the library wrote it, and keeps to the specification.
    unsafe {
        let mut stream = stream.assume_init();
        let mut schema = std::mem::MaybeUninit::<Schema>::uninit();
        assert_eq!(
            stream.get_schema.unwrap()(&raw mut stream, schema.as_mut_ptr()),
            0
        );
        let mut schema = schema.assume_init();
        assert_eq!(CStr::from_ptr(schema.format), c"+s");
        let format = |schema: &Schema| CStr::from_ptr(schema.format).to_str().unwrap().to_owned();
        let children: Vec<&Schema> = (0..6).map(|place| &**schema.children.add(place)).collect();
        let formats = children.iter().map(|child| format(child)).collect();
        let dictionaries = children.iter().filter(|child| !child.dictionary.is_null());
        let dictionaries = dictionaries.map(|child| format(&*child.dictionary)).collect();
        let mut array = std::mem::MaybeUninit::<Array>::uninit();
        assert_eq!(stream.get_next.unwrap()(&raw mut stream, array.as_mut_ptr()), 0);
        let mut array = array.assume_init();
        assert_eq!((array.length, array.n_children), (6, 6));
        let amounts = &**array.children.add(5);
        let amounts = std::slice::from_raw_parts((*amounts.buffers.add(1)).cast::<i128>(), 6);
        let columns: Vec<Vec<String>> = (0..5).map(|place| names(&**array.children.add(place))).collect();
        let rows = (0..6).map(|row| {
            let names: Vec<&str> = columns.iter().map(|column| column[row].as_str()).collect();
            format!("{} {}", names.join(" "), amounts[row])
        });
        let rows = rows.collect();
        array.release.unwrap()(&raw mut array);
        assert!(array.release.is_none());
        let mut end = std::mem::MaybeUninit::<Array>::uninit();
        assert_eq!(stream.get_next.unwrap()(&raw mut stream, end.as_mut_ptr()), 0);
        assert!(end.assume_init().release.is_none());
        schema.release.unwrap()(&raw mut schema);
        stream.release.unwrap()(&raw mut stream);
        assert!(stream.release.is_none());
        (formats, dictionaries, rows)
    }
}

/// In the order of the table: by period, then by payee.
const ROWS: [&str; 6] = [
    "flat total Ann 2026-01 EUR 0",
    "flat total Bo 2026-01 EUR 0",
    "flat total Ann 2026-02 EUR 5001",
    "flat total Bo 2026-02 EUR 0",
    "flat total Ann 2026-03 EUR 2000",
    "flat total Bo 2026-03 EUR 10000",
];

#[test]
fn a_table_goes_out_as_a_stream_that_outlives_everything() {
    let (formats, dictionaries, rows) = streamed(|(report, table, len), stream| {
        // SAFETY: the stream can be written.
        unsafe { guerdon_report_arrow(report, table, len, stream.cast(), ptr::null_mut()) }
    });
    assert_eq!(formats, ["i", "i", "i", "i", "i", "d:38,2"]);
    assert_eq!(dictionaries, ["u"; 5]);
    assert_eq!(rows, ROWS);
}

#[test]
fn a_table_goes_out_without_dictionaries_where_the_host_asks_for_it() {
    let (formats, dictionaries, rows) = streamed(|(report, table, len), stream| {
        // SAFETY: the stream can be written.
        unsafe { guerdon_report_arrow_plain(report, table, len, stream.cast(), ptr::null_mut()) }
    });
    assert_eq!(formats, ["u", "u", "u", "u", "u", "d:38,2"]);
    assert_eq!(dictionaries, [""; 0]);
    assert_eq!(rows, ROWS);
}
