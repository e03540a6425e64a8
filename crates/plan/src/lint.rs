//! Advice on rules that are sound but perhaps not meant: warnings and notes, never errors.
//!
//! Each lint is a file of its own, reads the typed tree alone and says what it found with the author's numbers.

mod always;
mod apart;
mod cap;
mod falling;
mod falls;
mod idle;
mod jump;
mod levels;
mod midway;
mod paid_twice;
mod reach;
mod scripts;
mod step;
mod untested;
mod unused;
mod walk;

use guerdon_syntax::Sink;

use crate::hir::{Naming, Program};

/// Adds what the lints find to the messages; the program must be free of errors.
///
/// # Examples
///
/// ```
/// use guerdon_plan::hir::Program;
/// use guerdon_syntax::Sink;
///
/// let mut sink = Sink::default();
/// guerdon_plan::lint::lint(&Program::default(), &mut sink);
/// assert!(sink.is_empty());
/// ```
pub fn lint(program: &Program, sink: &mut Sink) {
    falling::lint(program, sink);
    falls::lint(program, sink);
    jump::lint(program, sink);
    unused::lint(program, sink);
    untested::lint(program, sink);
    paid_twice::lint(program, sink);
    scripts::lint(program, sink);
    always::lint(program, sink);
    idle::lint(program, sink);
    cap::lint(program, sink);
    levels::lint(program, sink);
    midway::lint(program, sink);
    reach::lint(program, sink);
}

/// Says whether a thing was written by rule for a block: no author can have given it its name.
fn is_of_block(naming: &Naming) -> bool {
    naming.name.contains(' ')
}
