//! Faults that a host could make, planted so that the memory checkers must find them: `crates/ffi/checks/run` fails if one
//! of them goes unreported, since then that checker was not at work.
//!
//! `planted read_after_free | never_released | never_freed | race | none`; `none` does the same without a fault.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a check that cannot be set up must stop, and says what it could not do"
)]

use std::ffi::c_void;
use std::hint::black_box;
use std::ptr;
use std::thread;

use guerdon_ffi::api::arrow::guerdon_report_arrow;
use guerdon_ffi::types::*;

#[path = "shared/calls.rs"]
mod calls;
use calls::*;

const RECORDS: &str = r#"{"Seller": [{"name": "Ann"}],
    "Deal": [{"id": "D1", "seller": "Ann", "amount": 1000.10, "signed_on": "2026-02-10"}]}"#;

/// The struct of the Arrow C stream interface.
#[repr(C)]
struct Stream {
    callbacks: [*const c_void; 3],
    release: Option<unsafe extern "C" fn(*mut Stream)>,
    private_data: *mut c_void,
}

/// What a host holds.
struct Held {
    plan: *mut guerdon_plan,
    facts: *mut guerdon_facts,
    report: *mut guerdon_report,
}

fn main() {
    let fault = std::env::args().nth(1).unwrap_or_default();
    // Threads of their own leave nothing behind on the stack that could pass for a use of what they forgot.
    let done = thread::spawn(move || plant(&fault)).join();
    let is_done = done.unwrap();
    let left = guerdon_live_handles();
    if left > 0 {
        eprintln!("{left} handles are not freed");
    }
    std::process::exit(if is_done && left == 0 { 0 } else { 3 });
}

/// Plants a fault; says whether there is one of the name.
fn plant(fault: &str) -> bool {
    let held = Held::new();
    match fault {
        "read_after_free" => read(&held, Reading::TooLate),
        "never_released" => stream(&held, Releasing::Never),
        "race" => count(&held, Counting::ToOnePlace),
        "never_freed" => return true,
        "none" => {
            read(&held, Reading::InTime);
            stream(&held, Releasing::Once);
            count(&held, Counting::ToTwoPlaces);
        }
        other => {
            eprintln!("\"{other}\" is not one of the faults");
            return false;
        }
    }
    held.free();
    true
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    InTime,
    TooLate,
}

/// Reads rows as text, before or after the cursor is freed that they belong to.
fn read(held: &Held, when: Reading) {
    let mut cursor = ptr::null_mut();
    let mut rows = text("");
    let pay = text("pay");
    // SAFETY: all arguments are what the header asks for; that the text is read too late is the fault that is planted.
    let sum: u64 = unsafe {
        ok(guerdon_report_read(
            held.report,
            pay.data,
            pay.len,
            &raw mut cursor,
            ptr::null_mut(),
        ));
        ok(guerdon_cursor_next(cursor, 100, &raw mut rows, ptr::null_mut()));
        if when == Reading::TooLate {
            ok(guerdon_cursor_free(cursor));
        }
        let bytes = std::slice::from_raw_parts(black_box(rows.data).cast::<u8>(), rows.len);
        let sum = bytes.iter().map(|byte| u64::from(*byte)).sum();
        if when == Reading::InTime {
            ok(guerdon_cursor_free(cursor));
        }
        sum
    };
    black_box(sum);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Releasing {
    Never,
    Once,
}

/// Takes a table as a stream, and releases it or not.
fn stream(held: &Held, how_often: Releasing) {
    let mut stream = std::mem::MaybeUninit::<Stream>::uninit();
    let pay = text("pay");
    // SAFETY: the stream can be written, and is written where the status is `Ok`.
    unsafe {
        ok(guerdon_report_arrow(
            held.report,
            pay.data,
            pay.len,
            stream.as_mut_ptr().cast(),
            ptr::null_mut(),
        ));
        let mut stream = stream.assume_init();
        black_box((&stream.callbacks, stream.private_data));
        if how_often == Releasing::Once {
            stream.release.unwrap()(&raw mut stream);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Counting {
    ToOnePlace,
    ToTwoPlaces,
}

/// Counts the deals from two threads at once, which write to places of their own or to one.
fn count(held: &Held, to: Counting) {
    let mut places = [0_u64; 2];
    let [one, two] = &mut places;
    let one = (&raw mut *one).expose_provenance();
    let two = match to {
        Counting::ToOnePlace => one,
        Counting::ToTwoPlaces => (&raw mut *two).expose_provenance(),
    };
    let facts = held.facts.addr();
    let again = move |place: usize| {
        let deal = text("Deal");
        for _ in 0..1_000 {
            // SAFETY: the place can be written; that another thread writes to it too is the fault that is planted.
            let status = unsafe {
                guerdon_facts_count(
                    ptr::without_provenance_mut(facts),
                    deal.data,
                    deal.len,
                    ptr::with_exposed_provenance_mut(place),
                    ptr::null_mut(),
                )
            };
            ok(status);
        }
    };
    thread::scope(|scope| {
        // Joined by hand, since ThreadSanitizer does not see how a scope waits.
        let threads = [scope.spawn(move || again(one)), scope.spawn(move || again(two))];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
    black_box(places);
}

impl Held {
    fn new() -> Self {
        let plan = compiled();
        let facts = loaded(plan, RECORDS);
        Self {
            plan,
            facts,
            report: evaluated(plan, facts),
        }
    }

    fn free(self) {
        // SAFETY: nothing of them is used any more.
        unsafe {
            ok(guerdon_report_free(self.report));
            ok(guerdon_facts_free(self.facts));
            ok(guerdon_plan_free(self.plan));
        }
    }
}
