//! What a block sees of the files around it: the enums whose values it may name.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_syntax::{Code, Diagnostic, FileId, Sink, SourceMap, Span, Text, ast, text};

use crate::resolve::visible;

/// Holds the enums of all files, and which files see which.
pub(super) struct Seen<'a> {
    enums: Vec<&'a ast::EnumDef>,
    data: Vec<&'a ast::DataDef>,
    broken: Vec<Span>,
    visible: BTreeMap<FileId, BTreeSet<FileId>>,
}

impl<'a> Seen<'a> {
    /// Gathers the enums of some files.
    pub(super) fn new(files: &'a [ast::File], sources: &SourceMap) -> Seen<'a> {
        let items = files.iter().flat_map(|file| &file.items);
        let enums = items.filter_map(|item| {
            if let ast::Item::Enum(found) = item {
                Some(found)
            } else {
                None
            }
        });
        let items = files.iter().flat_map(|file| &file.items);
        let data = items.filter_map(|item| {
            if let ast::Item::Data(found) = item {
                Some(found)
            } else {
                None
            }
        });
        Seen {
            enums: enums.collect(),
            data: data.collect(),
            broken: files
                .iter()
                .flat_map(|file| &file.broken)
                .map(|broken| broken.span)
                .collect(),
            visible: visible(files, sources),
        }
    }

    /// Says whether a line inside a block could not be read.
    pub(super) fn has_broken_line(&self, block: Span) -> bool {
        self.broken
            .iter()
            .any(|line| line.file == block.file && block.start <= line.start && line.end <= block.end)
    }

    /// Finds the enum that has all of some values: of several the one with the fewest others.
    ///
    /// Two with as few others are reported, since nothing says which is meant; the first is taken.
    pub(super) fn enum_with(
        &self,
        values: &[&ast::Name],
        at: Span,
        sink: &mut Sink,
    ) -> Option<&'a ast::EnumDef> {
        let mut found: Vec<&'a ast::EnumDef> = self
            .enums
            .iter()
            .copied()
            .filter(|one| self.sees(at.file, one.name.span.file))
            .filter(|one| values.iter().all(|value| has_value(one, &value.text)))
            .collect();
        found.sort_by_key(|one| one.values.len());
        if let [first, second, ..] = found.as_slice()
            && first.values.len() == second.values.len()
        {
            push_two_enums(first, second, at, sink);
        }
        found.first().copied()
    }

    /// Finds some data block that a file sees.
    pub(super) fn data(&self, file: FileId) -> Option<ast::Name> {
        let mut seen = self.data.iter().filter(|one| self.sees(file, one.name.span.file));
        seen.next().map(|one| one.name.clone())
    }

    /// Finds the data block of a name that a file sees.
    pub(super) fn data_named(&self, file: FileId, name: &str) -> Option<&'a ast::DataDef> {
        let is_called = |one: &ast::DataDef| {
            one.name.text == name || one.alias.as_ref().is_some_and(|alias| alias.text == name)
        };
        let mut seen = self.data.iter().filter(|one| self.sees(file, one.name.span.file));
        seen.find(|one| is_called(one)).copied()
    }

    /// Says whether a field holds a record of the named data block.
    pub(super) fn is_of(&self, field: &ast::FieldDef, name: &ast::Name) -> bool {
        let ast::TypeKind::Named(word) = &field.ty.kind else {
            return false;
        };
        match self.data_named(name.span.file, &name.text) {
            Some(block) => is_block(block, &word.text),
            None => word.text == name.text,
        }
    }

    fn sees(&self, file: FileId, other: FileId) -> bool {
        file == other || self.visible.get(&file).is_some_and(|seen| seen.contains(&other))
    }
}

fn is_block(block: &ast::DataDef, name: &str) -> bool {
    block.name.text == name || block.alias.as_ref().is_some_and(|alias| alias.text == name)
}

fn has_value(def: &ast::EnumDef, name: &str) -> bool {
    def.values
        .iter()
        .any(|value| value.name.text == name || value.alias.as_ref().is_some_and(|alias| alias.text == name))
}

fn push_two_enums(first: &ast::EnumDef, second: &ast::EnumDef, at: Span, sink: &mut Sink) {
    let (one, other) = (&first.name.text, &second.name.text);
    let title = text!(
        "\"{one}\" and \"{other}\" both have all of these values",
        "“{one}”和“{other}”都有这些值"
    );
    sink.push(
        Diagnostic::error(Code::E0204, title)
            .primary(at, text!("of which enum?", "属于哪个枚举？"))
            .secondary(first.name.span, Text::default())
            .secondary(second.name.span, Text::default()),
    );
}
