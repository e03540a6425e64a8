//! Arrow data in and out, and fifty producers that do it wrong.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up must stop"
)]
#![expect(unsafe_code, reason = "the interface is called as a C program calls it")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests count"
)]

use std::cell::Cell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

use guerdon_ffi::api::arrow::*;
use guerdon_ffi::api::builder::*;
use guerdon_ffi::api::error::*;
use guerdon_ffi::api::report::*;
use guerdon_ffi::status::guerdon_status as Status;
use guerdon_ffi::types::*;

mod common;
use common::{Made, read, text, told};

#[repr(C)]
struct Schema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut Schema,
    dictionary: *mut Schema,
    release: Option<unsafe extern "C" fn(*mut Schema)>,
    private_data: *mut c_void,
}

#[repr(C)]
struct Array {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut Array,
    dictionary: *mut Array,
    release: Option<unsafe extern "C" fn(*mut Array)>,
    private_data: *mut c_void,
}

#[repr(C)]
struct Stream {
    get_schema: Option<unsafe extern "C" fn(*mut Stream, *mut Schema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut Stream, *mut Array) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut Stream) -> *const c_char>,
    release: Option<unsafe extern "C" fn(*mut Stream)>,
    private_data: *mut c_void,
}

thread_local! {
    static RELEASED: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
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

/// Keeps a value for the rest of the test.
fn keep<T>(value: T) -> &'static mut T {
    Box::leak(Box::new(value))
}

fn c(text: &str) -> *const c_char {
    keep(CString::new(text).unwrap()).as_ptr()
}

fn schema(format: &str, name: &str) -> &'static mut Schema {
    keep(Schema {
        format: c(format),
        name: c(name),
        metadata: ptr::null(),
        flags: 2,
        n_children: 0,
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: Some(release_schema),
        private_data: ptr::null_mut(),
    })
}

fn array(length: i64, buffers: Vec<*const c_void>) -> &'static mut Array {
    let buffers = keep(buffers);
    keep(Array {
        length,
        null_count: 0,
        offset: 0,
        n_buffers: buffers.len() as i64,
        n_children: 0,
        buffers: buffers.as_mut_ptr(),
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: Some(release_array),
        private_data: ptr::null_mut(),
    })
}

fn buffer<T: 'static>(values: Vec<T>) -> *const c_void {
    keep(values).as_ptr().cast()
}

fn words(texts: &[&str]) -> &'static mut Array {
    let mut offsets = vec![0_i32];
    let mut bytes = Vec::new();
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        offsets.push(bytes.len() as i32);
    }
    bytes.push(0);
    array(
        texts.len() as i64,
        vec![ptr::null(), buffer(offsets), buffer(bytes)],
    )
}

/// Three deals: `id` as text, `seller` as a dictionary, `amount` as decimals, `signed_on` as days.
struct Batch {
    schema: &'static mut Schema,
    array: &'static mut Array,
    fields: Vec<*mut Schema>,
    columns: Vec<*mut Array>,
}

