//! Rule files and plans.

#![expect(unsafe_code, reason = "functions that C calls")]

use std::ffi::c_char;
use std::sync::{Mutex, OnceLock};

use guerdon::plan::{Plan, Source};
use guerdon_syntax::source::MAX_SOURCE_BYTES;

use super::error::free;
use crate::caller::{Caller, MOST_NAME};
use crate::handle::{issue, open};
use crate::objects::{PlanBody, hold};
use crate::schema;
use crate::status::{Fault, guerdon_status};
use crate::types::{guerdon_error, guerdon_plan, guerdon_sources, guerdon_text};

/// The most files of one plan.
const MOST_FILES: usize = 256;
/// The most bytes of all files of one plan.
const MOST_BYTES: usize = 32 << 20;

/// Begins a set of rule files.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_sources_new(
    out: *mut *mut guerdon_sources,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        out.put(issue(Mutex::new(Vec::new()))?);
        Ok(())
    })
}

/// Adds a rule file, or a sheet that one names: the name by which other files `use` it, and its text in UTF-8. Both are
/// copied. At most 256 files, 4 MiB each, 32 MiB together.
///
/// # Safety
///
/// `name` and `text` have so many bytes; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_sources_add(
    sources: *mut guerdon_sources,
    name: *const c_char,
    name_len: usize,
    text: *const c_char,
    text_len: usize,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let body = open(sources.cast_const())?;
        let mut sources = hold(&body)?;
        let name = caller.text(name, name_len, MOST_NAME)?;
        // What is not UTF-8 is told at its place when the files are compiled.
        let text = caller.slice(text.cast::<u8>(), text_len, MAX_SOURCE_BYTES)?;
        let bytes = sources.iter().map(|source| source.text.len());
        let bytes = bytes.fold(text.len(), usize::saturating_add);
        if sources.len() >= MOST_FILES || bytes > MOST_BYTES {
            let message = "a plan has at most 256 files of 32 MiB together";
            return Err(Fault::new(guerdon_status::Limit, message));
        }
        sources.push(Source::new(name, text));
        Ok(())
    })
}

/// Frees a set of rule files; NULL is left alone. Plans that were made of it live on.
///
/// # Safety
///
/// None.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_sources_free(sources: *mut guerdon_sources) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| free(sources))
}

/// Checks and compiles rule files. Where they have errors, the error object tells every one of them.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_plan_compile(
    sources: *const guerdon_sources,
    out: *mut *mut guerdon_plan,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(sources)?;
        let plan = Plan::compile(&hold(&body)?)?;
        out.put(issue(PlanBody {
            plan,
            warnings: OnceLock::new(),
            schema: OnceLock::new(),
        })?);
        Ok(())
    })
}

/// Gives the warnings and notes of the compilation as a list of JSON; the text lives as long as the plan.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_plan_warnings(
    plan: *const guerdon_plan,
    out: *mut guerdon_text,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(plan)?;
        out.put(body.warnings.get_or_init(|| schema::warnings(&body.plan)).shown());
        Ok(())
    })
}

/// Gives the tables and fields that the plan reads, with their types and keys, as JSON; the text lives as long as the
/// plan.
///
/// # Safety
///
/// `out` can be written; `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_plan_schema(
    plan: *const guerdon_plan,
    out: *mut guerdon_text,
    error: *mut *mut guerdon_error,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|caller| {
        let out = caller.out(out)?;
        let body = open(plan)?;
        out.put(body.schema.get_or_init(|| schema::tables(&body.plan)).shown());
        Ok(())
    })
}

/// Frees a plan; NULL is left alone. What was made with it lives on.
///
/// # Safety
///
/// None of its texts is used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_plan_free(plan: *mut guerdon_plan) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| free(plan))
}
