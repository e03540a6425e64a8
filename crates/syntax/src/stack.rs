//! Stack to work on, where the caller's may be small.

/// The least stack that work begins on.
const NEEDED: usize = 512 << 10;
/// The stack that is made where there is less.
const MADE: usize = 4 << 20;

/// Does some work on the caller's stack, or on a new one of 4 MiB where that has less than 512 KiB left or cannot be
/// measured: threads of a host may have small stacks, and coroutines bring stacks of their own.
///
/// ```
/// use guerdon_syntax::with_stack;
/// assert_eq!(with_stack(|| 6 * 7), 42);
/// ```
pub fn with_stack<R>(work: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(NEEDED, MADE, work)
}
