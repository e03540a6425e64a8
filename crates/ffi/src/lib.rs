//! Guerdon for programs in C and every language that calls C: handles, statuses, records in, tables out.
//!
//! `include/guerdon.h` is made from this crate; `docs/embedding/c.md` says how it is used. A call gives a status and
//! writes its results only if that is [`status::guerdon_status::Ok`]. Nothing that a caller does wrong, as far as it can
//! be told, ends the caller's process: handles are never followed (see [`handle`]), panics become statuses, and what an
//! Arrow producer hands over is checked before it is read.

#[cfg(panic = "abort")]
compile_error!("the C library must be built with panic = \"unwind\": a fault of ours must not end the host");
#[cfg(not(target_pointer_width = "64"))]
compile_error!("handles need pointers of 64 bits");

pub mod api;
mod arrow;
mod bodies;
mod caller;
mod handle;
mod objects;
mod plain;
mod records;
mod results;
mod schema;
mod session;
pub mod status;
mod tables;
pub mod types;
mod values;
mod words;
