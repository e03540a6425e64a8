//! What is promised of types that are read from the caller's memory.

#![expect(
    unsafe_code,
    reason = "that every pattern of bits is a value is promised here"
)]

/// A struct of the caller's that begins with its own size, so that fields can be added.
///
/// # Safety
///
/// Every pattern of bytes is a value of the type, its first field is a `usize` with its size, and it has no padding
/// that matters.
pub(crate) unsafe trait Sized64: Copy {
    /// Gives the value that stands for a struct that was not given.
    fn unset() -> Self;
}

/// Marks types of which every pattern of bytes is a value.
///
/// # Safety
///
/// It is so.
pub(crate) unsafe trait Plain: Copy {}

// SAFETY: every pattern of bits is a number.
unsafe impl Plain for u8 {}
// SAFETY: every pattern of bits is a number.
unsafe impl Plain for i32 {}
// SAFETY: every pattern of bits is a number.
unsafe impl Plain for i64 {}
