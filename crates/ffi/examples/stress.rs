//! Eight threads share one plan, one set of records and one report: for ThreadSanitizer, which `crates/ffi/checks/run`
//! builds this with.
//!
//! Every thread evaluates, explains, reads tables, loads records of its own and asks what if; runs are
//! cancelled from another thread; and the plan's handle is freed while the last runs are still on their way. Every answer
//! is compared to the one that was given when nothing else was running.
//!
//! `stress [ROUNDS]`
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a check that cannot be set up must stop, and says what it has done"
)]

use std::fmt::Write as _;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use guerdon_ffi::api::session::*;
use guerdon_ffi::status::guerdon_status as Status;
use guerdon_ffi::types::*;

#[path = "shared/calls.rs"]
mod calls;
use calls::*;

const THREADS: usize = 8;
const SELLERS: usize = 40;
/// So many deals that a run with threads of its own uses them.
const DEALS: usize = 70_000;
/// The deals of the records that a thread loads for itself.
const FEW: usize = 200;

/// The handles that all threads use at once, as numbers that may cross threads.
#[derive(Clone, Copy)]
struct Shared {
    plan: usize,
    facts: usize,
    report: usize,
}

/// What every thread must be answered.
struct Wanted {
    pay: String,
    trace: String,
    what_if: String,
}

fn main() {
    let rounds = std::env::args()
        .nth(1)
        .map_or(3, |word| word.parse::<usize>().unwrap());
    let plan = compiled();
    let facts = loaded(plan, &records(DEALS));
    let json = records(FEW);
    let report = evaluated(plan, facts);
    let wanted = Wanted {
        pay: rows(report),
        trace: explained(plan, facts),
        what_if: asked(plan, &json),
    };
    assert!(wanted.pay.contains("S07") && wanted.what_if != wanted.pay);
    told(plan);
    let shared = Shared {
        plan: plan.addr(),
        facts: facts.addr(),
        report: report.addr(),
    };
    let done = AtomicUsize::new(0);
    thread::scope(|scope| {
        let start = |place| {
            let (wanted, json, done) = (&wanted, json.as_str(), &done);
            scope.spawn(move || {
                for round in 0..rounds {
                    work(shared, wanted, json, place + round);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        join((0..THREADS).map(start).collect());
    });
    last_runs(shared);
    // SAFETY: nothing of them is used any more.
    unsafe {
        ok(guerdon_report_free(report));
        ok(guerdon_facts_free(facts));
    }
    assert_eq!(guerdon_live_handles(), 0);
    println!(
        "{THREADS} threads, {} rounds, every answer as before",
        done.into_inner()
    );
}

/// Waits for threads one by one, which ThreadSanitizer sees; it does not see how a scope waits for those that are left.
fn join(threads: Vec<thread::ScopedJoinHandle<'_, ()>>) {
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

/// Does one thread's share: always an evaluation, and something else by turns.
fn work(shared: Shared, wanted: &Wanted, json: &str, turn: usize) {
    let (plan, facts) = (handle(shared.plan), handle(shared.facts));
    let report = evaluated_by(plan, facts, if turn.is_multiple_of(3) { 3 } else { 1 });
    assert_eq!(rows(report), wanted.pay);
    // SAFETY: it is not used any more.
    unsafe { ok(guerdon_report_free(report)) };
    match turn % 4 {
        0 => assert_eq!(explained(plan, facts), wanted.trace),
        1 => assert_eq!(asked(plan, json), wanted.what_if),
        2 => cancelled(shared),
        _ => told(plan),
    }
    assert_eq!(rows(handle(shared.report)), wanted.pay);
}

/// Cancels a run from another thread: it is done in full, or not at all.
fn cancelled(shared: Shared) {
    let mut cancel = ptr::null_mut();
    // SAFETY: all arguments are what the header asks for.
    unsafe { ok(guerdon_cancel_new(&raw mut cancel, ptr::null_mut())) };
    let flag = cancel.addr();
    thread::scope(|scope| {
        let set = scope.spawn(move || {
            // SAFETY: handles are never followed.
            unsafe { ok(guerdon_cancel_set(handle::<guerdon_cancel>(flag))) };
        });
        let options = guerdon_options { cancel, ..options(2) };
        let mut report = ptr::null_mut();
        // SAFETY: all arguments are what the header asks for.
        let status = unsafe {
            guerdon_plan_evaluate(
                handle(shared.plan),
                handle(shared.facts),
                &raw const options,
                &raw mut report,
                ptr::null_mut(),
            )
        };
        assert!([Status::Ok, Status::Cancelled].contains(&status));
        assert_eq!(status == Status::Ok, !report.is_null());
        // SAFETY: it is NULL or was just made.
        unsafe { ok(guerdon_report_free(report)) };
        join(vec![set]);
    });
    // SAFETY: it is not used any more.
    unsafe { ok(guerdon_cancel_free(cancel)) };
}

/// Frees the plan's handle while other threads evaluate it.
fn last_runs(shared: Shared) {
    thread::scope(|scope| {
        let run = |_| {
            scope.spawn(move || {
                let mut report = ptr::null_mut();
                // SAFETY: handles are never followed.
                let status = unsafe {
                    guerdon_plan_evaluate(
                        handle(shared.plan),
                        handle(shared.facts),
                        ptr::null(),
                        &raw mut report,
                        ptr::null_mut(),
                    )
                };
                assert!([Status::Ok, Status::StaleHandle].contains(&status));
                // SAFETY: it is NULL or was just made.
                unsafe { ok(guerdon_report_free(report)) };
            })
        };
        let runs = (0..THREADS).map(run).collect();
        // SAFETY: handles are never followed.
        unsafe { ok(guerdon_plan_free(handle(shared.plan))) };
        join(runs);
    });
}

/// Reads what is made when it is first asked for: the schema and the warnings.
fn told(plan: *mut guerdon_plan) {
    let (mut schema, mut warnings) = (text(""), text(""));
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_plan_schema(plan, &raw mut schema, ptr::null_mut()));
        ok(guerdon_plan_warnings(plan, &raw mut warnings, ptr::null_mut()));
    }
    assert!(read(schema).contains("Deal") && !read(warnings).contains("error"));
}

/// Gives what a seller would be paid with one more deal, from records of the thread's own.
fn asked(plan: *mut guerdon_plan, json: &str) -> String {
    let facts = loaded(plan, json);
    let mut session = ptr::null_mut();
    let mut out = text("");
    let (payee, deal) = (text("S07"), text("Deal"));
    let record = text(r#"{"id": "X", "seller": "S07", "amount": 1000, "signed_on": "2026-06-30"}"#);
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_session_new(
            plan,
            facts,
            ptr::null(),
            &raw mut session,
            ptr::null_mut(),
        ));
        ok(guerdon_facts_free(facts));
        ok(guerdon_session_what_if_json(
            session,
            payee.data,
            payee.len,
            deal.data,
            deal.len,
            record.data,
            record.len,
            &raw mut out,
            ptr::null_mut(),
        ));
        let out = read(out);
        ok(guerdon_session_free(session));
        out
    }
}

fn explained(plan: *mut guerdon_plan, facts: *mut guerdon_facts) -> String {
    let mut trace = ptr::null_mut();
    let mut out = text("");
    let figure = text("total[S07, 2026-03]");
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_plan_explain(
            plan,
            facts,
            ptr::null(),
            figure.data,
            figure.len,
            &raw mut trace,
            ptr::null_mut(),
        ));
        ok(guerdon_trace_text(trace, 0, &raw mut out, ptr::null_mut()));
        let out = read(out);
        ok(guerdon_trace_free(trace));
        out
    }
}

