//! Payee lines that use values of their plan: each is written out in its place.
//!
//! Who is paid is settled before anything that is paid, so a `payee` line sees no statements. What a `let` or a `measure`
//! of the payee says can stand there all the same, since it could have been written there by hand.

use std::collections::BTreeMap;

use guerdon_syntax::ast;

use super::rewrite;
use super::seen::Seen;

/// How deep values may use one another in a payee line.
const MAX_DEPTH: u8 = 8;

/// How many values a payee line may use in all.
const MAX_VALUES: usize = 256;

/// Holds the values that a payee line may use.
struct Values<'a> {
    by_name: BTreeMap<&'a str, &'a ast::Expr>,
    left: usize,
}

/// Writes out the values that the payee line of a plan uses; nothing where it uses none.
pub(super) fn write(plan: &ast::Plan, seen: &Seen<'_>) -> Option<ast::Plan> {
    let (place, line) = plan.statements.iter().enumerate().find_map(|(place, line)| {
        if let ast::PlanStatement::Payee(line) = line {
            Some((place, line))
        } else {
            None
        }
    })?;
    let filter = line.filter.as_ref()?;
    let mut values = Values {
        by_name: plan.statements.iter().filter_map(value).collect(),
        left: MAX_VALUES,
    };
    // A bare name that is a field of the payee means the field.
    let block = seen.data_named(line.data.span.file, &line.data.text);
    for field in block.into_iter().flat_map(|block| &block.fields) {
        values.by_name.remove(field.name.text.as_str());
        if let Some(alias) = &field.alias {
            values.by_name.remove(alias.text.as_str());
        }
    }
    for statement in &plan.statements {
        if let ast::PlanStatement::Except(except) = statement {
            values.by_name.remove(except.target.text.as_str());
        }
    }
    let written = values.written_out(filter, MAX_DEPTH);
    if values.left == MAX_VALUES {
        return None;
    }
    let mut plan = plan.clone();
    if let Some(ast::PlanStatement::Payee(line)) = plan.statements.get_mut(place) {
        line.filter = Some(written);
    }
    Some(plan)
}

fn value(statement: &ast::PlanStatement) -> Option<(&str, &ast::Expr)> {
    if let ast::PlanStatement::Let(line) = statement
        && line.dated.is_none()
    {
        return Some((line.name.text.as_str(), &line.value));
    }
    if let ast::PlanStatement::Measure(line) = statement
        && line.dated.is_none()
        && line.grain.is_empty()
    {
        return Some((line.name.text.as_str(), &line.value));
    }
    None
}

impl Values<'_> {
    fn written_out(&mut self, tree: &ast::Expr, depth: u8) -> ast::Expr {
        rewrite::inside_out(tree, &mut |part| {
            let ast::ExprKind::Name(name) = &part.kind else {
                return part;
            };
            let found = self.by_name.get(name.text.as_str()).copied();
            let (Some(value), Some(less), Some(left)) =
                (found, depth.checked_sub(1), self.left.checked_sub(1))
            else {
                return part;
            };
            self.left = left;
            let inner = self.written_out(value, less);
            ast::Expr {
                kind: ast::ExprKind::Paren(Box::new(inner)),
                span: part.span,
            }
        })
    }
}
