//! An embeddable rules engine for sales performance and incentives.
//!
//! The engine never sees source text: it is given a compiled program and facts, and hands spans back in traces.

pub mod column;
pub mod error;
pub mod facts;
pub mod limits;
pub mod plan;
pub mod problem;
pub mod report;
pub mod testing;

mod evaluate;
mod fault;
mod kernel;
mod vector;
mod wire;
