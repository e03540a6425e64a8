//! Every exported function against what a caller can do wrong: each time a status, never more.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up must stop"
)]
#![expect(unsafe_code, reason = "the interface is called as a C program calls it")]

use std::collections::BTreeSet;
use std::ffi::{c_char, c_void};
use std::path::Path;
use std::ptr;

use guerdon_ffi::api::arrow::*;
use guerdon_ffi::api::builder::*;
use guerdon_ffi::api::error::*;
use guerdon_ffi::api::plan::*;
use guerdon_ffi::api::report::*;
use guerdon_ffi::api::session::*;
use guerdon_ffi::api::version::*;
use guerdon_ffi::status::guerdon_status as Status;
use guerdon_ffi::types::*;

mod common;
use common::{Made, keep, text};

type Call = Box<dyn Fn(*mut c_void) -> Status>;

/// A call that is sound but for its handle.
struct Case {
    name: &'static str,
    kind: &'static str,
    call: Call,
}

macro_rules! cases {
    ($($kind:literal: $($name:ident($($argument:expr),*)),+;)+) => {
        vec![$($(Case {
            name: stringify!($name),
            kind: $kind,
            // SAFETY: all arguments but the handle are what the header asks for, and handles are never followed.
            call: Box::new(|handle| unsafe { $name(handle.cast(), $($argument),*) }),
        }),+),+]
    };
}

fn n<T>() -> *mut T {
    ptr::null_mut()
}

/// Gives a place to write to that nobody reads.
fn room<T: 'static>() -> *mut T {
    keep(std::mem::MaybeUninit::<T>::zeroed()).as_mut_ptr()
}

fn info() -> *mut guerdon_error_info {
    let info = room::<guerdon_error_info>();
    // SAFETY: it was just made, of numbers and pointers.
    unsafe { (*info).struct_size = size_of::<guerdon_error_info>() };
    info
}

/// Lists every function whose first parameter is a handle.
fn cases() -> Vec<Case> {
    let t = c"Deal".as_ptr();
    cases! {
        "sources":
            guerdon_sources_add(c"x".as_ptr(), 1, c"x".as_ptr(), 1, n()),
            guerdon_plan_compile(room(), n()),
            guerdon_sources_free();
        "plan":
            guerdon_plan_warnings(room(), n()),
            guerdon_plan_schema(room(), n()),
            guerdon_builder_new(n(), room(), n()),
            guerdon_plan_evaluate(n(), n(), room(), n()),
            guerdon_plan_explain(n(), n(), c"x".as_ptr(), 1, room(), n()),
            guerdon_session_new(n(), n(), room(), n()),
            guerdon_plan_free();
        "builder":
            guerdon_builder_table(c"Deal".as_ptr(), 4, n()),
            guerdon_builder_row(c"Deal".as_ptr(), 4, n(), 0, n()),
            guerdon_builder_column_text(c"Deal".as_ptr(), 4, c"id".as_ptr(), 2, n(), 0, n()),
            guerdon_builder_column_number(c"Deal".as_ptr(), 4, c"id".as_ptr(), 2, n(), 0, n(), 0, n()),
            guerdon_builder_column_date(c"Deal".as_ptr(), 4, c"id".as_ptr(), 2, n(), n(), 0, n()),
            guerdon_builder_column_bool(c"Deal".as_ptr(), 4, c"id".as_ptr(), 2, n(), n(), 0, n()),
            guerdon_builder_json(c"{}".as_ptr(), 2, n()),
            guerdon_builder_finish(room(), n()),
            guerdon_builder_free();
        "facts":
            guerdon_facts_count(c"Deal".as_ptr(), 4, room(), n()),
            guerdon_facts_free();
        "report":
            guerdon_report_complete(room(), n()),
            guerdon_report_table_count(room(), n()),
            guerdon_report_table_name(0, room(), n()),
            guerdon_report_read(c"pay".as_ptr(), 3, room(), n()),
            guerdon_report_arrow(c"pay".as_ptr(), 3, room(), n()),
            guerdon_report_arrow_plain(c"pay".as_ptr(), 3, room(), n()),
            guerdon_report_free();
        "cursor":
            guerdon_cursor_next(1, room(), n()),
            guerdon_cursor_free();
        "trace":
            guerdon_trace_text(0, room(), n()),
            guerdon_trace_json(room(), n()),
            guerdon_trace_free();
        "session":
            guerdon_session_upsert(c"Deal".as_ptr(), 4, n(), 0, n()),
            guerdon_session_upsert_json(c"Deal".as_ptr(), 4, c"{}".as_ptr(), 2, n()),
            guerdon_session_remove(c"Deal".as_ptr(), 4, n(), 0, n(), n()),
            guerdon_session_pay(c"Ann".as_ptr(), 3, room(), n()),
            guerdon_session_what_if(c"Ann".as_ptr(), 3, c"Deal".as_ptr(), 4, n(), 0, room(), n()),
            guerdon_session_what_if_json(c"Ann".as_ptr(), 3, c"Deal".as_ptr(), 4, c"{}".as_ptr(), 2, room(), n()),
            guerdon_session_evaluate(room(), n()),
            guerdon_session_explain(c"x".as_ptr(), 1, room(), n()),
            guerdon_session_free();
        "cancel":
            guerdon_cancel_set(),
            guerdon_cancel_free();
        "error":
            guerdon_error_count(room()),
            guerdon_error_get(0, info()),
            guerdon_error_text(room()),
            guerdon_error_free();
    }
    .into_iter()
    .inspect(|_| assert!(!t.is_null()))
    .collect()
}

