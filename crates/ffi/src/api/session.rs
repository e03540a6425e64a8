//! Records that change while a plan is in use.

#![expect(unsafe_code, reason = "functions that C calls")]

use std::ffi::c_char;
use std::sync::Mutex;

use super::error::free;
use crate::caller::{Caller, MOST_TEXT};
use crate::handle::{issue, open};
use crate::objects::{ReportBody, SessionBody, TraceBody, hold, run_of};
use crate::records;
use crate::session::{Named, Session};
use crate::status::guerdon_status;
use crate::types::{
    guerdon_error, guerdon_facts, guerdon_options, guerdon_plan, guerdon_report, guerdon_session,
    guerdon_text, guerdon_trace, guerdon_value,
};
use crate::values::{self, name};
use crate::words::Words;

/// Begins a session on facts, which it takes over: their handle is empty afterwards, and still to be freed. BUSY while a
/// report or a run reads them. The options hold for every run of the session; without `through`, a run ends on the latest
/// day of the records as they are at that time.
///
/// # Safety
///
/// `options` is NULL or begins with its size; `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_session_new(
    plan: *const guerdon_plan,
    facts: *mut guerdon_facts,
    options: *const guerdon_options,
    out: *mut *mut guerdon_session,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let plan = open(plan)?.plan.clone();
        let body = open(facts.cast_const())?;
        let run = run_of(caller, options)?;
        let facts = body.take(&plan)?;
        out.put(issue(Mutex::new(SessionBody {
            session: Session::new(plan, facts, run),
            text: Words::of(""),
        }))?);
        Ok(())
    })
}

/// Puts a record in, in the place of the one with its key if there is one. Fields that are not named are empty. REFUSED
/// where a load would find fault with it; nothing is changed then. BUSY while a report of the session is not freed.
///
/// # Safety
///
/// `table` has so many bytes, `values` so many values, and their names and texts the bytes they say; `error` is NULL or
/// can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_session_upsert(
    session: *mut guerdon_session,
    table: *const c_char,
    table_len: usize,
    values: *const guerdon_value,
    count: usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let body = open(session.cast_const())?;
        let table = name(caller, table, table_len)?;
        let record = values::record(caller, values, count)?;
        hold(&body)?.session.upsert(table, &record)
    })
}

/// Puts a record in that is an object of JSON.
///
/// # Safety
///
/// `table` and `json` have so many bytes; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_session_upsert_json(
    session: *mut guerdon_session,
    table: *const c_char,
    table_len: usize,
    json: *const c_char,
    json_len: usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let body = open(session.cast_const())?;
        let table = name(caller, table, table_len)?;
        let record = records::record(caller.text(json, json_len, MOST_TEXT)?)?;
        hold(&body)?.session.upsert(table, &named(&record))
    })
}

/// Takes the record with a key out; `out` (which may be NULL) is 1 if there was one and 0 if not.
///
/// # Safety
///
/// `table` has so many bytes, `values` so many values, and their names and texts the bytes they say; `out` and `error` are
/// NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_session_remove(
    session: *mut guerdon_session,
    table: *const c_char,
    table_len: usize,
    values: *const guerdon_value,
    count: usize,
    out: *mut i32,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let body = open(session.cast_const())?;
        let table = name(caller, table, table_len)?;
        let key = values::record(caller, values, count)?;
        let removed = hold(&body)?.session.remove(table, &key)?;
        if !out.is_null() {
            caller.out(out)?.put(i32::from(removed));
        }
        Ok(())
    })
}

/// Gives what one payee is paid: a list of JSON objects, the rows of the table `pay`. The text lives until the next call
/// with this session.
///
/// # Safety
///
/// `payee` has so many bytes; `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_session_pay(
    session: *mut guerdon_session,
    payee: *const c_char,
    payee_len: usize,
    out: *mut guerdon_text,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(session.cast_const())?;
        let mut session = hold(&body)?;
        let paid = session.session.pay(name(caller, payee, payee_len)?)?;
        session.text = Words::of(paid);
        out.put(session.text.shown());
        Ok(())
    })
}

/// Gives what one payee would be paid if a record were there, in the place of the one with its key if there is one; nothing
/// is changed. The text is as that of `guerdon_session_pay`.
///
/// # Safety
///
/// `payee` and `table` have so many bytes, `values` so many values, and their names and texts the bytes they say; `out` can
/// be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_session_what_if(
    session: *mut guerdon_session,
    payee: *const c_char,
    payee_len: usize,
    table: *const c_char,
    table_len: usize,
    values: *const guerdon_value,
    count: usize,
    out: *mut guerdon_text,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(session.cast_const())?;
        let payee = name(caller, payee, payee_len)?;
        let table = name(caller, table, table_len)?;
        let record = values::record(caller, values, count)?;
        let mut session = hold(&body)?;
        let paid = session.session.what_if(payee, table, &record)?;
        session.text = Words::of(paid);
        out.put(session.text.shown());
        Ok(())
    })
}

/// Gives what one payee would be paid if a record that is an object of JSON were there.
///
/// # Safety
///
/// `payee`, `table` and `json` have so many bytes; `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_session_what_if_json(
    session: *mut guerdon_session,
    payee: *const c_char,
    payee_len: usize,
    table: *const c_char,
    table_len: usize,
    json: *const c_char,
    json_len: usize,
    out: *mut guerdon_text,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(session.cast_const())?;
        let payee = name(caller, payee, payee_len)?;
        let table = name(caller, table, table_len)?;
        let record = records::record(caller.text(json, json_len, MOST_TEXT)?)?;
        let mut session = hold(&body)?;
        let paid = session.session.what_if(payee, table, &named(&record))?;
        session.text = Words::of(paid);
        out.put(session.text.shown());
        Ok(())
    })
}

/// Runs the plan over all records of the session. No record can be changed until the report is freed.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_session_evaluate(
    session: *mut guerdon_session,
    out: *mut *mut guerdon_report,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(session.cast_const())?;
        let results = hold(&body)?.session.evaluate()?;
        out.put(issue(ReportBody::new(results))?);
        Ok(())
    })
}

/// Explains one figure on the records of the session.
///
/// # Safety
///
/// `figure` has so many bytes; `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_session_explain(
    session: *mut guerdon_session,
    figure: *const c_char,
    figure_len: usize,
    out: *mut *mut guerdon_trace,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(session.cast_const())?;
        let figure = name(caller, figure, figure_len)?;
        let trace = hold(&body)?.session.explain(figure)?;
        out.put(issue(TraceBody::new(trace))?);
        Ok(())
    })
}

/// Frees a session with its records; NULL is left alone. Reports that were made of it live on.
///
/// # Safety
///
/// Its text is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_session_free(session: *mut guerdon_session) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| free(session))
}

fn named<'r>(record: &'r [(String, guerdon::facts::Input<'static>)]) -> Vec<Named<'r>> {
    let fields = record.iter();
    fields
        .map(|(field, value)| (field.as_str(), value.clone()))
        .collect()
}