/// Reads all that is paid.
fn rows(report: *const guerdon_report) -> String {
    let (mut cursor, mut some, mut all) = (ptr::null_mut(), text(""), String::new());
    let pay = text("pay");
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_report_read(
            report,
            pay.data,
            pay.len,
            &raw mut cursor,
            ptr::null_mut(),
        ));
        while guerdon_cursor_next(cursor, 100, &raw mut some, ptr::null_mut()) == Status::Ok {
            all.push_str(&read(some));
        }
        ok(guerdon_cursor_free(cursor));
    }
    all
}

fn evaluated_by(plan: *mut guerdon_plan, facts: *mut guerdon_facts, threads: u32) -> *mut guerdon_report {
    let mut report = ptr::null_mut();
    let options = options(threads);
    // SAFETY: all arguments are what the header asks for.
    unsafe {
        ok(guerdon_plan_evaluate(
            plan,
            facts,
            &raw const options,
            &raw mut report,
            ptr::null_mut(),
        ));
    }
    report
}

fn options(threads: u32) -> guerdon_options {
    guerdon_options {
        struct_size: size_of::<guerdon_options>(),
        limits: ptr::null(),
        cancel: ptr::null(),
        has: 0,
        threads,
        through: 0,
        shown_from: 0,
    }
}

/// Makes the records: so many deals, of all sellers in turn, over the whole year.
fn records(deals: usize) -> String {
    let mut json = String::from("{\"Seller\": [");
    for seller in 0..SELLERS {
        let comma = if seller == 0 { "" } else { "," };
        write!(json, "{comma}{{\"name\": \"S{seller:02}\"}}").unwrap();
    }
    json.push_str("], \"Deal\": [");
    for deal in 0..deals {
        let comma = if deal == 0 { "" } else { "," };
        let (seller, month, day) = (deal * 7 % SELLERS, deal % 12 + 1, deal % 28 + 1);
        let (units, cents) = (deal * 37 % 5_000, deal % 100);
        write!(
            json,
            "{comma}{{\"id\": \"D{deal:05}\", \"seller\": \"S{seller:02}\", \"amount\": {units}.{cents:02}, \
             \"signed_on\": \"2026-{month:02}-{day:02}\"}}"
        )
        .unwrap();
    }
    json.push_str("]}");
    json
}

fn handle<T>(address: usize) -> *mut T {
    ptr::without_provenance_mut(address)
}

/// Reads a text of the library.
fn read(text: guerdon_text) -> String {
    // SAFETY: the library gave it, and what it came from still lives.
    let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.len) };
    String::from_utf8(bytes.to_vec()).unwrap()
}
