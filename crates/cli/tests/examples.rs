//! Runs the example plans and the blocks of the guide through the command line, and compares every amount with the
//! figures that were computed without Guerdon.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops where its ground is missing"
)]

#[path = "examples/amounts.rs"]
mod amounts;
#[path = "examples/guide.rs"]
mod guide;
#[path = "examples/managing.rs"]
mod managing;
#[path = "examples/own_plans.rs"]
mod own_plans;
#[path = "examples/payslips.rs"]
mod payslips;
#[path = "examples/real_records.rs"]
mod real_records;
#[path = "examples/tool.rs"]
mod tool;