impl Batch {
    fn new() -> Batch {
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

    fn field(&mut self, place: usize) -> &mut Schema {
        // SAFETY: it was made above and lives on.
        unsafe { &mut *self.fields[place] }
    }

    fn column(&mut self, place: usize) -> &mut Array {
        // SAFETY: it was made above and lives on.
        unsafe { &mut *self.columns[place] }
    }

    fn set_buffer(&mut self, column: usize, place: usize, data: *const c_void) {
        // SAFETY: the list has so many places.
        unsafe { *self.column(column).buffers.add(place) = data };
    }

    fn add(self, builder: *mut guerdon_builder, error: *mut *mut guerdon_error) -> Status {
        let deal = text("Deal");
        let (array, schema) = (ptr::from_mut(self.array), ptr::from_mut(self.schema));
        // SAFETY: the structs are those of the specification, as far as a test lets them.
        unsafe { guerdon_builder_arrow(builder, deal.0, deal.1, array.cast(), schema.cast(), error) }
    }
}

/// Adds the people, ends the load and reads what is paid in all.
fn paid(made: &Made) -> Vec<String> {
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

fn amounts(report: *const guerdon_report) -> Vec<String> {
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
const PAID: [&str; 6] = ["0.00", "0.00", "50.01", "0.00", "20.00", "100.00"];

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

type Hostile = (&'static str, fn(&mut Batch));

/// What producers do wrong, and a word of what they are told.
const HOSTILE: [Hostile; 45] = [
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
];

#[test]
fn hostile_batches_are_refused_and_leave_the_load_as_it_was() {
    let made = Made::new();
    for (wanted, spoil) in HOSTILE {
        let before = RELEASED.get();
        let mut batch = Batch::new();
        spoil(&mut batch);
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
            (before.0 + 1, before.1 + 1),
            "{wanted}: released once"
        );
    }
    assert_eq!(Batch::new().add(made.builder, ptr::null_mut()), Status::Ok);
    assert_eq!(paid(&made), PAID);
    made.free();
}

#[test]
fn structs_that_are_null_or_released_or_lack_their_parts_are_told() {
    let made = Made::new();
    let add = |change: fn(&mut Batch)| {
        let mut batch = Batch::new();
        change(&mut batch);
        batch.add(made.builder, ptr::null_mut())
    };
    assert_eq!(add(|batch| batch.array.release = None), Status::BadArrow);
    assert_eq!(add(|batch| batch.schema.release = None), Status::BadArrow);
    assert_eq!(
        add(|batch| batch.schema.children = ptr::null_mut()),
        Status::BadArrow
    );
    assert_eq!(
        add(|batch| batch.array.children = ptr::null_mut()),
        Status::BadArrow
    );
    assert_eq!(add(|batch| batch.schema.n_children = -1), Status::BadArrow);
    assert_eq!(add(|batch| batch.schema.n_children = i64::MAX), Status::BadArrow);
    assert_eq!(add(|batch| batch.field(0).name = ptr::null()), Status::BadArrow);
    assert_eq!(add(|batch| batch.field(0).format = ptr::null()), Status::BadArrow);
    assert_eq!(add(|batch| batch.field(0).n_children = 1), Status::BadArrow);
    assert_eq!(
        add(|batch| batch.schema.dictionary = schema("u", "")),
        Status::BadArrow
    );
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

#[test]
fn a_table_goes_out_as_a_stream_that_outlives_everything() {
    let made = Made::new();
    let mut stream = std::mem::MaybeUninit::<Stream>::uninit();
    // SAFETY: the stream can be written.
    let status = unsafe {
        guerdon_report_arrow(
            made.report,
            text("pay").0,
            3,
            stream.as_mut_ptr().cast(),
            ptr::null_mut(),
        )
    };
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
        let formats: Vec<&str> = (0..6)
            .map(|place| {
                CStr::from_ptr((**schema.children.add(place)).format)
                    .to_str()
                    .unwrap()
            })
            .collect();
        assert_eq!(formats, ["u", "u", "u", "u", "u", "d:38,2"]);
        let mut array = std::mem::MaybeUninit::<Array>::uninit();
        assert_eq!(stream.get_next.unwrap()(&raw mut stream, array.as_mut_ptr()), 0);
        let mut array = array.assume_init();
        assert_eq!((array.length, array.n_children), (6, 6));
        let amounts = &**array.children.add(5);
        let amounts = std::slice::from_raw_parts((*amounts.buffers.add(1)).cast::<i128>(), 6);
        assert_eq!(amounts, [0, 0, 5_001, 0, 2_000, 10_000]);
        array.release.unwrap()(&raw mut array);
        assert!(array.release.is_none());
        let mut end = std::mem::MaybeUninit::<Array>::uninit();
        assert_eq!(stream.get_next.unwrap()(&raw mut stream, end.as_mut_ptr()), 0);
        assert!(end.assume_init().release.is_none());
        schema.release.unwrap()(&raw mut schema);
        stream.release.unwrap()(&raw mut stream);
        assert!(stream.release.is_none());
    }
}
