//! What each record of a split has reached, where the `actual` line names it, and what they have reached together.

use guerdon_syntax::ast::{AggregateOp, Expr, Name, Source, SourceKind};

use super::Out;
use super::level::{Among, Held, Level};
use crate::hir::from_ast::blocks::Length;
use crate::hir::from_ast::blocks::rewrite::mentions;
use crate::hir::from_ast::blocks::write::Writer;

impl<'a> Out<'a, '_> {
    /// Finds the level whose records the `actual` line names, the lowest of several.
    pub(super) fn reached_by<'l>(&self, levels: &'l [Level<'a>]) -> Option<&'l Level<'a>> {
        let (actual, _) = self.lines.actual?;
        let named = |level: &&Level<'_>| match &level.among {
            Among::Records { alias, .. } => mentions(&actual.value, &alias.text),
            Among::Periods { .. } => false,
        };
        levels.iter().rev().find(named)
    }

    /// Writes what each record has reached, and the sum for the goal.
    pub(super) fn reached(&mut self, level: &Level<'a>, levels: &[Level<'a>]) {
        let (
            Some((actual, span)),
            Among::Records {
                data, alias, rest, ..
            },
        ) = (self.lines.actual, &level.among)
        else {
            return;
        };
        let w = Writer::at(span);
        self.measure(w, "reached", &level.held, Length::Whole, actual.value.clone());
        self.explain(&actual.tail);
        let own = w.value(&alias.text);
        let mut conditions: Vec<Expr> = rest
            .iter()
            .map(|condition| w.bracket(condition.clone()))
            .collect();
        if let Some(top) = top_of(w, level, levels, own) {
            conditions.push(match self.lines.heads.people {
                Some(_) => w.same(top, w.value("subject")),
                None => w.not(w.is_missing(top)),
            });
        }
        let source = Source {
            kind: SourceKind::Named((*data).clone()),
            alias: Some(Name {
                span: w.span(),
                ..alias.clone()
            }),
            span,
        };
        let filter = (!conditions.is_empty()).then(|| w.all(conditions));
        let sum = w.aggregate(
            AggregateOp::Sum,
            Some(level.held.of(w, "reached")),
            source,
            filter,
        );
        let held = match self.lines.heads.people {
            Some(_) => Held::Subject,
            None => Held::All,
        };
        self.measure(w, "actual", &held, Length::Whole, sum);
    }
}

/// Writes to whom a record belongs at the top: that of the first level, or the subject; nothing where it belongs to nobody.
fn top_of(w: Writer, level: &Level<'_>, levels: &[Level<'_>], own: Expr) -> Option<Expr> {
    let mut top = None;
    for above in levels.iter().take(level.at).rev() {
        if let Among::Records { key: Some(_), .. } = &above.among {
            let from = top.unwrap_or_else(|| own.clone());
            top = Some(w.of(&above.name("of"), vec![from]));
        }
    }
    top
}
