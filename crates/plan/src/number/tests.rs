//! Numbers against big rationals and against the published figures.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "the second opinion is computed with plain operators"
)]

mod allocation;
mod arithmetic;
mod rounding;
mod text;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::Exact;

fn exact(text: &str) -> Exact {
    Exact::parse_decimal(text).unwrap()
}

fn big(num: i128, den: i128) -> BigRational {
    BigRational::new(BigInt::from(num), BigInt::from(den))
}
