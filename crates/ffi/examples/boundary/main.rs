//! Measures what the C interface costs, and how long a what-if takes: one seller among ten thousand with a million deals.
//!
//! `cargo run --release -p guerdon-ffi --example boundary [DEALS] [SELLERS]`
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot be set up must stop, and prints what it finds"
)]

mod arrow;
mod batches;
#[path = "../shared/calls.rs"]
mod calls;
mod live;

use calls::*;

/// 2026-01-01, as days since 1970-01-01.
const FIRST_DAY: usize = 20_454;

/// What is known of the sellers and their deals.
#[derive(Clone, Copy)]
struct Records<'r> {
    names: &'r [String],
    ids: &'r [String],
    owners: &'r [&'r str],
    /// The amounts of the deals, in cents.
    cents: &'r [i64],
    days: &'r [i32],
}

fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|word| word.parse::<usize>().unwrap());
    let deals = numbers.next().unwrap_or(1_000_000);
    let sellers = numbers.next().unwrap_or(10_000);
    let names: Vec<String> = (0..sellers).map(|seller| format!("S{seller:06}")).collect();
    // By twos, so that a deal can come between.
    let ids: Vec<String> = (0..deals).map(|deal| format!("D{:08}", deal * 2)).collect();
    let owners: Vec<&str> = (0..deals)
        .map(|deal| names[deal * 7 % sellers].as_str())
        .collect();
    let cents: Vec<i64> = (0..deals).map(|deal| (deal as i64 * 7919) % 1_000_000).collect();
    let days: Vec<i32> = (0..deals)
        .map(|deal| (FIRST_DAY + deal * 365 / deals) as i32)
        .collect();

    let records = Records {
        names: &names,
        ids: &ids,
        owners: &owners,
        cents: &cents,
        days: &days,
    };
    batches::compare(records);
    live::measure(records);
    println!("handles left               {:>10}", guerdon_live_handles());
}
