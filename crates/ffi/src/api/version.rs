//! What the library is.

#![expect(unsafe_code, reason = "functions that C calls")]

use crate::caller::Caller;
use crate::handle;
use crate::status::{Fault, guerdon_status};
use crate::types::{guerdon_error, guerdon_text};
use crate::words::lasting;

/// The version of the interface that this header describes. The upper 16 bits change when programs must be changed, the
/// lower ones when something is added.
pub const GUERDON_ABI_VERSION: u32 = 0x0001_0000;

/// Gives the version of the interface that the library has.
#[unsafe(no_mangle)]
pub extern "C" fn guerdon_abi_version() -> u32 {
    GUERDON_ABI_VERSION
}

/// Compares the header that a program was compiled with, `GUERDON_ABI_VERSION`, to the library that it has loaded: OK if
/// the library has all that the header promises.
///
/// # Safety
///
/// `error` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_check_abi(header: u32, error: *mut *mut guerdon_error) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(error) }.run(|_| {
        if header >> 16 == GUERDON_ABI_VERSION >> 16 && header <= GUERDON_ABI_VERSION {
            return Ok(());
        }
        let message = format!("the header has version {header:#x}, the library {GUERDON_ABI_VERSION:#x}");
        Err(Fault::new(guerdon_status::AbiMismatch, message))
    })
}

/// Gives the version of the library, such as `0.1.0`; the text lives as long as the library.
///
/// # Safety
///
/// `out` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_version(out: *mut guerdon_text) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|caller| {
        let version = concat!(env!("CARGO_PKG_VERSION"), "\0");
        let version = std::ffi::CStr::from_bytes_with_nul(version.as_bytes()).unwrap_or_default();
        caller.out(out)?.put(lasting(version));
        Ok(())
    })
}

/// Gives the name of a status, such as `null_argument`; the text lives as long as the library.
///
/// # Safety
///
/// `out` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guerdon_status_name(status: i32, out: *mut guerdon_text) -> guerdon_status {
    // SAFETY: the caller keeps to the header.
    unsafe { Caller::trust(std::ptr::null_mut()) }.run(|caller| {
        caller.out(out)?.put(lasting(guerdon_status::c_name(status)));
        Ok(())
    })
}

/// Counts the handles that are not freed, of the whole process: 0 at the end of a program that frees all.
#[unsafe(no_mangle)]
pub extern "C" fn guerdon_live_handles() -> usize {
    handle::live()
}
