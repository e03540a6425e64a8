//! The typed tree: what a set of rule files means, every name bound and every expression typed.
//!
//! Surface sugar is gone: `rows` are written out where they are used, `year to date` is a range of two days, a bare
//! measure name is a [`ExprKind::Use`] with all its arguments, variants are plans of their own. Every variable is a
//! [`Binder`], bound in exactly one place: a plan's payee and period, an earn's row, a source of an aggregate, a
//! measure's subject. An expression is evaluated under an environment that gives each free binder a row or a period.

pub mod axis;
pub mod block;
mod children;
pub mod expr;
pub mod from_ast;
mod print;
pub mod program;
mod replace;
pub mod schema;
pub mod test;

pub use block::*;
pub use expr::*;
pub use from_ast::check;
pub use print::{print, print_value};
pub use program::*;
pub use schema::*;
pub use test::*;
