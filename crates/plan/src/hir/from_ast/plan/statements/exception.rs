//! Exceptions: statements that replace a value under a condition.

use guerdon_syntax::{Code, Diagnostic, Span, ast, text};

use crate::hir::expr::Expr;
use crate::hir::from_ast::env::Env;
use crate::hir::from_ast::expr::fits;
use crate::hir::from_ast::plan::effective;
use crate::hir::from_ast::want::Want;
use crate::hir::from_ast::{Checker, facts, plain_naming, reason};
use crate::hir::program::Exception;
use crate::hir::schema::Effective;
use crate::types::{DefinitionId, Scalar, Ty};

impl<'a> Checker<'a> {
    /// Types the exceptions to a definition, in the order in which they are written.
    pub(super) fn exceptions_of(&mut self, id: DefinitionId, env: &Env, normal: Ty) -> Vec<Exception> {
        let name = self
            .program
            .definition(id)
            .map(|found| found.naming.name.clone())
            .unwrap_or_default();
        self.exceptions_to(&name, env, normal)
    }

    /// Types the exceptions to a statement; `env` is what the statement's own expression sees.
    pub(super) fn exceptions_to(&mut self, target: &str, env: &Env, normal: Ty) -> Vec<Exception> {
        let parts = env.plan.and_then(|plan| self.plans.get(plan.index()));
        let trees = parts
            .and_then(|parts| parts.exceptions.get(target))
            .cloned()
            .unwrap_or_default();
        let mut exceptions: Vec<Exception> = Vec::new();
        for tree in &trees {
            let over = self.outranked(&trees, tree);
            let env = Env {
                file: tree.name.span.file,
                normal: Some(normal),
                ..env.clone()
            };
            exceptions.push(self.exception(&env, tree, normal, over));
        }
        self.refuse_ranks_in_circles(&exceptions);
        exceptions
    }

    fn outranked(&mut self, trees: &[&'a ast::Except], tree: &ast::Except) -> Vec<usize> {
        let mut over = Vec::new();
        for name in &tree.over {
            match trees.iter().position(|other| other.name.text == name.text) {
                Some(at) => over.push(at),
                None => {
                    let (written, target) = (&name.text, &tree.target.text);
                    self.sink.push(
                        Diagnostic::error(
                            Code::E0202,
                            text!(
                                "there is no exception \"{written}\" to \"{target}\"",
                                "“{target}”没有例外“{written}”"
                            ),
                        )
                        .primary(name.span, guerdon_syntax::Text::default()),
                    );
                }
            }
        }
        over
    }

    fn exception(&mut self, env: &Env, tree: &'a ast::Except, normal: Ty, over: Vec<usize>) -> Exception {
        let during = tree
            .during
            .as_ref()
            .map_or(Effective::default(), |range| effective(self, range));
        self.refuse_empty_range(during, tree);
        let when = self.top_condition(env, &tree.when);
        let known = facts::if_yes(&when);
        let inner = env.knowing(&known);
        let value = self.top(&inner, &tree.value, Want::like(normal.scalar));
        let value = if normal.is_optional() {
            value
        } else {
            self.present(&inner, value)
        };
        let value = self.exception_kind(value, normal.scalar, tree.target.span);
        Exception {
            naming: plain_naming(&tree.name.text, tree.name.span),
            over,
            during,
            when,
            value,
            reason: reason(&tree.tail),
            span: tree.span,
        }
    }

    fn exception_kind(&mut self, value: Expr, normal: Scalar, target: Span) -> Expr {
        if fits(value.ty.scalar, normal) {
            return value;
        }
        let (found, wanted) = (self.a_kind(value.ty.scalar), self.a_kind(normal));
        self.sink.push(
            Diagnostic::error(
                Code::E0201,
                text!("the exception gives {found} where {wanted} stands", "例外给出{found}，而原值是{wanted}"; found, wanted),
            )
            .primary(value.span, found)
            .secondary(target, wanted),
        );
        crate::hir::from_ast::expr::faulty_like(value)
    }

    fn refuse_empty_range(&mut self, during: Effective, tree: &ast::Except) {
        if let (Some(from), Some(through), Some(range)) = (during.from, during.through, &tree.during)
            && through < from
        {
            self.sink.push(
                Diagnostic::error(
                    Code::E0603,
                    text!("the range ends before it begins", "范围的结束早于开始"),
                )
                .primary(range.span, guerdon_syntax::Text::default()),
            );
        }
    }

    /// Reports exceptions that outrank each other, directly or through others.
    fn refuse_ranks_in_circles(&mut self, exceptions: &[Exception]) {
        for (at, exception) in exceptions.iter().enumerate() {
            let mut seen = vec![false; exceptions.len()];
            let mut open = exception.over.clone();
            while let Some(next) = open.pop() {
                if seen.get(next).copied().unwrap_or(true) {
                    continue;
                }
                if let Some(mark) = seen.get_mut(next) {
                    *mark = true;
                }
                open.extend(
                    exceptions
                        .get(next)
                        .iter()
                        .flat_map(|found| found.over.iter().copied()),
                );
            }
            if seen.get(at).copied().unwrap_or(false) {
                let name = &exception.naming.name;
                self.sink.push(
                    Diagnostic::error(
                        Code::E0402,
                        text!(
                            "the exception \"{name}\" outranks itself, directly or through others",
                            "例外“{name}”直接或间接地优先于自身"
                        ),
                    )
                    .primary(exception.naming.span, guerdon_syntax::Text::default()),
                );
            }
        }
    }
}
