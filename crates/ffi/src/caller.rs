//! What a caller hands over in one call: the only place, beside Arrow, where its pointers are followed.

#![expect(unsafe_code, reason = "pointers of the caller are read and written here")]

use std::any::Any;
use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;
use std::str;

use guerdon_syntax::with_stack;

use crate::handle;
use crate::plain::{Plain, Sized64};
use crate::status::{ErrorBody, Fault, Outcome, guerdon_status};
use crate::types::guerdon_error;

/// The most bytes of a name.
pub(crate) const MOST_NAME: usize = 64 << 10;
/// The most bytes of a cell, before the limits of the load are asked.
pub(crate) const MOST_CELL: usize = 64 << 20;
/// The most bytes of a text as a whole: rule files, JSON.
pub(crate) const MOST_TEXT: usize = 4 << 30;

/// Stands for the caller's promise, for the time of one call, that its pointers are what the header asks for.
pub(crate) struct Caller {
    error: *mut *mut guerdon_error,
}

/// A place of the caller's that a result is written to.
pub(crate) struct Out<T> {
    place: *mut T,
}

impl Caller {
    /// Takes the caller's word.
    ///
    /// # Safety
    ///
    /// Every pointer that the caller hands over in this call is NULL or what the header says of it, until the call
    /// returns; `error` is NULL or can be written.
    pub(crate) unsafe fn trust(error: *mut *mut guerdon_error) -> Self {
        Self { error }
    }

    /// Does the work of a call; what goes wrong, a panic included, becomes a status and an error object.
    pub(crate) fn run(self, work: impl FnOnce(&Self) -> Outcome<()>) -> guerdon_status {
        // Some hosts call on stacks of their own (koffi, coroutines) or on small ones: then the work is done on a new one.
        let done = catch_unwind(AssertUnwindSafe(|| {
            with_stack(|| catch_unwind(AssertUnwindSafe(|| work(&self))))
        }));
        let fault = match done.and_then(|inner| inner) {
            Ok(Ok(())) => return guerdon_status::Ok,
            Ok(Err(fault)) => fault,
            Err(panic) => Fault::new(guerdon_status::Panic, said(&*panic)),
        };
        self.tell(fault)
    }

    /// Reads a text.
    pub(crate) fn text(&self, data: *const c_char, len: usize, most: usize) -> Outcome<&str> {
        let bytes = self.slice(data.cast::<u8>(), len, most)?;
        str::from_utf8(bytes).map_err(|fault| {
            Fault::new(
                guerdon_status::BadUtf8,
                format!("a text is not UTF-8 from byte {} on", fault.valid_up_to()),
            )
        })
    }

    /// Reads values that lie in a row; NULL stands for none only where there are none.
    pub(crate) fn slice<T: Plain>(&self, data: *const T, len: usize, most: usize) -> Outcome<&[T]> {
        if len == 0 {
            return Ok(&[]);
        }
        if data.is_null() {
            return Err(null());
        }
        let bytes = len.checked_mul(size_of::<T>());
        if bytes.is_none_or(|bytes| bytes > isize::MAX.unsigned_abs()) || len > most {
            let message = format!("a length of {len} is more than can be there");
            return Err(Fault::new(guerdon_status::BadLength, message));
        }
        if !data.is_aligned() {
            return Err(unaligned());
        }
        // SAFETY: the caller promises that so many values lie there until the call returns; they are plain, the pointer
        // is neither NULL nor unaligned, and their size is at most that of an object.
        Ok(unsafe { slice::from_raw_parts(data, len) })
    }

    /// Reads values that may be left out altogether.
    pub(crate) fn optional<T: Plain>(&self, data: *const T, len: usize) -> Outcome<Option<&[T]>> {
        if data.is_null() {
            return Ok(None);
        }
        self.slice(data, len, usize::MAX).map(Some)
    }

    /// Finds the place for a result.
    pub(crate) fn out<T>(&self, place: *mut T) -> Outcome<Out<T>> {
        if place.is_null() {
            return Err(Fault::new(
                guerdon_status::NullArgument,
                "an out-parameter is NULL",
            ));
        }
        if !place.is_aligned() {
            return Err(unaligned());
        }
        Ok(Out { place })
    }

