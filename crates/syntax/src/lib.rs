//! Turns the text of rule files into trees, and tells authors what is wrong with it.
//!
//! This crate knows characters, lines, grammar and diagnostics. It does not know what money is.

pub mod ast;
pub mod diagnostic;
pub mod fold;
pub mod format;
pub mod keyword;
mod lines;
mod parse;
pub mod sheet;
pub mod source;
pub mod span;
mod stack;

pub use diagnostic::record::Record;
pub use diagnostic::{
    Code, Colour, DataPlace, Details, Diagnostic, Edit, Fix, Label, Language, Layout, Renderer, Role,
    Severity, Sink, Text, fix, plural, suggest, visible,
};
pub use parse::{parse, parse_all};
pub use source::{Position, SourceFile, SourceMap};
pub use span::{FileId, Span};
pub use stack::with_stack;
