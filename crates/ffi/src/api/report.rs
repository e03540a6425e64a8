//! Runs, reports and explanations.

#![expect(unsafe_code, reason = "functions that C calls")]

use std::ffi::c_char;
use std::sync::Mutex;

use guerdon_syntax::Language;

use super::error::free;
use crate::caller::Caller;
use crate::handle::{issue, open};
use crate::objects::{CursorBody, ReportBody, TraceBody, hold, run_of};
use crate::results::Results;
use crate::status::{Fault, guerdon_status};
use crate::tables::write_rows;
use crate::types::{
    guerdon_cursor, guerdon_error, guerdon_facts, guerdon_language, guerdon_options, guerdon_plan,
    guerdon_report, guerdon_text, guerdon_trace,
};
use crate::values::name;
use crate::words::Words;

/// The most rows that one call of a cursor gives.
const MOST_ROWS: usize = 1 << 20;

/// Runs a plan over facts. What is wrong with single records or payees is in the table `problems` of the report, while
/// everybody else is paid.
///
/// # Safety
///
/// `options` is NULL or begins with its size; `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_plan_evaluate(
    plan: *const guerdon_plan,
    facts: *const guerdon_facts,
    options: *const guerdon_options,
    out: *mut *mut guerdon_report,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let plan = open(plan)?.plan.clone();
        let facts = open(facts)?.for_plan(&plan)?;
        let run = run_of(caller, options)?;
        out.put(issue(ReportBody::new(Results::of(plan, facts, run)?))?);
        Ok(())
    })
}

/// Explains one figure, named as in a rule file: `commission_pay[p1, 2026-03]`, `commission[D1]`.
///
/// # Safety
///
/// `options` is NULL or begins with its size; `figure` has so many bytes; `out` can be written; `error` is NULL or can be
/// written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_plan_explain(
    plan: *const guerdon_plan,
    facts: *const guerdon_facts,
    options: *const guerdon_options,
    figure: *const c_char,
    figure_len: usize,
    out: *mut *mut guerdon_trace,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let plan = open(plan)?.plan.clone();
        let facts = open(facts)?.for_plan(&plan)?;
        let run = run_of(caller, options)?;
        let figure = name(caller, figure, figure_len)?;
        out.put(issue(TraceBody::new(plan.explain(&facts, &run, figure)?))?);
        Ok(())
    })
}

/// Says whether every amount that should be paid is known: 1 or 0. Where it is 0, the table `problems` says why.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_report_complete(
    report: *const guerdon_report,
    out: *mut i32,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let is_complete = open(report)?.results.borrow_dependent().is_complete();
        out.put(i32::from(is_complete));
        Ok(())
    })
}

/// Counts the tables of a report.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_report_table_count(
    report: *const guerdon_report,
    out: *mut usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        out.put(open(report)?.shapes().len());
        Ok(())
    })
}

/// Gives the name of a table by its place from 0: `pay`, `earnings`, `measures`, `problems`, `accruals`,
/// `accrual_balances`, then those of contests, awards, warnings, scorecards and targets where the rules have such; the
/// text lives as long as the report.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_report_table_name(
    report: *const guerdon_report,
    place: usize,
    out: *mut guerdon_text,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(report)?;
        let (_, name) = body.shapes().get(place).ok_or_else(|| {
            let message = format!("the report has no table of number {place}");
            Fault::new(guerdon_status::NotFound, message)
        })?;
        out.put(name.shown());
        Ok(())
    })
}

/// Begins to read a table of a report.
///
/// # Safety
///
/// `table` has so many bytes; `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_report_read(
    report: *const guerdon_report,
    table: *const c_char,
    table_len: usize,
    out: *mut *mut guerdon_cursor,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(report)?;
        let shape = body.shape(name(caller, table, table_len)?)?;
        out.put(issue(Mutex::new(CursorBody {
            shape: shape.clone(),
            reading: body.read(shape),
            text: Words::of(""),
        }))?);
        Ok(())
    })
}

/// Frees a report; NULL is left alone. Cursors and streams that read it live on.
///
/// # Safety
///
/// None of its texts is used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_report_free(report: *mut guerdon_report) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| free(report))
}

/// Reads the next rows, at most `most`, as a list of JSON objects. Amounts are text. Where there are none left, the status
/// is END and nothing is written. The text lives until the next call with this cursor.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_cursor_next(
    cursor: *mut guerdon_cursor,
    most: usize,
    out: *mut guerdon_text,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(cursor.cast_const())?;
        let mut cursor = hold(&body)?;
        let cursor = &mut *cursor;
        let shape = &cursor.shape;
        let text = cursor.reading.with_dependent_mut(|_, rows| {
            let next: Vec<_> = rows.take(most.clamp(1, MOST_ROWS)).collect();
            let mut text = String::new();
            write_rows(shape, &next, &mut text);
            (!next.is_empty()).then_some(text)
        });
        let text = text.ok_or_else(|| Fault::new(guerdon_status::End, "there are no further rows"))?;
        cursor.text = Words::of(text);
        out.put(cursor.text.shown());
        Ok(())
    })
}

/// Frees a cursor; NULL is left alone.
///
/// # Safety
///
/// Its text is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_cursor_free(cursor: *mut guerdon_cursor) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| free(cursor))
}

/// Gives an explanation as text in a `GUERDON_LANGUAGE_…`; it lives as long as the explanation.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_trace_text(
    trace: *const guerdon_trace,
    language: i32,
    out: *mut guerdon_text,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(trace)?;
        let language = guerdon_language::of(language)?;
        out.put(body.text(language).shown());
        Ok(())
    })
}

/// Gives an explanation as JSON: a tree whose summands add up to the figure; the text lives as long as the explanation.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_trace_json(
    trace: *const guerdon_trace,
    out: *mut guerdon_text,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(trace)?;
        let json = body
            .json
            .get_or_init(|| Words::of(serde_json::to_string(&body.trace).unwrap_or_default()));
        out.put(json.shown());
        Ok(())
    })
}

/// Frees an explanation; NULL is left alone.
///
/// # Safety
///
/// None of its texts is used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_trace_free(trace: *mut guerdon_trace) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| free(trace))
}

impl guerdon_language {
    fn of(number: i32) -> crate::status::Outcome<Option<Language>> {
        match number {
            0 => Ok(None),
            1 => Ok(Some(Language::En)),
            2 => Ok(Some(Language::Zh)),
            other => {
                let message = format!("{other} is no language");
                Err(Fault::new(guerdon_status::BadArgument, message))
            }
        }
    }
}
