//! Explanations: whole texts, and that summands add up.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test's own small numbers, and helpers outside test functions"
)]

mod adds_up;
mod support;
mod texts;
mod unknown;
