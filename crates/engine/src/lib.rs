//! An embeddable rules engine for sales performance and incentives.
//!
//! A [`Plan`] is compiled once from rule files, shared between threads and evaluated many times over [`Facts`]: the
//! records of a company, handed over row by row, column by column, from anything that serde can serialize, or as text.
//! A [`Report`] has the pay, every earned line, measures and problems; money is exact, and nothing is rounded but where
//! the plan says.
//!
//! ```
//! use guerdon::{Facts, Plan, Run, Source};
//! use rust_decimal::Decimal;
//!
//! let rules = r#"
//! data Seller key name
//!   name : text
//! end
//!
//! data Deal key id
//!   id        : text
//!   seller    : Seller
//!   amount    : money EUR
//!   signed_on : date
//! end
//!
//! plan flat "Five per cent"
//!   payee     Seller
//!   currency  EUR
//!   effective 2026-01-01 through 2026-12-31
//!   period    month
//!   rounding  half-up to 0.01 at each line
//!   earn commission for each Deal where seller is payee dated signed_on = amount * 5%
//!   pay total = due commission
//! end
//! "#;
//! let plan = Plan::compile(&[Source::new("flat.guerdon", rules)])?;
//!
//! let mut facts = Facts::builder(plan.program());
//! facts.row("Seller").set("name", "Ann");
//! facts
//!     .row("Deal")
//!     .set("id", "D1")
//!     .set("seller", "Ann")
//!     .set("amount", Decimal::new(100_010, 2))
//!     .set("signed_on", "2026-02-10");
//! let facts = facts.finish()?;
//!
//! let run = Run::default();
//! let report = plan.evaluate(&facts, &run)?;
//! let february: Vec<_> = report.pay().filter(|row| row.period_label == "2026-02").collect();
//! assert_eq!(february[0].payee, "Ann");
//! assert_eq!(february[0].amount.decimal(), Some(Decimal::new(5_001, 2)));
//! assert!(report.is_complete());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is wrong with rules comes back as [`plan::Rejection`], all of it at once; what is wrong with single records or
//! payees is in [`Report::problems`], while everybody else is paid. The engine never sees source text: it is given a
//! compiled program and facts, and hands places back in messages.

pub mod column;
pub mod error;
pub mod facts;
pub mod liability;
pub mod limits;
pub mod pipeline;
pub mod plan;
pub mod posting;
pub mod problem;
pub mod report;
pub mod revision;
pub mod testing;
pub mod trace;

pub use facts::Facts;
pub use plan::{Plan, Run, Source};
pub use report::Report;

mod compiled;
mod days;
mod evaluate;
mod fault;
mod kernel;
mod vector;
mod wire;

/// Runs the example of the read-me as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub mod readme {}
