//! A second evaluator of Guerdon's typed tree: slow, obvious, and for tests only.
//!
//! It reads the same tree as the engine and shares none of its code. Every number is a big rational, every definition
//! is evaluated by plain recursion, every aggregate is a loop over all combinations. Where engine and oracle differ on
//! a generated plan, one of the two is wrong. It sees no fault of parser or checker: figures worked out by hand are
//! the witness for those.

pub mod generate;
pub mod oracle;
pub mod outputs;
pub mod read;
pub mod records;
pub mod rounding;
pub mod run_test;
pub mod tiers;
pub mod value;
pub mod words;

pub use oracle::{Env, Oracle, Scope};
pub use outputs::{Outputs, outputs};
pub use records::Records;
pub use run_test::{TestOutcome, run_test};
pub use value::{Cell, ErrorKind, Number, V};
