//! Explanations: whole texts, and that summands add up.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::type_complexity,
    reason = "a test stops where something is not as it says"
)]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test's own small numbers, and helpers outside test functions"
)]

mod adds_up;
mod blocks;
mod levels;
mod periods;
mod support;
mod texts;
mod unknown;
