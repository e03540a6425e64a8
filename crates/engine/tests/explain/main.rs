//! Explanations: whole texts, and that summands add up.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "sums of a test's own small numbers"
)]

mod adds_up;
mod support;
mod texts;
mod unknown;
