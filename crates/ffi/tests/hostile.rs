//! Seventy producers of Arrow data that do it wrong.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up must stop"
)]
#![expect(unsafe_code, reason = "the interface is called as a C program calls it")]
#![allow(clippy::arithmetic_side_effects, reason = "tests count")]

use std::ptr;

use guerdon_ffi::api::arrow::*;
use guerdon_ffi::api::error::*;
use guerdon_ffi::status::guerdon_status as Status;

mod common;
use common::arrow::*;
use common::{Made, keep, read, text, told};

type Hostile = (&'static str, fn(&mut Batch));

/// What producers do wrong, and a word of what they are told.
const HOSTILE: [Hostile; 69] = [
    ("length -1", |batch| batch.array.length = -1),
    ("length", |batch| batch.array.length = i64::MAX),
    ("offset -1", |batch| batch.array.offset = -1),
    ("offset", |batch| batch.array.offset = i64::MAX),
    ("missing values", |batch| batch.array.null_count = 4),
    ("missing values", |batch| batch.array.null_count = -2),
    ("has 3 values, the batch 4 rows", |batch| batch.array.length = 4),
    ("has 3 values, the batch 4 rows", |batch| batch.array.offset = 1),
    ("has 2 values, the batch 3 rows", |batch| {
        batch.column(2).length = 2
    }),
    ("length -5", |batch| batch.column(1).length = -5),
    ("length", |batch| batch.column(1).length = i64::MAX),
    ("offset", |batch| batch.column(3).offset = i64::MAX - 1),
    ("missing values", |batch| batch.column(3).null_count = 9),
    ("does not say which", |batch| batch.column(3).null_count = 1),
    ("buffers, not 1", |batch| batch.array.n_buffers = 0),
    ("buffers, not 1", |batch| batch.array.n_buffers = i64::MAX),
    ("no buffers", |batch| batch.array.buffers = ptr::null_mut()),
    ("buffers, not 3", |batch| batch.column(0).n_buffers = 2),
    ("buffers, not 2", |batch| batch.column(2).n_buffers = 3),
    ("buffers, not 2", |batch| batch.column(2).n_buffers = -1),
    ("no buffers", |batch| batch.column(0).buffers = ptr::null_mut()),
    ("lacks a buffer", |batch| batch.set_buffer(0, 1, ptr::null())),
    ("lacks a buffer", |batch| batch.set_buffer(0, 2, ptr::null())),
    ("lacks a buffer", |batch| batch.set_buffer(2, 1, ptr::null())),
    ("not aligned", |batch| {
        let odd = buffer(vec![0_u64; 9]).cast::<u8>();
        // SAFETY: there are 72 bytes.
        batch.set_buffer(2, 1, unsafe { odd.add(4) }.cast());
    }),
    ("not aligned", |batch| {
        let odd = buffer(vec![0_u64; 9]).cast::<u8>();
        // SAFETY: there are 72 bytes.
        batch.set_buffer(0, 1, unsafe { odd.add(1) }.cast());
    }),
    ("fall", |batch| {
        batch.set_buffer(0, 1, buffer(vec![0_i32, 4, 2, 6]))
    }),
    ("fall", |batch| {
        batch.set_buffer(0, 1, buffer(vec![-1_i32, 2, 4, 6]))
    }),
    ("not UTF-8", |batch| {
        batch.set_buffer(0, 2, buffer(vec![b'D', 0xFF, b'D', b'2', b'D', b'3']))
    }),
    ("not UTF-8", |batch| {
        // A letter of two bytes, cut in half.
        batch.set_buffer(0, 2, buffer("Dé2D33".as_bytes().to_vec()));
    }),
    ("outside its dictionary", |batch| {
        batch.set_buffer(1, 1, buffer(vec![1_i8, 1, 2]))
    }),
    ("outside its dictionary", |batch| {
        batch.set_buffer(1, 1, buffer(vec![1_i8, -1, 0]))
    }),
    ("a dictionary is missing", |batch| {
        batch.column(1).dictionary = ptr::null_mut()
    }),
    ("a dictionary that its schema lacks", |batch| {
        batch.column(0).dictionary = words(&["x"])
    }),
    ("no dictionary of texts", |batch| batch.field(1).format = c("u")),
    ("more than 3 digits", |batch| batch.field(2).format = c("d:3,2")),
    ("format", |batch| batch.field(2).format = c("d:76,2,256")),
    ("format", |batch| batch.field(2).format = c("d:39,2")),
    ("floating point", |batch| batch.field(2).format = c("g")),
    ("format", |batch| batch.field(3).format = c("tsn:UTC")),
    ("format \"+s\"", |batch| batch.schema.format = c("u")),
    ("has been released", |batch| batch.column(2).release = None),
    ("has been released", |batch| batch.field(2).release = None),
    ("has 3 columns, its schema 4", |batch| batch.array.n_children = 3),
    ("called \"id\"", |batch| batch.field(3).name = c("id")),
    ("the array has been released", |batch| batch.array.release = None),
    ("the schema has been released", |batch| {
        batch.schema.release = None
    }),
    ("lacks the list of its columns", |batch| {
        batch.schema.children = ptr::null_mut()
    }),
    ("lacks the list of its columns", |batch| {
        batch.array.children = ptr::null_mut()
    }),
    ("the schema has -1 columns", |batch| batch.schema.n_children = -1),
    ("the schema has 9223372036854775807 columns", |batch| {
        batch.schema.n_children = i64::MAX
    }),
    ("the array has 4097 columns", |batch| {
        batch.array.n_children = 4_097
    }),
    ("an array is missing", |batch| {
        batch.columns[2] = ptr::null_mut();
        batch.array.children = keep(batch.columns.clone()).as_mut_ptr();
    }),
    ("a schema is missing", |batch| {
        batch.fields[2] = ptr::null_mut();
        batch.schema.children = keep(batch.fields.clone()).as_mut_ptr();
    }),
    ("the name of a column is missing", |batch| {
        batch.field(0).name = ptr::null()
    }),
    ("a format is missing", |batch| batch.field(0).format = ptr::null()),
    ("the name of a column does not end", |batch| {
        batch.field(0).name = c(&"n".repeat(5_000))
    }),
    ("the name of a column is not UTF-8", |batch| {
        batch.field(0).name = buffer(vec![0xFF_u8, 0]).cast()
    }),
    ("is nested", |batch| batch.field(0).n_children = 1),
    ("has columns of its own", |batch| batch.column(0).n_children = 1),
    ("a batch has no dictionary", |batch| {
        batch.schema.dictionary = schema("u", "")
    }),
    ("the batch has a dictionary", |batch| {
        batch.array.dictionary = words(&["x"])
    }),
    ("the dictionary of column \"seller\" has a dictionary", |batch| {
        let words = batch.field(1).dictionary;
        // SAFETY: it was made with the batch and lives on.
        unsafe { (*words).dictionary = schema("u", "") };
    }),
    ("the dictionary of column \"seller\" has a dictionary", |batch| {
        let inner = batch.column(1).dictionary;
        // SAFETY: it was made with the batch and lives on.
        unsafe { (*inner).dictionary = words(&["x"]) };
    }),
    ("the array of column \"seller\" has been released", |batch| {
        let inner = batch.column(1).dictionary;
        // SAFETY: it was made with the batch and lives on.
        unsafe { (*inner).release = None };
    }),
    ("no dictionary of texts", |batch| batch.field(1).format = c("tdD")),
    ("missing as a whole", |batch| {
        batch.array.null_count = 1;
        // SAFETY: the list has one place.
        unsafe { *batch.array.buffers = buffer(vec![0b101_u8]) };
    }),
    ("the offsets of column \"id\" fall", |batch| {
        batch.field(0).format = c("U");
        batch.set_buffer(0, 1, buffer(vec![0_i64, 2, 1, i64::MAX]));
    }),
    ("larger than memory", |batch| {
        batch.field(0).format = c("U");
        batch.set_buffer(0, 1, buffer(vec![0_i64, 2, 4, i64::MAX]));
    }),
];

#[test]
fn hostile_batches_are_refused_and_leave_the_load_as_it_was() {
    let made = Made::new();
    for (wanted, spoil) in HOSTILE {
        let before = RELEASED.get();
        let mut batch = Batch::new();
        spoil(&mut batch);
        let live = (
            u32::from(batch.schema.release.is_some()),
            u32::from(batch.array.release.is_some()),
        );
        let mut error = ptr::null_mut();
        assert_eq!(
            batch.add(made.builder, &raw mut error),
            Status::BadArrow,
            "{wanted}"
        );
        let said = read(told(error).message);
        assert!(said.contains(wanted), "{wanted}: {said}");
        // SAFETY: its texts were copied.
        unsafe { guerdon_error_free(error) };
        assert_eq!(
            RELEASED.get(),
            (before.0 + live.0, before.1 + live.1),
            "{wanted}: released once"
        );
    }
    assert_eq!(Batch::new().add(made.builder, ptr::null_mut()), Status::Ok);
    assert_eq!(paid(&made), PAID);
    made.free();
}

#[test]
fn structs_that_are_null_are_told() {
    let made = Made::new();
    // SAFETY: NULL is told before anything is read.
    unsafe {
        let (deal, none) = (text("Deal"), ptr::null_mut());
        let status = guerdon_builder_arrow(
            made.builder,
            deal.0,
            deal.1,
            none,
            ptr::null_mut(),
            ptr::null_mut(),
        );
        assert_eq!(status, Status::NullArgument);
        let status =
            guerdon_builder_arrow_stream(made.builder, deal.0, deal.1, ptr::null_mut(), ptr::null_mut());
        assert_eq!(status, Status::NullArgument);
    }
    made.free();
}

#[test]
fn a_batch_for_a_handle_that_is_none_is_released_all_the_same() {
    let before = RELEASED.get();
    let status = Batch::new().add(ptr::without_provenance_mut(0x1000), ptr::null_mut());
    assert_eq!(status, Status::BadHandle);
    assert_eq!(RELEASED.get(), (before.0 + 1, before.1 + 1));
}
