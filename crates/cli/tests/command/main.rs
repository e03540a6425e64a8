//! Runs the real command line on files.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "what a test cannot do fails it"
)]

mod awkward;
mod bad_blocks;
mod bad_files;
mod bad_records;
mod bad_rules;
mod boards;
mod calendar;
mod commands;
mod diff;
mod fixture;
mod help;
mod liability;
mod output;
mod pipeline;
mod since;
mod spoiling;
mod time;
mod what_if;
