//! Places, shares and texts, against figures worked out by hand.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it says"
)]

mod figures;
mod support;