#[test]
fn every_function_is_either_here_or_takes_no_handle_first() {
    let others = [
        "guerdon_abi_version",
        "guerdon_check_abi",
        "guerdon_version",
        "guerdon_status_name",
        "guerdon_live_handles",
        "guerdon_sources_new",
        "guerdon_cancel_new",
        // Their arrays come first: see the tests on Arrow.
        "guerdon_builder_arrow",
        "guerdon_builder_arrow_stream",
    ];
    let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/guerdon.h");
    let header = std::fs::read_to_string(header).unwrap();
    let declared: BTreeSet<String> = header
        .lines()
        .filter(|line| !line.starts_with([' ', '*', '/', '#']) && line.contains('('))
        .filter_map(|line| Some(line.split('(').next()?.rsplit([' ', '*']).next()?.to_owned()))
        .filter(|name| name.starts_with("guerdon_"))
        .collect();
    let tested: BTreeSet<String> = cases()
        .iter()
        .map(|case| case.name)
        .chain(others)
        .map(str::to_owned)
        .collect();
    assert_eq!(tested, declared);
}

#[test]
fn no_handle_is_taken_for_another() {
    let made = Made::new();
    let all = made.handles();
    for case in cases() {
        let free = case.name.ends_with("_free");
        let wanted = if free { Status::Ok } else { Status::NullArgument };
        assert_eq!((case.call)(ptr::null_mut()), wanted, "{} of NULL", case.name);
        for address in [
            1_usize,
            8,
            0x1000,
            0x7FFF_0000_0000,
            usize::MAX,
            0x6200_0000_0000_0001,
        ] {
            let told = (case.call)(ptr::without_provenance_mut(address));
            let wanted = [Status::BadHandle, Status::WrongHandle, Status::StaleHandle];
            assert!(wanted.contains(&told), "{} of {address:#x}: {told:?}", case.name);
        }
        for (kind, handle) in &all {
            if *kind != case.kind {
                assert_eq!(
                    (case.call)(*handle),
                    Status::WrongHandle,
                    "{} of {kind}",
                    case.name
                );
            }
        }
    }
    made.free();
}

#[test]
fn freed_handles_are_told_again_and_again() {
    let made = Made::new();
    let all = made.handles();
    made.free();
    for round in 0..3 {
        for case in cases() {
            let (_, handle) = all.iter().find(|(kind, _)| *kind == case.kind).unwrap();
            assert_eq!(
                (case.call)(*handle),
                Status::StaleHandle,
                "{} in round {round}",
                case.name
            );
        }
    }
}

#[test]
fn out_parameters_that_are_null_or_not_aligned_are_told_and_nothing_is_made() {
    let made = Made::new();
    // SAFETY: the header allows NULL to be tried, and the other place is never written to.
    unsafe {
        assert_eq!(guerdon_sources_new(n(), n()), Status::NullArgument);
        assert_eq!(guerdon_plan_compile(made.sources, n(), n()), Status::NullArgument);
        let mut bytes = [0_u64; 4];
        let crooked = bytes.as_mut_ptr().cast::<u8>().add(1);
        assert_eq!(
            guerdon_plan_compile(made.sources, crooked.cast(), n()),
            Status::BadArgument
        );
        assert_eq!(
            guerdon_report_complete(made.report, n(), n()),
            Status::NullArgument
        );
        assert_eq!(
            guerdon_cursor_next(made.cursor, 1, n(), n()),
            Status::NullArgument
        );
        assert_eq!(guerdon_version(n()), Status::NullArgument);
        assert_eq!(guerdon_error_get(made.error, 0, n()), Status::NullArgument);
    }
    made.free();
}

