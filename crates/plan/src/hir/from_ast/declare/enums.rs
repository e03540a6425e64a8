//! Enums.

use guerdon_syntax::{Code, ast};

use super::names::{naming, repeated};
use crate::hir::from_ast::Checker;
use crate::types::EnumId;

impl Checker<'_> {
    /// Declares the values of an enum; they belong to it and may be named like those of another.
    pub(super) fn enumeration(&mut self, id: EnumId, def: &ast::EnumDef) {
        let words = def
            .values
            .iter()
            .flat_map(|value| std::iter::once(&value.name).chain(&value.alias));
        repeated(words, Code::E0207, self.sink);
        let values = def
            .values
            .iter()
            .map(|value| naming(&value.name, value.alias.as_ref()))
            .collect();
        if let Some(place) = self.program.enums.get_mut(id.index()) {
            place.values = values;
        }
    }
}
