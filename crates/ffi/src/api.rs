//! The exported functions, and nothing else: each reads its arguments, calls the library and writes its results.

pub mod arrow;
pub mod builder;
pub mod error;
pub mod plan;
pub mod report;
pub mod session;
pub mod version;
