//! Loading facts: what goes in, what comes out, and what is said about bad data.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::wildcard_enum_match_arm,
    reason = "a test that goes wrong should stop"
)]

mod any_input;
mod bad_cells;
mod bad_records;
mod changes;
mod files;
mod fixture;
mod host;
mod keys;
mod limits;
mod permutation;
mod source;
