//! The Arrow C data and stream interface: batches in, tables out, without a library for it on either side.
//!
//! The structs are the frozen ones of the specification. What a producer hands over is moved away from it at once,
//! checked as far as it can be (nothing in the interface says how long a buffer is) and only then read; what is handed
//! out owns its buffers.

pub(crate) mod abi;
pub(crate) mod export;
pub(crate) mod import;
mod view;
