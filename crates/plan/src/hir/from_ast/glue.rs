//! Keywords written together with a name.

use guerdon_syntax::{Diagnostic, ast};

use super::Checker;
use super::env::Env;

impl Checker<'_> {
    /// Makes the message for a name that begins or ends with a keyword.
    pub(super) fn glued(&self, _env: &Env, _name: &ast::Name) -> Option<Diagnostic> {
        None
    }
}
