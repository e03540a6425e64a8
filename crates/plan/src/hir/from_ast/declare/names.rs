//! The names of declarations.

use std::collections::BTreeMap;

use guerdon_syntax::{Code, Diagnostic, Sink, Span, ast, suggest, text};

use crate::hir::from_ast::Checker;
use crate::hir::from_ast::env::Env;
use crate::hir::{Enum, Naming, Table};
use crate::resolve::Declared;
use crate::types::FieldId;

impl Checker<'_> {
    /// Finds what a name stands for in the file in which it is written.
    pub(in crate::hir::from_ast) fn declared(&self, name: &ast::Name) -> Option<Declared> {
        self.names
            .lookup(name.span.file, &name.text)
            .first()
            .map(|entry| entry.declared)
    }

    /// Reports a name that nothing seen from its file has, with the nearest one as fix.
    pub(super) fn push_unknown(&mut self, code: Code, name: &ast::Name) {
        if self.names.is_broken(&name.text) {
            return;
        }
        if let Some(glued) = self.glued(&Env::of_file(name.span.file), name) {
            return self.sink.push(glued);
        }
        let seen = self.names.seen_from(name.span.file).map(|(name, _)| name);
        let fault = unknown(code, name, seen);
        self.sink.push(fault);
    }
}

/// Makes the message about a name that nothing has, with the nearest one as fix.
pub(super) fn unknown<'a>(
    code: Code,
    name: &ast::Name,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let word = &name.text;
    let title = text!("nothing is named \"{word}\"", "没有叫“{word}”的名称");
    let unknown = Diagnostic::error(code, title).primary(name.span, text!("unknown", "未知"));
    match suggest::fix(word, name.span, candidates) {
        Some(fix) => unknown.fix(fix),
        None => unknown,
    }
}

/// Makes the naming of a declaration.
pub(super) fn naming(name: &ast::Name, alias: Option<&ast::Name>) -> Naming {
    Naming {
        name: name.text.clone(),
        alias: alias.map(|alias| alias.text.clone()),
        title: None,
        span: name.span,
    }
}

impl Naming {
    /// Says whether a word is the name or the alias.
    pub fn is_called(&self, word: &str) -> bool {
        self.name == word || self.alias.as_deref() == Some(word)
    }

    /// Lists the name and the alias.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.alias.as_deref())
    }
}

impl Enum {
    /// Finds a value by name or alias.
    pub fn value_named(&self, word: &str) -> Option<u32> {
        let at = self.values.iter().position(|value| value.is_called(word))?;
        u32::try_from(at).ok()
    }
}

impl Table {
    /// Finds a field by name or alias.
    pub fn field_named(&self, word: &str) -> Option<FieldId> {
        self.fields
            .iter()
            .position(|field| field.naming.is_called(word))
            .map(FieldId::at)
    }
}

/// Reports names in a list that repeat an earlier one, aliases included; each later one once.
pub(super) fn repeated<'a>(names: impl IntoIterator<Item = &'a ast::Name>, code: Code, sink: &mut Sink) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for name in names {
        match seen.get(name.text.as_str()) {
            Some(first) => sink.push(named_twice(code, name, *first)),
            None => {
                seen.insert(&name.text, name.span);
            }
        }
    }
}

fn named_twice(code: Code, name: &ast::Name, first: Span) -> Diagnostic {
    let word = &name.text;
    Diagnostic::error(
        code,
        text!("\"{word}\" stands here twice", "“{word}”在此出现两次"),
    )
    .secondary(first, text!("first here", "首次于此"))
    .primary(name.span, text!("again here", "再次于此"))
}