    /// Reads a struct that begins with its size; NULL stands for one without anything set.
    pub(crate) fn options<T: Sized64>(&self, given: *const T) -> Outcome<T> {
        let mut value = T::unset();
        if given.is_null() {
            return Ok(value);
        }
        if !given.is_aligned() {
            return Err(unaligned());
        }
        // SAFETY: the caller promises a struct that begins with a size.
        let size = unsafe { given.cast::<usize>().read() };
        if size < size_of::<usize>() || size > 4096 {
            return Err(bad_struct("has no size that a struct of ours could have"));
        }
        // SAFETY: the caller promises that the struct is as large as it says.
        let bytes = unsafe { slice::from_raw_parts(given.cast::<u8>(), size) };
        if bytes.iter().skip(size_of::<T>()).any(|byte| *byte != 0) {
            return Err(bad_struct(
                "sets a field that this version of the library does not know",
            ));
        }
        let known = size.min(size_of::<T>());
        // SAFETY: both are at least so long, and every pattern of bytes is a value of the type.
        unsafe { (&raw mut value).cast::<u8>().copy_from(given.cast::<u8>(), known) };
        Ok(value)
    }

    /// Writes a struct that begins with its size, as much of it as the caller has room for.
    pub(crate) fn fill<T: Sized64>(&self, place: *mut T, value: &T) -> Outcome<()> {
        let out = self.out(place)?;
        // SAFETY: the caller promises a struct that begins with a size.
        let size = unsafe { out.place.cast::<usize>().read() };
        if size <= size_of::<usize>() || size > 4096 {
            return Err(bad_struct("has no size that a struct of ours could have"));
        }
        let first = size_of::<usize>();
        let known = size.min(size_of::<T>()).saturating_sub(first);
        // SAFETY: both are at least so long; the size, which the caller has set, is left as it is.
        unsafe {
            let from = std::ptr::from_ref(value).cast::<u8>().add(first);
            out.place.cast::<u8>().add(first).copy_from(from, known);
        }
        Ok(())
    }

    /// Hands an error object out, if the caller wants one.
    fn tell(&self, fault: Box<Fault>) -> guerdon_status {
        let status = fault.status;
        if self.error.is_null() || !self.error.is_aligned() {
            return status;
        }
        let issued = catch_unwind(AssertUnwindSafe(|| {
            handle::issue::<guerdon_error>(ErrorBody::of(*fault))
        }));
        if let Ok(Ok(error)) = issued {
            // SAFETY: the caller promises that an error can be written there.
            unsafe { self.error.write(error) };
        }
        status
    }
}

impl<T> Out<T> {
    /// Writes a result.
    pub(crate) fn put(self, value: T) {
        // SAFETY: the caller promised that it can be written, and it is neither NULL nor unaligned.
        unsafe { self.place.write(value) };
    }
}

pub(crate) fn null() -> Box<Fault> {
    Fault::new(guerdon_status::NullArgument, "a pointer is NULL")
}

fn unaligned() -> Box<Fault> {
    Fault::new(guerdon_status::BadArgument, "a pointer is not aligned")
}

fn bad_struct(what: &str) -> Box<Fault> {
    Fault::new(guerdon_status::BadStruct, format!("a struct {what}"))
        .advise("set its struct_size to its sizeof, and everything else to 0 first")
}

/// Gives what a panic says.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!(
        "a fault of the library: {}",
        text.unwrap_or("nothing more is known")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr;

    #[test]
    fn a_panic_is_a_status_with_an_error_object() {
        let mut error = ptr::null_mut();
        // SAFETY: the error can be written.
        let caller = unsafe { Caller::trust(&raw mut error) };
        let status = caller.run(|_| panic!("on purpose"));
        assert_eq!(status, guerdon_status::Panic);
        let fault = handle::close(error.cast_const()).unwrap();
        assert_eq!(fault.text.text(), "a fault of the library: on purpose");
    }

    #[test]
    fn lengths_that_no_object_has_are_refused_before_anything_is_read() {
        // SAFETY: nothing is followed.
        let caller = unsafe { Caller::trust(ptr::null_mut()) };
        let one = [0_i64];
        let status = |len| {
            caller
                .slice(one.as_ptr(), len, usize::MAX)
                .map_err(|fault| fault.status)
        };
        assert_eq!(status(usize::MAX), Err(guerdon_status::BadLength));
        assert_eq!(status(usize::MAX / 8), Err(guerdon_status::BadLength));
        assert_eq!(status(1), Ok(&one[..]));
    }
}