#[test]
fn texts_that_are_null_broken_or_endless_are_told() {
    let made = Made::new();
    let bad = [0x41_u8, 0xFF, 0xFE];
    let bad = bad.as_ptr().cast::<c_char>();
    let deal = c"Deal".as_ptr();
    type Try<'t> = &'t dyn Fn(*const c_char, usize) -> Status;
    // SAFETY: lengths that are not there are refused before anything is read, and the rest is what the header asks for.
    let tries: [(&str, Try<'_>); 13] = [
        ("sources_add", &|data, len| unsafe {
            guerdon_sources_add(made.sources, data, len, deal, 4, n())
        }),
        ("builder_table", &|data, len| unsafe {
            guerdon_builder_table(made.builder, data, len, n())
        }),
        ("builder_row", &|data, len| unsafe {
            guerdon_builder_row(made.builder, data, len, n(), 0, n())
        }),
        ("builder_json", &|data, len| unsafe {
            guerdon_builder_json(made.builder, data, len, n())
        }),
        ("facts_count", &|data, len| unsafe {
            guerdon_facts_count(made.facts, data, len, room(), n())
        }),
        ("report_read", &|data, len| unsafe {
            guerdon_report_read(made.report, data, len, room(), n())
        }),
        ("report_arrow", &|data, len| unsafe {
            guerdon_report_arrow(made.report, data, len, room(), n())
        }),
        ("report_arrow_plain", &|data, len| unsafe {
            guerdon_report_arrow_plain(made.report, data, len, room(), n())
        }),
        ("plan_explain", &|data, len| unsafe {
            guerdon_plan_explain(made.plan, made.facts, n(), data, len, room(), n())
        }),
        ("session_pay", &|data, len| unsafe {
            guerdon_session_pay(made.session, data, len, room(), n())
        }),
        ("session_upsert", &|data, len| unsafe {
            guerdon_session_upsert(made.session, data, len, n(), 0, n())
        }),
        ("session_upsert_json", &|data, len| unsafe {
            guerdon_session_upsert_json(made.session, deal, 4, data, len, n())
        }),
        ("session_explain", &|data, len| unsafe {
            guerdon_session_explain(made.session, data, len, room(), n())
        }),
    ];
    for (name, call) in tries {
        assert_eq!(call(ptr::null(), 3), Status::NullArgument, "{name}");
        assert_eq!(call(bad, 3), Status::BadUtf8, "{name}");
        assert_eq!(call(deal, usize::MAX), Status::BadLength, "{name}");
        assert_eq!(
            call(deal, isize::MAX.unsigned_abs() + 1),
            Status::BadLength,
            "{name}"
        );
    }
    made.free();
}

#[test]
fn values_that_are_no_values_are_told() {
    let made = Made::new();
    let base = common::value("id", "D9");
    let status = |value: guerdon_value| {
        // SAFETY: the value is there for the call.
        unsafe { guerdon_session_upsert(made.session, text("Deal").0, 4, &raw const value, 1, n()) }
    };
    let numbered = |kind: i32, number: i64, decimals: i32| guerdon_value {
        kind,
        number,
        decimals,
        ..base
    };
    assert_eq!(status(numbered(99, 0, 0)), Status::BadArgument);
    assert_eq!(status(numbered(-1, 0, 0)), Status::BadArgument);
    assert_eq!(status(numbered(1, 2, 0)), Status::BadArgument);
    assert_eq!(status(numbered(3, 1, 19)), Status::BadArgument);
    assert_eq!(status(numbered(3, 1, -1)), Status::BadArgument);
    assert_eq!(status(numbered(4, i64::MAX, 0)), Status::BadArgument);
    let endless = guerdon_value {
        text_len: usize::MAX,
        ..base
    };
    assert_eq!(status(endless), Status::BadLength);
    let unnamed = guerdon_value {
        field: ptr::null(),
        ..base
    };
    assert_eq!(status(unnamed), Status::NullArgument);
    // SAFETY: the count is refused before anything is read.
    let many =
        unsafe { guerdon_session_upsert(made.session, text("Deal").0, 4, &raw const base, usize::MAX, n()) };
    assert_eq!(many, Status::BadLength);
    made.free();
}

#[test]
fn structs_of_another_size_are_told_and_longer_ones_may_only_add_zeros() {
    let made = Made::new();
    #[repr(C)]
    struct Longer {
        known: guerdon_options,
        added: u64,
    }
    let known = guerdon_options {
        struct_size: size_of::<Longer>(),
        limits: n(),
        cancel: n(),
        has: 0,
        threads: 0,
        through: 0,
        shown_from: 0,
    };
    let status = |options: &Longer| {
        let mut report = n();
        // SAFETY: the struct is as long as it says.
        let status = unsafe {
            guerdon_plan_evaluate(
                made.plan,
                made.facts,
                (&raw const *options).cast(),
                &raw mut report,
                n(),
            )
        };
        // SAFETY: it is NULL or was just made.
        unsafe { guerdon_report_free(report) };
        status
    };
    let longer = |struct_size, added| Longer {
        known: guerdon_options { struct_size, ..known },
        added,
    };
    assert_eq!(status(&longer(size_of::<Longer>(), 0)), Status::Ok);
    assert_eq!(status(&longer(size_of::<Longer>(), 1)), Status::BadStruct);
    assert_eq!(status(&longer(size_of::<guerdon_options>(), 1)), Status::Ok);
    assert_eq!(status(&longer(0, 0)), Status::BadStruct);
    assert_eq!(status(&longer(usize::MAX, 0)), Status::BadStruct);
    let mut odd = longer(size_of::<guerdon_options>(), 0);
    odd.known.has = 8;
    assert_eq!(status(&odd), Status::BadStruct);
    odd.known.has = GUERDON_HAS_THROUGH;
    odd.known.through = i32::MAX;
    assert_eq!(status(&odd), Status::BadArgument);
    made.free();
}

#[test]
fn facts_of_another_plan_are_told() {
    let (made, other) = (Made::new(), Made::new());
    // SAFETY: the handles are sound.
    let status = unsafe { guerdon_plan_evaluate(made.plan, other.facts, n(), room(), n()) };
    assert_eq!(status, Status::OtherPlan);
    made.free();
    other.free();
}

#[test]
fn a_header_of_another_version_is_told() {
    // SAFETY: the error may be NULL.
    unsafe {
        assert_eq!(guerdon_check_abi(GUERDON_ABI_VERSION, n()), Status::Ok);
        assert_eq!(
            guerdon_check_abi(GUERDON_ABI_VERSION + 1, n()),
            Status::AbiMismatch
        );
        assert_eq!(guerdon_check_abi(0x0002_0000, n()), Status::AbiMismatch);
    }
}

#[test]
fn the_second_thread_is_told_that_a_handle_is_busy() {
    let made = Made::new();
    let session = made.session.addr();
    let calls = |times: usize| {
        let mut told = BTreeSet::new();
        for _ in 0..times {
            let mut out = guerdon_text {
                data: ptr::null(),
                len: 0,
            };
            // SAFETY: the text is not looked at, since the other thread may have asked for another one.
            let status = unsafe {
                guerdon_session_pay(
                    ptr::without_provenance_mut(session),
                    c"Ann".as_ptr(),
                    3,
                    &raw mut out,
                    n(),
                )
            };
            told.insert(format!("{status:?}"));
        }
        told
    };
    let told = std::thread::scope(|scope| {
        let other = scope.spawn(|| calls(2_000));
        let mut told = calls(2_000);
        told.extend(other.join().unwrap());
        told
    });
    let allowed: BTreeSet<String> = ["Ok", "Busy"].map(str::to_owned).into();
    assert!(told.is_subset(&allowed) && told.contains("Ok"), "{told:?}");
    made.free();
}

#[test]
fn a_handle_that_is_freed_while_it_is_used_ends_well() {
    for _ in 0..50 {
        let made = Made::new();
        let (plan, facts) = (made.plan.addr(), made.facts.addr());
        std::thread::scope(|scope| {
            let run = scope.spawn(move || {
                let mut report = n();
                // SAFETY: handles are never followed.
                let status = unsafe {
                    guerdon_plan_evaluate(
                        ptr::without_provenance_mut(plan),
                        ptr::without_provenance_mut(facts),
                        n(),
                        &raw mut report,
                        n(),
                    )
                };
                // SAFETY: it is NULL or was just made.
                unsafe { guerdon_report_free(report) };
                status
            });
            made.free();
            assert!([Status::Ok, Status::StaleHandle].contains(&run.join().unwrap()));
        });
    }
}

#[test]
fn eight_threads_share_one_plan_and_its_facts() {
    let made = Made::new();
    let (plan, facts) = (made.plan.addr(), made.facts.addr());
    let run = move || {
        for _ in 0..50 {
            let (mut report, mut cursor) = (n(), n());
            let mut rows = guerdon_text {
                data: ptr::null(),
                len: 0,
            };
            // SAFETY: all arguments are what the header asks for.
            let rows = unsafe {
                let (plan, facts) = (
                    ptr::without_provenance_mut(plan),
                    ptr::without_provenance_mut(facts),
                );
                assert_eq!(
                    guerdon_plan_evaluate(plan, facts, n(), &raw mut report, n()),
                    Status::Ok
                );
                let pay = text("pay");
                assert_eq!(
                    guerdon_report_read(report, pay.0, pay.1, &raw mut cursor, n()),
                    Status::Ok
                );
                assert_eq!(guerdon_cursor_next(cursor, 100, &raw mut rows, n()), Status::Ok);
                let rows = common::read(rows);
                assert_eq!(guerdon_cursor_free(cursor), Status::Ok);
                assert_eq!(guerdon_report_free(report), Status::Ok);
                rows
            };
            assert!(rows.contains("\"50.01\"") && rows.contains("\"100.00\""));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(run);
        }
    });
    made.free();
}
