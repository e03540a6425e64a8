//! Turns the text of rule files into trees, and tells authors what is wrong with it.
//!
//! This crate knows characters, lines, grammar and diagnostics. It does not know what money is.

pub mod ast;
pub mod diagnostic;
pub mod source;
pub mod span;

pub use diagnostic::{Code, DataPlace, Diagnostic, Edit, Fix, Label, Language, Role, Severity, Sink, Text};
pub use source::{Position, SourceFile, SourceMap};
pub use span::{FileId, Span};
