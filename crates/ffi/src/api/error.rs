//! Error objects.

#![expect(unsafe_code, reason = "functions that C calls")]

use crate::caller::Caller;
use crate::handle::{close, open};
use crate::plain::Sized64;
use crate::status::{Fault, guerdon_status};
use crate::types::{guerdon_error, guerdon_error_info, guerdon_text};

/// Counts the things that an error tells: at least one; of rules, one for each fault.
///
/// # Safety
///
/// `out` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_error_count(error: *const guerdon_error, out: *mut usize) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|caller| {
        let out = caller.out(out)?;
        out.put(open(error)?.items.len());
        Ok(())
    })
}

/// Tells one of the things, by its place from 0. The caller sets `info->struct_size` before; the texts live as long as
/// the error.
///
/// # Safety
///
/// `info` can be written and begins with its size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_error_get(
    error: *const guerdon_error,
    place: usize,
    info: *mut guerdon_error_info,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|caller| {
        let body = open(error)?;
        let item = body.items.get(place).ok_or_else(|| {
            let message = format!("the error tells no thing of number {place}");
            Fault::new(guerdon_status::NotFound, message)
        })?;
        let told = guerdon_error_info {
            status: body.status.number(),
            line: item.line,
            column: item.column,
            code: item.code.shown(),
            message: item.message.shown(),
            advice: item.advice.shown(),
            file: item.file.shown(),
            rule: item.rule.shown(),
            table: item.table.shown(),
            field: item.field.shown(),
            row: item.row,
            limit: item.limit.shown(),
            limit_value: item.limit_value,
            limit_wanted: item.limit_wanted,
            ..guerdon_error_info::unset()
        };
        caller.fill(info, &told)
    })
}

/// Gives all of it as a text for people; it lives as long as the error.
///
/// # Safety
///
/// `out` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_error_text(
    error: *const guerdon_error,
    out: *mut guerdon_text,
) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|caller| {
        let out = caller.out(out)?;
        out.put(open(error)?.text.shown());
        Ok(())
    })
}

/// Frees an error; NULL is left alone.
///
/// # Safety
///
/// None of its texts is used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_error_free(error: *mut guerdon_error) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|_| free(error))
}

/// Takes a handle back; NULL is none.
pub(super) fn free<H: crate::handle::Handle>(handle: *mut H) -> crate::status::Outcome<()> {
    if !handle.is_null() {
        close(handle.cast_const())?;
    }
    Ok(())
}
