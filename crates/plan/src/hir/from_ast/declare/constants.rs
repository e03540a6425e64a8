//! Constants and their dated versions.

use guerdon_syntax::{Code, Diagnostic, ast, text};

use super::Folded;
use super::data::reason;
use super::versions::Dated;
use crate::hir::Effective;
use crate::hir::from_ast::Checker;
use crate::types::{ConstantId, Scalar, Ty};

impl Checker<'_> {
    /// Declares a constant with its versions.
    pub(super) fn constant(&mut self, id: ConstantId, defs: &[&ast::ConstDef]) {
        let folded: Vec<Dated<Folded>> = defs.iter().filter_map(|def| self.constant_version(def)).collect();
        let scalar = self.constant_kind(&folded);
        let name = defs.first().map_or("", |def| def.name.text.as_str());
        let versions = self.in_order(name, folded);
        if let Some(constant) = self.program.constants.get_mut(id.index()) {
            constant.ty = Ty::always(scalar);
            constant.versions = versions
                .into_iter()
                .map(|version| (version.effective, version.item.value))
                .collect();
            constant.reason = defs.first().map(|def| reason(&def.tail)).unwrap_or_default();
        }
    }

    fn constant_version(&mut self, def: &ast::ConstDef) -> Option<Dated<Folded>> {
        let item = self.fold(&def.value, None)?;
        let from = def.from.as_ref().and_then(|day| self.date_of(day));
        let span = def.from.as_ref().map_or(def.name.span, |day| day.span);
        Some(Dated {
            effective: Effective { from, through: None },
            span,
            item,
        })
    }

    fn constant_kind(&mut self, versions: &[Dated<Folded>]) -> Scalar {
        let mut found: Option<&Folded> = None;
        let mut common = Scalar::Faulty;
        for version in versions {
            match (found, wider(common, version.item.scalar)) {
                (None, _) => common = version.item.scalar,
                (Some(_), Some(scalar)) => common = scalar,
                (Some(first), None) => self.other_kind(first, &version.item),
            }
            found = found.or(Some(&version.item));
        }
        common
    }

    fn other_kind(&mut self, first: &Folded, other: &Folded) {
        let (is, was) = (self.kind_name(other.scalar), self.kind_name(first.scalar));
        let title = text!(
            "two versions of one constant are of two kinds",
            "同一常量的两个版本种类不同"
        );
        self.sink.push(
            Diagnostic::error(Code::E0201, title)
                .secondary(first.span, was)
                .primary(other.span, is),
        );
    }

    /// Gives the value of a constant that has only one.
    pub(super) fn constant_value(&mut self, id: ConstantId, name: &ast::Name) -> Option<Folded> {
        let constant = self.program.constant(id)?;
        let span = name.span;
        match constant.versions.as_slice() {
            [(_, value)] => Some(Folded {
                scalar: constant.ty.scalar,
                value: value.clone(),
                span,
            }),
            [] => None,
            [..] => self.several_values(name),
        }
    }

    fn several_values(&mut self, name: &ast::Name) -> Option<Folded> {
        let word = &name.text;
        let title = text!("\"{word}\" has several versions", "“{word}”有多个版本");
        let fault = Diagnostic::error(Code::E0232, title);
        self.sink
            .push(fault.primary(name.span, text!("no day says which one", "没有日期确定用哪一个")));
        None
    }
}

/// Gives the kind that holds values of both.
pub(super) fn wider(one: Scalar, other: Scalar) -> Option<Scalar> {
    match (one, other) {
        (one, other) if one == other => Some(one),
        (Scalar::Int | Scalar::Number | Scalar::Percent, Scalar::Int | Scalar::Number | Scalar::Percent) => {
            Some(Scalar::Number)
        }
        (_, _) => None,
    }
}
