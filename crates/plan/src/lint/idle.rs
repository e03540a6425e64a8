//! W0708: exceptions that change nothing.

use guerdon_syntax::{Code, Diagnostic, Sink, text};

use crate::hir::{Exception, ExprKind, Program};

/// Warns of exceptions that use the normal value as it is, unless they shield it from another exception.
pub(super) fn lint(program: &Program, sink: &mut Sink) {
    let definitions = program.definitions.iter().flat_map(|one| &one.exceptions);
    let all = definitions.chain(program.earns.iter().flat_map(|one| &one.exceptions));
    all.filter(|exception| changes_nothing(exception))
        .for_each(|exception| sink.push(told(exception)));
}

fn changes_nothing(exception: &Exception) -> bool {
    exception.value.kind == ExprKind::Normal && exception.over.is_empty()
}

fn told(exception: &Exception) -> Diagnostic {
    let name = &exception.naming.name;
    let title = text!("exception \"{name}\" changes nothing", "例外“{name}”不起作用");
    Diagnostic::warning(Code::W0708, title).primary(
        exception.value.span,
        text!("the value without the exception", "没有例外时的值"),
    )
}
