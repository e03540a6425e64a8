//! A plan with facts, and a handle of each kind.
#![allow(dead_code, reason = "each test uses some of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must stop")]
#![allow(unsafe_code, reason = "the interface is called as a C program calls it")]

use std::any::Any;
use std::cell::RefCell;
use std::ffi::{c_char, c_void};
use std::ptr;

use guerdon_ffi::api::builder::*;
use guerdon_ffi::api::error::*;
use guerdon_ffi::api::plan::*;
use guerdon_ffi::api::report::*;
use guerdon_ffi::api::session::*;
use guerdon_ffi::status::guerdon_status as Status;
use guerdon_ffi::types::*;

pub mod arrow;

/// A value that stays in its place.
struct Kept(*mut dyn Any);

thread_local! {
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

pub const RULES: &str = include_str!("../../../../examples/hosts/plan.guerdon");

/// Two people with three deals: Ann 1,000.10 in February and 400 in March, Bo 2,000 in March.
pub const RECORDS: &str = r#"{
  "Seller": [{"name": "Ann"}, {"name": "Bo"}],
  "Deal": [
    {"id": "D1", "seller": "Ann", "amount": 1000.10, "signed_on": "2026-02-10"},
    {"id": "D2", "seller": "Ann", "amount": 400, "signed_on": "2026-03-02"},
    {"id": "D3", "seller": "Bo", "amount": "2000.00", "signed_on": "2026-03-15"}
  ]
}"#;

/// A handle of each kind.
pub struct Made {
    pub sources: *mut guerdon_sources,
    pub plan: *mut guerdon_plan,
    pub builder: *mut guerdon_builder,
    pub facts: *mut guerdon_facts,
    pub report: *mut guerdon_report,
    pub cursor: *mut guerdon_cursor,
    pub trace: *mut guerdon_trace,
    pub session: *mut guerdon_session,
    pub cancel: *mut guerdon_cancel,
    pub error: *mut guerdon_error,
}

/// Keeps a value in its place until [`let_go`], or the end of the test.
pub fn keep<T: 'static>(value: T) -> &'static mut T {
    let place = Box::into_raw(Box::new(value));
    KEPT.with_borrow_mut(|kept| kept.push(Kept(place)));
    // SAFETY: it was just made, and lives until it is let go; tests do not look at it after that.
    unsafe { &mut *place }
}

/// Frees what this thread has kept: whoever still reads it reads freed memory, which AddressSanitizer tells.
pub fn let_go() {
    KEPT.take();
}

impl Drop for Kept {
    fn drop(&mut self) {
        // SAFETY: it came from a box, and is freed here only.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

pub fn text(text: &str) -> (*const c_char, usize) {
    (text.as_ptr().cast(), text.len())
}

/// Reads a text of the library.
pub fn read(text: guerdon_text) -> String {
    // SAFETY: the library gave it, and what it came from still lives.
    let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.len) };
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Makes a value of text.
pub fn value(field: &'static str, words: &'static str) -> guerdon_value {
    guerdon_value {
        field: text(field).0,
        field_len: field.len(),
        text: text(words).0,
        text_len: words.len(),
        number: 0,
        kind: 5,
        decimals: 0,
    }
}

impl Made {
    pub fn new() -> Made {
        let mut made = Made {
            sources: ptr::null_mut(),
            plan: ptr::null_mut(),
            builder: ptr::null_mut(),
            facts: ptr::null_mut(),
            report: ptr::null_mut(),
            cursor: ptr::null_mut(),
            trace: ptr::null_mut(),
            session: ptr::null_mut(),
            cancel: ptr::null_mut(),
            error: ptr::null_mut(),
        };
        let none = ptr::null_mut();
        let mut count = 0;
        // SAFETY: all arguments are what the header asks for.
        unsafe {
            assert_eq!(guerdon_sources_new(&raw mut made.sources, none), Status::Ok);
            let (name, rules) = (text("plan.guerdon"), text(RULES));
            assert_eq!(
                guerdon_sources_add(made.sources, name.0, name.1, rules.0, rules.1, none),
                Status::Ok
            );
            assert_eq!(
                guerdon_plan_compile(made.sources, &raw mut made.plan, none),
                Status::Ok
            );
            made.builder = builder(made.plan);
            made.facts = facts(made.builder);
            assert_eq!(
                guerdon_plan_evaluate(made.plan, made.facts, ptr::null(), &raw mut made.report, none),
                Status::Ok
            );
            assert_eq!(
                guerdon_report_read(made.report, text("pay").0, 3, &raw mut made.cursor, none),
                Status::Ok
            );
            let figure = text("total[Ann, 2026-03]");
            assert_eq!(
                guerdon_plan_explain(
                    made.plan,
                    made.facts,
                    ptr::null(),
                    figure.0,
                    figure.1,
                    &raw mut made.trace,
                    none
                ),
                Status::Ok
            );
            let taken = facts(made.builder);
            assert_eq!(
                guerdon_session_new(made.plan, taken, ptr::null(), &raw mut made.session, none),
                Status::Ok
            );
            assert_eq!(guerdon_facts_free(taken), Status::Ok);
            assert_eq!(guerdon_cancel_new(&raw mut made.cancel, none), Status::Ok);
            assert_eq!(
                guerdon_facts_count(made.facts, text("Dael").0, 4, &raw mut count, &raw mut made.error),
                Status::NotFound
            );
        }
        made
    }

