//! A producer of Arrow data: batches of deals, as sound as a test leaves them.
#![allow(
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "tests count"
)]

use std::cell::Cell;
use std::ffi::{CString, c_char, c_void};
use std::ptr;

use guerdon_ffi::api::arrow::*;
use guerdon_ffi::api::builder::*;
use guerdon_ffi::api::report::*;
use guerdon_ffi::status::guerdon_status as Status;
use guerdon_ffi::types::*;

use super::{Made, keep, let_go, read, text};

#[path = "../../examples/shared/abi.rs"]
mod abi;
pub use abi::*;

thread_local! {
    pub static RELEASED: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

unsafe extern "C" fn release_schema(schema: *mut Schema) {
    // SAFETY: the consumer gives the struct that it was given.
    unsafe { (*schema).release = None };
    RELEASED.with(|count| count.set((count.get().0 + 1, count.get().1)));
}

unsafe extern "C" fn release_array(array: *mut Array) {
    // SAFETY: the consumer gives the struct that it was given.
    unsafe { (*array).release = None };
    RELEASED.with(|count| count.set((count.get().0, count.get().1 + 1)));
}

pub fn c(text: &str) -> *const c_char {
    keep(CString::new(text).unwrap()).as_ptr()
}

pub fn schema(format: &str, name: &str) -> &'static mut Schema {
    keep(Schema::of(c(format), c(name), Some(release_schema)))
}

pub fn array(length: i64, buffers: Vec<*const c_void>) -> &'static mut Array {
    let buffers = keep(buffers);
    keep(Array {
        n_buffers: buffers.len() as i64,
        buffers: buffers.as_mut_ptr(),
        ..Array::of(length, Some(release_array))
    })
}

/// Keeps values in a buffer that has not a byte more than they take.
pub fn buffer<T: 'static>(values: Vec<T>) -> *const c_void {
    keep(values.into_boxed_slice()).as_ptr().cast()
}

pub fn words(texts: &[&str]) -> &'static mut Array {
    let mut offsets = vec![0_i32];
    let mut bytes = Vec::new();
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        offsets.push(bytes.len() as i32);
    }
    array(
        texts.len() as i64,
        vec![ptr::null(), buffer(offsets), buffer(bytes)],
    )
}

/// Three deals: `id` as text, `seller` as a dictionary, `amount` as decimals, `signed_on` as days.
pub struct Batch {
    pub schema: &'static mut Schema,
    pub array: &'static mut Array,
    pub fields: Vec<*mut Schema>,
    pub columns: Vec<*mut Array>,
}

impl Batch {
    pub fn new() -> Batch {
        let seller = schema("c", "seller");
        seller.dictionary = schema("u", "");
        let fields: Vec<*mut Schema> = vec![
            schema("u", "id"),
            seller,
            schema("d:38,2", "amount"),
            schema("tdD", "signed_on"),
        ];
        let sellers = array(3, vec![ptr::null(), buffer(vec![1_i8, 1, 0])]);
        sellers.dictionary = words(&["Bo", "Ann"]);
        let columns: Vec<*mut Array> = vec![
            words(&["D1", "D2", "D3"]),
            sellers,
            array(3, vec![ptr::null(), buffer(vec![100_010_i128, 40_000, 200_000])]),
            array(3, vec![ptr::null(), buffer(vec![20_494_i32, 20_514, 20_527])]),
        ];
        let top = schema("+s", "");
        top.n_children = 4;
        top.children = keep(fields.clone()).as_mut_ptr();
        let whole = array(3, vec![ptr::null()]);
        whole.n_children = 4;
        whole.children = keep(columns.clone()).as_mut_ptr();
        Batch {
            schema: top,
            array: whole,
            fields,
            columns,
        }
    }

    pub fn field(&mut self, place: usize) -> &mut Schema {
        // SAFETY: it was made above and lives on.
        unsafe { &mut *self.fields[place] }
    }

    pub fn column(&mut self, place: usize) -> &mut Array {
        // SAFETY: it was made above and lives on.
        unsafe { &mut *self.columns[place] }
    }

    pub fn set_buffer(&mut self, column: usize, place: usize, data: *const c_void) {
        // SAFETY: the list has so many places.
        unsafe { *self.column(column).buffers.add(place) = data };
    }

    pub fn add(self, builder: *mut guerdon_builder, error: *mut *mut guerdon_error) -> Status {
        let deal = text("Deal");
        let (array, schema) = (ptr::from_mut(self.array), ptr::from_mut(self.schema));
        // SAFETY: the structs are those of the specification, as far as a test lets them.
        let status =
            unsafe { guerdon_builder_arrow(builder, deal.0, deal.1, array.cast(), schema.cast(), error) };
        // They have been released, so their producer may free all of it.
        let_go();
        status
    }
}

/// Adds the people, ends the load and reads what is paid in all.
pub fn paid(made: &Made) -> Vec<String> {
    let json = text(r#"{"Seller": [{"name": "Ann"}, {"name": "Bo"}]}"#);
    let (mut facts, mut report) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        assert_eq!(
            guerdon_builder_json(made.builder, json.0, json.1, ptr::null_mut()),
            Status::Ok
        );
        assert_eq!(
            guerdon_builder_finish(made.builder, &raw mut facts, ptr::null_mut()),
            Status::Ok
        );
        let status = guerdon_plan_evaluate(made.plan, facts, ptr::null(), &raw mut report, ptr::null_mut());
        assert_eq!(status, Status::Ok);
        let rows = amounts(report);
        assert_eq!(guerdon_report_free(report), Status::Ok);
        assert_eq!(guerdon_facts_free(facts), Status::Ok);
        rows
    }
}

pub fn amounts(report: *const guerdon_report) -> Vec<String> {
    let (mut cursor, mut rows) = (
        ptr::null_mut(),
        guerdon_text {
            data: ptr::null(),
            len: 0,
        },
    );
    // SAFETY: all arguments are what the header asks for.
    let rows = unsafe {
        assert_eq!(
            guerdon_report_read(report, text("pay").0, 3, &raw mut cursor, ptr::null_mut()),
            Status::Ok
        );
        assert_eq!(
            guerdon_cursor_next(cursor, 100, &raw mut rows, ptr::null_mut()),
            Status::Ok
        );
        let rows = read(rows);
        assert_eq!(guerdon_cursor_free(cursor), Status::Ok);
        rows
    };
    rows.lines()
        .map(|row| row.split('"').rev().nth(1).unwrap().to_owned())
        .collect()
}

/// January to March, Ann and Bo in turn: 5 % of 1,000.10 is 50.005, and half a cent goes up.
pub const PAID: [&str; 6] = ["0.00", "0.00", "50.01", "0.00", "20.00", "100.00"];
