//! Meaning of Guerdon plans: schema, names, types, money, calendars, and the compiled graph.
//!
//! This crate never sees a sales figure. It turns surface trees into the typed tree ([`hir`]), checks it, and lowers
//! it to the flat graph that the engine runs.

pub mod calendar;
pub mod graph;
pub mod hir;
pub mod lint;
pub mod number;
mod resolve;
pub mod types;