    /// Lists the handles with their kinds.
    pub fn handles(&self) -> Vec<(&'static str, *mut c_void)> {
        vec![
            ("sources", self.sources.cast()),
            ("plan", self.plan.cast()),
            ("builder", self.builder.cast()),
            ("facts", self.facts.cast()),
            ("report", self.report.cast()),
            ("cursor", self.cursor.cast()),
            ("trace", self.trace.cast()),
            ("session", self.session.cast()),
            ("cancel", self.cancel.cast()),
            ("error", self.error.cast()),
        ]
    }

    pub fn free(self) {
        // SAFETY: nothing of them is used any more.
        unsafe {
            assert_eq!(guerdon_sources_free(self.sources), Status::Ok);
            assert_eq!(guerdon_plan_free(self.plan), Status::Ok);
            assert_eq!(guerdon_builder_free(self.builder), Status::Ok);
            assert_eq!(guerdon_facts_free(self.facts), Status::Ok);
            assert_eq!(guerdon_report_free(self.report), Status::Ok);
            assert_eq!(guerdon_cursor_free(self.cursor), Status::Ok);
            assert_eq!(guerdon_trace_free(self.trace), Status::Ok);
            assert_eq!(guerdon_session_free(self.session), Status::Ok);
            assert_eq!(guerdon_cancel_free(self.cancel), Status::Ok);
            assert_eq!(guerdon_error_free(self.error), Status::Ok);
        }
    }
}

/// Begins a load.
pub fn builder(plan: *const guerdon_plan) -> *mut guerdon_builder {
    let mut builder = ptr::null_mut();
    // SAFETY: all arguments are what the header asks for.
    let status = unsafe { guerdon_builder_new(plan, ptr::null(), &raw mut builder, ptr::null_mut()) };
    assert_eq!(status, Status::Ok);
    builder
}

/// Loads the records.
pub fn facts(builder: *mut guerdon_builder) -> *mut guerdon_facts {
    let json = text(RECORDS);
    let mut facts = ptr::null_mut();
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        assert_eq!(
            guerdon_builder_json(builder, json.0, json.1, ptr::null_mut()),
            Status::Ok
        );
        assert_eq!(
            guerdon_builder_finish(builder, &raw mut facts, ptr::null_mut()),
            Status::Ok
        );
    }
    facts
}

/// Reads what an error tells first.
pub fn told(error: *mut guerdon_error) -> guerdon_error_info {
    let mut info = std::mem::MaybeUninit::<guerdon_error_info>::zeroed();
    // SAFETY: zeros are a value of the struct, which is numbers and pointers; the error is sound.
    unsafe {
        (*info.as_mut_ptr()).struct_size = size_of::<guerdon_error_info>();
        assert_eq!(guerdon_error_get(error, 0, info.as_mut_ptr()), Status::Ok);
        info.assume_init()
    }
}
