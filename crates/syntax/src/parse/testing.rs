//! Statements of tests.

use super::build::Builder;
use super::grammar::{Node, Rule, parts};
use crate::ast::{
    Expect, Fails, Given, GivenCell, GivenCellKind, GivenRow, Known, Name, Test, TestStatement, With,
    WithPart,
};

impl Builder<'_> {
    pub(crate) fn test_head(&mut self, node: Node<'_>) -> Option<Test> {
        let span = self.span(&node);
        let title = self.quoted(&mut parts(node))?;
        Some(Test {
            title,
            statements: Vec::new(),
            span,
        })
    }

    pub(crate) fn test_statement(&mut self, node: Node<'_>) -> Option<TestStatement> {
        let span = self.span(&node);
        let rule = node.as_rule();
        let mut inner = parts(node);
        Some(match rule {
            Rule::given_head => TestStatement::Given(Given {
                data: self.ident(&mut inner)?,
                columns: Vec::new(),
                rows: Vec::new(),
                span,
            }),
            Rule::with_line => {
                let target = self.ident(&mut inner)?;
                let mut behind = Vec::new();
                loop {
                    if let Some(field) = inner.take(Rule::field) {
                        let word = parts(field).take(Rule::word)?;
                        behind.push(WithPart::Word(self.name(word)));
                    } else if let Some(index) = inner.take(Rule::index) {
                        behind.push(WithPart::Subscripts(self.exprs(&mut parts(index))?.0));
                    } else {
                        break;
                    }
                }
                let value = self.take_expr(&mut inner)?;
                TestStatement::With(With {
                    target,
                    parts: behind,
                    value,
                    span,
                })
            }
            Rule::known_line => TestStatement::Known(Known {
                day: self.take_lexeme(&mut inner, Rule::date)?,
                span,
            }),
            _ => {
                let what = self.take_expr(&mut inner)?;
                let fails = inner.take(Rule::fails).map(|node| {
                    let span = self.span(&node);
                    let code = parts(node).take(Rule::code).map(|node| self.name(node));
                    Fails { code, span }
                });
                TestStatement::Expect(Expect { what, fails, span })
            }
        })
    }

    pub(crate) fn grid_head(&mut self, node: Node<'_>) -> Vec<Name> {
        self.words(&mut parts(node))
    }

    pub(crate) fn grid_row(&mut self, node: Node<'_>) -> Option<GivenRow> {
        let span = self.span(&node);
        let cells = parts(node).take_all(Rule::grid_cell);
        let cells = cells
            .into_iter()
            .map(|cell| self.grid_cell(cell))
            .collect::<Option<_>>()?;
        Some(GivenRow { cells, span })
    }

    fn grid_cell(&mut self, node: Node<'_>) -> Option<GivenCell> {
        let span = self.span(&node);
        let node = node.into_inner().next()?;
        let kind = match node.as_rule() {
            Rule::any_cell => GivenCellKind::Missing,
            Rule::signed => GivenCellKind::Literal(self.signed(node)?),
            _ => GivenCellKind::Word(self.name(node)),
        };
        Some(GivenCell { kind, span })
    }
}
